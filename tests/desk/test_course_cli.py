"""The learner's command, on a lesson of a few cells that is made here: handing out, updating, checking, progress,
reset, handing in."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from typer.testing import CliRunner

from course.checks.panel import RESULT_TYPE
from course.desk import cli, rerun, submit, work

STUB = (
    '@exercise\ndef double(values):\n    """Twice the values. values: (n,). Returns (n,), e.g. [1, 2] -> [2, 4]."""\n'
)
RIGHT = STUB + "    return values + values\n"
SQUARED = STUB + "    return values * values\n"


def graded(kind, source, grade_id, *, grade=False, solution=False, points=None):
    make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
    mark = {
        "cell_type": kind,
        "grade": grade,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return make(source, id=grade_id, metadata={"nbgrader": mark | ({"points": points} if grade else {})})


def lesson_notebook(**changed):
    """A released lesson: one exercise with two checks, an experiment, a quiz, an essay. changed: other sources, by cell
    id with _ for -."""
    cells = [
        v4.new_markdown_cell("# A tiny lesson", id="title"),
        graded(
            "code",
            "from torch import tensor\nfrom course.check import answer, begin, check, checks, exercise, "
            'hints\nbegin("01-tiny")',
            "setup-1",
        ),
        graded("code", STUB, "exercise-double", solution=True),
        v4.new_code_cell('factor = 3\nraise RuntimeError("an experiment that fails")', id="experiment"),
        graded(
            "code",
            'checks("double", points=40)\nhints("twice", "add it to itself", "values + values")\n'
            'check(double, tensor([1., 3.])).gives(tensor([2., 6.]), hint="you doubled nothing")',
            "check-double",
            grade=True,
            points=40,
        ),
        graded(
            "code",
            'checks("double", points=30, aspect="zero")\ncheck(double, tensor([0.])).gives(tensor([0.]))',
            "check-double-zero",
            grade=True,
            points=30,
        ),
        graded("code", 'reading = {1: ""}', "answer-reading", solution=True),
        graded(
            "code",
            'checks("reading-1", points=20)\nanswer("reading", reading, 1).is_one_of("abc")',
            "check-reading-1",
            grade=True,
            points=20,
        ),
        graded("markdown", "Write here.", "answer-thoughts", grade=True, solution=True, points=10),
    ]
    for cell in cells:
        cell.source = changed.get(cell.id.replace("-", "_"), cell.source)
    return v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A checkout with one released lesson, and the command in it: course("check", "01") returns status, stdout and
    stderr."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "notebooks" / "01-tiny").mkdir(parents=True)
    (tmp_path / "notebooks" / "glossary.md").write_text("# Glossary\n")
    release(tmp_path, lesson_notebook())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANDSCAPE_WORK", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "no-jupyter-settings"))

    def run(*arguments):
        return CliRunner().invoke(cli.app, list(arguments), catch_exceptions=False)

    run.folder = tmp_path
    run.mine = tmp_path / "work" / "01-tiny" / "tiny.ipynb"
    run.work = work.Work()
    return run


def release(folder: Path, notebook) -> None:
    nbformat.write(notebook, folder / "notebooks" / "01-tiny" / "tiny.ipynb")


def hand_out(course) -> str:
    course.work.hand_out_glossary()
    return course.work.hand_out(course.work.lesson("1"))


def write(course, *added, **sources) -> None:
    """Write into the learner's copy. sources: by cell id with _ for -; added: new cells for its end."""
    notebook = nbformat.read(course.mine, as_version=4)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id.replace("-", "_"), cell.source)
    notebook.cells += added
    nbformat.write(notebook, course.mine)


def sources(path: Path) -> dict[str, str]:
    return {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}


def checked(course, *options, **answers):
    hand_out(course)
    write(course, **answers)
    ran = course("check", "01", "--json", *options)
    return ran.exit_code, json.loads(ran.stdout)


def test_a_lesson_is_found_by_its_folder_its_name_and_its_number(course):
    for text in ("01-tiny", "tiny", "01", "1", "01-tiny/"):
        assert course.work.lesson(text).folder == "01-tiny"


