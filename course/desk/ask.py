"""Asking for another look at an answer: a cell of words in the learner's own notebook, which goes with the next
hand-in. No lesson teaches it; `course ask LESSON EXERCISE "sentence"` writes the cell, typing it by hand does as well,
and the grader reads it with `asked_in`.
Read course/desk/work.py first, for where the notebook lies."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from course.desk.merge import grade_id, is_answer, learners_cells, short_name
from course.desk.work import Lesson, Problem, Work, write_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

LONGEST = 1_000  # characters of what is asked about one answer
_ASKED = re.compile(
    r"[\s>#*_]{0,8}please look again at [`'\"*_]{0,3}(\w{1,60}?)[`'\"*_ ]{0,4}:[*_]{0,3}(.*)", re.IGNORECASE | re.DOTALL
)


def asked_in(text: str) -> tuple[str, str]:
    """What a cell of words asks another look at, and the sentence: ('mse', 'Is the mean not meant?'). Two empty texts
    where it asks for none."""
    found = _ASKED.match(text)
    return (found[1], found[2].strip()) if found else ("", "")


def ask(work: Work, lesson: Lesson, name: str, sentence: str) -> None:
    """Put the request into the learner's notebook, behind the checks of that answer, in the place of one that asked
    about it before. Raises Problem."""
    notebook, sentence = work.mine(lesson), sentence.strip()
    answers = {short_name(cell): key for key, cell in learners_cells(notebook).items()}
    if name not in answers:
        raise Problem(f"{lesson.folder} has no answer called {name!r}; it has {', '.join(answers)}", status=2)
    if not sentence or len(sentence) > LONGEST:
        raise Problem(f"a sentence of 1 to {LONGEST} characters is wanted, and {len(sentence)} came", status=2)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if is_answer(cell) or cell.cell_type != "markdown" or asked_in(cell.source)[0] != name
    ]
    place = max(number for number, cell in enumerate(notebook.cells) if is_about(cell, name, answers[name]))
    notebook.cells.insert(place + 1, _cell(name, sentence))
    write_notebook(work.path(lesson), notebook)


def is_about(cell: NotebookNode, name: str, answer: str) -> bool:
    """Whether a cell is the answer, or a check of it: check-mse, check-mse-shape."""
    return grade_id(cell) == answer or grade_id(cell) == f"check-{name}" or grade_id(cell).startswith(f"check-{name}-")


def _cell(name: str, sentence: str) -> NotebookNode:
    from nbformat import v4

    text = f"**Please look again at {name}:** {sentence}"
    return v4.new_markdown_cell(text, id=f"ask-{hashlib.sha256(text.encode()).hexdigest()[:12]}")
