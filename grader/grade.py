"""From a submission to an outcome, and from a class of submissions to its outcomes.
No lesson teaches it; `grader grade` calls it, grader/records.py writes down what it gives.
Read grader/intake.py and grader/judge.py first: one submission is intake, then judge, and nothing is shared between two."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from course.check import NEEDS_A_LOOK, Result
from grader.cells import Lesson
from grader.intake import Refused, Submitted, read_file, read_notebook, same_text
from grader.judge import Limits, judge
from grader.lesson import find_lesson
from grader.sandbox import ROOT, Sandbox, SandboxError, require

GRADED, PARTLY, REFUSED = "graded", "partly graded", "refused"


@dataclass(frozen=True)
class Submission:
    """A file that a student handed in, and when. Identity and time come from the exchange or a list, never from the file."""

    student: str
    path: Path
    time: datetime | None = None


@dataclass
class Outcome:
    """What became of one submission. status is 'graded', 'partly graded' (why says what is left) or 'refused' (why says why).

    results: one for each check cell. essays: the points of each essay that needs no reading (0 when untouched), None where a
    person has to read it. texts: the learner's own cells, for the instructor's and the learner's pages. remarks: for the instructor.
    """

    student: str
    lesson: str
    status: str
    why: str = ""
    results: list[Result] = field(default_factory=list)
    essays: dict[str, float | None] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    digest: str = ""
    time: datetime | None = None

    @property
    def points(self) -> float:
        """The points that the checks gave; essays that wait for a reader are not in it."""
        return sum(result.earned for result in self.results)

    @property
    def mistakes(self) -> list[str]:
        return [result.mistake for result in self.results if result.mistake]

    def as_dict(self) -> dict[str, Any]:
        content = asdict(self)
        content["results"] = [result.as_dict() for result in self.results]
        content["points"] = self.points
        content["time"] = self.time.isoformat() if self.time else None
        return content


def grade_one(submission: Submission, lesson: Lesson, sandbox: Sandbox, secret: bytes, limits: Limits | None = None) -> Outcome:
    """Grade one submission. Whatever the file is or does, an outcome comes back; SandboxError only when the sandbox itself is gone."""
    outcome = Outcome(submission.student, lesson.folder, GRADED, time=submission.time)
    try:
        data = read_file(submission.path)
        outcome.digest = hashlib.sha256(data).hexdigest()
        submitted = read_notebook(data, lesson)
    except Refused as refusal:
        outcome.status, outcome.why = REFUSED, str(refusal)
        return outcome
    outcome.texts = submitted.texts
    outcome.essays = {cell.id: 0.0 if _untouched(submitted, cell) else None for cell in lesson.essays}
    judged = judge(submitted, lesson, sandbox, secret, limits)
    outcome.results, outcome.remarks = judged.results, judged.remarks
    outcome.printed = {id: run.printed for id, run in judged.runs.items() if run.printed}
    left = [f"{result.check}: {result.message}" for result in judged.results if result.status == NEEDS_A_LOOK]
    left += [f"{id}: did not finish" for id, run in judged.runs.items() if run.raised and run.raised[0] in ("OutOfTime", "a crash")]
    left += [f"{result.check}: its call did not come back" for result in judged.results if "did not come back" in result.message]
    left += [f"{result.check}: no time was left for it" for result in judged.results if result.message.startswith("the time for the whole")]
    if left:
        outcome.status, outcome.why = PARTLY, "; ".join(left)
    return outcome


def _untouched(submitted: Submitted, essay: Any) -> bool:
    text = submitted.texts.get(essay.id, "")
    return not text.strip() or same_text(text, essay)


def class_secret(classroom: Path) -> bytes:
    """The secret that hidden inputs are drawn from: made once for a class, readable by its owner alone."""
    file = classroom / "secret"
    if not file.exists():
        classroom.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(secrets.token_bytes(32))
    return file.read_bytes()


def grade_class(lesson: Lesson, submissions: list[Submission], secret: bytes, workers: int | None = None,
                limits: Limits | None = None) -> Iterator[Outcome]:
    """The outcomes of a class, each as soon as it is known. One worker process a core, each with a warm sandbox of its own.

    Raises SandboxError, before anything is graded, where isolation cannot be had.
    """
    require()
    workers = max(1, min(workers or os.cpu_count() or 1, len(submissions)))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(lesson.folder, secret, limits)) as pool:
        waiting = {pool.submit(_grade, submission): submission for submission in submissions}
        for done in as_completed(waiting):
            submission = waiting[done]
            try:
                yield done.result()
            except SandboxError:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            except BrokenProcessPool as error:
                raise SandboxError(f"a grading process ended unexpectedly: {error}") from None
            except Exception as error:
                yield Outcome(submission.student, lesson.folder, PARTLY, f"the grader itself failed ({type(error).__name__}); needs a look",
                              time=submission.time)


def find_submissions(classroom: Path, lesson: Lesson) -> list[Submission]:
    """What lies in submitted/STUDENT/LESSON/, as nbgrader's collecting leaves it: the folder names the student, timestamp.txt the time.

    A notebook under another name counts when it is the only one. A folder that is a link is left out.
    """
    found = []
    for folder in sorted((classroom / "submitted").glob(f"*/{lesson.folder}")):
        if not folder.is_dir() or folder.is_symlink() or folder.parent.is_symlink():
            continue
        path = folder / f"{lesson.name}.ipynb"
        others = sorted(folder.glob("*.ipynb"))
        if not path.exists() and len(others) == 1:
            path = others[0]
        found.append(Submission(folder.parent.name, path, _collected(folder / "timestamp.txt")))
    return found


def _collected(file: Path) -> datetime | None:
    """The time in a timestamp file, None where there is none that can be read."""
    try:
        return parse_utc(file.read_text(encoding="utf-8").strip()).replace(tzinfo=UTC)
    except (OSError, ValueError, OverflowError):
        return None


_here: dict[str, Any] = {}


def _begin(folder: str, secret: bytes, limits: Limits | None) -> None:
    import torch

    torch.set_num_threads(1)
    lesson = find_lesson(folder, ROOT)
    _here.update(lesson=lesson, secret=secret, limits=limits)
    try:
        _here["sandbox"] = Sandbox(lesson)
    except SandboxError as error:
        _here["error"] = str(error)


def _grade(submission: Submission) -> Outcome:
    """One submission in this process's sandbox; where that has gone, once more in a new one.

    Raises SandboxError where there has never been one: then no submission can be graded, and it is nobody's fault in the class.
    """
    if "error" in _here:
        raise SandboxError(_here["error"])
    for _ in range(2):
        try:
            return grade_one(submission, _here["lesson"], _here["sandbox"], _here["secret"], _here["limits"])
        except SandboxError as error:
            why = str(error)
            _here["sandbox"].close()
            _here["sandbox"] = Sandbox(_here["lesson"])
    return Outcome(submission.student, _here["lesson"].folder, PARTLY, f"its sandbox ended twice ({why}); needs a look", time=submission.time)
