"""What a learner with an account on the class server tries against the others, the teacher and the hub, each as that
account: files, the exchange, other people's processes, ports of the machine, tokens. One hub for all of it.
Read tests/hub.py first, then docs/server.md, whose table says who may read what."""

import json
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hub import NOT_ROOT, Visitor, processes, processes_of, school
from shared import LESSONS

from grader.classroom.server import checks
from grader.classroom.server.spawner import ClassSpawner, environment, limits_without_groups
from grader.judging.answers import notebook_with, solved

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason=NOT_ROOT)]
FOLDER = "02-lines"
INBOUND = "landscape-of-loss/inbound"


@pytest.fixture(scope="module")
def hub():
    """Lesson 02 handed out; ada, whose machine it is not, and ben, who has handed in and has his server running."""
    with school("ada", "ben", memory="0.75", cpus="0.5") as made:
        teacher(made, "release", "02")
        handed = made.as_account("ben", made.python, "-m", "course.desk.cli", "lab", "--help", **learning(made, "ben"))
        assert handed.returncode == 0, handed.stderr
        program = "from course.desk.work import Work; w = Work(); w.hand_out(w.lesson('02'))"
        assert made.python_as("ben", program, **learning(made, "ben")).returncode == 0
        done = made.as_account("ben", made.python, "-m", "course.desk.cli", "submit", "02", **learning(made, "ben"))
        assert "handed in to the exchange" in done.stdout, done.stderr
        made.start()
        made.ben, made.ada = Visitor(made, "ben").started(), Visitor(made, "ada").started()
        yield made


def learning(made, name: str) -> dict[str, str]:
    return environment(made.server, made.people[name], teaches=False)


def teacher(made, *words: str) -> str:
    """`grader` as the teacher types it in a terminal."""
    about = environment(made.server, made.people["grace"], teaches=True)
    done = made.as_account("grace", made.python, "-m", "grader.cli", *words, **about)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout + done.stderr


def inbound(made) -> Path:
    return made.server.exchange / INBOUND


def named_for(made, name: str, by: str, tail: str) -> Path:
    """A folder in the exchange that somebody made by hand, under whichever name."""
    folder = inbound(made) / f"{made.people[name]}+{FOLDER}+2030-01-01 00:00:00.000000 UTC+{tail}"
    assert made.as_account(by, "mkdir", folder).returncode == 0
    return folder


def test_no_place_that_is_secret_can_be_read_or_entered_by_a_learner(hub):
    secret = [*hub.server.secrets(hub.course), hub.home("ben"), hub.home("ben") / "work", hub.home("grace")]
    secret += [*hub.server.hub.iterdir(), *hub.server.classroom.iterdir()]
    secret = [path for path in secret if path.exists()]
    assert len(secret) > 12 and not checks.reachable(hub.people["ada"], secret)
    text = hub.as_account("ada", "cat", hub.server.learners / "notebooks" / FOLDER / "lines.ipynb")
    assert text.returncode == 0 and "BEGIN HIDDEN TESTS" not in text.stdout and "BEGIN SOLUTION" not in text.stdout
    said = hub.as_account("ada", "grep", "-rlE", "BEGIN (HIDDEN TESTS|SOLUTION)", hub.server.learners / "notebooks")
    assert not said.stdout


def test_what_is_handed_in_cannot_be_listed_moved_or_taken_away_by_another(hub):
    (handed,) = inbound(hub).glob(f"{hub.people['ben']}+*")
    assert hub.as_account("ada", "ls", inbound(hub)).returncode != 0
    # Even where she knows what it is called, which holds nine random bytes.
    for words in (
        ("ls", handed),
        ("cat", handed / "lines.ipynb"),
        ("touch", handed / "more"),
        ("rm", handed / "lines.ipynb"),
    ):
        assert hub.as_account("ada", *words).returncode != 0
    for words in (("mv", handed, inbound(hub) / "gone"), ("rm", "-r", handed), ("mv", inbound(hub).parent, "gone")):
        assert hub.as_account("ada", *words).returncode != 0
    assert hub.as_account("ada", "mv", inbound(hub), inbound(hub).parent / "other").returncode != 0
    assert hub.as_account("ada", "touch", inbound(hub).parent / "outbound" / "mine").returncode != 0
    assert handed.exists()


def test_a_folder_that_is_named_for_another_is_left_and_its_owner_told(hub):
    folder = named_for(hub, "ben", "ada", "forged")
    hub.as_account("ada", "cp", hub.server.learners / "notebooks" / FOLDER / "lines.ipynb", folder)
    said = teacher(hub, "collect", "02")
    assert f"it is named for {hub.people['ben']} and owned by {hub.people['ada']}" in said
    collected = [path.name for path in (hub.server.classroom / "submitted").iterdir()]
    assert collected == [hub.people["ben"]]


