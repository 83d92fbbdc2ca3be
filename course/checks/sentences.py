"""The checks of every lesson: exercises, sentences about a call, and the result that a learner reads.
Each lesson's setup cell imports from here; `check(mse, x, y).gives(2.5)` reads as what it does, at home and in grading.
Read this first, then course/checks/plan.py (how a call is carried out) and course/checks/compare.py (how values are compared).

At home the names in a check are the learner's own functions. In grading the same check cell runs in the grader's process,
where each of those names stands for a call into the sandbox: a Session with another executor is all that differs."""

from __future__ import annotations

import builtins
import importlib
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from course.checks import panel
from course.checks.compare import Difference, describe, difference, show
from course.checks.diagnosis import Named, name_of
from course.checks.exercises import exercise_of
from course.checks.judging import Judgement, make, mark_of
from course.checks.plan import Observation, Plan, Raised, carry_out, fresh, plain
from course.checks.result import FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, PASSED, RECORDED, Result
from course.checks.source import Reading, cells_run, is_stub, last_line, reading_of, source_of

__all__ = ["CheckFailed", "Result", "answer", "begin", "check", "checks", "exercise", "hints"]

# Kinds that a message may name after a hidden call; the grader's own words for how a call ended are among them.
KNOWN_ERRORS = {*dir(builtins), "OutOfMemoryError", "LinAlgError", "TooLarge", "OutOfTime", "the end of its process (a crash, or too much memory)"}


class CheckFailed(Exception):
    """A check that did not pass, raised only where nbgrader runs the notebook and counts exceptions."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it, and so nbgrader's Validate button: the words, and the sentence that they are about, not the way through this file."""
        sentence = [frame for frame in traceback.extract_tb(self.__traceback__) if frame.filename != __file__][-1]
        return [str(self), f"----> {sentence.lineno} {sentence.line}"]


class NotBegun(Exception):
    """A check was run in a kernel in which the lesson has not begun: after a restart, say."""

    def _render_traceback_(self) -> list[str]:
        return [NOT_BEGUN]

    def __str__(self) -> str:
        return NOT_BEGUN


NOT_BEGUN = "This kernel has not run the lesson yet: choose Run, then Run All Above Selected Cell, and then run this cell again."


@dataclass
class Attempt:
    """A learner's exercise as the notebook knows it: the function, whether it was attempted, and its source."""

    name: str
    function: Any
    attempted: bool
    source: str = ""


