"""What lesson 08 (The same dog, many pictures) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/augmentation.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

import time
from functools import cache

import torch
from torch import Tensor, nn

from benchmarks.claims import claim
from course import data
from course.augmentation import Augment, Mix, compose, contrastive_loss, relight, rotation, sharpness, warp
from course.convolutions import SmallCNN
from course.lines import least_squares
from course.training import train

LESSON = "08-augmentation"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
SHAKE = {"degrees": 12, "zoom": 0.12, "shear": 0.15, "pixels": 2, "padding": "zeros"}


def small_network(width: int = 16) -> nn.Module:
    """The lesson's: four convolutions, the first and the third with stride 2."""
    layers, before = [], 1
    for after, stride in ((width, 2), (width, 1), (2 * width, 2), (2 * width, 1)):
        layers += [nn.Conv2d(before, after, 3, stride, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        before = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 10))


def rows_of(seed: int, few: bool) -> tuple[Tensor, Tensor]:
    """Rows to train on, 500 or 4,000, and 1,000 to test on."""
    _, labels = data.mnist_5k()
    train_rows, test_rows = data.stratified_split(labels, test=1000, seed=seed)
    if few:
        train_rows = train_rows[data.stratified_split(labels[train_rows], test=500, seed=seed)[1]]
    return train_rows, test_rows


@cache
def taught(network: str, seed: int, few: bool, degrees: float | None) -> nn.Module:
    """A trained network in eval mode; degrees None is without augmentation."""
    torch.manual_seed(seed)
    model = {"small": small_network, "pooled": lambda: SmallCNN(normalise=nn.BatchNorm2d)}[network]().to(DEVICE)
    transform = (
        None
        if degrees is None
        else Augment(**{**SHAKE, "degrees": degrees}, generator=torch.Generator().manual_seed(seed))
    )
    return learned(model, seed, few, transform=transform)


def learned(model: nn.Module, seed: int, few: bool, **more) -> nn.Module:
    """The model in eval mode, trained as the lesson trains on digits; more: what `train` is given besides."""
    digits, labels = data.mnist_5k()
    rows, _ = rows_of(seed, few)
    train(
        model,
        digits[rows],
        labels[rows],
        epochs=30,
        learning_rate=1e-2,
        schedule=True,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
        **more,
    )
    return model.eval()


def said(model: nn.Module, seed: int, few: bool, turned: float = 0.0) -> tuple[Tensor, Tensor]:
    """What the network says of the test digits, turned where that is asked for, and what they are."""
    digits, labels = data.mnist_5k()
    _, rows = rows_of(seed, few)
    shown = warp(digits[rows], rotation(turned, (13.5, 13.5)), padding="zeros") if turned else digits[rows]
    with torch.no_grad():
        return model(shown.to(DEVICE)).argmax(dim=1).cpu(), labels[rows]


def errors(network: str, seed: int, few: bool, degrees: float | None) -> int:
    answers, truth = said(taught(network, seed, few, degrees), seed, few)
    return int((answers != truth).sum())


def beyond_a_quarter(network: str, seed: int, few: bool) -> float:
    """Errors saved beyond a quarter of those made without augmentation; the sum over seeds is 0 or more where the
    pooled share is a quarter or more."""
    return 0.75 * errors(network, seed, few, None) - errors(network, seed, few, 12)


@claim(
    LESSON,
    says="augmentation makes at least a quarter fewer errors",
    seeds=3,
    low=0.0,
    high=500.0,
    unit="errors saved beyond a quarter",
    pool="sum",
    fast=False,
)
def five_hundred_digits(seed: int) -> float:
    return beyond_a_quarter("small", seed, few=True)


@claim(
    LESSON,
    says="With all 4,000 training digits, three seeds pooled, it is at least a quarter fewer again",
    seeds=3,
    low=0.0,
    high=500.0,
    unit="errors saved beyond a quarter",
    pool="sum",
    fast=False,
)
def four_thousand_digits(seed: int) -> float:
    return beyond_a_quarter("small", seed, few=False)


@claim(
    LESSON,
    says="it makes fewer errors to begin with",
    seeds=3,
    low=1.0,
    high=500.0,
    unit="errors fewer",
    pool="sum",
    fast=False,
)
def max_pooling_makes_fewer_errors(seed: int) -> float:
    return errors("small", seed, True, None) - errors("pooled", seed, True, None)


@claim(
    LESSON,
    says="augmentation takes a smaller share of them away",
    seeds=3,
    low=0.0,
    high=1.0,
    unit="difference of the shares",
    pool="mean",
    fast=False,
)
def max_pooling_gains_less(seed: int) -> float:
    shares = [
        1 - errors(network, seed, True, 12) / errors(network, seed, True, None) for network in ("small", "pooled")
    ]
    return shares[0] - shares[1]


