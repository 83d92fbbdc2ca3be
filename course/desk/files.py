"""Writing a file whole or not at all: who reads it finds the old one or the new one, never a part.
No lesson teaches it; whatever keeps an answer, a notebook or a grade writes through it.
Nothing needs to be read first."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PRIVATE = 0o600  # for the owner alone: what is kept of a class


def write_whole(file: Path, content: str | bytes, mode: int = 0o644, owner: tuple[int, int] | None = None) -> None:
    """Write text (as UTF-8, with the line ends it has) or bytes to a file, making its folder where there is none.

    owner: number of an account and of a group, to whom root gives it; before it has its name, for whose folder it is
    in could put a link in its place, and get what that leads to."""
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content.encode() if isinstance(content, str) else content)
            os.fchmod(descriptor, mode)
            if owner:
                os.fchown(descriptor, *owner)
        os.replace(beside, file)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
