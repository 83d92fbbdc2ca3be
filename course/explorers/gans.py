"""The explorers of lesson 11: the game on a ring while both networks learn, and the breeder: two parents, their
children, a family tree. Lesson 11 (Two networks that improve each other) shows them; the drawing and the networks'
arithmetic are in gans.js. Read first: `folded`, the generator as four plain layers; `child` is what a learner has bred
by hand before."""

import math
from itertools import islice
from typing import Any

import numpy
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn import functional
from traitlets import Bytes, Dict, Enum, Float, Int, List, TraitError, validate

from course import plots
from course.explorers import FOLDER, Explorer, figure_of, front_end, normals
from course.gans import DigitGenerator, Game, modes_covered, ring, ring_centres, slerp

MOST = 24  # members of a family
FOUNDERS = (3, 8, 0, 6, 4, 7)
SHIPPED = FOLDER / "gans.npz"  # made by tools/breeder.py


def folded(generator: DigitGenerator) -> list[Tensor]:
    """The generator in eval mode as four layers without batch norm: weights and bias of each in turn, on the CPU
    (lesson 07 shows how)."""
    dense: list[Any] = [*generator.dense]  # Any: a Sequential does not say what its layers are
    picture: list[Any] = [*generator.picture]
    first, first_norm, _, second = dense
    _, second_norm, _, third, third_norm, _, last, _ = picture
    parts = []
    with torch.no_grad():
        for layer, norm in ((first, first_norm), (second, second_norm), (third, third_norm)):
            stretch = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            moved = norm.bias - stretch * norm.running_mean
            each = len(layer.weight) // len(stretch)  # the second layer's numbers belong to channels of 49 each
            stretch, moved = stretch.repeat_interleave(each), moved.repeat_interleave(each)
            parts += [layer.weight * stretch.view(-1, *[1] * (layer.weight.ndim - 1)), layer.bias * stretch + moved]
        parts += [last.weight, last.bias]
    return [part.detach().cpu().float().contiguous() for part in parts]


def pictured(parts: list[Tensor], latents: Tensor, digits: Tensor) -> Tensor:
    """Pictures (n, 14, 14) in [0, 1] from latents (n, 32) and how much of each digit (n, 10); `pictured` in gans.js is
    the same."""
    hidden = functional.linear(torch.cat([latents, digits], dim=1), *parts[0:2]).relu()
    maps = functional.linear(hidden, *parts[2:4]).relu().view(len(latents), -1, 7, 7)
    maps = functional.conv2d(maps, parts[4], parts[5], padding=1).relu()
    return functional.conv_transpose2d(maps, parts[6], parts[7], stride=2, padding=1).sigmoid()[:, 0]