@claim(
    LESSON,
    says="has practically every one of them right",
    seeds=3,
    low=0.99,
    high=1.0,
    unit="share of the 500",
    pool="min",
    fast=False,
)
def without_augmentation_the_exercises_are_all_right(seed: int) -> float:
    digits, labels = data.mnist_5k()
    rows, _ = rows_of(seed, few=True)
    with torch.no_grad():
        return float(
            (taught("small", seed, True, None)(digits[rows].to(DEVICE)).argmax(dim=1).cpu() == labels[rows])
            .float()
            .mean()
        )


@claim(
    LESSON,
    says="reading an upside-down six as a nine",
    seeds=3,
    low=0.5,
    high=1.0,
    unit="share of the sixes",
    pool="mean",
    fast=False,
)
def upside_down_sixes_are_read_as_nines(seed: int) -> float:
    answers, truth = said(taught("small", seed, True, 12), seed, True, turned=180)
    return float((answers[truth == 6] == 9).float().mean())


@claim(
    LESSON,
    says="it now confuses them",
    seeds=3,
    low=3.0,
    high=600.0,
    unit="more of 200 digits confused",
    pool="sum",
    fast=False,
)
def any_turn_confuses_six_and_nine(seed: int) -> float:
    mixed = []
    for degrees in (12, 180):
        answers, truth = said(taught("small", seed, True, degrees), seed, True)
        mixed.append(int(((truth == 6) & (answers == 9) | (truth == 9) & (answers == 6)).sum()))
    return mixed[1] - mixed[0]


@cache
def errors_when_mixed(way: str, seed: int) -> int:
    """Errors of the small network that learned five hundred digits through a Mix."""
    torch.manual_seed(seed)
    model, mix = small_network().to(DEVICE), Mix(way, torch.Generator().manual_seed(seed))
    answers, truth = said(learned(model, seed, few=True, transform=mix, loss=mix.loss), seed, few=True)
    return int((answers != truth).sum())


@claim(
    LESSON,
    says="mixup and CutMix make about as many errors as nothing at all",
    seeds=3,
    low=0.75,
    high=1.3,
    unit="times the errors",
    fast=False,
)
def mixed_errors(seed: int) -> float:
    return (
        (errors_when_mixed("mixup", seed) + errors_when_mixed("cutmix", seed)) / 2 / errors("small", seed, True, None)
    )


@claim(LESSON, says="erasing makes far more", seeds=3, low=1.5, high=5, pool="min", unit="times the errors", fast=False)
def erased_errors(seed: int) -> float:
    return errors_when_mixed("erase", seed) / errors("small", seed, True, None)


@cache
def read_by_neighbours(seed: int) -> tuple[float, float, float]:
    """The share of test digits read by their nearest labelled neighbour of a hundred: by pixels, by an untrained
    network, by one that learned from pairs."""
    digits, labels = data.mnist_5k()
    rows, test_rows = rows_of(seed, few=False)
    labelled = torch.cat([rows[labels[rows] == digit][:10] for digit in range(10)])
    torch.manual_seed(seed)
    body = nn.Sequential(
        nn.Conv2d(1, 16, 3, 2, 1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, 2, 1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 49, 64),
    )
    model = nn.Sequential(body, nn.ReLU(), nn.Linear(64, 32)).to(DEVICE)

    def share(describe) -> float:
        with torch.no_grad():
            seen = describe(digits.to(DEVICE)).cpu()
        return float(
            (labels[labelled][torch.cdist(seen[test_rows], seen[labelled]).argmin(dim=1)] == labels[test_rows])
            .float()
            .mean()
        )

    def by_body(images: Tensor) -> Tensor:
        return nn.functional.normalize(body.eval()(images), dim=1)

    before, shake = share(by_body), Augment(**SHAKE, generator=torch.Generator().manual_seed(seed))
    walker, lots = torch.optim.Adam(model.parameters(), lr=3e-3), torch.Generator().manual_seed(seed)
    model.train()
    for _ in range(120):
        views = digits[rows[torch.randint(len(rows), (256,), generator=lots)]].to(DEVICE)
        loss = contrastive_loss(model(shake(views)), model(shake(views)))
        walker.zero_grad()
        loss.backward()
        walker.step()
    return share(lambda images: images.flatten(1)), before, share(by_body)


@claim(
    LESSON,
    says="It never saw a label",
    seeds=3,
    low=0.02,
    high=0.2,
    pool="min",
    unit="more read than by the pixels",
    fast=False,
)
def better_than_pixels(seed: int) -> float:
    pixels, _, pairs = read_by_neighbours(seed)
    return pairs - pixels


