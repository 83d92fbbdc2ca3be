"""Lesson 08, augmentation: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that helps.
Read course/augmentation.py first."""

from collections.abc import Callable
from functools import reduce

import torch
from torch import tensor

from course.augmentation import bilinear, compose, random_matrices, reflect, relight, rotation, shift, where_from
from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes

# A table gives its programs the arguments that its mistakes need.
program: Callable

NUMBERS = ("arguments", "twice", "dtype")  # matrices are float32 whatever comes, as `shift` makes them


@takes(rotation, contract=NUMBERS)
def _(draw):
    degrees = draw.one_of(1, -1) * draw.whole(0, 1480) / 8
    return call(draw.one_of(degrees, degrees, degrees, 90, 0.0), (draw.whole(0, 20) / 2, draw.whole(0, 15) / 4))


def turn_of(angle, signs=(-1, 1), swapped=False):
    c, s = (angle.sin(), angle.cos()) if swapped else (angle.cos(), angle.sin())
    return tensor([[c, signs[0] * s, 0], [signs[1] * s, c, 0], [0, 0, 1]])


def turned(degrees, signs=(-1, 1), swapped=False):
    return turn_of(torch.deg2rad(tensor(float(degrees))), signs, swapped)


def about(turn, centre):
    return shift(*centre) @ turn @ shift(-centre[0], -centre[1])


def last_row(matrix, row):
    return torch.cat([matrix[..., :2, :], tensor(row).expand(*matrix.shape[:-2], 1, 3)], dim=-2)


# The angle in degrees is a, the centre (x, y).
ROTATIONS = {
    "you turned about the corner (0, 0): carry the centre there first, and back afterwards": lambda a, x, y: turned(a),
    "your turn goes against the clock (or is the inverse): the minus belongs to the sine in the first row":
        lambda a, x, y: about(turned(a, (1, -1)), (x, y)),
    "the three steps are in the wrong order: the first one, shift(-x, -y), stands on the right of the product":
        lambda a, x, y: about(turned(a), (-x, -y)),
    "the centre was carried to (0, 0) and never back": lambda a, x, y: turned(a) @ shift(-x, -y),
    "the centre is carried back, but it was never carried to (0, 0) before the turn":
        lambda a, x, y: shift(x, y) @ turned(a),
    "the centre was carried away by (x, y) and never back, and shift(-x, -y) is what carries it to (0, 0)":
        lambda a, x, y: turned(a) @ shift(x, y),
    "both shifts go the same way, by (x, y): the first has to go by (-x, -y)":
        lambda a, x, y: shift(x, y) @ turned(a) @ shift(x, y),
    "both shifts go the same way, by (-x, -y): the last has to go by (x, y)":
        lambda a, x, y: shift(-x, -y) @ turned(a) @ shift(-x, -y),
    "the turn is not between the two shifts, which undo one another there: back @ turn @ away":
        lambda a, x, y: turned(a) @ shift(x, y) @ shift(-x, -y),
    "you took the centre as (y, x): it is (x, y), pixels to the right first": lambda a, x, y: about(turned(a), (y, x)),
    "you gave degrees to cosine and sine, and they want radians: torch.deg2rad":
        lambda a, x, y: about(turn_of(tensor(float(a))), (x, y)),
    "torch.rad2deg goes the other way, from radians to degrees: torch.deg2rad":
        lambda a, x, y: about(turn_of(torch.rad2deg(tensor(float(a)))), (x, y)),
    "you turned by half of it: 180 degrees are pi radians, not 2 pi": lambda a, x, y: about(turned(a / 2), (x, y)),
    "you turned by twice as much: 180 degrees are pi radians, and 360 are 2 pi":
        lambda a, x, y: about(turned(2 * a), (x, y)),
    "you turn by whole degrees only: an angle has fractions": lambda a, x, y: about(turned(int(a)), (x, y)),
    "you turn by rounded degrees only: an angle has fractions": lambda a, x, y: about(turned(round(a)), (x, y)),
    "cosine and sine are rounded to whole numbers: they lie anywhere between -1 and 1":
        lambda a, x, y: about(turned(a).round(), (x, y)),
    "sine and cosine have changed places": lambda a, x, y: about(turned(a, swapped=True), (x, y)),
    "both sines have a plus: one of them is minus, in the first row": lambda a, x, y: about(turned(a, (1, 1)), (x, y)),
    "both sines have a minus: only the one in the first row does": lambda a, x, y: about(turned(a, (-1, -1)), (x, y)),
    "the second minus is missing: the centre (x, y) is carried to (0, 0) by shift(-x, -y)":
        lambda a, x, y: shift(x, y) @ turned(a) @ shift(-x, y),
    "the first minus is missing: the centre (x, y) is carried to (0, 0) by shift(-x, -y)":
        lambda a, x, y: shift(x, y) @ turned(a) @ shift(x, -y),
    "`*` multiplies entry by entry: the product of two matrices is `@`":
        lambda a, x, y: shift(x, y) * turned(a) * shift(-x, -y),
    "you added the matrices up: one step after the other is a product, `@`":
        lambda a, x, y: shift(x, y) + turned(a) + shift(-x, -y),
    "the last column is not the centre itself: it comes out of the product of the three steps":
        lambda a, x, y: turned(a) + shift(x, y) - torch.eye(3),
    "the last column is not the centre with a minus: it comes out of the product of the three steps":
        lambda a, x, y: turned(a) + shift(-x, -y) - torch.eye(3),
    "the last row is 0 0 1, also that of the turn: the 1 keeps the passenger":
        lambda a, x, y: shift(x, y) @ last_row(turned(a), [0., 0., 0.]) @ shift(-x, -y),
    "you gave the four numbers of the turn alone: (3, 3) is wanted, with the shift in the last column":
        lambda a, x, y: turned(a)[:2, :2],
    "the last row, 0 0 1, is missing": lambda a, x, y: about(turned(a), (x, y))[:2],
    "this is the matrix for places written as rows: here they are columns, and the shift stands in the last column":
        lambda a, x, y: about(turned(a), (x, y)).T,
}
mistake(rotation, "torch's functions want a tensor, and a plain number came: tensor(degrees)")(
    lambda degrees, centre: about(turn_of(torch.deg2rad(degrees)), centre))
