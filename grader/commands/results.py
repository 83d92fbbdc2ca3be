"""What leaves the gradebook: report, export.
No lesson teaches it. Read grader/classroom/report.py and grader/classroom/export.py for what they call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.commands.common import CLASSROOM, Classroom, Database, LessonName, Problem, lesson_of, told_in_one_line


@told_in_one_line
def report(lesson: LessonName, classroom: Classroom = CLASSROOM, db: Database = "") -> None:
    """Write one page on what the class understood: grades, mistakes by how many made them, who needs a look."""
    from grader.classroom.forget import Keeping, expired, settings
    from grader.classroom.lateness import settle
    from grader.classroom.records import Records
    from grader.classroom.report import write_report

    found = lesson_of(lesson)
    with Records(classroom, db) as records:
        settle(records, found)
        typer.echo(write_report(records, found))
        old = expired(records, Keeping(config=settings()).days)
    if old:
        typer.echo(
            f"the work of {len(old)} is kept for longer than nbgrader_config.py says; `grader forget --expired` "
            "deletes it",
            err=True,
        )


@told_in_one_line
def export(
    lesson: LessonName,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="Where to; without it, standard output, or the file of --into itself."
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--for", metavar="PROGRAM", help="plain, canvas or moodle: whose columns.")
    ] = "plain",
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="FILE",
            help="The table that the platform exported: the points are put into it, to be imported there again.",
        ),
    ] = None,
    column: Annotated[
        str,
        typer.Option(
            "--column", metavar="NAME", help="With --into: the column to fill, where it is not named after the lesson."
        ),
    ] = "",
    to_platform: Annotated[
        bool, typer.Option("--to-platform", help="Give them to the learning platform itself (LTI; docs/server.md).")
    ] = False,
) -> None:
    """Write the grades of a lesson for the whole class as CSV, or into the table that a platform exported."""
    from course.desk.files import PRIVATE, write_whole
    from grader.classroom import export as tables
    from grader.classroom.lateness import settle
    from grader.classroom.records import Records

    found = lesson_of(lesson)
    if form not in tables.FORMS:
        raise Problem(f"{form!r} is no form of table; wanted one of {', '.join(tables.FORMS)}")
    if column and not into:
        raise Problem("--column names a column of the file that --into names")
    if to_platform and (to or into):
        raise Problem("--to-platform gives the grades to the platform itself; without it, --to and --into name files")
    with Records(classroom, db) as records:
        settle(records, found)
        if to_platform:
            from grader.classroom.server.lti import Platform

            sent, unknown = Platform.load(classroom).send(records, found)
            typer.echo(f"the platform has the points of {len(sent)} students in {found.folder}")
            if unknown:
                typer.echo(f"note: the platform does not know {', '.join(unknown)}", err=True)
            return
        try:
            filled = tables.into(records, found, into, column) if into else None
            content = filled.table.as_bytes() if filled else tables.as_csv(records, found, form)
        except ValueError as error:
            raise Problem(str(error)) from None
        told = [
            (
                tables.waiting(records, found),
                "something of {} still waits for a person, and their points are without it",
            ),
            (tables.refused(records, found), "what {} handed in could not be graded, and they have 0 points"),
        ]
    if target := to or into:
        write_whole(target, content, PRIVATE)
    else:
        typer.echo(content, nl=False)
    if filled:
        typer.echo(f"points of {filled.count} students are in the column {filled.column!r} of {target}", err=True)
    for words in filled.notes if filled else []:
        typer.echo(f"note: {words}", err=True)
    for who, words in told:
        if who:
            more = ", ..." if len(who) > 12 else ""
            typer.echo(f"note: {words.format(len(who))}: {', '.join(who[:12])}{more}", err=True)
