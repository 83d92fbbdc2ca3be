"""An exercise's drawn calls, made with an answer and with the course's own function, and what is wrong with each.
Every check cell of an exercise reads the same calls; nothing here has words for people but the contract's.
Read course/checks/exercises.py first; course/checks/diagnosis.py finds out what was done wrong."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from course.checks.compare import Difference, difference
from course.checks.draws import Drawn, simpler
from course.checks.exercises import TO_CONFIRM, TOLERANCE, Exercise
from course.checks.plan import GRADIENTS, Observation, Plan, carry_out, plain

Run = Callable[[Sequence[Plan]], list[Observation]]
SECONDS_TO_SHRINK = 0.5


@dataclass
class Seen:
    """One drawn example with what an answer, or a program in its place, made of it: its value as it is compared, or how
    it ended."""

    drawn: Drawn
    observations: tuple[Observation, ...]
    value: Any = None
    raised: Any = None

    @classmethod
    def of(cls, exercise: Exercise, drawn: Drawn, observations: Sequence[Observation]) -> Seen:
        raised = next((seen.raised for seen in observations if seen.raised), None)
        values = [seen.value for seen in observations]
        value = None if raised else values[0] if len(values) == 1 else values
        if exercise.seen is not None and raised is None:
            try:
                value = plain(exercise.seen(value, drawn.bound))
            except Exception:
                value = "something of another kind than what the docstring names"
        return cls(drawn, tuple(observations), value, raised)

    def only(self, quantities: tuple[str, ...]) -> Seen:
        """The same with these of the quantities that were read back; with all of them where none is named."""
        if not quantities or not isinstance(self.value, dict):
            return self
        return replace(self, value={name: value for name, value in self.value.items() if name in quantities})


def make(exercise: Exercise, draws: Sequence[Drawn], run: Run) -> list[Seen]:
    """Make all the calls of these draws, in their order, and read back what came."""
    observations = iter(run([plan for drawn in draws for plan in drawn.plans]))
    return [Seen.of(exercise, drawn, [next(observations) for _ in drawn.plans]) for drawn in draws]


def mark_of(seen: Sequence[Seen]) -> str:
    """A short text that is the same for answers that gave the same in these calls, to five digits; '' where all of them
    stopped."""
    if all(one.raised for one in seen):
        return ""
    parts = [one.raised.kind if one.raised else repr(_rounded(one.value)) for one in seen]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _rounded(value: Any) -> Any:
    if isinstance(value, Tensor):
        return [list(value.shape), [_rounded(part) for part in value.flatten()[:500].tolist()]]
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value[:500]]
    if isinstance(value, dict):
        return {str(key): _rounded(part) for key, part in value.items()}
    return float(f"{value:.5g}") + 0.0 if isinstance(value, float) else value


def run_program(
    program: Callable, exercise: Exercise, names: Mapping[str, Any], unwatched: tuple[str, ...] = ()
) -> Run:
    """What carries out plans with a program in the place of the answer, in this process. unwatched: what is not looked
    at, though the plans ask for it."""

    def look_up(name: str) -> Any:
        return program if name == exercise.name else names[name]

    return lambda plans: [
        carry_out(replace(plan, watch=tuple(what for what in plan.watch if what not in unwatched)), look_up)
        for plan in plans
    ]


def off(exercise: Exercise, came: Seen, wanted: Seen, same_dtype: bool = False) -> Difference | None:
    """How what came differs from what is wanted; None where it does not. An exception is wanted where the course's own
    function raises one."""
    if wanted.raised:
        if came.raised and wanted.raised.kind in (came.raised.kind, *came.raised.bases):
            return None
        return Difference(
            f"a {wanted.raised.kind} is wanted here, and "
            + (f"{came.raised.kind} came" if came.raised else "the call went through")
        )
    if came.raised:
        return Difference(f"your code stopped with {came.raised.kind}")
    return difference(
        came.value, wanted.value, tolerance=tolerance_of(exercise, came.value, wanted.value), same_dtype=same_dtype
    )


def tolerance_of(exercise: Exercise, *values: Any) -> float:
    """That of the coarsest dtype among the values: a result in another dtype is the contract's affair, and right in its
    value as far as it goes."""
    if exercise.tolerance is not None:
        return exercise.tolerance
    dtypes = {str(part.dtype) for value in values for part in tensors_in(value)}
    return max((TOLERANCE.get(dtype, 0.0) for dtype in dtypes), default=1e-6)


def tensors_in(value: Any) -> list[Tensor]:
    """The tensors in a value, in its lists, tuples and dicts too."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, list | tuple | dict):
        return [part for item in (value.values() if isinstance(value, dict) else value) for part in tensors_in(item)]
    return []


