"""A learner's own server, started by JupyterHub under her own account with the most memory and processor that she may
have. No lesson teaches it; deploy/hub/jupyterhub_config.py names it.
Read grader/classroom/server/places.py first, and grader/judging/groups.py for what a control group is."""

from __future__ import annotations

import os
import pwd
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Any as AnyValue

from grader.classroom.server.places import Server
from grader.judging.groups import Group

MOST_PROCESSES = 512  # threads count; JupyterLab and a kernel with torch have some sixty
LARGEST_FILE = 2 * 2**30


class ClassSpawner(LocalProcessSpawner):
    """Starts `course lab` for a learner in her home, and JupyterLab in the class's folder for a teacher."""

    settings = AnyValue(help="The class server's settings.").tag(config=True)

    @property
    def teaches(self) -> bool:
        return self.user.name in self.settings.teachers

    def start(self) -> Any:
        self.cmd = teacher_command(self.settings) if self.teaches else learner_command(self.settings)
        home = pwd.getpwnam(self.user.name).pw_dir
        self.popen_kwargs = {"cwd": str(self.settings.teaching) if self.teaches else home}
        return super().start()

    def get_env(self) -> dict[str, str]:
        return super().get_env() | environment(self.settings, self.user.name, self.teaches)

    def group(self, name: str) -> Group:
        """The control group of everything that an account runs here."""
        most = int(self.settings.memory * 2**30), MOST_PROCESSES, self.settings.cpus
        return Group(f"{self.settings.learners_group}:{name}", *most)

    async def stop(self, now: bool = False) -> None:
        """End the server, and what it left running in its group."""
        await super().stop(now)
        self.group(self.user.name).close()

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """What the new process does before it runs anything: into its group while it is still root, then limits that
        need no group, then the account."""
        become, server, group = super().make_preexec_fn(name), self.settings, self.group(name)

        def prepare() -> None:
            group.adopt(os.getpid())
            for kind, most in limits_without_groups(server, group.limits).items():
                resource.setrlimit(kind, (most, most))
            os.umask(0o027 if name in server.teachers else 0o077)
            become()

        return prepare


def limits_without_groups(server: Server, had: set[str]) -> dict[int, int]:
    """What holds for each process where no control group does it for all together, and for every file."""
    found = {resource.RLIMIT_FSIZE: LARGEST_FILE, resource.RLIMIT_CORE: 0}
    if "memory" not in had:
        found[resource.RLIMIT_DATA] = int(server.memory * 2**30)
    if "pids" not in had:
        found[resource.RLIMIT_NPROC] = MOST_PROCESSES
    return found


def learner_command(server: Server) -> list[str]:
    return [server.python, "-m", "course.desk.cli", "lab", "--served"]


def teacher_command(server: Server) -> list[str]:
    return [
        server.python,
        "-m",
        "jupyterhub.singleuser",
        f"--ServerApp.root_dir={server.teaching}",
        "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True",
        "--ServerApp.jpserver_extensions=course.desk.terminals=True",
        f"--LabApp.app_settings_dir={server.jupyter / 'lab'}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def environment(server: Server, account: str, teaches: bool) -> dict[str, str]:
    """What everybody's server is told, beside what JupyterHub tells it."""
    home = Path(pwd.getpwnam(account).pw_dir)
    threads = str(max(1, int(server.cpus)))
    return {
        "PATH": f"{Path(server.python).parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(server.teaching if teaches else server.learners),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JUPYTER_CONFIG_PATH": str(server.jupyter),
        "JUPYTER_RUNTIME_DIR": str(home / ".jupyter-run"),  # short: the path of a socket has 107 letters at most
        "LANDSCAPE_WORK": str(home / "work"),
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
    }
