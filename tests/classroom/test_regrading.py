"""Graded again: what would come out the same is not run, a changed check touches its own exercise alone, and what a
person entered stays. And stopped at any moment: nothing lost, nothing twice.
Read grader/judging/keys.py, grader/classroom/classes.py and grader/classroom/records.py first."""

import dataclasses
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from postgres import EVERYWHERE, wiped
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from grader import cli
from grader.classroom.classes import Change, Moved, grade_all
from grader.classroom.exchange import collect_from
from grader.classroom.forget import forget
from grader.classroom.gradebook import ADDRESS_FILE, address_of
from grader.classroom.letters import write_letters
from grader.classroom.pages import points
from grader.classroom.records import Records
from grader.judging import grade as grading
from grader.judging.answers import notebook_with, read_answers, solved
from grader.judging.grade import Outcome, Submission, grade_one
from grader.judging.judge import judge
from grader.judging.keys import Kept, helpers_of, keys_of
from grader.judging.sandbox import Sandbox
from grader.judging.there import Limits
from grader.lessons.cells import Lesson

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)


class NoSandbox:
    """Stands where a sandbox would be asked, and nothing may be asked."""

    def fork(self):
        raise AssertionError("a submission was run")


@pytest.fixture
def graded_once(tmp_path, sandboxes):
    """A right submission, graded once with its results kept: (submission, kept, outcome)."""
    file, kept = tmp_path / "ada.ipynb", Kept(tmp_path / "kept")
    file.write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    submission = Submission("ada", file)
    return submission, kept, grade_one(submission, LESSON, sandboxes[FOLDER], b"secret", kept=kept)


def changed(lesson: Lesson, check: str, **what) -> Lesson:
    """The lesson with one check cell changed, and another version, as every edit makes one."""
    cells = tuple(dataclasses.replace(cell, **what) if cell.id == check else cell for cell in lesson.cells)
    return dataclasses.replace(lesson, cells=cells, version="another")


def test_the_same_text_is_not_run_again_whoever_hands_it_in(graded_once, tmp_path):
    submission, kept, first = graded_once
    again = grade_one(submission, LESSON, NoSandbox(), b"secret", kept=kept)
    assert again.as_dict() == first.as_dict()
    began = time.process_time()
    other = grade_one(Submission("ben", submission.path), LESSON, NoSandbox(), b"secret", kept=kept)
    assert other.points == first.points and other.student == "ben" and time.process_time() - began < 0.05


@pytest.mark.parametrize(
    "other",
    [
        {"secret": b"another"},
        {"limits": Limits(call=3)},
        {"texts": {**RIGHT, "descend": RIGHT["descend"] + "\n# and a word"}},
    ],
)
def test_another_secret_other_limits_or_another_text_are_run(graded_once, other):
    submission, kept, _ = graded_once
    if "texts" in other:
        submission.path.write_bytes(notebook_with(LESSON, ROOT, other["texts"]))
    with pytest.raises(AssertionError, match="was run"):
        grade_one(submission, LESSON, NoSandbox(), other.get("secret", b"secret"), other.get("limits"), kept)


def test_kept_results_that_were_cut_off_are_made_again(graded_once, sandboxes):
    submission, kept, first = graded_once
    for file in kept.folder.iterdir():
        file.write_bytes(file.read_bytes()[:100])
    assert grade_one(submission, LESSON, sandboxes[FOLDER], b"secret", kept=kept).points == first.points


def test_a_changed_check_touches_its_own_exercise_and_those_that_use_it(graded_once, sandboxes, monkeypatch):
    submission, kept, first = graded_once
    check = next(cell for cell in LESSON.checks if cell.name == "descend")
    stricter = changed(LESSON, check.id, hidden="check(descend, torch.zeros(2), x, y, 0.1, 3).gives(None)")
    ran: list[set[str]] = []

    def watched(*arguments):
        ran.append(arguments[5])
        return judge(*arguments)

    monkeypatch.setattr("grader.judging.judge.judge", watched)
    stands = grade_one(submission, stricter, sandboxes[FOLDER], b"secret", kept=kept, regrade=False)
    assert stands.points == first.points and stands.outdated and not ran
    anew = grade_one(submission, stricter, sandboxes[FOLDER], b"secret", kept=kept)
    assert len(ran) == 1 and "descend" in ran[0] and "finite_difference" not in ran[0]
    assert anew.points == first.points - check.points and not anew.outdated
    assert [result.check for result in anew.results] == [result.check for result in first.results]
    assert not grade_one(submission, stricter, NoSandbox(), b"secret", kept=kept).outdated


