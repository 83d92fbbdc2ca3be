"""A class in the middle of a term: what was handed out, graded and written down under the checks of before goes on
under those of today. before.tar.xz holds a classroom and a learner's folder that this project's own commands made of
lesson 02, before calls were drawn: ada's answers are right; ben's `mse` ends in `.detach()`, which nothing asked about
then; cem handed in one answer, and a person gave 3 points for another.
Read grader/classroom/classes.py, grader/classroom/records.py and course/desk/work.py first."""

import tarfile

import pytest
from postgres import IN_A_FILE
from shared import LESSONS, ROOT

from course.desk.merge import learners_cells
from course.desk.work import Work, read
from grader.classroom.classes import grade_all
from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records
from grader.judging.grade import grade_one
from grader.judging.keys import Kept

pytestmark = IN_A_FILE
FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
ALL = sum(cell.points for cell in LESSON.checks)


@pytest.fixture
def before(tmp_path):
    with tarfile.open(ROOT / "tests" / "classroom" / "before.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def records(before, monkeypatch, sandboxes):
    """The classroom's records under today's checks; grading takes place in this process, and ran counts the submissions
    that were run."""

    class Watched:
        def __init__(self):
            self.ran = 0

        def fork(self, *given, **more):
            self.ran += 1
            return sandboxes[FOLDER].fork(*given, **more)

        def __getattr__(self, name):
            return getattr(sandboxes[FOLDER], name)

    watched = Watched()

    def grade_class(_, submissions, secret, workers, limits, kept, regrade, earlier):
        for submission in submissions:
            yield grade_one(submission, LESSON, watched, secret, limits, Kept(kept), regrade)

    monkeypatch.setattr("grader.classroom.classes.grade_class", grade_class)
    with Records(before / "classroom") as opened:
        opened.watched = watched
        opened.register(LESSON)
        yield opened


def score(records: Records, student: str) -> float:
    return records.gradebook.find_submission(FOLDER, student).score


def test_a_class_graded_before_is_graded_anew_what_changes_is_told_and_points_given_by_hand_stay(records):
    """Results are kept by a digest of the text in its places, and both have changed since: what was written down then
    is what changes are measured from."""
    by_hand = ("check-residuals", LESSON.name, FOLDER, "cem")
    assert records.gradebook.find_grade(*by_hand).manual_score == 3.0
    assert records.outcome(LESSON, "ben")["score"] == 100
    graded = grade_all(LESSON, records)
    assert records.watched.ran and sorted(graded.students) == ["ada", "ben", "cem"]
    assert score(records, "ada") == ALL and score(records, "ben") < ALL
    changed = {change.student: change for change in graded.changes}
    assert changed["ben"].after < changed["ben"].before and any(
        check.startswith("mse") for check in changed["ben"].checks
    )
    assert "ada" not in changed or changed["ada"].after == ALL
    assert records.gradebook.find_grade(*by_hand).manual_score == 3.0
    assert score(records, "cem") == 3 + sum(cell.points for cell in LESSON.checks_of("predict"))
    records.watched.ran = 0
    again = grade_all(LESSON, records)
    assert not records.watched.ran and not again.changes and not again.outdated


def test_feedback_of_outcomes_from_before_can_be_written_without_grading_them_again(records):
    pages = {page.parts[-3]: page.read_text(encoding="utf-8") for page in write_feedback(records, LESSON)}
    assert sorted(pages) == ["ada", "ben", "cem"] and "100" in pages["ben"] and not records.watched.ran


def test_a_learners_folder_from_before_gets_todays_checks_and_keeps_what_was_written(before, monkeypatch):
    monkeypatch.chdir(ROOT)
    work = Work(before / "work")
    lesson = work.lesson("02")
    old = read(work.path(lesson))
    answers = {name: learners_cells(old)[name].source for name in ("exercise-predict", "exercise-mse")}
    assert "half = 1" in answers["exercise-mse"] and ".float()" in answers["exercise-predict"]
    assert work.hand_out(lesson) == "updated"
    new = read(work.path(lesson))
    assert {name: learners_cells(new)[name].source for name in answers} == answers
    assert "tried = [1., 2., 4.]" in [cell.source for cell in new.cells]
    released = {cell.id: cell.source for cell in read(lesson.released).cells if cell.id.startswith("check-")}
    assert {cell.id: cell.source for cell in new.cells if cell.id.startswith("check-")} == released
    assert len(list((before / "work" / "backups").iterdir())) == 1 and work.hand_out(lesson) == "kept"
