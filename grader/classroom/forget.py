"""What is kept of whom, for how long, and deleting it: one person's, everybody's whose time is over, or a whole term's.
No lesson teaches it; `grader forget` is it, and nbgrader_config.py says how long (c.Keeping.days).
Read grader/classroom/records.py first: where the things lie that are deleted here."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Base
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from traitlets import Int
from traitlets.config import Config, Configurable

from course.desk.files import write_whole
from grader.classroom.gradebook import ADDRESS_FILE, FILE, drop_tables
from grader.classroom.lateness import settings_of
from grader.classroom.records import Records, student_name
from grader.judging.sandbox import ROOT

# A folder or file for each student lies below these; what else lies in a class's folder is nobody's here, and is left.
BY_STUDENT = ("submitted", "autograded", "feedback")
OF_A_TERM = (*BY_STUDENT, "outcomes", "results", "reports", "solution", "source_with_tests", "secret")


class Keeping(Configurable):
    """How long a class's data is kept: c.Keeping.days in nbgrader_config.py."""

    days = Int(
        0,
        help="Days after a student's last hand-in, after which `grader forget --expired` deletes all that is kept of "
        "them; 0 for ever.",
    ).tag(config=True)


@dataclass
class Forgotten:
    """What was deleted, as files and folders, and in words what could not be."""

    students: list[str]
    deleted: list[Path] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def settings(root: Path = ROOT) -> Config:
    """What nbgrader_config.py says."""
    return settings_of(root)


def people(records: Records) -> set[str]:
    """Everybody of whom anything is kept, in the gradebook or beside it."""
    room = records.classroom
    found = {student.id for student in records.gradebook.students}
    found |= {folder.name for kind in BY_STUDENT for folder in (room / kind).glob("*") if folder.is_dir()}
    return found | {file.stem for file in (room / "outcomes").glob("*/*.json")}


def expired(records: Records, days: int, now: datetime | None = None) -> list[str]:
    """The students whose last hand-in is longer ago. Who has handed nothing in goes with the last of the class."""
    if days <= 0:
        return []
    since = (now or datetime.now(UTC)) - timedelta(days=days)
    everybody = people(records)
    last = {student: times for student in everybody if (times := list(_times(records.classroom, student)))}
    over = {student for student, times in last.items() if max(times) < since}
    return sorted(everybody if last and len(over) == len(last) else over)


def _times(room: Path, student: str) -> Iterator[datetime]:
    for file in (*room.glob(f"submitted/{student}/*/*.ipynb"), *room.glob(f"outcomes/*/{student}.json")):
        yield datetime.fromtimestamp(file.lstat().st_mtime, UTC)


def forget(records: Records, students: Collection[str], config: Config | None = None) -> Forgotten:
    """Delete all that is kept of these students: what they handed in first, so that no later run brings any of it back.

    The gradebook's rows go last. Stopped in between, the same call goes on. Raises ValueError, before anything is
    deleted, for one of whom nothing is kept.
    """
    everybody = people(records)
    for student in students:
        if student_name(student) not in everybody:
            near = [other for other in sorted(everybody) if student.casefold() in other.casefold()][:3]
            there = f"there is {', '.join(near)}" if near else f"{len(everybody)} students are in the gradebook"
            raise ValueError(f"nothing is kept of {student!r}; {there}")
    done = Forgotten(sorted(students))
    for student in done.students:
        room = records.classroom
        for place in (
            *_in_exchange(config, room, student),
            *(room / kind / student for kind in BY_STUDENT),
            *sorted(room.glob(f"outcomes/*/{student}.json")),
        ):
            _delete(place, done)
    _forget_results(records.classroom, done)
    for report in sorted((records.classroom / "reports").glob("*.*")):
        _delete(report, done)  # it names students, as letters after a regrade do; `grader report` writes it anew
    for file in sorted(records.classroom.glob("*.json")):
        _forget_in(file, set(students))
    left = () if records.in_a_file else (records.classroom / FILE,)
    for old in (*sorted(room.glob(f"{FILE}.moved-*")), *sorted(room.glob(f".{FILE}.moving*")), *left):
        _delete(old, done)  # the gradebook as it was before `grader move`, or half of it: they are in it too
    known = {student.id for student in records.gradebook.students}
    for student in known & set(students):
        records.gradebook.remove_student(student)
    _empty_pages(records)
    return done


