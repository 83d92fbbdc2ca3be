"""The site's first page: the landscape of loss to play with, three sentences, the way in, a network that reads what
one draws, and the lessons. No lesson teaches it. It is a page of its own, not one of Jupyter Book's, so that it is
there at once on a telephone. Read static/landing.html first."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template

from course import data
from course.desk.welcome import PARTS as LAST_OF_PART
from course.desk.welcome import PICTURES, about_of
from course.desk.work import Lesson as Opened
from course.explorers import front_end
from course.explorers.lines import line_explorer
from course.explorers.pad import drawing_pad
from grader.lessons.cells import Lesson, plain_number
from tools.pages.alive import Alive

STATIC = Path(__file__).parent / "static"
CARD = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "card.png"
# name, the last lesson before it, its last
PARTS = tuple(
    (name, LAST_OF_PART[place - 1][1] if place else 0, last) for place, (name, last) in enumerate(LAST_OF_PART)
)


def landing(lessons: list[Lesson], alive: Alive, repository: str) -> str:
    """The page, as HTML. repository: what to clone."""
    style = front_end("shared.css") + "\n" + (STATIC / "landing.css").read_text(encoding="utf-8")
    script = front_end("page.js") + "\n" + (STATIC / "alive.js").read_text(encoding="utf-8")
    landscape = line_explorer(
        *data.paint_splatter(),
        names=("metres along the wall", "metres above the floor", "slope, m per m", "intercept, m", "loss, m²"),
    )
    return Template((STATIC / "landing.html").read_text(encoding="utf-8")).substitute(
        style=style,
        repository=html.escape(repository),
        script=script,
        landscape=alive.place(landscape, "landscape", root=""),
        pad=alive.place(drawing_pad(), "pad", root=""),
        lessons="\n".join(
            f"<h3>{html.escape(part)}</h3>\n<ol>\n{rows}\n</ol>" for part, rows in _parts(lessons) if rows
        ),
    )


def _parts(lessons: list[Lesson]) -> list[tuple[str, str]]:
    rows = {f"{lesson.number:02d}": _row(lesson) for lesson in lessons}
    return [
        (part, "\n".join(rows[number] for number in sorted(rows) if least < int(number) <= most))
        for part, least, most in PARTS
    ]


def _row(lesson: Lesson) -> str:
    return (
        f'<li><a href="{lesson.folder}/{lesson.name}.html"><img src="_static/covers/{lesson.folder}.png" alt="" '
        'width="96" height="64" loading="lazy">'
        f"<span><b>{lesson.number:02d} {html.escape(lesson.title)}</b><small>{html.escape(question_of(lesson))}</small>"
        f"<small>about {plain_number(lesson.minutes)} minutes</small></span></a></li>"
    )


def question_of(lesson: Lesson) -> str:
    """What a lesson answers: its first bold sentence."""
    released = lesson.path.parents[2] / "notebooks" / lesson.folder / f"{lesson.name}.ipynb"
    return about_of(Opened(lesson.folder, released)).question if released.is_file() else lesson.title


def cover(folder: str) -> Path:
    """The picture of a lesson; the first one's where it has none."""
    file = PICTURES / f"{folder}.png"
    return file if file.is_file() else PICTURES / "01-tensors.png"
