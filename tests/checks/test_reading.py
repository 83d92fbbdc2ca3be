"""What is read off an answer's source: what its function uses, and what it calls of the learner's own; what reading
cannot follow waits for a person. Read course/checks/source.py first."""

import pytest

from course.checks.source import names_looked_up, parsed, reading_of, statements_for

USED = [
    "%%time\ndef f(x):\n    return torch.sigmoid(x)",
    ">>> def f(x):\n...     return torch.sigmoid(x)",
    "    def f(x):\n        return torch.sigmoid(x)",
    "f = torch.sigmoid",
    "def helper(x): return torch.sigmoid(x)\ndef f(x): return helper(x)",
    "f = lambda x: torch.sigmoid(x)",
]
UNCLEAR = [
    "if True:\n    def f(x): return torch.sigmoid(x)",
    "(f, g) = (torch.sigmoid, 1)",
    "(f := torch.sigmoid)",
    "from torch import sigmoid as f",
    "from operator import attrgetter\ndef f(x): return attrgetter('sigmoid')(torch)(x)",
    "import pydoc\ndef f(x): return pydoc.locate('torch.sigmoid')(x)",
    "def f(x):\n    return get_ipython().ev('torch.sigmoid(x)')",
    "def f(x):\n    match torch:\n        case object(sigmoid=s): return s(x)",
    "torch.h = torch.sigmoid\ndef f(x): return torch.h(x)",
    "def f(x): return x\nf.__code__ = (lambda x: torch.sigmoid(x)).__code__",
    "def f(x): return getattr(torch, 'sig' + 'moid')(x)",
    "def f(x): return eval('torch.sigmoid')(x)",
]
NOBODYS_OFFENCE = [
    "def f(x): return x\nprint(sigmoid(x), getattr(x, 'y'))",
    "def f(x): return x\nassert torch.allclose(f(x), torch.sigmoid(x))",
    "def f(n): return f(n - 1)",
    "def f(kernel: Tensor) -> Tensor: return kernel",
    "def f(x):\n    compiled = x\n    return compiled",
]


@pytest.mark.parametrize("text", USED)
def test_what_a_function_plainly_does_is_read(text):
    assert "sigmoid" in reading_of("f", text).used


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_reading_cannot_follow_waits_for_a_person_with_the_line_shown(text):
    found = reading_of("f", text)
    assert found.unclear or "sigmoid" in found.used
    assert all(len(line) <= 120 for line in found.unclear)


@pytest.mark.parametrize("text", NOBODYS_OFFENCE)
def test_what_the_function_does_not_reach_is_nobodys_offence(text):
    found = reading_of(
        "f", text, ["import torch\nfrom torch import Tensor", "kernel = torch.sigmoid(x)\nfor x in range(3): pass"]
    )
    assert "sigmoid" not in found.used and "for" not in found.used and not found.unclear


def test_a_helper_in_a_cell_of_its_own_is_part_of_the_answer():
    assert "for" in reading_of("f", "def f(x): return helper(x)", ["def helper(x):\n    for y in x: pass"]).used


def test_an_answer_wants_what_it_looks_up_and_not_its_own_variables():
    assert names_looked_up("import torch\ndef f(image):\n    total = KERNELS['blur'] * image\n    return total") == {
        "KERNELS"
    }
    text, defined, more = statements_for(
        {"accuracy"}, "import time\nfrom course.training import accuracy\nx = 3\nscores = [accuracy(x)]"
    )
    assert text == "from course.training import accuracy" and defined == {"accuracy"} and not more


def test_what_is_ipythons_own_is_read_as_python():
    assert parsed("%timeit -o f(3)\nx = 1").body and parsed("!ls\ny = 2").body and not parsed("def broken(:").body
