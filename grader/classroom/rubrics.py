"""The rubric of an essay as boxes to tick, and which of them are ticked for whom.
No lesson teaches it; the page of `grader essays` ticks them, a learner's page of feedback shows them.
Read an essay's question first, in solutions/03-descent/descent.py: its table is the rubric."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.pages import points
from grader.lessons.cells import Cell, Lesson

FILE = "rubrics.json"  # beside the gradebook; `grader forget` takes people out of it, as out of every such file
ROW = re.compile(r"^\| *(\d+(?:\.\d+)?) *\| *(.+?) *\|$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One row of a rubric: what it is for, and its ticks, each with the points that it brings. A part that the row
    names has its own tick."""

    words: str
    ticks: tuple[tuple[str, float], ...]


def rubric(essay: Cell, lesson: Lesson) -> list[Row]:
    """The rows of an essay's rubric, as its question has them: '| 2 | one each: deadlines; what holds in the meantime
    |' has two ticks."""
    rows = []
    for number, words in ROW.findall(lesson.cell(f"essay-{essay.name}").source):
        worth = float(number)
        before, _, after = words.replace("**", "").rpartition("one each: ")
        parts = after.split("; ")
        if before + after != words.replace("**", "") and len(parts) == worth:
            rows.append(Row(before.strip(" ,:"), tuple((part, 1.0) for part in parts)))
        else:
            whole, rest = divmod(worth, 1)
            each = [1.0] * int(whole) + ([rest] if rest else [])
            rows.append(
                Row(
                    words.replace("**", ""),
                    tuple((f"{'a' if worth == 1 else f'{worth:g} of a'} point", worth) for worth in each),
                )
            )
    return rows


def ticked_in(classroom: Path) -> dict[str, dict[str, dict[str, list[int]]]]:
    """The boxes that are ticked: by lesson, essay and student. Raises ValueError for a file that cannot be read."""
    file = classroom / FILE
    try:
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError as error:
        raise ValueError(f"{FILE} cannot be read ({error}); put it right or delete it") from None


def in_words(rows: Collection[Row], ticks: Collection[int]) -> list[tuple[str, str, bool]]:
    """What a learner is told of a rubric, line by line, with whether all of it is ticked: ('who pays', '1 of 2',
    False); a part that has its own tick is a line."""
    lines, place = [], 0
    for row in rows:
        each = [number in ticks for number in range(place, place + len(row.ticks))]
        place += len(row.ticks)
        if row.ticks[0][0].endswith("a point"):
            had, most = (
                sum(worth for (_, worth), whether in zip(row.ticks, each, strict=True) if whether or every)
                for every in (False, True)
            )
            lines.append((row.words, f"{points(had)} of {points(most)}", had == most))
        else:
            lines += [
                (
                    f"{row.words}: {part}" if row.words else part,
                    f"{points(worth * whether)} of {points(worth)}",
                    whether,
                )
                for (part, worth), whether in zip(row.ticks, each, strict=True)
            ]
    return lines
