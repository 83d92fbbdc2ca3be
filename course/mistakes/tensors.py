"""Lesson 01, A block of numbers: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function.
Read course/tensors.py first."""

import itertools
import math
import operator
from collections.abc import Callable

import torch
from torch import tensor
from torch.nn import functional as F

from course.checks.draws import FLOWS, call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.tensors import crop, one_hot, pairwise_distances, rank_and_shape, recolour, standardise

# A table gives its programs the arguments that its mistakes need.
of: Callable
program: Callable

ALL_BUT_GRADIENTS = ("arguments", "twice", "dtype", "device")


@takes(rank_and_shape)
def _(draw):
    depth, whole = draw.whole(0, 5), draw.one_of(True, False)
    sizes = [draw.rows(1, 3) if axis == 0 and depth < 3 else draw.whole(1, 3) for axis in range(depth)]
    sizes += [0] * draw.one_of(0, 0, 1)  # an empty list, or several of them, where numbers would be
    return call((draw.integers(*sizes) if whole else draw.tensor(*sizes)).tolist())


EARLY = "you stopped one bracket early; go on until what you hold is no list at all"
AXES = {  # what comes of a block, its rank and its shape
    "you counted numbers; the rank counts the brackets to open before you hold one":
        lambda block, rank, shape: (math.prod(shape), shape),
    "the shape is back to front; the outermost list comes first": lambda block, rank, shape: (rank, shape[::-1]),
    EARLY: lambda block, rank, shape: (max(rank - 1, 0), shape[:-1]),
    "the two came in the wrong order; first the rank, then the shape": lambda block, rank, shape: (shape, rank),
    "the rank is one too high; a lone number already counts as 0": lambda block, rank, shape: (rank + 1, shape),
    "a lone number already counts as 0: it has no axis": lambda block, rank, shape: (1 if shape == () else rank, shape),
    "that is the shape alone; the rank goes before it, and the two make a pair": lambda block, rank, shape: shape,
    "you counted everything on each level; an axis is as long as one of the lists on it":
        lambda block, rank, shape: (rank, tuple(itertools.accumulate(shape, operator.mul))),
    "a lone number has no axis, so its rank is 0 and its shape is empty":
        lambda block, rank, shape: (rank or 1, shape or (1,)),
    "(0,) is one axis with nothing on it; a number has no axis at all, and its shape is the empty tuple, ()":
        lambda block, rank, shape: (rank, shape or (0,)),
    "you left out the axis of length 0; a shelf with nothing on it is still a shelf":
        lambda block, rank, shape: (rank - shape.count(0), tuple(length for length in shape if length)),
}
for words, of in AXES.items():
    mistake(rank_and_shape, words)(lambda block, of=of: of(block, *rank_and_shape(block)))


LONE = "a plain number has no length and no first element; look whether it is a list before you ask"
EMPTY = "an empty list has no first element to take; its length, 0, is the last you write down"
INTS = "there are numbers that are not whole; ask whether you hold a list, not whether you hold an int"
WALKS = [(EMPTY, list, False), (LONE, list, False), (LONE, list, True), (INTS, int, False), (INTS, int, True)]
for (words, is_deeper, sees_empty), touch in itertools.product(WALKS, (len, operator.itemgetter(0))):
    @mistake(rank_and_shape, words)
    def _(block, words=words, kind=is_deeper, sees_empty=sees_empty, touch=touch):
        shape = []
        if words == LONE:
            touch(block)
        while isinstance(block, list) if kind is list else not isinstance(block, int):
            if sees_empty and block == []:
                return len(shape) + 1, (*shape, 0)
            touch(block)
            shape.append(len(block))
            block = block[0]
        return len(shape), tuple(shape)


@takes(crop, contract=ALL_BUT_GRADIENTS)
def _(draw):
    rows, columns, channels = draw.rows(1, 6), draw.whole(1, 7), draw.whole(1, 5)
    height, width = draw.whole(1, rows), draw.whole(1, columns)
    whole = draw.integers(rows, columns, channels).to(draw.one_of(torch.uint8, torch.int64, torch.bool))
    image = draw.one_of(draw.tensor(rows, columns, channels), whole)
    return call(image, draw.whole(0, rows - height), draw.whole(0, columns - width), height, width)


