"""Due dates: who has more time, who came late, and what it costs by nbgrader's own late policy.
No lesson teaches it; `grader extend` gives time, and whatever reads grades calls `settle` first.
Read `PerDay` for a policy that can be switched on in nbgrader_config.py; grader/classroom/records.py holds the scores
that it takes points from."""

from __future__ import annotations

import json
import logging
import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.api import Grade, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import update
from traitlets import Float
from traitlets.config import Application, Config

from course.desk.files import PRIVATE, write_whole
from grader.classroom.records import Records, student_name
from grader.judging.sandbox import ROOT
from grader.lessons.cells import Lesson

SECONDS_A_DAY = 86400
# as Moodle's German tables write them, where English ones are written otherwise
ENGLISH = {
    "januar": "January",
    "februar": "February",
    "märz": "March",
    "mai": "May",
    "juni": "June",
    "juli": "July",
    "oktober": "October",
    "dezember": "December",
}
GERMAN_MONTHS = re.compile(rf"\b(?:{'|'.join(ENGLISH)})\b", re.IGNORECASE)
EVERY_LESSON = "every lesson"  # in the file of extensions: days more than everybody else has, by student


class PerDay(LateSubmissionPlugin):
    """A share of the points for each day begun, after some minutes of grace, up to a most.

    Switch it on in nbgrader_config.py: c.AssignLatePenalties.plugin_class = "grader.classroom.lateness.PerDay".
    """

    share = Float(0.1, help="Of the points reached, for each day begun; in [0, 1].").tag(config=True)
    grace = Float(15.0, help="Minutes that cost nothing.").tag(config=True)
    most = Float(0.5, help="Of the points reached, that lateness may cost; in [0, 1].").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        late = total_seconds_late - 60 * self.grace
        return score * min(self.most, self.share * math.ceil(late / SECONDS_A_DAY)) if late > 0 else None


def settings_of(root: Path) -> Config:
    """What nbgrader_config.py of the course says, wherever the command was typed; one in the folder of today counts
    more."""
    app = NbGrader()
    app.log.setLevel(logging.ERROR)  # it warns where today's folder has none
    app.load_config_file()
    if not Path("nbgrader_config.py").exists():
        Application.load_config_file(app, "nbgrader_config", path=str(root))
    return app.config


@cache
def _configured(root: Path) -> Config:
    return settings_of(root)


@cache
def policy(root: Path = ROOT) -> AssignLatePenalties:
    """nbgrader's preprocessor with the plugin that nbgrader_config.py names (c.AssignLatePenalties.plugin_class);
    without one nothing is taken."""
    return policy_of(_configured(root))


def class_zone(root: Path = ROOT) -> ZoneInfo:
    """The class's one time zone, as nbgrader_config.py names it for nbgrader's own exchange too (c.Exchange.timezone);
    UTC if it does not.

    Raises ValueError for a zone that there is not.
    """
    name = str(_configured(root).Exchange.get("timezone") or "UTC")
    return _zone(name, f"c.Exchange.timezone is {name!r}")


def _zone(name: str, said: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{said}, which is no time zone; one like UTC or Europe/Berlin is wanted") from None


def understood(text: str, zone: tzinfo) -> datetime:
    """The moment that a person or nbgrader wrote down: a date means the end of that day, and a time without a zone is
    in the class's.

    nbgrader writes '2030-01-31 18:00:00.000000 UTC', with a zone's name or as +0100. Raises ValueError for what is no
    time.
    """
    words = text.strip().split()
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59), zone)
    except ValueError:
        pass
    moment = _as_iso(words)
    if moment is None:
        moment = _as_iso(words[:2])
        if moment is None or len(words) != 3 or moment.tzinfo:
            raise ValueError(
                f"{text!r} is no time; one like 2030-01-31, 2030-01-31T18:00 or 2030-01-31T18:00+01:00 is wanted"
            )
        if re.fullmatch(r"[+-]\d\d:?\d\d", words[2]):
            zone = datetime.strptime(words[2], "%z").tzinfo or zone
        elif words[2] != moment.replace(tzinfo=zone).tzname():  # 'CEST' is no zone of its own
            zone = _zone(words[2], f"{text!r} ends with {words[2]!r}")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _as_iso(words: list[str]) -> datetime | None:
    try:
        return datetime.fromisoformat(" ".join(words))
    except ValueError:
        return None


