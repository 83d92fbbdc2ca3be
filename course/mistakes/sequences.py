"""Lesson 17, One thing after another: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/sequences.py first; the functions that `block` is given are those of the lesson's setup cell."""

import math
from typing import Any

import torch
import torch.nn.functional as F

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.sequences import attention, block, causal_mask, multi_head, ngrams, pick

# A table gives its programs the arguments that its mistakes need.
program: Any

COUNTED = ("arguments", "twice", "device")  # whole numbers come in, or nothing flows through what goes out


@takes(ngrams, contract=("arguments", "twice"))
def _(draw):
    vocabulary, length = draw.whole(2, 4), draw.whole(1, 3)
    n = draw.rows(1, 12)
    return call(draw.integers(n, most=vocabulary - 1), length, vocabulary, smoothing=draw.one_of(1.0, 0.5, 2.0, 0.125))


def table_of(tokens, length, vocabulary, smoothing=0.0, last=1, step=1, flip=False):
    """Counts of runs, one thing in it done otherwise."""
    table = torch.full((vocabulary,) * length, float(smoothing))
    for start in range(0, len(tokens) - length + last, step):
        run = tokens[start : start + length].tolist()
        if len(run) == length:
            table[tuple(reversed(run) if flip else run)] += 1
    return table


def shares(table, axis=-1):
    return table / table.sum(dim=axis, keepdim=True)


NGRAMS = {
    "nothing is smoothed: a run that was never seen gets 0, and an empty row 0/0; add `smoothing` to every count":
        lambda t, k, v, s: shares(table_of(t, k, v)),
    "these are counts; divide each row by its sum, along the last axis": lambda t, k, v, s: table_of(t, k, v, s),
    "those are the bare counts: add `smoothing` to each and divide each row by its sum": lambda t, k, v, s: table_of(t, k, v),
    "smoothing is always 1 here; take the argument": lambda t, k, v, s: shares(table_of(t, k, v, 1.0)),
    "you divided by the sum of the whole table; each context has its own sum, along the last axis":
        lambda t, k, v, s: (c := table_of(t, k, v, s)) / c.sum(),
    "you divided along the first axis; the symbol that follows is the last axis": lambda t, k, v, s: shares(table_of(t, k, v, s), 0),
    "the last run is missing: the loop ends one early": lambda t, k, v, s: shares(table_of(t, k, v, s, last=0)),
    "the runs overlap: begin one at every place, not only every `length` places": lambda t, k, v, s: shares(table_of(t, k, v, s, step=k)),
    "the runs stand back to front: the first symbol of a run is the first axis": lambda t, k, v, s: shares(table_of(t, k, v, s, flip=True)),
    "smoothing is added to the count but not to the row's sum, so the row does not add up to 1":
        lambda t, k, v, s: table_of(t, k, v, s) / table_of(t, k, v).sum(-1, keepdim=True).clamp(min=1),
    "smoothing is added to the row's sum once; it was added to every symbol, so the sum grows by `vocabulary` times as much":
        lambda t, k, v, s: (c := table_of(t, k, v)).add(s) / (c.sum(-1, keepdim=True) + s),
    "smoothing is in the row's sum, but not in the counts": lambda t, k, v, s: (c := table_of(t, k, v)) / (c.sum(-1, keepdim=True) + s * v),
    "whatever `length` is asked for, pairs are counted": lambda t, k, v, s: ngrams(t, 2, v, s),
    "each run is marked as seen, not counted: add 1 each time": lambda t, k, v, s: shares(table_of(t, k, v).clamp(max=1) + s),
    "that is the softmax of the counts; divide each by the row's sum": lambda t, k, v, s: table_of(t, k, v, s).softmax(dim=-1),
    "those are logarithms; give the probabilities themselves": lambda t, k, v, s: ngrams(t, k, v, s).log(),
}
for words, program in NGRAMS.items():
    mistake(ngrams, words)(lambda tokens, length, vocabulary, smoothing=1.0, way=program: way(tokens, length, vocabulary, smoothing))


def some_mask(draw, n, m):
    """None, or where each of n queries may look among m keys: everywhere, or somewhere at least."""
    if draw.maybe(0, 0, 1):
        return None
    mask = draw.bits(n, m).bool()
    mask[:, draw.whole(0, m - 1)] = True
    return mask


