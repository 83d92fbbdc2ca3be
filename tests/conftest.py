"""What many test files share: the repository's root, its lessons, and one warm sandbox a lesson.
Read tests/judging/test_answers.py first, which uses all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from postgres import every_gradebook, postgres  # noqa: F401
from shared import LESSONS, ROOT

from course.checks import judging
from grader.judging.answers import notebook_with
from grader.judging.grade import Outcome, Submission, grade_one
from grader.judging.sandbox import Sandbox
from grader.judging.there import Limits
from grader.lessons.cells import Lesson

# Two test processes share two cores, and forks of a process that has run a parallel torch operation hang.
torch.set_num_threads(1)


def pytest_collection_modifyitems(items):
    """Slow is also what meets a sandbox: the fast part (`pytest -m "not slow"`) is what one runs while one writes."""
    for item in items:
        if {"sandbox", "sandboxes"} & set(getattr(item, "fixturenames", ())) or "attacks" in item.path.parts:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


class Sandboxes(dict):
    """A sandbox for each lesson that a test asks for, started when first asked for."""

    def __missing__(self, folder: str) -> Sandbox:
        self[folder] = Sandbox(LESSONS[folder])
        return self[folder]


@pytest.fixture(scope="session")
def sandboxes() -> Iterator[Sandboxes]:
    kept = Sandboxes()
    yield kept
    for sandbox in kept.values():
        sandbox.close()


@pytest.fixture
def nothing_is_made_smaller(monkeypatch):
    """How small a failing call can be made is not asked where this is used, and takes half a second for each."""
    monkeypatch.setattr(judging, "SECONDS_TO_SHRINK", 0)


@pytest.fixture
def grade(tmp_path, sandboxes):
    """grade("03-descent", {"descend": "..."}) -> the outcome of a notebook with these texts in the place of the
    stubs."""

    def graded(
        folder: str, texts: dict[str, str] | bytes, essays: dict[str, str] | None = None, limits: Limits | None = None
    ) -> Outcome:
        lesson: Lesson = LESSONS[folder]
        file = tmp_path / "submission.ipynb"
        file.write_bytes(texts if isinstance(texts, bytes) else notebook_with(lesson, ROOT, texts, essays))
        return grade_one(Submission("somebody", file), lesson, sandboxes[folder], b"a class's secret", limits)

    return graded
