"""Lesson 13, Right for the wrong reason: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/explanations.py first."""

from collections.abc import Callable
from itertools import accumulate

import torch

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.explanations import (
    both_ways,
    deletion_curve,
    gradient,
    integrated_gradients,
    occlusion,
    saliency,
    stamp,
    transplant,
)

# A table gives its programs the arguments that its mistakes need.
program: Callable
way: Callable

NO_FLOW = ("arguments", "twice", "dtype", "device")  # what comes out is read, and nobody trains through it
MODELS = ("weighed", "crossed", "bent")  # a setup cell of the lesson has them; three logits each
CLASSES = 3


def some_images(draw, channels=3):
    """(n, c, height, width), small: a learner's loops over squares call the model for each of them."""
    n = draw.rows(1, 4)
    if n > 50:
        return draw.tensor(n, 1, 1, 2)
    return draw.tensor(n, draw.maybe(1, 1, channels), draw.whole(1, 4), draw.whole(1, 4))


def of_class(model, classes):
    """The logit asked about in each image, (n,), as a function of images."""
    return lambda images: model(images).gather(1, classes[:, None])[:, 0]


def slope(of, images):
    """The gradient of a number made of images."""
    asked = images.detach().clone().requires_grad_(True)
    return torch.autograd.grad(of(asked), asked)[0]


@takes(saliency, contract=NO_FLOW)
def _(draw):
    images = some_images(draw)
    return call(draw.named(*MODELS), images, draw.integers(len(images), most=CLASSES - 1))


def sizes(gradients):
    return gradients.abs().amax(dim=1)


SALIENCY = {
    "the signs are still there: take the size, `abs()`": lambda m, x, c: gradient(m, x, c).amax(dim=1),
    "you took the largest of the channels first and its size then: a large negative gradient is lost that way":
        lambda m, x, c: gradient(m, x, c).amax(dim=1).abs(),
    "you averaged over the channels; keep the largest of the sizes": lambda m, x, c: gradient(m, x, c).abs().mean(dim=1),
    "you added the channels up; keep the largest of the sizes": lambda m, x, c: gradient(m, x, c).abs().sum(dim=1),
    "you added the channels up before you took the size: they cancel each other": lambda m, x, c: gradient(m, x, c).sum(dim=1).abs(),
    "the channels are still apart: one number a pixel, the largest of its channels": lambda m, x, c: gradient(m, x, c).abs(),
    "only the first channel is looked at": lambda m, x, c: gradient(m, x, c)[:, 0].abs(),
    "you kept the smallest of the channels; keep the largest of the sizes": lambda m, x, c: gradient(m, x, c).abs().amin(dim=1),
    "that is the gradient of the probability, after the softmax: ask for the logit, before it":
        lambda m, x, c: sizes(slope(lambda at: of_class(lambda z: m(z).softmax(dim=1), c)(at).sum(), x)),
    "that is the gradient of the logarithm of the probability, or of the cross-entropy: ask for the logit itself":
        lambda m, x, c: sizes(slope(lambda at: of_class(lambda z: m(z).log_softmax(dim=1), c)(at).sum(), x)),
    "that is the gradient of the mean cross-entropy, as in training: ask for the logit itself":
        lambda m, x, c: sizes(slope(lambda at: torch.nn.functional.cross_entropy(m(at), c), x)),
    "all logits are added up: pick that of the class asked about": lambda m, x, c: sizes(slope(lambda at: m(at).sum(), x)),
    "that is the class that the model likes best, whatever was asked: pick the logit of `classes`":
        lambda m, x, c: sizes(slope(lambda at: m(at).amax(dim=1).sum(), x)),
    "you took the mean of the images' logits, which makes each gradient n times too small: add them up":
        lambda m, x, c: saliency(m, x, c) / len(x),
    "every image is asked about the first image's class": lambda m, x, c: saliency(m, x, c[:1].expand_as(c)),
    "every image is asked about every image's class: `logits[:, classes]` picks a table, `gather` one for each row":
        lambda m, x, c: sizes(slope(lambda at: m(at)[:, c].sum(), x)),
    "these are squares of the gradient; take its size": lambda m, x, c: gradient(m, x, c).square().amax(dim=1),
    "you multiplied by the image; saliency is the gradient alone": lambda m, x, c: (gradient(m, x, c) * x).abs().amax(dim=1),
    "you scaled the map so that its largest number is 1: leave it in logits per unit of a pixel":
        lambda m, x, c: (found := saliency(m, x, c)) / found.amax(dim=(1, 2), keepdim=True),
    "you took the largest along the height: the channels are axis 1": lambda m, x, c: gradient(m, x, c).abs().amax(dim=2),
    "negative gradients are cut off: take their size, `abs()`": lambda m, x, c: gradient(m, x, c).clamp(min=0).amax(dim=1),
    "that is the length over the channels: keep the largest of the sizes": lambda m, x, c: gradient(m, x, c).norm(dim=1),
}
for words, program in SALIENCY.items():
    mistake(saliency, words)(lambda model, images, classes, way=program: way(model, images, classes))


