"""Lesson 03, Down the landscape of loss: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, by way of the right function if that is shorter.
Read course/descent.py first."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import torch
from torch import Tensor

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.data import paint_splatter
from course.descent import (
    Adam,
    backward,
    descend,
    finite_difference,
    line_gradient,
    losses_along,
    mini_batches,
    momentum_step,
    sharpest_curvature,
)
from course.lines import mse, predict
from course.values import Value

# A table gives its programs the arguments that its mistakes need.
program: Callable
way: Callable

NO_FLOW = ("arguments", "twice", "dtype", "device")  # gradients are made by hand here: none flows through


# A difference quotient keeps half of the digits in any dtype, and a nudge kept in float32 is right too.
@takes(finite_difference, contract=NO_FLOW, tolerance=1e-4)
def _(draw):
    knobs = draw.rows(1, 4)
    names = ("bowl", "ripples", "saddle", "trough")[:2 if knobs > 4 else 3 if draw.dtype is torch.float64 else 4]
    nudge = draw.one_of(0.01, 0.25, 0.5, 1.25) if knobs < 5 else 0.5
    # Small numbers, so that float32 keeps its digits at a nudge of 0.01.
    return call(draw.named(*names), draw.tensor(knobs, least=-2, most=2), nudge=nudge)


def pokes(loss, here, up, down, apart, of=None):
    """Each knob by itself, or what a row of another matrix says, moved so far up and down, and the rise divided."""
    of = torch.eye(len(here)) if of is None else of
    return torch.stack([(loss(here + up * one) - loss(here - down * one)) / apart for one in of.to(here.dtype)])


def not_put_back(loss, here, nudge, stays):
    place, slopes = here.clone(), []
    for one in torch.eye(len(here), dtype=here.dtype):
        slopes.append(pokes(loss, place, nudge, nudge, 2 * nudge, one[None])[0])
        place = place + stays * nudge * one
    return torch.stack(slopes)


SPLATTER = paint_splatter()
POKES = {
    "you poked up only: compare one nudge up with one nudge down, not with where you stand":
        lambda loss, p, h: pokes(loss, p, h, 0, h),
    "you poked down only: compare one nudge up with one nudge down, not with where you stand":
        lambda loss, p, h: pokes(loss, p, 0, h, h),
    "you divided by one nudge, but from one nudge down to one nudge up it is two":
        lambda loss, p, h: pokes(loss, p, h, h, h),
    "you poked up only and divided by two nudges: both ends of the poke have to move":
        lambda loss, p, h: pokes(loss, p, h, 0, 2 * h),
    "you poked all parameters at once: change one, and leave the others where they are":
        lambda loss, p, h: pokes(loss, p, h, h, 2 * h, torch.ones(len(p), len(p))),
    "you gave one number for all parameters: the gradient has one for each, poked one at a time":
        lambda loss, p, h: (loss(p + h) - loss(p - h)) / (2 * h),
    "you did not divide: a slope is the rise over the distance between the two pokes":
        lambda loss, p, h: pokes(loss, p, h, h, 1),
    "`/ 2 * nudge` divides by 2 and then multiplies by the nudge: put `2 * nudge` in brackets":
        lambda loss, p, h: pokes(loss, p, h, h, 2 / h),
    "up and down are one and the same tensor: `up = parameters` is a second name, `parameters.clone()` a copy":
        lambda loss, p, h: torch.zeros_like(p),
    "your two copies were made once, so the pokes pile up in them: make two fresh ones for each parameter":
        lambda loss, p, h: pokes(loss, p, h, h, 2 * h, torch.ones(len(p), len(p)).tril()),
    "your `return` stands inside the loop, so only the first parameter had its turn":
        lambda loss, p, h: finite_difference(loss, p, h) * torch.eye(len(p))[0],
    "you poked by a share of the parameter, as in `*= 1 + nudge`: the nudge is added":
        lambda loss, p, h: pokes(loss, p, h, h, 2 * h, torch.diag(p)),
    "the nudge you were given changes nothing: poke by `nudge`, however large it is":
        lambda loss, p, h: finite_difference(loss, p, 0.01),
    "the nudge you were given changes nothing: autograd gives the slope itself, and wanted is what pokes measure":
        lambda loss, p, h: torch.autograd.grad(loss(q := p.clone().requires_grad_(True)), q)[0],
    "you poked by half a nudge to either side: it is a whole one up and a whole one down":
        lambda loss, p, h: finite_difference(loss, p, h / 2),
    "you did not put a parameter back before poking the next one: start each poke from the parameters as they came":
        lambda loss, p, h: not_put_back(loss, p, h, -1),
    "each poke stayed where it ended, a nudge too high: start each poke from the parameters as they came":
        lambda loss, p, h: not_put_back(loss, p, h, 1),
    "while you poke one parameter the others are at zero: start each poke from a copy of them all":
        lambda loss, p, h: torch.cat([pokes(loss, p * one, h, h, 2 * h, one[None]) for one in torch.eye(len(p)).to(p)]),
    "you asked the loss about one number alone: hand it all the parameters, with one of them poked":
        lambda loss, p, h: torch.stack([(loss(one + h) - loss(one - h)) / (2 * h) for one in p]),
    "you poked `bowl`, whatever was asked for: call the `loss` that came in":
        lambda loss, p, h: finite_difference(lambda at: at.square().sum(), p, h),
    "you poked the loss of the splatter, whatever was asked for: call the `loss` that came in":
        lambda loss, p, h: finite_difference(lambda at: mse(predict(SPLATTER[0], *at), SPLATTER[1]), p, h),
    "you poked by a share of the parameter, and divided by it: at 0 that is no poke at all, and 0 / 0; the nudge is "
    "added":
        lambda loss, p, h: torch.stack([(loss(p + h * one) - loss(p - h * one)) / (2 * h * here) for here, one in zip(p, torch.diag(p), strict=True)]),
    "the ground's bend came, the second derivative: compare up with down, and leave out where you stand":
        lambda loss, p, h: torch.stack([(loss(p + h * one) - 2 * loss(p) + loss(p - h * one)) / h ** 2 for one in torch.eye(len(p)).to(p)]),
    "the first parameter has no turn: places count from 0":
        lambda loss, p, h: finite_difference(loss, p, h) * (torch.arange(len(p)) > 0),
    "the last parameter has no turn: `range(len(parameters))` goes through all":
        lambda loss, p, h: finite_difference(loss, p, h) * (torch.arange(len(p)) < len(p) - 1),
    "the loss stops at float64 numbers where it holds float32 ones: poke in the dtype that came":
        lambda loss, p, h: finite_difference(loss, p.double(), h).to(p),
    "a tensor has no method `copy`: `clone()` makes a copy": lambda loss, p, h: finite_difference(loss, p.copy(), h),
    "that is how much the ground bends, the second derivative: compare up with down, and leave out where you stand":
        lambda loss, p, h: (pokes(loss, p, h, 0, h) - pokes(loss, p, 0, h, h)) / h,
    "you handed the loss a whole table of poked parameters: hand it one row after the other":
        lambda loss, p, h: (loss(p + h * torch.eye(len(p))) - loss(p - h * torch.eye(len(p)))) / (2 * h),
    "your pokes are made for two parameters: there may be any number":
        lambda loss, p, h: torch.stack([(loss(p + one) - loss(p - one)) / (2 * h) for one in h * torch.eye(2)]),
    "the sign is flipped: from one nudge down to one nudge up is the rise":
        lambda loss, p, h: -finite_difference(loss, p, h),
}
for words, program in POKES.items():
    mistake(finite_difference, words)(lambda loss, parameters, nudge=1e-2, way=program: way(loss, parameters, nudge))


@takes(line_gradient, contract=NO_FLOW)
def _(draw):
    rows = draw.rows()
    return call(draw.tensor(2), draw.tensor(rows), draw.tensor(rows))


def parts(p, x, y, r=None):
    """The gradient's two parts row by row, of these residuals or of the right ones: (-2 r x, -2 r)."""
    r = y - p[0] * x - p[1] if r is None else r
    return torch.stack([-2 * r * x, -2 * r])


