"""The sentences of a check: what is asked about a call, and what is said of the answer.
Each lesson's setup cell imports from here; `check(mse, x, y).gives(2.5)` reads as what it does, at home and in grading.
Read course/checks/session.py first (who makes the calls), then course/checks/judging.py (the calls that are drawn)."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course.checks.compare import NOTHING, Difference, describe, difference, show
from course.checks.exercises import exercise_of
from course.checks.judging import Judgement, off
from course.checks.plan import Observation, Plan, Raised, fresh, plain
from course.checks.result import FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, RECORDED
from course.checks.session import Here, current

# Of its calls an answer gets right what one corner alone makes right (a single row, say) in a quarter, by two corners
# in a sixteenth: between the two.
RIGHT_ENOUGH = 0.15
# Kinds that a message may name after a hidden call; the grader's own words for how a call ended are among them.
KNOWN_ERRORS = {
    *dir(builtins),
    "OutOfMemoryError",
    "LinAlgError",
    "TooLarge",
    "OutOfTime",
    "the end of its process (a crash, or too much memory)",
}


def check(target: Any, *arguments: Any, **keywords: Any) -> Call:
    """A sentence about a call of the learner's `target`; a verdict such as `.gives` at its end makes the call."""
    name = getattr(target, "__name__", None)
    if name is None:
        raise TypeError(f"check wants one of the lesson's exercises first, and {describe(target)} came")
    if current().executor.__class__ is Here and name not in current().attempts:
        raise TypeError(f"{name} is not marked with @exercise, or its cell has not been run since the lesson began")
    return Call(Plan(name, arguments, keywords))


