"""What lesson 09 (Standing on what was learned) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/transfer.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

from benchmarks.claims import claim
from course import data
from course.augmentation import Augment
from course.explorers import transfer as maze
from course.pretrained import EfficientNetLite0, efficientnet_lite0
from course.training import accuracy, train
from course.transfer import (
    Nerves,
    Scale,
    as_photographs,
    extract,
    layers_of,
    nearest,
    poses,
    train_head,
    under_shift,
    with_copies,
)

LESSON = "09-transfer"
LABELS, TEST_LABELS = torch.arange(4).repeat(5), torch.arange(4).repeat(20)


@cache
def lite() -> EfficientNetLite0:
    return efficientnet_lite0()


def features_of(pictures: Tensor, side: int = 96) -> Tensor:
    return extract(lambda: layers_of(lite()), as_photographs(pictures, side), 32)


def head_on(features: Tensor, wanted: Tensor, classes: int = 4) -> Callable[[Tensor], Tensor]:
    own = Scale(features)
    weight, bias = train_head(own(features), wanted, classes, steps=200, rate=2.0)
    return lambda others: own(others) @ weight.T + bias


def share_right(scores: Tensor, wanted: Tensor) -> float:
    return float((scores.argmax(dim=1) == wanted).float().mean())


@cache
def players(seed: int) -> dict[str, float]:
    """Shares right: calm, nervous, mended of both, the nearest three, and how sure the head is, calm and nervous."""
    lots = torch.Generator().manual_seed(seed)
    known, test = poses(LABELS, lots), poses(TEST_LABELS, lots)
    described, scale = features_of(known), Scale(features_of(known))
    head, more = head_on(described, LABELS), Nerves(torch.Generator().manual_seed(seed + 2))
    steady_features, steady_labels = with_copies(known, LABELS, more, 1.0, 5)
    steady = head_on(features_of(steady_features), steady_labels)
    found = {}
    for name, reads in (("", head), ("mended ", steady)):
        nerves = Nerves(torch.Generator().manual_seed(seed + 1))
        calm, nervous = under_shift(
            lambda images, reads=reads: reads(features_of(images)), test, TEST_LABELS, nerves, [0.0, 1.0]
        )
        found |= {f"{name}calm": calm, f"{name}nervous": nervous}
    shares = nearest(scale(features_of(test)), scale(described), LABELS, 4, 3)
    for name, amount in (("calm", 0.0), ("nervous", 1.0)):
        shown = Nerves(torch.Generator().manual_seed(seed + 1))(test, amount)
        sure, says = head(features_of(shown)).softmax(dim=1).max(dim=1)
        right = says == TEST_LABELS
        found |= {f"right {name}": float(right.float().mean()), f"sure {name}": float(sure.mean())}
        found |= {f"sure {name} wrong": float(sure[~right].mean())}
    return {**found, "nearest": share_right(shares, TEST_LABELS)}


@claim(LESSON, says="at least four of five poses are right", seeds=3, low=0.8, high=1.0, unit="share right", pool="min")
def five_poses_are_enough(seed: int) -> float:
    return players(seed)["calm"]


@claim(
    LESSON,
    says="With five pictures a class, one layer does as well as two",
    seeds=3,
    low=-0.04,
    high=0.5,
    unit="share ahead of two layers",
)
def one_layer_is_enough(seed: int) -> float:
    lots = torch.Generator().manual_seed(seed)
    known, test = poses(LABELS, lots), poses(TEST_LABELS, lots)
    described, scale = features_of(known), Scale(features_of(known))
    torch.manual_seed(seed)
    hers = nn.Sequential(nn.Linear(1280, 100), nn.ReLU(), nn.Linear(100, 4))
    train(
        hers,
        scale(described),
        LABELS,
        epochs=30,
        batch_size=5,
        learning_rate=3e-3,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    others = features_of(test)
    return share_right(head_on(described, LABELS)(others), TEST_LABELS) - accuracy(hers, scale(others), TEST_LABELS)


@claim(LESSON, says="Here the head is ahead, or they are close", seeds=3, low=-0.05, high=0.5, unit="share", pool="min")
def the_head_is_not_behind_the_nearest(seed: int) -> float:
    return players(seed)["calm"] - players(seed)["nearest"]


@claim(
    LESSON,
    says="fully nervous, at least 10 points fewer are right",
    seeds=3,
    low=0.1,
    high=0.9,
    unit="share lost",
    pool="min",
)
def nerves_cost(seed: int) -> float:
    return players(seed)["calm"] - players(seed)["nervous"]


@claim(
    LESSON,
    says="Its sureness sinks too, but less than its share of right answers",
    seeds=3,
    low=0.05,
    high=1.0,
    unit="share, lost by right answers beyond what sureness lost",
    pool="min",
)
def sureness_sinks_more_slowly(seed: int) -> float:
    found = players(seed)
    return (found["right calm"] - found["right nervous"]) - (found["sure calm"] - found["sure nervous"])


@claim(
    LESSON,
    says="calm, it was right about as often as it was sure",
    seeds=3,
    low=0.0,
    high=0.07,
    unit="between the share right and the mean probability",
    pool="max",
)
def calm_it_is_as_sure_as_right(seed: int) -> float:
    return abs(players(seed)["sure calm"] - players(seed)["right calm"])


@claim(
    LESSON,
    says="nervous, it is surer than it is right, by 9 to 27 points with three draws",
    seeds=3,
    low=0.08,
    high=0.28,
    unit="mean probability beyond the share right",
    pool="min",
)
def nervous_it_is_too_sure(seed: int) -> float:
    gap = players(seed)["sure nervous"] - players(seed)["right nervous"]
    assert gap <= 0.28
    return gap


@claim(
    LESSON,
    says="Where it is wrong it is still about 70 % sure, calm or nervous",
    seeds=3,
    low=0.65,
    high=0.75,
    unit="mean probability where it is wrong",
)
def sure_and_wrong(seed: int) -> float:
    return (players(seed)["sure calm wrong"] + players(seed)["sure nervous wrong"]) / 2


@claim(
    LESSON,
    says="fully nervous, at least 5 points more are right than before",
    seeds=3,
    low=0.05,
    high=0.9,
    unit="share won",
    pool="min",
)
def copies_mend(seed: int) -> float:
    return players(seed)["mended nervous"] - players(seed)["nervous"]


def maze_share(shaken: bool, nerves: float) -> tuple[float, float]:
    """The share of held-out sprites that the maze's head reads rightly, three lots each, and how sure it is of them."""
    explorer = maze.maze_explorer({"shaken": shaken, "nerves": nerves})
    known, labels = explorer.examples()
    scale = Scale(known)
    weight, bias = train_head(scale(known), labels, 4, maze.STEPS, maze.RATE)
    right, sure = 0, 0.0
    for lot in range(120):
        pose, number = lot % 4, maze.MOST_EXAMPLES + lot // 4 % maze.HELD_OUT
        held = maze.unsteady(explorer.sprites[pose][number], nerves, lot)
        described = scale(maze.features(tuple(map(tuple, held))).double()[None])
        shares = (described @ weight.T + bias).softmax(dim=1)[0]
        right, sure = right + (int(shares.argmax()) == pose), sure + float(shares.max())
    explorer.close()
    return right / 120, sure / 120


