"""From a file that somebody handed in to the learner's text for the lesson's own cells, or a clear refusal.
No lesson teaches it; it is the first thing that meets a submission, so it trusts nothing in it.
Read grader/lessons/cells.py first (what a lesson's cells are), then grader/judging/judge.py, which takes what is made here."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.lessons.cells import Cell, Lesson

LARGEST_FILE = 128 * 2**20
LARGEST_CELL = 200_000
LARGEST_TEXT = 4_000_000
MOST_PARTS = 5_000_000
MOST_CELLS = 2_000
NO_ANSWER = ""


class Refused(ValueError):
    """A file that cannot be graded. The message says what came and what is wanted, to the learner who handed it in."""


@dataclass(frozen=True)
class Run:
    """One cell to run: the lesson's cell it belongs to ('' for one the learner added), its role, and the text to run."""

    id: str
    role: str
    text: str


@dataclass(frozen=True)
class Submitted:
    """A submission rebuilt from the lesson: the learner's text by cell, and what to run in which order.

    texts: by id of the lesson's exercise, answer and essay cells; '' where the notebook no longer has the cell.
    graded: what the grade depends on. everything: the same with the untouched demo cells, for when a name is missing.
    digest: names the learner's text, the same for the same text whatever else is in the file.
    """

    texts: dict[str, str]
    graded: tuple[Run, ...]
    everything: tuple[Run, ...]
    digest: str


def read_file(path: Path) -> bytes:
    """The bytes of a plain file. Raises Refused for a link, a device, a folder or a file too large."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Refused(f"no notebook came: a file named {path.name} is wanted") from None
    except OSError:
        raise Refused(f"{path.name} cannot be opened as a plain file; a link perhaps: hand in the notebook itself") from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        os.close(descriptor)
        raise Refused(f"{path.name} is not a plain file of its own: hand in the notebook itself")
    with os.fdopen(descriptor, "rb") as file:
        if about.st_size > LARGEST_FILE:
            raise Refused(f"{path.name} has {about.st_size / 2**20:.0f} MiB, and {LARGEST_FILE // 2**20} MiB is the most: clear the outputs and save it again")
        return file.read(LARGEST_FILE + 1)


def read_notebook(data: bytes, lesson: Lesson) -> Submitted:
    """The learner's text, taken from a notebook's bytes and put in the places of the lesson's cells.

    Order, tags, metadata and checks come from the lesson; outputs are not looked at. Raises Refused.
    """
    cells = _cells_of(data)
    places = {cell.id: cell for cell in lesson.cells}
    named = any(_identity(cell) in places for cell in cells)
    by_text = _by_its_text(lesson, all=not named)
    own: dict[str, list[str]] = {}
    added: dict[str, list[str]] = {"": []}
    anchor, length = "", 0
    for cell in cells:
        text = _text(cell)
        place = places.get(_identity(cell)) or places.get(by_text(cell, text))
        length += len(text)
        if length > LARGEST_TEXT:
            raise Refused(f"the cells have more than {LARGEST_TEXT:,} characters together")
        if place is None:
            if cell.get("cell_type") == "code" and text.strip():
                added.setdefault(anchor, []).append(text)
            continue
        anchor = place.id
        own.setdefault(place.id, []).append(text)
    if not own:
        raise Refused(f"this notebook has none of the cells of lesson {lesson.folder}: is it the notebook of another lesson?")
    learners = {cell.id for cell in lesson.cells if cell.role in ("exercise", "answer", "essay")}
    texts = {id: "\n\n".join(own.get(id, [NO_ANSWER])) for id in learners}
    graded, everything = _order(lesson, own, added)
    learners_own = [[run.id, run.text] for run in graded if run.role != "setup"]
    digest = hashlib.sha256(json.dumps([lesson.folder, sorted(texts.items()), learners_own]).encode()).hexdigest()
    return Submitted(texts, graded, everything, digest)


def _order(lesson: Lesson, own: dict[str, list[str]], added: dict[str, list[str]]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    graded: list[Run] = []
    everything: list[Run] = []

    def put(run: Run, counts: bool = True) -> None:
        everything.append(run)
        if counts:
            graded.append(run)

    for text in added[""]:
        put(Run("", "added", text))
    for cell in lesson.cells:
        if cell.kind == "code" and cell.role == "setup":
            put(Run(cell.id, cell.role, cell.source))
        elif cell.kind == "code" and cell.role in ("exercise", "answer"):
            for text in own.get(cell.id, [NO_ANSWER]):
                put(Run(cell.id, cell.role, text))
        elif cell.kind == "code" and cell.role in ("demo", "explorer", "headline"):
            for text in own.get(cell.id, [cell.stub]):
                put(Run(cell.id, cell.role, text), counts=not same_text(text, cell))
        for text in added.get(cell.id, []):
            put(Run("", "added", text))
    return tuple(graded), tuple(everything)


def same_text(text: str, cell: Cell) -> bool:
    """Whether a learner's text is still the one that was handed out, white space at line ends aside."""
    return [line.rstrip() for line in text.strip().splitlines()] == [line.rstrip() for line in cell.stub.strip().splitlines()]


