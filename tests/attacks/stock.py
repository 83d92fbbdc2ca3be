"""Stock nbgrader, run for real on a case: in a throwaway course whose configuration names directories only, in a
process with a time limit. benchmarks/attacks.py writes down what comes of it. Read case.py and small.py first."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import small
from case import NOTHING, WHOLE, Attack, Case, World, notebook, place
from nbgrader.api import Gradebook
from test_attacks import Reader

SECONDS = 100
LESSON = "03-descent"
HONEST = ("zoe", "amy", "other", "two")


def nbgrader(*words: str, folder: Path, secret: str = "", seconds: float = SECONDS) -> tuple[int | None, str]:
    """Run a command of nbgrader's in a folder that is its home too. Gives its exit status, None where it had to be
    ended, and what it said."""
    environment = {
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "HOME": str(folder),
        "OMP_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTERHUB_API_TOKEN": secret,
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        left = [] if status is None else survivors(folder)
        end_all_below(folder)
        process.kill()
        process.wait()
        said.seek(0)
        return status, said.read(10**6).decode(errors="replace") + "".join(
            f"\nleft behind: {number}" for number in left
        )


def survivors(folder: Path) -> list[int]:
    """The processes that were started with this folder as their home and are still there, kernels and daemons too."""
    mark, found = f"HOME={folder}".encode(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def end_all_below(folder: Path) -> None:
    for number in survivors(folder):
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGKILL)


def prepared(scratch: Path) -> Path:
    """A course of nbgrader's with the small lesson in its gradebook."""
    course = scratch / "course"
    (course / "source" / LESSON).mkdir(parents=True)
    nbformat.write(small.source(), course / "source" / LESSON / "descent.ipynb")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nimport os\nc.CourseDirectory.root = os.getcwd()\nc.CourseDirectory.course_id = 'course'\n"
        "c.Exchange.root = os.path.join(os.getcwd(), 'exchange')\nc.Exchange.cache = os.path.join(os.getcwd(), "
        "'cache')\n"
    )
    status, said = nbgrader("generate_assignment", LESSON, "--create", folder=course)
    if status:
        raise RuntimeError(f"nbgrader could not make the assignment: {said[-1000:]}")
    return course


def of_stock(case, course: Path, folder: Path) -> str:
    """What came of a case with stock nbgrader, in a few words."""
    if case.number == 13 and not list(Path("/dev").glob("nvidia[0-9]*")):
        return "not run: no GPU on this machine"
    shutil.copytree(course, folder)
    world = World(folder, 9, f"SECRET-{os.urandom(8).hex()}", [])
    for name in ("secret", "token", "kernel-1.json", "results.json"):
        place(folder, name, json.dumps({"key": world.secret, "score": 50}).encode())
    before = world_files(folder)
    released, right = small.released(), small.RIGHT
    students = [(f"before{number}", attack) for number, attack in enumerate(case.before)] + [
        (f"eve{number}", attack) for number, attack in enumerate(case.attacks)
    ]
    for student, attack in students:
        place(folder, f"submitted/{student}/{LESSON}/descent.ipynb", notebook(attack, case, released, right, world))
    good, wrong = (
        notebook(Attack(), Case(0, "", "", "", "", gets=gets), released, right, world) for gets in (WHOLE, NOTHING)
    )
    place(folder, f"submitted/zoe/{LESSON}/descent.ipynb", good)
    words = []
    if case.section == "Archives":
        archive = folder / "downloaded" / LESSON / "archive"
        archive.mkdir(parents=True)
        case.folder(archive, good, wrong)
        status, said = nbgrader("zip_collect", LESSON, folder=folder)
        words += archive_words(status, said, folder)
    elif case.number in INBOUND:
        words += through_the_exchange(INBOUND[case.number], good, wrong, folder)
    elif case.folder:
        given = folder / "given"
        given.mkdir()
        case.folder(given, good, wrong)
        hand_in(given, folder / "submitted")
    seconds = SECONDS + 20 * len(list((folder / "submitted").iterdir()))
    status, said = nbgrader("autograde", LESSON, folder=folder, secret=world.secret, seconds=seconds)
    if status is None:
        words.append(f"the class is not done after {seconds} s")
    words += outcome_words(case, status, said, folder, world, before)
    if case.section == "Feedback" or case.number == 47:
        nbgrader("generate_feedback", LESSON, folder=folder)
        words += feedback_words(folder)
    clean_up(world)
    shutil.rmtree(folder, ignore_errors=True)
    return "; ".join(dict.fromkeys(words)) or "holds"


