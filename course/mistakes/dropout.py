"""Lesson 06, Throw some of it away: what its exercises take, what is read back of chance, and what people do wrong in
them. Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that
is shorter.
Read course/dropout.py first; then `facts`, the named quantities that are the same for every right answer."""

import itertools
from dataclasses import replace

import torch
from torch import Tensor, nn

from course.checks.draws import FLOWS, call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.dropout import AdamW, Dropout, average_over_masks, dropout, masked, train_and_measure


@takes(masked, tolerance=1e-5)  # a mask of True and False is divided in float32, also where x is float64
def _(draw):
    rows, columns = draw.rows(), draw.whole(1, 5)
    shape = draw.one_of((columns,), (rows, columns), (2, rows, columns))
    # Nobody asks for a gradient by the mask, so where gradients are watched it is of a kind that takes none.
    kind = draw.one_of(torch.bool, torch.int64) if draw.number % FLOWS == 1 else draw.one_of(draw.dtype, torch.bool, torch.int64)
    mask = draw.bits(*draw.one_of(shape, shape[-1:], (*shape[:-1], 1)), dtype=kind)
    if draw.number % FLOWS == 1:
        mask[(0,) * mask.ndim] = 1  # and something is kept that a gradient can reach
    return call(draw.tensor(*shape), mask, draw.whole(0, 19) / 20)


MASKED = {
    "you dropped, and forgot to scale up what is kept: divide by 1 - p": lambda x, m, p: x * m,
    "you divided by p, the share that is dropped: what is kept is the share 1 - p": lambda x, m, p: x * m / p,
    "you multiplied by 1 - p: those who stay work more, not less, so divide": lambda x, m, p: x * m * (1 - p),
    "you multiplied by p: those who stay work more, so divide, by the share kept": lambda x, m, p: x * m * p,
    "you divided by the share that this mask happened to keep: divide by 1 - p, whatever the coins did":
        lambda x, m, p: x * m / m.float().mean(),
    "you divided by how many this mask keeps: divide by 1 - p": lambda x, m, p: x * m / m.sum(),
    "you scaled so that the sum stays what it was in this very draw: divide by 1 - p, whatever the coins did":
        lambda x, m, p: x * m * (x.sum() / (x * m).sum()),
    "you took the dropped numbers out: they stay in their places, as zeros": lambda x, m, p: x[m > 0] / (1 - p),
    "you took the dropped numbers out and did not scale: they stay in their places, as zeros, and the others are "
    "divided by 1 - p":
        lambda x, m, p: x[m > 0],
    "brackets are missing: `/ 1 - p` divides by 1 and then subtracts p": lambda x, m, p: x * m - p,
    "you multiplied by 1 + p: to make up for a quarter that is missing a third has to be added, so divide by 1 - p":
        lambda x, m, p: x * m * (1 + p),
    "you divided by 1 + p: what is kept is the share 1 - p": lambda x, m, p: x * m / (1 + p),
    "you scaled everything and dropped nothing: the mask is missing": lambda x, m, p: x / (1 - p),
    "you scaled the mask, and x is missing: multiply it in": lambda x, m, p: m / (1 - p),
    "you scaled twice: one division by 1 - p is enough": lambda x, m, p: x * m / (1 - p) ** 2,
    "you multiplied by p and divided by 1 - p: the division alone does it": lambda x, m, p: x * m * p / (1 - p),
    "you took a root: the average is kept by dividing by 1 - p itself": lambda x, m, p: x * m / (1 - p) ** 0.5,
    "what the mask drops is still there, as it was: it becomes zero":
        lambda x, m, p: torch.where(m > 0, x / (1 - p), x),
    "you made one number of it: what is kept stays in its place, and so do the zeros":
        lambda x, m, p: (x * m).sum() / (1 - p),
    "you subtracted 1 - p: divide by it": lambda x, m, p: x * m - (1 - p),
    "you doubled what is kept, whatever p is: divide by 1 - p": lambda x, m, p: x * m * 2,
    "the mask that came with the call is not looked at: no coin is flipped here":
        lambda x, m, p: x * (torch.rand(x.shape) >= p) / (1 - p),
    "`@` adds up, as a matrix product does: `*` multiplies number by number": lambda x, m, p: x @ (m / (1 - p)),
    "`1 - mask` stops where the mask is of True and False, and it may be: `x * mask` takes both":
        lambda x, m, p: x * m / (1 - p) + 0 * (1 - m),
    "`torch.where` wants a mask of True and False, and it may be of ones and zeros: multiply by it, or ask `mask > 0`":
        lambda x, m, p: torch.where(m, x / (1 - p), 0 * x),
    "`if` can ask one number only, and a mask has many: multiply by it": lambda x, m, p: x / (1 - p) if m else 0 * x,
    "number and mask went in pairs, and a mask may be smaller than x and stretch to it: `x * mask` does that by itself":
        lambda x, m, p: torch.stack([a * b / (1 - p) for a, b in zip(x.flatten(), m.flatten(), strict=False)]).reshape(x.shape),
}
for words, program in MASKED.items():
    mistake(masked, words)(lambda x, mask, p, program=program: program(x, mask, p))
for own in (lambda x, p: nn.functional.dropout(x, p), lambda x, p: x * torch.full(x.shape, 1 - p).bernoulli() / (1 - p)):
    mistake(masked, "the mask that came with the call is not looked at: no coin is flipped here")(
        lambda x, mask, p, own=own: own(x, p))
mistake(masked, "`@` adds up, as a matrix product does: `*` multiplies number by number")(lambda x, mask, p: x @ mask / (1 - p))
for flipped in (lambda mask: 1 - mask, lambda mask: 1 - mask.float()):
    mistake(masked, "you kept what the mask drops: 1 means keep")(lambda x, mask, p, flipped=flipped: x * flipped(mask) / (1 - p))
    mistake(masked, "you kept what the mask drops, and did not scale: 1 means keep, and what is kept is divided by 1 - "
        "p")(
        lambda x, mask, p, flipped=flipped: x * flipped(mask))


PICKING = {"a mask may be smaller than x and stretch to it: multiply by it, rather than picking places with it": lambda mask: mask == 0,
           "`~` swaps True and False, and a mask may be of ones and zeros: multiply by it": lambda mask: ~mask}
for words, gone in PICKING.items():
    @mistake(masked, words)
    def _(x, mask, p, gone=gone):
        out = x / (1 - p)
        out[gone(mask)] = 0
        return out


