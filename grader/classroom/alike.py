"""Pairs of submissions that agree more than independent work does: what they share, and how surprising that is; and
answers that are the course's own text.
No lesson teaches it; grader/classroom/report.py shows what it finds, and a person decides what it means.
Read `pairs` first. After Schleimer, Wilkerson and Aiken 2003 (winnowing): what the class shares says nothing, what two
share says a lot."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pygments.lexers import PythonLexer
from pygments.token import Comment, Name, Number, String, Text

from grader.lessons.cells import Cell, Lesson

LONGEST_PIECE = 1_000  # characters that the lexer gets at once: what it takes for some texts grows with the square
LONGEST_CODE = 20_000  # characters of a cell of code that are compared: nobody writes more than that by hand
RUN = 8  # tokens in a row that make one fingerprint; shorter runs are shared by all who write Python
FEWEST = 6  # fingerprints that a cell has at least; the shorter ones have only one way to be written
AGREES = 0.85  # of the fingerprints of the shorter of two cells, for the two to count as one text
WORDS_OF_PROSE = 40  # of an essay, that count as one cell: prose is free where code has its task
MARGIN = 6  # bits on top of what chance owes to a class of this size: one false pair in some sixty classes

LONG_STRING = re.compile(r'("""|\'\'\').*?\1', re.DOTALL)

_BUILTIN = frozenset(dir(builtins)) | set(keyword.kwlist)


# fingerprints of an answer that is the course's own text, names aside: what is shorter, many write so by themselves
LONG_TO_BE_CHANCE = 30


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike. bits: how surprising what they share is, as the logarithm of one in so many."""

    first: str
    second: str
    cells: tuple[str, ...]
    bits: float

    @property
    def in_words(self) -> str:
        return f"the same in {', '.join(self.cells)}"


def pairs(classmates: Mapping[str, Mapping[str, str]], lesson: Lesson) -> list[Pair]:
    """The pairs that are more alike than chance makes them in a class of this size, the most surprising first.

    classmates: each student's own texts by cell (Outcome.texts). Names, comments, blanks and strings do not matter in
    code, nor case and punctuation in prose; what stands in the stub is left out. A cell counts where nearly all of it
    is shared, and for the more, the fewer others have it too: shared with k more of n students, log2(n / (k + 1)) bits.
    A pair is one where what all its cells come to exceeds log2(number of pairs) by six bits; `_surprise` says what they
    come to.
    """
    if len(classmates) < 3:
        return []
    prints = {student: _cells(texts, lesson) for student, texts in classmates.items()}
    wanted = math.log2(math.comb(len(classmates), 2)) + MARGIN
    shared: dict[tuple[str, str], list[str]] = {}
    rare: dict[str, dict[str, float]] = {student: {} for student in classmates}
    for cell in dict.fromkeys(cell for cells in prints.values() for cell in cells):
        found, rareness = _agreements(
            {student: cells[cell] for student, cells in prints.items() if cell in cells}, len(classmates)
        )
        for pair in found:
            shared.setdefault(pair, []).append(cell)
        for student, how_rare in rareness.items():
            rare[student][cell] = how_rare
    result = []
    for (first, second), cells in shared.items():
        sums = [sum(rare[student][cell] for cell in cells) for student in (first, second)]
        # The sum is the most that it can come to, so most pairs need no more than that.
        if (
            min(sums) > wanted
            and (bits := min(_surprise(cells, rare[student]) for student in (first, second))) > wanted
        ):
            order = sorted(cells, key=lambda cell: (-rare[first][cell], cell))
            names = dict.fromkeys(cell.split(" ")[0].partition("-")[2] for cell in order)
            result.append(Pair(first, second, tuple(names), bits))
    return sorted(result, key=lambda pair: (-pair.bits, pair.first, pair.second))


def remarks(outcomes: Sequence[Mapping[str, Any]], found: Iterable[Pair], lesson: Lesson) -> dict[str, list[str]]:
    """What an instructor may want to look at, by student: answers that are the course's own text, names aside, and with
    whom a submission agrees.

    outcomes: as Records.outcomes gives them; found: the pairs among them.
    """
    told: dict[str, list[str]] = {}
    for outcome in outcomes:
        names = [cell.name for cell in lesson.exercises if _is_the_courses(outcome["texts"].get(cell.id, ""), cell)]
        if names:
            told.setdefault(outcome["student"], []).append(f"the course's own text, names aside: {', '.join(names)}")
    for pair in found:
        for student, other in ((pair.first, pair.second), (pair.second, pair.first)):
            told.setdefault(student, []).append(
                f"agrees with {other} in {', '.join(pair.cells)}, {pair.bits:.0f} bits beyond chance; the report has "
                "both side by side"
            )
    return told


def _is_the_courses(text: str, cell: Cell) -> bool:
    """Whether an answer is the course's own text, names aside, and long enough for that to be no chance."""
    if _signs(text) != _signs(_solution(cell)):
        return False  # nearly always: it saves the lexer, which takes longer to load than a class to compare
    own, mine = (_runs(_tokens(each), RUN) - _runs(_tokens(cell.stub), RUN) for each in (_solution(cell), text))
    return len(own) >= LONG_TO_BE_CHANCE and mine == own


