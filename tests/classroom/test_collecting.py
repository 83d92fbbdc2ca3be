"""From what a learning platform or the exchange hands over to one notebook a student: archives, class lists, owners and
times. Nothing here grades; tests/judging/test_grading.py does.
Read grader/classroom/archives.py, grader/classroom/roster.py and grader/classroom/exchange.py first."""

import gzip
import io
import os
import struct
import tarfile
import time
import zipfile
from datetime import UTC, datetime

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.utils import notebook_hash
from shared import LESSONS, ROOT

from grader.classroom import archives
from grader.classroom.archives import read_source
from grader.classroom.class_lists import read_roster
from grader.classroom.exchange import SECRET_FILE, collect, collect_from, give_back
from grader.classroom.feedback import write_feedback
from grader.classroom.nbgrader import SafeCollect
from grader.classroom.records import Records
from grader.classroom.roster import Roster, Student
from grader.judging.answers import notebook_with
from grader.judging.grade import GRADED, REFUSED_FILE, Outcome, find_submissions
from grader.judging.intake import Refused

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
NOTEBOOK = notebook_with(LESSON, ROOT, {})


def zipped(path, *members, names=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(
                name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, (2030, 1, 31, 12, 0, 0)), content
            )
    return path


def tarred(path, *members):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members:
            member = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture
def class_list(tmp_path):
    file = tmp_path / "class.csv"
    file.write_text(
        "username,first name,last "
        "name,email,identifier\nada,Ada,Lovelace,ada@example.org,11\nzoe,Zoë,Müller-Lind,z.m@example.org,12\n",
        encoding="utf-8",
    )
    return read_roster(file)


# Platforms


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace_4711_assignsubmission_file_/descent.ipynb",
        "Ada Lovelace_4711_assignsubmission_file_descent.ipynb",
        "lovelaceada_11_99_descent.ipynb",
        "lovelaceada_LATE_11_99_descent-2.ipynb",
        "Homework_ada_attempt_2030-01-31-12-00-00_descent.ipynb",
        "397063-2557369 - Group 3 - Ada Lovelace - Jan 31, 2030 1200 PM/descent.ipynb",
        "ada.ipynb",
        "ada/descent.ipynb",
        "ada/work/mine.ipynb",
        "Ada Lovelace.ipynb",
        "ada@example.org/descent.ipynb",
    ],
)
def test_the_names_that_platforms_give_lead_to_the_student_in_the_class_list(tmp_path, class_list, name):
    collected = collect_from(LESSON, zipped(tmp_path / "class.zip", (name, NOTEBOOK)), tmp_path, class_list)
    assert collected.students == ["ada"], collected.left
    assert (tmp_path / "submitted" / "ada" / FOLDER / "descent.ipynb").read_bytes() == NOTEBOOK
    # Only two write when; the time of a file in an archive is nobody's word, and unknown is never late.
    assert find_submissions(tmp_path, LESSON)[0].time == (
        datetime(2030, 1, 31, 12, tzinfo=UTC) if "attempt" in name or "PM" in name else None
    )


def test_accents_and_order_of_names_do_not_matter_and_strangers_are_left(tmp_path, class_list):
    archive = zipped(
        tmp_path / "class.zip",
        ("Mu\u0308ller-Lind Zoe_12_assignsubmission_file_/a.ipynb", NOTEBOOK),
        ("Eve Nobody_13_assignsubmission_file_/a.ipynb", NOTEBOOK),
    )
    collected = collect_from(LESSON, archive, tmp_path, class_list)
    assert collected.students == ["zoe"] and "nobody in the class list" in collected.left[0]


@pytest.mark.parametrize("letters", ["Zoë Müller-Lind", "Zoe\u0308 Mu\u0308ller-Lind"])
def test_a_zip_file_that_does_not_say_that_its_names_are_utf_8_is_read_as_it_was_meant(tmp_path, letters):
    """As macOS packs a folder."""
    meant = letters.encode()
    plain = "Z" * len(meant)
    archive = zipped(tmp_path / "class.zip", (f"all/{plain}_12_assignsubmission_file_/a.ipynb", NOTEBOOK))
    archive.write_bytes(archive.read_bytes().replace(plain.encode(), meant))
    collected = collect_from(
        LESSON, archive, tmp_path, Roster([Student("zoe", "Zoë", "Müller-Lind"), Student("ben", "Ben", "Bo")])
    )
    assert collected.students == ["zoe"], collected.left
    meant = "Zoë".encode("cp437")  # and as Windows does
    archive = zipped(tmp_path / "class.zip", ("Zxx/a.ipynb", NOTEBOOK))
    archive.write_bytes(archive.read_bytes().replace(b"Zxx", meant))
    assert [found.parts[0] for found in read_source(archive)] == ["Zoë"]