GRADIENTS = {
    "you forgot the factor 2: a square that grows by a hair gains two strips":
        lambda p, x, y: line_gradient(p, x, y) / 2,
    "you summed over the rows; the loss is a mean, and so is its gradient": lambda p, x, y: parts(p, x, y).sum(dim=1),
    "what came is half the sum over the rows: the number of rows divides, and the 2 of the square stays":
        lambda p, x, y: parts(p, x, y).sum(dim=1) / 2,
    "the signs are the wrong way round: a larger slope makes the residual, target minus prediction, smaller":
        lambda p, x, y: -line_gradient(p, x, y),
    "you exchanged the two: the slope comes first, then the intercept": lambda p, x, y: line_gradient(p, x, y).flip(0),
    "you left out x in the slope's part: a drop far along the wall feels the slope more":
        lambda p, x, y: line_gradient(p, x, y)[1].expand(2),
    "you took the mean of x and the mean of the residuals and multiplied; multiply row by row, then take the mean":
        lambda p, x, y: torch.stack([x.mean(), torch.ones_like(x[0])]) * line_gradient(p, x, y)[1],
    "you left the intercept out of the prediction": lambda p, x, y: parts(p, x, y, y - p[0] * x).mean(dim=1),
    "you took the parameters the wrong way round: slope first, then intercept":
        lambda p, x, y: line_gradient(p.flip(0), x, y),
    "brackets are missing: y - slope * x + intercept adds the intercept to the residual":
        lambda p, x, y: parts(p, x, y, y - p[0] * x + p[1]).mean(dim=1),
    "you multiplied by the slope and by the intercept: the slope's part is multiplied by x, and the other by nothing":
        lambda p, x, y: line_gradient(p, x, y)[1] * p,
    "one of your two parts has the minus and the other has not":
        lambda p, x, y: line_gradient(p, x, y) * torch.tensor([1, -1]),
    "the factor 2 is in the slope's part only": lambda p, x, y: line_gradient(p, x, y) / torch.tensor([1, 2]),
    "the factor 2 is in the intercept's part only": lambda p, x, y: line_gradient(p, x, y) / torch.tensor([2, 1]),
    "one of your two parts is a mean and the other a sum":
        lambda p, x, y: line_gradient(p, x, y) * torch.tensor([1, len(x)]),
    "one of your two parts is a sum and the other a mean":
        lambda p, x, y: line_gradient(p, x, y) * torch.tensor([len(x), 1]),
    "you squared the residuals: the square is in the loss, and what it leaves in the gradient is the factor 2":
        lambda p, x, y: parts(p, x, y, (y - p[0] * x - p[1]) ** 2).mean(dim=1),
    "you divided by n - 1: the loss is a mean, so by n": lambda p, x, y: parts(p, x, y).sum(dim=1) / (len(x) - 1),
    "you divided by 200, as many as the splatter has drops: divide by as many as came in":
        lambda p, x, y: parts(p, x, y).sum(dim=1) / 200,
    "that is the gradient of the root of the mean squared error: no root is asked for":
        lambda p, x, y: line_gradient(p, x, y) / (2 * (y - p[0] * x - p[1]).square().mean().sqrt()),
    "that is the gradient of the mean absolute error: the residuals count with their size, not with their sign alone":
        lambda p, x, y: parts(p, x, y, (y - p[0] * x - p[1]).sign()).mean(dim=1) / 2,
    "that is the gradient of the mean absolute error, in which only the signs of the residuals count; their size "
    "counts as well":
        lambda p, x, y: parts(p, x, y, (y - (p[0] * x + p[1])).sign()).mean(dim=1) / 2,
    "`tensor` takes one list; `torch.stack` makes a tensor of tensors, and keeps their dtype":
        lambda p, x, y: torch.tensor((-2 * x).mean(), (-2 * y).mean()),
    "a column met a row, and every drop's prediction every other drop's target: keep x and y of shape (n,)":
        lambda p, x, y: parts(p, x.expand(len(x), -1), y[:, None]).mean(dim=(1, 2)),
    "you gave one gradient for every row: the mean over the rows is missing": lambda p, x, y: parts(p, x, y),
}
for words, program in GRADIENTS.items():
    mistake(line_gradient, words)(lambda parameters, x, y, program=program: program(parameters, x, y))


@takes(backward, contract=("arguments", "twice", "dtype"))
def _(draw):
    formula = draw.named("chain", "crossing", "kinks", "alone", "crossing")
    return call(formula, draw.tensor(draw.whole(1, 4)))


def lined_up(output, parents_first=True, once=True, by_level=False):
    """The values behind the output: each after its parents, or before them, or level by level from the output's end
    on."""
    order, waiting = [], [output]
    if by_level:
        for value in waiting:
            waiting += [parent for parent in value.parents if not once or parent not in waiting]
        return waiting[::-1]

    def visit(value):
        if once and value in order:
            return
        if not parents_first:
            order.append(value)
        for parent in value.parents:
            visit(parent)
        if parents_first:
            order.append(value)

    visit(output)
    return order if parents_first else order[::-1]


def hand_on(value):
    for parent, derivative in zip(value.parents, value.derivatives, strict=True):
        parent.gradient += derivative * value.gradient


