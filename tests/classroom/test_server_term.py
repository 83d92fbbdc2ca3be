"""A class server through a term: the course is updated in the middle of it, the machine goes down at once, a backup is
brought back to a machine that knows nobody, and the class moves to a learning platform. Nothing is lost on the way. The
fixtures are the term's weeks, and a test needs those that come before it.
Read docs/server.md first: what is typed here stands there."""

import html
import json
import os
import pwd
import re
import shutil
import subprocess
import urllib.parse
from types import SimpleNamespace

import pytest
from hub import NOT_ROOT, Visitor, school
from made_up_platform import made_up
from shared import LESSONS

from grader.classroom.server.lti import public_key
from grader.classroom.server.spawner import environment
from grader.judging.answers import notebook_with, solved

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason=NOT_ROOT)]
FOLDER = "02-lines"
LESSON = LESSONS[FOLDER]
NEWS = "This sentence came in the middle of the term."


@pytest.fixture(scope="module")
def hub():
    """Week 1: Ada has opened lesson 02, solved it and handed it in; it is collected and graded."""
    with school("ada", "ben") as made:
        grader(made, "release", "02", "--due", "2030-01-31")
        made.start()
        made.ada = Visitor(made, "ada").started()
        file = work(made) / FOLDER / "lines.ipynb"
        file.write_bytes(notebook_with(LESSON, made.course, {**solved(LESSON)}))
        about = {"JUPYTER_CONFIG_PATH": str(made.server.jupyter)}
        said = made.as_account("ada", made.python, "-m", "course.desk.cli", "submit", "02", **learning(made), **about)
        assert "handed in to the exchange" in said.stdout, said.stderr
        grader(made, "collect", "02")
        grader(made, "grade", "02")
        yield made


def learning(made) -> dict[str, str]:
    found = environment(made.server, made.people["ada"], teaches=False)
    found.pop("JUPYTER_CONFIG_PATH")
    return found


def work(made):
    return made.home("ada") / "work"


def grader(made, *words: str) -> str:
    about = environment(made.server, made.people["grace"], teaches=True)
    done = made.as_account("grace", made.python, "-m", "grader.cli", *words, **about)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def points(made) -> str:
    (line,) = [line for line in grader(made, "export", "02").splitlines() if line.startswith(made.people["ada"])]
    return line


def cells_of(made) -> list[str]:
    cells = json.loads((work(made) / FOLDER / "lines.ipynb").read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells]


@pytest.fixture(scope="module")
def updated(hub):
    """Week 2: a newer lesson is in the checkout; `grader server` is typed once more, and Ada comes back."""
    before = cells_of(hub)
    released = hub.course / "notebooks" / FOLDER / "lines.ipynb"
    notebook = json.loads(released.read_text())
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    cell["source"] = [*cell["source"], f"\n\n{NEWS}"] if isinstance(cell["source"], list) else cell["source"] + NEWS
    released.write_text(json.dumps(notebook))
    said = hub.grader("--no-start")
    hub.stop()
    hub.start()
    hub.ada = Visitor(hub, "ada").started()
    return SimpleNamespace(before=before, said=said, after=cells_of(hub))


@pytest.fixture(scope="module")
def power_cut(hub, updated):
    """Week 3: everything ends at once; it is started again."""
    assert hub.as_account("ada", "tee", "work/notes.txt", given="typed a minute before").returncode == 0
    hub.power_cut()
    hub.start()
    hub.ada = Visitor(hub, "ada").started()
    return points(hub)


@pytest.fixture(scope="module")
def brought_back(hub, power_cut):
    """Week 4: a backup as docs/server.md makes it; accounts, homes and the class's folder are gone; unpacked."""
    hub.stop()
    before = {account: pwd.getpwnam(account).pw_uid for account in hub.people.values()}
    hub.grader("--no-start")
    backup = hub.place / "backup.tar.gz"
    folder, homes = str(hub.server.folder).lstrip("/"), hub.server.homes.lstrip("/")
    tar = ["tar", "--create", "--gzip", "--numeric-owner", f"--file={backup}", "--directory=/", folder, homes]
    subprocess.run(tar, check=True)
    for account in hub.people.values():
        subprocess.run(["userdel", account], check=True)
    for group in (hub.server.learners_group, hub.server.teachers_group):
        subprocess.run(["groupdel", group], check=True)
    for place in (hub.server.folder, hub.server.homes):
        shutil.rmtree(place)
    subprocess.run(["tar", "--extract", "--numeric-owner", f"--file={backup}", "--directory=/"], check=True)
    said = hub.grader("--no-start")
    hub.start()
    hub.ada = Visitor(hub, "ada").started()
    after = {account: pwd.getpwnam(account).pw_uid for account in hub.people.values()}
    return SimpleNamespace(before=before, after=after, said=said)


def test_an_update_brings_what_is_new_and_keeps_every_answer(hub, updated):
    assert "copied into" in updated.said and "notebooks" in updated.said
    (old,) = [text for text in updated.before if text not in updated.after]
    (new,) = [text for text in updated.after if text not in updated.before]
    assert new.startswith(old) and NEWS in new
    assert list((work(hub) / "backups").glob(f"{FOLDER}-*.ipynb")), "as it was, it is kept"
    assert solved(LESSON)["mse"].strip() in "".join(updated.after)