def _dtypes(value: Any) -> list[torch.dtype]:
    return [part.dtype for part in tensors_in(value)]


@dataclass
class Breach:
    """A way in which a call broke the contract: which part of it, the words for it, and the call it is seen in."""

    part: str
    words: str
    drawn: Drawn


@dataclass
class Judgement:
    """An exercise's answer over its drawn calls: what came and what was wanted, call by call.

    run carries out further plans on the answer; names are the lesson's own functions; seed is None at home. keeps: what
    a smaller call has to be like, for the check that asks, and only: which quantities it reads. named: what was found
    to be done wrong, once that was looked for, and mark: what others share who do the same. covered: the calls that
    some check has asked about; contract_asked: whether one asked for the contract.
    """

    exercise: Exercise
    run: Run
    names: Mapping[str, Any]
    seed: int | None = None
    keeps: Callable[[Any], bool] | None = None
    only: tuple[str, ...] = ()
    named: Any = None
    mark: str | None = None
    covered: set[int] = field(default_factory=set)
    contract_asked: bool = False
    seen: list[Seen] = field(default_factory=list)
    wanted: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        draws = self.exercise.draws(self.seed)
        self.wanted = self._wanted(draws, 0)
        self.seen = make(self.exercise, draws, self.run)

    def _wanted(self, draws: list[Drawn], first: int) -> list[Seen]:
        """What the course's own function gives; at home, where draws are always the same, worked out once."""
        kept = self.exercise.kept if self.seed is None else {}
        if first not in kept:
            kept[first] = make(self.exercise, draws, self.rightly(unwatched=("device",)))
        return kept[first]

    def rightly(self, unwatched: tuple[str, ...] = ()) -> Run:
        """What carries out plans with the course's own function."""
        return run_program(self.exercise.right, self.exercise, self.names, unwatched)

    @cached_property
    def differences(self) -> list[Difference | None]:
        """For each call what is wrong with its value, its dtype aside, which is the contract's."""
        return [off(self.exercise, came, wanted) for came, wanted in zip(self.seen, self.wanted, strict=True)]

    @property
    def wrong(self) -> list[int]:
        return [place for place, found in enumerate(self.differences) if found]

    def differs(self, place: int, quantities: tuple[str, ...]) -> Difference | None:
        """What is wrong with these of the quantities that were read back of a call."""
        return self.differences[place] and off(
            self.exercise, self.seen[place].only(quantities), self.wanted[place].only(quantities)
        )

    @cached_property
    def more(self) -> tuple[list[Seen], list[Seen]]:
        """Further calls, made only once something is to be said of a wrong answer: (what came, what was wanted)."""
        draws = self.exercise.draws(self.seed, min(TO_CONFIRM, 2 * self.exercise.calls), first=1000)
        return make(self.exercise, draws, self.run), self._wanted(draws, 1000)

    def among(self, where: Callable[[Any], bool] | None, fixed: Mapping[str, Any]) -> list[int]:
        """The calls that an aspect is about. Raises ValueError where no draw is of that kind."""
        found = [
            place
            for place, seen in enumerate(self.seen)
            if all(_same(getattr(seen.drawn.bound, name), value) for name, value in fixed.items())
            and (where is None or where(seen.drawn.bound))
        ]
        self.covered |= set(found)
        if not found:
            raise ValueError(
                f"none of the {len(self.seen)} calls that are drawn for {self.exercise.name} is one that this check is "
                "about"
            )
        return found

    @cached_property
    def breaches(self) -> list[Breach]:
        """Where the contract was broken, in calls whose value is right: the first of each kind."""
        found: dict[str, Breach] = {}
        for came, wanted, wrong in zip(self.seen, self.wanted, self.differences, strict=True):
            if came.raised or wanted.raised:
                continue
            for plan, one, other in zip(came.drawn.plans, came.observations, wanted.observations, strict=True):
                for part, words in self._broken(came, plan, one, other, wrong):
                    if part in self.exercise.contract:
                        found.setdefault(part, Breach(part, words, came.drawn))
        return list(found.values())

    def _broken(self, came: Seen, plan: Plan, one: Observation, other: Observation, wrong: Difference | None):
        names = [*self.exercise.signature.parameters]
        right, also = (
            ("the values are right in some calls only, and in one of those", "")
            if self.wrong
            else ("the values are right,", "and ")
        )
        changed = [place for place in one.changed if place not in other.changed]
        written = [_argument(names, came.drawn.plans[0], place) for place in changed if place != GRADIENTS]
        if GRADIENTS in changed:
            yield (
                "arguments",
                "gradients are still switched off after the call, for everybody: `with torch.no_grad():` switches them "
                "on again at its end",
            )
        if written:
            yield (
                "arguments",
                (
                    f"the call wrote into its argument {written[0]}, and whoever called still needs it as it was: "
                    "`+=`, `-=`, `x[...] = `, `x.requires_grad = True` and methods that end in `_` write into the "
                    "tensor that came in"
                ),
            )
        if wrong:
            return
        if one.twice and other.twice and self.exercise.seen is None:
            if difference(
                one.twice[0],
                other.twice[0],
                tolerance=tolerance_of(self.exercise, one.twice[0], other.twice[0]),
                same_dtype=False,
            ):
                yield (
                    "twice",
                    "right the first time, and wrong when it is called again with the same arguments: something is "
                    "kept from one call to the next",
                )
        pairs = zip(_dtypes(one.value), _dtypes(other.value), strict=False)
        for came_in, wanted_in in (pair for pair in pairs if pair[0] != pair[1]):
            found = difference(torch.zeros((), dtype=came_in), torch.zeros((), dtype=wanted_in))
            hint = f" ({found.mistake})" if found and found.mistake else ""
            words = f"{came_in} came, and {wanted_in} is wanted".replace("torch.", "") + hint
            yield "dtype", f"{right} the dtype is not: {words}"
        for place, (reached, reaches) in enumerate(zip(one.flows, other.flows, strict=False)):
            if reaches and not reached:
                yield (
                    "flows",
                    (
                        f"{right} {also}no gradient reaches {_argument(names, came.drawn.plans[0], place)}: "
                        + (
                            "there the result is made without it"
                            if self.wrong
                            else "`.detach()`, `.data`, `.item()`, `no_grad`, NumPy and `torch.tensor(...)` cut it "
                            "off, "
                            "and who trains with this function would learn nothing"
                        )
                    ),
                )
        if one.device not in ("", "meta") and self._stays(plan):
            yield (
                "device",
                (
                    f"{right} {also}the result lies on another device than what came in: hand on `device=x.device`, "
                    "or make new tensors from the one that came (`torch.zeros_like(x)`, `x.new_zeros(...)`)"
                ),
            )

    def _stays(self, plan: Plan) -> bool:
        """Whether the course's own result lies where its arguments lie; asked only where an answer's does not, for it
        costs a second the first time."""
        return self.rightly()([replace(plan, watch=("device",))])[0].device == "meta"

    def smallest(self, place: int, about: set[int] | None = None) -> tuple[Seen, Seen]:
        """The simplest call found that shows what this one shows, and is of the kind that the check is about: (what
        came, what was wanted)."""
        began, best = time.monotonic(), (self.seen[place].only(self.only), self.wanted[place].only(self.only))
        if len(best[0].drawn.plans) != 1 and self.exercise.seen is None:
            return best
        start = min(
            (self.seen[other].drawn for other in self.wrong if about is None or other in about),
            key=lambda one: one.size,
        )
        best = next(
            (self.seen[other].only(self.only), self.wanted[other].only(self.only))
            for other in self.wrong
            if self.seen[other].drawn is start
        )
        stopped = bool(best[0].raised)
        smaller = True
        while smaller and time.monotonic() - began < SECONDS_TO_SHRINK:
            smaller = False
            for choices in simpler(best[0].drawn.choices):
                if time.monotonic() - began > SECONDS_TO_SHRINK:
                    break
                found = self._try(choices, best[0].drawn, stopped)
                if found:
                    best, smaller = found, True
                    break
        return best

    def _try(self, choices: tuple, like: Drawn, stopped: bool) -> tuple[Seen, Seen] | None:
        try:
            drawn = self.exercise.one(0, like.number, choices, watched=False)
        except Exception:
            return None
        if drawn.size >= like.size or (self.keeps is not None and not self.keeps(drawn.bound)):
            return None
        wanted = make(self.exercise, [drawn], self.rightly())[0]
        if wanted.raised and wanted.raised.kind != "ValueError":
            return None
        came = make(self.exercise, [drawn], self.run)[0]
        came, wanted = came.only(self.only), wanted.only(self.only)
        return (came, wanted) if off(self.exercise, came, wanted) and bool(came.raised) == stopped else None


def _argument(names: list[str], plan: Plan, place: int) -> str:
    """The argument in that place of a plan, in words: first those by place, then those by name, and last what its
    methods were given."""
    if place == len(plan.arguments) + len(plan.keywords):
        doing = [action for kind, *what in plan.steps if kind == "doing" for action in what[0]]
        return f"of `{next(action[0] for action in doing if not isinstance(action, str))}`"
    return f"`{names[place] if place < len(plan.arguments) else [*plan.keywords][place - len(plan.arguments)]}`"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        return (
            isinstance(one, Tensor)
            and isinstance(other, Tensor)
            and one.shape == other.shape
            and torch.equal(one, other)
        )
    return one == other