def forget_term(classroom: Path, config: Config | None = None) -> Forgotten:
    """Delete a whole class: everybody's work, the gradebook, the secret that hidden inputs were drawn from.

    What no command of this course put there is left. Raises FileNotFoundError where there is no class.
    """
    if not any((classroom / name).exists() for name in (FILE, ADDRESS_FILE, "submitted", "outcomes")):
        raise FileNotFoundError(2, "there is no class here", str(classroom))
    with Records(classroom) as records:
        done = Forgotten(sorted(people(records)))
        if not records.in_a_file:
            drop_tables(records.gradebook)
    for student in done.students:
        for place in _in_exchange(config, classroom, student):
            _delete(place, done)
    for place in (
        *(classroom / name for name in OF_A_TERM),
        *sorted(classroom.glob("*.json")),
        *sorted(classroom.glob(f"{FILE}*")),
        classroom / ADDRESS_FILE,
    ):
        _delete(place, done)
    done.left += [f"{place}: not put there by this course" for place in sorted(classroom.iterdir())]
    return done


def _delete(place: Path, done: Forgotten) -> None:
    if not place.exists() and not place.is_symlink():
        return
    try:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
        done.deleted.append(place)
    except OSError as error:
        done.left.append(f"{place}: {error.strerror or error}")


def _forget_results(room: Path, done: Forgotten) -> None:
    """Results that were kept for texts which nobody has any more."""
    texts = {text for file in room.glob("outcomes/*/*.json") if (text := _read(file).get("text"))}
    for file in sorted(room.glob("results/*/*.json")):
        if file.stem not in texts:
            _delete(file, done)


def _forget_in(file: Path, students: set[str]) -> None:
    """Take students out of a file that holds something for several: extensions.json."""
    content = _read(file)
    without = _without(content, students)
    if without != content:
        write_whole(file, json.dumps(without, indent=1) + "\n", mode=file.stat().st_mode & 0o777)


def _without(content: Any, students: set[str]) -> Any:
    if isinstance(content, dict):
        return {
            key: _without(value, students)
            for key, value in content.items()
            if key not in students and not (isinstance(value, str) and value in students)
        }
    if isinstance(content, list):
        return [_without(value, students) for value in content if not (isinstance(value, str) and value in students)]
    return content


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _in_exchange(config: Config | None, room: Path, student: str) -> Iterator[Path]:
    """What the exchange has of a student: hand-ins, and pages of feedback, named by the secret of a hand-in."""
    if config is None:
        return
    course = Path(Exchange(config=config).root) / CourseDirectory(config=config).course_id
    yield from sorted((course / "inbound").glob(f"{student}+*"))
    for secret in room.glob(f"submitted/{student}/*/submission_secret.txt"):
        name = secret.parent.name
        with contextlib.suppress(OSError):
            page = notebook_hash(secret=secret.read_text(), notebook_id=name.split("-", 1)[-1])
            yield course / "feedback" / name / f"{page}.html"


def _empty_pages(records: Records) -> None:
    """A database leaves what was deleted in its files until the place is used again: have them written anew. A server
    can do it only while nobody reads; it then clears the place for the next, as far as it can."""
    records.gradebook.db.commit()
    with records.gradebook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if records.in_a_file:
            connection.execute(text("VACUUM"))
            return
        connection.execute(text("SET lock_timeout = '5s'"))
        for table in Base.metadata.sorted_tables:
            try:
                connection.execute(text(f'VACUUM FULL "{table.name}"'))
            except OperationalError:
                connection.execute(text(f'VACUUM "{table.name}"'))
