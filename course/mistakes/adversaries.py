"""Lesson 12, The same picture, another answer: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/adversaries.py first; the models are those of the lesson's setup cells."""

from collections.abc import Callable

import torch
import torch.nn.functional as F

from course.adversaries import fgsm, input_gradient, pgd, project, robust_accuracy, stick
from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes

# A table gives its programs the arguments that its mistakes need.
program: Callable

# What comes back is a picture, and by which way a gradient would run through it is nobody's question.
A_PICTURE = ("arguments", "twice", "dtype", "device")


def pictures_and_model(draw):
    """A model, pictures of six pixels, and labels. The signs of a gradient are to be the same by every right way of
    computing it: `slopes` and `blind` leave no doubt in any dtype, `bends` in float64."""
    model = draw.named("slopes", "blind", "bends", "bends")
    n, dtype = draw.rows(), torch.float64 if model == "bends" else draw.dtype
    return model, draw.tensor(n, 1, 2, 3, least=0, most=1, dtype=dtype), draw.integers(n, most=2 if model == "bends" else 1)


@takes(fgsm, contract=A_PICTURE)
def _(draw):
    return call(*pictures_and_model(draw), draw.one_of(0.25, 0.1, 0.0, 0.5, 0.03125))


def slope_of(model, images, labels, loss):
    """The gradient by the pixels of something else than the right loss."""
    pixels = images.detach().requires_grad_(True)
    return torch.autograd.grad(loss(model(pixels), labels).sum(), pixels)[0]


def stepped(images, epsilon, slope):
    return (images + epsilon * slope.sign()).clamp(0, 1)


def at_labels(table, labels):
    return table.gather(1, labels[:, None])


def down_at_nothing(slope):
    """The sign, but -1 where it is 0."""
    return torch.where(slope > 0, 1.0, -1.0).to(slope)