def put(value):
    for parent, derivative in zip(value.parents, value.derivatives, strict=True):
        parent.gradient = derivative * value.gradient


def by_all(factor):
    """Hand on something else than local derivative times gradient: a function of value, place, parent."""
    def hand(value):
        for place, parent in enumerate(value.parents):
            parent.gradient += factor(value, place, parent)
    return hand


def read_back(formula, numbers, hand=hand_on, order=lined_up, seed=1.0, came=lambda value: value.gradient):
    """The right way but for what is handed in."""
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    output.gradient = seed
    for value in reversed(order(output)):
        hand(value)
    return torch.tensor([came(value) for value in values], dtype=numbers.dtype)


def multiplied(value):
    for parent, derivative in zip(value.parents, value.derivatives, strict=True):
        parent.gradient = derivative * value.gradient * (parent.gradient or 1.0)


BACKWARDS = {
    "the last share to arrive replaced the others: where a value is used twice, the shares add up": {"hand": put},
    "the shares of a value that is used twice were multiplied: they add up": {"hand": multiplied},
    "you walked from the inputs to the output: gradients come from the output, so walk the line from its end":
        {"order": lambda output: lined_up(output)[::-1]},
    "you did not begin with 1: the output changes by 1 for each unit of the output, and all else is a multiple of it": {"seed": 0.0},
    "a value handed on before everybody who used it had handed back to it: line up every value after its parents":
        {"order": lambda output: lined_up(output, parents_first=False)},
    "you went level by level from the output, and a value that is used on two levels handed on too early: line up "
    "every value after its parents":
        {"order": lambda output: lined_up(output, by_level=True)},
    "a value that is used twice stands in your line twice, and hands on its whole gradient both times: each value once":
        {"order": lambda output: lined_up(output, once=False)},
    "you went level by level with values in it twice, and each hands on its whole gradient both times: each value once":
        {"order": lambda output: lined_up(output, once=False, by_level=True)},
    "you handed on the gradient as it is: it is multiplied by the local derivative":
        {"hand": by_all(lambda value, place, parent: value.gradient)},
    "you handed on the local derivative alone: it is multiplied by the value's own gradient":
        {"hand": by_all(lambda value, place, parent: value.derivatives[place])},
    "you multiplied by the parent's number: what counts is the local derivative, which stands in `derivatives`":
        {"hand": by_all(lambda value, place, parent: parent.number * value.gradient)},
    "you multiplied by the value's own number: what counts is the local derivative, which stands in `derivatives`":
        {"hand": by_all(lambda value, place, parent: value.number * value.gradient)},
    "you multiplied the local derivative by the value's number: its gradient is wanted there":
        {"hand": by_all(lambda value, place, parent: value.derivatives[place] * value.number)},
    "you added the local derivative and the gradient: along a chain they are multiplied":
        {"hand": by_all(lambda value, place, parent: value.derivatives[place] + value.gradient)},
    "only the first parent gets its share: go through all parents":
        {"hand": by_all(lambda value, place, parent: value.derivatives[0] * value.gradient * (place == 0))},
    "only the last parent gets its share: go through all parents":
        {"hand": by_all(lambda value, place, parent: value.derivatives[place] * value.gradient * (place == len(value.parents) - 1))},
    "the derivatives have changed places: the first belongs to the first parent":
        {"hand": by_all(lambda value, place, parent: value.derivatives[-1 - place] * value.gradient)},
    "only the output handed on: walk through all values behind it": {"order": lambda output: [output]},
    "you gave back the numbers: the gradients are wanted": {"came": lambda value: value.number},
}
for words, change in BACKWARDS.items():
    mistake(backward, words)(lambda formula, numbers, change=change: read_back(formula, numbers, **change))


@mistake(backward, "you began with the output's number: begin with 1, for the output changes by 1 for each unit of "
    "itself")
def _(formula, numbers):
    output = formula([Value(number) for number in numbers.tolist()])
    return read_back(formula, numbers, seed=output.number)


@mistake(backward, "a value that is used twice handed back only the share that reached it first: hand back what all of "
    "them come to")
def _(formula, numbers):
    values, seen = [Value(number) for number in numbers.tolist()], set()

    def send(value, share):
        value.gradient += share
        if value not in seen:
            seen.add(value)
            for parent, derivative in zip(value.parents, value.derivatives, strict=True):
                send(parent, derivative * share)

    send(formula(values), 1.0)
    return torch.tensor([value.gradient for value in values], dtype=numbers.dtype)


