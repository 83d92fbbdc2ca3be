"""The essays of lesson 16 in nbgrader's form grader, in a real browser: read under their rubric, given points and a
comment, and back with the learner.
Half of that lesson's points are given by hand, so this is the way that they take. Read tests/classroom/test_nbgrader.py
first, which asks the same server without a browser."""

import pytest
from servers import TOKEN, form_grader
from shared import LESSONS, ROOT

from conftest import moment
from grader.classroom.exchange import collect_from
from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import find_submissions, grade_one

pytestmark = pytest.mark.slow
FOLDER = "16-ethics"
TEXTS = {
    "appeal": "Tammy Dobbs gets a letter that says which answers were counted. A nurse, named in it, may say no.",
    "datasheet": "A row is one visit to the choir's rehearsal. Nobody under 16 is in it.",
    "reflection": "No score before bail. Of those not arrested again 44.85 % were marked high.",
}
GIVEN = {
    "appeal": (11, "Who pays for the nurse's time?"),
    "datasheet": (15.5, "Count the altos: you say that they are few."),
    "reflection": (18, "A stand, and against the best argument."),
}


@pytest.fixture
def classroom(tmp_path, sandboxes):
    """A course folder in which ada has handed in the whole lesson with its essays, graded as far as a machine can, and
    the page to read it on."""
    lesson, place = LESSONS[FOLDER], tmp_path / "classroom"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(notebook_with(lesson, ROOT, solved(lesson), TEXTS))
    collect_from(lesson, tmp_path / "in", place)
    with Records(place) as records:
        records.register(lesson)
        for submission in find_submissions(place, lesson):
            records.write(grade_one(submission, lesson, sandboxes[FOLDER], b"secret"), lesson)
        yield tmp_path, records.gradebook.find_submission_notebook(lesson.name, FOLDER, "ada").id


def test_points_and_a_comment_typed_under_the_rubric_reach_the_gradebook_and_the_learner(classroom, page):
    course, submission = classroom
    lesson = LESSONS[FOLDER]
    assert {cell.name for cell in lesson.essays} == set(TEXTS) and sum(cell.points for cell in lesson.essays) == 50
    with Records(course / "classroom") as records:
        before = records.score(lesson, "ada")
        assert before["score"] == 50 and before["waits"]

    with form_grader(course, ROOT) as ask:
        page.set_extra_http_headers({"Authorization": f"token {TOKEN}"})
        page.goto(f"{ask.address}/formgrader/submissions/{submission}/")
        # Not formgrader.loaded: nbgrader fetches MathJax from the network, and without one the page's scrolling and
        # keys stay off, but not its fields.
        page.wait_for_function(
            "formgrader.grades && formgrader.grades.loaded && formgrader.comments && formgrader.comments.loaded"
        )
        for cell in lesson.essays:
            rows = [
                line.split("|")[2].replace("*", "").strip()
                for line in lesson.cell(f"essay-{cell.name}").source.splitlines()
                if line.startswith("| ")
            ][1:]
            rubric = page.locator("table").filter(has_text=rows[-1])
            assert rubric.is_visible() and all(row in rubric.inner_text() for row in rows), (
                f"the rubric of {cell.name} is not to be seen"
            )
            assert page.get_by_text(TEXTS[cell.name]).is_visible()
        for cell in lesson.essays:
            points, comment = GIVEN[cell.name]
            panel = page.locator(".nbgrader_cell").filter(has_text=TEXTS[cell.name])
            field, words = panel.locator("input.score"), panel.locator("textarea.comment")
            assert f"/ {cell.points}" in panel.inner_text()
            field.fill(str(points))
            with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
                field.blur()
            words.fill(comment)
            with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
                words.blur()
        panel.scroll_into_view_if_needed()
        moment(page, "essay")

    total = 50 + sum(points for points, _ in GIVEN.values())
    with Records(course / "classroom") as records:
        after = records.score(lesson, "ada")
        assert after["score"] == total and not after["waits"]
        for cell in lesson.essays:
            points, comment = GIVEN[cell.name]
            assert records.gradebook.find_grade(cell.id, lesson.name, FOLDER, "ada").manual_score == points
            assert records.gradebook.find_comment(cell.id, lesson.name, FOLDER, "ada").comment == comment
        (feedback,) = write_feedback(records, lesson)

    page.goto(feedback.as_uri())
    text = page.locator("body").inner_text()
    for cell in lesson.essays:
        points, comment = GIVEN[cell.name]
        assert f"{points:g} of {cell.points:g}" in text and comment in text
    page.get_by_role("heading", name="Reflection").scroll_into_view_if_needed()
    moment(page, "feedback")
