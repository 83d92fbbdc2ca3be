"""How well the checks judge answers, and how truly they name what is wrong: `python -m benchmarks.diagnosis
tests/answers/unseen/*.py`. Each answer is judged at home and over many seeds of hand-in, and what is said of it is held
against what is really wrong with it.
Read grader/judging/answers.py first (how a file of answers is written); the verdicts of a reader lie beside the
answers, in verdicts.json."""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from benchmarks.lessons import machine, put_section
from course.checks.exercises import exercise_of
from course.checks.judging import Judgement
from course.checks.result import PASSED
from course.desk.files import write_whole
from grader.judging.answers import Answer, Bench, read_answers, solved
from grader.judging.keys import digest
from grader.judging.proof import version_of
from grader.lessons.cells import Lesson
from grader.lessons.reading import all_lessons

ROOT = Path(__file__).resolve().parent.parent
SEEDS_OF_WRONG, SEEDS_OF_RIGHT = 20, 60
# how what was said was found; '' where nothing was
KINDS = (
    "contract",
    "mistake",
    "slip",
    "contrast",
    "rule",
    "stops",
    "exception",
    "",
)
# what a reader said of the words; what was measured before anything was mended for these answers
VERDICTS, FIRST = (
    "verdicts.json",
    "first.json",
)


@dataclass(frozen=True)
class Found:
    """What the checks did with one answer. caught: at home; later: in how many seeds of hand-in; said: the words, how:
    one of KINDS; seconds: at home.

    Without words for a cause it is told where it stops ('stops'), or that a wanted exception did not come
    ('exception'); a 'rule' is one on the source or on types.
    """

    lesson: str
    exercise: str
    right: bool
    label: str
    caught: bool
    later: int
    seeds: int
    said: str
    how: str
    seconds: float

    @property
    def key(self) -> str:
        return f"{self.lesson} {self.exercise}: {self.label}"


def measure(lesson: Lesson, answer: Answer) -> Found:
    """Judge one answer, the other exercises being solved."""
    bench = Bench(lesson, {**solved(lesson), answer.name: answer.text})
    began = time.process_time()  # of computing, for other processes may share the machine
    home = bench.results(answer.name)
    seconds = time.process_time() - began
    failed = [result for result in home if result.status != PASSED]
    said = next((result.mistake for result in failed if result.mistake), "")
    judged = bench.judged(answer.name)
    how = "" if not said else judged.named.how if judged and judged.named and judged.named.words == said else "rule"
    if failed and not said and judged:
        said, how = (judged.breaches[0].words, "contract") if judged.breaches else ("", how_it_ended(judged))
    seeds = SEEDS_OF_RIGHT if answer.right else SEEDS_OF_WRONG
    later = sum(
        any(result.status != PASSED for result in bench.results(answer.name, seed, says_why=False))
        for seed in range(1, seeds + 1)
    )
    return Found(lesson.folder, answer.name, answer.right, answer.label, bool(failed), later, seeds, said, how, seconds)


def how_it_ended(judged: Judgement) -> str:
    """What a learner is told where no cause is known: that every wrong call stops, and where, or that an exception is
    wanted; '' where values are wrong."""
    wrong = [(judged.seen[place].raised, judged.wanted[place].raised) for place in judged.wrong]
    if wrong and all(wanted for _, wanted in wrong):
        return "exception"
    return "stops" if wrong and all(came or wanted for came, wanted in wrong) else ""


def _measure_all(lesson: Lesson, answers: list[Answer]) -> list[Found]:
    torch.set_num_threads(1)
    return [measure(lesson, answer) for answer in answers]


def all_found(files: list[Path], workers: int = 2, keep: Path | None = None) -> list[Found]:
    """What the checks make of the answers in these files. keep: a folder in which each file's are kept until its
    answers, its lesson or the engine change."""
    lessons = {lesson.name: lesson for lesson in all_lessons(ROOT)}
    found = []
    for file in files:
        lesson = lessons[file.stem]
        kept = (
            keep / f"{file.stem}-{digest([version_of(lesson), file.read_text(encoding='utf-8')])[:16]}.json"
            if keep
            else None
        )
        if kept and kept.is_file():
            found += [Found(**one) for one in json.loads(kept.read_text(encoding="utf-8"))]
            continue
        by_exercise: dict[str, list[Answer]] = defaultdict(list)
        for answer in read_answers(lesson, ROOT, file):
            if exercise_of(lesson.folder, answer.name):
                by_exercise[answer.name].append(answer)
        with ProcessPoolExecutor(workers) as pool:
            mine = [
                one
                for part in pool.map(_measure_all, [lesson] * len(by_exercise), by_exercise.values())
                for one in part
            ]
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, json.dumps([asdict(one) for one in mine], ensure_ascii=False))
        found += mine
    return found


