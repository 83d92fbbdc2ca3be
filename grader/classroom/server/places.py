"""What lies where on a class server, and who may read it: one folder for all of a class, laid out anew at each start.
No lesson teaches it; `grader server` calls `lay_out`, and everything else here asks a `Server` where things are.
Read docs/server.md first: its table is this module in words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from course.desk.files import PRIVATE, write_whole
from grader.classroom.gradebook import COURSE
from grader.judging.sandbox import ROOT

SETTINGS = "server.json"
VARIABLE = "LANDSCAPE_SERVER"  # names the settings' file to JupyterHub's configuration
FOR_LEARNERS = ("course", "notebooks", "datasets")
FOR_TEACHERS = (*FOR_LEARNERS, "grader", "solutions", "nbgrader_config.py")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.pyc", "*.egg-info")
CLASS_SETTINGS = """# Written by `grader server`: where a class's exchange lies. The class's own settings are in the
# nbgrader_config.py of the course's folder.
c = get_config()
c.CourseDirectory.course_id = {course!r}
c.Exchange.root = {exchange!r}
c.ExchangeFactory.submit = "course.desk.handing.PrivateSubmit"
c.Exchange.timezone = {zone!r}
c.Quizzes.tell = {tell!r}
"""
# A kernel that listens on a port of this machine shows what it prints to everybody on it: sockets in a folder of the
# learner's own do not. What nobody uses is stopped, kernels first.
KERNELS = """# Written by `grader server`.
c = get_config()
c.KernelManager.transport = "ipc"
c.MappingKernelManager.cull_idle_timeout = {seconds}
c.MappingKernelManager.cull_connected = True
c.ServerApp.shutdown_no_activity_timeout = {seconds}
"""
A_LESSONS_FOLDER = '"""Written by `grader server`: says that the lessons lie beside it. Holds nothing of a class."""\n'


@dataclass
class Server:
    """A class server's settings, as hub/server.json keeps them. ip, port: where people reach it; hub_port, proxy_port:
    where its parts reach each other, on the loopback; memory: GiB and cpus: cores that one learner may have."""

    folder: Path
    python: str = sys.executable
    teachers: list[str] = field(default_factory=list)
    ip: str = "127.0.0.1"
    port: int = 8000
    hub_port: int = 8081
    proxy_port: int = 8001
    memory: float = 2.0
    cpus: float = 1.0
    idle: int = 60  # minutes after which a learner's server that nobody uses is stopped; 0: never
    homes: str = ""  # where homes are made; the system's own place unless said
    lti: bool = False

    @property
    def learners_group(self) -> str:
        """The group of the system that all who learn here are in; its name is the folder's."""
        return self.folder.name[:28]

    @property
    def teachers_group(self) -> str:
        return f"{self.learners_group}-t"

    @property
    def hub(self) -> Path:
        """What JupyterHub keeps: its database, its keys, these settings. The administrator's alone."""
        return self.folder / "hub"

    @property
    def learners(self) -> Path:
        """What learners run and read: the lessons as they are released, and the package beside them."""
        return self.folder / "learners"

    @property
    def teaching(self) -> Path:
        """What teachers run and read: the same, the solutions and the grader; the class's data lies in it."""
        return self.folder / "class"

    @property
    def classroom(self) -> Path:
        return self.teaching / "classroom"

    @property
    def exchange(self) -> Path:
        return self.folder / "exchange"

    @property
    def jupyter(self) -> Path:
        """Settings of Jupyter's that hold for everybody here."""
        return self.folder / "jupyter"

    @property
    def owner(self) -> str:
        """Whose the class's data is: the teacher who was named first. The form grader runs under this account."""
        return self.teachers[0]

    @property
    def address(self) -> str:
        shown = "127.0.0.1" if self.ip in ("0.0.0.0", "", "::") else self.ip
        return f"http://{shown}:{self.port}"

    def save(self) -> None:
        content = {**asdict(self), "folder": str(self.folder)}
        write_whole(self.hub / SETTINGS, json.dumps(content, indent=1) + "\n", PRIVATE)

    @classmethod
    def load(cls, folder: Path) -> Server:
        """The settings of a folder, its defaults where there are none. Raises ValueError where they cannot be read."""
        file = folder / "hub" / SETTINGS
        if not file.exists():
            return cls(folder)
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            return cls(**{**content, "folder": Path(content["folder"])})
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(
                f"{file} cannot be read as the settings of a class server ({error}); mend it, or take it away and give "
                "the options once more"
            ) from None

    def secrets(self, root: Path = ROOT) -> Iterator[Path]:
        """What no learner may be able to read: beside what is kept here, the course's own folder."""
        yield from (self.hub, self.teaching, self.classroom, self.teaching / "solutions", self.hub / SETTINGS)
        yield from (root / "solutions", root / "classroom")
        for place in (self.classroom, root / "classroom"):
            yield from (place / name for name in ("gradebook.db", "secret", "submitted", "outcomes", "lti.json"))


