"""One run of a lesson's checks: which exercises were attempted, what was found, and who makes the calls.
Every lesson's setup cell begins one; the sentences of course/checks/sentences.py speak to it.
Read course/checks/plan.py first (how a call is carried out), then course/checks/sentences.py.

At home the names in a check are the learner's own functions. In grading the same check cell runs in the grader's
process, where each of those names stands for a call into the sandbox: a Session with another executor is all that
differs."""

from __future__ import annotations

import importlib
import os
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from course.checks import panel
from course.checks.diagnosis import Named, name_of
from course.checks.exercises import exercise_of
from course.checks.judging import Judgement, make, mark_of
from course.checks.plan import Observation, Plan, carry_out, plain
from course.checks.result import FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, PASSED, Result
from course.checks.source import Reading, cells_run, is_stub, last_line, reading_of, source_of


class CheckFailed(Exception):
    """A check that did not pass, raised only where nbgrader runs the notebook and counts exceptions."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it, and so nbgrader's Validate button: the words, and the sentence that they are about,
        not the way through this file."""
        here = os.path.dirname(__file__)
        sentence = [
            frame for frame in traceback.extract_tb(self.__traceback__) if os.path.dirname(frame.filename) != here
        ][-1]
        return [str(self), f"----> {sentence.lineno} {sentence.line}"]


class NotBegun(Exception):
    """A check was run in a kernel in which the lesson has not begun: after a restart, say."""

    def _render_traceback_(self) -> list[str]:
        return [NOT_BEGUN]

    def __str__(self) -> str:
        return NOT_BEGUN


NOT_BEGUN = (
    "This kernel has not run the lesson yet: choose Run, then Run All Above Selected Cell, and then run this "
    "cell again."
)


@dataclass
class Attempt:
    """A learner's exercise as the notebook knows it: the function, whether it was attempted, and its source."""

    name: str
    function: Any
    attempted: bool
    source: str = ""


