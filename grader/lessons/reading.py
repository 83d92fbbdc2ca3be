"""Reads lessons: percent text in, a `Lesson` of cells out, and the lesson that a name means.
Every lesson of the course is a text of this kind, `solutions/NN-name/name.py`.
Read first: `cells.py`; after this `quiz.py` (questions become cells) and `rules.py` (what a lesson must keep to).
"""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import jupytext

from grader.lessons.cells import (
    HIDDEN,
    PAGE_LINE,
    PLACEHOLDER,
    SOLUTION,
    Cell,
    Lesson,
    LessonError,
    checks_line,
    normalised,
    split_regions,
)
from grader.lessons.quiz import QuizError, quiz_cells

__all__ = ["Cell", "Lesson", "LessonError", "all_lessons", "find_lesson", "lesson_folders", "read_lesson", "syllabus"]

HEADER = re.compile(r"# %%(?!%)( |$)")
CELL_KEYS = {
    "setup",
    "exercise",
    "check",
    "quiz",
    "essay",
    "explorer",
    "headline",
    "points",
    "aspect",
    "minutes",
    "uses",
    "rows",
    "tags",
    "folded",
}
ROLE_KEYS = ("setup", "exercise", "check", "quiz", "essay", "explorer", "headline")
MARKDOWN_ROLE_KEYS = {"essay"}
FROM_JUPYTEXT = {"cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def read_lesson(path: Path) -> Lesson:
    """Reads `solutions/NN-name/name.py`. Raises LessonError where the text cannot be a lesson."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LessonError(path, 1, "there is no such file; a lesson's text is solutions/NN-name/name.py") from None
    try:
        notebook = jupytext.reads(text, fmt="py:percent")
    except Exception as error:
        raise LessonError(path, 1, f"jupytext cannot read this text: {error}") from error
    headers = [number for number, line in enumerate(text.splitlines(), 1) if HEADER.match(line)]
    if len(headers) != len(notebook.cells):
        line = headers[0] if headers else 1
        raise LessonError(
            path,
            line,
            f"{len(headers)} lines open a cell (# %%) but jupytext finds {len(notebook.cells)} "
            "cells: start each cell with its own line, have no text before the first one, and no line "
            "that begins with '# %%' inside a cell",
        )
    reader = _Reader(path, text.splitlines())
    uses = {}
    for raw, line in zip(notebook.cells, headers, strict=True):
        if "exercise" in raw.metadata:
            uses[raw.metadata["exercise"]] = reader.names(raw.metadata.get("uses", ""), line)
    cells = []
    for raw, line in zip(notebook.cells, headers, strict=True):
        cells.extend(reader.cells(raw, line, uses))
    return Lesson(
        folder=path.parent.name,
        name=path.stem,
        path=path,
        cells=tuple(_with_page_line(_with_ids(cells))),
        version=hashlib.sha256(normalised(text).encode()).hexdigest(),
        **reader.front_matter(notebook.metadata),
    )


def all_lessons(root: Path) -> list[Lesson]:
    """Every lesson under `root/solutions`, in the order of the course."""
    return [read_lesson(folder / f"{folder.name[3:]}.py") for folder in lesson_folders(root)]


def lesson_folders(root: Path) -> list[Path]:
    """The folders of the lessons that exist, in the order of the course, without reading them."""
    folders = sorted((Path(root) / "solutions").glob("[0-9][0-9]-*"))
    return [folder for folder in folders if (folder / f"{folder.name[3:]}.py").is_file()]


def syllabus() -> dict[str, dict]:
    """The lessons of the course in order: {"02-lines": {"title": ..., "rows": [...]}, ...}."""
    return tomllib.loads((Path(__file__).parent / "syllabus.toml").read_text(encoding="utf-8"))


def find_lesson(name_or_folder: str, root: Path) -> Lesson:
    """The lesson called "03", "3", "descent" or "03-descent". Raises LessonError that lists the lessons there are."""
    wanted = str(name_or_folder).strip().strip("/").rsplit("/", 1)[-1].removesuffix(".ipynb").removesuffix(".py")
    folders = lesson_folders(root)
    for folder in folders:
        number, name = folder.name[:2], folder.name[3:]
        if wanted in (folder.name, name, number, number.lstrip("0")):
            return read_lesson(folder / f"{name}.py")
    there = ", ".join(folder.name for folder in folders) or "none yet"
    raise LessonError(Path(root) / "solutions", 1, f"no lesson is called {name_or_folder!r}; there are: {there}")


class _Reader:
    """Turns jupytext's cells into ours. Holds the text's lines, so that every complaint names one of them."""

    def __init__(self, path: Path, lines: list[str]):
        self.path, self.lines = path, lines
        self.setups = 0

    def fail(self, line: int, message: str) -> NoReturn:
        raise LessonError(self.path, line, message)

    def front_matter(self, metadata: dict[str, Any]) -> dict[str, Any]:
        course = metadata.get("course")
        if not isinstance(course, dict):
            self.fail(
                1, "the front matter has no 'course:' under 'jupyter:'; write title, rows, minutes and builds_on there"
            )
        line = next((n for n, text in enumerate(self.lines, 1) if "course:" in text), 1)
        kinds: dict[str, type | tuple[type, ...]] = {
            "title": str,
            "rows": list,
            "minutes": (int, float),
            "builds_on": list,
        }
        for key, kind in kinds.items():
            if not isinstance(course.get(key), kind):
                self.fail(
                    line,
                    f"the front matter's {key} is {course.get(key)!r}; write, say, "
                    + {
                        "title": "title: Down the landscape of loss",
                        "rows": "rows: [B3]",
                        "minutes": "minutes: 90",
                        "builds_on": "builds_on: [02-lines]",
                    }[key],
                )
        folder = self.path.parent.name
        if folder != f"{folder[:2]}-{self.path.stem}" or not folder[:2].isdigit():
            self.fail(1, f"the text {self.path.name} lies in {folder}/; a lesson's text is NN-name/name.py")
        return {
            "title": course["title"],
            "rows": tuple(map(str, course["rows"])),
            "minutes": float(course["minutes"]),
            "builds_on": tuple(map(str, course["builds_on"])),
        }

    def names(self, value: Any, line: int) -> tuple[str, ...]:
        """The names in a cell key: "predict, residuals", "B1 B2" or ["B1"]."""
        if isinstance(value, str):
            value = [part for part in re.split(r"[,\s]+", value) if part]
        if not isinstance(value, (list, tuple)) or not all(isinstance(part, str) for part in value):
            self.fail(line, f'{value!r} is no list of names; write uses="predict, residuals" or rows="B1 B2"')
        return tuple(value)

    def cells(self, raw: Any, line: int, uses: dict[str, tuple[str, ...]]) -> list[Cell]:
        keys = {key: value for key, value in raw.metadata.items() if key not in FROM_JUPYTEXT}
        for key in keys:
            if key == "title":
                self.fail(
                    line, f"the words {keys[key]!r} after '# %%' are no keys; write key=value, a name in double quotes"
                )
            if key not in CELL_KEYS:
                self.fail(line, f"a cell knows no key {key!r}; it knows {', '.join(sorted(CELL_KEYS))}")
        roles = [key for key in ROLE_KEYS if keys.get(key)]
        if len(roles) > 1:
            self.fail(line, f"one cell is both {' and '.join(roles)}; make a cell of each")
        if raw.cell_type not in ("code", "markdown"):
            self.fail(line, f"a {raw.cell_type} cell; a lesson has code and markdown cells only")
        role = roles[0] if roles else ""
        if role and (raw.cell_type == "markdown") != (role in MARKDOWN_ROLE_KEYS):
            self.fail(line, f"{role} belongs to a {'markdown' if role in MARKDOWN_ROLE_KEYS else 'code'} cell")
        name = keys.get(role, "") if role in ("exercise", "check", "quiz", "essay") else ""
        if role in ("exercise", "check", "quiz", "essay") and not (isinstance(name, str) and NAME.fullmatch(name)):
            self.fail(line, f"{role}={name!r} is no name; write letters, digits and _ in double quotes")
        points = keys.get("points", 0)
        if role in ("check", "quiz", "essay"):
            if isinstance(points, bool) or not isinstance(points, (int, float)) or points <= 0:
                self.fail(
                    line, f"{role} {name!r} is worth {keys.get('points')!r}; write points=4, say, in the cell's header"
                )
        elif "points" in keys:
            self.fail(line, "points belong to check, quiz and essay cells; take them away here")
        tags = keys.get("tags", [])
        if not isinstance(tags, list):
            self.fail(line, f'tags={tags!r}; write tags=["nbval-ignore-output"]')
        if role in ("explorer", "headline") and "nbval-ignore-output" not in tags:
            tags = [*tags, "nbval-ignore-output"]
        folded = keys.get("folded", False)
        if folded and (raw.cell_type != "code" or role not in ("", "explorer", "headline")):
            self.fail(line, "folded belongs to a code cell that only shows something; take it away here")
        source = raw.source
        start = self.first_line_of(source, line, raw.cell_type)
        common: dict[str, Any] = {
            "line": line,
            "start": start,
            "tags": tuple(tags),
            "rows": self.names(keys.get("rows", ""), line),
            "minutes": float(keys.get("minutes", 0)),
        }
        make = getattr(self, f"make_{role}", None) if role else None
        if make:
            return make(source, name, points, keys, uses, common)
        role = role or ("text" if raw.cell_type == "markdown" else "demo")
        return [Cell("", raw.cell_type, role, source, source, folded=folded, **common)]

    def first_line_of(self, source: str, line: int, kind: str) -> int:
        """The line of the text on which a cell's source begins (after its header, blank lines and quotes)."""
        number = line + 1
        while number < len(self.lines) and not self.lines[number - 1].strip():
            number += 1
        if kind == "markdown" and re.fullmatch(
            r'r?("""|\'\'\')\s*', self.lines[number - 1] if number <= len(self.lines) else ""
        ):
            number += 1
        return number

    def regions(self, source: str, marks: tuple[str, str], line: int, stub: str | None = None) -> tuple[str, str]:
        try:
            return split_regions(source, marks, stub)
        except ValueError as error:
            self.fail(line, f"{error}; close each region with its own mark")

    def make_setup(self, source, name, points, keys, uses, common):
        self.setups += 1
        return [Cell(f"setup-{self.setups}", "code", "setup", source, source, **common)]

    def make_exercise(self, source, name, points, keys, uses, common):
        stub, _ = self.regions(source, SOLUTION, common["line"], stub="")
        return [
            Cell(
                f"exercise-{name}",
                "code",
                "exercise",
                source,
                stub,
                name=name,
                uses=uses[name],
                given=_given(source),
                **common,
            )
        ]

    def make_check(self, source, name, points, keys, uses, common):
        aspect = keys.get("aspect", "")
        if not isinstance(aspect, str) or (aspect and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", aspect)):
            self.fail(common["line"], f"aspect={aspect!r}; write a short word in small letters, in double quotes")
        source = checks_line(name, points, uses.get(name, ()), aspect) + "\n" + source
        common["start"] -= 1  # the generated line has no line of its own in the text
        visible, hidden = self.regions(source, HIDDEN, common["line"])
        return [
            Cell(
                f"check-{name}" + (f"-{aspect}" if aspect else ""),
                "code",
                "check",
                source,
                visible,
                name=name,
                aspect=aspect,
                visible=visible,
                hidden=hidden,
                points=float(points),
                uses=uses.get(name, ()),
                **common,
            )
        ]

    def make_quiz(self, source, name, points, keys, uses, common):
        try:
            made = quiz_cells(name, source, float(points))
        except QuizError as error:
            self.fail(common["line"] if error.offset is None else common["start"] + error.offset, str(error))
        cells = []
        for part in made:
            visible, hidden = split_regions(part.source, HIDDEN)
            cells.append(
                Cell(
                    part.id,
                    part.kind,
                    part.role,
                    part.source,
                    stub=split_regions(visible, SOLUTION, stub="")[0],
                    name=name,
                    aspect=part.aspect,
                    visible=visible if part.role == "check" else "",
                    hidden=hidden,
                    points=part.points,
                    questions=part.questions,
                    folded=part.role == "prompt",
                    **common,
                )
            )
        return cells

    def make_essay(self, source, name, points, keys, uses, common):
        return [
            Cell(f"essay-{name}", "markdown", "prompt", source, source, name=name, **common),
            Cell(
                f"answer-{name}",
                "markdown",
                "essay",
                PLACEHOLDER,
                PLACEHOLDER,
                name=name,
                points=float(points),
                manual=True,
                **common,
            ),
        ]


def _given(source: str) -> tuple[str, ...]:
    """The methods of a class that learners are given, from its @exercise(given=[...])."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "exercise":
            for keyword in node.keywords:
                if keyword.arg == "given" and isinstance(keyword.value, (ast.List, ast.Tuple)):
                    given = [item.value for item in keyword.value.elts if isinstance(item, ast.Constant)]
                    return tuple(name for name in given if isinstance(name, str))
    return ()


def _with_page_line(cells: Iterable[Cell]) -> list[Cell]:
    """The cells, the first of them, where it is prose, ending with the line that says where the pictures are."""
    cells = list(cells)
    if cells and cells[0].role == "text":
        text = f"{cells[0].source.rstrip()}\n\n{PAGE_LINE}"
        cells[0] = replace(cells[0], source=text, stub=text)
    return cells


def _with_ids(cells: list[Cell]) -> list[Cell]:
    """Gives the cells that nbgrader does not know an id made from their source, the same on every machine."""
    seen: dict[str, int] = {}
    named = []
    for cell in cells:
        if not cell.id:
            id = "cell-" + hashlib.sha256(cell.source.encode()).hexdigest()[:8]
            seen[id] = seen.get(id, 0) + 1
            cell = replace(cell, id=id if seen[id] == 1 else f"{id}-{seen[id]}")
        named.append(cell)
    return named
