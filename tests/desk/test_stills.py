"""What is saved of an explorer: its still, and nothing else of the notebook is touched.
No lesson; tests/browser/test_explorers_in_the_lab.py saves and opens one in JupyterLab. Read course/desk/stills.py
first."""

import copy

import nbformat

from course.desk.stills import WIDGET, before_save


def saved(*outputs: dict) -> list[dict]:
    """The outputs as they reach the file."""
    cell = nbformat.v4.new_code_cell(
        "explorer", outputs=[nbformat.v4.new_output("display_data", data) for data in outputs]
    )
    model = {
        "type": "notebook",
        "content": nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("words"), cell]),
    }
    before_save(model=model, path="lines.ipynb", contents_manager=None)
    return [output["data"] for output in model["content"].cells[1].outputs]


def test_the_still_stays_and_the_widget_goes():
    still = {"text/html": "<figure></figure>", "text/plain": "a line"}
    assert saved({WIDGET: {"model_id": "a1"}, **still}) == [still]


def test_a_widget_without_a_still_and_all_other_outputs_stay():
    others = [
        {WIDGET: {"model_id": "a1"}, "text/plain": "IntSlider()"},
        {"text/html": "<p>a table</p>"},
        {"text/plain": "3"},
    ]
    assert saved(*copy.deepcopy(others)) == others


def test_files_and_folders_are_let_alone():
    for model in ({"type": "file", "content": "text"}, {"type": "directory"}, {"type": "notebook", "content": None}):
        before_save(model=(before := copy.deepcopy(model)), path="x", contents_manager=None)
        assert before == model
