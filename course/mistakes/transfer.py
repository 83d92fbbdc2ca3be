"""Lesson 09, Standing on what was learned: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/transfer.py first."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.transfer import extract, nearest, train_head, two_rates, under_shift, with_copies


def mistakes(right, table):
    """Programs by the words that name them; several programs where the same is done in several ways."""
    for words, programs in table.items():
        for program in programs if isinstance(programs, list) else [programs]:
            mistake(right, words)(program)


# The network's weights are float32 and on the CPU, so pictures are, too.
@takes(extract, contract=("arguments", "twice", "dtype"), calls=60)
def _(draw):
    make_net, n = draw.named("doubles", "small_net", "telephone_net"), draw.rows(1, 9)
    sides = (1, 2) if make_net == "doubles" else (draw.whole(2, 4), draw.whole(2, 4))
    return call(make_net, draw.tensor(n, 1, *sides, dtype=torch.float32), draw.whole(1, 4))


def looked(make_net, images, size, cut=lambda net: net[:-1], training=False, keep=lambda batches: torch.cat(batches)):
    """The right way, with one thing in it done otherwise."""
    body = cut(make_net()).train(training)
    with torch.no_grad():
        return keep([body(batch) for batch in images.split(size)])


def full_batches(make_net, images, size):
    """As many batches as are full; there may be none."""
    return looked(make_net, images, size, keep=lambda batches: torch.cat(batches[: len(images) // size]))


mistakes(extract, {
    "you let the last layer speak, too: what it is given is wanted, `net[:-1]`":
        partial(looked, cut=lambda net: net),
    "one layer too many is cut off: only the last one goes, `net[:-1]`":
        partial(looked, cut=lambda net: net[:-2]),
    "you cut the first layer off: `net[:-1]` leaves out the last": partial(looked, cut=lambda net: net[1:]),
    "you cut the first and the last layer off: only the last one goes, `net[:-1]`":
        partial(looked, cut=lambda net: net[1:-1]),
    "you kept the last layer alone: it is the one that is not wanted":
        partial(looked, cut=lambda net: net[-1:]),
    "the network is in training mode, so dropout drops and batch normalisation looks at the batch: `.eval()`":
        partial(looked, training=True),
    "the network keeps a diary of gradients: ask it within `torch.no_grad()`":
        lambda make_net, images, size: torch.cat([make_net()[:-1].eval()(batch) for batch in images.split(size)]).detach(),
    "all pictures went through at once: no more than batch_size at a time":
        lambda make_net, images, size: looked(make_net, images, len(images)),
    "your batches have a size of your own: batch_size says how many":
        [lambda make_net, images, size, own=own: looked(make_net, images, own) for own in (8, 32)],
    "the last batch came back alone: collect all of them, and join them with torch.cat":
        partial(looked, keep=lambda batches: batches[-1]),
    "the first batch came back alone; is your `return` inside the loop?":
        partial(looked, keep=lambda batches: batches[0]),
    "a list of batches came back: torch.cat joins them": partial(looked, keep=lambda batches: batches),
    "the last, smaller batch is missing: the pictures that are left over count as well":
        [lambda make_net, images, size: looked(make_net, images[: len(images) // size * size], size), full_batches],
    "`chunk(k)` makes k batches: `split(k)` makes batches of k":
        lambda make_net, images, size: looked(make_net, images, -(-len(images) // size)),
    "the batches are in the wrong order: the features stand in the order of the pictures":
        partial(looked, keep=lambda batches: torch.cat(batches[::-1])),
    "the batches were joined along the features: one row a picture, dim=0":
        partial(looked, keep=lambda batches: torch.cat(batches, dim=1)),
    "torch.stack makes an axis of the batches, and wants them all alike: torch.cat joins them":
        partial(looked, keep=lambda batches: torch.stack(batches)),
})


@takes(train_head, contract=("arguments", "twice", "dtype", "device"), calls=80)
def _(draw):
    n, classes = draw.rows(), draw.whole(2, 4)
    return call(draw.tensor(n, draw.whole(1, 3), least=-2, most=2), draw.integers(n, most=classes - 1), classes,
                draw.one_of(1, 0, 2, 3), draw.one_of(0.5, 0.125, 1.0))


def descended(features, labels, classes, steps, rate, slope=None, weigh=lambda slope, features: slope.T @ features,
              bias_of=lambda slope: slope.sum(dim=0), sign=-1.0, begin=0.0, share=True):
    """The right descent, with one thing in it done otherwise."""
    weight, bias = features.new_full((classes, features.shape[1]), begin), features.new_full((classes,), begin)
    wanted = one_hot(labels, classes).to(features)
    for _ in range(steps):
        scores = features @ weight.T + bias
        off = slope(scores, wanted) if slope else scores.softmax(dim=1) - wanted
        off = off / len(features) if share else off
        weight, bias = weight + sign * rate * weigh(off, features), bias + sign * rate * bias_of(off)
    return weight, bias


def in_turn(features, labels, classes, steps, rate):
    """The bias's slope is taken after the weights have moved."""
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    wanted = one_hot(labels, classes).to(features)
    for _ in range(steps):
        off = ((features @ weight.T + bias).softmax(dim=1) - wanted) / len(features)
        weight = weight - rate * off.T @ features
        bias = bias - rate * ((features @ weight.T + bias).softmax(dim=1) - wanted).mean(dim=0)
    return weight, bias


