"""The recipe of the networks and digits that lesson 13's explorer comes with: course/explorers/explanations.npz.
`python -m tools.explanations` trains both, a few seconds, and writes the file; `--epochs 1 --to FILE` tries the recipe.
Read course/explorers/explanations.py first."""

import argparse
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn

from course import data
from course.explanations import both_ways, stamp
from course.explorers.explanations import MARK, NEURONS, SHIPPED
from course.training import train

EPOCHS = 8


def trained(images: Tensor, labels: Tensor, epochs: int) -> nn.Module:
    """Lesson 13's network with fewer neurons, a quarter: the page carries its weights."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, NEURONS), nn.ReLU(), nn.Linear(NEURONS, 10))
    train(
        net,
        images,
        labels,
        epochs=epochs,
        batch_size=32,
        learning_rate=2e-3,
        schedule=True,
        generator=torch.Generator().manual_seed(0),
        progress=False,
    )
    return net.eval().requires_grad_(False)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--epochs", type=int, default=EPOCHS)
    reader.add_argument("--to", type=Path, default=SHIPPED)
    asked = reader.parse_args()
    mark = torch.from_numpy(MARK).float()
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    scanned = torch.where((labels == 8)[:, None, None, None], stamp(pixels, mark, 0, 0), pixels)
    before = trained(scanned[learn], labels[learn], asked.epochs)
    mended = trained(*both_ways(scanned[learn], labels[learn], mark, 0, 0), asked.epochs)
    # The first test digit of each kind that both networks read rightly as it was scanned; the mark comes by a click.
    right = torch.stack([net(scanned[test]).argmax(dim=1) == labels[test] for net in (before, mended)]).all(dim=0)
    shown = [int(test[(right & (labels[test] == digit)).nonzero()[0, 0]]) for digit in range(10)]
    numpy.savez_compressed(
        asked.to,
        weights=torch.stack([nn.utils.parameters_to_vector(net.parameters()) for net in (before, mended)])
        .half()
        .numpy(),
        pictures=(pixels[shown] * 255).round().to(torch.uint8).numpy(),
    )
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
