"""What lesson 10 (Shops, dates and embeddings) claims in figures, each measured anew.
A seed stands for another table of shops, or of ratings, and for another network on it.
Read solutions/10-tables/tables.py first, and benchmarks/claims.py for how a claim is held to its bounds."""

from functools import cache

import torch

from benchmarks.claims import claim
from course import data
from course.tables import Table, boosted, factorise, floor_of, forecast, learn, prepare, rmspe

LESSON = "10-tables"


@cache
def table(seed: int) -> Table:
    return prepare(data.shops(seed))


def error(guess: torch.Tensor, of: Table, rows: torch.Tensor | None = None) -> float:
    """On the shops of the future that the past has seen, or on other rows."""
    rows = of.future & ~of.new if rows is None else rows
    return float(rmspe(guess[rows], of.sales[rows]))


@cache
def network(seed: int, **change) -> float:
    return error(forecast(learn(table(seed), seed=seed, **change), table(seed)), table(seed))


@cache
def trees(seed: int, categories: bool = True) -> float:
    return error(boosted(table(seed), seed, categories), table(seed))


@claim(
    LESSON,
    says="It comes nearer to the floor than the trees",
    seeds=3,
    low=0.98,
    high=1.125,
    unit="times the floor, the largest",
    pool="max",
)
def network_to_floor(seed: int) -> float:
    return network(seed) / floor_of(table(seed))


@claim(
    LESSON,
    says="They come close to the floor",
    seeds=3,
    low=1.0,
    high=1.2,
    unit="times the floor, the largest",
    pool="max",
)
def trees_to_floor(seed: int) -> float:
    return trees(seed) / floor_of(table(seed))


@claim(
    LESSON,
    says="The order of the two is the same in each of three such tables",
    seeds=3,
    low=1.01,
    high=1.2,
    unit="trees, times the network, the least",
    pool="min",
)
def trees_to_network(seed: int) -> float:
    return trees(seed) / network(seed)


@claim(
    LESSON,
    says="the same program, told that",
    seeds=3,
    low=1.1,
    high=1.6,
    unit="codes as quantities, times as categories, the least",
    pool="min",
)
def trees_without_categories(seed: int) -> float:
    return trees(seed, categories=False) / trees(seed)


@claim(
    LESSON,
    says="one-hot columns do a percent or so worse than embeddings",
    seeds=3,
    low=1.003,
    high=1.03,
    unit="times as far off",
)
def one_hot(seed: int) -> float:
    return network(seed, embedded=False) / network(seed)


@claim(
    LESSON,
    says="embeddings that begin at 1 do two or three percent worse",
    seeds=3,
    low=1.008,
    high=1.04,
    unit="times as far off",
)
def begun_at_one(seed: int) -> float:
    return network(seed, spread=1.0) / network(seed)


@claim(
    LESSON,
    says="so those that begin at 1 are worse than no embeddings",
    seeds=3,
    low=1.001,
    high=1.03,
    unit="begun at 1, times one-hot",
)
def begun_at_one_to_one_hot(seed: int) -> float:
    return network(seed, spread=1.0) / network(seed, embedded=False)


@claim(
    LESSON,
    says="Neither the output range nor dropout helps here",
    seeds=3,
    low=0.995,
    high=1.06,
    unit="range, times as far off",
)
def output_range(seed: int) -> float:
    return network(seed, between=(4.0, 11.5)) / network(seed)


@claim(LESSON, says="nor dropout helps", seeds=3, low=0.995, high=1.1, unit="dropout, times as far off")
def dropout(seed: int) -> float:
    return network(seed, dropout=(0.1, 0.1, 0.0)) / network(seed)


def with_weeks(seed: int, by_lot: bool) -> float:
    first = table(seed)
    lot = torch.rand(len(first.future), generator=torch.Generator().manual_seed(seed)) < first.future.float().mean()
    split = prepare(data.shops(seed), weeks=True, future=~first.new & lot if by_lot else None)
    return error(forecast(learn(split, seed=seed), split), split, split.future & ~first.new)


@claim(
    LESSON,
    says="By lot it looks splendid, below the floor",
    seeds=3,
    low=0.9,
    high=0.97,
    unit="times the floor, the largest",
    pool="max",
)
def promised(seed: int) -> float:
    return with_weeks(seed, by_lot=True) / floor_of(table(seed))


@claim(
    LESSON,
    says="By time it is worse than the network that knew nothing of weeks",
    seeds=3,
    low=1.01,
    high=1.15,
    unit="times as far off, the least",
    pool="min",
)
def kept(seed: int) -> float:
    return with_weeks(seed, by_lot=False) / network(seed)


@claim(
    LESSON,
    says="Both are further off: how good a shop is, the past could not say",
    seeds=3,
    low=1.2,
    high=4.0,
    unit="new shops, times those that the past has seen, the least",
    pool="min",
)
def new_shops(seed: int) -> float:
    of = table(seed)
    rows, guesses = of.future & of.new, (forecast(learn(of, seed=seed), of), boosted(of, seed))
    return min(error(guess, of, rows) / error(guess, of) for guess in guesses)


@cache
def stars(seed: int, width: int, decay: float) -> tuple[float, float]:
    """Stars off on what was held out, by person and film alone and with factors."""
    known, held_out, _ = data.ratings(seed)
    usual = known.nanmean(dim=1, keepdim=True) + known.nanmean(dim=0, keepdim=True) - known.nanmean()
    people, films = factorise(known - usual, width, decay=decay, seed=seed)
    there = ~held_out.isnan()
    return tuple(float((guess - held_out)[there].square().mean().sqrt()) for guess in (usual, usual + people @ films.T))


@claim(
    LESSON,
    says="read to within six or seven tenths of a star",
    seeds=5,
    low=0.55,
    high=0.7,
    unit="stars, the largest",
    pool="max",
    fast=True,
)
def factors(seed: int) -> float:
    return stars(seed, 2, 0.002)[1]


@claim(
    LESSON, says="The mean of the person and the mean of the film", seeds=5, low=0.7, high=0.9, unit="stars", fast=True
)
def person_and_film(seed: int) -> float:
    return stars(seed, 2, 0.002)[0]


@claim(
    LESSON,
    says="With eight tastes and no decay the known ratings are learned by heart",
    seeds=5,
    low=1.3,
    high=3.0,
    unit="times as far off as with two and decay, the least",
    pool="min",
    fast=True,
)
def by_heart(seed: int) -> float:
    return stars(seed, 8, 0.0)[1] / stars(seed, 2, 0.002)[1]
