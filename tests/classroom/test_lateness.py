"""The instructor's calendar: the class list, due dates, an extension for one, the late policy, and what other programs
import. Read grader/classroom/lateness.py and grader/classroom/export.py first."""

import csv
import io
import json
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from shared import LESSONS, ROOT
from traitlets.config import Config
from typer.testing import CliRunner

from course.checks.result import Result
from grader import cli
from grader.classroom import feedback, lateness
from grader.classroom.class_lists import read_roster
from grader.classroom.exchange import collect_from
from grader.classroom.export import as_csv
from grader.classroom.lateness import PerDay, class_zone, extend, extensions, policy, policy_of, settle, understood
from grader.classroom.records import Records
from grader.classroom.roster import Roster, Student, enter
from grader.judging.answers import notebook_with
from grader.judging.grade import GRADED, Outcome, find_submissions

LESSON = LESSONS["03-descent"]
DUE = datetime(2030, 1, 31, 18, tzinfo=UTC)
LIST = (
    "username,first name,last name,email,canvas "
    "id\nada,Ada,Lovelace,ada@example.org,4711\nben,Ben,=cmd,ben@example.org,4712\ncy,Cy,Twombly,,\n"
)
STRICT = Config({"AssignLatePenalties": {"plugin_class": PerDay}, "PerDay": {"share": 0.1, "grace": 15.0, "most": 0.5}})


