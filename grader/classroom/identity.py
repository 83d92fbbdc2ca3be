"""Whose file it is: from what a platform wrote into all the names of an archive, and the class list, to one student, or
the reason why not. No lesson teaches it; grader/classroom/exchange.py asks it for all names of an archive together.
Read grader/classroom/platforms.py (what a name says) and grader/classroom/roster.py (who may be meant) first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grader.classroom.archives import stem
from grader.classroom.names import ascii_name, likenesses, squeezed, without_copy
from grader.classroom.platforms import Readings, Said, recognise
from grader.classroom.records import student_name
from grader.classroom.roster import Roster
from grader.lessons.cells import Lesson

SIDES = ("front", "back")


@dataclass(frozen=True)
class Whose:
    """The students of one name (several handed in together, mostly one), or why that cannot be told; when, and whether
    the platform calls it late. file: the learner's part of the name.
    """

    students: tuple[str, ...] = ()
    why: str = ""
    time: datetime | None = None
    late: bool = False
    file: str = ""


class Names:
    """All names of an archive and whose each is.

    names: of the outermost folders, notebooks and archives; folders: those of them that are folders; texts: of pages of
    text beside them. metadata: Gradescope's table.
    """

    def __init__(
        self,
        names: Sequence[str],
        folders: Sequence[str],
        roster: Roster,
        lesson: Lesson,
        texts: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.names, self.folders, self.roster, self.lesson = names, set(folders), roster, lesson
        self.platforms = recognise(
            names or texts, folders, texts if names else (), metadata or {}, lambda name: len(roster.exactly(name)) == 1
        )
        self._fronts = {id(readings): self._shared_fronts(readings) for readings in self.platforms}
        self._numbers = {id(readings): self._numbers_agree(readings) for readings in self.platforms}
        self._sides, everywhere = self._usual_sides()
        if any(set(names) <= set(readings) for readings in self.platforms):
            # A platform's archive: what else its names may say the learner wrote. But one name alone, or names that
            # have somebody at the same side without exception, may be a form's as well as a platform's.
            self._sides = SIDES if len(names) == 1 else everywhere
        elif everywhere:
            # a form's or drive's own part is in each name, and what looks like a platform's is the learner's
            self.platforms = []
        self._claimed: dict[str, set[str]] = {}  # who would get which new id
        if roster.open:
            for readings in self.platforms:
                for said in (said for those in readings.values() for said in those if not said.ends):
                    self._claimed.setdefault(_new_id(said), set()).add(said.number or said.email or said.name)

    def whose(self, name: str) -> Whose:
        """Whose a name is: an exact id wins, then what the platform says, then a likeness; two students, or none, is
        nobody.
        """
        readings = [readings for readings in self.platforms if name in readings]
        exact = self.roster.exactly(stem(name))
        if len(exact) == 1 and not readings:
            return Whose(tuple(exact))
        if not readings:
            return self._by_itself(name)
        answers: list[tuple[tuple[str, ...], str]] = []
        for those in readings:
            if 2 * sum(each in those for each in self.names) < len(self.names):
                return Whose(why=f"it reads as a name of {those[name][0].platform}'s, and most names here do not")
            try:
                answers.append((tuple(dict.fromkeys(self._student(said, those) for said in those[name])), ""))
            except ValueError as error:
                answers.append(((), str(error)))
        if len({students for students, _ in answers}) > 1:
            return Whose(
                why=" and ".join(
                    f"{those[name][0].platform} would mean {' and '.join(students) or 'nobody of the class'}"
                    for those, (students, _) in zip(readings, answers, strict=True)
                )
                + ": it reads in more than one way"
            )
        (students, why), said = answers[0], readings[0][name][0]
        if not students:
            return Whose(why=why)
        alone = len(readings) == 1
        found = Whose(students, why, said.time if alone else None, said.late, said.file if alone else "")
        own = self.roster.named(said.name) if said.name else set()
        return found if name in self.folders else self._against_the_sides(found, stem(name), own)

    def _against_the_sides(self, found: Whose, text: str, own: Iterable[str] = ()) -> Whose:
        """What was found, unless the place where this archive's names have their student names another, or one of
        several. own: who has the name that the platform itself wrote in front.
        """
        there = {side: self._at(side, text) for side in self._sides}
        if set(own) == there.get("front") and there["front"] & set(found.students):
            del there["front"]
        others = set().union(*there.values()) - set(found.students)
        if not found.students or not others or self.roster.exactly(text) == set(found.students):
            return found
        return Whose(
            why=f"it would mean {' and '.join(found.students)} and a part of its name {_several(others)}: it reads in "
            "more than one way"
        )

    # What a platform says

    def _student(self, said: Said, readings: Readings) -> str:
        """The one that is meant. Raises ValueError where nobody is, or more than one may be."""
        if said.ends:
            return self._by_its_end(said, readings)
        if self.roster.open:
            return self._new(said)
        if said.email or said.id:
            found = self.roster.exactly(said.email) or self.roster.exactly(said.id) or self.roster.named(said.name)
            return _one(found, said.name or said.id)
        return self._by_name_and_number(said, readings)

    def _by_name_and_number(self, said: Said, readings: Readings) -> str:
        called, numbered = self.roster.named(said.name), self.roster.numbered(said.number)
        if not called:
            called = {
                student.id
                for student in self.roster.students
                if student.id == ascii_name(said.name) and not student.names
            }
        if len(numbered) > 1 and len(numbered & called) == 1:
            numbered &= called
        if len(numbered) > 1:
            raise ValueError(f"number {said.number} is {_several(numbered)}'s in the class list")
        agree = self._numbers[id(readings)]
        if numbered:
            mine = next(iter(numbered))
            if called and mine not in called:
                raise ValueError(
                    f"its number, {said.number}, is {mine}'s in the class list, and its name {_several(called)}'s"
                )
            if (
                not called
                and not agree
                and not self.roster.of(mine).participant
                and not self._may_be(said, mine, readings)
            ):
                raise ValueError(
                    f"its number, {said.number}, is {mine}'s in the class list, and its name, {said.name[:60]!r}, is "
                    "not"
                )
            return mine
        if len(called) == 1 and agree and said.number and self.roster.of(next(iter(called))).number:
            mine = next(iter(called))
            raise ValueError(
                f"its name is {mine}'s, whose number is {self.roster.of(mine).number} in the class list, and not "
                f"{said.number}"
            )
        return _one(called, said.name)

    def _may_be(self, said: Said, student: str, readings: Readings) -> bool:
        """Whether a name that is not the student's may still be theirs: no name is known, all have the same (nobody is
        to be known), or a part fits.
        """
        known, everybody = self.roster.of(student), {each.name for those in readings.values() for each in those}
        letters = squeezed(said.name)
        return (
            not known.names
            or len(everybody) == 1 < len(readings)
            or any(squeezed(part) in letters for part in (known.first_name, known.last_name) if len(squeezed(part)) > 2)
        )

    def _numbers_agree(self, readings: Readings) -> bool:
        """Whether the class list's numbers are this platform's: they are those of most whom the names tell."""
        compared = [
            self.roster.of(next(iter(called))).number == said.number
            for those in readings.values()
            for said in those
            if len(called := self.roster.named(said.name)) == 1 and self.roster.of(next(iter(called))).number
        ]
        return 2 * sum(compared) > len(compared)

    # What stands in front of an id is the same for a whole archive

    def _shared_fronts(self, readings: Readings) -> set[str]:
        """What may stand in front of the ids: what all names share, up to a separator, and of that what leads to most
        students of the class.

        More than one where that leaves two ways to read them: 'HW_ada_l' alone is ada_l's or l's.
        """
        texts = {said.ends: said.separator for those in readings.values() for said in those if said.ends}
        shared = (
            [
                front
                for front in _fronts(*next(iter(texts.items())))
                if all(text.startswith(front) and text != front for text in texts)
            ]
            if texts
            else []
        )
        if len(shared) < 2:
            return set(shared)
        meant = {front: sum(len(self.roster.exactly(text[len(front) :])) == 1 for text in texts) for front in shared}
        best = [front for front in shared if meant[front] == max(meant.values()) >= 2]
        lessons = [front for front in best or shared if is_the_lesson(front, self.lesson)]
        return set(best if len(best) == 1 else lessons if len(lessons) == 1 else shared)

    def _by_its_end(self, said: Said, readings: Readings) -> str:
        fronts = self._fronts[id(readings)] or set(_fronts(said.ends, said.separator))
        ids = sorted({said.ends[len(front) :] for front in fronts})
        if self.roster.open:
            if len(ids) != 1:
                raise ValueError(f"it may be {_several(set(ids))}'s: a class list tells" if ids else _nobody(said.ends))
            return student_name(ids[0])
        return _one({student for each in ids for student in self.roster.exactly(each)}, ids[0] if ids else said.ends)

    # Names that no platform made

    def _by_itself(self, name: str) -> Whose:
        """A file or folder that is named for a student as a whole, or for a student and the lesson, as drives and forms
        do.
        """
        whole = stem(name) if name not in self.folders else name
        texts = list(dict.fromkeys((whole, without_copy(whole))))
        for find in (self.roster.exactly, self.roster.named, self.roster.mailed):
            for text in texts:
                if found := find(text):
                    return self._against_the_sides(_answer(found, text), whole)
        if self.roster.open:
            try:
                return Whose((student_name(without_copy(whole)),))
            except ValueError as error:
                return Whose(why=str(error))
        by_side = {
            side: {student for text in texts for student in self._at(side, text)}
            for side in SIDES
            if side in self._sides
        }
        if not by_side:
            by_side = {
                side: {student for text in texts for student in self._at(side, text, only_the_lesson=True)}
                for side in SIDES
            }
        found = set().union(*by_side.values())
        return _answer(found, whole)

    def _at(self, side: str, text: str, only_the_lesson: bool = False) -> set[str]:
        """Who may be meant at the front or the back of a name: 'Ada Lovelace - lines', 'lines_ada'.

        Google Forms puts ' - ' and the name behind a file's name, Microsoft Forms '_' and the name; Dropbox's file
        requests put the name in front.
        """
        found: set[str] = set()
        for separator in (" - ", "_"):
            parts = text.split(separator)
            for cut in range(1, len(parts)):
                front, back = separator.join(parts[:cut]), separator.join(parts[cut:])
                who, rest = (front, back) if side == "front" else (back, front)
                if not only_the_lesson or is_the_lesson(rest, self.lesson):
                    found |= self.roster.exactly(without_copy(who)) or self.roster.named(without_copy(who))
        return found

    def _usual_sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where the names of this archive have the student, if more than half of them have one there; and where all
        have.
        """
        rest = [stem(name) for name in self.names if name not in self.folders]
        counts = {side: sum(bool(self._at(side, name)) for name in rest) for side in SIDES}
        sides = tuple(side for side, count in counts.items() if count >= 2 and 2 * count > len(rest))
        return sides, tuple(side for side in sides if counts[side] == len(self.names))

    # Where nobody gave a list

    def _new(self, said: Said) -> str:
        student = _new_id(said)
        if len(self._claimed.get(student, ())) > 1:
            raise ValueError(f"two people of this archive would be {student}; a class list tells them apart")
        return student_name(student)


