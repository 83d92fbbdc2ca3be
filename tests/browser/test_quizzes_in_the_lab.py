"""Quizzes as learners meet them in JupyterLab: clicked, answered by keyboard or typed; told at once or not; and graded.
What is told to whom without a browser is in tests/front/test_quizzes.py. Read conftest.py beside this first."""

import re
from pathlib import Path

import nbformat
import pytest
from shared import LESSONS
from test_accessibility import serious

from conftest import moment, run_cell
from grader.lessons.notebooks import as_text, released_notebook

pytestmark = pytest.mark.slow
LESSON = LESSONS["06-dropout"]
RIGHT = "bcabc"


@pytest.fixture
def opened(lab, page):
    """opened(name, tell) opens a released lesson in which a quiz tells 'at once' or 'at hand-in', and runs its setup
    and the quiz's cell: the quiz and the file."""

    def open_it(name: str, tell: str):
        folder = lab.folder / name
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.Quizzes.tell = {tell!r}\n")
        (folder / "dropout.ipynb").write_text(as_text(released_notebook(LESSON)))
        page.goto(f"{lab.url}/lab/workspaces/{name}/tree/{name}/dropout.ipynb?reset")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
        run_cell(page, 'begin("06-dropout")')
        run_cell(page, 'quiz("reading")')
        quiz = page.get_by_role("group", name="Quiz reading")
        quiz.wait_for(timeout=60_000)
        quiz.scroll_into_view_if_needed()
        return quiz, folder / "dropout.ipynb"

    return open_it


def radio(quiz, question: int, letter: str):
    return quiz.locator("fieldset").nth(question - 1).get_by_role("radio").nth("abc".index(letter))


def saved(page, file: Path) -> str:
    """The text of the answer cell in the file, once the notebook is saved: JupyterLab's tab then has lost its mark."""
    page.keyboard.press("Control+s")
    page.locator(".jp-mod-dirty").first.wait_for(state="detached", timeout=30_000)
    return next(cell.source.strip() for cell in nbformat.read(file, as_version=4).cells if cell.id == "answer-reading")


def test_a_quiz_is_clicked_told_at_once_written_into_its_cell_and_graded(opened, page, grade):
    quiz, file = opened("clicked", "at once")
    assert page.locator(".jp-MarkdownCell", has_text="A paper of 2014").count() == 0, (
        "the questions in words are folded away"
    )
    radio(quiz, 2, "b").click()
    quiz.get_by_text("Another answer fits better: torch has scaled up in training already").wait_for()
    assert serious(page, ".jp-RenderedMarkdown", ".jp-OutputArea") == []
    moment(page, "quiz")
    for number, letter in enumerate(RIGHT, 1):
        radio(quiz, number, letter).click()
    quiz.get_by_text("5 of 5 questions answered, 5 right.").wait_for()
    assert quiz.get_by_text("Write this into").is_hidden()
    run_cell(page, 'checks("reading-2"').get_by_text("reading-2: passed, 2 of 2 points").wait_for()
    page.locator(".jp-Notebook").focus()
    assert (
        saved(page, file)
        == 'reading = {1: "b", 2: "c", 3: "a", 4: "b", 5: "c"}  # a letter between each pair of quotes'
    )
    outcome = grade(LESSON.folder, file.read_bytes())
    assert [result.earned for result in outcome.results if result.check.startswith("reading")] == [2, 2, 2, 2, 2]


def test_by_keyboard_alone_and_in_a_class_nothing_is_told_and_typed_letters_are_ticked(opened, page):
    quiz, file = opened("keyboard", "at hand-in")
    radio(quiz, 1, "a").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    quiz.get_by_text("2 of 5 questions answered.", exact=True).wait_for()
    assert quiz.get_by_text("Answered. Right or wrong is told when you hand in.").count() == 2
    assert quiz.get_by_text("fits better").count() == 0 and "divides by the share dropped" not in page.content()
    cell = page.locator(".jp-CodeCell", has_text='reading = {1: "b", 2: "a", 3: "", 4: "", 5: ""}').first
    cell.wait_for()
    run_cell(page, "reading = {1:", 'reading = {1: "b", 2: "C", 3: "a", 4: "", 5: ""}')
    quiz.get_by_text("3 of 5 questions answered.", exact=True).wait_for()
    assert radio(quiz, 2, "c").is_checked() and radio(quiz, 3, "a").is_checked()
    run_cell(page, 'checks("reading-3"').get_by_text("reading-3: answered, 2 points to be had").wait_for()


def test_where_the_cell_has_lost_its_form_one_is_told_what_to_write(opened, page):
    quiz, _ = opened("formless", "at once")
    run_cell(page, "reading = {1:", "reading = dict()")
    radio(quiz, 1, "b").click()
    told = quiz.get_by_text('reading = {1: "b", 2: "", 3: "", 4: "", 5: ""}')
    told.wait_for()
    quiz.get_by_text("\u2713 Right.").wait_for()
    cell = run_cell(page, "reading = dict()")
    cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[[0-9]+\]")).wait_for()
    assert told.is_visible() and radio(quiz, 1, "b").is_checked()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390), ("dark", 1024)])
def test_on_a_page_without_a_kernel_a_quiz_lives_and_is_as_wide_as_the_page(browser, tmp_path, scheme, width):
    from course.quizzes import as_widget, questions_of

    (tmp_path / "page.html").write_text(
        as_widget("reading", questions_of(LESSON.folder)["reading"], told=True).page(
            "body { background: Canvas; color-scheme: light dark; }"
        )
    )
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    quiz = page.get_by_role("group", name="Quiz reading")
    radio(quiz, 1, "c").click()
    radio(quiz, 3, "a").click()
    quiz.get_by_text("Another answer fits better: 4 / 0.2 divides by the share dropped").wait_for()
    quiz.get_by_text("2 of 5 questions answered, 1 right.").wait_for()
    assert page.evaluate("window.model.get('answers')") == {"1": "c", "3": "a"}
    assert serious(page, ".explorer") == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
