"""What lies in a folder, a zip or a tar file that somebody else packed: each file with its bytes, or why it was left.
Nothing is unpacked to disk.
No lesson teaches it; grader/classroom/exchange.py reads with it what learning platforms hand over.
Read grader/judging/intake.py first: what comes out of here has not been looked at either."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Any, BinaryIO

from grader.judging.intake import LARGEST_FILE, Refused, read_file

MOST_MEMBERS = 20_000
MOST_UNPACKED = 2 * 2**30
LARGEST_FOLDER = 2 * LARGEST_FILE  # of what is read of the folder of one student
LARGEST_DIRECTORY = 8 * 2**20  # of a zip file's own list of its members
LARGEST_RATIO, RATIO_FROM = 200, 64 * 2**20
LONGEST_NAME, DEEPEST_FOLDER = 400, 8
ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
# What a browser or an editor puts behind a notebook's name when it takes it for something else.
NOTEBOOK_ENDING = re.compile(r"\.ipynb(?:\.txt|\.json)?$", re.IGNORECASE)
TEXTS = (".txt", ".html", ".htm", ".yml")  # what a learner typed into a platform's own field, and Gradescope's table
# What systems leave in folders and archives (AppleDouble's files, RFC 1740, begin with ._ and with APPLE_DOUBLE), in
# lower case.
LEFT_BY_SYSTEMS = frozenset(
    (
        "__macosx",
        ".ds_store",
        ".localized",
        ".spotlight-v100",
        ".trashes",
        ".fseventsd",
        ".appledouble",
        "icon\r",
        "desktop.ini",
        "thumbs.db",
        "ehthumbs.db",
        "$recycle.bin",
        "system volume information",
        "@eadir",
        ".ipynb_checkpoints",
        ".virtual_documents",
        "__pycache__",
        ".directory",
        "lost+found",
        ".git",
        ".github",
        ".gitignore",
        ".gitattributes",
        ".gitkeep",
        ".dropbox",
        ".dropbox.attr",
    )
)
APPLE_DOUBLE = (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")


@dataclass(frozen=True)
class Found:
    """One file: its folders and name as they stand there, its bytes, and its time; why: what is wrong with it.

    time is the file's own, which tells older from newer and nothing else: whoever packs or copies a file sets it.
    handed_in is the platform's word. The bytes of notebooks, texts and archives only come along; pictures and the like
    are passed over.
    """

    parts: tuple[str, ...]
    data: bytes = b""
    why: str = ""
    time: datetime | None = None
    handed_in: datetime | None = None

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def left_behind(self) -> bool:
        """Whether a system left it there, and nobody handed it in."""
        return any(left_by_a_system(part) for part in self.parts) or self.data[:4] in APPLE_DOUBLE


def left_by_a_system(part: str) -> bool:
    low = part.lower()
    return (
        low in LEFT_BY_SYSTEMS
        or low.startswith(("._", "~$", ".~lock.", ".nfs", ".trash-", ".syncthing."))
        or low.endswith((".icloud", "~"))
    )


def is_archive(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def is_notebook(name: str) -> bool:
    return bool(NOTEBOOK_ENDING.search(name))


def stem(name: str) -> str:
    """A file's name without what says of which kind it is."""
    ending = next((ending for ending in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(ending)), "")
    return name[: -len(ending)] if ending else NOTEBOOK_ENDING.sub("", name)


def is_wanted(name: str) -> bool:
    """Whether a file's bytes may be of use: a notebook, a text, or an archive of such."""
    return is_notebook(name) or name.lower().endswith((*TEXTS, *ENDINGS))


def read_source(source: Path, of_one: bool = False) -> Iterator[Found]:
    """Every file in a folder, an archive, or a single file; of_one: the folder of one student, who may have put
    anything there.

    Raises Refused for an archive that is none or that is a bomb.
    """
    if source.is_dir():
        yield from _in_folder(source, LARGEST_FOLDER if of_one else MOST_UNPACKED)
    elif is_archive(source.name):
        with open(source, "rb") as file:
            yield from _in_archive(file, source.name, nested=False)
    else:
        yield _in_file(source, (source.name,))