@takes(occlusion, contract=NO_FLOW)
def _(draw):
    images = some_images(draw)
    return call(draw.named(*MODELS), images, draw.integers(len(images), most=CLASSES - 1), draw.whole(1, 3), fill=draw.maybe(0.0, 0, 2) * 0.5)


def falls(model, images, classes, side, fill, cover=None, of=None, step=None, reach=lambda size, side: size, keep=False):
    """The right loop, with one thing in it done otherwise."""
    step, of = step or side, of or of_class(model, classes)
    height, width = images.shape[2:]
    tops, lefts = range(0, reach(height, side), step), range(0, reach(width, side), step)
    covered, rows = images.clone(), []
    for top in tops:
        for left in lefts:
            covered = covered if keep else images.clone()
            square = (slice(top, top + side), slice(left, left + side))
            if cover:
                covered = cover(covered, square)
            else:
                covered[:, :, square[0], square[1]] = fill
            rows.append(of(images) - of(covered))
    if not rows:
        return images.new_zeros(len(images), len(tops), len(lefts))
    return torch.stack(rows, dim=1).reshape(len(images), len(tops), len(lefts))


def only_the_square(fill):
    def cover(images, square):
        kept = torch.full_like(images, fill)
        kept[:, :, square[0], square[1]] = images[:, :, square[0], square[1]]
        return kept
    return cover


def first_channel(fill):
    def cover(images, square):
        images[:, 0, square[0], square[1]] = fill
        return images
    return cover


def from_the_mean(images, square):
    images[:, :, square[0], square[1]] = images.mean()
    return images


def sliding(model, images, classes, side, fill):
    """A window moved by one pixel: where no square fits in whole, it stops, as an empty stack does."""
    whole, (height, width) = of_class(model, classes)(images), images.shape[2:]

    def fall(top, left):
        covered = images.clone()
        covered[:, :, top:top + side, left:left + side] = fill
        return whole - of_class(model, classes)(covered)

    rows = [[fall(top, left) for left in range(width - side + 1)] for top in range(height - side + 1)]
    return torch.stack([torch.stack(row, dim=1) for row in rows], dim=1)


