"""The grader: lessons are built here, submissions become grades.

Read first: `lesson.py` (what a lesson is), then `build.py` (how its notebooks are made).
"""
