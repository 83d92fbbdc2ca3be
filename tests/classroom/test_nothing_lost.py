"""Nothing that a learner wrote is thrown away silently: wherever it stands, it is in the form grader's copy and on the
page of feedback, and waits for a person.
Read grader/judging/places.py and grader/classroom/copies.py first."""

import base64
import dataclasses
import hashlib
import html
import io
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import from_dict
from nbgrader.utils import compute_checksum
from PIL import Image
from shared import LESSONS, ROOT

from grader.classroom.copies import copy_of
from grader.classroom.feedback import page, write_feedback
from grader.classroom.pages import as_typed
from grader.classroom.records import Records
from grader.classroom.report import needs_a_look, write_report
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import GRADED, PARTLY, REFUSED, Outcome, Submission, grade_one, unjudged
from grader.judging.intake import read_notebook
from grader.judging.keys import Kept
from grader.judging.places import checksum

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
ESSAY = LESSON.essays[0]
WORDS = "I watched the ball jump from wall to wall, and it never came to rest."


def a_picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(held, kind)
    return held.getvalue()


PICTURE = base64.b64encode(a_picture()).decode()


def place_of(content: dict, id: str) -> int:
    return next(number for number, cell in enumerate(content["cells"]) if cell.get("id") == id)


def cell(source: str, kind: str = "markdown", **more) -> dict:
    about = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": f"own-{abs(hash(source)) % 10**8}",
        "metadata": {},
        "source": source,
        **about,
        **more,
    }


def insert(content: dict, after: str, *cells: dict) -> None:
    where = place_of(content, after) + 1
    content["cells"][where:where] = cells


def put(content: dict, id: str, source: str, **more) -> None:
    content["cells"][place_of(content, id)].update(source=source, **more)


def source_of(content: dict, id: str) -> str:
    return "".join(content["cells"][place_of(content, id)]["source"])


def without_ids_and_metadata(content: dict) -> None:
    content["metadata"] = {}
    for one in content["cells"]:
        one["metadata"] = {}
        one.pop("id", None)


PROMPT = LESSON.cells[[one.id for one in LESSON.cells].index(ESSAY.id) - 1].id
PROSE = next(one.id for one in LESSON.cells if one.role == "text" and one.line > LESSON.exercises[0].line)
DEMO = next(one.id for one in LESSON.cells if one.role == "demo" and one.line > LESSON.exercises[0].line)
FIRST = LESSON.exercises[0]


def _moved(content):
    """The essay's cell is gone, and another was written in its place."""
    content["cells"].pop(place_of(content, ESSAY.id))
    insert(content, PROMPT, cell(WORDS))


def _ids_lost(content):
    put(content, ESSAY.id, WORDS)
    without_ids_and_metadata(content)


def _above_the_stub(content):
    put(content, FIRST.id, RIGHT[FIRST.name].replace("### BEGIN SOLUTION", f"# {WORDS}") + "\n\n" + FIRST.stub)


def _cell_above_the_stub(content):
    put(content, FIRST.id, FIRST.stub)
    content["cells"].insert(place_of(content, FIRST.id), cell(f"# {WORDS}\n" + RIGHT[FIRST.name], "code"))


