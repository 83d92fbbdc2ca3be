"""`grader server` before anything runs: what it makes, what it looks at, and what it says to bad input, in one line.
Read tests/hub.py first (how the class is made), then grader/classroom/server/places.py."""

import json
import os
import pwd
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hub import NOT_ROOT, school
from typer.testing import CliRunner

from grader.classroom.server import accounts, checks, environment, ports, proxy
from grader.classroom.server.places import Server, begin, lay_out
from grader.cli import app

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason=NOT_ROOT)


@pytest.fixture(scope="module")
def hub():
    """A class of two that was made and not started."""
    with school("ada", "ben") as made:
        yield made


def hashed(account: str) -> str:
    return next(line for line in Path("/etc/shadow").read_text().splitlines() if line.startswith(f"{account}:"))


@ROOT_ONLY
@pytest.mark.slow
class TestMade:
    def test_an_account_has_a_closed_home_and_a_password_that_its_teacher_alone_can_read(self, hub):
        (*files,) = hub.server.classroom.glob("passwords-*.csv")
        assert len(files) == 2 and set(hub.passwords) == set(hub.people.values())
        for file in files:
            assert file.owner() == hub.people["grace"] and stat.S_IMODE(file.stat().st_mode) == 0o600
        assert len(set(hub.passwords.values())) == 3 and all(len(word) == 14 for word in hub.passwords.values())
        for name in hub.people:
            assert stat.S_IMODE(hub.home(name).stat().st_mode) == 0o700

    def test_a_second_start_changes_no_password_and_makes_nobody(self, hub):
        before = {account: hashed(account) for account in hub.people.values()}
        said = hub.grader("--no-start", f"--class={hub.place / 'class.csv'}")
        assert "accounts made" not in said and "passwords" not in said
        assert before == {account: hashed(account) for account in hub.people.values()}

    def test_an_account_that_was_there_before_is_let_in_and_left_as_it_is(self, hub):
        other = f"cy-{hub.place.name}"
        subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", other], check=True)
        try:
            before = hashed(other), pwd.getpwnam(other)
            (hub.place / "more.csv").write_text(f"id\n{other}\n")
            said = hub.grader("--no-start", f"--class={hub.place / 'more.csv'}")
            assert f"had an account before, and keep their password: {other}" in said
            assert before == (hashed(other), pwd.getpwnam(other)) and other not in accounts.ours(hub.server)
            assert other in accounts.members(hub.server.learners_group)
        finally:
            subprocess.run(["userdel", other], check=True)

    def test_one_that_was_stopped_half_way_is_finished_at_the_next_start(self, hub):
        half = f"di-{hub.place.name}"
        hub.people["di"] = half
        accounts.remember(hub.server, [half])
        accounts._make_one(hub.server, half, hub.server.learners_group, "Di")
        assert hashed(half).split(":")[1] == "!"
        (hub.place / "half.csv").write_text(f"id\n{half}\n")
        assert f"1 accounts made: {half}" in hub.grader("--no-start", f"--class={hub.place / 'half.csv'}")
        assert hashed(half).split(":")[1] not in ("!", "") and accounts.ours(hub.server)[half]["number"]

    def test_learners_have_no_part_of_the_grader_and_teachers_have_all_of_it(self, hub):
        assert sorted(path.name for path in hub.server.learners.iterdir()) == [
            "course",
            "datasets",
            "nbgrader_config.py",
            "notebooks",
        ]
        assert (hub.server.teaching / "solutions").is_dir() and (hub.server.teaching / "grader").is_dir()
        copied = {path: path.stat() for path in hub.server.learners.rglob("*")}
        assert all(about.st_uid == 0 and not about.st_mode & 0o022 for about in copied.values()), "nobody can change it"

    def test_the_settings_stay_for_the_next_start(self, hub):
        about = json.loads((hub.server.hub / "server.json").read_text())
        assert about["teachers"] == [hub.people["grace"]] and about["port"] == hub.server.port
        assert stat.S_IMODE(hub.server.hub.stat().st_mode) == 0o700

    @pytest.mark.parametrize(
        ("place", "mode"),
        (("classroom", 0o755), ("hub", 0o755), ("exchange", 0o777), ("teaching", 0o755), ("home", 0o755)),
    )
    def test_what_somebody_opened_is_told_with_what_mends_it_and_nothing_starts(self, hub, place, mode):
        folder = hub.home("ben") if place == "home" else getattr(hub.server, place)
        before = stat.S_IMODE(folder.stat().st_mode)
        closed = stat.S_IMODE(hub.server.teaching.stat().st_mode)
        folder.chmod(mode)
        if place == "classroom":  # it lies in a folder that is closed itself
            hub.server.teaching.chmod(0o755)
        try:
            said = hub.grader("--no-start", wanted=1)
            mended = hub.server.teaching if place == "classroom" else folder
            assert f"chmod {'1777' if place == 'exchange' else 'go-rwx'} {mended}" in said
        finally:
            folder.chmod(before)
            hub.server.teaching.chmod(closed)
        hub.grader("--no-start")

    def test_solutions_in_the_checkout_that_everybody_can_read_are_told(self, hub):
        hub.course.chmod(0o755)
        try:
            said = hub.grader("--no-start", wanted=1)
            assert f"chmod go-rwx {hub.course / 'solutions'}" in said
        finally:
            hub.course.chmod(0o700)

    def test_a_python_that_others_cannot_enter_is_told_with_what_mends_it(self, hub):
        closed = hub.place / "closed"
        (closed / "bin").mkdir(parents=True)
        closed.chmod(0o700)
        (closed / "bin" / "python").write_bytes(b"#!/bin/sh\n")
        server = Server(hub.server.folder, python=str(closed / "bin" / "python"))
        words = checks.refusal(server, hub.people["ada"])
        assert f"{closed} can be entered by its owner alone" in words and "--python /usr/bin/python3" in words

    def test_a_port_that_is_taken_is_told_with_its_option(self, hub):
        with socket.socket() as one:
            one.bind(("127.0.0.1", hub.server.hub_port))
            one.listen()
            said = hub.grader("--check", wanted=1)
        assert f"missing: port {hub.server.hub_port} at 127.0.0.1" in said and "another one: --hub-port" in said

    def test_a_number_that_another_has_is_told_before_anything_is_made(self, hub):
        kept = accounts.ours(hub.server)
        about = {**kept[hub.people["ada"]], "number": pwd.getpwnam(hub.people["ben"]).pw_uid}
        file = hub.server.hub / accounts.ACCOUNTS
        before = file.read_text()
        file.write_text(json.dumps({**json.loads(before), "accounts": {**kept, "zoe-who-is-gone": about}}))
        try:
            said = hub.grader("--no-start", wanted=1)
            assert f"is {hub.people['ben']}'s on this machine" in said and "usermod --uid" in said
            assert not accounts.exists("zoe-who-is-gone")
        finally:
            file.write_text(before)

    @pytest.mark.parametrize(
        ("text", "words"),
        (
            ("id,name\nada:x,Ada\n", "'ada:x' cannot be a student's id"),
            ("id\nAda\n", "'Ada' cannot be an account of the system; wanted are small letters"),
            ("id\ndaemon\n", "daemon is an account of the system itself"),
            ("id\ngrace-X\n", "cannot be an account"),
            ("colour\nred\n", "a class list needs a column 'id'"),
            ("", "no students|empty|header|column"),
        ),
    )
    def test_a_class_list_that_will_not_do_makes_nobody(self, hub, text, words):
        import re

        before = accounts.members(hub.server.learners_group)
        (hub.place / "wrong.csv").write_text(text)
        said = hub.grader("--no-start", f"--class={hub.place / 'wrong.csv'}", wanted=1)
        assert re.search(words, said), said
        assert before == accounts.members(hub.server.learners_group)

    def test_a_teacher_who_is_in_the_class_list_is_told(self, hub):
        (hub.place / "both.csv").write_text(f"id\n{hub.people['grace']}\n")
        said = hub.grader("--no-start", f"--class={hub.place / 'both.csv'}", wanted=1)
        assert "is in the class list and named as a teacher" in said

    def test_another_teacher_is_let_in_beside_the_first_and_who_has_left_is_not_brought_back(self, hub):
        zoe = hub.people["zoe"] = f"zoe-{hub.place.name}"
        hub.grader("--no-start", f"--teacher={zoe}")
        assert hub.reread().teachers == [hub.people["grace"], zoe] and accounts.exists(zoe)
        home = hub.home("zoe")
        assert f"removed: {zoe}" in hub.grader("--no-start", f"--remove={zoe}")
        assert "brought back" not in hub.grader("--no-start")
        assert not accounts.exists(zoe) and not home.exists() and hub.reread().teachers == [hub.people["grace"]]

    @pytest.mark.parametrize(("who", "words"), (("grace", "the class's data is theirs"), ("", "nobody of this class")))
    def test_who_cannot_be_removed_is_told(self, hub, who, words):
        said = hub.grader("--no-start", f"--remove={hub.people[who] if who else 'daemon'}", wanted=1)
        assert words in said and accounts.exists(hub.people["grace"]) and accounts.exists("daemon")

    @pytest.mark.parametrize("place", ("learners/course", "jupyter", "class/grader"))
    def test_what_a_learner_could_change_and_others_run_is_told(self, hub, place):
        folder = hub.server.folder / place
        before = stat.S_IMODE(folder.stat().st_mode)
        hub.server.teaching.chmod(0o755)
        folder.chmod(0o777)
        try:
            findings = checks.safety(hub.server, hub.people["ada"], hub.course)
            assert [finding.advice for finding in findings] == [f"{hub.people['ada']} can: chmod -R go-w {folder}"]
        finally:
            folder.chmod(before)
            hub.server.teaching.chmod(0o750)
        assert [finding.well for finding in checks.safety(hub.server, hub.people["ada"], hub.course)] == [True]

    def test_a_home_that_somebody_left_is_given_to_no_newcomer(self, hub):
        homes, new = Path(hub.server.homes), f"new-{hub.place.name}"
        hub.people["new"] = new
        (homes / new).symlink_to(hub.place)
        (hub.place / "new.csv").write_text(f"id\n{new}\n")
        said = hub.grader("--no-start", f"--class={hub.place / 'new.csv'}", wanted=1)
        assert f"{homes / new} is there already" in said and not accounts.exists(new)
        (homes / new).unlink()
        homes.chmod(0o711)
        hub.grader("--no-start", f"--class={hub.place / 'new.csv'}")
        assert accounts.exists(new) and stat.S_IMODE(homes.stat().st_mode) == 0o711, "it was there before"
        homes.chmod(0o755)

    def test_the_proxy_of_a_hub_that_was_killed_is_in_nobodys_way(self, hub):
        program = "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print(); input()"
        words = [sys.executable, "-uc", program, str(hub.server.proxy_port)]
        for name, busy in ((proxy.SCRIPT.name, False), ("something-else", True)):
            with subprocess.Popen([*words, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as left:
                left.stdout.readline()
                (hub.server.hub / "proxy.pid").write_text(str(left.pid))
                wrong = [finding.what for finding in checks.of_the_ports(hub.server) if not finding.well]
                left.communicate(b"\n")
            assert wrong == ([f"port {hub.server.proxy_port} at 127.0.0.1"] if busy else [])
        (hub.server.hub / "proxy.pid").unlink()

    def test_a_copy_that_was_stopped_half_way_is_made_whole(self, hub):
        target = hub.server.learners / "notebooks"
        (target / "02-lines" / "lines.ipynb").write_text("half")
        leftover = target.with_name(".notebooks.new")
        leftover.mkdir()
        (leftover / "rest").write_text("of before")
        assert lay_out(hub.server, hub.course) == ["notebooks"]
        assert "nbformat" in (target / "02-lines" / "lines.ipynb").read_text() and not leftover.exists()


def test_where_a_folder_is_wanted_and_a_link_lies_nothing_is_made(tmp_path):
    (tmp_path / "class").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="is no folder; move it away"):
        begin(Server(tmp_path / "class"))


def told(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["server", *words])
    return done.exit_code, done.output


def test_help_says_what_it_is_for():
    status, text = told("--help")
    assert status == 0 and "Run a class server" in text


@pytest.mark.parametrize("words", (("--port", "0"), ("--port", "a"), ("--memory", "0"), ("--nothing",)))
def test_asked_wrongly_it_ends_with_2(words):
    assert told(*words)[0] == 2


def test_without_a_teacher_it_says_how_to_name_one(tmp_path):
    if os.geteuid() != 0:
        pytest.skip(NOT_ROOT)
    status, text = told("--no-start", f"--folder={tmp_path / 'class'}")
    assert status == 1 and "nobody teaches yet: grader server --teacher NAME --class FILE" in text
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(
    ("name", "words"), (("daemon", "is another's already"), ("Deep Learning", "'Deep Learning' cannot be one"))
)
def test_a_folder_that_is_called_as_no_group_of_its_own_can_be_makes_none(tmp_path, monkeypatch, name, words):
    typed = []
    monkeypatch.setattr(accounts, "_run", lambda *words, given="": typed.append(words))
    with pytest.raises(ValueError, match=words):
        accounts.make_groups(Server(tmp_path / name))
    assert not typed


@ROOT_ONLY
def test_a_folder_that_is_somebody_elses_is_not_taken(tmp_path):
    (tmp_path / "class").mkdir()
    os.chown(tmp_path / "class", 12345, 12345)
    with pytest.raises(ValueError, match="belongs to the account 12345; move it away"):
        begin(Server(tmp_path / "class"))


def test_the_account_of_nobody_is_no_learners():
    assert "nobody is an account of the system itself" in accounts.refused(["nobody"])


def test_a_name_is_one_line_in_the_systems_list():
    assert accounts._plain("=Ada\n:x\0\x1b[31m\x85,") == "Ada  x  [31m  "


def test_two_of_the_three_ports_that_are_one_are_told(tmp_path):
    port = ports.free_port()
    findings = checks.of_the_ports(Server(tmp_path / "class", port=port, hub_port=port))
    assert "three different ones" in next(finding.advice for finding in findings if not finding.well)


def test_settings_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "server.json").write_text("{")
    status, text = told("--check", f"--folder={tmp_path}")
    assert status == 1 and "cannot be read as the settings of a class server" in text