for words, program in ROTATIONS.items():
    mistake(rotation, words)(lambda degrees, centre, program=program: program(degrees, *centre))


@takes(compose, contract=NUMBERS)
def _(draw):
    return call([draw.tensor(3, 3, least=-1, most=1, dtype=torch.float32) for _ in range(draw.whole(1, 5))])


def chained(steps):
    return reduce(lambda done, step: step @ done, steps)


CHAINS = {
    "the order is the wrong way round: the first in the list has to stand on the right of the product":
        lambda m: chained(m[::-1]),
    "`*` multiplies entry by entry: the product of two matrices is `@`":
        lambda m: reduce(lambda one, other: one * other, m),
    "`*` multiplies entry by entry, and so begins with the ones and zeros of torch.eye(3): the product of two matrices "
    "is `@`":

        lambda m: reduce(lambda one, other: one * other, m, torch.eye(3)),
    "you added the matrices up: one after the other is a product": sum,
    "only the first two are in it: go on to the end of the list": lambda m: chained(m[:2]),
    "the first of the list is missing": lambda m: chained([torch.eye(3), *m[1:]]),
    "the last of the list is missing": lambda m: chained([torch.eye(3), *m[:-1]]),
    "you gave the first matrix back as it came; is your `return` inside the loop?": lambda m: m[0],
    "you gave the last matrix alone: each step is multiplied with what was there before": lambda m: m[-1],
    "only the first and the last are in it: go through the whole list": lambda m: m[-1] @ m[0] if len(m) > 1 else m[0],
    "the matrix that does nothing came back: `step @ done` alone changes nothing, give the product its name, `done = "
    "step @ done`":

        lambda m: torch.eye(3),
    "you began with zeros, and zero times anything is zero: the matrix that does nothing is torch.eye(3)":
        lambda m: torch.zeros(3, 3),
    "you began with ones: the matrix that does nothing is torch.eye(3), ones on the diagonal and zeros elsewhere":
        lambda m: chained([torch.ones(3, 3), *m]),
    "the first of the list is in it twice: begin with it and go on from the second, or begin with torch.eye(3)":
        lambda m: chained([m[0], *m]),
    "you made the last row 0 0 1: leave it as the product has it, for it need not be so (section 3)":
        lambda m: last_row(chained(m), [0., 0., 1.]),
    "torch.linalg.multi_dot wants two matrices at least, and a list may hold one":
        lambda m: torch.linalg.multi_dot(m[::-1]),
    "your code asks for a second matrix, and a list may hold one: go through the list, however long it is":
        lambda m: chained([m[1] @ m[0], *m[2:]]),
    "a single matrix is not in it: a list may hold one, and that one is the answer":
        lambda m: chained(m) if len(m) > 1 else torch.eye(3),
    "you took the inverse of the product: what is done is wanted, not what undoes it":
        lambda m: torch.linalg.inv(chained(m)),
}
for words, program in CHAINS.items():
    mistake(compose, words)(lambda matrices, program=program: program(matrices))


@takes(where_from, contract=NUMBERS)
def _(draw):
    across, down = ((draw.number_between(1, 2), draw.number_between(-0.5, 0.5), draw.whole(-3, 3)) for _ in range(2))
    moves = tensor([[*across], [down[1], down[0], down[2]], [0, 0, 1]])
    if draw.whole(0, 1):  # the third number of a new pixel's old place is 1 and something more
        tilt = tensor([[1., 0., 0.], [0., 1., 0.], [-draw.number_between(0, 0.5), -draw.number_between(0.1, 0.4), 1.]])
        moves = draw.one_of(1, 2, 0.5, -1) * tilt @ moves
    return call(moves, draw.whole(1, 5), draw.whole(1, 4))


def grid(height, width, start=0.0):
    y, x = torch.meshgrid(torch.arange(height) + start, torch.arange(width) + start, indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], dim=-1)


def at(places, matrix):
    """The places (..., 3) moved by a matrix, the third number divided out."""
    out = places @ matrix.T
    return out[..., :2] / out[..., 2:]