def test_a_start_that_changes_nothing_says_so_by_saying_nothing(hub, updated):
    assert "copied" not in hub.grader("--no-start")


def test_after_a_power_cut_work_grades_and_logins_are_as_they_were(hub, power_cut):
    assert f"{LESSON.points:.1f}" in power_cut
    assert (work(hub) / "notes.txt").read_text() == "typed a minute before"
    assert len(list((hub.server.exchange / "landscape-of-loss" / "inbound").iterdir())) == 1
    assert hub.ada.ask(f"user/{hub.people['ada']}/api/contents/{FOLDER}/lines.ipynb")[0] == 200


def test_a_backup_brings_back_accounts_passwords_work_and_grades(hub, brought_back):
    assert "brought back 3 accounts" in brought_back.said and brought_back.before == brought_back.after
    assert f"{LESSON.points:.1f}" in points(hub)
    assert (work(hub) / "notes.txt").exists() and (work(hub) / "notes.txt").owner() == hub.people["ada"]
    missing = [line for line in hub.grader("--check", wanted=1).splitlines() if line.startswith("missing: ")]
    assert len(missing) == 3 and all(line.startswith("missing: port ") for line in missing), "it runs on them itself"
    grader(hub, "feedback", "02")
    assert (hub.server.classroom / "feedback" / hub.people["ada"] / FOLDER / "lines.html").exists()


@pytest.fixture(scope="module")
def platform(hub, brought_back):
    """Week 5: the class moves to a platform, which knows Grace as 14 and has two people more."""
    hub.stop()
    with made_up() as found:
        found.people = {
            "14": {"given_name": "Grace", "roles": ["Instructor"]},
            "21": {"given_name": "Dot", "email": f"dot-{hub.place.name}@example.org", "roles": ["Learner"]},
        }
        hub.people["dot"] = f"dot-{hub.place.name}"
        found.tools_key = public_key(hub.server.classroom)
        (hub.server.classroom / "lti.json").write_text(json.dumps(found.settings(**{"14": hub.people["grace"]})))
        hub.grader("--no-start", "--lti")
        hub.start()
        yield found


def arrives(hub, platform, number: str, change=lambda claim: claim, key=None) -> tuple[Visitor, int, str]:
    """Somebody clicks the course's link on the platform: the whole way of the protocol, as a browser goes it."""
    visitor = Visitor(hub)
    visitor.follow = False
    begun = visitor.ask(
        "hub/lti13/oauth_login",
        {
            "iss": platform.address,
            "login_hint": number,
            "client_id": "made-up-client",
            "target_link_uri": f"{hub.server.address}/hub/",
        },
    )
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun[1]).query))
    assert begun[1].startswith(f"{platform.address}/authorize?") and query["login_hint"] == number
    claim = change(platform.claim(number, query["nonce"]))
    visitor.follow = True
    status, text = visitor.ask(
        "hub/lti13/oauth_callback", {"id_token": platform.signed(claim, key), "state": query["state"]}
    )
    return visitor, status, html.unescape(re.sub("<[^>]+>", " ", text))


def test_a_teacher_and_a_learner_come_by_the_platform_and_a_grade_goes_back(hub, platform):
    visitor, status, text = arrives(hub, platform, "14")
    assert status == 200 and "The class" in text, "the teacher lands on the class's page"
    dot = hub.people["dot"]
    assert f"1 accounts made: {dot}" in hub.grader("--no-start", "--class=platform")
    visitor, status, _ = arrives(hub, platform, "21")
    assert status == 200 and dot in visitor.ask("hub/home")[1]
    folder = hub.server.classroom / "submitted" / dot / FOLDER
    source = hub.server.classroom / "submitted" / hub.people["ada"] / FOLDER
    shutil.copytree(source, folder)
    for path in (folder.parent, folder, *folder.rglob("*")):
        shutil.chown(path, hub.people["grace"])
    grader(hub, "grade", "02")
    assert "has the points of 1 students" in grader(hub, "export", "02", "--to-platform")
    (score,) = platform.scores
    assert (score["userId"], score["scoreGiven"]) == ("21", LESSON.points)


@pytest.mark.parametrize("what", ("nobody", "forged", "replayed", "other tool", "expired"))
def test_who_the_platform_did_not_send_does_not_come_in(hub, platform, what):
    from cryptography.hazmat.primitives.asymmetric import rsa

    change = {
        "nobody": lambda claim: {**claim, "sub": "99"},
        "replayed": lambda claim: {**claim, "nonce": "of another time"},
        "other tool": lambda claim: {**claim, "aud": "another"},
        "expired": lambda claim: {**claim, "exp": 1_000_000_000},
    }.get(what, lambda claim: claim)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048) if what == "forged" else None
    visitor, status, text = arrives(hub, platform, "14", change, key)
    assert status in (400, 401, 403, 500) and "The class" not in text
    text = visitor.ask("services/class/formgrader/manage_assignments")[1]
    assert "Manage Assignments" not in text and "Open the course's link on your learning platform" in html.unescape(
        text
    )


def test_the_public_key_is_where_the_platform_looks_for_it(hub, platform):
    status, text = Visitor(hub).ask("hub/lti13/keys")
    assert status == 200 and json.loads(text)["keys"] == [public_key(hub.server.classroom)]
