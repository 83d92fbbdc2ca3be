"""What `make lint` looks at: the style that ruff holds, and the types."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "words",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), pytest.param(("mypy",), marks=pytest.mark.slow)],
)
def test_the_linters_have_nothing_to_say(words):
    said = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("lesson", sorted((ROOT / "solutions").glob("*/*.py")), ids=lambda path: path.stem)
def test_the_prose_of_a_lesson_keeps_to_its_width(lesson):
    """Lines of at most 160 characters in markdown cells, tables aside."""
    cells = lesson.read_text(encoding="utf-8").split("\n# %%")
    prose = [line for cell in cells if cell.lstrip().startswith("[markdown]") for line in cell.split("\n")]
    assert prose and not [line for line in prose if len(line) > 160 and not line.startswith("|")]


@pytest.mark.parametrize("lesson", sorted((ROOT / "solutions").glob("*/*.py")), ids=lambda path: path.stem)
def test_money_in_prose_is_written_out_for_jupyterlab_reads_two_dollar_signs_as_a_formula(lesson):
    """Also escaped ones: between two of them, in one paragraph or row, it sets what it takes for mathematics."""
    cells = lesson.read_text(encoding="utf-8").split("\n# %%")
    assert not [cell for cell in cells if cell.lstrip().startswith("[markdown]") and r"\$" in cell]
