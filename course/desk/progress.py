"""How far a learner has come: the last results of each lesson's checks, kept in the learner's folder, and what is next.
No lesson teaches this; `course check` writes it, `course progress` and the welcome page read it, and what a saved
notebook shows counts until then. Read course/desk/work.py and course/desk/rerun.py first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from course.checks.panel import RESULT_TYPE
from course.desk.files import write_whole
from course.desk.merge import grade_id, is_answer, is_check, learners_cells, short_name
from course.desk.rerun import fingerprint
from course.desk.work import Lesson, Problem, Work, now, read

FILE = ".progress.json"


@dataclass(frozen=True)
class Standing:
    """One lesson, as far as its visible checks tell. earned and points count exercises and quiz; waiting: points of
    answered questions that are told at hand-in. Essays are read by a person, and count in neither.

    stale: the answers or the lesson have changed since `checked`, the time of the last check in UTC, '' where there was
    none. exercises, questions and essays say for each by name whether it is solved, answered, written.
    """

    lesson: str
    started: bool
    checked: str
    stale: bool
    earned: float
    points: float
    waiting: float
    exercises: dict[str, bool]
    questions: dict[str, bool]
    essays: dict[str, bool]

    @property
    def finished(self) -> bool:
        return not self.stale and all([*self.exercises.values(), *self.questions.values(), *self.essays.values()])

    @property
    def score(self) -> str:
        """'92 of 100 points', and what is told at hand-in."""
        return f"{self.earned:g} of {self.points:g} points" + (
            f", {self.waiting:g} more are told at hand-in" if self.waiting else ""
        )

    @property
    def next(self) -> str:
        """The first thing to do, or ''."""
        for names, words in ((self.exercises, "exercise"), (self.questions, "question"), (self.essays, "essay")):
            for name, done in names.items():
                if not done:
                    return f"{words} {name}"
        return ""


def stored(work: Work) -> dict[str, Any]:
    """The last results, by lesson. A file that cannot be read counts as none: it can be made again by checking."""
    try:
        found = json.loads((work.folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def store(work: Work, lesson: Lesson, mark: str, results: list[dict[str, Any]]) -> None:
    """Keep the results of one lesson. mark: the fingerprint of what was checked."""
    everything = stored(work) | {lesson.folder: {"checked": now().isoformat(), "fingerprint": mark, "results": results}}
    write_whole(work.folder / FILE, json.dumps(everything, indent=1, sort_keys=True).encode() + b"\n")


def shown(notebook: NotebookNode) -> dict[str, dict[str, Any]]:
    """The results that the checks of a saved notebook show, by check: what its learner saw last."""
    outputs = [
        output.get("data", {}).get(RESULT_TYPE)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    return {
        result["check"]: result
        for result in outputs
        if isinstance(result, dict) and isinstance(result.get("check"), str)
    }


def quiz_of(check: str, release: NotebookNode) -> str:
    """The quiz that a check 'reading-1' belongs to, or '' for an exercise's check."""
    quizzes = [short_name(cell) for cell in release.cells if is_answer(cell) and grade_id(cell).startswith("answer-")]
    return next((quiz for quiz in quizzes if check.rsplit("-", 1)[0] == quiz), "")


def standings(work: Work) -> list[tuple[Lesson, Standing | Problem]]:
    """Where a learner stands in each lesson; for one whose copy cannot be read, what is wrong with it, and the others
    all the same."""
    found: list[tuple[Lesson, Standing | Problem]] = []
    for lesson in work.lessons():
        try:
            found.append((lesson, standing(work, lesson)))
        except Problem as problem:
            found.append((lesson, problem))
    return found


def standing(work: Work, lesson: Lesson) -> Standing:
    """Where a learner stands in one lesson. Runs nothing: it reads the copy and the results of the last check."""
    release = read(lesson.released)
    started = work.path(lesson).exists()
    mine = work.current(lesson) if started else release
    last = stored(work).get(lesson.folder, {})
    last = last if isinstance(last, dict) and isinstance(last.get("results"), list) else {}
    stale = bool(last) and last.get("fingerprint") != fingerprint(mine, release)
    results = {
        result["check"]: result
        for result in last.get("results", [])
        if isinstance(result, dict) and isinstance(result.get("check"), str)
    }
    if started and (stale or not last):
        results |= shown(work.mine(lesson))
    return tally(lesson, release, mine, results, started=started, checked=last.get("checked", ""), stale=stale)


def tally(
    lesson: Lesson,
    release: NotebookNode,
    mine: NotebookNode,
    results: Mapping[str, Mapping[str, Any]],
    *,
    started: bool = True,
    checked: str = "",
    stale: bool = False,
) -> Standing:
    """What results, by check, come to in a lesson; mine: the notebook that has the learner's essays."""
    exercises = {short_name(cell): True for cell in release.cells if grade_id(cell).startswith("exercise-")}
    questions: dict[str, bool] = {}
    earned = points = waiting = 0.0
    for cell in filter(is_check, release.cells):
        check = grade_id(cell).removeprefix("check-")
        result = results.get(check, {})
        points += (worth := float(cell.metadata["nbgrader"]["points"]))
        earned += float(result.get("earned", 0))
        if quiz_of(check, release):
            questions[check] = result.get("status") in ("recorded", "passed")
            waiting += worth * (result.get("status") == "recorded")
            continue
        exercise = max(
            (name for name in exercises if check == name or check.startswith(name + "-")), key=len, default=""
        )
        if exercise and result.get("status") != "passed":
            exercises[exercise] = False
    stubs, answers = learners_cells(release), learners_cells(mine)
    essays = {
        short_name(cell): answers[name].source.strip() not in ("", cell.source.strip())
        for name, cell in stubs.items()
        if cell.cell_type == "markdown"
    }
    return Standing(lesson.folder, started, checked, stale, earned, points, waiting, exercises, questions, essays)
