"""What a class server lacks, and what learners could read and must not: looked at before each start.
No lesson teaches it; `grader server --check` prints it. Read grader/classroom/server/places.py first.
What an account can reach is asked as that account: it is the system that decides, with every rule that it has."""

from __future__ import annotations

import importlib.util
import os
import platform
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.classroom.gradebook import COURSE
from grader.classroom.server import ports, proxy
from grader.classroom.server.accounts import exists, members, ours
from grader.classroom.server.lti import Platform
from grader.classroom.server.places import Server
from grader.judging.groups import Group
from grader.judging.sandbox import ROOT, Finding, examine

# -r follows links, and asks with the rights of who runs it.
READABLE = 'for place; do if [ -r "$place" ] || [ -x "$place" ]; then echo "$place"; fi; done'
WRITABLE = 'for place; do if [ -w "$place" ]; then echo "$place"; fi; done'
# Looked for and not imported: that takes seconds at each start.
LACKS = """
import importlib.util
wanted = ("jupyterhub", "jupyterlab", "nbgrader", "torch", "course")
lacking = [name for name in wanted if importlib.util.find_spec(name) is None]
if lacking:
    raise SystemExit(f"it has no {' and no '.join(lacking)}")
import course.desk.files
"""
NOT_MADE = Finding("a class", False, "none is made yet: grader server --teacher NAME --class FILE")
ROOM = 2 * 2**30  # bytes free where homes and the exchange lie


def of_the_machine(fetch: bool) -> list[Finding]:
    """What has to be there before anything is made. fetch: whether the proxy is fetched where it is not."""
    findings = [
        Finding("Linux", platform.system() == "Linux", "a class server is for Linux"),
        Finding(
            "run by root", os.geteuid() == 0, "accounts are made and entered by root alone: sudo grader server ..."
        ),
    ]
    if not all(finding.well for finding in findings):
        return findings
    for package in ("jupyterhub", "pamela"):
        found = importlib.util.find_spec(package) is not None
        findings.append(Finding(f"the package {package}", found, "pip install -c constraints.txt -e '.[server]'"))
    tools = [name for name in ("useradd", "groupadd", "chpasswd") if shutil.which(name) is None]
    advice = f"{' and '.join(tools)} cannot be found; the system's package is called passwd or shadow-utils"
    findings.append(Finding("accounts can be made", not tools, advice))
    words = proxy.fetch() if fetch else proxy.lacking()
    findings.append(Finding("the proxy", not words, words))
    return findings + [finding for finding in examine() if finding.what == "bubblewrap"]


def of_the_ports(server: Server) -> list[Finding]:
    """Whether anybody listens already where this server would."""
    wanted = ((server.ip, server.port, "--port"), ("127.0.0.1", server.hub_port, "--hub-port"))
    findings, left_behind = [], _left_behind(server)
    for ip, port, option in (*wanted, ("127.0.0.1", server.proxy_port, "--proxy-port")):
        try:
            busy = ports.taken(ip, port) and not left_behind
            advice = f"somebody listens there already, perhaps this server itself; another one: {option}"
        except ValueError as error:
            busy, advice = True, str(error)
        findings.append(Finding(f"port {port} at {ip}", not busy, advice))
    if len({server.port, server.hub_port, server.proxy_port}) < 3:
        findings.append(
            Finding("three ports", False, "--port, --hub-port and --proxy-port are to be three different ones")
        )
    return findings


def _left_behind(server: Server) -> bool:
    """Whether the proxy of a hub that was killed still runs: the hub ends it when it starts."""
    try:
        number = int((server.hub / "proxy.pid").read_text())
        called = Path(f"/proc/{number}/cmdline").read_text()
    except (OSError, ValueError):
        return False
    return proxy.SCRIPT.name in called and not ports.taken("127.0.0.1", server.hub_port)


def of_the_class(server: Server, root: Path = ROOT) -> list[Finding]:
    """Who is there, what they can start, and what they must not be able to read."""
    learners = sorted(members(server.learners_group))
    findings = [Finding(f"{len(learners)} learners", bool(learners), "make a class with --class FILE", needed=False)]
    both = sorted(members(server.learners_group) & members(server.teachers_group))
    findings.append(Finding("no learner is in the teachers' group", not both, f"{', '.join(both)}: gpasswd --delete"))
    missing = [name for name in server.teachers if not exists(name)]
    findings.append(Finding("the teachers have accounts", not missing, f"{', '.join(missing)}: give --teacher again"))
    someone = learners[0] if learners else "nobody"
    said = refusal(server, someone)
    findings.append(Finding(f"{someone} can start a server of their own", not said, said))
    findings += secrecy(server, learners, root)
    findings += safety(server, someone, root)
    if server.lti:
        try:
            Platform.load(server.classroom)
            words = ""
        except ValueError as error:
            words = str(error)
        findings.append(Finding("the learning platform is known", not words, words))
    # No learner's: theirs have a name behind it.
    group = Group(f"{server.learners_group}:", int(server.memory * 2**30), 64, server.cpus)
    group.close()
    lacking = [name for name in ("memory", "cpu", "pids") if name not in group.limits]
    findings.append(
        Finding(
            f"{server.memory:g} GiB and {server.cpus:g} cores at the most for each learner",
            not lacking,
            f"no control group limits {', '.join(lacking)} here: memory is limited for each process, processors are "
            "not; start it by systemd with Delegate=yes (deploy/hub/landscape-of-loss.service)",
            needed=False,
        )
    )
    free = shutil.disk_usage(server.exchange).free
    advice = f"{free / 2**30:.1f} GiB are free where the exchange lies; whoever fills it stops everybody's hand-in"
    return [*findings, Finding("room for what is handed in", free > ROOM, advice, needed=False)]