def piled_up(features, labels, classes, steps, rate):
    """Gradients are never cleared."""
    parts = [features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)]
    piles = [torch.zeros_like(part) for part in parts]
    for _ in range(steps):
        after = train_head_step(features, labels, classes, parts)
        piles = [pile + slope for pile, slope in zip(piles, after, strict=True)]
        parts = [part - rate * pile for part, pile in zip(parts, piles, strict=True)]
    return tuple(parts)


def row_by_row(features, labels, classes, steps, rate):
    """A step for each row, one row after the other."""
    parts = [features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)]
    for _ in range(steps):
        for row, label in zip(features.split(1), labels.split(1), strict=True):
            slopes = train_head_step(row, label, classes, parts)
            parts = [part - rate * slope for part, slope in zip(parts, slopes, strict=True)]
    return tuple(parts)


def by_adam(features, labels, classes, steps, rate):
    parts = [features.new_zeros(shape).requires_grad_(True) for shape in ((classes, features.shape[1]), (classes,))]
    walker = torch.optim.Adam(parts, lr=rate)
    for _ in range(steps):
        walker.zero_grad()
        cross_entropy(nn.functional.linear(features, *parts), labels).backward()
        walker.step()
    return tuple(part.detach() for part in parts)


def softmax_twice(scores, wanted):
    """The slope by the scores where the cross-entropy is given probabilities, and takes their softmax once more."""
    first = scores.softmax(dim=1)
    off = first.softmax(dim=1) - wanted
    return first * (off - (first * off).sum(dim=1, keepdim=True))


def train_head_step(features, labels, classes, parts):
    off = ((features @ parts[0].T + parts[1]).softmax(dim=1) - one_hot(labels, classes).to(features)) / len(features)
    return off.T @ features, off.sum(dim=0)


mistakes(train_head, {
    "you walked uphill: subtract the slope": partial(descended, sign=1.0),
    "that is the sum over the rows: the loss is their mean, so divide by how many there are": partial(descended, share=False),
    "the bias never learns: its slope is the sum of `what was said less what is right` over the rows":
        partial(descended, bias_of=lambda slope: 0 * slope.sum(dim=0)),
    "the weights never learn: their slope is multiplied with the features": partial(descended, weigh=lambda slope, features: 0 * slope.T @ features),
    "the softmax is missing: the slope is probability less right, and you took the scores":
        partial(descended, slope=lambda scores, wanted: scores - wanted),
    "softmax over the rows: the probabilities of one picture add up to one, dim=1":
        partial(descended, slope=lambda scores, wanted: scores.softmax(dim=0) - wanted),
    "you took a sigmoid of each score: softmax makes the classes share":
        partial(descended, slope=lambda scores, wanted: scores.sigmoid() - wanted),
    "you begin at ones: the head begins at zeros": partial(descended, begin=1.0),
    "you took one step only: there are `steps` of them": lambda f, y, c, steps, rate: train_head(f, y, c, min(steps, 1), rate),
    "you took one step too few": lambda f, y, c, steps, rate: train_head(f, y, c, max(steps - 1, 0), rate),
    "you took one step too many": lambda f, y, c, steps, rate: train_head(f, y, c, steps + 1, rate),
    "the learning rate is missing in the step": lambda f, y, c, steps, rate: train_head(f, y, c, steps, 1.0),
    "you divided by the number of classes as well: the mean is over the rows":
        lambda f, y, c, steps, rate: train_head(f, y, c, steps, rate / c),
    "the two have changed places: weight first, then bias": lambda *given: train_head(*given)[::-1],
    "you gave back the weight alone: the bias is wanted, too": lambda *given: train_head(*given)[0],
    "the weight lies on its side: (classes, features) is wanted":
        lambda *given: (train_head(*given)[0].T, train_head(*given)[1]),
    "the bias's slope was taken after the weights had moved: take both before the step": in_turn,
    "the gradients pile up from step to step: clear them, or take them anew": piled_up,
    "the bias moves by the mean over the rows of a slope that is a mean already":
        partial(descended, bias_of=lambda slope: slope.mean(dim=0)),
    "softmax was taken before the cross-entropy, which takes scores and does that itself":
        partial(descended, slope=softmax_twice),
    "plain descent: rate times slope is subtracted, `torch.optim.SGD`, no Adam": by_adam,
    "all rows are in every step: you took a step for each row": row_by_row,
    "the slope was taken once: take it anew in each step":
        lambda f, y, c, steps, rate: train_head(f, y, c, min(steps, 1), rate * steps),
    "1 at the right class was not taken off": partial(descended, slope=lambda scores, wanted: scores.softmax(dim=1)),
})


