"""What a submission does to reach others, the grader's own process or an instructor's page, and what it gains by it:
nothing.
And beside it what honest learners do that looks odd, which costs them nothing.
Read grader/judging/inside.py, grader/judging/wire.py and grader/judging/judge.py first."""

import contextlib
import ctypes
import json
import socket
import time
from datetime import UTC, datetime, timedelta

import msgpack
import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from shared import LESSONS, ROOT

from course.checks.compare import show
from grader.classroom.records import Records
from grader.judging import wire
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import PARTLY, REFUSED, Submission, grade_one
from grader.judging.inside import KEYCTL
from grader.judging.kernels import CellRun, Gone, Kernel, OutOfTime
from grader.judging.sandbox import SandboxError
from grader.judging.there import Limits
from grader.judging.watch import remarkable
from grader.judging.wire import WireError

FOLDER = "03-descent"
LESSON = LESSONS[FOLDER]
RIGHT = solved(LESSON)
WHOLE = LESSON.points - sum(cell.points for cell in LESSON.essays)
OUTSIDE_A_CALL = "@exercise\ndef finite_difference(*a, **k):\n    {}\n"


def notebook(texts: dict[str, str], *added: tuple[str, str], without: str = "") -> bytes:
    """A notebook with these texts, cells added after the ones named, and one cell taken away."""
    content = json.loads(notebook_with(LESSON, ROOT, texts))
    for after, source in added:
        place = next(number for number, cell in enumerate(content["cells"]) if cell["id"] == after) + 1
        content["cells"].insert(
            place,
            {
                "cell_type": "code",
                "id": f"mine-{place}",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": source,
            },
        )
    content["cells"] = [cell for cell in content["cells"] if cell["id"] != without]
    return json.dumps(content).encode()


def of(outcome, exercise: str) -> list:
    return [result for result in outcome.results if result.exercise == exercise]


# From one submission to the next


def after_another(sandboxes, first: str, second: str) -> CellRun:
    """What the second submission's cell comes to after the first submission's has run and ended."""
    for text in (first, second):
        kernel = Kernel(sandboxes[FOLDER])
        try:
            run = kernel.run(text, 20)
        finally:
            kernel.close()
    return run


def test_no_open_file_is_shared_with_the_next_submission(sandboxes):
    write = "import os\nfor d in range(3, 100):\n    try: os.pwrite(d, b'for you', 50_000)\n    except OSError: pass"
    look = "import os\nfor d in range(3, 100):\n    try: print(os.pread(d, 7, 50_000))\n    except OSError: pass"
    assert after_another(sandboxes, write, look).printed == ""


@pytest.mark.skipif(KEYCTL < 0, reason="the number of the system call is known for x86_64 and aarch64 only")
def test_no_keyring_is_shared_with_the_next_submission(sandboxes):
    add_key = {250: 248, 219: 217}[KEYCTL]
    write = f"import ctypes\nctypes.CDLL(None).syscall({add_key}, b'user', b'mark', b'for you', 7, -3)"
    look = f"import ctypes\nprint(ctypes.CDLL(None).syscall({KEYCTL}, 10, -3, b'user', b'mark', 0))"
    join_named_session = ctypes.CDLL(None).syscall(KEYCTL, 1, b"a session such as a login has")
    if join_named_session < 0:
        pytest.skip("this system gives no keyrings")
    del sandboxes[FOLDER]  # the next one is started by a process that has a session keyring
    assert after_another(sandboxes, write, look).printed.strip() == "-1"


