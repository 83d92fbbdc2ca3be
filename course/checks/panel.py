"""How results look: one panel an exercise in the notebook, plain text elsewhere.
Every lesson's checks show their results through it.
Read course/checks/sentences.py first, for the Result that is shown here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from course.checks.result import FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, PASSED, RECORDED, Result

RESULT_TYPE = "application/vnd.landscape-of-loss.result+json"
SIGNS = {"passed": "\u2713", "failed": "\u2717", "not attempted": "\u25cb", "recorded": "\u25cf", "needs a look": "?"}
COLOURS = {
    "passed": "#009E73",
    "failed": "#D55E00",
    "not attempted": "#767676",
    "recorded": "#0072B2",
    "needs a look": "#CC79A7",
}
WORST_FIRST = (FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, RECORDED, PASSED)
GONE = "<div class='check-panel' hidden></div>"  # where a panel stood that stands under a later check now
RUNGS = ("A nudge", "The idea", "Almost the line")


def headline(result: Result) -> str:
    """'mse: passed, 4 points', the first line of every form."""
    unit = "point" if result.points == 1 else "points"
    if result.status == RECORDED:
        return f"{result.check}: answered, {result.points:g} {unit} to be had; right or wrong is told when you hand in"
    return f"{result.check}: {result.status}, {result.earned:g} of {result.points:g} {unit}"


def as_text(result: Result) -> str:
    """The result in a few lines of plain text."""
    lines = [f"{SIGNS[result.status]} {headline(result)}"]
    if result.detail or result.message:
        lines += (result.detail or result.message).splitlines()
    if result.mistake:
        lines.append(f"It looks as if: {result.mistake}")
    if result.hint:
        lines.append(f"Hint: {result.hint[0]}")
    if result.note:
        lines.append(f"Note: {result.note}")
    return "\n  ".join(lines)


def as_html(*results: Result, outdated: str = "") -> str:
    """What the checks of one exercise found, as one panel with a line for each. Sign and words carry the verdict,
    colour only repeats it; what holds for several lines is said once, and hints open one at a time. outdated: why it
    holds no longer, for an answer that has changed since."""
    statuses = {result.status for result in results}
    status = (
        NOT_ATTEMPTED
        if outdated
        else next(iter(statuses))
        if len(statuses) == 1
        else next(status for status in WORST_FIRST if status in statuses)
    )
    # A live region is read out when it changes; hints stand outside it, since opening one is no news.
    parts = [_signed(status, f"{results[0].exercise}: {outdated}" if outdated else _together(results), "strong")]
    if not outdated and statuses != {NOT_ATTEMPTED}:
        said: set[str] = set()
        lines = [_found(result, said) for result in results]
        if len(results) > 1:
            lines = [
                f"<li style='margin:.15em 0 0'>{_signed(result.status, _line_of(result))}<div "
                f"style='padding-left:1.15em'>{line}</div></li>"
                for result, line in zip(results, lines, strict=True)
            ]
            lines = [f"<ul style='list-style:none;margin:.15em 0 0;padding:0 0 0 .9em'>{''.join(lines)}</ul>"]
        parts += lines
    ladder = ""
    hints = next((result.hint for result in results if result.hint and not outdated), ())
    for rung, hint in reversed(list(zip(RUNGS, hints, strict=False))):
        ladder = f"<details style='margin:.25em 0 0 .75em'><summary>{rung}</summary>{escape(hint)}{ladder}</details>"
    return (
        f"<div class='check-panel' role='group' aria-label='{escape(results[0].exercise)}, what its checks say' "
        f"style='border-left:4px solid {COLOURS[status]};"
        f"padding:.35em .8em;margin:.3em 0'><div role='status'>{''.join(parts)}</div>{ladder}</div>"
    )


def _together(results: Sequence[Result]) -> str:
    """The first line of a panel: of one check its headline, of several the points together."""
    if len(results) == 1:
        return headline(results[0])
    whole = replace(
        results[0],
        check=results[0].exercise,
        points=sum(result.points for result in results),
        earned=sum(result.earned for result in results),
    )
    if len({result.status for result in results}) == 1 and whole.status != FAILED:
        return headline(whole)
    passed = sum(result.status == PASSED for result in results)
    return f"{whole.check}: {passed} of {len(results)} checks passed, {whole.earned:g} of {whole.points:g} points"


def _line_of(result: Result) -> str:
    """One check's line: a quiz's by its question's number, another by its aspect, the first by the exercise's name."""
    aspect = result.check.removeprefix(f"{result.exercise}-")
    return headline(replace(result, check=f"question {aspect}" if aspect.isdecimal() else aspect))


def _signed(status: str, words: str, tag: str = "span") -> str:
    return (
        f"<{tag}><span aria-hidden='true' style='color:{COLOURS[status]}'>{SIGNS[status]}</span> "
        f"{escape(words)}</{tag}>"
    )


def _found(result: Result, said: set[str]) -> str:
    """What was found, but for what has been said already in the same panel."""
    parts = []
    for words, form in (
        (result.detail or result.message, "<div>{}</div>"),
        (result.mistake, "<div><em>It looks as if:</em> {}</div>"),
        (result.note, "<div><small>{}</small></div>"),
    ):
        if words and words not in said:
            if "\n" in words:  # a call, what was expected, what came
                form = (
                    "<div "
                    "style='white-space:pre-wrap;overflow-wrap:anywhere;font-family:var(--jp-code-font-family,monospace)'>{}</div>"
                )
            parts.append(form.format(escape(words)))
        said.add(words)
    return "".join(parts)


@dataclass
class Panel:
    """The panel of one exercise in a notebook. It stands under the check that was run last, and leaves the place where
    it stood before.

    results: by check; those of an answer that has changed since are taken away. last: the result under which it stands.
    """

    results: dict[str, Result] = field(default_factory=dict)
    last: Result | None = None
    place: Any = None

    def show(self, result: Result) -> None:
        """Add a result, and show the panel under its cell. In the cell's output the result lies as data, and as text
        where no page is."""
        from IPython.display import display

        if self.last is not None and self.last.check != result.check:
            self._put(self.last, GONE)
        self.results[result.check] = self.last = result
        self.place = display(_bundle(result, as_html(*self.results.values())), raw=True, display_id=True)

    def outdate(self, why: str) -> None:
        """Say that the answer is another now, so that no verdict stands on one that is gone."""
        if self.results and self.last is not None:
            self._put(self.last, as_html(*self.results.values(), outdated=why))
            self.results = {}

    def _put(self, result: Result, page: str) -> None:
        if self.place is not None:
            self.place.update(_bundle(result, page), raw=True)


def _bundle(result: Result, page: str) -> dict[str, Any]:
    return {RESULT_TYPE: result.as_dict(), "text/html": page, "text/plain": as_text(result)}


_hook: Callable[..., Any] | None = None


def after_each_cell(action: Callable[[BaseException | None, str], Any]) -> None:
    """In a notebook, run the action after every cell with the exception that ended it, if any, and the cell's text, in
    place of an earlier action.

    Elsewhere do nothing.
    """
    global _hook
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    if _hook is not None:
        shell.events.unregister("post_run_cell", _hook)

    def hook(result: Any) -> None:
        action(result.error_before_exec or result.error_in_exec, getattr(result.info, "raw_cell", "") or "")

    _hook = hook
    shell.events.register("post_run_cell", _hook)