FGSM = {
    "the sign is missing: each pixel goes the whole epsilon, however small its slope is":
        lambda m, x, y, e: (x + e * input_gradient(m, x, y)).clamp(0, 1),
    "you walked downhill: the loss is to grow, so add": [
        lambda m, x, y, e: stepped(x, -e, input_gradient(m, x, y)),
        lambda m, x, y, e: stepped(x, e, slope_of(m, x, y, at_labels)),
    ],
    "black and white are the ends: clamp to [0, 1]": lambda m, x, y, e: x + e * input_gradient(m, x, y).sign(),
    "you clamped below only: white is the end on the other side":
        lambda m, x, y, e: (x + e * input_gradient(m, x, y).sign()).clamp(min=0),
    "you clamped above only: black is the end on the other side":
        lambda m, x, y, e: (x + e * input_gradient(m, x, y).sign()).clamp(max=1),
    "pixels are between 0 and 1, not between -1 and 1":
        lambda m, x, y, e: (x + e * input_gradient(m, x, y).sign()).clamp(-1, 1),
    "that is the change by itself: add it to the picture": [
        lambda m, x, y, e: e * input_gradient(m, x, y).sign(),
        lambda m, x, y, e: (e * input_gradient(m, x, y).sign()).clamp(0, 1),
    ],
    "those are the signs: epsilon of them is added to the picture":
        lambda m, x, y, e: input_gradient(m, x, y).sign(),
    "epsilon is missing: a whole step of 1 makes every pixel black or white":
        lambda m, x, y, e: stepped(x, 1, input_gradient(m, x, y)),
    "you divided the gradient by its length; here every pixel goes equally far, so take its sign": [
        lambda m, x, y, e: (x + e * F.normalize(input_gradient(m, x, y).flatten(1)).view_as(x)).clamp(0, 1),
        lambda m, x, y, e: (x + e * F.normalize(input_gradient(m, x, y).flatten(), dim=0).view_as(x)).clamp(0, 1),
    ],
    "you divided the gradient by its greatest size; here every pixel goes equally far, so take its sign":
        lambda m, x, y, e: (x + e * input_gradient(m, x, y) / input_gradient(m, x, y).abs().max()).clamp(0, 1),
    "you took the network's own answers as labels; the loss is that of the labels that came in":
        lambda m, x, y, e: fgsm(m, x, m(x).argmax(dim=1), e),
    "every picture went the same way: each has a gradient of its own": [
        lambda m, x, y, e: stepped(x, e, input_gradient(m, x, y).sum(dim=0, keepdim=True)),
        lambda m, x, y, e: stepped(x, e, input_gradient(m, x, y)[:1]),
    ],
    "you took the sign of the pixels: the sign of their gradient is wanted":
        lambda m, x, y, e: stepped(x, e, x),
    "you took the gradient of all the logits together: take it of the loss":
        lambda m, x, y, e: stepped(x, e, slope_of(m, x, y, lambda z, t: z)),
    "you took the gradient of the greatest logit: take it of the loss":
        lambda m, x, y, e: stepped(x, e, slope_of(m, x, y, lambda z, t: z.amax(dim=1))),
    "cross_entropy takes logits and does the softmax itself; you gave it probabilities":
        lambda m, x, y, e: stepped(x, e, slope_of(m, x, y, lambda z, t: F.cross_entropy(z.softmax(dim=1), t))),
    "nothing has moved: what came back is the picture": lambda m, x, y, e: x,
    "you took the slope of the label's own score; the cross-entropy looks at the other classes, too":
        lambda m, x, y, e: stepped(x, -e, slope_of(m, x, y, at_labels)),
    "a pixel without a slope was moved: the sign of 0 is 0, so it stays where it is": [
        lambda m, x, y, e: stepped(x, e, down_at_nothing(input_gradient(m, x, y))),
        lambda m, x, y, e: stepped(x, e, -down_at_nothing(-input_gradient(m, x, y))),
    ],
    "the change is cut off at epsilon, as in a later exercise; here it is epsilon times the sign":
        lambda m, x, y, e: (x + input_gradient(m, x, y).clamp(-e, e)).clamp(0, 1),
    "the step was added twice": lambda m, x, y, e: stepped(x, 2 * e, input_gradient(m, x, y)),
    "only pixels that make the loss grow when brighter were moved: the others go the other way": [
        lambda m, x, y, e: (x + e * (input_gradient(m, x, y) > 0)).clamp(0, 1),
        lambda m, x, y, e: (x + e * input_gradient(m, x, y).sign().abs()).clamp(0, 1),
    ],
}


def tell(right, table):
    """Programs by the words that name them; several where the same is done in several ways."""
    for words, programs in table.items():
        for program in programs if isinstance(programs, list) else [programs]:
            mistake(right, words)(program)


tell(fgsm, FGSM)


# The pictures lie in memory row by row, so that a clone's pixels may be walked through as `view(-1)`.
@takes(project, contract=A_PICTURE)
def _(draw):
    shape = (draw.rows(), 1, draw.whole(1, 3), draw.whole(1, 3))
    images, originals = draw.tensor(*shape).contiguous(), draw.tensor(*shape, least=0, most=1).contiguous()
    return call(images, originals, draw.one_of(0.25, 0.5, 0.125, 0.0, 2.0))


