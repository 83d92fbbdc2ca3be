"""Kinds 85 to 88 and 93: keys that two notebooks share, verdicts of a busy machine, text that takes the square, folders
without end, a locked gradebook, open files.
Members are data. What a text may cost is counted in this process's own computing, so that a busy machine says the same.
Read grader/judging/keys.py, grader/classroom/archives.py and grader/classroom/copies.py first."""

import html
import json
import os
import sqlite3
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from case import code
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from postgres import IN_A_FILE
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from course.checks.source import LONGEST_READ, reading_of
from grader import cli
from grader.classroom import archives, exchange, feedback, report
from grader.classroom.classes import Change
from grader.classroom.copies import LONGEST_CODE, MOST_CODE, copy_of
from grader.classroom.essays import Reading
from grader.classroom.lateness import extend_all
from grader.classroom.letters import write_letters
from grader.classroom.records import Records
from grader.classroom.requests import decide
from grader.judging.answers import notebook_with, solved
from grader.judging.brought import with_what_is_used
from grader.judging.grade import Outcome, _take
from grader.judging.intake import LARGEST_CELL, Refused, read_notebook
from grader.judging.judged import Judged, Limits
from grader.judging.kernels import Gone, OutOfTime
from grader.judging.keys import Kept
from grader.judging.there import There
from grader.judging.watch import remarkable

FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
RELEASED = json.loads(notebook_with(LESSON, ROOT, RIGHT))
OURS = {"".join(cell["source"]) for cell in RELEASED["cells"] if cell["id"] != "exercise-mse"} | {
    cell.stub for cell in LESSON.cells
}
EXPORTER = HTMLExporter()
PLACES = [number for number, cell in enumerate(RELEASED["cells"]) if cell["cell_type"] == "code"]


def submitted(cells: list[dict]):
    return read_notebook(json.dumps({**RELEASED, "cells": cells}).encode(), LESSON)


def with_helper(place: int, *more: dict) -> list[dict]:
    return [*RELEASED["cells"][:place], code("import torch\nhelper = torch.ones(1)"), *RELEASED["cells"][place:], *more]


def placed(name: str, behind: bool) -> list[dict]:
    place = next(number for number, cell in enumerate(RELEASED["cells"]) if cell["id"] == name)
    return with_helper(place + behind)


AROUND = [
    *dict.fromkeys(
        cell.id
        for cell in LESSON.cells
        if cell.kind == "code" and cell.role in ("setup", "demo", "explorer", "headline")
    )
]


@pytest.mark.parametrize("name", AROUND)
def test_kind_85_a_helper_before_a_cell_and_behind_it_are_two_notebooks(name: str):
    before, behind = submitted(placed(name, False)), submitted(placed(name, True))
    assert before.everything != behind.everything and before.digest != behind.digest
    assert before.digest == submitted(placed(name, False)).digest


@pytest.mark.parametrize("error", [OutOfTime("late"), Gone("lost")])
@pytest.mark.parametrize("when", ["a cell", "a call", "many calls", "a value"])
def test_kind_85_whatever_was_cut_short_is_said_to_be(monkeypatch, error, when):
    class Cut:
        open, starved = True, 0.0

        def stop(self, *_):
            raise error

        run = carry_out = carry_out_all = value = names = stop

    there = There(submitted(RELEASED["cells"]), LESSON, None, Limits(), Judged())
    kernel = Cut()
    monkeypatch.setattr(there, "_kernel", lambda uses: kernel)
    plan = SimpleNamespace(target="mse")
    {
        "a cell": lambda: there._run_cells(kernel, ()),
        "a call": lambda: there.run(plan, ()),
        "many calls": lambda: there.run_all([plan], ()),
        "a value": lambda: there.value("reading", None),
    }[when]()
    assert there.judged.cut


