"""A learner's own copies of the lessons: where they lie, how they are handed out, brought up to date and put back.
No lesson teaches this; every lesson is opened through it (`course lab`, `course reset`).
Read this first, then course/desk/merge.py: how an update keeps what a learner wrote."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from course.desk.files import write_whole
from course.desk.merge import learners_cells, merge, short_name

if TYPE_CHECKING:  # importing it takes a second, and a quiz does without
    from nbformat import NotebookNode

HERE = Path(__file__).resolve().parents[2]


class Problem(Exception):
    """Something the learner can mend, told in one line. status is the command's exit status: 1 it failed, 2 it was
    asked wrongly."""

    def __init__(self, words: str, status: int = 1) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True)
class Lesson:
    """A lesson as it was released. folder: '02-lines', whose notebook is lines.ipynb."""

    folder: str
    released: Path

    @property
    def name(self) -> str:
        return self.folder.split("-", 1)[1]

    @property
    def number(self) -> str:
        return self.folder.split("-", 1)[0]


def checkout() -> Path:
    """The folder that holds notebooks/: the nearest one from here upwards, else the one that this package was installed
    from."""
    for folder in (Path.cwd(), *Path.cwd().parents, HERE):
        if (folder / "notebooks").is_dir() and (folder / "nbgrader_config.py").is_file():
            return folder
    raise Problem(
        f"no lessons found: neither {Path.cwd()} nor a folder above it holds notebooks/ and nbgrader_config.py; go to "
        "your clone of the course"
    )


class Work:
    """A learner's folder: NN-name/name.ipynb for each lesson, backups/, submitted/, and in .released/ what each copy
    was made from."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self.release = checkout() / "notebooks"
        self.folder = (
            Path(folder or os.environ.get("LANDSCAPE_WORK") or self.release.parent / "work").expanduser().resolve()
        )

    def lessons(self) -> list[Lesson]:
        """The released lessons, in the order of their numbers."""
        found = sorted(
            path for path in self.release.glob("[0-9][0-9]-*/*.ipynb") if path.parent.name.split("-", 1)[1] == path.stem
        )
        if not found:
            raise Problem(f"no lessons found in {self.release}: `make build` makes them from the lessons' text")
        return [Lesson(path.parent.name, path) for path in found]

    def lesson(self, text: str) -> Lesson:
        """The lesson that is meant by '02-lines', 'lines', '02' or '2'."""
        lessons = self.lessons()
        for lesson in lessons:
            if text.strip("/") in (lesson.folder, lesson.name, lesson.number) or (
                text.isdigit() and int(text) == int(lesson.number)
            ):
                return lesson
        raise Problem(
            f"no lesson is called {text!r}; there are {', '.join(lesson.folder for lesson in lessons)}", status=2
        )

    def path(self, lesson: Lesson) -> Path:
        """The learner's copy, whether it is there or not."""
        return self.folder / lesson.folder / lesson.released.name

    def base_path(self, lesson: Lesson) -> Path:
        return self.folder / ".released" / lesson.folder / lesson.released.name

    def mine(self, lesson: Lesson) -> NotebookNode:
        """The learner's copy as it is on disk."""
        path = self.path(lesson)
        if not path.exists():
            raise Problem(f"{path} is not there yet: `course lab` puts a copy of every lesson into {self.folder}")
        return read(path)

    def base(self, lesson: Lesson) -> NotebookNode:
        """The release that the learner's copy was made from; the present one where that is not known."""
        path = self.base_path(lesson)
        return read(path if path.exists() else lesson.released)

    def current(self, lesson: Lesson) -> NotebookNode:
        """The learner's answers and added cells, in the lesson as it is released now."""
        return merge(self.base(lesson), self.mine(lesson), read(lesson.released))

    def hand_out(self, lesson: Lesson) -> str:
        """Put a lesson into the learner's folder, or bring it up to date. Returns 'new', 'updated' or 'kept'.

        An update never touches an answer (see merge); before it writes, the copy as it was goes to backups/.
        """
        path, base = self.path(lesson), self.base_path(lesson)
        if not path.exists():
            outcome = "new"
            write_whole(path, lesson.released.read_bytes())
        elif base.exists() and base.read_bytes() == lesson.released.read_bytes():
            outcome = "kept"
        else:
            mine, updated = read(path), self.current(lesson)
            outcome = "kept" if updated == mine else "updated"
            if outcome == "updated":
                self.back_up(lesson)
                write_notebook(path, updated)
        if outcome != "kept" or not base.exists() or base.read_bytes() != lesson.released.read_bytes():
            write_whole(base, lesson.released.read_bytes())
        for extra in lesson.released.parent.iterdir():
            if extra.is_file() and extra.suffix != ".ipynb":
                write_whole(path.parent / extra.name, extra.read_bytes())
        return outcome

    def hand_out_glossary(self) -> None:
        """The pages that every lesson links to, one level above it."""
        for page in self.release.glob("*.md"):
            write_whole(self.folder / page.name, page.read_bytes())

    def reset(self, lesson: Lesson, exercise: str | None = None) -> tuple[list[str], Path | None]:
        """Bring back the stub of one exercise, or the whole lesson. Returns what was put back and the backup of what
        was there."""
        path = self.path(lesson)
        if exercise is None:
            backup = self.back_up(lesson) if path.exists() else None
            write_whole(path, lesson.released.read_bytes())
            write_whole(self.base_path(lesson), lesson.released.read_bytes())
            return [lesson.folder], backup
        notebook, stubs = self.current(lesson), learners_cells(read(lesson.released))
        wanted = {key for key, cell in stubs.items() if exercise in (key, short_name(cell))}
        if not wanted:
            names = ", ".join(map(short_name, stubs.values()))
            raise Problem(f"{lesson.folder} has no exercise called {exercise!r}; it has {names}", status=2)
        backup = self.back_up(lesson)
        for key, cell in learners_cells(notebook).items():
            if key in wanted:
                cell.source = stubs[key].source
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
        write_notebook(path, notebook)
        write_whole(self.base_path(lesson), lesson.released.read_bytes())
        return sorted(short_name(stubs[key]) for key in wanted), backup

    def back_up(self, lesson: Lesson) -> Path:
        """Copy the learner's notebook, as it is, into backups/ under the time."""
        target = unused(self.folder / "backups" / f"{lesson.folder}-{stamp(now())}.ipynb")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.path(lesson), target)
        return target


