"""The learner's command: course lab | check | progress | reset | submit | ask.
Every lesson can be done with it and JupyterLab alone.
Read course/desk/work.py first (a learner's folder), then course/desk/rerun.py, course/desk/progress.py,
course/desk/submit.py and course/desk/ask.py."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# jsonschema, on which notebooks are read, builds a grammar for international addresses when it is imported: three
# seconds at every command, for a format that no notebook's schema has. Without the package it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from course.checks import panel
from course.desk import welcome
from course.desk.ask import ask as put_request
from course.desk.files import write_whole
from course.desk.progress import Standing, standings, store
from course.desk.rerun import fingerprint, run_checks
from course.desk.submit import submit as hand_in
from course.desk.work import Lesson, Problem, Work, read

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Work through the lessons: open them, check your answers, see how far you are, hand in.",
)

LessonName = Annotated[str, typer.Argument(metavar="LESSON", help="A lesson: 02-lines, lines, 02 or 2.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--work",
        metavar="FOLDER",
        help="Your own copies. Without it: the variable LANDSCAPE_WORK, else work/ in the course's folder.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]


def told_in_one_line(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose problems end in one line on stderr and exit status 1, or 2 where it was asked wrongly."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except Problem as problem:
            typer.echo(f"course: {problem}", err=True)
            raise typer.Exit(problem.status) from None
        except OSError as error:
            typer.echo(f"course: {error.strerror or error}: {error.filename or 'no file named'}", err=True)
            raise typer.Exit(1) from None

    return wrapped


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@told_in_one_line
def lab(
    context: typer.Context,
    lesson: Annotated[
        str, typer.Option("--lesson", metavar="LESSON", help="The lesson to open; without it the welcome page.")
    ] = "",
    work: Folder = None,
    served: Annotated[bool, typer.Option("--served", hidden=True, help="JupyterHub started this.")] = False,
) -> None:
    """Open JupyterLab on your own copies of the lessons.

    The first time each lesson is copied into your folder; later a lesson that has changed is brought up to date, your
    answers and your own cells as they are, with a copy of how it was in backups/. Everything else goes on to
    JupyterLab: course lab --no-browser --port=8899
    """
    mine = Work(work)
    opened = mine.lesson(lesson) if lesson else None
    updated = []
    for each in mine.lessons():
        try:
            outcome = mine.hand_out(each)
        except Problem as problem:  # one broken notebook must not keep the others shut
            typer.echo(f"course: {problem}", err=True)
            continue
        updated += [each.folder] if outcome == "updated" else []
        if outcome != "kept":
            typer.echo(
                {
                    "new": f"{each.folder}: copied to {mine.path(each)}",
                    "updated": f"{each.folder}: brought up to date, your answers as they were; before that: "
                    f"{mine.folder / 'backups'}",
                }[outcome]
            )
    mine.hand_out_glossary()
    write_whole(mine.folder / welcome.UPDATES, json.dumps(updated))  # the welcome page tells of them
    first = f"{opened.folder}/{opened.released.name}" if opened else welcome.write(mine).name
    # nbgrader's part of JupyterLab looks for its commands on the PATH, and for an instructor's settings in the folder
    # it starts in. That folder is also where its Assignment List looks for what a learner hands in and where it puts
    # feedback: these copies, and no second ones.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    os.chdir(mine.folder)
    # long lines wrap, nobody is asked about news
    command = [
        sys.executable,
        "-m",
        "jupyterhub.singleuser" if served else "jupyterlab",
        f"--ServerApp.root_dir={mine.folder}",
        f"--LabApp.default_url=/lab/tree/{first}",
        f"--LabApp.workspaces_dir={workspaces(mine.folder / '.workspaces')}",
        "--FileContentsManager.post_save_hook=course.desk.welcome.after_save",
        "--FileContentsManager.pre_save_hook=course.desk.stills.before_save",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",  # both would ask the network
        "--ServerApp.jpserver_extensions=course.desk.terminals=True",
        # the instructor's; it warns where no class is configured
        "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=False",
        f"--LabApp.app_settings_dir={settings(mine.folder / '.settings')}",
    ]
    if served:
        command.append(f"--ServerApp.default_url=/lab/tree/{first}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is often nobody else, and Jupyter would refuse to start
    command += [argument for argument in context.args if argument != "--"]
    if os.name == "nt":
        raise typer.Exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(sys.executable, command)


def settings(folder: Path) -> Path:
    """What JupyterLab is told of how to look: the course's own settings, and no list of assignments for who has no
    class to fetch them from."""
    from course.desk.exchange import has_exchange, nbgrader_settings

    source = Path(__file__).parent / "lab"
    page = json.loads((source / "page_config.json").read_text(encoding="utf-8"))
    if not has_exchange(nbgrader_settings()):
        page["disabledExtensions"]["@jupyter/nbgrader:assignment-list"] = True
    write_whole(folder / "page_config.json", json.dumps(page, indent=1))
    write_whole(folder / "overrides.json", (source / "overrides.json").read_bytes())
    return folder


def workspaces(folder: Path) -> Path:
    """Where JupyterLab remembers how its windows lay. The first time they lie as they do for a beginner: the table of
    contents open."""
    from jupyterlab_server.workspaces_handler import slugify

    file = folder / f"{slugify('default')}.jupyterlab-workspace"
    if not file.exists():
        write_whole(file, (Path(__file__).parent / "lab" / "workspace.json").read_bytes())
    return folder


@app.command()
@told_in_one_line
def check(
    lesson: LessonName,
    work: Folder = None,
    as_json: AsJson = False,
    hints: Annotated[
        int,
        typer.Option(
            "--hints",
            min=0,
            max=3,
            help="How many steps of the ladder of hints to show: a nudge, the idea, almost the line.",
        ),
    ] = 1,
    timeout: Annotated[
        int, typer.Option("--timeout", min=1, metavar="SECONDS", help="How long one cell may run.")
    ] = 60,
) -> None:
    """Run the visible checks of a lesson on your answers.

    Runs what the checks depend on, in a fresh kernel: setup, your answers, cells that you added or changed. Your
    notebook is only read; save it first.
    Ends with 0 when everything passes, 1 when something does not.
    """
    mine = Work(work)
    found = mine.lesson(lesson)
    release, current = read(found.released), mine.current(found)
    console = Console(stderr=True)
    with console.status(f"{found.folder}: starting Python") as status:
        results, trouble = run_checks(
            current,
            release,
            mine.path(found).parent,
            timeout=timeout,
            progress=lambda done, of: status.update(f"{found.folder}: cell {done + 1} of {of}"),
        )
    store(mine, found, fingerprint(current, release), results)
    counts = {status: sum(result["status"] == status for result in results) for status in panel.SIGNS}
    earned, points = (sum(result[part] for result in results) for part in ("earned", "points"))
    waiting = sum(result["points"] for result in results if result["status"] == "recorded")
    fine = not trouble and counts["passed"] + counts["recorded"] == len(results)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "lesson": found.folder,
                    "passes": fine,
                    "earned": earned,
                    "points": points,
                    "waiting": waiting,
                    "results": results,
                    "trouble": trouble,
                },
                indent=1,
            )
        )
    else:
        show_results(found, results, trouble, hints)
        said = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
        later = f", {waiting:g} more are told at hand-in" if waiting else ""
        typer.echo(f"{found.folder}: {said}; {earned:g} of {points:g} points by the visible checks{later}")
    raise typer.Exit(0 if fine else 1)


def show_results(lesson: Lesson, results: list[dict[str, Any]], trouble: list[str], hints: int) -> None:
    """Print the results as a table: what was found, which mistake it looks like, and as many hints as were asked
    for."""
    table = Table(title=lesson.folder, title_justify="left", expand=False)
    table.add_column("", justify="center", overflow="fold")
    table.add_column("check", overflow="fold")
    table.add_column("points", justify="right", overflow="fold")
    table.add_column("what was found", overflow="fold")
    for result in results:
        words = [result["detail"] or result["message"] or result["status"]]
        words += [f"It looks as if: {result['mistake']}"] if result["mistake"] else []
        words += [f"{rung}: {hint}" for rung, hint in list(zip(panel.RUNGS, result["hint"], strict=False))[:hints]]
        words += [f"Note: {result['note']}"] if result["note"] else []
        points = "at hand-in" if result["status"] == "recorded" else f"{result['earned']:g}/{result['points']:g}"
        table.add_row(panel.SIGNS.get(result["status"], "?"), escape(result["check"]), points, escape("\n".join(words)))
    console = Console()
    console.print(table)
    for line in trouble:
        console.print(escape(line), style="yellow")


@app.command()
@told_in_one_line
def progress(work: Folder = None, as_json: AsJson = False) -> None:
    """Show what is solved, the points of the visible checks, the quiz's among them, and what is next. Runs nothing: it
    tells what `course check` found last."""
    mine = Work(work)
    found = standings(mine)
    following = next((each for _, each in found if isinstance(each, Problem) or not each.finished), None)
    words = f"Next: {following}" if isinstance(following, Problem) else what_next(following)
    if as_json:
        rows = [
            {"lesson": lesson.folder, "problem": str(each)}
            if isinstance(each, Problem)
            else {
                "lesson": each.lesson,
                "started": each.started,
                "checked": each.checked,
                "stale": each.stale,
                "finished": each.finished,
                "earned": each.earned,
                "points": each.points,
                "waiting": each.waiting,
                "exercises": each.exercises,
                "questions": each.questions,
                "essays": each.essays,
            }
            for lesson, each in found
        ]
        typer.echo(json.dumps({"lessons": rows, "next": words}, indent=1))
        return
    table = Table("lesson")
    for heading in ("exercises", "points", "quiz", "essays"):
        table.add_column(heading, justify="right")
    table.add_column("checked")
    for lesson, each in found:
        if isinstance(each, Problem):
            typer.echo(f"course: {each}", err=True)
            table.add_row(lesson.folder, "-", "-", "-", "-", "cannot be read")
            continue
        when = (
            f"{each.checked[:16].replace('T', ' ')} UTC"
            if each.checked
            else "not yet"
            if each.started
            else "not opened yet"
        )
        exercises, questions, essays = (
            f"{sum(done.values())}/{len(done)}" if done else "-"
            for done in (each.exercises, each.questions, each.essays)
        )
        points = f"{each.earned:g}/{each.points:g}" + (f" (+{each.waiting:g} at hand-in)" if each.waiting else "")
        table.add_row(
            each.lesson,
            exercises,
            points,
            questions,
            essays,
            when + (" (changed since: check again)" if each.stale else ""),
        )
    Console().print(table)
    typer.echo(words)


def what_next(following: Standing | None) -> str:
    """What a learner might do now, in a sentence. following: the first lesson that is not finished, None where there is
    none left."""
    if following is None:
        return "Everything here is done. Hand in what you have not yet: course submit LESSON"
    if not following.started:
        return f"Next: {following.lesson}. Open it with: course lab --lesson {following.lesson}"
    if not following.checked or following.stale:
        return f"Next: see how your answers do with: course check {following.lesson}"
    return f"Next: {following.lesson}, {following.next}"


@app.command()
@told_in_one_line
def reset(
    lesson: LessonName,
    exercise: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE]", help="One exercise, quiz or essay; without it the whole lesson."),
    ] = None,
    work: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Bring back the stub of one exercise, or a whole lesson. What was there goes to backups/ first."""
    mine = Work(work)
    names, backup = mine.reset(mine.lesson(lesson), exercise)
    if as_json:
        typer.echo(json.dumps({"reset": names, "backup": str(backup) if backup else ""}))
        return
    kept = f"; as it was: {backup}" if backup else ""
    typer.echo(
        f"{' and '.join(names)} is as it was handed out{kept}. If it is open in JupyterLab: File, Reload Notebook from "
        "Disk"
    )


