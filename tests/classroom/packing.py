"""A class of 60 made-up students, and how each platform packs what they hand in and lists who they are: the other side
of grader/classroom/platforms.py. tests/classroom/test_a_class_of_sixty.py collects and exports what is packed here. The
layouts' sources are named in platforms.py and roster.py.
Read grader/classroom/platforms.py first."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WHEN = datetime(2030, 1, 31, 10, 0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """One of the class; number: the platform's for them, account: theirs where git is."""

    id: str
    first: str
    last: str
    email: str
    number: int
    account: str

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def handed_in(self) -> datetime:
        return WHEN + timedelta(minutes=self.number)


# Ids that are others' beginnings, ends, mail names and copies; names with letters that platforms and file systems spell
# otherwise.
ODD = (
    ("ada", "Ada", "Lovelace"),
    ("ada1", "Ada", "Lovelace-Oney"),
    ("ada_l", "Adele", "Lindt"),
    ("l", "Lee", "Elmer"),
    ("j.smith", "Jane", "Smith"),
    ("jsmith", "John", "Smyth"),
    ("smith", "Sam", "Ith"),
    ("jorgen", "Jørgen", "Ærø"),
    ("gross", "Anna", "Groß"),
    ("lukasz", "Łukasz", "Żółć"),
    ("muller", "Zoë", "Müller"),
    ("mueller", "Zoe", "Mueller-Lind"),
    ("annali", "Ann", "Ali"),
    ("lianna", "Lia", "Nna"),
    ("obrien", "Conor", "O'Brien"),
    ("a", "A", "Bee"),
    ("a-b", "Bea", "Cee"),
    ("b", "Bob", "Dee"),
    ("11", "Eleven", "Onze"),
    ("d-ada", "Dada", "Ist"),
)


def people(count: int = 60) -> list[Person]:
    """The class: the odd ones, and more of the usual kind. The mail name of each is another's id, and the number of the
    first is one's id.
    """
    first, last = (
        ("Amal", "Bruna", "Chidi", "Dilek", "Emeka"),
        ("Okafor", "Tanaka", "Silva", "Novák", "Kaya", "Berg", "Rossi", "Haddad"),
    )
    named = [
        *ODD,
        *(
            (
                f"s{number:03d}",
                f"{first[number % 5]}",
                f"{last[number % 8]}-{chr(65 + number % 26)}{chr(97 + number // 26)}",
            )
            for number in range(count - len(ODD))
        ),
    ]
    ids = [id for id, _, _ in named]
    return [
        Person(
            id,
            one,
            other,
            f"{ids[(place + 1) % len(ids)]}@example.org",
            11 + 7 * place,
            re.sub(r"[^a-z0-9]+", "-", f"{id}-gh".lower()),
        )
        for place, (id, one, other) in enumerate(named)
    ]


def wild_name(person: Person, others: Sequence[Person]) -> str:
    """A file name that its owner chose, made of what means somebody else on one platform or another."""
    other = others[(others.index(person) + 5) % len(others)]
    kinds = (
        f"x_{other.id}_attempt_2030-01-31-10-00-00_descent",
        f"{other.full}_{other.number}_assignsubmission_file_descent",
        f"{other.last}{other.first}_{other.number}_99_descent",
        f"1-2 - {other.full} - Jan 31, 2030 926 PM - descent",
        f"{other.full} - descent",
        f"descent_{other.id}",
        other.id,
        f"{other.id} (1)",
        other.email,
        "descent",
        "descent-Copy1",
        f"{other.account}-descent",
        str(other.number),
    )
    return f"{kinds[others.index(person) % len(kinds)]}.ipynb"


