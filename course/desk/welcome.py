"""The page that `course lab` opens: the path through the course, how far one has come, and one click into what is next.
No lesson teaches this; it is Markdown, which JupyterLab shows as a page, and is written anew whenever a lesson is saved.
Read `page` first, then course/desk/progress.py."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.desk.files import write_whole
from course.desk.progress import FILE, Standing, standing
from course.desk.work import Lesson, Problem, Work, read

NAME = "welcome.md"
PARTS = (("How a machine learns", 4), ("How a machine sees", 5), ("How it keeps from memorising", 10), ("How it makes things", 11), ("When to trust it", 99))  # up to which lesson


def write(work: Work) -> Path:
    """Write the page into the learner's folder. Gives the file."""
    file = work.folder / NAME
    text = page(work).encode()
    if not file.exists() or file.read_bytes() != text:
        write_whole(file, text)
    return file


def page(work: Work) -> str:
    """The page as Markdown, its links relative to the learner's folder."""
    standings = {lesson: _standing(work, lesson) for lesson in work.lessons()}
    following = next((lesson for lesson, found in standings.items() if found is None or not found.finished), None)
    solved = sum(sum(found.exercises.values()) for found in standings.values() if found)
    exercises = sum(len(found.exercises) for found in standings.values() if found)
    lines = ["# Landscape of Loss", "", _next(following, standings.get(following)), ""]
    if exercises:
        lines += [f"**{solved} of {exercises} exercises are solved.** {_bar(solved, exercises)}", ""]
    lines += ["| | lesson | it answers | exercises |", "|:-:|:--|:--|:--|"]
    part = None
    for lesson, found in standings.items():
        if part != (part := next(name for name, last in PARTS if int(lesson.number) <= last)):
            lines.append(f"| | **{part}** | | |")
        sign, words = _state(found)
        title, question = _about(lesson.released, lesson.released.stat().st_mtime_ns)
        lines.append(f"| {sign} | [{lesson.number} {title}]({_link(lesson)}) | {question} | {words} |")
    return "\n".join([*lines, "", *GUIDE, ""])


GUIDE = (
    "## How it goes", "",
    "- **Run a cell:** click into it and press Shift and Enter. Do so from the top of a lesson to its end.",
    "- **Solve an exercise:** write below its description, run it, then run the check under it: a line that begins with `checks`, and opens with a click. The check says what came, what was wanted, and which mistake it looks like. "
    "Three hints are folded up below: the third nearly gives the game away.",
    "- **Play:** everything between exercises is yours to change. Nothing can be broken that *Kernel, Restart Kernel and Run All Cells* does not mend.",
    "- **Put an exercise back, or hand a lesson in:** open a terminal (*File, New, Terminal*) and type `course reset 02 mse` or `course submit 02`.",
    "- **Look a word up:** in the [glossary](glossary.md).", "",
    "This page counts what the checks in your saved notebooks have shown; open it anew to see the latest.")


def after_save(os_path: str, model: dict[str, Any], contents_manager: Any) -> None:
    """What Jupyter calls after each file that is saved (FileContentsManager.post_save_hook): a lesson's copy brings the page up to date."""
    if model.get("type") != "notebook":
        return
    try:
        write(Work(contents_manager.root_dir))
    except (OSError, Problem) as problem:
        contents_manager.log.warning("the welcome page was left as it is: %s", problem)


def _standing(work: Work, lesson: Lesson) -> Standing | None:
    """Where the learner stands in a lesson, read again only when a file has changed; None where the copy cannot be read."""
    files = (lesson.released, work.path(lesson), work.folder / FILE)
    marks = tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)
    return _read_standing(work.folder, lesson, marks)


@lru_cache(maxsize=64)
def _read_standing(folder: Path, lesson: Lesson, marks: tuple[int, ...]) -> Standing | None:
    try:
        return standing(Work(folder), lesson)
    except Problem:
        return None


def _next(lesson: Lesson | None, found: Standing | None) -> str:
    if lesson is None:
        return "Everything here is solved. Read a lesson again as a stranger would, and see what you now think of its first page."
    words = "it cannot be read as it is: `course reset` in a terminal brings a fresh copy" if found is None else f"next is {found.next}" if any(found.exercises.values()) and found.next else ""
    return f"### Next: [{lesson.number} {_title(lesson)}]({_link(lesson)})" + (f"\n\n{words[:1].upper()}{words[1:]}." if words else "")


def _state(found: Standing | None) -> tuple[str, str]:
    """A sign and words for how far a lesson is solved; the words say all that the sign does."""
    if found is None:
        return "?", "cannot be read"
    solved, all = sum(found.exercises.values()), len(found.exercises)
    if found.finished:
        return "●", "all done"
    return ("◐", f"{solved} of {all} solved") if solved or any(found.questions.values()) else ("○", f"{all} to solve")


def _bar(done: int, all: int, length: int = 24) -> str:
    full = round(length * done / all)
    return f"`{'█' * full}{'░' * (length - full)}`"


def _link(lesson: Lesson) -> str:
    return f"{lesson.folder}/{lesson.released.name}"


def _title(lesson: Lesson) -> str:
    return _about(lesson.released, lesson.released.stat().st_mtime_ns)[0]


@lru_cache(maxsize=64)
def _about(file: Path, mark: int) -> tuple[str, str]:
    """A lesson's title and the question that it opens with: the first bold sentence."""
    notebook = read(file)
    first = notebook.cells[0].source if notebook.cells else ""
    bold = re.search(r"\*\*(.+?)\*\*", first, re.DOTALL)
    heading = re.search(r"^# (.+)$", first, re.MULTILINE)
    return (heading[1] if heading else file.stem), (" ".join(bold[1].split()).replace("|", "/") if bold else "")
