"""The explorer of lesson 05: a 3 x 3 kernel edited by hand, the photograph it is walked over, and what comes out.
Lesson 05 (Crops through a filter) shows it; the drawing is in convolutions.js.
Read first: `KernelExplorer.sentence`, which says what both halves show."""

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor
from traitlets import Bytes, Dict, Float, Int, List, TraitError, Unicode, validate

from course import plots
from course.convolutions import KERNELS, conv2d
from course.explorers import Explorer, figure_of, front_end


class KernelExplorer(Explorer):
    """A grey photograph, a kernel and a place. `kernel` is its nine numbers, row by row from the top; `row` and
    `column` are the place of the window's middle pixel; `pixels` is the photograph, a byte a pixel, row by row."""

    _esm = front_end("shared.js", "convolutions.js")
    STATE = ("kernel", "row", "column")
    pixels = Bytes().tag(sync=True)
    height = Int().tag(sync=True)
    width = Int().tag(sync=True)
    kernel = List(Float(), [0.0] * 9, minlen=9, maxlen=9).tag(sync=True)
    row = Int(1, min=1).tag(sync=True)
    column = Int(1, min=1).tag(sync=True)
    credit = Unicode("").tag(sync=True)
    presets = Dict().tag(sync=True)

    @validate("row", "column")
    def _on_the_picture(self, proposal: dict) -> int:
        """The window must not hang over the edge."""
        name, most = proposal["trait"].name, (self.height if proposal["trait"].name == "row" else self.width) - 2
        if proposal["value"] > most:
            raise TraitError(f"{name} is {proposal['value']}; wanted at most {most}")
        return proposal["value"]

    @property
    def image(self) -> Tensor:
        """The photograph, (height, width), float64 in [0, 1]."""
        return (
            torch.frombuffer(bytearray(self.pixels), dtype=torch.uint8).reshape(self.height, self.width).double() / 255
        )

    @property
    def filtered(self) -> Tensor:
        """What the kernel makes of it, (height - 2, width - 2)."""
        return conv2d(self.image[None, None], torch.tensor(self.kernel, dtype=torch.float64).reshape(1, 1, 3, 3))[0, 0]

    def sentence(self) -> str:
        total, value = sum(self.kernel), round(float(self.filtered[self.row - 1, self.column - 1]), 6)
        name = next((name for name, kernel in self.presets.items() if kernel == self.kernel), None)
        called = f'The kernel "{name}"' if name else "This kernel of your own"
        flat = (
            "an even patch comes out as nothing, drawn as middle grey, and only changes are left"
            if abs(total) < 1e-3
            else "an even patch keeps its brightness"
            if abs(total - 1) < 1e-3
            else f"an even patch comes out {figure_of(total)} times as bright"
        )
        beyond = ", more than white" if value > 1 else ", less than black" if value < 0 and abs(total) >= 1e-3 else ""
        return (
            f"{called} adds up to {figure_of(total)}: {flat}. Over row {self.row}, column {self.column} "
            f"the nine products add up to {figure_of(value)}{beyond}."
        )

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2, width=9.6, height=3.9)
        plots.image(left, self.image, "The photograph")
        left.add_patch(
            Rectangle(
                (self.column - 5, self.row - 5), 10, 10, fill=False, edgecolor=plots.COLOURS["orange"], linewidth=3
            )
        )
        signed = abs(sum(self.kernel)) < 1e-3
        plots.image(right, self.filtered, "and what comes out", low=-1 if signed else 0, high=1)
        if self.credit:
            figure.supxlabel(self.credit, fontsize=9, x=0.01, ha="left")
        return figure


def kernel_explorer(
    photograph: Tensor,
    kernel: str | Tensor = "outline",
    place: tuple[int, int] | None = None,
    credit: str = "",
    state: str | dict | None = None,
) -> KernelExplorer:
    """The explorer for a photograph: (height, width) or (height, width, 3), uint8; it is shown at about 300 pixels
    across.

    kernel: the name of one of KERNELS or nine numbers (3, 3). place: row and column of the window on the picture as
    shown, its middle where none is given. credit: whose photograph it is. state: see `Explorer.begin`. Raises
    ValueError for another photograph or kernel."""
    if photograph.dtype != torch.uint8 or photograph.ndim not in (2, 3) or min(photograph.shape[:2]) < 3:
        raise ValueError(
            f"photograph has shape {tuple(photograph.shape)} and dtype {photograph.dtype}; wanted (height, width) or "
            "(height, width, 3) "
            "of torch.uint8, at least 3 x 3"
        )
    if isinstance(kernel, str) and kernel not in KERNELS:
        raise ValueError(f"kernel is {kernel!r}; wanted one of {', '.join(KERNELS)}, or nine numbers")
    numbers = KERNELS[kernel] if isinstance(kernel, str) else torch.as_tensor(kernel, dtype=torch.float32)
    if numbers.shape != (3, 3):
        raise ValueError(f"kernel has shape {tuple(numbers.shape)}; wanted (3, 3)")
    grey = photograph.float() if photograph.ndim == 2 else photograph.float().mean(dim=2)
    shrink = max(1, round(grey.shape[1] / 300))
    grey = torch.nn.functional.avg_pool2d(grey[None, None], shrink)[0, 0].round().to(torch.uint8)
    height, width = grey.shape
    row, column = place or (height // 2, width // 2)
    if not (1 <= row <= height - 2 and 1 <= column <= width - 2):
        raise ValueError(
            f"place is ({row}, {column}); wanted a row from 1 to {height - 2} and a column from 1 to {width - 2}"
        )
    return KernelExplorer(
        pixels=grey.numpy().tobytes(),
        height=height,
        width=width,
        row=row,
        column=column,
        credit=credit,
        kernel=_rounded(numbers),
        presets={name: _rounded(preset) for name, preset in KERNELS.items()},
    ).begin(state)


def _rounded(kernel: Tensor) -> list[float]:
    """The nine numbers to four decimals, which is what fits into the nine fields."""
    return [round(number, 4) for number in kernel.flatten().tolist()]
