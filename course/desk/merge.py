"""The cells of a lesson's notebook: whose each one is, and how a new release and a learner's copy become one notebook.
No lesson teaches this; it keeps a learner's answers through every update.
Read course/desk/work.py first, for where the notebooks lie.

The rule, for each cell of the new release, in its order: an answer (exercise, quiz, essay) is the learner's, unless it
is still the old stub; a locked cell is the release's; any other cell is the learner's if it was changed and the
release's if it was not. A cell that the learner added stays behind the cell that it followed. Nothing that a learner
wrote is lost: an answered exercise that the release no longer has stays as an ordinary cell."""

from __future__ import annotations

import ast
from copy import deepcopy
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's name for a cell, 'exercise-mse', or '' for a cell that nbgrader does not know."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", "") or "")


def is_answer(cell: NotebookNode) -> bool:
    """Whether the cell is the learner's to fill in: an exercise, a quiz's answers, an essay."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def is_check(cell: NotebookNode) -> bool:
    """Whether the cell checks an answer and carries points."""
    known = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(known.get("grade")) and not known.get("solution")


def is_locked(cell: NotebookNode) -> bool:
    known = cell.metadata.get("nbgrader", {})
    return bool(known.get("locked")) and not known.get("solution")


def is_setup(cell: NotebookNode) -> bool:
    """Whether the cell defines what exercises and checks need: locked code without points."""
    return cell.cell_type == "code" and is_locked(cell) and not is_check(cell)


def key(cell: NotebookNode) -> str:
    """What a cell is known by from one release to the next."""
    return grade_id(cell) or cell.get("id", "")


def by_key(notebook: NotebookNode, originals: dict[str, NotebookNode] | None = None) -> dict[str, NotebookNode]:
    """The cells by key. Of two with one key (JupyterLab's copy and paste keeps the metadata) the one that was handed
    out counts."""
    found: dict[str, NotebookNode] = {}
    for cell in notebook.cells:
        original = (originals or {}).get(key(cell))
        if key(cell) not in found or (original is not None and cell.get("id") == original.get("id")):
            found[key(cell)] = cell
    return found


def short_name(cell: NotebookNode) -> str:
    """What a learner calls an answer's cell: 'mse' for exercise-mse, 'reading' for answer-reading."""
    return grade_id(cell).split("-", 1)[-1]


def learners_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that a learner fills in, by grade id, in order."""
    return {grade_id(cell): cell for cell in notebook.cells if is_answer(cell)}


def merge(base: NotebookNode, mine: NotebookNode, release: NotebookNode) -> NotebookNode:
    """The release, with what the learner changed since base. base: the release that mine was made from. Changes none of
    the three."""
    mine = _with_ids(mine, base)
    base_cells, release_cells = by_key(base), by_key(release)
    my_cells = by_key(mine, {**release_cells, **base_cells})
    added: dict[str, list[NotebookNode]] = {"": []}
    anchor = ""
    for cell in mine.cells:
        name = key(cell)
        original = my_cells.get(name) is cell
        if original and name in release_cells:
            anchor = name
        elif original and name in base_cells and (is_locked(cell) or cell.source == base_cells[name].source):
            continue  # the release has dropped it, and the learner had not touched it
        else:
            added.setdefault(anchor, []).append(_as_ordinary(cell))

    merged = deepcopy(release)
    merged.cells = list(added[""])
    for cell in release.cells:
        merged.cells += [_newest(cell, my_cells.get(key(cell)), base_cells.get(key(cell))), *added.get(key(cell), [])]
    return merged


def _with_ids(mine: NotebookNode, base: NotebookNode) -> NotebookNode:
    """A copy of the notebook in which every cell has an id: some notebook programs drop them, and the text tells whose
    a cell was."""
    mine = deepcopy(mine)
    free = {cell.source: cell.get("id") for cell in reversed(base.cells)}
    for number, cell in enumerate(mine.cells):
        if not cell.get("id"):
            cell["id"] = free.pop(cell.source, None) or f"own-{number}-{sha256(cell.source.encode()).hexdigest()[:8]}"
    return mine


def _newest(released: NotebookNode, mine: NotebookNode | None, base: NotebookNode | None) -> NotebookNode:
    """One cell of the result: the released one, or the learner's text in it."""
    result = deepcopy(released)
    if mine is None:
        return result
    touched = base is None or mine.source != base.source
    if touched and not is_locked(released) and mine.cell_type == released.cell_type:
        result.source = mine.source
    if result.source == mine.source and mine.cell_type == result.cell_type == "code":
        result.outputs, result.execution_count = deepcopy(mine.outputs), mine.execution_count
    return result


def _as_ordinary(cell: NotebookNode) -> NotebookNode:
    """A learner's own cell, without marks of nbgrader that belong to another one."""
    cell = deepcopy(cell)
    for mark in ("nbgrader", "deletable", "editable"):
        cell.metadata.pop(mark, None)
    return cell


def worked_on(notebook: NotebookNode, release: NotebookNode) -> list[bool]:
    """For each cell of a merged notebook: whether it is code that the learner added or changed, and no answer."""
    released = by_key(release)
    return [
        cell.cell_type == "code"
        and not grade_id(cell)
        and (key(cell) not in released or cell.source != released[key(cell)].source)
        for cell in notebook.cells
    ]


def names_bound(source: str) -> set[str]:
    """The names that a cell defines at its top level or anywhere in it: {'x', 'numpy', 'mse'}. Empty where it does not
    parse."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return bound | {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
