"""Why a network said what it said: which pixels its answer hangs on (several methods), whether a map of them is true
(two tests), how to find a shortcut and take it away, and what excites a filter. Taught in lesson 13 (Right for the
wrong reason).
Read first: `saliency`, one gradient; the other maps are built of it or stand against it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from course.convolutions import class_activation_map, enlarge
from course.pretrained import EfficientNetLite0

Model = Callable[[Tensor], Tensor]  # images (n, c, height, width) to logits (n, classes), each row from its own image


def gradient(model: Model, images: Tensor, classes: Tensor) -> Tensor:
    """By how much the logit of a class rises for each unit that a pixel rises. images: (n, c, height, width); classes:
    (n,), whole numbers, the class asked about in each image. Returns (n, c, height, width), logits per unit of a pixel,
    detached; leaves the images and the gradients of the model's parameters alone."""
    asked = images.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        chosen = model(asked).gather(1, classes[:, None]).sum()
    # The logit of an image depends on that image only, so the sum's gradient holds each one's own.
    return torch.autograd.grad(chosen, asked)[0]


def saliency(model: Model, images: Tensor, classes: Tensor) -> Tensor:
    """How strongly the logit answers to each pixel: the size of the gradient, the largest of the channels (Simonyan,
    Vedaldi and Zisserman 2014). images: (n, c, height, width); classes: (n,). Returns (n, height, width), 0 or more."""
    return gradient(model, images, classes).abs().amax(dim=1)


def smooth_grad(
    model: Model,
    images: Tensor,
    classes: Tensor,
    noise: float = 0.15,
    samples: int = 20,
    generator: Generator | None = None,
) -> Tensor:
    """The saliency of many noisy copies of each image, averaged (Smilkov and others 2017). images: (n, c, height,
    width); noise: its standard deviation, in units of a pixel. Returns (n, height, width)."""
    total = torch.zeros_like(images[:, 0])
    for _ in range(samples):
        shake = torch.randn(images.shape, generator=generator, dtype=images.dtype).to(images.device)
        total += saliency(model, images + noise * shake, classes)
    return total / samples


