"""Handing out, fetching and giving back: through nbgrader's exchange where there is one, else from a folder of files.
No lesson teaches it; `grader release` and `grader collect` are it, and the form grader's buttons come here by
grader/classroom/nbgrader.py. Read grader/judging/intake.py next: nothing in what is fetched here has been looked at
yet."""

from __future__ import annotations

import os
import pwd
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from course.desk.files import PRIVATE, write_whole
from grader.classroom.archives import (
    DEEPEST_FOLDER,
    MOST_MEMBERS,
    TEXTS,
    Found,
    is_archive,
    is_notebook,
    read_source,
    stem,
)
from grader.classroom.identity import Names, Whose
from grader.classroom.lateness import in_table, settings_of
from grader.classroom.outermost import entries_of
from grader.classroom.platforms import METADATA
from grader.classroom.pool import SECRET_FILE, Collected, put, shown
from grader.classroom.records import Records, student_name
from grader.classroom.roster import Roster, known_class
from grader.judging.grade import find_submissions
from grader.judging.intake import Refused
from grader.lessons.cells import Lesson

TIMES_FILE = "times_handed_in.txt"  # beside the newest submission
# Gradescope's table and Brightspace's list of contents lie beside the students' folders
PLATFORMS_OWN = (
    METADATA,
    "index.html",
)


def release(lesson: Lesson, root: Path) -> str:
    """Put the released notebook into the exchange. Gives where, or '' where there is no exchange on this machine."""
    api = _nbgrader(root)
    exchange = _exchange_folder(api)
    if not os.access(exchange, os.W_OK):
        return ""
    _done(api.release_assignment(lesson.folder), f"nbgrader could not release {lesson.folder}")
    return exchange


def collect(lesson: Lesson, root: Path, classroom: Path) -> Collected:
    """Fetch each student's newest submission from nbgrader's exchange, as the course's configuration names it, into the
    classroom."""
    from nbgrader.exchange.default import ExchangeCollect

    api = _nbgrader(root)
    return collect_by(ExchangeCollect(coursedir=api.coursedir, config=api.config), lesson, classroom)


