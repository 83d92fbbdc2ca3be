"""Outcomes written down: scores in nbgrader's gradebook, the whole outcome beside it, the notebook for the form grader.
No lesson teaches it; grader/cli.py calls it, one outcome after another, from one process.
Read grader/grade.py first (what an Outcome holds); nbgrader's gradebook stays the record of every score."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import nh3
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells, SaveCells
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course import panel
from course.check import NEEDS_A_LOOK, Result
from course.files import write_whole
from grader.cells import Lesson
from grader.grade import REFUSED, Outcome
from grader.pages import without_escapes
from grader.sandbox import ROOT

STUDENT_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@")


class Records:
    """A class's records in one folder: gradebook.db, outcomes/, autograded/, feedback/.

    Use it as a context manager, from one process at a time.
    """

    def __init__(self, classroom: Path) -> None:
        self.classroom = Path(classroom)
        self.classroom.mkdir(parents=True, exist_ok=True)
        self.url = f"sqlite:///{self.classroom.resolve() / 'gradebook.db'}"

    def __enter__(self) -> Records:
        # A new gradebook is set up by nbgrader with `alembic`, which it looks for on the PATH.
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ.get("PATH", "")])
        with _quiet():
            self.gradebook = Gradebook(self.url, "landscape-of-loss")
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def register(self, lesson: Lesson, due: datetime | None = None) -> None:
        """Make the lesson an assignment of the gradebook, with nbgrader's own preprocessors; nothing changes if it is one already."""
        given = {"duedate": _naive(due)} if due else {}
        with _quiet():
            self.gradebook.update_or_create_assignment(lesson.folder, **given)
            notebook = nbformat.read(lesson.path.with_suffix(".ipynb"), as_version=4)
            resources = {"nbgrader": {"assignment": lesson.folder, "notebook": lesson.name, "db_url": self.url}}
            config = Config({"ClearSolutions": {"code_stub": {"python": ""}}})
            for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, SaveCells):
                notebook, resources = step(config=config).preprocess(notebook, resources)

    def write(self, outcome: Outcome, lesson: Lesson) -> None:
        """Write one outcome down. A score that a person entered by hand stays as it is."""
        student = student_name(outcome.student)
        book = self.gradebook
        book.update_or_create_student(student)
        when = {"timestamp": _naive(outcome.time)} if outcome.time else {}
        with warnings.catch_warnings():
            # nbgrader's own way of making a submission has SQLAlchemy warn of objects that it adds a moment later.
            warnings.simplefilter("ignore", SAWarning)
            book.update_or_create_submission(lesson.folder, student, **when)
        submission = book.find_submission_notebook(lesson.name, lesson.folder, student)
        results = {f"check-{result.check}": result for result in outcome.results}
        for grade in submission.grades:
            result = results.get(grade.name)
            if outcome.status == REFUSED or result is None and grade.name not in outcome.essays:
                grade.auto_score, grade.needs_manual_grade = 0.0, outcome.status != REFUSED
            elif result is not None:
                waits = result.status == NEEDS_A_LOOK
                grade.auto_score, grade.needs_manual_grade = (None if waits else result.earned), waits and grade.manual_score is None
            else:
                points = outcome.essays[grade.name]
                grade.auto_score, grade.needs_manual_grade = points, points is None and grade.manual_score is None
        submission.late_submission_penalty = None
        book.db.commit()
        self._write_json(self.outcome_file(lesson.folder, student), outcome.as_dict())
        self._write_notebook(outcome, lesson, student, results)

    def outcomes(self, lesson: Lesson) -> list[dict[str, Any]]:
        """What was written down for each student of a lesson, with the scores as the gradebook has them now."""
        found = []
        for file in sorted((self.classroom / "outcomes" / lesson.folder).glob("*.json")):
            content = json.loads(file.read_text(encoding="utf-8"))
            content.update(self.score(lesson, content["student"]))
            found.append(content)
        return found

    def score(self, lesson: Lesson, student: str) -> dict[str, Any]:
        """Total, maximum, whether a person has still to grade something, seconds late, and each essay's points and comment."""
        submission = self.gradebook.find_submission(lesson.folder, student)
        essays = {}
        for essay in lesson.essays:
            grade = self.gradebook.find_grade(essay.id, lesson.name, lesson.folder, student)
            with contextlib.suppress(MissingEntry):
                comment = self.gradebook.find_comment(essay.id, lesson.name, lesson.folder, student)
                essays[essay.id] = {"points": grade.score, "max": essay.points, "waits": bool(grade.needs_manual_grade), "comment": comment.comment or ""}
        return {"score": float(submission.score), "max_score": float(submission.max_score), "waits": bool(submission.needs_manual_grade),
                "late": float(submission.total_seconds_late or 0), "essays_graded": essays}

    def outcome_file(self, folder: str, student: str) -> Path:
        return self.classroom / "outcomes" / folder / f"{student}.json"

    def feedback_file(self, folder: str, student: str, name: str) -> Path:
        return self.classroom / "feedback" / student / folder / f"{name}.html"

    def _write_json(self, file: Path, content: Any) -> None:
        write_whole(file, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")

    def _write_notebook(self, outcome: Outcome, lesson: Lesson, student: str, results: dict[str, Result]) -> None:
        """The notebook as the form grader shows it: the release, the learner's text in it, and under each check its result."""
        notebook = nbformat.read(ROOT / "notebooks" / lesson.folder / f"{lesson.name}.ipynb", as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id"))
            if name in outcome.texts:
                cell.source = outcome.texts[name] if cell.cell_type == "code" else _as_plain_text(outcome.texts[name])
            if name in outcome.printed and cell.cell_type == "code":
                cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=outcome.printed[name])]
            if name in results:
                cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": panel.as_html(results[name]),
                                                                        "text/plain": panel.as_text(results[name])})]
        write_whole(self.classroom / "autograded" / student / lesson.folder / f"{lesson.name}.ipynb", nbformat.writes(notebook) + "\n")


def _as_plain_text(text: str) -> str:
    """Markdown that shows a text as it was typed: the form grader renders links to javascript:, pictures from anywhere and
    TeX's href, and gives up at a picture that is not attached."""
    return f'<div class="tex2jax_ignore mathjax_ignore" style="white-space: pre-wrap">{nh3.clean_text(without_escapes(text))}</div>'


def student_name(name: str) -> str:
    """The name as a folder may be called. Raises ValueError for one with other characters than letters, digits and - _ . @."""
    if not name or len(name) > 120 or name.startswith(".") or not set(name) <= STUDENT_CHARACTERS:
        raise ValueError(f"{name!r} cannot be a student's id: letters, digits and - _ . @ are wanted, and no dot at the start")
    return name


def _naive(time: datetime) -> datetime:
    """nbgrader keeps times in UTC without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """alembic and nbgrader talk at length on standard error while they set a gradebook up; a failure still raises."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("traitlets").setLevel(logging.WARNING)
    yield
