"""What lesson 06 (Throw some of it away) claims in figures, each measured anew over its seeds.
A seed stands for other practice questions, other misprints, other weights and another order of the rows.
Read solutions/06-dropout/dropout.py first, and benchmarks/claims.py for how a claim is held to its bounds."""

from functools import cache, partial

import torch
from torch import nn

try:
    from benchmarks.claims import claim
except ImportError:
    claim = None
from course import data
from course.dropout import Dropout, digit_net, masked, misprint
from course.training import accuracy, train

LESSON = "06-dropout"
DROPPED = {"p": 0.5, "p_input": 0.2}


@cache
def books(seed: int, p: float = 0.0, p_input: float = 0.0, decay: float = 0.0, questions: int = 1000, share: float = 0.2) -> dict[str, float]:
    """The three books of section 1 at the end of a run, in percent: practice, exam and misprints recited."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images, labels = data.mnist_5k()
    others, exam = data.stratified_split(labels, test=1000, seed=seed)
    practice, chance = others[:questions], torch.Generator().manual_seed(seed)
    x = images[practice]
    y, misprinted = misprint(labels[practice], share, generator=chance)
    torch.manual_seed(seed)
    model = digit_net(p, p_input).to(device)
    optimiser = partial(torch.optim.AdamW, weight_decay=decay) if decay else torch.optim.Adam
    train(model, x, y, epochs=40_000 // questions, batch_size=64, optimiser=optimiser, generator=torch.Generator().manual_seed(seed), progress=False)
    found = {"practice": accuracy(model, x, y), "exam": accuracy(model, images[exam], labels[exam])}
    found["recited"] = accuracy(model, x[misprinted], y[misprinted]) if share else 0.0
    return {name: 100 * value for name, value in found.items()}


def gap(seed: int, **options) -> float:
    """Practice less exam, in points."""
    found = books(seed, **options)
    return found["practice"] - found["exam"]


if __name__ == "__main__":
    import sys
    for name, options in {"nothing": {}, "decay": {"decay": 5.0}, "dropout": DROPPED, "both": {**DROPPED, "decay": 5.0}, "twice": {"questions": 2000},
                          "honest": {"share": 0.0}, "honest dropout": {"share": 0.0, **DROPPED}}.items():
        runs = [books(seed, **options) for seed in range(5)]
        print(name, {book: (round(sum(run[book] for run in runs) / 5, 2), [round(run[book], 1) for run in runs]) for book in runs[0]},
              "gaps", [round(gap(seed, **options), 1) for seed in range(5)], flush=True)
