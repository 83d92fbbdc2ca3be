"""Wrong answers without a name: those who do the same are one group in the report, and adding the program that names
them ends it. Read grader/classroom/unnamed.py first."""

import re

from shared import LESSONS

from grader.classroom.report import page
from grader.classroom.unnamed import unnamed
from grader.judging.answers import Bench, solved

LESSON = LESSONS["02-lines"]
ODD = "@exercise\ndef mse(prediction, target):\n    return ((prediction - target) ** 2).mean() + 0.37 * {0}\n"


def outcome(student: str, text: str) -> dict:
    bench = Bench(LESSON, {**solved(LESSON), "mse": text})
    results = [result.as_dict() for result in bench.results("mse", seed=3)]
    return {
        "student": student,
        "lesson": LESSON.folder,
        "status": "graded",
        "why": "",
        "results": results,
        "texts": {"exercise-mse": text},
        "remarks": [],
        "score": 10.0,
        "max_score": 100.0,
        "waits": 0,
        "late": None,
        "time": None,
    }


def test_those_who_do_the_same_are_one_group_however_they_wrote_it():
    first, second = ODD.format("len(prediction)"), ODD.format("prediction.shape[0]")
    another = ODD.format("prediction.sum()")
    outcomes = [outcome("ada", first), outcome("ben", second), outcome("cy", another)]
    groups = unnamed(outcomes, LESSON)
    assert [group["students"] for group in groups] == [["ada", "ben"], ["cy"]] and groups[0]["example"] == first
    shown = page(outcomes, LESSON)
    assert "Wrong, and without a name" in shown and re.search(r": 2 students</summary><p>.*ada.*ben.*</p>", shown)


def test_a_wrong_answer_with_a_name_is_in_no_group():
    named = outcome("ada", "@exercise\ndef mse(prediction, target):\n    return ((prediction - target) ** 2).sum()\n")
    assert any(result["mistake"] for result in named["results"]) and unnamed([named], LESSON) == []


def test_what_an_answer_does_is_in_the_report_and_never_in_what_a_learner_reads():
    result = outcome("ada", ODD.format("len(prediction)"))["results"][0]
    assert result["behaviour"] and result["behaviour"] not in result["message"] + result["detail"] + result["mistake"]
