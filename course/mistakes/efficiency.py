"""Lesson 14, Does size matter?: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/efficiency.py first."""

from collections.abc import Callable

import torch
import torch.nn.functional as F

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.efficiency import (
    codebook,
    convolution_cost,
    distillation_loss,
    magnitude_masks,
    nearest,
    quantise,
    training_cost,
)

# A table gives its programs the arguments that its mistakes need.
program: Callable

NUMBERS = ("twice",)  # plain numbers come and go: nothing can be changed, and nothing has a dtype
NO_FLOW = ("arguments", "twice", "dtype", "device")  # codes and masks are whole numbers: no gradient goes through them


def tell(right, table, adapt=lambda way: way):
    """Programs by the words that name them; several where the same is done in several ways. adapt: gives a program the
    defaults of the right function."""
    for words, programs in table.items():
        for one in programs if isinstance(programs, list) else [programs]:
            mistake(right, words)(adapt(one))


@takes(training_cost, contract=NUMBERS, tolerance=1e-6)
def _(draw):
    return call(
        draw.one_of(1e9, 4e8, 7e9, 1.75e11), draw.one_of(2e10, 3e9, 3e11), draw.one_of(1, 2, 8, 10, 1000),
        draw.one_of(1e14, 3.12e14, 5e12), draw.one_of(0.5, 0.4, 1.0, 0.25), draw.one_of(400, 250, 1000, 75), draw.one_of(2.0, 0.5, 1.0, 24.48),
    )


def bill(p, t, n, s, u, w, c, times=6.0, an_hour=3600.0, a_day=24.0):
    """The right bill, with other factors in it."""
    hours = times * p * t / (n * s * u) / an_hour
    return hours / a_day, hours * n * c, hours * n * w / 1000


TRAINING_COST = {
    "you took two operations a weight and token: that is the way forward alone, and the way back takes four more":
        lambda p, t, n, s, u, w, c: bill(p, t, n, s, u, w, c, times=2),
    "you took one operation a weight and token: it is six": lambda p, t, n, s, u, w, c: bill(p, t, n, s, u, w, c, times=1),
    "you took three operations a weight and token, so a multiplication and an addition as one: here they count two":
        lambda p, t, n, s, u, w, c: bill(p, t, n, s, u, w, c, times=3),
    "the devices are at their best speed: they reach a share of it, `used`": [
        lambda p, t, n, s, u, w, c: bill(p, t, n, s, 1, w, c),
    ],
    "you multiplied the time by `used`: a lower share makes it longer, so divide": lambda p, t, n, s, u, w, c: bill(p, t, n, s, 1 / u, w, c),
    "the days are those of one device: they work side by side": lambda p, t, n, s, u, w, c: (
        n * training_cost(p, t, n, s, u, w, c)[0], *training_cost(p, t, n, s, u, w, c)[1:]),
    "money and energy are those of one device: there are `devices` of them": lambda p, t, n, s, u, w, c: (
        training_cost(p, t, n, s, u, w, c)[0], *(part / n for part in training_cost(p, t, n, s, u, w, c)[1:])),
    "the money is that of one device: each is paid for": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[1] / n, b[2]),
    "the energy is that of one device: each draws power": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[1], b[2] / n),
    "money and energy count the devices twice: `devices` of them share the work, and each is paid for as long as it lasts":
        lambda p, t, n, s, u, w, c: ((b := bill(p, t, n, s, u, w, c))[0], b[1] * n, b[2] * n),
    "the devices are left out altogether": lambda p, t, n, s, u, w, c: ((b := bill(p, t, 1, s, u, w, c))[0], b[1], b[2]),
    "the energy is in watt-hours: a kilowatt-hour is a thousand of them": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[1], b[2] * 1000),
    "the first number is in hours: days are wanted": lambda p, t, n, s, u, w, c: ((b := bill(p, t, n, s, u, w, c))[0] * 24, b[1], b[2]),
    "the first number is in seconds: days are wanted": lambda p, t, n, s, u, w, c: ((b := bill(p, t, n, s, u, w, c))[0] * 86400, b[1], b[2]),
    "an hour has 3,600 seconds; you divided by 60": lambda p, t, n, s, u, w, c: bill(p, t, n, s, u, w, c, an_hour=60),
    "the price is of an hour, and you paid it by the day": lambda p, t, n, s, u, w, c: ((b := bill(p, t, n, s, u, w, c))[0], b[1] / 24, b[2]),
    "the energy is in kilowatt-days: hours are wanted": lambda p, t, n, s, u, w, c: ((b := bill(p, t, n, s, u, w, c))[0], b[1], b[2] / 24),
    "the price is of an hour, and you paid it by the second": lambda p, t, n, s, u, w, c: ((b := bill(p, t, n, s, u, w, c))[0], b[1] * 3600, b[2]),
    "energy and money have changed places: (days, money, kilowatt-hours)": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[2], b[1]),
    "the energy is in joules: a kilowatt-hour is 3,600,000 of them": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[1], b[2] * 3.6e6),
    "the energy is in kilojoules, thousand watts for a second: a kilowatt-hour is 3,600 of them": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[1], b[2] * 3600),
    "the energy counts the share `used` of the watts: a device draws what it draws, whatever it reaches": lambda p, t, n, s, u, w, c: (
        (b := bill(p, t, n, s, u, w, c))[0], b[1], b[2] * u),
    "only the days came: money and energy are wanted as well": lambda p, t, n, s, u, w, c: training_cost(p, t, n, s, u, w, c)[0],
    "the tokens are left out: each weight works once for each of them": lambda p, t, n, s, u, w, c: bill(p, 1, n, s, u, w, c),
}
tell(training_cost, TRAINING_COST)