@takes(nearest, contract=("arguments", "twice", "dtype", "device"), tolerance=1e-5)
def _(draw):
    n, m, width, classes = draw.rows(), draw.whole(1, 7), draw.whole(1, 3), draw.whole(2, 4)
    k = min(m, draw.one_of(1, 2, 3))
    # Each known row is moved by an odd little, and each question by another, so that no two distances are equal.
    odd = torch.sin(torch.arange(m * width, dtype=torch.float64) * 1.7 + 0.3).reshape(m, width).to(draw.dtype)
    few = torch.cos(torch.arange(n * width, dtype=torch.float64) * 2.3 + 0.7).reshape(n, width).to(draw.dtype)
    return call(draw.tensor(n, width) + 0.11 * few, draw.tensor(m, width) + 0.13 * odd,
                draw.integers(m, most=classes - 1), classes, k)


def voted(features, known, labels, classes, k, far=torch.cdist, largest=False, count=None):
    found = far(features, known).topk(count or k, dim=1, largest=largest).indices
    return one_hot(labels[found], classes).to(features).mean(dim=1)


def weighted(features, known, labels, classes, k):
    """Each of the k counts by one over its distance."""
    away, found = torch.cdist(features, known).topk(k, dim=1, largest=False)
    says = 1 / (away + 1e-9)
    return (one_hot(labels[found], classes) * (says / says.sum(dim=1, keepdim=True))[..., None]).sum(dim=1).to(features)


def by_place(features, known, labels, classes, k):
    """Places in known, taken for classes."""
    found = torch.cdist(features, known).topk(k, dim=1, largest=False).indices
    return one_hot(found, max(classes, len(known))).to(features).mean(dim=1)[:, :classes]


def cosine(features, known):
    return 1 - nn.functional.normalize(features, dim=1) @ nn.functional.normalize(known, dim=1).T


