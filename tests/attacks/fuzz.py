"""Anything at all, given to intake, to archives and to the wire: what comes back is a value or a refusal in words, and
soon. `python -m tests.attacks.fuzz --minutes 10` goes on for as long as it is told to; test_fuzz.py asks the same in a
few seconds.
Read grader/judging/intake.py, grader/classroom/archives.py and grader/judging/wire.py first."""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

import msgpack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.classroom.archives import Found, read_source, within
from grader.judging import wire
from grader.judging.intake import Refused, Submitted, read_notebook
from grader.judging.sandbox import ROOT
from grader.judging.wire import WireError
from grader.lessons.cells import Lesson
from grader.lessons.reading import find_lesson

LESSON: Lesson = find_lesson("03", ROOT)
RELEASED = json.loads((ROOT / "notebooks" / LESSON.folder / f"{LESSON.name}.ipynb").read_text(encoding="utf-8"))
IDS = [cell["id"] for cell in RELEASED["cells"]]
LONGEST = 5.0  # seconds that one input may take, on a slow machine

# Whatever JSON can hold, and more often than chance the words that intake looks for.
words = st.sampled_from(
    [
        "cells",
        "cell_type",
        "code",
        "markdown",
        "source",
        "metadata",
        "nbgrader",
        "grade_id",
        "id",
        "nbformat",
        "worksheets",
        "input",
        "language",
        *IDS,
    ]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | words
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(words | st.text(max_size=8), inner, max_size=6),
    max_leaves=25,
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "", None, 3]),
        "id": st.sampled_from(IDS) | anything,
        "source": st.text(max_size=200) | st.lists(st.text(max_size=20) | anything, max_size=4) | anything,
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "nbgrader": st.fixed_dictionaries(
                    {}, optional={"grade_id": st.sampled_from(IDS) | anything, "schema_version": anything}
                )
                | anything
            },
        )
        | anything,
        "outputs": anything,
        "input": anything,
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 3, 5, 2, 4.0, True, "4", -1])},
    optional={
        "nbformat_minor": anything,
        "metadata": anything,
        "cells": st.lists(cells | anything, max_size=8) | anything,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(cells, max_size=4)}) | anything, max_size=3),
    },
)


@st.composite
def damaged(draw, whole: bytes) -> bytes:
    """Good bytes with some of them changed, cut out or doubled."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        where, length = draw(st.integers(0, max(0, len(data) - 1))), draw(st.integers(0, 40))
        data[where : where + length] = draw(st.binary(max_size=40) | st.just(bytes(data[where : where + length]) * 2))
    return bytes(data)


def released() -> bytes:
    return json.dumps(RELEASED).encode()


def packed() -> bytes:
    import numpy
    import torch

    return wire.encode(
        [torch.ones(3, 2), {"a": (1, 2.5, None, 3 + 4j)}, numpy.arange(4), "text", b"bytes", 2**80, [[1], [2]]]
    )


def archive_of(kind: str) -> bytes:
    held = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("ada/descent.ipynb", "ben.ipynb", "cem/more.zip"):
                archive.writestr(name, b"{}" * 50)
    else:
        with tarfile.open(fileobj=held, mode="w") as archive:
            for name in ("ada/descent.ipynb", "ben.ipynb"):
                about = tarfile.TarInfo(name)
                about.size = 100
                archive.addfile(about, io.BytesIO(b"{}" * 50))
    return held.getvalue()


def intake_takes(data: bytes) -> None:
    """Intake gives a submission, or refuses in words that can be shown."""
    began = time.monotonic()
    try:
        submitted = read_notebook(data, LESSON)
    except Refused as refusal:
        assert 10 < len(str(refusal)) < 400 and str(refusal).isprintable()
    else:
        assert isinstance(submitted, Submitted) and all(type(text) is str for text in submitted.texts.values())
        assert {run.id for run in submitted.everything} <= {cell.id for cell in LESSON.cells} | {""}
        json.dumps([submitted.texts, [run.text for run in submitted.graded]]).encode()
    assert time.monotonic() - began < LONGEST


def archives_take(data: bytes, name: str) -> None:
    """An archive gives plain files with names that lead nowhere, or is refused."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        try:
            for found in read_source(file):
                assert (
                    isinstance(found, Found)
                    and ".." not in found.parts
                    and not any("/" in part or "\\" in part for part in found.parts)
                )
        except Refused as refusal:
            assert len(str(refusal)) > 10
    for found in within(Found((name,), data)):
        assert found.why or ".." not in found.parts
    assert time.monotonic() - began < LONGEST


