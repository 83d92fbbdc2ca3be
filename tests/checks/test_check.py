"""The sentences of course/checks/sentences.py: what a learner reads when a call gives something else than is wanted.
Here the calls are made at home; tests/judging/test_answers.py holds the sandbox to the same results.
Read course/checks/sentences.py first."""

import numpy
import pytest
import torch
from torch import Tensor, nn, tensor

from course.checks.compare import describe, difference
from course.checks.plan import MOST_ITEMS, Opaque, TooLarge, plain
from course.checks.sentences import answer, check
from course.checks.session import CheckFailed, Session, checks, current, exercise, hints, within


@pytest.fixture
def session():
    with within(Session(lesson="02-lines")) as new:
        yield new


def verdict(function, sentence, *arguments, points=2, **more):
    """The result of one sentence about a call of function."""
    exercise(function, **more)
    checks(function.__name__, points=points)
    sentence(check(function, *arguments))
    return current().settle()


def halve(values: Tensor) -> Tensor:
    """Half of each."""
    return values / 2


def test_a_right_value_passes_with_all_its_points(session):
    result = verdict(halve, lambda call: call.gives(tensor([1.0, 2.0])), tensor([2.0, 4.0]))
    assert (result.status, result.earned, result.message, result.mistake) == ("passed", 2, "", "")


def test_a_wrong_value_says_what_came_and_what_was_expected(session):
    result = verdict(halve, lambda call: call.gives(tensor([4.0])), tensor([2.0]))
    assert (result.status, result.earned) == ("failed", 0)
    assert (
        "tensor([1.])" in result.detail and "tensor([4.])" in result.detail and "halve(tensor([2.]))" in result.detail
    )
    assert "4" not in result.message and "1." not in result.message


def test_a_hidden_call_shows_no_values(session):
    session.hidden = True
    result = verdict(halve, lambda call: call.gives(lambda values: values), tensor([1234.0]))
    assert (
        result.status == "failed"
        and result.detail == ""
        and "1234" not in result.message
        and "617" not in result.message
    )


@pytest.mark.parametrize(
    ("came", "expected", "words"),
    [
        (None, tensor(1.0), "return"),
        ([1.0, 2.0], tensor([1.0, 2.0]), "not yet a tensor"),
        (numpy.array([1.0]), tensor([1.0]), "not yet a tensor"),
        (tensor([[1.0], [2.0]]), tensor([1.0, 2.0]), "axis of length 1 too many"),
        (tensor([[1.0, 2.0], [3.0, 4.0]]), tensor([[1.0, 3.0], [2.0, 4.0]]), "rows and columns"),
        (tensor([1.0, -2.0]), tensor([-1.0, 2.0]), "sign"),
        (tensor([float("nan"), 1.0]), tensor([1.0, 1.0]), "NaN"),
        (tensor([1.0], dtype=torch.float64), tensor([1.0]), "float64"),
        (tensor([1, 2]), tensor([1.0, 2.0]), "whole numbers"),
        (2.0, 2, "whole number"),
        (-2.0, 2.0, "sign"),
    ],
)
def test_a_general_mistake_is_named(came, expected, words):
    assert words in difference(came, expected).mistake


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (1.0, tensor(1.0)),
        (tensor(1.0), 1.0),
        (tensor(3), 3),
        ([1, 2], (1, 2)),
        (float("nan"), float("nan")),
        (float("inf"), float("inf")),
        (tensor([float("nan")]), tensor([float("nan")])),
        (tensor([1.000001]), tensor([1.0])),
        ({"a": 1}, {"a": 1}),
        ("left", "left"),
        (True, True),
        (None, None),
    ],
)
def test_equal_values_have_no_difference(came, expected):
    assert difference(came, expected) is None


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (True, 1),
        (1, True),
        (tensor([1.0, 1.0]), 1.0),
        (tensor([1.001]), tensor([1.0])),
        ((1, 2), (1, 2, 3)),
        ({"a": 1}, {"b": 1}),
        (float("nan"), 1.0),
        (1.0, float("nan")),
        (float("inf"), 1.0),
        (float("-inf"), float("inf")),
        ("1", 1),
        (Opaque("Right"), 1.0),
        (tensor([1.0]), tensor([[1.0, 1.0]])),
        (None, 0),
        (0, None),
        (tensor([True]), tensor([1])),
        (1 + 1j, 1.0),
    ],
)
def test_other_values_differ(came, expected):
    assert difference(came, expected) is not None


