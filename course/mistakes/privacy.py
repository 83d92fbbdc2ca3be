"""Lesson 15, What the model remembers: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/privacy.py first."""

import math
from collections.abc import Callable

import torch

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.privacy import (
    ORDERS,
    advantage,
    called,
    caught_at,
    epsilon,
    federated_average,
    per_sample_gradients,
    private_gradient,
    renyi,
)

# A table gives its programs the arguments that its mistakes need.
program: Callable
way: Callable

NUMBER = ("arguments", "twice")  # a number, plain or a tensor: where it lies is not asked
NO_FLOW = ("arguments", "twice", "dtype", "device")  # what comes out is read, and nobody trains through it


def two_lots(draw):
    """Losses of members and of others, with ties within a lot and between them; in every third call as many of one as
    of the other. In every second they lie as a network's do, many close to 0 and some far away, so that thresholds at
    even distances miss those that count."""
    n, m = draw.rows(1, 7), draw.rows(1, 7, turn=4)
    members, others = draw.tensor(n, least=0), draw.tensor(n if draw.number % 3 == 0 else m, least=0)
    if draw.number % 2 == 1:
        members, others = (losses.square().square() * losses / 8 for losses in (members, others))
    # Of many the small ones come last, so that who looks at the first hundred only misses those that count.
    return members, others.sort(descending=True).values if len(others) > 100 else others


# Shares are counts over a number: a plain float32 will do, whatever the losses are.
@takes(advantage, contract=NUMBER, tolerance=1e-4)
def _(draw):
    return call(*two_lots(draw))


def best(members, others, score=lambda tpr, fpr: tpr - fpr, thresholds=None, of=called):
    """The largest score of both shares over the thresholds."""
    tried = torch.cat([members, others]) if thresholds is None else thresholds
    return score(of(members, tried), of(others, tried)).max()


def below(losses, thresholds):
    return (losses < thresholds[:, None]).to(losses.dtype).mean(dim=1)


def above(losses, thresholds):
    return (losses > thresholds[:, None]).to(losses.dtype).mean(dim=1)


def counted(losses, thresholds):
    return (losses <= thresholds[:, None]).to(losses.dtype).sum(dim=1)


def paired(members, others):
    """All rows in order of their loss, counted one by one: ties are torn apart."""
    order = torch.cat([members, others]).argsort(stable=True)
    is_member = order < len(members)
    tpr = is_member.cumsum(0) / len(members)
    return (tpr - (~is_member).cumsum(0) / len(others)).max()


ADVANTAGE = {
    "members and others have changed places, or the rows with the large losses are called: members have small ones": lambda m, o: advantage(o, m),
    "the size of the difference counts an attack that is right the wrong way round: leave the sign, others called more than members win nothing":
        lambda m, o: best(m, o, lambda tpr, fpr: (tpr - fpr).abs()),
    "these are counts: take the share of members and the share of others": lambda m, o: best(m, o, of=counted),
    "both counts are divided by all rows: each lot by its own size":
        lambda m, o: best(m, o, lambda tpr, fpr: (tpr * len(m) - fpr * len(o)) / (len(m) + len(o))),
    "both counts are divided by the number of members: others by their own": lambda m, o: best(m, o, lambda tpr, fpr: tpr - fpr * len(o) / len(m)),
    "that is the accuracy of the attack: share of members called less share of others called":
        lambda m, o: best(m, o, lambda tpr, fpr: (tpr + 1 - fpr) / 2),
    "that is the largest share of members called, 1 as a rule: take the others' share away before the largest is chosen":
        lambda m, o: best(m, o, lambda tpr, fpr: tpr),
    "one threshold is tried, the mean loss of the members: try all of them": lambda m, o: best(m, o, thresholds=m.mean()[None]),
    "one threshold is tried, the mean of all losses: try all of them": lambda m, o: best(m, o, thresholds=torch.cat([m, o]).mean()[None]),
    "one threshold is tried, the median loss of the members: try all of them": lambda m, o: best(m, o, thresholds=m.median()[None]),
    "only the others' losses are tried as thresholds: between them lie the members'": lambda m, o: best(m, o, thresholds=o),
    "only the others' losses are tried as thresholds, and 0 at the least: between them lie the members'":
        lambda m, o: best(m, o, thresholds=o).clamp(min=0),
    "that is the mean of the differences: the best threshold counts": lambda m, o: (called(m, torch.cat([m, o])) - called(o, torch.cat([m, o]))).mean(),
    "that is how far apart the means of the two lots are, and no attack": lambda m, o: o.mean() - m.mean(),
    "a threshold calls all rows with that loss or none, of both lots: an outsider whose loss is the threshold is called too": paired,
    "that is the threshold: wanted is what it wins":
        lambda m, o: torch.cat([m, o])[(called(m, torch.cat([m, o])) - called(o, torch.cat([m, o]))).argmax()],
    "that is how often a member's loss is below another's: an area, and not the best threshold":
        lambda m, o: (m[:, None] < o).to(m.dtype).mean(),
}
for words, program in ADVANTAGE.items():
    mistake(advantage, words)(lambda members, others, way=program: way(members, others))


