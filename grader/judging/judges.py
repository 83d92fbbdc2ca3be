"""The judges of one machine for a class that lies on another: what is handed in comes as bytes, outcomes go back, and
nothing is written here. No lesson teaches it; grader/classroom/workers.py holds one in each process of a cluster.
Read `grade_class` in grader/judging/grade.py first, which is the same for a class that lies here."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from pathlib import Path

from grader.judging.grade import Outcome, Submission, grade_here, pool_of, unjudged, what_happened
from grader.judging.grade import patience as patience_of
from grader.judging.judged import Limits
from grader.judging.keys import Kept
from grader.judging.sandbox import SandboxError, require
from grader.lessons.cells import Lesson

LETTERS = 16  # of a text's digest, by which it is known that a result of it was kept
SECONDS_TO_BEGIN = 300


@dataclass(frozen=True)
class Answered:
    """What a submission came to: its outcome, and the results to be kept, by their texts' digests. Or, where the class
    keeps an earlier result of its text, which text that is: then it is to be sent once more, with that result.

    worker: who judged, by the name that it has in the cluster.
    """

    outcome: Outcome | None
    results: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    worker: str = ""


class Asks(Exception):
    """A result that was kept where the class lies is wanted; the text's digest."""


class Carried(Kept):
    """Results that were kept on another machine: those that were sent along, and which others there are."""

    def __init__(self, known: frozenset[str], sent: Mapping[str, str]) -> None:
        super().__init__(Path())
        self._known, self._sent = known, sent
        self.made: dict[str, str] = {}

    def read(self, text: str) -> str:
        if text in self._sent:
            return self._sent[text]
        if text[:LETTERS] in self._known:
            raise Asks(text)
        raise FileNotFoundError(text)

    def write(self, text: str, content: str) -> None:
        self.made[text] = content


class Judges:
    """Processes that judge for a class that lies elsewhere, each with a warm sandbox of its own.

    known: the first LETTERS of the digests of all texts whose results are kept there.
    """

    def __init__(
        self, lesson: Lesson, secret: bytes, limits: Limits, regrade: bool, known: frozenset[str], processes: int = 1
    ) -> None:
        self.lesson, self.limits, self.known = lesson, limits, known
        # Dask marks the processes that it watches over as having no children; these are ended with them all the same.
        multiprocessing.current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]
        self._pool = pool_of(processes, lesson, secret, limits, None, regrade)

    def begin(self) -> None:
        """Start, and wait for the first sandbox. Raises SandboxError where there is none to be had."""
        require()
        try:
            self._pool.schedule(_ready).result(timeout=SECONDS_TO_BEGIN)
        except (NotYet, TimeoutError):
            raise SandboxError(f"no sandbox came up within {SECONDS_TO_BEGIN} s") from None

    def judge(self, submission: Submission, sent: Mapping[str, str]) -> Answered:
        """One submission, as often as grade_class would try it. Raises SandboxError where there is no sandbox."""
        for _ in range(2):
            try:
                return self._pool.schedule(
                    _judge, args=[submission, self.known, dict(sent)], timeout=patience_of(self.limits)
                ).result()
            except SandboxError:
                raise
            except Exception as error:
                why, again = what_happened(error, self.limits)
                if not again:
                    break
        return Answered(unjudged(submission, self.lesson, why))

    def close(self) -> None:
        with contextlib.suppress(Exception):  # a pool that has ended by itself
            self._pool.stop()
            self._pool.join()


def _ready() -> None:
    from grader.judging.grade import _here

    if "error" in _here:
        raise SandboxError(_here["error"])


def _judge(submission: Submission, known: frozenset[str], sent: Mapping[str, str]) -> Answered:
    carried = Carried(known, sent)
    try:
        return Answered(grade_here(submission, carried), carried.made)
    except Asks as asked:
        return Answered(None, asks=str(asked))