def _signs(text: str) -> list[str]:
    """What is left of Python without words, strings and comments."""
    return re.findall(r"[^\w\s]", re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|#.*", "", LONG_STRING.sub("", text)))


def _solution(cell: Cell) -> str:
    """The course's own answer to an exercise, without the marks of its regions."""
    return "\n".join(
        line for line in cell.source.splitlines() if "### BEGIN SOLUTION" not in line and "### END SOLUTION" not in line
    )


def _surprise(agreed: Iterable[str], rare: Mapping[str, float]) -> float:
    """How surprising it is that a classmate agrees in these cells with a student whose texts are that rare: one in two
    to the so many.

    The bits of single cells must not simply be added up: who may agree in any four of six cells has fifteen ways to do
    it. So it is the chance that cells which agree each by its own chance come to as many bits as these, or more. In all
    of six it is the sum.
    """
    weights = {cell: round(10 * bits) for cell, bits in rare.items()}  # in tenths of a bit, so that sums fall together
    chances = {0: 1.0}
    for weight in weights.values():
        grown: dict[int, float] = {}
        for total, chance in chances.items():
            agrees = 2 ** (-weight / 10)
            grown[total + weight] = grown.get(total + weight, 0.0) + chance * agrees
            grown[total] = grown.get(total, 0.0) + chance * (1 - agrees)
        chances = grown
    wanted = sum(weights[cell] for cell in agreed)
    return -math.log2(min(1.0, sum(chance for total, chance in chances.items() if total >= wanted)))


def _agreements(prints: Mapping[str, frozenset], n: int) -> tuple[set[tuple[str, str]], dict[str, float]]:
    """The pairs of students whose texts of one cell agree; and how rare each one's text is: the fewer of n students
    have such a one, the more bits."""
    writers: dict[frozenset, list[str]] = {}  # many texts are the same but for names: each is compared once
    for student, runs in prints.items():
        writers.setdefault(runs, []).append(student)
    near = {
        runs: [other for other in writers if len(runs & other) >= AGREES * max(len(runs), len(other))]
        for runs in writers
    }
    found: set[tuple[str, str]] = set()
    bits: dict[str, float] = {}
    for runs, others in near.items():
        have = sum(len(writers[other]) for other in others)
        bits.update(dict.fromkeys(writers[runs], math.log2(n / max(1, have - 1))))
        found.update(
            (first, second)
            for other in others
            for first in writers[runs]
            for second in writers[other]
            if first < second
        )
    return found, bits


def _cells(texts: Mapping[str, str], lesson: Lesson) -> dict[str, frozenset]:
    """The fingerprints of each text of a student that is long enough to be anybody's own."""
    stubs = {cell.id: cell.stub for cell in lesson.exercises}
    prose = {cell.id for cell in lesson.essays}
    fixed = {cell.id for cell in lesson.answers}  # a letter a question: everybody has one of a handful
    found: dict[str, frozenset] = {}
    for name, text in texts.items():
        if name in prose:
            words = re.findall(r"\w+", text.lower())
            parts = [words[start : start + WORDS_OF_PROSE] for start in range(0, len(words), WORDS_OF_PROSE)]
            found |= {f"{name} {number}": _runs(part, 4) for number, part in enumerate(parts)}
        elif name not in fixed:
            found[name] = _runs(_tokens(text), RUN) - _runs(_tokens(stubs.get(name, "")), RUN)
    return {name: runs for name, runs in found.items() if len(runs) >= FEWEST}


@lru_cache(4096)  # stubs come again with every student, texts with every pair and remark
def _tokens(text: str) -> tuple[str, ...]:
    """Python without names, strings, comments and blanks; what follows a dot keeps its name, for it is the
    library's."""
    tokens: list[str] = []
    after_a_dot = False
    lexer = PythonLexer()
    blanks_do_not_count = re.sub(r"\s+", lambda found: "\n" if "\n" in found[0] else " ", text)[:LONGEST_CODE]
    # before it is cut: half a docstring swallows the code behind it
    blanks_do_not_count = LONG_STRING.sub("", blanks_do_not_count)
    pieces = re.findall(rf"(?s).{{1,{LONGEST_PIECE}}}(?=\n|$)|.{{1,{LONGEST_PIECE}}}", blanks_do_not_count)
    for kind, word in (token for piece in pieces for token in lexer.get_tokens(piece)):
        if kind in Comment or kind in Text or (kind in String.Doc) or not word.strip():
            continue
        if kind in String:
            word = "'"
        elif kind in Name and word not in _BUILTIN and not after_a_dot:
            word = "name"
        elif kind in Number:
            word = word.rstrip(".0") or "0" if "." in word else word
        if word != "'" or tokens[-1:] != ["'"]:
            tokens.append(word)
        after_a_dot = word == "."
    return tuple(tokens)


def _runs(tokens: Iterable[str], length: int) -> frozenset:
    tokens = list(tokens)
    return frozenset(tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1))
