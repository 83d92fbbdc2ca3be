"""A class graded on many machines comes out as on one, byte for byte, whatever ends meanwhile: a worker, the network
for ten seconds, the scheduler. Two network namespaces are the two hosts (tests/machines.py); they need root.
Read grader/classroom/cluster.py first. What needs no other process is in test_cluster_crew.py."""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from machines import Machines, children, cut, one_machine, page, two_hosts, until
from nbgrader.api import Gradebook
from shared import LESSONS, ROOT

from benchmarks.grading import submissions
from grader.classroom.classes import grade_all
from grader.classroom.exchange import collect_from
from grader.classroom.gradebook import ADDRESS_FILE, address_of
from grader.classroom.records import Records
from grader.demo import LOOP
from grader.judging.answers import notebook_with, solved

pytestmark = pytest.mark.slow

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
ROOTS_OWN = pytest.mark.skipif(os.getuid() != 0, reason="only root makes network namespaces")
FAKE = "Metadata-Version: 2.1\nName: torch\nVersion: 9.9.9\n"


def slow(number: int, seconds: float) -> bytes:
    """A right answer that takes its time and no processor's."""
    wait = f"import time\ntime.sleep({seconds})  # {number}\n"
    return notebook_with(LESSON, ROOT, {**RIGHT, "finite_difference": wait + RIGHT["finite_difference"]})


def hand_in(room: Path, given: dict[str, bytes]) -> None:
    folder = room.parent / f"{room.name}-in"
    folder.mkdir(parents=True)
    for name, content in given.items():
        (folder / f"{name}.ipynb").write_bytes(content)
    collect_from(LESSON, folder, room)
    (room / "secret").write_bytes(b"the same for all" * 2)


def all_that_is_written(room: Path) -> tuple[list, dict[str, bytes]]:
    """The gradebook, in an order that does not depend on who was first; and every file beside it."""
    with Gradebook(address_of(room), "landscape-of-loss") as book:
        grades = sorted(
            (each.student.id, grade.name, grade.auto_score, bool(grade.needs_manual_grade), str(each.timestamp))
            for each in book.assignment_submissions(FOLDER)
            for grade in each.notebooks[0].grades
        )
    files = {
        str(file.relative_to(room)): file.read_bytes()
        for kind in ("outcomes", "results", "autograded")
        for file in sorted((room / kind).rglob("*"))
        if file.is_file()
    }
    return grades, files


def on_one_machine(room: Path) -> tuple[list, dict[str, bytes]]:
    """What grading a copy of the class here and nowhere else comes to."""
    copy = room.with_name(f"{room.name}-alone")
    shutil.copytree(room, copy)
    (copy / ADDRESS_FILE).unlink(missing_ok=True)
    with Records(copy) as records:
        records.register(LESSON)
        grade_all(LESSON, records, workers=2)
    return all_that_is_written(copy)


def written(room: Path) -> int:
    return len(list((room / "outcomes").glob("*/*.json")))


def ends_well(machines: Machines, process: subprocess.Popen, seconds: float = 300) -> str:
    code = process.wait(timeout=seconds)
    assert code == 0, machines.said("grade")
    return machines.said("grade")


@ROOTS_OWN
def test_a_class_of_forty_on_two_hosts_has_the_gradebook_of_one_machine(tmp_path):
    room = tmp_path / "room"
    given, first = submissions(LESSON, 12), RIGHT["finite_difference"]
    begun = {  # who has done one exercise is judged in a moment
        f"begun{number:02}": notebook_with(LESSON, ROOT, {"finite_difference": f"{first}\n# {number}"})
        for number in range(24)
    }
    hand_in(
        room,
        {
            **given,
            **begun,
            "again": given["student0000"],
            "broken": given["student0001"][:1000],
            "endless": notebook_with(LESSON, ROOT, {**RIGHT, "descend": LOOP}, {"reflection": "It jumped."}),
            "ends": notebook_with(LESSON, ROOT, {**RIGHT, "descend": "import os\nos.kill(1, 9)\nos._exit(3)\n"}),
        },
    )
    assert len(list((room / "submitted").iterdir())) == 40
    with two_hosts(tmp_path / "machines") as machines:
        machines.scheduler()
        for number, host in enumerate(machines.hosts):
            machines.worker(f"host{number}", host)
        said = ends_well(machines, machines.grade(room, "--json"))
    assert "judged by: host0 " in said and ", host1 " in said, said
    grades, files = all_that_is_written(room)
    assert (grades, files) == on_one_machine(room) and len({row[0] for row in grades}) == 40


