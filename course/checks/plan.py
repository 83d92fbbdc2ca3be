"""A call and what came of it: the plan that a check makes, and the one function that carries a plan out.
Every lesson's checks stand on it; the same code runs in the notebook and, in grading, inside the sandbox.
Read course/checks/sentences.py first: its sentences (`take`, `after`, `then`, ...) are the steps here."""

from __future__ import annotations

import contextlib
import io
import itertools
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy
import torch
from torch import Tensor

MOST_ITEMS = 200_000
DEEPEST = 24


@dataclass(frozen=True)
class Plan:
    """A call of `target`, a name in the learner's notebook, and the steps that follow it.

    Each step is a tuple: ("take", n), ("after", method, args, kwargs), ("then", method, args, kwargs),
    ("attribute", name), ("repeated", n), ("gradient", argument).
    """

    target: str
    arguments: tuple = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[tuple, ...] = ()

    def step(self, *step: Any) -> Plan:
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True)
class Raised:
    """An exception as text: its type's name, its message, and the line of the learner's cell where it arose (0: elsewhere)."""

    kind: str
    message: str
    line: int = 0
    bases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opaque:
    """A value that has no plain form: a generator, an object of the learner's own class."""

    kind: str


@dataclass(frozen=True)
class Observation:
    """What came of a plan: a plain value or an exception, and the arguments as the call left them."""

    value: Any = None
    raised: Raised | None = None
    arguments: tuple = ()


class TooLarge(ValueError):
    """A value with more items or deeper nesting than a check can want."""


def plain(value: Any) -> Any:
    """The value as numbers, text, lists, tuples, dicts, tensors and arrays, whatever honest subclass it came as.

    nn.Parameter becomes Tensor, torch.Size and torch's named results become tuple, OrderedDict becomes dict, a numpy
    scalar becomes a Python number. Anything else becomes Opaque. Raises TooLarge past MOST_ITEMS items or DEEPEST levels.
    """
    counter = itertools.count(1)

    def walk(value: Any, depth: int) -> Any:
        if next(counter) > MOST_ITEMS or depth > DEEPEST:
            raise TooLarge(f"more than {MOST_ITEMS:,} items, or nested deeper than {DEEPEST} levels")
        if value is None or isinstance(value, bool | numpy.bool_):
            return None if value is None else bool(value)
        if isinstance(value, torch.dtype | torch.device):
            return str(value)
        if isinstance(value, int | numpy.integer):
            return int(value)
        if isinstance(value, float | numpy.floating):
            return float(value)
        if isinstance(value, complex | numpy.complexfloating):
            return complex(value)
        if isinstance(value, str):
            return str(value)
        if isinstance(value, Tensor):
            return value.detach().as_subclass(Tensor).cpu().clone()
        if isinstance(value, numpy.ndarray):
            return numpy.array(value, subok=False)
        if isinstance(value, tuple | list):
            items = [walk(item, depth + 1) for item in value]
            return tuple(items) if isinstance(value, tuple) else items
        if isinstance(value, dict):
            return {walk(key, depth + 1): walk(item, depth + 1) for key, item in value.items()}
        return Opaque(type(value).__name__)

    return walk(value, 0)


def fresh(value: Any) -> Any:
    """A copy that the callee may change without harm to the original; functions stay as they are."""
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, numpy.ndarray):
        return value.copy()
    if isinstance(value, tuple | list):
        return type(value)(fresh(item) for item in value)
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return value


def carry_out(plan: Plan, look_up: Callable[[str], Any]) -> Observation:
    """Call the plan's target with fresh copies of its arguments and follow its steps.

    look_up gives the object behind a name. What the learner's code prints meanwhile is swallowed. Never raises for what
    the learner's code does, short of ending the process: an exception is part of the observation.
    """
    arguments, keywords = fresh(plan.arguments), fresh(dict(plan.keywords))
    function = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            function = look_up(plan.target)
            value = plain(_follow(plan, function, arguments, keywords))
            arguments = plain(tuple(None if callable(argument) else argument for argument in arguments))
    except (Exception, SystemExit) as error:
        return Observation(raised=as_text(error, function))
    return Observation(value=value, arguments=arguments)


def _follow(plan: Plan, function: Callable, arguments: tuple, keywords: dict) -> Any:
    repeats = [step[1] for step in plan.steps if step[0] == "repeated"]
    if repeats:
        once = replace(plan, steps=tuple(step for step in plan.steps if step[0] != "repeated"))
        return [plain(_follow(once, function, fresh(arguments), fresh(keywords))) for _ in range(repeats[0])]
    steps = list(plan.steps)
    if steps and steps[0][0] == "gradient":
        argument = arguments[steps[0][1]].requires_grad_(True)
        return torch.autograd.grad(function(*arguments, **keywords).sum(), argument)[0]
    value = function(*arguments, **keywords)
    for kind, *what in steps:
        if kind == "take":
            value = [plain(item) for item in itertools.islice(_iterator(value), what[0])]
        elif kind == "attribute":
            value = getattr(value, what[0])
        else:
            name, more, named = what
            result = getattr(value, name)(*fresh(more), **fresh(named))
            value = result if kind == "then" else value
    return value


def _iterator(value: Any) -> Iterator:
    try:
        return iter(value)
    except TypeError:
        raise TypeError(f"something to loop over is wanted here (yield, a list, an iterator), and {type(value).__name__} came") from None


def as_text(error: BaseException, function: Any = None) -> Raised:
    """The exception as text, with the last line of the learner's own cell that it passed through."""
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__init__", None), "__code__", None)
    own = code.co_filename if code else None
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if own and frame.filename == own]
    try:
        message = str(error)
    except Exception:
        message = ""
    bases = tuple(base.__name__ for base in type(error).__mro__[1:-2])
    return Raised(type(error).__name__, message[:500], lines[-1] if lines else 0, bases)
