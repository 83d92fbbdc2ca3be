"""What a class server and a learning platform tell each other (LTI 1.3), tried on a made-up platform: the class list
comes, grades go, and nothing is sent where it should not. The login itself is tried in
tests/classroom/test_server_term.py, which has a hub. Read tests/made_up_platform.py first."""

import json
import os
import stat
from pathlib import Path

import pytest
from made_up_platform import made_up
from shared import LESSONS, ROOT

from course.desk import files
from grader.classroom.exchange import collect_from
from grader.classroom.records import Records
from grader.classroom.server import platform_login
from grader.classroom.server.lti import Platform, private_key, public_key
from grader.classroom.server.places import Server
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import find_submissions, grade_one

LESSON = LESSONS["02-lines"]


@pytest.fixture
def told(tmp_path):
    """A made-up platform with four people, and a classroom whose settings name it."""
    server = Server(tmp_path / "made-up-class", teachers=["grace-of-nowhere"])
    server.classroom.mkdir(parents=True)
    server.hub.mkdir()
    with made_up() as platform:
        platform.tools_key = public_key(server.classroom)
        platform.people = {
            "11": {
                "given_name": "Ada",
                "family_name": "Lovelace",
                "email": "ada.made.up@example.org",
                "roles": ["Learner"],
            },
            "12": {"given_name": "Ben", "email": "ROOT@example.org", "roles": ["Learner"]},
            "13": {"given_name": "Gone", "email": "gone@example.org", "roles": ["Learner"], "status": "Inactive"},
            "14": {"given_name": "Grace", "email": "grace@example.org", "roles": ["Instructor"]},
            "15": {"given_name": "Cy", "ext_user_username": "cyrus_made_up", "roles": ["http://x/membership#Learner"]},
        }
        write(server, platform.settings(**{"14": "grace-of-nowhere"}))
        yield platform, server


def write(server: Server, content: dict) -> None:
    (server.classroom / "lti.json").write_text(json.dumps(content))


def with_addresses(platform, server) -> Platform:
    """As after a teacher's first login."""
    about = server.classroom.stat()
    Platform.load(server.classroom).remember(
        f"{platform.address}/members", f"{platform.address}/columns?course=7", (about.st_uid, about.st_gid)
    )
    return Platform.load(server.classroom)


def test_the_class_list_comes_page_by_page_and_holds_those_who_learn(told):
    platform, server = told
    with_addresses(platform, server)
    text = platform_login.class_list(server).read_text()
    assert "ada.made.up,Ada,Lovelace,ada.made.up@example.org,11" in text and "cyrus_made_up,Cy" in text
    assert "Gone" not in text and "Grace" not in text
    assert sum(path.startswith("/members") for path in platform.asked) == 3
    assert Platform.load(server.classroom).accounts()["14"] == "grace-of-nowhere"


def test_nobody_is_given_an_account_that_this_machine_has_already(told):
    platform, server = told
    with_addresses(platform, server)
    assert "\nu12,Ben," in platform_login.class_list(server).read_text(), "root is somebody here"


def test_who_had_an_account_keeps_it_when_the_platform_calls_them_otherwise(told):
    platform, server = told
    with_addresses(platform, server)
    platform_login.class_list(server)
    platform.people["11"]["email"] = "countess@example.org"
    assert "ada.made.up,Ada" in platform_login.class_list(server).read_text()


def test_two_people_of_one_name_have_two_accounts(told):
    platform, server = told
    with_addresses(platform, server)
    platform.people["16"] = {**platform.people["11"], "given_name": "Other"}
    text = platform_login.class_list(server).read_text()
    assert "ada.made.up,Ada" in text and "u16,Other" in text


@pytest.fixture
def graded(told, sandboxes, tmp_path):
    platform, server = told
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "ada.made.up.ipynb").write_bytes(notebook_with(LESSON, ROOT, solved(LESSON)))
    (inside / "stranger.ipynb").write_bytes(notebook_with(LESSON, ROOT, {}))
    collect_from(LESSON, inside, server.classroom)
    with_addresses(platform, server)
    platform_login.class_list(server)
    with Records(server.classroom) as records:
        records.register(LESSON)
        for submission in find_submissions(server.classroom, LESSON):
            records.write(grade_one(submission, LESSON, sandboxes[LESSON.folder], b"secret"), LESSON)
        yield platform, server, records