CUTS = {
    "you reshaped: the sizes are right and the pixels are not where they were; `permute` moves axes":
        lambda i, t, left, h, w: i[t:t + h, left:left + w].reshape(i.shape[2], h, w),
    "the channels are still last": lambda i, t, left, h, w: i[t:t + h, left:left + w],
    "height and width are exchanged after the cut; the order is channels, height, width":
        lambda i, t, left, h, w: i[t:t + h, left:left + w].permute(2, 1, 0),
    "you cut `width` rows and `height` columns; rows go with height":
        lambda i, t, left, h, w: i[t:t + w, left:left + h].permute(2, 0, 1),
    "your slice ends at `height`; it has to end at top + height, and likewise for the columns":
        lambda i, t, left, h, w: i[t:h, left:w].permute(2, 0, 1),
    "top and left are exchanged; rows come first, so `top` cuts the first axis":
        lambda i, t, left, h, w: i[left:left + h, t:t + w].permute(2, 0, 1),
    "one row and one column too many: a slice stops before its end, so there is nothing to add":
        lambda i, t, left, h, w: i[t:t + h + 1, left:left + w + 1].permute(2, 0, 1),
    "you told `permute` where each axis goes; it asks where each comes from, and the first to come is the old axis 2":
        lambda i, t, left, h, w: i[t:t + h, left:left + w].permute(1, 2, 0),
    "[...][...] cuts the rows, and then the rows again; both slices go into one pair of brackets, with a comma":
        lambda i, t, left, h, w: i[t:t + h][left:left + w].permute(2, 0, 1),
    "you cut the columns first; an image's first axis is its rows, so top and height belong there":
        lambda i, t, left, h, w: i[left:left + w, t:t + h].permute(2, 0, 1),
    "you moved the axes and then cut the first two; once the channels lead, rows and columns are the last two":
        lambda i, t, left, h, w: i.permute(2, 0, 1)[t:t + h, left:left + w],
    "you cut as if the channels came first already; here they are the last axis":
        lambda i, t, left, h, w: i[:, t:t + h, left:left + w],
    "you divided by 255 as well: cutting and moving changes no number": lambda i, t, left, h, w: crop(i, t, left, h, w) / 255,
    "your rectangle sits in the image's corner; the slices have to start at top and at left":
        lambda i, t, left, h, w: i[:h, :w].permute(2, 0, 1),
}
for words, program in CUTS.items():
    mistake(crop, words)(lambda image, top, left, height, width, of=program: of(image, top, left, height, width))
for fewest in (1, 2, 3):  # with fewer channels an index is out of range
    @mistake(crop, "you count on three channels, and there are not always three; move the axis as a whole")
    def _(image, top, left, height, width, fewest=fewest):
        if image.shape[2] < fewest:
            raise IndexError
        return crop(image, top, left, height, width)[:3]


# The tolerance: a hair of 1e-8 added to every deviation is nobody's fault; columns in small units tell it from more.
# Eighths and powers of 2 in both dtypes: their sums are exact, and equal values have no spread.
@takes(standardise, tolerance=3e-4)
def _(draw):
    asked = draw.number % FLOWS == 1  # whether gradients flow: zeros need not carry any, so let the first column change
    table = draw.tensor(draw.rows(2 if asked else 1), draw.whole(1, 4), dtype=torch.float32).to(draw.dtype)
    constant = draw.bits(table.shape[1]).bool() & (draw.one_of(0, 1) == 1)
    table = torch.where(constant, table[0].round(), table)
    if asked:
        table[0, 0] = table[1, 0] + 1
    return call(table * tensor([1, 1 / 1024, 32], dtype=draw.dtype)[draw.integers(table.shape[1], most=2)])


def root_mean_square(x):
    return x.square().mean(dim=0).sqrt()


