"""A day of a class, by the buttons: handed in from JupyterLab's Assignment List, collected, graded and given back in
the form grader, fetched again. One exchange, one `course lab` and one form grader for all of it; the fixtures are the
day's hours, and a test needs those that come before it.
Read course/desk/submit.py, grader/classroom/exchange.py and grader/classroom/nbgrader.py first."""

import csv
import getpass
import io
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from conftest import free_port, moment, wait_for
from grader.judging.answers import notebook_with, solved
from grader.lessons.reading import find_lesson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from servers import TOKEN, form_grader

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
FOLDER = "03-descent"
LESSON = find_lesson(FOLDER, ROOT)
ESSAY = "I watched the ball jump from wall to wall, and then I made the steps smaller."
WITHOUT_ESSAY = LESSON.points - sum(cell.points for cell in LESSON.essays)
ME = getpass.getuser()
# A class of one account: whose folder it is in the exchange is the system's word, so the learner has this account's
# name.
SETTINGS = """c = get_config()
c.CourseDirectory.course_id = "landscape-of-loss"
c.Exchange.root = {exchange!r}
c.AssignLatePenalties.plugin_class = "grader.classroom.lateness.PerDay"
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory, browser):
    """Lesson 03 released, due two days ago; the learner's lab and the instructor's form grader, each with a page of the
    browser."""
    home = tmp_path_factory.mktemp("school")
    (home / "exchange").mkdir()
    (home / "exchange").chmod(0o777)
    (home / "jupyter").mkdir()
    (home / "jupyter" / "nbgrader_config.py").write_text(SETTINGS.format(exchange=str(home / "exchange")))
    own = {
        name: str(home / name.removeprefix("JUPYTER_").lower())
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR")
    }
    environment = {
        **os.environ,
        **own,
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
    }

    def grader(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "grader.cli", *words, f"--classroom={home / 'classroom'}"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    due = datetime.now(UTC) - timedelta(days=2)
    said = grader("release", "03", "--due", due.strftime("%Y-%m-%dT%H:%M"))
    with course_lab(home, environment) as lab, form_grader(home, ROOT) as ask:
        learner, instructor = (
            browser.new_context(viewport={"width": 1360, "height": 1000}, extra_http_headers=headers)
            for headers in ({}, {"Authorization": f"token {TOKEN}"})
        )
        yield SimpleNamespace(
            home=home,
            work=home / "work",
            classroom=home / "classroom",
            said=said,
            grader=grader,
            lab=lab,
            form_grader=f"{ask.address}/formgrader",
            learner=learner.new_page(),
            instructor=instructor.new_page(),
        )
        learner.close()
        instructor.close()


@contextmanager
def course_lab(home: Path, environment: dict[str, str]):
    port, log = free_port(), home / "lab.txt"
    with log.open("w") as written:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "course.desk.cli",
                "lab",
                f"--work={home / 'work'}",
                "--no-browser",
                f"--port={port}",
                "--ServerApp.port_retries=0",
                "--IdentityProvider.token=",
                "--ServerApp.password=",
            ],
            stdout=written,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def assignment_list(school):
    """nbgrader's Assignment List, opened by the menu; its rows of lesson 03 by list: fetched or submitted."""
    page = school.learner
    page.goto(f"{school.lab}/lab/workspaces/list?reset")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click(timeout=90_000)
    page.get_by_role("menuitem", name="Assignment List").click()
    page.locator("#fetched_assignments_list .list_item").first.wait_for(timeout=30_000)
    page.locator(".jp-DirListing-item").first.wait_for(timeout=30_000)
    return page


@pytest.fixture(scope="module")
def handed_in(school):
    """The learner's own copy solved, and handed in by the Assignment List's button."""
    (school.work / FOLDER / "descent.ipynb").write_bytes(
        notebook_with(LESSON, ROOT, solved(LESSON), {"reflection": ESSAY})
    )
    page = assignment_list(school)
    offered = page.locator("#fetched_assignments_list > .list_item").all_inner_texts()
    page.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
    page.locator("#submitted_assignments_list").get_by_role("button", name="Fetch Feedback").wait_for(timeout=30_000)
    moment(page, "class-submitted")
    return SimpleNamespace(
        offered=offered,
        inbound=list((school.home / "exchange" / "landscape-of-loss" / "inbound").glob(f"{ME}+{FOLDER}+*")),
    )


