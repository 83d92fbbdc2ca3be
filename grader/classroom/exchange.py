"""Handing out, fetching and giving back: through nbgrader's exchange where there is one, else from a folder of files.
No lesson teaches it; `grader release` and `grader collect` are it, and the form grader's buttons come here by grader/classroom/nbgrader.py.
Read grader/judging/intake.py next: nothing in what is fetched here has been looked at yet."""

from __future__ import annotations

import os
import pwd
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.desk.files import write_whole
from grader.classroom.archives import ENDINGS, Found, is_archive, read_source, within
from grader.lessons.cells import Lesson
from grader.judging.grade import REFUSED_FILE, find_submissions
from grader.classroom.records import Records, student_name
from grader.classroom.roster import Roster

TIMES_FILE = "times_handed_in.txt"  # beside the newest submission
SECRET_FILE = "submission_secret.txt"  # the exchange's: known to the learner who handed in and to the class's folder, it names the feedback's file
SECRET = re.compile(rb"[0-9a-f]{32,256}")


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
    """Fetch each student's newest submission from nbgrader's exchange, as the course's configuration names it, into the classroom."""
    from nbgrader.exchange.default import ExchangeCollect

    api = _nbgrader(root)
    return collect_by(ExchangeCollect(coursedir=api.coursedir, config=api.config), lesson, classroom)


def collect_by(action: Any, lesson: Lesson, classroom: Path, students: Collection[str] | None = None) -> Collected:
    """Fetch each student's newest submission, or those of these students only, by the settings of an ExchangeCollect.

    Who handed a folder in is its owner, and when is the last time that anything in it changed: both are the system's word, while the
    folder's name and the timestamp in it are the learner's. A folder that is named for somebody else is left, unless nbgrader is told
    not to look at owners (ExchangeCollect.check_owner = False, where all learners share one account).
    """
    inbound = Path(action.root) / action.coursedir.course_id / "inbound"
    if not os.access(inbound, os.R_OK):
        return Collected([], [f"there is no exchange at {inbound.parent.parent}"])
    result = Collected([], [])
    newest: dict[str, tuple[datetime, Path]] = {}
    times: Counter[str] = Counter()
    for folder in sorted(inbound.glob(f"*+{lesson.folder}+*")):
        try:
            student = student_name(folder.name.rsplit(f"+{lesson.folder}+", 1)[0])
            if folder.is_symlink() or not folder.is_dir():
                raise ValueError("it is not a folder")
            if action.check_owner and (owner := _owner(folder)) != student:
                raise ValueError(f"it is named for {student} and owned by {owner}")
            time = _changed(folder)
            times[student] += 1
        except (ValueError, OSError) as error:
            result.left.append(f"{_shown(folder.name)}: {error}")
            continue
        if students is not None and student not in students:
            continue
        if student not in newest or newest[student][0] < time:
            newest[student] = time, folder
    for student, (time, folder) in sorted(newest.items()):
        entries = [Found(found.parts, found.data, found.why, time) for found in read_source(folder)]
        _put(student, folder.name, entries, lesson, classroom, result, secret=next((found.data for found in entries if found.parts == (SECRET_FILE,)), b""))
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


def give_back(records: Records, lesson: Lesson, target: Path, students: Collection[str] | None = None) -> Collected:
    """Put the pages of feedback that were written into a folder where learners fetch them, each under the name that nbgrader looks for.

    The name comes from the secret in the submission, so whoever has not handed it in cannot guess it. A page about an earlier
    hand-in than the one that was collected last is left: under the newer one's name it would tell of answers that are no longer there.
    """
    from nbgrader.utils import notebook_hash

    result = Collected([], [])
    given_in = {submission.student: submission for submission in find_submissions(records.classroom, lesson)}
    for outcome in records.outcomes(lesson):
        student = outcome["student"]
        page = records.feedback_file(lesson.folder, student, lesson.name)
        if students is not None and student not in students:
            continue
        secret = records.classroom / "submitted" / student / lesson.folder / SECRET_FILE
        time = given_in[student].time if student in given_in else None
        if not page.exists():
            result.left.append(f"{student}: no page is written yet; generate feedback first")
        elif not secret.exists():
            result.left.append(f"{student}: not handed in through the exchange, so the page is not given back there: {page}")
        elif outcome["time"] != (time.isoformat() if time else None):
            result.left.append(f"{student}: has handed in again since this was graded; autograde and generate feedback first")
        else:
            write_whole(target / f"{notebook_hash(secret=secret.read_text(), notebook_id=lesson.name)}.html", page.read_bytes())
            result.students.append(student)
    return result


def _put(student: str, name: str, entries: list[Found], lesson: Lesson, classroom: Path, result: Collected, secret: bytes = b"") -> None:
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
        (folder / SECRET_FILE).unlink(missing_ok=True)  # that of an earlier hand-in would show this one's feedback under it
        if SECRET.fullmatch(secret):
            write_whole(folder / SECRET_FILE, secret, mode=0o600)
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
