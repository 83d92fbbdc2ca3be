"""The panel of an exercise: one for all of its checks, where it stands, and what it no longer says of an answer that
has changed. Read course/checks/panel.py first."""

import re

import pytest

from course.checks.panel import RESULT_TYPE, Panel, as_html, as_text
from course.checks.result import Result
from course.checks.session import Attempt, Session, exercise, within


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def found(aspect: str, status: str, **more) -> Result:
    return Result(f"masked-{aspect}" if aspect else "masked", "masked", 4, 4.0 * (status == "passed"), status, **more)


class Place:
    """Where a display stands, and what it shows."""

    def __init__(self, data: dict):
        self.data = data

    def update(self, data: dict, raw: bool) -> None:
        self.data = data


@pytest.fixture
def cells(monkeypatch):
    """The outputs of the check cells, in the order in which they were run."""
    outputs: list[Place] = []

    def display(data: dict, raw: bool, display_id: bool) -> Place:
        outputs.append(Place(data))
        return outputs[-1]

    monkeypatch.setattr("IPython.display.display", display)
    return outputs


def test_aspects_are_lines_of_one_panel_and_what_holds_for_all_is_said_once():
    wrong = {"mistake": "you left the mask out", "hint": ("look", "think", "write"), "note": "a note"}
    page = as_html(
        found("", "failed", message="the values differ", **wrong),
        found("shapes", "passed"),
        found("dtype", "failed", message="the dtype differs", **wrong),
    )
    assert words(page) == (
        "✗ masked: 1 of 3 checks passed, 4 of 12 points ✗ masked: failed, 0 of 4 points the values differ It looks as "
        "if: you left the mask out a note "
        "✓ shapes: passed, 4 of 4 points ✗ dtype: failed, 0 of 4 points the dtype differs A nudge look The idea think "
        "Almost the line write"
    )
    assert page.count("role='status'") == 1 and "</ul></div><details" in page, (
        "a hint that opens is not read out as news"
    )


def test_what_nobody_has_attempted_is_said_once():
    assert (
        words(as_html(found("", "not attempted"), found("shapes", "not attempted")))
        == "○ masked: not attempted, 0 of 8 points"
    )


def test_a_quiz_is_one_panel_with_a_line_for_each_question():
    page = as_html(*(Result(f"reading-{number}", "reading", 2, 2, "passed") for number in (1, 2)))
    assert (
        words(page)
        == "✓ reading: passed, 4 of 4 points ✓ question 1: passed, 2 of 2 points ✓ question 2: passed, 2 of 2 points"
    )


def test_the_panel_stands_under_the_check_that_was_run_last_and_each_cell_keeps_its_own_result(cells):
    panel = Panel()
    for result in (found("", "passed"), found("shapes", "failed", message="shapes differ")):
        panel.show(result)
    first, second = (cell.data for cell in cells)
    assert words(first["text/html"]) == "" and "1 of 2 checks passed" in words(second["text/html"])
    assert [data[RESULT_TYPE]["check"] for data in (first, second)] == ["masked", "masked-shapes"] and first[
        "text/plain"
    ] == as_text(found("", "passed"))
    panel.show(found("shapes", "passed"))
    assert "passed, 8 of 8 points" in words(cells[2].data["text/html"]), "run again, a check has one line"


def test_no_verdict_stands_on_an_answer_that_has_changed(cells):
    def masked(x):
        return x

    session = Session(attempts={"masked": Attempt("masked", masked, True, "def masked(x):\n    return 2 * x\n")})
    session.show(found("", "passed"))
    session.show(found("shapes", "passed"))
    with within(session):
        exercise(masked)
        assert words(cells[1].data["text/html"]) == "○ masked: your code has changed: run its checks again"
        session.show(found("", "passed"))
        exercise(masked)
    assert words(cells[2].data["text/html"]) == "✓ masked: passed, 4 of 4 points", (
        "run again as it was, it keeps its verdict"
    )
    assert words(cells[1].data["text/html"]) == ""
    session.note_how_it_ended(ZeroDivisionError(), "def masked(x):\n    return x\n1 / 0")
    assert "your cell stopped with ZeroDivisionError" in words(cells[2].data["text/html"]), "no green stands below red"
