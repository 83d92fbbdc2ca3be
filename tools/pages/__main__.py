"""Builds the course as static pages: `python -m tools.pages`, or `make site`. Nothing is executed and nothing is
fetched; the pages ask for nothing outside.
No lesson teaches it. Read `build` first; then lessons.py (what becomes of a notebook) and landing.py (the first
page)."""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import nbformat
import yaml

from course.explorers import front_end
from grader.lessons.build import built_paths
from grader.lessons.cells import Lesson, plain_number
from grader.lessons.glossary import read_terms
from grader.lessons.notebooks import as_text
from grader.lessons.reading import find_lesson, lesson_folders
from tools.pages.alive import SCRIPTS, Alive
from tools.pages.landing import CARD, PARTS, cover, landing, question_of
from tools.pages.lessons import for_the_page

ROOT = Path(__file__).resolve().parents[2]
STATIC = Path(__file__).parent / "static"
OUT = ROOT / "site"
UNKNOWN = "ADDRESS-OF-THIS-COURSE"  # where nobody says what to clone
MARK = ".made-by-make-site"  # a folder without it is somebody else's, and is not deleted
TITLE = "Landscape of Loss"
ABOUT = (
    "A course in deep learning that grades itself: notebooks from tensors to ethics, with figures to play with "
    "in the page."
)


@dataclass(frozen=True)
class Page:
    """What the head of a page says: its description, and the words that name it."""

    title: str
    about: str


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, prog="python -m tools.pages")
    reader.add_argument(
        "--to", type=Path, default=OUT, help="the folder that the site is written into, new or made by this command"
    )
    reader.add_argument(
        "--no-solutions",
        action="store_true",
        help="for who teaches a graded class: no solution and no quiz's key is on any page",
    )
    asked = reader.parse_args()
    try:
        build(
            asked.to,
            solutions=not asked.no_solutions,
            address=os.environ.get("SITE_URL", ""),
            repository=os.environ.get("SITE_REPOSITORY", UNKNOWN),
        )
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"the site is in {asked.to}: open index.html, or put the folder on any web server")
    return 0


class BuildFailed(Exception):
    """The site was not made; says why."""


