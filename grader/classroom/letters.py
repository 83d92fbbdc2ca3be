"""What a regrade that changes points says to each student whom it touches: one short paragraph, to be mailed.
No lesson teaches it; `grader grade LESSON --regrade` writes them into one file beside the report.
Read grader/classroom/classes.py first: what a Change is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from course.desk.files import PRIVATE, write_whole
from course.desk.work import now, stamp, unused
from grader.classroom.classes import Change
from grader.classroom.pages import points, without_escapes
from grader.classroom.records import Records
from grader.classroom.roster import class_of
from grader.lessons.cells import Lesson


def write_letters(records: Records, lesson: Lesson, changes: Iterable[Change], why: str = "") -> Path | None:
    """Write a paragraph for each student whose points changed, with the points as the gradebook has them now. Gives the
    file; None where nobody's did."""
    people = {student.id: student for student in class_of(records).students}
    written = []
    for change in sorted(changes, key=lambda change: change.student):
        who = people.get(change.student)
        name = f"{who.first_name} {who.last_name}".strip() if who else ""
        after = records.score(lesson, change.student)
        head = " ".join(filter(None, (name or change.student, who.email if who else "")))
        written.append(
            f"{head}\n{paragraph(change, lesson, name or change.student, after['score'], after['max_score'], why)}\n"
        )
    if not written:
        return None
    file = unused(records.classroom / "reports" / f"{lesson.folder}-regraded-{stamp(now())}.txt")
    write_whole(file, without_escapes("\n".join(written)), PRIVATE)
    return file


def paragraph(change: Change, lesson: Lesson, name: str, after: float, most: float, why: str = "") -> str:
    """Exercise, before, after and reason, in words that the student can read. why: the instructor's own words for the
    reason."""
    reason = why.strip().rstrip(".") or (
        "you handed it in again" if change.new_work else "a check was changed after you had handed it in"
    )
    parts = [
        f"For {each.name} you had {points(each.before)} and have {points(each.after)} points now "
        f"({'; '.join(each.why)})."
        for each in change.exercises
    ]
    return (
        f"Dear {name}, your work on {lesson.folder}, {lesson.title}, was graded again: {reason}. {' '.join(parts)} "
        f"In all you had {points(change.before)} and have {points(after)} of {points(most)} points now."
    )
