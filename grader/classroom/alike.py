"""Pairs of submissions that agree more than independent work does: what they share, and how surprising that is.
No lesson teaches it; grader/classroom/report.py shows what it finds, and a person decides what it means.
Read `pairs` first. After Schleimer, Wilkerson and Aiken 2003 (winnowing): what the class shares says nothing, what two share says a lot."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pygments.lexers import PythonLexer
from pygments.token import Comment, Name, Number, String, Text

from grader.lessons.cells import Lesson

LONGEST_PIECE = 1_000  # characters that the lexer gets at once: what it takes for some texts grows with the square
LONGEST_CODE = 20_000  # characters of a cell of code that are compared: nobody writes more than that by hand
RUN = 8           # tokens in a row that make one fingerprint; shorter runs are shared by all who write Python
FEWEST = 6        # fingerprints that a cell has at least; the shorter ones have only one way to be written
AGREES = 0.85     # of the fingerprints of the shorter of two cells, for the two to count as one text
WORDS_OF_PROSE = 40   # of an essay, that count as one cell: prose is free where code has its task
MARGIN = 6        # bits on top of what chance owes to a class of this size: one false pair in some sixty classes

_BUILTIN = frozenset(dir(builtins)) | set(keyword.kwlist)


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

    classmates: each student's own texts by cell (Outcome.texts). Names, comments, blanks and strings do not matter in code, nor case and
    punctuation in prose; what stands in the stub is left out. A cell counts where nearly all of it is shared, and for the more, the fewer
    others have it too: shared with k more of n students, log2(n / (k + 1)) bits. A pair is one where the sum of its cells exceeds
    log2(number of pairs) by six bits.
    """
    if len(classmates) < 3:
        return []
    prints = {student: _cells(texts, lesson) for student, texts in classmates.items()}
    n = len(classmates)
    wanted = math.log2(n * (n - 1) / 2) + MARGIN
    shared: dict[tuple[str, str], dict[str, float]] = {}
    for cell in dict.fromkeys(cell for cells in prints.values() for cell in cells):
        for pair, bits in _agreements({student: cells[cell] for student, cells in prints.items() if cell in cells}, n).items():
            shared.setdefault(pair, {})[cell] = bits
    result = []
    for (first, second), cells in shared.items():
        if sum(cells.values()) > wanted:
            names = dict.fromkeys(cell.split(" ")[0].partition("-")[2] for cell in sorted(cells, key=lambda cell: (-cells[cell], cell)))
            result.append(Pair(first, second, tuple(names), sum(cells.values())))
    return sorted(result, key=lambda pair: (-pair.bits, pair.first, pair.second))


def _agreements(prints: Mapping[str, frozenset], n: int) -> dict[tuple[str, str], float]:
    """The pairs of students whose texts of one cell agree, each with its bits: the fewer of n students have such a text, the more."""
    writers: dict[frozenset, list[str]] = {}  # many texts are the same but for names: each is compared once
    for student, runs in prints.items():
        writers.setdefault(runs, []).append(student)
    near = {runs: [other for other in writers if len(runs & other) >= AGREES * max(len(runs), len(other))] for runs in writers}
    have = {runs: sum(len(writers[other]) for other in others) for runs, others in near.items()}
    found = {}
    for runs, others in near.items():
        for other in others:
            bits = math.log2(n / max(1, min(have[runs], have[other]) - 1))
            found.update({(first, second): bits for first in writers[runs] for second in writers[other] if first < second})
    return found


def _cells(texts: Mapping[str, str], lesson: Lesson) -> dict[str, frozenset]:
    """The fingerprints of each text of a student that is long enough to be anybody's own."""
    stubs = {cell.id: cell.stub for cell in lesson.exercises}
    prose = {cell.id for cell in lesson.essays}
    fixed = {cell.id for cell in lesson.answers}  # a letter a question: everybody has one of a handful
    found = {}
    for name, text in texts.items():
        if name in prose:
            words = re.findall(r"\w+", text.lower())
            parts = [words[start:start + WORDS_OF_PROSE] for start in range(0, len(words), WORDS_OF_PROSE)]
            found |= {f"{name} {number}": _runs(part, 4) for number, part in enumerate(parts)}
        elif name not in fixed:
            found[name] = _runs(_tokens(text), RUN) - _runs(_tokens(stubs.get(name, "")), RUN)
    return {name: runs for name, runs in found.items() if len(runs) >= FEWEST}


def _tokens(text: str) -> list[str]:
    """Python without names, strings, comments and blanks; what follows a dot keeps its name, for it is the library's."""
    tokens, after_a_dot = [], False
    lexer = PythonLexer()
    blanks_do_not_count = re.sub(r"\s+", lambda found: "\n" if "\n" in found[0] else " ", text)[:LONGEST_CODE]
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
    return tokens


def _runs(tokens: Iterable[str], length: int) -> frozenset:
    tokens = list(tokens)
    return frozenset(tuple(tokens[start:start + length]) for start in range(len(tokens) - length + 1))