def secrecy(server: Server, learners: Iterable[str], root: Path = ROOT) -> list[Finding]:
    """Whether a learner can read what is nobody's but the teachers' or another learner's, each place with its mend."""
    learners = sorted(learners)
    someone = learners[0] if learners else "nobody"
    homes = [Path(pwd.getpwnam(name).pw_dir) for name in learners[1:]]
    secret = {path for path in (*server.secrets(root), *homes) if path.exists()}
    readable = reachable(someone, secret)
    # A learner's own home is hers; whether others can enter it is asked as the next one.
    if len(learners) > 1:
        readable |= reachable(learners[1], {Path(pwd.getpwnam(someone).pw_dir)})
    findings = [
        Finding(
            f"{path} is closed to learners", False, f"{someone} can read it: chmod go-rwx {_outermost(path, readable)}"
        )
        for path in sorted(readable)
        if path == _outermost(path, readable)
    ]
    wrong = [name for name in learners if name in ours(server) and _open_to_others(Path(pwd.getpwnam(name).pw_dir))]
    findings += [
        Finding(f"the home of {name} is closed", False, f"chmod 700 {pwd.getpwnam(name).pw_dir}")
        for name in wrong
        if Path(pwd.getpwnam(name).pw_dir) not in readable
    ]
    inbound = server.exchange / COURSE / "inbound"
    for folder, mode in ((server.exchange, 0o1777), (inbound, 0o3733)):
        if folder.exists() and (found := stat.S_IMODE(folder.stat().st_mode)) != mode:
            findings.append(
                Finding(f"the mode of {folder} is {mode:o}", False, f"it is {found:o}: chmod {mode:o} {folder}")
            )
    return findings or [Finding("hidden parts, gradebook, secret and others' work are closed to learners", True)]


def safety(server: Server, someone: str, root: Path = ROOT) -> list[Finding]:
    """Whether a learner could change what others run: root too, who runs what is in the checkout."""
    places = {server.folder, server.exchange / COURSE, root / "deploy" / "hub", *root.parents}
    for folder in (server.learners, server.teaching, server.jupyter, root / "grader", root / "course"):
        places |= {folder, *(path for path in folder.rglob("*") if path.is_dir()), *folder.glob("*.py")}
    packages = Path(server.python).parent.parent
    places |= {root, packages, packages / "bin", *packages.glob("lib/python*/site-packages")}
    # Where everybody may make something and nobody may move what is another's, as in the system's /tmp, all is well.
    places = {place for place in places if place.exists() and not place.stat().st_mode & stat.S_ISVTX}
    found = reachable(someone, places, WRITABLE)
    findings = [
        Finding(
            f"{path} cannot be changed by learners", False, f"{someone} can: chmod -R go-w {_outermost(path, found)}"
        )
        for path in sorted(found)
        if path == _outermost(path, found)
    ]
    return findings or [Finding("what others run cannot be changed by learners", True)]


def reachable(account: str, places: Iterable[Path], how: str = READABLE) -> set[Path]:
    """Which of these an account can read or enter."""
    names = [str(place) for place in places]
    done = subprocess.run(
        ["/bin/sh", "-c", how, "sh", *names], capture_output=True, text=True, cwd="/", **as_account(account)
    )
    return set(map(Path, done.stdout.splitlines()))


def refusal(server: Server, account: str) -> str:
    """Why an account cannot run the course's Python, with what to do; '' where it can."""
    closed = _closed_folder(Path(os.path.realpath(server.python)))
    mend = "make an environment that everybody can enter: grader server --python /usr/bin/python3"
    if closed:
        return f"{closed} can be entered by its owner alone, and {server.python} lies in it; {mend}"
    try:
        done = subprocess.run(
            [server.python, "-c", LACKS],
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(server.learners), "PYTHONDONTWRITEBYTECODE": "1"},
            **as_account(account),
        )
    except OSError as error:
        return f"{server.python} does not start ({error.strerror}); {mend}"
    said = done.stderr.strip().splitlines()
    return "" if done.returncode == 0 else f"{server.python}: {said[-1] if said else 'it does not start'}; {mend}"


def as_account(account: str) -> dict[str, Any]:
    """How subprocess runs something as an account, with that account's groups and none of root's."""
    user = pwd.getpwnam(account)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": os.getgrouplist(account, user.pw_gid)}


def _closed_folder(file: Path) -> Path | None:
    """The outermost folder above a file that others than its owner cannot enter."""
    closed = [folder for folder in file.parents if not folder.stat().st_mode & stat.S_IXOTH]
    return closed[-1] if closed else None


def _open_to_others(folder: Path) -> bool:
    return folder.exists() and bool(folder.stat().st_mode & 0o077)


def _outermost(path: Path, among: set[Path]) -> Path:
    return next((place for place in reversed(path.parents) if place in among), path)
