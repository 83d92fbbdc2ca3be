"""nbgrader stays whole: its validator, its own autograding of honest work, and its form grader on what this grader
wrote. 'Stock' means a throwaway course whose configuration names directories only.
Read grader/classroom/records.py first."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from servers import form_grader
from shared import LESSONS, ROOT

from grader.classroom.exchange import collect_from
from grader.classroom.feedback import write_feedback
from grader.classroom.gradebook import address_of
from grader.classroom.records import Records
from grader.judging.answers import notebook_with, read_answers, solved
from grader.judging.grade import GRADED, find_submissions, grade_one

pytestmark = pytest.mark.slow
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
}


def python(*words: str, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def nbgrader(*words: str, folder: Path) -> subprocess.CompletedProcess:
    return python("-m", "nbgrader", *words, folder=folder)


def honest(folder: str) -> dict[str, bytes]:
    """Right in other styles, wrong here and there, half done, a quiz half answered, untouched: what honest learners
    hand in."""
    lesson, answers, right = LESSONS[folder], read_answers(LESSONS[folder], ROOT), solved(LESSONS[folder])
    names = [cell.name for cell in lesson.exercises]
    other = {name: next(answer.text for answer in answers if answer.name == name and answer.right) for name in names}
    wrong = {
        name: next(answer.text for answer in answers if answer.name == name and not answer.right) for name in names
    }
    quiz = lesson.answers[0]
    half = {quiz.name: quiz.stub.replace('1: ""', '1: "a"').replace('2: ""', '2: "b"')}
    essays = {cell.name: "What I saw was a valley, and I walked down it." for cell in lesson.essays}
    classes = {
        "right": ({**right, **other}, essays),
        "every-second-wrong": ({**right, **{name: wrong[name] for name in names[::2]}}, {}),
        "half": ({**{name: right[name] for name in names[:3]}, **half}, {}),
        "untouched": ({}, {}),
    }
    return {name: notebook_with(lesson, ROOT, *texts) for name, texts in classes.items()}


def scores(book: Gradebook, folder: str) -> dict[str, dict[str, float]]:
    """Each cell's score, by student and cell."""
    return {
        submission.student.id: {grade.name: grade.score for grade in submission.notebooks[0].grades}
        for submission in book.assignment_submissions(folder)
    }


def waiting(book: Gradebook, folder: str) -> list[str]:
    """The cells of the student called right, who wrote the essays, that wait for a person."""
    return [
        grade.name
        for submission in book.assignment_submissions(folder)
        if submission.student.id == "right"
        for grade in submission.notebooks[0].grades
        if grade.needs_manual_grade
    ]


