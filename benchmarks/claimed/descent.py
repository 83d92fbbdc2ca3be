"""What lesson 03 (Down the landscape of loss) claims in its prose, measured over seeds.
Read benchmarks/claims.py first, then the lesson: the words of each claim stand there."""

from functools import cache

import torch
from torch import Tensor, tensor

from benchmarks.claims import claim
from course import data
from course.descent import (
    Adam,
    descend,
    finite_difference,
    line_gradient,
    losses_along,
    mini_batches,
    momentum_step,
    sharpest_curvature,
    steps_until,
)
from course.lines import least_squares, mse, predict

LESSON = "03-descent"
START = tensor([-1.0, 1.0])


@cache
def splatter(n: int = 200, seed: int | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Drops, and the least loss of any line through them."""
    x, y = data.paint_splatter(n=n) if seed is None else data.paint_splatter(n=n, seed=seed)
    return x, y, mse(predict(x, *least_squares(x, y)), y)


@cache
def one_pass(seed: int, batch: int = 32) -> tuple[float, float]:
    """In a bucket of 10,000 drops: rows that the best of seven full-batch walks reads, as a multiple of one pass, and
    by how much the pass misses the least loss."""
    x, y, least = splatter(10_000, seed)
    walks = (
        losses_along(descend(START, x, y, rate, steps=130), x, y) for rate in (0.1, 0.2, 0.3, 0.35, 0.4, 0.425, 0.44)
    )
    steps = min(found for losses in walks if (found := steps_until(losses, 1.01 * least)) is not None)
    line, rows = START, 0
    for x_batch, y_batch in mini_batches(x, y, batch, seed=seed):
        line = line - 0.2 * (1 - rows / len(x)) * line_gradient(line, x_batch, y_batch)
        rows += len(x_batch)
    return float(steps), float(mse(predict(x, *line), y) / least - 1)


@claim(
    LESSON,
    says="The bucket is *large*, and that is where the gain comes from",
    low=10,
    high=60,
    seeds=10,
    unit="times the rows of one pass",
    pool="min",
    fast=True,
)
def rows_that_the_full_batch_reads(seed: int) -> float:
    return one_pass(seed)[0]


@claim(
    LESSON,
    says="It has arrived when its loss comes within 1 % of the least that any line can have",
    low=0.0,
    high=0.01,
    seeds=10,
    unit="above the least loss after one pass",
    pool="max",
    fast=True,
)
def one_pass_arrives(seed: int) -> float:
    return one_pass(seed)[1]


@claim(
    LESSON,
    says="With 500 drops the single pass is over before the walker has arrived",
    low=0.01,
    high=50,
    seeds=5,
    unit="above the least loss after one pass",
    pool="min",
    fast=True,
)
def one_pass_over_few_drops(seed: int) -> float:
    x, y, least = splatter(500, seed)
    line, rows = START, 0
    for x_batch, y_batch in mini_batches(x, y, 32, seed=seed):
        line = line - 0.2 * (1 - rows / len(x)) * line_gradient(line, x_batch, y_batch)
        rows += len(x_batch)
    return float(mse(predict(x, *line), y) / least - 1)


@claim(
    LESSON,
    says="stands in the place of $-x_i$",
    low=0.0,
    high=2e-3,
    seeds=10,
    unit="difference of nudges and paper",
    pool="max",
    fast=True,
)
def paper_against_nudges(seed: int) -> float:
    x, y, _ = splatter()
    line = torch.randn(2, generator=torch.Generator().manual_seed(seed))
    return float((finite_difference(lambda at: mse(predict(x, *at), y), line) - line_gradient(line, x, y)).abs().max())


def share_of_the_border(share: float) -> Tensor:
    x, y, _ = splatter()
    return losses_along(descend(START, x, y, share * 2 / sharpest_curvature(x), 40), x, y)


@claim(
    LESSON, says="That is the border", low=1.0, high=1e9, unit="times the first loss, 5 % above the border", fast=True
)
def above_the_border_the_walk_diverges(seed: int) -> float:
    losses = share_of_the_border(1.05)
    return float(losses[-1] / losses[0])


@claim(
    LESSON,
    says="the fastest walker is not the boldest",
    low=1.05,
    high=1e3,
    unit="times the excess at half of the border, just below it",
    fast=True,
)
def just_below_the_border_is_slow(seed: int) -> float:
    _, _, least = splatter()
    return float((share_of_the_border(0.97)[20] - least) / (share_of_the_border(0.5)[20] - least))


@claim(
    LESSON,
    says="the error shrinks only with the square root of their number",
    low=2.7,
    high=3.7,
    seeds=5,
    unit="times smaller with ten times the rows",
    fast=True,
)
def error_of_an_estimate(seed: int) -> float:
    x, y, _ = splatter(10_000, 3)
    chance, whole = torch.Generator().manual_seed(seed), line_gradient(START, x, y)

    def off(rows: int) -> Tensor:
        drawn = [torch.randint(len(x), (rows,), generator=chance) for _ in range(600)]
        return (
            torch.stack([line_gradient(START, x[some], y[some]) - whole for some in drawn])
            .square()
            .sum(dim=1)
            .mean()
            .sqrt()
        )

    return float(off(10) / off(100))


@claim(
    LESSON,
    says="The trembling walker wins by far, and then cannot stand still",
    low=3,
    high=1e4,
    seeds=10,
    unit="times the excess of the full batch, at the same 4,000 rows",
    pool="min",
    fast=True,
)
def trembling_walker_wins(seed: int) -> float:
    x, y, least = splatter()
    line = START
    for x_batch, y_batch in mini_batches(x, y, 10, epochs=20, seed=seed):
        line = line - 0.1 * line_gradient(line, x_batch, y_batch)
    full = descend(START, x, y, 0.1, steps=20)[-1]
    return float((mse(predict(x, *full), y) - least) / (mse(predict(x, *line), y) - least))


@claim(
    LESSON,
    says="along its floor it curves some three hundred times less than across",
    low=250,
    high=400,
    unit="times",
    fast=True,
)
def how_long_the_far_valley_is(seed: int) -> float:
    x = splatter()[0] + 2
    inputs = torch.stack([x, torch.ones_like(x)], dim=1).double()
    curvatures = torch.linalg.eigvalsh(2 * inputs.T @ inputs / len(x))
    return float(curvatures[1] / curvatures[0])


@claim(
    LESSON,
    says="With momentum 0.9, a steady push ends up ten times as strong",
    low=9.9,
    high=10.0,
    unit="times",
    fast=True,
)
def a_steady_push(seed: int) -> float:
    velocity = torch.zeros(1)
    for _ in range(100):
        _, velocity = momentum_step(torch.zeros(1), velocity, torch.ones(1), 0.1, 0.9)
    return float(velocity)


@claim(
    LESSON,
    says="a push that changes sides each step ends up about half as strong",
    low=0.5,
    high=0.55,
    unit="times",
    fast=True,
)
def a_push_that_changes_sides(seed: int) -> float:
    velocity = torch.zeros(1)
    for step in range(100):
        _, velocity = momentum_step(torch.zeros(1), velocity, torch.ones(1) * (-1) ** step, 0.1, 0.9)
    return float(velocity.abs())


@claim(
    LESSON,
    says="with those it hardly moves along the floor",
    low=3,
    high=1e7,
    unit="times the excess with momentum, after 120 steps",
    fast=True,
)
def momentum_in_the_far_valley(seed: int) -> float:
    x, y, _ = splatter()
    far, line, velocity = x + 2, tensor([-0.4, 2.0]), torch.zeros(2)
    least, rate = mse(predict(far, *least_squares(far, y)), y), 1.2 / sharpest_curvature(far)
    plain = descend(line, far, y, rate, 120)[-1]
    for _ in range(120):
        line, velocity = momentum_step(line, velocity, line_gradient(line, far, y), rate, 0.9)
    return float((mse(predict(far, *plain), y) - least) / (mse(predict(far, *line), y) - least).clamp(min=1e-7))


def adam_walk(scale: float, steps: int) -> Tensor:
    x, y, _ = splatter()
    walker = Adam(START, 0.1)
    return torch.stack([walker.step(scale * line_gradient(walker.parameters, x, y)) for _ in range(steps)])


@claim(
    LESSON,
    says="Adam's two curves lie on top of each other",
    low=0.0,
    high=1e-4,
    unit="largest distance of the two walks",
    fast=True,
)
def adam_does_not_care_about_scale(seed: int) -> float:
    return float((adam_walk(1.0, 40) - adam_walk(100.0, 40)).abs().max())


@claim(
    LESSON,
    says="up to 0.8 or so; above that the ball is still swaying when the forty steps are over",
    low=0.6,
    high=0.85,
    unit="the highest momentum with two squares or more within 1.25 times the least",
    fast=True,
)
def highest_good_momentum(seed: int) -> float:
    x, y, least = splatter()
    good = []
    for momentum in (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98):
        close = 0
        for rate in torch.logspace(-2, 0.2, 9).tolist():
            line, velocity = START, torch.zeros(2)
            for _ in range(40):
                line, velocity = momentum_step(line, velocity, line_gradient(line, x, y), rate, momentum)
            close += bool(mse(predict(x, *line), y) <= 1.25 * least)
        if close >= 2:
            good.append(momentum)
    return max(good)