tell(project, {
    "each pixel is in [0, 1] at the end: that clamp is missing": lambda x, o, e: o + (x - o).clamp(-e, e),
    "no pixel may be further than epsilon from the original's: that clamp is missing": lambda x, o, e: x.clamp(0, 1),
    "you clamped the picture to [-epsilon, epsilon]; it is the difference from the original that is to lie there": [
        lambda x, o, e: x.clamp(-e, e),
        lambda x, o, e: x.clamp(-e, e).clamp(0, 1),
    ],
    "that is the change by itself: add it to the originals": [
        lambda x, o, e: (x - o).clamp(-e, e),
        lambda x, o, e: (x - o).clamp(-e, e).clamp(0, 1),
    ],
    "you added the change to the moved pictures; it counts from the originals":
        lambda x, o, e: (x + (x - o).clamp(-e, e)).clamp(0, 1),
    "you cut the change off above only: a pixel may not go too far down either": [
        lambda x, o, e: (o + (x - o).clamp(max=e)).clamp(0, 1),
        lambda x, o, e: torch.minimum(x, o + e).clamp(0, 1),
    ],
    "you cut the change off below only: a pixel may not go too far up either": [
        lambda x, o, e: (o + (x - o).clamp(min=-e)).clamp(0, 1),
        lambda x, o, e: torch.maximum(x, o - e).clamp(0, 1),
    ],
    "a pixel that is too far out goes to the edge of what is allowed, not back to the original":
        lambda x, o, e: torch.where((x - o).abs() <= e, x, o).clamp(0, 1),
    "a pixel between the limits stays where it is; you moved every pixel to the edge":
        lambda x, o, e: (o + e * (x - o).sign()).clamp(0, 1),
    "the two pictures have changed places: the originals are the second": lambda x, o, e: project(o, x, e),
    "the difference is the wrong way round: moved minus original": lambda x, o, e: project(2 * o - x, o, e),
    "you shortened the whole change until it fits, so all pixels moved; each pixel is cut off by itself":
        lambda x, o, e: (o + (x - o) * (e / (x - o).abs().max().clamp(min=1e-9)).clamp(max=1)).clamp(0, 1),
    "you shortened each picture's change until its length is epsilon; each pixel is cut off by itself":
        lambda x, o, e: (o + (x - o) * (e / (x - o).flatten(1).norm(dim=1).clamp(min=1e-9)).clamp(max=1).view(-1, 1, 1, 1)).clamp(0, 1),
    "pixels are between 0 and 1, not between -1 and 1": lambda x, o, e: (o + (x - o).clamp(-e, e)).clamp(-1, 1),
    "black is the end below: clamp to [0, 1] on both sides": lambda x, o, e: (o + (x - o).clamp(-e, e)).clamp(max=1),
    "white is the end above: clamp to [0, 1] on both sides": lambda x, o, e: (o + (x - o).clamp(-e, e)).clamp(min=0),
    "the originals came back as they were": lambda x, o, e: o,
    "you cut the change off at 0 below: a pixel may go down by epsilon, too":
        lambda x, o, e: (o + (x - o).clamp(0, e)).clamp(0, 1),
    "black and white are limits of the pixel, not of its change: clamp to [0, 1] after adding":
        lambda x, o, e: o + (x - o).clamp(-e, e).clamp(0, 1),
    "epsilon is a distance and not a share of the pixel: originals - epsilon to originals + epsilon":
        lambda x, o, e: torch.minimum(torch.maximum(x, o * (1 - e)), o * (1 + e)).clamp(0, 1),
    "you took half of epsilon to each side: it is the whole of it": lambda x, o, e: project(x, o, e / 2),
})


# Steps of different sizes, so that a picture turns back, gets stuck at a limit, or does not reach it.
@takes(pgd, contract=A_PICTURE)
def _(draw):
    model, images, labels = pictures_and_model(draw)
    epsilon, step = draw.one_of(0.25, 0.1, 0.5, 0.0), draw.one_of(0.1, 0.03125, 0.375)
    return call(model, images, labels, epsilon, step, draw.whole(0, 4), towards=draw.one_of(False, True))


def walk(m, x, y, e, step, steps, towards, slope=input_gradient, keep=project, after=lambda moved: moved, sign=torch.sign,
         begin=lambda m, x, y, e: x):
    """The right walk, with one thing in it done otherwise."""
    size = -step if towards else step
    moved = begin(m, x, y, -e if towards else e)
    for _ in range(steps):
        moved = keep(moved + size * sign(slope(m, moved, y)), x, e)
    return after(moved)


def otherwise(**changed):
    return lambda *given: walk(*given, **changed)


def from_the_last(m, x, y, e, step, steps, towards):
    moved = x
    for _ in range(steps):
        moved = walk(m, moved, y, e, step, 1, towards)
    return moved


def from_the_start(m, x, y, e, step, steps, towards):
    size = -step if towards else step
    moved = x
    for _ in range(steps):
        moved = project(moved + size * input_gradient(m, x, y).sign(), x, e)
    return moved


