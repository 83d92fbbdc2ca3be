"""The copy of a submission that nbgrader's form grader shows: the lesson as it was handed out, with all that the
learner wrote. No lesson teaches it; grader/classroom/records.py writes one for each outcome.
Read grader/judging/places.py first: what has no place of its own. Nothing of it becomes markup, a link or a script."""

from __future__ import annotations

import base64
import contextlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import nh3
from nbformat import NotebookNode

from course.checks import panel
from course.desk.files import PRIVATE, write_whole
from grader.classroom.pages import as_typed
from grader.judging.grade import REFUSED, Outcome
from grader.judging.pictures import ENDINGS
from grader.judging.places import Stray
from grader.judging.sandbox import ROOT
from grader.lessons.cells import Lesson

# A highlighter's time grows with the square of a run of blank lines: longer ones than people write are shown as plain
# text.
LONGEST_CODE = 10_000
MOST_CODE = 40_000  # characters of all of a learner's cells together that are highlighted
OUR_PICTURE = re.compile(rf"[0-9a-f]{{16}}\.({'|'.join(ENDINGS)})")
# Looking for links takes the square of the brackets, and so on: what means something to Markdown goes out as a
# character reference.
MARKDOWNS_OWN = {ord(sign): f"&#{ord(sign)};" for sign in "[]()!$*_~`|\\"}
LONGEST_GAP = re.compile(r"\s{200}")


def write_copy(classroom: Path, outcome: Outcome, lesson: Lesson, student: str) -> None:
    """Write the copy for the form grader, and the pictures beside it, which the page of feedback shows too."""
    folder = classroom / "autograded" / student / lesson.folder
    for name, content in outcome.pictures.items():
        write_whole(folder / name, content, PRIVATE)
    write_whole(folder / f"{lesson.name}.ipynb", nbformat.writes(copy_of(outcome, lesson)) + "\n", PRIVATE)
    for file in folder.iterdir():
        if OUR_PICTURE.fullmatch(file.name) and file.name not in outcome.pictures:
            file.unlink()  # of an earlier hand-in


def read_pictures(classroom: Path, outcome: dict[str, Any]) -> dict[str, bytes]:
    """The pictures of an outcome that was written down, by name."""
    names = [name for stray in outcome.get("strays", []) for name in stray["pictures"]]
    names += [name for mine in outcome.get("attached", {}).values() for name in mine]
    found = {}
    for name in names:
        with contextlib.suppress(OSError):
            found[name] = (classroom / "autograded" / outcome["student"] / outcome["lesson"] / name).read_bytes()
    return found


def copy_of(outcome: Outcome, lesson: Lesson) -> NotebookNode:
    """The notebook: the release with the learner's text in it, under each check its result, behind each cell what has
    no place."""
    notebook = nbformat.from_dict(json.loads(_released(lesson)))
    results = {f"check-{result.check}": result for result in outcome.results}
    behind: dict[str, list[Stray]] = {}
    for stray in outcome.strays:
        behind.setdefault(stray.after, []).append(stray)
    cells = [_words("top", f"This could not be graded: {outcome.why}")] if outcome.status == REFUSED else []
    numbers = iter(range(len(outcome.strays)))
    cells += [cell for stray in behind.get("", []) for cell in _stray(stray, outcome, next(numbers))]
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id"))
        if name in outcome.texts:
            _fill(cell, outcome.texts[name], [*outcome.attached.get(name, [])], outcome.pictures)
        if name in outcome.printed and cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=outcome.printed[name])]
        if name in results and cell.cell_type == "code":
            shown = {"text/html": panel.as_html(results[name]), "text/plain": panel.as_text(results[name])}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
        mine = behind.get(name, [])
        changed = [stray for stray in mine if stray.ran and stray.cell == name]
        if changed:  # an experiment as the learner left it
            names = [picture for stray in changed for picture in stray.pictures]
            _fill(cell, "\n\n".join(stray.text for stray in changed), names, outcome.pictures)
        cells.append(cell)
        for stray in mine:
            if stray not in changed or stray.waits:
                cells += _stray(stray, outcome, next(numbers), shown=stray in changed)
    notebook.cells = cells
    left = MOST_CODE
    lessons_own = {cell.stub for cell in lesson.cells}
    for cell in cells:
        text = "".join(cell.source)  # a file has it in lines
        if cell.cell_type == "code" and text not in lessons_own:
            left -= len(text)
            if left < 0:
                _fill_plain(cell, text)
    return notebook


@cache
def _released(lesson: Lesson) -> str:
    return (ROOT / "notebooks" / lesson.folder / f"{lesson.name}.ipynb").read_text(encoding="utf-8")


def _fill(cell: NotebookNode, text: str, names: list[str], pictures: dict[str, bytes]) -> None:
    """Put a learner's text into a cell of the lesson."""
    if cell.cell_type == "code" and not names and len(text) <= LONGEST_CODE and not LONGEST_GAP.search(text):
        cell.source = as_typed(text)
        return
    _fill_plain(cell, text)
    cell.attachments = nbformat.from_dict({})
    _attach(cell, names, pictures)


def _fill_plain(cell: NotebookNode, text: str) -> None:
    """Put a text into a cell as words, which nothing highlights."""
    if cell.cell_type == "code":
        cell.cell_type = "markdown"
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)
    cell.source = _plain(text)


def _stray(stray: Stray, outcome: Outcome, number: int, shown: bool = False) -> list[NotebookNode]:
    """Something without a place: a line that says where it stood, then what it is. shown: it stands above already."""
    waits = (
        f"; it asks another look at {stray.about}"
        if stray.about
        else "; it waits for you"
        if stray.waits
        else "; it was run in its place"
        if stray.ran
        else ""
    )
    who = "The cell above: the learner" if shown else "The learner"
    said = _words(f"stray-{number}", f"{who} wrote this {stray.where}{waits}.")
    if shown:
        return [said]
    if stray.kind == "code" and stray.ran:
        cell = nbformat.v4.new_code_cell("", id=f"stray-{number}-code")
        _fill(cell, stray.text, list(stray.pictures), outcome.pictures)
    else:
        cell = nbformat.v4.new_markdown_cell(_plain(stray.text), id=f"stray-{number}-text")
        _attach(cell, list(stray.pictures), outcome.pictures)
    return [said, cell]


def _words(id: str, text: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(f"<b>{nh3.clean_text(as_typed(text))}</b>", id=id)


def _attach(cell: NotebookNode, names: list[str], pictures: dict[str, bytes]) -> None:
    """Show pictures under a text, each as an attachment under a name and with a type of our own."""
    for name in dict.fromkeys(names):
        if name in pictures:
            media, content = ENDINGS[name.rsplit(".", 1)[1]], base64.b64encode(pictures[name]).decode()
            cell.setdefault("attachments", nbformat.from_dict({}))[name] = {media: content}
            cell.source += f"\n\n![A picture that the learner attached](attachment:{name})"
    if not cell.get("attachments"):
        cell.pop("attachments", None)


def _plain(text: str) -> str:
    """Markdown that shows a text as it was typed: the form grader renders links to javascript:, pictures from anywhere
    and TeX's href, and gives up at a picture that is not attached."""
    shown = nh3.clean_text(as_typed(text)).translate(MARKDOWNS_OWN)
    return f'<div class="tex2jax_ignore mathjax_ignore" style="white-space: pre-wrap">{shown}</div>'
