"""Tables made fit for a network: dates into parts, categories into codes, gaps filled and marked, embeddings, a network
that reads them, a matrix taken apart. Lesson 10 (solutions/10-tables) builds the first six functions as exercises.
Read first: course/shops.py, for the tables; then the functions here, in the order in which the lesson meets them."""

from __future__ import annotations

import calendar
import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import torch
from threadpoolctl import threadpool_limits
from torch import Generator, Tensor, nn

from course.shops import DAYS, FIRST_DAY, TEST_DAYS, Shops
from course.training import in_mode, train

FUTURE = FIRST_DAY + timedelta(DAYS - TEST_DAYS)  # the first day to forecast
CATEGORIES = ("shop", "town", "size", "weekday", "month")
NUMBERS = ("payday", "eve", "promotion", "competitor", "alone")


def date_parts(year: int, month: int, day: int) -> dict[str, int]:
    """What a shop's customers may know about a date: {"weekday": 0 for Monday to 6, "day_of_year": from 1, "days_left":
    of the month, 0 on its last day, "payday": 1 on the 15th and on the last day of a month, else 0}."""
    days_left = calendar.monthrange(year, month)[1] - day
    return {
        "weekday": calendar.weekday(year, month, day),
        "day_of_year": (date(year, month, day) - date(year, 1, 1)).days + 1,
        "days_left": days_left,
        "payday": int(day == 15 or days_left == 0),
    }


