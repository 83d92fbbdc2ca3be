"""The drawing pad: what the browser's network says is what torch's says, and digits of the test set that are traced
by hand are read. Read course/explorers/pad.py first; what the pad shares with all explorers is in
test_explorers_on_a_page.py."""

import json

import pytest
import torch
from shared import made_by, shapes
from test_explorers_on_a_page import both_say, shown
from torch.testing import assert_close

from course import data
from course.convolutions import SmallCNN
from course.explorers.pad import EXAMPLES, SHIPPED, brightness, drawing_pad, image_of, network
from course.training import accuracy

pytestmark = pytest.mark.slow


def thinned(image: torch.Tensor) -> set[tuple[int, int]]:
    """The skeleton of what is inked, as (row, column): border pixels are taken away from two sides in turn while
    nothing breaks (Zhang and Suen 1984)."""
    ink = {(row, column) for row, column in (image > 0.4).nonzero().tolist()}
    around = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    changed = True
    while changed:
        changed = False
        for turn in (0, 1):
            gone = set()
            for row, column in ink:
                near = [(row + down, column + right) in ink for down, right in around]
                north, east, south, west = near[0::2]
                steps = sum(not one and other for one, other in zip(near, near[1:] + near[:1], strict=True))
                sides = (
                    (north and east and south, east and south and west)
                    if turn == 0
                    else (north and east and west, north and south and west)
                )
                if 2 <= sum(near) <= 6 and steps == 1 and not any(sides):
                    gone.add((row, column))
            ink, changed = ink - gone, changed or bool(gone)
    return ink


def traced(image: torch.Tensor) -> list[list[float]]:
    """A digit as strokes x, y, x, y, ...: along its skeleton from an end as far as it goes, then again from what is
    left."""
    left, strokes = thinned(image), []

    def beside(place, among):
        return sorted(
            (
                other
                for other in among
                if other != place and max(abs(other[0] - place[0]), abs(other[1] - place[1])) == 1
            ),
            key=lambda other: abs(other[0] - place[0]) + abs(other[1] - place[1]),
        )

    everything = set(left)
    while left:
        place = min(left, key=lambda one: (len(beside(one, left)), one))
        way = beside(place, everything - left)[:1] + [place]
        while place is not None:
            left.discard(place)
            place = next(iter(beside(place, left)), None)
            way += [place] if place else beside(way[-1], everything - set(way[-2:]))[:1]
        strokes.append([part for row, column in way for part in (column + 0.5, row + 0.5)])
    return strokes


def test_traced_digits_of_the_test_set_are_read_in_the_browser_as_by_torch(page):
    """Ten digits, drawn by mouse: the logits are torch's, and nine of them at least are read rightly."""
    pixels, labels = data.mnist_5k()
    _, test = data.stratified_split(labels)
    pad = drawing_pad()
    frame = shown(page, pad)
    box = frame.locator(".explorer-pad svg").bounding_box()
    right = 0
    for digit in range(10):
        image = pixels[test][labels[test] == digit][0, 0]
        frame.get_by_role("button", name="Reset").click()
        for stroke in traced(image):
            places = [
                (box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"])
                for x, y in zip(stroke[::2], stroke[1::2], strict=True)
            ]
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place)
            page.mouse.up()
        both_say(page, pad)
        found = torch.tensor(page.evaluate("model.reading.logits"))
        assert_close(found, pad.logits, atol=1e-4, rtol=0)
        right += int(found.argmax()) == digit
    assert right >= 9


def test_many_traced_digits_are_read_and_the_preprocessing_is_the_trainings():
    """Over a hundred digits, by torch alone: at least nine in ten; and a traced digit lies where the digit lay."""
    pixels, labels = data.mnist_5k()
    _, test = data.stratified_split(labels)
    chosen = torch.cat([test[labels[test] == digit][:10] for digit in range(10)])
    images = torch.stack([image_of(traced(image[0])) for image in pixels[chosen]]).float()
    mean, spread = brightness()
    read = network()(((images - mean) / spread)[:, None]).argmax(dim=1)
    assert float((read == labels[chosen]).float().mean()) >= 0.9
    places = torch.arange(28) + 0.5
    for ink in (images, pixels[chosen][:, 0]):  # as MNIST: the centre of mass in the middle
        middle = torch.stack([(ink.sum(dim=axis) * places).sum(dim=1) / ink.sum(dim=(1, 2)) for axis in (1, 2)])
        assert float((middle - 14).abs().max()) < 1.0
    assert float((images.mean() - pixels[chosen].mean()).abs()) < 0.03, "as much ink"


def test_the_weights_are_those_of_a_network_that_reads():
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    mean, spread = brightness()
    assert_close(torch.tensor([mean, spread]), torch.stack([pixels[learn].mean(), pixels[learn].std()]))
    assert accuracy(network(), (pixels[test] - mean) / spread, labels[test]) >= 0.98
    assert SHIPPED.stat().st_size < 200_000


def test_the_recipe_of_the_weights_runs(tmp_path):
    made_by("pad", "--epochs", "1", to=tmp_path / "tried.npz")
    assert set(SmallCNN().state_dict()) < set(shapes(SHIPPED)) and shapes(tmp_path / "tried.npz") == shapes(SHIPPED)


def test_a_digit_is_drawn_by_keys_and_taken_back(page):
    pad = drawing_pad()
    frame = shown(page, pad)
    assert "Nothing is drawn yet" in both_say(page, pad)
    frame.get_by_role("application").focus()
    page.keyboard.press(" ")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    assert both_say(page, pad).startswith("The network reads a 1")
    assert len(pad.strokes) == 1
    frame.get_by_role("button", name="Take back").click()
    assert "Nothing is drawn yet" in both_say(page, pad)


def test_the_examples_are_read_as_what_they_are_called(page):
    pad = drawing_pad()
    frame = shown(page, pad)
    for digit in EXAMPLES:
        frame.get_by_role("button", name="Draw one for me").click()
        assert f"reads a {digit} " in both_say(page, pad)


def test_a_drawing_that_is_none_is_refused():
    for strokes in ([[1.0]], [[1.0, 1e9]], [[1.0, 2.0] * 5000]):
        with pytest.raises(ValueError, match="strokes"):
            drawing_pad(json.dumps({"strokes": strokes}))


def test_the_pads_still_says_and_shows_the_same():
    drawn, words = drawing_pad({"strokes": EXAMPLES["7"]}).still()
    assert words.startswith("The network reads a 7") and len(drawn.axes) == 2
