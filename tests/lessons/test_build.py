"""The build: the same bytes everywhere, nothing secret in what is handed out, and an eye for what is out of date.
Every lesson is built by what is tested here; the small lesson stands for it. What starts a kernel is marked slow.
Read first: tests/lessons/small_lesson/lines.py; then grader/lessons/build.py."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.validator import Validator
from test_rules import changed, line_with, small_course

from grader.judging.proof import both_ways
from grader.lessons import build as build_module
from grader.lessons.build import build, built_paths, secrets_in
from grader.lessons.cells import Problem
from grader.lessons.execute import problems_in_outputs
from grader.lessons.notebooks import as_text, normalised_notebook, released_notebook, solved_notebook
from grader.lessons.reading import read_lesson

SECRETS = ("secret-of-predict", "SOLUTION", "HIDDEN", "randn", "self.total +=", "because", '1: \\"b\\"')


@pytest.fixture
def course(tmp_path):
    """A repository of the small lesson, built as if it had been executed, and the lesson."""
    lesson = read_lesson(small_course(tmp_path))
    pretend_build(lesson, tmp_path)
    return tmp_path, lesson


def pretend_build(lesson, root):
    executed = solved_notebook(lesson)
    for count, cell in enumerate([cell for cell in executed.cells if cell.cell_type == "code"], 1):
        cell.execution_count = count
        cell.outputs = [new_output("stream", name="stdout", text=f"{count}\n")]
    for path, notebook in zip(built_paths(lesson, root), (executed, released_notebook(lesson)), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(notebook), encoding="utf-8")
    (root / "course" / "quizzes").mkdir(exist_ok=True)
    build_module.quizzes_path(lesson, root).write_text(build_module.quizzes_text(lesson), encoding="utf-8")
    (root / "notebooks" / "glossary.md").write_text(build_module.glossary_page(root), encoding="utf-8")


def staleness(root) -> list[tuple[str, str]]:
    report = build([], root, check=True)
    assert report.problems == []
    return [(stale.file.relative_to(root).as_posix(), stale.why) for stale in report.stale]


def bare(path: Path) -> str:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell.pop("outputs", None), cell.pop("execution_count", None)
    return json.dumps(notebook)


def test_what_is_handed_out_holds_no_solution_and_no_hidden_check(course):
    root, lesson = course
    solved, released = (path.read_text(encoding="utf-8") for path in built_paths(lesson, root))
    assert [secret for secret in SECRETS if secret not in solved] == []
    assert [secret for secret in SECRETS if secret in released] == []
    assert not any(cell.get("outputs") for cell in json.loads(released)["cells"])
    assert secrets_in(lesson, released_notebook(lesson)) == []


def test_a_secret_that_nbgrader_would_hand_out_is_seen(course):
    _, lesson = course
    released = released_notebook(lesson)
    released.cells[3].source = lesson.cells[3].source
    assert [problem.line for problem in secrets_in(lesson, released)] == [lesson.cells[3].line]


def test_a_lesson_that_is_new_finds_its_released_notebook_when_it_is_run(tmp_path, monkeypatch):
    lesson = read_lesson(small_course(tmp_path))
    solved, released = built_paths(lesson, tmp_path)
    seen = []

    def stops(*_):
        seen.append(json.loads(released.read_text(encoding="utf-8")))
        return solved_notebook(lesson), [Problem(lesson.path, 1, "a cell stopped")], {}

    monkeypatch.setattr(build_module, "execute", stops)
    report = build([], tmp_path)
    assert [problem.message for problem in report.problems] == ["a cell stopped"]
    assert len(seen) == 1 and seen[0] == json.loads(as_text(released_notebook(lesson)))
    assert not released.exists() and not solved.exists()


def test_two_folders_give_the_same_bytes(tmp_path):
    texts = []
    for name in ("here", "somewhere-else"):
        lesson = read_lesson(small_course(tmp_path / name))
        texts.append((as_text(solved_notebook(lesson)), as_text(released_notebook(lesson))))
    assert texts[0] == texts[1]
    assert not [part for part in (str(tmp_path), str(Path.home()), 'version": "3.') if part in "".join(texts[0])]


def test_a_release_leaves_no_gradebook_and_no_other_folder_behind(tmp_path, monkeypatch):
    lesson = read_lesson(small_course(tmp_path / "course"))
    monkeypatch.chdir(tmp_path)
    released_notebook(lesson)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course"]


def test_the_metadata_are_nbgraders_own(course):
    root, lesson = course
    for path in built_paths(lesson, root):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        known = {
            cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader
            for cell in notebook.cells
            if "nbgrader" in cell.metadata
        }
        assert list(known) == [
            "setup-1",
            "exercise-predict",
            "check-predict",
            "exercise-residuals",
            "check-residuals",
            "exercise-mse",
            "check-mse",
            "check-mse-arguments",
            "exercise-Running",
            "check-Running",
            "quiz-reading",
            "answer-reading",
            "check-reading-1",
            "check-reading-2",
            "check-reading-3",
            "essay-reflection",
            "answer-reflection",
        ]
        assert {entry.schema_version for entry in known.values()} == {3}
        assert sum(entry.get("points", 0) for entry in known.values()) == 100
        assert all(cell.id == cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata)
    assert known["answer-reflection"].grade and known["answer-reflection"].solution
    assert all("checksum" in entry for entry in known.values())


def test_learners_cannot_edit_what_is_not_theirs(course):
    root, lesson = course
    cells = {cell.id: cell for cell in nbformat.read(built_paths(lesson, root)[1], as_version=4).cells}
    for cell in lesson.cells:
        assert (cells[cell.id].metadata.get("editable") is False) == (cell.role in ("setup", "check", "prompt")), (
            cell.id
        )
    assert cells["answer-reflection"].source == "*Write your answer here, in place of this sentence.*"
    assert "docstring" not in cells["exercise-mse"].source and cells["exercise-mse"].source.rstrip().endswith(
        '-> 2.5."""'
    )


