"""What runs in each worker of a cluster: a plugin that holds warm sandboxes for one run of `grader grade --cluster`,
and the task that uses them. No lesson teaches it; grader/classroom/cluster.py sends both.
Read grader/judging/judges.py first: the processes that judge. A worker writes nothing down, and knows nothing of the
class but what it is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace

from distributed import Worker, WorkerPlugin, get_worker

from grader.judging.grade import Submission
from grader.judging.judged import Limits
from grader.judging.judges import Answered, Judges
from grader.judging.sandbox import SandboxError
from grader.lessons.cells import Lesson

PREFIX = "grading-"
SECONDS_ALONE = 300  # without a word from who grades, after which a worker forgets the class


class NotHere(Exception):
    """This worker has no sandbox for that run: it was started after it, or has given it up."""


class Grading(WorkerPlugin):
    """The sandboxes of one worker for one run, as many as it has threads; its name is the resource that tasks ask for.

    A worker without a sandbox has none of the resource, so that no task comes to it.
    """

    def __init__(
        self, name: str, lesson: Lesson, secret: bytes, limits: Limits, regrade: bool, known: frozenset[str]
    ) -> None:
        self.name, self._given = name, (lesson, secret, limits, regrade, known)
        self.judges: Judges | None = None
        self.heard = 0.0

    async def setup(self, worker: Worker) -> None:
        """Raises SandboxError where no sandbox comes up."""
        self.heard = time.monotonic()
        places = worker.state.nthreads
        self.judges = Judges(*self._given, processes=places)
        try:
            await asyncio.to_thread(self.judges.begin)
        except SandboxError:
            await asyncio.to_thread(self.judges.close)
            raise
        self.heard = time.monotonic()
        await worker.set_resources(**{self.name: places})
        self._watch = asyncio.create_task(self._end_when_alone(worker))

    async def teardown(self, worker: Worker) -> None:
        self._given = ()  # type: ignore[assignment]  # the class's secret among it
        if hasattr(self, "_watch"):
            self._watch.cancel()
        if self.judges:
            judges, self.judges = self.judges, None
            await asyncio.to_thread(judges.close)

    async def _end_when_alone(self, worker: Worker) -> None:
        while time.monotonic() - self.heard < SECONDS_ALONE:
            await asyncio.sleep(5)
        await end([self.name], worker)


async def begin(plugin: Grading, dask_worker: Worker | None = None) -> str:
    """Give a worker its sandboxes for a run, if it has none. Gives what was wrong, '' where nothing was."""
    worker = dask_worker
    assert worker is not None
    if isinstance(there := worker.plugins.get(plugin.name), Grading):
        there.heard = time.monotonic()
        return ""
    try:
        await worker.plugin_add(plugin=plugin, name=plugin.name, catch_errors=False)
    except Exception as error:
        worker.plugins.pop(plugin.name, None)
        return f"{error}" if isinstance(error, SandboxError) else f"{type(error).__name__}: {error}"
    return ""


async def heard(name: str, dask_worker: Worker | None = None) -> None:
    """A word from who grades: the run goes on."""
    if dask_worker and isinstance(plugin := dask_worker.plugins.get(name), Grading):
        plugin.heard = time.monotonic()


async def end(names: list[str], dask_worker: Worker | None = None) -> None:
    """Take the sandboxes of runs away, and what was told of their classes."""
    for name in names:
        if dask_worker and isinstance(dask_worker.plugins.get(name), Grading):
            await dask_worker.set_resources(**{name: 0})
            await dask_worker.plugin_remove(name=name)


def grade_there(name: str, submission: Submission, sent: Mapping[str, str]) -> Answered:
    """The task: one submission in this worker's sandbox. Raises NotHere where it has none for this run."""
    worker = get_worker()
    plugin = worker.plugins.get(name)
    if not isinstance(plugin, Grading) or plugin.judges is None:
        raise NotHere(name)
    plugin.heard = time.monotonic()
    try:
        return replace(plugin.judges.judge(submission, sent), worker=str(worker.name))
    except SandboxError:  # it is to begin anew, or to be done without
        worker.loop.add_callback(end, [name], worker)
        raise
