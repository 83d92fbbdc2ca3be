# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: A line through a splatter of paint
#     rows: [B1, B2]
#     minutes: 5
#     builds_on: [01-tensors]
# ---

# %% [markdown] rows="B1"
r"""
# A line through a splatter of paint
As small as a lesson can be that keeps to every rule. The build's tests break it, one rule at a time.
"""

# %% setup=true
import torch
from torch import Tensor, tensor

from course.check import answer, begin, check, checks, exercise, hints

begin("02-lines")

# %% [markdown] rows="B2"
r"""
## Leftovers
What the line leaves over is the **[residual](../glossary.md#residual)**, \(y - \hat y\).
"""

# %% exercise="predict" minutes=2
@exercise
def predict(x: Tensor, slope: float, intercept: float) -> Tensor:
    """The line's height at each x. x: (n,). Returns (n,), e.g. x = [1, 2], slope 3, intercept 1 -> [4, 7]."""
    ### BEGIN SOLUTION
    return slope * x + intercept  # secret-of-predict
    ### END SOLUTION

# %% check="predict" points=20
hints("What does a line do to a number?", "Multiply, then add.", "slope times x, plus the intercept")
check(predict, tensor([1., 2.]), 3., 1.).gives(tensor([4., 7.]))
### BEGIN HIDDEN TESTS
check(predict, torch.randn(7), 2., -1.).gives(lambda x, m, b: m * x + b)
### END HIDDEN TESTS

# %% exercise="residuals" uses="predict"
@exercise
def residuals(x: Tensor, y: Tensor, slope: float, intercept: float) -> Tensor:
    """What is left over. x, y: (n,). Returns (n,): y minus the line, e.g. x = [1], y = [5], slope 3, intercept 1 -> [1]."""
    ### BEGIN SOLUTION
    return y - predict(x, slope, intercept)
    ### END SOLUTION

# %% check="residuals" points=20
hints("Which way round?", "The target comes first.", "y minus what predict gives")
check(residuals, tensor([1.]), tensor([5.]), 3., 1.).gives(tensor([1.]))
### BEGIN HIDDEN TESTS
check(residuals, torch.randn(7), torch.randn(7), 2., 1.).gives(lambda x, y, m, b: y - m * x - b)
### END HIDDEN TESTS

# %% exercise="mse"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared error. prediction, target: (n,). Returns a scalar tensor, e.g. [1, 2] against [0, 0] -> 2.5."""
    ### BEGIN SOLUTION
    return ((prediction - target) ** 2).mean()
    ### END SOLUTION

# %% check="mse" points=10
hints("Square before you average.", "The mean of the squares of the differences.", "subtract, square, .mean()")
check(mse, tensor([1., 2.]), tensor([0., 0.])).gives(2.5)
### BEGIN HIDDEN TESTS
check(mse, torch.randn(7), torch.randn(7)).gives(lambda p, t: ((p - t) ** 2).mean())
### END HIDDEN TESTS

# %% check="mse" aspect="arguments" points=11
check(mse, tensor([1., 2.]), tensor([0., 0.])).satisfies("no error is below zero", lambda value, prediction, target: value >= 0)

# %% exercise="Running"
@exercise(given=["__init__"])
class Running:
    """A running sum, e.g. add(2.0) and then add(3.0) -> 5.0."""

    def __init__(self) -> None:
        self.total = 0.0

    def add(self, value: float) -> float:
        """Adds value and returns the sum so far."""
        ### BEGIN SOLUTION
        self.total += value
        return self.total
        ### END SOLUTION

# %% check="Running" points=20
hints("Where is the sum kept?", "In self.total.", "add to self.total, return it")
check(Running).after("add", 2.0).then("add", 3.0).gives(5.0)
### BEGIN HIDDEN TESTS
check(Running).after("add", 4.0).then("add", 3.0).gives(7.0)
### END HIDDEN TESTS

# %% [markdown]
r"""
## Play
"""

# %% explorer=true
print("an explorer would stand here")

# %%
print(predict(tensor([1., 2.]), 3., 1.))

# %% headline=true
print(f"mean squared error: {mse(tensor([1., 2.]), tensor([0., 0.])):.1f}")

# %% quiz="reading" points=9
[
    {"ask": "What is a residual?", "choices": {"a": "a prediction", "b": "what is left over", "c": "a slope"}, "right": "b",
     "because": {"a": "that is the line itself", "c": "that is a parameter"}},
    {"ask": "What does mse return?", "choices": {"a": "one number", "b": "a vector"}, "right": "a",
     "because": {"b": "the mean makes one number of them"}},
    {"ask": "Why square?", "choices": {"a": "so that signs cancel", "b": "so that signs do not cancel"}, "right": "b",
     "because": {"a": "then a bad line could have no error"}},
]

# %% [markdown] essay="reflection" points=10
r"""
**In your own words**: when is a line too little? Five points for an example, five for a reason.
"""

# %% [markdown] tags=["ending"]
r"""
## What to remember
- A line has two parameters.
- What is left over is the residual.
- The loss is one number.
- Squares keep signs from cancelling.
- Every line has a loss.

## Terms
[residual](../glossary.md#residual)

## Where to read on
Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, 1805.
"""
