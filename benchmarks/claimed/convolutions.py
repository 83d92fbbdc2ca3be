"""What lesson 05 says in numbers, measured: digits read, fields found, shifts survived, and the price of a convolution.
Read solutions/05-convolutions/convolutions.py for the words, and benchmarks/claims.py for what runs this."""

import time
from functools import cache, partial
from statistics import stdev

import torch
from torch import nn

from benchmarks.claims import claim
from course import data
from course.convolutions import SmallCNN, class_activation_map, conv2d, enlarge, peaks
from course.scenes import FIGURES, SIDE, found, scenes
from course.training import accuracy, train

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def digits() -> tuple[torch.Tensor, ...]:
    """Images and labels to learn from, then those for the test, evened out as in the lesson, on the device."""
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    images = (pixels - pixels[learn].mean()) / pixels[learn].std()
    return tuple(part.to(DEVICE) for part in (images[learn], labels[learn], images[test], labels[test]))


@cache
def reader(seed: int) -> nn.Module:
    """The lesson's network for digits, trained as the lesson does."""
    torch.manual_seed(seed)
    model = SmallCNN().to(DEVICE, memory_format=torch.channels_last)
    train(
        model,
        *digits()[:2],
        epochs=9,
        batch_size=32,
        learning_rate=3e-3,
        schedule=True,
        generator=torch.Generator().manual_seed(seed),
        loss=partial(nn.functional.cross_entropy, label_smoothing=0.1),
        progress=False,
    )
    return model


@cache
def dense(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)).to(DEVICE)
    train(
        model,
        *digits()[:2],
        epochs=8,
        learning_rate=2e-3,
        schedule=True,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    return model


def five_looks(seed: int) -> float:
    model, (*_, images, labels) = reader(seed), digits()
    with torch.no_grad():
        logits = sum(
            map(model, [images] + [torch.roll(images, step, dims=axis) for axis in (2, 3) for step in (-1, 1)])
        )
    return float((logits.argmax(dim=1) == labels).float().mean())


@claim(
    "05-convolutions",
    says="over five seeds at least 98.4 % of the test digits are read correctly",
    seeds=5,
    low=98.4,
    unit="%",
)
def digits_read(seed: int) -> float:
    return 100 * five_looks(seed)


@claim(
    "05-convolutions",
    says="A single run lies a few digits to either side of its mean, so this one is held to 98 %",
    seeds=5,
    low=98.0,
    unit="%",
    pool="min",
)
def digits_read_in_a_single_run(seed: int) -> float:
    return 100 * five_looks(seed)


@claim(
    "05-convolutions",
    says="The result depends less on the luck of the seed",
    high=0.0,
    unit="points of standard deviation",
)
def less_luck_in_five_looks(seed: int) -> float:
    once, five = zip(*((accuracy(reader(one), *digits()[2:]), five_looks(one)) for one in range(5)), strict=False)
    return 100 * (stdev(five) - stdev(once))


@claim(
    "05-convolutions",
    says="Four pixels away the convolutional network still reads at least three times as many digits as the dense one",
    seeds=3,
    low=3.0,
    unit="times",
)
def moved_digits_read(seed: int) -> float:
    *_, images, labels = digits()
    moved = torch.roll(images, 4, dims=3)
    return accuracy(reader(seed), moved, labels) / accuracy(dense(seed), moved, labels)


def evened_out(images: torch.Tensor) -> torch.Tensor:
    return 10 * (images - images.mean(dim=(2, 3), keepdim=True))


@cache
def scout(seed: int, widths: tuple[int, ...]) -> dict[str, float]:
    """The lesson's network for fields: the share it names rightly, and the share of figures on which each map has its
    peak."""
    fields, figures, _ = scenes(2000, seed=2 * seed)
    new_fields, new_figures, places = scenes(500, seed=2 * seed + 1)
    torch.manual_seed(seed)
    model = SmallCNN(channels=3, classes=len(FIGURES), widths=widths).to(DEVICE, memory_format=torch.channels_last)
    train(
        model,
        evened_out(fields),
        figures,
        epochs=6,
        batch_size=32,
        learning_rate=5e-3,
        schedule=True,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    with torch.no_grad():
        features = model.features(evened_out(new_fields).to(DEVICE))
        named = model(evened_out(new_fields).to(DEVICE)).argmax(dim=1)
        maps = {"cam": class_activation_map(features, model.head.weight, named), "mean": features.mean(dim=1)}
    hits = {
        name: float(found(peaks(enlarge(one, SIDE, SIDE)).cpu(), places)[new_figures > 0].float().mean())
        for name, one in maps.items()
    }
    return {"named": float((named.cpu() == new_figures).float().mean()), **hits}


@claim(
    "05-convolutions",
    says="over five seeds the peak lies on the figure in at least 95 % of them",
    seeds=5,
    low=95.0,
    unit="%",
)
def peaks_on_the_figure(seed: int) -> float:
    return 100 * scout(seed, (12, 24))["cam"]


@claim("05-convolutions", says="a single run, again, is held to a little less", seeds=5, low=90.0, unit="%", pool="min")
def peaks_on_the_figure_in_a_single_run(seed: int) -> float:
    return 100 * scout(seed, (12, 24))["cam"]


@claim("05-convolutions", says="With a third stage it names more figures rightly", seeds=3, low=0.5, unit="points")
def a_third_stage_names_more(seed: int) -> float:
    return 100 * (scout(seed, (8, 16, 32))["named"] - scout(seed, (12, 24))["named"])


@claim("05-convolutions", says="And yet its map falls off the figure more often", seeds=3, high=-1.0, unit="points")
def a_third_stage_finds_fewer(seed: int) -> float:
    return 100 * (scout(seed, (8, 16, 32))["cam"] - scout(seed, (12, 24))["cam"])


@claim(
    "05-convolutions", says="would hit in one field of seven or so", low=0.12, high=0.17, unit="of the area", fast=True
)
def a_blind_dart(seed: int) -> float:
    *_, labels, places = scenes(500, seed=1)
    return float((torch.pi * places[labels > 0][:, 2] ** 2 / SIDE**2).mean())


@claim("05-convolutions", says="needs less than four times as long as torch's own", high=4.0, unit="times")
def price_of_a_matrix_product(seed: int) -> float:
    """The slowest of four layers that networks have, against torch.nn.functional.conv2d."""
    worst = 0.0
    for n, c, side, k, stride in ((64, 3, 40, 16, 1), (64, 16, 28, 32, 2), (64, 32, 14, 64, 1), (8, 64, 56, 64, 1)):
        images, kernels = torch.randn(n, c, side, side, device=DEVICE), torch.randn(k, c, 3, 3, device=DEVICE)
        ours, theirs = (
            fastest(partial(which, images, kernels, None, stride, 1)) for which in (conv2d, nn.functional.conv2d)
        )
        worst = max(worst, ours / theirs)
    return worst


def fastest(call, times: int = 15) -> float:
    """Seconds of the fastest of some calls; on a CPU those of the processor, which other programs do not lengthen."""
    clock, seconds = time.perf_counter if DEVICE == "cuda" else time.process_time, []
    for _ in range(times + 2):
        began = clock()
        call()
        if DEVICE == "cuda":
            torch.cuda.synchronize()
        seconds.append(clock() - began)
    return min(seconds[2:])