def test_an_unknown_lesson_is_told_in_one_line_with_the_lessons_there_are_and_status_2(course):
    ran = course("check", "lines")
    assert ran.exit_code == 2 and ran.stderr == "course: no lesson is called 'lines'; there are 01-tiny\n"


def test_a_lesson_that_was_never_opened_is_told_in_one_line_and_status_1(course):
    ran = course("check", "1")
    assert ran.exit_code == 1 and ran.stderr.count("\n") == 1 and "course lab" in ran.stderr


def test_outside_a_checkout_and_without_an_installed_one_the_command_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, "HERE", tmp_path)
    ran = CliRunner().invoke(cli.app, ["progress"])
    assert ran.exit_code == 1 and "go to your clone of the course" in ran.stderr and ran.stderr.count("\n") == 1


def test_every_command_explains_itself():
    for command in ("lab", "check", "progress", "reset", "submit"):
        ran = CliRunner().invoke(cli.app, [command, "--help"])
        assert ran.exit_code == 0 and "Usage" in ran.stdout


def test_the_first_time_a_lesson_is_copied_and_the_second_time_it_is_left_alone(course):
    assert hand_out(course) == "new"
    assert course.mine.read_bytes() == (course.folder / "notebooks/01-tiny/tiny.ipynb").read_bytes()
    assert (course.folder / "work" / "glossary.md").exists()
    write(course, exercise_double=RIGHT)
    before = course.mine.read_bytes()
    assert hand_out(course) == "kept" and course.mine.read_bytes() == before


def test_the_folder_of_the_copies_is_taken_from_the_option_then_from_the_variable(course, monkeypatch):
    monkeypatch.setenv("LANDSCAPE_WORK", str(course.folder / "elsewhere"))
    assert work.Work().folder == course.folder / "elsewhere"
    assert work.Work(course.folder / "mine").folder == course.folder / "mine"


def test_an_update_keeps_answers_and_added_cells_and_renews_the_rest(course):
    hand_out(course)
    write(
        course,
        v4.new_code_cell("mine = 1", id="own"),
        exercise_double=RIGHT,
        experiment="factor = 4",
        answer_thoughts="It grows.",
        check_double="pass  # edited by the learner",
    )
    before = course.mine.read_bytes()
    release(
        course.folder,
        lesson_notebook(
            title="# A better title",
            exercise_double=STUB + "    # new\n",
            experiment="factor = 5",
            check_double='checks("double", points=40)\n# better',
            answer_reading='reading = {1: "", 2: ""}',
        ),
    )
    assert hand_out(course) == "updated"
    now = sources(course.mine)
    assert (
        now["exercise-double"] == RIGHT
        and now["own"] == "mine = 1"
        and now["experiment"] == "factor = 4"
        and now["answer-thoughts"] == "It grows."
    )
    assert (
        now["title"] == "# A better title"
        and "better" in now["check-double"]
        and now["answer-reading"] == 'reading = {1: "", 2: ""}'
    )
    assert [path.read_bytes() for path in (course.folder / "work" / "backups").iterdir()] == [before]
    assert hand_out(course) == "kept"


def test_an_added_cell_stays_behind_the_cell_that_it_followed(course):
    hand_out(course)
    notebook = nbformat.read(course.mine, as_version=4)
    notebook.cells.insert(3, v4.new_code_cell("print(double)", id="own"))
    nbformat.write(notebook, course.mine)
    release(course.folder, lesson_notebook(title="# Another"))
    hand_out(course)
    order = list(sources(course.mine))
    assert order[order.index("own") - 1] == "exercise-double"


def test_an_answer_to_an_exercise_that_the_release_dropped_stays_as_an_ordinary_cell(course):
    hand_out(course)
    write(course, exercise_double=RIGHT)
    smaller = lesson_notebook()
    smaller.cells = [cell for cell in smaller.cells if "double" not in cell.id]
    release(course.folder, smaller)
    hand_out(course)
    kept = [cell for cell in nbformat.read(course.mine, as_version=4).cells if cell.source == RIGHT]
    assert len(kept) == 1 and "nbgrader" not in kept[0].metadata
    assert "check-double" not in sources(course.mine)


