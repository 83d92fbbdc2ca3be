"""A class from its list to its end: students, release, extend, collect, forget, move.
No lesson teaches it. Read grader/classroom/exchange.py and grader/classroom/roster.py for what they call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.commands.common import (
    CLASSROOM,
    ROOT,
    Classroom,
    Database,
    LessonName,
    Problem,
    in_words,
    lesson_of,
    time_of,
    told_in_one_line,
)


@told_in_one_line
def students(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The class list as CSV, as Canvas, Moodle, Blackboard, Brightspace or a spreadsheet writes it: "
            "a column id, username or email, and names, email, number where known.",
        ),
    ],
    classroom: Classroom = CLASSROOM,
    db: Database = "",
) -> None:
    """Put a class list into the gradebook: ids, names, mail, and the learning platform's number."""
    from grader.classroom.class_lists import read_roster
    from grader.classroom.records import Records
    from grader.classroom.roster import enter

    try:
        roster = read_roster(file)
    except ValueError as error:
        raise Problem(str(error)) from None
    with Records(classroom, db) as records:
        new, others = enter(roster, records)
    first = roster.students[0]
    typer.echo(
        f"{len(roster.students)} students of the class list are in the gradebook, {new} of them new; the first one is "
        f"{first.id}" + (f", {' '.join(filter(None, (first.first_name, first.last_name)))}" if first.names else "")
    )
    if others:
        typer.echo(f"in the gradebook and not in the list: {', '.join(others)}")


@told_in_one_line
def release(
    lesson: LessonName,
    due: Annotated[
        str,
        typer.Option(
            help="When it is due: 2030-01-31 is the end of that day, 2030-01-31T18:00 a time of the class's zone."
        ),
    ] = "",
    classroom: Classroom = CLASSROOM,
    db: Database = "",
) -> None:
    """Put the lesson in the gradebook, and in nbgrader's exchange where there is one."""
    from grader.classroom.exchange import release as hand_out
    from grader.classroom.records import Records

    found, moment = lesson_of(lesson), time_of(due) if due else None
    with Records(classroom, db) as records:
        records.register(found, due=moment)
    where = hand_out(found, ROOT)
    typer.echo(
        f"{found.folder} is in the gradebook"
        + (
            f" and in the exchange at {where}"
            if where
            else f"; there is no exchange here, so hand out notebooks/{found.folder}/{found.name}.ipynb"
        )
    )
    if moment:
        typer.echo(f"due {in_words(moment)}")


@told_in_one_line
def extend(
    lesson: Annotated[
        str, typer.Argument(metavar="LESSON", help="A lesson: 02-lines, lines, 02 or 2; or `all`, with --days.")
    ],
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The student's id in the gradebook.")],
    until: Annotated[
        str, typer.Option(help="A new due date for this student alone, as `release --due` takes it.")
    ] = "",
    days: Annotated[
        float | None,
        typer.Option(help="With `all`: so many days more than everybody, in every lesson, those to come included."),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Take the extension back.")] = False,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
) -> None:
    """Give one student more time for a lesson, before or after it is handed in, or for all of them."""
    from grader.classroom.lateness import extend as give
    from grader.classroom.lateness import extend_all
    from grader.classroom.records import Records

    every = lesson == "all"
    if bool(until) + (days is not None) + none != 1 or (every and until) or (not every and days is not None):
        raise Problem(
            "`extend all STUDENT` wants either --days NUMBER or --none"
            if every
            else "either --until TIME or --none is wanted"
        )
    found, moment = None if every else lesson_of(lesson), time_of(until) if until else None
    with Records(classroom, db) as records:
        try:
            if found is None:
                extend_all(records, student, days or 0)
            else:
                give(records, found, student, moment)
        except ValueError as error:
            raise Problem(str(error)) from None
        unknown = student not in {known.id for known in records.gradebook.students}
    more = (
        f"{days:g} days more than everybody"
        if days
        else f"time until {in_words(moment)}"
        if moment
        else "the same time as everybody"
    )
    typer.echo(
        f"{student} has {more} for {found.folder if found else 'every lesson'}"
        + ("; nobody of this id is in the gradebook yet" if unknown else "")
    )


@told_in_one_line
def collect(
    lesson: LessonName,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="A folder of notebooks, a zip or tar file from a learning platform, or one notebook, in place of the "
            "exchange.",
        ),
    ] = None,
    students: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="FILE",
            help="A class list as CSV, beside the one in the gradebook; the platform's own table of hand-ins says when "
            "as well.",
        ),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--as", metavar="FILE=STUDENT", help="Whose a file or folder is that was left; may be given again."
        ),
    ] = None,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
) -> None:
    """Fetch what was handed in, from nbgrader's exchange or from files that are named after the students."""
    from grader.classroom.class_lists import read_roster
    from grader.classroom.exchange import collect as fetch
    from grader.classroom.exchange import collect_from
    from grader.classroom.gradebook import remember
    from grader.classroom.lateness import class_zone
    from grader.judging.intake import Refused

    remember(classroom, db)
    found = lesson_of(lesson)
    meant = dict(each.rpartition("=")[::2] for each in given or [])
    if not all(name and student for name, student in meant.items()):
        raise Problem(
            "--as wants FILE=STUDENT, and "
            f"{next(each for each in given or [] if not all(each.rpartition('=')[::2]))!r} came"
        )
    if source is None and (students or meant):
        raise Problem("--list and --as say whose a file is; in the exchange the system does, so they go with --from")
    try:
        roster = read_roster(students) if students else None
        collected = (
            collect_from(found, source, classroom, roster, meant, class_zone())
            if source
            else fetch(found, ROOT, classroom)
        )
    except (Refused, ValueError) as error:
        raise Problem(str(error)) from None
    for words in collected.left:
        typer.echo(f"left: {words}", err=True)
    for words in collected.notes:
        typer.echo(f"note: {words}", err=True)
    typer.echo(f"{len(collected.students)} submissions of {found.folder} collected")
    if source and collected.left:
        typer.echo(
            f"{len(collected.left)} left: where it is only whose a file is, `--as FILE=STUDENT` settles it", err=True
        )
    if not collected.students:
        raise Problem(
            "nothing was collected"
            + ("" if source else "; name a folder or an archive with --from where there is no exchange")
        )


