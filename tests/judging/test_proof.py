"""What slips show of the checks: each is caught, or makes no difference, or is told.
Read grader/judging/proof.py first."""

import json
from dataclasses import replace

import pytest
from shared import LESSONS

from course.checks.draws import call
from course.checks.exercises import exercise_of, exercises_of
from course.checks.judging import make, run_program
from grader.judging import proof
from grader.judging.answers import set_up
from grader.lessons.reading import find_lesson

LESSON = find_lesson("05", proof.ROOT)


def drawn_otherwise(name: str, takes):
    """The exercise with other draws, and nothing kept from before."""
    return replace(exercise_of(LESSON.folder, name), takes=takes, kept={})


@pytest.mark.slow
def test_every_slip_of_an_exercise_is_caught_or_makes_no_difference():
    found = proof.prove(exercise_of(LESSON.folder, "output_size"), LESSON, {})
    assert found.caught > 40 and found.escaped == [] and found.unexplained == []
    assert found.caught + found.without_difference + len(found.same) == found.slips


@pytest.mark.slow
def test_draws_that_leave_a_parameter_alone_are_told(monkeypatch):
    monkeypatch.setattr(proof, "DRAWS", 200)
    found = proof.prove(
        drawn_otherwise(
            "output_size", lambda draw: call(draw.whole(3, 30), draw.whole(1, 3), stride=draw.maybe(1, 1, 5))
        ),
        LESSON,
        {},
    )
    assert any("a parameter not looked at padding" in change for change in found.unexplained)


@pytest.mark.slow
def test_a_corner_that_only_hand_in_draws_is_told():
    exercise = drawn_otherwise(
        "output_size", lambda draw: call(draw.whole(3, 9), 3, padding=2 if draw.number >= 40 else 0)
    )
    found = proof.prove(replace(exercise, calls=40), LESSON, {})
    assert any("a parameter not looked at padding" in change for change in found.escaped)


@pytest.mark.parametrize("folder", LESSONS)
def test_what_is_read_back_of_the_courses_own_function_can_be_read(folder):
    """Where reading stops, the right answer and every wrong one read the same, and all pass."""
    for exercise in exercises_of(folder).values():
        if exercise.seen is not None:
            wanted = make(
                exercise, exercise.draws(None, 12), run_program(exercise.right, exercise, set_up(LESSONS[folder]))
            )
            assert not [one for one in wanted if isinstance(one.value, str)], exercise.name


def test_what_was_proved_is_known_until_something_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(proof, "PROOFS", tmp_path)
    assert proof.proofs_of(LESSON) is None
    (tmp_path / "convolutions.json").write_text(
        json.dumps({"version": proof.version_of(LESSON), "exercises": {"pool": {"slips": 3, "caught": 3}}})
    )
    assert proof.proofs_of(LESSON)["pool"].caught == 3
    monkeypatch.setattr(proof, "ENGINE", ("plan",))
    assert proof.proofs_of(LESSON) is None
