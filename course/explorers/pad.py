"""A pad to draw a digit on, and lesson 05's network, which reads it as one draws: what it believes, how sure it is,
what its first filters answer. Lesson 05 (Crops through a filter) trains that network; the drawing and the same
arithmetic are in pad.js, the weights
in pad.npz (tools/pad.py).
Read first: `image_of`, which makes of strokes what the network was trained on."""

from functools import cache

import numpy
import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bytes, Float, List, TraitError, validate

from course import plots
from course.convolutions import SmallCNN
from course.explorers import FOLDER, Explorer, front_end

SHIPPED = FOLDER / "pad.npz"  # made by tools/pad.py
SIDE, BOX, PEN = 28, 20.0, 1.2  # pixels: of an image; of the square that a digit fills in it; the pen's radius
SMALLEST = 7.0  # of a drawing's longer side, in pixels: a dot stays a dot
MOST = 4000  # numbers in a drawing

# A digit each, for who would rather see than draw: strokes of x, y, x, y, ... from 0 to 28, from the upper left.
EXAMPLES = {
    "7": [[7.0, 6.5, 11.0, 6.2, 16.0, 6.0, 21.0, 6.0, 19.5, 9.0, 17.5, 13.0, 15.5, 17.0, 13.5, 23.0]],
    "3": [
        [
            8.5,
            7.0,
            11.0,
            5.2,
            15.0,
            5.0,
            18.0,
            6.8,
            18.5,
            9.5,
            16.5,
            12.0,
            12.5,
            13.2,
            16.5,
            13.8,
            19.5,
            16.0,
            19.8,
            19.2,
            17.5,
            22.0,
            13.0,
            23.0,
            8.5,
            21.5,
        ]
    ],
    "0": [
        [
            14.0,
            5.0,
            10.0,
            7.0,
            8.0,
            11.0,
            7.8,
            16.0,
            9.5,
            20.5,
            13.5,
            23.0,
            17.5,
            21.5,
            20.0,
            17.5,
            20.3,
            12.0,
            18.5,
            7.5,
            14.0,
            5.0,
        ]
    ],
    "4": [[11.0, 5.0, 9.8, 9.0, 8.0, 14.5, 13.0, 14.8, 21.0, 14.2], [18.5, 6.0, 17.8, 12.0, 17.0, 23.0]],
}


@cache
def network() -> SmallCNN:
    """Lesson 05's network with the weights of the file, on the CPU, ready to be asked."""
    cnn = SmallCNN()
    with numpy.load(SHIPPED) as parts:
        cnn.load_state_dict({name: torch.from_numpy(parts[name]).float() for name in cnn.state_dict()})
    return cnn.eval().requires_grad_(False)


@cache
def brightness() -> tuple[float, float]:
    """The mean and the spread of the pixels that the network was trained on."""
    with numpy.load(SHIPPED) as parts:
        return tuple(parts["brightness"].tolist())


def inked(strokes: list[Tensor]) -> Tensor:
    """How much ink each pixel has, (28, 28) in [0, 1]: all within the pen's radius of a stroke, with a soft edge of
    one pixel. strokes: (n, 2) each."""
    places = torch.arange(SIDE, dtype=torch.float64) + 0.5
    down, across = torch.meshgrid(places, places, indexing="ij")
    nearest = torch.full((SIDE, SIDE), 99.0, dtype=torch.float64)
    for stroke in strokes:
        for begin, end in zip(stroke, stroke[1:] if len(stroke) > 1 else stroke, strict=False):
            way = end - begin
            along = (
                ((across - begin[0]) * way[0] + (down - begin[1]) * way[1]) / way.square().sum().clamp(min=1e-9)
            ).clamp(0, 1)
            nearest = torch.minimum(
                nearest, torch.hypot(across - begin[0] - along * way[0], down - begin[1] - along * way[1])
            )
    return (PEN + 0.5 - nearest).clamp(0, 1)


