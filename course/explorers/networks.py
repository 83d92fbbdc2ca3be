"""The explorer of lesson 04: a small network learns to tell two paints apart, with neurons, layers and their choice to
set. Lesson 04 (A pile of very simple choices) shows it; the drawing, and the training while one watches, are in
networks.js. Read explorers/tensors.py first, the simplest of them."""

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn
from traitlets import Dict, Enum, Float, Int

from course import plots
from course.explorers import Explorer, front_end, normals
from course.networks import MLP, two_paints
from course.training import accuracy, train

REACH = 2.0  # metres from the middle of the picture to its edges
ACTIVATIONS = {"relu": torch.relu, "sigmoid": torch.sigmoid, "none": lambda sums: sums}
SHAPES = ("ring", "corners", "spiral")
STEPS = 300  # of the still; the browser goes on for as long as one lets it


class NetworkExplorer(Explorer):
    """A network and the drops it is to tell apart. `dots` holds, by shape, [across, up, paint] of each drop: the first
    half to learn from, the others to test with. The browser trains a network of `layers` layers of `neurons` neurons,
    and writes down after how many `steps` how many are `right`."""

    _esm = front_end("shared.js", "networks.js")
    STATE = ("neurons", "layers", "activation", "shape", "noise", "speed", "seed")
    dots = Dict().tag(sync=True)
    shape = Enum(SHAPES, "ring").tag(sync=True)
    neurons = Int(4, min=1, max=16).tag(sync=True)
    layers = Int(1, min=1, max=2).tag(sync=True)
    activation = Enum(tuple(ACTIVATIONS), "relu").tag(sync=True)
    noise = Float(0.0, min=0, max=0.5).tag(sync=True)
    speed = Enum(("slow", "medium", "fast"), "medium").tag(sync=True)
    seed = Int(0).tag(sync=True)
    steps = Int(0).tag(sync=True)
    right = Int(0).tag(sync=True)
    right_of_others = Int(0).tag(sync=True)

    def drops(self) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """Where the drops of the shape are, (n, 2), moved by the noise, and their paints, (n,): those to learn from,
        and the others."""
        rows, chance = torch.tensor(self.dots[self.shape]), normals(0)
        moved = rows[:, :2] + self.noise * torch.tensor([next(chance) for _ in range(2 * len(rows))]).view(-1, 2)
        half = len(rows) // 2
        return (moved[:half], rows[:half, 2].long()), (moved[half:], rows[half:, 2].long())

    def trained(self) -> nn.Module:
        """A network as it is set, after STEPS steps of Adam on all drops that it learns from."""
        chance = torch.Generator().manual_seed(self.seed)
        network = MLP([2, *[self.neurons] * self.layers, 2], ACTIVATIONS[self.activation], generator=chance)
        train(
            network,
            *self.drops()[0],
            epochs=STEPS,
            batch_size=10_000,
            learning_rate=0.05,
            generator=chance,
            progress=False,
        )
        return network

    def sentence(self, steps: int | None = None, right: int | None = None, right_of_others: int | None = None) -> str:
        steps, right = (self.steps if steps is None else steps), (self.right if right is None else right)
        right_of_others, total = (
            (self.right_of_others if right_of_others is None else right_of_others),
            len(self.dots[self.shape]) // 2,
        )
        choice = {"relu": " ReLU", "sigmoid": " sigmoid", "none": ""}[self.activation]
        made = (
            f"{self.layers} layer{'s' * (self.layers > 1)} of {self.neurons}{choice} neuron{'s' * (self.neurons > 1)}"
        )
        made += " without a choice" if self.activation == "none" else ""
        laid = {"ring": "a blob in a ring", "corners": "four corners", "spiral": "two arms of a spiral"}[self.shape]
        if steps == 0:
            return (
                f"A network with {made} that has learned nothing yet; {total} drops of two paints to learn from "
                "and "
                f"{total} to test it with, laid out as {laid}."
            )
        learned, tested = (int(100 * part / total + 0.5) for part in (right, right_of_others))
        return (
            f"After {steps:,} step{'s' * (steps > 1)}, with {made}, the accuracy is {learned} % on the {total} "
            f"drops it learns from and {tested} % on {total} others."
        )

    def draw(self, network: nn.Module | None = None) -> Figure:
        figure, axes = plots.figure(width=5.6, height=4.6)
        draw_sides(axes, network or self.trained(), *self.drops()[0])
        axes.set_ylabel("height, m")
        return figure

    def still(self) -> tuple[Figure, str]:
        """What the browser shows at first has learned nothing; the still shows the same network, trained."""
        network = self.trained()
        right = [round(accuracy(network, points, paints) * len(paints)) for points, paints in self.drops()]
        return self.draw(network), self.sentence(STEPS, *right)


