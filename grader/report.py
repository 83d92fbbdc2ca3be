"""What an instructor reads after grading: how the grades lie, which mistakes the class made, who needs a look.
No lesson teaches it; `grader report` writes it from what grader/records.py has written down.
Read grader/pages.py first."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from course.files import write_whole
from grader.cells import Lesson
from grader.pages import template
from grader.records import Records


def write_report(records: Records, lesson: Lesson) -> Path:
    """One page that holds everything it needs. Gives the file."""
    file = records.classroom / "reports" / f"{lesson.folder}.html"
    write_whole(file, page(records.outcomes(lesson), lesson))
    return file


def page(outcomes: list[dict[str, Any]], lesson: Lesson) -> str:
    bins = distribution(outcomes)
    return template("report.html").render(
        lesson=lesson, students=sorted(outcomes, key=lambda outcome: (outcome["score"], outcome["student"])), distribution=bins,
        most=max(1, *bins), distribution_words=in_words(bins), mistakes=ranked_mistakes(outcomes), items=items(outcomes, lesson))


def distribution(outcomes: list[dict[str, Any]]) -> list[int]:
    """How many students have 0 to 9 per cent of the points, 10 to 19, ..., 90 to 100."""
    bins = [0] * 10
    for outcome in outcomes:
        share = outcome["score"] / outcome["max_score"] if outcome["max_score"] else 0
        bins[min(9, int(share * 10))] += 1
    return bins


def in_words(bins: list[int]) -> str:
    """The distribution as a sentence, for those who do not see the chart."""
    parts = [f"{count} with {10 * place} to {10 * place + (10 if place == 9 else 9)} per cent" for place, count in enumerate(bins) if count]
    return f"Of {sum(bins)} submissions: {', '.join(parts)}." if parts else "No submissions yet."


def ranked_mistakes(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each named mistake with the number of students who made it, the most common first."""
    students: dict[tuple[str, str], set[str]] = defaultdict(set)
    for outcome in outcomes:
        for result in outcome["results"]:
            if result["mistake"]:
                students[result["exercise"], result["mistake"]].add(outcome["student"])
    ranked = sorted(students.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [{"exercise": exercise, "text": text, "students": len(who)} for (exercise, text), who in ranked]


def items(outcomes: list[dict[str, Any]], lesson: Lesson) -> list[dict[str, Any]]:
    """For each check how many passed, failed, did not try, or need a look, in the lesson's order."""
    counts: dict[str, Counter] = {check.id.removeprefix("check-"): Counter() for check in lesson.checks}
    for outcome in outcomes:
        for result in outcome["results"]:
            counts.setdefault(result["check"], Counter())[result["status"]] += 1
    return [{"check": check, "counts": {status: count[status] for status in ("passed", "failed", "not attempted", "needs a look")}}
            for check, count in counts.items()]
