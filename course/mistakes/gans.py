"""Lesson 11, Two networks that improve each other: what its exercises take, and what people do wrong in them.
Words are said to a learner as they stand. Each program is the mistake, in terms of the right function where that is
shorter. Read course/gans.py first."""

import math
from collections.abc import Callable

import torch
from torch.nn import functional
from torch.nn.functional import softplus

from course.checks.draws import call
from course.checks.exercises import makes_no_difference, mistake, takes
from course.gans import Game, breed, conditional_logits, discriminator_loss, generator_loss, modes_covered, slerp

# A table gives its programs the arguments that its mistakes need.
program: Callable
of: Callable

VERY_SURE = 300.0  # a logit that is very sure: its chance is 0 or 1 in any dtype


@takes(discriminator_loss)
def _(draw):
    sure = draw.one_of(1, 1, VERY_SURE) if draw.number % 3 == 2 else 1
    return call(draw.tensor(draw.rows()) * sure, draw.tensor(draw.rows()) * sure)


BOTH_SIDES = {
    "you have the two sides the wrong way round: it should pay for a real thing with a low logit, and for a fake with "
    "a high one":
        lambda real, fake: softplus(real).mean() + softplus(-fake).mean(),
    "only the real things are in it: a discriminator that calls everything real would pay nothing": lambda real, fake: softplus(-real).mean(),
    "only the fakes are in it: a discriminator that calls everything fake would pay nothing": lambda real, fake: softplus(fake).mean(),
    "you added the prices up; average each side, or the side with more things counts for more":
        lambda real, fake: softplus(-real).sum() + softplus(fake).sum(),
    "you averaged the two averages: add them": lambda real, fake: (softplus(-real).mean() + softplus(fake).mean()) / 2,
    "you threw all prices into one pile: average the real ones and the fakes apart, then add":
        lambda real, fake: torch.cat([softplus(-real), softplus(fake)]).mean(),
    "the sign is turned: what is walked down has to fall when the discriminator gets better":
        lambda real, fake: -softplus(-real).mean() - softplus(fake).mean(),
    "you added probabilities of being wrong; cross-entropy is the logarithm of the chance given to the truth":
        lambda real, fake: (1 - real.sigmoid()).mean() + fake.sigmoid().mean(),
    "that is the hinge loss, which GANs are trained with as well; here cross-entropy is asked for":
        lambda real, fake: (1 - real).relu().mean() + (1 + fake).relu().mean(),
    "that is the plain difference of the mean logits (Wasserstein's loss); here cross-entropy is asked for":
        lambda real, fake: fake.mean() - real.mean(),
    "you pay for fakes as if they were real things: a fake's price grows with its logit":
        lambda real, fake: softplus(-real).mean() + softplus(-fake).mean(),
    "you pay for real things as if they were fakes: a real thing's price falls as its logit grows":
        lambda real, fake: softplus(real).mean() + softplus(fake).mean(),
    "you took the sigmoid first: softplus wants the logits as they are":
        lambda real, fake: softplus(-real.sigmoid()).mean() + softplus(fake.sigmoid()).mean(),
    "that is squared distance from 1 and 0 (least squares); here cross-entropy is asked for":
        lambda real, fake: (real - 1).square().mean() + fake.square().mean(),
    "you subtract the fakes' price: both are prices, so add": lambda real, fake: softplus(-real).mean() - softplus(fake).mean(),
    "you averaged the logits first: take the price of each, then the mean": lambda real, fake: softplus(-real.mean()) + softplus(fake.mean()),
    "the minus belongs inside: softplus(-logit), not -softplus(logit)": lambda real, fake: softplus(fake).mean() - softplus(real).mean(),
    "1 minus a price is no price: a fake's is the softplus of its logit as it is":
        lambda real, fake: softplus(-real).mean() + 1 - softplus(fake).mean(),
    "you averaged the chances before the logarithm: take the price of each, then the mean":
        lambda real, fake: -real.sigmoid().mean().log() - (1 - fake.sigmoid().mean()).log(),
    "very sure and wrong costs you infinity: the exponential ran over, or a logarithm met 0; use softplus on the logits":
        lambda real, fake: torch.log(1 + torch.exp(-real)).mean() + torch.log(1 + torch.exp(fake)).mean(),
    "very sure and wrong costs you infinity, for the logarithm of a sigmoid met 0; use softplus on the logits":
        lambda real, fake: -real.sigmoid().log().mean() - (1 - fake.sigmoid()).log().mean(),
    "you used binary_cross_entropy on probabilities, which stops counting at 100 a side: its gradient is gone there; "
    "stay with the logits":
        lambda real, fake: functional.binary_cross_entropy(real.sigmoid(), torch.ones_like(real))
        + functional.binary_cross_entropy(fake.sigmoid(), torch.zeros_like(fake)),
    "you clamp before the logarithm, so that beyond some point being wrong costs nothing more; use softplus on the "
    "logits":
        lambda real, fake: -real.sigmoid().clamp(min=1e-8).log().mean() - (1 - fake.sigmoid()).clamp(min=1e-8).log().mean(),
    "a small number is added before the logarithm, so that beyond some point being wrong costs nothing more; use "
    "softplus on the logits":
        lambda real, fake: -(real.sigmoid() + 1e-8).log().mean() - (1 - fake.sigmoid() + 1e-8).log().mean(),
}
for words, program in BOTH_SIDES.items():
    mistake(discriminator_loss, words)(program)