HOSTILE = {
    "blanks and newlines": " \n",
    "name:": "name:\n",
    "newlines": "\n",
    "tabs": "\t",
    "quotes": "'",
    "open brackets": "[",
    "parentheses": "(",
    "links": "[a](",
    "at": "@",
    "decorators": "@a\n",
    "stars": "*",
    "backticks": "`",
    "comments": "<!--",
    "f-strings": "f'{",
    "magics": "%a\n",
    "questions": "a?\n",
    "backslashes": "\\\n",
    "dollars": "$",
    "digits": "9",
    "terminal escapes": "\x1b[",
}


def cost_of(text: str) -> float:
    """Seconds of computing that a text in an exercise, an essay, an added cell and added words costs the grader's own
    side, the report and the form grader's page."""
    cells = [
        {**cell, "source": text} if cell["id"] in ("exercise-mse", *(essay.id for essay in LESSON.essays)) else cell
        for cell in RELEASED["cells"]
    ]
    began = time.process_time()
    try:
        found = submitted([*cells, code(text), {"cell_type": "markdown", "metadata": {}, "source": text}])
    except Refused:
        return time.process_time() - began
    with_what_is_used(found.graded, found.everything)
    own = [run.text for run in found.graded if run.role != "setup"]
    for run in found.graded:
        remarkable(run.text)
    reading_of("mse", found.texts["exercise-mse"], own)
    outcome = Outcome("eve", FOLDER, "graded")
    _take(outcome, found, LESSON)
    notebook = nbformat.reads(nbformat.writes(copy_of(outcome, LESSON)), 4)
    # the lesson's own cost a second, the same for every text
    notebook.cells = [cell for cell in notebook.cells if cell.source not in OURS]
    assert len(notebook.cells) >= (3 if text.strip() else 1)
    EXPORTER.from_notebook_node(notebook)
    row = {
        **outcome.as_dict(),
        "score": 1,
        "max_score": 100,
        "penalty": 0,
        "waits": True,
        "late": 0,
        "essays_graded": {},
    }
    feedback.page(row, LESSON, {})
    report.page([{**row, "student": name} for name in ("eve", "ben", "ada")], LESSON)
    return time.process_time() - began


@pytest.mark.parametrize(
    "length", [LARGEST_CELL - 1, LONGEST_CODE - 1], ids=["as long as may be", "as long as is highlighted"]
)
@pytest.mark.parametrize("kind", HOSTILE)
def test_kind_86_no_text_takes_the_square_of_its_length(kind: str, length: int):
    text = HOSTILE[kind]
    assert cost_of((text * length)[:length]) < 20


@pytest.mark.parametrize("kind", ["name:", "f-strings", "at"])
def test_kind_86_many_cells_of_it_take_no_more_than_one(kind: str):
    text = (HOSTILE[kind] * LONGEST_CODE)[: LONGEST_CODE - 1]
    found = submitted([*RELEASED["cells"], *[code(f"{text}{number}", f"added-{number}") for number in range(60)]])
    outcome = Outcome("eve", FOLDER, "graded")
    _take(outcome, found, LESSON)
    cells = copy_of(outcome, LESSON).cells
    assert (
        sum(len(cell.source) for cell in cells if cell.cell_type == "code" and text[:100] in cell.source) <= MOST_CODE
    )
    assert sum(text[:5] in cell.source or text[:5] in html.unescape(cell.source) for cell in cells) >= 60


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [*HOSTILE.values(), "a", "def mse(", "class a:\n", " ", '"""', "#", "= !", "lambda:", ">>> ", "|", "&#"]
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([LARGEST_CELL - 1, LONGEST_READ, LONGEST_CODE - 1]),
)
def test_kind_86_no_text_of_a_grammar_of_hostile_ones_costs_more_than_seconds(parts, length):
    text = "".join(parts)
    assert cost_of((text * length)[:length]) < 20