def grader(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def records(tmp_path):
    with Records(tmp_path / "room") as opened:
        opened.register(LESSON, due=DUE)
        yield opened


def hand_in(records, student: str, late: timedelta = timedelta(0), points: float = 40.0) -> None:
    """A graded submission, as the grader writes it down, with so many points."""
    checks = [check.id.removeprefix("check-") for check in LESSON.checks]
    results = [
        Result(check=check, exercise=check.split("-")[0], status="failed", points=0, earned=0) for check in checks
    ]
    results[0] = Result(
        check=checks[0], exercise=checks[0].split("-")[0], status="passed", points=points, earned=points
    )
    essays = {essay.id: None for essay in LESSON.essays}
    records.write(
        Outcome(
            student, LESSON.folder, GRADED, results=results, essays=essays, time=DUE + late, digest=f"{student} {late}"
        ),
        LESSON,
    )


def score(records, student: str) -> tuple[float, float, float]:
    settle(records, LESSON, policy_of(STRICT))
    found = records.outcome(LESSON, student)
    return found["score"], found["penalty"], found["late"]


def test_a_class_list_is_in_the_gradebook_and_nobody_is_thrown_out(tmp_path):
    (tmp_path / "class.csv").write_text(LIST)
    room = ("--classroom", tmp_path / "room")
    assert "3 students" in grader("students", tmp_path / "class.csv", *room).output
    with Records(tmp_path / "room") as records:
        ada = records.gradebook.find_student("ada")
        assert (ada.first_name, ada.last_name, ada.email, ada.lms_user_id) == (
            "Ada",
            "Lovelace",
            "ada@example.org",
            "4711",
        )
        (tmp_path / "class.csv").write_text("id,name\nada,\nzoe,Zoe Zed\n")
        assert enter(read_roster(tmp_path / "class.csv"), records) == (1, ["ben", "cy"])
        assert records.gradebook.find_student("ada").last_name == "Lovelace"  # an empty field takes nothing away
    (tmp_path / "class.csv").write_text("colour\nred\n")
    failed = grader("students", tmp_path / "class.csv", *room)
    assert failed.exit_code == 1 and "a class list needs a column 'id'" in failed.stderr


@pytest.mark.parametrize(
    ("late", "taken"),
    [
        (timedelta(0), 0.0),
        (timedelta(minutes=10), 0.0),
        (timedelta(minutes=20), 4.0),
        (timedelta(days=1, hours=1), 8.0),
        (timedelta(days=30), 20.0),
    ],
)
def test_lateness_costs_what_the_plugin_says(records, late, taken):
    hand_in(records, "ada", late)
    assert score(records, "ada") == (40.0 - taken, taken, late.total_seconds())
    page = feedback.page(records.outcome(LESSON, "ada"), LESSON)
    assert ("points are off for handing in" in page) == bool(taken) and f"{40 - taken:g} of 100 points" in page


def test_without_a_policy_lateness_costs_nothing(records):
    hand_in(records, "ada", timedelta(days=3))
    settle(records, LESSON)
    assert policy().plugin_inst.penalty_method == "none" and records.outcome(LESSON, "ada")["score"] == 40.0


def test_an_extension_is_honoured_whether_it_comes_before_the_submission_or_after(records):
    extend(records, LESSON, "ada", DUE + timedelta(days=7))
    hand_in(records, "ada", timedelta(days=6))
    hand_in(records, "ben", timedelta(days=6))
    assert score(records, "ada") == (40.0, 0.0, 0.0) and score(records, "ben") == (20.0, 20.0, 6 * 86400)
    extend(records, LESSON, "ben", DUE + timedelta(days=5))
    assert score(records, "ben") == (36.0, 4.0, 86400)
    hand_in(records, "ben", timedelta(days=5))  # handed in once more: the time that was given is still given
    assert score(records, "ben") == (40.0, 0.0, 0.0)
    extend(records, LESSON, "ada", None)
    assert score(records, "ada")[1] == 20.0 and list(extensions(records)["03-descent"]) == ["ben"]


def test_points_given_by_hand_survive_a_regrade_and_are_in_what_lateness_takes(records):
    hand_in(records, "ada", timedelta(minutes=20))
    essay = LESSON.essays[0]
    grade = records.gradebook.find_grade(essay.id, LESSON.name, LESSON.folder, "ada")
    grade.manual_score, grade.needs_manual_grade = 5.0, False
    records.gradebook.db.commit()
    assert score(records, "ada")[:2] == (40.5, 4.5)
    hand_in(records, "ada", timedelta(minutes=20), points=30.0)
    assert score(records, "ada")[:2] == (31.5, 3.5)


@pytest.mark.parametrize(
    ("until", "said"), [(DUE, "is not after the due date"), (DUE - timedelta(days=1), "is not after the due date")]
)
def test_an_extension_that_gives_no_time_is_refused(records, until, said):
    with pytest.raises(ValueError, match=said):
        extend(records, LESSON, "ada", until)
    assert extensions(records) == {}


def test_the_command_gives_time_and_says_what_is_wrong(tmp_path):
    room = ("--classroom", tmp_path / "room")
    assert "has no due date" in grader("extend", "03", "ada", "--until", "2030-02-07", *room).stderr
    assert grader("release", "03", "--due", "2030-01-31", *room).exit_code == 0
    assert "nobody of this id" in grader("extend", "03", "ada", "--until", "2030-02-07", *room).output
    # the end of that day
    assert json.loads((tmp_path / "room" / "extensions.json").read_text()) == {
        "03-descent": {"ada": "2030-02-07T23:59:59+00:00"}
    }
    for words in (
        ("extend", "03", "ada"),
        ("extend", "03", "ada", "--until", "soon"),
        ("extend", "03", "../ada", "--until", "2030-02-07"),
        ("export", "03", "--for", "sakai"),
    ):
        failed = grader(*words, *room)
        assert failed.exit_code == 1 and len(failed.stderr.strip().splitlines()) == 1, failed.stderr
    (tmp_path / "room" / "extensions.json").write_text("{")
    assert "cannot be read" in grader("extend", "03", "ada", "--none", *room).stderr


def test_canvas_and_moodle_get_the_columns_that_they_import(records, tmp_path):
    (tmp_path / "class.csv").write_text(LIST)
    enter(read_roster(tmp_path / "class.csv"), records)
    hand_in(records, "ada")
    hand_in(records, "ben", points=12.5)
    column = f"03-descent: {LESSON.title}"
    canvas = list(csv.DictReader(io.StringIO(as_csv(records, LESSON, "canvas"))))
    assert (
        list(canvas[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
        and canvas[0]["Student"] == "Points Possible"
    )
    assert [(row["Student"], row["ID"], row["SIS Login ID"], row[column]) for row in canvas[1:]] == [
        ("Lovelace, Ada", "4711", "ada", "40.0"),
        ("'=cmd, Ben", "4712", "ben", "12.5"),
        ("Twombly, Cy", "", "cy", ""),
    ]
    moodle = list(csv.DictReader(io.StringIO(as_csv(records, LESSON, "moodle"))))
    assert [(row["Username"], row["Email address"], row["ID number"], row[column]) for row in moodle] == [
        ("ada", "ada@example.org", "4711", "40.0"),
        ("ben", "ben@example.org", "4712", "12.5"),
        ("cy", "", "", ""),
    ]
    assert float(canvas[0][column]) == 100.0
    plain = list(csv.DictReader(io.StringIO(as_csv(records, LESSON))))
    assert [(row["student"], row["points"], row["penalty"]) for row in plain] == [
        ("ada", "40.0", "0.0"),
        ("ben", "12.5", "0.0"),
        ("cy", "", ""),
    ]


# Time: one zone a class, a date is its end, unknown is never late


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-01-31", "2030-01-31T22:59:59+00:00"),
        ("2030-07-31", "2030-07-31T21:59:59+00:00"),
        ("20300131", "2030-01-31T22:59:59+00:00"),
        ("2030-01-31T18:00", "2030-01-31T17:00:00+00:00"),
        ("2030-01-31 18:00", "2030-01-31T17:00:00+00:00"),
        ("2030-01-31T18:00+05:30", "2030-01-31T12:30:00+00:00"),
        ("2030-01-31T18:00:00Z", "2030-01-31T18:00:00+00:00"),
        ("2030-01-31 18:00:00.000000 UTC", "2030-01-31T18:00:00+00:00"),
        ("2030-01-31 18:00:00 CET", "2030-01-31T17:00:00+00:00"),
        ("2030-07-31 18:00:00.5 CEST", "2030-07-31T16:00:00.500000+00:00"),
        ("2030-01-31 18:00:00 +0530", "2030-01-31T12:30:00+00:00"),
        ("2030-01-31 18:00:00 America/New_York", "2030-01-31T23:00:00+00:00"),
    ],
)
def test_a_date_is_the_end_of_its_day_in_the_classs_zone_and_nbgraders_notation_is_taken(text, moment):
    assert understood(text, BERLIN).astimezone(UTC).isoformat() == moment


@pytest.mark.parametrize("text", ["soon", "31.01.2030", "2030-02-30", "2030-01-31 18:00:00 Nowhere", "01/02/2030", ""])
def test_what_is_no_time_is_refused_in_one_line(tmp_path, text):
    if text:
        failed = grader("release", "03", "--due", text, "--classroom", tmp_path / "room")
        assert (
            failed.exit_code == 1 and len(failed.stderr.strip().splitlines()) == 1 and not (tmp_path / "room").exists()
        )
    with pytest.raises(ValueError, match="is no time|no time zone"):
        understood(text, BERLIN)


def test_release_and_extend_say_what_they_understood(tmp_path, monkeypatch):
    monkeypatch.setattr(lateness, "class_zone", lambda: BERLIN)
    room = ("--classroom", tmp_path / "room")
    assert "due 2030-01-31 23:59:59 CET (22:59:59 UTC)" in grader("release", "03", "--due", "2030-01-31", *room).output
    assert (
        "due 2030-01-31 18:00:00 CET (17:00:00 UTC)"
        in grader("release", "03", "--due", "2030-01-31T18:00", *room).output
    )
    assert (
        "time until 2030-07-01 00:30:00 CEST (2030-06-30 22:30:00 UTC)"
        in grader("extend", "03", "ada", "--until", "2030-06-30T22:30Z", *room).output
    )
    with Records(tmp_path / "room") as records:
        assert records.gradebook.find_assignment("03-descent").duedate == datetime(2030, 1, 31, 17)


def test_the_zone_is_nbgraders_own_setting_and_a_wrong_one_is_told(tmp_path, monkeypatch):
    assert class_zone().key == "UTC"
    monkeypatch.chdir(tmp_path)  # nbgrader reads the configuration of the folder that it is started in as well
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.Exchange.timezone = "Europe/Berlin"\n')
    assert class_zone(tmp_path).key == "Europe/Berlin"
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "nbgrader_config.py").write_text('c = get_config()\nc.Exchange.timezone = "CEST"\n')
    with pytest.raises(ValueError, match=r"c.Exchange.timezone is 'CEST', which is no time zone"):
        monkeypatch.chdir(tmp_path / "wrong")
        class_zone(tmp_path / "wrong")