@mistake(discriminator_loss, "zip stops where the shorter side ends, and some things were left out: average each side "
    "by itself")
def _(real, fake):
    both = min(len(real), len(fake))
    return (softplus(-real[:both]) + softplus(fake[:both])).mean()


@takes(generator_loss)
def _(draw):
    return call(draw.tensor(draw.rows()) * (draw.one_of(1, VERY_SURE) if draw.number % 3 == 2 else 1))


ONE_SIDE = {
    "that is the saturating loss, the discriminator's with the sign turned: take -log of the chance of 'real' instead": lambda fake: -softplus(fake).mean(),
    "that is the discriminator's own price for fakes: the generator would learn to be caught": lambda fake: softplus(fake).mean(),
    "you added up; take the mean": lambda fake: softplus(-fake).sum(),
    "that is minus the mean logit (hinge and Wasserstein GANs use it); here -log of the chance of 'real' is asked for": lambda fake: -fake.mean(),
    "you averaged the chance of being caught; take minus the logarithm of the chance of passing": lambda fake: (1 - fake.sigmoid()).mean(),
    "the sign is turned: the loss must fall when a fake's logit rises": lambda fake: -softplus(-fake).mean(),
    "you took the sigmoid first: softplus wants the logits as they are": lambda fake: softplus(-fake.sigmoid()).mean(),
    "that is the discriminator's loss with the fakes on both sides; the generator has one side only":
        lambda fake: softplus(-fake).mean() + softplus(fake).mean(),
    "you averaged the logits first: take the price of each, then the mean": lambda fake: softplus(-fake.mean()),
    "you averaged the chances before the logarithm: take the price of each, then the mean": lambda fake: -fake.sigmoid().mean().log(),
    "minus the chance of passing has hardly a slope for bad fakes: take minus its logarithm": lambda fake: -fake.sigmoid().mean(),
    "that is squared distance from 1 (least squares); here -log of the chance of 'real' is asked for": lambda fake: (1 - fake).square().mean(),
    "very sure and wrong costs you infinity: the exponential ran over; use softplus on the logits": lambda fake: torch.log(1 + torch.exp(-fake)).mean(),
    "very sure and wrong costs you infinity, for the logarithm of a sigmoid met 0; use softplus on the logits": lambda fake: -fake.sigmoid().log().mean(),
    "you used binary_cross_entropy on probabilities, which stops counting at 100: its gradient is gone there; stay "
    "with the logits":
        lambda fake: functional.binary_cross_entropy(fake.sigmoid(), torch.ones_like(fake)),
    "you clamp before the logarithm, so that beyond some point being caught costs nothing more; use softplus on the "
    "logits":
        lambda fake: -fake.sigmoid().clamp(min=1e-8).log().mean(),
    "a small number is added before the logarithm, so that beyond some point being caught costs nothing more; use "
    "softplus on the logits":
        lambda fake: -(fake.sigmoid() + 1e-8).log().mean(),
}
for words, program in ONE_SIDE.items():
    mistake(generator_loss, words)(program)


