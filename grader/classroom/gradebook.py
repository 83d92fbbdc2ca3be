"""Which database a class's gradebook is: a file of its own (SQLite), or a PostgreSQL server's. Where it is told, how it
is opened, and who may write at once. No lesson teaches it; grader/classroom/records.py opens what is found here.
Read `address_of` first; grader/classroom/move.py takes a gradebook from one to the other."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import nbgrader.api
from nbgrader.api import Base, Gradebook
from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from course.desk.files import PRIVATE, write_whole

COURSE = "landscape-of-loss"
SECONDS_TO_WAIT = 60  # for somebody else who has the gradebook locked: the form grader, while it saves
FILE, ADDRESS_FILE = "gradebook.db", "gradebook.url"  # in the classroom; the second only where it is not the first
VARIABLE = "GRADER_DB"  # the same as --db, for all commands and nbgrader's servers
SERVER = "postgresql+psycopg"
# Our locks in a database, for each schema, which may be another class's: of who writes, and of what is being written.
# The second ends with its transaction, also where a process was killed whose last word the server still carries out.
LOCK = "SELECT pg_advisory_xact_lock({}, hashtext(current_setting('search_path')))"
ONE_WRITER, ONE_TRANSACTION = LOCK.format(27448778), LOCK.format(27448779)
EXAMPLE = f"{SERVER}://teacher@database.example/deep"


def address_of(classroom: Path, given: str = "") -> str:
    """The address of a class's gradebook: given, or the environment's GRADER_DB, or what was given before, or the file
    in the classroom.

    Raises ValueError for an address of another kind, or another one than the class has: its points would be in two.
    """
    room = Path(classroom)
    wanted, has = given or os.environ.get(VARIABLE, ""), noted(room)
    if not wanted:
        return has or of_file(room)
    address = understood(wanted, room)
    if has and make_url(address) != make_url(has):
        raise ValueError(
            f"this class's gradebook is {in_words(has)}, not {in_words(address)}; `grader move` takes it there"
        )
    return address


def noted(classroom: Path) -> str:
    """The address that a class's gradebook has by now; '' where it has none."""
    known = Path(classroom) / ADDRESS_FILE
    has = known.read_text(encoding="utf-8").strip() if known.exists() else ""
    return has or (of_file(classroom) if (Path(classroom) / FILE).exists() else "")


def remember(classroom: Path, given: str) -> None:
    """Note an address that was given, so that later commands and the form grader find the gradebook without it."""
    file = Path(classroom) / ADDRESS_FILE
    if given and not file.exists() and (address := address_of(classroom, given)) != of_file(classroom):
        opened(address).close()  # before it is noted: what is noted cannot be named otherwise any more
        write_whole(file, address + "\n", PRIVATE)


def is_there(classroom: Path) -> bool:
    """Whether a class has a gradebook. That of a server counts as there."""
    return (Path(classroom) / FILE).exists() or not address_of(classroom).startswith("sqlite")


def of_file(classroom: Path) -> str:
    """The address of the file in the classroom, as nbgrader's configuration has it."""
    return f"sqlite:///{Path(classroom).resolve() / FILE}"


def understood(given: str, classroom: Path) -> str:
    """An address in full; `sqlite` is the file in the classroom, and `{classroom}` a name of this classroom's own (in
    the address of a schema, say). Raises ValueError for one of another kind."""
    if given in ("sqlite", of_file(classroom)):
        return of_file(classroom)
    name = hashlib.sha256(str(Path(classroom).resolve()).encode()).hexdigest()[:16]
    try:
        url = make_url(given.replace("{classroom}", f"class_{name}"))
    except (ArgumentError, ValueError):  # a port that is no number is told by int
        raise ValueError(
            f"{in_words(given)} is no address of a database; one like {EXAMPLE} is wanted, or sqlite"
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername=SERVER)
    if url.drivername != SERVER or not url.database:
        raise ValueError(f"{in_words(given)} cannot be a gradebook; an address like {EXAMPLE} is wanted, or sqlite")
    return url.render_as_string(hide_password=False)


def in_words(address: str) -> str:
    """An address as it may be shown: without the password, wherever in it that is."""
    try:
        url = make_url(address)
        if "password" in url.query:
            url = url.update_query_dict({"password": "***"})
        return url.render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return repr(re.sub(r"(:)[^:]*(@)|(password=)[^&]*", r"\1\3***\2", address))


