# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Shops, dates and embeddings
#     rows: [A2, C6, D2, D3, D4, D5, D6]
#     minutes: 60
#     builds_on: [08-augmentation]
# ---

# %% [markdown] rows="A2 C6 D2 D3 D4 D5 D6"
r"""
# Shops, dates and embeddings

**The question that this lesson answers?** Why it is worth a lesson, in a sentence or two.
Give each row of the syllabus to the cell that covers it (`rows="..."` in its header).
"""

# %% setup=true
import torch
from torch import Tensor, tensor

from course import plots
from course.check import answer, begin, check, checks, exercise, hints

begin("10-tables")

# %%
figure, axes = plots.figure()
plots.curves(axes, {"a picture": tensor([1.0, 0.5, 0.25])})
plots.show(figure, "tables-at-first")

# %% [markdown]
r"""
**By the end you can**

- say what the learner will be able to do;

**Time:** about 60 minutes: 5 for the exercise, 10 for the quiz, the rest to read and play. **Builds on:** what it builds on.

## 1. The middle of a crowd
Plain words, then a picture, a few lines of code, an experiment to change, and an exercise. One idea a section.
The **[median](../glossary.md#median)** is the value in the middle when everybody stands in line.

**Exercise 1 (5 minutes, easy): the median.** Return the median of a vector. With an even number of values there are two in the middle: take their mean.
"""

# %% exercise="median" minutes=5
@exercise
def median(values: Tensor) -> Tensor:
    """The middle value. values: (n,), n >= 1, any order. Returns a scalar tensor, e.g. [3, 1, 2] -> 2."""
    ### BEGIN SOLUTION
    ordered = values.sort().values
    n = len(ordered)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    ### END SOLUTION

# %% check="median" points=10
hints("who stands in the middle?", "sort first; then the place in the middle, or the two of them", "(ordered[(n - 1) // 2] + ordered[n // 2]) / 2")
check(median, tensor([3.0, 1.0, 2.0])).gives(2.0)
check(median, tensor([4.0, 1.0, 2.0, 3.0])).gives(2.5)   # an even number of values has two in the middle
check(median).agrees()                                   # drawn; the course's own function says what is right
check(median).keeps_the_contract()

# %% [markdown]
r"""
## Quiz (10 minutes)
Three questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=9
[
    {"ask": "One billionaire enters. What moves?", "choices": {"a": "the mean", "b": "the median", "c": "both, as far"}, "right": "a",
     "because": {"b": "the one in the middle is still about the same person", "c": "the median moves by half a place at most"}},
    {"ask": "A second question?", "choices": {"a": "yes", "b": "no"}, "right": "a", "because": {"b": "say why this tempts, and what is wrong with it"}},
    {"ask": "A third question?", "choices": {"a": "yes", "b": "no"}, "right": "a", "because": {"b": "say why this tempts, and what is wrong with it"}},
]

# %% headline=true
print("The lesson's one result, measured here, and the band that it must fall in.")

# %% [markdown]
r"""
## What to remember
1. one
2. two
3. three
4. four
5. five

## Terms
[median](../glossary.md#median)

## Where to read on
- Author, *Title*, venue, year. Why to read it.

Next: what the lesson after this one does.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("What the lesson has shown by itself, in one sentence.")
