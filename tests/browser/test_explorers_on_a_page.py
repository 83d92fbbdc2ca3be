"""All explorers on a page without a kernel: the same words as Python's, one form at every width, light and dark, by
mouse, keys and fingers. What an explorer is on such a page: `Explorer.page`. Those in JupyterLab are in
test_explorers_in_the_lab.py. Read conftest.py beside this first."""

import json
import re

import pytest
from test_accessibility import serious

from benchmarks.explorers import EXPLORERS
from course import data
from course.explorers.adversaries import attack_explorer
from course.explorers.convolutions import kernel_explorer
from course.explorers.ethics import threshold_explorer
from course.explorers.gans import breeding_explorer, ring_explorer
from course.explorers.lines import line_explorer
from course.explorers.networks import network_explorer
from course.explorers.tables import map_explorer

pytestmark = pytest.mark.slow

BODY = "body { margin: 0; background: #fff } @media (prefers-color-scheme: dark) { body { background: #14171b } }"
AT_1024 = 584  # pixels that an output has in JupyterLab on a screen of 1024, the table of contents open
VISIBLE = 640  # and how many of a notebook one sees there
PLAY = """() => {
  for (const node of document.querySelectorAll(".explorer input[type=range], .explorer-controls button")) {
  if (node.disabled || /Reset|Copy|Play|Run|Learn$|start|again/.test(node.textContent)) continue;
  if (node.tagName === "BUTTON") node.click(); else { node.value = node.max; node.dispatchEvent(new Event("input")); }
} }"""


def made(name: str):
    names = {}
    exec(EXPLORERS[name][0], names)
    return names["explorer"]


def shown(page, explorer, width: int = 960, **media):
    """The explorer on a page, its body so many pixels wide; its frame."""
    page.set_viewport_size({"width": width, "height": 800})
    if media:
        page.emulate_media(**media)
    page.set_content(explorer.page(BODY))
    page.locator(".explorer-words").filter(has_text=".").wait_for()
    page.wait_for_timeout(250)
    return page.locator(".explorer")


def both_say(page, explorer, *names: str) -> str:
    """What the page says, which must be what Python says of the same state (and of what came of it, `names`)."""
    for _ in range(60):  # a page that has something to compute says so a little later
        page.wait_for_timeout(150)
        for name in (*explorer.STATE, *names):
            setattr(explorer, name, page.evaluate(f"model.get('{name}')"))
        said = page.locator(".explorer-words").inner_text()
        if said == explorer.sentence():
            break
    assert said == explorer.sentence()
    return said


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_has_one_form_from_a_screen_of_1440_to_a_telephone(page, name):
    explorer = made(name)
    frame = shown(page, explorer, 1440)
    assert page.locator(".explorer-words").inner_text() == explorer.sentence()
    assert [
        button.inner_text()
        for button in frame.get_by_role("button").filter(has_text=re.compile("^(Reset|Copy state)$")).all()
    ] == ["Reset", "Copy state"]
    panels = page.locator(".explorer-row > *")
    for width in (1440, AT_1024, 560, 559, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(250)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"nothing hangs over at {width}"
        first, second = (panels.nth(place).bounding_box() for place in (0, 1))
        if name != "01-tensors":  # its pictures are three, in one row of their own
            assert (first["y"] == second["y"]) == (width >= 560), (
                f"side by side down to 560, one above the other below: {width}"
            )
        if width == AT_1024:
            assert frame.bounding_box()["height"] <= VISIBLE
    words, controls = (page.locator(part).last.bounding_box()["y"] for part in (".explorer-say", ".explorer-controls"))
    assert words > controls


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_that_is_played_with_reads_well_in_light_and_dark_jumps_nowhere_and_is_reset(page, name):
    explorer = made(name)
    frame = shown(page, explorer, AT_1024, color_scheme="light", reduced_motion="reduce")
    at_first, height = page.locator(".explorer-words").inner_text(), frame.bounding_box()["height"]
    page.evaluate(PLAY)
    page.wait_for_timeout(400)
    assert page.locator(".explorer-words").inner_text() != at_first
    assert frame.bounding_box()["height"] == height
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(100)
        assert serious(page, ".explorer") == []
        paper = frame.locator(".explorer-inside").evaluate("(node) => getComputedStyle(node).backgroundColor")
        assert (max(map(int, re.findall(r"\d+", paper)[:3])) < 60) == (scheme == "dark"), paper
    page.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(300)
    assert {trait: page.evaluate(f"model.get('{trait}')") for trait in explorer.STATE} == explorer.at_first
    if name != "06-dropout":  # where a pass is drawn by lot
        assert page.locator(".explorer-words").inner_text() == at_first


def test_a_copied_state_opens_the_explorer_as_it_was(page):
    explorer = line_explorer(*data.paint_splatter())
    shown(page, explorer)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } "
        "} })"
    )
    page.get_by_role("slider", name="right end of the line").press("Shift+ArrowUp")
    page.get_by_role("button", name="From above").click()
    page.get_by_role("button", name="Copy state").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("window.copied")
    again = eval(f"line_explorer(*data.paint_splatter(), {copied})")
    assert again.sentence() == page.locator(".explorer-words").inner_text() and again.view == "map"


