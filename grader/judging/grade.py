"""From a submission to an outcome, and from a class of submissions to its outcomes.
No lesson teaches it; `grader grade` calls it, grader/classroom/records.py writes down what it gives.
Read grader/judging/intake.py and grader/judging/judge.py first: one submission is intake, then judge, and nothing is
shared between two."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import secrets
import signal
from collections import Counter, deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from pebble import ProcessExpired, ProcessPool

from course.checks.result import NEEDS_A_LOOK, Result
from grader.judging.intake import Refused, Submitted, read_beside, read_file, read_notebook
from grader.judging.judged import MOST_PATIENCE, Judged, Limits
from grader.judging.keys import Kept, keys_of
from grader.judging.looks import remarks, unseen_answers, untouched, who_waits
from grader.judging.places import Stray
from grader.judging.sandbox import Sandbox, SandboxError, require
from grader.lessons.cells import Lesson

GRADED, PARTLY, REFUSED = "graded", "partly graded", "refused"
REFUSED_FILE = "refused.txt"  # lies in the place of a notebook that could not be taken, and says why
SECONDS_TO_JUDGE = 60  # that the judge's own arithmetic may take for one submission, besides the learner's time


@dataclass(frozen=True)
class Submission:
    """A file that a student handed in, and when. Identity and time come from the exchange or a list, never from the
    file.

    why: what was wrong with it when it was fetched, where nothing of it could be taken. data, beside: what the file
    holds and what was typed beside it, where they were sent to another machine; None where the file is here.
    """

    student: str
    path: Path
    time: datetime | None = None
    why: str = ""
    data: bytes | None = None
    beside: str | None = None

    def read(self) -> bytes:
        """The file's bytes. Raises Refused."""
        return read_file(self.path) if self.data is None else self.data

    def read_beside(self) -> str:
        return read_beside(self.path) if self.beside is None else self.beside


