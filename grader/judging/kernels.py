"""A submission's kernel as the grader sees it: run a cell, carry out a plan, fetch a value, each within a time limit.
No lesson teaches it; grader/judging/judge.py asks, grader/judging/inside.py answers from within the sandbox.
Read grader/judging/sandbox.py first for where the other end lives."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

from course.checks.plan import Observation, Plan
from grader.judging import wire
from grader.judging.groups import waited
from grader.judging.judged import MOST_PATIENCE, CellRun
from grader.judging.sandbox import Sandbox, SandboxError

MOST_PRINTED = 20_000


class OutOfTime(RuntimeError):
    """The learner's code did not come back within its limit; its kernel has been ended."""


class Gone(RuntimeError):
    """The learner's process ended, or answered with something that is no answer; its kernel has been ended."""


class Kernel:
    """One private world of a sandbox. After OutOfTime or Gone it is closed for good.

    starved: the seconds that it has been ready and waited for a processor, which no limit counts.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._channel, self._number = sandbox.fork()
        self._process, self.starved, self.open = 0, 0.0, True
        try:
            self._channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            self._ask(["names"], 30)
        except (OutOfTime, Gone) as error:
            # No code of the learner's has run yet, so it is not the learner's doing.
            raise SandboxError(f"a private world did not come up: {error}") from None
        self._channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        sandbox.confine(self._process)

    def run(self, text: str, seconds: float) -> CellRun:
        """Run one cell. Raises OutOfTime or Gone."""
        match self._ask(["cell", text], seconds):
            case [str(printed), None]:
                return CellRun(printed[:MOST_PRINTED])
            case [str(printed), [str(kind), str(message), line]]:
                return CellRun(printed[:MOST_PRINTED], (wire.type_name(kind), message[:300], wire.line_number(line)))
        raise self._gone("its answer to a cell was no answer")

    def carry_out(self, plan: Plan, name_of: Callable[[Any], str | None], seconds: float) -> Observation:
        """Carry out a plan on the learner's functions; name_of gives the name of a function that stands among the
        arguments."""
        reply = self._ask(["plan", wire.plan_as_value(plan)], seconds, name_of)
        try:
            return wire.observation_of(reply)
        except wire.WireError as error:
            raise self._gone(str(error)) from None

    def carry_out_all(
        self, plans: Sequence[Plan], name_of: Callable[[Any], str | None], seconds: float
    ) -> list[Observation]:
        """Carry out plans one after another; those that begin within half of the seconds, and at least one."""
        reply = self._ask(["plans", [wire.plan_as_value(plan) for plan in plans], seconds / 2], seconds, name_of)
        try:
            if not (isinstance(reply, list) and 0 < len(reply) <= len(plans)):
                raise wire.WireError("its answer to calls was no answer")
            return [wire.observation_of(seen) for seen in reply]
        except wire.WireError as error:
            raise self._gone(str(error)) from None

    def value(self, name: str, seconds: float = 5) -> Any:
        """A variable of the learner's, None where there is none or it has no plain form."""
        return self._ask(["value", name], seconds)

    def names(self, seconds: float = 5) -> set[str]:
        """The names that the notebook's cells have defined."""
        names = self._ask(["names"], seconds)
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()

    def close(self) -> None:
        if self.open:
            self.open = False
            self._channel.close()
            self._sandbox.end(self._number)

    def _ask(self, question: list, seconds: float, name_of: Callable[[Any], str | None] = lambda value: None) -> Any:
        deadline = _Deadline(seconds, self._process)
        try:
            self._channel.settimeout(seconds)
            wire.send(self._channel, wire.encode(question, name_of))
            if not self._process:
                self._process = _sender(self._channel)
            return wire.decode(wire.receive(_Bounded(self._channel, deadline)))
        except TimeoutError:
            self.close()
            raise OutOfTime(f"it did not come back within {seconds:g} s") from None
        except (EOFError, ConnectionError, BrokenPipeError):
            raise self._gone("its process ended") from None
        except wire.WireError as error:
            if self.open and "has no form" in str(error):
                raise
            raise self._gone(str(error)) from None
        finally:
            self.starved += deadline.starved()

    def _gone(self, why: str) -> Gone:
        self.close()
        return Gone(why)


class _Deadline:
    """The end of so many seconds, put off by as long as the process was ready and had no processor, MOST_PATIENCE times
    at most."""

    def __init__(self, seconds: float, process: int) -> None:
        self._seconds, self._process = seconds, process
        self._began, self._waited = time.monotonic(), waited(process) if process else 0.0
        self._starved = 0.0

    def starved(self) -> float:
        if self._process:
            now = waited(self._process) - self._waited
            self._starved = min(
                max(self._starved, now), time.monotonic() - self._began, (MOST_PATIENCE - 1) * self._seconds
            )
        return self._starved

    def left(self) -> float:
        left = self._seconds - (time.monotonic() - self._began)
        return left if left > 0 else left + self.starved()


class _Bounded:
    """A socket whose whole message, not only each part of it, must arrive before the deadline."""

    def __init__(self, channel: socket.socket, deadline: _Deadline) -> None:
        self._channel, self._deadline = channel, deadline

    def recv(self, length: int) -> bytes:
        while (left := self._deadline.left()) > 0:
            self._channel.settimeout(max(left, 0.001))
            try:
                return self._channel.recv(length)
            except TimeoutError:
                continue
        raise TimeoutError


def _sender(channel: socket.socket) -> int:
    """The number, in this process's own world, of the process that sent what comes next: the system says it, the sender
    cannot."""
    _, extra, *_ = channel.recvmsg(1, socket.CMSG_SPACE(struct.calcsize("3i")), socket.MSG_PEEK)
    for level, kind, content in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return struct.unpack("3i", content[: struct.calcsize("3i")])[0]
    return 0