def network_explorer(
    neurons: int = 4,
    layers: int = 1,
    activation: str = "relu",
    shape: str = "ring",
    seed: int = 0,
    state: str | dict | None = None,
) -> NetworkExplorer:
    """The explorer, its network as given: layers of neurons (1 to 16) each, 1 or 2 layers, activation "relu", "sigmoid"
    or "none"; shape of the drops: "ring", "corners" or "spiral". state: see `Explorer.begin`. Raises ValueError for
    anything else."""
    for name, value, allowed in (
        ("neurons", neurons, range(1, 17)),
        ("layers", layers, (1, 2)),
        ("activation", activation, tuple(ACTIVATIONS)),
        ("shape", shape, SHAPES),
    ):
        if value not in allowed:
            wanted = "1 to 16" if name == "neurons" else " or ".join(repr(each) for each in allowed)
            raise ValueError(f"{name} is {value!r}; wanted {wanted}")
    dots = {}
    for each in SHAPES:
        points, paints = two_paints(320, each, torch.Generator().manual_seed(0))
        dots[each] = [
            [round(float(x), 3), round(float(y), 3), int(paint)] for (x, y), paint in zip(points, paints, strict=False)
        ]
    return NetworkExplorer(
        dots=dots, neurons=neurons, layers=layers, activation=activation, shape=shape, seed=seed
    ).begin(state)


def draw_sides(axes: Axes, network: nn.Module, points: Tensor, paints: Tensor) -> None:
    """A map of what a network with two inputs and two logits believes, the drops (n, 2) of paints (n,) on it, and where
    each neuron of its first layer, a Linear, changes its mind (dashed)."""
    across = torch.linspace(-REACH, REACH, 121)
    grid = torch.stack(torch.meshgrid(across, across, indexing="xy"), dim=-1).reshape(-1, 2)
    with torch.no_grad():
        share = torch.softmax(network(grid.to(next(network.parameters()).device)), dim=1)[:, 1].view(121, 121)
    belief = plots.values(share)
    axes.contourf(
        across,
        across,
        belief,
        levels=[0, 0.1, 0.3, 0.5, 0.7, 0.9, 1],
        colors=["#f6d08a", "#f9deac", "#fcefd6", "#dbe9f3", "#b3d2e7", "#86b9da"],
    )
    axes.contour(across, across, belief, levels=[0.5], colors=[plots.INK], linewidths=2)
    first = next(layer for layer in network.modules() if isinstance(layer, nn.Linear))
    for weights, bias in zip(plots.values(first.weight), plots.values(first.bias), strict=False):
        sums = weights[0] * plots.values(grid[:, 0]) + weights[1] * plots.values(grid[:, 1]) + bias
        if sums.min() < 0 < sums.max():
            axes.contour(
                across,
                across,
                sums.reshape(121, 121),
                levels=[0],
                colors=["#6b7280"],
                linewidths=0.9,
                linestyles="--",
                alpha=0.8,
            )
    for paint, colour, marker in ((0, plots.COLOURS["orange"], "s"), (1, plots.COLOURS["blue"], "o")):
        places = plots.values(points[paints == paint])
        axes.scatter(
            places[:, 0],
            places[:, 1],
            s=26,
            color=colour,
            marker=marker,
            edgecolor="white",
            linewidth=0.6,
            zorder=3,
        )
    axes.set(
        xlabel="place along the wall, m",
        xlim=(-REACH, REACH),
        ylim=(-REACH, REACH),
        aspect="equal",
        xticks=[-2, -1, 0, 1, 2],
        yticks=[-2, -1, 0, 1, 2],
    )