def test_of_an_answer_and_its_copy_pasted_twin_the_one_that_was_handed_out_counts(course):
    hand_out(course)
    write(course, exercise_double=RIGHT)
    notebook = nbformat.read(course.mine, as_version=4)
    twin = deepcopy(notebook.cells[2])
    twin.id, twin.source = "twin", SQUARED
    notebook.cells.insert(2, twin)
    nbformat.write(notebook, course.mine)
    current = course.work.current(course.work.lesson("1"))
    assert [
        cell.source for cell in current.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "exercise-double"
    ] == [RIGHT]
    assert SQUARED in [cell.source for cell in current.cells]


def test_a_notebook_whose_program_dropped_the_ids_is_merged_without_a_cell_twice(course):
    hand_out(course)
    write(course, exercise_double=RIGHT)
    notebook = json.loads(course.mine.read_text())
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]
    course.mine.write_text(json.dumps(notebook))
    release(course.folder, lesson_notebook(title="# Another"))
    hand_out(course)
    assert list(sources(course.mine)) == [cell.id for cell in lesson_notebook().cells]
    assert sources(course.mine)["exercise-double"] == RIGHT


def test_a_copy_that_is_no_notebook_any_more_is_told_in_one_line_and_left_alone(course):
    hand_out(course)
    course.mine.write_text("{ not a notebook")
    ran = course("check", "1")
    assert ran.exit_code == 1 and "course reset 01-tiny" in ran.stderr and ran.stderr.count("\n") == 1
    assert course.mine.read_text() == "{ not a notebook"
    assert course("reset", "1").exit_code == 0 and sources(course.mine)["exercise-double"] == STUB


def test_reset_brings_back_one_stub_and_keeps_the_rest_and_a_backup(course):
    hand_out(course)
    write(course, exercise_double=SQUARED, answer_reading='reading = {1: "b"}')
    before = course.mine.read_bytes()
    ran = course("reset", "1", "double", "--json")
    assert ran.exit_code == 0
    assert (
        sources(course.mine)["exercise-double"] == STUB
        and sources(course.mine)["answer-reading"] == 'reading = {1: "b"}'
    )
    assert Path(json.loads(ran.stdout)["backup"]).read_bytes() == before


def test_reset_of_an_unknown_exercise_names_the_ones_there_are(course):
    hand_out(course)
    ran = course("reset", "1", "treble")
    assert ran.exit_code == 2 and "double, reading, thoughts" in ran.stderr


def test_right_answers_pass_and_a_quiz_is_recorded_and_the_copy_is_only_read(course):
    hand_out(course)
    write(course, exercise_double=RIGHT, answer_reading='reading = {1: "b"}')
    before = course.mine.read_bytes()
    ran = course("check", "tiny")
    assert ran.exit_code == 0, ran.output
    assert "70 of 90 points by the visible checks, 20 more are told at hand-in" in ran.stdout
    assert course.mine.read_bytes() == before


def test_a_wrong_answer_fails_with_its_mistake_and_one_hint(course):
    hand_out(course)
    write(course, exercise_double=SQUARED)
    ran = course("check", "1")
    flat = " ".join(ran.stdout.replace("│", " ").split())
    assert (
        ran.exit_code == 1
        and "You doubled nothing" in flat
        and "A nudge: twice" in flat
        and "add it to itself" not in flat
    )
    assert "30 of 90 points" in ran.stdout


def test_an_untouched_copy_is_not_attempted_and_has_no_points(course):
    status, said = checked(course)
    assert status == 1 and said["earned"] == 0 and {result["status"] for result in said["results"]} == {"not attempted"}
    assert not said["trouble"], "the experiment that fails is not run"


def test_an_answer_that_does_not_parse_fails_its_own_checks_with_the_line_and_no_other(course):
    status, said = checked(course, exercise_double=STUB + "    return values +\n", answer_reading='reading = {1: "b"}')
    by_name = {result["check"]: result for result in said["results"]}
    assert status == 1 and by_name["reading-1"]["status"] == "recorded"
    assert (
        "SyntaxError" in by_name["double"]["message"]
        and "line 4" in by_name["double"]["message"]
        and by_name["double-zero"]["earned"] == 0
    )


