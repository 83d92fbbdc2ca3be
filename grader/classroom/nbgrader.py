"""This grader under nbgrader's own commands and buttons: in this course `nbgrader autograde`, `collect`,
`generate_assignment` and `release_feedback` and the form grader's come here.
No lesson teaches it; nbgrader_config.py calls `take_over`, which every nbgrader command and server reads when it
starts. Read grader/classroom/classes.py first. Stock nbgrader would run a submission as the instructor, beside the
gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generateassignmentapp
import nbgrader.apps.generatefeedbackapp
import nbgrader.converters
from nbgrader.apps.quickstartapp import QuickStartApp
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.converters.generate_assignment import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory
from nbgrader.exchange.default import Exchange, ExchangeCollect, ExchangeReleaseFeedback

from grader.judging.sandbox import ROOT
from grader.lessons.cells import Lesson, LessonError
from grader.lessons.reading import find_lesson

if TYPE_CHECKING:
    from grader.classroom.records import Records

# The class is replaced, and not its preprocessors: links are followed, times parsed and notebooks read before the first
# of them.
PLACES = (
    nbgrader.converters,
    nbgrader.apps.api,
    nbgrader.apps.autogradeapp,
    nbgrader.apps.generateassignmentapp,
    nbgrader.apps.generatefeedbackapp,
)
Action: TypeAlias = BaseConverter | Exchange


class SafeAutograde(Autograde):
    """nbgrader's converter by its name and settings; what it does is `grader grade`."""

    def start(self) -> None:
        """Grade the assignment's submissions in the sandbox. Raises NbGraderException, with what to do, where none can
        be graded."""
        from grader.classroom.classes import grade_all
        from grader.classroom.lateness import policy_of, settle
        from grader.classroom.letters import write_letters
        from grader.judging.sandbox import SandboxError

        lesson, students = lesson_of(self), students_of(self.coursedir)
        try:
            with records_of(self.coursedir) as records:
                records.register(lesson)
                graded = grade_all(
                    lesson,
                    records,
                    regrade=self.force,
                    students=students,
                    tell=lambda outcome: self.log.info(
                        "%s: %s%s", outcome.student, outcome.status, f" ({outcome.why})" if outcome.why else ""
                    ),
                )
                settle(records, lesson, policy_of(self.config))
                letters = write_letters(records, lesson, graded.changes) if self.force else None
        except (OSError, SandboxError, ValueError) as error:
            raise told(self, str(getattr(error, "strerror", None) or error)) from None
        self.log.info("%d submissions of %s graded in the sandbox", len(graded.students), lesson.folder)
        if letters:
            self.log.info("what to tell each whose points changed, to be mailed: %s", letters)
        if graded.outdated:
            self.log.warning(
                "%d have results that were made with earlier checks; --force makes them anew", len(graded.outdated)
            )


class SafeGenerateFeedback(GenerateFeedback):
    """nbgrader's converter by its name and settings; what it writes are the pages of `grader feedback`."""

    def start(self) -> None:
        from grader.classroom.feedback import write_feedback
        from grader.classroom.lateness import policy_of, settle

        lesson, students = lesson_of(self), students_of(self.coursedir)
        with records_of(self.coursedir) as records:
            step = policy_of(self.config)
            settle(records, lesson, step)
            files = write_feedback(records, lesson, students, step)
        if not files:
            raise told(self, f"nothing of {lesson.folder} is graded yet: autograde comes first")
        self.log.info("%d pages of feedback on %s", len(files), lesson.folder)


class SafeGenerateAssignment(GenerateAssignment):
    """nbgrader's converter by its name and settings; what it does is the gradebook's half of `grader release`.

    Stock nbgrader would delete the lesson's notebooks, which git tracks and `grader build` makes, and write them in its
    own way.
    """

    def start(self) -> None:
        """Put the lesson into the gradebook, once more if need be. Raises NbGraderException where its notebooks are not
        built."""

        lesson = lesson_of(self)
        released = ROOT / "notebooks" / lesson.folder / f"{lesson.name}.ipynb"
        if not released.exists():
            raise told(self, f"{released.relative_to(ROOT)} is not there: `grader build {lesson.folder}` makes it")
        if not self.no_database:
            try:
                with records_of(self.coursedir) as records:
                    records.register(lesson)
            except (OSError, ValueError) as error:
                raise told(self, str(error)) from None
        self.log.info(
            "%s is in the gradebook; %s was left as it is, for `grader build` makes it",
            lesson.folder,
            released.relative_to(ROOT),
        )


