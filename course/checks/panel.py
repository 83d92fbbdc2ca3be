"""How a result looks: a small panel in the notebook, plain text elsewhere.
Every lesson's checks show their results through it.
Read course/checks/sentences.py first, for the Result that is shown here."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from course.checks.result import RECORDED, Result

RESULT_TYPE = "application/vnd.landscape-of-loss.result+json"
SIGNS = {"passed": "\u2713", "failed": "\u2717", "not attempted": "\u25cb", "recorded": "\u25cf", "needs a look": "?"}
COLOURS = {"passed": "#009E73", "failed": "#D55E00", "not attempted": "#767676", "recorded": "#0072B2", "needs a look": "#CC79A7"}
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
        lines.append(f"  {result.detail or result.message}")
    if result.mistake:
        lines.append(f"  It looks as if: {result.mistake}")
    if result.hint:
        lines.append(f"  Hint: {result.hint[0]}")
    if result.note:
        lines.append(f"  Note: {result.note}")
    return "\n".join(lines)


def as_html(result: Result) -> str:
    """The result as a panel. Sign and words carry the verdict, colour only repeats it; hints open one at a time."""
    colour = COLOURS[result.status]
    parts = [f"<strong><span aria-hidden='true' style='color:{colour}'>{SIGNS[result.status]}</span> {escape(headline(result))}</strong>"]
    if result.detail or result.message:
        parts.append(f"<div>{escape(result.detail or result.message)}</div>")
    if result.mistake:
        parts.append(f"<div><em>It looks as if:</em> {escape(result.mistake)}</div>")
    ladder = ""
    for rung, hint in reversed(list(zip(RUNGS, result.hint, strict=False))):
        ladder = f"<details style='margin:.25em 0 0 .75em'><summary>{rung}</summary>{escape(hint)}{ladder}</details>"
    if ladder:
        parts.append(ladder)
    if result.note:
        parts.append(f"<div><small>{escape(result.note)}</small></div>")
    return f"<div role='status' style='border-left:4px solid {colour};padding:.35em .8em;margin:.3em 0'>{''.join(parts)}</div>"


def show(result: Result | None) -> None:
    """Display a result in the notebook; nothing where there is none."""
    if result is None:
        return
    from IPython.display import display

    display({RESULT_TYPE: result.as_dict(), "text/html": as_html(result), "text/plain": as_text(result)}, raw=True)


_hook: Callable[..., Any] | None = None


def after_each_cell(action: Callable[[BaseException | None, str], Any]) -> None:
    """In a notebook, run the action after every cell with the exception that ended it, if any, and the cell's text, in place of an earlier action.

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
