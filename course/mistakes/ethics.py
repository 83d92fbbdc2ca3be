"""Lesson 16, Who is harmed?: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/ethics.py first."""

import itertools
from collections.abc import Callable

import torch

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.ethics import at_cut, drift_alarm, equal_false_positives, patrol, rates, strongest_proxy, worst_slice

# A table gives its programs the arguments that its mistakes need.
program: Callable
function: Callable

# counts in, rates out: no gradients, and the dtype of a rate is not asked for
COUNTS = ("arguments", "twice", "device")


@takes(rates, contract=COUNTS, tolerance=1e-4)  # rates are read to four digits
def _(draw):
    nobody = draw.one_of(False, False, True)
    return call(draw.integers(draw.whole(1, 5), 4, least=0 if nobody else 1, most=3 if nobody else 90))


def stacked(*columns):
    return torch.stack(columns, dim=1)


# a: low and not arrested again, b: high and not, c: low and arrested again, d: high and arrested again
RATES = {
    "you divided by everybody: a rate is about some of the people only": lambda a, b, c, d: stacked(b, c, d) / (a + b + c + d)[:, None],
    "your false positive rate divides by those marked high; it is about those who were not arrested again":
        lambda a, b, c, d: stacked(b / (b + d), c / (c + d), d / (b + d)),
    "your false negative rate divides by those marked low; it is about those who were arrested again":
        lambda a, b, c, d: stacked(b / (a + b), c / (a + c), d / (b + d)),
    "both error rates divide by a mark (high, low); they are about an outcome (not arrested, arrested)":
        lambda a, b, c, d: stacked(b / (b + d), c / (a + c), d / (b + d)),
    "your precision divides by those who were arrested again; it is about those marked high":
        lambda a, b, c, d: stacked(b / (a + b), c / (c + d), d / (c + d)),
    "your precision is of those marked low: it is about those marked high": lambda a, b, c, d: stacked(b / (a + b), c / (c + d), a / (a + c)),
    "your first rate is of those rightly left alone; it asks for those marked high for nothing":
        lambda a, b, c, d: stacked(a / (a + b), c / (c + d), d / (b + d)),
    "your second rate is of those rightly marked; it asks for those who were missed":
        lambda a, b, c, d: stacked(b / (a + b), d / (c + d), d / (b + d)),
    "your third rate is of those marked high for nothing; precision is the share of those marked rightly":
        lambda a, b, c, d: stacked(b / (a + b), c / (c + d), b / (b + d)),
    "you divided wrong by right; divide by wrong and right together": lambda a, b, c, d: stacked(b / a, c / d, d / b),
    "you took columns 1 and 2 for each other: 1 is high and not arrested again":
        lambda a, c, b, d: stacked(b / (a + b), c / (c + d), d / (b + d)),
    "you took columns 2 and 3 for each other: 2 is low and arrested again": lambda a, b, d, c: stacked(b / (a + b), c / (c + d), d / (b + d)),
    "the order is false positive rate, false negative rate, precision: the first two have changed places":
        lambda a, b, c, d: stacked(c / (c + d), b / (a + b), d / (b + d)),
    "precision comes last: false positive rate, false negative rate, precision":
        lambda a, b, c, d: stacked(d / (b + d), b / (a + b), c / (c + d)),
    "that is accuracy, the share of everybody marked rightly; precision is about those marked high":
        lambda a, b, c, d: stacked(b / (a + b), c / (c + d), (a + d) / (a + b + c + d)),
    "groups and rates have changed places: one row for each group (`torch.stack(..., dim=1)`)":
        lambda a, b, c, d: torch.stack([b / (a + b), c / (c + d), d / (b + d)]),
    "`reshape` and `view` read the numbers on in their order; to exchange rows and columns, `.T` or `torch.stack(..., "
    "dim=1)`":
        lambda a, b, c, d: torch.stack([b / (a + b), c / (c + d), d / (b + d)]).reshape(-1, 3),
    "these are percent; give shares between 0 and 1": lambda a, b, c, d: 100 * stacked(b / (a + b), c / (c + d), d / (b + d)),
    "without brackets `b / a + b` is (b / a) + b: write b / (a + b)": lambda a, b, c, d: stacked(b / a + b, c / c + d, d / b + d),
    "both error rates divide by everybody: each is about some of the people only":
        lambda a, b, c, d: stacked(b / (a + b + c + d), c / (a + b + c + d), d / (b + d)),
    "your false positive rate divides by everybody; it is about those who were not arrested again":
        lambda a, b, c, d: stacked(b / (a + b + c + d), c / (c + d), d / (b + d)),
    "your false negative rate divides by everybody; it is about those who were arrested again":
        lambda a, b, c, d: stacked(b / (a + b), c / (a + b + c + d), d / (b + d)),
    "your precision divides by everybody; it is about those marked high":
        lambda a, b, c, d: stacked(b / (a + b), c / (c + d), d / (a + b + c + d)),
    "plain numbers stop at 0 / 0; divide tensors, and a rate of nobody is NaN, as it should be":
        lambda a, b, c, d: torch.tensor([[w / (v + w), x / (x + y), y / (w + y)]
                                        for v, w, x, y in zip(*(part.tolist() for part in (a, b, c, d)), strict=True)]),
    "the two error rates divide by each other's people: the false positive rate by those not arrested again, the false "
    "negative rate by those who were":
        lambda a, b, c, d: stacked(b / (c + d), c / (a + b), d / (b + d)),
    "the third rate, precision, is missing": lambda a, b, c, d: stacked(b / (a + b), c / (c + d)),
    "`//` throws the fraction away: use `/`": lambda a, b, c, d: stacked(b // (a + b), c // (c + d), d // (b + d)),
}
for words, of in RATES.items():
    mistake(rates, words)(lambda table, of=of: of(*table.T))
mistake(rates, "you added the groups up first: there is a row for each group, because that is the point")(lambda table: rates(table.sum(dim=0)))
mistake(rates, "only the first group is there: `table.T` gives the columns of all groups")(lambda table: rates(table[0]))
NOBODY = {
    "a rate of nobody came out as 0, which says that nobody is wronged; it is NaN, because nobody was asked": lambda table: rates(table).nan_to_num(0.0),
    "a rate of nobody came out as 1; it is NaN, because nobody was asked": lambda table: rates(table).nan_to_num(1.0),
    "the sum below was kept from being zero, and a rate of nobody came out as a number; it is NaN":
        lambda table: stacked(*(part / whole.clamp(min=1) for part, whole in (
            (table[:, 1], table[:, 0] + table[:, 1]), (table[:, 2], table[:, 2] + table[:, 3]), (table[:, 3], table[:, 1] + table[:, 3])))),
}
for words, program in NOBODY.items():
    mistake(rates, words)(program)


@takes(at_cut, contract=COUNTS)
def _(draw):
    scores = draw.whole(1, 12)
    return call(draw.integers(2, scores, most=40), draw.whole(1, scores + 1))


def of_both(counts, cut, low, high):
    """The four counts, from what is low and what is high of the two rows."""
    return torch.stack([low, high], dim=1).flatten()


def in_pieces(counts, cut):
    low, high = counts.split(cut - 1, dim=1)
    return of_both(counts, cut, low.sum(dim=1), high.sum(dim=1))


CUTS = {
    "your cut is one score too high: a score of `cut` itself is high, and score 1 lies in column 0":
        lambda n, cut: of_both(n, cut, n[:, :cut].sum(dim=1), n[:, cut:].sum(dim=1)),
    "your cut is one score too low: columns up to cut - 2, that is the first cut - 1 of them, are low":
        lambda n, cut: of_both(n, cut, n[:, :max(0, cut - 2)].sum(dim=1), n[:, max(0, cut - 2):].sum(dim=1)),
    "low and high have changed places": lambda n, cut: at_cut(n, cut)[[1, 0, 3, 2]],
    "the order is low and high of those not arrested again, then low and high of those arrested again": lambda n, cut: at_cut(n, cut)[[0, 2, 1, 3]],
    "the outcomes have changed places: row 0 is not arrested again": lambda n, cut: at_cut(n, cut)[[2, 3, 0, 1]],
    "you called one score high: every score from the cut on is": lambda n, cut: of_both(n, cut, n.sum(dim=1) - n[:, cut - 1], n[:, cut - 1]),
    "you called one score high, and left out those above it: every score from the cut on is high":
        lambda n, cut: of_both(n, cut, n[:, :cut - 1].sum(dim=1), n[:, cut - 1]),
    "a score of `cut` itself is in both: low ends one column before high begins":
        lambda n, cut: of_both(n, cut, n[:, :cut].sum(dim=1), n[:, cut - 1:].sum(dim=1)),
    "a score of `cut` itself is in neither: low ends where high begins": lambda n, cut: of_both(n, cut, n[:, :cut - 1].sum(dim=1), n[:, cut:].sum(dim=1)),
    "the first score is in neither: it lies in column 0": lambda n, cut: of_both(n, cut, n[:, 1:cut].sum(dim=1), n[:, cut:].sum(dim=1)),
    "`sum(dim=0)` adds the outcomes up, score by score; `sum(dim=1)` adds along the scores":
        lambda n, cut: torch.stack([n[:, :cut - 1].sum(dim=0)[0], n[:, cut - 1:].sum(dim=0)[0], n[:, :cut - 1].sum(dim=0)[1], n[:, cut - 1:].sum(dim=0)[1]]),
    "these are two rows of two: give the four numbers one after the other": lambda n, cut: at_cut(n, cut).view(2, 2),
    "these are shares; give counts of people": lambda n, cut: (at_cut(n, cut).view(2, 2) / n.sum(dim=1, keepdim=True)).flatten(),
    "each group of people is given with all above it: `cumsum` went on where `sum` stops": lambda n, cut: at_cut(n, cut).view(2, 2).cumsum(dim=1).flatten(),
    "you added the outcomes up as well: `sum(dim=1)` adds along the scores only": lambda n, cut: torch.stack([n[:, :cut - 1].sum(), n[:, cut - 1:].sum()]),
    "you cut at 5, whatever came: cut at `cut`": lambda n, cut: of_both(n, cut, n[:, :4].sum(dim=1), n[:, 4:].sum(dim=1)),
    "you compared how many people there are with the cut: it is the score, the number of the column, that is compared":
        lambda n, cut: of_both(n, cut, (n < cut).sum(dim=1), (n >= cut).sum(dim=1)),
    "you added up the people whose number is below the cut: it is the score, the number of the column, that is compared":
        lambda n, cut: of_both(n, cut, (n * (n < cut)).sum(dim=1), (n * (n >= cut)).sum(dim=1)),
    "counted from the end, a slice of no columns is `[:, -0:]`, and that is all of them: count from the front":
        lambda n, cut: of_both(n, cut, n.sum(dim=1) - n[:, -(n.shape[1] - cut + 1):].sum(dim=1), n[:, -(n.shape[1] - cut + 1):].sum(dim=1)),
    "scores above 10 are forgotten: there are as many as there are columns":
        lambda n, cut: of_both(n, cut, n[:, :cut - 1].sum(dim=1), n[:, cut - 1:10].sum(dim=1)),
    "`split(cut - 1)` cuts pieces of cut - 1 columns each: two slices, or `split` with a list of two lengths":
        lambda n, cut: in_pieces(n, cut),
    "the scores are still apart: add them up": lambda n, cut: n[:, :cut - 1],
}
for words, program in CUTS.items():
    mistake(at_cut, words)(lambda counts, cut, program=program: program(counts, cut))


@takes(equal_false_positives, contract=("arguments", "twice"), tolerance=1e-4)  # a rate is read to four digits
def _(draw):
    scores = draw.whole(2, 10)
    counts = draw.integers(2, scores, least=1, most=60)
    found = every_cut(counts)[:, 0].double()
    if draw.number % 6 == 0:
        return call(counts, 0.0)
    between = draw.whole(0, scores - 1)  # near one of the rates, and never halfway between two
    near = float(found[between])
    step = min((abs(float(other) - near) for other in found if float(other) != near), default=1.0)
    return call(counts, min(1.0, max(0.0, near + step * draw.one_of(0.0, 0.3, -0.3))))


def every_cut(counts):
    return rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))


