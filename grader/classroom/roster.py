"""Who is in the class: a class list from a file of whichever platform, and the one in the gradebook.
No lesson teaches it; grader/classroom/identity.py asks it whose a file is, grader/classroom/export.py whose row a row is.
Read grader/classroom/lists.py first, which makes a table of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.classroom.lists import Table, plain_header, read_table
from grader.classroom.names import likenesses, squeezed
from grader.classroom.records import Records, student_name

# Columns of a class list by what they hold, in the words of the platforms that write such lists, the better one first. Canvas: lib/gradebook_exporter.rb
# of instructure/canvas-lms; Moodle: mod/assign/gradingtable.php and its language packs; Blackboard, Brightspace: their exports as public code reads them.
IDS = ("username", "user name", "benutzername", "anmeldename", "nutzername", "sis login id", "login id", "login", "loginname", "kennung", "child course id", "id",
       "student id", "student_id", "sid", "student", "roster_identifier", "sis user id", "orgdefinedid", "idnumber", "id number", "id-nummer", "matrikelnummer",
       "identifier", "github_username")
NUMBERS = ("canvas id", "lms_user_id", "lms id", "number", "participant", "teilnehmer/in", "identifier", "id", "sid", "idnumber", "id number", "id-nummer", "student id",
           "student_id", "matrikelnummer", "orgdefinedid", "sis user id", "github_username")
COLUMNS = {
    "first_name": ("first name", "first_name", "firstname", "given name", "vorname"),
    "last_name": ("last name", "last_name", "lastname", "surname", "family name", "nachname", "familienname"),
    "name": ("name", "full name", "fullname", "student name", "vollständiger name", "student"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail", "e-mail-adresse", "e-mail adresse", "emailadresse"),
    "time": ("last modified (submission)", "submission time", "submission_timestamp", "submitted at", "zuletzt geändert (abgabe)", "handed in"),
}
NO_STUDENTS = ("points possible", "student, test")  # rows of Canvas's gradebook: of the points, and of the teacher's view as a student
WANTED = "wanted is a column 'id' (or 'username', or 'email')"


@dataclass(frozen=True)
class Student:
    """One of the class. id is the name in the gradebook; number the one that a learning platform gives; others: what else it knows them by.

    participant: whether the list says that it is Moodle's number of a participant. listed: whether a class list says who they are, not
    only an earlier hand-in. time: when they handed in, as text, where the list has it; line: where in the list.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""
    others: tuple[str, ...] = ()
    participant: bool = False
    listed: bool = True
    time: str = ""
    line: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The full name in both orders; none where it is not known."""
        first, last = self.first_name.strip(), self.last_name.strip()
        return (f"{first} {last}", f"{last} {first}") if first and last else (first or last,) if first or last else ()


@dataclass
class Roster:
    """The class. open: nobody gave a list, so a name that is nobody's yet may be a new student's."""

    students: list[Student] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return not any(student.listed for student in self.students)

    def exactly(self, text: str) -> set[str]:
        """Who has this as id, else as id in other letters' case, else as whole mail address, else as another of the platform's names for them."""
        low = text.casefold()
        steps: tuple[Callable[[Student], bool], ...] = (
            lambda one: one.id == text, lambda one: one.id.casefold() == low, lambda one: bool(low) and one.email.casefold() == low,
            lambda one: bool(low) and low in {other.casefold() for other in (*one.others, one.number)})
        return self._first(steps)

    def numbered(self, number: str) -> set[str]:
        return {student.id for student in self.students if number and student.number == number}

    def named(self, name: str) -> set[str]:
        """Who is called so: letter by letter but for case, blanks and punctuation, else with accents and foreign letters spelt out."""
        letters, like = squeezed(name), likenesses(name)
        steps: tuple[Callable[[Student], bool], ...] = (
            lambda one: bool(letters) and letters in map(squeezed, one.names), lambda one: any(like & likenesses(own) for own in one.names))
        return self._first(steps)

    def mailed(self, word: str) -> set[str]:
        return {student.id for student in self.students if word and student.email.split("@")[0].casefold() == word.casefold()}

    def of(self, id: str) -> Student:
        return next(student for student in self.students if student.id == id)

    def _first(self, steps: Iterable[Callable[[Student], bool]]) -> set[str]:
        return next((found for step in steps if (found := {student.id for student in self.students if step(student)})), set())

    def joined(self, known: Roster) -> Roster:
        """This list with all who are known already. Who is in both is one person, under the id that is known: by id, else by mail, number or
        whole name. What this list says of them is added."""
        merged = {student.id: student for student in known.students}
        for student in self.students:
            mine = known.match(student)
            if mine is None:
                merged[student.id] = student
                continue
            old = merged[mine]
            merged[mine] = replace(old, first_name=student.first_name or old.first_name, last_name=student.last_name or old.last_name,
                                   email=student.email or old.email, number=student.number or old.number, listed=True, time=student.time, participant=student.participant,
                                   others=tuple(dict.fromkeys(filter(None, (*old.others, old.number, *student.others, student.id)))))
        return Roster(list(merged.values()))

    def match(self, other: Student) -> str | None:
        """Who of these the person in another list is; None where nobody is, or more than one may be."""
        if any(student.id == other.id for student in self.students):
            return other.id
        keys = {key.casefold() for key in (other.number, *other.others) if key}
        steps: tuple[Callable[[Student], bool], ...] = (
            lambda one: one.id.casefold() == other.id.casefold() or one.id.casefold() in keys, lambda one: bool(one.email) and one.email.casefold() == other.email.casefold(),
            lambda one: bool(keys & {key.casefold() for key in (one.number, *one.others) if key}) and _may_be(one, other))
        found = self._first(steps) or next((found for name in other.names[:1] if (found := self.named(name))), set())
        return found.pop() if len(found) == 1 else None


def _may_be(one: Student, other: Student) -> bool:
    """Whether two names may be one person's: a number of one kind can be another person's of another kind."""
    return not one.names or not other.names or bool(likenesses(one.names[0]) & likenesses(other.names[0]) or likenesses(one.names[-1]) & likenesses(other.names[0]))


def read_roster(file: Path) -> Roster:
    """A class list from a file. Raises ValueError, with the line, for one that does not say who is who."""
    return roster_from(read_table(file))


def roster_from(table: Table) -> Roster:
    """The students of a table, in its order. Raises ValueError as read_roster does."""
    header = [plain_header(name) for name in table.header]
    canvas = "sis login id" in header or {"student", "id", "section"} <= set(header)
    ids = _id_columns(table, header, canvas)
    columns = {what: next((header.index(word) for word in words if word in header and header.index(word) not in ids), None) for what, words in COLUMNS.items()}
    numbers = [header.index(word) for word in (("id",) if canvas else NUMBERS) if word in header and header.index(word) not in (*ids[:1], columns["name"])]
    nobody = f"the class list has no students below its header ({', '.join(filter(None, table.header))})"
    if not table.rows:
        raise ValueError(nobody)
    if not ids and columns["email"] is None and not numbers:
        if empty := [name for name, plain in zip(table.header, header, strict=True) if plain in IDS]:
            raise ValueError(f"the column {empty[0]!r} says of nobody who they are; {WANTED} that is filled in for all")
        raise ValueError(f"a class list needs a column 'id' (or 'username', or 'email'); this one has: {', '.join(filter(None, table.header)) or 'nothing'}")
    students: list[Student] = []
    lines: dict[str, int] = {}
    for line, raw in table.rows:
        cells = [_without_mark(cell, header) for cell in raw]
        about = {what: cells[column] if column is not None else "" for what, column in columns.items()}
        first, last = _name(about)
        if {first.casefold(), last.casefold(), about["name"].casefold()} & set(NO_STUDENTS):
            continue
        own = next((cells[column] for column in ids[:1] if cells[column]), "")
        keys = tuple(dict.fromkeys(_number(cells[column]) for column in (*numbers, *ids) if cells[column]))
        if not own and not keys and not about["email"] and not (first or last):
            continue
        if not own and ids and not canvas:
            raise ValueError(f"line {line}: {f'{first} {last}'.strip() or about['email'] or keys[0]} has nothing in the column {table.header[ids[0]]!r}, which says who is who; fill it in for all")
        number = _number(cells[numbers[0]]) if numbers else ""
        try:
            student = student_name(own or canvas and next(iter(keys), "") or about["email"].split("@")[0] or number and f"participant-{number}")
        except ValueError as error:
            raise ValueError(f"line {line}: {error}" if own or about["email"] else f"line {line}: nothing says who {f'{first} {last}'.strip()} is; {WANTED}") from None
        if student in lines:
            raise ValueError(f"line {line}: {student} is in the class list twice, in line {lines[student]} first")
        lines[student] = line
        students.append(Student(student, first, last, about["email"] or (student if "@" in student else ""), number,
                                tuple(key for key in keys if key not in (student, number)),
                                participant=bool(numbers and re.fullmatch(r"\D+ \d+", cells[numbers[0]])), time=about["time"], line=line))
    if not students:
        raise ValueError(nobody)
    return Roster(students)


def _id_columns(table: Table, header: list[str], canvas: bool) -> list[int]:
    """The columns that hold ids, the one to go by first: not those that are empty, that hold names, or Moodle's 'Participant 11'."""
    found = []
    for column in (header.index(word) for word in IDS if word in header and not (canvas and word in ("id", "student"))):
        values = [text for _, cells in table.rows if (text := _without_mark(cells[column], header))]
        if values and sum(bool(re.search(r"[\s,]", value)) for value in values) <= len(values) / 2:
            found.append(column)
    return found