def test_without_a_class_list_a_platforms_name_becomes_an_id(tmp_path):
    archive = zipped(
        tmp_path / "class.zip", ("Zoë Müller_12_assignsubmission_file_/a.ipynb", NOTEBOOK), ("ben.ipynb", NOTEBOOK)
    )
    assert sorted(collect_from(LESSON, archive, tmp_path).students) == ["Zoe-Muller", "ben"]


def test_a_tar_file_a_folder_in_an_archive_and_an_archive_that_a_learner_made_are_opened(tmp_path):
    inner = zipped(
        tmp_path / "inner.zip", ("my lesson/descent.ipynb", NOTEBOOK), ("my lesson/picture.png", b"0" * 1000)
    ).read_bytes()
    archive = tarred(tmp_path / "class.tar.gz", ("all/ada/descent.ipynb", NOTEBOOK), ("all/ben/my work.zip", inner))
    assert collect_from(LESSON, archive, tmp_path).students == ["ada", "ben"]


def test_a_single_notebook_is_a_class_of_one(tmp_path):
    (tmp_path / "ada.ipynb").write_bytes(NOTEBOOK)
    assert collect_from(LESSON, tmp_path / "ada.ipynb", tmp_path).students == ["ada"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("colour,size\nred,1\n", "needs a column 'id'"),
        ("id\nada\nada\n", "line 3: ada"),
        ("id\n../ada\n", "cannot be a student"),
    ],
)
def test_a_class_list_that_is_none_is_refused_in_words(tmp_path, text, words):
    (tmp_path / "class.csv").write_text(text)
    with pytest.raises(ValueError, match=words):
        read_roster(tmp_path / "class.csv")


# What is wrong with a member is said of that member


def link(name, target="/etc/passwd"):
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o120777 << 16
    return member, target


@pytest.mark.parametrize(
    ("member", "words"),
    [
        (("../ada.ipynb", b""), "leads out"),
        (("/etc/ada.ipynb", b""), "absolute"),
        (("C:\\ada.ipynb", b""), "absolute"),
        (link("ada.ipynb"), "a link"),
        (("a/" * 30 + "ada.ipynb", b""), "deeper"),
        (("a" * 500 + ".ipynb", b""), "longer"),
        (("ada\u202e.ipynb", b""), "cannot be shown"),
    ],
)
def test_a_member_with_an_impossible_name_or_kind_is_left_and_the_others_are_taken(tmp_path, member, words):
    collected = collect_from(LESSON, zipped(tmp_path / "class.zip", member, ("ben/descent.ipynb", NOTEBOOK)), tmp_path)
    assert collected.students == ["ben"]
    assert (
        any(words in left for left in [found.why for found in read_source(tmp_path / "class.zip")])
        and len(collected.left) == 1
    )


def test_tar_members_that_are_links_devices_or_set_user_id_write_nothing_and_run_nothing(tmp_path):
    symbolic, device, hard, sticky = (
        tarfile.TarInfo(f"{name}/descent.ipynb") for name in ("ada", "ben", "cem", "dora")
    )
    symbolic.type, symbolic.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type, device.devmajor, device.devminor = tarfile.CHRTYPE, 1, 3
    hard.type, hard.linkname = tarfile.LNKTYPE, "dora/descent.ipynb"
    sticky.mode = 0o6000
    collected = collect_from(
        LESSON,
        tarred(tmp_path / "class.tar.gz", (symbolic, b""), (device, b""), (hard, b""), (sticky, NOTEBOOK)),
        tmp_path,
    )
    assert collected.students == ["dora"] and len(collected.left) == 3
    assert (tmp_path / "submitted" / "dora" / FOLDER / "descent.ipynb").stat().st_mode & 0o7111 == 0
    assert not (tmp_path / "submitted" / "ada" / FOLDER / "descent.ipynb").exists()


