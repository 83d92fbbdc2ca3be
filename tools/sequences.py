"""The recipe of the networks that lesson 17 comes with: course/explorers/sequences.npz. `python -m tools.sequences`
trains six small transformers, five minutes or so on one processor, and writes the file; `--share 0.002 --to FILE`
tries the recipe, and `--only tunes` makes some anew.
Read course/sequences.py and course/streams.py first."""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn

from course import data
from course.sequences import NGrams, Transformer, bits, learn, windows
from course.streams import (
    LETTERS,
    STROKES,
    SUM_LENGTH,
    SUMS,
    TUNES,
    WEIGHTS,
    Alphabet,
    added,
    batch_of_sums,
    end_high,
    held_out,
    items_of,
    moved,
    rows_of,
    split_of,
)

HEADS, LAYERS = 4, 2
WIDTH = {"plays": 64, "strokes": 48, "tunes": 32, "sums": 64, "ends": 64, "ends_longer": 64}
LENGTH = {"plays": 64, "strokes": 64, "tunes": 160} | dict.fromkeys(("sums", "ends", "ends_longer"), SUM_LENGTH - 1)
STEPS = {"plays": 1500, "strokes": 2500, "tunes": 400, "sums": 550, "ends": 550, "ends_longer": 1650}


def network(name: str, vocabulary: int) -> Transformer:
    """One that has learned nothing."""
    torch.manual_seed(0)
    return Transformer(vocabulary, LENGTH[name], WIDTH[name], HEADS, LAYERS)


def plays(steps: int) -> Transformer:
    """Letters of eight plays. How many steps: as many as take some minutes; nothing was tuned."""
    text, rest = data.plays()
    stream, test = LETTERS.encode(text), LETTERS.encode(rest)
    net, length = network("plays", len(LETTERS)), LENGTH["plays"]

    def batch(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        return windows(stream, torch.randint(len(stream) - length, (32,), generator=generator), length)

    learn(net, batch, steps, 3e-3)
    tokens, targets = windows(test, torch.arange(0, len(test) - length - 1, length // 2), length)
    targets = targets.clone()
    targets[:, : length // 2] = -100
    print("bits a symbol", bits(net, tokens, targets), "6-gram", NGrams(stream, 6, len(LETTERS)).bits(test), flush=True)
    return net


def items(name: str, steps: int, alphabet: Alphabet, order: int) -> Transformer:
    """Digits or tunes, each from its beginning. The steps of the tunes were chosen by what is printed at the end: with
    more the network learns the few tunes by heart."""
    seen, rest = split_of(items_of(name))
    if name == "tunes":  # each also higher and lower by up to four steps of the scale: lesson 08's trick
        seen = [moved(tune, steps) for steps in range(-4, 5) for tune in seen]
    net, length = network(name, len(alphabet)), LENGTH[name]
    tokens, targets = rows_of(alphabet, seen, length)

    def batch(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(tokens), (16 if name == "tunes" else 32,), generator=generator)
        return tokens[chosen], targets[chosen]

    learn(net, batch, steps, 3e-3)
    counted = NGrams(alphabet.encode("\n" + "\n".join(seen) + "\n"), order, len(alphabet))
    print(
        "bits a symbol",
        bits(net, *rows_of(alphabet, rest, length)),
        f"{order}-gram",
        counted.bits(alphabet.encode("\n" + "\n".join(rest) + "\n")),
        flush=True,
    )
    return net


def sums(name: str, steps: int) -> Transformer:
    """Sums of two numbers of three digits, but for those kept for the test."""
    hidden = held_out if name == "sums" else end_high
    net = network(name, len(SUMS))
    learn(net, lambda generator: batch_of_sums(generator, hidden=hidden), steps, 3e-3)
    first, second = torch.randint(1000, (2, 20_000), generator=torch.Generator().manual_seed(1))
    asked = hidden(first, second)
    said, sure = added(net, first[asked], second[asked])
    right = said == first[asked] + second[asked]
    print(f"right: {float(right.float().mean()):.2%} of {len(said)}, sure {float(sure.mean()):.1%}", flush=True)
    return net


RECIPES: dict[str, Callable[[int], Transformer]] = {
    "plays": plays,
    "strokes": lambda steps: items("strokes", steps, STROKES, 4),
    "tunes": lambda steps: items("tunes", steps, TUNES, 4),
    "sums": lambda steps: sums("sums", steps),
    "ends": lambda steps: sums("ends", steps),
    "ends_longer": lambda steps: sums("ends_longer", steps),
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--share", type=float, default=1.0, help="of the steps of training")
    reader.add_argument("--only", nargs="*", default=list(RECIPES), choices=list(RECIPES))
    reader.add_argument("--to", type=Path, default=WEIGHTS)
    asked = reader.parse_args()
    kept = dict(numpy.load(WEIGHTS)) if len(asked.only) < len(RECIPES) and WEIGHTS.exists() else {}
    for name in asked.only:
        print(name, end=": ", flush=True)
        net = RECIPES[name](max(8, int(STEPS[name] * asked.share)))
        vector = nn.utils.parameters_to_vector(net.parameters()).detach()
        kept[name] = vector.half().numpy()  # half precision: half the bytes on a page
        kept[f"{name}-shape"] = numpy.array([net.symbols.num_embeddings, net.length, WIDTH[name], HEADS, LAYERS])
        numpy.savez_compressed(asked.to, **kept)
    print(f"{asked.to.name}: {asked.to.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
