"""Ways down a landscape of loss: gradients in four ways, descent, mini-batches, momentum, Adam.
Lesson 03 (solutions/03-descent) builds every function here up to Adam as an exercise.
Read course/lines.py first: the line, its loss and the landscape come from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from course.values import Value


def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    """The gradient of a loss by nudging one parameter at a time, up and down (central differences).

    loss: takes parameters (p,), gives a scalar. parameters: (p,), left as they were. Returns (p,).
    Costs two evaluations of the loss for every parameter.
    """
    slopes = torch.empty_like(parameters)
    for index in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[index] += nudge
        down[index] -= nudge
        slopes[index] = (loss(up) - loss(down)) / (2 * nudge)
    return slopes


def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """How the mean squared error of a line changes with its slope and its intercept.

    parameters: (2,), slope then intercept. x, y: (n,). Returns (2,), loss per unit of each parameter.
    """
    slope, intercept = parameters
    error = slope * x + intercept - y
    return torch.stack([2 * (error * x).mean(), 2 * error.mean()])


def backward(formula: Callable[[list[Value]], Value], numbers: Tensor) -> Tensor:
    """The gradient of a formula by reading its computation backwards: reverse-mode differentiation, on numbers one by
    one.

    formula: takes a list of values, gives one. numbers: (p,), where to measure. Returns (p,), the derivative by each of
    them.
    """
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order, seen = [], set()

    def line_up(value: Value) -> None:
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                line_up(parent)
            order.append(value)  # after its parents

    line_up(output)
    output.gradient = 1.0
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives, strict=True):
            parent.gradient += derivative * value.gradient
    return torch.tensor([value.gradient for value in values], dtype=numbers.dtype, device=numbers.device)


def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    """Gradient descent with every row in every step (full batch).

    start: (2,), slope then intercept. x, y: (n,). Returns the path, (steps + 1, 2), the start first.
    """
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)


def mini_batches(
    x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """Pairs (x_batch, y_batch) that visit every row exactly once an epoch, in a new order each epoch.

    x, y: (n, ...), row i of one belongs to row i of the other. batch_size: rows a batch; the last of an epoch
    has what is left. The same seed gives the same order. Raises ValueError for a batch size below 1 or for
    x and y of different lengths.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be 1 or more")
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} rows and y has {len(y)}; they must have as many")
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        # Drawn on the CPU whatever the device of the rows, so that a seed means the same order everywhere.
        order = torch.randperm(len(x), generator=generator).to(x.device)
        for rows in order.split(batch_size):
            yield x[rows], y[rows]


def momentum_step(
    parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9
) -> tuple[Tensor, Tensor]:
    """One step of descent that keeps a share of its speed (Polyak 1964, as torch.optim.SGD writes it).

    parameters, velocity, gradient: (p,). momentum: the share of the velocity kept, in [0, 1).
    Returns the new parameters and the new velocity, both (p,).
    """
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * velocity, velocity


class Adam:
    """Descent in which every parameter has a step size of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(
        self,
        parameters: Tensor,
        learning_rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient: Tensor) -> Tensor:
        """One step against gradient (p,). Keeps the new parameters (p,) and returns them."""
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient**2
        mean = self.mean / (1 - self.beta1**self.steps)
        square = self.square / (1 - self.beta2**self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters

    def __repr__(self) -> str:
        return f"Adam({self.parameters.tolist()} after {self.steps} steps, learning_rate={self.learning_rate})"


def stochastic_descend(
    start: Tensor, x: Tensor, y: Tensor, learning_rate: float, batch_size: int, epochs: int = 1, seed: int = 0
) -> Tensor:
    """Stochastic gradient descent: as descend, but each step looks at one mini-batch only.

    Returns the path, (batches + 1, 2), the start first.
    """
    path = [start]
    for x_batch, y_batch in mini_batches(x, y, batch_size, epochs, seed):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x_batch, y_batch))
    return torch.stack(path)


def losses_along(path: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The mean squared error over all rows at every point of a path (k, 2). x, y: (n,). Returns (k,)."""
    return torch.stack([(slope * x + intercept - y).square().mean() for slope, intercept in path])


def steps_until(losses: Tensor, level: float) -> int | None:
    """After how many steps a run is at or below a level and stays there to its end; None if it never does.

    losses: (k,), the first before any step. A run that dips below the level by luck and leaves again has not arrived.
    """
    above = (~(losses <= level)).nonzero().flatten()  # not >: a loss that is not a number has not arrived either
    arrived = int(above[-1]) + 1 if len(above) else 0
    return arrived if arrived < len(losses) else None


def sharpest_curvature(x: Tensor) -> float:
    """The largest curvature of a line's loss landscape; descent diverges at a rate above 2 divided by it.

    x: (n,). The largest eigenvalue of the matrix of second derivatives, which is the same at every point.
    """
    ones = torch.ones_like(x)
    columns = torch.stack([x, ones], dim=1)
    return float(torch.linalg.eigvalsh(2 * columns.T @ columns / len(x))[-1])
