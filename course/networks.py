"""Neural networks from their parts: a choice, a layer of choices, shares of belief, surprise, and the landscape of all
that. Lesson 04 (solutions/04-networks) builds every function here up to `fit` as an exercise.
Read course/descent.py first: the mini-batches come from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Generator, Tensor, nn

from course.descent import mini_batches

# From this many multiplications a place on (rows times parameters), a CPU is busy with a single network, and a batch of
# them only moves memory.
WORTH_A_BATCH = 2_000_000


def two_paints(n: int = 160, shape: str = "ring", generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Drops of two paints that no line parts: where they are, (n, 2), in metres, and which paint, (n,), 0 orange or 1
    blue, in turn.

    shape: "ring", a blue blob with an orange ring around it; "corners", blue in two opposite corners of a square and
    orange in the others; "spiral", two arms that turn about each other. Raises ValueError for another shape.
    """
    draws = torch.rand(n, 2, generator=generator)
    paints = torch.arange(n) % 2
    along, aside = draws[:, 0], draws[:, 1]
    if shape == "corners":
        sides = torch.stack([torch.arange(n) // 2 % 2, (torch.arange(n) // 2 + paints + 1) % 2], dim=1) * 2 - 1
        return sides * (0.15 + 1.4 * draws), paints
    if shape == "ring":
        radius, angle = torch.where(paints == 1, 0.75 * along.sqrt(), 1.15 + 0.6 * along), 2 * torch.pi * aside
    elif shape == "spiral":
        radius, angle = 0.2 + 1.5 * along + 0.1 * aside, 5.5 * along + torch.pi * paints
    else:
        raise ValueError(f'shape is {shape!r}; wanted "ring", "corners" or "spiral"')
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1), paints


def sigmoid(x: Tensor) -> Tensor:
    """A soft step from 0 to 1: 1 / (1 + exp(-x)). x: any shape. Returns the same shape, in [0, 1]."""
    return 1 / (1 + torch.exp(-x))


def relu(x: Tensor) -> Tensor:
    """The value itself where it is above zero, and zero elsewhere. x: any shape. Returns the same shape."""
    return torch.where(x > 0, x, torch.zeros_like(x))


def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """A layer in which each neuron sees every input: weighted sums, and a bias for each neuron.

    inputs: (n, inputs), weights: (neurons, inputs), a row of weights for each neuron, biases: (neurons,). Returns (n,
    neurons).
    """
    return inputs @ weights.T + biases


def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    """The weights of the ReLU neurons whose sum runs straight from dot to dot: heights[0] + sum of weights[i] * relu(x
    - knots[i]).

    knots: (k,), rising, k >= 2. heights: (k,). Returns (k - 1,): at each knot but the last, by how much the slope
    changes there.
    """
    slopes = heights.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes.diff()])


def softmax(logits: Tensor) -> Tensor:
    """Scores to shares: positive numbers that sum to 1 in each row. logits: (n, classes), however large. Returns (n,
    classes)."""
    powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean surprise, in nats, at the right classes: minus the logarithm of the share that each was given.

    logits: (n, classes), however large. targets: (n,), whole numbers. Returns a scalar.
    """
    highest = logits.max(dim=1, keepdim=True).values
    log_of_sum = (highest + (logits - highest).exp().sum(dim=1, keepdim=True).log()).squeeze(1)
    return (log_of_sum - logits[torch.arange(len(logits), device=logits.device), targets]).mean()


def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    """The share of rows whose highest score is that of the right class. logits: (n, classes), targets: (n,). Returns a
    scalar."""
    return (logits.argmax(dim=1) == targets).float().mean()


def fit(
    make_model: Callable[[], nn.Module],
    inputs: Tensor,
    targets: Tensor,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> tuple[nn.Module, list[float]]:
    """Train a fresh network by plain descent on the cross-entropy, in mini-batches.

    make_model: gives a network from (n, features) to logits (n, classes). inputs: (n, features), targets: (n,), whole
    numbers. Returns the trained network and the loss of each batch, measured before its step.
    """
    model, losses = make_model(), []
    for x_batch, y_batch in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x_batch), y_batch)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad  # type: ignore[operator, misc]  # there after backward()
        losses.append(loss.item())
    return model, losses


class MLP(nn.Module):
    """Dense layers with a choice between them, a multilayer perceptron, with or without skips.

    A skip adds what came into a layer to what goes out of it, wherever both are equally wide (He et al. 2016)."""

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Callable[[Tensor], Tensor] = torch.relu,
        skips: bool = False,
        generator: Generator | None = None,
    ) -> None:
        """sizes: how wide inputs, each hidden layer and outputs are. generator: draws the start (He et al. 2015);
        torch's own where None."""
        super().__init__()
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"sizes is {list(sizes)}; wanted at least two widths, inputs and outputs, each 1 or more")
        layers = [nn.Linear(wide, next_wide) for wide, next_wide in pairwise(sizes)]
        self.layers = nn.ModuleList(layers)
        self.activation, self.skips = activation, skips
        for layer in layers:
            nn.init.kaiming_normal_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)
            if skips and layer.in_features == layer.out_features:
                # What comes out is added to what went in: at full size the sum would double at every layer.
                layer.weight.data /= len(self.layers) ** 0.5

    def forward(self, inputs: Tensor) -> Tensor:
        """inputs: (n, ...), flattened to (n, sizes[0]). Returns (n, sizes[-1])."""
        x = inputs.flatten(1)
        for layer in self.layers[:-1]:
            out = self.activation(layer(x))
            x = x + out if self.skips and out.shape == x.shape else out
        return self.layers[-1](x)


