"""Which points a person has to think about, because something is written where no check looks.
No lesson teaches it; grader/judging/grade.py asks for each submission.
Read grader/judging/places.py first: what a stray is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from course.checks.result import NOT_ATTEMPTED, Result
from grader.judging.intake import Submitted
from grader.judging.places import Stray
from grader.lessons.cells import Cell, Lesson


def untouched(submitted: Submitted, essay: Cell) -> bool:
    """Whether nothing is written in an essay's cell, and no picture attached to it."""
    return essay.id not in submitted.written and not submitted.attached.get(essay.id)


def who_waits(stray: Stray, submitted: Submitted, lesson: Lesson) -> list[str]:
    """The graded cells whose points a person has to think about, because this may be the answer to them.

    The check in which it stands; else the checks of the exercise or quiz in whose cells it stands; else each essay,
    which may be written here; else, in a lesson without essays, the next check.
    """
    at = lesson.cell(stray.cell) if stray.cell else None
    if at is not None and at.role == "check":
        return [at.id]
    if at is not None and at.name and (checks := lesson.checks_of(at.name)):
        return [cell.id for cell in checks]
    if lesson.essays:
        return [cell.id for cell in lesson.essays if untouched(submitted, cell)] or [cell.id for cell in lesson.essays]
    places = [cell.id for cell in lesson.cells]
    behind = places.index(stray.after) if stray.after in places else 0
    following = [cell.id for cell in lesson.checks if places.index(cell.id) > behind]
    return following[:1] or [lesson.checks[-1].id]


def unseen_answers(submitted: Submitted, lesson: Lesson, results: Sequence[Result]) -> dict[str, str]:
    """The checks that found nothing to judge though something is written, each with why: above the stub, which has the
    last word."""
    found: dict[str, str] = {}
    for cell in (*lesson.exercises, *lesson.answers):
        mine = [result for result in results if result.exercise == cell.name]
        if not mine or any(result.status != NOT_ATTEMPTED for result in mine):
            continue
        defines = re.compile(rf"^(?:(?:async )?(?:def|class) {cell.name}\b|{cell.name} ?=)", re.MULTILINE)
        others = [run for run in submitted.graded if run.id != cell.id and run.role != "setup"]
        elsewhere = any(defines.search(run.text) for run in others)
        written = cell.id in submitted.written
        if written or elsewhere:
            where = "something is written in its cell" if written else "another cell defines it"
            why = f"{cell.name} is not attempted, and yet {where}"
            found.update((check.id, why) for check in lesson.checks_of(cell.name))
    return found


def remarks(strays: Collection[Stray], looks: Mapping[str, str]) -> list[str]:
    """What waits for a person, in words for the instructor: nothing, or one remark."""
    places = {stray.where: None for stray in strays if stray.waits}
    where = list(places | dict.fromkeys(looks.values()))
    if not where:
        return []
    more = f" and in {len(where) - 5} more places" if len(where) > 5 else ""
    return [f"something is written where no place is for it: {'; '.join(where[:5])}{more}"]