def nearest(counts, wanted, column=0):
    """The place of the last of the nearest: of two that are equally near, the higher cut."""
    far = (every_cut(counts)[:, column] - wanted).abs()
    return len(far) - 1 - int(far.flip(0).argmin())


def rounded(counts, wanted, digits):
    gaps = [abs(round(float(rate), digits) - round(wanted, digits)) for rate in every_cut(counts)[:, 0]]
    return gaps.index(min(gaps))


def told(counts, place, column=2, more=1):
    return place + more, float(every_cut(counts)[place, column])


NEAREST = {
    "you took the first cut that is at or below the rate: nearest may lie above":
        lambda n, w: told(n, int((every_cut(n)[:, 0] <= w).nonzero()[0])) if bool((every_cut(n)[:, 0] <= w).any()) else told(n, n.shape[1] - 1),
    "you took the last cut that is still above the rate: nearest may lie below it":
        lambda n, w: told(n, int((every_cut(n)[:, 0] > w).nonzero()[-1])) if bool((every_cut(n)[:, 0] > w).any()) else told(n, 0),
    "you took the highest cut whose rate is at least the one wanted: nearest may lie below it":
        lambda n, w: told(n, int((every_cut(n)[:, 0] >= w).nonzero()[-1])) if bool((every_cut(n)[:, 0] >= w).any()) else told(n, 0),
    "you rounded the rates before you compared them: compare them as they are": lambda n, w: told(n, rounded(n, w, 1)),
    "you rounded the rates to hundredths before you compared them: compare them as they are":
        lambda n, w: told(n, rounded(n, w, 2)),
    "`abs()` is missing, so the lowest rate of all won: nearest may lie above": lambda n, w: told(n, int((every_cut(n)[:, 0] - w).argmin())),
    "cuts count from 1: this is a position in a list, one too small": lambda n, w: told(n, nearest(n, w), more=0),
    "your cut is one too high": lambda n, w: told(n, nearest(n, w), more=2),
    "that is the false positive rate at the cut; the price is the precision": lambda n, w: told(n, nearest(n, w), 0),
    "that is the false negative rate at the cut; the price is the precision": lambda n, w: told(n, nearest(n, w), 1),
    "that is the share of those arrested again who are found; precision is about those marked high":
        lambda n, w: (nearest(n, w) + 1, 1 - told(n, nearest(n, w), 1)[1]),
    "that is the share marked high for nothing; precision is the share marked rightly": lambda n, w: (nearest(n, w) + 1, 1 - told(n, nearest(n, w))[1]),
    "you compared false negative rates: it is the first of the three that is to be equal": lambda n, w: told(n, nearest(n, w, 1)),
    "you compared precisions: it is the first of the three that is to be equal": lambda n, w: told(n, nearest(n, w, 2)),
    "you tried two cuts only: `len(counts)` is 2, the outcomes, and there are counts.shape[1] scores":
        lambda n, w: told(n, int((every_cut(n)[:2, 0] - w).abs().argmin())),
    "you took the cut that is farthest: `argmin`, not `argmax`": lambda n, w: told(n, int((every_cut(n)[:, 0] - w).abs().argmax())),
    "give the cut and the precision, in this order": lambda n, w: told(n, nearest(n, w))[::-1],
    "the precision is missing: give the cut and the precision": lambda n, w: nearest(n, w) + 1,
    "the precision belongs to the next cut": lambda n, w: (nearest(n, w) + 1, told(n, min(nearest(n, w) + 1, n.shape[1] - 1))[1]),
    "the precision belongs to the cut before": lambda n, w: (nearest(n, w) + 1, told(n, max(nearest(n, w) - 1, 0))[1]),
    "the last score was never tried: `range(1, scores + 1)`": lambda n, w: told(n, int((every_cut(n)[:-1, 0] - w).abs().argmin())),
    "cuts go from 1 to the number of scores: above that nobody is marked high, and precision is of nobody":
        lambda n, w: (n.shape[1] + 1, float("nan")) if w < float(every_cut(n)[-1, 0]) / 2 else told(n, nearest(n, w)),
}
for words, program in NEAREST.items():
    mistake(equal_false_positives, words)(lambda counts, wanted, program=program: program(counts, wanted))