HOMELESS = {
    "in an added cell of text": lambda content: insert(content, DEMO, cell(WORDS)),
    "in an added cell at the end": lambda content: content["cells"].append(cell(WORDS)),
    "in an added cell at the top": lambda content: content["cells"].insert(0, cell(WORDS)),
    "in an added raw cell": lambda content: insert(content, PROMPT, cell(WORDS, "raw")),
    "in an added code cell, as it is": lambda content: insert(content, ESSAY.id, cell(WORDS, "code")),
    "in an added code cell, as a comment": lambda content: insert(content, ESSAY.id, cell(f"# {WORDS}", "code")),
    "in an added code cell, as a string": lambda content: insert(content, ESSAY.id, cell(f'"""{WORDS}"""', "code")),
    "in an added code cell, as Markdown magic": lambda content: insert(
        content, ESSAY.id, cell(f"%%markdown\n{WORDS}", "code")
    ),
    "in the essay's cell, made a code cell": lambda content: put(
        content, ESSAY.id, WORDS, cell_type="code", outputs=[], execution_count=None
    ),
    "in a new cell in place of the essay's": _moved,
    "in the essay's cell, ids and metadata lost": _ids_lost,
    "in the question's cell": lambda content: put(content, PROMPT, source_of(content, PROMPT) + "\n\n" + WORDS),
    "in place of prose": lambda content: put(content, PROSE, WORDS),
    "in place of a demonstration": lambda content: put(content, DEMO, f"# {WORDS} {WORDS} {WORDS} {WORDS}\nx = 1"),
    "in a demonstration's cell, made a cell of text": lambda content: put(content, DEMO, WORDS, cell_type="markdown"),
    "in a setup cell": lambda content: put(content, LESSON.setup[0].id, LESSON.setup[0].source + f"\n# {WORDS}"),
    "in a check's cell": lambda content: put(
        content, LESSON.checks[0].id, f"# {WORDS}\n" + source_of(content, LESSON.checks[0].id)
    ),
    "above the old stub": _above_the_stub,
    "in a cell above the old stub": _cell_above_the_stub,
    "in a text that is attached": lambda content: content["cells"][place_of(content, DEMO)].update(
        attachments={"a.txt": {"text/plain": WORDS}}
    ),
}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """One class for all tests here; each hands in anew what Ada handed in."""
    with Records(tmp_path_factory.mktemp("classroom")) as kept:
        for folder in (FOLDER, "02-lines"):
            kept.register(LESSONS[folder])
        yield kept


@pytest.fixture
def written(tmp_path, sandboxes, records):
    """written(change) -> the outcome, its page, the form grader's copy, the report and the gradebook's word of a right
    notebook with one change."""

    def write(change, folder: str = FOLDER) -> tuple[Outcome, str, dict, str, dict]:
        lesson = LESSONS[folder]
        content = json.loads(notebook_with(lesson, ROOT, solved(lesson)))
        change(content)
        file = tmp_path / "ada.ipynb"
        file.write_text(json.dumps(content))
        outcome = grade_one(
            Submission("ada", file), lesson, sandboxes[folder], b"secret", kept=Kept(records.kept / folder)
        )
        records.write(outcome, lesson)
        (feedback,) = write_feedback(records, lesson)
        report = write_report(records, lesson).read_text()
        (row,) = records.outcomes(lesson)
        copy = json.loads((records.classroom / "autograded" / "ada" / folder / f"{lesson.name}.ipynb").read_text())
        return outcome, feedback.read_text(), copy, report, row

    return write


def shown_in(copy: dict) -> str:
    """What the form grader shows of a copy's cells, as text."""
    return "\n".join(
        html.unescape("".join(one["source"])) if one["cell_type"] == "markdown" else "".join(one["source"])
        for one in copy["cells"]
    )


@pytest.mark.parametrize("where", HOMELESS)
def test_what_is_written_anywhere_is_seen_by_everybody_and_waits_for_a_person(where: str, written):
    outcome, feedback, copy, report, row = written(HOMELESS[where])
    assert outcome.status == GRADED and WORDS in shown_in(copy) and WORDS in html.unescape(feedback)
    assert row["waits"] and "waits for a person" in feedback
    essay = where in (
        "in the essay's cell, made a code cell",
        "in a new cell in place of the essay's",
        "in the essay's cell, ids and metadata lost",
    )
    assert essay or (
        [found["student"] for found in needs_a_look([row])] == ["ada"]
        and "1 of 1 wrote something that no check could judge" in report
        and "no place is for it" in " ".join(outcome.remarks)
    )
    assert "1 waits for points by hand" in report


