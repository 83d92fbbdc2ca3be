"""The glossary: one page of every term, made from `course/glossary/*.toml`, one file a lesson.
A lesson links a term where it defines it: **[residual](../glossary.md#residual)**.
Read first: one of those files; then `build.py`, which writes `notebooks/glossary.md`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.lessons.cells import Problem

LINK = re.compile(r"\]\(\.\./glossary\.md#([^)\s]*)\)")
TERM = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")
TITLE = re.compile(r"^#\s+title:\s*(.+?)\s*$")


@dataclass(frozen=True)
class Term:
    """A term, the lesson that defines it ("02-lines"), and where its entry stands."""

    term: str
    text: str
    lesson: str
    file: Path
    line: int

    @property
    def anchor(self) -> str:
        return self.term.replace(" ", "-")


def read_terms(root: Path) -> tuple[list[Term], list[Problem]]:
    """Every term of every lesson, alphabetically, and what is wrong with their files."""
    terms: dict[str, Term] = {}
    problems = []
    for file in sorted((Path(root) / "course" / "glossary").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        try:
            entries = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            said = re.search(r"line (\d+)", str(error))
            problems.append(Problem(file, int(said[1]) if said else 1, f"this is no TOML: {error}"))
            continue
        for term, entry in entries.items():
            line = _line_of(term, text)
            if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or not entry["text"].strip():
                problems.append(
                    Problem(file, line, f'the term {term!r} has no text; write text = "One or two sentences."')
                )
            elif not TERM.fullmatch(term):
                problems.append(
                    Problem(
                        file,
                        line,
                        f"the term {term!r} makes no anchor; write small letters and digits, "
                        "with single blanks or hyphens between",
                    )
                )
            elif term in terms:
                problems.append(
                    Problem(
                        file,
                        line,
                        f"the term {term!r} is defined by {terms[term].lesson} already; "
                        "it belongs to the first lesson that uses it",
                    )
                )
            else:
                terms[term] = Term(term, " ".join(entry["text"].split()), file.stem, file, line)
    return sorted(terms.values(), key=lambda term: term.term), problems


def _line_of(term: str, text: str) -> int:
    opening = re.compile(r"\s*\[\s*[\"']?" + re.escape(term) + r"[\"']?\s*\]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if opening.match(line)), 1)


def glossary_page(root: Path) -> str:
    """The page `notebooks/glossary.md`. Its headings are the anchors, in JupyterLab as on the web."""
    terms, _ = read_terms(root)
    blocks = ["# Glossary", "Every term of the course, with the lesson that defines it."]
    for term in terms:
        blocks.append(f"## {term.term}\n\n{term.text}\n\nDefined in {_lesson_link(term.lesson, root)}.")
    return "\n\n".join(blocks) + "\n"


def _lesson_link(folder: str, root: Path) -> str:
    name = folder[3:]
    words = f"lesson {folder[:2]}"
    text = Path(root) / "solutions" / folder / f"{name}.py"
    if not text.is_file():
        return words
    title = next(
        (
            match.group(1).strip("\"'")
            for match in map(TITLE.match, text.read_text(encoding="utf-8").splitlines())
            if match
        ),
        name,
    )
    return f"{words}, [{title}]({folder}/{name}.ipynb)"


def linked_anchors(source: str) -> Iterator[tuple[int, str]]:
    """Each link into the glossary in a cell's source: its line (from 1) and its anchor."""
    for number, line in enumerate(source.split("\n"), 1):
        for match in LINK.finditer(line):
            yield number, match.group(1)
