"""Pictures that every lesson shares: one look, colours that colour-blind eyes can tell apart, and alt text on every
figure. No lesson teaches this; lesson 01 is the first to use it.
Read first: `figure` and `show`, the way in and the only way out; everything between draws on matplotlib's own axes."""

import base64
import html
import io
import math
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib
import numpy
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LogNorm, PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D

# Okabe and Ito 2008, the eight colours that people with any common colour vision tell apart.
COLOURS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}
# A line is told apart by its dashes as well, for who prints in grey.
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
INK, FAINT = "#2b2f36", "#c9ced6"
# where alt texts lie, and what one is called
FIGURES, NAME = Path(__file__).parent / "figures", re.compile(r"[a-z0-9-]+")
PIXELS_PER_INCH, SHARPNESS = 92, 2  # shown at 92 CSS pixels an inch, stored at twice that for sharp screens

matplotlib.rcParams.update(
    {
        "font.size": 12,
        "axes.titlesize": 13,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "axes.labelsize": 12,
        "legend.fontsize": 11,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#7b828d",
        "axes.linewidth": 0.8,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "xtick.color": "#7b828d",
        "ytick.color": "#7b828d",
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": 11,
        "ytick.labelsize": 11,
        "axes.prop_cycle": cycler(
            color=[COLOURS[name] for name in ("blue", "vermillion", "green", "orange", "purple", "sky")],
            linestyle=LINE_STYLES,
        ),
        "lines.linewidth": 2.2,
        "lines.solid_capstyle": "round",
        "scatter.edgecolors": "white",
        "grid.color": "#e7eaee",
        "image.cmap": "cividis",
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "axes.axisbelow": True,
    }
)


def figure(columns: int = 1, rows: int = 1, width: float | None = None, height: float | None = None, **subplots):
    """An empty figure and its axes: one Axes, or an array (columns,), (rows,) or (rows, columns) of them.

    width and height are inches of the whole figure. Anything else goes to matplotlib's `Figure.subplots`:
    `sharey=True`, `width_ratios=[2, 1]`, `subplot_kw={"projection": "3d"}`. The figure is not pyplot's, so nothing
    of it stays behind when the cell ends."""
    width = width or (6.4 if columns == 1 else min(4.4 * columns, 10.5))
    height = height or (3.9 * rows if columns < 3 else width / columns * 1.05 * rows)
    drawn = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn, drawn.subplots(rows, columns, **subplots)


def picture(figure: Figure, alt: str) -> str:
    """The figure as HTML with the picture inside and its alt text: the same figure gives the same text, to the byte.
    Raises ValueError when alt is missing or blank."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt is {alt!r}: say in a sentence what the figure shows, for who cannot see it")
    stored = io.BytesIO()
    figure.savefig(
        stored, format="png", dpi=PIXELS_PER_INCH * SHARPNESS, facecolor="white", metadata={"Software": None}
    )
    width = round(figure.get_figwidth() * PIXELS_PER_INCH)
    # 256 colours are plenty for a chart and make its file three times smaller, and a notebook full of them too.
    few, smaller = (
        Image.open(stored).convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE),
        io.BytesIO(),
    )
    few.save(smaller, format="png", optimize=True)
    encoded = base64.b64encode(smaller.getvalue()).decode("ascii")
    return (
        f'<figure style="margin: 0.5em 0"><img alt="{html.escape(" ".join(alt.split()))}" '
        f'style="width: {width}px; max-width: 100%; border-radius: 6px" '
        f'src="data:image/png;base64,{encoded}"></figure>'
    )


@cache
def alt_texts() -> dict[str, str]:
    """What each figure of the lessons shows, by its name: course/figures/NN-lesson.toml, all of them together."""
    return {
        name: text
        for file in sorted(FIGURES.glob("*.toml"))
        for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


def show(figure: Figure, alt: str, **values) -> None:
    """Show the figure in the notebook, with alt text; where there are no pictures, the alt text stands for it.
    alt: a sentence, or one word, the name of a text in course/figures, in which {fields} stand for values.
    Raises ValueError when alt is missing or blank, or a name that is not there."""
    # where answers are graded nobody looks, and there is no such folder
    if isinstance(alt, str) and NAME.fullmatch(alt) and FIGURES.is_dir():
        if alt not in alt_texts():
            raise ValueError(
                f'no figure is called {alt!r} in course/figures: write {alt} = "what it shows" there, or '
                "a sentence here"
            )
        alt = alt_texts()[alt].format(**values)
    display({"text/html": picture(figure, alt), "text/plain": " ".join(alt.split())}, raw=True)
    if "matplotlib.pyplot" in sys.modules:  # a figure made by pyplot would be shown a second time, without alt
        sys.modules["matplotlib.pyplot"].close(figure)


def values(tensor) -> numpy.ndarray:
    """A tensor on any device, with or without gradient, or anything array-like, as an array that matplotlib can
    draw."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        tensor = tensor.float() if tensor.is_floating_point() else tensor
    return numpy.asarray(tensor)


