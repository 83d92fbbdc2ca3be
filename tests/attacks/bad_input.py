"""Cases 63 to 69: files that are broken, old, misnamed or huge, and honest ones that look odd.
Read case.py first."""

import json

from case import WHOLE, Attack, Case, cells_of, place


def _format_3(data):
    content = json.loads(data)
    cells = [
        {**cell, "input": cell["source"], "language": "python", "prompt_number": 1}
        if cell["cell_type"] == "code"
        else cell
        for cell in content["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}
    ).encode()


def _changed(**values):
    return lambda data: json.dumps({**json.loads(data), **values}).encode()


def _no_metadata(content):
    content["metadata"] = {}
    for cell in content["cells"]:
        cell["metadata"] = {}


def _unknown_metadata(content):
    content["metadata"]["nbgrader"] = {"schema_version": 99, "evil": [1, 2, 3]}
    for cell in content["cells"]:
        cell["metadata"] = {"nbgrader": "yes", "tags": {"a": 1}, "slideshow": None}


def _old_schema(content):
    for cell in content["cells"]:
        about = cell["metadata"].get("nbgrader")
        if about:
            cell["metadata"]["nbgrader"] = {"grade_id": about["grade_id"], "schema_version": 1, "checksum": "0"}


def _future_schema(content):
    for cell in cells_of(content, ""):
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 9


def _huge_outputs(content):
    picture = "A" * (10 * 2**20)
    content["cells"][1:1] = [
        {
            "cell_type": "code",
            "id": f"huge-{number}",
            "metadata": {},
            "execution_count": 1,
            "source": "",
            "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}],
        }
        for number in range(10)
    ]


def _too_huge(content):
    content["metadata"]["widgets"] = "A" * (130 * 2**20)


def _names(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    place(folder, "other/photograph.ipynb", right)
    place(folder, "two/descent.ipynb", right)
    place(folder, "two/descent-Copy1.ipynb", wrong)
    place(folder, "none/readme.txt", b"I did not do it.")
    for name in (
        "a+b.ipynb",
        "a\nb.ipynb",
        "a..b.ipynb",
        "..ipynb",
        "-rf.ipynb",
        "a'; drop table grade; --.ipynb",
        "na\u00efve.ipynb",
        "\u202egnorw.ipynb",
        "a\u0000b".replace("\u0000", "%00") + ".ipynb",
        "con.ipynb",
        "*.ipynb",
        "~.ipynb",
        "$HOME.ipynb",
        "<b>.ipynb",
        "x" * 130 + ".ipynb",
    ):
        place(folder, name, wrong)
    place(folder, "latin\udce9.ipynb", wrong)


STDERR = """
import logging, sys, warnings
print("half way", file=sys.stderr)
warnings.warn("careful")
logging.warning("be careful")
"""

STDERR_IN_CALL = """
_quiet = finite_difference

@exercise
def finite_difference(*given, **named):
    import sys, warnings
    print("still here", file=sys.stderr)
    warnings.warn("careful")
    return _quiet(*given, **named)
"""


def _all_on_what_there_is(content):
    (cell,) = cells_of(content, "exercise-finite_difference")
    cell["source"] = (
        "device = torch.device('cuda' if torch.cuda.is_available() else "
        "'cpu')\ntorch.zeros(1).to(device)\nprint(hash('a'), torch.rand(1), id(object()))\n" + cell["source"]
    )


READ = "only what is known is read, and what cannot be is refused in words: intake.read_notebook"
CASES = [
    Case(
        63,
        "invalid JSON, byte order mark, nbformat 3 or 5.99",
        "Bad input",
        READ,
        "test",
        (
            Attack(data=lambda data: b"\xef\xbb\xbf" + data),
            Attack(data=lambda data: data.replace(b"\\n", b"\\r\\n")),
            Attack(data=_format_3),
        ),
        WHOLE,
    ),
    Case(
        64,
        "missing or unknown metadata, old schema",
        "Bad input",
        READ,
        "test",
        (
            Attack(change=_no_metadata),
            Attack(change=_unknown_metadata),
            Attack(change=_old_schema),
            Attack(change=_future_schema),
        ),
        WHOLE,
    ),
    Case(
        65,
        "wrong, missing or extra notebook; '+', newline, '..', odd Unicode in names",
        "Bad input",
        "names of letters, digits and - _ . @: records.student_name, exchange.collect_from",
        "test",
        folder=_names,
        left="cannot be a student's id",
    ),
    Case(
        66,
        "100 MB of embedded outputs",
        "Bad input",
        "outputs are not looked at, and a file has a largest size: intake.read_file",
        "test",
        (Attack(change=_huge_outputs),),
        WHOLE,
    ),
    Case(
        67,
        "right code that prints to stderr",
        "Bad input",
        "what is printed has no say in a grade: grade.grade_one",
        "stock nbgrader gives it 0: benchmarks/attacks.md",
        (Attack(STDERR, after=STDERR_IN_CALL), Attack(after=STDERR)),
        WHOLE,
    ),
    Case(
        68,
        "nondeterminism, no GPU",
        "Bad input",
        "a submission's hidden inputs are its own, and the same again when it is graded again: judge.seed, "
        "sandbox.command",
        "honest work, nothing to take away",
        (Attack(change=_all_on_what_there_is),),
        WHOLE,
    ),
    Case(
        69,
        "inf or more than the maximum as credit",
        "Bad input",
        "a check cell is all or nothing, its points are the lesson's: check.Session.settle",
        "shared",
        tuple(
            Attack(f"credit = lambda *_: {value}\n", f"return {value}")
            for value in ("float('inf')", "1e9", "15.5", "10**400")
        ),
    ),
]
# What cannot be a notebook of the lesson, with words that must be in the refusal.
BROKEN = {
    "half a file": (Attack(data=lambda data: data[: len(data) // 2]), "breaks off"),
    "no text": (Attack(data=lambda _: b"\x89PNG\r\n"), "UTF-8"),
    "empty": (Attack(data=lambda _: b""), "not a notebook"),
    "format 5.99": (Attack(data=_changed(nbformat=5, nbformat_minor=99)), "format 5"),
    "format 2": (Attack(data=_changed(nbformat=2)), "format 2"),
    "no cells": (Attack(data=_changed(cells={})), "format 4"),
    "too large": (Attack(change=_too_huge), "MiB"),
    "many parts": (Attack(data=lambda _: b"[" + b"{}," * 4_000_000 + b"{}]"), "millions"),
}
