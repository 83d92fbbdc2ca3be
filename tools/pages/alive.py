"""An explorer, or a quiz, on a page without a kernel: a place with its traits written into it, and the script that
brings it to life. No lesson teaches it. Read `Explorer.page` in course/explorers/__init__.py first, then
static/alive.js, which looks for the places."""

from __future__ import annotations

import html
from pathlib import Path

from course.explorers import Explorer

SCRIPTS = "_static/explorers"  # on the site


class Alive:
    """Makes the places, and remembers what scripts they need."""

    def __init__(self) -> None:
        self.scripts: dict[str, str] = {}

    def place(self, explorer: Explorer, name: str, root: str = "../") -> str:
        """The place of an explorer on a page, as HTML. name: what a link to a state of it calls it. root: from the
        page to the site's first page."""
        kind = type(explorer).__name__
        self.scripts[kind] = (
            f'(window.explorers ??= {{}})["{kind}"] = (() => {{\n{explorer.script()}\nreturn widget;\n}})();\n'
        )
        return (
            f'<div class="alive" id="play-{name}" data-kind="{kind}"><script '
            f'type="application/json">{explorer.traits_as_json()}</script>'
            f"<noscript><p>{html.escape(explorer.sentence())}</p></noscript></div><script "
            f'src="{root}{SCRIPTS}/{kind}.js" defer></script>'
        )

    def write(self, folder: Path) -> None:
        """The scripts, each in a scope of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        for kind, text in self.scripts.items():
            (folder / f"{kind}.js").write_text(text, encoding="utf-8")
