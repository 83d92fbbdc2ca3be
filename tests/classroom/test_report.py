"""What the report says of a class, held against a class of which everything is known: 200 students dealt right and
wrong answers, some of them copied.
Read grader/classroom/report.py and grader/classroom/alike.py first."""

import random
import re
from collections import Counter, defaultdict
from functools import cache

import pytest
from shared import LESSONS, ROOT

from grader.classroom import alike, feedback, report
from grader.judging.answers import Bench, read_answers, solved
from grader.judging.grade import GRADED, REFUSED, Outcome

pytestmark = pytest.mark.usefixtures("nothing_is_made_smaller")
LESSON = LESSONS["02-lines"]
IDS = {cell.name: cell.id for cell in LESSON.exercises}
COPIES = 10


@cache
def answers() -> dict[tuple[str, bool], list]:
    found = defaultdict(list)
    for answer in read_answers(LESSON, ROOT):
        if answer.name in IDS:
            found[answer.name, answer.right].append(answer)
    return found


@cache
def results_of(name: str, text: str) -> tuple:
    """What the checks say of one text of an exercise, all else being right."""
    return tuple(Bench(LESSON, {**solved(LESSON), name: text}).results(name, secret=b"a class"))


def with_other_names(text: str) -> str:
    """A copy as copies are made: other names for what is the copier's to name, a comment, other blanks."""
    own = set(re.findall(r"^\s+(\w+) = ", text, re.MULTILINE)) | set(re.findall(r"for (\w+) in", text))
    for word in own:
        text = re.sub(rf"(?<![.\w]){word}\b", f"my_{word}", text)
    return "# I did this all by myself\n" + text.replace(" + ", "  +  ")


def dealt_texts(seed: int, size: int) -> dict[str, dict[str, str]]:
    """Each student's texts by exercise, everybody answering on their own out of the same pool."""
    chance, texts = random.Random(seed), {}
    for number in range(size):
        texts[f"s{number:03}"] = {}
        for name in IDS:
            wrong = chance.random() < (0.15, 0.35, 0.6)[number % 3]
            right = [solved(LESSON)[name], *(answer.text for answer in answers()[name, True])]
            texts[f"s{number:03}"][name] = chance.choice(answers()[name, False]).text if wrong else chance.choice(right)
    return texts


@cache
def a_class(size: int = 200, copies: int = COPIES) -> tuple[list[dict], Counter, set[tuple[str, str]]]:
    """Outcomes of a class, how often each mistake was dealt, and who copied whom. Everybody answers on their own but
    for the copies."""
    dealt, copied, texts = Counter(), set(), dealt_texts(5, size)
    everybody = list(texts)
    unsure = [
        student
        for student in everybody
        if sum(any(result.mistake for result in results_of(name, text)) for name, text in texts[student].items()) >= 4
    ]
    for original, copier in zip(
        unsure[:copies], [student for student in everybody if student not in unsure][:copies], strict=True
    ):
        texts[copier] = {name: with_other_names(text) for name, text in texts[original].items()}
        copied.add(tuple(sorted((original, copier))))
    outcomes = []
    for student, own in texts.items():
        results = [result for name, text in own.items() for result in results_of(name, text)]
        dealt.update({(result.exercise, result.mistake) for result in results if result.mistake})
        outcome = Outcome(
            student, LESSON.folder, GRADED, results=results, texts={IDS[name]: text for name, text in own.items()}
        ).as_dict()
        outcomes.append(
            outcome
            | {"score": outcome["points"], "max_score": LESSON.points, "waits": False, "late": 0.0, "essays_graded": {}}
        )
    return outcomes, dealt, copied


@pytest.mark.slow
def test_mistakes_are_ranked_as_they_were_dealt():
    outcomes, dealt, _ = a_class()
    ranked = report.ranked_mistakes(outcomes)
    assert Counter({(row["exercise"], row["text"]): row["students"] for row in ranked}) == dealt and len(dealt) > 40
    assert [row["students"] for row in ranked] == sorted(dealt.values(), reverse=True)
    shown = report.page(outcomes, LESSON)
    places = [shown.index(f"<summary>{row['students']} students</summary>") for row in ranked[:1]]
    assert places and shown.count("<tr><td>") >= len(ranked)


