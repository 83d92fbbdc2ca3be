"""What lies outermost in an archive or a folder: an entry for each name there, and nothing that is only wrapped around
everything. No lesson teaches it; grader/classroom/exchange.py asks whose each entry is.
Read grader/classroom/archives.py and grader/classroom/identity.py first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.classroom.archives import Found, is_notebook, left_by_a_system, stem
from grader.classroom.identity import Names, is_the_lesson
from grader.classroom.platforms import GRADESCOPE, METADATA, read_metadata, recognise
from grader.classroom.roster import Roster
from grader.lessons.cells import Lesson

# What people call the folder that they put round a class's work, in small letters.
WRAPPERS = (
    "submissions",
    "submitted",
    "submission",
    "handed-in",
    "handed in",
    "class",
    "all",
    "homework",
    "assignment",
    "assignments",
    "downloads",
    "abgaben",
    "abgabe",
)


def entries_of(
    files: list[Found], called: str, roster: Roster, lesson: Lesson
) -> tuple[dict[str, list[Found]], dict[str, Any]]:
    """What lies outermost, by its name, and Gradescope's table of it; a folder that is only wrapped around everything
    is taken off.
    """
    while True:
        mine = [found for found in files if not found.left_behind]
        outermost = {found.parts[0] for found in mine}
        if (
            len(outermost) != 1
            or any(len(found.parts) < 2 for found in mine)
            or not _wraps(mine[0].parts[0], mine, called, roster, lesson)
        ):
            break
        files = [
            replace(found, parts=found.parts[1:])
            for found in files
            if found.parts[0] in outermost and len(found.parts) > 1
        ]
    entries: dict[str, list[Found]] = {}
    for found in files:
        if not left_by_a_system(found.parts[0]) and (len(found.parts) > 1 or not found.left_behind):
            entries.setdefault(found.parts[0], []).append(found)
    table = next((mine[0] for name, mine in entries.items() if name == METADATA), None)
    folders = [name for name in entries if name != METADATA]
    return entries, read_metadata(table.data) if table and all(map(GRADESCOPE.fullmatch, folders)) else {}


def _wraps(outer: str, files: list[Found], called: str, roster: Roster, lesson: Lesson) -> bool:
    """Whether the one folder that everything lies in is only wrapped around it, and not a student's: its own name
    decides, then what lies in it.
    """
    if (Names([outer], [outer], roster, lesson).whose(outer).students and not roster.open) or any(
        recognise([outer], [], [], {}, bool)
    ):
        return False
    inner = list(dict.fromkeys(found.parts[1] for found in files))
    folders = [name for name in inner if any(len(found.parts) > 2 and found.parts[1] == name for found in files)]
    if (
        outer == called
        or outer.endswith("-submissions")
        or outer.lower() in WRAPPERS
        or (METADATA in inner)
        or is_the_lesson(outer, lesson)
    ):
        return True
    if any(len(readings) == len(inner) for readings in recognise(inner, folders, [], {}, lambda name: True)):
        return True
    if roster.open:
        return (len(folders) > 1 and len(folders) == len(inner)) or (
            not folders
            and sum(map(is_notebook, inner)) > 1
            and not any(stem(name).lower() == lesson.name for name in inner)
        )
    if inner == folders[:1] and _wraps(
        inner[0], [replace(found, parts=found.parts[1:]) for found in files], called, roster, lesson
    ):
        return True
    known = Names(inner, folders, roster, lesson)
    return sum(bool(known.whose(name).students) for name in inner) >= (1 if folders else 2)