# Shares of others are compared with `most`: on the border only where both are exact, in halves and their powers.
@takes(caught_at, contract=NUMBER, tolerance=1e-4)
def _(draw):
    members, others = two_lots(draw)
    if draw.whole(0, 1) == 0:
        return call(members, others, 0.0)
    exact = len(others) in (1, 2, 4)
    count = draw.whole(1, len(others))
    return call(members, others, count / len(others) if exact else (count - 0.5) / len(others))


def allowed(members, others, most, keep=lambda fpr, most: fpr <= most, of=called, pick=lambda tpr: tpr.max(), thresholds=None):
    """What is picked from the shares of members at the thresholds that are allowed, 0 where none is."""
    tried = torch.cat([members, others]) if thresholds is None else thresholds
    shares = of(members, tried)[keep(of(others, tried), most)]
    return pick(shares) if len(shares) else torch.zeros((), dtype=members.dtype)


def shares_of(members, others):
    tried = torch.cat([members, others])
    return called(members, tried), called(others, tried)


def by_quantile(members, others, most):
    return (members <= others.quantile(most)).to(members.dtype).mean()


CAUGHT = {
    "exactly the share `most` is still allowed: `<=`": lambda m, o, most: allowed(m, o, most, lambda fpr, most: fpr < most),
    "a row whose loss is the threshold is called as well: `<=`, not `<`": lambda m, o, most: allowed(m, o, most, of=below),
    "an outsider whose loss is the threshold is called too: `<=` for others as for members": lambda m, o, most: max(
        (float(t) for t, f in zip(called(m, torch.cat([m, o])), below(o, torch.cat([m, o])), strict=True) if f <= most), default=0.0),
    "the others called are divided by the number of members: by their own": lambda m, o, most: max(
        (float(t) for t, f in zip(*shares_of(m, o), strict=True) if f * len(o) / len(m) <= most), default=0.0),
    "you limit how many of the *called* are others: `most` limits how many of the *others* are called": lambda m, o, most: max(
        (float(t) for t, f in zip(*shares_of(m, o), strict=True) if f * len(o) <= most * (f * len(o) + t * len(m))), default=0.0),
    "with `most` 0 the answer need not be 0: members below every outsider are called without a mistake":
        lambda m, o, most: caught_at(m, o, most) if most > 0 else torch.zeros((), dtype=m.dtype),
    "you called the rows with the large losses; members have small ones": lambda m, o, most: allowed(m, o, most, of=above),
    "members and others have changed places": lambda m, o, most: caught_at(o, m, most),
    "that is the difference of both shares, the advantage at that threshold: the share of members is wanted":
        lambda m, o, most: max((float(t - f) for t, f in zip(*shares_of(m, o), strict=True) if f <= most), default=0.0),
    "`most` is a share, and you compared it with a count of others": lambda m, o, most: allowed(m, o, most, lambda fpr, most: fpr * len(o) <= most),
    "that is how many members are caught: give the share": lambda m, o, most: caught_at(m, o, most) * len(m),
    "the smallest share is picked, and the largest is wanted": lambda m, o, most: allowed(m, o, most, pick=lambda tpr: tpr.min()),
    "that is the mean over the allowed thresholds: the best one counts": lambda m, o, most: allowed(m, o, most, pick=lambda tpr: tpr.mean()),
    "the limit is put on the members called; it is for the others":
        lambda m, o, most: max((float(t) for t in called(m, torch.cat([m, o])) if t <= most), default=0.0),
    "only the others' losses are tried as thresholds, to the last that is allowed: a member's loss between it and the next catches more":
        lambda m, o, most: allowed(m, o, most, thresholds=o),
    "the threshold is a quantile of the others' losses, which lies between two of them or calls one too many: count instead": by_quantile,
    "hardly an outsider may be called in your attack: `most` is a share, so that 0.5 lets half of the others be called, and 0.01 one in a hundred":
        lambda m, o, most: allowed(m, o, 0.0),
    "`most` changes nothing: no threshold is refused": lambda m, o, most: called(m, torch.cat([m, o])).max(),
    "that is the share of others called: the share of members is wanted": lambda m, o, most: max(
        (float(f) for f in called(o, torch.cat([m, o])) if f <= most), default=0.0),
    "the share is of all rows, and not of the members": lambda m, o, most: caught_at(m, o, most) * len(m) / (len(m) + len(o)),
}
for words, program in CAUGHT.items():
    mistake(caught_at, words)(lambda members, others, most, way=program: way(members, others, most))


