"""How long each explorer takes to answer, in a browser: from an input to the frame that shows it.
`python -m benchmarks.explorers` runs tests/browser/test_latencies.py and writes the table into benchmarks/README.md.
Read EXPLORERS first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from benchmarks.lessons import ROOT, machine, put_section

MOVE = (
    "node.value = turn % 2 ? Number(node.min) + (node.max - node.min) * (0.2 + turn / 40) : node.min; "
    "node.dispatchEvent(new Event('input'))"
)
PRESS = "node.dispatchEvent(new KeyboardEvent('keydown', { key: turn % 3 ? 'ArrowUp' : 'ArrowDown', bubbles: true }))"

# Lesson by lesson (a second explorer has a name behind it): what puts `explorer` into a notebook, the control that
# is moved, and in JavaScript how (node, and turn from 0 to 19).
EXPLORERS = {
    "01-tensors": (
        "from course.explorers.tensors import broadcast_explorer\nexplorer = broadcast_explorer()",
        "input[type=text]",
        "node.value = `${2 + turn % 6}, 4, 1`; node.dispatchEvent(new Event('input'))",
    ),
    "02-lines": (
        "from course import data\nfrom course.explorers.lines import line_explorer\nexplorer = "
        "line_explorer(*data.paint_splatter())",
        "[role=slider]",
        PRESS,
    ),
    "03-descent": (
        "from course import data\nfrom course.explorers.descent import descent_explorer\nexplorer = "
        "descent_explorer(*data.paint_splatter())",
        "button:has-text('Step')",
        "node.click()",
    ),
    "04-networks": (
        "from course.explorers.networks import network_explorer\nexplorer = network_explorer()",
        "input[type=range]",
        "node.value = 1 + turn % 15; node.dispatchEvent(new Event('input'))",
    ),
    "05-convolutions": (
        "from course import data\nfrom course.explorers.convolutions import kernel_explorer\nexplorer = "
        "kernel_explorer(data.photograph())",
        "[role=slider]",
        PRESS,
    ),
    "05-convolutions, the pad": (
        "from course.explorers.pad import drawing_pad\nexplorer = drawing_pad()",
        "button:has-text('Draw one for me')",
        "node.click()",
    ),
    "06-dropout": (
        "from course.explorers.dropout import dropout_explorer\nexplorer = dropout_explorer()",
        "input[type=range]",
        MOVE,
    ),
    "07-batchnorm": (
        "from course import data\nfrom course.explorers.batchnorm import batchnorm_explorer\nexplorer = "
        "batchnorm_explorer(data.digits()[0][:128].flatten(1))",
        "input[type=range]",
        MOVE,
    ),
    "08-augmentation": (
        "import torch\nfrom course.explorers.augmentation import augmentation_explorer\nexplorer = "
        "augmentation_explorer(torch.rand(3, 96, 96))",
        "input[type=range]",
        MOVE,
    ),
    "09-transfer": (
        "from course.explorers.transfer import maze_explorer\nexplorer = maze_explorer()",
        "button[aria-label='draw me right']",
        "node.click()",
    ),
    "10-tables": (
        "from course import data\nfrom course.explorers.tables import map_explorer\nexplorer = "
        "map_explorer(data.shops())",
        "button:has-text('One step')",
        "node.click()",
    ),
    "11-gans": (
        "from course.explorers.gans import breeding_explorer\nexplorer = breeding_explorer()",
        "input[type=range]",
        MOVE,
    ),
    "11-gans, the ring": (
        "from course.explorers.gans import ring_explorer\nexplorer = ring_explorer()",
        "button:has-text('One step')",
        "node.click()",
    ),
    "12-adversaries": (
        "from course.explorers.adversaries import attack_explorer\nexplorer = attack_explorer()",
        "input[type=range]",
        MOVE,
    ),
    "13-explanations": (
        "from course.explorers.explanations import explanations_explorer\nexplorer = explanations_explorer()",
        ".explorer-choices button",
        "node.parentNode.children[turn % 10].click()",
    ),
    "14-efficiency": (
        "from course.explorers.efficiency import efficiency_explorer\nexplorer = efficiency_explorer()",
        "input[type=range]",
        "node.value = turn % 7; node.dispatchEvent(new Event('input'))",
    ),
    "15-privacy": (
        "from course.explorers.privacy import privacy_explorer\nexplorer = privacy_explorer()",
        "input[type=range]",
        MOVE,
    ),
    "16-ethics": (
        "from course import data\nfrom course.explorers.ethics import threshold_explorer\nexplorer = "
        "threshold_explorer(data.compas())",
        "input[type=range]",
        "node.value = 2 + turn % 7; node.dispatchEvent(new Event('input'))",
    ),
    "17-sequences": (
        "from course.explorers.sequences import sequences_explorer\nexplorer = sequences_explorer()",
        "input[type=text]",
        "node.value = `${100 + turn % 800}+456=97`; node.dispatchEvent(new Event('input'))",
    ),
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", str(ROOT / "tests" / "browser" / "test_latencies.py")],
            cwd=ROOT,
            env={**os.environ, "LATENCIES": folder},
        )
        rows = []
        for lesson in EXPLORERS:
            file = Path(folder, f"{lesson}.json")
            if file.exists():
                times = json.loads(file.read_text())
                rows.append(f"| {lesson} | {median(times):.0f} | {quantiles(times, n=10)[-1]:.0f} | {max(times):.0f} |")
    text = "\n".join(
        [
            "## Explorers",
            "",
            "`python -m benchmarks.explorers`: from an input to the frame that shows it, in headless Chromium, twenty "
            "inputs each; at most 100 ms are wanted.",
            f"Measured on {machine()}.",
            "",
            "| lesson | median, ms | nine of ten within, ms | the longest, ms |",
            "|---|---|---|---|",
            *rows,
        ]
    )
    put_section("explorers", text)
    print(text)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
