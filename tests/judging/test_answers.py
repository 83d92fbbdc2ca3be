"""Every right and wrong answer in tests/answers/ against the checks of its lesson, at home and in the sandbox.
The longest file of tests, and the one that says whether a check can be trusted.
Read grader/judging/answers.py first."""

from collections import Counter

import pytest
from shared import LESSONS, ROOT

from course.checks.session import Session, within
from grader.judging.answers import Answer, Bench, notebook_with, read_answers, solved
from grader.judging.intake import read_notebook
from grader.judging.judge import judge, run_checks, run_setup
from grader.judging.there import Judged, Limits, Remote, There

pytestmark = pytest.mark.usefixtures("nothing_is_made_smaller")
ANSWERS = [
    pytest.param(
        folder, answer, id=f"{folder}-{answer.name}-{'right' if answer.right else 'wrong'}-{answer.label}"[:90]
    )
    for folder, lesson in LESSONS.items()
    for answer in read_answers(lesson, ROOT)
]
# What a sandbox could do to a verdict it does to all answers of an exercise alike: the right ones go in, and the first
# wrong one of each exercise.
FIRST_WRONG = {(one.values[0], one.values[1].name): one for one in reversed(ANSWERS) if not one.values[1].right}
IN_THE_SANDBOX = [
    one for one in ANSWERS if one.values[1].right or FIRST_WRONG[one.values[0], one.values[1].name] is one
]


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "answer"), ANSWERS)
def test_a_right_answer_passes_and_a_wrong_one_is_caught_and_named_at_home(folder: str, answer: Answer):
    bench = Bench(LESSONS[folder], {**solved(LESSONS[folder]), answer.name: answer.text})
    results = bench.results(answer.name)
    assert results, f"no check of {answer.name}"
    if answer.right:
        assert {result.status for result in results} == {"passed"}, results
    else:
        said = [
            f"{result.mistake} {result.message}" for result in results if result.status in ("failed", "needs a look")
        ]
        assert any(answer.named in words for words in said), results


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "answer"), IN_THE_SANDBOX)
def test_an_answer_is_judged_in_the_sandbox_as_beside_it(folder: str, answer: Answer, sandboxes):
    lesson, texts = LESSONS[folder], {**solved(LESSONS[folder]), answer.name: answer.text}
    submitted = read_notebook(notebook_with(lesson, ROOT, texts), lesson)
    executor = There(submitted, lesson, sandboxes[folder], Limits(submission=300), Judged())
    try:
        with within(Session(lesson=folder, executor=executor)) as session:
            run_setup(lesson, executor.names)
            executor.names.update({cell.name: Remote(cell.name) for cell in (*lesson.exercises, *lesson.answers)})
            run_checks(lesson, session, executor.names, b"a seed", submitted.digest, only={answer.name})
            outside = [result for result in session.results.values() if result.exercise == answer.name]
    finally:
        executor.close()
    beside = Bench(lesson, texts).results(answer.name, secret=b"a seed", digest=submitted.digest)
    assert [(one.check, one.status, one.message) for one in outside] == [
        (one.check, one.status, one.message) for one in beside
    ]
    # A network that is trained with piled-up gradients is not the same to the last digit in two processes: there a name
    # may be lost, and no other is said.
    lost = {""} if (folder, answer.name) == ("04-networks", "fit") else set()
    assert all(one.mistake in {other.mistake, *lost} for one, other in zip(outside, beside, strict=True))
    assert all(result.status == "passed" for result in outside) == answer.right


@pytest.mark.parametrize("folder", LESSONS)
def test_each_exercise_has_four_named_mistakes_and_two_right_answers_of_other_styles(folder: str):
    answers = read_answers(LESSONS[folder], ROOT)
    for cell in LESSONS[folder].exercises:
        mine = [answer for answer in answers if answer.name == cell.name]
        assert len({answer.named for answer in mine if not answer.right}) >= 4, cell.name
        assert len([answer for answer in mine if answer.right and answer.text.strip() != cell.source.strip()]) >= 2, (
            cell.name
        )


@pytest.mark.parametrize("folder", LESSONS)
def test_the_lessons_own_answers_get_every_point_that_a_check_gives(folder: str, grade):
    outcome = grade(folder, solved(LESSONS[folder]))
    assert [result for result in outcome.results if result.status != "passed"] == []
    assert outcome.points == 100 - sum(cell.points for cell in LESSONS[folder].essays)
    assert outcome.remarks == []


@pytest.mark.parametrize("folder", LESSONS)
def test_every_stub_scores_nothing_and_says_not_attempted(folder: str, grade):
    outcome = grade(folder, {})
    assert Counter(result.status for result in outcome.results) == {"not attempted": len(LESSONS[folder].checks)}
    assert outcome.points == 0 and set(outcome.essays.values()) <= {0.0}


@pytest.mark.parametrize(
    "body", ["pass", "...", "raise NotImplementedError", "raise NotImplementedError('later')", "return", "return None"]
)
@pytest.mark.parametrize("folder", LESSONS)
def test_an_empty_body_of_any_kind_is_not_attempted(folder: str, body: str, sandboxes):
    lesson = LESSONS[folder]
    exercise = next(cell for cell in lesson.exercises if "class " not in cell.stub)
    text = exercise.stub.rstrip() + f"\n    {body}\n"
    submitted = read_notebook(notebook_with(lesson, ROOT, {exercise.name: text}), lesson)
    judged = judge(submitted, lesson, sandboxes[folder], b"secret", names={exercise.name})
    assert {result.status for result in judged.results} == {"not attempted"}