# logarithms and several steps: float32 keeps five digits
@takes(Game, calls=30, tolerance=1e-4, contract=("arguments",))
def _(draw):
    judge, r1 = draw.named("slope", "bow"), draw.one_of(0.0, 0.0, 2.0, 0.5)
    game = call(draw.named("shift"), judge, draw.named("descent"), r1=r1)
    batches = [(draw.tensor(draw.whole(1, 4), 1, dtype=torch.float32) / 2, draw.tensor(draw.whole(1, 4), 1, dtype=torch.float32) / 2)
               for _ in range(draw.whole(1, 3))]
    if draw.number % 10 == 3:  # fakes that are surely seen through, at which a loss that runs over is infinite
        game, batches = call(draw.named("shift"), draw.named("slope"), draw.named("descent")), [(batches[0][0], batches[0][1] - 400)]
    for real, latents in batches[:-1]:
        game = game.after("step", real, latents)
    return game.then("step", *batches[-1]), game.after("step", *batches[-1]).then("weights")


def clear(optimiser):
    optimiser.zero_grad()


def walk(loss, optimiser, **more):
    clear(optimiser)
    loss.backward(**more)
    optimiser.step()
    return loss.detach()


def judged(game, real, fake):
    return discriminator_loss(game.discriminator(real), game.discriminator(fake)) + game.penalty(real)


def fooled(game, fake):
    return generator_loss(game.discriminator(fake))


def first_half(game, real, fake):
    return walk(judged(game, real, fake.detach()), game.discriminator_optimiser)


def played(first=first_half, second=lambda game, fake: walk(fooled(game, fake), game.generator_optimiser)):
    """A step whose first or second half is another."""
    def step(game, real, latents):
        fake = game.generator(latents)
        return first(game, real, fake), second(game, fake)
    return step


def not_detached(game, real, fake):
    return walk(judged(game, real, fake), game.discriminator_optimiser, retain_graph=True)


def cleared_early(game, real, latents):
    clear(game.generator_optimiser)
    fake = game.generator(latents)
    lost = not_detached(game, real, fake)
    tricked = fooled(game, fake)
    tricked.backward()
    game.generator_optimiser.step()
    return lost, tricked.detach()


def stale(game, real, latents):
    fake = game.generator(latents)
    before = fooled(game, fake)
    slope, = torch.autograd.grad(before, fake)  # as it was before the discriminator's step
    lost = first_half(game, real, fake)
    clear(game.generator_optimiser)
    fake.backward(slope)
    game.generator_optimiser.step()
    return lost, before.detach()


def together(game, real, latents):
    fake = game.generator(latents)
    lost, tricked = judged(game, real, fake.detach()), fooled(game, fake)
    clear(game.discriminator_optimiser)
    clear(game.generator_optimiser)
    lost.backward()
    tricked.backward()
    game.discriminator_optimiser.step()
    game.generator_optimiser.step()
    return lost.detach(), tricked.detach()


def both_step(cleared, generator_too=True):
    def second(game, fake):
        tricked = fooled(game, fake)
        if cleared:
            clear(game.discriminator_optimiser)
        clear(game.generator_optimiser)
        tricked.backward()
        game.discriminator_optimiser.step()
        if generator_too:
            game.generator_optimiser.step()
        return tricked.detach()
    return second


def generator_first(game, real, latents):
    fake = game.generator(latents)
    tricked = walk(fooled(game, fake), game.generator_optimiser)
    return first_half(game, real, fake), tricked


def piling(discriminators, generators):
    """No zero_grad, before the halves that are named."""
    def step(game, real, latents):
        fake = game.generator(latents)
        lost = judged(game, real, fake.detach())
        if not discriminators:
            clear(game.discriminator_optimiser)
        lost.backward()
        game.discriminator_optimiser.step()
        tricked = fooled(game, fake)
        if not generators:
            clear(game.generator_optimiser)
        tricked.backward()
        game.generator_optimiser.step()
        return lost.detach(), tricked.detach()
    return step


def left_over(game, real, latents):
    fake = game.generator(latents)
    lost = judged(game, real, fake.detach())
    lost.backward()
    game.discriminator_optimiser.step()
    clear(game.discriminator_optimiser)
    tricked = walk(fooled(game, fake), game.generator_optimiser)
    return lost.detach(), tricked


def judged_after(game, real, latents):
    played()(game, real, latents)
    with torch.no_grad():
        fake = game.generator(latents)
    return judged(game, real, fake).detach(), fooled(game, fake).detach()


def only_backward(game, real, latents):
    fake = game.generator(latents)
    lost, tricked = judged(game, real, fake.detach()), fooled(game, fake)
    tricked.backward()
    return lost.detach(), tricked.detach()


