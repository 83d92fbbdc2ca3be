"""This grader under nbgrader's own commands and buttons: in this course `nbgrader autograde` and the form grader's button come here.
No lesson teaches it; nbgrader_config.py calls `take_over`, which every nbgrader command and server reads when it starts.
Read grader/classes.py first. Stock nbgrader would run a submission as the instructor, beside the gradebook."""

from __future__ import annotations

from pathlib import Path

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generatefeedbackapp
import nbgrader.converters
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException

from grader.cells import Lesson, LessonError
from grader.lesson import find_lesson
from grader.sandbox import ROOT

# The class is replaced, and not its preprocessors: links are followed, times parsed and notebooks read before the first of them.
PLACES = (nbgrader.converters, nbgrader.apps.api, nbgrader.apps.autogradeapp, nbgrader.apps.generatefeedbackapp)


class SafeAutograde(Autograde):
    """nbgrader's converter by its name and settings; what it does is `grader grade`."""

    def start(self) -> None:
        """Grade the assignment's submissions in the sandbox. Raises NbGraderException, with what to do, where none can be graded."""
        from grader.classes import grade_all
        from grader.lateness import policy_of, settle
        from grader.records import Records
        from grader.sandbox import SandboxError

        lesson = lesson_of(self)
        students = None if self.coursedir.student_id in ("", "*") else {self.coursedir.student_id}
        try:
            with Records(classroom_of(self.coursedir)) as records:
                records.register(lesson)
                graded = grade_all(lesson, records, regrade=self.force, students=students,
                                   tell=lambda outcome: self.log.info("%s: %s%s", outcome.student, outcome.status, f" ({outcome.why})" if outcome.why else ""))
                settle(records, lesson, policy_of(self.config))
        except (OSError, SandboxError, ValueError) as error:
            raise told(self, str(getattr(error, "strerror", None) or error)) from None
        self.log.info("%d submissions of %s graded in the sandbox", len(graded.students), lesson.folder)
        if graded.outdated:
            self.log.warning("%d have results that were made with earlier checks; --force makes them anew", len(graded.outdated))


class SafeGenerateFeedback(GenerateFeedback):
    """nbgrader's converter by its name and settings; what it writes are the pages of `grader feedback`."""

    def start(self) -> None:
        from grader.feedback import write_feedback
        from grader.lateness import policy_of, settle
        from grader.records import Records

        lesson = lesson_of(self)
        students = None if self.coursedir.student_id in ("", "*") else {self.coursedir.student_id}
        with Records(classroom_of(self.coursedir)) as records:
            settle(records, lesson, policy_of(self.config))
            files = write_feedback(records, lesson, students)
        if not files:
            raise told(self, f"nothing of {lesson.folder} is graded yet: autograde comes first")
        self.log.info("%d pages of feedback on %s", len(files), lesson.folder)


def lesson_of(converter: BaseConverter) -> Lesson:
    """The lesson that a converter is asked for. Raises NbGraderException for an assignment that is none: it would be run without a sandbox."""
    try:
        return find_lesson(converter.coursedir.assignment_id, ROOT)
    except LessonError as error:
        raise told(converter, "only this course's lessons are graded here, for only they have checks that run outside of the learner's "
                              f"reach: {error}") from None


def told(converter: BaseConverter, words: str) -> NbGraderException:
    """The exception to raise, its words in the log as well: nbgrader's commands end at one without showing it."""
    converter.log.error(words)
    return NbGraderException(words)


def classroom_of(coursedir: object) -> Path:
    """Where the class's data lies: the folder that holds the gradebook."""
    return Path(coursedir.db_url.removeprefix("sqlite:///")).parent


def take_over() -> None:
    """Put both converters in nbgrader's own places, for commands, for the API and so for the form grader's buttons."""
    for place in PLACES:
        for name, ours in (("Autograde", SafeAutograde), ("GenerateFeedback", SafeGenerateFeedback)):
            if hasattr(place, name):
                setattr(place, name, ours)
