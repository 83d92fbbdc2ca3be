"""A learner's first minute in JupyterLab: the welcome page, the next lesson, an exercise solved wrong and then right.
Read course/desk/welcome.py and course/checks/panel.py first."""

import json

import pytest

from conftest import moment, run_cell

pytestmark = pytest.mark.slow


def test_from_the_welcome_page_into_a_lesson_and_through_an_exercise(own_lab, page, tmp_path):
    page.goto(own_lab)
    page.get_by_role("heading", name="Landscape of Loss").wait_for(timeout=90_000)
    page.get_by_role("heading", name="Next: 01 A block of numbers").wait_for()
    assert (
        page.locator(".jp-TableOfContents").is_visible()
        and not page.get_by_text("Would you like to get notified about official Jupyter news?").count()
    )
    moment(page, "welcome")
    page.get_by_role("link", name="02 A line through").click()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
    run_cell(page, 'begin("02-lines")')

    begun = run_cell(page, "def predict(")
    check = run_cell(page, 'checks("predict"')
    panel = check.get_by_role("status")
    panel.get_by_text("predict: not attempted").wait_for()
    # its first line and its panel
    assert check.get_by_text('checks("predict", points=9)').is_visible() and "named = " not in check.inner_text()

    stub = begun.locator(".cm-content").inner_text()
    run_cell(page, "def predict(", stub.rstrip() + "\n    return slope * (x + intercept)\n")
    run_cell(page, 'checks("predict"')
    panel.get_by_text("predict: failed, 0 of 9 points").wait_for()
    assert "you multiplied the intercept by the slope as well" in panel.inner_text()
    moment(page, "wrong")
    shown = check.locator(".check-panel")
    hints = shown.locator("summary")
    assert not shown.locator("details details").first.is_visible()  # the idea is folded up under the nudge
    hints.first.focus()
    page.keyboard.press("Enter")  # a hint opens by keyboard, one rung at a time
    shown.locator("details[open]").first.wait_for()
    moment(page, "hint")
    assert hints.nth(1).is_visible() and not hints.nth(2).is_visible()

    run_cell(page, "def predict(", stub.rstrip() + "\n    return slope * x + intercept\n")
    run_cell(page, 'checks("predict"')
    panel.get_by_text("predict: passed, 9 of 9 points").wait_for()
    moment(page, "right")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(2000)
    assert "1 of 6 solved" in (tmp_path / "work" / "welcome.md").read_text()
    assert json.loads((tmp_path / "work" / "02-lines" / "lines.ipynb").read_text())["cells"]
