"""The instructor's and the author's command: grader new | build | students | release | extend | collect | grade |
essays | decide | feedback | report | export | forget | move | server | doctor.
Every lesson passes through it, from text to notebook and from submission to grade.
Read grader/commands/ for what each one does, grader/lessons/build.py for the author's half, and
grader/judging/grade.py and grader/classroom/records.py for the instructor's."""

import sys
from types import ModuleType

import typer

# The same shortcut as in course/desk/cli.py: a format that no notebook's schema has costs three seconds at every
# command, and the parts of jupytext and nbgrader that live in a Jupyter server, which no command is, another two.
for name in ("rfc3987_syntax", "jupytext.sync_contentsmanager", "jupytext.async_contentsmanager"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]
for name in ("assignment_list", "course_list", "formgrader", "validate_assignment"):
    extension = ModuleType(f"nbgrader.server_extensions.{name}")
    extension.load_jupyter_server_extension = None  # type: ignore[attr-defined]
    sys.modules.setdefault(extension.__name__, extension)

from grader.commands import grading, lessons, results, server, term

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make lessons from their text, hand them out, and grade what comes back "
    "where the learner's code cannot reach.",
)
for command in (
    lessons.new,
    lessons.build,
    term.release,
    term.students,
    term.extend,
    term.collect,
    grading.grade,
    grading.feedback,
    grading.essays,
    grading.decide,
    results.report,
    results.export,
    term.forget,
    term.move,
    lessons.doctor,
    server.server,
):
    app.command()(command)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
