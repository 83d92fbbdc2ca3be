"""The last cell of a lesson: what it says when all is solved, when something is open, and of a verdict that was taken
back. Read course/desk/ending.py first."""

import re

import nbformat
import pytest
from test_course_cli import course, hand_out, lesson_notebook, release  # noqa: F401  a fixture is used by its name
from test_welcome import PROSE, ROOT, second, show

from course.checks.result import Result
from course.checks.session import NotBegun, Session, within
from course.desk.ending import ending
from grader.lessons.reading import all_lessons

ESSAY = "I think so."


@pytest.fixture
def ended(course, monkeypatch):
    """ended(results) gives the end of lesson 01 in a kernel in which these were shown, with lesson 02 behind it."""
    changed = lesson_notebook()
    changed.cells[0].source = "# Tiny\n\n" + PROSE.replace("count;", "count `x` *well*;")
    release(course.folder, changed)
    second(course, "Lines", "**Why?**\n\n**Time:** about 85 minutes.")
    hand_out(course)
    notebook = nbformat.read(course.mine, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "answer-thoughts").source = ESSAY
    nbformat.write(notebook, course.mine)
    monkeypatch.chdir(course.mine.parent)
    monkeypatch.setattr("IPython.display.display", lambda data, **_: None)
    session = Session(lesson="01-tiny")

    def end(*results: Result):
        for result in results:
            session.show(result)
        with within(session):
            return ending("Two and two *are* four.")

    end.session = session
    return end


def verdict(check: str, status: str, points: float) -> Result:
    return Result(check, check.split("-")[0], points, points * (status == "passed"), status)


def words(page: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page).split())


def test_who_has_solved_all_is_told_points_headline_what_one_can_do_now_and_what_is_next(ended):
    found = ended(
        verdict("double", "passed", 40), verdict("double-zero", "passed", 30), verdict("reading-1", "recorded", 20)
    )
    page = found._repr_html_()
    assert words(page) == (
        "Well done: 01 Tiny 70 of 90 points, 20 more are told at hand-in; the essay is read by a person. What came "
        "out: Two and two are four. "
        "You can now count x well and add Next: 02 Lines, about 85 minutes"
    )
    assert (
        "<a href='../02-lines/lines.ipynb'>" in page
        and "class='paint'" in page
        and "<code>x</code> <em>well</em>" in page
    )
    assert repr(found).splitlines()[0] == "Well done: 01 Tiny"


def test_who_has_not_is_told_what_is_open_and_nothing_is_celebrated(ended):
    page = ended(verdict("double", "passed", 40), verdict("double-zero", "failed", 30))._repr_html_()
    assert words(page) == (
        "This is the end of 01 Tiny: 0 of 1 exercises are solved 40 of 90 points; the essay is read by a person. "
        "Still open: exercise 1, the line question 1 of the quiz Next: 02 Lines, about 85 minutes"
    )
    assert "paint" not in page


def test_what_was_solved_yesterday_counts_until_it_is_taken_back(ended, course):
    for check, points in (("double", 40), ("double-zero", 30)):
        show(course, check, "passed", points)
    notebook = nbformat.read(course.mine, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.data["application/vnd.landscape-of-loss.result+json"]["exercise"] = "double"
    nbformat.write(notebook, course.mine)
    assert ended(verdict("reading-1", "passed", 20)).found.score == "90 of 90 points"
    ended(verdict("double", "passed", 40))
    ended.session.outdate("double", "your code has changed: run its checks again")
    assert ended().found.score == "20 of 90 points" and ended().open == ["exercise 1, the line"]


def test_it_wants_a_lesson_that_has_begun():
    with within(Session()), pytest.raises(NotBegun):
        ending()


def test_every_lesson_ends_with_it_and_says_what_came_out():
    for lesson in all_lessons(ROOT):
        last = lesson.cells[-1]
        assert last.kind == "code" and re.search(r'^ending\(".{30,160}\."\)$', last.source, re.MULTILINE), lesson.folder