class Here:
    """The executor at home: calls are made in this process, on the learner's own functions."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def attempt(self, name: str) -> str:
        """'' when the exercise may be called, else the status it has without being called."""
        known = self.session.attempts.get(name)
        if known is not None and not known.attempted and name not in self.session.stopped:
            return NOT_ATTEMPTED
        return self.session.stopped.get(name, "")

    def run(self, plan: Plan, uses: tuple[str, ...]) -> Observation:
        return self.run_all([plan], uses)[0]

    def run_all(self, plans: Sequence[Plan], uses: tuple[str, ...]) -> list[Observation]:
        """Make calls one after another, on the learner's function; the names in `uses` stand for the course's own
        meanwhile."""
        target = plans[0].target
        function = self.session.attempts[target].function
        with _replaced(function, {name: self.session.reference(name) for name in uses}):
            return [
                carry_out(plan, lambda name: function if name == target else self.session.names[name]) for plan in plans
            ]

    def reading(self, name: str) -> Reading:
        """What the answer to an exercise uses; its helpers may stand in any cell that was run."""
        return reading_of(name, self.session.attempts[name].source, cells_run())

    def value(self, name: str, here: Any) -> Any:
        return plain(here)


@dataclass
class Session:
    """One run of one lesson's checks: what was attempted, what was found, and who makes the calls.

    names: where functions that stand among arguments are found. seed: what drawn calls are made of; None for those at
    home. judgements: what drawn calls came to, by exercise and what it builds on, until another cell is run. stopped:
    by
    exercise, how its cell ended.
    says_why: whether a name for what was done wrong is looked for, which takes longer than the verdict.
    panels: by exercise, what is shown of it in the notebook. examples: whether only worked examples are asked about,
    which stand in sight with their arguments: nothing is drawn, nothing is compared with the course's own functions,
    and what was expected is not told.
    """

    lesson: str = ""
    executor: Any = None
    strict: bool = False
    hidden: bool = False
    attempts: dict[str, Attempt] = field(default_factory=dict)
    ladders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    current: Result | None = None
    names: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    judgements: dict[tuple, Any] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    says_why: bool = True
    examples: bool = False
    panels: dict[str, panel.Panel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.executor = self.executor or Here(self)

    @property
    def open(self) -> Result:
        """The result of the check cell that is open. Raises RuntimeError where none is."""
        if self.current is None:
            raise RuntimeError('no check cell is open: checks("name", points=...) comes first')
        return self.current

    def reference(self, name: str) -> Any:
        """The course's own version of an exercise, or None where it is not installed (in the sandbox it is not)."""
        module = "course." + self.lesson.split("-", 1)[-1].replace("-", "_")
        try:
            return getattr(importlib.import_module(module), name, None)
        except ImportError:
            return None

    def told(self, quiz: str, question: int) -> dict[str, Any] | None:
        """A question of a quiz with its key, where that may be told here and now: at home, and never where nbgrader
        counts exceptions."""
        if not isinstance(self.executor, Here) or self.strict:
            return None
        try:
            return importlib.import_module("course.quizzes").told(self.lesson, quiz, question)
        except ImportError:  # no key is installed
            return None

    def behaviour(self, name: str) -> str:
        """A mark of what an answer without a name does, from the calls at home, so that those who do the same are found
        together."""
        exercise = exercise_of(self.lesson, name)
        if self.seed is None or exercise is None:
            return ""
        judgement = self.judgement(name)
        if judgement.mark is None:
            draws = exercise.draws(None, min(exercise.calls, 24))
            stopped = all(seen.raised for seen in judgement.seen)  # and would here as well, each call as slowly
            judgement.mark = "" if stopped else mark_of(make(exercise, draws, judgement.run))
        return judgement.mark

    def judgement(self, name: str) -> Judgement:
        """The exercise's drawn calls, made once for all of its check cells."""
        key = (name, self.uses, self.seed, id(self.attempts[name].function) if name in self.attempts else 0)
        if key not in self.judgements:
            exercise = exercise_of(self.lesson, name)
            if exercise is None:
                raise ValueError(f"course/mistakes says nothing of {name}: @takes({name}) draws its calls there")
            self.judgements[key] = Judgement(
                exercise, lambda plans: self.executor.run_all(plans, self.uses), self.names, self.seed
            )
        return self.judgements[key]

    def named(self, name: str) -> str:
        """The words for what was done wrong in an exercise, looked for once; '' where nothing true is known."""
        if not self.says_why or exercise_of(self.lesson, name) is None:
            return ""
        judgement = self.judgement(name)
        if judgement.named is None:
            judgement.named = name_of(judgement, self.lesson) or Named("", "")
        return judgement.named.words

    def note_how_it_ended(self, error: BaseException | None, text: str) -> None:
        """Remember of a cell that defines an exercise whether it stopped and where: what was defined before it must not
        be judged in its place."""
        for name in re.findall(r"^[ \t]*(?:async def|def|class)[ \t]+(\w+)", text, re.MULTILINE):
            self.stopped.pop(name, None)
            if error is not None and name in self.attempts:
                line = error.lineno if isinstance(error, SyntaxError) else last_line(error)
                self.stopped[name] = (
                    f"your cell stopped with {type(error).__name__}"
                    + (f" at line {line}" if line else "")
                    + ": mend that first, and run it again"
                )
                self.outdate(name, self.stopped[name])

    def outdate(self, exercise: str, why: str) -> None:
        """Take back what the panel of an exercise says."""
        if exercise in self.panels:
            self.panels[exercise].outdate(why)

    def show(self, result: Result | None) -> None:
        """Show a result in its exercise's panel; nothing where there is none."""
        if result is not None:
            self.panels.setdefault(result.exercise, panel.Panel()).show(result)

    def wrong(self, exercise: str) -> bool:
        """Whether a check of the exercise has already been made and not passed."""
        return any(
            result.exercise == exercise and result.status in (FAILED, NOT_ATTEMPTED) for result in self.results.values()
        )

    def settle(self, error: BaseException | None = None) -> Result | None:
        """Close the check cell that is open: what nothing has objected to has passed, unless the cell itself stopped
        with an error."""
        result, self.current = self.current, None
        if result is None:
            return None
        if error is not None and not result.status:
            result.status, result.message = (
                NEEDS_A_LOOK,
                f"the check itself stopped with {type(error).__name__}: run the cells above it first",
            )
        if not result.status:
            result.status = PASSED
        result.earned = result.points if result.status == PASSED else 0.0
        result.hint = self.ladders.get(result.exercise, ()) if result.status == FAILED else ()
        result.note = "" if result.status == NOT_ATTEMPTED else result.note
        return result

    def object(self, status: str, message: str, detail: str = "", mistake: str = "") -> None:
        """Decide the open check cell against the answer; where nbgrader counts exceptions, raise one."""
        result = self.open
        result.status, result.message, result.mistake = status, message, mistake
        result.detail = "" if self.hidden else detail
        if status == FAILED and not mistake and self.says_why:
            result.behaviour = self.behaviour(result.exercise)
        if self.strict and status in (FAILED, NOT_ATTEMPTED):
            self.settle()
            raise CheckFailed(panel.as_text(result))


