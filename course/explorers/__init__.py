"""Explorers: figures to play with, drawn by the browser, so that they answer at once and ask nothing of the kernel.
No lesson teaches this; a lesson's explorer is the module with the lesson's name, and its drawing the .js file beside it.
Read first: `Explorer`, what all of them share; then explorers/tensors.py, the simplest."""

import html
from pathlib import Path

import anywidget
from ipywidgets import Layout
from matplotlib.figure import Figure

from course import plots

FOLDER = Path(__file__).parent


def front_end(*names: str) -> str:
    """The texts of these files beside this module, one after the other: a browser gets a widget's script in one piece."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


class Explorer(anywidget.AnyWidget):
    """A figure to play with. One of them has `_esm`, its script, traits that script and kernel share, and two methods.

    `sentence()` says in words what the figure shows, `draw()` gives a still of it: they stand in its place wherever no
    kernel or no script runs, on paper and on a web page, and for who reads with a screen reader."""

    _css = front_end("shared.css")

    def __init__(self, **traits):
        # Jupyter's own widgets are as wide as what they hold; an explorer is as wide as the page lets it be.
        super().__init__(**{"layout": Layout(width="100%"), **traits})

    def sentence(self) -> str:
        """What the figure shows now, in words. The script says the same, in the same words."""
        raise NotImplementedError

    def draw(self) -> Figure:
        """A still picture of what the figure shows now."""
        raise NotImplementedError

    def still(self) -> tuple[Figure, str]:
        """The picture and the words that stand in for the figure: what it shows now, where no explorer says otherwise."""
        return self.draw(), self.sentence()

    def _repr_mimebundle_(self, **_):
        drawn, words = self.still()
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"application/vnd.jupyter.widget-view+json": view, "text/plain": words,
                "text/html": f"{plots.picture(drawn, alt=words)}\n<p>{html.escape(words)}</p>"}


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
