"""Where the repository lies, the lessons in it, what a solved notebook prints, and what a recipe of tools/ makes.
Read tests/conftest.py next, for the fixtures."""

import json
import subprocess
import sys
from pathlib import Path

import numpy

from grader.lessons.reading import all_lessons

ROOT = Path(__file__).resolve().parent.parent
LESSONS = {lesson.folder: lesson for lesson in all_lessons(ROOT)}


def printed(folder: str, where: str = "") -> str:
    """What a lesson's solved notebook prints, as it was built: all of it, or the cells whose code holds some words."""
    notebook = json.loads(next((ROOT / "solutions" / folder).glob("*.ipynb")).read_text(encoding="utf-8"))
    return "".join(
        "".join(output.get("text", ""))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and where in "".join(cell["source"])
        for output in cell["outputs"]
    )


def made_by(recipe: str, *options: str, to: Path) -> str:
    """Run a recipe of tools/ in little time, into a file. Returns what it printed."""
    command = [sys.executable, "-m", f"tools.{recipe}", *options, "--to", str(to)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shapes(weights: Path) -> dict[str, tuple[int, ...]]:
    """The arrays of a file of weights: their names and shapes."""
    with numpy.load(weights) as parts:
        return {name: parts[name].shape for name in parts.files}
