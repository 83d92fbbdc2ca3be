"""With the network cut off after set-up everything still works: the lab answers, the demo grades, a learner's answers
are checked. Each command runs in a network namespace of its own in which there is nothing but itself.
Read Makefile first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from servers import free_port
from shared import ROOT

from course.desk.work import Work

pytestmark = pytest.mark.slow

# bubblewrap leaves everything as it is but the network: nothing is there, not even the name server.
CUT_OFF = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    "OMP_NUM_THREADS": "1",
}

ASK = """
import subprocess, sys, time, urllib.request
server = subprocess.Popen(sys.argv[2:])
deadline = time.monotonic() + 60
while True:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/lab", timeout=5) as answer:
            page = answer.read().decode()
            break
    except OSError:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("no answer at /lab")
        time.sleep(0.3)
server.terminate()
print("JupyterLab" in page, answer.status)
"""


def cut_off(*words: str, folder: Path = ROOT, **more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*CUT_OFF, *words],
        cwd=folder,
        env={**ENVIRONMENT, **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_network_is_really_cut_off():
    tried = cut_off(sys.executable, "-c", "import socket; socket.create_connection(('8.8.8.8', 53), timeout=2)")
    assert tried.returncode == 1 and "unreachable" in tried.stderr


def test_the_lab_answers_within_a_minute(tmp_path):
    port = free_port()
    tried = cut_off(
        sys.executable,
        "-c",
        ASK,
        str(port),
        "course",
        "lab",
        "--work",
        str(tmp_path),
        "--no-browser",
        f"--port={port}",
        "--IdentityProvider.token=",
    )
    assert tried.stdout.strip().splitlines()[-1] == "True 200", tried.stderr[-2000:]
    assert (tmp_path / "01-tensors" / "tensors.ipynb").exists()


def test_the_demo_grades_its_class(tmp_path):
    script = (
        "import sys; from pathlib import Path; from rich.console import Console; from grader.demo import run\n"
        "rows = run(Path(sys.argv[1]), Path(sys.argv[2]), Console(), print)\nassert len(rows) >= 12, rows"
    )
    tried = cut_off(
        sys.executable, "-c", script, str(ROOT), str(tmp_path / "demo"), folder=tmp_path, PYTHONPATH=str(ROOT)
    )
    assert tried.returncode == 0, tried.stderr[-2000:]


def test_a_learners_answers_are_checked(tmp_path):
    work = Work(tmp_path)
    work.hand_out(work.lesson("02"))
    tried = cut_off("course", "check", "02", "--work", str(tmp_path))
    assert tried.returncode == 1 and "not attempted" in tried.stdout, tried.stderr[-2000:]