@mistake(backward, "numbers that have no part in the output are left out: their derivative is 0")
def _(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    behind = lined_up(formula(values))
    return backward(formula, numbers)[[value in behind for value in values]]


@takes(descend, contract=NO_FLOW)
def _(draw):
    start, x = draw.tensor(2), draw.tensor(rows := draw.rows())
    y = start[0] * x + start[1] if draw.number % 12 == 5 else draw.tensor(rows)  # it may begin at the bottom
    border = 2 / sharpest_curvature(x)  # a walk above it goes wrong, and is a walk all the same
    return call(start, x, y, float(f"{draw.one_of(0.5, 0.1, 0.9, 1.2) * border:.2g}"), draw.whole(0, 6))


PATHS = {  # the right path and how many steps were asked for -> what is given back
    "the start is missing from the path: it is its first point": lambda path, n: path[1:],
    "the last point is missing: n steps make n + 1 points": lambda path, n: path[:-1],
    "you returned where the walk ended; the whole path is wanted": lambda path, n: path[-1],
    "every point of your path is the last one: `-=` changed the tensor that is in the list, so make a new one":
        lambda path, n: path[-1:].expand(n + 1, 2),
    "every point after the start is the last one: `-=` changed the tensor that is in the list, so make a new one":
        lambda path, n: torch.cat([path[:1], path[-1:].expand(n, 2)]),
    "the points are right, but still in a list: `torch.stack` makes one tensor of them": lambda path, n: list(path),
    "`torch.cat` strings the points into one long row; `torch.stack` puts each on a row of its own":
        lambda path, n: path.flatten(),
    "the start stands twice in your path, and the last point is missing":
        lambda path, n: torch.cat([path[:1], path[:-1]]) if n else path,
    "you stopped when nothing moved any more: as many steps as asked for, at the bottom too":
        lambda path, n: path[:next((at + 1 for at in range(n) if torch.allclose(path[at], path[at + 1])), n + 1)],
}
for words, way in PATHS.items():
    mistake(descend, words)(lambda start, x, y, learning_rate, steps, way=way:
                            way(descend(start, x, y, learning_rate, steps), steps))
for words in [*PATHS][:2]:  # often so that a walk without steps stops, since nothing is in the list
    mistake(descend, words)(lambda start, x, y, learning_rate, steps, way=PATHS[words]:
                            torch.stack([*way(descend(start, x, y, learning_rate, steps), steps)]))
mistake(descend, "you took a step too many: n steps make n + 1 points, and the first of them is the start")(
    lambda start, x, y, learning_rate, steps: descend(start, x, y, learning_rate, steps + 1))
mistake(descend, "no step was asked for, and you took one")(
    lambda start, x, y, learning_rate, steps: descend(start, x, y, learning_rate, max(steps, 1)))
mistake(descend, "you set out from zero: the walk begins at `start`")(
    lambda start, x, y, learning_rate, steps: descend(torch.zeros_like(start), x, y, learning_rate, steps))


def unit(one):
    return one / one.norm()


def cut(one):
    return one / max(1.0, float(one.norm()))


def knob_by_knob(at, rate, up, path):
    half = at - rate * up(at) * torch.tensor([1, 0])
    return half - rate * up(half) * torch.tensor([0, 1])


def until(path, x, y, small):
    """The path up to the first point whose gradient is small."""
    return path[:next((place + 1 for place, at in enumerate(path) if line_gradient(at, x, y).norm() < small), len(path))]


for small in (1e-1, 1e-2, 1e-3, 1e-4, 1e-6):
    mistake(descend, "you stop where the gradient is small: as many steps as asked for, at the bottom too")(
        lambda start, x, y, learning_rate, steps, small=small: until(descend(start, x, y, learning_rate, steps), x, y, small))
for words, given in (("`line_gradient` wants the parameters first, then x, then y", lambda at, x, y: (x, y, at)),
                     ("`line_gradient` wants the parameters first, then x, then y: x and y have changed places", lambda at, x, y: (at, y, x)),
                     ("`line_gradient` wants the parameters first: they stand between x and y", lambda at, x, y: (x, at, y))):
    @mistake(descend, words)
    def _(start, x, y, learning_rate, steps, given=given):
        path = [start]
        for _ in range(steps):
            path.append(path[-1] - learning_rate * line_gradient(*given(path[-1], x, y)))
        return torch.stack(path)


@mistake(descend, "each step looks at one row alone: all rows together say which way is down")
def _(start, x, y, learning_rate, steps):
    path = [start]
    for step in range(steps):
        row = slice(step % len(x), step % len(x) + 1)
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x[row], y[row]))
    return torch.stack(path)


STEPS = {  # where we are, the rate, what gives the gradient at a point, the path so far -> the next point
    "you walked uphill: the gradient points up, so subtract it": lambda at, rate, up, path: at + rate * up(at),
    "you measured the gradient once, at the start: measure it again after every step":
        lambda at, rate, up, path: at - rate * up(path[0]),
    "every step sets out from the start: set out from where the last step ended":
        lambda at, rate, up, path: path[0] - rate * up(at),
    "every step repeats the first one: set out from the last point of the path, and measure the gradient there":
        lambda at, rate, up, path: path[0] - rate * up(path[0]),
    "you stepped by the gradient and forgot the learning rate": lambda at, rate, up, path: at - up(at),
    "you stepped by a learning rate of your own: use the one that came in":
        lambda at, rate, up, path: at - 0.1 * up(at),
    "your rate shrinks from step to step: it stays what came in":
        lambda at, rate, up, path: at - rate / len(path) * up(at),
    "you made every gradient as long as 1: a step is the rate times the gradient, so that it shrinks where it is flat":
        lambda at, rate, up, path: at - rate * unit(up(at)),
    "you made long gradients shorter: a step is the rate times the gradient as it is, however steep":
        lambda at, rate, up, path: at - rate * cut(up(at)),
    "gradients add up from step to step: `.grad` keeps the old ones until it is cleared":
        lambda at, rate, up, path: at - rate * sum(map(up, path)),
    "you moved one knob and measured again before you moved the other: one gradient a step, and both knobs move by it":
        knob_by_knob,
}
for words, way in STEPS.items():
    @mistake(descend, words)
    def _(start, x, y, learning_rate, steps, move=way):
        path = [start]
        for _ in range(steps):
            path.append(move(path[-1], learning_rate, lambda at: line_gradient(at, x, y), path))
        return torch.stack(path)


def before_it_rises(path, x, y):
    """The path up to the step that raises the loss."""
    losses = losses_along(path, x, y)
    return path[:next((place for place in range(1, len(path)) if losses[place] > losses[place - 1]), len(path))]


@mistake(descend, "you stop where the loss rises: as many steps as asked for, whatever becomes of the loss")
def _(start, x, y, learning_rate, steps):
    return before_it_rises(descend(start, x, y, learning_rate, steps), x, y)


@mistake(descend, "you take no step that raises the loss: every step is taken, and at a high rate the loss rises")
def _(start, x, y, learning_rate, steps):
    path = before_it_rises(descend(start, x, y, learning_rate, steps), x, y)
    return torch.cat([path, path[-1:].expand(steps + 1 - len(path), 2)])


LUCK = math.log(1e9)  # a claim about chance is made where a right answer breaks it once in a thousand million times


def is_pair(batch):
    return isinstance(batch, tuple | list) and [isinstance(one, Tensor) and one.ndim > 0 for one in batch] == [True] * 2


def in_thousandths(rows):
    """Each row as a tuple, the same in whatever dtype it came."""
    rounded = rows.double().round(decimals=3)
    return rounded.tolist() if rows.ndim < 2 else [tuple(row) for row in rounded.flatten(1).tolist()]


