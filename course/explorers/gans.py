"""The explorer of lesson 11: two parents, the children on the way between them, chance, and a family tree of the ones that were kept.
Lesson 11 (Two networks that improve each other) shows it; the drawing and the generator's arithmetic are in gans.js.
Read first: `folded`, the generator as four plain layers; `child` is what a learner has bred by hand before."""

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn import functional
from traitlets import Bytes, Dict, Float, Int, List

from course import plots
from course.explorers import Explorer, front_end
from course.gans import DigitGenerator, slerp

MOST = 24  # members of a family
FOUNDERS = (3, 8, 0, 6, 4, 7)


def folded(generator: DigitGenerator) -> list[Tensor]:
    """The generator in eval mode as four layers without batch norm: weights and bias of each in turn, on the CPU (lesson 07 shows how)."""
    first, first_norm, _, second = generator.dense
    _, second_norm, _, third, third_norm, _, last, _ = generator.picture
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
    """Pictures (n, 14, 14) in [0, 1] from latents (n, 32) and how much of each digit (n, 10); `pictured` in gans.js is the same."""
    hidden = functional.linear(torch.cat([latents, digits], dim=1), *parts[0:2]).relu()
    maps = functional.linear(hidden, *parts[2:4]).relu().view(len(latents), -1, 7, 7)
    maps = functional.conv2d(maps, *parts[4:6], padding=1).relu()
    return functional.conv_transpose2d(maps, *parts[6:8], stride=2, padding=1).sigmoid()[:, 0]


class BreedingExplorer(Explorer):
    """A family of digits. Each of `family` is a dict: latent (32 numbers), digit (10 shares that sum to 1), parents (two places in the family, or none).
    `mother` and `father` are places in it; `share` is how far the child lies towards the father, `mutation` how much of it is `noise`."""

    _esm = front_end("shared.js", "gans.js")
    weights = Bytes().tag(sync=True)
    sizes = List(List(Int())).tag(sync=True)
    family = List(Dict()).tag(sync=True)
    mother = Int(0).tag(sync=True)
    father = Int(1).tag(sync=True)
    share = Float(0.5).tag(sync=True)
    mutation = Float(0.0).tag(sync=True)
    noise = List(Float()).tag(sync=True)

    @property
    def parts(self) -> list[Tensor]:
        numbers, parts = torch.frombuffer(bytearray(self.weights), dtype=torch.float32), []
        for size in self.sizes:
            count = torch.Size(size).numel()
            parts.append(numbers[:count].reshape(size))
            numbers = numbers[count:]
        return parts

    def child(self, share: float | None = None) -> tuple[Tensor, Tensor]:
        """The latent (32,) and the digit (10,) of the child, or of another place between the same parents."""
        share = self.share if share is None else share
        (mother, digit), (father, other) = ((torch.tensor(self.family[place]["latent"]), torch.tensor(self.family[place]["digit"])) for place in (self.mother, self.father))
        latent = (1 - self.mutation ** 2) ** 0.5 * slerp(mother, father, share) + self.mutation * torch.tensor(self.noise)
        return latent, (1 - share) * digit + share * other

    def called(self, place: int) -> str:
        """A member in words: its number, and what it is of."""
        shares = self.family[place]["digit"]
        kinds = [str(digit) for digit, share in enumerate(shares) if share > 0.05]
        return f"number {place + 1}, {'a pure ' if len(kinds) == 1 else 'of '}{' and '.join(kinds)}"

    def generations(self) -> list[int]:
        """For each member, how many generations came before it."""
        found: list[int] = []
        for member in self.family:
            found.append(1 + max(found[parent] for parent in member["parents"]) if member["parents"] else 0)
        return found

    def sentence(self) -> str:
        return (f"The mother is {self.called(self.mother)}; the father is {self.called(self.father)}. The child lies {round(100 * self.share)} % of the way to the father, "
                f"with a mutation of {self.mutation:.2f}. The family has {len(self.family)} members in {max(self.generations()) + 1} generation{'s' * (max(self.generations()) > 0)}.")

    def draw(self) -> Figure:
        shares = torch.linspace(0, 1, 9)
        latents, digits = (torch.stack(each) for each in zip(*(self.child(float(share)) for share in shares)))
        along = pictured(self.parts, latents, digits)
        figure, axes = plots.figure(width=9.6, height=2.1)
        axes.imshow(along.permute(1, 0, 2).reshape(14, -1), cmap="gray", vmin=0, vmax=1, interpolation="nearest", extent=(0, 9, 0, 1))
        axes.set(xticks=[place + 0.5 for place in range(9)], xticklabels=[f"{100 * share:.0f}" for share in shares], yticks=[],
                 xlabel="share of the way from mother to father, %", title=f"Number {self.mother + 1} (left), number {self.father + 1} (right) and their children")
        return figure


def breeding_explorer(generator: DigitGenerator, seed: int = 0, founders: tuple[int, ...] = FOUNDERS) -> BreedingExplorer:
    """The explorer, for a trained generator. founders: the digits that the family begins with, two at least. Raises ValueError for fewer, or for no digits."""
    if not 2 <= len(founders) <= MOST or any(digit not in range(10) for digit in founders):
        raise ValueError(f"founders is {founders}; wanted 2 to {MOST} digits, each from 0 to 9")
    chance, parts = torch.Generator().manual_seed(seed), folded(generator)
    family = [{"latent": torch.randn(generator.latent, generator=chance).tolist(), "digit": [float(digit == other) for other in range(10)], "parents": []} for digit in founders]
    return BreedingExplorer(weights=torch.cat([part.flatten() for part in parts]).numpy().tobytes(), sizes=[list(part.shape) for part in parts],
                            family=family, noise=torch.randn(generator.latent, generator=chance).tolist())