@takes(worst_slice, contract=("arguments", "twice"), calls=60, tolerance=1e-4, seen=lambda value, call: as_bad(value, call))
def _(draw):
    apart = draw.number % 6 == 3  # the worst pair lies outside the worst single slice
    k, n = 3 if apart else draw.whole(1, 4), 104 if draw.number % 12 == 7 else 36 if apart else draw.one_of(24, 5, 36)
    columns = draw.integers(n, k, most=1 if apart else draw.whole(1, 3))
    if draw.number % 6 == 4:
        # Codes that are one column's own, the later columns' larger or the earlier ones'.
        columns = columns + (torch.arange(k) if draw.number % 12 == 4 else 4 * torch.arange(k).flip(0))
    losses = draw.tensor(n, least=0, distinct=True, dtype=torch.float64) / 4
    first, last = columns[:, 0], columns[:, -1]
    if draw.number % 6 == 1:  # what is worst is too small, so that all slices are better than the mean of all rows
        columns[:], columns[0], losses[0] = 0, 1, 3.0
        return call(columns, losses.to(draw.dtype), 2)
    if apart:
        hidden = losses.max() * (2.0 * (columns[:, 1] == 1) + 3.0 * (first == 1) * (last == 1))
        return call(columns, (losses + 10 * hidden).to(draw.dtype), draw.one_of(1, 2))
    hidden = draw.one_of(0 * losses, 3.0 * (first == 1) * (last == 0), 1.5 * (first == 0) + 3.0 * (first == 1) * (last == 1))
    return call(columns, (losses + hidden).to(draw.dtype), draw.one_of(1, 2, 4, 6, 12, 100))