class Here:
    """The executor at home: calls are made in this process, on the learner's own functions."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def attempt(self, name: str) -> str:
        """'' when the exercise may be called, else the status it has without being called."""
        known = self.session.attempts.get(name)
        if known is not None and not known.attempted and name not in self.session.stopped:
            return NOT_ATTEMPTED
        return self.session.stopped.get(name, "")

    def run(self, plan: Plan, uses: tuple[str, ...]) -> Observation:
        return self.run_all([plan], uses)[0]

    def run_all(self, plans: Sequence[Plan], uses: tuple[str, ...]) -> list[Observation]:
        """Make calls one after another, on the learner's function; the names in `uses` stand for the course's own meanwhile."""
        target = plans[0].target
        function = self.session.attempts[target].function
        with _replaced(function, {name: self.session.reference(name) for name in uses}):
            return [carry_out(plan, lambda name: function if name == target else self.session.names[name]) for plan in plans]

    def reading(self, name: str) -> Reading:
        """What the answer to an exercise uses; its helpers may stand in any cell that was run."""
        return reading_of(name, self.session.attempts[name].source, cells_run())

    def value(self, name: str, here: Any) -> Any:
        return plain(here)


@dataclass
class Session:
    """One run of one lesson's checks: what was attempted, what was found, and who makes the calls.

    names: where functions that stand among arguments are found. seed: what drawn calls are made of; None for those at home.
    judgements: what drawn calls came to, by exercise and what it builds on, until another cell is run. stopped: by exercise, how its cell ended.
    """

    lesson: str = ""
    executor: Any = None
    strict: bool = False
    hidden: bool = False
    attempts: dict[str, Attempt] = field(default_factory=dict)
    ladders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    current: Result | None = None
    names: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    judgements: dict[tuple, Any] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.executor = self.executor or Here(self)

    def reference(self, name: str) -> Any:
        """The course's own version of an exercise, or None where it is not installed (in the sandbox it is not)."""
        module = "course." + self.lesson.split("-", 1)[-1].replace("-", "_")
        try:
            return getattr(importlib.import_module(module), name, None)
        except ImportError:
            return None

    def behaviour(self, name: str) -> str:
        """A mark of what an answer without a name does, from the calls at home, so that those who do the same are found together."""
        exercise = exercise_of(self.lesson, name)
        if self.seed is None or exercise is None:
            return ""
        draws = exercise.draws(None, min(exercise.calls, 24))
        return mark_of(make(exercise, draws, lambda plans: self.executor.run_all(plans, self.uses)))

    def judgement(self, name: str) -> Judgement:
        """The exercise's drawn calls, made once for all of its check cells."""
        key = (name, self.uses, self.seed, id(self.attempts[name].function) if name in self.attempts else 0)
        if key not in self.judgements:
            exercise = exercise_of(self.lesson, name)
            if exercise is None:
                raise ValueError(f"course/mistakes says nothing of {name}: @takes({name}) draws its calls there")
            self.judgements[key] = Judgement(exercise, lambda plans: self.executor.run_all(plans, self.uses), self.names, self.seed)
        return self.judgements[key]

    def named(self, name: str) -> str:
        """The words for what was done wrong in an exercise, looked for once; '' where nothing true is known."""
        if exercise_of(self.lesson, name) is None:
            return ""
        judgement = self.judgement(name)
        if judgement.named is None:
            judgement.named = name_of(judgement, self.lesson) or Named("", "")
        return judgement.named.words

    def note_how_it_ended(self, error: BaseException | None, text: str) -> None:
        """Remember of a cell that defines an exercise whether it stopped and where: what was defined before it must not be judged in its place."""
        for name in re.findall(r"^[ \t]*(?:async def|def|class)[ \t]+(\w+)", text, re.MULTILINE):
            self.stopped.pop(name, None)
            if error is not None and name in self.attempts:
                line = error.lineno if isinstance(error, SyntaxError) else last_line(error)
                self.stopped[name] = f"your cell stopped with {type(error).__name__}" + (f" at line {line}" if line else "") + ": mend that first, and run it again"

    def wrong(self, exercise: str) -> bool:
        """Whether a check of the exercise has already been made and not passed."""
        return any(result.exercise == exercise and result.status in (FAILED, NOT_ATTEMPTED) for result in self.results.values())

    def settle(self, error: BaseException | None = None) -> Result | None:
        """Close the check cell that is open: what nothing has objected to has passed, unless the cell itself stopped with an error."""
        result, self.current = self.current, None
        if result is None:
            return None
        if error is not None and not result.status:
            result.status, result.message = NEEDS_A_LOOK, f"the check itself stopped with {type(error).__name__}: run the cells above it first"
        if not result.status:
            result.status = PASSED
        result.earned = result.points if result.status == PASSED else 0.0
        result.hint = self.ladders.get(result.exercise, ()) if result.status == FAILED else ()
        result.note = "" if result.status == NOT_ATTEMPTED else result.note
        return result

    def object(self, status: str, message: str, detail: str = "", mistake: str = "") -> None:
        """Decide the open check cell against the answer; where nbgrader counts exceptions, raise one."""
        result = self.current
        result.status, result.message, result.mistake = status, message, mistake
        result.detail = "" if self.hidden else detail
        if status == FAILED and not mistake:
            result.behaviour = self.behaviour(result.exercise)
        if self.strict and status in (FAILED, NOT_ATTEMPTED):
            result = self.settle()
            raise CheckFailed(panel.as_text(result))


_session = Session()


@contextmanager
def session(new: Session):
    """Within the block every sentence belongs to `new`; the grader uses it to put its own executor behind the names."""
    global _session
    before, _session = _session, new
    try:
        yield new
    finally:
        _session = before


