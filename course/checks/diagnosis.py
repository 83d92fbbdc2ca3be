"""What was done wrong: the first of a known mistake, a slip and a contrast that is true of every call, or nothing.
No lesson teaches it; course/checks/sentences.py asks when an answer is wrong, and shows the words.
Read course/checks/judging.py first (the calls), then course/checks/slips.py (the changes that are tried)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from course.checks.compare import difference
from course.checks.contrasts import contrast
from course.checks.judging import Judgement, Seen, make, run_program, tolerance_of
from course.checks.slips import slips_of

# of computing, after which no further words are looked for: thirty times what nearly all answers need, so that a slow
# machine says the same
SECONDS = 30.0
FEWEST = 2  # wrong calls with a value that a program has to agree in


@dataclass(frozen=True)
class Named:
    """What an answer was found to do: how it was found ('mistake', 'slip' or 'contrast') and the words for it."""

    how: str
    words: str


def name_of(judgement: Judgement, lesson: str) -> Named | None:
    """The name of what was done wrong; None where nothing fits, or nothing is wrong with the values. Where every call
    stops, only a known mistake that stops so."""
    if not judgement.wrong:
        return None
    if all(seen.value is None and not seen.raised for seen in judgement.seen):
        return Named("slip", "nothing was returned: is there a `return` on the last line?")
    began = time.process_time()
    every_call_stops = all(seen.raised for seen in judgement.seen)
    for how, words, program in _candidates(judgement, lesson):
        if every_call_stops and how != "mistake":
            return None
        if time.process_time() - began > SECONDS:
            break
        if program is not None and fits(judgement, program, stops_tell=how == "mistake"):
            return Named(how, words)
    words = contrast(judgement, lesson, SECONDS - (time.process_time() - began))
    return Named("contrast", words) if words else None


def _candidates(judgement: Judgement, lesson: str) -> Iterator[tuple[str, str, Callable | None]]:
    for known in judgement.exercise.mistakes:
        yield "mistake", known.words, known.program
    if judgement.exercise.slips:
        for slip in slips_of(judgement.exercise, lesson):
            yield "slip", slip.words, slip.program


def fits(judgement: Judgement, program: Callable, stops_tell: bool = False) -> bool:
    """Whether a program gives what the answer gave, in every call made and in as many more, and is itself wrong in
    several of them.

    stops_tell: whether stopping says something too: in just the same calls, with an exception that the docstring names,
    or, where no wrong call has a value, with the very same exception, message and all.
    """
    exercise = judgement.exercise
    run = run_program(program, exercise, judgement.names, unwatched=("flows", "device"))
    wrong = judgement.wrong
    telling = [
        place
        for place in wrong
        if not judgement.seen[place].raised or (stops_tell and judgement.seen[place].raised.kind == "ValueError")
    ]
    only_stops = stops_tell and not telling
    telling = wrong if only_stops else telling
    if len(telling) < min(FEWEST, len(judgement.seen)):
        return False
    first = sorted(telling, key=lambda place: judgement.seen[place].drawn.size)[:3]
    order = [*first, *(place for place in range(len(judgement.seen)) if place not in first)]
    with _own_random_numbers():
        for place in order:
            # where an error is wanted, what it says is everybody's own
            same_stop = only_stops and not judgement.wanted[place].raised
            if not _agree(
                judgement, judgement.seen[place], make(exercise, [judgement.seen[place].drawn], run)[0], same_stop
            ):
                return False
        return all(
            _agree(judgement, came, make(exercise, [came.drawn], run)[0], only_stops and not wanted.raised)
            for came, wanted in zip(*judgement.more, strict=True)
        )


def _agree(judgement: Judgement, came: Seen, made: Seen, same_stop: bool = False) -> bool:
    """Both stopped, a ValueError met by a ValueError, or both gave the same, dtypes aside, which are the contract's.
    same_stop: with the same exception, word for word."""
    if came.raised or made.raised:
        if not (came.raised and made.raised) or came.raised.kind == "ValueError" != made.raised.kind:
            return False
        return not same_stop or (came.raised.kind, came.raised.message) == (made.raised.kind, made.raised.message)
    return (
        difference(
            came.value, made.value, tolerance=tolerance_of(judgement.exercise, came.value, made.value), same_dtype=False
        )
        is None
    )


@contextlib.contextmanager
def _own_random_numbers() -> Iterator[None]:
    """Programs draw random numbers; whoever asked for words keeps theirs."""
    state = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(state)
