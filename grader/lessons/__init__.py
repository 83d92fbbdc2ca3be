"""From a lesson's text to its notebooks: reading it, the rules it keeps, the build, quizzes, the glossary, the scaffold
of a new one. Authors use it by `grader new` and `grader build`.
Read first: `cells.py` (what a lesson is made of), then `reading.py` and `build.py`."""