def test_the_main_button_and_what_is_chosen_are_told_apart(page):
    frame = shown(page, network_explorer())
    colours = {
        frame.locator(part).first.evaluate("(node) => getComputedStyle(node).backgroundColor")
        for part in ("button.first", "button[aria-pressed=true]", "button[aria-pressed=false]")
    }
    assert len(colours) == 3


def test_jupyterlabs_theme_counts_more_than_the_systems(page):
    frame = shown(page, line_explorer(*data.paint_splatter()), color_scheme="dark")
    assert "dark" in frame.get_attribute("class")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.wait_for_timeout(100)
    assert "dark" not in frame.get_attribute("class")


@pytest.mark.parametrize("height", [-400, 900])
def test_a_handle_that_is_dragged_out_of_the_picture_stays_on_the_line(page, height):
    frame = shown(page, line_explorer(*data.paint_splatter()))
    end = frame.get_by_role("slider", name="right end of the line")
    box = end.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, height, steps=8)
    page.mouse.up()
    page.wait_for_timeout(100)
    for name in ("left end of the line", "right end of the line"):
        place = frame.get_by_role("slider", name=name).evaluate("""(node) => {
            const [, x, y] = node.getAttribute("transform").match(/([-\\d.]+) ([-\\d.]+)/).map(Number);
            const line = node.ownerSVGElement.querySelector("line[style]"),
              at = (name) => Number(line.getAttribute(name));
            return [y, at("y1") + (x - at("x1")) * (at("y2") - at("y1")) / (at("x2") - at("x1"))]; }""")
        assert place[0] == pytest.approx(place[1], abs=0.5)
    frame.get_by_role("slider", name="the line as a point").press("Shift+ArrowRight")
    for _ in range(60):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(100)
    assert "has left the map" in page.locator(".explorer-words").inner_text()


def test_a_finger_drags_the_line_and_a_page_still_scrolls_beside_it(browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    frame = shown(page, line_explorer(*data.paint_splatter()), 390)
    box, before = (
        frame.get_by_role("slider", name="right end of the line").bounding_box(),
        page.locator(".explorer-words").inner_text(),
    )
    x, y, fingers = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, page.context.new_cdp_session(page)
    for kind, up in (("touchStart", 0), ("touchMove", 15), ("touchMove", 30), ("touchEnd", None)):
        fingers.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if up is None else [{"x": x, "y": y - up}]}
        )
    page.wait_for_timeout(150)
    assert page.locator(".explorer-words").inner_text() != before
    assert (
        frame.locator(".explorer-panel")
        .first.evaluate("(node) => getComputedStyle(node).touchAction")
        .startswith("pan-y")
    )
    context.close()