def only_losses(game, real, latents):
    fake = game.generator(latents)
    return judged(game, real, fake).detach(), fooled(game, fake).detach()


def without_penalty(game, real, fake):
    return discriminator_loss(game.discriminator(real), game.discriminator(fake))


def walked_with(loss):
    """The discriminator's half with another loss of (game, real, detached fake)."""
    return played(lambda game, real, fake: walk(loss(game, real, fake.detach()), game.discriminator_optimiser))


def penalty_not_told(game, real, fake):
    lost = without_penalty(game, real, fake.detach())
    walk(lost + game.penalty(real), game.discriminator_optimiser)
    return lost.detach()


def penalty_only_told(game, real, latents):
    lost, tricked = walked_with(without_penalty)(game, real, latents)
    return (lost + game.penalty(real)).detach(), tricked


def penalty_to_the_generator(game, real, latents):
    fake = game.generator(latents)
    lost = walk(without_penalty(game, real, fake.detach()), game.discriminator_optimiser)
    return lost, walk(fooled(game, fake) + game.penalty(real), game.generator_optimiser)


def scored_by(loss):
    return played(second=lambda game, fake: walk(loss(game.discriminator(fake)), game.generator_optimiser))


def standing_generator(game, fake):
    tricked = fooled(game, fake)
    clear(game.generator_optimiser)
    tricked.backward()
    return tricked.detach()


def standing_discriminator(game, real, fake):
    lost = judged(game, real, fake.detach())
    clear(game.discriminator_optimiser)
    lost.backward()
    return lost.detach()


def detached_opinion(game, real, fake):
    return walk(discriminator_loss(game.discriminator(real), game.discriminator(fake).detach()) + game.penalty(real), game.discriminator_optimiser)


STEPS = {
    "while the discriminator learned, a gradient ran into the generator too: hand it fake.detach()": played(not_detached),
    "the discriminator's loss has moved the generator: hand it fake.detach(), and clear the generator's gradients "
    "right before its own backward":
        cleared_early,
    "the generator learned from what the discriminator said before its step: ask it about the fakes again afterwards": stale,
    "the generator walked down the saturating loss: use generator_loss": scored_by(lambda logits: -softplus(logits).mean()),
    "the generator helps to catch itself: its loss is generator_loss, of the discriminator's logits for the fakes":
        scored_by(lambda logits: softplus(logits).mean()),
    "the fakes are detached in the generator's half too, so nothing reaches it: detach for the discriminator only":
        played(second=lambda game, fake: walk(fooled(game, fake.detach()), game.generator_optimiser)),
    "the generator never steps: call its optimiser's step after its backward": played(second=standing_generator),
    "the discriminator never steps: call its optimiser's step after its backward": played(standing_discriminator),
    "both losses were walked back before either player stepped: finish the first half, its step included, and judge "
    "the fakes anew in the second":
        together,
    "the discriminator stepped a second time, towards being fooled: in the generator's half only the generator's "
    "optimiser steps":
        played(second=both_step(True)),
    "the discriminator stepped a second time, on all the gradients it had gathered: in the generator's half only the "
    "generator's optimiser steps":
        played(second=both_step(False)),
    "the discriminator's optimiser stepped in both halves and the generator's in none: the second half is "
    "self.generator_optimiser's":
        played(second=both_step(True, False)),
    "the discriminator's optimiser stepped in both halves and the generator's in none: the second step is "
    "self.generator_optimiser's":
        played(second=both_step(False, False)),
    "real things and fakes are the wrong way round in discriminator_loss: real comes first": walked_with(
        lambda game, real, fake: discriminator_loss(game.discriminator(fake), game.discriminator(real)) + game.penalty(real)),
    "nothing has moved: each half needs backward() and its optimiser's step()": only_losses,
    "nothing has moved, though gradients were there: each half needs its optimiser's step()": only_backward,
    "you detached what the discriminator says of the fakes, so they taught it nothing: detach the fakes themselves": played(detached_opinion),
    "the generator learned from what the discriminator said before its step: the discriminator's half comes first, and "
    "the generator hears what it says then":
        generator_first,
    "gradients pile up from step to step: zero_grad before each backward": piling(True, True),
    "the discriminator's gradients pile up from step to step: clear them before its backward": piling(True, False),
    "the generator's gradients pile up from step to step: clear them before its backward": piling(False, True),
    "the discriminator still carries the gradient that the generator's half left in it: clear it before the "
    "discriminator's own backward": left_over,
    "the penalty is missing: add self.penalty(real) to the discriminator's loss": walked_with(without_penalty),
    "the penalty went to the generator: it belongs to the discriminator's loss": penalty_to_the_generator,
    "the penalty is in the loss that you return and not in the one that is walked down: add it before `backward`": penalty_only_told,
    "you subtracted the penalty: being steep should cost": walked_with(lambda game, real, fake: without_penalty(game, real, fake) - game.penalty(real)),
    "r1 is counted twice: self.penalty(real) has it already":
        walked_with(lambda game, real, fake: without_penalty(game, real, fake) + game.r1 * game.penalty(real)),
    "the penalty is walked down, but is not in the loss that you return": played(penalty_not_told),
    "the penalty is taken at the fakes: the discriminator pays for being steep at the real things, self.penalty(real)":
        walked_with(lambda game, real, fake: without_penalty(game, real, fake) + game.penalty(fake)),
    "the two losses are the wrong way round: the discriminator's comes first": lambda game, real, latents: played()(game, real, latents)[::-1],
    "you judged anew after the steps: return the two losses that were walked down": judged_after,
    "nothing is returned: the two losses are asked for": lambda game, real, latents: played()(game, real, latents) and None,
    "only the discriminator's loss is returned: both are asked for": lambda game, real, latents: played()(game, real, latents)[0],
}
for words, step in STEPS.items():
    mistake(Game, words)(type("Game", (Game,), {"step": step}))


