"""What a case is: an attack as data, the notebook that carries it, and the world outside that it reaches for.
The cases themselves are in escape.py, tamper.py, forge.py, leak.py, deny.py, bad_input.py, feedback.py and archives.py.
Read cases.py next, which lists all eighty, then test_attacks.py, which runs them."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXERCISE = "finite_difference"
NOTHING, OTHERS, WHOLE = "nothing", "the other exercises' points", "all points"
# What an attack that got somewhere prints. The word is put together when it runs, so that no source text holds it.
HEADER = 'def gained(*what):\n    print("GAI" + "NED", *what)\n\n'
GAINED = "GAINED"


@dataclass(frozen=True)
class Attack:
    """One hostile or odd submission.

    cell: code at the top of the cell of EXERCISE; body: what the function there does. change: what else is done to the
    notebook, in place. data: what is done to its bytes. after: code at the end of the cell. In `cell`, @FOLDER@, @PORT@
    and @MARK@ stand for what a World has.
    """

    cell: str = ""
    body: str = "return 0.0"
    change: Callable[[dict], Any] | None = None
    data: Callable[[bytes], bytes] | None = None
    after: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """One of the eighty.

    defence: what stops it, in which module. gets: NOTHING where all answers but the attack are missing, OTHERS where
    those to the other exercises are right, WHOLE where that of EXERCISE is right too. status and words: of the outcome;
    any of the statuses will do. before: attacks that are graded first, in the same sandbox. folder: writes what is
    handed in into an empty folder, given a right and a wrong notebook.
    left: words about what was not collected. real: how it was seen to succeed with the defence taken away: 'plain' (its
    cell in a process of its own), 'shared' (the checks in the learner's process, as stock nbgrader has them), 'test' (a
    test of its own), else what was done by hand.
    """

    number: int
    title: str
    section: str
    defence: str
    real: str
    attacks: tuple[Attack, ...] = ()
    gets: str = NOTHING
    status: tuple[str, ...] = ("graded",)
    words: str = ""
    before: tuple[Attack, ...] = ()
    folder: Callable[[Path, bytes, bytes], Any] | None = None
    left: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class World:
    """What lies outside: a classroom with a gradebook and a secret, a port where somebody listens, a word that is in no
    submission."""

    folder: Path
    port: int
    secret: str
    heard: list[str]

    def fill(self, text: str) -> str:
        """A text with the world's places in it."""
        return (
            text.replace("@FOLDER@", str(self.folder))
            .replace("@PORT@", str(self.port))
            .replace("@MARK@", f"mark-{self.folder.name}")
        )

    def state(self) -> str:
        """A digest of every file in the classroom, by name."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return hashlib.sha256(b"\0".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Make a world in an empty folder, and listen on a port and on a socket with a name, while the block runs."""
    secret = f"SECRET-{secrets.token_hex(8)}"
    (folder / "submitted" / "ben" / "03-descent").mkdir(parents=True)
    for name in ("secret", "submitted/ben/03-descent/descent.ipynb", "kernel-1.json", "results.json", "token"):
        (folder / name).write_text(json.dumps({"key": secret, "score": 50}))
    with sqlite3.connect(folder / "gradebook.db") as book:
        book.execute("create table grade (student text, score real)")
        book.execute("insert into grade values ('ben', ?)", (secret,))
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[str] = []
    with listener:
        yield World(folder, listener.getsockname()[1], secret, heard)
        listener.setblocking(False)
        try:
            while True:
                heard.append(str(listener.accept()[1]))
        except BlockingIOError:
            pass


def function(body: str, name: str = EXERCISE) -> str:
    """The learner's answer to an exercise, with this body."""
    return f"@exercise\ndef {name}(*given, **named):\n" + "\n".join(f"    {line}" for line in body.splitlines()) + "\n"


def notebook(attack: Attack, case: Case, released: str, right: dict[str, str], outside: World) -> bytes:
    """The notebook that carries an attack: the released one, with the case's right answers in it and the attack's
    cell."""
    texts = dict(right) if case.gets != NOTHING else {}
    answer = right[EXERCISE] if case.gets == WHOLE and attack.body == Attack.body else function(attack.body)
    texts[EXERCISE] = "\n".join(
        part
        for part in (HEADER + outside.fill(attack.cell) if attack.cell else "", answer, outside.fill(attack.after))
        if part
    )
    texts.update((name, outside.fill(text)) for name, text in attack.texts)
    content = json.loads(released)
    for cell in content["cells"]:
        name = cell["id"].partition("-")[2]
        if cell["id"] in (f"exercise-{name}", f"answer-{name}") and name in texts:
            cell["source"] = texts[name]
    if attack.change:
        attack.change(content)
    data = json.dumps(content).encode()
    return attack.data(data) if attack.data else data


def code(source: str, id: str = "mine", **metadata: Any) -> dict:
    """A code cell that a learner added."""
    return {
        "cell_type": "code",
        "id": id,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
        "source": source,
    }


def cells_of(content: dict, prefix: str) -> list[dict]:
    """The cells of a notebook whose id begins with the prefix, 'check-' say."""
    return [cell for cell in content["cells"] if cell["id"].startswith(prefix)]


def place(folder: Path, name: str, data: bytes) -> Path:
    """Write a file somewhere below a folder, and give where."""
    file = folder / name
    os.makedirs(file.parent, exist_ok=True)
    file.write_bytes(data)
    return file
