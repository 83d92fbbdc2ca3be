"""What axe-core says of the pages that people read: the welcome page, a lesson with a check that failed and an
explorer, the report, the feedback.
Read conftest.py beside this first. JupyterLab's own frame is left out: what is asked about is what this course puts
into it."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from shared import LESSONS

from conftest import run_cell
from course.checks.result import Result
from grader.classroom import feedback, report
from grader.classroom.essays import Reading
from grader.classroom.records import Records
from grader.judging.grade import GRADED, Outcome
from grader.judging.places import Stray

pytestmark = pytest.mark.slow
LESSON = LESSONS["02-lines"]


def serious(page, *parts: str) -> list[str]:
    """The serious and critical violations within parts of a page, as 'rule: the first element'."""
    found = Axe().run(page, context={"include": [[part] for part in parts]} if parts else None).response["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


def outcomes() -> list[dict]:
    """A class of twelve, some right, some wrong, one late, one refused."""
    checks = [check.id.removeprefix("check-") for check in LESSON.checks]
    found = []
    for number in range(12):
        results = [
            Result(
                check=check,
                exercise=check.split("-")[0],
                status="passed" if (number + place) % 3 else "failed",
                points=5,
                earned=5 if (number + place) % 3 else 0,
                message="3.0 came, and 4.0 was wanted",
                mistake="" if (number + place) % 3 else "you took the sum for the mean",
                hint=("a nudge", "the idea", "the line"),
            )
            for place, check in enumerate(checks)
        ]
        outcome = Outcome(
            f"student{number}",
            LESSON.folder,
            GRADED,
            results=results,
            texts={LESSON.exercises[0].id: "def predict():\n    pass"},
            remarks=["it imports os"],
            time=datetime(2030, 1, 31, tzinfo=UTC),
        ).as_dict()
        found.append(
            outcome
            | {
                "score": outcome["points"],
                "max_score": 100.0,
                "waits": number == 3,
                "late": 7200.0 * (number == 4),
                "penalty": 2.5 * (number == 4),
                "essays_graded": {},
            }
        )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["report", "feedback"])
def test_the_pages_that_the_grader_writes_have_no_serious_violation(browser, tmp_path, scheme, which):
    text = (
        report.page(outcomes(), LESSON, {"student1": 2}) if which == "report" else feedback.page(outcomes()[4], LESSON)
    )
    (tmp_path / "page.html").write_text(text)
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "a page is as wide as a phone"
    context.close()


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_essays_has_no_serious_violation(browser, tmp_path, scheme, width):
    lesson = LESSONS["16-ethics"]
    essay = lesson.essays[0]
    with Records(tmp_path) as records:
        records.register(lesson)
        for number in range(3):
            asks = [
                Stray(
                    "in an added cell",
                    "",
                    "",
                    "text",
                    f"Please look again at {essay.name}: it was read in a hurry.",
                    waits=False,
                    about=essay.name,
                )
            ] * (number == 1)
            records.write(
                Outcome(
                    f"student{number}",
                    lesson.folder,
                    GRADED,
                    texts={essay.id: "Who pays for it, and who decides? " * 40 * number},
                    strays=asks,
                    essays={each.id: None for each in lesson.essays},
                ),
                lesson,
            )
        reading = Reading(records, lesson)
        reading.give(essay.name, "student1", {"points": 2, "comment": "Who pays?", "ticks": [0, 1]})
        (tmp_path / "page.html").write_text(reading.page(essay.name))
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.get_by_label("Names").check()
    assert page.get_by_text("Asks for another look").count() == 1
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_welcome_page_and_a_lesson_have_no_serious_violation(own_lab, page):
    page.goto(own_lab)
    page.get_by_role("heading", name="Landscape of Loss").wait_for(timeout=90_000)
    assert serious(page, ".jp-MarkdownViewer") == []
    page.get_by_role("link", name="02 A line through").click()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
    run_cell(page, 'begin("02-lines")')
    run_cell(page, "from course import lines as ahead")  # a figure
    stub = run_cell(page, "def predict(").locator(".cm-content").inner_text()
    run_cell(page, "def predict(", stub.rstrip() + "\n    return slope * (x + intercept)\n")
    run_cell(page, 'checks("predict"').get_by_role("status").get_by_text("predict: failed").wait_for()
    assert serious(page, ".jp-RenderedMarkdown", ".jp-OutputArea") == []
    run_cell(page, "line_explorer(")
    page.locator(".explorer").first.wait_for(timeout=60_000)
    assert serious(page, ".jp-RenderedMarkdown", ".jp-OutputArea") == []
