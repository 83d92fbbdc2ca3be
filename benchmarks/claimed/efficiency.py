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


def length(model: nn.Module) -> int:
    """Bytes of its file."""
    return len(pack(model.state_dict()))


@about_size(
    says="the file is at least 25 times smaller",
    low=25,
    high=28,
    pool="min",
    unit="times smaller, one file against the other",
)
def times_smaller(seed: int) -> float:
    return length(trained(seed)[0]) / small(seed)[0]


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
    base = trained(seed)[0]
    return 4 * sum(parameter.numel() for parameter in base.parameters()) / length(base)


@about_size(
    says="Sixteen different numbers a layer do as well as a hundred thousand",
    low=-0.01,
    high=0.01,
    unit="share of digits",
)
def four_bits(seed: int) -> float:
    base = trained(seed)[0]
    return right(seed, share_weights(base, 4)) - right(seed, base)


@about_size(says="The file is over nine times smaller", low=9, high=11, unit="times smaller, as files")
def four_bits_in_bytes(seed: int) -> float:
    base = trained(seed)[0]
    return length(base) / length(share_weights(base, 4))


@about_size(says="At one bit it breaks", low=-1, high=-0.03, pool="max", unit="share of digits")
def one_bit(seed: int) -> float:
    base = trained(seed)[0]
    return right(seed, share_weights(base, 1)) - right(seed, base)


def struck(seed: int, share: float) -> float:
    """What pruning at one stroke costs."""
    base = trained(seed)[0]
    model = copy.deepcopy(base)
    apply_masks(model, magnitude_masks(weights_of(model), share))
    return right(seed, model) - right(seed, base)


@about_size(
    says="At one stroke up to 70 % of the weights can go and little is lost",
    low=-0.01,
    high=0.01,
    unit="share of digits",
)
def seven_in_ten_at_one_stroke(seed: int) -> float:
    return struck(seed, 0.7)


@about_size(
    says="At 85 % it is some points, on other splits of the digits less",
    low=-0.05,
    high=0.0,
    unit="share of digits",
)
def at_one_stroke_as_many_as_in_training(seed: int) -> float:
    return struck(seed, 0.85)


@about_size(says="at 95 % it breaks", low=-1, high=-0.05, pool="max", unit="share of digits")
def nineteen_in_twenty_at_one_stroke(seed: int) -> float:
    return struck(seed, 0.95)


@about_size(says="the large one loses nearly nine in ten", low=0.85, high=0.92, unit="share pruned")
def of_the_large_layer(seed: int) -> float:
    return float((trained(seed)[1][5].weight == 0).float().mean())


@about_size(says="in a network that has learned nothing already", low=0.85, high=0.92, unit="share pruned")
def of_the_large_layer_untrained(seed: int) -> float:
    torch.manual_seed(seed)
    return float((~magnitude_masks(weights_of(digit_reader()), 0.85)[2]).float().mean())


@about_size(says="It pays in accuracy, as the last line shows", low=-0.6, high=-0.1, pool="max", unit="share of digits")
def a_quarter_of_the_neurons(seed: int) -> float:
    base = copy.deepcopy(trained(seed)[0])
    before = right(seed, base)
    loses = base[5].weight.detach().norm(dim=1).argsort()[:48]
    base[5].weight.data[loses], base[5].bias.data[loses] = 0, 0
    return right(seed, base) - before


@cache
def answers(seed: int, told: int) -> Tensor:
    """What a teacher says of all digits that was told the labels of so many of them: (5000, 10), logits."""
    images, labels, learn, _ = digits(seed)
    if told == len(learn):
        teacher = trained(seed)[0]
    else:
        rows = shuffled(seed)[:told]
        torch.manual_seed(seed + 1)
        teacher = digit_reader()
        order = torch.Generator().manual_seed(seed + 2)
        train(
            teacher,
            images[rows],
            labels[rows],
            epochs=12 if told > 200 else 60,
            learning_rate=3e-3,
            schedule=True,
            generator=order,
            progress=False,
        )
    with torch.no_grad():
        return teacher(images)


def shuffled(seed: int) -> Tensor:
    learn = digits(seed)[2]
    return learn[torch.randperm(len(learn), generator=torch.Generator().manual_seed(seed))]


@cache
def pupil(seed: int, case: str) -> float:
    """What the pupil reads, taught in one of several ways."""
    images, labels, learn, _ = digits(seed)
    order = shuffled(seed)
    few, others = order[:200], order[2000:]
    rows, told, share, epochs = {
        "all": (learn, 4000, 0.0, 6),
        "all, teacher": (learn, 4000, 0.9, 6),
        "all, guesses": (learn, 4000, 0.0, 6),
        "few": (few, 2000, 0.0, 95),
        "few, teacher": (few, 2000, 0.9, 95),
        "others": (others, 2000, 1.0, 12),
        "others, guesses": (others, 2000, 0.0, 12),
        "all, of a teacher of few": (learn, 200, 1.0, 6),
    }[case]
    said = answers(seed, told)
    wanted = said.argmax(dim=1) if "guesses" in case else labels
    torch.manual_seed(seed + 7)
    learner = nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(4, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(392, 10),
    )
    taught(learner, images[rows], wanted[rows], said[rows], epochs, torch.Generator().manual_seed(seed), share=share)
    return right(seed, learner)


@about_size(
    says="it made the pupil a point or two *worse*", low=-0.03, high=0.0, pool="mean", unit="share of digits, won"
)
def teacher_with_all_labels(seed: int) -> float:
    return pupil(seed, "all, teacher") - pupil(seed, "all")


@about_size(
    says="the same 200 digits are worth more with the teacher's answers", low=0.01, high=0.1, unit="share of digits"
)
def teacher_with_few_labels(seed: int) -> float:
    return pupil(seed, "few, teacher") - pupil(seed, "few")


@about_size(
    says="2,000 digits without labels are worth more still",
    low=0.005,
    high=0.1,
    unit="share of digits, over 200 taught",
)
def teacher_without_labels(seed: int) -> float:
    return pupil(seed, "others") - pupil(seed, "few, teacher")


@about_size(
    says="its best guess alone does about as well",
    low=-0.01,
    high=0.02,
    unit="share of digits, guesses less probabilities",
)
def guesses_alone(seed: int) -> float:
    return pupil(seed, "others, guesses") - pupil(seed, "others")


@about_size(
    says="a pupil on all digits comes about as far as with the 200 labels alone, a point more on the mean",
    low=-0.01,
    high=0.03,
    unit="share of digits, over 200 labels",
)
def a_teacher_of_few(seed: int) -> float:
    return pupil(seed, "all, of a teacher of few") - pupil(seed, "few")


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