def test_what_takes_its_death_signal_away_ends_all_the_same_and_its_mailbox_with_it(sandboxes):
    stay = """
import ctypes, socket
import grader.judging.wire
ctypes.CDLL(None).prctl(1, 0)
box, receive = socket.socket(socket.AF_UNIX), grader.judging.wire.receive
box.bind("\\0mailbox")
box.listen()

def never_end(channel):
    try:
        return receive(channel)
    except EOFError:
        while True:
            box.accept()[0].sendall(b"for you")

grader.judging.wire.receive = never_end
"""
    call = "import socket\ncaller = socket.socket(socket.AF_UNIX)\ncaller.connect('\\0mailbox')\nprint(caller.recv(9))"
    assert after_another(sandboxes, stay, call).raised[0] == "ConnectionRefusedError"


def test_two_worlds_of_one_sandbox_have_no_network_between_them(sandboxes):
    one, other = Kernel(sandboxes[FOLDER]), Kernel(sandboxes[FOLDER])
    assert (
        one.run("import socket\nbox = socket.socket(socket.AF_UNIX)\nbox.bind('\\0mailbox')\nbox.listen()", 20).raised
        is None
    )
    assert (
        other.run("import socket\nsocket.socket(socket.AF_UNIX).connect('\\0mailbox')", 20).raised[0]
        == "ConnectionRefusedError"
    )
    one.close()
    other.close()


# What reaches the grader's own process


def in_tuples(levels: int, value: bytes) -> bytes:
    for _ in range(levels):
        value = msgpack.packb(msgpack.ExtType(wire._TUPLE, b"\x91" + value))
    return value


@pytest.mark.parametrize(
    "reply",
    [
        b"\xdd" + (2_000_000).to_bytes(4, "big") + b"\x90" * 2_000_000,
        msgpack.packb([[0] * 100_000] * 6),
        b"\xdf"
        + (20_000).to_bytes(4, "big")
        + b"".join(
            msgpack.packb(msgpack.ExtType(wire._LARGE_INT, (number * (2**61 - 1)).to_bytes(16, "big"))) + b"\1"
            for number in range(1, 20_001)
        ),
        msgpack.packb(msgpack.ExtType(wire._ARRAY, msgpack.packb(["i4," * 20_000 + "i4", [0], b""]))),
        msgpack.packb(msgpack.ExtType(wire._ARRAY, msgpack.packb(["<f8", [0] * 1000, b""]))),
        in_tuples(12, msgpack.packb(b"a" * 2**21)),
    ],
    ids=[
        "two million lists",
        "more items than fit",
        "keys that collide",
        "a dtype of many fields",
        "a thousand axes",
        "large and deep",
    ],
)
def test_a_reply_that_would_cost_the_grader_time_or_memory_is_refused_at_once(reply):
    began = time.process_time()
    with pytest.raises(WireError):
        wire.decode(reply)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", ["<b>bold</b>", "with a space", "\x1b[31mred", "a\nb", "\u202egnorw", "a" * 200, ""])
def test_the_name_of_a_type_can_carry_nothing_into_a_message(name):
    assert wire.decode(msgpack.packb(msgpack.ExtType(wire._OPAQUE, name.encode()))).kind == "Unknown"
    seen = wire.observation_of([None, [name, "words", 10**300, [name]], (), (), (), (), ""])
    assert (seen.raised.kind, seen.raised.line, seen.raised.bases) == ("Unknown", 0, ("Unknown",))


@pytest.mark.parametrize(
    "value",
    [
        "[torch.zeros(1)] * 20_000",
        "torch.zeros([6] * 7, dtype=torch.uint8)",
        "{0: [torch.zeros(1)] * 20_000}",
        "'a' * 10_000_000",
    ],
)
def test_a_value_that_takes_long_to_write_down_is_described(value):
    import torch

    began = time.process_time()
    assert len(show(eval(value, {"torch": torch}))) <= 300
    assert time.process_time() - began < 0.5


def test_a_quiz_answered_with_a_large_tensor_is_wrong_and_quickly_so(grade):
    began = time.process_time()
    outcome = grade(
        FOLDER, {"reading": "import torch\nreading = {number: torch.zeros([6] * 7) for number in range(1, 6)}"}
    )
    assert outcome.points == 0 and time.process_time() - began < 3


def test_a_source_that_nests_deeper_than_python_goes_is_looked_at_all_the_same():
    assert remarkable("torch" + ".a" * 900 + " = 1") == ["replaces torch.a.a.a"]
    assert "cannot be looked at" in remarkable("torch" + ".a" * 9000 + " = 1")[0]
    assert "more than is read" in remarkable("torch" + ".a" * 90_000 + " = 1")[0]
    assert len(remarkable("\n".join(f"torch.a{number} = 1" for number in range(1500)))) == 20


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 5000 + b"}", "not a notebook"),
        (b"[" + b"[]," * 3_000_000 + b"[]]", "millions of values"),
        (
            json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "1" * 90_000}] * 40}).encode(),
            "characters together",
        ),
    ],
    ids=["a long number", "millions of lists", "much text"],
)
def test_a_file_that_would_cost_the_grader_time_or_memory_is_refused(grade, content, words):
    outcome = grade(FOLDER, content)
    assert outcome.status == REFUSED and words in outcome.why


