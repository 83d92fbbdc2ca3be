"""The page that `course lab` opens: the path through the course, how far one has come, and one click into what is next.
No lesson teaches this; it is Markdown, which JupyterLab shows as a page, and is written anew whenever a lesson is
saved. Read `page` first, then course/desk/progress.py."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.desk.exchange import has_exchange, nbgrader_settings
from course.desk.files import write_whole
from course.desk.progress import FILE, Standing, standing
from course.desk.work import Lesson, Problem, Work, read

NAME = "welcome.md"
UPDATES = ".updates.json"  # the lessons that the last start brought up to date
PICTURES = Path(__file__).parent / "pictures"  # one a lesson, made by tools/covers.py
# up to which lesson
PARTS = (
    ("How a machine learns", 4),
    ("How a machine sees", 5),
    ("How it keeps from memorising", 10),
    ("How it makes things", 11),
    ("When to trust it", 16),
    ("What came after", 99),
)


def write(work: Work) -> Path:
    """Write the page into the learner's folder. Gives the file."""
    file = work.folder / NAME
    for picture in PICTURES.glob("*.png"):
        if (
            not (copy := work.folder / "pictures" / picture.name).exists()
            or copy.stat().st_mtime_ns < picture.stat().st_mtime_ns
        ):
            write_whole(copy, picture.read_bytes())
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
    begun = standings[following] if following else None
    lines = ["# Landscape of Loss", "", *_done(standings, following), _next(following, begun), ""]
    if updated := [lesson for lesson in standings if lesson.folder in _updated(work)]:
        lines += [
            f"**New:** {', '.join(f'[{lesson.number} {_title(lesson)}]({_link(lesson)})' for lesson in updated)} came "
            "in a newer form. "
            "Your answers are as they were; the notebook as it was lies in `backups/`.",
            "",
        ]
    if exercises:
        lines += [f"**{solved} of {exercises} exercises are solved.** {_bar(solved, exercises)}", ""]
    lines += ["| | | lesson | it answers |", "|:-:|:-:|:--|:--|"]
    rows = {lesson.number: _row(lesson, found) for lesson, found in standings.items()}
    part = None
    for number, row in sorted(rows.items()):
        if part != (part := next(name for name, last in PARTS if int(number) <= last)):
            lines.append(f"| | | **{part}** | |")
        lines.append(row)
    by_clicking = [IN_A_CLASS] if has_exchange(nbgrader_settings()) else []
    return "\n".join([*lines, "", *GUIDE[:2], *by_clicking, *GUIDE[2:], ""])


def _row(lesson: Lesson, found: Standing | None) -> str:
    """A lesson's line in the table. Its picture repeats what stands beside it, so that it has no words of its own."""
    sign, words = _state(found)
    about = about_of(lesson)
    if found and not found.finished and (left := about.minutes_left(found)):
        words += f", {left} minutes"
    picture = (
        f'<img src="pictures/{lesson.folder}.png" alt="" width="96">'
        if (PICTURES / f"{lesson.folder}.png").exists()
        else ""
    )
    return f"| {sign} | {picture} | [{lesson.number} {about.title}]({_link(lesson)})<br>{words} | {about.question} |"


def _done(standings: dict[Lesson, Standing | None], following: Lesson | None) -> list[str]:
    """What is said at the end of a lesson, until work on the next has begun: its points, what one can do now."""
    found = standings[following] if following else None
    last = next(
        (lesson for lesson in reversed(standings) if following is None or lesson.number < following.number), None
    )
    if last is None or (points := standings[last]) is None or (found and any(found.exercises.values())):
        return []
    about = about_of(last)
    said = [f"## Well done: {last.number} {about.title}", "", f"All of its exercises are solved: **{points.score}**."]
    return [*said, *(["", "You can now", "", about.able] if about.able else []), "", "---", ""]