def as_bad(value, given):
    """A slice is read back by what it is asked for, its mean loss and whether it is large enough: of two that are
    equally bad either will do."""
    if not (isinstance(value, tuple | list) and len(value) == 2 and isinstance(value[0], dict)):
        return value
    names, codes = [*value[0]], [*value[0].values()]
    known = all(type(name) is int and 0 <= name < given.columns.shape[1] for name in names)
    if not known or not names:
        return {"slice": str(value[0]), "loss": value[1]}
    rows = (given.columns[:, names] == torch.tensor(codes)).all(dim=1)
    found = {"mean": float(given.losses[rows].double().mean()), "large enough": bool(rows.sum() >= given.smallest), "loss": value[1]}
    return {"columns": len(names), **found} if len(names) > 2 else found


def searched(columns, losses, smallest, value=lambda rows, losses: losses[rows].mean(), least=1, most=2, sign=1, start=None, joined=torch.all):
    """The search with a mistake in it: how many columns together, another value, the other end, another start, another
    way to join."""
    worst, highest = {}, -float("inf") if start is None else start
    for many in range(least, most + 1):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = joined(columns[:, list(chosen)] == codes, dim=1)
                if rows.sum() >= smallest and sign * float(value(rows, losses)) > highest:
                    worst, highest = dict(zip(chosen, codes.tolist(), strict=True)), sign * float(value(rows, losses))
    return (worst, sign * highest) if worst else ({}, float(losses.mean()))


def the_worst_first(columns, losses, smallest):
    """Pairs are looked for inside the worst single slice only."""
    single, highest = searched(columns, losses, smallest, most=1)
    for other in range(columns.shape[1]) if single else ():
        (column, code), = [*single.items()][:1]
        for found in columns[:, other].unique().tolist():
            rows = (columns[:, column] == code) & (columns[:, other] == found)
            if other != column and rows.sum() >= smallest and float(losses[rows].mean()) > highest:
                single, highest = {column: code, other: found}, float(losses[rows].mean())
    return single, highest


def looked_at(columns, losses, smallest, pairs, codes_of, either=False):
    """The search over these pairs of columns and these codes of each: all combinations of them, joined by and, or by
    or."""
    worst, highest = {}, -float("inf")
    single = [(column, code) for column in range(columns.shape[1]) for code in codes_of(columns, column)]
    for (one, first), (two, second) in itertools.combinations_with_replacement(single, 2):
        inside, beside = columns[:, one] == first, columns[:, two] == second
        rows = inside | beside if either else inside & beside
        if (pairs(one, two) if one != two else first == second) and rows.sum() >= max(smallest, 1) and float(losses[rows].mean()) > highest:
            worst, highest = {one: first, two: second}, float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))


def present(columns, place):
    return columns[:, place].unique().tolist()


def worst_total(columns, losses, smallest):
    """The slice with the highest sum, and its mean."""
    slice, _ = searched(columns, losses, smallest, lambda rows, losses: losses[rows].sum(), start=-1.0)
    rows = torch.stack([columns[:, name] == code for name, code in slice.items()]).all(dim=0) if slice else slice
    return (slice, float(losses[rows].mean())) if slice else ({}, float(losses.mean()))