def zipped(members: Iterable[tuple[str, bytes]], day: int = 9) -> bytes:
    """A zip file made on a day of February 2030."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2030, 2, day, 12, 0, 0)), data)
    return held.getvalue()


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    delimiter: str = ",",
    quoting: int = csv.QUOTE_MINIMAL,
    line_end: str = "\n",
) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


Handed = dict[Person, tuple[str, bytes]]  # who, under which name of their own, what


def moodle(handed: Handed) -> bytes:
    members = []
    for person, (name, data) in handed.items():
        folder = f"{person.full.replace('_', ' ')}_{person.number + 40000}_assignsubmission_"
        members += [
            (f"{folder}file/{name}", data),
            (f"{folder}onlinetext/onlinetext.html", b"<p>Please find it <b>attached</b>.</p>"),
        ]
    return zipped(members)


def moodle_list(class_: list[Person]) -> bytes:
    rows = [
        (
            f"Participant {one.number + 40000}",
            one.full,
            one.id,
            one.email,
            "Submitted for grading",
            "",
            "100.00",
            "Yes",
            f"{one.handed_in:%A, %d %B %Y, %I:%M %p}",
            "-",
        )
        for one in class_
    ]
    return table(
        (
            "Identifier",
            "Full name",
            "Username",
            "Email address",
            "Status",
            "Grade",
            "Maximum grade",
            "Grade can be changed",
            "Last modified (submission)",
            "Last modified (grade)",
        ),
        rows,
    ).encode("utf-8-sig")


def moodle_list_in_german(class_: list[Person]) -> bytes:
    """The same where the site speaks German, as public code reads it: no blank before the number, commas in numbers,
    other words for when.
    """
    rows = [
        (
            f"Teilnehmer/in{one.number + 40000}",
            one.full,
            one.id,
            one.email,
            "Zur Bewertung abgegeben",
            "",
            "100,00",
            "Ja",
            f"Donnerstag, {one.handed_in.day}. Januar {one.handed_in:%Y, %H:%M}",
            "-",
        )
        for one in class_
    ]
    return table(
        (
            "ID",
            "Vollständiger Name",
            "ID-Nummer",
            "E-Mail-Adresse",
            "Status",
            "Bewertung",
            "Bestwertung",
            "Bewertung kann geändert werden",
            "Zuletzt geändert (Abgabe)",
            "Zuletzt geändert (Bewertung)",
        ),
        rows,
    ).encode("utf-8-sig")


def canvas(handed: Handed) -> bytes:
    return zipped(
        (
            f"{re.sub(r'[^0-9a-zA-Z_À-ɏ]', '', f'{one.last}, {one.first}').lower()}"
            f"{'_LATE' if one.number % 2 else ''}_{one.number}_{one.number + 90000}_{name}",
            data,
        )
        for one, (name, data) in handed.items()
    )


def canvas_list(class_: list[Person]) -> bytes:
    rows = [
        ("    Points Possible", "", "", "", "", "100.00", "(read only)"),
        *((f"{one.last}, {one.first}", one.number, "", one.id, "Section 1", "", "") for one in class_),
        ("Student, Test", 999999, "", "c0ffee", "Section 1", "", ""),
    ]
    return table(
        (
            "Student",
            "ID",
            "SIS User ID",
            "SIS Login ID",
            "Section",
            "03-descent: Down the landscape of loss (4711)",
            "Current Score",
        ),
        rows,
    ).encode()


def blackboard(handed: Handed) -> bytes:
    members = []
    for one, (name, data) in handed.items():
        stamp = f"Home_work 3_{one.id}_attempt_{one.handed_in:%Y-%m-%d-%H-%M-%S}"
        members += [
            (f"{stamp}_{name}", data),
            (
                f"{stamp}.txt",
                b"Name: x\n\nSubmission Field:\nThere is no student submission text data for this "
                b"assignment.\n\nComments:\n"
                b"There are no student comments for this assignment.\n",
            ),
        ]
        earlier = one.handed_in - timedelta(days=2)
        members += [
            (f"Home_work 3_{one.id}_attempt_{earlier:%Y-%m-%d-%H-%M-%S}_{name}", data.replace(b"final", b"first"))
        ]
    return zipped(members)


def blackboard_list(class_: list[Person]) -> bytes:
    rows = [(one.last, one.first, one.id, one.number + 700000, "2030-01-30 10:00:00", "Yes", "") for one in class_]
    return b"\xff\xfe" + table(
        (
            "Last Name",
            "First Name",
            "Username",
            "Student ID",
            "Last Access",
            "Availability",
            "03-descent [Total Pts: 100 Score] |664617",
        ),
        rows,
        "\t",
        csv.QUOTE_ALL,
        "\r\n",
    ).encode("utf-16-le")


def brightspace(handed: Handed) -> bytes:
    return zipped(
        [
            ("index.html", b"<html>all of them</html>"),
            *(
                (
                    f"397063-2557369 - {one.full} - {one.handed_in:%b} {one.handed_in.day}, {one.handed_in:%Y} "
                    f"{int(f'{one.handed_in:%I}')}{one.handed_in:%M %p}/{name}",
                    data,
                )
                for one, (name, data) in handed.items()
            ),
        ]
    )


def brightspace_list(class_: list[Person]) -> bytes:
    rows = [(f"#{one.number + 5000000}", f"#{one.id}", one.last, one.first, one.email, "", "#") for one in class_]
    return table(
        (
            "OrgDefinedId",
            "Username",
            "Last Name",
            "First Name",
            "Email",
            "03-descent Points Grade <Numeric MaxPoints:100>",
            "End-of-Line Indicator",
        ),
        rows,
    ).encode()


def gradescope(handed: Handed) -> bytes:
    about = (
        "".join(
            f"submission_{one.number}:\n  :submitters:\n  - :name: {one.full!r}\n    :sid: '{one.id}'\n    :email: "
            f"{one.email}\n"
            f"  :created_at: {one.handed_in:%Y-%m-%d %H:%M:%S}.000000000 Z\n  :score: 0.0\n"
            for one in handed
        )
        .replace('"', "'")
        .replace("'Conor O'Brien'", '"Conor O\'Brien"')
    )
    return zipped(
        [
            ("assignment_99_export/submission_metadata.yml", about.encode()),
            *((f"assignment_99_export/submission_{one.number}/{name}", data) for one, (name, data) in handed.items()),
        ]
    )


def gradescope_list(class_: list[Person]) -> bytes:
    rows = [(one.first, one.last, one.id, one.email, "", "100.0", "Missing", "") for one in class_]
    return table(
        ("First Name", "Last Name", "SID", "Email", "03-descent", "Max Points", "Status", "Submission Time"), rows
    ).encode()


def drive(handed: Handed) -> bytes:
    return zipped(
        (f"Files (File responses)/{name.removesuffix('.ipynb')} - {one.full}.ipynb", data)
        for one, (name, data) in handed.items()
    )


def drive_list(class_: list[Person]) -> bytes:
    rows = [(one.id, one.first, one.last, one.email, "") for one in class_]
    return (
        "sep=;\r\n"
        + table(("Kennung", "Vorname", "Nachname", "E-Mail-Adresse", "03-descent"), rows, ";", line_end="\r\n")
    ).encode("utf-8-sig")


def git_classroom(handed: Handed) -> bytes:
    members = []
    for one, (name, data) in handed.items():
        members += [
            (f"03-descent-submissions/03-descent-{one.account}/{part}", data if part == name else b"x")
            for part in (name, "README.md", ".gitignore", ".git/HEAD")
        ]
    return zipped(members)


def git_list(class_: list[Person]) -> bytes:
    return table(
        ("identifier", "github_username", "github_id", "name", "03-descent"),
        [(one.id, one.account, one.number, one.full, "") for one in class_],
        quoting=csv.QUOTE_ALL,
    ).encode()


PLATFORMS: dict[str, tuple[Callable[[Handed], bytes], Callable[[list[Person]], bytes]]] = {
    "Moodle": (moodle, moodle_list),
    "Moodle in German": (moodle, moodle_list_in_german),
    "Canvas": (canvas, canvas_list),
    "Blackboard": (blackboard, blackboard_list),
    "Brightspace": (brightspace, brightspace_list),
    "Gradescope": (gradescope, gradescope_list),
    "a shared drive": (drive, drive_list),
    "a git classroom": (git_classroom, git_list),
}
# in a name or in the table that is given
SAY_WHEN = ("Moodle", "Moodle in German", "Blackboard", "Brightspace", "Gradescope")
COLUMN = {"Moodle": "Grade", "Moodle in German": "Bewertung"}