def test_a_kernel_is_edited_and_its_window_moved_and_both_languages_say_the_same(page):
    explorer = kernel_explorer(data.photograph(), credit="Photograph: danielbuechele, CC BY 2.0")
    frame = shown(page, explorer)
    at_first = both_say(page, explorer)
    for name in explorer.presets:
        frame.get_by_role("button", name=name, exact=True).click()
        assert f'"{name}"' in both_say(page, explorer)
    field = frame.get_by_label("row 2, column 2 of the kernel")
    field.fill("2.5")
    assert "of your own" in both_say(page, explorer)
    field.fill("")
    page.wait_for_timeout(100)
    assert "A field is empty" in page.locator(".explorer-words").inner_text()
    frame.get_by_role("button", name="outline", exact=True).click()
    assert both_say(page, explorer) == at_first
    products = [
        float(text.replace("\u2212", "-"))
        for text in frame.locator(".explorer-nine").nth(2).locator("div").all_inner_texts()
    ]
    assert sum(products) == pytest.approx(
        float(frame.locator(".explorer-sum b").inner_text().replace("\u2212", "-")), abs=0.05
    )

    place = frame.get_by_role("slider")
    place.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert "Over row 116, column 159" in both_say(page, explorer)
    box = place.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + 2)
    assert "Over row 1, column 1 " in both_say(page, explorer)


def test_for_many_pairs_of_cuts_both_languages_say_the_same(page):
    explorer = threshold_explorer(data.compas())
    frame = shown(page, explorer)
    for black in (1, 6, 11):
        for white in (1, 4, 5, 11):
            page.evaluate(f"model.set('cuts', {json.dumps({'Black': black, 'White': white})})")
            assert f"White, high from {white}:" in both_say(page, explorer)
    chart = frame.locator("svg[role=group]").first.bounding_box()
    handle = frame.get_by_role("slider", name="cut for Black").locator("circle").last.bounding_box()
    assert handle["x"] + handle["width"] <= chart["x"] + chart["width"], "the last cut stays in its frame"


def test_cuts_are_moved_by_mouse_by_keys_and_by_a_strategy(page):
    explorer = threshold_explorer(data.compas())
    frame = shown(page, explorer)
    handle = frame.get_by_role("slider", name="cut for Black")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert "Black, high from 6:" in both_say(page, explorer)
    frame.get_by_role("button", name="False positives").click()
    assert "White, high from 4:" in both_say(page, explorer) and "false positives, false negatives" in both_say(
        page, explorer
    )
    assert frame.get_by_role("button", name="False positives").get_attribute("aria-pressed") == "true"

    place = frame.get_by_role("slider", name="cut for White").bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + 40)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 2 + 140, place["y"] + 40, steps=8)
    page.mouse.up()
    assert page.evaluate("model.get('cuts').White") > 6
    frame.get_by_role("button", name="Fewest errors").click()
    both_say(page, explorer)
    assert all(
        sum(explorer.people[group][0][cut - 1 :]) + sum(explorer.people[group][1][: cut - 1])
        == min(
            sum(explorer.people[group][0][other - 1 :]) + sum(explorer.people[group][1][: other - 1])
            for other in range(1, 12)
        )
        for group, cut in explorer.cuts.items()
    )
    frame.get_by_role("button", name="Both at 5").click()
    assert "none of the three" in both_say(page, explorer)


def test_the_ring_is_played_step_by_step_and_told_in_the_same_words(page):
    explorer = ring_explorer()
    frame = shown(page, explorer, 960, reduced_motion="reduce")
    results = ("steps", "served", "judged", "fooled")
    assert "Nobody has learned anything yet" in both_say(page, explorer, *results)
    frame.get_by_role("button", name="One step").click()
    assert both_say(page, explorer, *results).startswith("After 1 step the generator serves")
    frame.get_by_role("button", name="Play").click()
    assert both_say(page, explorer, *results).startswith("After 301 steps the generator serves")
    frame.get_by_role("slider", name="piles").press("Home")
    assert "of 1 pile." in both_say(page, explorer, *results)


