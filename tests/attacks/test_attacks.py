"""Each of the eighty cases against the real sandbox: it gains nothing, its neighbours keep their grades, nothing
outside is touched, and the outcome says what happened.
The attacks are data in escape.py, tamper.py, forge.py, leak.py, deny.py, bad_input.py, feedback.py and archives.py;
test_real.py shows that each works where nothing stops it.
Read case.py first."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bad_input import BROKEN
from case import EXERCISE, GAINED, NOTHING, OTHERS, WHOLE, Attack, Case, notebook, world
from cases import CASES
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from shared import LESSONS, ROOT

from grader.classroom.exchange import collect_from
from grader.classroom.export import as_csv
from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records
from grader.classroom.report import write_report
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import GRADED, REFUSED, REFUSED_FILE, Outcome, Submission, find_submissions, grade_one
from grader.judging.intake import read_notebook
from grader.judging.judge import judge
from grader.judging.sandbox import Sandbox
from grader.judging.there import Limits

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
RELEASED = (ROOT / "notebooks" / FOLDER / "descent.ipynb").read_text(encoding="utf-8")
ALL = LESSON.points - sum(cell.points for cell in LESSON.essays)
POINTS = {NOTHING: 0, OTHERS: ALL - sum(cell.points for cell in LESSON.checks_of(EXERCISE)), WHOLE: ALL}
# Beside an attack an honest exercise's call has to come back in time, on a machine with other work too: with one second
# it did not always.
LIMITS = Limits(cell=2, call=2, submission=20)
# Values of 150 MB take 20 s to end on a machine that is slow to give memory; the exercises after them are judged too.
IN_FLOOD = Limits(cell=2, call=2, submission=60)
# What a neighbour is judged on after each attack: the exercise that was attacked, and a class. All of it is in the end.
NEIGHBOURS = {EXERCISE, "Adam"}
NUMBERED = [pytest.param(case, id=str(number)) for number, case in sorted(CASES.items())]


@pytest.fixture(scope="module")
def outside():
    """The world that attacks reach for. It lies where every process of this machine may read and write."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, world(Path(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def sandbox(outside):
    """One sandbox for all, started with a secret in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERHUB_API_TOKEN", outside.secret)
        started = Sandbox(LESSON)
    yield started
    started.close()


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    with Records(tmp_path_factory.mktemp("records")) as kept:
        kept.register(LESSON)
        yield kept


@pytest.fixture
def graded(tmp_path, sandbox):
    """graded(bytes) -> the outcome, with short limits for an attack."""

    def grade(data: bytes, student: str = "eve", limits: Limits = LIMITS) -> Outcome:
        file = tmp_path / f"{student}.ipynb"
        file.write_bytes(data)
        return grade_one(Submission(student, file), LESSON, sandbox, b"a class's secret", limits)

    return grade


def submission(case: Case, attack: Attack, outside) -> bytes:
    return notebook(attack, case, RELEASED, RIGHT, outside)


def told(outcome: Outcome) -> str:
    """All that an outcome says, the learner's own text aside."""
    return json.dumps({**outcome.as_dict(), "texts": {}})