SLICES = {
    "you paired neighbouring columns only: any two columns make a slice":
        lambda c, v, s: looked_at(c, v, s, lambda one, two: two == one + 1, present),
    "you paired the first column with the others only: any two columns make a slice":
        lambda c, v, s: looked_at(c, v, s, lambda one, two: one == 0, present),
    "two values are joined by or, so a pair holds more rows than either: a row must have both, `&`":
        lambda c, v, s: looked_at(c, v, s, lambda one, two: True, present, either=True),
    "the highest code of a column is never looked at: `range(int(column.max()) + 1)`, or `unique()`":
        lambda c, v, s: looked_at(c, v, s, lambda one, two: True, lambda columns, place: range(int(columns[:, place].max()))),
    "code 0 is never looked at: `unique()` has them all":
        lambda c, v, s: looked_at(c, v, s, lambda one, two: True, lambda columns, place: range(1, int(columns[:, place].max()) + 1)),
    "you compared sums, and a large slice always wins: compare means": worst_total,
    "pairs of columns are missing": lambda c, v, s: searched(c, v, s, most=1),
    "you looked at pairs only: a single column's value is a slice too": lambda c, v, s: searched(c, v, s, least=2),
    "three columns together are too many: single columns, and pairs": lambda c, v, s: searched(c, v, s, most=3),
    "that is a sum; a large slice would always win. Compare means": lambda c, v, s: searched(c, v, s, lambda rows, losses: losses[rows].sum()),
    "that is the slice's share of all losses; divide by the slice's own rows":
        lambda c, v, s: searched(c, v, s, lambda rows, losses: losses[rows].sum() / len(losses)),
    "you took the lowest mean: the worst slice has the highest": lambda c, v, s: searched(c, v, s, sign=-1),
    "a row must have both values: `&`, not `|`": lambda c, v, s: searched(c, v, s, joined=torch.any),
    "the slice is missing: give it and its mean loss": lambda c, v, s: worst_slice(c, v, s)[1],
    "the mean loss is missing: give the slice and its mean loss": lambda c, v, s: worst_slice(c, v, s)[0],
    "the slice comes first, then its mean loss": lambda c, v, s: worst_slice(c, v, s)[::-1],
    "the keys are the columns' numbers, 0, 1, ..., not text":
        lambda c, v, s: ({str(name): code for name, code in worst_slice(c, v, s)[0].items()}, worst_slice(c, v, s)[1]),
    "the slice is a dict, {column: code}, not a list": lambda c, v, s: ([*worst_slice(c, v, s)[0].items()], worst_slice(c, v, s)[1]),
    "a slice is {column: code}: column and code have changed places":
        lambda c, v, s: ({code: name for name, code in worst_slice(c, v, s)[0].items()}, worst_slice(c, v, s)[1]),
    "smallest is not heeded: a slice of fewer rows is left out": lambda c, v, s: worst_slice(c, v, 1),
    "a slice of exactly `smallest` rows counts: `>=`, not `>`": lambda c, v, s: worst_slice(c, v, s + 1),
    "where no slice is large enough the answer is ({}, the mean of all rows)": lambda c, v, s: worst_slice(c, v, s) if worst_slice(c, v, s)[0] else ({}, 0.0),
    "where no slice is large enough the answer is an empty dict and the mean of all rows":
        lambda c, v, s: worst_slice(c, v, s) if worst_slice(c, v, s)[0] else None,
    "you began with the mean of all rows, and a slice below it never counted: it is the worst of the slices that are "
    "large enough":
        lambda c, v, s: searched(c, v, s, start=float(v.mean())),
    "you looked for pairs inside the worst single slice only: the worst pair may be of two harmless looking values": the_worst_first,
    "that is the largest loss in the slice; give its mean": lambda c, v, s: (lambda found: (found[0], float(v[torch.stack(
        [c[:, name] == code for name, code in found[0].items()]).all(dim=0)].max()) if found[0] else found[1]))(worst_slice(c, v, s)),
    "you took the codes of one column for both: each of the two has codes of its own": lambda c, v, s: searched(
        c[:, :1].expand(-1, c.shape[1]) * (c == c[:, :1]) + c * (c != c[:, :1]), v, s) if c.shape[1] > 1 else worst_slice(c, v, s + 1),
}
for words, program in SLICES.items():
    mistake(worst_slice, words)(lambda columns, losses, smallest, program=program: program(columns, losses, smallest))


@takes(strongest_proxy, contract=("arguments", "twice"), tolerance=1e-4)
def _(draw):
    n, k, groups = draw.rows(3, 14), draw.whole(1, 4), draw.one_of(2, 2, 3)
    group = draw.integers(n, most=groups - 1)
    columns = draw.integers(n, k, most=draw.whole(1, 4))
    if draw.whole(0, 1):
        columns[:, draw.whole(0, k - 1)] = (groups - 1 - group) * 2 + draw.integers(n, most=1)
    right = guessed(columns, group)
    # two columns that are as good: not asked
    twins = [place for place, share in enumerate(right) if share in right[:place]]
    keep = [place for place in range(k) if place not in twins]
    return call(columns[:, keep], group)


