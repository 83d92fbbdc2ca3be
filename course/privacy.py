"""What a model remembers of the rows that it learned from, and how to make it promise to forget: the attack by loss,
canaries, clipped and noised gradients, an accountant of what was promised, learning on devices that keep their rows.
Taught in lesson 15 (What the model remembers).
Read first: `advantage`, the attack; then `private_gradient`, which bounds what a row does, and `epsilon`, which says to
what."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from course import data
from course.bars import Bar

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]  # weights (p,), one row and its label, to a loss without axes

SIDE, HIDDEN, KINDS = 14, 64, 10  # pixels across, neurons, digits
INPUTS = SIDE * SIDE
ORDERS = range(2, 65)  # at which the accountant adds up


# The digits and the network


def small_digits(wrong: float, seed: int = 0) -> dict[str, tuple[Tensor, Tensor]]:
    """MNIST's 5,000 digits at half their size, in three lots drawn by the seed: 1,500 "members" to learn from, 1,500
    "others" of the same kind, and 2,000 to "test" on. Each is images (n, 196), float32 in [0, 1], and labels (n,).

    wrong: the share of labels of members and others that another digit was put in place of, in [0, 1]; those of the
    test are right."""
    pixels, labels = data.mnist_5k()
    images = F.avg_pool2d(pixels, 2).flatten(1)
    chance = torch.Generator().manual_seed(100 + seed)
    order = torch.randperm(len(labels), generator=chance)
    slip = torch.rand(len(labels), generator=chance) < wrong
    written = torch.where(slip, (labels + torch.randint(1, KINDS, labels.shape, generator=chance)) % KINDS, labels)
    members, others, test = order[:1500], order[1500:3000], order[3000:]
    return {
        "members": (images[members], written[members]),
        "others": (images[others], written[others]),
        "test": (images[test], labels[test]),
    }


def fresh_weights(seed: int = 0) -> Tensor:
    """The weights of a network that has learned nothing, in one row: (13258,) for 196 pixels, 64 neurons and 10 digits;
    biases are 0."""
    chance = torch.Generator().manual_seed(seed)
    first = (2 * torch.rand(HIDDEN * INPUTS, generator=chance) - 1) / INPUTS**0.5
    second = (2 * torch.rand(KINDS * HIDDEN, generator=chance) - 1) / HIDDEN**0.5
    return torch.cat([first, torch.zeros(HIDDEN), second, torch.zeros(KINDS)])


def layers(weights: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The row of weights cut into its layers: (64, 196), (64,), (10, 64), (10,)."""
    first, bias, second, last = weights.split([HIDDEN * INPUTS, HIDDEN, KINDS * HIDDEN, KINDS])
    return first.view(HIDDEN, INPUTS), bias, second.view(KINDS, HIDDEN), last


def logits(weights: Tensor, images: Tensor) -> Tensor:
    """What the network of these weights says. weights: (13258,); images: (..., 196). Returns (..., 10)."""
    first, bias, second, last = layers(weights)
    return F.linear(F.relu(F.linear(images, first, bias)), second, last)


def row_loss(weights: Tensor, image: Tensor, label: Tensor) -> Tensor:
    """The cross-entropy of one row. image: (196,); label: without axes. Returns a loss without axes."""
    return F.cross_entropy(logits(weights, image)[None], label[None])


def losses(weights: Tensor, images: Tensor, labels: Tensor) -> Tensor:
    """The cross-entropy of each row. images: (n, 196); labels: (n,). Returns (n,), detached."""
    return F.cross_entropy(logits(weights, images), labels, reduction="none").detach()


def accuracy(weights: Tensor, images: Tensor, labels: Tensor) -> float:
    """The share of rows that are read rightly, in [0, 1]. images: (n, 196); labels: (n,)."""
    return float((logits(weights, images).argmax(dim=1) == labels).float().mean())


# The attacks


def called(losses_of: Tensor, thresholds: Tensor) -> Tensor:
    """The share of rows that an attack calls members at each threshold: those whose loss is not above it. losses_of:
    (n,); thresholds: (k,). Returns (k,), in the losses' dtype."""
    return (losses_of <= thresholds[:, None]).to(losses_of.dtype).mean(dim=1)


