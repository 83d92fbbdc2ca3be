"""The explorer of lesson 02: a line to drag through a splatter of dots, and the same line as a point on the landscape of loss.
Lesson 02 (A line through a splatter of paint) shows it; the drawing is in lines.js and, for the landscape, landscape.js.
Read course/lines.py first: every number here comes from there."""

import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Enum, Float, List

from course import plots
from course.explorers import Explorer, figure_of, front_end
from course.lines import least_squares, loss_landscape, mse, predict


class LineExplorer(Explorer):
    """A line over dots, and its point on the landscape. Set slope and intercept from Python and the picture follows; drag
    in the picture and slope and intercept follow. `loss` is the mean squared error of the line that stands there."""

    _esm = front_end("shared.js", "landscape.js", "lines.js")
    x = List(Float()).tag(sync=True)
    y = List(Float()).tag(sync=True)
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

    def grid(self, points: int = 81) -> tuple[Tensor, Tensor, Tensor]:
        """The slopes and intercepts that the landscape spans, as landscape.js spans them, and the loss over them."""
        x, y = self.dots
        (slope, intercept), reach = self.best, 2 * y.std(correction=0).clamp(min=1e-9) / x.std(correction=0)
        across, steps = reach * (x ** 2).mean().sqrt(), torch.linspace(-1, 1, points, dtype=torch.float64)
        slopes, intercepts = slope + reach * steps, intercept + across * steps
        return slopes, intercepts, loss_landscape(x, y, slopes, intercepts)

    def sentence(self) -> str:
        least = float(mse(predict(self.dots[0], *self.best), self.dots[1]))
        sign = "\u2212" if self.intercept < 0 else "+"
        line = f"The line y = {figure_of(self.slope)} x {sign} {figure_of(abs(self.intercept))} has a mean squared error of " \
               f"{figure_of(self.loss)}"
        if self.loss <= 1.005 * least + 1e-12:
            return f"{line}: it stands at the bottom of the valley, and no line has less."
        return f"{line}; at the bottom of the valley it would be {figure_of(least)}."

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2)
        plots.line_through(left, *self.dots, self.slope, self.intercept, residuals=True)
        plots.landscape(right, *self.grid(), paths=torch.tensor([[self.slope, self.intercept]]), minimum=self.best)
        return figure


def two_columns(x, y) -> dict:
    """x and y, (n,) each, as lists for the browser. Raises ValueError unless they pair up and hold two places at least."""
    columns = {name: torch.as_tensor(column).detach().cpu().to(torch.float64) for name, column in (("x", x), ("y", y))}
    for name, column in columns.items():
        if column.ndim != 1 or not column.isfinite().all():
            raise ValueError(f"{name} has shape {tuple(column.shape)}, wanted (n,) of finite numbers")
    if len(columns["x"]) != len(columns["y"]):
        raise ValueError(f"x has {len(columns['x'])} values and y has {len(columns['y'])}; they must have as many")
    least_squares(columns["x"], columns["y"])  # says what is wrong where no line is the best one
    return {name: column.tolist() for name, column in columns.items()}


def line_explorer(x, y, slope: float = 0.0, intercept: float | None = None) -> LineExplorer:
    """The explorer for dots x, y: (n,). It starts from the line given; a flat one through the middle where none is."""
    columns = two_columns(x, y)
    middle = sum(columns["y"]) / len(columns["y"])
    return LineExplorer(**columns, slope=slope, intercept=middle if intercept is None else intercept)
