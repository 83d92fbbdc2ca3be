"""What lesson 02 (A line through a splatter of paint) claims in its prose, measured over seeds.
Read benchmarks/claims.py first, then the lesson: the words of each claim stand there."""

import time
from functools import cache

import torch
from torch import Tensor, tensor

from benchmarks.claims import claim
from course import data
from course.lines import least_squares, loss_landscape, mse, predict, random_lines, random_search

LESSON = "02-lines"
LOW, HIGH = tensor([-2.0, -1.0]), tensor([3.0, 3.0])  # where the dice throw slope and intercept
TIMES = torch.linspace(0, 1, 160)
SNAKE = (0.5 + 0.4 * TIMES) * torch.sin(2 * torch.pi * (1.6 * TIMES + 0.1))
LOWEST, HIGHEST = tensor([0.1, 0.5, 0.0]), tensor([1.5, 3.0, 1.0])


def distance(squiggle: Tensor) -> float:
    height, waves, start = squiggle
    return float((height * torch.sin(2 * torch.pi * (waves * TIMES + start)) - SNAKE).abs().mean())


@cache
def snake_races(seed: int, tries: int = 200) -> tuple[float, float]:
    """How far the best squiggle is from the snake after so many tries: by dice, by improving."""
    chance = torch.Generator().manual_seed(seed)
    by_dice = min(map(distance, LOWEST + (HIGHEST - LOWEST) * torch.rand(tries, 3, generator=chance)))
    chance = torch.Generator().manual_seed(seed)
    kept = LOWEST + (HIGHEST - LOWEST) * torch.rand(3, generator=chance)
    for _ in range(tries - 1):
        nudged = kept + 0.05 * (HIGHEST - LOWEST) * torch.randn(3, generator=chance)
        kept = min(kept, nudged, key=distance)
    return by_dice, distance(kept)


@cache
def splatter() -> tuple[Tensor, Tensor, float]:
    """The drops of the lesson and the least loss of any line."""
    x, y = data.paint_splatter()
    return x, y, float(mse(predict(x, *least_squares(x, y)), y))


@cache
def times_the_least(seed: int) -> Tensor:
    """The best loss of a random search after 1 to 3,000 tries, as a multiple of the least: (3000,)."""
    x, y, least = splatter()
    return random_search(x, y, random_lines(3000, LOW, HIGH, torch.Generator().manual_seed(seed)))[1] / least


@claim(
    LESSON,
    says="Improving is the better way, and not always",
    low=0.55,
    high=0.95,
    seeds=40,
    unit="of races won",
    fast=True,
)
def improving_beats_dice(seed: int) -> float:
    by_dice, by_improving = snake_races(seed)
    return float(by_improving < by_dice)


@claim(
    LESSON,
    says="*Any* line through the middle of the drops gets away with it",
    low=0.0,
    high=1e-5,
    seeds=5,
    unit="m, the mean residual",
    pool="max",
    fast=True,
)
def lines_through_the_middle_have_no_mean_residual(seed: int) -> float:
    x, y, _ = splatter()
    slope = 4 * torch.rand((), generator=torch.Generator().manual_seed(seed)) - 2
    return float((y - predict(x, slope, y.mean() - slope * x.mean())).mean().abs())


@claim(
    LESSON,
    says="they get longer (both axes are",
    low=2,
    high=30,
    seeds=25,
    unit="times as many tries to a sixteenth of the excess after five as to a quarter",
    fast=True,
)
def treads_get_longer(seed: int) -> float:
    excess = times_the_least(seed) - 1
    first, second = (
        int((excess <= excess[4] / part).nonzero()[0]) if bool((excess <= excess[4] / part).any()) else 3000
        for part in (4, 16)
    )
    return second / max(first, 1) if second > first else 1.0


@claim(
    LESSON,
    says="For a line and the mean squared error it always is",
    low=0.0,
    high=1e-4,
    seeds=5,
    unit="of the loss, by which a cut is no parabola",
    pool="max",
    fast=True,
)
def cuts_are_parabolas(seed: int) -> float:
    x, y, _ = splatter()
    chance = torch.Generator().manual_seed(seed)
    here, way = torch.randn(2, 2, dtype=torch.float64, generator=chance)
    along = torch.linspace(-2, 2, 9, dtype=torch.float64)
    losses = torch.stack([mse(predict(x.double(), *(here + step * way)), y.double()) for step in along])
    return float(losses.diff().diff().diff().abs().max() / losses.mean())


@claim(LESSON, says="One bottom", low=1, high=1, unit="places of the grid lower than all their neighbours", fast=True)
def bottoms_of_the_landscape(seed: int) -> float:
    x, y, _ = splatter()
    land = loss_landscape(
        x.double(), y.double(), torch.linspace(-2, 3, 201).double(), torch.linspace(-1, 3, 201).double()
    )
    around = -torch.nn.functional.max_pool2d(-land[None], 3, stride=1, padding=1)[0]
    return int((land == around).sum())


@claim(
    LESSON,
    says="Was one call worth it? Measured, on this machine",
    low=3,
    high=10_000,
    seeds=3,
    unit="times as fast as a loop",
    pool="min",
    fast=True,
)
def the_landscape_in_one_call(seed: int) -> float:
    x, y, _ = splatter()
    slopes, intercepts = torch.linspace(-2, 3, 31), torch.linspace(-1, 3, 31)
    began = time.process_time()  # another process may have the processor in between
    for intercept in intercepts:
        for slope in slopes:
            mse(predict(x, slope, intercept), y)
    looped = time.process_time() - began
    began = time.process_time()
    loss_landscape(x, y, slopes, intercepts)
    return looped / (time.process_time() - began)


@claim(
    LESSON,
    says="Algebra wins at once",
    low=5,
    high=1000,
    seeds=25,
    unit="times the least loss after the three evaluations that algebra is charged",
    fast=True,
)
def dice_after_three_evaluations(seed: int) -> float:
    return float(times_the_least(seed)[2])


@claim(
    LESSON,
    says="200 drops are a sample",
    low=0.01,
    high=0.1,
    unit="between its slope and that of the recipe",
    fast=True,
)
def slope_of_the_sample(seed: int) -> float:
    x, y, _ = splatter()
    return abs(float(least_squares(x, y)[0]) - 0.7)
