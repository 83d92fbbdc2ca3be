"""What sequences are made of: letters, sums, a pen's moves and the notes of a tune, each turned into whole numbers and
back. Lesson 17 (One thing after another) uses all of them; course/sequences.py learns from them.
Read first: `Alphabet`."""

from __future__ import annotations

import base64
import io
import re
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy
import torch
from torch import Generator, Tensor

from course import data
from course.sequences import Transformer

WEIGHTS = Path(__file__).parent / "explorers" / "sequences.npz"  # made by tools/sequences.py
SUM_LENGTH = 12  # 123+456= and four digits

# ---- letters ----


class Alphabet:
    """The symbols of a text and their numbers, 0, 1, 2, ... in the order of the characters' codes."""

    def __init__(self, text: Iterable[str]) -> None:
        self.symbols = "".join(sorted(set(text)))
        self.numbers = {symbol: number for number, symbol in enumerate(self.symbols)}

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> Tensor:
        """A text as whole numbers, (its length,). Raises ValueError for a symbol that is not in the alphabet."""
        if strange := set(text) - set(self.symbols):
            raise ValueError(f"the alphabet has no {', '.join(map(repr, sorted(strange)))}")
        return torch.tensor([self.numbers[symbol] for symbol in text], dtype=torch.int64)

    def decode(self, tokens: Tensor) -> str:
        """Whole numbers, (n,), as a text."""
        return "".join(self.symbols[number] for number in tokens.tolist())


def byte_pairs(tokens: Tensor, vocabulary: int, merges: int) -> tuple[Tensor, list[tuple[int, int]]]:
    """Make the most frequent pair of neighbours one new symbol, so many times (byte-pair encoding: Gage 1994; Sennrich,
    Haddow and Birch 2016). tokens: (n,), from 0 to vocabulary - 1. Returns the shorter sequence, with new symbols
    vocabulary, vocabulary + 1, ..., and the pairs that they stand for; fewer when one symbol is left."""
    pairs = []
    for new in range(vocabulary, vocabulary + merges):
        if len(tokens) < 2:
            break
        key = int(torch.bincount(tokens[:-1] * new + tokens[1:]).argmax())
        first, second = divmod(key, new)
        pairs.append((first, second))
        begins = ((tokens[:-1] == first) & (tokens[1:] == second)).nonzero()[:, 0]
        if first == second:  # of three in a row the first two go together
            kept, last = [], -2
            for place in begins.tolist():
                if place > last + 1:
                    kept.append(place)
                    last = place
            begins = torch.tensor(kept, dtype=torch.int64)
        stays = torch.ones(len(tokens), dtype=torch.bool)
        stays[begins + 1] = False
        tokens = tokens.clone()
        tokens[begins] = new
        tokens = tokens[stays]
    return tokens, pairs


def spelt(symbol: int, alphabet: Alphabet, pairs: list[tuple[int, int]]) -> str:
    """What a symbol of `byte_pairs` stands for."""
    if symbol < len(alphabet):
        return alphabet.symbols[symbol]
    return "".join(spelt(part, alphabet, pairs) for part in pairs[symbol - len(alphabet)])


