"""Lesson 10, Shops, dates and embeddings: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/tables.py first."""

import calendar
import datetime
from collections.abc import Callable

import torch

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.tables import categorify, date_parts, factorise_step, fill_missing, lookup, rmspe

# A table gives its programs the arguments that its mistakes need.
program: Callable
part: Callable


# No gradient is asked for: an error is read, not trained on. The root of a whole-number tensor, such as a count, is
# float32 in torch, whatever else is divided, and right to seven digits.
@takes(rmspe, contract=("arguments", "twice", "dtype", "device"), tolerance=1e-5)
def _(draw):
    n = draw.rows()
    actual = draw.tensor(n, least=0.5, most=3)
    if draw.one_of(False, True):  # some days closed, though never all
        kept = draw.bits(n)
        kept[draw.whole(0, n - 1)] = 1
        actual = actual * kept
    predicted = draw.tensor(n, least=0.5, most=3)
    if draw.one_of(False, True):  # some forecasts of 0, which count wherever something was sold
        predicted = predicted * draw.bits(n)
    return call(predicted, actual)


def misses(predicted, actual):
    """The percentage errors of the rows that count."""
    sold = actual != 0
    return (predicted[sold] - actual[sold]) / actual[sold]


ERRORS = {
    "you divided by what was predicted: the share is of what was sold":
        lambda p, a: ((p[a != 0] - a[a != 0]) / p[a != 0]).square().mean().sqrt(),
    "you did not divide: that is the root mean squared error, in euros, which cares for large shops alone":
        lambda p, a: (p[a != 0] - a[a != 0]).square().mean().sqrt(),
    "the root is missing: that is the mean of the squares": lambda p, a: misses(p, a).square().mean(),
    "you took the mean of absolute shares (MAPE): square first, and take the root at the end": lambda p, a: misses(p, a).abs().mean(),
    "without a square misses above and below cancel": lambda p, a: misses(p, a).mean().abs(),
    "you took the root of the sum; the mean divides by how many rows count": lambda p, a: misses(p, a).square().sum().sqrt(),
    "this is percent, a hundred times too large: give a share": lambda p, a: 100 * rmspe(p, a),
    "closed days have to leave the mean: you divided by the number of all rows":
        lambda p, a: (misses(p, a).square().sum() / len(a)).sqrt(),
    "a day on which nothing was sold divides by zero: leave those rows out": lambda p, a: ((p - a) / a).square().mean().sqrt(),
    "you kept the division by zero away with a 1 below, and closed days count: leave those rows out":
        lambda p, a: ((p - a) / torch.where(a == 0, 1, a)).square().mean().sqrt(),
    "closed days are those of which nothing was sold; you left out rows by what was predicted":
        lambda p, a: ((p - a) / a)[p != 0].square().mean().sqrt(),
    "you left out rows that were forecast as 0: only those where nothing was sold do not count":
        lambda p, a: ((p - a) / a)[(p != 0) & (a != 0)].square().mean().sqrt(),
    "each row's error is still there: take the mean of the squares, then the root": lambda p, a: misses(p, a).abs(),
    "you divided the error of all rows by the sales of all rows: the share is taken row by row":
        lambda p, a: (p[a != 0] - a[a != 0]).square().mean().sqrt() / a[a != 0].mean(),
    "you divided squares by sales: square the share, so that sales are squared as well":
        lambda p, a: ((p[a != 0] - a[a != 0]).square() / a[a != 0]).mean().sqrt(),
    "you took the difference of logarithms (RMSLE): near this for small misses, and another number for large ones":
        lambda p, a: (p[a != 0].log() - a[a != 0].log()).square().mean().sqrt(),
    "you took the median of the squares; the mean is wanted": lambda p, a: misses(p, a).square().median().sqrt(),
    "you took the roots before the mean, which leaves absolute shares: mean first, then the root":
        lambda p, a: misses(p, a).square().sqrt().mean(),
    "`std` takes the mean of the misses away first; a forecast that is always a tenth too high is off by a tenth":
        lambda p, a: misses(p, a).std(correction=0),
}
for words, program in ERRORS.items():
    mistake(rmspe, words)(lambda predicted, actual, program=program: program(predicted, actual))
