"""The instructor's and the author's command: grader new | build | students | release | extend | collect | grade |
essays | decide | feedback | report | export | forget | move | server | doctor.
Every lesson passes through it, from text to notebook and from submission to grade.
Read grader/lessons/build.py for the author's half, grader/judging/grade.py and grader/classroom/records.py for the
instructor's."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

# The same shortcut as in course/desk/cli.py: a format that no notebook's schema has costs three seconds at every
# command, and the parts of jupytext and nbgrader that live in a Jupyter server, which no command is, another two.
for name in ("rfc3987_syntax", "jupytext.sync_contentsmanager", "jupytext.async_contentsmanager"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]
for name in ("assignment_list", "course_list", "formgrader", "validate_assignment"):
    extension = ModuleType(f"nbgrader.server_extensions.{name}")
    extension.load_jupyter_server_extension = None  # type: ignore[attr-defined]
    sys.modules.setdefault(extension.__name__, extension)

from grader.lessons.cells import Lesson, LessonError

if TYPE_CHECKING:
    from grader.classroom.classes import Graded
    from grader.classroom.cluster import Cluster

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make lessons from their text, hand them out, and grade what comes back "
    "where the learner's code cannot reach.",
)

ROOT = Path(__file__).resolve().parent.parent
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


@app.command()
@told_in_one_line
def new(
    lesson: Annotated[str, typer.Argument(metavar="NN-NAME", help="The new lesson's number and name: 04-networks.")],
) -> None:
    """Begin a lesson: its text, its module, its answers and its tests, each with what belongs in it."""
    from grader.lessons.scaffold import begin

    try:
        files = begin(lesson, ROOT)
    except ValueError as error:
        raise Problem(str(error)) from None
    for file in files:
        typer.echo(file.relative_to(ROOT))


@app.command()
@told_in_one_line
def build(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="Which lessons; without any, all.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is out of date; runs nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make both notebooks of each lesson from its text, or say in seconds which are out of date."""
    from grader.judging.proof import proved
    from grader.lessons.build import build as make

    report = make(lessons or [], ROOT, check, say=lambda words: None if as_json else typer.echo(words), prove=proved)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "ok": report.ok,
                    "lessons": report.lessons,
                    "problems": [str(problem) for problem in report.problems],
                    "stale": [str(stale) for stale in report.stale],
                    "written": [str(file) for file in report.written],
                },
                indent=1,
            )
        )
    else:
        for line in (*report.problems, *report.stale):
            typer.echo(str(line).replace(f"{ROOT}/", ""), err=True)
        for file in report.written:
            typer.echo(f"written: {file.relative_to(ROOT)}")
        if report.ok:
            typer.echo(f"{len(report.lessons)} lessons {'are up to date' if check else 'built'}")
    if not report.ok:
        raise typer.Exit(1)


@app.command()
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

    found, moment = lesson_of(lesson), _time(due) if due else None
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
        typer.echo(f"due {_in_words(moment)}")


@app.command()
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


@app.command()
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
    found, moment = None if every else lesson_of(lesson), _time(until) if until else None
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
        else f"time until {_in_words(moment)}"
        if moment
        else "the same time as everybody"
    )
    typer.echo(
        f"{student} has {more} for {found.folder if found else 'every lesson'}"
        + ("; nobody of this id is in the gradebook yet" if unknown else "")
    )


@app.command()
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


