"""The recipe of the digits drawn stroke by stroke: datasets/strokes/strokes.txt.gz. `python -m tools.strokes` thins the
5,000 images of MNIST-5k to lines one pixel wide, follows the lines with a pen, and writes what the pen does, half a
minute or so; `--count 20 --to FILE` tries the recipe. Read datasets/strokes/DATASHEET.md first."""

import argparse
import gzip
from pathlib import Path

import numpy
from skimage.morphology import skeletonize

from course import data
from course.streams import WAYS

FILE = Path(__file__).parents[1] / "datasets" / "strokes" / "strokes.txt.gz"
SIDE = 14  # squares a side of the paper: MNIST's 28 pixels, two by two
DARK = 0.35  # ink from here on belongs to the line


def lines(image: numpy.ndarray) -> list[list[tuple[int, int]]]:
    """The thinned image's lines, each a list of squares (row, column) one step apart; the paper's upper left is (0, 0).
    image: (28, 28), in [0, 1]."""
    ink = skeletonize(image > DARK)
    left = {(int(row) // 2, int(column) // 2) for row, column in zip(*ink.nonzero(), strict=True)}
    found = []
    while left:
        near = {square: [other for other in around(square) if other in left] for square in left}
        # Begin at the end of a line, the highest, or anywhere on a ring.
        start = min(left, key=lambda square: (len(near[square]) != 1, square))
        line, heading = [start], (1, 0)
        left.discard(start)
        while ways := [other for other in around(line[-1]) if other in left]:
            here = line[-1]
            # Go on as straight as can be.
            following = max(ways, key=lambda other: along(heading, here, other))
            heading = (following[0] - here[0], following[1] - here[1])
            line.append(following)
            left.discard(following)
        found.append(line)
    # A square alone is a crumb of thinning, unless there is nothing else.
    return [line for line in found if len(line) > 1] or found


def around(square: tuple[int, int]) -> list[tuple[int, int]]:
    """The eight squares next to one."""
    return [(square[0] + down, square[1] + right) for right, down in WAYS]


def along(heading: tuple[int, int], here: tuple[int, int], there: tuple[int, int]) -> float:
    """How straight on a step is: the cosine of the turn."""
    step = (there[0] - here[0], there[1] - here[1])
    return (heading[0] * step[0] + heading[1] * step[1]) / (float(numpy.hypot(*heading)) * float(numpy.hypot(*step)))


def written(found: list[list[tuple[int, int]]]) -> str:
    """What the pen does: from the paper's middle a letter a step, a to h, `^` to lift it and `_` to put it down."""
    at, signs = (SIDE // 2, SIDE // 2), ""
    for line in found:
        signs += "^" if signs else ""
        while at != line[0]:
            step = tuple(int(numpy.sign(to - now)) for to, now in zip(line[0], at, strict=True))
            signs += "abcdefgh"[WAYS.index((step[1], step[0]))]
            at = (at[0] + step[0], at[1] + step[1])
        signs += "_"
        for square in line[1:]:
            signs += "abcdefgh"[WAYS.index((square[1] - at[1], square[0] - at[0]))]
            at = square
    return signs


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=5000)
    reader.add_argument("--to", type=Path, default=FILE)
    asked = reader.parse_args()
    pixels, labels = data.mnist_5k()
    order = numpy.random.default_rng(0).permutation(len(labels))[: asked.count]  # the file's order is by digit
    rows = [f"{int(labels[row])}{written(lines(pixels[row, 0].numpy()))}\n" for row in order]
    asked.to.write_bytes(gzip.compress("".join(rows).encode(), 9, mtime=0))
    signs = sum(map(len, rows)) / len(rows)
    print(f"{asked.to.name}: {len(rows)} digits, {signs:.1f} signs each, {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