def test_prose_and_demo_cells_touch_no_result(graded_once):
    submission, kept, first = graded_once
    demo = next(cell for cell in LESSON.cells if cell.role == "demo")
    other = dataclasses.replace(
        LESSON,
        version="another",
        cells=tuple(
            dataclasses.replace(cell, source="another = 1", stub="another = 1") if cell.id == demo.id else cell
            for cell in LESSON.cells
        ),
    )
    file = submission.path.with_name("new.ipynb")
    file.write_bytes(submission.path.read_bytes())
    assert keys_of(other, submitted(LESSON, file), b"secret", Limits()) == keys_of(
        LESSON, submitted(LESSON, file), b"secret", Limits()
    )


def submitted(lesson: Lesson, file: Path):
    from grader.judging.intake import read_notebook

    return read_notebook(file.read_bytes(), lesson)


@pytest.mark.parametrize("folder", LESSONS)
def test_an_exercises_checks_run_alone_as_they_run_among_all(folder: str, sandboxes):
    """What a check cell defines for later ones is there when those are run alone: nothing comes out as 'needs a
    look'."""
    lesson = LESSONS[folder]
    mine = submitted_of(lesson)
    for name in dict.fromkeys(cell.name for cell in lesson.checks):
        alone = judge(mine, lesson, sandboxes[folder], b"secret", names={name})
        wanted = {cell.label for cell in lesson.checks_of(name)}
        assert {result.check: result.status for result in alone.results if result.check in wanted} == dict.fromkeys(
            wanted, "passed"
        ), helpers_of(lesson)[name]


def submitted_of(lesson: Lesson):
    from grader.judging.intake import read_notebook

    return read_notebook(notebook_with(lesson, ROOT, solved(lesson)), lesson)


def test_regrading_a_class_shows_who_gains_and_who_loses_and_keeps_what_a_person_entered(
    tmp_path, monkeypatch, sandboxes
):
    used = {name for cell in LESSON.exercises for name in cell.uses}
    alone = next(cell.name for cell in LESSON.exercises if cell.name not in used)
    wrong = next(answer.text for answer in read_answers(LESSON, ROOT) if answer.name == alone and not answer.right)
    for name, texts in {"ada": RIGHT, "ben": {**RIGHT, alone: wrong}, "cem": {}}.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(notebook_with(LESSON, ROOT, texts))
    collect_from(LESSON, tmp_path / "in", tmp_path)
    lost = {cell.label for cell in LESSON.checks_of(alone)}
    with Records(tmp_path) as records:
        records.register(LESSON)
        monkeypatch.setattr("grader.classroom.classes.grade_class", in_this_process(LESSON, sandboxes[FOLDER]))
        grade_all(LESSON, records)
        by_hand = records.gradebook.find_grade(next(iter(LESSON.checks)).id, LESSON.name, FOLDER, "cem")
        by_hand.manual_score = 3.0
        records.gradebook.db.commit()
        lenient = LESSON
        for cell in LESSON.checks_of(alone):
            # it opens the check, and asks nothing
            lenient = changed(lenient, cell.id, visible=cell.visible.splitlines()[0], hidden="")
        monkeypatch.setattr("grader.classroom.classes.grade_class", in_this_process(lenient, sandboxes[FOLDER]))
        stands = grade_all(lenient, records)
        assert sorted(stands.outdated) == ["ada", "ben", "cem"] and not stands.changes
        graded = grade_all(lenient, records, regrade=True)
        (gain,) = [change for change in graded.changes if change.student == "ben"]
        assert gain.after > gain.before and set(gain.checks) <= lost
        assert "ada" not in {change.student for change in graded.changes}
        assert not gain.new_work and [each.name for each in gain.exercises] == [alone]
        (moved,) = gain.exercises
        assert moved.after - moved.before == gain.after - gain.before and set(moved.why) == {
            f"{check} passed" for check in gain.checks
        }
        records.gradebook.update_or_create_student(
            "ben", first_name="Ben", last_name="\x1b[31mBold", email="ben@example.org"
        )
        letter = write_letters(records, LESSON, [gain], "A tie was counted twice.").read_text()
        assert (
            letter.startswith("Ben Bold ben@example.org\nDear Ben Bold, your work on 03-descent")
            and len(letter.splitlines()) == 2
        )
        assert (
            "was graded again: A tie was counted twice." in letter
            and f"you had {points(moved.before)} and have {points(moved.after)} points now" in letter
        )
        assert (
            letter.rstrip().endswith(f"have {points(gain.after)} of 100 points now.")
            and "a check was changed" in write_letters(records, LESSON, [gain]).read_text()
        )
        assert (
            len(list((tmp_path / "reports").glob("*-regraded-*.txt"))) == 2
            and write_letters(records, LESSON, []) is None
        )
        forget(records, ["ben"])
        assert not list((tmp_path / "reports").glob("*"))
        assert records.gradebook.find_grade(by_hand.name, LESSON.name, FOLDER, "cem").manual_score == 3.0
        assert not grade_all(lenient, records).outdated


