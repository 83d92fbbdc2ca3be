"""A call and what came of it: the plan that a check makes, and the one function that carries a plan out.
Every lesson's checks stand on it; the same code runs in the notebook and, in grading, inside the sandbox.
Read course/checks/sentences.py first: its sentences (`take`, `after`, `then`, ...) are the steps here."""

from __future__ import annotations

import contextlib
import io
import itertools
import random
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy
import torch
from torch import Tensor

MOST_ITEMS = 200_000
DEEPEST = 24
CALLED_BARE = ("train", "eval")  # methods without arguments; any other name without arguments is an attribute


class Name(str):
    """Stands among the arguments for a function of that name: one that a setup cell has defined, or another
    exercise."""


@dataclass(frozen=True)
class Seeded:
    """Stands among the arguments for a torch.Generator that starts from this seed."""

    seed: int


@dataclass(frozen=True)
class Plan:
    """A call of `target`, a name in the learner's notebook, and the steps that follow it.

    Each step is a tuple: ("take", n), ("after", method, args, kwargs), ("then", method, args, kwargs), ("attribute",
    name), ("doing", actions), ("repeated", n), ("gradient", argument).
    seed: what torch's own random numbers start from, None to leave them alone. watch: what else is looked at, of
    WATCHED.
    """

    target: str
    arguments: tuple = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[tuple, ...] = ()
    seed: int | None = None
    watch: tuple[str, ...] = ()

    def step(self, *step: Any) -> Plan:
        return replace(self, steps=(*self.steps, step))

    def take(self, n: int) -> Plan:
        """Go on with a list of the first n items of the result; fewer where it ends earlier."""
        return self.step("take", n)

    def after(self, method: str, *arguments: Any, **keywords: Any) -> Plan:
        """Call a method of the result and go on with the same object."""
        return self.step("after", method, arguments, keywords)

    def then(self, method: str, *arguments: Any, **keywords: Any) -> Plan:
        """Call a method of the result and go on with what it gives back."""
        return self.step("then", method, arguments, keywords)

    def attribute(self, name: str) -> Plan:
        """Go on with an attribute of the result."""
        return self.step("attribute", name)

    def doing(self, *actions: tuple | str) -> Plan:
        """Do several things with the object, one after another: ("step", gradient) calls a method, "parameters" reads
        an attribute.

        The result is the list of what each of them gave."""
        return self.step("doing", tuple((action,) if isinstance(action, str) else tuple(action) for action in actions))

    def repeated(self, n: int) -> Plan:
        """Make the same call, and follow the other steps, n times with fresh arguments; the result is the list of
        results.

        A generator among the arguments is one and the same in all of them."""
        return self.step("repeated", n)

    def gradient(self, argument: int = 0) -> Plan:
        """Go on with the gradient of the summed result by one of the arguments."""
        return self.step("gradient", argument)


@dataclass(frozen=True)
class Raised:
    """An exception as text: its type's name, its message, and the line of the learner's cell where it arose (0:
    elsewhere)."""

    kind: str
    message: str
    line: int = 0
    bases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opaque:
    """A value that has no plain form: a generator, an object of the learner's own class."""

    kind: str


WATCHED = ("twice", "flows", "device")


@dataclass(frozen=True)
class Observation:
    """What came of a plan: a plain value or an exception, and the arguments as the call left them.

    changed: the places of arguments that the call wrote into, also where it wrote what stood there; after the last of
    them stands what methods were given by "doing"; GRADIENTS, where autograd was left switched otherwise. Where the
    plan asked for it:
    twice: what a second call with the very same arguments gave, in a tuple; flows: by place of argument, whether a
    gradient reaches it (None where it takes none); device: where a call with arguments on torch's `meta` device put its
    result.
    """

    value: Any = None
    raised: Raised | None = None
    arguments: tuple = ()
    changed: tuple[int, ...] = ()
    twice: tuple = ()
    flows: tuple = ()
    device: str = ""


GRADIENTS = -1  # no argument's place


class TooLarge(ValueError):
    """A value with more items or deeper nesting than a check can want."""


