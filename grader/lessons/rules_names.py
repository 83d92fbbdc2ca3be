"""What a lesson's cells may need: no graded cell depends on an ungraded one, and none on a later lesson. Nothing is
run. Every lesson is held to it, because grading runs only what a grade depends on.
Read first: `cells.py` and `rules.py`.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from pathlib import Path

from grader.lessons.cells import Cell, Lesson
from grader.lessons.reading import syllabus

FROM_THE_KERNEL = {"display", "get_ipython", "In", "Out", "_", "__file__"}
Found = Iterator[tuple[int, str]]
KNOWN = set(dir(builtins)) | FROM_THE_KERNEL


def defined_names(code: str) -> set[str]:
    """The names that code binds at its top level, imports included. Empty for code that does not parse."""
    table = _table(code)
    if table is None:
        return set()
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return names | {
        symbol.get_name()
        for inner in _inside(table)
        for symbol in inner.get_symbols()
        if symbol.is_declared_global() and symbol.is_assigned()
    }


def needed_names(code: str) -> dict[str, int]:
    """The names that code reads, at its top level or inside functions, and does not define itself, with a line of
    each."""
    table = _table(code)
    if table is None:
        return {}
    read = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    for inner in _inside(table):
        read |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    missing = read - defined_names(code) - KNOWN
    lines: dict[str, int] = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and node.id in missing:
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return {name: lines.get(name, 1) for name in sorted(missing)}


def _table(code: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(code, "<cell>", "exec")
    except (SyntaxError, ValueError):
        return None


def _inside(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [deeper for child in table.get_children() for deeper in (child, *_inside(child))]


def imported_modules(code: str) -> list[tuple[str, int]]:
    """Every module that code imports, in full, with its line: `from course import lines` is course.lines as well."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    found: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, node.lineno))
            found.extend((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
    return found


def graded_cells_need_graded_cells_only(lesson: Lesson, root: Path) -> Found:
    """Grading runs setup and exercises, and checks by themselves: what those need must be defined there."""
    homes: dict[str, list[Cell]] = {}  # every name that a cell defines: the cells
    for cell in lesson.cells:
        if cell.kind == "code":
            for name in defined_names(cell.source):
                homes.setdefault(name, []).append(cell)
    sources: dict[str, set[str]] = {"setup": set(), "exercise": set(), "answer": set()}
    allowed = {
        "setup": ("setup",),
        "exercise": ("setup", "exercise"),
        "answer": ("setup",),
        "check": ("setup", "exercise", "answer"),
    }
    for cell in lesson.cells:
        if cell.kind != "code" or cell.role not in allowed:
            continue
        there = set().union(*(sources[role] for role in allowed[cell.role]))
        if cell.role == "check":
            hidden_only = defined_names(cell.source) - defined_names(cell.visible)
            for name, number in needed_names(cell.visible).items():
                if name in hidden_only and name not in there:
                    yield (
                        line_in(cell, number),
                        f"{name} is defined in the hidden part only, and learners do not get that; define it in a "
                        "setup cell",
                    )
        for name, number in needed_names(cell.source).items():
            if name not in there:
                yield cell.line_of(number), f"{name} {_where(homes.get(name, []), cell)}"
        if cell.role in sources:
            sources[cell.role] |= defined_names(cell.source)


def _where(homes: list[Cell], asking: Cell) -> str:
    todo = "grading does not run that cell for this one: define the name in a setup cell above"
    if not homes:
        return "is defined nowhere; define or import it in a setup cell above"
    if all(home.line > asking.line for home in homes):
        return f"is defined further down only, on line {homes[0].line}; define it in a setup cell above"
    home = homes[0]
    kind = {"check": "another check", "exercise": "an exercise", "setup": "a setup cell"}.get(
        home.role, "an ungraded cell"
    )
    return f"is defined in {kind} (line {home.line}), and {todo}"


def no_cell_imports_what_it_may_not(lesson: Lesson, root: Path) -> Found:
    """Setup and exercises run in the sandbox, where the lesson's own module is not; later lessons are not known yet."""
    numbers = {folder[3:]: int(folder[:2]) for folder in syllabus()} | {lesson.name: lesson.number}
    for cell in lesson.cells:
        code = cell.visible if cell.role == "check" else cell.source
        for module, line in imported_modules(code) if cell.kind == "code" else ():
            parts = module.split(".")
            name = (
                parts[-1]
                if parts[:-1] == ["course", "explorers"]
                else parts[1]
                if parts[0] == "course" and len(parts) > 1
                else ""
            )
            explorer = parts[:2] == ["course", "explorers"]
            if numbers.get(name, 0) > lesson.number:
                yield cell.line_of(line), f"{module} belongs to a later lesson; nothing in a lesson needs a later one"
            elif name == lesson.name and not explorer and cell.graded:
                todo = (
                    "in a check, import it in the hidden part"
                    if cell.role == "check"
                    else "grading runs this cell where that module is not"
                )
                yield cell.line_of(line), f"{module} holds the answers of this lesson; {todo}"
            elif explorer and cell.role in ("setup", "exercise"):
                yield cell.line_of(line), f"{module} is not there in grading; import it in the explorer's cell"


def line_in(cell: Cell, visible_line: int) -> int:
    """The line in the lesson's text of a line of a check's visible part."""
    lines, wanted = cell.source.split("\n"), cell.visible.split("\n")[visible_line - 1]
    number = next((n for n, line in enumerate(lines, 1) if n >= visible_line and line == wanted), visible_line)
    return cell.line_of(number)


RULES = (graded_cells_need_graded_cells_only, no_cell_imports_what_it_may_not)