@app.command()
@told_in_one_line
def submit(lesson: LessonName, work: Folder = None, as_json: AsJson = False) -> None:
    """Hand a lesson in: to nbgrader's exchange where there is one, else as one file to upload. Save the notebook
    first."""
    mine = Work(work)
    receipt = hand_in(mine, mine.lesson(lesson))
    if as_json:
        typer.echo(json.dumps(receipt, indent=1))
        return
    file = mine.folder / receipt["file"]
    typer.echo(
        f"{receipt['lesson']}: handed in to the exchange as {receipt['exchange']}"
        if receipt["exchange"]
        else f"{receipt['lesson']}: there is no exchange here, so upload this file where your course asks for it: "
        f"{file}"
    )
    if receipt["not written"]:
        typer.echo(f"not written yet: {', '.join(receipt['not written'])}")
    if receipt["not passed"]:
        typer.echo(
            f"written, and not passed by the last check: {', '.join(receipt['not passed'])}; see what it says with: "
            f"course check {receipt['lesson']}"
        )
    for words in receipt["elsewhere"]:
        typer.echo(f"look: {words}")
    typer.echo(f"receipt: sha256 {receipt['sha256']}, {receipt['time']} (also in {file.with_suffix('.json')})")


@app.command()
@told_in_one_line
def ask(
    lesson: LessonName,
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="The exercise, quiz or essay that it is about.")],
    sentence: Annotated[
        str,
        typer.Argument(
            metavar="SENTENCE", help="What you want your instructor to look at again, and why; in quotation marks."
        ),
    ],
    work: Folder = None,
) -> None:
    """Ask for another look at a point of your feedback: a sentence under the check in your own notebook, which goes
    with the next hand-in."""
    mine = Work(work)
    found = mine.lesson(lesson)
    put_request(mine, found, exercise, sentence)
    typer.echo(
        f"it stands in your notebook under {exercise}: {mine.path(found)}. If that is open in JupyterLab: File, Reload "
        "Notebook from Disk"
    )
    typer.echo(
        f"your instructor gets it with: course submit {found.folder}. Handed in again with nothing else changed, your "
        "work has the time that it had before"
    )


def main() -> None:
    """The command `course`."""
    app(prog_name="course")


if __name__ == "__main__":
    main()