@pytest.fixture(scope="module")
def collected(school, handed_in):
    """What the form grader's collect button said; in the exchange lay a folder that is named for somebody else, too."""
    forged = (
        school.home
        / "exchange"
        / "landscape-of-loss"
        / "inbound"
        / f"victim+{FOLDER}+2099-01-01 00:00:00.000000 UTC+forged"
    )
    forged.mkdir()
    (forged / "descent.ipynb").write_bytes(notebook_with(LESSON, ROOT, {}))
    page = school.instructor
    page.goto(school.form_grader)
    return button(page, "collect", FOLDER, "class-collected")


@pytest.fixture(scope="module")
def graded(school, collected):
    """What the form grader's autograde button said, and what its table shows then."""
    page = school.instructor
    page.goto(f"{school.form_grader}/manage_submissions/{FOLDER}")
    said = button(page, "autograde", ME)
    expect(row(page, ME).locator(".score")).to_contain_text("/", timeout=30_000)
    page.locator(".modal").wait_for(state="detached")
    moment(page, "class-graded")
    return SimpleNamespace(
        said=said,
        status=row(page, ME).locator(".status").inner_text(),
        score=row(page, ME).locator(".score").inner_text(),
    )


@pytest.fixture(scope="module")
def read_by_a_person(school, graded):
    """The essay's points and comment, written into the form grader's own page of the notebook."""
    page = school.instructor
    page.goto(f"{school.form_grader}/gradebook/{FOLDER}/descent")
    page.locator("#main-table a").first.click(timeout=30_000)
    # Not formgrader.loaded: nbgrader fetches MathJax from the network, and without one that never comes.
    page.wait_for_function(
        "window.formgrader && formgrader.grades && formgrader.grades.loaded && formgrader.comments && "
        "formgrader.comments.loaded"
    )
    answer = page.locator(".nbgrader_cell", has_text=ESSAY).last
    for field, words in (("input.score", "5"), ("textarea.comment", "Your own numbers, well told.")):
        answer.locator(field).fill(words)
        with page.expect_response(
            lambda response: re.search("/api/(grade|comment)/", response.url) and response.request.method == "PUT"
        ):
            answer.locator(field).blur()
    page.goto(f"{school.form_grader}/manage_submissions/{FOLDER}")
    expect(row(page, ME).locator(".score")).to_contain_text("/", timeout=30_000)
    return SimpleNamespace(
        status=row(page, ME).locator(".status").inner_text(), score=row(page, ME).locator(".score").inner_text()
    )


@pytest.fixture(scope="module")
def given_back(school, read_by_a_person):
    """Feedback generated and released by the form grader's buttons; what the second one said."""
    page = school.instructor
    page.goto(school.form_grader)
    button(page, "generate-feedback", FOLDER)
    page.locator(".modal").wait_for(state="detached")
    return button(page, "release-feedback", FOLDER)


def row(page, name: str):
    return page.locator("#main-table tr", has_text=name)


def button(page, which: str, name: str, picture: str = "") -> str:
    """Click a button of the form grader's tables. Gives the words of the dialogue that comes, and closes it."""
    row(page, name).locator(f".{which} a").click(timeout=30_000)
    dialogue = page.locator(".modal.in, .modal.show")
    dialogue.get_by_text(re.compile("^(Success|Error)$")).wait_for(timeout=120_000)
    if picture:
        page.wait_for_timeout(400)  # it fades in
        moment(page, picture)
    said = dialogue.inner_text()
    dialogue.get_by_role("button", name="OK").click()
    return said