LETTERS = Alphabet("\n !',-.:;?[]" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz")  # those of the plays

# ---- sums ----

SUMS = Alphabet("0123456789+=")


def written_sums(first: Tensor, second: Tensor, reverse: bool = True) -> Tensor:
    """Sums as symbols of `SUMS`: three digits, +, three digits, =, four digits of the result, the units first unless
    `reverse` is False. first, second: (n,), 0 to 999. Returns (n, 12)."""
    powers = 10 ** torch.arange(4, device=first.device)

    def digits(numbers: Tensor, count: int) -> Tensor:
        return SUMS.numbers["0"] + numbers[:, None] // powers[:count] % 10

    total = digits(first + second, 4)
    sign = torch.ones_like(first)[:, None]
    parts = [digits(first, 3).flip(1), SUMS.numbers["+"] * sign, digits(second, 3).flip(1), SUMS.numbers["="] * sign]
    return torch.cat([*parts, total if reverse else total.flip(1)], dim=1)


def held_out(first: Tensor, second: Tensor) -> Tensor:
    """Which sums are kept for the test: about one in sixteen, by a hash that shifts and multiplies twice, so that its
    neighbours do not tell which; a + b and b + a together. (n,), bool."""
    jumbled = torch.minimum(first, second) * 1000 + torch.maximum(first, second)
    for _ in range(2):
        jumbled = (jumbled ^ jumbled >> 16) * 0x45D9F3B % 2**32
    return (jumbled ^ jumbled >> 16) % 16 == 0


def end_high(first: Tensor, second: Tensor) -> Tensor:
    """Sums whose numbers both end in 5 or more, a quarter of all. (n,), bool."""
    return (first % 10 >= 5) & (second % 10 >= 5)


def batch_of_sums(
    generator: Generator, count: int = 256, reverse: bool = True, hidden=held_out
) -> tuple[Tensor, Tensor]:
    """Sums that are not `hidden`, and what follows each symbol; only the result is asked about. (count, 11) twice."""
    first, second = torch.randint(1000, (2, 2 * count), generator=generator)
    seen = (~hidden(first, second)).nonzero()[:count, 0]
    sums = written_sums(first[seen], second[seen], reverse)
    targets = sums[:, 1:].clone()
    targets[:, :7] = -100
    return sums[:, :-1], targets


def added(net: Transformer, first: Tensor, second: Tensor, reverse: bool = True) -> tuple[Tensor, Tensor]:
    """What a network says a sum is, digit after digit, the likeliest each time, and how sure it was of all four
    together. first, second: (n,). Returns numbers (n,), -1 where something else than a digit came, and probabilities
    (n,)."""
    device = next(net.parameters()).device
    sums = written_sums(first, second)[:, :8].to(device)
    sure = torch.ones(len(first), device=device)
    with torch.no_grad():
        for _ in range(4):
            best = net(sums)[:, -1].softmax(dim=-1).max(dim=-1)
            sums, sure = torch.cat([sums, best.indices[:, None]], dim=1), sure * best.values
    digits = sums[:, 8:].cpu() - SUMS.numbers["0"]
    powers = 10 ** torch.arange(4)
    said = (digits * (powers if reverse else powers.flip(0))).sum(dim=1)
    return torch.where(((digits >= 0) & (digits <= 9)).all(dim=1), said, -1), sure.cpu()


# ---- strokes ----

WAYS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))  # a to h: right, down and right, ...
STROKES = Alphabet("0123456789abcdefgh^_\n")


def pen(signs: str) -> list[list[tuple[int, int]]]:
    """The lines that a pen leaves: a digit is passed over, a letter moves it by one square, `_` puts it down and `^`
    lifts it; it begins in the middle, lifted. Returns lists of (right, down)."""
    at, lines, down = (7, 7), [], False
    for sign in signs:
        if sign == "_":
            down = True
            lines.append([at])
        elif sign == "^":
            down = False
        elif sign in "abcdefgh":
            right, below = WAYS["abcdefgh".index(sign)]
            at = (at[0] + right, at[1] + below)
            if down:
                lines[-1].append(at)
    return lines


# ---- tunes ----

NOTES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
METRES = {"4/4": 8, "3/4": 6, "6/8": 6, "2/4": 4}  # quavers a bar
TUNES = Alphabet("ABCDEFGabcdefgz^_,2345678|/\n")
RATE = 8000  # numbers a second


def notes(tune: str) -> list[tuple[int | None, int]]:
    """The notes of a tune in ABC: (semitones above middle C, or None for a rest; quavers). Bars and whatever is no note
    are passed over."""
    found = []
    for accidental, letter, low, quavers in re.findall(r"([\^_]?)([A-Ga-gz])(,*)(\d?)", tune):
        pitch = None
        if letter != "z":
            pitch = NOTES[letter.upper()] + 12 * letter.islower() - 12 * len(low) + {"^": 1, "_": -1, "": 0}[accidental]
        found.append((pitch, max(1, int(quavers or 1))))
    return found


