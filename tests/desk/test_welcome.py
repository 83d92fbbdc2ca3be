"""The welcome page: what it says of a learner who has not begun, who is half-way, who is done, and whose notebook is
broken. Read course/desk/welcome.py first."""

import logging
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat import v4
from test_course_cli import course, hand_out, lesson_notebook, release  # noqa: F401  a fixture is used by its name

from course.checks.panel import RESULT_TYPE
from course.desk import welcome
from course.desk.progress import standing

ROOT = Path(__file__).resolve().parents[2]


def show(course, check: str, status: str, earned: float) -> None:
    """Put into the learner's copy what a check shows under its cell."""
    notebook = nbformat.read(course.mine, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == f"check-{check}")
    cell.outputs = [
        v4.new_output(
            "display_data",
            {RESULT_TYPE: {"check": check, "status": status, "earned": earned, "points": 40}, "text/plain": "shown"},
        )
    ]
    nbformat.write(notebook, course.mine)


def test_a_beginner_sees_the_path_and_one_link_to_what_is_next(course):
    hand_out(course)
    text = welcome.page(course.work)
    assert "### Next: [01 " in text and "(01-tiny/tiny.ipynb)" in text and "0 of 1 exercises are solved" in text
    assert (
        "| ○ |  | [01 " in text
        and "<br>1 to solve |" in text
        and '<progress value="0" max="1"' in text
        and "Well done" not in text
        and "(glossary.md)" in text
    )


def test_what_the_saved_notebook_shows_counts_without_any_command(course):
    hand_out(course)
    show(course, "double", "passed", 40)
    assert standing(course.work, course.work.lesson("1")).exercises == {"double": False}  # half of its checks
    show(course, "double-zero", "passed", 30)
    show(course, "reading-1", "recorded", 0)
    assert standing(course.work, course.work.lesson("1")).exercises == {"double": True}
    text = welcome.page(course.work)
    assert (
        "**1 of 1 exercises are solved.**" in text
        and "| ◐ |" in text
        and "You stopped before **essay thoughts**." in text
    )
    notebook = nbformat.read(course.mine, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "answer-thoughts").source = "I think so."
    nbformat.write(notebook, course.mine)
    assert (
        "| ● |" in welcome.page(course.work)
        and "all done" in welcome.page(course.work)
        and "Everything here is solved" in welcome.page(course.work)
    )


def test_a_notebook_that_cannot_be_read_is_said_and_the_page_is_there(course):
    hand_out(course)
    course.mine.write_text("{")
    text = welcome.page(course.work)
    assert "| ? |" in text and "cannot be read" in text and "course reset" in text


def test_saving_a_lesson_brings_the_page_up_to_date_and_saving_text_does_not(course, caplog):
    hand_out(course)
    file = welcome.write(course.work)
    before = file.read_bytes()
    manager = SimpleNamespace(root_dir=str(course.work.folder), log=logging.getLogger("contents"))
    show(course, "double", "passed", 40)
    show(course, "double-zero", "passed", 30)
    welcome.after_save(os_path=str(file), model={"type": "file"}, contents_manager=manager)
    assert file.read_bytes() == before
    welcome.after_save(os_path=str(course.mine), model={"type": "notebook"}, contents_manager=manager)
    assert "1 of 1 exercises" in file.read_text()
    for released in course.folder.glob("notebooks/*/*.ipynb"):
        released.unlink()
    # never in the way of saving
    welcome.after_save(os_path=str(course.mine), model={"type": "notebook"}, contents_manager=manager)
    assert "left as it is" in caplog.text and "1 of 1 exercises" in file.read_text()


@pytest.mark.parametrize("number", range(1, 18))
def test_each_of_the_seventeen_lessons_has_a_part(number):
    assert next(name for name, last in welcome.PARTS if number <= last)


def test_a_title_or_question_with_a_stroke_in_it_keeps_the_table_whole(course):
    changed = lesson_notebook()
    changed.cells[0].source = "# Tiny\n\n**What is |x|\nfor?** That."
    release(course.folder, changed)
    hand_out(course)
    line = next(line for line in welcome.page(course.work).splitlines() if line.startswith("| ○"))
    assert line.count("|") == 5 and "What is /x/ for?" in line


def second(course, title: str, prose: str) -> None:
    """A lesson 02 beside lesson 01, with a picture of nothing."""
    notebook = lesson_notebook()
    notebook.cells[0].source = f"# {title}\n\n{prose}"
    (course.folder / "notebooks" / "02-lines").mkdir()
    nbformat.write(notebook, course.folder / "notebooks" / "02-lines" / "lines.ipynb")


PROSE = (
    "**Time:** about 85 minutes.\n\n**By the end you can**\n\n- count;\n- and add.\n\n**Exercise 1 (4 minutes, "
    "easy): the line.** Write it."
)


def test_it_says_where_one_stopped_by_number_and_name_and_how_long_the_rest_takes(course):
    changed = lesson_notebook()
    changed.cells[0].source = "# Tiny\n\n" + PROSE
    release(course.folder, changed)
    hand_out(course)
    text = welcome.page(course.work)
    assert "It takes about 85 minutes." in text and "<br>1 to solve, 4 minutes |" in text
    found = standing(course.work, course.work.lesson("1"))
    about = welcome.about_of(course.work.lesson("1"))
    half = replace(found, exercises={"double": True, "halve": False})
    longer = replace(about, exercises=((4, "the line"), (7, "half of it")))
    assert longer.minutes_left(half) == 7 and longer.minutes_left(found) == 4


def test_the_end_of_a_lesson_is_told_until_work_on_the_next_begins(course):
    changed = lesson_notebook()
    changed.cells[0].source = "# Tiny\n\n" + PROSE
    release(course.folder, changed)
    second(course, "Lines", "**Why?**")
    hand_out(course)
    assert "Well done" not in welcome.page(course.work)
    show(course, "double", "passed", 40)
    show(course, "double-zero", "passed", 30)
    show(course, "reading-1", "recorded", 0)
    notebook = nbformat.read(course.mine, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "answer-thoughts").source = "I think so."
    nbformat.write(notebook, course.mine)
    text = welcome.page(course.work)
    assert (
        "## Well done: 01 Tiny" in text
        and "**70 of 90 points, 20 more are told at hand-in**" in text
        and "- count;\n- and add." in text
        and "### Next: [02 Lines](02-lines/lines.ipynb)" in text
    )


def test_what_an_update_changed_is_told_and_a_broken_list_of_it_says_nothing(course):
    hand_out(course)
    (course.work.folder / welcome.UPDATES).write_text('["01-tiny"]')
    assert "**New:** [01 " in welcome.page(course.work) and "`backups/`" in welcome.page(course.work)
    for broken in ("{", "3"):
        (course.work.folder / welcome.UPDATES).write_text(broken)
        assert "**New:**" not in welcome.page(course.work)


def test_every_lesson_of_the_syllabus_has_a_notebook_and_a_picture():
    released = {path.parent.name for path in (ROOT / "notebooks").glob("[0-9][0-9]-*/*.ipynb")}
    syllabus = tomllib.loads((ROOT / "grader" / "lessons" / "syllabus.toml").read_text(encoding="utf-8"))
    assert set(syllabus) == released
    assert {path.stem for path in welcome.PICTURES.glob("*.png")} == released