@takes(attention)
def _(draw):
    n, m, width, depth = draw.rows(1, 4), draw.rows(1, 4, turn=4), draw.whole(1, 4), draw.whole(1, 3)
    lead = draw.one_of((), (2,), (2, 3)) if max(n, m) < 50 else ()
    return call(
        draw.tensor(*lead, n, width), draw.tensor(*lead, m, width), draw.tensor(*lead, m, depth), draw.one_of(None, 1) and some_mask(draw, n, m)
    )


def looked_up(q, k, v, mask, scale=None, fill=-torch.inf, axis=-1, hide=None, scores=None, after=False):
    """The right three lines, one thing in them done otherwise."""
    found = q @ k.transpose(-1, -2) if scores is None else scores
    found = found / (math.sqrt(k.shape[-1]) if scale is None else scale)
    if mask is not None and not after:
        found = found.masked_fill(~mask if hide is None else hide(mask), fill)
    weights = found.softmax(dim=axis)
    if mask is not None and after:
        weights = weights * mask
    return weights @ v


def scores_of(q, k, mask, fill):
    found = q @ k.transpose(-1, -2) / math.sqrt(k.shape[-1])
    return found if mask is None else found.masked_fill(~mask, fill)


ATTENTION = {
    "the scores are not divided by the root of the width": lambda q, k, v, m: looked_up(q, k, v, m, scale=1),
    "you divided by the width, not by its root": lambda q, k, v, m: looked_up(q, k, v, m, scale=k.shape[-1]),
    "you multiplied by the root of the width: divide": lambda q, k, v, m: looked_up(q, k, v, m, scale=1 / math.sqrt(k.shape[-1])),
    "you divided by the root of how many keys there are; the width of a key is the last axis":
        lambda q, k, v, m: looked_up(q, k, v, m, scale=math.sqrt(k.shape[-2])),
    "you divided by the root of the values' width; queries and keys have their own": lambda q, k, v, m: looked_up(q, k, v, m, scale=math.sqrt(v.shape[-1])),
    "the mask is not used": lambda q, k, v, m: attention(q, k, v),
    "the mask is turned round: True is where a query may look": lambda q, k, v, m: looked_up(q, k, v, m, hide=lambda mask: mask),
    "a hidden place's score is set to 0, and e to the 0 is 1: it still counts; set it to minus infinity":
        lambda q, k, v, m: looked_up(q, k, v, m, fill=0.0),
    "a hidden place is set to the smallest positive number, which is about 0, and e to the 0 is 1; minus infinity is wanted":
        lambda q, k, v, m: looked_up(q, k, v, m, fill=torch.finfo(q.dtype).tiny),
    "the mask comes after the softmax, so what is left no longer adds up to 1; hide the scores, before it":
        lambda q, k, v, m: looked_up(q, k, v, m, after=True),
    "the softmax goes along the queries; each query's weights add up to 1, along the last axis":
        lambda q, k, v, m: looked_up(q, k, v, m, axis=-2),
    "the softmax is missing: scores are not weights": lambda q, k, v, m: scores_of(q, k, m, 0.0) @ v,
    "each query takes the value of the best key alone; the look-up is soft":
        lambda q, k, v, m: F.one_hot(scores_of(q, k, m, -torch.inf).argmax(-1), k.shape[-2]).to(v) @ v,
    "you gave the weights; the values, weighted by them, are wanted": lambda q, k, v, m: looked_up(q, k, torch.eye(k.shape[-2]).to(v), m),
    "the keys are weighted here; the weights are for the values": lambda q, k, v, m: attention(q, k, k, m),
    "the weights are all alike: each query gets the mean of the values, whatever its key says": lambda q, k, v, m: attention(0 * q, k, v, m),
}
for words, program in ATTENTION.items():
    mistake(attention, words)(lambda queries, keys, values, mask=None, way=program: way(queries, keys, values, mask))


@takes(causal_mask, contract=("twice",))
def _(draw):
    return call(draw.rows(1, 9))