def line_through(axes: Axes, x, y, slope=None, intercept=None, residuals: bool = False, names=("x", "y")) -> None:
    """Dots x, y: (n,) and, where slope and intercept are given, the line; residuals draws the stick from each dot to
    it."""
    x, y = values(x), values(y)
    if slope is not None:
        slope, intercept = float(values(slope)), float(values(intercept))
        if residuals:
            axes.vlines(x, y, slope * x + intercept, color=COLOURS["orange"], linewidth=1.1, alpha=0.75, zorder=1.5)
        margin = 0.04 * (x.max() - x.min())
        ends = numpy.array([x.min() - margin, x.max() + margin])
        axes.plot(ends, slope * ends + intercept, color=COLOURS["vermillion"], linestyle="-", zorder=3)
    axes.scatter(x, y, s=30, color=COLOURS["blue"], linewidth=0.6, alpha=0.85, zorder=2)
    axes.set(xlabel=names[0], ylabel=names[1])


def levels(losses: numpy.ndarray, count: int = 16, spacing: str = "sqrt") -> numpy.ndarray:
    """Heights for contours: "sqrt" puts the rings of a bowl at even distances, "log" opens up the bottom of a deep
    valley."""
    low, high = float(losses.min()), float(losses.max())
    if spacing == "log" and low > 0:
        return numpy.geomspace(low, high, count + 1)
    if spacing not in ("sqrt", "log", "even"):
        raise ValueError(f'spacing is {spacing!r}, wanted "sqrt", "log" or "even"')
    steps = numpy.linspace(0, 1, count + 1)
    return low + (high - low) * (steps if spacing == "even" else steps**2)


def surface(slopes, intercepts, losses):
    """The three as arrays, losses finite and (len(intercepts), len(slopes)). Raises ValueError when the shape is
    another."""
    slopes, intercepts, losses = values(slopes).ravel(), values(intercepts).ravel(), values(losses)
    if losses.shape != (len(intercepts), len(slopes)):
        raise ValueError(
            f"losses has shape {losses.shape}, wanted (len(intercepts), len(slopes)) = "
            f"({len(intercepts)}, {len(slopes)}): a row for each intercept, a column for each slope"
        )
    finite = numpy.isfinite(losses)
    return slopes, intercepts, numpy.where(finite, losses, losses[finite].max(initial=0.0))


