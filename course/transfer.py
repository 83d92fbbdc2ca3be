"""Standing on a network that somebody else trained: its features, a small head on them, the nearest neighbours, two
learning rates, and what becomes of all that when the pictures are no longer what they were. Lesson 09
(solutions/09-transfer) builds `extract` to `with_copies` as exercises; `poses` is the player of its maze.
Read first: `extract`, then course/pretrained.py, whose network it cuts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import cross_entropy, interpolate, one_hot

from course.augmentation import centre_of, random_matrices, warp
from course.pretrained import EfficientNetLite0, standardised

POSES = ("up", "right", "down", "left")  # the ways through a maze, in the order of their numbers
ARMS = (90.0, 0.0, -90.0, 180.0)  # degrees, where the arms of each pose point to: 0 is to the right, 90 is up


def extract(make_net: Callable[[], nn.Sequential], images: Tensor, batch_size: int) -> Tensor:
    """What the last layer of a network is given, for each picture, in eval mode and without gradients.

    make_net: gives the network, layers in a row. images: (n, channels, height, width), n >= 1, batch_size at a time.
    Returns (n, features).
    """
    body = make_net()[:-1].eval()
    with torch.no_grad():
        return torch.cat([body(batch) for batch in images.split(batch_size)])


def train_head(features: Tensor, labels: Tensor, classes: int, steps: int, rate: float) -> tuple[Tensor, Tensor]:
    """A linear layer for features, begun at zeros and trained by plain descent on the mean cross-entropy of all rows.

    features: (n, k). labels: (n,), int64. Returns weight (classes, k) and bias (classes,).
    """
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    wanted = one_hot(labels, classes).to(features)
    for _ in range(steps):
        # The slope of the cross-entropy by the logits: what is said less what is right.
        slope = ((features @ weight.T + bias).softmax(dim=1) - wanted) / len(features)
        weight, bias = weight - rate * slope.T @ features, bias - rate * slope.sum(dim=0)
    return weight, bias


def nearest(features: Tensor, known: Tensor, labels: Tensor, classes: int, k: int) -> Tensor:
    """For each row of features the share of every class among its k nearest rows of known, by straight distance.

    features: (n, d). known: (m, d), m >= k. labels: (m,), int64. Returns (n, classes), each row sums to 1. Fix and
    Hodges 1951; Cover and Hart 1967.
    """
    found = torch.cdist(features, known).topk(k, dim=1, largest=False).indices
    return one_hot(labels[found], classes).to(features).mean(dim=1)


def two_rates(
    body: Tensor, head: Tensor, inputs: Tensor, labels: Tensor, slow: float, fast: float
) -> tuple[Tensor, Tensor]:
    """One step of fine-tuning: the body, which knows something, moves slowly, the head, which is new, fast.

    The network is relu(inputs @ body.T) @ head.T, the loss the mean cross-entropy. body: (hidden, k). head: (classes,
    hidden). inputs: (n, k). labels: (n,), int64. Returns body and head after the step; both slopes are taken before it.
    """
    body, head = body.detach().clone().requires_grad_(True), head.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        loss = cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels)
        of_body, of_head = torch.autograd.grad(loss, (body, head))
    return body.detach() - slow * of_body, head.detach() - fast * of_head


def under_shift(
    classify: Callable[[Tensor], Tensor],
    images: Tensor,
    labels: Tensor,
    shake: Callable[[Tensor, float], Tensor],
    amounts: Sequence[float],
) -> list[float]:
    """The share of pictures named rightly, for each amount by which they are shaken, in [0, 1].

    classify: from images (n, channels, height, width) to logits (n, classes). labels: (n,), int64. shake: called as
    shake(images, amount), always with the pictures as they came.
    """
    return [
        float((classify(shake(images, amount)).argmax(dim=1) == labels).to(torch.float64).mean()) for amount in amounts
    ]


def with_copies(
    images: Tensor, labels: Tensor, shake: Callable[[Tensor, float], Tensor], amount: float, copies: int
) -> tuple[Tensor, Tensor]:
    """The pictures as they are, and after them so many shaken copies of all, each drawn afresh; the labels go along.

    images: (n, channels, height, width). labels: (n,). Returns (n * (1 + copies), channels, height, width) and as many
    labels.
    """
    return torch.cat([images, *(shake(images, amount) for _ in range(copies))]), labels.repeat(1 + copies)


def poses(labels: Tensor, generator: Generator | None = None, side: int = 64) -> Tensor:
    """People of a few strokes who hold up their arms, drawn by lot: where they stand, how large, how far the arms are
    apart.

    labels: (n,), places in POSES. Returns (n, 1, side, side), ink in [0, 1].
    """
    n = len(labels)
    lots = 2 * torch.rand(n, 8, generator=generator) - 1
    across, down, scale = 0.06 * lots[:, 0], 0.06 * lots[:, 1], 1 + 0.1 * lots[:, 2]
    arms = torch.tensor(ARMS)[labels]
    angles = torch.deg2rad(torch.stack([arms + 16 + 10 * lots[:, 3], arms - 16 + 10 * lots[:, 4]], dim=1))
    legs = torch.deg2rad(torch.stack([-70 + 10 * lots[:, 5], -110 + 10 * lots[:, 6]], dim=1))
    shoulder, hip = torch.tensor([0.0, -0.12]), torch.tensor([0.0, 0.14])

    def limb(start: Tensor, angle: Tensor, length: float) -> Tensor:
        end = start + length * torch.stack([angle.cos(), -angle.sin()], dim=1)
        return torch.stack([start.expand(n, 2), end], dim=1)

    parts = [limb(shoulder, angles[:, 0], 0.28), limb(shoulder, angles[:, 1], 0.28)]
    parts += [limb(hip, legs[:, 0], 0.26), limb(hip, legs[:, 1], 0.26)]
    parts += [torch.stack([shoulder, hip]).expand(n, 2, 2), torch.tensor([[0.0, -0.22], [0.0, -0.22]]).expand(n, 2, 2)]
    thick = torch.tensor([0.022, 0.022, 0.022, 0.022, 0.03, 0.085])
    ends = torch.stack(parts, dim=1) * scale[:, None, None, None] + 0.5
    ends = ends + torch.stack([across, down], dim=1)[:, None, None]
    place = (torch.arange(side) + 0.5) / side
    y, x = torch.meshgrid(place, place, indexing="ij")
    points = torch.stack([x, y], dim=-1).view(-1, 2)
    begin, way = ends[:, :, 0], ends[:, :, 1] - ends[:, :, 0]
    away = points[None, None] - begin[:, :, None]
    along = ((away * way[:, :, None]).sum(-1) / way.square().sum(-1).clamp(min=1e-9)[..., None]).clamp(0, 1)
    far = (away - along[..., None] * way[:, :, None]).norm(dim=-1) - thick[None, :, None]
    return (0.5 - side * far.amin(dim=1)).clamp(0, 1).view(n, 1, side, side)


class Nerves:
    """What nerves do to a picture: it turns by up to 40 degrees to either side and slips by up to a seventh of its
    width, each picture by its own lot; called as nerves(images, amount), amount from 0, calm, to 1."""

    def __init__(self, generator: Generator | None = None) -> None:
        self.generator = generator

    def __call__(self, images: Tensor, amount: float) -> Tensor:
        """images: (n, channels, height, width), dark around. Returns the same shape."""
        height, width = images.shape[-2:]
        draws = torch.rand(len(images), 4, generator=self.generator).to(images)
        moves = random_matrices(draws, 1.0, 40.0 * amount, amount * width / 7, centre_of(height, width))
        return warp(images, moves, padding="zeros")


def layers_of(net: EfficientNetLite0) -> nn.Sequential:
    """The pretrained network as layers in a row: body, pool, head."""
    return nn.Sequential(net.body, net.pool, net.head)


def as_photographs(sketches: Tensor, side: int = 96) -> Tensor:
    """Grey pictures as the pretrained network is shown them: three channels, scaled, standardised.

    sketches: (n, 1, height, width), in [0, 1]. Returns (n, 3, side, side).
    """
    scaled = interpolate(sketches, size=(side, side), mode="bilinear", align_corners=False)
    return standardised(scaled.expand(-1, 3, -1, -1))


class Scale:
    """Standardises features by the mean and the deviation that some had, and those alone."""

    def __init__(self, features: Tensor) -> None:
        """features: (n, k), those that one trains on."""
        self.mean, self.deviation = features.mean(dim=0), features.std(dim=0, correction=0) + 1e-3

    def __call__(self, features: Tensor) -> Tensor:
        """features: (m, k). Returns (m, k), divided by the root of k besides, so that one learning rate fits any k."""
        return (features - self.mean) / self.deviation / math.sqrt(features.shape[1])
