"""What docs/ says to whoever teaches: the commands that it names exist, with those options, and its table is that of
the lessons. Read docs/teaching.md first."""

import re
import shlex

import pytest
import typer
from shared import LESSONS, ROOT

from course.desk.cli import app as course
from grader.cli import app as grader
from grader.lessons.cells import plain_number

PAGES = {page.name: page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs").glob("*.md"))}
NAMED = sorted(
    {
        words
        for text in PAGES.values()
        for words in re.findall(r"^ *((?:grader|course) .+)$|`((?:grader|course) [^`]+)`", text, re.MULTILINE)
        for words in words
        if words
    }
)
COMMANDS = {name: typer.main.get_command(app).commands for name, app in (("grader", grader), ("course", course))}


@pytest.mark.parametrize("line", NAMED)
def test_a_command_that_is_named_exists_with_its_options(line):
    program, name, *words = shlex.split(line)
    options = {option for parameter in COMMANDS[program][name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options | ({"--no-browser"} if name == "lab" else set())


def test_the_guide_names_what_a_class_needs():
    assert {line.split()[1] for line in NAMED if line.startswith("grader")} >= {
        "students",
        "release",
        "collect",
        "grade",
        "essays",
        "feedback",
        "report",
        "export",
        "forget",
        "extend",
        "decide",
    }


def test_the_table_of_lessons_is_what_the_lessons_say():
    rows = []
    for lesson in LESSONS.values():
        exercises = {cell.name for cell in lesson.exercises}
        points = [
            sum(cell.points for cell in lesson.checks if (cell.name in exercises) == whether)
            for whether in (True, False)
        ]
        parts = ", ".join(map(plain_number, [*points, sum(cell.points for cell in lesson.essays)]))
        rows.append(
            f"| {lesson.folder} | {plain_number(lesson.minutes)} | {', '.join(lesson.builds_on) or '-'} | "
            f"{len(exercises)} | {parts} |"
        )
    assert [line for line in PAGES["teaching.md"].splitlines() if re.match(r"\| \d\d-", line)] == rows
