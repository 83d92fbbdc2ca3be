"""Wrong answers that have no name, those who do the same together: what thirty people did that the course has no word
for. No lesson teaches it; grader/classroom/report.py shows it, and CONTRIBUTING.md says how to add the program that
names it.
Read course/checks/judging.py first (`mark_of`): answers are alike when they give the same in the calls at home."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from grader.lessons.cells import Lesson

LONGEST = 1500  # characters of an example


def unnamed(outcomes: list[dict[str, Any]], lesson: Lesson) -> list[dict[str, Any]]:
    """Each behaviour without a name: the exercise, who shows it, and one of their answers; the most common first, in
    the lesson's order."""
    who: dict[tuple[str, str], list[str]] = defaultdict(list)
    named = {
        (outcome["student"], result["exercise"])
        for outcome in outcomes
        for result in outcome["results"]
        if result["mistake"]
    }
    for outcome in outcomes:
        for result in outcome["results"]:
            key = result["exercise"], result.get("behaviour", "")
            if key[1] and (outcome["student"], result["exercise"]) not in named and outcome["student"] not in who[key]:
                who[key].append(outcome["student"])
    cells = {cell.name: cell.id for cell in lesson.exercises}
    places = {name: place for place, name in enumerate(cells)}
    texts = {outcome["student"]: outcome["texts"] for outcome in outcomes}
    ranked = sorted(
        ((exercise, students) for (exercise, _), students in who.items() if exercise in cells and students),
        key=lambda entry: (-len(entry[1]), places[entry[0]]),
    )
    return [
        {"exercise": exercise, "students": students, "example": texts[students[0]].get(cells[exercise], "")[:LONGEST]}
        for exercise, students in ranked
    ]