@pytest.mark.parametrize(("due", "late"), [("2030-03-30T18:00", "2030-03-31"), ("2030-10-26T18:00", "2030-10-27")])
def test_a_day_of_lateness_has_24_hours_across_a_change_of_the_clocks(records, due, late):
    """The night from the 30th to the 31st of March has 23 hours in Berlin, that from the 26th to the 27th of October
    25."""
    moment = understood(due, BERLIN)
    records.register(LESSON, due=moment)
    for hours, taken in ((24, 4.0), (25, 8.0)):
        student = f"after-{hours}"
        checks = [check.id.removeprefix("check-") for check in LESSON.checks]
        results = [
            Result(
                check=check, exercise=check.split("-")[0], status="passed", points=0, earned=40.0 * (check == checks[0])
            )
            for check in checks
        ]
        handed_in = moment.astimezone(UTC) + timedelta(hours=hours)
        records.write(
            Outcome(
                student,
                LESSON.folder,
                GRADED,
                results=results,
                essays={essay.id: None for essay in LESSON.essays},
                time=handed_in,
            ),
            LESSON,
        )
        assert f"{handed_in.astimezone(BERLIN):%Y-%m-%d}" == late
        assert score(records, student)[1:] == (taken, hours * 3600.0)


def test_more_days_for_one_person_hold_in_every_lesson_and_until_they_are_taken_back(records):
    room = ("--classroom", records.classroom)
    ran = grader("extend", "all", "ben", "--days", "7", *room)
    assert ran.exit_code == 0 and "ben has 7 days more than everybody for every lesson" in ran.output
    for student, taken in (("ada", 20.0), ("ben", 0.0)):
        hand_in(records, student, timedelta(days=6))
        assert score(records, student)[1] == taken
    other = LESSONS["02-lines"]
    records.register(other, due=DUE)  # a lesson that came after it
    assert "for you 2030-02-07 18:00:00 UTC" in lateness.terms(
        records, other, "ben"
    ) and "for you" not in lateness.terms(records, other, "ada")
    hand_in(records, "ben", timedelta(days=8))
    assert score(records, "ben")[1:] == (4.0, 86400.0)
    extend(records, LESSON, "ben", DUE + timedelta(days=9))  # the later of the two counts
    assert score(records, "ben")[1:] == (0.0, 0.0)
    extend(records, LESSON, "ben", None)
    assert grader("extend", "all", "ben", "--none", *room).exit_code == 0 and score(records, "ben")[1:] == (
        20.0,
        8 * 86400.0,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("all", "ben"),
        ("all", "ben", "--until", "2030-02-07"),
        ("03", "ben", "--days", "7"),
        ("all", "ben", "--days", "-1"),
        ("all", "ben", "--days", "nan"),
        ("all", "ben", "--days", "367"),
        ("all", "../ben", "--days", "7"),
        ("all", "ben", "--days", "7", "--none"),
    ],
)
def test_days_that_cannot_be_given_are_told_in_one_line(records, words):
    failed = grader("extend", *words, "--classroom", records.classroom)
    assert (
        failed.exit_code == 1 and len(failed.stderr.strip().splitlines()) == 1 and not lateness.accommodations(records)
    )