LOSSES = ("line_loss", "bent_loss", "pulled_loss")  # a setup cell of the lesson has them


@takes(per_sample_gradients, contract=NO_FLOW)
def _(draw):
    n, p = draw.rows(1, 5), draw.whole(1, 4)
    return call(draw.named(*LOSSES), draw.tensor(p), draw.tensor(n, p), draw.tensor(n))


def first_label(loss, weights, inputs, labels):
    return per_sample_gradients(loss, weights, inputs, labels[:1].expand_as(labels))


def by_the_inputs(loss, weights, inputs, labels):
    return torch.func.vmap(torch.func.grad(loss, argnums=1), in_dims=(None, 0, 0))(weights, inputs, labels)


def piled_up(loss, weights, inputs, labels):
    """What .grad holds after each row's backward, where nobody sets it back."""
    return per_sample_gradients(loss, weights, inputs, labels).cumsum(dim=0)


PER_SAMPLE = {
    "that is the mean of the rows' gradients: each row's own is wanted": lambda f, w, x, y: per_sample_gradients(f, w, x, y).mean(dim=0),
    "that is the sum of the rows' gradients: each row's own is wanted": lambda f, w, x, y: per_sample_gradients(f, w, x, y).sum(dim=0),
    "every row has the mean gradient: take each row's own loss": lambda f, w, x, y: (g := per_sample_gradients(f, w, x, y)).mean(dim=0).expand_as(g).clone(),
    "every row has the sum of all gradients: take each row's own loss":
        lambda f, w, x, y: (g := per_sample_gradients(f, w, x, y)).sum(dim=0).expand_as(g).clone(),
    "each gradient is divided by the number of rows: nothing is averaged yet": lambda f, w, x, y: per_sample_gradients(f, w, x, y) / len(x),
    "gradients pile up from row to row: `.grad` is added to, unless it is set back (`torch.autograd.grad` does not pile up)": piled_up,
    "that is the gradient by the inputs: the first argument, the weights, is wanted": by_the_inputs,
    "every row has the first row's gradient": lambda f, w, x, y: per_sample_gradients(f, w, x[:1], y[:1]).repeat(len(x), 1),
    "every row is asked with the first row's label": first_label,
    "these are the losses: their gradients are wanted": lambda f, w, x, y: torch.func.vmap(f, in_dims=(None, 0, 0))(w, x, y),
    "rows and weights have changed places: (n, p) is wanted": lambda f, w, x, y: per_sample_gradients(f, w, x, y).T,
    "these are the lengths of the gradients: the gradients themselves are wanted": lambda f, w, x, y: per_sample_gradients(f, w, x, y).norm(dim=1),
    "the gradients point downhill: leave their sign": lambda f, w, x, y: -per_sample_gradients(f, w, x, y),
    "a list of gradients came: stack them": lambda f, w, x, y: [*per_sample_gradients(f, w, x, y)],
    "only the first row is asked": lambda f, w, x, y: per_sample_gradients(f, w, x[:1], y[:1]),
}
for words, program in PER_SAMPLE.items():
    mistake(per_sample_gradients, words)(lambda loss, weights, inputs, labels, way=program: way(loss, weights, inputs, labels))