def test_a_link_to_what_the_teacher_may_read_brings_nothing_of_it(hub):
    for number, target in enumerate(
        (hub.server.teaching / "solutions" / FOLDER / "lines.ipynb", hub.server.classroom / "gradebook.db")
    ):
        folder = named_for(hub, "ada", "ada", f"link{number}")
        assert hub.as_account("ada", "ln", "-s", target, folder / "lines.ipynb").returncode == 0
        teacher(hub, "collect", "02")
        mine = hub.server.classroom / "submitted" / hub.people["ada"]
        assert not any(b"BEGIN" in file.read_bytes() for file in mine.rglob("*.ipynb"))
        assert not any(file.is_symlink() for file in mine.rglob("*"))
        hub.as_account("ada", "rm", "-r", folder)


def test_a_folder_that_is_itself_a_link_is_left(hub):
    link = inbound(hub) / f"{hub.people['ada']}+{FOLDER}+2030-01-02 00:00:00.000000 UTC+link"
    assert hub.as_account("ada", "ln", "-s", hub.server.teaching / "solutions" / FOLDER, link).returncode == 0
    assert "it is not a folder" in teacher(hub, "collect", "02")
    hub.as_account("ada", "rm", link)


def test_thirty_sparse_files_of_128_mib_cost_the_teacher_seconds(hub):
    folder = named_for(hub, "ada", "ada", "sparse")
    program = f"for n in range(30): open({str(folder)!r} + f'/{{n}}.ipynb', 'wb').truncate(128 * 2**20)"
    assert hub.python_as("ada", program).returncode == 0
    began = time.monotonic()
    teacher(hub, "collect", "02")
    assert time.monotonic() - began < 40
    hub.as_account("ada", "rm", "-r", folder)


def test_nothing_of_another_persons_process_can_be_read(hub):
    (bens, *_) = processes_of(hub.people["ben"], "singleuser")
    hubs = hub.process.pid
    for process in (bens, hubs):
        for file in ("environ", "mem", "maps", "cwd", "fd"):
            assert hub.as_account("ada", "head", "-c", "1", f"/proc/{process}/{file}").returncode != 0
    secret = {
        part
        for process in (bens, *processes_of("root", "configurable-http-proxy"))
        for entry in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
        if b"TOKEN=" in entry
        for part in [entry.split(b"=", 1)[1].decode()]
    }
    shown = " ".join(called for *_, called in processes())
    assert secret and not [token for token in secret if token in shown]


def test_ports_of_the_machine_let_nobody_in_without_a_token(hub):
    server = hub.server
    (bens, *_) = processes_of(hub.people["ben"], "singleuser")
    environ = dict(
        entry.split(b"=", 1) for entry in Path(f"/proc/{bens}/environ").read_bytes().split(b"\0") if b"=" in entry
    )
    bens_address = environ[b"JUPYTERHUB_SERVICE_URL"].decode().rstrip("/")
    asked = {
        f"http://127.0.0.1:{server.proxy_port}/api/routes": (403,),
        f"http://127.0.0.1:{server.hub_port}/hub/api/users": (403,),
        f"http://127.0.0.1:{server.hub_port}/hub/api/groups/teachers": (403,),
        f"{bens_address}/api/contents": (403,),
        f"{bens_address}/api/kernels": (403,),
    }
    program = (
        "import json, sys, urllib.error, urllib.request\n"
        "for address in sys.argv[1:]:\n"
        "    try: print(urllib.request.urlopen(address, timeout=20).status)\n"
        "    except urllib.error.HTTPError as error: print(error.code)\n"
    )
    done = hub.as_account("ada", hub.python, "-c", program, *asked)
    assert [int(line) for line in done.stdout.split()] == [code for (code,) in asked.values()], done.stderr
    routes = hub.python_as(
        "ada",
        "import urllib.request\n"
        f"r = urllib.request.Request('http://127.0.0.1:{server.proxy_port}/api/routes/services/class', method='POST',"
        ' data=b\'{"target": "http://127.0.0.1:1"}\')\n'
        "urllib.request.urlopen(r)",
    )
    assert "403" in routes.stderr


def test_a_learners_own_token_opens_her_own_things_and_nothing_else(hub):
    (mine, *_) = processes_of(hub.people["ada"], "singleuser")
    program = f"print(open('/proc/{mine}/environ').read().split('JUPYTERHUB_API_TOKEN=')[1].split(chr(0))[0])"
    token = hub.python_as("ada", program).stdout.strip()
    visitor, about = Visitor(hub), {"Authorization": f"token {token}"}
    ada, ben = hub.people["ada"], hub.people["ben"]
    assert visitor.ask("hub/api/user", **about)[0] == 200
    assert visitor.ask(f"hub/api/users/{ada}/activity", {}, **about)[0] != 403, "this is what the token is for"
    for path, data, method in (
        ("hub/api/users", None, ""),
        (f"hub/api/users/{ben}", None, ""),
        (f"hub/api/users/{ben}/tokens", {}, "POST"),
        (f"hub/api/users/{ben}/server", None, "DELETE"),
        ("hub/api/groups/teachers/users", {}, "POST"),
        ("hub/api/proxy", None, ""),
        ("hub/api/services", None, ""),
        ("hub/api/shutdown", {}, "POST"),
        (f"user/{ben}/api/contents", None, ""),
        ("services/class/formgrader/manage_assignments", None, ""),
        (f"services/class/reports/{FOLDER}.html", None, ""),
        (f"services/class/feedback/{ben}/{FOLDER}/lines.html", None, ""),
    ):
        status, _ = visitor.ask(path, data, method, **about)
        assert status in (403, 404), path


