"""The HTML pages that the grader writes: one set of templates, everything escaped, nothing that a learner wrote taken
as markup. No lesson teaches it; grader/classroom/feedback.py and grader/classroom/report.py fill the templates in.
Read grader/classroom/templates/page.html first: its content policy forbids scripts and anything from outside."""

from __future__ import annotations

import re
from functools import cache

import jinja2
from nbconvert.filters import strip_ansi

from grader.lessons.cells import Lesson

_TITLE = re.compile(r"\*\*(Exercise \d+) \([^)]*\): ([^*]+?)\.?\*\*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@cache
def template(name: str) -> jinja2.Template:
    loader = jinja2.PackageLoader("grader.classroom", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.globals["points"] = points
    return environment.get_template(name)


def points(value: float) -> str:
    """A number of points as people write it: 4, 2.5, 61.33."""
    return f"{round(value, 2):g}"


def titles(lesson: Lesson) -> dict[str, str]:
    """What each exercise, quiz and essay is called in the lesson, by name: 'Exercise 2: residuals', 'Quiz: reading'."""
    found, latest = {}, ""
    for cell in lesson.cells:
        if cell.role == "text" and (here := _TITLE.findall(cell.source)):
            latest = ": ".join(here[-1])
        elif cell.role == "exercise":
            found[cell.name], latest = latest or f"Exercise: {cell.name}", ""
    found |= {cell.name: f"Quiz: {cell.name.replace('_', ' ')}" for cell in lesson.answers}
    return found | {cell.name: f"Essay: {cell.name.replace('_', ' ')}" for cell in lesson.essays}


def without_escapes(text: str) -> str:
    """Text without terminal escapes and control characters, save for tab and newline."""
    return _CONTROL.sub("", strip_ansi(text))


def as_typed(text: str) -> str:
    """A learner's own text, with each control character as the sign for it, so that nothing of it is lost and none of
    it works."""
    return _CONTROL.sub(lambda found: _sign(found[0]), text)


def _sign(character: str) -> str:
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else f"<{code:02X}>"
