"""A Jupyter server with nbgrader's form grader, for tests: started in a folder of its own, asked over HTTP, ended
again. Read tests/classroom/test_nbgrader.py first."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "only-for-this-test"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def form_grader(course: Path, root: Path) -> Iterator[Callable]:
    """Within the block, ask(method, path, content) talks to the form grader of a course whose class data lies in
    course/classroom; ask.address is the server's, for a browser.

    Settings for all of nbgrader may lie in course/jupyter.
    """
    shutil.copy(root / "nbgrader_config.py", course)
    for name in ("solutions", "notebooks"):
        if not (course / name).exists():
            (course / name).symlink_to(root / name)
    port, log = free_port(), course / "server.txt"  # a pipe that nobody reads would fill up, and the server wait
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "JUPYTER_CONFIG_DIR": str(course / "jupyter"),
        "PYTHONPATH": str(root),
    }
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyter",
            "server",
            "--no-browser",
            f"--port={port}",
            f"--IdentityProvider.token={TOKEN}",
            "--allow-root",
            "--ServerApp.disable_check_xsrf=True",
            "--ServerApp.port_retries=0",
        ],
        cwd=course,
        env=environment,
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
    )

    def ask(method: str, path: str, content: dict | None = None) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/{path}",
            method=method,
            headers={"Authorization": f"token {TOKEN}"},
            data=None if content is None else json.dumps(content).encode(),
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    ask.address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                ask("GET", "api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                if server.poll() is not None or time.monotonic() > deadline:
                    server.kill()
                    raise RuntimeError(f"the server did not come up: {log.read_text()[-2000:]}") from None
                time.sleep(0.3)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=20)