MASKS = {
    "this is the other way round: row i is the place that looks, and it may look at columns up to i": lambda n: torch.ones(n, n, dtype=torch.bool).triu(),
    "a place may look at itself as well: the diagonal is True": lambda n: torch.ones(n, n, dtype=torch.bool).tril(-1),
    "a place sees the one after it here, which is the answer": lambda n: torch.ones(n, n, dtype=torch.bool).tril(1),
    "True is where a place may look; you marked what is hidden": lambda n: ~causal_mask(n),
    "these are ones and zeros: the mask is of bool, `dtype=torch.bool`": [
        lambda n: torch.ones(n, n).tril(),
        lambda n: torch.ones(n, n, dtype=torch.int64).tril(),
    ],
    "everything is allowed": lambda n: torch.ones(n, n, dtype=torch.bool),
    "a place sees itself only": lambda n: torch.eye(n, dtype=torch.bool),
    "these are numbers to add to the scores (0 and minus infinity); here True and False are wanted":
        lambda n: torch.zeros(n, n).masked_fill(~causal_mask(n), -torch.inf),
    "it is one place too long": lambda n: causal_mask(n + 1),
    "it is one place too short": lambda n: causal_mask(n)[1:, 1:],
}
for words, program in MASKS.items():
    for each in program if isinstance(program, list) else [program]:
        mistake(causal_mask, words)(lambda length, way=each: way(length))


@takes(multi_head)
def _(draw):
    heads, part = draw.whole(1, 3), draw.whole(1, 3)
    batch, n, m = draw.rows(1, 3), draw.rows(1, 4, turn=4), draw.whole(1, 4)
    width = heads * part
    if batch > 50:
        n, m = min(n, 2), min(m, 2)
    return call(
        draw.tensor(batch, n, width), draw.tensor(batch, m, width), draw.tensor(batch, m, width), heads, draw.one_of(None, 1) and some_mask(draw, n, m)
    )


def by_parts(q, k, v, h, mask, cut, join):
    """multi_head with other ways to take apart and to put together."""
    return join(attention(*(cut(each, h) for each in (q, k, v)), mask))


def strided(x, h):
    """Every h-th column to a head, (batch, h, n, width / h)."""
    return x.unflatten(-1, (-1, h)).permute(0, 3, 1, 2)


def straight(x, h):
    """Reshaped without a transpose: rows are torn apart, (batch, h, n, width / h)."""
    return x.reshape(x.shape[0], h, x.shape[1], -1)


def parted(x, h):
    return x.unflatten(-1, (h, -1)).transpose(1, 2)


def joined(x):
    return x.transpose(1, 2).flatten(-2)


HEADS = {
    "there is one head only: `heads` is not looked at": lambda q, k, v, h, m: attention(q, k, v, m),
    "the mask is not used": lambda q, k, v, h, m: multi_head(q, k, v, h),
    "you reshaped to (batch, heads, n, part) straight away, which tears the places apart: split the last axis first, then exchange axes 1 and 2":
        lambda q, k, v, h, m: by_parts(q, k, v, h, m, straight, joined),
    "every head got every so many columns; head h has the h-th part of the width, columns that stand together":
        lambda q, k, v, h, m: by_parts(q, k, v, h, m, strided, lambda x: x.permute(0, 2, 3, 1).flatten(-2)),
    "the heads are not put back beside each other: exchange axes 1 and 2 again before you reshape":
        lambda q, k, v, h, m: by_parts(q, k, v, h, m, parted, lambda x: x.reshape(x.shape[0], x.shape[2], -1)),
    "the heads' answers are averaged; put them one beside the other": lambda q, k, v, h, m: by_parts(q, k, v, h, m, parted, lambda x: x.mean(dim=1)),
    "the heads' answers are added up; put them one beside the other": lambda q, k, v, h, m: by_parts(q, k, v, h, m, parted, lambda x: x.sum(dim=1)),
    "the heads are still apart: (batch, n, width) is wanted": lambda q, k, v, h, m: by_parts(q, k, v, h, m, parted, lambda x: x),
    "the heads attend to each other at each place, since their axis stands where the places should: exchange axes 1 and 2 before attention":
        lambda q, k, v, h, m: attention(*(x.unflatten(-1, (h, -1)) for x in (q, k, v))).flatten(-2),
    "the queries are given in place of the keys: a place looks at what it wants, not at what the others offer":
        lambda q, k, v, h, m: multi_head(q, q, v, h, m),
    "the keys are given in place of the values": lambda q, k, v, h, m: multi_head(q, k, k, h, m),
    "the heads come out in the wrong order, the last one first": lambda q, k, v, h, m: by_parts(q, k, v, h, m, parted, lambda x: joined(x.flip(1))),
    "the scores are divided by the root of the whole width; each head divides by the root of its own part":
        lambda q, k, v, h, m: multi_head(q / math.sqrt(h), k, v, h, m),
    "only the first head is there": lambda q, k, v, h, m: by_parts(q, k, v, h, m, parted, lambda x: x[:, 0]),
}
for words, program in HEADS.items():
    mistake(multi_head, words)(lambda queries, keys, values, heads, mask=None, way=program: way(queries, keys, values, heads, mask))