def test_plain_nbgrader_leaves_the_same_stubs(tmp_path):
    from traitlets.config.loader import PyFileConfigLoader

    from grader.lessons.cells import PLACEHOLDER

    config = PyFileConfigLoader("nbgrader_config.py", path=str(Path(__file__).parents[2])).load_config()
    assert config.ClearSolutions.code_stub == {"python": ""}
    assert config.ClearSolutions.text_stub == PLACEHOLDER


def test_only_the_cell_that_is_edited_gets_another_id(tmp_path):
    before = {cell.id for cell in read_lesson(small_course(tmp_path)).cells}
    after = {cell.id for cell in read_lesson(small_course(tmp_path, changed("## Play", "## Play on"))).cells}
    assert len(before - after) == len(after - before) == 1


def test_equal_cells_have_ids_of_their_own(tmp_path):
    text = changed("# %%\nprint(predict", "# %%\nprint(1)\n\n# %%\nprint(1)\n\n# %%\nprint(predict")
    ids = [cell.id for cell in read_lesson(small_course(tmp_path, text)).cells]
    assert len(ids) == len(set(ids))


def test_the_outputs_of_explorer_and_headline_are_not_compared(course):
    _, lesson = course
    for cell in solved_notebook(lesson).cells:
        assert ("nbval-ignore-output" in cell.metadata.get("tags", [])) == (
            lesson.cell(cell.id).role in ("explorer", "headline")
        )


def test_what_is_up_to_date_is_not_named_and_nothing_is_executed(course, monkeypatch):
    monkeypatch.setattr(build_module, "execute", lambda *_: pytest.fail("--check executed a lesson"))
    assert staleness(course[0]) == []