def _fronts(text: str, separator: str) -> list[str]:
    """What may stand in front of an id: the text up to each separator."""
    return [
        text[: found.end()]
        for found in re.finditer(re.escape(separator), text)
        if found.start() > 0 and found.end() < len(text)
    ]


def _new_id(said: Said) -> str:
    """An id for somebody of whom only a platform's file tells."""
    return ascii_name(said.email.split("@")[0] or said.id or said.name)


def is_the_lesson(text: str, lesson: Lesson) -> bool:
    words = {
        squeezed(lesson.name),
        squeezed(lesson.folder),
        squeezed(lesson.title),
        squeezed(f"lesson {lesson.folder[:2]}"),
        squeezed(f"lesson {int(lesson.folder[:2])}"),
    }
    return bool(likenesses(without_copy(text.strip(" -_"))) & words)


def _answer(found: set[str], text: str) -> Whose:
    try:
        return Whose((_one(found, text),))
    except ValueError as error:
        return Whose(why=str(error))


def _one(found: Iterable[str], text: str) -> str:
    students = sorted(found)
    if len(students) == 1:
        return students[0]
    raise ValueError(
        f"several people in the class list answer to {text[:60]!r}: {_several(set(students))}"
        if students
        else _nobody(text)
    )


def _nobody(text: str) -> str:
    return f"nobody in the class list answers to {text[:60]!r}"


def _several(students: set[str]) -> str:
    return " and ".join(sorted(students)) if len(students) < 5 else f"{len(students)} people"
