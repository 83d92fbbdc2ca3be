"""What runs at home runs in grading: definitions that an answer uses are brought along, from whatever cell of the
notebook they stand in. No lesson teaches it; grader/judging/there.py asks before it runs a submission's cells.
Read course/checks/source.py first (what a text uses and defines), then grader/judging/intake.py (the cells that are run
anyhow)."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from course.checks.source import defines, names_looked_up, statements_for
from grader.judging.intake import Run

KNOWN = {*dir(builtins), "display", "get_ipython", "In", "Out", "_", "__name__"}


def with_what_is_used(graded: Sequence[Run], everything: Sequence[Run]) -> tuple[tuple[Run, ...], set[str]]:
    """The cells to run, with what they use of the others put in its place; and the names that no cell defines.

    graded: the lesson's setup cells and the learner's own; everything: the same with the untouched cells between them.
    Of those, imports, functions and constants that a learner's cell uses come along, and what these use in turn; a loop
    or a `with` that makes a name comes whole.
    """
    used = set().union(*(names_looked_up(run.text) for run in graded if run.role != "setup"))
    wanted = missing = used - KNOWN - set().union(*(defines(run.text) for run in graded))
    others = {place: run.text for place, run in enumerate(everything) if run not in graded} if wanted else {}
    brought: dict[int, str] = {}
    grown = bool(wanted)
    while grown:
        grown, found = False, set()
        for place, whole in others.items():
            text, defined, more = statements_for(wanted, whole)
            if text and text != brought.get(place):
                brought[place], grown = text, True
                wanted = wanted | more - KNOWN
            found |= defined
        missing = missing - found
    runs = [
        Run(run.id, "brought", brought[place]) if place in brought else run
        for place, run in enumerate(everything)
        if run in graded or place in brought
    ]
    return tuple(runs), missing
