"""Accounts of the system for a class: made from a list, with passwords that are written once, and brought back after a
machine was set up anew. No lesson teaches it; `grader server --class FILE --teacher NAME` is it.
Read grader/classroom/server/places.py first. An account that this did not make is never changed."""

from __future__ import annotations

import csv
import grp
import io
import json
import os
import pwd
import re
import secrets
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.desk.files import PRIVATE, write_whole
from course.desk.work import stamp
from grader.classroom.server.places import Server

NAME = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
FIRST_OF_PEOPLE, NOBODY = 1000, 65534  # below the one are the system's own, and from the other on
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read aloud
ACCOUNTS = "accounts.json"


@dataclass
class Made:
    """What was done about accounts: whose are new, and whose were there before this server."""

    new: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    file: Path | None = None


def refused(names: Iterable[str]) -> str:
    """Why these cannot be accounts, in one line; '' where they can."""
    wrong = [name for name in names if not NAME.fullmatch(name)]
    if wrong:
        return (
            f"{', '.join(map(repr, wrong[:6]))}{', ...' if len(wrong) > 6 else ''} cannot be an account of the system; "
            "wanted are small letters, digits and _ . -, a letter first, 32 at most"
        )
    system = [name for name in names if exists(name) and not FIRST_OF_PEOPLE <= pwd.getpwnam(name).pw_uid < NOBODY]
    if system:
        return f"{', '.join(system)} is an account of the system itself; give that person another id in the list"
    return ""


def exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def members(group: str) -> set[str]:
    """Who is in a group of the system, those whose first group it is included."""
    try:
        found = grp.getgrnam(group)
    except KeyError:
        return set()
    return {*found.gr_mem, *(user.pw_name for user in pwd.getpwall() if user.pw_gid == found.gr_gid)}


def make_groups(server: Server) -> None:
    """The two groups of a class, with the numbers that they had before: files belong to numbers.

    Raises ValueError where there is one that this class did not make: who is in another class's, or in one of the
    system's, may do there what nobody here is to be given.
    """
    kept, names = _kept(server), (server.learners_group, server.teachers_group)
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{server.folder}: two groups are called after the folder, and {name!r} cannot be one; wanted is a "
                "name of small letters, digits and _ . -"
            )
        if name not in kept["groups"] and _has_group(name):
            raise ValueError(
                f"{server.folder}: the group {name} would be this class's, and is another's already; give the folder "
                "another name (its first 28 letters count)"
            )
    # Noted before they are made: stopped half way, the next start knows that they are its own.
    kept["groups"] = {name: kept["groups"].get(name) for name in names}
    write_whole(server.hub / ACCOUNTS, _as_text(kept), PRIVATE)
    for name in names:
        _make_group(name, kept["groups"][name])


def _has_group(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def _make_group(name: str, number: int | None) -> None:
    if name in {group.gr_name for group in grp.getgrall()}:
        return
    numbers = {group.gr_gid: group.gr_name for group in grp.getgrall()}
    if number in numbers:
        raise ValueError(
            f"the group {name} had the number {number}, which is {numbers[number]}'s on this machine: give "
            f"{numbers[number]} another one (groupmod --gid), then start again"
        )
    _run("groupadd", *(() if number is None else ("--gid", str(number))), name)


def make(server: Server, names: dict[str, str], group: str) -> Made:
    """An account for each name that has none, in a group; names: what each person is called, by account.

    Raises ValueError, with nothing made, for a name that cannot be an account. An account that was there before keeps
    its password, its shell and its home, and is put into the group.
    """
    if words := refused(names):
        raise ValueError(words)
    done = Made()
    wanted = {name: called for name, called in names.items() if not exists(name) or _unfinished(server, name)}
    for name in wanted:
        if not exists(name):
            _free_for(name, Path(server.homes or _usual_homes()) / name)
    passwords = {
        name: "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)) for name in wanted
    }
    if passwords:
        # Written down before anything is made: stopped half way, the next start goes on with whom it finds here.
        done.file = server.hub / f"passwords-{group}-{stamp(datetime.now(UTC))}.csv"
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("account", "name", "password"))
        writer.writerows((name, _plain(wanted[name]), password) for name, password in passwords.items())
        write_whole(done.file, text.getvalue(), PRIVATE)
        remember(server, passwords)
    for name, called in names.items():
        if name in wanted:
            if not exists(name):
                _make_one(server, name, group, called)
            _run("chpasswd", given=f"{name}:{passwords[name]}\n")
            done.new.append(name)
        elif name not in ours(server):
            done.others.append(name)
        if name not in members(group):
            _run("usermod", "--append", "--groups", group, name)
    if passwords:
        remember(server)
    return done


def _unfinished(server: Server, name: str) -> bool:
    """Whether this server began to make an account and was stopped before it had a password."""
    return name in ours(server) and ours(server)[name]["number"] is None


def hand_over(server: Server) -> list[Path]:
    """Passwords are the teacher's to hand out: the files that hold them go into the class's data. Gives where."""
    user, group = pwd.getpwnam(server.owner).pw_uid, grp.getgrnam(server.teachers_group).gr_gid
    moved = []
    for file in sorted(server.hub.glob("passwords-*.csv")):
        os.chown(file, user, group)
        moved.append(file.replace(server.classroom / file.name))
    return moved


def ours(server: Server) -> dict[str, dict[str, Any]]:
    """The accounts that this server made, by name, with what it takes to make them again."""
    return _kept(server)["accounts"]


