"""When two spellings are one person's name, and what a system adds to the name of a copy.
No lesson teaches it; grader/classroom/roster.py and grader/classroom/identity.py compare names by it.
Nothing needs to be read first."""

from __future__ import annotations

import re
import unicodedata

# Letters that no decomposition of Unicode takes apart, spelt as passports and login names spell them (ICAO Doc 9303,
# part 3, section 6).
LETTERS = str.maketrans(
    {
        "ø": "o",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
        "ŧ": "t",
        "ə": "a",
        "ĸ": "k",
    }
)
LONG = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ð": "dh", "đ": "dj"}  # the other usual spelling
# 'ada (1)' of browsers and drives, 'ada - Copy', 'ada - Kopie (2)', 'ada copy 2', 'ada-Copy1' and 'ada-checkpoint' of
# JupyterLab.
COPY = re.compile(
    r"(?:\s?\(\d{1,3}\)|\s?-\s?(?:Copy|Kopie)(?:\s?\(\d{1,3}\))?|-Copy\d{1,3}|\scopy(?:\s\d{1,3})?|-checkpoint)$",
    re.IGNORECASE,
)


def squeezed(text: str) -> str:
    """The letters and digits of a name in small letters; accents stay."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text).lower() if letter.isalnum())


def likenesses(text: str) -> set[str]:
    """A name in all the ways that it may be spelt where there are no accents; empty for no name."""
    spelt = [""]
    for letter in unicodedata.normalize("NFC", text).lower():
        ways = {_bare(letter), _bare(LONG.get(letter, letter))} if len(spelt) < 64 else {_bare(letter)}
        spelt = [start + way for start in spelt for way in sorted(ways)]
    return set(spelt) - {""}


def ascii_name(text: str) -> str:
    """A name spelt without accents, its blanks made '-': an id for who has none."""
    spelt = unicodedata.normalize("NFC", text)
    spelt = "".join(
        letter.translate(LETTERS)
        if letter.islower()
        else letter.lower().translate(LETTERS).capitalize()
        if letter.lower().translate(LETTERS) != letter.lower()
        else letter
        for letter in spelt
    )
    return re.sub(
        r"\s+",
        "-",
        "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter)).strip(),
    )


def without_copy(name: str) -> str:
    """The name of what a file is a copy of: 'ada' for 'ada (1)' and for 'ada-Copy1'."""
    while (bare := COPY.sub("", name)) not in ("", name):
        name = bare
    return name


def _bare(text: str) -> str:
    spelt = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return "".join(letter for letter in spelt if letter.isalnum() and not unicodedata.combining(letter))
