"""Grades as a table for other programs.
No lesson teaches it; `grader export` writes it from what grader/records.py has written down.
Read grader/records.py first."""

from __future__ import annotations

import pandas

from grader.cells import Lesson
from grader.records import Records

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def table(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """One row a student: id, points, maximum, status, seconds late, whether a person has still to grade, and each check's points."""
    rows = []
    for outcome in records.outcomes(lesson):
        row = {"student": outcome["student"], "points": outcome["score"], "maximum": outcome["max_score"], "status": outcome["status"],
               "seconds_late": outcome["late"], "waits": outcome["waits"]}
        rows.append(row | {result["check"]: result["earned"] for result in outcome["results"]})
    return pandas.DataFrame(rows)


def as_csv(records: Records, lesson: Lesson) -> str:
    """The table as CSV in which no cell is taken for a formula by a spreadsheet."""
    frame = table(records, lesson)
    for column in frame.select_dtypes(include=["object", "string"]).columns:
        frame[column] = frame[column].map(lambda value: "'" + value if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value)
    return frame.to_csv(index=False)