def landscape(
    axes: Axes,
    slopes,
    intercepts,
    losses,
    paths=None,
    minimum=None,
    spacing: str = "sqrt",
    count: int = 16,
    names=("slope", "intercept"),
    bar: str | None = "loss",
) -> None:
    """The loss from above, as on a walker's map: dark is low, thin lines join places of equal loss.

    slopes: (columns,), intercepts: (rows,), losses: (rows, columns). paths: one path (steps, 2) of slope and intercept,
    or a dict of them by name. minimum: (slope, intercept) to mark with a star. bar: the colour bar's name, None for
    none."""
    slopes, intercepts, losses = surface(slopes, intercepts, losses)
    heights = levels(losses, count, spacing)
    scale = (
        PowerNorm(0.5, losses.min(), losses.max())
        if spacing == "sqrt"
        else (LogNorm(heights[0], heights[-1]) if spacing == "log" and losses.min() > 0 else None)
    )
    filled = axes.contourf(slopes, intercepts, losses, levels=heights, cmap="cividis", norm=scale, extend="max")
    axes.contour(slopes, intercepts, losses, levels=heights[1:-1], colors="white", linewidths=0.5, alpha=0.4)
    for number, (name, path) in enumerate(named(paths).items()):
        draw_path(axes, values(path), name, number)
    if minimum is not None:
        axes.plot(
            *[float(value) for value in minimum],
            marker="*",
            markersize=15,
            color=COLOURS["yellow"],
            markeredgecolor=INK,
            linestyle="none",
            zorder=6,
        )
    axes.set(
        xlabel=names[0], ylabel=names[1], xlim=(slopes.min(), slopes.max()), ylim=(intercepts.min(), intercepts.max())
    )
    if any(named(paths)):
        axes.legend(
            loc="lower left", labelcolor="white", facecolor="#1d2f56", framealpha=0.75, frameon=True, edgecolor="none"
        )
    if bar:
        drawn = axes.figure.colorbar(
            filled,
            ax=axes,
            label=bar,
            pad=0.02,
            ticks=[float(f"{height:.2g}") for height in heights[:: max(1, count // 4)]],
            format=lambda value, _: f"{value:.3g}",
        )
        drawn.outline.set_visible(False)


def named(paths) -> dict:
    """One path, several by name, or none, as a dict from name to path; a path that came alone has the name ''."""
    return {} if paths is None else paths if isinstance(paths, dict) else {"": paths}


PATH_COLOURS = ("#ffffff", COLOURS["orange"], COLOURS["sky"], COLOURS["yellow"])
PATH_MARKERS = ("o", "s", "^", "D")


def draw_path(axes: Axes, path: numpy.ndarray, name: str, number: int) -> None:
    """A walk over a landscape: a line with a dot for each of up to 40 steps, and a large dot where it stands."""
    colour, marker = PATH_COLOURS[number % 4], PATH_MARKERS[number % 4]
    style = LINE_STYLES[number % len(LINE_STYLES)]
    axes.plot(*path.T, color=INK, linestyle="-", linewidth=3.4, alpha=0.5, zorder=3.9)
    axes.plot(
        *path.T,
        color=colour,
        linestyle=style,
        linewidth=1.6,
        marker=marker,
        markersize=4,
        markevery=max(1, len(path) // 40),
        markeredgecolor=INK,
        markeredgewidth=0.5,
        zorder=4,
        label=name or "_path",
    )
    axes.plot(
        *path[-1],
        marker=marker,
        markersize=10,
        color=COLOURS["vermillion"],
        markeredgecolor="white",
        markeredgewidth=1.5,
        linestyle="none",
        zorder=5,
    )


def landscape_3d(
    axes: "Axes3D",
    slopes,
    intercepts,
    losses,
    path=None,
    ceiling: float | None = None,
    turn: float = -58,
    tilt: float = 33,
    names=("slope", "intercept", "loss"),
    heights: tuple[float, float] | None = None,
) -> None:
    """The same landscape as land: a lit surface, its map on the floor below, and a path that runs down it.

    axes come from `figure(subplot_kw={"projection": "3d"})`. path: (steps, 2) of slope and intercept. ceiling cuts off
    what is higher, so that steep walls do not hide the valley. turn and tilt are degrees of where one looks from.
    heights: lowest and highest of the axis and the colours, the same for landscapes that are to be compared."""
    slopes, intercepts, losses = surface(slopes, intercepts, losses)
    losses = losses if ceiling is None else numpy.minimum(losses, ceiling)
    low, high = heights or (float(losses.min()), float(losses.max()))
    rings = numpy.array([low, high])
    floor, across = low - 0.55 * (high - low), numpy.meshgrid(slopes, intercepts)
    scale, colours = PowerNorm(0.5, low, high), matplotlib.colormaps["cividis"]
    lit = colours(scale(losses)) * daylight(losses)[..., None]
    axes.computed_zorder = False
    axes.contourf(
        *across, losses, levels=levels(rings), cmap=colours, norm=scale, zdir="z", offset=floor, alpha=0.9, zorder=1
    )
    axes.plot_surface(
        *across,
        losses,
        facecolors=numpy.clip(lit, 0, 1),
        shade=False,
        rcount=90,
        ccount=90,
        linewidth=0,
        antialiased=False,
        zorder=2,
    )
    axes.contour(*across, losses, levels=levels(rings, 12)[1:-1], colors="white", linewidths=0.6, alpha=0.55, zorder=3)
    if path is not None:
        path = values(path)
        above = numpy.array([height_at(slopes, intercepts, losses, *point) for point in path]) + 0.012 * (high - low)
        axes.plot(*path.T, floor, color="white", linestyle="-", linewidth=1.4, zorder=1.5)
        axes.plot(*path.T, above, color="white", linestyle="-", linewidth=2.2, zorder=4)
        axes.plot(
            *path.T,
            above,
            color=COLOURS["vermillion"],
            marker="o",
            markersize=4.5,
            markeredgecolor="white",
            markeredgewidth=0.7,
            linestyle="none",
            zorder=5,
        )
        axes.plot(
            *path[-1:].T,
            above[-1:],
            color=COLOURS["vermillion"],
            marker="o",
            markersize=11,
            markeredgecolor="white",
            markeredgewidth=1.6,
            zorder=6,
        )
    axes.view_init(elev=tilt, azim=turn)
    axes.set_box_aspect((1, 1, 0.72), zoom=0.92)
    axes.set(zlim=(floor, high))
    axes.set_xlabel(names[0], labelpad=8)
    axes.set_ylabel(names[1], labelpad=8)
    axes.set_zlabel(names[2], labelpad=10)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((1, 1, 1, 0))
        axis._axinfo["grid"].update(color="#e7eaee", linewidth=0.7)
    axes.zaxis.set_ticks([tick for tick in axes.zaxis.get_ticklocs() if low - 0.05 * (high - low) <= tick <= high])


def daylight(losses: numpy.ndarray) -> numpy.ndarray:
    """How bright each place of the surface is, from 0.72 in the shade to 1.12 in the light, with the sun at the upper
    left."""
    heights = 0.72 * (losses - losses.min()) / max(float(numpy.ptp(losses)), 1e-12)
    down, right = numpy.gradient(heights, 1 / (len(heights) - 1), 1 / (heights.shape[1] - 1))
    sun = numpy.array([-0.55, 0.35, 0.76])
    facing = (sun[2] - sun[0] * right - sun[1] * down) / numpy.sqrt(1 + right**2 + down**2)
    return 0.72 + 0.4 * numpy.clip(facing, 0, 1)


def height_at(slopes, intercepts, losses, slope: float, intercept: float) -> float:
    """The loss between the points of the grid, by the four around it; outside the grid, the nearest edge's."""
    column = numpy.interp(slope, slopes, numpy.arange(len(slopes)))
    row = numpy.interp(intercept, intercepts, numpy.arange(len(intercepts)))
    left, above = min(int(column), len(slopes) - 2), min(int(row), len(intercepts) - 2)
    right, below = column - left, row - above
    corners = losses[above : above + 2, left : left + 2]
    return float(numpy.array([1 - below, below]) @ corners @ numpy.array([1 - right, right]))


def image(axes: Axes, tensor, title: str = "", low: float | None = None, high: float | None = None) -> None:
    """A picture without axes: (height, width) in grey, or colour as (height, width, 3) or (3, height, width).
    Whole numbers run from 0 to 255 and others from 0 to 1; low and high say otherwise, for filters and activations."""
    pixels = values(tensor)
    if pixels.ndim == 3 and pixels.shape[0] in (1, 3) and pixels.shape[-1] not in (1, 3):
        pixels = numpy.moveaxis(pixels, 0, -1)
    pixels = pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels
    if pixels.ndim not in (2, 3):
        raise ValueError(
            f"tensor has shape {pixels.shape}, wanted (height, width), (height, width, 3) or (3, height, width)"
        )
    top = 1 if pixels.dtype.kind == "f" else 255
    if pixels.ndim == 3:
        pixels = numpy.clip(pixels, 0, top)
    axes.imshow(
        pixels, cmap="gray", vmin=0 if low is None else low, vmax=top if high is None else high, interpolation="nearest"
    )
    axes.set_axis_off()
    axes.set_title(title)


def block(axes: Axes, tensor, title: str = "", digits: int = 2) -> None:
    """A small tensor as a block of numbers: rank 0 is one cell, rank 1 a row, rank 2 a table, rank 3 tables behind each
    other. The number stands in each cell; the colour repeats it. Raises ValueError for rank 4 and on, which has no such
    picture."""
    numbers = values(tensor)
    if numbers.ndim > 3:
        raise ValueError(f"tensor has rank {numbers.ndim}, wanted at most 3: take a slice of it, such as tensor[0]")
    sheets = numbers.reshape((1,) * (3 - numbers.ndim) + numbers.shape)
    low, high = float(sheets.min()), float(sheets.max())
    colours, (depth, rows, columns), step = matplotlib.colormaps["cividis"], sheets.shape, 0.38
    for sheet in reversed(range(depth)):
        for row in range(rows):
            for column in range(columns):
                number = sheets[sheet, row, column]
                share = (float(number) - low) / (high - low) if high > low else 0.5
                corner = (column + sheet * step, row - sheet * step)
                axes.add_patch(
                    Rectangle(
                        corner, 1, 1, facecolor=colours(share), edgecolor="white", linewidth=1.6, zorder=depth - sheet
                    )
                )
                if sheet == 0:
                    text = f"{number:.{digits}f}".rstrip("0").rstrip(".") if numbers.dtype.kind == "f" else str(number)
                    axes.text(
                        column + 0.5,
                        row + 0.5,
                        text,
                        ha="center",
                        va="center",
                        zorder=depth + 1,
                        color="white" if share < 0.55 else INK,
                    )
    axes.set(
        xlim=(-0.05, columns + (depth - 1) * step + 0.05),
        ylim=(rows + 0.05, -(depth - 1) * step - 0.05),
        aspect="equal",
    )
    axes.set_axis_off()
    axes.set_title(title)


def curves(axes: Axes, lines: dict, x=None, names=("step", "loss"), log: bool = False) -> None:
    """One curve a name: lines is {name: (n,) values}; x: (n,) for all of them, else 0, 1, 2, ... log for a logarithmic
    y axis. Colour and dashes both change from curve to curve."""
    for name, line in lines.items():
        heights = values(line)
        axes.plot(numpy.arange(len(heights)) if x is None else values(x), heights, label=name)
    axes.set(xlabel=names[0], ylabel=names[1], yscale="log" if log else "linear")
    axes.grid(axis="y")
    if len(lines) > 1:
        axes.legend()


def graph(axes: Axes, boxes: dict[str, tuple[float, float]], arrows: list[tuple]) -> None:
    """Boxes by their words, at (x, y), and arrows (from, to, what stands beside it, and how far it bends, 0 if left
    out)."""
    for start, end, words, *more in arrows:
        (left, low), (right, high) = boxes[start], boxes[end]
        bend = more[0] if more else 0
        axes.annotate(
            "",
            boxes[end],
            boxes[start],
            arrowprops={"arrowstyle": "->", "shrinkA": 34, "shrinkB": 38, "connectionstyle": f"arc3,rad={-bend}"},
        )
        lift = bend * math.hypot(right - left, high - low) / 2 + 0.12  # the middle of the arc
        axes.text(
            (left + right) / 2,
            (low + high) / 2 + lift,
            words,
            color=COLOURS["vermillion"],
            fontsize=15,
            ha="center",
            va="bottom",
        )
    for words, place in boxes.items():
        axes.text(
            *place,
            words,
            ha="center",
            va="center",
            bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": COLOURS["blue"]},
        )
    across, up = zip(*boxes.values(), strict=True)
    axes.set(xlim=(min(across) - 1, max(across) + 1), ylim=(min(up) - 0.5, max(up) + 1))
    axes.set_axis_off()