@told_in_one_line
def forget(
    students: Annotated[
        list[str] | None, typer.Argument(metavar="[STUDENT]...", help="Whose data; ids of the gradebook.")
    ] = None,
    over: Annotated[
        bool,
        typer.Option(
            "--expired",
            help="Everybody whose last hand-in is longer ago than nbgrader_config.py keeps it (c.Keeping.days).",
        ),
    ] = False,
    term: Annotated[
        bool, typer.Option("--term", help="The whole class: gradebook, submissions, feedback, all of it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
) -> None:
    """Delete all that is kept of a person, of everybody whose time is over, or of a term. It cannot be undone."""
    from grader.classroom import forget as forgetting
    from grader.classroom.gradebook import is_there, remember
    from grader.classroom.records import Records

    if bool(students) + over + term != 1:
        raise Problem("one of STUDENT..., --expired or --term is wanted")
    config = forgetting.settings()
    remember(classroom, db)
    if not term and not is_there(classroom):
        raise Problem(f"there is no class in {classroom}")
    if term:
        _sure(f"Delete everything of the class in {classroom}?", yes)
        done = forgetting.forget_term(classroom, config)
    else:
        with Records(classroom, db) as records:
            days = forgetting.Keeping(config=config).days
            whose = sorted(set(students or [])) if students else forgetting.expired(records, days)
            if not whose:
                typer.echo(
                    f"nobody's last hand-in is longer ago than {days} days"
                    if days
                    else "nbgrader_config.py keeps everything for ever: c.Keeping.days is 0"
                )
                return
            unknown = set(whose) - forgetting.people(records)
            if not unknown:
                _sure(f"Delete all that is kept of {', '.join(whose)}?", yes)
            try:
                done = forgetting.forget(records, whose, config)
            except ValueError as error:
                raise Problem(str(error)) from None
    for words in done.left:
        typer.echo(f"left: {words}", err=True)
    typer.echo(
        f"nothing is kept any more of {', '.join(done.students) or 'this class'}; {len(done.deleted)} files and "
        "folders are gone" + ("" if term else ", and the reports with them: `grader report` writes them anew")
    )
    if done.left and not term:
        raise Problem(f"{len(done.left)} files could not be deleted")


def _sure(question: str, yes: bool) -> None:
    if not yes:
        try:
            typer.confirm(f"{question} It cannot be undone.", abort=True, err=True)
        except typer.Abort:
            raise Problem("nothing was deleted") from None


@told_in_one_line
def move(
    to: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Where to: postgresql+psycopg://..., or sqlite, the classroom's file."),
    ],
    classroom: Classroom = CLASSROOM,
) -> None:
    """Take the gradebook into a PostgreSQL server, or back into its file: every row, compared. Close the form grader
    first."""
    from grader.classroom.move import move as take

    moved = take(classroom, to)
    typer.echo(f"{sum(moved.rows.values())} rows are in {moved.after}, the same as in {moved.before}:")
    for name, count in moved.rows.items():
        typer.echo(f"  {name}: {count}")
    typer.echo(f"what was there before stays in {moved.stays} until you delete it; start the form grader anew")
