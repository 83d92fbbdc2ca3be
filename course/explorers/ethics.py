"""The explorer of lesson 16: two cuts on the COMPAS scores, one for each group, and what each does to three rates.
Lesson 16 (Who is harmed?) shows it; the drawing is in ethics.js.
Read course/explorers/__init__.py first, then course/explorers/tensors.py, the simplest of them."""

import numpy
import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Dict, List, TraitError, Unicode, validate

from course import plots
from course.ethics import at_cut, rates
from course.explorers import Explorer, front_end

NAMES = ("false positives", "false negatives", "precision")


class ThresholdExplorer(Explorer):
    """Two groups' counts by outcome and score, and a cut for each: a score of `cut` or more is marked high.

    `people`: {group: [[not arrested again, by score], [arrested again, by score]]}. `cuts`: {group: cut}, from 1 to
    scores + 1."""

    _esm = front_end("shared.js", "ethics.js")
    STATE = ("cuts",)
    groups = List(Unicode()).tag(sync=True)
    people = Dict().tag(sync=True)
    cuts = Dict().tag(sync=True)

    @validate("cuts")
    def _a_cut_for_each(self, proposal: dict) -> dict:
        cuts, most = proposal["value"], len(next(iter(self.people.values()))[0]) + 1 if self.people else 0
        if self.people and (
            set(cuts) != set(self.groups) or not all(isinstance(cut, int) and 1 <= cut <= most for cut in cuts.values())
        ):
            raise TraitError(f"cuts is {cuts}; wanted one from 1 to {most} for each of {', '.join(self.groups)}")
        return cuts

    def rates_of(self, group: str) -> Tensor:
        """The three rates of a group at its cut, (3,)."""
        return rates(at_cut(torch.tensor(self.people[group]), self.cuts[group]).view(1, 4))[0]

    def sentence(self) -> str:
        parts = []
        for group in self.groups:
            falsely, missed, right = (in_percent(rate) for rate in self.rates_of(group))
            parts.append(
                f"{group}, high from {self.cuts[group]}: marked high are {falsely} of those not arrested again, missed "
                f"are {missed} of those arrested again, "
                f"and of those marked high {right} were arrested again."
            )
        gaps = (self.rates_of(self.groups[0]) - self.rates_of(self.groups[1])).abs()
        near = [name for name, gap in zip(NAMES, gaps, strict=False) if gap <= 0.02]
        words = "Within two points of each other: " + (", ".join(near) if near else "none of the three") + "."
        return " ".join([*parts, words])

    def draw(self) -> Figure:
        figure, panels = plots.figure(3, width=10.4, height=3.5, width_ratios=[1, 1, 1.05])
        top = max(max(row) for people in self.people.values() for row in people)
        for axes, group in zip(panels, self.groups, strict=False):
            no, yes = self.people[group]
            scores = numpy.arange(1, len(no) + 1)
            axes.bar(scores - 0.2, no, width=0.4, color=plots.COLOURS["sky"], label="not arrested again")
            axes.bar(
                scores + 0.2,
                yes,
                width=0.4,
                color=plots.COLOURS["vermillion"],
                hatch="///",
                edgecolor="white",
                label="arrested again",
            )
            axes.axvline(self.cuts[group] - 0.5, color=plots.INK, linestyle="--", linewidth=1.4)
            axes.set(
                title=f"{group}, high from {self.cuts[group]}",
                xlabel="decile score",
                ylabel="people",
                ylim=(0, 1.05 * top),
                xticks=range(1, len(no) + 1, 3),
            )
        panels[0].legend(loc="upper left", frameon=True, framealpha=1, edgecolor="white", borderpad=0.1)
        for shift, group, colour, hatch in zip((-0.2, 0.2), self.groups, ("green", "purple"), ("", "//"), strict=False):
            rates_of = self.rates_of(group)
            panels[2].barh(
                numpy.arange(3) + shift,
                100 * plots.values(rates_of.nan_to_num()),
                height=0.38,
                color=plots.COLOURS[colour],
                hatch=hatch,
                edgecolor="white",
            )
            for place, rate in enumerate(rates_of):
                panels[2].text(
                    100 * float(rate.nan_to_num()) + 2,
                    place + shift,
                    group if rate == rate else f"{group}: nobody",
                    va="center",
                    fontsize=10,
                )
        panels[2].set(
            yticks=range(3), yticklabels=NAMES, xlim=(0, 125), xticks=range(0, 101, 25), xlabel="%", title="Three rates"
        )
        panels[2].invert_yaxis()
        return figure


def in_percent(rate: float | Tensor) -> str:
    """A rate as the explorer writes it; `inPercent` in ethics.js is the same."""
    return "nobody can say what share" if rate != rate else f"{int(1000 * float(rate) + 0.5 + 1e-6) / 10:.1f} %"


def threshold_explorer(
    people: dict[str, Tensor], cuts: tuple[int, int] = (5, 5), state: str | dict | None = None
) -> ThresholdExplorer:
    """The explorer for two groups: people is {group: (2, scores)}, whole numbers. cuts: one for each, from 1 to scores
    + 1. state: see `Explorer.begin`. Raises ValueError for anything else."""
    if (
        len(people) != 2
        or len({tuple(table.shape) for table in people.values()}) != 1
        or next(iter(people.values())).shape[0] != 2
    ):
        raise ValueError(
            "people is two groups with tables (2, scores) alike; got "
            f"{ ({name: tuple(table.shape) for name, table in people.items()}) }"
        )
    scores = next(iter(people.values())).shape[1]
    if len(cuts) != 2 or not all(1 <= cut <= scores + 1 for cut in cuts):
        raise ValueError(f"cuts is {cuts}; two scores are wanted, each from 1 to {scores + 1}")
    return ThresholdExplorer(
        groups=list(people),
        people={name: table.tolist() for name, table in people.items()},
        cuts=dict(zip(people, cuts, strict=False)),
    ).begin(state)