def tables(columns, group):
    """A table of codes by groups for each column; codes that nobody has are left out."""
    for column in columns.T:
        table = torch.zeros(int(column.max()) + 1, int(group.max()) + 1).index_put((column, group), torch.ones(len(group)), accumulate=True)
        yield table[table.sum(dim=1) > 0]


def guessed(columns, group, right=lambda table: table.max(dim=1).values.sum(), whole=True):
    return [float(right(table)) / (len(group) if whole else 1) for table in tables(columns, group)]


def best_of(numbers):
    place = max(range(len(numbers)), key=numbers.__getitem__)
    return place, numbers[place]


PROXIES = {
    "you took the column that tells least": lambda c, g: (lambda shares: (shares.index(min(shares)), min(shares)))(guessed(c, g)),
    "you took the mean over the codes: a code that many rows have must count for more":
        lambda c, g: best_of(guessed(c, g, lambda table: (table.max(dim=1).values / table.sum(dim=1)).mean(), False)),
    "you compared the codes with the group's numbers: a code may stand for either group":
        lambda c, g: best_of([float((column == g).double().mean()) for column in c.T]),
    "you guessed the code from the group; it is the other way round": lambda c, g: best_of(guessed(c, g, lambda table: table.max(dim=0).values.sum())),
    "columns count from 0": lambda c, g: (strongest_proxy(c, g)[0] + 1, strongest_proxy(c, g)[1]),
    "these are rows; divide by how many there are": lambda c, g: best_of([int(round(number)) for number in guessed(c, g, whole=False)]),
    "the share is missing: give the column and the share": lambda c, g: strongest_proxy(c, g)[0],
    "the column is missing: give the column and the share": lambda c, g: strongest_proxy(c, g)[1],
    "the column comes first, then the share": lambda c, g: strongest_proxy(c, g)[::-1],
    "that is how often a guess is wrong; give how often it is right": lambda c, g: (strongest_proxy(c, g)[0], 1 - strongest_proxy(c, g)[1]),
    "that is the code that gives its group away best; count over all rows":
        lambda c, g: best_of(guessed(c, g, lambda table: (table.max(dim=1).values / table.sum(dim=1)).max(), False)),
    "that is what the most frequent group alone would give: ask for each code": lambda c, g: best_of(guessed(c, g, lambda table: table.sum(dim=0).max())),
    "the last code was left out: `range(int(column.max()) + 1)`":
        lambda c, g: best_of(guessed(c, g, lambda table: table[:-1].max(dim=1).values.sum() if len(table) > 1 else torch.zeros(()))),
    "you gave the share of each column; give the best column and its share": lambda c, g: guessed(c, g),
    "you counted one group only: for each code it is the group with most rows that is guessed":
        lambda c, g: best_of(guessed(c, g, lambda table: table[:, -1].sum())),
    "you took the number of codes from the first column: each column has codes of its own": lambda c, g: best_of(
        [sum(int(g[column == code].bincount().max()) for code in range(int(c[:, 0].max()) + 1) if (column == code).any()) / len(g) for column in c.T]),
    "all that is not group 1 was counted as one group: there may be more than two":
        lambda c, g: best_of(guessed(c, g, lambda table: torch.maximum(table[:, 1], table.sum(dim=1) - table[:, 1]).sum()
            if table.shape[1] > 1 else table.sum())),
    "all that is not group 0 was counted as one group: there may be more than two":
        lambda c, g: best_of(guessed(c, g, lambda table: torch.maximum(table[:, 0], table.sum(dim=1) - table[:, 0]).sum())),
    "`mean` does not take whole numbers, and a mean of group numbers is no group: count which group is most frequent":
        lambda c, g: best_of([g.mean()]),
    "there may be more than two groups: count each of them, not only zeros and ones":
        lambda c, g: best_of(guessed(c, g, lambda table: table[:, :2].max(dim=1).values.sum())),
}
for words, program in PROXIES.items():
    mistake(strongest_proxy, words)(lambda columns, group, program=program: program(columns, group))


@takes(patrol, contract=("arguments", "twice", "device"))
def _(draw):
    divides = draw.number % 6 == 5  # a district without records is sent no patrol, and whoever corrects by dividing has 0 / 0
    k = draw.whole(2 if divides else 1, 4)
    found, records = draw.tensor(k, least=0.5) / 8, draw.tensor(k, least=0.5) * 10
    records[draw.whole(0, k - 1)] *= 0 if divides else draw.one_of(1, 1, 0) if k > 1 else 1
    return call(found, records, draw.whole(1 if divides else 0, 5), visits=draw.one_of(100.0, 40.0, 7.0),
        corrected=divides or draw.one_of(False, False, True))


def plainly(shares, rates, records, visits, corrected, found):
    return records + found(shares, rates, visits, corrected)


def walked(found, rates, records, days, visits, corrected, *, first=False, day=plainly):
    """The loop with another day, which gives the new records; first: visits follow the first day's shares."""
    shares = [records / records.sum()]
    for _ in range(days):
        records = day(shares[0] if first else shares[-1], rates, records, visits, corrected, found)
        shares.append(records / records.sum())
    return torch.stack(shares)


def even(shares, rates, visits, corrected):
    """What goes into the books: what was found, or what an even share of the visits would have found."""
    return visits * (1 / len(rates) if corrected else shares) * rates


