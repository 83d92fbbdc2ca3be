"""The sandbox: what a submission's process can see, how it is started, and whether this machine can have one at all.
No lesson teaches it; every grade stands on it.
Read grader/judging/kernels.py next, which talks to what is started here, and grader/judging/inside.py, which is what
runs."""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import course
from grader.judging.groups import Group
from grader.lessons.reading import Lesson, lesson_folders

ROOT = Path(course.__file__).resolve().parent.parent
HOME = "/home/learner"
LIBRARY = "/lesson"
ENVIRONMENT = "/environment"
PRIVATE = ("/tmp", "/dev", "/proc", HOME)
SHARED = ("__init__", "bars", "check", "data", "plots", "scenes", "shops", "values")
INSIDE = ("__init__", *(f"judging/{name}" for name in ("__init__", "calls", "inside", "wire")))
# What an exercise of one lesson asks for and lessons after it share: let in from the next lesson on.
TAUGHT = {"training": "04-networks"}
START_SECONDS = 240  # a warm start takes five; a machine that is busy with other things takes its time
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/ssl/certs",
)


class SandboxError(RuntimeError):
    """Isolation could not be had, or what runs inside it did not come up. Nothing is graded without it."""


@dataclass(frozen=True)
class Finding:
    """One thing that `grader doctor` looked at: whether it is well, what to do where it is not, and whether grading
    refuses without it."""

    what: str
    well: bool
    advice: str = ""
    needed: bool = True


