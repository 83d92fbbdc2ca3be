"""The built notebooks as a learner meets them: unsolved from top to bottom, solved to full marks.
Read benchmarks/lessons.py first, which runs them."""

import nbformat
import pytest
from shared import LESSONS, ROOT

from benchmarks.lessons import Run, run
from course.checks.panel import RESULT_TYPE
from grader.lessons.cells import PAGE_LINE
from grader.lessons.notebooks import released_notebook, solved_notebook

FOLDERS = pytest.mark.parametrize("folder", LESSONS)


def results(done: Run) -> list[dict]:
    return [
        output.data[RESULT_TYPE]
        for cell in done.notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if RESULT_TYPE in output.get("data", {})
    ]


@pytest.mark.slow
@FOLDERS
def test_the_student_notebook_runs_unsolved_and_says_not_attempted(folder: str, tmp_path):
    lesson = LESSONS[folder]
    notebook = nbformat.read(ROOT / "notebooks" / folder / f"{lesson.name}.ipynb", as_version=4)
    done = run(notebook, tmp_path, threads=1)
    assert done.errors == []
    found = results(done)
    assert len(found) == len(lesson.checks) and {result["status"] for result in found} == {"not attempted"}


@FOLDERS
def test_the_solved_notebook_shows_every_check_passed_a_headline_and_the_explorers_still_picture(folder: str):
    """As it was built; that a run gives this again, within the lesson's budgets, is asked by nbval (conftest.py at
    the root)."""
    lesson = LESSONS[folder]
    done = Run(nbformat.read(lesson.path.with_suffix(".ipynb"), as_version=4))
    assert done.errors == []
    found = results(done)
    assert len(found) == len(lesson.checks) and {result["status"] for result in found} == {"passed"}
    assert sum(result["earned"] for result in found) == 100 - sum(cell.points for cell in lesson.essays)
    for cell in lesson.by_role("headline"):
        assert done.printed(cell.id).strip(), "the headline cell prints nothing"
    for cell in lesson.by_role("explorer"):
        shown = next(ran for ran in done.notebook.cells if ran.id == cell.id).outputs
        assert any("<img alt=" in output.get("data", {}).get("text/html", "") for output in shown), (
            "no still picture stands in for the explorer"
        )


@FOLDERS
def test_a_student_notebook_holds_no_output_and_nothing_hidden(folder: str):
    lesson = LESSONS[folder]
    text = (ROOT / "notebooks" / folder / f"{lesson.name}.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert "HIDDEN TESTS" not in text and "BEGIN SOLUTION" not in text
    sources = "\n".join(cell.source for cell in notebook.cells)
    # A mistake that one check names in sight may be named by another one out of sight.
    in_sight = "\n".join(cell.visible for cell in lesson.checks)
    for cell in lesson.checks:
        for line in cell.hidden.splitlines():
            assert len(line.strip()) < 25 or line.strip() in in_sight or line.strip() not in sources


def test_the_first_cell_of_both_notebooks_says_where_the_page_with_pictures_is():
    lesson = LESSONS["01-tensors"]
    for notebook in (solved_notebook(lesson), released_notebook(lesson)):
        assert notebook.cells[0].source.endswith(f"\n\n{PAGE_LINE}") and "\n" not in PAGE_LINE
        assert not any(PAGE_LINE in cell.source for cell in notebook.cells[1:])