SCALE = [f"{letter}," for letter in "CDEFGAB"] + list("CDEFGABcdefgab")  # from low to high


def moved(tune: str, steps: int) -> str:
    """A tune, its metre in front, with each note so many steps of the scale higher; notes that would leave the scale
    stay."""
    metre, bars = tune.split("|", 1)

    def other(found: re.Match) -> str:
        place = SCALE.index(found[1]) + steps
        return SCALE[place] if 0 <= place < len(SCALE) else found[1]

    return f"{metre}|{re.sub('([A-Ga-g],?)', other, bars)}"


def sounding(tune: str, quaver: float = 0.2) -> numpy.ndarray:
    """A tune as sound: for each note three sines, the upper ones weaker, that fade away. quaver: in seconds. Returns
    numbers from -1 to 1, `RATE` a second."""
    parts = [numpy.zeros(1)]
    for pitch, quavers in notes(tune):
        time = numpy.arange(int(RATE * quaver * quavers)) / RATE
        if pitch is None:
            parts.append(0 * time)
            continue
        turns = 2 * numpy.pi * 261.63 * 2 ** (pitch / 12) * time
        tone = numpy.sin(turns) + 0.4 * numpy.sin(2 * turns) + 0.2 * numpy.sin(3 * turns)
        parts.append(0.5 * tone * numpy.exp(-3 * time) * numpy.minimum(1, (time[-1] - time) * 200))
    return numpy.clip(numpy.concatenate(parts), -1, 1)


def player(samples: numpy.ndarray, name: str) -> str:
    """An HTML element that plays samples from -1 to 1: the sound is in it, as a WAV file of one byte a sample. name:
    what a screen reader calls it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes((127.5 + 127 * samples).round().astype(numpy.uint8).tobytes())
    sound = base64.b64encode(file.getvalue()).decode()
    return f'<audio controls aria-label="{name}" title="{name}" src="data:audio/wav;base64,{sound}"></audio>'


# ---- many short ones ----


def items_of(name: str) -> list[str]:
    """What "strokes" and "tunes" are learned from: the digits of `data.strokes`; tunes with their metre in front."""
    if name == "strokes":
        return data.strokes()
    return [f"{metre}|{bars}" for metre, _, bars in data.tunes().values()]


def split_of(items: list[str]) -> tuple[list[str], list[str]]:
    """Every seventh item is kept for the test."""
    return [item for place, item in enumerate(items) if place % 7 != 6], items[6::7]


def rows_of(alphabet: Alphabet, items: list[str], length: int) -> tuple[Tensor, Tensor]:
    """Items as rows that begin and end with a line's end, what follows each symbol beside them. Returns tokens, filled
    up with 0, and targets, filled up with -100, (n, length); what is longer is cut off."""
    tokens, targets = torch.zeros(len(items), length, dtype=torch.int64), torch.full((len(items), length), -100)
    for row, item in enumerate(items):
        written = alphabet.encode(f"\n{item}\n"[: length + 1])
        tokens[row, : len(written) - 1], targets[row, : len(written) - 1] = written[:-1], written[1:]
    return tokens, targets


# ---- the networks that come with the course ----


def shipped(name: str) -> Transformer:
    """A network that tools/sequences.py has trained: "plays", "strokes", "tunes", "sums", and "ends" and
    "ends_longer", which never saw a sum whose numbers both end in 5 or more. In float32, not for training."""
    with numpy.load(WEIGHTS) as parts:
        numbers, shape = torch.from_numpy(parts[name].astype(numpy.float32)), parts[f"{name}-shape"].tolist()
    vocabulary, length, width, heads, layers = shape
    net = Transformer(vocabulary, length, width, heads, layers)
    torch.nn.utils.vector_to_parameters(numbers, net.parameters())
    return net.eval().requires_grad_(False)
