"""From a file to an outcome, a gradebook, a page of feedback: intake, judge, records and the pages.
The classes here are small; tests/test_demo.py grades the demo's.
Read grader/judging/grade.py first."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shared import LESSONS, ROOT

from grader.classroom.exchange import collect_from
from grader.classroom.export import as_csv
from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records, student_name
from grader.classroom.report import ranked_mistakes, write_report
from grader.judging.answers import notebook_with, read_answers, solved
from grader.judging.grade import (
    GRADED,
    PARTLY,
    REFUSED,
    Submission,
    class_secret,
    find_submissions,
    grade_class,
    grade_one,
)
from grader.judging.intake import Refused, read_file, read_notebook
from grader.judging.judge import judge, seed
from grader.judging.sandbox import SandboxError
from grader.judging.there import Limits

pytestmark = pytest.mark.slow

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
ESSAY_POINTS = sum(cell.points for cell in LESSON.essays)


def status_of(outcome, exercise: str) -> set[str]:
    return {result.status for result in outcome.results if result.exercise == exercise}


# Intake


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a notebook"),
        (b"{", "breaks off"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "not a notebook"),
        (b'{"nbformat": 4}', "format 4"),
        (b'{"nbformat": 5, "cells": []}', "format 5"),
        (b'{"nbformat": 4, "cells": []}', "none of the cells"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]}', "none of the cells"),
        (b"[" * 100_000, "not a notebook"),
    ],
)
def test_a_file_that_is_no_notebook_of_the_lesson_is_refused_in_words(content, words):
    with pytest.raises(Refused, match=words):
        read_notebook(content, LESSON)


def test_a_link_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path):
    target = tmp_path / "target.ipynb"
    target.write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    link, hard = tmp_path / "link.ipynb", tmp_path / "hard.ipynb"
    link.symlink_to(target)
    os.link(target, hard)
    os.mkfifo(tmp_path / "fifo.ipynb")
    for path in (link, hard, tmp_path, tmp_path / "nothing.ipynb", tmp_path / "fifo.ipynb"):
        with pytest.raises(Refused):
            read_file(path)


def test_a_notebook_with_a_byte_order_mark_windows_line_ends_or_no_grade_ids_is_the_same_submission():
    plain = notebook_with(LESSON, ROOT, RIGHT)
    expected = read_notebook(plain, LESSON).digest
    assert read_notebook(b"\xef\xbb\xbf" + plain, LESSON).digest == expected
    content = json.loads(plain)
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    assert read_notebook(json.dumps(content).encode(), LESSON).digest == expected
    for cell in content["cells"]:
        cell["metadata"] = {}
    assert read_notebook(json.dumps(content).encode(), LESSON).digest == expected


def test_checks_setup_and_flags_come_from_the_lesson_and_never_from_the_file(grade):
    content = json.loads(notebook_with(LESSON, ROOT, {}))
    for cell in content["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):
            cell["source"] = "100"
            about["points"] = 1e9
        if about.get("locked"):
            about.update(locked=False, solution=True)
            cell["metadata"]["tags"] = ["skip-execution"]
    outcome = grade(FOLDER, json.dumps(content).encode())
    assert outcome.points == 0 and outcome.status == GRADED


def test_a_helper_cell_that_a_learner_added_is_run_in_its_place(grade):
    content = json.loads(
        notebook_with(
            LESSON,
            ROOT,
            {
                **RIGHT,
                "line_gradient": RIGHT["line_gradient"].replace(
                    "### BEGIN SOLUTION", "two = TWO\n    ### BEGIN SOLUTION"
                ),
            },
        )
    )
    place = next(number for number, cell in enumerate(content["cells"]) if cell["id"] == "exercise-line_gradient")
    content["cells"].insert(
        place, {"cell_type": "code", "source": "TWO = 2", "metadata": {}, "outputs": [], "id": "mine"}
    )
    outcome = grade(FOLDER, json.dumps(content).encode())
    assert outcome.points == 100 - ESSAY_POINTS, [result for result in outcome.results if result.status != "passed"]


def test_untouched_demo_cells_are_not_run_and_changed_ones_are():
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    demo = next(cell for cell in LESSON.cells if cell.role == "demo")
    assert demo.id not in {run.id for run in read_notebook(json.dumps(content).encode(), LESSON).graded}
    next(cell for cell in content["cells"] if cell["id"] == demo.id)["source"] = "changed = 1"
    runs = read_notebook(json.dumps(content).encode(), LESSON).graded
    assert "changed = 1" in {run.text for run in runs}


# Judge


def test_a_loop_without_end_ends_in_its_limit_and_the_rest_is_graded(grade):
    loop = "@exercise\ndef descend(*anything):\n    while True:\n        pass\n"
    outcome = grade(FOLDER, {**RIGHT, "descend": loop}, limits=Limits(call=1))
    assert outcome.status == PARTLY and "descend" in outcome.why
    assert status_of(outcome, "descend") == {"failed"}
    lost = sum(cell.points for cell in LESSON.checks_of("descend"))
    assert outcome.points == 100 - ESSAY_POINTS - lost
    assert "never ends" in next(result.mistake for result in outcome.results if result.exercise == "descend")


@pytest.mark.parametrize("stop", ["while True:\n    pass", "import os\nos._exit(0)"])
def test_a_cell_that_hangs_or_crashes_costs_its_own_exercise_alone(grade, stop):
    outcome = grade(FOLDER, {**RIGHT, "Adam": stop}, limits=Limits(cell=2))
    assert outcome.status == PARTLY and status_of(outcome, "Adam") == {"failed"}
    assert outcome.points == 100 - ESSAY_POINTS - sum(cell.points for cell in LESSON.checks_of("Adam"))


def test_a_cell_that_does_not_parse_says_where(grade):
    outcome = grade(
        FOLDER, {**RIGHT, "descend": "@exercise\ndef descend(start, x, y, learning_rate, steps)\n    return 1"}
    )
    result = next(result for result in outcome.results if result.exercise == "descend")
    assert result.status == "failed" and "SyntaxError at line 2" in result.message


def test_a_wrong_exercise_does_not_cost_the_one_that_uses_it(grade):
    user = next(cell for cell in LESSON.exercises if cell.uses)
    used = user.uses[0]
    stub = next(cell for cell in LESSON.exercises if cell.name == used).stub
    outcome = grade(FOLDER, {**RIGHT, used: stub.rstrip() + "\n    return None  # wrong\n    1\n"})
    assert status_of(outcome, used) <= {"failed", "not attempted"} and status_of(outcome, user.name) == {"passed"}
    assert any(used in result.note for result in outcome.results if result.exercise == user.name)


@pytest.mark.parametrize(
    "patch",
    [
        "torch.allclose = lambda *_, **__: True",
        "import builtins; builtins.abs = lambda *_: 0",
        "import course.compare; course.checks.compare.difference = lambda *_, **__: None",
        "import course.check; course.checks.sentences.check = None",
        "torch.Tensor.__sub__ = lambda *_: torch.zeros(1)",
        "print('passed: 100 of 100 points')",
        "import sys; sys.modules['course.checks.compare'] = None",
        "raise SystemExit(0)",
    ],
)
def test_what_a_submission_patches_or_prints_in_its_process_gains_nothing(grade, patch):
    wrong = "\n@exercise\ndef finite_difference(*anything):\n    return 0.0\n"
    assert grade(FOLDER, {"finite_difference": patch + wrong}).points == 0


@pytest.mark.parametrize(
    "value",
    [
        "type('Right', (float,), {'__eq__': lambda *_: True, '__ge__': lambda *_: True})(0)",
        "float('nan')",
        "torch.full((2,), float('nan'))",
        "True",
        "torch.ones(2, 2, 2)",
        "lambda *_: True",
        "object()",
        "[[]] * 1000",
        "'100'",
        "10**5000",
        "torch.zeros(0)",
        "iter([])",
    ],
)
def test_a_forged_value_gains_nothing(grade, value):
    outcome = grade(
        FOLDER, {"finite_difference": f"@exercise\ndef finite_difference(*anything):\n    return {value}\n"}
    )
    assert outcome.points == 0 and status_of(outcome, "finite_difference") <= {"failed", "needs a look"}


def test_the_visible_cases_by_heart_are_not_enough(grade):
    """An answer that knows every visible case still meets inputs that nobody can know."""
    text = RIGHT["line_gradient"]
    by_heart = (
        text
        + """
