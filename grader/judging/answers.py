"""Right and wrong answers to a lesson's exercises, and notebooks with such answers in them.
They live in tests/answers/, one file a lesson; the tests, the build and the demo's class are made of them.
Read CONTRIBUTING.md first, for how a file of answers is written."""

from __future__ import annotations

import contextlib
import itertools
import json
import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jupytext

from course.checks.judging import Judgement
from course.checks.result import Result
from course.checks.session import Session, within
from grader.judging.brought import with_what_is_used
from grader.judging.intake import Run
from grader.judging.judge import run_checks, run_setup
from grader.lessons.cells import Lesson


@dataclass(frozen=True)
class Answer:
    """A learner's cell for one exercise or quiz. label: its style, or what is wrong with it; named: a part of the
    mistake's text that must be shown."""

    name: str
    right: bool
    text: str
    label: str
    named: str = ""


def read_answers(lesson: Lesson, root: Path, file: Path | None = None) -> list[Answer]:
    """The answers in tests/answers/<lesson>.py, or another file. Raises ValueError, with the cell, for a header that
    does not say what it is."""
    file = file or Path(root) / "tests" / "answers" / f"{lesson.name}.py"
    known = {cell.name for cell in (*lesson.exercises, *lesson.answers)}
    answers = []
    for cell in jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent").cells:
        keys = cell.metadata
        if cell.cell_type != "code" or not {"right", "wrong"} & set(keys):
            continue
        name = keys.get("right") or keys.get("wrong")
        label = keys.get("style") or keys.get("named") or keys.get("really") or ""
        if name not in known or not (label or "named" in keys):
            raise ValueError(
                f'{file.name}: a cell is headed {dict(keys)}, and right="EXERCISE" style="..." or wrong="EXERCISE" '
                'with named="..." or really="..." is wanted, '
                f"for one of {', '.join(sorted(known))}"
            )
        answers.append(Answer(name, "right" in keys, cell.source, label, keys.get("named", "")))
    return answers


def solved(lesson: Lesson) -> dict[str, str]:
    """The lesson's own answers, by name of exercise or quiz."""
    return {cell.name: cell.source for cell in (*lesson.exercises, *lesson.answers)}


def notebook_with(
    lesson: Lesson, root: Path, texts: Mapping[str, str], essays: Mapping[str, str] | None = None
) -> bytes:
    """The released notebook with these texts in the place of the stubs, by name of exercise, quiz or essay."""
    released = (Path(root) / "notebooks" / lesson.folder / f"{lesson.name}.ipynb").read_text(encoding="utf-8")
    return filled(released, lesson, {**texts, **(essays or {})})


def filled(released: str, lesson: Lesson, texts: Mapping[str, str]) -> bytes:
    """A released notebook's text with these texts in the place of the stubs."""
    notebook = json.loads(released)
    places = {cell.id: cell.name for cell in (*lesson.exercises, *lesson.answers, *lesson.essays)}
    for cell in notebook["cells"]:
        name = places.get(cell["id"])
        if name is not None and name in texts:
            cell["source"] = texts[name]
    return json.dumps(notebook, indent=1).encode()


_numbers = itertools.count()


@cache
def set_up(lesson: Lesson) -> dict[str, Any]:
    """What the lesson's setup cells define; run once, for they load data."""
    names: dict[str, Any] = {"__name__": "__main__"}
    run_setup(lesson, names)
    return names


class _WithItsOwnKey(Session):
    """The hidden line of a quiz's check holds its key; what an installed course says of a quiz of that name may be
    older, or another lesson's."""

    def told(self, quiz: str, question: int) -> None:
        return None


class Bench:
    """A lesson's answers in this process, to try its checks on; nobody's grade is made here, for answers could forge
    it."""

    def __init__(self, lesson: Lesson, texts: Mapping[str, str]) -> None:
        self.lesson, self.texts = lesson, texts
        self.session = Session(lesson=lesson.folder)

    def results(
        self,
        name: str = "",
        seed: int | None = None,
        secret: bytes | None = None,
        digest: str = "",
        says_why: bool = True,
    ) -> list[Result]:
        """What the checks of an exercise, or all, say of these answers, which are begun anew.

        seed: of the drawn calls, None for those at home. With a secret they are drawn as in grading, for a submission
        of that digest. says_why: whether words for what is wrong are looked for.
        """
        names = {**set_up(self.lesson)}
        with within(_WithItsOwnKey(lesson=self.lesson.folder, names=names, says_why=says_why)) as self.session:
            for run in self._runs:
                self._define(run.id, run.text, names)
            run_checks(
                self.lesson,
                self.session,
                names,
                secret or b"",
                digest,
                {name} if name else None,
                None if secret is not None else lambda _: seed,
            )
            return [result for result in self.session.results.values() if not name or result.exercise == name]

    @cached_property
    def _runs(self) -> tuple[Run, ...]:
        """The answers, and what they use of the cells between them, which at home have been run."""
        code = [
            Run(
                cell.id,
                cell.role,
                self.texts.get(cell.name, cell.stub) if cell.role in ("exercise", "answer") else cell.source,
            )
            for cell in self.lesson.cells
            if cell.kind == "code" and cell.role not in ("check", "prompt")
        ]
        runs, _ = with_what_is_used([run for run in code if run.role in ("setup", "exercise", "answer")], code)
        return tuple(run for run in runs if run.role != "setup")

    def _define(self, id: str, text: str, names: dict[str, Any]) -> None:
        file = f"<{id} {next(_numbers)}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        with contextlib.suppress(Exception):  # a cell that stops is the learner's affair, and its check says so
            exec(compile(text, file, "exec"), names)

    def judged(self, name: str) -> Judgement | None:
        """What the exercise's drawn calls came to, in the run before."""
        return next(
            (judgement for (exercise, *_), judgement in self.session.judgements.items() if exercise == name), None
        )


def at_home(lesson: Lesson, texts: Mapping[str, str], secret: bytes = b"", digest: str = "") -> list[Result]:
    """What the checks, the hidden ones too, say of these answers where both share one process: the other way of
    judge.judge, with the same draws."""
    return Bench(lesson, texts).results(secret=secret, digest=digest)