@pytest.mark.parametrize(
    ("old", "new", "solved", "released"),
    [
        ("## Play", "## Play on", "it lacks cell cell-", "it lacks cell cell-"),
        (
            "gives(lambda p, t: ((p - t) ** 2).mean())",
            "gives(lambda p, t: ((p - t) ** 2).mean() / 1.0)",
            "the text of cell check-mse differs",
            "another version",
        ),
        (
            "return slope * x + intercept  # secret-of-predict",
            "return intercept + slope * x",
            "the text of cell exercise-predict differs",
            "another version",
        ),
        (
            "Square before you average.",
            "First the squares.",
            "the text of cell check-mse differs",
            "the text of cell check-mse differs",
        ),
        ('check="predict" points=20', 'check="predict" points=15', "cell check-predict", "cell check-predict"),
        (
            "# %%\nprint(predict",
            '# %% tags=["nbval-ignore-output"]\nprint(predict',
            "the metadata of cell cell-",
            "the metadata of cell cell-",
        ),
        ("minutes: 5", "minutes: 6", "another version", "another version"),
    ],
)
def test_a_changed_text_makes_both_notebooks_stale(course, old, new, solved, released):
    root, lesson = course
    text = changed(old, new)
    if "points=15" in new:
        text = text.replace('check="mse" points=10', 'check="mse" points=15')
    lesson.path.write_text(text, encoding="utf-8")
    found = staleness(root)
    assert [file for file, _ in found] == ["solutions/02-lines/lines.ipynb", "notebooks/02-lines/lines.ipynb"]
    assert solved in found[0][1] and released in found[1][1], found


def test_a_changed_reason_of_a_quiz_makes_its_file_stale_too(course):
    root, lesson = course
    lesson.path.write_text(changed("that is the line itself", "that is the line"), encoding="utf-8")
    assert ("course/quizzes/02-lines.json", "it differs from the quiz in the lesson's text") in staleness(root)
    build_module.quizzes_path(lesson, root).unlink()
    assert ("course/quizzes/02-lines.json", "it is missing") in staleness(root)


def edit(path, change):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(as_text(nbformat.from_dict(notebook)), encoding="utf-8")


def test_each_file_that_was_touched_is_named_with_the_reason(course):
    root, lesson = course
    solved, released = built_paths(lesson, root)
    for path, change, why in (
        (
            released,
            lambda nb: nb["cells"][3].update(source=lesson.cells[3].source),
            "the text of cell exercise-predict differs",
        ),
        (
            released,
            lambda nb: nb["cells"][4]["metadata"]["nbgrader"].update(points=99),
            "the metadata of cell check-predict differ",
        ),
        (
            released,
            lambda nb: nb["cells"][1].update(outputs=[new_output("stream", text="x")]),
            "the outputs of cell setup-1 differ",
        ),
        (released, lambda nb: nb["cells"].pop(), "it lacks cell"),
        (released, lambda nb: nb["cells"].reverse(), "another order"),
        (solved, lambda nb: nb["cells"][1].update(execution_count=None), "it was not executed: cell setup-1"),
        (
            solved,
            lambda nb: nb["metadata"]["language_info"].update(version="3.11.7"),
            "the notebook's own metadata differ",
        ),
    ):
        pretend_build(lesson, root)
        edit(path, change)
        found = staleness(root)
        assert len(found) == 1 and root / found[0][0] == path and why in found[0][1], (found, why)
    pretend_build(lesson, root)
    edit(solved, lambda nb: nb["cells"][1].update(outputs=[], execution_count=7))
    assert staleness(root) == []  # outputs are not compared
    solved.write_text(json.dumps(json.loads(solved.read_text(encoding="utf-8"))), encoding="utf-8")
    assert "written by something else" in staleness(root)[0][1]
    solved.write_text("{", encoding="utf-8")
    assert "cannot be read" in staleness(root)[0][1]
    solved.unlink()
    released.unlink()
    (root / "notebooks" / "glossary.md").write_text("old", encoding="utf-8")
    (root / "notebooks" / "02-old").mkdir()
    assert [why for _, why in staleness(root)] == [
        "it is missing",
        "it is missing",
        "it differs from course/glossary/*.toml",
        "no lesson is called so any more; delete it",
    ]