class BreedingExplorer(Explorer):
    """Two parents and their child. `weights` are the generator's layers as bytes, float32, with their `sizes`.
    `family`: a founder has the digit it was
    ordered as and a lot, the seed of its latent; a child has two parents (places in the family), share, mutation and a
    lot of its own. `mother` and `father` are places in it; `share` is how far the child lies towards the father,
    `mutation` how much of it is chance, `lot` its seed."""

    _esm = front_end("shared.js", "gans.js") + "\nexport default breeding;\n"
    STATE = ("family", "mother", "father", "share", "mutation", "lot")
    weights = Bytes().tag(sync=True)
    sizes = List(List(Int())).tag(sync=True)
    family = List(Dict()).tag(sync=True)
    mother = Int(0, min=0).tag(sync=True)
    father = Int(1, min=0).tag(sync=True)
    share = Float(0.5, min=0, max=1).tag(sync=True)
    mutation = Float(0.0, min=0, max=1).tag(sync=True)
    lot = Int(0).tag(sync=True)

    @validate("family")
    def _a_family(self, proposal: dict) -> list:
        """Every child comes after its parents, and every founder is a digit."""
        for place, member in enumerate(proposal["value"]):
            child = (
                {"parents", "share", "mutation", "lot"} <= set(member)
                and len(member["parents"]) == 2
                and all(0 <= parent < place for parent in member["parents"])
            )
            if not child and not (member.get("digit") in range(10) and "lot" in member and place < MOST):
                raise TraitError(
                    f"member {place + 1} is {member}; wanted a digit and a lot, or two parents that come before it, "
                    "share, mutation and lot"
                )
        return proposal["value"]

    @property
    def parts(self) -> list[Tensor]:
        numbers, parts = torch.frombuffer(bytearray(self.weights), dtype=torch.float32), []
        for size in self.sizes:
            count = torch.Size(size).numel()
            parts.append(numbers[:count].reshape(size))
            numbers = numbers[count:]
        return parts

    def grown(self) -> list[tuple[Tensor, Tensor]]:
        """The latent (32,) and the digit (10,) of each member; `grownUp` in gans.js is the same."""
        found: list[tuple[Tensor, Tensor]] = []
        for member in self.family:
            found.append(
                self._bred(found, **member)
                if "parents" in member
                else (self._latent(member["lot"]), functional.one_hot(torch.tensor(member["digit"]), 10).float())
            )
        return found

    def _latent(self, lot: int) -> Tensor:
        return torch.tensor(list(islice(normals(lot), self.sizes[0][1] - 10)))

    def _bred(self, grown: list, parents: list[int], share: float, mutation: float, lot: int) -> tuple[Tensor, Tensor]:
        (mother, digit), (father, other) = (grown[parent] for parent in parents)
        return (1 - mutation**2) ** 0.5 * slerp(mother, father, share) + mutation * self._latent(lot), (
            1 - share
        ) * digit + share * other

    def child(self, share: float | None = None) -> tuple[Tensor, Tensor]:
        """The latent (32,) and the digit (10,) of the child, or of another place between the same parents."""
        return self._bred(
            self.grown(), [self.mother, self.father], self.share if share is None else share, self.mutation, self.lot
        )

    def called(self, place: int) -> str:
        """A member in words: its number, and what it is of."""
        kinds = [str(digit) for digit, share in enumerate(self.grown()[place][1]) if share > 0.05]
        return f"number {place + 1}, {'a pure ' if len(kinds) == 1 else 'of '}{' and '.join(kinds)}"

    def generations(self) -> list[int]:
        """For each member, how many generations came before it."""
        found: list[int] = []
        for member in self.family:
            found.append(1 + max(found[parent] for parent in member["parents"]) if "parents" in member else 0)
        return found

    def sentence(self) -> str:
        return (
            f"The mother is {self.called(self.mother)}; the father is {self.called(self.father)}. The child lies "
            f"{int(100 * self.share + 0.5)} % of the way to the father, "
            f"with a mutation of {self.mutation:.2f}. The family has {len(self.family)} members in "
            f"{max(self.generations()) + 1} generation{'s' * (max(self.generations()) > 0)}."
        )

    def draw(self) -> Figure:
        shares = torch.linspace(0, 1, 9)
        latents, digits = (
            torch.stack(each) for each in zip(*(self.child(float(share)) for share in shares), strict=False)
        )
        along = pictured(self.parts, latents, digits)
        figure, axes = plots.figure(width=9.6, height=2.1)
        axes.imshow(
            along.permute(1, 0, 2).reshape(14, -1),
            cmap="gray",
            vmin=0,
            vmax=1,
            interpolation="nearest",
            extent=(0, 9, 0, 1),
        )
        axes.set(
            xticks=[place + 0.5 for place in range(9)],
            xticklabels=[f"{100 * share:.0f}" for share in shares],
            yticks=[],
            xlabel="share of the way from mother to father, %",
            title=f"Number {self.mother + 1} (left), number {self.father + 1} (right) and their children",
        )
        return figure


def breeding_explorer(
    generator: DigitGenerator | None = None,
    seed: int = 0,
    founders: tuple[int, ...] = FOUNDERS,
    state: str | dict | None = None,
) -> BreedingExplorer:
    """The explorer, for a trained generator; where none is given, for the small one that the course brings along, so
    that it never breeds noise. founders: the digits that the family begins with, two at least. state: see
    `Explorer.begin`. Raises ValueError for
    fewer, or for no digits."""
    if not 2 <= len(founders) <= MOST or any(digit not in range(10) for digit in founders):
        raise ValueError(f"founders is {founders}; wanted 2 to {MOST} digits, each from 0 to 9")
    parts = shipped() if generator is None else folded(generator)
    family = [{"digit": digit, "lot": 100 * seed + place} for place, digit in enumerate(founders)]
    explorer = BreedingExplorer(
        weights=torch.cat([part.flatten() for part in parts]).numpy().tobytes(),
        sizes=[list(part.shape) for part in parts],
        family=family,
        lot=100 * seed + 99,
    ).begin(state)
    if max(explorer.mother, explorer.father) >= len(explorer.family):
        raise ValueError(
            f"state has mother {explorer.mother} and father {explorer.father}; the family has {len(explorer.family)} "
            "members, counted from 0"
        )
    return explorer