@pytest.mark.slow
def test_planted_copies_are_found():
    outcomes, _, copied = a_class()
    found = {
        (pair.first, pair.second)
        for pair in alike.pairs({outcome["student"]: outcome["texts"] for outcome in outcomes}, LESSON)
    }
    assert copied <= found and len(copied) == COPIES
    assert len(found - copied) <= 1  # by chance in some sixty classes; the rate is what the next test asks for
    shown = report.page(outcomes, LESSON)
    assert all(f"{first} and {second}" in shown for first, second in copied)


@pytest.mark.slow
def test_who_answers_on_their_own_is_a_pair_no_oftener_than_the_margin_says(monkeypatch):
    classes = [
        {student: {IDS[name]: text for name, text in own.items()} for student, own in dealt_texts(seed, 120).items()}
        for seed in range(20)
    ]
    assert len([pair for texts in classes for pair in alike.pairs(texts, LESSON)]) <= 2  # 20 / 64 are to be expected
    monkeypatch.setattr(alike, "MARGIN", 0)
    found = [pair for texts in classes for pair in alike.pairs(texts, LESSON)]
    assert 0 < len(found) <= 35, (
        "without a margin one pair a class is what chance owes at most; bits added up gave four"
    )


@pytest.mark.parametrize("folder", LESSONS)
def test_two_who_write_the_same_right_answers_in_their_own_ways_are_not_alike(folder):
    lesson = LESSONS[folder]
    styles = defaultdict(list)
    for answer in read_answers(lesson, ROOT):
        if answer.right and answer.name in {cell.name for cell in lesson.exercises}:
            styles[answer.name].append(answer.text)
    own = {cell.name: cell.source for cell in lesson.exercises}
    ids = {cell.name: cell.id for cell in lesson.exercises}
    several = {
        f"style {number}": {
            ids[name]: ([own[name], *texts])[number] for name, texts in styles.items() if number < 1 + len(texts)
        }
        for number in range(3)
    }
    assert alike.pairs(several, lesson) == []
    # two are no class
    assert alike.pairs({}, lesson) == alike.pairs({"one": several["style 0"], "two": several["style 0"]}, lesson) == []


@pytest.mark.parametrize("folder", LESSONS)
def test_an_answer_that_is_the_courses_own_text_names_aside_is_a_remark_and_no_other_right_one_is(folder):
    lesson = LESSONS[folder]
    ids = {cell.name: cell.id for cell in lesson.exercises}
    right = [answer for answer in read_answers(lesson, ROOT) if answer.right and answer.name in ids]
    assert (
        right
        and alike.remarks(
            [{"student": str(number), "texts": {ids[answer.name]: answer.text}} for number, answer in enumerate(right)],
            [],
            lesson,
        )
        == {}
    )
    own = {ids[name]: with_other_names(text) for name, text in solved(lesson).items() if name in ids}
    ((remark,),) = alike.remarks([{"student": "ada", "texts": own}], [], lesson).values()
    assert remark.startswith("the course's own text, names aside: ") and len(remark.split(", ")) > 3
    assert all(name in remark for name in ("Adam", "BatchNorm") if name in ids), "the docstrings of a class are long"


@pytest.mark.slow
def test_two_who_agree_are_a_remark_of_each_with_both_texts_side_by_side_and_no_learner_reads_of_it():
    outcomes, _, copied = a_class(30, copies=1)
    ((first, second),) = copied
    found = alike.pairs({outcome["student"]: outcome["texts"] for outcome in outcomes}, LESSON)
    told = alike.remarks(outcomes, found, LESSON)
    assert f"agrees with {second} in " in told[first][-1] and f"agrees with {first} in " in told[second][-1]
    rows = report.page(outcomes, LESSON).split("Student by student")[-1].split("<tr>")
    assert all(
        any(f">{one}<" in row and f"agrees with {other} in" in row for row in rows)
        for one, other in ((first, second), (second, first))
    )
    beside = report.page(outcomes, LESSON).split("Side by side")[1].split("</details>")[0]
    assert "I did this all by myself" in beside and beside.count("<pre") >= 2
    assert "agrees with" not in feedback.page(outcomes[0] | {"penalty": 0}, LESSON)