@pytest.mark.parametrize(
    ("config", "cost"),
    [
        ({}, "Coming late costs no points."),
        (
            {"AssignLatePenalties": {"plugin_class": PerDay}},
            "10 per cent of the points reached, 50 per cent at most; 15 minutes are free.",
        ),
        ({"LateSubmissionPlugin": {"penalty_method": "zero"}}, "What comes late has no points."),
    ],
)
def test_what_lateness_costs_and_until_when_stands_on_the_page(records, monkeypatch, config, cost):
    monkeypatch.setattr(lateness, "class_zone", lambda: BERLIN)
    hand_in(records, "ada")
    extend(records, LESSON, "ada", DUE + timedelta(days=1))
    (file,) = feedback.write_feedback(records, LESSON, {"ada"}, policy_of(Config(config)))
    assert (
        "Due 2030-01-31 19:00:00 CET (18:00:00 UTC), for you 2030-02-01 19:00:00 CET (18:00:00 UTC). "
        in file.read_text()
        and cost in file.read_text()
    )
    other = LESSONS["02-lines"]
    records.register(other)
    assert lateness.terms(records, other, "ada") == ""


def test_an_unknown_time_is_never_late_and_an_earlier_hand_ins_time_is_not_this_ones(records):
    hand_in(records, "ada", timedelta(days=3))
    assert score(records, "ada")[2] > 0
    checks = [check.id.removeprefix("check-") for check in LESSON.checks]
    results = [
        Result(check=check, exercise=check.split("-")[0], status="passed", points=0, earned=40.0 * (check == checks[0]))
        for check in checks
    ]
    records.write(
        Outcome(
            "ada",
            LESSON.folder,
            GRADED,
            results=results,
            essays={essay.id: None for essay in LESSON.essays},
            time=None,
            digest="new",
        ),
        LESSON,
    )
    assert score(records, "ada") == (40.0, 0.0, 0.0)