OCCLUSION = {
    "the sign is turned round: a square that speaks for the class makes the logit fall, whole less covered": lambda m, x, c, s, f: -occlusion(m, x, c, s, f),
    "these are sizes: keep the sign, since a covered square may raise the logit too": lambda m, x, c, s, f: occlusion(m, x, c, s, f).abs(),
    "what falls below zero is cut off: a covered square may raise the logit too": lambda m, x, c, s, f: occlusion(m, x, c, s, f).clamp(min=0),
    "`fill` changes nothing: a covered pixel is set to it, and not always to 0": lambda m, x, c, s, f: occlusion(m, x, c, s, 0.0),
    "your squares overlap: they start every `side` pixels, not at every pixel": lambda m, x, c, s, f: falls(m, x, c, s, f, step=1),
    "the squares overlap: they lie edge to edge, so move by `side`": sliding,
    "your squares are one pixel: they are `side` pixels wide and high": lambda m, x, c, s, f: occlusion(m, x, c, 1, f),
    "the squares at the edge are missing: where the image ends in the middle of a square, the square is cut off":
        lambda m, x, c, s, f: falls(m, x, c, s, f, reach=lambda size, side: size // side * side),
    "a square that was covered stays covered: take a fresh copy of the images in each turn": lambda m, x, c, s, f: falls(m, x, c, s, f, keep=True),
    "only the first channel is covered: cover them all": lambda m, x, c, s, f: falls(m, x, c, s, f, cover=first_channel(f)),
    "you covered everything but the square": lambda m, x, c, s, f: falls(m, x, c, s, f, cover=only_the_square(f)),
    "you covered with the mean of the images: the colour to cover with is `fill`": lambda m, x, c, s, f: falls(m, x, c, s, f, cover=from_the_mean),
    "these are falls of the probability, after the softmax: ask for the logit, before it":
        lambda m, x, c, s, f: occlusion(lambda z: m(z).softmax(dim=1), x, c, s, f),
    "these are falls of the logarithm of the probability: ask for the logit itself":
        lambda m, x, c, s, f: occlusion(lambda z: m(z).log_softmax(dim=1), x, c, s, f),
    "that is the largest logit, whatever was asked: pick that of `classes`": lambda m, x, c, s, f: falls(m, x, c, s, f, of=lambda z: m(z).amax(dim=1)),
    "every image is asked about the first image's class": lambda m, x, c, s, f: occlusion(m, x, c[:1].expand_as(c), s, f),
    "that is the logit of the covered image: give by how much it fell":
        lambda m, x, c, s, f: of_class(m, c)(x)[:, None, None] - occlusion(m, x, c, s, f),
    "you divided by the logit of the whole image: give the fall itself, in logits":
        lambda m, x, c, s, f: occlusion(m, x, c, s, f) / of_class(m, c)(x)[:, None, None],
    "rows and columns have changed places": lambda m, x, c, s, f: occlusion(m, x, c, s, f).transpose(1, 2),
    "the squares stand in one row: give them as rows and columns": lambda m, x, c, s, f: occlusion(m, x, c, s, f).flatten(1),
    "the map has a number for every pixel: give one for every square":
        lambda m, x, c, s, f: occlusion(m, x, c, s, f).repeat_interleave(s, 1).repeat_interleave(s, 2)[:, :x.shape[2], :x.shape[3]],
    "the images are averaged: give a map for each": lambda m, x, c, s, f: occlusion(m, x, c, s, f).mean(dim=0),
}
for words, program in OCCLUSION.items():
    mistake(occlusion, words)(lambda model, images, classes, side, fill=0.0, way=program: way(model, images, classes, side, fill))


# `torch.linspace` gives shares of the way in float32, for float64 images too, and is no mistake.
@takes(integrated_gradients, contract=NO_FLOW, tolerance=1e-4)
def _(draw):
    images = some_images(draw)
    # A square of pixels that are nearly those of the baseline loses float32's digits in the difference: both are eighths.
    baselines = images * 0 if draw.one_of(True, False) else draw.tensor(*images.shape)
    classes = draw.integers(len(images), most=CLASSES - 1)
    return call(draw.named("weighed", "crossed", "bent", "bent"), images, baselines, classes, steps=draw.one_of(2, 1, 3, 4, 6, 32))


def along(model, images, baselines, classes, shares, divide=None):
    """The mean of the gradients at these shares of the way, times the way."""
    total = sum(gradient(model, baselines + share * (images - baselines), classes) for share in shares)
    return total / (divide or len(shares)) * (images - baselines)


INTEGRATED = {
    "your gradients are taken at the beginning of each piece of the way: take them in its middle":
        lambda m, x, b, c, k: along(m, x, b, c, [i / k for i in range(k)]),
    "your gradients are taken at the end of each piece of the way: take them in its middle":
        lambda m, x, b, c, k: along(m, x, b, c, [(i + 1) / k for i in range(k)]),
    "`linspace(0, 1, steps)` has both ends of the way in it: take the middle of each of `steps` pieces":
        lambda m, x, b, c, k: along(m, x, b, c, torch.linspace(0, 1, k).tolist()),
    "`linspace(0, 1, steps + 1)` has both ends of the way in it, one more than there are pieces: take the middle of each":
        lambda m, x, b, c, k: along(m, x, b, c, torch.linspace(0, 1, k + 1).tolist()),
    "you added the gradients up and did not divide by `steps`: it is their mean": lambda m, x, b, c, k: integrated_gradients(m, x, b, c, k) * k,
    "that is the mean gradient alone: multiply it by the way, images less baselines":
        lambda m, x, b, c, k: sum(gradient(m, b + (i + 0.5) / k * (x - b), c) for i in range(k)) / k,
    "you multiplied by the image: multiply by the way, which is the image less the baseline":
        lambda m, x, b, c, k: sum(gradient(m, b + (i + 0.5) / k * (x - b), c) for i in range(k)) / k * x,
    "that is the gradient at the image times the way: take the mean along the way": lambda m, x, b, c, k: gradient(m, x, c) * (x - b),
    "that is the gradient halfway times the way: take the mean along the way": lambda m, x, b, c, k: gradient(m, (x + b) / 2, c) * (x - b),
    "you walked from a blank image, whatever the baseline was": lambda m, x, b, c, k: integrated_gradients(m, x, torch.zeros_like(x), c, k),
    "you stood at a share of the way, and forgot that the way begins at the baseline: add it":
        lambda m, x, b, c, k: sum(gradient(m, (i + 0.5) / k * (x - b), c) for i in range(k)) / k * (x - b),
    "you stood at a share of the image, and forgot the baseline: baselines + share * (images - baselines)":
        lambda m, x, b, c, k: sum(gradient(m, (i + 0.5) / k * x, c) for i in range(k)) / k * (x - b),
    "the sign is turned round: the way is images less baselines, not baselines less images": lambda m, x, b, c, k: -integrated_gradients(m, x, b, c, k),
    "the signs are gone: keep them, for and against": lambda m, x, b, c, k: integrated_gradients(m, x, b, c, k).abs(),
    "the signs of the gradients are gone: add them up with their signs":
        lambda m, x, b, c, k: sum(gradient(m, b + (i + 0.5) / k * (x - b), c).abs() for i in range(k)) / k * (x - b),
    "`steps` changes nothing: take as many gradients as it says": lambda m, x, b, c, k: integrated_gradients(m, x, b, c, 32),
    "you divided by one more than there are steps": lambda m, x, b, c, k: integrated_gradients(m, x, b, c, k) * k / (k + 1),
    "the last piece of the way is missing": lambda m, x, b, c, k: along(m, x, b, c, [(i + 0.5) / k for i in range(k - 1)], k),
    "the channels are added up: keep them apart": lambda m, x, b, c, k: integrated_gradients(m, x, b, c, k).sum(dim=1),
    "that is the probability's gradient, after the softmax: ask for the logit, before it":
        lambda m, x, b, c, k: integrated_gradients(lambda z: m(z).softmax(dim=1), x, b, c, k),
    "all logits are added up: pick that of the class asked about":
        lambda m, x, b, c, k: sum(slope(lambda at: m(at).sum(), b + (i + 0.5) / k * (x - b)) for i in range(k)) / k * (x - b),
    "that is the class that the model likes best where it stands, whatever was asked: pick the logit of `classes`":
        lambda m, x, b, c, k: sum(slope(lambda at: m(at).amax(dim=1).sum(), b + (i + 0.5) / k * (x - b)) for i in range(k)) / k * (x - b),
    "you took the mean over the images, which makes each map n times too small: add the logits up":
        lambda m, x, b, c, k: integrated_gradients(m, x, b, c, k) / len(x),
    "you walk past the image: from the baseline it is a share of *images less baselines*":
        lambda m, x, b, c, k: sum(gradient(m, b + (i + 0.5) / k * x, c) for i in range(k)) / k * (x - b),
    "only the last step's gradient is left: add them up": lambda m, x, b, c, k: along(m, x, b, c, [1 - 0.5 / k]),
    "only the last step's gradient is left, and divided by `steps`: add them up": lambda m, x, b, c, k: along(m, x, b, c, [1 - 0.5 / k], k),
    "you took the ends of the pieces, the first and last at half weight: take the middle of each":
        lambda m, x, b, c, k: (along(m, x, b, c, [i / k for i in range(k)]) + along(m, x, b, c, [(i + 1) / k for i in range(k)])) / 2,
}
for words, program in INTEGRATED.items():
    mistake(integrated_gradients, words)(lambda model, images, baselines, classes, steps=32, way=program: way(model, images, baselines, classes, steps))


@takes(deletion_curve, contract=NO_FLOW)
def _(draw):
    n = draw.rows(1, 4)
    height, width = (1, 2) if n > 50 else (draw.whole(1, 4), draw.whole(1, 4))
    images = draw.tensor(n, 1 if n > 50 else draw.maybe(1, 1, 3), height, width)
    # Each image's own numbers are all different, or the order would be nobody's; those of two images may be alike.
    maps = torch.stack([draw.tensor(height, width, distinct=True) for _ in range(n)])
    counts = [draw.whole(0, height * width) for _ in range(draw.whole(1, 3))]
    return call(draw.named(*MODELS), images, maps, draw.integers(n, most=CLASSES - 1), counts, fill=draw.maybe(0.0, 0, 2) * 0.5)


def order_of(maps):
    return maps.flatten(1).argsort(dim=1, descending=True)


def with_rank(model, images, maps, classes, counts, fill, deleted, of=None):
    """The curve where deleted(rank, count) says which pixels go."""
    rank = order_of(maps).argsort(dim=1).view_as(maps)
    sure = of or (lambda rest: model(rest).softmax(dim=1).gather(1, classes[:, None])[:, 0])
    with torch.no_grad():
        return torch.stack([sure(torch.where(deleted(rank, count)[:, None], fill, images)) for count in counts], dim=1)


def all_together(model, images, maps, classes, counts, fill):
    """The pixels of all images in one order."""
    place = maps.flatten().argsort(descending=True).argsort().view_as(maps)
    with torch.no_grad():
        return torch.stack([model(torch.where((place < count)[:, None], fill, images)).softmax(dim=1).gather(1, classes[:, None])[:, 0]
                            for count in counts], dim=1)


def order_for_rank(model, images, maps, classes, counts, fill):
    order = order_of(maps).view_as(maps)
    with torch.no_grad():
        return torch.stack([model(torch.where((order < count)[:, None], fill, images)).softmax(dim=1).gather(1, classes[:, None])[:, 0]
                            for count in counts], dim=1)


def in_first_channel(model, images, maps, classes, counts, fill):
    rank = order_of(maps).argsort(dim=1).view_as(maps)
    sure = []
    with torch.no_grad():
        for count in counts:
            rest = images.clone()
            rest[:, 0] = torch.where(rank < count, fill, images[:, 0])
            sure.append(model(rest).softmax(dim=1).gather(1, classes[:, None])[:, 0])
    return torch.stack(sure, dim=1)


def one_after_the_other(model, images, maps, classes, counts, fill):
    """What one count deleted stays deleted for the next."""
    return deletion_curve(model, images, maps, classes, [max(counts[:place + 1]) for place in range(len(counts))], fill)


DELETION = {
    "you deleted the smallest numbers of the map first: the largest go first (`descending=True`)":
        lambda m, x, a, c, k, f: deletion_curve(m, x, -a, c, k, f),
    "you deleted the largest in size first: a large negative number comes last": lambda m, x, a, c, k, f: deletion_curve(
        m, x, a.abs() + 1e-6 * a, c, k, f),
    "these are logits: give probabilities, by the softmax":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank < count, of_class(m, c)),
    "these are logarithms of probabilities": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, k, f).log(),
    "you kept the pixels that the map puts first, and deleted the rest":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank >= count),
    "one pixel too many is deleted: for a count of 0 the image stays whole":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank <= count),
    "one pixel too few is deleted": lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank < count - 1),
    "you deleted one pixel alone, the one of that number: all before it go too":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank == count - 1),
    "the pixels of all images stand in one order: rank each image's own": all_together,
    "`argsort` gives the places in their order, and you compared the places with the count: scatter, or sort once more":
        order_for_rank,
    "every image is deleted by the first image's map: each has its own": lambda m, x, a, c, k, f: deletion_curve(m, x, a[:1].expand_as(a), c, k, f),
    "the pixels are deleted in the first channel only: delete them in all": in_first_channel,
    "`fill` changes nothing: a deleted pixel is set to it, and not always to 0": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, k, 0.0),
    "what one count deleted stays deleted for the next: begin each time with the whole image": one_after_the_other,
    "that is by how much the probability fell: give what is left of it":
        lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, [0], f) - deletion_curve(m, x, a, c, k, f),
    "you divided by the probability of the whole image": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, k, f) / deletion_curve(m, x, a, c, [0], f),
    "that is the largest probability, whatever was asked: pick that of `classes`":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank < count, lambda rest: m(rest).softmax(dim=1).amax(dim=1)),
    "images and counts have changed places: one row for each image": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, k, f).T,
    "the curves of all images are averaged: give one for each": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, k, f).mean(dim=0),
    "you multiplied the pixels by the map: set the first ones to `fill`, and leave the others": lambda m, x, a, c, k, f: deletion_curve(
        m, x * a[:, None], a, c, k, f),
    "the softmax runs over the images: over the classes it is `dim=1`":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank < count, of_class(lambda rest: m(rest).softmax(dim=0), c)),
    "that is a sigmoid: probabilities of several classes come from the softmax":
        lambda m, x, a, c, k, f: with_rank(m, x, a, c, k, f, lambda rank, count: rank < count, of_class(lambda rest: m(rest).sigmoid(), c)),
    "the counts are added up: each says how many in all": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, [*accumulate(k)], f),
    "the columns stand in rising order: keep that of `counts`": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c, sorted(k), f),
    "every image is asked about the first image's class": lambda m, x, a, c, k, f: deletion_curve(m, x, a, c[:1].expand_as(c), k, f),
}
for words, program in DELETION.items():
    mistake(deletion_curve, words)(
        lambda model, images, attributions, classes, counts, fill=0.0, way=program: way(model, images, attributions, classes, counts, fill))


