"""The maze of lesson 09 on a page without a kernel: walked by keys, drawn in by mouse, taught by a camera that is made
up; and the same words as Python's whatever is set. Read course/explorers/transfer.py and conftest.py beside this
first."""

import random
import re
import shutil

import pytest
from test_explorers_on_a_page import BODY, both_say, shown

from conftest import FLAGS, NAMES
from course.explorers.transfer import FLAG, MAZE, POSES, START, WAYS, maze_explorer

pytestmark = pytest.mark.slow


def way_to_the_flag() -> list[int]:
    """Poses that lead from the start to the flag, by the shortest way."""
    waiting, seen = [(tuple(START), [])], {tuple(START)}
    while waiting:
        (x, y), way = waiting.pop(0)
        if [x, y] == FLAG:
            return way
        for pose, (right, down) in enumerate(WAYS):
            there = (x + right, y + down)
            if there not in seen and MAZE[there[1]][there[0]] != "#":
                seen.add(there)
                waiting.append((there, [*way, pose]))
    raise AssertionError("the maze has no way to its flag")


def test_for_many_states_both_languages_say_the_same(page):
    explorer, lots = maze_explorer(), random.Random(9)
    shown(page, explorer)
    for _ in range(12):
        pose, taught = lots.randrange(4), lots.randrange(4)
        state = {
            "strokes": explorer.sprites[pose][lots.randrange(10, 20)],
            "nerves": lots.choice([0, 0.3, 1]),
            "lot": lots.randrange(1000),
            "count": lots.choice([0, 1, 5, 10]),
            "own": [[taught, explorer.sprites[taught][10]]] * lots.choice([0, 1, 2]),
            "shaken": lots.random() < 0.5,
            "by": lots.choice(["head", "neighbours"]),
            "place": lots.choice([START, FLAG]),
            "steps": lots.randrange(30),
        }
        page.evaluate("state => { for (const [name, value] of Object.entries(state)) model.set(name, value); }", state)
        both_say(page, explorer)
    explorer.close()


def test_the_maze_is_walked_to_its_flag_by_arrow_keys_alone(page):
    explorer = maze_explorer({"count": 10})
    shown(page, explorer)
    page.get_by_role("application", name=re.compile("^the maze")).focus()
    keys = ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft")
    for pose in way_to_the_flag():
        before = page.evaluate("model.get('place')")
        wanted = [part + step for part, step in zip(before, WAYS[pose], strict=True)]
        for _ in range(30):  # what is read wrongly may walk elsewhere: back, and the same pose again
            page.keyboard.press(keys[pose])
            here = page.evaluate("model.get('place')")
            if here == wanted:
                break
            page.evaluate("place => model.set('place', place)", before)
        assert here == wanted, f"{POSES[pose]} is never read"
    page.wait_for_timeout(200)
    assert both_say(page, explorer).startswith("You are at the flag after")
    explorer.close()


def test_a_pose_drawn_by_mouse_is_read_and_can_be_taught(page):
    explorer = maze_explorer()
    frame = shown(page, explorer)
    box = frame.get_by_role("application", name=re.compile("^a field")).bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=12)
    page.mouse.up()
    assert len(page.evaluate("model.get('strokes')")) == 1
    both_say(page, explorer)
    page.get_by_role("button", name="teach down").click()
    assert "21 examples" in both_say(page, explorer)
    page.get_by_role("button", name="Clear").click()
    assert "Nothing is held up" in both_say(page, explorer)
    explorer.close()


def test_it_learns_from_ten_examples_a_class_with_copies_in_well_under_ten_seconds(page):
    shown(page, maze_explorer({"count": 10}))
    stage = page.locator(".explorer-maze[data-learned]")
    stage.wait_for()
    stage.evaluate("node => { delete node.dataset.learned; }")
    page.get_by_role("button", name="Learn from shaken copies").click()
    stage.wait_for()
    assert page.evaluate("model.get('shaken')") and 0 < float(stage.get_attribute("data-learned")) < 5000


def test_a_camera_is_taught_and_read_and_none_of_its_pictures_gets_into_the_state(browser):
    found = next(filter(None, map(shutil.which, NAMES)))
    made_up = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    camera = browser.browser_type.launch(executable_path=found, args=[*FLAGS, *made_up])
    try:
        page, asked, explorer = camera.new_page(), [], maze_explorer()
        # A camera is given to pages of a secure origin alone, and this machine's own name is one.
        page.route(
            "**/*",
            lambda route: (
                asked.append(route.request.url),
                route.fulfill(body=explorer.page(BODY), content_type="text/html"),
            ),
        )
        page.goto("http://localhost/")
        page.locator(".explorer-words").filter(has_text="Nothing is held up").wait_for()
        page.get_by_role("button", name="Camera").click()
        page.locator(".explorer-words").filter(has_text="The camera is on").wait_for()
        page.locator(".explorer-pad image[href^='data:image/png']").wait_for()
        for pose in ("up", "left"):
            page.get_by_role("button", name=f"teach {pose}").click()
            page.wait_for_timeout(400)
        page.locator(".explorer-words").filter(has_text=re.compile("2 of its pictures .* It sees (up|left)")).wait_for()
        assert {name: page.evaluate(f"model.get('{name}')") for name in explorer.STATE} == explorer.state
        page.get_by_role("button", name="Reset").click()
        page.locator(".explorer-words").filter(has_text="Nothing is held up").wait_for()
        assert page.locator(".explorer-pad image[href]").count() == 0
        assert [url for url in asked if not url.endswith(("localhost/", "favicon.ico"))] == []
        explorer.close()
    finally:
        camera.close()
