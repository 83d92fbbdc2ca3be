"""Control groups: the most memory and processes that all of a submission's worlds together may have, and how long one
waited for a processor. No lesson teaches it; grader/judging/sandbox.py makes a group for each sandbox,
grader/judging/kernels.py moves each
world into it before it runs anything.
Read grader/judging/sandbox.py first. Where the system gives no groups, the limits of grader/judging/inside.py stand
alone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MOST_MEMORY = 2 * 2**30
MOST_PROCESSES = 128
PERIOD = 100_000  # microseconds in which a group may use its share of the processors
MOUNT = Path("/sys/fs/cgroup")


class Group:
    """One control group, version 1 or 2: made if it can be had, else without effect. `limits` says which limits it
    has."""

    def __init__(
        self, name: str, memory: int = MOST_MEMORY, processes: int = MOST_PROCESSES, cpus: float | None = None
    ) -> None:
        """cpus: the most cores at a time, where that is to be limited too. A group of this name that is there already
        is taken as it is, with these limits."""
        self._folders: list[Path] = []
        self.limits: set[str] = set()
        wanted: dict[str, dict[str, int | str]] = {
            "memory": {
                "memory.limit_in_bytes": memory,
                "memory.max": memory,
                "memory.memsw.limit_in_bytes": memory,
                "memory.swap.max": 0,
            },
            "pids": {"pids.max": processes},
        }
        if cpus is not None:
            slice_ = int(cpus * PERIOD)
            wanted["cpu"] = {"cpu.cfs_quota_us": slice_, "cpu.max": f"{slice_} {PERIOD}"}
        for parent, controllers in _parents(tuple(wanted)):
            _sweep(parent)
            with contextlib.suppress(OSError):
                folder = parent / name
                folder.mkdir(exist_ok=True)
                self._folders.append(folder)
                for controller in controllers:
                    # Twice: memory may not be more than memory and swap, so which of them goes first depends on whether
                    # a group that was there already gets more or less.
                    files = [*wanted[controller].items()] * 2
                    written = [_write(folder / file, value) for file, value in files]
                    if any(written):
                        self.limits.add(controller)

    def adopt(self, process: int) -> None:
        """Move a process into the group; what it starts from then on is in it too."""
        for folder in self._folders:
            _write(folder / "cgroup.procs", process)

    def close(self) -> None:
        """Take the group away. What is still in it is ended first."""
        for folder in self._folders:
            for _ in range(20):
                with contextlib.suppress(OSError):
                    for process in (folder / "cgroup.procs").read_text().split():
                        os.kill(int(process), 9)
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
        self._folders.clear()


def _parents(wanted: tuple[str, ...] = ("memory", "pids")) -> list[tuple[Path, tuple[str, ...]]]:
    """The groups that a new one can be made in, with what each can limit: this process's own, or the root's where there
    is one hierarchy."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    own = {names: path for _, names, path in (line.split(":", 2) for line in lines)}
    found = [
        (_inside(MOUNT / controller, own[controller]), (controller,)) for controller in wanted if controller in own
    ]
    if not found and "" in own:
        # Version 2: limits work in a group whose parent hands them on, which one that holds processes cannot, the root
        # aside.
        for parent in (_inside(MOUNT, own[""]), _inside(MOUNT, own[""]).parent, MOUNT):
            given = _words(parent / "cgroup.subtree_control")
            if {"memory", "pids"} <= given and os.access(parent, os.W_OK):
                return [(parent, tuple(name for name in wanted if name in given))]
    return [(parent, controllers) for parent, controllers in found if os.access(parent, os.W_OK)]


def _sweep(parent: Path) -> None:
    """Take away the empty groups of graders that were killed: their name has the number of a process that is no
    more."""
    for folder in parent.glob("grading-*-*"):
        if not Path(f"/proc/{folder.name.split('-')[1]}").exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


def _inside(mount: Path, path: str) -> Path:
    folder = mount / path.lstrip("/")
    return folder if folder.is_dir() else mount


def _words(file: Path) -> set[str]:
    try:
        return set(file.read_text().split())
    except OSError:
        return set()


def _write(file: Path, value: int | str) -> bool:
    try:
        file.write_text(str(value))
    except OSError:
        return False
    return True


def waited(process: int) -> float:
    """Seconds that a process has been ready and waited for a processor since it began; 0.0 where the system does not
    say."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
