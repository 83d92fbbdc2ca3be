"""Builds lessons: `solutions/NN-name/name.ipynb`, `notebooks/NN-name/name.ipynb`, `course/quizzes/NN-name.json` and
`notebooks/glossary.md`. Every lesson is built here; one that breaks a rule is refused, and nothing of it is written.
Read first: `reading.py`, `rules.py`, `notebooks.py`; `execute.py` runs what is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode, v4

from course.desk.files import write_whole
from grader.lessons.cells import Lesson, LessonError, Problem
from grader.lessons.execute import execute
from grader.lessons.glossary import glossary_page
from grader.lessons.notebooks import as_text, released_notebook, solved_notebook, without_outputs
from grader.lessons.quiz import quizzes_text
from grader.lessons.reading import find_lesson, lesson_folders
from grader.lessons.rules import glossary_problems, problems_of

Proof = Callable[[Lesson, str, Callable[[str], None]], list[Problem]]


@dataclass(frozen=True)
class Stale:
    """A built file that does not say what the lesson's text says."""

    file: Path
    why: str

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


@dataclass
class BuildReport:
    """What a build found and did. `seconds` holds, by lesson, what each cell took to run."""

    problems: list[Problem] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    lessons: list[str] = field(default_factory=list)
    seconds: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems and not self.stale


def build(
    names: Iterable[str] = (),
    root: Path = Path("."),
    check: bool = False,
    say: Callable[[str], None] = lambda words: None,
    prove: Proof = lambda lesson, released, say: [],
) -> BuildReport:
    """Builds the named lessons, or all of them; with `check` only says what is out of date, without executing anything.

    names: "03", "descent" or "03-descent". say: called with a line about what is being done. prove: what is asked of a
    lesson's checks before anything is written (grader.judging.proof.proved), given the lesson, the text of its released
    notebook and `say`.
    """
    root = Path(root)
    report = BuildReport()
    for lesson in _lessons(list(names), root, report):
        report.lessons.append(lesson.folder)
        problems = problems_of(lesson, root)
        report.problems.extend(problems)
        if problems:
            continue
        if check:
            report.stale.extend(stale_files(lesson, root))
        else:
            # What the notebook shows of a quiz is read from there when it is run.
            write_if_changed(quizzes_path(lesson, root), quizzes_text(lesson), report)
            say(f"{lesson.folder}: running it")
            _build_one(lesson, root, report, say, prove)
    report.problems.extend(glossary_problems(root))
    page, page_text = root / "notebooks" / "glossary.md", glossary_page(root)
    if check:
        if not page.is_file():
            report.stale.append(Stale(page, "it is missing"))
        elif page.read_text(encoding="utf-8") != page_text:
            report.stale.append(Stale(page, "it differs from course/glossary/*.toml"))
        if not names:
            report.stale.extend(_left_over(root))
    elif not glossary_problems(root):
        write_if_changed(page, page_text, report)
    return report


def _lessons(names: list[str], root: Path, report: BuildReport) -> list[Lesson]:
    """The lessons that can be read; the others become problems, so that one broken text hides no other."""
    found = []
    for name in names or [folder.name for folder in lesson_folders(root)]:
        try:
            found.append(find_lesson(name, root))
        except LessonError as error:
            report.problems.append(Problem(error.file, error.line, error.message))
    return found


def _build_one(lesson: Lesson, root: Path, report: BuildReport, say: Callable[[str], None], prove: Proof) -> None:
    released, (solved_path, released_path) = released_notebook(lesson), built_paths(lesson, root)
    problems = secrets_in(lesson, released)
    if not problems:
        with _standing(released_path, as_text(released)):
            executed, problems, report.seconds[lesson.folder] = execute(lesson, root)
        problems = problems or prove(lesson, as_text(released), say)
    report.problems.extend(problems)
    if not problems:
        write_if_changed(solved_path, as_text(executed), report)
        write_if_changed(released_path, as_text(released), report)


@contextmanager
def _standing(path: Path, text: str) -> Iterator[None]:
    """A file that is there meanwhile, if only for that: a lesson's last cell counts its exercises in the released
    notebook, which a lesson that is built for the first time has not yet."""
    if path.exists():
        yield
        return
    write_whole(path, text)
    try:
        yield
    finally:
        path.unlink()
        with suppress(OSError):  # something else lies there
            path.parent.rmdir()