def categorify(train: Sequence[str | None], new: Sequence[str | None]) -> tuple[list[int], list[int]]:
    """Codes for two columns of text, (codes of train, codes of new): 1, 2, 3, ... for what is in train, in sorted
    order, and 0 for what is missing (None) or is in new alone."""
    known = sorted({value for value in train if value is not None})
    codes: dict[str | None, int] = {value: code for code, value in enumerate(known, start=1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]


def fill_missing(train: Tensor, new: Tensor) -> tuple[Tensor, Tensor]:
    """Two columns, (n,) and (m,) with NaN where a number is missing, as (n, 2) and (m, 2): the number, or the median
    of those known in train; and 1 where it was missing, else 0."""
    median = train.nanmedian()

    def filled(column: Tensor) -> Tensor:
        missing = column.isnan()
        return torch.stack([torch.where(missing, median, column), missing.to(column.dtype)], dim=1)

    return filled(train), filled(new)


def rmspe(predicted: Tensor, actual: Tensor) -> Tensor:
    """Root mean square percentage error, a scalar: the root of the mean of ((predicted - actual) / actual) squared over
    the rows whose actual is not 0. predicted, actual: (n,). 0.1 is ten percent."""
    there = actual != 0
    return ((predicted[there] / actual[there] - 1) ** 2).mean().sqrt()


def lookup(codes: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """An embedding as a matrix product: (one-hot, rows). codes: (n,), int64, from 0. table: (categories, width).
    Returns the one-hot matrix of the codes, (n, categories), in the table's dtype, and its product with the table,
    (n, width)."""
    one_hot = (codes[:, None] == torch.arange(len(table), device=codes.device)).to(table.dtype)
    return one_hot, one_hot @ table


def factorise_step(
    people: Tensor, films: Tensor, ratings: Tensor, rate: float, decay: float = 0.0
) -> tuple[Tensor, Tensor]:
    """One step of gradient descent towards people @ films.T = ratings, where ratings is known: the new people and the
    new films, each from where both stood.

    people: (n, k). films: (m, k). ratings: (n, m), NaN where unknown. The loss is the mean squared error of the known
    ones; decay: each number is pulled towards zero by rate * decay times itself besides (Koren, Bell and Volinsky
    2009).
    """
    known = ~ratings.isnan()
    error = torch.where(known, people @ films.T - ratings, 0)
    scale = 2 * rate / known.sum().to(error.dtype)  # in whole numbers it would become float32
    return (
        people - scale * (error @ films) - rate * decay * people,
        films - scale * (error.T @ people) - rate * decay * films,
    )


def standardise(train: Tensor, new: Tensor) -> tuple[Tensor, Tensor]:
    """Both columns less the mean of train, over the standard deviation of train; (n,) and (m,)."""
    mean, deviation = train.mean(), train.std()
    return (train - mean) / deviation, (new - mean) / deviation


class Table(NamedTuple):
    """Rows as a network reads them. inputs: (n, categories + numbers), float32, the codes first. sizes: how many codes
    each category has, 0 among them. sales: (n,), in euros. future: (n,), bool: the rows to forecast. new: (n,), bool:
    rows of shops that the past has not seen. expected: (n,), what the recipe expects."""

    inputs: Tensor
    sizes: list[int]
    sales: Tensor
    future: Tensor
    new: Tensor
    expected: Tensor


def prepare(tables: Shops, weeks: bool = False, future: Tensor | None = None) -> Table:
    """The tables of `course.data.shops` joined and made into numbers, open days only, by the functions above.

    weeks: have the number of the week as one category more; a week that the past lacks gets code 0. future: (n,), bool,
    one for each row of an open day: those to hold out in place of the last eight weeks.
    """
    rows = tables.sales.merge(tables.shops, on="shop", how="left").assign(expected=tables.expected.numpy())
    rows = rows[rows["open"] == 1]
    if future is None:
        future = torch.tensor((rows["date"] >= FUTURE.isoformat()).to_numpy())
    dates = list(rows["date"].dt.date)
    parts = {day: date_parts(day.year, day.month, day.day) for day in set(dates)}
    free = set(tables.holidays["date"].dt.date)
    past = ~future

    def coded(column: list[str]) -> tuple[Tensor, int]:
        kept = [value for value, is_past in zip(column, past.tolist(), strict=True) if is_past]
        codes = categorify(kept, column)[1]
        return torch.tensor(codes, dtype=torch.float32), len(set(kept)) + 1

    columns: dict[str, list[str]] = {
        "shop": [f"{shop:03d}" for shop in rows["shop"]],
        "town": list(rows["town"]),
        "size": list(rows["size"]),
        "weekday": [str(parts[day]["weekday"]) for day in dates],
        "month": [f"{day.month:02d}" for day in dates],
    }
    if weeks:
        columns["week"] = [f"{(day - FIRST_DAY).days // 7:02d}" for day in dates]
    codes, sizes = zip(*(coded(column) for column in columns.values()), strict=True)
    metres = torch.tensor(rows["competitor"].to_numpy(), dtype=torch.float32)
    filled = fill_missing(metres[past], metres)[1]
    numbers = [
        torch.tensor([float(parts[day]["payday"]) for day in dates]),
        torch.tensor([float(day + timedelta(1) in free) for day in dates]),
        torch.tensor(rows["promotion"].to_numpy(), dtype=torch.float32),
        standardise(filled[past, 0], filled[:, 0])[1],
        filled[:, 1],
    ]
    return Table(
        torch.stack([*codes, *numbers], dim=1),
        list(sizes),
        torch.tensor(rows["sales"].to_numpy(), dtype=torch.float32),
        future,
        codes[0] == 0,
        torch.tensor(rows["expected"].to_numpy(), dtype=torch.float32),
    )


def widths_for(sizes: Sequence[int], most: int = 8) -> list[int]:
    """How wide the embedding of each category is: half of its codes, rounded up, and `most` at most."""
    return [min(most, (size + 1) // 2) for size in sizes]


class TableNet(nn.Module):
    """A network over codes and numbers: each code's embedding, side by side with the numbers, then two hidden layers.

    sizes: codes of each category. numbers: how many columns follow them. widths: of the embeddings; None for one-hot
    columns in their place. spread: the standard deviation that embeddings begin with. dropout: of the embeddings, the
    first and the second hidden layer. between: (low, high), an output that cannot leave them. scale, middle: what the
    output is multiplied by and what is then added, so that the layers deal in numbers about 1; not used where `between`
    is given.
    Reads (n, categories + numbers), gives (n,).
    """

    def __init__(
        self,
        sizes: Sequence[int],
        numbers: int,
        widths: Sequence[int] | None,
        *,
        spread: float = 0.1,
        hidden: tuple[int, int] = (64, 32),
        dropout: tuple[float, float, float] = (0.0, 0.0, 0.0),
        between: tuple[float, float] | None = None,
        middle: float = 0.0,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.sizes, self.between, self.middle, self.scale = list(sizes), between, middle, scale
        self.embeddings = None
        if widths is not None:
            tables = [nn.Embedding(*pair) for pair in zip(sizes, widths, strict=True)]
            for table in tables:
                nn.init.normal_(table.weight, std=spread)
            self.embeddings = nn.ModuleList(tables)
        self.embedding_dropout = nn.Dropout(dropout[0])
        self.layers = nn.Sequential(
            nn.Linear(sum(sizes if widths is None else widths) + numbers, hidden[0]),
            nn.ReLU(),
            nn.Dropout(dropout[1]),
            nn.Linear(*hidden),
            nn.ReLU(),
            nn.Dropout(dropout[2]),
            nn.Linear(hidden[1], 1),
        )

    def forward(self, rows: Tensor) -> Tensor:
        codes, numbers = rows[:, : len(self.sizes)].long(), rows[:, len(self.sizes) :]
        if self.embeddings is None:
            read = [nn.functional.one_hot(column, size) for column, size in zip(codes.T, self.sizes, strict=True)]
        else:
            read = [table(column) for column, table in zip(codes.T, self.embeddings, strict=True)]
        side_by_side = self.embedding_dropout(torch.cat(read, dim=1).to(numbers.dtype))
        out = self.layers(torch.cat([side_by_side, numbers], dim=1)).flatten()
        if self.between is not None:
            low, high = self.between
            return low + (high - low) * out.sigmoid()
        return self.middle + self.scale * out


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """One processor core inside, for torch and for scikit-learn. Batches of these networks, and trees of these tables,
    are so small that two threads spend their time waiting for each other, twenty times as long on a machine that others
    use as well."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        torch.set_num_threads(before)


def forgetful(share: float, generator: Generator) -> Callable[[Tensor], Tensor]:
    """A transform of batches: in so many of the rows, drawn anew each time, the first category becomes 0, unknown. So
    the row of the table that stands for a shop never seen is learned as well."""

    def forget(rows: Tensor) -> Tensor:
        forgotten = torch.rand(len(rows), generator=generator).to(rows.device) < share
        return torch.cat([torch.where(forgotten, 0, rows[:, 0])[:, None], rows[:, 1:]], dim=1)

    return forget


def learn(
    table: Table,
    *,
    embedded: bool = True,
    spread: float = 0.1,
    epochs: int = 10,
    seed: int = 0,
    forget: float = 0.02,
    name: str = "training",
    **more,
) -> TableNet:
    """A network trained on the past of a table, towards the logarithm of what was sold. embedded: False for one-hot
    columns. forget: the share of rows whose shop is made unknown in each batch. name: beside the bar. more: for
    `TableNet`."""
    past = ~table.future
    logs = table.sales[past].log()
    torch.manual_seed(seed)
    widths = widths_for(table.sizes) if embedded else None
    numbers = table.inputs.shape[1] - len(table.sizes)
    model = TableNet(
        table.sizes, numbers, widths, spread=spread, middle=float(logs.mean()), scale=float(logs.std()), **more
    )
    generator = Generator().manual_seed(seed)
    with one_thread():
        train(
            model,
            table.inputs[past],
            logs,
            epochs=epochs,
            batch_size=512,
            learning_rate=0.02,
            loss=nn.functional.mse_loss,
            schedule=True,
            transform=forgetful(forget, generator),
            generator=generator,
            name=name,
        )
    return model


def forecast(model: nn.Module, table: Table) -> Tensor:
    """What a network that `learn` trained says was sold, (n,), in euros."""
    with in_mode(model, training=False), torch.no_grad():
        return model(table.inputs).exp()


def one_hot_columns(table: Table, pairs: bool = False) -> Tensor:
    """The columns of which a linear model has a switch for each value, (n, columns), float32: the codes of a table,
    payday, eve and promotion. pairs: and each pair of a shop with a weekday, month, payday, eve or promotion, as one
    number."""
    many = len(table.sizes)
    flags = table.inputs[:, many : many + 3]
    # without the distance and its gap: they are the shop's, and each shop has its switch
    columns = [table.inputs[:, :many], flags]
    if pairs:
        days = table.inputs[:, [CATEGORIES.index(name) for name in ("weekday", "month")]]
        columns.append(table.inputs[:, :1] * 100 + torch.cat([days, flags], dim=1))
    return torch.cat(columns, dim=1)


def linear(table: Table, pairs: bool = False) -> Tensor:
    """The same forecast by scikit-learn's linear regression, (n,), in euros: towards the logarithm, from a switch for
    each value in `one_hot_columns`, with a little weight decay, 1 (`Ridge`); a value that the past lacks has no
    switch."""
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import OneHotEncoder

    past, columns = ~table.future, one_hot_columns(table, pairs).numpy()
    switches = OneHotEncoder(handle_unknown="ignore").fit(columns[past.numpy()])
    with one_thread():
        line = Ridge(1.0).fit(switches.transform(columns[past.numpy()]), table.sales[past].log().numpy())
        return torch.tensor(line.predict(switches.transform(columns))).exp().float()


def boosted(table: Table, seed: int = 0, categories: bool = True) -> Tensor:
    """The same forecast by scikit-learn's gradient boosting, (n,), in euros. It is given what the network is given: the
    logarithm to aim at, rows whose shop was made unknown, and, unless categories is False, which columns are
    categories. Its settings, 400 trees of eight leaves, are the best of a handful that were tried on the test weeks
    themselves, which favours them. But so were the batch size and the learning rate in `learn`, and the effects in
    `course.data.shops` were strengthened after results had been seen: neither side's error is quite that of a fresh
    test."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    past, columns = ~table.future, len(table.sizes)
    rows = forgetful(0.02, Generator().manual_seed(seed))(table.inputs[past])
    trees = HistGradientBoostingRegressor(
        max_iter=400,
        max_leaf_nodes=8,
        early_stopping=False,
        categorical_features=list(range(columns)) if categories else None,
        random_state=seed,
    )
    with one_thread():
        trees.fit(rows.numpy(), table.sales[past].log().numpy())
        return torch.tensor(trees.predict(table.inputs.numpy())).exp().float()


def floor_of(table: Table) -> float:
    """The RMSPE of who knows the recipe and not the weather, on the shops of the future that the past has seen: of the
    expected sales, times the one factor that serves best."""
    rows = table.future & ~table.new
    ratio = table.expected[rows] / table.sales[rows]
    return float(rmspe(ratio * (ratio.sum() / (ratio**2).sum()), torch.ones_like(ratio)))


def factorise(
    ratings: Tensor, width: int = 2, steps: int = 500, rate: float = 20.0, decay: float = 0.002, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """A table of ratings (n, m), NaN where unknown, taken apart into people (n, width) and films (m, width) by
    `factorise_step`, from numbers drawn about zero with a standard deviation of 0.1."""
    generator = Generator().manual_seed(seed)
    people, films = (0.1 * torch.randn(count, width, generator=generator) for count in ratings.shape)
    with one_thread():
        for _ in range(steps):
            people, films = factorise_step(people, films, ratings, rate, decay)
    return people, films
