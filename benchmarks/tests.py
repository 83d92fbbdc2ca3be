"""Where the time of the tests goes: `make test TEST_ARGS="--junitxml=FILE"`, then `python -m benchmarks.tests FILE`
writes its section of benchmarks/README.md, by file, the longest first. Seconds are those of one of two processes."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.lessons import machine, put_section

SHOWN = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="what pytest wrote with --junitxml")
    suite = next(ElementTree.parse(parser.parse_args().file).getroot().iter("testsuite"))
    seconds: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for case in suite.iter("testcase"):
        name = case.get("classname", "").removesuffix(".ipynb").replace(".", "/")
        seconds[name] += float(case.get("time", 0))
        tests[name] += 1
    others = [name for name, _ in seconds.most_common()][SHOWN:]
    rows = [f"| {name} | {tests[name]} | {time:.0f} |" for name, time in seconds.most_common(SHOWN)]
    text = [
        "## The time of the tests",
        "",
        f"`python -m benchmarks.tests FILE`, on {machine()}: {sum(tests.values())} tests in "
        f"{float(suite.get('time', 0)) / 60:.0f} minutes, two processes.",
        "",
        "| file | tests | seconds |",
        "|---|---|---|",
        *rows,
        f"| {len(others)} others | {sum(map(tests.get, others))} | {sum(map(seconds.get, others)):.0f} |",
    ]
    put_section("tests", "\n".join(text))
    print("\n".join(text))


if __name__ == "__main__":
    main()