def test_a_check_that_the_learner_removed_or_changed_is_made_all_the_same(course):
    hand_out(course)
    write(course, exercise_double=SQUARED, check_double="print('passed')")
    notebook = nbformat.read(course.mine, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check-double-zero"]
    nbformat.write(notebook, course.mine)
    said = json.loads(course("check", "1", "--json").stdout)
    assert [result["status"] for result in said["results"]] == ["failed", "passed", "not attempted"]


@pytest.mark.slow
def test_a_name_that_only_an_experiment_defines_is_found_by_running_everything_once(course, monkeypatch):
    runs = []
    execute = rerun._execute
    monkeypatch.setattr(rerun, "_execute", lambda cells, *rest: runs.append(len(cells)) or execute(cells, *rest))
    status, said = checked(
        course, exercise_double=STUB + "    return values * (factor - 1)\n", answer_reading='reading = {1: "b"}'
    )
    assert runs == [6, 7] and said["earned"] == 70
    assert status == 1 and any("an experiment that fails" in line for line in said["trouble"])


@pytest.mark.slow
def test_an_endless_loop_ends_at_the_limit_and_the_rest_is_still_checked(course):
    began = time.monotonic()
    status, said = checked(
        course, "--timeout=4", exercise_double=STUB + "    while True: pass\n", answer_reading='reading = {1: "b"}'
    )
    assert time.monotonic() - began < 40 and status == 1
    assert [result["status"] for result in said["results"]] == ["failed", "failed", "recorded"]
    assert "does a loop ever end" in said["results"][0]["message"]


@pytest.mark.slow
def test_a_kernel_that_dies_is_told_and_nothing_after_it_passes(course):
    status, said = checked(course, exercise_double=RIGHT + "import os; os._exit(3)\n")
    assert status == 1 and said["earned"] == 0 and "died" in json.dumps(said)


@pytest.mark.slow
def test_progress_tells_what_is_solved_what_is_next_and_what_is_stale(course):
    def lesson():
        said = json.loads(course("progress", "--json").stdout)
        return said["lessons"][0], said["next"]

    assert lesson()[0]["started"] is False and "course lab" in lesson()[1]
    hand_out(course)
    assert lesson()[1] == "Next: see how your answers do with: course check 01-tiny"
    checked(course, exercise_double=RIGHT)
    found, following = lesson()
    assert (
        found["exercises"] == {"double": True}
        and (found["earned"], found["points"], found["waiting"]) == (70, 90, 0)
        and not found["stale"]
    )
    assert following == "Next: 01-tiny, question reading-1"
    write(course, exercise_double=SQUARED)
    assert lesson()[0]["stale"] is True
    checked(course, exercise_double=RIGHT, answer_reading='reading = {1: "b"}', answer_thoughts="It grows.")
    assert lesson()[0]["finished"] is True and "course submit" in lesson()[1]
    assert (
        "1/1" in course("progress").stdout
        and lesson()[0]["waiting"] == 20
        and "70/90 (+20 at" in course("progress").stdout
    )


def test_a_quiz_that_is_told_at_once_counts_in_progress(course):
    hand_out(course)
    notebook = nbformat.read(course.mine, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "check-reading-1")
    cell.outputs = [
        v4.new_output(
            "display_data", {RESULT_TYPE: {"check": "reading-1", "status": "passed", "earned": 20, "points": 20}}
        )
    ]
    nbformat.write(notebook, course.mine)
    found = json.loads(course("progress", "--json").stdout)["lessons"][0]
    assert (found["earned"], found["points"], found["waiting"]) == (20, 90, 0) and found["questions"] == {
        "reading-1": True
    }


def test_a_broken_progress_file_counts_as_none(course):
    hand_out(course)
    (course.folder / "work" / ".progress.json").write_text("[half a fi")
    ran = course("progress", "--json")
    assert ran.exit_code == 0 and json.loads(ran.stdout)["lessons"][0]["checked"] == ""


def test_without_an_exchange_a_lesson_is_handed_in_as_one_file_without_outputs_and_a_receipt(course):
    hand_out(course)
    notebook = nbformat.read(course.mine, as_version=4)
    notebook.cells[2].outputs, notebook.cells[2].execution_count = [v4.new_output("stream", text="secret")], 7
    nbformat.write(notebook, course.mine)
    ran = course("submit", "1", "--json")
    receipt = json.loads(ran.stdout)
    file = course.folder / "work" / receipt["file"]
    assert ran.exit_code == 0 and receipt["exchange"] == "" and receipt["time"].endswith("+00:00")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == receipt["sha256"]
    assert "secret" not in file.read_text() and json.loads(file.with_suffix(".json").read_text()) == receipt
    assert "upload this file" in course("submit", "1").stdout
    assert len(list(file.parent.glob("*.ipynb"))) == 2


def copied(course, name: str, seconds: int = 10, **sources) -> Path:
    """A copy of the learner's notebook under another name, so many seconds newer, with other sources."""
    notebook = nbformat.read(course.mine, as_version=4)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id.replace("-", "_"), cell.source)
    file = course.folder / "work" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, file)
    os.utime(file, (time.time() + seconds, time.time() + seconds))
    return file