@pytest.mark.parametrize(
    "text", ["%a\n" * 2000, "x = 1\n" * 9000, "a?\n" * 3000, "!ls\n" * 2000, ">>> a\n" * 2000, "x = %a\n" * 2000]
)
def test_kind_84_what_is_too_much_to_read_waits_for_a_person(text: str):
    assert (
        reading_of("mse", RIGHT["mse"], [text]).unclear
        and not reading_of("mse", RIGHT["mse"], ["x = 1\n", "%time y = 2"]).unclear
    )


def sparse(file: Path, size: int = 128 * 2**20) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "wb") as opened:
        opened.truncate(size)


FOLDERS = {
    "thirty sparse notebooks": lambda eve: [sparse(eve / f"{n}.ipynb") for n in range(30)],
    "thirty sparse texts": lambda eve: [sparse(eve / f"{n}.txt") for n in range(30)],
    "sparse pictures": lambda eve: [sparse(eve / f"{n}.png") for n in range(30)],
    "sparse archives": lambda eve: [sparse(eve / f"{n}.zip") for n in range(30)],
    "sparse files in many folders": lambda eve: [sparse(eve / str(n) / "a.ipynb") for n in range(30)],
    "one of a terabyte": lambda eve: sparse(eve / "a.txt", 2**40),
    "deep folders": lambda eve: (eve / "/".join("d" * 200)).mkdir(parents=True),
    "a folder nobody may read": lambda eve: (eve / "closed").mkdir(mode=0, parents=True),
}


@pytest.mark.parametrize("kind", FOLDERS)
def test_kind_87_of_a_folder_in_the_exchange_only_what_is_wanted_is_read_within_a_limit(
    kind: str, tmp_path, monkeypatch
):
    inbound = tmp_path / "exchange" / "course" / "inbound"
    for student in ("eve", "zoe"):
        folder = inbound / f"{student}+{FOLDER}+2030-01-31 10:00:00 UTC"
        folder.mkdir(parents=True)
        (folder / "lines.ipynb").write_text(json.dumps(RELEASED))
    FOLDERS[kind](inbound / f"eve+{FOLDER}+2030-01-31 10:00:00 UTC")
    read: list[int] = []
    real = archives.read_file
    monkeypatch.setattr(archives, "read_file", lambda path: [data := real(path), read.append(len(data))][0])
    action = SimpleNamespace(
        root=str(tmp_path / "exchange"), coursedir=SimpleNamespace(course_id="course"), check_owner=False
    )
    found = exchange.collect_by(action, LESSON, tmp_path / "class")
    assert found.students == ["eve", "zoe"] and sum(read) <= archives.LARGEST_FOLDER + 2**20


def test_kind_87_a_folder_of_more_files_than_there_can_be_is_left_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_MEMBERS", 20)
    inbound = tmp_path / "exchange" / "course" / "inbound"
    for student, count in (("eve", 30), ("zoe", 1)):
        for number in range(count):
            file = inbound / f"{student}+{FOLDER}+2030-01-31 10:00:00 UTC" / f"{number or 'lines'}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(RELEASED))
    action = SimpleNamespace(
        root=str(tmp_path / "exchange"), coursedir=SimpleNamespace(course_id="course"), check_owner=False
    )
    found = exchange.collect_by(action, LESSON, tmp_path / "class")
    assert found.students == ["zoe"] and "more than 20 files" in found.left[0]


@IN_A_FILE
@pytest.mark.parametrize("lock", ["immediate", "exclusive"])
def test_kind_88_a_gradebook_that_is_locked_when_commands_start_is_waited_for_by_each(tmp_path, lock):
    with Records(tmp_path) as records:
        records.register(LESSON)
    commands = {
        "open": lambda records: None,
        "register": lambda records: records.register(LESSON),
        "student": lambda records: records.gradebook.update_or_create_student("ada"),
        "read": lambda records: records.outcomes(LESSON),
    }

    def started(do: str) -> str:
        with Records(tmp_path) as records:
            commands[do](records)
        return do

    held = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None, check_same_thread=False)
    held.execute(f"begin {lock}")
    release = threading.Timer(7, lambda: held.execute("rollback"))  # longer than SQLite waits by itself
    release.start()
    with ThreadPoolExecutor() as together:
        assert [*together.map(started, commands)] == [*commands]
    release.join()


