"""Explorers: figures to play with, drawn by the browser, so that they answer at once and ask nothing of the kernel.
No lesson teaches this; a lesson's explorer is the module with the lesson's name, and its drawing the .js file beside
it. Read first: `Explorer`, what all of them share; then explorers/tensors.py, the simplest."""

import base64
import html
import json
import math
from collections.abc import Iterator
from pathlib import Path

import anywidget
from ipywidgets import Layout
from matplotlib.figure import Figure
from traitlets import Dict, TraitError

from course import plots

FOLDER = Path(__file__).parent


def front_end(*names: str) -> str:
    """The texts of these files beside this module, one after the other: a browser gets a widget's script in one
    piece."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


# A whole page with one explorer on it, alive without a kernel; `modelOf` is in page.js.
PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>%s\n%s</style>
<div id="stage"></div><script type="module">
%s
%s
window.model = modelOf(%s);
widget.render({ model: window.model, el: document.getElementById("stage") });
</script>"""


class Explorer(anywidget.AnyWidget):
    """A figure to play with. One of them has `_esm`, its script, traits that script and kernel share, and two methods.

    `sentence()` says in words what the figure shows, `draw()` gives a still of it: they stand in its place wherever no
    kernel or no script runs, on paper and on a web page, and for who reads with a screen reader. STATE names the
    traits that one changes by playing: Reset brings them back as they began, and Copy state gives them as a text to
    begin with."""

    _css = front_end("shared.css")
    STATE: tuple[str, ...] = ()
    at_first = Dict().tag(sync=True)

    def __init__(self, **traits):
        # Jupyter's own widgets are as wide as what they hold; an explorer is as wide as the page lets it be.
        super().__init__(**{"layout": Layout(width="100%"), **traits})
        self.at_first = self.state

    @property
    def state(self) -> dict:
        """What playing has made of the explorer, as JSON can hold it."""
        return {name: getattr(self, name) for name in self.STATE}

    def begin(self, state: str | dict | None = None) -> "Explorer":
        """The explorer, ready to be played with; Reset comes back here. state: what Copy state gave, to go on from
        there. Raises ValueError for a state of another explorer."""
        self.at_first = self.state
        try:
            wanted = json.loads(state) if isinstance(state, str) else state or {}
        except ValueError:
            wanted = None
        if not isinstance(wanted, dict) or not set(wanted) <= set(self.STATE):
            raise ValueError(
                f"state is {str(state)[:80]!r}; wanted what this explorer's Copy state gives, some of "
                f"{', '.join(self.STATE)}"
            )
        for name, value in wanted.items():
            try:
                setattr(self, name, value)
            except (TraitError, TypeError, AttributeError):
                raise ValueError(f"state has {name} = {str(value)[:80]!r}, which this explorer cannot show") from None
        return self

    def traits_as_json(self) -> str:
        """What its script reads, as JSON that may stand in a page: bytes are base64."""
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        traits = {name: getattr(self, name) for name in sorted(own) if not name.startswith("_")}
        return json.dumps(traits, default=lambda value: base64.b64encode(value).decode()).replace("</", "<\\/")

    def script(self) -> str:
        """Its script for a page without a kernel: it makes `widget`, which draws a model of page.js."""
        return self._esm.replace("export default", "const widget =")

    def page(self, style: str = "") -> str:
        """A whole page on which the explorer lives without a kernel: script, traits, a model of a few lines."""
        return PAGE % (self._css, style, self.script(), front_end("page.js"), self.traits_as_json())

    def sentence(self) -> str:
        """What the figure shows now, in words. The script says the same, in the same words."""
        raise NotImplementedError

    def draw(self) -> Figure:
        """A still picture of what the figure shows now."""
        raise NotImplementedError

    def still(self) -> tuple[Figure, str]:
        """The picture and the words that stand in for the figure: what it shows now, where no explorer says
        otherwise."""
        return self.draw(), self.sentence()

    def _repr_mimebundle_(self, **_):
        drawn, words = self.still()
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {
            "application/vnd.jupyter.widget-view+json": view,
            "text/plain": words,
            "text/html": f"{plots.picture(drawn, alt=words)}\n<p>{html.escape(words)}</p>",
        }


def seeded(seed: int) -> Iterator[float]:
    """Numbers from 0 to 1 that are the same for the same seed, here and in the browser (mulberry32, by Tommy
    Ettinger); `seeded` in shared.js is the same."""
    state = seed & 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = (state ^ (state >> 15)) * (state | 1) & 0xFFFFFFFF
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield (mixed ^ (mixed >> 14)) / 4294967296


def normals(seed: int) -> Iterator[float]:
    """Numbers of the normal distribution, the same for the same seed, here and in the browser (Box and Muller);
    `normalFrom` in shared.js is the same."""
    chance = seeded(seed)
    for one in chance:
        yield math.sqrt(-2 * math.log(1 - one)) * math.cos(2 * math.pi * next(chance))


def figure_of(number: float) -> str:
    """A number as the explorers write it: two decimals, whole from a hundred on, powers of ten from a million on.
    `figureOf` in shared.js is the same."""
    size = abs(number)
    if size != size or size == float("inf"):
        return "beyond counting"
    if size >= 1e6:
        mantissa, exponent = f"{number:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    text = f"{number:.0f}" if size >= 100 else f"{number:.2f}" if size >= 0.1 or size == 0 else f"{number:.4f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "\u2212")