def table(found: list[Found], verdicts: dict[str, dict[str, str]]) -> list[str]:
    """One row a lesson and one for all: caught, truly named, falsely named, right ones accepted, green at home and
    failed later."""
    rows = [
        "| lesson | wrong | caught at home | in every seed of hand-in | contract | mistake | slip | contrast | rule | "
        "only where it stops | only that an exception is wanted "
        "| said nothing | false | useless | not yet read | right | accepted in all seeds | green at home, failed later "
        "| slowest check at home |",
        "|---|" + "---|" * 18,
    ]
    for name in [*dict.fromkeys(one.lesson for one in found), "all"]:
        mine = [one for one in found if name in (one.lesson, "all")]
        wrong, right = [one for one in mine if not one.right], [one for one in mine if one.right]
        how = {kind: sum(one.how == kind for one in wrong if one.caught) for kind in KINDS}
        judged = [verdict(one, verdicts) for one in wrong if one.said]
        rows.append(
            f"| {name} | {len(wrong)} | {share(sum(one.caught for one in wrong), wrong)} | "
            f"{share(sum(one.later == one.seeds for one in wrong), wrong)} | "
            + " | ".join(str(count) for count in how.values())
            + f" | {judged.count('false')} | {judged.count('useless')} | {judged.count('')} | {len(right)} | "
            f"{share(sum(not one.caught and not one.later for one in right), right)} | "
            f"{sum(not one.caught and one.later > 0 for one in wrong)} | "
            f"{max((one.seconds for one in mine), default=0):.2f} s |"
        )
    return rows


def first_table(first: dict[str, dict[str, int]]) -> list[str]:
    """What was found before anything was mended for these answers, as far as that was measured."""
    rows = [
        "| lesson | wrong | caught at home | contract | mistake | slip | contrast | said nothing | right | accepted |",
        "|---|" + "---|" * 9,
    ]
    total = {key: sum(counts[key] for counts in first.values()) for key in next(iter(first.values()))}
    return rows + [
        f"| {name} | "
        + " | ".join(
            str(counts[key])
            for key in ("wrong", "caught", "contract", "mistake", "slip", "contrast", "nothing", "right", "accepted")
        )
        + " |"
        for name, counts in (*first.items(), ("all", total))
    ]


def verdict(one: Found, verdicts: dict[str, dict[str, str]]) -> str:
    """What a reader said of these very words for this answer: 'true', 'useless' or 'false'; '' where nobody has read
    them."""
    kept = verdicts.get(one.key, {})
    return kept.get("verdict", "") if kept.get("said") == one.said else ""


def share(part: int, whole: list) -> str:
    return f"{part} ({part / len(whole):.1%})" if whole else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument(
        "--write", metavar="HEADING", help="write the table into benchmarks/README.md under this heading"
    )
    parser.add_argument("--details", type=Path, help="write what was found of each answer into this file")
    parser.add_argument("--workers", type=int, default=2, help="how many processes (2)")
    parser.add_argument(
        "--keep", type=Path, help="a folder for what was found, so that a measurement that was stopped goes on"
    )
    chosen = parser.parse_args()
    found = all_found(chosen.files, chosen.workers, chosen.keep)
    beside = chosen.files[0].parent / VERDICTS
    verdicts = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else {}
    rows = table(found, verdicts)
    if (chosen.files[0].parent / FIRST).is_file():
        first = json.loads((chosen.files[0].parent / FIRST).read_text(encoding="utf-8"))
        rows += [
            "",
            "Before anything was mended for these answers, as far as it was measured then (home draws, one to three "
            "seeds):",
            "",
            *first_table(first),
        ]
    print("\n".join(rows))
    for one in found:
        if one.right and (one.caught or one.later):
            print(f"right, and refused ({one.caught=}, {one.later} of {one.seeds} seeds): {one.key}")
        elif not one.right and not one.caught:
            print(f"wrong, and accepted ({one.later} of {one.seeds} seeds catch it): {one.key}")
    if chosen.details:
        chosen.details.write_text(
            json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False), encoding="utf-8"
        )
    if chosen.write:
        put_section(
            chosen.write,
            "\n".join(
                [
                    f"## {chosen.write[:1].upper()}{chosen.write[1:]}",
                    "",
                    f"`python -m benchmarks.diagnosis {' '.join(map(str, chosen.files))}`, "
                    f"on {machine()}; {SEEDS_OF_WRONG} seeds of hand-in for a wrong answer, {SEEDS_OF_RIGHT} for a "
                    "right one.",
                    "",
                    *rows,
                ]
            ),
        )


if __name__ == "__main__":
    main()
