"""Every quantitative claim of the lessons' prose, measured over its seeds and held to its band.
`make claims` runs them and writes each lesson's table into benchmarks/README.md (LESSONS="05 06" for some); prose that
a run does not bear out is changed.
Read benchmarks/claimed/__init__.py first: a claim stands beside the words that make it."""

from __future__ import annotations

import argparse
import importlib
import math
import pkgutil
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import benchmarks.claimed
from benchmarks.lessons import ROOT, machine, put_section
from grader.lessons.cells import Lesson
from grader.lessons.reading import all_lessons, find_lesson

POOLS: dict[str, Callable[[list[float]], float]] = {"mean": statistics.fmean, "min": min, "max": max, "sum": sum}


@dataclass(frozen=True)
class Claim:
    """Words of a lesson's prose, and what measures them: one number a seed, pooled, which lies from low to high."""

    lesson: str
    says: str
    measure: Callable[[int], float]
    low: float
    high: float
    seeds: int = 1
    unit: str = ""
    pool: str = "mean"
    fast: bool = False

    @property
    def name(self) -> str:
        return self.measure.__name__


@dataclass(frozen=True)
class Measured:
    """What came of a claim: the number of each seed, pooled, and the seconds that it took."""

    claim: Claim
    values: tuple[float, ...]
    seconds: float

    @property
    def pooled(self) -> float:
        return POOLS[self.claim.pool](list(self.values))

    @property
    def holds(self) -> bool:
        return self.claim.low <= self.pooled <= self.claim.high


REGISTRY: list[Claim] = []


def claim(
    lesson: str,
    *,
    says: str,
    low: float = -math.inf,
    high: float = math.inf,
    seeds: int = 1,
    unit: str = "",
    pool: str = "mean",
    fast: bool = False,
) -> Callable[[Callable[[int], float]], Callable[[int], float]]:
    """Mark a function of a seed as the measure of a claim. says: words that stand in the lesson's prose, white space
    aside.

    low, high: where the pooled number must lie. pool: 'mean', 'min', 'max' or 'sum' over the seeds 0, 1, ... fast: all
    seeds together take less than three seconds, so it runs with the tests. Raises ValueError for a band that nothing
    can miss.
    """
    if (low == -math.inf and high == math.inf) or low > high:
        raise ValueError(f"a claim needs a band that it could miss; low is {low} and high is {high}")
    if pool not in POOLS:
        raise ValueError(f"pool is {pool!r}; wanted one of {', '.join(POOLS)}")

    def mark(measure: Callable[[int], float]) -> Callable[[int], float]:
        REGISTRY.append(Claim(lesson, says, measure, low, high, seeds, unit, pool, fast))
        return measure

    return mark


def all_claims() -> list[Claim]:
    """The claims of all lessons, in the order of the lessons and then of their modules."""
    for module in pkgutil.iter_modules(benchmarks.claimed.__path__, "benchmarks.claimed."):
        importlib.import_module(module.name)
    return sorted(REGISTRY, key=lambda one: one.lesson)


def measured(one: Claim) -> Measured:
    began = time.perf_counter()
    values = tuple(float(one.measure(seed)) for seed in range(one.seeds))
    return Measured(one, values, time.perf_counter() - began)


def prose(lesson: Lesson) -> str:
    """All that a lesson says in words, with single blanks."""
    return " ".join(" ".join(cell.source for cell in lesson.cells if cell.kind == "markdown").split())


def row(done: Measured) -> str:
    one = done.claim
    band = (
        f"{_number(one.low)} to {_number(one.high)}"
        if math.isfinite(one.low) and math.isfinite(one.high)
        else (f"at least {_number(one.low)}" if math.isfinite(one.low) else f"at most {_number(one.high)}")
    )
    each = ", ".join(map(_number, done.values)) if 1 < len(done.values) <= 10 else ""
    pooled = _number(done.pooled) + (f" ({one.pool} of {each})" if each else "")
    return (
        f"| {one.says.replace('|', ' ')} | {pooled} {one.unit} | {band} | {'yes' if done.holds else '**no**'} | "
        f"{done.seconds:.1f} |"
    )


def _number(value: float) -> str:
    return f"{value:.4g}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="which lessons; without any, all")
    parser.add_argument("--fast", action="store_true", help="the fast ones only; writes no table")
    arguments = parser.parse_args()
    wanted = {find_lesson(name, ROOT).folder for name in arguments.lessons} or {
        lesson.folder for lesson in all_lessons(ROOT)
    }
    broken = 0
    for folder in sorted(wanted):
        rows = []
        for one in [one for one in all_claims() if one.lesson == folder and (one.fast or not arguments.fast)]:
            done = measured(one)
            broken += not done.holds
            rows.append(row(done))
            print(
                f"{folder} {one.name}: {_number(done.pooled)} {one.unit} {'holds' if done.holds else 'DOES NOT HOLD'}",
                flush=True,
            )
        if rows and not arguments.fast:
            put_section(
                f"claims of {folder}",
                "\n".join(
                    [
                        f"## Claims of {folder}",
                        "",
                        f"`make claims LESSONS={folder[:2]}`, on {machine()}.",
                        "",
                        "| the lesson says | measured | must be | holds | seconds |",
                        "|---|---|---|---|---|",
                        *rows,
                    ]
                ),
            )
    return 1 if broken else 0


if __name__ == "__main__":
    # By its name: the claims are registered in the module that they import, and this one is called __main__.
    sys.exit(importlib.import_module("benchmarks.claims").main())