def in_table(text: str, zone: tzinfo) -> datetime | None:
    """A moment as platforms write it into their tables, 'Thursday, 31 January 2030, 6:00 PM' or 'Donnerstag, 31. Januar
    2030, 18:00' say; None where it cannot be told, as in 05/02/2030, which is in February or in May.
    """
    import pandas  # here: no other command needs it

    words = re.sub(r"^[^\W\d_]+, ", "", text.replace("\u202f", " ").strip())  # without the day of the week
    words = GERMAN_MONTHS.sub(lambda month: ENGLISH[month[0].lower()], words)
    if numbers := re.match(r"(\d{1,2})([./-])(\d{1,2})\2\d{4}\b", words):
        first, second = int(numbers[1]), int(numbers[3])
        if numbers[2] != "." and first <= 12 and second <= 12 and first != second:
            return None
        day_first = numbers[2] == "." or first > 12
    elif re.search(r"\b\d{4}(?:\b|\d{4}\b)", words):  # a year: without one, '10:00' would be today
        day_first = False
    else:
        return None
    try:
        moment = pandas.to_datetime(words, dayfirst=day_first)
    except (ValueError, OverflowError, TypeError):
        return None
    if moment is pandas.NaT:
        return None
    found: datetime = moment.to_pydatetime()
    return found if found.tzinfo else found.replace(tzinfo=zone)


def in_words(moment: datetime, zone: tzinfo) -> str:
    """A moment as the class's clock shows it, and in UTC: '2030-01-31 23:59:59 CET (22:59:59 UTC)'."""
    here, there = moment.astimezone(zone), moment.astimezone(UTC)
    day = "" if here.date() == there.date() else f"{there:%Y-%m-%d} "
    return f"{here:%Y-%m-%d %H:%M:%S %Z}" + ("" if here.tzname() == "UTC" else f" ({day}{there:%H:%M:%S} UTC)")


def policy_of(config: Config) -> AssignLatePenalties:
    # It tells each late submission, and so does the table that is printed. A log of its own: nbgrader's is the whole
    # server's.
    log = logging.getLogger(__name__)
    log.setLevel(logging.ERROR)
    step = AssignLatePenalties(config=config, log=log)
    step.init_plugin()
    return step


def settle(records: Records, lesson: Lesson, step: AssignLatePenalties | None = None) -> None:
    """Give every submission of a lesson the time that its student was given, and take what the policy takes, from the
    points as they are now.

    To be called when scores or due dates may have changed: after grading, after points given by hand, after an
    extension.
    """
    given, always = extensions(records), accommodations(records)
    session = records.gradebook.db
    # Who gave points in the very moment in which an outcome was written may have been told of a wait that is over.
    over = update(Grade).where(Grade.manual_score.is_not(None), Grade.needs_manual_grade)
    session.execute(over.values(needs_manual_grade=False))
    session.commit()
    try:
        submissions = records.gradebook.assignment_submissions(lesson.folder)
    except MissingEntry:
        return
    with records.gradebook.db.no_autoflush:
        for submission in submissions:
            due, student = submission.assignment.duedate, submission.student.id
            until = due and _until(due, given.get(lesson.folder, {}).get(student), always.get(student, 0))
            submission.extension = until - due if until and until > due else None
            notebook = submission.notebooks[0]
            penalty = None
            if submission.total_seconds_late > 0:
                step = step or policy()
                score = notebook.score or 0.0
                penalty = step.plugin_inst.late_submission_penalty(
                    submission.student.id, score, submission.total_seconds_late
                )
                penalty = None if penalty is None else min(max(0.0, penalty), score)
            notebook.late_submission_penalty = penalty
    records.gradebook.db.commit()