def test_a_regrade_that_is_stopped_has_written_down_what_to_tell_those_whom_it_touched(tmp_path, monkeypatch):
    def stopped(lesson, records, *_, graded, **__):
        records.write(Outcome("ada", FOLDER, "graded"), LESSON)
        graded.changes.append(Change("ada", 3.0, 7.0, ("descend",), (Moved("descend", 3.0, 7.0, ("descend passed",)),)))
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.classroom.classes.grade_all", stopped)
    monkeypatch.setattr("grader.classroom.classes.handed_in", lambda *_: [])
    ran = CliRunner().invoke(cli.app, ["grade", "03", "--regrade", "--classroom", str(tmp_path)])
    (file,) = (tmp_path / "reports").glob("*.txt")
    assert (
        ran.exit_code == 1
        and str(file) in ran.stderr
        and "you had 3 and have 7 points now" in file.read_text()
        and file.stat().st_mode & 0o077 == 0
    )
    ran = CliRunner().invoke(cli.app, ["grade", "03", "--why", "It was wrong.", "--classroom", str(tmp_path)])
    assert (
        ran.exit_code == 1
        and "goes with --regrade" in ran.stderr
        and len(list((tmp_path / "reports").glob("*.txt"))) == 1
    )


def in_this_process(lesson: Lesson, sandbox: Sandbox):
    """grade_class without processes: the lesson may be one that is on no disk."""

    def grade_class(_, submissions, secret, workers, limits, kept, regrade, before):
        for submission in submissions:
            yield grade_one(submission, lesson, sandbox, secret, limits, Kept(kept), regrade)

    return grade_class


def test_a_check_that_was_added_or_taken_away_finds_its_place_in_the_gradebook(tmp_path):
    with Records(tmp_path) as records:
        records.register(LESSON)
        records.write(Outcome("ada", FOLDER, "graded"), LESSON)
        first = LESSON.checks[0]
        from grader.classroom import records as module
        from grader.lessons.notebooks import solved_notebook

        more = dataclasses.replace(
            LESSON,
            cells=tuple(cell for cell in LESSON.cells if cell.id != first.id)
            + (dataclasses.replace(first, id="check-descend-new", name="descend", aspect="new"),),
        )
        original = module.nbformat.read
        module.nbformat.read = lambda *_, **__: solved_notebook(more)
        try:
            records.register(more)
        finally:
            module.nbformat.read = original
        names = {grade.name for grade in records.gradebook.find_submission_notebook(LESSON.name, FOLDER, "ada").grades}
        assert "check-descend-new" in names and first.id not in names


# Stopped at any moment


def make_class(folder: Path, count: int) -> None:
    """A class whose submissions differ, so that none is taken from another's results."""
    (folder / "in").mkdir()
    for number in range(count):
        texts = RIGHT if number % 3 else {}
        content = notebook_with(
            LESSON, ROOT, {**texts, "finite_difference": RIGHT["finite_difference"] + f"\n# {number}"}
        )
        (folder / "in" / f"student{number:02}.ipynb").write_bytes(content)
    collect_from(LESSON, folder / "in", folder)


