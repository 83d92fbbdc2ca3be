"""Every right and wrong answer in tests/answers/ against the checks of its lesson, in the sandbox and at home, over ten seeds.
The longest file of tests, and the one that says whether a check can be trusted.
Read grader/judging/answers.py first."""

from collections import Counter

import pytest
from shared import LESSONS, ROOT

from course.checks.session import Session, within
from grader.judging.answers import Answer, at_home, notebook_with, read_answers, solved
from grader.judging.intake import read_notebook
from grader.judging.judge import judge, run_checks, run_setup
from grader.judging.there import Judged, Limits, Remote, There

SEEDS = [f"seed {number}".encode() for number in range(10)]
ANSWERS = [pytest.param(folder, answer, id=f"{folder}-{answer.name}-{'right' if answer.right else 'wrong'}-{answer.label}"[:90])
           for folder, lesson in LESSONS.items() for answer in read_answers(lesson, ROOT)]


def over_seeds(folder: str, sandboxes, texts: dict[str, str], only: str) -> list[list]:
    """The results of one exercise's checks for each seed of hidden inputs, all in one kernel."""
    lesson = LESSONS[folder]
    submitted = read_notebook(notebook_with(lesson, ROOT, texts), lesson)
    executor = There(submitted, lesson, sandboxes[folder], Limits(submission=300), Judged())
    found = []
    try:
        for seed in SEEDS:
            with within(Session(lesson=folder, executor=executor)) as session:
                run_setup(lesson, executor.names)
                executor.names.update({cell.name: Remote(cell.name) for cell in (*lesson.exercises, *lesson.answers)})
                run_checks(lesson, session, executor.names, seed, submitted.digest, only={only})
                # Checks that define something which these use were run as well; they are not what is asked about.
                found.append([result for result in session.results.values() if result.exercise == only])
    finally:
        executor.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "answer"), ANSWERS)
def test_a_right_answer_passes_and_a_wrong_one_is_named_over_ten_seeds_and_both_ways(folder: str, answer: Answer, sandboxes):
    texts = {**solved(LESSONS[folder]), answer.name: answer.text}
    runs = over_seeds(folder, sandboxes, texts, answer.name)
    for results in runs:
        assert results, f"no check of {answer.name}"
        if answer.right:
            assert {result.status for result in results} == {"passed"}, results
        else:
            assert any(result.status == "failed" and answer.named in result.mistake for result in results), results
    digest = read_notebook(notebook_with(LESSONS[folder], ROOT, texts), LESSONS[folder]).digest  # the random numbers hang on it
    home = [result for result in at_home(LESSONS[folder], texts, SEEDS[0], digest) if result.exercise == answer.name]
    assert [(result.check, result.status, result.mistake, result.message) for result in home] == [
        (result.check, result.status, result.mistake, result.message) for result in runs[0]]


@pytest.mark.parametrize("folder", LESSONS)
def test_each_exercise_has_four_named_mistakes_and_two_right_answers_of_other_styles(folder: str):
    answers = read_answers(LESSONS[folder], ROOT)
    for cell in LESSONS[folder].exercises:
        mine = [answer for answer in answers if answer.name == cell.name]
        assert len({answer.named for answer in mine if not answer.right}) >= 4, cell.name
        assert len([answer for answer in mine if answer.right and answer.text.strip() != cell.source.strip()]) >= 2, cell.name


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


@pytest.mark.parametrize("body", ["pass", "...", "raise NotImplementedError", "raise NotImplementedError('later')", "return", "return None"])
@pytest.mark.parametrize("folder", LESSONS)
def test_an_empty_body_of_any_kind_is_not_attempted(folder: str, body: str, sandboxes):
    lesson = LESSONS[folder]
    exercise = next(cell for cell in lesson.exercises if "class " not in cell.stub)
    text = exercise.stub.rstrip() + f"\n    {body}\n"
    submitted = read_notebook(notebook_with(lesson, ROOT, {exercise.name: text}), lesson)
    judged = judge(submitted, lesson, sandboxes[folder], b"secret")
    assert {result.status for result in judged.results if result.exercise == exercise.name} == {"not attempted"}