@takes(modes_covered, contract=("arguments", "twice"))
def _(draw):
    # a check asks about two centres, whatever the seed
    d, m = draw.whole(1, 3), 2 if draw.number % 5 == 2 else draw.whole(1, 6)
    centres = draw.tensor(m, d, distinct=True) * draw.one_of(1, 4)
    near = draw.tensor(draw.rows(1, 20), d) * 0.5
    points = near + centres[draw.integers(len(near), most=m - 1)] * (draw.integers(len(near), 1, most=4) > 0)
    distances = torch.cdist(points.double(), centres.double()).sort(dim=1).values
    if m > 1:  # halfway between two centres either is right
        points, distances = points[distances[:, 1] - distances[:, 0] > 1e-3], distances[distances[:, 1] - distances[:, 0] > 1e-3]
    radius = draw.one_of(1.0, 0.75, 1.5, 2.5)
    clear_cut = (distances[:, 0] - radius).abs() > 1e-4  # at the radius itself rounding would decide, but on an axis
    nearest = centres[torch.cdist(points.double(), centres.double()).argmin(dim=1)]
    on_an_axis = ((points - nearest).abs() > 0).sum(dim=1) <= 1
    return call(points[clear_cut | on_an_axis], centres, radius, draw.one_of(1, 2, 3))


def served(distances, radius, least):
    """How many piles are served where distance is measured in some other way."""
    if not len(distances):
        return int(least <= 0) * distances.shape[1]
    nearest = distances.argmin(dim=1)[distances.amin(dim=1) <= radius]
    return int((torch.bincount(nearest, minlength=distances.shape[1]) >= least).sum())


def in_piles(p, c, r):
    distances = torch.cdist(p, c)
    return torch.bincount(distances.argmin(dim=1)[distances.amin(dim=1) <= r], minlength=len(c))


PILES = {
    "the radius changes nothing: a point too far from its nearest centre does not count": lambda p, c, r, least: modes_covered(p, c, 1e9, least),
    "one point is enough for you: a pile needs `least` of them": lambda p, c, r, least: modes_covered(p, c, r, 1),
    "you count the points near a centre: count the piles that have enough of them": lambda p, c, r, least: int((torch.cdist(p, c).amin(dim=1) <= r).sum()),
    "you count the points of the piles that are served: count the piles": lambda p, c, r, least: int(in_piles(p, c, r)[in_piles(p, c, r) >= least].sum()),
    "you gave the share of the piles; how many is asked for": lambda p, c, r, least: modes_covered(p, c, r, least) / len(c),
    "you gave how many piles there are: count those that have enough points": lambda p, c, r, least: len(c),
    "a pile with exactly `least` points is served: `>=`, not `>`": lambda p, c, r, least: modes_covered(p, c, r, least + 1),
    "a mask came, one truth for each pile: count the true ones": lambda p, c, r, least: in_piles(p, c, r) >= least,
    "the points of each pile came: count the piles that have enough": lambda p, c, r, least: in_piles(p, c, r),
    "you hold squared distances against the radius: take their roots first": lambda p, c, r, least: served(torch.cdist(p, c).square(), r, least),
    "the radius itself belongs to the pile: `<=`, not `<`": lambda p, c, r, least: served(torch.cdist(p, c), r - 1e-6, least),
    "`least` changes nothing: it was taken for 2": lambda p, c, r, least: modes_covered(p, c, r, 2),
    "you measure along one axis at a time: the distance is the root of the sum of the squared differences":
        lambda p, c, r, least: served(torch.cdist(p, c, p=math.inf), r, least),
    "you add the differences up: the distance is the root of the sum of their squares": lambda p, c, r, least: served(torch.cdist(p, c, p=1), r, least),
    "every pile counts for you, also one that no point is near": lambda p, c, r, least: modes_covered(p, c, r, 0),
    "a point counts for every centre that it is near: it belongs to the nearest only":
        lambda p, c, r, least: int(((torch.cdist(p, c) <= r).sum(dim=0) >= least).sum()),
}
for words, program in PILES.items():
    mistake(modes_covered, words)(lambda points, centres, radius, least, program=program: program(points, centres, radius, least))