@claim(
    LESSON,
    says="mathematically nothing has happened at all",
    seeds=1,
    low=0.0,
    high=0.4,
    unit="share of the sharpness",
    fast=True,
)
def sharpness_after_twelve_turns_read_twelve_times(seed: int) -> float:
    tower = photograph_of_the_tower()
    turned = tower
    for _ in range(12):
        turned = warp(turned, rotation(30, (79.5, 79.5)))
    return float(sharpness(turned[..., 45:115, 45:115]) / sharpness(tower[..., 45:115, 45:115]))


@claim(
    LESSON, says="compose first, sample once", seeds=1, low=0.99, high=1.01, unit="share of the sharpness", fast=True
)
def sharpness_after_twelve_turns_read_once(seed: int) -> float:
    tower = photograph_of_the_tower()
    turned = warp(tower, compose([rotation(30, (79.5, 79.5))] * 12))
    return float(sharpness(turned[..., 45:115, 45:115]) / sharpness(tower[..., 45:115, 45:115]))


def photograph_of_the_tower() -> Tensor:
    tower = data.photograph()[60:380, 165:485].permute(2, 0, 1).float().unsqueeze(0) / 255
    return nn.functional.avg_pool2d(tower, 2)


def sixty_crops() -> Tensor:
    crops = data.photograph()[:384].permute(2, 0, 1).float() / 255
    return crops.unfold(1, 64, 64).unfold(2, 64, 64).permute(1, 2, 0, 3, 4).reshape(60, 3, 64, 64)


def six_movements(seed: int) -> tuple[Tensor, list[Tensor]]:
    """The matrices of six movements as one, (60, 3, 3), and each alone, as the lesson draws them."""
    six = Augment(
        flip=0.5, degrees=15, zoom=0.2, shear=0.2, pixels=4, tilt=0.2, generator=torch.Generator().manual_seed(seed)
    )
    lots, flips = six.draw(60)
    kinds = ((), ("zoom",), ("shear",), ("degrees",), ("across", "down"), ("tilt_x", "tilt_y"))
    alone = [
        six.matrices(
            {name: value if name in kind else torch.zeros(60) for name, value in lots.items()},
            torch.ones(60) if kind else flips,
            64,
            64,
        )
        for kind in kinds
    ]
    return six.matrices(lots, flips, 64, 64), alone


@claim(
    LESSON,
    says="Less than half of the blur",
    seeds=5,
    low=0.0,
    high=0.5,
    unit="sharpness lost by one reading, as a share of that lost by six",
    pool="max",
    fast=True,
)
def blur_of_one_reading_against_six(seed: int) -> float:
    crops, (whole, alone) = sixty_crops(), six_movements(seed)
    often = crops
    for movement in alone:
        often = warp(often, movement)
    inner = (..., slice(16, 48), slice(16, 48))
    kept = [float(sharpness(shown[inner]) / sharpness(crops[inner])) for shown in (warp(crops, whole), often)]
    return (1 - kept[0]) / (1 - kept[1])


@claim(
    LESSON,
    says="at a fraction of the price",
    seeds=3,
    low=3.0,
    high=1e3,
    unit="times as fast, multiplying included",
    pool="mean",
    fast=True,
)
def one_reading_is_quicker_than_six(seed: int) -> float:
    crops, (_, alone) = sixty_crops().to(DEVICE), six_movements(seed)
    alone = [matrices.to(DEVICE) for matrices in alone]

    def often() -> None:
        moved = crops
        for movement in alone:
            moved = warp(moved, movement)

    return quickest(often) / quickest(lambda: warp(crops, compose(alone)))


def quickest(task, repeats: int = 15) -> float:
    """Seconds of the quickest of some runs, with the GPU's work done where there is one."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        task()
        if DEVICE == "cuda":
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - begun)
    return min(taken)


@claim(
    LESSON,
    says="Nothing burns out",
    seeds=3,
    low=0.0,
    high=0.0,
    unit="pairs of shades that have run together",
    pool="sum",
    fast=True,
)
def shades_lost_in_logit_space(seed: int) -> float:
    shades = torch.linspace(0, 1, 256).view(1, 1, 16, 16)
    generator = torch.Generator().manual_seed(seed)
    relit = relight(
        shades, 4 * torch.rand(1, generator=generator) - 2, torch.exp(2 * torch.rand(1, generator=generator) - 1)
    ).flatten()
    return float((relit.diff() <= 0).sum())


@claim(
    LESSON,
    says="The line has become flatter",
    seeds=5,
    low=0.97,
    high=1.03,
    unit="slope of the copies, as a share of what theory foretells",
    pool="mean",
    fast=True,
)
def slope_of_jittered_copies(seed: int) -> float:
    x, y = data.paint_splatter(seed=seed)
    noise = 0.3 * torch.randn(20, len(x), generator=torch.Generator().manual_seed(seed))
    slope, _ = least_squares(x, y)
    copies, _ = least_squares((x + noise).flatten(), y.expand(20, -1).flatten())
    return float(copies / (slope * x.var() / (x.var() + 0.3**2)))