def near(numbers):
    """Begins at a random place. Torch is seeded for each drawn call, so who draws alike begins at the same one."""
    return lambda m, x, y, e: project(x + abs(e) * (2 * numbers(x) - 1), x, abs(e))


def written_into(m, x, y, e, step, steps, towards):
    """The first step is written into the original, and the limits go along with it."""
    size = -step if towards else step
    moved = original = x.clone()
    for _ in range(steps):
        moved += size * input_gradient(m, moved, y).sign()
        moved = project(moved, original, e)
    return moved


def projected_before(m, x, y, e, step, steps, towards):
    moved, size = x, -step if towards else step
    for _ in range(steps):
        moved = project(moved, x, e)
        moved = moved + size * input_gradient(m, moved, y).sign()
    return moved


def by_the_sum(m, x, y, e, step, steps, towards):
    moved, total, size = x, torch.zeros_like(x), -step if towards else step
    for _ in range(steps):
        total = total + input_gradient(m, moved, y)
        moved = project(moved + size * total.sign(), x, e)
    return moved


def by_own_answers(m, x, y, e, step, steps, towards):
    """Away from what the network says on the way; towards the labels that came in."""
    own = otherwise(slope=lambda m, x, y: input_gradient(m, x, m(x).argmax(dim=1)))
    return (walk if towards else own)(m, x, y, e, step, steps, towards)


def once_at_the_end(m, x, y, e, step, steps, towards):
    return project(walk(m, x, y, e, step, steps, towards, keep=lambda moved, x, e: moved), x, e)


PGD = {
    "in your call of `project` the two pictures have changed places: first the picture that moved, then the one that came "
    "in": otherwise(keep=lambda moved, x, e: project(x, moved, e)),
    "every gradient is taken at the original; it changes on the way, so take it where the last step ended":
        from_the_start,
    "you projected round the picture of the step before, so the change grows beyond epsilon: keep the original":
        from_the_last,
    "no step is projected: nothing keeps the change within epsilon":
        [otherwise(keep=lambda moved, x, e: moved), otherwise(keep=lambda moved, x, e: moved.clamp(0, 1))],
    "you projected once, at the end; project after every step, for the next gradient is taken there": once_at_the_end,
    "the change is within epsilon, but pixels leave [0, 1]: `project` looks after both":
        otherwise(keep=lambda moved, x, e: x + (moved - x).clamp(-e, e)),
    "the sign is missing: each pixel goes a whole step, however small its slope is":
        otherwise(sign=lambda slope: slope),
    "the two directions have changed places: away from the labels the loss grows, towards them it falls":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, steps, not towards),
    "`towards` is not looked at: with it the loss is to fall":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, steps, False),
    "you always walk towards the labels: without `towards` the loss is to grow":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, steps, True),
    "only one step was made: is `return` inside the loop?":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, 1, towards) if steps else None,
    "one step was made, whatever `steps` says": [
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, 1, towards),
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, min(steps, 1), towards),
    ],
    "one step too few was made": lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, max(0, steps - 1), towards),
    "one step too many was made": lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, steps + 1, towards),
    "each step was of size epsilon: a step has a size of its own, `step`":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, e, steps, towards),
    "each step was of size epsilon / steps: a step has a size of its own, `step`":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, e / max(steps, 1), steps, towards),
    "the change was kept within `step`: it is kept within `epsilon`":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, step, step, steps, towards),
    "that is the change by itself: the pictures are wanted":
        lambda m, x, y, e, step, steps, towards: walk(m, x, y, e, step, steps, towards) - x,
    "you took the network's own answers as labels; the loss is that of the labels that came in": [
        lambda m, x, y, e, step, steps, towards: walk(m, x, m(x).argmax(dim=1), e, step, steps, towards),
        otherwise(slope=lambda m, x, y: input_gradient(m, x, m(x).argmax(dim=1))),
        by_own_answers,
    ],
    "the walk begins at the images themselves, not where one big step leads": otherwise(begin=fgsm),
    "the walk begins at the images themselves, not at a random place near them": [
        otherwise(begin=near(torch.rand_like)),
        otherwise(begin=near(lambda x: torch.rand(x.shape))),
    ],
    "a pixel without a slope was moved: the sign of 0 is 0, so it stays where it is": [
        otherwise(sign=down_at_nothing),
        otherwise(sign=lambda slope: -down_at_nothing(-slope)),
    ],
    "`moved = images` gives the same tensor a second name, and `+=` writes into it, so the original is lost: use "
    "`moved = moved + ...`": written_into,
    "the last step is not projected: first the step, then `project`": projected_before,
    "each step goes by the slope where it begins, and not by the sum of all slopes so far": by_the_sum,
    "all pictures went the same way: each has a gradient of its own":
        otherwise(slope=lambda m, x, y: input_gradient(m, x, y).sum(dim=0, keepdim=True)),
    "your step is added to the original each time: add it to where the last step ended":
        lambda m, x, y, e, step, steps, towards: _restarted(m, x, y, e, step, steps, towards),
    "the pictures came back as they were": lambda m, x, y, e, step, steps, towards: x,
    "you gave cross_entropy probabilities; it takes logits and does the softmax itself":
        otherwise(slope=lambda m, x, y: slope_of(m, x, y, lambda z, t: F.cross_entropy(z.softmax(dim=1), t))),
}


