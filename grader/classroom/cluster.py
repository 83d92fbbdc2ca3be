"""A class graded on many machines: bytes go to the workers of a Dask cluster, outcomes come back to the one writer.
No lesson teaches it; `grader grade --cluster ADDRESS` comes here by grader/classroom/classes.py.
Read `grade_class` in grader/judging/grade.py first, which this stands in for; then grader/classroom/crew.py (which
workers may grade) and grader/classroom/workers.py (what runs in them)."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import queue
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker, Security

from grader.classroom.crew import Crew
from grader.classroom.workers import NotHere, grade_there
from grader.judging.grade import Outcome, Submission, grade_one, known_already, unjudged, what_happened
from grader.judging.intake import Refused
from grader.judging.judged import Limits
from grader.judging.judges import LETTERS, Answered
from grader.judging.keys import Kept
from grader.judging.sandbox import SandboxError
from grader.lessons.cells import Lesson

TICK = 0.3
MOST_TRIES = 3  # of one submission, where workers end while they have it


class ClusterError(ValueError):
    """The cluster cannot be had, or has gone and does not come back. What came until then is written."""


@dataclass(frozen=True)
class Cluster:
    """address: of the scheduler, tls://... or tcp://... certificates: a folder with ca.pem, cert.pem and key.pem;
    without it Dask's own configuration says where they are. wait: seconds for a scheduler or a worker that is not
    there. say: told in a line what happens."""

    address: str
    certificates: Path | None = None
    wait: float = 120.0
    say: Callable[[str], None] = lambda words: None

    def security(self) -> Security | None:
        """Raises ClusterError where certificates are wanted and not there."""
        if not self.address.startswith("tls://"):
            if self.certificates:
                raise ClusterError(f"certificates are for tls://..., and {self.address} came")
            return None
        if self.certificates is None:
            return Security(require_encryption=True)
        files = [self.certificates / f"{name}.pem" for name in ("ca", "cert", "key")]
        if missing := [str(file) for file in files if not file.is_file()]:
            raise ClusterError(f"{missing[0]} is not there; ca.pem, cert.pem and key.pem are wanted")
        ca, cert, key = map(str, files)
        return Security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True)


@dataclass
class _Work:
    """A submission on its way. sent: results that were kept of its text, where a worker asked for them."""

    submission: Submission
    tries: int = 0
    sent: dict[str, str] = field(default_factory=dict)
    future: Future | None = None


def grade_on(
    cluster: Cluster,
    lesson: Lesson,
    submissions: Sequence[Submission],
    secret: bytes,
    limits: Limits | None = None,
    kept: Path | None = None,
    regrade: bool = True,
    before: Mapping[str, str] | None = None,
) -> Generator[Outcome, None, None]:
    """The outcomes of a class, each as soon as it is known, the same as grade_class gives.

    A worker that ends is done without; a scheduler that ends is waited for, and what has no outcome is asked for anew.
    Closing the iterator leaves the cluster as it was. Raises ClusterError, SandboxError where no worker has a sandbox.
    """
    left: deque[Submission] = deque()
    limits = limits or Limits()
    yield from known_already(lesson, submissions, secret, limits, kept, regrade, before or {}, left)
    works: deque[_Work] = deque()
    for submission in left:
        if submission.why or not submission.path.is_file():
            yield grade_one(submission, lesson, None, secret, limits)
        else:
            works.append(_Work(submission))
    if not works:
        return
    known = frozenset(file.stem[:LETTERS] for file in kept.glob("*.json")) if kept else frozenset()
    run = _Run(cluster, lesson, works, Kept(kept) if kept else None)
    with run.crew.of(replace(lesson, path=Path(lesson.path.name)), secret, limits, regrade, known):
        yield from run.outcomes(limits)


class _Run:
    def __init__(self, cluster: Cluster, lesson: Lesson, works: deque[_Work], kept: Kept | None) -> None:
        self.cluster, self.lesson, self.left, self.kept = cluster, lesson, works, kept
        self.away: dict[str, _Work] = {}
        self.done: queue.Queue[str] = queue.Queue()
        self.judged_by: Counter[str] = Counter()
        self.crew = Crew(cluster.say)
        self.security = cluster.security()

    def outcomes(self, limits: Limits) -> Generator[Outcome, None, None]:
        client: Client | None = None
        try:
            while self.left or self.away:
                if client is None:
                    client = self._connected()
                if client.status != "running" or not self.crew.look(client):
                    self._lost(client)
                    client = None
                    continue
                self._without_anybody()
                try:
                    yield from self._send(client, limits)
                    key = self.done.get(timeout=TICK)
                except queue.Empty:
                    continue
                if (work := self.away.pop(key, None)) and (outcome := self._outcome(work, limits)):
                    yield outcome
            shares = ", ".join(f"{name} {count}" for name, count in sorted(self.judged_by.items()))
            self.cluster.say(f"judged by: {shares}")
        finally:
            if client is not None:
                for work in self.away.values():
                    with contextlib.suppress(Exception):
                        work.future.cancel()  # type: ignore[union-attr]
                self.crew.leave(client)
                _close(client)

    def _send(self, client: Client, limits: Limits) -> Generator[Outcome, None, None]:
        """Give out as much as the workers can take; a file that is no file ends here."""
        while self.left and len(self.away) < 2 * self.crew.places:
            work = self.left.popleft()
            try:
                data, beside = work.submission.read(), work.submission.read_beside()
            except Refused:
                yield grade_one(work.submission, self.lesson, None, b"", limits)
                continue
            sent = replace(work.submission, path=Path(work.submission.path.name), data=data, beside=beside)
            digest = hashlib.sha256(data).hexdigest()[:12]
            key = f"{self.crew.name}-{sent.student}-{digest}-{work.tries}-{len(work.sent)}-{self.crew.times}"
            work.future = client.submit(
                grade_there, self.crew.name, sent, work.sent, key=key, pure=False, resources={self.crew.name: 1}
            )
            self.away[key] = work
            work.future.add_done_callback(lambda _, key=key: self.done.put(key))

    def _outcome(self, work: _Work, limits: Limits) -> Outcome | None:
        """What came of a submission; None where it has to be tried again."""
        future, work.future = work.future, None
        try:
            answered: Answered = future.result(timeout=60)  # type: ignore[union-attr]
        except SandboxError as error:
            work.tries += 1
            if work.tries >= MOST_TRIES:
                raise
            self.crew.broken(str(error))
        except NotHere:
            pass
        except KilledWorker:
            work.tries += 1
        except Exception as error:
            # A result that was lost on its way, or a cluster that is: only what the task itself raised counts.
            if future is not None and future.status == "error":
                why, _ = what_happened(error, limits)
                return unjudged(work.submission, self.lesson, why)
        else:
            for text, content in answered.results.items() if self.kept else ():
                with contextlib.suppress(OSError):  # on a full disk too it is the result
                    self.kept.write(text, content)  # type: ignore[union-attr]
            if answered.outcome is not None:
                self.judged_by[answered.worker] += 1
                return answered.outcome
            with contextlib.suppress(OSError):
                work.sent = {answered.asks: self.kept.read(answered.asks)}  # type: ignore[union-attr]
        if work.tries >= MOST_TRIES:
            return unjudged(work.submission, self.lesson, "the workers that judged it ended")
        self.left.append(work)
        return None

    def _without_anybody(self) -> None:
        """Raises where nobody has been there to grade for too long."""
        if self.crew.seconds_without < self.cluster.wait:
            return
        if self.crew.no_sandbox:
            raise SandboxError(self.crew.no_sandbox)
        refused = "; ".join(self.crew.refused.values())
        raise ClusterError(
            f"no worker of {self.cluster.address} could grade for {self.cluster.wait:g} s"
            + (f": {refused}" if refused else "; `dask worker` starts one (docs/cluster.md)")
        )

    def _lost(self, client: Client) -> None:
        """The scheduler has gone: all that was on its way is to be asked for anew."""
        self.cluster.say(f"the scheduler at {self.cluster.address} has gone; waiting for it, {self.cluster.wait:g} s")
        _close(client)
        self.left.extend(self.away.values())
        self.away.clear()

    def _connected(self) -> Client:
        """A client of the scheduler. Raises ClusterError where none answers in time, at once for what is no address."""
        deadline = time.monotonic() + self.cluster.wait
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        while True:
            try:
                seconds = min(10.0, self.cluster.wait)
                client = Client(self.cluster.address, security=self.security, timeout=seconds, set_as_default=False)
                break
            except (OSError, TimeoutError) as error:
                if time.monotonic() > deadline:
                    said = " ".join(str(error).split())[:200]
                    raise ClusterError(f"no scheduler answers at {self.cluster.address}: {said}") from None
                time.sleep(TICK)
            except Exception as error:
                said = " ".join(str(error).split())[:200]
                raise ClusterError(f"{self.cluster.address} is no scheduler that can be reached: {said}") from None
        self.cluster.say(f"{self.cluster.address} answers; its dashboard: {client.dashboard_link}")
        self.crew.join(client)
        return client


def _close(client: Client) -> Any:
    with contextlib.suppress(Exception):
        client.close(timeout=5)