@pytest.mark.parametrize("name", ("nothing", "folder"))
def test_an_interpreter_that_is_none_is_told(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match="which is no interpreter; wanted is one like /usr/bin/python3"):
        environment.choose(Server(tmp_path / "class"), tmp_path / name, print)


def test_an_interpreter_that_has_everything_is_taken_as_it_is(tmp_path):
    assert environment.choose(Server(tmp_path / "class"), Path(sys.executable), print) == sys.executable


def test_from_one_that_lacks_packages_an_environment_is_made(tmp_path, monkeypatch):
    typed = []
    monkeypatch.setattr(environment, "_has_all", lambda python: False)
    monkeypatch.setattr(environment, "_pip", lambda folder: [sys.executable, "-c", "print()"])
    server = Server(tmp_path / "class")
    made = environment.choose(server, Path(sys.executable), typed.append)
    assert made == str(tmp_path / "class" / "python" / "bin" / "python") and Path(made).exists()
    assert "which takes some minutes" in typed[0]


def test_one_that_could_not_be_made_is_taken_away_again(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "_has_all", lambda python: False)
    monkeypatch.setattr(environment, "_pip", lambda folder: [sys.executable, "-c", "raise SystemExit('no network')"])
    with pytest.raises(ValueError, match="no network"):
        environment.choose(Server(tmp_path / "class"), Path(sys.executable), print)
    assert not (tmp_path / "class" / "python").exists()


def test_where_npm_is_not_it_is_said_what_to_type(monkeypatch, tmp_path):
    monkeypatch.setattr(proxy, "HERE", tmp_path / "proxy")
    monkeypatch.setattr(proxy.shutil, "which", lambda name: None)
    assert "apt-get install npm" in proxy.fetch() and "\n" not in proxy.fetch()
    assert proxy.main() == 0, "a learner's set-up goes on"


def test_the_lock_file_names_no_host():
    lock = json.loads((proxy.SOURCE / "package-lock.json").read_text())
    wanted = json.loads((proxy.SOURCE / "package.json").read_text())["dependencies"]
    assert wanted["configurable-http-proxy"] == lock["packages"]["node_modules/configurable-http-proxy"]["version"]
    assert not [name for name, about in lock["packages"].items() if "resolved" in about]
    assert all("integrity" in about for name, about in lock["packages"].items() if name)


def test_an_address_of_no_machine_here_is_told():
    with pytest.raises(ValueError, match="is no address of this machine"):
        ports.taken("192.0.2.7", 8000)
