"""What stands around a lesson in JupyterLab: terminals that know the course, and nothing about a class for who has
none. Read course/desk/terminals.py and course/desk/cli.py first."""

import json

import pytest

pytestmark = pytest.mark.slow


def test_a_terminal_knows_the_course_though_a_login_shell_sets_its_own_path(own_lab, page, tmp_path):
    page.goto(own_lab)
    page.get_by_role("heading", name="Landscape of Loss").wait_for(timeout=90_000)
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_text("New", exact=True).first.hover()
    page.get_by_role("menuitem", name="Terminal", exact=True).click()
    terminal = page.locator(".jp-Terminal")
    terminal.locator(".xterm-screen").wait_for(timeout=30_000)
    page.wait_for_timeout(2000)
    terminal.click()
    said = tmp_path / "said.txt"
    page.keyboard.type(f"PATH=$PATH; course progress --json > {said}; echo done\n")
    for _ in range(100):
        if said.exists() and said.read_text().strip():
            break
        page.wait_for_timeout(200)
    assert len(json.loads(said.read_text())["lessons"]) > 9


def test_who_has_no_class_is_offered_no_list_of_assignments_and_sees_no_error(own_lab, page, tmp_path):
    errors = []
    page.on(
        "response",
        lambda answer: errors.append(answer.url) if answer.status >= 400 and "nbgrader" in answer.url else None,
    )
    page.goto(own_lab)
    page.get_by_role("heading", name="Landscape of Loss").wait_for(timeout=90_000)
    page.get_by_role("menuitem", name="Nbgrader", exact=True).or_(
        page.get_by_role("menuitem", name="File", exact=True)
    ).first.click()
    page.wait_for_timeout(500)
    assert (
        not page.get_by_text("Assignment List").count()
        and not page.get_by_text("Error fetching").count()
        and not errors
    )
    settings = json.loads((tmp_path / "work" / ".settings" / "page_config.json").read_text())
    assert settings["disabledExtensions"]["@jupyter/nbgrader:assignment-list"]
    said = (tmp_path / "log.txt").read_text()
    # that one is true of this test's own start
    assert not [
        line
        for line in said.splitlines()
        if (line.startswith(("[W", "[E", "[C")) or "WARN" in line.upper()) and "authentication is disabled" not in line
    ], said
