"""A class server for tests: accounts of its own names, a copy of the course of its own, an environment that learners
can start, JupyterHub on free ports; all of it taken away again. Needs root, as a class server does.
Read tests/classroom/test_server.py first, then tests/browser/test_class_server.py."""

from __future__ import annotations

import csv
import fnmatch
import http.cookiejar
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared import ROOT

from grader.classroom.server.places import FOR_TEACHERS, LEFT_OUT, Server
from grader.classroom.server.ports import free_port

# What only the tests, the site and the linters have of the packages here.
NOT_FOR_LEARNERS = (
    *("playwright*", "onnx*", "mathjax*", "*mypy*", "ruff*", "captum*", "fairlearn*", "foolbox*"),
    *("landscape-of-loss", "proxy", "__editable__*"),
)
NOT_ROOT = "a class server makes accounts, which root alone can"


class School:
    """A class that is being taught: `server` as grader/classroom/server/places.py has it, `course` its own checkout,
    and what each person's account and password is, by first name."""

    def __init__(self, place: Path, people: dict[str, str], python: Path) -> None:
        self.place, self.people, self.python = place, people, python
        self.course, self.log = place / "checkout", place / "log.txt"
        self.server = Server(place / place.name)
        self.process: subprocess.Popen | None = None
        self.passwords: dict[str, str] = {}

    def grader(self, *words: str | Path, wanted: int = 0) -> str:
        """`grader server` of this school's own checkout, as root. Gives all that it said."""
        done = subprocess.run(
            [sys.executable, "-m", "grader.cli", "server", f"--folder={self.server.folder}", *map(str, words)],
            env=self.environment,
            cwd=self.course,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == wanted, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.course), "PYTHONDONTWRITEBYTECODE": "1"}

    def reread(self) -> Server:
        self.server = Server.load(self.server.folder)
        for file in self.server.classroom.glob("passwords-*.csv"):
            with file.open() as opened:
                self.passwords |= {row["account"]: row["password"] for row in csv.DictReader(opened)}
        return self.server

    def start(self) -> None:
        """Run it in the background. Comes back when the form grader answers too."""
        self.server = Server.load(self.server.folder)
        with self.log.open("a") as written:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "grader.cli", "server", f"--folder={self.server.folder}"],
                env=self.environment,
                cwd=self.course,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for address in ("hub/login", "services/class/api"):
            self._wait_for(f"{self.server.address}/{address}")

    def _wait_for(self, address: str, seconds: float = 300) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                return
            except urllib.error.HTTPError as error:
                if error.code in (401, 403):  # it is there, and wants to know who asks
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"{address} did not answer:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """End it as an administrator does."""
        if self.process and self.process.poll() is None:
            mine = _children(self.process.pid)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
            for process in mine:  # stopped while it was starting, it leaves its proxy behind
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGTERM)
        self.process = None

    def power_cut(self) -> None:
        """End all of it at once, and let nothing be put in order."""
        if self.process:
            for process in (*_children(self.process.pid), self.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self.process.wait(timeout=20)
        self.process = None
        for account in self.people.values():
            _end_all_of(account)

    def as_account(self, name: str, *words: str | Path, given: str = "", **environment: str):
        """Run something as one of the people. Gives what subprocess gives."""
        account = self.people.get(name, name)
        user = pwd.getpwnam(account)
        return subprocess.run(
            list(map(str, words)),
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=user.pw_dir,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=os.getgrouplist(account, user.pw_gid),
            env={"HOME": user.pw_dir, "PATH": "/usr/bin:/bin", "USER": account, **environment},
        )

    def python_as(self, name: str, program: str, **environment: str):
        return self.as_account(name, self.python, "-c", program, **environment)

    def home(self, name: str) -> Path:
        return Path(pwd.getpwnam(self.people[name]).pw_dir)

    def close(self) -> None:
        with suppress(Exception):
            self.stop()
        for account in self.people.values():
            _end_all_of(account)
            subprocess.run(["userdel", account], capture_output=True)
        for group in (self.server.learners_group, self.server.teachers_group):
            subprocess.run(["groupdel", group], capture_output=True)
        for folder in Path("/sys/fs/cgroup").rglob(f"{self.server.learners_group}:*"):
            with suppress(OSError):
                folder.rmdir()
        shutil.rmtree(self.place, ignore_errors=True)


@contextmanager
def school(*learners: str, teacher: str = "grace", **settings: str) -> Iterator[School]:
    """A class made by `grader server --class`, not started yet."""
    token = secrets.token_hex(3)
    place = Path(tempfile.mkdtemp(prefix="lol-", dir="/var/tmp")).rename(f"/var/tmp/lol{token}")
    place.chmod(0o755)
    people = {name: f"{name}-{token}" for name in (*learners, teacher)}
    made = School(place, people, place / "python" / "bin" / "python")
    try:
        environment_for_all(place / "python")
        checkout(made.course)
        with (place / "class.csv").open("w", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(("username", "first name", "last name", "email"))
            writer.writerows((people[name], name.title(), "Made-Up", f"{name}@example.org") for name in learners)
        made.grader(
            "--no-start",
            f"--class={place / 'class.csv'}",
            f"--teacher={people[teacher]}",
            f"--python={made.python}",
            f"--homes={place / 'homes'}",
            *(f"--{option}={free_port()}" for option in ("port", "hub-port", "proxy-port")),
            *(f"--{name}={value}" for name, value in settings.items()),
        )
        made.reread()
        yield made
    finally:
        made.close()


def checkout(target: Path) -> None:
    """The course as somebody cloned it, closed to others than its owner."""
    target.mkdir(mode=0o700)
    for name in (*FOR_TEACHERS, "deploy", "constraints.txt"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=LEFT_OUT)
        else:
            shutil.copyfile(source, target / name)


def environment_for_all(folder: Path) -> None:
    """An environment with the packages of this one that every account can start: of this Python where others can enter
    it, else of a copy; with links to the packages, else copies of them."""
    base = Path(sys.base_prefix)
    if not _open(base):
        base = _own_copy(base, folder.parent / "interpreter")
    packages, prefix = Path(os.__file__).parent.name, Path(sys.prefix)
    (folder / "bin").mkdir(parents=True)
    target = folder / "lib" / packages
    target.mkdir(parents=True)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (folder / "pyvenv.cfg").write_text(f"home = {base / 'bin'}\ninclude-system-site-packages = false\n")
    (folder / "bin" / "python").symlink_to(base / "bin" / name)
    # Files of its own, for the sandbox shows an environment's folder and not what links in it lead to.
    for source, place in (
        (prefix / "lib" / packages / "site-packages", target / "site-packages"),
        (prefix / "share", folder / "share"),
        (prefix / "etc", folder / "etc"),
    ):
        if source.exists():
            _linked(source, place, *NOT_FOR_LEARNERS)
    for command in ("course", "grader"):
        script = folder / "bin" / command
        module = f"{command}.desk.cli" if command == "course" else "grader.cli"
        script.write_text(f"#!{folder}/bin/python\nfrom {module} import main\nmain()\n")
        script.chmod(0o755)
    for path in (folder, folder / "bin", folder / "lib", target):
        path.chmod(0o755)


def _own_copy(base: Path, target: Path) -> Path:
    """What of an interpreter is needed to run it, where everybody can enter."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (target / "bin").mkdir(parents=True)
    # It knows its library by the place where it was built, which others cannot enter: by its own place instead.
    program, place = Path(os.path.realpath(base / "bin" / name)).read_bytes(), str(base / "lib").encode()
    beside = b"$ORIGIN/../lib"
    if len(place) >= len(beside):
        program = program.replace(place + b"\0", beside + b"\0" * (len(place) - len(beside) + 1))
    (target / "bin" / name).write_bytes(program)
    (target / "lib").mkdir()
    for library in base.glob("lib/libpython*"):
        shutil.copy2(library, target / "lib" / library.name, follow_symlinks=False)
    _linked(base / "lib" / name, target / "lib" / name, "site-packages", "test", "idlelib", "config-*")
    for path in (target, *target.iterdir(), *(target / "bin").iterdir()):
        path.chmod(0o755)
    return target