def plain(value: Any) -> Any:
    """The value as numbers, text, lists, tuples, dicts, tensors and arrays, whatever honest subclass it came as.

    nn.Parameter becomes Tensor, torch.Size and torch's named results become tuple, OrderedDict becomes dict, a numpy
    scalar becomes a Python number, a network (nn.Module) {"network": its state_dict}. Anything else becomes Opaque.
    Raises TooLarge past MOST_ITEMS items or DEEPEST levels.
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
        if isinstance(value, torch.nn.Module):
            return {"network": walk(dict(value.state_dict()), depth + 1)}
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
    """Call the plan's target with fresh copies of its arguments, follow its steps, and look at what the plan asks to be
    watched.

    look_up gives the object behind a name. What the learner's code prints meanwhile is swallowed. Never raises for what
    the learner's code does, short of ending the process: an exception is part of the observation.
    """
    function, had_gradients = None, torch.is_grad_enabled()
    try:
        with (
            torch.set_grad_enabled(had_gradients),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            _float32_by_default(),
        ):
            function = look_up(plan.target)
            plan = replace(plan, steps=_made(plan.steps, look_up))
            given, named = _made(plan.arguments, look_up), _made(dict(plan.keywords), look_up)
            arguments, keywords = fresh(given), fresh(named)
            doing = replace(plan, steps=fresh(plan.steps))
            everything = (*arguments, *keywords.values(), doing.steps)
            # a gradient that the plan asks for is tracked by the plan itself
            tracks = not any(step[0] == "gradient" for step in plan.steps)
            before = [_traces(argument, tracks) for argument in everything]
            value = plain(_follow(doing, function, arguments, keywords))
            changed = tuple(
                place for place, argument in enumerate(everything) if _traces(argument, tracks) != before[place]
            )
            if torch.is_grad_enabled() != had_gradients:
                changed += (GRADIENTS,)
            left = plain(tuple(None if callable(argument) else argument for argument in arguments))
            twice = _twice(doing, function, arguments, keywords) if "twice" in plan.watch else ()
            flows = _flows(doing, function, fresh(given), fresh(named)) if "flows" in plan.watch else ()
            device = _device(doing, function, fresh(given), fresh(named)) if "device" in plan.watch else ""
    except (Exception, SystemExit) as error:
        return Observation(raised=as_text(error, function))
    return Observation(value, None, left, changed, twice, flows, device)


@contextlib.contextmanager
def _float32_by_default() -> Iterator[None]:
    """Whatever a notebook has set: a call is made as the course's own function is."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _made(value: Any, look_up: Callable[[str], Any]) -> Any:
    """The arguments with functions in the place of their names and generators in the place of their seeds."""
    if isinstance(value, Name):
        return look_up(str(value))
    if isinstance(value, Seeded):
        return torch.Generator().manual_seed(value.seed)
    if isinstance(value, tuple | list):
        return type(value)(_made(item, look_up) for item in value)
    if isinstance(value, dict):
        return {key: _made(item, look_up) for key, item in value.items()}
    return value


def _traces(value: Any, tracks: bool) -> Any:
    """What a call leaves behind in an argument that it writes into: torch counts its own writes, the bytes show NumPy's
    and `.data`'s. tracks: whether autograd's tracking, left switched on, is such a trace; gradients would pile up."""
    if isinstance(value, Tensor):
        content = value.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes()
        return value._version, tracks and value.requires_grad, value.shape, content
    if isinstance(value, numpy.ndarray):
        return value.tobytes()
    if isinstance(value, tuple | list):
        return [_traces(item, tracks) for item in value]
    if isinstance(value, dict):
        return [(key, _traces(item, tracks)) for key, item in value.items()]
    return value if isinstance(value, int | float | str | bool | None) else None


def _twice(plan: Plan, function: Callable, arguments: tuple, keywords: dict) -> tuple:
    try:
        return (plain(_follow(plan, function, arguments, keywords)),)
    except Exception as error:
        return (Opaque(type(error).__name__),)


