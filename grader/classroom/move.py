"""A gradebook taken from its file into a PostgreSQL server, or back: every row, compared before anybody is told to use
it. No lesson teaches it; `grader move` is it.
Read grader/classroom/gradebook.py first: what says which of the two a class's gradebook is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Base
from sqlalchemy import Connection, Engine, delete, insert, select, text
from sqlalchemy.exc import IntegrityError

from course.desk.files import PRIVATE, write_whole
from grader.classroom import gradebook as books
from grader.classroom.records import Records

ROWS_AT_ONCE = 1000
TABLES = Base.metadata.sorted_tables
MOVED = f"{books.FILE}.moved"  # what a file is called from then on, with the time behind it
HALF = f".{books.FILE}.moving"  # and what one is called while it is written


@dataclass(frozen=True)
class Moved:
    """Where a gradebook was and is, as may be shown; how many rows there are by table; and where the old one stays."""

    before: str
    after: str
    rows: dict[str, int]
    stays: str


def move(classroom: Path, target: str) -> Moved:
    """Take a class's gradebook to another address; `sqlite` is the file in the classroom.

    The note of where it is changes last, once both have been compared row by row, so that a move which was stopped can
    be made again. Raises ValueError, and changes nothing, where the target holds something else, or the two differ.
    """
    room = Path(classroom)
    if not books.is_there(room):
        raise ValueError(f"there is no gradebook in {room} to be moved")
    wanted = books.understood(target, room)
    with Records(room) as records:
        if wanted == records.address:
            raise ValueError(f"the gradebook is in {books.in_words(wanted)} already")
        file = room.resolve() / books.FILE
        into_file = wanted == books.of_file(room)
        beside = file.with_name(HALF)
        with records.alone(), _held(records) as source:
            version = source.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if version != books.version_of_tables():
                raise ValueError("the gradebook was made by another version of nbgrader: `nbgrader db upgrade` first")
            for left in room.glob(f"{HALF}*"):  # by a move that was stopped
                left.unlink()
            if not records.in_a_file and file.exists():
                _put_aside(file)
            with _tables_at(f"sqlite:///{beside}" if into_file else wanted) as there:
                rows = _copy(source, there)
            # Still alone: who waits to write is told, and nothing more gets into the old one.
            stays = books.in_words(records.address)
            if into_file:
                beside.chmod(PRIVATE)
                beside.replace(file)
                (room / books.ADDRESS_FILE).unlink(missing_ok=True)
            else:
                write_whole(room / books.ADDRESS_FILE, wanted + "\n", PRIVATE)
                if records.in_a_file:
                    stays = _put_aside(file)
        return Moved(books.in_words(records.address), books.in_words(wanted), rows, stays)


def _put_aside(file: Path) -> str:
    """Give the file of a gradebook that is another's by now a name of before."""
    name = f"{MOVED}-{datetime.now():%Y%m%dT%H%M%S}"
    file.rename(file.with_name(name))
    return name


def contents(connection: Connection) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of all that is in them, whatever database holds them."""
    found = {}
    for table in TABLES:
        lines = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
        found[table.name] = len(lines), hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()
    return found


def _copy(source: Connection, target: Connection) -> dict[str, int]:
    wanted, there = contents(source), contents(target)
    if there != wanted:
        if any(count for name, (count, _) in there.items() if name != "course"):
            raise ValueError("the target holds another gradebook already; an empty database is wanted")
        for table in reversed(TABLES):
            target.execute(delete(table))
        try:
            for table in TABLES:
                rows = [dict(row) for row in source.execute(select(table)).mappings()]
                for first in range(0, len(rows), ROWS_AT_ONCE):
                    target.execute(insert(table), rows[first : first + ROWS_AT_ONCE])
        except IntegrityError as error:
            said = " ".join(str(error.orig).split())
            raise ValueError(f"a row of {table.name} belongs to something that is not there ({said})") from None
        there = contents(target)
    if there != wanted:
        differ = ", ".join(name for name in wanted if there[name] != wanted[name])
        raise ValueError(f"what was copied is not what was there, in {differ}; nothing was changed")
    return {name: count for name, (count, _) in there.items()}


@contextmanager
def _held(records: Records) -> Iterator[Connection]:
    """The source, which nobody can change meanwhile, not even nbgrader's own programs."""
    records.gradebook.db.remove()
    with records.gradebook.engine.connect() as connection:
        if records.in_a_file:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            names = ", ".join(f'"{table.name}"' for table in TABLES)
            connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        yield connection
        connection.rollback()


@contextmanager
def _tables_at(address: str) -> Iterator[Connection]:
    """The target, its tables made if need be; what is written there is there at the end of the block, or nothing is."""
    engine: Engine = books.engine_of(address)
    try:
        with engine.begin() as connection:
            books.make_tables(connection, address)
            yield connection
    finally:
        engine.dispose()
