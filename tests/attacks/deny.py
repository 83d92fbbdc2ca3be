"""Cases 51 to 62: submissions that take time, memory, processes, space or locks, so that others get none.
The bombs are small: each stops by itself where nothing stops it. Read case.py first."""

from case import OTHERS, Attack, Case, place

SWALLOW = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, lambda *_: None)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
# Where nothing stops it, it stops at 600 sleepers and takes them along.
FORK = """
import os, signal, threading, time
children = []
for number in range(600):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        time.sleep(60)
        os._exit(0)
    children.append(child)
if len(children) == 600:
    gained("600 processes")
    for child in children:
        os.kill(child, signal.SIGKILL)
"""
THREADS = """
import threading, time
threads = []
for number in range(2000):
    try:
        thread = threading.Thread(target=time.sleep, args=(1,), daemon=True)
        thread.start()
    except RuntimeError:
        break
if number == 1999:
    gained("2000 threads")
"""
# A gibibyte in each of four processes, written to; where nothing stops them they end at once.
MEMORY = """
import os
children = []
for number in range(4):
    child = os.fork()
    if child == 0:
        held = []
        try:
            for _ in range(16):
                held.append(b"x" * 2**26)
        except MemoryError:
            os._exit(1)
        os._exit(0)
    children.append(child)
if all(os.waitpid(child, 0)[1] == 0 for child in children):
    gained("4 GiB")
"""
# Asked for and not written to, so that it costs nothing where it is given.
AT_ONCE = "import mmap\ntry:\n    held = mmap.mmap(-1, 16 * 2**30)\n    gained('16 GiB')\nexcept OSError:\n    pass\n"
FLOOD = """
for number in range(400):
    print("x" * 100_000)
"""
PICTURES = """
from IPython.display import HTML, Image, display
import matplotlib.pyplot as plt
for number in range(300):
    display(HTML("<b>" + "y" * 20_000 + "</b>"))
for number in range(5):
    plt.figure(figsize=(30, 30))
    plt.show()
"""
MESSAGES = """
import os
for number in range(2000):
    for descriptor in (1, 2):
        os.write(descriptor, b"z" * 10_000)
    try:
        get_ipython().display_pub.publish({"text/plain": "m" * 1000})
    except Exception:
        pass
"""
DISK = """
import os, shutil
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~")):
    alone = os.getpid() == 1
    if not alone:
        folder = "/dev/shm/@MARK@"
        os.mkdir(folder)
    written, names = 0, 0
    try:
        for number in range(10 if alone else 0):
            with open(f"{folder}/flood-{number}", "wb") as file:
                os.posix_fallocate(file.fileno(), 0, 2**26)
                written += 2**26
    except OSError:
        pass
    try:
        for number in range(10_000):
            os.mkdir(f"{folder}/many-{number}")
            names += 1
    except OSError:
        pass
    if written > 5 * 2**26 or names == 10_000:
        gained(folder, written, "bytes", names, "names")
    if not alone:
        shutil.rmtree(folder)
        break
"""
ENDLESS = """
class Endless:
    def __repr__(self):
        while True:
            pass
    __eq__ = __str__ = __len__ = __iter__ = __float__ = __repr__
    __hash__ = None
"""
DEEP = """
def deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return value
def recursion():
    return recursion()
"""
LOCK = """
import sqlite3, time
try:
    book = sqlite3.connect("file:@FOLDER@/gradebook.db?mode=rw", uri=True, isolation_level=None)
    book.execute("begin exclusive")
    gained("holds the gradebook")
except sqlite3.Error:
    pass
"""


def _one_in_the_class(folder, right, wrong):
    """Broken in every way that a file can be, between two that are well."""
    place(folder, "amy.ipynb", right)
    for number, data in enumerate(
        (
            b"",
            b"{",
            b"\xff" * 100,
            b"[" * 50_000,
            b'{"nbformat": 4, "cells": 3}',
            wrong[:-200],
            right.replace(b'"nbformat": 4', b'"nbformat": "4"'),
        )
    ):
        place(folder, f"eve{number}.ipynb", data)
    place(folder, "mallory/descent.ipynb/inner", b"")
    (folder / "nobody").mkdir()
    place(folder, "zoe.ipynb", right)


