"""A line as a model: its prediction, its loss, the loss of many lines at once, and two ways to find the best of them.
Lesson 02 (A line through a splatter of paint) builds every function here.
Read first: `mse`, one number for how wrong a line is; everything below it only looks for the line where that number is
least."""

import torch
from torch import Tensor


def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    """The line's height over each x. x: (n,); slope in y-units per x-unit, intercept in y-units. Returns (n,)."""
    return slope * x + intercept


def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    """What is left over in each row: target minus prediction, positive where the dot lies above the line. All (n,)."""
    return target - prediction


def mse(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared error: the mean of the squared residuals, in y-units squared. prediction, target: (n,). Returns a
    scalar."""
    return (residuals(prediction, target) ** 2).mean()


def random_lines(count: int, low: Tensor, high: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Lines drawn evenly from a box. low, high: (2,) the least and the greatest (slope, intercept). Returns (count, 2).

    The same generator state gives the same lines."""
    drawn = torch.rand(count, 2, generator=generator, device=low.device, dtype=low.dtype)
    return low + (high - low) * drawn


def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    """Try every candidate in turn and keep the best. x, y: (n,); candidates: (tries, 2), a (slope, intercept) a row,
    tries >= 1.

    Returns the best line, (2,), the first of them where several are equal, and the least loss seen after each try,
    (tries,). Costs one loss evaluation a try. Raises ValueError where there is no candidate."""
    if candidates.ndim != 2 or candidates.shape[1] != 2 or len(candidates) == 0:
        raise ValueError(f"candidates has shape {tuple(candidates.shape)}, wanted (tries, 2) with at least one try")
    best, least, history = candidates[0], None, []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if least is None or loss < least:
            best, least = line, loss
        history.append(least)
    return best.clone(), torch.stack(history)


def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    """The mean squared error of every line on a grid, in one batched call.

    x, y: (n,); slopes: (columns,); intercepts: (rows,). Returns (rows, columns): row i, column j is the loss of the
    line with intercepts[i] and slopes[j]. Holds rows * columns * n numbers at once, which is the price of the missing
    loop."""
    heights = predict(x, slopes[None, :, None], intercepts[:, None, None])
    return (residuals(heights, y) ** 2).mean(dim=-1)


def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """The line with the least mean squared error, from the normal equation. x, y: (n,). Returns (2,): slope, intercept.

    With a column for x and a column of ones as `inputs`, it solves (inputs.T @ inputs) @ line = inputs.T @ y.
    x is centred first: far from zero its squares would use up the digits. Raises ValueError where all x are equal,
    since then any slope will do (Gauss 1809, section 3 of book II; Legendre 1805)."""
    if len(x) < 2 or bool((x == x[0]).all()):
        raise ValueError(f"x holds {len(x)} values and not two different ones: a line needs two places to go through")
    middle = x.mean()
    inputs = torch.stack([x - middle, torch.ones_like(x)], dim=1)
    slope, height = torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)
    return torch.stack([slope, height - slope * middle])