def test_submit_says_what_is_not_written_and_what_has_not_passed(course):
    hand_out(course)
    said = course("submit", "1").stdout
    assert "not written yet: double, reading, thoughts" in said and "not passed" not in said
    write(course, exercise_double=SQUARED, answer_thoughts="It grows.")
    said = course("submit", "1").stdout
    assert "not written yet: reading" in said and "written, and not passed by the last check: double" in said
    receipt = json.loads(course("submit", "1", "--json").stdout)
    assert receipt["not written"] == ["reading"] and receipt["not passed"] == ["double"] and receipt["elsewhere"] == []


@pytest.mark.parametrize(
    "name",
    [
        "01-tiny/tiny-Copy1.ipynb",
        "01-tiny/.ipynb_checkpoints/tiny-checkpoint.ipynb",
        "01-tiny/tiny (1).ipynb",
        "01-tiny/Untitled.ipynb",
        "tiny.ipynb",
        "01-tiny/tiny.sync-conflict-20300131-120000-ABCDEFG.ipynb",
        "01-tiny/tiny.ipynb.txt",
        "01-tiny/old/tiny.ipynb",
        "backups/01-tiny-20300131T120000Z.ipynb",
    ],
)
def test_submit_says_where_else_work_lies_that_was_not_handed_in(course, name):
    hand_out(course)
    copied(course, name, -10)
    assert "look:" not in course("submit", "1").stdout, "a copy in which nothing is written"
    copied(course, name, -10, exercise_double=RIGHT)
    assert f"look: {name} has an answer to double, which is not in what was handed in" in course("submit", "1").stdout
    write(course, exercise_double=RIGHT)
    assert "look:" not in course("submit", "1").stdout, "the same answer in both"
    copied(course, name, -10, exercise_double=SQUARED)
    assert "look:" not in course("submit", "1").stdout, "an older attempt"
    copied(course, name, 10, exercise_double=SQUARED)
    assert (
        f"look: {name} is newer than what was handed in, and its answer to double is another one"
        in course("submit", "1").stdout
    )


def test_submit_tells_of_a_copy_that_cannot_be_read_and_of_conflict_markers_in_a_cell(course):
    hand_out(course)
    write(course, exercise_double=f"<<<<<<< HEAD\n{RIGHT}=======\n{SQUARED}>>>>>>> theirs\n")
    (course.mine.parent / "tiny-Copy1.ipynb").write_text("half a note")
    said = course("submit", "1").stdout
    assert (
        "look: double holds git's conflict markers" in said and "look: 01-tiny/tiny-Copy1.ipynb cannot be read" in said
    )


def test_a_notebook_of_which_git_left_two_versions_is_not_handed_in_and_told_with_its_line(course):
    hand_out(course)
    lines = course.mine.read_text().splitlines()
    course.mine.write_text(
        "\n".join([*lines[:4], "<<<<<<< HEAD", *lines[4:6], "=======", *lines[4:6], ">>>>>>> theirs", *lines[6:]])
    )
    for command in ("submit", "check"):
        ran = course(command, "1")
        assert (
            ran.exit_code == 1
            and "git's conflict markers, line 5" in ran.stderr
            and len(ran.stderr.strip().splitlines()) == 1
        )
    assert not (course.folder / "work" / "submitted").exists()