def test_cells_that_crash_one_after_another_use_up_the_time_of_their_own_submission(grade):
    began = time.monotonic()
    outcome = grade(
        FOLDER,
        notebook(RIGHT, *[("exercise-finite_difference", "import os\nos._exit(0)")] * 400),
        limits=Limits(submission=2),
    )
    assert time.monotonic() - began < 15 and outcome.status == PARTLY
    assert {result.status for result in outcome.results} <= {"failed", "not attempted", "passed"}


def test_a_printed_flood_is_cut_also_when_it_is_forged(sandboxes):
    kernel = Kernel(sandboxes[FOLDER])
    forge = """
import grader.judging.wire
encode = grader.judging.wire.encode
grader.judging.wire.encode = lambda value, *more: encode(["a" * 10**7, None])
"""
    kernel.run(forge, 20)
    assert len(kernel.run("1", 20).printed) == 20_000
    kernel.close()


def test_a_world_that_does_not_come_up_is_the_sandboxs_fault_and_not_the_learners():
    class Broken:
        def fork(self):
            ours, theirs = socket.socketpair()
            theirs.close()
            return ours, 1

        def end(self, number):
            pass

    with pytest.raises(SandboxError, match="did not come up"):
        Kernel(Broken())


# What a submission could learn or gain


def test_with_the_courses_answer_in_reach_nothing_printed_is_shown(grade):
    """An exercise that uses a failed one is judged where the course's answer to that one lies open."""
    secret = "left_over * x).mean()"
    assert secret in RIGHT["line_gradient"]
    look = (
        "import inspect\ntry:\n    print(inspect.getsource(line_gradient))\nexcept Exception:\n    "
        "print(get_ipython().user_ns.get('_i'))\n"
    )
    look += (
        "import linecache\nprint([line for entry in list(linecache.cache.values()) for line in entry[2] if 'left_' "
        "'over' in line])\n"
    )
    outcome = grade(
        FOLDER,
        {
            **RIGHT,
            "line_gradient": OUTSIDE_A_CALL.format("return 0").replace("finite_difference", "line_gradient"),
            "descend": look + RIGHT["descend"],
        },
    )
    assert {result.status for result in of(outcome, "descend")} == {"passed"}
    assert secret not in json.dumps(outcome.as_dict()["printed"])


def test_an_answer_given_anew_in_a_later_cell_is_the_one_whose_source_is_read(grade):
    lesson = LESSONS["02-lines"]
    right = solved(lesson)["loss_landscape"]
    loop = (
        right
        + "\n@exercise\n"
        + right.split("@exercise\n")[1].replace("### BEGIN SOLUTION", "for _ in range(1): pass\n    ### BEGIN SOLUTION")
    )
    content = json.loads(notebook_with(lesson, ROOT, solved(lesson)))
    place = next(number for number, cell in enumerate(content["cells"]) if cell["id"] == "exercise-loss_landscape") + 1
    content["cells"].insert(
        place,
        {
            "cell_type": "code",
            "id": "mine",
            "metadata": {},
            "outputs": [],
            "source": loop.split("\n@exercise\n", 1)[1].join(["@exercise\n", ""]),
        },
    )
    outcome = grade("02-lines", json.dumps(content).encode())
    assert any("uses `for`" in result.message for result in of(outcome, "loss_landscape"))


