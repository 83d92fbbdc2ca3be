"""What is kept of whom and for how long: a person, or a term, is deleted to the last byte, nobody else loses anything,
and who comes back begins anew. Read grader/classroom/forget.py first."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash
from shared import LESSONS, ROOT
from traitlets.config import Config
from typer.testing import CliRunner

from grader import cli
from grader.classroom import forget as forgetting
from grader.classroom.exchange import collect_from
from grader.classroom.feedback import write_feedback
from grader.classroom.lateness import extend
from grader.classroom.records import Records
from grader.classroom.report import write_report
from grader.judging import grade as grading
from grader.judging.answers import notebook_with
from grader.judging.judged import Judged

pytestmark = pytest.mark.slow

LESSON = LESSONS["03-descent"]
LEAVES, STAYS = "lovelace99", "lovelace9"


def grader(*words, answer: str = ""):
    return CliRunner().invoke(cli.app, [str(word) for word in words], input=answer)


@pytest.fixture
def room(tmp_path, monkeypatch) -> Path:
    """A class of two whose ids are alike, graded, with pages, a report, a secret, and time that both were given. What
    judging would say does not matter here."""
    monkeypatch.setattr("grader.judging.judge.judge", lambda *_: Judged())
    monkeypatch.setattr(grading, "require", lambda: None)
    classroom = tmp_path / "room"
    hand_in(classroom, LEAVES, STAYS)
    with Records(classroom) as records:
        records.register(LESSON, datetime.now(UTC) + timedelta(days=1))
        for student in (LEAVES, STAYS):
            extend(records, LESSON, student, datetime.now(UTC) + timedelta(days=9))
    grade(classroom)
    monkeypatch.setattr(
        forgetting,
        "settings",
        lambda: Config(
            {
                "Keeping": {"days": 100},
                "Exchange": {"root": str(tmp_path / "exchange")},
                "CourseDirectory": {"course_id": "deep"},
            }
        ),
    )
    return classroom


def hand_in(classroom: Path, *students: str) -> None:
    folder = classroom.parent / "in"
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for student in students:
        (folder / f"{student}.ipynb").write_bytes(
            notebook_with(LESSON, ROOT, {}, {"reflection": f"Words of {student} alone."})
        )
    collect_from(LESSON, folder, classroom)


def grade(classroom: Path) -> None:
    with Records(classroom) as records:
        records.register(LESSON)
        for submission in grading.find_submissions(classroom, LESSON):
            records.write(
                grading.grade_one(
                    submission, LESSON, object(), b"secret", kept=grading.Kept(records.kept / LESSON.folder)
                ),
                LESSON,
            )
        write_feedback(records, LESSON)
        write_report(records, LESSON)


def holding(classroom: Path, word: str) -> list[str]:
    """The files and folders in whose name or bytes a word is, not as the beginning of a longer one."""
    found = []
    for path in classroom.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if word in path.name or word.encode() in content:
            found.append(str(path.relative_to(classroom)))
    return found


def test_a_person_is_gone_to_the_last_byte_and_a_neighbour_with_nearly_the_same_id_keeps_everything(room):
    before = {
        path: path.read_bytes() for path in room.rglob(f"*{STAYS}*/**/*") if path.is_file() and LEAVES not in str(path)
    }
    assert len(holding(room, LEAVES)) > 6 and before
    done = grader("forget", LEAVES, "--yes", "--classroom", room)
    assert done.exit_code == 0 and f"nothing is kept any more of {LEAVES}" in done.stdout, done.output
    assert not holding(room, LEAVES)
    assert all(path.read_bytes() == content for path, content in before.items())
    with Records(room) as records:
        (row,) = records.outcomes(LESSON)
        assert row["student"] == STAYS and row["texts"]["answer-reflection"] == f"Words of {STAYS} alone."
        assert list(forgetting.people(records)) == [STAYS]
    assert STAYS in (room / "extensions.json").read_text() and len(list((room / "results").glob("*/*.json"))) == 1


def test_who_comes_back_begins_anew_and_nothing_of_before_is_there(room):
    grader("forget", LEAVES, "--yes", "--classroom", room)
    hand_in(room, LEAVES)
    grade(room)
    with Records(room) as records:
        assert sorted(row["student"] for row in records.outcomes(LESSON)) == [STAYS, LEAVES]
        assert records.outcome(LESSON, LEAVES)["waits"] and LEAVES not in (room / "extensions.json").read_text()


def test_who_left_the_list_and_comes_back_has_everything_as_it_was(room):
    """Leaving the class list deletes nothing: only `grader forget` does."""
    roster = room.parent / "class.csv"
    with Records(room) as records:
        before = records.outcome(LESSON, LEAVES)
    for ids in ([STAYS], [STAYS, LEAVES]):
        roster.write_text("id\n" + "\n".join(ids) + "\n")
        said = grader("students", roster, "--classroom", room).stdout
        assert (LEAVES in said) == (LEAVES not in ids)
        with Records(room) as records:
            assert records.outcome(LESSON, LEAVES) == before


@pytest.mark.parametrize("place", range(6))
def test_stopped_at_any_file_the_same_command_goes_on(room, monkeypatch, place):
    steps, delete = iter(range(100)), forgetting._delete

    def stops(*arguments):
        if next(steps) == place:
            raise KeyboardInterrupt
        delete(*arguments)

    monkeypatch.setattr(forgetting, "_delete", stops)
    assert grader("forget", LEAVES, "--yes", "--classroom", room).exit_code == 1
    monkeypatch.setattr(forgetting, "_delete", delete)
    assert grader("forget", LEAVES, "--yes", "--classroom", room).exit_code == 0 and not holding(room, LEAVES)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody",), "nothing is kept of 'nobody'; 2 students are in the gradebook"),
        (("LOVELACE9",), "there is lovelace9"),
        (("../x",), "cannot be a student's id"),
        ((), "one of STUDENT..., --expired or --term is wanted"),
        ((STAYS, "--term"), "one of STUDENT"),
    ],
)
def test_what_cannot_be_deleted_is_told_in_one_line_and_nothing_is(room, words, told):
    before = sorted(room.rglob("*"))
    done = grader("forget", *words, "--yes", "--classroom", room)
    assert (
        done.exit_code == 1
        and told in done.stderr
        and len(done.stderr.strip().splitlines()) == 1
        and sorted(room.rglob("*")) == before
    )


def test_without_a_yes_nothing_is_deleted(room):
    done = grader("forget", LEAVES, "--classroom", room, answer="n\n")
    assert done.exit_code == 1 and "nothing was deleted" in done.stderr and holding(room, LEAVES)
    assert grader("forget", LEAVES, "--classroom", room, answer="y\n").exit_code == 0 and not holding(room, LEAVES)


def test_a_term_is_deleted_whole_and_what_others_put_there_is_left_and_named(room):
    (room / "my notes.txt").write_text("call the dean")
    grading.class_secret(room)
    done = grader("forget", "--term", "--yes", "--classroom", room)
    assert done.exit_code == 0 and "my notes.txt: not put there by this course" in done.stderr
    assert [path.name for path in room.iterdir()] == ["my notes.txt"]
    again = grader("forget", "--term", "--yes", "--classroom", room)
    assert again.exit_code == 1 and "there is no class here" in again.stderr


def test_what_the_exchange_has_of_a_person_goes_too(room):
    course = room.parent / "exchange" / "deep"
    (course / "inbound" / f"{LEAVES}+03-descent+2026-01-01").mkdir(parents=True)
    (course / "inbound" / f"{STAYS}+03-descent+2026-01-01").mkdir(parents=True)
    secret = room / "submitted" / LEAVES / LESSON.folder / "submission_secret.txt"
    secret.write_text("ab" * 32)
    page = course / "feedback" / LESSON.folder / f"{notebook_hash(secret='ab' * 32, notebook_id=LESSON.name)}.html"
    page.parent.mkdir(parents=True)
    page.write_text("points")
    assert Exchange(config=forgetting.settings()).root == str(course.parent)
    grader("forget", LEAVES, "--yes", "--classroom", room)
    assert not page.exists() and [folder.name for folder in (course / "inbound").iterdir()] == [
        f"{STAYS}+03-descent+2026-01-01"
    ]


def aged(room: Path, student: str, days: int) -> None:
    then = time.time() - days * 86400
    for file in (*room.glob(f"submitted/{student}/*/*"), *room.glob(f"outcomes/*/{student}.json")):
        os.utime(file, (then, then))


def test_whoever_handed_in_longer_ago_than_the_configuration_says_is_found_told_and_deleted(room):
    assert (
        "nobody's last hand-in is longer ago than 100 days"
        in grader("forget", "--expired", "--yes", "--classroom", room).stdout
    )
    aged(room, LEAVES, 101)
    aged(room, STAYS, 99)
    assert "the work of 1 is kept for longer" in grader("report", "03", "--classroom", room).stderr
    assert grader("forget", "--expired", "--yes", "--classroom", room).exit_code == 0 and not holding(room, LEAVES)
    with Records(room) as records:
        records.gradebook.update_or_create_student("never-came")
        assert forgetting.expired(records, 100) == []
        aged(room, STAYS, 101)
        assert forgetting.expired(records, 100) == [STAYS, "never-came"] and forgetting.expired(records, 0) == []


def test_how_long_it_is_kept_is_a_line_in_the_configuration():
    assert forgetting.Keeping(config=forgetting.settings()).days > 0
    assert "c.Keeping.days = " in (ROOT / "nbgrader_config.py").read_text()
