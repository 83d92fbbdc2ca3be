"""A real JupyterLab and a real browser for the tests of what learners see: fixtures `lab`, `own_lab`, `browser` and
`page`. Lessons are opened, run and played with through them. Read `Lab` first: where the server is, and how a notebook
comes into it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Lab:
    """A running JupyterLab: `url` without a trailing slash, `folder` that it shows."""

    def __init__(self, url: str, folder: Path):
        self.url, self.folder = url, folder

    def notebook(self, name: str, *sources: str) -> str:
        """Put a notebook of code cells into the folder. Returns the address that opens it."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), self.folder / f"{name}.ipynb"
        )
        return self.address(f"{name}.ipynb")

    def address(self, path: str) -> str:
        """The address that opens a file of the folder, in a workspace of its own so that tests do not see each other's
        tabs."""
        return f"{self.url}/lab/workspaces/{Path(path).stem}/tree/{path}?reset"

    def run(self, page, address: str, seconds: float = 90) -> None:
        """Open a notebook on a page and run all its cells from the menu, as a learner would. Comes back when they are
        started."""
        page.goto(address)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * seconds)
        # The status bar knows when the kernel has answered; a run that is asked for earlier is lost.
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=1000 * seconds)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.locator(".jp-CodeCell .jp-InputPrompt").first.filter(has_text=re.compile(r"[*0-9]")).wait_for(
            timeout=1000 * seconds
        )


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a free port of this machine, over an empty folder, for the whole run."""
    home, port = tmp_path_factory.mktemp("lab"), free_port()
    folder, log = home / "folder", home / "log.txt"
    folder.mkdir()
    # Settings and history of its own: what the tests do leaves no trace with who runs them.
    own = {
        name: str(home / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    quiet = (
        Path(own["JUPYTERLAB_SETTINGS_DIR"]) / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    )
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')  # no question in the corner, no call outside
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(path for path in (root, os.environ.get("PYTHONPATH")) if path)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        f"--ServerApp.root_dir={folder}",
    ]
    with log.open("w") as written:
        server = subprocess.Popen(
            command,
            stdout=written,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **own, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/api", server, log)
            yield Lab(url, folder)
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture
def own_lab(tmp_path):
    """`course lab` as a learner starts it, over an empty folder: its address."""
    port, log = free_port(), tmp_path / "log.txt"
    own = {
        name: str(tmp_path / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
            "JUPYTERLAB_SETTINGS_DIR",
        )
    }
    with log.open("w") as written:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "course.desk.cli",
                "lab",
                f"--work={tmp_path / 'work'}",
                "--no-browser",
                f"--port={port}",
                "--ServerApp.port_retries=0",
                "--IdentityProvider.token=",
                "--ServerApp.password=",
            ],
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, **own, "OMP_NUM_THREADS": "1"},
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=20)


def moment(page, name: str) -> None:
    """A picture of the page as it is now, where somebody collects them (tools/moments.py)."""
    if os.environ.get("MOMENTS"):
        page.screenshot(path=Path(os.environ["MOMENTS"], f"{name}.png"))


def run_cell(page, text: str, source: str | None = None):
    """Run the code cell that shows this text, with another source if one is given. Gives the cell. A check's is folded
    up behind its first line."""
    cell = page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea, .jp-InputPlaceholder", has_text=text)).first
    cell.scroll_into_view_if_needed()
    if cell.locator(".cm-content").count():
        cell.locator(".cm-content").click()
    else:
        cell.click(position={"x": 2, "y": 2})  # beside the line: a click on it unfolds
    if source is not None:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=60_000)
    return cell


def until_run(page, cell, before: str) -> None:
    """Come back once a cell whose prompt was this one has been run again."""
    page.wait_for_function(
        """([cell, before]) => { const now = cell.querySelector('.jp-InputPrompt').innerText;
        return now !== before && /\\d/.test(now); }""",
        arg=[cell.element_handle(), before],
    )


def wait_for(address: str, server: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    """Come back once the server answers. Fails with the end of its log when it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}", pytrace=False)


# anywidget says so of a module that took more than two seconds to load, as it may on a busy machine, and shows it when
# it comes. One that does not come fails the test by itself: nothing is there to click on.
SLOW = "[anywidget] Failed to initialize model."


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, started once."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "no Chromium found: install it with `apt-get install chromium` (macOS: `brew install --cask chromium`)",
            pytrace=False,
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


@contextmanager
def fresh_page(browser):
    """A browser page, as wide as a laptop's. A script error in an explorer fails the test that saw it, or the last of
    those that share the page."""
    context = browser.new_context(viewport={"width": 1360, "height": 1000})
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not [error for error in errors if ("explorer" in error or "anywidget" in error) and error != SLOW], errors


@pytest.fixture
def page(browser):
    with fresh_page(browser) as opened:
        yield opened