mistakes(nearest, {
    "you took the farthest: largest=False": partial(voted, largest=True),
    "you took the nearest one alone: k of them have a say": lambda f, a, y, c, k: nearest(f, a, y, c, 1),
    "all known rows have a say: only the k nearest do": lambda f, a, y, c, k: nearest(f, a, y, c, len(a)),
    "one neighbour too many": lambda f, a, y, c, k: nearest(f, a, y, c, min(k + 1, len(a))),
    "one neighbour too few": lambda f, a, y, c, k: nearest(f, a, y, c, max(k - 1, 1)),
    "that is how many of the k are of each class: the share is wanted, divide by k": lambda f, a, y, c, k: nearest(f, a, y, c, k) * k,
    "you divided by the number of classes: by k": lambda f, a, y, c, k: nearest(f, a, y, c, k) * k / c,
    "the differences were added up without their sizes being squared: the straight distance is the root of the sum of "
    "squares":
        partial(voted, far=lambda f, a: torch.cdist(f, a, p=1)),
    "you took the largest difference: the straight distance is the root of the sum of squares":
        partial(voted, far=lambda f, a: torch.cdist(f, a, p=float("inf"))),
    "you compared directions (cosine): the straight distance is asked for": partial(voted, far=cosine),
    "you took the smallest products, and those are no distances": partial(voted, far=lambda f, a: f @ a.T),
    "you took the largest products, and those are no distances":
        partial(voted, far=lambda f, a: f @ a.T, largest=True),
    "those are the classes of the neighbours: the share of every class is wanted":
        lambda f, a, y, c, k: y[torch.cdist(f, a).topk(k, largest=False).indices],
    "that is the class that wins: the share of every class is wanted":
        lambda *given: nearest(*given).argmax(dim=1),
    "your classes end at the largest that occurs: `classes` says how many there are":
        lambda f, a, y, c, k: nearest(f, a, y, int(y.max()) + 1, k),
    "as many columns as the largest class found: `F.one_hot(..., classes)`":
        lambda f, a, y, c, k: one_hot(y[torch.cdist(f, a).topk(k, largest=False).indices]).to(f).mean(dim=1),
    "those are the places in known: `labels[found]` are the classes":
        [lambda f, a, y, c, k: nearest(f, a, torch.arange(len(a)) % c, c, k), by_place],
    "the winning class got all: each class gets its share of the k":
        lambda f, a, y, c, k: one_hot(nearest(f, a, y, c, k).argmax(dim=1), c).to(f),
    "each of the k counts the same, however near": weighted,
    "the shares lie on their side: (n, classes) is wanted": lambda *given: nearest(*given).T,
    "it is 1 where any of the k is of the class: the share is wanted": lambda *given: (nearest(*given) > 0).float(),
})


@takes(under_shift, contract=("arguments", "twice"), calls=80)
def _(draw):
    classify, n = draw.named("is_bright", "by_corner"), draw.rows(1, 9)
    return call(classify, draw.tensor(n, 1, draw.whole(1, 2), draw.whole(1, 3), dtype=torch.float32),
                draw.integers(n, most=1 if classify == "is_bright" else 2), draw.named("brighter", "slid"),
                [draw.one_of(0.0, 0.5, 1.0, 1.5, -0.5) for _ in range(draw.whole(0, 4))])


def again_and_again(classify, images, labels, shake, amounts):
    shares = []
    for amount in amounts:
        images = shake(images, amount)
        shares += under_shift(classify, images, labels, lambda same, amount: same, [amount])
    return shares


def shares_of(change):
    return lambda *given: change(under_shift(*given), *given)


mistakes(under_shift, {
    "you shook what was shaken already: begin each time with the pictures as they came": again_and_again,
    "you shook nothing: `shake(images, amount)`":
        lambda c, x, y, shake, amounts: under_shift(c, x, y, lambda same, amount: same, amounts),
    "that is the share of errors: the share read rightly is wanted": shares_of(lambda came, *given: [1 - share for share in came]),
    "those are counts: the share is wanted, divide by how many pictures there are":
        shares_of(lambda came, c, x, *given: [share * len(x) for share in came]),
    "those are per cent: a share lies in [0, 1]": shares_of(lambda came, *given: [100 * share for share in came]),
    "only the last amount came back: one number for each": shares_of(lambda came, *given: came[-1:]),
    "only the first amount came back; is your `return` inside the loop?": shares_of(lambda came, *given: came[:1]),
    "that is the mean over the amounts: one number for each": shares_of(lambda came, *given: sum(came) / max(len(came), 1)),
    "a tensor came back: a list of numbers is wanted": shares_of(lambda came, *given: torch.tensor(came)),
    "the largest amount shakes every time: one amount at a time":
        lambda c, x, y, shake, amounts: under_shift(c, x, y, shake, [max(amounts)] * len(amounts)),
    "the amounts came in order of size: keep them as they came":
        lambda c, x, y, shake, amounts: under_shift(c, x, y, shake, sorted(amounts)),
    "those say whether all are right: the share of them is wanted":
        shares_of(lambda came, *given: [float(share == 1) for share in came]),
    "the lowest score wins in your code: the highest says what is read, argmax":
        lambda c, x, y, *more: under_shift(lambda images: -c(images), x, y, *more),
    "an amount of 0 is shaken, too": lambda c, x, y, shake, amounts: under_shift(
        c, x, y, lambda images, amount: shake(images, amount) if amount else images, amounts),
    "compare with the labels, not with what it says of the calm pictures":
        lambda c, x, y, *more: under_shift(c, x, c(x).argmax(dim=1), *more),
    "one number for each amount, no more": lambda c, x, y, shake, amounts: [
        *under_shift(c, x, y, lambda same, amount: same, [0.0]), *under_shift(c, x, y, shake, amounts)],
    "a picture is right or not: argmax, then compare": lambda c, x, y, shake, amounts: [
        c(shake(x, amount)).softmax(dim=1).gather(1, y[:, None]).double().mean().item() for amount in amounts],
})