def test_an_essay_in_an_added_cell_is_not_nought_points_but_unread(written):
    *_, row = written(HOMELESS["in an added cell of text"])
    assert (
        row["essays_graded"][ESSAY.id] == {"points": 0, "max": ESSAY.points, "waits": True, "comment": ""}
        and row["essays"][ESSAY.id] is None
    )
    *_, untouched = written(lambda content: None)
    assert (
        untouched["essays"][ESSAY.id] == 0
        and not untouched["waits"]
        and not untouched["strays"]
        and not untouched["remarks"]
    )


def test_in_a_lesson_without_essays_the_next_check_waits_and_keeps_its_points(written):
    lesson = LESSONS["02-lines"]
    demo = next(one.id for one in lesson.cells if one.role == "demo" and one.line > lesson.exercises[0].line)
    outcome, _, copy, _, row = written(lambda content: insert(content, demo, cell(WORDS)), "02-lines")
    assert row["waits"] and row["score"] == 100 and len(outcome.looks) == 1 and WORDS in shown_in(copy)


def test_an_answer_in_a_cell_of_its_own_whose_exercise_was_deleted_is_graded(written):
    def retyped(content):
        content["cells"].pop(place_of(content, FIRST.id))
        insert(
            content,
            LESSON.cells[[one.id for one in LESSON.cells].index(FIRST.id) - 1].id,
            cell(RIGHT[FIRST.name], "code"),
        )

    outcome, feedback, copy, _, row = written(retyped)
    assert outcome.points == 100 - ESSAY.points and not row["waits"] and outcome.texts[FIRST.id] == RIGHT[FIRST.name]
    assert RIGHT[FIRST.name].splitlines()[1] in shown_in(copy)


def test_code_that_is_run_in_its_place_is_seen_and_does_not_wait(written):
    def helpers(content):
        content["cells"].insert(place_of(content, FIRST.id), cell("HELPER = 2  # two", "code"))
        put(content, DEMO, source_of(content, DEMO) + "\nmy_own_number = 3")

    outcome, feedback, copy, report, row = written(helpers)
    assert (
        not row["waits"]
        and "HELPER = 2" in shown_in(copy)
        and "my_own_number" in shown_in(copy)
        and "HELPER = 2" in feedback
    )
    assert [stray.ran for stray in outcome.strays] == [True, True] and "every check could be made" in report


def test_a_pasted_copy_of_a_lessons_cell_and_blank_cells_are_nobodys_text():
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    insert(content, DEMO, cell("".join(content["cells"][0]["source"])), cell("  \n", "code"), cell("\n"))
    assert not read_notebook(json.dumps(content).encode(), LESSON).strays


