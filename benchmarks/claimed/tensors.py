"""What lesson 01 (A block of numbers) claims in its prose, measured over seeds.
Read benchmarks/claims.py first, then the lesson: the words of each claim stand there."""

import time
from collections.abc import Callable

import torch
from torch import Tensor

from benchmarks.claims import claim
from course import data
from course.tensors import pairwise_distances

LESSON = "01-tensors"


def points(count: int, coordinates: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """(count, coordinates), normally distributed."""
    return torch.randn(count, coordinates, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def fastest(function: Callable[..., object], *arguments: object, times: int) -> float:
    """Seconds of the quickest of several runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def by_loops(first: list[list[float]], second: list[list[float]]) -> list[list[float]]:
    return [[sum((a - b) ** 2 for a, b in zip(one, other, strict=False)) ** 0.5 for other in second] for one in first]


def by_identity(first: Tensor, second: Tensor) -> Tensor:
    return (first.square().sum(dim=1)[:, None] + second.square().sum(dim=1) - 2 * first @ second.T).clamp(min=0).sqrt()


@claim(
    LESSON, says="It sees 819,840 whole numbers between 0 and 255", low=819_840, high=819_840, unit="numbers", fast=True
)
def numbers_in_the_photograph(seed: int) -> float:
    return data.photograph().numel()


@claim(
    LESSON,
    says="It needs no training, and the next cell measures how far it gets",
    low=0.93,
    high=1.0,
    unit="of 300 digits",
    fast=True,
)
def digits_read_by_the_nearest(seed: int) -> float:
    images, labels = data.digits()
    rows = images.reshape(len(images), -1)
    nearest = pairwise_distances(rows[1000:1300], rows[:1000]).argmin(dim=1)
    return float((labels[:1000][nearest] == labels[1000:1300]).float().mean())


@claim(
    LESSON,
    says="One expression over a whole block beats a loop of single steps many times over",
    low=20,
    high=100_000,
    seeds=3,
    unit="times as fast",
    pool="min",
    fast=True,
)
def one_expression_against_loops(seed: int) -> float:
    some = points(120, 16, seed)
    rows = some.tolist()
    return fastest(by_loops, rows, rows, times=2) / fastest(pairwise_distances, some.float(), some.float(), times=10)


def largest_error(dtype: torch.dtype, seed: int) -> float:
    """Of 90,000 distances between points kept in this dtype, as a share of the distance in float64."""
    some = points(300, 16, seed)
    exact, apart = pairwise_distances(some, some), ~torch.eye(300, dtype=torch.bool)
    came = pairwise_distances(some.to(dtype), some.to(dtype)).double()
    return float(((came - exact).abs() / exact)[apart].max())


@claim(
    LESSON,
    says="our distances were off by a few parts in ten million in `float32`",
    low=1e-7,
    high=9e-7,
    seeds=5,
    unit="of the distance",
    fast=True,
)
def error_of_float32(seed: int) -> float:
    return largest_error(torch.float32, seed)


@claim(LESSON, says="a thousandth in `float16`", low=5e-4, high=2e-3, seeds=5, unit="of the distance", fast=True)
def error_of_float16(seed: int) -> float:
    return largest_error(torch.float16, seed)


@claim(
    LESSON, says="nearly a hundredth in `bfloat16`", low=5e-3, high=1.2e-2, seeds=5, unit="of the distance", fast=True
)
def error_of_bfloat16(seed: int) -> float:
    return largest_error(torch.bfloat16, seed)


@claim(
    LESSON,
    says="It also subtracts two large numbers to get a small one, and there the digits go",
    low=30,
    high=1e9,
    seeds=5,
    unit="times the error of differences",
    pool="min",
    fast=True,
)
def the_identity_loses_digits(seed: int) -> float:
    moved = (points(200, 3, seed, torch.float32).double() + 1000).float()
    true = pairwise_distances(moved.double(), moved.double())
    different = true > 0

    def error(function: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        return ((function(moved, moved).double() - true).abs() / true)[different].mean()

    return float(error(by_identity) / error(pairwise_distances))
