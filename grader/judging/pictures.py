"""What is attached to a learner's cells: pictures, told by their own bytes, and whatever else, as text or in words.
No lesson teaches it; grader/judging/places.py asks for each cell. A picture is passive: no SVG, no type that only a
name claims. Read grader/judging/places.py first."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import warnings
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
ENDINGS = {kind.lower(): media for kind, media in TYPES.items()}
LARGEST_PICTURE = 8 * 2**20
MOST_TOGETHER = 16 * 2**20
MOST_PIXELS = 50_000_000  # a small file may unfold to more than a browser can hold
LONGEST_TEXT = 20_000  # of what is attached and is no picture
IN_TEXT = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/]+={0,2})", re.IGNORECASE)


@dataclass
class Pictures:
    """The pictures of one submission, by a name made of their bytes, up to a size that they may have together."""

    data: dict[str, bytes] = field(default_factory=dict)

    def take(self, content: bytes) -> str:
        """The name under which a picture is kept; '' for what is none, or is too large."""
        kind = _kind(content)
        together = sum(map(len, self.data.values())) + len(content)
        if not kind or len(content) > LARGEST_PICTURE or together > MOST_TOGETHER:
            return ""
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind.lower()}"
        self.data[name] = content
        return name

    def out_of(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A text without the pictures that are written out in it, as some editors put them there, and their names."""
        names: list[str] = []

        def taken(found: re.Match[str]) -> str:
            name = self.take(_decoded(found[1]) or b"")
            names.extend([name] if name else [])
            if name:
                return f"attachment:{name}"
            return (
                f"[a picture of {len(found[0]):,} characters that cannot be shown here; it is in the file that was "
                "handed in]"
            )

        return IN_TEXT.sub(taken, text), tuple(names)

    def of(self, cell: dict[str, Any]) -> tuple[tuple[str, ...], list[str]]:
        """What is attached to a cell: the names of the pictures, and each other thing as text or told in words."""
        attached, names, others = cell.get("attachments"), [], []
        if attached is not None and not isinstance(attached, dict):
            return (), [_as_text("something", "", json.dumps(attached))]
        for title, types in (attached or {}).items():
            for kind, value in (types if isinstance(types, dict) else {"": types}).items():
                lines = isinstance(value, list) and all(isinstance(part, str) for part in value)
                text = "".join(value) if lines else value if isinstance(value, str) else json.dumps(value)
                content = None if kind.startswith("text/") else _decoded(text)
                name = self.take(content) if content else ""
                if name:
                    names.append(name)
                else:
                    others.append(_as_text(title, kind, text, content))
        return tuple(names), others


def _as_text(title: str, kind: str, text: str, content: bytes | None = None) -> str:
    """What is attached and is no picture that can be shown: its text, where it has one that is not too long, or what it
    is."""
    about = f"attached: {title[:200]}" + (f" ({kind[:100]})" if kind else "")
    if content is not None:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return f"{about}: {len(content):,} bytes that cannot be shown here; they are in the file that was handed in"
    if len(text) > LONGEST_TEXT:
        return f"{about}: {len(text):,} characters, too many to be shown here; they are in the file that was handed in"
    return f"{about}:\n{text}"


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode("ascii").translate(None, b" \t\r\n"), validate=True)
    except (binascii.Error, ValueError):
        return None


def _kind(content: bytes) -> str:
    """'PNG' and the like by the bytes; '' for none of them and for too many pixels. Reads the head and decodes
    nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=list(TYPES)) as picture:
                return picture.format or "" if picture.width * picture.height <= MOST_PIXELS else ""
    except Exception:  # whatever a broken picture makes of the library
        return ""
