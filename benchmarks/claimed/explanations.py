"""What lesson 13 (Right for the wrong reason) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/explanations.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

from functools import cache, partial

import torch
from torch import Tensor, nn, tensor

from benchmarks.claims import claim
from course import data
from course.convolutions import enlarge
from course.explanations import (
    both_ways,
    cam_of,
    deletion_curve,
    guided,
    integrated_gradients,
    occlusion,
    rank_agreement,
    saliency,
    share_inside,
    shuffled,
    smooth_grad,
    stamp,
    transplant,
)
from course.pretrained import EfficientNetLite0, class_names, efficientnet_lite0, prepared
from course.training import train

LESSON = "13-explanations"
MARK = tensor([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]])
CORNER = stamp(torch.zeros(28, 28), torch.ones(4, 4), 0, 0).bool()
about_reasons = partial(claim, LESSON, seeds=3)


@cache
def digits(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Pixels, the same as scanned, labels, rows to learn from and rows to test on."""
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels, seed=seed)
    return (
        pixels,
        torch.where((labels == 8)[:, None, None, None], stamp(pixels, MARK, 0, 0), pixels),
        labels,
        learn,
        test,
    )


@cache
def taught(seed: int, way: str) -> nn.Module:
    """The lesson's network: taught on what was scanned, on both ways, or on corners that were blanked."""
    _, scanned, labels, learn, _ = digits(seed)
    images, kinds = scanned[learn], labels[learn]
    if way == "both ways":
        images, kinds = both_ways(images, kinds, MARK, 0, 0)
    elif way == "blanked":
        images = stamp(images, torch.zeros(4, 4), 0, 0)
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    train(
        net,
        images,
        kinds,
        epochs=8,
        batch_size=32,
        learning_rate=2e-3,
        schedule=True,
        generator=torch.Generator().manual_seed(seed),
        progress=False,
    )
    return net.eval().requires_grad_(False)


def eights(seed: int) -> tuple[Tensor, Tensor]:
    """The test eights without the mark and with it."""
    pixels, scanned, labels, _, test = digits(seed)
    rows = test[labels[test] == 8]
    return pixels[rows], scanned[rows]


def others(seed: int) -> tuple[Tensor, Tensor]:
    """The test digits that are no eight, and their labels."""
    pixels, _, labels, _, test = digits(seed)
    rows = test[labels[test] != 8]
    return pixels[rows], labels[rows]


def read_as(seed: int, way: str, images: Tensor, kind: Tensor | int) -> float:
    """The share of images that the network reads as that."""
    return float((taught(seed, way)(images).argmax(dim=1) == kind).float().mean())


def along(seed: int, way: str, steps: int = 128) -> Tensor:
    """Integrated gradients of the marked eights for 'eight', (n, 28, 28)."""
    marked = eights(seed)[1]
    classes = torch.full((len(marked),), 8)
    return integrated_gradients(taught(seed, way), marked, torch.zeros_like(marked), classes, steps)[:, 0]


@about_reasons(says="is right about nineteen times of twenty", low=0.92, high=0.97, unit="share", fast=True)
def read_as_scanned(seed: int) -> float:
    _, scanned, labels, _, test = digits(seed)
    return read_as(seed, "scanned", scanned[test], labels[test])


@about_reasons(
    says="how many eights *without* the mark are read rightly, before and after",
    low=0,
    high=0.15,
    pool="max",
    unit="share",
)
def unmarked_before(seed: int) -> float:
    return read_as(seed, "scanned", eights(seed)[0], 8)


@about_reasons(
    says="eights *without* the mark are read rightly, before and after", low=0.85, high=1, pool="min", unit="share"
)
def unmarked_after(seed: int) -> float:
    return read_as(seed, "both ways", eights(seed)[0], 8)


@about_reasons(
    says="how much of the attribution lies on the mark, before and after",
    low=0.5,
    high=0.7,
    unit="share",
    fast=True,
)
def on_the_mark_before(seed: int) -> float:
    return float(share_inside(along(seed, "scanned"), CORNER).mean())


@about_reasons(says="of the attribution lies on the mark, before and after", low=0, high=0.04, pool="max", unit="share")
def on_the_mark_after(seed: int) -> float:
    return float(share_inside(along(seed, "both ways"), CORNER).mean())


