"""Cases 76 to 80: archives, as a learning platform hands them on, that are meant to be unpacked somewhere else, or
never to end. Each is built in memory; what it would unpack to is not. Read case.py first."""

import io
import stat
import tarfile
import zipfile

from case import Case, place


def zipped(*members):
    """A zip of (name, bytes) or (ZipInfo, bytes)."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def tarred(*members, kind="w:gz"):
    """A tar of (name, bytes) or (TarInfo, bytes)."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=kind) as archive:
        for name, data in members:
            about = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return held.getvalue()


def linked(name, target, kind=tarfile.SYMTYPE):
    about = tarfile.TarInfo(name)
    about.type, about.linkname = kind, target
    return about


def zip_link(name):
    about = zipfile.ZipInfo(name)
    about.create_system, about.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return about


def mode(name, bits):
    about = zipfile.ZipInfo(name)
    about.create_system, about.external_attr = 3, (stat.S_IFREG | bits) << 16
    return about


def zeros(size):
    """A zip whose one notebook is so many zeros, a thousandth as long itself."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("descent.ipynb", "w") as member:
        for _ in range(size // 2**24):
            member.write(bytes(2**24))
    return held.getvalue()


def matryoshka():
    """Archives in archives, sixty deep and doubled six times: who opens all that is in it does not come back."""
    data = zipped(("descent.ipynb", b"{}"))
    for number in range(60):
        data = zipped((f"{number}.zip", data), (f"again-{number}.zip", data) if number < 6 else ("note.txt", b""))
    return data


def _escaping(folder, right, wrong):
    place(folder, "zoe.zip", zipped(("descent.ipynb", right)))
    outside = str(folder.parent / "outside.ipynb")
    place(
        folder,
        "eve1.zip",
        zipped(
            ("../outside.ipynb", wrong), ("../../outside.ipynb", wrong), (outside, wrong), ("..\\outside.ipynb", wrong)
        ),
    )
    place(folder, "eve2.tar.gz", tarred(("../outside.ipynb", wrong), (outside, wrong)))
    place(folder, "eve3.tar.gz", tarred((linked("descent.ipynb", "../../zoe/03-descent/descent.ipynb"), b"")))
    place(folder, "eve4.tar.gz", tarred((linked("out", ".."), b""), ("out/outside.ipynb", wrong)))
    place(folder, "eve5.tar.gz", tarred((linked("descent.ipynb", "/etc/passwd", tarfile.LNKTYPE), b"")))
    place(folder, "eve6.zip", zipped((zip_link("descent.ipynb"), b"/etc/passwd")))
    place(folder, "eve7.tar", tarred((linked("descent.ipynb", "", tarfile.FIFOTYPE), b""), kind="w"))
    place(folder, "eve8.tar", tarred((linked("descent.ipynb", "", tarfile.CHRTYPE), b""), kind="w"))


def _bombs(folder, right, wrong):
    place(folder, "zoe.zip", zipped(("descent.ipynb", right)))
    place(folder, "eve1.zip", zeros(20 * 2**24))
    place(folder, "eve2.tar.gz", tarred(("descent.ipynb", bytes(20 * 2**24))))
    lying = bytearray(zipped(("descent.ipynb", bytes(2**28))))
    for mark, where in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place_of = lying.find(mark) + where
        lying[place_of : place_of + 4] = (1000).to_bytes(4, "little")
    place(folder, "eve3.zip", bytes(lying))


def _nested(folder, right, wrong):
    place(folder, "zoe.zip", zipped(("descent.ipynb", right)))
    place(folder, "eve1.zip", matryoshka())
    place(folder, "eve2.zip", zipped(("zoe.zip", zipped(("descent.ipynb", wrong)))))


def _twice(folder, right, wrong):
    place(folder, "zoe.tar.gz", tarred(("zoe/descent.ipynb", right)))
    place(folder, "eve1.tar", tarred(("descent.ipynb", wrong), ("descent.ipynb", wrong), kind="w"))
    place(folder, "eve2.zip", zipped(("descent.ipynb", wrong), ("Descent.ipynb", wrong), ("DESCENT.IPYNB", wrong)))
    place(folder, "eve3.zip", zipped(("caf\u00e9.ipynb", wrong), ("cafe\u0301.ipynb", wrong)))


def _odd(folder, right, wrong):
    place(folder, "zoe.zip", zipped((mode("descent.ipynb", 0o644), right)))
    place(folder, "eve1.zip", zipped((mode("descent.ipynb", 0o6777), wrong)))
    place(folder, "eve2.zip", zipped((mode("descent.ipynb", 0), wrong)))
    place(folder, "eve3.zip", zipped(*((f"{number}.ipynb", b"") for number in range(20_000))))
    place(folder, "eve4.zip", zipped(("a/" * 2000 + "descent.ipynb", wrong)))
    place(folder, "eve5.zip", zipped(("descent.ipynb", wrong))[:-30])
    place(folder, "eve6.tar.gz", tarred(("x" * 5000 + ".ipynb", wrong)))
    place(folder, "eve7.zip", b"PK\x03\x04" + bytes(100))
    place(folder, "eve8.tar.gz", b"\x1f\x8b" + bytes(100))


INTAKE = "members are looked at and one notebook is read, nothing is unpacked"
CASES = [
    Case(
        76,
        "'..', absolute names, links",
        "Archives",
        f"{INTAKE}: archives._parts, archives._in_tar",
        "test",
        folder=_escaping,
    ),
    Case(
        77,
        "a bomb",
        "Archives",
        "reading ends at a largest size, whatever the archive says: archives._Budget, archives._read",
        "test",
        folder=_bombs,
    ),
    Case(
        78,
        "an archive that holds itself",
        "Archives",
        "an archive in an archive is not opened: archives.within",
        "test",
        folder=_nested,
    ),
    Case(
        79,
        "duplicate names, names that differ in case",
        "Archives",
        "two notebooks are none: archives._in_archive, exchange._put",
        "test",
        folder=_twice,
    ),
    Case(
        80,
        "setuid, mode 000, a million members, endless paths",
        "Archives",
        f"{INTAKE}, no mode is taken over, members are counted: archives._in_zip",
        "test",
        folder=_odd,
    ),
]
