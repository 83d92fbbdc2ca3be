"""What lesson 11 (Two networks that improve each other) claims in figures, each measured anew over its seeds.
A seed stands for other weights, other latents and another order of the real things; the networks are the lesson's.
Read solutions/11-gans/gans.py first, and benchmarks/claims.py for how a claim is held to its bounds."""

from functools import cache

import torch
from torch import Tensor, nn

from benchmarks.claims import claim
from course import data, gans
from course.augmentation import Augment
from course.convolutions import SmallCNN
from course.training import accuracy, train

LESSON = "11-gans"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def layers(inputs: int, outputs: int, width: int = 64) -> nn.Module:
    return nn.Sequential(
        nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs)
    ).to(DEVICE)


@cache
def on_the_ring(seed: int, r1: float) -> int:
    """Piles served after 1,500 steps, as section 5 plays and counts them."""
    torch.manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    game = gans.Game(
        lambda: layers(8, 2),
        lambda: nn.Sequential(layers(2, 1), nn.Flatten(0)),
        lambda parameters: torch.optim.Adam(parameters, lr=1e-3, betas=(0.5, 0.99)),
        r1,
    )
    watched = torch.randn(2000, 8, generator=chance).to(DEVICE)
    for _ in range(1500):
        real = gans.ring(128, chance).to(DEVICE)
        game.step(real, torch.randn(128, 8, generator=chance).to(DEVICE))
    with torch.no_grad():
        return gans.modes_covered(game.generator(watched).cpu(), gans.ring_centres(), 0.4, 50)


@cache
def digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training pictures and labels, test pictures and labels."""
    images, labels = data.mnist_5k()
    images, (for_training, for_testing) = gans.small_digits(images), data.stratified_split(labels)
    return images[for_training], labels[for_training], images[for_testing], labels[for_testing]


@cache
def reader() -> nn.Module:
    images, labels, _, _ = digits()
    torch.manual_seed(0)
    model = SmallCNN(normalise=nn.BatchNorm2d).to(DEVICE)
    train(
        model,
        images,
        labels,
        epochs=4,
        learning_rate=1e-2,
        schedule=True,
        generator=torch.Generator().manual_seed(0),
        progress=False,
    )
    return model.eval()


def seen_in(pictures: Tensor) -> Tensor:
    with torch.no_grad():
        return reader().features(pictures.to(DEVICE)).mean(dim=(2, 3)).cpu()


@cache
def played(seed: int, few: int = 4000, spectral: bool = False, augment: bool = False, steps: int = 800) -> gans.Duel:
    images, labels, _, _ = digits()
    shaken = (
        Augment(pixels=1.5, degrees=10, zoom=0.1, padding="zeros", generator=torch.Generator().manual_seed(seed))
        if augment
        else None
    )
    duel = gans.Duel(images[:few], labels[:few], seed=seed, spectral=spectral, augment=shaken, device=DEVICE)
    duel.play(steps, progress=False)
    return duel


@cache
def scores(seed: int, average: bool = True, **settings) -> tuple[float, float]:
    """Read as ordered and real digits covered, in percent."""
    duel = played(seed, **settings)
    made, ordered = gans.made_to_order(duel.average if average else duel.generator)
    return 100 * accuracy(reader(), made, ordered), 100 * gans.coverage(seen_in(digits()[2]), seen_in(made))


def two_numbers(r1: float) -> float:
    """How far the game of two numbers is from rest after 400 steps."""
    b, w = torch.tensor(1.0), torch.tensor(0.0)
    for _ in range(400):
        w = w - 0.1 * (torch.sigmoid(w * b) * b + r1 * w)
        b = b + 0.1 * torch.sigmoid(-w * b) * w
    return float(torch.hypot(b, w))


@claim(LESSON, says="after 400 steps they are still more than 0.3 from rest", low=0.3, high=1.0, fast=True)
def circling(seed: int) -> float:
    return two_numbers(0.0)


@claim(LESSON, says="the two are within a hundredth of rest", low=0.0, high=0.01, fast=True)
def at_rest(seed: int) -> float:
    return two_numbers(0.5)


@claim(LESSON, says="with it all five serve all eight", seeds=5, low=8, high=8, pool="min", unit="piles")
def piles_with_r1(seed: int) -> float:
    return on_the_ring(seed, 1.0)


@claim(
    LESSON,
    says="without the penalty at least one game collapses onto a single pile or none",
    seeds=5,
    low=1,
    high=5,
    pool="sum",
    unit="games",
)
def collapses_without_r1(seed: int) -> float:
    return float(on_the_ring(seed, 0.0) <= 1)


@claim(LESSON, says="a network gets about 98 % right", low=97, high=99.5, unit="%")
def read_at_half_the_side(seed: int) -> float:
    return 100 * accuracy(reader(), *digits()[2:])


@claim(LESSON, says="Of five seeds none reads below 97 % with it", seeds=5, low=97, high=100, pool="min", unit="%")
def least_read_as_ordered(seed: int) -> float:
    return scores(seed)[0]


def table(
    settings: dict, says: str, name: str, seeds: int, read: tuple[float, float], covered: tuple[float, float]
) -> None:
    """The two claims of a row of section 6's table."""
    for place, (kind, (low, high)) in enumerate((("read", read), ("covered", covered))):

        def measure(seed: int, place: int = place) -> float:
            return scores(seed, **settings)[place]

        measure.__name__ = f"{kind}_{name}"
        claim(LESSON, says=says, seeds=seeds, low=low, high=high, unit="%")(measure)


