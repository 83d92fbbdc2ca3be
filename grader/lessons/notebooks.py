"""From a lesson's cells to its two notebooks: the solved one, and through nbgrader the one that learners open.
Every lesson goes this way; what is made here is byte for byte the same on every machine, outputs aside.
Read first: `cells.py`; then `build.py`, which executes the solved notebook and writes both.
"""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters.generate_assignment import (
    GenerateAssignment,  # nbgrader's own: nbgrader.converters may hold this course's in its place
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator
from traitlets.config import Config

from grader.lessons.cells import PLACEHOLDER, Cell, Lesson

SCHEMA = 3  # of nbgrader's cell metadata
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# No version in it: that of the machine on which a lesson was built is nobody's business.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
# role: (grade, solution, locked) as nbgrader knows it
NBGRADER_FLAGS = {
    "setup": (False, False, True),
    "prompt": (False, False, True),
    "exercise": (False, True, False),
    "answer": (False, True, False),
    "check": (True, False, True),
    "essay": (True, True, False),
}

# A check names its exercise in its first line and a dozen mistakes in the others, and some cells only draw: JupyterLab
# shows the first line, and the rest when it is clicked. A front end that knows nothing of folding shows everything.
FOLDED = {"source_hidden": True}


def nbgrader_metadata(cell: Cell) -> dict[str, Any]:
    """nbgrader's own metadata for a graded cell, schema 3."""
    grade, solution, locked = NBGRADER_FLAGS[cell.role]
    metadata = {
        "cell_type": cell.kind,
        "grade": grade,
        "grade_id": cell.id,
        "locked": locked,
        "schema_version": SCHEMA,
        "solution": solution,
        "task": False,
    }
    if grade:
        metadata["points"] = int(cell.points) if cell.points.is_integer() else cell.points
    return metadata


def solved_notebook(lesson: Lesson) -> NotebookNode:
    """The notebook with solutions and hidden tests, not yet executed."""
    cells = []
    for cell in lesson.cells:
        new = new_code_cell if cell.kind == "code" else new_markdown_cell
        metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
        if cell.graded:
            metadata["nbgrader"] = nbgrader_metadata(cell)
        if cell.role == "check" or cell.folded:
            metadata["jupyter"] = dict(FOLDED)
        cells.append(new(source=cell.source, id=cell.id, metadata=metadata))
    metadata = {
        "kernelspec": dict(KERNEL),
        "language_info": dict(LANGUAGE),
        "course": {"lesson": lesson.folder, "title": lesson.title, "version": lesson.version},
    }
    notebook = new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    MetadataValidator().validate_nb(notebook)
    return notebook


def released_notebook(lesson: Lesson) -> NotebookNode:
    """The notebook that learners open, made by nbgrader's GenerateAssignment in a course that is thrown away after."""
    with tempfile.TemporaryDirectory(prefix="lesson-") as temporary:
        root = Path(temporary).resolve()
        source = root / "source" / lesson.folder
        source.mkdir(parents=True)
        (source / f"{lesson.name}.ipynb").write_text(as_text(solved_notebook(lesson)), encoding="utf-8")
        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.assignment_id = lesson.folder
        config.CourseDirectory.db_url = f"sqlite:///{root / 'unused.db'}"
        config.ClearSolutions.code_stub = {"python": ""}
        config.ClearSolutions.text_stub = PLACEHOLDER
        # The gradebook is the business of `grader release`: what is built here must be the same without one.
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        converter.log = logging.getLogger("grader.lessons.build.nbgrader")
        converter.start()
        made = root / "release" / lesson.folder / f"{lesson.name}.ipynb"
        return normalised_notebook(nbformat.read(made, as_version=4))


def normalised_notebook(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what differs from run to run or machine to machine. Changes it in place and returns it."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE), "course": notebook.metadata.get("course", {})}
    )
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled"):
            cell.metadata.pop(key, None)
        if cell.metadata.get("jupyter") != FOLDED:
            cell.metadata.pop("jupyter", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_kept_output, cell.outputs) if output is not None]
    return notebook


def _kept_output(output: NotebookNode) -> NotebookNode | None:
    """An output as it is kept: no widget's model id, no progress bar, which shows how fast one machine was."""
    if output.output_type == "stream":
        return None if output.name == "stderr" and _is_progress(output.text) else output
    data = output.get("data")
    if data is not None:
        view = data.get("application/vnd.jupyter.widget-view+json")
        if view is not None and _is_progress(data.get("text/plain", "")):
            return None
        if view is not None and len(data) > 1:
            del data["application/vnd.jupyter.widget-view+json"]
    return output


def _is_progress(text: str) -> bool:
    return "%|" in text and ("it/s" in text or "s/it" in text)


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """A copy with no outputs and no counts: what --check compares."""
    bare = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return bare


def as_text(notebook: NotebookNode) -> str:
    """The one way a notebook is written to a file: keys sorted, one blank deep, a newline at the end."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"
