"""The engine of the checks: calls that are drawn, the course's own function as the judge, and words that are true by
construction. Lesson 05 is what is tried here; tests/judging/test_answers.py tries every lesson.
Read course/checks/judging.py and course/checks/diagnosis.py first."""

import re
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from course.checks.contrasts import features
from course.checks.diagnosis import name_of
from course.checks.draws import Draw, call, simpler
from course.checks.exercises import AT_HAND_IN, exercise_of, exercises_of
from course.checks.judging import Judgement, Seen, make, mark_of, run_program
from course.checks.plan import Plan, carry_out
from course.checks.sentences import check
from course.checks.session import Session, checks, exercise, within
from course.checks.slips import of_contract, slips_of
from course.convolutions import conv2d, convolve, output_size, pool

LESSON = "05-convolutions"


def judged(program, name: str, seed: int | None = None) -> Judgement:
    known = exercise_of(LESSON, name)
    return Judgement(known, run_program(program, known, {}), {}, seed)


def named(program, name: str, seed: int | None = None) -> str:
    found = name_of(judged(program, name, seed), LESSON)
    return found.words if found else ""


def test_draws_at_home_are_always_the_same_and_those_at_hand_in_are_others():
    known = exercise_of(LESSON, "convolve")
    home, again, later = known.draws(None), known.draws(None), known.draws(7)
    assert [one.plans[0].arguments[0].tolist() for one in home] == [one.plans[0].arguments[0].tolist() for one in again]
    assert (
        len(later) == AT_HAND_IN and home[0].plans[0].arguments[0].tolist() != later[0].plans[0].arguments[0].tolist()
    )


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_every_corner_is_among_the_draws_at_home_and_at_hand_in(seed):
    def corners(draw):
        rows = draw.rows()
        return call(draw.tensor(rows, 2), rows=rows, steps=draw.maybe(1, 1, 5))

    known = exercise_of(LESSON, "convolve")
    drawn = [Draw(number, number + 17 * (seed or 0), number + 1000 + (seed or 0)) for number in range(AT_HAND_IN)]
    plans = [corners(draw) for draw in drawn]
    rows = [plan.keywords["rows"] for plan in plans]
    assert 1 in rows and any(count > 100 for count in rows) and known.signature
    assert {plan.keywords["steps"] for plan in plans} >= {1, 5}
    assert {plan.arguments[0].dtype for plan in plans} == {torch.float32, torch.float64}
    assert any(not plan.arguments[0].is_contiguous() for plan in plans) and any(
        (plan.arguments[0] < 0).any() for plan in plans
    )


@pytest.mark.parametrize("name", [*exercises_of(LESSON)])
def test_the_courses_own_function_is_right_in_every_call_and_keeps_the_contract(name):
    for seed in (None, 1, 2):
        own = judged(exercise_of(LESSON, name).right, name, seed)
        assert not own.wrong and not own.breaches
        assert name_of(own, LESSON) is None, "nothing is said of what is right"


@pytest.mark.parametrize(
    ("name", "words", "program"),
    [(name, known.words, known.program) for name, each in exercises_of(LESSON).items() for known in each.mistakes],
)
def test_every_known_mistake_is_wrong_at_home_and_at_hand_in(name, words, program):
    assert judged(program, name).wrong and judged(program, name, 1).wrong


def test_a_known_mistake_is_named_and_a_slip_where_no_mistake_is_known():
    assert named(
        lambda image, kernel, stride=1, padding=0: convolve(image, kernel.flip(0, 1), stride, padding), "convolve"
    ).startswith("you turned the kernel round")
    assert (
        named(lambda image, kernel, stride=1, padding=0: convolve(image, kernel, stride, padding).T, "convolve")
        == "rows and columns of your result are exchanged"
    )
    assert named(
        lambda image, kernel, stride=1, padding=0: convolve(image, kernel, padding=padding), "convolve"
    ).startswith("`stride` changes nothing")


def test_a_contrast_names_what_separates_right_calls_from_wrong_ones_and_nothing_is_said_where_nothing_does():
    def only_squares(image, kernel, stride=1, padding=0):
        right = convolve(image, kernel, stride, padding)
        return (
            right
            if kernel.shape[0] == kernel.shape[1]
            else right * 0 + torch.arange(right.numel()).reshape(right.shape) ** 2 - 0.3
        )

    assert "`kernel` is not square" in named(only_squares, "convolve")
    assert (
        named(
            lambda image, kernel, stride=1, padding=0: torch.full_like(convolve(image, kernel, stride, padding), 0.77),
            "convolve",
        )
        == ""
    )