def world_files(folder: Path) -> dict[str, bytes]:
    return {
        name: (folder / name).read_bytes()
        for name in ("secret", "token", "results.json", f"source/{LESSON}/descent.ipynb", "nbgrader_config.py")
    }


def hand_in(given: Path, submitted: Path) -> None:
    """What was handed in as a folder, where nbgrader looks for it, with links and pipes as they are."""
    for entry in sorted(given.iterdir()):
        student = entry.name.removesuffix(".ipynb")
        target = submitted / student / LESSON
        with contextlib.suppress(OSError):
            if entry.is_dir() and not entry.is_symlink():
                target.parent.mkdir(exist_ok=True)
                entry.rename(target)
            elif student != "zoe":
                target.mkdir(parents=True, exist_ok=True)
                if entry.is_symlink():
                    (target / "descent.ipynb").symlink_to(Path("../../zoe") / LESSON / "descent.ipynb")
                else:
                    entry.rename(target / "descent.ipynb")


def outcome_words(case, status: int | None, said: str, folder: Path, world, before: dict[str, bytes]) -> list[str]:
    words = []
    scores: dict[str, float] = {}
    try:
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            for submission in book.assignment_submissions(LESSON):
                if (folder / "autograded" / submission.student.id / LESSON / "descent.ipynb").exists():
                    scores[submission.student.id] = float(submission.score)
    except Exception as error:
        words.append(f"the gradebook cannot be read any more ({type(error).__name__})")
    if case.number == 36:
        words += collected_time(folder)
    if "zoe" not in scores and status is not None:
        words.append("the class stops: who comes after is not graded")
    elif "zoe" in scores and scores["zoe"] != 100:
        words.append(f"another student's grade becomes {scores['zoe']:g}")
    mine = {
        student: score
        for student, score in scores.items()
        if student not in HONEST and not student.startswith("before")
    }
    expected = 0 if case.gets == "nothing" or case.folder else 100 if case.gets == "all points" else 0
    best, worst = max(mine.values(), default=expected), min(mine.values(), default=expected)
    if best > expected or best != best:
        words.append(f"gains {best:g} of 100")
    missing = [student for student, _ in enumerate(case.attacks) if f"eve{student}" not in scores]
    if case.gets == WHOLE and worst < 100:
        words.append(f"right work has {worst:g} of 100")
    if missing and status is not None:
        words.append("right work is not graded" if case.gets == WHOLE else "it is not graded itself")
    if {name: data for name, data in world_files(folder).items() if data != before[name]}:
        words.append("writes outside its folder")
    found: list[str] = []
    for file in (folder / "autograded").glob(f"*/{LESSON}/descent.ipynb"):
        for cell in json.loads(file.read_text())["cells"]:
            for output in cell.get("outputs", []):
                found += re.findall(r"GAINED (.+)", "".join(output.get("text", "")))
    if found:
        shown = re.sub(r"[^ -~]+|[|]", " ", found[0].replace(str(folder), "COURSE"))[:40].strip()
        words.append(f"gets what it wants ({shown})")
    if (folder / "owned").exists():
        words.append("its code is run by who loads it")
    if case.number == 7 and "left behind" in said:
        words.append("its daemon lives on")
    sizes = sum(file.stat().st_size for file in (folder / "autograded").rglob("*") if file.is_file())
    if sizes > 20 * 2**20:
        words.append(f"writes {sizes / 2**20:.0f} MiB of output")
    return words


