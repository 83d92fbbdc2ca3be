"""A bar that says how far a long run has come: a part of the page in a notebook, a line of text elsewhere.
Training (course/training.py) and the game of lesson 11 (course/gans.py) show it.
Read `Bar` first."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from IPython import get_ipython
from IPython.display import HTML, display
from tqdm import tqdm

SECONDS_BEFORE = 2  # a run that is over by then shows no bar
LOOK = ";".join(
    (
        "accent-color:var(--jp-brand-color1,#0072B2)",
        "color:var(--jp-content-font-color1,inherit)",
        "font-family:var(--jp-content-font-family,inherit)",
    )
)


class Bar(tqdm):
    """tqdm, named, and silent for the first two seconds. In a notebook it is the browser's own progress element, which
    screen readers know, in the page's colours; it goes when the run is over. steps: what is gone through, or total: how
    many updates will come. name: what is run, such as 'game 2 of 4'.
    progress=False shows nothing; TQDM_DISABLE in the environment does the same for all."""

    def __init__(
        self, steps: Iterable | None = None, *, total: int | None = None, name: str = "training", progress: bool = True
    ) -> None:
        self.place: Any = None
        self.on_a_page = getattr(get_ipython(), "kernel", None) is not None
        quiet = {} if progress else {"disable": True}  # said only when asked for: TQDM_DISABLE has its say otherwise
        super().__init__(steps, total=total, desc=name, delay=SECONDS_BEFORE, mininterval=0.5, leave=False, **quiet)

    def display(self, msg: str | None = None, pos: int | None = None) -> None:
        """Draw the bar anew; an empty message takes it away."""
        if not self.on_a_page:
            return super().display(msg, pos)
        if self.place is None and msg != "":
            self.place = display(HTML(self.page()), display_id=True)
        elif self.place is not None:
            self.place.update(HTML("" if msg == "" else self.page()))

    def page(self) -> str:
        """The bar as it stands, as HTML: its name, the bar, how much is done and how long it will take."""
        seen = self.format_dict
        left = (self.total - self.n) / seen["rate"] if seen["rate"] else None
        words = (
            f"{self.n} of {self.total}"
            + ("" if left is None else f", {self.format_interval(left)} left")
            + (f", {self.postfix}" if self.postfix else "")
        )
        name = escape(self.desc.removesuffix(": "), quote=True)
        return (
            f'<div style="{LOOK};display:flex;flex-wrap:wrap;gap:.2em .8em;align-items:center"><strong>{name}</strong>'
            f'<progress aria-label="{name}" value="{self.n}" max="{self.total}" style="flex:1 1 '
            f'12em;max-width:30em"></progress><span>{escape(words)}</span></div>'
        )

    def close(self) -> None:
        """End the bar, and take it away."""
        ended = self.disable
        super().close()
        if self.place is not None and not ended:
            self.display("")
