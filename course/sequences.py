"""One thing after another: counting what follows what, attention, the block that is made of it, a small transformer,
and choosing what comes next. Taught in lesson 17 (One thing after another).
Read first: `attention`, three lines; `Transformer` stacks what comes after it. What the sequences are made of (letters,
sums, strokes, notes) stands in course/streams.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from course.bars import Bar


def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    """How likely each symbol is after each run of `length` - 1 symbols, counted in a sequence (Shannon 1948).

    tokens: (n,), whole numbers from 0 to vocabulary - 1. smoothing: added to every count, above 0 (Laplace's rule is
    1). Returns (vocabulary,) * length, float32: the last axis adds up to 1."""
    table = torch.full((vocabulary,) * length, float(smoothing), device=tokens.device)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)


def causal_mask(length: int) -> Tensor:
    """Where each place of a sequence may look: at itself and at what came before. Returns (length, length), bool, True
    in row i and column j where j <= i."""
    return torch.ones(length, length, dtype=torch.bool).tril()


def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    """A look-up that is not all or nothing: each query gets the values, weighted by how well their keys fit it (Vaswani
    and others 2017, equation 1).

    queries: (..., n, width); keys: (..., m, width); values: (..., m, depth). mask: bool, (n, m) or a shape that fits
    (..., n, m), True where a query may look; every query may look somewhere. Returns (..., n, depth)."""
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values


def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    """Several attentions side by side, each on its own part of the width. queries: (batch, n, width); keys, values:
    (batch, m, width); heads divides the width, and head h has the h-th part of it. mask: as in `attention`, (n, m), the
    same for all heads. Returns (batch, n, width), the heads' answers one beside the other."""
    queries, keys, values = (whole.unflatten(-1, (heads, -1)).transpose(1, 2) for whole in (queries, keys, values))
    return attention(queries, keys, values, mask).transpose(1, 2).flatten(-2)


def block(stream: Tensor, attend: Callable[[Tensor], Tensor], feed: Callable[[Tensor], Tensor]) -> Tensor:
    """One block of a transformer, normalised first (Xiong and others 2020): what attention finds is added to the
    stream, and then what a small network makes of each place. stream: (..., n, width); attend, feed: from normalised
    streams to what is added, the same shape. Returns the stream's shape."""
    width = stream.shape[-1:]
    stream = stream + attend(F.layer_norm(stream, width))
    return stream + feed(F.layer_norm(stream, width))


