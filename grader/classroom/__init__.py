"""From a class's files to students, and from outcomes to people: collecting, lateness, the gradebook, feedback, the
report, export. Instructors use it by the `grader` command and nbgrader's buttons.
Read first: `exchange.py` (what comes in), then `records.py` (what is written down)."""
