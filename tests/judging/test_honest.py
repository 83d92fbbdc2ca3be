"""Honest learners of every kind get their points: what JupyterLab, other editors and habit do to a notebook costs
nobody anything. tests/judging/test_hostile.py has the others.
Read grader/judging/intake.py first."""

import json
from collections.abc import Callable

import pytest
from shared import LESSONS, ROOT

from grader.judging.answers import notebook_with, solved
from grader.judging.grade import GRADED
from grader.judging.intake import read_notebook

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
WHOLE = LESSON.points - sum(cell.points for cell in LESSON.essays)
FIRST = f"exercise-{LESSON.exercises[0].name}"


def place_of(content: dict, id: str) -> int:
    return next(number for number, cell in enumerate(content["cells"]) if cell["id"] == id)


def source_of(content: dict, id: str) -> str:
    return "".join(content["cells"][place_of(content, id)]["source"])


def put(content: dict, id: str, source: str) -> None:
    content["cells"][place_of(content, id)]["source"] = source


def insert(content: dict, after: str, source: str, **metadata) -> None:
    content["cells"].insert(
        place_of(content, after) + 1,
        {
            "cell_type": "code",
            "id": f"mine-{len(content['cells'])}",
            "metadata": metadata,
            "outputs": [],
            "execution_count": None,
            "source": source,
        },
    )


def split_in_two(content: dict) -> None:
    """JupyterLab's Split Cell: the second half is a cell of its own, which has the first one's metadata."""
    text = source_of(content, FIRST)
    put(content, FIRST, "half_of_it = 0.5\n")
    insert(content, FIRST, text, **content["cells"][place_of(content, FIRST)]["metadata"])


def helper_after_its_use(content: dict) -> None:
    text = source_of(content, FIRST)
    put(content, FIRST, text.replace("### BEGIN SOLUTION", "defined_below(1)\n    ### BEGIN SOLUTION"))
    insert(content, FIRST, "def defined_below(x):\n    return x")


def demo_edited_and_used(content: dict) -> None:
    demo = next(cell for cell in LESSON.cells if cell.role == "demo" and cell.line > LESSON.setup[0].line)
    put(content, demo.id, "MY_NUMBER = 2")
    put(
        content,
        FIRST,
        source_of(content, FIRST).replace("### BEGIN SOLUTION", "assert MY_NUMBER == 2\n    ### BEGIN SOLUTION"),
    )


def demo_untouched_and_used(content: dict) -> None:
    """A name that only an untouched demonstration defines: `nudge`, in the second section."""
    demo = next(cell for cell in LESSON.cells if cell.role == "demo" and "\nnudge = " in cell.source)
    put(
        content,
        FIRST,
        source_of(content, FIRST).replace("### BEGIN SOLUTION", "assert nudge_of_the_demo > 0\n    ### BEGIN SOLUTION"),
    )
    insert(content, demo.id, "nudge_of_the_demo = nudge_there()")
    insert(content, demo.id, "def nudge_there():\n    return splatter_loss(start)")


def prints_and_warns(content: dict) -> None:
    put(
        content,
        FIRST,
        source_of(content, FIRST).replace(
            "### BEGIN SOLUTION",
            "import sys, warnings, logging; print('here', file=sys.stderr); warnings.warn('careful'); "
            "logging.warning('oh'); print('and there')\n    ### BEGIN SOLUTION",
        )
        + "\nimport sys\nprint('done', file=sys.stderr)",
    )


def without_ids(content: dict) -> None:
    content["nbformat_minor"] = 4
    for cell in content["cells"]:
        del cell["id"]


def without_metadata(content: dict) -> None:
    content["metadata"] = {}
    for cell in content["cells"]:
        cell["metadata"] = {}


def without_either(content: dict) -> None:
    without_metadata(content)
    without_ids(content)


def ids_of_another_editor(content: dict) -> None:
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"{number:08x}"


def windows_line_ends(content: dict) -> None:
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


def lines_as_a_list(content: dict) -> None:
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def tabs_and_blanks_at_line_ends(content: dict) -> None:
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "  \n")


def run_out_of_order(content: dict) -> None:
    for number, cell in enumerate(reversed(content["cells"])):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number


def checks_deleted(content: dict) -> None:
    content["cells"] = [cell for cell in content["cells"] if not cell["id"].startswith("check-")]


def demos_that_no_longer_run(content: dict) -> None:
    for cell in LESSON.cells:
        if cell.role == "demo":
            put(content, cell.id, "1 / 0")


def outputs_of_another_lesson(content: dict) -> None:
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "Traceback (most recent call last)"}]


def autoreload_at_the_top(content: dict) -> None:
    content["cells"].insert(
        0,
        {
            "cell_type": "code",
            "id": "top",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "%load_ext autoreload\n%autoreload 2",
        },
    )


CHANGES = [
    split_in_two,
    helper_after_its_use,
    demo_edited_and_used,
    demo_untouched_and_used,
    prints_and_warns,
    without_ids,
    without_metadata,
    without_either,
    ids_of_another_editor,
    windows_line_ends,
    lines_as_a_list,
    tabs_and_blanks_at_line_ends,
    run_out_of_order,
    checks_deleted,
    demos_that_no_longer_run,
    outputs_of_another_lesson,
    autoreload_at_the_top,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_an_honest_learner_or_an_editor_does_costs_nothing(grade, change: Callable[[dict], None]):
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    change(content)
    outcome = grade(FOLDER, json.dumps(content).encode())
    assert outcome.points == WHOLE and outcome.status == GRADED, (
        outcome.why,
        [result for result in outcome.results if result.status != "passed"],
    )


def test_a_notebook_that_kept_neither_ids_nor_metadata_is_read_as_the_same_submission():
    plain = notebook_with(LESSON, ROOT, RIGHT)
    content = json.loads(plain)
    without_either(content)
    assert read_notebook(json.dumps(content).encode(), LESSON).texts == read_notebook(plain, LESSON).texts


def test_a_demonstration_that_lost_its_id_is_still_known_by_its_text():
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    demos = {cell.id for cell in LESSON.cells if cell.role == "demo"}
    for number, cell in enumerate(content["cells"]):
        if cell["id"] in demos:
            cell["id"] = f"lost-{number}"
    submitted = read_notebook(json.dumps(content).encode(), LESSON)
    assert submitted.graded == read_notebook(notebook_with(LESSON, ROOT, RIGHT), LESSON).graded
