"""A class graded and written down: what lies in submitted/ goes through grader/judging/grade.py, and one writer puts it into the records.
No lesson teaches it; `grader grade`, nbgrader's own commands and buttons and the demo all come here.
Read grader/judging/grade.py and grader/classroom/records.py first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.lessons.cells import Lesson
from grader.judging.grade import Outcome, Submission, class_secret, find_submissions, grade_class
from grader.classroom.records import Records
from grader.judging.judged import Limits


@dataclass(frozen=True)
class Change:
    """A student whose points are not what they were: before, after, and the checks that it comes from."""

    student: str
    before: float
    after: float
    checks: tuple[str, ...]


@dataclass
class Graded:
    """What grading a class came to: who was graded, who only has results made with earlier checks, and whose points changed."""

    students: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def grade_all(lesson: Lesson, records: Records, workers: int | None = None, regrade: bool = False, students: Collection[str] | None = None,
              begin: Callable[[int], None] = lambda count: None, tell: Callable[[Outcome], None] = lambda outcome: None, limits: Limits | None = None) -> Graded:
    """Grade what a class handed in for a lesson and write it down, each outcome as soon as it is known.

    regrade: make results anew whose checks have changed since; else they stand, and are counted as outdated. students: only
    these. begin is told how many there are, tell each outcome. Stopped at any moment, the next call goes on from there.
    Raises FileNotFoundError where nothing was handed in, SandboxError where isolation cannot be had.
    """
    submissions = handed_in(lesson, records.classroom, students)
    begin(len(submissions))
    graded = Graded()
    secret = class_secret(records.classroom)
    before_it = {submission.student: records.digest(lesson, submission.student) for submission in submissions}
    with closing(grade_class(lesson, submissions, secret, workers, limits, records.kept / lesson.folder, regrade, before_it)) as outcomes:
        for outcome in outcomes:
            before = records.outcome(lesson, outcome.student)
            records.write(outcome, lesson)
            graded.students.append(outcome.student)
            if outcome.outdated:
                graded.outdated.append(outcome.student)
            if before is not None and (change := _change(before, records.outcome(lesson, outcome.student))):
                graded.changes.append(change)
            tell(outcome)
    graded.changes.sort(key=lambda change: change.student)
    return graded


def handed_in(lesson: Lesson, classroom: Path, students: Collection[str] | None = None) -> list[Submission]:
    """The submissions of a lesson. Raises FileNotFoundError where there are none."""
    found = [submission for submission in find_submissions(classroom, lesson) if students is None or submission.student in students]
    if not found:
        raise FileNotFoundError(2, f"no submissions of {lesson.folder}{' by ' + ', '.join(sorted(students)) if students else ''}; "
                                   f"`grader collect {lesson.folder}` fetches them", str(classroom / "submitted"))
    return found


def _change(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    if before["score"] == after["score"]:
        return None
    earned = {result["check"]: result["earned"] for result in before["results"]}
    checks = [result["check"] for result in after["results"] if earned.get(result["check"]) != result["earned"]]
    return Change(after["student"], before["score"], after["score"], tuple(checks))
