"""Whose file it is, and which of a student's files: what `grader collect` makes of what comes, with the class list
given or in the gradebook, or none.
Hostile names are in tests/attacks/whose.py, whole classes in test_a_class_of_sixty.py.
Read grader/classroom/identity.py and grader/classroom/pool.py first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from packing import zipped
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from grader import cli
from grader.classroom.exchange import collect_from
from grader.classroom.identity import Names
from grader.classroom.records import Records
from grader.classroom.roster import Roster, Student, enter
from grader.judging.answers import notebook_with
from grader.judging.grade import find_submissions
from grader.judging.intake import read_beside

LESSON = LESSONS["03-descent"]
RELEASED = json.loads(notebook_with(LESSON, ROOT, {}))
STRANGE = json.dumps(
    {
        **RELEASED,
        "metadata": {},
        "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "mine = 1"}],
    }
).encode()
ADA, BEN = (
    Student("ada", "Ada", "Lovelace", "ada@example.org", "11"),
    Student("ben", "Ben", "Bo", "ben@example.org", "12"),
)


def work(word: str) -> bytes:
    return json.dumps({**RELEASED, "metadata": {"word": word}}).encode()


def collect(tmp_path: Path, *files: tuple[str, bytes], roster: Roster | None = None, name: str = "class", **more):
    (tmp_path / f"{name}.zip").write_bytes(zipped(files))
    return collect_from(
        LESSON, tmp_path / f"{name}.zip", tmp_path, Roster([ADA, BEN]) if roster is None else roster, **more
    )


def taken(tmp_path: Path, student: str = "ada") -> str:
    return json.loads((tmp_path / "submitted" / student / LESSON.folder / "descent.ipynb").read_bytes())[
        "metadata"
    ].get("word", "")


# Whose


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("Oystein Gross", "Øystein", "Groß"),
        ("Oeystein Groß", "Øystein", "Groß"),
        ("Lukasz Zolc", "Łukasz", "Żółć"),
        ("Mueller Zoe", "Zoë", "Müller"),
        ("Muller, Zoë", "Zoë", "Müller"),
        ("Aase Aero", "Åse", "Ærø"),
        ("D'Arcy Conor", "Conor", "D’Arcy"),
        ("Thora Gudmundsdottir", "Þóra", "Guðmundsdóttir"),
        ("ZOE\u0308 MU\u0308LLER", "Zoë", "Müller"),
    ],
)
def test_letters_that_are_spelt_out_are_the_same_name(tmp_path, written, first, last):
    someone = Student("s1", first, last)
    for name in (
        f"{written}.ipynb",
        f"{written}_5_assignsubmission_file_/x.ipynb",
        f"1-2 - {written} - Jan 31, 2030 926 PM/x.ipynb",
    ):
        assert collect(tmp_path, (name, work("")), roster=Roster([someone, ADA])).students == ["s1"], name


def test_who_are_two_of_one_name_is_told_by_the_number_or_left(tmp_path):
    twins = Roster(
        [
            Student("li1", "Anna", "Li", number="11"),
            Student("li2", "Anna", "Li", number="12"),
            Student("bo", "Ben", "Bo", number="13"),
        ]
    )
    canvas = collect(
        tmp_path, ("lianna_12_9_descent.ipynb", work("12")), ("boben_13_8_descent.ipynb", work("")), roster=twins
    )
    assert sorted(canvas.students) == ["bo", "li2"]
    named = collect(tmp_path, ("Anna Li.ipynb", work("")), roster=twins)
    assert named.students == [] and "li1 and li2" in named.left[0]


def test_under_blind_marking_the_participants_numbers_say_who(tmp_path):
    files = [(f"Teilnehmerin_{number}_assignsubmission_file_/descent.ipynb", work(str(number))) for number in (11, 12)]
    assert sorted(collect(tmp_path, *files).students) == ["ada", "ben"] and taken(tmp_path, "ben") == "12"
    blind = Roster([Student("participant-11", number="11"), Student("participant-12", number="12")])
    assert sorted(collect(tmp_path, *files, roster=blind).students) == ["participant-11", "participant-12"]


def test_the_class_list_in_the_gradebook_counts_like_one_that_is_given(tmp_path):
    with Records(tmp_path) as records:
        enter(Roster([ADA, BEN]), records)
    collected = collect(
        tmp_path, ("lovelaceada_11_9_descent.ipynb", work("")), ("eve_13_8_descent.ipynb", work("")), roster=Roster()
    )
    assert collected.students == ["ada"] and "nobody in the class list answers to 'eve'" in collected.left[0]
    # of Moodle, where she has another name and number
    worksheet = Roster([Student("ada.l", "Ada", "Lovelace", "ada@example.org", "77", participant=True)])
    assert collect(
        tmp_path, ("Participant_77_assignsubmission_file_/x.ipynb", work("")), roster=worksheet
    ).students == ["ada"]


def test_who_is_in_the_gradebook_only_by_an_earlier_hand_in_keeps_nobody_out(tmp_path):
    with Records(tmp_path) as records:
        records.gradebook.add_student("ada")
    assert sorted(
        collect(tmp_path, ("ada (1).ipynb", work("")), ("cem.ipynb", work("")), roster=Roster()).students
    ) == ["ada", "cem"]


def test_without_a_list_two_people_never_become_one(tmp_path):
    collected = collect(
        tmp_path,
        ("Zoë Li_1_assignsubmission_file_/x.ipynb", work("")),
        ("Zoe Li_2_assignsubmission_file_/x.ipynb", work("")),
        roster=Roster(),
    )
    assert (
        collected.students == []
        and all("class list tells them apart" in left for left in collected.left)
        and len(collected.left) == 2
    )


def test_what_was_left_is_settled_by_hand(tmp_path):
    (tmp_path / "class.zip").write_bytes(zipped([("Eve's work.ipynb", work("ada")), ("ben.ipynb", work("ben"))]))
    (tmp_path / "list.csv").write_text("id\nada\nben\n")

    def grader(*words: str):
        return CliRunner().invoke(
            cli.app,
            [
                "collect",
                "03",
                "--from",
                str(tmp_path / "class.zip"),
                "--list",
                str(tmp_path / "list.csv"),
                "--classroom",
                str(tmp_path),
                *words,
            ],
        )

    ran = grader()
    assert "left: Eve's work.ipynb: nobody in the class list" in ran.stderr and "--as FILE=STUDENT" in ran.stderr
    assert grader("--as", "Eve's work.ipynb=ada").exit_code == 0 and taken(tmp_path) == "ada"
    for wrong, words in (
        ("Eve's work.ipynb=zed", "neither in the class list"),
        ("nothing.ipynb=ada", "nothing of that name came"),
        ("ada", "wants FILE=STUDENT"),
    ):
        ran = grader("--as", wrong)
        assert ran.exit_code == 1 and words in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("wrap", ["all", "class", "submissions", "03-descent", "My class of 2030"])
@pytest.mark.parametrize(
    "inside",
    [
        "ada/descent.ipynb",
        "ada/work/mine.ipynb",
        "Ada Lovelace_11_assignsubmission_file_/x.ipynb",
        "lovelaceada_11_9_x.ipynb",
    ],
)
def test_a_folder_round_everything_with_one_student_alone_in_it_is_nobodys(tmp_path, wrap, inside):
    assert collect(tmp_path, (f"{wrap}/{inside}", work(""))).students == ["ada"]
    assert collect(
        tmp_path, (f"{wrap}/one more/{inside}", work("")), ("desktop.ini", b""), (f"{wrap}/.DS_Store", b"")
    ).students == ["ada"]


def test_a_students_own_folder_is_no_wrapping_whatever_lies_in_it(tmp_path):
    assert collect(tmp_path, ("ada/ben/descent.ipynb", work("")), ("ada/ben.ipynb", work(""))).students == ["ada"]
    alone = collect(tmp_path, ("eve/ben.ipynb", work("")))
    assert alone.students == [] and "'eve'" in alone.left[0]


def test_several_who_handed_in_together_each_have_it(tmp_path):
    about = (
        b"submission_7:\n  :submitters:\n  - :name: A L\n    :email: ada@example.org\n  - :name: Ben Bo\n    :sid: "
        b"x\n  :created_at: 2030-01-31 10:00:00.5 Z\n"
    )
    collected = collect(
        tmp_path,
        ("assignment_1_export/submission_metadata.yml", about),
        ("assignment_1_export/submission_7/descent.ipynb", work("")),
    )
    assert (
        collected.students == ["ada", "ben"]
        and len({submission.time for submission in find_submissions(tmp_path, LESSON)}) == 1
    )


# Which


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"descent.ipynb": "it", "descent-Copy1.ipynb": "copy"}, "it"),
        ({"descent (1).ipynb": "it", "notes.ipynb": "other"}, "it"),
        ({"mine.ipynb": "it", "lines.ipynb": None}, "it"),
        ({"lines.ipynb": None, "descent.ipynb": "it"}, "it"),
        ({"descent.ipynb": None, "mine.ipynb": "it"}, "it"),
        ({"descent.ipynb.txt": "it"}, "it"),
        ({"descent.IPYNB": "it"}, "it"),
        ({"descent.ipynb.json": "it"}, "it"),
        ({"03-descent.ipynb": "it", "guidescent.ipynb": "x"}, "it"),
        ({"descent_final.ipynb": "it", "scratch.ipynb": "x"}, "it"),
    ],
)
def test_of_several_notebooks_it_is_the_lessons_name_then_the_lessons_cells(tmp_path, files, word):
    collected = collect(
        tmp_path, *((f"ada/{name}", STRANGE if text is None else work(text)) for name, text in files.items())
    )
    assert collected.students == ["ada"] and taken(tmp_path) == word
    assert len(files) == 1 or any("left out" in note for note in collected.notes)
    assert not list(tmp_path.glob("submitted/*/*/beside.txt")), "a notebook is no text that came beside one"


def test_two_that_nothing_tells_apart_are_told_and_neither_is_taken(tmp_path):
    collected = collect(tmp_path, ("ada/one.ipynb", work("1")), ("ada/two.ipynb", work("2")))
    assert (
        collected.students == [] and "2 notebooks, and one is wanted: ada/one.ipynb, ada/two.ipynb" in collected.left[0]
    )
    assert find_submissions(tmp_path, LESSON)[0].why.startswith("2 notebooks")


def test_of_several_attempts_on_blackboard_the_newest_is_taken(tmp_path):
    stamps = ("2030-01-30-10-00-00", "2030-01-31-09-00-00", "2030-01-29-10-00-00")
    assert collect(
        tmp_path, *((f"HW_ada_attempt_{stamp}_descent.ipynb", work(stamp)) for stamp in stamps)
    ).students == ["ada"]
    assert (
        taken(tmp_path) == stamps[1] and f"{find_submissions(tmp_path, LESSON)[0].time:%Y-%m-%d-%H-%M-%S}" == stamps[1]
    )


def test_what_was_typed_beside_a_file_is_kept_and_told(tmp_path):
    collected = collect(
        tmp_path,
        (
            "Ada Lovelace_11_assignsubmission_onlinetext_/onlinetext.html",
            b"<p>My essay &amp; more</p><script>alert(1)</script>",
        ),
        ("Ada Lovelace_11_assignsubmission_file_/descent.ipynb", work("it")),
        ("Ben Bo_12_assignsubmission_onlinetext_/onlinetext.html", b"<p>only words</p>"),
    )
    assert collected.students == ["ada"] and taken(tmp_path) == "it"
    text = (tmp_path / "submitted" / "ada" / LESSON.folder / "beside.txt").read_text()
    assert (
        "My essay & more" in text
        and "<" not in text
        and any("ada: text came beside" in note for note in collected.notes)
    )
    assert (
        "Ben Bo" in collected.left[0]
        and "only words" in (tmp_path / "submitted" / "ben" / LESSON.folder / "beside.txt").read_text()
    )


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (b"<p>before</p><img src='data:image/png;base64," + b"A" * 900_000 + b"'><p>behind</p>", "behind"),
        (b"<p>see <IMG src='https://example.org/a.png'></p>", "a picture that is on the platform only"),
        ("<p>Größe &lt; 1</p>".encode("utf-16"), "Größe < 1"),
        (b"<p>" + b"word " * 50_000 + b"</p>", "is cut off here: the whole is on the platform"),
    ],
    ids=["behind a large picture", "a picture", "UTF-16", "too long"],
)
def test_what_of_a_typed_text_cannot_be_kept_is_said_in_it(tmp_path, page, kept):
    collect(
        tmp_path,
        ("Ada Lovelace_11_assignsubmission_onlinetext_/onlinetext.html", page),
        ("Ada Lovelace_11_assignsubmission_file_/descent.ipynb", work("it")),
    )
    assert kept in read_beside(tmp_path / "submitted" / "ada" / LESSON.folder / "descent.ipynb")


def test_text_of_an_older_hand_in_never_takes_the_place_of_a_newer_ones_and_none_is_lost(tmp_path):
    def hand_in(day: int, words: str, content: bytes = work("it")) -> str:
        attempt = f"HW_ada_attempt_2030-01-{day}-10-00-00"
        collect(tmp_path, (f"{attempt}_descent.ipynb", content), (f"{attempt}.txt", words.encode()))
        return (tmp_path / "submitted" / "ada" / LESSON.folder / "beside.txt").read_text()

    assert "the newer essay" in hand_in(30, "the newer essay")
    kept = hand_in(28, "the older essay", work("older"))
    assert kept.index("the newer essay") < kept.index("the older essay") and taken(tmp_path) == "it"
    assert hand_in(28, "the older essay", work("older")) == kept
    kept = hand_in(31, "an essay beside half a file", b'{"cells": [')
    assert "the newer essay" in kept and "an essay beside half a file" in kept
    assert "a third one" in hand_in(31, "a third one", work("newest")) and taken(tmp_path) == "newest"


def test_a_file_that_cannot_be_read_never_replaces_one_that_can_and_an_older_one_never_a_newer(tmp_path):
    def archive(day: int, content: bytes, stamp: str = "") -> list[str]:
        name = f"HW_ada_attempt_{stamp}_descent.ipynb" if stamp else "ada.ipynb"
        (tmp_path / "class.zip").write_bytes(zipped([(name, content)], day))
        return collect_from(LESSON, tmp_path / "class.zip", tmp_path, Roster([ADA])).left

    assert archive(9, work("new")) == [] and "older" in archive(1, work("old"))[0] and taken(tmp_path) == "new"
    assert "stays" in archive(20, b'{"nbformat": 4, "cells": [')[0] and taken(tmp_path) == "new"
    assert archive(20, work("newer")) == [] and taken(tmp_path) == "newer"
    assert (
        archive(21, work("on time"), "2030-01-31-10-00-00") == []
        and "older" in archive(22, work("attempt 1"), "2030-01-30-10-00-00")[0]
        and taken(tmp_path) == "on time"
    )


# Whatever the ids are and whatever learners call their files

LETTERS = "abl1_-.()"
id_texts = st.text("abl1_-.", min_size=1, max_size=6).filter(lambda id: not id.startswith("."))
name_texts = (
    st.text("AbøŁß ", min_size=1, max_size=6)
    .map(str.strip)
    .filter(lambda name: any(letter.isalpha() for letter in name))
)
PATTERNS = (
    "{id}",
    "{id} (1)",
    "x_{id}_attempt_2030-01-31-10-00-00_d",
    "{name}_{number}_assignsubmission_file_d",
    "{id}_{number}_9_d",
    "1-2 - {name} - Jan 31, 2030 926 PM - d",
    "{name} - d",
    "d - {name}",
    "d_{name}",
    "descent_{id}",
    "{number}",
    "submission_{number}",
    "{id}-d",
)


@st.composite
def classes(draw) -> tuple[list[Student], list[str]]:
    """A class of a few whose ids and names are much alike, and the file name that each chose: anything, or what means
    somebody else somewhere.
    """
    students = [
        Student(id, draw(name_texts), draw(name_texts), number=str(draw(st.integers(1, 9))))
        for id in draw(st.lists(id_texts, min_size=1, max_size=5, unique=True))
    ]

    def chosen() -> str:
        other = draw(st.sampled_from(students))
        text = draw(st.sampled_from(PATTERNS) | st.text(LETTERS, min_size=1, max_size=8))
        return text.format(id=other.id, name=other.names[0], number=other.number) if text in PATTERNS else text

    return students, [chosen() for _ in students]


def squashed(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


FORMS = {
    "Moodle": "{name}_{number}_assignsubmission_file_/{file}.ipynb",
    "Moodle, flat": "{name}_{number}_assignsubmission_file_{file}.ipynb",
    "Canvas": "{letters}_{number}_77_{file}.ipynb",
    "Blackboard": "Home_work_{id}_attempt_2030-01-31-10-00-00_{file}.ipynb",
    "Brightspace": "3-4 - {name} - Jan 31, 2030 926 PM/{file}.ipynb",
    "git": "home-work-{id}/{file}.ipynb",
    "folders": "{id}/{file}.ipynb",
    "a form": "{file} - {name}.ipynb",
}
platforms = st.sampled_from(sorted(FORMS))


@st.composite
def archives(draw) -> tuple[list[Student], dict[str, str]]:
    """A class, and what a platform packs of some of it: each name with its owner. Whom not even the platform tells
    apart are not asked for, and a form's own part of a name is not told from the file's where there is one file.
    """
    (students, chosen), platform = draw(classes()), draw(platforms)
    number = (
        (lambda student: student.number) if platform in ("Moodle", "Moodle, flat", "Canvas") else (lambda student: "")
    )
    assume(
        platform in ("Blackboard", "git", "folders")
        or len({(student.names[0], number(student)) for student in students}) == len(students)
    )
    handed = (
        draw(st.lists(st.sampled_from(range(len(students))), min_size=2 if platform == "a form" else 1, unique=True))
        if len(students) > 1 or platform != "a form"
        else []
    )
    names = {
        FORMS[platform].format(
            id=one.id,
            name=one.names[0],
            letters=squashed(f"{one.last_name}{one.first_name}"),
            number=one.number,
            file=file,
        ): one.id
        for one, file in ((students[place], chosen[place]) for place in handed)
    }
    assume(names and len(names) == len(handed))
    return students, names


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(archives())
def test_no_name_of_one_students_file_is_ever_read_as_anothers(made):
    students, names = made
    outermost = {name.split("/")[0]: owner for name, owner in names.items()}
    identity = Names(
        list(outermost), [name for name in outermost if f"{name}/" in "".join(names)], Roster(students), LESSON
    )
    for name, owner in outermost.items():
        assert identity.whose(name).students in ((), (owner,)), name


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=archives(), wrapped=st.sampled_from(["", "class/", "some folder/"]))
def test_no_file_of_one_student_is_ever_collected_for_another(tmp_path_factory, made, wrapped):
    students, names = made
    tmp_path = tmp_path_factory.mktemp("class")
    collected = collect(
        tmp_path, *((f"{wrapped}{name}", work(owner)) for name, owner in names.items()), roster=Roster(students)
    )
    assert {student: taken(tmp_path, student) for student in collected.students} == {
        student: student for student in collected.students
    }
    # Not each file has a line of its own: a folder is left as one, and a system's own (an id `_` may make a name begin
    # with `._`) are counted.
    assert len(collected.students) == len(names) or collected.left or collected.notes
