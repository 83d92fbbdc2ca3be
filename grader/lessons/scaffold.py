"""A new lesson's files, each with what belongs in it, so that an author starts by writing and not by looking things up.
Every lesson after the first three begins this way; `grader new 04-networks` calls it.
Read CONTRIBUTING.md first. What stands in the files is an exercise that works, to be replaced."""

from __future__ import annotations

from pathlib import Path

import jinja2

from course.desk.files import write_whole
from grader.lessons.reading import lesson_folders, syllabus

FILES = {
    "lesson.py.j2": "solutions/{folder}/{name}.py",
    "module.py.j2": "course/{name}.py",
    "mistakes.py.j2": "course/mistakes/{name}.py",
    "explorer.py.j2": "course/explorers/{name}.py",
    "figures.toml.j2": "course/figures/{folder}.toml",
    "glossary.toml.j2": "course/glossary/{folder}.toml",
    "answers.py.j2": "tests/answers/{name}.py",
    "tests.py.j2": "tests/front/test_{name}.py",
}


def begin(folder: str, root: Path) -> list[Path]:
    """Write a new lesson's files. Raises ValueError for a lesson that the syllabus does not have, and for one that
    exists."""
    lessons = syllabus()
    if folder not in lessons:
        raise ValueError(f"{folder!r} is not in the syllabus; one of these is wanted: {', '.join(lessons)}")
    name = folder[3:].replace("-", "_")
    files = {template: Path(root) / place.format(folder=folder, name=name) for template, place in FILES.items()}
    there = [str(file.relative_to(root)) for file in files.values() if file.exists()]
    if there:
        raise ValueError(f"{folder} has been begun already, and nothing was written: {', '.join(there)} exist")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.lessons", "templates/lesson"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,
    )
    earlier = [other.name for other in lesson_folders(root) if other.name < folder]
    content = {
        "folder": folder,
        "name": name,
        "title": lessons[folder]["title"],
        "rows": lessons[folder]["rows"],
        "builds_on": earlier[-1:],
    }
    for template, file in files.items():
        write_whole(file, environment.get_template(template).render(**content))
    return list(files.values())