BROKEN = {
    "half a file": b'{"cells": [',
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"5",
    "no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells that are none": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, "a", null]}',
    "a cell without a source": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", '
    b'"id": "a"}]}',
    "odd outputs": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a", '
    b'"source": "", "metadata": {}, "outputs": [7]}]}',
    "odd marks": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a", '
    b'"source": "", "metadata": {"nbgrader": 3}, "outputs": []}]}',
    "deep": b"[" * 100_000,
    "format 99": b'{"nbformat": 99, "cells": []}',
    "conflict markers": b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_one_broken_notebook_does_not_end_progress(course, kind):
    (course.folder / "notebooks" / "02-second").mkdir()
    nbformat.write(lesson_notebook(), course.folder / "notebooks" / "02-second" / "second.ipynb")
    hand_out(course)
    course.work.hand_out(course.work.lesson("2"))
    course.mine.write_bytes(BROKEN[kind])
    ran = course("progress", "--json")
    first, second = json.loads(ran.stdout)["lessons"]
    assert ran.exit_code == 0 and "course reset 01-tiny" in first["problem"] and second["started"] is True
    shown = course("progress")
    assert (
        shown.exit_code == 0
        and "02-second" in shown.stdout
        and "cannot be read" in shown.stdout
        and len(shown.stderr.strip().splitlines()) == 1
    )


@pytest.mark.parametrize(
    "content",
    [
        '{"01-tiny": 5}',
        '{"01-tiny": {"results": 7}}',
        '{"01-tiny": {"results": [1, {"check": 2}, {"check": "double"}]}}',
    ],
)
def test_a_progress_file_of_another_shape_does_not_end_progress(course, content):
    hand_out(course)
    (course.folder / "work" / ".progress.json").write_text(content)
    assert course("progress").exit_code == 0


def test_where_nbgrader_has_an_exchange_a_lesson_goes_there(course, monkeypatch):
    exchange = course.folder / "exchange"
    (exchange / "deep" / "inbound").mkdir(parents=True)
    (exchange / "deep" / "outbound" / "01-tiny").mkdir(parents=True)
    nbformat.write(lesson_notebook(), exchange / "deep" / "outbound" / "01-tiny" / "tiny.ipynb")
    exchange.chmod(0o777)
    (course.folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'deep'\nc.Exchange.root = "
        f"{str(exchange)!r}\nc.Exchange.cache = {str(course.folder / 'cache')!r}\n"
    )
    hand_out(course)
    write(course, exercise_double=RIGHT)
    receipt = json.loads(course("submit", "1", "--json").stdout)
    (arrived,) = (exchange / "deep" / "inbound").glob("*+01-tiny+*/tiny.ipynb")
    assert receipt["exchange"] in str(arrived) and hashlib.sha256(arrived.read_bytes()).hexdigest() == receipt["sha256"]
    (exchange / "deep" / "outbound" / "01-tiny").rename(exchange / "deep" / "outbound" / "02-other")
    assert not submit.in_exchange(submit.nbgrader_settings(), course.work.lesson("1").folder), (
        "a lesson that was not released there stays a file"
    )


@pytest.mark.slow
def test_lab_answers_on_the_port_it_was_given_with_the_welcome_page_to_open(course):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"JUPYTER_RUNTIME_DIR": str(course.folder / "runtime")}
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "course.desk.cli",
            "lab",
            "--no-browser",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
        ],
        cwd=course.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline, page = time.monotonic() + 60, ""
        while not page and time.monotonic() < deadline and server.poll() is None:
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}/lab", timeout=5).read().decode()
            except OSError:
                time.sleep(0.3)
        assert "jupyter-config-data" in page
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).url.endswith("/lab/tree/welcome.md")
        assert course.mine.exists() and all(
            (course.folder / "work" / name).exists() for name in ("glossary.md", "welcome.md")
        )
    finally:
        server.terminate()
        server.wait(timeout=20)
