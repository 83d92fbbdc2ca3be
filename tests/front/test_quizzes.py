"""Quizzes: what is told at once and what at hand-in, by whom it is decided, and what a click leaves for grading.
Every lesson has one. Read course/quizzes first; tests/browser/test_quizzes_in_the_lab.py clicks them."""

import json
import re

import pytest
from shared import LESSONS
from traitlets import TraitError
from traitlets.config import Config

from course import quizzes
from course.checks.sentences import answer
from course.checks.session import NotBegun, Session, checks, current, within

LESSON = LESSONS["06-dropout"]


@pytest.fixture
def settings(monkeypatch):
    """What nbgrader's settings say, and whether the class has an exchange with the lesson: settings(tell, exchange)."""

    def said(tell: str | None = None, exchange: bool = False) -> None:
        config = Config()
        config.Quizzes = Config({"tell": tell} if tell else {})
        monkeypatch.setattr(quizzes, "nbgrader_settings", lambda: config)
        monkeypatch.setattr(quizzes, "in_exchange", lambda *_: exchange)
        quizzes.tells.cache_clear()

    yield said
    quizzes.tells.cache_clear()


@pytest.fixture
def begun():
    """The lesson as it has begun in a notebook, with the names that it holds."""
    with within(Session(lesson=LESSON.folder, names={})) as session:
        yield session


@pytest.mark.parametrize(
    ("tell", "exchange", "told"),
    [
        (None, False, True),
        (None, True, False),
        ("at once", True, True),
        ("at hand-in", False, False),
        ("alone", True, False),
    ],
)
def test_the_verdict_is_told_at_once_to_who_learns_alone_or_as_the_instructor_says(
    settings, begun, tell, exchange, told
):
    settings(tell, exchange)
    shown = quizzes.quiz("reading")
    assert bool(shown.key) == told
    assert ("divides by the share dropped" in shown.page()) == told, "a page holds no key where nothing is told"


def test_a_setting_that_is_none_is_refused_in_one_line(settings):
    settings("never")
    with pytest.raises(TraitError, match="'at once', 'at hand-in'"):
        quizzes.tells(LESSON.folder)


def test_the_courses_own_settings_count_where_the_class_says_nothing(settings, monkeypatch, tmp_path):
    settings()
    monkeypatch.setattr(quizzes, "nbgrader_settings", Config)
    monkeypatch.setattr(quizzes, "checkout", lambda: tmp_path)
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.Quizzes.tell = "at hand-in"\n')
    assert not quizzes.tells(LESSON.folder)


@pytest.mark.parametrize(
    ("letter", "told", "status", "said"),
    [
        ("b", True, "passed", ""),
        ("B ", True, "passed", ""),
        ("c", True, "failed", "divided by the share kept"),
        ("z", True, "failed", ""),
        ("", True, "not attempted", ""),
        ("b", False, "recorded", ""),
        ("c", False, "recorded", ""),
    ],
)
def test_a_check_tells_what_the_quiz_tells(settings, begun, letter, told, status, said):
    settings("at once" if told else "at hand-in")
    checks("reading-1", points=2)
    answer("reading", {1: letter}, 1).is_one_of("abc")
    result = current().settle()
    assert result.status == status and said in result.mistake and (said or not result.mistake)


def test_where_nbgrader_counts_exceptions_nothing_is_told(settings, begun):
    settings("at once")
    begun.strict = True
    checks("reading-1", points=2)
    answer("reading", {1: "c"}, 1).is_one_of("abc")
    assert current().settle().status == "recorded"


def test_a_click_lays_the_letters_where_the_checks_find_them_and_those_typed_before_are_kept(settings, begun):
    settings("at once")
    begun.names["reading"] = {1: "b", 2: "", 3: 7}
    shown = quizzes.quiz("reading")
    assert shown.answers == {"1": "b"} and shown.sentence() == "1 of 5 questions answered."
    shown.answers = {"1": "b", "4": "c"}
    assert begun.names["reading"] == {1: "b", 2: "", 3: "", 4: "c", 5: ""}


def test_without_widgets_the_questions_stand_there_in_words_and_without_the_key(settings, begun):
    settings("at once")
    shown = quizzes.quiz("reading")._repr_mimebundle_()["text/html"]
    assert "nn.Dropout(0.8)" in shown and "divided by the share kept" not in shown


def test_a_quiz_that_is_not_there_or_comes_before_the_lesson_has_begun_is_told(begun):
    with pytest.raises(ValueError, match="06-dropout has no quiz 'writing'; it has reading"):
        quizzes.quiz("writing")
    begun.lesson = ""
    with pytest.raises(NotBegun):
        quizzes.quiz("reading")


@pytest.mark.parametrize("folder", [*LESSONS])
def test_what_is_released_of_a_quiz_holds_neither_key_nor_reason(folder):
    released = "\n".join(cell.stub for cell in LESSONS[folder].cells)
    for questions in json.loads((quizzes.FOLDER / f"{folder}.json").read_text()).values():
        for question in questions:
            assert not [reason for reason in question["because"].values() if reason in released]
    assert not re.search(r'^\w+ = \{1: "[a-h]"', released, re.MULTILINE)
