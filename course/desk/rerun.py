"""Runs what the visible checks of a lesson depend on, in a fresh kernel, and reads the results that they leave.
No lesson teaches this; `course check LESSON` is it.
Read course/desk/merge.py first (whose a cell is), and course/checks/sentences.py for the results themselves."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, v4

from course.checks.panel import RESULT_TYPE
from course.desk.merge import grade_id, is_answer, is_check, is_setup, names_bound, worked_on

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def chosen(notebook: NotebookNode, release: NotebookNode) -> list[bool]:
    """For each cell whether the checks depend on it: setup, answers, checks, and code that the learner added or
    changed."""
    return [
        cell.cell_type == "code" and (is_setup(cell) or is_answer(cell) or is_check(cell) or own)
        for cell, own in zip(notebook.cells, worked_on(notebook, release), strict=True)
    ]


def fingerprint(notebook: NotebookNode, release: NotebookNode) -> str:
    """What the results depend on, as one hash: results with another fingerprint are out of date."""
    parts = [
        grade_id(cell) + "\0" + cell.source
        for cell, wanted in zip(notebook.cells, chosen(notebook, release), strict=True)
        if wanted
    ]
    return hashlib.sha256("\0\0".join(parts).encode()).hexdigest()


def run_checks(
    notebook: NotebookNode,
    release: NotebookNode,
    folder: Path,
    *,
    timeout: int = 60,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Run the visible checks of a merged notebook. Returns a result for each check, and one line for each other cell
    that failed.

    Experiments and plots are left out, unless a name is missing that one of them defines: then everything runs, once,
    in order. timeout: seconds that a single cell may take.
    """
    wanted = chosen(notebook, release)
    cells = [cell for cell, wants in zip(notebook.cells, wanted, strict=True) if wants]
    ran = _execute(cells, folder, timeout, progress)
    left_out = [
        cell for cell, wants in zip(notebook.cells, wanted, strict=True) if not wants and cell.cell_type == "code"
    ]
    if _missing_names(ran) & set().union(*(names_bound(cell.source) for cell in left_out)):
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        ran = _execute(cells, folder, timeout, progress)

    errors = {grade_id(cell): _error(cell) for cell in ran if is_answer(cell) and _error(cell)}
    results = [_result(cell, errors) for cell in ran if is_check(cell)]
    trouble = [
        f"{grade_id(cell) or 'a cell of your own'}: {_error(cell)} (it begins {_first_line(cell)!r})"
        for cell in ran
        if not is_check(cell) and _error(cell)
    ]
    return results, trouble


def _execute(
    cells: list[NotebookNode], folder: Path, timeout: int, progress: Callable[[int, int], None]
) -> list[NotebookNode]:
    """Copies of the cells with the outputs that they have in a fresh kernel; a cell that fails or never ends stops no
    other."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell.source, metadata=cell.metadata) for cell in cells])
    client = NotebookClient(
        notebook,
        timeout=timeout,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    client.on_cell_execute = lambda cell, cell_index: progress(cell_index, len(cells))
    # The learner's screen, not a grading run: there a check would raise instead of telling.
    environment = {name: value for name, value in os.environ.items() if name != "NBGRADER_EXECUTION"}
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    try:
        client.execute(env=environment)
    except DeadKernelError:
        reached = max(
            (index for index, cell in enumerate(notebook.cells) if cell.execution_count or cell.outputs), default=-1
        )
        words = (
            "the kernel died here (out of memory?)"
            if reached < 0
            else "the kernel died before or in this cell (out of memory?)"
        )
        for cell in notebook.cells[reached + 1 :]:
            cell.outputs.append(v4.new_output("error", ename="DeadKernel", evalue=words, traceback=[]))
    return notebook.cells


def _error(cell: NotebookNode) -> str:
    """The error that a cell ended with, in one line, or ''."""
    for output in cell.outputs:
        if output.output_type != "error":
            continue
        if output.ename == "KeyboardInterrupt":
            return "stopped, because it ran longer than a cell may: does a loop ever end?"
        if output.ename == "DeadKernel":
            return output.evalue
        lines = ANSI.sub("", str(output.evalue)).strip().splitlines()
        numbers = (
            re.findall(r"line (\d+)", " ".join(lines[:1]))
            or re.findall(r"-+> ?(\d+) ", ANSI.sub("", "\n".join(output.traceback)))[:1]
        )
        words = re.sub(r" \([^()]*, line \d+\)$", "", lines[0]) if lines else ""
        return f"{output.ename}: {words}" + (f", in line {numbers[0]} of the cell" if numbers else "")
    return ""


def _missing_names(cells: list[NotebookNode]) -> set[str]:
    """The names that a NameError has asked for, in a cell's own error or in what a check says of the learner's
    function."""
    said = " ".join(_error(cell) + " " + str(_stored(cell)) for cell in cells)
    return set(re.findall(r"name '(\w+)' is not defined", said.replace("\\", "")))


def _stored(cell: NotebookNode) -> dict[str, Any]:
    """The result that a check cell displayed, or {}."""
    found = [output.data[RESULT_TYPE] for output in cell.outputs if output.get("data") and RESULT_TYPE in output.data]
    return dict(found[-1]) if found else {}


def _result(cell: NotebookNode, errors: dict[str, str]) -> dict[str, Any]:
    """The result of one check cell: as it displayed it, or why it could not."""
    name = grade_id(cell).removeprefix("check-")
    points = float(cell.metadata["nbgrader"].get("points", 0))
    result = {
        "exercise": name,
        "check": name,
        "points": points,
        "earned": 0.0,
        "status": "failed",
        "message": "",
        "detail": "",
        "mistake": "",
        "hint": [],
        "note": "",
    } | _stored(cell)
    answered = [
        answer for answer in errors if name == answer.split("-", 1)[1] or name.startswith(answer.split("-", 1)[1] + "-")
    ]
    if answered:
        result |= {
            "status": "failed",
            "earned": 0.0,
            "detail": "",
            "mistake": "",
            "message": f"your cell stopped with {errors[max(answered, key=len)]}",
        }
    elif _error(cell) or not _stored(cell):
        words = _error(cell) or "it left no result: is a cell above it broken?"
        result |= {
            "status": "failed",
            "earned": 0.0,
            "detail": "",
            "mistake": "",
            "message": f"this check could not be made: {words}",
        }
    return result


def _first_line(cell: NotebookNode) -> str:
    return next((line.strip() for line in cell.source.splitlines() if line.strip()), "")[:60]
