"""A few seconds of what fuzz.py does for as long as it is told to, and what it once found.
Read fuzz.py first."""

import io
import zipfile

import fuzz
import pytest


@pytest.mark.parametrize("name", fuzz.CHECKS)
def test_whatever_comes_gives_a_value_or_a_refusal_in_words(name):
    fuzz.run(name, 40)


def test_a_member_without_a_name_ends_nothing():
    """Found by fuzz.py: zipfile itself stops at such a name, and collecting stopped with it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("descent.ipynb", b"{}")
        nameless = zipfile.ZipInfo("x")
        nameless.filename = ""
        archive.writestr(nameless, b"{}")
    fuzz.archives_take(held.getvalue(), "class.zip")
