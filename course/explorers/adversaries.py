"""The explorer of lesson 12, The same picture, another answer: a digit, a change of it no larger than epsilon, and what
two networks read in it, beside random noise of the same size. Networks, gradients and attack are in adversaries.js as
they are here; their weights in adversaries.npz (tools/adversaries.py).
Read first: `attacked`, then course/adversaries.py."""

from functools import cache

import numpy
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from traitlets import Bytes, Enum, Float, Int

from course import plots
from course.adversaries import digit_network, pgd
from course.explorers import FOLDER, Explorer, front_end, seeded

SHIPPED = FOLDER / "adversaries.npz"  # made by tools/adversaries.py
WIDTH, SIDE = 8, 28  # kernels of the first convolution; pixels
MOST = 0.3  # epsilon
KINDS = ("ordinary", "hardened")


@cache
def networks() -> dict[str, nn.Module]:
    """Both networks with the weights of the file, in float64, so that Python and the browser agree on every sign."""
    found: dict[str, nn.Module] = {}
    with numpy.load(SHIPPED) as parts:
        for kind in KINDS:
            network = digit_network(WIDTH)
            network.load_state_dict(
                {name: torch.from_numpy(parts[f"{kind}.{name}"]).float() for name in network.state_dict()}
            )
            found[kind] = network.double().eval().requires_grad_(False)
    return found


@cache
def examples() -> Tensor:
    """Ten test digits, one of each: (10, 28, 28), uint8."""
    with numpy.load(SHIPPED) as parts:
        return torch.from_numpy(parts["digits"])


@cache
def coins() -> Tensor:
    """Random signs, one for each pixel, the same here and in the browser: (1, 1, 28, 28)."""
    chance = seeded(12)
    signs = [1.0 if next(chance) < 0.5 else -1.0 for _ in range(SIDE * SIDE)]
    return torch.tensor(signs, dtype=torch.float64).view(1, 1, SIDE, SIDE)


class AttackExplorer(Explorer):
    """A digit under attack. `digit` is the one shown, `epsilon` the most that a pixel may change, in [0, 0.3], `steps`
    how many the attack takes (1 is FGSM), `network` the one that reads. `pixels` are the ten digits, `weights` the
    numbers of both networks in half precision, layer by layer, a layer's weights before its biases."""

    _esm = front_end("shared.js", "adversaries.js")
    STATE = ("digit", "epsilon", "steps", "network")
    digit = Int(8, min=0, max=9).tag(sync=True)
    epsilon = Float(0.0, min=0.0, max=MOST).tag(sync=True)
    steps = Enum([1, 5, 20], default_value=1).tag(sync=True)
    network = Enum(KINDS, default_value="ordinary").tag(sync=True)
    pixels = Bytes().tag(sync=True)
    weights = Bytes().tag(sync=True)

    def pictures(self) -> dict[str, Tensor]:
        """The digit as it came, attacked, and with noise, each (1, 1, 28, 28) in [0, 1]."""
        came = examples()[self.digit].double().view(1, 1, SIDE, SIDE) / 255
        # A single step goes all the way; many go a quarter further than they would have to, so that a turn is made up.
        step = self.epsilon if self.steps == 1 else 1.25 * self.epsilon / self.steps
        right = torch.tensor([self.digit])
        moved = pgd(networks()[self.network], came, right, self.epsilon, step, self.steps)
        return {"came": came, "attacked": moved, "noise": (came + self.epsilon * coins()).clamp(0, 1)}

    def shares(self) -> dict[str, Tensor]:
        """The probabilities of the ten classes for each of the three pictures."""
        return {name: networks()[self.network](shown)[0].softmax(dim=0) for name, shown in self.pictures().items()}

    def sentence(self) -> str:
        read = {}
        for name, shares in self.shares().items():
            best = int(shares.argmax())
            read[name] = f"{'an' if best == 8 else 'a'} {best} with {100 * float(shares[best]):.0f} %"
        if self.epsilon == 0:
            return f"As it came, the {self.network} network reads {read['came']}. Epsilon is 0: nothing may change."
        how = "one step" if self.steps == 1 else f"{self.steps} steps"
        return (
            f"The {self.network} network reads {read['came']} in the digit as it came. After {how} of the attack, no "
            f"pixel further than {self.epsilon:.2f}, it reads {read['attacked']}; with as much random noise, "
            f"{read['noise']}."
        )

    def draw(self) -> Figure:
        figure, panels = plots.figure(4, width=9.6, height=2.9, width_ratios=[1, 1, 1, 1.7])
        names = {"came": "as it came", "attacked": "attacked", "noise": "random noise"}
        for axes, (name, shown) in zip(panels, self.pictures().items(), strict=False):
            plots.image(axes, shown[0], names[name])
        shares = self.shares()
        marks = {"came": ("o", "blue"), "attacked": ("X", "vermillion"), "noise": ("s", "orange")}
        for name, (marker, colour) in marks.items():
            panels[3].plot(
                range(10),
                100 * shares[name],
                marker=marker,
                color=plots.COLOURS[colour],
                linestyle="none",
                label=names[name],
            )
        panels[3].set(xticks=range(10), ylim=(-4, 104), xlabel="digit", ylabel="probability, %")
        panels[3].legend()
        return figure

    def still(self) -> tuple[Figure, str]:
        """A digit that nothing was done to makes a dull still: then it shows an attack."""
        if self.epsilon:
            return super().still()
        shown = attack_explorer({**self.state, "epsilon": 0.1})
        try:
            return shown.draw(), shown.sentence()
        finally:
            shown.close()


def attack_explorer(state: str | dict | None = None) -> AttackExplorer:
    """The explorer, nothing changed yet. state: see `Explorer.begin`."""
    numbers = torch.cat([part.flatten() for kind in KINDS for part in networks()[kind].state_dict().values()])
    return AttackExplorer(pixels=examples().numpy().tobytes(), weights=numbers.half().numpy().tobytes()).begin(state)
