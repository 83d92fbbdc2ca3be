"""Drawing the calls that an answer is judged by: sizes, numbers and choices, with the ends of every range and every
corner among them. No lesson teaches it; `course/mistakes/<lesson>.py` says for each exercise what it takes, and
course/checks/judging.py asks for the calls.
Read course/checks/plan.py first: what is drawn is a Plan."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from course.checks.plan import Name, Plan, Seeded

# Numbers that are exact in their dtype as far as that goes: float32 in eighths, compared to 1e-4; float64 in tenths, to
# 1e-9.
WHOLE = [0, 1, -1, 2, -2, 3, -3]
EIGHTHS = [*WHOLE, *(sign * eighth / 8 for eighth in range(1, 24) if eighth % 8 for sign in (1, -1))]
TENTHS = [*WHOLE, *(sign * tenth / 10 for tenth in range(1, 30) if tenth % 10 for sign in (1, -1))]
TWICE, FLOWS, DEVICE = 4, 3, 10  # every so many calls are made twice, asked whether gradients flow, and made on `meta`


def call(*arguments: Any, **keywords: Any) -> Plan:
    """A call of the exercise with these arguments; steps may follow, as in a check: call(x, rate).doing(("step", g),
    "parameters")."""
    return Plan("", arguments, keywords)


@dataclass(frozen=True)
class Drawn:
    """One drawn example: the calls it consists of (mostly one), where it came from, and its arguments by name, `where=`
    reads them.

    again: drawn with the structure of the one before it and other numbers, so that what was kept by shape is wrong
    here.
    """

    plans: tuple[Plan, ...]
    choices: tuple
    number: int
    again: bool
    bound: Any

    @property
    def size(self) -> tuple:
        """How large it is, for a reader: numbers in it, what is not at its simplest, how long they are to write."""
        numbers = sum(len(choice) if isinstance(choice, tuple) else 0 for choice in self.choices)
        return (
            numbers,
            sum(choice for choice in self.choices if isinstance(choice, int)),
            sum(sum(choice) for choice in self.choices if isinstance(choice, tuple)),
        )


class Draw:
    """What a description of an exercise's inputs draws from. Every choice is written down, the simplest as 0, so that
    it can be made again, simpler."""

    def __init__(self, number: int, structure: int, numbers: int, replay: Sequence | None = None) -> None:
        self.number = number
        # which of an exercise's checks the call is about, where its arguments do not tell: agrees(about="memory")
        self.about = ""
        self._structure, self._numbers = random.Random(structure), random.Random(numbers)
        self._replay = None if replay is None else iter(replay)
        self.choices: list = []
        self.dtype = torch.float64 if self._choice(2, lambda: int(number % 4 == 3)) else torch.float32

    def _choice(self, options: int, pick: Callable[[], int]) -> int:
        """One of so many options, 0 the simplest: picked, or, in a replay, the one that was said, as far as there are
        so many."""
        if self._replay is None:
            chosen = pick()
        else:
            said = next(self._replay, 0)
            chosen = min(said, options - 1) if isinstance(said, int) else 0
        self.choices.append(chosen)
        return chosen

    def whole(self, least: int, most: int) -> int:
        """A whole number from least to most, both among them; each end a quarter of the time."""

        def pick() -> int:
            share = self._structure.random()
            return 0 if share < 0.25 else most - least if share < 0.5 else self._structure.randint(0, most - least)

        return least + self._choice(max(1, most - least + 1), pick)

    def maybe(self, usual: int, least: int, most: int) -> int:
        """The usual number half of the time, else one from least to most. Where it is the parameter's default it may be
        left out of the call."""
        return usual if self._choice(2, lambda: self._structure.randint(0, 1)) == 0 else self.whole(least, most)

    def one_of(self, *options: Any) -> Any:
        """One of these, each as likely; the first is the simplest."""
        return options[self._choice(len(options), lambda: self._structure.randrange(len(options)))]

    def named(self, *names: str) -> Name:
        """One of these functions, by name: a setup cell of the lesson has defined it."""
        return Name(self.one_of(*names))

    def generator(self) -> Seeded:
        """A torch.Generator that starts from a seed of its own."""
        return Seeded(self._choice(2**31, lambda: self._numbers.randrange(2**31)))

    def seed(self) -> int:
        """A seed."""
        return self._choice(2**31, lambda: self._numbers.randrange(2**31))

    def rows(self, least: int = 1, most: int = 7, turn: int = 7) -> int:
        """How many rows: the ends a quarter of the time each, and in one call of twelve, that of the turn, more than a
        hundred."""
        return (
            self.whole(101, 130) if self._choice(2, lambda: int(self.number % 12 == turn)) else self.whole(least, most)
        )

    def number_between(self, least: float, most: float) -> float:
        """A number from least to most in twentieths of the way, both ends among them."""
        return least + (most - least) * self.whole(0, 20) / 20

    def tensor(
        self, *shape: int, least: float = -3, most: float = 3, dtype: torch.dtype | None = None, distinct: bool = False
    ) -> Tensor:
        """Numbers of the call's dtype, from least to most; whole ones with ties among them in every fifth call, where
        distinct does not forbid it."""
        dtype = dtype or self.dtype
        values = [value for value in (TENTHS if dtype is torch.float64 else EIGHTHS) if least <= value <= most]
        few = [value for value in values if value == int(value)]
        if self.number % 5 == 2 and not distinct and len(few) > 1:
            values = few
        return self._filled(shape, values, dtype, distinct)

    def integers(self, *shape: int, least: int = 0, most: int = 9) -> Tensor:
        """Whole numbers from least to most as int64: labels, places, counts."""
        return self._filled(shape, list(range(least, most + 1)), torch.int64, False)

    def bits(self, *shape: int, dtype: torch.dtype | None = None) -> Tensor:
        """Zeros and ones, in the call's dtype unless another is said."""
        return self._filled(shape, [0, 1], dtype or self.dtype, False)

    def _filled(self, shape: Sequence[int], values: list, dtype: torch.dtype, distinct: bool) -> Tensor:
        count = 1
        for length in shape:
            count *= length
        if distinct:
            step = 1 / (64 if dtype is torch.float32 else 100)
            more = 1
            while len(values) < count:
                values = values + [value + more * step for value in values[: len(TENTHS)]]
                more += 1
        said = None if self._replay is None else next(self._replay, ())
        if said is None:
            chosen = (
                self._numbers.sample(range(len(values)), count)
                if distinct
                else [self._numbers.randrange(len(values)) for _ in range(count)]
            )
        else:
            said = said if isinstance(said, tuple) else ()
            chosen = [min(place, len(values) - 1) for place in said[:count]]
            unused = iter([place for place in range(len(values)) if place not in chosen]) if distinct else iter(())
            seen: set[int] = set()
            for index, place in enumerate(chosen):
                if distinct and place in seen:
                    chosen[index] = next(unused)
                seen.add(chosen[index])
            chosen += [next(unused) if distinct else 0 for _ in range(count - len(chosen))]
        self.choices.append(tuple(chosen))
        made = torch.tensor([values[place] for place in chosen], dtype=dtype).reshape(tuple(shape))
        if len(shape) > 1 and self._choice(2, lambda: int(self.number % 8 == 6)):
            # the same numbers, lying in memory another way
            made = made.transpose(-1, -2).contiguous().transpose(-1, -2)
        return made


