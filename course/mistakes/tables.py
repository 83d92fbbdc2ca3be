"""Lesson 10-tables, Shops, dates and embeddings: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is shorter.
Read course/tables.py first; course/mistakes/convolutions.py is a finished one."""

from course.checks.draws import call
from course.checks.exercises import mistake, takes
from course.tables import median


@takes(median)
def _(draw):
    return call(draw.tensor(draw.rows()))


IN_THE_MIDDLE = {
    "you took the element in the middle without sorting: line them up first": lambda values: values[len(values) // 2],
    "you took the mean; one billionaire moves it and leaves the median where it is": lambda values: values.mean(),
    "with an even number there are two in the middle: take their mean, not the lower one": lambda values: values.median(),
    "with an even number there are two in the middle: take their mean, not the upper one": lambda values: values.sort().values[len(values) // 2],
    "you took the greatest": lambda values: values.max(),
    "you took the least": lambda values: values.min(),
}
for words, program in IN_THE_MIDDLE.items():
    mistake(median, words)(program)