def test_a_token_that_a_learner_asks_for_has_no_more_rights_than_she(hub):
    mark = next(cookie.value for cookie in hub.ada.cookies if cookie.name == "_xsrf" and cookie.path == "/hub/")
    headers = {"Content-Type": "application/json", "X-XSRFToken": mark}
    for scopes, wanted in ((["admin:users"], 400), (["access:services!service=class"], 400), (["self"], 201)):
        request_ = json.dumps({"scopes": scopes}).encode()
        status, text = hub.ada.ask(f"hub/api/users/{hub.people['ada']}/tokens", body=request_, **headers)
        assert status == wanted, text
    token = json.loads(text)["token"]
    assert Visitor(hub).ask("services/class/formgrader/manage_assignments", Authorization=f"token {token}")[0] == 403


def test_who_is_not_of_the_class_does_not_get_in(hub):
    stranger = f"eve-{hub.place.name}"
    subprocess.run(["useradd", "--no-create-home", stranger], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{stranger}:an-honest-password\n", text=True, check=True)
        assert Visitor(hub).log_in(stranger, "an-honest-password")[0] == 403
        status, text = Visitor(hub).log_in(hub.people["ben"], "wrong")
        assert status == 403 and "Invalid username or password" in text
    finally:
        subprocess.run(["userdel", stranger], check=True)


def test_a_learners_own_server_is_in_a_group_that_limits_it(hub):
    (mine, *_) = processes_of(hub.people["ada"], "singleuser")
    name = f"{hub.server.learners_group}:{hub.people['ada']}"
    held = Path(f"/proc/{mine}/cgroup").read_text()
    if name not in held:
        pytest.skip("no control groups can be made here; the limits for each process are tried in the next test")
    limits = {
        file.name: file.read_text().split()
        for folder in Path("/sys/fs/cgroup").rglob(name)
        for file in folder.iterdir()
        if file.name in ("memory.max", "memory.limit_in_bytes", "cpu.max", "cpu.cfs_quota_us", "pids.max")
    }
    memory, cpu = str(int(0.75 * 2**30)), "50000"
    assert [memory] in (limits.get("memory.max"), limits.get("memory.limit_in_bytes"))
    assert cpu in (limits.get("cpu.max") or limits.get("cpu.cfs_quota_us"))


def test_a_process_that_takes_more_memory_than_a_learner_has_is_ended_and_no_other(hub):
    spawner = ClassSpawner(_mock=True, settings=hub.server)
    program = "import sys; kept = bytearray(int(sys.argv[1])); kept[::4096] = b'x' * len(kept[::4096]); print('had it')"

    def took(much: int):
        return subprocess.run(
            [hub.python, "-c", program, str(much)],
            capture_output=True,
            text=True,
            cwd="/",
            preexec_fn=spawner.make_preexec_fn(hub.people["ada"]),
        )

    assert took(2**28).stdout == "had it\n"
    done = took(2**30)
    assert not done.stdout and (done.returncode == -9 or "MemoryError" in done.stderr)
    spawner.settings = replace(hub.server, memory=4)
    assert took(2**30).stdout == "had it\n", "more is given at the next start, to a group that is there already"
    assert hub.ben.ask(f"user/{hub.people['ben']}/api/status")[0] == 200


def test_without_control_groups_each_process_has_limits_of_its_own(hub):
    import resource

    found = limits_without_groups(hub.server, set())
    assert found[resource.RLIMIT_DATA] == 0.75 * 2**30 and found[resource.RLIMIT_NPROC] > 100
    assert set(limits_without_groups(hub.server, {"memory", "pids"})) == {resource.RLIMIT_FSIZE, resource.RLIMIT_CORE}


def test_the_teachers_account_grades_in_the_sandbox_where_nothing_of_the_class_is_to_be_seen(hub):
    lesson = LESSONS[FOLDER]
    places = [str(hub.server.classroom), str(hub.server.teaching), str(hub.home("grace")), str(hub.server.exchange)]
    peek = solved(lesson)
    peek["mse"] = f"import os\nassert not any(map(os.path.exists, {places!r}))\n{peek['mse']}"
    file = hub.home("ben") / "work" / FOLDER / "lines.ipynb"
    file.write_bytes(notebook_with(lesson, hub.course, peek))
    done = hub.as_account("ben", hub.python, "-m", "course.desk.cli", "submit", "02", **learning(hub, "ben"))
    assert done.returncode == 0, done.stderr
    teacher(hub, "collect", "02")
    teacher(hub, "grade", "02")
    outcome = json.loads((hub.server.classroom / "outcomes" / FOLDER / f"{hub.people['ben']}.json").read_text())
    assert outcome["status"] == "graded" and all(result["status"] == "passed" for result in outcome["results"])
