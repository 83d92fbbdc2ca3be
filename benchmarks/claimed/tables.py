"""What lesson 10 (Shops, dates and embeddings) claims in figures, each measured anew.
A seed stands for another table of shops, or of ratings, and for another network on it.
Read solutions/10-tables/tables.py first, and benchmarks/claims.py for how a claim is held to its bounds."""

from functools import cache

import torch

from benchmarks.claims import claim
from course import data
from course.tables import Table, boosted, factorise, floor_of, forecast, learn, linear, one_hot_columns, prepare, rmspe

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


@cache
def line(seed: int, pairs: bool = False) -> float:
    return error(linear(table(seed), pairs), table(seed))


@cache
def means(seed: int, logs: bool) -> float:
    """The forecast of a shop's mean of that weekday, or exp of its mean of logarithms."""
    of = table(seed)
    sold = of.sales.log() if logs else of.sales
    pair = (of.inputs[:, 0] * 10 + of.inputs[:, 3]).long()
    past, many = pair[~of.future], int(pair.max()) + 1
    mean = torch.bincount(past, sold[~of.future], many) / torch.bincount(past, minlength=many)
    return error(mean[pair].exp() if logs else mean[pair], of)


@claim(
    LESSON,
    says="Even the simplest forecast gains by logarithms",
    seeds=3,
    low=0.75,
    high=0.95,
    unit="mean of logarithms, times as far off as the mean, the largest",
    pool="max",
)
def gained_by_logs(seed: int) -> float:
    return means(seed, logs=True) / means(seed, logs=False)


@claim(
    LESSON,
    says="The line is worse even than the means",
    seeds=3,
    low=1.03,
    high=1.3,
    unit="one-hot line, times the means, the least",
    pool="min",
)
def line_to_means(seed: int) -> float:
    return line(seed) / means(seed, logs=False)


@claim(
    LESSON,
    says="it passes the trees",
    seeds=3,
    low=0.9,
    high=0.997,
    unit="line with pairs, times the trees, the largest",
    pool="max",
)
def pairs_to_trees(seed: int) -> float:
    return line(seed, pairs=True) / trees(seed)


@claim(LESSON, says="The price is some 3,000 columns", seeds=3, low=2900, high=3200, unit="columns")
def columns_of_pairs(seed: int) -> float:
    columns = one_hot_columns(table(seed), pairs=True)[~table(seed).future]
    return sum(len(column.unique()) for column in columns.T)


@claim(
    LESSON,
    says="is level with the line that was told the pairs, or a little ahead",
    seeds=3,
    low=0.99,
    high=1.07,
    unit="line with pairs, times the network, the least",
    pool="min",
)
def pairs_to_network(seed: int) -> float:
    return line(seed, pairs=True) / network(seed)


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
    says="The network is ahead of the trees in each of three such tables",
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
    says="by between one and six percent of the error",
    seeds=3,
    low=1.01,
    high=1.065,
    unit="trees, times the network, the largest",
    pool="max",
)
def trees_to_network_at_most(seed: int) -> float:
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


@cache
def with_weeks(seed: int, by_lot: bool) -> tuple[float, float]:
    """How far off, and how far if the unknown week's row is the mean of the weeks that were learned."""
    first = table(seed)
    lot = torch.rand(len(first.future), generator=torch.Generator().manual_seed(seed)) < first.future.float().mean()
    split = prepare(data.shops(seed), weeks=True, future=~first.new & lot if by_lot else None)
    model, rows = learn(split, seed=seed), split.future & ~first.new
    as_drawn = error(forecast(model, split), split, rows)
    weeks = model.embeddings[-1].weight.data
    weeks[0] = weeks[1:].mean(dim=0)
    return as_drawn, error(forecast(model, split), split, rows)


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
    return with_weeks(seed, by_lot=True)[0] / floor_of(table(seed))


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
    return with_weeks(seed, by_lot=False)[0] / network(seed)


@claim(
    LESSON,
    says="was never learned, so its row is as it was drawn",
    seeds=3,
    low=1.01,
    high=1.1,
    unit="row as drawn, times a mean row, the least",
    pool="min",
)
def untrained_row(seed: int) -> float:
    as_drawn, as_mean = with_weeks(seed, by_lot=False)
    return as_drawn / as_mean


@claim(
    LESSON,
    says="and part because the weeks took over",
    seeds=3,
    low=1.003,
    high=1.1,
    unit="with a mean row, times the network without weeks, the least",
    pool="min",
)
def taken_over(seed: int) -> float:
    return with_weeks(seed, by_lot=False)[1] / network(seed)


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
    says="off by about six tenths of a star",
    seeds=5,
    low=0.55,
    high=0.65,
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