def begin(lesson: str) -> None:
    """Begin a lesson, e.g. begin("02-lines"). A notebook's first setup cell calls it; what was known before is forgotten."""
    if _session.executor.__class__ is not Here:
        return
    kept = _session
    kept.__init__(lesson=lesson, strict=bool(os.environ.get("NBGRADER_EXECUTION")), names=sys._getframe(1).f_globals)

    def after(error: BaseException | None, text: str) -> None:
        if kept.current is None:
            kept.judgements.clear()  # a cell that is no check may have changed what an answer builds on
            kept.note_how_it_ended(error, text)
        panel.show(kept.settle(error))

    panel.after_each_cell(after)


def exercise(function: Any = None, *, given: tuple[str, ...] | list[str] = ()) -> Any:
    """Mark a function or class as the learner's answer to the exercise of that name.

    given names the methods of a class that the lesson has already written. While the answer is only a docstring, `pass`,
    `...` or NotImplementedError, the notebook goes on with the course's own function, so that what follows still runs;
    from the first attempt on, right or wrong, it is the learner's own. Where answers are graded nothing is handed on.
    """
    if function is None:
        return lambda function: exercise(function, given=given)
    name = function.__name__
    attempt = Attempt(name, function, not is_stub(function, given), source_of(function))
    _session.attempts[name] = attempt
    if attempt.attempted or _session.strict:
        return function
    reference = _session.reference(name)
    if reference is None:
        return function
    attempt.function = reference
    return reference


def checks(name: str, *, points: float, uses: tuple[str, ...] | list[str] = (), aspect: str = "") -> None:
    """Open a check cell: the sentences below it are about the exercise `name` and worth `points` together."""
    if not _session.lesson and isinstance(_session.executor, Here):
        raise NotBegun
    _session.settle()
    exercise_name = name if name in _session.attempts or "-" not in name else name.rsplit("-", 1)[0]
    label = f"{name}-{aspect}" if aspect else name
    _session.current = _session.results[label] = Result(label, exercise_name, points)
    _session.uses = tuple(used for used in uses if _session.wrong(used))
    if _session.uses:
        _session.current.note = f"checked with the course's own {' and '.join(_session.uses)}, so that one mistake does not count twice"


def hints(nudge: str, idea: str, almost: str) -> None:
    """The ladder of hints for the exercise that the open check cell is about: a nudge, the idea, almost the line."""
    if _session.current is not None:
        _session.ladders[_session.current.exercise] = (nudge, idea, almost)


def check(target: Any, *arguments: Any, **keywords: Any) -> Call:
    """A sentence about a call of the learner's `target`; a verdict such as `.gives` at its end makes the call."""
    name = getattr(target, "__name__", None)
    if name is None:
        raise TypeError(f"check wants one of the lesson's exercises first, and {describe(target)} came")
    if _session.executor.__class__ is Here and name not in _session.attempts:
        raise TypeError(f"{name} is not marked with @exercise, or its cell has not been run since the lesson began")
    return Call(Plan(name, arguments, keywords))