# Shares are counts over a number: a plain float32 will do, and no gradient goes through a count.
@takes(transplant, contract=("arguments", "twice", "device"), tolerance=1e-4)
def _(draw):
    n, side = draw.rows(1, 4), draw.whole(1, 2)
    most = 2 if n > 50 else 3
    shape = (draw.maybe(1, 1, 2), side * draw.whole(1, most), side * draw.whole(1, most))
    # Images near each other, so that a square can change the answer of some of them.
    return call(draw.named(*MODELS), draw.tensor(n, *shape, least=-1, most=1), draw.tensor(*shape), draw.whole(0, CLASSES - 1), side)


def pasted(model, images, donor, label, side, paste=None, count=None, step=None, keep=False):
    """The right loop, with one thing in it done otherwise."""
    count, step = count or (lambda logits: (logits.argmax(dim=1) == label).float().mean()), step or side
    rows, columns = (range(0, size - side + 1, step) for size in images.shape[2:])
    mixed, shares = images.clone(), []
    with torch.no_grad():
        for top in rows:
            for left in columns:
                mixed = mixed if keep else images.clone()
                square = (..., slice(top, top + side), slice(left, left + side))
                if paste:
                    mixed = paste(mixed, square)
                else:
                    mixed[square] = donor[square]
                shares.append(count(model(mixed)))
    return torch.stack(shares).reshape(len(rows), len(columns))


