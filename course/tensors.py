"""Blocks of numbers: measure one, cut it, rescale its columns, compare everything with everything, switch labels on,
mix channels. Lesson 01 (A block of numbers) builds every function here.
Read first: `rank_and_shape`, which needs no library at all; after it come slicing, broadcasting and einsum, in that
order."""

import torch
from torch import Tensor


def rank_and_shape(block: float | list) -> tuple[int, tuple[int, ...]]:
    """How many axes a nested list has, and how long each is. block: a number, or a list of equally shaped blocks.

    Returns (rank, shape), the outermost axis first: 7 -> (0, ()) and [[1, 2, 3], [4, 5, 6]] -> (2, (2, 3)).
    Looks at the first element of each list only; an empty list ends the search, so [[], []] -> (2, (2, 0))."""
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else None  # type: ignore[assignment]  # None is no list, and ends the search
    return len(shape), tuple(shape)


def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    """A rectangle of an image, channels first. image: (rows, columns, channels), any dtype.

    Returns (channels, height, width), a view: its upper left pixel is image[top, left]. Copies nothing.
    Raises ValueError where the rectangle does not lie inside the image."""
    rows, columns = image.shape[:2]
    if not (0 <= top <= top + height <= rows and 0 <= left <= left + width <= columns):
        raise ValueError(
            f"the rectangle of height {height} and width {width} at row {top}, column {left} does not fit "
            f"into an image of {rows} rows and {columns} columns"
        )
    return image[top : top + height, left : left + width].permute(2, 0, 1)


def standardise(table: Tensor) -> Tensor:
    """Every column with mean 0 and standard deviation 1. table: (n, columns), floating point, n >= 1. Returns the same
    shape.

    The standard deviation divides by n, not by n - 1. A column of equal values has none; it comes out as zeros."""
    centred = table - table.mean(dim=0)
    # Rounding can leave a constant column a spread of 1e-9 instead of 0: equality with the first row cannot be fooled.
    constant = (table == table[0]).all(dim=0)
    return centred / table.std(dim=0, correction=0).masked_fill(constant, 1)


def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    """The straight-line distance from each point of one set to each of another, without a loop.

    first: (n, d), second: (m, d), one point a row. Returns (n, m). Needs room for n * m * d numbers on the way, and
    keeps the digits that |a|^2 + |b|^2 - 2ab, which needs only n * m, loses where two points are close to each other.
    Raises ValueError where the points do not have the same number of coordinates."""
    if first.shape[-1] != second.shape[-1]:
        raise ValueError(
            f"first has points of {first.shape[-1]} coordinates and second of {second.shape[-1]}, wanted equally many"
        )
    return (first[:, None, :] - second[None, :, :]).square().sum(dim=-1).sqrt()


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """A row of switches for each label, all off but one. labels: (n,) whole numbers in [0, classes). Returns (n,
    classes), float32.

    Raises ValueError where a label has no switch."""
    if labels.numel() and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"labels run from {labels.min()} to {labels.max()}, wanted 0 to {classes - 1}")
    return (labels[:, None] == torch.arange(classes, device=labels.device)).float()


def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    """Mix the channels of every pixel. images: (n, height, width, c); matrix: (d, c), a row for each new channel.

    Returns (n, height, width, d): new channel d is the sum over c of matrix[d, c] times old channel c."""
    return torch.einsum("nhwc,dc->nhwd", images, matrix)