def now() -> datetime:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """A time as part of a file's name: 20260131T235959Z."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


def unused(path: Path) -> Path:
    """The path, or where that is taken the next free one: name-2.ipynb, name-3.ipynb, ..."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


MARKERS = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)  # what git writes into a file of which it has two versions


def read(path: Path) -> NotebookNode:
    """A notebook from disk, in the present notebook format."""
    import nbformat

    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        if not _is_whole(notebook):
            raise nbformat.ValidationError("a cell without a source, a type or metadata")
        return notebook
    except (
        OSError,
        ValueError,
        TypeError,
        RecursionError,
        nbformat.ValidationError,
        AttributeError,
        KeyError,
    ) as error:
        found = MARKERS.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            raise Problem(
                f"{path} holds two versions of itself (git's conflict markers, line {line}): keep one of the two in an "
                "editor for text, or "
                f"`course reset {path.parent.name}` brings a fresh one and keeps yours in backups/"
            ) from None
        raise Problem(
            f"{path} cannot be read as a notebook ({type(error).__name__}); `course reset {path.parent.name}` brings a "
            "fresh one and keeps yours in backups/"
        ) from None


def _is_whole(notebook: NotebookNode) -> bool:
    """Whether everything is there that is looked at here; nbformat itself takes a notebook with anything for a cell."""
    cells = notebook.get("cells")
    return isinstance(cells, list) and all(
        isinstance(cell, dict)
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("metadata"), dict)
        and isinstance(cell["metadata"].get("nbgrader", {}), dict)
        and (
            cell.get("cell_type") in ("markdown", "raw")
            or (
                cell.get("cell_type") == "code"
                and isinstance(cell.get("outputs"), list)
                and all(
                    isinstance(output, dict) and isinstance(output.get("data", {}), dict) for output in cell["outputs"]
                )
            )
        )
        for cell in cells
    )


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    import nbformat

    write_whole(path, nbformat.writes(notebook).encode() + b"\n")
