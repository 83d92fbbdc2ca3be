"""A class list from a table of whichever platform or spreadsheet: each row a student, or the line that does not say
who. No lesson teaches it; `grader students`, `collect --list` and `export --into` read theirs by it.
Read grader/classroom/lists.py (what a table is) and grader/classroom/roster.py (what a student is) first."""

from __future__ import annotations

import re
from pathlib import Path

from grader.classroom.lists import Table, plain_header, read_table
from grader.classroom.records import student_name
from grader.classroom.roster import Roster, Student

# Columns of a class list by what they hold, in the words of the platforms that write such lists, the better one first.
# Canvas: lib/gradebook_exporter.rb of instructure/canvas-lms; Moodle: mod/assign/gradingtable.php and its language
# packs; Blackboard, Brightspace: their exports as public code reads them.
IDS = (
    "username",
    "user name",
    "benutzername",
    "anmeldename",
    "nutzername",
    "sis login id",
    "login id",
    "login",
    "loginname",
    "kennung",
    "child course id",
    "id",
    "student id",
    "student_id",
    "sid",
    "student",
    "roster_identifier",
    "sis user id",
    "orgdefinedid",
    "idnumber",
    "id number",
    "id-nummer",
    "matrikelnummer",
    "identifier",
    "github_username",
)
NUMBERS = (
    "canvas id",
    "lms_user_id",
    "lms id",
    "number",
    "participant",
    "teilnehmer/in",
    "identifier",
    "id",
    "sid",
    "idnumber",
    "id number",
    "id-nummer",
    "student id",
    "student_id",
    "matrikelnummer",
    "orgdefinedid",
    "sis user id",
    "github_username",
)
COLUMNS = {
    "first_name": ("first name", "first_name", "firstname", "given name", "vorname"),
    "last_name": ("last name", "last_name", "lastname", "surname", "family name", "nachname", "familienname"),
    "name": ("name", "full name", "fullname", "student name", "vollständiger name", "student"),
    "email": (
        "email",
        "e-mail",
        "email address",
        "e-mail address",
        "mail",
        "e-mail-adresse",
        "e-mail adresse",
        "emailadresse",
    ),
    "time": (
        "last modified (submission)",
        "submission time",
        "submission_timestamp",
        "submitted at",
        "zuletzt geändert (abgabe)",
        "handed in",
    ),
}
# what Moodle writes for a participant's number: 'Participant 11', and 'Teilnehmer/in11' in German
PARTICIPANT = re.compile(r"\D*[\s/]\D*(\d+)")
# rows of Canvas's gradebook: of the points, and of the teacher's view as a student
NO_STUDENTS = (
    "points possible",
    "student, test",
)
WANTED = "wanted is a column 'id' (or 'username', or 'email')"


def read_roster(file: Path) -> Roster:
    """A class list from a file. Raises ValueError, with the line, for one that does not say who is who."""
    return roster_from(read_table(file))