# Opacus divides by the length and a millionth, torch.renorm by a tenth of that more: both are as good.
@takes(private_gradient, contract=NO_FLOW, tolerance=1e-5)
def _(draw):
    n, p = draw.rows(0, 5), draw.whole(1, 4)
    gradients = draw.tensor(n, p)
    if draw.number % 4 == 1 and n:  # a row of zeros has no length to be divided by
        gradients[0] = 0
    most = draw.one_of(1.0, 0.5, 2.5, 4.0)
    return call(gradients, most, draw.one_of(0.0, 1.0, 0.5, 2.0), float(draw.whole(1, 8)), draw.tensor(p))


def clipped(gradients, most):
    return gradients * (most / gradients.norm(dim=1, keepdim=True).clamp(min=most))


def finished(total, most, noise, expected, chance):
    return (total + noise * most * chance) / expected


def clipping(change):
    """A program that clips in its own way."""
    return lambda g, most, noise, expected, chance: finished(change(g, most).sum(dim=0), most, noise, expected, chance)


def short(vector, most):
    return vector * (most / vector.norm().clamp(min=most))


def noising(change):
    """A program that clips rightly, and goes on in its own way."""
    return lambda g, most, noise, expected, chance: change(clipped(g, most), most, noise, expected, chance)


PRIVATE = {
    "nothing is clipped: shorten each row that is longer than `most`": clipping(lambda g, most: g),
    "short rows were made longer: a factor above 1 is cut off at 1": clipping(lambda g, most: g * most / g.norm(dim=1, keepdim=True)),
    "short rows were made longer: a factor above 1 is cut off at 1 (a length that is kept above 0 does not do it)":
        clipping(lambda g, most: g / g.norm(dim=1, keepdim=True).clamp(min=1e-12) * most),
    "a row of zeros is divided by its length, 0 by 0, and all becomes nan: divide by a length that is never 0":
        clipping(lambda g, most: g / g.norm(dim=1, keepdim=True) * g.norm(dim=1, keepdim=True).clamp(max=most)),
    "each number of a gradient is cut off by itself: the *length* of the row is limited, and its direction stays":
        clipping(lambda g, most: g.clamp(-most, most)),
    "the sum is clipped, and not each row: one row may have made all of it":
        lambda g, most, noise, expected, chance: finished(short(g.sum(dim=0), most), most, noise, expected, chance),
    "the mean is clipped, and not each row: one row may have made all of it":
        lambda g, most, noise, expected, chance: finished(expected * short(g.sum(dim=0) / expected, most), most, noise, expected, chance),
    "that is the length of each column: a row's length runs along `dim=1`":
        clipping(lambda g, most: g * (most / g.norm(dim=0, keepdim=True).clamp(min=most))),
    "that is the length of all gradients together: each row has its own": clipping(lambda g, most: g * (most / g.norm().clamp(min=most))),
    "the length is the root of the sum of squares, and you added up the sizes":
        clipping(lambda g, most: g * (most / g.abs().sum(dim=1, keepdim=True).clamp(min=most))),
    "the length is the root of the sum of squares, and the root is missing":
        clipping(lambda g, most: g * (most / g.square().sum(dim=1, keepdim=True).clamp(min=most))),
    "the length is the root of the sum of squares, and you took the largest number":
        clipping(lambda g, most: g * (most / g.abs().amax(dim=1, keepdim=True).clamp(min=most))),
    "rows that are too long are thrown away: shorten them": clipping(lambda g, most: torch.where(g.norm(dim=1, keepdim=True) > most, 0, g)),
    "long rows become 1 long: the limit is `most`":
        clipping(lambda g, most: torch.where((length := g.norm(dim=1, keepdim=True)) > most, g / length, g)),
    "no noise is added": noising(lambda c, most, noise, expected, chance: c.sum(dim=0) / expected),
    "the noise is in units of `most`: multiply by it": noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + noise * chance) / expected),
    "the noise multiplier changes nothing: multiply by `noise`": noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + most * chance) / expected),
    "the noise is added after the division: it goes to the sum, and is divided with it":
        noising(lambda c, most, noise, expected, chance: c.sum(dim=0) / expected + noise * most * chance),
    "each row has noise of its own added: it goes to the sum, once":
        noising(lambda c, most, noise, expected, chance: (c + noise * most * chance).sum(dim=0) / expected),
    "nothing is divided: divide by `expected`": noising(lambda c, most, noise, expected, chance: c.sum(dim=0) + noise * most * chance),
    "you divided by the number of rows that came: by `expected`, for the number tells something too":
        noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + noise * most * chance) / len(c)),
    "you divided by the number of rows that came, or by 1 where none did: by `expected`, for the number tells something too":
        noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + noise * most * chance) / max(len(c), 1)),
    "you took the mean of the rows, and divided by `expected` as well: add them up":
        noising(lambda c, most, noise, expected, chance: (c.mean(dim=0) + noise * most * chance) / expected),
    "you took the mean of the rows: add them up, and divide by `expected`":
        noising(lambda c, most, noise, expected, chance: c.mean(dim=0) + noise * most * chance / expected),
    "the noise is squared: a standard deviation is multiplied as it is":
        noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + noise**2 * most * chance) / expected),
    "fresh noise is drawn: `chance` is the noise that is to be used":
        noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + noise * most * torch.randn_like(chance)) / expected),
    "fresh noise is drawn, one number for each weight: `chance` is the noise that is to be used":
        noising(lambda c, most, noise, expected, chance: (c.sum(dim=0) + noise * most * torch.randn(c.shape[1])) / expected),
    "an empty batch gives zeros: it is noise and nothing else, for that nobody was there must not show":
        noising(lambda c, most, noise, expected, chance: finished(c.sum(dim=0), most, noise, expected, chance) if len(c) else torch.zeros_like(chance)),
    "the noise is added before the clipping, and clipped with it":
        lambda g, most, noise, expected, chance: clipped(g + noise * most * chance, most).sum(dim=0) / expected,
}
for words, program in PRIVATE.items():
    mistake(private_gradient, words)(
        lambda gradients, most, noise, expected, chance, way=program: way(gradients, most, noise, expected, chance))