@takes(average_over_masks, tolerance=1e-5, calls=80)
def _(draw):
    return call(draw.named("total", "neuron", "both"), draw.tensor(draw.whole(1, 5), dtype=torch.float32), draw.whole(0, 19) / 20)


def total(x):
    return x.sum()


def tickets(chance=lambda p, kept, gone: (1 - p) ** kept * p ** gone, layer=lambda layer, x, mask, p: layer(masked(x, mask, p)),
            grow=lambda before, term: before + term,
            end=lambda average, n, p: average, masks=lambda n: itertools.product((0.0, 1.0), repeat=n)):
    """The average over all masks with something else in one of its places."""
    def program(given, x, p):
        average = 0.0
        for choice in masks(len(x)):
            kept = int(sum(choice))
            average = grow(average, chance(p, kept, len(x) - kept) * layer(given, x, torch.tensor(choice), p))
        return end(average, len(x), p)
    return program


def not_set_back(layer, x, p):
    average, chance = 0.0, 1.0
    for choice in itertools.product((0.0, 1.0), repeat=len(x)):
        for keeps in choice:
            chance = chance * (1 - p if keeps else p)
        average = average + chance * layer(masked(x, torch.tensor(choice), p))
    return average


def in_place(layer, x, p):
    total = torch.tensor(0.0)
    for choice in itertools.product((0.0, 1.0), repeat=len(x)):
        kept = int(sum(choice))
        total += (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, torch.tensor(choice), p))
    return total


def one_slot_each(layer, x, p):
    terms = torch.zeros(2 ** len(x))
    for number, choice in enumerate(itertools.product((0.0, 1.0), repeat=len(x))):
        kept = int(sum(choice))
        terms[number] = (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, torch.tensor(choice), p))
    return terms.sum()


def last_factor(layer, x, p):
    return sum((1 - p if choice[-1] else p) * layer(masked(x, torch.tensor(choice), p)) for choice in itertools.product((0.0, 1.0), repeat=len(x)))


def somebody(n):
    return (choice for choice in itertools.product((0.0, 1.0), repeat=n) if any(choice))


def not_everybody(n):
    return (choice for choice in itertools.product((0.0, 1.0), repeat=n) if not all(choice))


TICKETS = {
    "the two probabilities have changed places: p for each unit that is dropped, 1 - p for each that is kept":
        tickets(lambda p, kept, gone: p ** kept * (1 - p) ** gone),
    "every mask counted the same: one that keeps much is likelier when p is small":
        tickets(lambda p, kept, gone: 0.5 ** (kept + gone)),
    "you added the masks up without their probabilities": tickets(lambda *_: 1.0),
    "the inputs were dropped and not scaled: use `masked`": tickets(layer=lambda layer, x, mask, p: layer(x * mask)),
    "the inputs were scaled by the wrong way round: what is kept is divided by 1 - p":
        tickets(layer=lambda layer, x, mask, p: layer(x * mask * (1 - p))),
    "what is kept was scaled once too often: `masked` scales already":
        tickets(layer=lambda layer, x, mask, p: layer(masked(x, mask, p) / (1 - p))),
    "nobody was dropped: `masked` wants the mask of this turn": lambda layer, x, p: layer(x / (1 - p)),
    "the average is written over in each turn: add to it": tickets(grow=lambda before, term: term),
    "you left out the factors p of the units that are dropped": tickets(lambda p, kept, gone: (1 - p) ** kept),
    "you left out the factors 1 - p of the units that are kept": tickets(lambda p, kept, gone: p ** gone),
    "one factor p and one factor 1 - p, whatever the mask: there is one factor for each unit":
        tickets(lambda p, kept, gone: p * (1 - p)),
    "your `return` stands inside the loop, so only the first mask had its turn":
        lambda layer, x, p: p ** len(x) * layer(0 * x),
    "`x *=` wrote over x, and left nothing for the other masks": lambda layer, x, p: layer(0 * x),
    "you divided by the number of masks as well: the probabilities add up to 1 already":
        tickets(end=lambda average, n, p: average / 2 ** n),
    "the mask that drops everybody is missing: it is rare, and it counts": tickets(masks=somebody),
    "you left the mask that drops everybody out and made up for it: it is rare, and it counts":
        tickets(masks=somebody, end=lambda average, n, p: average / (1 - p ** n)),
    "the mask that keeps everybody is missing: there are 2 ** n masks, and `range(2 ** n)` goes through all":
        tickets(masks=not_everybody),
    "you scaled what the layer says; it is the layer's input that is dropped and scaled":
        tickets(layer=lambda layer, x, mask, p: layer(x * mask) / (1 - p)),
    "the layer was asked once: drop, ask, and add up over all masks": lambda layer, x, p: layer(x),
    "the layer is missing: ask it what it makes of each masked input":
        tickets(layer=lambda layer, x, mask, p: masked(x, mask, p)),
    "you handed 1 - p to `masked`: it wants p, the share dropped":
        tickets(layer=lambda layer, x, mask, p: layer(masked(x, mask, 1 - p))),
    "you asked `total`, whatever layer came in": lambda layer, x, p: average_over_masks(total, x, p),
    "you multiplied the layer's outcome by the mask: it is the input that is dropped":
        tickets(layer=lambda layer, x, mask, p: masked(layer(x), mask, p)),
    "the number kept is the same in every turn: count how many this mask keeps, `sum(choice)`":
        tickets(lambda p, kept, gone: (1 - p) ** (kept + gone)),
    "there is one mask in your sum for each number of kept units: each unit is kept or dropped by itself, so there are "
    "2 ** n":
        tickets(masks=lambda n: itertools.combinations_with_replacement((0.0, 1.0), n)),
    "all the dropped units share one factor p: each has its own":
        tickets(lambda p, kept, gone: (1 - p) ** kept * (p if gone else 1)),
    "all the kept units share one factor 1 - p: each has its own":
        tickets(lambda p, kept, gone: (1 - p if kept else 1) * p ** gone),
    "a single number cannot grow in place, and a layer may give several: `total = total + ...`": in_place,
    "there is room for one number a mask, and a layer may give several: add up as you go": one_slot_each,
    "only the last unit's factor counts: the factors of all units are multiplied": last_factor,
    "the probability begins where the mask before ended: set it back to 1 for each mask": not_set_back,
    "the factors of the units are multiplied, not added": tickets(lambda p, kept, gone: (1 - p) * kept + p * gone),
    "each mask has its turn by itself, so it counts once: no binomial coefficient":
        tickets(lambda p, kept, gone: torch.tensor(kept + gone + 1.).lgamma().sub(torch.tensor([kept + 1., gone + 1.]).lgamma().sum()).exp()
                * (1 - p) ** kept * p ** gone),
    "the layer's two numbers were added to one another: add up over the masks only, `sum(dim=0)`":
        lambda layer, x, p: average_over_masks(layer, x, p).sum(),
    "the masks are of three units, whatever x is: `repeat=len(x)`":
        tickets(masks=lambda n: itertools.product((0.0, 1.0), repeat=3)),
    "`.item()` and `float` want a single number, and a layer may give several: keep tensors":
        tickets(layer=lambda layer, x, mask, p: layer(masked(x, mask, p)).item()),
}
for words, program in TICKETS.items():
    mistake(average_over_masks, words)(lambda layer, x, p, program=program: program(layer, x, p))