Direction = dict[str, Tensor]


def filter_normalised(model: nn.Module, generator: Generator | None = None) -> Direction:
    """A random direction to walk away from a network in, with every neuron's weights as long as the network's own.

    Without that a network with large weights looks flat and one with small weights steep, though they may answer alike.
    Biases stay where they are. Li et al. 2018, section 4. Returns a tensor for each parameter, by its name.
    """
    direction = {}
    for name, parameter in model.named_parameters():
        if parameter.ndim < 2:
            direction[name] = torch.zeros_like(parameter)
            continue
        drawn = torch.randn(
            parameter.shape, generator=generator, device="cpu" if generator is None else generator.device
        ).to(parameter)
        lengths = [part.flatten(1).norm(dim=1).view(-1, *[1] * (part.ndim - 1)) for part in (parameter.detach(), drawn)]
        direction[name] = drawn * lengths[0] / lengths[1].clamp(min=1e-12)
    return direction


def landscape(
    model: nn.Module,
    inputs: Tensor,
    targets: Tensor,
    right: Direction,
    up: Direction,
    steps: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor] = nn.functional.cross_entropy,
    batched: bool | None = None,
    chunk: int = 125,
) -> Tensor:
    """The loss at every place of a square around a network: parameters + a * right + b * up for all a and b in steps.

    inputs: (n, ...), targets: (n, ...), on the model's device. right, up: a tensor for each parameter, by name. steps:
    (k,).
    batched: many networks in one call (torch.func), chunk of them at a time, or one after the other; where None, what
    is faster: on a GPU always the batch, which otherwise waits for Python between small calls; on a CPU only small
    networks on few rows, where Python's calls cost more than the arithmetic. The model is left as it was. Returns (k,
    k): a row for each b, a column for each a.
    """
    centre = {name: parameter.detach() for name, parameter in model.named_parameters()}
    for name in centre:
        if (
            name not in right
            or name not in up
            or right[name].shape != centre[name].shape
            or up[name].shape != centre[name].shape
        ):
            raise ValueError(
                f"the directions do not fit the model at {name}: each wants a tensor of shape "
                f"{tuple(centre[name].shape)} there"
            )
    if batched is None:
        work = len(inputs) * sum(parameter.numel() for parameter in centre.values())
        batched = inputs.device.type != "cpu" or work < WORTH_A_BATCH
    steps = steps.to(next(iter(centre.values())))
    places = torch.cartesian_prod(steps, steps).flip(1)  # the last column counts slowly: (a, b) with a running first

    def place_loss(place: Tensor) -> Tensor:
        moved = {name: value + place[0] * right[name] + place[1] * up[name] for name, value in centre.items()}
        return loss(torch.func.functional_call(model, moved, (inputs,)), targets)

    with torch.no_grad():
        if batched:
            losses = torch.func.vmap(place_loss, chunk_size=chunk)(places)
        else:
            losses = torch.stack([place_loss(place) for place in places])
    return losses.view(len(steps), len(steps))