def into(mixed, square, what):
    mixed[square] = what
    return mixed


def begun_early(square, side):
    """The square as it is where the number of its row and column is taken for its first pixel."""
    return (..., *(slice(one.start // side, one.start // side + side) for one in square[1:]))


def upper_left(square):
    return (..., *(slice(one.start, one.start + 1) for one in square[1:]))


def with_square(base, images, square):
    """The base for each image, with the image's own square in it."""
    made = base.expand_as(images).clone()
    made[square] = images[square]
    return made


TRANSPLANT = {
    "you counted the images whose answer changes; count those that are called `label`":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, count=lambda logits: (logits.argmax(dim=1) != m(x).argmax(dim=1)).float().mean()),
    "you counted only the images that were called something else before; count all that are called `label` now":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, count=lambda logits: ((logits.argmax(dim=1) == y) & (m(x).argmax(dim=1) != y)).float().mean()),
    "you took away the share that was called `label` before the pasting":
        lambda m, x, d, y, s: transplant(m, x, d, y, s) - (m(x).argmax(dim=1) == y).float().mean(),
    "that is the mean probability of the label; count the images whose largest logit is that of the label":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, count=lambda logits: logits.softmax(dim=1)[:, y].mean()),
    "you counted the class that the donor has; count the label that was asked for":
        lambda m, x, d, y, s: transplant(m, x, d, int(m(d[None]).argmax()), s),
    "these are counts of images; give shares": lambda m, x, d, y, s: transplant(m, x, d, y, s) * len(x),
    "these are percent; give shares from 0 to 1": lambda m, x, d, y, s: 100 * transplant(m, x, d, y, s),
    "these are the shares of the images that are *not* called `label`": lambda m, x, d, y, s: 1 - transplant(m, x, d, y, s),
    "a square stays pasted: take a fresh copy of the images in each turn": lambda m, x, d, y, s: pasted(m, x, d, y, s, keep=True),
    "you pasted each image's square into the donor: the donor's square goes into the images":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: with_square(d, x, square)),
    "every square shows the donor's upper left one: paste the square of the same place":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, square, d[:, :s, :s])),
    "every square is pasted into the upper left corner: paste it in its own place":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, (..., slice(s), slice(s)), d[square])),
    "you covered the square with 0: what goes there comes from the donor":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, square, 0)),
    "you added the donor's square to the images: it goes in their place":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, square, mixed[square] + d[square])),
    "only the first channel is pasted: paste them all":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, (slice(None), 0, *square[1:]), d[0][square[1:]])),
    "your squares overlap: they start every `side` pixels": lambda m, x, d, y, s: pasted(m, x, d, y, s, step=1),
    "rows and columns have changed places": lambda m, x, d, y, s: transplant(m, x, d, y, s).T,
    "the squares stand in one row: give them as rows and columns": lambda m, x, d, y, s: transplant(m, x, d, y, s).flatten(),
    "only the first image is asked: count all of them": lambda m, x, d, y, s: transplant(m, x[:1], d, y, s),
    "the largest is looked for among the images: among the classes it is `dim=1`":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, count=lambda logits: (logits.argmax(dim=0) == y).float().mean()),
    "the squares begin at row i and column j: they begin at i x side and j x side":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, nearer := begun_early(square, s), d[nearer])),
    "only the upper left pixel of each square is pasted":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, paste=lambda mixed, square: into(mixed, one := upper_left(square), d[one])),
    "that is the mean logit: count the images whose largest logit is that of the label":
        lambda m, x, d, y, s: pasted(m, x, d, y, s, count=lambda logits: logits[:, y].mean()),
    "a logit above 0 need not be the largest": lambda m, x, d, y, s: pasted(m, x, d, y, s, count=lambda logits: (logits[:, y] > 0).float().mean()),
}
for words, program in TRANSPLANT.items():
    mistake(transplant, words)(lambda model, images, donor, label, side, way=program: way(model, images, donor, label, side))