def test_an_essay_is_shown_to_its_reader_as_it_was_typed(tmp_path, sandboxes):
    essay = (
        "[here](javascript:alert(1)) ![](http://tracker.example/x.png) ![](attachment:a.png) "
        "$\\href{javascript:alert(1)}{x}$ <b>a < b</b>\n\n# end"
    )
    (tmp_path / "a.ipynb").write_bytes(notebook_with(LESSON, ROOT, {}, {"reflection": essay}))
    with Records(tmp_path) as records:
        records.register(LESSON, datetime.now(UTC) + timedelta(days=1))
        records.write(grade_one(Submission("ada", tmp_path / "a.ipynb"), LESSON, sandboxes[FOLDER], b"secret"), LESSON)
    content = json.loads((tmp_path / "autograded" / "ada" / FOLDER / "descent.ipynb").read_text())
    source = "".join(next(cell["source"] for cell in content["cells"] if cell["id"] == "answer-reflection"))
    shown = markdown2html_mistune(source)
    assert not {"<a", "<img", "<b>", "<h1"} & {part for part in ("<a", "<img", "<b>", "<h1") if part in shown}
    assert "tex2jax_ignore" in shown and "&lt;b&gt;" in shown and "end" in shown


# What honest learners do


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%timeit -n1 -r1 abs(-1)",
        "!echo hello",
        "bowl?",
        "name = input('who? ')",
        "import asyncio\nawait asyncio.sleep(0)",
        "print('\\ud800')",
        "import warnings\nwarnings.warn('careful')",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "exit()",
        "assert False",
        "torch.set_default_dtype(torch.float64)",
        "x, y = 3, None",
        "torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)",
    ],
)
def test_a_line_after_an_answer_costs_nothing(grade, line):
    outcome = grade(FOLDER, {"finite_difference": f"{RIGHT['finite_difference']}\n{line}"})
    assert {result.status for result in of(outcome, "finite_difference")} == {"passed"}


def test_a_function_that_exits_has_stopped_like_any_other(grade):
    outcome = grade(FOLDER, {"finite_difference": OUTSIDE_A_CALL.format("raise SystemExit")})
    assert "SystemExit" in of(outcome, "finite_difference")[0].message


def test_a_cell_that_was_deleted_does_not_cost_the_exercise_that_uses_it(grade):
    outcome = grade(FOLDER, notebook(RIGHT, without="exercise-line_gradient"))
    assert {result.status for result in of(outcome, "line_gradient")} == {"not attempted"}
    assert {result.status for result in of(outcome, "descend")} == {"passed"}


@pytest.mark.parametrize("left", ["# my answer is below", "stub"])
def test_an_answer_in_a_cell_of_its_own_below_the_exercise_counts(grade, left):
    left = next(cell.stub for cell in LESSON.exercises if cell.name == "finite_difference") if left == "stub" else left
    outcome = grade(
        FOLDER,
        notebook({**RIGHT, "finite_difference": left}, ("exercise-finite_difference", RIGHT["finite_difference"])),
    )
    assert outcome.points == WHOLE


def test_a_name_that_no_cell_defines_costs_neither_points_nor_the_time_of_the_rest(grade):
    """A missing name has every cell run once; where that does not help, the grade depends on the learner's cells
    again."""
    outcome = grade(
        FOLDER, notebook(RIGHT, ("exercise-finite_difference", "nothing_is_called_so")), limits=Limits(submission=5)
    )
    assert outcome.points == WHOLE