def validated(school, content: bytes, picture: str = "") -> str:
    """What nbgrader's Validate button on a lesson's toolbar says of a notebook."""
    file = school.work / "02-lines" / "lines.ipynb"
    file.write_bytes(content)
    page = school.learner
    page.goto(f"{school.lab}/lab/workspaces/validated/tree/02-lines/lines.ipynb?reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
    page.locator(".validate-button").click()
    dialogue = page.locator(".jp-Dialog")
    dialogue.get_by_text("Validation Results").wait_for(timeout=120_000)
    dialogue.locator("#validation-message > div").last.scroll_into_view_if_needed()
    if picture:
        moment(page, picture)
    return dialogue.inner_text()


def test_a_learner_hands_in_her_own_copy_by_the_assignment_lists_button(school, handed_in):
    assert "in the exchange at" in school.said
    assert len(handed_in.offered) == 1 and FOLDER in handed_in.offered[0], (
        "only what was released, and no second copy to fetch"
    )
    (arrived,) = handed_in.inbound
    assert (arrived / "descent.ipynb").read_bytes() == (school.work / FOLDER / "descent.ipynb").read_bytes()


def test_the_collect_button_goes_by_the_owner_and_says_whose_folder_it_left(school, collected):
    assert (
        f"1 submissions of {FOLDER} collected: {ME}" in collected
        and f"it is named for victim and owned by {ME}" in collected
    )
    assert [folder.name for folder in (school.classroom / "submitted").iterdir()] == [ME]


def test_the_autograde_button_runs_this_grader_and_the_score_shows(graded):
    assert "graded in the sandbox" in graded.said and "Checksum" not in graded.said, (
        "its own words and none of nbgrader's, cell by cell"
    )
    assert graded.score == f"{WITHOUT_ESSAY:g} / {LESSON.points:g}" and graded.status == "needs manual grading"


def test_an_essays_points_and_comment_are_typed_into_the_form_grader(read_by_a_person):
    assert (
        read_by_a_person.score == f"{WITHOUT_ESSAY + 5:g} / {LESSON.points:g}" and read_by_a_person.status == "graded"
    )


def test_the_learner_fetches_her_feedback_in_the_assignment_list_and_the_page_opens(school, given_back):
    assert f"given back: {ME}" in given_back
    page = assignment_list(school)
    page.get_by_text("(feedback available to fetch)").wait_for()
    page.get_by_role("button", name="Fetch Feedback").click()
    page.get_by_text("(view feedback)").click(timeout=30_000)
    page.locator(".jp-DirListing-item", has_text="descent.html").dblclick(timeout=30_000)
    shown = page.frame_locator(".jp-HTMLViewer iframe")
    shown.get_by_text("Your own numbers, well told.").wait_for(timeout=30_000)
    moment(page, "class-feedback")
    assert "5 of 6" in shown.locator("body").inner_text()


def test_an_extension_takes_lateness_and_its_penalty_away(school, graded):
    def mine() -> dict[str, str]:
        (line,) = csv.DictReader(io.StringIO(school.grader("export", "03")))
        return line

    def read(picture: str) -> str:
        """What the learner's page of feedback says, written anew."""
        school.grader("feedback", "03")
        school.learner.goto((school.classroom / "feedback" / ME / FOLDER / "descent.html").as_uri())
        moment(school.learner, picture)
        return school.learner.locator("body").inner_text()

    late = mine()
    assert (
        float(late["seconds_late"]) > 86400
        and float(late["penalty"]) > 0
        and "points are off for handing in" in read("extension-before")
    )
    school.grader("extend", "03", ME, "--until", (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    assert (float(mine()["seconds_late"]), float(mine()["penalty"])) == (0, 0) and " late" not in read("extension")
    school.grader("extend", "03", ME, "--none")


def test_the_validate_button_passes_a_solved_lesson(school):
    lesson = find_lesson("02-lines", ROOT)
    assert "Success! Your notebook passes all the tests." in validated(
        school, notebook_with(lesson, ROOT, solved(lesson))
    )


def test_the_validate_button_names_each_check_of_an_unsolved_lesson(school):
    lesson = find_lesson("02-lines", ROOT)
    said = validated(school, notebook_with(lesson, ROOT, {}), "class-validated")
    names = [check.id.removeprefix("check-") for check in lesson.checks]
    assert "mse-scalar" in names and not [name for name in names if f"{name}: not attempted" not in said]
    assert "Traceback" not in said and "course/checks/sentences.py" not in said, (
        "the way through the course's own modules is nothing to a learner"
    )
