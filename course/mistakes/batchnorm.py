"""Lesson 07, The scale of things: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that helps.
Read course/batchnorm.py first."""

from collections.abc import Callable

import torch

from course.batchnorm import (
    BatchNorm,
    batch_norm,
    by_channel,
    channel_statistics,
    fold_into_conv,
    input_gradient,
    parameter_gradients,
    running_update,
)
from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.checks.plan import Name

# A table gives its programs the arguments that its mistakes need.
new: Callable

EPSILONS = (1e-5, 0.5, 4.0)  # not 0, which torch's own refuses


def activations(draw, channels, table=False, least=1, dtype=None):
    """A table, or images, some as wide as there are channels, with so many values a channel or more, no two alike."""
    table = draw.one_of(True, False) or table
    places = () if table else (draw.whole(1, 3), draw.one_of(channels, draw.whole(1, 4)))
    n = draw.rows(1, 5)
    if n == 1 < least and places in ((), (1, 1)):
        n = least
    return draw.tensor(n, channels, *places, distinct=True, dtype=dtype)


def count(x):
    return x.numel() // x.shape[1]


def epsilon_for(draw, x):
    """A single value has no spread, and what is divided by the root of a hundred-thousandth has few digits left."""
    return draw.one_of(*EPSILONS) if count(x) > 1 else draw.one_of(0.5, 4.0)


def others(x):
    """All axes but that of the channels."""
    return [axis for axis in range(x.ndim) if axis != 1]


def by_kind(tables, images):
    """One program for tables, another for images."""
    return lambda x, *more: (tables if x.ndim == 2 else images)(x, *more)


@takes(channel_statistics)
def _(draw):
    # Now and then large values that lie close together, two a channel, so that their sum does not depend on the order.
    if draw.one_of(*[False] * 5, True):
        return call(10_000 + draw.tensor(2, draw.whole(1, 3), distinct=True))
    return call(activations(draw, draw.whole(1, 4)))


def of(x, over, correction=0, keepdim=False):
    return x.mean(dim=over, keepdim=keepdim), x.var(dim=over, keepdim=keepdim, correction=correction)


def of_all(x, correction=0):
    return of(x, others(x), correction)


def away(x):
    return x - x.mean(dim=others(x), keepdim=True)


def met_the_width(x):
    return of_all(x)[0], (x - of_all(x)[0]).square().mean(dim=others(x))


STATISTICS = {
    "you gave the standard deviation: the variance is its square": lambda x: (of_all(x)[0], of_all(x)[1].sqrt()),
    "you gave the standard deviation, and it divides by one less than the count: the variance is wanted":
        lambda x: (of_all(x)[0], of_all(x, 1)[1].sqrt()),
    "the two have changed places: mean first (`torch.var_mean` gives them the other way round)":
        lambda x: of_all(x)[::-1],
    "you summed the squared distances: the variance is their mean": lambda x: (of_all(x)[0], of_all(x)[1] * count(x)),
    "you averaged the squares of the values: take the mean away before you square":
        lambda x: (of_all(x)[0], x.square().mean(dim=others(x))),
    "you averaged the distances without squaring them": lambda x: (of_all(x)[0], away(x).abs().mean(dim=others(x))),
    "you averaged the distances as they are, and those above the mean cancel those below: square them first":
        lambda x: (of_all(x)[0], 0 * of_all(x)[1]),
    "you took the distances from the mean of all channels together: each channel has a mean of its own":
        lambda x: (of_all(x)[0], (x - x.mean()).square().mean(dim=others(x))),
    "you summed: a mean is the sum divided by how many there are": lambda x: (of_all(x)[0] * count(x), of_all(x)[1]),
    "you stacked the two into one tensor: give them back side by side, with a comma between":
        lambda x: torch.stack(of_all(x)),
    "you gave the means only: the variances are wanted too": lambda x: of_all(x)[0],
    "you gave the variances only: the means are wanted too": lambda x: of_all(x)[1],
    "the mean of the squares less the square of the mean is right on paper, but where both are about a hundred million "
    "float32 keeps seven digits (lesson 01): take the mean away first, then square":
        lambda x: (of_all(x)[0], x.square().mean(dim=others(x)) - of_all(x)[0].square()),
    "you divided the squares by the number of images: a channel has a value for each place of each image":
        lambda x: (of_all(x)[0], of_all(x)[1] * count(x) / len(x)),
    "your means met the width of the image, for broadcasting begins at the right: `keepdim=True` keeps them on axis 1":
        met_the_width,
    "your code asked for an axis that is not there: a table has no axes 2 and 3, and x.ndim says how many there are":
        lambda x: of(x, [0, 2, 3]),
    "you averaged over the batch only: the places of an image, axes 2 and 3, belong in too": lambda x: of(x, [0]),
    "you averaged over the places only: the images of the batch, axis 0, belong in too":
        by_kind(of_all, lambda x: of(x, [2, 3])),
    "you averaged the variances of the single images: that misses how far the images lie apart, so take all the "
    "distances from the one mean":

        by_kind(of_all, lambda x: (of_all(x)[0], of(x, [2, 3])[1].mean(dim=0))),
    "you averaged the places away first, and the variance of such averages misses how far the places lie apart":
        by_kind(of_all, lambda x: of(x.mean(dim=[2, 3]), [0])),
    "you averaged the images away first, and the variance of such averages misses how far the images lie apart":
        by_kind(of_all, lambda x: of(x.mean(dim=0), [1, 2])),
    "you kept the last axis, where channels are axis 1; a bare `reshape(-1, channels)` takes the last axis for them, "
    "too":

        lambda x: of(x, [*range(x.ndim - 1)]),
    "a bare `reshape(-1, channels)` takes the last axis for the channels: bring them there first, with `x.movedim(1, "
    "-1)`":

        lambda x: of(x.reshape(-1, x.shape[1]), [0]),
    "the width is left out: an image has two axes of places, 2 and 3": by_kind(of_all, lambda x: of(x, [0, 2])),
    "the height is left out: an image has two axes of places, 2 and 3": by_kind(of_all, lambda x: of(x, [0, 3])),
}
IN_EITHER_KIND = {
    "you kept the axes that were averaged away: one number a channel is wanted, without `keepdim`":
        lambda x: of(x, others(x), 0, True),
    "you took the statistics of each row, or image: a channel is axis 1, and it is all the other axes that are "
    "averaged away":

        lambda x: of(x, [axis for axis in range(x.ndim) if axis != 0]),
    "you averaged over the channels, axis 1: each of them has a mean and a variance of its own": lambda x: of(x, [1]),
    "a bare `reshape(channels, -1)` keeps the order of the rows and mixes the channels: bring them to the front first, "
    "with `x.transpose(0, 1)`":

        lambda x: of(x.reshape(x.shape[1], -1), [1]),
    "you put all channels together: each has a mean and a variance of its own":
        lambda x: (x.mean(), x.var(correction=0)),
    "your variance divides by one less than the count, as `.var()` does unless you say `correction=0`":
        lambda x: of_all(x, 1),
}
for words, program in STATISTICS.items():
    mistake(channel_statistics, words)(program)