def built_paths(lesson: Lesson, root: Path) -> tuple[Path, Path]:
    """Where the solved and the released notebook of a lesson lie."""
    place = Path(lesson.folder) / f"{lesson.name}.ipynb"
    return Path(root) / "solutions" / place, Path(root) / "notebooks" / place


def quizzes_path(lesson: Lesson, root: Path) -> Path:
    """Where a lesson's quizzes lie, key and all, for who learns at home."""
    return Path(root) / "course" / "quizzes" / f"{lesson.folder}.json"


def secrets_in(lesson: Lesson, released: NotebookNode) -> list[Problem]:
    """Cells of the released notebook that hold more than learners are to see. Looks at what nbgrader made, not at our
    own idea of it."""
    problems = []
    for cell, shown in zip(lesson.cells, released.cells, strict=True):
        if shown.source != cell.stub or shown.get("outputs"):
            problems.append(
                Problem(
                    lesson.path,
                    cell.line,
                    f"nbgrader releases cell {cell.id} otherwise than the lesson is read; "
                    "look at the marks of its regions",
                )
            )
    return problems


def write_if_changed(path: Path, text: str, report: BuildReport) -> None:
    """Writes a file whole or not at all, and only when its text is another."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    write_whole(path, text)
    report.written.append(path)


def stale_files(lesson: Lesson, root: Path) -> list[Stale]:
    """Which of a lesson's two notebooks and its file of quizzes are out of date, and why. Executes nothing."""
    solved_path, released_path = built_paths(lesson, root)
    stale = []
    for path, expected, keeps_outputs in (
        (solved_path, solved_notebook(lesson), True),
        (released_path, released_notebook(lesson), False),
    ):
        why = _why_stale(path, expected, keeps_outputs)
        if why:
            stale.append(Stale(path, why))
    quizzes = quizzes_path(lesson, root)
    if not quizzes.is_file():
        stale.append(Stale(quizzes, "it is missing"))
    elif quizzes.read_text(encoding="utf-8") != quizzes_text(lesson):
        stale.append(Stale(quizzes, "it differs from the quiz in the lesson's text"))
    return stale


def _why_stale(path: Path, expected: NotebookNode, keeps_outputs: bool) -> str:
    if not path.is_file():
        return "it is missing"
    text = path.read_text(encoding="utf-8")
    try:
        there = v4.reads(text)
        if keeps_outputs:
            never_run = [
                cell.id
                for cell in there.cells
                if cell.cell_type == "code" and cell.execution_count is None and cell.source
            ]
            if never_run:
                return f"it was not executed: cell {never_run[0]} has no count"
        compared = without_outputs(there) if keeps_outputs else there
        if as_text(compared) != as_text(expected):
            return _difference(compared, expected)
        if as_text(there) != text:
            return "it was written by something else than the build (the text of the file differs, its cells do not)"
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        return f"it cannot be read as a notebook: {error}"
    return ""


def _difference(there: NotebookNode, expected: NotebookNode) -> str:
    """The first differences between two notebooks, in words."""
    ids_there, ids_expected = [cell.get("id") for cell in there.cells], [cell.id for cell in expected.cells]
    new = [id for id in ids_expected if id not in ids_there]
    gone = [id for id in ids_there if id not in ids_expected]
    if new or gone:
        words = [
            f"{verb} {', '.join(map(str, ids[:3]))}{' and more' if len(ids) > 3 else ''}"
            for verb, ids in (("it lacks cell", new), ("it still has cell", gone))
            if ids
        ]
        return "; ".join(words)
    if ids_there != ids_expected:
        return "its cells stand in another order"
    for cell, wanted in zip(there.cells, expected.cells, strict=True):
        if cell.get("source") != wanted.source:
            return f"the text of cell {wanted.id} differs"
        for key in sorted({*cell, *wanted}):
            if cell.get(key) != wanted.get(key):
                return f"the {key} of cell {wanted.id} differ" + ("" if key.endswith("s") or key == "metadata" else "s")
    if there.metadata.get("course", {}).get("version") != expected.metadata.course.version:
        return "it was built from another version of the lesson's text"
    return "the notebook's own metadata differ"


def _left_over(root: Path) -> list[Stale]:
    """Released lessons that have no text any more."""
    kept = {folder.name for folder in lesson_folders(root)}
    return [
        Stale(folder, "no lesson is called so any more; delete it")
        for folder in sorted((root / "notebooks").glob("[0-9][0-9]-*"))
        if folder.name not in kept
    ]
