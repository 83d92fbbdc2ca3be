"""What lesson 17 (One thing after another) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/sequences.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

import time
from functools import cache, partial

import torch
from torch import Tensor

from benchmarks.claims import claim
from course import data
from course.sequences import NGrams, Transformer, bits, learn, windows
from course.streams import (
    LETTERS,
    STROKES,
    SUMS,
    TUNES,
    Alphabet,
    added,
    batch_of_sums,
    held_out,
    items_of,
    moved,
    rows_of,
    shipped,
    split_of,
    written_sums,
)

LESSON = "17-sequences"
LENGTH = 64
about_sequences = partial(claim, LESSON, seeds=3)
as_shipped = partial(claim, LESSON, seeds=1)


@cache
def adder(seed: int) -> tuple[Transformer, float]:
    """The lesson's adder from another beginning, and the seconds of processor time that it took."""
    torch.manual_seed(seed)
    net, begun = Transformer(len(SUMS), 11), time.process_time()
    learn(net, batch_of_sums, 550, 3e-3, torch.Generator().manual_seed(seed))
    return net, time.process_time() - begun


def test_sums(seed: int) -> tuple[Tensor, Tensor]:
    first, second = torch.randint(1000, (2, 20_000), generator=torch.Generator().manual_seed(100 + seed))
    asked = held_out(first, second)
    return first[asked], second[asked]


@about_sequences(
    says="right in all four digits for at least 99 sums of a hundred", unit="of about 1,250 sums", pool="min", low=0.99
)
def right_on_unseen_sums(seed: int) -> float:
    first, second = test_sums(seed)
    said, _ = added(adder(seed)[0], first, second)
    return float((said == first + second).double().mean())


@about_sequences(
    says="in less than forty seconds of one processor's time", unit="processor seconds", pool="max", high=40
)
def seconds_to_learn(seed: int) -> float:
    return adder(seed)[1]


@about_sequences(says="Counting learns next to nothing", unit="bits a digit of the result", low=2.5, high=3.4)
def what_counting_leaves(seed: int) -> float:
    seen = torch.randint(1000, (2, 30_000), generator=torch.Generator().manual_seed(seed))
    first, second = test_sums(seed)
    counted = NGrams(written_sums(*seen).flatten(), 6, len(SUMS))
    return counted.bits(written_sums(first, second).flatten(), torch.arange(12).ge(8).repeat(len(first)))


@cache
def pairs(both: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Sums in which one number or both end on 5 or more, and whether the network that never saw the latter is right,
    and how sure."""
    tens = torch.randint(100, (2, 2000), generator=torch.Generator().manual_seed(4)) * 10
    low, high = torch.randint(5, (2, 2, 2000), generator=torch.Generator().manual_seed(5))
    numbers = tens + (torch.stack([low[0] + 5, high[1] + 5]) if both else torch.stack([low[0] + 5, low[1]]))
    said, sure = added(shipped("ends"), *numbers)
    return numbers, said == numbers.sum(dim=0), sure


@as_shipped(says="The network often cannot", unit="of 2,000 sums right, kept from it as a kind", high=0.75)
def right_where_it_never_was(seed: int) -> float:
    return float(pairs(both=True)[1].double().mean())


@as_shipped(
    says="It has seen carries (7 and 4), and each of these digits in its place",
    unit="of 2,000 sums right, among those like it",
    low=0.99,
)
def right_beside(seed: int) -> float:
    return float(pairs(both=False)[1].double().mean())


@as_shipped(
    says="And look at how sure it is, also where it is wrong", unit="sure on average where it is wrong", low=0.5
)
def sure_where_wrong(seed: int) -> float:
    _, right, sure = pairs(both=True)
    return float(sure[~right].mean())


@cache
def plays() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What is learned from, what is not, and the latter in windows, half of each asked about."""
    text, rest = data.plays()
    stream, test = LETTERS.encode(text), LETTERS.encode(rest)
    tokens, targets = windows(test, torch.arange(0, len(test) - LENGTH - 1, LENGTH // 2), LENGTH)
    targets = targets.clone()
    targets[:, : LENGTH // 2] = -100
    return stream, test, tokens, targets


@as_shipped(says="runs of five do best", unit="bits a symbol of unseen plays", low=2.1, high=2.3)
def plays_by_counting(seed: int) -> float:
    stream, test, _, _ = plays()
    return NGrams(stream, 5, len(LETTERS)).bits(test)


@about_sequences(
    says="After a few hundred steps the network loses", unit="bits a symbol of unseen plays", low=2.8, high=3.7
)
def plays_after_some_seconds(seed: int) -> float:
    stream, _, tokens, targets = plays()
    torch.manual_seed(seed)
    net = Transformer(len(LETTERS), LENGTH)
    learn(
        net,
        lambda generator: windows(stream, torch.randint(len(stream) - LENGTH, (32,), generator=generator), LENGTH),
        300,
        generator=torch.Generator().manual_seed(seed),
    )
    return bits(net, tokens, targets)


@as_shipped(
    says="With 1,500 steps it loses still",
    unit="bits a symbol of unseen plays, as shipped",
    low=2.21,
    high=2.7,
)
def plays_by_the_network(seed: int) -> float:
    return bits(shipped("plays"), *plays()[2:])


def ahead(name: str, alphabet: Alphabet, order: int, length: int) -> float:
    """By how many bits a symbol the shipped network is ahead of counting."""
    seen, rest = split_of(items_of(name))
    if name == "tunes":
        seen = [moved(tune, steps) for steps in range(-4, 5) for tune in seen]
    counted = NGrams(alphabet.encode("\n" + "\n".join(seen) + "\n"), order, len(alphabet))
    network = bits(shipped(name), *rows_of(alphabet, rest, length))
    return counted.bits(alphabet.encode("\n" + "\n".join(rest) + "\n")) - network


@as_shipped(says="Where the pen goes next", unit="bits a symbol less than runs of four", low=0.4)
def strokes_against_counting(seed: int) -> float:
    return ahead("strokes", STROKES, 4, 64)


@as_shipped(says="Tunes are the closest race", unit="bits a symbol less than runs of four", low=-0.3, high=0.3)
def tunes_against_counting(seed: int) -> float:
    return ahead("tunes", TUNES, 4, 160)
