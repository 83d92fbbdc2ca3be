"""From a file that somebody handed in to the learner's text for the lesson's own cells, or a clear refusal.
No lesson teaches it; it is the first thing that meets a submission, so it trusts nothing in it.
Read grader/judging/places.py first (where each cell belongs), then grader/judging/judge.py, which takes what is made
here."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from grader.judging.pictures import IN_TEXT
from grader.judging.places import LEARNERS, Sorted, Stray, is_this_lesson, same_text, sort, text_of
from grader.lessons.cells import Lesson

LARGEST_FILE = 128 * 2**20
LARGEST_CELL = 100_000  # characters; what reading, comparing and showing may cost follows from these two
LARGEST_TEXT = 1_000_000
MOST_PARTS = 5_000_000
MOST_CELLS = 2_000
NO_ANSWER = ""
BESIDE_FILE = "beside.txt"  # lies beside a notebook: what the learner typed into the platform's own field
LONGEST_BESIDE = 200_000


class Refused(ValueError):
    """A file that cannot be graded. The message says what came and what is wanted, to the learner who handed it in."""


@dataclass(frozen=True)
class Run:
    """One cell to run: the lesson's cell it belongs to ('' for one the learner added), its role, and the text to
    run."""

    id: str
    role: str
    text: str


@dataclass(frozen=True)
class Submitted:
    """A submission rebuilt from the lesson: the learner's text by cell, and what to run in which order.

    texts: by id of the lesson's exercise, answer and essay cells; '' where the notebook no longer has the cell.
    graded: what the grade depends on. everything: the same with the untouched demo cells, for when a name is missing.
    digest: names the learner's text and the order it is run in, the same for the same whatever else is in the file.
    written: the exercises, quizzes and essays in which something is written, which their stub, this release's or an
    earlier one's, is not. strays: what the learner wrote where no place is for it. attached: the names of each essay's
    pictures; pictures: their bytes by name.
    """

    texts: dict[str, str]
    graded: tuple[Run, ...]
    everything: tuple[Run, ...]
    digest: str
    written: frozenset[str] = frozenset()
    strays: tuple[Stray, ...] = ()
    attached: dict[str, list[str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


def read_file(path: Path) -> bytes:
    """The bytes of a plain file. Raises Refused for a link, a device, a folder or a file too large."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Refused(f"no notebook came: a file named {path.name} is wanted") from None
    except OSError:
        raise Refused(
            f"{path.name} cannot be opened as a plain file; a link perhaps: hand in the notebook itself"
        ) from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        os.close(descriptor)
        raise Refused(f"{path.name} is not a plain file of its own: hand in the notebook itself")
    with os.fdopen(descriptor, "rb") as file:
        if about.st_size > LARGEST_FILE:
            raise Refused(
                f"{path.name} has {about.st_size / 2**20:.0f} MiB, and {LARGEST_FILE // 2**20} MiB is the most: clear "
                "the outputs and save it again"
            )
        return file.read(LARGEST_FILE + 1)


def read_beside(path: Path) -> str:
    """What was typed into the learning platform's own field, which collecting keeps beside the notebook; '' where
    nothing was."""
    try:
        return (
            read_file(Path(path).parent / BESIDE_FILE)[: 4 * LONGEST_BESIDE]
            .decode("utf-8", "replace")[:LONGEST_BESIDE]
            .strip()
        )
    except Refused:
        return ""