COLUMNS = {  # of the table, what is left without its means, its deviations, and what makes a divisor of a deviation
    "one mean and one deviation for the whole table; each column needs its own, so name an axis":
        lambda t, left, s, by: (t - t.mean()) / by(t.std(correction=0)),
    "you standardised rows; the axis to name is the one that disappears, and here that is the rows' axis, 0":
        lambda t, left, s, by: (t - t.mean(1, keepdim=True)) / by(t.std(1, correction=0, keepdim=True)),
    "you divided by the variance; the standard deviation is its root": lambda t, left, s, by: left / by(s ** 2),
    "your standard deviation divides by n - 1; this one divides by n: `correction=0`":
        lambda t, left, s, by: left / by(t.std(0)),
    "under the root you summed the squares; it is their mean that is wanted there":
        lambda t, left, s, by: left / by(left.square().sum(0).sqrt()),
    "that is the mean distance from the mean; the standard deviation squares first, takes the mean, and then the root":
        lambda t, left, s, by: left / by(left.abs().mean(0)),
    "the deviation is measured from the mean: subtract it before you square":
        lambda t, left, s, by: left / by(root_mean_square(t)),
    "the means are gone and the spread is still there; divide by the standard deviation": lambda t, left, s, by: left,
    "the deviations are each column's own and the mean is the whole table's; name the axis there too":
        lambda t, left, s, by: (t - t.mean()) / by(s),
    "the means are each column's own and the deviation is the whole table's; name the axis there too":
        lambda t, left, s, by: left / by(t.std(correction=0)),
    "you divided and did not subtract; the mean comes off first": lambda t, left, s, by: t / by(s),
    "only the mean was divided, for / goes before -; put the difference in brackets":
        lambda t, left, s, by: t - t.mean(0) / by(s),
    "you squeezed every column into 0 to 1; what is asked for is mean 0 and deviation 1":
        lambda t, left, s, by: (t - t.amin(0)) / by(t.amax(0) - t.amin(0)),
    "one column that never changes has made zeros of the whole table; decide for each column by itself":
        lambda t, left, s, by: left / by(s) * (s > 0).all(),
    "the sizes do not fit: name axis 0 for mean and deviation, or keep the axis with `keepdim`":
        lambda t, left, s, by: (t - t.mean(1)) / by(t.std(1, correction=0)),
}
ENDS = [  # what is done about deviations of 0: a 1 in their place, infinity, a hair, nothing; zeros or no NaN after
    (lambda s: torch.where(s == 0, 1, s), lambda right, result: result),
    (lambda s: torch.where(s == 0, torch.inf, s), lambda right, result: result),
    (lambda s: s + 1e-8, lambda right, result: result),
    (lambda s: s, lambda right, result: result),
    (lambda s: torch.where(s == 0, 1, s), lambda right, result: torch.where((right == 0).all(dim=0), 0, result)),
    (lambda s: s, lambda right, result: result.nan_to_num(0)),
]
for (words, of), (by, end) in itertools.product(COLUMNS.items(), ENDS):
    @mistake(standardise, words)
    def _(table, of=of, by=by, end=end):
        return end(standardise(table), of(table, table - table.mean(0), table.std(0, correction=0), by))
mistake(standardise, "a column that never changes has a deviation of 0, and 0 / 0 is NaN; divide by 1 there")(
    lambda t: (t - t.mean(0)) / t.std(0, correction=0))
mistake(standardise, "the column that never changes should become zeros, and yours stayed as it was")(
    lambda t: torch.where(t.std(0, correction=0) == 0, t, standardise(t)))
mistake(standardise, "an `if` was asked about a whole row of deviations: choose for each one, with `torch.where`")(
    lambda t: standardise(t) if t.std(0, correction=0) != 0 else t * 0)
for hair in (1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6):
    mistake(standardise, "you added something to every deviation, and columns that do change feel it")(
        lambda t, hair=hair: (t - t.mean(0)) / (t.std(0, correction=0) + hair))


# The tolerance: the identity |a|² + |b|² - 2ab keeps half of the digits where two points meet. In float32 numbers are
# eighths, and their squares exact.
@takes(pairwise_distances, tolerance=1e-4)
def _(draw):
    n, d = draw.rows(), draw.whole(1, 5)
    first = draw.tensor(n, d)
    second = draw.one_of(draw.tensor(draw.whole(1, 6), d), first.clone(), first[: draw.whole(1, n)].flip(0))
    return call(first, second)


