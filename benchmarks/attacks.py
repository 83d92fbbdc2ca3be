"""What stock nbgrader makes of each of the eighty attacks, and what this grader does: `python -m benchmarks.attacks`
writes benchmarks/attacks.md. Stock nbgrader is run for real, in throwaway courses whose configuration names directories
only, each run in a process with a time limit and a home of its own.
Read tests/attacks/case.py first: the attacks are its cases, on a small lesson of nbgrader's own kind
(tests/attacks/small.py)."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.lessons import ROOT, machine
from course.desk.files import write_whole

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "attacks")]
TABLE = ROOT / "benchmarks" / "attacks.md"


def main() -> int:
    """Run every case against both and write the table."""
    import cases
    from stock import of_stock, prepared

    asking = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asking.add_argument(
        "cases", nargs="*", type=int, help="measure these only, and keep the other rows of the table as they are"
    )
    chosen = asking.parse_args().cases or sorted(cases.CASES)
    CASES = {number: cases.CASES[number] for number in chosen}
    kept = (
        {
            int(line.split("|")[1]): line
            for line in TABLE.read_text(encoding="utf-8").splitlines()
            if re.match(r"\| \d", line)
        }
        if TABLE.exists()
        else {}
    )
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as scratch:
        course = prepared(Path(scratch))
        with ThreadPoolExecutor(2) as pool:
            waiting = {
                number: pool.submit(of_stock, case, course, Path(scratch) / f"case-{number}")
                for number, case in sorted(CASES.items())
            }
            stock = {}
            for number, future in waiting.items():
                stock[number] = future.result()
                print(f"{number} {CASES[number].title}: {stock[number]}", flush=True)
    for number, words in of_ours(CASES):
        case = CASES[number]
        kept[number] = (
            f"| {number} | {case.section} | {case.title.replace('<', '&lt;')} | {stock[number]} | {words} | "
            f"{case.defence} |"
        )
        print(kept[number], flush=True)
    whole = len(CASES) == len(cases.CASES)
    took = f", all of it in {(time.monotonic() - began) / 60:.0f} minutes" if whole else ""
    text = (
        "\n".join(
            [
                "# What each attack comes to",
                "",
                "`python -m benchmarks.attacks` writes this page: the eighty cases of `tests/attacks/`, against "
                "nbgrader 0.9.6 with a configuration that names directories only, and against this grader.",
                "For stock nbgrader the attacks are on a small lesson with checks of its own kind, worth 100 points, "
                "and a student whose work is right comes after them. 'holds': no points gained, nothing read, "
                "written or shown, and that student has 100. A run is given 100 seconds and 20 more for each student. "
                "For this grader they are on lesson 03, whose checks are worth 94 points without the essay.",
                f"Measured on {machine()}{took}.",
                "",
                "| case | section | attack | stock nbgrader | this grader | what stops it here |",
                "|---|---|---|---|---|---|",
                *(kept[number] for number in sorted(kept)),
            ]
        )
        + "\n"
    )
    write_whole(TABLE, text)
    return 0


# This grader


def of_ours(cases) -> Iterator[tuple[int, str]]:
    """What came of each case with this grader, in a few words, by number."""
    from case import world
    from test_attacks import ALL, GAINED, LIMITS, POINTS, RELEASED, RIGHT, notebook
    from test_attacks import LESSON as lesson

    from grader.classroom.exchange import collect_from
    from grader.judging.answers import notebook_with
    from grader.judging.grade import Submission, find_submissions, grade_one
    from grader.judging.sandbox import Sandbox

    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as scratch,
        tempfile.TemporaryDirectory() as own,
        Sandbox(lesson) as sandbox,
    ):
        for number, case in sorted(cases.items()):
            outside, here = Path(scratch) / str(number), Path(own) / str(number)
            outside.mkdir()
            here.mkdir()
            words, points = [], []
            with world(outside) as made:
                before = made.state()
                for attack in (*case.before, *case.attacks):
                    (here / "eve.ipynb").write_bytes(notebook(attack, case, RELEASED, RIGHT, made))
                    outcome = grade_one(Submission("eve", here / "eve.ipynb"), lesson, sandbox, b"secret", LIMITS)
                    points.append(outcome.points)
                    words.append(outcome.status)
                    if GAINED in json.dumps({**outcome.as_dict(), "texts": {}}) or made.secret in json.dumps(
                        {**outcome.as_dict(), "texts": {}}
                    ):
                        words.append("GETS WHAT IT WANTS")
                if made.state() != before:
                    words.append("WRITES OUTSIDE")
            if case.folder:
                (here / "in").mkdir()
                case.folder(here / "in", notebook_with(lesson, ROOT, RIGHT), notebook_with(lesson, ROOT, {}))
                left = len(collect_from(lesson, here / "in", here / "classroom").left)
                graded = [
                    grade_one(each, lesson, sandbox, b"secret", LIMITS)
                    for each in find_submissions(here / "classroom", lesson)
                ]
                points += [
                    outcome.points for outcome in graded if outcome.student not in ("zoe", "amy", "other", "two")
                ]
                words += [
                    outcome.status for outcome in graded if outcome.student not in ("zoe", "amy", "other", "two")
                ] + ([f"{left} left, with the reason"] if left else [])
            (here / "zoe.ipynb").write_bytes(notebook_with(lesson, ROOT, RIGHT))
            if grade_one(Submission("zoe", here / "zoe.ipynb"), lesson, sandbox, b"secret", LIMITS).points != ALL:
                words.append("ANOTHER STUDENT'S GRADE CHANGES")
            gained = max(points, default=0.0)
            verdict = "holds" if gained <= POINTS[case.gets] else "GAINS"
            yield (
                number,
                f"{verdict}: {f'the {gained:g} points of its right answers' if gained else 'no points'}; "
                f"{', '.join(dict.fromkeys(words))}",
            )


if __name__ == "__main__":
    sys.exit(main())
