"""A class on many machines, measured on one: what a start costs, what a task costs beyond its work, one worker beside
two, the one writer, and from these figures what 100,000 submissions a night need.
`python -m benchmarks.cluster` prints one JSON line and writes its section of benchmarks/README.md; some minutes.
Read grader/classroom/cluster.py first. Each worker is held to a core of its own; scheduler and writer share them."""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distributed import Client

from benchmarks.grading import ENVIRONMENT, of_session, proportional, submissions
from benchmarks.lessons import ROOT, machine, put_section
from grader.classroom.cluster import Cluster, grade_on
from grader.classroom.exchange import collect_from
from grader.classroom.records import Records
from grader.judging.grade import Outcome, find_submissions
from grader.lessons.cells import Lesson
from grader.lessons.reading import find_lesson

SECRET = b"a class's secret"
NIGHT, HOURS = 100_000, 10
SEVERAL = (1, 2)


@dataclass
class Pace:
    """A class graded by so many workers: seconds from the beginning until all of them were ready, and for each outcome
    that came after that one."""

    workers: int
    ready: float = 0.0
    each: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)


class Machines:
    """A scheduler and workers, each worker on a core of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        self.folder, self.address, self.started = folder, f"tcp://127.0.0.1:{port}", list[subprocess.Popen]()
        words = ["--host", "tcp://127.0.0.1", "--port", str(port), "--dashboard-address", "127.0.0.1:0"]
        self._start("scheduler", [sys.executable, "-m", "distributed.cli.dask_scheduler", *words])

    def worker(self, number: int) -> None:
        words = ["--name", f"core{number}", "--no-dashboard", "--local-directory", str(self.folder / f"space{number}")]
        cores = sorted(os.sched_getaffinity(0))
        self._start(
            f"worker{number}",
            [str(ROOT / "deploy" / "cluster" / "worker.sh"), self.address, *words],
            lambda: os.sched_setaffinity(0, {cores[number % len(cores)]}),
        )

    def memory(self, which: int) -> float:
        """MiB of a process that was started and all that it started, shared pages counted in part."""
        return sum(map(proportional, of_session(self.started[which].pid)))

    def _start(self, name: str, words: list[str], first: Callable[[], None] | None = None) -> None:
        log = (self.folder / f"{name}.log").open("w")
        environment = {**ENVIRONMENT, "PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}
        self.started.append(
            subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True, preexec_fn=first
            )
        )

    def end(self) -> None:
        for process in reversed(self.started):
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.started:
            process.wait(timeout=60)


def graded(machines: Machines, lesson: Lesson, room: Path, workers: int) -> Pace:
    """Grade a class on the workers; nothing is kept from before."""
    pace, began, came = Pace(workers), time.perf_counter(), list[float]()

    def say(words: str) -> None:
        if words.startswith(f"{workers} can be graded at once"):
            pace.ready = time.perf_counter() - began

    cluster = Cluster(machines.address, wait=300, say=say)
    for outcome in grade_on(cluster, lesson, find_submissions(room, lesson), SECRET):
        pace.outcomes.append(outcome)
        came.append(time.perf_counter() - began)
    pace.each = (came[-1] - pace.ready) / sum(time > pace.ready for time in came)
    return pace


def echo(data: bytes) -> bytes:
    return data


def of_a_task(machines: Machines, data: bytes, count: int = 300) -> float:
    """Seconds that a task takes which does nothing: a submission's bytes to a worker, and as many back."""
    with Client(machines.address, set_as_default=False) as client:
        client.submit(echo, data, pure=False).result()
        began = time.perf_counter()
        for _ in range(count):
            client.submit(echo, data, pure=False).result()
        return (time.perf_counter() - began) / count


def written(lesson: Lesson, outcomes: list[Outcome], room: Path, address: str = "") -> float:
    """Seconds that the one writer takes for an outcome, with all that `grader grade` looks up for it."""
    with Records(room, address) as records:
        records.register(lesson)
        began = time.perf_counter()
        for outcome in outcomes:
            records.outcome(lesson, outcome.student)
            records.write(outcome, lesson)
            records.outcome(lesson, outcome.student)
        return (time.perf_counter() - began) / len(outcomes)