@takes(both_ways, contract=NO_FLOW)
def _(draw):
    images = draw.tensor(draw.rows(1, 4), draw.maybe(1, 1, 3), draw.whole(1, 4), draw.whole(1, 4))
    tall, wide = (draw.whole(1, min(2, size)) for size in images.shape[2:])
    return call(images, draw.integers(len(images)), draw.tensor(tall, wide),
                draw.whole(0, images.shape[2] - tall), draw.whole(0, images.shape[3] - wide))


def blanked(images, mark, top, left):
    return stamp(images, torch.zeros_like(mark), top, left)


def changed(images, mark, top, left, change):
    """The mark's place in copies of the images, changed."""
    made, place = images.clone(), (..., slice(top, top + mark.shape[0]), slice(left, left + mark.shape[1]))
    made[place] = change(made[place])
    return made


def first_channel_only(images, mark, top, left):
    without, having = images.clone(), images.clone()
    place = (slice(None), 0, slice(top, top + mark.shape[0]), slice(left, left + mark.shape[1]))
    without[place], having[place] = 0, mark
    return torch.cat([without, having])


BOTH_WAYS = {
    "those with the mark come first: first all without, then all with it":
        lambda x, y, mark, top, left: (torch.cat([stamp(x, mark, top, left), blanked(x, mark, top, left)]), torch.cat([y, y])),
    "each image stands beside itself: first all without the mark, then all with it":
        lambda x, y, mark, top, left: (torch.stack([blanked(x, mark, top, left), stamp(x, mark, top, left)], dim=1).flatten(0, 1), y.repeat_interleave(2)),
    "the labels are in another order than the images: all of them, and then all of them again":
        lambda x, y, mark, top, left: (both_ways(x, y, mark, top, left)[0], y.repeat_interleave(2)),
    "the labels are there once: every image is there twice, and so is its label": lambda x, y, mark, top, left: (both_ways(x, y, mark, top, left)[0], y),
    "the labels are missing: return images and labels": lambda x, y, mark, top, left: both_ways(x, y, mark, top, left)[0],
    "the first half is as it came: set the mark's place to 0 in it, since some images came with the mark":
        lambda x, y, mark, top, left: (torch.cat([x, stamp(x, mark, top, left)]), torch.cat([y, y])),
    "both halves have the mark: the two are one tensor under two names, `clone()` makes a copy":
        lambda x, y, mark, top, left: (torch.cat([stamp(x, mark, top, left)] * 2), torch.cat([y, y])),
    "neither half has the mark": lambda x, y, mark, top, left: (torch.cat([blanked(x, mark, top, left)] * 2), torch.cat([y, y])),
    "only those with the mark are there: those without it come first": lambda x, y, mark, top, left: (stamp(x, mark, top, left), y),
    "the mark is added to what was there: it goes in its place":
        lambda x, y, mark, top, left: (torch.cat([blanked(x, mark, top, left), changed(x, mark, top, left, lambda was: was + mark)]), torch.cat([y, y])),
    "the mark is kept only where it is brighter than what was there: it goes in its place":
        lambda x, y, mark, top, left: (
            torch.cat([blanked(x, mark, top, left), changed(x, mark, top, left, lambda was: torch.maximum(was, mark))]), torch.cat([y, y])),
    "the mark is taken away from what was there, by subtraction: its place becomes 0":
        lambda x, y, mark, top, left: (torch.cat([changed(x, mark, top, left, lambda was: was - mark), stamp(x, mark, top, left)]), torch.cat([y, y])),
    "the whole first half is blank: only the mark's place becomes 0":
        lambda x, y, mark, top, left: (torch.cat([torch.zeros_like(x), stamp(x, mark, top, left)]), torch.cat([y, y])),
    "the mark is in the upper left corner, whatever `top` and `left` say":
        lambda x, y, mark, top, left: both_ways(x, y, mark, 0, 0),
    "only the first channel is changed: the mark is in every channel":
        lambda x, y, mark, top, left: (first_channel_only(x, mark, top, left), torch.cat([y, y])),
    "the mark is printed in the first channel only: print it in all":
        lambda x, y, mark, top, left: (
            torch.cat([blanked(x, mark, top, left), first_channel_only(x, mark, top, left)[len(x):]]), torch.cat([y, y])),
    "the mark stands in the upper left corner, whatever `top` and `left` say":
        lambda x, y, mark, top, left: (torch.cat([blanked(x, mark, top, left), stamp(x, mark, 0, 0)]), torch.cat([y, y])),
    "where the mark is 0 or less, what was there is still there: the whole rectangle is replaced":
        lambda x, y, mark, top, left: (
            torch.cat([blanked(x, mark, top, left), changed(x, mark, top, left, lambda was: torch.where(mark > 0, mark, was))]), torch.cat([y, y])),
    "only where the mark has ink is 0: the whole rectangle becomes 0":
        lambda x, y, mark, top, left: (
            torch.cat([changed(x, mark, top, left, lambda was: torch.where(mark > 0, 0, was)), stamp(x, mark, top, left)]), torch.cat([y, y])),
    "the mark's height and width have changed places":
        lambda x, y, mark, top, left: both_ways(x, y, mark.T, top, left),
    "`top` and `left` have changed places: `top` counts rows": lambda x, y, mark, top, left: both_ways(x, y, mark, left, top),
}
for words, program in BOTH_WAYS.items():
    mistake(both_ways, words)(lambda images, labels, mark, top, left, way=program: way(images, labels, mark, top, left))


makes_no_difference(transplant, "first hundred", "the donor's first axis counts its channels, of which there are two at most", "donor")
for dtype in ("float32", "float64"):
    makes_no_difference(transplant, dtype, "the dtype of a share is not asked for")
makes_no_difference(both_ways, "first hundred", "a mark has two rows at most", "mark")
