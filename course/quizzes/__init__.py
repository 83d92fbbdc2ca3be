"""Quizzes to click: a lesson's questions with their choices, and the verdict with its reason where it may be told.
Every lesson ends with one. Its text and its key lie beside this module, one file a lesson, written by the build.
Read course/explorers/__init__.py first: a quiz is an explorer whose drawing is its questions."""

from __future__ import annotations

import ast
import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from traitlets import Dict, Enum, List, Unicode
from traitlets.config import Configurable

from course.checks.session import NotBegun, current
from course.desk.exchange import in_exchange, nbgrader_settings
from course.desk.work import Problem, checkout
from course.explorers import Explorer, front_end

FOLDER = Path(__file__).parent
ALONE, AT_ONCE, AT_HAND_IN = "alone", "at once", "at hand-in"


class Quizzes(Configurable):
    """When a quiz says what is right: c.Quizzes.tell in nbgrader_config.py."""

    tell = Enum(
        [ALONE, AT_ONCE, AT_HAND_IN],
        ALONE,
        help="'at once', 'at hand-in', or 'alone': at once for who learns alone, at hand-in where the "
        "lesson lies in a class's exchange.",
    ).tag(config=True)


class Quiz(Explorer):
    """The questions of a quiz. `answers` holds a letter for each question's number, as texts; `key` is empty where
    nothing is told yet. The browser writes each letter into the quiz's answer cell, or says what to write where it
    finds none."""

    _esm = front_end("shared.js") + "\n" + (FOLDER / "quiz.js").read_text(encoding="utf-8")
    STATE = ("answers",)
    name = Unicode().tag(sync=True)
    questions: List[dict[str, Any]] = List().tag(sync=True)
    key: List[dict[str, Any]] = List().tag(sync=True)
    answers = Dict().tag(sync=True)

    def sentence(self) -> str:
        return f"{sum(map(bool, self.answers.values()))} of {len(self.questions)} questions answered."

    def _repr_mimebundle_(self, **_):
        asked = "".join(
            f"<li><p>{html.escape(question['ask'])}</p><ul>{_listed(question['choices'])}</ul></li>"
            for question in self.questions
        )
        return {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
            "text/plain": self.sentence(),
            "text/html": f"<ol>{asked}</ol><p>Write a letter for each into the cell below.</p>",
        }


def _listed(choices: dict[str, str]) -> str:
    return "".join(f"<li><b>{letter}</b> {html.escape(text)}</li>" for letter, text in choices.items())


def quiz(name: str) -> Quiz:
    """The quiz of that name in the lesson that has begun, to be clicked. Raises ValueError for a name that it does not
    have."""
    session = current()
    if not session.lesson:
        raise NotBegun
    found = questions_of(session.lesson)
    if name not in found:
        raise ValueError(f"lesson {session.lesson} has no quiz {name!r}; it has {', '.join(found) or 'none'}")
    return as_widget(name, found[name], tells(session.lesson), session.names)


def as_widget(name: str, questions: list[dict[str, Any]], told: bool, names: dict[str, Any] | None = None) -> Quiz:
    """Questions as a widget, with its key where the verdict is told at once. names: where the answers lie under the
    quiz's name, and are put."""
    names = {} if names is None else names
    before = names.get(name)
    answers = (
        {str(number): letter for number, letter in before.items() if isinstance(letter, str) and letter}
        if isinstance(before, dict)
        else {}
    )
    made = Quiz(
        name=name,
        answers=answers,
        questions=[{part: question[part] for part in ("ask", "choices")} for question in questions],
        key=[{part: question[part] for part in ("right", "because")} for question in questions] if told else [],
    )

    def keep(change: dict[str, Any]) -> None:
        names[name] = {number: change["new"].get(str(number), "") for number in range(1, len(questions) + 1)}
        current().outdate(name, "an answer has changed: run its checks again")

    made.observe(keep, "answers")
    return made


def questions_of(lesson: str) -> dict[str, list[dict[str, Any]]]:
    """The quizzes of a lesson, "06-dropout", by name, as its author wrote them: ask, choices, right, because. Empty
    where there is no such file."""
    file = FOLDER / f"{lesson}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def told(lesson: str, name: str, number: int) -> dict[str, Any] | None:
    """A question with its key where the verdict is told at once; None where it is told at hand-in."""
    asked = questions_of(lesson).get(name, [])
    return asked[number - 1] if 0 < number <= len(asked) and tells(lesson) else None


@cache
def tells(lesson: str) -> bool:
    """Whether a quiz of this lesson says at once what is right: as c.Quizzes.tell says, in the class's settings or else
    the course's own; else where no exchange of a class has the lesson."""
    config = nbgrader_settings()
    if "Quizzes" not in config:
        config.Quizzes.update(_of_the_course())
    tell = Quizzes(config=config).tell
    return tell == AT_ONCE or (tell == ALONE and not in_exchange(config, lesson))


def _of_the_course() -> dict[str, Any]:
    """What the course's own nbgrader_config.py says in lines like c.Quizzes.tell = "at once". It is read and not run,
    which would load all of nbgrader."""
    try:
        lines = ast.parse((checkout() / "nbgrader_config.py").read_text(encoding="utf-8")).body
    except (Problem, OSError, SyntaxError, ValueError):  # no clone of the course here, or not one that can be read
        return {}
    return {
        line.targets[0].attr: line.value.value
        for line in lines
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.targets[0], ast.Attribute)
        and ast.unparse(line.targets[0]).startswith("c.Quizzes.")
    }