def grade_command(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "grade", FOLDER, "--classroom", str(folder), "--workers", "2"],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Tests that a shell has put into its background inherit that Ctrl-C is ignored; who types a command has not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def book_of(folder: Path) -> list[tuple]:
    """All that the gradebook says, in an order that does not depend on who was written first."""
    with Gradebook(address_of(folder)) as book:
        return sorted(
            (
                submission.student.id,
                grade.name,
                grade.auto_score,
                grade.manual_score,
                bool(grade.needs_manual_grade),
                str(submission.timestamp),
            )
            for submission in book.assignment_submissions(FOLDER)
            for grade in submission.notebooks[0].grades
        )


@pytest.mark.slow
@pytest.mark.timeout(1800)  # twelve starts of a grader, each of several seconds on a quiet machine
def test_killed_at_ten_random_moments_the_gradebook_is_the_undisturbed_one(tmp_path, request):
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    calm.mkdir()
    make_class(calm, 16)
    (calm / "secret").write_bytes(b"the same for both" * 2)
    shutil.copytree(calm, disturbed)
    (disturbed / ADDRESS_FILE).unlink(missing_ok=True)  # where a server has it: the copy is a class of its own
    assert grade_command(calm).wait(timeout=900) == 0
    chance = random.Random(20)
    outcomes = disturbed / "outcomes" / FOLDER
    for kill in range(10):
        process = grade_command(disturbed)
        # Two while it starts, when there is nothing to lose yet; the others a moment after it has begun to write, so
        # that it is in the middle of something.
        if kill > 1:
            done, deadline = len(list(outcomes.glob("*.json"))), time.monotonic() + 60
            while (
                process.poll() is None
                and time.monotonic() < deadline
                and len(list(outcomes.glob("*.json"))) <= done < 14
            ):
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.15))
        else:
            time.sleep(chance.uniform(0.2, 3))
        process.kill()
        process.wait()
        if len(list(outcomes.glob("*.json"))) > 12:  # so that every kill finds work
            for name in ("outcomes", "results", "autograded"):
                shutil.rmtree(disturbed / name)
            wiped(disturbed, request)
    last = grade_command(disturbed)
    assert last.wait(timeout=900) == 0, last.stderr.read().decode()[-2000:]
    assert book_of(disturbed) == book_of(calm) and len({row[0] for row in book_of(calm)}) == 16
    if not EVERYWHERE:
        assert sqlite3.connect(disturbed / "gradebook.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {file.name: file.read_text() for file in outcomes.iterdir()} == {
        file.name: file.read_text() for file in (calm / "outcomes" / FOLDER).iterdir()
    }


@pytest.mark.slow
def test_ctrl_c_says_so_and_leaves_no_process_behind(tmp_path):
    make_class(tmp_path, 30)  # so many that there is work left when it comes
    process = grade_command(tmp_path)
    deadline = time.monotonic() + 300
    while not list((tmp_path / "outcomes").glob("*/*.json")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() is None, process.communicate()[1].decode()
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 1 and "what was graded so far is written down" in said and "Traceback" not in said, (
        said
    )
    deadline = time.monotonic() + 30
    while of_session(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not of_session(process.pid)


def of_session(session: int) -> list[str]:
    """The processes that still run in a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def test_a_class_graded_before_starts_no_sandbox_and_no_other_process(graded_once, monkeypatch):
    submission, kept, first = graded_once

    def none():
        raise AssertionError("something was started")

    monkeypatch.setattr(grading, "require", none)
    (again,) = grading.grade_class(LESSON, [submission], b"secret", kept=kept.folder, before={"ada": first.digest})
    assert again.as_dict() == first.as_dict()
    for before in ({}, {"ada": "another file's"}, None):
        with pytest.raises(AssertionError, match="was started"):
            list(grading.grade_class(LESSON, [submission], b"secret", kept=kept.folder, before=before))


def test_looking_results_up_needs_no_torch():
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, grader.cli, grader.classroom.classes, grader.classroom.lateness; print('torch' in "
            "sys.modules, 'pandas' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert ran.stdout.split() == ["False", "False"]
