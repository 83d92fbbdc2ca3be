"""The lessons' own implementations against torch's, and one-pass augmentation against kornia's: time, peak memory,
greatest difference. `python -m benchmarks.kernels` runs it, on the CPU and on a GPU where there is one, and writes its
table into benchmarks/README.md.
Read the modules that are measured first: course/convolutions.py, batchnorm.py, dropout.py, descent.py,
augmentation.py."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.lessons import machine, put_section
from course.augmentation import Augment, warp
from course.descent import Adam

RUNS = 20
SIZE = 64  # of the pictures that are augmented, pixels a side
BATCH = 256


@dataclass
class Case:
    """One implementation and what it is measured against. Both are called without arguments; images: how many a call
    treats."""

    name: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    difference: Callable[[], float]
    aim: float | None = None  # our time must be at most so many times theirs
    images: int = 0
    beside: str = "torch"


@dataclass
class Alone:
    """What only the course does: its time and its memory. images: how many a call treats."""

    name: str
    ours: Callable[[], object]
    images: int


@dataclass
class Missing:
    """A case that cannot be measured here, and why."""

    name: str
    why: str


def random(*shape: int, device: str, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(device)


def greatest(one: Tensor, other: Tensor) -> float:
    return float((one.detach().double() - other.detach().double()).abs().max())


def and_backward(call: Callable[..., Tensor], *inputs: Tensor) -> Callable[[], None]:
    """The call and its gradients, as in a step of training."""
    leaves = [given.clone().requires_grad_(True) for given in inputs]

    def step() -> None:
        torch.autograd.grad(call(*leaves).sum(), leaves)

    return step


def convolution(device: str) -> list[Case | Missing]:
    conv2d = importlib.import_module("course.convolutions").conv2d
    cases: list[Case | Missing] = []
    for n, channels, kernels, size in ((64, 16, 32, 28), (32, 64, 64, 56)):
        images, weight, bias = (
            random(n, channels, size, size, device=device),
            random(kernels, channels, 3, 3, device=device, seed=1) / 10,
            random(kernels, device=device, seed=2),
        )
        mine, torchs = lambda x, w, b: conv2d(x, w, b, padding=1), lambda x, w, b: functional.conv2d(x, w, b, padding=1)
        given = images, weight, bias
        name = f"conv2d, {n} x {channels} x {size} x {size} to {kernels}"
        cases += [
            Case(
                name,
                lambda mine=mine, given=given: mine(*given),
                lambda torchs=torchs, given=given: torchs(*given),
                lambda mine=mine, torchs=torchs, given=given: greatest(mine(*given), torchs(*given)),
                4,
                n,
            ),
            Case(
                f"{name}, and backward",
                and_backward(mine, *given),
                and_backward(torchs, *given),
                lambda mine=mine, torchs=torchs, given=given, n=n: greatest(
                    *(
                        torch.autograd.grad(call(given[0], leaf, given[2]).sum(), leaf)[0] / n
                        for call in (mine, torchs)
                        for leaf in [given[1].clone().requires_grad_(True)]
                    )
                ),
                images=n,
            ),
        ]
    return cases


def batch_normalisation(device: str) -> list[Case | Missing]:
    module = importlib.import_module("course.batchnorm")
    images = random(64, 64, 56, 56, device=device)
    mine, torchs = module.BatchNorm(64).to(device), nn.BatchNorm2d(64).to(device)
    return [
        Case(
            "batch norm in training, 64 x 64 x 56 x 56",
            lambda: mine(images),
            lambda: torchs(images),
            lambda: greatest(mine(images), torchs(images)),
            2,
            64,
        ),
        Case(
            "batch norm in training, and backward",
            and_backward(mine, images),
            and_backward(torchs, images),
            lambda: greatest(
                *(
                    torch.autograd.grad(layer(leaf).square().sum(), leaf)[0]
                    for layer in (mine, torchs)
                    for leaf in [images.clone().requires_grad_(True)]
                )
            ),
            images=64,
        ),
    ]


def dropping(device: str) -> list[Case | Missing]:
    module = importlib.import_module("course.dropout")
    rows = random(4096, 1024, device=device)
    mask = (functional.dropout(torch.ones_like(rows), 0.5) > 0).float()
    return [
        Case(
            "dropout, 4096 x 1024, p = 0.5",
            lambda: module.dropout(rows, 0.5),
            lambda: functional.dropout(rows, 0.5),
            lambda: greatest(module.masked(rows, mask, 0.5), rows * mask * 2),
        )
    ]


def adam(device: str) -> list[Case | Missing]:
    start, gradient = random(1_000_000, device=device), random(1_000_000, device=device, seed=1)
    mine = Adam(start, 1e-3)

    def torchs_adam() -> tuple[torch.optim.Adam, Tensor]:
        parameters = start.clone().requires_grad_(True)
        parameters.grad = gradient.clone()
        return torch.optim.Adam([parameters], lr=1e-3), parameters

    def after_ten_steps() -> float:
        ours, (theirs, parameters) = Adam(start, 1e-3), torchs_adam()
        for _ in range(10):
            ours.step(gradient)
            theirs.step()
        return greatest(ours.parameters, parameters.detach())

    optimiser, _ = torchs_adam()
    return [Case("a step of Adam, 1,000,000 parameters", lambda: mine.step(gradient), optimiser.step, after_ten_steps)]


def augmenting(device: str) -> list[Case | Missing]:
    name = (
        f"seven random kinds on {BATCH} x 3 x {SIZE} x {SIZE}: flip, turn, zoom, shear, perspective, brightness, "
        "contrast"
    )
    if importlib.util.find_spec("kornia") is None:
        return [Missing(name, "kornia is not here: pip install -e '.[bench]'")]
    import kornia.augmentation as kinds
    from kornia.geometry.transform import warp_perspective

    images = torch.rand(BATCH, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0)).to(device)
    mine = Augment(flip=0.5, degrees=15, zoom=0.2, shear=0.2, tilt=0.2, brightness=0.5, contrast=0.5)
    theirs = nn.Sequential(
        kinds.RandomHorizontalFlip(p=0.5),
        kinds.RandomRotation(15.0, p=1.0),
        kinds.RandomAffine(0.0, scale=(1 / 1.2, 1.2), p=1.0),
        kinds.RandomShear(11.3, p=1.0),
        kinds.RandomPerspective(0.3, p=1.0),
        kinds.RandomBrightness((0.75, 1.25), p=1.0),
        kinds.RandomContrast((0.75, 1.25), p=1.0),
    )
    matrices = mine.matrices(*mine.draw(BATCH, device), SIZE, SIZE)

    def against_kornia() -> float:
        return greatest(
            warp(images, matrices, "zeros"),
            warp_perspective(images, matrices, (SIZE, SIZE), padding_mode="zeros", align_corners=True),
        )

    return [
        Case(
            name,
            lambda: mine(images),
            lambda: theirs(images),
            against_kornia,
            1 / (3 if device == "cuda" else 2),
            BATCH,
            beside="kornia, one after another",
        )
    ]


def duelling(device: str) -> list[Case | Missing | Alone]:
    """A step of the GAN of lesson 11 on its batch of real digits, and as many fakes: both networks learn."""
    module = importlib.import_module("course.gans")
    images = torch.rand(1000, 1, module.SIDE, module.SIDE, generator=torch.Generator().manual_seed(0))
    duel = module.Duel(images, torch.arange(1000) % 10, device=device)
    return [
        Alone(
            f"a GAN's step on {duel.batch_size} x 1 x {module.SIDE} x {module.SIDE} to order",
            duel.step,
            duel.batch_size,
        )
    ]


def attending(device: str) -> list[Case | Missing | Alone]:
    """Lesson 17's attention against torch's, and a step of a larger transformer than the lesson's."""
    module = importlib.import_module("course.sequences")
    given = tuple(random(8, 8, 256, 64, device=device, seed=seed) for seed in range(3))
    mask = module.causal_mask(256).to(device)

    def mine(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return module.attention(q, k, v, mask)

    def torchs(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True)

    name = "attention, 8 x 8 heads x 256 places x 64, causal"
    net = module.Transformer(64, 128, width=256, heads=8, layers=4).to(device)
    optimiser = torch.optim.AdamW(net.parameters())
    tokens = torch.randint(64, (8, 129), generator=torch.Generator().manual_seed(0)).to(device)

    def step() -> None:
        loss = functional.cross_entropy(net(tokens[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return [
        Case(name, lambda: mine(*given), lambda: torchs(*given), lambda: greatest(mine(*given), torchs(*given)), 4, 64),
        Case(
            f"{name}, and backward",
            and_backward(mine, *given),
            and_backward(torchs, *given),
            lambda: greatest(
                *(
                    torch.autograd.grad(call(leaf, *given[1:]).sum(), leaf)[0]
                    for call in (mine, torchs)
                    for leaf in [given[0].clone().requires_grad_(True)]
                )
            ),
            images=64,
        ),
        Alone("a step of a transformer, 4 blocks of width 256, on 8 x 128 symbols", step, 8),
    ]


SUITES: dict[str, Callable[[str], list[Case | Missing | Alone]]] = {
    "convolutions": convolution,
    "batchnorm": batch_normalisation,
    "dropout": dropping,
    "descent": adam,
    "augmentation": augmenting,
    "gans": duelling,
    "sequences": attending,
}


def cases(device: str) -> list[Case | Missing | Alone]:
    """Every case; one whose module is not written yet is a Missing."""
    found: list[Case | Missing | Alone] = []
    for module, suite in SUITES.items():
        there = importlib.util.find_spec(f"course.{module}") is not None
        found += suite(device) if there else [Missing(module, f"course/{module}.py is not written yet")]
    return found


def settle(device: str) -> None:
    """Wait until the device has done all that it was asked for."""
    if device == "cuda":
        torch.cuda.synchronize()


def milliseconds(case: Case, device: str) -> tuple[float, float]:
    """The median of twenty runs of each, ours and theirs in turns, so that what else the machine does falls on both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(-3, RUNS):
        for times, call in zip(taken, (case.ours, case.theirs), strict=False):
            settle(device)
            began = time.perf_counter()
            call()
            settle(device)
            if run >= 0:
                times.append(1000 * (time.perf_counter() - began))
    return median(taken[0]), median(taken[1])


def peak(call: Callable[[], object], device: str) -> float | None:
    """MiB that one run takes beside what was there before; None where the system does not tell."""
    if device == "cuda":
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        call()
        torch.cuda.synchronize()
        return (torch.cuda.max_memory_allocated() - before) / 2**20
    if platform.system() != "Linux":
        return None
    ctypes.CDLL(None).malloc_trim(0)  # else freed memory that the process has kept would be used again and not be seen
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest mark of the resident memory
    before = resident("VmRSS")
    call()
    return max(0.0, resident("VmHWM") - before)


def resident(field: str) -> float:
    """A line of /proc/self/status, in MiB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


def measured(case: Case, device: str) -> tuple[str, bool]:
    """The row of a case, and whether it holds its aim."""
    with torch.no_grad() if "backward" not in case.name else torch.enable_grad():
        ours, theirs = milliseconds(case, device)
        memory = [peak(call, device) for call in (case.ours, case.theirs)]
    apart = case.difference()
    holds = case.aim is None or ours <= case.aim * theirs
    ratio = f"{ours / theirs:.2f} times" if ours >= theirs else f"1/{theirs / ours:.1f}"
    aim = "" if case.aim is None else f"at most {case.aim:g} times" if case.aim >= 1 else f"at most 1/{1 / case.aim:g}"
    pace = f"{1000 * case.images / ours:,.0f} and {1000 * case.images / theirs:,.0f}" if case.images else ""
    room = " and ".join("?" if taken is None else f"{taken:,.0f}" for taken in memory)
    return (
        f"| {case.name} | {case.beside} | {ours:.2f} | {theirs:.2f} | {ratio}{'' if holds else ' **(too slow)**'} | "
        f"{aim} | {pace} | {room} | {apart:.1e} |",
        holds,
    )


def alone(case: Alone, device: str) -> str:
    """The row of a case that nothing stands beside: the pace in images, and the time that a thousand take."""
    taken, _ = milliseconds(Case(case.name, case.ours, lambda: None, lambda: 0.0), device)
    memory = peak(case.ours, device)
    return (
        f"| {case.name} | course only | {taken:.2f} | | | | {1000 * case.images / taken:,.0f}, "
        f"{taken / case.images:.2f} s a thousand | "
        f"{'?' if memory is None else f'{memory:,.0f}'} | |"
    )


def main() -> int:
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 0)) or os.cpu_count() or 1)
    lines, holds = [], True
    for device in ("cpu", *(["cuda"] if torch.cuda.is_available() else [])):
        where = (
            f"{machine()}, {torch.get_num_threads()} thread{'s' * (torch.get_num_threads() > 1)}"
            if device == "cpu"
            else f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}"
        )
        lines += [
            "",
            f"On {where}:",
            "",
            "| what | beside | course, ms | theirs, ms | course takes | wanted | images a second | peak MiB beside the "
            "inputs | greatest difference |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for case in cases(device):
            if isinstance(case, Alone):
                lines.append(alone(case, device))
            elif isinstance(case, Missing):
                lines.append(f"| {case.name} | {case.why} | | | | | | | |")
            else:
                row, kept = measured(case, device)
                holds = holds and kept
                lines.append(row)
            print(lines[-1], flush=True)
    text = [
        "## Kernels",
        "",
        "`python -m benchmarks.kernels`: the lessons' own code against the library's, in float32, warmed up, the "
        f"median of {RUNS} runs of each, taken in turns.",
        "Where a cell has two numbers, the first is the course's. The difference of augmentation is that of one warp "
        "by the same matrices; of Adam, that after ten steps; of dropout, that with the same mask.",
        *lines,
    ]
    put_section("kernels", "\n".join(text))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