@claim(
    LESSON,
    says="on calm poses the head is mostly right and mostly sure",
    low=0.85,
    high=1.0,
    unit="share right",
)
def the_maze_is_read(seed: int) -> float:
    return maze_share(False, 0.0)[0]


@claim(LESSON, says="the sureness sinks, and wrong steps come with it", low=0.03, high=0.5, unit="probability lost")
def the_maze_grows_unsure(seed: int) -> float:
    assert maze_share(False, 1.0)[0] < maze_share(False, 0.0)[0] - 0.03
    return maze_share(False, 0.0)[1] - maze_share(False, 1.0)[1]


@claim(
    LESSON,
    says="it is right more often on nervous poses, and on calm ones as often as before",
    low=0.04,
    high=0.6,
    unit="share won on nervous poses",
)
def the_maze_is_mended(seed: int) -> float:
    assert maze_share(True, 0.0)[0] >= maze_share(False, 0.0)[0] - 0.02
    return maze_share(True, 1.0)[0] - maze_share(False, 1.0)[0]


def small_cnn(width: int = 16) -> nn.Module:
    layers, before = [], 1
    for after, stride in ((width, 2), (width, 1), (2 * width, 2), (2 * width, 1)):
        layers += [nn.Conv2d(before, after, 3, stride, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        before = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 10))