for small in (1e-8, 1e-6, 1e-3, 1e-5, 1e-7, 1e-9, 1e-10, 1e-12):  # added, or the least that is divided by
    mistake(rmspe, "a small number in place of 0 makes a huge share of a closed day: leave those rows out")(
        lambda predicted, actual, small=small: ((predicted - actual) / actual.clamp(min=small)).square().mean().sqrt())


@takes(date_parts, contract=("arguments", "twice"))
def _(draw):
    year = draw.one_of(2023, 2024, 2025, 2000, 2100, 2028)
    month = draw.whole(1, 12)
    last = calendar.monthrange(year, month)[1]
    return call(year, month, draw.one_of(1, 14, 15, 16, last, last - 1, draw.whole(1, last)))


def into_year(y, m, d):
    return (datetime.date(y, m, d) - datetime.date(y, 1, 1)).days


PARTS = {
    "the day of the year counts from 1: 1 January is 1": lambda y, m, d: {"day_of_year": into_year(y, m, d)},
    "the day of the year is one too large: 1 January is 1": lambda y, m, d: {"day_of_year": into_year(y, m, d) + 2},
    "that day of the year knows no 29 February: let `datetime.date` count":
        lambda y, m, d: {"day_of_year": into_year(2023, m, min(d, 28)) + 1 + d - min(d, 28)},
    "every fourth year is a leap year but for whole centuries that 400 does not divide: let `datetime.date` count":
        lambda y, m, d: {"day_of_year": sum([31, 29 if y % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][: m - 1]) + d},
    "not every month has 30 days: let `datetime.date` count": lambda y, m, d: {"day_of_year": 30 * (m - 1) + d},
    "Monday is 0 here: that is `isoweekday`, where Monday is 1": lambda y, m, d: {"weekday": calendar.weekday(y, m, d) + 1},
    "Monday is 0 here: in your answer the week begins on Sunday": lambda y, m, d: {"weekday": (calendar.weekday(y, m, d) + 1) % 7},
    "`monthrange` gives two numbers, and the first is the weekday on which the month begins: `[1]` is its length":
        lambda y, m, d: {"days_left": calendar.monthrange(y, m)[0] - d},
    "the last day of a month has 0 days left: yours has 1": lambda y, m, d: {"days_left": calendar.monthrange(y, m)[1] - d + 1},
    "the last day of a month has 0 days left: yours is one too few": lambda y, m, d: {"days_left": calendar.monthrange(y, m)[1] - d - 1},
    "not every month has 30 days: `calendar.monthrange(year, month)[1]` is how many": lambda y, m, d: {"days_left": 30 - d, "payday": int(d in (15, 30))},
    "not every month has 31 days: `calendar.monthrange(year, month)[1]` is how many": lambda y, m, d: {"days_left": 31 - d, "payday": int(d in (15, 31))},
    "February's length depends on the year: ask `calendar.monthrange(year, month)`":
        lambda y, m, d: {"days_left": calendar.monthrange(2023, m)[1] - d, "payday": int(d in (15, calendar.monthrange(2023, m)[1]))},
    "only the 15th is a payday in your answer: the last day of the month is one as well": lambda y, m, d: {"payday": int(d == 15)},
    "only the last day of the month is a payday in your answer: the 15th is one as well":
        lambda y, m, d: {"payday": int(d == calendar.monthrange(y, m)[1])},
    "not every month ends on the 30th or the 31st: a payday is the day with 0 days left": lambda y, m, d: {"payday": int(d in (15, 30, 31))},
    "a month ends on its last day, be it the 28th, 29th, 30th or 31st: you took the 30th": lambda y, m, d: {"payday": int(d in (15, 30))},
    "both conditions at once hold for no day: a payday is the 15th *or* the last day": lambda y, m, d: {"payday": 0},
    "payday is the wrong way round: 1 on a payday": lambda y, m, d: {"payday": 1 - date_parts(y, m, d)["payday"]},
    "payday is a whole number, 1 or 0; True and False become that by `int(...)`": lambda y, m, d: {"payday": bool(date_parts(y, m, d)["payday"])},
    "the 1st is no payday: the last day of the month is": lambda y, m, d: {"payday": int(d in (1, 15))},
}
for words, part in PARTS.items():
    mistake(date_parts, words)(lambda year, month, day, part=part: date_parts(year, month, day) | part(year, month, day))