@takes(with_copies, contract=("arguments", "dtype"), calls=80)
def _(draw):
    n = draw.rows()
    return call(draw.tensor(n, 1, draw.whole(1, 2), draw.whole(1, 2)), draw.integers(n, most=3),
                draw.named("brighter", "slid"), draw.one_of(0.5, 1.0, 0.25, 0.0), draw.whole(0, 3))


def copied(images, labels, shake, amount, copies, first=True, then=lambda labels, times: labels.repeat(times)):
    parts = [*([images] if first else []), *(shake(images, amount) for _ in range(copies))]
    return torch.cat(parts), then(labels, len(parts))


def piled(images, labels, shake, amount, copies):
    parts = [images]
    for _ in range(copies):
        parts.append(shake(parts[-1], amount))
    return torch.cat(parts), labels.repeat(1 + copies)


def without_the_first(images, labels, shake, amount, copies):
    """The copies alone; where there are none, nothing."""
    return with_copies(images, labels, shake, amount, copies)[0][len(images):], labels.repeat(copies)


def doubled(images, labels, shake, amount, copies):
    for _ in range(copies):
        images, labels = torch.cat([images, shake(images, amount)]), labels.repeat(2)
    return images, labels


mistakes(with_copies, {
    "each label stands several times in a row, and the pictures come in turn: `labels.repeat`, not repeat_interleave":
        partial(copied, then=lambda labels, times: labels.repeat_interleave(times)),
    "the pictures as they are are missing: they come first": [partial(copied, first=False), without_the_first],
    "the amount is the same for every copy": lambda x, y, shake, amount, copies: (
        torch.cat([x, *(shake(x, amount * number) for number in range(1, copies + 1))]), y.repeat(1 + copies)),
    "the set doubled each time: shake the n as they came": doubled,
    "one copy too many": lambda x, y, shake, amount, copies: with_copies(x, y, shake, amount, copies + 1),
    "one copy too few: the pictures themselves do not count as a copy":
        lambda x, y, shake, amount, copies: with_copies(x, y, shake, amount, max(copies - 1, 0)),
    "one copy, however many are asked for": lambda x, y, shake, amount, copies: with_copies(x, y, shake, amount, 1),
    "the copies are not shaken": lambda x, y, shake, amount, copies: with_copies(x, y, lambda same, amount: same, amount, copies),
    "the labels were not repeated: as many as pictures are wanted": lambda x, y, *more: (with_copies(x, y, *more)[0], y),
    "each copy was made of the one before: always shake the pictures as they came": piled,
    "the pictures themselves came last: they come first":
        lambda x, y, shake, amount, copies: (with_copies(x, y, shake, amount, copies)[0].roll(-len(x), 0), y.repeat(1 + copies)),
    "the pictures as they are were shaken, too: the first n are as they came":
        lambda x, y, shake, amount, copies: copied(x, y, shake, amount, copies + 1, first=False),
    "you gave back the pictures alone: the labels are wanted, too": lambda *given: with_copies(*given)[0],
    "the two have changed places: pictures first, then labels": lambda *given: with_copies(*given)[::-1],
    "the copies of one picture stand together: first all as they are, then a copy of all":
        lambda x, y, shake, amount, copies: (
            torch.stack([x, *(shake(x, amount) for _ in range(copies))], dim=1).flatten(0, 1), y.repeat_interleave(1 + copies)),
    "only the first picture was copied": lambda x, y, shake, amount, copies: (
        torch.cat([x, *(shake(x[:1], amount) for _ in range(copies))]), torch.cat([y, y[:1].repeat(copies)])),
})


@takes(two_rates, contract=("arguments", "twice", "dtype", "device"), calls=80)
def _(draw):
    n, width, hidden, classes = draw.rows(1, 6), draw.whole(1, 3), draw.whole(1, 3), draw.whole(2, 3)
    # An odd little more on every weight keeps each neuron off its corner, where the slope is a matter of taste.
    odd = 0.0371 * torch.cos(torch.arange(hidden * width, dtype=torch.float64) + 0.4).reshape(hidden, width).to(draw.dtype)
    # A picture of zeros would sit in the corner whatever the weights are.
    inputs = draw.tensor(n, width, least=0.5, most=2)
    return call(draw.tensor(hidden, width, least=-2, most=2) + odd, draw.tensor(classes, hidden, least=-2, most=2), inputs,
                draw.integers(n, most=classes - 1), draw.one_of(0.5, 0.125, 0.0), draw.one_of(1.0, 0.25))


