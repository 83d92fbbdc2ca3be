"""Changes of a picture that change a network's answer, and training against them: one step, many steps, a sticker,
the curve of what is left.
Lesson 12 (solutions/12-adversaries) builds `fgsm`, `project`, `pgd`, `stick` and `robust_accuracy` as exercises.
Read first: `input_gradient`, on which all of it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from course.bars import Bar

# From pictures to logits; every attack here may be called with one in the place of `model`.
Model = Callable[[Tensor], Tensor]


def input_gradient(model: Model, images: Tensor, labels: Tensor) -> Tensor:
    """How the cross-entropy of each picture changes with each of its own pixels.

    model: from images to logits (n, classes). images: (n, ...), floats. labels: (n,), int64. Returns the shape of
    images. The losses are added up and not averaged, so that a picture's gradient does not depend on how many others
    there are.
    """
    pixels = images.detach().requires_grad_(True)
    loss = F.cross_entropy(model(pixels), labels, reduction="sum")
    return torch.autograd.grad(loss, pixels)[0]


def fgsm(model: Model, images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Each pixel one step of size epsilon towards more loss, and no further than black or white.

    images: (n, ...), floats in [0, 1]; labels: (n,), int64. Returns the shape of images, in [0, 1].
    The fast gradient sign method of Goodfellow, Shlens and Szegedy 2015.
    """
    return (images + epsilon * input_gradient(model, images, labels).sign()).clamp(0, 1)


def random_signs(images: Tensor, epsilon: float, generator: Generator | None = None) -> Tensor:
    """Each pixel one step of size epsilon up or down, by the toss of a coin, and no further than black or white.

    images: (n, ...), floats in [0, 1]. The generator, or torch's own, is of the CPU. Returns the shape of images.
    """
    coins = torch.randint(0, 2, images.shape, generator=generator).to(images)
    return (images + epsilon * (2 * coins - 1)).clamp(0, 1)


def project(images: Tensor, originals: Tensor, epsilon: float) -> Tensor:
    """The nearest pictures that may be: no pixel further than epsilon from the original's, and all of them in [0, 1].

    images: (n, ...), floats. originals: the same shape, in [0, 1]. Returns the same shape.
    """
    return (originals + (images - originals).clamp(-epsilon, epsilon)).clamp(0, 1)


def pgd(
    model: Model, images: Tensor, labels: Tensor, epsilon: float, step: float, steps: int, towards: bool = False
) -> Tensor:
    """Many small steps towards more loss, each from where the last one ended, each projected.

    images: (n, ...), floats in [0, 1]; labels: (n,), int64, the right classes; with towards=True the classes that are
    wanted, and the steps are towards less loss. step: how far a pixel goes in one step. Returns the shape of images,
    within epsilon of them and in [0, 1]. Projected gradient descent, Madry and others 2018, from the picture itself, as
    Kurakin, Goodfellow and Bengio 2016.
    """
    size = -step if towards else step
    moved = images.clone()
    for _ in range(steps):
        moved = project(moved + size * input_gradient(model, moved, labels).sign(), images, epsilon)
    return moved


def stick(images: Tensor, patch: Tensor, tops: Tensor, lefts: Tensor) -> Tensor:
    """The same sticker on every picture, each time at a place of its own; what lies under it is gone.

    images: (n, channels, height, width). patch: (channels, high, wide). tops, lefts: (n,), int64, row and column of
    the sticker's upper left corner; it lies inside the picture. Returns new images. Gradients reach the patch
    and the images.
    """
    stuck = images.clone()
    high, wide = patch.shape[1:]
    for place, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist(), strict=True)):
        stuck[place, :, top : top + high, left : left + wide] = patch
    return stuck


def sticker(
    model: Model,
    images: Tensor,
    target: int,
    side: int,
    place: tuple[int, int],
    steps: int = 80,
    step: float = 0.05,
    batch_size: int = 64,
    generator: Generator | None = None,
) -> Tensor:
    """A square that makes the model say `target` of whatever picture it is stuck on, at a fixed place.

    images: (n, channels, height, width) to learn on, floats in [0, 1]. side: in pixels. place: row and column of its
    upper left corner. Each step takes a batch of other pictures, and moves every pixel of the square by `step`, in
    [0, 1]. The generator, or torch's own, is of the CPU. Returns (channels, side, side). After Brown and others 2017.
    """
    patch = torch.full((images.shape[1], side, side), 0.5).to(images)
    for _ in range(steps):
        rows = torch.randint(len(images), (batch_size,), generator=generator).to(images.device)
        tops, lefts = (torch.full_like(rows, corner) for corner in place)
        patch.requires_grad_(True)
        logits = model(stick(images[rows], patch, tops, lefts))
        (slope,) = torch.autograd.grad(F.cross_entropy(logits, torch.full_like(rows, target)), patch)
        patch = (patch.detach() - step * slope.sign()).clamp(0, 1)
    return patch


def robust_accuracy(
    model: Model,
    attack: Callable[[Model, Tensor, Tensor, float], Tensor],
    images: Tensor,
    labels: Tensor,
    epsilons: Sequence[float],
) -> Tensor:
    """The share of pictures that are still read rightly at each epsilon, and were at every epsilon before it.

    attack: called as attack(model, images, labels, epsilon), gives pictures. epsilons: k numbers, from small to large;
    whoever may do more may also do less, so a picture that fell stays down. Returns (k,), each in [0, 1].
    """
    stands = torch.ones_like(labels, dtype=torch.bool)
    shares = []
    for epsilon in epsilons:
        stands = stands & (model(attack(model, images, labels, epsilon)).argmax(dim=1) == labels)
        shares.append(stands.float().mean())
    return torch.stack(shares)


def digit_network(width: int = 16) -> nn.Sequential:
    """A small network for digits of 28 by 28: two convolutions of stride 2 and a linear layer, (n, 1, 28, 28) to
    (n, 10). width: kernels of the first convolution; the second has twice as many. Weights by torch's generator."""
    return nn.Sequential(
        nn.Conv2d(1, width, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(2 * width * 49, 10),
    )


def adversarial_training(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    epsilon: float,
    steps: int = 3,
    epochs: int = 6,
    batch_size: int = 64,
    learning_rate: float = 3e-3,
    generator: Generator | None = None,
    progress: bool = True,
) -> None:
    """Fits a model to pictures that are attacked anew, as the model now stands, each time they come by. In place.

    images: (n, ...), floats in [0, 1]; labels: (n,), int64. Each attack begins at a random place within epsilon and
    takes `steps` steps of epsilon / 2. learning_rate: the highest one; the rate rises to it and falls once (Smith and
    Topin 2019). generator: of the CPU; draws the order and the beginnings. Madry and others 2018.
    """
    walker = torch.optim.Adam(model.parameters(), learning_rate)
    batches = epochs * -(-len(images) // batch_size)
    rate = torch.optim.lr_scheduler.OneCycleLR(walker, learning_rate, total_steps=batches)
    with Bar(total=batches, name="training against attacks", progress=progress) as bar:
        for _ in range(epochs):
            for rows in torch.randperm(len(images), generator=generator).to(images.device).split(batch_size):
                originals, right = images[rows], labels[rows]
                start = torch.rand(originals.shape, generator=generator).to(originals)
                moved = project(originals + epsilon * (2 * start - 1), originals, epsilon)
                for _ in range(steps):
                    slope = input_gradient(model, moved, right)
                    moved = project(moved + epsilon / 2 * slope.sign(), originals, epsilon)
                walker.zero_grad()
                F.cross_entropy(model(moved), right).backward()
                walker.step()
                rate.step()
                bar.update()