def test_a_process_that_answers_out_of_turn_ends_its_own_submission_alone(sandboxes):
    kernel = Kernel(sandboxes[FOLDER])
    early = """
import os, stat, struct, msgpack
for d in range(3, 100):
    try:
        if stat.S_ISSOCK(os.fstat(d).st_mode):
            os.write(d, (struct.pack("<I", 1) + b"\\x01") * 50)
    except OSError:
        pass
"""
    with pytest.raises(Gone):
        kernel.run(early, 20)
    assert not kernel.open
    other = Kernel(sandboxes[FOLDER])
    assert other.run("print(6 * 7)", 20).printed == "42\n"
    other.close()


@pytest.mark.parametrize("sign", ["SIGKILL", "SIGSTOP"])
def test_a_signal_to_its_own_group_reaches_nobody_else(sandboxes, sign):
    """A process group reaches across namespaces: one group for all would be the preloader's, and the end of everybody's
    sandbox."""
    kernel = Kernel(sandboxes[FOLDER])
    with contextlib.suppress(Gone, OutOfTime):
        kernel.run(f"import os, signal\nos.kill(0, signal.{sign})", 2)
    kernel.close()
    other = Kernel(sandboxes[FOLDER])
    assert other.run("print(6 * 7)", 20).printed == "42\n"
    other.close()


# What an exercise asks to do without

LOOPLESS = next(cell for cell in LESSONS["02-lines"].exercises if cell.name == "loss_landscape")
IN_A_HELPER = "def by_hand(*given):\n    return [[one for one in range(2)] for other in range(2)]"


@pytest.mark.parametrize(
    ("before", "answer", "status"),
    [
        (IN_A_HELPER, "{right}\n    by_hand(1)\n", "failed"),
        (f"{IN_A_HELPER}\ndef once_more(x):\n    return by_hand(x)", "{right}\n    once_more(1)\n", "failed"),
        ("import torch\nhelper = lambda x: [y for y in x]", "{right}\n    helper([1])\n", "failed"),
        ("", "%time 1\n{right}\n    [n for n in range(3)]\n", "failed"),
        ("", "{right}\n    exec('for n in range(3): pass')\n", "needs a look"),
        ("", "{right}\n    getattr(torch, 'abs')\n", "needs a look"),
        ("def by_hand(x):\n    return [y for y in x]", "{right}", "passed"),
    ],
    ids=["a helper", "a helper's helper", "a lambda", "behind a magic", "exec", "getattr", "a helper that is not used"],
)
def test_what_is_forbidden_is_found_in_helpers_and_what_cannot_be_read_is_given_to_a_person(
    grade, before, answer, status
):
    lesson = LESSONS["02-lines"]
    right = solved(lesson)
    head, _, body = right["loss_landscape"].partition("    ### BEGIN SOLUTION\n")
    first, *rest = answer.partition("{right}")
    last = rest[1].lstrip("\n") if rest else ""
    text = f"{first}{head}{last}{body}"
    content = json.loads(notebook_with(lesson, ROOT, {**right, "loss_landscape": text}))
    place = next(number for number, cell in enumerate(content["cells"]) if cell["id"] == "exercise-loss_landscape")
    content["cells"].insert(
        place,
        {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": [], "execution_count": None, "source": before},
    )
    outcome = grade("02-lines", json.dumps(content).encode())
    found = {result.status for result in of(outcome, "loss_landscape")}
    assert status in found and (status != "passed" or found == {"passed"}), of(outcome, "loss_landscape")


def test_a_chain_of_names_as_long_as_a_cell_may_be_is_read_in_no_time():
    from course.checks.source import reading_of

    began = time.process_time()
    reading_of("f", "def f(x):\n    torch" + ".a" * 900 + "\n" + "\n".join("    x" + ".b" * 200 for _ in range(300)))
    assert time.process_time() - began < 2