def test_what_gives_the_same_as_before_because_it_looks_at_sizes_only_is_not_said_to_keep_anything():
    def only_sizes(image, kernel, stride=1, padding=0):
        return torch.full_like(convolve(image, kernel, stride, padding), float(image.numel() + 10 * kernel.numel()))

    assert "kept" not in named(only_sizes, "convolve")


def test_a_vector_is_never_said_to_be_square_or_not():
    right = judged(conv2d, "conv2d")
    words = [feature.words for feature in features(right)]
    assert "in which `images` is not square" in words and "in which `bias` is not square" not in words
    mixed = exercise_of("03-descent", "mini_batches")
    seen = [Seen(drawn, ()) for drawn in mixed.draws(None, 24)]
    assert {one.drawn.bound.x.ndim for one in seen} == {1, 2}
    assert not any("square" in feature.words for feature in features(SimpleNamespace(exercise=mixed, seen=seen)))


def test_an_answer_that_is_right_in_some_calls_only_is_not_told_that_its_values_are_right():
    def single_and_by_ones(images, kernels, bias=None, stride=1, padding=0):
        return conv2d(images, kernels, bias, 1, padding).float().detach()

    found = judged(single_and_by_ones, "conv2d")
    assert found.wrong and {breach.part for breach in found.breaches} >= {"dtype", "flows"}
    assert all(
        breach.words.startswith("the values are right in some calls only, and in one of those")
        for breach in found.breaches
    )
    clean = judged(lambda *given, **more: conv2d(*given, **more).float(), "conv2d")
    assert clean.breaches[0].words.startswith("the values are right, the dtype is not")


def test_where_every_call_stops_nothing_is_said_but_that_it_stopped():
    assert named(lambda *given, **more: 1 / 0, "pool") == ""


@pytest.mark.parametrize(
    ("part", "program"),
    [
        (
            "arguments",
            lambda images, kernels, bias=None, stride=1, padding=0: conv2d(
                images.add_(0), kernels, bias, stride, padding
            ),
        ),
        (
            "arguments",
            lambda images, kernels, bias=None, stride=1, padding=0: conv2d(
                images.requires_grad_(), kernels, bias, stride, padding
            ),
        ),
        (
            "arguments",
            lambda images, kernels, bias=None, stride=1, padding=0: (
                conv2d(images, kernels, bias, stride, padding),
                torch.set_grad_enabled(False),
            )[0],
        ),
        (
            "dtype",
            lambda images, kernels, bias=None, stride=1, padding=0: conv2d(
                images, kernels, bias, stride, padding
            ).float(),
        ),
        (
            "flows",
            lambda images, kernels, bias=None, stride=1, padding=0: conv2d(
                images.detach(), kernels, bias, stride, padding
            ),
        ),
        (
            "device",
            lambda images, kernels, bias=None, stride=1, padding=0: (
                torch.zeros(conv2d(images, kernels, bias, stride, padding).shape, dtype=images.dtype)
                if images.is_meta
                else conv2d(images, kernels, bias, stride, padding)
            ),
        ),
    ],
)
def test_a_breach_of_the_contract_is_seen_while_the_values_are_right(part, program):
    found = judged(program, "conv2d")
    assert not found.wrong and [breach.part for breach in found.breaches] == [part]


def test_whoever_tracks_an_argument_and_stops_before_the_end_breaks_nothing():
    def tracked(images, kernels, bias=None, stride=1, padding=0):
        before, result = images.requires_grad, conv2d(images.requires_grad_(), kernels, bias, stride, padding)
        images.requires_grad_(before)
        return result

    assert "arguments" not in [breach.part for breach in judged(tracked, "conv2d").breaches]


def test_a_result_that_is_kept_by_shape_is_caught_and_called_that():
    slip = next(slip for slip in of_contract(exercise_of(LESSON, "convolve")) if slip.kind == "kept by shape")
    assert judged(slip.program, "convolve").wrong
    slip = next(slip for slip in of_contract(exercise_of(LESSON, "convolve")) if slip.kind == "kept by shape")
    assert "kept from one call to the next" in named(slip.program, "convolve")


def test_what_adds_up_at_a_second_call_with_the_same_arguments_is_seen():
    def adding(features, weights, classes, kept={}):  # noqa: B006  what is asked about
        times = kept[id(features)] = kept.get(id(features), 0) + 1
        return torch.einsum("nchw,nc->nhw", features, weights[classes]) * times

    assert "twice" in [breach.part for breach in judged(adding, "class_activation_map").breaches]