SHARES = (0.5, 0.25, 0.1, 0.4, 0.7, 0.9)
# six such outs are 16,200 coins: their share is off by a fortieth once in a thousand million
MANY, AS_MANY = (300, 9), (27, 100)


def facts(outs: list[Tensor], x: Tensor, p: float) -> dict:
    """What can be said of six outs or more of dropped-out x, and is the same for every right answer."""
    if any(not isinstance(out, Tensor) for out in outs):
        return {"what comes": sorted({type(out).__name__ for out in outs})}
    if any(out.numel() != x.numel() for out in outs):
        shapes = {tuple(out.shape) for out in outs}
        return {"shape": shapes.pop() if len(shapes) == 1 else "another in each call"}
    kept = [out != 0 for out in outs]
    scales = [{round(float(one), 4) for one in (out / x.reshape(out.shape))[places].unique()} for out, places in zip(outs, kept, strict=True)]
    every = set().union(*scales)
    scale = every.pop() if len(every) == 1 else (
        "another number in each call" if all(len(one) == 1 for one in scales) else "many numbers" if every else "nothing is kept")
    alike = {axis for places in kept for axis in range(places.ndim) if bool((places == places.narrow(axis, 0, 1)).all())}
    return {"kept numbers over x": scale, "share dropped": round(20 * (1 - float(torch.stack([places.float().mean() for places in kept]).mean()))) / 20,
            "axes along which one coin decides for all": sorted(alike),
            "another call, another mask": len({places.numpy().tobytes() for places in kept}) == len(kept),
            "how many are dropped is left to chance": len({int(places.sum()) for places in kept}) > 1}


def coins(value, call):
    """What is read back of `dropout`: x itself where no coin is flipped, else what every right answer has in common."""
    if not 0 <= call.p < 1:
        return "the call went through"
    if value is None or not call.training or call.p == 0:
        return value
    if isinstance(value, Tensor | tuple):
        return {"shape": tuple(value.shape), "each number is 0 or x / (1 - p)": value.shape == call.x.shape and bool(
            ((value == 0) | ((value - call.x / (1 - call.p)).abs() < 1e-4 * (1 + value.abs()))).all())}
    if not isinstance(value[0], list):
        return facts(value, call.x, call.p)
    first, again, other = value
    return facts(first + other, call.x, call.p) | of_seeds(first, again, other)


def of_seeds(first: list, again: list, other: list) -> dict:
    return {"the same seed, the same masks": all(map(torch.equal, first, again)), "another seed, other masks": not any(map(torch.equal, first, other))}


@takes(dropout, seen=coins, contract=("arguments", "dtype"))
def _(draw):
    kind = ("few", "many", "evaluation", "seeds", "slopes", "nobody", "refused")[draw.number % 7]
    generator = draw.generator() if draw.whole(0, 1) or kind in ("seeds", "slopes") else None
    if kind in ("many", "seeds", "slopes"):
        row = draw.tensor(MANY[1])
        x = torch.where(row == 0, 1, row).expand(MANY).clone() if kind != "slopes" else torch.ones(MANY, dtype=draw.dtype)
        plan = call(x, p=draw.one_of(*SHARES), generator=generator)
        if kind == "seeds":
            other = replace(plan, keywords={**plan.keywords, "generator": draw.generator()})
            return plan.repeated(3), plan.repeated(3), other.repeated(3)
        return (plan.gradient() if kind == "slopes" else plan).repeated(6)
    rows, columns = draw.rows(), draw.whole(1, 4)
    x = draw.tensor(*draw.one_of((columns,), (rows, columns), (2, rows, columns)))
    p = {"nobody": 0.0, "refused": draw.one_of(1.0, -0.25, 1.5, -1.0), "few": draw.whole(1, 19) / 20, "evaluation": draw.whole(0, 19) / 20}[kind]
    return call(x, p=p, training=kind in ("few", "nobody") or (kind == "refused" and draw.whole(0, 1) == 0), generator=generator)


def flips(keep=lambda x, p, generator: torch.rand(x.shape, generator=generator) >= p, out=lambda x, mask, p: x * (mask.to(x.dtype) / (1 - p)),
          evaluation=lambda x, p: x,
          allowed=lambda p, training: 0 <= p < 1):
    """Dropout with something else in one of its places."""
    def program(x, p=0.5, training=True, generator=None):
        if not allowed(p, training):
            raise ValueError
        return out(x, keep(x, p, generator), p) if training else evaluation(x, p)
    return program


def counted_out(x, p, generator):
    """As many as p says, no more and no fewer: which of them is chance."""
    return torch.randperm(x.numel(), generator=generator).reshape(x.shape) >= p * x.numel()


def slope_unscaled(x, mask, p):
    return x * mask + (x * mask * p / (1 - p)).detach()


def coins_by_bernoulli(x, p, generator):
    return torch.empty_like(x).bernoulli_(1 - p, generator=generator)


