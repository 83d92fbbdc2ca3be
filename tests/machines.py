"""A cluster for tests: a scheduler, workers and the commands that use them, as processes of this machine or of two
network namespaces that are to each other as two hosts. What is started here is ended here, also where a test fails.
Read tests/classroom/test_cluster.py first."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import free_port
from shared import ROOT

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DASK_")},
    "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
}


class Machines:
    """A scheduler's address and what was started. hosts: the namespaces, '' for this machine itself."""

    def __init__(self, folder: Path, hosts: list[str], here: str, tls: Path | None = None) -> None:
        self.folder, self.hosts, self.tls, self.port = folder, hosts, tls, free_port()
        self.dashboard = free_port()
        self.address = f"{'tls' if tls else 'tcp'}://{here}:{self.port}"
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, *words: str, host: str = "", **more: str) -> subprocess.Popen:
        inside = ["ip", "netns", "exec", host] if host else []
        program = [] if words[0].endswith(".sh") else [sys.executable, "-m"]
        log = (self.folder / f"{name}.log").open("a")
        process = subprocess.Popen(
            [*inside, *program, *words],
            cwd=self.folder,
            env={**ENVIRONMENT, **more},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.running[name] = process
        return process

    def secured(self) -> list[str]:
        return [
            word
            for option, file in (("ca-file", "ca"), ("cert", "cert"), ("key", "key"))
            for word in ((f"--tls-{option}", f"{self.tls / file}.pem") if self.tls else ())
        ]

    def scheduler(self) -> subprocess.Popen:
        host = self.address.rpartition("/")[2]
        words = ("--host", self.address.rpartition(":")[0], "--port", str(self.port))
        words += ("--dashboard-address", f"{host.rpartition(':')[0]}:{self.dashboard}")
        return self.start("scheduler", "distributed.cli.dask_scheduler", *words, *self.secured(), host=self.hosts[0])

    def worker(self, name: str, host: str = "", **more: str) -> subprocess.Popen:
        """A worker as an administrator starts it, by deploy/cluster/worker.sh, which starts it again when it ends."""
        words = (str(ROOT / "deploy" / "cluster" / "worker.sh"), self.address, "--name", name, "--no-dashboard")
        words += ("--local-directory", str(self.folder / f"space-{name}"), *self.secured())
        return self.start(name, *words, host=host, PYTHON=sys.executable, SECONDS_BETWEEN="0.5", **more)

    def grade(self, classroom: Path, *words: str, name: str = "grade") -> subprocess.Popen:
        given = ("grader.cli", "grade", "03", "--classroom", str(classroom), "--cluster", self.address)
        given += ("--certificates", str(self.tls)) if self.tls else ()
        return self.start(name, *given, *words, host=self.hosts[0])

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def kill(self, name: str) -> None:
        """As a power cut does it: the process and all that it started, at once."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    def end(self) -> None:
        for name in [*self.running]:
            self.kill(name)


def children(process: int) -> list[tuple[int, str]]:
    """All processes that one has started, at first or second hand, with their commands."""
    found, left = [], [process]
    parents: dict[int, list[tuple[int, str]]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            words = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parents.setdefault(parent, []).append((int(stat.parent.name), words))
    while left:
        mine = parents.get(left.pop(), [])
        found += mine
        left += [number for number, _ in mine]
    return found


def until(what, seconds: float = 180, pause: float = 0.05):
    """Wait until something is so, and give it; AssertionError after too long."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(pause)
    return found


@contextmanager
def one_machine(folder: Path, tls: Path | None = None) -> Iterator[Machines]:
    folder.mkdir(parents=True, exist_ok=True)
    machines = Machines(folder, [""], "127.0.0.1", tls)
    try:
        yield machines
    finally:
        machines.end()


@contextmanager
def two_hosts(folder: Path) -> Iterator[Machines]:
    """Two network namespaces and a wire between them; the scheduler and the grading command are in the first."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(3)
    hosts, wire = [f"grade-{mark}-{number}" for number in (1, 2)], [f"v{mark}{number}" for number in (1, 2)]
    machines = Machines(folder, hosts, "10.77.0.1")
    try:
        for host in hosts:
            ip("netns", "add", host)
        ip("link", "add", wire[0], "netns", hosts[0], "type", "veth", "peer", "name", wire[1], "netns", hosts[1])
        for number, (host, end) in enumerate(zip(hosts, wire, strict=True), start=1):
            ip("-n", host, "address", "add", f"10.77.0.{number}/24", "dev", end)
            ip("-n", host, "link", "set", end, "up")
            ip("-n", host, "link", "set", "lo", "up")
        yield machines
    finally:
        machines.end()
        for host in hosts:
            subprocess.run(["ip", "netns", "delete", host], check=False, capture_output=True)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=30)


def cut(machines: Machines, up: bool = False) -> None:
    """Cut the wire between two hosts, or mend it."""
    host = machines.hosts[0]
    links = json.loads(subprocess.run(["ip", "-n", host, "-j", "link"], check=True, capture_output=True).stdout)
    (wire,) = (link["ifname"] for link in links if link["ifname"] != "lo")
    ip("-n", host, "link", "set", wire, "up" if up else "down")


def page(address: str) -> int:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status
