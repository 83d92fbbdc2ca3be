"""All that came of one student for a lesson, and the one notebook of it that is graded; what is left out is told, what
was typed is kept. No lesson teaches it; grader/classroom/exchange.py puts what it fetched through it.
Read grader/classroom/archives.py first. In the end submitted/STUDENT/LESSON/ has what grader/judging/grade.py looks
for."""

from __future__ import annotations

import codecs
import html
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from course.desk.files import PRIVATE, write_whole
from grader.classroom.archives import TEXTS, Found, is_archive, is_notebook, stem, within
from grader.classroom.names import squeezed, without_copy
from grader.judging.grade import REFUSED_FILE
from grader.judging.intake import BESIDE_FILE, LONGEST_BESIDE, Refused, read_notebook
from grader.lessons.cells import Lesson

# the exchange's: known to the learner who handed in and to the class's folder, it names the feedback's file
SECRET_FILE = "submission_secret.txt"
SECRET = re.compile(rb"[0-9a-f]{32,256}")
TIME_FORM = "%Y-%m-%d %H:%M:%S.%f UTC"
SAME_TIME = 2.0  # seconds: a zip file counts in twos
# The page that Blackboard packs with each attempt (kwurst/bb-file-cleanup, bbcleanup.py) has only these where nothing
# was typed.
BLACKBOARDS_OWN = (
    "There are no student comments for this assignment",
    "There is no student submission text data for this assignment",
)
CUT = "\n\n[What was typed is cut off here: the whole is on the platform]"


@dataclass
class Collected:
    """Whose submissions were taken; in words, what was left and why, and what else a person should know."""

    students: list[str]
    left: list[str]
    notes: list[str] = field(default_factory=list)


def shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:120])


def opened(files: Sequence[Found]) -> list[Found]:
    """The files with those of the archives among them, one level deep."""
    return [
        inner if inner is found else Found(inner.parts, inner.data, inner.why, found.time, found.handed_in)
        for found in files
        for inner in (within(found) if is_archive(found.name) and not found.why else [found])
    ]


def put(
    student: str,
    label: str,
    files: Sequence[Found],
    lesson: Lesson,
    classroom: Path,
    result: Collected,
    secret: bytes = b"",
) -> None:
    """Put a student's notebook in the classroom; where there is none that can be taken, the reason, so that it becomes
    an outcome.

    label: the names that the files came under. A notebook that lies there already stays unless this one is newer and
    can be read.
    """
    folder = classroom / "submitted" / student / lesson.folder
    files = [found for found in opened(files) if not found.left_behind]
    chosen, why = choose(files, lesson)
    reason = _not_instead(chosen, folder, lesson) if chosen else why
    _keep_texts(student, files, folder, result, instead=not reason)
    if chosen is None:
        result.left.append(f"{shown(label)}: {why}")
        if not (folder / f"{lesson.name}.ipynb").exists():
            write_whole(folder / REFUSED_FILE, why, PRIVATE)
        return
    if reason:
        result.left.append(f"{shown(label)}: {reason}")
        return
    out = [
        found.name for found in files if is_notebook(found.name) and found is not chosen and found.data != chosen.data
    ]
    if out:
        result.notes.append(
            f"{student}: of {len(out) + 1} notebooks {shown(chosen.name)} is taken; left out: "
            f"{shown(', '.join(dict.fromkeys(out)))}"
        )
    _write(chosen, folder, lesson)
    (folder / REFUSED_FILE).unlink(missing_ok=True)
    (folder / SECRET_FILE).unlink(missing_ok=True)  # that of an earlier hand-in would show this one's feedback under it
    if SECRET.fullmatch(secret):
        write_whole(folder / SECRET_FILE, secret, PRIVATE)
    result.students.append(student)


