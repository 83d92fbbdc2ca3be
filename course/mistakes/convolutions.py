"""Lesson 05, Crops through a filter: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/convolutions.py first."""

from collections.abc import Callable

import torch
from torch.nn import functional as F

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.convolutions import (
    KERNELS,
    class_activation_map,
    conv2d,
    convolve,
    edge_strength,
    output_size,
    pool,
    windows,
)

# A table gives its programs the arguments that its mistakes need.
of: Callable


@takes(output_size)
def _(draw):
    stride, padding = draw.maybe(1, 1, 5), draw.maybe(0, 0, 4)
    kernel = draw.whole(1, 12)
    room = draw.one_of(draw.whole(0, 30), draw.whole(-6, 2), draw.whole(-2, -1))
    return call(max(1, kernel - 2 * padding + room), kernel, stride=stride, padding=padding)


@mistake(output_size, "you counted the steps; the place where the kernel starts counts too, so add 1")
def _(size, kernel, stride=1, padding=0):
    return output_size(size, kernel, stride, padding) - 1


@mistake(output_size, "padding is added at either end, so it counts twice")
def _(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1


@mistake(output_size, "you left the padding out")
def _(size, kernel, stride=1, padding=0):
    return (size - kernel) // stride + 1


@mistake(output_size, "you took the padding away; it makes the side longer")
def _(size, kernel, stride=1, padding=0):
    return (size - 2 * padding - kernel) // stride + 1


@mistake(output_size, "you left the stride out")
def _(size, kernel, stride=1, padding=0):
    return output_size(size, kernel, 1, padding)


@mistake(output_size, "you rounded up: a last step for which there is no room is not taken")
def _(size, kernel, stride=1, padding=0):
    output_size(size, kernel, stride, padding)
    return -(-(size + 2 * padding - kernel) // stride) + 1


@mistake(output_size, "`round` goes up where more than half a step is left: a last step for which there is no room is "
    "not taken, so `//`")
def _(size, kernel, stride=1, padding=0):
    output_size(size, kernel, stride, padding)
    return round((size + 2 * padding - kernel) / stride) + 1


@mistake(output_size, "you did not take the kernel's length away: its far end has to stay inside")
def _(size, kernel, stride=1, padding=0):
    return (size + 2 * padding) // stride + 1


@mistake(output_size, "you took half of the kernel away: its middle may not reach the edge, it is the whole kernel "
    "that has to stay inside")
def _(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel // 2) // stride + 1


@mistake(output_size, "you divided the whole padded side by the stride: take the kernel's length away first, and add "
    "the place where it starts")
def _(size, kernel, stride=1, padding=0):
    return (size + 2 * padding) // stride


@mistake(output_size, "a kernel as long as the side fits once: refuse only what is longer")
def _(size, kernel, stride=1, padding=0):
    if kernel == size + 2 * padding:
        raise ValueError
    return output_size(size, kernel, stride, padding)


@mistake(output_size, "the kernel is longer than the side, but padding makes room for it: count that before you refuse")
def _(size, kernel, stride=1, padding=0):
    if kernel > size:
        raise ValueError
    return output_size(size, kernel, stride, padding)


@mistake(output_size, "nothing is refused: where the kernel is longer than the padded side, `raise ValueError(...)`")
def _(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


PLACES = {
    "add the padding to the side before you divide by the stride, and not to the number of places":
        lambda side, kernel, stride, padding: (side - 2 * padding - kernel) // stride + 1 + 2 * padding,
    "you left out a place that ends exactly at the edge": lambda side, kernel, stride, padding: -(-(side - kernel) // stride),
    "you added 1 before you divided by the stride: add it afterwards, for the place where the kernel starts":
        lambda side, kernel, stride, padding: (side - kernel + 1) // stride,
    "your kernel is 3 long, whatever was asked for": lambda side, kernel, stride, padding: (side - 3) // stride + 1,
    "2 * (kernel // 2) + 1 is the kernel's length only where that is odd: take `kernel` itself away":
        lambda side, kernel, stride, padding: (side - 2 * (kernel // 2) - 1) // stride + 1,
    "kernel and stride have changed places: take the kernel away, and divide by the stride":
        lambda side, kernel, stride, padding: (side - stride) // kernel + 1,
}
for words, fits in PLACES.items():
    @mistake(output_size, words)
    def _(size, kernel, stride=1, padding=0, places=fits):
        output_size(size, kernel, stride, padding)
        return places(size + 2 * padding, kernel, stride, padding)

REFUSED_TOO_LATE = {
    "`int` cuts towards zero, so a kernel that is a little too long counts as one place: ask whether it fits before "
    "you divide":
        lambda side, kernel, stride: (int((side - kernel) / stride) + 1, 1),
    "a kernel that is a little too long gives 0 places and no error: ask whether it fits before you divide":
        lambda side, kernel, stride: ((side - kernel) // stride + 1, 0),
}
for words, count in REFUSED_TOO_LATE.items():
    @mistake(output_size, words)
    def _(size, kernel, stride=1, padding=0, count=count):
        places, least = count(size + 2 * padding, kernel, stride)
        if places < least:
            raise ValueError
        return places


@takes(convolve, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    stride, padding = draw.maybe(1, 1, 3), draw.maybe(0, 0, 2)
    kernel = draw.tensor(draw.whole(1, 3), draw.whole(1, 4))
    least, narrow = (max(1, side - 2 * padding) for side in kernel.shape)  # so that it fits
    height = draw.rows(least, max(7, least), turn=1)
    return call(draw.tensor(height, draw.whole(narrow, narrow if height > 100 else 7)), kernel, stride=stride, padding=padding)


def crops(image, kernel, stride=1, padding=0):
    """(rows, columns, kh, kw)."""
    return windows(F.pad(image, (padding,) * 4)[None, None], *kernel.shape, stride)[0, 0]


@mistake(convolve, "you turned the kernel round, as mathematicians do; here it is laid on as it comes")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel.flip(0, 1), stride, padding)


@mistake(convolve, "you exchanged the kernel's rows and columns")
def _(image, kernel, stride=1, padding=0):
    if kernel.shape[0] != kernel.shape[1]:
        raise RuntimeError
    return convolve(image, kernel.T, stride, padding)


@mistake(convolve, "you took the mean of the products; it is their sum")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel / kernel.numel(), stride, padding)


@mistake(convolve, "you divided by the sum of the kernel; nothing is divided")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel, stride, padding) / kernel.sum()


@mistake(convolve, "row and column have changed places where you cut out the crop: rows come first")
def _(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    padded = F.pad(image, (padding,) * 4)
    rows, columns = convolve(image, kernel, stride, padding).shape
    return torch.stack([torch.stack([(padded[j * stride:j * stride + kh, i * stride:i * stride + kw] * kernel).sum()
                                     for j in range(columns)]) for i in range(rows)])


@mistake(convolve, "you made as many places across as down: count the columns from the width")
def _(image, kernel, stride=1, padding=0):
    right = convolve(image, kernel, stride, padding)
    return right[:, :len(right)]


def walked(image, kernel, rows, columns, stride, padding):
    """The sums at so many places, whether they fit or not."""
    (kh, kw), padded, result = kernel.shape, F.pad(image, (padding,) * 4), image.new_zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            result[i, j] = (padded[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return result


def places(image, kernel, stride, padding):
    """How many fit down and across, by the formula, also where the kernel is too long."""
    return tuple((side + 2 * padding - length) // stride + 1 for side, length in zip(image.shape, kernel.shape, strict=True))


@mistake(convolve, "you made as many places across as down: count the columns from the width")
def _(image, kernel, stride=1, padding=0):
    rows, _ = places(image, kernel, stride, padding)
    return walked(image, kernel, rows, rows, stride, padding)


@mistake(convolve, "you made as many places down as across: count the rows from the height")
def _(image, kernel, stride=1, padding=0):
    _, columns = places(image, kernel, stride, padding)
    return walked(image, kernel, columns, columns, stride, padding)


@mistake(convolve, "you padded by half of the kernel's height, whatever was asked for")
def _(image, kernel, stride=1, padding=0):
    padding = kernel.shape[0] // 2
    return walked(image, kernel, *places(image, kernel, stride, padding), stride, padding)


@mistake(convolve, "your result is as large as the image: make it as large as there are places")
def _(image, kernel, stride=1, padding=0):
    right, result = convolve(image, kernel, stride, padding), torch.zeros_like(image)
    result[:right.shape[0], :right.shape[1]] = right
    return result


@mistake(convolve, "you stopped one place early: with n pixels and a kernel of k there are n - k + 1 places")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel, stride, padding)[:-1, :-1]


for empty in (True, False):  # a result without places, or a `stack` of nothing, which stops
    @mistake(convolve, "you left out the places that end exactly at the edge: `range` stops before its end, so add 1 "
        "to it")
    def _(image, kernel, stride=1, padding=0, empty=empty):
        rows, columns = (-(-(side + 2 * padding - long) // stride) for side, long in zip(image.shape, kernel.shape, strict=True))
        if not (empty or (rows and columns)):
            raise RuntimeError
        return convolve(image, kernel, stride, padding)[:rows, :columns]


@mistake(convolve, "`@` multiplies matrices, rows by columns; here each pixel meets the number on top of it, which is "
    "`*`")
def _(image, kernel, stride=1, padding=0):
    return (crops(image, kernel, stride, padding) @ kernel).sum(dim=(-2, -1))


@mistake(convolve, "you added up the crop and left the kernel out")
def _(image, kernel, stride=1, padding=0):
    return crops(image, kernel, stride, padding).sum(dim=(-2, -1))


@mistake(convolve, "you added crop and kernel; multiply them")
def _(image, kernel, stride=1, padding=0):
    return (crops(image, kernel, stride, padding) + kernel).sum(dim=(-2, -1))


@mistake(convolve, "only the last product is left: add all of them up, and do not overwrite")
def _(image, kernel, stride=1, padding=0):
    return (crops(image, kernel, stride, padding) * kernel)[..., -1, -1]


@mistake(convolve, "you took the greatest of the products; it is their sum")
def _(image, kernel, stride=1, padding=0):
    return (crops(image, kernel, stride, padding) * kernel).amax(dim=(-2, -1))


@mistake(convolve, "you multiplied the sum of the crop by the sum of the kernel; multiply pixel by pixel, then add up")
def _(image, kernel, stride=1, padding=0):
    return crops(image, kernel, stride, padding).sum(dim=(-2, -1)) * kernel.sum()


@mistake(convolve, "`return` stands inside a loop, so only the first row was done")
def _(image, kernel, stride=1, padding=0):
    right = convolve(image, kernel, stride, padding)
    return torch.cat([right[:1], torch.zeros_like(right[1:])])


@mistake(convolve, "`return` stands inside a loop, so only the first place was done")
def _(image, kernel, stride=1, padding=0):
    right = convolve(image, kernel, stride, padding)
    result = torch.zeros_like(right)
    result[0, 0] = right[0, 0]
    return result


@mistake(convolve, "you took the kernel for a square: its height is kernel.shape[0], its width kernel.shape[1]")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel[:, :kernel.shape[0]], stride, padding)


def the_rows_only(image, kernel, stride=1, padding=0):
    return convolve(image, kernel, 1, padding)[::stride]


def the_columns_only(image, kernel, stride=1, padding=0):
    return convolve(image, kernel, 1, padding)[:, ::stride]


mistake(convolve, "the stride counts down the rows only: it counts across as well")(the_rows_only)
mistake(convolve, "the stride counts across only: it counts down the rows as well")(the_columns_only)


@mistake(convolve, "the result has the right size, but the crops are one pixel apart: they begin at row * stride and "
    "column * stride")
def _(image, kernel, stride=1, padding=0):
    rows, columns = convolve(image, kernel, stride, padding).shape
    return convolve(image, kernel, 1, padding)[:rows, :columns]


@mistake(convolve, "the crops are a stride apart in one direction and one pixel apart in the other")
def _(image, kernel, stride=1, padding=0):
    columns = convolve(image, kernel, stride, padding).shape[1]
    return the_rows_only(image, kernel, stride, padding)[:, :columns]


@mistake(convolve, "your steps are as long as the kernel: go by the stride that came in")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel, 1, padding)[::kernel.shape[0], ::kernel.shape[1]]


@mistake(convolve, "you multiplied the stride by the kernel's size: from place to place it is `stride` pixels")
def _(image, kernel, stride=1, padding=0):
    return convolve(image, kernel, 1, padding)[::stride * kernel.shape[0], ::stride * kernel.shape[1]]


@mistake(convolve, "you counted the places without the padding: it makes room for more")
def _(image, kernel, stride=1, padding=0):
    rows, columns = (max(0, (side - length) // stride + 1) for side, length in zip(image.shape, kernel.shape, strict=True))
    return convolve(image, kernel, stride, padding)[:rows, :columns]


PADDED_WRONGLY = {
    "you padded left and right only: `pad` wants four numbers, (left, right, top, bottom)":
        lambda x, p: F.pad(x, (p, p)),
    "you padded above and below only: `pad` wants four numbers, (left, right, top, bottom)":
        lambda x, p: F.pad(x, (0, 0, p, p)),
    "you padded the left and the upper side only: zeros go on all four": lambda x, p: F.pad(x, (p, 0, p, 0)),
    "you padded the right and the lower side only: zeros go on all four": lambda x, p: F.pad(x, (0, p, 0, p)),
    "you padded with ones; here it is zeros": lambda x, p: F.pad(x, (p,) * 4, value=1.0),
    "you padded twice as much as asked for": lambda x, p: F.pad(x, (2 * p,) * 4),
    "you padded by one pixel, whatever was asked for": lambda x, p: F.pad(x, (1,) * 4),
    "you padded with copies of the edge; here it is zeros":
        lambda x, p: F.pad(x[(None,) * (4 - x.ndim)], (p,) * 4, "replicate").reshape(*x.shape[:-2], x.shape[-2] + 2 * p, x.shape[-1] + 2 * p),
}
for words, padded in PADDED_WRONGLY.items():
    mistake(convolve, words)(lambda image, kernel, stride=1, padding=0, padded=padded: convolve(padded(image, padding), kernel, stride))
    mistake(conv2d, words)(
        lambda images, kernels, bias=None, stride=1, padding=0, padded=padded: conv2d(padded(images, padding), kernels, bias, stride))


@takes(edge_strength)
def _(draw):
    slope = draw.one_of(None, 1.0, -1.0)
    height, width = draw.whole(3, 7), draw.whole(3, 8)
    noise = draw.tensor(height, width)
    ramp = torch.arange(width if draw.whole(0, 1) else height, dtype=draw.dtype)
    level = (ramp if len(ramp) == width else ramp[:, None]).expand(height, width).clone()
    return call(noise if slope is None else slope * level)


RIGHT, DOWN = KERNELS["brighter to the right"], KERNELS["brighter downwards"]


def responses(image, right=RIGHT, down=DOWN, padding=0):
    return tuple(convolve(image, kernel.to(image), 1, padding) for kernel in (right, down))


def length(pair):
    return (pair[0] ** 2 + pair[1] ** 2).sqrt()


EDGES = {
    "you added the two up; Pythagoras squares them first, and where one falls and the other rises they cancel":
        lambda x, y: x + y,
    "the root is missing": lambda x, y: x ** 2 + y ** 2,
    "the root reaches the second square only: brackets round the sum, and then the root": lambda x, y: x ** 2 + y.abs(),
    "that is one number for the whole image: one is wanted at every place": lambda x, y: length((x, y)).norm(),
    "only the change to the right is in it": lambda x, y: x.abs(),
    "only the change to the right is in it, and with its sign": lambda x, y: x,
    "only the change downwards is in it: brightness changes to the right as well": lambda x, y: y.abs(),
    "only the change downwards is in it, and with its sign": lambda x, y: y,
    "you used the kernel for the right twice": lambda x, y: length((x, x)),
    "you used the kernel for downwards twice": lambda x, y: length((y, y)),
    "you took the mean of the two; Pythagoras squares, adds, and takes the root": lambda x, y: (x + y) / 2,
    "you took the mean of the squares; Pythagoras adds them": lambda x, y: length((x, y)) / 2 ** 0.5,
    "you took the root of each and added up; add first": lambda x, y: x.abs().sqrt() + y.abs().sqrt(),
    "you divided by 8; that is often done, but nothing is divided here": lambda x, y: length((x, y)) / 8,
    "you took the greater of the two": lambda x, y: torch.maximum(x.abs(), y.abs()),
    "you added up their sizes; Pythagoras squares, adds, and takes the root": lambda x, y: x.abs() + y.abs(),
    "you added the two up first and squared then: square each, then add": lambda x, y: (x + y).abs(),
    "the second square is taken away: both are added": lambda x, y: (x ** 2 - y ** 2).sqrt(),
    "you scaled the result to run up to 1; leave that to whoever draws it":
        lambda x, y: length((x, y)) / length((x, y)).max(),
    "you took the root of the plain sum: square each of the two first": lambda x, y: (x + y).sqrt(),
    "that is the direction of the edge; its strength is wanted": lambda x, y: torch.atan2(y, x),
    "that is the direction of the edge, without its sign; its strength is wanted": lambda x, y: torch.atan2(y, x).abs(),
    "you took the length along the columns of the maps; take it over the two responses at each place":
        lambda x, y: torch.stack([x, y]).norm(dim=1),
    "brightness that falls has no strength for you: an edge is as strong either way":
        lambda x, y: length((x.relu(), y.relu())),
}
for words, both in EDGES.items():
    mistake(edge_strength, words)(lambda image, both=both: both(*responses(image)))
KERNELS_OF_ONES = "your kernels have ones where Sobel's have twos, in the middle"
mistake(edge_strength, KERNELS_OF_ONES)(lambda image: length(responses(image, RIGHT.clamp(-1, 1), DOWN.clamp(-1, 1))))
mistake(edge_strength, "you padded the image; a frame of zeros is itself an edge")(lambda image: length(responses(image, padding=1)))
OUTLINE = KERNELS["outline"]
mistake(edge_strength, "that is the outline kernel: it sees where steepness changes, not how large it is")(
    lambda image: responses(image, OUTLINE)[0].abs())
mistake(edge_strength, "that is the outline kernel, signs and all: it sees where steepness changes, not how large it is")(
    lambda image: responses(image, OUTLINE)[0])
MIDDLE, ALTERNATE = torch.tensor([[0.], [0.5], [0.]]), torch.tensor([[1.], [-1.], [1.]])
for times in (0.5, 1, 2, 4):
    mistake(edge_strength, "your kernels compare two pixels only: the rows beside them count as well")(
        lambda image, times=times: length(responses(image, RIGHT * MIDDLE * times, (RIGHT * MIDDLE * times).T)))
for right, down in ((RIGHT * ALTERNATE, DOWN), (RIGHT, DOWN * ALTERNATE.T), (RIGHT * ALTERNATE, DOWN * ALTERNATE.T)):
    mistake(edge_strength, "the twos in a kernel have the wrong sign: they go with the ones beside them")(
        lambda image, right=right, down=down: length(responses(image, right, down)))
for digits in range(2, 8):  # what is less is within what float32 can tell
    mistake(edge_strength, "a number is added under the root: an even area has strength 0, and the root of 0 is no "
        "trouble")(
        lambda image, digits=digits: (length(responses(image)) ** 2 + 10 ** -digits).sqrt())


@mistake(edge_strength, "you turned the image, and its result lies on its side: turn the kernel instead")
def _(image):
    return length((responses(image)[0], responses(image)[1].T))


@takes(conv2d)
def _(draw):
    stride, padding = draw.maybe(1, 1, 3), draw.maybe(0, 0, 2)
    n, c, k = draw.rows(1, 3), draw.whole(1, 3), draw.whole(1, 4)
    kernels = draw.tensor(k, c, draw.whole(1, 3), draw.whole(1, 3))
    # So that it fits; and of more than a hundred images each is as large as the kernel, for a learner's loops.
    height, width = (draw.whole(least := max(1, side - 2 * padding), least if n > 3 else 6) for side in kernels.shape[2:])
    bias = draw.tensor(k) if draw.whole(0, 1) else None
    return call(draw.tensor(n, c, height, width), kernels, bias=bias, stride=stride, padding=padding)


def plain(x, k, s):
    return conv2d(x, k, None, s)


CHANNELS = {
    "only the first channel is in it: the products of all channels are added up":
        lambda x, k, s: plain(x[:, :1], k[:, :1], s),
    "you took the mean over the channels; their products are added up": lambda x, k, s: plain(x, k, s) / x.shape[1],
    "you took the mean of the products; it is their sum": lambda x, k, s: plain(x, k, s) / k[0].numel(),
    "each channel has a map of its own in your result: add up over the channels":
        lambda x, k, s: torch.stack([plain(x[:, i:i + 1], k[:, i:i + 1], s) for i in range(x.shape[1])], dim=2),
    "you turned the kernels round; here they are laid on as they come": lambda x, k, s: plain(x, k.flip(2, 3), s),
    "you exchanged the rows and columns of the kernels": lambda x, k, s: plain(x, k.transpose(2, 3), s),
    "you exchanged the first two axes of the kernels: the first says which kernel, the second which channel":
        lambda x, k, s: plain(x, k.transpose(0, 1), s),
    "only the first image was done": lambda x, k, s: plain(x[:1], k, s),
    "you added the channels up before the kernel met them: it has numbers of its own for each channel":
        lambda x, k, s: plain(x.sum(dim=1, keepdim=True), k[:, :1], s),
    "you added up the channels of images and of kernels before they met: each channel meets its own numbers":
        lambda x, k, s: plain(x.sum(dim=1, keepdim=True), k.sum(dim=1, keepdim=True), s),
    "images and kernels are mixed up: your product has the kernels first, so `reshape(k, n, rows, columns)`, then "
    "`transpose(0, 1)`":
        lambda x, k, s: plain(x, k, s).transpose(0, 1).reshape(plain(x, k, s).shape),
    "you added up over the images of the batch": lambda x, k, s: plain(x, k, s).sum(dim=0, keepdim=True),
    "you added up over the kernels: each has a map of its own": lambda x, k, s: plain(x, k, s).sum(dim=1, keepdim=True),
}
for words, of in CHANNELS.items():
    @mistake(conv2d, words)
    def _(images, kernels, bias=None, stride=1, padding=0, of=of):
        maps = of(F.pad(images, (padding,) * 4), kernels, stride)
        return maps if bias is None else maps + bias[:, None, None]


RESULTS = {
    "the first two axes of your result are exchanged: image first, then kernel": lambda maps: maps.transpose(0, 1),
    "the kernels are your last axis; they come second, before rows and columns": lambda maps: maps.permute(0, 2, 3, 1),
    "the places are still one long axis: reshape it to rows and columns": lambda maps: maps.flatten(2),
    "kernels and places are mixed up: your product has the places first, so exchange the two axes before you reshape":
        lambda maps: maps.flatten(2).transpose(1, 2).reshape(maps.shape),
    "rows and columns of your result are exchanged": lambda maps: maps.flatten(2).reshape(*maps.mT.shape),
}
for words, of in RESULTS.items():
    @mistake(conv2d, words)
    def _(images, kernels, bias=None, stride=1, padding=0, of=of):
        return of(conv2d(images, kernels, bias, stride, padding))

    @mistake(conv2d, words)
    def _(images, kernels, bias=None, stride=1, padding=0, of=of):  # the bias was added afterwards
        maps = of(conv2d(images, kernels, None, stride, padding))
        return maps if bias is None else maps + bias[:, None, None]


def laid_out(images, kernels, stride, padding, order, turned=False):
    """One matrix product, with the crops' axes (n, c, rows, columns, kh, kw) put in another order before they are
    melted."""
    right = conv2d(images, kernels, None, stride, padding)
    seen = windows(F.pad(images, (padding,) * 4), *kernels.shape[2:], stride).permute(order)
    rows = kernels.reshape(-1, len(kernels)).T if turned else kernels.reshape(len(kernels), -1)
    return (rows @ seen.reshape(len(images), rows.shape[1], -1)).reshape(right.shape)


ORDERS = {
    "pixels of the crop and numbers of the kernel do not meet in the same order: `permute` to c, kh, kw before "
    "`reshape` melts them":
        ((0, 1, 2, 3, 4, 5), False),
    "the crops have their channels last and the kernels first: `permute` to c, kh, kw, in this order, before `reshape` "
    "melts them":
        ((0, 4, 5, 1, 2, 3), False),
    "height and width of the window are melted in the wrong order: the kernels have kh before kw": ((0, 1, 5, 4, 2, 3), False),
    "`reshape(-1, k)` does not turn the kernels, it tears them up: `kernels.reshape(k, -1)` is a row for each": ((0, 1, 4, 5, 2, 3), True),
}
for words, (order, turned) in ORDERS.items():
    @mistake(conv2d, words)
    def _(images, kernels, bias=None, stride=1, padding=0, order=order, turned=turned):
        maps = laid_out(images, kernels, stride, padding, order, turned)
        return maps if bias is None else maps + bias[:, None, None]

BIASES = {
    "you left the bias out": lambda maps, b, c: maps,
    "the bias went to the columns: torch lines axes up from the right, and bias[:, None, None] makes it meet the "
    "kernels":
        lambda maps, b, c: maps + b,
    "the bias went to the rows: torch lines axes up from the right, and bias[:, None, None] makes it meet the kernels":
        lambda maps, b, c: maps + b[:, None],
    "the bias went to the images: it has a number for each kernel, and bias[:, None, None] makes it meet them":
        lambda maps, b, c: maps + b[:, None, None, None],
    "you added the bias once for each channel; each map gets it once": lambda maps, b, c: maps + c * b[:, None, None],
    "you took the bias away; it is added": lambda maps, b, c: maps - b[:, None, None],
    "you multiplied by the bias; it is added": lambda maps, b, c: maps * b[:, None, None],
    "you added the sum of all biases to every map; each map has its own": lambda maps, b, c: maps + b.sum(),
    "`if bias:` asks a tensor of many numbers for one True or False: `if bias is not None:`":
        lambda maps, b, c: maps + b[:, None, None] if b else maps,
}
for words, add in BIASES.items():
    @mistake(conv2d, words)
    def _(images, kernels, bias=None, stride=1, padding=0, add=add):
        maps = conv2d(images, kernels, None, stride, padding)
        return maps if bias is None else add(maps, bias, images.shape[1])


@mistake(conv2d, "the stride counts down the rows only")
def _(images, kernels, bias=None, stride=1, padding=0):
    return conv2d(images, kernels, bias, 1, padding)[:, :, ::stride]


@mistake(conv2d, "the stride counts across only")
def _(images, kernels, bias=None, stride=1, padding=0):
    return conv2d(images, kernels, bias, 1, padding)[:, :, :, ::stride]


@mistake(conv2d, "stride and padding change nothing in your result")
def _(images, kernels, bias=None, stride=1, padding=0):
    return conv2d(images, kernels, bias)


@takes(pool)
def _(draw):
    size = draw.whole(1, 3)
    stride = draw.whole(1, 4) if draw.whole(0, 1) else None
    kind = "median" if draw.number % 20 == 13 else draw.one_of("max", "average")
    n, channels = draw.rows(1, 2), draw.whole(1, 3)
    height, width = (draw.whole(size, size if n > 2 else side) for side in (7, 8))
    return call(draw.tensor(n, channels, height, width), size, stride=stride, kind=kind)


def pooled(images, size, stride, kind, of):
    pool(images, size, stride, kind)
    return of(windows(images, size, size, stride or size), kind)


def best(crops, kind, dim=(-2, -1)):
    return crops.amax(dim=dim) if kind == "max" else crops.mean(dim=dim)


POOLS = {
    "you took one number for the whole map: one for each window is wanted":
        lambda w, kind: best(w, kind, (2, 3, 4, 5))[:, :, None, None],
    "you took one number for everything: one for each window of each map": lambda w, kind: best(w, kind, (0, 1, 2, 3, 4, 5)),
    "you divided by 4 whatever the size: a window has size x size pixels":
        lambda w, kind: best(w, kind) if kind == "max" else w.sum(dim=(-2, -1)) / 4,
    "you took the least": lambda w, kind: w.amin(dim=(-2, -1)) if kind == "max" else w.mean(dim=(-2, -1)),
    "`kind` changes nothing: you took the greatest": lambda w, kind: w.amax(dim=(-2, -1)),
    "you took the mean; it is the greatest unless asked otherwise": lambda w, kind: w.mean(dim=(-2, -1)),
    "the two kinds have changed places": lambda w, kind: best(w, "average" if kind == "max" else "max"),
    "you added up; divide by the number of pixels in a window, or take the mean":
        lambda w, kind: best(w, kind) if kind == "max" else w.sum(dim=(-2, -1)),
    "you divided by size; a window has size x size pixels":
        lambda w, kind: best(w, kind) if kind == "max" else w.sum(dim=(-2, -1)) / w.shape[-1],
    "you pooled over the channels: each is pooled by itself": lambda w, kind: best(w, kind, (1, -2, -1))[:, None],
    "you took the greatest of all channels together: each is pooled by itself":
        lambda w, kind: best(w, kind, (0, 1, -2, -1)).expand(w.shape[:4]),
    "you took the greatest or the mean along one of the two last axes only: a window has two":
        lambda w, kind: best(w, kind, -1),
    "after `unfold` the pixels of a window are on the two last axes, and the windows on those before: you pooled over "
    "the windows":
        lambda w, kind: best(w, kind, (2, 3)),
    "the signs are lost: you went by the size of the numbers": lambda w, kind: best(w.abs(), kind),
    "you kept one pixel of each window, its first: take the greatest": lambda w, kind: w[..., 0, 0],
    "your search for the greatest starts at 0, and all may lie below it":
        lambda w, kind: best(w, kind).clamp(min=0) if kind == "max" else best(w, kind),
    "you made as many windows across as down: count the columns from the width":
        lambda w, kind: best(w, kind)[..., :w.shape[2]],
}
for words, of in POOLS.items():
    in_one = () if any(word in words for word in ("divide", "least", "search", "kind", "unless")) else (("max",), ("average",))
    for kinds in (("max", "average"), *in_one):  # in both kinds, or in one of them
        @mistake(pool, words)
        def _(images, size, stride=None, kind="max", of=of, kinds=kinds):
            return pooled(images, size, stride, kind, of if kind in kinds else best)


def wrong_pool(words):
    """Marks a program as a mistake in both kinds, and in one of them with the other right."""
    def mark(program):
        for kinds in (("max", "average"), ("max",), ("average",)):
            @mistake(pool, words)
            def _(images, size, stride=None, kind="max", kinds=kinds):
                return (program if kind in kinds else pool)(images, size, stride, kind)
    return mark


@wrong_pool("the windows overlap: without a stride they lie side by side")
def _(images, size, stride, kind):
    return pool(images, size, stride or 1, kind)


@wrong_pool("`stride` changes nothing: your windows always lie side by side")
def _(images, size, stride, kind):
    return pool(images, size, None, kind)


@wrong_pool("there are as many windows as there should be, but they lie one pixel apart: they begin at row * stride "
    "and column * stride")
def _(images, size, stride, kind):
    rows, columns = pool(images, size, stride, kind).shape[2:]
    return pool(images, size, 1, kind)[:, :, :rows, :columns]


@wrong_pool("you pooled down the rows only: a window is size x size")
def _(images, size, stride, kind):
    return best(images.unfold(2, size, stride or size), kind, -1)


@wrong_pool("you pooled across only: a window is size x size")
def _(images, size, stride, kind):
    return best(images.unfold(3, size, stride or size), kind, -1)


@wrong_pool("your windows are 2 x 2 whatever was asked for")
def _(images, size, stride, kind):
    return pool(images, 2, stride, kind)


@wrong_pool("you filled the last windows up: one that would hang over the edge is left out")
def _(images, size, stride, kind):
    return (F.max_pool2d if kind == "max" else F.avg_pool2d)(images, size, stride, ceil_mode=True)


@wrong_pool("`reshape` put pixels of different windows together: they are not side by side in memory")
def _(images, size, stride, kind):
    n, c, rows, columns = pool(images, size, stride, kind).shape
    return best(images.reshape(n, c, rows, columns, -1), kind, -1)


@wrong_pool("the stride counts down the rows only: it counts across as well")
def _(images, size, stride, kind):
    return best(images.unfold(2, size, stride or size).unfold(3, size, size), kind)


@wrong_pool("the stride counts across only: it counts down the rows as well")
def _(images, size, stride, kind):
    return best(images.unfold(2, size, size).unfold(3, size, stride or size), kind)


@mistake(pool, "you divided by the square of the stride: a window has size x size pixels")
def _(images, size, stride=None, kind="max"):
    return pool(images, size, stride, kind) if kind == "max" else pool(images, size, stride, kind) * size ** 2 / (stride or size) ** 2


for empty in (True, False):
    @wrong_pool("you left out the windows that end exactly at the edge: `range` stops before its end, so add 1 to it")
    def _(images, size, stride, kind, empty=empty):
        rows, columns = (-(-(side - size) // (stride or size)) for side in images.shape[2:])
        if not (empty or (rows and columns)):
            raise RuntimeError
        return pool(images, size, stride, kind)[:, :, :rows, :columns]


@wrong_pool("pixels left over at the edge are no reason to refuse an image: leave them out")
def _(images, size, stride, kind):
    if images.shape[2] % size or images.shape[3] % size:
        raise ValueError
    return pool(images, size, stride, kind)


@wrong_pool("you left out pixels at the upper and the left edge: windows begin there, and what is left over lies right "
    "and below")
def _(images, size, stride, kind):
    above, before = ((side - size) % (stride or size) for side in images.shape[2:])
    return pool(images[:, :, above:, before:], size, stride, kind)


@wrong_pool("adaptive pooling shares the whole map out; here windows are `size` pixels long and `stride` apart")
def _(images, size, stride, kind):
    places = pool(images, size, stride, kind).shape[2:]
    return (F.adaptive_max_pool2d if kind == "max" else F.adaptive_avg_pool2d)(images, places)


for side_by_side in (lambda size, stride: stride is None, lambda size, stride: stride in (None, size)):
    @wrong_pool("`reshape` put runs of pixels together: split rows and columns by it, and bring the two sides of the "
        "window together")
    def _(images, size, stride, kind, side_by_side=side_by_side):
        if not side_by_side(size, stride):
            return pool(images, size, stride, kind)
        rows, columns = (side // size for side in images.shape[2:])
        kept = images[:, :, :rows * size, :columns * size]
        return best(kept.reshape(*images.shape[:2], rows, columns, size, size), kind)


@mistake(pool, "another kind is not refused: `raise ValueError(...)` where it is neither \"max\" nor \"average\"")
def _(images, size, stride=None, kind="max"):
    return pool(images, size, stride, "max" if kind == "max" else "average")


@takes(class_activation_map)
def _(draw):
    n, c, classes = draw.rows(1, 5), draw.whole(1, 5), draw.whole(1, 5)
    features = draw.tensor(n, c, draw.whole(1, 4), draw.whole(1, 5))
    return call(features, draw.tensor(classes, c), draw.integers(n, most=classes - 1))


MAPS = {
    "you took the plain mean of the channels: each counts with its weight for the class": lambda f, w, y: f.mean(dim=1),
    "one sum of weights for all channels is multiplied in: each channel has its own":
        lambda f, w, y: f.sum(dim=1) * w[y].sum(dim=1)[:, None, None],
    "you took the number of the image for its class: weights[classes] is a row for each image":
        lambda f, w, y: class_activation_map(f, w, torch.arange(len(y)) % len(w)) if len(y) <= len(w) else w[len(y)],
    "a softmax made shares of the weights; they count as they are": lambda f, w, y: torch.einsum("nchw,nc->nhw", f, w[y].softmax(dim=1)),
    "the maps of the images pile up: begin a new one, of zeros, for each image":
        lambda f, w, y: class_activation_map(f, w, y).cumsum(dim=0),
    "`one_hot` takes the greatest class that was asked about for the last one: tell it how many there are, "
    "`len(weights)`":
        lambda f, w, y: torch.einsum("nc,nchw->nhw", F.one_hot(y).to(w.dtype) @ w, f),
    "you counted the classes from 1; they count from 0, so classes are the rows of `weights` as they come":
        lambda f, w, y: class_activation_map(f, w, y - 1),
    "the weights meet height and width of the maps: give them two more axes, weights[classes][:, :, None, None]":
        lambda f, w, y: (f * w[y]).sum(dim=1),
    "`reshape` does not move the channels, it mixes them with the places: `permute` or `movedim` puts them last":
        lambda f, w, y: (f.reshape(len(f), -1, f.shape[1]) @ w[y][:, :, None]).reshape(len(f), *f.shape[2:]),
    "images that were asked about one class have one map in your result: each has its own":
        lambda f, w, y: class_activation_map(f, w, y)[[max(j for j in range(len(y)) if y[j] == y[i]) for i in range(len(y))]],
    "every image was asked about all the classes that came: image i is asked about classes[i] alone":
        lambda f, w, y: torch.einsum("nchw,kc->nkhw", f, w)[:, y],
    "you divided by the number of places; the map's mean is the logit, its values are not":
        lambda f, w, y: class_activation_map(f, w, y) / f[0, 0].numel(),
    "that is the logit of every class; the map of the class that was asked about is wanted": lambda f, w, y: f.mean(dim=(2, 3)) @ w.T,
    "you added up over the places, not over the channels": lambda f, w, y: (f * w[y][:, :, None, None]).sum(dim=(2, 3)),
    "you added up over the images; add up over the channels, axis 1": lambda f, w, y: (f * w[y][:, :, None, None]).sum(dim=0),
    "only the last channel is left: add all of them up, `+=`, and do not overwrite": lambda f, w, y: f[:, -1] * w[y][:, -1, None, None],
    "only the first channel is in it: add all of them up": lambda f, w, y: f[:, 0] * w[y][:, 0, None, None],
    "the weights are missing: each channel counts as much as its weight for the class": lambda f, w, y: f.sum(dim=1),
    "you took the mean over the channels; they are added up, each times its weight":
        lambda f, w, y: class_activation_map(f, w, y) / f.shape[1],
    "you took the mean over the places: that is the logit, and the map is wanted":
        lambda f, w, y: class_activation_map(f, w, y).mean(dim=(1, 2)),
    "every image was asked about the class of the first one":
        lambda f, w, y: class_activation_map(f, w, y[:1].expand(len(y))),
    "the maps' height and width are built in: `features.shape` has them":
        lambda f, w, y: class_activation_map(f, w, y).reshape(len(f), 10, 10),
    "every image was asked about class 0": lambda f, w, y: class_activation_map(f, w, torch.zeros_like(y)),
    "the channels are not added up yet: one map for each image is wanted": lambda f, w, y: f * w[y][:, :, None, None],
    "there is a map for each class in your result; take the one that was asked about":
        lambda f, w, y: torch.einsum("nchw,kc->nkhw", f, w),
    "what speaks against the class is cut off: a map may be below zero":
        lambda f, w, y: class_activation_map(f, w, y).relu(),
    "what speaks against the class counts for it: the signs of the weights are lost":
        lambda f, w, y: class_activation_map(f, w.abs(), y),
    "you scaled the map to run up to 1; leave that to whoever draws it":
        lambda f, w, y: class_activation_map(f, w, y) / class_activation_map(f, w, y).amax(dim=(1, 2), keepdim=True),
    "you took the class that the network thinks most likely, and not the one that was asked about":
        lambda f, w, y: class_activation_map(f, w, (f.sum(dim=(2, 3)) @ w.T).argmax(dim=1)),
    "rows and columns of the weights are exchanged: weights[classes] is a row for each image":
        lambda f, w, y: class_activation_map(f, w.T, y),
    "an axis of length 1 is left over where the channels were": lambda f, w, y: class_activation_map(f, w, y)[:, None],
    "only the channel with the greatest weight is in it: all channels are added up":
        lambda f, w, y: f[torch.arange(len(f)), w[y].argmax(dim=1)],
    "only the channel with the greatest weight is in it, times that weight: all channels are added up":
        lambda f, w, y: f[torch.arange(len(f)), w[y].argmax(dim=1)] * w[y].amax(dim=1)[:, None, None],
    "you took the greatest over the channels; they are added up":
        lambda f, w, y: (f * w[y][:, :, None, None]).amax(dim=1),
}
for words, program in MAPS.items():
    mistake(class_activation_map, words)(lambda features, weights, classes, program=program: program(features, weights, classes))


def stretched(maps, apart):
    low, high = maps.amin(dim=(1, 2), keepdim=True), maps.amax(dim=(1, 2), keepdim=True)
    return (maps - low) / (high - low + apart)


for apart in (0, 1e-12, 1e-8, 1e-6, 1e-5):  # what is added so that an even map is not divided by 0
    mistake(class_activation_map, "you squeezed each map to run from 0 to 1; leave that to whoever draws it")(
        lambda features, weights, classes, apart=apart: stretched(class_activation_map(features, weights, classes), apart))


for name in ("kernels", "bias"):
    makes_no_difference(conv2d, "first hundred", "a hundred kernels are more than a learner's loops get through in a "
        "second", name)
makes_no_difference(convolve, "first hundred", "a kernel has a few rows; images of more than a hundred are drawn", "kernel")
makes_no_difference(class_activation_map, "first hundred", "its rows are picked by number, and five tell as much as a "
    "hundred", "weights")
makes_no_difference(edge_strength, "first hundred", "its images go through `convolve`, whose draws have more than a "
    "hundred rows", "image")