def stepped(body, head, inputs, labels, slow, fast, cut=torch.relu, loss=cross_entropy):
    body, head = (part.detach().clone().requires_grad_(True) for part in (body, head))
    value = loss(cut(inputs @ body.T) @ head.T, labels)
    of_body, of_head = torch.autograd.grad(value, (body, head))
    return body.detach() - slow * of_body, head.detach() - fast * of_head


def let_through(body, head, inputs, labels, slow, fast):
    """By hand, and the relu's slope is forgotten on the way back."""
    hidden = (inputs @ body.T).relu()
    off = ((hidden @ head.T).softmax(dim=1) - one_hot(labels, len(head)).to(hidden)) / len(inputs)
    return body - slow * (off @ head).T @ inputs, head - fast * off.T @ hidden


def body_after_head(body, head, inputs, labels, slow, fast):
    head = two_rates(body, head, inputs, labels, 0.0, fast)[1]
    return two_rates(body, head, inputs, labels, slow, 0.0)[0], head


def head_after_body(body, head, inputs, labels, slow, fast):
    body = two_rates(body, head, inputs, labels, slow, 0.0)[0]
    return body, two_rates(body, head, inputs, labels, 0.0, fast)[1]


mistakes(two_rates, {
    "the rates have changed places: the body is slow, the head is fast":
        lambda b, h, x, y, slow, fast: two_rates(b, h, x, y, fast, slow),
    "both move at the slow rate: the head is fast": lambda b, h, x, y, slow, fast: two_rates(b, h, x, y, slow, slow),
    "both move at the fast rate: the body is slow": lambda b, h, x, y, slow, fast: two_rates(b, h, x, y, fast, fast),
    "the body stays where it was: it moves too, slowly": lambda b, h, x, y, slow, fast: two_rates(b, h, x, y, 0.0, fast),
    "the head stays where it was": lambda b, h, x, y, slow, fast: two_rates(b, h, x, y, slow, 0.0),
    "you walked uphill: subtract the slopes": lambda b, h, x, y, slow, fast: two_rates(b, h, x, y, -slow, -fast),
    "the relu is missing between the two": partial(stepped, cut=lambda hidden: hidden),
    "on the way back the relu lets nothing through where it gave zero: multiply by `(inputs @ body.T > 0)`": let_through,
    "that is a sigmoid between the two: relu": partial(stepped, cut=torch.sigmoid),
    "that is the sum over the rows: the loss is their mean":
        partial(stepped, loss=lambda z, y: cross_entropy(z, y, reduction="sum")),
    "softmax was taken before the cross-entropy, which takes scores and does that itself":
        partial(stepped, loss=lambda z, y: cross_entropy(z.softmax(1), y)),
    "you took the squared error: the loss is the cross-entropy":
        partial(stepped, loss=lambda z, y: (z - one_hot(y, z.shape[1])).square().mean()),
    "the body's slope was taken after the head had moved: take both before the step": body_after_head,
    "the head's slope was taken after the body had moved: take both before the step": head_after_body,
    "the two have changed places: the body first, then the head": lambda *given: two_rates(*given)[::-1],
    "you gave back the head alone: the body is wanted, too": lambda *given: two_rates(*given)[1],
    "you gave back the slopes: the weights after the step are wanted":
        lambda b, h, *more: tuple(before - after for before, after in zip((b, h), two_rates(b, h, *more), strict=True)),
    "you gave back the weights as they were: a name bound anew inside a loop changes nothing": lambda b, h, *more: (b, h),
})

makes_no_difference(extract, "float32", "the networks that are drawn have float32 weights, and take no other pictures")
for named in ("known", "labels"):
    makes_no_difference(nearest, "first hundred",
                        "seven rows are known at most: of a hundred some would lie so nearly alike far that right ways differ",
                        named)
makes_no_difference(under_shift, "cut off above", "a share is never above one")
for named in ("body", "head"):
    makes_no_difference(two_rates, "first hundred", "body and head have three rows at most, as a network in its smallest form",
                        named)