PAIRS = {  # of all differences, (n, m, d)
    "these are squared distances; the root is missing": lambda gaps: gaps.square().sum(-1),
    "you added up plain differences, as a taxi drives; this distance is as the crow flies: add up the squares, then "
    "take one root":
        lambda gaps: gaps.abs().sum(-1),
    "you took the largest difference; the squares of all of them are to be summed": lambda gaps: gaps.abs().amax(-1),
    "you took the mean over the coordinates; this distance is a sum": lambda gaps: gaps.square().mean(-1).sqrt(),
    "there should be a row for each point of `first` and a column for each of `second`; yours is the other way round":
        lambda gaps: gaps.square().sum(-1).sqrt().T,
    "you summed over the points of `second`; the axis to sum away is that of the coordinates, the last one":
        lambda gaps: gaps.square().sum(1).sqrt(),
    "you summed over the points of `first`; the axis to sum away is that of the coordinates, the last one":
        lambda gaps: gaps.square().sum(0).sqrt(),
    "you summed before you squared, so steps there and back cancel; square each difference first":
        lambda gaps: gaps.sum(-1).abs(),
    "these are sums of differences, some below nought, and no distance is; square each difference before you sum":
        lambda gaps: gaps.sum(-1),
    "that is a single number for all the pairs; name the axis to sum along, the last one":
        lambda gaps: gaps.square().sum().sqrt(),
    "the coordinates are still there, one by one; sum their squares along the last axis before the root":
        lambda gaps: gaps.abs(),
    "you count on two coordinates, and a point may have any number d; square and sum along the whole axis":
        lambda gaps: (gaps[..., 0].square() + gaps[..., 1].square()).sqrt(),
    "you take the points for ones of two or of three coordinates; square and sum along the whole axis":
        lambda gaps: (gaps[..., 0].square() + gaps[..., 1].square() + gaps[..., 2].square()).sqrt(),
}
for words, of in PAIRS.items():
    mistake(pairwise_distances, words)(lambda first, second, of=of: of(first[:, None] - second))
mistake(pairwise_distances, "the two sets do not line up: (n, d) and (m, d) need a new axis each, so that pairs meet")(
    lambda first, second: (first - second).square().sum(-1).sqrt())
mistake(pairwise_distances, "the identity takes the product off twice: - 2ab")(
    lambda a, b: (a.square().sum(1)[:, None] + b.square().sum(1) - a @ b.T).clamp(min=0).sqrt())
NAN = "rounding left |a|^2 + |b|^2 - 2ab a hair below nought, where there is no root; `clamp(min=0)` it first"
mistake(pairwise_distances, NAN)(lambda a, b: (a.square().sum(1)[:, None] + b.square().sum(1) - 2 * a @ b.T).sqrt())
mistake(pairwise_distances, NAN)(lambda a, b: (a.square().sum(1)[:, None] - 2 * a @ b.T + b.square().sum(1)).sqrt())


for hair in (1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7):
    mistake(pairwise_distances, "something is added under the root: a point lies at distance 0 from itself")(
        lambda a, b, hair=hair: ((a[:, None] - b).square().sum(-1) + hair).sqrt())


@takes(one_hot)
def _(draw):
    classes = draw.whole(1, 7)
    return call(draw.integers(draw.rows(), most=classes - draw.whole(1, classes)), classes)  # the last may be missing


SWITCHES = {
    "every row has the switches of all labels; `[:, labels] = 1` writes into all rows: pair each with its own label":
        lambda labels, c, right: right.amax(0).expand(len(labels), c),
    "you count labels from 1; label 0 belongs to the first column": lambda labels, c, right: torch.eye(c)[labels - 1],
    "there are fewer columns than classes; the largest label that happens to be here is not the last class there is":
        lambda labels, c, right: torch.eye(int(labels.max()) + 1)[labels],
    "a row for each class came, and a row for each label is wanted": lambda labels, c, right: right.T,
    "you wrote the label where a 1 belongs; a switch is on or off": lambda labels, c, right: right * labels[:, None],
    "you exchanged on and off": lambda labels, c, right: 1 - right,
    "your columns are numbered from 1; the first column is the switch of label 0":
        lambda labels, c, right: (labels[:, None] == torch.arange(1, c + 1)).float(),
    "that is one row for all labels together; each label wants a row of its own": lambda labels, c, right: right.amax(0),
    "that is one row with how many labels of each class there are; each label wants a row of its own":
        lambda labels, c, right: right.sum(0),
    "that is a column too many; the labels 0 to classes - 1 need `classes` of them":
        lambda labels, c, right: torch.eye(c + 1)[labels],
    "the labels (n,) and the columns (classes,) meet number by number; give the labels an axis of length 1 at the end":
        lambda labels, c, right: (labels == torch.arange(c)).float(),
    "you used a label as the number of a row; the row is the label's place, and the label picks the column":
        lambda labels, c, right: torch.zeros(len(labels), c).index_fill(0, labels, 1),
    "row and column are exchanged: the row is the label's place, and the label picks the column":
        lambda labels, c, right: torch.zeros(len(labels), c).index_put((labels, torch.arange(len(labels))), tensor(1.)),
}
for words, of in SWITCHES.items():
    mistake(one_hot, words)(lambda labels, classes, of=of: of(labels, classes, one_hot(labels, classes)))


