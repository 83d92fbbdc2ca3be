"""The explorer of lesson 17: where a small transformer's heads look, for a sum or a line of a play that one types.
Lesson 17 (One thing after another) shows it; the drawing and the same arithmetic are in sequences.js, the networks in
sequences.npz (tools/sequences.py).
Read course/sequences.py first; here the network's way from symbols to weights is written out in numpy."""

from functools import cache

import numpy
from matplotlib.figure import Figure
from traitlets import Bytes, Enum, Int, Unicode

from course import plots
from course.explorers import FOLDER, Explorer, front_end
from course.streams import LETTERS, SUMS

SHIPPED = FOLDER / "sequences.npz"  # made by tools/sequences.py
NETWORKS = ("sums", "plays")
ALPHABETS = {"sums": SUMS.symbols, "plays": LETTERS.symbols}
LONGEST = {"sums": 11, "plays": 30}  # symbols that are shown
WIDTH, HEADS, LAYERS = 64, 4, 2


def normed(stream: numpy.ndarray) -> numpy.ndarray:
    """Layer norm without weights, along the last axis."""
    away = stream - stream.mean(axis=-1, keepdims=True)
    return away / numpy.sqrt((away**2).mean(axis=-1, keepdims=True) + 1e-5)


def softmax(scores: numpy.ndarray) -> numpy.ndarray:
    """Along the last axis."""
    powers = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