def image_of(strokes: list[list[float]]) -> Tensor:
    """Strokes as an image like those of MNIST, (28, 28) in [0, 1]: as large as a square of 20 holds, its centre of
    mass in the middle (LeCun et al. 1998).

    strokes: x, y, x, y, ... each, in any unit; a picture without a stroke is all 0."""
    drawn = [torch.tensor(stroke, dtype=torch.float64).reshape(-1, 2) for stroke in strokes if stroke]
    if not drawn:
        return torch.zeros(SIDE, SIDE, dtype=torch.float64)
    everything = torch.cat(drawn)
    low, high = everything.amin(dim=0), everything.amax(dim=0)
    scale = (BOX - 2 * PEN) / max(float((high - low).max()), SMALLEST)
    drawn = [(stroke - (low + high) / 2) * scale + SIDE / 2 for stroke in drawn]
    ink = inked(drawn)
    places = torch.arange(SIDE, dtype=torch.float64) + 0.5
    heavy = torch.stack([(ink.sum(dim=0) * places).sum(), (ink.sum(dim=1) * places).sum()]) / ink.sum()
    return inked([stroke + SIDE / 2 - heavy for stroke in drawn])


class DrawingPad(Explorer):
    """A drawing and what the network reads in it. `strokes` is the drawing: x, y, x, y, ... each, in pixels of the
    pad, from 0 to 28, from the upper left.
    `weights` are the network's numbers in half precision, layer by layer, a layer's weights before its biases; `mean`
    and `spread` even out the brightness."""

    _esm = front_end("shared.js", "pad.js")
    STATE = ("strokes",)
    strokes = List(List(Float())).tag(sync=True)
    weights = Bytes().tag(sync=True)
    mean = Float().tag(sync=True)
    spread = Float(1.0).tag(sync=True)
    examples: List = List().tag(sync=True)

    @validate("strokes")
    def _a_drawing(self, proposal: dict) -> list[list[float]]:
        """Pairs of finite numbers, and not more than a hand would draw."""
        strokes = proposal["value"]
        if (
            any(len(stroke) % 2 for stroke in strokes)
            or sum(map(len, strokes)) > MOST
            or not all(-99 <= place <= 99 for stroke in strokes for place in stroke)
        ):
            raise TraitError(f"strokes are pairs of x and y from 0 to 28, at most {MOST} numbers in all")
        return strokes

    @property
    def logits(self) -> Tensor:
        """What the network says of the drawing, (10,)."""
        image = (image_of(self.strokes).float() - self.mean) / self.spread
        return network()(image[None, None])[0]

    def sentence(self) -> str:
        if not any(self.strokes):
            return (
                "Nothing is drawn yet. Draw a digit as large as the field, by mouse or finger; by keys, arrows move "
                "the pen, and the space bar puts it down and "
                "lifts it. What you draw stays on this page."
            )
        shares, digits = self.logits.double().softmax(dim=0).sort(descending=True)
        sure, second = (f"{100 * share:.0f} %" for share in shares[:2].tolist())
        first = (
            f"The network reads a {digits[0]} and is {sure} sure"
            if shares[0] >= 0.5
            else f"The network is not sure: a {digits[0]}, with {sure}"
        )
        return f"{first}; its second guess is {digits[1]}, with {second}. What you draw stays on this page."

    def draw(self) -> Figure:
        figure, (left, right) = plots.figure(2, width=8.6, height=3.2, width_ratios=[1, 1.6])
        plots.image(left, image_of(self.strokes), "What the network sees")
        shares = self.logits.softmax(dim=0).tolist() if any(self.strokes) else [0.0] * 10
        right.bar(range(10), [100 * share for share in shares], color=plots.COLOURS["blue"])
        right.set(xticks=range(10), ylim=(0, 100), xlabel="digit", ylabel="how sure, %")
        return figure


def drawing_pad(state: str | dict | None = None) -> DrawingPad:
    """The pad, nothing drawn on it. state: see `Explorer.begin`."""
    mean, spread = brightness()
    numbers = torch.cat([part.flatten() for part in network().state_dict().values()])
    return DrawingPad(
        weights=numbers.half().numpy().tobytes(), mean=mean, spread=spread, examples=list(EXAMPLES.values())
    ).begin(state)
