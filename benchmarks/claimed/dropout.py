"""What lesson 06 (Throw some of it away) claims in figures, each measured anew over its seeds.
A seed stands for other practice questions, other misprints, other weights and another order of the rows.
Read solutions/06-dropout/dropout.py first, and benchmarks/claims.py for how a claim is held to its bounds."""

from functools import cache, partial

import torch
from torch import nn

from benchmarks.claims import claim
from course import data
from course.dropout import digit_net, masked, misprint
from course.training import accuracy, train

LESSON = "06-dropout"
DROPPED = {"p": 0.5, "p_input": 0.2}
DECAYED = {"decay": 5.0}


@cache
def books(
    seed: int,
    p: float = 0.0,
    p_input: float = 0.0,
    decay: float = 0.0,
    questions: int = 1000,
    share: float = 0.2,
    smoothing: float = 0.0,
) -> dict[str, float]:
    """The three books of section 1 at the end of a run, in percent: practice, exam and misprints recited."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images, labels = data.mnist_5k()
    others, exam = data.stratified_split(labels, test=1000, seed=seed)
    chance = torch.Generator().manual_seed(seed)
    practice = others[torch.randperm(len(others), generator=chance)[:questions]]
    x = images[practice]
    y, misprinted = misprint(labels[practice], share, generator=chance)
    torch.manual_seed(seed)
    model = digit_net(p, p_input).to(device)
    optimiser = partial(torch.optim.AdamW, weight_decay=decay) if decay else torch.optim.Adam
    softened = partial(nn.functional.cross_entropy, label_smoothing=smoothing)
    train(
        model,
        x,
        y,
        epochs=40_000 // questions,
        batch_size=64,
        optimiser=optimiser,
        loss=softened,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    found = {"practice": accuracy(model, x, y), "exam": accuracy(model, images[exam], labels[exam])}
    found["recited"] = accuracy(model, x[misprinted], y[misprinted]) if share else 0.0
    return {name: 100 * value for name, value in found.items()}


def gap(seed: int, **options) -> float:
    """Practice less exam, in points."""
    found = books(seed, **options)
    return found["practice"] - found["exam"]


@claim(LESSON, says="compare bit by bit", seeds=5, low=0, high=0, pool="max", unit="numbers that differ", fast=True)
def numbers_that_differ_from_torchs(seed: int) -> float:
    """With torch's own mask, found by sending ones through it under the same seed."""
    numbers = torch.randn(200, 300, generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    mask = nn.functional.dropout(torch.ones_like(numbers), 0.5) > 0
    torch.manual_seed(seed)
    return float((masked(numbers, mask, 0.5) != nn.functional.dropout(numbers, 0.5)).sum())


@claim(
    LESSON,
    says="a rounding in the last",
    seeds=5,
    low=1,
    high=60_000,
    pool="min",
    unit="numbers that differ",
    fast=True,
)
def numbers_that_differ_where_the_product_comes_first(seed: int) -> float:
    """The same with a share of 0.3, and x * mask / (1 - p) in place of x * (mask / (1 - p))."""
    numbers = torch.randn(200, 300, generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    mask = (nn.functional.dropout(torch.ones_like(numbers), 0.3) > 0).float()
    torch.manual_seed(seed)
    theirs = nn.functional.dropout(numbers, 0.3)
    assert torch.allclose(numbers * mask / (1 - 0.3), theirs) and torch.equal(masked(numbers, mask, 0.3), theirs)
    return float((numbers * mask / (1 - 0.3) != theirs).sum())


@claim(
    LESSON, says="dropout narrows the gap every time", seeds=5, low=5, high=30, pool="min", unit="points", fast=False
)
def least_narrowing(seed: int) -> float:
    return gap(seed) - gap(seed, **DROPPED)


@claim(LESSON, says="from about 23 points", seeds=5, low=21.5, high=25, unit="points", fast=False)
def gap_without(seed: int) -> float:
    return gap(seed)


@claim(LESSON, says="to about 8 on average", seeds=5, low=6, high=10, unit="points", fast=False)
def gap_with_dropout(seed: int) -> float:
    return gap(seed, **DROPPED)


@claim(LESSON, says="lifts the exam by 8 or 9", seeds=5, low=7, high=10, unit="points", fast=False)
def gain_on_the_exam(seed: int) -> float:
    return books(seed, **DROPPED)["exam"] - books(seed)["exam"]


@claim(LESSON, says="the gap goes from about 10 points", seeds=5, low=9, high=10.5, unit="points", fast=False)
def gap_on_an_honest_key(seed: int) -> float:
    return gap(seed, share=0.0)


@claim(LESSON, says="to about 9, and not for every seed", seeds=5, low=8.3, high=9.7, unit="points", fast=False)
def gap_on_an_honest_key_with_dropout(seed: int) -> float:
    return gap(seed, share=0.0, **DROPPED)


@claim(LESSON, says="| nothing |", seeds=5, low=98, high=100, unit="%", fast=False)
def practice_with_nothing(seed: int) -> float:
    return books(seed)["practice"]


@claim(LESSON, says="| nothing |", seeds=5, low=74, high=78, unit="%", fast=False)
def exam_with_nothing(seed: int) -> float:
    return books(seed)["exam"]


@claim(LESSON, says="| nothing |", seeds=5, low=94, high=100, unit="%", fast=False)
def recited_with_nothing(seed: int) -> float:
    return books(seed)["recited"]


@claim(LESSON, says="| AdamW, decay 5 |", seeds=5, low=84, high=88, unit="%", fast=False)
def practice_with_decay(seed: int) -> float:
    return books(seed, **DECAYED)["practice"]


@claim(LESSON, says="| AdamW, decay 5 |", seeds=5, low=80, high=84, unit="%", fast=False)
def exam_with_decay(seed: int) -> float:
    return books(seed, **DECAYED)["exam"]


@claim(LESSON, says="| AdamW, decay 5 |", seeds=5, low=33, high=43, unit="%", fast=False)
def recited_with_decay(seed: int) -> float:
    return books(seed, **DECAYED)["recited"]


@claim(
    LESSON,
    says="| dropout, 0.2 of the inputs and 0.5 of the hidden units |",
    seeds=5,
    low=91,
    high=95,
    unit="%",
    fast=False,
)
def practice_with_dropout(seed: int) -> float:
    return books(seed, **DROPPED)["practice"]


@claim(
    LESSON,
    says="| dropout, 0.2 of the inputs and 0.5 of the hidden units |",
    seeds=5,
    low=83,
    high=87,
    unit="%",
    fast=False,
)
def exam_with_dropout(seed: int) -> float:
    return books(seed, **DROPPED)["exam"]


@claim(
    LESSON,
    says="| dropout, 0.2 of the inputs and 0.5 of the hidden units |",
    seeds=5,
    low=60,
    high=70,
    unit="%",
    fast=False,
)
def recited_with_dropout(seed: int) -> float:
    return books(seed, **DROPPED)["recited"]


@claim(LESSON, says="| both |", seeds=5, low=76, high=80, unit="%", fast=False)
def practice_with_both(seed: int) -> float:
    return books(seed, **DROPPED, **DECAYED)["practice"]


@claim(LESSON, says="| both |", seeds=5, low=83, high=87, unit="%", fast=False)
def exam_with_both(seed: int) -> float:
    return books(seed, **DROPPED, **DECAYED)["exam"]


@claim(LESSON, says="| both |", seeds=5, low=5, high=15, unit="%", fast=False)
def recited_with_both(seed: int) -> float:
    return books(seed, **DROPPED, **DECAYED)["recited"]


@claim(
    LESSON,
    says="| nothing, but twice as many questions, in as many steps |",
    seeds=5,
    low=95,
    high=99,
    unit="%",
    fast=False,
)
def practice_with_twice_the_questions(seed: int) -> float:
    return books(seed, questions=2000)["practice"]


@claim(
    LESSON,
    says="| nothing, but twice as many questions, in as many steps |",
    seeds=5,
    low=78,
    high=82,
    unit="%",
    fast=False,
)
def exam_with_twice_the_questions(seed: int) -> float:
    return books(seed, questions=2000)["exam"]


@claim(
    LESSON,
    says="| nothing, but twice as many questions, in as many steps |",
    seeds=5,
    low=80,
    high=90,
    unit="%",
    fast=False,
)
def recited_with_twice_the_questions(seed: int) -> float:
    return books(seed, questions=2000)["recited"]


@cache
def set_aside(seed: int) -> tuple[float, float]:
    """The exam, in percent, where the questions set aside go best, and at the end of the same run (section 10)."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images, labels = data.mnist_5k()
    others, exam = data.stratified_split(labels, test=1000, seed=seed)
    chance = torch.Generator().manual_seed(seed)
    practice = others[torch.randperm(len(others), generator=chance)[:1000]]
    x, y = images[practice], misprint(labels[practice], 0.2, generator=chance)[0]
    aside, found = [], []

    def after_each_epoch(state) -> None:
        if state.step % 13 == 0:
            aside.append(accuracy(state.model, x[800:], y[800:]))
            found.append(100 * accuracy(state.model, images[exam], labels[exam]))

    torch.manual_seed(seed)
    train(
        digit_net().to(device),
        x[:800],
        y[:800],
        epochs=40,
        batch_size=64,
        after_batch=after_each_epoch,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    return found[aside.index(max(aside))], found[-1]


@claim(
    LESSON, says="Over five seeds the exam is about 7 points better at the stop", seeds=5, low=6, high=9, unit="points"
)
def gained_by_stopping(seed: int) -> float:
    stopped, ended = set_aside(seed)
    return stopped - ended


@claim(
    LESSON, says="over five seeds the exam gains 2 or 3 points on average", seeds=5, low=1.5, high=3.5, unit="points"
)
def gained_by_smoothing(seed: int) -> float:
    return books(seed, smoothing=0.5)["exam"] - books(seed)["exam"]


@claim(LESSON, says="The misprints are recited as before", seeds=5, low=97, high=100, unit="%")
def recited_though_smoothed(seed: int) -> float:
    return books(seed, smoothing=0.5)["recited"]
