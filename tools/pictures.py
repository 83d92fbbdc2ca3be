"""The README's pictures: the real explorers, in a real browser, at twice the size, cropped to the explorer.
No lesson; `python -m tools.pictures` makes them anew into docs/pictures/ when an explorer's looks have changed.
Read course/explorers/__init__.py first."""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from course import data
from course.explorers import Explorer
from course.explorers.descent import descent_explorer
from course.explorers.lines import line_explorer
from course.explorers.tensors import broadcast_explorer

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LARGEST = 300_000  # bytes a picture, so that the README opens at once
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What other pages show of a link to the course: its name above the pictures of an explorer, and nothing to click.
CARD = """body { margin: 0; height: 578px; padding: 26px 64px; background: #fff; overflow: hidden }
  #stage { width: 1072px }
body::before { content: "Landscape of Loss"; font: 700 56px system-ui, "DejaVu Sans", sans-serif; color: #00224e }
body::after { content: "a course in deep learning that grades itself"; font: 27px system-ui, "DejaVu Sans",
sans-serif; color: #5a626b }
.explorer { max-width: none } .explorer-inside { border: 0; padding: 0 } .explorer :is(.explorer-facts,
.explorer-controls, .explorer-legend, .explorer-say) { display: none }"""

# A walk of the line such as a hand would make it: round the bowl and inwards.
SPIRAL = """async ([slope, intercept]) => {
  for (let step = 0; step < 62; step++) {
    const size = Math.exp(-step / 36), angle = step / 9.5;
    window.model.set("slope", slope + 1.05 * size * Math.cos(angle));
    window.model.set("intercept", intercept - 1.1 * size * Math.cos(angle - 0.75));
    await new Promise((done) => requestAnimationFrame(done));
  }
}"""


def stage(page: Page, explorer: Explorer) -> None:
    """Put an explorer on an empty page and wait until it is drawn."""
    page.set_content(explorer.page("body { margin: 24px; background: #fff; width: 980px }"))
    page.locator(".explorer").wait_for()
    page.wait_for_timeout(400)


def keep(page: Page, name: str, part: str = ".explorer") -> None:
    """Store the picture of a part of the page, the explorer, in 256 colours of its own, dithered: at this size nobody
    sees it, and it halves the file. Raises ValueError when it is too large for a README all the same."""
    page.wait_for_timeout(800)
    taken, stored = Image.open(io.BytesIO(page.locator(part).screenshot())).convert("RGB"), io.BytesIO()
    palette = taken.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=3)
    kept = taken.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    # The mean of white and its soft edges is not white: the paper has to be, or it shows on the README's own.
    shades, paper = kept.getpalette(), 3 * max(kept.getcolors())[1]
    shades[paper : paper + 3] = [255, 255, 255]
    kept.putpalette(shades)
    kept.save(stored, "png", optimize=True)
    if len(stored.getvalue()) > LARGEST:
        raise ValueError(f"{name} takes {len(stored.getvalue())} bytes, wanted at most {LARGEST}")
    (FOLDER / f"{name}.png").write_bytes(stored.getvalue())
    print(f"{name}.png  {taken.width} x {taken.height}  {len(stored.getvalue()) // 1000} kB")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    dots = data.paint_splatter()
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page(viewport={"width": 1040, "height": 900}, device_scale_factor=2)

        explorer = line_explorer(
            *dots, *(part + shift for part, shift in zip(line_explorer(*dots).best, (1.05, -0.8), strict=False))
        )
        stage(page, explorer)
        page.evaluate(SPIRAL, list(explorer.best))
        keep(page, "landscape")

        page.set_viewport_size({"width": 1200, "height": 630})
        page.set_content(explorer.page(CARD))
        page.locator(".explorer").wait_for()
        page.wait_for_timeout(400)
        page.evaluate(SPIRAL, list(explorer.best))
        keep(page, "card", "body")
        page.set_viewport_size({"width": 1040, "height": 900})

        stage(page, descent_explorer(*dots, learning_rate=0.03, momentum=0.9))
        for _ in range(13):
            page.get_by_role("button", name="Step").click()
        keep(page, "descent")

        stage(page, broadcast_explorer())
        keep(page, "broadcast")
        browser.close()


if __name__ == "__main__":
    main()
