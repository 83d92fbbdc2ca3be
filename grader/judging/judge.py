"""Runs a lesson's checks in the grader's own process; the learner's names are calls into the sandbox.
No lesson teaches it; a verdict is made here and nowhere else.
Read course/checks/sentences.py first (the sentences), then grader/judging/there.py (the calls)."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

import numpy
import torch

from course.checks.result import FAILED, NEEDS_A_LOOK, Result
from course.checks.session import Session, within
from grader.judging.intake import Submitted
from grader.judging.judged import Judged, Limits
from grader.judging.keys import helpers_of
from grader.judging.sandbox import Sandbox
from grader.judging.there import Remote, There
from grader.judging.watch import remarkable
from grader.judging.wire import WireError
from grader.lessons.cells import Cell, Lesson

LONGEST_EXAMPLE, SECONDS_FOR_EXAMPLES = 1000, 5  # characters of one, and what all of a notebook's may take


def judge(
    submitted: Submitted,
    lesson: Lesson,
    sandbox: Sandbox,
    secret: bytes,
    limits: Limits | None = None,
    names: Collection[str] | None = None,
    known: Iterable[Result] = (),
) -> Judged:
    """Judge one submission: every check cell of the lesson, in order, with hidden inputs that nobody can know
    beforehand.

    They are drawn from a seed made of the class's secret, the lesson's version and the submission's digest, so a grade
    can be repeated. A check that could not be made at all is 'needs a look'. names: only the exercises and quizzes that
    are to be judged, the others being `known`; None for all.
    """
    judged = Judged()
    executor = There(submitted, lesson, sandbox, limits or Limits(), judged)
    kept = {result.check: result for result in known if names is not None and result.exercise not in names}
    try:
        with within(Session(lesson=lesson.folder, executor=executor, results=dict(kept))) as session:
            run_setup(lesson, executor.names)
            executor.names.update({cell.name: Remote(cell.name) for cell in (*lesson.exercises, *lesson.answers)})
            run_checks(lesson, session, executor.names, secret, submitted.digest, only=names)
        found = {**session.results, **kept}
        judged.results = [found[check.label] for check in lesson.checks if check.label in found]
    finally:
        executor.close()
    if not executor.used_up:
        tell_examples(submitted, lesson, sandbox, limits or Limits(), judged, names)
    judged.remarks = _remarks(submitted, judged)
    if executor.nowhere:
        judged.remarks.append(
            f"uses {', '.join(f'`{name}`' for name in sorted(executor.nowhere)[:5])}, which no cell of the notebook "
            "defines"
        )
    if executor.used_up:
        judged.remarks.append(f"all of its {executor.limits.submission:g} s were used up")
    return judged


def tell_examples(
    submitted: Submitted,
    lesson: Lesson,
    sandbox: Sandbox,
    limits: Limits,
    judged: Judged,
    names: Collection[str] | None = None,
) -> None:
    """Put into failed results what the worked examples of their checks came to: the learner's own values.

    They are called in a process of their own that is begun when the other is gone, with what stands in sight and
    nothing else: no drawn call, no seed, no function of the course's has been there, whatever a value says. names: as
    in judge.
    """
    failed = {
        result.check: result
        for result in judged.results
        if result.status == FAILED
        and not result.message.startswith("your code did not come back")
        and (names is None or result.exercise in names)
    }
    cells = [
        cell
        for cell in lesson.checks
        if cell.label in failed and cell.name in {exercise.name for exercise in lesson.exercises}
    ]
    if not cells:
        return
    executor = There(
        submitted, lesson, sandbox, replace(limits, submission=min(SECONDS_FOR_EXAMPLES, limits.submission)), Judged()
    )
    try:
        with within(Session(lesson=lesson.folder, executor=executor, says_why=False, examples=True)) as session:
            run_setup(lesson, executor.names)
            executor.names.update({cell.name: Remote(cell.name) for cell in (*lesson.exercises, *lesson.answers)})
            for cell in cells:
                torch.manual_seed(0)
                with contextlib.suppress(Exception):  # the verdict stands; an example that cannot be made is not told
                    exec(compile(cell.visible, f"<{cell.id}>", "exec"), executor.names)
                shown = session.settle()
                failed[cell.label].example = shown.detail[:LONGEST_EXAMPLE] if shown and shown.status == FAILED else ""
    finally:
        executor.close()


def run_setup(lesson: Lesson, names: dict[str, Any]) -> None:
    """Run the lesson's setup cells, which are the lesson's own and never the learner's, into the namespace of its
    checks."""
    for cell in lesson.setup:
        exec(compile(cell.source, f"<{lesson.folder} setup>", "exec"), names)


def run_checks(
    lesson: Lesson,
    session: Session,
    names: dict[str, Any],
    secret: bytes,
    digest: str,
    only: Collection[str] | None = None,
    drawn_from: Callable[[str], int | None] | None = None,
) -> None:
    """Run the lesson's check cells in the session, each with random numbers of its own; the results are the session's.

    drawn_from: gives the seed of an exercise's drawn calls, None for those at home; without it they come from the
    secret as all else does.

    only: the exercises and quizzes whose checks are wanted; those in whose check cells something is defined that theirs
    use are run as well. None for all.
    """
    helpers = helpers_of(lesson) if only is not None else {}
    wanted = None if only is None else set(only).union(*(helpers.get(name, set()) for name in only))
    for cell in lesson.checks:
        if wanted is None or cell.name in wanted:
            _run_check(
                cell,
                session,
                names,
                seed(secret, lesson.version, digest, cell.id),
                drawn_from(cell.name) if drawn_from else seed(secret, lesson.version, digest, cell.name),
            )


def _run_check(cell: Cell, session: Session, names: dict[str, Any], number: int, drawn_from: int | None) -> None:
    session.seed, session.names = drawn_from, names
    torch.manual_seed(number)
    numpy.random.seed(number % 2**32)
    try:
        session.hidden = False
        exec(compile(cell.visible, f"<{cell.id}>", "exec"), names)
        session.hidden = True
        exec(compile(cell.hidden, f"<{cell.id}>", "exec"), names)
    except WireError as error:
        session.object(NEEDS_A_LOOK, f"this check could not be made: {error}")
    except (
        TypeError,
        ValueError,
        RuntimeError,
        ArithmeticError,
        AttributeError,
        LookupError,
        MemoryError,
        RecursionError,
    ) as error:
        session.object(NEEDS_A_LOOK, f"this check could not be made ({type(error).__name__})")
    result = session.settle()
    if result is not None and result.status == FAILED and result.message.startswith("your code stopped with OutOfTime"):
        result.message = "your code did not come back within its time limit"
        result.mistake = "a loop that never ends: look at what should make its condition false"


def seed(secret: bytes, *parts: str) -> int:
    """A number that only who holds the secret can compute, the same for the same submission, lesson and check."""
    return (
        int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), key=secret[:64], digest_size=8).digest(), "big") >> 1
    )


def _remarks(submitted: Submitted, judged: Judged) -> list[str]:
    """What an instructor may want to look at, each thing once with the cells it is in."""
    cells: dict[str, list[str]] = {}
    for run in submitted.graded:
        if run.role != "setup":
            for remark in remarkable(run.text):
                cells.setdefault(remark, []).append(run.id or "a cell of their own")
    for id, ran in judged.runs.items():
        if ran.raised and ran.raised[0] in ("OutOfTime", "a crash"):
            cells.setdefault(f"stopped: {ran.raised[1]}", []).append(id)
    return [
        f"{remark} ({', '.join(ids[:2])}{f' and {len(ids) - 2} more' if len(ids) > 2 else ''})"
        for remark, ids in cells.items()
    ]
