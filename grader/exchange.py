"""Handing out and fetching: through nbgrader's exchange where there is one, else from a folder of files.
No lesson teaches it; `grader release` and `grader collect` are it.
Read grader/intake.py next: nothing in what is fetched here has been looked at yet."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.files import write_whole
from grader.cells import Lesson
from grader.intake import Refused, read_file
from grader.records import student_name


def release(lesson: Lesson, root: Path) -> str:
    """Put the released notebook into the exchange. Gives where, or '' where there is no exchange on this machine."""
    api = _nbgrader(root)
    exchange = _exchange_folder(api)
    if not os.access(exchange, os.W_OK):
        return ""
    _done(api.release_assignment(lesson.folder), f"nbgrader could not release {lesson.folder}")
    return exchange


def collect(lesson: Lesson, root: Path, classroom: Path) -> tuple[list[str], list[str]]:
    """Fetch each student's newest submission from the exchange into the classroom. Gives the students, and nothing left over."""
    api = _nbgrader(root)
    if not os.access(_exchange_folder(api), os.R_OK):
        return [], [f"there is no exchange at {_exchange_folder(api)}"]
    _done(api.collect(lesson.folder, update=True), f"nbgrader could not collect {lesson.folder}")
    return sorted(folder.parent.name for folder in (classroom / "submitted").glob(f"*/{lesson.folder}")), []


def collect_folder(lesson: Lesson, source: Path, classroom: Path) -> tuple[list[str], list[str]]:
    """Copy STUDENT.ipynb, or STUDENT/anything.ipynb, from a folder into the classroom.

    The student is the file's or the folder's name, the time is the file's own. Gives the students, and in words what was left
    and why. Raises NotADirectoryError where there is no such folder.
    """
    if not source.is_dir():
        raise NotADirectoryError(20, "a folder of notebooks is wanted here", str(source))
    taken, left = [], []
    for entry in sorted(source.iterdir()):
        files = sorted(entry.glob("*.ipynb")) if entry.is_dir() and not entry.is_symlink() else [entry]
        if entry.is_dir() and len(files) != 1:
            left.append(f"{entry.name}: {len(files)} notebooks, and one is wanted")
            continue
        if files[0].suffix != ".ipynb":
            left.append(f"{entry.name}: not a notebook")
            continue
        try:
            student, content = student_name(entry.name.removesuffix(".ipynb")), read_file(files[0])
        except (ValueError, Refused) as error:
            left.append(f"{entry.name}: {error}")
            continue
        folder = classroom / "submitted" / student / lesson.folder
        time = datetime.fromtimestamp(files[0].stat().st_mtime, UTC)
        write_whole(folder / f"{lesson.name}.ipynb", content)
        write_whole(folder / "timestamp.txt", time.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
        taken.append(student)
    return taken, left


def _nbgrader(root: Path) -> Any:
    """nbgrader's own API with the course's configuration."""
    from nbgrader.apps import NbGrader
    from nbgrader.apps.api import NbGraderAPI

    app = NbGrader()
    app.config_file_paths.insert(0, str(root))
    app.load_config_file()
    return NbGraderAPI(config=app.config)


def _exchange_folder(api: Any) -> str:
    from nbgrader.exchange.default import Exchange

    return str(Exchange(config=api.config).root)


def _done(answer: dict[str, Any], words: str) -> None:
    if not answer.get("success"):
        log = (answer.get("error") or answer.get("log") or "").strip().splitlines()
        raise OSError(1, f"{words}: {log[-1] if log else 'it did not say why'}")