def _cells_of(data: bytes) -> list[dict[str, Any]]:
    if data.count(b"[") + data.count(b"{") + data.count(b",") > MOST_PARTS:
        raise Refused("this file holds millions of values, more than any lesson: clear the outputs and save it again")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("this file is not text in UTF-8, so it is no notebook: save it from JupyterLab and hand it in again") from None
    except (ValueError, RecursionError) as error:
        where = f" (it breaks off at line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"this file is not a notebook, or only part of one{where}: save it from JupyterLab and hand it in again") from None
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise Refused("this file is JSON, but not a notebook: hand in the .ipynb file of the lesson")
    if content["nbformat"] == 3:
        try:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        except Exception:
            raise Refused("this notebook is in the old format 3 and could not be brought to format 4: open and save it in JupyterLab") from None
    if content["nbformat"] != 4 or not isinstance(content.get("cells"), list):
        raise Refused(f"this notebook says it is of format {content['nbformat']}, and format 4 is wanted: open and save it in JupyterLab")
    cells = [cell for cell in content["cells"] if isinstance(cell, dict)]
    if len(cells) > MOST_CELLS:
        raise Refused(f"this notebook has {len(cells):,} cells, and {MOST_CELLS:,} is the most")
    return cells


def _identity(cell: dict[str, Any]) -> str:
    """The lesson's name for a cell: nbgrader's grade_id, else the cell's own id."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    name = name if isinstance(name, str) else cell.get("id")
    return name if isinstance(name, str) else ""


def _by_its_text(lesson: Lesson, all: bool) -> Callable[[dict[str, Any], str], str]:
    """For cells that an editor kept neither id nor metadata of: each is the lesson's whose text it has.

    all: none was kept at all, so that an answer is told by the exercise that it defines.
    """
    learners = ("exercise", "answer", "essay")
    texts = {cell.stub.strip(): cell.id for cell in lesson.cells if all or cell.role not in learners}
    defined = {cell.name: cell.id for cell in (*lesson.exercises, *lesson.answers)}
    names = re.compile(rf"^(?:def |class )?({'|'.join(map(re.escape, defined))})\b(?:\(| ?=|:)", re.MULTILINE)

    def identity(cell: dict[str, Any], text: str) -> str:
        if text.strip() in texts:
            return texts[text.strip()]
        found = names.search(text) if all and cell.get("cell_type") == "code" else None
        return defined[found[1]] if found else ""

    return identity


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    if len(source) > LARGEST_CELL:
        raise Refused(f"one cell has {len(source):,} characters, and {LARGEST_CELL:,} is the most")
    return source.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