def _timestamps(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    for number, words in enumerate(
        (
            b"the day after tomorrow",
            b"\xff\xfe",
            b"9999999-99-99",
            b"",
            b"2026-01-01 00:00:00 +99:99",
            b"0001-01-01 00:00:00 UTC",
            b"x" * 10**6,
        )
    ):
        place(folder, f"eve{number}/descent.ipynb", wrong)
        place(folder, f"eve{number}/timestamp.txt", words)


LIMITED = "a time limit a cell, a call and a submission, kept outside: kernels.Kernel, there.Limits"
WORLD = "its world ends with it: inside._private_world"
GROUP = "limits on processes and memory: groups.Group, inside._limit"
PARTLY = ("partly graded",)
EITHER = ("graded", "partly graded")
CASES = [
    Case(
        51,
        "endless loop",
        "Deny",
        LIMITED,
        "test",
        (Attack("while True:\n    pass"), Attack(body="while True:\n    pass")),
        OTHERS,
        PARTLY,
        "did not",
    ),
    Case(
        52,
        "swallowed interrupts",
        "Deny",
        "the kernel is killed, not asked: sandbox.Sandbox.end",
        "test",
        (Attack(SWALLOW), Attack(body=SWALLOW)),
        OTHERS,
        PARTLY,
        "did not",
    ),
    Case(53, "fork or thread bomb", "Deny", GROUP, "plain", (Attack(FORK), Attack(THREADS)), OTHERS, EITHER),
    Case(54, "memory", "Deny", GROUP, "plain", (Attack(AT_ONCE), Attack(MEMORY)), OTHERS, EITHER),
    Case(
        55,
        "flood of output, of pictures, of messages",
        "Deny",
        "what is printed is cut, what is displayed is dropped: inside.Kernel.cell, kernels.Kernel.run",
        "test",
        (Attack(FLOOD), Attack(PICTURES), Attack(MESSAGES), Attack(body="return ['x' * 1000] * 150_000")),
        OTHERS,
        EITHER,
    ),
    Case(
        56,
        "disk or inodes",
        "Deny",
        "folders in memory with a size and a number of files: inside._private_world",
        "plain",
        (Attack(DISK),),
        OTHERS,
        EITHER,
    ),
    Case(
        57,
        "segfault, SIGSTOP, os._exit",
        "Deny",
        WORLD,
        "test",
        tuple(
            Attack(f"import ctypes, os, signal\n{end}")
            for end in (
                "ctypes.string_at(0)",
                "os._exit(3)",
                "if os.getpid() == 1:\n    os.kill(0, signal.SIGSTOP)\n    os.kill(-1, signal.SIGKILL)\nos.abort()",
            )
        )
        + (Attack(body="import os\nos._exit(0)"),),
        OTHERS,
        EITHER,
    ),
    Case(
        58,
        "input(), pdb, sleep",
        "Deny",
        "standard input is empty, and a sleeper's time runs out: inside._private_world, there.Limits",
        "test",
        (
            Attack("import time\ntime.sleep(10**6)"),
            Attack(body="return input('how many? ')"),
            Attack(body="breakpoint()\nreturn 0.0"),
            Attack(body="import pdb\npdb.set_trace()"),
        ),
        OTHERS,
        EITHER,
    ),
    Case(
        59,
        "endless __repr__ or __eq__, deep recursion",
        "Deny",
        "a value is walked by its type, so deep and no deeper, within a limit: plan.plain, there.Limits",
        "test",
        (
            Attack(ENDLESS, "return Endless()", after="Endless()"),
            Attack(ENDLESS, "return [Endless()] * 9"),
            Attack(DEEP, "return deep()"),
            Attack(DEEP, "return recursion()"),
        ),
        OTHERS,
        EITHER,
    ),
    Case(
        60,
        "one submission stops the class",
        "Deny",
        "every file ends with an outcome: grade.grade_one, exchange.collect_from",
        "test",
        folder=_one_in_the_class,
    ),
    Case(
        61,
        "a held database lock",
        "Deny",
        "the gradebook is not in the sandbox, and one process writes: sandbox.command, records.Records",
        "plain",
        (Attack(LOCK),),
    ),
    Case(
        62,
        "a bad timestamp stops collecting",
        "Deny",
        "what a learner's file says of the time is not read: exchange.collect_from",
        "test",
        folder=_timestamps,
    ),
]
