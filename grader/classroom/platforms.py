"""What learning platforms write into the names of what they pack: who handed in, and when. A learner's own part of a
name is never read. No lesson teaches it; grader/classroom/identity.py asks who in the class is meant.
Read grader/classroom/archives.py first. Each recogniser names the public text that it was made from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import yaml

METADATA = "submission_metadata.yml"  # Gradescope's table, beside the folders that it is about


@dataclass(frozen=True)
class Said:
    """What the platform's own part of one name says.

    name: the person's, as the platform writes it; number: the platform's for that person; id and email: where it has a
    table of them. ends: a text that ends with the student's id, the assignment's title and `separator` before it; both
    may hold the separator. time: with a zone, or in the class's. late: the platform's own mark. file: the rest of the
    name, which the learner chose.
    """

    platform: str
    name: str = ""
    number: str = ""
    id: str = ""
    email: str = ""
    ends: str = ""
    separator: str = ""
    time: datetime | None = None
    late: bool = False
    file: str = ""


Readings = dict[str, tuple[Said, ...]]  # by the name; several where several people handed in together

# moodle/moodle, mod/assign/classes/downloader.php: a person's full name with '_' made ' ', '_', the number of the
# participant, '_assignsubmission_' and the kind, then '/' and the file, or '_' and the file. Under blind marking the
# name is the word for 'Participant'.
MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL)
# instructure/canvas-lms, lib/content_zipper.rb: the sortable name in small letters without blanks, 'LATE' where it is,
# the user's number (or 'anon_' and a word), the attachment's number and the file's name; '_text.html' and '_link.html'
# for what was typed in.
CANVAS = re.compile(
    r"(?P<name>\w+?)(?P<late>_LATE)?_(?P<number>\d+)_(?:\d+_(?P<file>.+)|(?:text|link)\.html)", re.DOTALL
)
CANVAS_ANONYMOUS = re.compile(
    r"(?:LATE_)?(?P<name>anon_[A-Za-z0-9]+)_(?:\d+_(?P<file>.+)|(?:text|link)\.html)", re.DOTALL
)
# kwurst/bb-file-cleanup, README.md and bbcleanup.py: the assignment's title, the username, 'attempt' and when, then the
# file; the first '_attempt_' is Blackboard's. Without a file it is the page of text that comes with each attempt.
BLACKBOARD = re.compile(r"(?P<before>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.*)|\.txt)?", re.DOTALL)
# saritonin/academic-shell-scripts, rename_and_move.sh: '397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926
# PM/document.pdf', and a group's name before the student's where groups hand in. Both numbers are the same for all:
# neither is a student's.
BRIGHTSPACE = re.compile(
    r"\d+-\d+ - (?P<name>.+?) - (?P<time>\w+\.? \d{1,2}, \d{4} \d{3,4}(?: ?[AP]M)?)(?: - (?P<file>.*))?", re.DOTALL
)

GRADESCOPE = re.compile(r"submission_\d+")


def moodle(names: Sequence[str]) -> Readings:
    return _each(names, MOODLE, lambda found: Said("Moodle", name=found["name"], number=found["number"]))


def canvas(names: Sequence[str]) -> Readings:
    anonymous = _each(names, CANVAS_ANONYMOUS, lambda found: Said("Canvas", name=found["name"]))
    return (
        _each(
            names,
            CANVAS,
            lambda found: Said("Canvas", name=found["name"], number=found["number"], late=bool(found["late"])),
        )
        | anonymous
    )


def blackboard(names: Sequence[str]) -> Readings:
    return _each(
        names,
        BLACKBOARD,
        lambda found: Said(
            "Blackboard", ends=found["before"], separator="_", time=_time(found["time"], "%Y-%m-%d-%H-%M-%S")
        ),
    )


def brightspace(names: Sequence[str]) -> Readings:
    def said(found: re.Match[str]) -> Said:
        month, day, year, clock, *half = found["time"].replace(",", "").replace(".", "").split()
        hour = f"{month[:3]} {day} {year} {clock.zfill(4)}"
        return Said(
            "Brightspace",
            name=found["name"].rpartition(" - ")[2],
            time=_time(f"{hour} {half[0]}", "%b %d %Y %I%M %p") if half else _time(hour, "%b %d %Y %H%M"),
        )

    return _each(names, BRIGHTSPACE, said)


def gradescope(names: Sequence[str], metadata: Mapping[str, Any]) -> Readings:
    """By Gradescope's table of submissions, a mapping from folders to who and when, with Ruby's symbols as keys.

    hejohns/gradescope-utils, bin/join.pl: in the folder assignment...export, data['submission_123'][':submitters'][0]
    [':email']; other public code reads [':sid'], [':name'] and data[folder][':created_at'].
    Where anything lies beside such folders a learner may have chosen the table's name, and it counts for nothing.
    """
    found: Readings = {}
    for name in names if all(GRADESCOPE.fullmatch(name) for name in names) else ():
        about = metadata.get(name)
        if not isinstance(about, Mapping) or not isinstance(people := about.get(":submitters"), list):
            continue
        when = about.get(":created_at")
        found[name] = tuple(
            Said(
                "Gradescope",
                name=_text(person.get(":name")),
                id=_text(person.get(":sid")),
                email=_text(person.get(":email")),
                time=when if isinstance(when, datetime) else None,
            )
            for person in people
            if isinstance(person, Mapping)
        )
    return {name: people for name, people in found.items() if people}


def git_classroom(names: Sequence[str]) -> Readings:
    """Folders as `gh classroom clone student-repos` makes them: a folder named after the assignment, '-submissions'
    behind it, and in it each student's repository, named by the assignment, '-' and the account (GitHub's pages
    'Using GitHub Classroom with GitHub CLI' and abelsiqueira/ClassTools.jl, README.md). An account's name may hold a
    '-' too.
    """
    return {name: (Said("git classroom", ends=name, separator="-"),) for name in names if "-" in name.strip("-")}


def recognise(
    names: Sequence[str],
    folders: Sequence[str],
    texts: Sequence[str],
    metadata: Mapping[str, Any],
    told_apart: Callable[[str], bool],
) -> list[Readings]:
    """What each platform that may have packed these names says of them: those that know every one of them, or, where
    none does, all that know some.

    names: of the outermost folders, notebooks and archives. texts: of pages that may have been typed into a field of
    the platform: they are read as well, and have no say in which it is. A git classroom's form says little, so it
    counts only where it is every folder's, and where not each name means somebody by itself (told_apart).
    """
    known = (moodle, canvas, blackboard, brightspace, lambda names: gradescope(names, metadata))
    read = [(recogniser, len(readings)) for recogniser in known if (readings := recogniser(names))]
    if not read and names and set(names) <= set(folders) and not all(map(told_apart, names)):
        by_account = git_classroom(names)
        return [by_account] if len(by_account) == len(set(names)) else []
    chosen = [recogniser for recogniser, count in read if count == len(set(names))] or [
        recogniser for recogniser, _ in read
    ]
    return [recogniser(names) | recogniser(texts) for recogniser in chosen]


def read_metadata(data: bytes) -> dict[str, Any]:
    """Gradescope's table; empty for what is none."""
    try:
        content = yaml.load(data, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {str(name): about for name, about in content.items()} if isinstance(content, dict) else {}


def _each(names: Sequence[str], pattern: re.Pattern[str], said: Callable[[re.Match[str]], Said]) -> Readings:
    # Some systems keep letters and their accents apart, and some write a narrow blank before AM and PM.
    return {
        name: (replace(said(found), file=found["file"] or ""),)
        for name in names
        if (found := pattern.fullmatch(unicodedata.normalize("NFC", name).replace("\u202f", " ")))
    }


def _time(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
