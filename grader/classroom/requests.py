"""What learners ask another look at, and what was decided: `course ask` on their side, `grader decide` on the
instructor's. No lesson teaches it; the report shows a request beside the answer, the next feedback has the decision,
points are given in nbgrader's gradebook.
Read course/desk/ask.py first: how a learner asks. grader/judging/places.py finds the request in what was handed in."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from course.desk.ask import asked_in
from course.desk.files import PRIVATE, write_whole
from grader.classroom.lateness import settle
from grader.classroom.pages import as_typed
from grader.classroom.pages import points as points_in_words
from grader.classroom.records import Records
from grader.lessons.cells import Cell, Lesson

LONGEST = 2_000  # characters of a decision
FILE = "decisions.json"  # beside the gradebook; `grader forget` takes people out of it, as out of every such file


def requests_of(
    outcome: Mapping[str, Any], decided: Mapping[str, Mapping[str, Any]], lesson: Lesson
) -> dict[str, dict[str, Any]]:
    """What a student asks about each exercise, quiz or essay, by its name in the lesson's order, with the last decision
    about it.

    asked: in the learner's words, '' where a decision was made unasked; open: whether no decision answers these words;
    said, before, after: the decision.
    """
    asked: dict[str, list[str]] = {}
    for stray in outcome.get("strays", []):
        if stray.get("about"):
            asked.setdefault(stray["about"], []).append(as_typed(asked_in(stray["text"])[1]))
    found = {}
    for name in cells_by_name(lesson):
        words, last = "\n\n".join(asked.get(name, [])), decided.get(name, {})
        if words or last.get("said"):
            found[name] = {
                "asked": words or last.get("asked", ""),
                "open": bool(words) and words != last.get("asked"),
                "before": last.get("before"),
                "after": last.get("after"),
                "said": last.get("said", ""),
                "earlier": last.get("asked", ""),
            }
    return found


def with_requests(records: Records, lesson: Lesson, outcomes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outcomes as Records.outcomes gives them, each with its requests and what was decided about them."""
    decided = decisions(records, lesson)
    return [
        {**outcome, "requests": requests_of(outcome, decided.get(outcome["student"], {}), lesson)}
        for outcome in outcomes
    ]


def decisions(records: Records, lesson: Lesson) -> dict[str, dict[str, dict[str, Any]]]:
    """What was decided in a lesson, by student and exercise. Raises ValueError for a file that cannot be read."""
    return _content(records).get(lesson.folder, {})


def decide(
    records: Records, lesson: Lesson, student: str, name: str, said: str, points: float | None = None
) -> dict[str, Any]:
    """Answer a request, or say something unasked; points are those of the whole exercise, given by hand, None to leave
    them. Gives what is written down.

    Raises ValueError, with what there is, for a student, an exercise or points that there are not.
    """
    outcome = records.outcome(lesson, student)
    if outcome is None:
        raise ValueError(
            f"nothing of {student!r} is graded in {lesson.folder}; `grader grade {lesson.folder}` comes first"
        )
    cells = cells_by_name(lesson).get(name)
    if cells is None:
        raise ValueError(
            f"{lesson.folder} has no exercise, quiz or essay {name!r}; it has {', '.join(cells_by_name(lesson))}"
        )
    most = sum(cell.points for cell in cells)
    if points is not None and not (math.isfinite(points) and 0 <= points <= most):
        raise ValueError(f"{points:g} points cannot be given for {name}; a number from 0 to {most:g} is wanted")
    if not said.strip() or len(said) > LONGEST:
        raise ValueError(f"a decision is told in 1 to {LONGEST} characters, and {len(said.strip())} came")
    with records.alone():
        before = points_of(records, lesson, student, cells)
        if points is not None:
            grades = [records.gradebook.find_grade(cell.id, lesson.name, lesson.folder, student) for cell in cells]
            shares = spread(
                points, [(grade.score or 0.0, cell.points) for grade, cell in zip(grades, cells, strict=True)]
            )
            for grade, share in zip(grades, shares, strict=True):
                grade.manual_score, grade.needs_manual_grade = share, False
            records.gradebook.db.commit()
            settle(records, lesson)
        content = _content(records)
        decided = content.setdefault(lesson.folder, {}).setdefault(student, {})
        asked = requests_of(outcome, decided, lesson).get(name, {}).get("asked", "")
        decided[name] = {
            "asked": asked,
            "said": said.strip(),
            "before": before,
            "after": points_of(records, lesson, student, cells),
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_whole(
            records.classroom / FILE, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", PRIVATE
        )
    return decided[name]


def spread(points: float, cells: Sequence[tuple[float, float]]) -> list[float]:
    """The points of an exercise over its check cells, each as (what it has, the most it may have): what has to change
    is changed from the front up, from the back down."""
    shares = [has for has, _ in cells]
    for place in range(len(cells)) if points >= sum(shares) else reversed(range(len(cells))):
        shares[place] = min(cells[place][1], max(0.0, shares[place] + points - sum(shares)))
    return shares


def cells_by_name(lesson: Lesson) -> dict[str, tuple[Cell, ...]]:
    """The cells that carry the points of each exercise, quiz and essay, by its name."""
    return {
        cell.name: (cell,) if cell.role == "essay" else lesson.checks_of(cell.name)
        for cell in lesson.cells
        if cell.role in ("exercise", "answer", "essay")
    }


def points_of(records: Records, lesson: Lesson, student: str, cells: Sequence[Cell]) -> float:
    """What a student has for these cells now."""
    return sum(
        records.gradebook.find_grade(cell.id, lesson.name, lesson.folder, student).score or 0.0 for cell in cells
    )


def in_one_line(name: str, request: Mapping[str, Any]) -> str:
    """A request that waits, as a line: asks again about mse: 'the first words ...'."""
    words = " ".join(request["asked"].split())
    return f"asks again about {name}: {words[:160]}{' ...' if len(words) > 160 else ''}"


def change_in_words(request: Mapping[str, Any]) -> str:
    """What a decision did to the points: '3 points, before 0'; '' where they stayed."""
    before, after = request["before"], request["after"]
    return (
        ""
        if before is None or before == after
        else f"{points_in_words(after)} points, {points_in_words(before)} before"
    )


def _content(records: Records) -> dict[str, Any]:
    file = records.classroom / FILE
    if not file.exists():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if not all(
            isinstance(decision, dict)
            for students in content.values()
            for own in students.values()
            for decision in own.values()
        ):
            raise ValueError("it is not a table of decisions")
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{FILE} cannot be read ({error}); put it right or delete it") from None
    return content
