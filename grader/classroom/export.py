"""Grades as a table for other programs: plain, or with the columns that Canvas and Moodle import.
No lesson teaches it; `grader export` writes it from what grader/classroom/records.py has written down.
Read grader/classroom/records.py first; names and addresses come from the class list (`grader students`)."""

from __future__ import annotations

from typing import Any

import pandas

from grader.lessons.cells import Lesson
from grader.classroom.records import Records

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FORMS = ("plain", "canvas", "moodle")


def table(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """One row a student who handed in: id, points and what lateness took off them, maximum, status, seconds late, whether a person has
    still to grade, and each check's points."""
    rows = []
    for outcome in records.outcomes(lesson):
        row = {"student": outcome["student"], "points": outcome["score"], "maximum": outcome["max_score"], "penalty": outcome["penalty"],
               "status": outcome["status"], "seconds_late": outcome["late"], "waits": outcome["waits"]}
        rows.append(row | {result["check"]: result["earned"] for result in outcome["results"]})
    return pandas.DataFrame(rows)


def for_canvas(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """The columns of Canvas's gradebook, as it exports and imports them: who, and the points in a column named after the assignment.

    The second line has the points possible. Canvas finds a student by ID (its own number, 'number' in the class list) or SIS Login ID.
    """
    column = f"{lesson.folder}: {lesson.title}"
    rows = [{"Student": "Points Possible", "ID": "", "SIS User ID": "", "SIS Login ID": "", "Section": "", column: lesson.points}]
    for student, points in _points(records, lesson):
        rows.append({"Student": ", ".join(filter(None, [student["last_name"], student["first_name"]])) or student["id"], "ID": student["lms_user_id"] or "",
                     "SIS User ID": "", "SIS Login ID": student["id"], "Section": "", column: points})
    return pandas.DataFrame(rows)


def for_moodle(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """Columns for Moodle's import of grades from CSV; map 'Username', 'ID number' or 'Email address' to the person there."""
    return pandas.DataFrame([{"First name": student["first_name"] or "", "Last name": student["last_name"] or "", "Username": student["id"],
                              "ID number": student["lms_user_id"] or "", "Email address": student["email"] or "", f"{lesson.folder}: {lesson.title}": points}
                             for student, points in _points(records, lesson)])


def as_csv(records: Records, lesson: Lesson, form: str = "plain") -> str:
    """The table as CSV in which no cell is taken for a formula by a spreadsheet. form: one of FORMS; ValueError for another."""
    makers = dict(zip(FORMS, (table, for_canvas, for_moodle), strict=True))
    if form not in makers:
        raise ValueError(f"{form!r} is no form of table; wanted one of {', '.join(FORMS)}")
    frame = makers[form](records, lesson)
    for column in frame.select_dtypes(include=["object", "string"]).columns:
        frame[column] = frame[column].map(lambda value: "'" + value if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value)
    return frame.to_csv(index=False)


def _points(records: Records, lesson: Lesson) -> list[tuple[dict[str, Any], float]]:
    """Each student who handed the lesson in, as the gradebook knows them, with the points."""
    return [(records.gradebook.find_student(outcome["student"]).to_dict(), outcome["score"]) for outcome in records.outcomes(lesson)]