def _in_folder(folder: Path, most: int) -> Iterator[Found]:
    """The files of a folder and those in it; of what is wanted the smallest, as long as they have no more than `most`
    bytes together."""
    entries = list(islice(_below(folder, ()), MOST_MEMBERS + 1))
    if len(entries) > MOST_MEMBERS:
        raise Refused(f"{_short(folder.name)} has more than {MOST_MEMBERS:,} files")
    sizes = {
        entry: entry.lstat().st_size
        for entry, parts in entries
        if is_wanted(parts[-1]) and not left_by_a_system(parts[-1])
    }
    smallest = sorted(sizes, key=sizes.__getitem__)
    enough = {
        entry
        for entry, together in zip(smallest, accumulate(sizes[entry] for entry in smallest), strict=True)
        if together <= most
    }
    for entry, parts in entries:
        if entry not in sizes:
            yield Found(parts)
        elif entry in enough or sizes[entry] > LARGEST_FILE:
            yield _in_file(entry, parts)
        else:
            yield Found(
                parts,
                why=f"it and the smaller files beside it have more than {most // 2**20} MiB together: hand in the "
                "notebook alone",
            )


def _below(folder: Path, parts: tuple[str, ...]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    try:
        entries = sorted(islice(folder.iterdir(), MOST_MEMBERS + 1))
    except OSError:
        entries = []  # one that its owner has closed
    for entry in entries:
        here = (*parts, entry.name)
        if (
            entry.is_dir()
            and not entry.is_symlink()
            and len(here) <= DEEPEST_FOLDER
            and not left_by_a_system(entry.name)
        ):
            yield from _below(entry, here)
        else:
            yield entry, here


def _in_file(file: Path, parts: tuple[str, ...]) -> Found:
    try:
        data = read_file(file)
    except Refused as refusal:
        return Found(parts, why=str(refusal))
    return Found(parts, data, time=datetime.fromtimestamp(file.stat().st_mtime, UTC))


def within(found: Found) -> list[Found]:
    """The files of an archive that somebody handed in, with the time of the archive; one level, for what lies deeper is
    not looked for."""
    try:
        return [
            Found(inner.parts, inner.data, inner.why, found.time)
            for inner in _in_archive(io.BytesIO(found.data), found.parts[-1], nested=True)
        ]
    except Refused as refusal:
        return [Found(found.parts, why=str(refusal), time=found.time)]


def _in_archive(file: BinaryIO, name: str, nested: bool) -> Iterator[Found]:
    seen: set[tuple[str, ...]] = set()
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    budget = _Budget(size, name)
    members = _in_zip(file, name, budget) if name.lower().endswith(".zip") else _in_tar(file, name, budget)
    for number, found in enumerate(members):
        if number >= MOST_MEMBERS:
            raise Refused(f"{_short(name)} has more than {MOST_MEMBERS:,} members")
        key = tuple(part.casefold() for part in found.parts)
        if not found.parts:
            continue
        if found.left_behind:
            yield found
        elif key in seen:
            yield Found(
                found.parts,
                why="its name is there twice (names that differ in case only are one name)",
                time=found.time,
            )
        elif nested and is_archive(found.parts[-1]):
            yield Found(found.parts, why="an archive within an archive is not opened", time=found.time)
        else:
            yield found
        seen.add(key)


class _Budget:
    """How much may still be unpacked, by bytes and by how much larger than the archive it has become."""

    def __init__(self, size: int, name: str) -> None:
        self._size, self._name, self._unpacked = size, name, 0

    def take(self, count: int) -> None:
        self._unpacked += count
        if self._unpacked > MOST_UNPACKED or (
            self._unpacked > RATIO_FROM and self._unpacked > LARGEST_RATIO * self._size
        ):
            raise Refused(
                f"{_short(self._name)} unpacks to more than its size can honestly hold, so it is not unpacked"
            )


def _in_zip(file: BinaryIO, name: str, budget: _Budget) -> Iterator[Found]:
    try:
        list_size = _directory_size(file)
        archive = zipfile.ZipFile(file) if list_size <= LARGEST_DIRECTORY else None
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        raise Refused(f"{_short(name)} is not a zip file, or only part of one") from None
    if archive is None:
        raise Refused(f"{_short(name)} has more than {MOST_MEMBERS:,} members")
    for member in archive.infolist()[: MOST_MEMBERS + 1]:
        parts, why = _parts(_name_of(member))
        kind = stat.S_IFMT(member.external_attr >> 16)
        if why:
            yield Found(parts, why=why)
        elif member.is_dir():
            yield Found(())
        elif kind not in (0, stat.S_IFREG):
            yield Found(parts, why="it is a link or a device, not a plain file")
        elif member.flag_bits & 1:
            yield Found(parts, why="it is locked with a password")
        else:
            try:
                with archive.open(member) as opened:
                    yield _read(opened, parts, _moment(member.date_time), budget)
            except Refused:
                raise
            except Exception as error:
                yield Found(parts, why=f"it cannot be unpacked ({type(error).__name__})")


def _name_of(member: zipfile.ZipInfo) -> str:
    """A member's name. What packs on macOS writes UTF-8 and does not set the flag that says so (bit 11 in PKWARE's
    APPNOTE.TXT, appendix D), so it was read as cp437.
    """
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _directory_size(file: BinaryIO) -> int:
    """The bytes of a zip file's list of members, as its end says; that list is read into memory as a whole."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 2**16 - 200))
    tail = file.read()
    file.seek(0)
    if (larger := tail.rfind(b"PK\x06\x06")) >= 0:
        return struct.unpack_from("<Q", tail, larger + 40)[0]
    end = tail.rfind(b"PK\x05\x06")
    return struct.unpack_from("<I", tail, end + 12)[0] if end >= 0 else 0


def _in_tar(file: BinaryIO, name: str, budget: _Budget) -> Iterator[Found]:
    """Read from front to back, so that nothing is looked for at a place that the archive names itself."""
    openers: dict[bytes, Callable[[BinaryIO], Any]] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
    first = file.read(2)
    file.seek(0)
    opened = openers[first](file) if first in openers else file
    try:
        # In this mode tarfile asks for nothing but `read`.
        with closing(tarfile.open(fileobj=_Measured(opened, budget), mode="r|")) as archive:  # type: ignore[call-overload]
            for member in archive:
                archive.members.clear()  # tarfile remembers each member otherwise
                parts, why = _parts(member.name)
                time = _moment_of(member.mtime)
                if member.isdir():
                    yield Found(())
                elif why or not member.isreg():
                    yield Found(parts, why=why or "it is a link or a device, not a plain file", time=time)
                else:
                    yield _read(archive.extractfile(member), parts, time, None)
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"{_short(name)} is not a tar file, or only part of one ({type(error).__name__})") from None


class _Measured:
    """A file that is read through a budget, and in no larger bites than a notebook may have."""

    def __init__(self, file: IO[bytes], budget: _Budget) -> None:
        self._file, self._budget = file, budget

    def read(self, count: int) -> bytes:
        if count > LARGEST_FILE:
            raise Refused("a member's header is larger than a notebook may be")
        data = self._file.read(count)
        self._budget.take(len(data))
        return data


def _read(opened: IO[bytes], parts: tuple[str, ...], time: datetime | None, budget: _Budget | None) -> Found:
    pieces, wanted = bytearray(), is_wanted(parts[-1])
    while piece := opened.read(2**20):
        if budget:
            budget.take(len(piece))
        if wanted:
            pieces += piece
        if len(pieces) > LARGEST_FILE:
            return Found(
                parts,
                why=f"it has more than {LARGEST_FILE // 2**20} MiB: clear the outputs and save it again",
                time=time,
            )
    return Found(parts, bytes(pieces), time=time)


def _parts(name: str) -> tuple[tuple[str, ...], str]:
    """A member's folders and name, and what is wrong with them: ('ada', 'lines.ipynb'), ''."""
    if not name:
        return ("?",), "it has no name"
    shown = tuple(_short(part) for part in name.replace("\\", "/").split("/")[:DEEPEST_FOLDER] if part not in ("", "."))
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return shown, "its name is absolute"
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    if ".." in parts:
        return shown, "its name leads out of the archive"
    if len(name) > LONGEST_NAME or len(parts) > DEEPEST_FOLDER:
        return shown, "its name is longer or deeper than a notebook's can be"
    if any(not part.isprintable() for part in parts):
        return shown, "its name holds characters that cannot be shown"
    return parts, ""


def _short(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80])


def _moment(parts: tuple[int, int, int, int, int, int]) -> datetime | None:
    try:
        return datetime(*parts, tzinfo=UTC)
    except ValueError:
        return None


def _moment_of(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
