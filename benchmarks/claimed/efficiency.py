"""What lesson 14 (Does size matter?) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/efficiency.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

import copy
from functools import cache, partial

import torch
from torch import Tensor, nn

from benchmarks.claims import claim
from course import data
from course.efficiency import (
    apply_masks,
    digit_reader,
    low_rank,
    magnitude_masks,
    pack,
    pruned_training,
    share_weights,
    taught,
    unpack,
    weights_of,
)
from course.training import accuracy, train

LESSON = "14-efficiency"
about_size = partial(claim, LESSON, seeds=3)


@cache
def digits(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Images, labels, rows to learn from and rows to test on."""
    images, labels = data.mnist_5k()
    return images, labels, *data.stratified_split(labels, seed=seed)


def right(seed: int, model: nn.Module) -> float:
    """The share of the test digits that is read rightly."""
    images, labels, _, test = digits(seed)
    return accuracy(model, images[test], labels[test])


@cache
def trained(seed: int) -> tuple[nn.Module, nn.Module]:
    """The base after twelve passes, and the network that was pruned in the last eight of them."""
    images, labels, learn, _ = digits(seed)

    def passes(model: nn.Module, epochs: int, order: int) -> None:
        train(
            model,
            images[learn],
            labels[learn],
            epochs=epochs,
            learning_rate=3e-3,
            schedule=True,
            generator=torch.Generator().manual_seed(order),
            progress=False,
        )

    torch.manual_seed(seed)
    half_way = digit_reader()
    passes(half_way, 4, seed)
    base, pruned = copy.deepcopy(half_way), copy.deepcopy(half_way)
    passes(base, 8, seed + 1)
    order = torch.Generator().manual_seed(seed + 1)
    pruned_training(pruned, images[learn], labels[learn], 0.85, 8, order, progress=False)
    return base, pruned


@cache
def small(seed: int) -> tuple[int, nn.Module]:
    """How long the small network's file is, and the network that is read back from it."""
    packed = pack(share_weights(trained(seed)[1], 4).state_dict())
    model = digit_reader()
    model.load_state_dict(unpack(packed))
    return len(packed), model


def plain(model: nn.Module) -> int:
    """Bytes of its numbers in float32."""
    return 4 * sum(parameter.numel() for parameter in model.parameters())


@about_size(
    says="the file is more than 20 times smaller",
    low=20,
    high=25,
    pool="min",
    unit="times smaller, as files",
)
def times_smaller(seed: int) -> float:
    return plain(trained(seed)[0]) / small(seed)[0]


@about_size(
    says="of the 3,000 test digits together the small network reads as many as the base, to within ten",
    low=-10,
    high=10,
    pool="sum",
    unit="digits of 3,000, small less base",
)
def accuracy_kept(seed: int) -> float:
    return round(1000 * (right(seed, small(seed)[1]) - right(seed, trained(seed)[0])))


@about_size(
    says="zlib, the squeezing that is in every zip file, gets next to nothing", low=1, high=1.12, unit="times smaller"
)
def zlib_alone(seed: int) -> float:
    return plain(trained(seed)[0]) / len(pack(trained(seed)[0].state_dict()))


@about_size(
    says="Sixteen different numbers a layer do as well as a hundred thousand",
    low=-0.01,
    high=0.01,
    unit="share of digits",
)
def four_bits(seed: int) -> float:
    base = trained(seed)[0]
    return right(seed, share_weights(base, 4)) - right(seed, base)


@about_size(says="The formula says 32 / 4 = 8 times smaller", low=8, high=9.5, unit="times smaller, as files")
def four_bits_in_bytes(seed: int) -> float:
    base = trained(seed)[0]
    return plain(base) / len(pack(share_weights(base, 4).state_dict()))


def struck(seed: int, share: float) -> float:
    """What pruning at one stroke costs."""
    base = trained(seed)[0]
    model = copy.deepcopy(base)
    apply_masks(model, magnitude_masks(weights_of(model), share))
    return right(seed, model) - right(seed, base)


@about_size(
    says="At one stroke half of the weights can go and hardly anybody notices",
    low=-0.005,
    high=0.01,
    unit="share of digits",
)
def half_at_one_stroke(seed: int) -> float:
    return struck(seed, 0.5)


@about_size(says="then it breaks", low=-1, high=-0.05, pool="max", unit="share of digits")
def nineteen_in_twenty_at_one_stroke(seed: int) -> float:
    return struck(seed, 0.95)


@about_size(says="the large layer loses nearly nine in ten", low=0.85, high=0.92, unit="share pruned")
def of_the_large_layer(seed: int) -> float:
    return float((trained(seed)[1][5].weight == 0).float().mean())


@cache
def pupil(seed: int, case: str) -> float:
    """What the pupil reads, taught in one of several ways."""
    images, labels, learn, _ = digits(seed)
    few = learn[torch.randperm(len(learn), generator=torch.Generator().manual_seed(seed))[:200]]
    rows, share, epochs = {
        "all": (learn, 0.0, 6),
        "all, teacher": (learn, 0.9, 6),
        "few": (few, 0.0, 60),
        "few, teacher": (few, 0.9, 60),
        "unlabelled": (learn, 1.0, 6),
        "guesses": (learn, 0.0, 6),
    }[case]
    with torch.no_grad():
        answers = trained(seed)[0](images)
    told = answers.argmax(dim=1) if case == "guesses" else labels
    torch.manual_seed(seed + 7)
    learner = nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(4, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(392, 10),
    )
    order = torch.Generator().manual_seed(seed)
    taught(learner, images[rows], told[rows], answers[rows], epochs, order, share=share)
    return right(seed, learner)


@about_size(says="soft answers gain nothing here", low=-0.03, high=0.01, unit="share of digits")
def teacher_with_all_labels(seed: int) -> float:
    return pupil(seed, "all, teacher") - pupil(seed, "all")


@about_size(
    says="the same 200 digits are worth more with the teacher's answers", low=0.01, high=0.08, unit="share of digits"
)
def teacher_with_few_labels(seed: int) -> float:
    return pupil(seed, "few, teacher") - pupil(seed, "few")


@about_size(says="Most is gained by something plainer", low=0.05, high=0.2, pool="min", unit="share of digits")
def teacher_without_labels(seed: int) -> float:
    return pupil(seed, "unlabelled") - pupil(seed, "few")


@about_size(
    says="here even a little more, if it says only its best guess",
    low=0.0,
    high=0.03,
    unit="share of digits, guesses less soft",
)
def guesses_alone(seed: int) -> float:
    return pupil(seed, "guesses") - pupil(seed, "unlabelled")


@about_size(says="ranks down to 16 hardly cost anything", low=-0.015, high=0.01, unit="share of digits")
def rank_sixteen(seed: int) -> float:
    base = trained(seed)[0]
    thin = copy.deepcopy(base)
    thin[5] = low_rank(base[5], 16)
    return right(seed, thin) - right(seed, base)


@about_size(says="at 8 it breaks, and would have to be trained on", low=-1, high=-0.02, unit="share of digits")
def rank_eight(seed: int) -> float:
    base = trained(seed)[0]
    thin = copy.deepcopy(base)
    thin[5] = low_rank(base[5], 8)
    return right(seed, thin) - right(seed, base)
