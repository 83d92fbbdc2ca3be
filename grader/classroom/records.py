"""Outcomes written down: scores in nbgrader's gradebook, the whole outcome beside it, the notebook for the form grader.
No lesson teaches it; grader/commands/grading.py calls it, one outcome after another, from one process.
Read grader/judging/grade.py first (what an Outcome holds); nbgrader's gradebook stays the record of every score."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells, SaveCells
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course.checks.result import NEEDS_A_LOOK, Result
from course.desk.files import PRIVATE, write_whole
from grader.classroom import gradebook as books
from grader.classroom.copies import read_pictures, write_copy
from grader.judging.grade import REFUSED, Outcome
from grader.lessons.cells import Lesson

STUDENT_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@")


class Records:
    """A class's records in one folder: gradebook.db, outcomes/, autograded/, feedback/. The gradebook may be a
    server's instead (grader/classroom/gradebook.py): address says so, where the class has none yet.

    Use it as a context manager. Others may have it open too: whoever writes waits for the others, and within `alone`
    nobody else does.
    """

    def __init__(self, classroom: Path, address: str = "") -> None:
        self.classroom = Path(classroom)
        self.classroom.mkdir(parents=True, exist_ok=True)
        self.address = books.address_of(self.classroom, address)
        # The time to wait is part of the address: nbgrader reads the database as soon as it opens it.
        self.url = self.address
        if self.in_a_file:
            self.url += f"?timeout={books.SECONDS_TO_WAIT}"

    @property
    def in_a_file(self) -> bool:
        return self.address.startswith("sqlite")

    def __enter__(self) -> Records:
        file = self.classroom / books.FILE
        with _quiet():
            if not self.in_a_file:
                pass
            elif not file.exists():
                books.make_file(file)
            elif file.stat().st_mode & 0o077 and file.stat().st_uid == os.getuid():
                file.chmod(PRIVATE)  # made by plain nbgrader, or before gradebooks were private
            self.gradebook: Gradebook = books.opened(self.address)
        books.remember(self.classroom, self.address)
        self.alone = books.OneWriter(self.classroom, self.gradebook, self.address).alone
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def register(self, lesson: Lesson, due: datetime | None = None) -> None:
        """Make the lesson an assignment of the gradebook, with nbgrader's own preprocessors; nothing changes if it is
        one already.

        Checks that were added since get a place in every submission, and those that were taken away lose theirs. Raises
        ValueError where somebody has given points by hand for one that was taken away.
        """
        given = {"duedate": _naive(due)} if due else {}
        with self.alone(), _quiet() as log:
            self.gradebook.update_or_create_assignment(lesson.folder, **given)
            notebook = nbformat.read(lesson.path.with_suffix(".ipynb"), as_version=4)
            resources = {"nbgrader": {"assignment": lesson.folder, "notebook": lesson.name, "db_url": self.url}}
            config = Config({"ClearSolutions": {"code_stub": {"python": ""}}})
            for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, _SaveCells):
                notebook, resources = step(config=config, log=log).preprocess(notebook, resources)
            self.gradebook.db.expire_all()

    def write(self, outcome: Outcome, lesson: Lesson) -> bool:
        """Write one outcome down; a score that a person entered by hand stays as it is. Gives whether anything had to
        be written.

        The gradebook has it in one transaction; the outcome's own file comes last and says that all of it is there.
        Killed in between, the next run finds no such file, or an older one, and writes it all again.
        """
        student = student_name(outcome.student)
        content = outcome.as_dict()
        file = self.outcome_file(lesson.folder, student)
        if self._read(file) == json.loads(json.dumps(content)) and self._holds(outcome, lesson, student):
            return False
        results = {f"check-{result.check}": result for result in outcome.results}
        with self.alone(), self._one_transaction():
            self.gradebook.update_or_create_student(student)
            # None too: the time of an earlier hand-in is not this one's, and unknown is never late.
            self.gradebook.update_or_create_submission(
                lesson.folder, student, timestamp=_naive(outcome.time) if outcome.time else None
            )
            submission = self.gradebook.find_submission_notebook(lesson.name, lesson.folder, student)
            for grade in submission.grades:
                grade.auto_score, waits = self._score_of(grade.name, outcome, results)
                grade.needs_manual_grade = waits and grade.manual_score is None
        write_copy(self.classroom, outcome, lesson, student)
        self._write_json(file, content)
        return True

    @staticmethod
    def _score_of(name: str, outcome: Outcome, results: dict[str, Result]) -> tuple[float | None, bool]:
        """A cell's score, None where a person has to say, and whether one has to look."""
        if outcome.status == REFUSED:
            return 0.0, False
        if name in results:
            open_ = results[name].status == NEEDS_A_LOOK
            return (None if open_ else results[name].earned), open_ or name in outcome.looks
        if name in outcome.essays:
            return outcome.essays[name], outcome.essays[name] is None
        return 0.0, True

    def _holds(self, outcome: Outcome, lesson: Lesson, student: str) -> bool:
        """Whether the gradebook has this outcome's scores."""
        try:
            submission = self.gradebook.find_submission_notebook(lesson.name, lesson.folder, student)
        except MissingEntry:
            return False
        results = {f"check-{result.check}": result for result in outcome.results}
        return all(grade.auto_score == self._score_of(grade.name, outcome, results)[0] for grade in submission.grades)

    @contextlib.contextmanager
    def _one_transaction(self) -> Iterator[None]:
        """Within the block nbgrader's own commits wait: all of it is in the gradebook at the end, or nothing.

        Somebody else who writes meanwhile (the form grader, say) is waited for.
        """
        session = self.gradebook.db
        with warnings.catch_warnings():
            # nbgrader's own way of making a submission has SQLAlchemy warn of objects that it adds a moment later.
            warnings.simplefilter("ignore", SAWarning)
            session.commit = session.flush
            try:
                yield
                del session.commit
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.__dict__.pop("commit", None)

    def outcomes(self, lesson: Lesson) -> list[dict[str, Any]]:
        """What was written down for each student of a lesson, with the scores as the gradebook has them now."""
        students = [file.stem for file in sorted((self.classroom / "outcomes" / lesson.folder).glob("*.json"))]
        return [outcome for student in students if (outcome := self.outcome(lesson, student))]

    def outcome(self, lesson: Lesson, student: str) -> dict[str, Any] | None:
        """What was written down for one student, with the scores as the gradebook has them now; None where nothing
        was."""
        content = self._read(self.outcome_file(lesson.folder, student))
        try:
            found = content and {**content, **self.score(lesson, student)}
        except MissingEntry:
            return None
        for result in found["results"] if found else ():
            result["by_hand"] = result["check"] in found["by_hand"]
            result["earned"] = found["by_hand"].get(result["check"], result["earned"])
        return found

    def digest(self, lesson: Lesson, student: str) -> str:
        """The digest of the file that was graded last, '' where none was."""
        return (self._read(self.outcome_file(lesson.folder, student)) or {}).get("digest", "")

    def score(self, lesson: Lesson, student: str) -> dict[str, Any]:
        """Total without what lateness costs, maximum, that cost, whether a person has still to grade something, seconds
        late, each essay's points and comment, and by check the points that a person gave."""
        submission = self.gradebook.find_submission(lesson.folder, student)
        essays = {}
        for essay in lesson.essays:
            grade = self.gradebook.find_grade(essay.id, lesson.name, lesson.folder, student)
            with contextlib.suppress(MissingEntry):
                comment = self.gradebook.find_comment(essay.id, lesson.name, lesson.folder, student)
                essays[essay.id] = {
                    "points": grade.score,
                    "max": essay.points,
                    "waits": bool(grade.needs_manual_grade),
                    "comment": comment.comment or "",
                }
        by_hand = {
            grade.name.removeprefix("check-"): grade.manual_score
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.manual_score is not None and grade.name not in essays
        }
        penalty = float(submission.late_submission_penalty or 0)
        return {
            "score": max(0.0, float(submission.score) - penalty),
            "max_score": float(submission.max_score),
            "penalty": penalty,
            "waits": bool(submission.needs_manual_grade),
            "late": float(submission.total_seconds_late or 0),
            "essays_graded": essays,
            "by_hand": by_hand,
        }

    def outcome_file(self, folder: str, student: str) -> Path:
        return self.classroom / "outcomes" / folder / f"{student}.json"

    @property
    def kept(self) -> Path:
        """Where results that were made before are kept (grader/judging/keys.py)."""
        return self.classroom / "results"

    def feedback_file(self, folder: str, student: str, name: str) -> Path:
        return self.classroom / "feedback" / student / folder / f"{name}.html"

    def pictures(self, outcome: dict[str, Any]) -> dict[str, bytes]:
        """The pictures of an outcome that was written down, by name."""
        return read_pictures(self.classroom, outcome)

    def _read(self, file: Path) -> Any:
        try:
            return json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write_json(self, file: Path, content: Any) -> None:
        write_whole(file, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", PRIVATE)


class _SaveCells(SaveCells):
    """nbgrader's own, which refuses to add or remove cells once there are submissions; here the submissions follow."""

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            return super()._create_notebook(nb)
        if not notebook.submissions:
            return super()._create_notebook(nb)
        session = self.gradebook.db
        kinds = (
            (notebook.grade_cells, self.new_grade_cells, self.gradebook.update_or_create_grade_cell),
            (notebook.solution_cells, self.new_solution_cells, self.gradebook.update_or_create_solution_cell),
            (notebook.source_cells, self.new_source_cells, self.gradebook.update_or_create_source_cell),
        )
        by_hand = [
            grade.name
            for submission in notebook.submissions
            for grade in submission.grades
            if grade.manual_score is not None and grade.name not in self.new_grade_cells
        ]
        if by_hand:
            raise ValueError(
                f"{by_hand[0]} is no longer in the lesson, and somebody has given points for it by hand: take them "
                "back in the form grader first"
            )
        for submission in notebook.submissions:
            for entry in [grade for grade in submission.grades if grade.name not in self.new_grade_cells]:
                session.delete(entry)
            for entry in [comment for comment in submission.comments if comment.name not in self.new_solution_cells]:
                session.delete(entry)
        session.flush()
        for old, new, put in kinds:
            for cell in [cell for cell in old if cell.name not in new]:
                session.delete(cell)
            for name, about in new.items():
                put(name, self.notebook_id, self.assignment_id, **about)
        session.expire_all()
        for submission in notebook.submissions:
            known = {grade.name for grade in submission.grades} | {comment.name for comment in submission.comments}
            session.add_all(
                Grade(cell_id=cell.id, notebook=submission) for cell in notebook.grade_cells if cell.name not in known
            )
            session.add_all(
                Comment(cell_id=cell.id, notebook=submission)
                for cell in notebook.solution_cells
                if cell.name not in known
            )
        session.commit()
        return None


def student_name(name: str) -> str:
    """The name as a folder may be called. Raises ValueError for one with other characters than letters, digits and - _
    . @."""
    if not name or len(name) > 120 or name.startswith(".") or not set(name) <= STUDENT_CHARACTERS:
        raise ValueError(
            f"{name!r} cannot be a student's id: letters, digits and - _ . @ are wanted, and no dot at the start"
        )
    return name


def _naive(time: datetime) -> datetime:
    """nbgrader keeps times in UTC without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


@contextlib.contextmanager
def _quiet() -> Iterator[logging.Logger]:
    """alembic and nbgrader talk at length while they set a gradebook up; a failure still raises. Gives a log for
    nbgrader's steps: without one they write to that of the server, and its form grader shows a line for each cell in
    front of what it was asked for."""
    for name in ("alembic", "traitlets", __name__):
        logging.getLogger(name).setLevel(logging.WARNING)
    yield logging.getLogger(__name__)