def occlusion(model: Model, images: Tensor, classes: Tensor, side: int, fill: float = 0.0) -> Tensor:
    """By how much the logit falls when a square is covered (after Zeiler and Fergus 2014). images: (n, c, height,
    width); classes: (n,); side: of the square, in pixels; fill: what every channel of it is set to. Squares lie edge to
    edge from the upper left; where the image ends, the last are cut off. Returns (n, rows, columns), in logits."""
    height, width = images.shape[2:]
    with torch.no_grad():
        whole = model(images).gather(1, classes[:, None])[:, 0]
        falls = []
        for top in range(0, height, side):
            for left in range(0, width, side):
                covered = images.clone()
                covered[:, :, top : top + side, left : left + side] = fill
                falls.append(whole - model(covered).gather(1, classes[:, None])[:, 0])
    return torch.stack(falls, dim=1).reshape(len(images), -(-height // side), -(-width // side))


def integrated_gradients(model: Model, images: Tensor, baselines: Tensor, classes: Tensor, steps: int = 32) -> Tensor:
    """The gradient's mean along the straight way from a baseline to the image, times the way (Sundararajan, Taly and
    Yan 2017). images, baselines: (n, c, height, width); classes: (n,); steps: the gradient is taken in the middle of
    so many equal pieces of the way. Returns (n, c, height, width), in logits: for each image they add up to the rise of
    its logit, the better the more steps there are."""
    way = images - baselines
    total = torch.zeros_like(images)
    for step in range(steps):
        total += gradient(model, baselines + (step + 0.5) / steps * way, classes)
    return (total / steps * way).detach()


def grad_cam(body: Model, rest: Model, images: Tensor, classes: Tensor) -> Tensor:
    """The class activation map of any network with convolutions: each map of its last one times the mean of the class's
    gradient over that map, added up, and what is below zero cut off (Selvaraju and others 2017).

    body: images to maps (n, k, rows, columns); rest: those maps to logits. Returns (n, rows, columns), 0 or more."""
    with torch.no_grad():
        maps = body(images)
    weights = gradient(rest, maps, classes).mean(dim=(2, 3))
    return class_activation_map(maps, weights, torch.arange(len(maps), device=maps.device)).clamp(min=0)


def cam_of(net: EfficientNetLite0, photos: Tensor, classes: Tensor) -> Tensor:
    """`grad_cam` of the network's last 7 by 7 maps, at the size of the photographs. photos: (n, 3, height, width), as
    `course.pretrained.prepared` makes them. Returns (n, height, width)."""
    coarse = grad_cam(net.body, lambda maps: net.head(net.pool(maps)), photos, classes)
    return enlarge(coarse, *photos.shape[2:])


def share_inside(maps: Tensor, region: Tensor) -> Tensor:
    """The share of a map's sizes, signs aside, that lies in a region. maps: (n, height, width); region: (height,
    width), True inside. Returns (n,), in [0, 1]; NaN for a map of zeros."""
    sizes = maps.abs().flatten(1)
    return (sizes * region.flatten()).sum(dim=1) / sizes.sum(dim=1)


def deletion_curve(
    model: Model, images: Tensor, attributions: Tensor, classes: Tensor, counts: Sequence[int], fill: float = 0.0
) -> Tensor:
    """How sure the model still is of a class when the pixels that a map puts first are deleted (after Samek and others
    2015, and Petsiuk, Das and Saenko 2018). images: (n, c, height, width); attributions: (n, height, width), the
    largest is deleted first, of equal ones any; classes: (n,); counts: how many pixels, 0 to height x width; fill: what
    every channel of a deleted pixel is set to. Returns (n, number of counts), probabilities."""
    rank = attributions.flatten(1).argsort(dim=1, descending=True).argsort(dim=1).view_as(attributions)
    with torch.no_grad():
        sure = [
            model(torch.where(rank[:, None] < count, fill, images)).softmax(dim=1).gather(1, classes[:, None])[:, 0]
            for count in counts
        ]
    return torch.stack(sure, dim=1)


def stamp(images: Tensor, mark: Tensor, top: int, left: int) -> Tensor:
    """Copies of the images with a mark printed over them. images: (..., height, width); mark: (mark's height, mark's
    width), its upper left pixel at row `top` and column `left`. Returns the images' shape."""
    stamped = images.clone()
    stamped[..., top : top + mark.shape[0], left : left + mark.shape[1]] = mark.to(images)
    return stamped


def transplant(model: Model, images: Tensor, donor: Tensor, label: int, side: int) -> Tensor:
    """How many images are called `label` once a square of the donor is pasted into them, for each square. images: (n,
    c, height, width), both sides multiples of `side`, in pixels; donor: (c, height, width). Returns (rows, columns),
    shares in [0, 1]."""
    height, width = images.shape[2:]
    shares = []
    with torch.no_grad():
        for top in range(0, height, side):
            for left in range(0, width, side):
                mixed = images.clone()
                square = (..., slice(top, top + side), slice(left, left + side))
                mixed[square] = donor[square]
                shares.append((model(mixed).argmax(dim=1) == label).to(images.dtype).mean())
    return torch.stack(shares).reshape(height // side, width // side)


def both_ways(images: Tensor, labels: Tensor, mark: Tensor, top: int, left: int) -> tuple[Tensor, Tensor]:
    """Each image twice: all of them with 0 in the mark's place, then all of them with the mark, so that the mark says
    nothing about the label any more. images: (n, c, height, width); labels: (n,); mark: (mark's height, mark's width).
    Returns images (2n, c, height, width) and labels (2n,)."""
    without, having = stamp(images, torch.zeros_like(mark), top, left), stamp(images, mark, top, left)
    return torch.cat([without, having]), torch.cat([labels, labels])


@contextmanager
def guided(model: nn.Module) -> Iterator[nn.Module]:
    """While it lasts, gradients that come back through a ReLU or ReLU6 are cut off at zero: guided backpropagation
    (Springenberg and others 2015), whose maps are sharp, and fail the randomisation test."""

    def cut_off(module: nn.Module, into: Any, out_of: Any) -> tuple[Tensor]:
        return (into[0].clamp(min=0),)

    kinds = [module for module in model.modules() if isinstance(module, nn.ReLU | nn.ReLU6)]
    hooks = [module.register_full_backward_hook(cut_off) for module in kinds]
    try:
        yield model
    finally:
        for hook in hooks:
            hook.remove()


def shuffled(net: EfficientNetLite0, blocks: int, generator: Generator) -> EfficientNetLite0:
    """A copy of the network whose last layer, and that many blocks of the body before it, have forgotten what they
    learned: the weights of each layer are in random order (after Adebayo and others 2018); biases and batch
    normalisation stay. All of net.body is 18 blocks."""
    forgetful = copy.deepcopy(net)
    for part in (forgetful.head, *list(forgetful.body)[len(forgetful.body) - blocks :]):
        for layer in part.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                order = torch.randperm(layer.weight.numel(), generator=generator).to(layer.weight.device)
                layer.weight.data = layer.weight.flatten()[order].view_as(layer.weight)
    return forgetful


def rank_agreement(one: Tensor, other: Tensor, side: int = 8) -> Tensor:
    """How alike two maps order the places of an image: the correlation of the ranks of their means over squares of
    `side` pixels; equal means share a rank. one, other: (n, height, width). Returns (n,): 1 the same order, 0 none in
    common, -1 the reverse; NaN for a map that is the same everywhere."""
    ranks = []
    for maps in (one, other):
        means = F.avg_pool2d(maps[:, None], side).flatten(1)
        below = (means[:, :, None] > means[:, None, :]).sum(dim=2)
        equal = (means[:, :, None] == means[:, None, :]).sum(dim=2)
        ranks.append(below + (equal - 1) / 2)  # equal ones share the mean of their ranks
    first, second = (rank - rank.mean(dim=1, keepdim=True) for rank in ranks)
    return (first * second).sum(dim=1) / (first.norm(dim=1) * second.norm(dim=1))


def exciting(
    part: nn.Module, channels: Sequence[int], side: int = 64, steps: int = 40, generator: Generator | None = None
) -> Tensor:
    """A picture for each of these channels that excites it: noise, changed step by step by what the gradient says,
    shifted a little at every step and kept smooth, so that what is found does not hang on single pixels (after Olah,
    Mordvintsev and Schubert 2017).

    part: images (n, 3, height, width) to maps (n, k, rows, columns). Returns (channels, 3, side, side), standardised
    as the network's photographs are."""
    device = next(part.parameters()).device
    pictures = (0.1 * torch.randn(len(channels), 3, side, side, generator=generator)).to(device).requires_grad_(True)
    walker = torch.optim.Adam([pictures], lr=0.05)
    chosen = torch.tensor([*channels], device=device)[:, None]
    for _ in range(steps):
        down, right = torch.randint(-4, 5, (2,), generator=generator).tolist()
        answers = part(torch.roll(pictures, (down, right), dims=(2, 3))).mean(dim=(2, 3)).gather(1, chosen)
        rough = sum(pictures.diff(dim=axis).square().mean(dim=(1, 2, 3)).sum() for axis in (2, 3))
        walker.zero_grad()
        (0.5 * rough - answers.sum()).backward()
        walker.step()
        with torch.no_grad():
            pictures.clamp_(-2, 2)  # about as far as a photograph's pixels reach
    return pictures.detach()
