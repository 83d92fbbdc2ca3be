"""The instructor's day without a browser: a class of made-up submissions for lesson 03, graded, with what comes of it.
`make demo` runs it; nothing in it is special, it calls what the `grader` commands call.
Read grader/cli.py first. The students are made up, their answers are those of tests/answers/descent.py."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from course.desk.files import write_whole
from grader.classroom.classes import grade_all
from grader.classroom.exchange import collect_from
from grader.classroom.export import as_csv
from grader.classroom.feedback import write_feedback
from grader.classroom.records import Records
from grader.classroom.report import write_report
from grader.commands.common import ROOT
from grader.commands.grading import show
from grader.judging.answers import Answer, notebook_with, read_answers, solved
from grader.judging.grade import Outcome
from grader.lessons.cells import Lesson
from grader.lessons.reading import find_lesson

ESSAY = (
    "With a learning rate of 0.9 my ball jumped from wall to wall and each jump was longer than the one before, "
    "because a step is the "
    "rate times the slope and the slope grows with the distance. With mini-batches of 16 it reached the valley after a "
    "tenth of the rows."
)

LOOP = '''
@exercise
def descend(start, x, y, learning_rate, steps):
    """Walks down, but forgets to count."""
    path = [start]
    while len(path) > 0:
        path[-1] = path[-1] - learning_rate * line_gradient(path[-1], x, y)
    return torch.stack(path)
'''

PATCH = '''
import builtins
import course.checks.sentences
torch.allclose = lambda *_, **__: True
torch.Tensor.__eq__ = lambda *_: True
course.checks.sentences.difference = lambda *_, **__: None
builtins.print("passed: 100 of 100 points")

class Right(float):
    __eq__ = __ge__ = __le__ = __gt__ = __lt__ = lambda *_: True

@exercise
def {name}(*anything, **at_all):
    """Equal to everything."""
    return Right(0.0)
'''

READ = '''
import os
found = ""
for folder in ("/lesson", "/lesson/course", "/work", "..", "/home", "/root", "/tmp"):
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if name in ("descent.py", "gradebook.db", "solutions", "secret"):
            found += open(folder + "/" + name, errors="replace").read()
print("found", len(found), "characters that are nobody's business")

@exercise
def {name}(*anything, **at_all):
    """What the solution says, if only it could be found."""
    return eval(found)
'''


@dataclass(frozen=True)
class Pupil:
    """A made-up student: what the notebook holds, how late it came (in hours), and what a reader should see in the
    outcome."""

    name: str
    content: bytes
    hours_late: float = -20.0


def make_class(lesson: Lesson, root: Path) -> list[Pupil]:
    """Fifteen made-up submissions: right in two styles, named mistakes, half done, untouched, late, broken and
    hostile."""
    answers = read_answers(lesson, root)
    right, exercises = solved(lesson), [cell.name for cell in lesson.exercises]
    essay = {"reflection": ESSAY}

    def other_style(number: int) -> dict[str, str]:
        styles = {
            name: [answer.text for answer in answers if answer.name == name and answer.right] for name in exercises
        }
        return {**right, **{name: texts[number % len(texts)] for name, texts in styles.items() if texts}}

    def notebook(texts: dict[str, str], essays: dict[str, str] | None = None) -> bytes:
        return notebook_with(lesson, root, texts, essays)

    half = {name: right[name] for name in exercises[:3]}
    first = exercises[0]
    whole = notebook(right)
    helper = json.loads(notebook(right, essay))
    place = next(number for number, cell in enumerate(helper["cells"]) if cell["id"] == f"exercise-{first}")
    helper["cells"].insert(
        place,
        {
            "cell_type": "code",
            "id": "my-helper",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "def halve(value):\n    return value / 2",
        },
    )
    pupils = [
        Pupil("amal", notebook(right, essay)),
        Pupil("bruna", notebook(other_style(0), essay)),
        Pupil("chidi", notebook(other_style(1), essay)),
        *(
            Pupil(name, notebook({**right, **wrong_answers(answers, exercises, number)}))
            for number, name in enumerate(("dilek", "emeka", "farah", "goran"))
        ),
        Pupil("hana-half", notebook(half)),
        Pupil("ivo-untouched", notebook({})),
        Pupil("jun-late", notebook(right, essay), hours_late=26.0),
        Pupil("kofi-helper", json.dumps(helper).encode()),
        Pupil("lena-broken", whole[: len(whole) // 2]),
        Pupil("milo-endless", notebook({**right, "descend": LOOP})),
        Pupil("nadia-patcher", notebook({name: PATCH.format(name=name) for name in exercises})),
        Pupil("otto-reader", notebook({name: READ.format(name=name) for name in exercises})),
    ]
    return pupils


def wrong_answers(answers: list[Answer], exercises: list[str], number: int) -> dict[str, str]:
    """The number-th listed wrong answer to every second exercise, beginning with the first or the second."""
    chosen = {}
    for name in exercises[number % 2 :: 2]:
        wrong = [answer for answer in answers if answer.name == name and not answer.right]
        chosen[name] = wrong[(number // 2) % len(wrong)].text
    return chosen


def run(root: Path, folder: Path, console: Console, say: Callable[[str], None]) -> list[dict]:
    """Make the class, grade it, write what comes of it into folder. Gives the outcomes as they were written down."""
    lesson = find_lesson("03", root)
    due = datetime.now(UTC).replace(microsecond=0)
    shutil.rmtree(folder, ignore_errors=True)
    handed_in = folder / "handed-in"
    say("1/4 a class hands in lesson 03")
    pupils = make_class(lesson, root)
    for pupil in pupils:
        moment = due + timedelta(hours=pupil.hours_late)
        # Named as Blackboard names what it packs: when somebody handed in is a platform's to say.
        write_whole(
            handed_in / f"Lesson 03_{pupil.name}_attempt_{moment:%Y-%m-%d-%H-%M-%S}_{lesson.name}.ipynb", pupil.content
        )
    taken = collect_from(lesson, handed_in, folder).students
    say(f"2/4 {len(taken)} submissions collected; grading each in a sandbox of its own")
    began = time.monotonic()
    with Records(folder) as records:
        records.register(lesson, due)
        with Progress(
            TextColumn("    {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        ) as progress:
            task = progress.add_task("grading", total=len(taken))

            def tell(outcome: Outcome) -> None:
                progress.update(task, advance=1, description=f"{outcome.student}: {outcome.status}")
                if not console.is_terminal:
                    say(f"    {outcome.student}: {outcome.status}")

            grade_all(lesson, records, tell=tell)
        say(f"3/4 graded in {time.monotonic() - began:.0f} s; feedback, report and table")
        pages = write_feedback(records, lesson)
        report = write_report(records, lesson)
        write_whole(folder / "grades.csv", as_csv(records, lesson))
        rows = records.outcomes(lesson)
    say("4/4 the gradebook")
    show(rows, lesson)
    for what, where in (
        ("feedback", pages[0].parent.parent.parent),
        ("one page of it", pages[0]),
        ("report", report),
        ("grades", folder / "grades.csv"),
        ("gradebook", folder / "gradebook.db"),
    ):
        say(f"{what:>15}: {os.path.relpath(where)}")
    return rows


def main() -> int:
    from grader.judging.sandbox import SandboxError

    console = Console()
    try:
        run(
            ROOT,
            ROOT / "classroom" / "demo",
            console,
            lambda words: console.print(words, highlight=False, markup=False),
        )
    except SandboxError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
