"""One picture made into many: matrices that move points, one sampling for all of them, light in logit space, and a
whole batch at once. Lesson 08 (solutions/08-augmentation) builds the functions up to `random_matrices` as exercises;
`Augment` is what it trains with, `Mix` what lets labels mix, `contrastive_loss` what needs none.
Read first: `rotation` and `where_from`. A point is (x, y) in pixels: x to the right, y down, (0, 0) the centre of the
upper left pixel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch
from torch import Generator, Tensor
from torch.nn.functional import cross_entropy, grid_sample, normalize

PADDINGS = ("zeros", "border", "reflection")


def centre_of(height: int, width: int) -> tuple[float, float]:
    """The middle of a picture, (x, y) in pixels: half-way between its first and its last pixel."""
    return (width - 1) / 2, (height - 1) / 2


def matrix(rows: Sequence[Sequence[Tensor | float]]) -> Tensor:
    """(..., 3, 3) from three rows of three entries; each entry is a number or a tensor (...), one number a picture."""
    entries = [
        torch.as_tensor(entry, dtype=None if isinstance(entry, Tensor) else torch.float32)
        for row in rows
        for entry in row
    ]
    device = next((entry.device for entry in entries if entry.ndim), entries[0].device)
    entries = torch.broadcast_tensors(*[entry.to(device) for entry in entries])
    return torch.stack(entries, dim=-1).unflatten(-1, (3, 3))


def shift(right: Tensor | float, down: Tensor | float) -> Tensor:
    """Moves every point by so many pixels. Returns (..., 3, 3)."""
    return matrix([[1, 0, right], [0, 1, down], [0, 0, 1]])


def rotation(degrees: Tensor | float, centre: tuple[float, float]) -> Tensor:
    """Turns every point about a centre; positive degrees go clockwise on the screen, where y points down.

    degrees: a number, or (n,), one a picture. centre: (x, y) in pixels. Returns (..., 3, 3).
    """
    angle = torch.deg2rad(torch.as_tensor(degrees, dtype=None if isinstance(degrees, Tensor) else torch.float32))
    cosine, sine = angle.cos(), angle.sin()
    return _product(
        [shift(-centre[0], -centre[1]), matrix([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]]), shift(*centre)]
    )


def compose(matrices: Sequence[Tensor]) -> Tensor:
    """One matrix that does what all of them do, the first in the list first. matrices: one or more of (..., 3, 3)."""
    if not len(matrices):
        raise ValueError("matrices is empty; one matrix or more is wanted")
    return _product(matrices)


def _product(matrices: Sequence[Tensor]) -> Tensor:
    most = max(matrices, key=lambda each: each.ndim)  # those of a batch say in which dtype and on which device
    return reduce(lambda done, step: step @ done, [each.to(most) for each in matrices])


def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    """For each pixel of the new picture, the place in the old one that it shows.

    matrix: (..., 3, 3), where each point of the old picture goes; a homography's third coordinate is divided out.
    Returns (..., height, width, 2), x then y, in pixels of the old picture.
    """
    return _mapped(torch.linalg.inv(matrix), height, width)


def _mapped(matrix: Tensor, height: int, width: int) -> Tensor:
    """Where a matrix (..., 3, 3) sends each pixel: (..., height, width, 2). A sum of a row and a column is all it
    takes, no product a pixel."""
    x, y = (torch.arange(size, dtype=matrix.dtype, device=matrix.device) for size in (width, height))
    across, down = matrix[..., 0:1] * x, matrix[..., 1:2] * y + matrix[..., 2:3]
    points = across.unsqueeze(-2) + down.unsqueeze(-1)
    return (points[..., :2, :, :] / points[..., 2:, :, :]).movedim(-3, -1)


def bilinear(image: Tensor, places: Tensor) -> Tensor:
    """What a picture shows between its pixels: the mean of the four pixels around a place, the near ones weighing more.

    image: (height, width). places: (..., 2), x then y, from 0 to width - 1 and from 0 to height - 1. Returns (...).
    """
    x, y = places.unbind(-1)
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=image.shape[1] - 1), (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


def reflect(places: Tensor, size: int) -> Tensor:
    """Fold places outside a picture back into it, as if mirrors stood on its first and its last pixel.

    places: (...), in pixels along one axis. size: pixels along that axis. Returns (...), from 0 to size - 1.
    """
    last = size - 1
    if last == 0:
        return torch.zeros_like(places)
    return last - (places.remainder(2 * last) - last).abs()


def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    """Brightness and contrast in logit space: a factor, then a step, and no value leaves [0, 1].

    images: (n, channels, height, width), in [0, 1]; black and white stay what they are. brightness: (n,), added to the
    logits, 0 for none. contrast: (n,), above 0, multiplies the logits, 1 for none. Raises ValueError when they are not
    one a picture.
    """
    for name, values in (("brightness", brightness), ("contrast", contrast)):
        if values.shape != images.shape[:1]:
            raise ValueError(
                f"{name} has shape {tuple(values.shape)}, wanted one number a picture, {tuple(images.shape[:1])}"
            )
    if images.requires_grad:  # the logit has no slope at black and white: they go round it
        within = (images > 0) & (images < 1)
        return torch.where(within, _relit(torch.where(within, images, 0.5), brightness, contrast), images)
    return _relit(images.clamp(0, 1), brightness, contrast)


def _relit(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    """As relight; in place where no gradient is asked for, since a pass through memory costs as much as a logarithm."""
    brightness, contrast = (values.to(images).view(-1, *[1] * (images.ndim - 1)) for values in (brightness, contrast))
    if torch.is_grad_enabled() and any(part.requires_grad for part in (images, brightness, contrast)):
        return torch.sigmoid(contrast * torch.logit(images) + brightness)
    return images.logit_().mul_(contrast).add_(brightness).sigmoid_()


def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    """For each picture of a batch, with chance p, a random turn about the centre and then a random shift.

    draws: (n, 4), evenly spread over [0, 1): whether, how far to turn, how far right, how far down. A picture is
    changed where the first is below p. degrees, pixels: the most, to either side. Returns (n, 3, 3); a picture that is
    left alone has the identity.
    """
    changed = (draws[:, 0] < p).to(draws)
    turn, right, down = (2 * draws[:, 1:] - 1).unbind(dim=1)
    return compose(
        [rotation(changed * degrees * turn, centre), shift(changed * pixels * right, changed * pixels * down)]
    )


def warp(images: Tensor, matrices: Tensor, padding: str = "reflection") -> Tensor:
    """Each picture moved by its matrix, and sampled once.

    images: (n, channels, height, width). matrices: (n, 3, 3) or (3, 3), where the points go. padding: what is seen
    outside the picture: "zeros", its "border" drawn out, or its "reflection". Differentiable. Raises TypeError or
    ValueError for anything else.
    """
    _images(images)
    if padding not in PADDINGS:
        raise ValueError(f"padding is {padding!r}; wanted one of {', '.join(PADDINGS)}")
    n, _, height, width = images.shape
    if matrices.shape not in ((3, 3), (n, 3, 3)):
        raise ValueError(f"matrices has shape {tuple(matrices.shape)}; wanted (3, 3) or one a picture, ({n}, 3, 3)")
    working = torch.promote_types(images.dtype, torch.float32)  # in half precision a place would be pixels off
    matrices = matrices.to(device=images.device, dtype=working).expand(n, 3, 3)
    # torch counts from -1, the first pixel, to 1, the last; one more matrix turns pixels into that.
    to_torch = matrices.new_tensor([[2 / (width - 1), 0, -1], [0, 2 / (height - 1), -1], [0, 0, 1]])
    places = _mapped(to_torch @ torch.linalg.inv(matrices), height, width)
    return grid_sample(images.to(working), places, mode="bilinear", padding_mode=padding, align_corners=True).to(
        images.dtype
    )


def sharpness(images: Tensor) -> Tensor:
    """How much neighbouring pixels differ: the root of the mean squared step to the right and down. images: (...,
    height, width)."""
    return torch.sqrt((images.diff(dim=-1).square().mean() + images.diff(dim=-2).square().mean()) / 2)


class Augment:
    """A batch of pictures in, the same batch seen differently out: every picture is drawn for by itself and sampled
    once.

    degrees, zoom, shear, pixels, tilt, brightness, contrast: the most of each, to either side, 0 for none. zoom .2 is a
    factor from 1 / 1.2 to 1.2; shear .2 moves a row by .2 of its distance from the middle; pixels is the shift; tilt .3
    brings one edge nearer by .3 of the distance to it. contrast .5 is a factor from 1 / 1.5 to 1.5 on the logits,
    brightness .5 a step of -.5 to .5. flip: the chance that left and right change places. p: the chance of each of the
    others, for each picture. generator: where the draws come from.
    Raises ValueError, with the name, for a number that makes no sense.
    """

    def __init__(
        self,
        *,
        flip: float = 0.0,
        degrees: float = 0.0,
        zoom: float = 0.0,
        shear: float = 0.0,
        pixels: float = 0.0,
        tilt: float = 0.0,
        brightness: float = 0.0,
        contrast: float = 0.0,
        p: float = 1.0,
        padding: str = "reflection",
        generator: Generator | None = None,
    ):
        self.most = {
            "degrees": degrees,
            "zoom": zoom,
            "shear": shear,
            "across": pixels,
            "down": pixels,
            "tilt_x": tilt,
            "tilt_y": tilt,
            "brightness": brightness,
            "contrast": contrast,
        }
        self.flip, self.p, self.padding, self.generator = flip, p, padding, generator
        for name, value in {"pixels": pixels, "tilt": tilt, **self.most}.items():
            if not 0 <= value < float("inf"):
                raise ValueError(f"{name} is {value}; wanted 0 or more, the most to either side")
        for name, value in {"flip": flip, "p": p}.items():
            if not 0 <= value <= 1:
                raise ValueError(f"{name} is {value}; wanted a chance, in [0, 1]")
        if tilt >= 0.5:
            raise ValueError(f"tilt is {tilt}; wanted below 0.5, or the horizon comes into the picture")
        if padding not in PADDINGS:
            raise ValueError(f"padding is {padding!r}; wanted one of {', '.join(PADDINGS)}")

    def __call__(self, images: Tensor) -> Tensor:
        """images: (n, channels, height, width), floats, in [0, 1] where light is changed. Returns the same shape, dtype
        and device."""
        _images(images)
        settings, flipped = self.draw(len(images), images.device)
        if self.flip or any(
            self.most[name] for name in ("degrees", "zoom", "shear", "across", "down", "tilt_x", "tilt_y")
        ):
            images = warp(images, self.matrices(settings, flipped, *images.shape[-2:]), self.padding)
        if self.most["brightness"] or self.most["contrast"]:
            images = relight(images, settings["brightness"], torch.exp(settings["contrast"]))
        return images

    def draw(self, n: int, device: torch.device | str = "cpu") -> tuple[dict[str, Tensor], Tensor]:
        """Settings for n pictures: by name (n,), 0 where a kind is left out, and (n,), -1 where a picture is flipped
        and else 1. Drawn on the generator's device, so that a seed means the same wherever the pictures are."""
        place = self.generator.device if self.generator is not None else device
        draws = torch.rand(n, 2 * len(self.most) + 1, generator=self.generator, device=place).to(device)
        chance, amount = draws[:, 1:].chunk(2, dim=1)
        most = [
            torch.log1p(torch.tensor(value)).item() if name in ("zoom", "contrast") else value
            for name, value in self.most.items()
        ]
        amount = (chance < self.p) * (2 * amount - 1) * torch.tensor(most, device=device)
        return dict(zip(self.most, amount.unbind(dim=1), strict=False)), 1 - 2 * (draws[:, 0] < self.flip).float()

    def matrices(self, settings: dict[str, Tensor], flipped: Tensor, height: int, width: int) -> Tensor:
        """One matrix a picture, (n, 3, 3): flip, zoom, shear, turn, shift and tilt, in this order, about the middle."""
        x, y = centre_of(height, width)
        zoom, angle = torch.exp(settings["zoom"]), torch.deg2rad(settings["degrees"])
        return compose(
            [
                shift(-x, -y),
                matrix([[flipped * zoom, settings["shear"] * zoom, 0], [0, zoom, 0], [0, 0, 1]]),
                matrix(
                    [
                        [angle.cos(), -angle.sin(), settings["across"]],
                        [angle.sin(), angle.cos(), settings["down"]],
                        [0, 0, 1],
                    ]
                ),
                # Last of all, so that no other kind can bring the horizon into the picture.
                matrix([[1, 0, 0], [0, 1, 0], [settings["tilt_x"] / max(x, 1), settings["tilt_y"] / max(y, 1), 1]]),
                shift(x, y),
            ]
        )