@takes(block)
def _(draw):
    batch, n, width = draw.rows(1, 3), draw.whole(1, 4), draw.whole(2, 4)
    made = call(draw.tensor(batch, n if batch < 50 else 1, width), draw.named("gathered", "turned"), draw.named("bent", "raised"))
    return made.gradient(0) if draw.number % 4 == 1 else made  # by the stream alone a gradient always gets through


def calm(stream, axes=1):
    return F.layer_norm(stream, stream.shape[-axes:])


def in_two(stream, attend, feed, first=calm, second=calm):
    stream = stream + attend(first(stream))
    return stream + feed(second(stream))


def as_it_is(stream):
    return stream


BLOCK = {
    "what attention found replaces the stream; it is to be added to it": lambda x, a, f: (y := a(calm(x))) + f(calm(y)),
    "what the network made replaces the stream; it is to be added to it": lambda x, a, f: f(calm(x + a(calm(x)))),
    "nothing is added to the stream: both steps replace it": lambda x, a, f: f(calm(a(calm(x)))),
    "nothing is normalised": lambda x, a, f: in_two(x, a, f, as_it_is, as_it_is),
    "what attention gets is not normalised": lambda x, a, f: in_two(x, a, f, as_it_is),
    "what the network gets is not normalised": lambda x, a, f: in_two(x, a, f, calm, as_it_is),
    "you normalised after adding, as in 2017; here the norm comes before each step, and the stream itself is left alone":
        lambda x, a, f: (y := calm(x + a(x))) is not None and calm(y + f(y)),
    "the normalised stream is carried on: the sum begins from the stream as it came":
        lambda x, a, f: (y := calm(x) + a(calm(x))) is not None and calm(y) + f(calm(y)),
    "both steps get the stream as it came; the second gets what the first has made of it": lambda x, a, f: x + a(calm(x)) + f(calm(x)),
    "the network comes first here, and attention after it": lambda x, a, f: in_two(x, f, a),
    "the step through the network is missing": lambda x, a, f: x + a(calm(x)),
    "attention is missing": lambda x, a, f: x + f(calm(x)),
    "you normalised over places and width together; each place by itself, over the last axis":
        lambda x, a, f: in_two(x, a, f, lambda y: calm(y, 2), lambda y: calm(y, 2)),
    "the spread is worked out with n - 1; layer norm divides by n": lambda x, a, f: in_two(
        x, a, f, *([lambda y: (y - y.mean(-1, keepdim=True)) / (y.var(-1, keepdim=True) + 1e-5).sqrt()] * 2)
    ),
    "the mean is taken off, and the spread is left as it was": lambda x, a, f: in_two(x, a, f, *([lambda y: y - y.mean(-1, keepdim=True)] * 2)),
    "the stream at the end is normalised as well: leave it as it is": lambda x, a, f: calm(block(x, a, f)),
    "the stream is added twice": lambda x, a, f: x + block(x, a, f),
    "no gradient goes through attention and the network, so neither can learn": lambda x, a, f: in_two(
        x, lambda y: a(y).detach(), lambda y: f(y).detach()),
    "no gradient goes through attention, which cannot learn": lambda x, a, f: in_two(x, lambda y: a(y).detach(), f),
    "no gradient goes through the network, which cannot learn": lambda x, a, f: in_two(x, a, lambda y: f(y).detach()),
}
for words, program in BLOCK.items():
    mistake(block, words)(lambda stream, attend, feed, way=program: way(stream, attend, feed))