@takes(convolution_cost, contract=NUMBERS)
def _(draw):
    groups = draw.one_of(1, 1, 2, 3, 4, 16)
    each_in = draw.whole(1, 5)
    each_out = draw.whole(1, 5)
    side = draw.one_of(1, 3, 5, 2)
    return call(groups * each_in, groups * each_out, side, draw.whole(1, 9), draw.whole(1, 9), groups=groups)


def counted(weights, places, times=2):
    return weights, times * weights * places


CONVOLUTION_COST = {
    "groups are not looked at: a kernel sees channels_in / groups channels": lambda i, o, s, r, c, g: convolution_cost(i, o, s, r, c),
    "you divided both numbers of channels by the groups: that is one group alone, and there are channels_out kernels in all":
        lambda i, o, s, r, c, g: counted((i // g) * (o // g) * s * s, r * c),
    "you multiplied by the groups: each of them makes the kernels thinner": lambda i, o, s, r, c, g: counted(i * g * o * s * s, r * c),
    "a multiplication and an addition count two here, and you counted one": lambda i, o, s, r, c, g: counted((i // g) * o * s * s, r * c, 1),
    "the kernel has side x side places: you took one side": lambda i, o, s, r, c, g: counted((i // g) * o * s, r * c),
    "you added two for the sides where it is a square: side * side": lambda i, o, s, r, c, g: counted((i // g) * o * 2 * s, r * c),
    "only the kernels are counted, and not that each looks at several channels": lambda i, o, s, r, c, g: counted(o * s * s, r * c),
    "that is one kernel: there are channels_out of them": lambda i, o, s, r, c, g: counted((i // g) * s * s, r * c),
    "a bias is counted: there is none": [
        lambda i, o, s, r, c, g: counted((i // g) * o * s * s + o, r * c),
        lambda i, o, s, r, c, g: ((i // g) * o * s * s + o, 2 * (i // g) * o * s * s * r * c),
        lambda i, o, s, r, c, g: ((i // g) * o * s * s, 2 * ((i // g) * o * s * s + o) * r * c),
        lambda i, o, s, r, c, g: ((i // g) * o * s * s, (2 * (i // g) * o * s * s + o) * r * c),
    ],
    "the operations are those at one place: each weight is used at rows x columns places":
        lambda i, o, s, r, c, g: counted((i // g) * o * s * s, 1),
    "the places are rows x columns: you added them": lambda i, o, s, r, c, g: counted((i // g) * o * s * s, r + c),
    "the places are rows x columns: you squared the rows": lambda i, o, s, r, c, g: counted((i // g) * o * s * s, r * r),
    "rows and columns are those that go out: you took off what the kernel loses at the edge":
        lambda i, o, s, r, c, g: counted((i // g) * o * s * s, (r - s + 1) * (c - s + 1)),
    "the weights are in bytes: give their number": lambda i, o, s, r, c, g: (4 * (i // g) * o * s * s, convolution_cost(i, o, s, r, c, g)[1]),
    "the first of n products needs no addition, which is true, and not how it is counted: each weight counts two at each place":
        lambda i, o, s, r, c, g: ((i // g) * o * s * s, (2 * (i // g) * s * s - 1) * o * r * c),
    "weights and operations have changed places": lambda i, o, s, r, c, g: convolution_cost(i, o, s, r, c, g)[::-1],
    "only the operations came: weights are wanted as well": lambda i, o, s, r, c, g: convolution_cost(i, o, s, r, c, g)[1],
    "only the weights came: operations are wanted as well": lambda i, o, s, r, c, g: convolution_cost(i, o, s, r, c, g)[0],
    "`/` gives numbers with a decimal point: weights and operations are whole numbers, so divide with `//`":
        lambda i, o, s, r, c, g: counted(i / g * o * s * s, r * c),
}
tell(convolution_cost, CONVOLUTION_COST, lambda way: lambda channels_in, channels_out, side, rows, columns, groups=1: way(
    channels_in, channels_out, side, rows, columns, groups))


def in_doubt(values, centres, steps):
    """Whether a value is as near to one centre as to another, or nearly, at any step: then rounding decides."""
    values, centres = values.double(), centres.double()
    for _ in range(steps + 1):
        away = (values[:, None] - centres).abs().sort(dim=1).values
        if len(centres) > 1 and bool(((away[:, 1] - away[:, 0]) < 1e-3).any()):
            return True
        centres = codebook(values, centres, 1)[0]
    return False


@takes(codebook, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    values = draw.tensor(draw.rows(1, 9))
    centres = draw.tensor(draw.one_of(2, 3, 1, 4, 5), distinct=True)
    steps = draw.one_of(1, 0, 2, 3, 6)
    # Values are moved until none is in doubt, each by another small amount, so that equal ones stay near each other.
    for attempt in range(60):
        if not in_doubt(values, centres, steps):
            break
        values = values + (0.0137 + 0.0071 * attempt) * (1 + values.abs().sqrt())
    return call(values, centres, steps)


def moved(values, centres, steps, to=None, belong=nearest, empty=None, end=True):
    """The right loop, with one thing in it done otherwise."""
    codes = belong(values, centres)
    for _ in range(steps):
        codes = belong(values, centres)
        fresh = []
        for number in range(len(centres)):
            own = values[codes == number]
            if len(own):
                fresh.append((to or torch.mean)(own))
            else:
                fresh.append(centres[number] if empty is None else centres.new_tensor(empty))
        centres = torch.stack(fresh)
    return centres.clone(), belong(values, centres) if end else codes


def one_after_another(values, centres, steps):
    """Belonging is looked up anew after each centre moves."""
    centres = centres.clone()
    for _ in range(steps):
        for number in range(len(centres)):
            own = values[nearest(values, centres) == number]
            if len(own):
                centres[number] = own.mean()
    return centres, nearest(values, centres)


def until_still(values, centres, steps):
    return codebook(values, centres, 40)


CODEBOOK = {
    "the numbers are those of before the last move: say once more who belongs to whom":
        lambda v, c, s: moved(v, c, s, end=False),
    "a centre without values became NaN: it stays where it is": lambda v, c, s: moved(v, c, s, empty=float("nan")),
    "a centre without values went to 0: it stays where it is": lambda v, c, s: moved(v, c, s, empty=0.0),
    "one step was made, whatever `steps` says": lambda v, c, s: codebook(v, c, 1),
    "no step was made": lambda v, c, s: codebook(v, c, 0),
    "there is one step too many": lambda v, c, s: codebook(v, c, s + 1),
    "there is one step too few": lambda v, c, s: codebook(v, c, max(0, s - 1)),
    "`steps` says how often the centres move, and you went on until they stood still": until_still,
    "centres move to the median of their values; the mean is wanted": lambda v, c, s: moved(v, c, s, to=torch.median),
    "centres move to the middle between the smallest and the largest of their values; the mean is wanted":
        lambda v, c, s: moved(v, c, s, to=lambda own: (own.min() + own.max()) / 2),
    "centres move to the sum of their values; the mean is wanted": lambda v, c, s: moved(v, c, s, to=torch.sum),
    "a value belongs to the nearest centre, and you took the one furthest away":
        lambda v, c, s: moved(v, c, s, belong=lambda x, m: (x[:, None] - m).abs().argmax(dim=1)),
    "the distance has lost its `abs()`: the nearest is not the most negative difference":
        lambda v, c, s: moved(v, c, s, belong=lambda x, m: (x[:, None] - m).argmin(dim=1)),
    "the distance has lost its `abs()`, on the other side: the nearest is not the largest centre":
        lambda v, c, s: moved(v, c, s, belong=lambda x, m: (m - x[:, None]).argmin(dim=1)),
    "you looked for the nearest value of each centre: each value looks for its nearest centre":
        lambda v, c, s: (codebook(v, c, s)[0], (v[:, None] - codebook(v, c, s)[0]).abs().argmin(dim=0)),
    "one centre moved after another, and each time it was asked anew who belongs to whom: ask once a step, then move them all":
        one_after_another,
    "you looked between the middles of neighbours, and `centres` may come in any order: look for the smallest distance":
        lambda v, c, s: moved(v, c, s, belong=lambda x, m: torch.searchsorted((m[1:] + m[:-1]) / 2, x)),
    "the last centre never moves: `range(len(centres))`": [
        lambda v, c, s: but_the_last(v, c, s, lambda codes: len(c) - 1),
        lambda v, c, s: but_the_last(v, c, s, lambda codes: int(codes.max())),
    ],
    "the centres are sorted: they keep their order": lambda v, c, s: codebook(v, c.sort().values, s),
    "those are the values, each replaced by its centre: give the numbers of the centres":
        lambda v, c, s: ((found := codebook(v, c, s))[0], found[0][found[1]]),
    "numbers and centres have changed places: the centres come first": lambda v, c, s: codebook(v, c, s)[::-1],
    "only the centres came: the number of the nearest one for each value is wanted as well": lambda v, c, s: codebook(v, c, s)[0],
    "only the numbers came: the centres are wanted as well": lambda v, c, s: codebook(v, c, s)[1],
    "the numbers begin at 1: they begin at 0": lambda v, c, s: ((found := codebook(v, c, s))[0], found[1] + 1),
    "the numbers are floats: they are places in a table, int64": lambda v, c, s: ((found := codebook(v, c, s))[0], found[1].to(v.dtype)),
    "a centre moves half of the way to the mean: it moves there": lambda v, c, s: halfway(v, c, s),
    "the sums are divided by the number of all values: by those that belong to the centre":
        lambda v, c, s: moved(v, c, s, to=lambda own: own.sum() / len(v)),
    "your centres begin evenly spaced between the smallest and the largest value: they begin where `centres` says":
        lambda v, c, s: codebook(v, torch.linspace(float(v.min()), float(v.max()), len(c), dtype=v.dtype), s),
}


def but_the_last(values, centres, steps, until):
    for _ in range(steps):
        end = until(nearest(values, centres))
        centres = torch.cat([codebook(values, centres, 1)[0][:end], centres[end:]])
    return centres.clone(), nearest(values, centres)


def halfway(values, centres, steps):
    for _ in range(steps):
        centres = (centres + codebook(values, centres, 1)[0]) / 2
    return centres.clone(), nearest(values, centres)


tell(codebook, CODEBOOK)


def one_of_equals(value, given):
    """Of equal sizes at the border any may go: masks that are right but for that are read as the course's own."""
    own = magnitude_masks(given.tensors, given.share)
    if not isinstance(value, list | tuple) or [getattr(mask, "shape", None) for mask in value] != [mask.shape for mask in own]:
        return value
    if any(bool(((mask != 0) & (mask != 1)).any()) for mask in value):
        return value
    row = torch.cat([tensor.abs().flatten() for tensor in given.tensors])
    stay, wanted = (row[torch.cat([mask.flatten() for mask in masks]) != 0].sort().values for masks in (value, own))
    alike = stay.shape == wanted.shape and bool((stay == wanted).all())
    return type(value)(mask.to(one.dtype) for one, mask in zip(value, own, strict=True)) if alike else value


# Where masks lie is not asked: the lesson says no word of devices, and whoever begins with torch.ones(n) is right.
@takes(magnitude_masks, contract=("arguments", "twice", "dtype"), seen=one_of_equals)
def _(draw):
    count = draw.one_of(2, 1, 3)
    shapes = [(draw.rows(1, 5),) if draw.one_of(True, False) else (draw.whole(1, 4), draw.whole(1, 3)) for _ in range(count)]
    total = sum(torch.zeros(shape).numel() for shape in shapes)
    # Sizes from a drawn order, unevenly spaced, with signs drawn too; in some calls three are alike, zeros among them.
    order = draw.tensor(total, distinct=True).argsort().to(draw.dtype)
    signs = 2 * draw.bits(total) - 1
    row = ((order // 3) ** 2 if draw.number % 6 == 4 else (order + 1) ** 2) / 16 * signs
    return call([part.view(shape) for part, shape in zip(row.split([torch.zeros(s).numel() for s in shapes]), shapes, strict=True)],
                draw.one_of(0.5, 0.25, 0.0, 1.0, 0.75, 0.875))


def each(tensors, share, keep):
    """Masks from a rule for the row of all sizes."""
    row = torch.cat([tensor.abs().flatten() for tensor in tensors])
    parts = keep(row).split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def border(row, count, strict=True):
    """Who is above the border that leaves so many out."""
    if count >= len(row):
        return torch.zeros_like(row, dtype=torch.bool)
    found = row.sort().values[count]
    return row > found if strict else row >= found


MAGNITUDE_MASKS = {
    "True is who goes: True stays": lambda t, s: [~mask for mask in magnitude_masks(t, s)],
    "the largest go: the smallest are to": [
        lambda t, s: [~mask for mask in magnitude_masks(t, 1 - s)],
        lambda t, s: each(t, s, lambda row: row.argsort(descending=True).argsort() >= int(s * len(row))),
    ],
    "of weights of equal size at the border all go: as many may go as the share comes to, and no more":
        lambda t, s: each(t, s, lambda row: row > (row.sort().values[int(s * len(row)) - 1] if int(s * len(row)) else -1)),
    "of weights of equal size at the border all stay: as many are to go as the share comes to":
        lambda t, s: each(t, s, lambda row: border(row, int(s * len(row)), False)),
    "`[-0:]` is the whole row: where nobody is to go everybody went": lambda t, s: (
        magnitude_masks(t, s) if int(s * len(row_of(t))) else magnitude_masks(t, 1.0)),
    "signs count: a large negative weight is large": lambda t, s: each(
        t, s, lambda row: magnitude_masks([row_of(t).sub(row_of(t).min()) + 1e-3], s)[0]),
    "each tensor has a border of its own: there is one for all of them": lambda t, s: [magnitude_masks([one], s)[0] for one in t],
    "the weight at the border went as well: one too many": [
        lambda t, s: each(t, s, lambda row: border(row, int(s * len(row)))),
        lambda t, s: each(t, s, lambda row: border(row, min(len(row), int(s * len(row)) + 1), False)),
    ],
    "`share` is how many stay: it is how many go": lambda t, s: magnitude_masks(t, 1 - s),
    "what the share comes to is rounded up: round it down": lambda t, s: each(
        t, s, lambda row: border(row, -int(-s * len(row) // 1), False)),
    "what the share comes to is rounded to the nearest: round it down": lambda t, s: each(
        t, s, lambda row: border(row, round(s * len(row)), False)),
    "share was taken of the largest weight, and not of the number of weights": [
        lambda t, s: each(t, s, lambda row: row > s * row.max()),
        lambda t, s: each(t, s, lambda row: row >= s * row.max()),
    ],
    "share was taken as the border itself: it says how many go": [
        lambda t, s: [one.abs() > s for one in t],
        lambda t, s: [one.abs() >= s for one in t],
    ],
    "the masks are floats: torch.bool is wanted": lambda t, s: [mask.to(t[0].dtype) for mask in magnitude_masks(t, s)],
    "those are the pruned weights: give the masks": lambda t, s: [mask * one for mask, one in zip(magnitude_masks(t, s), t, strict=True)],
    "the masks are flat: each has its tensor's shape": lambda t, s: [mask.flatten() for mask in magnitude_masks(t, s)],
    "the masks are in one row: cut it into a list, one for each tensor": lambda t, s: torch.cat([m.flatten() for m in magnitude_masks(t, s)]),
    "only the first tensor's mask came": lambda t, s: magnitude_masks(t, s)[:1],
    "the ranks are not the order: argsort says who is at each place, and not at which place each is":
        lambda t, s: each(t, s, lambda row: row.argsort() >= int(s * len(row))),
    "the first weights go, not the smallest": lambda t, s: each(t, s, lambda row: torch.arange(len(row)) >= int(s * len(row))),
    "half of them go, whatever `share` says": lambda t, s: magnitude_masks(t, 0.5),
    "all below the mean of the sizes go, whatever `share` says": lambda t, s: each(t, s, lambda row: row >= row.mean()),
    "quantile lies between two weights and counts otherwise: line them up, and let int(share * how many) go": [
        lambda t, s: each(t, s, lambda row: row > torch.quantile(row, s)),
        lambda t, s: each(t, s, lambda row: row >= torch.quantile(row, s)),
    ],
}


def row_of(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors])


tell(magnitude_masks, MAGNITUDE_MASKS)


def half_way(values, low, high, bits):
    """Whether a value, or 0, lies as near to one mark as to another, or nearly: then rounding decides."""
    step = (high - low) / (2**bits - 1)
    places = torch.cat([values.double().flatten(), torch.tensor([-low], dtype=torch.float64)]) / step
    return bool(((places - places.floor() - 0.5).abs() < 5e-4).any())


# A scale may be worked out in several ways, which differ in the last digits, and in float32 in the eighth.
@takes(quantise, contract=NO_FLOW, tolerance=1e-6)
def _(draw):
    shape = (draw.rows(1, 6),) if draw.one_of(True, False) else (draw.whole(1, 4), draw.whole(1, 4))
    values = draw.tensor(*shape)
    low, high, bits = draw.one_of(-1.0, 0.0, -3.0, -2.0, -0.5), draw.one_of(2.0, 3.0, 1.0, 0.5, 4.0), draw.maybe(8, 1, 7)
    if low == 0 and draw.one_of(False, True):
        low, high = -high, 0.0
    if draw.number % 6 == 4:
        # The same on both sides of 0, and a value at its upper end: both are half-way between two codes and go up, to a
        # code that there is not. In binary fractions, so that they are just half-way in every way to compute it.
        bits = max(2, bits)
        high = (2**bits - 1) / 16
        values = values.abs()
        values[(0,) * values.ndim] = high
        return call(values, -high, high, bits=bits)
    for attempt in range(80):
        if not half_way(values, low, high, bits):
            break
        low, high = (low * (1.013 + 0.0017 * attempt), high) if high == 0 else (low, high * (1.013 + 0.0017 * attempt))
    return call(values, low, high, bits=bits)


def marked(v, low, high, bits, scale=None, zero=None, code=None, dtype=torch.uint8, clamp=True, zero_of=None):
    """The right three, with one thing in them done otherwise."""
    most = 2**bits - 1
    scale = (high - low) / most if scale is None else scale
    zero = round(-low / scale) if zero is None else zero
    codes = (v / scale).round() + zero if code is None else code(v, scale, zero)
    return (codes.clamp(0, most) if clamp else codes).to(dtype), scale, zero


QUANTISE = {
    "there are 2 ** bits codes, and one step fewer between them: divide by 2 ** bits - 1":
        lambda v, lo, hi, b: marked(v, lo, hi, b, scale=(hi - lo) / 2**b),
    "`bits` changes nothing: with fewer bits there are fewer codes": lambda v, lo, hi, b: quantise(v, lo, hi, 8),
    "what lies outside of the range is not cut off, and a byte begins again at 0 after 255":
        lambda v, lo, hi, b: marked(v, lo, hi, b, clamp=False, code=lambda x, s, z: ((x / s).round() + z) % 256),
    "the codes are cut off at 255, whatever `bits` says: the last is 2 ** bits - 1":
        lambda v, lo, hi, b: marked(v, lo, hi, b, clamp=False, code=lambda x, s, z: ((x / s).round() + z).clamp(0, 255)),
    "the last code is 2 ** bits - 1: you cut off at 2 ** bits": lambda v, lo, hi, b: marked(
        v, lo, hi, b, clamp=False, code=lambda x, s, z: ((x / s).round() + z).clamp(0, min(255, 2**b))),
    "the values are kept between low and high, and the codes are not: rounded, the largest may come to 2 ** bits, which is no code":
        lambda v, lo, hi, b: marked(v.clamp(lo, hi), lo, hi, b, clamp=False, code=lambda x, s, z: ((x / s).round() + z) % 256),
    "you counted marks from low, and 0 falls between two of them: round x / scale, and add the zero point": [
        lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: ((x - lo) / s).round()),
    ],
    "the zero point is missing from the codes": lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: (x / s).round()),
    "the zero point is taken away: add it": lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: (x / s).round() - z),
    "you cut off what comes after the point: round to the nearest":
        lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: (x / s).trunc() + z),
    "you rounded down: round to the nearest": lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: (x / s).floor() + z),
    "you rounded x / scale + zero down, as a change of dtype does: round to the nearest":
        lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: (x / s + z).clamp(min=0).floor()),
    "the zero point is rounded down: round it to the nearest": lambda v, lo, hi, b: marked(v, lo, hi, b, zero=int(-lo / ((hi - lo) / (2**b - 1)))),
    "the zero point is not rounded: it is a code, a whole number":
        lambda v, lo, hi, b: marked(v, lo, hi, b, zero=-lo / ((hi - lo) / (2**b - 1)), code=lambda x, s, z: (x / s + z).round()),
    "the zero point has the wrong sign: it is -low / scale": lambda v, lo, hi, b: marked(v, lo, hi, b, zero=round(lo / ((hi - lo) / (2**b - 1)))),
    "the zero point is in the middle, whatever the range: it is -low / scale": lambda v, lo, hi, b: marked(v, lo, hi, b, zero=2 ** (b - 1)),
    "the zero point is 0, whatever the range: it is -low / scale": lambda v, lo, hi, b: marked(v, lo, hi, b, zero=0),
    "the range is that of the values: it is `low` and `high` that say it": lambda v, lo, hi, b: quantise(
        v, min(float(v.min()), 0.0), max(float(v.max()), 1e-3), b),
    "the scale is upside down: it is the step between neighbours, (high - low) / (2 ** bits - 1)":
        lambda v, lo, hi, b: (quantise(v, lo, hi, b)[0], (2**b - 1) / (hi - lo), quantise(v, lo, hi, b)[2]),
    "you multiplied by the scale: divide by it": lambda v, lo, hi, b: marked(v, lo, hi, b, code=lambda x, s, z: (x * s).round() + z),
    "the codes are floats: torch.uint8 is wanted": lambda v, lo, hi, b: marked(v, lo, hi, b, dtype=v.dtype),
    "the codes are int64: torch.uint8 is wanted, one byte each": lambda v, lo, hi, b: marked(v, lo, hi, b, dtype=torch.int64),
    "the codes are int8, half of them below 0: torch.uint8 is wanted, from 0": lambda v, lo, hi, b: (
        (marked(v, lo, hi, b, dtype=torch.int64)[0] - 2 ** (b - 1)).to(torch.int8), *quantise(v, lo, hi, b)[1:]),
    "those are the values that the codes stand for: give the codes": lambda v, lo, hi, b: (
        (found := quantise(v, lo, hi, b))[1] * (found[0].to(v.dtype) - found[2]), *found[1:]),
    "only the codes came: scale and zero point are wanted as well": lambda v, lo, hi, b: quantise(v, lo, hi, b)[0],
    "scale and zero point have changed places": lambda v, lo, hi, b: ((found := quantise(v, lo, hi, b))[0], found[2], found[1]),
    "your marks are the same on both sides of 0, of the larger end: they go from low to high":
        lambda v, lo, hi, b: quantise(v, -max(-lo, hi), max(-lo, hi), b),
}
tell(quantise, QUANTISE, lambda way: lambda values, low, high, bits=8: way(values, low, high, bits))


@takes(distillation_loss)
def _(draw):
    n, classes = draw.rows(1, 5), draw.whole(2, 4)
    sure = draw.one_of(1, 1, 1, 400)  # a teacher so sure that a probability of its is 0 in float32
    made = call(draw.tensor(n, classes), sure * draw.tensor(n, classes), draw.integers(n, most=classes - 1),
                temperature=draw.one_of(4.0, 1.0, 2.0, 0.5, 8.0), share=draw.one_of(0.9, 0.0, 1.0, 0.5, 0.25))
    return made.gradient(0) if draw.number % 8 == 5 else made


def softly(z, temperature):
    return (z / temperature).log_softmax(dim=1)


def apart(p, q, mean=True):
    """The divergence, from logarithms of both."""
    rows = (p.exp() * (p - q)).sum(dim=1)
    return rows.mean() if mean else rows


def two_parts(s, t, y, T, a, teacher=None, labels=None, squared=True):
    """The right loss, with one part of it done otherwise."""
    far = apart(softly(t, T), softly(s, T)) if teacher is None else teacher
    near = F.cross_entropy(s, y) if labels is None else labels
    return (1 - a) * near + a * (T**2 if squared else 1) * far


DISTILLATION_LOSS = {
    "the temperature squared is missing": lambda s, t, y, T, a: two_parts(s, t, y, T, a, squared=False),
    "the teacher's part is multiplied by the temperature: by its square": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, squared=False, teacher=T * apart(softly(t, T), softly(s, T))),
    "the two shares have changed places: `share` is the teacher's": lambda s, t, y, T, a: two_parts(s, t, y, T, 1 - a),
    "both parts count in full: `share` divides between them": lambda s, t, y, T, a: F.cross_entropy(s, y) + T**2 * apart(softly(t, T), softly(s, T)),
    "the labels' part counts in full: 1 - share of it": lambda s, t, y, T, a: F.cross_entropy(s, y) + a * T**2 * apart(softly(t, T), softly(s, T)),
    "the divergence is the wrong way round: the teacher's probabilities weigh the differences":
        lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=apart(softly(s, T), softly(t, T))),
    "`kl_div` divides by rows times classes unless you ask for reduction=\"batchmean\": take the mean over rows only":
        lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=apart(softly(t, T), softly(s, T), False).mean() / s.shape[1]),
    "the rows are added up: take their mean": lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=apart(softly(t, T), softly(s, T), False).sum()),
    "that is the cross-entropy with the teacher's probabilities: the divergence has p log p in it as well":
        lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=-(softly(t, T).exp() * softly(s, T)).sum(dim=1).mean()),
    "the student is not softened: divide both logits by the temperature":
        lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=apart(softly(t, T), softly(s, 1))),
    "the teacher is not softened: divide both logits by the temperature":
        lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=apart(softly(t, 1), softly(s, T))),
    "the temperature changes the weight only: the logits are to be divided by it": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=apart(softly(t, 1), softly(s, 1))),
    "the labels' part is softened: it is taken at temperature 1": lambda s, t, y, T, a: two_parts(s, t, y, T, a, labels=F.cross_entropy(s / T, y)),
    "the logits are multiplied by the temperature: divide": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=apart(softly(t, 1 / T), softly(s, 1 / T))),
    "the softmax runs over the rows: over the classes, dim=1": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=((t / T).softmax(dim=0) * ((t / T).log_softmax(dim=0) - (s / T).log_softmax(dim=0))).sum(dim=1).mean()),
    "that is the mean squared difference of the probabilities: the divergence is wanted": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=(softly(t, T).exp() - softly(s, T).exp()).square().mean()),
    "that is the squared difference of the logits: the divergence of the softened probabilities is wanted":
        lambda s, t, y, T, a: two_parts(s, t, y, T, a, teacher=F.mse_loss(s / T, t / T)),
    "the teacher's best guess is taken for a label: its probabilities are wanted": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=F.cross_entropy(s / T, t.argmax(dim=1))),
    "the labels are not looked at": lambda s, t, y, T, a: a * T**2 * apart(softly(t, T), softly(s, T)),
    "the teacher is not looked at": lambda s, t, y, T, a: (1 - a) * F.cross_entropy(s, y),
    "the labels' part is the teacher's loss, not the student's": lambda s, t, y, T, a: two_parts(s, t, y, T, a, labels=F.cross_entropy(t, y)),
    "`temperature` changes nothing": lambda s, t, y, T, a: distillation_loss(s, t, y, 4.0, a),
    "`share` changes nothing": lambda s, t, y, T, a: distillation_loss(s, t, y, T, 0.9),
    "the sign of the divergence is turned round: p (log p - log q)": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=-apart(softly(t, T), softly(s, T))),
    "cross_entropy takes logits, and you gave it probabilities": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, labels=F.cross_entropy(s.softmax(dim=1), y)),
    "softmax and then its logarithm gives NaN where a probability is 0: `log_softmax` does both at once": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, teacher=((t / T).softmax(dim=1) * ((t / T).softmax(dim=1).log() - (s / T).softmax(dim=1).log())).sum(dim=1).mean()),
    "no gradient of the teacher's part reaches the student, who learns nothing from it": lambda s, t, y, T, a: two_parts(s, t, y, T, a, apart(
        softly(t, T), softly(s.detach(), T))),
    "no gradient of the labels' part reaches the student, who learns nothing from them": lambda s, t, y, T, a: two_parts(
        s, t, y, T, a, labels=F.cross_entropy(s.detach(), y)),
    "the loss is a number for each row: take the mean": lambda s, t, y, T, a: (
        (1 - a) * F.cross_entropy(s, y, reduction="none") + a * T**2 * apart(softly(t, T), softly(s, T), False)),
}
for words, program in DISTILLATION_LOSS.items():
    mistake(distillation_loss, words)(
        lambda student, teacher, labels, temperature=4.0, share=0.9, way=program: way(student, teacher, labels, temperature, share)
    )


makes_no_difference(codebook, "first hundred", "there are five centres at most", "centres")
makes_no_difference(magnitude_masks, "a list", "what comes out is a list already")
A_LIST = "the argument is a list of tensors, and the change is one of a tensor: it leaves a list as it is"
for kind in ("whole numbers", "first hundred", "last is left out", "argument written into"):
    makes_no_difference(magnitude_masks, kind, A_LIST, "tensors")
makes_no_difference(magnitude_masks, "kept by shape", "a list has no shape to keep anything by")
makes_no_difference(distillation_loss, "a list", "the loss has no axes to make a list of; where there are some, its gradient is read")