def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    """A symbol for each row of logits, drawn with the probabilities softmax(logits / temperature).

    logits: (n, vocabulary); temperature: 0 or more, 0 takes the largest; chance: (n,), numbers from 0 to 1, the dice:
    the first symbol is taken at which the probabilities, added up from symbol 0 on, come above it. Returns (n,),
    int64."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)


class NGrams:
    """Counts of runs of symbols up to `order`, where a long run that is rare falls back on a shorter one: discount off
    each count goes there, and a shorter run counts for as many different symbols as stood before it (Kneser and Ney
    1995; interpolated, Chen and Goodman 1999). Only runs that were seen are kept, sorted, so that long ones fit.

    Read `of`; `ngrams` is the same idea as one table."""

    def __init__(self, tokens: Tensor, order: int, vocabulary: int, discount: float = 0.75) -> None:
        if vocabulary**order >= 2**62:
            raise ValueError(f"{vocabulary} symbols in runs of {order} are more than a number has room for")
        self.order, self.vocabulary, self.discount = order, vocabulary, discount
        self.seen = []  # for each length: runs, their counts; contexts, their counts, how many symbols followed
        for length in range(1, order + 1):
            keys = self._keys(tokens, length)
            if length < order:  # a run once for each symbol that stood before it
                keys = self._keys(tokens, length + 1).unique() % vocabulary**length
            runs, counts = torch.unique(keys, return_counts=True)
            contexts, of_context = torch.unique(runs // vocabulary, return_inverse=True)
            totals = torch.zeros(len(contexts), dtype=torch.int64).index_add(0, of_context, counts)
            kinds = torch.bincount(of_context, minlength=len(contexts))
            self.seen.append((runs, counts, contexts, totals, kinds))

    def _keys(self, tokens: Tensor, length: int) -> Tensor:
        """Each run of a length as one number, (n - length + 1,)."""
        keys = torch.zeros(len(tokens) - length + 1, dtype=torch.int64)
        for place in range(length):
            keys = keys * self.vocabulary + tokens[place : len(tokens) - length + 1 + place]
        return keys

    def of(self, contexts: Tensor, symbols: Tensor) -> Tensor:
        """How likely a symbol is after a context. contexts: (n, order - 1), the latest last; symbols: (n,). (n,)."""
        likely = torch.full((len(symbols),), 1 / self.vocabulary)
        for length, (runs, counts, before, totals, kinds) in enumerate(self.seen, start=1):
            key = torch.zeros(len(symbols), dtype=torch.int64)
            for place in range(self.order - length, self.order - 1):
                key = key * self.vocabulary + contexts[:, place]
            total, kind = _found(before, key, totals), _found(before, key, kinds)
            count = _found(runs, key * self.vocabulary + symbols, counts)
            mixed = ((count - self.discount).clamp(min=0) + self.discount * kind * likely) / total.clamp(min=1)
            likely = torch.where(total > 0, mixed, likely)
        return likely

    def bits(self, tokens: Tensor, counted: Tensor | None = None) -> float:
        """Bits a symbol on other tokens, (n,); counted: (n,), bool, which symbols are asked about, by default all but
        the first few."""
        places = torch.arange(self.order - 1, len(tokens))
        if counted is not None:
            places = places[counted[self.order - 1 :]]
        contexts = tokens[places[:, None] + torch.arange(1 - self.order, 0)]
        return float(-self.of(contexts, tokens[places]).log2().mean())

    def write(self, start: Tensor, count: int, generator: Generator) -> Tensor:
        """Go on from a start of at least order - 1 symbols, (n,), by `count` symbols drawn one by one. (n + count,)."""
        written, every = list(start), torch.arange(self.vocabulary)
        for _ in range(count):
            context = torch.stack(written[len(written) - self.order + 1 :]).expand(self.vocabulary, -1)
            written.append(torch.multinomial(self.of(context, every), 1, generator=generator)[0])
        return torch.stack(written)


def _found(keys: Tensor, wanted: Tensor, values: Tensor) -> Tensor:
    """The value of each wanted key in a sorted list, 0 where it is not there. float32."""
    at = torch.searchsorted(keys, wanted).clamp(max=len(keys) - 1)
    return torch.where(keys[at] == wanted, values[at], 0).float()


class Attention(nn.Module):
    """Attention of a sequence to itself: queries, keys and values are three linear layers of the stream, a fourth takes
    what the heads have found back into it. `heads_of` is `multi_head` or another with the same arguments."""

    def __init__(self, width: int, heads: int, heads_of: Callable[..., Tensor]) -> None:
        super().__init__()
        self.heads, self.heads_of = heads, heads_of
        self.inputs, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, stream: Tensor, mask: Tensor | None, kept: list[Tensor] | None = None) -> Tensor:
        """stream: (batch, n, width); kept: the keys and values of earlier places, or none yet, brought up to date."""
        queries, keys, values = self.inputs(stream).chunk(3, dim=-1)
        if kept is not None:
            if kept:
                keys, values = torch.cat([kept[0], keys], dim=1), torch.cat([kept[1], values], dim=1)
            kept[:] = [keys, values]
        return self.output(self.heads_of(queries, keys, values, self.heads, mask))


class Transformer(nn.Module):
    """Symbols to logits of the symbol that follows each (a decoder: Radford and others 2018; Vaswani and others 2017).

    vocabulary: how many symbols there are; length: the longest sequence; width: of the stream, a multiple of `heads`;
    layers: how many blocks. multi_head, block: the functions of this module, or a learner's."""

    def __init__(
        self,
        vocabulary: int,
        length: int,
        width: int = 64,
        heads: int = 4,
        layers: int = 2,
        multi_head: Callable[..., Tensor] = multi_head,
        block: Callable[..., Tensor] = block,
    ) -> None:
        super().__init__()
        self.length, self.block = length, block
        self.symbols, self.places = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        for table in (self.symbols, self.places):
            nn.init.normal_(table.weight, std=0.1)
        self.attentions = nn.ModuleList(Attention(width, heads, multi_head) for _ in range(layers))
        self.feeds = nn.ModuleList(
            nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width)) for _ in range(layers)
        )
        self.head = nn.Linear(width, vocabulary)

    def forward(self, tokens: Tensor, kept: list[list[Tensor]] | None = None, causal: bool = True) -> Tensor:
        """tokens: (batch, n), n at most `length`. kept: a list for the keys and values of earlier places (empty at the
        beginning): with it, only what is new has to be given. causal: whether later places are hidden. Returns
        (batch, n, vocabulary), logits."""
        if kept is not None and not kept:
            kept.extend([] for _ in self.attentions)
        past = kept[0][0].shape[1] if kept and kept[0] else 0
        total = past + tokens.shape[1]
        mask = causal_mask(total)[past:].to(tokens.device) if causal else None
        stream = self.symbols(tokens) + self.places(torch.arange(past, total, device=tokens.device))
        for layer, (attention_of, feed) in enumerate(zip(self.attentions, self.feeds, strict=True)):
            held = kept[layer] if kept is not None else None
            stream = self.block(stream, lambda calm, a=attention_of, k=held: a(calm, mask, k), feed)
        return self.head(F.layer_norm(stream, stream.shape[-1:]))