class Reader(HTMLParser):
    """Finds what a page would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "foreignobject",
            "base",
            "form",
            "link",
            "img",
            "video",
            "audio",
            "a",
        ):
            self.found.append(tag)
        self.found += [
            f"{name}={value}"
            for name, value in attributes
            if name.startswith("on") or name in ("srcdoc", "href", "src", "formaction")
        ]


# All that a report links to: a student's own page beside it, by an id that cannot leave its folder.
LINK = re.compile(rf"href=\.\./feedback/[\w.-]+/{FOLDER}/descent\.html")


def found_in(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    return reader.found


@pytest.mark.parametrize("case", NUMBERED)
def test_it_gains_nothing_and_costs_nobody_else_anything(case: Case, graded, outside, records, tmp_path, sandbox):
    before = outside.state()
    for attack in case.before:
        graded(submission(case, attack, outside))
    for attack in case.attacks:
        outcome = graded(
            submission(case, attack, outside), f"eve-{case.number}", IN_FLOOD if case.number == 55 else LIMITS
        )
        assert outcome.points == POINTS[case.gets], [result for result in outcome.results if result.status != "passed"]
        assert outcome.status in case.status and case.words in outcome.why, (outcome.status, outcome.why)
        assert GAINED not in told(outcome), outcome.printed
        assert outside.secret not in told(outcome)
        assert all(len(text) <= 20_000 for text in outcome.printed.values())
        records.write(outcome, LESSON)
        (page,) = write_feedback(records, LESSON, {outcome.student})
        assert not found_in(page.read_text()), found_in(page.read_text())
    if case.folder:
        check_folder(case, tmp_path, sandbox)
    neighbour = read_notebook(notebook_with(LESSON, ROOT, RIGHT), LESSON)
    results = judge(neighbour, LESSON, sandbox, b"a class's secret", names=NEIGHBOURS).results
    assert results and {result.status for result in results} == {"passed"}, results
    assert outside.state() == before and not outside.heard


def test_after_all_of_them_a_neighbour_has_every_point(graded):
    outcome = graded(notebook_with(LESSON, ROOT, RIGHT), "zoe", Limits())  # hers are a class's own limits
    assert (outcome.status, outcome.points) == (GRADED, ALL)


def check_folder(case: Case, tmp_path: Path, sandbox) -> None:
    """What is handed in as a folder: Zoe, who is honest, has all points, nobody else has any, and what was left is
    told."""
    source, classroom = tmp_path / "given" / "in", tmp_path / "classroom"
    source.mkdir(parents=True)
    right = notebook_with(LESSON, ROOT, RIGHT)
    case.folder(source, right, notebook_with(LESSON, ROOT, {}))
    collected = collect_from(LESSON, source, classroom)
    assert case.left in "; ".join(collected.left), collected.left
    outcomes = {
        each.student: grade_one(each, LESSON, sandbox, b"secret") for each in find_submissions(classroom, LESSON)
    }
    assert outcomes["zoe"].points == ALL
    honest = {"zoe", "amy", "other", "two"}
    assert {
        student: outcome.points for student, outcome in outcomes.items() if outcome.points and student not in honest
    } == {}
    assert all(outcome.why for outcome in outcomes.values() if outcome.status == REFUSED)
    files = [path for path in (classroom / "submitted").rglob("*") if not path.is_dir()]
    assert {path.name for path in files} <= {"descent.ipynb", "timestamp.txt", "beside.txt", REFUSED_FILE} and not any(
        path.is_symlink() for path in files
    )
    assert all(
        re.fullmatch(r"[\w@.-]+", path.relative_to(classroom / "submitted").parts[0], re.ASCII) for path in files
    )
    assert not (tmp_path / "given" / "outside.ipynb").exists() and not (tmp_path / "outside.ipynb").exists()


def test_all_eighty_are_here_and_none_twice():
    numbers = [case.number for module in __import__("cases").MODULES for case in module.CASES]
    assert sorted(numbers) == list(range(1, 81))
    assert all(case.defence and case.real and (case.attacks or case.folder) for case in CASES.values())


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_no_notebook_of_the_lesson_is_refused_in_words(kind, graded, outside):
    attack, words = BROKEN[kind]
    outcome = graded(submission(CASES[63], attack, outside))
    assert (outcome.status, outcome.points) == (REFUSED, 0) and words in outcome.why


def test_a_daemon_is_gone_when_the_outcome_is_there(graded, outside):
    graded(submission(CASES[7], CASES[7].attacks[0], outside))
    mark, deadline = outside.fill("@MARK@"), time.monotonic() + 10
    while (
        mark in (seen := subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout)
        and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    assert mark not in seen


def test_a_pickle_and_a_checkpoint_are_nowhere_loaded(graded, outside):
    for number in (10, 11):
        for attack in CASES[number].attacks:
            graded(submission(CASES[number], attack, outside))
    assert not (outside.folder / "owned").exists()


def test_what_is_told_of_a_failed_hidden_check_does_not_depend_on_the_hidden_input(tmp_path, sandbox, outside):
    """Two classes draw other inputs; the same answer is told the same words in both. No line of a hidden check is in
    them."""
    for number in (47, 48):
        file = tmp_path / "eve.ipynb"
        file.write_bytes(submission(CASES[number], CASES[number].attacks[0], outside))
        results = [
            grade_one(Submission("eve", file), LESSON, sandbox, secret, LIMITS).results for secret in (b"one", b"two")
        ]
        words = [[(result.message, result.detail, result.note) for result in each] for each in results]
        assert words[0] == words[1] or number == 47
        assert {result.mistake for each in results for result in each} <= {"", *named_words()}, (
            "words of a list that is the same for everybody"
        )
        lines = {line.strip() for cell in LESSON.checks for line in cell.hidden.splitlines() if len(line.strip()) > 30}
        assert not [line for line in lines if line in str(words)]


def named_words() -> set[str]:
    """All that may be said of a wrong answer to the lesson's exercises, whatever was drawn."""
    from course.checks.contrasts import KEPT, features
    from course.checks.exercises import exercises_of
    from course.checks.judging import Judgement, run_program
    from course.checks.slips import slips_of
    from grader.judging.answers import set_up

    words, names = {KEPT}, set_up(LESSON)
    for exercise in exercises_of(FOLDER).values():
        own = Judgement(exercise, run_program(exercise.right, exercise, names), names, 1)
        words |= {known.words for known in exercise.mistakes} | {slip.words for slip in slips_of(exercise, FOLDER)}
        words |= {f"right in calls without it, wrong in calls {feature.words}" for feature in features(own)}
    return words


