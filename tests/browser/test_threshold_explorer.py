"""The explorer of lesson 16 in a real browser: cuts moved by mouse, keys and buttons, told in Python's own words, answering within 100 ms.
Its script runs on a page of its own, with a model that stands in for the kernel. Read conftest.py beside this first."""

import json
from statistics import median

import pytest

from course import data
from course.explorers.ethics import ThresholdExplorer, threshold_explorer

pytestmark = pytest.mark.slow

PAGE = """<html><head><style>{style}</style></head><body><div id="here" style="width: 960px"></div><script type="module">
{script}
const state = {state}, listeners = {{}};
window.state = state;
const model = {{ get: (name) => state[name], save_changes() {{}}, off() {{}},
  set(name, value) {{ state[name] = value; (listeners[`change:${{name}}`] ?? []).forEach((call) => call()); }},
  on(event, call) {{ (listeners[event] ??= []).push(call); }} }};
render({{ model, el: document.getElementById("here") }});
</script></body></html>"""

LATENCY = """async (input) => {
  const times = [];
  for (let turn = 0; turn < 20; turn++) {
    const started = performance.now();
    input.value = 1 + turn % 11;
    input.dispatchEvent(new Event("input"));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - started);
  }
  return times;
}"""


@pytest.fixture
def explorer() -> ThresholdExplorer:
    return threshold_explorer(data.compas())


@pytest.fixture
def frame(page, explorer):
    state = {name: getattr(explorer, name) for name in ("groups", "people", "cuts")}
    page.set_content(PAGE.format(style=explorer._css, script=explorer._esm.replace("export default { render };", ""), state=json.dumps(state)))
    page.locator(".explorer-words").filter(has_text="high from 5").wait_for()
    return page.locator(".explorer")


def both_say(page, explorer) -> str:
    """What the page says, which must be what Python says of the same cuts."""
    page.wait_for_timeout(50)
    explorer.cuts = page.evaluate("state.cuts")
    said = page.locator(".explorer-words").inner_text()
    assert said == explorer.sentence()
    return said


def test_for_every_pair_of_cuts_both_languages_say_the_same(page, frame, explorer):
    slider = frame.get_by_label("cut, White").element_handle()
    for black in (1, 6, 11):
        frame.get_by_label("cut, Black").evaluate("(input, cut) => { input.value = cut; input.dispatchEvent(new Event('input')); }", black)
        for white in range(1, 12):
            slider.evaluate("(input, cut) => { input.value = cut; input.dispatchEvent(new Event('input')); }", white)
            assert f"White, high from {white}:" in both_say(page, explorer)


def test_cuts_are_moved_by_mouse_by_keys_and_by_equalising(page, frame, explorer):
    handle = frame.get_by_role("slider", name="cut for Black")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert "Black, high from 6:" in both_say(page, explorer)
    frame.get_by_role("button", name="False positives").click()
    assert "White, high from 4:" in both_say(page, explorer) and "false positives, false negatives" in both_say(page, explorer)

    place = frame.get_by_role("slider", name="cut for White").bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + 40)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 2 + 140, place["y"] + 40, steps=8)
    page.mouse.up()
    assert page.evaluate("state.cuts.White") > 6
    both_say(page, explorer)
    handle.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("state.cuts.Black") == 11 and "nobody can say" in both_say(page, explorer)
    frame.get_by_role("button", name="Both at 5").click()
    assert "none of the three" in both_say(page, explorer)


def test_it_answers_within_a_hundred_milliseconds(page, frame):
    assert median(page.evaluate(LATENCY, frame.get_by_label("cut, Black").element_handle())) < 100
