# What plain nbgrader needs to know: which folder is its source, which its release, and where a class's own data lies.
# Read by every nbgrader command and by its buttons in JupyterLab when they are started in this folder. See
# CONTRIBUTING.md for how the notebooks are made.
from pathlib import Path

from grader.classroom.gradebook import address_of
from grader.classroom.nbgrader import take_over
from grader.lessons.cells import PLACEHOLDER

# `nbgrader autograde`, `nbgrader generate_feedback` and the form grader's buttons run this course's own grader: the
# learner's code in a sandbox, the checks outside.
# `nbgrader collect` and `release_feedback` and their buttons are this course's as well: who handed in and when is the
# system's word.
take_over()

c = get_config()

here = Path(__file__).resolve().parent
classroom = here / "classroom"
# git ignores the class's data, so a fresh clone has no such folder, and sqlite makes a file but not the folder that it
# is to lie in.
classroom.mkdir(exist_ok=True)

c.CourseDirectory.course_id = "landscape-of-loss"
# The folders are named relative to the root: nbgrader joins them itself, and its path patterns do not take absolute
# ones.
c.CourseDirectory.root = str(here)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.source_with_tests_directory = "classroom/source_with_tests"
c.CourseDirectory.solution_directory = "classroom/solution"
# A file in the classroom, or the server's that `--db` has named once (docs/cluster.md).
c.CourseDirectory.db_url = address_of(classroom)

# nbgrader copies every other file of a lesson's folder into the release, and autograde copies them once more beside the
# learner's notebook.
# The lesson's text (*.py) holds the solutions: it stays here.
c.CourseDirectory.ignore.append("*.py")

# A stub is its docstring and nothing else: nbgrader's own text would raise NotImplementedError, and an unsolved
# notebook would stop there.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.text_stub = PLACEHOLDER

# The class's one time zone, by name (Europe/Berlin, America/New_York): a due date is the end of that day there, and
# platforms' times without a zone are read in it.
c.Exchange.timezone = "UTC"

# What lateness costs is nothing, unless a plugin says otherwise. To take a tenth of the points for each day begun,
# after a quarter of an hour of grace, half at most:
# c.AssignLatePenalties.plugin_class = "grader.classroom.lateness.PerDay"
# c.PerDay.share, c.PerDay.grace, c.PerDay.most = 0.1, 15.0, 0.5

# When a quiz says what is right, and why another answer is not: 'alone', at once where no exchange has the lesson and
# at hand-in where one has it; 'at once'; or 'at hand-in', for a class that hands in by a platform. On a class server it
# stands in the class's own settings.
c.Quizzes.tell = "alone"

# What is kept of each student: what was handed in, the copy of it in the form grader, points and comments, outcomes,
# pages of feedback. It is kept for so many days after the last hand-in (0: for ever): `grader forget --expired` deletes
# what is older, `grader forget ada` one person's, `grader forget --term` all of it.
c.Keeping.days = 400