def test_names_that_are_there_twice_or_differ_in_case_only_count_once(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        zipped(
            tmp_path / "class.zip",
            ("ada/descent.ipynb", NOTEBOOK),
            ("ada/descent.ipynb", b"second"),
            ("ada/DESCENT.ipynb", b"third"),
        )
    assert collect_from(LESSON, tmp_path / "class.zip", tmp_path).students == ["ada"]
    assert (tmp_path / "submitted" / "ada" / FOLDER / "descent.ipynb").read_bytes() == NOTEBOOK


def test_what_could_not_be_taken_becomes_an_outcome_and_never_replaces_an_earlier_notebook(tmp_path):
    collect_from(
        LESSON, zipped(tmp_path / "one.zip", link("ada/descent.ipynb"), ("ben/descent.ipynb", NOTEBOOK)), tmp_path
    )
    collect_from(
        LESSON, zipped(tmp_path / "two.zip", link("ben/descent.ipynb"), ("cem/descent.ipynb", NOTEBOOK)), tmp_path
    )
    found = {submission.student: submission for submission in find_submissions(tmp_path, LESSON)}
    assert "a link" in found["ada"].why and found["ben"].why == "" and found["ben"].path.read_bytes() == NOTEBOOK
    assert not (tmp_path / "submitted" / "ben" / FOLDER / REFUSED_FILE).exists()


# Bombs


def test_a_bomb_is_not_unpacked_to_its_end(tmp_path):
    with gzip.open(tmp_path / "bomb.tar.gz", "wb") as file:
        header = tarfile.TarInfo("ada.ipynb")
        header.size = 2 * 2**30
        file.write(header.tobuf())
        for _ in range(400):
            file.write(bytes(2**20))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("ada.ipynb", "ben.ipynb", "cem.ipynb"):
            archive.writestr(name, bytes(120 * 2**20))
    for name in ("bomb.tar.gz", "bomb.zip"):
        began = time.process_time()
        with pytest.raises(Refused, match="more than its size"):
            list(read_source(tmp_path / name))
        assert time.process_time() - began < 10


def test_a_zip_that_holds_itself_is_opened_once(tmp_path):
    inner = zipped(tmp_path / "b.zip", ("descent.ipynb", NOTEBOOK)).read_bytes()
    for _ in range(5):
        inner = zipped(tmp_path / "b.zip", ("again.zip", inner)).read_bytes()
    collected = collect_from(
        LESSON, zipped(tmp_path / "class.zip", ("ada/work.zip", inner), ("ben.ipynb", NOTEBOOK)), tmp_path
    )
    assert collected.students == ["ben"] and "within an archive" in collected.left[0]


def test_a_list_of_a_million_members_is_not_even_read(tmp_path):
    """The end of a zip file says how long the list is; it is believed before a list of that length is read into
    memory."""
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 60_000_000, 0, 0)
    (tmp_path / "class.zip").write_bytes(bytes(61_000_000) + end)
    with pytest.raises(Refused, match="more than 20,000 members"):
        list(read_source(tmp_path / "class.zip"))


def test_more_members_than_a_class_can_have_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    for archive in (
        zipped(tmp_path / "a.zip", *[(f"{n}.ipynb", b"") for n in range(12)]),
        tarred(tmp_path / "a.tar.gz", *[(f"{n}.ipynb", b"") for n in range(12)]),
    ):
        with pytest.raises(Refused, match="more than 10 members"):
            list(read_source(archive))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b""),
        ("a.zip", b"PK\x03\x04" + bytes(90)),
        ("a.tar.gz", b"\x1f\x8b" + bytes(50)),
        ("a.tar", b"x" * 2000),
        ("a.tgz", gzip.compress(b"y" * 5000)),
    ],
    ids=["empty", "a beginning", "a header", "no headers", "packed text"],
)
def test_an_archive_that_is_none_is_refused_in_words(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match="is not a"):
        list(read_source(tmp_path / name))


def test_a_header_that_asks_for_gigabytes_is_refused(tmp_path):
    """A tar file's long names are read as a whole by tarfile itself."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2**33
    (tmp_path / "a.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(10_000))
    with pytest.raises(Refused):
        list(read_source(tmp_path / "a.tar"))


# The exchange


@pytest.fixture
def exchange(tmp_path, monkeypatch):
    """An exchange in a folder of its own: put(name) makes an inbound folder that this test's user owns."""
    from nbgrader.apps import api as nbgrader_api
    from traitlets.config import Config

    from grader.classroom import exchange as module

    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.course_id = "landscape-of-loss"
    config.CourseDirectory.db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    config.Exchange.root = str(tmp_path / "exchange")
    os.environ["PATH"] = f"{os.path.dirname(os.sys.executable)}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setattr(module, "_nbgrader", lambda root: nbgrader_api.NbGraderAPI(config=config))

    def put(
        name: str, content: bytes = NOTEBOOK, claims: str = "2001-01-01 00:00:00.000000 UTC", secret: bytes = b""
    ) -> None:
        folder = (
            tmp_path / "exchange" / "landscape-of-loss" / "inbound" / f"{name}+{FOLDER}+{claims}+{os.urandom(4).hex()}"
        )
        folder.mkdir(parents=True)
        (folder / "descent.ipynb").write_bytes(content)
        (folder / "timestamp.txt").write_text(claims)
        if secret:
            (folder / SECRET_FILE).write_bytes(secret)
        os.utime(folder / "descent.ipynb", (0, 0))

    put.config = config
    return put