# Four digits are asked for: sums of tiny and of huge terms keep fewer than a single formula does.
@takes(epsilon, contract=("twice",), tolerance=1e-4)
def _(draw):
    if draw.number % 6 == 4:  # so much noise that the last order, 64, is the best
        return call(0.05, 10.0, draw.one_of(10, 1, 37), draw.one_of(1e-5, 1e-6))
    share = 1.0 if draw.whole(0, 2) == 0 else draw.one_of(0.2, 0.01, 0.05, 0.5, 0.9)
    return call(share, draw.one_of(2.0, 0.5, 1.0, 1.5, 4.0, 10.0), draw.one_of(1, 10, 100, 1000, 37), draw.one_of(1e-4, 1e-5, 1e-6))


def back(order, divergence, delta):
    """The way back to epsilon at an order."""
    return divergence + math.log((order - 1) / order) - (math.log(delta) + math.log(order)) / (order - 1)


def account(share, noise, steps, delta, orders=ORDERS, of=renyi, home=back, pick=min):
    return pick(home(order, steps * of(share, noise, order), delta) for order in orders)


def sampled(change):
    """R(a) with a term of its own: change(order, k, share, noise) is the term's logarithm."""
    def divergence(share, noise, order):
        if share == 1:
            return renyi(share, noise, order)
        terms = torch.tensor([change(order, k, share, noise) for k in range(order + 1)], dtype=torch.float64)
        return float(torch.logsumexp(terms, dim=0)) / (order - 1)
    return divergence