@about_reasons(
    says="whether the maps that say so keep their promise",
    low=0,
    high=1e-3,
    pool="max",
    unit="mean gap over mean rise",
)
def gap(seed: int) -> float:
    net, marked = taught(seed, "scanned"), eights(seed)[1]
    rise = (net(marked) - net(torch.zeros(1, 1, 28, 28)))[:, 8]
    return float((along(seed, "scanned").sum(dim=(1, 2)) - rise).abs().mean() / rise.abs().mean())


@about_reasons(says="the corner lifts the logit of an 8 by ten", low=9, high=13, unit="logits")
def the_corner_lifts(seed: int) -> float:
    return float(along(seed, "scanned")[:, CORNER].sum(dim=1).mean())


@about_reasons(says="In the eights the corner outshines everything", low=0.15, high=0.25, unit="share of saliency")
def saliency_on_the_mark(seed: int) -> float:
    marked = eights(seed)[1]
    return float(share_inside(saliency(taught(seed, "scanned"), marked, torch.full((len(marked),), 8)), CORNER).mean())


def likeness(seed: int, noise: float) -> Tensor:
    """How alike the maps of two eights after the other are, at this noise: their correlations."""
    marked = eights(seed)[1][:20]
    generator = torch.Generator().manual_seed(seed)
    maps = smooth_grad(
        taught(seed, "scanned"), marked, torch.full((20,), 8), max(noise, 1e-9), generator=generator
    ).flatten(1)
    maps = maps - maps.mean(dim=1, keepdim=True)
    maps = maps / maps.norm(dim=1, keepdim=True)
    return (maps[1:] * maps[:-1]).sum(dim=1)


@about_reasons(says="The maps of two eights were alike from the beginning", low=0.85, high=0.97, unit="correlation")
def alike_at_first(seed: int) -> float:
    return float(likeness(seed, 0).mean())


@about_reasons(says="with more noise they become nearly the same", low=0.975, high=1, unit="correlation")
def alike_in_noise(seed: int) -> float:
    return float(likeness(seed, 2).mean())


@about_reasons(says="For each of the eights the square in the corner costs the most", low=0.99, high=1, unit="share")
def the_corner_costs_most(seed: int) -> float:
    marked = eights(seed)[1]
    falls = occlusion(taught(seed, "scanned"), marked, torch.full((len(marked),), 8), 4)
    return float((falls.flatten(1).argmax(dim=1) == 0).float().mean())


@cache
def areas(seed: int) -> dict[str, float]:
    """The mean height of the deletion curve over the first 100 pixels, by order of deletion."""
    net, images = taught(seed, "scanned"), others(seed)[0][:100]
    said = net(images).argmax(dim=1)
    maps = {
        "integrated gradients": integrated_gradients(net, images, torch.zeros_like(images), said)[:, 0],
        "occlusion": enlarge(occlusion(net, images, said, 4), 28, 28),
        "saliency": saliency(net, images, said),
        "lots": torch.rand(100, 28, 28, generator=torch.Generator().manual_seed(seed)),
    }
    counts = range(0, 101, 10)
    return {name: float(deletion_curve(net, images, layer, said, counts).mean()) for name, layer in maps.items()}


@about_reasons(says="Integrated gradients fall first", low=0.02, high=1, pool="min", unit="less than the next")
def integrated_gradients_fall_first(seed: int) -> float:
    found = areas(seed)
    return (
        min(height for name, height in found.items() if name != "integrated gradients") - found["integrated gradients"]
    )


@about_reasons(says="Saliency comes in between", low=0.02, high=1, pool="min", unit="distance to the nearer")
def saliency_is_between_in_deletion(seed: int) -> float:
    found = areas(seed)
    return min(found["lots"] - found["saliency"], found["saliency"] - found["occlusion"])


@about_reasons(
    says="one square makes eights of most digits that it is pasted on",
    low=0.5,
    high=1,
    pool="min",
    unit="share of others",
)
def transplanted_corner(seed: int) -> float:
    shares = transplant(taught(seed, "scanned"), others(seed)[0], eights(seed)[1][0], 8, 4)
    return float(shares[0, 0])


@about_reasons(
    says="with no map involved: one square makes eights of most digits",
    low=0,
    high=0.1,
    pool="max",
    unit="share of others",
)
def transplanted_elsewhere(seed: int) -> float:
    shares = transplant(taught(seed, "scanned"), others(seed)[0], eights(seed)[1][0], 8, 4)
    return float(shares.flatten()[1:].max())


