"""Handing in: one lesson's notebook, without outputs, to nbgrader's exchange or as a file to upload, with a receipt.
No lesson teaches this; `course submit LESSON` is it.
Read course/desk/work.py first, for where the files lie."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.desk.exchange import in_exchange, nbgrader_settings
from course.desk.files import write_whole
from course.desk.merge import grade_id, learners_cells, short_name
from course.desk.progress import standing
from course.desk.work import MARKERS, Lesson, Problem, Work, now, read, stamp, unused


def stripped(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what running it left behind: outputs, counts, widgets' state. Changes it in place and
    returns it."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def submit(work: Work, lesson: Lesson) -> dict[str, Any]:
    """Hand a lesson in. Returns the receipt, which also lies beside the file that was handed in.

    The file is kept under submitted/ in any case, so that a learner can show later what was handed in and when.
    """
    content = nbformat.writes(stripped(work.mine(lesson))).encode() + b"\n"
    moment = now()
    file = unused(work.folder / "submitted" / f"{lesson.folder}-{stamp(moment)}.ipynb")
    receipt: dict[str, Any] = {
        "lesson": lesson.folder,
        "file": str(file.relative_to(work.folder)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "time": moment.isoformat(),
        "exchange": "",
        **unsolved(work, lesson),
        "elsewhere": elsewhere(work, lesson),
    }
    config = nbgrader_settings()
    if in_exchange(config, lesson.folder):
        receipt["exchange"], receipt["time"] = to_exchange(config, lesson, content)
    write_whole(file, content)
    write_whole(file.with_suffix(".json"), json.dumps(receipt, indent=1).encode() + b"\n")
    return receipt


def unsolved(work: Work, lesson: Lesson) -> dict[str, list[str]]:
    """What is not written in a learner's copy, and what is written and has not passed, as far as the last check
    tells."""
    found, mine = standing(work, lesson), learners_cells(work.mine(lesson))
    blank = [
        short_name(cell)
        for name, cell in learners_cells(read(lesson.released)).items()
        if name not in mine or not is_answered(mine[name], cell)
    ]
    return {
        "not written": blank,
        "not passed": [name for name, solved in found.exercises.items() if not solved and name not in blank],
    }


def elsewhere(work: Work, lesson: Lesson) -> list[str]:
    """Where else work on a lesson lies, in words: a copy, a checkpoint or a backup that has answers which the notebook
    itself has not, and conflict markers in it."""
    here, stubs, mine = work.path(lesson), learners_cells(read(lesson.released)), work.mine(lesson)
    own = {
        name: cell for name, cell in learners_cells(mine).items() if name in stubs and is_answered(cell, stubs[name])
    }
    found = [
        f"{short_name(cell) if grade_id(cell) else 'a cell'} holds git's conflict markers: two versions of it, of "
        "which neither is chosen"
        for cell in mine.cells
        if MARKERS.search(cell.source)
    ]
    for file in sorted(
        {
            *here.parent.rglob("*.ipynb*"),
            *work.folder.glob(f"*{lesson.name}*.ipynb*"),
            *work.folder.glob(f"backups/{lesson.folder}-*.ipynb"),
        }
        - {here}
    ):
        if not file.is_file():
            continue
        name = file.relative_to(work.folder)
        try:
            others = {
                name: cell
                for name, cell in learners_cells(read(file)).items()
                if name in stubs and is_answered(cell, stubs[name])
            }
        except Problem:
            found.append(f"{name} cannot be read, so nobody knows what is in it")
            continue
        more = [short_name(cell) for key, cell in others.items() if key not in own]
        differs = [
            short_name(cell)
            for key, cell in others.items()
            if key in own and own[key].source.strip() != cell.source.strip()
        ]
        if more:
            found.append(f"{name} has an answer to {', '.join(more)}, which is not in what was handed in")
        elif differs and file.stat().st_mtime > here.stat().st_mtime:
            found.append(
                f"{name} is newer than what was handed in, and its answer to {', '.join(differs)} is another one"
            )
    return found


def is_answered(cell: NotebookNode, stub: NotebookNode) -> bool:
    """Whether something is written in a cell that a learner fills in."""
    return cell.source.strip() not in ("", stub.source.strip())


def to_exchange(config: Any, lesson: Lesson, content: bytes) -> tuple[str, str]:
    """Put the notebook into the exchange. Returns where it went and the time that the exchange gave it."""
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        notebook = Path(folder) / lesson.folder / lesson.released.name
        notebook.parent.mkdir()
        notebook.write_bytes(content)
        config = config.copy()
        config.Exchange.assignment_dir = folder
        config.Exchange.path_includes_course = False
        config.CourseDirectory.assignment_id = lesson.folder
        course = CourseDirectory(config=config)
        action = ExchangeFactory(config=config).submit(
            coursedir=course, authenticator=Authenticator(config=config), config=config
        )
        action.log.setLevel(logging.CRITICAL)
        try:
            action.start()
        except ExchangeError as error:
            raise Problem(f"the exchange did not take {lesson.folder}: {error}") from None
        return str(getattr(action, "assignment_filename", course.course_id)), str(action.timestamp)
