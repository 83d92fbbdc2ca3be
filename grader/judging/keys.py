"""What each result depends on, as a key: the learner's text, the check, the limits and the versions. Same key, same
result, so it is not made again. No lesson teaches it; grader/judging/grade.py asks before it judges, and keeps what it
judged. Read grader/judging/judged.py first; nothing here needs torch."""

from __future__ import annotations

import hashlib
import json
import platform
import symtable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from course.checks.result import Result
from course.desk.files import write_whole
from grader.judging.brought import with_what_is_used
from grader.judging.intake import Submitted
from grader.judging.judged import CellRun, Judged, Limits
from grader.judging.sandbox import ROOT, allowed_modules
from grader.lessons.cells import Lesson

# of the modules beside this one: no result depends on them
NO_JUDGES = (
    "answers",
    "grade",
    "judges",
    "keys",
    "looks",
    "pictures",
    "proof",
)


def digest(*parts: Any) -> str:
    """A short name for these parts, which JSON must be able to write down."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def keys_of(
    lesson: Lesson, submitted: Submitted, secret: bytes, limits: Limits, everything: bool = False
) -> dict[str, str]:
    """For each exercise and quiz, by name, what its results depend on. everything: whether untouched cells were run
    too, for a name was missing."""
    runs, _ = with_what_is_used(submitted.graded, submitted.everything)
    base = digest(
        submitted.digest,
        [run.text for run in runs if run.role in ("setup", "brought")],
        asdict(limits),
        hashlib.sha256(secret).hexdigest(),
        versions(lesson),
        lesson.version if everything else "",
    )
    sources = {cell.name: cell.source for cell in lesson.exercises}
    uses = {cell.name: cell.uses for cell in lesson.exercises}
    helpers = helpers_of(lesson)
    keys: dict[str, str] = {}
    for name in dict.fromkeys(check.name for check in lesson.checks):
        checks = lesson.checks_of(name)
        used = dict.fromkeys([*uses.get(name, ()), *(other for check in checks for other in check.uses)])
        keys[name] = digest(
            base,
            [[check.visible, check.hidden, check.points] for check in checks],
            [[sources.get(other), keys.get(other)] for other in used],
            [[check.visible, check.hidden] for other in sorted(helpers[name]) for check in lesson.checks_of(other)],
        )
    return keys


@cache
def helpers_of(lesson: Lesson) -> dict[str, set[str]]:
    """For each exercise, the others in whose check cells a name is defined that its own check cells use, at first or
    second hand."""
    defined: dict[str, set[str]] = {}
    helpers: dict[str, set[str]] = {}
    for check in lesson.checks:
        table = symtable.symtable(f"{check.visible}\n{check.hidden}", check.id, "exec")
        own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
        used = _looked_up(table) - own
        mine = helpers.setdefault(check.name, set())
        for other, names in defined.items():
            if other != check.name and names & used:
                mine |= {other} | helpers[other]
        defined.setdefault(check.name, set()).update(own)
    return helpers


def _looked_up(table: symtable.SymbolTable) -> set[str]:
    """The names that a cell and the functions in it look up among those of all cells."""
    mine = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
    }
    return mine.union(*map(_looked_up, table.get_children()))


@cache
def versions(lesson: Lesson) -> str:
    """The code that judges this lesson: the course's files that it may use and its own module, the judge, torch and
    Python."""
    files = {
        *(file for file in allowed_modules(lesson) if file.suffix == ".py"),
        ROOT / "course" / f"{lesson.name}.py",
        ROOT / "course" / "mistakes" / f"{lesson.name}.py",
        *(file for file in (ROOT / "grader" / "judging").glob("*.py") if file.stem not in NO_JUDGES),
    }
    return digest(
        [
            [str(file.relative_to(ROOT)), hashlib.sha256(file.read_bytes()).hexdigest()]
            for file in sorted(files)
            if file.exists()
        ],
        [version(name) for name in ("torch", "numpy", "ipython")],
        platform.python_version(),
        platform.machine(),
    )


class Kept:
    """Results that were made before, one file for each text that learners handed in. Whoever handed it in, the result
    is the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def find(self, submitted: Submitted) -> Judged | None:
        """What was kept for a text; None where nothing was, or what was written down cannot be read."""
        try:
            content = json.loads(self.read(submitted.digest))
            if content["text"] != submitted.digest:
                return None
            results = [Result(**{**result, "hint": tuple(result["hint"])}) for result in content["results"]]
            runs = {
                id: CellRun(printed, tuple(raised) if raised else None)
                for id, (printed, raised) in content["runs"].items()
            }
            return Judged(results, runs, content["remarks"], content["everything"], keys=content["keys"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, submitted: Submitted, judged: Judged) -> None:
        """Written whole or not at all: two processes that keep the same text at once keep the same results."""
        content = {
            "text": submitted.digest,
            "results": [result.as_dict() for result in judged.results],
            "everything": judged.everything,
            "runs": {id: [run.printed, run.raised] for id, run in judged.runs.items()},
            "remarks": judged.remarks,
            "keys": judged.keys,
        }
        self.write(submitted.digest, json.dumps(content, ensure_ascii=False))

    def read(self, text: str) -> str:
        """What was written for a text, by its digest. Raises OSError where nothing was."""
        return (self.folder / f"{text}.json").read_text(encoding="utf-8")

    def write(self, text: str, content: str) -> None:
        write_whole(self.folder / f"{text}.json", content, mode=0o600)
