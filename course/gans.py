"""Two networks that improve each other: the losses, a step of the game, coverage, latents to walk and breed, digits
made to order, outlines filled in. Lesson 11 (Two networks that improve each other) builds `discriminator_loss` to
`breed` as exercises. Read first: the two losses, then `Game.step`; `Duel` is the same step with what keeps it stable on
pictures."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm
from torch.optim import Optimizer

from course.bars import Bar

SIDE = 14  # pixels of a digit's picture, each the mean of four of MNIST's
LATENT = 32
RING_NOISE = 0.1  # the standard deviation of each of the eight piles


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """What the discriminator pays: for calling real things fake, and fakes real. real, fake: logits (n,), (m,), above 0
    for 'real'.

    The cross-entropy of both answers, each averaged, then added, with softplus(x) = log(1 + exp(x)), which does not
    overflow. Returns a scalar."""
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def generator_loss(fake: Tensor) -> Tensor:
    """What the generator pays for fakes that are seen through: -log of the chance they were given to be real, averaged
    (Goodfellow et al. 2014, the non-saturating form). fake: logits (n,). Returns a scalar."""
    return functional.softplus(-fake).mean()


def r1_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor) -> Tensor:
    """How steep the discriminator is at real things: the squared length of its gradient by each, averaged (Mescheder et
    al. 2018). real: (n, ...)."""
    real = real.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return slope.flatten(1).square().sum(dim=1).mean()


class Game:
    """Generator and discriminator, and one step of the game between them."""

    def __init__(
        self,
        generator: Callable[[], nn.Module],
        discriminator: Callable[[], nn.Module],
        optimiser: Callable[[Iterable], Optimizer],
        r1: float = 0.0,
    ):
        """generator, discriminator: make the networks, from latents to things and from things to logits. optimiser:
        makes one from parameters.
        r1: the weight of the penalty on a steep discriminator."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, a scalar; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, (p,), then the discriminator's, (q,)."""
        return [
            nn.utils.parameters_to_vector(network.parameters()).detach().clone()
            for network in (self.generator, self.discriminator)
        ]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        """The discriminator learns from a batch, then the generator from what it says now. real: (n, ...), latents: (n,
        k). Returns the two losses that were walked down, scalars."""
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()

        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()


def ring_centres(modes: int = 8, radius: float = 2.0) -> Tensor:
    """The middles of the piles, evenly spread over a circle: (modes, 2)."""
    angles = torch.arange(modes) * (2 * math.pi / modes)
    return radius * torch.stack([angles.cos(), angles.sin()], dim=1)


def ring(n: int, generator: Generator | None = None, modes: int = 8) -> Tensor:
    """Points of a ring of piles, each pile as likely: (n, 2). Drawn where the generator is, the CPU as a rule."""
    device = "cpu" if generator is None else generator.device
    pile = torch.randint(modes, (n,), generator=generator, device=device)
    return ring_centres(modes).to(device)[pile] + RING_NOISE * torch.randn(n, 2, generator=generator, device=device)


def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    """How many piles are served: a point belongs to the nearest centre, if that is within the radius; a pile needs
    `least` points.

    points: (n, d), centres: (m, d), radius in their unit. Raises ValueError where d differs."""
    if points.ndim != 2 or centres.ndim != 2 or points.shape[1] != centres.shape[1]:
        raise ValueError(
            f"points has shape {tuple(points.shape)} and centres {tuple(centres.shape)}; wanted (n, d) "
            "and (m, d), with the same d"
        )
    distances = torch.cdist(points, centres)
    nearest = distances.argmin(dim=1)
    close = distances.min(dim=1).values <= radius
    return int((torch.bincount(nearest[close], minlength=len(centres)) >= least).sum())


def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    """How real each picture looks, and how much like what was asked for (Miyato and Koyama 2018, projection).

    scores: (n,), real or not. features: (n, k). embeddings: (classes, k), what each class looks for. labels: (n,),
    whole numbers. Returns (n,)."""
    return scores + (features * embeddings[labels]).sum(dim=1)