def collect_by(action: Any, lesson: Lesson, classroom: Path, students: Collection[str] | None = None) -> Collected:
    """Fetch each student's newest submission, or those of these students only, by the settings of an ExchangeCollect.

    Who handed a folder in is its owner, and when is the last time that anything in it changed: both are the system's
    word, while the folder's name and the timestamp in it are the learner's. A folder that is named for somebody else is
    left, unless nbgrader is told not to look at owners (ExchangeCollect.check_owner = False, where all learners share
    one account).
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
            result.left.append(f"{shown(folder.name)}: {error}")
            continue
        if students is not None and student not in students:
            continue
        if student not in newest or newest[student][0] < time:
            newest[student] = time, folder
    for student, (time, folder) in sorted(newest.items()):
        try:
            entries = [replace(found, time=time, handed_in=time) for found in read_source(folder, of_one=True)]
        except (Refused, OSError) as error:
            result.left.append(f"{shown(folder.name)}: {error}")
            continue
        put(
            student,
            folder.name,
            entries,
            lesson,
            classroom,
            result,
            secret=next((found.data for found in entries if found.parts == (SECRET_FILE,)), b""),
        )
        write_whole(classroom / "submitted" / student / lesson.folder / TIMES_FILE, str(times[student]), PRIVATE)
    return result


def times_handed_in(lesson: Lesson, classroom: Path) -> dict[str, int]:
    """How often each student handed a lesson in, by the exchange; nobody where what was collected came in files."""
    files = classroom.glob(f"submitted/*/{lesson.folder}/{TIMES_FILE}")
    return {file.parts[-3]: int(text) for file in files if (text := file.read_text().strip()).isdecimal()}


def collect_from(
    lesson: Lesson,
    source: Path,
    classroom: Path,
    roster: Roster | None = None,
    given: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
) -> Collected:
    """Take a class's notebooks from a folder, a zip or tar file as learning platforms make them, or a single notebook.

    Whose each file is, all names tell together (grader/classroom/identity.py), by the class list and by the one in the
    gradebook; all that is a student's goes into one pool. given: whose a file is, by its name, where a person says so.
    The time is what the platform wrote, in the class's zone, else unknown. Raises FileNotFoundError where there is no
    such thing, Refused for an archive that cannot be read, ValueError where a file or student that a person named is
    none.
    """
    if not source.exists():
        raise FileNotFoundError(2, "a folder, an archive or a notebook is wanted here", str(source))
    known, given, result = known_class(classroom), given or {}, Collected([], [])
    roster = roster.joined(known) if roster else known
    files = [found for found in read_source(source) if found.parts]
    systems = [found for found in files if found.left_behind]
    entries, metadata = entries_of(files, stem(source.name), roster, lesson)
    folders = {name for name, mine in entries.items() if any(len(found.parts) > 1 for found in mine)}
    names = [name for name in entries if name in folders or is_notebook(name) or is_archive(name)]
    texts = [name for name in entries if name not in names and name.lower().endswith(TEXTS)]
    identity = Names(names, sorted(folders), roster, lesson, texts, metadata)
    by_hand = {name: given[each] for name in entries for each in (name, shown(name)) if each in given}
    if missing := sorted(set(given) - set(by_hand) - set(map(shown, by_hand))):
        came = ", ".join(map(shown, entries))[:300]
        raise ValueError(f"--as names {missing[0]!r}, and nothing of that name came; what came: {came}")
    pools: dict[str, list[Found]] = {}
    labels: dict[str, list[str]] = {}
    late: set[str] = set()
    unread: dict[str, str] = {}
    for name, mine in entries.items():
        whose = Whose((_meant(by_hand[name], roster),)) if name in by_hand else identity.whose(name)
        content = [found for found in mine if not found.left_behind]
        if name not in names and not (name in texts and whose.students):
            why = "" if name in PLATFORMS_OWN else mine[0].why or "not a notebook"
        elif roster.open and name in folders and not any(_may_hold_one(found) for found in content):
            why = "no notebook in it"  # without a class list it may be anybody's folder, or nobody's
        else:
            why = whose.why
        if why or not whose.students:
            result.left += [f"{shown(name)}: {why}"] if why else []
            continue
        if name not in folders and is_notebook(whose.file):
            content = [replace(found, parts=(whose.file,)) for found in content]
        for student in whose.students:
            listed = next((one.time for one in roster.students if one.id == student), "")
            when = _in_zone(whose.time, zone) or (in_table(listed, zone) if listed else None)
            unread |= {student: listed} if not when and re.search(r"\d", listed) else {}
            pools.setdefault(student, []).extend(replace(found, handed_in=when) for found in content)
            labels.setdefault(student, []).append(name)
            late |= {student} if whose.late and not when else set()
    for student, mine in pools.items():
        put(student, ", ".join(labels[student]), mine, lesson, classroom, result)
    if systems:
        some = ", ".join(dict.fromkeys(shown("/".join(found.parts)) for found in systems[:3]))
        more = ", ..." if len(systems) > 3 else ""
        result.notes.append(f"{len(systems)} files that a system left behind are not looked at: {some}{more}")
    if unread:
        some = ", ".join(f"{student} ({shown(text)})" for student, text in sorted(unread.items())[:3])
        result.notes.append(
            f"of {len(unread)} the list's time of handing in cannot be told, and unknown is never late: {some}"
            f"{', ...' if len(unread) > 3 else ''}"
        )
    if late:
        who = ", ".join(sorted(late))
        result.notes.append(f"the platform marks as late, and does not say when: {who}; nothing is taken off for that")
    return result


def _may_hold_one(found: Found) -> bool:
    return is_notebook(found.name) or is_archive(found.name) or bool(found.why)


def _in_zone(time: datetime | None, zone: tzinfo) -> datetime | None:
    return time if time is None or time.tzinfo else time.replace(tzinfo=zone)


def _meant(student: str, roster: Roster) -> str:
    """The student that a person named. Raises ValueError for one who is not in the class."""
    if roster.open or any(student == one.id for one in roster.students):
        return student_name(student)
    raise ValueError(f"--as names the student {student!r}, who is neither in the class list nor in the gradebook")


def give_back(records: Records, lesson: Lesson, target: Path, students: Collection[str] | None = None) -> Collected:
    """Put the pages of feedback that were written into a folder where learners fetch them, each under the name that
    nbgrader looks for.

    The name comes from the secret in the submission, so whoever has not handed it in cannot guess it. A page about an
    earlier hand-in than the one that was collected last is left: under the newer one's name it would tell of answers
    that are no longer there.
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
            result.left.append(
                f"{student}: not handed in through the exchange, so the page is not given back there: {page}"
            )
        elif outcome["time"] != (time.isoformat() if time else None):
            result.left.append(
                f"{student}: has handed in again since this was graded; autograde and generate feedback first"
            )
        else:
            write_whole(
                target / f"{notebook_hash(secret=secret.read_text(), notebook_id=lesson.name)}.html", page.read_bytes()
            )
            result.students.append(student)
    return result


def _owner(folder: Path) -> str:
    number = folder.lstat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _changed(folder: Path) -> datetime:
    """The last time that anything in a folder changed; the learner can set the other times of a file, not this one."""
    changes, waiting = [folder.lstat().st_ctime], [(folder, 0)]
    while waiting:
        inner, depth = waiting.pop()
        with os.scandir(inner) as entries:
            for entry in entries:
                changes.append(entry.stat(follow_symlinks=False).st_ctime)
                if entry.is_dir(follow_symlinks=False) and depth < DEEPEST_FOLDER:
                    waiting.append((Path(entry.path), depth + 1))
                if len(changes) > MOST_MEMBERS:
                    raise ValueError(f"it holds more than {MOST_MEMBERS:,} files; the notebook alone is wanted")
    return datetime.fromtimestamp(max(changes), UTC)


def _nbgrader(root: Path) -> Any:
    """nbgrader's own API with the course's configuration."""
    from nbgrader.apps.api import NbGraderAPI

    return NbGraderAPI(config=settings_of(root))


def _exchange_folder(api: Any) -> str:
    from nbgrader.exchange.default import Exchange

    return str(Exchange(config=api.config).root)


def _done(answer: dict[str, Any], words: str) -> None:
    if not answer.get("success"):
        log = (answer.get("error") or answer.get("log") or "").strip().splitlines()
        raise OSError(1, f"{words}: {log[-1] if log else 'it did not say why'}")