@takes(recolour)
def _(draw):
    old = draw.whole(1, 5)
    long = draw.number // 12 % 2  # which of the two may be more than a hundred
    n, new = (draw.rows(1, 4) if axis == long else draw.whole(1, 4) for axis in range(2))
    return call(draw.tensor(n, draw.whole(1, 4), draw.whole(1, 4), old), draw.tensor(new, old))


MIXES = {
    "the matrix is the wrong way round: its rows belong to the new channels, so the old channels' letter is its second":
        lambda x, m: x @ m,
    "you multiplied and did not sum; the old channels' letter should not appear on the right":
        lambda x, m: x[..., None, :] * m,
    "you summed the new channels away as well; their letter belongs on the right": lambda x, m: x @ m.sum(0),
    "you kept the old channels and summed the new ones; it is the other way round": lambda x, m: x * m.sum(0),
    "the new channels came out in front; they belong last, where the old ones were":
        lambda x, m: (x @ m.T).permute(0, 3, 1, 2),
    "the new channels became the very first axis; they belong last, where the old ones were":
        lambda x, m: (x @ m.T).permute(3, 0, 1, 2),
    "you summed over the images too; `n` belongs on the right": lambda x, m: (x @ m.T).sum(0),
    "that is a mean over the old channels; a weighted sum is not divided by how many there are":
        lambda x, m: x @ m.T / m.shape[1],
    "height and width have changed places; on the right, too, the order is n, h, w":
        lambda x, m: (x @ m.T).transpose(1, 2),
    "only the first image came back; the whole batch is wanted": lambda x, m: (x @ m.T)[:1],
    "`reshape` does not turn the matrix, it breaks its rows elsewhere: `matrix.T`, or its letters the other way round":
        lambda x, m: x @ m.reshape(m.shape[1], m.shape[0]),
    "`*` only multiplies; the products still have to be summed, each row's by itself": lambda x, m: x * m,
}
for words, program in MIXES.items():
    mistake(recolour, words)(lambda images, matrix, program=program: program(images, matrix))


@mistake(recolour, "you count on three channels, and there are not always three; let the sum run along the whole axis")
def _(images, matrix):
    if images.shape[-1] < 3:
        raise IndexError
    return recolour(images[..., :3], matrix[:, :3])


@mistake(recolour, "you made room for as many channels as came in; there are as many new ones as the matrix has rows")
def _(images, matrix):
    if len(matrix) > matrix.shape[1]:
        raise IndexError
    return F.pad(recolour(images, matrix), (0, matrix.shape[1] - len(matrix)))


@mistake(recolour, "you wrote new channels over old ones that are still needed, so new ones were mixed again")
def _(images, matrix):
    images = images.clone()
    for channel, row in enumerate(matrix):
        images[..., channel] = images @ row
    return images


for kind in ("a list", "float32", "float64", "detached"):
    makes_no_difference(rank_and_shape, kind, "it takes no tensor and gives back none")
for kind in ("detached", "argument detached"):
    makes_no_difference(crop, kind, "the docstring asks for pixels: nobody trains through a crop")
for end in ("top + height", "left + width"):
    makes_no_difference(crop, "strictness", "a rectangle has a row and a column at least", end)
makes_no_difference(one_hot, "strictness", "a label that has no switch is against the docstring", "classes")
for kind, because in {"cut off above": "a switch is 0 or 1", "whole numbers": "labels are whole", "float32": "so it is",
                      "detached": "labels carry no gradient", "argument detached": "labels carry no gradient"}.items():
    makes_no_difference(one_hot, kind, because)
