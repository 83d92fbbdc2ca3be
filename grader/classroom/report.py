"""What an instructor reads after grading: how the grades lie, what each check tells, which mistakes the class made, who
may need help, who wrote alike. No lesson teaches it; `grader report` writes it from what grader/classroom/records.py
has written down. Read `page` first, then grader/classroom/alike.py; the page itself is
grader/classroom/templates/report.html."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas

from course.desk.files import PRIVATE, write_whole
from grader.classroom.alike import Pair, pairs, remarks
from grader.classroom.exchange import times_handed_in
from grader.classroom.feedback import in_words as time_in_words
from grader.classroom.pages import as_typed, points, template, titles
from grader.classroom.records import Records
from grader.classroom.requests import change_in_words, with_requests
from grader.classroom.roster import class_of
from grader.classroom.unnamed import unnamed
from grader.lessons.cells import Lesson

FEW_TO_CORRELATE = 10  # students; with fewer a correlation is mostly luck
LONGEST_SHOWN = 4_000  # characters of an answer beside another that it is like
STATUSES = ("passed", "failed", "not attempted", "needs a look")


@dataclass(frozen=True)
class People:
    """Who is in a class: everybody's name by id, '' where none is known; and each one's page, relative to the report,
    where it is written."""

    names: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)


def people(records: Records, lesson: Lesson, beside: Path) -> People:
    """The class as the gradebook has it, with the pages of feedback as seen from the folder beside."""
    names = {student.id: f"{student.first_name} {student.last_name}".strip() for student in class_of(records).students}
    files = {student: records.feedback_file(lesson.folder, student, lesson.name) for student in names}
    return People(names, {student: os.path.relpath(file, beside) for student, file in files.items() if file.exists()})


def write_report(records: Records, lesson: Lesson) -> Path:
    """One page that holds everything it needs, and leads to the pages of feedback that are written. Gives the file."""
    file = records.classroom / "reports" / f"{lesson.folder}.html"
    attempts = times_handed_in(lesson, records.classroom)
    write_whole(
        file,
        page(
            with_requests(records, lesson, records.outcomes(lesson)),
            lesson,
            attempts,
            people(records, lesson, file.parent),
        ),
        PRIVATE,
    )
    return file


def page(
    outcomes: list[dict[str, Any]], lesson: Lesson, attempts: dict[str, int] | None = None, known: People | None = None
) -> str:
    """The page as HTML. outcomes: as Records.outcomes gives them. attempts: how often each student handed in, where
    that is known."""
    bins, counts = distribution(outcomes), [outcome["score"] for outcome in outcomes if outcome["status"] != "refused"]
    alike = pairs(
        {outcome["student"]: outcome["texts"] for outcome in outcomes if outcome["status"] != "refused"}, lesson
    )
    more = remarks(outcomes, alike, lesson)
    outcomes = [
        {**outcome, "remarks": [*outcome["remarks"], *more.get(outcome["student"], [])]} for outcome in outcomes
    ]
    known, came = known or People(), {outcome["student"] for outcome in outcomes}
    return template("report.html").render(
        lesson=lesson,
        students=sorted(outcomes, key=lambda outcome: (outcome["score"], outcome["student"])),
        distribution=bins,
        most=max(1, *bins),
        distribution_words=in_words(bins),
        middle=pandas.Series(counts, dtype=float).median() if counts else None,
        mistakes=ranked_mistakes(outcomes),
        unnamed=unnamed(outcomes, lesson),
        items=items(outcomes, lesson),
        help=who_may_need_help(outcomes, lesson),
        look=needs_a_look(outcomes),
        waiting=sum(outcome["waits"] for outcome in outcomes),
        alike=[(pair, side_by_side(pair, outcomes, lesson)) for pair in alike],
        times=times_in_words(outcomes),
        attempts=attempts or {},
        in_words=time_in_words,
        names=known.names,
        pages=known.pages,
        absent=sorted(set(known.names) - came),
        requests=requests(outcomes, lesson),
        change=change_in_words,
        titles=titles(lesson),
        statuses=STATUSES,
    )


def distribution(outcomes: list[dict[str, Any]]) -> list[int]:
    """How many students have 0 to 9 per cent of the points, 10 to 19, ..., 90 to 100."""
    bins = [0] * 10
    for outcome in outcomes:
        share = outcome["score"] / outcome["max_score"] if outcome["max_score"] else 0
        bins[min(9, int(share * 10))] += 1
    return bins


def in_words(bins: list[int]) -> str:
    """The distribution as a sentence, for those who do not see the chart."""
    parts = [
        f"{count} with {10 * place} to {10 * place + (10 if place == 9 else 9)} per cent"
        for place, count in enumerate(bins)
        if count
    ]
    return f"Of {sum(bins)} submissions: {', '.join(parts)}." if parts else "No submissions yet."


def ranked_mistakes(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each named mistake with who made it and how many they are, the most common first."""
    students: dict[tuple[str, str], set[str]] = defaultdict(set)
    for outcome in outcomes:
        for result in outcome["results"]:
            if result["mistake"]:
                students[result["exercise"], result["mistake"]].add(outcome["student"])
    ranked = sorted(students.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [
        {"exercise": exercise, "text": text, "students": len(who), "who": sorted(who)}
        for (exercise, text), who in ranked
    ]


def items(outcomes: list[dict[str, Any]], lesson: Lesson) -> list[dict[str, Any]]:
    """What each check tells, in the lesson's order.

    counts: how many passed, failed, did not try, need a look. difficulty: the share of the students who tried it that
    did not pass, in [0, 1]. discrimination: the correlation of passing it with the points of everything else, over all
    who were graded (the corrected item-total correlation); low or negative where those who know the rest fail here, or
    those who do not pass. None where it cannot be told.
    """
    counts: dict[str, Counter] = {check.id.removeprefix("check-"): Counter() for check in lesson.checks}
    graded = [outcome for outcome in outcomes if outcome["status"] != "refused"]
    for outcome in graded:
        for result in outcome["results"]:
            counts.setdefault(result["check"], Counter())[result["status"]] += 1
    earned = pandas.DataFrame(
        [{result["check"]: result["earned"] for result in outcome["results"]} for outcome in graded], dtype=float
    )
    rows, exercises = [], {cell.label: cell.name for cell in lesson.checks}
    for check, count in counts.items():
        tried, correlation = count["passed"] + count["failed"], None
        if check in earned and len(earned) >= FEW_TO_CORRELATE:
            rest = earned.drop(columns=check).sum(axis=1)
            if earned[check].nunique() > 1 and rest.nunique() > 1:
                correlation = float(earned[check].corr(rest))
        rows.append(
            {
                "check": check,
                "name": exercises.get(check, ""),
                "counts": {status: count[status] for status in STATUSES},
                "difficulty": count["failed"] / tried if tried else None,
                "discrimination": correlation,
                "odd": correlation is not None and correlation < 0.1,
            }
        )
    return rows


def who_may_need_help(outcomes: list[dict[str, Any]], lesson: Lesson) -> list[dict[str, Any]]:
    """Students whom somebody might talk to, with the reasons in words, the fewest points first."""
    found = []
    for outcome in sorted(outcomes, key=lambda outcome: (outcome["score"], outcome["student"])):
        statuses = Counter(result["status"] for result in outcome["results"])
        exercises = {result["exercise"] for result in outcome["results"]}
        failed = {
            result["exercise"]
            for result in outcome["results"]
            if result["status"] == "failed" and result["exercise"] in {cell.name for cell in lesson.exercises}
        }
        untried = {result["exercise"] for result in outcome["results"] if result["status"] == "not attempted"}
        why = []
        if outcome["status"] == "refused":
            why.append(f"what was handed in could not be read: {outcome['why']}")
        elif not statuses["passed"] and not statuses["failed"]:
            why.append("handed in untouched")
        elif outcome["score"] < outcome["max_score"] / 2 and not outcome["waits"]:
            why.append("less than half of the points")
        if len(failed) >= 3:
            why.append(f"tried and failed in {len(failed)} exercises: {', '.join(sorted(failed))}")
        if outcome["status"] != "refused" and statuses["passed"] and 2 * len(untried) >= len(exercises):
            why.append(f"left out {len(untried)} of {len(exercises)} exercises and quizzes")
        if why:
            found.append({"student": outcome["student"], "score": outcome["score"], "why": why})
    return found


def needs_a_look(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Students with something that no check could judge, with what it is in words: text without a place, checks that
    could not be made."""
    found = []
    for outcome in sorted(outcomes, key=lambda outcome: outcome["student"]):
        what = list(dict.fromkeys(stray["where"] for stray in outcome.get("strays", []) if stray["waits"]))
        what = [f"wrote something where no place is for it, {where}" for where in what]
        what += dict.fromkeys(
            why
            for why in outcome.get("looks", {}).values()
            if why not in {stray["where"] for stray in outcome.get("strays", [])}
        )
        what += [
            f"check {result['check']}: {result['message'] or 'could not be judged'}"
            for result in outcome["results"]
            if result["status"] == "needs a look"
        ]
        what += [outcome["why"]] if outcome["status"] == "partly graded" and not outcome["results"] else []
        if what:
            found.append({"student": outcome["student"], "what": [as_typed(words) for words in what]})
    return found


def requests(outcomes: list[dict[str, Any]], lesson: Lesson) -> list[dict[str, Any]]:
    """What learners ask another look at, each with the answer that it is about, those that wait first."""
    cells = {cell.name: cell.id for cell in (*lesson.exercises, *lesson.answers, *lesson.essays)}
    found = []
    for outcome in outcomes:
        for name, request in outcome.get("requests", {}).items():
            results = [result for result in outcome["results"] if result["exercise"] == name]
            found.append(
                {
                    **request,
                    "student": outcome["student"],
                    "name": name,
                    "answer": as_typed(outcome["texts"].get(cells[name], "")),
                    "said_of_it": [
                        f"{result['check']}: {result['status']}, {points(result['earned'])} of "
                        f"{points(result['points'])}"
                        for result in results
                    ],
                }
            )
    return sorted(found, key=lambda request: not request["open"])


def side_by_side(pair: Pair, outcomes: list[dict[str, Any]], lesson: Lesson) -> list[tuple[str, str, str]]:
    """The evidence: for each answer in which two agree its name, and what the first and the second wrote, the beginning
    of it."""
    texts = {
        outcome["student"]: outcome["texts"] for outcome in outcomes if outcome["student"] in (pair.first, pair.second)
    }
    ids = {cell.name: cell.id for cell in (*lesson.exercises, *lesson.essays)}

    def wrote(student: str, name: str) -> str:
        return as_typed(texts[student].get(ids[name], ""))[:LONGEST_SHOWN]

    return [(name, wrote(pair.first, name), wrote(pair.second, name)) for name in pair.cells]


def times_in_words(outcomes: list[dict[str, Any]]) -> str:
    """When the class handed in, as far as that is known."""
    late = [outcome["late"] for outcome in outcomes if outcome["late"]]
    if not any(outcome["time"] for outcome in outcomes):
        return "When each was handed in is not known: the files carry no time."
    return f"{len(late)} of {len(outcomes)} came late" + (
        f", the latest by {time_in_words(max(late))}." if late else "."
    )
