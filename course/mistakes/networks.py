"""Lesson 04, A pile of very simple choices: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand; programs are the mistakes, told by the right function where that is shorter.
Read course/networks.py first."""

import math
from itertools import islice

import torch
from torch import Tensor
from torch.nn import functional as F

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.descent import mini_batches
from course.networks import accuracy, cross_entropy, dense, fit, hinges, relu, sigmoid, softmax


def mistakes(right, table):
    """Programs by the words that name them; several programs where the same is done in several ways."""
    for words, programs in table.items():
        for program in programs if isinstance(programs, list) else [programs]:
            mistake(right, words)(program)


def far(draw):
    """So large that e to the power of it is more than the dtype can hold."""
    return 100 if draw.dtype is torch.float32 else 400


def any_shape(draw):
    n = draw.rows()
    shape = draw.one_of((n,), (n, 3), (), (2, n, 2))
    return draw.tensor(*shape) * draw.one_of(1, 1, far(draw))


@takes(sigmoid)
def _(draw):
    return call(any_shape(draw))


mistakes(sigmoid, {
    "the minus in the exponent is missing: the S falls where it should rise": lambda x: sigmoid(-x),
    "that comes to 1 + exp(-x): 1 is divided by all of it, and where brackets are missing, as in `1 / 1 + exp(-x)`, by "
    "1 only":
        lambda x: 1 + torch.exp(-x),
    "that is a part of what stands under the line only: 1 is divided by 1 + exp(-x)": lambda x: torch.exp(-x),
    "under the line stands 1 plus the exponential, not 1 minus it": lambda x: 1 / (1 - torch.exp(-x)),
    "that comes to 1 + exp(x): the minus in the exponent is missing, and 1 is divided by all of it":
        lambda x: 1 + torch.exp(x),
    "brackets are missing: `exp(x) / 1 + exp(x)` divides first, and adds afterwards": lambda x: 2 * torch.exp(x),
    "you took the absolute value: to the left of zero the S is below a half": lambda x: sigmoid(x.abs()),
    "that S is twice as steep: `tanh(x / 2)` would fit, `tanh(x)` does not": lambda x: sigmoid(2 * x),
    "you added the numbers up first: each number goes through the S by itself": lambda x: sigmoid(x.sum()),
    "that is e to the power of x, the odds: the sigmoid never leaves the stretch from 0 to 1": torch.exp,
    "that is tanh, the S from -1 to 1: the sigmoid goes from 0 to 1": torch.tanh,
    "that S goes from -1 to 1: `2 * sigmoid - 1` is not wanted here": lambda x: 2 * sigmoid(x) - 1,
    "that is the hard step that we are rounding off": [lambda x: (x > 0).float(), lambda x: (x >= 0).float()],
    "that is ReLU, the next section's choice": relu,
    "you shared 1 out among the numbers; the sigmoid looks at each number by itself":
        [lambda x: x.exp() / x.exp().sum(), lambda x: x.softmax(-1)],
    "you summed over the tensor: each number goes through the S by itself": lambda x: 1 / (1 + torch.exp(-x).sum()),
    "you took powers of 2: the base is e, `torch.exp`": lambda x: 1 / (1 + 2 ** -x),
    "you took powers of 10: the base is e, `torch.exp`": lambda x: 1 / (1 + 10 ** -x),
    "2.718 is e to three places only: `torch.exp` knows the rest": lambda x: 1 / (1 + 2.718 ** -x),
    "that is the steepness of the sigmoid, not the sigmoid": lambda x: sigmoid(x) * (1 - sigmoid(x)),
    "`//` throws the fraction away: divide with `/`": lambda x: 1 // (1 + torch.exp(-x)),
    "`math.exp` and `float` want a single number, and a tensor of any shape may come: `torch.exp` takes all of it":
        lambda x: 1 / (1 + math.exp(-x)),
    "far to the right e to the power of x is more than a computer can hold, and infinity divided by infinity is no "
    "number: take the exponential of minus x, and under the line only": lambda x: x.exp() / (1 + x.exp()),
    "you cut x off on both sides before the S: it takes every number as it comes":
        [lambda x, most=most: sigmoid(x.clamp(-most, most)) for most in (1, 2, 3, 4, 5, 6, 8, 10, 15)],
    "you wrote zeros over what overflowed, and far to the right the S is 1: take the exponential of minus x":
        lambda x: (x.exp() / (1 + x.exp())).nan_to_num(0.0),
})


@takes(relu)
def _(draw):
    return call(any_shape(draw))


