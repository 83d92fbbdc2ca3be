"""Two tables made by recipe: what 124 invented shops sold on each day of sixty weeks, with the tables to be joined to
it, and what eighty invented people thought of fifty films. Lesson 10 forecasts the first and completes the second.
Read first: `shops`; `course.data.shops` is the same function. datasets/shops and datasets/ratings hold the
datasheets."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Generator, Tensor

if TYPE_CHECKING:  # to import it takes longer than a setup cell may
    from pandas import DataFrame

FIRST_DAY, DAYS = date(2023, 11, 6), 420  # a Monday, and sixty weeks
TEST_DAYS = 56  # the last eight weeks are the future
OLD_SHOPS, NEW_SHOPS = 120, 4  # the new ones open on the future's first day
NOISE = 0.15  # the standard deviation, as a share of what is sold, of what no column says
TOWNS = (
    "Ashby",
    "Birkdale",
    "Corby",
    "Dunster",
    "Eyam",
    "Fowey",
)  # the kind that most of a town is of: its number // 2
SIZES = ("large", "medium", "small")
KINDS = ("office quarter", "suburb", "seaside")
HOLIDAYS = {
    (1, 1): "New Year",
    (5, 1): "May Day",
    (10, 3): "Harvest Day",
    (12, 25): "Christmas Day",
    (12, 26): "Second Christmas Day",
}

# What a day brings in a place of each kind, as a factor: from Monday to Sunday, from January to December, in a
# promotion, on a payday, and on the day before a holiday.
_WEEK = [
    [1.6, 1.5, 1.4, 1.5, 1.2, 0.3, 0.2],
    [0.6, 0.55, 0.65, 0.8, 1.4, 2.2, 0.8],
    [0.45, 0.45, 0.5, 0.6, 1.1, 1.9, 2.2],
]
_YEAR = [
    [1.05, 1.1, 1.1, 1.1, 1.05, 0.95, 0.7, 0.6, 1.0, 1.1, 1.15, 1.0],
    [0.85, 0.85, 0.95, 1.0, 1.0, 0.95, 0.85, 0.85, 0.95, 1.0, 1.15, 1.5],
    [0.45, 0.5, 0.7, 0.95, 1.2, 1.5, 1.9, 1.9, 1.3, 0.8, 0.5, 0.55],
]
_PROMOTION, _PAYDAY, _EVE = [1.1, 1.45, 1.2], [1.5, 1.2, 1.0], [1.1, 1.5, 1.2]


class Shops(NamedTuple):
    """The tables of `shops`, and what only the recipe knows: of each row of `sales` the sales without luck (n,), and of
    each shop what share of each of KINDS its place is (shops, 3)."""

    sales: DataFrame
    shops: DataFrame
    holidays: DataFrame
    expected: Tensor
    kinds: Tensor


def shops(seed: int = 0) -> Shops:
    """Sales of invented shops, a row for each shop and day, and the tables to be joined to it.

    sales: shop (a number), date, open (0 or 1), promotion (0 or 1), sales (whole euros, 0 where it is closed); ordered
    by shop, then date. shops: shop, town, size, competitor (metres to the nearest; missing where there is none).
    holidays: date, holiday.
    What is sold is what the recipe expects, times the town's weather of the week, divided by 1 - e, where e has the
    standard deviation NOISE: of what was sold, the recipe is off by e and by the weather, and by nothing else.
    seed: the same seed gives the same tables on every machine. Raises TypeError or ValueError when it is none.
    """
    import pandas

    chance = _chance(seed)
    many = OLD_SHOPS + NEW_SHOPS
    one = chance(many, 9)
    town = (one[:, 0] * len(TOWNS)).long()
    # Each place has something of every kind, and most places of a town have most of the town's kind.
    drawn = one[:, 1:4] * one[:, 1:4] * one[:, 1:4] + 0.02
    drawn[torch.arange(many), town // 2] += 0.3
    kinds = drawn / (drawn[:, 0] + drawn[:, 1] + drawn[:, 2])[:, None]
    size = (one[:, 4] * len(SIZES)).long()
    level = 2000 * (len(SIZES) - size) * (0.7 + 0.6 * one[:, 5])
    alone = one[:, 6] < 0.2
    metres = (100 + 4900 * one[:, 7]).round()
    level = level * torch.where(alone, 1.4, 0.75 + 0.25 * metres / 5000)
    open_on_sundays = one[:, 8] < 0.1 + 0.8 * kinds[:, 2]

    days = [FIRST_DAY + timedelta(day) for day in range(DAYS)]
    names = [HOLIDAYS.get((day.month, day.day)) for day in days]
    weekday, month = torch.tensor([day.weekday() for day in days]), torch.tensor([day.month - 1 for day in days])
    payday = torch.tensor([day.day == 15 or (day + timedelta(1)).day == 1 for day in days])
    eve = torch.tensor([((day + timedelta(1)).month, (day + timedelta(1)).day) in HOLIDAYS for day in days])
    holiday = torch.tensor([name is not None for name in names])
    weather = (0.85 + 0.3 * chance(len(TOWNS), DAYS // 7))[town].repeat_interleave(7, dim=1)
    promotion = (chance(many, DAYS // 14) < 0.4).repeat_interleave(14, dim=1) & (weekday < 5)

    expected = level[:, None] * _mixed(kinds, _WEEK)[:, weekday] * _mixed(kinds, _YEAR)[:, month]
    for happens, factors in ((promotion, _PROMOTION), (payday, _PAYDAY), (eve, _EVE)):
        expected = expected * torch.where(happens, _mixed(kinds, [[factor] for factor in factors]), 1.0)
    luck = NOISE * (chance(many, DAYS, 12).sum(dim=2) - 6)  # as in `paint_splatter`: nearly normal, and exact
    opened = ~holiday & ((weekday < 6) | open_on_sundays[:, None])
    sold = torch.where(opened, (expected * weather / (1 - luck)).round(), 0.0)

    exists = torch.ones(many, DAYS, dtype=torch.bool)
    exists[OLD_SHOPS:, : DAYS - TEST_DAYS] = False
    shop, day = exists.nonzero(as_tuple=True)
    dates = pandas.to_datetime([day.isoformat() for day in days])
    sales = pandas.DataFrame(
        {
            "shop": shop.numpy() + 1,
            "date": dates[day.numpy()],
            "open": opened[exists].long().numpy(),
            "promotion": promotion[exists].long().numpy(),
            "sales": sold[exists].long().numpy(),
        }
    )
    table = pandas.DataFrame(
        {
            "shop": range(1, many + 1),
            "town": [TOWNS[at] for at in town.tolist()],
            "size": [SIZES[at] for at in size.tolist()],
            "competitor": torch.where(alone, torch.nan, metres).numpy(),
        }
    )
    free = [at for at, name in enumerate(names) if name]
    holidays = pandas.DataFrame({"date": dates[free], "holiday": [names[at] for at in free]})
    return Shops(sales, table, holidays, (expected * opened)[exists], kinds)


def rossmann(folder: str | Path) -> tuple[DataFrame, DataFrame, DataFrame]:
    """The files of the Kaggle competition *Rossmann Store Sales* (2015), in the form of `shops`: sales, shops,
    holidays.

    folder: where you have put train.csv and store.csv. They are Kaggle's to hand out, so the course does not carry
    them. A shop's town and size are not told there: its type and assortment stand in those columns. A holiday is one
    on which a state holiday is marked anywhere; the letter is its name. Raises FileNotFoundError where a file is
    missing, ValueError where a column is.
    """
    import pandas

    files = {
        "train.csv": ["Store", "Date", "Open", "Promo", "Sales", "StateHoliday"],
        "store.csv": ["Store", "StoreType", "Assortment", "CompetitionDistance"],
    }
    found = {}
    for name, columns in files.items():
        table = pandas.read_csv(Path(folder) / name, dtype={"StateHoliday": str})
        if lacking := [column for column in columns if column not in table]:
            raise ValueError(f"{name} has no column {', '.join(lacking)}; wanted {', '.join(columns)}")
        found[name] = table[columns]
    train, store = found.values()
    train = train.assign(Date=pandas.to_datetime(train["Date"]))
    sales = train.rename(
        columns={"Store": "shop", "Date": "date", "Open": "open", "Promo": "promotion", "Sales": "sales"}
    )
    holidays = sales.loc[sales["StateHoliday"] != "0", ["date", "StateHoliday"]].rename(
        columns={"StateHoliday": "holiday"}
    )
    table = store.set_axis(["shop", "town", "size", "competitor"], axis=1)
    order = ["shop", "date", "open", "promotion", "sales"]
    return (
        sales[order].sort_values(["shop", "date"], ignore_index=True),
        table,
        holidays.drop_duplicates("date").sort_values("date", ignore_index=True),
    )


PEOPLE, FILMS = 80, 50
GENRES = ("space", "romance", "laughter")


class Ratings(NamedTuple):
    """The tables of `ratings`, (people, films) each, stars from 1 to 5: those known, NaN elsewhere; those held out to
    test with, NaN elsewhere. And what only the recipe knows: of each film what share of each of GENRES it is,
    (films, 3)."""

    known: Tensor
    held_out: Tensor
    genres: Tensor


def ratings(seed: int = 0) -> Ratings:
    """What invented people thought of invented films, in whole stars: a third is known, a tenth is held out, the rest
    nobody ever said.

    A rating is what people give on average, and how kind this person is, how good this film, and how this person's
    tastes meet what there is in the film, and luck; rounded. seed: the same seed gives the same tables on every
    machine. Raises TypeError or ValueError when it is none.
    """
    chance = _chance(seed)
    tastes, genres = 2 * chance(PEOPLE, 3) - 1, chance(FILMS, 3)
    genres = genres * genres * genres + 0.02
    genres = genres / (genres[:, 0] + genres[:, 1] + genres[:, 2])[:, None]
    kind, good = chance(PEOPLE, 1) - 0.5, 1.6 * (chance(1, FILMS) - 0.5)
    liking = sum(2.2 * tastes[:, None, at] * genres[None, :, at] for at in range(3))
    luck = 0.4 * (chance(PEOPLE, FILMS, 12).sum(dim=2) - 6)
    stars = (3.2 + kind + good + liking + luck).round().clamp(1, 5).float()
    lot = chance(PEOPLE, FILMS)
    return Ratings(
        torch.where(lot < 1 / 3, stars, torch.nan),
        torch.where((lot >= 1 / 3) & (lot < 0.433), stars, torch.nan),
        genres,
    )


def _chance(seed: int):
    """Even draws on [0, 1), float64, the same on every machine; what is made of them here are sums, products and
    quotients only, which every processor rounds alike."""
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise TypeError(f"seed is a whole number, 0 or more; got {seed!r}, a {type(seed).__name__}")
    if seed < 0:
        raise ValueError(f"seed is 0 or more; got {seed}")
    generator = Generator().manual_seed(seed)
    return lambda *shape: torch.rand(*shape, generator=generator, dtype=torch.float32).double()


def _mixed(kinds: Tensor, factors: list[list[float]]) -> Tensor:
    """The factors of each place, (shops, k), from those of each kind: term by term, since a matrix product may be
    summed in any order."""
    first, second, third = torch.tensor(factors, dtype=torch.float64)
    return kinds[:, :1] * first + kinds[:, 1:2] * second + kinds[:, 2:] * third