def test_the_glossary_names_the_lesson_that_defines_a_term(course):
    page = (course[0] / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    assert (
        "## residual\n\nWhat is left over: the target minus the prediction.\n\n"
        "Defined in lesson 02, [A line through a splatter of paint](02-lines/lines.ipynb)." in page
    )


def test_the_glossary_is_alphabetical(tmp_path):
    small_course(tmp_path, glossary='[residual]\ntext = "a"\n["mean squared error"]\ntext = "b"\n')
    page = build_module.glossary_page(tmp_path)
    assert page.index("## mean squared error") < page.index("## residual")


WIDGET = "application/vnd.jupyter.widget-view+json"


def test_outputs_keep_no_model_id_no_progress_bar_and_no_timing(course):
    _, lesson = course
    notebook = solved_notebook(lesson)
    notebook.metadata.widgets = {"state": {}}
    notebook.metadata.language_info.version = "3.11.7"
    cell = notebook.cells[1]
    cell.metadata.execution = {"iopub.status.busy": "2026-01-01"}
    cell.outputs = [
        new_output(
            "display_data", {WIDGET: {"model_id": "a1"}, "text/plain": "Explorer()", "text/html": "<p>still</p>"}
        ),
        new_output("display_data", {WIDGET: {"model_id": "b2"}, "text/plain": "  0%|          | 0/9 [00:00<?, ?it/s]"}),
        new_output("stream", name="stderr", text="100%|####| 9/9 [00:01<00:00, 8.1it/s]"),
        new_output("stream", name="stdout", text="kept\n"),
    ]
    kept = normalised_notebook(notebook)
    assert [dict(output.get("data", {"text": output.get("text")})) for output in kept.cells[1].outputs] == [
        {"text/plain": "Explorer()", "text/html": "<p>still</p>"},
        {"text": "kept\n"},
    ]
    assert (
        "execution" not in kept.cells[1].metadata
        and "widgets" not in kept.metadata
        and "version" not in kept.metadata.language_info
    )


@pytest.mark.parametrize(
    ("cell", "output", "said"),
    [
        ("setup-1", new_output("display_data", {"image/png": "aGk=", "text/plain": "<Figure>"}), "without alt text"),
        (
            "setup-1",
            new_output("display_data", {"text/html": '<img src="data:,">', "text/plain": "<HTML>"}),
            "no alt text",
        ),
        ("setup-1", new_output("stream", name="stdout", text=f"{Path.home()}/x.py"), "path of this machine"),
        ("setup-1", new_output("stream", name="stdout", text="<function f at 0x7f3e7c65de40>"), "address in memory"),
        (
            "setup-1",
            new_output("error", ename="NameError", evalue="nobody", traceback=["----> 3 nobody"]),
            "raises NameError: nobody",
        ),
        (
            "check-mse",
            new_output("error", ename="CheckFailed", evalue="mse: not passed", traceback=[]),
            "own solution fails its check check-mse",
        ),
        ("setup-1", new_output("stream", name="stderr", text="a warning"), "a slower machine may not"),
        ("check-mse", new_output("stream", name="stderr", text="a warning"), "nbgrader gives no points"),
    ],
)
def test_outputs_that_may_not_be_kept_are_refused(course, cell, output, said):
    root, lesson = course
    notebook = solved_notebook(lesson)
    assert problems_in_outputs(lesson, notebook, root) == []
    next(ran for ran in notebook.cells if ran.id == cell).outputs = [output]
    problems = problems_in_outputs(lesson, notebook, root)
    assert len(problems) == 1 and said in problems[0].message and problems[0].file == lesson.path
    assert problems[0].line == (lesson.cell(cell).line_of(3) if output.get("traceback") else lesson.cell(cell).line)


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path, report = tmp_path / "lines.ipynb", build_module.BuildReport()
    build_module.write_if_changed(path, "old\n", report)
    build_module.write_if_changed(path, "old\n", report)
    assert report.written == [path]
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError):
        build_module.write_if_changed(path, "new\n", report)
    assert path.read_text() == "old\n" and [file.name for file in tmp_path.iterdir()] == ["lines.ipynb"]


