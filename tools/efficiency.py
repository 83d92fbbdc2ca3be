"""The recipe of the networks and digits that lesson 14's explorer comes with: course/explorers/efficiency.npz.
`python -m tools.efficiency` trains seven, half a minute, and writes the file; `--epochs 1 --to FILE` tries the recipe.
Read course/explorers/efficiency.py first."""

import argparse
import copy
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from course import data
from course.efficiency import pruned_training, weights_of
from course.explorers.efficiency import NEURONS, SHARES, SHIPPED
from course.training import train

EPOCHS, SHOWN = 20, 500


def numbers(net: nn.Module) -> Tensor:
    """The weights of both layers, then the biases."""
    biases = [parameter for parameter in net.parameters() if parameter.ndim == 1]
    return torch.cat([part.detach().flatten() for part in (*weights_of(net), *biases)])


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--epochs", type=int, default=EPOCHS)
    reader.add_argument("--to", type=Path, default=SHIPPED)
    asked = reader.parse_args()
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    small = (F.avg_pool2d(pixels, 2) * 255).round() / 255
    torch.manual_seed(0)
    begun = nn.Sequential(nn.Flatten(), nn.Linear(196, NEURONS), nn.ReLU(), nn.Linear(NEURONS, 10))

    def passes(net: nn.Module, epochs: int, seed: int) -> None:
        order = Generator().manual_seed(seed)
        train(net, small[learn], labels[learn], epochs=epochs, learning_rate=3e-3, schedule=True, generator=order)

    passes(begun, max(1, asked.epochs // 2), 0)
    found = []
    for share in SHARES:  # each of them sees the digits as often
        net = copy.deepcopy(begun)
        if share:
            order = Generator().manual_seed(1)
            pruned_training(net, small[learn], labels[learn], share, asked.epochs, order)
        else:
            passes(net, asked.epochs, 1)
        found.append(numbers(net))
    shown = test[:SHOWN]
    numpy.savez_compressed(
        asked.to,
        weights=torch.stack(found).half().numpy(),
        pixels=(small[shown] * 255).round().to(torch.uint8).numpy(),
        labels=labels[shown].to(torch.uint8).numpy(),
    )
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
