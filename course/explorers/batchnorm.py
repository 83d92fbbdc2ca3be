"""The explorer of lesson 07: histograms of what leaves each of eight layers, with batch norm and without it.
Lesson 07 (The scale of things) shows it; the drawing is in batchnorm.js, which passes the numbers through the layers
itself. Read `BatchNormExplorer.layers` first, the same layers in torch."""

import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bool, Bytes, Float, Int

from course import plots
from course.batchnorm import batch_norm
from course.explorers import Explorer, figure_of, front_end

DEPTH, WIDTH, REACH, BINS = 8, 48, 6.0, 48


class BatchNormExplorer(Explorer):
    """Eight dense layers and ReLUs, fresh from the drawing of their weights. factor multiplies all weights; normalise
    puts a batch norm after each layer, whose channels all have this gamma and this beta. inputs, weights: float32, as
    bytes, for the script."""

    _esm = front_end("shared.js", "batchnorm.js")
    STATE = ("factor", "normalise", "gamma", "beta")
    inputs = Bytes().tag(sync=True)
    weights = Bytes().tag(sync=True)
    rows = Int().tag(sync=True)
    columns = Int().tag(sync=True)
    factor = Float(1.0, min=1e-3).tag(sync=True)
    normalise = Bool(False).tag(sync=True)
    gamma = Float(1.0).tag(sync=True)
    beta = Float(0.0).tag(sync=True)

    def layers(self) -> list[Tensor]:
        """What leaves each layer, before its ReLU: eight tensors (rows, 48)."""
        numbers = torch.frombuffer(bytearray(self.inputs), dtype=torch.float32).view(self.rows, self.columns)
        weights, left = torch.frombuffer(bytearray(self.weights), dtype=torch.float32), []
        for _ in range(DEPTH):
            size = numbers.shape[1] * WIDTH
            numbers, weights = self.factor * numbers @ weights[:size].view(-1, WIDTH), weights[size:]
            if self.normalise:
                numbers = batch_norm(numbers, torch.full((WIDTH,), self.gamma), torch.full((WIDTH,), self.beta))
            left.append(numbers)
            numbers = numbers.relu()
        return left

    def spreads(self) -> list[float]:
        """The root mean square distance from the channel's mean, for each layer."""
        return [float(numbers.var(dim=0, correction=0).mean().sqrt()) for numbers in self.layers()]

    def sentence(self) -> str:
        spreads = self.spreads()
        first, last = spreads[0], spreads[-1]
        norm = (
            f"with batch norm, gamma {figure_of(self.gamma)} and beta {figure_of(self.beta)}"
            if self.normalise
            else "without batch norm"
        )
        verdict = "the layers pass on what they get at about the same size"
        if last > 2 * first:
            verdict = "each layer passes on more than it got"
        if last < first / 2:
            verdict = "each layer passes on less than it got"
        if self.normalise:
            verdict = "whatever the weights"
        return (
            f"Weights times {figure_of(self.factor)}, {norm}: the spread is {figure_of(first)} in layer 1 and "
            f"{figure_of(last)} in layer {DEPTH}: {verdict}."
        )

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2, width=9.6, height=4.2, width_ratios=[1.3, 1])
        edges = torch.linspace(-REACH, REACH, BINS + 1)
        for number, numbers in enumerate(self.layers(), start=1):
            counts = torch.histogram(numbers.flatten(), edges).hist
            heights = 0.9 * counts / counts.max().clamp(min=1)
            left.stairs(
                heights - number,
                edges,
                baseline=-number,
                fill=True,
                color=plots.COLOURS["sky"],
                edgecolor=plots.COLOURS["blue"],
                linewidth=1,
            )
        left.set(
            xlabel="what leaves the layer",
            ylabel="layer",
            yticks=range(-DEPTH, 0),
            yticklabels=range(DEPTH, 0, -1),
            xlim=(-REACH, REACH),
            title="Histograms, each to its own height",
        )
        right.plot(range(1, DEPTH + 1), self.spreads(), marker="o")
        right.set(
            xlabel="layer", ylabel="spread", yscale="log", ylim=(1e-3, 1e3), title="Spread", xticks=range(1, DEPTH + 1)
        )
        right.grid(axis="y")
        return figure


def batchnorm_explorer(
    images: Tensor,
    factor: float = 0.7,
    normalise: bool = False,
    gamma: float = 1.0,
    beta: float = 0.0,
    seed: int = 0,
    state: str | dict | None = None,
) -> BatchNormExplorer:
    """The explorer for images (n, ...), two or more, whose pixels are brought to mean 0 and variance 1 as a whole
    before they go in. seed draws the weights.
    state: see `Explorer.begin`. Raises ValueError for a single image, for images that are all one colour, and for a
    factor that is not above 0."""
    if len(images) < 2:
        raise ValueError(f"images has {len(images)} rows; a batch of two or more is wanted")
    if not factor > 0:
        raise ValueError(f"factor is {factor}; it must be above 0")
    rows = images.detach().cpu().float().flatten(1)
    if not float(rows.std()) > 0:
        raise ValueError("images are all one colour; there is nothing to see")
    rows = (rows - rows.mean()) / rows.std()
    generator = torch.Generator().manual_seed(seed)
    sizes = [rows.shape[1], *[WIDTH] * (DEPTH - 1)]
    weights = torch.cat(
        [
            torch.randn(size * WIDTH, generator=generator) * ((1 if number == 0 else 2) / size) ** 0.5
            for number, size in enumerate(sizes)
        ]
    )
    return BatchNormExplorer(
        inputs=rows.contiguous().numpy().tobytes(),
        weights=weights.numpy().tobytes(),
        rows=rows.shape[0],
        columns=rows.shape[1],
        factor=factor,
        normalise=normalise,
        gamma=gamma,
        beta=beta,
    ).begin(state)
