"""What the build asks of a lesson's checks before it writes anything: that they say the same outside the sandbox as in the notebook.
No lesson teaches it; `grader build` hands it to grader/lessons/build.py.
Read grader/judging/judge.py and grader/judging/answers.py first: the two ways."""

from __future__ import annotations

from collections.abc import Callable

from grader.judging.answers import at_home, filled, solved
from grader.judging.intake import read_notebook
from grader.judging.judge import judge
from grader.judging.sandbox import Sandbox, SandboxError, require
from grader.lessons.cells import Lesson, Problem


def both_ways(lesson: Lesson, released: str, say: Callable[[str], None]) -> list[Problem]:
    """Checks that say something else of the lesson's own answers from outside a sandbox than beside them, or do not pass."""
    try:
        require()
    except SandboxError as error:
        say(f"{lesson.folder}: its checks were made in the notebook only ({error})")
        return []
    submitted = read_notebook(filled(released, lesson, solved(lesson)), lesson)
    with Sandbox(lesson) as sandbox:
        outside = judge(submitted, lesson, sandbox, b"build").results
    beside = at_home(lesson, solved(lesson), b"build", submitted.digest)
    problems = []
    for one, other in zip(outside, beside, strict=True):
        if one.status != "passed" or (one.status, one.message, one.mistake) != (other.status, other.message, other.mistake):
            cell = next(cell for cell in lesson.checks if cell.id == f"check-{one.check}")
            problems.append(Problem(lesson.path, cell.line, f"graded from outside, check {one.check} is {one.status} ({one.message or 'no message'}), and in the "
                                    f"notebook {other.status}; a check is a sentence about a call, with values and named functions as arguments"))
    return problems
