"""The demo's class of made-up submissions: what an instructor should see of each, as `make demo` shows it.
Read grader/demo.py first."""

from html import escape

import pytest
from rich.console import Console
from shared import LESSONS, ROOT

from grader.demo import make_class, run, wrong_answers
from grader.judging.answers import read_answers

pytestmark = pytest.mark.slow

LESSON = LESSONS["03-descent"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    rows = run(ROOT, folder, Console(quiet=True), lambda words: None)
    return folder, {row["student"]: row for row in rows}


def feedback(demo, student: str) -> str:
    return (demo[0] / "feedback" / student / LESSON.folder / f"{LESSON.name}.html").read_text(encoding="utf-8")


def test_the_class_has_at_least_twelve_students_and_everybody_has_an_outcome_and_a_page(demo):
    names = {pupil.name for pupil in make_class(LESSON, ROOT)}
    assert len(names) >= 12 and set(demo[1]) == names
    assert all(feedback(demo, name) for name in names)


@pytest.mark.parametrize("student", ["amal", "bruna", "chidi", "kofi-helper", "jun-late"])
def test_right_answers_of_any_style_get_every_point_that_a_check_gives(demo, student):
    assert demo[1][student]["score"] == 94 and demo[1][student]["waits"], "the essay's six points wait for a reader"


@pytest.mark.parametrize(("student", "number"), [("dilek", 0), ("emeka", 1), ("farah", 2), ("goran", 3)])
def test_each_named_mistake_is_named_in_that_students_feedback(demo, student, number):
    exercises = [cell.name for cell in LESSON.exercises]
    answers = read_answers(LESSON, ROOT)
    page = feedback(demo, student)
    for name, text in wrong_answers(answers, exercises, number).items():
        named = next(answer.named for answer in answers if answer.name == name and answer.text == text)
        assert escape(named) in page or named in page, named


def test_the_untouched_submission_scores_nothing_and_says_not_attempted(demo):
    assert demo[1]["ivo-untouched"]["score"] == 0
    assert {result["status"] for result in demo[1]["ivo-untouched"]["results"]} == {"not attempted"}
    page = feedback(demo, "ivo-untouched")
    assert "came as it was handed out" in page and "not attempted" not in page, "one line, not one for each exercise"


def test_the_endless_loop_ends_and_the_rest_of_that_submission_is_graded(demo):
    row = demo[1]["milo-endless"]
    lost = sum(cell.points for cell in LESSON.checks_of("descend"))
    assert row["status"] == "partly graded" and row["score"] == 94 - lost
    assert "a loop that never ends" in feedback(demo, "milo-endless")


@pytest.mark.parametrize(
    ("student", "remark"), [("nadia-patcher", "replaces torch.allclose"), ("otto-reader", "reads or writes files")]
)
def test_the_patcher_and_the_reader_gain_nothing_and_are_reported(demo, student, remark):
    assert demo[1][student]["score"] == 0
    assert any(remark in words for words in demo[1][student]["remarks"])
    report = (demo[0] / "reports" / f"{LESSON.folder}.html").read_text(encoding="utf-8")
    assert remark in report and student in report


def test_the_reader_found_nothing(demo):
    assert "found 0 characters" in demo[1]["otto-reader"]["printed"]["exercise-finite_difference"]


def test_the_broken_file_has_an_outcome_and_stops_nobody(demo):
    assert demo[1]["lena-broken"]["status"] == "refused" and "not a notebook" in demo[1]["lena-broken"]["why"]
    assert "could not be graded" in feedback(demo, "lena-broken")


def test_the_late_one_is_late_and_nobody_else_is(demo):
    assert [name for name, row in demo[1].items() if row["late"]] == ["jun-late"]
    assert "1 day late" in feedback(demo, "jun-late")