def wire_takes(data: bytes) -> None:
    """The wire gives a value, which it can send again, or a WireError; the same for what should be an observation."""
    began = time.monotonic()
    try:
        value = wire.decode(data)
    except WireError:
        return
    finally:
        assert time.monotonic() - began < LONGEST
    try:
        seen = wire.observation_of(value)
    except WireError:
        pass
    else:
        if seen.raised:
            assert seen.raised.kind.isidentifier() and len(seen.raised.message) <= 500
    try:
        wire.encode(value)
    except WireError as error:
        assert "no form" in str(error) or "levels" in str(error)


extended = st.builds(lambda code, data: msgpack.ExtType(code, data), st.integers(0, 9), st.binary(max_size=60))
messages = st.recursive(
    leaves.filter(lambda leaf: not isinstance(leaf, int) or -(2**63) <= leaf < 2**64)
    | st.binary(max_size=40)
    | extended,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=5) | st.integers(0, 9), inner, max_size=4)
        | st.builds(
            lambda code, value: msgpack.ExtType(code, msgpack.packb(value, unicode_errors="surrogatepass")),
            st.integers(0, 9),
            inner,
        )
    ),
    max_leaves=20,
)
CHECKS = {
    "intake, any bytes": (st.binary(max_size=400), intake_takes),
    "intake, any JSON": (anything.map(lambda value: json.dumps(value).encode()), intake_takes),
    "intake, odd notebooks": (notebooks.map(lambda value: json.dumps(value).encode()), intake_takes),
    "intake, damaged notebooks": (damaged(released()), intake_takes),
    "archives, damaged zip": (damaged(archive_of("zip")), lambda data: archives_take(data, "class.zip")),
    "archives, damaged tar": (damaged(archive_of("tar")), lambda data: archives_take(data, "class.tar")),
    "archives, any bytes": (st.binary(max_size=600), lambda data: archives_take(data, "class.tar.gz")),
    "wire, any bytes": (st.binary(max_size=400), wire_takes),
    "wire, any message": (messages.map(lambda value: msgpack.packb(value, unicode_errors="surrogatepass")), wire_takes),
    "wire, damaged message": (damaged(packed()), wire_takes),
    "wire, odd observations": (
        st.tuples(messages, messages, st.lists(messages, max_size=3)).map(
            lambda parts: msgpack.packb(
                [
                    parts[0],
                    parts[1],
                    msgpack.ExtType(wire._TUPLE, msgpack.packb(parts[2], unicode_errors="surrogatepass")),
                ],
                unicode_errors="surrogatepass",
            )
        ),
        wire_takes,
    ),
}


def run(name: str, examples: int) -> None:
    """So many inputs of one kind. Raises what Hypothesis found, made as small as it can be."""
    strategy, check = CHECKS[name]
    settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
    )(given(strategy)(check))()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    end, rounds, failed = time.monotonic() + 60 * parser.parse_args().minutes, 0, 0
    while time.monotonic() < end:
        for name in CHECKS:
            if time.monotonic() < end:
                try:
                    run(name, 300)
                except Exception as error:
                    failed += 1
                    print(
                        f"{name}: {type(error).__name__}: {error}",
                        *getattr(error, "__notes__", []),
                        sep="\n  ",
                        flush=True,
                    )
        rounds += 1
    print(f"{rounds} rounds of {300 * len(CHECKS):,} inputs, {failed} of them ended badly")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
