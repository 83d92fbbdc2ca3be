"""Each attack works where nothing stops it: in a plain process, in one shell with the checks, or against the tool that
a grader would have used. A case that is not seen here says in its `real` how it was seen by hand. Read small.py and
test_attacks.py first."""

import ast
import ctypes
import dataclasses
import json
import os
import pickle
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import jinja2
import nbformat
import pandas
import pytest
import small
import torch
from archives import tarred
from case import GAINED, HEADER, Attack, function, notebook, world
from cases import CASES
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.utils import parse_utc
from shared import ROOT
from test_attacks import FOLDER, LESSON, LIMITS, RELEASED, RIGHT, found_in

from course.checks.compare import difference
from grader.classroom.exchange import collect_from
from grader.classroom.export import as_csv
from grader.judging import judge
from grader.judging.answers import at_home, notebook_with
from grader.judging.grade import Submission, grade_one
from grader.judging.intake import read_file
from grader.judging.wire import encode

# Python 3.11.4 learned to filter what an archive unpacks; before, there was nothing to switch off.
TRUSTING = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}


@pytest.fixture
def outside(tmp_path):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, world(Path(folder)) as made:
        yield made


def plain(
    outside, number: int, attack: int = 0, seconds: float = 60, cell: str = "", stdin=subprocess.DEVNULL
) -> subprocess.CompletedProcess:
    """The attack's cell in a process of its own, with nothing around it but a time limit. Its whole group ends with
    it."""
    text = HEADER + outside.fill(cell or CASES[number].attacks[attack].cell)
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", text],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=outside.folder,
        env={**os.environ, "JUPYTERHUB_API_TOKEN": outside.secret, "HOME": str(outside.folder), "OMP_NUM_THREADS": "1"},
    )
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return subprocess.CompletedProcess(
        text, process.returncode, out.decode(errors="replace"), err.decode(errors="replace")
    )


@pytest.mark.parametrize("number", [number for number, case in sorted(CASES.items()) if case.real == "plain"])
def test_in_a_plain_process_it_gets_what_it_wants(number, outside):
    ran = plain(outside, number)
    assert GAINED in ran.stdout, ran.stderr[-500:]


@pytest.mark.parametrize("number", [number for number, case in sorted(CASES.items()) if case.real == "shared"])
def test_with_the_checks_in_its_own_process_it_gains_points(number, outside, tmp_path):
    case = CASES[number]
    points = small.shared_run(notebook(case.attacks[0], case, small.released(), small.RIGHT, outside), tmp_path)
    assert points > 0 or points != points


def test_with_the_checks_in_its_own_process_right_has_all_and_wrong_has_no_points(outside, tmp_path):
    assert small.shared_run(notebook(Attack(), CASES[67], small.released(), small.RIGHT, outside), tmp_path) == 100
    assert small.shared_run(notebook(Attack(), CASES[1], small.released(), small.RIGHT, outside), tmp_path) == 0


def test_a_plain_copy_follows_links_and_waits_at_a_pipe(tmp_path):
    for number in (3, 4):
        (tmp_path / str(number) / "in").mkdir(parents=True)
        CASES[number].folder(tmp_path / str(number) / "in", b"zoe's work", b"eve's work")
        assert (tmp_path / str(number) / "in" / "eve.ipynb").read_bytes() == b"zoe's work"
    pipe = tmp_path / "4" / "in" / "fifo.ipynb"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(["cat", str(pipe)], timeout=1, check=False)


def test_a_daemon_outlives_a_plain_process(outside):
    mark = outside.fill("@MARK@")
    plain(outside, 7)
    seen = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    daemons = [int(line.split()[0]) for line in seen.splitlines() if mark in line and "sleep 120" in line]
    for number in daemons:
        os.kill(number, signal.SIGKILL)
    assert daemons


def test_two_plain_processes_leave_each_other_messages(outside):
    libc, mark = ctypes.CDLL(None), outside.fill("@MARK@")
    try:
        plain(outside, 9, cell=CASES[9].before[0].cell)
        assert GAINED in plain(outside, 9).stdout
    finally:
        for folder in ("/tmp", "/var/tmp", "/dev/shm"):
            Path(folder, mark).unlink(missing_ok=True)
        libc.shmctl(libc.shmget(0x5EC2, 4096, 0o666), 0, None)
        libc.msgctl(libc.msgget(0x5EC2, 0o666), 0, None)


def test_a_pickle_and_a_checkpoint_run_what_they_like_where_they_are_loaded(outside):
    names: dict = {}
    exec(outside.fill(CASES[10].attacks[0].cell), names)
    owned = outside.folder / "owned"
    pickle.loads(pickle.dumps(names["Trigger"]()))
    assert owned.is_dir()
    owned.rmdir()
    held = BytesIO()
    torch.save(names["Trigger"](), held)
    held.seek(0)
    torch.load(held, weights_only=False)
    assert owned.is_dir()
    with pytest.raises(ValueError, match="no form"):
        encode(names["Trigger"]())