table({"average": False}, "| 4,000 | nothing, and no average |", "raw", 5, (93, 99), (72, 88))
table({}, "| 4,000 | the average |", "averaged", 5, (97.5, 100), (88, 96))
table({"augment": True}, "| 4,000 | the average and augmentation |", "augmented", 3, (97, 100), (79, 88))
table({"augment": True, "spectral": True}, "| 4,000 | all three |", "all_three", 3, (94, 99), (70, 82))
table({"few": 200}, "| 200 | the average |", "few", 3, (97, 100), (69, 80))
table({"few": 200, "augment": True}, "| 200 | the average and augmentation |", "few_augmented", 3, (95, 100), (79, 88))


@claim(
    LESSON,
    says="coverage falls while the pictures look better than ever",
    seeds=3,
    low=4,
    high=25,
    pool="min",
    unit="points lost from step 400 to 800",
)
def coverage_lost_to_learning_by_heart(seed: int) -> float:
    return scores(seed, few=200, steps=400)[1] - scores(seed, few=200)[1]


@cache
def accused(seed: int) -> dict[str, float]:
    """What a detector trained on one generator calls fake, in percent, by what it is shown."""
    images, _, test, _ = digits()
    forger, stranger = played(seed), played(seed + 1, few=200, steps=400)
    fakes, _ = gans.made_to_order(forger.average, per_digit=400, seed=5)
    torch.manual_seed(seed)
    detector = SmallCNN(classes=2, normalise=nn.BatchNorm2d).to(DEVICE)
    train(
        detector,
        torch.cat([images, fakes.cpu()]),
        torch.arange(2).repeat_interleave(4000),
        epochs=4,
        learning_rate=1e-2,
        schedule=True,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    detector.eval()
    scanned = Augment(degrees=3, pixels=0.5, padding="zeros", generator=torch.Generator().manual_seed(1))(test)
    shown = {
        "same": gans.made_to_order(forger.average, seed=77)[0],
        "other": gans.made_to_order(stranger.average, seed=77)[0],
        "real": test,
        "scanned": scanned,
    }
    with torch.no_grad():
        return {
            name: 100 * float((detector(pictures.to(DEVICE)).argmax(dim=1) == 1).float().mean())
            for name, pictures in shown.items()
        }


@claim(LESSON, says="it catches 96 % on average over three seeds", seeds=3, low=93, high=99, unit="%")
def caught(seed: int) -> float:
    return accused(seed)["same"]


@claim(LESSON, says="and accuses few honest digits", seeds=3, low=0, high=10, unit="%")
def wrongly_accused(seed: int) -> float:
    return accused(seed)["real"]


@claim(LESSON, says="The next forger gets through several times as often", seeds=3, low=2, high=40, unit="times")
def another_gets_through(seed: int) -> float:
    return (100 - accused(seed)["other"]) / (100 - accused(seed)["same"] + 0.1)


@claim(LESSON, says="it accuses many times more than before", seeds=3, low=20, high=95, unit="points more")
def accused_after_a_scan(seed: int) -> float:
    return accused(seed)["scanned"] - accused(seed)["real"]