FLIPS = {
    "you kept p and dropped the others: p is the share that is dropped":
        [flips(lambda x, p, g: torch.rand(x.shape, generator=g) < p)],
    "what is kept is not scaled up: divide it by 1 - p": [flips(out=lambda x, mask, p: x * mask)],
    "you divided by p: what is kept is the share 1 - p": [flips(out=lambda x, mask, p: x * mask / p)],
    "you multiplied by 1 - p: divide by it": [flips(out=lambda x, mask, p: x * mask * (1 - p))],
    "you multiplied by p: divide by 1 - p": [flips(out=lambda x, mask, p: x * mask * p)],
    "you scaled twice: `masked` divides already": [flips(out=lambda x, mask, p: masked(x, mask, p) / (1 - p))],
    "`randn` draws from the bell curve, and its numbers are not spread evenly between 0 and 1: use `rand`":
        [flips(lambda x, p, g, below=below: (torch.randn(x.shape, generator=g) > p) != below) for below in (False, True)],
    "half is dropped, whatever p is":
        [flips(lambda x, p, g: torch.rand(x.shape, generator=g) >= 0.5),
         flips(lambda x, p, g: torch.randint(0, 2, x.shape, generator=g)),
         flips(lambda x, p, g: torch.full(x.shape, 0.5).bernoulli(generator=g))],
    "mask and scale are those of one half, whatever p is: hand p on":
        [flips(keep, lambda x, mask, p: 2 * x * mask) for keep in (
            lambda x, p, g: torch.rand(x.shape, generator=g) > 0.5, lambda x, p, g: torch.randint(0, 2, x.shape, generator=g))],
    "the draw is never compared with p: it only decides who is kept, which is where it is at least p":
        [flips(lambda x, p, g: torch.rand(x.shape, generator=g))],
    "without a generator every call has the same mask: do not seed, and make no generator, which begins at the same "
    "seed each time":
        [flips(lambda x, p, g: torch.rand(x.shape, generator=g or torch.Generator()) >= p),
         flips(lambda x, p, g: torch.rand(x.shape, generator=g or torch.Generator().manual_seed(0)) >= p)],
    "torch's own dropout takes no generator, and lets a p of 1 through":
        [lambda x, p=0.5, training=True, generator=None: nn.functional.dropout(x, p, training)],
    "you divided by the share that these coins happened to keep: divide by 1 - p":
        [flips(out=lambda x, mask, p: x * mask / mask.float().mean())],
    "what is kept was multiplied by a random number: the draw only decides who is kept":
        [flips(lambda x, p, g: (draws := torch.rand(x.shape, generator=g)) * (draws >= p))],
    "a single coin decided for all numbers: draw one coin for each of them":
        [flips(lambda x, p, g: torch.rand(1, generator=g).expand(x.shape) >= p)],
    "the mask is made of x itself, and not of chance: flip a coin for each number":
        [flips(lambda x, p, g: x >= p), flips(lambda x, p, g: x > p)],
    "a coin for each row drops whole rows: flip one for each number":
        [flips(lambda x, p, g: torch.rand(len(x), *[1] * (x.ndim - 1), generator=g).expand(x.shape) >= p)],
    "all rows share one mask: each question of a batch has its own coins":
        [flips(lambda x, p, g: torch.rand(x.shape[-1], generator=g).expand(x.shape) >= p)],
    "every call has the same mask: each draws a new one":
        [flips(lambda x, p, g: torch.rand(x.shape, generator=torch.Generator().manual_seed(0)) >= p)],
    "exactly the same number is dropped each time: flip a coin for each number, and let chance decide how many go":
        [flips(counted_out)],
    "in training nothing is dropped and nothing is scaled: the mask is missing": [flips(out=lambda x, mask, p: x)],
    "`training` is taken the wrong way round: training drops, evaluation leaves x as it is":
        [flips(out=lambda x, mask, p: x, evaluation=lambda x, p: masked(x, torch.rand(x.shape) >= p, p))],
    "`training` changes nothing: where it is False, give x back before any coin is flipped":
        [flips(evaluation=lambda x, p: masked(x, torch.rand(x.shape) >= p, p))],
    "you multiplied by 1 - p in evaluation, as the paper does; here the scaling was done in training, and "
    "evaluation leaves x as it is":
        [flips(evaluation=lambda x, p: x * (1 - p))],
    "you divided by 1 - p in evaluation too: nobody is at home, so nobody works overtime":
        [flips(evaluation=lambda x, p: x / (1 - p))],
    "you multiplied by p in evaluation: the scaling was done in training, and evaluation leaves x as it is":
        [flips(evaluation=lambda x, p: x * p)],
    "evaluation gives x as it came, not zeros": [flips(evaluation=lambda x, p: 0 * x)],
    "in evaluation nothing is given back: x is wanted, as it came": [flips(evaluation=lambda x, p: None)],
    "the generator that came in changes nothing: hand it on, `generator=generator`, to what draws the mask":
        [flips(lambda x, p, g: torch.rand(x.shape) >= p)],
    "give back one tensor: the mask stays inside": [flips(out=lambda x, mask, p: (masked(x, mask, p), mask))],
    "the dropped numbers are taken out: they stay in their places, as zeros":
        [flips(keep, lambda x, mask, p: x[mask] / (1 - p)) for keep in (counted_out, lambda x, p, g: torch.rand(x.shape, generator=g) >= p)],
    "the gradient is not scaled: divide inside the computation, by 1 - p": [flips(out=slope_unscaled)],
    "no gradient comes through: `.item()`, `.detach()`, NumPy and `tensor(list)` cut it off; multiply by the mask":
        [flips(out=lambda x, mask, p: masked(x, mask, p).detach())],
    "a p of 0 is allowed, it drops nobody: [0, 1) contains the 0 and not the 1":
        [flips(allowed=lambda p, training: 0 < p < 1)],
    "with p 0 everybody was dropped: keep where the draw is at least p":
        [flips(lambda x, p, g: (torch.rand(x.shape, generator=g) >= p) & (p > 0))],
    "a p of 1 is not refused: nothing would be left, and dividing by the share kept makes no sense":
        [flips(allowed=lambda p, training: 0 <= p <= 1)],
    "a p below 0 is not refused: a ValueError is wanted outside [0, 1)": [flips(allowed=lambda p, training: p < 1)],
    "a p of 1 or more is not refused: a ValueError is wanted outside [0, 1)":
        [flips(allowed=lambda p, training: p >= 0)],
    "a p outside [0, 1) is refused in training only: look at it before you look at `training`":
        [flips(allowed=lambda p, training: 0 <= p < 1 or not training)],
    "a p outside [0, 1) is refused in evaluation only: look at it before you look at `training`":
        [flips(allowed=lambda p, training: 0 <= p < 1 or training)],
    "a p outside [0, 1) is not refused: a ValueError is wanted":
        [flips(allowed=lambda *_: True), flips(coins_by_bernoulli, allowed=lambda *_: True)],
}
for words, programs in FLIPS.items():
    for program in programs:
        mistake(dropout, words)(program)


