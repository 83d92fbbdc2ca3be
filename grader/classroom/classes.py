"""A class graded and written down: what lies in submitted/ goes through grader/judging/grade.py, and one writer puts it
into the records. No lesson teaches it; `grader grade`, nbgrader's own commands and buttons and the demo all come here.
Read grader/judging/grade.py and grader/classroom/records.py first."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.checks.result import PASSED
from grader.classroom.records import Records
from grader.judging.grade import Outcome, Submission, class_secret, find_submissions, grade_class
from grader.judging.judged import Limits
from grader.lessons.cells import Lesson

if TYPE_CHECKING:
    from grader.classroom.cluster import Cluster


@dataclass(frozen=True)
class Moved:
    """An exercise or quiz whose points are not what they were, and what is said of each of its checks now:
    'descend-path passed'."""

    name: str
    before: float
    after: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A student whose points are not what they were: before, after, the checks that it comes from, and exercise by
    exercise. new_work: whether another file was handed in."""

    student: str
    before: float
    after: float
    checks: tuple[str, ...]
    exercises: tuple[Moved, ...] = ()
    new_work: bool = False


@dataclass
class Graded:
    """What grading a class came to: who was graded, who only has results made with earlier checks, and whose points
    changed."""

    students: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def grade_all(
    lesson: Lesson,
    records: Records,
    workers: int | None = None,
    regrade: bool = False,
    students: Collection[str] | None = None,
    begin: Callable[[int], None] = lambda count: None,
    tell: Callable[[Outcome], None] = lambda outcome: None,
    limits: Limits | None = None,
    graded: Graded | None = None,
    cluster: Cluster | None = None,
) -> Graded:
    """Grade what a class handed in for a lesson and write it down, each outcome as soon as it is known.

    regrade: make results anew whose checks have changed since; else they stand, and are counted as outdated. students:
    only these. begin is told how many there are, tell each outcome. graded: filled in as it goes, for who stops it in
    between. cluster: other machines that judge, in the place of this one. Stopped at any moment, the next call goes on
    from there.
    Raises FileNotFoundError where nothing was handed in, SandboxError where isolation cannot be had.
    """
    submissions = handed_in(lesson, records.classroom, students)
    begin(len(submissions))
    graded = graded if graded is not None else Graded()
    secret = class_secret(records.classroom)
    before_it = {submission.student: records.digest(lesson, submission.student) for submission in submissions}
    if cluster is None:
        made = grade_class(
            lesson, submissions, secret, workers, limits, records.kept / lesson.folder, regrade, before_it
        )
    else:
        from grader.classroom.cluster import grade_on  # here: what it needs is not installed everywhere

        made = grade_on(cluster, lesson, submissions, secret, limits, records.kept / lesson.folder, regrade, before_it)
    with closing(made) as outcomes:
        for outcome in outcomes:
            before = records.outcome(lesson, outcome.student)
            if before is not None and only_asks(outcome, before):
                outcome.time = before["time"] and datetime.fromisoformat(before["time"])
            records.write(outcome, lesson)
            graded.students.append(outcome.student)
            if outcome.outdated:
                graded.outdated.append(outcome.student)
            after = records.outcome(lesson, outcome.student)
            if before and after and (change := _change(before, after)):
                graded.changes.append(change)
            tell(outcome)
    graded.changes.sort(key=lambda change: change.student)
    return graded


def only_asks(outcome: Outcome, before: dict[str, Any]) -> bool:
    """Whether a hand-in is the one before, with nothing new but what it asks another look at: it is not late for
    asking."""
    now = json.loads(json.dumps(outcome.as_dict()))
    rest = [[stray for stray in each.get("strays", []) if not stray.get("about")] for each in (now, before)]
    asks = any(stray.about for stray in outcome.strays)
    return (
        asks
        and bool(outcome.text)
        and outcome.text == before["text"]
        and rest[0] == rest[1]
        and now["attached"] == before.get("attached", {})
    )


def handed_in(lesson: Lesson, classroom: Path, students: Collection[str] | None = None) -> list[Submission]:
    """The submissions of a lesson. Raises FileNotFoundError where there are none."""
    found = [
        submission
        for submission in find_submissions(classroom, lesson)
        if students is None or submission.student in students
    ]
    if not found:
        raise FileNotFoundError(
            2,
            f"no submissions of {lesson.folder}{' by ' + ', '.join(sorted(students)) if students else ''}; "
            f"`grader collect {lesson.folder}` fetches them",
            str(classroom / "submitted"),
        )
    return found


def _earned(outcome: dict[str, Any], name: str) -> float:
    return sum(result["earned"] for result in outcome["results"] if result["exercise"] == name)


def _change(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    if before["score"] == after["score"]:
        return None
    earned = {result["check"]: result["earned"] for result in before["results"]}
    changed = [result for result in after["results"] if earned.get(result["check"]) != result["earned"]]
    exercises = [
        Moved(
            name,
            _earned(before, name),
            _earned(after, name),
            tuple(_now(result) for result in changed if result["exercise"] == name),
        )
        for name in dict.fromkeys(result["exercise"] for result in changed)
    ]
    return Change(
        after["student"],
        before["score"],
        after["score"],
        tuple(result["check"] for result in changed),
        tuple(exercises),
        before["text"] != after["text"],
    )


def _now(result: dict[str, Any]) -> str:
    """What a check says now, in words that feedback has too."""
    said = result["mistake"] or result["message"]
    return f"{result['check']} {result['status']}" + (f": {said}" if said and result["status"] != PASSED else "")