def test_a_conftest_has_every_test_pass_where_pytest_finds_it(outside):
    (outside.folder / "test_it.py").write_text("def test_it():\n    assert 0.0 == 2.0\n")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    assert subprocess.run(run, cwd=outside.folder, capture_output=True, check=False).returncode == 1
    plain(outside, 17)
    assert (
        "1 passed"
        in subprocess.run(
            run, cwd=outside.folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": "."}
        ).stdout
    )


def test_a_verdict_on_an_inherited_descriptor_is_believed_by_who_reads_it(outside, tmp_path):
    assert (
        small.shared_run(notebook(CASES[33].attacks[0], CASES[33], small.released(), small.RIGHT, outside), tmp_path)
        == 100
    )


def test_a_printed_verdict_and_an_exit_are_believed_by_a_script_that_reads_them(outside):
    assert json.loads(plain(outside, 34).stdout.splitlines()[-1])["score"] == 100
    for attack in (0, 1):
        assert plain(outside, 35, cell=f"{CASES[35].attacks[attack].cell}\nassert 0.0 == 2.0").returncode == 0


def test_outputs_that_came_along_say_what_they_like():
    content = json.loads(RELEASED)
    CASES[39].attacks[0].change(content)
    said = [
        output["data"].get("application/vnd.landscape-of-loss.result+json")
        for cell in content["cells"]
        for output in cell.get("outputs", [])
    ]
    assert {"status": "passed", "earned": 100} in said


def test_nbgrader_takes_time_and_name_from_what_the_learner_wrote(tmp_path):
    CASES[36].folder(tmp_path, b"", b"")
    assert parse_utc((tmp_path / "eve" / "timestamp.txt").read_text()).year == 2001
    assert ExchangeCollect._path_to_record(None, "zoe+03-descent+2001-01-01 00:00:00 UTC+eve")["username"] == "zoe"


def test_without_hidden_inputs_the_visible_cases_by_heart_are_enough(sandboxes, outside, tmp_path):
    def seen(text: str) -> str:
        drawn = (".agrees(", ".keeps_the_contract(")
        return "\n".join(
            words for words in map(ast.unparse, ast.parse(text).body) if not any(part in words for part in drawn)
        )

    bare = dataclasses.replace(
        LESSON,
        cells=tuple(
            dataclasses.replace(cell, hidden="", visible=seen(cell.visible)) if cell.role == "check" else cell
            for cell in LESSON.cells
        ),
    )
    file = tmp_path / "eve.ipynb"
    file.write_bytes(notebook(CASES[40].attacks[0], CASES[40], RELEASED, RIGHT, outside))
    assert grade_one(Submission("eve", file), bare, sandboxes[FOLDER], b"secret", LIMITS).points > 0
    assert grade_one(Submission("eve", file), LESSON, sandboxes[FOLDER], b"secret", LIMITS).points == 0


def test_beside_a_notebook_with_the_hidden_checks_they_are_read(outside):
    (outside.folder / "descent.ipynb").write_text(nbformat.writes(small.source()))
    assert GAINED in plain(outside, 43).stdout


def test_with_one_seed_for_all_every_attempt_meets_the_same_hidden_inputs(monkeypatch):
    assert judge.seed(b"secret", "version", "first", "check") != judge.seed(b"secret", "version", "second", "check")
    monkeypatch.setattr(judge, "seed", lambda *_: 1)
    assert judge.seed(b"secret", "version", "first", "check") == judge.seed(b"secret", "version", "second", "check")


def test_at_home_where_it_is_meant_to_the_expected_value_is_in_what_is_told():
    results = at_home(
        LESSON, {**RIGHT, "finite_difference": "@exercise\ndef finite_difference(*given):\n    return torch.zeros(2)\n"}
    )
    assert "4" in results[0].detail
    told = at_home(LESSON, {**RIGHT, "finite_difference": function(CASES[47].attacks[0].body)})
    assert "TOLD" in told[0].detail


@pytest.mark.parametrize(("number", "attack"), [(51, 0), (52, 0), (58, 0)])
def test_what_never_ends_keeps_a_plain_process(number, attack, outside):
    with pytest.raises(subprocess.TimeoutExpired):
        plain(outside, number, attack, seconds=2)


def test_an_interrupt_is_swallowed(outside):
    process = subprocess.Popen([sys.executable, "-c", CASES[52].attacks[0].cell], start_new_session=True)
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(1)
            process.send_signal(number)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
    finally:
        process.kill()
        process.wait()


def test_a_flood_is_as_long_as_it_likes_and_a_crash_takes_whoever_it_runs_in_along(outside, tmp_path):
    assert len(plain(outside, 55).stdout) > 30_000_000
    assert plain(outside, 57, 0).returncode < 0 and plain(outside, 57, 1).returncode == 3
    with pytest.raises(subprocess.TimeoutExpired):
        plain(outside, 59, cell=CASES[59].attacks[0].cell + "\nrepr(Endless())", seconds=2)