class Bound:
    """A drawn call's arguments by name, defaults filled in; `where=` and claims read them: call.stride. call.doing:
    what is done with the object then."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def drawn(
    takes: Callable[[Draw], Any],
    bind: Callable[[Plan], dict[str, Any]],
    defaults: dict[str, Any],
    name: str,
    seed: int,
    number: int,
    replay: Sequence | None = None,
    watch: tuple[str, ...] = (),
) -> Drawn:
    """The call of this number: the same for the same seed. bind gives a plan's arguments by name; defaults are the
    parameters' own."""
    again = number % 5 == 4
    draw = Draw(number, hash_of(seed, number - again), hash_of(seed, number + 2**20), replay)
    came = takes(draw)
    plans = came if isinstance(came, tuple | list) else (came,)
    left_out = draw._choice(2, lambda: int(draw._structure.random() >= 0.5)) == 0
    torch_seed = hash_of(seed, number) % 2**31
    plans = tuple(
        replace(
            _without_defaults(plan, defaults) if left_out else plan,
            target=name,
            watch=watch,
            seed=torch_seed if plan.seed is None else plan.seed,
        )
        for plan in plans
    )
    doing = [action for kind, *what in plans[0].steps if kind == "doing" for action in what[0]]
    return Drawn(
        plans,
        tuple(draw.choices),
        number,
        again,
        Bound({"doing": doing, "steps": len(plans[0].steps), "about": draw.about, **bind(plans[0])}),
    )


def hash_of(seed: int, number: int) -> int:
    """A seed for one draw of many: near numbers give unlike ones."""
    return random.Random(seed * 1_000_003 + number).randrange(2**48)


def _without_defaults(plan: Plan, defaults: dict[str, Any]) -> Plan:
    keywords = {
        key: value
        for key, value in plan.keywords.items()
        if not (key in defaults and type(value) is type(defaults[key]) and value == defaults[key])
    }
    return replace(plan, keywords=keywords)


def simpler(choices: Sequence) -> list[tuple]:
    """Choices that come to a simpler draw, the boldest first."""
    tried = []
    for place, choice in enumerate(choices):
        before, after = tuple(choices[:place]), tuple(choices[place + 1 :])
        options: list[Any]
        if isinstance(choice, int):
            options = [0, choice // 2, choice - 1] if choice else []
        else:
            options = (
                [
                    tuple(0 for _ in choice),
                    tuple(min(part, 1) for part in choice),
                    tuple(min(part, 6) for part in choice),
                ]
                if any(choice)
                else []
            )
            options += [
                tuple(0 if index == one else part for index, part in enumerate(choice))
                for one in range(len(choice))
                if choice[one]
            ][:24]
            options += [
                tuple(1 if index == one else part for index, part in enumerate(choice))
                for one in range(len(choice))
                if choice[one] > 1
            ][:24]
        tried += [(*before, option, *after) for option in dict.fromkeys(options) if option != choice]
    return tried