mistake(date_parts, "`monthrange` gives two numbers: the weekday of the 1st, then the number of days; take `[1]`")(
    lambda year, month, day: date_parts(year, month, day) | off_the_weekday(calendar.monthrange(year, month)[0], day))


def off_the_weekday(first, day):
    """What is left of a month, and whether that is a payday, by who takes the weekday of the 1st for the last day."""
    return {"days_left": first - day, "payday": int(day == 15 or first == day)}


mistake(date_parts, "the parts are wanted by name, as a dict; this is a list of them")(lambda year, month, day: list(date_parts(year, month, day).values()))
mistake(date_parts, "the parts are wanted by name, as a dict; this is a tuple of them")(lambda year, month, day: tuple(date_parts(year, month, day).values()))
mistake(date_parts, "days that are left of the year were asked of the month")(
    lambda year, month, day: date_parts(year, month, day) | {"days_left": (datetime.date(year, 12, 31) - datetime.date(year, month, day)).days})

makes_no_difference(date_parts, "cut off above", "a dict has no numbers of its own that could be cut off")


@takes(categorify, contract=("arguments", "twice"))
def _(draw):
    words = ("Corby", "eyam", "Yarm", "Ashby", "Birkdale", "Dunster")  # "None", as text, is not the last of them
    few = draw.whole(1, 4)
    gaps = draw.one_of(False, True)
    strangers = draw.one_of(False, True)

    def column(length, among):
        return [draw.one_of(*among, None) if gaps else draw.one_of(*among) for _ in range(length)]

    train = column(draw.whole(1, 7), words[:few])
    if not any(train):
        train[0] = words[few - 1]
    known = tuple(sorted({word for word in train if word is not None}))
    return call(train, column(draw.whole(1, 5), words if strangers else known))


def coded(order, first=1, other=0):
    """A program that gives codes in the order of order(train), from first on, and `other` to what is not there."""

    def program(train, new):
        codes = {word: number for number, word in enumerate(order(train), start=first)}
        return [codes.get(word, other) for word in train], [codes.get(word, other) for word in new]

    return program


def distinct(words):
    return sorted({word for word in words if word is not None})


def in_order_of_arrival(train):
    return list(dict.fromkeys(word for word in train if word is not None))


def with_repeats(train):
    return sorted(word for word in train if word is not None)


def by_count(train):
    return sorted(distinct(train), key=lambda word: -train.count(word))