def extend(records: Records, lesson: Lesson, student: str, until: datetime | None) -> None:
    """Give one student time for a lesson until then, or take it back with None. Raises ValueError where there is no due
    date to extend."""
    student_name(student)
    try:
        due = records.gradebook.find_assignment(lesson.folder).duedate
    except MissingEntry:
        due = None
    if due is None:
        raise ValueError(f"{lesson.folder} has no due date; `grader release {lesson.folder} --due ...` gives it one")
    if until is not None and _naive(until) <= due:
        raise ValueError(f"{_naive(until):%Y-%m-%d %H:%M} UTC is not after the due date, {due:%Y-%m-%d %H:%M} UTC")
    _change(records, lesson.folder, student, until.astimezone(UTC).isoformat() if until else None)
    settle(records, lesson)


def extend_all(records: Records, student: str, days: float) -> None:
    """Give one student so many days more than everybody has in every lesson, those to come included; 0 takes them back.
    Raises ValueError for what is no number of days."""
    student_name(student)
    if not 0 <= days <= 366:
        raise ValueError(f"{days:g} days cannot be given; a number from 0 to 366 is wanted")
    _change(records, EVERY_LESSON, student, days or None)


def _change(records: Records, key: str, student: str, value: str | float | None) -> None:
    """Set one entry of the file of extensions, or with None take it out."""
    with records.alone():
        content = _content(records)
        content.setdefault(key, {}).pop(student, None)
        if value is not None:
            content[key][student] = value
        plain = {key: dict(sorted(those.items())) for key, those in sorted(content.items()) if those}
        write_whole(_file(records), json.dumps(plain, indent=1) + "\n", PRIVATE)


def _until(due: datetime, extension: datetime | None, days: float) -> datetime:
    """Until when a student has time, without a zone as nbgrader has it: the later of an extension and of the days that
    they have in every lesson."""
    return max(due + timedelta(days=days), _naive(extension) if extension else due)


def terms(records: Records, lesson: Lesson, student: str, step: AssignLatePenalties | None = None) -> str:
    """When a lesson is due, for this student if they have more time, and what coming late costs, in words; '' where it
    has no due date."""
    try:
        due = records.gradebook.find_assignment(lesson.folder).duedate
    except MissingEntry:
        due = None
    if due is None:
        return ""
    until = _until(
        due, extensions(records).get(lesson.folder, {}).get(student), accommodations(records).get(student, 0)
    )
    zone = class_zone()
    said = f"Due {in_words(due.replace(tzinfo=UTC), zone)}" + (
        f", for you {in_words(until.replace(tzinfo=UTC), zone)}" if until > due else ""
    )
    return f"{said}. {_cost((step or policy()).plugin_inst)}"


def _cost(plugin: LateSubmissionPlugin) -> str:
    if isinstance(plugin, PerDay):
        return (
            f"Each day begun after that costs {100 * plugin.share:g} per cent of the points reached, "
            f"{100 * plugin.most:g} per cent at most; "
            f"{plugin.grace:g} minutes are free."
        )
    if type(plugin) is not LateSubmissionPlugin:
        return "What coming late costs, your course says."
    return "What comes late has no points." if plugin.penalty_method == "zero" else "Coming late costs no points."


def extensions(records: Records) -> dict[str, dict[str, datetime]]:
    """Until when each student has time, by lesson. Kept beside the gradebook, which can hold it only once something is
    handed in."""
    return {
        folder: {name: datetime.fromisoformat(moment) for name, moment in those.items()}
        for folder, those in _content(records).items()
        if folder != EVERY_LESSON
    }


def accommodations(records: Records) -> dict[str, float]:
    """How many days more than everybody each student has in every lesson; those who have none are not in it."""
    return dict(_content(records).get(EVERY_LESSON, {}))


def _content(records: Records) -> dict[str, dict[str, Any]]:
    """The file of extensions as it is. Raises ValueError for one that cannot be read, or that holds what is no time and
    no number of days."""
    file = _file(records)
    if not file.exists():
        return {}
    try:
        content = json.loads(file.read_text())
        for folder, those in content.items():
            for value in those.values():
                float(value) if folder == EVERY_LESSON else datetime.fromisoformat(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"{file.name} cannot be read ({error}); put it right or delete it") from None
    return content


def _file(records: Records) -> Path:
    return records.classroom / "extensions.json"


def _naive(time: datetime) -> datetime:
    """nbgrader keeps times in UTC without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
