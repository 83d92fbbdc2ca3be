"""Where the repository lies, and the lessons in it: what test files name when they list their cases.
Read tests/conftest.py next, for the fixtures."""

from pathlib import Path

from grader.lessons.reading import all_lessons

ROOT = Path(__file__).resolve().parent.parent
LESSONS = {lesson.folder: lesson for lesson in all_lessons(ROOT)}
