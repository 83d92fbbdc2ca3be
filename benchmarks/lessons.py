"""How long each solved lesson runs, how much memory it takes and which cell is the slowest, on two cores.
`make bench` runs it and writes the table into benchmarks/README.md; the tests run lessons with it too.
Read grader/lessons/notebooks.py first, for what a solved notebook is."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import torch
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from torch import nn

from course.desk.files import write_whole
from grader.classroom.pages import without_escapes
from grader.judging.groups import waited
from grader.lessons.cells import Lesson
from grader.lessons.notebooks import solved_notebook
from grader.lessons.reading import all_lessons

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "README.md"
PEAK = (
    "import resource as _resource, sys as _sys; print(_resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss / (1 if "
    "_sys.platform == 'darwin' else 1024) / 1024)"
)


@dataclass
class Run:
    """A notebook that was run: its cells with their outputs, the seconds of each by id, and the kernel's peak memory in
    GiB.

    Seconds in which the kernel was ready and had no processor are not counted: on a busy machine they are somebody
    else's.
    """

    notebook: NotebookNode
    seconds: dict[str, float] = field(default_factory=dict)
    opened: float = 0.0
    memory: float = 0.0

    @property
    def total(self) -> float:
        """Seconds from asking for a kernel to the last cell's end."""
        return self.opened + sum(self.seconds.values())

    @property
    def errors(self) -> list[str]:
        """What stopped a cell, by cell."""
        return [
            f"{cell.id}: {output.ename}: {without_escapes(output.evalue)}"
            for cell in self.notebook.cells
            if cell.cell_type == "code"
            for output in cell.outputs
            if output.output_type == "error"
        ]

    def printed(self, id: str) -> str:
        """What the cell of that id printed."""
        cell = next(cell for cell in self.notebook.cells if cell.id == id)
        return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def run(
    notebook: NotebookNode,
    folder: Path,
    threads: int = 2,
    timeout: int = 180,
    environment: dict[str, str] | None = None,
) -> Run:
    """Run a notebook from top to bottom as a learner does, in a fresh kernel of this interpreter. Errors are kept, not
    raised."""
    notebook = nbformat.from_dict(notebook)
    notebook.cells = [*notebook.cells, nbformat.v4.new_code_cell(PEAK, id="peak-memory")]
    done = Run(notebook)
    began: dict[str, float] = {}
    starved: dict[str, float] = {}
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))

    def start(cell: NotebookNode, **_) -> None:
        began[cell.id], starved[cell.id] = time.perf_counter(), waited(manager.provisioner.pid)
        done.opened = done.opened or time.perf_counter() - asked - starved[cell.id]

    def stop(cell: NotebookNode, **_) -> None:
        if cell.id in began:
            done.seconds[cell.id] = (
                time.perf_counter() - began[cell.id] - (waited(manager.provisioner.pid) - starved[cell.id])
            )

    client = NotebookClient(
        notebook,
        km=manager,
        timeout=timeout,
        allow_errors=True,
        record_timing=False,
        store_widget_state=False,
        on_cell_execute=start,
        on_cell_executed=stop,
        resources={"metadata": {"path": str(folder)}},
    )
    number = str(threads)
    asked = time.perf_counter()
    client.execute(
        cleanup_kc=True,
        env={**os.environ, "OMP_NUM_THREADS": number, "MKL_NUM_THREADS": number, **(environment or {})},
        stderr=subprocess.DEVNULL,
    )
    done.memory = float(done.printed("peak-memory"))
    notebook.cells.pop()
    done.seconds.pop("peak-memory")
    return done


def run_solved(lesson: Lesson, threads: int = 2) -> Run:
    return run(solved_notebook(lesson), lesson.path.resolve().parent, threads)


QUIET = 0.45


def slowness() -> float:
    """How many times as long as on the quiet machine of the tables one core takes here and now for the lessons' kind of
    work; at least 1.

    A budget in seconds means that machine; the same machine on a busy day took twice as long for everything.
    """
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1),
        nn.Flatten(),
        nn.Linear(4096, 10),
    )
    optimizer, images, targets = (
        torch.optim.Adam(network.parameters()),
        torch.randn(64, 1, 16, 16),
        torch.randint(10, (64,)),
    )
    began = time.perf_counter()
    for _ in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images), targets).backward()
        optimizer.step()
    return max(1.0, (time.perf_counter() - began) / QUIET)


def machine() -> str:
    """The processor and the versions that figures were measured with."""
    found = (
        re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        if Path("/proc/cpuinfo").exists()
        else None
    )
    processor = found.group(1).strip() if found else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores of {processor}, Python {platform.python_version()}, torch {torch.__version__}"


SECTION = re.compile(
    r"<!-- (?P<name>[^:>]+): written by its command, not by hand -->\n.*?<!-- end of (?P=name) -->", re.DOTALL
)


def put_section(name: str, text: str, file: Path = TABLE) -> None:
    """Put one command's section into the table file, between its marks, in the place of an earlier one; the others stay
    as they are.

    The lessons' run times come first, then their claims in the lessons' order, then the rest by name.
    """
    before = (
        file.read_text(encoding="utf-8")
        if file.exists()
        else "# Measured\n\nEach section is written by the command that it names.\n"
    )
    sections = {found["name"]: found[0] for found in SECTION.finditer(before)}
    sections[name] = f"<!-- {name}: written by its command, not by hand -->\n{text.strip()}\n<!-- end of {name} -->"
    order = sorted(sections, key=lambda each: (each != "lessons", not each.startswith("claims of "), each))
    top = SECTION.split(before)[0].rstrip()
    write_whole(file, "\n\n".join([top, *(sections[each] for each in order)]) + "\n")


def main() -> int:
    rows, failed = [], False
    for lesson in all_lessons(ROOT):
        print(f"{lesson.folder}: running it", flush=True)
        done = run_solved(lesson)
        failed = failed or bool(done.errors)
        for error in done.errors:
            print(f"  {error}", file=sys.stderr)
        slowest = max(done.seconds, key=done.seconds.get)
        rows.append(
            f"| {lesson.folder} | {done.total:.1f} | {done.opened:.1f} | {done.memory:.2f} | {slowest} | "
            f"{done.seconds[slowest]:.1f} |"
        )
    text = "\n".join(
        [
            "## Lessons",
            "",
            "`make bench`: each solved notebook from top to bottom in a fresh kernel with two threads, the kernel's "
            "start included.",
            f"Measured on {machine()}.",
            "",
            "| lesson | run time, s | of it the kernel's start, s | peak memory, GiB | slowest cell | its time, s |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )
    put_section("lessons", text)
    print(text)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
