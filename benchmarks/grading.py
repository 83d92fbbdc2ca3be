"""The pace of this grader beside stock nbgrader's: the same class, the same machine, one run, nothing kept from before.
`python -m benchmarks.grading` prints one JSON line and writes its section of benchmarks/README.md; about 25 minutes,
nearly all of them stock nbgrader's.
Read grader/classroom/classes.py first. 'Stock' is nbgrader in a throwaway course whose configuration names directories
only."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from benchmarks.lessons import ROOT, machine, put_section
from grader.classroom.exchange import collect_from
from grader.classroom.records import Records
from grader.judging.answers import Answer, notebook_with, read_answers, solved
from grader.judging.groups import waited
from grader.lessons.cells import Lesson
from grader.lessons.notebooks import as_text, solved_notebook
from grader.lessons.reading import find_lesson

ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    "PYTHONPATH": str(ROOT),
}


def submissions(lesson: Lesson, count: int) -> dict[str, bytes]:
    """Honest submissions, no two alike: for each exercise in turn one of the listed answers, right ones three times as
    often as wrong."""
    answers = read_answers(lesson, ROOT)
    made = {}
    for number in range(count):
        texts = dict(solved(lesson))
        for place, cell in enumerate(lesson.exercises):
            listed = [answer for answer in answers if answer.name == cell.name and ends(answer)]
            right, wrong = [[answer for answer in listed if answer.right is kind] for kind in (True, False)]
            chosen = wrong if (number + place) % 4 == 0 else right
            texts[cell.name] = chosen[(number // 4 + place) % len(chosen)].text + f"\n# student {number}"
        made[f"student{number:04}"] = notebook_with(lesson, ROOT, texts)
    return made


def ends(answer: Answer) -> bool:
    """Whether an answer comes back: an endless loop measures limits, not pace."""
    return "while True" not in answer.text and "itertools.count" not in answer.text


def graded_cells_only(content: bytes, lesson: Lesson) -> bytes:
    """A notebook without the cells that no grade depends on: what stock nbgrader would run if a lesson had no
    demonstrations."""
    notebook = nbformat.reads(content, as_version=4)
    idle = {cell.id for cell in lesson.cells if cell.role in ("demo", "explorer", "headline", "text")}
    notebook.cells = [cell for cell in notebook.cells if cell.id not in idle]
    return nbformat.writes(notebook).encode()


def stock(
    lesson: Lesson, given: dict[str, bytes], source: bytes, folder: Path
) -> tuple[float, dict[str, dict[str, float]]]:
    """Seconds that `nbgrader autograde` takes for the class, and every cell's score by student."""
    (folder / "source" / lesson.folder).mkdir(parents=True)
    (folder / "source" / lesson.folder / f"{lesson.name}.ipynb").write_bytes(source)
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\n")
    command = [sys.executable, "-m", "nbgrader"]
    subprocess.run(
        [*command, "generate_assignment", lesson.folder, "--create"],
        cwd=folder,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    for name, content in given.items():
        place = folder / "submitted" / name / lesson.folder
        place.mkdir(parents=True)
        (place / f"{lesson.name}.ipynb").write_bytes(content)
    began = time.perf_counter()
    subprocess.run(
        [*command, "autograde", lesson.folder], cwd=folder, env=ENVIRONMENT, check=False, capture_output=True
    )
    return time.perf_counter() - began, scores(folder / "gradebook.db", lesson)


def ours(lesson: Lesson, given: dict[str, bytes], folder: Path) -> tuple[float, float, dict[str, dict[str, float]]]:
    """Seconds that `grader grade` takes for the class, the largest memory of all its processes together in MiB, and
    every cell's score by student."""
    (folder / "in").mkdir(parents=True)
    for name, content in given.items():
        (folder / "in" / f"{name}.ipynb").write_bytes(content)
    collect_from(lesson, folder / "in", folder)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "grade", lesson.folder, "--classroom", str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    peak = Peak(process.pid)
    code = process.wait()
    seconds = time.perf_counter() - began
    if code:
        raise SystemExit(f"grader grade ended with {code}")
    return seconds, peak.stop(), scores(folder / "gradebook.db", lesson)


def scores(file: Path, lesson: Lesson) -> dict[str, dict[str, float]]:
    with Gradebook(f"sqlite:///{file}") as book:
        return {
            submission.student.id: {grade.name: grade.score for grade in submission.notebooks[0].grades}
            for submission in book.assignment_submissions(lesson.folder)
        }


class Peak:
    """The largest memory that all processes of a session have had together, each page counted once among those that
    share it."""

    def __init__(self, session: int) -> None:
        self._session, self._most, self._ended = session, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._ended.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._ended.wait(2):
            self._most = max(self._most, sum(map(proportional, of_session(self._session))))


def of_session(session: int) -> list[Path]:
    """The processes that a command started, sandboxes included, which have sessions of their own: all its
    descendants."""
    parents: dict[str, list[str]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(status.read_text().rsplit(")", 1)[1].split()[1], []).append(status.parent.name)
        except OSError:
            continue
    found, left = [], [str(session)]
    while left:
        process = left.pop()
        found.append(Path("/proc") / process)
        left += parents.get(process, [])
    return found


def proportional(process: Path) -> float:
    """A process's memory in MiB, shared pages divided by how many share them."""
    try:
        line = next(line for line in (process / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0.0
    return int(line.split()[1]) / 1024


def resubmission(lesson: Lesson, folder: Path) -> tuple[float, float]:
    """Milliseconds within a run for a submission like one before, and seconds of this process's own processor time for
    a new one."""
    from grader.judging.answers import notebook_with
    from grader.judging.grade import Submission, grade_one
    from grader.judging.keys import Kept
    from grader.judging.sandbox import Sandbox

    folder.mkdir()
    (folder / "a.ipynb").write_bytes(notebook_with(lesson, ROOT, solved(lesson)))
    kept = Kept(folder / "kept")
    with Sandbox(lesson) as sandbox, Records(folder) as records:
        records.register(lesson)
        took = []
        for number in range(21):
            began = time.perf_counter()
            records.write(
                grade_one(Submission(f"student{number}", folder / "a.ipynb"), lesson, sandbox, b"secret", kept=kept),
                lesson,
            )
            took.append(time.perf_counter() - began)
    return 1000 * sorted(took[1:])[10], took[0]


def overhead(lesson: Lesson, given: dict[str, bytes], folder: Path) -> float:
    """Seconds a submission, beyond what its own cells and calls take: the middle of the class, one after another in one
    process.

    What is its own: the processor time of the world that it runs in, which the sandbox's processes report when they
    have ended. Time in which this process waited for a processor is not counted; that of the world's waiting is.
    """
    from grader.judging.grade import Submission, grade_one
    from grader.judging.sandbox import Sandbox

    folder.mkdir()
    beyond = []
    with Sandbox(lesson) as sandbox, Records(folder) as records:
        records.register(lesson)
        for name, content in given.items():
            file = folder / f"{name}.ipynb"
            file.write_bytes(content)
            before, began, idle = inside_seconds(sandbox), time.perf_counter(), waited(os.getpid())
            records.write(grade_one(Submission(name, file), lesson, sandbox, b"secret"), lesson)
            beyond.append(
                time.perf_counter() - began - (inside_seconds(sandbox) - before) - (waited(os.getpid()) - idle)
            )
    return sorted(beyond)[len(beyond) // 2]


def inside_seconds(sandbox: object) -> float:
    """Processor seconds of all worlds of a sandbox that have ended: its processes' children, as the system counts
    them."""
    total = 0
    for process in of_session(sandbox._process.pid):
        try:
            fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[13]) + int(fields[14])
    return total / os.sysconf("SC_CLK_TCK")


def from_the_command_line(lesson: Lesson, folder: Path) -> list[tuple[float, float]]:
    """Seconds by the clock, and of processors, that `grader grade` takes for one submission: the first time, and again
    with nothing changed.

    The lesson is in the gradebook before, as `grader release` puts it there. Processors: of all processes that were
    waited for, sandboxes among them.
    """
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "ada.ipynb").write_bytes(submissions(lesson, 2)["student0001"])
    collect_from(lesson, folder / "in", folder)
    with Records(folder) as records:
        records.register(lesson)
    took = []
    for _ in range(2):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "grader.cli", "grade", lesson.folder, "--classroom", str(folder)],
            cwd=ROOT,
            env=ENVIRONMENT,
            check=True,
            capture_output=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append((time.perf_counter() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return took


def cost_of_six(lesson: Lesson, given: dict[str, bytes], source: bytes, folder: Path) -> int:
    """Measure and write down the pace of a class of six beside stock nbgrader's, start and end of each command
    included."""
    our_seconds, _, our_scores = ours(lesson, given, folder / "ours")
    stock_seconds, stock_scores = stock(lesson, given, source, folder / "stock")
    same = (
        "Cell by cell the scores are stock nbgrader's."
        if our_scores == stock_scores
        else "Scores differ from stock nbgrader's."
    )
    text = (
        f"A class of {len(given)} honest submissions of {lesson.folder}: `grader grade` {our_seconds:.1f} s, `nbgrader "
        f"autograde` {stock_seconds:.1f} s, "
        f"{stock_seconds / our_seconds:.1f} times as long. {same} Load of the machine meanwhile: "
        f"{os.getloadavg()[0]:.1f} processes on {os.cpu_count()} cores."
    )
    print(
        json.dumps(
            {
                "submissions": len(given),
                "ours_s": round(our_seconds, 1),
                "stock_s": round(stock_seconds, 1),
                "ratio": round(stock_seconds / our_seconds, 1),
            }
        )
    )
    put_section(
        "grading six",
        "\n".join(
            [
                "## Grading a class of six",
                "",
                f"`python -m benchmarks.grading --six`, on {machine()}, nothing kept from before.",
                "",
                text,
            ]
        ),
    )
    return 0


def cost_of_one(lesson: Lesson, given: dict[str, bytes], folder: Path) -> int:
    """Measure and write down what one submission costs beyond its own cells, and what one like a submission before
    costs."""
    small = find_lesson("02", ROOT)
    first, second = from_the_command_line(small, folder / "line")
    beyond, (same_ms, _) = overhead(lesson, given, folder / "beyond"), resubmission(lesson, folder / "again")
    busy = os.getloadavg()[0]
    line = (
        f"`grader grade 02` for a single submission of {small.folder}, start and end of the command included: "
        f"{first[0]:.1f} s, of processors {first[1]:.1f} s; "
        f"the same once more: {second[0]:.1f} s, of processors {second[1]:.1f} s."
    )
    text = (
        f"{line}\n\nBeyond its own cells' processor time a submission costs {beyond:.2f} s (the middle of "
        f"{len(given)}, one at a time, records included). "
        f"One like a submission before: {same_ms:.0f} ms. Load of the machine meanwhile: {busy:.1f} processes on "
        f"{os.cpu_count()} cores."
    )
    print(
        json.dumps(
            {
                "first_s": round(first[0], 1),
                "first_cpu_s": round(first[1], 1),
                "second_s": round(second[0], 1),
                "second_cpu_s": round(second[1], 1),
                "overhead_s_a_submission": round(beyond, 3),
                "identical_resubmission_ms": round(same_ms, 1),
                "load": round(busy, 1),
            }
        )
    )
    put_section(
        "grading one",
        "\n".join(
            ["## Grading one submission", "", f"`python -m benchmarks.grading --one`, on {machine()}.", "", text]
        ),
    )
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--lesson", default="03")
    parser.add_argument("--count", type=int, default=40, help="how many submissions (40)")
    parser.add_argument(
        "--one",
        action="store_true",
        help="only what one submission costs, from the command line as well, into a section of its own; two minutes",
    )
    parser.add_argument(
        "--six",
        action="store_true",
        help="only a class of six beside stock nbgrader, into a section of its own; some minutes",
    )
    parser.add_argument(
        "--large",
        type=int,
        default=1000,
        help="how many in the large class whose memory is measured (1000; 0 for none)",
    )
    arguments = parser.parse_args()
    lesson = find_lesson(arguments.lesson, ROOT)
    given = submissions(lesson, 6 if arguments.six else arguments.count)
    source = as_text(solved_notebook(lesson)).encode()
    with tempfile.TemporaryDirectory(prefix="pace-") as temporary:
        folder = Path(temporary).resolve()
        if arguments.one:
            return cost_of_one(lesson, given, folder)
        if arguments.six:
            return cost_of_six(lesson, given, source, folder)
        our_seconds, memory, our_scores = ours(lesson, given, folder / "ours")
        print(f"grader: {our_seconds:.0f} s for {len(given)}", file=sys.stderr, flush=True)
        bare = {name: graded_cells_only(content, lesson) for name, content in given.items()}
        bare_seconds, bare_scores = stock(lesson, bare, graded_cells_only(source, lesson), folder / "bare")
        print(f"nbgrader, graded cells alone: {bare_seconds:.0f} s", file=sys.stderr, flush=True)
        stock_seconds, stock_scores = stock(lesson, given, source, folder / "stock")
        print(f"nbgrader: {stock_seconds:.0f} s", file=sys.stderr, flush=True)
        same_ms, _ = resubmission(lesson, folder / "again")
        beyond = overhead(lesson, given, folder / "beyond")
        large = {}
        for count in (arguments.large // 10, arguments.large) if arguments.large else ():
            seconds, most, _ = ours(
                lesson,
                {
                    name: notebook_with(lesson, ROOT, {"finite_difference": f"# {name}\n"})
                    for name in (f"s{n:04}" for n in range(count))
                },
                folder / f"large{count}",
            )
            large[count] = round(most)
            print(f"grader, {count} submissions: {seconds:.0f} s, {most:.0f} MiB", file=sys.stderr, flush=True)
            shutil.rmtree(folder / f"large{count}")
    differ = sorted(name for name in given if our_scores.get(name) != stock_scores.get(name))
    figures = {
        "lesson": lesson.folder,
        "submissions": len(given),
        "ratio": round(stock_seconds / our_seconds, 1),
        "ratio_graded_cells_alone": round(bare_seconds / our_seconds, 1),
        "ours_s": round(our_seconds, 1),
        "stock_s": round(stock_seconds, 1),
        "stock_graded_cells_alone_s": round(bare_seconds, 1),
        "overhead_s_a_submission": round(beyond, 3),
        "identical_resubmission_ms": round(same_ms, 1),
        "memory_mib": large or {len(given): round(memory)},
        "scores_equal_stock": not differ and our_scores == bare_scores,
        "differ": differ[:5],
        "machine": machine(),
        "peak_of_this_process_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(figures))
    a_minute = {
        name: 60 * len(given) / seconds
        for name, seconds in (("ours", our_seconds), ("stock", stock_seconds), ("bare", bare_seconds))
    }
    rows = [
        f"| `grader grade` | {our_seconds:.1f} | {a_minute['ours']:.0f} | 1 |",
        f"| `nbgrader autograde`, stock | {stock_seconds:.1f} | {a_minute['stock']:.1f} | "
        f"{stock_seconds / our_seconds:.1f} times as long |",
        f"| the same, the lesson cut down to its graded cells | {bare_seconds:.1f} | {a_minute['bare']:.1f} | "
        f"{bare_seconds / our_seconds:.1f} times as long |",
    ]
    more = [
        f"Beyond its own cells' processor time a submission costs {beyond:.2f} s (the middle of the class, one at a "
        f"time). One like a submission before: {same_ms:.0f} ms, records included.",
        "Cell by cell the scores are stock nbgrader's."
        if figures["scores_equal_stock"]
        else f"Scores differ from stock nbgrader's for: {', '.join(differ) or 'the cut lesson'}.",
    ]
    if large:
        more.append(
            "Memory of all processes together, shared pages counted once: "
            + ", ".join(f"{most} MiB for {count} submissions" for count, most in large.items())
            + "."
        )
    put_section(
        "grading",
        "\n".join(
            [
                "## Grading",
                "",
                f"`python -m benchmarks.grading`: a class of {len(given)} honest submissions of {lesson.folder}, start "
                "and end of each command included, nothing kept from before.",
                f"Measured on {machine()}.",
                "",
                "| command | seconds | submissions a minute | beside ours |",
                "|---|---|---|---|",
                *rows,
                "",
                *more,
            ]
        ),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