def _restarted(m, x, y, e, step, steps, towards):
    moved, size = x, -step if towards else step
    for _ in range(steps):
        moved = project(x + size * input_gradient(m, moved, y).sign(), x, e)
    return moved


def with_default(program):
    return lambda model, images, labels, epsilon, step, steps, towards=False: program(model, images, labels, epsilon, step, steps, towards)


tell(pgd, {words: [with_default(one) for one in programs] if isinstance(programs, list) else with_default(programs)
           for words, programs in PGD.items()})


@takes(stick)
def _(draw):
    n, channels = draw.rows(1, 5), draw.one_of(1, 3, 2)
    high, wide = draw.whole(1, 3), draw.whole(1, 3)
    above, beside = draw.whole(0, 2), draw.whole(0, 3)
    images, patch = draw.tensor(n, channels, high + above, wide + beside), draw.tensor(channels, high, wide)
    return call(images, patch, draw.integers(n, most=above), draw.integers(n, most=beside))


def placed(images, patch, tops, lefts, put):
    """Each picture with its window filled by put(window, patch)."""
    stuck = images.clone()
    for place, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist(), strict=True)):
        window = (place, slice(None), slice(top, top + patch.shape[1]), slice(left, left + patch.shape[2]))
        stuck[window] = put(images[window], patch)
    return stuck