# Stock nbgrader runs every cell of every submission, so the later lessons, which train networks, are not asked of it.
@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("01-tensors", ("every-second-wrong",)),
        ("03-descent", ("right", "every-second-wrong", "half", "untouched")),
    ],
)
def test_stock_nbgrader_gives_honest_submissions_the_same_scores(folder: str, kinds, tmp_path, sandboxes):
    lesson, course = LESSONS[folder], tmp_path / "course"
    (course / "source" / folder).mkdir(parents=True)
    shutil.copy(lesson.path.with_suffix(".ipynb"), course / "source" / folder)
    (course / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.root = {str(course)!r}\n")
    made = nbgrader("generate_assignment", folder, "--create", folder=course)
    assert made.returncode == 0, made.stderr[-2000:]
    given_in = {kind: content for kind, content in honest(folder).items() if kind in kinds}
    for name, content in given_in.items():
        place = course / "submitted" / name / folder
        place.mkdir(parents=True)
        (place / f"{lesson.name}.ipynb").write_bytes(content)
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(content)
    autograded = nbgrader("autograde", folder, folder=course)
    assert autograded.returncode == 0, autograded.stderr[-2000:]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        stock, stock_waits = scores(book, folder), waiting(book, folder)
    collect_from(lesson, tmp_path / "in", tmp_path)
    with Records(tmp_path) as records:
        records.register(lesson)
        for submission in find_submissions(tmp_path, lesson):
            outcome = grade_one(submission, lesson, sandboxes[folder], b"secret")
            assert outcome.status == GRADED, outcome.why
            records.write(outcome, lesson)
        ours, ours_wait = scores(records.gradebook, folder), waiting(records.gradebook, folder)
    assert set(ours) == set(given_in) and ours_wait == stock_waits
    assert stock_waits == [cell.id for cell in lesson.essays if "right" in kinds]
    for name in given_in:
        assert ours[name] == stock[name], {
            key: (ours[name][key], stock[name][key]) for key in stock[name] if ours[name].get(key) != stock[name][key]
        }


def test_an_essay_is_graded_by_hand_in_the_form_grader(tmp_path, sandboxes):
    """The form grader's own handlers show the notebook and take points and a comment, which reach the gradebook and the
    feedback."""
    folder = "03-descent"
    lesson = LESSONS[folder]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(
        notebook_with(lesson, ROOT, solved(lesson), {"reflection": "I watched the ball jump from wall to wall."})
    )
    classroom = tmp_path / "classroom"
    collect_from(lesson, tmp_path / "in", classroom)
    with Records(classroom) as records:
        records.register(lesson)
        for submission in find_submissions(classroom, lesson):
            records.write(grade_one(submission, lesson, sandboxes[folder], b"secret"), lesson)
        notebook = records.gradebook.find_submission_notebook(lesson.name, folder, "ada")
        grade = records.gradebook.find_grade("answer-reflection", lesson.name, folder, "ada")
        comment = records.gradebook.find_comment("answer-reflection", lesson.name, folder, "ada")
        ids = notebook.id, grade.id, comment.id
        before = records.score(lesson, "ada")["score"]
    with form_grader(tmp_path, ROOT) as ask:
        page = ask("GET", f"formgrader/submissions/{ids[0]}")
        assert "I watched the ball jump" in page and "line_gradient: passed" in page and "HIDDEN" not in page
        ask("PUT", f"formgrader/api/grade/{ids[1]}", {"manual_score": 5.0})
        ask("PUT", f"formgrader/api/comment/{ids[2]}", {"manual_comment": "Your own numbers, well told."})
    with Records(classroom) as records:
        after = records.score(lesson, "ada")
        assert after["score"] == before + 5 and not after["waits"]
        (feedback,) = write_feedback(records, lesson)
        assert "Your own numbers, well told." in feedback.read_text() and "5 of 6" in feedback.read_text()


WRITES_OUTSIDE = "import pathlib\npathlib.Path({!r}).write_text('was here')\n"


@pytest.fixture
def course_with_a_stranger(tmp_path):
    """A class of one right answer and one that writes outside, collected; the file that it would write to."""
    folder, lesson = "03-descent", LESSONS["03-descent"]
    right, mark = solved(lesson), tmp_path / "mark"
    for name, texts in {
        "ada": right,
        "eve": {**right, "descend": WRITES_OUTSIDE.format(str(mark)) + right["descend"]},
    }.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(notebook_with(lesson, ROOT, texts))
    collect_from(lesson, tmp_path / "in", tmp_path / "classroom")
    return folder, lesson, mark


def scores_of(classroom: Path, folder: str) -> dict[str, float]:
    with Gradebook(address_of(classroom)) as book:
        return {submission.student.id: submission.score for submission in book.assignment_submissions(folder)}


def test_nbgraders_own_command_runs_this_grader_and_no_submission_reaches_out(tmp_path, course_with_a_stranger):
    folder, lesson, mark = course_with_a_stranger
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    done = nbgrader("autograde", folder, folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "graded in the sandbox" in done.stderr and not mark.exists()
    whole = 100 - sum(cell.points for cell in lesson.essays)
    lost = sum(cell.points for cell in lesson.checks_of("descend"))
    assert scores_of(tmp_path / "classroom", folder) == {"ada": whole, "eve": whole - lost}
    assert nbgrader("generate_feedback", folder, "--student", "ada", folder=tmp_path).returncode == 0
    assert (
        "Content-Security-Policy" in (tmp_path / "classroom" / "feedback" / "ada" / folder / "descent.html").read_text()
    )
    stranger = nbgrader("autograde", "no-lesson", folder=tmp_path)
    assert stranger.returncode == 1 and "only this course's lessons are graded here" in stranger.stderr


def test_the_form_graders_button_runs_this_grader(tmp_path, course_with_a_stranger):
    folder, lesson, mark = course_with_a_stranger
    with form_grader(tmp_path, ROOT) as ask:
        answer = ask("POST", f"formgrader/api/submission/{folder}/eve/autograde")
        assert '"success": true' in answer, answer
    assert not mark.exists() and scores_of(tmp_path / "classroom", folder)["eve"] < 94


# What the form grader's button Generate calls.
BUTTON = """
import json
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
app = NbGrader()
app.load_config_file()
print(json.dumps(NbGraderAPI(config=app.config).generate_assignment({!r})))
"""


def everything_in(*folders: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()}


def test_nbgraders_generate_assignment_changes_no_notebook_and_no_grade(tmp_path, course_with_a_stranger, sandboxes):
    """Stock nbgrader would delete the lesson's folder in notebooks/ and write another, and take the class's grades with
    the cells that it does not know."""
    folder, lesson, _ = course_with_a_stranger
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "notebooks" / folder, tmp_path / "notebooks" / folder)
    shutil.copytree(ROOT / "solutions" / folder, tmp_path / "solutions" / folder)
    with Records(tmp_path / "classroom") as records:
        records.register(lesson)
        for submission in find_submissions(tmp_path / "classroom", lesson):
            records.write(grade_one(submission, lesson, sandboxes[folder], b"secret"), lesson)
    before, points = (
        everything_in(tmp_path / "notebooks", tmp_path / "solutions"),
        scores_of(tmp_path / "classroom", folder),
    )
    tracked = everything_in(ROOT / "notebooks" / folder)
    for words in (("--force",), ("--no-db",)):
        done = nbgrader("generate_assignment", folder, *words, folder=tmp_path)
        assert done.returncode == 0 and "was left as it is" in done.stderr, done.stderr[-2000:]
    button = python("-c", BUTTON.format(folder), folder=tmp_path)
    assert json.loads(button.stdout.splitlines()[-1])["success"], button.stdout
    assert (
        everything_in(tmp_path / "notebooks", tmp_path / "solutions") == before
        and everything_in(ROOT / "notebooks" / folder) == tracked
    )
    assert scores_of(tmp_path / "classroom", folder) == points


# Each in a process of its own that has nbgrader loaded already, which takes seconds.
QUICKSTARTS = """
import json, os, sys
from nbgrader.apps.nbgraderapp import main
for words in json.loads(sys.argv[1]):
    child = os.fork()
    if not child:
        sys.argv = ["nbgrader", "quickstart", *words]
        main()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_nbgraders_quickstart_here_does_nothing_and_says_why(tmp_path):
    course = tmp_path / "course"
    for name in ("classroom/submitted", "notebooks", "solutions"):
        (course / name).mkdir(parents=True)
        (course / name / "file.txt").write_text("precious")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    before = everything_in(tmp_path)
    ways = [["example"], ["example", "--autotest"]]
    ways += [[name, "--force"] for name in ("classroom", "notebooks", ".", "..")]
    done = python("-c", QUICKSTARTS, json.dumps(ways), folder=course)
    assert done.stdout.split() == ["1"] * len(ways) and everything_in(tmp_path) == before, done.stderr[-2000:]
    assert done.stderr.count("is a course already") == len(ways)


def test_a_new_gradebook_has_the_version_that_nbgrader_gives_it_without_a_program_on_the_path(tmp_path):
    code = (
        "import nbgrader.api; theirs = nbgrader.api.get_alembic_version(); from grader.classroom.gradebook "
        "import version_of_tables; print(theirs == version_of_tables() != '')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["True"]
    opened = (
        "from pathlib import Path; from grader.classroom.records import Records; "
        f"Records(Path({str(tmp_path)!r})).__enter__()"
    )
    subprocess.run([sys.executable, "-c", opened], cwd=ROOT, env={**ENVIRONMENT, "PATH": ""}, check=True)