@dataclass
class Outcome:
    """What became of one submission. status is 'graded', 'partly graded' (why says what is left) or 'refused' (why says
    why).

    results: one for each check cell. essays: the points of each essay that needs no reading (0 when untouched), None
    where a person has to read it. texts: the learner's own cells, for the instructor's and the learner's pages.
    remarks: for the instructor.
    digest: of the file, text: of the learner's text in it, keys: what the results of each exercise depend on.
    outdated: whether the checks have changed since.
    strays: what the learner wrote where no place is for it. looks: the graded cells that a person has to look at
    because of it, each with the reason.
    attached: the names of each essay's pictures. pictures: their bytes by name, and those of the strays; they are no
    part of what is written down as JSON.
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
    text: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    time: datetime | None = None
    outdated: bool = False
    strays: list[Stray] = field(default_factory=list)
    looks: dict[str, str] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """The points that the checks gave; essays that wait for a reader are not in it."""
        return sum(result.earned for result in self.results)

    @property
    def mistakes(self) -> list[str]:
        return [result.mistake for result in self.results if result.mistake]

    def as_dict(self) -> dict[str, Any]:
        content = asdict(replace(self, pictures={}))
        del content["pictures"]
        content["results"] = [result.as_dict() for result in self.results]
        content["points"] = self.points
        content["time"] = self.time.isoformat() if self.time else None
        return content


class NotKept(Exception):
    """A result that was not made before was asked for without a sandbox."""


def grade_one(
    submission: Submission,
    lesson: Lesson,
    sandbox: Sandbox | None,
    secret: bytes,
    limits: Limits | None = None,
    kept: Kept | None = None,
    regrade: bool = True,
) -> Outcome:
    """Grade one submission. Whatever the file is or does, an outcome comes back; SandboxError only when the sandbox
    itself is gone, NotKept without one.

    kept: results made before. What would come out the same is taken from there, and what is judged here is put there.
    regrade: whether results that were made with other checks are made anew; else they stand, and the outcome says that
    it is outdated.
    """
    outcome = Outcome(submission.student, lesson.folder, GRADED, time=submission.time)
    limits = limits or Limits()
    try:
        if submission.why:
            raise Refused(submission.why)
        data = submission.read()
        outcome.digest = hashlib.sha256(data).hexdigest()
        submitted = read_notebook(data, lesson)
    except Refused as refusal:
        outcome.status, outcome.why = REFUSED, str(refusal)
        return outcome
    _take(outcome, submitted, lesson, submission.read_beside())
    judged, outcome.keys = _judged(submitted, lesson, sandbox, secret, limits, kept, regrade)
    outcome.outdated = judged.keys != outcome.keys
    outcome.results = judged.results
    outcome.looks.update(unseen_answers(submitted, lesson, judged.results))
    outcome.remarks = [*judged.remarks, *remarks(outcome.strays, outcome.looks)]
    outcome.printed = {id: run.printed for id, run in judged.runs.items() if run.printed}
    left = [f"{result.check}: {result.message}" for result in judged.results if result.status == NEEDS_A_LOOK]
    left += [
        f"{id}: did not finish"
        for id, run in judged.runs.items()
        if run.raised and run.raised[0] in ("OutOfTime", "a crash")
    ]
    left += [
        f"{result.check}: its call did not come back"
        for result in judged.results
        if "did not come back" in result.message
    ]
    left += [
        f"{result.check}: no time was left for it"
        for result in judged.results
        if result.message.startswith("the time for the whole")
    ]
    if left:
        outcome.status, outcome.why = PARTLY, "; ".join(left)
    return outcome


def _judged(
    submitted: Submitted,
    lesson: Lesson,
    sandbox: Sandbox | None,
    secret: bytes,
    limits: Limits,
    kept: Kept | None,
    regrade: bool,
) -> tuple[Judged, dict[str, str]]:
    """What judging comes to, and the keys that it has now: made before, made here, or, where some checks have changed,
    some of each."""
    before = kept.find(submitted) if kept else None
    names: set[str] | None = None
    known: Sequence[Result] = ()
    if before is not None:
        keys = keys_of(lesson, submitted, secret, limits, before.everything)
        names, known = {name for name, key in keys.items() if before.keys.get(name) != key}, before.results
        if not names or not regrade:
            return before, keys
    if sandbox is None:
        raise NotKept
    from grader.judging.judge import judge  # here: it takes torch

    judged = judge(submitted, lesson, sandbox, secret, limits, names, known)
    if before is not None:
        judged.runs = {**before.runs, **judged.runs}
        judged.remarks = list(dict.fromkeys([*before.remarks, *judged.remarks]))
    judged.keys = keys_of(lesson, submitted, secret, limits, judged.everything)
    if kept and not judged.cut:
        # on a full disk too it is the result; whoever writes it down says what is wrong
        with contextlib.suppress(OSError):
            kept.keep(submitted, judged)
    return judged, judged.keys


def _take(outcome: Outcome, submitted: Submitted, lesson: Lesson, beside: str = "") -> None:
    """Put what was handed in into an outcome: every word of it, and what a person has to read."""
    outcome.texts, outcome.text = submitted.texts, submitted.digest
    typed = [Stray("typed into the learning platform's own field", "", "", "text", beside)] if beside else []
    outcome.strays, outcome.attached, outcome.pictures = (
        [*typed, *submitted.strays],
        submitted.attached,
        submitted.pictures,
    )
    outcome.looks = {
        id: stray.where
        for stray in reversed(outcome.strays)
        if stray.waits
        for id in who_waits(stray, submitted, lesson)
    }
    outcome.essays = {
        cell.id: 0.0 if untouched(submitted, cell) and cell.id not in outcome.looks else None for cell in lesson.essays
    }


def unjudged(submission: Submission, lesson: Lesson, why: str) -> Outcome:
    """The outcome of a submission that could not be judged: its text is there to be read, and everything waits for a
    person."""
    outcome = Outcome(submission.student, lesson.folder, PARTLY, f"{why}; needs a look", time=submission.time)
    with contextlib.suppress(Refused):
        _take(outcome, read_notebook(submission.read(), lesson), lesson, submission.read_beside())
    return outcome


def class_secret(classroom: Path) -> bytes:
    """The secret that hidden inputs are drawn from: made once for a class, readable by its owner alone."""
    file = classroom / "secret"
    if not file.exists():
        classroom.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(secrets.token_bytes(32))
    return file.read_bytes()


def grade_class(
    lesson: Lesson,
    submissions: Sequence[Submission],
    secret: bytes,
    workers: int | None = None,
    limits: Limits | None = None,
    kept: Path | None = None,
    regrade: bool = True,
    before: Mapping[str, str] | None = None,
) -> Generator[Outcome, None, None]:
    """The outcomes of a class, each as soon as it is known. One worker process a core, each with a warm sandbox of its
    own.

    kept: the folder of results made before; regrade: as grade_one has it. A worker that dies or does not end is
    replaced, and its submission tried once more, then given to a person. before: by student, the digest of the file
    that was graded last; one that is still the same was read before without harm, and what was kept of it is taken
    here, so that nothing is started for it. Closing the iterator ends every worker. Raises SandboxError where isolation
    cannot be had.
    """
    limits = limits or Limits()
    left: deque[Submission] = deque()
    yield from known_already(lesson, submissions, secret, limits, kept, regrade, before or {}, left)
    if not left:
        return
    require()
    workers = max(1, min(workers or os.cpu_count() or 1, len(left)))
    pool = pool_of(workers, lesson, secret, limits, kept, regrade)
    tried: Counter[str] = Counter()
    waiting: dict[Future, Submission] = {}
    try:
        while left or waiting:
            # No more than are needed are in the pool's hands at once, so that a large class takes no more memory than a
            # small one.
            while left and len(waiting) < 2 * workers:
                submission = left.popleft()
                waiting[pool.schedule(grade_here, args=[submission], timeout=patience(limits))] = submission
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                submission = waiting.pop(done)
                try:
                    yield done.result()
                    continue
                except SandboxError:
                    raise
                except Exception as error:
                    why, again = what_happened(error, limits)
                    tried[submission.student] += 1 if again else 2
                if tried[submission.student] < 2:
                    left.append(submission)
                else:
                    yield unjudged(submission, lesson, why)
    finally:
        pool.stop()
        pool.join()


def known_already(
    lesson: Lesson,
    submissions: Sequence[Submission],
    secret: bytes,
    limits: Limits,
    kept: Path | None,
    regrade: bool,
    before: Mapping[str, str],
    left: deque[Submission],
) -> Generator[Outcome, None, None]:
    """The outcomes that need nothing to be run, as grade_class has it; the other submissions come to lie in left."""
    for submission in submissions:
        try:
            if not kept or hashlib.sha256(submission.read()).hexdigest() != before.get(submission.student):
                raise NotKept
            yield grade_one(submission, lesson, None, secret, limits, Kept(kept), regrade)
        except (Refused, NotKept):
            left.append(submission)


def pool_of(
    processes: int, lesson: Lesson, secret: bytes, limits: Limits, kept: Path | None, regrade: bool
) -> ProcessPool:
    """Processes that judge, each with a warm sandbox of its own; grade_here is what they are asked for."""
    return ProcessPool(
        processes,
        context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(lesson, secret, limits, kept, regrade),
    )


def patience(limits: Limits) -> float:
    """Seconds after which a process that judges one submission is ended."""
    return MOST_PATIENCE * limits.submission + SECONDS_TO_JUDGE


def what_happened(error: Exception, limits: Limits) -> tuple[str, bool]:
    """Why a process gave no outcome, in words, and whether it is worth another try."""
    if isinstance(error, TimeoutError):
        return f"judging it did not end within {patience(limits):g} s", False
    if isinstance(error, ProcessExpired):
        return "the process that judged it ended", True
    return f"the grader itself failed ({type(error).__name__})", False


def find_submissions(classroom: Path, lesson: Lesson) -> list[Submission]:
    """What lies in submitted/STUDENT/LESSON/, as collecting leaves it: the folder names the student, timestamp.txt the
    time.

    A notebook under another name counts when it is the only one. A folder that is a link is left out.
    """
    found = []
    for folder in sorted((classroom / "submitted").glob(f"*/{lesson.folder}")):
        if not folder.is_dir() or folder.is_symlink() or folder.parent.is_symlink():
            continue
        path = folder / f"{lesson.name}.ipynb"
        others = sorted(folder.glob("*.ipynb"))
        if not os.path.lexists(path) and len(others) == 1:
            path = others[0]
        why = _text_of(folder / REFUSED_FILE) if not os.path.lexists(path) else ""
        found.append(Submission(folder.parent.name, path, _collected(folder / "timestamp.txt"), why))
    return found


def _text_of(file: Path) -> str:
    try:
        return read_file(file).decode(errors="replace")[:500]
    except Refused:
        return ""


def _collected(file: Path) -> datetime | None:
    """The time in a timestamp file, None where there is none that can be read."""
    from nbgrader.utils import parse_utc  # here: it takes a second, and the processes that grade need none

    try:
        return parse_utc(_text_of(file)[:80].strip()).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


_here: dict[str, Any] = {}


def _begin(lesson: Lesson, secret: bytes, limits: Limits, kept: Path | None, regrade: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's business, which ends this one
    # while the sandbox's own process, which takes as long, imports the same there
    torch_here = Thread(target=_warm_up, args=[lesson])
    torch_here.start()
    _here.update(lesson=lesson, secret=secret, limits=limits, kept=Kept(kept) if kept else None, regrade=regrade)
    try:
        _here["sandbox"] = Sandbox(lesson)
    except SandboxError as error:
        _here["error"] = str(error)
    torch_here.join()


def _warm_up(lesson: Lesson) -> None:
    """Import what judging takes, and what the lesson's setup cells import; the first submission would wait seconds for
    it."""
    import torch

    torch.set_num_threads(1)
    import torch._dynamo  # what is computed on `meta` imports it

    from grader.judging.judge import run_setup

    run_setup(lesson, {})


def grade_here(submission: Submission, kept: Kept | None = None) -> Outcome:
    """One submission in this process's sandbox; where that has gone, once more in a new one. kept: in the place of the
    folder that the process was begun with.

    Raises SandboxError where there has never been one: then no submission can be graded, and it is nobody's fault in
    the class.
    """
    if "error" in _here:
        raise SandboxError(_here["error"])
    for _ in range(2):
        try:
            return grade_one(
                submission,
                _here["lesson"],
                _here["sandbox"],
                _here["secret"],
                _here["limits"],
                kept or _here["kept"],
                _here["regrade"],
            )
        except SandboxError as error:
            why = str(error)
            _here["sandbox"].close()
            _here["sandbox"] = Sandbox(_here["lesson"])
    return unjudged(submission, _here["lesson"], f"its sandbox ended twice ({why})")