@IN_A_FILE
@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 4096])
def test_a_broken_gradebook_ends_in_one_line(tmp_path, content):
    (tmp_path / "gradebook.db").write_bytes(content)
    ran = CliRunner().invoke(cli.app, ["report", "02", "--classroom", str(tmp_path)])
    assert ran.exit_code == 1 and ran.stderr.startswith("grader: ") and len(ran.stderr.strip().splitlines()) == 1


def wrote_decision(records: Records, folder: Path) -> None:
    decide(records, LESSON, "ada", LESSON.exercises[0].name, "It stays.")


KEPT = {
    "a decision": ("decisions.json", wrote_decision),
    "more time": ("extensions.json", lambda records, folder: extend_all(records, "ada", 7)),
    "letters of a regrade": (
        "*-regraded-*.txt",
        lambda records, folder: write_letters(records, LESSON, [Change("ada", 1.0, 2.0, ("mse",))]),
    ),
    "grades as a table": (
        "grades.csv",
        lambda records, folder: CliRunner().invoke(
            cli.app, ["export", "02", "--classroom", str(folder), "--to", str(folder / "grades.csv")]
        ),
    ),
    "results": (
        "*.json",
        lambda records, folder: Kept(folder / "results" / FOLDER).keep(SimpleNamespace(digest="0" * 64), Judged()),
    ),
    "ticks of a rubric": ("rubrics.json", lambda records, folder: write_ticks(records)),
    "what was collected": (
        "lines.ipynb",
        lambda records, folder: exchange.collect_from(LESSON, copied(folder), folder),
    ),
}


def write_ticks(records: Records) -> None:
    lesson = LESSONS["03-descent"]
    records.register(lesson)
    records.write(
        Outcome("ada", lesson.folder, "graded", texts={}, essays={essay.id: None for essay in lesson.essays}), lesson
    )
    Reading(records, lesson).give(lesson.essays[0].name, "ada", {"points": 1, "comment": "", "ticks": [0]})


def copied(folder: Path) -> Path:
    (folder / "in").mkdir(mode=0o700)
    (folder / "in" / "zoe.ipynb").write_text(json.dumps(RELEASED))
    (folder / "in" / "zoe.ipynb").chmod(0o600)
    return folder / "in"


@pytest.mark.parametrize("kind", KEPT)
def test_kind_93_whatever_is_written_beside_the_gradebook_is_its_owners_alone(kind: str, tmp_path):
    old = os.umask(0o022)
    try:
        with Records(tmp_path) as records:
            records.register(LESSON)
            records.write(Outcome("ada", FOLDER, "graded", texts={}), LESSON)
            KEPT[kind][1](records, tmp_path)
    finally:
        os.umask(old)
    assert list(tmp_path.rglob(KEPT[kind][0]))
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077]


@IN_A_FILE
def test_kind_93_what_is_kept_of_a_class_is_its_owners_alone(tmp_path):
    old = os.umask(0o022)
    try:
        outcome = Outcome("ada", FOLDER, "graded", texts={})
        with Records(tmp_path) as records:
            records.register(LESSON)
            records.write(outcome, LESSON)
            report.write_report(records, LESSON)
            feedback.write_feedback(records, LESSON)
        (tmp_path / "gradebook.db").chmod(0o644)  # as plain nbgrader makes one
        with Records(tmp_path):
            pass
    finally:
        os.umask(old)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {"gradebook.db", "ada.json", "lines.html", "lines.ipynb", f"{FOLDER}.html"} <= {file.name for file in files}
    assert not [file for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]
