"""Runs a solved notebook from top to bottom and says what may not be kept of what came out.
Every lesson is built this way: a lesson whose own solution fails one of its checks is not built.
Read first: `notebooks.py`; then `build.py`.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader.lessons.cells import Cell, Lesson, Problem
from grader.lessons.notebooks import normalised_notebook, solved_notebook

THREADS = 2
PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf")
CEILING = (
    120  # seconds for one cell: a lesson aims at 25 for all of them, and a busy machine is no mistake of its author
)
IMAGE_TAG = re.compile(r"<img\b[^>]*>", re.IGNORECASE | re.DOTALL)
ALT = re.compile(r"""\balt\s*=\s*(["'])\s*\S""", re.IGNORECASE)
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def kernel_environment(root: Path) -> dict[str, str]:
    """The environment of the kernel: checks raise as they do under nbgrader, two threads, this repository's packages,
    no progress bars: whether one shows hangs on how fast the machine is, and what is kept must not."""
    here = str(Path(__file__).resolve().parents[2])
    paths = [str(Path(root).resolve()), here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "NBGRADER_EXECUTION": "validate",
        "OMP_NUM_THREADS": str(THREADS),
        "MKL_NUM_THREADS": str(THREADS),
        "PYTHONHASHSEED": "0",
        "TQDM_DISABLE": "1",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
    }


def execute(lesson: Lesson, root: Path, timeout: int = CEILING) -> tuple[NotebookNode, list[Problem], dict[str, float]]:
    """Runs the lesson's solved notebook in its folder. Returns it with outputs, what is wrong, and each cell's
    seconds."""
    notebook = solved_notebook(lesson)
    seconds: dict[str, float] = {}
    began: dict[str, float] = {}

    def start(cell: NotebookNode, cell_index: int) -> None:
        began[cell.id] = time.perf_counter()

    def stop(cell: NotebookNode, cell_index: int, **_) -> None:
        if cell.id in began:
            seconds[cell.id] = time.perf_counter() - began[cell.id]

    # Without folders to look in, the kernel is the interpreter that builds, whatever kernels a user has installed.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=timeout,
        allow_errors=True,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_execute=start,
        on_cell_executed=stop,
        resources={"metadata": {"path": str(lesson.path.resolve().parent)}},
    )
    try:
        # ipykernel warns there about its transport
        client.execute(cleanup_kc=True, env=kernel_environment(root), stderr=subprocess.DEVNULL)
    except Exception as error:  # a cell over its time, or a kernel that died
        last = list(began)[-1] if began else lesson.cells[0].id
        words = (str(error).strip().splitlines() or [type(error).__name__])[0]
        problem = Problem(lesson.path, lesson.cell(last).line, f"the notebook stopped in this cell: {words}")
        return notebook, [problem], seconds
    problems = problems_in_outputs(lesson, notebook, root)
    return normalised_notebook(notebook), problems, seconds


def problems_in_outputs(lesson: Lesson, notebook: NotebookNode, root: Path) -> list[Problem]:
    """What an executed notebook shows that may not be: errors, failed checks, pictures without alt text, this
    machine."""
    problems = []
    for cell, ran in zip(lesson.cells, notebook.cells, strict=True):
        if ran.cell_type != "code":
            continue
        raised = next((output for output in ran.outputs if output.output_type == "error"), None)
        if raised is not None:
            problems.append(Problem(lesson.path, _line_raised(cell, raised), _raised_words(cell, raised)))
            if cell.role != "check":
                break  # what follows fails because of this one
        problems.extend(Problem(lesson.path, cell.line, words) for words in _unfit(cell, ran, root))
    return problems


def _raised_words(cell: Cell, raised: NotebookNode) -> str:
    words = f"{raised.ename}: {COLOUR.sub('', raised.evalue)}".strip()
    if raised.ename == "CheckFailed":
        return f"the lesson's own solution fails its check {cell.id}: {COLOUR.sub('', raised.evalue).strip()}"
    return f"cell {cell.id} raises {words}"


def _line_raised(cell: Cell, raised: NotebookNode) -> int:
    """The line of the lesson's text at which the cell raised, or that of its header."""
    text = COLOUR.sub("", "\n".join(raised.traceback))
    found = re.search(r"line (\d+)", text.split("\n\n")[0] if "Cell In" in text else "")
    arrow = re.search(r"^-+> (\d+) ", text, re.MULTILINE)
    number = arrow or found
    return cell.line_of(int(number.group(1))) if number else cell.line


def _unfit(cell: Cell, ran: NotebookNode, root: Path) -> list[str]:
    """Why outputs of a cell may not be kept."""
    words = []
    for output in ran.outputs:
        data = output.get("data", {})
        text = output.get("text", "") + data.get("text/plain", "") + data.get("text/html", "")
        if any(kind in data for kind in PICTURES):
            words.append(
                'a picture leaves this cell without alt text; let plots.show(figure, "name") show it, and nothing else'
            )
        if any(not ALT.search(tag) for tag in IMAGE_TAG.findall(data.get("text/html", ""))):
            words.append("an <img> in this cell's output has no alt text; write what it shows")
        if str(Path(root).resolve()) in text or str(Path.home()) + "/" in text or "/ipykernel_" in text:
            words.append("the output shows a path of this machine; print something that holds on every machine")
        if output.output_type == "stream" and output.name == "stderr":
            why = (
                "for which nbgrader gives no points"
                if cell.role == "check"
                else "which another version or a slower machine may not; mend what it warns of"
            )
            words.append(
                f"the {'check' if cell.role == 'check' else 'cell'} writes to stderr, {why}: "
                f"{output.text.strip()[:200]}"
            )
        shown = output.get("text", "") + data.get("text/plain", "")
        if "nbval-ignore-output" not in cell.tags and ADDRESS.search(shown) and len(data) < 2:
            words.append("the output shows an address in memory, another in every run; print something else")
    return list(dict.fromkeys(words))
