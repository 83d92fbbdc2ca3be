"""How long each lesson's explorer takes from an input to the frame that shows it, in JupyterLab: under 100 ms, the
median of twenty. One notebook and one kernel for all of them, one after another in the same cell.
Read benchmarks/explorers.py first: which input is moved in which explorer, and the table that `python -m
benchmarks.explorers` makes of this."""

import json
import os
from pathlib import Path
from statistics import median

import pytest
from shared import LESSONS
from test_explorers_in_the_lab import ANSWER_WITHIN, LATENCY, words

from benchmarks.explorers import EXPLORERS
from conftest import fresh_page, moment, run_cell, until_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(lab, browser):
    with fresh_page(browser) as opened:
        lab.run(opened, lab.notebook("latencies", "import torch", "print('an explorer')"))
        yield opened


def shown(page, code: str):
    """The explorer that this code makes, in the place of the one before it."""
    before = page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").inner_text()
    cell = run_cell(page, "an explorer", f"# an explorer\n{code}\nexplorer")
    until_run(page, cell, before)
    frame = cell.locator(".explorer")
    frame.wait_for(timeout=120_000)
    frame.scroll_into_view_if_needed()
    return frame


def test_every_lessons_explorer_is_measured():
    assert set(LESSONS) <= set(EXPLORERS), "benchmarks/explorers.py does not say yet which input is moved"


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_answers_within_a_tenth_of_a_second(page, name):
    code, control, act = EXPLORERS[name]
    frame = shown(page, code)
    node = frame.locator(control).first
    before = words(frame)
    times = node.evaluate(LATENCY.replace("ACT", act))
    assert words(frame) != before and len(times) == 20, "the input moved nothing"
    moment(page, f"explorer-{name.replace(', ', '-').replace(' ', '-')}")
    if os.environ.get("LATENCIES"):
        Path(os.environ["LATENCIES"], f"{name}.json").write_text(json.dumps(times))
    assert median(times) < ANSWER_WITHIN, times
