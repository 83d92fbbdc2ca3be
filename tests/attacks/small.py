"""A small lesson as plain nbgrader has them, with the checks in the learner's own process: what the attacks are held
against to be seen to work. Its cells have the names of lesson 03's, so that the same attacks fit. benchmarks/attacks.py
gives it to stock nbgrader; `shared_run` runs it in one shell.
Read case.py first."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SETUP = """
import sys
import numpy
import torch
from torch import Tensor, tensor


def exercise(function):
    return function


def bowl(parameters):
    return (parameters ** 2).sum()


def credit(function):
    return 15.0 if function(bowl, tensor([2.]), 0.5).tolist() == [4.0] else 0.0
"""
SOLUTION = """
@exercise
def finite_difference(loss, parameters, nudge=0.01):
    ### BEGIN SOLUTION
    nudges = nudge * torch.eye(len(parameters))
    return torch.stack([(loss(parameters + one) - loss(parameters - one)) / (2 * nudge) for one in nudges])
    ### END SOLUTION
"""
CHECKS = {
    "close": (
        20,
        "expected = tensor([2., 4.])\nassert torch.allclose(finite_difference(bowl, tensor([1., 2.]), 0.25), expected)",
        "values = torch.randn(3)\nexpected = 2 * values\nassert torch.allclose(finite_difference(bowl, values, 0.25), "
        "expected, atol=1e-4)",
    ),
    "numpy": (
        20,
        "import numpy.testing\nexpected = numpy.array([2., 4.])\nnumpy.testing.assert_allclose(finite_difference(bowl, "
        "tensor([1., 2.]), 0.25), expected, atol=1e-4)",
        "expected = numpy.array([6., 8.])\nnumpy.testing.assert_allclose(finite_difference(bowl, tensor([3., 4.]), "
        "0.25), expected, atol=1e-4)",
    ),
    "equal": (
        15,
        "expected = 6\nassert finite_difference(bowl, tensor([3.]), 0.5) == expected",
        "expected = 8\nassert finite_difference(bowl, tensor([4.]), 0.5) == expected",
    ),
    "near": (
        15,
        "expected = tensor([2., 4.])\nassert not (abs(finite_difference(bowl, tensor([1., 2.]), 0.25) - expected) > "
        "1e-4).any()",
        "expected = tensor([4e5])\nassert torch.equal(finite_difference(bowl, tensor([2e5]), 0.25), expected) or not "
        "(abs(finite_difference(bowl, tensor([5.]), 0.25) - 10) > 1e-4).any()",
    ),
    "library": (
        15,
        "from cycler import cycler\nexpected = {'slope': [4.0]}\nassert cycler(slope=[float(finite_difference(bowl, "
        "tensor([2.]), 0.5)[0])]).by_key() == expected",
        "expected = {'slope': [10.0]}\nassert cycler(slope=[float(finite_difference(bowl, tensor([5.]), "
        "0.5)[0])]).by_key() == expected",
    ),
    "credit": (15, "credit(finite_difference)", ""),
}


def source() -> nbformat.NotebookNode:
    """The notebook as its author writes it, for nbgrader's source folder."""

    def about(id: str, **flags) -> dict:
        return {
            "nbgrader": {
                "grade_id": id,
                "schema_version": 3,
                "grade": False,
                "locked": False,
                "solution": False,
                "task": False,
                **flags,
            }
        }

    cells = [
        new_code_cell(SETUP, id="setup-1", metadata=about("setup-1", locked=True)),
        new_code_cell(
            SOLUTION, id="exercise-finite_difference", metadata=about("exercise-finite_difference", solution=True)
        ),
    ]
    for name, (points, visible, hidden) in CHECKS.items():
        text = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS" if hidden else visible
        cells.append(
            new_code_cell(
                text, id=f"check-{name}", metadata=about(f"check-{name}", grade=True, locked=True, points=points)
            )
        )
    cells.append(
        new_markdown_cell(
            "*Write here.*",
            id="answer-reflection",
            metadata=about("answer-reflection", grade=True, solution=True, points=0),
        )
    )
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


def released() -> str:
    """What learners get of it, as text: no solution and no hidden checks."""
    notebook = source()
    for cell in notebook.cells:
        cell.source = cell.source.split("    ### BEGIN SOLUTION")[0].split("\n### BEGIN HIDDEN")[0]
    return nbformat.writes(notebook)


RIGHT = {"finite_difference": SOLUTION.strip()}


def shared_run(data: bytes, folder: Path, seconds: float = 60) -> float:
    """The points of a notebook whose cells and checks run in one shell, one after another, as stock nbgrader has it.

    A check without an error has full points, or the number that it shows. It runs in a process of its own, in the
    folder.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "numpy.testing", "IPython", "nbformat"])
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(data, str(folder), theirs))
    process.start()
    theirs.close()
    points = float(ours.recv()) if ours.poll(seconds) else 0.0
    process.kill()
    process.join()
    return points


def _run(data: bytes, folder: str, verdict: Connection) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    os.chdir(folder)
    sys.path.insert(0, "")
    shell = InteractiveShell.instance(colors="nocolor")
    shell.showtraceback = lambda *_, **__: None
    hidden = {f"check-{name}": "\n".join(text[1:]) for name, text in CHECKS.items()}
    points = 0.0
    for cell in nbformat.reads(data.decode(), as_version=4).cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if "skip-execution" in cell.metadata.get("tags", []):
            came = None
        else:
            # As in stock nbgrader a cell that is locked has its text put back, hidden checks too, and one that claims
            # not to be has not.
            locked = cell.metadata.get("nbgrader", {}).get("locked", False)
            came = shell.run_cell(hidden[name] if name in hidden and locked else cell.source, store_history=True)
        if name in hidden and (came is None or came.success):
            result = getattr(came, "result", None)
            points += float(str(result)) if isinstance(result, int | float) else CHECKS[name.partition("-")[2]][0]
    verdict.send(points)
