"""Handing out and fetching: through nbgrader's exchange where there is one, else from a folder of files.
No lesson teaches it; `grader release` and `grader collect` are it.
Read grader/intake.py next: nothing in what is fetched here has been looked at yet."""

from __future__ import annotations

import os
import pwd
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.files import write_whole
from grader.archives import ENDINGS, Found, is_archive, read_source, within
from grader.cells import Lesson
from grader.grade import REFUSED_FILE
from grader.records import student_name
from grader.roster import Roster

TIMES_FILE = "times_handed_in.txt"  # beside the newest submission


@dataclass
class Collected:
    """Whose submissions were taken, and in words what was left and why."""

    students: list[str]
    left: list[str]


def release(lesson: Lesson, root: Path) -> str:
    """Put the released notebook into the exchange. Gives where, or '' where there is no exchange on this machine."""
    api = _nbgrader(root)
    exchange = _exchange_folder(api)
    if not os.access(exchange, os.W_OK):
        return ""
    _done(api.release_assignment(lesson.folder), f"nbgrader could not release {lesson.folder}")
    return exchange


def collect(lesson: Lesson, root: Path, classroom: Path) -> Collected:
    """Fetch each student's newest submission from nbgrader's exchange into the classroom.

    Who handed a folder in is its owner, and when is the last time that anything in it changed: both are the system's word, while the
    folder's name and the timestamp in it are the learner's. A folder that is named for somebody else is left, unless nbgrader is told
    not to look at owners (ExchangeCollect.check_owner = False, where all learners share one account).
    """
    from nbgrader.exchange.default import ExchangeCollect

    api = _nbgrader(root)
    inbound = Path(_exchange_folder(api)) / api.coursedir.course_id / "inbound"
    if not os.access(inbound, os.R_OK):
        return Collected([], [f"there is no exchange at {inbound.parent.parent}"])
    look_at_owners = ExchangeCollect(coursedir=api.coursedir, config=api.config).check_owner
    result = Collected([], [])
    newest: dict[str, tuple[datetime, Path]] = {}
    times: Counter[str] = Counter()
    for folder in sorted(inbound.glob(f"*+{lesson.folder}+*")):
        try:
            student = student_name(folder.name.rsplit(f"+{lesson.folder}+", 1)[0])
            if folder.is_symlink() or not folder.is_dir():
                raise ValueError("it is not a folder")
            if look_at_owners and (owner := _owner(folder)) != student:
                raise ValueError(f"it is named for {student} and owned by {owner}")
            time = _changed(folder)
            times[student] += 1
        except (ValueError, OSError) as error:
            result.left.append(f"{_shown(folder.name)}: {error}")
            continue
        if student not in newest or newest[student][0] < time:
            newest[student] = time, folder
    for student, (time, folder) in sorted(newest.items()):
        entries = [Found(found.parts, found.data, found.why, time) for found in read_source(folder)]
        _put(student, folder.name, entries, lesson, classroom, result)
        write_whole(classroom / "submitted" / student / lesson.folder / TIMES_FILE, str(times[student]))
    return result


def times_handed_in(lesson: Lesson, classroom: Path) -> dict[str, int]:
    """How often each student handed a lesson in, by the exchange; nobody where what was collected came in files."""
    files = classroom.glob(f"submitted/*/{lesson.folder}/{TIMES_FILE}")
    return {file.parts[-3]: int(text) for file in files if (text := file.read_text().strip()).isdecimal()}


