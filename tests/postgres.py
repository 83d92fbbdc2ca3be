"""A PostgreSQL server for tests: made, started on a socket of its own as an account that is not root, ended and deleted
again. With TEST_GRADEBOOK=postgresql in the environment every classroom of every test has its gradebook there, each in
a schema of its own. Read grader/classroom/gradebook.py first; tests/classroom/test_postgres.py is for it alone."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from grader.classroom.gradebook import FILE, address_of, schema_of

EVERYWHERE = os.environ.get("TEST_GRADEBOOK") == "postgresql"
IN_A_FILE = pytest.mark.skipif(EVERYWHERE, reason="it is about the file that SQLite keeps")


def programs() -> Path:
    """The folder of PostgreSQL's programs, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    if here := shutil.which("initdb"):
        found.append(Path(here).parent)
    if not found:
        raise RuntimeError("PostgreSQL is not installed; .ci/system-packages postgresql does it")
    return found[-1]


class Server:
    """address: its database `test`; with `{classroom}` in it, a schema for each class."""

    def __init__(self, folder: Path, account: str | None) -> None:
        self._folder, self._as = folder, {"user": account, "group": pwd.getpwnam(account).pw_gid} if account else {}
        self.address = f"postgresql+psycopg://grader@/postgres?host={folder}"
        self.of_each_class = f"{self.address}&options=-csearch_path={{classroom}}"

    def make(self) -> None:
        words = [programs() / "initdb", "-D", self._folder / "data", "-U", "grader", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*words, "--locale=C.UTF-8", "--no-sync"], check=True, capture_output=True, cwd="/", **self._as)

    def start(self) -> None:
        """Start it and wait until it answers. Nothing is kept for a power cut: it lives for these tests."""
        settings = ("listen_addresses=", f"unix_socket_directories={self._folder}", "fsync=off", "max_connections=300")
        self._process = subprocess.Popen(
            [
                programs() / "postgres",
                "-D",
                self._folder / "data",
                *(word for each in settings for word in ("-c", each)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                self.ask("SELECT 1")
                return
            except OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the database did not come up") from None
                time.sleep(0.1)

    def stop(self) -> None:
        """As an administrator does it: whoever is connected is cut off."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=60)

    def ask(self, question: str) -> list:
        engine = create_engine(self.address, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                answer = connection.execute(text(question))
                return list(answer) if answer.returns_rows else []
        finally:
            engine.dispose()


@contextmanager
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path may have 107 characters
    account = None
    if os.getuid() == 0:
        names = {each.pw_name for each in pwd.getpwall()}
        account = "postgres" if "postgres" in names else "nobody"
        shutil.chown(folder, account)
    mine = Server(folder, account)
    try:
        mine.make()
        mine.start()
        yield mine
    finally:
        if hasattr(mine, "_process"):
            mine.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server() as mine:
        yield mine


@pytest.fixture(scope="session", autouse=EVERYWHERE)
def every_gradebook(postgres) -> Iterator[None]:
    """Where the environment asks for it: whatever a test opens, and whatever it starts, has its gradebook there."""
    os.environ["GRADER_DB"] = postgres.of_each_class
    yield
    del os.environ["GRADER_DB"]


def wiped(classroom: Path, request: pytest.FixtureRequest) -> None:
    """Delete the gradebook of a classroom, wherever it is."""
    if EVERYWHERE:
        schema = schema_of(address_of(classroom))
        request.getfixturevalue("postgres").ask(f"DROP SCHEMA {schema} CASCADE")
    else:
        (classroom / FILE).unlink()