def dense(pixels: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(pixels, 100), nn.ReLU(), nn.Linear(100, 10))


def from_nothing(
    network: nn.Module,
    pictures: Tensor,
    wanted: Tensor,
    seed: int,
    epochs: int,
    transform: Callable[[Tensor], Tensor] | None = None,
    cools: bool = True,
) -> nn.Module:
    """Trained on these pictures alone: as the lesson does it, or, where the rate does not cool, at a steady 0.003."""
    train(
        network,
        pictures,
        wanted,
        epochs=epochs,
        batch_size=25,
        learning_rate=1e-2 if cools else 3e-3,
        schedule=cools,
        transform=transform,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    return network


@cache
def sheets(seed: int) -> tuple[Tensor, ...]:
    """Digits on sheets to learn from and for the test with their labels; then the same digits as they are, twenty of
    each to learn from."""
    digits, labels = data.mnist_5k()
    chance = torch.Generator().manual_seed(seed)
    rows = torch.stack(
        [(labels == digit).nonzero().flatten()[torch.randperm(500, generator=chance)[:40]] for digit in range(10)]
    )
    five, others, twenty = rows[:, :5].flatten(), rows[:, 20:].flatten(), rows[:, :20].flatten()
    away = Augment(degrees=30, pixels=16, padding="zeros", generator=chance)
    sheet, exam = (away(pad(digits[part], [18] * 4)) for part in (five, others))
    return sheet, labels[five], exam, labels[others], digits[twenty], labels[twenty], digits[others]


def moving(seed: int) -> Augment:
    return Augment(degrees=15, pixels=8, zoom=0.1, padding="zeros", generator=torch.Generator().manual_seed(seed))


@cache
def heads_on_sheets(seed: int) -> tuple[float, float]:
    """The share right of a head that learned from the sheets as they are, and of one that had five copies of each."""
    sheet, labels, exam, exam_labels, *_ = sheets(seed)
    shake = moving(seed)
    more, more_labels = with_copies(sheet, labels, lambda images, amount: shake(images), 1.0, 5)
    described, shown = features_of(more, 128), features_of(exam, 128)
    plain, copied = head_on(described[:50], labels, 10), head_on(described, more_labels, 10)
    return share_right(plain(shown), exam_labels), share_right(copied(shown), exam_labels)


@claim(
    LESSON,
    says="at least 20 points ahead of the best from nothing",
    seeds=3,
    low=0.2,
    high=0.9,
    unit="share ahead",
    pool="min",
)
def ahead_of_the_best_from_nothing(seed: int) -> float:
    sheet, labels, exam, exam_labels, *_ = sheets(seed)
    torch.manual_seed(seed)
    others = [from_nothing(net, sheet, labels, seed, 100) for net in (dense(64 * 64), small_cnn())]
    return heads_on_sheets(seed)[0] - max(accuracy(network, exam, exam_labels) for network in others)


@cache
def patient_on_sheets(seed: int) -> float:
    """The share right of the small network from nothing, augmented, two hundred times through."""
    sheet, labels, exam, exam_labels, *_ = sheets(seed)
    torch.manual_seed(seed)
    return accuracy(from_nothing(small_cnn(), sheet, labels, seed, 200, moving(seed)), exam, exam_labels)


@claim(
    LESSON,
    says="the small network was with each of three seeds at least 10 points ahead of the head",
    seeds=3,
    low=0.1,
    high=0.6,
    unit="share ahead",
    pool="min",
)
def patience_overtakes_the_head(seed: int) -> float:
    return patient_on_sheets(seed) - heads_on_sheets(seed)[0]


@claim(
    LESSON,
    says="Shaken copies do not bring the head level",
    seeds=3,
    low=0.02,
    high=0.6,
    unit="share that the network from nothing is still ahead",
    pool="min",
)
def copies_do_not_bring_the_head_level(seed: int) -> float:
    return patient_on_sheets(seed) - heads_on_sheets(seed)[1]


@claim(
    LESSON,
    says="a small network from nothing, shown moved copies two hundred times, reads more of them than our head",
    seeds=3,
    low=0.01,
    high=0.5,
    unit="share ahead",
    pool="min",
)
def patience_reads_poses(seed: int) -> float:
    lots = torch.Generator().manual_seed(seed)
    known, test = poses(LABELS, lots), poses(TEST_LABELS, lots)
    torch.manual_seed(seed)
    own = from_nothing(small_cnn(), known, LABELS, seed, 200, moving(seed))
    return accuracy(own, test, TEST_LABELS) - players(seed)["calm"]


@claim(
    LESSON,
    says="that same network was right less than half as often as the head",
    seeds=3,
    low=0.1,
    high=0.5,
    unit="times as often",
    pool="max",
)
def haste_misjudges(seed: int) -> float:
    sheet, labels, exam, exam_labels, *_ = sheets(seed)
    torch.manual_seed(seed)
    hasty = from_nothing(small_cnn(), sheet, labels, seed, 40, moving(seed), cools=False)
    return accuracy(hasty, exam, exam_labels) / heads_on_sheets(seed)[0]


@claim(
    LESSON,
    says="The small network from nothing, with augmentation, is ahead of the large one",
    seeds=3,
    low=0.0,
    high=0.5,
    unit="share ahead",
    pool="mean",
)
def on_plain_digits_transfer_loses(seed: int) -> float:
    _, _, _, exam_labels, digits, labels, others = sheets(seed)
    shake = Augment(degrees=12, zoom=0.12, pixels=2, padding="zeros", generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    own = accuracy(from_nothing(small_cnn(), digits, labels, seed, 40, shake), others, exam_labels)
    return own - share_right(head_on(features_of(digits), labels, 10)(features_of(others)), exam_labels)


@cache
def fine_tuned(seed: int, slow: float) -> float:
    sheet, labels, exam, exam_labels, *_ = sheets(seed)
    with torch.no_grad():
        maps, exam_maps = (
            torch.cat([lite().body[:-1](as_photographs(part, 128)) for part in pictures.split(32)])
            for pictures in (sheet, exam)
        )
    top = nn.Sequential(copy.deepcopy(lite().body[-1]), nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
    top.requires_grad_(slow > 0)
    new = nn.Linear(1280, 10)
    nn.init.zeros_(new.weight), nn.init.zeros_(new.bias)
    walker = torch.optim.Adam([{"params": top.parameters(), "lr": slow}, {"params": new.parameters(), "lr": 3e-3}])
    for _ in range(40):
        walker.zero_grad()
        cross_entropy(new(top(maps)), labels).backward()
        walker.step()
    with torch.no_grad():
        return share_right(new(top(exam_maps)), exam_labels)


@claim(
    LESSON,
    says="a slow body gains next to nothing over a frozen one, on the mean of three seeds",
    seeds=3,
    low=-0.03,
    high=0.03,
    unit="share won",
    pool="mean",
)
def a_slow_body_gains(seed: int) -> float:
    return fine_tuned(seed, 1e-4) - fine_tuned(seed, 0.0)


@claim(
    LESSON,
    says="At the head's own rate little is lost here",
    seeds=3,
    low=-0.05,
    high=0.06,
    unit="share lost",
    pool="mean",
)
def at_the_heads_rate_little_is_lost(seed: int) -> float:
    return fine_tuned(seed, 1e-4) - fine_tuned(seed, 3e-3)


@claim(
    LESSON,
    says="at one thirty times as high the old layer has forgotten what it knew",
    seeds=3,
    low=0.1,
    high=0.9,
    unit="share lost",
    pool="mean",
)
def a_fast_body_forgets(seed: int) -> float:
    return fine_tuned(seed, 1e-4) - fine_tuned(seed, 0.1)