def build(out: Path, solutions: bool = True, address: str = "", repository: str = UNKNOWN) -> None:
    """Writes the site into a folder. address: where it will be published, which only the card that other pages show
    of it needs. repository: what the first page says to clone."""
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise BuildFailed(
            f"{out} holds files that are not this site's; wanted a new or empty folder, or one that this command made"
        )
    lessons = [find_lesson(folder.name, ROOT) for folder in lesson_folders(ROOT)]
    alive = Alive()
    with tempfile.TemporaryDirectory(prefix="site-") as temporary:
        source = Path(temporary) / "source"
        for lesson in lessons:
            executed = nbformat.read(_executed(lesson), as_version=4)
            _write(
                source / lesson.folder / f"{lesson.name}.ipynb",
                as_text(for_the_page(lesson, executed, alive, solutions)),
            )
        _write(source / "glossary.md", (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8"))
        _write(source / "lessons.md", contents(lessons))
        _write(source / "_toc.yml", yaml.safe_dump(table_of_contents(lessons)))
        _write(source / "_config.yml", yaml.safe_dump(CONFIG))
        for lesson in lessons:
            shutil.copy(cover(lesson.folder), _folder(source / "_static" / "covers"))
        shutil.copy(STATIC / "favicon.svg", source / "_static")
        _write(
            source / "_static" / "site.css",
            front_end("shared.css") + "\n" + (STATIC / "site.css").read_text(encoding="utf-8"),
        )
        _write(
            source / "_static" / "site.js",
            front_end("page.js") + "\n" + (STATIC / "alive.js").read_text(encoding="utf-8"),
        )
        made = _by_jupyter_book(source, Path(temporary) / "out")
        _mathjax(made / "_static" / "mathjax")
        shutil.copy(CARD, made / "_static" / "card.png")
        _write(made / "index.html", landing(lessons, alive, repository))
        alive.write(made / SCRIPTS)
        _finish(made, lessons, address)
        _write(made / MARK, "")
        _write(made / ".nojekyll", "")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)


CONFIG = {
    "title": TITLE,
    "author": "",
    "copyright": "",
    "logo": "",
    "execute": {"execute_notebooks": "off"},
    "html": {
        "favicon": "_static/favicon.svg",
        "use_repository_button": False,
        "home_page_in_navbar": True,
        "extra_footer": "<p>Code under the MIT licence, text under CC BY 4.0.</p>",
    },
    "launch_buttons": {"notebook_interface": "classic", "thebe": False, "binderhub_url": "", "colab_url": ""},
    "sphinx": {
        "config": {
            "mathjax_path": "mathjax/tex-chtml.js",
            "html_copy_source": False,
            "html_show_sourcelink": False,
            "myst_heading_anchors": 3,
            "suppress_warnings": ["mystnb.unknown_mime_type"],
            "html_theme_options": {
                "use_download_button": False,
                "use_source_button": False,
                "use_fullscreen_button": False,
                "show_toc_level": 2,
                "logo": {"text": TITLE},
                "navigation_with_keys": False,
                "navbar_persistent": [],
            },
            "html_context": {"default_mode": "auto"},
        }
    },
}


def table_of_contents(lessons: list[Lesson]) -> dict:
    """The list at the side, lessons in their parts with their minutes."""
    parts = [
        {
            "caption": part,
            "chapters": [
                {
                    "file": f"{lesson.folder}/{lesson.name}",
                    "title": f"{lesson.number:02d} {lesson.title}, {plain_number(lesson.minutes)} min",
                }
                for lesson in lessons
                if least < lesson.number <= most
            ],
        }
        for part, least, most in PARTS
    ]
    return {
        "format": "jb-book",
        "root": "lessons",
        "parts": [
            part for part in [*parts, {"caption": "Words", "chapters": [{"file": "glossary"}]}] if part["chapters"]
        ],
    }


def contents(lessons: list[Lesson]) -> str:
    """The page that lists the lessons, as Markdown."""
    lines = [
        "# The lessons",
        "",
        "Each page is a whole lesson: read it, play with its figures, answer its quiz. To solve the exercises and have "
        "them checked, "
        'take the course to your own machine: <a href="index.html#take-it-home">how</a>.',
        "",
    ]
    for part, least, most in PARTS:
        rows = [lesson for lesson in lessons if least < lesson.number <= most]
        lines += [f"## {part}", ""] if rows else []
        for lesson in rows:
            lines += [
                f"**[{lesson.number:02d} {lesson.title}]({lesson.folder}/{lesson.name}.ipynb)**, about "
                f"{plain_number(lesson.minutes)} minutes. {question_of(lesson)}",
                "",
            ]
    return "\n".join(lines)


def _by_jupyter_book(source: Path, out: Path) -> Path:
    """The pages as Jupyter Book makes them; a warning, such as a link that leads nowhere, is an error."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        str(source),
        "--path-output",
        str(out),
        "-W",
        "--keep-going",
        "-q",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    pages = out / "_build" / "html"
    if done.returncode or not pages.is_dir():
        raise BuildFailed(f"Jupyter Book made no site:\n{(done.stdout + done.stderr)[-4000:]}")
    return pages


def _mathjax(folder: Path) -> None:
    """MathJax, from the package that carries it, as far as the pages load it: one script, its fonts, and what it
    loads for who reads by ear."""
    found = Path(find_spec("mathjax").submodule_search_locations[0]) / "static" / "mathjax" / "es5"
    for name in ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions", "a11y", "sre"):
        if (found / name).is_dir():
            shutil.copytree(found / name, folder / name)
        else:
            shutil.copy(found / name, _folder(folder))


def _finish(made: Path, lessons: list[Lesson], address: str) -> None:
    """What Jupyter Book does not write: a description and a card for each page, and beside each word of the glossary
    what it means."""
    terms = {term.anchor: term.text for term in read_terms(ROOT)[0]}
    pages = {f"{lesson.folder}/{lesson.name}.html": Page(lesson.title, question_of(lesson)) for lesson in lessons}

    def explained(link: re.Match[str]) -> str:
        text = terms.get(link["anchor"])
        return f'{link[0]} data-means="{html.escape(text)}"' if text else link[0]

    for file in made.rglob("*.html"):
        name = file.relative_to(made).as_posix()
        page, up = pages.get(name, Page(TITLE, ABOUT)), "../" * name.count("/")
        text = file.read_text(encoding="utf-8")
        text = re.sub(r'href="(?:\.\./)?glossary\.html#(?P<anchor>[a-z0-9-]+)"', explained, text)
        # it asks for a kernel elsewhere
        text = re.sub(
            r"<script[^>]*>[^<]*thebe[^<]*</script>|<script[^>]*sphinx-thebe[^>]*></script>",
            "",
            text,
            flags=re.IGNORECASE,
        )
        text = text.replace("</head>", f"{_head(page, up, address, name)}</head>", 1)
        file.write_text(text, encoding="utf-8")


def _head(page: Page, up: str, address: str, name: str) -> str:
    about, title = html.escape(page.about), html.escape(page.title if page.title == TITLE else f"{page.title}, {TITLE}")
    card = f"{address.rstrip('/')}/_static/card.png" if address else f"{up}_static/card.png"
    lines = [
        f'<meta name="description" content="{about}">',
        f'<meta property="og:title" content="{title}">',
        f'<meta property="og:description" content="{about}">',
        '<meta property="og:type" content="website">',
        f'<meta property="og:image" content="{card}">',
        '<meta name="twitter:card" content="summary_large_image">',
        f'<link rel="icon" type="image/svg+xml" href="{up}_static/favicon.svg">',
    ]
    if address:
        lines.append(f'<meta property="og:url" content="{address.rstrip("/")}/{name}">')
    return "\n".join([*lines, ""])


def _executed(lesson: Lesson) -> Path:
    solved, _ = built_paths(lesson, ROOT)
    if not solved.is_file():
        raise BuildFailed(
            f"{solved} is missing, and the site is made of executed notebooks; run: grader build {lesson.number:02d}"
        )
    return solved


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _write(path: Path, text: str) -> None:
    _folder(path.parent)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
