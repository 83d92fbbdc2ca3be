"""A disk that is full, a folder that may only be read, a table that is broken: each ends in one line, and what was
graded is not lost by it. Read `told_in_one_line` in grader/commands/common.py first. The system's refusals are made
up: a test may not fill a disk, and nothing is read-only to root."""

import errno
import os
import sqlite3

import pytest
import sqlalchemy.exc
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from grader import cli
from grader.classroom.records import Records
from grader.judging.answers import notebook_with
from grader.judging.grade import GRADED, Outcome, Submission, grade_one
from grader.judging.judged import Judged
from grader.judging.keys import Kept

FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
REFUSALS = {
    "a full disk": errno.ENOSPC,
    "no quota left": errno.EDQUOT,
    "a read-only disk": errno.EROFS,
    "a folder without the right to write": errno.EACCES,
    "an input/output error": errno.EIO,
}
COMMANDS = {
    "report": ("report", "02"),
    "feedback": ("feedback", "02"),
    "export": ("export", "02", "--to", "grades.csv"),
    "decide": ("decide", "02", "ada", "mse", "Yes."),
    "extend": ("extend", "all", "ada", "--days", "7"),
}


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Records(tmp_path / "room") as records:
        records.register(LESSON)
        records.write(Outcome("ada", FOLDER, GRADED, texts={}), LESSON)
    return tmp_path / "room"


def in_one_line(*words: str, room) -> str:
    """What a command that fails says on stderr."""
    ran = CliRunner().invoke(cli.app, [*words, "--classroom", str(room)])
    assert ran.exit_code == 1 and (ran.exception is None or isinstance(ran.exception, SystemExit)), ran.exception
    (line,) = ran.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_the_disk_refuses_is_told_in_one_line_with_the_file_and_leaves_nothing_half_written(
    room, monkeypatch, refusal, command
):
    before = {file: file.read_bytes() for file in room.rglob("*") if file.is_file() and file.suffix != ".db"}

    def refused(*_, **named):
        raise OSError(REFUSALS[refusal], os.strerror(REFUSALS[refusal]), str(named["dir"]))

    monkeypatch.setattr("course.desk.files.tempfile.mkstemp", refused)
    said = in_one_line(*COMMANDS[command], room=room)
    assert said.startswith(f"grader: {os.strerror(REFUSALS[refusal])}: ")
    assert {file: file.read_bytes() for file in room.rglob("*") if file.is_file() and file.suffix != ".db"} == before


@pytest.mark.parametrize(
    ("refusal", "advice"),
    [
        ("database or disk is full", "make room"),
        ("attempt to write a readonly database", "may only be read"),
        ("unable to open database file", "may only be read"),
        ("disk I/O error", "a copy of it from before"),
        ("database is locked", "another program"),
    ],
)
def test_what_the_gradebook_refuses_is_told_in_one_line_with_what_to_do(room, monkeypatch, refusal, advice):
    def refused(*_, **__):
        raise sqlalchemy.exc.OperationalError("INSERT", {}, sqlite3.OperationalError(refusal))

    monkeypatch.setattr(Records, "register", refused)
    said = in_one_line("release", "02", room=room)
    assert refusal in said and advice in said


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_result_that_cannot_be_kept_is_a_result_all_the_same(tmp_path, monkeypatch, refusal):
    (tmp_path / "ada.ipynb").write_bytes(notebook_with(LESSON, ROOT, {}))

    def refused(*_, **__):
        raise OSError(REFUSALS[refusal], os.strerror(REFUSALS[refusal]))

    monkeypatch.setattr("grader.judging.keys.write_whole", refused)
    monkeypatch.setattr("grader.judging.judge.judge", lambda *_: Judged())
    outcome = grade_one(
        Submission("ada", tmp_path / "ada.ipynb"), LESSON, object(), b"secret", kept=Kept(tmp_path / "kept")
    )
    assert outcome.status == GRADED and not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"id," + b"x" * 200_000 + b"\nada,1\n",
        b"id,name\n" + b"y" * 200_000 + b",1\n",
        b'id,name\n"ada,1\n',
        b"id,name\nada,\0\n",
        b'id,name\nada,"a"b\n',
        b"",
        b"\n\n",
        b"id,name\n\xff\xfe\xfd,1\n",
        b"PK\x03\x04" * 99,
    ],
    ids=range(9),
)
def test_a_table_that_is_broken_is_told_in_one_line(room, tmp_path, content):
    (tmp_path / "class.csv").write_bytes(content)
    assert in_one_line("students", str(tmp_path / "class.csv"), room=room)
    assert in_one_line("export", "02", "--into", str(tmp_path / "class.csv"), room=room)
