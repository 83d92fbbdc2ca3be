"""Contrasts: what separates the calls in which an answer is right from those in which it is wrong, where no program
tells more. No lesson teaches it; course/checks/diagnosis.py asks last.
Read course/checks/judging.py first."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from course.checks.compare import difference
from course.checks.draws import Bound, Drawn
from course.checks.judging import Judgement, make, off
from course.checks.plan import Plan

WRONG_WITH, WRONG_WITHOUT, FEWEST = 0.75, 0.0, 3
RARE = 0.2  # said only where at most this share of the exercise's own slips shows the same


KEPT = (
    "called again with other numbers of the same shape it gives what it gave before: something is kept from one "
    "call to the next"
)


@dataclass(frozen=True)
class Feature:
    """Something that a call has or has not: the words for calls with it, whether one has it, and an argument of the
    same call without it."""

    words: str
    has: Callable[[Drawn], bool]
    without: Callable[[Any, str], Any]
    argument: str


def contrast(judgement: Judgement, lesson: str, seconds: float) -> str:
    """'right in all calls but those with `stride` above its default'; '' where nothing separates them, or where much
    else would show the same."""
    kept = _the_call_before(judgement)
    if kept:
        return kept
    began, wrong = time.process_time(), set(judgement.wrong)
    found = [
        feature for feature in features(judgement) if shows(feature, [seen.drawn for seen in judgement.seen], wrong)
    ]
    for feature in found:
        if time.process_time() - began > seconds:
            break
        if _mends(judgement, feature, wrong) and _is_rare(judgement, lesson, feature):
            return _words(judgement, feature, wrong)
    return ""


def _words(judgement: Judgement, feature: Feature, wrong: set[int]) -> str:
    with_it = [place for place, seen in enumerate(judgement.seen) if feature.has(seen.drawn)]
    if judgement.seed is not None:
        return f"right in calls without it, wrong in calls {feature.words}"
    failed = len(wrong & set(with_it))
    others = len(judgement.seen) - len(with_it)
    return (
        f"right in all {others} calls of the other kind, wrong in {failed} of the {len(with_it)} calls {feature.words}"
    )


def _the_call_before(judgement: Judgement) -> str:
    """A result that is kept by shape shows where a call with other numbers gives what was right in the one before."""
    wrong = set(judgement.wrong)
    again = [
        place
        for place in judgement.wrong
        if judgement.seen[place].drawn.again
        and place
        and not judgement.seen[place].raised
        and not judgement.seen[place - 1].raised
        and place - 1 not in wrong
    ]
    same = [
        place
        for place in again
        if difference(judgement.seen[place].value, judgement.seen[place - 1].value, tolerance=1e-9, same_dtype=False)
        is None
        and difference(
            judgement.wanted[place].value, judgement.wanted[place - 1].value, tolerance=1e-3, same_dtype=False
        )
    ]
    kinds = {repr(judgement.seen[place].value) for place in same}  # what gives the same in every call keeps nothing
    if len(kinds) > 1 and len(same) >= FEWEST and len(same) > 0.7 * len(again):
        return KEPT
    return ""


def features(judgement: Judgement) -> Iterator[Feature]:
    exercise = judgement.exercise
    for name in exercise.signature.parameters:
        values = [getattr(seen.drawn.bound, name, None) for seen in judgement.seen]
        if name in exercise.defaults:
            yield _off_its_default(name, exercise.defaults[name])
        if any(isinstance(value, Tensor) for value in values):
            yield from _of_tensors(name, min(value.ndim if isinstance(value, Tensor) else 0 for value in values))
        elif all(isinstance(value, list) for value in values):
            yield from _of_lists(name)
        elif all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            yield from _of_numbers(name)
    yield Feature(
        "in float64",
        lambda drawn: any(
            isinstance(value, Tensor) and value.dtype == torch.float64 for value in vars(drawn.bound).values()
        ),
        lambda value, _: value.float() if isinstance(value, Tensor) and value.dtype == torch.float64 else value,
        "",
    )


def _off_its_default(name: str, usual: Any) -> Feature:
    return Feature(
        f"in which `{name}` is not {usual!r}, its default",
        lambda drawn: not _equal(getattr(drawn.bound, name), usual),
        lambda value, _: usual,
        name,
    )


def _of_lists(name: str) -> Iterator[Feature]:
    yield Feature(
        f"with a single one in `{name}`",
        lambda drawn: len(getattr(drawn.bound, name)) == 1,
        lambda value, _: [*value, *value],
        name,
    )
    yield Feature(
        f"with more than one in `{name}`",
        lambda drawn: len(getattr(drawn.bound, name)) > 1,
        lambda value, _: value[:1],
        name,
    )


def _of_numbers(name: str) -> Iterator[Feature]:
    yield Feature(
        f"in which `{name}` is not a whole number",
        lambda drawn: getattr(drawn.bound, name) != int(getattr(drawn.bound, name)),
        lambda value, _: type(value)(round(value)),
        name,
    )
    yield Feature(
        f"in which `{name}` is 0",
        lambda drawn: getattr(drawn.bound, name) == 0,
        lambda value, _: type(value)(1),
        name,
    )
    yield Feature(
        f"in which `{name}` is above 1",
        lambda drawn: getattr(drawn.bound, name) > 1,
        lambda value, _: type(value)(1),
        name,
    )


def _of_tensors(name: str, fewest_axes: int) -> Iterator[Feature]:
    def of(drawn: Drawn) -> Tensor:
        value = getattr(drawn.bound, name)
        return value if isinstance(value, Tensor) else torch.zeros(())

    def sides(value: Tensor) -> tuple[int, ...]:
        return tuple(value.shape[-2:])

    def square(value: Tensor) -> Tensor:
        side = min(sides(value))
        return value[..., :side, :side]

    yield Feature(
        f"with a number below zero in `{name}`",
        lambda drawn: bool((of(drawn) < 0).any()),
        lambda value, _: value.abs(),
        name,
    )
    yield Feature(
        f"with a zero in `{name}`",
        lambda drawn: bool((of(drawn) == 0).any()),
        lambda value, _: value + (value == 0).to(value.dtype),
        name,
    )
    yield Feature(
        f"with equal numbers in `{name}`",
        lambda drawn: of(drawn).numel() > of(drawn).unique().numel(),
        lambda value, _: (
            value + torch.arange(value.numel()).reshape(value.shape).to(value.dtype) / 64
            if value.is_floating_point()
            else None
        ),
        name,
    )
    if fewest_axes > 1:  # what has one axis is neither square nor not
        yield Feature(
            f"in which `{name}` is not square",
            lambda drawn: sides(of(drawn))[0] != sides(of(drawn))[1],
            lambda value, _: square(value),
            name,
        )
    yield Feature(
        f"in which `{name}` has two axes",
        lambda drawn: of(drawn).ndim == 2,
        lambda value, _: value[..., None, None],
        name,
    )
    yield Feature(
        f"in which `{name}` has more than two axes",
        lambda drawn: of(drawn).ndim > 2,
        lambda value, _: value.flatten(2)[..., 0],
        name,
    )
    yield Feature(
        f"in which `{name}` has other than two axes",
        lambda drawn: of(drawn).ndim != 2,
        lambda value, _: value.reshape(-1, value.shape[-1]),
        name,
    )
    yield Feature(
        f"with more than a hundred rows in `{name}`",
        lambda drawn: of(drawn).ndim > 0 and len(of(drawn)) > 100,
        lambda value, _: value[:50],
        name,
    )
    yield Feature(
        f"with more than one row in `{name}`",
        lambda drawn: of(drawn).ndim > 0 and len(of(drawn)) > 1,
        lambda value, _: value[:1],
        name,
    )
    yield Feature(
        f"with a single row in `{name}`",
        lambda drawn: of(drawn).ndim > 0 and len(of(drawn)) == 1,
        lambda value, _: torch.cat([value, value + 1]),
        name,
    )
    yield Feature(
        f"in which `{name}` does not lie in memory row by row",
        lambda drawn: not of(drawn).is_contiguous(),
        lambda value, _: value.contiguous(),
        name,
    )


def _equal(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _mends(judgement: Judgement, feature: Feature, wrong: set[int]) -> bool:
    """Whether failing calls come right once this alone is taken from them; draws can be confounded, and a contrast that
    mends nothing is no cause."""
    mended = tried = 0
    for place in sorted(wrong, key=lambda place: judgement.seen[place].drawn.size)[:12]:
        drawn = judgement.seen[place].drawn
        try:
            plans = tuple(_changed(judgement, plan, feature) for plan in drawn.plans)
            if feature.has(replace(drawn, bound=Bound(judgement.exercise.bind(plans[0])))):
                continue
        except Exception:
            continue
        changed = replace(drawn, plans=plans, bound=Bound(judgement.exercise.bind(plans[0])))
        wanted = make(judgement.exercise, [changed], judgement.rightly())[0]
        if wanted.raised:
            continue
        tried += 1
        mended += off(judgement.exercise, make(judgement.exercise, [changed], judgement.run)[0], wanted) is None
    return tried >= 2 and mended == tried


def _changed(judgement: Judgement, plan: Plan, feature: Feature) -> Plan:
    names = [*judgement.exercise.signature.parameters]

    def change(name: str, value: Any) -> Any:
        if (feature.argument and name != feature.argument) or (not feature.argument and not isinstance(value, Tensor)):
            return value
        return feature.without(value, name)

    return replace(
        plan,
        arguments=tuple(change(name, value) for name, value in zip(names, plan.arguments, strict=False)),
        keywords={name: change(name, value) for name, value in plan.keywords.items()},
        watch=(),
    )


def _is_rare(judgement: Judgement, lesson: str, feature: Feature) -> bool:
    """Whether few of the exercise's own slips would show the same contrast: what everything shows tells nobody
    anything. The build has counted."""
    return counted(lesson).get(judgement.exercise.name, {}).get("rare", {}).get(feature.words, 0.0) <= RARE


@cache
def counted(lesson: str) -> dict[str, Any]:
    """What the build has proved of a lesson's exercises (grader/judging/proof.py); nothing where it was not built."""
    file = Path(__file__).parent.parent / "mistakes" / "proofs" / f"{lesson.split('-', 1)[-1].replace('-', '_')}.json"
    return json.loads(file.read_text(encoding="utf-8"))["exercises"] if file.is_file() else {}


def shows(feature: Feature, calls: list[Drawn], wrong: set[int]) -> bool:
    """Whether a feature separates the calls that are wrong from those that are right."""
    try:
        with_it = {place for place, drawn in enumerate(calls) if feature.has(drawn)}
    except (TypeError, RuntimeError, ValueError, AttributeError):
        return False
    without = set(range(len(calls))) - with_it
    return (
        len(with_it) >= FEWEST
        and len(without) >= FEWEST
        and len(wrong & with_it) >= WRONG_WITH * len(with_it)
        and len(wrong & without) <= WRONG_WITHOUT * len(without)
    )
