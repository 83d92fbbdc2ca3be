"""The learner's side of a check, as the judge knows it: names that stand for calls into the sandbox, and the time that
they may take. No lesson teaches it; grader/judging/judge.py runs the checks, and every call that a check makes goes
through here. Read grader/judging/kernels.py first, then course/checks/sentences.py (its `Here` is the same at home)."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from course.checks.plan import Observation, Plan, Raised
from course.checks.result import NOT_ATTEMPTED
from course.checks.source import Reading, reading_of, stub_in_text
from grader.judging.brought import with_what_is_used
from grader.judging.intake import Run, Submitted
from grader.judging.judged import CellRun, Judged, Limits
from grader.judging.kernels import Gone, Kernel, OutOfTime
from grader.judging.sandbox import Sandbox
from grader.lessons.cells import Lesson

AT_ONCE = 60  # calls in one message


class Remote:
    """Stands for one of the learner's names in a check cell. It is named in a sentence, never called."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            f"{self.__name__} is the learner's: a check speaks of a call, check({self.__name__}, ...), and makes none "
            "itself"
        )


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
        self._runs, self.nowhere = with_what_is_used(submitted.graded, submitted.everything)
        self._at_first = self._runs
        self._left_before: float | None = None
        self._exercises = {cell.name: cell for cell in lesson.exercises}

    def attempt(self, name: str) -> str:
        cell, text = self._exercises[name], self._last_word(name)
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
            return f"your cell stopped with {stopped.raised[0]}" + (
                f" at line {stopped.raised[2]}" if stopped.raised[2] else ""
            )
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

    def run_all(self, plans: Sequence[Plan], uses: tuple[str, ...]) -> list[Observation]:
        """Many calls in few messages. A call that does not come back is the last one: those after it end like it."""
        seen: list[Observation] = []
        while len(seen) < len(plans) and plans[0].target not in self._hanging:
            kernel = self._kernel(uses)
            try:
                with self._clock(self.limits.call, kernel) as seconds:
                    seen += kernel.carry_out_all(plans[len(seen) : len(seen) + AT_ONCE], self._name_of, seconds)
            except OutOfTime:
                self._hanging[plans[0].target] = Raised("OutOfTime", "", 0, ("TimeoutError",))
            except Gone:
                self._hanging[plans[0].target] = Raised("the end of its process (a crash, or too much memory)", "")
        missing = len(plans) - len(seen)
        return seen + [Observation(raised=self._hanging[plans[0].target])] * missing if missing else seen

    def reading(self, name: str) -> Reading:
        """What the answer to an exercise uses, with what it calls of the learner's other cells: a helper in a cell of
        its own is part of the answer."""
        others = {other.id for other in self._exercises.values() if other.name != name}
        return reading_of(name, self._last_word(name), [run.text for run in self._own if run.id not in others])

    def _last_word(self, name: str) -> str:
        """The text of the cell that has the last word on an exercise: a later one may define it anew."""
        cell = self._exercises[name]
        defines = re.compile(rf"^(?:async )?(?:def|class) {name}\b|^{name}\s*(?::[^=]*)?=", re.MULTILINE)
        last = next((run for run in reversed(self._own) if defines.search(run.text)), None)
        return self.submitted.texts[cell.id] if last is None or last.id == cell.id else last.text

    @property
    def _own(self) -> list[Run]:
        return [run for run in self.submitted.graded if run.role != "setup"]

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

    def _closed(self, uses: tuple[str, ...]) -> tuple[str, ...]:
        """These exercises and those that they build on in turn: the course's own answer to one calls the course's own
        answer to another."""
        found = list(uses)
        for name in found:
            found += [other for other in self._exercises[name].uses if other not in found]
        return tuple(name for name in self._exercises if name in found)

    def _kernel(self, uses: tuple[str, ...]) -> Kernel:
        """A kernel in which the learner's cells have run, with the course's answers in place of the exercises in
        `uses`."""
        uses = self._closed(uses)
        kernel = self._kernels.get(uses)
        while kernel is None or not kernel.open:
            with self._clock(0):
                kernel = self._kernels[uses] = Kernel(self.sandbox)
            missing = self._run_cells(kernel, uses)
            if missing and self._left_before is None:
                self._left_before = self._time_left
                self.judged.everything = True
                self._begin_again(self.submitted.everything, kernel)
            elif (
                self._left_before is not None and self._runs is self.submitted.everything and (missing or self.used_up)
            ):
                # The name is in none of the lesson's cells either: back, with the time that looking for it took.
                self._time_left = max(self._time_left, self._left_before)
                self.judged.runs.clear()
                self._begin_again(self._at_first, kernel)
        return kernel

    def _begin_again(self, runs: tuple[Run, ...], kernel: Kernel) -> None:
        self._runs = runs
        self._stopped.clear()
        kernel.close()

    def _run_cells(self, kernel: Kernel, uses: tuple[str, ...]) -> bool:
        """Run the cells in order; one that hangs or crashes is left out from then on. Gives whether a name was
        missing."""
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
            # An untouched cell may lack the course's own answer, which is not in the sandbox; that is nobody's missing
            # name.
            missing = missing or bool(came.raised and came.raised[0] == "NameError" and run in self.submitted.graded)
        with contextlib.suppress(OutOfTime, Gone), self._clock(5, kernel) as seconds:
            self._defined |= kernel.names(seconds)
        return missing

    def _note(self, run: Run, came: CellRun) -> None:
        if run.id and run.role != "brought":
            before = self.judged.runs.get(run.id)
            if came.raised or before is None or not before.raised:
                self.judged.runs[run.id] = came

    @property
    def used_up(self) -> bool:
        """Whether the submission has had all the time that it may take."""
        return self._time_left <= 0

    @contextmanager
    def _clock(self, most: float, kernel: Kernel | None = None) -> Iterator[float]:
        """The seconds that a step may take, at most what is left to the submission; what it took is taken off, waiting
        for a processor aside."""
        began, starved = time.monotonic(), kernel.starved if kernel else 0.0
        try:
            yield min(most, max(self._time_left, 0.1))
        except (OutOfTime, Gone):
            self.judged.cut = True
            raise
        finally:
            waited = kernel.starved - starved if kernel else 0.0
            self._time_left -= max(0.0, time.monotonic() - began - waited)
            self.judged.cut |= self.used_up

    def _text(self, run: Run, uses: tuple[str, ...]) -> str:
        cell = next((self._exercises[name] for name in uses if self._exercises[name].id == run.id), None)
        return cell.source if cell is not None else run.text


def _has_magic(text: str) -> bool:
    """Whether a text holds IPython's own syntax, which Python's parser does not know."""
    return any(line.strip().startswith(("%", "!", "?")) or line.strip().endswith("?") for line in text.splitlines())
