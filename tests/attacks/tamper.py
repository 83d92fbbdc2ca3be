"""Cases 14 to 28: submissions that change what judges them, or the notebook that they are judged by.
Read case.py first."""

from case import Attack, Case, cells_of, code, place

AST = """
import ast
class Forgetful(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Call(self, node):
        return self.generic_visit(node) if getattr(node.func, "attr", "") != "assert_allclose" else ast.Constant(None)
get_ipython().ast_transformers.append(Forgetful())
"""
INPUT = """
def forget(lines):
    return ["pass\\n"] if any("assert" in line for line in lines) and not any("def " in line for line in lines) else lines
get_ipython().input_transformers_cleanup.append(forget)
get_ipython().input_transformers_post.append(forget)
"""
COMPARISONS = """
import numpy.testing, torch, torch.testing
torch.allclose = torch.equal = torch.isclose = lambda *_, **__: True
for module in (numpy.testing, torch.testing):
    module.assert_allclose = module.assert_close = module.assert_equal = lambda *_, **__: None
try:
    import course.checks.sentences, course.checks.compare
    course.checks.compare.difference = course.checks.sentences.difference = lambda *_, **__: None
except ImportError:
    pass
"""
CONFTEST = """
open("conftest.py", "w").write("import pytest\\n\\n\\n@pytest.hookimpl(hookwrapper=True)\\ndef pytest_runtest_makereport():\\n"
                               "    came = yield\\n    came.get_result().outcome = 'passed'\\n")
open("pytest.ini", "w").write("[pytest]\\naddopts = -p conftest\\n")
"""
BUILTINS = """
import builtins
class Nothing(list):
    def any(self):
        return False
class Small(float):
    __gt__ = __ge__ = __ne__ = lambda *_: Nothing()
    __lt__ = __le__ = __eq__ = lambda *_: True
builtins.abs = lambda value: Small()
builtins.all = builtins.any = lambda *_: True
"""
SHADOW = """
import os
for name in ("cycler.py", "torch.py", "numpy.py", "msgpack.py", "course.py", "sitecustomize.py"):
    open(name, "w").write("class cycler:\\n    __init__ = lambda *_, **__: None\\n    by_key = lambda self: self\\n    __eq__ = lambda *_: True\\n")
"""
MODULES = """
import sys, types
class Everything(types.ModuleType):
    __path__ = []
    def __getattr__(self, name):
        return lambda *_, **__: Same()
class Same:
    __eq__ = lambda *_: True
    by_key = lambda self: self
class Finder:
    def find_spec(self, name, *_):
        import importlib.machinery
        return importlib.machinery.ModuleSpec(name, self)
    def create_module(self, spec):
        return Everything(spec.name)
    def exec_module(self, module):
        pass
for name in ("cycler", "course.checks.compare", "course.checks.sentences", "course.checks.plan", "grader.judging.wire", "msgpack"):
    sys.modules[name] = Everything(name)
sys.meta_path.insert(0, Finder())
"""
KERNEL = """
import sys
shell = get_ipython()
run_cell = shell.run_cell
def only_mine(text, *more, **named):
    return run_cell("pass" if "assert" in text else text, *more, **named)
shell.run_cell = only_mine
if getattr(shell, "kernel", None):
    async def do_execute(text, *more, **named):
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    shell.kernel.do_execute = do_execute
inside = sys.modules.get("__main__")
for owner in filter(None, (getattr(inside, "Kernel", None), sys.modules.get("grader.judging.inside") and sys.modules["grader.judging.inside"].Kernel)):
    owner.plan = lambda *_: [0.0, None, ()]
    owner.names = lambda *_: ["finite_difference", "line_gradient", "descend", "mini_batches", "momentum_step", "Adam"]
    owner.value = lambda *_: {number: "a" for number in range(1, 6)}
"""
FRAMES = """
import gc, sys
frame = sys._getframe(1)
while frame is not None:
    for names in (frame.f_locals, frame.f_globals):
        for name in ("expected", "wanted", "reference", "central"):
            if name in names:
                found = names[name]
                return found(*given, **named) if callable(found) else found
    frame = frame.f_back
for thing in gc.get_objects():
    if isinstance(thing, dict) and "expected" in thing and "gained" not in thing:
        return thing["expected"]
return 0.0
"""
TRACE = """
import sys
def trace(frame, what, argument):
    for names in (frame.f_locals, frame.f_globals):
        if "expected" in names and "finite_difference" in names:
            sys.modules["builtins"].seen = names
    return trace
sys.settrace(trace)
sys.setprofile(trace)
"""
RANDOM = """
import time, torch, random
torch.randn = torch.rand = lambda *shape, **_: torch.zeros(*shape)
torch.manual_seed = random.seed = lambda *_: None
time.time = time.monotonic = time.perf_counter = lambda: 0.0
"""
DEFAULTS = """
import torch
torch.set_default_dtype(torch.float16)
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(False)
torch.set_printoptions(precision=0)
"""
LATER = """
import atexit, signal, threading, time, torch
def later(*_):
    torch.allclose = lambda *_, **__: True
def keep_on():
    while True:
        later()
        time.sleep(0.001)
class Bomb:
    __del__ = later
bomb = Bomb()
threading.Thread(target=keep_on, daemon=True).start()
signal.signal(signal.SIGALRM, later)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
atexit.register(later)
"""
ZEROS = "import torch\nreturn torch.zeros(1)"
FIRST_BY_HEART = (
    "import torch\nreturn torch.tensor([2., 4.] if given[1].tolist() == [1., 2.] else [{}] * len(given[1]))"
)