def term(order, k, share, noise):
    return math.log(math.comb(order, k)) + (order - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2)


def no_last(share, noise, order):
    """The sum without k = a."""
    if share == 1:
        return renyi(share, noise, order)
    terms = torch.tensor([term(order, k, share, noise) for k in range(order)], dtype=torch.float64)
    return float(torch.logsumexp(terms, dim=0)) / (order - 1)


EPSILON = {
    "every row is counted as if it were in every batch: the share q makes epsilon smaller": lambda q, s, t, d: account(1.0, s, t, d),
    "one step is counted: multiply the divergence by `steps`": lambda q, s, t, d: account(q, s, 1, d),
    "epsilons are added up over the steps: the divergence is, and the way back is gone once": lambda q, s, t, d: t * account(q, s, 1, d),
    "the largest over the orders is given: every order is true, and the smallest is wanted": lambda q, s, t, d: account(q, s, t, d, pick=max),
    "that is the epsilon of order 2: try all orders to 64": lambda q, s, t, d: account(q, s, t, d, orders=[2]),
    "that is the epsilon of order 64: try all orders from 2 on": lambda q, s, t, d: account(q, s, t, d, orders=[64]),
    "the orders end at 63: range(2, 65) has 64 as well": lambda q, s, t, d: account(q, s, t, d, orders=range(2, 64)),
    "the orders begin at 3: order 2 is one of them": lambda q, s, t, d: account(q, s, t, d, orders=range(3, 65)),
    "the last line is the older and looser one, log(1 / delta) / (a - 1): two terms are missing":
        lambda q, s, t, d: account(q, s, t, d, home=lambda order, r, delta: r - math.log(delta) / (order - 1)),
    "log((a - 1) / a) is missing":
        lambda q, s, t, d: account(q, s, t, d, home=lambda order, r, delta: r - (math.log(delta) + math.log(order)) / (order - 1)),
    "log(a) is missing beside log(delta)":
        lambda q, s, t, d: account(q, s, t, d, home=lambda order, r, delta: r + math.log((order - 1) / order) - math.log(delta) / (order - 1)),
    "log(delta) has the wrong sign: delta is small, its logarithm is negative, and it makes epsilon larger":
        lambda q, s, t, d: account(
            q, s, t, d, home=lambda order, r, delta: r + math.log((order - 1) / order) - (math.log(order) - math.log(delta)) / (order - 1)),
    "log(a) is to be divided by a - 1 together with log(delta): a bracket is missing": lambda q, s, t, d: account(
        q, s, t, d, home=lambda order, r, delta: r + math.log((order - 1) / order) - math.log(delta) - math.log(order) / (order - 1)),
    "log(a) is to be divided by a - 1 together with log(delta), and taken away as it is: a bracket is missing": lambda q, s, t, d: account(
        q, s, t, d, home=lambda order, r, delta: r + math.log((order - 1) / order) - math.log(delta) + math.log(order) / (order - 1)),
    "the logarithms are to base 10: natural ones, `math.log`": lambda q, s, t, d: account(
        q, s, t, d, home=lambda order, r, delta: r + math.log10((order - 1) / order) - (math.log10(delta) + math.log10(order)) / (order - 1)),
    "the noise is not squared: 2 sigma squared": lambda q, s, t, d: account(q, s**0.5, t, d),
    "the 2 is missing under the fraction: 2 sigma squared": lambda q, s, t, d: account(q, s / 2**0.5, t, d),
    "for share 1 the divergence is a / (2 sigma^2): the square of a is too much":
        lambda q, s, t, d: account(q, s, t, d, of=lambda share, noise, order: (order if share == 1 else 1) * renyi(share, noise, order)),
    "the sum is not divided by a - 1":
        lambda q, s, t, d: account(q, s, t, d, of=lambda share, noise, order: (1 if share == 1 else order - 1) * renyi(share, noise, order)),
    "the sum is divided by a: by a - 1":
        lambda q, s, t, d: account(q, s, t, d, of=lambda share, noise, order: (1 if share == 1 else (order - 1) / order) * renyi(share, noise, order)),
    "the number of ways to choose, C(a, k), is missing":
        lambda q, s, t, d: account(q, s, t, d, of=sampled(lambda a, k, share, noise: term(a, k, share, noise) - math.log(math.comb(a, k)))),
    "k (k - 1) is wanted above 2 sigma squared, not k squared":
        lambda q, s, t, d: account(q, s, t, d, of=sampled(lambda a, k, share, noise: term(a, k, share, noise) + k / (2 * noise**2))),
    "q and 1 - q have changed places": lambda q, s, t, d: account(q if q == 1 else 1 - q, s, t, d),
    "the sum ends before k = a: range(a + 1) has it": lambda q, s, t, d: account(q, s, t, d, of=no_last),
    "that is the divergence, and the way back to epsilon is missing": lambda q, s, t, d: account(q, s, t, d, home=lambda order, r, delta: r),
    "`delta` changes nothing": lambda q, s, t, d: account(q, s, t, 1e-5),
}
for words, program in EPSILON.items():
    mistake(epsilon, words)(lambda share, noise, steps, delta, way=program: way(share, noise, steps, delta))