@takes(conditional_logits)
def _(draw):
    n, k, classes = draw.rows(), draw.whole(1, 5), draw.whole(1, 5)
    return call(draw.tensor(n), draw.tensor(n, k), draw.tensor(classes, k), draw.integers(n, most=classes - 1))


ORDERS = {
    "you took the mean of the products: add them up": lambda s, f, e, y: s + (f * e[y]).mean(dim=1),
    "the score is missing: add how real the picture looks": lambda s, f, e, y: (f * e[y]).sum(dim=1),
    "the labels change nothing: take the embeddings of the classes ordered, embeddings[labels]": lambda s, f, e, y: s + (f * e[:len(f)]).sum(dim=1),
    "you added up over the pictures: a row is a picture, so sum over dim=1": lambda s, f, e, y: s + (f * e[y]).sum(dim=0),
    "you multiplied by the score: add it": lambda s, f, e, y: s * (f * e[y]).sum(dim=1),
    "every picture was asked about every other's order: multiply row by row, not as matrices": lambda s, f, e, y: s[:, None] + f @ e[y].T,
    "every picture was asked about every other's order, and the scores went along the other axis: multiply row by row, "
    "not as matrices":
        lambda s, f, e, y: s + f @ e[y].T,
    "every picture was asked about every class: take only the one that was ordered": lambda s, f, e, y: s[:, None] + f @ e.T,
    "every picture was asked about every class, and all were added up: take only the one that was ordered": lambda s, f, e, y: s + f @ e.sum(dim=0),
    "you took the class that fits best: take the one that was ordered": lambda s, f, e, y: s + (f @ e.T).amax(dim=1),
    "you added features and embeddings: multiply them number by number": lambda s, f, e, y: s + (f + e[y]).sum(dim=1),
    "the products are not added up: one logit for each picture": lambda s, f, e, y: s[:, None] + f * e[y],
    "you subtracted the fit: a picture that fits its order is more real": lambda s, f, e, y: s - (f * e[y]).sum(dim=1),
    "you added everything up to one number: one logit for each picture": lambda s, f, e, y: s + (f * e[y]).sum(),
    "you multiplied the features by the label itself: a label is a name, not an amount; look its row up":
        lambda s, f, e, y: s + (f * y[:, None]).sum(dim=1),
    "the score came in once for each feature: add it after the sum": lambda s, f, e, y: f.shape[1] * s + (f * e[y]).sum(dim=1),
    "that is the chance of 'real': the logit is asked for, without a sigmoid": lambda s, f, e, y: (s + (f * e[y]).sum(dim=1)).sigmoid(),
}
for words, program in ORDERS.items():
    mistake(conditional_logits, words)(lambda scores, features, embeddings, labels, program=program: program(scores, features, embeddings, labels))