for words, program in IN_EITHER_KIND.items():
    mistake(channel_statistics, words)(program)
    mistake(channel_statistics, f"tables are right; for images, {words}")(by_kind(of_all, program))
    mistake(channel_statistics, f"images are right; for tables, {words}")(by_kind(program, of_all))


@takes(batch_norm)
def _(draw):
    x = activations(draw, draw.whole(1, 4), least=2)
    made = call(x, draw.tensor(x.shape[1]), draw.tensor(x.shape[1]), epsilon=epsilon_for(draw, x))
    # The gradient of the sum is 0: a common push changes nothing, where the mean moves with x.
    return made.gradient(0) if draw.number % 8 == 5 else made


def norm(x, gamma, beta, epsilon, over=None, correction=0, power=0.5, outside=0.0):
    """Batch norm with everything that can be otherwise. gamma, beta: shaped already."""
    mean, variance = of(x, over or others(x), correction, True)
    return gamma * (x - mean) / ((variance + epsilon) ** power + outside) + beta


def root(x, epsilon):
    return (of(x, others(x), 0, True)[1] + epsilon).sqrt()


def least(x):
    return x.amin(dim=others(x), keepdim=True)


def with_width(x, gamma, beta, epsilon, measured, stretched):
    """Mean and variance, or gamma and beta, along the last axis."""
    mean, variance = of_all(x)
    if not measured:
        mean, variance = by_channel(mean, x), by_channel(variance, x)
    if not stretched:
        gamma, beta = by_channel(gamma, x), by_channel(beta, x)
    return gamma * (x - mean) / (variance + epsilon).sqrt() + beta


def as_images(x, gamma, beta, epsilon=1e-5):
    if x.ndim == 4:
        return norm(x, by_channel(gamma, x), by_channel(beta, x), epsilon)
    mean, variance, gamma, beta = (part.view(1, -1, 1, 1) for part in (*of_all(x), gamma, beta))
    return gamma * (x - mean) / (variance + epsilon).sqrt() + beta


# gamma and beta are g and b, shaped so that they meet the channels.
NORMS = {
    "gamma and beta came before the normalising, which took them out again: first normalise, then scale and shift":
        lambda x, g, b, e: norm(g * x + b, 1, 0, e),
    "the epsilon that came is not in it: it is added to the variance before the root":
        lambda x, g, b, e: norm(x, g, b, 0),
    "the epsilon that came is not in it: yours is 0.00001, whatever was asked for":
        lambda x, g, b, e: norm(x, g, b, 1e-5),
    "epsilon is outside the root: add it to the variance, then take the root":
        lambda x, g, b, e: norm(x, g, b, 0, outside=e),
    "the root is missing: divide by the standard deviation, not by the variance":
        lambda x, g, b, e: norm(x, g, b, e, power=1),
    "epsilon is squared: it is added to the variance, and the root is taken of the sum":
        lambda x, g, b, e: norm(x, g, b, e ** 2),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count":
        lambda x, g, b, e: norm(x, g, b, e, correction=1),
    "you normalised and stopped: gamma and beta are still to come": lambda x, g, b, e: norm(x, 1, 0, e),
    "gamma is missing: multiply what is normalised by it": lambda x, g, b, e: norm(x, 1, b, e),
    "beta is missing: add it at the end": lambda x, g, b, e: norm(x, g, 0, e),
    "gamma and beta have changed places: gamma multiplies, beta is added": lambda x, g, b, e: norm(x, b, g, e),
    "beta is inside the brackets and was multiplied by gamma: multiply first, then add":
        lambda x, g, b, e: norm(x, g, g * b, e),
    "beta was taken away: it is added": lambda x, g, b, e: norm(x, g, -b, e),
    "you multiplied by beta: it is added": lambda x, g, b, e: norm(x, g * b, 0, e),
    "you added gamma: what is normalised is multiplied by it": lambda x, g, b, e: norm(x, 1, g + b, e),
    "you divided by gamma: what is normalised is multiplied by it": lambda x, g, b, e: norm(x, 1 / g, b, e),
    "you multiplied by the standard deviation: divide by it": lambda x, g, b, e: norm(x, g, b, e, power=-0.5),
    "you took the value from the mean; it is the mean that is taken from the value":
        lambda x, g, b, e: norm(x, -g, b, e),
    "you added the mean: it is taken away": lambda x, g, b, e: g * (2 * x - away(x)) / root(x, e) + b,
    "you took the mean away and did not divide": lambda x, g, b, e: g * away(x) + b,
    "you divided and did not take the mean away": lambda x, g, b, e: g * x / root(x, e) + b,
    "brackets are missing: `x - mean / root` divides only the mean":
        lambda x, g, b, e: g * (x - (x - away(x)) / root(x, e)) + b,
    "epsilon was added after the division: it is added to the variance, before the root":
        lambda x, g, b, e: norm(x, g, b + e, 0),
    "epsilon was added after the division, and multiplied by gamma: it is added to the variance, before the root":
        lambda x, g, b, e: norm(x, g, b + g * e, 0),
    "you brought each channel between its least and its greatest value: here it is the mean that goes to 0 and the "
    "standard deviation to 1":

        lambda x, g, b, e: g * (x - least(x)) / (-least(-x) - least(x)) + b,
    "the gradient does not know that the mean moves with x: it is part of the network, so no `.detach()` and no "
    "`no_grad` round it":

        lambda x, g, b, e: g * (x - (x - away(x)).detach()) / root(x, e) + b,
}
NORM_AXES = {
    "you put all channels together: each has a mean and a variance of its own": lambda x: [*range(x.ndim)],
    "you normalised each row, or image, by itself: a channel is axis 1, and the statistics go over all the other axes":
        lambda x: [*range(1, x.ndim)],
    "you normalised over the channels, axis 1: each has a mean and a variance of its own": lambda x: [1],
    "each place was normalised by itself: the places of an image belong into the statistics": lambda x: [0],
    "each image was normalised by itself, channel by channel: the whole batch belongs into the statistics":
        lambda x: [2, 3] if x.ndim > 2 else [0],
    "each image was normalised over all its channels together: that is layer norm; here it is channel by channel, over "
    "the batch":

        lambda x: [1, 2, 3] if x.ndim > 2 else [0],
}
WIDTHS = {
    "mean and variance, gamma and beta all met the width of the image: by_channel puts them on axis 1": (True, True),
    "gamma and beta met the width of the image: by_channel puts them on axis 1": (False, True),
    "mean and variance met the width of the image: by_channel puts them on axis 1": (True, False),
}


