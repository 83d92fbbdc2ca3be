"""Handing in: one lesson's notebook, without outputs, to nbgrader's exchange or as a file to upload, with a receipt.
No lesson teaches this; `course submit LESSON` is it.
Read course/desk/work.py first, for where the files lie."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.desk.files import write_whole
from course.desk.work import Lesson, Problem, Work, now, stamp, unused


def stripped(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what running it left behind: outputs, counts, widgets' state. Changes it in place and returns it."""
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
    receipt = {"lesson": lesson.folder, "file": str(file.relative_to(work.folder)), "sha256": hashlib.sha256(content).hexdigest(),
               "time": moment.isoformat(), "exchange": ""}
    config = nbgrader_settings()
    if in_exchange(config, lesson):
        receipt["exchange"], receipt["time"] = to_exchange(config, lesson, content)
    write_whole(file, content)
    write_whole(file.with_suffix(".json"), json.dumps(receipt, indent=1).encode() + b"\n")
    return receipt


def nbgrader_settings() -> Any:
    """What nbgrader would read if it were started here: the system's configuration, the user's, and this folder's."""
    from nbgrader.apps import NbGrader

    app = NbGrader()
    app.log.setLevel(logging.CRITICAL)
    app.load_config_file()
    return app.config


def in_exchange(config: Any, lesson: Lesson) -> bool:
    """Whether there is an exchange that this lesson was released to and that takes submissions from this user."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory

    if "ExchangeFactory" in config and ExchangeFactory(config=config).submit is not ExchangeFactory().submit:
        return True  # a service in place of a folder knows for itself whom it lets in
    from nbgrader.exchange.default import Exchange

    course = Path(Exchange(config=config).root) / CourseDirectory(config=config).course_id
    return (course / "outbound" / lesson.folder).is_dir() and os.access(course / "inbound", os.W_OK | os.X_OK)


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
        action = ExchangeFactory(config=config).submit(coursedir=course, authenticator=Authenticator(config=config), config=config)
        action.log.setLevel(logging.CRITICAL)
        try:
            action.start()
        except ExchangeError as error:
            raise Problem(f"the exchange did not take {lesson.folder}: {error}") from None
        return str(getattr(action, "assignment_filename", course.course_id)), str(action.timestamp)
