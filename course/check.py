"""The checks by the name that notebooks import: `from course.check import *`.
Every lesson's setup cell does. What stands behind it is course/checks; read course/checks/sentences.py first."""

from course.checks.result import Result
from course.checks.sentences import answer, check
from course.checks.session import CheckFailed, begin, checks, exercise, hints

__all__ = ["CheckFailed", "Result", "answer", "begin", "check", "checks", "exercise", "hints"]