def begin(server: Server) -> None:
    """Make the class's folder, and in it the administrator's own."""
    server.folder.parent.mkdir(parents=True, exist_ok=True)
    _made(server.folder, 0o755, 0, 0)
    _made(server.hub, 0o700, 0, 0)


def lay_out(server: Server, root: Path = ROOT) -> list[str]:
    """Make the folders, and copy the course into them as it is now. Gives in words what was changed.

    The class's data, the exchange and the homes are not touched. A copy takes the old one's place as a whole, so that
    one that was stopped half way changes nothing.
    """
    from course.desk.exchange import nbgrader_settings
    from grader.classroom.lateness import class_zone

    teachers, owner = _group(server.teachers_group), _user(server.owner)
    begin(server)
    for folder, mode, group in (
        (server.learners, 0o755, 0),
        (server.jupyter, 0o755, 0),
        (server.teaching, 0o750, teachers),
    ):
        _made(folder, mode, 0, group)
    _made(server.classroom, 0o700, owner, teachers)
    # The sticky bit keeps a learner from putting a folder of her own in the place of the course's; what is handed in
    # belongs to the teachers' group, and nobody else can see what it is called.
    _made(server.exchange, 0o1777, 0, 0)
    for folder, mode in (
        (server.exchange / COURSE, 0o755),
        (server.exchange / COURSE / "outbound", 0o755),
        (server.exchange / COURSE / "inbound", 0o3733),
        (server.exchange / COURSE / "feedback", 0o711),
    ):
        _made(folder, mode, owner, teachers)
    changed = [
        name
        for target, names, group in ((server.learners, FOR_LEARNERS, 0), (server.teaching, FOR_TEACHERS, teachers))
        for name in names
        if _copied(root / name, target / name, group)
    ]
    # Compiled once, here: nobody who runs it may write beside it.
    fresh = [folder / name for folder in (server.learners, server.teaching) for name in ("course", "grader")]
    fresh = [place for place in fresh if place.name in changed and place.is_dir()]
    if fresh:
        subprocess.run([server.python, "-m", "compileall", "-q", *map(str, fresh)], capture_output=True, umask=0o022)
    write_whole(server.learners / "nbgrader_config.py", A_LESSONS_FOLDER)
    here = os.getcwd()
    try:
        os.chdir(root)
        tell = nbgrader_settings().Quizzes.get("tell", "alone")
    finally:
        os.chdir(here)
    zone = str(class_zone(root))
    text = CLASS_SETTINGS.format(course=COURSE, exchange=str(server.exchange), zone=zone, tell=str(tell))
    write_whole(server.jupyter / "nbgrader_config.py", text)
    write_whole(server.jupyter / "jupyter_server_config.py", KERNELS.format(seconds=60 * server.idle))
    write_whole(server.jupyter / "lab" / "overrides.json", (root / "course/desk/lab/overrides.json").read_bytes())
    (server.jupyter / "lab").chmod(0o755)
    server.save()
    return sorted(set(changed))


def _made(folder: Path, mode: int, owner: int, group: int) -> None:
    """A folder that is there, or is made so; one that was there keeps what its administrator gave it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ValueError(f"{folder} is no folder; move it away, and one is made in its place")
    if folder.exists():
        if (other := folder.stat().st_uid) not in (0, owner):
            raise ValueError(f"{folder} belongs to the account {other}; move it away, and one is made in its place")
        return
    folder.mkdir(mode=0o700)
    os.chown(folder, owner, group, follow_symlinks=False)
    folder.chmod(mode)


def _copied(source: Path, target: Path, group: int) -> bool:
    """Copy a file or folder whole, for everybody who may enter where it lies, or a group. Gives whether it changed."""
    if not source.exists():
        raise ValueError(f"{source} is not there; a class server wants a whole copy of the course")
    fresh, old = (target.with_name(f".{target.name}.{word}") for word in ("new", "old"))
    for leftover in (fresh, old):
        _removed(leftover)
    if source.is_dir():
        shutil.copytree(source, fresh, ignore=LEFT_OUT, symlinks=False)
    else:
        shutil.copyfile(source, fresh)
    for path in (fresh, *(fresh.rglob("*") if fresh.is_dir() else ())):
        os.chown(path, 0, group)
        path.chmod(0o755 if path.is_dir() else 0o644)
    changed = not target.exists() or _content(fresh) != _content(target)
    if not changed:
        _removed(fresh)
        return False
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    _removed(old)
    return True


def _content(place: Path) -> dict[str, bytes]:
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return {str(path.relative_to(place)): path.read_bytes() for path in files if "__pycache__" not in path.parts}


def _removed(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _group(name: str) -> int:
    import grp

    return grp.getgrnam(name).gr_gid


def _user(name: str) -> int:
    import pwd

    return pwd.getpwnam(name).pw_uid
