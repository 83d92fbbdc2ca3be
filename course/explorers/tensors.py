"""The explorer of lesson 01: two shapes typed in, their axes laid side by side from the right, and the broadcast drawn.
Lesson 01 (A block of numbers) shows it; the drawing is in tensors.js.
Read first: `broadcast`, the whole rule in ten lines."""

import re

import torch
from matplotlib.figure import Figure
from traitlets import Unicode

from course import plots
from course.explorers import Explorer, front_end

Shape = tuple[int, ...]


def shape_of(text: str) -> Shape | None:
    """The shape that a text says, such as "4, 1" or "(4, 1)"; nothing is rank 0. None where it says no shape."""
    parts = [part for part in re.split(r"[\s,]+", re.sub(r"[()\[\]]", " ", text)) if part]
    return tuple(int(part) for part in parts) if all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts) else None


def broadcast(first: Shape, second: Shape) -> Shape:
    """The shape that two shapes broadcast to. Axes are matched from the right, a missing one counts as 1, and a 1
    stretches. Raises ValueError where two sizes differ and neither is 1; it names the axis, counted from the right."""
    rank = max(len(first), len(second))
    padded = [(1,) * (rank - len(shape)) + shape for shape in (first, second)]
    for axis in range(1, rank + 1):
        one, other = padded[0][-axis], padded[1][-axis]
        if one != other and 1 not in (one, other):
            raise ValueError(f"axis \u2212{axis} is {one} in the first and {other} in the second, and neither is 1")
    return tuple(other if one == 1 else one for one, other in zip(*padded, strict=False))


class BroadcastExplorer(Explorer):
    """Two shapes and what they broadcast to. `first` and `second` are texts such as "4, 1"; `result` is the shape that
    comes of them, None where none does."""

    _esm = front_end("shared.js", "tensors.js")
    STATE = ("first", "second")
    first = Unicode().tag(sync=True)
    second = Unicode().tag(sync=True)

    @property
    def result(self) -> Shape | None:
        """The shape of the result, or None where the two do not fit or one is not a shape."""
        first, second = shape_of(self.first), shape_of(self.second)
        try:
            return None if first is None or second is None else broadcast(first, second)
        except ValueError:
            return None

    def sentence(self) -> str:
        first, second = shape_of(self.first), shape_of(self.second)
        if first is None or second is None:
            name, text = ("first", self.first) if first is None else ("second", self.second)
            return f'The {name} shape is "{text}": write whole numbers with commas between, such as 4, 1.'
        try:
            result = broadcast(first, second)
        except ValueError as mismatch:
            return f"{first} and {second} do not fit: counted from the right, {mismatch}."
        repeats = [
            f"the {name} is repeated {result[axis]} times along axis {axis}"
            for name, shape in (("first", first), ("second", second))
            for axis in range(len(result))
            if ((1,) * (len(result) - len(shape)) + shape)[axis] != result[axis]
        ]
        return f"{first} and {second} give {result}: {', '.join(repeats) or 'nothing has to be repeated'}."

    def draw(self) -> Figure:
        figure, axes = plots.figure(3, width=9.6, height=3.2)
        shapes = [shape_of(self.first), shape_of(self.second), self.result]
        first, second, result = (
            None if shape is None else torch.arange(torch.Size(shape[-3:]).numel()).reshape(shape[-3:])
            for shape in shapes
        )
        if first is not None and second is not None and result is not None:
            result = 10 * first + second
        for panel, name, shape, block, scale in zip(
            axes, ("first", "second", "result"), shapes, (first, second, result), (10, 1, 1), strict=False
        ):
            panel.set_axis_off()
            if block is None or block.numel() == 0:
                panel.text(
                    0.5,
                    0.5,
                    "no cells" if block is not None else "does not fit" if name == "result" else "no shape",
                    ha="center",
                    va="center",
                    transform=panel.transAxes,
                )
                panel.set_title(name)
            else:
                plots.block(panel, (scale * block)[tuple(slice(8) for _ in block.shape)], f"{name} {shape}")
        return figure


def broadcast_explorer(first: str = "4, 1", second: str = "3", state: str | dict | None = None) -> BroadcastExplorer:
    """The explorer for two shapes, each a text such as "4, 1"; a tuple will do as well. state: see `Explorer.begin`."""
    texts = [shape if isinstance(shape, str) else ", ".join(str(size) for size in shape) for shape in (first, second)]
    return BroadcastExplorer(first=texts[0], second=texts[1]).begin(state)
