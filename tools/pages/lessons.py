"""A lesson's executed notebook as the site shows it: stub open, solution and checks closed, explorers and quizzes
alive, nothing that only grading needs.
No lesson teaches it; nothing is executed here but the few lines that an explorer needs (its imports and data).
Read `for_the_page` first, then alive.py."""

from __future__ import annotations

import ast
import html
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course.explorers import Explorer
from course.quizzes import as_widget
from grader.judging.brought import with_what_is_used
from grader.judging.intake import Run
from grader.lessons.cells import PAGE_LINE, Cell, Lesson
from tools.pages.alive import Alive

# Before the cell of a lesson that says its headline: an explorer that belongs to the lesson, and is not in its text.
ADDED = {"05-convolutions": "from course.explorers.pad import drawing_pad\n\ndrawing_pad()"}
NOT_SHOWN = ("answer", "essay")  # a page has nothing to hand in


def for_the_page(lesson: Lesson, executed: NotebookNode, alive: Alive, solutions: bool) -> NotebookNode:
    """The notebook that Jupyter Book is given. solutions: whether solutions and the quizzes' keys are on the page at
    all."""
    executed.cells = list(_cells(lesson, {cell.id: cell for cell in executed.cells}, alive, solutions))
    for name in ("language_info", "course"):  # of a notebook's metadata the page needs its kernel's language
        executed.metadata.pop(name, None)
    return executed


def _cells(lesson: Lesson, shown: dict[str, NotebookNode], alive: Alive, solutions: bool) -> Iterator[NotebookNode]:
    exercises = {cell.name for cell in lesson.exercises}
    count = 0
    for cell in lesson.cells:
        made = shown[cell.id]
        made.source = made.source.removesuffix(PAGE_LINE)  # the pictures are here
        if cell.role in NOT_SHOWN or "course.desk.ending" in cell.source:
            continue
        if cell.role == "headline" and lesson.folder in ADDED:
            yield _as_html(
                alive.place(
                    explorer_of(lesson, Cell("added", "code", "explorer", ADDED[lesson.folder], "", 0, 0)),
                    f"{lesson.folder}-pad",
                )
            )
        if cell.questions:
            yield _as_html(
                alive.place(as_widget(cell.name, list(cell.questions), solutions), f"{lesson.folder}-{cell.name}")
            )
        elif cell.id.startswith("click-"):
            continue
        elif cell.role == "exercise":
            yield new_code_cell(cell.stub, id=cell.id)
            yield _as_html(
                _closed("One solution", _coloured(_unmarked(cell.source))) * solutions + _checks(lesson, cell.name)
            )
        elif cell.role == "check":
            if cell.name not in exercises:
                continue  # a quiz says at once what its checks would
        elif cell.role == "explorer":
            count += 1
            yield _tagged(made, "hide-input", outputs=[])
            yield _as_html(alive.place(explorer_of(lesson, cell), f"{lesson.folder}-{count}"))
        else:
            yield _tagged(made, "hide-input") if cell.folded or cell.role == "setup" else made


def explorer_of(lesson: Lesson, cell: Cell) -> Explorer:
    """The explorer that a cell shows, made by the cell and by the imports, functions and constants that it uses,
    whatever cell they stand in. Raises ValueError where that makes no explorer."""
    own = Run(cell.id, "answer", cell.source)
    before = [
        other
        for other in lesson.cells[
            : next((place for place, other in enumerate(lesson.cells) if other.id == cell.id), len(lesson.cells))
        ]
        if other.kind == "code"
    ]
    runs, missing = with_what_is_used([own], [*(Run(other.id, other.role, other.source) for other in before), own])
    names: dict[str, object] = {}
    for run in runs:
        tree = ast.parse(run.text)
        last = tree.body.pop() if run.id == cell.id and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell.id, "exec"), names)
        if last:
            made = eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
            if isinstance(made, Explorer):
                return made
    raise ValueError(
        f"{lesson.path}:{cell.line}: cell {cell.id} shows no explorer on a page; its last line has to be one, made of "
        "imports, functions and constants "
        f"(not found: {', '.join(sorted(missing)) or 'none'})"
    )


def _checks(lesson: Lesson, name: str) -> str:
    """The checks of an exercise as learners get them, closed, and in them the hints, closed again."""
    code, hints = [], []
    for check in lesson.checks_of(name):
        for statement in ast.parse(check.stub).body:
            call = (
                statement.value if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) else None
            )
            called = call.func.id if call and isinstance(call.func, ast.Name) else ""
            if called == "hints":
                hints += [ast.literal_eval(words) for words in call.args]
            elif called != "checks" and not (
                isinstance(statement, ast.ImportFrom) and statement.module == "course.check"
            ):
                code.append(ast.get_source_segment(check.stub, statement))
    closed = "".join(_closed(f"Hint {number}", f"<p>{html.escape(words)}</p>") for number, words in enumerate(hints, 1))
    return _closed("How it is checked", _coloured("\n".join(code)) + closed)


def _closed(title: str, inside: str) -> str:
    return f'<details class="closed"><summary>{html.escape(title)}</summary>{inside}</details>'


def _coloured(code: str) -> str:
    return f'<div class="highlight-ipython3 notranslate">{highlight(code, PythonLexer(), HtmlFormatter())}</div>'


def _unmarked(source: str) -> str:
    return "\n".join(
        line for line in source.splitlines() if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")
    )


def _as_html(text: str) -> NotebookNode:
    fence = "`" * 12
    return new_markdown_cell(f"{fence}{{raw}} html\n{text}\n{fence}")


def _tagged(cell: NotebookNode, tag: str, **changes) -> NotebookNode:
    if cell.cell_type == "code":
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), tag]
    return NotebookNode({**cell, **changes})
