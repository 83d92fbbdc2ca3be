"""The explorer of lesson 14: a small digit reader, how many of its weights are pruned, how many bits the others have,
and what it still reads. Lesson 14 (Does size matter?) shows it; the drawing and the same arithmetic are in
efficiency.js, the networks and digits in efficiency.npz (tools/efficiency.py).
Read course/efficiency.py first; here the codebook is written for the browser's twin."""

from functools import cache
from math import log2

import numpy
from matplotlib.figure import Figure
from traitlets import Bool, Bytes, Enum

from course import plots
from course.explorers import FOLDER, Explorer, front_end

SHIPPED = FOLDER / "efficiency.npz"  # made by tools/efficiency.py
SIDE, NEURONS, CLASSES = 14, 32, 10
FIRST, WEIGHTS, BIASES = SIDE * SIDE * NEURONS, (SIDE * SIDE + CLASSES) * NEURONS, NEURONS + CLASSES
SHARES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)  # pruned
BITS = (32, 6, 4, 3, 2, 1)
STEPS = 10  # of the codebook


def codebook(values: numpy.ndarray, count: int) -> numpy.ndarray:
    """Each value replaced by one of `count` that they share, by k-means from an even spacing. values: (n,)."""
    low, high = values.min(), values.max()
    centres = numpy.array([low + (high - low) * place / max(1, count - 1) for place in range(count)])
    for step in range(STEPS + 1):
        codes = numpy.abs(values[:, None] - centres).argmin(axis=1)
        if step < STEPS:
            counts, sums = (numpy.bincount(codes, weights, count) for weights in (None, values))
            centres = numpy.where(counts > 0, sums / numpy.maximum(counts, 1), centres)
    return centres[codes]


def percent(share: float) -> str:
    """A share in whole percent, as the script rounds it."""
    return f"{int(100 * share + 0.5)} %"


class SizeExplorer(Explorer):
    """A network made smaller. `share` of its weights is pruned, `bits` are left to each of the others (32: as they
    are), `trained` says whether it was trained on while it was pruned. `weights` are seven networks' numbers in half
    precision, one for each of SHARES, weights before biases; `pixels` and `labels` the digits that they are to read."""

    _esm = front_end("shared.js", "efficiency.js")
    STATE = ("share", "bits", "trained")
    share = Enum(SHARES, default_value=0.0).tag(sync=True)
    bits = Enum(BITS, default_value=32).tag(sync=True)
    trained = Bool(False).tag(sync=True)
    weights = Bytes().tag(sync=True)
    pixels = Bytes().tag(sync=True)
    labels = Bytes().tag(sync=True)

    def numbers(self, share: float, bits: int, trained: bool) -> numpy.ndarray:
        """A network's numbers, pruned and shared: (weights + biases,)."""
        networks = numpy.frombuffer(self.weights, dtype=numpy.float16).reshape(len(SHARES), -1).astype(numpy.float64)
        made = networks[SHARES.index(share) if trained else 0].copy()
        goes = numpy.abs(made[:WEIGHTS]).argsort(kind="stable")[: int(share * WEIGHTS)]
        made[goes] = 0
        if bits < 32:
            for layer in (made[:FIRST], made[FIRST:WEIGHTS]):
                stays = layer != 0
                if stays.any():
                    layer[stays] = codebook(layer[stays], 2**bits - int(not stays.all()))
        return made

    def size(self, made: numpy.ndarray, bits: int) -> float:
        """Bytes, by the formula: bits for each weight that stays, what it takes to say which those are, the tables, and
        biases in full."""
        stays = made[:WEIGHTS] != 0
        part = stays.mean()
        places = 0.0 if part in (0, 1) else -WEIGHTS * (part * log2(part) + (1 - part) * log2(1 - part))
        tables = 0 if bits == 32 else 2 * 32 * 2**bits
        return float((stays.sum() * bits + places + tables + 32 * BIASES) / 8)

    def right(self, made: numpy.ndarray) -> int:
        """How many of the digits a network reads rightly."""
        shown = numpy.frombuffer(self.pixels, dtype=numpy.uint8).reshape(-1, SIDE * SIDE) / 255
        first, second = made[:FIRST].reshape(NEURONS, -1), made[FIRST:WEIGHTS].reshape(CLASSES, NEURONS)
        inside = numpy.maximum(0, shown @ first.T + made[WEIGHTS : WEIGHTS + NEURONS])
        read = (inside @ second.T + made[WEIGHTS + NEURONS :]).argmax(axis=1)
        return int((read == numpy.frombuffer(self.labels, dtype=numpy.uint8)).sum())

    def sentence(self) -> str:
        made, whole = self.numbers(self.share, self.bits, self.trained), self.numbers(0.0, 32, False)
        size, full = self.size(made, self.bits), self.size(whole, 32)
        how = "while it was trained on" if self.trained else "at one stroke"
        pruned = f"With {percent(self.share)} of the weights pruned {how}" if self.share else "With no weight pruned"
        each = "32 bits" if self.bits == 32 else f"{self.bits} bit{'' if self.bits == 1 else 's'}"
        return (
            f"{pruned} and {each} for each that stays, the network takes about {size / 1000:.1f} kB by the formula, "
            f"{full / size:.1f} times less than the whole one, and reads {self.right(made)} of {len(self.labels)} "
            f"digits; the whole one, {full / 1000:.1f} kB, reads {self.right(whole)}."
        )

    def draw(self) -> Figure:
        figure, panels = plots.figure(5, width=11, height=3.0, width_ratios=[2.2, 1, 1, 1, 1])
        kinds = {"at one stroke": (False, "vermillion", "X"), "trained on": (True, "blue", "o")}
        for name, (trained, colour, marker) in kinds.items():
            nets = [self.numbers(share, 4, trained) for share in SHARES]
            panels[0].plot(
                [100 * self.right(net) / len(self.labels) for net in nets],
                [self.size(net, 4) / 1000 for net in nets],
                color=plots.COLOURS[colour],
                marker=marker,
                label=name,
            )
        panels[0].set(
            xlabel="digits read rightly, %", ylabel="size, kB", yscale="log", title="4 bits, pruned more and more"
        )
        panels[0].set_yticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
        panels[0].minorticks_off()
        panels[0].legend()
        first = self.numbers(self.share, self.bits, self.trained)[:FIRST].reshape(NEURONS, SIDE, SIDE)
        for axes, seen in zip(panels[1:], first, strict=False):
            most = float(numpy.abs(seen).max()) or 1.0
            axes.imshow(seen, cmap="RdBu", vmin=-most, vmax=most)
            axes.set_axis_off()
        panels[1].set_title("what neurons look for", fontsize=11, loc="left")
        return figure


@cache
def shipped() -> tuple[bytes, bytes, bytes]:
    """The weights, the pixels and the labels of the file, as bytes."""
    with numpy.load(SHIPPED) as parts:
        return parts["weights"].tobytes(), parts["pixels"].tobytes(), parts["labels"].tobytes()


def efficiency_explorer(state: str | dict | None = None) -> SizeExplorer:
    """The explorer, nothing taken away yet. state: see `Explorer.begin`."""
    weights, pixels, labels = shipped()
    return SizeExplorer(weights=weights, pixels=pixels, labels=labels).begin(state)
