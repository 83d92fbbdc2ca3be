"""From submissions to feedback: grade, essays, decide, feedback.
No lesson teaches it. Read grader/classroom/classes.py and grader/judging/grade.py for what they call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from grader.commands.common import (
    CLASSROOM,
    AsJson,
    Classroom,
    Database,
    LessonName,
    Problem,
    lesson_of,
    told_in_one_line,
)
from grader.lessons.cells import Lesson

if TYPE_CHECKING:
    from grader.classroom.classes import Graded
    from grader.classroom.cluster import Cluster


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
