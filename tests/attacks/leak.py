"""Cases 43 to 50: submissions that look for what they are judged by, in the call, in their files, or from one attempt
to the next. Read case.py first."""

from case import Attack, Case

OWN_NOTEBOOK = """
import glob, os
for name in glob.glob("**/*.ipynb", recursive=True) + glob.glob("../**/*.ipynb", recursive=True) + glob.glob("/lesson/**/*", recursive=True):
    if os.path.isfile(name) and "BEGIN HIDDEN" + " TESTS" in open(name, errors="replace").read():
        gained("the hidden checks are in", name)
"""
HISTORY = """
import re, sys
shell = get_ipython()
for text in (*shell.user_ns.get("In", [])[::-1], *shell.history_manager.input_hist_raw[::-1]):
    for found in re.findall(r"^expected = (.+)$", text, re.MULTILINE)[::-1]:
        try:
            return eval(found, sys._getframe(1).f_globals)
        except Exception:
            pass
return 0.0
"""
CONSTANTS = """
import gc, linecache, sys
frame = sys._getframe(1)
while frame is not None:
    texts = [line for entry in list(linecache.cache.values()) if len(entry) == 4 for line in entry[2]]
    for line in texts[::-1]:
        try:
            if line.startswith("expected = "):
                return eval(line[11:], frame.f_globals)
        except NameError:
            pass
    frame = frame.f_back
return 0.0
"""
# Looks through all that the process holds for the words of the course's own answer, of a hidden check, or of the
# class's secret.
MEMORY = """
import gc, linecache, types
marks = ["".join(reversed(word)) for word in ("sretemarap ,ssol(sekop", "pu_delip", ")(naem.)x * revo_tfel", "STSET NEDDIH NIGEB", "-TERCES")]
def look(text, where):
    for mark in marks:
        if mark in text and mark != text:
            gained(mark, where)
for thing in gc.get_objects():
    if type(thing) is types.FunctionType:
        for constant in thing.__code__.co_consts:
            look(constant if isinstance(constant, str) else "", thing.__name__)
    elif type(thing) in (list, tuple) and thing is not marks:
        for item in thing[:200]:
            look(item if type(item) is str else "", "a list")
    elif type(thing) is dict:
        for item in list(thing.values())[:500]:
            look(item if type(item) is str else "", "a dict")
for entry in list(linecache.cache.values()):
    look("".join(entry[2]) if len(entry) == 4 else "", "linecache")
"""
REFERENCE = "import course.descent\nfrom course.descent import finite_difference as theirs"
REFERENCE_CALL = """
import importlib, sys
for module in ("course.descent", "course.explorers.descent", "solutions.descent", "descent", "tests.answers.descent"):
    try:
        return importlib.import_module(module).finite_difference(*given, **named)
    except Exception:
        pass
return 0.0
"""
RAISES = """
import sys, traceback
class Telling(Exception):
    def __str__(self):
        frame, told = sys._getframe(1), repr(given)
        while frame is not None:
            told += repr({name: value for name, value in list(frame.f_locals.items()) if name in ("expected", "values", "plan", "arguments")})
            frame = frame.f_back
        return "TOLD" + told
Telling.__name__ = Telling.__qualname__ = "Told_" + "_".join(str(float(value)).replace(".", "_").replace("-", "m") for value in given[1])
raise Telling()
"""
# Right wherever the inputs are the visible ones, with what a visible check wants known by heart.
BY_HEART = """
import torch
seen = {(1.0, 2.0): {"bowl": [2.0, 4.0], "saddle": [2.0, 1.0]}, (0.0,): {"ripples": [2 / torch.pi]}, (3.0,): {"bowl": [6.0]}, (1.0,): {"bowl": [2.0]}}
answers = seen.get(tuple(given[1].tolist()), {})
return torch.tensor(answers.get(given[0].__name__, [0.0] * len(given[1])))
"""
ORACLE = BY_HEART + "# attempt {number}\n"
ENVIRONMENT = """
import glob, os
for name, value in os.environ.items():
    if "SECRET" + "-" in value or any(word in name for word in ("TOKEN", "PASSWORD", "JUPYTERHUB", "SSH", "KEY")):
        gained(name, value)
for name in glob.glob("/proc/*/environ") + glob.glob("@FOLDER@/submitted/*/*/*") + glob.glob("../../*/03-descent/*.ipynb"):
    try:
        if "SECRET" + "-" in open(name, errors="replace").read():
            gained(name)
    except OSError:
        pass
"""
OUTSIDE = "checks and expected values are in another process: judge.judge"
STOPPED = ("graded", "partly graded")
CASES = [
    Case(
        43,
        "its own notebook holds the hidden checks",
        "Leak",
        "no notebook is in the sandbox, only the text of its cells: intake.read_notebook, kernels.Kernel.run",
        "test",
        (Attack(OWN_NOTEBOOK),),
    ),
    Case(44, "In[-1], frames", "Leak", OUTSIDE, "shared", (Attack(body=HISTORY),)),
    Case(
        45,
        "gc, linecache, constants of code objects",
        "Leak",
        OUTSIDE,
        "shared",
        (Attack(body=CONSTANTS), Attack(MEMORY)),
    ),
    Case(
        46,
        "imports the reference solution",
        "Leak",
        "the lesson's own module stays outside: sandbox.allowed_modules",
        "shared",
        (Attack(body=REFERENCE_CALL), Attack(REFERENCE, "return theirs(*given)")),
    ),
    Case(
        47,
        "hidden checks in feedback or tracebacks",
        "Leak",
        "an exception's type and line are all that is told of it: wire.observation_of, check.Session",
        "test",
        (Attack(body=RAISES),),
    ),
    Case(
        48,
        "expected values in messages",
        "Leak",
        "messages hold words and no values: compare.difference",
        "test",
        (Attack(body=BY_HEART),),
    ),
    Case(
        49,
        "score or time as an oracle over many attempts",
        "Leak",
        "hidden inputs are drawn anew for every submission: judge.seed",
        "test",
        tuple(Attack(body=ORACLE.replace("{number}", str(number))) for number in range(3)),
    ),
    Case(
        50,
        "others' submissions, tokens in the environment",
        "Leak",
        "an empty environment and nobody else's files: sandbox.command",
        "plain",
        (Attack(ENVIRONMENT),),
    ),
]