def collect_from(lesson: Lesson, source: Path, classroom: Path, roster: Roster | None = None) -> Collected:
    """Take a class's notebooks from a folder, a zip or tar file as learning platforms make them, or a single notebook.

    The student is in the name of the file or of its outermost folder, by the class list where there is one; the time is the file's.
    Raises FileNotFoundError where there is no such thing, Refused for an archive that cannot be read.
    """
    if not source.exists():
        raise FileNotFoundError(2, "a folder, an archive or a notebook is wanted here", str(source))
    roster, result = roster or Roster(), Collected([], [])
    entries: dict[str, list[Found]] = {}
    for found in _without_common_folder(list(read_source(source))):
        if not is_archive(found.parts[-1]) and not found.parts[-1].endswith(".ipynb") and not found.why:
            if len(found.parts) == 1:
                result.left.append(f"{_shown(found.parts[-1])}: not a notebook")
            else:
                entries.setdefault(found.parts[0], [])
            continue
        entries.setdefault(found.parts[0], []).append(found)
    names: dict[str, str] = {}
    for name, mine in entries.items():
        bare = name
        for ending in ENDINGS:
            bare = bare.removesuffix(ending)
        try:
            student = roster.student_of(bare)
        except ValueError as error:
            result.left.append(f"{_shown(name)}: {error}")
            continue
        if not mine and not roster.students:
            # Without a class list it may be anybody's folder, or nobody's.
            result.left.append(f"{_shown(name)}: no notebook in it")
            continue
        if student in names:
            result.left.append(f"{_shown(name)}: {student} has handed in {_shown(names[student])} too")
            continue
        names[student] = name
        _put(student, name, [inner for found in mine for inner in (within(found) if is_archive(found.parts[-1]) and not found.why else [found])],
             lesson, classroom, result)
    return result


def _put(student: str, name: str, entries: list[Found], lesson: Lesson, classroom: Path, result: Collected) -> None:
    """Put a student's notebook in the classroom; where there is none that can be taken, the reason, so that it becomes an outcome."""
    folder = classroom / "submitted" / student / lesson.folder
    notebooks = [found for found in entries if found.parts[-1].endswith(".ipynb")]
    whole = [found for found in notebooks if not found.why]
    named = [found for found in whole if found.parts[-1] == f"{lesson.name}.ipynb"]
    chosen = named if len(named) == 1 else whole
    if len(chosen) == 1:
        write_whole(folder / f"{lesson.name}.ipynb", chosen[0].data)
        if chosen[0].time:
            write_whole(folder / "timestamp.txt", chosen[0].time.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
        (folder / REFUSED_FILE).unlink(missing_ok=True)
        result.students.append(student)
        return
    if len(chosen) > 1:
        why = f"{len(chosen)} notebooks, and one is wanted"
    else:
        why = next((f"{found.parts[-1]}: {found.why}" for found in notebooks or entries if found.why), f"no notebook: a file named {lesson.name}.ipynb is wanted")
    result.left.append(f"{_shown(name)}: {why}")
    if not (folder / f"{lesson.name}.ipynb").exists():
        write_whole(folder / REFUSED_FILE, why)


def _without_common_folder(found: list[Found]) -> list[Found]:
    """An archive of one folder is that folder: what everything in it has in common says nothing about whose it is."""
    found = [one for one in found if one.parts]
    if len({one.parts[0] for one in found}) == 1 and all(len(one.parts) > 2 for one in found) and len({one.parts[1] for one in found}) > 1:
        return [Found(one.parts[1:], one.data, one.why, one.time) for one in found]
    return found


def _owner(folder: Path) -> str:
    number = folder.lstat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _changed(folder: Path) -> datetime:
    """The last time that anything in a folder changed; the learner can set the other times of a file, not this one."""
    return datetime.fromtimestamp(max(entry.lstat().st_ctime for entry in (folder, *folder.rglob("*"))), UTC)


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:120])


def _nbgrader(root: Path) -> Any:
    """nbgrader's own API with the course's configuration."""
    from nbgrader.apps import NbGrader
    from nbgrader.apps.api import NbGraderAPI

    app = NbGrader()
    app.config_file_paths.insert(0, str(root))
    app.load_config_file()
    return NbGraderAPI(config=app.config)


def _exchange_folder(api: Any) -> str:
    from nbgrader.exchange.default import Exchange

    return str(Exchange(config=api.config).root)


def _done(answer: dict[str, Any], words: str) -> None:
    if not answer.get("success"):
        log = (answer.get("error") or answer.get("log") or "").strip().splitlines()
        raise OSError(1, f"{words}: {log[-1] if log else 'it did not say why'}")
