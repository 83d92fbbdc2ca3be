"""The grader command: what it prints, how it ends, and that a new lesson begins with files that can be read and built.
Read grader/cli.py first."""

import ast
import json
import shutil

import pytest
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from grader import cli
from grader.judging import sandbox
from grader.judging.answers import notebook_with, solved
from grader.lessons.reading import read_lesson
from grader.lessons.scaffold import begin

LESSON = LESSONS["03-descent"]
COMMANDS = [
    "new",
    "build",
    "students",
    "release",
    "extend",
    "collect",
    "grade",
    "essays",
    "feedback",
    "report",
    "export",
    "forget",
    "doctor",
]


def grader(*words: str):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    result = grader(command, "--help")
    assert result.exit_code == 0 and "Usage" in result.output


def test_an_unknown_command_or_option_is_a_usage_error():
    assert grader("grad").exit_code == 2
    assert grader("grade", "03", "--worker", "2").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("grade", "99"),
        ("grade", "03", "--classroom", "{empty}"),
        ("collect", "03", "--from", "{empty}/nothing"),
        ("release", "03", "--due", "soon", "--classroom", "{empty}"),
        ("new", "99-nothing"),
        ("new", "02-lines"),
        ("feedback", "03", "--classroom", "{empty}"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_and_ends_with_1(words, tmp_path):
    result = grader(*(word.replace("{empty}", str(tmp_path)) for word in words))
    assert (
        result.exit_code == 1 and result.stderr.startswith("grader: ") and len(result.stderr.strip().splitlines()) == 1
    ), result.stderr


@pytest.mark.slow
def test_the_instructors_way_from_release_to_report(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(notebook_with(LESSON, ROOT, solved(LESSON)))
    (tmp_path / "in" / "ben.ipynb").write_bytes(b"no notebook")
    room = ("--classroom", tmp_path / "room")
    assert grader("release", "03", "--due", "2030-01-31", *room).exit_code == 0
    assert "2 submissions" in grader("collect", "03", "--from", tmp_path / "in", *room).output
    rows = json.loads(grader("grade", "03", "--json", "--workers", "1", *room).stdout)
    assert {row["student"]: (row["status"], row["score"]) for row in rows} == {
        "ada": ("graded", 94.0),
        "ben": ("refused", 0.0),
    }
    assert (
        grader("feedback", "03", *room).exit_code == 0
        and (tmp_path / "room" / "feedback" / "ada" / "03-descent" / "descent.html").exists()
    )
    assert grader("report", "03", *room).exit_code == 0
    assert grader("export", "03", *room).stdout.startswith("student,points,maximum")


@pytest.mark.slow
def test_the_doctor_says_that_this_machine_can_grade_and_what_is_missing_where_it_cannot(monkeypatch):
    assert grader("doctor").exit_code == 0
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    result = grader("doctor")
    assert result.exit_code == 1 and "missing: bubblewrap" in result.output


def test_a_new_lesson_can_be_read_and_its_files_can_be_parsed(tmp_path):
    (tmp_path / "solutions").mkdir()
    shutil.copytree(ROOT / "solutions" / "03-descent", tmp_path / "solutions" / "03-descent")
    files = begin("04-networks", tmp_path)
    lesson = read_lesson(files[0])
    assert lesson.builds_on == ("03-descent",) and [cell.name for cell in lesson.exercises] == ["median"]
    for file in files:
        if file.suffix == ".py":
            ast.parse(file.read_text())
    with pytest.raises(ValueError, match="begun already"):
        begin("04-networks", tmp_path)