def _updated(work: Work) -> list[str]:
    """The folders of the lessons that the last start brought up to date."""
    try:
        found = json.loads((work.folder / UPDATES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


IN_A_CLASS = (
    "- **Hand in, and fetch feedback:** *Nbgrader, Assignment List* in the menu. *Submit* hands in the lesson as you "
    "saved it last, as often as you like; *Fetch Feedback* brings what came back."
)
GUIDE = (
    "## How it goes",
    "",
    "- **Run a cell:** click into it and press Shift and Enter. Do so from the top of a lesson to its end.",
    "- **Solve an exercise:** write below its description, run it, then run the check under it: a line that begins "
    "with `checks`, and opens with a click. The check says what came, what was wanted, and which mistake it looks "
    "like. "
    "Three hints are folded up below: the third nearly gives the game away.",
    "- **Play:** everything between exercises is yours to change. Nothing can be broken that *Kernel, Restart Kernel "
    "and Run All Cells* does not mend.",
    "- **Put an exercise back, or hand a lesson in:** open a terminal (*File, New, Terminal*) and type `course reset "
    "02 mse` or `course submit 02`.",
    "- **Look a word up:** in the [glossary](glossary.md).",
    "",
    "This page counts what the checks in your saved notebooks have shown; open it anew to see the latest.",
)


def after_save(os_path: str, model: dict[str, Any], contents_manager: Any) -> None:
    """What Jupyter calls after each file that is saved (FileContentsManager.post_save_hook): a lesson's copy brings the
    page up to date."""
    if model.get("type") != "notebook":
        return
    try:
        write(Work(contents_manager.root_dir))
    except (OSError, Problem) as problem:
        contents_manager.log.warning("the welcome page was left as it is: %s", problem)


def _standing(work: Work, lesson: Lesson) -> Standing | None:
    """Where the learner stands in a lesson, read again only when a file has changed; None where the copy cannot be
    read."""
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
        return (
            "Everything here is solved. Read a lesson again as a stranger would, and see what you now think of its "
            "first page."
        )
    about, link = about_of(lesson), f"[{lesson.number} {_title(lesson)}]({_link(lesson)})"
    if found is None:
        return f"### Next: {link}\n\nIt cannot be read as it is: `course reset` in a terminal brings a fresh copy."
    if not any(found.exercises.values()):
        return f"### Next: {link}" + (f"\n\nIt takes {about.time}." if about.time else "")
    place = next((place for place, done in enumerate(found.exercises.values()) if not done), None)
    named = (
        f"exercise {place + 1}: {about.exercises[place][1]}"
        if place is not None and place < len(about.exercises)
        else found.next
    )
    left = about.minutes_left(found)
    return (
        f"### Go on with {link}"
        + (f"\n\nYou stopped before **{named}**." if named else "")
        + (f" Its exercises take about {left} minutes more." if left else "")
    )


def _state(found: Standing | None) -> tuple[str, str]:
    """A sign and words for how far a lesson is solved; the words say all that the sign does."""
    if found is None:
        return "?", "cannot be read"
    solved, all = sum(found.exercises.values()), len(found.exercises)
    if found.finished:
        return "●", "all done"
    return ("◐", f"{solved} of {all} solved") if solved or any(found.questions.values()) else ("○", f"{all} to solve")


def _bar(done: int, all: int) -> str:
    """The browser's own bar, in the page's colours. The words beside it say the same, so it is not read out twice."""
    return f'<progress value="{done}" max="{all}" aria-hidden="true"></progress>'


def _link(lesson: Lesson) -> str:
    return f"{lesson.folder}/{lesson.released.name}"


def _title(lesson: Lesson) -> str:
    return about_of(lesson).title


@dataclass(frozen=True)
class About:
    """What a lesson says of itself. question: its first bold sentence. time: 'about 85 minutes'. able: what one can do
    by its end, a list in Markdown. exercises: the minutes and the name of each, in order."""

    title: str
    question: str
    time: str
    able: str
    exercises: tuple[tuple[int, str], ...]

    def minutes_left(self, found: Standing) -> int:
        """What the exercises take that are not solved yet."""
        return sum(
            minutes for (minutes, _), done in zip(self.exercises, found.exercises.values(), strict=False) if not done
        )


def about_of(lesson: Lesson) -> About:
    """What a lesson says of itself, read again when its release has changed."""
    return _about(lesson.released, lesson.released.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _about(file: Path, mark: int) -> About:
    notebook = read(file)
    first = notebook.cells[0].source if notebook.cells else ""
    bold = re.search(r"\*\*(.+?)\*\*", first, re.DOTALL)
    heading = re.search(r"^# (.+)$", first, re.MULTILINE)
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    time, able = (
        re.search(r"^\*\*Time:\*\* (about \d+ minutes)", prose, re.MULTILINE),
        re.search(r"\*\*By the end you can\*\*\s+((?:[-*] .+\n(?:  .+\n)*)+)", prose),
    )
    exercises = re.findall(r"^\*\*Exercise \d+ \((\d+) minutes?, \w+\): (.+?)\.?\*\*", prose, re.MULTILINE)
    return About(
        heading[1] if heading else file.stem,
        " ".join(bold[1].split()).replace("|", "/") if bold else "",
        time[1] if time else "",
        able[1].strip() if able else "",
        tuple((int(minutes), name) for minutes, name in exercises),
    )
