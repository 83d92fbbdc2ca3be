"""What runs inside the sandbox: a process that has torch loaded and forks one private world for each submission.
No lesson teaches it; grader/judging/sandbox.py starts it, grader/judging/kernels.py talks to it.
Read grader/judging/kernels.py first. Nothing here is trusted by the grader: it only ever gives back values."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import platform
import resource
import signal
import socket
import sys
import time
from typing import Any

from grader.judging.calls import refuse

NEW_MOUNTS, NEW_USER, NEW_PROCESSES, NEW_IPC, NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x8000000, 0x40000000
NO_SETUID, NO_DEVICES = 2, 4
PARENT_DEATH_SIGNAL = 1
KEYCTL, JOIN_NEW_SESSION_KEYRING = {"x86_64": 250, "aarch64": 219}.get(platform.machine(), -1), 1
ENDINGS = (signal.SIGTERM, signal.SIGCHLD)
MOST_TEXT = 20_000

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Serve fork requests on the inherited control socket until it closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    shell = _preload()
    control.sendall(b"ready")
    children: dict[int, int] = {}
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        if not request:
            break
        order, number = request.decode().split()
        if order == "fork":
            child = os.fork()
            if child == 0:
                control.close()
                _private_world(socket.socket(fileno=descriptors[0]), shell)
                os._exit(0)
            children[int(number)] = child
            os.close(descriptors[0])
        elif child := children.pop(int(number), 0):
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        control.sendall(b"done")


def _preload() -> Any:
    """Import what lessons use, compute nothing (a torch operation in several threads would hang the forks), make the
    shell."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot
    import numpy
    import torch
    import torch._dynamo  # torch.optim and torch.func import it when first used, three seconds in every fork
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import course.checks.sentences
    import course.data
    import course.plots

    assert torch and numpy and course
    torch.set_num_threads(1)
    config = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell.instance(colors="nocolor", history_length=0, config=config)
    shell.enable_gui = lambda gui=None: None  # type: ignore[method-assign]  # what %matplotlib asks for
    return shell


def _private_world(channel: socket.socket, shell: Any) -> None:
    """New namespaces, fresh folders and limits for one submission, then its kernel as process 1 of its own."""
    libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    user, group = os.getuid(), os.getgid()
    _call(libc.unshare, NEW_USER | NEW_MOUNTS | NEW_PROCESSES | NEW_IPC | NEW_NETWORK)
    libc.syscall(KEYCTL, JOIN_NEW_SESSION_KEYRING, None)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    _write("/proc/sys/user/max_user_namespaces", "0")
    for folder, size in (("/tmp", "256m"), ("/dev/shm", "64m"), (os.path.expanduser("~"), "256m")):
        _call(
            libc.mount,
            b"tmpfs",
            folder.encode(),
            b"tmpfs",
            NO_SETUID | NO_DEVICES,
            f"size={size},nr_inodes=8k".encode(),
        )
    os.chdir(os.path.expanduser("~"))
    # The kernel can take its own death signal away: this process, which it cannot see, ends it when told to.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    # A signal to "my own group" reaches all of it, in whatever namespace: this process leaves the preloader's group,
    # the kernel leaves this one's.
    os.setpgid(0, 0)
    child = os.fork()
    if child:
        channel.close()
        signal.sigwait(ENDINGS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os._exit(0)
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if libc.mount(b"proc", b"/proc", b"proc", NO_SETUID | NO_DEVICES, None):
        _call(libc.mount, b"tmpfs", b"/proc", b"tmpfs", NO_SETUID | NO_DEVICES, b"size=4k")
    _limit()
    _drop_privileges()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    # An open file of the preloading process would be the same one in every world.
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, 2**20)
    with contextlib.suppress(EOFError, OSError):
        Kernel(shell).serve(channel)


def _limit() -> None:
    gib = 2**30
    for kind, most in (
        (resource.RLIMIT_AS, 8 * gib),
        (resource.RLIMIT_NPROC, 64),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_FSIZE, gib // 4),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, 600),
    ):
        resource.setrlimit(kind, (most, most))


def _drop_privileges() -> None:
    """No capabilities, not even in the namespace of its own, none to be had by running anything, and no unusual system
    calls."""
    set_no_new_privileges, drop_from_bounding_set = 38, 24
    _call(libc.prctl, set_no_new_privileges, 1, 0, 0, 0)
    for capability in range(64):
        if libc.prctl(drop_from_bounding_set, capability, 0, 0, 0):
            break
    version_3 = 0x20080522
    header = (ctypes.c_uint32 * 2)(version_3, 0)
    _call(libc.capset, header, (ctypes.c_uint32 * 6)())
    refuse()


def _call(function: Any, *arguments: Any) -> None:
    if function(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


class Kernel:
    """Runs cells and carries out plans for one submission, on its own socket, until that closes."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def serve(self, channel: socket.socket) -> None:
        from grader.judging import wire

        while True:
            what, *more = wire.decode(wire.receive(channel))
            try:
                reply = wire.encode(getattr(self, what)(*more))
            except Exception as error:
                reply = wire.encode(_failed(error))
            wire.send(channel, reply)

    def cell(self, text: str) -> list:
        """Run one cell as the notebook would. Gives [printed text, exception as [kind, message, line] or None]."""
        from course.checks.source import last_line

        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            self.shell.showtraceback = lambda *_, **__: None
            self.shell.showsyntaxerror = lambda *_, **__: None
            result = self.shell.run_cell(text, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        raised = None
        if error is not None:
            line = error.lineno if isinstance(error, SyntaxError) else last_line(error)
            raised = [type(error).__name__, _sendable(str(error)[:300]), line or 0]
        return [_sendable(printed.getvalue()[:MOST_TEXT]), raised]

    def plan(self, value: list) -> list:
        """Carry out a plan on the learner's functions."""
        from course.checks.plan import carry_out
        from grader.judging import wire

        return wire.observation_as_value(carry_out(wire.plan_of(value), self._look_up))

    def plans(self, values: list, seconds: float) -> list:
        """Carry out plans one after another, as many as begin within so many seconds."""
        from grader.judging import wire

        began, room = time.monotonic(), wire.LARGEST // 2
        seen: list[Any] = []
        while len(seen) < len(values) and (not seen or (room > 0 and time.monotonic() - began < seconds)):
            try:
                seen.append(self.plan(values[len(seen)]))
                room -= len(wire.encode(seen[-1]))
            except wire.WireError as error:
                seen[-1] = _failed(error)
        return seen

    def value(self, name: str) -> Any:
        """A variable of the learner's, a quiz's answers say, as a plain value."""
        from course.checks.plan import plain

        return plain(self.shell.user_ns.get(name))

    def names(self) -> list:
        """The names that the learner's notebook has defined."""
        return [name for name in self.shell.user_ns if isinstance(name, str)]

    def _look_up(self, name: str) -> Any:
        if name not in self.shell.user_ns:
            raise NameError(f"name '{name}' is not defined")
        return self.shell.user_ns[name]


def _failed(error: Exception) -> list:
    """What is sent in the place of an observation that could not be: no value, and the exception that stopped it."""
    return [None, [type(error).__name__, _sendable(str(error)[:300]), 0, []], (), (), (), (), ""]


def _sendable(text: str) -> str:
    """Text without lone surrogates, which have no form as bytes."""
    return text.encode("utf-8", "replace").decode()


if __name__ == "__main__":
    main()
