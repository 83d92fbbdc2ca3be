"""Kind 83: what an answer chooses in hidden calls (a type's name, a length, a shape, a line, an exception's class) as a
channel to what is told after hand-in.
A member chooses by a number; whatever the number, the words have to be the same. Read course/checks/sentences.py
first."""

import pytest
import torch

from course.checks.sentences import check
from course.checks.session import Session, checks, exercise, within

LESSON = "05-convolutions"
LINES = "def output_size(size, kernel, stride=1, padding=0):{blank}\n    raise RuntimeError('here')\n"


def at_line(number: int):
    names: dict = {}
    exec(compile(LINES.format(blank="\n" * number), "<a cell>", "exec"), names)
    return names["output_size"]


def raising(made):
    def output_size(size, kernel, stride=1, padding=0):
        raise made(size)

    return output_size


def giving(made):
    def output_size(size, kernel, stride=1, padding=0):
        return made(size)

    return output_size


MEMBERS = {
    "the class of an exception": lambda number: raising(lambda size: type(f"Told{number}", (Exception,), {})()),
    "the class of an exception that is a known one's child": lambda number: raising(
        lambda size: type(f"Told{number}", (ValueError,), {})()
    ),
    "the message of an exception": lambda number: raising(lambda size: RuntimeError(f"told {number}")),
    "the line of an exception": at_line,
    "a type's name": lambda number: giving(lambda size: type(f"Told{number}", (), {})()),
    "a list's length": lambda number: giving(lambda size: [0] * number),
    "a list's depth": lambda number: giving(lambda size: [[0]] if number > 500 else [[[[0]]]]),
    "a dict's length": lambda number: giving(lambda size: dict.fromkeys(range(number))),
    "a shape": lambda number: giving(lambda size: torch.zeros(number, 1)),
    "a dtype": lambda number: giving(lambda size: torch.zeros(2, dtype=torch.int8 if number > 500 else torch.bool)),
    "a text": lambda number: giving(lambda size: f"told {number}"),
    "a number": lambda number: giving(lambda size: 1000 * size + 0.25 * number),
    "which calls fail": lambda number: giving(lambda size: -7.5 if size % 2 == number // 500 else -9.25),
}


def told(function, sentence, seed: int | None = 5) -> tuple[str, ...]:
    with within(Session(lesson=LESSON, seed=seed)) as session:
        exercise(function)
        checks("output_size", points=3)
        sentence(check(function))
        result = session.settle()
        return result.status, result.message, result.detail, result.mistake


@pytest.mark.parametrize(
    "aspect",
    [lambda sentence: sentence.agrees(), lambda sentence: sentence.keeps_the_contract()],
    ids=["agrees", "contract"],
)
@pytest.mark.parametrize("member", MEMBERS)
def test_kind_83_nothing_that_an_answer_chooses_in_a_hidden_call_is_in_what_is_told_of_it(member: str, aspect):
    one, other = (told(MEMBERS[member](number), aspect) for number in (3, 977))
    assert one == other and one[2] == ""
    assert not {"977", "Told"} & set(" ".join(other).replace("'", " ").split())


def test_at_home_the_same_answers_are_told_what_they_gave():
    status, _, detail, _ = told(MEMBERS["a list's length"](3), lambda sentence: sentence.agrees(), seed=None)
    assert status == "failed" and "[0, 0, 0]" in detail
