"""Runs a lesson's checks in the grader's own process; the learner's names are calls into the sandbox.
No lesson teaches it; a verdict is made here and nowhere else.
Read course/check.py first (the sentences), then grader/kernels.py (the calls)."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy
import torch

from course import check as sentences
from course.check import FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, Result, Session
from course.plan import Observation, Plan, Raised
from course.source import stub_in_text
from grader.cells import Cell, Lesson
from grader.intake import Run, Submitted
from grader.kernels import CellRun, Gone, Kernel, OutOfTime
from grader.sandbox import Sandbox
from grader.watch import remarkable
from grader.wire import WireError


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: one cell, one call that a check makes, the whole submission."""

    cell: float = 15.0
    call: float = 8.0
    submission: float = 60.0


@dataclass
class Judged:
    """What came of judging one submission: a result for each check cell, how each cell ran, and what an instructor may want to see."""

    results: list[Result] = field(default_factory=list)
    runs: dict[str, CellRun] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class Remote:
    """Stands for one of the learner's names in a check cell. It is named in a sentence, never called."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(f"{self.__name__} is the learner's: a check speaks of a call, check({self.__name__}, ...), and makes none itself")


class There:
    """The executor in grading: calls are made in the sandbox, in a kernel where the learner's cells have run."""

    def __init__(self, submitted: Submitted, lesson: Lesson, sandbox: Sandbox, limits: Limits, judged: Judged) -> None:
        self.submitted, self.lesson, self.sandbox, self.limits, self.judged = submitted, lesson, sandbox, limits, judged
        self.names: dict[str, Any] = {}
        self._kernels: dict[tuple[str, ...], Kernel] = {}
        self._defined: set[str] = set()
        self._stopped: dict[int, str] = {}
        self._hanging: dict[str, Raised] = {}
        self._time_left = limits.submission
        self._runs = submitted.graded
        self._left_before: float | None = None
        self._exercises = {cell.name: cell for cell in lesson.exercises}

    def attempt(self, name: str) -> str:
        cell, text = self._exercises[name], self.source(name)
        try:
            if stub_in_text(text, name, cell.given):
                return NOT_ATTEMPTED
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            if not _has_magic(text):
                return f"your cell stopped with SyntaxError at line {getattr(error, 'lineno', 0)}"
        self._kernel(())
        if name in self._defined:
            return ""
        if self.used_up:
            return "the time for the whole notebook was used up by other cells before this one could be run"
        stopped = self.judged.runs.get(cell.id)
        if stopped and stopped.raised:
            return f"your cell stopped with {stopped.raised[0]}" + (f" at line {stopped.raised[2]}" if stopped.raised[2] else "")
        return f"your cell does not define {name}"

    def run(self, plan: Plan, uses: tuple[str, ...]) -> Observation:
        if plan.target in self._hanging:
            return Observation(raised=self._hanging[plan.target])
        kernel = self._kernel(uses)
        try:
            with self._clock(self.limits.call, kernel) as seconds:
                return kernel.carry_out(plan, self._name_of, seconds)
        except OutOfTime:
            raised = Raised("OutOfTime", "", 0, ("TimeoutError",))
        except Gone:
            raised = Raised("the end of its process (a crash, or too much memory)", "")
        self._hanging[plan.target] = raised
        return Observation(raised=raised)

    def source(self, name: str) -> str:
        """The text of the cell that has the last word on an exercise: a later one may define it anew."""
        cell = self._exercises[name]
        defines = re.compile(rf"^(?:async )?(?:def|class) {name}\b", re.MULTILINE)
        last = next((run for run in reversed(self.submitted.graded) if run.role != "setup" and defines.search(run.text)), None)
        return self.submitted.texts[cell.id] if last is None or last.id == cell.id else last.text

    def value(self, name: str, here: Any) -> Any:
        try:
            kernel = self._kernel(())
            with self._clock(5, kernel) as seconds:
                return kernel.value(name, seconds)
        except (OutOfTime, Gone):
            return None

    def close(self) -> None:
        for kernel in self._kernels.values():
            kernel.close()

    def _name_of(self, value: Any) -> str | None:
        if isinstance(value, Remote):
            return value.__name__
        name = getattr(value, "__name__", None)
        return name if name is not None and self.names.get(name) is value else None

    def _kernel(self, uses: tuple[str, ...]) -> Kernel:
        """A kernel in which the learner's cells have run, with the course's answers in place of the exercises in `uses`."""
        kernel = self._kernels.get(uses)
        while kernel is None or not kernel.open:
            with self._clock(0):
                kernel = self._kernels[uses] = Kernel(self.sandbox)
            missing = self._run_cells(kernel, uses)
            if missing and self._left_before is None:
                self._left_before = self._time_left
                self._begin_again(self.submitted.everything, kernel)
            elif self._runs is not self.submitted.graded and (missing or self.used_up):
                # The name is in none of the lesson's cells either: back, with the time that looking for it took.
                self._time_left = max(self._time_left, self._left_before)
                self.judged.runs.clear()
                self._begin_again(self.submitted.graded, kernel)
        return kernel

    def _begin_again(self, runs: tuple[Run, ...], kernel: Kernel) -> None:
        self._runs = runs
        self._stopped.clear()
        kernel.close()

    def _run_cells(self, kernel: Kernel, uses: tuple[str, ...]) -> bool:
        """Run the cells in order; one that hangs or crashes is left out from then on. Gives whether a name was missing."""
        missing = False
        last_word = [Run("", "exercise", self._exercises[name].source) for name in uses]
        for number, run in enumerate((*self._runs, *last_word)):
            text = self._text(run, uses)
            if number in self._stopped or self.used_up:
                continue
            try:
                with self._clock(self.limits.cell, kernel) as seconds:
                    came = kernel.run(text, seconds)
            except (OutOfTime, Gone) as error:
                self._stopped[number] = "OutOfTime" if isinstance(error, OutOfTime) else "a crash"
                came = CellRun("", (self._stopped[number], str(error), 0))
                self._note(run, came)
                return False
            if not uses:
                # With the course's answers in reach, what is printed may be theirs.
                self._note(run, came)
            missing = missing or bool(came.raised and came.raised[0] == "NameError")
        with contextlib.suppress(OutOfTime, Gone), self._clock(5, kernel) as seconds:
            self._defined |= kernel.names(seconds)
        return missing

    def _note(self, run: Run, came: CellRun) -> None:
        if run.id:
            before = self.judged.runs.get(run.id)
            if came.raised or before is None or not before.raised:
                self.judged.runs[run.id] = came

    @property
    def used_up(self) -> bool:
        """Whether the submission has had all the time that it may take."""
        return self._time_left <= 0

    @contextmanager
    def _clock(self, most: float, kernel: Kernel | None = None) -> Iterator[float]:
        """The seconds that a step may take, at most what is left to the submission; what it took is taken off, waiting for a processor aside."""
        began, starved = time.monotonic(), kernel.starved if kernel else 0.0
        try:
            yield min(most, max(self._time_left, 0.1))
        finally:
            waited = kernel.starved - starved if kernel else 0.0
            self._time_left -= max(0.0, time.monotonic() - began - waited)

    def _text(self, run: Run, uses: tuple[str, ...]) -> str:
        cell = next((self._exercises[name] for name in uses if self._exercises[name].id == run.id), None)
        return cell.source if cell is not None else run.text


