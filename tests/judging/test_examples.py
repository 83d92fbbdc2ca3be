"""After hand-in a learner reads what the examples in sight came to, their own values, and nothing else that a value
could carry. Read tell_examples in grader/judging/judge.py first."""

import pytest
from shared import LESSONS, ROOT

from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import Submission, grade_one
from grader.judging.intake import read_notebook
from grader.judging.judge import judge

FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
SUMMED = "@exercise\ndef mse(prediction, target):\n    return ((prediction - target) ** 2).sum()\n"
# Right for the example of the lesson and for no drawn call, as a rule.
BY_HEART = (
    "@exercise\ndef mse(prediction, target):\n    return ((prediction - target) ** 2).mean() + (0 if "
    "len(prediction) == 4 and prediction[3] == 5 else 3)\n"
)
SPY = """
SEEN = []

@exercise
def mse(prediction, target):
    import glob
    SEEN.append((prediction.tolist(), target.tolist()))
    try:
        from course import lines as theirs
    except ImportError:
        theirs = "nothing"
    raise ValueError(f"{residuals(prediction, target)} {theirs} {len(SEEN)} {SEEN}")
"""


def examples(sandboxes, texts: dict[str, str], secret: bytes = b"one") -> dict[str, str]:
    submitted = read_notebook(notebook_with(LESSON, ROOT, {**solved(LESSON), **texts}), LESSON)
    return {result.check: result.example for result in judge(submitted, LESSON, sandboxes[FOLDER], secret).results}


def test_the_learners_own_value_is_told_and_what_was_expected_is_not(sandboxes):
    told = examples(sandboxes, {"mse": SUMMED})
    assert told["mse"] == "mse(tensor([1., 2., 3., 5.]), tensor([1., 4., 3., 1.]))\n  came      20.0"
    assert not any(example for check, example in told.items() if check != "mse")


def test_of_a_drawn_call_nothing_is_told(sandboxes):
    submitted = read_notebook(notebook_with(LESSON, ROOT, {**solved(LESSON), "mse": BY_HEART}), LESSON)
    failed = [
        result for result in judge(submitted, LESSON, sandboxes[FOLDER], b"one").results if result.status == "failed"
    ]
    assert failed and all(result.example == "" or result.example.startswith("mse(tensor([3.])") for result in failed)


@pytest.mark.parametrize("secret", [b"one", b"another"])
def test_no_drawn_call_and_no_function_of_the_courses_has_been_where_an_example_is_made(sandboxes, secret):
    mine = "@exercise\ndef residuals(prediction, target):\n    return 'my own'\n"
    told = examples(sandboxes, {"mse": SPY, "residuals": mine}, secret)
    assert "my own nothing 1 [([1.0, 2.0, 3.0, 5.0], [1.0, 4.0, 3.0, 1.0])]" in told["mse"]
    assert told == examples(sandboxes, {"mse": SPY, "residuals": mine}, b"a third")


def test_it_stands_on_the_page_as_text(tmp_path, sandboxes):
    file = tmp_path / "ada.ipynb"
    file.write_bytes(
        notebook_with(
            LESSON,
            ROOT,
            {**solved(LESSON), "mse": SUMMED.replace("return", "raise ValueError('<b>\\x1b[31m')\n    return")},
        )
    )
    with Records(tmp_path) as records:
        records.register(LESSON)
        records.write(grade_one(Submission("ada", file), LESSON, sandboxes[FOLDER], b"secret"), LESSON)
        (page,) = write_feedback(records, LESSON)
    text = page.read_text(encoding="utf-8")
    assert (
        "The example in your notebook came to" in text
        and "&lt;b&gt;" in text
        and "<b>" not in text
        and "\x1b" not in text
    )
