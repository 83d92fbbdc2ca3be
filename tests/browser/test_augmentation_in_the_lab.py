"""The explorer of lesson 08 in JupyterLab: moved by mouse and keyboard, told in the words that Python has for it,
within 100 ms. Lesson 08 (The same dog, many pictures) shows it.
Read test_explorers_in_the_lab.py first: the fixture and the clock come from there."""

from statistics import median

import pytest
from test_explorers_in_the_lab import ANSWER_WITHIN, LATENCY, explorer, pythons_words, words  # noqa: F401  a fixture is used by its name

pytestmark = pytest.mark.slow


def says(page, frame, part: str) -> None:
    """Wait until the words under the picture hold this part, and Python has the same words."""
    page.wait_for_function(
        "([node, part]) => node.textContent.includes(part)",
        arg=[frame.locator(".explorer-words").element_handle(), part],
        timeout=10_000,
    )
    assert words(frame) == pythons_words(page)


def test_a_picture_is_turned_by_keys_mirrored_drawn_for_and_put_back(explorer, page):
    frame = explorer(
        "augmentation",
        "import torch\nfrom course.explorers.augmentation import augmentation_explorer\n"
        "explorer = augmentation_explorer(torch.rand(3, 96, 96, generator=torch.Generator().manual_seed(0)))",
    )
    at_rest = "The picture as it came: every slider is at rest."
    says(page, frame, at_rest)

    frame.get_by_role("button", name="border").click()
    frame.get_by_role("button", name="Mirror").click()
    turn = frame.get_by_role("slider", name="turn")
    turn.press("End")
    turn.press("ArrowLeft")
    says(page, frame, "mirrored, turned 179\u00b0 with the clock. Read after each of the 2 movements")

    times = turn.evaluate(LATENCY.replace("ACT", "node.value = 3 * turn - 30; node.dispatchEvent(new Event('input'))"))
    assert median(times) < ANSWER_WITHIN, times

    frame.get_by_role("button", name="Draw a lot").click()
    says(page, frame, "The picture is")
    frame.get_by_role("button", name="Reset").click()
    says(page, frame, at_rest)