class Call:
    """A call that a check is about: first what to call, then steps, then one verdict."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def agrees(self, where: Callable[[Any], bool] | None = None, only: tuple[str, ...] = (), **fixed: Any) -> None:
        """The answer gives what the course's own function gives, in all calls that are drawn for the exercise.

        where: takes a call and says whether this check is about it, `where=lambda call: call.stride > 1`; fixed:
        arguments that such a call has, `stride=1`. only: of several quantities that are read back, those that this
        check is about. What is compared is type, shape and value; the dtype is the contract's (`keeps_the_contract`).
        """
        if current().examples or not self._open():
            return
        judgement = current().judgement(self.plan.target)
        about = judgement.among(where, fixed)
        wrong = {place: found for place in about if (found := judgement.differs(place, only))}
        if wrong:
            judgement.only = only
            judgement.keeps = lambda bound: (
                all(getattr(bound, name) == value for name, value in fixed.items()) and (where is None or where(bound))
            )
            self._wrong_in(judgement, wrong)

    def _wrong_in(self, judgement: Judgement, wrong: dict[int, Difference]) -> None:
        name = current().named(self.plan.target)
        if judgement.seed is not None:
            return current().object(FAILED, _in_closed_words(judgement, list(wrong)), "", name)
        first, found = next(iter(wrong.items()))
        came, wanted = judgement.smallest(first, set(wrong))
        found = off(judgement.exercise, came, wanted) or found  # the words are about the call that is shown
        call = _spelt(came.drawn.plans)
        if wanted.raised:
            detail = _apart(
                call, f"a {wanted.raised.kind}", f"a {came.raised.kind}" if came.raised else show(came.value)
            )
        elif came.raised:
            detail = _apart(
                call, show(wanted.value), f"a {came.raised.kind}{_line(came.raised)}: {came.raised.message}"
            )
        else:
            detail = _apart(call, show(wanted.value), show(came.value))
        current().object(FAILED, found.words, detail, name)

    def keeps_the_contract(self) -> None:
        """The answer leaves its arguments alone, keeps nothing between calls, follows dtype and device, and lets
        gradients through, as the docstring says."""
        if current().examples or not self._open():
            return
        judgement = current().judgement(self.plan.target)
        judgement.contract_asked = True
        right = len(judgement.seen) - len(judgement.wrong)
        if judgement.breaches:
            breach = judgement.breaches[0]
            words = breach.words
            current().object(
                FAILED,
                words,
                "" if judgement.seed is not None else f"{words}. It shows in {_spelt(breach.drawn.plans)}",
                "",
            )
        elif right < RIGHT_ENOUGH * len(judgement.seen):
            current().object(
                FAILED, "this is looked at once the values are right", "", current().named(self.plan.target)
            )

    def gives(self, expected: Any, *, hint: str = "", tolerance: float = 1e-5, same_dtype: bool = True) -> None:
        """The result equals `expected`, a value or a function of the call's arguments, in type, dtype, shape and value.
        hint: a line for this call alone."""
        observation = self._observe()
        if observation is None:
            return
        if observation.raised:
            return self._failed_by(observation.raised, hint)
        wanted = self._value_of(expected)
        found = difference(observation.value, wanted, tolerance=tolerance, same_dtype=same_dtype)
        if found is None:
            return
        if exercise_of(current().lesson, self.plan.target) is not None:
            found = Difference(found.words, current().named(self.plan.target))
        detail = _apart(self._words(), show(wanted), show(observation.value))
        current().object(FAILED, _joined(found.words, hint), _joined(detail, hint), found.mistake)

    def satisfies(self, claim: str, holds: Callable[..., bool], *, hint: str = "") -> None:
        """The result makes `holds(result, *arguments)` true; claim says in words what that means."""
        observation = self._observe()
        if observation is None:
            return
        if observation.raised:
            return self._failed_by(observation.raised, hint)
        if self._true(holds, observation.value):
            return
        mistake = NOTHING if observation.value is None else current().named(self.plan.target)
        words = f"what should hold is: {claim}. It does not for what came, {describe(observation.value)}"
        detail = _joined(f"{self._words()} gave {show(observation.value)}", words)
        current().object(FAILED, _joined(words, hint), _joined(detail, hint), mistake)

    def raises(self, kind: type[BaseException], *, when: str) -> None:
        """The call stops with an exception of that type; when says in words for which input."""
        observation = self._observe()
        if observation is None:
            return
        raised = observation.raised
        if raised is None:
            current().object(
                FAILED,
                f"a {kind.__name__} is wanted when {when}, and the call went through",
                "",
                current().named(self.plan.target),
            )
        elif kind.__name__ not in (raised.kind, *raised.bases):
            came = raised.kind if raised.kind in KNOWN_ERRORS else "an error of its own"
            current().object(
                FAILED,
                f"a {kind.__name__} is wanted when {when}, and {came} came",
                "",
                current().named(self.plan.target),
            )

    def is_written_without(self, *banned: str, because: str) -> None:
        """The source of the exercise uses none of these: 'for', 'while', or a call by name such as 'cdist'."""
        if not self._open():
            return
        reading = current().executor.reading(self.plan.target)
        found = [name for name in banned if name in reading.used]
        if found:
            words = f"your code uses {' and '.join(f'`{name}`' for name in found)}, and this exercise asks you not to"
            current().object(FAILED, words, words, because)
        elif reading.unclear:
            words = f"a person has to see whether this does what the exercise asks you not to: {reading.unclear[0]}"
            current().object(NEEDS_A_LOOK, words, words, because)

    def _open(self) -> bool:
        """Whether the call is still to be judged; the first objection in a check cell settles it."""
        if current().open.status:
            return False
        status = current().executor.attempt(self.plan.target)
        if status:
            words = "this exercise is not attempted yet" if status == NOT_ATTEMPTED else status
            current().object(NOT_ATTEMPTED if status == NOT_ATTEMPTED else FAILED, words, words)
        return not status

    def _observe(self) -> Observation | None:
        # An example is called beside the learner's own answers alone: where the course's stand, their text could be
        # told as a value.
        return current().executor.run(self.plan, () if current().examples else current().uses) if self._open() else None

    def _failed_by(self, raised: Raised, hint: str) -> None:
        mistake = current().named(self.plan.target)
        where = f", at line {raised.line} of your cell" if raised.line else ""
        # A name that the code makes up when it is called could carry what it was called with.
        words = (
            "your code stopped with "
            f"{raised.kind if raised.kind in KNOWN_ERRORS or not current().hidden else 'an error of its own'}{where}"
        )
        current().object(
            FAILED,
            _joined(words, hint),
            _joined(f"{self._words()} stopped with {raised.kind}{where}: {raised.message}", hint),
            mistake,
        )

    def _value_of(self, expected: Any) -> Any:
        if callable(expected) and not isinstance(expected, type):
            expected = expected(*fresh(self.plan.arguments), **fresh(dict(self.plan.keywords)))
        return plain(expected)

    def _true(self, holds: Callable[..., bool], value: Any) -> bool:
        """Whether a claim holds; a value of a type that it cannot be asked about does not satisfy it."""
        try:
            return bool(holds(value, *fresh(self.plan.arguments), **fresh(dict(self.plan.keywords))))
        except Exception:
            return False

    def _words(self) -> str:
        return _spelt((self.plan,))


def _step(name: str) -> Callable[..., Call]:
    def step(self: Call, *arguments: Any, **keywords: Any) -> Call:
        return Call(getattr(self.plan, name)(*arguments, **keywords))

    step.__name__, step.__doc__ = name, getattr(Plan, name).__doc__
    return step


# A sentence may go on before its verdict, as a plan does: check(Adam, start).then("step", gradient).gives(...).
for _name in ("take", "after", "then", "attribute", "doing", "repeated", "gradient"):
    setattr(Call, _name, _step(_name))


class answer:
    """A sentence about one answer of a quiz: answer("reading", reading, 1).is_one_of("abc")."""

    def __init__(self, quiz: str, answers: Any, question: int) -> None:
        came = current().executor.value(quiz, answers)
        self.quiz, self.question = quiz, question
        letter = came.get(question, "") if isinstance(came, dict) else ""
        self.letter = letter.strip().lower() if isinstance(letter, str) else describe(letter)

    def is_one_of(self, letters: str) -> None:
        """The answer is a single one of these letters. Right or wrong is told at once to who learns alone, and else
        when the lesson is handed in."""
        if not self.letter:
            current().object(NOT_ATTEMPTED, "this question is not answered yet")
        elif len(self.letter) != 1 or self.letter not in letters:
            current().object(FAILED, f"an answer is one letter, {' or '.join(letters)}, and something else came")
        elif key := current().told(self.quiz, self.question):
            self.is_letter(key["right"], key["because"])
        else:
            result = current().open
            result.status, result.message = RECORDED, "answered; whether it is right is told when you hand in"

    def is_letter(self, right: str, because: Mapping[str, str]) -> None:
        """The answer is this letter; because says of each other letter what is wrong with it."""
        result = current().open
        if result.status in (FAILED, NOT_ATTEMPTED):
            return
        if self.letter == right:
            result.status = result.message = ""
        else:
            current().object(FAILED, "another answer fits better", "", because.get(self.letter, ""))


def _spelt(plans: Sequence[Plan]) -> str:
    """The call as a learner would write it, steps and all: Adam(tensor([1.]), 0.1).step(tensor([4.]))."""
    return " and ".join(map(_spelt_one, plans))


def _spelt_one(plan: Plan) -> str:
    words = f"{plan.target}({_listed(plan.arguments, plan.keywords)})"
    for kind, *what in plan.steps:
        if kind in ("after", "then"):
            words += f".{what[0]}({_listed(what[1], what[2])})"
        elif kind == "attribute":
            words += f".{what[0]}"
        elif kind == "doing":
            words += ", then " + ", ".join(
                f".{name}({_listed(tuple(more), {})})" if more else f".{name}" for name, *more in what[0]
            )
        else:
            count = f"{what[0]}" if kind != "gradient" else f"by argument {what[0] + 1}"
            words = {
                "take": f"the first {count} of {words}",
                "repeated": f"{words}, {count} times,",
                "gradient": f"the gradient of {words} {count}",
            }[kind]
    return words


def _in_closed_words(judgement: Judgement, wrong: list[int]) -> str:
    """What may be said of calls that nobody is to know: the first of a few sentences that holds. Which calls fail is
    the answer's choice, so none is told."""
    seen, wanted = [judgement.seen[place] for place in wrong], [judgement.wanted[place] for place in wrong]
    if any(came.raised and "OutOfTime" in came.raised.kind for came in seen):
        return "your code did not come back within its time limit"
    if all(came.raised and not right.raised for came, right in zip(seen, wanted, strict=True)):
        return "your code stopped with an error in calls of this kind; the same check at home shows such a call"
    if all(right.raised for right in wanted):
        return "an error is wanted where the docstring says so; the same check at home shows such a call"
    return "what came is not what is wanted in calls of this kind; the same check at home shows such a call"


def _apart(call: str, expected: str, came: str) -> str:
    """A call in three lines, so that what was expected stands above what came; in two where only what came is told."""
    lines = (("came", came),) if current().examples else (("expected", expected), ("came", came))
    return "\n".join([call, *(f"  {name:<10}{value}".replace("\n", "\n" + 12 * " ") for name, value in lines)])


def _line(raised: Raised) -> str:
    return f", at line {raised.line} of your cell" if raised.line else ""


def _listed(arguments: tuple, keywords: Mapping[str, Any]) -> str:
    """Arguments as they would be written; a generator by its seed, a function by its name."""
    return ", ".join(
        [
            *(show(argument, 80) for argument in arguments),
            *(f"{key}={show(value, 80)}" for key, value in keywords.items()),
        ]
    )


def _joined(words: str, hint: str) -> str:
    return f"{words}. {hint[:1].upper()}{hint[1:]}" if hint else words
