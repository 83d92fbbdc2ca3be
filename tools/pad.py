"""The recipe of the weights that the drawing pad comes with: course/explorers/pad.npz.
`python -m tools.pad` trains lesson 05's network as the lesson does, a minute or so, and writes the file; `--epochs 1
--to FILE` tries the recipe.
Read course/explorers/pad.py first."""

import argparse
from functools import partial
from pathlib import Path

import numpy
import torch
from torch import nn

from course import data
from course.convolutions import SmallCNN
from course.explorers.pad import SHIPPED
from course.training import accuracy, train

EPOCHS = 9


def trained(epochs: int) -> tuple[SmallCNN, float, float]:
    """Lesson 05's network after so many epochs of the lesson's own training; the mean and the spread that it was
    trained with. Says how well it reads."""
    torch.manual_seed(0)
    cnn = SmallCNN()
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    mean, spread = pixels[learn].mean(), pixels[learn].std()
    images = (pixels - mean) / spread
    train(
        cnn,
        images[learn],
        labels[learn],
        epochs=epochs,
        batch_size=32,
        learning_rate=3e-3,
        schedule=True,
        generator=torch.Generator().manual_seed(0),
        loss=partial(nn.functional.cross_entropy, label_smoothing=0.1),
        progress=False,
    )
    cnn.half().float()
    print(f"{accuracy(cnn, images[test], labels[test]):.1%} of the test digits are read correctly, in half precision")
    return cnn, float(mean), float(spread)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--epochs", type=int, default=EPOCHS)
    reader.add_argument("--to", type=Path, default=SHIPPED)
    asked = reader.parse_args()
    cnn, mean, spread = trained(asked.epochs)
    # Half precision: half the bytes on a page, and the same digits read.
    numpy.savez_compressed(
        asked.to,
        brightness=numpy.array([mean, spread]),
        **{name: part.half().numpy() for name, part in cnn.state_dict().items()},
    )
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
