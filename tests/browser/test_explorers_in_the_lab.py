"""The explorers as learners meet them: in JupyterLab, by mouse and by keyboard, answering within 100 ms.
Those on a page without a kernel are in test_explorers_on_a_page.py. Read conftest.py beside this first."""

import re
from statistics import median

import pytest
from playwright.sync_api import expect

from conftest import run_cell, until_run

pytestmark = pytest.mark.slow
ANSWER_WITHIN = 100  # milliseconds from an input to the frame that shows it, the median of some twenty

# Fire an input, wait until the frame that shows it has been handed to the screen, twenty times.
LATENCY = """async (node) => {
  const times = [];
  for (let turn = 0; turn < 20; turn++) {
    const started = performance.now();
    ACT;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - started);
  }
  return times;
}"""


@pytest.fixture
def explorer(lab, page):
    """Open an explorer in a notebook of its own: explorer(name, code) gives its frame on the page."""

    def opened(name: str, code: str):
        lab.run(page, lab.notebook(name, f"{code}\nexplorer", "print(f'state: {explorer.sentence()}')"))
        frame = page.locator(".explorer").first
        frame.wait_for(timeout=120_000)
        frame.scroll_into_view_if_needed()
        return frame

    return opened


def words(frame) -> str:
    return frame.locator(".explorer-words").inner_text()


def pythons_words(page) -> str:
    """Run the last cell again: what Python says the explorer shows."""
    cell = page.locator(".jp-CodeCell").last
    before = cell.locator(".jp-InputPrompt").inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    until_run(page, cell, before)
    return re.search(r"state: (.*)", cell.locator(".jp-OutputArea").inner_text()).group(1)


def test_a_line_is_dragged_by_mouse_and_keys_and_told_in_words(explorer, page):
    frame = explorer(
        "lines",
        "from course import data\nfrom course.explorers.lines import line_explorer\n"
        "explorer = line_explorer(*data.paint_splatter())",
    )
    at_first = words(frame)
    assert at_first == pythons_words(page)

    end = frame.get_by_role("slider", name="right end of the line")
    box = end.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=6)
    page.mouse.up()
    dragged = words(frame)
    assert dragged != at_first

    end.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "([node, text]) => node.textContent !== text", arg=[frame.locator(".explorer-words").element_handle(), dragged]
    )
    assert words(frame) == pythons_words(page)

    frame.get_by_role("button", name="Show least squares").click()
    page.wait_for_timeout(100)
    assert "no line has less" in words(frame) and words(frame) == pythons_words(page)

    ball = frame.get_by_role("slider", name="the line as a point on the landscape")
    ball.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(100)
    assert "no line has less" not in words(frame)

    frame.get_by_role("button", name="From above").click()
    page.wait_for_timeout(900)
    place = frame.locator("canvas").bounding_box()
    before = words(frame)
    page.mouse.click(place["x"] + 0.6 * place["width"], place["y"] + 0.3 * place["height"])
    page.wait_for_timeout(100)
    assert words(frame) != before and words(frame) == pythons_words(page)

    press = "node.dispatchEvent(new KeyboardEvent('keydown', { key: turn % 2 ? 'ArrowUp' : 'ArrowDown' }))"
    times = end.evaluate(LATENCY.replace("ACT", press))
    assert median(times) < ANSWER_WITHIN, times


def test_a_ball_rolls_down_and_too_high_a_rate_is_told_in_words(explorer, page):
    frame = explorer(
        "descent",
        "from course import data\nfrom course.explorers.descent import descent_explorer\n"
        "explorer = descent_explorer(*data.paint_splatter())",
    )
    assert words(frame) == pythons_words(page)
    frame.get_by_role("button", name="Step").click()
    page.wait_for_timeout(100)
    assert words(frame).startswith("After 1 step, which looked at 200 rows,") and words(frame) == pythons_words(page)

    page.emulate_media(reduced_motion="reduce")
    frame.get_by_role("button", name="Run").click()
    page.wait_for_timeout(200)
    assert "at the bottom of the valley, within 1 %" in words(frame) and words(frame) == pythons_words(page)

    frame.get_by_role("button", name="Reset").click()
    rate = frame.get_by_role("slider", name="learning rate")
    rate.focus()
    page.keyboard.press("End")
    frame.get_by_role("button", name="Run").click()
    page.wait_for_timeout(200)
    assert "overshoots the valley" in words(frame) and words(frame) == pythons_words(page)

    frame.get_by_role("button", name="Back to the start").click()
    expect(frame.locator(".explorer-facts b").first).to_have_text("0")
    expect(frame.locator(".explorer-words")).to_have_text(re.compile("^The ball lies at"))
    page.emulate_media(reduced_motion="no-preference")
    frame.get_by_role("button", name="Reset").click()
    frame.get_by_role("slider", name="batch").focus()
    page.keyboard.press("Home")
    rate.evaluate("(node) => { node.value = -2; node.dispatchEvent(new Event('input')); }")
    frame.get_by_role("button", name="Run").click()
    page.wait_for_timeout(1500)
    frame.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(100)
    steps = int(re.search(r"After (\d+) steps, which looked at \1 rows", words(frame)).group(1))
    assert steps > 5 and words(frame) == pythons_words(page)

    act = "node.value = -2 + turn / 50; node.dispatchEvent(new Event('input'))"
    assert median(rate.evaluate(LATENCY.replace("ACT", act))) < ANSWER_WITHIN
    once = frame.get_by_role("button", name="Step")
    assert median(once.evaluate(LATENCY.replace("ACT", "node.click()"))) < ANSWER_WITHIN


