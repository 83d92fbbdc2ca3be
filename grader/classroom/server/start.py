"""From the options of `grader server` to a running JupyterHub: the class made, the course copied, everything looked at.
No lesson teaches it; grader/commands/server.py calls `prepare`, then `start`.
Read grader/classroom/server/places.py and grader/classroom/server/checks.py first."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.classroom.class_lists import read_roster
from grader.classroom.roster import Roster
from grader.classroom.server import accounts, checks
from grader.classroom.server.places import VARIABLE, Server, begin, lay_out
from grader.classroom.server.spawner import environment
from grader.judging.sandbox import ROOT, Finding

PLATFORM = "platform"  # in the place of a class list's file: the learning platform is asked for it


@dataclass
class Prepared:
    """What was done, in words, and what was found."""

    done: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return all(finding.well for finding in self.findings if finding.needed)


def prepare(server: Server, class_list: Path | None, root: Path = ROOT, gone: Sequence[str] = ()) -> Prepared:
    """Make what is missing: groups, accounts, folders, the copy of the course; then look at all of it. gone: accounts
    of people who have left.

    Raises ValueError for a class list or a name that will not do, with nothing made.
    """
    prepared = Prepared(findings=checks.of_the_machine(fetch=True))
    if not prepared.well:
        return prepared
    if not server.teachers:
        raise ValueError("nobody teaches yet: grader server --teacher NAME --class FILE")
    if class_list and str(class_list) == PLATFORM:
        from grader.classroom.server.platform_login import class_list as of_the_platform

        class_list = of_the_platform(server)
    roster = read_roster(class_list) if class_list else Roster()
    names = {student.id: " ".join(filter(None, (student.first_name, student.last_name))) for student in roster.students}
    if words := accounts.refused((*names, *server.teachers)):
        raise ValueError(words)
    if both := sorted(set(names) & set(server.teachers)):
        raise ValueError(f"{', '.join(both)} is in the class list and named as a teacher; only one of the two can be")
    begin(server)
    accounts.make_groups(server)
    accounts.remove(server, gone)
    if gone:
        prepared.done.append(f"removed: {_some(list(gone))}")
    if back := accounts.bring_back(server):
        prepared.done.append(f"brought back {len(back)} accounts that were gone: {_some(back)}")
    for people, group in (
        (dict.fromkeys(server.teachers, ""), server.teachers_group),
        (names, server.learners_group),
    ):
        _tell_made(prepared, accounts.make(server, people, group))
    if changed := lay_out(server, root):
        prepared.done.append(f"copied into {server.folder}: {', '.join(changed)}")
    for file in accounts.hand_over(server):
        prepared.done.append(f"passwords to hand out are in {file}")
    accounts.remember(server)
    if class_list:
        prepared.done += _into_the_gradebook(server, class_list)
    prepared.findings += checks.of_the_class(server, root)
    return prepared


def start(server: Server) -> None:
    """Become JupyterHub; it ends as that does."""
    os.environ[VARIABLE] = str(server.folder)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.chdir(server.hub)
    os.umask(0o077)
    sys.stdout.flush()
    config = ROOT / "deploy" / "hub" / "jupyterhub_config.py"
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub", f"--config={config}"])


def _into_the_gradebook(server: Server, class_list: Path) -> list[str]:
    """As the teacher, whose the gradebook is; the list may lie where only root can read."""
    user = checks.as_account(server.owner)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"class-list{class_list.suffix}"
        copy.write_bytes(class_list.read_bytes())
        for path in (copy, Path(folder)):
            os.chown(path, user["user"], user["group"])
        done = subprocess.run(
            [server.python, "-m", "grader.cli", "students", str(copy)],
            capture_output=True,
            text=True,
            cwd=server.teaching,
            env=environment(server, server.owner, teaches=True),
            **user,
        )
    if done.returncode:
        raise ValueError(f"the class list did not get into the gradebook: {_last(done.stderr)}")
    return done.stdout.strip().splitlines()


def _tell_made(prepared: Prepared, made: accounts.Made) -> None:
    if made.new:
        prepared.done.append(f"{len(made.new)} accounts made: {_some(made.new)}")
    if made.others:
        prepared.done.append(f"had an account before, and keep their password: {_some(made.others)}")


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:6])}{', ...' if len(names) > 6 else ''}"


def _last(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1] if lines else "it did not say why"


def tell(findings: list[Finding], say: Callable[[str], None]) -> None:
    for finding in findings:
        state = "well" if finding.well else "missing" if finding.needed else "without"
        say(f"{state}: {finding.what}" + ("" if finding.well else f"; {finding.advice}"))