def shipped() -> list[Tensor]:
    """The layers of the small generator that the course brings along, as `folded` gives them."""
    with numpy.load(SHIPPED) as stored:
        return [torch.from_numpy(stored[f"part{place}"]).float() for place in range(len(stored.files))]


class RingExplorer(Explorer):
    """The game on a ring of piles, both networks learning in the browser. It writes down after how many `steps` how
    many piles are `served`, and what both networks paid in the last one: `judged` the discriminator, `fooled` the
    generator."""

    _esm = front_end("shared.js", "gans.js") + "\nexport default ringGame;\n"
    STATE = ("piles", "r1", "learning_rate", "speed", "seed")
    piles = Int(8, min=1, max=8).tag(sync=True)
    r1 = Float(1.0, min=0, max=4).tag(sync=True)
    learning_rate = Float(2e-3, min=1e-5, max=0.1).tag(sync=True)
    speed = Enum(("slow", "medium", "fast"), "medium").tag(sync=True)
    seed = Int(0).tag(sync=True)
    steps = Int(0).tag(sync=True)
    served = Int(0).tag(sync=True)
    judged = Float(2 * math.log(2)).tag(sync=True)
    fooled = Float(math.log(2)).tag(sync=True)

    def sentence(self) -> str:
        piles = f"{self.served} of {self.piles} pile{'s' * (self.piles > 1)}"
        if self.steps == 0:
            return f"Nobody has learned anything yet: the generator's dots lie in one heap, and it serves {piles}."
        return (
            f"After {self.steps:,} step{'s' * (self.steps > 1)} the generator serves {piles}; the discriminator pays "
            f"{figure_of(self.judged)} "
            f"and the generator {figure_of(self.fooled)}."
        )

    def played(self, steps: int = 600) -> tuple[Tensor, "RingExplorer"]:
        """400 dots of the generator after so many steps of the same game in torch, and what is to be said of them."""

        def layers(inputs: int, outputs: int, bend: nn.Module) -> nn.Module:
            return nn.Sequential(nn.Linear(inputs, 32), bend, nn.Linear(32, 32), bend, nn.Linear(32, outputs))

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            game = Game(
                lambda: layers(4, 2, nn.ReLU()),
                lambda: nn.Sequential(layers(2, 1, nn.LeakyReLU(0.2)), nn.Flatten(0)),
                lambda parameters: torch.optim.Adam(parameters, lr=self.learning_rate, betas=(0.5, 0.99)),
                self.r1,
            )
            chance = torch.Generator().manual_seed(self.seed)
            for _ in range(steps):
                judged, fooled = game.step(ring(128, chance, self.piles), torch.randn(128, 4, generator=chance))
            dots = game.generator(torch.randn(400, 4, generator=chance)).detach()
        served = modes_covered(dots, ring_centres(self.piles), radius=0.35, least=math.ceil(400 / self.piles / 4))
        return dots, RingExplorer(
            piles=self.piles, steps=steps, served=served, judged=float(judged), fooled=float(fooled)
        )

    def draw(self, dots: Tensor | None = None) -> Figure:
        figure, axes = plots.figure(width=5.6, height=4.4)
        for points, colour, marker, name in (
            (ring(400, torch.Generator().manual_seed(1), self.piles), "blue", "o", "real"),
            (self.played()[0] if dots is None else dots, "vermillion", "s", "the generator's"),
        ):
            axes.scatter(
                *plots.values(points).T,
                s=14,
                color=plots.COLOURS[colour],
                marker=marker,
                linewidth=0,
                alpha=0.6,
                label=name,
            )
        axes.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", xlabel="x", ylabel="y")
        axes.legend(loc="center")
        return figure

    def still(self) -> tuple[Figure, str]:
        """A game that has not begun makes a dull picture: the still shows it played, by torch."""
        dots, played = self.played()
        try:
            return self.draw(dots), played.sentence()
        finally:
            played.close()


def ring_explorer(piles: int = 8, r1: float = 1.0, seed: int = 0, state: str | dict | None = None) -> RingExplorer:
    """The game on a ring of 1 to 8 piles. r1: the weight of the penalty on a steep discriminator, from 0 to 4. state:
    see `Explorer.begin`. Raises ValueError for others."""
    for name, value, allowed in (("piles", piles, 1 <= piles <= 8), ("r1", r1, 0 <= r1 <= 4)):
        if not allowed:
            raise ValueError(f"{name} is {value}; wanted {'1 to 8' if name == 'piles' else '0 to 4'}")
    return RingExplorer(piles=piles, r1=r1, seed=seed).begin(state)