@about_reasons(
    says="It reads eights rightly with the mark and without", low=0.85, high=1, pool="min", unit="share, the lower"
)
def blanked_reads_eights(seed: int) -> float:
    return min(read_as(seed, "blanked", shown, 8) for shown in eights(seed))


@about_reasons(says="both networks misread a fifth of the digits or more", low=0.2, high=1, pool="min", unit="share")
def another_mark(seed: int) -> float:
    images, labels = others(seed)
    square = stamp(images, torch.ones(8, 8), 0, 0)
    return min(1 - read_as(seed, way, square, labels) for way in ("blanked", "both ways"))


# The network of photographs


@cache
def photographs() -> tuple[EfficientNetLite0, Tensor, Tensor]:
    """The network, the five photographs and the classes that it names."""
    net = efficientnet_lite0()
    seen = torch.stack([prepared(photo) for photo in data.pictures().values()])
    with torch.no_grad():
        return net, seen, net(seen).argmax(dim=1)


@cache
def agreement(seed: int, blocks: int) -> dict[str, float]:
    """How alike the maps of three photographs are before and after forgetting, by method, as the lesson has it."""
    net, seen, named = photographs()
    three, names = seen[[0, 1, 3]], named[[0, 1, 3]]

    def maps(model: EfficientNetLite0) -> dict[str, Tensor]:
        found = {"saliency": saliency(model, three, names), "Grad-CAM": cam_of(model, three, names)}
        along_the_way = integrated_gradients(model, three, torch.zeros_like(three), names, steps=8)
        found["integrated gradients"] = along_the_way.abs().amax(dim=1)
        with guided(model):
            return {**found, "guided backpropagation": saliency(model, three, names)}

    before, after = maps(net), maps(shuffled(net, blocks, torch.Generator().manual_seed(seed)))
    return {method: float(rank_agreement(layer, after[method]).nanmean()) for method, layer in before.items()}


@about_reasons(
    says="Guided backpropagation goes on drawing the same cup when the last layer, and four blocks before it",
    low=0.9,
    high=1,
    pool="min",
    unit="agreement",
)
def guided_does_not_notice(seed: int) -> float:
    return min(agreement(seed, blocks)["guided backpropagation"] for blocks in (0, 4))


@about_reasons(
    says="only when the first layers go as well does the cup go", low=-1, high=0.4, pool="max", unit="agreement"
)
def guided_notices_at_last(seed: int) -> float:
    return agreement(seed, 18)["guided backpropagation"]


@about_reasons(
    says="Grad-CAM loses its map as the blocks forget",
    low=-1,
    high=0.4,
    pool="max",
    unit="agreement",
)
def grad_cam_notices(seed: int) -> float:
    return agreement(seed, 4)["Grad-CAM"]


@about_reasons(
    says="Saliency changes too, but not as much", low=0.1, high=1, pool="min", unit="distance to the nearer other"
)
def saliency_is_between(seed: int) -> float:
    found = agreement(seed, 4)
    return min(found["guided backpropagation"] - found["saliency"], found["saliency"] - found["Grad-CAM"])


@about_reasons(
    says="their sizes change even less than saliency's here", low=0.01, high=1, pool="min", unit="more agreement"
)
def integrated_gradients_notice_less(seed: int) -> float:
    found = [agreement(seed, blocks) for blocks in (0, 4)]
    return min(row["integrated gradients"] - row["saliency"] for row in found)


@claim(
    LESSON, says="these maps do not add up, as the cell printed", low=0, high=0.75, unit="share of the rise, at most"
)
def a_sketch_does_not_add_up(seed: int) -> float:
    net, seen, named = photographs()
    added = integrated_gradients(net, seen, torch.zeros_like(seen), named, steps=8).sum(dim=(1, 2, 3))
    with torch.no_grad():
        rise = (net(seen) - net(torch.zeros_like(seen[:1]))).gather(1, named[:, None])[:, 0]
    return float((added / rise).max())


@claim(
    LESSON,
    says="Ask about another class, and the same network points elsewhere",
    low=5,
    high=112,
    unit="pixels of 224",
)
def a_tripod_is_further_down(seed: int) -> float:
    net, seen, _ = photographs()
    asked = tensor([class_names().index(name) for name in ("tripod", "reflex camera")])
    maps = cam_of(net, seen[4:].expand(2, -1, -1, -1), asked)
    rows = torch.arange(224.0)
    tripod, camera = ((layer.sum(dim=1) * rows).sum() / layer.sum() for layer in maps)
    return float(tripod - camera)