def read_notebook(data: bytes, lesson: Lesson) -> Submitted:
    """The learner's text, taken from a notebook's bytes and put in the places of the lesson's cells.

    Order, tags, metadata and checks come from the lesson; outputs are not looked at. Raises Refused.
    """
    content = _content_of(data)
    cells, length = [], 0
    for cell in content["cells"]:
        text = text_of(cell.get("source", ""))
        # Some editors write pictures out in the text; they are taken out of it and have a limit of their own.
        alone = len(text if cell.get("cell_type") == "code" else IN_TEXT.sub("", text))
        length += alone
        if alone > LARGEST_CELL:
            raise Refused(f"one cell has {alone:,} characters, and {LARGEST_CELL:,} is the most")
        if length > LARGEST_TEXT:
            raise Refused(f"the cells have more than {LARGEST_TEXT:,} characters together")
        cells.append((cell, text))
    found = sort(cells, lesson)
    named_for = _lesson_named_in(content)
    if not is_this_lesson(found, lesson, named_for):
        raise Refused(
            f"this notebook has none of the cells of lesson {lesson.folder}, or too few to be it: is it the notebook "
            "of " + (f"{named_for}?" if named_for else "another lesson?")
        )
    learners = {cell.id for cell in lesson.cells if cell.role in LEARNERS}
    texts = {id: "\n\n".join(found.own.get(id, [NO_ANSWER])) for id in learners}
    graded, everything = _order(lesson, found)
    # What is run and in which order, the lesson's own cells by name: a helper before a setup cell and behind it are two
    # notebooks.
    kept = {cell.id: cell.stub for cell in lesson.cells if cell.role not in LEARNERS} | {
        cell.id: cell.source for cell in lesson.setup
    }
    order = [[run.id, run.role, None if kept.get(run.id) == run.text else run.text] for run in everything]
    digest = hashlib.sha256(json.dumps([lesson.folder, sorted(texts.items()), order]).encode()).hexdigest()
    return Submitted(
        texts,
        graded,
        everything,
        digest,
        frozenset(found.written),
        tuple(found.strays),
        found.attached,
        found.pictures.data,
    )


def _order(lesson: Lesson, found: Sorted) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    graded: list[Run] = []
    everything: list[Run] = []

    def put(run: Run, counts: bool = True) -> None:
        everything.append(run)
        if counts:
            graded.append(run)

    def put_added(after: str) -> None:
        for id, text in found.added.get(after, []):
            put(Run(id, lesson.cell(id).role if id else "added", text))

    put_added("")
    for cell in lesson.cells:
        if cell.kind == "code" and cell.role == "setup":
            put(Run(cell.id, cell.role, cell.source))
        elif cell.kind == "code" and cell.role in ("exercise", "answer") and cell.id not in found.adopted:
            for text in found.own.get(cell.id, [NO_ANSWER]):
                put(Run(cell.id, cell.role, text))
        elif cell.kind == "code" and cell.role in ("demo", "explorer", "headline"):
            for text in found.own.get(cell.id, [cell.stub]):
                put(Run(cell.id, cell.role, text), counts=not same_text(text, cell))
        put_added(cell.id)
    return tuple(graded), tuple(everything)


def _lesson_named_in(content: dict[str, Any]) -> str:
    """The lesson that a notebook says it is of, as every one that was handed out does; '' where it says none."""
    about = content.get("metadata")
    about = about.get("course") if isinstance(about, dict) else None
    named = about.get("lesson") if isinstance(about, dict) else None
    return named if isinstance(named, str) and re.fullmatch(r"[0-9]{2}-[a-z]{1,40}", named) else ""


def _content_of(data: bytes) -> dict[str, Any]:
    """A notebook in format 4 whose cells are dictionaries. Raises Refused for anything else."""
    if data.count(b"[") + data.count(b"{") + data.count(b",") > MOST_PARTS:
        raise Refused("this file holds millions of values, more than any lesson: clear the outputs and save it again")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(
            "this file is not text in UTF-8, so it is no notebook: save it from JupyterLab and hand it in again"
        ) from None
    except (ValueError, RecursionError) as error:
        where = f" (it breaks off at line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(
            f"this file is not a notebook, or only part of one{where}: save it from JupyterLab and hand it in again"
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise Refused("this file is JSON, but not a notebook: hand in the .ipynb file of the lesson")
    if content["nbformat"] == 3:
        try:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        except Exception:
            raise Refused(
                "this notebook is in the old format 3 and could not be brought to format 4: open and save it in "
                "JupyterLab"
            ) from None
    if content["nbformat"] != 4 or not isinstance(content.get("cells"), list):
        raise Refused(
            f"this notebook says it is of format {content['nbformat']}, and format 4 is wanted: open and save it in "
            "JupyterLab"
        )
    cells = [cell if isinstance(cell, dict) else {"cell_type": "raw", "source": cell} for cell in content["cells"]]
    if len(cells) > MOST_CELLS:
        raise Refused(f"this notebook has {len(cells):,} cells, and {MOST_CELLS:,} is the most")
    return {**content, "cells": cells}