def _without_mark(cell: str, header: list[str]) -> str:
    """A cell as it is meant: Brightspace puts a '#' in front of ids, so that a spreadsheet takes them for text."""
    text = cell.strip()
    return text[1:] if text.startswith("#") and ("orgdefinedid" in header or "end-of-line indicator" in header) else text


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
    """A platform's number without what stands around it: 'Participant 11' of Moodle's grading worksheet, '11.0' of a spreadsheet."""
    found = re.fullmatch(r"\D+ (\d+)|(\d+)\.0", text)
    return next(filter(None, found.groups())) if found else text


def enter(roster: Roster, records: Records) -> tuple[int, list[str]]:
    """Put a class list into the gradebook. Gives how many were not there before, and who is there and not in the list: they stay."""
    known = {student.id: student for student in records.gradebook.students}
    for student in roster.students:
        about = {"first_name": student.first_name, "last_name": student.last_name, "email": student.email, "lms_user_id": student.number or next(iter(student.others), "")}
        given = {what: value for what, value in about.items() if value}
        if student.id not in known or known[student.id].first_name is None:
            given.setdefault("first_name", "")  # says that a list named them: whom only a hand-in brought has none
        records.gradebook.update_or_create_student(student.id, **given)
    mine = {student.id for student in roster.students}
    return len(mine - set(known)), sorted(set(known) - mine)


def class_of(records: Records) -> Roster:
    """The class as the gradebook has it."""
    return Roster([Student(student.id, student.first_name or "", student.last_name or "", student.email or "", student.lms_user_id or "",
                           listed=student.first_name is not None) for student in records.gradebook.students])


def known_class(classroom: Path) -> Roster:
    """The class as the gradebook of a classroom has it; nobody where there is none yet."""
    if not (Path(classroom) / "gradebook.db").exists():
        return Roster()
    with Records(classroom) as records:
        return class_of(records)