def examine() -> list[Finding]:
    """Whether this machine can grade: the system, bubblewrap, namespaces, and one sandbox tried out."""
    findings = [
        Finding("Linux", platform.system() == "Linux", "grading is for Linux; lessons work here, grading does not")
    ]
    if not findings[0].well:
        return findings
    bubblewrap = shutil.which("bwrap")
    findings.append(
        Finding(
            "bubblewrap", bubblewrap is not None, "install the package 'bubblewrap' with the system's package manager"
        )
    )
    if bubblewrap:
        tried = subprocess.run(
            [bubblewrap, "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False
        )
        findings.append(Finding("user namespaces", tried.returncode == 0, _namespace_advice(tried.stderr)))
        group = Group(f"grading-{os.getpid()}-doctor")
        group.close()
        missing = " and ".join(
            name for name, controller in (("memory", "memory"), ("processes", "pids")) if controller not in group.limits
        )
        findings.append(
            Finding(
                "control groups for memory and processes",
                not missing,
                needed=False,
                advice="no "
                f"group could be made that limits {missing}: each "
                "submission's own limits hold, those on processes not for root; grade as another user, "
                "or where cgroups can be written",
            )
        )
    return findings


def _namespace_advice(said: str) -> str:
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if restricted.exists() and restricted.read_text().strip() == "1":
        return (
            "AppArmor forbids unprivileged user namespaces: allow them for bwrap with a profile, or set "
            "kernel.apparmor_restrict_unprivileged_userns=0"
        )
    for setting in ("kernel/unprivileged_userns_clone", "user/max_user_namespaces"):
        file = Path("/proc/sys") / setting
        if file.exists() and file.read_text().strip() == "0":
            return f"set {setting.replace('/', '.')} to a positive number with sysctl"
    return f"bubblewrap could not make namespaces here: {said.strip()[:200]}"


def require() -> None:
    """Raises SandboxError, with what to do, where isolation cannot be had."""
    for finding in examine():
        if finding.needed and not finding.well:
            raise SandboxError(f"nothing is graded without a sandbox, and {finding.what} is missing: {finding.advice}")


def allowed_modules(lesson: Lesson) -> list[Path]:
    """The course's files that a submission may import: what all lessons share, and the modules of earlier lessons.

    The lesson's own module is the answer to its exercises, so it stays outside, and so do the later ones and what
    people do wrong (course/mistakes).
    """
    package = ROOT / "course"
    files = [package / f"{name}.py" for name in SHARED]
    files += [*sorted((package / "checks").glob("*.py")), *sorted((package / "explorers").glob("*"))]
    names = {folder.name: folder.name[3:] for folder in lesson_folders(ROOT)}  # their texts take seconds to read
    earlier = [name for folder, name in names.items() if folder < lesson.folder]
    earlier += [name for name, taught in TAUGHT.items() if taught < lesson.folder]
    files += [package / f"{name}.py" for name in earlier if (package / f"{name}.py").exists()]
    explorers_of_later = {name for folder, name in names.items() if folder >= lesson.folder}
    return [
        file
        for file in files
        if file.is_file() and not (file.parent.name == "explorers" and file.stem in explorers_of_later)
    ]


@cache
def interpreter() -> tuple[str, tuple[tuple[Path, Path], ...]]:
    """This Python as it is started inside, and the folders that it needs: (where it lies here, where it is seen
    inside).

    A virtual environment is seen as ENVIRONMENT, wherever it lies: under /tmp, which is private inside, it would be
    hidden. The Python that it was made from is seen in its own place. Raises SandboxError when that place is private
    inside.
    """
    seen: dict[Path, Path] = {}
    program = sys.executable
    if sys.prefix != sys.base_prefix:
        seen[Path(sys.prefix)] = Path(ENVIRONMENT)
        program = f"{ENVIRONMENT}/{Path(sys.executable).relative_to(sys.prefix)}"
    base = {
        Path(sys.base_prefix),
        Path(os.path.realpath(sys.executable)).parent.parent,
        Path(sysconfig.get_path("stdlib")),
    }
    for folder in sorted(base, key=lambda path: len(path.parts)):
        if any(folder.is_relative_to(known) for known in [*map(Path, SYSTEM), *seen]):
            continue
        if any(folder.is_relative_to(private) for private in PRIVATE):
            raise SandboxError(
                f"nothing is graded with the Python in {folder}: that folder is private inside the "
                "sandbox; install Python elsewhere"
            )
        seen[folder] = folder
    return program, tuple(seen.items())


def command(lesson: Lesson, control: int) -> list[str]:
    """The bubblewrap command: no network, a read-only system, an empty environment, and of the course what
    allowed_modules lists."""
    words = [
        "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--hostname",
        "sandbox",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
        "--dir",
        HOME,
        "--tmpfs",
        HOME,
        "--dir",
        LIBRARY,
    ]
    for path in SYSTEM:
        if os.path.exists(path):
            words += ["--symlink", os.readlink(path), path] if os.path.islink(path) else ["--ro-bind", path, path]
    program, folders = interpreter()
    for here, inside in folders:
        words += ["--ro-bind", str(here), str(inside)]
        for package in ("course", "grader"):
            for installed in here.glob(f"lib/python*/site-packages/{package}"):
                words += ["--tmpfs", str(inside / installed.relative_to(here))]
    for file in [*allowed_modules(lesson), *(ROOT / "grader" / f"{name}.py" for name in INSIDE)]:
        words += ["--ro-bind", str(file), f"{LIBRARY}/{file.relative_to(ROOT)}"]
    if (ROOT / "datasets").is_dir():
        words += ["--ro-bind", str(ROOT / "datasets"), f"{LIBRARY}/datasets"]
    words += ["--remount-ro", "/", "--remount-ro", "/dev"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": HOME,
        "USER": "learner",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": LIBRARY,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "XDG_CACHE_HOME": "/tmp/cache",
    }
    for name, value in environment.items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", HOME, program, "-m", "grader.judging.inside", str(control)]


class Sandbox:
    """One warm process behind bubblewrap for one lesson; each call of `fork` gives a private world for one submission.

    Start it from a thread that lives as long as it is needed: bubblewrap dies with the thread that started it.
    """

    def __init__(self, lesson: Lesson) -> None:
        require()
        ours, theirs = socket.socketpair()
        self._control, self._count = ours, 0
        self.group = Group(f"grading-{os.getpid()}-{secrets.token_hex(4)}")
        ours.settimeout(START_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                command(lesson, theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        try:
            came = ours.recv(16)
        except TimeoutError:
            came = b""
        if came != b"ready":
            self._process.kill()
            self.group.close()
            said = self._process.communicate()[1].decode(errors="replace").strip().splitlines()
            raise SandboxError(f"the sandbox did not come up: {said[-1] if said else 'it said nothing'}")
        self._try_out()

    def fork(self) -> tuple[socket.socket, int]:
        """A private world: the socket to its kernel and the number to end it by."""
        ours, theirs = socket.socketpair()
        self._count += 1
        with theirs:
            socket.send_fds(self._control, [f"fork {self._count}".encode()], [theirs.fileno()])
            self._done()
        return ours, self._count

    def confine(self, process: int) -> None:
        """Put a world's first process under the memory and process limits that all worlds of this sandbox share."""
        if process:
            self.group.adopt(process)

    def _try_out(self) -> None:
        """One private world, asked one question: where none answers, every submission would seem to have crashed."""
        channel, number = self.fork()
        try:
            with channel:
                channel.settimeout(START_SECONDS)
                from grader.judging import (
                    wire,  # here, not above: it takes torch, and who only looks a result up needs none
                )

                wire.send(channel, wire.encode(["names"]))
                wire.receive(channel)
        except (OSError, EOFError):
            self.close()
            raise SandboxError("a private world was made in the sandbox, and no kernel answered from it") from None
        self.end(number)

    def end(self, number: int) -> None:
        """End a private world and everything that was started in it."""
        self._control.sendall(f"end {number}".encode())
        self._done()

    def _done(self) -> None:
        try:
            if self._control.recv(16) == b"done":
                return
        except OSError:
            pass
        raise SandboxError("the sandbox's own process has gone; the class goes on with a new one")

    def close(self) -> None:
        self._control.close()
        with self._process:  # waits for it at the end, and closes what it could still write
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=2)
            self._process.kill()
        self.group.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
