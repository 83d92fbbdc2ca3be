"""What a lesson is made of: its cells, and the regions of a cell that learners do not get.
Every lesson is a `Lesson`: the build, the grader and the learner's tools share this one form of it.
Read first: one lesson's text, `solutions/NN-name/name.py`; then `reading.py`, which reads such a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
OPENS = "from course.check import checks; checks"  # in one line, the one that is seen of a folded check
# The last line of a lesson's first cell: a git host shows a notebook without the figures that are HTML, and knows
# no explorer.
PAGE_LINE = "*No pictures here? The course's README says where this lesson stands as a page, its figures alive.*"
PLACEHOLDER = "*Write your answer here, in place of this sentence.*"


class LessonError(Exception):
    """A lesson's text that cannot be read. Says where, and what to do about it."""

    def __init__(self, file: Path, line: int, message: str):
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class Problem:
    """What is wrong with a lesson: where, and what to do about it."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Cell:
    """One cell of the notebooks that a lesson becomes.

    id       the cell's name in both notebooks: its grade_id where nbgrader knows it, else made from the source
    role     setup, exercise, check, prompt, answer, essay, explorer, headline, text or demo
    name     of the exercise, quiz or essay it belongs to, else ""
    aspect   of a check: what it looks at; the question's number in a quiz
    source   everything: solution and hidden tests with their marks
    stub     as learners get it
    visible  of a check: what learners read; hidden: what they do not. Neither has the marks
    line     of the cell's header in the lesson's text; start: of the source's first line
    questions  of a quiz's prompt, as data; folded: whether JupyterLab shows the first line alone
    """

    id: str
    kind: str
    role: str
    source: str
    stub: str
    line: int
    start: int
    name: str = ""
    aspect: str = ""
    visible: str = ""
    hidden: str = ""
    points: float = 0.0
    uses: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    manual: bool = False
    tags: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    minutes: float = 0.0
    questions: tuple[dict, ...] = field(default=(), hash=False)
    folded: bool = False

    @property
    def graded(self) -> bool:
        """Whether nbgrader knows the cell: it is locked, or the learner's answer, or it carries points."""
        return self.role in ("setup", "exercise", "check", "prompt", "answer", "essay")

    @property
    def label(self) -> str:
        """What a check cell's result is called: "mse", or "mse-shape" with its aspect."""
        return self.id.removeprefix("check-")

    def line_of(self, number: int) -> int:
        """The line of the lesson's text on which line `number` (from 1) of the source stands."""
        return max(self.line, self.start + number - 1)


@dataclass(frozen=True)
class Lesson:
    """A lesson: `folder` is "02-lines", `name` "lines", `version` changes with any word of its text."""

    folder: str
    name: str
    path: Path
    title: str
    rows: tuple[str, ...]
    minutes: float
    builds_on: tuple[str, ...]
    cells: tuple[Cell, ...]
    version: str

    @property
    def number(self) -> int:
        return int(self.folder[:2])

    @property
    def setup(self) -> tuple[Cell, ...]:
        return self.by_role("setup")

    @property
    def exercises(self) -> tuple[Cell, ...]:
        return self.by_role("exercise")

    @property
    def checks(self) -> tuple[Cell, ...]:
        """The check cells, those of quizzes included, in the order of the notebook."""
        return self.by_role("check")

    @property
    def answers(self) -> tuple[Cell, ...]:
        """The cells in which a quiz is answered."""
        return self.by_role("answer")

    @property
    def essays(self) -> tuple[Cell, ...]:
        """The cells in which an essay is written: the only ones graded by hand."""
        return self.by_role("essay")

    @property
    def points(self) -> float:
        return sum(cell.points for cell in self.cells)

    def by_role(self, role: str) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.role == role)

    def cell(self, id: str) -> Cell:
        """The cell of that id. Raises KeyError with the ids there are."""
        for cell in self.cells:
            if cell.id == id:
                return cell
        raise KeyError(f"lesson {self.folder} has no cell {id!r}; it has {', '.join(c.id for c in self.cells)}")

    def checks_of(self, name: str) -> tuple[Cell, ...]:
        """The check cells of one exercise or quiz."""
        return tuple(cell for cell in self.checks if cell.name == name)


def normalised(text: str) -> str:
    """A text with one kind of line end, no blanks at the ends of lines, and one newline at its end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n") + "\n"


def split_regions(source: str, marks: tuple[str, str], stub: str | None = None) -> tuple[str, str]:
    """What stands outside the marked regions, and what stands inside, both without the marks.

    Works line by line as nbgrader does. With `stub`, that text takes each region's place, indented like its mark.
    Raises ValueError when a region is opened twice or never closed.
    """
    outside: list[str] = []
    inside: list[str] = []
    open_region = False
    for line in source.split("\n"):
        if marks[0] in line:
            if open_region:
                raise ValueError(f"a second {marks[0]} before {marks[1]}")
            open_region = True
            if stub is not None:
                indent = line[: len(line) - len(line.lstrip())]
                outside.extend(indent + part for part in stub.split("\n"))
        elif marks[1] in line:
            open_region = False
        else:
            (inside if open_region else outside).append(line)
    if open_region:
        raise ValueError(f"{marks[0]} without {marks[1]}")
    return "\n".join(outside), "\n".join(inside)


def plain_number(value: float) -> str:
    """A number of points as it is written: 4, not 4.0; 2.5."""
    return str(int(value)) if float(value).is_integer() else str(float(value))


def checks_line(name: str, points: float, uses: tuple[str, ...] = (), aspect: str = "") -> str:
    """The line at the top of every check cell, e.g. checks("fit", points=4, uses=["mse"], aspect="shape"). It imports
    what it needs, to be able to say what is missing."""
    parts = [f'"{name}"', f"points={plain_number(points)}"]
    if uses:
        parts.append("uses=[" + ", ".join(f'"{used}"' for used in uses) + "]")
    if aspect:
        parts.append(f'aspect="{aspect}"')
    return f"{OPENS}({', '.join(parts)})"