tell(stick, {
    "the sticker is added to the picture: it hides what lies under it":
        lambda x, p, t, k: placed(x, p, t, k, lambda window, patch: window + patch),
    "the sticker shines through: it hides what lies under it, so put it there and mix nothing":
        lambda x, p, t, k: placed(x, p, t, k, lambda window, patch: (window + patch) / 2),
    "the sticker is multiplied into the picture: it hides what lies under it":
        lambda x, p, t, k: placed(x, p, t, k, lambda window, patch: window * patch),
    "all stickers are at the place of the first: each picture has its own": [
        lambda x, p, t, k: stick(x, p, t[:1].expand(len(x)), k[:1].expand(len(x))),
        lambda x, p, t, k: torch.stack([stick(x, p, t[:1].expand(len(x)), k[:1].expand(len(x)))[i] for i in range(len(x))]),
    ],
    "all stickers are at the place of the last: each picture has its own":
        lambda x, p, t, k: stick(x, p, t[-1:].expand(len(x)), k[-1:].expand(len(x))),
    "every picture has the stickers of all: each has one, at its own place":
        lambda x, p, t, k: _all_of_them(x, p, t, k),
    "rows and columns have changed places: `tops` are rows, which come first": lambda x, p, t, k: stick(x, p, k, t),
    "only the first picture has a sticker": lambda x, p, t, k: torch.cat([stick(x[:1], p, t[:1], k[:1]), x[1:]]),
    "only the last picture has a sticker: does your `clone` stand inside the loop?":
        lambda x, p, t, k: torch.cat([x[:-1], stick(x[-1:], p, t[-1:], k[-1:])]),
    "only the first channel has the sticker: all of them are wanted":
        lambda x, p, t, k: torch.cat([stick(x[:, :1], p[:1], t, k), x[:, 1:]], dim=1),
    "every channel has the sticker's first: each has its own":
        lambda x, p, t, k: stick(x, p[:1].expand_as(p), t, k),
    "what is outside the sticker became black: it stays as it was":
        lambda x, p, t, k: stick(torch.zeros_like(x), p, t, k),
    "nothing is stuck on: the pictures came back as they were": lambda x, p, t, k: x.clone(),
    "the sticker lies in the upper left corner of each picture: `tops` and `lefts` say where":
        lambda x, p, t, k: stick(x, p, torch.zeros_like(t), torch.zeros_like(k)),
    "the sticker is upside down": lambda x, p, t, k: stick(x, p.flip(1), t, k),
    "the sticker is mirrored": lambda x, p, t, k: stick(x, p.flip(2), t, k),
    "the first row and the first column count 0: your stickers lie one too far up and left":
        lambda x, p, t, k: stick(x, p, (t - 1).clamp(min=0), (k - 1).clamp(min=0)),
    "the stickers were handed out in the wrong order: the first place belongs to the first picture":
        lambda x, p, t, k: stick(x, p, t.flip(0), k.flip(0)),
    "only the corner was covered: the sticker is high rows and wide columns large":
        lambda x, p, t, k: stick(x, p[:, :1, :1], t, k),
    "`tops` and `lefts` are the upper left corner, not the centre":
        lambda x, p, t, k: stick(x, p, (t - p.shape[1] // 2).clamp(min=0), (k - p.shape[2] // 2).clamp(min=0)),
    "dark pixels of the sticker hide what lies under them, too: replace, do not take the brighter one":
        lambda x, p, t, k: x.maximum(stick(torch.full_like(x, -torch.inf), p, t, k)),
})


def _all_of_them(images, patch, tops, lefts):
    stuck = images.clone()
    for top, left in zip(tops.tolist(), lefts.tolist(), strict=True):
        stuck[:, :, top:top + patch.shape[1], left:left + patch.shape[2]] = patch
    return stuck


# In float64, so that two logits are never as good as equal.
@takes(robust_accuracy, contract=("arguments", "twice"))
def _(draw):
    n = draw.rows(3, 9)
    images = draw.tensor(n, 1, 2, 3, least=0, most=1, dtype=torch.float64)
    labels = draw.integers(n, most=2)
    first = draw.one_of(0.0, 0.1)
    epsilons = [first + 0.3 * place for place in range(draw.whole(1, 5))]
    return call(draw.named("bends"), draw.named("waves", "stripes", "waves"), images, labels, epsilons)


def verdicts(model, attack, images, labels, epsilons):
    """Right or wrong by epsilon and picture, each attack by itself: (k, n)."""
    return torch.stack([model(attack(model, images, labels, each)).argmax(dim=1) == labels for each in epsilons])


def down_for_good(m, a, x, y, e):
    return verdicts(m, a, x, y, e).cumprod(dim=0)


def attacked_again(m, a, x, y, e):
    """Each attack on the pictures that the attack before has left."""
    moved, rows = x, []
    for each in e:
        moved = a(m, moved, y, each)
        rows.append(m(moved).argmax(dim=1) == y)
    return torch.stack(rows).cumprod(dim=0).double().mean(dim=1)


def of_those_left(m, a, x, y, e):
    """The share of those that stood before, instead of all."""
    shares = []
    for each in e:
        stands = m(a(m, x, y, each)).argmax(dim=1) == y
        shares.append(stands.double().mean())
        x, y = x[stands], y[stands]
    return torch.stack(shares)


def looked_back_once(m, a, x, y, e):
    table = verdicts(m, a, x, y, e)
    return torch.cat([table[:1], table[1:] & table[:-1]]).double().mean(dim=1)


tell(robust_accuracy, {
    "each epsilon was looked at by itself: a picture that fell at a smaller one stays down":
        lambda m, a, x, y, e: verdicts(m, a, x, y, e).double().mean(dim=1),
    "the curve was kept from rising, but it is the single picture that stays down: a picture that got up again hides "
    "another that fell":
        lambda m, a, x, y, e: verdicts(m, a, x, y, e).double().mean(dim=1).cummin(dim=0).values,
    "you counted: divide by the number of pictures": lambda m, a, x, y, e: down_for_good(m, a, x, y, e).sum(dim=1),
    "that is the share that fell: the share that still stands is wanted":
        lambda m, a, x, y, e: 1 - down_for_good(m, a, x, y, e).double().mean(dim=1),
    "that is in per cent: a share is between 0 and 1":
        lambda m, a, x, y, e: 100 * down_for_good(m, a, x, y, e).double().mean(dim=1),
    "nothing was attacked: that is the accuracy on the pictures as they came":
        lambda m, a, x, y, e: (m(x).argmax(dim=1) == y).double().mean().expand(len(e)),
    "that is one number, for all epsilons together: one for each is wanted": [
        lambda m, a, x, y, e: down_for_good(m, a, x, y, e).double().mean(),
        lambda m, a, x, y, e: robust_accuracy(m, a, x, y, e)[-1],
        lambda m, a, x, y, e: robust_accuracy(m, a, x, y, e)[-1:],
    ],
    "only the first epsilon was tried": lambda m, a, x, y, e: robust_accuracy(m, a, x, y, e)[:1],
    "you attacked what the attack before had left: each one begins at the pictures that came in": attacked_again,
    "the attack was told the network's answers: it is told the labels that came in":
        lambda m, a, x, y, e: torch.stack([m(a(m, x, m(x).argmax(dim=1), each)).argmax(dim=1) == y
                                          for each in e]).cumprod(dim=0).double().mean(dim=1),
    "you compared with what the network said before the attack: compare with the labels":
        lambda m, a, x, y, e: torch.stack([m(a(m, x, y, each)).argmax(dim=1) == m(x).argmax(dim=1)
                                          for each in e]).cumprod(dim=0).double().mean(dim=1),
    "you left out the pictures that the network misreads anyway: they count, as wrong":
        lambda m, a, x, y, e: down_for_good(m, a, x, y, e).double().sum(dim=1) / (m(x).argmax(dim=1) == y).sum(),
    "every epsilon was attacked by the greatest one":
        lambda m, a, x, y, e: robust_accuracy(m, a, x, y, [e[-1]] * len(e)),
    "every epsilon was attacked by the first one": lambda m, a, x, y, e: robust_accuracy(m, a, x, y, [e[0]] * len(e)),
    "those are the verdicts on each picture: their share is wanted":
        lambda m, a, x, y, e: down_for_good(m, a, x, y, e).double(),
    "a picture that got up again counts as standing: it has to stand at every epsilon up to this one, and not at one "
    "of them":
        lambda m, a, x, y, e: verdicts(m, a, x, y, e).double().cummax(dim=0).values.mean(dim=1),
    "you went through the epsilons from the last to the first: those before an epsilon are the smaller ones":
        lambda m, a, x, y, e: robust_accuracy(m, a, x, y, e[::-1]).flip(0),
    "you divided by the pictures that still stood; it is a share of all n": of_those_left,
    "you also asked for the pictures as they came; epsilon 0 counts only if it is in the list":
        lambda m, a, x, y, e: (down_for_good(m, a, x, y, e) * (m(x).argmax(dim=1) == y)).double().mean(dim=1),
    "you looked back one epsilon only: a picture that fell stays down at all later ones": looked_back_once,
    "that is one number for each picture: one for each epsilon is wanted":
        lambda m, a, x, y, e: down_for_good(m, a, x, y, e).double().mean(dim=0),
})


makes_no_difference(stick, "first hundred", "a sticker of digits has no hundred rows, and none is drawn that large", "patch")
for slip in ("float32", "float64"):
    makes_no_difference(robust_accuracy, slip, "a share is float32, whatever the pictures are, and its dtype is not asked for")