class Small:
    """A transformer of two layers and four heads; numbers: all weights in the order of `Transformer.parameters`."""

    def __init__(self, numbers: numpy.ndarray, vocabulary: int) -> None:
        self.numbers, self.at, self.vocabulary = numbers.astype(numpy.float64), 0, vocabulary
        fixed = LAYERS * (12 * WIDTH * WIDTH + 9 * WIDTH) + 2 * vocabulary * WIDTH + vocabulary
        self.symbols = self._take(vocabulary, WIDTH)
        self.places = self._take((len(numbers) - fixed) // WIDTH, WIDTH)
        self.attentions = [
            (self._take(3 * WIDTH, WIDTH), self._take(3 * WIDTH), self._take(WIDTH, WIDTH), self._take(WIDTH))
            for _ in range(LAYERS)
        ]
        self.feeds = [
            (self._take(4 * WIDTH, WIDTH), self._take(4 * WIDTH), self._take(WIDTH, 4 * WIDTH), self._take(WIDTH))
            for _ in range(LAYERS)
        ]
        self.head, self.bias = self._take(vocabulary, WIDTH), self._take(vocabulary)

    def _take(self, *shape: int) -> numpy.ndarray:
        count = int(numpy.prod(shape))
        self.at += count
        return self.numbers[self.at - count : self.at].reshape(shape)

    def look(self, tokens: list[int]) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Where each head looks, (layers * heads, n, n), and what comes next, (n, vocabulary), probabilities."""
        n, part = len(tokens), WIDTH // HEADS
        stream, weights = self.symbols[tokens] + self.places[:n], []
        hidden = numpy.triu(numpy.full((n, n), -numpy.inf), 1)
        for (inputs, shift, output, after), (wide, bent, narrow, end) in zip(self.attentions, self.feeds, strict=True):
            queries, keys, values = numpy.split(normed(stream) @ inputs.T + shift, 3, axis=1)
            found = []
            for head in range(HEADS):
                own = slice(head * part, (head + 1) * part)
                weights.append(softmax(queries[:, own] @ keys[:, own].T / numpy.sqrt(part) + hidden))
                found.append(weights[-1] @ values[:, own])
            stream = stream + numpy.concatenate(found, axis=1) @ output.T + after
            stream = stream + numpy.maximum(0, normed(stream) @ wide.T + bent) @ narrow.T + end
        return numpy.stack(weights), softmax(normed(stream) @ self.head.T + self.bias)


def percent(share: float) -> str:
    """A share in whole percent, as the script rounds it."""
    return f"{int(100 * share + 0.5)} %"


def shown(symbol: str) -> str:
    """A symbol as it is named in a sentence."""
    return {"\n": "line's end", " ": "space"}.get(symbol, f"\u201c{symbol}\u201d")


class SequencesExplorer(Explorer):
    """Symbols in a row, the heads below each other, and how much each head takes from each symbol for one of them.

    `network` is the one that adds ("sums") or the one that read plays; `sum` and `line` are what was typed, `place` is
    the symbol that looks, from 0 on, the last one where there are fewer. `adds` and `reads` are the networks'
    numbers in half precision, `letters` the symbols of the plays."""

    _esm = front_end("shared.js", "sequences.js")
    STATE = ("network", "sum", "line", "place")
    network = Enum(NETWORKS, default_value="sums").tag(sync=True)
    sum = Unicode("123+456=97").tag(sync=True)
    line = Unicode("To be, or not to ").tag(sync=True)
    place = Int(8, min=0, max=60).tag(sync=True)
    adds = Bytes().tag(sync=True)
    reads = Bytes().tag(sync=True)
    letters = Unicode(LETTERS.symbols).tag(sync=True)

    @property
    def typed(self) -> str:
        """What was typed for the network that is asked."""
        return self.sum if self.network == "sums" else self.line

    @property
    def text(self) -> str:
        """What the network is given: what was typed, without symbols that it does not know, and its end if it is long;
        a lone 0 or line's end if nothing is left."""
        known = ALPHABETS[self.network]
        kept = "".join(sign for sign in self.typed if sign in known)
        return kept[-LONGEST[self.network] :] or ("0" if self.network == "sums" else "\n")

    def look(self) -> tuple[str, int, numpy.ndarray, numpy.ndarray]:
        """The text, the place that looks, what each head takes from each symbol for it, and what comes next."""
        text, known = self.text, ALPHABETS[self.network]
        place = min(self.place, len(text) - 1)
        numbers = numpy.frombuffer(self.adds if self.network == "sums" else self.reads, dtype=numpy.float16)
        weights, likely = Small(numbers, len(known)).look([known.index(sign) for sign in text])
        return text, place, weights[:, place], likely[place]

    def sentence(self) -> str:
        text, place, weights, likely = self.look()
        parts = []
        for layer in range(LAYERS):
            own = weights[layer * HEADS : (layer + 1) * HEADS]
            head, best = divmod(int(own.argmax()), len(text))
            parts.append(
                f"of layer {layer + 1} head {head + 1} looks most at one place, at {shown(text[best])}, symbol "
                f"{best + 1} ({percent(own[head, best])})"
            )
        following = int(likely.argmax())
        strange = sum(sign not in ALPHABETS[self.network] for sign in self.typed)
        left_out = f" ({strange} symbol{'s' * (strange != 1)} that it does not know left out.)" if strange else ""
        return (
            f"From symbol {place + 1}, {shown(text[place])}, {'; '.join(parts)}. Next, the network says, comes "
            f"{shown(ALPHABETS[self.network][following])}; it is {percent(likely[following])} sure.{left_out}"
        )

    def draw(self) -> Figure:
        text, place, weights, _ = self.look()
        figure, axes = plots.figure(width=8, height=3.2)
        picture = axes.imshow(weights, cmap="cividis", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(range(len(text)), [{"\n": "↵", " ": "␣"}.get(sign, sign) for sign in text])
        axes.set_yticks(
            range(LAYERS * HEADS), [f"{layer + 1}.{head + 1}" for layer in range(LAYERS) for head in range(HEADS)]
        )
        axes.set(xlabel=f"looked at, from symbol {place + 1}", ylabel="layer and head")
        figure.colorbar(picture, ax=axes, label="weight")
        return figure


@cache
def shipped() -> tuple[bytes, bytes]:
    """The numbers of the two networks, as bytes."""
    with numpy.load(SHIPPED) as parts:
        return parts["sums"].tobytes(), parts["plays"].tobytes()


def sequences_explorer(state: str | dict | None = None) -> SequencesExplorer:
    """The explorer, at the first digit of a sum's result. state: see `Explorer.begin`."""
    adds, reads = shipped()
    return SequencesExplorer(adds=adds, reads=reads).begin(state)