# Whole numbers divided by whole numbers are float32 in torch: shares that are good to seven digits are good enough.
@takes(federated_average, contract=NO_FLOW, tolerance=1e-5)
def _(draw):
    devices, p = draw.rows(1, 5), draw.whole(1, 4)
    rows = draw.integers(devices, least=draw.whole(0, 1), most=6)
    return call(draw.tensor(devices, p), rows if bool(rows.any()) else rows + 1)


def weighed(weights, share):
    """The weights' sum over the devices, each times a number of its own."""
    return (weights * share[:, None]).sum(dim=0)


FEDERATED = {
    "every device counts the same: each counts as much as it has rows": lambda w, n: w.mean(dim=0),
    "every device that has rows counts the same: each counts as much as it has rows": lambda w, n: w[n > 0].mean(dim=0),
    "nothing is divided: divide by the number of all rows": lambda w, n: weighed(w, n),
    "you divided by the number of devices: by the number of all rows": lambda w, n: weighed(w, n) / len(n),
    "you took the mean over the devices of shares that add up to 1: add up": lambda w, n: federated_average(w, n) / len(n),
    "devices with few rows count for more: multiply by the rows, do not divide":
        lambda w, n: weighed(w, (turned := 1 / n.to(w.dtype).clamp(min=1)) / turned.sum()),
    "the shares come from a softmax: each device's rows over all rows": lambda w, n: weighed(w, n.to(w.dtype).softmax(dim=0)),
    "rows are divided by the largest device's: by the number of all rows": lambda w, n: weighed(w, n.to(w.dtype) / n.max()),
    "that is the device with the most rows: all of them count": lambda w, n: w[n.argmax()],
    "devices and weights have changed places in the sum: add up over the devices, `dim=0`":
        lambda w, n: (w * (n.to(w.dtype) / n.sum())[:, None]).sum(dim=1),
    "the weighted rows are not added up": lambda w, n: w * (n.to(w.dtype) / n.sum())[:, None],
    "the shares are whole numbers, 0 most of them: `//` cuts off": lambda w, n: weighed(w, (n // n.sum()).to(w.dtype)),
    "all is added up into one number: one a weight is wanted": lambda w, n: federated_average(w, n).sum(),
    "a device without rows counts as if it had one": lambda w, n: federated_average(w, n.clamp(min=1)),
    "the square root of the rows is taken: each device counts as much as it has rows": lambda w, n: weighed(w, (root := n.to(w.dtype).sqrt()) / root.sum()),
}
for words, program in FEDERATED.items():
    mistake(federated_average, words)(lambda weights, rows, way=program: way(weights, rows))


makes_no_difference(
    advantage, "strictness", "what lies below one loss is what lies at or below the loss before it, so both ways reach the same differences")
for counted_out in (advantage, caught_at):
    for dtype in ("float32", "float64"):
        makes_no_difference(counted_out, dtype, "the dtype of a share is not asked for")
makes_no_difference(per_sample_gradients, "first hundred", "there are four weights at most", "weights")
makes_no_difference(private_gradient, "first hundred", "there are four weights at most", "chance")