def test_the_same_seed_gives_the_same_walk(explorer, page):
    frame = explorer(
        "seeds",
        "from course import data\nfrom course.explorers.descent import descent_explorer\n"
        "explorer = descent_explorer(*data.paint_splatter(), batch_size=4, seed=7)",
    )
    page.emulate_media(reduced_motion="reduce")
    told = []
    for _ in range(2):
        frame.get_by_role("button", name="Run").click()
        page.wait_for_timeout(200)
        told.append(words(frame))
        frame.get_by_role("button", name="Reset").click()
    assert told[0] == told[1] and "After 300 steps, which looked at 1,200 rows" in told[0]


def test_a_broadcast_is_typed_and_told_in_words(explorer, page):
    frame = explorer(
        "tensors", "from course.explorers.tensors import broadcast_explorer\nexplorer = broadcast_explorer()"
    )
    assert "give (4, 3)" in words(frame) and words(frame) == pythons_words(page)
    for first, second in [("2, 3", "2"), ("5, 1, 4", "3, 1"), ("", "2"), ("4, x", "2"), ("2, 2, 1, 3", "12, 1")]:
        frame.get_by_label("first shape").fill(first)
        frame.get_by_label("second shape").fill(second)
        page.wait_for_timeout(100)
        assert words(frame) == pythons_words(page)
    times = frame.get_by_label("first shape").evaluate(
        LATENCY.replace("ACT", "node.value = `${2 + turn % 6}, 4, 1`; node.dispatchEvent(new Event('input'))")
    )
    assert median(times) < ANSWER_WITHIN, times


def test_a_network_learns_two_paints_by_keys_and_is_told_in_words(explorer, page):
    frame = explorer(
        "networks", "from course.explorers.networks import network_explorer\nexplorer = network_explorer(neurons=8)"
    )
    assert "learned nothing yet" in words(frame) and words(frame) == pythons_words(page)
    some = frame.get_by_role("button", name="50 steps")
    some.focus()
    for _ in range(8):
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert re.match(
        r"After 400 steps, with 1 layer of 8 ReLU neurons, the accuracy is (99|100) % on the 160 drops it learns from "
        r"and \d+ % on 160 others\.",
        words(frame),
    )
    assert words(frame) == pythons_words(page)

    frame.get_by_role("slider", name="neurons").focus()
    page.keyboard.press("Home")
    frame.get_by_role("button", name="none").click()
    page.wait_for_timeout(200)
    assert "1 layer of 1 neuron without a choice that has learned nothing yet" in words(frame) and words(
        frame
    ) == pythons_words(page)

    page.emulate_media(reduced_motion="reduce")
    frame.get_by_role("button", name="Learn").click()
    page.wait_for_timeout(500)
    assert "After 300 steps, with 1 layer of 1 neuron without a choice, " in words(frame) and "100 %" not in words(
        frame
    )
    assert words(frame) == pythons_words(page)
    neurons = frame.get_by_role("slider", name="neurons")
    act = "node.value = 1 + turn % 16; node.dispatchEvent(new Event('input'))"
    assert median(neurons.evaluate(LATENCY.replace("ACT", act))) < ANSWER_WITHIN


def test_a_saved_explorer_is_a_still_picture_the_next_day_and_alive_when_its_cell_runs(own_lab, page):
    """Saved from a live notebook, opened again without a kernel that knows it, run again."""
    page.goto(f"{own_lab}lab/tree/01-tensors/tensors.ipynb")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
    run_cell(page, "broadcast_explorer(first").locator(".explorer").wait_for(timeout=60_000)
    page.keyboard.press("Control+s")
    page.wait_for_timeout(2000)
    assert page.locator(".explorer").count() == 1, "the open page keeps it alive"
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
    page.wait_for_timeout(1000)
    page.reload()
    cell = page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea", has_text="broadcast_explorer(first")).first
    cell.locator("figure img").wait_for(timeout=90_000)
    assert (
        "give (4, 3)" in cell.locator("figure img").get_attribute("alt")
        and page.get_by_text("model not found").count() == 0
    )
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)
    run_cell(page, "broadcast_explorer(first").locator(".explorer").wait_for(timeout=60_000)