@takes(pick, contract=COUNTED)
def _(draw):
    n, symbols = draw.rows(), draw.whole(2, 5)
    # No two logits of a row are alike, and no chance lies on the border between two symbols.
    logits = draw.tensor(n, symbols) + torch.arange(symbols) / 64
    return call(logits, draw.one_of(1.0, 0.5, 0.0, 2.0, 0.25), (draw.integers(n, most=96) + 0.37).to(logits.dtype) / 97)


def drawn_from(likely, u):
    return (likely.cumsum(dim=-1) <= u[:, None]).sum(dim=-1).clamp(max=likely.shape[-1] - 1)


def cold(z, t, u, way):
    """A mistake that is made only where the temperature is not 0."""
    return z.argmax(dim=-1) if t == 0 else way(z, t, u)


PICK = {
    "the temperature is not looked at": lambda z, t, u: pick(z, 1.0, u),
    "you multiplied by the temperature: divide, so that a high one evens the odds": lambda z, t, u: cold(z, t, u, lambda z, t, u: pick(z * t, 1.0, u)),
    "you divided the probabilities by the temperature; divide the logits, before the softmax":
        lambda z, t, u: cold(z, t, u, lambda z, t, u: drawn_from(z.softmax(-1) / t, u)),
    "the likeliest is taken each time; the dice are not looked at": lambda z, t, u: z.argmax(dim=-1),
    "a temperature of 0 takes the largest logit; here it is treated as 1": lambda z, t, u: pick(z, t or 1.0, u),
    "a temperature of 0 takes the largest logit; here it takes the smallest": lambda z, t, u: z.argmin(-1) if t == 0 else pick(z, t, u),
    "a temperature of 0 gives 0/0 and no symbol: take the largest logit": [
        lambda z, t, u: drawn_from((z / t).softmax(-1), u),
        lambda z, t, u: ((z / t).softmax(-1).cumsum(-1) > u[:, None]).int().argmax(-1),
        lambda z, t, u: torch.searchsorted((z / t).softmax(-1).cumsum(-1), u[:, None]).squeeze(-1),
    ],
    "the softmax goes along the rows; each row is a choice of its own, along the last axis":
        lambda z, t, u: cold(z, t, u, lambda z, t, u: drawn_from((z / t).softmax(0), u)),
    "the softmax is missing": lambda z, t, u: cold(z, t, u, lambda z, t, u: drawn_from(z / t, u)),
    "the probabilities are not added up: compare the dice with their running sum": lambda z, t, u: cold(
        z, t, u, lambda z, t, u: ((z / t).softmax(-1) > u[:, None]).int().argmax(-1)
    ),
    "you are one symbol too far": lambda z, t, u: cold(z, t, u, lambda z, t, u: (pick(z, t, u) + 1).clamp(max=z.shape[-1] - 1)),
    "you are one symbol short: the first is number 0": lambda z, t, u: cold(z, t, u, lambda z, t, u: pick(z, t, u) - 1),
    "every row is thrown with the first row's dice": lambda z, t, u: pick(z, t, u[:1].expand_as(u)),
    "the sum runs from the last symbol down; begin with symbol 0": lambda z, t, u: cold(
        z, t, u, lambda z, t, u: z.shape[-1] - 1 - pick(z.flip(-1), t, u)
    ),
    "these are the probabilities; a symbol a row is wanted": lambda z, t, u: (z / (t or 1)).softmax(-1),
    "you threw dice of your own: `chance` holds them": lambda z, t, u: cold(
        z, t, u, lambda z, t, u: torch.multinomial((z / t).softmax(-1), 1, generator=torch.Generator().manual_seed(0))[:, 0]
    ),
    "you sorted the logits first, so the numbers no longer say which symbol it is": lambda z, t, u: cold(
        z, t, u, lambda z, t, u: pick(z.sort(dim=-1, descending=True).values, t, u)
    ),
}
for words, program in PICK.items():
    for each in program if isinstance(program, list) else [program]:
        mistake(pick, words)(lambda logits, temperature, chance, way=each: way(logits, temperature, chance))

for dtype in ("float32", "float64"):
    makes_no_difference(ngrams, dtype, "probabilities made of counts may be of any type with a decimal point, its docstring says")
makes_no_difference(pick, "strictness", "no chance is drawn that lies on the border of two symbols, where rounding decides", "reached")
