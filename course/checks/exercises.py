"""What is known of an exercise besides the course's own function: what it takes, what is read back, which mistakes
people make. `course/mistakes/<lesson>.py` says it, once, for the notebook, for grading, for the report and for the
tests. Read one of those first, then course/checks/draws.py (how inputs are drawn)."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from course.checks.draws import DEVICE, FLOWS, TWICE, Draw, Drawn, drawn, hash_of
from course.checks.plan import Plan

# calls of an exercise that are made, and made besides before something is said of a wrong answer
AT_HOME, AT_HAND_IN, TO_CONFIRM = (
    120,
    60,
    80,
)
HOME = 20260101  # the draws at home are the same for everybody
# relative to 1 + |expected|; float32 has seven digits, and sums of a few hundred numbers keep five
TOLERANCE = {
    "torch.float32": 1e-4,
    "torch.float64": 1e-9,
}


@dataclass(frozen=True)
class Mistake:
    """A known mistake as the program that it is, and the words that name it."""

    words: str
    program: Callable


@dataclass
class Exercise:
    """An exercise as the checks know it.

    right: the course's own function or class. takes: draws a call, or a tuple of calls that belong together.
    seen(values, call): what is read back of what came (of each call's value, where there are several), and compared;
    None for the value itself. contract: what an answer has to keep to, of 'arguments', 'twice', 'dtype', 'flows',
    'device'; the docstring of the exercise says so.
    calls: how many are made at home. slips: whether slips are tried as words. kept: what was worked out once for it.
    """

    name: str
    right: Callable
    takes: Callable[[Draw], Any]
    seen: Callable[..., Any] | None = None
    tolerance: float | None = None
    contract: tuple[str, ...] = ("arguments", "twice", "dtype", "flows", "device")
    calls: int = AT_HOME
    slips: bool = True
    mistakes: list[Mistake] = field(default_factory=list)
    kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.right)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        return {
            name: part.default
            for name, part in self.signature.parameters.items()
            if part.default is not inspect.Parameter.empty
        }

    def bind(self, plan: Plan) -> dict[str, Any]:
        """A plan's arguments by name, defaults filled in."""
        bound = self.signature.bind(*plan.arguments, **plan.keywords)
        bound.apply_defaults()
        return dict(bound.arguments)

    def one(self, seed: int, number: int, replay: tuple | None = None, watched: bool = True) -> Drawn:
        """The drawn call of that number; the same for the same seed, or made again from choices."""
        watch = tuple(
            what
            for what, each in (("twice", TWICE), ("flows", FLOWS), ("device", DEVICE))
            if watched and what in self.contract and number % each == 1
        )
        return drawn(self.takes, self.bind, self.defaults, self.name, seed, number, replay, watch)

    def draws(self, seed: int | None, count: int = 0, first: int = 0) -> list[Drawn]:
        """The calls that an answer is judged by: at home (seed None) always the same, at hand-in others from the same
        description."""
        count = count or (self.calls if seed is None else min(self.calls, AT_HAND_IN))
        start = HOME if seed is None else hash_of(seed, 1)
        return [self.one(start, number, watched=not first) for number in range(first, first + count)]


_known: dict[tuple[str, str], Exercise] = {}
_mistakes: dict[tuple[str, str], list[Mistake]] = defaultdict(list)
_reasons: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)


def takes(right: Callable, **more: Any) -> Callable:
    """Marks a function that draws a call of the exercise: @takes(mse). Other fields of an Exercise by name:
    @takes(Adam, tolerance=1e-6)."""

    def mark(function: Callable[[Draw], Any]) -> Callable[[Draw], Any]:
        contract = {"contract": NO_GRADIENTS} if isinstance(right, type) else {}
        _known[_key(right)] = Exercise(
            right.__name__, right, function, **{"mistakes": _mistakes[_key(right)]} | contract | more
        )
        return function

    return mark


# a class keeps state, and what flows through it is its own affair
NO_GRADIENTS = (
    "arguments",
    "twice",
    "dtype",
    "device",
)


def mistake(right: Callable, words: str) -> Callable:
    """Marks a function (or class) that does what people do wrong in the exercise, and says in words what that is."""

    def mark(program: Callable) -> Callable:
        _mistakes[_key(right)].append(Mistake(words, program))
        return program

    return mark


def makes_no_difference(right: Callable, kind: str, because: str, change: str = "") -> None:
    """Says why a slip of that kind (with those words in its change) agrees with the right function: a reason that a
    reader can test."""
    _reasons[_key(right)].append((kind, change, because))


def reason_for(exercise: Exercise, kind: str, change: str) -> str:
    """The reason why a slip makes no difference, '' where none was given."""
    return next(
        (because for kinds, part, because in _reasons[_key(exercise.right)] if kinds == kind and part in change), ""
    )


def _key(right: Callable) -> tuple[str, str]:
    return right.__module__.rsplit(".", 1)[-1], right.__name__


def exercise_of(lesson: str, name: str) -> Exercise | None:
    """What course/mistakes/<lesson>.py says of an exercise; None where it says nothing, or is not here (in the sandbox
    it is not). lesson: "02-lines"."""
    module = lesson.split("-", 1)[-1].replace("-", "_")
    if (
        importlib.util.find_spec("course.mistakes") is None
        or importlib.util.find_spec(f"course.mistakes.{module}") is None
    ):
        return None
    importlib.import_module(f"course.mistakes.{module}")
    return _known.get((module, name))


def exercises_of(lesson: str) -> Mapping[str, Exercise]:
    """All that course/mistakes/<lesson>.py says, by name of exercise."""
    exercise_of(lesson, "")
    module = lesson.split("-", 1)[-1].replace("-", "_")
    return {name: known for (where, name), known in _known.items() if where == module}