def test_an_honest_subclass_counts_as_what_it_is(session):
    assert type(plain(nn.Parameter(torch.ones(2)))) is Tensor
    assert plain(torch.ones(2, 3).shape) == (2, 3) and type(plain(torch.ones(2, 3).shape)) is tuple
    assert type(plain(torch.ones(3, 3).max(dim=0))) is tuple
    assert plain(numpy.float32(0.5)) == 0.5 and type(plain(numpy.float32(0.5))) is float


def test_an_object_that_says_it_equals_everything_equals_nothing(session):
    class Right(float):
        __eq__ = __ge__ = __le__ = lambda *_: True
        __hash__ = float.__hash__

    def right():
        """Everything."""
        return Right(0.0)

    assert verdict(right, lambda call: call.gives(5.0)).status == "failed"


def test_a_list_without_end_is_refused():
    with pytest.raises(TooLarge):
        plain([0] * (MOST_ITEMS + 1))
    nested: list = []
    nested.append(nested)
    with pytest.raises(TooLarge):
        plain(nested)


def test_an_exception_says_its_type_and_the_line_and_not_the_hidden_input(session):
    def fails(values):
        """Stops."""
        raise ValueError(f"secret {values}")

    session.hidden = True
    result = verdict(fails, lambda call: call.gives(1.0), tensor([77.0]))
    assert "ValueError" in result.message and "77" not in result.message + result.detail


def test_a_wanted_exception_is_asked_for(session):
    def positive(number):
        """Positive only."""
        if number < 0:
            raise ValueError("a number of at least 0 is wanted")
        return number

    assert verdict(positive, lambda call: call.raises(ValueError, when="the number is negative"), -1).status == "passed"
    assert verdict(positive, lambda call: call.raises(ValueError, when="the number is negative"), 1).status == "failed"
    assert verdict(positive, lambda call: call.raises(TypeError, when="the number is negative"), -1).status == "failed"


def test_a_claim_is_asked_of_the_value_and_the_arguments(session):
    def twice(n):
        """n twice."""
        return [n, n]

    assert (
        verdict(twice, lambda call: call.satisfies("both are n", lambda value, n: value == [n, n]), 3).status
        == "passed"
    )
    result = verdict(twice, lambda call: call.satisfies("they differ", lambda value, n: value[0] != value[1]), 3)
    assert result.status == "failed" and "they differ" in result.message


def test_steps_after_a_call_are_followed(session):
    class Counter:
        """Counts."""

        def __init__(self, start):
            self.count = start

        def add(self, more):
            """Adds."""
            self.count += more
            return self.count

    assert verdict(Counter, lambda call: call.after("add", 2).then("add", 3).gives(10), 5).status == "passed"
    assert verdict(Counter, lambda call: call.after("add", 2).attribute("count").gives(7), 5).status == "passed"

    def forever(start):
        """start, start + 1, ..."""
        while True:
            yield start
            start += 1

    assert verdict(forever, lambda call: call.take(3).gives([4, 5, 6]), 4).status == "passed"
    assert (
        verdict(square, lambda call: call.gradient().gives(tensor([2.0, 4.0])), tensor([1.0, 2.0])).status == "passed"
    )
    assert (
        verdict(square, lambda call: call.repeated(2).gives([tensor([1.0]), tensor([1.0])]), tensor([1.0])).status
        == "passed"
    )


def square(values):
    """Squares."""
    return values**2


def test_a_call_that_the_exercise_forbids_is_refused_by_name(session):
    def looped(values):
        """With a loop."""
        total = 0
        for value in values:
            total += value
        return total

    result = verdict(
        looped, lambda call: call.is_written_without("for", "while", because="broadcasting does it"), tensor([1.0])
    )
    assert result.status == "failed" and "`for`" in result.message and result.mistake == "broadcasting does it"
    assert (
        verdict(
            halve, lambda call: call.is_written_without("for", "while", because="broadcasting does it"), tensor([1.0])
        ).status
        == "passed"
    )