@app.command()
@told_in_one_line
def grade(
    lesson: LessonName,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that grade side by side; one a core unless said.")
    ] = None,
    regrade: Annotated[
        bool,
        typer.Option(
            "--regrade", help="Make results anew whose checks have changed since, and show who gains and who loses."
        ),
    ] = False,
    why: Annotated[
        str,
        typer.Option(
            metavar="WORDS", help="With --regrade: the reason, in your words, for the paragraphs that can be mailed."
        ),
    ] = "",
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Grade on the workers of a Dask scheduler, tls://HOST:8786 say (docs/cluster.md)."
        ),
    ] = "",
    certificates: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="With --cluster: ca.pem, cert.pem and key.pem; without it Dask's own configuration says.",
        ),
    ] = None,
    wait: Annotated[
        float, typer.Option(min=1, help="With --cluster: seconds for a scheduler or a worker that is not there.")
    ] = 120.0,
    as_json: AsJson = False,
) -> None:
    """Grade every submission of a lesson and write the scores into nbgrader's gradebook."""
    from grader.classroom.alike import pairs, remarks
    from grader.classroom.classes import Graded, grade_all, handed_in
    from grader.classroom.lateness import settle
    from grader.classroom.letters import write_letters
    from grader.classroom.records import Records
    from grader.classroom.requests import with_requests

    if (certificates or workers) and bool(workers) == bool(cluster):
        raise Problem("--certificates goes with --cluster, and --workers without: how many there are the cluster says")
    if why and not regrade:
        raise Problem("--why says why a regrade changes points, so it goes with --regrade")
    found, graded = lesson_of(lesson), Graded()
    handed_in(found, classroom)
    others = _cluster(cluster, certificates, wait)
    with Records(classroom, db) as records:
        records.register(found)
        with Progress(
            TextColumn("[progress.description]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=as_json,
        ) as progress:
            task = progress.add_task(f"grading {found.folder}", total=None)
            try:
                grade_all(
                    found,
                    records,
                    workers,
                    regrade,
                    graded=graded,
                    cluster=others,
                    begin=lambda count: progress.update(task, total=count),
                    tell=lambda outcome: progress.update(
                        task, advance=1, description=f"grading {found.folder}: {escape(outcome.student)}"
                    ),
                )
            finally:  # stopped in between as well: no later run knows what these had before
                settle(records, found)
                if letters := write_letters(records, found, graded.changes if regrade else [], why):
                    typer.echo(f"what to tell each of them, to be mailed: {letters}", err=True)
        mine = set(graded.students)
        rows = [row for row in with_requests(records, found, records.outcomes(found)) if row["student"] in mine]
    alike = remarks(
        rows, pairs({row["student"]: row["texts"] for row in rows if row["status"] != "refused"}, found), found
    )
    rows = [{**row, "remarks": [*row["remarks"], *alike.get(row["student"], [])]} for row in rows]
    if as_json:
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    show(rows, found)
    if regrade:
        show_changes(graded, found)
    asking = sum(request["open"] for row in rows for request in row["requests"].values())
    if asking:
        typer.echo(
            f"{asking} {'point is' if asking == 1 else 'points are'} asked about again: `grader report {found.folder}` "
            "shows each beside its answer, "
            f"`grader decide {found.folder}` lists them and settles them"
        )
    if graded.outdated:
        typer.echo(
            f"{len(graded.outdated)} have results that were made with earlier checks; `grader grade {found.folder} "
            "--regrade` makes them anew"
        )


def _cluster(address: str, certificates: Path | None, wait: float) -> Cluster | None:
    if not address:
        return None
    try:
        from grader.classroom.cluster import Cluster
    except ImportError as error:
        raise Problem(
            f"--cluster needs a package that is not installed ({error.name}): pip install 'landscape-of-loss[cluster]'"
        ) from None
    return Cluster(address, certificates, wait, say=lambda words: typer.echo(words, err=True))


def show_changes(graded: Graded, lesson: Lesson) -> None:
    """Who gains and who loses by a changed check."""
    from grader.classroom.pages import points

    gain = sum(change.after > change.before for change in graded.changes)
    lose = len(graded.changes) - gain
    typer.echo(
        f"{lesson.folder} regraded: {gain} gain, {lose} lose, {len(graded.students) - gain - lose} have what they had"
    )
    for change in graded.changes:
        typer.echo(
            f"  {change.student}: {points(change.before)} -> {points(change.after)} ({', '.join(change.checks)})"
        )


def show(rows: list[dict[str, Any]], lesson: Lesson) -> None:
    """The gradebook of a lesson as a table on the terminal."""
    from grader.classroom.feedback import in_words
    from grader.classroom.pages import points, without_escapes
    from grader.classroom.requests import in_one_line

    table = Table(title=f"{lesson.folder}: {lesson.title}", title_justify="left")
    table.add_column("student")
    table.add_column("points", justify="right")
    table.add_column("outcome")
    table.add_column("what came up", overflow="fold")
    for row in sorted(rows, key=lambda row: row["student"]):
        mistakes = list(dict.fromkeys(result["mistake"] for result in row["results"] if result["mistake"]))
        untouched = row["results"] and all(result["status"] == "not attempted" for result in row["results"])
        words = ["not attempted"] if untouched else []
        words += [row["why"]] if row["why"] else []
        words += mistakes
        words += [f"to look at: {remark}" for remark in row["remarks"]]
        words += [in_one_line(name, request) for name, request in row.get("requests", {}).items() if request["open"]]
        words += [f"{in_words(row['late'])} late"] if row["late"] else []
        points_text = points(row["score"]) + (" +" if row["waits"] else "")
        table.add_row(escape(row["student"]), points_text, row["status"], escape(without_escapes("\n".join(words))))
    Console().print(table)
    if any(row["waits"] for row in rows):
        Console().print(
            f"+ : something waits for a person; of {points(lesson.points)} points, "
            f"{points(sum(cell.points for cell in lesson.essays))} are an essay's"
        )


@app.command()
@told_in_one_line
def feedback(lesson: LessonName, classroom: Classroom = CLASSROOM, db: Database = "") -> None:
    """Write each student's feedback as a page, with the points that a person gave by hand."""
    from grader.classroom.feedback import write_feedback
    from grader.classroom.lateness import settle
    from grader.classroom.records import Records

    found = lesson_of(lesson)
    with Records(classroom, db) as records:
        settle(records, found)
        files = write_feedback(records, found)
    if not files:
        raise Problem(f"nothing of {found.folder} is graded yet; `grader grade {found.folder}` comes first")
    typer.echo(f"{len(files)} pages in {classroom / 'feedback'}")


@app.command()
@told_in_one_line
def essays(
    lesson: LessonName,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; any free port unless said.")] = 0,
) -> None:
    """Read the essays of a lesson in the browser, all answers to one question on a page; points and comments go into
    the gradebook. Ctrl-C ends it."""
    from contextlib import suppress

    from grader.classroom.essays import Reading, serve
    from grader.classroom.records import Records

    found = lesson_of(lesson)
    if not found.essays:
        raise Problem(f"{found.folder} has no essays")
    with Records(classroom, db) as records:
        if not records.outcomes(found):
            raise Problem(f"nothing of {found.folder} is graded yet; `grader grade {found.folder}` comes first")
        with serve(Reading(records, found), port) as server:
            typer.echo(f"open {server.address}\nCtrl-C ends it; what is given is in the gradebook at once")
            with suppress(KeyboardInterrupt):
                server.serve_forever()


@app.command()
@told_in_one_line
def decide(
    lesson: LessonName,
    student: Annotated[
        str,
        typer.Argument(
            metavar="[STUDENT]", help="Who asked, by the id of the gradebook; without it, what waits is listed."
        ),
    ] = "",
    exercise: Annotated[
        str, typer.Argument(metavar="[EXERCISE]", help="What it is about: an exercise, a quiz or an essay.")
    ] = "",
    words: Annotated[
        str, typer.Argument(metavar="[WORDS]", help="What you say to it; the learner reads it in the next feedback.")
    ] = "",
    points: Annotated[
        float | None,
        typer.Option(help="The points of the whole exercise from now on, given by hand; without it they stay."),
    ] = None,
    classroom: Classroom = CLASSROOM,
    db: Database = "",
) -> None:
    """Answer what a learner asks another look at, with points where they change; or list what waits for an answer."""
    from grader.classroom.pages import points as in_points
    from grader.classroom.pages import without_escapes
    from grader.classroom.records import Records
    from grader.classroom.requests import decide as settle_it
    from grader.classroom.requests import in_one_line, with_requests

    found = lesson_of(lesson)
    if student and not (exercise and words):
        raise Problem(
            'a student, an exercise and words are wanted: grader decide 03 ada descend "The tie counts, you are '
            'right." --points 5'
        )
    with Records(classroom, db) as records:
        if student:
            decided = settle_it(records, found, student, exercise, words, points)
            changed = (
                f"{in_points(decided['before'])} -> {in_points(decided['after'])} points"
                if decided["before"] != decided["after"]
                else f"the points stay {in_points(decided['after'])}"
            )
            typer.echo(
                f"{student}, {exercise}: {changed}; `grader feedback {found.folder}` tells {student}"
                + ("" if decided["asked"] else ", who had not asked")
            )
            return
        rows = with_requests(records, found, records.outcomes(found))
    waiting = [
        f"{row['student']}: {in_one_line(name, request)}"
        for row in rows
        for name, request in row["requests"].items()
        if request["open"]
    ]
    for line in waiting or [f"nothing of {found.folder} is asked about again"]:
        typer.echo(without_escapes(line))


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
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


def _sure(question: str, yes: bool) -> None:
    if not yes:
        try:
            typer.confirm(f"{question} It cannot be undone.", abort=True, err=True)
        except typer.Abort:
            raise Problem("nothing was deleted") from None


@app.command()
@told_in_one_line
def doctor(as_json: AsJson = False) -> None:
    """Say whether this machine can grade, and what to do where it cannot."""
    from grader.judging.sandbox import Finding, Sandbox, SandboxError, examine
    from grader.lessons.reading import all_lessons

    findings = examine()
    if all(finding.well for finding in findings if finding.needed):
        try:
            Sandbox(all_lessons(ROOT)[0]).close()
            findings.append(Finding("a sandbox started and ended", True))
        except SandboxError as error:
            findings.append(Finding("a sandbox started", False, str(error)))
    if as_json:
        typer.echo(json.dumps([finding.__dict__ for finding in findings], indent=1))
    else:
        for finding in findings:
            state = "well" if finding.well else "missing" if finding.needed else "without"
            typer.echo(f"{state}: {finding.what}" + ("" if finding.well else f"; {finding.advice}"))
    if not all(finding.well for finding in findings if finding.needed):
        raise typer.Exit(1)


@app.command()
@told_in_one_line
def server(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="FOLDER", help="Where all of this class's server lies.")
    ] = Path("/srv/landscape-of-loss"),
    class_list: Annotated[
        Path | None,
        typer.Option(
            "--class",
            metavar="FILE",
            help="The class list as CSV, as `grader students` takes it: an account for each who has none, and all into "
            "the gradebook. The word platform asks the learning platform for it (LTI).",
        ),
    ] = None,
    teachers: Annotated[
        list[str] | None,
        typer.Option(
            "--teacher",
            metavar="ACCOUNT",
            help="Who teaches; may be given again, later too. The class's data is the first one's.",
        ),
    ] = None,
    gone: Annotated[
        list[str] | None,
        typer.Option(
            "--remove",
            metavar="ACCOUNT",
            help="Who has left: an account that was made here is deleted with its home, another is let in no more.",
        ),
    ] = None,
    python: Annotated[
        Path | None,
        typer.Option(
            "--python",
            metavar="PATH",
            help="An interpreter that every account can enter; where it lacks packages an environment is made from it.",
        ),
    ] = None,
    ip: Annotated[
        str | None, typer.Option("--ip", help="Where to listen; 127.0.0.1, this machine alone, unless said.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="8000 unless said.")] = None,
    hub_port: Annotated[
        int | None, typer.Option("--hub-port", min=1, max=65535, help="For the hub's own parts; 8081 unless said.")
    ] = None,
    proxy_port: Annotated[
        int | None, typer.Option("--proxy-port", min=1, max=65535, help="The same for its proxy; 8001 unless said.")
    ] = None,
    memory: Annotated[
        float | None, typer.Option("--memory", min=0.25, help="GiB that a learner may have at the most; 2 unless said.")
    ] = None,
    cpus: Annotated[
        float | None, typer.Option("--cpus", min=0.1, help="Cores that a learner may have; 1 unless said.")
    ] = None,
    idle: Annotated[
        int | None,
        typer.Option("--idle", min=0, help="Minutes after which what nobody uses is stopped; 60 unless said, 0 never."),
    ] = None,
    homes: Annotated[
        str | None, typer.Option("--homes", metavar="FOLDER", help="Where homes are made, if not in the usual place.")
    ] = None,
    lti: Annotated[
        bool | None,
        typer.Option(
            "--lti/--no-lti", help="Whether people come by a learning platform (docs/server.md); no unless said."
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is missing; makes and starts nothing.")] = False,
    no_start: Annotated[bool, typer.Option("--no-start", help="Make what is missing, and do not start.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a class server: JupyterHub with an account for each learner, the exchange and the form grader, on this
    machine. What is given stays for the next start, which needs no options."""
    from grader.classroom.server import checks
    from grader.classroom.server.environment import choose
    from grader.classroom.server.places import Server
    from grader.classroom.server.start import prepare, start, tell

    settings = Server.load(folder.absolute())
    given = {
        "teachers": list(dict.fromkeys([*settings.teachers, *(teachers or [])])),
        "ip": ip,
        "port": port,
        "hub_port": hub_port,
        "proxy_port": proxy_port,
        "memory": memory,
        "cpus": cpus,
        "idle": idle,
        "homes": homes,
        "lti": lti,
    }
    for name, value in given.items():
        if value is not None:
            setattr(settings, name, value)
    say = lambda words: None if as_json else typer.echo(words)  # noqa: E731
    if check:
        done, findings = [], checks.of_the_machine(fetch=False)
        if all(finding.well for finding in findings if finding.needed):
            laid_out = settings.classroom.is_dir()
            findings += checks.of_the_class(settings) if laid_out else [checks.NOT_MADE]
            findings += checks.of_the_ports(settings)
    else:
        if python:
            settings.python = choose(settings, python, say)
        prepared = prepare(settings, class_list, gone=gone or ())
        done, findings = prepared.done, prepared.findings
        findings += [] if no_start else checks.of_the_ports(settings)
    well = all(finding.well for finding in findings if finding.needed)
    if as_json:
        content = {"well": well, "done": done, "findings": [finding.__dict__ for finding in findings]}
        typer.echo(json.dumps({**content, "address": settings.address}, indent=1))
    else:
        for words in done:
            typer.echo(words)
        tell([finding for finding in findings if check or not finding.well], typer.echo)
    if not well:
        raise Problem("this is not started while something is missing; `grader server --check` says it again")
    if not check and not no_start:
        say(f"open {settings.address}\nCtrl-C ends it; everybody's work is kept")
        start(settings)


def _time(text: str) -> datetime:
    from grader.classroom.lateness import class_zone, understood

    try:
        return understood(text, class_zone())
    except ValueError as error:
        raise Problem(str(error)) from None


def _in_words(moment: datetime) -> str:
    from grader.classroom.lateness import class_zone, in_words

    return in_words(moment, class_zone())


def main() -> None:
    app()


if __name__ == "__main__":
    main()
