"""The recipe of the small trained generator that lesson 11's breeder comes with: course/explorers/gans.npz.
`python -m tools.breeder` plays the lesson's own game for some minutes and writes the file; `--steps 20 --to FILE` tries
the recipe. Read `Duel` in course/gans.py first."""

import argparse
import copy
from pathlib import Path

import numpy
import torch

from course import data
from course.explorers.gans import SHIPPED, folded
from course.gans import DigitGenerator, Duel, small_digits

WIDTH = 16  # channels, a quarter of the lesson's: half a megabyte for a page instead of two
STEPS = 8000


def trained(steps: int, seed: int = 0) -> DigitGenerator:
    """A generator of WIDTH channels after so many steps against the lesson's discriminator, on all of MNIST's 5,000,
    averaged over its last steps."""
    images, labels = data.mnist_5k()
    duel = Duel(small_digits(images), labels, seed=seed, learning_rate=1e-3, keep=0.998)
    duel.generator = DigitGenerator(width=WIDTH)
    duel.average = copy.deepcopy(duel.generator)
    duel.walkers[0] = torch.optim.Adam(duel.generator.parameters(), lr=1e-3, betas=(0.0, 0.99))
    duel.play(steps)
    return duel.average.eval()


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--steps", type=int, default=STEPS)
    reader.add_argument("--to", type=Path, default=SHIPPED)
    asked = reader.parse_args()
    # Half precision: a picture of 14 x 14 in 256 greys does not show the difference.
    numpy.savez_compressed(
        asked.to, **{f"part{place}": part.half().numpy() for place, part in enumerate(folded(trained(asked.steps)))}
    )
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
