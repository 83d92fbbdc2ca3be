"""Grades as a table for other programs: plain, with the columns that Canvas and Moodle import, or into the file that a
platform exported. No lesson teaches it; `grader export` writes it from what grader/classroom/records.py has written
down. Read grader/classroom/records.py first; names and addresses come from the class list (`grader students`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas

from grader.classroom.class_lists import roster_from
from grader.classroom.lists import Table, plain_header, read_table
from grader.classroom.names import squeezed
from grader.classroom.records import Records
from grader.classroom.roster import class_of
from grader.judging.grade import REFUSED
from grader.lessons.cells import Lesson

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FORMS = ("plain", "canvas", "moodle")
NOTHING = "nothing handed in"
FIRST = ("student", "points", "maximum", "penalty", "status", "seconds_late", "waits")
# in Brightspace's and Blackboard's names of columns
MAXIMUM = re.compile(r"(?:MaxPoints|Total Pts):\s*(?:up to )?(\d+(?:[.,]\d+)?)")


@dataclass
class Filled:
    """A platform's own table with the points in it: the column, for how many, and in words what a person should
    know."""

    table: Table
    column: str
    count: int
    notes: list[str] = field(default_factory=list)


def table(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """One row for each of the class: id, points and what lateness took off them, maximum, status, seconds late, whether
    a person has still to grade, and each check's points. Who handed in nothing has no points.
    """
    rows = []
    for student, outcome in _class(records, lesson):
        if outcome is None:
            rows.append({"student": student["id"], "maximum": float(lesson.points), "status": NOTHING, "waits": False})
            continue
        row = {
            "student": outcome["student"],
            "points": outcome["score"],
            "maximum": outcome["max_score"],
            "penalty": outcome["penalty"],
            "status": outcome["status"],
            "seconds_late": outcome["late"],
            "waits": outcome["waits"],
        }
        rows.append(row | {result["check"]: result["earned"] for result in outcome["results"]})
    return pandas.DataFrame(rows, columns=list(dict.fromkeys([*FIRST, *(name for row in rows for name in row)])))


def for_canvas(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """The columns of Canvas's gradebook, as it exports and imports them: who, and the points in a column named after
    the assignment.

    The second line has the points possible. Canvas finds a student by ID (its own number, 'number' in the class list)
    or SIS Login ID.
    """
    column = f"{lesson.folder}: {lesson.title}"
    rows = [
        {
            "Student": "Points Possible",
            "ID": "",
            "SIS User ID": "",
            "SIS Login ID": "",
            "Section": "",
            column: lesson.points,
        }
    ]
    for student, outcome in _class(records, lesson):
        rows.append(
            {
                "Student": ", ".join(filter(None, [student["last_name"], student["first_name"]])) or student["id"],
                "ID": student["lms_user_id"] or "",
                "SIS User ID": "",
                "SIS Login ID": student["id"],
                "Section": "",
                column: outcome["score"] if outcome else "",
            }
        )
    return pandas.DataFrame(rows)


def for_moodle(records: Records, lesson: Lesson) -> pandas.DataFrame:
    """Columns for Moodle's import of grades from CSV; map 'Username', 'ID number' or 'Email address' to the person
    there.
    """
    return pandas.DataFrame(
        [
            {
                "First name": student["first_name"] or "",
                "Last name": student["last_name"] or "",
                "Username": student["id"],
                "ID number": student["lms_user_id"] or "",
                "Email address": student["email"] or "",
                f"{lesson.folder}: {lesson.title}": outcome["score"] if outcome else "",
            }
            for student, outcome in _class(records, lesson)
        ]
    )


def as_csv(records: Records, lesson: Lesson, form: str = "plain") -> str:
    """The table as CSV in which no cell is taken for a formula by a spreadsheet. form: one of FORMS; ValueError for
    another.
    """
    makers = dict(zip(FORMS, (table, for_canvas, for_moodle), strict=True))
    if form not in makers:
        raise ValueError(f"{form!r} is no form of table; wanted one of {', '.join(FORMS)}")
    frame = makers[form](records, lesson)
    for column in frame.select_dtypes(include=["object", "string"]).columns:
        frame[column] = frame[column].map(
            lambda value: "'" + value if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
        )
    return frame.to_csv(index=False)


def into(records: Records, lesson: Lesson, file: Path, column: str = "") -> Filled:
    """A platform's own table with the points of this lesson in it, and nothing else changed: Canvas's gradebook,
    Moodle's worksheet, ...

    column: the one to fill, by its name; without it the one that is named after the lesson, or Moodle's 'Grade'. A row
    whose person is not in the class stays as it is, and so does that of one who handed in nothing. Raises ValueError,
    with what is wanted, where it cannot be told which column is meant, or whose a row is.
    """
    given = read_table(file)
    place = _column(given, lesson, column)
    known, outcomes = class_of(records), {student["id"]: outcome for student, outcome in _class(records, lesson)}
    rows = {line: list(cells) for line, cells in given.rows}
    lines: dict[str, int] = {}
    people = roster_from(given).students
    for by_name in (False, True):  # a name counts for one whom nothing surer tells, and who is nobody else's row
        for row in people:
            mine = known.match(row, by_name)
            if mine is None or row.line in lines.values() or (by_name and mine in lines):
                continue
            if mine in lines:
                raise ValueError(f"lines {lines[mine]} and {row.line} of {file.name} are both {mine}'s; take one out")
            lines[mine] = row.line
    strangers = [
        f"{row.names[0] if row.names else row.id} (line {row.line})" for row in people if row.line not in lines.values()
    ]
    comma = any(re.fullmatch(r"\d+,\d+", cell.strip()) for cells in rows.values() for cell in cells)
    filled, changed, nothing = [], [], []
    for student, line in lines.items():
        if (outcome := outcomes.get(student)) is None:
            nothing.append(student)
            continue
        points = f"{outcome['score']:.2f}".rstrip("0").rstrip(".")
        before, rows[line][place] = rows[line][place].strip(), points.replace(".", ",") if comma else points
        filled.append(student)
        if before and not _same(before, points):
            changed.append(f"{student} ({before} before)")
    notes = [
        f"{len(those)} {words}: {', '.join(those[:12])}{', ...' if len(those) > 12 else ''}"
        for those, words in (
            (nothing, "handed in nothing, and their cells stay as they were"),
            (changed, "had other points there"),
            (strangers, "rows are of nobody in the gradebook, and stay as they were"),
            ([student for student in outcomes if student not in lines], "of the class have no row in this file"),
        )
        if those
    ]
    if (maximum := _maximum(given, place)) is not None and maximum != lesson.points:
        notes.append(f"the column's most is {maximum:g} and the lesson's {lesson.points:g}; the points are not scaled")
    return Filled(replace(given, rows=list(rows.items())), given.header[place], len(filled), notes)


def waiting(records: Records, lesson: Lesson) -> list[str]:
    """Whose points are not all there yet, because something waits for a person."""
    return [student["id"] for student, outcome in _class(records, lesson) if outcome and outcome["waits"]]


def refused(records: Records, lesson: Lesson) -> list[str]:
    """Whose hand-in could not be graded at all, so that they have no points."""
    return [student["id"] for student, outcome in _class(records, lesson) if outcome and outcome["status"] == REFUSED]


def _column(given: Table, lesson: Lesson, column: str) -> int:
    """The column to fill. Raises ValueError where it cannot be told."""
    names = [plain_header(name) for name in given.header]
    steps: tuple[Callable[[str], bool], ...] = (
        lambda name: squeezed(lesson.folder) in squeezed(name),
        lambda name: squeezed(lesson.title) in squeezed(name),
        lambda name: name in ("grade", "bewertung"),
    )
    if column:
        steps = (lambda name: name == plain_header(column),)
    found = next(
        (those for step in steps if (those := [number for number, name in enumerate(names) if step(name)])), []
    )
    if len(found) != 1:
        named = f"named {column!r}" if column else f"named after {lesson.folder} or {lesson.title!r}"
        raise ValueError(
            f"{'no column is' if not found else f'{len(found)} columns are'} {named}; "
            f"name one with --column: {', '.join(repr(name) for name in given.header if name.strip())[:600]}"
        )
    return found[0]


def _maximum(given: Table, place: int) -> float | None:
    """The most points that the platform's column has, where the file says so: in the column's name, a column beside it,
    or a row of its own.
    """
    names = [plain_header(name) for name in given.header]
    beside = next((names.index(name) for name in ("maximum grade", "bestbewertung") if name in names), None)
    rows = [
        cells
        for _, cells in given.rows
        if beside is not None or any(cell.strip() == "Points Possible" for cell in cells)
    ]
    found = MAXIMUM.search(given.header[place])
    text = found[1] if found else rows[0][place if beside is None else beside] if rows else ""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _same(before: str, points: str) -> bool:
    try:
        return float(before.replace(",", ".")) == float(points)
    except ValueError:
        return before == "-"


def _class(records: Records, lesson: Lesson) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Everybody in the gradebook, by id, with what was written down for them; None where nothing was."""
    outcomes = {outcome["student"]: outcome for outcome in records.outcomes(lesson)}
    people = sorted((student.to_dict() for student in records.gradebook.students), key=lambda student: student["id"])
    return [(student, outcomes.get(student["id"])) for student in people]
