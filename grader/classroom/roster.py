"""Who is in the class: a list from CSV, and which student a file's or folder's name means, in the ways that learning platforms write it.
No lesson teaches it; grader/classroom/exchange.py asks it for every file that comes in.
Read grader/classroom/archives.py first."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from grader.classroom.records import Records, student_name

# Columns of a class list by what they hold, in the words of the platforms that write such lists.
COLUMNS = {
    "id": ("id", "student", "student id", "student_id", "username", "user name", "login", "sis login id", "sis user id", "idnumber", "id number"),
    "first_name": ("first name", "first_name", "firstname", "given name"),
    "last_name": ("last name", "last_name", "lastname", "surname", "family name"),
    "name": ("name", "full name", "fullname"),
    "email": ("email", "e-mail", "email address", "mail"),
    "number": ("number", "lms id", "canvas id", "participant", "identifier", "lms_user_id"),
}
# Moodle: "Ada Lovelace_1234_assignsubmission_file_", Canvas: "lovelaceada_LATE_1234_5678_lines.ipynb", Blackboard: "..._ada_attempt_2030-01-31-..."
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_\w*")
CANVAS = re.compile(r"(?P<name>[^\W_]+)(?:_(?:LATE|late))?_(?P<number>\d+)_\d+_.+")
BLACKBOARD = re.compile(r".+_(?P<name>[^_]+)_attempt_\d{4}(?:-\d\d){5}(?:_.*)?")


@dataclass(frozen=True)
class Student:
    """One line of a class list. id is the name in the gradebook; number the one that a learning platform gives."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""

    @property
    def words(self) -> set[str]:
        """What a file may be called that is this student's, each as `plain` has it."""
        whole = {self.id, self.email, self.email.split("@")[0], f"{self.first_name} {self.last_name}", f"{self.last_name} {self.first_name}"}
        return {plain(word) for word in whole} - {""}


@dataclass
class Roster:
    """A class list; without one, a file's name is the student's."""

    students: list[Student] = field(default_factory=list)

    def student_of(self, name: str) -> str:
        """The id of the student that a file or folder of this name belongs to. Raises ValueError when that cannot be told."""
        stem = name.removesuffix(".ipynb")
        found = next((match for pattern in (MOODLE, BLACKBOARD, CANVAS) if (match := pattern.fullmatch(stem))), None)
        called, number = (found["name"], found.groupdict().get("number") or "") if found else (stem, "")
        if not self.students:
            return student_name(re.sub(r"\s+", "-", _ascii(called).strip()) if found else called)
        mine = [student for student in self.students if number and student.number == number] or [
            student for student in self.students if plain(called) in student.words]
        if len(mine) != 1:
            raise ValueError(f"{'several people' if mine else 'nobody'} in the class list {'answer' if mine else 'answers'} to {called[:60]!r}")
        return mine[0].id


def read_roster(file: Path) -> Roster:
    """A class list from CSV with a header line. Raises ValueError when no column says who is who, or an id is there twice."""
    with open(file, encoding="utf-8-sig", newline="", errors="replace") as opened:
        sample = opened.read(4096)
        opened.seek(0)
        rows = list(csv.DictReader(opened, delimiter=";" if sample.count(";") > sample.count(",") else ","))
    header = {(name or "").strip().lower(): name for name in (rows[0] if rows else {})}
    columns = {what: header[word] for what, words in COLUMNS.items() for word in words if word in header}
    if "id" not in columns and "email" not in columns:
        raise ValueError(f"a class list needs a column 'id' (or 'username', or 'email'); this one has: {', '.join(header) or 'nothing'}")
    students, seen = [], set()
    for line, row in enumerate(rows, start=2):
        value = {what: (row.get(column) or "").strip() for what, column in columns.items()}
        if not any(value.values()):
            continue
        first, last = value.get("first_name", ""), value.get("last_name", "")
        if not (first or last) and value.get("name"):
            last, _, first = (part.strip() for part in value["name"].partition(",")) if "," in value["name"] else reversed(value["name"].rpartition(" "))
        student = student_name(value.get("id") or value.get("email", "").split("@")[0])
        if student in seen:
            raise ValueError(f"line {line}: {student} is in the class list twice")
        seen.add(student)
        students.append(Student(student, first, last, value.get("email", ""), value.get("number", "")))
    return Roster(students)


def enter(roster: Roster, records: Records) -> tuple[int, list[str]]:
    """Put a class list into the gradebook. Gives how many were not there before, and who is there and not in the list: they stay."""
    known = {student.id for student in records.gradebook.students}
    for student in roster.students:
        about = {"first_name": student.first_name, "last_name": student.last_name, "email": student.email, "lms_user_id": student.number}
        records.gradebook.update_or_create_student(student.id, **{what: value for what, value in about.items() if value})
    mine = {student.id for student in roster.students}
    return len(mine - known), sorted(known - mine)


def plain(text: str) -> str:
    """A name without what platforms change in it: case, accents, blanks and punctuation."""
    return "".join(letter for letter in _ascii(text).lower() if letter.isalnum())


def _ascii(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
