"""The explorer of lesson 10: shops as points and weekdays as arrows on a map, trained while one watches, and the week
of one shop that the map expects.
Lesson 10 (Shops, dates and embeddings) shows it. Read course/tables.py's `factorise_step` first: the script does what
it does."""

import math
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from matplotlib.figure import Figure
from traitlets import Enum, Int, List, TraitError, Unicode, validate

from course import plots
from course.explorers import Explorer, figure_of, front_end, normals
from course.shops import KINDS, SIZES, Shops
from course.tables import FUTURE, factorise_step, one_thread

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
REACH = 1.5  # how far the map goes from its middle, either way
RATE, STEPS = 8.0, 900  # of training, as in tables.js
MARKS = (("o", "blue"), ("s", "vermillion"), ("^", "green"))


class Map:
    """What a map of shops and weekdays says. `week`, `shops`, `days` and the rest: see `MapExplorer`."""

    names: Any
    week: Any
    kinds: Any
    sizes: Any
    shops: Any
    days: Any
    chosen: Any
    marked_by: Any

    def expected(self, shop: int) -> list[float]:
        """What the map expects of a shop, Monday to Sunday, as logarithms."""
        x, y = self.shops[shop]
        return [x * across + y * up for across, up in self.days]

    def off_by(self, middle: bool = False) -> float:
        """The root mean square of what the map is off, over the days on which shops are open; middle: with every shop
        in the middle of it, which expects the usual of every day."""
        squares = [
            ((0.0 if middle else said) - true) ** 2
            for shop, week in enumerate(self.week)
            for said, true in zip(self.expected(shop), week, strict=True)
            if true is not None
        ]
        return math.sqrt(sum(squares) / len(squares))

    def nearest(self) -> str:
        """The shop that lies nearest to the chosen one."""
        here = self.shops[self.chosen]
        others = [at for at in range(len(self.shops)) if at != self.chosen]
        return self.names[min(others, key=lambda at: math.dist(here, self.shops[at]))]

    def sentence(self) -> str:
        said, name = self.expected(self.chosen), self.names[self.chosen]
        best, worst = said.index(max(said)), said.index(min(said))
        return (
            f"Over all shops the map is off by {figure_of(self.off_by())}, where a map that expects the usual of every "
            f"day is off by {figure_of(self.off_by(middle=True))}. {name}: it expects most on {DAYS[best]}, "
            f"{figure_of(math.exp(said[best]))} times the usual, and least on {DAYS[worst]}, "
            f"{figure_of(math.exp(said[worst]))} times. Nearest to it lies {self.nearest()}."
        )

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2, width=10, height=4.6, width_ratios=[1.1, 1])
        groups = {"kind": self.kinds, "size": self.sizes}.get(self.marked_by)
        for group, (marker, colour) in enumerate(MARKS):
            rows = [place for at, place in enumerate(self.shops) if (groups[at] if groups else 0) == group]
            if rows:
                label = {"kind": KINDS, "size": SIZES}[self.marked_by][group] if groups else "a shop"
                left.scatter(*zip(*rows, strict=True), s=42, marker=marker, color=plots.COLOURS[colour], label=label)
        for name, (x, y) in zip(DAYS, self.days, strict=True):
            left.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "->", "color": plots.INK})
            left.text(1.1 * x, 1.1 * y, name[:3], ha="center", va="center")
        left.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", title="The map", xticks=[], yticks=[])
        left.legend(loc="lower left", fontsize=9)
        true, said = self.week[self.chosen], self.expected(self.chosen)
        there = [at for at, value in enumerate(true) if value is not None]
        right.bar(there, [math.exp(true[at]) for at in there], color=plots.COLOURS["sky"], label="sold")
        right.plot(
            range(7),
            [math.exp(value) for value in said],
            "_",
            color=plots.COLOURS["vermillion"],
            markersize=22,
            markeredgewidth=3,
            label="the map expects",
        )
        right.set(
            title=self.names[self.chosen],
            ylabel="times its usual day",
            xticks=range(7),
            xticklabels=[day[:3] for day in DAYS],
        )
        right.legend(fontsize=9)
        return figure


@dataclass
class StillMap(Map):
    """A map that nobody plays with."""

    names: Any
    week: Any
    kinds: Any
    sizes: Any
    shops: Any
    days: Any
    chosen: Any
    marked_by: Any


