"""What all commands share: how a lesson and a class are named, and problems that end in one line.
No lesson teaches it. Read grader/cli.py first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.lessons.cells import Lesson, LessonError

ROOT = Path(__file__).resolve().parents[2]
LessonName = Annotated[str, typer.Argument(metavar="LESSON", help="A lesson: 02-lines, lines, 02 or 2.")]
Classroom = Annotated[
    Path,
    typer.Option(
        "--classroom", metavar="FOLDER", help="Where the class's data lies: submissions, gradebook, feedback."
    ),
]
Database = Annotated[
    str,
    typer.Option(
        "--db",
        metavar="ADDRESS",
        help="The gradebook, where it is a server's: postgresql+psycopg://... Named once, it is known from then on.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
CLASSROOM = ROOT / "classroom"


class Problem(Exception):
    """Something that the command cannot do, in one line."""


def told_in_one_line(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose problems end in one line on stderr and exit status 1."""

    @wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> None:
        from sqlalchemy.exc import DatabaseError

        from grader.judging.sandbox import SandboxError

        try:
            command(*arguments, **options)
        except DatabaseError as error:
            said = " ".join(str(error.orig).split())
            typer.echo(
                f"grader: the gradebook could not be read or written ({said}): {_of_the_gradebook(said)}", err=True
            )
            raise typer.Exit(1) from None
        except (Problem, LessonError, SandboxError, ValueError) as problem:
            typer.echo(f"grader: {problem}", err=True)
            raise typer.Exit(1) from None
        except OSError as error:
            typer.echo(f"grader: {error.strerror or error}: {error.filename or 'no file named'}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo(
                "grader: stopped; what was graded so far is written down, and the next run goes on from there", err=True
            )
            raise typer.Exit(1) from None

    return wrapped


def _of_the_gradebook(said: str) -> str:
    """What to do where the database said this."""
    for words, advice in (
        ("locked", "another program has it open; close it and try again"),
        ("full", "make room on the disk and try again"),
        ("readonly", "it, or its folder, may only be read; give yourself the right to write there"),
        ("unable to open", "its folder may only be read, or is none; give yourself the right to write there"),
        ("not a database", "the file is no gradebook, or a broken one; put a copy of it from before in its place"),
        ("malformed", "the file is broken; put a copy of it from before in its place"),
        ("authentication failed", "the database knows no such account, or another password (see docs/cluster.md)"),
        ("no password supplied", "the database wants a password (see docs/cluster.md)"),
        ("permission denied", "the account may not do that there; the administrator of the database grants it"),
        ("does not exist", "the administrator of the database makes it (see docs/cluster.md)"),
        ("connection", "the database does not answer: is it started, and is the address right? Then try again"),
    ):
        if words in said:
            return advice
    return "try again, and if it stays put a copy of it from before in its place"


def lesson_of(name: str) -> Lesson:
    from grader.lessons.reading import find_lesson

    return find_lesson(name, ROOT)


def time_of(text: str) -> datetime:
    from grader.classroom.lateness import class_zone, understood

    try:
        return understood(text, class_zone())
    except ValueError as error:
        raise Problem(str(error)) from None


def in_words(moment: datetime) -> str:
    from grader.classroom import lateness

    return lateness.in_words(moment, lateness.class_zone())
