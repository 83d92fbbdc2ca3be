"""Which workers of a cluster may grade: those that have the same versions as this machine, once their sandboxes are up.
No lesson teaches it; grader/classroom/cluster.py looks here before it gives anything out.
Read grader/classroom/facts.py first (what must be the same), then grader/classroom/workers.py."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from distributed import Client

from grader.classroom import facts as here
from grader.classroom.workers import PREFIX, Grading, begin, end, heard
from grader.judging.judged import Limits
from grader.lessons.cells import Lesson

SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_WORDS, SECONDS_TO_ANSWER = 0.5, 60, 30


class Crew:
    """The workers as they come and go. places: how many submissions can be judged at once now. refused, no_sandbox:
    in words, who may not grade, and what was said where no sandbox came up. times: how often it has met."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.name = f"{PREFIX}{secrets.token_hex(4)}"
        self.places, self.times = 0, 0
        self.refused: dict[str, str] = {}
        self.no_sandbox = ""
        self._say = say
        self._mine = here.facts()
        self._known: set[str] = set()
        self._preparing = 0  # calls to workers whose sandboxes are coming up, which a busy machine takes minutes for
        self._empty_since = self._looked = self._spoke = 0.0
        self._plugin: Grading | None = None

    @contextlib.contextmanager
    def of(self, lesson: Lesson, secret: bytes, limits: Limits, regrade: bool, known: frozenset[str]) -> Iterator[None]:
        """Within the block the crew grades this lesson."""
        self._plugin = Grading(self.name, lesson, secret, limits, regrade, known)
        yield
        self._plugin = None

    @property
    def seconds_without(self) -> float:
        return 0.0 if self.places or self._preparing else time.monotonic() - self._empty_since

    def join(self, client: Client) -> None:
        """Begin anew with the workers of a scheduler that was just reached."""
        self._known.clear()
        self.places, self.times = 0, self.times + 1
        self._empty_since, self._looked, self._spoke = time.monotonic(), 0.0, time.monotonic()

    def look(self, client: Client) -> bool:
        """See who is there, and have newcomers examined. Gives whether the scheduler answers."""
        now = time.monotonic()
        if now - self._looked < SECONDS_BETWEEN_LOOKS:
            return True
        try:
            about = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=SECONDS_TO_ANSWER)
            workers: dict[str, Any] = dict(about["workers"])
        except Exception:
            return client.status == "running" and now - self._looked < SECONDS_TO_ANSWER
        self._looked = now
        had = self.places
        self.places = sum(int(each.get("resources", {}).get(self.name, 0)) for each in workers.values())
        if had and not self.places:
            self._empty_since = now
        if had != self.places:
            self._say(f"{self.places} can be graded at once; {len(workers)} workers are there")
        new = {address: each for address, each in workers.items() if address not in self._known}
        self._known = set(workers)
        if new:
            threading.Thread(target=self._meet, args=[client, new], daemon=True).start()
        if now - self._spoke > SECONDS_BETWEEN_WORDS:
            self._spoke = now
            threading.Thread(target=self._call, args=[client, heard, self.name], daemon=True).start()
        return True

    def broken(self, said: str) -> None:
        """A worker's sandbox could not be had any more: it is asked to begin anew."""
        self.no_sandbox = said
        self._known.clear()

    def leave(self, client: Client) -> None:
        """Have the workers forget the class."""
        if client.status == "running" and self._known:
            self._call(client, end, [self.name])

    def _meet(self, client: Client, new: dict[str, Any]) -> None:
        """Examine newcomers, and give sandboxes to those that have the same versions."""
        text = Path(here.__file__).read_text(encoding="utf-8")
        asked = f"(lambda room: (exec({text!r}, room), room['facts']())[1])({{'__name__': 'facts'}})"
        answers = self._call(client, eval, asked, workers=list(new))
        well = []
        for address, theirs in answers.items():
            who = f"worker {new[address].get('name', address)} at {address}"
            if not isinstance(theirs, dict):
                self._refuse(address, f"{who} does not say its versions ({theirs})")
            elif differs := differences(self._mine, theirs):
                self._refuse(address, f"{who} is refused: {differs}")
            else:
                well.append(address)
        if not well or self._plugin is None:
            return
        self._preparing += 1
        try:
            answers = self._call(client, begin, self._plugin, workers=well)
        finally:
            self._preparing -= 1
            self._empty_since = max(self._empty_since, time.monotonic())
        for address, said in answers.items():
            if said:
                self.no_sandbox = f"worker {new[address].get('name', address)} at {address} cannot grade: {said}"
                self._say(self.no_sandbox)

    def _refuse(self, address: str, words: str) -> None:
        self.refused[address] = " ".join(words.split())[:500]
        self._say(self.refused[address])

    def _call(self, client: Client, function: Callable, *given: Any, workers: list[str] | None = None) -> dict:
        try:
            return client.run(function, *given, workers=workers, on_error="return")
        except Exception as error:  # the worker or the scheduler has gone: it is met again when it comes back
            self._known -= set(workers or ())
            return dict.fromkeys(workers or (), error) if function is eval and client.status == "running" else {}


def differences(mine: dict[str, str], theirs: dict[str, str]) -> str:
    """What another machine has another version of, in words."""
    return ", ".join(
        f"{name} {theirs.get(name, 'none')} there, {version} here"
        for name, version in mine.items()
        if theirs.get(name) != version
    )
