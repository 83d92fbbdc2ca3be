"""What holds for every test here, nbval's among them: it runs each solved notebook, once, and what the lesson may take
is asked of that run. Read tests/conftest.py for the rest."""

import os
import re
import time
from pathlib import Path

import pytest

# tqdm reads its settings when it is imported. The tests' own process keeps its bars (a second process of pytest-xdist
# inherits what the first one set); its kernels have none, for a bar shows once a loop is slow and a notebook's outputs
# would hang on the machine.
os.environ.pop("TQDM_DISABLE", None)
import tqdm  # noqa: F401

os.environ["TQDM_DISABLE"] = "1"

# Seconds that a solved lesson may take on two quiet cores, and a cell of it. Two networks that train each other are
# given twice as long.
CEILING, CEILINGS, OF_A_CELL, MEMORY = 60, {"11-gans": 120}, 30, 2.0
# Here a lesson has one core, and another test has the other: lesson 05 took 34 s by itself on two cores (`make bench`),
# and 60 s here on a busy day.
ON_ONE_CORE = 1.5
SECONDS = pytest.StashKey[dict[int, float]]()
SLOWNESS = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Times the cells of a solved notebook; its last cell fails where the lesson took too long, or too much memory."""
    from nbval.plugin import IPyNbCell

    if not isinstance(item, IPyNbCell):
        return (yield)
    from benchmarks.lessons import slowness
    from grader.judging.groups import waited

    notebook, process = item.parent, item.parent.kernel.km.provisioner.pid
    if SECONDS not in notebook.stash:
        notebook.stash[SECONDS], notebook.stash[SLOWNESS] = {}, slowness()
    began, starved = time.perf_counter(), waited(process)
    done = yield
    seconds = notebook.stash[SECONDS]
    # Seconds in which the kernel was ready and had no processor are somebody else's.
    seconds[item.cell_num] = time.perf_counter() - began - (waited(process) - starved)
    if len(seconds) == sum(cell.cell_type == "code" for cell in notebook.nb.cells):
        allowed = ON_ONE_CORE * max(notebook.stash[SLOWNESS], slowness())
        assert sum(seconds.values()) < allowed * CEILINGS.get(notebook.path.parent.name, CEILING), (seconds, allowed)
        assert max(seconds.values()) < allowed * OF_A_CELL, (seconds, allowed)
        assert _peak(process) < MEMORY
    return done


def _peak(process: int) -> float:
    """The most memory that a process has had, GiB; 0.0 where the system does not say."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found.group(1)) / 2**20 if found else 0.0