@ROOTS_OWN
def test_ten_seconds_without_a_network_a_scheduler_that_is_started_again_and_a_killed_worker_lose_nothing(tmp_path):
    """One after another in one run: each time something is on its way, and each time it goes on by itself."""
    room = tmp_path / "room"
    hand_in(room, {f"student{number:02}": slow(number, 1.0) for number in range(24)})
    with two_hosts(tmp_path / "machines") as machines:
        scheduler = machines.scheduler()
        workers = [machines.worker(f"host{number}", host) for number, host in enumerate(machines.hosts)]
        process = machines.grade(room, "--json")
        until(lambda: written(room) >= 2 and "2 can be graded at once" in machines.said("grade"))
        cut(machines)
        time.sleep(10)
        cut(machines, up=True)
        had = written(room)
        until(lambda: written(room) >= had + 2)
        assert process.poll() is None, machines.said("grade")

        machines.kill("scheduler")
        until(lambda: "has gone; waiting for it" in machines.said("grade"))
        had = written(room)
        scheduler = machines.scheduler()
        until(lambda: written(room) >= had + 2)
        assert scheduler.poll() is None and all(worker.poll() is None for worker in workers)

        (worker,) = [
            number for number, words in children(workers[1].pid) if " --name host1" in words and "bash" not in words
        ]
        started = children(worker)
        assert any("bwrap" in words for _, words in started)
        os.kill(worker, 9)
        until(
            lambda: (
                not [number for number, words in started if Path(f"/proc/{number}/environ").exists() and alive(number)]
            )
        )
        said = ends_well(machines, process)
    assert said.count("has gone") == 1, said
    assert all_that_is_written(room) == on_one_machine(room)
    # What has an outcome was never asked for again: each text was kept once, and nobody was graded by a person.
    rows = json.loads(said[said.index("[\n") :][: said.rindex("]") + 1])
    assert {row["status"] for row in rows} == {"graded"} and len(rows) == 24


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_with_another_version_and_one_without_a_sandbox_are_told_by_name_and_the_others_grade(tmp_path):
    room, fake = tmp_path / "room", tmp_path / "fake"
    hand_in(room, {f"student{number}": slow(number, 0.1) for number in range(3)})
    (fake / "torch-9.9.9.dist-info").mkdir(parents=True)
    (fake / "torch-9.9.9.dist-info" / "METADATA").write_text(FAKE)
    (fake / "bin").mkdir()
    (fake / "bin" / "bwrap").write_text('#!/bin/sh\ncase "$*" in *true) exit 0;; esac\nexit 1\n')
    (fake / "bin" / "bwrap").chmod(0o755)
    with one_machine(tmp_path / "machines") as machines:
        machines.scheduler()
        machines.worker("other", PYTHONPATH=str(fake))
        machines.worker("open", PATH=f"{fake / 'bin'}{os.pathsep}{os.environ['PATH']}")
        until(lambda: all("Registered to" in machines.said(name) for name in ("other", "open")))
        process = machines.grade(room, "--wait", "10")
        assert process.wait(timeout=200) == 1
        said = machines.said("grade")
        assert "worker other at" in said and "torch 9.9.9 there" in said
        assert "worker open at" in said and "did not come up" in said and "Traceback" not in said
        assert said.strip().splitlines()[-1].startswith("grader: ") and not written(room)
        machines.worker("well")
        said = ends_well(machines, machines.grade(room, "--json", name="again"))
        assert "judged by: well 3" in machines.said("again"), said
    assert all_that_is_written(room) == on_one_machine(room)


REACHES = """
import socket
for host, port in ((host, port) for host in ("127.0.0.1", "{host}") for port in {ports}):
    try:
        socket.create_connection((host, port), timeout=2).close()
        print("reached", port)
    except OSError as error:
        print("held", type(error).__name__)
"""


def test_over_tls_a_class_is_graded_and_neither_a_stranger_nor_a_submission_reaches_anything(tmp_path):
    tls, strange, room = tmp_path / "tls", tmp_path / "strange", tmp_path / "room"
    for folder in (tls, strange):
        subprocess.run(
            [ROOT / "deploy" / "cluster" / "certificates.sh", folder], check=True, capture_output=True, timeout=120
        )
    assert oct((tls / "key.pem").stat().st_mode & 0o777) == "0o600"
    with one_machine(tmp_path / "machines", tls) as machines, ExitStack() as others:
        machines.scheduler()
        machines.worker("well")
        until(lambda: "Registered to" in machines.said("well"))
        ports = {machines.port, machines.dashboard, *ports_of(machines)}
        assert len(ports) >= 3
        reach = REACHES.format(host=own_address(), ports=sorted(ports))
        hand_in(room, {"ada": notebook_with(LESSON, ROOT, {**RIGHT, "descend": reach + RIGHT["descend"]})})
        stranger = others.enter_context(one_machine(tmp_path / "strangers", strange))
        stranger.address = machines.address
        stranger.worker("stranger")
        refused = stranger.grade(room, "--wait", "3")
        assert refused.wait(timeout=200) == 1
        assert "no scheduler answers" in stranger.said("grade"), stranger.said("grade")
        said = ends_well(machines, machines.grade(room, "--json"))
        dashboard = said.split("its dashboard: ")[1].split()[0]
        assert page(dashboard) == 200 and dashboard.startswith(f"http://127.0.0.1:{machines.dashboard}/")
        assert "judged by: well 1" in said and "1 workers are there" in said
    outcome = json.loads((room / "outcomes" / FOLDER / "ada.json").read_text())
    printed = outcome["printed"]["exercise-descend"]
    assert "reached" not in printed and printed.count("held") == 2 * len(ports), printed
    assert outcome["status"] == "graded"


def own_address() -> str:
    """This machine's, where it knows its own name, which not every one does."""
    try:
        return socket.gethostbyname(os.uname().nodename)
    except OSError:
        return "127.0.0.2"


def ports_of(machines: Machines) -> set[int]:
    """The ports on which the worker's processes listen."""
    own = {number for number, _ in children(machines.running["well"].pid)}
    inodes = set()
    for number in own:
        for descriptor in Path(f"/proc/{number}/fd").glob("*"):
            try:
                inodes.add(os.readlink(descriptor).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = [line.split() for line in lines if line.split()[3] == "0A" and line.split()[9] in inodes]
    return {int(words[1].split(":")[1], 16) for words in listening}
