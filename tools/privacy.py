"""The recipe of what lesson 15's explorer comes with, the losses of networks trained with more and more noise:
course/explorers/privacy.npz.
`python -m tools.privacy` trains twenty-four networks, a minute or two, and writes the file; `--steps 2 --to FILE` tries
the recipe.
Read course/explorers/privacy.py first."""

import argparse
from pathlib import Path

import numpy
import torch

from course.explorers.privacy import BINS, KINDS, SHIPPED, TRAININGS, bin_of
from course.privacy import (
    accuracy,
    fresh_weights,
    losses,
    small_digits,
    train_openly,
    train_plainly,
    train_privately,
)

STEPS, EPOCHS = 100, 60


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--steps", type=int, default=STEPS)
    reader.add_argument("--to", type=Path, default=SHIPPED)
    asked = reader.parse_args()
    counts = numpy.zeros((len(KINDS), len(TRAININGS), 2, BINS), dtype=numpy.uint16)
    right = numpy.zeros((len(KINDS), len(TRAININGS)))
    for kind, wrong in enumerate((0.2, 0.0)):
        lots = small_digits(wrong)
        for place, training in enumerate(TRAININGS):
            chance = torch.Generator().manual_seed(0)
            if training == "long":
                epochs = EPOCHS if asked.steps == STEPS else 1
                weights = train_plainly(fresh_weights(), *lots["members"], epochs=epochs, generator=chance)
            elif training == "open":
                weights = train_openly(fresh_weights(), *lots["members"], steps=asked.steps, generator=chance)
            else:
                weights = train_privately(
                    fresh_weights(), *lots["members"], noise=float(training), steps=asked.steps, generator=chance
                )
            for lot, name in enumerate(("members", "others")):
                counts[kind, place, lot] = bin_of(losses(weights, *lots[name])).bincount(minlength=BINS).numpy()
            right[kind, place] = accuracy(weights, *lots["test"])
            print(f"{KINDS[kind]}, {training}: {right[kind, place]:.1%} of the test digits are read")
    numpy.savez_compressed(asked.to, counts=counts, right=right)
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