def schema_of(address: str) -> str:
    """The schema that an address names as its search_path, '' where it names none."""
    options = make_url(address).query.get("options", "")
    found = re.search(r"search_path=(\w+)", options if isinstance(options, str) else " ".join(options))
    return found[1] if found else ""


def opened(address: str) -> Gradebook:
    """The gradebook at an address, its tables made where there are none. Raises ValueError where the database is
    somebody else's, or the package that talks to it is not installed."""
    if address.startswith("sqlite"):
        return Gradebook(f"{address}?timeout={SECONDS_TO_WAIT}", COURSE)
    engine = engine_of(address)
    try:
        with engine.begin() as connection:  # all of it or nothing, and one at a time: two commands may come first
            make_tables(connection, address)
    finally:
        engine.dispose()
    book = Gradebook(address, COURSE)
    book.engine.pool._pre_ping = True  # a server that was started again meanwhile is asked again
    return book


def engine_of(address: str) -> Engine:
    """SQLAlchemy's way to an address. Raises ValueError, with what to do, where the package for it is not installed."""
    try:
        return create_engine(address)
    except ImportError:
        raise ValueError(
            "a gradebook in PostgreSQL needs a package that is not installed: pip install 'landscape-of-loss[cluster]'"
        ) from None


def make_file(file: Path) -> None:
    """A new gradebook in a file, made under another name first: one that was left half made would never be finished.
    Nothing happens where another process was quicker."""
    with locked(file.parent):
        if file.exists():
            return
        beside = file.resolve().parent / f".gradebook.{os.getpid()}.db"
        nbgrader.api.get_alembic_version = version_of_tables
        Gradebook(f"sqlite:///{beside}", COURSE).close()
        beside.chmod(PRIVATE)
        beside.replace(file)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Within the block no other process of this machine has the same folder locked; the system ends it with the
    process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a folder of the network may know no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_tables(connection: Connection, address: str) -> None:
    """nbgrader's tables, and its note of their version, in the schema that the address names, if it names one; nothing
    changes where they are. Raises ValueError where there are other tables."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(ONE_WRITER))
    if schema := schema_of(address):
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    names = set(inspect(connection).get_table_names())
    if names and "alembic_version" not in names:
        raise ValueError(
            f"{in_words(address)} holds tables of something else ({', '.join(sorted(names)[:3])}); a database of its "
            "own is wanted"
        )
    if not names:
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version_of_tables()})
        connection.execute(insert(Base.metadata.tables["course"]).values(id=COURSE))


def drop_tables(book: Gradebook) -> None:
    """Take a server's gradebook away, with all that is in it."""
    book.db.remove()
    with book.engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '30s'"))
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


class OneWriter:
    """One of this course's commands writes at a time, whatever process or machine it is in; others wait for it.

    A file's lock is its classroom folder's; a server's is the server's own, which ends with the connection. Who holds
    it may ask for it again.
    """

    def __init__(self, classroom: Path, book: Gradebook, address: str) -> None:
        self._classroom, self._book, self._address = classroom, book, address
        self._mine, self._depth = threading.RLock(), 0
        if book.engine.dialect.name != "sqlite":
            event.listen(book.db, "after_begin", self._begun)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Raises ValueError where the gradebook was moved since it was opened: what is written would be in the old."""
        with self._mine:
            if self._depth:
                yield
                return
            self._depth = 1
            try:
                with locked(self._classroom) if self._book.engine.dialect.name == "sqlite" else self._server():
                    if (now := noted(self._classroom)) and make_url(now) != make_url(self._address):
                        raise ValueError(f"the gradebook was moved to {in_words(now)} meanwhile; start this anew")
                    yield
            finally:
                self._depth = 0

    @contextlib.contextmanager
    def _server(self) -> Iterator[None]:
        with self._book.engine.connect() as connection:
            connection.execute(text(ONE_WRITER))
            self._book.db.rollback()  # what was read before may be another's by now
            try:
                yield
                self._book.db.commit()
            except BaseException:
                self._book.db.rollback()
                raise

    def _begun(self, session: object, transaction: object, connection: Connection) -> None:
        if self._depth:
            connection.execute(text(ONE_TRANSACTION))


def version_of_tables() -> str:
    """What nbgrader writes into a new gradebook. It would start `alembic` for it, if that is on the PATH, and wait for
    some seconds."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory(str(Path(nbgrader.api.__file__).parent / "alembic")).get_current_head())