def divided(shares, rates, visits, corrected):
    """The same by a division, which is 0 / 0 where nobody was sent."""
    return visits * shares * rates / (shares * len(rates) if corrected else 1)


def uncorrected(wrong):
    """A day that is wrong where nothing is corrected."""
    return lambda s, r, b, v, c, found: b + (found(s, r, v, c) if c else wrong(s, r, v))


def times(factor):
    """A day whose correction is so many times too large: factor(k, visits)."""
    return lambda s, r, b, v, c, found: b + found(s, r, v, c) * (factor(len(r), v) if c else 1)


DAYS = {
    "the shares stay as they were: what was found (visits, times share, times rate) is added to the records":
        lambda s, r, b, v, c, found: b,
    "the old records are forgotten: add what was found to them": lambda s, r, b, v, c, found: found(s, r, v, c),
    "every district got as many visits: as long as corrected is False, visits follow the records":
        uncorrected(lambda s, r, v: v / len(r) * r),
    "every district got all the visits: each gets its share of them": uncorrected(lambda s, r, v: v * r),
    "all visits went to the district with most records: each gets its share of them":
        uncorrected(lambda s, r, v: v * r * (torch.arange(len(s)) == s.argmax())),
    "visits is missing from what was found": lambda s, r, b, v, c, found: b + found(s, r, 1.0, c),
    "visits is what came with the call, not 100": lambda s, r, b, v, c, found: b + found(s, r, 100.0, c),
    "corrected changes nothing: with it, write down what an even share of the visits would have found":
        lambda s, r, b, v, c, found: b + found(s, r, v, False),
    "you divided by the share alone; the even share is 1 / k, so divide by share times k": times(lambda k, v: k),
    "you divided by share over k; how many times the even share is share over 1 / k, that is share times k":
        times(lambda k, v: k * k),
    "you multiplied; who was visited more often counts for less, so divide":
        lambda s, r, b, v, c, found: b + found(s, r, v, False) * (s * len(r) if c else 1),
    "you divided by the visits as well: an even share of them finds visits / k * rates": times(lambda k, v: 1 / v),
    "you divided by the number of visits; how many times the even share is share times k": times(lambda k, v: k / v),
    "there may be more than two districts: the even share is 1 / len(rates)": times(lambda k, v: k / 2),
    "you corrected the records of all days; correct what was found today, and add it":
        lambda s, r, b, v, c, found: (b + v * s * r) / (s * len(r)) if c else b + v * s * r,
}


def without_room(found, rates, records, days, *more):
    rows = torch.zeros(days, len(rates))
    for day, shares in enumerate(walked(found, rates, records, days, *more)):
        rows[day] = shares
    return rows


PATHS = {
    "the first day's shares are missing: they come before the loop": lambda found, *given: walked(found, *given)[1:],
    "only the last day is there: give the shares of all days": lambda found, *given: walked(found, *given)[-1],
    "one day too many: days + 1 rows, with the first":
        lambda found, rates, records, days, *more: walked(found, rates, records, days + 1, *more),
    "there is no room for the last day: days + 1 rows, with the first": without_room,
    "each day's visits follow that day's shares, not the first day's":
        lambda found, *given: walked(found, *given, first=True),
    "the records of the start are forgotten when the correction is off: add what was found to them, corrected or not":
        lambda found, *given: walked(found, *given, day=lambda s, r, b, v, c, found: b + found(s, r, v, c) if c else b),
}
for words, day in DAYS.items():
    for found in (even, divided):  # an answer with another mistake may correct either way
        mistake(patrol, words)(lambda rates, records, days, visits=100.0, corrected=False, day=day, found=found: walked(
            found, rates, records, days, visits, corrected, day=day))
for words, program in PATHS.items():
    for found in (even, divided):
        mistake(patrol, words)(lambda rates, records, days, visits=100.0, corrected=False, program=program, found=found: program(
            found, rates, records, days, visits, corrected))
mistake(patrol, "where a district has no records nobody is sent, and 0 / 0 is NaN: what an even share would have found "
    "needs no division")(
    lambda rates, records, days, visits=100.0, corrected=False: walked(divided, rates, records, days, visits, corrected))


@takes(drift_alarm, contract=("arguments", "twice"))
def _(draw):
    window = draw.whole(2, 6)
    n = draw.rows(1, 16)
    expected, width = draw.one_of(0.5, 0.2, 0.1, 0.4), draw.one_of(3.0, 1.0, 1.1, 1.6, 2.0)
    if draw.number % 6 == 5:
        # the limit is 0.75, and a share may lie on it
        return call(draw.bits(n, dtype=torch.float32), 0.5, 4, width=1.0)
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    if any(abs(share / window - limit) < 1e-6 for share in range(window + 1)) and (expected, window, width) != (0.5, 4, 1.0):
        width += 0.03  # on the limit itself rounding would decide, but for halves
    wrong = draw.bits(n, dtype=torch.float32)
    wrong[:100 if n > 100 else 0] = 0  # a long stream is quiet at first
    return call(wrong, expected, window, width=width)


def first_above(shares, limit, start=1):
    return next((count for count, share in enumerate(shares, start) if share > limit), None)


def limit_of(expected, window, width):
    return expected + width * (expected * (1 - expected) / window) ** 0.5


