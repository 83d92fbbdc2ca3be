"""Tests of course/values.py, and of the backward that reads it, against torch and against bad input.
Lesson 03 (Down the landscape of loss) teaches what is tested.
Read course/values.py first."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor

from course.descent import backward
from course.values import Value

FORMULAS = {
    "sums, products and differences": lambda v: 2 * v[0] + v[1] * v[0] - 3 - (1 - v[1]),
    "quotients and powers": lambda v: v[0] / (v[1] ** 2 + 1) + 1 / (v[0] ** 2 + 2) + v[1] / 4,
    "kinks": lambda v: (v[0] - 1).relu() * v[1] + (-v[0]).relu(),
    "curves": lambda v: v[0].tanh() * (v[1] / 3).exp() + (v[0] ** 2 + 1).log(),
    "one value used on many paths": lambda v: (v[0] * v[0] + v[1]) * (v[0] * v[0] - v[1]) * v[0],
}


@pytest.mark.parametrize("name", FORMULAS)
@settings(deadline=None)  # the first call of torch's autograd takes half a second
@given(numbers=st.tuples(st.integers(-24, 24), st.integers(-24, 24)))
def test_backward_gives_the_gradient_that_torch_gives(name, numbers):
    place = tensor(numbers, dtype=torch.float64) / 8
    theirs = place.clone().requires_grad_(True)
    FORMULAS[name](theirs).backward()
    torch.testing.assert_close(backward(FORMULAS[name], place), theirs.grad, rtol=1e-10, atol=1e-10)


def test_a_value_that_has_no_part_in_the_output_gets_zero():
    assert backward(lambda values: values[1], tensor([2.0, 3.0])).tolist() == [0, 1]


def test_bad_input_is_told_in_a_clear_line():
    with pytest.raises(ValueError, match="1 parents and 0 derivatives"):
        Value(1.0, (Value(2.0),))
    with pytest.raises(TypeError, match="a fixed number is wanted"):
        Value(2.0) ** Value(3.0)
