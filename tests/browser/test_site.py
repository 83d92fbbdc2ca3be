"""The course as static pages (`make site`): built once, every link followed, every explorer moved, nothing asked of
anybody else, read by axe. Read tools/pages/__main__.py first."""

import functools
import http.server
import re
import threading
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from shared import LESSONS
from test_accessibility import serious

from tools.pages.__main__ import MARK, BuildFailed, build
from tools.pages.alive import Alive
from tools.pages.lessons import ADDED, explorer_of, for_the_page

pytestmark = pytest.mark.slow
PAGES = {folder: f"{folder}/{lesson.name}.html" for folder, lesson in LESSONS.items()}
MOVE = """(place) => {
  const nodes = [...place.querySelectorAll("input[type=range], .explorer-controls button, input[type=radio]")];
  for (const node of nodes) {
    if (node.disabled || /Reset|Copy|Play|Run|Learn$|start|again/.test(node.textContent)) continue;
    if (node.type === "radio" || node.tagName === "BUTTON") node.click(); else { node.value = node.max;
    node.dispatchEvent(new Event("input")); }
  } }"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site's folder, built as `make site` does."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build(folder)
    return folder


@pytest.fixture(scope="session")
def address(site):
    """Where a web server gives it out."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


class Links(HTMLParser):
    """What a page links to and loads, and the names that links can end in."""

    def __init__(self, text: str):
        super().__init__()
        self.links, self.names = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names |= {found[name] for name in ("id", "name") if found.get(name)}
        self.links += [found[name] for name in ("href", "src") if found.get(name)]


def test_every_link_and_every_anchor_leads_somewhere(site):
    pages = {
        page.relative_to(site).as_posix(): Links(page.read_text(encoding="utf-8"))
        for page in site.rglob("*.html")
        if "_static" not in page.parts
    }
    assert set(PAGES.values()) | {"index.html", "lessons.html", "glossary.html", "search.html"} <= set(pages)
    nowhere, followed = [], 0
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(urljoin(f"http://site/{name}", link))
            if parts.netloc != "site" or parts.scheme != "http":
                continue
            path, followed = unquote(parts.path).lstrip("/") or "index.html", followed + 1
            isthere = (site / path).is_file()
            if not isthere or (parts.fragment and path in pages and unquote(parts.fragment) not in pages[path].names):
                nowhere.append(f"{name}: {link}")
    assert nowhere == [] and followed > 1000


@pytest.mark.parametrize("name", ["index.html", "lessons.html", "glossary.html", *PAGES.values()])
def test_a_page_asks_for_nothing_outside_and_what_is_on_it_moves(page, address, name):
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(address + name)
    places = page.locator(".alive")
    expected = {"index.html": 2, "lessons.html": 0, "glossary.html": 0}
    lesson = next((LESSONS[folder] for folder, of in PAGES.items() if of == name), None)
    wanted = (
        expected[name]
        if lesson is None
        else sum(cell.role == "explorer" or bool(cell.questions) for cell in lesson.cells) + (lesson.folder in ADDED)
    )
    assert places.count() == wanted
    for place in places.all():
        said = place.locator(".explorer-words, .quiz-sum").last
        said.filter(has_text=".").wait_for()
        before = said.inner_text()
        place.evaluate(MOVE)
        page.wait_for_timeout(400)
        assert said.inner_text() != before, place.get_attribute("id")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == [] and errors == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", PAGES["02-lines"]])
def test_the_first_page_and_a_lesson_have_no_serious_violation(browser, address, name, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(address + name)
    page.locator(".explorer-words").first.filter(has_text=".").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.wait_for_timeout(300)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_first_page_is_light_and_shows_its_landscape_at_once(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sizes = []
    page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", 0))))
    page.goto(address)
    page.locator("#play-landscape .explorer-words").filter(has_text=".").wait_for(timeout=2000)
    page.wait_for_load_state("networkidle")
    assert 100_000 < sum(sizes) < 1_000_000
    context.close()


def test_a_link_to_a_state_opens_the_explorer_in_it(page, address):
    page.goto(address + PAGES["02-lines"])
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } "
        "} })"
    )
    words = page.locator("#play-02-lines-1 .explorer-words")
    words.filter(has_text=".").wait_for()
    page.get_by_role("slider", name="right end of the line").press("Shift+ArrowUp")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    said, link = words.inner_text(), page.evaluate("window.copied")
    page.goto("about:blank")
    page.goto(link)
    words.filter(has_text=".").wait_for()
    page.wait_for_timeout(300)
    assert words.inner_text() == said
    page.goto("about:blank")
    page.goto(re.sub("=.*", "=%7B%22slope%22:%22steep%22%7D", link))  # a state that no explorer can be in
    words.filter(has_text=".").wait_for()
    assert "NaN" not in words.inner_text() and "steep" not in words.inner_text()


def test_a_page_that_is_opened_as_a_file_lives_too(page, site):
    page.goto((site / PAGES["02-lines"]).as_uri())
    page.locator("#play-02-lines-1 .explorer-words").filter(has_text=".").wait_for()


def test_a_quiz_is_answered_and_a_word_says_what_it_means(page, address):
    page.goto(address + PAGES["05-convolutions"])
    quiz = page.locator("#play-05-convolutions-reading")
    quiz.get_by_role("radio").first.check()
    quiz.get_by_text("Another answer fits better").wait_for()
    word = page.locator("a[data-means]").first
    assert "small block of numbers" in page.locator("a[data-means][href$='#kernel']").first.get_attribute("data-means")
    word.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert word.evaluate("(node) => getComputedStyle(node, '::after').content").strip('"') == word.get_attribute(
        "data-means"
    )


def test_solutions_and_hints_are_closed(page, address):
    page.goto(address + PAGES["05-convolutions"])
    for title in ("One solution", "How it is checked"):
        assert page.get_by_text(title, exact=True).count() == len(LESSONS["05-convolutions"].exercises)
    assert (
        not page.get_by_text("Hint 1", exact=True).first.is_visible()
        and page.locator("details.closed[open]").count() == 0
    )


def test_without_solutions_neither_answers_nor_keys_are_on_a_page():
    import nbformat
    from shared import ROOT

    for lesson in LESSONS.values():
        read = nbformat.read(ROOT / "solutions" / lesson.folder / f"{lesson.name}.ipynb", as_version=4)
        text = "\n".join(cell.source for cell in for_the_page(lesson, read, Alive(), solutions=False).cells)
        assert (
            "One solution" not in text
            and '"because"' not in text
            and "HIDDEN TESTS" not in text
            and "BEGIN SOLUTION" not in text
        )
        assert "How it is checked" in text


def test_an_explorer_is_made_of_the_lines_that_it_needs():
    lesson = LESSONS["08-augmentation"]
    cell = next(cell for cell in lesson.cells if cell.role == "explorer")
    assert explorer_of(lesson, cell).sentence()
    with pytest.raises(ValueError, match="shows no explorer on a page"):
        explorer_of(
            lesson, next(cell for cell in lesson.cells if cell.role == "demo" and "explorer" not in cell.source)
        )


def test_somebody_elses_folder_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BuildFailed, match="not this site's"):
        build(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine" and not (tmp_path / MARK).exists()