def me() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def test_the_time_is_the_systems_and_not_what_the_folder_claims(tmp_path, exchange):
    exchange(me())
    assert collect(LESSON, ROOT, tmp_path).students == [me()]
    assert abs((datetime.now(UTC) - find_submissions(tmp_path, LESSON)[0].time).total_seconds()) < 60


def test_a_folder_named_for_another_student_is_left_unless_all_share_an_account(tmp_path, exchange):
    exchange("somebody-else")
    collected = collect(LESSON, ROOT, tmp_path)
    assert collected.students == [] and f"owned by {me()}" in collected.left[0]
    exchange.config.ExchangeCollect.check_owner = False
    assert collect(LESSON, ROOT, tmp_path).students == ["somebody-else"]


def test_the_newest_of_several_is_taken_and_a_bad_timestamp_stops_nobody(tmp_path, exchange):
    exchange(me(), b"old", claims="2099-01-01 00:00:00.000000 UTC")
    time.sleep(0.05)
    exchange(me(), NOTEBOOK, claims="the day before yesterday")
    assert collect(LESSON, ROOT, tmp_path).students == [me()]
    assert find_submissions(tmp_path, LESSON)[0].path.read_bytes() == NOTEBOOK


def test_the_secret_that_names_the_feedback_is_the_newest_hand_ins_or_nobodys(tmp_path, exchange):
    file = tmp_path / "submitted" / me() / FOLDER / SECRET_FILE
    for secret, kept in ((b"5ec7e7" * 20, True), (b"", False), (b"../" * 20, False), (b"ab" * 64, True)):
        time.sleep(0.05)
        exchange(me(), secret=secret)
        collect(LESSON, ROOT, tmp_path)
        assert file.exists() == kept and (
            not kept or (file.read_bytes() == secret and file.stat().st_mode & 0o077 == 0)
        )


def test_a_page_is_given_back_only_for_the_hand_in_that_it_is_about(tmp_path, exchange):
    secret = "ab" * 64
    exchange(me(), secret=secret.encode())
    collect(LESSON, ROOT, tmp_path)
    with Records(tmp_path) as records:

        def given() -> tuple[list[str], str]:
            result = give_back(records, LESSON, tmp_path / "back")
            return result.students, "".join(result.left)

        records.register(LESSON)
        records.write(
            Outcome(me(), FOLDER, GRADED, time=find_submissions(tmp_path, LESSON)[0].time, digest="first"), LESSON
        )
        assert given() == ([], f"{me()}: no page is written yet; generate feedback first")
        (page,) = write_feedback(records, LESSON)
        assert given() == ([me()], "")
        (back,) = (tmp_path / "back").iterdir()
        assert (
            back.name == f"{notebook_hash(secret=secret, notebook_id='descent')}.html"
            and back.read_bytes() == page.read_bytes()
        )
        time.sleep(0.05)
        exchange(me(), secret=secret.encode())
        collect(LESSON, ROOT, tmp_path)
        assert given()[0] == [] and "has handed in again" in given()[1]
        (tmp_path / "submitted" / me() / FOLDER / SECRET_FILE).unlink()
        assert given()[0] == [] and "not handed in through the exchange" in given()[1]


def test_the_collect_button_of_the_form_grader_says_when_it_took_nothing_and_refuses_what_it_does_not_know(
    tmp_path, exchange
):
    def press(**settings) -> None:
        config = exchange.config.copy()
        config.CourseDirectory.assignment_id = FOLDER
        config.ExchangeCollect.update(settings)
        SafeCollect(coursedir=CourseDirectory(config=config), config=config).start()

    with pytest.raises(ExchangeError, match="nothing of 03-descent was collected"):
        press()
    exchange(me())
    with pytest.raises(ExchangeError, match="before_duedate is not known"):
        press(before_duedate=True)
    press()
    assert [submission.student for submission in find_submissions(tmp_path, LESSON)] == [me()]


def test_a_folder_without_a_notebook_is_told_and_becomes_an_outcome_where_the_class_is_known(tmp_path, class_list):
    archive = zipped(tmp_path / "class.zip", ("ada/readme.txt", b"sorry"), ("zoe/descent.ipynb", NOTEBOOK))
    collected = collect_from(LESSON, archive, tmp_path)
    assert collected.students == ["zoe"] and collected.left == ["ada: no notebook in it"]
    assert "no notebook" in collect_from(LESSON, archive, tmp_path, class_list).left[0]
    assert {submission.student: bool(submission.why) for submission in find_submissions(tmp_path, LESSON)} == {
        "ada": True,
        "zoe": False,
    }