def torches(height, width):
    """Places from -1 to 1."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], dim=-1)


# The matrix is m, its inverse i, the new pixels' places g, of height h and width w.
PLACES = {
    "you asked where each pixel goes: its inverse says where it came from": lambda m, i, g, h, w: at(g, m),
    "your places are (y, x), row first: x comes first here": lambda m, i, g, h, w: at(g, i).flip(-1),
    "you gave the matrix places (y, x): it wants (x, y, 1), the column first":
        lambda m, i, g, h, w: at(g[..., [1, 0, 2]], i),
    "you gave the matrix places (y, x), and took what came for (y, x) too: it wants (x, y, 1), and gives x first":
        lambda m, i, g, h, w: at(g[..., [1, 0, 2]], i).flip(-1),
    "rows and columns have changed places: (height, width, 2) is wanted, and indexing='ij' gives rows first":
        lambda m, i, g, h, w: at(g, i).transpose(0, 1),
    "height and width have changed places: as many rows as the height": lambda m, i, g, h, w: at(grid(w, h), i),
    "the two numbers of a place belong on the last axis: (height, width, 2), not (2, height, width)":
        lambda m, i, g, h, w: at(g, i).permute(2, 0, 1),
    "your places are in one long row: (height, width, 2) is wanted": lambda m, i, g, h, w: at(g, i).flatten(0, 1),
    "the passenger is still there: divide x and y by the third number, and give back those two":
        lambda m, i, g, h, w: g @ i.T,
    "the passenger is still there, divided by itself: give back x and y":
        lambda m, i, g, h, w: (g @ i.T) / (g @ i.T)[..., 2:],
    "with places along the last axis it is `places @ inverse.T`: without the T, rows and columns of the matrix are "
    "exchanged":

        lambda m, i, g, h, w: at(g, i.T),
    "you turned rows into columns, `.T`, to undo the matrix: that undoes turns only, and in general it is "
    "torch.linalg.inv":

        lambda m, i, g, h, w: at(g, m.T),
    "your pixels are counted from 1: the first one is at (0, 0)": lambda m, i, g, h, w: at(grid(h, w, 1.0), i),
    "you added half a pixel: here (0, 0) is the centre of the first pixel":
        lambda m, i, g, h, w: at(grid(h, w, 0.5), i),
    "your pixels run from -1 to 1: here they are at 0, 1, 2, ..., width - 1":
        lambda m, i, g, h, w: at(torches(h, w), i),
    "your pixels run up to the width and the height: the last one is at width - 1, so they are a little more than 1 "
    "apart":
        lambda m, i, g, h, w: at(g * tensor([w / max(w - 1, 1), h / max(h - 1, 1), 1.0]), i),
    "the sign of the third number is lost: divide by it as it comes":
        lambda m, i, g, h, w: (g @ i.T)[..., :2] / (g @ i.T)[..., 2:].abs(),
    "`reshape` has cut the rows up: what is (2, n) has to be turned into (n, 2) first, by `.T`":
        lambda m, i, g, h, w: at(g, i).permute(2, 0, 1).reshape(h, w, 2),
    "`inverse @ places` mixes the pixels of a row with each other: with places along the last axis it is `places @ "
    "inverse.T`":

        lambda m, i, g, h, w: (i @ g)[..., :2] / (i @ g)[..., 2:],
    "`torch.arange(3)` holds whole numbers: `.float()` makes fractions of them, which a matrix can be multiplied with":
        lambda m, i, g, h, w: g.long() @ i.T,
    "one over each entry is not the inverse of a matrix: that is torch.linalg.inv": lambda m, i, g, h, w: at(g, 1 / m),
    "a minus before the matrix does not undo it: the inverse does, torch.linalg.inv":
        lambda m, i, g, h, w: at(g, 2 * torch.eye(3) - m),
    "the passenger was left at home: the shift in the last column needs its 1":
        lambda m, i, g, h, w: g[..., :2] @ i[:2, :2].T,
    "the third number was not divided out: x and y are worth x / third and y / third":
        lambda m, i, g, h, w: (g @ i.T)[..., :2],
    "you divided x by the third number, and not y":
        lambda m, i, g, h, w: (g @ i.T)[..., :2] / torch.stack([(g @ i.T)[..., 2], g[..., 2]], dim=-1),
    "you divided y by the third number, and not x":
        lambda m, i, g, h, w: (g @ i.T)[..., :2] / torch.stack([g[..., 2], (g @ i.T)[..., 2]], dim=-1),
    "you multiplied by the third number: divide": lambda m, i, g, h, w: (g @ i.T)[..., :2] * (g @ i.T)[..., 2:],
    "you divided all by one third number: each pixel has its own":
        lambda m, i, g, h, w: (g @ i.T)[..., :2] / (g @ i.T)[0, 0, 2],
    "the third number is the one before the inverse is asked: it comes out of the product with it":
        lambda m, i, g, h, w: (g @ i.T)[..., :2] / (g @ m.T)[..., 2:],
    "you made the last row of the matrix 0 0 1, and with it the perspective is gone":
        lambda m, i, g, h, w: at(g, torch.linalg.inv(last_row(m, [0., 0., 1.]))),
}
for words, program in PLACES.items():
    mistake(where_from, words)(lambda matrix, height, width, program=program: program(
        matrix, torch.linalg.inv(matrix), grid(height, width), height, width))


@takes(bilinear)
def _(draw):
    height, width, shape = draw.rows(1, 5), draw.whole(1, 6), draw.one_of((draw.rows(1, 4),), (2, 3), ())
    edge = 1 if draw.whole(0, 1) else 2  # whether places may lie on the last column or row
    places = torch.stack([draw.integers(*shape, most=max(0, side - edge)) for side in (width, height)], dim=-1)
    places = places.to(draw.dtype) + draw.tensor(*shape, 2, least=0, most=0.9)
    return call(draw.tensor(height, width), torch.minimum(places, tensor([width - 1., height - 1.]).to(draw.dtype)))


def around(image, places, last=None):
    """The four pixels, upper left first, and the shares of the right and the lower ones; last: other rows, columns."""
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    rows, columns = last or image.shape
    right, bottom = (left + 1).clamp(max=columns - 1), (top + 1).clamp(max=rows - 1)
    return (image[top, left], image[top, right], image[bottom, left], image[bottom, right]), x - left, y - top


def mixed(four, across, down):
    return (1 - down) * ((1 - across) * four[0] + across * four[1]) + down * ((1 - across) * four[2] + across * four[3])


def inside(places, image):
    """1 where a place has neighbours to the right and below, 0 on the last column or row."""
    return (places < tensor([image.shape[1] - 1., image.shape[0] - 1.])).all(dim=-1)


# The four pixels are f, the share of the right ones r, of the lower ones d, the picture i, the places p.
READINGS = {
    "x and y are exchanged: a place is (x, y), and the picture is asked image[y, x]":
        lambda f, r, d, i, p: bilinear(i.T, p),
    "the weights are the wrong way round on both axes: the near pixel weighs more":
        lambda f, r, d, i, p: mixed(f, 1 - r, 1 - d),
    "across and down are exchanged: x says how far from the left pixel to the right one, y how far from the upper to "
    "the lower":

        lambda f, r, d, i, p: mixed(f, d, r),
    "the weights from left to right are the wrong way round: at 0.25 the left pixel has three quarters":
        lambda f, r, d, i, p: mixed(f, 1 - r, d),
    "the weights from top to bottom are the wrong way round: at 0.25 the upper pixel has three quarters":
        lambda f, r, d, i, p: mixed(f, r, 1 - d),
    "you took the nearest pixel: all four around a place are mixed":
        lambda f, r, d, i, p: i[p[..., 1].round().long(), p[..., 0].round().long()],
    "you took the nearest pixel, the later one half-way: all four around a place are mixed":
        lambda f, r, d, i, p: i[(p[..., 1] + 0.5).long(), (p[..., 0] + 0.5).long()],
    "you took the upper left of the four pixels: all four are mixed": lambda f, r, d, i, p: f[0],
    "you took the lower right of the four pixels: all four are mixed": lambda f, r, d, i, p: f[3],
    "you took the plain mean of the four: the near ones weigh more": lambda f, r, d, i, p: sum(f) / 4,
    "you took the greatest of the four: they are mixed": lambda f, r, d, i, p: torch.stack(f).amax(dim=0),
    "you mixed from left to right only, in the upper row: the lower row has a say too":
        lambda f, r, d, i, p: mixed(f, r, 0),
    "you mixed from top to bottom only, in the left column: the right column has a say too":
        lambda f, r, d, i, p: mixed(f, 0, d),
    "you added the four up without weights": lambda f, r, d, i, p: sum(f),
    "you added up what the two axes give: mix along one, and mix the two results along the other":
        lambda f, r, d, i, p: mixed(f, r, 0) + mixed(f, 0, d),
    "you took the mean of what the two axes give: mix along one, and mix the two results along the other":
        lambda f, r, d, i, p: (mixed(f, r, 0) + mixed(f, 0, d)) / 2,
    "`places[0]` is a place; the x of all of them are `places[..., 0]`":
        lambda f, r, d, i, p: bilinear(i, torch.stack([p[0], p[1]], dim=-1)),
    "you took the plain mean of the upper and the lower result: the nearer one weighs more":
        lambda f, r, d, i, p: mixed(f, r, 0.5),
    "you took the plain mean of the left and the right result: the nearer one weighs more":
        lambda f, r, d, i, p: mixed(f, 0.5, d),
    "the lower right pixel is not in it: all four have a say":
        lambda f, r, d, i, p: mixed(f, r, 0) + mixed(f, 0, d) - f[0],
    "the weight of the lower right pixel is missing its product: it is across times down":
        lambda f, r, d, i, p: mixed(f, r, d) - r * d * f[3],
    "the upper and the lower result are added up: the nearer one weighs more":
        lambda f, r, d, i, p: mixed(f, r, 0) + mixed(f, r, 1),
    "height and width are exchanged where you hold the neighbours inside: image.shape is (height, width)":
        lambda f, r, d, i, p: mixed(*around(i, p, i.shape[::-1])),
    "both neighbours are held inside by the height: image.shape is (height, width)":
        lambda f, r, d, i, p: mixed(*around(i, p, (len(i), len(i)))),
    "your answer has lost the places' shape: one value for each place, in their arrangement":
        lambda f, r, d, i, p: mixed(f, r, d).flatten(),
    "on the last column or row your weights are all zero: take 1 - across for the left pixel, and not right - x, for "
    "the right one has been held inside":

        lambda f, r, d, i, p: mixed(f, r, d) * inside(p, i),
    "the right and the lower neighbour must not lie beyond the last pixel: hold them inside":
        lambda f, r, d, i, p: i[p[..., 1].floor().long() + 1, p[..., 0].floor().long() + 1],
    "on a whole number `ceil` is `floor`, and your weights are all zero: the right pixel is left + 1, the left one's "
    "weight 1 - across":

        lambda f, r, d, i, p: mixed(f, r, d) * (p != p.floor()).all(dim=-1),
    "on the last column or row you took the pixel before it: floor and its neighbour, with the neighbour held inside":
        lambda f, r, d, i, p: bilinear(i, p - (p == tensor([i.shape[1] - 1., i.shape[0] - 1.])).to(p.dtype)),
}
for words, program in READINGS.items():
    mistake(bilinear, words)(lambda image, places, program=program: program(*around(image, places), image, places))


@takes(reflect)
def _(draw):
    shape = draw.one_of((draw.rows(1, 6),), (2, 3), (3, 1, 2), ())
    return call(draw.tensor(*shape) * draw.one_of(1, 2, 10, 30), draw.whole(1, 7))


def fold(p, last):
    return last - (p.remainder(2 * last) - last).abs()


def once(p, end):
    """One fold on either side, back from an end; what lies further out stays outside."""
    return lambda last: torch.where(p.abs() > last, end(last) - p.abs(), p.abs())


# The places are p, the last pixel is last, which is not 0.
FOLDS = {
    "your mirrors stand half a pixel outside, so that the edge pixel is seen twice: here they stand on the first and "
    "the last pixel":

        lambda p, last: fold(p + 0.5, last + 1) - 0.5,
    "your mirrors stand half a pixel outside, and what they show was held inside: here they stand on the first and the "
    "last pixel":

        lambda p, last: (fold(p + 0.5, last + 1) - 0.5).clamp(0, last),
    "your mirrors are a pixel too far apart: the last pixel is at size - 1": lambda p, last: fold(p, last + 1),
    "the mirror on the right is a pixel too far out: beyond size - 1 a place is folded to 2 * (size - 1) - place":
        lambda p, last: once(p, lambda e: 2 * e + 2)(last),
    "on the right the last pixel is seen twice: beyond size - 1 a place is folded to 2 * (size - 1) - place":
        lambda p, last: once(p, lambda e: 2 * e + 1)(last),
    "on the left there is a mirror, and on the right the picture begins again: fold there too":
        lambda p, last: p.abs() % (last + 1),
    "that is padding by the border: everything outside shows the last pixel": lambda p, last: p.clamp(0, last),
    "the picture begins again from its other side: that is wrapping round, and a mirror runs backwards":
        lambda p, last: p % (last + 1),
    "the picture begins again after size - 1 pixels: a mirror runs backwards": lambda p, last: p % last,
    "only places left of the picture are folded: there is a mirror on the right too": lambda p, last: p.abs(),
    "only places right of the picture are folded: there is a mirror on the left too":
        lambda p, last: torch.where(p > last, 2 * last - p, p),
    "only places right of the picture are folded; torch.fmod keeps the sign of what it gets, `%` and `remainder` do "
    "not":

        lambda p, last: torch.where(p.fmod(2 * last) > last, 2 * last - p.fmod(2 * last), p.fmod(2 * last)),
    "you took the remainder and did not fold: its second half has to run back": lambda p, last: p % (2 * last),
    "fold beyond the last pixel, size - 1, and not beyond size":
        lambda p, last: torch.where(p % (2 * last) > last + 1, 2 * last - p % (2 * last), p % (2 * last)),
    "the pattern is one pixel too long: there and back is 2 * (size - 1)":
        lambda p, last: torch.where(p % (2 * last + 1) > last, 2 * last + 1 - p % (2 * last + 1), p % (2 * last + 1)),
    "the two halves have changed places in `torch.where`: first what holds where the condition is true":
        lambda p, last: torch.where(p % (2 * last) > last, p % (2 * last), 2 * last - p % (2 * last)),
    "on the way back it is 2 * (size - 1) less the place, and you took size - 1 less the place":
        lambda p, last: torch.where(p % (2 * last) > last, last - p % (2 * last), p % (2 * last)),
    "on the way back it is 2 * (size - 1) less the place, and you took the size less the place":
        lambda p, last: torch.where(p % (2 * last) > last, last + 1 - p % (2 * last), p % (2 * last)),
    "on the way back it is 2 * (size - 1) less the place, and you took the size - 1 away":
        lambda p, last: torch.where(p % (2 * last) > last, p % (2 * last) - last, p % (2 * last)),
    "to and fro are exchanged: at place 0 it is pixel 0, and at the last place the last pixel":
        lambda p, last: last - fold(p, last),
    "your places have lost their fractions: a place may lie between two pixels": lambda p, last: fold(p.trunc(), last),
    "your places have lost their fractions, rounded down: a place may lie between two pixels":
        lambda p, last: fold(p.floor(), last),
    "your places have lost their fractions, rounded to the nearest pixel: a place may lie between two":
        lambda p, last: fold(p.round(), last),
    "your places have lost their fractions once they are folded: a place may lie between two pixels":
        lambda p, last: fold(p, last).floor(),
    "far outside, one fold on either side is not enough: two mirrors show each other, without end":
        lambda p, last: once(p, lambda e: 2 * e)(last),
    "far outside, one fold at the right mirror is not enough, nor one at the left: two mirrors show each other, "
    "without end":

        lambda p, last: torch.where(p < 0, -p, torch.where(p > last, 2 * last - p, p)),
    "you folded once more and stopped there: the remainder of a division folds as often as it takes":
        lambda p, last: once(p, lambda e: 2 * e)(last).abs(),
    "you folded once, and held inside what was still outside: the remainder of a division folds as often as it takes":
        lambda p, last: once(p, lambda e: 2 * e)(last).clamp(0, last),
    "you folded once at each mirror, and held inside what was still outside: the remainder of a division folds as "
    "often as it takes":

        lambda p, last: torch.where(p < 0, -p, torch.where(p > last, 2 * last - p, p)).clamp(0, last),
    "6 is the pattern of four pixels: of any number it is 2 * (size - 1)":
        lambda p, last: torch.where(p % 6 > last, 6 - p % 6, p % 6),
}
for words, program in FOLDS.items():
    mistake(reflect, words)(lambda places, size, program=program: program(places, size - 1))
    mistake(reflect, words)(
        lambda places, size, program=program: program(places, size - 1) if size > 1 else torch.zeros_like(places))
OF_ONE = {
    "of a single pixel every place shows that one: size 1 wants a line of its own": lambda p: p,
    "of a single pixel every place shows that one, and a remainder by 0 is no number: size 1 wants a line of its own":
        lambda p: p % 0,
    "of a single pixel every place shows that one, those between two whole numbers too: size 1 wants a line of its own":
        lambda p: fold(p, 1),
    "of a single pixel every place shows that one, those between two whole numbers too: a remainder by 1 leaves their "
    "fractions":
        lambda p: p % 1,
    "of a single pixel every place shows that one, which is pixel 0 and not 1": torch.ones_like,
    "a picture of a single pixel gives one number for each place, in their arrangement": lambda p: torch.zeros(1),
}
for words, program in OF_ONE.items():
    mistake(reflect, words)(
        lambda places, size, program=program: reflect(places, size) if size > 1 else program(places))


@takes(relight)
def _(draw):
    n = draw.rows(1, 4)
    sides = [draw.whole(1, 3) if n > 9 else draw.one_of(n, draw.whole(1, 3)) for _ in range(3)]
    images = draw.tensor(n, *sides, least=0.1, most=0.9)
    if draw.whole(0, 1):  # black and white together
        images = (images + 0 * images).contiguous()
        images.view(-1)[:: images.numel() - 1 or 1] = tensor([0., 1.][: min(2, images.numel())]).to(images)
    return call(images, draw.tensor(n), draw.tensor(n, least=0.1))


def lit(images, brightness, contrast, before=torch.logit, after=torch.sigmoid):
    return after(contrast * before(images) + brightness)


def odds(images):
    return images / (1 - images)


def same(values):
    return values


# The images are i, brightness b and contrast c, shaped (n, 1, 1, 1).
LIGHTS = {
    "the step came before the factor: contrast * logit first, then + brightness": lambda i, b, c: lit(i, b * c, c),
    "you worked on the pixels themselves: they have to go to the logits first, and back by the sigmoid":
        lambda i, b, c: lit(i, b, c, same, same),
    "you worked on the pixels and cut off what left [0, 1]: that is what burns out the sky":
        lambda i, b, c: lit(i, b, c, same, same).clamp(0, 1),
    "you worked on the pixels, about the middle grey: they have to go to the logits first":
        lambda i, b, c: lit(i - 0.5, b, c, same, same) + 0.5,
    "you worked on the pixels, about the middle grey, and cut off what left [0, 1]: they have to go to the logits "
    "first":

        lambda i, b, c: (lit(i - 0.5, b, c, same, same) + 0.5).clamp(0, 1),
    "the fraction is upside down: the logit is the logarithm of v / (1 - v)":
        lambda i, b, c: lit(i, b, c, lambda v: -torch.logit(v)),
    "the logarithm is missing: v / (1 - v) are the odds, and the logit is their logarithm":
        lambda i, b, c: lit(i, b, c, odds),
    "the logarithm alone is not the logit: it is that of v / (1 - v)": lambda i, b, c: lit(i, b, c, torch.log),
    "the logit is the natural logarithm, not that to the base of ten":
        lambda i, b, c: lit(i, b, c, lambda v: odds(v).log10()),
    "the logit is the natural logarithm, not that to the base of two":
        lambda i, b, c: lit(i, b, c, lambda v: odds(v).log2()),
    "the contrast is missing": lambda i, b, c: lit(i, b, 1),
    "the brightness is missing": lambda i, b, c: lit(i, 0, c),
    "you stayed at the logits: torch.sigmoid brings them back between 0 and 1":
        lambda i, b, c: lit(i, b, c, after=same),
    "the pixels were squeezed without having been stretched: torch.logit comes first":
        lambda i, b, c: lit(i, b, c, before=same),
    "you took the sigmoid where the logit belongs: stretch first, squeeze last":
        lambda i, b, c: lit(i, b, c, before=torch.sigmoid),
    "sigmoid and logit have changed places: stretch first, squeeze last":
        lambda i, b, c: lit(i, b, c, torch.sigmoid, torch.logit),
    "brightness and contrast have changed places": lambda i, b, c: lit(i, c, b),
    "all pictures got the light of the first: each has its own": lambda i, b, c: lit(i, b[:1], c[:1]),
    "all pictures got the mean of the lights: each has its own": lambda i, b, c: lit(i, b.mean(), c.mean()),
    "you divided by the contrast: it is a factor": lambda i, b, c: lit(i, b, 1 / c),
    "the contrast is a power for you: it is a factor": lambda i, b, c: torch.sigmoid(torch.logit(i) ** c + b),
    "you subtracted the brightness: a positive one makes brighter": lambda i, b, c: lit(i, -b, c),
    "the brightness multiplies too: it is added": lambda i, b, c: lit(i, 0, b * c),
    "the contrast was added: it is a factor": lambda i, b, c: lit(i, b + c, 1),
    "the contrast is one more than it should be: 1 is none": lambda i, b, c: lit(i, b, 1 + c),
    "tanh ends at -1 and 1: torch.sigmoid brings logits back between 0 and 1":
        lambda i, b, c: lit(i, b, c, after=torch.tanh),
    "your `return` stands inside the loop, so only the first picture had its turn": lambda i, b, c: lit(i, b, c)[0],
    "black and white have turned to middle grey: theirs are minus and plus infinity, and the sigmoid brings them back":
        lambda i, b, c: torch.where((i > 0) & (i < 1), lit(i, b, c), lit(0.5 + 0 * i, b, c)),
}
for words, program in LIGHTS.items():
    mistake(relight, words)(lambda images, brightness, contrast, program=program: program(
        images, brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)))
for nearly in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8):
    mistake(relight, "black and white have moved: cut nothing off before the logit; theirs are minus and plus "
                     "infinity, and the sigmoid brings them back")(
        lambda i, b, c, nearly=nearly: relight(i.clamp(nearly, 1 - nearly), b, c))
FOUR = (-1, 1, 1, 1)
HANDED_OUT = {"width": (-1,), "height": (-1, 1), "channels": (-1, 1, 1)}
for name, shape in HANDED_OUT.items():
    mistake(relight, f"one number a picture was handed out along the {name}: make (n, 1, 1, 1) of (n,)")(
        lambda i, b, c, shape=shape: lit(i, b.view(shape), c.view(shape)))
    mistake(relight, f"the brightness was handed out along the {name}: it too wants the shape (n, 1, 1, 1)")(
        lambda i, b, c, shape=shape: lit(i, b.view(shape), c.view(FOUR)))
    mistake(relight, f"the contrast was handed out along the {name}: it too wants the shape (n, 1, 1, 1)")(
        lambda i, b, c, shape=shape: lit(i, b.view(FOUR), c.view(shape)))


@takes(random_matrices, contract=NUMBERS)
def _(draw):
    lots = draw.tensor(draw.rows(1, 5), 4, least=0, most=0.9, dtype=torch.float32)
    centre = draw.whole(0, 9) / 2, draw.whole(0, 9) / 4
    return call(lots, draw.one_of(0.5, 0.25, 0.0, 1.0, 0.875), draw.whole(0, 90) * 2.0, draw.whole(0, 9) / 2, centre)


def spread(lots):
    return 2 * lots - 1


def by_lot(lots, p, degrees, pixels, centre, *, spread=spread, changed=None, turn=1, move=1, order=1, left_alone=None):
    changed = lots[:, 0] < p if changed is None else changed
    angle, right, down = spread(lots[:, 1:]).unbind(dim=1)
    steps = [rotation(turn * angle * degrees, centre), shift(move * right * pixels, move * down * pixels)]
    left_alone = torch.eye(3) if left_alone is None else left_alone
    return torch.where(changed[:, None, None], compose(steps[::order]), left_alone)


# The draws are d; the rest is p, degrees, pixels and centre.
LOTS = {
    "a picture is changed where its draw is below p; yours changes the others":
        lambda d, p, *most: by_lot(d, p, *most, changed=d[:, 0] >= p),
    "a picture is changed where its draw is below p; yours changes those above 1 - p":
        lambda d, p, *most: by_lot(d, p, *most, changed=d[:, 0] > 1 - p),
    "with p = 0 no picture is changed: a draw can be p exactly, so it is `<`, not `<=`":
        lambda d, p, *most: by_lot(d, p, *most, changed=d[:, 0] <= p),
    "every picture is changed: one whose first draw is p or more is left alone":
        lambda d, p, *most: by_lot(d, 1.0, *most),
    "no picture is changed: one whose first draw is below p is": lambda d, p, *most: by_lot(d, 0.0, *most),
    "a p of your own, whatever was asked for: use the p that came in": lambda d, p, *most: by_lot(d, 0.5, *most),
    "one lot decides for the whole batch: each picture has its own in column 0":
        lambda d, p, *most: by_lot(d, p, *most, changed=(d[:1, 0] < p).expand(len(d))),
    "all pictures got the turn and the shift of the first: each has its own row of draws":
        lambda d, p, *most: by_lot(torch.cat([d[:, :1], d[:1, 1:].expand(len(d), 3)], dim=1), p, *most),
    "brackets are missing: `2 * draw - 1 * most` takes the most away from a small number":
        lambda d, p, degrees, pixels, centre: by_lot(
        d, p, 1.0, 1.0, centre, spread=lambda d: 2 * d - tensor([degrees, pixels, pixels])),
    "the shift came before the turn: turn first": lambda *given: by_lot(*given, order=-1),
    "you turned about the corner: about the centre is wanted":
        lambda d, p, degrees, pixels, centre: by_lot(d, p, degrees, pixels, (0., 0.)),
    "the turn goes against the clock, as its inverse does: a draw above a half turns with it":
        lambda *given: by_lot(*given, turn=-1),
    "a picture that is left alone has a matrix of zeros, which sends every place to nowhere: torch.eye(3) leaves it "
    "alone":

        lambda *given: by_lot(*given, left_alone=torch.zeros(3, 3)),
    "right and down are exchanged: column 2 is how far right, column 3 how far down":
        lambda d, *more: by_lot(d[:, [0, 1, 3, 2]], *more),
    "both shifts came from one column: column 2 is how far right, column 3 how far down":
        lambda d, *more: by_lot(d[:, [0, 1, 2, 2]], *more),
    "both shifts came from the last column: column 2 is how far right, column 3 how far down":
        lambda d, *more: by_lot(d[:, [0, 1, 3, 3]], *more),
    "your shift to the right came from the column of the turn: column 1 turns, 2 goes right, 3 goes down":
        lambda d, *more: by_lot(d[:, [0, 1, 1, 3]], *more),
    "the turn came from column 0, which decides whether: column 1 turns":
        lambda d, *more: by_lot(d[:, [0, 0, 2, 3]], *more),
    "you read the columns as turn, right, down, whether: whether comes first":
        lambda d, *more: by_lot(d[:, [3, 0, 1, 2]], *more),
    "the shift is missing": lambda *given: by_lot(*given, move=0),
    "the turn is missing": lambda *given: by_lot(*given, turn=0),
    "a picture that is left alone is shifted all the same": lambda d, p, degrees, pixels, centre: by_lot(
        d, p, degrees, pixels, centre, left_alone=by_lot(d, 1.0, 0, pixels, centre)),
    "a picture that is left alone is turned all the same": lambda d, p, degrees, pixels, centre: by_lot(
        d, p, degrees, pixels, centre, left_alone=by_lot(d, 1.0, degrees, 0, centre)),
    "one matrix came for the whole batch: each picture gets its own": lambda *given: by_lot(*given)[0],
    "your `return` stands inside the loop, so only the first picture had its turn": lambda *given: by_lot(*given)[:1],
    "`torch.cat` lays the matrices one below the other: `torch.stack` makes (n, 3, 3) of them":
        lambda *given: by_lot(*given).flatten(0, 1),
    "the pictures that are left alone have fallen out of the batch: each picture gets a matrix":
        lambda d, p, *most: torch.stack([m for m, lot in zip(by_lot(d, p, *most), d[:, 0], strict=False) if lot < p]),
    "the matrices are still in a list: torch.stack makes one tensor (n, 3, 3) of them":
        lambda *given: list(by_lot(*given)),
}
for words, program in LOTS.items():
    mistake(random_matrices, words)(program)
SPREADS = {
    "your draws go one way only: draw * most is never negative, (2 * draw - 1) * most goes to either side": same,
    "your draws reach half as far as they should: draw - 0.5 ends at 0.5, 2 * draw - 1 at 1": lambda d: d - 0.5,
    "your draws run the wrong way: a draw of 0 is minus the most, and one near 1 plus the most": lambda d: 1 - 2 * d,
    "2 * (draw - 1) runs from -2 to 0: it is 2 * draw - 1": lambda d: 2 * (d - 1),
    "2 * draw runs from 0 to 2: it is 2 * draw - 1": lambda d: 2 * d,
    "draw - 1 runs from -1 to 0: it is 2 * draw - 1": lambda d: d - 1,
}
for words, other in SPREADS.items():
    for part, turn, shifts in (("", other, other), ("the shifts are right; in the turn ", other, spread),
                               ("the turn is right; in the shifts ", spread, other)):
        mistake(random_matrices, part + words)(lambda *given, turn=turn, shifts=shifts: by_lot(
            *given, spread=lambda d: torch.cat([turn(d[:, :1]), shifts(d[:, 1:])], dim=1)))


for slip in ("first hundred", "last is left out", "argument written into", "kept by shape"):
    makes_no_difference(rotation, slip, "`degrees` is a plain number in every call, which a change of a tensor leaves "
        "as it is")
makes_no_difference(rotation, "float32", "plain numbers make a float32 matrix")
for slip in ("whole numbers", "first hundred", "last is left out", "argument written into", "kept by shape"):
    makes_no_difference(compose, slip, "a list of matrices comes, which a change of one tensor leaves as it is, and "
        "whose numbers a cache tells apart")
makes_no_difference(where_from, "first hundred", "a matrix has three rows", "matrix")
for made in (compose, where_from, random_matrices):
    makes_no_difference(made, "float32", "its matrices are float32, as everywhere in this lesson")
makes_no_difference(relight, "strictness", "the line is there for gradients alone, and what flows at black and white "
    "is asked, not how much")
