"""Scenes made by recipe: a field of crops seen from a small plane, mostly with one figure pressed into it, whose place
is known. Lesson 05 asks a network which figure it is, and then where it looked; later lessons that need a place to
check against may too.
Read first: `scenes`; `course.data.scenes` is the same function. datasets/scenes holds the datasheet."""

import torch
from torch import Generator, Tensor

FIGURES = ("nothing", "disc", "ring", "cross", "triangle")
SIDE = 40  # pixels
AT_ONCE = 250  # scenes drawn together: a few dozen megabytes
_DRAWS = 32  # numbers drawn for a scene, besides one for the grain of each pixel


def found(peaks: Tensor, places: Tensor) -> Tensor:
    """Whether each peak lies in the circle around the figure. peaks: (n, 2), row and column of a pixel; places: (n, 3).
    Returns (n,), bool."""
    return (peaks + 0.5 - places[:, :2]).norm(dim=1) <= places[:, 2]


def scenes(n: int = 200, *, seed: int = 0, generator: Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Fields of crops from above, four in five with a figure pressed into the corn: (images, labels, places).

    images: (n, 3, 40, 40), float32 in [0, 1], in whole 255ths. labels: (n,), int64, the place of the figure's name in
    FIGURES. places: (n, 3), float32: row and column of the figure's middle and the radius of the circle around it, in
    pixels from the upper left corner; zeros where there is nothing. Besides the figure a field has rows, light from one
    side, three bushes and a cart track; none of them says anything about the figure.
    seed: the same seed gives the same scenes on every machine, and fewer scenes are the first of more. A generator, if
    one is given, is used in place of the seed, and the scenes are on its device. Raises TypeError or ValueError when an
    argument is none of that.
    """
    for name, value, least in (("n", n, 1), ("seed", seed, 0)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{name} is a whole number, {least} or more; got {value!r}, a {type(value).__name__}")
        if value < least:
            raise ValueError(f"{name} is {least} or more; got {value}")
    if generator is not None and not isinstance(generator, Generator):
        raise TypeError(f"generator is a torch.Generator or None; got {type(generator).__name__}")
    generator = generator or Generator().manual_seed(seed)
    parts = []
    for first in range(0, n, AT_ONCE):
        count = min(AT_ONCE, n - first)
        draws = torch.rand(
            count, _DRAWS + SIDE * SIDE, generator=generator, device=generator.device, dtype=torch.float32
        )
        parts.append(_drawn(draws.cpu().double()))
    images, labels, places = (torch.cat(part).to(generator.device) for part in zip(*parts, strict=False))
    return images, labels, places


# Only sums, products, quotients, roots and comparisons, which every processor rounds alike, and float64 until the very
# end: no sine, whose last digit differs from machine to machine.


def _drawn(draws: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """draws: (n, _DRAWS + SIDE * SIDE), even on [0, 1)."""
    n = len(draws)
    chance = iter(draws[:, :_DRAWS, None, None].unbind(1))  # each (n, 1, 1)
    grain = draws[:, _DRAWS:].reshape(n, SIDE, SIDE)

    def between(low: float, high: float) -> Tensor:
        return low + (high - low) * next(chance)

    down, right = torch.meshgrid(torch.arange(SIDE).double() + 0.5, torch.arange(SIDE).double() + 0.5, indexing="ij")

    def turned(row: Tensor | float, column: Tensor | float) -> tuple[Tensor, Tensor]:
        """Coordinates along and across a direction drawn by lot, in pixels from a place."""
        t = between(-1, 1)
        cosine, sine = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
        return cosine * (right - column) + sine * (down - row), cosine * (down - row) - sine * (right - column)

    def ink(distance: Tensor) -> Tensor:
        """How much of a pixel is covered, from its distance to an edge, negative inside."""
        return (0.5 - distance).clamp(0, 1)

    corn = torch.stack([between(0.42, 0.62), between(0.46, 0.62), between(0.18, 0.32)], dim=1)  # (n, 3, 1, 1)
    along, _ = turned(SIDE / 2, SIDE / 2)
    rows = ((along / between(3.0, 5.5)) % 1 - 0.5).abs() * 4 - 1
    slope, _ = turned(SIDE / 2, SIDE / 2)
    light = 1 + between(0.03, 0.09) * rows + between(0, 0.25) * slope / SIDE + 0.2 * (grain - 0.5)

    _, across = turned(between(6, SIDE - 6), between(6, SIDE - 6))
    light = light + between(0.1, 0.22) * ink(across.abs() - between(0.5, 1.1))
    for _ in range(3):
        row, column, radius = between(2, SIDE - 2), between(2, SIDE - 2), between(1.2, 2.4)
        light = light * (1 - 0.5 * ink(((down - row) ** 2 + (right - column) ** 2).sqrt() - radius))

    labels = (next(chance).flatten() * len(FIGURES)).long()
    size = between(7, 10)
    row, column = (size + 1 + (SIDE - 2 * size - 2) * next(chance) for _ in range(2))
    u, v = turned(row, column)
    away = (u * u + v * v).sqrt()
    root_of_three = 3.0**0.5
    # (n, 5, SIDE, SIDE), pixels to the edge, positive inside
    shapes = torch.stack(
        [
            torch.full_like(away, -SIDE),
            size - away,
            torch.minimum(size - away, away - 0.55 * size),
            torch.maximum(
                torch.minimum(size - u.abs(), 0.28 * size - v.abs()),
                torch.minimum(size - v.abs(), 0.28 * size - u.abs()),
            ),
            0.5 * size - torch.maximum(v, torch.maximum((root_of_three * u - v) / 2, (-root_of_three * u - v) / 2)),
        ],
        dim=1,
    )
    inside = shapes[torch.arange(n), labels]
    places = torch.stack([row, column, size], dim=1).flatten(1) * (labels > 0)[:, None]
    light = light * (1 + between(0.35, 0.55) * ink(-inside))

    images = (corn * light[:, None]).clamp(0, 1)
    return (images * 255).round().float() / 255, labels, places.float()