def judge(submitted: Submitted, lesson: Lesson, sandbox: Sandbox, secret: bytes, limits: Limits | None = None) -> Judged:
    """Judge one submission: every check cell of the lesson, in order, with hidden inputs that nobody can know beforehand.

    They are drawn from a seed made of the class's secret, the lesson's version and the submission's digest, so a grade can
    be repeated. A check that could not be made at all is 'needs a look'.
    """
    judged = Judged()
    executor = There(submitted, lesson, sandbox, limits or Limits(), judged)
    try:
        with sentences.session(Session(lesson=lesson.folder, executor=executor)) as session:
            run_setup(lesson, executor.names)
            executor.names.update({cell.name: Remote(cell.name) for cell in (*lesson.exercises, *lesson.answers)})
            run_checks(lesson, session, executor.names, secret, submitted.digest)
        judged.results = list(session.results.values())
    finally:
        executor.close()
    judged.remarks = _remarks(submitted, judged)
    if executor.used_up:
        judged.remarks.append(f"all of its {executor.limits.submission:g} s were used up")
    return judged


def run_setup(lesson: Lesson, names: dict[str, Any]) -> None:
    """Run the lesson's setup cells, which are the lesson's own and never the learner's, into the namespace of its checks."""
    for cell in lesson.setup:
        exec(compile(cell.source, f"<{lesson.folder} setup>", "exec"), names)


def run_checks(lesson: Lesson, session: Session, names: dict[str, Any], secret: bytes, digest: str, only: str = "") -> None:
    """Run every check cell of the lesson in the session, each with random numbers of its own; the results are the session's.

    only: the exercise or quiz whose checks are wanted, all of them when it is ''.
    """
    for cell in lesson.checks_of(only) if only else lesson.checks:
        _run_check(cell, session, names, seed(secret, lesson.version, digest, cell.id))


def _run_check(cell: Cell, session: Session, names: dict[str, Any], number: int) -> None:
    torch.manual_seed(number)
    numpy.random.seed(number % 2**32)
    try:
        session.hidden = False
        exec(compile(cell.visible, f"<{cell.id}>", "exec"), names)
        session.hidden = True
        exec(compile(cell.hidden, f"<{cell.id}>", "exec"), names)
    except WireError as error:
        session.object(NEEDS_A_LOOK, f"this check could not be made: {error}")
    except (TypeError, ValueError, RuntimeError, ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError) as error:
        session.object(NEEDS_A_LOOK, f"this check could not be made ({type(error).__name__})")
    result = session.settle()
    if result is not None and result.status == FAILED and result.message.startswith("your code stopped with OutOfTime"):
        result.message = "your code did not come back within its time limit"
        result.mistake = "a loop that never ends: look at what should make its condition false"


def seed(secret: bytes, *parts: str) -> int:
    """A number that only who holds the secret can compute, the same for the same submission, lesson and check."""
    return int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), key=secret[:64], digest_size=8).digest(), "big") >> 1


def _remarks(submitted: Submitted, judged: Judged) -> list[str]:
    """What an instructor may want to look at, each thing once with the cells it is in."""
    cells: dict[str, list[str]] = {}
    for run in submitted.graded:
        if run.role != "setup":
            for remark in remarkable(run.text):
                cells.setdefault(remark, []).append(run.id or "a cell of their own")
    for id, run in judged.runs.items():
        if run.raised and run.raised[0] in ("OutOfTime", "a crash"):
            cells.setdefault(f"stopped: {run.raised[1]}", []).append(id)
    return [f"{remark} ({', '.join(ids[:2])}{f' and {len(ids) - 2} more' if len(ids) > 2 else ''})" for remark, ids in cells.items()]


def _has_magic(text: str) -> bool:
    """Whether a text holds IPython's own syntax, which Python's parser does not know."""
    return any(line.strip().startswith(("%", "!", "?")) or line.strip().endswith("?") for line in text.splitlines())