class Call:
    """A call that a check is about: first what to call, then steps, then one verdict."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def take(self, n: int) -> Call:
        """Go on with a list of the first n items of the result; fewer where it ends earlier."""
        return Call(self.plan.take(n))

    def after(self, method: str, *arguments: Any, **keywords: Any) -> Call:
        """Call a method of the result and go on with the same object."""
        return Call(self.plan.after(method, *arguments, **keywords))

    def then(self, method: str, *arguments: Any, **keywords: Any) -> Call:
        """Call a method of the result and go on with what it gives back."""
        return Call(self.plan.then(method, *arguments, **keywords))

    def attribute(self, name: str) -> Call:
        """Go on with an attribute of the result."""
        return Call(self.plan.attribute(name))

    def doing(self, *actions: tuple | str) -> Call:
        """Do several things with the object, one after another; the result is the list of what each gave."""
        return Call(self.plan.doing(*actions))

    def repeated(self, n: int) -> Call:
        """Make the same call, and follow the sentence's other steps, n times with fresh arguments; the result is the list of results."""
        return Call(self.plan.repeated(n))

    def gradient(self, argument: int = 0) -> Call:
        """Go on with the gradient of the summed result by one of the arguments."""
        return Call(self.plan.gradient(argument))

    def agrees(self, where: Callable[[Any], bool] | None = None, only: tuple[str, ...] = (), **fixed: Any) -> None:
        """The answer gives what the course's own function gives, in all calls that are drawn for the exercise.

        where: takes a call and says whether this check is about it, `where=lambda call: call.stride > 1`; fixed: arguments that such
        a call has, `stride=1`. only: of several quantities that are read back, those that this check is about. What is compared is type, shape and value; the dtype is the contract's (`keeps_the_contract`).
        """
        if not self._open():
            return
        judgement = _session.judgement(self.plan.target)
        about = judgement.among(where, fixed)
        wrong = [place for place in about if judgement.differs(place, only)]
        if wrong:
            judgement.only = only
            kept = {name: value for name, value in fixed.items()}
            judgement.keeps = lambda bound: all(getattr(bound, name) == value for name, value in kept.items()) and (where is None or where(bound))
            self._wrong_in(judgement, wrong, set(wrong))

    def _wrong_in(self, judgement: Judgement, wrong: list[int], about: set[int]) -> None:
        name = _session.named(self.plan.target)
        if judgement.seed is not None:
            return _session.object(FAILED, _in_closed_words(judgement, wrong), "", name)
        came, wanted = judgement.smallest(wrong[0], about)
        call = _spelt(came.drawn.plans)
        if wanted.raised:
            came_to = f"stopped with {came.raised.kind}" if came.raised else f"gave {show(came.value)}"
            detail = f"{call} {came_to}, and a {wanted.raised.kind} is wanted there"
        elif came.raised:
            detail = f"{call} stopped with {came.raised.kind}{_line(came.raised)}: {came.raised.message}"
        else:
            detail = f"{call} gave {show(came.value)}, and {show(wanted.value)} was expected"
        found = judgement.differs(wrong[0], judgement.only)
        _session.object(FAILED, found.words, detail, name)

    def keeps_the_contract(self) -> None:
        """The answer leaves its arguments alone, keeps nothing between calls, follows dtype and device, and lets gradients through, as the docstring says."""
        if not self._open():
            return
        judgement = _session.judgement(self.plan.target)
        judgement.contract_asked = True
        right = len(judgement.seen) - len(judgement.wrong)
        if judgement.breaches:
            breach = judgement.breaches[0]
            words = breach.words
            _session.object(FAILED, words, "" if judgement.seed is not None else f"{words}. It shows in {_spelt(breach.drawn.plans)}", "")
        elif right < len(judgement.seen) / 4:
            _session.object(FAILED, "this is looked at once the values are right", "", _session.named(self.plan.target))

    def gives(self, expected: Any, mistakes: Mapping[str, Any] | None = None, *, hint: str = "", tolerance: float = 1e-5,
              same_dtype: bool = True) -> None:
        """The result equals `expected`, in type, dtype, shape and value.

        expected: a value, or a function of the call's arguments. mistakes: what a known mistake would have given (a value,
        a function of the arguments, or the type of an exception), by the text that names it. hint: a line for this call alone.
        """
        observation = self._observe()
        if observation is None:
            return
        mistakes = mistakes or {}
        if observation.raised:
            return self._failed_by(observation.raised, mistakes, hint)
        wanted = self._value_of(expected)
        found = difference(observation.value, wanted, tolerance=tolerance, same_dtype=same_dtype)
        if found is None:
            return
        if exercise_of(_session.lesson, self.plan.target) is not None:
            found = Difference(found.words, _session.named(self.plan.target))
        for text, wrong in mistakes.items():
            if self._looks_like(observation.value, wrong, wanted, tolerance, same_dtype):
                found = Difference(found.words, text)
                break
        detail = f"{self._words()} gave {show(observation.value)}, and {show(wanted)} was expected"
        _session.object(FAILED, _joined(found.words, hint), _joined(detail, hint), found.mistake)

    def satisfies(self, claim: str, holds: Callable[..., bool], mistakes: Mapping[str, Callable[..., bool]] | None = None, *,
                  hint: str = "") -> None:
        """The result makes `holds(result, *arguments)` true; claim says in words what that means."""
        observation = self._observe()
        if observation is None:
            return
        if observation.raised:
            return self._failed_by(observation.raised, mistakes or {}, hint)
        if self._true(holds, observation.value):
            return
        mistake = next((text for text, wrong in (mistakes or {}).items()
                        if not isinstance(wrong, type) and self._true(wrong, observation.value)), "")
        if observation.value is None and not mistake:
            mistake = difference(None, 0).mistake
        words = f"what should hold is: {claim}. It does not for what came, {describe(observation.value)}"
        detail = _joined(f"{self._words()} gave {show(observation.value)}", words)
        _session.object(FAILED, _joined(words, hint), _joined(detail, hint), mistake)

    def leaves_its_arguments_alone(self) -> None:
        """The call changes none of its arguments in place."""
        observation = self._observe()
        if observation is None:
            return
        if observation.raised:
            return self._failed_by(observation.raised, {}, "")
        before = plain(tuple(None if callable(argument) else argument for argument in self.plan.arguments))
        if difference(observation.arguments, before, tolerance=0.0):
            _session.object(FAILED, "the call changed one of its arguments, and whoever called still needs it as it was", "",
                            "an in-place change: `+=`, `-=`, `x[...] = ` and methods that end in `_` write into the tensor that came in")

    def raises(self, kind: type[BaseException], *, when: str) -> None:
        """The call stops with an exception of that type; when says in words for which input."""
        observation = self._observe()
        if observation is None:
            return
        raised = observation.raised
        if raised is None:
            _session.object(FAILED, f"a {kind.__name__} is wanted when {when}, and the call went through", "", _session.named(self.plan.target))
        elif kind.__name__ not in (raised.kind, *raised.bases):
            came = raised.kind if raised.kind in KNOWN_ERRORS else "an error of its own"
            _session.object(FAILED, f"a {kind.__name__} is wanted when {when}, and {came} came", "", _session.named(self.plan.target))

    def is_written_without(self, *banned: str, because: str) -> None:
        """The source of the exercise uses none of these: 'for', 'while', or a call by name such as 'cdist'."""
        if not self._open():
            return
        reading = _session.executor.reading(self.plan.target)
        found = [name for name in banned if name in reading.used]
        if found:
            words = f"your code uses {' and '.join(f'`{name}`' for name in found)}, and this exercise asks you not to"
            _session.object(FAILED, words, words, because)
        elif reading.unclear:
            words = f"a person has to see whether this does what the exercise asks you not to: {reading.unclear[0]}"
            _session.object(NEEDS_A_LOOK, words, words, because)

    def _open(self) -> bool:
        """Whether the call is still to be judged; the first objection in a check cell settles it."""
        current = _session.current
        if current is None:
            raise RuntimeError('no check cell is open: checks("name", points=...) comes first')
        if current.status:
            return False
        status = _session.executor.attempt(self.plan.target)
        if status:
            words = "this exercise is not attempted yet" if status == NOT_ATTEMPTED else status
            _session.object(NOT_ATTEMPTED if status == NOT_ATTEMPTED else FAILED, words, words)
        return not status

    def _observe(self) -> Observation | None:
        return _session.executor.run(self.plan, _session.uses) if self._open() else None

    def _failed_by(self, raised: Raised, mistakes: Mapping[str, Any], hint: str) -> None:
        mistake = next((text for text, wrong in mistakes.items()
                        if isinstance(wrong, type) and wrong.__name__ in (raised.kind, *raised.bases)), "") or _session.named(self.plan.target)
        where = f", at line {raised.line} of your cell" if raised.line else ""
        # A name that the code makes up when it is called could carry what it was called with.
        words = f"your code stopped with {raised.kind if raised.kind in KNOWN_ERRORS or not _session.hidden else 'an error of its own'}{where}"
        _session.object(FAILED, _joined(words, hint), _joined(f"{self._words()} stopped with {raised.kind}{where}: {raised.message}", hint), mistake)

    def _value_of(self, expected: Any) -> Any:
        if callable(expected) and not isinstance(expected, type):
            expected = expected(*fresh(self.plan.arguments), **fresh(dict(self.plan.keywords)))
        return plain(expected)

    def _looks_like(self, came: Any, wrong: Any, wanted: Any, tolerance: float, same_dtype: bool) -> bool:
        if isinstance(wrong, type):
            return False
        try:
            value = self._value_of(wrong)
        except (RuntimeError, ValueError, IndexError, TypeError):
            return False  # the mistake has no value for these inputs: broadcasting failed, say
        return difference(value, wanted, tolerance=tolerance, same_dtype=same_dtype) is not None and (
            difference(came, value, tolerance=tolerance, same_dtype=same_dtype) is None)

    def _true(self, holds: Callable[..., bool], value: Any) -> bool:
        """Whether a claim holds; a value of a type that it cannot be asked about does not satisfy it."""
        try:
            return bool(holds(value, *fresh(self.plan.arguments), **fresh(dict(self.plan.keywords))))
        except Exception:
            return False

    def _words(self) -> str:
        return _spelt((self.plan,))


