"""Where the time of the tests goes: `make test TEST_ARGS="--junitxml=FILE"`, then `python -m benchmarks.tests FILE`
writes its section of CONTRIBUTING.md, room by room. Seconds are those of one of two processes."""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.lessons import ROOT, machine, put_section

FIRST = ("01", "02", "03", "04", "05", "06", "07", "08", "11", "16")  # the ten lessons of the first edition
LATER = {folder.name for folder in (ROOT / "solutions").iterdir() if folder.name[:2] not in FIRST}
# What came with the second edition beside lessons: pages, class server, cluster, database.
OTHERS = re.compile(r"tests/browser/test_(site|class_server)|tests/classroom/test_(server|cluster|postgres)")


LATER_NAMES = {name[3:] for name in LATER}


def came_later(file: str, test: str) -> bool:
    """Whether a test is about something that the first edition, ten lessons and the grader, did not have."""
    of_lesson = any(folder in f"{file} {test}" for folder in LATER) or file.rpartition("/test_")[2] in LATER_NAMES
    return of_lesson or bool(OTHERS.search(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="what pytest wrote with --junitxml")
    file = parser.parse_args().file
    suite = next(ElementTree.parse(file).getroot().iter("testsuite"))
    seconds: dict[str, Counter[str]] = defaultdict(Counter)
    tests: Counter[str] = Counter()
    later = 0.0
    for case in suite.iter("testcase"):
        name = re.sub(r"/Test\w+$", "", case.get("classname", "").removesuffix(".ipynb").replace(".", "/"))
        room = "solutions" if name.startswith("solutions/") else name.rpartition("/")[0]
        taken = float(case.get("time", 0))
        seconds[room][name] += taken
        tests[room] += 1
        later += taken * came_later(name, case.get("name", ""))
    if not tests:
        parser.error(f"{file} holds no test; it is what pytest writes with --junitxml at the end of a run")
    whole = sum(sum(files.values()) for files in seconds.values())
    minutes = float(suite.get("time", 0)) / 60
    rows = []
    for room, files in sorted(seconds.items(), key=lambda each: -sum(each[1].values())):
        longest = ", ".join(f"{name.removeprefix(f'{room}/')} {time:.0f}" for name, time in files.most_common(3))
        rows.append(f"| {room} | {tests[room]} | {sum(files.values()):.0f} | {longest} |")
    text = [
        "## Where the time of the tests goes",
        "",
        f"`python -m benchmarks.tests FILE`, on {machine()}: {sum(tests.values())} tests in {minutes:.0f} minutes, two "
        f"processes. The first ten lessons, without the class server, the cluster, PostgreSQL and the pages, are "
        f"{1 - later / whole:.0%} of it: {minutes * (1 - later / whole):.0f} minutes.",
        "",
        "| room | tests | seconds | longest files |",
        "|---|---|---|---|",
        *rows,
    ]
    put_section("tests", "\n".join(text), ROOT / "CONTRIBUTING.md")
    print("\n".join(text))


if __name__ == "__main__":
    main()
