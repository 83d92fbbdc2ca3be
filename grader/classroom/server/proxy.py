"""The proxy in front of the class server, configurable-http-proxy, as npm has it: where it lies and how it comes there.
`make setup` fetches it where npm is, and so does `grader server`; no lesson teaches it.
Read deploy/hub/package.json for the version."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from grader.judging.sandbox import ROOT

WANTED = ("package.json", "package-lock.json")
SOURCE = ROOT / "deploy" / "hub"
HERE = Path(sys.prefix) / "share" / "landscape-of-loss" / "proxy"
SCRIPT = HERE / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
SECONDS = 180


def command() -> list[str]:
    """What starts it. Node is named: the script asks the PATH for it, which is not always the administrator's."""
    return [shutil.which("node") or "node", str(SCRIPT)]


def ready() -> bool:
    """Whether the version that is wanted is there, and node to run it."""
    same = all((HERE / name).exists() and (HERE / name).read_bytes() == (SOURCE / name).read_bytes() for name in WANTED)
    return same and SCRIPT.exists() and shutil.which("node") is not None


def lacking() -> str:
    """Why it is not there, in one line; '' where it is."""
    if ready():
        return ""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return (
            "npm and node are not on this machine: install them (on Debian and Ubuntu: sudo apt-get install npm), "
            "then try again"
        )
    return "it is not fetched yet: `grader server` without --check does it"


def fetch() -> str:
    """Have npm install it into this environment. Gives why it is not there, in one line; '' where it is."""
    npm = shutil.which("npm")
    if npm is None or ready():
        return lacking()
    HERE.mkdir(parents=True, exist_ok=True)
    for name in WANTED:
        shutil.copyfile(SOURCE / name, HERE / name)
    try:
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        said = (done.stderr or done.stdout).strip().splitlines()
    except subprocess.TimeoutExpired:
        said = [f"npm took more than {SECONDS} seconds"]
    if SCRIPT.exists():
        return ""
    (HERE / WANTED[0]).unlink()  # else the next run would take it for there
    return f"npm could not install the proxy ({said[-1] if said else 'it did not say why'}); try again with a network"


def main() -> int:
    """For the Makefile: a learner's set-up goes on without it, and says nothing where npm is not."""
    if shutil.which("npm") and (words := fetch()):
        print(f"without the class server's proxy: {words}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