def test_each_attempt_meets_other_hidden_inputs(graded, outside, monkeypatch):
    """What an attempt could learn from its score is about inputs that no other attempt gets."""
    from grader.judging import kernels

    met, carry_out, carry_out_all = [], kernels.Kernel.carry_out, kernels.Kernel.carry_out_all

    def note(plans):
        met.extend(f"{plan.arguments[1]} {plan.keywords}" for plan in plans if plan.target == EXERCISE)

    monkeypatch.setattr(
        kernels.Kernel, "carry_out", lambda kernel, plan, *more: note([plan]) or carry_out(kernel, plan, *more)
    )
    monkeypatch.setattr(
        kernels.Kernel, "carry_out_all", lambda kernel, plans, *more: note(plans) or carry_out_all(kernel, plans, *more)
    )
    attempts = []
    for attack in CASES[49].attacks:
        met.clear()
        graded(submission(CASES[49], attack, outside))
        attempts.append(set(met))
    visible = attempts[0] & attempts[1]
    hidden = [attempt - visible for attempt in attempts]
    assert visible and all(len(one) > 20 for one in hidden)
    for one, other in ((0, 1), (1, 2)):  # a call with a single small number may be drawn twice
        assert len(hidden[one] & hidden[other]) < len(hidden[one]) / 3


def test_the_instructors_pages_and_table_run_nothing_and_hold_no_formula(records, graded, outside, tmp_path):
    for number in (70, 72, 73, 74, 75):
        case = CASES[number]
        for attack in case.attacks:
            records.write(graded(submission(case, attack, outside), "-eve"), LESSON)
        assert {word for word in found_in(write_report(records, LESSON).read_text()) if not LINK.fullmatch(word)} <= {
            "a"
        }
        content = json.loads((records.classroom / "autograded" / "-eve" / FOLDER / "descent.ipynb").read_text())
        for cell in content["cells"]:
            for output in cell.get("outputs", []):
                assert set(output.get("data", {})) <= {"text/html", "text/plain"}
                assert not found_in("".join(output.get("data", {}).get("text/html", "")))
            if cell["id"].startswith("answer-") and cell["cell_type"] == "markdown":
                assert not found_in(markdown2html_mistune("".join(cell["source"])))
    table = as_csv(records, LESSON)
    assert not [field for line in table.splitlines() for field in line.split(",") if field[:1] in tuple("=+-@\t\r")]
    assert len({line.count(",") for line in table.splitlines()}) == 1
    for page in (
        *records.classroom.rglob("*.html"),
        records.classroom / "autograded" / "-eve" / FOLDER / "descent.ipynb",
    ):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x9b]|\\u001b|\\u009b", page.read_text()), page


def test_the_time_is_not_what_a_submission_says(tmp_path):
    CASES[36].folder(tmp_path, b"{}", b"{}")
    (tmp_path / "in").mkdir()
    for name in ("zoe.ipynb", "eve"):
        shutil.move(tmp_path / name, tmp_path / "in" / name)
    collect_from(LESSON, tmp_path / "in", tmp_path / "classroom")
    times = {each.student: each.time for each in find_submissions(tmp_path / "classroom", LESSON)}
    assert times == {"eve": None, "zoe": None}  # nor what a file says: only a platform, and unknown is never late
