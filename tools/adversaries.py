"""The recipe of what lesson 12's explorer comes with, two small networks and ten digits:
course/explorers/adversaries.npz.
`python -m tools.adversaries` trains both as the lesson does, half a minute, and writes the file; `--epochs 1 --to FILE`
tries the recipe.
Read course/explorers/adversaries.py first."""

import argparse
from pathlib import Path

import numpy
import torch

from course import data
from course.adversaries import adversarial_training, digit_network, pgd
from course.explorers.adversaries import SHIPPED, WIDTH
from course.training import accuracy, train

EPOCHS, EPSILON = 12, 0.1


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--epochs", type=int, default=EPOCHS)
    reader.add_argument("--to", type=Path, default=SHIPPED)
    asked = reader.parse_args()
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    networks = {}
    for name in ("ordinary", "hardened"):
        torch.manual_seed(0)
        network, order = digit_network(WIDTH), torch.Generator().manual_seed(0)
        if name == "ordinary":
            train(
                network,
                pixels[learn],
                labels[learn],
                epochs=asked.epochs,
                learning_rate=3e-3,
                schedule=True,
                generator=order,
                progress=False,
            )
        else:
            adversarial_training(
                network, pixels[learn], labels[learn], EPSILON, epochs=asked.epochs, generator=order, progress=False
            )
        networks[name] = network.half().float().eval()  # half the bytes on a page, and the same digits read
        moved = pgd(network, pixels[test], labels[test], EPSILON, EPSILON / 10, 20)
        print(
            f"{name}: {accuracy(network, pixels[test], labels[test]):.1%} of the test digits are read, "
            f"{accuracy(network, moved, labels[test]):.1%} when attacked"
        )
    # Of each digit the first test picture that both read with a probability of at least .9, so that there is something
    # to lose; where none is (after one epoch), the first.
    sure = torch.stack([network(pixels[test]).softmax(dim=1) for network in networks.values()]).amin(dim=0)
    shown = []
    for digit in range(10):
        rows = (labels[test] == digit).nonzero().flatten().tolist()
        shown.append(next((row for row in rows if sure[row, digit] > 0.9), rows[0]))
    numpy.savez_compressed(
        asked.to,
        digits=(255 * pixels[test][shown, 0]).round().to(torch.uint8).numpy(),
        **{
            f"{name}.{part}": numbers.half().numpy()
            for name, network in networks.items()
            for part, numbers in network.state_dict().items()
        },
    )
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
