"""How long each lesson's explorer takes from an input to the frame that shows it, in JupyterLab: under 100 ms, the median of twenty.
Read benchmarks/explorers.py first: which input is moved in which explorer, and the table that `python -m benchmarks.explorers` makes of this."""

import json
import os
from pathlib import Path
from statistics import median

import pytest
from shared import LESSONS
from conftest import moment
from test_explorers_in_the_lab import ANSWER_WITHIN, LATENCY, explorer, words  # noqa: F401  a fixture is used by its name

from benchmarks.explorers import EXPLORERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("folder", LESSONS)
def test_an_explorer_answers_within_a_tenth_of_a_second(explorer, page, folder):  # noqa: F811
    assert folder in EXPLORERS, f"benchmarks/explorers.py does not say yet which input of {folder}'s explorer is moved"
    code, control, act = EXPLORERS[folder]
    frame = explorer(f"latency-{folder}", code)
    node = frame.locator(control).first
    before = words(frame)
    times = node.evaluate(LATENCY.replace("ACT", act))
    assert words(frame) != before and len(times) == 20, "the input moved nothing"
    moment(page, f"explorer-{folder}")
    if os.environ.get("LATENCIES"):
        Path(os.environ["LATENCIES"], f"{folder}.json").write_text(json.dumps(times))
    assert median(times) < ANSWER_WITHIN, times
