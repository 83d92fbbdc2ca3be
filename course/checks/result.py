"""What one check cell found: the result that a learner reads in the panel and the grader writes down.
Every lesson's checks make them.
Read course/checks/sentences.py next, where they are made; course/checks/panel.py shows them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

PASSED, FAILED, NOT_ATTEMPTED, RECORDED, NEEDS_A_LOOK = "passed", "failed", "not attempted", "recorded", "needs a look"


@dataclass
class Result:
    """What one check cell found.

    status is one of 'passed', 'failed', 'not attempted', 'recorded' (a quiz answer, judged at hand-in) and 'needs a
    look'. message is in words without values and may be shown to anybody; detail holds values and is for the learner's
    own screen.
    mistake names the known mistake that the answer looks like; hint is the ladder of hints, gentlest first. behaviour:
    of a wrong answer that has no name, a mark that others have who do the same; it is for the instructor's report
    alone. example: after hand-in, what a worked example that stands in sight came to, made where no drawn call has
    been.
    """

    check: str
    exercise: str
    points: float
    earned: float = 0.0
    status: str = ""
    message: str = ""
    detail: str = ""
    mistake: str = ""
    hint: tuple[str, ...] = ()
    note: str = ""
    behaviour: str = ""
    example: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON has it; `example`, which nobody has before hand-in, stands there only once it is told."""
        shown = {**asdict(self), "hint": list(self.hint)}
        return shown if self.example else {name: value for name, value in shown.items() if name != "example"}