_now = [Session()]


def current() -> Session:
    """The session that every sentence belongs to."""
    return _now[-1]


@contextmanager
def within(new: Session):
    """Within the block every sentence belongs to `new`; the grader uses it to put its own executor behind the names."""
    _now.append(new)
    try:
        yield new
    finally:
        _now.pop()


def begin(lesson: str) -> None:
    """Begin a lesson, e.g. begin("02-lines"). A notebook's first setup cell calls it; what was known before is
    forgotten."""
    if current().executor.__class__ is not Here:
        return
    kept = current()
    strict, names = bool(os.environ.get("NBGRADER_EXECUTION")), sys._getframe(1).f_globals
    Session.__init__(kept, lesson=lesson, strict=strict, names=names)  # anew in place: others hold it

    def after(error: BaseException | None, text: str) -> None:
        if kept.current is None:
            kept.judgements.clear()  # a cell that is no check may have changed what an answer builds on
            kept.note_how_it_ended(error, text)
        kept.show(kept.settle(error))

    panel.after_each_cell(after)


def exercise(function: Any = None, *, given: tuple[str, ...] | list[str] = ()) -> Any:
    """Mark a function or class as the learner's answer to the exercise of that name.

    given names the methods of a class that the lesson has already written. While the answer is only a docstring,
    `pass`, `...` or NotImplementedError, the notebook goes on with the course's own function, so that what follows
    still runs; from the first attempt on, right or wrong, it is the learner's own. Where answers are graded nothing is
    handed on.
    """
    if function is None:
        return lambda function: exercise(function, given=given)
    name = function.__name__
    attempt = Attempt(name, function, not is_stub(function, given), source_of(function))
    if (before := current().attempts.get(name)) is not None and before.source != attempt.source:
        current().outdate(name, "your code has changed: run its checks again")
    current().attempts[name] = attempt
    if attempt.attempted or current().strict:
        return function
    reference = current().reference(name)
    if reference is None:
        return function
    attempt.function = reference
    return reference


def checks(name: str, *, points: float, uses: tuple[str, ...] | list[str] = (), aspect: str = "") -> None:
    """Open a check cell: the sentences below it are about the exercise `name` and worth `points` together."""
    if not current().lesson and isinstance(current().executor, Here):
        raise NotBegun
    current().settle()
    exercise_name = name if name in current().attempts or "-" not in name else name.rsplit("-", 1)[0]
    label = f"{name}-{aspect}" if aspect else name
    result = current().current = current().results[label] = Result(label, exercise_name, points)
    current().uses = tuple(used for used in uses if current().wrong(used))
    if current().uses:
        result.note = (
            f"checked with the course's own {' and '.join(current().uses)}, so that one mistake does not count twice"
        )


def hints(nudge: str, idea: str, almost: str) -> None:
    """The ladder of hints for the exercise that the open check cell is about: a nudge, the idea, almost the line."""
    result = current().current
    if result is not None:
        current().ladders[result.exercise] = (nudge, idea, almost)


@contextmanager
def _replaced(function: Any, others: Mapping[str, Any]):
    """While the block runs, names that the function uses stand for others; afterwards they are what they were."""
    holder = function if hasattr(function, "__globals__") else getattr(function, "__init__", None)
    names = getattr(holder, "__globals__", {})
    before = {name: names[name] for name in others if name in names}
    names.update({name: other for name, other in others.items() if other is not None and name in before})
    try:
        yield
    finally:
        names.update(before)