_right = line_gradient

@exercise
def line_gradient(parameters, x, y):
    return _right(parameters, x, y) if all(float(v).is_integer() for v in (*parameters, *x, *y)) else torch.zeros(2)
"""
    )
    outcome = grade(FOLDER, {"line_gradient": by_heart})
    assert any(result.status == "failed" for result in outcome.results if result.exercise == "line_gradient")


def test_hidden_inputs_are_drawn_anew_for_another_class_and_the_same_again_for_the_same():
    assert seed(b"one", "v", "d", "c") == seed(b"one", "v", "d", "c")
    assert (
        len(
            {
                seed(b"one", "v", "d", "c"),
                seed(b"two", "v", "d", "c"),
                seed(b"one", "w", "d", "c"),
                seed(b"one", "v", "e", "c"),
                seed(b"one", "v", "d", "k"),
            }
        )
        == 5
    )


def test_the_class_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    secret = class_secret(tmp_path)
    assert class_secret(tmp_path) == secret and len(secret) == 32
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


# Records and pages


@pytest.fixture
def classroom(tmp_path, sandboxes):
    """A small class, graded and written down: right with an essay, one named mistake, untouched, broken."""
    answers = {
        answer.named: answer.text
        for answer in read_answers(LESSON, ROOT)
        if answer.name == "line_gradient" and not answer.right
    }
    named = next(name for name in answers if "factor 2" in name)
    files = {
        "ada": notebook_with(LESSON, ROOT, RIGHT, {"reflection": "I saw <script>alert(1)</script> a ball."}),
        "ben": notebook_with(LESSON, ROOT, {**RIGHT, "line_gradient": answers[named]}),
        "cem": notebook_with(LESSON, ROOT, {}),
        "dora": b"{",
    }
    for name, content in files.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(content)
    collect_from(LESSON, tmp_path / "in", tmp_path)
    with Records(tmp_path) as records:
        records.register(LESSON, datetime.now(UTC) + timedelta(days=1))
        for submission in find_submissions(tmp_path, LESSON):
            records.write(grade_one(submission, LESSON, sandboxes[FOLDER], b"secret"), LESSON)
        yield records, named


def test_scores_lie_in_nbgraders_gradebook(classroom):
    records, _ = classroom
    scores = {outcome["student"]: outcome for outcome in records.outcomes(LESSON)}
    lost = sum(cell.points for cell in LESSON.checks_of("line_gradient"))
    assert scores["ada"]["score"] == 100 - ESSAY_POINTS and scores["ada"]["waits"]
    assert 100 - ESSAY_POINTS - lost <= scores["ben"]["score"] < 100 - ESSAY_POINTS and not scores["ben"]["waits"]
    assert scores["cem"]["score"] == scores["dora"]["score"] == 0
    assert {outcome["max_score"] for outcome in scores.values()} == {100}
    assert scores["dora"]["status"] == REFUSED


def test_a_score_entered_by_hand_survives_grading_again(classroom, sandboxes):
    records, _ = classroom
    grade = records.gradebook.find_grade("answer-reflection", LESSON.name, FOLDER, "ada")
    grade.manual_score, grade.needs_manual_grade = 5.0, False
    other = records.gradebook.find_grade(LESSON.checks[0].id, LESSON.name, FOLDER, "cem")
    other.manual_score = 3.0
    records.gradebook.db.commit()
    for submission in find_submissions(records.classroom, LESSON):
        records.write(grade_one(submission, LESSON, sandboxes[FOLDER], b"secret"), LESSON)
    scores = {outcome["student"]: outcome for outcome in records.outcomes(LESSON)}
    assert scores["ada"]["score"] == 100 - ESSAY_POINTS + 5 and not scores["ada"]["waits"]
    assert scores["cem"]["score"] == 3


def test_feedback_names_the_mistake_and_holds_no_hidden_check_and_no_markup_of_the_learners(classroom):
    records, named = classroom
    pages = {file.parent.parent.name: file.read_text() for file in write_feedback(records, LESSON)}
    assert named in pages["ben"] and "94 of 100 points" in pages["ada"]
    assert "The notebook came as it was handed out" in pages["cem"] and "could not be graded" in pages["dora"]
    assert "<script>" not in pages["ada"] and "&lt;script&gt;" in pages["ada"]
    for page in pages.values():
        assert (
            "Content-Security-Policy" in page
            and "HIDDEN" not in page
            and "SOLUTION" not in page.replace("BEGIN SOLUTION", "").replace("END SOLUTION", "")
        )
        for cell in LESSON.checks:
            for line in cell.hidden.splitlines():
                assert len(line.strip()) < 25 or line.strip() not in page


def test_the_report_ranks_mistakes_and_the_table_is_safe_from_formulas(classroom):
    records, named = classroom
    outcomes = records.outcomes(LESSON)
    assert any(named in mistake["text"] and mistake["students"] == 1 for mistake in ranked_mistakes(outcomes))
    assert named in write_report(records, LESSON).read_text()
    outcomes_file = records.outcome_file(FOLDER, "cem")
    content = json.loads(outcomes_file.read_text())
    content["status"] = "=HYPERLINK(1)"
    outcomes_file.write_text(json.dumps(content))
    assert "'=HYPERLINK(1)" in as_csv(records, LESSON)


def test_the_notebook_for_the_form_grader_shows_results_and_no_hidden_check(classroom):
    records, _ = classroom
    text = (records.classroom / "autograded" / "ben" / FOLDER / "descent.ipynb").read_text()
    assert "HIDDEN" not in text and "line_gradient: failed" in text


@pytest.mark.parametrize("name", ["", "../evil", ".hidden", "a/b", "a\nb", "a" * 200, "naïve", "a b"])
def test_a_name_that_cannot_be_a_students_is_refused(name):
    with pytest.raises(ValueError, match="student"):
        student_name(name)


def test_a_class_is_graded_by_several_processes_and_one_bad_file_stops_nobody(tmp_path):
    for name, content in {
        "ada": notebook_with(LESSON, ROOT, RIGHT),
        "ben": b"broken",
        "cem": notebook_with(LESSON, ROOT, {}),
    }.items():
        (tmp_path / f"{name}.ipynb").write_bytes(content)
    submissions = [Submission(name, tmp_path / f"{name}.ipynb") for name in ("ada", "ben", "cem", "dora")]
    outcomes = {outcome.student: outcome for outcome in grade_class(LESSON, submissions, b"secret", workers=2)}
    assert {name: (outcome.status, outcome.points) for name, outcome in outcomes.items()} == {
        "ada": (GRADED, 100 - ESSAY_POINTS),
        "ben": (REFUSED, 0),
        "cem": (GRADED, 0),
        "dora": (REFUSED, 0),
    }


def test_collecting_leaves_what_has_no_name_or_too_many_notebooks_and_says_so(tmp_path):
    source = tmp_path / "in"
    (source / "two").mkdir(parents=True)
    for name in ("ada.ipynb", "bad name.ipynb", "notes.txt", "two/a.ipynb", "two/b.ipynb"):
        (source / name).write_text(f"{{}}{' ' * len(name)}")
    (source / "two" / "b.ipynb").write_text("[]")
    collected = collect_from(LESSON, source, tmp_path)
    assert collected.students == ["ada"] and len(collected.left) == 3
    assert find_submissions(tmp_path, LESSON)[0].time is None  # a file's own time is nobody's word
    (tmp_path / "submitted" / "ada" / FOLDER / "timestamp.txt").write_text("2030-01-31 18:00:00.000000 UTC")
    assert find_submissions(tmp_path, LESSON)[0].time is not None
    (tmp_path / "submitted" / "ada" / FOLDER / "timestamp.txt").write_text("the day after tomorrow, I promise")
    assert find_submissions(tmp_path, LESSON)[0].time is None


def test_the_judge_says_needs_a_look_where_a_check_itself_fails(sandboxes, monkeypatch):
    import dataclasses

    broken = dataclasses.replace(LESSON.checks[0], hidden="raise ValueError('the check is broken')")
    lesson = dataclasses.replace(LESSON, cells=tuple(broken if cell.id == broken.id else cell for cell in LESSON.cells))
    judged = judge(read_notebook(notebook_with(LESSON, ROOT, RIGHT), lesson), lesson, sandboxes[FOLDER], b"secret")
    assert [result.status for result in judged.results if result.status != "passed"] == ["needs a look"]


def test_where_no_sandbox_comes_up_nobody_is_given_a_zero(tmp_path, monkeypatch):
    """The workers are processes of their own: what breaks theirs is a PATH on which bwrap is something that only says
    it is."""
    fake = tmp_path / "bin" / "bwrap"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\ncase "$*" in *true) exit 0;; esac\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "ada.ipynb").write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    with pytest.raises(SandboxError, match="did not come up"):
        list(grade_class(LESSON, [Submission("ada", tmp_path / "ada.ipynb")], b"secret", workers=1))


def test_a_process_that_dies_costs_its_own_submission_a_second_try_and_nobody_else_anything(tmp_path):
    """As the system does to one that has taken all the memory: killed while it judges."""
    for name in ("ada", "ben", "cem", "dora"):
        (tmp_path / f"{name}.ipynb").write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    outcomes = {}
    for outcome in grade_class(
        LESSON,
        [Submission(name, tmp_path / f"{name}.ipynb") for name in ("ada", "ben", "cem", "dora")],
        b"secret",
        workers=2,
    ):
        if not outcomes:
            os.kill(next(iter(graders())), signal.SIGKILL)
        outcomes[outcome.student] = outcome
    assert {name: outcome.points for name, outcome in outcomes.items()} == dict.fromkeys(
        ("ada", "ben", "cem", "dora"), 100 - ESSAY_POINTS
    )


def graders() -> list[int]:
    """The processes that this one started to grade in."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent, words = (
                int(status.read_text().rsplit(")", 1)[1].split()[1]),
                (status.parent / "cmdline").read_bytes(),
            )
        except OSError:
            continue
        if parent == os.getpid() and b"spawn_main" in words:
            found.append(int(status.parent.name))
    return found


def test_judging_that_does_not_end_is_ended_and_given_to_a_person(tmp_path, monkeypatch):
    # with no time for the submission either: 10 ms in all
    monkeypatch.setattr("grader.judging.grade.SECONDS_TO_JUDGE", -2.99)
    (tmp_path / "ada.ipynb").write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    (outcome,) = grade_class(
        LESSON, [Submission("ada", tmp_path / "ada.ipynb")], b"secret", limits=Limits(submission=1)
    )
    assert outcome.status == PARTLY and "did not end" in outcome.why and "needs a look" in outcome.why