def test_a_function_of_torch_that_has_the_exercises_own_name_is_a_use_of_it_and_recursion_is_none():
    from course.checks.source import reading_of

    assert "relu" in reading_of("relu", "def relu(x):\n    return torch.relu(x)").used
    assert (
        "relu" not in reading_of("relu", "def relu(x):\n    return x if x > 0 else relu(0 * x)\n\ntorch.relu(x)").used
    )


def test_the_first_objection_of_a_check_cell_stands(session):
    exercise(halve)
    checks("halve", points=3)
    check(halve, tensor([2.0])).gives(tensor([9.0]), hint="the first")
    check(halve, tensor([2.0])).gives(tensor([8.0]), hint="the second")
    result = session.settle()
    assert "The first" in result.message and "second" not in result.message and result.earned == 0


def test_hints_come_with_a_failure_in_three_steps(session):
    exercise(halve)
    checks("halve", points=3)
    hints("a nudge", "the idea", "almost")
    check(halve, tensor([2.0])).gives(tensor([9.0]))
    assert session.settle().hint == ("a nudge", "the idea", "almost")


def test_an_unattempted_exercise_hands_on_the_courses_own_function(session):
    def mse(prediction, target):
        """The mean squared error."""

    handed_on = exercise(mse)
    assert handed_on(tensor([1.0, 2.0]), tensor([0.0, 0.0])).item() == 2.5
    checks("mse", points=2)
    check(handed_on, tensor([1.0]), tensor([1.0])).gives(0.0)
    assert session.settle().status == "not attempted"


def test_a_wrong_attempt_is_the_learners_own(session):
    def mse(prediction, target):
        """Wrong."""
        return "mine"

    assert exercise(mse)(1, 2) == "mine"


def test_where_nbgrader_counts_exceptions_a_failure_is_one_and_nothing_is_handed_on():
    def mse(prediction, target):
        """The mean squared error."""

    with within(Session(lesson="02-lines", strict=True)):
        assert exercise(mse) is mse
        checks("mse", points=2)
        with pytest.raises(CheckFailed, match="not attempted") as failed:
            check(mse, tensor([1.0]), tensor([1.0])).gives(0.0)
        shown = "\n".join(failed.value._render_traceback_())  # what IPython asks an exception for
        assert (
            "mse: not attempted" in shown
            and shown.endswith("check(mse, tensor([1.0]), tensor([1.0])).gives(0.0)")
            and "Traceback" not in shown
        )


def test_a_wrong_earlier_exercise_is_replaced_while_a_later_one_is_checked(session):
    exec(
        """
def mse(prediction, target):
    '''Wrong.'''
    return prediction * 0 + 99.0

def loss_of_nothing(target):
    '''Uses mse.'''
    return mse(target * 0, target)
""",
        names := {},
    )
    exercise(names["mse"])
    exercise(names["loss_of_nothing"])
    checks("mse", points=1)
    check(names["mse"], tensor([1.0]), tensor([1.0])).gives(0.0)
    checks("loss_of_nothing", points=1, uses=["mse"])
    check(names["loss_of_nothing"], tensor([3.0])).gives(9.0)
    result = session.settle()
    assert result.status == "passed" and "mse" in result.note
    assert names["mse"](tensor([1.0]), tensor([1.0])).item() == 99.0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (tensor([[1.0, 2.0]]), "a float32 tensor of shape (1, 2)"),
        (tensor(1), "an int64 tensor without axes (a scalar)"),
        (None, "None"),
        (3, "a whole number"),
        ([1, 2], "a list of 2"),
        (Opaque("generator"), "an object of type generator"),
    ],
)
def test_a_value_is_described_without_its_contents(value, words):
    assert describe(value) == words


def test_a_sentence_about_an_answer_of_a_quiz_needs_an_open_check_too(session):
    with pytest.raises(RuntimeError, match="no check cell is open"):
        answer("reading", {1: "a"}, 1).is_one_of("abc")