def test_one_file_ends_a_loop_that_expects_notebooks_and_one_timestamp_ends_collecting(tmp_path):
    for number in (60, 62):
        (tmp_path / str(number)).mkdir()
        CASES[number].folder(tmp_path / str(number), notebook_with(LESSON, ROOT, {}), notebook_with(LESSON, ROOT, {}))
    with pytest.raises(Exception, match="JSON"):
        [nbformat.read(file, as_version=4) for file in sorted((tmp_path / "60").glob("*.ipynb"))]
    with pytest.raises(ValueError, match="the day after tomorrow"):
        parse_utc((tmp_path / "62" / "eve0" / "timestamp.txt").read_text())


def test_what_looks_a_cell_up_as_if_all_were_well_does_not_find_it():
    for attack in CASES[64].attacks[:2]:
        content = json.loads(RELEASED)
        attack.change(content)
        with pytest.raises((KeyError, TypeError)):
            [cell["metadata"]["nbgrader"]["grade_id"] for cell in content["cells"]]


def test_without_a_rule_for_names_and_a_largest_file_anything_is_taken(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    CASES[65].folder(tmp_path / "in", b"{}", b"{}")
    careful = collect_from(LESSON, tmp_path / "in", tmp_path / "careful").students
    monkeypatch.setattr("grader.classroom.identity.student_name", lambda name: name)
    monkeypatch.setattr("grader.judging.intake.LARGEST_FILE", 2**28)
    assert set(collect_from(LESSON, tmp_path / "in", tmp_path / "careless").students) > {
        *careful,
        "$HOME",
        "<b>",
        "a'; drop table grade; --",
    }
    with open(tmp_path / "huge.ipynb", "wb") as file:
        file.truncate(130 * 2**20)
    assert len(read_file(tmp_path / "huge.ipynb")) == 130 * 2**20


def test_a_table_that_marks_no_formula_has_one(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.classroom.export.FORMULA_SIGNS", ())
    monkeypatch.setattr(
        "grader.classroom.export.table", lambda *_: pandas.DataFrame([{"student": "-1+1", "status": "=HYPERLINK(1)"}])
    )
    assert {"-1+1", "=HYPERLINK(1)"} <= set(as_csv(None, LESSON).replace("\n", ",").split(","))


def test_a_terminal_obeys_what_is_printed(outside):
    assert "\x1b]0;owned\x07" in plain(outside, 73).stdout


def test_a_comparison_that_does_not_look_at_types_lets_these_through():
    nan, empty = torch.tensor(float("nan")), torch.zeros(0)
    assert not (abs(nan - torch.ones(2)) > 1e-4).any() and not (abs(empty - torch.ones(1)) > 1e-4).any()
    assert difference(nan, torch.ones(2)) and difference(empty, torch.ones(1))


def test_a_page_that_escapes_nothing_runs_what_a_submission_says():
    said = CASES[71].attacks[0].texts[0][1]
    shown = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(said),
            nbformat.v4.new_code_cell(
                "",
                outputs=[
                    nbformat.v4.new_output(
                        "display_data",
                        {"text/html": "<script>alert('75')</script>", "image/svg+xml": "<svg onload='alert(72)'/>"},
                    )
                ],
            ),
        ]
    )
    assert "script" in found_in(HTMLExporter().from_notebook_node(shown)[0].split("</head>")[1])
    assert any("onerror" in found for found in found_in(markdown2html_mistune(said)))
    assert "script" in found_in(
        jinja2.Environment(autoescape=False)
        .from_string("<pre>{{ said }}</pre>")
        .render(said="<script>alert(70)</script>")
    )


def test_an_archive_that_is_unpacked_writes_outside_and_grows(tmp_path):
    for number in (76, 77, 78, 79):
        (tmp_path / str(number) / "in").mkdir(parents=True)
        CASES[number].folder(tmp_path / str(number) / "in", b"{}", b"owned")
    unpacked = tmp_path / "76" / "unpacked"
    unpacked.mkdir()
    with tarfile.open(tmp_path / "76" / "in" / "eve4.tar.gz") as archive:
        archive.extractall(unpacked, **TRUSTING)
    assert (tmp_path / "76" / "outside.ipynb").read_bytes() == b"owned"
    bomb = tmp_path / "77" / "in" / "eve1.zip"
    with zipfile.ZipFile(bomb) as archive:
        assert archive.infolist()[0].file_size > 500 * bomb.stat().st_size
    inner, depth = (tmp_path / "78" / "in" / "eve1.zip").read_bytes(), 0
    while inner[:2] == b"PK" and depth < 100:
        with zipfile.ZipFile(BytesIO(inner)) as archive:
            inner, depth = archive.read(archive.namelist()[0]), depth + 1
    assert depth > 50
    privileged = tarfile.TarInfo("descent.ipynb")
    privileged.mode = 0o6777
    (tmp_path / "modes.tar").write_bytes(tarred((privileged, b""), kind="w"))
    with tarfile.open(tmp_path / "modes.tar") as archive:
        archive.extractall(unpacked, **TRUSTING)
    assert (unpacked / "descent.ipynb").stat().st_mode & 0o4000
    with zipfile.ZipFile(tmp_path / "79" / "in" / "eve2.zip") as archive:
        assert len({name.casefold() for name in archive.namelist()}) < len(archive.namelist())
