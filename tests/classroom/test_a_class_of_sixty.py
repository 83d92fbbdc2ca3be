"""A class of 60 as each platform packs it: collected, graded, exported into the platform's own table and read back.
Nobody's points are in another's row.
The grades are made up but for the last test: whose file is whose is what is asked here.
Read tests/classroom/packing.py first."""

from __future__ import annotations

import csv
import io
import json

import pytest
from packing import COLUMN, PLATFORMS, SAY_WHEN, Person, git_classroom, git_list, moodle_list, people, wild_name
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from course.checks.result import Result
from grader import cli
from grader.classroom.class_lists import read_roster
from grader.classroom.exchange import collect_from
from grader.classroom.export import as_csv, into, waiting
from grader.classroom.lists import read_table
from grader.classroom.records import Records
from grader.classroom.roster import enter
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import GRADED, Outcome, find_submissions

pytestmark = pytest.mark.slow

LESSON = LESSONS["03-descent"]
CLASS = people()
ABSENT = CLASS[7], CLASS[41]  # they hand in nothing
RELEASED = notebook_with(LESSON, ROOT, {})


def work_of(person: Person) -> bytes:
    """A notebook that says whose it is."""
    content = json.loads(RELEASED)
    content["metadata"]["owner"] = f"{person.id} final"
    return json.dumps(content).encode()


HANDED = {person: (wild_name(person, CLASS), work_of(person)) for person in CLASS if person not in ABSENT}


def points_of(person: Person) -> float:
    return 10 + CLASS.index(person) / 2


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The gradebook of the class, with points that tell whose they are."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "list.csv").write_bytes(moodle_list(CLASS))
    checks = [check.id.removeprefix("check-") for check in LESSON.checks]
    with Records(folder) as records:
        records.register(LESSON)
        assert enter(read_roster(folder / "list.csv"), records) == (60, [])
        for person in HANDED:
            results = [
                Result(
                    check=check,
                    exercise=check.split("-")[0],
                    status="failed",
                    points=0,
                    earned=points_of(person) if check == checks[0] else 0,
                )
                for check in checks
            ]
            records.write(
                Outcome(
                    person.id,
                    LESSON.folder,
                    GRADED,
                    results=results,
                    essays={essay.id: None for essay in LESSON.essays},
                    digest=person.id,
                ),
                LESSON,
            )
        yield records


@pytest.mark.parametrize("platform", PLATFORMS)
def test_everybodys_own_file_is_collected_whatever_they_called_it(tmp_path, platform):
    pack, lists = PLATFORMS[platform]
    (tmp_path / "class.zip").write_bytes(pack(HANDED))
    (tmp_path / "list.csv").write_bytes(lists(CLASS))
    collected = collect_from(LESSON, tmp_path / "class.zip", tmp_path / "room", read_roster(tmp_path / "list.csv"))
    assert collected.left == [] and sorted(collected.students) == sorted(person.id for person in HANDED)
    for person, (_, data) in HANDED.items():
        assert (tmp_path / "room" / "submitted" / person.id / LESSON.folder / "descent.ipynb").read_bytes() == data, (
            person
        )
    times = {submission.student: submission.time for submission in find_submissions(tmp_path / "room", LESSON)}
    assert times == {person.id: person.handed_in if platform in SAY_WHEN else None for person in HANDED}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_points_go_back_into_the_platforms_own_table_each_into_its_own_row(tmp_path, graded, platform):
    file = tmp_path / "their.csv"
    file.write_bytes(PLATFORMS[platform][1](CLASS))
    before = read_table(file)
    filled = into(graded, LESSON, file)
    assert filled.column.startswith(COLUMN.get(platform, "03-descent")) and filled.count == 58
    file.write_bytes(filled.table.as_bytes())
    after, place = read_table(file), before.header.index(filled.column)
    assert (after.header, after.encoding, after.delimiter, after.quoted, after.line_end) == (
        before.header,
        before.encoding,
        before.delimiter,
        before.quoted,
        before.line_end,
    )
    rows = dict(after.rows)
    read = {student.id: rows[student.line] for student in read_roster(file).students}
    assert len(read) == 60
    for person in CLASS:
        points = f"{points_of(person):g}" if person in HANDED else ""
        assert read[person.id][place] == (points.replace(".", ",") if "German" in platform else points), person
    others = [[cell for number, cell in enumerate(cells) if number != place] for _, cells in after.rows]
    assert others == [[cell for number, cell in enumerate(cells) if number != place] for _, cells in before.rows]
    assert any("handed in nothing" in note and ABSENT[0].id in note for note in filled.notes)


@pytest.mark.parametrize("form", ["plain", "canvas", "moodle"])
def test_all_sixty_are_in_every_table(graded, form):
    rows = list(csv.DictReader(io.StringIO(as_csv(graded, LESSON, form))))
    key, column = {
        "plain": ("student", "points"),
        "canvas": ("SIS Login ID", f"03-descent: {LESSON.title}"),
        "moodle": ("Username", f"03-descent: {LESSON.title}"),
    }[form]
    read = {row[key]: row[column] for row in rows if row[key]}
    assert {id: float(text) if text else None for id, text in read.items()} == {
        person.id: points_of(person) if person in HANDED else None for person in CLASS
    }
    assert len(waiting(graded, LESSON)) == 58


def test_a_class_is_collected_graded_and_exported_by_the_commands(tmp_path):
    """The one small class that is really graded: its list in the gradebook, no list given to `collect`."""

    def grader(*words: object) -> str:
        ran = CliRunner().invoke(cli.app, [*map(str, words), "--classroom", str(tmp_path / "room")])
        assert ran.exit_code == 0, ran.output
        return ran.output

    class_, right = CLASS[:5], solved(LESSON)
    some = [{name: right[name] for name in [cell.name for cell in LESSON.exercises][:count]} for count in (2, 1)]
    notebooks = [*(notebook_with(LESSON, ROOT, texts) for texts in (right, *some)), b'{"broken": ']
    handed = dict(zip((*class_[:3], class_[4]), notebooks, strict=True))
    (tmp_path / "list.csv").write_bytes(git_list(class_))
    (tmp_path / "class.zip").write_bytes(
        git_classroom({person: (wild_name(person, CLASS), data) for person, data in handed.items()})
    )
    assert "5 students" in grader("students", tmp_path / "list.csv")
    assert "4 submissions" in grader("collect", "03", "--from", tmp_path / "class.zip")
    grader("grade", "03", "--workers", 2)
    said = grader("export", "03", "--into", tmp_path / "list.csv")
    assert (
        "points of 4 students" in said
        and f"handed in nothing, and their cells stay as they were: {class_[3].id}" in said
    )
    assert f"what 1 handed in could not be graded, and they have 0 points: {class_[4].id}" in said
    points = [float(cells[-1]) if cells[-1] else None for _, cells in read_table(tmp_path / "list.csv").rows]
    assert points[0] == LESSON.points - sum(essay.points for essay in LESSON.essays)
    assert points[0] > points[1] > points[2] > 0 and points[3:] == [None, 0.0]