class answer:
    """A sentence about one answer of a quiz: answer("reading", reading, 1).is_one_of("abc")."""

    def __init__(self, quiz: str, answers: Any, question: int) -> None:
        came = _session.executor.value(quiz, answers)
        letter = came.get(question, "") if isinstance(came, dict) else ""
        self.letter = letter.strip().lower() if isinstance(letter, str) else describe(letter)

    def is_one_of(self, letters: str) -> None:
        """The answer is a single one of these letters; right or wrong is told when the lesson is handed in."""
        if not self.letter:
            _session.object(NOT_ATTEMPTED, "this question is not answered yet")
        elif len(self.letter) != 1 or self.letter not in letters:
            _session.object(FAILED, f"an answer is one letter, {' or '.join(letters)}, and something else came")
        else:
            _session.current.status, _session.current.message = RECORDED, "answered; whether it is right is told when you hand in"

    def is_letter(self, right: str, because: Mapping[str, str]) -> None:
        """The answer is this letter; because says of each other letter what is wrong with it."""
        if _session.current.status in (FAILED, NOT_ATTEMPTED):
            return
        if self.letter == right:
            _session.current.status = _session.current.message = ""
        else:
            _session.object(FAILED, "another answer fits better", "", because.get(self.letter, ""))


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
            words += ", then " + ", ".join(f".{name}({_listed(tuple(more), {})})" if more else f".{name}" for name, *more in what[0])
        else:
            count = f"{what[0]}" if kind != "gradient" else f"by argument {what[0] + 1}"
            words = {"take": f"the first {count} of {words}", "repeated": f"{words}, {count} times,", "gradient": f"the gradient of {words} {count}"}[kind]
    return words


