"""What judging one submission may take, and what came of it: values alone, so that a result that was kept is had
without torch. No lesson teaches it; grader/judging/judge.py fills it in, grader/judging/keys.py keeps it.
Read grader/judging/intake.py first."""

from __future__ import annotations

from dataclasses import dataclass, field

from course.checks.result import Result

MOST_PATIENCE = (
    3  # times a limit: a machine that is busy with others makes nobody late, and nobody holds it for ever either
)


@dataclass(frozen=True)
class CellRun:
    """What came of running one cell: printed text (shortened) and the exception as (type, message, line), if any."""

    printed: str = ""
    raised: tuple[str, str, int] | None = None


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: one cell, one call that a check makes, the whole submission."""

    cell: float = 15.0
    call: float = 8.0
    submission: float = 60.0


@dataclass
class Judged:
    """What came of judging one submission: a result for each check cell, how each cell ran, and what an instructor may
    want to see.

    everything: whether a name was missing, so that untouched cells were run as well. cut: whether time ran out or a
    process was lost, which a machine that is less busy may not repeat. keys: what the results of each exercise depend
    on.
    """

    results: list[Result] = field(default_factory=list)
    runs: dict[str, CellRun] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    everything: bool = False
    cut: bool = False
    keys: dict[str, str] = field(default_factory=dict)