def with_channels(program):
    """program: takes gamma and beta in the shape that meets the channels."""
    return lambda x, gamma, beta, epsilon=1e-5: program(x, by_channel(gamma, x), by_channel(beta, x), epsilon)


for words, (measured, scaled) in WIDTHS.items():
    mistake(batch_norm, words)(lambda x, gamma, beta, epsilon=1e-5, measured=measured, scaled=scaled: with_width(
        x, gamma, beta, epsilon, measured, scaled))
for words, program in NORMS.items():
    mistake(batch_norm, words)(with_channels(program))
for words, over in NORM_AXES.items():
    mistake(batch_norm, words)(with_channels(lambda x, g, b, e, over=over: norm(x, g, b, e, over(x))))
words = "you shaped the channels for images whatever came, and a table has two axes: by_channel does it for both"
mistake(batch_norm, words)(as_images)


@takes(parameter_gradients, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    x = activations(draw, draw.whole(1, 4), table=True)
    return call(draw.tensor(*x.shape), x, epsilon=epsilon_for(draw, x))


def hat(x, epsilon, correction=0, outside=0.0, power=0.5):
    return (x - x.mean(dim=0)) / ((x.var(dim=0, correction=correction) + epsilon) ** power + outside)


def sums(g, h):
    """By gamma and by beta, from the gradient and what stands in the place of the normalised x."""
    return (g * h).sum(dim=0), g.sum(dim=0)


# The gradient is g, epsilon e.
PARAMETERS = {
    "you took means over the rows: one hair of gamma moves every row, so the parts add up":
        lambda g, x, e: sums(g / len(x), hat(x, e)),
    "the mean is in the second only: both are sums": lambda g, x, e: (sums(g, hat(x, e))[0], g.mean(dim=0)),
    "the mean is in the first only: both are sums": lambda g, x, e: ((g * hat(x, e)).mean(dim=0), g.sum(dim=0)),
    "gamma multiplies the normalised x, and you took x as it came": lambda g, x, e: sums(g, x),
    "you took the mean away and did not divide by the standard deviation: gamma multiplies the normalised x":
        lambda g, x, e: sums(g, x - x.mean(dim=0)),
    "the epsilon that came is not in it: it is added to the variance before the root":
        lambda g, x, e: sums(g, hat(x, 0)),
    "the epsilon that came is not in it: yours is 0.00001, whatever was asked for":
        lambda g, x, e: sums(g, hat(x, 1e-5)),
    "epsilon is outside the root: add it to the variance, then take the root": lambda g, x, e: sums(g, hat(x, 0, 0, e)),
    "the root is missing: normalising divides by the standard deviation": lambda g, x, e: sums(g, hat(x, e, power=1)),
    "you multiplied by the root: normalising divides by it": lambda g, x, e: sums(g, hat(x, e, power=-0.5)),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count":
        lambda g, x, e: sums(g, hat(x, e, 1)),
    "the first comes to nothing, whatever comes back: the gradient is not in the first, or you summed before you "
    "multiplied; multiply value by value, then sum": lambda g, x, e: (0 * g.sum(dim=0), g.sum(dim=0)),
    "the gradient is not in the second: that is how beta moves the output, and the gradient says what the loss makes "
    "of it":

        lambda g, x, e: (sums(g, hat(x, e))[0], torch.full_like(g[0], len(g))),
    "the two have changed places: by gamma first, then by beta": lambda g, x, e: sums(g, hat(x, e))[::-1],
    "you summed each row: one gamma and one beta a channel, so the sum goes over the rows":
        lambda g, x, e: ((g * hat(x, e)).sum(dim=1), g.sum(dim=1)),
    "you summed over everything: each channel has a gamma and a beta of its own":
        lambda g, x, e: ((g * hat(x, e)).sum(), g.sum()),
    "`@` joins each channel with each other one: multiply value by value with `*`, then sum":
        lambda g, x, e: (g.T @ hat(x, e), g.sum(dim=0)),
    "you divided x by the root without taking its mean away: the normalised x has mean 0":
        lambda g, x, e: sums(g, x / (x.var(dim=0, correction=0) + e).sqrt()),
    "the sums are missing: every row feels the same gamma and the same beta": lambda g, x, e: (g * hat(x, e), g),
    "you normalised each row: a channel is a column, so the statistics go over the rows":
        lambda g, x, e: sums(g, hat(x.T, e).T),
    "you normalised the gradient, and not x": lambda g, x, e: sums(x, hat(g, e))[:1] + (g.sum(dim=0),),
    "you gave one of the two gradients only: by gamma, by beta, with a comma between":
        lambda g, x, e: sums(g, hat(x, e))[0],
    "you gave the gradient by beta only: by gamma, by beta, with a comma between": lambda g, x, e: g.sum(dim=0),
    "you stacked the two into one tensor: give them back side by side, with a comma between":
        lambda g, x, e: torch.stack(sums(g, hat(x, e))),
    "the axis that is summed over is kept: one number a channel is wanted, without `keepdim`":
        lambda g, x, e: tuple(part[None] for part in sums(g, hat(x, e))),
}
for words, program in PARAMETERS.items():
    mistake(parameter_gradients, words)(
        lambda gradient, x, epsilon=1e-5, program=program: program(gradient, x, epsilon))


@takes(input_gradient, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    x = activations(draw, draw.whole(1, 4), table=True)
    return call(draw.tensor(*x.shape), x, draw.tensor(x.shape[1]), epsilon=epsilon_for(draw, x))


def left(g, h, moved=1.0, stretched=1.0, along=None, over=0):
    """The gradient without the two parts; along: what the second is multiplied by, where it is not the normalised x."""
    def mean(values):
        return values.mean(dim=over, keepdim=True) if over is not None else values.mean()
    return g - moved * mean(g) - stretched * (h if along is None else along) * mean(g * h)


def road(x, c, e):
    """Gamma over the root."""
    return c / (x.var(dim=0, correction=0) + e).sqrt()


# The gradient is g, gamma c, epsilon e; h is the normalised x, and r gamma over the root.
INPUTS = {
    "only the direct road is there, as if mean and variance were fixed numbers: take out the two parts that batch norm "
    "does not feel":

        lambda g, x, c, e, h, r: r * g,
    "the mean of the gradient is still in it: to move a whole channel changes nothing":
        lambda g, x, c, e, h, r: r * left(g, h, moved=0),
    "the part along the normalised x is still in it: to stretch a whole channel changes nothing":
        lambda g, x, c, e, h, r: r * left(g, h, stretched=0),
    "you took out sums where means are wanted": lambda g, x, c, e, h, r: r * left(g, h, len(x), len(x)),
    "the first part is a sum where a mean is wanted": lambda g, x, c, e, h, r: r * left(g, h, len(x)),
    "the second part has a sum where a mean is wanted": lambda g, x, c, e, h, r: r * left(g, h, 1, len(x)),
    "gamma is missing": lambda g, x, c, e, h, r: road(x, 1, e) * left(g, h),
    "the division by the root is missing: a hair of x is 1 / root hairs of the normalised x":
        lambda g, x, c, e, h, r: c * left(g, h),
    "gamma over the root is missing: the direct road": lambda g, x, c, e, h, r: left(g, h),
    "you multiplied by the root: divide by it": lambda g, x, c, e, h, r: c / road(x, 1, e) * left(g, h),
    "you divided by the variance: divide by its root": lambda g, x, c, e, h, r: c * road(x, 1, e) ** 2 * left(g, h),
    "the root is over gamma: gamma over the root": lambda g, x, c, e, h, r: 1 / r * left(g, h),
    "the epsilon that came is not in it: it is added to the variance before the root":
        lambda g, x, c, e, h, r: road(x, c, 0) * left(g, hat(x, 0)),
    "the epsilon that came is not in it: yours is 0.00001, whatever was asked for":
        lambda g, x, c, e, h, r: road(x, c, 1e-5) * left(g, hat(x, 1e-5)),
    "epsilon is outside the root: add it to the variance, then take the root":
        lambda g, x, c, e, h, r: c / (x.std(dim=0, correction=0) + e) * left(g, hat(x, 0, 0, e)),
    "your means divide by one less than the count":
        lambda g, x, c, e, h, r: r * left(g, h, len(x) / max(len(x) - 1, 1e-9), len(x) / max(len(x) - 1, 1e-9)),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count":
        lambda g, x, c, e, h, r: c / (x.var(dim=0) + e).sqrt() * left(g, hat(x, e, 1)),
    "you divided x by the root without taking its mean away: the normalised x has mean 0":
        lambda g, x, c, e, h, r: r * left(g, road(x, x, e)),
    "you used x less its mean where the normalised x is wanted: divide it by the root":
        lambda g, x, c, e, h, r: r * left(g, x - x.mean(dim=0)),
    "you took x as it came, both times: the normalised x is wanted": lambda g, x, c, e, h, r: r * left(g, x),
    "gamma is in the normalised x already: the x of the two parts comes before gamma and beta":
        lambda g, x, c, e, h, r: r * left(g, c * h),
    "the normalised x went into the mean: it multiplies what the mean gives":
        lambda g, x, c, e, h, r: r * (left(g, h, stretched=0) - (g * h * h).mean(dim=0)),
    "the mean in the second part is missing": lambda g, x, c, e, h, r: r * (left(g, h, stretched=0) - g * h * h),
    "the second part is not multiplied by the normalised x": lambda g, x, c, e, h, r: r * left(g, h, along=1),
    "the second part is multiplied by x less its mean, and not by the normalised x":
        lambda g, x, c, e, h, r: r * left(g, h, along=x - x.mean(dim=0)),
    "the second part is multiplied by x as it came, and not by the normalised x":
        lambda g, x, c, e, h, r: r * left(g, h, along=x),
    "the second part is the product of two means: take the mean of the products":
        lambda g, x, c, e, h, r: r * (left(g, h, stretched=0) - h * g.mean(dim=0) * h.mean(dim=0)),
    "the second part is multiplied by the gradient, and not by the normalised x":
        lambda g, x, c, e, h, r: r * left(g, h, along=g),
    "the gradient is missing in the mean of the second part":
        lambda g, x, c, e, h, r: r * (left(g, h, stretched=0) - h * (h * h).mean(dim=0)),
    "you took out the mean of x: it is the mean of the gradient":
        lambda g, x, c, e, h, r: r * (left(g, h, moved=0) - x.mean(dim=0)),
    "you added the two parts: they are taken out": lambda g, x, c, e, h, r: r * left(g, h, -1, -1),
    "you added the first part: both are taken out": lambda g, x, c, e, h, r: r * left(g, h, -1),
    "you added the second part: both are taken out": lambda g, x, c, e, h, r: r * left(g, h, 1, -1),
    "gamma over the root multiplies the first part only: brackets round what is left":
        lambda g, x, c, e, h, r: r * left(g, h, stretched=0) - h * (g * h).mean(dim=0),
    "gamma over the root multiplies the gradient only: brackets round what is left, so that it multiplies all three":
        lambda g, x, c, e, h, r: r * g - g + left(g, h),
    "gamma multiplies the gradient only: brackets round what is left, so that it multiplies all three":
        lambda g, x, c, e, h, r: r * g - road(x, 1, e) * (g - left(g, h)),
    "you divided the second part by the mean square of the normalised x: with epsilon that is below 1, and it is not "
    "in the formula":

        lambda g, x, c, e, h, r: r * left(g, h, along=h / (h * h).mean(dim=0)),
    "your means go along each row: a channel is a column, so they go over the rows":
        lambda g, x, c, e, h, r: r * left(g, h, over=1),
    "your means go over everything: each channel has its own": lambda g, x, c, e, h, r: r * left(g, h, over=None),
    "you normalised each row: a channel is a column, so the statistics go over the rows":
        lambda g, x, c, e, h, r: r * left(g, hat(x.T, e).T),
}
for words, program in INPUTS.items():
    mistake(input_gradient, words)(
        lambda gradient, x, gamma, epsilon=1e-5, program=program: program(
            gradient, x, gamma, epsilon, hat(x, epsilon), road(x, gamma, epsilon)))


MOMENTA = (0.1, 0.25, 0.5, 0.75, 0.0, 1.0)


@takes(running_update, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    channels = draw.whole(1, 4)
    x = activations(draw, channels, least=2)
    return call(draw.tensor(channels), draw.tensor(channels, least=0), x, momentum=draw.one_of(*MOMENTA))


def averages(m, v, x, keep, gain, correction=1):
    mean, variance = of_all(x, correction)
    return keep * m + gain * mean, keep * v + gain * variance


def kept(times):
    """The variance that divides by the count, multiplied by something else than count / (count - 1)."""
    return lambda m, v, x, p: (averages(m, v, x, 1 - p, p)[0], (1 - p) * v + p * times(x) * of_all(x)[1])


def without(n):
    """n / (n - 1)."""
    return n / (n - 1) if n > 1 else float("inf")


# The running mean is m, the running variance v, the momentum p.
UPDATES = {
    "you kept the variance that divides by the count: the one that is kept divides by the count less one":
        lambda m, v, x, p: averages(m, v, x, 1 - p, p, 0),
    "momentum is the wrong way round: here it is the share of the new batch, and the rest is kept":
        lambda m, v, x, p: averages(m, v, x, p, 1 - p),
    "momentum is the wrong way round, and the variance divides by the count: momentum is the share of the new, and the "
    "variance that is kept divides by the count less one": lambda m, v, x, p: averages(m, v, x, p, 1 - p, 0),
    "the old average was kept whole: multiply it by 1 - momentum": lambda m, v, x, p: averages(m, v, x, 1, p),
    "the batch joined whole: multiply it by momentum": lambda m, v, x, p: averages(m, v, x, 1 - p, 1),
    "momentum kept a share of the old, as in lesson 03, and the batch joined whole":
        lambda m, v, x, p: averages(m, v, x, p, 1),
    "both were multiplied by momentum: the old averages keep the rest, 1 - momentum":
        lambda m, v, x, p: averages(m, v, x, p, p),
    "you took the plain mean of old and new: momentum says how much of the new":
        lambda m, v, x, p: averages(m, v, x, 0.5, 0.5),
    "you kept the standard deviation: it is the variance that is averaged":
        lambda m, v, x, p: (averages(m, v, x, 1 - p, p)[0], (1 - p) * v + p * of_all(x, 1)[1].sqrt()),
    "you moved by 0.1: that is only what `momentum` is when nobody says otherwise":
        lambda m, v, x, p: averages(m, v, x, 0.9, 0.1),
    "you kept the batch's statistics and forgot the old ones": lambda m, v, x, p: averages(m, v, x, 0, 1),
    "you gave back the new batch's share only: the old averages keep theirs":
        lambda m, v, x, p: averages(m, v, x, 0, p),
    "you took the distances from the running mean: the variance of the batch is about the batch's own mean":
        lambda m, v, x, p: (
            averages(m, v, x, 1 - p, p)[0],
            (1 - p) * v + p * (x - by_channel(m, x)).square().sum(dim=others(x)) / (count(x) - 1)),
    "the old variance was kept whole, and the old mean was not: multiply both by 1 - momentum":
        lambda m, v, x, p: (averages(m, v, x, 1 - p, p)[0], averages(m, v, x, 1, p)[1]),
    "you took mean and variance of all channels together: each has its own":
        lambda m, v, x, p: ((1 - p) * m + p * x.mean(), (1 - p) * v + p * x.var()),
    "the batch's part was taken away: it is added": lambda m, v, x, p: averages(m, v, x, 1 - p, -p),
    "brackets are missing: `1 - momentum * old` takes from 1 only what (1 - momentum) was to multiply":
        lambda m, v, x, p: tuple(1 + part for part in averages(m, v, x, -p, p)),
    "momentum is the wrong way round for the variance only":
        lambda m, v, x, p: (averages(m, v, x, 1 - p, p)[0], averages(m, v, x, p, 1 - p)[1]),
    "the mean is as it was: both move": lambda m, v, x, p: (m, averages(m, v, x, 1 - p, p)[1]),
    "the variance is as it was: both move": lambda m, v, x, p: (averages(m, v, x, 1 - p, p)[0], v),
    "the correction is upside down: count / (count - 1) makes the variance larger":
        kept(lambda x: 1 / without(count(x))),
    "you corrected twice: `.var()` divides by the count less one already":
        kept(lambda x: without(count(x)) ** 2),
    "your variance was divided by the count less one once more: it is a mean already, so multiply by count / (count - "
    "1)":

        kept(lambda x: 1 / (count(x) - 1)),
    "your variance was multiplied by the count: by count / (count - 1)": kept(count),
    "your count is the number of images (or of rows): a channel has a value for each place of each image":
        kept(lambda x: without(len(x))),
    "your count is all numbers of the batch: those of one channel count, x.numel() / x.shape[1]":
        kept(lambda x: without(x.numel())),
    "your count is the number of channels: it is the values of one channel that count":
        kept(lambda x: without(x.shape[1])),
    "your count is the number of places of one image: those of all images count":
        kept(lambda x: without(x[0, 0].numel())),
    "you corrected the old average too: only the batch's variance is multiplied by count / (count - 1)":
        lambda m, v, x, p: (averages(m, v, x, 1 - p, p)[0], averages(m, v, x, 1 - p, p, 0)[1] * without(count(x))),
    "the mean was multiplied by count / (count - 1) too: only the variance is":
        lambda m, v, x, p: ((1 - p) * m + p * x.sum(dim=others(x)) / (count(x) - 1), averages(m, v, x, 1 - p, p)[1]),
    "the two have changed places: mean first, then variance": lambda m, v, x, p: averages(m, v, x, 1 - p, p)[::-1],
    "you gave one of the two only: mean and variance, with a comma between":
        lambda m, v, x, p: averages(m, v, x, 1 - p, p)[0],
    "you stacked the two into one tensor: give them back side by side, with a comma between":
        lambda m, v, x, p: torch.stack(averages(m, v, x, 1 - p, p)),
}
for words, program in UPDATES.items():
    mistake(running_update, words)(
        lambda running_mean, running_variance, x, momentum=0.1, program=program: program(
            running_mean, running_variance, x, momentum))


# What a layer is asked, by turns; the first word says which check asks.
ASKED = ("training", "memory", "eval", "gradient", "images", "training again", "memory again", "eval, then training",
         "eval, x left alone", "gradient in eval mode", "images in eval mode", "images, a single one", "images refused")


@takes(BatchNorm)
def _(draw):
    asked, channels = ASKED[draw.number % len(ASKED)], draw.whole(1, 3)
    draw.about = asked.split()[0].strip(",")

    def numbers(*shape, least=-3.0):
        return draw.tensor(*shape, least=least, dtype=torch.float32)  # as its parameters are

    def batch(least=2):
        if asked == "images, a single one":
            return numbers(1, channels, draw.whole(1, 3), draw.whole(2, 3))
        return activations(draw, channels, draw.about != "images", least, torch.float32)

    state = {name: numbers(channels) for name in ("gamma", "beta", "running_mean")}
    state["running_variance"] = numbers(channels, least=0.125)
    layer = call(channels, epsilon=draw.one_of(1e-5, 0.5, 4.0), momentum=draw.one_of(0.1, 0.25, 0.5))
    layer = layer.after("load_state_dict", state)
    watched = layer.after("register_forward_pre_hook", Name("with_a_diary"))
    looked_at = watched.after("register_forward_hook", Name("what_it_leaves"))
    averages_too = ("running_mean", "running_variance")
    match asked:
        case "memory" | "memory again":
            return looked_at.doing(("__call__", batch()), *averages_too, ("__call__", batch()), *averages_too)
        case "eval":
            return layer.after("eval").doing(("forward", batch(1)), *averages_too, ("forward", batch(1)))
        case "eval, then training":
            return layer.after("eval").after("forward", batch()).after("train").then("forward", batch())
        case "eval, x left alone":
            return looked_at.after("eval").then("__call__", batch(1))
        case "gradient" | "gradient in eval mode":
            watched = watched.after("eval") if asked != "gradient" else watched
            return watched.after("register_forward_hook", Name("what_comes_back")).then("__call__", batch())
        case "images in eval mode":
            return layer.after("eval").then("forward", batch(1))
        case "images refused":
            return layer.then("forward", numbers(1, channels, *draw.one_of((), (1, 1))))
    return layer.then("forward", batch())


def single(s, x):
    return s.training and count(x) < 2


def layer(train=None, evaluate=None, memory=None, refuses=single, diary=False, late=None):
    """A layer that is right but for what is said.

    train, evaluate: take the layer, x, mean and variance; memory: layer, x and what left. late: what is done besides.
    """
    class Made(BatchNorm):
        def forward(self, x):
            if refuses(self, x):
                raise ValueError
            if not self.training:
                result = (evaluate or formula)(self, x, self.running_mean, self.running_variance)
            else:
                result = (train or formula)(self, x, *of_all(x))
                with torch.set_grad_enabled(diary):
                    self.running_mean, self.running_variance = (memory or moved)(self, x, result)
            if late is not None:
                late(self, x)
            return result
    return Made


def formula(s, x, mean, variance, gamma=None, beta=None, epsilon=None, power=0.5, outside=0.0):
    gamma, beta = (own if part is None else part for part, own in ((gamma, s.gamma), (beta, s.beta)))
    below = (variance + (s.epsilon if epsilon is None else epsilon)) ** power + outside
    return by_channel(gamma / below, x) * (x - by_channel(mean, x)) + by_channel(beta, x)


def moved(s, x, result=None, correction=1, momentum=None):
    momentum = s.momentum if momentum is None else momentum
    return averages(s.running_mean, s.running_variance, x, 1 - momentum, momentum, correction)


def moves(s, x):
    """In eval mode, what is only done in training."""
    if not s.training and count(x) > 1:
        with torch.no_grad():
            s.running_mean, s.running_variance = moved(s, x)


def moves_first(s, x, mean, variance):
    moves(s, x)
    return formula(s, x, s.running_mean, s.running_variance)


def twice(s, x, result):
    m, v = moved(s, x)
    return averages(m, v, x, 1 - s.momentum, s.momentum)


def shapes_for(axis):
    """The formula with its four in the shape that meets that axis of images."""
    def made(s, x, *statistics):
        shape = [-1 if place == axis else 1 for place in range(4)] if axis < 3 else [-1]
        mean, variance, gamma, beta = (part.view(shape) for part in (*statistics, s.gamma, s.beta))
        return gamma * (x - mean) / (variance + s.epsilon).sqrt() + beta
    return made


IN_EITHER_LIFE = {
    "epsilon is not the layer's own: hand self.epsilon on": lambda s, x, m, v: formula(s, x, m, v, epsilon=1e-5),
    "epsilon is missing: it is added to the variance, under the root":
        lambda s, x, m, v: formula(s, x, m, v, epsilon=0),
    "epsilon is outside the root: add it to the variance, then take the root":
        lambda s, x, m, v: formula(s, x, m, v, epsilon=0, outside=s.epsilon),
    "the root is missing: divide by the root of the variance plus epsilon":
        lambda s, x, m, v: formula(s, x, m, v, power=1),
    "momentum stands where epsilon belongs": lambda s, x, m, v: formula(s, x, m, v, epsilon=s.momentum),
    "gamma and beta are not in it: they belong to both lives":
        lambda s, x, m, v: formula(s, x, m, v, s.gamma * 0 + 1, s.beta * 0),
    "gamma is not in it: it belongs to both lives": lambda s, x, m, v: formula(s, x, m, v, s.gamma * 0 + 1),
    "beta is not in it: it belongs to both lives": lambda s, x, m, v: formula(s, x, m, v, None, s.beta * 0),
    "gamma and beta have changed places: gamma multiplies, beta is added":
        lambda s, x, m, v: formula(s, x, m, v, s.beta, s.gamma),
    "x went through as it came: it is normalised in both lives": lambda s, x, m, v: x,
    "no gradient comes back to x, so nothing before the layer would ever learn: keep `torch.no_grad()` and `.detach()` "
    "to the running averages":

        lambda s, x, m, v: formula(s, x.detach(), m.detach(), v.detach()),
    "no gradient comes back at all, neither to x nor to gamma and beta: keep `torch.no_grad()` and `.detach()` to the "
    "running averages":

        lambda s, x, m, v: formula(s, x, m, v).detach(),
    "no gradient reaches gamma and beta, so they would never learn: hand on self.gamma and self.beta themselves, "
    "without `.data` or `.detach()`":

        lambda s, x, m, v: formula(s, x, m, v, s.gamma.detach(), s.beta.detach()),
    "mean and variance, gamma and beta met the width of the image: by_channel puts them on axis 1":
        lambda s, x, m, v: shapes_for(3)(s, x, m, v) if x.ndim == 4 else formula(s, x, m, v),
    "the channels are shaped for images whatever comes, and a table has two axes: by_channel does it for both":
        shapes_for(1),
}
for words, wrong in IN_EITHER_LIFE.items():
    mistake(BatchNorm, f"in training {words}")(layer(train=wrong))
    mistake(BatchNorm, f"in eval mode {words}")(layer(evaluate=wrong))
    mistake(BatchNorm, words)(layer(wrong, wrong))
LAYERS = {
    "in training you normalised by the running averages: there it is the batch's own mean and variance":
        layer(lambda s, x, m, v: formula(s, x, s.running_mean, s.running_variance)),
    "in training you normalised by the running averages, updated first: there it is the batch's own mean and variance":
        layer(lambda s, x, m, v: formula(s, x, *moved(s, x))),
    "you normalised by the variance that divides by the count less one: that one is only for the memory":
        layer(lambda s, x, m, v: formula(s, x, *of_all(x, 1))),
    "mean and variance are cut out of the diary: only the running averages belong under `torch.no_grad()`; the batch's "
    "own are part of the network (section 4)": layer(lambda s, x, m, v: formula(s, x, m.detach(), v.detach())),
    "the running averages are as they were: put what running_update gives back into self.running_mean and "
    "self.running_variance":

        layer(memory=lambda s, x, y: (s.running_mean, s.running_variance)),
    "the running mean is as it was: put what running_update gives back into self.running_mean":
        layer(memory=lambda s, x, y: (s.running_mean, moved(s, x)[1])),
    "the running variance is as it was: put what running_update gives back into self.running_variance":
        layer(memory=lambda s, x, y: (moved(s, x)[0], s.running_variance)),
    "momentum is not the layer's own: hand self.momentum on": layer(memory=lambda s, x, y: moved(s, x, momentum=0.1)),
    "momentum is the wrong way round: it is the share of the new batch":
        layer(memory=lambda s, x, y: moved(s, x, momentum=1 - s.momentum)),
    "the averages moved twice in one call": layer(memory=twice),
    "the memory was at its start again, zeros and ones: it has to survive from call to call":
        layer(memory=lambda s, x, y: averages(0, 1, x, 1 - s.momentum, s.momentum)),
    "the two averages have changed places": layer(memory=lambda s, x, y: moved(s, x)[::-1]),
    "the averages are those of what leaves the layer: it is the x that came whose statistics are kept":
        layer(memory=lambda s, x, y: moved(s, y)),
    "the averages are the last batch's own, and what was there before is forgotten: running_update moves them only a "
    "share of the way":

        layer(memory=lambda s, x, y: of_all(x, 1)),
    "you kept the variance that divides by the count: the one that is kept divides by the count less one":
        layer(memory=lambda s, x, y: moved(s, x, y, 0)),
    "the running averages drag the diary of their batch along, and of every batch before it: update them under "
    "`torch.no_grad()`":
        layer(diary=True),
    "in eval mode you normalised by the batch: there it is the running averages":
        layer(evaluate=lambda s, x, m, v: formula(s, x, *of_all(x))),
    "in eval mode you normalised by the batch, and updated the averages: there nothing is updated, and the averages "
    "are used":

        layer(evaluate=lambda s, x, m, v: formula(s, x, *of_all(x)), late=moves),
    "the layer updated its averages in eval mode, and then used them: there they stay as they are":
        layer(evaluate=moves_first),
    "the averages were updated in eval mode: there they stay as they are": layer(late=moves),
    "in eval mode you took the running mean and the batch's variance: there both come from memory":
        layer(evaluate=lambda s, x, m, v: formula(s, x, m, of_all(x)[1])),
    "in eval mode you took the batch's mean and the running variance: there both come from memory":
        layer(evaluate=lambda s, x, m, v: formula(s, x, of_all(x)[0], v)),
    "the two lives have changed places: in training the batch's own statistics, in eval mode the running averages":
        layer(lambda s, x, m, v: formula(s, x, s.running_mean, s.running_variance),
              lambda s, x, m, v: formula(s, x, *of_all(x))),
    "a single row was refused in eval mode: only in training does it want for a spread":
        layer(refuses=lambda s, x: count(x) < 2),
    "a single image with more than one place was refused: it has a spread":
        layer(refuses=lambda s, x: s.training and len(x) < 2),
    "a single row, or image, was refused whatever the mode: only in training, and only where a channel has a single "
    "value, is there no spread":

        layer(refuses=lambda s, x: len(x) < 2),
    "nothing is refused: in training, where a channel has a single value, `raise ValueError(...)`":
        layer(refuses=lambda s, x: False),
    "an in-place change: `+=`, `-=`, `x[...] = ` and methods that end in `_` write into the x that came in":
        layer(late=lambda s, x: x.data.add_(1)),
}
for words, wrong in LAYERS.items():
    mistake(BatchNorm, words)(wrong)


@takes(fold_into_conv, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    out = draw.whole(1, 4)
    weight = draw.tensor(out, *(draw.one_of(out, draw.whole(1, 3)) for _ in range(3)))
    bias = draw.tensor(out) if draw.one_of(True, True, False) else None
    mean, variance, gamma, beta = (draw.tensor(out, least=least) for least in (-3, 0.125, -3, -3))
    return call(weight, bias, mean, variance, gamma, beta, epsilon=draw.one_of(*EPSILONS))


def stretched(weight, stretch, axis=0):
    return weight * stretch.view(*[-1 if place == axis else 1 for place in range(4)])


# The weight is w, the bias b (zeros where none came), the mean m, the stretch s, beta o.
BIASES = {
    "the convolution's own bias was not stretched: batch norm comes after it": lambda b, m, s, o: b - m * s + o,
    "the convolution's own bias is lost": lambda b, m, s, o: o - m * s,
    "the mean is lost: batch norm takes it away before it stretches": lambda b, m, s, o: b * s + o,
    "the mean was added: batch norm takes it away": lambda b, m, s, o: (b + m) * s + o,
    "the mean was not stretched: it is taken away before the stretch": lambda b, m, s, o: b * s - m + o,
    "neither bias nor mean was stretched: the mean is taken away, then comes the stretch, then beta":
        lambda b, m, s, o: b - m + o,
    "beta is lost: it is added at the end": lambda b, m, s, o: (b - m) * s,
    "beta was stretched: it is added at the end, after the stretch": lambda b, m, s, o: (b - m + o) * s,
    "beta was taken away: it is added": lambda b, m, s, o: (b - m) * s - o,
    "you took the bias from the mean: it is the mean that is taken from the bias": lambda b, m, s, o: (m - b) * s + o,
    "the bias was divided by the stretch: it is multiplied by it": lambda b, m, s, o: (b - m) / s + o,
    "the bias is as it was: batch norm moves it too": lambda b, m, s, o: b,
    "the new bias is beta alone: the old bias less the mean, times the stretch, belongs to it": lambda b, m, s, o: o,
    "you added the two biases, and left out the mean and the stretch": lambda b, m, s, o: b + o,
}
NONE_CAME = {
    "no bias came, and none went out: the folded convolution needs one, for the mean and beta": lambda m, s, o: None,
    "no bias came, and zeros went out: the folded convolution needs one, for the mean and beta":
        lambda m, s, o: torch.zeros_like(o),
    "no bias came, and the mean was lost with it: zero less the mean, times the stretch, plus beta": lambda m, s, o: o,
    "no bias came, and beta was lost with it: zero less the mean, times the stretch, plus beta": lambda m, s, o: -m * s,
    "no bias came, and the mean was not stretched: zero less the mean, times the stretch, plus beta":
        lambda m, s, o: o - m,
    "no bias came, and the mean was added: zero less the mean, times the stretch, plus beta": lambda m, s, o: o + m * s,
    "no bias came, and it counted as one: it counts as zero": lambda m, s, o: (1 - m) * s + o,
}
# gamma is g, beta o, the variance v, epsilon e.
STRETCHES = {
    "the epsilon that came is not in it: it is added to the variance before the root": lambda v, g, e: g / v.sqrt(),
    "the epsilon that came is not in it: yours is 0.00001, whatever was asked for":
        lambda v, g, e: g / (v + 1e-5).sqrt(),
    "epsilon is outside the root: add it to the variance, then take the root": lambda v, g, e: g / (v.sqrt() + e),
    "the root is missing: the stretch divides by the standard deviation": lambda v, g, e: g / (v + e),
    "gamma is missing: the stretch is gamma over the root": lambda v, g, e: 1 / (v + e).sqrt(),
    "you multiplied by the root: the stretch is gamma over the root": lambda v, g, e: g * (v + e).sqrt(),
    "the root is over gamma: the stretch is gamma over the root": lambda v, g, e: (v + e).sqrt() / g,
    "the root is not in it at all: the stretch is gamma over the root": lambda v, g, e: g,
    "the root goes over gamma as well: gamma over the root": lambda v, g, e: (g / (v + e)).sqrt(),
}


def known(words, program):
    """program: takes the arguments by place, epsilon the last."""
    mistake(fold_into_conv, words)(lambda weight, bias, mean, variance, gamma, beta, epsilon=1e-5:
                                   program(weight, bias, mean, variance, gamma, beta, epsilon))


for words, new in BIASES.items():
    known(words, lambda w, b, m, v, g, o, e, new=new: (
        fold_into_conv(w, b, m, v, g, o, e)[0], new(torch.zeros_like(m) if b is None else b, m, g / (v + e).sqrt(), o)))
for words, new in NONE_CAME.items():
    known(words, lambda w, b, m, v, g, o, e, new=new: fold_into_conv(w, b, m, v, g, o, e)[:1] + (
        new(m, g / (v + e).sqrt(), o) if b is None else (b - m) * g / (v + e).sqrt() + o,))
for words, stretch in STRETCHES.items():
    known(words, lambda w, b, m, v, g, o, e, stretch=stretch: (
        stretched(w, stretch(v, g, e)), ((0 if b is None else b) - m) * stretch(v, g, e) + o))
for axis, name in enumerate(("input channels", "height of the filters", "width of the filters"), start=1):
    known(f"the stretch met the {name}: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`",
          lambda w, b, m, v, g, o, e, axis=axis: (
              stretched(w, g / (v + e).sqrt(), axis), fold_into_conv(w, b, m, v, g, o, e)[1]))
known("no bias came, and you calculated with None: it counts as zero", lambda w, b, m, v, g, o, e: (
    fold_into_conv(w, b, m, v, g, o, e)[0], (b - m) * g / (v + e).sqrt() + o))
known("gamma and beta have changed places: gamma stretches, beta is added",
      lambda w, b, m, v, g, o, e: fold_into_conv(w, b, m, v, o, g, e))
known("mean and variance have changed places", lambda w, b, m, v, g, o, e: fold_into_conv(w, b, v, m, g, o, e))
known("the weights are as they were: they are stretched too", lambda w, *more: (w, fold_into_conv(w, *more)[1]))
known("beta was added to the weights: it belongs to the bias alone", lambda w, b, m, v, g, o, e: (
    fold_into_conv(w, b, m, v, g, o, e)[0] + o.view(-1, 1, 1, 1), fold_into_conv(w, b, m, v, g, o, e)[1]))
known("the two have changed places: weight first, then bias", lambda *given: fold_into_conv(*given)[::-1])
known("you gave the weights only: the new bias is wanted too", lambda *given: fold_into_conv(*given)[0])


for right, names in ((batch_norm, ("gamma", "beta")), (input_gradient, ("gamma",)), (running_update, ("running_mean", "running_variance"))):
    for name in names:
        makes_no_difference(right, "first hundred", "a number a channel: four channels are enough to see that each has "
            "its own", name)
for name in ("weight", "bias", "mean", "variance", "gamma", "beta"):
    makes_no_difference(fold_into_conv, "first hundred", "a number or a kernel a channel: four channels are enough to "
        "see that each has its own", name)
