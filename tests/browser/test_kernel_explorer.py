"""The explorer of lesson 05 in a real browser: edited, moved by mouse and keys, told in Python's own words, answering within 100 ms.
Its script runs on a page of its own, with a model that stands in for the kernel. Read conftest.py beside this first."""

import base64
import json
from statistics import median

import pytest

from course import data
from course.explorers.convolutions import KernelExplorer, kernel_explorer

pytestmark = pytest.mark.slow

PAGE = """<html><head><style>{style}</style></head><body><div id="here" style="width: 960px"></div><script type="module">
{script}
const state = {state}, listeners = {{}};
state.pixels = new DataView(Uint8Array.from(atob("{pixels}"), (letter) => letter.charCodeAt(0)).buffer);
window.state = state;
const model = {{ get: (name) => state[name], save_changes() {{}}, off() {{}},
  set(name, value) {{ state[name] = value; (listeners[`change:${{name}}`] ?? []).forEach((call) => call()); }},
  on(event, call) {{ (listeners[event] ??= []).push(call); }} }};
render({{ model, el: document.getElementById("here") }});
</script></body></html>"""

LATENCY = """async (field) => {
  const times = [];
  for (let turn = 0; turn < 20; turn++) {
    const started = performance.now();
    field.value = turn;
    field.dispatchEvent(new Event("input"));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - started);
  }
  return times;
}"""


@pytest.fixture
def explorer() -> KernelExplorer:
    return kernel_explorer(data.photograph(), credit="Photograph: danielbuechele, CC BY 2.0")


@pytest.fixture
def frame(page, explorer):
    traits = ("height", "width", "kernel", "row", "column", "credit", "presets")
    page.set_content(PAGE.format(style=explorer._css, script=explorer._esm.replace("export default { render };", ""),
                                 state=json.dumps({name: getattr(explorer, name) for name in traits}), pixels=base64.b64encode(explorer.pixels).decode()))
    page.locator(".explorer-words").filter(has_text="adds up").wait_for()
    return page.locator(".explorer")


def both_say(page, explorer) -> str:
    """What the page says, which must be what Python says of the same state."""
    page.wait_for_timeout(100)
    for name, value in page.evaluate("({ kernel: state.kernel, row: state.row, column: state.column })").items():
        setattr(explorer, name, [float(number) for number in value] if name == "kernel" else value)
    said = page.locator(".explorer-words").inner_text()
    assert said == explorer.sentence()
    return said


def test_a_kernel_is_edited_and_its_window_moved_and_both_languages_say_the_same(page, frame, explorer):
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

    place = frame.get_by_role("slider")
    place.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert "Over row 116, column 159" in both_say(page, explorer)
    box = place.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + 2)
    assert "Over row 1, column 1 " in both_say(page, explorer)


def test_it_answers_within_a_hundred_milliseconds(page, frame):
    assert median(page.evaluate(LATENCY, frame.get_by_label("row 1, column 1 of the kernel").element_handle())) < 100