def as_dealt(values, given):
    """What is the same for every right answer: of a call, the same call again, and the same with another seed."""
    if not all(is_pair(batch) for batches in values for batch in batches):
        lengths = [len(one) if isinstance(one, Tensor) and one.ndim else 0 for one in values[0]]
        return {"pairs of tensors": False, "rows in each batch": lengths}
    n, size, y = len(given.x), given.batch_size, given.y
    number = {row: place for place, row in enumerate(in_thousandths(given.x))}
    rows = [[[number.get(row, -1) for row in in_thousandths(one)] for one, _ in run] for run in values]
    dealt = [sum(run, []) for run in rows]
    epochs = [[run[first:first + n] for first in range(0, len(run), n)] for run in dealt]
    orders, sizes = epochs[0] + epochs[2], [[*map(len, run)] for run in rows]
    hands, belongs = zip(sum(rows, []), [pair[1] for run in values for pair in run], strict=True), in_thousandths(y)
    found = {
        "pairs of tensors": True,
        "rows in each batch": sizes[0] if sizes[0] == sizes[1] == sizes[2] else sizes,
        "every row once an epoch": all([sorted(one) for one in run] == [[*range(n)]] * given.epochs for run in epochs),
        "x and y belong together": all(min(hand, default=0) >= 0 and [belongs[row] for row in hand] == in_thousandths(other)
                                       for hand, other in hands),
        "the same seed, the same order": dealt[0] == dealt[1]}
    if n > 12:  # 13 rows have 6 thousand million orders
        found["another seed, another order"] = dealt[0] != dealt[2]
        found["shuffled"] = all(order != sorted(order) for order in orders)
        found["another order each epoch"] = len({*map(tuple, epochs[0])}) == len(epochs[0])
    full, rest = divmod(n, size)
    ways = sum(times * math.lgamma(1 + of) for times, of in ((1, n), (-full, size), (-1, rest), (-1, full)))
    if ways > LUCK:  # to deal the rows into hands; a logarithm
        dealt = [{frozenset(order[first:first + size]) for first in range(0, len(order), size)} for order in orders]
        found["rows from all over the file meet"] = not any(all(max(one) - min(one) < len(one) for one in each)
                                                            for each in dealt)
        found["other rows meet each epoch"] = all(one != later for one, later in pairwise(dealt[:len(epochs[0])]))
    if n > 40:
        found["the first rows of the file come late too"] = all(min(one[n // 2:], default=0) < n // 2 for one in orders)
        found["each place gets many rows"] = all(len({*place}) > 1 for place in zip(*orders, strict=False))
    return found


@takes(mini_batches, seen=as_dealt, calls=60, contract=NO_FLOW)
def _(draw):
    n = 1 if draw.number % 10 == 0 else draw.rows(13, 40)
    epochs = 3 if n > 40 else draw.maybe(1, 1, 3)
    x = draw.tensor(n, distinct=True) if draw.whole(0, 1) else draw.tensor(n, 2, distinct=True)
    y = draw.tensor(n) if draw.whole(0, 1) else draw.integers(n)
    size, seed = draw.one_of(draw.whole(2, 9), 1, n, n + 3), draw.maybe(0, 0, 999)
    plans = [call(x, y, size, epochs=epochs, seed=one).take(500) for one in (seed, seed, seed + 17)]
    # Torch's own chance begins anew in each of the three, so that only what comes of `seed` is the same twice.
    return tuple(replace(plan, seed=10 * draw.number + place) for place, plan in enumerate(plans))


def shuffled(n, epochs, g):
    return [torch.randperm(n, generator=g) for _ in range(epochs)]


def within(order, size, g):
    """Each batch shuffled in itself."""
    return torch.cat([rows[torch.randperm(len(rows), generator=g)] for rows in order.split(size)])


NO_PAIR = "you yield something other than the pair of tensors (x_batch, y_batch)"
PLACES = "your batch_size and the number of batches have changed places"
SQUEEZED = "a batch of one row has lost its first axis: `squeeze` takes too much"
TWICE = "some rows come twice and others never: deal all batches of an epoch out of one shuffled pack"
REACHES = "a batch reaches out of one epoch into the next: finish each epoch, and be it with a short one"
ORDERS = (  # how many rows, the size, the epochs, a generator -> the order of each epoch
    (TWICE, lambda n, size, epochs, g: [torch.randint(n, (n,), generator=g) for _ in range(epochs)]),
    (TWICE, lambda n, size, epochs, g: [torch.cat([torch.randperm(n, generator=g)[:len(hand)]
                                                   for hand in torch.arange(n).split(size)]) for _ in range(epochs)]),
    ("the rows come in the order of the file: shuffle them", lambda n, size, epochs, g: [torch.arange(n)] * epochs),
    ("the rows come in the order of the file in the first epoch: shuffle them before it, and before each other",
     lambda n, size, epochs, g: [torch.arange(n), *shuffled(n, epochs - 1, g)]),
    ("each batch is shuffled in itself, but neighbours in the file stay together: shuffle all rows",
     lambda n, size, epochs, g: [within(torch.arange(n), size, g) for _ in range(epochs)]),
    ("every epoch has the same order: draw a new permutation in each, and make the generator before the loop",
     lambda n, size, epochs, g: shuffled(n, 1, g) * epochs),
    ("the same rows meet in a batch in every epoch: shuffle all row numbers anew, not each batch in itself",
     lambda n, size, epochs, g: [within(order, size, g) for order in shuffled(n, 1, g) * epochs]),
    ("you stopped after one epoch: `epochs` says how often to go through all rows",
     lambda n, size, epochs, g: shuffled(n, 1, g)),
    (REACHES, lambda n, size, epochs, g: [torch.cat(shuffled(n, epochs, g))]),
    (REACHES, lambda n, size, epochs, g: [torch.randperm(n * epochs, generator=g) % n]),
    ("the seed changes nothing: make a generator from it and give that to randperm, so that a run can be repeated",
     lambda n, size, epochs, g: shuffled(n, epochs, None)),
    ("the order is one and the same for every seed: the generator has to start from `seed`",
     lambda n, size, epochs, g: shuffled(n, epochs, torch.Generator().manual_seed(0))),
)
HANDS = (  # the order of an epoch, the size -> the row numbers of each batch
    ("the rows that did not fill a batch are lost: yield the last, short batch too",
     lambda order, size: [hand for hand in order.split(size) if len(hand) == size]),
    ("the last batch of each epoch is missing", lambda order, size: order.split(size)[:-1]),
    ("the batches overlap: move on by batch_size, not by 1",
     lambda order, size: [order[first:first + size] for first in range(len(order))]),
    ("a batch is empty: where the rows divide evenly nothing is left over, and the mean of nothing is NaN",
     lambda order, size: [order[first:first + size] for first in range(0, len(order) + 1, size)]),
    ("the last batch is filled up with rows that had their turn: it has what is left",
     lambda order, size: order.repeat(2 + size // len(order))[:-(-len(order) // size) * size].split(size)),
    ("the short batch comes first: the last one of an epoch has what is left",
     lambda order, size: [hand.flip(0) for hand in order.flip(0).split(size)][::-1]),
    ("`chunk` makes pieces of like size: a batch has batch_size rows, and the last what is left",
     lambda order, size: order.chunk(-(-len(order) // size))),
    (PLACES, lambda order, size: order.tensor_split(size)),
    (PLACES, lambda order, size: order.chunk(size)),
)
PAIRS = (  # all pairs -> what is dealt in their place
    ("`return` ends the function with the first batch: `yield` hands a batch out and goes on", lambda pairs: pairs[0]),
    (NO_PAIR, lambda pairs: [x for x, _ in pairs]),
    (NO_PAIR, lambda pairs: [torch.stack(pair) for pair in pairs]),
    (NO_PAIR, lambda pairs: [(list(x), list(y)) for x, y in pairs]),
    (NO_PAIR, lambda pairs: [part for pair in pairs for part in pair]),
    ("you made one long row of each batch: a row of x keeps its shape",
     lambda pairs: [(x.flatten(), y.flatten()) for x, y in pairs]),
    (SQUEEZED, lambda pairs: [(x.squeeze(0), y.squeeze(0)) for x, y in pairs]),
    (SQUEEZED, lambda pairs: [(x.squeeze(), y.squeeze()) for x, y in pairs]),
    ("the pair is the wrong way round: x_batch first, then y_batch", lambda pairs: [(y, x) for x, y in pairs]),
)


def deal(x, y, size, epochs, g, pairs=list, hands=Tensor.split, orders=lambda n, _, epochs, g: shuffled(n, epochs, g)):
    """The right way but for what is handed in."""
    return pairs([(x[rows], y[rows]) for order in orders(len(x), size, epochs, g) for rows in hands(order, size)])


for words, change in [(words, {name: way}) for name, ways in (("pairs", PAIRS), ("hands", HANDS), ("orders", ORDERS))
                      for words, way in ways]:
    @mistake(mini_batches, words)
    def _(x, y, batch_size, epochs=1, seed=0, change=change):
        return deal(x, y, batch_size, epochs, torch.Generator().manual_seed(seed), **change)


@mistake(mini_batches, "you yield the numbers of the rows: the rows themselves are wanted")
def _(x, y, batch_size, epochs=1, seed=0):
    numbers = torch.arange(len(x))
    return deal(numbers, numbers, batch_size, epochs, torch.Generator().manual_seed(seed))


@mistake(mini_batches, "you seeded torch's own chance, and whoever draws meanwhile changes the order: make a generator")
def _(x, y, batch_size, epochs=1, seed=0):
    torch.default_generator.manual_seed(seed)
    for _ in range(epochs):
        yield from deal(x, y, batch_size, 1, None)


@mistake(mini_batches, "x and y no longer stand in the same order, and pairs are torn apart: use one order for both")
def _(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    return deal(x, y[torch.randperm(len(y), generator=g)], batch_size, epochs, g)


@mistake(mini_batches, "you shuffled the batches, but neighbours in the file stay together: shuffle the rows")
def _(x, y, batch_size, epochs=1, seed=0):
    g, hands = torch.Generator().manual_seed(seed), torch.arange(len(x)).split(batch_size)
    orders = [torch.randperm(len(hands), generator=g) for _ in range(epochs)]
    return [(x[hands[place]], y[hands[place]]) for order in orders for place in order]


@takes(momentum_step, contract=NO_FLOW)
def _(draw):
    knobs = draw.rows(1, 5)
    here, rolling, push = (draw.tensor(knobs) * (draw.whole(0, 4) > 0) for _ in range(3))  # each may be nought
    rate, momentum = draw.one_of(0.1, 0.25, 2.0), 0.9 if draw.whole(0, 1) else draw.one_of(0.5, 0.0, 0.75, 0.99)
    return call(here, rolling, push, rate, momentum=momentum)


PUSHES: dict[str, Callable] = {
    "where the gradient is nought yours stands still: what is left of the velocity moves it on":
        lambda p, v, g, rate, m: momentum_step(p, v, g, rate, m) if g.any() else (p, v),
    "you weakened the gradient by (1 - momentum): here it joins the velocity in full":
        lambda p, v, g, rate, m: momentum_step(p, v, (1 - m) * g, rate, m),
    "you moved by the old velocity: let the gradient join it first, then move":
        lambda p, v, g, rate, m: (p - rate * v, m * v + g),
    "you went uphill: subtract the velocity":
        lambda p, v, g, rate, m: momentum_step(p, v, g, -rate, m)[:1] + (m * v + g,),
    "momentum multiplied the gradient; it is the velocity of which a share is kept":
        lambda p, v, g, rate, m: momentum_step(p, v, m * g, rate, 1),
    "the learning rate is inside your velocity: it belongs to the move only":
        lambda p, v, g, rate, m: momentum_step(p, v, rate * g, 1, m),
    "the learning rate is inside your velocity, and in the move once more":
        lambda p, v, g, rate, m: momentum_step(p, v, rate * g, rate, m),
    "your velocity points downhill and holds the learning rate: here it gains the gradient, and the move subtracts it":
        lambda p, v, g, rate, m: momentum_step(p, v, -rate * g, -1, m),
    "your velocity points downhill: here it gains the gradient, and the move subtracts the velocity":
        lambda p, v, g, rate, m: momentum_step(p, v, -g, -rate, m),
    "you subtracted twice: the gradient joins the velocity with a plus, and only the move has a minus":
        lambda p, v, g, rate, m: momentum_step(p, v, -g, rate, m),
    "you kept the velocity whole, as if nothing were lost: multiply it by momentum":
        lambda p, v, g, rate, m: momentum_step(p, v, g, rate, 1),
    "you kept (1 - momentum) of the velocity: momentum itself is the share that is kept":
        lambda p, v, g, rate, m: momentum_step(p, v, g, rate, 1 - m),
    "the shares are exchanged: momentum is what is kept of the velocity, and the gradient joins in full":
        lambda p, v, g, rate, m: momentum_step(p, v, m * g, rate, 1 - m),
    "momentum multiplied the two together: the old velocity shrinks, and the gradient joins it in full":
        lambda p, v, g, rate, m: momentum_step(p, v, m * g, rate, m),
    "you kept 0.9 of the velocity: 0.9 is only what `momentum` is when nobody says otherwise":
        lambda p, v, g, rate, m: momentum_step(p, v, g, rate),
    "you forgot the old velocity: a share of it survives the step":
        lambda p, v, g, rate, m: momentum_step(p, v, g, rate, 0),
    "you moved by the gradient: with momentum it is the new velocity that moves the parameters":
        lambda p, v, g, rate, m: (p - rate * g, m * v + g),
    "you moved by the velocity and by the gradient once more: it is in the velocity already":
        lambda p, v, g, rate, m: (p - rate * (m * v + g) - rate * g, m * v + g),
    "you looked ahead, as Nesterov does: here the new velocity moves the parameters as it is":
        lambda p, v, g, rate, m: (p - rate * (g + m * (m * v + g)), m * v + g),
    "you moved by a share of 1 - momentum of the velocity: the learning rate alone says how far":
        lambda p, v, g, rate, m: (p - rate * (1 - m) * (m * v + g), m * v + g),
    "momentum 0 counts as not given with you: in `momentum or ...` a nought is nothing":
        lambda p, v, g, rate, m: momentum_step(p, v, g, rate, m or 0.9),
    "you forgot the old velocity where it points against the gradient: a share of it survives there too":
        lambda p, v, g, rate, m: momentum_step(p, torch.where(v * g < 0, 0, v), g, rate, m),
    "you added up over the parameters: each has a velocity of its own, and moves by that":
        lambda p, v, g, rate, m: (p - rate * (m * v + g).sum(), m * v + g),
    "you cut the velocity off at a length of 1: it may grow as long as it likes":
        lambda p, v, g, rate, m: (p - rate * cut(m * v + g), cut(m * v + g)),
    "the move has no learning rate": lambda p, v, g, rate, m: momentum_step(p, v, g, 1, m),
    "you gave back the old velocity: the next step needs the new one":
        lambda p, v, g, rate, m: (momentum_step(p, v, g, rate, m)[0], v),
    "the two results have changed places: parameters first, velocity second":
        lambda *given: momentum_step(*given)[::-1],
    "you stacked the two results into one tensor: give them back side by side, with a comma between":
        lambda *given: torch.stack(momentum_step(*given)),
    "you gave back the parameters only: the next step needs the velocity too": lambda *given: momentum_step(*given)[0],
    "you gave back the velocity only: the new parameters come first": lambda *given: momentum_step(*given)[1],
}
for words, program in PUSHES.items():
    mistake(momentum_step, words)(lambda parameters, velocity, gradient, learning_rate, momentum=0.9, program=program:
                                  program(parameters, velocity, gradient, learning_rate, momentum))


@takes(Adam)
def _(draw):
    knobs = draw.rows(1, 4)
    pushes = [("step", draw.tensor(knobs)) for _ in range(draw.whole(1, 5))]
    rate = draw.one_of(0.1, 0.5, 0.001 if draw.dtype is torch.float64 else 0.02)  # float32 hardly sees it
    usual = draw.whole(0, 2) == 0
    beta1, beta2 = (0.9, 0.999) if usual else (draw.one_of(0.9, 0.5, 0.0), draw.one_of(0.999, 0.9, 0.5))
    epsilon = 1e-8 if usual else draw.one_of(1e-8, 0.25, 1.0)
    start = draw.tensor(knobs)
    return call(start, learning_rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon).doing(*pushes, "parameters")


def mean_of(old, new, beta):
    return beta * old + (1 - beta) * new


def mended(one, beta, steps):
    return one / (1 - beta ** steps)


KEEPING = {  # self and the gradient -> the two averages
    "the new gradient joins each average in full: only a share of 1 - beta of it does":
        lambda s, g: (s.beta1 * s.mean + g, s.beta2 * s.square + g ** 2),
    "the shares are exchanged: beta of the old average stays, and 1 - beta of the new joins":
        lambda s, g: (mean_of(g, s.mean, s.beta1), mean_of(g ** 2, s.square, s.beta2)),
    "both averages use beta1: the square has beta2":
        lambda s, g: (mean_of(s.mean, g, s.beta1), mean_of(s.square, g ** 2, s.beta1)),
    "each average is mended with its own beta, but kept with the other's":
        lambda s, g: (mean_of(s.mean, g, s.beta2), mean_of(s.square, g ** 2, s.beta1)),
    "you averaged the gradient where its square is wanted":
        lambda s, g: (mean_of(s.mean, g, s.beta1), mean_of(s.square, g, s.beta2)),
    "you averaged the size of the gradient where its square is wanted":
        lambda s, g: (mean_of(s.mean, g, s.beta1), mean_of(s.square, g.abs(), s.beta2)),
    "you averaged the squares of the mean; it is the gradient that is squared, then averaged":
        lambda s, g: (new := mean_of(s.mean, g, s.beta1), mean_of(s.square, new ** 2, s.beta2)),
    "the averages start from zero in every step: put them into self.mean and self.square":
        lambda s, g: (mean_of(0, g, s.beta1), mean_of(0, g ** 2, s.beta2)),
    "all parameters share one average of squares: each has its own":
        lambda s, g: (mean_of(s.mean, g, s.beta1), mean_of(s.square, (g ** 2).mean(), s.beta2)),
    "you added up the squares of all parameters: each has an average of its own":
        lambda s, g: (mean_of(s.mean, g, s.beta1), mean_of(s.square, (g ** 2).sum(), s.beta2)),
}
MENDING = {  # self -> the two averages, mended
    "the two averages were not mended: divide them by 1 - beta ** steps, or the first steps are wrong":
        lambda s: (s.mean, s.square),
    "you mended the mean but not the square: both began at zero":
        lambda s: (mended(s.mean, s.beta1, s.steps), s.square),
    "you mended the square but not the mean: both began at zero":
        lambda s: (s.mean, mended(s.square, s.beta2, s.steps)),
    "you counted the step after the mending: at steps = 0 it divides by zero, so count first":
        lambda s: (mended(s.mean, s.beta1, s.steps - 1), mended(s.square, s.beta2, s.steps - 1)),
    "your count is one ahead: on the first step, steps is 1":
        lambda s: (mended(s.mean, s.beta1, s.steps + 1), mended(s.square, s.beta2, s.steps + 1)),
    "you mend by 1 - beta in every step: it is 1 - beta ** steps, and the steps are counted":
        lambda s: (mended(s.mean, s.beta1, 1), mended(s.square, s.beta2, 1)),
    "`mean / 1 - beta ** steps` divides by 1 and then subtracts: put `1 - beta ** steps` in brackets":
        lambda s: (s.mean - s.beta1 ** s.steps, s.square - s.beta2 ** s.steps),
    "you multiplied where the mending divides":
        lambda s: (s.mean * (1 - s.beta1 ** s.steps), s.square * (1 - s.beta2 ** s.steps)),
    "you mended by 1 - beta * steps: it is a power, `beta ** steps`":
        lambda s: (s.mean / (1 - s.beta1 * s.steps or math.nan), s.square / (1 - s.beta2 * s.steps)),
    "your count is one behind, from the second step on: count before you mend":
        lambda s: (mended(s.mean, s.beta1, max(s.steps - 1, 1)), mended(s.square, s.beta2, max(s.steps - 1, 1))),
    "you mended each average with the beta of the other":
        lambda s: (mended(s.mean, s.beta2, s.steps), mended(s.square, s.beta1, s.steps)),
}
MOVING = {  # self, the mended averages and the gradient -> the new parameters
    "the root is missing: divide by the root of the mended square": lambda s, m, q, g, r: r * m / (q + s.epsilon),
    "you walked uphill: subtract the step": lambda s, m, q, g, r: -r * m / (q.sqrt() + s.epsilon),
    "you took the root before the mending: mend the square, then take its root":
        lambda s, m, q, g, r: r * m / (s.square.sqrt() / (1 - s.beta2 ** s.steps) + s.epsilon),
    "you moved by the newest gradient: it is the mended mean that is divided by the root":
        lambda s, m, q, g, r: r * g / (q.sqrt() + s.epsilon),
    "the root is taken of the newest gradient's square: it is the mended average of squares that divides":
        lambda s, m, q, g, r: r * m / (g.abs() + s.epsilon),
    "you moved by the sign of the gradient alone: that is right in the first step only":
        lambda s, m, q, g, r: r * g.sign(),
    "the root is no smaller than epsilon with you: epsilon is added to it":
        lambda s, m, q, g, r: r * m / q.sqrt().clamp(min=s.epsilon),
    "you moved by 0.1 whatever was asked for: use self.learning_rate":
        lambda s, m, q, g, r: 0.1 * m / (q.sqrt() + s.epsilon),
    "you moved by 0.001 whatever was asked for: use self.learning_rate":
        lambda s, m, q, g, r: 0.001 * m / (q.sqrt() + s.epsilon),
    "the learning rate is left out": lambda s, m, q, g, r: m / (q.sqrt() + s.epsilon),
    "you moved by the mended mean alone: it is divided by the root of the mended square": lambda s, m, q, g, r: r * m,
    "epsilon is inside the root: take the root first, then add it":
        lambda s, m, q, g, r: r * m / (q + s.epsilon).sqrt(),
    "epsilon is missing: a parameter whose gradient is always 0 would divide 0 by 0":
        lambda s, m, q, g, r: r * m / q.sqrt(),
    "epsilon stands outside the brackets: it is added to the root, and both together divide":
        lambda s, m, q, g, r: r * m / q.sqrt() - s.epsilon,
    "epsilon is added to the quotient: it is added to the root, and both together divide":
        lambda s, m, q, g, r: r * (m / q.sqrt() + s.epsilon),
    "you added epsilon to the root before the mending: mend the square, take its root, then add":
        lambda s, m, q, g, r: r * m / ((s.square.sqrt() + s.epsilon) / (1 - s.beta2 ** s.steps) ** 0.5),
    "epsilon is always 1e-8 with you: it is what came in": lambda s, m, q, g, r: r * m / (q.sqrt() + 1e-8),
}


def keep(s, g):
    return mean_of(s.mean, g, s.beta1), mean_of(s.square, g ** 2, s.beta2)


def mend(s):
    return mended(s.mean, s.beta1, s.steps), mended(s.square, s.beta2, s.steps)


def move(s, m, q, g, rate):
    return rate * m / (q.sqrt() + s.epsilon)


def adam(keep=keep, mend=mend, move=move, hand_back=lambda s, before: s.parameters):
    """The class with one of its lines done in another way."""
    def step(self, gradient):
        self.steps, before = self.steps + 1, self.parameters
        self.mean, self.square = keep(self, gradient)
        self.parameters = before - move(self, *mend(self), gradient, self.learning_rate)
        return hand_back(self, before)
    return type("Adam", (Adam,), {"step": step})


def from_the_start(self, before):
    found, self.parameters = self.parameters, before
    return found


BACK = {  # self and the parameters as they were -> what the step gives back
    "nothing was returned: is there a `return` on the last line?": lambda s, before: None,
    "you gave back the step: where it ends is wanted": lambda s, before: before - s.parameters,
    "you gave back the parameters as they were before the step: where it ends is wanted": lambda s, before: before,
    "every step sets out from where it all began: put the new parameters into self.parameters": from_the_start,
}
for name, table in (("keep", KEEPING), ("mend", MENDING), ("move", MOVING), ("hand_back", BACK)):
    for words, way in table.items():
        mistake(Adam, words)(adam(**{name: way}))


@mistake(Adam, "you put the mended averages back into self: they are for this step only")
class PutsThemBack(Adam):
    def step(self, gradient):
        self.parameters = super().step(gradient)
        self.mean, self.square = mended(self.mean, self.beta1, self.steps), mended(self.square, self.beta2, self.steps)
        return self.parameters


OTHER = {  # the rate, beta1, beta2 and epsilon -> those that are used
    "the two betas have changed places: beta1 is for the mean, beta2 for the square":
        lambda r, one, two, e: (r, two, one, e),
    "beta1 is in both averages: the square and its mending have beta2": lambda r, one, two, e: (r, one, one, e),
    "beta2 is in both averages: the mean and its mending have beta1": lambda r, one, two, e: (r, two, two, e),
    "your betas are 0.9 and 0.999 whatever was asked for: use self.beta1 and self.beta2":
        lambda r, one, two, e: (r, 0.9, 0.999, e),
}
for words, other in OTHER.items():
    @mistake(Adam, words)
    class Tuned(Adam):
        def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, other=other):
            super().__init__(parameters, *other(learning_rate, beta1, beta2, epsilon))


mistake(Adam, "you averaged the sizes of the gradient and left the root out: average the squares, then take the root")(
    adam(lambda s, g: (mean_of(s.mean, g, s.beta1), mean_of(s.square, g.abs(), s.beta2)),
         move=lambda s, m, q, g, r: r * m / (q + s.epsilon)))


@mistake(Adam, "you moved before the new gradient joined the averages: first the averages, then the move")
class MovesFirst(Adam):
    def step(self, gradient):
        self.steps += 1
        self.parameters = self.parameters - move(self, *mend(self), gradient, self.learning_rate)
        self.mean, self.square = keep(self, gradient)
        return self.parameters


@mistake(Adam, "the largest square so far stays for good: the average goes down again where gradients become small")
class KeepsTheLargest(Adam):
    def step(self, gradient):
        self.steps += 1
        self.mean, self.square = keep(self, gradient)
        self.largest = torch.maximum(getattr(self, "largest", self.square), self.square)
        q = mended(self.largest, self.beta2, self.steps)
        self.parameters = self.parameters - move(self, mend(self)[0], q, gradient, self.learning_rate)
        return self.parameters


makes_no_difference(line_gradient, "first hundred", "it has two numbers, slope and intercept", "parameters")
makes_no_difference(backward, "first hundred", "there are four numbers at most", "numbers")
makes_no_difference(descend, "first hundred", "it has two numbers, slope and intercept", "start")
for kind in ("a list", "float32", "float64", "cut off above"):
    makes_no_difference(mini_batches, kind, "what comes out is a generator, and no tensor that could be changed in one "
        "piece")
