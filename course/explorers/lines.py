"""The explorer of lesson 02: a line to drag through a splatter of dots, and the same line as a point on the landscape
of loss. Lesson 02 (A line through a splatter of paint) shows it; the drawing is in lines.js and, for the landscape,
landscape.js. Read course/lines.py first: every number here comes from there."""

import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Enum, Float, List, Unicode

from course import plots
from course.explorers import Explorer, figure_of, front_end
from course.lines import least_squares, loss_landscape, mse, predict

NAMES = ("x", "y", "slope", "intercept", "loss")  # of the axes, where nobody has better ones, with units


class LineExplorer(Explorer):
    """A line over dots, and its point on the landscape. Set slope and intercept from Python and the picture follows;
    drag in the picture and slope and intercept follow. `loss` is the mean squared error of the line that stands
    there."""

    _esm = front_end("shared.js", "landscape.js", "lines.js")
    STATE: tuple[str, ...] = ("slope", "intercept", "view")
    x = List(Float()).tag(sync=True)
    y = List(Float()).tag(sync=True)
    names = List(Unicode(), list(NAMES)).tag(sync=True)
    slope = Float().tag(sync=True)
    intercept = Float().tag(sync=True)
    view = Enum(["land", "map"], "land").tag(sync=True)

    @property
    def loss(self) -> float:
        """The mean squared error of the line, in y-units squared."""
        return float(mse(predict(self.dots[0], self.slope, self.intercept), self.dots[1]))

    @property
    def dots(self) -> tuple[Tensor, Tensor]:
        """x and y as tensors, (n,) each, in the browser's own precision."""
        return torch.tensor(self.x, dtype=torch.float64), torch.tensor(self.y, dtype=torch.float64)

    @property
    def best(self) -> tuple[float, float]:
        """Slope and intercept of least squares."""
        return tuple(least_squares(*self.dots).tolist())

    def reach(self) -> tuple[float, float]:
        """How far the landscape goes from the best line, in slope and in intercept, as in landscape.js."""
        x, y = self.dots
        reach = 2 * y.std(correction=0).clamp(min=1e-9) / x.std(correction=0)
        return float(reach), float(reach * (x**2).mean().sqrt())

    def is_off(self, slope: float, intercept: float) -> bool:
        """Whether a line lies beyond the edge of the landscape."""
        return not all(
            abs(value - best) <= 1.0005 * reach
            for value, best, reach in zip((slope, intercept), self.best, self.reach(), strict=False)
        )

    def grid(self, points: int = 81) -> tuple[Tensor, Tensor, Tensor]:
        """The slopes and intercepts that the landscape spans, and the loss over them."""
        steps = torch.linspace(-1, 1, points, dtype=torch.float64)
        slopes, intercepts = (best + reach * steps for best, reach in zip(self.best, self.reach(), strict=False))
        return slopes, intercepts, loss_landscape(*self.dots, slopes, intercepts)

    def sentence(self) -> str:
        least = float(mse(predict(self.dots[0], *self.best), self.dots[1]))
        sign = "\u2212" if self.intercept < 0 else "+"
        line = (
            f"The line y = {figure_of(self.slope)} x {sign} {figure_of(abs(self.intercept))} has a mean squared error "
            "of "
            f"{figure_of(self.loss)}"
        )
        if self.loss <= 1.005 * least + 1e-12:
            return f"{line}: it stands at the bottom of the valley, and no line has less."
        away = " The ball has left the map." if self.is_off(self.slope, self.intercept) else ""
        return f"{line}; at the bottom of the valley it would be {figure_of(least)}.{away}"

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2)
        plots.line_through(left, *self.dots, self.slope, self.intercept, residuals=True, names=tuple(self.names[:2]))
        plots.landscape(right, *self.grid(), paths=torch.tensor([[self.slope, self.intercept]]), minimum=self.best)
        return figure


def two_columns(x, y) -> dict:
    """x and y, (n,) each, as lists for the browser. Raises ValueError unless they pair up and hold two places at
    least."""
    columns = {name: torch.as_tensor(column).detach().cpu().to(torch.float64) for name, column in (("x", x), ("y", y))}
    for name, column in columns.items():
        if column.ndim != 1 or not column.isfinite().all():
            raise ValueError(f"{name} has shape {tuple(column.shape)}, wanted (n,) of finite numbers")
    if len(columns["x"]) != len(columns["y"]):
        raise ValueError(f"x has {len(columns['x'])} values and y has {len(columns['y'])}; they must have as many")
    least_squares(columns["x"], columns["y"])  # says what is wrong where no line is the best one
    return {name: column.tolist() for name, column in columns.items()}


def line_explorer(
    x,
    y,
    slope: float = 0.0,
    intercept: float | None = None,
    names: tuple[str, ...] = NAMES,
    state: str | dict | None = None,
) -> LineExplorer:
    """The explorer for dots x, y: (n,). It starts from the line given; a flat one through the middle where none is.
    names: what the axes are called, with units, as in NAMES. state: see `Explorer.begin`."""
    columns = two_columns(x, y)
    middle = sum(columns["y"]) / len(columns["y"])
    return LineExplorer(
        **columns, names=list(names), slope=slope, intercept=middle if intercept is None else intercept
    ).begin(state)