def _in_closed_words(judgement: Judgement, wrong: list[int]) -> str:
    """What may be said of calls that nobody is to know: the first of a few sentences that holds. Which calls fail is the answer's choice, so none is told."""
    seen, wanted = [judgement.seen[place] for place in wrong], [judgement.wanted[place] for place in wrong]
    if any(came.raised and "OutOfTime" in came.raised.kind for came in seen):
        return "your code did not come back within its time limit"
    if all(came.raised and not right.raised for came, right in zip(seen, wanted, strict=True)):
        return "your code stopped with an error in calls of this kind; the same check at home shows such a call"
    if all(right.raised for right in wanted):
        return "an error is wanted where the docstring says so; the same check at home shows such a call"
    return "what came is not what is wanted in calls of this kind; the same check at home shows such a call"


def _line(raised: Raised) -> str:
    return f", at line {raised.line} of your cell" if raised.line else ""


@contextmanager
def _replaced(function: Any, others: Mapping[str, Any]):
    """While the block runs, names that the function uses stand for others; afterwards they are what they were."""
    holder = function if hasattr(function, "__globals__") else getattr(function, "__init__", None)
    names = getattr(holder, "__globals__", {})
    before = {name: names[name] for name in others if name in names}
    names.update({name: other for name, other in others.items() if other is not None and name in before})
    try:
        yield
    finally:
        names.update(before)


def _listed(arguments: tuple, keywords: Mapping[str, Any]) -> str:
    """Arguments as they would be written; a generator by its seed, a function by its name."""
    return ", ".join([*(show(argument, 80) for argument in arguments), *(f"{key}={show(value, 80)}" for key, value in keywords.items())])


def _joined(words: str, hint: str) -> str:
    return f"{words}. {hint[:1].upper()}{hint[1:]}" if hint else words