def test_a_failure_is_shown_at_its_smallest():
    wrong = judged(lambda image, kernel, stride=1, padding=0: convolve(image, kernel, 1, padding), "convolve")
    came, wanted = wrong.smallest(wrong.wrong[0])
    image, kernel = (came.drawn.bound.image, came.drawn.bound.kernel)
    assert image.numel() + kernel.numel() <= 4 and came.value.shape != wanted.value.shape


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**30), st.integers(0, 500))
def test_a_draw_is_made_again_from_its_choices_and_simpler_choices_make_a_draw_too(seed, number):
    known = exercise_of(LESSON, "conv2d")
    first = known.one(seed, number)
    second = known.one(0, number, first.choices)
    assert all(
        torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other
        for one, other in zip(first.bound.__dict__.values(), second.bound.__dict__.values(), strict=True)
    )
    for choices in simpler(first.choices)[:5]:
        make(known, [known.one(0, number, choices)], run_program(conv2d, known, {}))


def test_slips_are_caught_or_make_no_difference():
    known = exercise_of(LESSON, "pool")
    caught = [slip for slip in slips_of(known, LESSON) if slip.program and judged(slip.program, "pool").wrong]
    assert len(caught) > 60 and {"negated", "strictness", "another axis"} & {
        slip.kind for slip in slips_of(known, LESSON)
    }


def test_green_at_home_is_full_marks_at_hand_in_for_another_right_answer():
    def other(images, size, stride=None, kind="max"):
        if kind not in ("max", "average"):
            raise ValueError
        return F.max_pool2d(images, size, stride) if kind == "max" else F.avg_pool2d(images, size, stride)

    assert not judged(other, "pool").wrong and not any(judged(other, "pool", seed).wrong for seed in range(1, 21))


def test_answers_that_do_the_same_bear_the_same_mark():
    known = exercise_of(LESSON, "pool")
    draws = known.draws(None, 24)
    marks = [
        mark_of(make(known, draws, run_program(program, known, {})))
        for program in (
            lambda images, size, stride=None, kind="max": images[:, :, ::size, ::size],
            lambda images, size, stride=None, kind="max": images[:, :, ::size, ::size] * 1.0,
            pool,
        )
    ]
    assert marks[0] == marks[1] != marks[2]


def in_a_check(program, sentence, seed: int | None = None):
    with within(Session(lesson=LESSON, seed=seed)) as session:
        program.__name__ = "output_size"
        exercise(program)
        checks("output_size", points=3)
        sentence(check(program))
        return session.settle()


def test_the_first_line_is_about_the_call_that_is_shown():
    def off_or_stopped(size, kernel, stride=1, padding=0):
        if size > 12:
            raise OSError
        return output_size(size, kernel, stride, padding) + 1

    wrong = in_a_check(off_or_stopped, lambda sentence: sentence.agrees(where=lambda call: call.stride > 1))
    assert "OSError" not in wrong.detail and "stopped" not in wrong.message


def test_a_check_says_at_home_which_call_and_at_hand_in_nothing_that_the_answer_chose():
    def rounded_up(size, kernel, stride=1, padding=0):
        output_size(size, kernel, stride, padding)
        return -(-(size + 2 * padding - kernel) // stride) + 1

    home = in_a_check(rounded_up, lambda sentence: sentence.agrees())
    assert re.fullmatch(
        r"output_size\(.+\)\n  expected  \d+\n  came      \d+", home.detail
    ) and home.mistake.startswith("you rounded up")
    later = in_a_check(rounded_up, lambda sentence: sentence.agrees(), seed=5)
    assert later.detail == "" and "output_size(" not in later.message and later.mistake.startswith("you rounded up")


def test_a_check_about_calls_that_are_never_drawn_is_the_authors_fault():
    with pytest.raises(ValueError, match="none of the 120 calls"):
        in_a_check(lambda size, kernel, stride=1, padding=0: 1, lambda sentence: sentence.agrees(stride=99))


def test_an_error_at_hand_in_may_not_carry_what_it_was_called_with():
    def telling(size, kernel, stride=1, padding=0):
        raise type(f"Size{size}Kernel{kernel}", (Exception,), {})

    result = in_a_check(telling, lambda sentence: sentence.agrees(where=lambda call: call.kernel <= call.size), seed=5)
    assert "Size1" not in result.message + result.detail + result.mistake and "stopped with an error" in result.message


def test_a_plan_may_do_several_things_with_an_object_and_watch_what_it_is_given():
    class Sum:
        def __init__(self):
            self.total = torch.zeros(())

        def add(self, value):
            self.total = self.total + value.sum()
            return self.total

    seen = carry_out(Plan("Sum").doing(("add", torch.ones(2)), ("add", torch.ones(3)), "total"), lambda _: Sum)
    assert [float(value) for value in seen.value] == [2.0, 5.0, 5.0]