mistakes(relu, {
    "that is the absolute value: numbers below zero become zero, not positive": lambda x: x.abs(),
    "you kept the numbers below zero: ReLU keeps those above": lambda x: x.clamp(max=0),
    "you turned the sign round: `relu(-x)` is awake where ReLU sleeps": lambda x: relu(-x),
    "that is the hard step, a comparison: above zero the number itself comes out, not True or 1":
        [lambda x: x > 0, lambda x: x >= 0],
    "you cut off above as well: ReLU has no ceiling":
        [lambda x, most=most: x.clamp(0, most) for most in (1, 2, 5, 6, 10, 100)],
    "nothing has changed: numbers below zero become zero": lambda x: x,
    "you dropped the numbers below zero: they become zero and stay in their places":
        [lambda x: x[x > 0], lambda x: x[x >= 0]],
    "you took the largest number of the whole tensor: compare each number with zero":
        [lambda x: x.max(), lambda x: x.max().clamp(min=0)],
    "a little of what is below zero leaks through; that is another choice, called leaky ReLU":
        [lambda x: F.leaky_relu(x, 0.01), lambda x: F.leaky_relu(x, 0.1)],
    "`torch.max(x, 0)` looks for the largest along axis 0: `torch.clamp(x, min=0)` compares each number with zero":
        lambda x: tuple(torch.max(x, 0)),
    "`if`, `max` and `min` of plain Python want one True or False, and a tensor has many: torch.where or clamp":
        [lambda x, zero=zero: max(zero, x) for zero in (0, torch.tensor(0.0), torch.zeros(1))]
        + [lambda x, zero=zero: max(x, zero) for zero in (0, torch.tensor(0.0), torch.zeros(1))],
    "you went through a list of numbers, and where x has more axes than one its items are lists: torch.where or clamp":
        [lambda x: torch.tensor([max(0.0, number) for number in x.tolist()]),
         lambda x: torch.tensor([max(number, 0.0) for number in x.tolist()]),
         lambda x: torch.tensor([number if number > 0 else 0.0 for number in x.tolist()])],
})


@takes(dense)
def _(draw):
    n, inputs = draw.rows(), draw.whole(1, 5)
    neurons = draw.one_of(draw.rows(1, 5), inputs)
    return call(draw.tensor(n, inputs), draw.tensor(neurons, inputs), draw.tensor(neurons))


mistakes(dense, {
    "the weights are not turned: their rows are neurons, and `@` wants a column for each": lambda x, w, b: x @ w + b,
    "`reshape` and `view` deal the numbers out anew, and turn nothing: `weights.T` turns":
        lambda x, w, b: x @ w.reshape(w.T.shape) + b,
    "`squeeze` takes away every axis of length 1, also that of a single example or neuron":
        lambda x, w, b: (x @ w.T).squeeze() + b,
    "the biases are missing": lambda x, w, b: x @ w.T,
    "the weights are not turned and the biases are missing": lambda x, w, b: x @ w,
    "the biases are added, not subtracted": lambda x, w, b: x @ w.T - b,
    "`*` multiplies place by place: a weighted sum is a matrix product, `@`": lambda x, w, b: x * w + b,
    "each bias went to an example: it belongs to a neuron, that is, to a column": lambda x, w, b: x @ w.T + b[:, None],
    "rows and columns are exchanged: examples are rows, neurons are columns": lambda x, w, b: dense(x, w, b).T,
    "rows and columns are exchanged, and so each bias went to an example: `inputs @ weights.T`, in this order":
        lambda x, w, b: w @ x.T + b,
    "the product is the wrong way round: `inputs @ weights.T`, in this order": lambda x, w, b: w @ x + b,
    "you turned the inputs as well: turn the weights only": lambda x, w, b: x.T @ w.T + b,
    "a choice came in, ReLU: this layer only adds up": lambda x, w, b: dense(x, w, b).relu(),
    "a choice came in before the biases: this layer only adds up": lambda x, w, b: (x @ w.T).relu() + b,
    "a choice came in, a sigmoid: this layer only adds up": lambda x, w, b: dense(x, w, b).sigmoid(),
    "every neuron got the first bias: each has its own": lambda x, w, b: x @ w.T + b[0],
    "all biases were added up, and every neuron got the sum: each has its own": lambda x, w, b: x @ w.T + b.sum(),
    "you added up over everything: one number for each example and neuron is wanted":
        lambda x, w, b: dense(x, w, b).sum(),
    "you added the neurons up: one number for each example and neuron is wanted": lambda x, w, b: dense(x, w, b).sum(1),
    "that is the mean of the products: a weighted sum is not divided": lambda x, w, b: x @ w.T / x.shape[1] + b,
    "the biases are multiplied: they are added": lambda x, w, b: x @ w.T * b,
    "the biases went into the inputs: add them to the sums": lambda x, w, b: (x + b) @ w.T,
    "the product is the wrong way round, with the weights turned: `inputs @ weights.T`, in this order":
        lambda x, w, b: w.T @ x + b,
    "each example met only one of the neurons: every example meets every neuron": lambda x, w, b: (x * w).sum(1) + b,
    "only the first example came back: every example is a row of the result": lambda x, w, b: x[0] @ w.T + b,
})