class Mix:
    """Pictures of a batch mixed with each other, and a loss that mixes their labels likewise; both are handed to
    `course.training.train`.

    way: "mixup" lays another picture over each, translucent (Zhang and others 2018); "cutmix" pastes a rectangle of
    another picture in (Yun and others 2019); "erase" paints a rectangle of up to two fifths black and leaves the label
    (Zhong and others 2017). One lot a batch, from generator.
    Raises ValueError for another way.
    """

    def __init__(self, way: str, generator: Generator | None = None):
        if way not in ("mixup", "cutmix", "erase"):
            raise ValueError(f"way is {way!r}; wanted mixup, cutmix or erase")
        self.way, self.generator = way, generator

    def __call__(self, images: Tensor) -> Tensor:
        """images: (n, channels, height, width). Returns the same shape; `order` and `share` keep who was mixed in, and
        how much of them."""
        _images(images)
        height, width = images.shape[-2:]
        self.order = torch.randperm(len(images), generator=self.generator).to(images.device)
        size, down, right = torch.rand(3, generator=self.generator).tolist()
        mask = images.new_full((height, width), size)
        if self.way != "mixup":
            size = 0.4 * size if self.way == "erase" else size
            tall, wide = round(height * size**0.5), round(width * size**0.5)
            top, left = round(down * (height - tall)), round(right * (width - wide))
            mask = torch.zeros_like(mask)
            mask[top : top + tall, left : left + wide] = 1
        self.share = 0.0 if self.way == "erase" else float(mask.mean())
        return images * (1 - mask) + (0 if self.way == "erase" else images[self.order] * mask)

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Cross-entropy against both labels, each by its share of the picture. logits: (n, classes), labels: (n,).
        Returns a scalar."""
        return (1 - self.share) * cross_entropy(logits, labels) + self.share * cross_entropy(logits, labels[self.order])


def contrastive_loss(one: Tensor, other: Tensor, temperature: float = 0.2) -> Tensor:
    """How badly each row of `one` picks its partner, the same row of `other`, out of all of them (van den Oord and
    others 2018; Chen and others 2020).

    one, other: (n, k), two views of the same n pictures. temperature: small makes the choice sharp. Returns a scalar;
    log n for a blind guess."""
    alike = normalize(one, dim=1) @ normalize(other, dim=1).T / temperature
    return cross_entropy(alike, torch.arange(len(one), device=one.device))


def _images(images: Tensor) -> None:
    """Raises TypeError or ValueError, in words, when this is no batch of pictures."""
    if not isinstance(images, Tensor) or not images.is_floating_point():
        came = images.dtype if isinstance(images, Tensor) else type(images).__name__
        raise TypeError(f"images is {came}; wanted a tensor of floats, e.g. images / 255 for whole numbers")
    if images.ndim != 4 or min(images.shape[-2:]) < 2:
        raise ValueError(
            f"images has shape {tuple(images.shape)}; wanted (n, channels, height, width), 2 pixels or more each way"
        )
