"""What a lesson must keep to, a function a rule: its shape. Its code is the business of `rules_code.py` and
`rules_names.py`. Every lesson is held to every rule; one that breaks a rule is refused with file, line and what to do.
Read first: `cells.py`; CONTRIBUTING.md says the same in prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.lessons import rules_code, rules_names
from grader.lessons.cells import Lesson, Problem
from grader.lessons.glossary import linked_anchors, read_terms
from grader.lessons.reading import syllabus

FEWEST_EXERCISES, MOST_EXERCISES = 4, 8
ALL_POINTS, MOST_FOR_QUIZZES = 100, 10
TO_REMEMBER = 5
MARKDOWN_IMAGE = re.compile(r"!\[([^\]]*)\]\(")
HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
HTML_ALT = re.compile(r"""\balt\s*=\s*(["'])\s*\S""", re.IGNORECASE)

# A rule is given a lesson and the repository's root, and yields (line, what is wrong and what to do).
Rule = Callable[[Lesson, Path], Iterator[tuple[int, str]]]


def problems_of(lesson: Lesson, root: Path) -> list[Problem]:
    """Everything that is wrong with a lesson before it is run, in the order of its text."""
    found = {
        Problem(lesson.path, line, words)
        for rule in (*RULES, *rules_code.RULES, *rules_names.RULES)
        for line, words in rule(lesson, Path(root))
    }
    return sorted(found, key=lambda problem: (problem.line, problem.message))


def ids_are_unique(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for cell in lesson.cells:
        if cell.id in first:
            yield (
                cell.line,
                (
                    f"the id {cell.id} is that of the cell on line {first[cell.id]} too; "
                    "give one of them another name, or a check an aspect"
                ),
            )
        first.setdefault(cell.id, cell.line)


def points_sum_to_a_hundred(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    if lesson.points != ALL_POINTS:
        yield 1, f"the points of checks, quiz and essays sum to {lesson.points:g}; make it {ALL_POINTS}"


def there_are_four_to_eight_exercises(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    if not FEWEST_EXERCISES <= len(lesson.exercises) <= MOST_EXERCISES:
        yield 1, f"the lesson has {len(lesson.exercises)} exercises; write {FEWEST_EXERCISES} to {MOST_EXERCISES}"


def there_is_a_quiz(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    # How many questions it has, and what each one needs, is seen when it is read (quiz.py).
    if not lesson.answers:
        yield 1, 'the lesson has no quiz; write a cell quiz="reading" points=9 with 3 to 5 questions'
    quizzes = {cell.name for cell in lesson.answers}
    points = sum(cell.points for cell in lesson.checks if cell.name in quizzes)
    if points > MOST_FOR_QUIZZES:  # at home the key may be read
        yield (
            lesson.answers[-1].line,
            f"the lesson's quiz is worth {points:g} points; make it {MOST_FOR_QUIZZES} at most, and give the rest to "
            "exercises",
        )


def there_are_an_explorer_and_a_headline(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    for role, words in (
        ("explorer", "shows the lesson's explorer"),
        ("headline", "measures and prints the lesson's headline"),
    ):
        if not lesson.by_role(role):
            yield 1, f"no cell is marked {role}=true; mark the one that {words}"


def setup_comes_first_and_begins_the_lesson(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    code = [cell for cell in lesson.cells if cell.kind == "code"]
    if not code or code[0].role != "setup":
        yield (code[0].line if code else 1), "the first code cell is no setup cell; mark it setup=true"
    elif not re.search(rf"""^begin\((["']){re.escape(lesson.folder)}\1\)""", code[0].source, re.MULTILINE):
        yield code[0].line, f'the first setup cell does not begin the lesson; write begin("{lesson.folder}") in it'


def lesson_stands_in_the_syllabus(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    entry = syllabus().get(lesson.folder)
    if entry is None:
        yield 1, f"grader/lessons/syllabus.toml has no lesson {lesson.folder}; it has {', '.join(syllabus())}"
        return
    if lesson.title != entry["title"]:
        yield 1, f"the title is {lesson.title!r}; grader/lessons/syllabus.toml calls the lesson {entry['title']!r}"
    if sorted(lesson.rows) != sorted(entry["rows"]):
        yield 1, f"rows is {list(lesson.rows)}; by grader/lessons/syllabus.toml the lesson covers {entry['rows']}"
    earlier = [folder for folder in syllabus() if folder < lesson.folder]
    for before in lesson.builds_on:
        if before not in earlier:
            yield (
                1,
                f"builds_on names {before!r}, which is no earlier lesson; earlier are {', '.join(earlier) or 'none'}",
            )


def every_row_is_covered(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    marked = {row for cell in lesson.cells for row in cell.rows}
    for row in (syllabus().get(lesson.folder) or {"rows": lesson.rows})["rows"]:
        if row not in marked:
            yield 1, f'no cell covers row {row} of the syllabus; mark the cell that does with rows="{row}"'
    for cell in lesson.cells:
        for row in cell.rows:
            if row not in lesson.rows:
                yield cell.line, f"the cell is marked with row {row}, which is not in the front matter's rows"


def it_opens_with_its_title(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    first = next((cell for cell in lesson.cells if cell.kind == "markdown"), None)
    if first is None or first.source.split("\n")[0].strip() != f"# {lesson.title}":
        yield (
            (first.line if first else 1),
            f"the first markdown cell does not open with the title; write '# {lesson.title}'",
        )


def it_ends_as_every_lesson_does(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    sections = _sections(lesson)
    last = lesson.cells[-1].line if lesson.cells else 1
    for heading in ("What to remember", "Terms", "Where to read on"):
        line, body = sections.get(heading.lower(), (last, None))
        items = [text for text in (body or []) if re.match(r"(?:[-*]|\d+\.)\s+\S", text)]
        if body is None:
            yield last, f"the lesson has no section '## {heading}'; every lesson ends with it"
        elif heading == "What to remember" and len(items) != TO_REMEMBER:
            yield line, f"'What to remember' has {len(items)} list items; write {TO_REMEMBER}"
        elif not any(text.strip() for text in body):
            yield line, f"the section '## {heading}' is empty; fill it"


def _sections(lesson: Lesson) -> dict[str, tuple[int, list[str]]]:
    """The sections under second-level headings, by heading in small letters: line and the lines of text below."""
    sections: dict[str, tuple[int, list[str]]] = {}
    body: list[str] = []
    for cell in lesson.cells:
        for number, text in enumerate(cell.source.split("\n") if cell.kind == "markdown" else [], 1):
            heading = re.match(r"##\s+(.+?)\s*$", text)
            if heading:
                body = []
                sections[heading.group(1).lower()] = (cell.line_of(number), body)
            else:
                body.append(text)
    return sections


def markdown_pictures_have_alt_text(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    for cell in lesson.cells:
        for number, text in enumerate(cell.source.split("\n") if cell.kind == "markdown" else [], 1):
            if any(not match.group(1).strip() for match in MARKDOWN_IMAGE.finditer(text)) or any(
                not HTML_ALT.search(tag) for tag in HTML_IMAGE.findall(text)
            ):
                yield cell.line_of(number), "a picture without alt text; write what it shows: ![what it shows](file)"


def glossary_links_lead_somewhere(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    terms = {term.anchor: term for term in read_terms(root)[0]}
    linked = set()
    for cell in lesson.cells:
        for number, anchor in linked_anchors(cell.source if cell.kind == "markdown" else ""):
            linked.add(anchor)
            if anchor not in terms:
                yield (
                    cell.line_of(number),
                    (f"the glossary has no term for #{anchor}; define it in course/glossary/{lesson.folder}.toml"),
                )
            elif terms[anchor].lesson > lesson.folder:
                yield (
                    cell.line_of(number),
                    (
                        f"#{anchor} is defined by {terms[anchor].lesson}, a later lesson; "
                        "a term belongs to the first lesson that uses it"
                    ),
                )
    for term in terms.values():
        if term.lesson == lesson.folder and term.anchor not in linked:
            yield (
                1,
                (
                    f"the lesson defines {term.term!r} in the glossary but never links it; where it is defined, "
                    f"write **[{term.term}](../glossary.md#{term.anchor})**"
                ),
            )


def the_folder_holds_the_lesson_only(lesson: Lesson, root: Path) -> Iterator[tuple[int, str]]:
    for file in sorted(lesson.path.parent.iterdir()):
        if file.name not in (f"{lesson.name}.py", f"{lesson.name}.ipynb", "__pycache__") and not file.name.startswith(
            "."
        ):
            yield (
                1,
                f"{file.name} lies beside the lesson's text and nbgrader would hand it out; data belong in datasets/",
            )


def glossary_problems(root: Path) -> list[Problem]:
    """What is wrong with the glossary's own files."""
    return read_terms(root)[1]


RULES: tuple[Rule, ...] = (
    ids_are_unique,
    points_sum_to_a_hundred,
    there_are_four_to_eight_exercises,
    there_is_a_quiz,
    there_are_an_explorer_and_a_headline,
    setup_comes_first_and_begins_the_lesson,
    lesson_stands_in_the_syllabus,
    every_row_is_covered,
    it_opens_with_its_title,
    it_ends_as_every_lesson_does,
    markdown_pictures_have_alt_text,
    glossary_links_lead_somewhere,
    the_folder_holds_the_lesson_only,
)
