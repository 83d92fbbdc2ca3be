"""A lesson from the welcome page to its end in JupyterLab, by keyboard, in both themes, on a laptop's screen and at
twice the size: the panel of an exercise, the quiz, the end. All in one JupyterLab. Read conftest.py beside this and
course/checks/panel.py first."""

import re

import nbformat
import pytest
from shared import LESSONS
from test_accessibility import serious

from conftest import moment, run_cell
from grader.lessons.notebooks import solved_notebook

pytestmark = pytest.mark.slow
LESSON = LESSONS["02-lines"]
PARTS = {"panel": ".check-panel:not([hidden])", "quiz": ".quiz", "end": ".lesson-end"}
TWICE = {"width": 720, "height": 450}  # what a screen of 1440 by 900 has at 200 %


def with_a_sum_for_a_mean() -> nbformat.NotebookNode:
    """Lesson 02, solved but for exercise 3."""
    notebook = solved_notebook(LESSON)
    cell = next(cell for cell in notebook.cells if cell.id == "exercise-mse")
    assert ".mean()" in cell.source
    cell.source = cell.source.replace(".mean()", ".sum()")
    return notebook


def command(page, name: str) -> None:
    """A command of JupyterLab's, from its palette."""
    page.keyboard.press("Control+Shift+c")
    page.locator(".lm-CommandPalette-input").fill(name)
    page.locator(".lm-CommandPalette-item", has_text=re.compile(f"^{name}")).first.wait_for()
    page.keyboard.press("Enter")


def tabbed_to(page, locator, most: int = 60):
    """Press Tab until the focus is there."""
    node = locator.element_handle()
    for _ in range(most):
        if page.evaluate("(node) => document.activeElement === node", node):
            return locator
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {most} presses of Tab: {locator}")


def into_sight(page, part) -> None:
    """Scroll there, and wait until it is drawn: JupyterLab draws no cell that is out of sight."""
    for _ in range(3):  # what is drawn on the way may push it away again
        part.scroll_into_view_if_needed()
        page.wait_for_timeout(300)


def hangs_over(page, part) -> float:
    """By how many pixels a part of the course is wider than its place, or reaches out of the notebook's."""
    return part.evaluate("""(node) => Math.max(0, node.scrollWidth - node.clientWidth - 1,
        Math.floor(node.getBoundingClientRect().right
        - document.querySelector('.jp-Notebook').getBoundingClientRect().right))""")


def colours(node) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", node.evaluate("(node) => getComputedStyle(node).color"))[:3]]


def test_a_lesson_is_gone_through_by_keyboard_from_the_welcome_page_to_its_end_in_any_size_and_theme(
    own_lab, page, tmp_path
):
    nbformat.write(with_a_sum_for_a_mean(), tmp_path / "work" / "02-lines" / "lines.ipynb")
    page.goto(own_lab)
    welcome = page.locator(".jp-MarkdownViewer")
    welcome.get_by_role("heading", name="Landscape of Loss").wait_for(timeout=90_000)
    page.set_viewport_size({"width": 1440, "height": 900})
    tabbed_to(page, welcome.get_by_role("link", name="02 A line through"), 120)
    page.keyboard.press("Enter")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    status = page.locator("#jp-main-statusbar")
    status.get_by_text("| Idle").wait_for(timeout=90_000)
    command(page, "Run All Cells")
    end = page.locator(".lesson-end")
    end.wait_for(timeout=180_000)

    # What is open is told, and nothing is celebrated.
    end.get_by_text("This is the end of 02").wait_for()
    assert end.get_by_text("exercise 3, mean squared error").count() == 1 and not page.locator(".paint").count()

    # One panel an exercise, under its last check; what failed is named once, expected above what came; a hint opens by
    # keyboard.
    panel = page.get_by_role("group", name="mse, what its checks say")
    into_sight(page, panel)
    said = panel.get_by_role("status").inner_text()
    assert (
        page.locator(".check-panel:not([hidden])", has_text="mse:").count() == 1 and said.count("It looks as if") == 1
    ), said
    assert re.search(r"mse\(.*\n\s+expected\s.*\n\s+came\s", said), said
    hints = panel.locator("summary")
    tabbed_to(page, hints.first, 400)
    page.keyboard.press("Enter")
    hints.nth(1).wait_for()
    moment(page, "panel")

    # In either theme, on a small screen and at twice the size nothing hangs over, and axe has nothing serious to say.
    for theme, size in (
        ("Light", {"width": 1440, "height": 900}),
        ("Dark", {"width": 1024, "height": 768}),
        ("Dark", TWICE),
    ):
        page.set_viewport_size(size)
        command(page, f"Use Theme: JupyterLab {theme}")
        page.wait_for_function(
            "(light) => document.body.dataset.jpThemeLight === light", arg=str(theme == "Light").lower()
        )
        page.wait_for_timeout(500)
        assert (min(colours(panel.locator("strong"))) > 150) == (theme == "Dark")
        for name, part in (("panel", panel), ("quiz", page.locator(".quiz")), ("end", end)):
            into_sight(page, part)
            assert hangs_over(page, part) == 0 and serious(page, PARTS[name]) == []
            if theme == "Dark":
                moment(page, f"{name}-dark-{size['width']}")
    page.set_viewport_size({"width": 1440, "height": 900})
    command(page, "Use Theme: JupyterLab Light")

    # A changed answer takes its verdict back until it is checked; then all is solved, and the next lesson is one key
    # away.
    right = next(cell.source for cell in solved_notebook(LESSON).cells if cell.id == "exercise-mse")
    run_cell(page, "def mse(", right)
    panel.get_by_text("your code has changed: run its checks again").wait_for()
    for aspect in ('checks("mse", points=9', 'aspect="scalar"'):
        run_cell(page, aspect)
    panel.get_by_text("mse: passed, 14 of 14 points").wait_for()
    run_cell(page, "from course.desk.ending")
    end.get_by_text("Well done: 02").wait_for()
    assert end.get_by_text("100 of 100 points").count() == 1 and end.get_by_role("heading", level=2).count() == 1
    page.wait_for_timeout(1000)
    end.evaluate("(node) => node.scrollIntoView({ block: 'end' })")
    page.wait_for_timeout(500)
    moment(page, "end")
    tabbed_to(page, end.get_by_role("link", name=re.compile("^Next: 03")), 200)
    page.keyboard.press("Enter")
    page.locator(".lm-TabBar-tabLabel", has_text="descent.ipynb").wait_for(timeout=30_000)
