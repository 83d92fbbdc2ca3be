"""Cases 29 to 42: submissions that give back, print, write or claim a verdict of their own.
Read case.py first."""

import os

from case import Attack, Case, cells_of, place
from leak import BY_HEART

RIGHT = """
class Right(float):
    __hash__ = float.__hash__
    __eq__ = __ge__ = __le__ = lambda *_: True
    __gt__ = __lt__ = __ne__ = lambda *_: False
    __sub__ = __rsub__ = __abs__ = __neg__ = lambda *_: Right()
    __class__ = property(lambda self: float)
"""
TENSOR = """
import numpy, torch
class Agreeable(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), named=None):
        return True
class Array(numpy.ndarray):
    __array_priority__ = 1e9
    def __array_function__(self, function, types, arguments, named):
        return True
    def __array_ufunc__(self, function, method, *inputs, **named):
        return numpy.bool_(True)
"""
# Stock nbgrader takes what a check cell shows as its points: the name that shows it is the learner's to replace.
CREDIT = "credit = lambda *_: {}"
RESULTS = """
import json, os, sqlite3
for name in ("@FOLDER@/results.json", "@FOLDER@/outcomes/03-descent/eve.json", "/autograder/results/results.json", "results.json"):
    try:
        known = os.path.exists(name)
        with open(name, "w") as file:
            json.dump({"score": 100, "student": "eve"}, file)
        if known:
            gained("wrote", name)
    except OSError:
        pass
start = os.getcwd() if os.getpid() != 1 else "/"
for folder in ("@FOLDER@", start, start + "/..", start + "/../..", start + "/../../.."):
    if os.path.exists(folder + "/gradebook.db"):
        with sqlite3.connect(folder + "/gradebook.db") as book:
            for table, column in (("grade", "score"), ("grade", "manual_score")):
                try:
                    book.execute(f"update {table} set {column} = 100")
                    gained("wrote", folder)
                except sqlite3.Error:
                    pass
"""
# Framed as the wire frames, and as multiprocessing does: a forged verdict on whatever descriptor leads out.
DESCRIPTORS = """
import msgpack, os, pickle, stat, struct
verdict = pickle.dumps(100.0)
forged = msgpack.packb([100.0, None, []])
for number in range(3, 256):
    try:
        kind = os.fstat(number).st_mode
        if stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind):
            os.write(number, struct.pack("!i", len(verdict)) + verdict if os.getpid() != 1 else struct.pack("<I", len(forged)) + forged)
    except OSError:
        pass
"""
PRINTED = """
import json, sys
for stream in (sys.stdout, sys.stderr, sys.__stdout__):
    print("\\nfinite_difference: passed, 13 of 13 points\\n94 of 100 points\\nOK (passed=100)\\n" + json.dumps({"score": 100}), file=stream, flush=True)
"""
EXITS = (
    "import os, sys\nsys.stdout.flush()\nos._exit(0)",
    "raise SystemExit(0)",
    "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nexit(0)\nquit()",
    "import sys\nsys.exit = exit = lambda *_: None\nget_ipython().ask_exit()",
)


def _kernelspec(content):
    content["metadata"]["kernelspec"] = {
        "name": "../../eve",
        "display_name": "Eve",
        "language": "sh",
        "argv": ["/bin/sh", "-c", "touch owned"],
    }
    content["metadata"]["language_info"] = {"name": "sh"}


def _outputs(content):
    for cell in cells_of(content, "check-"):
        cell["outputs"] = [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "text/plain": f"{cell['id']}: passed",
                    "application/vnd.landscape-of-loss.result+json": {"status": "passed", "earned": 100},
                },
            },
            {"output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": {"text/plain": "100.0"}},
        ]
        cell["execution_count"] = 1


