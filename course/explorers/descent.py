"""The explorer of lesson 03: a ball that rolls down the landscape of loss, with a learning rate, momentum and batches
to set. Lesson 03 (Down the landscape of loss) shows it; the drawing is in descent.js and landscape.js.
Read explorers/lines.py first: the dots, the landscape and the point on it come from there."""

import math

import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Float, Int, List

from course import plots
from course.descent import line_gradient, momentum_step
from course.explorers import figure_of, front_end
from course.explorers.lines import NAMES, LineExplorer, two_columns
from course.lines import mse, predict


class DescentExplorer(LineExplorer):
    """A ball on the landscape of a line's loss. The browser rolls it; `path` is where it has been, (slope, intercept) a
    step, `rows` how many rows its gradients have looked at, and slope, intercept and loss are where it is now."""

    _esm = front_end("shared.js", "landscape.js", "descent.js")
    STATE = ("learning_rate", "momentum", "batch_size", "seed", "start", "view")
    start = List(Float()).tag(sync=True)
    path = List(List(Float())).tag(sync=True)
    rows = Int(0).tag(sync=True)
    learning_rate = Float(0.1).tag(sync=True)
    momentum = Float(0.0).tag(sync=True)
    batch_size = Int(1).tag(sync=True)
    seed = Int(0).tag(sync=True)

    @property
    def limit(self) -> float:
        """The learning rate from which full-batch descent leaves the valley: 2 (1 + momentum) over the steepest
        curvature."""
        x, _ = self.dots
        curvature = 2 * torch.stack(
            [torch.stack([(x**2).mean(), x.mean()]), torch.stack([x.mean(), torch.ones_like(x[0])])]
        )
        return float(2 * (1 + self.momentum) / torch.linalg.eigvalsh(curvature).max())

    def walk(self, steps: int) -> Tensor:
        """Where the ball would go from the path's start with every row in every step: (steps + 1, 2)."""
        place = torch.tensor(self.path[0], dtype=torch.float64)
        velocity, places = torch.zeros_like(place), [place]
        for _ in range(steps):
            place, velocity = momentum_step(
                place, velocity, line_gradient(place, *self.dots), self.learning_rate, self.momentum
            )
            places.append(place)
        return torch.stack(places)

    def sentence(self, path: list | None = None, rows: int | None = None) -> str:
        path, rows = (self.path if path is None else path), (self.rows if rows is None else rows)
        x, y = self.dots
        first, last = (float(mse(predict(x, *place), y)) for place in (path[0], path[-1]))
        least, steps = float(mse(predict(x, *self.best), y)), len(path) - 1
        off = " The ball has left the map." if self.is_off(*path[-1]) else ""
        if steps == 0:
            return (
                f"The ball lies at slope {figure_of(path[0][0])} and intercept {figure_of(path[0][1])}, where the loss "
                "is "
                f"{figure_of(first)}; at the bottom of the valley it would be {figure_of(least)}.{off}"
            )
        after = f"After {steps} step{'s' * (steps > 1)}, which looked at {rows:,} row{'s' * (rows > 1)},"
        if not math.isfinite(last) or last > 3 * first:
            return (
                f"{after} the loss has grown from {figure_of(first)} to {figure_of(last)}: each step overshoots "
                "the "
                f"valley by more than the last.{off}"
            )
        if last <= 1.01 * least + 1e-12:
            return f"{after} the ball is at the bottom of the valley, within 1 % of the least loss, {figure_of(least)}."
        return (
            f"{after} the loss is {'down' if last < first else 'up'} from {figure_of(first)} to {figure_of(last)}; "
            f"at the bottom of the valley it would be {figure_of(least)}.{off}"
        )

    def draw(self, path: Tensor | None = None) -> Figure:
        path = torch.tensor(self.path) if path is None else path
        x, y = self.dots
        losses = [float(mse(predict(x, *place), y)) for place in path]
        figure, (left, right) = plots.figure(2)
        plots.landscape(left, *self.grid(), paths=path, minimum=self.best)
        plots.curves(right, {"loss": torch.tensor(losses)}, log=True)
        return figure

    def still(self) -> tuple[Figure, str]:
        """A ball that has not moved makes a dull picture: then the still shows forty steps with every row."""
        if len(self.path) > 1:
            return super().still()
        path = self.walk(40)
        return self.draw(path), self.sentence(path.tolist(), 40 * len(self.x))


def descent_explorer(
    x,
    y,
    learning_rate: float | None = None,
    momentum: float = 0.0,
    batch_size: int | None = None,
    seed: int = 0,
    start: tuple[float, float] | None = None,
    names: tuple[str, ...] = NAMES,
    state: str | dict | None = None,
) -> DescentExplorer:
    """The explorer for dots x, y: (n,). batch_size None is every row in every step; seed is of the order that rows come
    in. start: (slope, intercept); high on a wall where none is given. learning_rate: a fifth of the highest that works,
    where none is given. names: of the axes, with units. state: see `Explorer.begin`. Raises ValueError for a rate that
    is not above 0, a momentum outside [0, 1), a batch size below 1."""
    if learning_rate is not None and not learning_rate > 0:
        raise ValueError(f"learning_rate is {learning_rate}; it must be above 0")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum is {momentum}; it must be in [0, 1)")
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be 1 or more")
    columns = two_columns(x, y)
    rows = len(columns["x"])
    explorer = DescentExplorer(
        **columns, names=list(names), momentum=momentum, batch_size=min(batch_size or rows, rows), seed=seed
    )
    explorer.learning_rate = learning_rate or float(f"{explorer.limit / 5:.1g}")
    if start is None:
        slopes, intercepts, _ = explorer.grid(points=201)
        start = float(slopes[182 if sum(columns["x"]) >= 0 else 18]), float(intercepts[128])
    explorer.start = [float(part) for part in start]
    explorer.begin(state)
    explorer.slope, explorer.intercept = explorer.start
    explorer.path = [explorer.start]
    return explorer