def _flows(plan: Plan, function: Callable, arguments: tuple, keywords: dict) -> tuple:
    """By place of argument: whether a gradient of the result reaches it; None for what takes no gradient."""
    everything = [*arguments, *keywords.values()]
    takes = [isinstance(argument, Tensor) and argument.is_floating_point() for argument in everything]
    for argument in (argument for argument, takes_one in zip(everything, takes, strict=True) if takes_one):
        argument.requires_grad_(True)
    with torch.enable_grad(), contextlib.suppress(Exception):
        results = [result for result in _tensors(_follow(plan, function, arguments, keywords)) if result.requires_grad]
        asked = [argument for argument, takes_one in zip(everything, takes, strict=True) if takes_one]
        total = sum((result.sum() for result in results), torch.zeros(()))
        found = torch.autograd.grad(total, asked, allow_unused=True) if results and asked else [None] * len(asked)
        reached = iter(found)
        return tuple(next(reached) is not None if takes_one else None for takes_one in takes)
    return ()  # it stops where gradients are asked for: what is written into a tensor that takes one, say


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple | list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tensors(item)


def _device(plan: Plan, function: Callable, arguments: tuple, keywords: dict) -> str:
    """Where the result lies when the arguments lie on `meta`; '' where that cannot be told, for values cannot be read
    there."""
    with contextlib.suppress(Exception):
        results = list(_tensors(_follow(plan, function, _elsewhere(arguments), _elsewhere(keywords))))
        return (
            next((result.device.type for result in results if result.device.type != "meta"), "meta") if results else ""
        )
    return ""


def _elsewhere(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.to("meta")
    if isinstance(value, tuple | list):
        return type(value)(_elsewhere(item) for item in value)
    return {key: _elsewhere(item) for key, item in value.items()} if isinstance(value, dict) else value


def _follow(plan: Plan, function: Callable, arguments: tuple, keywords: dict) -> Any:
    between = (plan.seed or 0) % 3
    if plan.seed is not None:
        random.seed(plan.seed)
        numpy.random.seed(plan.seed % 2**32)
        # not torch.manual_seed, which takes a millisecond to tell devices that are not there
        torch.default_generator.manual_seed(plan.seed)
        plan = replace(plan, seed=None)
    repeats = [step[1] for step in plan.steps if step[0] == "repeated"]
    if repeats:
        once = replace(plan, steps=tuple(step for step in plan.steps if step[0] != "repeated"))
        return [
            plain(_follow(replace(once, steps=fresh(once.steps)), function, fresh(arguments), fresh(keywords)))
            for _ in range(repeats[0])
        ]
    steps = list(plan.steps)
    if steps and steps[0][0] == "gradient":
        argument = arguments[steps[0][1]].requires_grad_(True)
        return torch.autograd.grad(function(*arguments, **keywords).sum(), argument)[0]
    value = function(*arguments, **keywords)
    for kind, *what in steps:
        if kind == "take":
            # whoever loops draws, too
            value = [(plain(item), torch.rand(between))[0] for item in itertools.islice(_iterator(value), what[0])]
        elif kind == "attribute":
            value = getattr(value, what[0])
        elif kind == "doing":
            value = [plain(_done(value, *action)) for action in what[0]]
        else:
            name, more, named = what
            result = getattr(value, name)(*fresh(more), **fresh(named))
            value = result if kind == "then" else value
    return value


def _done(value: Any, name: str, *more: Any) -> Any:
    part = value if name == "__call__" else getattr(value, name)
    return part(*more) if more or name in CALLED_BARE else part


def _iterator(value: Any) -> Iterator:
    try:
        return iter(value)
    except TypeError:
        raise TypeError(
            f"something to loop over is wanted here (yield, a list, an iterator), and {type(value).__name__} came"
        ) from None


def as_text(error: BaseException, function: Any = None) -> Raised:
    """The exception as text, with the last line of the learner's own cell that it passed through."""
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__init__", None), "__code__", None)
    own = code.co_filename if code else None
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if own and frame.filename == own]
    try:
        message = str(error)
    except Exception:
        message = ""
    bases = tuple(base.__name__ for base in type(error).__mro__[1:-2])
    return Raised(type(error).__name__, message[:500], lines[-1] if lines else 0, bases)