def collected(tmp_path, name: str, roster: Roster | None = None):
    """The time that a hand-in under this name is given, in a class in Berlin, and what was told."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2031, 1, 1, 12, 0, 0)), notebook_with(LESSON, ROOT, {}))
    came = collect_from(
        LESSON,
        tmp_path / "class.zip",
        tmp_path,
        roster or Roster([Student("ada", "Ada", "Lovelace", number="11")]),
        zone=BERLIN,
    )
    (submission,) = find_submissions(tmp_path, LESSON)
    return submission.time and submission.time.isoformat(), came.notes


def test_the_time_is_the_platforms_in_the_classs_zone_and_never_a_files(tmp_path):
    assert collected(tmp_path, "HW_ada_attempt_2030-07-31-10-00-00_descent.ipynb")[0] == "2030-07-31T08:00:00+00:00"
    assert (
        collected(tmp_path, "1-2 - Ada Lovelace - Aug 1, 2030 1005 PM/descent.ipynb")[0] == "2030-08-01T20:05:00+00:00"
    )
    shutil.rmtree(tmp_path / "submitted")
    assert collected(tmp_path, "Ada Lovelace_11_assignsubmission_file_/descent.ipynb")[0] is None
    worksheet = Roster([Student("ada", "Ada", "Lovelace", number="11", time="Wednesday, 31 July 2030, 10:00 AM")])
    assert (
        collected(tmp_path, "Ada Lovelace_11_assignsubmission_file_/descent.ipynb", worksheet)[0]
        == "2030-07-31T08:00:00+00:00"
    )
    shutil.rmtree(tmp_path / "submitted")
    time, notes = collected(tmp_path, "lovelaceada_LATE_11_99_descent.ipynb")
    assert time is None and any("marks as late" in note and "ada" in note for note in notes)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thursday, 31 January 2030, 6:00 PM", "2030-01-31T17:00:00+00:00"),
        ("Mittwoch, 13. März 2030, 10:15", "2030-03-13T09:15:00+00:00"),
        ("2. Dezember 2030, 10:37", "2030-12-02T09:37:00+00:00"),
        ("05.02.2030 10:00", "2030-02-05T09:00:00+00:00"),
        ("31/01/2030 10:00", "2030-01-31T09:00:00+00:00"),
        ("1/31/2030 9:26:00 PM", "2030-01-31T20:26:00+00:00"),
        ("2030-02-05 10:00:00 -0800", "2030-02-05T18:00:00+00:00"),
        ("05/02/2030 10:00", None),  # in February or in May
        ("2-5-2030 10:00", None),
        ("10:00", None),
        ("7", None),
        ("-", None),
        ("now", None),
    ],
)
def test_a_time_in_the_list_that_cannot_be_told_is_unknown_and_said_to_be(tmp_path, text, moment):
    listed = Roster([Student("ada", "Ada", "Lovelace", number="11", time=text)])
    time, notes = collected(tmp_path, "Ada Lovelace_11_assignsubmission_file_/descent.ipynb", listed)
    assert time == moment
    assert any("cannot be told" in note and f"ada ({text})" in note for note in notes) == (
        moment is None and text not in ("-", "now")
    )