def test_a_lesson_that_breaks_a_rule_is_not_built(tmp_path):
    small_course(tmp_path, changed('check="Running" points=20', 'check="Running" points=21'))
    report = build(["lines"], tmp_path)
    assert [problem.message for problem in report.problems] == [
        "the points of checks, quiz and essays sum to 101; make it 100"
    ]
    assert not (tmp_path / "notebooks" / "02-lines").exists() and not report.ok


@pytest.mark.slow
def test_a_build_gives_the_same_bytes_in_every_folder_and_nbgrader_accepts_them(tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "somewhere" / "else"
    lesson = read_lesson(small_course(here))
    report = build([], here, prove=both_ways)
    assert report.problems == [] and len(report.written) == 4 and list(report.seconds["02-lines"])[0] == "setup-1"
    assert build([], here, check=True).ok
    shutil.copytree(here, elsewhere)
    assert build([], elsewhere).written == []  # the same to the byte, so that nothing was written
    assert [bare(path) for path in built_paths(lesson, here)] == [bare(path) for path in built_paths(lesson, elsewhere)]
    solved, released = built_paths(lesson, here)
    assert Validator().validate(str(solved)) == {}
    failed = Validator().validate(str(released))["failed"]
    assert [entry["source"].split("\n")[0] for entry in failed] == [
        cell.stub.split("\n")[0] for cell in lesson.cells if cell.points
    ]


@pytest.mark.slow
def test_a_lesson_whose_own_solution_fails_a_check_is_not_built(tmp_path):
    text = changed("return ((prediction - target) ** 2).mean()\n", "return ((prediction - target) ** 2).sum()\n")
    text = text.replace("# %%\nprint(predict", "# %%\nnumbers = [1]\nnumbers[7]\nprint(predict")
    path = small_course(tmp_path, text)
    problems = build([], tmp_path).problems
    assert [problem.line for problem in problems] == [
        line_with(text, "check(mse, tensor([1., 2.]), tensor([0., 0.])).gives"),
        line_with(text, "numbers[7]"),
    ]
    assert (
        "own solution fails its check check-mse" in problems[0].message
        and "you summed the squares" in problems[0].message
    )
    assert "IndexError" in problems[1].message and all(problem.file == path for problem in problems)
    assert not (tmp_path / "notebooks" / "02-lines").exists()


@pytest.mark.slow
def test_a_check_that_says_something_else_from_outside_the_sandbox_is_refused(tmp_path):
    last = "check(mse, torch.randn(7), torch.randn(7)).gives(lambda p, t: ((p - t) ** 2).mean())\n"
    text = changed(
        last,
        last
        + """check(mse, torch.randn(7), torch.randn(7)).satisfies(
    "the call is made in the notebook", lambda *_: type(check.__globals__["current"]().executor).__name__ == "Here")
""",
    )
    small_course(tmp_path, text)
    problems = build([], tmp_path, prove=both_ways).problems
    assert len(problems) == 1 and "graded from outside, check mse is failed" in problems[0].message
    assert problems[0].line == line_with(text, '# %% check="mse" points=10')


@pytest.mark.slow
def test_a_picture_that_leaves_a_cell_without_alt_text_is_refused(tmp_path):
    text = changed('print("an explorer would stand here")', "from PIL import Image\nImage.new('RGB', (2, 2))")
    small_course(tmp_path, text)
    problems = build([], tmp_path).problems
    assert [(problem.line, "without alt text" in problem.message) for problem in problems] == [
        (line_with(text, "# %% explorer=true"), True)
    ]


def test_the_lessons_of_the_course_are_up_to_date():
    assert [str(stale) for stale in build([], Path(__file__).parents[2], check=True).stale] == []
