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
    end_high,
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


@about_sequences(
    says="is lost from the tens on", unit="bits a digit of the result, runs of nine, as many sums", low=1.7, high=2.2
)
def what_counting_leaves(seed: int) -> float:
    seen = torch.randint(1000, (2, 150_000), generator=torch.Generator().manual_seed(seed))
    seen = seen[:, ~held_out(*seen)]
    first, second = test_sums(seed)
    counted = NGrams(written_sums(*seen).flatten(), 9, len(SUMS))
    return counted.bits(written_sums(first, second).flatten(), torch.arange(12).ge(8).repeat(len(first)))


@cache
def kept_from(seed: int, steps: int) -> Transformer:
    """An adder that never saw a sum whose numbers both end in 5 or more."""
    torch.manual_seed(seed)
    net = Transformer(len(SUMS), 11)
    learn(
        net,
        lambda generator: batch_of_sums(generator, hidden=end_high),
        steps,
        3e-3,
        torch.Generator().manual_seed(seed),
    )
    return net


def pairs(net: Transformer, both: bool) -> tuple[Tensor, Tensor]:
    """Of sums in which one number or both end in 5 or more: whether a network is right, and how sure."""
    tens = torch.randint(100, (2, 2000), generator=torch.Generator().manual_seed(4)) * 10
    low, high = torch.randint(5, (2, 2, 2000), generator=torch.Generator().manual_seed(5))
    numbers = tens + (torch.stack([low[0] + 5, high[1] + 5]) if both else torch.stack([low[0] + 5, low[1]]))
    said, sure = added(net, *numbers)
    return said == numbers.sum(dim=0), sure


@about_sequences(
    says="The network that passes the hash's test often cannot",
    unit="of 2,000 sums right, kept from it as a kind, 550 steps",
    pool="max",
    high=0.9,
)
def right_where_it_never_was(seed: int) -> float:
    return float(pairs(kept_from(seed, 550), both=True)[0].double().mean())


@as_shipped(
    says="Trained three times as long, this one gets most of them right",
    unit="of 2,000 sums right, kept from it as a kind, 1,650 steps, as shipped",
    low=0.8,
)
def right_there_as_shipped(seed: int) -> float:
    return float(pairs(shipped("ends_longer"), both=True)[0].double().mean())


@about_sequences(
    says="begun from other weights, two such networks were right on 74 and on 46 of a hundred",
    unit="of 2,000 sums right, kept from it as a kind, 1,650 steps",
    low=0.4,
    high=0.98,
)
def right_there_after_longer(seed: int) -> float:
    return float(pairs(kept_from(seed, 1650), both=True)[0].double().mean())


@about_sequences(
    says="It has seen carries (7 and 4), and each of these digits in its place",
    unit="of 2,000 sums right, among those like it, 550 steps",
    pool="min",
    low=0.98,
)
def right_beside(seed: int) -> float:
    return float(pairs(kept_from(seed, 550), both=False)[0].double().mean())


@about_sequences(
    says="And look at how sure it is after 550 steps, also where it is wrong",
    unit="sure on average where it is wrong",
    low=0.5,
)
def sure_where_wrong(seed: int) -> float:
    right, sure = pairs(kept_from(seed, 550), both=True)
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


@as_shipped(says="Runs of six do best", unit="bits a symbol of unseen plays", low=2.05, high=2.12)
def plays_by_counting(seed: int) -> float:
    stream, test, _, _ = plays()
    return NGrams(stream, 6, len(LETTERS)).bits(test)


@about_sequences(
    says="After a few hundred steps the network loses to a table of runs",
    unit="bits a symbol of unseen plays",
    low=2.8,
    high=3.7,
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
    says="With 1,500 steps, some minutes on one processor, it loses still",
    unit="bits a symbol of unseen plays, as shipped",
    low=2.12,
    high=2.7,
)
def plays_by_the_network(seed: int) -> float:
    return bits(shipped("plays"), *plays()[2:])


def ahead(name: str, alphabet: Alphabet, order: int, length: int) -> float:
    """By how many bits a symbol the shipped network is ahead of counting; strokes are counted digit by digit."""
    seen, rest = split_of(items_of(name))
    if name == "tunes":
        seen = [moved(tune, steps) for steps in range(-4, 5) for tune in seen]
    spent, symbols = 0.0, 0
    for kind in "0123456789" if name == "strokes" else [""]:
        known, asked = (
            alphabet.encode("\n" + "\n".join(item for item in items if item.startswith(kind)) + "\n")
            for items in (seen, rest)
        )
        spent += NGrams(known, order, len(alphabet)).bits(asked) * len(asked)
        symbols += len(asked)
    return spent / symbols - bits(shipped(name), *rows_of(alphabet, rest, length))


@as_shipped(
    says="There the network is ahead, also of one table for each", unit="bits a symbol less than runs of six", low=0.2
)
def strokes_against_counting(seed: int) -> float:
    return ahead("strokes", STROKES, 6, 64)


@as_shipped(says="Tunes are a close race", unit="bits a symbol less than runs of four", low=-0.35, high=0.1)
def tunes_against_counting(seed: int) -> float:
    return ahead("tunes", TUNES, 4, 160)