def test_a_family_is_bred_by_keys_and_a_child_becomes_a_parent(page):
    explorer = breeding_explorer()
    frame = shown(page, explorer)
    frame.get_by_role("button", name="Mutate").click()
    frame.get_by_role("button", name="Keep the child").click()
    both_say(page, explorer)
    frame.get_by_role("button", name=re.compile("number 7, of 3 and 8")).focus()
    page.keyboard.press("m")
    assert both_say(page, explorer).startswith(
        "The mother is number 7, of 3 and 8"
    ) and "7 members in 2 generations" in both_say(page, explorer)


def test_a_network_is_watched_slowly_and_noise_moves_the_drops_in_both_languages(page):
    explorer = network_explorer()
    frame = shown(page, explorer)
    results = ("steps", "right", "right_of_others")
    frame.get_by_role("button", name="slow").click()
    frame.get_by_role("button", name="Learn").click()
    page.wait_for_timeout(1500)
    frame.get_by_role("button", name="Pause").click()
    both_say(page, explorer, *results)
    assert 1 <= explorer.steps <= 12, "slow is a few steps a second"
    frame.get_by_role("slider", name="noise").press("End")
    page.wait_for_timeout(150)
    assert "learned nothing yet" in both_say(page, explorer, *results) and explorer.noise == 0.5


def test_the_map_is_trained_on_the_page_and_says_what_python_says_of_it(page):
    explorer = map_explorer(data.shops())
    shown(page, explorer, reduced_motion="reduce")
    before = explorer.off_by()
    page.get_by_role("button", name="Train").click()
    trained = both_say(page, explorer)
    assert explorer.off_by() < 0.2 * before
    page.get_by_role("slider", name="Saturday").press("Shift+ArrowUp")
    assert both_say(page, explorer) != trained
    for begin in ("near the middle", "far apart"):
        page.get_by_role("button", name=begin).click()
        both_say(page, explorer)
        page.get_by_role("button", name="Train").click()
        both_say(page, explorer)
        assert explorer.off_by() < 0.2 * before, begin


def test_a_shop_that_is_dragged_is_the_one_whose_week_is_shown(page):
    explorer = map_explorer(
        data.shops(), state={"shops": [[-1.2 + 0.48 * (at % 6), 1.2 - 0.7 * (at // 6)] for at in range(24)]}
    )
    shown(page, explorer)
    dot = page.locator("svg [role=slider][aria-label^='Shop 5,']")
    box = dot.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + 60, steps=4)
    page.mouse.up()
    assert "Shop 5," in both_say(page, explorer)
    assert explorer.chosen == 4 and explorer.shops[4][1] < 1 and explorer.shops[3][1] == 1.2


@pytest.mark.parametrize("network", ["ordinary", "hardened"])
def test_the_attack_in_the_browser_is_pythons_to_the_last_pixel(page, network):
    explorer = attack_explorer()
    frame = shown(page, explorer)
    frame.get_by_role("button", name=network).click()
    for digit, steps, epsilon in ((8, "1", 0.1), (3, "5", 0.2), (0, "20", 0.3)):
        frame.get_by_role("group", name="digit").get_by_role("button", name=str(digit)).click()
        frame.get_by_role("group", name="steps").get_by_role("button", name=steps, exact=True).click()
        page.evaluate(f"model.set('epsilon', {epsilon})")
        assert f"no pixel further than {epsilon:.2f}" in both_say(page, explorer)
        pictures = page.evaluate("model.attack.pictures.map((picture) => Array.from(picture))")
        for came, wanted in zip(pictures, explorer.pictures().values(), strict=True):
            assert came == pytest.approx(wanted.flatten().tolist(), abs=1e-9)