@takes(hinges, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    k = draw.rows(2, 7)
    return call(draw.tensor(1) + draw.tensor(k, least=0.5).cumsum(0), draw.tensor(k))


def slopes(knots, heights):
    return heights.diff() / knots.diff()


def changes(numbers):
    """The first of them, and by how much each of the others differs from the one before."""
    return torch.cat([numbers[:1], numbers.diff()])


def weights_in_place(knots, heights):
    weights = slopes(knots, heights)
    for place in range(1, len(weights)):
        weights[place] -= weights[place - 1].clone()
    return weights


mistakes(hinges, {
    "those are the slopes: after the first, a hinge has to add what the slope *changes* by": slopes,
    "those are the rises from dot to dot: divide each by its run, then take the changes": lambda k, h: h.diff(),
    "you took the changes of the rises: divide each rise by its run first": lambda k, h: changes(h.diff()),
    "the first hinge is missing: before it the line is flat, so its weight is the whole first slope":
        lambda k, h: hinges(k, h)[1:],
    "there is a hinge too many: nothing has to bend at the last dot":
        lambda k, h: torch.cat([hinges(k, h), -slopes(k, h)[-1:]]),
    "there is a hinge too many, of weight 0: one for each knot but the last":
        lambda k, h: torch.cat([hinges(k, h), torch.zeros_like(h[:1])]),
    "the starting height is not a hinge: weights only": lambda k, h: torch.cat([h[:1], hinges(k, h)]),
    "the changes are the wrong way round: the new slope minus the old one":
        lambda k, h: torch.cat([slopes(k, h)[:1], -slopes(k, h).diff()]),
    "you added the slopes up: a hinge adds what the slope changes by": lambda k, h: slopes(k, h).cumsum(0),
    "you divided by the mean distance: the dots are not evenly spaced, so each rise has its own run":
        lambda k, h: changes(h.diff() / k.diff().mean()),
    "you divided every rise by the first distance: the dots are not evenly spaced, so each rise has its own run":
        lambda k, h: changes(h.diff() / (k[1] - k[0])),
    "run over rise: a slope is the rise divided by the run": lambda k, h: changes(k.diff() / h.diff()),
    "you divided the changes of the rises by the runs: divide the rises first, then take the changes":
        lambda k, h: changes(h.diff()) / k.diff(),
    "every slope is taken from the first dot: from dot to dot is wanted":
        lambda k, h: changes((h[1:] - h[0]) / (k[1:] - k[0])),
    "your first slope is taken from zero height: the sum starts at heights[0]":
        lambda k, h: changes(torch.cat([h[1:2] / k.diff()[:1], slopes(k, h)[1:]])),
    "you subtracted the weight before, not the slope before": weights_in_place,
    "every slope is compared with the first one: compare it with the one before it":
        lambda k, h: torch.cat([slopes(k, h)[:1], slopes(k, h)[1:] - slopes(k, h)[0]]),
    "nothing is taken from the first slope: before the first hinge the line is flat, and the height is no slope":
        [lambda k, h: slopes(k, h).diff(prepend=h[:1]), lambda k, h: slopes(k, h).diff(prepend=k[:1])],
    "two dots have one slope and no change of slope: there your list of changes is empty":
        lambda k, h: torch.cat([slopes(k, h)[:1], torch.stack([*slopes(k, h).diff()])]),
    "the first weight is not zero: before the first hinge the line is flat, and after it has the first slope":
        lambda k, h: torch.cat([torch.zeros_like(h[:1]), slopes(k, h).diff()]),
    "you multiplied rise and run: a slope is the rise divided by the run": lambda k, h: changes(h.diff() * k.diff()),
    "the first slope was compared with the last: index -1 is the last one. The first weight is the first slope itself":
        lambda k, h: slopes(k, h) - slopes(k, h).roll(1),
    "you divided the changes of slope once more: a hinge adds all of the change":
        lambda k, h: torch.cat([slopes(k, h)[:1], slopes(k, h).diff() / k.diff()[1:]]),
    "the first weight is the first slope, not the first height: the height is where the sum starts":
        lambda k, h: torch.cat([h[:1], slopes(k, h).diff()]),
    "you took the absolute value: where the curve bends down, the weight is negative": lambda k, h: hinges(k, h).abs(),
    "a slope is the rise over the run from dot to dot, not a height over a place": lambda k, h: changes(h[1:] / k[1:]),
})


def scores(draw):
    """Scores of everyday size, of a thousand apart, or each row about another height."""
    n, classes = draw.rows(), draw.one_of(draw.whole(1, 6), 4)
    spread = draw.one_of(1, 1, far(draw))
    height = draw.one_of(0, 0, far(draw))
    return draw.tensor(n, classes) * spread + (draw.tensor(n, 1) * height if height else 0)


@takes(softmax)
def _(draw):
    return call(scores(draw))


def lowered(z):
    return z - z.amax(1, True)


# The logarithms of the shares: well done, by way of the shares, and by way of powers that overflow.
LOG_SHARES = [lambda z: z.log_softmax(1), lambda z: z.softmax(1).log(), lambda z: z - z.exp().sum(1, True).log(),
              lambda z: shared(z.exp()).log()]
POWERS = [torch.exp, lambda z: lowered(z).exp(), lambda z: (z - z.max()).exp()]  # and with the largest taken out
OF_POWERS = {
    "you summed down the columns: each row is an example of its own, dim=1": lambda p: p / p.sum(0),
    "you summed over the whole batch: each row is shared out by itself": lambda p: p / p.sum(),
    "you did not divide: the shares of a row sum to 1": lambda p: p,
    "you divided by the mean: divide by the sum": lambda p: p / p.mean(1, True),
    "the sums lost their axis: `keepdim=True` keeps them as a column, and each row meets its own":
        lambda p: p / p.sum(1),
}
for powers in POWERS:
    for words, shares in OF_POWERS.items():
        mistake(softmax, words)(lambda logits, powers=powers, shares=shares: shares(powers(logits)))


def shared(powers):
    return powers / powers.sum(1, True)


mistakes(softmax, {
    "your `return` stands inside a loop, so only the first row came back":
        [lambda z: softmax(z)[0], lambda z: shared(z.exp())[0]],
    "those are the logarithms of the shares": LOG_SHARES,
    "you divided the scores themselves by their sum: take powers of e first": shared,
    "that is the sigmoid of each score by itself: the shares of a row have to sum to 1": torch.sigmoid,
    "you took powers of 2: the base is e, `torch.exp`": [lambda z: softmax(z * math.log(2)), lambda z: shared(2 ** z)],
    "that is the hard choice, everything for the largest: softmax leaves a share to the others":
        lambda z: (z == z.amax(1, True)).to(z.dtype),
    "the smallest score got the largest share: the exponent is the score, not minus the score":
        [lambda z: softmax(-z), lambda z: shared((-z).exp())],
    "you divided the scores by the largest: subtract it":
        [lambda z, by=by: shared((z / by(z)).exp()) for by in (
            lambda z: z.amax(1, True), torch.max, lambda z: z.abs().amax(1, True), lambda z: z.abs().max(),
            lambda z: z.abs().amax(1, True).clamp(min=1e-9), lambda z: z.abs().amax(1, True) + 1e-9)],
    "you subtracted the greatest size, whatever its sign: where all scores are far below zero, nothing is left, 0 by 0":
        [lambda z: shared((z - z.abs().amax(1, True)).exp()), lambda z: shared((z - z.abs().max()).exp())],
    "you subtracted the largest of each column: each row is an example of its own, dim=1":
        lambda z: shared((z - z.amax(0)).exp()),
    "you divided the lowered scores by their sum: take powers of e in between": lambda z: shared(lowered(z)),
    "you took softmax twice": [lambda z: softmax(softmax(z)), lambda z: shared(shared(z.exp()).exp())],
    "you subtracted the largest above the line, but not below it: both want the same powers":
        lambda z: lowered(z).exp() / z.exp().sum(1, True),
    "you subtracted the largest below the line, but not above it: both want the same powers":
        lambda z: z.exp() / lowered(z).exp().sum(1, True),
    "e to the power of a large score is infinity for a computer, and infinity by infinity is no number: "
    "subtract each row's largest score first": lambda z: shared(z.exp()),
    "you subtracted the largest of the whole batch: then a row of smaller scores has nothing left, 0 by 0. Each row "
    "has its own largest":
        lambda z: shared((z - z.max()).exp()),
    "you subtracted the row's mean, or its smallest score: what stands far above that still overflows. Subtract the "
    "largest":
        [lambda z: shared((z - z.mean(1, True)).exp()), lambda z: shared((z - z.amin(1, True)).exp())],
    "you cut large scores off: then what differs beyond the cut becomes equal. Subtract the row's largest instead":
        [lambda z, most=most, least=least: shared(z.clamp(least, most).exp())
         for most in (10, 20, 50, 80, 88, 100) for least in (None, -most)],
    "you wrote zeros over what overflowed: subtract each row's largest score first, and nothing overflows":
        lambda z: shared(z.exp()).nan_to_num(0.0),
})


@takes(cross_entropy)
def _(draw):
    logits = scores(draw)
    return call(logits, draw.integers(len(logits), most=logits.shape[1] - 1))


def at(table, targets):
    return table[torch.arange(len(table)), targets]


def one_hot(table, targets):
    return F.one_hot(targets, table.shape[1]).to(table.dtype)


OF_LOG_SHARES = {
    "you summed over the rows: the loss is a mean": lambda z, t: -at(z, t).sum(),
    "the minus is missing: the logarithm of a share is negative, and surprise is not": lambda z, t: at(z, t).mean(),
    "those are the surprises, one a row: their mean is wanted": lambda z, t: -at(z, t),
    "you divided by the number of classes: by the number of rows": lambda z, t: -at(z, t).sum() / z.shape[1],
    "only the last row was counted: the loop has to add the surprises up, `total += ...`":
        lambda z, t: -at(z, t)[-1] / len(z),
    "that is the mean share of the right classes: surprise is minus its logarithm": lambda z, t: at(z, t).exp().mean(),
    "that is minus the mean share: the logarithm is missing": lambda z, t: -at(z, t).exp().mean(),
    "you took the mean of the shares and then the logarithm: the logarithm belongs to each row":
        lambda z, t: -at(z, t).exp().mean().log(),
    "that is the surprise at what the network believes most: look up the right class, `targets`":
        lambda z, t: -z.amax(1).mean(),
    "you took the mean over all classes as well: only the right class of each row counts, so divide by the number of "
    "rows":
        lambda z, t: -(z * one_hot(z, t)).mean(),
    "you added up the surprise at every class: only the right one counts": lambda z, t: -z.sum(1).mean(),
    "that is the mean surprise at every class: only the right one counts": lambda z, t: -z.mean(),
    "`logits[:, targets]` picks every target from every row: `logits[torch.arange(n), targets]` picks one from each":
        lambda z, t: -z[:, t].mean(),
    "the indices are the wrong way round: rows first, `torch.arange(n)`, then their classes, `targets`":
        lambda z, t: -z[t, torch.arange(len(t))].mean(),
    "you took the logarithm to base 2: nats come from `torch.log`": lambda z, t: -at(z, t).mean() / math.log(2),
    "you took the logarithm to base 10: nats come from `torch.log`": lambda z, t: -at(z, t).mean() / math.log(10),
    "you counted how the wrong classes did, too: only the share of the right class counts":
        lambda z, t: -(one_hot(z, t) * z + (1 - one_hot(z, t)) * (1 - z.exp()).log()).sum(1).mean(),
    "softmax was taken twice, or what came in was taken for shares: what comes in are scores":
        lambda z, t: -at(z.exp().log_softmax(1), t).mean(),
    "that is one minus the share: surprise is minus the logarithm of the share":
        lambda z, t: (1 - at(z, t).exp()).mean(),
    "that is the mean squared error between shares and one-hot targets":
        lambda z, t: (z.exp() - one_hot(z, t)).square().mean(),
    "that is the entropy of the shares: it does not look at the targets": lambda z, t: -(z.exp() * z).sum(1).mean(),
    "your `return` stands inside a loop, so only the first row was counted": lambda z, t: -at(z, t)[0],
}
for log_shares in LOG_SHARES:
    for words, loss in OF_LOG_SHARES.items():
        mistake(cross_entropy, words)(lambda z, t, log_shares=log_shares, loss=loss: loss(log_shares(z), t))


def log_sum(z):
    return z.logsumexp(1)


A_LITTLE = ("you added a little something to the share, or cut it off, so that its logarithm survives; "
            "then it no longer knows how wrong a score is. Go straight from the scores")
mistakes(cross_entropy, {
    "you left out the logarithm of the summed powers":
        [lambda z, t: (z.amax(1) + lowered(z).exp().sum(1) - at(z, t)).mean(),
                                                        lambda z, t: (z.exp().sum(1) - at(z, t)).mean()],
    "that is minus the mean score of the right class: the log-sum-exp is missing": lambda z, t: -at(z, t).mean(),
    "that is the log-sum-exp only: the score of the right class is taken away from it": lambda z, t: log_sum(z).mean(),
    "you added the score of the right class: it is subtracted": lambda z, t: (log_sum(z) + at(z, t)).mean(),
    "you took the largest out and did not put it back after the logarithm":
        [lambda z, t: (log_sum(lowered(z)) - at(z, t)).mean(), lambda z, t: (log_sum(z - z.max()) - at(z, t)).mean()],
    "you summed the powers down the columns: each row is an example of its own, dim=1":
        [lambda z, t: -at(z.log_softmax(0), t).mean(), lambda z, t: -at(z.softmax(0).log(), t).mean()],
    "you summed the powers of the whole batch: each row has its own sum":
        [lambda z, t: (z.logsumexp((0, 1)) - at(z, t)).mean(), lambda z, t: (z.exp().sum().log() - at(z, t)).mean()],
    "infinity came: e to the power of a large score is more than a computer can hold. Take each row's largest out "
    "first":
        [lambda z, t: (z.exp().sum(1).log() - at(z, t)).mean(), lambda z, t: -at(shared(z.exp()).log(), t).mean()],
    "infinity came: a share of zero went into a logarithm. Go from the scores to the surprise without making shares":
        lambda z, t: -at(z.softmax(1).log(), t).mean(),
    "the largest of the whole batch came out: then a row of smaller scores is left with the logarithm of zero. Each "
    "row has its own largest":
        [lambda z, t: (z.max() + (z - z.max()).exp().sum(1).log() - at(z, t)).mean(),
         lambda z, t: ((z - z.max()).exp().sum(1).log() - at(z - z.max(), t)).mean()],
    A_LITTLE: [program for little in [10.0 ** -power for power in (*range(3, 17), 20, 30)]
               for program in (lambda z, t, little=little: -(at(z.softmax(1), t) + little).log().mean(),
                               lambda z, t, little=little: -at(z.softmax(1), t).clamp(min=little).log().mean())],
    "you wrote something over the infinity, and then it no longer knows how wrong a score is. Go straight from the "
    "scores":
        [lambda z, t, over=over: (-at(z.softmax(1), t).log()).nan_to_num(posinf=over).mean() for over in (None, 0.0)],
    "`one_hot` counts the classes from the targets that came, and the last class may not be among them: hand it "
    "`logits.shape[1]`":
        lambda z, t: (log_sum(z) - (z * F.one_hot(t)).sum(1)).mean(),
})


@takes(accuracy, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    n, classes = draw.rows(), draw.whole(1, 5)
    logits = draw.tensor(n, classes, distinct=True) - draw.one_of(0, 0, 9)  # no ties; and all below zero
    targets = draw.integers(n, most=classes - 1)
    return call(logits, torch.where(draw.bits(n).bool(), logits.argmax(1), targets))


def hits(logits, targets):
    return (logits.argmax(1) == targets).float()


mistakes(accuracy, {
    "you counted: divide by the number of rows, or take the mean": lambda z, t: hits(z, t).sum(),
    "that is the share of wrong answers": lambda z, t: 1 - accuracy(z, t),
    "that is in per cent: a share is between 0 and 1": lambda z, t: 100 * accuracy(z, t),
    "you looked for the highest score of each column: each row is an example, dim=1":
        lambda z, t: (z.argmax(0) == t).float().mean(),
    "you took the lowest score: the highest is the answer": lambda z, t: accuracy(-z, t),
    "you compared the targets with the highest scores themselves: where they stand in their rows is wanted, "
    "`argmax(dim=1)`":
        lambda z, t: (z.amax(1) == t).float().mean(),
    "you looked for the highest score of the whole batch: each row has its own, `argmax(dim=1)`":
        lambda z, t: (z.argmax() == t).float().mean(),
    "classes count from 0, as `argmax` does":
        [lambda z, t: (z.argmax(1) + 1 == t).float().mean(), lambda z, t: (z.argmax(1) == t + 1).float().mean()],
    "that is 1 where all rows are right, else 0: you asked whether all rows are right, or `//` threw the fraction away":
        lambda z, t: hits(z, t).sum() // len(t),
    "you asked whether all rows are right: the share of them is wanted":
        [lambda z, t: bool(hits(z, t).all()), lambda z, t: hits(z, t).all()],
    "your `return` stands inside a loop, so only the first row was counted": lambda z, t: hits(z, t)[0],
    "only the last row was counted: set the count to zero before the loop, and not in it":
        lambda z, t: hits(z, t)[-1] / len(t),
    "you divided by the number of all scores: by the number of rows": lambda z, t: hits(z, t).sum() / z.numel(),
    "you divided by the number of classes: by the number of rows": lambda z, t: hits(z, t).sum() / z.shape[1],
    "those are the single verdicts: their mean is wanted": hits,
    "those are the classes that the network believes: compare them with the targets": lambda z, t: z.argmax(1),
    "every row's answer was compared with every row's target: a column against a row broadcasts to a table":
        lambda z, t: (z.argmax(1, True) == t).float().mean(),
    "the right class has the highest score in a row, though less than half of the shares: compare scores with each "
    "other only":
        lambda z, t: (at(z.softmax(1), t) > 0.5).float().mean(),
    "a score need not be above zero to be the highest of its row: compare scores with each other only":
        lambda z, t: (hits(z, t) * (at(z, t) > 0)).mean(),
})


def kind(value):
    if isinstance(value, list):
        return "a list of plain numbers" if all(isinstance(item, float | int) for item in value) else "another list"
    if isinstance(value, dict):
        return "a network" if [*value] == ["network"] else "a dict"
    return {Tensor: "a tensor", float: "a number", tuple: "a tuple"}.get(type(value), "something else")


def network_and_losses(value, call):
    """What came in three named quantities, so that each is looked at by itself."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        return {"form": kind(value), "losses": None, "network": None}
    return {"form": ", and ".join(map(kind, value)), "losses": value[1], "network": value[0]}


@takes(fit, calls=24, seen=network_and_losses, tolerance=1e-4, contract=("arguments",))
def _(draw):
    make_model = draw.named("two_scores", "small_net")
    features = 1 if make_model == "two_scores" else 2
    n = draw.rows(1, 9)
    # Small inputs and rates: a training that runs away makes much of the last digit, which two processes may differ in.
    inputs = draw.tensor(n, features, dtype=torch.float32) / 4
    epochs, batch_size = draw.whole(1, 3), max(1, n // draw.whole(1, 4) + draw.whole(0, 1))
    return call(make_model, inputs, draw.integers(n, most=features), epochs, batch_size, draw.one_of(0.5, 0.75, 0.125))


def run(make_model, x, y, epochs, batch_size, rate, deal=mini_batches, loss=cross_entropy, note=None, clear=True,
        fresh=False, step=lambda gradient, rows: gradient, moves=lambda number, parameter: True, way=torch.optim.SGD):
    """The right loop, with one thing in it done otherwise."""
    model, losses = make_model(), []
    moving = [parameter for number, parameter in enumerate(model.parameters()) if moves(number, parameter)]
    optimiser = way(moving or [torch.zeros(1)], rate)
    for rows, classes in deal(x, y, batch_size, epochs):
        model = make_model() if fresh else model
        value = loss(model(rows), classes)
        if clear:
            model.zero_grad()
        value.backward()
        for parameter in model.parameters():
            parameter.grad = step(parameter.grad, rows)
        optimiser.step()
        losses.append((note(model, rows, classes) if note else value).item())
    return model, losses


def otherwise(**changed):
    return lambda *given: run(*given, **changed)


def rated(change):
    return lambda make, x, y, epochs, size, rate: run(make, x, y, epochs, size, change(rate, size))


def by_epoch(change):
    def one_each(make_model, x, y, epochs, *given):
        model, losses = fit(make_model, x, y, epochs, *given)
        return model, change(torch.tensor(losses).reshape(epochs, -1)).tolist()
    return one_each


def formed(change):
    return lambda *given: change(*fit(*given))


mistakes(fit, {
    "the two have changed places: the network first, then the losses": formed(lambda model, losses: (losses, model)),
    "you gave back the losses only: the network is wanted too, before them": formed(lambda model, losses: losses),
    "you gave back the network only: the losses are wanted too, after it": formed(lambda model, losses: model),
    "the losses came as a tensor: a list of plain numbers is wanted":
        formed(lambda model, losses: (model, torch.tensor(losses))),
    "your losses are tensors, each with its diary: `loss.item()` makes the plain number that is wanted":
        formed(lambda model, losses: (model, [*torch.tensor(losses)])),
    "you gave back the weights, `state_dict()`: the network itself is wanted":
        formed(lambda model, losses: (model.state_dict(), losses)),
    "you gave back a single loss: a list with one for each batch is wanted":
        [formed(lambda model, losses: (model, losses[-1])), formed(lambda model, losses: (model, sum(losses)))],
    "your list is too short, one loss for each batch of every epoch is wanted: does the `return` stand outside the "
    "loop?":
        otherwise(deal=lambda *given: islice(mini_batches(*given), 1)),
    "you went through the rows once: hand `epochs` to mini_batches":
        otherwise(deal=lambda x, y, size, epochs: mini_batches(x, y, size)),
    "your list is too long: mini_batches goes through all epochs by itself, no loop over the epochs goes round it":
        otherwise(deal=lambda x, y, size, epochs: epochs * [*mini_batches(x, y, size, epochs)]),
    "the last batch of an epoch has what is left, and you left it out: it counts as the others do":
        otherwise(deal=lambda x, y, size, epochs: [batch for batch in mini_batches(x, y, size, epochs)
                                                     if len(batch[0]) == size]),
    "there is one loss for each epoch in your list: one for each batch is wanted":
        [by_epoch(lambda table: table.mean(1)), by_epoch(lambda table: table.sum(1)),
         by_epoch(lambda table: table[:, -1])],
    "a fresh network is made for every epoch: make it once, before the loops":
        lambda make, x, y, epochs, *given: (fit(make, x, y, 1, *given)[0], epochs * fit(make, x, y, 1, *given)[1]),
    "the gradients pile up from step to step: clear them before each `backward()`": otherwise(clear=False),
    "you walked uphill: subtract": otherwise(step=lambda gradient, rows: -gradient),
    "nothing is learned: `parameter = parameter - ...` leaves the network's own tensor as it was (write into it with "
    "`-=`), or a fresh network is made for every batch (make it once, before the loop), or the step is not made of "
    "`parameter.grad`":
        [otherwise(moves=lambda number, parameter: False), otherwise(fresh=True)],
    "you stepped by the gradient and forgot the learning rate": rated(lambda rate, size: 1.0),
    "you divided the step by the batch size: the loss is a mean already":
        [rated(lambda rate, size: rate / size), otherwise(step=lambda gradient, rows: gradient / len(rows))],
    "you multiplied the step by the batch size: the loss is a mean, and so is its gradient":
        [rated(lambda rate, size: rate * size), otherwise(step=lambda gradient, rows: gradient * len(rows))],
    "you stepped by a learning rate of your own: use the one that came in":
        [rated(lambda rate, size, own=own: own) for own in (0.1, 0.01, 0.001)],
    "you measured the loss after the step: write down the one that the gradient was taken of":
        otherwise(note=lambda model, rows, classes: cross_entropy(model(rows), classes)),
    "softmax was taken before the cross-entropy, which takes scores and does that itself":
        otherwise(loss=lambda logits, targets: cross_entropy(logits.softmax(1), targets)),
    "that is Adam: plain descent is wanted here": otherwise(way=torch.optim.Adam),
    "that is descent with momentum: plain descent is wanted here":
        otherwise(way=lambda parameters, rate: torch.optim.SGD(parameters, rate, 0.9)),
    "that is the sum over the batch: the loss is a mean":
        otherwise(loss=lambda logits, targets: cross_entropy(logits, targets) * len(targets)),
    "the losses pile up: each is to be that of its own batch":
        formed(lambda model, losses: (model, torch.tensor(losses).cumsum(0).tolist())),
    "only the weights learn: step through all of `model.parameters()`, biases too":
        otherwise(moves=lambda number, parameter: parameter.ndim > 1),
    "only some of the parameters learn: step through all of `model.parameters()`, and the `return` does not stand in "
    "that loop":
        [otherwise(moves=lambda number, parameter: number == 0),
         otherwise(moves=lambda number, parameter: len(parameter) < 4)],
    "the rows come in the order of the file: mini_batches shuffles them anew each epoch":
        otherwise(deal=lambda x, y, size, epochs: epochs * [*zip(x.split(size), y.split(size), strict=True)]),
    "the rows were dealt in another order: call `mini_batches(inputs, targets, batch_size, epochs)` once":
        otherwise(deal=lambda x, y, size, epochs: [batch for seed in range(epochs)
                                                     for batch in mini_batches(x, y, size, 1, seed)]),
    "every epoch dealt the same order: give `epochs` to mini_batches, which shuffles anew each time":
        otherwise(deal=lambda x, y, size, epochs: epochs * [*mini_batches(x, y, size)]),
    "each step saw all rows: a batch at a time, as mini_batches deals them":
        otherwise(deal=lambda x, y, size, epochs: mini_batches(x, y, len(x), epochs)),
    "the network answered for all rows each time: `model(x_batch)`, with the rows that mini_batches deals":
        otherwise(deal=lambda x, y, size, epochs: [(x, y) for _ in mini_batches(x, y, size, epochs)]),
    "the network that you give back has learned nothing: write into its own parameters, and give back that very "
    "network":
        lambda make_model, *given: (make_model(), fit(make_model, *given)[1]),
})


makes_no_difference(relu, "strictness", "at zero, zero comes out either way")
makes_no_difference(accuracy, "float32", "a share is float32, whatever the scores are")
for slip in ("cut off above", "a list", "float32", "float64"):
    makes_no_difference(fit, slip, "what it gives back is a network and a list of numbers: no tensor is there to be "
        "changed")