def test_essays_copied_word_by_word_are_found_and_stubs_are_not():
    lesson = LESSONS["03-descent"]
    essay, words = lesson.essays[0].id, [f"word{number}" for number in range(3000)]
    chance = random.Random(0)
    classmates = {
        f"s{number}": {
            essay: " ".join(chance.choices(words, k=200)),
            **{cell.id: cell.stub for cell in lesson.exercises},
        }
        for number in range(20)
    }
    assert alike.pairs(classmates, lesson) == []
    classmates["copier"] = {essay: classmates["s3"][essay].upper().replace(" ", ",  ")}
    assert [(pair.first, pair.second, pair.cells) for pair in alike.pairs(classmates, lesson)] == [
        ("copier", "s3", ("reflection",))
    ]


def test_difficulty_and_discrimination_are_the_share_that_failed_and_the_correlation_with_the_rest():
    outcomes, _, _ = a_class(30, copies=0)
    for item in report.items(outcomes, LESSON):
        statuses = [
            (result["status"], result["earned"], outcome["points"] - result["earned"])
            for outcome in outcomes
            for result in outcome["results"]
            if result["check"] == item["check"]
        ]
        if not statuses:
            assert item["difficulty"] is None and item["discrimination"] is None  # a quiz: nobody here has answered it
            continue
        assert item["difficulty"] == sum(status == "failed" for status, _, _ in statuses) / len(statuses)
        mean = [sum(column) / len(statuses) for column in list(zip(*statuses, strict=False))[1:]]
        covariance = sum((earned - mean[0]) * (rest - mean[1]) for _, earned, rest in statuses)
        spread = (
            sum((earned - mean[0]) ** 2 for _, earned, _ in statuses)
            * sum((rest - mean[1]) ** 2 for _, _, rest in statuses)
        ) ** 0.5
        assert item["discrimination"] == (pytest.approx(covariance / spread) if spread else None)
    assert all(item["discrimination"] is None for item in report.items(outcomes[:9], LESSON))  # nine are too few


def test_who_may_need_help_is_said_with_reasons():
    outcomes, _, _ = a_class(30, copies=0)
    lost = outcomes[0] | {
        "student": "zoe",
        "status": REFUSED,
        "why": "no notebook",
        "results": [],
        "score": 0.0,
        "texts": {},
    }
    best = max(outcomes, key=lambda outcome: outcome["score"]) | {"score": 95.0}
    found = {row["student"]: row["why"] for row in report.who_may_need_help([lost, best, *outcomes], LESSON)}
    assert found["zoe"] == ["what was handed in could not be read: no notebook"] and best["student"] not in found
    assert any("tried and failed in" in why for reasons in found.values() for why in reasons)


def test_the_page_shows_names_and_texts_as_text_and_holds_all_that_it_needs():
    outcomes, _, _ = a_class(30, copies=0)
    evil = outcomes[0] | {"student": "<script>alert(1)</script>", "remarks": ["<img src=x onerror=alert(1)>"]}
    shown = report.page([evil, *outcomes[1:]], LESSON, attempts={"s001": 3})
    assert "<script" not in shown and "<img" not in shown and "http" not in shown.replace("http-equiv", "")
    assert ">3 &times;<" in shown and 'role="img" aria-label="Of 30 submissions' in shown


def test_each_mistake_leads_to_the_pages_of_those_who_made_it_and_who_never_came_is_named():
    outcomes, _, _ = a_class(30, copies=0)
    row = report.ranked_mistakes(outcomes)[0]
    assert row["students"] == len(row["who"]) and all(
        any((result["exercise"], result["mistake"]) == (row["exercise"], row["text"]) for result in outcome["results"])
        == (outcome["student"] in row["who"])
        for outcome in outcomes
    )
    names = {outcome["student"]: "" for outcome in outcomes} | {row["who"][0]: "Ada <Lovelace>", "zoe": "Zoë Nobody"}
    shown = report.page(outcomes, LESSON, known=report.People(names, {row["who"][0]: "../feedback/ada b/lines.html"}))
    assert (
        f'<a href="../feedback/ada%20b/lines.html">Ada &lt;Lovelace&gt;</a> <span class="soft">{row["who"][0]}</span>'
        in shown
    )
    assert '<p>1 of 31: Zoë Nobody <span class="soft">zoe</span></p>' in shown
    assert (
        "Exercise 3: mean squared error" in shown
        and "Nobody" not in report.page(outcomes, LESSON).split("Nobody stands out")[0]
    )