def last(mistakes, window):
    return [float(mistakes[count - window:count].double().mean()) for count in range(window, len(mistakes) + 1)]


ALARMS = {
    "that is a position, which counts from 0; give how many decisions there were": lambda m, e, w, x, right: None if right is None else right - 1,
    "that is where the window begins; the alarm rings when it ends": lambda m, e, w, x, right: None if right is None else right - w,
    "you looked at all decisions so far; look at the last `window` only, or good old days hide a bad week":
        lambda m, e, w, x, right: first_above([float(m[:count].double().mean()) for count in range(w, len(m) + 1)], limit_of(e, w, x), w),
    "you looked at one window after the other: look again after every decision":
        lambda m, e, w, x, right: next((count for count in range(w, len(m) + 1, w) if float(m[count - w:count].double().mean()) > limit_of(e, w, x)), None),
    "the limit is too high: divide by window under the root": lambda m, e, w, x, right: first_above(last(m, w), e + x * (e * (1 - e)) ** 0.5, w),
    "the limit is too low: it is expected + width * sqrt(expected * (1 - expected) / window)": lambda m, e, w, x, right: first_above(last(m, w), e, w),
    "the root is missing: expected + width * sqrt(expected * (1 - expected) / window)":
        lambda m, e, w, x, right: first_above(last(m, w), e + x * e * (1 - e) / w, w),
    "under the root stands expected * (1 - expected) / window: the factor 1 - expected is missing":
        lambda m, e, w, x, right: first_above(last(m, w), e + x * (e / w) ** 0.5, w),
    "it never rang: compare the share of the last `window` decisions with the limit, and let `return None` stand after "
    "the loop": lambda m, e, w, x, right: None,
    "say after how many decisions, not whether": lambda m, e, w, x, right: right is not None,
    "it rang at the first mistake: compare shares": lambda m, e, w, x, right: int(m.argmax()) + 1 if bool(m.any()) else None,
    "it went on after it had rung: the first time counts":
        lambda m, e, w, x, right: next((w + place for place in reversed(range(len(last(m, w)))) if last(m, w)[place] > limit_of(e, w, x)), None),
    "it rang before there were `window` decisions":
        lambda m, e, w, x, right: first_above([float(m[max(0, count - w):count].double().mean()) for count in range(1, len(m) + 1)], limit_of(e, w, x)),
    "a window that is not yet full does not ring, whatever it is divided by":
        lambda m, e, w, x, right: first_above([float(m[max(0, count - w):count].double().sum()) / w for count in range(1, len(m) + 1)], limit_of(e, w, x)),
    "where nothing rings `argmax` gives 0, which reads as the first window: ask whether any share is above the limit":
        lambda m, e, w, x, right: None if len(m) < w else w if right is None else right,
    "it stops where there are fewer decisions than `window`: then nothing rings, and the answer is None":
        lambda m, e, w, x, right: right if len(m.unfold(0, w, 1)) else None,
    "where nothing rings the answer is None": lambda m, e, w, x, right: False if right is None else right,
    "where nothing rings the answer is None, not a number": lambda m, e, w, x, right: 0 if right is None else right,
    "where nothing rings the answer is None, not minus one": lambda m, e, w, x, right: -1 if right is None else right,
    "where nothing rings the answer is None, not the end": lambda m, e, w, x, right: len(m) if right is None else right,
    "the last decision is never looked at: `range(window, len(mistakes) + 1)`": lambda m, e, w, x, right: drift_alarm(m[:-1], e, w, x),
    "it rings when the share is above the limit; one that lies on it does not ring":
        lambda m, e, w, x, right: next((w + place for place, share in enumerate(last(m, w)) if share >= limit_of(e, w, x)), None),
    "it rang because all was well: only a share above the limit rings, none below it":
        lambda m, e, w, x, right: next((w + place for place, share in enumerate(last(m, w)) if share < limit_of(e, w, x)), None),
    "you looked at one decision more than `window`": lambda m, e, w, x, right: first_above(last(m, w + 1), limit_of(e, w, x), w + 1),
    "a count is compared with a share: divide by window": lambda m, e, w, x, right: first_above([share * w for share in last(m, w)], limit_of(e, w, x), w),
    "`width` changes nothing: it was taken for 3": lambda m, e, w, x, right: drift_alarm(m, e, w, 3.0),
}
for words, program in ALARMS.items():
    mistake(drift_alarm, words)(lambda mistakes, expected, window, width=3.0, program=program: program(
        mistakes, expected, window, width, drift_alarm(mistakes, expected, window, width)))


makes_no_difference(rates, "cut off above", "a rate is at most one")
makes_no_difference(rates, "first hundred", "each group by itself: five tell as much as a hundred", "table")
for function in (at_cut, equal_false_positives):
    makes_no_difference(function, "first hundred", "there are two rows, the outcomes", "counts")
for function in (rates, patrol):
    for dtype in ("float32", "float64"):
        makes_no_difference(function, dtype, "the dtype of a rate or a share is not asked for")
makes_no_difference(worst_slice, "strictness", "of two slices that are equally bad either will do")
for name in ("rates", "records"):
    makes_no_difference(patrol, "first hundred", "a number a district, and four districts are enough to see that each "
        "has its own", name)
makes_no_difference(drift_alarm, "whole numbers", "decisions are ones and zeros", "mistakes")
