"""The explorer of lesson 06: a small net whose hidden units are dropped by lot, pass after pass, and what it says each
time. Lesson 06 (Throw some of it away) shows it; the drawing is in dropout.js.
Read course/explorers/__init__.py first, then course/explorers/tensors.py, the simplest of them."""

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bool, Float, List

from course import plots
from course.dropout import masked
from course.explorers import Explorer, figure_of, front_end

SIZES = (3, 6, 6, 1)  # inputs, two hidden layers, one output
INPUTS = (1.0, 0.5, -0.8)


def small_net(seed: int = 44) -> list[Tensor]:
    """The weights from each layer to the next, (from, to), rounded to a tenth so that they are the same everywhere."""
    generator = torch.Generator().manual_seed(seed)
    drawn = [
        torch.randint(-9, 13, (here, there), generator=generator) for here, there in zip(SIZES, SIZES[1:], strict=False)
    ]
    return [(weights / 10).double() for weights in drawn]


def says(weights: list[Tensor], masks: list, p: float) -> float:
    """What the net says when its hidden units are masked: two layers of ReLUs, then a sum. masks: two of (6,), 1
    keeps."""
    x = torch.tensor(INPUTS, dtype=torch.float64)
    for layer, mask in zip(weights[:-1], masks, strict=False):
        x = masked((x @ layer).relu(), torch.as_tensor(mask), p)
    return float(x @ weights[-1][:, 0])


def thinned(axes: Axes, masks: list, sizes=SIZES, title: str = "") -> None:
    """The net with the units that a mask drops crossed out, and their connections gone. masks: one a hidden layer, 1
    keeps."""
    kept = [[1] * sizes[0], *masks, [1] * sizes[-1]]
    places = [[(column, (size - 1) / 2 - row) for row in range(size)] for column, size in enumerate(sizes)]
    for column in range(len(sizes) - 1):
        for here, there_row in ((here, there) for here in range(sizes[column]) for there in range(sizes[column + 1])):
            if kept[column][here] and kept[column + 1][there_row]:
                axes.plot(
                    *zip(places[column][here], places[column + 1][there_row], strict=False),
                    color=plots.FAINT,
                    linewidth=1.1,
                    linestyle="-",
                    zorder=1,
                )
    for column, units in enumerate(places):
        for alive, place in zip(kept[column], units, strict=False):
            axes.plot(
                *place,
                marker="o",
                markersize=17,
                color=plots.COLOURS["blue" if alive else "orange"] if alive else "white",
                markeredgecolor=plots.COLOURS["blue"] if alive else plots.FAINT,
                markeredgewidth=1.6,
                linestyle="none",
                zorder=2,
            )
            if not alive:
                axes.plot(
                    *place,
                    marker="x",
                    markersize=11,
                    color=plots.COLOURS["vermillion"],
                    markeredgewidth=2.4,
                    linestyle="none",
                    zorder=3,
                )
    axes.set(title=title, xlim=(-0.3, len(sizes) - 0.7), ylim=(-max(sizes) / 2 - 0.2, max(sizes) / 2 + 0.2))
    axes.set_axis_off()


class DropoutExplorer(Explorer):
    """A net of two hidden layers of six. `masks` is the pass that is drawn (1 keeps a unit), `outputs` what the net has
    said in training mode so far, `p` the share dropped, `training` the switch. The browser draws lots and computes."""

    _esm = front_end("shared.js", "dropout.js")
    STATE = ("p", "training")
    p = Float(0.5, min=0, max=0.9).tag(sync=True)
    training = Bool(True).tag(sync=True)
    masks = List(List(Float())).tag(sync=True)
    outputs = List(Float()).tag(sync=True)
    inputs = List(Float()).tag(sync=True)
    weights: List[list[list[float]]] = List().tag(sync=True)

    @property
    def net(self) -> list[Tensor]:
        """The weights as tensors, (from, to) each."""
        return [torch.tensor(layer, dtype=torch.float64) for layer in self.weights]

    @property
    def whole(self) -> float:
        """What the net says in evaluation mode."""
        return says(self.net, [torch.ones(size) for size in SIZES[1:-1]], 0.0)

    def lots(self, count: int, seed: int = 0) -> list:
        """Masks for so many passes, drawn from the seed: count lists of two masks."""
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.rand(count, 2, SIZES[1], generator=generator) >= self.p
        return drawn.double().tolist()

    def sentence(self, outputs: list | None = None) -> str:
        outputs = self.outputs if outputs is None else outputs
        if not self.training:
            return (
                "Evaluation mode: no unit is dropped, nothing is scaled, and the net says "
                f"{figure_of(self.whole)}, "
                "however often it is asked."
            )
        kept, hidden = int(sum(map(sum, self.masks))), sum(SIZES[1:-1])
        words = (
            f"Training mode, p = {self.p:.2f}: this pass drops {hidden - kept} of {hidden} hidden units and scales the "
            f"other {kept} up "
            f"{figure_of(1 / (1 - self.p))} times; the net says {figure_of(says(self.net, self.masks, self.p))}."
        )
        if len(outputs) < 2:
            return f"{words} In evaluation mode it says {figure_of(self.whole)}."
        mean = sum(outputs) / len(outputs)
        return (
            f"{words} The mean of {len(outputs)} passes is {figure_of(mean)}; in evaluation mode it says "
            f"{figure_of(self.whole)}."
        )

    def draw(self, outputs: list | None = None) -> Figure:
        outputs = self.outputs if outputs is None else outputs
        figure, (left, right) = plots.figure(2, height=3.8)
        everybody = [[1.0] * size for size in SIZES[1:-1]]
        thinned(
            left, self.masks if self.training else everybody, title="This pass" if self.training else "Evaluation mode"
        )
        if outputs and self.training:
            right.hist(outputs, bins=30, color=plots.COLOURS["sky"], edgecolor="white")
            right.axvline(
                sum(outputs) / len(outputs), color=plots.COLOURS["blue"], linestyle="-", label="mean of the passes"
            )
        right.axvline(self.whole, color=plots.COLOURS["vermillion"], linestyle="--", label="evaluation mode")
        right.set(xlabel="what the net says", ylabel="passes", title="Pass after pass")
        right.legend()
        return figure

    def still(self) -> tuple[Figure, str]:
        """One pass makes a dull picture: then the still has three hundred."""
        if len(self.outputs) > 1 or not self.training:
            return super().still()
        outputs = [says(self.net, masks, self.p) for masks in self.lots(300)]
        return self.draw(outputs), self.sentence(outputs)


def dropout_explorer(p: float = 0.5, state: str | dict | None = None) -> DropoutExplorer:
    """The explorer. p: the share of hidden units dropped, in [0, 0.9]. state: see `Explorer.begin`. Raises ValueError
    for another."""
    if not 0 <= p <= 0.9:
        raise ValueError(f"p is {p}; it is the share that is dropped, here in [0, 0.9]")
    explorer = DropoutExplorer(p=p, inputs=list(INPUTS), weights=[layer.tolist() for layer in small_net()]).begin(state)
    explorer.masks = explorer.lots(1, seed=7)[0]
    explorer.outputs = [says(explorer.net, explorer.masks, explorer.p)]
    return explorer