# an arccos near 1 keeps half of float32's digits
@takes(slerp, tolerance=1e-3, contract=("arguments", "twice", "dtype", "flows"))
def _(draw):
    k = draw.whole(2, 6)
    start = draw.tensor(k)
    start = start + (start.abs().sum() == 0) * torch.eye(k, dtype=start.dtype)[0]
    if draw.number % 5 == 1:
        end = start * draw.one_of(1, 2, 3)  # the same way
    else:
        end = draw.tensor(k)
        end = end + (end.abs().sum() == 0) * torch.eye(k, dtype=end.dtype)[-1]
        angle = torch.arccos(torch.cosine_similarity(start.double(), end.double(), dim=0).clamp(-1, 1))
        # the same way but for rounding, or opposite ways, between which there is no one arc
        if not 0.02 < angle < 3.12:
            end = torch.stack([-start[1], start[0], *start[2:]]) + (start[:2].abs().sum() == 0) * torch.eye(k, dtype=end.dtype)[0]
    return call(start, end, draw.one_of(0.25, 0.5, 0.0, 1.0, 0.7))


def angle_of(start, end):
    return float(torch.arccos(torch.cosine_similarity(start, end, dim=0).clamp(-1, 1)))


def weighed(start, end, share, angle=None, over=None):
    angle = angle_of(start, end) if angle is None else angle
    if abs(math.sin(angle_of(start, end))) < 1e-3:
        return (1 - share) * start + share * end
    return (math.sin((1 - share) * angle) * start + math.sin(share * angle) * end) / (math.sin(angle) if over is None else over)


def apart(start, end, share, of):
    """Another way where the two point apart, the straight line where they do not."""
    return (1 - share) * start + share * end if abs(math.sin(angle_of(start, end))) < 1e-3 else of(start, end, share, angle_of(start, end))


def straight(start, end, share):
    return (1 - share) * start + share * end


def unclamped(start, end, share):
    angle = torch.arccos((start @ end) / (start.norm() * end.norm()))
    return (((1 - share) * angle).sin() * start + (share * angle).sin() * end) / angle.sin()


ARCS = {
    "that is the straight line, which leaves the shell: weigh with the sines": lambda s, e, t, a: straight(s, e, t),
    "you walk from the end to the start: at a share of 0 stands the start": lambda s, e, t, a: weighed(e, s, t),
    "that is the straight line pulled out to the shell: it does not walk evenly along the arc":
        lambda s, e, t, a: s.norm() * functional.normalize(straight(s, e, t), dim=0),
    "your result has length 1: the lengths are divided out for the angle only": lambda s, e, t, a: weighed(s / s.norm(), e / e.norm(), t),
    "that is the straight line pulled out to length 1: weigh with the sines": lambda s, e, t, a: functional.normalize(straight(s, e, t), dim=0),
    "you did not divide by the sine of the whole angle": lambda s, e, t, a: weighed(s, e, t, over=1),
    "only the end's part is divided by the sine of the whole angle: both are":
        lambda s, e, t, a: math.sin((1 - t) * a) * s + math.sin(t * a) / math.sin(a) * e,
    "only the start's part is divided by the sine of the whole angle: both are":
        lambda s, e, t, a: math.sin((1 - t) * a) / math.sin(a) * s + math.sin(t * a) * e,
    "the share is not multiplied by the angle inside the sines": lambda s, e, t, a: (math.sin(1 - t) * s + math.sin(t) * e) / math.sin(a),
    "the angle stands outside the sines: take the sine of share times angle": lambda s, e, t, a: a / math.sin(a) * (math.sin(1 - t) * s + math.sin(t) * e),
    "brackets: (1 - share) * angle, not 1 - share * angle": lambda s, e, t, a: (math.sin(1 - t * a) * s + math.sin(t * a) * e) / math.sin(a),
    "you took cosines for weights; the formula has sines": lambda s, e, t, a: (math.cos((1 - t) * a) * s + math.cos(t * a) * e) / math.sin(a),
    "you took the cosine for the angle: torch.arccos makes one of it": lambda s, e, t, a: weighed(s, e, t, math.cos(a)),
    "arcsin turns a sine back into its angle; you have a cosine: torch.arccos": lambda s, e, t, a: weighed(s, e, t, math.pi / 2 - a),
    "only the start is left in it: add the end's part": lambda s, e, t, a: math.sin((1 - t) * a) / math.sin(a) * s,
    "more than a right angle has a cosine below 0: clamp it to [-1, 1], not at 0": lambda s, e, t, a: weighed(s, e, t, min(a, math.pi / 2)),
    "more than a right angle has a cosine below 0: leave it its sign": lambda s, e, t, a: weighed(s, e, t, min(a, math.pi - a)),
}
for words, of in ARCS.items():
    mistake(slerp, words)(lambda start, end, share, of=of: apart(start, end, share, of))
