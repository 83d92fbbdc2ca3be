"""A network that somebody else trained on 1.28 million photographs: EfficientNet-Lite0, its weights from a package that
is installed with the course. Lesson 09 stands on it, 12 fools it, 13 asks it why, 14 weighs it.
Read first: `efficientnet_lite0`, then datasets/efficientnet-lite0 for what is known of where the weights come from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course.data import pretrained_weights

SIDE = 224  # pixels, of the pictures that it was trained on
# Of each channel, over the training photographs of ImageNet, in [0, 1], as the packagers' own example has it. The first
# training took (pixel - 127) / 128, which makes little difference to what it names and does to figures.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# Kernel's side, stride, how many times the channels are widened inside, channels that come out, how often. Tan and Le
# 2019, table 1; Lite0 keeps the sizes and leaves out squeeze-and-excitation.
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


class Same(nn.Conv2d):
    """A convolution without bias whose output has 1/stride of the places, rounded up. Where the padding is an odd
    number, the one more is on the right and below, as TensorFlow, with which the weights were trained, has it."""

    def __init__(self, channels_in: int, channels_out: int, side: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(channels_in, channels_out, side, stride, groups=groups, bias=False)

    def forward(self, images: Tensor) -> Tensor:
        """images: (n, channels in, height, width). Returns (n, channels out, height / stride, width / stride)."""
        (side, _), (stride, _) = self.kernel_size, self.stride
        high, wide = (max((-(-size // stride) - 1) * stride + side - size, 0) for size in images.shape[2:])
        return super().forward(F.pad(images, (wide // 2, wide - wide // 2, high // 2, high - high // 2)))


def normed(convolution: nn.Conv2d, cut: bool = True) -> nn.Sequential:
    """A convolution, batch normalisation and, where `cut`, ReLU6, which is min(max(x, 0), 6)."""
    norm = nn.BatchNorm2d(convolution.out_channels, eps=1e-3, momentum=0.01)
    return nn.Sequential(convolution, norm, *([nn.ReLU6()] if cut else []))


class Block(nn.Module):
    """Widen the channels, look at each by itself, narrow them again, and add what came in where the shapes allow it.
    Sandler and others 2018, figure 3b."""

    def __init__(self, channels_in: int, channels_out: int, side: int, stride: int, widen: int) -> None:
        super().__init__()
        inside = channels_in * widen
        self.layers = nn.Sequential(
            *([normed(Same(channels_in, inside, 1))] if widen > 1 else []),
            normed(Same(inside, inside, side, stride, groups=inside)),
            normed(Same(inside, channels_out, 1), cut=False),
        )
        self.skips = stride == 1 and channels_in == channels_out

    def forward(self, images: Tensor) -> Tensor:
        """images: (n, channels in, height, width). Returns (n, channels out, height / stride, width / stride)."""
        came = self.layers(images)
        return images + came if self.skips else came


class EfficientNetLite0(nn.Module):
    """4.7 million weights in three parts: `body`, photographs to 1,280 maps of 7 by 7; `pool`, the mean of each map;
    `head`, 1,280 features to the logits of 1,000 classes. Tan and Le 2019; the Lite variant by their team, 2020."""

    def __init__(self) -> None:
        super().__init__()
        blocks, channels = [], 32
        for side, stride, widen, wide, repeats in STAGES:
            for number in range(repeats):
                blocks.append(Block(channels, wide, side, stride if number == 0 else 1, widen))
                channels = wide
        self.body = nn.Sequential(normed(Same(3, 32, 3, 2)), *blocks, normed(Same(channels, 1280, 1)))
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def features(self, images: Tensor) -> Tensor:
        """What the last layer is given. images: (n, 3, height, width), as `prepared` makes them. Returns (n, 1280)."""
        return self.pool(self.body(images))

    def forward(self, images: Tensor) -> Tensor:
        """images: (n, 3, height, width), as `prepared` makes them. Returns logits, (n, 1000)."""
        return self.head(self.features(images))


def efficientnet_lite0() -> EfficientNetLite0:
    """The network with its trained weights, in eval mode, no weight asking for a gradient. A new one at each call."""
    net = EfficientNetLite0()
    own, given = net.state_dict(), pretrained_weights()
    # The package names its layers otherwise and has them in the same order.
    net.load_state_dict(dict(zip(own, given.values(), strict=True)))
    return net.eval().requires_grad_(False)


def prepared(photo: Tensor, side: int = SIDE) -> Tensor:
    """A photograph as the network is asked here: the largest square in its middle, scaled, each channel standardised.

    photo: (height, width, 3), uint8, or (3, height, width), float in [0, 1]. Returns (3, side, side), float. Raises
    ValueError for another shape.
    """
    return standardised(squared(photo, side))


def squared(photo: Tensor, side: int = SIDE) -> Tensor:
    """The largest square in the middle of a photograph, scaled: (3, side, side), float in [0, 1].

    photo: (height, width, 3), uint8, or (3, height, width), float in [0, 1]. Raises ValueError for another shape.
    """
    if photo.ndim == 3 and photo.dtype == torch.uint8 and photo.shape[2] == 3:
        photo = photo.permute(2, 0, 1).float() / 255
    elif photo.ndim != 3 or not photo.is_floating_point() or photo.shape[0] != 3:
        raise ValueError(
            "photo is (height, width, 3) in uint8 or (3, height, width) in floats; "
            f"got {tuple(photo.shape)} in {photo.dtype}"
        )
    height, width = photo.shape[1:]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    square = photo[:, top : top + short, left : left + short]
    return F.interpolate(square[None], size=(side, side), mode="bilinear", antialias=True)[0]


def standardised(pictures: Tensor) -> Tensor:
    """Each channel less ImageNet's mean and over its deviation, as the packagers' example does; the first training took
    (pixel - 127) / 128. pictures: (..., 3, height, width), float in [0, 1]. Returns the same shape."""
    mean, deviation = (pictures.new_tensor(values)[:, None, None] for values in (MEAN, DEVIATION))
    return (pictures - mean) / deviation


@cache
def class_names() -> list[str]:
    """The 1,000 classes of ImageNet by number, in words, "tabby cat" say. Russakovsky and others 2015."""
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def best(logits: Tensor, n: int = 3) -> list[tuple[str, float]]:
    """The n classes that a network thinks most likely, the likeliest first, each with its probability, in [0, 1].

    logits: (1000,), of one picture.
    """
    sure, which = logits.softmax(dim=-1).topk(n)
    return [(class_names()[place], value) for place, value in zip(which.tolist(), sure.tolist(), strict=True)]