class MapExplorer(Map, Explorer):
    """A map of shops and weekdays. What it expects of a shop on a weekday is the product of both places, added up: the
    logarithm of the sales, less that of the shop's usual day.

    `week`: for each shop seven such logarithms, None where it is closed. `kinds`, `sizes`: of each shop, 0 to 2, which
    the map is never told. `shops`, `days`: the places, [across, up] each. `chosen`: a position in the list of shops.
    `marked_by`: what the points are coloured by."""

    _esm = front_end("shared.js", "tables.js")
    STATE = ("shops", "days", "chosen", "marked_by")
    names = List(Unicode()).tag(sync=True)
    week = List(List()).tag(sync=True)
    kinds = List(Int()).tag(sync=True)
    sizes = List(Int()).tag(sync=True)
    shops = List(List()).tag(sync=True)
    days = List(List()).tag(sync=True)
    chosen = Int(0).tag(sync=True)
    marked_by = Enum(["nothing", "kind", "size"], "nothing").tag(sync=True)

    @validate("shops", "days")
    def _places(self, proposal: dict) -> list:
        places, wanted = proposal["value"], len(DAYS) if proposal["trait"].name == "days" else len(self.week)
        if wanted and (
            len(places) != wanted
            or not all(len(place) == 2 and all(math.isfinite(part) for part in place) for place in places)
        ):
            raise TraitError(f"{proposal['trait'].name} has {len(places)} places; wanted {wanted}, two numbers each")
        return places

    @validate("chosen")
    def _one_of_them(self, proposal: dict) -> int:
        if self.week and not 0 <= proposal["value"] < len(self.week):
            raise TraitError(f"chosen is {proposal['value']}; wanted 0 to {len(self.week) - 1}")
        return proposal["value"]

    def still(self) -> tuple[Figure, str]:
        """The map as training leaves it: what it begins with is chance, and says nothing on paper."""
        week = torch.tensor([[math.nan if value is None else value for value in row] for row in self.week])
        places = torch.tensor(self.shops), torch.tensor(self.days)
        with one_thread():
            for _ in range(STEPS):
                places = factorise_step(*places, week, RATE)
        shops, days = (part.tolist() for part in places)
        trained = StillMap(self.names, self.week, self.kinds, self.sizes, shops, days, self.chosen, "kind")
        return trained.draw(), f"Trained: {trained.sentence()}"


def begun(many: int, spread: float, seed: int) -> list[list[float]]:
    """So many places about the middle, drawn with that standard deviation; `begun` in tables.js is the same."""
    draws = normals(seed)
    return [[round(spread * part, 3) for part in islice(draws, 2)] for _ in range(many)]


def map_explorer(tables: Shops, many: int = 24, state: str | dict | None = None) -> MapExplorer:
    """The explorer for the first shops of `course.data.shops`, from the sales of the past. many: how many shops, two at
    least. state: see `Explorer.begin`. Raises ValueError for another number of shops."""
    past = tables.sales[(tables.sales["date"] < FUTURE.isoformat()) & (tables.sales["open"] == 1)]
    there = past["shop"].nunique()
    if not isinstance(many, int) or not 2 <= many <= there:
        raise ValueError(f"many is {many}; wanted a whole number of shops, 2 to {there}")
    past = past[past["shop"] <= many]
    means = past.groupby(["shop", past["date"].dt.day_of_week])["sales"].mean()
    week = []
    for shop in range(1, many + 1):
        logs = [math.log(means[shop, day]) if (shop, day) in means.index else None for day in range(7)]
        open_days = [value for value in logs if value is not None]
        usual = sum(open_days) / len(open_days)
        week.append([None if value is None else round(value - usual, 4) for value in logs])
    places = begun(many + len(DAYS), 0.1, 1)
    strongest = max(range(many), key=lambda at: max(abs(value) for value in week[at] if value is not None))
    return MapExplorer(
        chosen=strongest,
        names=[f"Shop {shop}, {town}" for shop, town in zip(range(1, many + 1), tables.shops["town"], strict=False)],
        week=week,
        kinds=tables.kinds[:many].argmax(dim=1).tolist(),
        sizes=[SIZES.index(size) for size in tables.shops["size"][:many]],
        shops=places[:many],
        days=places[many:],
    ).begin(state)