def _kept(server: Server) -> dict[str, dict[str, Any]]:
    try:
        return json.loads((server.hub / ACCOUNTS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"accounts": {}, "groups": {}}
    except ValueError as error:
        raise ValueError(
            f"{server.hub / ACCOUNTS} cannot be read ({error}); put a copy of it from before in its place"
        ) from None


def remember(server: Server, new: Iterable[str] = ()) -> None:
    """Write down number, home and hashed password of the accounts that this server made, as they are now, and the
    groups' numbers: a backup of the folder is then enough to bring them back. The file is as secret as the system's
    own, and only root's."""
    hashes = dict(line.split(":")[:2] for line in Path("/etc/shadow").read_text().splitlines() if ":" in line)
    kept = ours(server)
    kept |= {name: {"number": None} for name in new if name not in kept}
    for name in kept:
        if exists(name) and hashes.get(name, "!") != "!":
            user = pwd.getpwnam(name)
            groups = [group for group in (server.learners_group, server.teachers_group) if name in members(group)]
            kept[name] = {
                "number": user.pw_uid,
                "group": user.pw_gid,
                "home": user.pw_dir,
                "name": user.pw_gecos,
                "hash": hashes[name],
                "groups": groups,
            }
    numbers = {name: grp.getgrnam(name).gr_gid for name in (server.learners_group, server.teachers_group)}
    write_whole(server.hub / ACCOUNTS, _as_text({"accounts": kept, "groups": numbers}), PRIVATE)


def _as_text(kept: dict[str, Any]) -> str:
    return json.dumps(kept, indent=1, sort_keys=True) + "\n"


def remove(server: Server, names: Iterable[str]) -> None:
    """Those have left: the accounts that this server made go, with their homes, and are not brought back; others are
    let in no more. Raises ValueError, with nothing done, for somebody who is not of this class."""
    names, groups = list(names), (server.learners_group, server.teachers_group)
    for name in names:
        if name in server.teachers[:1]:
            raise ValueError(f"{name} cannot be removed: the class's data is theirs")
        if name not in ours(server) and not any(name in members(group) for group in groups):
            raise ValueError(f"{name} is nobody of this class")
    for name in names:
        server.teachers = [teacher for teacher in server.teachers if teacher != name]
        if name in ours(server):
            if exists(name):
                _run("userdel", "--remove", name)
            kept = _kept(server)
            del kept["accounts"][name]
            write_whole(server.hub / ACCOUNTS, _as_text(kept), PRIVATE)
        for group in groups:
            if name in members(group):
                _run("gpasswd", "--delete", name, group)


def bring_back(server: Server) -> list[str]:
    """Make again the accounts that this server made and that are gone, as on a machine to which a backup was brought.
    Gives their names. Raises ValueError where another account has taken the number that their files belong to."""
    gone = {name: about for name, about in ours(server).items() if about["number"] is not None and not exists(name)}
    numbers = {user.pw_uid: user.pw_name for user in pwd.getpwall()}
    for name, about in gone.items():
        if (other := numbers.get(about["number"])) is not None:
            raise ValueError(
                f"{name} had the number {about['number']}, which is {other}'s on this machine, who would be given "
                f"their files: give {other} another one (usermod --uid), then start again"
            )
    for name, about in gone.items():
        if about["group"] not in {group.gr_gid for group in grp.getgrall()}:
            _make_group(name, about["group"])
        words = ("--uid", str(about["number"]), "--gid", str(about["group"]), "--home-dir", about["home"])
        _make_one(server, name, ",".join(about["groups"]), about["name"], *words)
        _run(
            "chpasswd", "--encrypted", given=f"{name}:{about['hash']}\n"
        )  # a command's words are there for all to read
    return sorted(gone)


def _make_one(server: Server, name: str, groups: str, called: str, *more: str) -> None:
    base = ("--base-dir", server.homes) if server.homes and "--home-dir" not in more else ()
    if server.homes and not Path(server.homes).is_dir():
        Path(server.homes).mkdir(parents=True)
        Path(server.homes).chmod(0o755)
    back = dict(zip(more[::2], more[1::2], strict=True))
    _free_for(name, Path(back.get("--home-dir") or f"{server.homes or _usual_homes()}/{name}"), back.get("--uid", ""))
    bad = ("--badname",) if "." in name else ()  # not everywhere, and with a point it is needed
    words = (*bad, "--create-home", "--shell", "/bin/bash", "--comment", _plain(called), "--groups", groups)
    _run("useradd", *words, *base, *more, name)
    user = pwd.getpwnam(name)
    home = Path(user.pw_dir)
    os.chown(home, user.pw_uid, user.pw_gid, follow_symlinks=False)
    home.chmod(0o700)


def _usual_homes() -> str:
    """Where the system makes homes."""
    done = subprocess.run(["useradd", "--defaults"], capture_output=True, text=True, check=False)
    return next((line[5:] for line in done.stdout.splitlines() if line.startswith("HOME=")), "/home")


def _free_for(name: str, home: Path, number: str = "") -> None:
    """Raises ValueError where a home is there that is not of the account with this number: a newcomer would be given
    what somebody else left, or what a link leads to."""
    if os.path.lexists(home) and (home.is_symlink() or str(home.lstat().st_uid) != number):
        raise ValueError(f"{home} is there already, and {name} has no account yet: move it away, then start again")


def _plain(text: str) -> str:
    """A person's name as the system's list of accounts can hold it, and no spreadsheet takes it for a formula."""
    return re.sub(r"[:,\\\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).lstrip("=+-@ ")[:80]


def _run(*words: str, given: str = "") -> None:
    done = subprocess.run(words, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise ValueError(f"{words[0]} did not do it: {said[-1] if said else f'exit status {done.returncode}'}")
