"""How long each lesson's explorer takes from an input to the frame that shows it, in JupyterLab: under 100 ms, the
median of twenty. Read benchmarks/explorers.py first: which input is moved in which explorer, and the table that `python
-m
benchmarks.explorers` makes of this."""

import json
import os
from pathlib import Path
from statistics import median

import pytest
from shared import LESSONS
from test_explorers_in_the_lab import ANSWER_WITHIN, LATENCY, explorer, words  # noqa: F401  a fixture is used by its name

from benchmarks.explorers import EXPLORERS
from conftest import moment

pytestmark = pytest.mark.slow


def test_every_lessons_explorer_is_measured():
    assert set(LESSONS) <= set(EXPLORERS), "benchmarks/explorers.py does not say yet which input is moved"


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_answers_within_a_tenth_of_a_second(explorer, page, name):
    code, control, act = EXPLORERS[name]
    folder = name.replace(", ", "-").replace(" ", "-")
    frame = explorer(f"latency-{folder}", code)
    node = frame.locator(control).first
    before = words(frame)
    times = node.evaluate(LATENCY.replace("ACT", act))
    assert words(frame) != before and len(times) == 20, "the input moved nothing"
    moment(page, f"explorer-{folder}")
    if os.environ.get("LATENCIES"):
        Path(os.environ["LATENCIES"], f"{name}.json").write_text(json.dumps(times))
    assert median(times) < ANSWER_WITHIN, times
