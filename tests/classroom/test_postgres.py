"""A gradebook in a PostgreSQL server: the same points, pages and tables as in the file; two who write at once; a server
that goes away; and the way from one to the other. The server is this file's own (tests/postgres.py); with
TEST_GRADEBOOK=postgresql all other tests of a class run against it too.
Read grader/classroom/gradebook.py first, then grader/classroom/move.py."""

import json
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from servers import form_grader
from shared import LESSONS, ROOT
from sqlalchemy import text
from typer.testing import CliRunner

from course.checks.result import Result
from grader import cli
from grader.classroom import forget, gradebook
from grader.classroom import move as moving
from grader.classroom.essays import Reading
from grader.classroom.export import as_csv
from grader.classroom.lateness import extend, extend_all, settle
from grader.classroom.records import Records
from grader.classroom.report import write_report
from grader.classroom.requests import decide
from grader.judging.grade import GRADED, Outcome

pytestmark = pytest.mark.slow

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
ESSAY = LESSON.essays[0]


@pytest.fixture(autouse=True)
def as_asked(monkeypatch):
    """What the environment says of gradebooks is not for this file: each test here says it."""
    monkeypatch.delenv("GRADER_DB", raising=False)


def outcome(student: str, earned: float = 1.0) -> Outcome:
    """An outcome in which every check gave a share of its points, and the essay waits."""
    results = [
        Result(check.label, check.name, check.points, earned * check.points, "passed" if earned else "failed")
        for check in LESSON.checks
    ]
    made = Outcome(student, FOLDER, GRADED, results=results, essays={ESSAY.id: None})
    made.time, made.texts = datetime(2030, 1, 31, 18, tzinfo=UTC), {ESSAY.id: f"Words of {student}."}
    return made


def a_day(records: Records) -> None:
    """What happens to a class: a lesson, people, outcomes, more time, an essay read, a request decided."""
    records.register(LESSON, datetime(2030, 1, 31, 12, tzinfo=UTC))
    records.gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace", email="a@b.example")
    for number, student in enumerate(("ada", "ben", "cem")):
        records.write(outcome(student, number / 2), LESSON)
    extend(records, LESSON, "ben", datetime(2030, 2, 1, tzinfo=UTC))
    Reading(records, LESSON).give(ESSAY.name, "ada", {"points": 2.5, "comment": "Well told: 'é'.", "ticks": [0]})
    decide(records, LESSON, "cem", LESSON.exercises[0].name, "The tie counts.", 1.0)


def rows(records: Records) -> tuple:
    page = write_report(records, LESSON).read_text()
    return records.outcomes(LESSON), as_csv(records, LESSON), as_csv(records, LESSON, "canvas"), page


def grader(*words: object, room: Path):
    return CliRunner().invoke(cli.app, [*map(str, words), "--classroom", str(room)])


def told_in_one_line(*words: object, room: Path) -> str:
    ran = grader(*words, room=room)
    assert ran.exit_code == 1 and (ran.exception is None or isinstance(ran.exception, SystemExit)), ran.exception
    (line,) = ran.stderr.strip().splitlines()
    return line


def test_a_class_has_the_same_points_report_and_table_in_a_server_as_in_a_file(tmp_path, postgres):
    found = []
    for name, address in (("file", ""), ("server", postgres.of_each_class)):
        with Records(tmp_path / name, address) as records:
            a_day(records)
            found.append(rows(records))
    assert found[0] == found[1] and not (tmp_path / "server" / "gradebook.db").exists()
    assert "2.5" in found[1][1] or found[1][0][0]["essays_graded"][ESSAY.id]["points"] == 2.5