def feedback_words(folder: Path) -> list[str]:
    words = []
    for page in (folder / "feedback").glob(f"*/{LESSON}/descent.html"):
        text = page.read_text(errors="replace")
        body = text.split("</head>")[-1]
        reader = Reader()
        reader.feed(body)
        if re.search(r"<script>alert|<svg[^>]*onload", body) or any("alert" in found for found in reader.found):
            words.append("its code is in the feedback page and runs there")
        if "\x1b" in body:
            words.append("terminal escapes in the feedback page")
        if "before" not in page.parts and re.search(
            r"BEGIN HIDDEN|torch.randn|2 \* values", re.sub(r"<[^>]+>", "", body)
        ):
            words.append("leaks the hidden checks in the feedback page")
    return words


def archive_words(status: int | None, said: str, folder: Path) -> list[str]:
    words = []
    if status is None:
        words.append(f"collecting is not done after {SECONDS} s")
    if any(path.name == "outside.ipynb" for path in folder.rglob("*") if "extracted" not in path.parts):
        words.append("writes outside where it is unpacked")
    unpacked = sum(
        path.lstat().st_size
        for path in (folder / "downloaded").rglob("*")
        if "archive" not in path.parts and path.is_file() and not path.is_symlink()
    )
    if unpacked > 100 * 2**20:
        words.append(f"unpacks {unpacked / 2**20:.0f} MiB")
    count = sum(1 for _ in (folder / "downloaded").rglob("*"))
    if count > 5000:
        words.append(f"unpacks {count:,} files")
    if any(path.is_symlink() for path in (folder / "downloaded").rglob("*")):
        words.append("unpacks links")
    if status and not words:
        last = [line for line in said.strip().splitlines() if line.strip()][-1:]
        words.append(
            "collecting ends with an error "
            f"({re.sub(r'[^ -~]|[|]', ' ', last[0].replace(str(folder), 'COURSE'))[-80:].strip() if last else status})"
        )
    return words


def clean_up(world) -> None:
    """Take away what the attacks left on this machine."""
    import ctypes

    end_all_below(world.folder)
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        Path(folder, f"mark-{world.folder.name}").unlink(missing_ok=True)
    libc = ctypes.CDLL(None)
    libc.shmctl(libc.shmget(0x5EC2, 4096, 0o666), 0, None)
    libc.msgctl(libc.msgget(0x5EC2, 0o666), 0, None)


def collected_time(folder: Path) -> list[str]:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        times = [
            submission.timestamp for submission in book.assignment_submissions(LESSON) if submission.student.id == "eve"
        ]
    return [f"is taken to have come in {time.year}" for time in times if time and time.year < 2020]


# What lies in the exchange's inbound folder, by case: the folder's name, its timestamp, and whether its notebook is
# right. Somebody else owns each.
INBOUND = {
    36: [("eve+03-descent+2001-01-01 00:00:00 UTC+x", "2001-01-01 00:00:00 UTC", False)],
    37: [("zoe+03-descent+2090-01-01 00:00:00 UTC+x", "2090-01-01 00:00:00 UTC", False)],
    62: [("eve+03-descent+the day after tomorrow+x", "the day after tomorrow", False)],
}


def through_the_exchange(entries: list[tuple[str, str, bool]], good: bytes, wrong: bytes, folder: Path) -> list[str]:
    """Hand in through nbgrader's exchange, and collect: Zoe honestly, and what the case has."""
    shutil.rmtree(folder / "submitted" / "zoe")
    inbound = folder / "exchange" / "course" / "inbound"
    for name, timestamp, right in [
        ("zoe+03-descent+2030-01-01 00:00:00 UTC+y", "2030-01-01 00:00:00 UTC", True),
        *entries,
    ]:
        place(inbound, f"{name}/descent.ipynb", good if right else wrong)
        (inbound / name / "timestamp.txt").write_text(timestamp)
        if not right and os.getuid() == 0:
            os.chown(inbound / name, 65534, 65534)
    status, said = nbgrader("collect", LESSON, folder=folder)
    return ["nobody is collected"] if status and not (folder / "submitted" / "zoe").exists() else []