def advantage(members: Tensor, others: Tensor) -> Tensor:
    """The most that the attack by loss wins: over all thresholds, the largest share of members called less the share of
    others called (after Yeom and others 2018). members: (n,), others: (m,), losses. Returns a number in [0, 1]."""
    thresholds = torch.cat([members, others])
    return (called(members, thresholds) - called(others, thresholds)).max()


def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    """The largest share of members called by a threshold that calls no more than the share `most` of the others, 0 at
    the least (after Carlini and others 2022). members: (n,), others: (m,), losses. Returns a number in [0, 1]."""
    thresholds = torch.cat([members, others])
    return torch.where(called(others, thresholds) <= most, called(members, thresholds), 0).max()


def calibrated(weights: Tensor, references: Sequence[Tensor], images: Tensor, labels: Tensor) -> Tensor:
    """Each row's loss less its mean loss under networks that never saw it: how much easier this network finds it than
    it is (after Watson and others 2022; Carlini and others 2022 fit a bell curve to those networks' log odds instead).
    images: (n, 196);
    labels: (n,). Returns (n,), detached."""
    usual = torch.stack([losses(other, images, labels) for other in references]).mean(dim=0)
    return losses(weights, images, labels) - usual


def exposure(planted: Tensor, never_seen: Tensor) -> Tensor:
    """How far in front a planted row stands, in bits: the logarithm to base 2 of the number of candidates less that of
    its rank by loss (Carlini and others 2019). planted: (n,), each ranked by itself among never_seen: (m,), losses.
    Returns (n,): 0 for the last of all, log2(m + 1) for the first."""
    rank = 1 + (never_seen <= planted[:, None]).sum(dim=1)
    return math.log2(len(never_seen) + 1) - rank.to(planted.dtype).log2()


def picture_in(gradient: Tensor) -> Tensor:
    """The image that a gradient of one row was made from: in the first layer a neuron's gradient is its bias's gradient
    times the image, so that a division gives it back (Phong and others 2018). gradient: (13258,), of a row that woke a
    neuron at least. Returns (196,)."""
    first, bias, _, _ = layers(gradient)
    loudest = int(bias.abs().argmax())
    return first[loudest] / bias[loudest]


# The training that promises


def per_sample_gradients(loss: Loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    """The gradient of each row's own loss. loss: of weights, one row and its label, to a number; weights: (p,); inputs:
    (n, ...); labels: (n,). Returns (n, p), detached."""
    each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))
    return each(weights.detach(), inputs, labels).detach()


def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    """The mean gradient that differential privacy allows (Abadi and others 2016): each row made no longer than `most`,
    added up, noised, divided. gradients: (n, p), n >= 0; noise: in lengths of `most`; expected: how many rows a batch
    has on average; chance: (p,), standard normal. Returns (p,)."""
    factors = most / gradients.norm(dim=1, keepdim=True).clamp(min=most)
    return ((gradients * factors).sum(dim=0) + noise * most * chance) / expected


def mean_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    """What `private_gradient` would be without clip and noise: the fair rival, for everything else stays as it was.
    Takes the same arguments, of which `most`, `noise` and `chance` change nothing. Returns (p,)."""
    return gradients.sum(dim=0) / expected


def train_plainly(
    weights: Tensor,
    images: Tensor,
    labels: Tensor,
    *,
    epochs: int = 60,
    batch_size: int = 50,
    learning_rate: float = 5e-3,
    generator: Generator | None = None,
) -> Tensor:
    """Weights that have learned the rows with Adam, and promise nothing. weights: (13258,), left alone. Returns new
    ones, detached."""
    learned = weights.clone().requires_grad_(True)
    walker = torch.optim.Adam([learned], lr=learning_rate)
    for _ in range(epochs):
        for rows in torch.randperm(len(images), generator=generator).split(batch_size):
            walker.zero_grad()
            F.cross_entropy(logits(learned, images[rows]), labels[rows]).backward()
            walker.step()
    return learned.detach()


