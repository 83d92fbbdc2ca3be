"""The class server's one command.
No lesson teaches it. Read grader/classroom/server/start.py for what it calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from grader.commands.common import AsJson, Problem, told_in_one_line


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
