"""A class on its server, in a real browser: two learners and a teacher, from login to feedback, by clicking. One hub
for all of it; the fixtures are the day's hours, and a test needs those that come before it.
Read tests/hub.py first (how the class is made), then tests/browser/test_a_class_day.py, which does the same without a
hub."""

import os
import re
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from shared import LESSONS, ROOT

from conftest import moment
from grader.judging.answers import notebook_with, solved

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from hub import NOT_ROOT, school

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason=NOT_ROOT)]
FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
WRONG = {"mse": "@exercise\ndef mse(prediction, target):\n    return ((prediction - target) ** 2).sum()\n"}


@pytest.fixture(scope="module")
def hub(browser):
    """The class, started; `open(name)` logs somebody in on a page of their own."""
    with school("ada", "ben") as made:
        made.start()
        contexts = []

        def enter(name: str, scheme: str = "light"):
            context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
            contexts.append(context)
            page = context.new_page()
            page.goto(f"{made.server.address}/hub/login")
            moment(page, f"server-login-{scheme}")
            page.fill("#username_input", made.people[name])
            page.fill("#password_input", made.passwords[made.people[name]])
            page.click("#login_submit")
            return page

        made.open = enter
        yield made
        for context in contexts:
            context.close()


@pytest.fixture(scope="module")
def released(hub):
    """The teacher logs in, lands on the class's page, and hands a lesson out by the form grader's buttons."""
    page = hub.open("grace", "dark")
    page.get_by_role("heading", name="The class").wait_for(timeout=60_000)
    moment(page, "server-class-dark")
    page.get_by_role("link", name="Form grader").click()
    button(page, "assign", FOLDER)
    said = button(page, "release", FOLDER)
    return SimpleNamespace(page=page, said=said)


def button(page, which: str, name: str, picture: str = "") -> str:
    """Click a button in a row of the form grader's tables. Gives the words of the dialogue that comes."""
    cell = page.locator("#main-table tr", has_text=name).locator(f".{which} a")
    cell.click(timeout=60_000)
    dialogue = page.locator(".modal.in, .modal.show")
    dialogue.get_by_text(re.compile("^(Success|Error)$")).wait_for(timeout=240_000)
    if picture:
        moment(page, picture)
    said = dialogue.inner_text()
    dialogue.get_by_role("button", name="OK").click()
    page.locator(".modal").wait_for(state="detached")
    return said


@pytest.fixture(scope="module")
def ada(hub, released):
    """Ada logs in, finds the lesson on her welcome page, and runs its first cell."""
    page = hub.open("ada")
    shown = page.locator(".jp-MarkdownViewer, .jp-RenderedMarkdown").first
    shown.get_by_role("link", name=re.compile("^02 ")).wait_for(timeout=120_000)
    moment(page, "server-welcome")
    welcome = shown.inner_text()
    shown.get_by_role("link", name=re.compile("^02 ")).click()
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
    cell = page.locator(".jp-CodeCell").first
    cell.click(position={"x": 2, "y": 2})
    page.keyboard.press("Control+Enter")
    cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[1\]")).wait_for(timeout=90_000)
    moment(page, "server-lesson")
    sockets = list((hub.home("ada") / ".jupyter-run").glob("kernel-*-ipc-*"))
    return SimpleNamespace(page=page, welcome=welcome, sockets=sockets)


@pytest.fixture(scope="module")
def handed_in(hub, ada):
    """Ada's answers saved and handed in by the Assignment List; Ben, who mixed up sum and mean, does the same."""
    arrived = {}
    for name, texts in (("ada", solved(LESSON)), ("ben", {**solved(LESSON), **WRONG})):
        page = ada.page if name == "ada" else hub.open(name)
        page.locator("#jp-main-statusbar").wait_for(timeout=120_000)
        write_as(hub, name, hub.home(name) / "work" / FOLDER / "lines.ipynb", notebook_with(LESSON, ROOT, texts))
        assignment_list(hub, page, name)
        page.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
        page.locator("#submitted_assignments_list").get_by_role("button", name="Fetch Feedback").wait_for(
            timeout=60_000
        )
        moment(page, f"server-handed-in-{name}")
        arrived[name] = list((hub.server.exchange / "landscape-of-loss" / "inbound").glob(f"{hub.people[name]}+*"))
    return SimpleNamespace(arrived=arrived)


