"""What a submission's process can see and do: nothing of the course's secrets, nothing of the machine, nothing of its
neighbours. Every test here runs code inside the real sandbox.
Read grader/judging/sandbox.py and grader/judging/inside.py first."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from shared import LESSONS, ROOT

from grader.judging import sandbox as sandbox_module
from grader.judging.kernels import Gone, Kernel, OutOfTime
from grader.judging.sandbox import ENVIRONMENT, LIBRARY, Sandbox, SandboxError, allowed_modules, require

LESSON = LESSONS["03-descent"]


@pytest.fixture
def kernel(sandboxes):
    kernel = Kernel(sandboxes[LESSON.folder])
    yield kernel
    kernel.close()


def printed(kernel: Kernel, text: str) -> str:
    run = kernel.run(text, 20)
    assert run.raised is None, run
    return run.printed.strip()


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 22), timeout=2)",
        "socket.create_connection(('8.8.8.8', 53), timeout=2)",
        "socket.create_connection(('169.254.169.254', 80), timeout=2)",
        "socket.getaddrinfo('example.org', 80)",
    ],
)
def test_there_is_no_network(kernel, attempt):
    run = kernel.run(f"import socket\n{attempt}", 20)
    assert run.raised is not None and run.raised[0] in ("OSError", "ConnectionRefusedError", "gaierror"), run


@pytest.mark.parametrize(
    "place",
    ["solutions", "notebooks", "tests", "classroom", ".git", "grader/judging/judge.py", "grader/classroom/records.py"],
)
def test_nothing_of_the_course_but_what_the_lesson_needs_is_there(kernel, place):
    for folder in (str(ROOT), LIBRARY, "/"):
        assert printed(kernel, f"import os; print(os.path.exists({folder + '/' + place!r}))") == "False"


def test_the_answer_to_the_lesson_cannot_be_imported_and_earlier_lessons_can(kernel):
    assert kernel.run("import course.descent", 20).raised[0] == "ModuleNotFoundError"
    assert kernel.run("import course.explorers.descent", 20).raised is not None
    assert printed(kernel, "import course.lines; print(course.lines.mse.__name__)") == "mse"


def test_the_key_of_no_quiz_is_inside(kernel):
    assert kernel.run("import course.quizzes", 20).raised[0] == "ModuleNotFoundError"
    assert (
        printed(
            kernel,
            "import pathlib; print([str(file) for file in pathlib.Path('/').rglob('*quizzes*') if 'site-packages' not "
            "in str(file)])",
        )
        == "[]"
    )
    assert not [file for file in allowed_modules(LESSONS["16-ethics"]) if "quizzes" in file.parts]


def test_of_a_lessons_modules_only_earlier_ones_are_let_in():
    names = {file.name for file in allowed_modules(LESSONS["02-lines"])}
    assert "tensors.py" in names and "check.py" in names and not {"lines.py", "descent.py", "cli.py"} & names


@pytest.mark.parametrize(
    "folder, let_in", [("03-descent", False), ("04-networks", False), ("05-convolutions", True), ("16-ethics", True)]
)
def test_the_shared_training_loop_is_let_in_after_the_lesson_that_asks_for_it(folder, let_in):
    names = {file.name for file in allowed_modules(replace(LESSON, folder=folder))}
    assert ("training.py" in names) == let_in


def test_the_environment_holds_nothing_of_the_host(kernel, monkeypatch):
    names = set(eval(printed(kernel, "import os; print(sorted(os.environ))")))
    assert names <= {
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "TZ",
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONSAFEPATH",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "MPLBACKEND",
        "MPLCONFIGDIR",
        "IPYTHONDIR",
        "XDG_CACHE_HOME",
        "PWD",
        "LC_CTYPE",
        "TORCHINDUCTOR_CACHE_DIR",
    }


@pytest.mark.parametrize(
    "folder", ["/usr", "/etc", "/lib", LIBRARY, LIBRARY + "/course", ENVIRONMENT, sys.base_prefix, "/"]
)
def test_nothing_outside_its_own_folders_can_be_written(kernel, folder):
    run = kernel.run(f"open({folder + '/mark'!r}, 'w').write('here')", 20)
    assert run.raised is not None and run.raised[0] in ("OSError", "PermissionError", "FileNotFoundError"), run
    assert not os.path.exists(folder + "/mark")


def test_what_one_submission_writes_the_next_does_not_see(sandboxes):
    write = (
        "import os\nfor folder in ('/tmp', '/dev/shm', os.path.expanduser('~')):\n    open(folder + '/mark', "
        "'w').write('here')"
    )
    look = (
        "import os\nprint([folder for folder in ('/tmp', '/dev/shm', os.path.expanduser('~')) if "
        "os.path.exists(folder + '/mark')])"
    )
    first, second = Kernel(sandboxes[LESSON.folder]), Kernel(sandboxes[LESSON.folder])
    assert first.run(write, 20).raised is None and printed(first, look) != "[]"
    assert printed(second, look) == "[]"
    first.close()
    third = Kernel(sandboxes[LESSON.folder])
    assert printed(third, look) == "[]"
    second.close()
    third.close()


def test_what_one_submission_patches_the_next_does_not_see(sandboxes):
    first = Kernel(sandboxes[LESSON.folder])
    first.run(
        "import torch, builtins, course.check\ntorch.allclose = print\nbuiltins.sorted = None\ncourse.check.check = "
        "None",
        20,
    )
    first.close()
    second = Kernel(sandboxes[LESSON.folder])
    assert (
        printed(
            second,
            "import torch, course.check\nprint(len(sorted('ab')), torch.allclose is print, "
            "course.checks.sentences.check is None)",
        )
        == "2 False False"
    )
    second.close()


def test_it_sees_no_process_but_its_own(kernel):
    script = "import os\nprint(sorted(int(name) for name in os.listdir('/proc') if name.isdigit()), os.getpid())"
    seen, own = eval(printed(kernel, script).replace("] ", "], "))
    assert own == 1 and set(seen) <= {1, 2, 3}


def test_a_daemon_does_not_outlive_its_submission(sandboxes):
    mark = f"outlives-{os.getpid()}"
    kernel = Kernel(sandboxes[LESSON.folder])
    kernel.run(
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)  # {mark}'], "
        "start_new_session=True)",
        20,
    )

    def alive() -> bool:
        return mark in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout

    assert alive()
    kernel.close()
    deadline = time.monotonic() + 5
    while alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive()


def test_no_capability_and_no_new_namespace_can_be_had(kernel):
    script = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print([libc.unshare(flag) for flag in (0x10000000, 0x20000, 0x20000000)],
      libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None), libc.prctl(39, 0, 0, 0, 0))
"""
    assert printed(kernel, script) == "[-1, -1, -1] -1 1"