def train_privately(
    weights: Tensor,
    images: Tensor,
    labels: Tensor,
    *,
    noise: float = 2.0,
    share: float = 0.2,
    steps: int = 100,
    most: float = 1.0,
    learning_rate: float = 2.0,
    generator: Generator | None = None,
    progress: bool = False,
    gradients: Callable = per_sample_gradients,
    mean: Callable = private_gradient,
) -> Tensor:
    """Weights that have learned the rows with clipped and noised gradients (DP-SGD, Abadi and others 2016).

    In each step every row is taken with the probability `share`, by itself (Poisson sampling: what the accountant
    assumes). noise, most: see `private_gradient`. gradients, mean: what takes the place of the two functions above.
    weights: (13258,), left alone. Returns new ones."""
    learned = weights.clone()
    for _ in Bar(range(steps), name="private steps", progress=progress):
        rows = torch.rand(len(images), generator=generator) < share
        each = gradients(row_loss, learned, images[rows], labels[rows])
        chance = torch.randn(len(learned), generator=generator)
        learned = learned - learning_rate * mean(each, most, noise, share * len(images), chance)
    return learned


def batch_gradient(loss: Loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    """The rows' gradients added up, as `backward` gives them: quick, and nobody can be clipped. Takes what
    `per_sample_gradients` takes. Returns (1, p), detached; zeros where no row came."""

    def total(asked: Tensor) -> Tensor:
        return torch.func.vmap(loss, in_dims=(None, 0, 0))(asked, inputs, labels).sum()

    return torch.func.grad(total)(weights.detach())[None].detach()


def train_openly(
    weights: Tensor,
    images: Tensor,
    labels: Tensor,
    *,
    share: float = 0.2,
    steps: int = 100,
    learning_rate: float = 0.5,
    generator: Generator | None = None,
) -> Tensor:
    """The fair rival of `train_privately`: the same tosses and as many steps, no clip and no noise, and no promise. The
    rate is smaller because a gradient that is not clipped is longer. weights: (13258,), left alone. Returns
    new ones."""
    return train_privately(
        weights,
        images,
        labels,
        noise=0.0,
        share=share,
        steps=steps,
        learning_rate=learning_rate,
        generator=generator,
        gradients=batch_gradient,
        mean=mean_gradient,
    )


# What was promised


def renyi(share: float, noise: float, order: int) -> float:
    """The Rényi divergence of one noised step at a whole order above 1, in nats: how far one row more can push what
    comes out (Mironov, Talwar and Zhang 2019, sampled Gaussian). share: of rows in a batch, in (0, 1]; noise: in
    lengths of the longest gradient, above 0."""
    if share == 1:
        return order / (2 * noise**2)
    terms = [
        math.lgamma(order + 1)
        - math.lgamma(k + 1)
        - math.lgamma(order - k + 1)
        + k * math.log(share)
        + (order - k) * math.log1p(-share)
        + k * (k - 1) / (2 * noise**2)
        for k in range(order + 1)
    ]
    top = max(terms)
    return (top + math.log(sum(math.exp(term - top) for term in terms))) / (order - 1)


def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    """The epsilon that so many noised steps promise together, at this delta: the least over whole orders from 2 to 64.
    Divergences add up over the steps; the way back to epsilon is theorem 21 of Balle and others 2020. share: of rows in
    a batch, in (0, 1]; noise: in lengths of the longest gradient; delta: in (0, 1e-4]."""
    return least_epsilon({order: steps * renyi(share, noise, order) for order in ORDERS}, delta)


def least_epsilon(spent: dict[int, float], delta: float) -> float:
    """The least epsilon at this delta over the orders, of each of which the divergence is known. spent: order to
    divergence; delta: in (0, 1]."""
    return min(
        divergence + math.log((order - 1) / order) - (math.log(delta) + math.log(order)) / (order - 1)
        for order, divergence in spent.items()
    )


def advantage_within(eps: float, delta: float) -> float:
    """What one promise allows an attacker to win who tells two neighbouring data sets apart. eps: 0 or more; delta: in
    [0, 1]. Returns (e^eps - 1 + 2 delta) / (e^eps + 1), 1 at most: see `most_advantage` for how to bound it better."""
    return min(1.0, math.tanh(eps / 2) + 2 * delta / (1 + math.exp(min(eps, 700))))


def most_advantage(share: float, noise: float, steps: int) -> float:
    """What no attacker can beat who tells two neighbouring data sets apart after so many noised steps: the least that
    `advantage_within` gives over deltas from 1 down to 0.000001, each with its epsilon. Every delta's promise is true,
    so the least holds too. share, noise, steps: as `epsilon` takes them. It is a bound, and not the least there is:
    the epsilons of `epsilon` are not."""
    spent = {order: steps * renyi(share, noise, order) for order in ORDERS}
    deltas = [10 ** (-place / 50) for place in range(301)]
    return min(advantage_within(max(0.0, least_epsilon(spent, delta)), delta) for delta in deltas)


def gaussian_advantage(share: float, noise: float, steps: int) -> float:
    """What the best attacker wins in the limit of many small steps, where all of the training is like one number with a
    normal noise on it (Bu, Dong, Long and Su 2020): an approximation, and no bound. share, noise, steps: as `epsilon`
    takes them."""
    apart = share * math.sqrt(steps * math.expm1(1 / noise**2))
    return math.erf(apart / 2 / 2**0.5)


def randomised_response(bits: Tensor, truth: float, generator: Generator | None = None) -> tuple[Tensor, float]:
    """Each person answers truly with the probability `truth`, and else by the toss of a coin: noise that is put in
    before anything leaves the person (the idea is Warner's, 1965, who turned the question round at random; with coins
    in Dwork and Roth 2014). bits: (n,), 0. or 1. Returns the answers, (n,), and the share of ones
    that they point to, which is right on average. Each person's epsilon is log((1 + truth) / (1 - truth))."""
    honest = torch.rand(len(bits), generator=generator) < truth
    coins = (torch.rand(len(bits), generator=generator) < 0.5).to(bits.dtype)
    answers = torch.where(honest, bits, coins)
    return answers, (float(answers.mean()) - (1 - truth) / 2) / truth


# Rows that stay at home


def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    """The weights of all devices, averaged, each counting as much as it has rows (McMahan and others 2017). weights:
    (devices, p); rows: (devices,), whole numbers, 0 or more, not all 0. Returns (p,)."""
    share = rows.to(weights.dtype) / rows.sum()
    return share @ weights


def learn_at_home(
    weights: Tensor,
    images: Tensor,
    labels: Tensor,
    *,
    epochs: int = 2,
    learning_rate: float = 0.2,
    generator: Generator | None = None,
) -> Tensor:
    """What a device makes of the weights that it was sent, with its own rows, twenty at a time. Returns new weights."""
    learned = weights
    for _ in range(epochs):
        for rows in torch.randperm(len(images), generator=generator).split(20):
            asked = learned.detach().requires_grad_(True)
            loss = F.cross_entropy(logits(asked, images[rows]), labels[rows])
            learned = asked - learning_rate * torch.autograd.grad(loss, asked)[0]
    return learned.detach()


def unequal_devices(images: Tensor, labels: Tensor, sizes: Sequence[int]) -> list[tuple[Tensor, Tensor]]:
    """The rows sorted by digit and cut into devices of these sizes, so that each has seen one digit or a few. images:
    (n, 196); labels: (n,). Returns images and labels of each."""
    order = labels.argsort(stable=True)[: sum(sizes)]
    return [(images[rows], labels[rows]) for rows in order.split(list(sizes))]


def federated(
    weights: Tensor,
    devices: Sequence[tuple[Tensor, Tensor]],
    rounds: int,
    *,
    generator: Generator | None = None,
    average: Callable = federated_average,
    progress: bool = False,
) -> list[Tensor]:
    """Rounds of federated averaging: the weights go out, each device learns at home, the weights come back and are
    averaged. Returns the weights after each round."""
    counts, found = torch.tensor([len(labels) for _, labels in devices]), []
    for _ in Bar(range(rounds), name="rounds", progress=progress):
        came_back = [learn_at_home(weights, *device, generator=generator) for device in devices]
        weights = average(torch.stack(came_back), counts)
        found.append(weights)
    return found


def in_shards(images: Tensor, labels: Tensor, shards: int, seed: int = 0) -> list[Tensor]:
    """A network for each of so many equal shards of the rows, so that to forget a row one has to train one network anew
    and not all (Bourtoule and others 2021). Returns their weights, a row each; they vote."""
    return [
        train_plainly(
            fresh_weights(seed),
            *rows,
            epochs=30,
            batch_size=20,
            learning_rate=3e-3,
            generator=torch.Generator().manual_seed(seed),
        )
        for rows in zip(images.chunk(shards), labels.chunk(shards), strict=True)
    ]


def voted(networks: Sequence[Tensor], images: Tensor) -> Tensor:
    """The mean of the networks' probabilities. images: (n, 196). Returns (n, 10)."""
    return torch.stack([logits(weights, images).softmax(dim=1) for weights in networks]).mean(dim=0)