CODES = {
    "0 is kept for what is not known: the first value of the alphabet is 1": coded(distinct, first=0, other=0),
    "0 is kept for what is not known, and the codes begin at 1: yours begin at 0 and give the unknown -1, as pandas does": coded(distinct, first=0, other=-1),
    "what is not known gets 0, not -1": coded(distinct, other=-1),
    "codes are in the order of `sorted`: yours are in the order in which the values came": coded(in_order_of_arrival),
    "codes are in the order of `sorted`: yours go by how often a value occurs": coded(by_count),
    "codes are in the order of `sorted`, capitals before small letters: yours take no notice of the case":
        coded(lambda train: sorted(distinct(train), key=str.lower)),
    "a value that occurs twice was counted twice: take each once (`set`) before you number": coded(with_repeats),
    "codes are in the order of `sorted`: yours run the other way": coded(lambda train: distinct(train)[::-1]),
    "you made two lists of codes, one of train and one of new: the same number then means two things":
        lambda train, new: (categorify(train, train)[0], categorify(new, new)[0]),
    "your list of codes was made from train and new together: what is in new alone gets 0":
        lambda train, new: (categorify([*train, *new], train)[1], categorify([*train, *new], new)[1]),
    "your list of codes was made from new; it is made from train": lambda train, new: (categorify(new, train)[1], categorify(new, new)[1]),
    "a missing value got a code like any other; it gets 0":
        coded(lambda train: sorted(set(train), key=lambda word: (word is not None, word or ""))),
    "a missing value got the last code; it gets 0":
        coded(lambda train: sorted(set(train), key=lambda word: (word is None, word or ""))),
    "None became a text like any other and got a code of its own; it gets 0": lambda train, new: categorify([str(w) for w in train], [str(w) for w in new]),
    "what is in new alone got one code more; it gets 0, the code for everything else":
        lambda train, new: (categorify(train, new)[0],
                            [0 if w is None else c or len(distinct(train)) + 1 for w, c in zip(new, categorify(train, new)[1], strict=True)]),
    "what is in new alone got codes that go on where train's end; it gets 0, the code for everything else":
        lambda train, new: coded(lambda words: distinct(words) + [w for w in distinct(new) if w not in words])(train, new),
    "missing values were left out of the lists: they keep their places, with code 0":
        lambda train, new: tuple([c for w, c in zip(column, codes, strict=True) if w is not None]
                                 for column, codes in zip((train, new), categorify(train, new), strict=True)),
    "what is not known was left out: it keeps its place, with code 0": lambda train, new: tuple([c for c in codes if c] for codes in categorify(train, new)),
    "a dictionary without `.get` stops at a value that it has not met: those get 0":
        lambda train, new: (categorify(train, new)[0], [dict(zip(train, categorify(train, new)[0], strict=True))[w] for w in new]),
    "None cannot be sorted among strings: leave it out before you sort":
        lambda train, new: coded(lambda words: sorted(set(words)))(train, new),
    "these are tensors; lists of whole numbers are wanted": lambda train, new: tuple(torch.tensor(codes) for codes in categorify(train, new)),
    "only the codes of train came back: those of new are wanted as well": lambda train, new: categorify(train, new)[0],
    "only the codes of new came back: those of train are wanted as well": lambda train, new: categorify(train, new)[1],
    "the two lists have changed places": lambda train, new: categorify(train, new)[::-1],
    "the two columns are one list: give two": lambda train, new: [*categorify(train, new)[0], *categorify(train, new)[1]],
    "the codes came as one list of two lists; a tuple of two is wanted": lambda train, new: list(categorify(train, new)),
    "a code is a number, the same for the same value; you numbered the rows": lambda train, new: (list(range(1, len(train) + 1)), list(range(1, len(new) + 1))),
}
for words, program in CODES.items():
    mistake(categorify, words)(lambda train, new, program=program: program(train, new))
mistake(categorify, "codes are in the order of `sorted`: yours go by how often a value occurs")(  # ties as they came
    coded(lambda train: sorted(in_order_of_arrival(train), key=lambda word: -train.count(word))))
mistake(categorify, "a value that occurs twice was counted twice: take each once (`set`) before you number")(  # by `index`
    lambda train, new: tuple([with_repeats(train).index(w) + 1 if w in with_repeats(train) else 0 for w in column] for column in (train, new)))


@mistake(categorify, "what is in new alone has no code in your list: `codes.get(value, 0)`")
def no_stranger(train, new):
    codes = {None: 0} | {word: number for number, word in enumerate(distinct(train), start=1)}
    return [codes[word] for word in train], [codes[word] for word in new]



makes_no_difference(categorify, "cut off above", "lists are given back, and only tensors and numbers are cut off")


@takes(fill_missing, contract=("arguments", "twice", "dtype"))
def _(draw):
    train = with_gaps(draw, draw.rows(), draw.one_of(True, False))
    known = (~train.isnan()).nonzero().flatten()
    if len(known) % 2 == 0:  # an odd number is known, so that one stands in the middle
        if len(known):
            train[known[0]] = torch.nan
        else:
            train[0] = 1.0
    return call(train, with_gaps(draw, draw.rows(), draw.one_of(True, False)))


