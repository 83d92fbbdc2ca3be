"""Right and wrong answers to a lesson's exercises, and notebooks with such answers in them.
They live in tests/answers/, one file a lesson; the tests, the build and the demo's class are made of them.
Read CONTRIBUTING.md first, for how a file of answers is written."""

from __future__ import annotations

import itertools
import json
import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

from course.checks import sentences as sentences
from course.checks.result import Result
from course.checks.sentences import Session
from grader.lessons.cells import Lesson
from grader.judging.judge import run_checks, run_setup


@dataclass(frozen=True)
class Answer:
    """A learner's cell for one exercise or quiz. named: for a wrong one, a part of the mistake's text that must be shown."""

    name: str
    right: bool
    text: str
    label: str
    named: str = ""


def read_answers(lesson: Lesson, root: Path) -> list[Answer]:
    """The answers in tests/answers/<lesson>.py. Raises ValueError, with the cell, for a header that does not say what it is."""
    file = Path(root) / "tests" / "answers" / f"{lesson.name}.py"
    known = {cell.name for cell in (*lesson.exercises, *lesson.answers)}
    answers = []
    for cell in jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent").cells:
        keys = cell.metadata
        if cell.cell_type != "code" or not {"right", "wrong"} & set(keys):
            continue
        name = keys.get("right") or keys.get("wrong")
        label = keys.get("style") or keys.get("named") or ""
        if name not in known or not label or "wrong" in keys and "named" not in keys:
            raise ValueError(f'{file.name}: a cell is headed {dict(keys)}, and right="EXERCISE" style="..." or wrong="EXERCISE" named="..." is wanted, '
                             f"for one of {', '.join(sorted(known))}")
        answers.append(Answer(name, "right" in keys, cell.source, label, keys.get("named", "")))
    return answers


def solved(lesson: Lesson) -> dict[str, str]:
    """The lesson's own answers, by name of exercise or quiz."""
    return {cell.name: cell.source for cell in (*lesson.exercises, *lesson.answers)}


def notebook_with(lesson: Lesson, root: Path, texts: Mapping[str, str], essays: Mapping[str, str] | None = None) -> bytes:
    """The released notebook with these texts in the place of the stubs, by name of exercise, quiz or essay."""
    released = (Path(root) / "notebooks" / lesson.folder / f"{lesson.name}.ipynb").read_text(encoding="utf-8")
    return filled(released, lesson, {**texts, **(essays or {})})


def filled(released: str, lesson: Lesson, texts: Mapping[str, str]) -> bytes:
    """A released notebook's text with these texts in the place of the stubs."""
    notebook = json.loads(released)
    places = {cell.id: cell.name for cell in (*lesson.exercises, *lesson.answers, *lesson.essays)}
    for cell in notebook["cells"]:
        name = places.get(cell["id"])
        if name in texts:
            cell["source"] = texts[name]
    return json.dumps(notebook, indent=1).encode()


_numbers = itertools.count()


def at_home(lesson: Lesson, texts: Mapping[str, str], secret: bytes = b"", digest: str = "") -> list[Result]:
    """What the lesson's checks, the hidden ones too, say of these answers where the checks and the answers share one process.

    It is the other way of judge.judge, for tests and the build; nobody's grade is made by it, for answers could forge it.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    with sentences.session(Session(lesson=lesson.folder)) as session:
        run_setup(lesson, names)
        for cell in lesson.cells:
            if cell.role in ("exercise", "answer"):
                text, file = texts.get(cell.name, cell.stub), f"<{cell.id} {next(_numbers)}>"
                linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
                exec(compile(text, file, "exec"), names)
        run_checks(lesson, session, names, secret, digest)
        return list(session.results.values())