def refuse_quickstart(app: QuickStartApp) -> None:
    """Stands in the place of QuickStartApp.start. With --force it would delete the folder that it is given, and in any
    case put its example class into this gradebook."""
    app.fail(
        f"{ROOT} is a course already, and an example in it would mix with the class; nothing was done. Go to a folder "
        "outside of it for another course"
    )


class SafeCollect(ExchangeCollect):
    """nbgrader's collecting by its name and settings; what it does is `grader collect`. Stock nbgrader takes the
    learner's word for who handed in, and when."""

    def start(self) -> None:
        """Fetch each student's newest submission. Raises ExchangeError where it is asked for anything else."""
        from grader.classroom.exchange import collect_by

        lesson = lesson_of(self)
        if self.before_duedate:
            raise told(
                self,
                "each student's newest hand-in is taken here, and what lateness costs is the policy's to say; "
                "before_duedate is not known",
            )
        collected = collect_by(self, lesson, classroom_of(self.coursedir), students_of(self.coursedir))
        for words in collected.left:
            self.log.warning("left: %s", words)
        for words in collected.notes:
            self.log.info("note: %s", words)
        if collected.left and not collected.students:
            raise told(self, f"nothing of {lesson.folder} was collected")
        self.log.info(
            "%d submissions of %s collected: %s",
            len(collected.students),
            lesson.folder,
            ", ".join(collected.students) or "nobody's",
        )


class SafeReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's giving back by its name and settings; what it gives are the pages of `grader feedback`, of all who
    handed in through the exchange.

    Stock nbgrader looks for a secret beside each page, and stops at the first student whose work came as a file.
    """

    def copy_files(self) -> None:
        from grader.classroom.exchange import give_back

        lesson = lesson_of(self)
        with records_of(self.coursedir) as records:
            given = give_back(records, lesson, Path(self.dest_path), students_of(self.coursedir))
        for words in given.left:
            self.log.warning("left: %s", words)
        self.log.info(
            "%d pages of feedback on %s given back: %s",
            len(given.students),
            lesson.folder,
            ", ".join(given.students) or "nobody's",
        )
        if not given.students:
            raise told(self, "no feedback was given back")


def lesson_of(converter: Action) -> Lesson:
    """The lesson that a converter or the exchange is asked for. Raises what `told` gives for an assignment that is
    none: it would be run without a sandbox."""
    try:
        return find_lesson(converter.coursedir.assignment_id, ROOT)
    except LessonError as error:
        raise told(
            converter,
            "only this course's lessons are graded here, for only they have checks that run outside of the learner's "
            f"reach: {error}",
        ) from None


def students_of(coursedir: CourseDirectory) -> set[str] | None:
    """Whose submissions are asked for; None for everybody's."""
    return None if coursedir.student_id in ("", "*") else {coursedir.student_id}


def told(converter: Action, words: str) -> Exception:
    """The exception to raise, its words in the log as well: nbgrader's commands end at one without showing it."""
    converter.log.error(words)
    return ExchangeError(words) if isinstance(converter, Exchange) else NbGraderException(words)


def records_of(coursedir: CourseDirectory) -> Records:
    """The class's records, not yet opened. nbgrader's configuration may name a server's gradebook itself."""
    from grader.classroom.records import Records

    in_a_file = coursedir.db_url.startswith("sqlite")
    return Records(classroom_of(coursedir), "" if in_a_file else coursedir.db_url)


def classroom_of(coursedir: CourseDirectory) -> Path:
    """Where the class's data lies: the folder that holds the gradebook, or, where a server has it, the submissions."""
    if coursedir.db_url.startswith("sqlite"):
        return Path(coursedir.db_url.removeprefix("sqlite:///")).parent
    return (Path(coursedir.root) / coursedir.submitted_directory).resolve().parent


def take_over() -> None:
    """Put the converters in nbgrader's own places, for commands, for the API and so for the form grader's buttons.

    The two actions of the exchange become defaults: a service in place of a folder (c.ExchangeFactory.collect = ...)
    goes on as it is.
    """
    for place in PLACES:
        for name, ours in (
            ("Autograde", SafeAutograde),
            ("GenerateAssignment", SafeGenerateAssignment),
            ("GenerateFeedback", SafeGenerateFeedback),
        ):
            if hasattr(place, name):
                setattr(place, name, ours)
    QuickStartApp.start = refuse_quickstart
    ExchangeFactory.collect.default_value = SafeCollect
    ExchangeFactory.release_feedback.default_value = SafeReleaseFeedback