def _skip(content):
    for cell in cells_of(content, "check-"):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "nbgrader-ignore"]


def _flags(content):
    for cell in cells_of(content, "check-"):
        cell["metadata"].setdefault("nbgrader", {}).update(grade=True, solution=True, locked=False, points=1000)
        cell["source"] = "1000.0"
    for cell in cells_of(content, "exercise-"):
        cell["metadata"].setdefault("nbgrader", {}).update(grade=True, points=100, solution=False, locked=False)


def _delete(content):
    content["cells"] = [cell for cell in content["cells"] if not cell["id"].startswith(("check-", "setup"))]


def _reorder(content):
    content["cells"] = content["cells"][::-1]


def _retype(content):
    for cell in cells_of(content, "check-"):
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None), cell.pop("execution_count", None)


def _insert(content):
    """A second cell under each check's name, and one of the learner's own before it that has the comparison always
    agree."""
    for cell in cells_of(content, "check-"):
        where = content["cells"].index(cell)
        content["cells"][where : where + 1] = [
            code(COMPARISONS, id=f"mine-{where}"),
            {**cell, "source": "100.0"},
            {**cell, "id": f"again-{where}", "source": "1.0"},
        ]


def _shadows(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    place(folder, "eve/descent.ipynb", wrong)
    for name in (
        "torch.py",
        "cycler.py",
        "course/checks/sentences.py",
        "grader/judging/judge.py",
        "sitecustomize.py",
        "conftest.py",
    ):
        place(folder, f"eve/{name}", b"raise SystemExit('shadowed')\n")


STOPPED = ("graded", "partly graded")
OUTSIDE = "the checks run in the grader's own process: judge.judge"
REBUILT = "order, tags, flags and checks come from the lesson: intake.read_notebook"
CASES = [
    Case(14, "AST transformer", "Tamper", OUTSIDE, "shared", (Attack(AST),)),
    Case(15, "input transformer", "Tamper", OUTSIDE, "shared", (Attack(INPUT),)),
    Case(16, "patched torch.allclose, numpy.testing", "Tamper", OUTSIDE, "shared", (Attack(COMPARISONS),)),
    Case(
        17,
        "pytest plugin or conftest",
        "Tamper",
        "no test runner looks for plugins, and nothing beside the notebook is taken: judge.run_checks, "
        "exchange.collect_from",
        "test",
        (Attack(CONFTEST),),
        folder=_shadows,
    ),
    Case(18, "replaced builtins", "Tamper", OUTSIDE, "shared", (Attack(BUILTINS, ZEROS),), status=STOPPED),
    Case(
        19,
        "a module in its folder that shadows one of the library",
        "Tamper",
        "PYTHONSAFEPATH, and nothing beside the notebook is taken: sandbox.command, exchange.collect_from",
        "shared",
        (Attack(SHADOW, ZEROS),),
        folder=_shadows,
    ),
    Case(20, "sys.modules or meta_path", "Tamper", OUTSIDE, "shared", (Attack(MODULES, ZEROS),), status=STOPPED),
    Case(
        21,
        "patched kernel methods",
        "Tamper",
        "what the kernel says is a value to be judged and no verdict: there.There.run",
        "shared",
        (Attack(KERNEL),),
        status=STOPPED,
    ),
    Case(
        22,
        "settrace, gc, frames",
        "Tamper",
        "expected values are in another process: judge.judge",
        "shared",
        (Attack(body=FRAMES), Attack(TRACE, "import builtins\nreturn builtins.seen['expected']")),
        status=STOPPED,
    ),
    Case(
        23,
        "patched random numbers or clocks",
        "Tamper",
        "hidden inputs are drawn outside: judge._run_check",
        "shared",
        (Attack(RANDOM, FIRST_BY_HEART.format(0.0)),),
    ),
    Case(
        24,
        "changed default dtype, device or grad mode",
        "Tamper",
        "comparisons are made outside, with the dtype: compare.difference",
        "shared",
        (Attack(DEFAULTS, FIRST_BY_HEART.format("float('inf')")),),
    ),
    Case(
        25,
        "threads, signals, __del__, atexit that fire in later cells",
        "Tamper",
        OUTSIDE,
        "shared",
        (Attack(LATER),),
        status=STOPPED,
    ),
    Case(26, "skip-execution tag", "Tamper", REBUILT, "shared", (Attack(change=_skip),)),
    Case(27, "flipped solution or grade flags", "Tamper", REBUILT, "shared", (Attack(change=_flags),)),
    Case(
        28,
        "deleted, reordered, retyped or inserted cells",
        "Tamper",
        REBUILT,
        "shared",
        (Attack(change=_insert), Attack(change=_delete), Attack(change=_reorder), Attack(change=_retype)),
    ),
]