def bytes_in(*places: Path) -> int:
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return sum(file.stat().st_size for file in files)


def measure(lesson: Lesson, count: int, folder: Path) -> dict[str, Any]:
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import server

    given = submissions(lesson, count)
    (folder / "in").mkdir()
    for name, content in given.items():
        (folder / "in" / f"{name}.ipynb").write_bytes(content)
    began = time.perf_counter()
    collect_from(lesson, folder / "in", folder / "room")
    found: dict[str, Any] = {"submissions": count, "collecting_s": (time.perf_counter() - began) / count}
    machines, paces = Machines(folder), []
    try:
        for workers in SEVERAL:
            machines.worker(workers - 1)
            if workers == 1:
                found["task_ms"] = 1000 * of_a_task(machines, next(iter(given.values())))
            paces.append(graded(machines, lesson, folder / "room", workers))
            if workers == 1:
                found["again_s"] = graded(machines, lesson, folder / "room", 1).ready
        found["scheduler_mib"] = machines.memory(0)
        found["worker_mib"] = idle_and_warm(machines, lesson, folder / "room")
    finally:
        machines.end()
    one, two = paces
    same = [sorted(json.dumps(each.as_dict(), sort_keys=True, default=str) for each in pace.outcomes) for pace in paces]
    found |= {
        "start_s": one.ready,
        "one_s": one.each,
        "two_s": two.each,
        "efficiency": one.each / (2 * two.each),
        "same": same[0] == same[1],
        "load": os.getloadavg()[0],
    }
    found["in_bytes"] = sum(map(len, given.values())) / count
    found["sqlite_s"] = written(lesson, one.outcomes, folder / "file")
    with server() as database:
        empty = database.ask("SELECT pg_database_size('postgres')")[0][0]
        found["server_s"] = written(lesson, one.outcomes, folder / "served", database.address)
        found["server_bytes"] = (database.ask("SELECT pg_database_size('postgres')")[0][0] - empty) / count
    found["out_bytes"] = bytes_in(folder / "file" / "outcomes") / count
    places = (folder / "room" / "submitted", folder / "file" / "outcomes", folder / "file" / "autograded")
    found["disk_bytes"] = bytes_in(*places) / count
    return found


def idle_and_warm(machines: Machines, lesson: Lesson, room: Path) -> float:
    """MiB of one worker with its judge and its sandbox, while it grades: the most that was seen."""
    seen = [0.0]
    for _ in grade_on(Cluster(machines.address, wait=300), lesson, find_submissions(room, lesson)[:4], SECRET):
        seen.append(machines.memory(1))
    return max(seen)


def on_paper(found: dict[str, Any]) -> dict[str, float]:
    """What so many submissions in a night need, from what was measured here. Nothing is taken to get better by size."""
    a_second = NIGHT / (HOURS * 3600)
    workers = math.ceil(a_second * found["one_s"] / min(1.0, found["efficiency"]))
    return {
        "a_second": a_second,
        "workers": workers,
        "memory_gib": workers * found["worker_mib"] / 1024,
        "writer_share": a_second * found["server_s"],
        "writer_share_in_a_file": a_second * found["sqlite_s"],
        "scheduler_share": a_second * found["task_ms"] / 1000,
        "network_mbit": a_second * 2 * (found["in_bytes"] + found["out_bytes"]) * 8 / 1e6,
        "database_gib": NIGHT * found["server_bytes"] / 2**30,
        "disk_gib": NIGHT * found["disk_bytes"] / 2**30,
        "collecting_h": NIGHT * found["collecting_s"] / 3600,
    }


