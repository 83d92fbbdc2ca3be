"""The author's commands: new, build; and doctor, which says whether this machine can grade.
No lesson teaches it. Read grader/lessons/build.py for what they call."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from grader.commands.common import ROOT, AsJson, Problem, told_in_one_line


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
