"""The explorer of lesson 15, What the model remembers: the losses of members and others under networks that were
trained with more and more noise, a threshold between them, what it wins, what was promised, and what it costs. The
losses are in privacy.npz (tools/privacy.py); the drawing is in privacy.js.
Read course/privacy.py first, then `PrivacyExplorer.shares`."""

import math
from functools import cache

import numpy
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bytes, Enum, Float, Int, List

from course import plots
from course.explorers import FOLDER, Explorer, front_end
from course.privacy import epsilon, most_advantage

SHIPPED = FOLDER / "privacy.npz"  # made by tools/privacy.py
NOISES = (0, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8)  # multipliers; 0 is trained plainly
KINDS = ("a fifth wrong", "all right")
BINS, LOWEST, HIGHEST = 192, -4.0, 1.5  # losses by their logarithm to base 10
ROWS, DELTA, SHARE, STEPS = 1500, 1e-4, 0.2, 100


def bin_of(losses: Tensor) -> Tensor:
    """In which of the bins a loss lies, by its logarithm; the ends take what is beyond them. (n,) to (n,), int64."""
    place = (losses.clamp(min=1e-9).log10() - LOWEST) / (HIGHEST - LOWEST) * BINS
    return place.long().clamp(0, BINS - 1)


@cache
def measured() -> tuple[numpy.ndarray, numpy.ndarray]:
    """How many losses lie in each bin, (2 kinds of labels, noises, members and others, bins), and the accuracies, (2,
    noises)."""
    with numpy.load(SHIPPED) as parts:
        return parts["counts"].astype(int), parts["right"]


class PrivacyExplorer(Explorer):
    """Members and others by their loss. `noise` is the place of the noise multiplier among NOISES, `labels` says which
    labels the networks learned from, `threshold` is the last bin whose rows are called members. `counts` are the rows
    in each bin as 16-bit numbers, `right` the accuracies, noise after noise, and `epsilons` what each noise promises, 0
    for nothing."""

    _esm = front_end("shared.js", "privacy.js")
    STATE = ("noise", "labels", "threshold")
    noise = Int(0, min=0, max=len(NOISES) - 1).tag(sync=True)
    labels = Enum(KINDS, default_value=KINDS[0]).tag(sync=True)
    threshold = Int(96, min=0, max=BINS - 1).tag(sync=True)
    counts = Bytes().tag(sync=True)
    right = List(List(Float())).tag(sync=True)
    epsilons = List(Float()).tag(sync=True)
    bounds = List(Float()).tag(sync=True)

    def shares(self) -> numpy.ndarray:
        """The share of members and of others that each threshold calls, (2, bins)."""
        counts = measured()[0][KINDS.index(self.labels), self.noise]
        return counts.cumsum(axis=1) / ROWS

    def curves(self) -> dict[str, list[float]]:
        """What is drawn against the noise: accuracy, the best threshold's advantage, and the bound."""
        counts, right = measured()
        kind = KINDS.index(self.labels)
        called = counts[kind].cumsum(axis=2) / ROWS
        won = (called[:, 0] - called[:, 1]).max(axis=1)
        return {"accuracy": right[kind].tolist(), "measured": won.tolist(), "promised": list(self.bounds)}

    def sentence(self) -> str:
        members, others = self.shares()
        here = members[self.threshold], others[self.threshold]
        best = float((members - others).max())
        limit = 10 ** (LOWEST + (HIGHEST - LOWEST) * (self.threshold + 1) / BINS)
        how = "Trained plainly" if self.noise == 0 else f"Trained privately with noise {NOISES[self.noise]}"
        promise = (
            "Nothing was promised."
            if self.noise == 0
            else f"Epsilon is {self.epsilons[self.noise]:.2f}: no attack wins more than "
            f"{in_points(self.bounds[self.noise])}."
        )
        accuracy = measured()[1][KINDS.index(self.labels), self.noise]
        return (
            f"{how}, labels {self.labels}, the network reads {in_points(accuracy)} of 100 test digits. Whoever has a "
            f"loss of at most {limit:.{4 if limit < 0.1 else 2}f} is called: {in_points(here[0])} of 100 members and "
            f"{in_points(here[1])} of 100 others, which wins {in_points(here[0] - here[1])} points of 100; the best "
            f"threshold wins {in_points(best)}. {promise}"
        )

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2, width=10.0, height=3.6)
        counts = measured()[0][KINDS.index(self.labels), self.noise].reshape(2, BINS // 4, 4).sum(axis=2)
        edges = numpy.logspace(LOWEST, HIGHEST, BINS // 4 + 1)
        left.stairs(counts[0], edges, fill=True, color=plots.COLOURS["blue"], alpha=0.5, label="members")
        left.stairs(counts[1], edges, color=plots.COLOURS["vermillion"], linewidth=2, label="others")
        limit = 10 ** (LOWEST + (HIGHEST - LOWEST) * (self.threshold + 1) / BINS)
        left.axvline(limit, color=plots.INK, linestyle="--", linewidth=1.4)
        left.set(xscale="log", xlabel="loss of a row", ylabel="rows", title="called: left of the line")
        left.legend(loc="upper left")
        plots.curves(
            right,
            {name: 100 * numpy.array(values) for name, values in self.curves().items()},
            x=NOISES,
            names=("noise multiplier, 0: trained plainly", "of 100"),
        )
        right.axvline(NOISES[self.noise], color=plots.INK, linestyle="--", linewidth=1.4)
        right.set(ylim=(0, 105), title="what is won, promised and paid")
        return figure


def in_points(share: float) -> str:
    """A share as the explorer writes it, in points of a hundred; `inPoints` in privacy.js is the same."""
    return f"{math.floor(1000 * float(share) + 0.5 + 1e-6) / 10:.1f}"


def privacy_explorer(state: str | dict | None = None) -> PrivacyExplorer:
    """The explorer, trained plainly at first. state: see `Explorer.begin`."""
    counts, right = measured()
    promised = [epsilon(SHARE, noise, STEPS, DELTA) if noise else 0.0 for noise in NOISES]
    return PrivacyExplorer(
        counts=counts.astype("<u2").tobytes(),
        right=right.tolist(),
        epsilons=promised,
        bounds=[most_advantage(eps, DELTA) if eps else 1.0 for eps in promised],
    ).begin(state)