def as_text(lesson: Lesson, found: dict[str, Any], paper: dict[str, float]) -> str:
    enough = (
        "More than 100 % is no efficiency: what else the machine had to do changed between the two, and whether 85 % "
        "are reached is not known from this run."
        if found["efficiency"] > 1.05
        else "The 85 % that are wanted where each worker has a core of its own are there."
        if found["efficiency"] >= 0.85
        else "That is less than the 85 % that are wanted where each worker has a core of its own."
    )
    kib = {name: f"{found[f'{name}_bytes'] / 1024:.0f} KiB" for name in ("in", "out", "server", "disk")}
    rows = [
        ("submissions a second", "", f"{paper['a_second']:.2f}"),
        ("workers, a core each", f"{found['one_s']:.2f} s on one worker; efficiency as above", f"{paper['workers']}"),
        (
            "memory of the workers",
            f"{found['worker_mib']:.0f} MiB with judge and sandbox",
            f"{paper['memory_gib']:.0f} GiB; with what a submission may take (2 GiB) 4 GiB a worker are wanted",
        ),
        (
            "the scheduler",
            f"{found['task_ms']:.1f} ms a task; {found['scheduler_mib']:.0f} MiB",
            f"{100 * paper['scheduler_share']:.1f} % of its time",
        ),
        (
            "the one writer, PostgreSQL",
            f"{1000 * found['server_s']:.0f} ms an outcome",
            f"{100 * paper['writer_share']:.0f} % of a core",
        ),
        (
            "the one writer, SQLite",
            f"{1000 * found['sqlite_s']:.0f} ms an outcome",
            f"{100 * paper['writer_share_in_a_file']:.0f} % of a core",
        ),
        (
            "network at the scheduler",
            f"{kib['in']} there, {kib['out']} back, each in and out",
            f"{paper['network_mbit']:.1f} Mbit/s",
        ),
        ("database", kib["server"], f"{paper['database_gib']:.1f} GiB"),
        ("files of the classrooms", kib["disk"], f"{paper['disk_gib']:.1f} GiB"),
        (
            "exchange: collecting",
            f"{1000 * found['collecting_s']:.0f} ms, one process",
            f"{paper['collecting_h']:.1f} h of a core, before or beside it",
        ),
    ]
    return "\n".join(
        [
            "## A class on many machines",
            "",
            f"`python -m benchmarks.cluster`: {found['submissions']} honest submissions of {lesson.folder}, no two "
            "alike, on one worker and then on two in the same run, each held to a core of its own; scheduler and "
            f"writer share these cores. Measured on {machine()}; load of the machine meanwhile: {found['load']:.1f} "
            f"processes on {os.cpu_count()} cores. What the system calls two cores may be two threads of one.",
            "",
            f"- A start, until a sandbox is up on a worker that is there: {found['start_s']:.1f} s, and "
            f"{found['again_s']:.1f} s when the same worker is asked again.",
            f"- A task costs {found['task_ms']:.1f} ms beyond its work.",
            f"- A submission each {found['one_s']:.2f} s by one worker, each {found['two_s']:.2f} s by two: "
            f"{100 * found['efficiency']:.0f} % efficiency. {enough} "
            + ("The outcomes are the same." if found["same"] else "The outcomes differ."),
            "",
            f"On paper, from these figures: {NIGHT:,} submissions in a night of {HOURS} hours, in classes of some "
            "hundreds with a classroom each. Nothing is taken to get cheaper by size, and the load that there was is "
            "in it. One class of that size was not tried: `grader grade` and the report compare every text with "
            "every other, which grows with the square.",
            "",
            f"| what | measured, for one | {NIGHT:,} a night |",
            "|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in rows),
        ]
    )


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--lesson", default="03")
    words.add_argument("--submissions", type=int, default=40)
    chosen = words.parse_args()
    lesson = find_lesson(chosen.lesson, ROOT)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(lesson, chosen.submissions, Path(folder))
    paper = on_paper(found)
    print(json.dumps({**found, **paper}))
    put_section("cluster", as_text(lesson, found, paper))
    return 0


if __name__ == "__main__":
    sys.exit(main())
