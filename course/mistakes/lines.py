"""Lesson 02, A line through a splatter of paint: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function.
Read course/lines.py first."""

import itertools
from collections.abc import Callable

import torch

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.lines import least_squares, loss_landscape, mse, predict, random_search, residuals

# A table gives its programs the arguments that its mistakes need.
of: Callable
program: Callable

NUMBERS_ONLY = ("arguments", "twice", "dtype", "device")  # nobody trains through these: gradients are not asked for


@takes(predict)
def _(draw):
    x, line = draw.tensor(draw.rows()), draw.tensor(2)
    return call(x, *(line.tolist() if draw.whole(0, 1) == 0 else line))


HEIGHTS = {
    "slope and intercept have changed places: the slope is what x is multiplied by":
        lambda x, slope, intercept: intercept * x + slope,
    "the intercept is missing: at x = 0 the line stands at the intercept, not at 0":
        lambda x, slope, intercept: slope * x,
    "you multiplied the intercept by the slope as well: multiply first, then add, or move the bracket":
        lambda x, slope, intercept: slope * (x + intercept),
    "the intercept is subtracted where it should be added": lambda x, slope, intercept: slope * x - intercept,
    "the slope is added to x; it should multiply x, so much higher for every metre along":
        lambda x, slope, intercept: x + slope + intercept,
    "x multiplies the intercept too, which should be the same everywhere: only the slope belongs to x":
        lambda x, slope, intercept: (slope + intercept) * x,
    "the line runs the wrong way: a positive slope climbs, so slope times x is added":
        lambda x, slope, intercept: intercept - slope * x,
    "the heights were added up into one number; each place keeps its own":
        lambda x, slope, intercept: (slope * x + intercept).sum(),
}
for words, program in HEIGHTS.items():
    mistake(predict, words)(program)


@takes(residuals)
@takes(mse)
def _(draw):
    n = draw.rows()
    return call(draw.tensor(n), draw.tensor(n))


LEFT_OVER = {
    "prediction minus target came out, the other way round: a drop above the line should be positive":
        lambda p, t: p - t,
    "you dropped the sign: without it nobody can tell whether the line is too high or too low":
        lambda p, t: (t - p).abs(),
    "you squared them already: that comes in the next exercise": lambda p, t: (t - p) ** 2,
    "you added the residuals up: one number came, and each row keeps its own": lambda p, t: (t - p).sum(),
    "you averaged the residuals: one number came, and each row keeps its own": lambda p, t: (t - p).mean(),
    "you divided by the target: a residual is in metres, not a share": lambda p, t: (t - p) / t,
    "you divided by the prediction: a residual is in metres, not a share": lambda p, t: (t - p) / p,
    "you squared them and took the mean: that is the next exercise, and each row keeps its own residual here":
        lambda p, t: ((t - p) ** 2).mean(),
    "the two are added; what is left over is a difference": lambda p, t: p + t,
}
for words, program in LEFT_OVER.items():
    mistake(residuals, words)(program)

LOSSES = {
    "you summed the squares; the mean divides by how many there are": lambda left: (left ** 2).sum(),
    "nothing was squared, so errors above and below the line cancel": lambda left: left.mean(),
    "nothing was squared, and the subtraction is the other way round: errors above and below the line cancel":
        lambda left: -left.mean(),
    "that is the mean absolute error: the sign went, the square is missing": lambda left: left.abs().mean(),
    "you took a root at the end: that is a good number to tell people (metres!), and another loss":
        lambda left: (left ** 2).mean().sqrt(),
    "you averaged first and squared after, so errors had cancelled before the square could stop them":
        lambda left: left.mean() ** 2,
    "you divided by one less than the number of rows; that belongs to a variance estimated from a sample":
        lambda left: (left ** 2).sum() / (len(left) - 1),
    "half of it came: some books put 1/2 in front to tidy up a derivative, and we do not":
        lambda left: (left ** 2).mean() / 2,
    "one square for each row came: the mean over them is missing": lambda left: left ** 2,
    "you summed first and squared after, so errors had cancelled before the square could stop them":
        lambda left: left.sum() ** 2,
    "you summed first, squared after and divided then; errors had cancelled before the square could stop them":
        lambda left: left.sum() ** 2 / len(left),
    "the residuals were doubled, not squared: a square is `** 2`": lambda left: (left * 2).mean(),
    "that is the length of all the residuals as one arrow (their norm): a root was taken, and nothing was divided by n":
        lambda left: left.norm(),
    "only the first row was counted: does `return` stand inside the loop?": lambda left: left[0] ** 2 / len(left),
    "that is the variance of the residuals: it takes their mean out, and a line a metre too high would cost nothing":
        lambda left: left.var(correction=0),
    "that is the variance of the residuals, and of a sample at that: it takes their mean out, and divides by n - 1":
        lambda left: left.var(),
    "you divided by 200; divide by as many drops as there are": lambda left: (left ** 2).sum() / 200,
}
for words, of in LOSSES.items():
    mistake(mse, words)(lambda prediction, target, of=of: of(target - prediction))