def _linked(source: Path, target: Path, *without: str) -> None:
    """A copy that shares its content where both lie on one disk: sixty thousand files in a second."""
    target.mkdir(parents=True)
    target.chmod(0o755)
    entries = [
        str(entry) for entry in source.iterdir() if not any(fnmatch.fnmatch(entry.name, pattern) for pattern in without)
    ]
    for way in ("-al", "-a"):
        done = subprocess.run(["cp", way, *entries, str(target)], capture_output=True, text=True)
        if done.returncode == 0:
            return
        shutil.rmtree(target)
        target.mkdir()
        target.chmod(0o755)
    raise AssertionError(f"{source} could not be copied: {done.stderr[-500:]}")


def _open(place: Path) -> bool:
    """Whether everybody can enter a folder."""
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (place, *place.parents))


def processes() -> Iterator[tuple[int, int, int, str]]:
    """Every process of this machine: its number, its parent's, its account's, and how it was called."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            called = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            yield int(folder.name), int(status["PPid"]), int(status["Uid"].split()[0]), called


def processes_of(account: str, words: str = "") -> list[int]:
    """The processes of an account that were called with these words."""
    try:
        number = pwd.getpwnam(account).pw_uid
    except KeyError:
        return []
    return [process for process, _, owner, called in processes() if owner == number and words in called]


def _children(process: int) -> list[int]:
    found = list(processes())
    below = [process]
    for parent in below:
        below += [child for child, above, *_ in found if above == parent]
    return below[:0:-1]


def _end_all_of(account: str) -> None:
    """End every process of an account that was made here; a loop, for one may be starting another."""
    for _ in range(40):
        if not (found := processes_of(account)):
            return
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)


class Visitor:
    """Somebody at the hub's address without a browser: keeps cookies, follows redirections, tells the status."""

    def __init__(self, made: School, name: str = "") -> None:
        self.made, self.name, self.cookies = made, name, http.cookiejar.CookieJar()
        self.follow = True  # else a redirection is told as the place that it leads to
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.stays = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stays)

    def ask(
        self, path: str, data: dict | None = None, method: str = "", body: bytes | None = None, **headers: str
    ) -> tuple[int, str]:
        """Status and text of what came; path: from the root, or a whole address. data goes as a form, body as it is."""
        address = path if path.startswith("http") else f"{self.made.server.address}/{path}"
        form = body if data is None else urllib.parse.urlencode(data).encode()
        request = urllib.request.Request(address, form, headers, method=method or ("GET" if form is None else "POST"))
        try:
            with (self.opener if self.follow else self.stays).open(request, timeout=120) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            if error.code in (301, 302, 303):
                return error.code, error.headers["Location"]
            return error.code, error.read().decode(errors="replace")

    def log_in(self, account: str = "", password: str | None = None) -> tuple[int, str]:
        account = account or self.made.people[self.name]
        self.ask("hub/login")
        mark = next(cookie.value for cookie in self.cookies if cookie.name == "_xsrf")
        password = self.made.passwords[account] if password is None else password
        return self.ask("hub/login", {"username": account, "password": password, "_xsrf": mark})

    def started(self, seconds: float = 300) -> Visitor:
        """Logged in, and the own server up."""
        status, text = self.log_in()
        assert status < 400, text
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.is_up():
                return self
            time.sleep(0.5)
        raise AssertionError(f"{self.name}'s server did not come up:\n{self.made.log.read_text()[-2000:]}")

    def is_up(self) -> bool:
        """Whether the own server answers. It knows who asks from the hub, to which a page leads and a question does
        not."""
        place = f"user/{self.made.people[self.name]}"
        status = self.ask(f"{place}/api/status")[0]
        if status == 403:
            self.ask(f"{place}/lab")
            status = self.ask(f"{place}/api/status")[0]
        return status == 200


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