def roster_from(table: Table) -> Roster:
    """The students of a table, in its order. Raises ValueError as read_roster does."""
    header = [plain_header(name) for name in table.header]
    canvas = "sis login id" in header or {"student", "id", "section"} <= set(header)
    ids = _id_columns(table, header, canvas)
    columns = {
        what: next((header.index(word) for word in words if word in header and header.index(word) not in ids), None)
        for what, words in COLUMNS.items()
    }
    goes_by = ids[:1] if canvas or not _only_addresses_are_whole(table, ids[:1], columns["email"]) else []
    numbers = [
        header.index(word)
        for word in (("id",) if canvas else NUMBERS)
        if word in header and header.index(word) not in (*goes_by, columns["name"])
    ]
    nobody = f"the class list has no students below its header ({', '.join(filter(None, table.header))})"
    if not table.rows:
        raise ValueError(nobody)
    if not ids and columns["email"] is None and not numbers:
        if empty := [name for name, plain in zip(table.header, header, strict=True) if plain in IDS]:
            raise ValueError(f"the column {empty[0]!r} says of nobody who they are; {WANTED} that is filled in for all")
        raise ValueError(
            "a class list needs a column 'id' (or 'username', or 'email'); this one has: "
            f"{', '.join(filter(None, table.header)) or 'nothing'}"
        )
    students: list[Student] = []
    lines: dict[str, int] = {}
    for line, raw in table.rows:
        cells = [_without_mark(cell, header) for cell in raw]
        about = {what: cells[column] if column is not None else "" for what, column in columns.items()}
        first, last = _name(about)
        if {first.casefold(), last.casefold(), about["name"].casefold()} & set(NO_STUDENTS):
            continue
        own = next((cells[column] for column in goes_by if cells[column]), "")
        keys = tuple(dict.fromkeys(_number(cells[column]) for column in (*numbers, *ids) if cells[column]))
        if not own and not keys and not about["email"] and not (first or last):
            continue
        if not own and goes_by and not canvas:
            raise ValueError(
                f"line {line}: {f'{first} {last}'.strip() or about['email'] or keys[0]} has nothing in the column "
                f"{table.header[goes_by[0]]!r}, which says who is who; fill it in for all"
            )
        number = _number(cells[numbers[0]]) if numbers else ""
        try:
            student = student_name(
                own
                or (canvas and next(iter(keys), ""))
                or about["email"].split("@")[0]
                or (number and f"participant-{number}")
            )
        except ValueError as error:
            raise ValueError(
                f"line {line}: {error}"
                if own or about["email"]
                else f"line {line}: nothing says who {f'{first} {last}'.strip()} is; {WANTED}"
            ) from None
        if student in lines:
            raise ValueError(f"line {line}: {student} is in the class list twice, in line {lines[student]} first")
        lines[student] = line
        students.append(
            Student(
                student,
                first,
                last,
                about["email"] or (student if "@" in student else ""),
                number,
                tuple(key for key in keys if key not in (student, number)),
                derived=not own,
                participant=bool(numbers and PARTICIPANT.fullmatch(cells[numbers[0]])),
                time=about["time"],
                line=line,
            )
        )
    if not students:
        raise ValueError(nobody)
    return Roster(students)


def _id_columns(table: Table, header: list[str], canvas: bool) -> list[int]:
    """The columns that hold ids, the one to go by first: not those that are empty, that hold names, or Moodle's
    'Participant 11'.
    """
    found = []
    for column in (header.index(word) for word in IDS if word in header and not (canvas and word in ("id", "student"))):
        values = [text for _, cells in table.rows if (text := _without_mark(cells[column], header))]
        others = [value for value in values if re.search(r"[\s,]", value) or PARTICIPANT.fullmatch(value)]
        if values and 2 * len(others) <= len(values):
            found.append(column)
    return found


def _only_addresses_are_whole(table: Table, ids: list[int], mail: int | None) -> bool:
    """Whether some of a table have no id and all an address: ID numbers are optional in Moodle's gradebook."""
    rows = [cells for _, cells in table.rows]
    return (
        mail is not None
        and all(cells[mail].strip() for cells in rows)
        and not all(cells[column].strip() for column in ids for cells in rows)
    )


def _without_mark(cell: str, header: list[str]) -> str:
    """A cell as it is meant: Brightspace puts a '#' in front of ids, so that a spreadsheet takes them for text."""
    text = cell.strip()
    return (
        text[1:] if text.startswith("#") and ("orgdefinedid" in header or "end-of-line indicator" in header) else text
    )


def _name(about: dict[str, str]) -> tuple[str, str]:
    """First name and last name, from the columns that there are."""
    first, last = about["first_name"], about["last_name"]
    if first or last or not about["name"]:
        return first, last
    if "," in about["name"]:
        last, _, first = (part.strip() for part in about["name"].partition(","))
    else:
        first, _, last = about["name"].rpartition(" ")
    return first, last


def _number(text: str) -> str:
    """A platform's number without what stands around it: of Moodle's grading worksheet, or '11.0' of a spreadsheet."""
    found = PARTICIPANT.fullmatch(text) or re.fullmatch(r"(\d+)\.0", text)
    return found[1] if found else text