mistake(mse, "each of the two was squared before the subtraction; subtract first and square what is left")(
    lambda prediction, target: (target ** 2 - prediction ** 2).mean())


@takes(random_search, contract=NUMBERS_ONLY)
def _(draw):
    if draw.number % 4 == 2:  # equally good lines: whole numbers, and 1, 2 or 4 drops, so that all ways find them equal
        n, tries = draw.one_of(1, 2, 4), draw.whole(2, 6)
        return call(*(draw.integers(*shape, least=-2, most=2).to(draw.dtype) for shape in ((n,), (n,), (tries, 2))))
    n, tries = draw.rows(), draw.rows(1, 9)
    x, y, lines = draw.tensor(n), draw.tensor(n) + draw.one_of(0, 0, 0, 10**4, 10**6), draw.tensor(tries, 2)
    losses = every_loss(x.double(), y.double(), lines.double())  # no two alike, or rounding would choose between them
    alike = ((losses[:, None] - losses).abs() <= 1e-4 * (1 + losses)).tril(-1).any(dim=1)
    return call(x, y, lines[~alike])


def every_loss(x, y, lines):
    return ((y - lines[:, :1] * x - lines[:, 1:]) ** 2).mean(dim=1)


def before(history, first):
    return torch.cat([torch.as_tensor([first]).to(history), history])


SEARCHES = {
    "that is the last line you tried, not the best: when the loss improves, keep the line too":
        lambda c, losses, best, history: (c[-1], history),
    "you kept the worst line: less loss is better, so look for the smallest":
        lambda c, losses, best, history: (c[losses.argmax()], losses.cummax(dim=0).values),
    "the history holds the loss of each try; it should hold the least so far, which never rises":
        lambda c, losses, best, history: (best, losses),
    "the history is put in order of size; it should follow the tries, from first to last":
        lambda c, losses, best, history: (best, losses.sort(descending=True).values),
    "only the last number of the history came back; keep one for every try":
        lambda c, losses, best, history: (best, history[-1]),
    "the number of the best try came back, and the line itself is wanted: index the candidates with it":
        lambda c, losses, best, history: (losses.argmin(), history),
    "the least loss began at 0, and no loss is below 0, so nothing was kept: begin with the first loss, or infinity":
        lambda c, losses, best, history: (c[0], history * 0),
    "the history comes first here; the best line should": lambda c, losses, best, history: (history, best),
    "the history grew only when a better line turned up; it should grow at every try, better or not":
        lambda c, losses, best, history: (best, history.unique_consecutive()),
    "the history has one number too many at its beginning, from before the first try":
        lambda c, losses, best, history: (best, before(history, float("inf"))),
    "the first candidate is counted twice in the history: once before the loop and once in it":
        lambda c, losses, best, history: (best, before(history, losses[0])),
    "the first candidate is missing from the history: it is a try like the others":
        lambda c, losses, best, history: (best, torch.stack([*history[1:]])),
    "the history is one try behind: look at the new loss first, and append after":
        lambda c, losses, best, history: (best, before(history, float("inf"))[:-1]),
    "the least loss came back where the line that has it is wanted":
        lambda c, losses, best, history: (history[-1], history),
    "only the best line came back; two things are wanted: `return best, history`":
        lambda c, losses, best, history: best,
    "only the history came back; two things are wanted: `return best, history`":
        lambda c, losses, best, history: history,
    "the search ended after the first try: does `return` stand inside the loop?":
        lambda c, losses, best, history: (c[0], losses[:1]),
    "a line that is only as good as the best so far took its place: use <, not <=":
        lambda c, losses, best, history: (c[(losses == losses.min()).nonzero()[-1, 0]], history),
}
for words, of in SEARCHES.items():
    @mistake(random_search, words)
    def _(x, y, candidates, of=of):
        return of(candidates, every_loss(x, y, candidates), *random_search(x, y, candidates))


@mistake(random_search, "column 0 of the candidates is the slope and column 1 the intercept; you exchanged them")
def _(x, y, candidates):
    best, history = random_search(x, y, candidates.flip(1))
    return best.flip(0), history


@mistake(random_search, "each loss was compared with the one just before it; compare it with the least so far")
def _(x, y, candidates):
    best, least, last, history = None, None, float("inf"), []
    for line, loss in zip(candidates, every_loss(x, y, candidates), strict=True):
        best, least = (line, loss) if loss < last else (best, least)
        last = loss
        history.append(least)
    return best, torch.stack(history)


