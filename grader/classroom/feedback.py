"""What a learner gets back: one page that says what passed, which mistake was made, and where to look.
No lesson teaches it; `grader feedback` writes it from what grader/classroom/records.py has written down.
Read grader/classroom/pages.py first. No hidden check, hidden input or expected value is in an outcome's messages, so
none is here."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties

from course.checks.panel import SIGNS
from course.checks.result import NOT_ATTEMPTED
from course.desk.files import PRIVATE, write_whole
from grader.classroom.lateness import terms as terms_of
from grader.classroom.pages import as_typed, template, titles, without_escapes
from grader.classroom.records import Records
from grader.classroom.requests import change_in_words, with_requests
from grader.classroom.rubrics import in_words as rubric_in_words
from grader.classroom.rubrics import rubric, ticked_in
from grader.judging.pictures import ENDINGS
from grader.lessons.cells import Lesson


def write_feedback(
    records: Records, lesson: Lesson, students: Collection[str] | None = None, step: AssignLatePenalties | None = None
) -> list[Path]:
    """A page for each student of a lesson, or for these only. step: what lateness costs, where it is not
    nbgrader_config.py's. Gives the files."""
    files, ticked = [], ticked_in(records.classroom).get(lesson.folder, {})
    for outcome in with_requests(records, lesson, records.outcomes(lesson)):
        if students is not None and outcome["student"] not in students:
            continue
        file = records.feedback_file(lesson.folder, outcome["student"], lesson.name)
        write_whole(
            file,
            page(
                outcome,
                lesson,
                records.pictures(outcome),
                terms_of(records, lesson, outcome["student"], step),
                {essay: whose[outcome["student"]] for essay, whose in ticked.items() if outcome["student"] in whose},
            ),
            PRIVATE,
        )
        files.append(file)
    return files


def page(
    outcome: dict[str, Any],
    lesson: Lesson,
    pictures: Mapping[str, bytes] | None = None,
    terms: str = "",
    ticked: Mapping[str, Collection[int]] | None = None,
) -> str:
    """The page of one outcome, as Records.outcomes gives it. pictures: what it has of them, by name; terms: when it was
    due and what lateness costs; ticked: by essay, the boxes of its rubric that are ticked."""
    shown = {
        name: f"data:{ENDINGS[name.rsplit('.', 1)[1]]};base64,{base64.b64encode(content).decode()}"
        for name, content in (pictures or {}).items()
    }

    def those(names: list[str]) -> list[str]:
        return [shown[name] for name in dict.fromkeys(names) if name in shown]

    called = titles(lesson)
    essays = [
        {
            "title": called[cell.name],
            "text": as_typed(outcome["texts"].get(cell.id, "")),
            "max": cell.points,
            "pictures": those(outcome.get("attached", {}).get(cell.id, [])),
            "request": outcome.get("requests", {}).get(cell.name),
            "rubric": rubric_in_words(rubric(cell, lesson), ticked[cell.name])
            if ticked and ticked.get(cell.name)
            else [],
            **outcome["essays_graded"].get(cell.id, {"points": 0, "waits": True, "comment": ""}),
        }
        for cell in lesson.essays
    ]
    return template("feedback.html").render(
        outcome=outcome,
        lesson=lesson,
        groups=_groups(outcome, lesson),
        essays=essays,
        signs=SIGNS,
        strays=[
            {
                **stray,
                "text": as_typed(stray["text"]),
                "where": as_typed(stray["where"]),
                "pictures": those(stray["pictures"]),
            }
            for stray in outcome.get("strays", [])
            if not stray.get("about")
        ],
        late=in_words(outcome["late"]),
        time=when(outcome["time"]),
        terms=terms,
        untouched=_untouched(outcome, lesson),
        change=change_in_words,
        asks=next((cell.name for cell in (*lesson.exercises, *lesson.essays)), ""),
    )


def _untouched(outcome: dict[str, Any], lesson: Lesson) -> bool:
    """Whether the notebook came as it was handed out, and nobody has said anything of it by hand."""
    written = [id for id, text in outcome["texts"].items() if text.strip() != lesson.cell(id).stub.strip()]
    said = (
        outcome["score"]
        or outcome.get("requests")
        or any(essay["comment"] for essay in outcome["essays_graded"].values())
    )
    return not (written or said or outcome.get("strays") or any(outcome.get("attached", {}).values())) and all(
        result["status"] == NOT_ATTEMPTED for result in outcome["results"]
    )


def _groups(outcome: dict[str, Any], lesson: Lesson) -> list[dict[str, Any]]:
    groups, called = [], titles(lesson)
    for cell in (*lesson.exercises, *lesson.answers):
        results = [
            {**result, "example": without_escapes(result.get("example", ""))}
            for result in outcome["results"]
            if result["exercise"] == cell.name
        ]
        looks = [why for result in results if (why := outcome.get("looks", {}).get(f"check-{result['check']}"))]
        groups.append(
            {
                "name": cell.name,
                "title": called[cell.name],
                "results": results,
                "look": looks[0] if looks else "",
                "points": sum(result["points"] for result in results),
                "earned": sum(result["earned"] for result in results),
                "text": as_typed(outcome["texts"].get(cell.id, "")),
                "printed": without_escapes(outcome["printed"].get(cell.id, "")),
                "request": outcome.get("requests", {}).get(cell.name),
            }
        )
    places = {check.name: place for place, check in reversed(list(enumerate(lesson.checks)))}
    return sorted(groups, key=lambda group: places.get(group["name"], len(places)))


def when(time: str | None) -> str:
    """A moment as people write it: '20 November 2026, 06:36 UTC'; '' for none."""
    return f"{datetime.fromisoformat(time):%-d %B %Y, %H:%M} UTC" if time else ""


def in_words(seconds: float) -> str:
    """A stretch of time as people say it: '3 hours'; '' for none."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return ""