@pytest.mark.slow
def test_points_arrive_in_a_column_of_the_lesson_that_is_made_once(graded):
    platform, server, records = graded
    for _ in range(2):
        sent, unknown = Platform.load(server.classroom).send(records, LESSON)
        assert sent == ["ada.made.up"] and unknown == ["stranger"]
    (column,) = platform.columns
    assert column["resourceId"] == LESSON.folder and column["scoreMaximum"] == LESSON.points
    assert len(platform.scores) == 2
    score = platform.scores[-1]
    assert (score["userId"], score["scoreGiven"], score["scoreMaximum"]) == ("11", LESSON.points, LESSON.points)
    assert score["gradingProgress"] == "FullyGraded" and score["timestamp"].endswith("+00:00")


@pytest.mark.parametrize(
    ("change", "words"),
    (
        ({"token_url": "http://elsewhere.example.org/token"}, "an address is wanted that begins with https://"),
        ({"issuer": 7}, "issuer is 7"),
        ({"colour": "red"}, "will not do"),
        ({"token_url": ""}, "token_url is ''; an address is wanted"),
    ),
)
def test_settings_that_will_not_do_are_told_in_one_line(told, change, words):
    platform, server = told
    write(server, {**platform.settings(), **change})
    with pytest.raises(ValueError, match=words) as raised:
        with_addresses(platform, server)
        platform_login.class_list(server)
    assert "\n" not in str(raised.value)


def test_what_the_platform_refuses_is_told_with_its_words(told):
    platform, server = told
    found = with_addresses(platform, server)
    found.memberships_url = f"{platform.address}/columns"
    with pytest.raises(ValueError, match="401: .*no right to"):
        list(found.members())


def test_an_address_that_leads_outside_is_not_followed_with_the_token(told):
    platform, server = told
    found = with_addresses(platform, server)
    found.memberships_url = "http://elsewhere.example.org/members"
    with pytest.raises(ValueError, match="does not begin with https"):
        list(found.members())


def test_before_a_teacher_came_the_platform_cannot_be_asked_and_says_what_to_do(told):
    platform, server = told
    with pytest.raises(ValueError, match="a teacher opens the course's link"):
        platform_login.class_list(server)


def test_a_link_from_another_course_does_not_lead_the_points_there(told):
    platform, server = told
    first = with_addresses(platform, server)
    first.remember("https://elsewhere.example.org/members", "https://elsewhere.example.org/columns", (0, 0))
    assert Platform.load(server.classroom).lineitems_url == first.lineitems_url


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file away")
@pytest.mark.parametrize("what", ("key", "addresses", "members"))
def test_a_link_that_the_teacher_puts_in_a_files_place_gives_her_nothing_of_roots(told, monkeypatch, tmp_path, what):
    platform, server = told
    with_addresses(platform, server)
    victim, real = tmp_path / "of-root", os.replace
    victim.write_text("{}")
    os.chown(server.classroom, 12345, 12345)
    for name in ("lti-key.pem", "lti-links.json") if what != "members" else ():
        (server.classroom / name).unlink()

    def quick(source, target):
        real(source, target)
        if Path(target).parent == server.classroom:
            Path(target).unlink()
            Path(target).symlink_to(victim)

    monkeypatch.setattr(files.os, "replace", quick)
    if what == "key":
        private_key(server.classroom)
    elif what == "addresses":
        with_addresses(platform, server)
    else:
        platform_login.class_list(server)
    assert victim.stat().st_uid == 0


def test_the_key_is_made_once_and_is_its_owners_alone(told):
    _, server = told
    file = server.classroom / "lti-key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert public_key(server.classroom) == public_key(server.classroom)
    assert "d" not in public_key(server.classroom), "the private half stays here"