CHOSEN = "the least loss began at a number that you chose, and a loss may be larger: begin with the first, or infinity"
STARTS = (1, 10, 100, 1000, 10**4, 10**5, 10**6, 10**7, 10**9, 10**10)
for start in STARTS:
    @mistake(random_search, CHOSEN)
    def _(x, y, candidates, start=start):
        best, history = random_search(x, y, candidates)
        return best if history[-1] < start else candidates[0], history.clamp(max=start)


UNSET = "the best line was never set: no loss was below the number you began with; begin with the first loss"
PLAIN = "a plain number got into torch.stack: no loss was below the number you began with; begin with the first loss"
for words, start in itertools.product((UNSET, PLAIN), STARTS):  # all that stop where even the first loss is larger
    @mistake(random_search, words)
    def _(x, y, candidates, words=words, start=start):
        least, history = start, []
        if words != UNSET:
            best = candidates[0]
        for line, loss in zip(candidates, every_loss(x, y, candidates), strict=True):
            if loss < least:
                best, least = line, loss
            history.append(least)
        return best, torch.stack(history)


@takes(loss_landscape)
def _(draw):
    long = draw.number // 12 % 3  # which of the three may be more than a hundred
    n, columns, rows = (draw.rows(1, 6) if axis == long else draw.whole(1, 6) for axis in range(3))
    return call(draw.tensor(n), draw.tensor(n), draw.tensor(columns), draw.tensor(rows))


def left_over(x, y, slopes, intercepts):
    return y - slopes[None, :, None] * x - intercepts[:, None, None]


MAPS = {
    "you have a row for each slope and a column for each intercept; it should be a row for each intercept":
        lambda left: (left ** 2).mean(-1).T,
    "you summed over the drops where the mean is wanted": lambda left: (left ** 2).sum(-1),
    "you took a root at the end; the loss is the mean of the squares as it is":
        lambda left: (left ** 2).mean(-1).sqrt(),
    "you averaged first and squared after: square every residual before the mean": lambda left: left.mean(-1) ** 2,
    "nothing was squared: this is the mean residual of each line": lambda left: left.mean(-1),
    "you averaged over the lines and kept the drops: the mean goes along the last axis, dim=-1":
        lambda left: (left ** 2).mean(1),
    "one number for the whole map came: a mean without dim folds every axis away": lambda left: (left ** 2).mean(),
    "the drops are still there: one square for each drop of each line came, and the mean over the last axis is missing":
        lambda left: left ** 2,
    "you averaged over the intercepts and kept the drops: the mean goes along the last axis":
        lambda left: (left ** 2).mean(0),
    "nothing was squared: only the signs went, and this is the mean absolute residual of each line":
        lambda left: left.abs().mean(-1),
    "nothing was squared, and the subtraction is the other way round: this is minus the mean residual of each line":
        lambda left: -left.mean(-1),
    "the map is upside down: row 0 belongs to intercepts[0], and the picture turns it for you":
        lambda left: (left ** 2).mean(-1).flip(0),
    "the losses are right and stand in wrong places: the lines run in one order and are folded in another":
        lambda left: (left ** 2).mean(-1).T.reshape(left.shape[:2]),
    "you divided by 200; divide by as many drops as there are": lambda left: (left ** 2).sum(-1) / 200,
}
for words, of in MAPS.items():
    mistake(loss_landscape, words)(lambda x, y, slopes, intercepts, of=of: of(left_over(x, y, slopes, intercepts)))
mistake(loss_landscape, "the slopes are used as intercepts and the intercepts as slopes: x times the slopes")(
    lambda x, y, slopes, intercepts: loss_landscape(x, y, intercepts, slopes).T)
NO_AXES = "lines and drops were added number by number, without axes of their own: `[:, None, None]` makes axes"
mistake(loss_landscape, NO_AXES)(lambda x, y, slopes, intercepts: ((y - (slopes * x + intercepts)) ** 2).mean(dim=-1))
mistake(loss_landscape, NO_AXES)(lambda x, y, slopes, intercepts: mse(predict(x, slopes, intercepts[:, None]), y))
mistake(loss_landscape, "y meets the slopes: where x lies along the first axis, y has to as well: `y[:, None, None]`")(
    lambda x, y, slopes, intercepts: ((y - (x[:, None, None] * slopes + intercepts[:, None])) ** 2).mean(dim=0))

TERMS = {  # of the square, multiplied out: (y - slope x - intercept)²
    "y²": lambda x, y, s, i: (y * y).mean(),
    "slope² x²": lambda x, y, s, i: s ** 2 * (x * x).mean(),
    "intercept²": lambda x, y, s, i: i ** 2,
    "slope, intercept and x": lambda x, y, s, i: 2 * s * i * x.mean(),
    "slope, x and y": lambda x, y, s, i: -2 * s * (x * y).mean(),
    "intercept and y": lambda x, y, s, i: -2 * i * y.mean(),
}
SHARES = {"is missing": 0, "has the wrong sign": -1, "counts half of what it should": 0.5, "counts twice": 2,
          "is wrong in sign and size": -0.5}