def slerp(start: Tensor, end: Tensor, share: float | Tensor) -> Tensor:
    """A share of the way from start to end along the arc, not the chord (Shoemake 1985). start, end: (..., k), not
    zero; share: 0 at start, 1 at end.

    Between points of the same length every point has that length. Where the two point the same way, the straight line.
    Returns (..., k)."""
    share = torch.as_tensor(share, dtype=start.dtype, device=start.device)
    share = share.unsqueeze(-1) if share.ndim else share
    cosine = functional.cosine_similarity(start, end, dim=-1).clamp(-1, 1).unsqueeze(-1)
    angle = torch.arccos(cosine)
    straight = angle.sin().abs() < 1e-3
    safe = torch.where(straight, torch.ones_like(angle), angle)
    arc = (((1 - share) * safe).sin() * start + (share * safe).sin() * end) / safe.sin()
    return torch.where(straight, (1 - share) * start + share * end, arc)


def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    """A child's latent: each number from one of the parents, then a share of chance. mother, father, noise: (..., k);
    genes: (..., k), True for the mother's.

    mutation: from 0, the parents' numbers as they are, to 1, a stranger. The weights' squares sum to 1, so the child's
    spread is the parents'. Raises ValueError for a mutation outside [0, 1]."""
    if not 0 <= mutation <= 1:
        raise ValueError(f"mutation is {mutation}; it is the weight of chance, in [0, 1]")
    return math.sqrt(1 - mutation**2) * torch.where(genes.bool(), mother, father) + mutation * noise


def coverage(real: Tensor, fake: Tensor, neighbours: int = 5) -> float:
    """The share of real things that have a fake nearer than their fifth real neighbour (Naeem et al. 2020). real: (n,
    k), fake: (m, k), features."""
    reach = torch.cdist(real, real).kthvalue(neighbours + 1, dim=1).values  # the first is the thing itself
    return float((torch.cdist(real, fake).min(dim=1).values < reach).float().mean())


def frechet_distance(real: Tensor, fake: Tensor) -> float:
    """The distance of two clouds of features, each taken for a normal distribution (Heusel et al. 2017, FID on features
    of one's choice).

    real: (n, k), fake: (m, k). The root of the product of the covariances is never formed: its trace is the sum of the
    roots of their product's eigenvalues, which are those of the symmetric matrix below. Raises ValueError where k
    differs or a cloud has fewer than two rows."""
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1] or min(len(real), len(fake)) < 2:
        raise ValueError(
            f"real has shape {tuple(real.shape)} and fake {tuple(fake.shape)}; wanted (n, k) and (m, k), "
            "two rows or more, with the same k"
        )
    real, fake = real.double(), fake.double()
    one, other = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    values, vectors = torch.linalg.eigh(one)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    mixed = torch.linalg.eigvalsh(root @ other @ root).clamp(min=0).sqrt().sum()
    return float((real.mean(dim=0) - fake.mean(dim=0)).square().sum() + one.trace() + other.trace() - 2 * mixed)


def small_digits(images: Tensor) -> Tensor:
    """MNIST's pictures (n, 1, 28, 28) at half the side, (n, 1, 14, 14): each pixel the mean of four."""
    return functional.avg_pool2d(images, 2)


