"""Kinds 81, 82, 89 and 92, each member against the command that an instructor types: no file becomes another's, and
whatever is left is told. The members are data in whose.py: what comes, and whose must be taken.
Read whose.py first."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter

import pytest
from shared import LESSONS, ROOT
from typer.testing import CliRunner
from whose import LISTS, MEMBERS, Member

from grader import cli
from grader.classroom.class_lists import read_roster
from grader.judging.answers import notebook_with

LESSON = LESSONS["03-descent"]
RELEASED = json.loads(notebook_with(LESSON, ROOT, {}))


def notebook(owner: str) -> bytes:
    return json.dumps({**RELEASED, "metadata": {"owner": owner}}).encode()


def content(what: str | bytes) -> bytes:
    """The bytes of a member's file: 'ada' is a notebook of ada's, 'ada:folder/name' an archive of hers with it."""
    if isinstance(what, bytes):
        return what
    owner, _, inner = what.partition(":")
    return zipped([(inner, notebook(owner))]) if inner else notebook(owner)


def zipped(files) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2030, 2, 1, 12, 0, 0)), data)
    return held.getvalue()


@pytest.mark.parametrize("member", MEMBERS, ids=[f"{member.kind} {member.title}" for member in MEMBERS])
@pytest.mark.parametrize("packed", ["an archive", "a folder"])
def test_nobodys_file_is_taken_for_anothers_and_what_is_left_is_told(tmp_path, member: Member, packed):
    source = tmp_path / ("class.zip" if packed == "an archive" else "class")
    if packed == "an archive":
        source.write_bytes(zipped([(name, content(what)) for name, what in member.files]))
    else:
        for name, what in member.files:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(content(what))
    (tmp_path / "list.csv").write_text(member.listed)
    ran = CliRunner().invoke(
        cli.app,
        [
            "collect",
            "03",
            "--from",
            str(source),
            "--list",
            str(tmp_path / "list.csv"),
            "--classroom",
            str(tmp_path / "room"),
        ],
    )
    collected = {
        file.parts[-3]: json.loads(file.read_bytes())["metadata"]["owner"]
        for file in (tmp_path / "room" / "submitted").glob("*/*/*.ipynb")
    }
    assert all(student == owner for student, owner in collected.items()), collected
    assert sorted(collected) == sorted(member.taken), ran.stderr
    assert member.words in ran.stderr and ("left: " in ran.stderr) == bool(member.words)


@pytest.mark.parametrize(
    ("data", "read"), [(data, read) for _, data, read in LISTS], ids=[title for title, _, _ in LISTS]
)
def test_a_class_list_is_read_as_it_was_meant_or_refused_with_the_line(tmp_path, data, read):
    (tmp_path / "list.csv").write_bytes(data)
    try:
        students = read_roster(tmp_path / "list.csv").students
    except ValueError as refusal:
        assert read in str(refusal) and "\n" not in str(refusal)
        ran = CliRunner().invoke(
            cli.app, ["students", str(tmp_path / "list.csv"), "--classroom", str(tmp_path / "room")]
        )
        assert ran.exit_code == 1 and len(ran.stderr.strip().splitlines()) == 1 and not (tmp_path / "room").exists()
    else:
        assert ", ".join(f"{student.id} {student.last_name}".strip() for student in students) == read


def test_each_kind_has_five_members_besides_those_that_are_named():
    counts = Counter(member.kind for member in MEMBERS)
    assert counts[81] >= 7 and counts[82] >= 8 and counts[89] >= 7 and len(LISTS) >= 8