def learn(
    net: nn.Module,
    batch: Callable[[Generator], tuple[Tensor, Tensor]],
    steps: int,
    learning_rate: float = 3e-3,
    generator: Generator | None = None,
    name: str = "",
) -> list[float]:
    """Train by AdamW; the rate rises for a seventh of the steps and falls to nothing by the end (half cosines), and the
    first of the betas goes the other way, from .95 to .85 and back, as torch's OneCycleLR has it.
    batch: a generator to tokens (n, length) and targets (n, length), -100 where nothing is asked. Returns the loss of
    each step, in bits a symbol; with a name, a bar is shown."""
    optimiser = torch.optim.AdamW(net.parameters(), lr=learning_rate, betas=(0.9, 0.98), weight_decay=0.01)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, learning_rate, total_steps=steps, pct_start=0.15)
    device = next(net.parameters()).device
    generator = generator or torch.Generator().manual_seed(0)
    losses = []
    for _ in Bar(range(steps), name=name, progress=bool(name)):
        tokens, targets = (part.to(device) for part in batch(generator))
        loss = F.cross_entropy(net(tokens).flatten(0, 1), targets.flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        rate.step()
        losses.append(float(loss.detach()) / math.log(2))
    return losses


def windows(stream: Tensor, starts: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """Pieces of a long sequence and, for each symbol, the one that follows it. stream: (n,); starts: (k,), at most n -
    length - 1. Returns (k, length) twice."""
    pieces = stream[starts[:, None] + torch.arange(length + 1)]
    return pieces[:, :-1], pieces[:, 1:]


def bits(net: nn.Module, tokens: Tensor, targets: Tensor, batch_size: int = 256) -> float:
    """Bits a symbol: the mean of -log2 of the probability that the network gave what came. tokens, targets: (n,
    length); targets of -100 are not asked about."""
    device, total = next(net.parameters()).device, 0.0
    with torch.no_grad():
        for rows in torch.arange(len(tokens)).split(batch_size):
            logits = net(tokens[rows].to(device)).flatten(0, 1)
            total += float(F.cross_entropy(logits, targets[rows].to(device).flatten(), reduction="sum"))
    return total / int((targets != -100).sum()) / math.log(2)


def write(
    net: Transformer,
    start: Tensor,
    count: int,
    temperature: float = 1.0,
    generator: Generator | None = None,
    choose: Callable[[Tensor, float, Tensor], Tensor] = pick,
    ends: Sequence[int] = (),
    keep: bool = False,
) -> Tensor:
    """Go on from a start, one symbol at a time, each drawn by `choose`. start: (batch, n). The network sees the last
    `length` symbols. ends: writing stops when every row has had one of these symbols. keep: the keys and values of what
    was written are kept, and only the new symbol goes through; all of it has to fit into the network's length. Returns
    (batch, n + at most count). Raises ValueError when it does not fit."""
    if keep and start.shape[1] + count > net.length:
        raise ValueError(f"{start.shape[1]} + {count} symbols do not fit into the network's {net.length}")
    written, device = start, next(net.parameters()).device
    kept: list[list[Tensor]] | None = [] if keep else None
    finished = torch.zeros(len(start), dtype=torch.bool)
    last = torch.tensor(list(ends), dtype=torch.int64)
    with torch.no_grad():
        for _ in range(count):
            seen = written[:, -1:] if kept else written[:, -net.length :]
            logits = net(seen.to(device), kept)[:, -1].cpu()
            chosen = choose(logits, temperature, torch.rand(len(start), generator=generator))
            written = torch.cat([written, chosen[:, None]], dim=1)
            finished |= torch.isin(chosen, last)
            if bool(finished.all()):
                break
    return written