for (name, term), (what, share) in itertools.product(TERMS.items(), SHARES.items()):
    @mistake(loss_landscape, f"the square is multiplied out, and its term with {name} {what}")
    def _(x, y, slopes, intercepts, term=term, share=share):
        return loss_landscape(x, y, slopes, intercepts) + (share - 1) * term(x, y, slopes, intercepts[:, None])


@takes(least_squares, contract=NUMBERS_ONLY)
def _(draw):
    n, first = draw.rows(2, 7), torch.tensor([draw.number_between(-3, 1)], dtype=draw.dtype)
    return call(torch.cat([first, draw.tensor(n - 2), first + 2]), draw.tensor(n))  # spread, or digits are lost


def columns(x):
    return torch.stack([x, torch.ones_like(x)], dim=1)


def through(slope, x, y):
    return torch.stack([slope, y.mean() - slope * x.mean()])


BEST = {
    "there is no column of ones, so the line is forced through the origin":
        lambda x, y, line: torch.stack([(x @ y) / (x @ x), 0 * x[0]]),
    "the intercept comes first; slope first, then intercept is wanted": lambda x, y, line: line.flip(0),
    "that line predicts x from y: x belongs into inputs, y on the right-hand side":
        lambda x, y, line: least_squares(y, x),
    "you divided once by n and once by n - 1 (torch's var divides by n - 1), so the slope is off by their ratio":
        lambda x, y, line: through(line[0] * (len(x) - 1) / len(x), x, y),
    "the spread of x is divided by n, the rest by n - 1 (as NumPy's var and cov do): the slope is off by their ratio":
        lambda x, y, line: through(line[0] * len(x) / (len(x) - 1), x, y),
    "that is the correlation: a slope also carries the spread of y over the spread of x":
        lambda x, y, line: through(line[0] * x.std() / y.std(), x, y),
    "the second number is the height over the middle of the drops; the intercept is the height at x = 0":
        lambda x, y, line: torch.stack([line[0], y.mean()]),
    "that line goes through the first drop and the last and has never heard of the others":
        lambda x, y, line: least_squares(x[[0, -1]], y[[0, -1]]),
    "the inverse is missing: inputs.T @ y is the right-hand side, and the equation is still to be solved":
        lambda x, y, line: columns(x).T @ y,
    "there is no column of ones, and one number came: the slope of a line that is forced through the origin":
        lambda x, y, line: ((x @ y) / (x @ x))[None],
    "you added slope times the middle of x to the middle of y; going back to x = 0 takes it away":
        lambda x, y, line: torch.stack([line[0], y.mean() + line[0] * x.mean()]),
    "those are the line's heights over the drops; the line itself is wanted, slope and intercept":
        lambda x, y, line: predict(x, *line),
    "only the slope came back; slope and intercept are wanted, stacked into one tensor": lambda x, y, line: line[0],
    "you divided by the spread of y, squared; the slope of y by x is divided by that of x":
        lambda x, y, line: through(line[0] * x.var() / y.var(), x, y),
    "shapes that do not fit: `solve` wants inputs.T @ inputs, (2, 2), and inputs.T @ y, (2,), in this order":
        lambda x, y, line: torch.linalg.solve(columns(x), y),
    "`inputs` lies on its side: it is (n, 2), a row for each drop, so stack with dim=1":
        lambda x, y, line: torch.linalg.solve(columns(x) @ columns(x).T, columns(x) @ y),
}
for words, of in BEST.items():
    mistake(least_squares, words)(lambda x, y, of=of: of(x, y, least_squares(x, y)))
for hair in (1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6):
    PULLED = "something is added to the block's diagonal, or to what you divide by: it pulls the line aside"

    @mistake(least_squares, PULLED)
    def _(x, y, hair=hair):
        return torch.linalg.solve(columns(x).T @ columns(x) + hair * torch.eye(2).to(x), columns(x).T @ y)

    @mistake(least_squares, PULLED)
    def _(x, y, hair=hair):
        return through(least_squares(x, y)[0] / (1 + hair / (x - x.mean()).square().sum()), x, y)

for kind in ("whole numbers", "first hundred", "last is left out"):
    for name in ("slope", "intercept"):
        makes_no_difference(predict, kind, "slope and intercept are one number each, without rows", name)
makes_no_difference(mse, "a list", "the loss is one number, and `tolist` of it is left alone")
for right in (random_search, least_squares):
    for kind in ("detached", "argument detached"):
        makes_no_difference(right, kind, "the docstring asks for numbers: nobody trains through it")
makes_no_difference(least_squares, "strictness", "x[0] equals itself, and the docstring has two x that differ", "x ==")
