"""Runs a lesson's checks in the grader's own process; the learner's names are calls into the sandbox.
No lesson teaches it; a verdict is made here and nowhere else.
Read course/check.py first (the sentences), then grader/kernels.py (the calls)."""

from __future__ import annotations

import hashlib
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

    cell: float = 20.0
    call: float = 8.0
    submission: float = 90.0


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
        self._exercises = {cell.name: cell for cell in lesson.exercises}

    def attempt(self, name: str) -> str:
        cell = self._exercises[name]
        text = self.submitted.texts[cell.id]
        try:
            if stub_in_text(text, name, cell.given):
                return NOT_ATTEMPTED
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            if not _has_magic(text):
                return f"your cell stopped with SyntaxError at line {getattr(error, 'lineno', 0)}"
        self._kernel(())
        if name in self._defined:
            return ""
        stopped = self.judged.runs.get(cell.id)
        if stopped and stopped.raised:
            return f"your cell stopped with {stopped.raised[0]}" + (f" at line {stopped.raised[2]}" if stopped.raised[2] else "")
        return f"your cell does not define {name}"

    def run(self, plan: Plan, uses: tuple[str, ...]) -> Observation:
        if plan.target in self._hanging:
            return Observation(raised=self._hanging[plan.target])
        kernel = self._kernel(uses)
        try:
            return kernel.carry_out(plan, self._name_of, min(self.limits.call, max(self._time_left, 0.1)))
        except OutOfTime:
            self._time_left -= self.limits.call
            raised = Raised("OutOfTime", "", 0, ("TimeoutError",))
        except Gone:
            raised = Raised("the end of its process (a crash, or too much memory)", "")
        self._hanging[plan.target] = raised
        return Observation(raised=raised)

    def source(self, name: str) -> str:
        return self.submitted.texts[self._exercises[name].id]

    def value(self, name: str, here: Any) -> Any:
        try:
            return self._kernel(()).value(name)
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
            kernel = self._kernels[uses] = Kernel(self.sandbox)
            missing = self._run_cells(kernel, uses)
            if missing and self._runs is self.submitted.graded:
                self._runs = self.submitted.everything
                self._stopped.clear()
                kernel.close()
        return kernel

    def _run_cells(self, kernel: Kernel, uses: tuple[str, ...]) -> bool:
        """Run the cells in order; one that hangs or crashes is left out from then on. Gives whether a name was missing."""
        missing = False
        for number, run in enumerate(self._runs):
            text = self._text(run, uses)
            if number in self._stopped:
                continue
            try:
                if self._time_left <= 0:
                    raise OutOfTime("the time for the whole submission is used up")
                came = kernel.run(text, self.limits.cell)
            except (OutOfTime, Gone) as error:
                self._time_left -= self.limits.cell if isinstance(error, OutOfTime) else 0
                self._stopped[number] = "OutOfTime" if isinstance(error, OutOfTime) else "a crash"
                came = CellRun("", (self._stopped[number], str(error), 0))
                self._note(run, came)
                return False
            self._note(run, came)
            missing = missing or bool(came.raised and came.raised[0] == "NameError")
        self._defined |= kernel.names()
        return missing

    def _note(self, run: Run, came: CellRun) -> None:
        if run.id:
            before = self.judged.runs.get(run.id)
            if came.raised or before is None or not before.raised:
                self.judged.runs[run.id] = came

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
            names = executor.names
            for cell in lesson.setup:
                exec(compile(cell.source, f"<{lesson.folder} setup>", "exec"), names)
            names.update({cell.name: Remote(cell.name) for cell in (*lesson.exercises, *lesson.answers)})
            for cell in lesson.checks:
                _judge_cell(cell, session, names, seed(secret, lesson.version, submitted.digest, cell.id))
        judged.results = list(session.results.values())
    finally:
        executor.close()
    for cell in lesson.cells:
        if cell.id in submitted.texts and cell.kind == "code":
            judged.remarks += [f"{cell.id}: {remark}" for remark in remarkable(submitted.texts[cell.id])]
    for run in submitted.graded:
        if run.role not in ("setup", "exercise", "answer"):
            judged.remarks += [f"{run.id or 'a cell of their own'}: {remark}" for remark in remarkable(run.text)]
    judged.remarks += [f"{id}: {run.raised[1]}" for id, run in judged.runs.items() if run.raised and run.raised[0] in ("OutOfTime", "a crash")]
    return judged


def _judge_cell(cell: Cell, session: Session, names: dict[str, Any], number: int) -> None:
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


def _has_magic(text: str) -> bool:
    """Whether a text holds IPython's own syntax, which Python's parser does not know."""
    return any(line.lstrip().startswith(("%", "!", "?")) for line in text.splitlines())
