"""The end of a lesson, in its last cell: points, what came out, what one can do now, the way to the next lesson.
Every lesson ends with it. What is counted is what the panels of this kernel say, and what the saved notebook shows
where a check has not been run in it.
Read course/desk/progress.py first, then `Ending`."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from course.checks.session import NotBegun, current
from course.desk import welcome
from course.desk.progress import Standing, shown, tally
from course.desk.work import Lesson, Work, read
from course.plots import COLOURS

PAINT = [COLOURS[name] for name in ("blue", "vermillion", "green", "orange", "sky", "purple")]
LAND = (
    "@media (prefers-reduced-motion: no-preference) { .paint circle { animation: land .5s cubic-bezier(.2, 2, .4, "
    "1) backwards } @keyframes land { from { r: 0 } } }"
)


@dataclass(frozen=True)
class Ending:
    """What is shown at the end of a lesson. showed: the lesson's headline in a sentence. following: the next lesson,
    None after the last."""

    lesson: Lesson
    found: Standing
    showed: str
    following: Lesson | None

    @property
    def open(self) -> list[str]:
        """What is left to do, in words."""
        named = welcome.about_of(self.lesson).exercises
        left = [
            f"exercise {place}, {named[place - 1][1] if place <= len(named) else name}"
            for place, (name, done) in enumerate(self.found.exercises.items(), 1)
            if not done
        ]
        left += [
            f"question {name.rsplit('-', 1)[-1]} of the quiz" for name, done in self.found.questions.items() if not done
        ]
        return left + [f"the essay {name}" for name, done in self.found.essays.items() if not done]

    def __repr__(self) -> str:
        lines = [self._first(), f"{self.found.score}.", *(f"Still open: {left}" for left in self.open)]
        return "\n".join([*lines, *([f"What came out: {self.showed}"] if not self.open else []), self._next()])

    def _repr_html_(self) -> str:
        about = welcome.about_of(self.lesson)
        parts = [
            f"<div role='heading' aria-level='2' style='font-size:1.4em;font-weight:600'>{escape(self._first())}</div>",
            f"<div><progress value='{self.found.earned:g}' max='{self.found.points:g}' aria-hidden='true'></progress> "
            f"{escape(self.found.score)}"
            f"{'; the essay is read by a person' if self.found.essays else ''}.</div>",
        ]
        if self.open:
            parts.append(f"<div>Still open:</div>{_listed(self.open)}")
        else:
            parts += [f"<div><b>What came out:</b> {_inline(self.showed)}</div>"] if self.showed else []
            able = [
                " ".join(line.split()).rstrip(";.")
                for line in re.split(r"^[-*] ", about.able, flags=re.MULTILINE)
                if line.strip()
            ]
            parts += [f"<div>You can now</div>{_listed(able)}"] if able else []
        there = (
            f"<a href='../{self.following.folder}/{self.following.released.name}'>{escape(self._next())}</a>"
            if self.following
            else escape(self._next())
        )
        parts.append(f"<div style='font-size:1.15em'>{there}</div>")
        paint = "" if self.open else _splash(int(self.lesson.number))
        return (
            f"<div class='lesson-end' role='group' aria-label='The end of lesson {self.lesson.number}' "
            "style='max-width:48em;display:grid;gap:.6em'>"
            f"{paint}{''.join(parts)}</div>"
        )

    def _first(self) -> str:
        title = f"{self.lesson.number} {welcome.about_of(self.lesson).title}"
        solved = sum(self.found.exercises.values())
        return (
            f"This is the end of {title}: {solved} of {len(self.found.exercises)} exercises are solved"
            if self.open
            else f"Well done: {title}"
        )

    def _next(self) -> str:
        if self.following is None:
            return "There is no next lesson. There is what you build."
        about = welcome.about_of(self.following)
        return f"Next: {self.following.number} {about.title}" + (f", {about.time}" if about.time else "")


def ending(showed: str = "") -> Ending:
    """The end of the lesson that has begun. showed: its headline, what the lesson has shown by itself, in a
    sentence."""
    session = current()
    if not session.lesson:
        raise NotBegun
    work = Work()
    lesson = work.lesson(session.lesson)
    saved = Path.cwd() / lesson.released.name
    release = read(lesson.released)
    mine = read(saved) if saved.exists() else release
    # A panel that has been taken back counts for nothing, whatever was saved.
    results = {check: result for check, result in shown(mine).items() if result.get("exercise") not in session.panels}
    results |= {check: result.as_dict() for panel in session.panels.values() for check, result in panel.results.items()}
    lessons = work.lessons()
    place = lessons.index(lesson) + 1
    return Ending(
        lesson, tally(lesson, release, mine, results), showed, lessons[place] if place < len(lessons) else None
    )


def _listed(items: list[str]) -> str:
    return f"<ul style='margin:0'>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</ul>"


def _inline(text: str) -> str:
    """Markdown's code and emphasis as HTML."""
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))


def _splash(seed: int) -> str:
    """A splatter of paint, another for each lesson. It means nothing to who does not see it, so it is not read out."""
    chance = random.Random(seed)
    drops = []
    for number in range(46):
        x, y, size = 720 * number / 46 + chance.uniform(-9, 9), chance.gauss(40, 13), abs(chance.gauss(0, 6)) + 1.5
        drops.append(
            f"<circle cx='{x:.0f}' cy='{y:.0f}' r='{size:.1f}' fill='{chance.choice(PAINT)}' "
            f"style='animation-delay:{number / 60:.2f}s'/>"
        )
    return (
        "<svg class='paint' viewBox='0 0 720 80' aria-hidden='true' "
        f"style='width:100%'><style>{LAND}</style>{''.join(drops)}</svg>"
    )