@pytest.mark.parametrize("folder", LESSONS)
def test_the_checksum_of_every_cell_is_nbgraders(folder):
    cells = [
        from_dict(cell)
        for cell in json.loads(notebook_with(LESSONS[folder], ROOT, {}))["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    for each in cells:
        each.source = "".join(each.source)
        assert (
            checksum(each.source, each.cell_type, each.metadata.nbgrader)
            == compute_checksum(each)
            != checksum(each.source + "x", each.cell_type, each.metadata.nbgrader)
        )
    assert len(cells) > 10


@pytest.mark.parametrize("points", [10**400, "many", None, [], float("nan")])
def test_a_cell_whose_points_are_none_is_read_like_any_other(points):
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    marked = cell("Words of mine.")
    marked["metadata"]["nbgrader"] = {"grade": True, "points": points, "grade_id": "mine", "checksum": "0"}
    insert(content, DEMO, marked)
    assert [stray.text for stray in read_notebook(json.dumps(content).encode(), LESSON).strays] == ["Words of mine."]


def test_a_cell_as_an_earlier_release_had_it_is_not_the_learners():
    """The lesson was changed after it was handed out: what the learner did not touch does not wait for anybody."""
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    earlier = from_dict(content["cells"][place_of(content, LESSON.checks[0].id)])
    earlier.source = "".join(earlier.source) + "\n# an earlier wording"
    earlier.metadata.nbgrader.checksum = compute_checksum(earlier)
    content["cells"][place_of(content, LESSON.checks[0].id)] = earlier
    old = "Prose that the lesson has no more."
    content["cells"].insert(
        3,
        {
            "cell_type": "markdown",
            "id": "cell-" + hashlib.sha256(old.encode()).hexdigest()[:8],
            "metadata": {},
            "source": old,
        },
    )
    assert not read_notebook(json.dumps(content).encode(), LESSON).strays
    content["cells"][3]["source"] += " And mine."
    assert len(read_notebook(json.dumps(content).encode(), LESSON).strays) == 1


@pytest.mark.parametrize("folder", LESSONS)
def test_a_lesson_that_was_changed_after_it_was_handed_out_makes_nobody_wait(folder: str):
    """Stubs, checks, questions and setup are others now; the learner's untouched copy is of the release before."""
    lesson = LESSONS[folder]
    now = dataclasses.replace(
        lesson,
        cells=tuple(
            dataclasses.replace(one, stub=one.stub + "\n# changed since") if one.graded else one for one in lesson.cells
        ),
    )
    submitted = read_notebook(notebook_with(lesson, ROOT, {}), now)
    assert not submitted.written and not submitted.strays


# Pictures


class Reader(HTMLParser):
    """Finds what a page would run or fetch: anything but a picture that it holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        if tag == "img" and re.match(r"data:image/(png|jpeg|gif|webp);base64,", about.get("src") or ""):
            self.pictures.append(about["src"])
            about.pop("src")
        elif tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "svg",
            "base",
            "form",
            "link",
            "img",
            "video",
            "audio",
            "a",
            "math",
        ):
            self.found.append(tag)
        self.found += [
            f"{name}={value}"
            for name, value in about.items()
            if name.startswith("on") or name in ("srcdoc", "href", "src", "formaction")
        ]


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def rendered(copy: dict) -> Reader:
    """The form grader's page as far as a learner's text is in it."""
    reader = Reader()
    for one in copy["cells"]:
        if one["cell_type"] == "markdown" and re.match(r"answer-|stray-|exercise-", one["id"]):
            reader.feed(
                MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=one.get("attachments", {}))).render(
                    "".join(one["source"])
                )
            )
    return reader


PICTURED = {
    "attached to the essay": lambda content: put(
        content, ESSAY.id, "See ![it](attachment:a.png)", attachments={"a.png": {"image/png": PICTURE}}
    ),
    "attached to an essay without a word": lambda content: put(
        content, ESSAY.id, source_of(content, ESSAY.id), attachments={"a.png": {"image/png": PICTURE}}
    ),
    "attached to an added cell": lambda content: insert(
        content, DEMO, cell("![it](attachment:a.png)", attachments={"a.png": {"image/png": PICTURE}})
    ),
    "attached to a code cell": lambda content: put(
        content, FIRST.id, RIGHT[FIRST.name], attachments={"a.png": {"image/png": PICTURE}}
    ),
    "attached to prose": lambda content: put(
        content, PROSE, source_of(content, PROSE), attachments={"a.png": {"image/png": PICTURE}}
    ),
    "written out in the essay": lambda content: put(content, ESSAY.id, f"See ![it](data:image/png;base64,{PICTURE})"),
    "written out, larger than a cell may be": lambda content: put(
        content, ESSAY.id, f"See ![it](data:image/bmp;base64,AA) ![](data:image/png;base64,{PICTURE})"
    ),
    "under another type's name": lambda content: put(
        content, ESSAY.id, "See it", attachments={"a.svg": {"image/svg+xml": PICTURE}}
    ),
}


@pytest.mark.parametrize("where", PICTURED)
def test_a_picture_is_shown_to_both_as_a_picture_and_waits(where: str, written):
    _, feedback, copy, _, row = written(PICTURED[where])
    assert row["waits"] and any(PICTURE in picture for picture in read(feedback).pictures)
    assert any(PICTURE in json.dumps(one.get("attachments", {})) for one in copy["cells"])
    assert not read(feedback).found and not rendered(copy).found


SVG = base64.b64encode(
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
).decode()
BOMB = base64.b64encode(a_picture("PNG", (9000, 9000))).decode()
ACTIVE = {
    "an SVG": {"a.svg": {"image/svg+xml": SVG}},
    "an SVG that says it is a PNG": {"a.png": {"image/png": SVG}},
    "HTML": {"a.html": {"text/html": "<script>alert(1)</script>"}},
    "HTML in base64": {"a.html": {"application/xhtml+xml": base64.b64encode(b"<script>alert(1)</script>").decode()}},
    "a name that is markup": {'"><script>alert(1)</script>': {"image/png": "AAAA"}},
    "a type that is markup": {"a": {'image/png"><script>alert(1)</script>': PICTURE[:40]}},
    "a picture that unfolds to 81 million dots": {"a.png": {"image/png": BOMB}},
    "a list": ["<script>alert(1)</script>"],
    "a number": {"a": 5},
    "JavaScript": {"a.js": {"application/javascript": "alert(1)"}},
}


@pytest.mark.parametrize("what", ACTIVE)
def test_what_is_attached_becomes_nothing_active_and_is_told(what: str, written):
    outcome, feedback, copy, report, row = written(
        lambda content: put(content, ESSAY.id, WORDS, attachments=ACTIVE[what])
    )
    assert (
        not read(feedback).found
        and not read(feedback).pictures
        and not rendered(copy).found
        and not rendered(copy).pictures
        and "<script" not in report
    )
    assert row["waits"] and (
        ("alert(1)" in html.unescape(feedback) and "alert(1)" in shown_in(copy))
        or "cannot be shown here" in shown_in(copy)
        or "5" in outcome.strays[0].text
    )


def test_pictures_beyond_what_a_page_can_hold_are_told_and_the_essay_is_read(tmp_path):
    noise = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(9 * 2**20)).decode()
    content = json.loads(notebook_with(LESSON, ROOT, RIGHT))
    put(content, ESSAY.id, f"{WORDS} ![](data:image/png;base64,{noise})", attachments={"a.png": {"image/png": noise}})
    submitted = read_notebook(json.dumps(content).encode(), LESSON)
    assert (
        WORDS in submitted.texts[ESSAY.id]
        and "cannot be shown here" in submitted.texts[ESSAY.id]
        and len(submitted.texts[ESSAY.id]) < 1000
    )
    assert "cannot be shown here" in submitted.strays[0].text and not submitted.pictures


def test_a_picture_of_an_earlier_hand_in_is_gone_with_it(written, records):
    written(PICTURED["attached to the essay"])
    folder = records.classroom / "autograded" / "ada" / FOLDER
    assert len(list(folder.glob("*.png"))) == 1
    written(lambda content: None)
    assert not list(folder.glob("*.png"))


def test_code_on_which_a_highlighter_would_take_minutes_is_shown_as_plain_text(written):
    _, _, copy, _, _ = written(lambda content: put(content, FIRST.id, RIGHT[FIRST.name] + " \n" * 20_000 + "# the end"))
    (mine,) = [one for one in copy["cells"] if one["id"] == FIRST.id]
    assert mine["cell_type"] == "markdown" and "the end" in html.unescape("".join(mine["source"]))


def test_a_submission_whose_judging_never_ended_can_be_read_all_the_same(tmp_path):
    file = tmp_path / "ada.ipynb"
    file.write_bytes(notebook_with(LESSON, ROOT, RIGHT, {"reflection": WORDS}))
    outcome = unjudged(Submission("ada", file), LESSON, "judging it did not end within 9 s")
    assert outcome.status == PARTLY and "needs a look" in outcome.why and outcome.essays[ESSAY.id] is None
    assert WORDS in shown_in(json.loads(json.dumps(copy_of(outcome, LESSON))))
    file.write_text("{")
    assert unjudged(Submission("ada", file), LESSON, "it did not end").status == PARTLY


def test_the_copy_of_what_was_refused_says_why():
    shown = shown_in(
        json.loads(json.dumps(copy_of(Outcome("ada", FOLDER, REFUSED, "this file is <b>not</b> a notebook"), LESSON)))
    )
    assert "This could not be graded: this file is <b>not</b> a notebook" in shown


# Any text, anywhere

texts = st.text(min_size=1, max_size=60).filter(lambda text: text.strip())
spots = st.integers(0, 10**6)
edits = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["in place", "above", "below"]), spots, texts, st.just("")),
        st.tuples(st.just("added"), spots, texts, st.sampled_from(["code", "markdown", "raw", "heading"])),
        st.tuples(
            st.just("attached"),
            spots,
            texts,
            st.sampled_from(["text/plain", "image/png", "image/svg+xml", "application/pdf", "text/html"]),
        ),
        st.tuples(
            st.just("attached, packed"), spots, texts, st.sampled_from(["image/png", "application/octet-stream"])
        ),
    ),
    min_size=1,
    max_size=5,
)


def edited(content: dict, edit: tuple[str, int, str, str]) -> None:
    how, spot, text, kind = edit
    one = content["cells"][spot % len(content["cells"])]
    before = "".join(one["source"])
    if how == "added":
        content["cells"].insert(spot % (len(content["cells"]) + 1), cell(text, kind))
    elif how.startswith("attached"):
        value = base64.b64encode(text.encode()).decode() if "packed" in how else text
        one.setdefault("attachments", {})[f"file {len(one.get('attachments', {}))}"] = {kind: value}
    else:
        one["source"] = {"in place": text, "above": text + "\n" + before, "below": before + "\n" + text}[how]


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    folder=st.sampled_from(["02-lines", FOLDER, "16-ethics"]),
    edits=edits,
    solve=st.booleans(),
    lose=st.sampled_from(["", "metadata", "ids", "both"]),
)
def test_any_text_in_any_cell_or_attachment_is_found_again_or_its_loss_is_told(
    tmp_path_factory, folder, edits, solve, lose
):
    lesson = LESSONS[folder]
    content = json.loads(notebook_with(lesson, ROOT, solved(lesson) if solve else {}))
    # Later edits of a cell go below earlier ones, so that none of them is overwritten by the test itself.
    touched: set[int] = set()
    for how, spot, text, kind in edits:
        number = spot % len(content["cells"])
        first = how != "in place" or id(content["cells"][number]) not in touched
        there = {id(one) for one in content["cells"]}
        touched.add(id(content["cells"][number]))
        edited(content, (how if first else "below", spot, text, kind))
        touched |= {id(one) for one in content["cells"]} - there  # a cell that was added
    for one in content["cells"]:
        if lose in ("metadata", "both"):
            one["metadata"] = {}
        if lose in ("ids", "both"):
            one.pop("id", None)
    file = tmp_path_factory.mktemp("any") / "ada.ipynb"
    file.write_text(json.dumps(content))
    outcome = unjudged(Submission("ada", file), lesson, "not judged")
    if not outcome.texts:
        return  # refused, and told
    copy = shown_in(json.loads(json.dumps(copy_of(outcome, lesson))))
    score = {"score": 0.0, "max_score": 100.0, "penalty": 0.0, "waits": True, "late": 0.0, "essays_graded": {}}
    seen = html.unescape(page({**outcome.as_dict(), **score}, lesson))
    for how, _, text, _ in edits:
        wanted = as_typed(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
        for place in (copy, seen):
            assert wanted in place or (how.startswith("attached") and "cannot be shown here" in place), (how, text)


def test_what_was_typed_into_the_platforms_own_field_is_shown_and_waits(tmp_path):
    (tmp_path / "descent.ipynb").write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    (tmp_path / "beside.txt").write_text(f"onlinetext.html\n\n{WORDS}")
    outcome = unjudged(Submission("ada", tmp_path / "descent.ipynb"), LESSON, "nothing was run")
    assert (
        [WORDS in stray.text and stray.waits for stray in outcome.strays] == [True]
        and ESSAY.id in outcome.looks
        and outcome.essays[ESSAY.id] is None
    )
    assert WORDS in shown_in(json.loads(json.dumps(copy_of(outcome, LESSON))))
