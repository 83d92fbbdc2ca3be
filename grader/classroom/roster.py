"""Who is in the class, who of it a name, a number or an id means, and the class as the gradebook has it.
No lesson teaches it; grader/classroom/identity.py asks it whose a file is, and an export whose row a row is.
Read grader/classroom/names.py first; grader/classroom/class_lists.py makes it of a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from grader.classroom.gradebook import is_there
from grader.classroom.names import likenesses, squeezed
from grader.classroom.records import Records


@dataclass(frozen=True)
class Student:
    """One of the class. id is the name in the gradebook; number the one that a learning platform gives; others: what
    else it knows them by.

    derived: whether the id was made of an address or a number, for the list has none. participant: whether the number
    is Moodle's of a participant. listed: whether a class list says who they are, not only an earlier hand-in. time:
    when they handed in, as text, where the list has it; line: where in the list.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""
    others: tuple[str, ...] = ()
    participant: bool = False
    derived: bool = False
    listed: bool = True
    time: str = ""
    line: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The full name in both orders; none where it is not known."""
        first, last = self.first_name.strip(), self.last_name.strip()
        return (f"{first} {last}", f"{last} {first}") if first and last else (first or last,) if first or last else ()


@dataclass
class Roster:
    """The class. open: nobody gave a list, so a name that is nobody's yet may be a new student's."""

    students: list[Student] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return not any(student.listed for student in self.students)

    @cached_property
    def _known(self) -> dict[str, dict[str, set[str]]]:
        """Who has each id, address, number and name: looked up for every name of an archive, in a class of any size."""
        known: dict[str, dict[str, set[str]]] = {}
        for one in self.students:
            others = {key.casefold() for key in (*one.others, one.number)}
            for kind, words in (
                ("id", {one.id}),
                ("any case", {one.id.casefold()}),
                ("mail", {one.email.casefold()}),
                ("mail name", {one.email.split("@")[0].casefold()}),
                ("number", {one.number}),
                ("other", others),
                ("letters", set(map(squeezed, one.names))),
                ("like", set().union(*map(likenesses, one.names))),
            ):
                for word in words - {""}:
                    known.setdefault(kind, {}).setdefault(word, set()).add(one.id)
        return known

    def _who(self, kind: str, *words: str) -> set[str]:
        return set().union(*(self._known.get(kind, {}).get(word, set()) for word in words))

    def exactly(self, text: str) -> set[str]:
        """Who has this as id, else as id in other letters' case, else as whole mail address, else as another of the
        platform's names for them.
        """
        low = text.casefold()
        return self._who("id", text) or self._who("any case", low) or self._who("mail", low) or self._who("other", low)

    def numbered(self, number: str) -> set[str]:
        return self._who("number", number)

    def named(self, name: str) -> set[str]:
        """Who is called so: letter by letter but for case, blanks and punctuation, else with accents and foreign
        letters spelt out.
        """
        return self._who("letters", squeezed(name)) or self._who("like", *likenesses(name))

    def mailed(self, word: str) -> set[str]:
        return self._who("mail name", word.casefold())

    def of(self, id: str) -> Student:
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> dict[str, Student]:
        return {student.id: student for student in self.students}

    def joined(self, known: Roster) -> Roster:
        """This list with all who are known already. Who is in both is one person, under the id that is known: by id,
        else by mail, number or whole name. What this list says of them is added.
        """
        merged, claimed = {student.id: student for student in known.students}, set[str]()
        for student in self.students:
            mine = known.match(student)
            if mine is None or mine in claimed:
                merged.setdefault(student.id, student)
                continue
            claimed.add(mine)
            old = merged[mine]
            merged[mine] = replace(
                old,
                first_name=student.first_name or old.first_name,
                last_name=student.last_name or old.last_name,
                email=student.email or old.email,
                number=student.number or old.number,
                listed=True,
                time=student.time,
                participant=student.participant,
                others=tuple(dict.fromkeys(filter(None, (*old.others, old.number, *student.others, student.id)))),
            )
        return Roster(list(merged.values()))

    def match(self, other: Student, by_name: bool = False) -> str | None:
        """Who of these the person in another list is; None where nobody is, or more than one may be.

        by_name: whether a name is enough for one whose id is of another kind; it is for one whose list has no ids.
        """
        if other.id in self._by_id:
            return other.id
        keys = [key.casefold() for key in (other.number, *other.others)]
        found = self._who("any case", other.id.casefold()) or self._who("mail", other.email.casefold())
        if not found:
            keyed = self._who("other", *keys) | self._who("any case", *keys)
            found = {id for id in keyed if _may_be(self.of(id), other)}
        if not found and other.names and (by_name or other.derived):
            found = {id for id in self.named(other.names[0]) if not (self.of(id).email and other.email)}
        return found.pop() if len(found) == 1 else None


def _may_be(one: Student, other: Student) -> bool:
    """Whether two names may be one person's: a number of one kind can be another person's of another kind."""
    mine, theirs = (set().union(*map(likenesses, each.names)) for each in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def enter(roster: Roster, records: Records) -> tuple[int, list[str]]:
    """Put a class list into the gradebook. Gives how many were not there before, and who is there and not in the list:
    they stay.
    """
    known = {student.id: student for student in records.gradebook.students}
    for student in roster.students:
        about = {
            "first_name": student.first_name,
            "last_name": student.last_name,
            "email": student.email,
            "lms_user_id": student.number or next(iter(student.others), ""),
        }
        given = {what: value for what, value in about.items() if value}
        if student.id not in known or known[student.id].first_name is None:
            given.setdefault("first_name", "")  # says that a list named them: whom only a hand-in brought has none
        records.gradebook.update_or_create_student(student.id, **given)
    mine = {student.id for student in roster.students}
    return len(mine - set(known)), sorted(set(known) - mine)


def class_of(records: Records) -> Roster:
    """The class as the gradebook has it."""
    return Roster(
        [
            Student(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                student.lms_user_id or "",
                listed=student.first_name is not None,
            )
            for student in records.gradebook.students
        ]
    )


def known_class(classroom: Path) -> Roster:
    """The class as the gradebook of a classroom has it; nobody where there is none yet."""
    if not is_there(classroom):
        return Roster()
    with Records(classroom) as records:
        return class_of(records)
