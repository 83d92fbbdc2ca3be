"""A learner asks another look at a point, the instructor sees it beside the answer and decides, and the decision is in
the next feedback. Read course/desk/ask.py and grader/classroom/requests.py first."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from course.checks.result import Result
from course.desk import cli as desk
from course.desk.ask import LONGEST, ask, asked_in
from course.desk.work import Problem, Work
from grader import cli
from grader.classroom import classes, report
from grader.classroom.copies import copy_of
from grader.classroom.feedback import write_feedback
from grader.classroom.forget import forget
from grader.classroom.records import Records
from grader.classroom.requests import FILE, decide, decisions, spread, with_requests
from grader.commands import grading
from grader.judging.answers import notebook_with
from grader.judging.grade import GRADED, Outcome, Submission, _take
from grader.judging.intake import read_notebook

LESSON = LESSONS["03-descent"]
MOMENT = datetime(2030, 1, 31, tzinfo=UTC)
HOSTILE = "</span><script>alert(1)</script>\x1b[31m$\\href{javascript:1}{x}$"
RELEASED = json.loads(notebook_with(LESSON, ROOT, {}))
ESSAY = LESSON.essays[0]


def handed_in(
    *texts: str, time: datetime | None = MOMENT, student: str = "ada", answers: dict[str, str] | None = None
) -> Outcome:
    """An outcome in which every check failed, of a notebook with these added cells of words."""
    content = json.loads(notebook_with(LESSON, ROOT, answers or {}))
    content["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    found = read_notebook(json.dumps(content).encode(), LESSON)
    names = {cell.name for cell in (*LESSON.exercises, *LESSON.answers)}
    results = [
        Result(cell.label, cell.name, cell.points, status="failed", message="another value is wanted")
        for cell in LESSON.checks
        if cell.name in names
    ]
    outcome = Outcome(student, LESSON.folder, GRADED, results=results, time=time, digest=json.dumps(texts))
    _take(outcome, found, LESSON)
    return outcome


@pytest.fixture
def records(tmp_path):
    with Records(tmp_path / "room") as opened:
        opened.register(LESSON)
        yield opened


def row_of(records, student="ada") -> dict:
    return with_requests(records, LESSON, [records.outcome(LESSON, student)])[0]


def page_of(records, student="ada") -> str:
    return write_feedback(records, LESSON, {student})[0].read_text()


@pytest.mark.parametrize(
    "text",
    [
        "**Please look again at descend:** Why?",
        "please look again at `descend`: Why?",
        "> Please look again at descend :\nWhy?",
        "Please look again at **descend**: Why?",
    ],
)
def test_a_request_is_told_by_its_first_words_however_it_was_typed(text):
    assert asked_in(text) == ("descend", "Why?")
    assert asked_in(f"I said: {text}") == ("", "")
    assert asked_in(text.replace("descend", "mini_batches"))[0] == "mini_batches"


def test_course_ask_puts_the_sentence_under_the_check_and_in_the_place_of_an_earlier_one(tmp_path):
    work = Work(tmp_path)
    lesson = work.lesson("03")
    work.hand_out(lesson)
    before = nbformat.reads(work.path(lesson).read_text(), 4)
    for sentence in ("First.", "A tie counts, I think."):
        ran = CliRunner().invoke(desk.app, ["ask", "03", "descend", sentence, "--work", str(tmp_path)])
        assert ran.exit_code == 0 and "course submit 03-descent" in ran.output
    ask(work, lesson, "reflection", "Who has read it?")
    after = nbformat.reads(work.path(lesson).read_text(), 4)
    added = [cell for cell in after.cells if cell.source not in {old.source for old in before.cells}]
    assert [asked_in(cell.source) for cell in added] == [
        ("descend", "A tie counts, I think."),
        ("reflection", "Who has read it?"),
    ]
    last = [
        cell.metadata.nbgrader.grade_id
        for cell in after.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check-descend")
    ][-1]
    assert after.cells[after.cells.index(added[0]) - 1].metadata.nbgrader.grade_id == last
    assert work.current(lesson).cells == after.cells  # an update of the lesson keeps it
    found = read_notebook(work.path(lesson).read_bytes(), LESSON)
    assert [(stray.about, stray.waits) for stray in found.strays] == [("descend", False), ("reflection", False)]
    for words, status, said in (
        (("nothing", "Why?"), 2, "no answer called 'nothing'"),
        (("descend", "x" * (LONGEST + 1)), 2, "1001 came"),
        (("descend", " "), 2, "0 came"),
    ):
        failed = CliRunner().invoke(desk.app, ["ask", "03", *words, "--work", str(tmp_path)])
        assert failed.exit_code == status and said in failed.stderr and len(failed.stderr.strip().splitlines()) == 1
    with pytest.raises(Problem, match="is not there yet"):
        ask(Work(tmp_path / "other"), lesson, "descend", "Why?")


def test_a_request_makes_no_essay_wait_and_what_is_too_long_or_about_nothing_waits_for_a_person():
    plain, asks = handed_in(), handed_in("Please look again at descend: the tie.")
    assert asks.looks == plain.looks == {} and asks.essays == plain.essays and not asks.remarks
    for text in (
        f"Please look again at descend: {'x' * (LONGEST + 1)}",
        "Please look again at nothing: the tie.",
        "Please look again at descend:",
    ):
        (stray,) = handed_in(text).strays
        assert stray.waits and not stray.about and handed_in(text).looks
    behind = [*RELEASED["cells"]]
    behind[next(place for place, cell in enumerate(behind) if cell["id"] == ESSAY.id)] = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "Please look again at descend: no essay, this.",
    }
    found = read_notebook(json.dumps({**RELEASED, "cells": behind}).encode(), LESSON)
    assert not found.texts[ESSAY.id] and [stray.about for stray in found.strays] == ["descend"]


def test_it_is_seen_beside_the_answer_decided_and_told(records):
    records.write(
        handed_in(f"Please look again at descend: {HOSTILE}", "Please look again at descend: And the tie."), LESSON
    )
    shown = report.write_report(records, LESSON).read_text()
    assert (
        "Asked for another look" in shown
        and "And the tie." in shown
        and "<script" not in shown
        and "\x1b" not in shown
        and "grader decide 03-descent" in shown
    )
    assert "This waits for your instructor" in page_of(records) and "<script" not in page_of(records)
    assert not any(
        "<script" in cell.source or "\\href" in cell.source
        for cell in copy_of(handed_in(f"Please look again at descend: {HOSTILE}"), LESSON).cells
    )
    checks = LESSON.checks_of("descend")
    done = decide(records, LESSON, "ada", "descend", f"The tie counts. {HOSTILE}", checks[0].points + 1)
    assert (done["before"], done["after"]) == (0, checks[0].points + 1) and (
        records.classroom / FILE
    ).stat().st_mode & stat.S_IRWXG == 0
    grades = {cell.id: records.gradebook.find_grade(cell.id, LESSON.name, LESSON.folder, "ada") for cell in checks}
    assert [grades[cell.id].manual_score for cell in checks][:2] == [checks[0].points, 1] and records.outcome(
        LESSON, "ada"
    )["score"] == done["after"]
    page = page_of(records)
    assert (
        "The tie counts." in page
        and "given by a person" in page
        and f"{done['after']:g} points, 0 before" in page
        and "waits for your instructor" not in page
        and "<script" not in page
    )
    assert not row_of(records)["requests"]["descend"]["open"]
    records.write(
        handed_in(f"Please look again at descend: {HOSTILE}", "Please look again at descend: And the tie."), LESSON
    )
    assert (
        records.outcome(LESSON, "ada")["score"] == done["after"] and not row_of(records)["requests"]["descend"]["open"]
    )
    records.write(handed_in("Please look again at descend: Something else."), LESSON)
    assert (
        row_of(records)["requests"]["descend"]["open"]
        and "The tie counts." in page_of(records)
        and "Something else." in page_of(records)
    )
    assert "waits for you" in report.write_report(records, LESSON).read_text().lower()
    forget(records, ["ada"])
    assert "tie" not in (records.classroom / FILE).read_text()


def test_an_essay_is_asked_about_and_decided_alike_and_a_decision_without_points_leaves_them(records):
    records.write(handed_in("Please look again at reflection: It was read in a hurry."), LESSON)
    before = records.score(LESSON, "ada")
    assert (
        decide(records, LESSON, "ada", "reflection", "It stays.")["after"] == 0
        and records.score(LESSON, "ada") == before
    )
    assert decisions(records, LESSON)["ada"]["reflection"]["asked"] == "It was read in a hurry."
    assert (
        not decide(records, LESSON, "ada", "reflection", "Nothing is written there.", 0)["after"]
        and not records.score(LESSON, "ada")["essays_graded"][ESSAY.id]["waits"]
    )
    records.write(handed_in("Please look again at reflection: It was read in a hurry.", "A word more."), LESSON)
    assert not records.score(LESSON, "ada")["essays_graded"][ESSAY.id]["waits"], (
        "a person has looked, and given no point"
    )
    assert decide(records, LESSON, "ada", "reflection", "You are right.", 4)["after"] == 4
    assert records.score(LESSON, "ada")["essays_graded"][ESSAY.id]["points"] == 4 and "You are right." in page_of(
        records
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ben", "descend", "Yes."), "nothing of 'ben'"),
        (("ada", "fit", "Yes."), "no exercise, quiz or essay 'fit'"),
        (("ada", "descend", "Yes.", "--points", "99"), "from 0 to"),
        (("ada", "descend", "Yes.", "--points", "nan"), "from 0 to"),
        (("ada", "descend", " "), "in 1 to"),
        (("ada", "descend"), "words are wanted"),
    ],
)
def test_what_cannot_be_decided_is_told_in_one_line_and_changes_nothing(records, words, said):
    records.write(handed_in("Please look again at descend:\nthe\ntie."), LESSON)
    before = records.score(LESSON, "ada")
    failed = CliRunner().invoke(cli.app, ["decide", "03", *words, "--classroom", str(records.classroom)])
    assert failed.exit_code == 1 and said in failed.stderr and len(failed.stderr.strip().splitlines()) == 1
    assert records.score(LESSON, "ada") == before and not decisions(records, LESSON)
    listed = CliRunner().invoke(cli.app, ["decide", "03", "--classroom", str(records.classroom)])
    assert listed.exit_code == 0 and listed.output == "ada: asks again about descend: the tie.\n"


def test_a_broken_file_of_decisions_is_told_in_one_line(records):
    records.write(handed_in("Please look again at descend: the tie."), LESSON)
    for content in ("{", "[]", '{"03-descent": {"ada": 3}}', '{"03-descent": {"ada": {"descend": "yes"}}}'):
        (records.classroom / FILE).write_text(content)
        failed = CliRunner().invoke(cli.app, ["feedback", "03", "--classroom", str(records.classroom)])
        assert (
            failed.exit_code == 1
            and f"{FILE} cannot be read" in failed.stderr
            and len(failed.stderr.strip().splitlines()) == 1
        ), content


@pytest.mark.parametrize(
    ("points", "cells", "shares"),
    [
        (7, [(0, 4), (4, 4), (0, 2)], [3, 4, 0]),
        (10, [(0, 4), (0, 4), (0, 2)], [4, 4, 2]),
        (3, [(4, 4), (4, 4), (2, 2)], [3, 0, 0]),
        (5.5, [(4, 4), (0, 4), (0, 2)], [4, 1.5, 0]),
        (4, [(4, 4), (0, 4)], [4, 0]),
    ],
)
def test_points_are_spread_over_the_checks_and_come_to_what_was_given(points, cells, shares):
    assert spread(points, cells) == shares and sum(spread(points, cells)) == points


def test_asking_makes_nobody_late_and_changing_an_answer_with_it_does(records, monkeypatch):
    def grade(outcome: Outcome) -> str:
        monkeypatch.setattr(classes, "handed_in", lambda *_: [Submission("ada", ROOT)])
        monkeypatch.setattr(classes, "grade_class", lambda *_: (each for each in [outcome]))
        classes.grade_all(LESSON, records)
        return records.outcome(LESSON, "ada")["time"]

    later = MOMENT + timedelta(days=9)
    assert grade(handed_in()) == MOMENT.isoformat()
    assert grade(handed_in("Please look again at descend: the tie.", time=later)) == MOMENT.isoformat()
    assert (
        grade(handed_in("Please look again at descend: the tie.", time=later + timedelta(days=1))) == MOMENT.isoformat()
    )
    assert (
        grade(
            handed_in(
                "Please look again at descend: the tie.",
                "An essay in a cell of its own.",
                time=later + timedelta(days=2),
            )
        )
        == (later + timedelta(days=2)).isoformat()
    )
    changed = {"descend": LESSON.cell("exercise-descend").stub + "    return 1\n"}
    assert grade(handed_in("Please look again at descend: the tie.", time=later, answers=changed)) == later.isoformat()
    assert grade(replace(handed_in(time=later), text="")) == later.isoformat()


def test_what_is_asked_is_a_line_of_the_table_and_bounded(capsys):
    row = {
        "student": "ada",
        "score": 0,
        "waits": False,
        "status": "graded",
        "why": "",
        "remarks": [],
        "late": 0,
        "results": [],
        "requests": {"descend": {"open": True, "asked": "word\n\n\x1b[31m" * 200}},
    }
    grading.show([row], LESSON)
    said = capsys.readouterr().out
    assert (
        "asks again about descend: word" in said
        and len(said.splitlines()) < 25
        and said.count("word") < 40
        and "\x1b[31mword" not in said
    )