def write_as(hub, name: str, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    home = hub.home(name).stat()
    os.chown(file, home.st_uid, home.st_gid)


def assignment_list(hub, page, name: str) -> None:
    page.goto(f"{hub.server.address}/user/{hub.people[name]}/lab/workspaces/list?reset")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click(timeout=90_000)
    page.get_by_role("menuitem", name="Assignment List").click()
    page.locator("#fetched_assignments_list .list_item").first.wait_for(timeout=60_000)


@pytest.fixture(scope="module")
def graded(hub, released, handed_in):
    """Collected, graded in the sandbox and given back by the form grader's buttons, and the report opened."""
    page = released.page
    page.set_viewport_size({"width": 1024, "height": 900})
    page.goto(f"{hub.server.address}/services/class/formgrader")
    collected = button(page, "collect", FOLDER, "server-collected-1024")
    page.goto(f"{hub.server.address}/services/class/formgrader/manage_submissions/{FOLDER}")
    said = [button(page, "autograde", hub.people[name], f"server-autograded-{name}") for name in ("ada", "ben")]
    rows = {
        name: page.locator("#main-table tr", has_text=hub.people[name]).locator(".score").inner_text()
        for name in ("ada", "ben")
    }
    moment(page, "server-graded-1024")
    page.goto(f"{hub.server.address}/services/class/")
    page.get_by_role("link", name="report").click()
    page.get_by_role("heading", name=re.compile("What the class understood")).wait_for(timeout=60_000)
    moment(page, "server-report-dark-1024")
    page.get_by_text("1 student").first.click()
    report = page.locator("body").inner_text()
    page.goto(f"{hub.server.address}/services/class/formgrader")
    button(page, "generate-feedback", FOLDER)
    given = button(page, "release-feedback", FOLDER)
    return SimpleNamespace(collected=collected, said=said, rows=rows, report=report, given=given)


def test_the_teacher_lands_on_the_class_and_hands_a_lesson_out_by_clicking(hub, released):
    assert "Success" in released.said
    assert (hub.server.exchange / "landscape-of-loss" / "outbound" / FOLDER / "lines.ipynb").exists()


def test_a_learner_lands_on_her_lessons_and_runs_a_cell_in_a_kernel_that_no_port_leads_to(hub, ada):
    assert "Assignment List" in ada.welcome and "course submit" in ada.welcome
    assert len(ada.sockets) >= 5 and all(stat.S_ISSOCK(socket.stat().st_mode) for socket in ada.sockets)
    assert stat.S_IMODE((hub.home("ada")).stat().st_mode) == 0o700


def test_what_is_handed_in_by_the_button_is_owned_by_who_did_it(hub, handed_in):
    for name, (folder, *more) in handed_in.arrived.items():
        assert not more and folder.owner() == hub.people[name]
        assert (folder / "lines.ipynb").read_bytes() == (hub.home(name) / "work" / FOLDER / "lines.ipynb").read_bytes()


def test_the_teachers_buttons_collect_grade_and_report_without_being_root(hub, graded):
    assert f"2 submissions of {FOLDER} collected" in graded.collected
    assert all("graded in the sandbox" in said for said in graded.said)
    full = f"{LESSON.points:g} / {LESSON.points:g}"
    assert graded.rows["ada"] == full and graded.rows["ben"] != full
    assert "Ben Made-Up" in graded.report and "you summed the squares" in graded.report
    owners = {path.owner() for path in hub.server.classroom.rglob("*")}
    assert owners == {hub.people["grace"]}, "nothing of the class's data belongs to anybody else"


def test_a_learner_fetches_her_feedback_by_clicking(hub, ada, graded):
    assert f"given back: {hub.people['ada']}" in graded.given
    assignment_list(hub, ada.page, "ada")
    ada.page.get_by_text("(feedback available to fetch)").wait_for(timeout=60_000)
    ada.page.get_by_role("button", name="Fetch Feedback").click()
    ada.page.get_by_text("(view feedback)").click(timeout=60_000)
    ada.page.locator(".jp-DirListing-item", has_text="lines.html").dblclick(timeout=60_000)
    shown = ada.page.frame_locator(".jp-HTMLViewer iframe")
    expect(shown.locator("body")).to_contain_text(f"{LESSON.points:g} of {LESSON.points:g}", timeout=60_000)
    moment(ada.page, "server-feedback")


@pytest.mark.parametrize(
    "page_",
    ("", "lessons", f"reports/{FOLDER}.html", "formgrader", "formgrader/api/assignments", "api/contents", "lab"),
)
def test_a_learner_who_opens_the_teachers_pages_is_forbidden(hub, ada, page_):
    page = ada.page.context.new_page()
    answer = page.goto(f"{hub.server.address}/services/class/{page_}")
    assert answer.status == 403
    if not page_:
        moment(page, "server-forbidden")
    page.close()


def test_a_learner_cannot_open_anothers_server_or_the_hubs_list_of_people(hub, ada, handed_in):
    page = ada.page.context.new_page()
    for place in (
        f"user/{hub.people['ben']}/lab",
        f"user/{hub.people['ben']}/api/contents",
        f"user/{hub.people['grace']}/",
    ):
        assert page.goto(f"{hub.server.address}/{place}").status in (403, 404)  # 404 where none is running
    assert page.goto(f"{hub.server.address}/hub/admin").status == 403
    assert page.goto(f"{hub.server.address}/hub/api/users").status == 403
    page.close()
