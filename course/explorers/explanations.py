"""The explorer of lesson 13: four maps of what a network's answer hangs on, side by side, for a digit with and without
the mark, before the network was mended and after. Lesson 13 (Right for the wrong reason) shows it; the drawing and the
same arithmetic are in explanations.js, the two networks and ten digits in explanations.npz (tools/explanations.py).
Read course/explanations.py first; here the gradient of a network with one hidden layer is written out."""

from functools import cache

import numpy
from matplotlib.figure import Figure
from traitlets import Bool, Bytes, Enum, Int

from course import plots
from course.explorers import FOLDER, Explorer, front_end, normals

SHIPPED = FOLDER / "explanations.npz"  # made by tools/explanations.py
SIDE, NEURONS, CLASSES = 28, 32, 10
CORNER, SQUARE = 4, 4  # pixels: the mark's side, in the upper left corner; the squares that occlusion covers
STEPS, SAMPLES, NOISE = 64, 20, 0.15
METHODS = ("saliency", "SmoothGrad", "occlusion", "integrated gradients")
# The marked picture's corner, row by row: the lesson's MARK.
MARK = numpy.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=numpy.float64)


class Dense:
    """784 pixels, 32 neurons with a ReLU, ten logits; numbers: all weights, a layer's before its biases."""

    def __init__(self, numbers: numpy.ndarray) -> None:
        sizes = [NEURONS * SIDE * SIDE, NEURONS, CLASSES * NEURONS, CLASSES]
        first, self.bias, second, self.shift = numpy.split(numbers.astype(numpy.float64), numpy.cumsum(sizes)[:-1])
        self.first, self.second = first.reshape(NEURONS, -1), second.reshape(CLASSES, NEURONS)

    def logits(self, pixels: numpy.ndarray) -> numpy.ndarray:
        """pixels: (n, 784). Returns (n, 10)."""
        return numpy.maximum(0, pixels @ self.first.T + self.bias) @ self.second.T + self.shift

    def gradient(self, pixels: numpy.ndarray, asked: int) -> numpy.ndarray:
        """Of the logit asked about, by each pixel: what comes through the neurons that are not at 0. (n, 784)."""
        open_neurons = pixels @ self.first.T + self.bias > 0
        return (open_neurons * self.second[asked]) @ self.first

    def maps(self, picture: numpy.ndarray, asked: int) -> dict[str, numpy.ndarray]:
        """The four maps of a picture, (784,), by method; the first two are sizes, the others have a sign."""
        shares = (numpy.arange(STEPS) + 0.5) / STEPS
        covered = numpy.tile(picture.reshape(1, SIDE, SIDE), ((SIDE // SQUARE) ** 2, 1, 1))
        for number in range(len(covered)):
            top, left = (SQUARE * part for part in divmod(number, SIDE // SQUARE))
            covered[number, top : top + SQUARE, left : left + SQUARE] = 0
        falls = (self.logits(picture[None]) - self.logits(covered.reshape(len(covered), -1)))[:, asked]
        squares = numpy.kron(falls.reshape(SIDE // SQUARE, -1), numpy.ones((SQUARE, SQUARE)))
        return dict(
            zip(
                METHODS,
                (
                    numpy.abs(self.gradient(picture[None], asked))[0],
                    numpy.abs(self.gradient(picture + NOISE * shakes(), asked)).mean(axis=0),
                    squares.flatten(),
                    self.gradient(shares[:, None] * picture, asked).mean(axis=0) * picture,
                ),
                strict=True,
            )
        )


@cache
def shakes() -> numpy.ndarray:
    """The noise of SmoothGrad, (20, 784): the same in the browser."""
    chance = normals(13)
    return numpy.array([next(chance) for _ in range(SAMPLES * SIDE * SIDE)]).reshape(SAMPLES, -1)


def on_the_mark(layer: numpy.ndarray) -> float:
    """The share of a map's sizes that lies on the mark's 16 pixels, 0 for a map of zeros."""
    sizes = numpy.abs(layer).reshape(SIDE, SIDE)
    return float(sizes[:CORNER, :CORNER].sum() / sizes.sum()) if sizes.any() else 0.0


def percent(share: float) -> str:
    """A share in whole percent, as the script rounds it."""
    return f"{int(100 * share + 0.5)} %"


def a(digit: int) -> str:
    """A digit with its article."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


class ExplanationsExplorer(Explorer):
    """A digit, a network and four maps. `network` is the one "before" it was mended or the "mended" one, `digit` the
    picture, 0 to 9, `marked` whether the mark is printed on it, `asked` the class asked about.
    `weights` are both networks' numbers in half precision, `pictures` ten digits, a byte a pixel."""

    _esm = front_end("shared.js", "explanations.js")
    STATE = ("network", "digit", "marked", "asked")
    network = Enum(("before", "mended"), default_value="before").tag(sync=True)
    digit = Int(3, min=0, max=9).tag(sync=True)
    marked = Bool(True).tag(sync=True)
    asked = Int(8, min=0, max=9).tag(sync=True)
    weights = Bytes().tag(sync=True)
    pictures = Bytes().tag(sync=True)

    @property
    def net(self) -> Dense:
        """The network that is asked."""
        halves = numpy.frombuffer(self.weights, dtype=numpy.float16).reshape(2, -1)
        return Dense(halves[int(self.network == "mended")])

    @property
    def picture(self) -> numpy.ndarray:
        """What it is shown, (784,), from 0 to 1."""
        shown = numpy.frombuffer(self.pictures, dtype=numpy.uint8).reshape(10, SIDE, SIDE)[self.digit] / 255
        if self.marked:
            shown[:CORNER, :CORNER] = MARK
        return shown.flatten()

    def sentence(self) -> str:
        net, picture = self.net, self.picture
        logits = net.logits(picture[None])[0]
        sure = numpy.exp(logits - logits.max())
        read, maps = int(logits.argmax()), net.maps(picture, self.asked)
        parts = [f"{percent(on_the_mark(layer))} by {method}" for method, layer in maps.items()]
        weight = maps["integrated gradients"].reshape(SIDE, SIDE)[:CORNER, :CORNER].sum()
        side = (
            "where there is no mark"
            if not self.marked
            else f"where the mark speaks {'for' if weight > 0 else 'against'} {a(self.asked)} by {abs(weight):.1f} "
            "in the logit"
        )
        return (
            f"{'Before it was mended, the' if self.network == 'before' else 'The mended'} network reads this "
            f"{self.digit}, {'with' if self.marked else 'without'} the mark, as {a(read)} and is "
            f"{percent(sure[read] / sure.sum())} sure. Of the maps for {a(self.asked)}, the corner, 2 % of the area, "
            f"holds {', '.join(parts[:-1])} and {parts[-1]}, {side}."
        )

    def draw(self) -> Figure:
        figure, panels = plots.figure(5, width=10.5, height=2.6)
        plots.image(panels[0], self.picture.reshape(SIDE, SIDE), f"{a(self.digit)}, asked about {self.asked}")
        for axes, (method, layer) in zip(panels[1:], self.net.maps(self.picture, self.asked).items(), strict=True):
            deep = (numpy.sign(layer) * numpy.sqrt(numpy.abs(layer))).reshape(SIDE, SIDE)
            most = max(float(numpy.abs(deep).max()), 1e-12)
            axes.imshow(deep, cmap="RdBu", vmin=-most, vmax=most)
            axes.set_title(f"{method}\ncorner: {percent(on_the_mark(layer))}", fontsize=11)
            axes.set_axis_off()
        return figure


@cache
def shipped() -> tuple[bytes, bytes]:
    """The weights and the pictures of the file, as bytes."""
    with numpy.load(SHIPPED) as parts:
        return parts["weights"].tobytes(), parts["pictures"].tobytes()


def explanations_explorer(state: str | dict | None = None) -> ExplanationsExplorer:
    """The explorer, a marked 3 asked about 8 before the network is mended. state: see `Explorer.begin`."""
    weights, pictures = shipped()
    return ExplanationsExplorer(weights=weights, pictures=pictures).begin(state)