def test_memory_is_limited(kernel):
    run = kernel.run("held = bytearray(20 * 2**30)", 20)
    assert run.raised is not None and run.raised[0] == "MemoryError"


def test_a_loop_without_end_ends_in_its_limit_and_the_next_kernel_is_well(sandboxes):
    kernel = Kernel(sandboxes[LESSON.folder])
    began = time.monotonic()
    with pytest.raises(OutOfTime):
        kernel.run("while True: pass", 1.0)
    assert time.monotonic() - began < 5 and not kernel.open
    other = Kernel(sandboxes[LESSON.folder])
    assert printed(other, "print(6 * 7)") == "42"
    other.close()


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "sys.exit(0) or os._exit(3)", "ctypes.string_at(0)"]
)
def test_a_process_that_ends_is_gone_and_the_next_kernel_is_well(sandboxes, end):
    kernel = Kernel(sandboxes[LESSON.folder])
    try:
        kernel.run(f"import ctypes, os, sys\n{end}", 10)
        ended = False
    except (Gone, OutOfTime):
        ended = True
    assert ended or end.startswith(("sys.exit", "os.kill"))
    kernel.close()
    other = Kernel(sandboxes[LESSON.folder])
    assert printed(other, "print(6 * 7)") == "42"
    other.close()


def test_a_reply_that_the_submission_forges_is_only_its_own(kernel):
    forge = """
import os, struct
for descriptor in range(3, 64):
    try:
        os.write(descriptor, struct.pack('<I', 5) + b'hello')
    except OSError:
        pass
"""
    with pytest.raises(Gone):
        kernel.run(forge, 5)
        kernel.run("1", 5)


def test_without_bubblewrap_nothing_is_graded_and_the_way_out_is_told(monkeypatch):
    monkeypatch.setattr(sandbox_module.shutil, "which", lambda name: None)
    with pytest.raises(SandboxError, match="bubblewrap.*install"):
        require()
    with pytest.raises(SandboxError):
        Sandbox(LESSON)


def test_elsewhere_than_on_linux_it_says_so_in_one_line(monkeypatch):
    monkeypatch.setattr(sandbox_module.platform, "system", lambda: "Darwin")
    with pytest.raises(SandboxError, match="grading is for Linux"):
        require()


def test_an_environment_anywhere_is_seen_in_one_place_and_a_python_in_a_private_folder_is_refused(monkeypatch):
    from grader.judging.sandbox import interpreter

    monkeypatch.setattr(sys, "prefix", "/tmp/clone/.venv")
    monkeypatch.setattr(sys, "executable", "/tmp/clone/.venv/bin/python")
    program, folders = interpreter.__wrapped__()
    assert (
        program == f"{ENVIRONMENT}/bin/python"
        and str({str(inside): str(here) for here, inside in folders}[ENVIRONMENT]) == "/tmp/clone/.venv"
    )
    monkeypatch.setattr(sys, "base_prefix", "/tmp/python")
    with pytest.raises(SandboxError, match="install Python elsewhere"):
        interpreter.__wrapped__()


def test_a_sandbox_in_which_no_kernel_answers_is_no_sandbox(monkeypatch):
    monkeypatch.setattr(sandbox_module, "interpreter", lambda: (sys.executable, ((ROOT / ".venv", ROOT / ".venv"),)))
    monkeypatch.setattr(sandbox_module, "START_SECONDS", 20)
    with pytest.raises(SandboxError):
        Sandbox(LESSON)