def with_gaps(draw, n, gaps):
    values = draw.tensor(n)
    return torch.where(draw.bits(n) > 0, torch.nan, values) if gaps else values


def filled(column, value, one=1.0, zero=0.0):
    missing = column.isnan()
    return torch.stack([torch.where(missing, value, column), torch.where(missing, one, zero).to(column.dtype)], dim=1)


def known(column):
    return column[~column.isnan()]


def middle_of(column):
    """The median of what is known, 0 where nothing is."""
    return known(column).median() if len(known(column)) else column.new_zeros(())


GAPS = {
    "you filled with the mean; one far-off shop moves it, and the median stays": lambda t, n: (filled(t, known(t).mean()), filled(n, known(t).mean())),
    "you filled with 0, which says that the competitor stands in the doorway": lambda t, n: (filled(t, 0.0), filled(n, 0.0)),
    "you filled with -1, as a sign: a network reads it as a distance": lambda t, n: (filled(t, -1.0), filled(n, -1.0)),
    "each column was filled with its own median: what is learned comes from train alone": lambda t, n: (filled(t, middle_of(t)), filled(n, middle_of(n))),
    "the median is that of both columns together: it comes from train alone":
        lambda t, n: (filled(t, torch.cat([t, n]).nanmedian()), filled(n, torch.cat([t, n]).nanmedian())),
    "the median is that of new: it comes from train": lambda t, n: (filled(t, middle_of(n)), filled(n, middle_of(n))),
    "the flag is the wrong way round: 1 where the number was missing": lambda t, n: (filled(t, middle_of(t), 0.0, 1.0), filled(n, middle_of(t), 0.0, 1.0)),
    "the flag is missing: say where the gaps were, in a second column": lambda t, n: (filled(t, middle_of(t))[:, 0], filled(n, middle_of(t))[:, 0]),
    "the columns have changed places: the number first, then the flag": lambda t, n: tuple(part[:, [1, 0]] for part in fill_missing(t, n)),
    "rows and columns have changed places: one row for each number (`torch.stack(..., dim=1)`)": lambda t, n: tuple(part.T for part in fill_missing(t, n)),
    "numbers and flags are one long row: `torch.stack(..., dim=1)` sets them side by side": lambda t, n: tuple(part.T.flatten() for part in fill_missing(t, n)),
    "you asked for the flag after the gaps were filled, when none was left":
        lambda t, n: tuple(torch.stack([part[:, 0], torch.zeros_like(part[:, 1])], dim=1) for part in fill_missing(t, n)),
    "the gaps are still there: NaN is not equal to anything, not even to itself; ask `.isnan()`":
        lambda t, n: (torch.stack([t, torch.zeros_like(t)], dim=1), torch.stack([n, torch.zeros_like(n)], dim=1)),
    "the gaps are marked and not filled": lambda t, n: (filled(t, torch.nan), filled(n, torch.nan)),
    "a median that NaN takes part in is NaN: leave the gaps out first": lambda t, n: (filled(t, t.median()), filled(n, t.median())),
    "you took the element in the middle without sorting": lambda t, n: (filled(t, known(t)[len(known(t)) // 2]), filled(n, known(t)[len(known(t)) // 2])),
    "you filled with the largest known value": lambda t, n: (filled(t, known(t).max()), filled(n, known(t).max())),
    "you filled with the smallest known value": lambda t, n: (filled(t, known(t).min()), filled(n, known(t).min())),
    "the median was taken with zeros in place of the gaps: only what is known counts":
        lambda t, n: (filled(t, t.nan_to_num().median()), filled(n, t.nan_to_num().median())),
    "rows with a gap were left out: they keep their places": lambda t, n: tuple(part[part[:, 1] == 0] for part in fill_missing(t, n)),
    "new was not filled": lambda t, n: (fill_missing(t, n)[0], filled(n, torch.nan)),
    "only train came back: new is wanted as well": lambda t, n: fill_missing(t, n)[0],
    "the two tables have changed places": lambda t, n: fill_missing(t, n)[::-1],
    "you standardised as well: that comes later": lambda t, n: (
        torch.stack([(fill_missing(t, n)[0][:, 0] - known(t).mean()) / known(t).std(), t.isnan().to(t.dtype)], dim=1),
        torch.stack([(fill_missing(t, n)[1][:, 0] - known(t).mean()) / known(t).std(), n.isnan().to(n.dtype)], dim=1)),
}
GAPS |= {
    "new was filled with its own median: the median is learned from train alone": lambda t, n: (filled(t, t.nanmedian()), filled(n, n.nanmedian())),
    "the gaps of train are still there: both columns are filled": lambda t, n: (filled(t, torch.nan), fill_missing(t, n)[1]),
    "numbers and flags got mixed: `reshape` does not turn rows into columns, `torch.stack(..., dim=1)` sets them side by side":
        lambda t, n: tuple(part.T.reshape(-1, 2) for part in fill_missing(t, n)),
}
for words, program in GAPS.items():
    mistake(fill_missing, words)(lambda train, new, program=program: program(train, new))


@takes(lookup)
def _(draw):
    categories = draw.rows(1, 6, turn=3)
    return call(draw.integers(draw.rows(), most=categories - 1), draw.tensor(categories, draw.whole(1, 4)))


def switches(codes, count, dtype):
    return (codes[:, None] == torch.arange(count, device=codes.device)).to(dtype)


LOOKUPS = {
    "code 0 is the first row of the table: your codes begin at 1": lambda c, t: both(switches(c - 1, len(t), t.dtype), t),
    "your codes are one too large: code 0 is the first row of the table": lambda c, t: both(switches(c + 1, len(t), t.dtype), t),
    "the one-hot matrix has as many columns as codes occur; it has as many as the table has rows":
        lambda c, t: (switches(c, int(c.max()) + 1, t.dtype), t[c]),
    "the one-hot matrix is that of the width; it has as many columns as the table has rows": lambda c, t: (switches(c, t.shape[1], t.dtype), t[c]),
    "the one-hot matrix lies on its side: a row for each code that came": lambda c, t: (switches(c, len(t), t.dtype).T, t[c]),
    "the one-hot matrix is of whole numbers: make it the table's dtype, `.to(table.dtype)`": lambda c, t: both(switches(c, len(t), torch.int64), t),
    "the one-hot matrix is of True and False: make it the table's dtype, `.to(table.dtype)`": lambda c, t: both(switches(c, len(t), torch.bool), t),
    "0 and 1 have changed places in the one-hot matrix": lambda c, t: both(1 - switches(c, len(t), t.dtype), t),
    "you wrote the code itself where a 1 belongs": lambda c, t: both(switches(c, len(t), t.dtype) * c[:, None], t),
    "each row of the one-hot matrix keeps what the rows before it switched on": lambda c, t: both(switches(c, len(t), t.dtype).cumsum(dim=0).clamp(max=1), t),
    "all codes are switched on in every row: a row belongs to one code (`one_hot[torch.arange(n), codes] = 1`)":
        lambda c, t: both(switches(c, len(t), t.dtype).amax(dim=0).expand(len(c), -1), t),
    "each code counts once here; the same code may come in many rows":
        lambda c, t: both(switches(c.unique(), len(t), t.dtype), t),
    "the table came back in its own order: a row for each code that came": lambda c, t: (switches(c, len(t), t.dtype), t),
    "the rows are added up: they stay apart": lambda c, t: (switches(c, len(t), t.dtype), t[c].sum(dim=0)),
    "the rows are averaged: they stay apart": lambda c, t: (switches(c, len(t), t.dtype), t[c].mean(dim=0)),
    "only the rows came back: the one-hot matrix is wanted as well": lambda c, t: t[c],
    "only the one-hot matrix came back: its product with the table is wanted as well": lambda c, t: switches(c, len(t), t.dtype),
    "the one-hot matrix comes first, then the rows": lambda c, t: lookup(c, t)[::-1],
    "you read columns of the table: a code is a row of it": lambda c, t: (switches(c, len(t), t.dtype), t.T[c % t.shape[1]]),
    "the rows are cut off from the table's gradient: no `.detach()`, no `.data`": lambda c, t: (switches(c, len(t), t.dtype), t[c].detach()),
    "the rows lie on their side: (n, width)": lambda c, t: (switches(c, len(t), t.dtype), t[c].T),
}


def both(one_hot, table):
    return one_hot, one_hot @ table


for words, program in LOOKUPS.items():
    mistake(lookup, words)(lambda codes, table, program=program: program(codes, table))


# A gradient by autograd is as right as one by hand, and cuts what came off from what came in. 2 * rate / known.sum() is
# float32 in torch, whatever the tables are, and right to seven digits.
@takes(factorise_step, contract=("arguments", "twice", "dtype", "device"), tolerance=1e-5)
def _(draw):
    n, m, k = draw.rows(1, 5), draw.rows(1, 5, turn=3), draw.whole(1, 3)
    ratings = draw.tensor(n, m)
    if draw.one_of(False, True, True):
        unknown = draw.bits(n, m)
        unknown[draw.whole(0, n - 1), draw.whole(0, m - 1)] = 0  # one is known at least
        ratings = torch.where(unknown > 0, torch.nan, ratings)
    rate = draw.one_of(0.1, 1.0, 0.5)
    return call(draw.tensor(n, k), draw.tensor(m, k), ratings, rate, draw.one_of(0.0, 0.0, 0.1, 0.5))


def error_of(people, films, ratings):
    return torch.where(ratings.isnan(), 0, people @ films.T - ratings)


def descended(scale=2.0, over=None, people_pull=1.0, films_pull=1.0, error=error_of, sign=1.0):
    """A program: the step with another factor, another number to divide by, another decay, another error."""

    def program(p, f, r, rate, decay):
        e = error(p, f, r)
        count = (~r.isnan()).sum() if over is None else over(p, f, r)
        return (p - sign * rate * scale * (e @ f) / count - people_pull * rate * decay * p,
                f - sign * rate * scale * (e.T @ p) / count - films_pull * rate * decay * f)

    return program


def one_after_the_other(p, f, r, rate, decay):
    p = factorise_step(p, f, r, rate, decay)[0]
    return p, factorise_step(p, f, r, rate, decay)[1]


def of_one_error(first):
    """A program: both moved by the error of where they stood, one of them multiplied with the other as it is now."""

    def program(p, f, r, rate, decay):
        new_p, new_f = factorise_step(p, f, r, rate, decay)
        e, scale = error_of(p, f, r), 2 * rate / (~r.isnan()).sum()
        if first == "people":
            return new_p, f - scale * (e.T @ new_p) - rate * decay * f
        return p - scale * (e @ new_f) - rate * decay * p, new_f

    return program


def each_by_its_own(least):
    """A program: the gradient of a row over how many ratings that row has, and at least so many."""

    def program(p, f, r, rate, decay):
        e, known = error_of(p, f, r), ~r.isnan()
        return (p - rate * (2 * (e @ f) / known.sum(dim=1).clamp(min=least)[:, None] + decay * p),
                f - rate * (2 * (e.T @ p) / known.sum(dim=0).clamp(min=least)[:, None] + decay * f))

    return program


def films_first(p, f, r, rate, decay):
    f = factorise_step(p, f, r, rate, decay)[1]
    return factorise_step(p, f, r, rate, decay)[0], f


def decayed_first(p, f, r, rate, decay):
    return factorise_step(p * (1 - rate * decay), f * (1 - rate * decay), r, rate)


def decayed_last(p, f, r, rate, decay):
    return tuple(part * (1 - rate * decay) for part in factorise_step(p, f, r, rate))


FACTORS = {
    "the error is the wrong way round, and the step goes uphill: prediction less rating": descended(sign=-1.0),
    "the derivative of a square is twice the error: the 2 is missing": descended(scale=1.0),
    "a gradient of the sum of squares is N times too large: the loss is the mean over the known ratings": descended(over=lambda p, f, r: 1),
    "you divided by all entries of the table; the mean is over the known ones": descended(over=lambda p, f, r: r.numel()),
    "you divided by the number of people; the mean is over the known ratings": descended(over=lambda p, f, r: len(p)),
    "you divided by the number of films; the mean is over the known ratings": descended(over=lambda p, f, r: len(f)),
    "unknown ratings were taken for 0 stars: they have no error": descended(error=lambda p, f, r: p @ f.T - r.nan_to_num()),
    "unknown ratings were taken for 0 stars, and for known: they have no error, and do not count":
        descended(error=lambda p, f, r: p @ f.T - r.nan_to_num(), over=lambda p, f, r: r.numel()),
    "NaN times 0 is NaN: `torch.where(known, error, 0)` takes the gaps out": descended(error=lambda p, f, r: (p @ f.T - r) * (~r.isnan())),
    "the gaps went into the product as NaN, and NaN came out everywhere": descended(error=lambda p, f, r: p @ f.T - r),
    "the films were moved by the new people: both start from where they stood": one_after_the_other,
    "the people were moved by the new films: both start from where they stood": films_first,
    "the people stayed where they were: both move": lambda p, f, r, rate, decay: (p.clone(), factorise_step(p, f, r, rate, decay)[1]),
    "the films stayed where they were: both move": lambda p, f, r, rate, decay: (factorise_step(p, f, r, rate, decay)[0], f.clone()),
    "these are the gradients: the step takes the rate times them off": lambda p, f, r, rate, decay: tuple(
        (before - after) / rate for before, after in zip((p, f), factorise_step(p, f, r, rate, decay), strict=True)),
    "decay is left out": lambda p, f, r, rate, decay: factorise_step(p, f, r, rate),
    "decay is for the films as well: yours pulls at people alone": descended(films_pull=0.0),
    "decay is for the people as well: yours pulls at films alone": descended(people_pull=0.0),
    "decay pushes away from zero: it is subtracted, as the gradient is": descended(people_pull=-1.0, films_pull=-1.0),
    "decay is twice as strong as it should be: each number loses rate * decay times itself": descended(people_pull=2.0, films_pull=2.0),
    "decay is half as strong as it should be: each number loses rate * decay times itself": descended(people_pull=0.5, films_pull=0.5),
    "decay is taken of what the numbers were before the step; you shrank them first and took the gradient there": decayed_first,
    "decay is taken of what the numbers were before the step; you shrank what came out of it": decayed_last,
    "decay is multiplied by the rate: each number loses rate * decay times itself": lambda p, f, r, rate, decay: tuple(
        part - decay * before for part, before in zip(factorise_step(p, f, r, rate), (p, f), strict=True)),
    "decay is divided by how many ratings are known as well: only the error is a mean": lambda p, f, r, rate, decay: factorise_step(
        p, f, r, rate, decay / float((~r.isnan()).sum())),
    "the rate is left out": lambda p, f, r, rate, decay: factorise_step(p, f, r, 1.0, decay),
    "films come second: the two have changed places": lambda p, f, r, rate, decay: factorise_step(p, f, r, rate, decay)[::-1],
    "only people came back: both are wanted": lambda p, f, r, rate, decay: factorise_step(p, f, r, rate, decay)[0],
    "the sign of the error alone was used, not how large it is": descended(error=lambda p, f, r: error_of(p, f, r).sign()),
}
AGAIN = [
    ("the films were moved by the new people: both start from where they stood", of_one_error("people")),
    ("the people were moved by the new films: both start from where they stood", of_one_error("films")),
    ("you divided by each row's own count: the loss is one mean over all known ratings", each_by_its_own(1)),
    ("you divided by each row's own count: the loss is one mean over all known ratings", each_by_its_own(0)),
]
for words, program in [*FACTORS.items(), *AGAIN]:
    mistake(factorise_step, words)(
        lambda people, films, ratings, rate, decay=0.0, program=program: program(people, films, ratings, rate, decay))
