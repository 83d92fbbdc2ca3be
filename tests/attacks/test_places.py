"""Kinds 90 and 91: one line that makes a stranger's notebook 'this lesson', and text that is thrown away because no
place is for it. Members are data; each notebook is built from the released one. Read grader/judging/places.py first;
tests/classroom/test_nothing_lost.py holds what honest people do."""

import html
import json

import pytest
from case import cells_of, code
from shared import LESSONS, ROOT

from grader.classroom.copies import copy_of
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import Submission, grade_one
from grader.judging.intake import Refused, read_notebook

FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
RELEASED = json.loads(notebook_with(LESSON, ROOT, {}))


def markdown(source, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def bare(*sources: str, **metadata) -> dict:
    """A notebook of somebody's own, as an editor without ids saves it."""
    cells = [{key: value for key, value in code(source).items() if key != "id"} for source in sources]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": cells}


def of_another_lesson(*more: str, strip: bool = True) -> dict:
    content = json.loads(notebook_with(LESSONS["03-descent"], ROOT, solved(LESSONS["03-descent"])))
    if strip:
        content["metadata"] = {}
        content["cells"] = [
            {key: value for key, value in cell.items() if key != "id"} | {"metadata": {}} for cell in content["cells"]
        ]
    return content | {"cells": [*content["cells"], *bare(*more)["cells"]]}


def pasted(*ids: str, bodies: bool = True) -> list[dict]:
    return [dict(cell) if bodies else {**cell, "source": "x = 1"} for cell in RELEASED["cells"] if cell["id"] in ids]


HOUSES = [
    "import pandas as pd\nframe = pd.read_csv('houses.csv')",
    "frame.describe()",
    "model.fit(frame[['rooms']], frame['price'])",
]
STRANGERS = {
    "an assignment to an exercise's name": bare(
        *HOUSES, "mse = ((model.predict(frame[['rooms']]) - frame['price']) ** 2).mean()"
    ),
    "an annotated assignment": bare(*HOUSES, "mse: float = 3.0"),
    "a function that many a notebook has": bare(*HOUSES, "def predict(x):\n    return model.predict(x)"),
    "two functions that many a notebook has": bare(
        *HOUSES, "def predict(x):\n    return 0", "def mse(a, b):\n    return ((a - b) ** 2).mean()"
    ),
    "a class of an exercise's name": bare(*HOUSES, "class residuals:\n    pass"),
    "a quiz's name": bare(
        *HOUSES, 'reading = {1: "", 2: "", 3: "", 4: "", 5: ""}  # a letter between each pair of quotes'
    ),
    "the name in a comment and in a string": bare(*HOUSES, "# def mse(\n'''\nmse = 3\n'''"),
    "the sentence in which an essay is to be written": {
        **bare(*HOUSES),
        "cells": [*bare(*HOUSES)["cells"], markdown("*Write your answer here, in place of this sentence.*")],
    },
    "the lesson's import line": bare("\n".join(LESSON.setup[0].stub.splitlines()), *HOUSES),
    "the name that every lesson has: setup-1": {
        **bare(*HOUSES),
        "cells": [*bare(*HOUSES)["cells"], code("x = 1", "setup-1")],
    },
    "a quiz's cells, by name": {
        **bare(*HOUSES),
        "cells": [
            *bare(*HOUSES)["cells"],
            *pasted("quiz-reading", "answer-reading", "check-reading-1", "check-reading-2"),
        ],
    },
    "two cells of the lesson's prose, pasted": {
        **bare(*HOUSES),
        "cells": [*bare(*HOUSES)["cells"], *(markdown(cell.stub) for cell in LESSON.cells if cell.role == "text")][:5],
    },
    "another lesson's notebook": of_another_lesson(strip=False),
    "another lesson's, stripped": of_another_lesson(),
    "another lesson's, stripped, with one line": of_another_lesson("mse = 3", "def mse(a, b):\n    return 0"),
    "another lesson's with one exercise pasted into it": {
        **(other := of_another_lesson(strip=False)),
        "cells": [*other["cells"], *pasted("exercise-mse")],
    },
    "a notebook of another course in nbgrader": {
        **bare(),
        "cells": [
            code("1", "a", nbgrader={"grade_id": "cell-0a1b2c3d4e", "grade": True}),
            code("mse = 1", "b", nbgrader={"grade_id": "problem-1"}),
        ],
    },
    "a notebook that says it is of another lesson": bare("mse = 1", course={"lesson": "07-batchnorm"}),
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_kind_90_a_strangers_notebook_is_refused_in_words_whatever_line_is_in_it(kind: str):
    with pytest.raises(
        Refused, match="none of the cells of lesson 02-lines, or too few to be it: is it the notebook of"
    ):
        read_notebook(json.dumps(STRANGERS[kind]).encode(), LESSON)


def _stripped(content):
    return {
        **content,
        "metadata": {},
        "cells": [
            {key: value for key, value in cell.items() if key != "id"} | {"metadata": {}} for cell in content["cells"]
        ],
    }


HONEST = {
    "as it was handed out": RELEASED,
    "all ids and metadata lost": _stripped(RELEASED),
    "only its own metadata and one quiz left": {**RELEASED, "cells": pasted("answer-reading")},
    "one exercise left, by its name": {**RELEASED, "metadata": {}, "cells": pasted("exercise-mse")},
    "one answer alone, under @exercise": bare(RIGHT["mse"]),
    "half of the functions, retyped without @exercise": bare(
        *(RIGHT[name].replace("@exercise\n", "") for name in list(RIGHT)[:3])
    ),
    "all in one cell": bare("\n\n".join(RIGHT.values())),
    "two thirds of the prose deleted, ids lost": {**_stripped(RELEASED), "cells": _stripped(RELEASED)["cells"][::3]},
}


@pytest.mark.parametrize("kind", HONEST)
def test_kind_90_a_notebook_of_the_lesson_is_known_with_whatever_an_editor_has_lost(kind: str):
    assert read_notebook(json.dumps(HONEST[kind]).encode(), LESSON)


@pytest.mark.parametrize("lose", ["nothing", "the notebook's metadata", "all metadata", "all metadata and ids"])
@pytest.mark.parametrize("solve", [False, True])
@pytest.mark.parametrize("folder", LESSONS)
def test_kind_90_each_lessons_notebook_is_taken_for_that_lesson_and_for_no_other(folder: str, solve: bool, lose: str):
    content = json.loads(notebook_with(LESSONS[folder], ROOT, solved(LESSONS[folder]) if solve else {}))
    if lose != "nothing":
        content["metadata"] = {}
    for cell in content["cells"] if lose.startswith("all") else []:
        cell["metadata"] = {}
        if "ids" in lose:
            del cell["id"]
    taken = []
    for lesson in LESSONS.values():
        try:
            read_notebook(json.dumps(content).encode(), lesson)
            taken.append(lesson.folder)
        except Refused:
            pass
    assert taken == [folder]


# Kind 91. Words that nobody else has, in every place that a notebook has for text.
WORDS = "My answer to the question: a residual is signed."


def at(id: str, **change):
    """The notebook with one of its cells changed."""
    return lambda content: cells_of(content, id)[0].update(change)


def _twice(content):
    """Two cells with one name, as copy and paste in JupyterLab leaves them: the essay in the second."""
    (cell,) = cells_of(content, "exercise-mse")
    content["cells"].append({**cell, "source": f"# {WORDS}\n"})


def _other_types(content):
    content["cells"] += [{"cell_type": "unknown", "metadata": {}, "source": WORDS}, {"cell_type": 7, "source": ["7"]}]


def _no_cell(content):
    content["cells"].insert(3, WORDS)


def _nested(content):
    content["cells"].insert(3, markdown([["a", [WORDS]], {"b": 1}, "c"]))


def _format_3(content):
    cells = [
        {**cell, "input": cell["source"], "language": "python", "outputs": []} if cell["cell_type"] == "code" else cell
        for cell in content["cells"]
    ]
    cells = [{key: value for key, value in cell.items() if key not in ("id", "execution_count")} for cell in cells]
    sheets = [
        {"cells": cells, "metadata": {}},
        {"cells": [{"cell_type": "heading", "level": 2, "source": WORDS, "metadata": {}}], "metadata": {}},
    ]
    content.clear()
    content.update(nbformat=3, nbformat_minor=0, metadata={"name": ""}, worksheets=sheets)


def _hidden(content):
    content["cells"].insert(4, code(f"# {WORDS}", tags=["hide-input", "remove-cell"], jupyter={"source_hidden": True}))


def _named_like_a_check(content):
    content["cells"].append(
        code(f"# {WORDS}", "check-mse", nbgrader={"grade_id": "check-mse", "grade": True, "locked": True})
    )


def _named_like_a_stray(content):
    content["cells"] += [markdown("first", id="stray-0"), markdown(WORDS, id="stray-0-text")]


LOST = {
    "a second cell with an exercise's name": _twice,
    "cells of types that there are not": _other_types,
    "text where a cell is wanted": _no_cell,
    "a source in a source": _nested,
    "a heading on a second sheet of format 3": _format_3,
    "a cell that is hidden by its tags": _hidden,
    "a cell that is named like a check": _named_like_a_check,
    "cells that are named like the copy's own": _named_like_a_stray,
    "in a check's cell": at("check-mse", source=f"# {WORDS}"),
    "in a quiz's question": at("quiz-reading", source=WORDS),
    "in a setup cell": at("setup-1", source=f"# {WORDS}"),
    "in a quiz's check": at("check-reading-2", source=WORDS),
    "in a cell of prose made code": at("cell-", source=WORDS, cell_type="code"),
    "in an exercise's cell made raw": at("exercise-mse", source=WORDS, cell_type="raw"),
    "an answer above the stub of a quiz": at(
        "answer-reading", source=f"# {WORDS}\n" + 'reading = {1: "", 2: "", 3: "", 4: "", 5: ""}'
    ),
    "after ten thousand blank lines": lambda content: content["cells"].append(markdown("\n" * 10_000 + WORDS)),
    "behind a comment that is never closed": lambda content: content["cells"].append(
        markdown(f"<!-- </div></pre> ``` ~~~ <script> {WORDS}")
    ),
    "in a terminal's escapes": lambda content: content["cells"].append(markdown(f"\x1b[8m{WORDS}\x1b[0m")),
    "in a title attribute": lambda content: content["cells"].append(
        markdown("![x](y)", attachments={WORDS: {"image/png": "AAAA"}})
    ),
    "in what is attached to a check": at("check-mse", attachments={"a": {"text/plain": WORDS}}),
}


@pytest.mark.parametrize("kind", LOST)
def test_kind_91_text_without_a_place_is_in_the_form_graders_copy_and_waits_for_a_person(
    kind: str, tmp_path, sandboxes
):
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    LOST[kind](content)
    file = tmp_path / "eve.ipynb"
    file.write_text(json.dumps(content))
    outcome = grade_one(Submission("eve", file), LESSON, sandboxes[FOLDER], b"secret")
    cells = json.loads(json.dumps(copy_of(outcome, LESSON)))["cells"]
    seen = "\n".join(
        (html.unescape if cell["cell_type"] == "markdown" else str)("".join(cell["source"])) for cell in cells
    )
    assert WORDS in seen and len({cell["id"] for cell in cells}) == len(cells)
    # A cell with an exercise's name is its answer, is judged as that, and costs what a wrong answer costs.
    assert outcome.looks or kind in ("a second cell with an exercise's name", "in an exercise's cell made raw")
    assert outcome.points <= 100
