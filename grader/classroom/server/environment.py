"""An environment that every account of the machine can run: made from the system's own Python where the course's lies
in a folder that only root enters. No lesson teaches it; `grader server --python PATH` is it.
Read grader/classroom/server/checks.py first, which says when one is wanted."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from grader.classroom.server.places import Server
from grader.judging.sandbox import ROOT

PACKAGES = ("jupyterhub", "jupyterlab", "nbgrader", "torch")
NEEDED = f"import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, {PACKAGES!r})))"


def choose(server: Server, python: Path, say: Callable[[str], None]) -> str:
    """The interpreter for learners: the one that is named where it has what is needed, else of an environment that is
    made from it in the class's folder. Raises ValueError, in one line, where it is none or could not be made."""
    python = Path(os.path.abspath(python))  # not resolved: an environment's Python is a link
    if not python.is_file() or not os.access(python, os.X_OK):
        raise ValueError(f"--python names {python}, which is no interpreter; wanted is one like /usr/bin/python3")
    asked = subprocess.run(
        [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True, cwd="/"
    )
    if asked.returncode:
        raise ValueError(f"--python names {python}, which is no Python of 3.11 or later")
    if _has_all(python):
        return str(python)
    made = server.folder / "python" / "bin" / "python"
    if not _has_all(made):
        _make(server, python, say)
    return str(made)


def _make(server: Server, python: Path, say: Callable[[str], None]) -> None:
    folder = server.folder / "python"
    say(f"making an environment for learners in {folder}, which takes some minutes")
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = os.umask(0o022)  # a stricter one of the administrator's would close it
    try:
        for words in (
            [str(python), "-m", "venv", "--clear", str(folder)],
            [*_pip(folder), "torch"],
            [*_pip(folder), f"{ROOT}[server]"],
        ):
            done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
            if done.returncode:
                said = (done.stderr or done.stdout).strip().splitlines()
                shutil.rmtree(folder, ignore_errors=True)
                raise ValueError(f"{' '.join(words[:4])} did not do it: {said[-1] if said else 'it did not say why'}")
    finally:
        os.umask(before)


def _pip(folder: Path) -> list[str]:
    python = str(folder / "bin" / "python")
    return [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "-c", str(ROOT / "constraints.txt")]


def _has_all(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-c", NEEDED], capture_output=True, cwd="/", check=False).returncode == 0