def test_the_address_is_named_once_and_known_from_then_on_to_every_command_and_to_nbgrader(tmp_path, postgres):
    from traitlets.config import PyFileConfigLoader

    room = tmp_path / "classroom"
    assert grader("release", "03", "--db", postgres.of_each_class, room=room).exit_code == 0
    (tmp_path / "class.csv").write_text("id,name\nada,Ada Lovelace\n")
    assert "1 students" in grader("students", tmp_path / "class.csv", room=room).stdout
    assert sorted(file.name for file in room.iterdir()) == ["gradebook.url"]
    assert stat.S_IMODE((room / "gradebook.url").stat().st_mode) == 0o600
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    with Gradebook(config.CourseDirectory.db_url, "landscape-of-loss") as book:
        assert [student.id for student in book.students] == ["ada"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://somewhere/deep", "an address like"),
        ("postgresql+psycopg://somewhere", "one like|an address like"),
        ("nonsense", "one like"),
        ("postgresql+psycopg//me:hush@somewhere/deep", "one like"),
        ("postgresql+psycopg://me:hu:hush@somewhere:port/deep", "one like"),
        ("mysql://somewhere/deep?user=me&password=hush", "an address like"),
        ("postgresql+psycopg://me:hush@127.0.0.1:1/deep", "does not answer"),
        ("postgresql+psycopg://grader@/nothing?host={folder}", "administrator of the database"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_line_and_not_noted(tmp_path, postgres, address, words):
    import re

    folder = postgres.address.rpartition("=")[2]
    said = told_in_one_line("release", "03", "--db", address.replace("{folder}", folder), room=tmp_path)
    assert re.search(words, said) and "hush" not in said and not (tmp_path / "gradebook.url").exists()


def test_points_do_not_come_to_lie_in_two_gradebooks(tmp_path, postgres):
    assert grader("release", "03", room=tmp_path).exit_code == 0
    said = told_in_one_line("grade", "03", "--db", postgres.of_each_class, room=tmp_path)
    assert "no submissions" in said or "grader move" in said
    assert "grader move" in told_in_one_line("report", "03", "--db", postgres.of_each_class, room=tmp_path)


def test_somebody_elses_database_is_left_alone(tmp_path, postgres):
    postgres.ask("CREATE SCHEMA strange")
    postgres.ask("CREATE TABLE strange.orders (id int)")
    address = f"{postgres.address}&options=-csearch_path=strange"
    assert "tables of something else (orders)" in told_in_one_line("release", "03", "--db", address, room=tmp_path)


WRITES = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_postgres import LESSON, Records, extend, outcome
from datetime import datetime, UTC
mine, room = sys.argv[1], Path({room!r})
print("ready", flush=True); sys.stdin.readline()
with Records(room, {address!r}) as records:
    records.register(LESSON, datetime(2030, 1, 1, tzinfo=UTC))
    for number in range(12):
        records.write(outcome(f"both{{number}}"), LESSON)
        records.write(outcome(f"{{mine}}{{number}}", 0.5), LESSON)
        extend(records, LESSON, f"{{mine}}{{number}}", datetime(2031, 1, 1, tzinfo=UTC))
"""


@pytest.mark.parametrize("where", ["file", "server"])
def test_two_processes_that_begin_and_write_at_once_lose_nothing(tmp_path, postgres, where):
    address = postgres.of_each_class if where == "server" else ""
    code = WRITES.format(tests=str(Path(__file__).parent), room=str(tmp_path), address=address)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    two = [
        subprocess.Popen(
            [sys.executable, "-c", code, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name in ("left", "right")
    ]
    for process in two:
        process.stdout.readline()
    for process in two:
        process.stdin.write("\n")
        process.stdin.flush()
    ended = [(process.communicate(timeout=300)[1], process.returncode) for process in two]
    assert [code for _, code in ended] == [0, 0], ended
    with Records(tmp_path) as records:
        found = {row["student"]: row["score"] for row in records.outcomes(LESSON)}
    assert len(found) == 36 and found["both3"] == 2 * found["left3"] == 2 * found["right3"] > 0
    assert len(json.loads((tmp_path / "extensions.json").read_text())[FOLDER]) == 24


@pytest.mark.parametrize("where", ["file", "server"])
def test_what_is_kept_beside_the_gradebook_is_changed_by_one_at_a_time(tmp_path, postgres, where):
    """Read, changed and written whole: two at once would lose what one of them wrote."""
    address = postgres.of_each_class if where == "server" else ""
    with Records(tmp_path, address) as first, Records(tmp_path, address) as second:
        with first.alone(), first.alone():  # who has it may ask for it again
            other = threading.Thread(target=extend_all, args=[second, "ada", 7])
            other.start()
            other.join(timeout=0.5)
            assert other.is_alive() and not (tmp_path / "extensions.json").exists()
        other.join(timeout=60)
    assert json.loads((tmp_path / "extensions.json").read_text())


def test_points_that_another_teacher_gives_while_an_outcome_is_written_stand(tmp_path, postgres, monkeypatch):
    """The form grader saves between what the writer reads and what it writes."""
    score_of, given = Records._score_of, []

    def gives() -> None:
        with Gradebook(gradebook.address_of(tmp_path), gradebook.COURSE) as book:
            grade = book.find_grade(ESSAY.id, LESSON.name, FOLDER, "ada")
            grade.manual_score, grade.needs_manual_grade = 5.0, False
            book.db.commit()

    def meanwhile(*arguments):
        if not given:
            given.append(threading.Thread(target=gives))
            given[0].start()
            given[0].join(timeout=1.5)
        return score_of(*arguments)

    with Records(tmp_path, postgres.of_each_class) as records:
        records.register(LESSON)
        untouched = outcome("ada", 0.5)
        untouched.essays = {ESSAY.id: 0.0}  # of which nothing waits yet
        records.write(untouched, LESSON)
        monkeypatch.setattr(Records, "_score_of", staticmethod(meanwhile))
        monkeypatch.setattr(Records, "_holds", lambda *_: False)
        records.write(outcome("ada", 1.0), LESSON)
        given[0].join(timeout=60)
        settle(records, LESSON)
        found = records.score(LESSON, "ada")
    assert found["essays_graded"][ESSAY.id] == {"points": 5.0, "max": ESSAY.points, "waits": False, "comment": ""}
    assert found["score"] == 5.0 + sum(check.points for check in LESSON.checks)


def test_a_server_that_is_started_again_costs_nothing_and_one_that_is_away_is_told(tmp_path, postgres):
    with Records(tmp_path, postgres.of_each_class) as records:
        records.register(LESSON)
        records.write(outcome("ada"), LESSON)
        postgres.stop()
        try:
            assert "does not answer" in told_in_one_line("report", "03", room=tmp_path)
        finally:
            postgres.start()
        records.write(outcome("ben"), LESSON)
        assert [row["student"] for row in records.outcomes(LESSON)] == ["ada", "ben"]


def test_the_form_grader_gives_points_in_the_servers_gradebook(tmp_path, postgres):
    with Records(tmp_path / "classroom", postgres.of_each_class) as records:
        records.register(LESSON)
        records.write(outcome("ada"), LESSON)
        notebook = records.gradebook.find_submission_notebook(LESSON.name, FOLDER, "ada").id
        grade = records.gradebook.find_grade(ESSAY.id, LESSON.name, FOLDER, "ada").id
        before = records.score(LESSON, "ada")["score"]
    with form_grader(tmp_path, ROOT) as ask:
        assert "Words of ada" in ask("GET", f"formgrader/submissions/{notebook}")
        ask("PUT", f"formgrader/api/grade/{grade}", {"manual_score": 4.0})
    with Records(tmp_path / "classroom") as records:
        after = records.score(LESSON, "ada")
    assert after["score"] == before + 4 and not after["waits"]


def everything(records: Records) -> dict:
    with records.gradebook.engine.connect() as connection:
        return moving.contents(connection)


def test_a_gradebook_is_moved_to_a_server_and_back_and_nothing_is_lost(tmp_path, postgres):
    room = tmp_path / "room"
    with Records(room) as records:
        a_day(records)
        seen, held = rows(records), everything(records)
    moved = grader("move", postgres.of_each_class, room=room)
    assert moved.exit_code == 0 and "  grade: 69\n" in moved.stdout, moved.output
    (old,) = room.glob("gradebook.db*")
    assert old.name.startswith("gradebook.db.moved-")
    with Records(room) as records:
        assert not records.in_a_file and rows(records) == seen and everything(records) == held
        records.write(outcome("dora"), LESSON)
        seen, held = rows(records), everything(records)
    assert "already" in told_in_one_line("move", postgres.of_each_class, room=room)
    back = grader("move", "sqlite", room=room)
    assert back.exit_code == 0 and "the same as in" in back.stdout and not (room / "gradebook.url").exists()
    with Records(room) as records:
        assert records.in_a_file and rows(records) == seen and everything(records) == held
    assert stat.S_IMODE((room / "gradebook.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("stops", ["write_whole", "contents"])
def test_a_move_that_is_stopped_changes_nothing_and_can_be_made_again(tmp_path, postgres, monkeypatch, stops):
    with Records(tmp_path) as records:
        a_day(records)
        seen = rows(records)
    calls, real = [], getattr(moving, stops)

    def stopped(*arguments):
        calls.append(1)
        if len(calls) == (3 if stops == "contents" else 1):
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(moving, stops, stopped)
    with pytest.raises(KeyboardInterrupt):
        moving.move(tmp_path, postgres.of_each_class)
    monkeypatch.setattr(moving, stops, real)
    with Records(tmp_path) as records:
        assert records.in_a_file and rows(records) == seen
    moving.move(tmp_path, postgres.of_each_class)
    with Records(tmp_path) as records:
        assert not records.in_a_file and rows(records) == seen


@pytest.mark.parametrize("way", ["server", "file"])
def test_who_had_the_gradebook_open_when_it_was_moved_is_told_and_writes_nothing_into_the_old_one(
    tmp_path, postgres, way
):
    with Records(tmp_path) as records:
        a_day(records)
    if way == "file":
        moving.move(tmp_path, postgres.of_each_class)
    with Records(tmp_path) as records:
        moving.move(tmp_path, "sqlite" if way == "file" else postgres.of_each_class)
        with pytest.raises(ValueError, match="was moved to .* meanwhile; start this anew"):
            records.write(outcome("dora"), LESSON)
    with Records(tmp_path) as records:
        assert records.in_a_file == (way == "file") and "dora" not in {
            row["student"] for row in records.outcomes(LESSON)
        }


def test_what_a_stopped_move_left_is_in_nobodys_way_and_is_forgotten_with_the_rest(tmp_path, postgres):
    with Records(tmp_path) as records:
        a_day(records)
    old = (tmp_path / "gradebook.db").read_bytes()
    moving.move(tmp_path, postgres.of_each_class)
    (tmp_path / "gradebook.db").write_bytes(old)  # as stopped between the note and the new name
    (tmp_path / ".gradebook.db.moving").write_bytes(old)
    with Records(tmp_path) as records:
        records.write(outcome("dora"), LESSON)
    moving.move(tmp_path, "sqlite")
    with Records(tmp_path) as records:
        assert records.in_a_file and "dora" in {row["student"] for row in records.outcomes(LESSON)}
    moving.move(tmp_path, f"{postgres.address}&options=-csearch_path=stopped")
    (tmp_path / "gradebook.db").write_bytes(old)
    (tmp_path / ".gradebook.db.moving").write_bytes(old)
    assert grader("forget", "ada", "--yes", room=tmp_path).exit_code == 0
    assert not list(tmp_path.glob("*gradebook.db*")) and not list(tmp_path.glob(".gradebook.db*"))


def test_a_move_into_a_gradebook_that_holds_a_class_is_refused_and_so_is_a_copy_that_differs(
    tmp_path, postgres, monkeypatch
):
    address = f"{postgres.address}&options=-csearch_path=taken"
    for name, given in (("one", address), ("other", "")):
        with Records(tmp_path / name, given) as records:
            records.register(LESSON)
            records.write(outcome(name), LESSON)
    assert "holds another gradebook" in told_in_one_line("move", address, room=tmp_path / "other")
    scores_lost = lambda row: {**row, **({"auto_score": 0.0} if "auto_score" in row else {})}  # noqa: E731
    monkeypatch.setattr(moving, "dict", scores_lost, raising=False)
    said = told_in_one_line("move", postgres.of_each_class, room=tmp_path / "other")
    assert "what was copied is not what was there, in grade" in said
    assert (tmp_path / "other" / "gradebook.db").exists() and not (tmp_path / "other" / "gradebook.url").exists()


def test_who_is_forgotten_is_in_no_gradebook_any_more_not_in_the_one_from_before_a_move(tmp_path, postgres):
    with Records(tmp_path) as records:
        a_day(records)
    assert grader("move", postgres.of_each_class, room=tmp_path).exit_code == 0
    assert grader("forget", "ada", "--yes", room=tmp_path).exit_code == 0
    assert not list(tmp_path.glob("gradebook.db*"))
    with Records(tmp_path) as records:
        assert forget.people(records) == {"ben", "cem"}
        with records.gradebook.engine.connect() as connection:
            assert not list(connection.execute(text("SELECT * FROM student WHERE id = 'ada'")))
        schema = gradebook.schema_of(records.address)
    assert grader("forget", "--term", "--yes", room=tmp_path).exit_code == 0
    assert not list(tmp_path.iterdir())
    assert postgres.ask(f"SELECT count(*) FROM pg_tables WHERE schemaname = '{schema}'") == [(0,)]


def test_time_and_lateness_are_the_same_in_both(tmp_path, postgres):
    late = []
    for name, address in (("file", ""), ("server", postgres.of_each_class)):
        with Records(tmp_path / name, address) as records:
            a_day(records)
            late.append({row["student"]: row["late"] for row in records.outcomes(LESSON)})
    assert late[0] == late[1] and late[1]["ada"] == timedelta(hours=6).total_seconds() and late[1]["ben"] == 0