def of_layer(value, call):
    """What is read back of `Dropout`: of two layers that are told the same, what comes in training mode, and in
    evaluation mode."""
    if not 0 <= call.p < 1:
        return "the layer was made"
    if not isinstance(value, list):
        return value
    if not isinstance(value[-1], list):
        return value[-1]  # of a layer beside which another was made
    layers = value if call.generator is None else value[0] + value[2]
    ones = torch.ones(MANY)
    if call.generator is None and len(value[0]) == 2:
        return facts([out for layer in value for out in layer], ones, call.p)
    read = {"training": [layer[0] for layer in layers][0], "after eval": layers[0][5], "in evaluation mode": layers[0][6], "after train": layers[0][8]}
    if any(layer[place] is None for layer in layers for place in (1, 2, 3, 9)):
        return read | {"in training mode": None}
    back = facts([layer[9] for layer in layers] * (6 // len(layers)), ones, call.p)
    read |= facts([layer[place] for layer in layers for place in (1, 2, 3, 9)], ones, call.p) | {"back in training mode": back.get("kept numbers over x", back)}
    return read | (of_seeds(*[[layer[place] for layer in one for place in (1, 2, 3, 9)] for one in value]) if call.generator is not None else {})


@takes(Dropout, seen=of_layer, contract=("dtype",))
def _(draw):
    kind = ("layer", "seeds", "shapes", "p", "state", "nobody", "refused")[draw.number % 7]
    generator = None if kind in ("layer", "shapes") else draw.generator()
    p = {"nobody": 0.0, "refused": draw.one_of(1.0, -0.25, 1.5, -1.0)}.get(kind, draw.one_of(*SHARES))
    plan = call(p=p, generator=generator)
    few, many, other = draw.tensor(draw.rows(), draw.whole(1, 4)), torch.ones(MANY, dtype=draw.dtype), torch.ones(AS_MANY, dtype=draw.dtype)
    if kind in ("p", "state", "nobody", "refused"):
        another = ("__class__", draw.one_of(*(share for share in SHARES if share != p)))
        return {"p": draw.one_of(plan.attribute("p"), plan.doing(another, "p")), "state": plan.then("state_dict"),
                "nobody": plan.then("forward", few), "refused": plan}[kind]
    if kind == "shapes":
        return plan.doing(("forward", many), ("forward", other)).repeated(3)
    off = draw.one_of(("eval",), ("train", False))
    plan = plan.doing("training", ("forward", many), ("forward", many), ("forward", many), off, "training", ("forward", few), ("train",), "training",
                      ("forward", many)).repeated(2)
    return plan if kind == "layer" else (plan, plan, replace(plan, keywords={**plan.keywords, "generator": draw.generator()}))


def layer_that(**methods):
    return type("Dropout", (Dropout,), methods)


def begun(change):
    """A layer whose __init__ does something more at its end."""
    def __init__(self, p=0.5, generator=None):
        Dropout.__init__(self, p, generator)
        change(self, p, generator)
    return __init__


def p_kept(keep):
    """A layer whose p is kept in another way."""
    def change(self, p, _):
        del self.p
        keep(self, p)
    return begun(change)


def for_good(self):
    """`eval()`, noted once."""
    self.drops = False
    return nn.Module.eval(self)


def first_mask(self, x):
    if self.training and not hasattr(self, "mask"):
        self.mask = torch.rand(x.shape, generator=self.generator) >= self.p
    return masked(x, self.mask, self.p) if self.training else x


def mask_of_shape(self, x):
    self.__dict__.setdefault("masks", {}).setdefault(x.shape, torch.rand(x.shape, generator=self.generator) >= self.p)
    return masked(x, self.masks[x.shape], self.p) if self.training else x


def mask_until_another_shape(self, x):
    if self.training and (not hasattr(self, "mask") or self.mask.shape != x.shape):
        self.mask = torch.rand(x.shape, generator=self.generator) >= self.p
    return masked(x, self.mask, self.p) if self.training else x


def on_the_class(self, p, generator):
    del self.p, self.generator
    type(self).p, type(self).generator = p, generator


def exchanged(self, x):
    if self.generator is not None:
        raise TypeError
    return x


def around_torch(self, p=0.5, generator=None):
    nn.Module.__init__(self)
    self.p, self.generator, self.layer = p, generator, nn.Dropout(p)


def refuse_zero(self, p, generator):
    if p == 0:
        raise ValueError


def allowed(p):
    if not 0 <= p < 1:
        raise ValueError
    return True


def unchecked(self, p=0.5, generator=None):
    nn.Module.__init__(self)
    self.p, self.generator = p, generator


class NoModule:
    """The layer without nn.Module behind it, with a switch of its own."""

    def __init__(self, p=0.5, generator=None):
        if not 0 <= p < 1:
            raise ValueError
        self.p, self.generator, self.training = p, generator, True

    def forward(self, x):
        return dropout(x, self.p, self.training, self.generator)

    def train(self, mode=True):
        self.training = mode

    def eval(self):
        self.training = False


NoModule.__name__ = "Dropout"  # as the message says of an attribute that is missing


def noted(self, x):
    return dropout(x, self.p, self.drops, self.generator)


LAYERS = {
    "the layer drops in evaluation mode too: after `eval()`, self.training is False, and nothing is dropped":
        layer_that(forward=lambda self, x: dropout(x, self.p, generator=self.generator)),
    "half is dropped, whatever p is: hand self.p on":
        layer_that(forward=lambda self, x: dropout(x, training=self.training, generator=self.generator)),
    "you handed on 1 - p: the layer's p is the share dropped, as the function's is":
        layer_that(forward=lambda self, x: dropout(x, 1 - self.p, self.training, self.generator)),
    "the switch is the wrong way round: hand self.training on as it is":
        layer_that(forward=lambda self, x: dropout(x, self.p, not self.training, self.generator)),
    "in training mode nothing is dropped: call `dropout`": layer_that(forward=lambda self, x: x),
    "the layer scales in evaluation mode: nothing is dropped then, so nothing is scaled":
        layer_that(forward=lambda self, x: dropout(x, self.p, self.training, self.generator) * (1 if self.training else 1 - self.p)),
    "the layer noted the switch once: look at self.training in every call, somebody may have changed it":
        layer_that(__init__=begun(lambda self, *_: setattr(self, "drops", self.training)), forward=noted),
    "the layer noted `eval()` and never goes back to training mode: look at self.training in every call":
        layer_that(__init__=begun(lambda self, *_: setattr(self, "drops", True)), forward=noted,
                   eval=for_good),
    "the first call's mask was kept for the next one: draw anew each time": layer_that(forward=first_mask),
    "the first call's mask was kept for others of its shape: draw anew each time": layer_that(forward=mask_of_shape),
    "the layer's generator changes nothing: keep it as self.generator, and hand it on":
        layer_that(forward=lambda self, x: dropout(x, self.p, self.training)),
    "every call has the same mask: do not seed in the layer":
        layer_that(forward=lambda self, x: dropout(x, self.p, self.training, torch.Generator().manual_seed(0))),
    "every layer has the same mask: where no generator comes in, keep None, and torch's own source of chance is used":
        layer_that(__init__=begun(lambda self, *_: setattr(self, "generator", torch.Generator().manual_seed(0)))),
    "p became a parameter: it is chosen, not learned, so a plain number will do":
        layer_that(__init__=p_kept(lambda self, p: setattr(self, "p", nn.Parameter(torch.tensor(p)))),
                   forward=lambda self, x: dropout(x, self.p.item(), self.training, self.generator)),
    "p is put into the layer's state: it is chosen, not learned, so a plain number will do":
        layer_that(__init__=p_kept(lambda self, p: self.register_buffer("p", torch.tensor(p))),
                   forward=lambda self, x: dropout(x, self.p.item(), self.training, self.generator)),
    "`super().__init__()` has to come first in `__init__`: it sets up the switch and much else":
        layer_that(__init__=lambda self, p=0.5, generator=None: allowed(p) and self.__dict__.update(p=p, generator=generator)),
    "torch looks for a method called `forward` with x as its argument": layer_that(forward=nn.Module.forward),
    "in `forward`, p and generator are known only as self.p and self.generator":
        layer_that(forward=lambda self, x: dropout(x, p, self.training, generator)),  # type: ignore[name-defined]  # noqa: F821  that is the mistake
    "is it the function `dropout`, with a small d, that `forward` calls, with x, p, training and generator?":
        layer_that(forward=lambda self, x: Dropout(x, self.p, self.training, self.generator)),  # type: ignore[call-arg]  # that is the mistake
    "p and generator are kept on the class, which all layers share: self.p is this layer's own":
        layer_that(__init__=begun(on_the_class)),
    "self.p is the share kept, and `dropout` wants the share dropped: keep p as it came":
        layer_that(__init__=begun(lambda self, p, _: setattr(self, "p", 1 - p))),
    "generator and training have changed places in the call: `dropout(x, p, training, generator)`": layer_that(forward=exchanged),
    "nn.Dropout inside knows nothing of the layer's generator, and takes a p of 1: call `dropout`":
        layer_that(__init__=around_torch, forward=lambda self, x: self.layer(x)),
    "a p of 0 is allowed, it drops nobody: [0, 1) contains the 0 and not the 1": layer_that(__init__=begun(refuse_zero)),
    "the layer has a switch of its own that only its own `eval()` turns: a model round it turns self.training":
        layer_that(__init__=begun(lambda self, *_: setattr(self, "drops", True)), forward=noted, eval=lambda self: setattr(self, "drops", False)),
    "p is kept under another name: self.p, which is what others will look for":
        layer_that(__init__=p_kept(lambda self, p: setattr(self, "share", p)),
                   forward=lambda self, x: dropout(x, self.share, self.training, self.generator)),
    "`forward` gives nothing back: is there a `return` on its last line?": layer_that(forward=lambda self, x: None),
    "the class is no nn.Module any more: keep `class Dropout(nn.Module)` and begin `__init__` with "
    "`super().__init__()`":
        NoModule,
    "a p outside [0, 1) is not refused when the layer is made: `raise ValueError(...)` at once, in `__init__`": layer_that(__init__=unchecked),
}
for words, program in LAYERS.items():
    mistake(Dropout, words)(program)
mistake(Dropout, "the first call's mask was kept until another shape came: draw anew each time")(layer_that(forward=mask_until_another_shape))
for source in (torch.Generator, lambda: torch.Generator().manual_seed(0)):
    mistake(Dropout, "every layer has the same mask: where no generator comes in, keep None, and torch's own source of "
        "chance is used")(
        layer_that(__init__=begun(lambda self, p, generator, own=source: setattr(self, "generator", generator or own()))))


def counted(count: int, practice: bool):
    """Rows for a CountingModel, and their classes."""
    classes = torch.arange(count) % 2
    return torch.stack([classes.float(), torch.full((count,), float(practice)), torch.arange(count).float()], dim=1), classes


@takes(train_and_measure, contract=("arguments", "twice"), calls=60)
def _(draw):
    build = draw.named("CountingModel")
    rows, classes = counted(2 * draw.rows(1, 12), False)
    # with these the accuracy falls as well as rises
    misprinted = draw.bits(len(rows), dtype=torch.int64) * draw.whole(0, 1)
    return call(build, draw.named("one_look"), counted(draw.whole(1, 9), True), (rows, (classes + misprinted) % 2), draw.whole(1, 5))


def script(practise_mode=True, exam_mode=False, before=None, of="test", rounds=0, each=lambda right: right.float().mean().item(), end=lambda found: found,
           practise_on=("train",), first=lambda model: None, anew=False, guess=lambda scores: scores.argmax(dim=1), late=()):
    """Practise and measure with something else in one of its places. A mode is True, False or None: the switch is left
    alone."""
    def program(build, practise, train, test, number):
        pairs, model, found = {"train": train, "test": test}, build(), []
        first(model)
        for name in before or ():
            practise(model, *pairs[name])
        for _ in range(number + rounds):
            model = build() if anew else model
            practise_mode is None or model.train(practise_mode)
            for name in practise_on:
                practise(model, *pairs[name])
            exam_mode is None or model.train(exam_mode)
            for name in late:
                practise(model, *pairs[name])
            found.append(each(guess(model(pairs[of][0])) == pairs[of][1]))
        return end(found)
    return program


def exam_first(build, practise, train, test, rounds):
    model, found = build(), []
    for _ in range(rounds):
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
        model.train()
        practise(model, *train)
    return found


def practice_first(build, practise, train, test, rounds):
    return train_and_measure(build, lambda model, *pair: [practise(model, *pair) for _ in range(rounds)], train, test, 1)


def eval_after(build, practise, train, test, rounds):
    model, found = build(), []
    for _ in range(rounds):
        practise(model, *train)
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
        model.eval()
    return found


SCRIPTS = {
    "the count was not set back: each round is measured by itself":
        script(end=lambda found: [sum(found[:number]) / number for number in range(1, len(found) + 1)]),
    "you kept the best accuracy so far: what each round came to is wanted, also where it fell":
        script(end=lambda found: list(itertools.accumulate(found, max))),
    "`//` leaves 0 of every share below 1: divide by `/`": script(each=lambda right: right.sum().item() // len(right)),
    "you stopped at full marks: there is a number for each round": script(end=lambda found: found[:(*found, 1.0).index(1.0) + 1]),
    "you divided by how many practice rows there are: divide by the exam's, len(test[1])":
        lambda build, practise, train, test, rounds: [
            share * len(test[1]) / len(train[1]) for share in train_and_measure(build, practise, train, test, rounds)],
    "you measured in training mode, with units at home: `model.eval()` before the exam (`no_grad` only stops "
    "autograd's diary, and "
    "`model.training = False` does not reach the modules inside)": script(exam_mode=None),
    "after the first exam nobody went back to training mode: `model.train()` belongs inside the loop, before the "
    "practice":
        script(practise_mode=None),
    "the model never was in training mode: `model.train()` before the practice, `model.eval()` after it":
        script(practise_mode=False),
    "the two modes have changed places: practise in training mode, measure in evaluation mode": script(False, True),
    "the first exam is held in training mode, and from then on everything in evaluation mode: turn the switch "
    "before each, inside the loop":
        eval_after,
    "you measured before the practice of the round: practise, then measure": exam_first,
    "each round begins with a new model: build one, before the loop": script(anew=True),
    "you measured on the practice rows: the exam is on `test`": script(of="train"),
    "you gave back the last accuracy only: one for each round is wanted": script(end=lambda found: found[-1]),
    "you counted the right answers: accuracy is their share": script(each=lambda right: right.float().sum().item()),
    "these are percent: a share in [0, 1] is wanted": script(each=lambda right: 100 * right.float().mean().item()),
    "only the accuracy after the last round is there: measure after each, and keep each (were all rounds practised "
    "before the first exam?)":
        practice_first,
    "all rounds of practice come before the first exam: practise and measure in the same loop":
        lambda *given: practice_first(*given) * given[-1],
    "your `return` stands inside the loop, so there was a single round": script(end=lambda found: found[:1]),
    "you kept the sum of the accuracies, and not each of them": script(end=sum),
    "one round too many": script(rounds=1),
    "one round is missing": script(rounds=-1),
    "you practised on the exam's rows: practice is on `train`": script(practise_on=("test",)),
    "you practised on the exam's rows as well: practice is on `train` alone": script(practise_on=("train", "test")),
    "you practised on the exam's rows as well, in evaluation mode: practice is on `train` alone":
        script(late=("test",)),
    "the model that sits the exam never practised: `practise(model, *train)` in each round, with that very model": script(practise_on=()),
    "there is a round of practice before the loop": script(before=("train",)),
    "you practised twice in each round": script(practise_on=("train", "train")),
    "`argmax` without `dim=1` finds one place among all scores: one for each row is wanted":
        script(guess=lambda scores: scores.argmax()),
    "`argmax(dim=0)` asks, for each class, which row says it loudest: `dim=1` asks, for each row, which class":
        script(guess=lambda scores: scores.argmax(dim=0)),
    "`no_grad` stands round the practice too, and a net cannot go backward there: it belongs round the exam only":
        torch.no_grad()(lambda *given: train_and_measure(*given)),
    "`test` is a pair, so len(test) is 2: divide by len(test[1])": script(each=lambda right: right.sum().item() / 2),
    "you gave back the mean over the rounds: one number for each round is wanted":
        script(end=lambda found: sum(found) / len(found)),
    "the numbers are right, and a list of them is wanted, not a tensor": script(end=torch.tensor),
    "you counted the rows that are wrong": script(each=lambda right: (~right).float().mean().item()),
}
for words, program in SCRIPTS.items():
    @mistake(train_and_measure, words)
    def _(build, practise, train, test, rounds, program=program):
        return program(build, practise, train, test, rounds)


mistake(train_and_measure, "after the first exam nobody went back to training mode: `model.train()` belongs inside the "
    "loop, before the practice")(
    script(practise_mode=None, first=lambda model: model.train()))
mistake(train_and_measure, "the switch is never turned: `model.train()` before the practice and `model.eval()` before "
    "the exam, with their brackets "
        "(`no_grad` only stops autograd's diary, and `model.training = False` does not reach the modules inside)")(script(None, None))
for digits in range(4):
    mistake(train_and_measure, "you rounded: give the accuracies as they are")(
        lambda *given, digits=digits: [round(share, digits) for share in train_and_measure(*given)])


@takes(AdamW)
def _(draw):
    width = draw.rows(1, 5)
    plan = call(draw.tensor(width), learning_rate=draw.maybe(0, 1, 10) / 20 or 1e-3, decay=draw.maybe(0, 1, 30) / 20 or 1e-2)
    steps = [("step", draw.tensor(width)) for _ in range(draw.whole(1, 4))]
    if draw.whole(0, 2) == 2:
        for step in steps:
            plan = plan.after(*step)
        return plan.attribute("adam").attribute("parameters")
    return plan.doing(*steps)


def shrinks(factor=None, weights=lambda w, r, d, g: w, gradient=lambda w, r, d, g: g):
    """AdamW in which something else becomes of the weights, or of the gradient, before Adam's step; factor: what the
    weights are multiplied by."""
    def step(self, g):
        w, r, d = self.adam.parameters, self.learning_rate, self.decay
        self.adam.parameters = w * factor(r, d) if factor else weights(w, r, d, g)
        return self.adam.step(gradient(w, r, d, g))
    return step


def adam_first(self, gradient):
    self.adam.step(gradient)
    self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
    return self.adam.parameters


def shrunk_only(self, gradient):
    shrunk = self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
    self.adam.step(gradient)
    return shrunk


def not_kept(self, gradient):
    before = self.adam.parameters
    return self.adam.step(gradient) - self.learning_rate * self.decay * before


def anew(self, gradient):
    self.adam.parameters = type(self.adam)(self.adam.parameters * (1 - self.learning_rate * self.decay), self.learning_rate).step(gradient)
    return self.adam.parameters


def without_adam(self, gradient):
    self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay) - self.learning_rate * gradient
    return self.adam.parameters


def two_steps(self, gradient):
    AdamW.step(self, gradient)
    return self.adam.step(gradient)


def by_the_sign(self, gradient):
    self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay) - self.learning_rate * gradient.sign()
    return self.adam.parameters


def first_step_only(self, gradient):
    return self.adam.step(gradient) if self.adam.steps else AdamW.step(self, gradient)


def smaller_and_smaller(self, gradient):
    self.decay = self.learning_rate * self.decay
    self.adam.parameters = self.adam.parameters * (1 - self.decay)
    return self.adam.step(gradient)


def stopping(error):
    """A step that stops as one does that looks in the wrong place."""
    def step(self, gradient):
        raise error
    return step


STEPS = {
    "the decay went into the gradient, and Adam divided it away: that is the L2 penalty. Shrink the weights themselves":
        [shrinks(gradient=lambda w, r, d, g: g + d * w), shrinks(gradient=lambda w, r, d, g: g + r * d * w)],
    "the weights do not shrink: this is Adam alone": [shrinks()],
    "the weights shrink by decay alone: by learning rate times decay": [shrinks(lambda r, d: 1 - d)],
    "the weights shrink by the learning rate alone: by learning rate times decay": [shrinks(lambda r, d: 1 - r)],
    "the weights grow: the factor is 1 minus learning rate times decay": [shrinks(lambda r, d: 1 + r * d)],
    "Adam moved first, and the shrinking came after: shrink, then step": [adam_first],
    "every weight lost the same amount: it loses a share of itself":
        [shrinks(weights=lambda w, r, d, g: w - r * d * w.sign())],
    "only the share that should be lost is left: the factor is 1 minus learning rate times decay":
        [shrinks(lambda r, d: r * d)],
    "it is the weights that decay, and not the gradient":
        [shrinks(weights=lambda w, r, d, g: w - r * d * g), shrinks(gradient=lambda w, r, d, g: g * (1 - r * d))],
    "you gave back the shrunk weights, before Adam's step": [shrunk_only],
    "the square of the weights is in the penalty, not in the step: a weight loses a share of itself":
        [shrinks(weights=lambda w, r, d, g: w - r * d * w ** 2)],
    "you divided by 1 + learning rate times decay: close, but the step multiplies by 1 minus it":
        [shrinks(lambda r, d: 1 / (1 + r * d))],
    "the weights shrank twice": [shrinks(lambda r, d: (1 - r * d) ** 2)],
    "you subtracted learning rate times decay as it is: multiply it by the weights first, for each loses a share "
    "of itself":
        [shrinks(weights=lambda w, r, d, g: w - r * d)],
    "decayed twice, once as weights and once in the gradient: the gradient stays plain":
        [shrinks(lambda r, d: 1 - r * d, gradient=lambda w, r, d, g: g + d * w)],
    "brackets: the factor is 1 - (learning rate * decay), not (1 - learning rate) * decay":
        [shrinks(lambda r, d: (1 - r) * d)],
    "negative weights moved away from zero: subtract a share of the weight, sign and all":
        [shrinks(weights=lambda w, r, d, g: w - r * d * w.abs())],
    "the gradient was stepped along as it is: let self.adam take the step": [without_adam],
    "you divided the learning rate by decay: multiply the two": [shrinks(lambda r, d: 1 - r / d)],
    "both were subtracted from 1: multiply the learning rate by decay first": [shrinks(lambda r, d: 1 - r - d)],
    "half is in the penalty, not in the step: the factor is 1 minus learning rate times decay":
        [shrinks(lambda r, d: 1 - r * d / 2)],
    "you moved by the sign of the gradient, which is Adam's first step only: self.adam.step":
        [by_the_sign],
    "Adam took two steps: call self.adam.step once": [two_steps],
    "the weights shrink in the first step only: they shrink in each": [first_step_only],
    "the decay that `__init__` kept is written over, and shrinks itself from step to step": [smaller_and_smaller],
    "the shrinking goes by a learning rate of its own: self.learning_rate":
        [shrinks(lambda r, d, rate=rate: 1 - rate * d) for rate in (0.1, 0.01, 0.001)],
    "the shrinking goes by a decay of its own: self.decay":
        [shrinks(lambda r, d, decay=decay: 1 - r * decay) for decay in (0.1, 0.01, 0.001)],
    "twice the share is lost: the factor is 1 minus learning rate times decay": [shrinks(lambda r, d: 1 - 2 * r * d)],
    "only weights with a gradient of 0 shrink: all of them do":
        [shrinks(weights=lambda w, r, d, g: torch.where(g == 0, w * (1 - r * d), w))],
    "only weights with a gradient shrink: all of them do":
        [shrinks(weights=lambda w, r, d, g: torch.where(g != 0, w * (1 - r * d), w))],
    "every weight lost the same, a share of their mean: each loses a share of itself":
        [shrinks(weights=lambda w, r, d, g: w - r * d * w.mean())],
    "weights were stopped at 0: they may be negative": [shrinks(weights=lambda w, r, d, g: (w * (1 - r * d)).clamp(min=0))],
    "the weights were cut to float32: leave the dtype as it is":
        [shrinks(weights=lambda w, r, d, g: w.float() * (1 - r * d), gradient=lambda w, r, d, g: g.float()),
         shrinks(weights=lambda w, r, d, g: (w * (1 - r * d)).float())],
    "you took the exponential: close, but the step multiplies by 1 minus learning rate times decay":
        [shrinks(lambda r, d: 2.718281828459045 ** (-r * d))],
    "what you gave back is not kept: the shrunk weights go into self.adam.parameters before Adam's step": [not_kept],
    "Adam begins anew in every step and forgets its averages: use self.adam": [anew],
    "the weights are in self.adam.parameters, and nowhere else":
        [stopping(AttributeError(f"'AdamW' object has no attribute '{name}'")) for name in ("parameters", "weights", "params")],
    "what `__init__` kept is known here as self.adam, self.learning_rate and self.decay":
        [stopping(NameError(f"name '{name}' is not defined")) for name in ("learning_rate", "decay", "weights", "adam")],
    "self.adam.parameters is a tensor and has to stay one: a list cannot be stepped along":
        [shrinks(weights=lambda w, r, d, g: [one * (1 - r * d) for one in w])],
}
for words, steps in STEPS.items():
    for step in steps:
        mistake(AdamW, words)(type("AdamW", (AdamW,), {"step": step}))


@mistake(AdamW, "nothing was returned: is there a `return` on the last line of `step`?")
class GivesNothing(AdamW):
    def step(self, gradient):
        super().step(gradient)


for kind in ("whole numbers", "argument detached"):
    makes_no_difference(masked, kind, "a mask is of ones and zeros, and nobody asks for a gradient by it", "mask")
makes_no_difference(masked, "strictness", "its docstring says p is in [0, 1), and names no error", "_share_dropped")
makes_no_difference(average_over_masks, "first hundred", "x has five numbers at most: there are 2^n masks", "x")
makes_no_difference(average_over_masks, "float32", "its docstring says that x is float32")
makes_no_difference(average_over_masks, "strictness", "its docstring names no error for a long x", "len(x)")
for kind in ("a list", "cut off above", "float32", "float64", "detached"):
    makes_no_difference(train_and_measure, kind, "it gives a list of plain numbers, which this leaves as it is")
