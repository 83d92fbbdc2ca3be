"""Where each cell of a submission belongs in its lesson, and what has no place there, so that none of it is thrown
away. No lesson teaches it; grader/judging/intake.py reads the cells, this sorts them.
Read grader/lessons/cells.py first (what a lesson's cells are), then `sort`."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from course.desk.ask import LONGEST as LONGEST_REQUEST
from course.desk.ask import asked_in
from grader.judging.pictures import Pictures
from grader.lessons.cells import Cell, Lesson

LEARNERS = ("exercise", "answer", "essay")
EXPERIMENTS = ("demo", "explorer", "headline")  # the lesson's, and the learner's to change: what is left there is run
LONG_ENOUGH = 60  # characters of a lesson's cell that nobody writes by chance
ENOUGH_TEXTS = 3  # of such cells, word by word, that make a notebook without ids this lesson
MANY_WORDS = 40  # in comments and strings of a cell that is run: more is an answer in words


@dataclass(frozen=True)
class Stray:
    """Something that a learner wrote where the lesson has no place for it.

    where: in words. after: the lesson's cell that it stands in or behind, '' at the top. cell: the lesson's cell in
    whose place it stands, '' for an added one. kind: 'code' or 'text'. pictures: their names. ran: whether it is run
    with the submission; waits: whether a person has to look at it. about: the exercise, quiz or essay that it asks
    another look at.
    """

    where: str
    after: str
    cell: str
    kind: str
    text: str = ""
    pictures: tuple[str, ...] = ()
    ran: bool = False
    waits: bool = True
    about: str = ""


@dataclass
class Sorted:
    """A submission's cells by where they belong.

    own: the texts of each cell of the lesson. added: what is run behind each, as (the exercise's id or '', text).
    adopted: the exercises and quizzes that are answered in an added cell, having none of their own. written: the
    learner's cells in which something is written. attached: the pictures of each essay.
    named: the lesson's cells that were found by their names, told: by their text. foreign: names of another lesson's
    cells.
    """

    own: dict[str, list[str]] = field(default_factory=dict)
    added: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: {"": []})
    strays: list[Stray] = field(default_factory=list)
    adopted: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    attached: dict[str, list[str]] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    named: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)


def sort(cells: list[tuple[dict[str, Any], str]], lesson: Lesson) -> Sorted:
    """Sort cells, each with its text, into the lesson: by its name, else by its text, else as one that was added."""
    places, by_text = {cell.id: cell for cell in lesson.cells}, _by_text(lesson)
    found = Sorted()
    anchor = ""
    behind: list[tuple[str, dict[str, Any], str]] = []
    for raw, text in cells:
        name = identity(raw)
        place = places.get(name)
        if place is not None:
            found.named.add(place.id)
        elif (place := places.get(by_text.get(_lines(text), ""))) is not None:
            found.told.add(place.id)
        elif re.match(r"(exercise|check)-", name):
            found.foreign.add(name)
        if place is None:
            behind.append((anchor, raw, text))
            continue
        anchor = place.id
        if place.role in LEARNERS:
            text = _with_pictures(found, raw, text, place)
            if text.strip() and not same_text(text, place) and not _is_released(raw, text):
                found.written.add(place.id)
        elif (not same_text(text, place) and not _is_released(raw, text)) or raw.get("attachments"):
            _stray(found, raw, text, lesson, place.id, place)
            if place.kind == "code" and raw.get("cell_type") != "code" and not same_text(text, place):
                continue  # words in the place of code: nothing to run
        found.own.setdefault(place.id, []).append(text)
    _adopt_essays(found, behind, lesson)
    defined = _definitions(lesson, found)
    for after, raw, text in behind:
        names = defined(text) if raw.get("cell_type") == "code" else []
        for id in names:
            found.own.setdefault(id, []).append(text)
            found.adopted.add(id)
            found.written |= set() if same_text(text, places[id]) else {id}
        if raw.get("cell_type") == "code" and text.strip():
            found.added.setdefault(after, []).append((names[0] if len(names) == 1 else "", text))
        if names:
            _with_pictures(found, raw, text, places[names[0]])
        elif not _is_released(raw, text):
            _stray(found, raw, text, lesson, after)
    return found


def is_this_lesson(found: Sorted, lesson: Lesson, named_for: str) -> bool:
    """Whether sorted cells are a notebook of the lesson. named_for: the lesson that the notebook says it is of, or ''.

    What every lesson has (setup-1, a quiz called reading) says nothing, nor does a line of many a notebook: `mse =
    ...`.
    """
    if not found.own:
        return False
    if named_for == lesson.folder:
        return True
    own = {id for id in found.named if id.startswith("cell-") or _exercise_of(id, lesson)}
    if own:
        return len(own) > len(found.foreign)
    texts = {id for id in found.told if _exercise_of(id, lesson) or not re.match(r"(answer|check|setup)-", id)}
    if sum(len(lesson.cell(id).stub) >= LONG_ENOUGH for id in texts) >= ENOUGH_TEXTS:
        return len(texts) > len(found.foreign)
    answers = [cell for cell in lesson.exercises if cell.id in found.own]
    marked = {cell.name: re.compile(rf"^@exercise\b.*\n(?:def|class) {cell.name}\b", re.MULTILINE) for cell in answers}
    under = any(marked[cell.name].search(text) for cell in answers for text in found.own[cell.id])
    return under or 2 * len(answers) >= len(lesson.exercises)


def identity(cell: dict[str, Any]) -> str:
    """The lesson's name for a cell: nbgrader's grade_id, else the cell's own id."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    name = name if isinstance(name, str) else cell.get("id")
    return name if isinstance(name, str) else ""


def same_text(text: str, cell: Cell) -> bool:
    """Whether a learner's text is still the one that was handed out, white space at line ends aside."""
    return _lines(text) == _lines(cell.stub)


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@cache
def _by_text(lesson: Lesson) -> dict[str, str]:
    """The lesson's cells by their text, for an editor that kept no ids. What a learner fills in is told otherwise."""
    fixed = [cell for cell in lesson.cells if cell.role not in LEARNERS and cell.stub.strip()]
    return {_lines(cell.stub): cell.id for cell in reversed(fixed)}


def _exercise_of(id: str, lesson: Lesson) -> str:
    """The exercise that a cell of the lesson checks or answers, '' for one of a quiz or an essay."""
    cell = lesson.cell(id)
    return cell.name if cell.name in {exercise.name for exercise in lesson.exercises} else ""


def _is_released(raw: dict[str, Any], text: str) -> bool:
    """Whether a cell is as some release had it: its name, or nbgrader's checksum, is made from its text."""
    name = identity(raw)
    if re.match(r"cell-[0-9a-f]{8}", name):
        return any(hashlib.sha256(form.encode()).hexdigest()[:8] == name[5:13] for form in (text, text.rstrip("\n")))
    try:
        marks = raw["metadata"]["nbgrader"]
        return checksum(text, raw["cell_type"], marks) == marks["checksum"]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return False


def checksum(text: str, kind: str, marks: dict[str, Any]) -> str:
    """nbgrader's checksum of a cell, as its `compute_checksum` makes it: loading nbgrader takes a second, in each
    process that grades."""
    grade, solution = (marks.get(key, False) for key in ("grade", "solution"))
    locked = False if solution else True if grade else marks.get("locked", False)
    parts = [
        text,
        kind,
        str(grade),
        str(solution),
        str(locked),
        marks["grade_id"],
        *([str(float(marks["points"]))] if grade else []),
    ]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _adopt_essays(found: Sorted, behind: list[tuple[str, dict[str, Any], str]], lesson: Lesson) -> None:
    """Give each essay without a cell what stands in words behind its question: the cell was deleted, or lost its
    name."""
    for prompt, essay in zip(lesson.cells, lesson.cells[1:], strict=False):
        if essay.role != "essay" or essay.id in found.own or prompt.id not in found.own:
            continue
        mine = [
            entry
            for entry in behind
            if entry[0] == prompt.id and entry[1].get("cell_type") != "code" and not _request(entry[2], lesson)
        ]
        for entry in mine:
            text = _with_pictures(found, entry[1], entry[2], essay)
            found.own.setdefault(essay.id, []).append(text)
            found.written |= {essay.id} if text.strip() and not same_text(text, essay) else set()
            behind.remove(entry)


def _definitions(lesson: Lesson, found: Sorted) -> Callable[[str], list[str]]:
    """Which exercises and quizzes without a cell of their own a text answers: it defines them, or is still their
    stub."""
    missing = {cell.name: cell for cell in (*lesson.exercises, *lesson.answers) if cell.id not in found.own}
    if not missing:
        return lambda text: []
    exercises = [re.escape(name) for name, cell in missing.items() if cell.role == "exercise"]
    quizzes = [re.escape(name) for name, cell in missing.items() if cell.role == "answer"]
    forms = [rf"^(?:async )?(?:def|class) ({'|'.join(exercises)})\b"] if exercises else []
    forms += [rf"^({'|'.join(quizzes)}) ?="] if quizzes else []
    names = re.compile("|".join(forms), re.MULTILINE)
    return lambda text: list(dict.fromkeys(missing[hit[hit.lastindex or 0]].id for hit in names.finditer(text)))


def _with_pictures(found: Sorted, raw: dict[str, Any], text: str, place: Cell) -> str:
    """A learner's text without the pictures written out in it.

    They and those attached belong to an essay; at any other cell they are something without a place.
    """
    inside: tuple[str, ...] = ()
    if raw.get("cell_type") != "code":
        text, inside = found.pictures.out_of(text)
    names, others = found.pictures.of(raw)
    pictures = (*inside, *names)
    if place.role == "essay" and pictures:
        found.attached.setdefault(place.id, []).extend(pictures)
        pictures = ()
    if others or pictures:
        words = _clean("\n\n".join(others))
        found.strays.append(Stray(f"attached to {place.id}", place.id, place.id, "text", words, pictures))
    return text


def _stray(
    found: Sorted, raw: dict[str, Any], text: str, lesson: Lesson, after: str, place: Cell | None = None
) -> None:
    """Note a cell, added or in place of the lesson's, that holds something."""
    code = raw.get("cell_type") == "code"
    pictures: tuple[str, ...] = ()
    if place is not None and same_text(text, place):
        text = ""  # only something attached to it is the learner's
    elif not code:
        text, pictures = found.pictures.out_of(text)
    names, others = found.pictures.of(raw)
    if not text.strip() and not pictures and not names and not others:
        return
    ran = code and (place is None or place.role in EXPERIMENTS)
    if place is None:
        where = f"in an added cell {_heading(lesson, after)}"
    elif place.role in ("text", *EXPERIMENTS):
        where = f"in place of what the lesson has {_heading(lesson, after)}"
    else:
        where = f"in the lesson's cell {place.id}"
    about = "" if code or place is not None else _request(text, lesson)
    waits = not about and (not ran or bool(names or others) or holds_words(text, place.stub if place else ""))
    words = _clean("\n\n".join([*([text] if text.strip() else []), *others]))
    found.strays.append(
        Stray(
            where,
            after,
            place.id if place else "",
            "code" if code else "text",
            words,
            (*pictures, *names),
            ran,
            waits,
            about,
        )
    )


def _request(text: str, lesson: Lesson) -> str:
    """The exercise, quiz or essay that an added text asks another look at; '' for one that asks for none, or at such
    length that it is rather an answer."""
    name, sentence = asked_in(text)
    return (
        name
        if 0 < len(sentence) <= LONGEST_REQUEST
        and name in {cell.name for cell in lesson.cells if cell.role in LEARNERS}
        else ""
    )


def holds_words(text: str, stub: str = "") -> bool:
    """Whether a cell that is run answers in words: nothing in it that Python could do, or many comments and strings.

    stub: what the lesson had in its place; its comments do not count.
    """
    lines = [line for line in text.splitlines() if not re.match(r"\s*[%!?]|.*\?\s*$", line[:200])]
    if text.lstrip().startswith("%%") and not re.match(r"%%(time|timeit|capture|prun)\b", text.lstrip()):
        return True
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    alone = [node.value for node in tree.body if isinstance(node, ast.Expr)]
    strings = [value.value for value in alone if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    if len(strings) == len(tree.body) and any(re.search(r"\w", line) for line in lines):
        return True
    known = set(_lines(stub).splitlines())
    comments = [line for line in lines if line.lstrip().startswith("#") and line.rstrip() not in known]
    return sum(len(re.findall(r"[^\W\d_]{2,}", words)) for words in (*comments, *strings)) > MANY_WORDS


def _heading(lesson: Lesson, id: str) -> str:
    """Where in the lesson a cell stands, by the heading above it: "under 'Quiz'"."""
    return _headings(lesson).get(id, "at the top")


@cache
def _headings(lesson: Lesson) -> dict[str, str]:
    found, heading = {}, "at the top"
    for cell in lesson.cells:
        titles = re.findall(r"^#+ (.+)$", cell.stub, re.MULTILINE) if cell.kind == "markdown" else []
        heading = f"under '{titles[-1].strip()}'" if titles else heading
        found[cell.id] = heading
    return found


def text_of(source: Any) -> str:
    """A cell's text. What is no text, where text is wanted, stays in it as JSON."""
    if isinstance(source, list):
        source = "".join(part if isinstance(part, str) else json.dumps(part) for part in source)
    return _clean(source if isinstance(source, str) else json.dumps(source) if source is not None else "")


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
