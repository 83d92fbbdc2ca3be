"""All answers to one essay on one page: what is ticked and written there is in nbgrader's gradebook, and nobody else
gets in. Read grader/classroom/essays.py first."""

import json
import threading
import urllib.error
import urllib.request

import pytest
from shared import LESSONS

from grader.classroom.essays import Reading, serve
from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records
from grader.classroom.rubrics import in_words, rubric
from grader.judging.grade import GRADED, Outcome

LESSON = LESSONS["16-ethics"]
ESSAY = LESSON.essays[0]
HOSTILE = "</div><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    with Records(tmp_path_factory.mktemp("class")) as records:
        records.register(LESSON)
        for student, text in (
            ("ada", "A letter that says which answers were counted."),
            ("ben", HOSTILE),
            ("zoe", ESSAY.stub),
        ):
            texts = {ESSAY.id: text}
            records.write(
                Outcome(
                    student,
                    LESSON.folder,
                    GRADED,
                    texts=texts,
                    essays=dict.fromkeys(essay.id for essay in LESSON.essays),
                    digest=student,
                ),
                LESSON,
            )
        yield Reading(records, LESSON)


@pytest.fixture(scope="module")
def ask(reading):
    """ask(path, content) gives status and text of the page that is served; `ask.address` is where."""
    with serve(reading) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def send(address: str, content: object = None, **headers: str) -> tuple[int, str]:
            data = None if content is None else json.dumps(content).encode()
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(address, data, headers, method="PUT" if data else "GET"), timeout=20
                ) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        send.address = server.address
        yield send
        server.shutdown()


def test_a_rubrics_ticks_come_to_the_essays_points_and_name_what_the_row_names():
    essays = [(lesson, essay) for lesson in LESSONS.values() for essay in lesson.essays]
    assert len(essays) == 5
    for lesson, essay in essays:
        assert sum(points for row in rubric(essay, lesson) for _, points in row.ticks) == essay.points, essay.name
    assert [words for words, _ in rubric(ESSAY, LESSON)[3].ticks] == [
        "the worst case is named",
        "what limits it before it happens",
    ]


def test_of_a_rubric_a_learner_reads_each_row_with_its_points_and_each_part_that_has_a_tick_of_its_own():
    rows = rubric(ESSAY, LESSON)
    every = sum(len(row.ticks) for row in rows)
    for ticks in ([], [0], range(every)):
        lines = in_words(rows, ticks)
        assert sum(float(words.split(" of ")[0]) for _, words, _ in lines) == len(ticks)
        assert [whole for *_, whole in lines] == [
            words.split(" of ")[0] == words.split(" of ")[1] for _, words, _ in lines
        ]
    assert in_words(rows, range(every - 1))[-1][2] is False and any(
        words.endswith("the worst case is named") for words, *_ in in_words(rows, [])
    )


def test_points_comment_and_ticks_reach_the_gradebook_and_the_learner(reading, ask):
    assert "3 to read" in ask(ask.address)[1]
    status, text = ask(f"{ask.address}{ESSAY.name}/ada", {"points": 2.5, "comment": "Who pays?", "ticks": [1, 0]})
    assert status == 200 and json.loads(text) == {
        "points": 2.5,
        "max": ESSAY.points,
        "waits": False,
        "comment": "Who pays?",
    }
    grade = reading.records.gradebook.find_grade(ESSAY.id, LESSON.name, LESSON.folder, "ada")
    assert (grade.manual_score, grade.needs_manual_grade) == (2.5, False)
    again = ask(ask.address)[1]
    assert "2 to read" in again and again.count(" checked>") == 2 and "Who pays?" in again
    (page,) = write_feedback(reading.records, LESSON, {"ada"})
    assert "Who pays?" in page.read_text() and f"2.5 of {ESSAY.points:g}" in page.read_text()
    assert "The rubric" in page.read_text() and page.read_text().count("&#10003;") == sum(
        whole for *_, whole in in_words(rubric(ESSAY, LESSON), [0, 1])
    )
    assert json.loads(ask(f"{ask.address}{ESSAY.name}/ada", {"points": None, "comment": "", "ticks": []})[1])["waits"]
    assert (reading.file.stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize(
    "content, words",
    [
        ({"points": 99, "comment": "", "ticks": []}, "99 are no points"),
        ({"points": True, "comment": "", "ticks": []}, "no points"),
        ({"points": float("nan"), "comment": "", "ticks": []}, "no points"),
        ({"points": 1, "comment": 7, "ticks": []}, "a comment is text"),
        ({"points": 1, "comment": "", "ticks": [99]}, "ticks are numbers"),
        ([], "a comment is text"),
    ],
)
def test_what_cannot_be_given_is_told_in_one_line_and_changes_nothing(reading, ask, content, words):
    ask(f"{ask.address}{ESSAY.name}/ben", {"points": 3, "comment": "Kept.", "ticks": []})
    status, text = ask(f"{ask.address}{ESSAY.name}/ben", content)
    assert status == 400 and words in text and "\n" not in text
    assert reading.records.score(LESSON, "ben")["essays_graded"][ESSAY.id] == {
        "points": 3,
        "max": ESSAY.points,
        "waits": False,
        "comment": "Kept.",
    }
    ask(f"{ask.address}{ESSAY.name}/ben", {"points": None, "comment": "", "ticks": []})
    assert ask(f"{ask.address}{ESSAY.name}/nobody", {"points": 1, "comment": "", "ticks": []})[0] == 404
    assert ask(f"{ask.address}nothing/ada", {"points": 1, "comment": "", "ticks": []})[0] == 404


@pytest.mark.parametrize("place, content", [("/ada", None), ("", {}), ("/ada/ada", {})])
def test_an_address_of_too_few_or_too_many_parts_is_told_in_words_of_the_page(ask, place, content):
    status, text = ask(f"{ask.address}{ESSAY.name}{place}", content)
    assert status == 404 and "argument" not in text and "Reading" not in text


def test_nothing_is_answered_without_the_token_or_under_another_name(ask):
    host = ask.address.rsplit("/", 2)[0]
    for address, headers in (
        (f"{host}/", {}),
        (f"{host}/guessed/{ESSAY.name}", {}),
        (ask.address, {"Host": "evil.example:80"}),
    ):
        status, text = ask(address, **headers)
        assert status == 403 and "Answer" not in text


def test_an_answer_is_shown_as_text_and_an_untouched_one_as_nothing(ask):
    text = ask(ask.address)[1]
    assert "<script>alert" not in text and "<img src=x" not in text and "&lt;script&gt;alert(1)" in text
    assert text.count("Nothing is written here.") == 1 and "script-src 'nonce-" in text