class DigitGenerator(nn.Module):
    """Latents (n, 32) and labels to pictures (n, 1, 14, 14) in [0, 1]: two dense layers, a convolution at 7 x 7, one
    step up to 14 x 14."""

    def __init__(self, latent: int = LATENT, width: int = 64, classes: int = 10):
        super().__init__()
        self.latent, self.classes = latent, classes
        self.dense = nn.Sequential(
            nn.Linear(latent + classes, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, width * 49)
        )
        self.picture = nn.Sequential(
            nn.Unflatten(1, (width, 7, 7)),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        """labels: (n,), whole numbers, or (n, 10), how much of each digit."""
        asked = functional.one_hot(labels, self.classes) if labels.ndim == 1 else labels
        return self.picture(self.dense(torch.cat([latents, asked.to(latents)], dim=1)))


class DigitDiscriminator(nn.Module):
    """Pictures (n, 1, 14, 14) and labels (n,) to logits (n,). spectral: hold every layer's greatest stretch at 1
    (Miyato et al. 2018)."""

    def __init__(self, width: int = 48, classes: int = 10, spectral: bool = False):
        super().__init__()
        held: Callable[[Any], Any] = spectral_norm if spectral else (lambda layer: layer)
        self.features = nn.Sequential(
            held(nn.Conv2d(1, width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            held(nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            held(nn.Linear(2 * width * 16, 128)),
            nn.LeakyReLU(0.2),
        )
        self.score, self.classes = held(nn.Linear(128, 1)), held(nn.Linear(classes, 128, bias=False))

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        features = self.features(images)
        return conditional_logits(self.score(features)[:, 0], features, self.classes.weight.T, labels)


@torch.no_grad()
def average_into(average: nn.Module, network: nn.Module, keep: float) -> None:
    """Move a network's running average a little towards it: keep of the old, the rest of the new (Polyak and Juditsky
    1992). In place."""
    for old, new in zip(average.state_dict().values(), network.state_dict().values(), strict=False):
        old.lerp_(new, 1 - keep) if old.is_floating_point() else old.copy_(new)


class Duel:
    """The game on labelled pictures, with an averaged generator; spectral norm, and augmentation before the
    discriminator, where asked for. `average` is the generator to use; `play` goes on where the last call stopped."""

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        *,
        seed: int = 0,
        spectral: bool = False,
        augment: Callable[[Tensor], Tensor] | None = None,
        learning_rate: float = 2e-3,
        batch_size: int = 64,
        keep: float = 0.99,
        device: str = "cpu",
    ):
        """images: (n, 1, 14, 14) in [0, 1], labels: (n,). augment: applied to all that the discriminator sees, real and
        fake. keep: the average's memory."""
        if images.shape[1:] != (1, SIDE, SIDE) or len(images) != len(labels):
            raise ValueError(
                f"images has shape {tuple(images.shape)} and labels {tuple(labels.shape)}; wanted (n, 1, "
                f"{SIDE}, {SIDE}) and (n,)"
            )
        torch.manual_seed(seed)
        self.images, self.labels, self.augment = (
            images.to(device),
            labels.to(device),
            augment or (lambda pictures: pictures),
        )
        self.generator, self.discriminator = (
            DigitGenerator().to(device),
            DigitDiscriminator(spectral=spectral).to(device),
        )
        self.average, self.batch_size, self.keep, self.steps = copy.deepcopy(self.generator), batch_size, keep, 0
        self.walkers = [
            torch.optim.Adam(network.parameters(), lr=learning_rate, betas=(0.0, 0.99))
            for network in (self.generator, self.discriminator)
        ]
        self.chance, self.device = torch.Generator().manual_seed(seed), device

    def play(self, steps: int, progress: bool = True, name: str = "game") -> list[tuple[float, float]]:
        """So many steps more. Returns both losses of each, the discriminator's first. name: what stands beside the bar,
        such as "game 2 of 4"."""
        kept = []
        with Bar(total=steps, name=name, progress=progress) as bar:
            for _ in range(steps):
                kept.append(self.step())
                bar.update()
        return torch.stack(kept).tolist()

    def step(self) -> Tensor:
        rows = torch.randint(len(self.labels), (self.batch_size,), generator=self.chance).to(self.device)
        latents = torch.randn(self.batch_size, self.generator.latent, generator=self.chance).to(self.device)
        asked, (for_generator, for_discriminator) = self.labels[rows], self.walkers
        fake = self.generator(latents, asked)
        both = torch.cat([self.augment(self.images[rows]), self.augment(fake.detach())])
        judged = discriminator_loss(*self.discriminator(both, asked.repeat(2)).chunk(2))
        for_discriminator.zero_grad()
        judged.backward()
        for_discriminator.step()

        # the generator's step needs no gradient of its weights, only of what it sees
        self.discriminator.requires_grad_(False)
        fooled = generator_loss(self.discriminator(self.augment(fake), asked))
        for_generator.zero_grad()
        fooled.backward()
        for_generator.step()
        self.discriminator.requires_grad_(True)
        self.steps += 1
        average_into(self.average, self.generator, min(self.keep, self.steps / (self.steps + 9)))
        return torch.stack([judged.detach(), fooled.detach()])


@torch.no_grad()
def made_to_order(generator: DigitGenerator, per_digit: int = 100, seed: int = 1) -> tuple[Tensor, Tensor]:
    """As many of each digit, in eval mode: pictures (10 * per_digit, 1, 14, 14), ordered 0, 1, ..., 9, 0, 1, ..., and
    what was asked for, (10 * per_digit,)."""
    device, mode = next(generator.parameters()).device, generator.training
    asked = torch.arange(10, device=device).repeat(per_digit)
    latents = torch.randn(len(asked), generator.latent, generator=torch.Generator().manual_seed(seed)).to(device)
    pictures = generator.eval()(latents, asked)
    generator.train(mode)
    return pictures, asked