SAME_WAY = {
    "where the two point the same way you stay at the start: take the straight line there": lambda s, e, t: s,
    "where the two point the same way you jump to the end: take the straight line there": lambda s, e, t: e,
    "where the two point the same way you gave nothing: take the straight line there": lambda s, e, t: torch.zeros_like(s),
    "the two point the same way, and you divided 0 by 0: take the straight line there": lambda s, e, t: torch.full_like(s, float("nan")),
}
for words, of in SAME_WAY.items():
    mistake(slerp, words)(lambda start, end, share, of=of: of(start, end, share) if abs(math.sin(angle_of(start, end))) < 1e-3 else weighed(start, end, share))


@takes(breed, contract=("arguments", "twice", "dtype", "device"))
def _(draw):
    k = draw.whole(1, 6)
    mutation = draw.one_of(0.0, 1.0, 0.6, 0.25, 0.5)
    return call(draw.tensor(k), draw.tensor(k), draw.bits(k, dtype=torch.bool), mutation, draw.tensor(k))


def inherited(mother, father, genes):
    return torch.where(genes, mother, father)


CHILDREN = {
    "the genes are the wrong way round: True takes the mother's number": lambda m, f, g, u, z: breed(f, m, g, u, z),
    "the parents' weight is 1 - mutation: take the root of 1 - mutation squared": lambda m, f, g, u, z: (1 - u) * inherited(m, f, g) + u * z,
    "what is inherited is not made smaller: with noise on top the child leaves the shell": lambda m, f, g, u, z: inherited(m, f, g) + u * z,
    "1 - mutation squared is there, its root is missing": lambda m, f, g, u, z: (1 - u ** 2) * inherited(m, f, g) + u * z,
    "you took the root of 1 - mutation: square the mutation first": lambda m, f, g, u, z: math.sqrt(1 - u) * inherited(m, f, g) + u * z,
    "the noise has its full weight: multiply it by the mutation": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * inherited(m, f, g) + z,
    "the noise is missing": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * inherited(m, f, g),
    "nothing has mutated: add the noise, and make room for it": lambda m, f, g, u, z: inherited(m, f, g),
    "you took the mean of the parents: each number comes from one of them": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * (m + f) / 2 + u * z,
    "the weights are swapped: the mutation belongs to the noise": lambda m, f, g, u, z: u * inherited(m, f, g) + math.sqrt(1 - u ** 2) * z,
    "you multiplied by the genes without adding the father's part": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * g * m + u * z,
    "the weight of the noise is squared": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * inherited(m, f, g) + u ** 2 * z,
    "neither part is weighed: sqrt(1 - mutation squared) of what is inherited, mutation of the noise": lambda m, f, g, u, z: inherited(m, f, g) + z,
    "the noise is made smaller along with what is inherited: the root belongs to the inherited part only":
        lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * (inherited(m, f, g) + u * z),
    "you subtracted the noise": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * inherited(m, f, g) - u * z,
    "you added both parents": lambda m, f, g, u, z: math.sqrt(1 - u ** 2) * (m + f) + u * z,
    "`** 1 / 2` is half of the first power: put brackets round 1 / 2, or use math.sqrt": lambda m, f, g, u, z: (1 - u ** 2) / 2 * inherited(m, f, g) + u * z,
    "you squared 1 - mutation: square the mutation, subtract that from 1, then take the root": lambda m, f, g, u, z: (1 - u) ** 2 * inherited(m, f, g) + u * z,
}
for words, program in CHILDREN.items():
    mistake(breed, words)(lambda mother, father, genes, mutation, noise, program=program: program(mother, father, genes, mutation, noise))


makes_no_difference(modes_covered, "first hundred", "six centres at most are drawn: each is counted by itself", "centres")
makes_no_difference(conditional_logits, "first hundred", "a row a class, picked by number: five tell as much as a "
    "hundred", "embeddings")
for name in ("start", "end"):
    makes_no_difference(slerp, "first hundred", "a vector of a few numbers: its length counts, not how many there are", name)
for slip in ("first hundred", "last is left out", "argument written into"):
    makes_no_difference(slerp, slip, "`share` is a plain number in every call, which a change of a tensor leaves as it "
        "is", "share")
makes_no_difference(slerp, "strictness", "no angle that is drawn has a sine of exactly 0.001, and there both ways "
    "agree to a millionth")
for name in ("mother", "father", "genes", "noise"):
    makes_no_difference(breed, "first hundred", "number by number: six tell as much as a hundred", name)