def choose(files: Sequence[Found], lesson: Lesson) -> tuple[Found | None, str]:
    """The notebook to grade, or None and why: of the lesson's name if there is one, then this lesson by its cells, then
    of the newest attempt.

    Within one attempt the lesson's plain name goes before 'lines-Copy1', and where names say nothing the newest file
    before the others.
    """
    notebooks = [found for found in files if is_notebook(found.name)]
    pool = [found for found in notebooks if not found.why]
    if not pool:
        why = next((f"{shown(found.name)}: {found.why}" for found in notebooks or files if found.why), "")
        came = ", ".join(dict.fromkeys(shown(found.name) for found in files))[:120]
        return None, why or f"no notebook: a file named {lesson.name}.ipynb is wanted" + (
            f", and what came is {came}" if came else ""
        )
    named = [found for found in pool if lesson.name in re.split(r"[\W\d_]+", stem(found.name).lower())]
    for candidates in (named, pool):
        if fitting := [found for found in candidates if len(pool) == 1 or fits(found, lesson)]:
            pool = fitting
            break
    else:
        pool = named or pool
    times = [found.handed_in for found in pool if found.handed_in]
    if times:
        pool = [found for found in pool if found.handed_in == max(times)]
    for name in (lambda found: stem(found.name), lambda found: without_copy(stem(found.name))):
        exact = [found for found in pool if squeezed(name(found)) in (squeezed(lesson.name), squeezed(lesson.folder))]
        pool = exact or pool
        if len({found.data for found in pool}) == 1:
            return pool[0], ""
    own = sorted((found.time for found in pool if found.time), reverse=True)
    if len(own) == len(pool) and (own[0] - own[1]).total_seconds() > SAME_TIME:
        return max(pool, key=lambda found: found.time or own[-1]), ""
    return (
        None,
        f"{len(pool)} notebooks, and one is wanted: "
        f"{', '.join(shown('/'.join(found.parts[-2:])) for found in pool[:4])}",
    )


def fits(found: Found, lesson: Lesson) -> bool:
    """Whether a notebook can be read and is this lesson by its cells."""
    try:
        read_notebook(found.data, lesson)
    except Refused:
        return False
    return True


def _not_instead(new: Found, folder: Path, lesson: Lesson) -> str:
    """Why this one does not replace what was collected earlier; '' where it does, or where nothing was."""
    old = folder / f"{lesson.name}.ipynb"
    if not old.is_file() or old.read_bytes() == new.data:
        return ""
    try:
        read_notebook(new.data, lesson)
    except Refused as refusal:
        return f"{refusal}; what was collected earlier stays"
    before = _time_in(folder / "timestamp.txt")
    if new.handed_in and before:
        older = new.handed_in < before
    else:
        older = new.time is not None and (old.stat().st_mtime - new.time.timestamp()) > SAME_TIME
    return (
        "it is older than what was collected before, which stays; to take it all the same, delete "
        f"{shown('/'.join(old.parts[-4:]))} first"
        if older
        else ""
    )


def _time_in(stamp: Path) -> datetime | None:
    try:
        return datetime.strptime(stamp.read_text(), TIME_FORM).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None


def _write(chosen: Found, folder: Path, lesson: Lesson) -> None:
    """The notebook, under its own time, and when it was handed in where the platform says so; without its word there is
    no time, and nobody is late.
    """
    notebook, stamp = folder / f"{lesson.name}.ipynb", folder / "timestamp.txt"
    same = notebook.is_file() and notebook.read_bytes() == chosen.data
    write_whole(notebook, chosen.data, PRIVATE)
    if time := chosen.time or chosen.handed_in:
        os.utime(notebook, (time.timestamp(), time.timestamp()))
    if chosen.handed_in:
        write_whole(stamp, chosen.handed_in.astimezone(UTC).strftime(TIME_FORM), PRIVATE)
    elif not same:
        stamp.unlink(missing_ok=True)


def _keep_texts(student: str, files: Sequence[Found], folder: Path, result: Collected, instead: bool) -> None:
    """Keep what was typed into a field of the platform, beside the notebook.

    instead: whether it is of the hand-in that is taken; else it stands behind what came with an earlier one.
    """
    pages = [found for found in files if found.name.lower().endswith(TEXTS) and not is_notebook(found.name)]
    texts = [(found.name, words) for found in pages if (words := typed(found))]
    if not texts:
        return
    file, words = folder / BESIDE_FILE, "".join(f"{name}\n\n{words}\n\n" for name, words in texts)
    if not instead and file.is_file():
        before = file.read_text(encoding="utf-8")
        words = before if words in before else before + words
    if len(words) > LONGEST_BESIDE:
        words = words[: LONGEST_BESIDE - len(CUT)] + CUT
    write_whole(file, words, PRIVATE)
    result.notes.append(
        f"{student}: text came beside the notebook ({shown(', '.join(name for name, _ in texts))}); it is kept in "
        f"{'/'.join(folder.parts[-3:])}/{BESIDE_FILE}"
    )


def typed(found: Found) -> str:
    """The words of a page of text; '' where it has none, or only the platform's."""
    if found.name in (SECRET_FILE, "timestamp.txt") or found.name.lower().endswith(".yml"):
        return ""
    wide = found.data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = found.data.decode("utf-16" if wide else "utf-8", "replace")
    if found.name.lower().endswith((".html", ".htm")):
        text = re.sub(r"<img\b[^<>]*>", " [a picture that is on the platform only] ", text, flags=re.IGNORECASE)
        text = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    elif all(line in text for line in BLACKBOARDS_OWN):
        return ""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()).strip()