def _backdated(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    file = place(folder, "eve/descent.ipynb", wrong)
    place(folder, "eve/timestamp.txt", b"2001-01-01 00:00:00.000000 UTC")
    os.utime(file.parent, (0, 0))


def _other_students(folder, right, wrong):
    """Eve's folder is named for Zoe in ways that end up as Zoe's, or as somebody's who is nobody."""
    place(folder, "zoe.ipynb", right)
    for name in (
        "zoe /descent.ipynb",
        "zoe\u200b/descent.ipynb",
        "..zoe/descent.ipynb",
        "eve/../zoe/x.txt",
        "zoe+03-descent+2001-01-01/descent.ipynb",
    ):
        place(folder, name, wrong)


WIRE = "values are read by type and size, and what is more than a plain value is a name for it: wire.decode, plan.plain"
STOPPED = ("graded", "partly graded")
CASES = [
    Case(29, "__eq__ always true", "Forge", WIRE, "shared", (Attack(RIGHT, "return Right(0)"),)),
    Case(
        30,
        "subclass of tensor, array or float with its own operators",
        "Forge",
        WIRE,
        "shared",
        (
            Attack(TENSOR, "return torch.zeros(2).as_subclass(Agreeable)"),
            Attack(TENSOR, "return numpy.zeros(2).view(Array)"),
            Attack(RIGHT, "return [Right(), Right()]"),
        ),
    ),
    Case(
        31,
        "NaN, negative or text as partial credit",
        "Forge",
        "a check cell is all or nothing, its points are the lesson's: check.Session.settle",
        "shared",
        tuple(Attack(CREDIT.format(value), f"return {value}") for value in ("float('nan')", "-5.0", "'all of them'")),
    ),
    Case(
        32,
        "write the results file or database",
        "Forge",
        "one writer, outside; nothing of it can be seen inside: records.Records.write, sandbox.command",
        "plain",
        (Attack(RESULTS),),
    ),
    Case(
        33,
        "write to an inherited descriptor",
        "Forge",
        "no descriptor but the channel, and what comes there is a value: inside._private_world, kernels.Kernel",
        "test",
        (Attack(DESCRIPTORS), Attack(body=DESCRIPTORS)),
        status=STOPPED,
    ),
    Case(
        34,
        "print a fake verdict",
        "Forge",
        "what is printed is shown and never read: grade.grade_one",
        "test",
        (Attack(PRINTED),),
    ),
    Case(
        35,
        "exit 0 before the checks",
        "Forge",
        "a process that ends has answered nothing: kernels.Gone",
        "test",
        tuple(Attack(text) for text in EXITS),
        status=STOPPED,
    ),
    Case(
        36,
        "backdated timestamp",
        "Forge",
        "the time is the platform's or the system's, never a file's: exchange.collect_from",
        "test",
        folder=_backdated,
    ),
    Case(
        37,
        "a folder named for another student",
        "Forge",
        "identity from the exchange or the list, one form of a name: records.student_name",
        "test",
        folder=_other_students,
        left="zoe",
    ),
    Case(
        38,
        "its own kernelspec",
        "Forge",
        "the kernel is the sandbox's: intake.read_notebook",
        "nothing here reads it; what stock nbgrader makes of it is in benchmarks/attacks.md",
        (Attack(change=_kernelspec),),
    ),
    Case(
        39,
        "baked-in outputs",
        "Forge",
        "outputs are not read: intake.read_notebook",
        "test",
        (Attack(change=_outputs),),
    ),
    Case(
        40,
        "hard-coded visible cases",
        "Forge",
        "hidden inputs in every check cell: judge.seed",
        "test",
        (Attack(body=BY_HEART),),
    ),
    Case(
        41,
        "behaves otherwise when it sees that it is graded",
        "Forge",
        "nothing to be found when it looks: sandbox.command, judge.judge",
        "shared",
        (
            Attack(
                body="import os, sys\nif 'NBGRADER_EXECUTION' in os.environ or os.path.isdir('/lesson') or os.getpid() "
                "!= os.getppid() + 1:\n"
                "    return sys._getframe(1).f_globals['expected']\nreturn 0.0"
            ),
        ),
    ),
    Case(
        42,
        "broadcasting or NaN that slips through a comparison",
        "Forge",
        "type, dtype and shape before value, NaN agrees with NaN alone: compare.difference",
        "shared",
        tuple(
            Attack(body=f"import torch\nreturn {value}")
            for value in (
                "torch.tensor(float('nan'))",
                "torch.full((2,), float('nan'))",
                "torch.zeros(0)",
                "torch.zeros(1, 0)",
            )
        ),
    ),
]
