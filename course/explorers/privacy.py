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
NOISES = (0, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8)  # multipliers; with 0 gradients are clipped, and nothing is added
RIVALS = ("long", "open")  # sixty epochs with Adam; the hundred private steps, without clip and noise
TRAININGS = RIVALS + tuple(str(noise) for noise in NOISES)
KINDS = ("a fifth wrong", "all right")
BINS, LOWEST, HIGHEST = 192, -4.0, 1.5  # losses by their logarithm to base 10
ROWS, DELTA, SHARE, STEPS = 1500, 1e-4, 0.2, 100


def bin_of(losses: Tensor) -> Tensor:
    """In which of the bins a loss lies, by its logarithm; the ends take what is beyond them. (n,) to (n,), int64."""
    place = (losses.clamp(min=1e-9).log10() - LOWEST) / (HIGHEST - LOWEST) * BINS
    return place.long().clamp(0, BINS - 1)


@cache
def measured() -> tuple[numpy.ndarray, numpy.ndarray]:
    """How many losses lie in each bin, (2 kinds of labels, trainings, members and others, bins), and the accuracies,
    (2, trainings)."""
    with numpy.load(SHIPPED) as parts:
        return parts["counts"].astype(int), parts["right"]


class PrivacyExplorer(Explorer):
    """Members and others by their loss. `training` is a place among TRAININGS, `labels` says which labels the networks
    learned from, `threshold` is the last bin whose rows are called members. `counts` are the rows in each bin as 16-bit
    numbers, `right` the accuracies, training after training, `epsilons` what each promises, 0 for nothing, and `bounds`
    what no attack can win."""

    _esm = front_end("shared.js", "privacy.js")
    STATE = ("training", "labels", "threshold")
    training = Int(0, min=0, max=len(TRAININGS) - 1).tag(sync=True)
    labels = Enum(KINDS, default_value=KINDS[0]).tag(sync=True)
    threshold = Int(96, min=0, max=BINS - 1).tag(sync=True)
    counts = Bytes().tag(sync=True)
    right = List(List(Float())).tag(sync=True)
    epsilons = List(Float()).tag(sync=True)
    bounds = List(Float()).tag(sync=True)

    def shares(self) -> numpy.ndarray:
        """The share of members and of others that each threshold calls, (2, bins)."""
        counts = measured()[0][KINDS.index(self.labels), self.training]
        return counts.cumsum(axis=1) / ROWS

    def curves(self) -> dict[str, list[float]]:
        """Of each training: accuracy, the best threshold's advantage, and the bound. Those after the two rivals are
        drawn against the noise."""
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
        eps, bound = self.epsilons[self.training], self.bounds[self.training]
        promise = (
            f"Epsilon is {eps:.2f}: no attack wins more than {in_points(bound)}." if eps else "Nothing is promised."
        )
        accuracy = measured()[1][KINDS.index(self.labels), self.training]
        return (
            f"{HOW[self.training]}, labels {self.labels}: the network reads {in_points(accuracy)} of 100 test "
            f"digits. Whoever has a loss of at most {limit:.{4 if limit < 0.1 else 2}f} is called: "
            f"{in_points(here[0])} of 100 members and {in_points(here[1])} of 100 others, which wins "
            f"{in_points(here[0] - here[1])} points of 100; the best threshold wins {in_points(best)}. {promise}"
        )

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2, width=10.0, height=3.6)
        counts = measured()[0][KINDS.index(self.labels), self.training].reshape(2, BINS // 4, 4).sum(axis=2)
        edges = numpy.logspace(LOWEST, HIGHEST, BINS // 4 + 1)
        left.stairs(counts[0], edges, fill=True, color=plots.COLOURS["blue"], alpha=0.5, label="members")
        left.stairs(counts[1], edges, color=plots.COLOURS["vermillion"], linewidth=2, label="others")
        limit = 10 ** (LOWEST + (HIGHEST - LOWEST) * (self.threshold + 1) / BINS)
        left.axvline(limit, color=plots.INK, linestyle="--", linewidth=1.4)
        left.set(xscale="log", xlabel="loss of a row", ylabel="rows", title="called: left of the line")
        left.legend(loc="upper left")
        found = {name: 100 * numpy.array(values) for name, values in self.curves().items()}
        first = len(RIVALS)
        plots.curves(
            right,
            {name: values[first:] for name, values in found.items()},
            x=NOISES,
            names=("noise multiplier, a hundred clipped steps", "of 100"),
        )
        for place, marker in enumerate("sD"):
            for name in ("accuracy", "measured"):
                right.plot(0, found[name][place], marker, color=plots.INK, fillstyle="none", clip_on=False)
        if self.training >= first:
            right.axvline(NOISES[self.training - first], color=plots.INK, linestyle="--", linewidth=1.4)
        right.set(ylim=(0, 105), title="square: sixty epochs; diamond: no clip")
        return figure


HOW = (
    "Sixty epochs, no clip, no noise",
    "A hundred steps, no clip, no noise",
    *(f"A hundred steps, clipped, {f'noise {noise}' if noise else 'no noise'}" for noise in NOISES),
)


def in_points(share: float) -> str:
    """A share as the explorer writes it, in points of a hundred; `inPoints` in privacy.js is the same."""
    return f"{math.floor(1000 * float(share) + 0.5 + 1e-6) / 10:.1f}"


def privacy_explorer(state: str | dict | None = None) -> PrivacyExplorer:
    """The explorer, at sixty epochs at first. state: see `Explorer.begin`."""
    counts, right = measured()
    noises = [0.0] * len(RIVALS) + [float(noise) for noise in NOISES]
    return PrivacyExplorer(
        counts=counts.astype("<u2").tobytes(),
        right=right.tolist(),
        epsilons=[epsilon(SHARE, noise, STEPS, DELTA) if noise else 0.0 for noise in noises],
        bounds=[most_advantage(SHARE, noise, STEPS) if noise else 1.0 for noise in noises],
    ).begin(state)
