"""How a quiz is built: a literal list of questions becomes a prompt, a cell to click in, one for the letters and a
check for each question. Every lesson has one. nbgrader grades no single cell that is both answer and grade, so a quiz
is four kinds of cell, and a file that course/quizzes reads.
Read first: a quiz cell of any lesson; then `reading.py`, which puts these cells in their place.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import Any

from grader.lessons.cells import OPENS, Lesson

FEWEST, MOST = 3, 5


class QuizError(Exception):
    """A quiz cell that cannot be one. `offset` is the line of the question, from 0, or None for the whole cell."""

    def __init__(self, message: str, offset: int | None = None):
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True)
class Part:
    """A cell that the quiz becomes."""

    id: str
    kind: str
    role: str
    source: str
    aspect: str = ""
    points: float = 0.0
    questions: tuple[dict[str, Any], ...] = ()


def read_questions(name: str, source: str) -> list[dict[str, Any]]:
    """The questions of a quiz cell, checked. Raises QuizError that says what is wanted."""
    try:
        tree = ast.parse(source.strip(), mode="eval")
        questions = ast.literal_eval(tree)
    except (SyntaxError, ValueError) as error:
        raise QuizError(
            f"quiz {name!r} is no literal list of questions ({error}); write "
            '[{"ask": "...", "choices": {"a": "...", "b": "..."}, "right": "b", "because": {"a": "..."}}, ...]'
        ) from None
    if not isinstance(tree.body, ast.List) or not FEWEST <= len(questions) <= MOST:
        count = len(questions) if isinstance(tree.body, ast.List) else "no list of"
        raise QuizError(f"quiz {name!r} has {count} questions; write {FEWEST} to {MOST}")
    for number, (question, node) in enumerate(zip(questions, tree.body.elts, strict=True), 1):
        offset = node.lineno - 1
        where = f"question {number} of quiz {name!r}"
        if not isinstance(question, dict) or set(question) != {"ask", "choices", "right", "because"}:
            raise QuizError(f"{where} needs exactly the keys ask, choices, right and because", offset)
        choices, right, because = question["choices"], question["right"], question["because"]
        if not isinstance(choices, dict) or len(choices) < 2 or list(choices) != list("abcdefgh"[: len(choices)]):
            raise QuizError(f"{where}: choices are lettered a, b, c, ... in this order, two at least", offset)
        if right not in choices:
            raise QuizError(f"{where}: right is {right!r}; write one of {', '.join(choices)}", offset)
        wrong = [letter for letter in choices if letter != right]
        if not isinstance(because, dict) or sorted(because) != wrong:
            raise QuizError(
                f"{where}: because says for each wrong letter why it tempts and what is wrong with it; "
                f"write it for {', '.join(wrong)} and for nothing else",
                offset,
            )
        for text in [question["ask"], *choices.values(), *because.values()]:
            if not isinstance(text, str) or not text.strip():
                raise QuizError(f"{where} holds {text!r} where a sentence belongs; write it", offset)
    return questions


def quiz_cells(name: str, source: str, points: float) -> list[Part]:
    """Prompt, the cell that shows it to be clicked, answer cell and one check for each question; the points are shared
    out evenly."""
    questions = read_questions(name, source)
    each = points / len(questions)
    if not each.is_integer():
        raise QuizError(
            f"quiz {name!r} has {points:g} points for {len(questions)} questions; write a multiple of {len(questions)}"
        )
    numbers = range(1, len(questions) + 1)
    blank = ", ".join(f'{number}: ""' for number in numbers)
    right = ", ".join(f'{number}: "{question["right"]}"' for number, question in zip(numbers, questions, strict=True))
    parts = [
        Part(f"quiz-{name}", "markdown", "prompt", _prompt(questions), questions=tuple(questions)),
        Part(f"click-{name}", "code", "demo", f'from course.quizzes import quiz\n\nquiz("{name}")'),
        Part(
            f"answer-{name}",
            "code",
            "answer",
            f"{name} = {{{blank}}}  # a letter between each pair of quotes\n"
            f"### BEGIN SOLUTION\n{name} = {{{right}}}\n### END SOLUTION",
        ),
    ]
    for number, question in zip(numbers, questions, strict=True):
        letters = "".join(question["choices"])
        because = json.dumps(question["because"], ensure_ascii=False)
        call = f'answer("{name}", {name}, {number})'
        parts.append(
            Part(
                f"check-{name}-{number}",
                "code",
                "check",
                f'{OPENS}("{name}-{number}", points={int(each)})\n'
                f'{call}.is_one_of("{letters}")\n'
                "### BEGIN HIDDEN TESTS\n"
                f'{call}.is_letter("{question["right"]}", because={because})\n'
                "### END HIDDEN TESTS",
                aspect=str(number),
                points=each,
            )
        )
    return parts


def quizzes_text(lesson: Lesson) -> str:
    """What lies in course/quizzes/NN-name.json: the lesson's quizzes by name, with their key, as JSON."""
    quizzes = {cell.name: cell.questions for cell in lesson.cells if cell.questions}
    return json.dumps(quizzes, ensure_ascii=False, indent=1) + "\n"


def _prompt(questions: list[dict[str, Any]]) -> str:
    """The questions as learners read them. Each choice is an item that begins with its letter."""
    blocks = ["The questions in words; the cell below has them to be clicked."]
    for number, question in enumerate(questions, 1):
        choices = "\n".join(f"- **{letter}** {text}" for letter, text in question["choices"].items())
        blocks.append(f"**{number}.** {question['ask'].strip()}\n\n{choices}")
    return "\n\n".join(blocks)
