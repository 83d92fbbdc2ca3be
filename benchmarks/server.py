"""A class that comes to its server at once: thirty made-up learners log in, open a lesson, run its cells and hand in.
`python -m benchmarks.server` (as root) writes how long each waited and how much memory it took into
benchmarks/README.md, and what a machine for 300 needs, computed from it. Read tests/hub.py first."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import statistics
import sys
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from benchmarks.lessons import ROOT, machine, put_section

sys.path.insert(0, str(ROOT / "tests"))
from hub import School, Visitor, processes, school

LEARNERS, CLASS = 30, 300
FOLDER, FILE = "02-lines", "lines.ipynb"
STEPS = (
    "log in",
    "have a server of one's own",
    "open the lesson",
    "start its kernel",
    "run all of its cells",
    "hand in",
)
SECONDS = 1800
EACH = 0.4  # GiB that a learner may come to
CORES = os.cpu_count() or 1


def learner(made: School, name: str, together: threading.Barrier, took: dict[str, list[float]]) -> None:
    """One learner's way through a lesson, each step timed; all of them begin a step of their own when they can."""
    visitor, account = Visitor(made, name), made.people[name]
    place = f"user/{account}"
    together.wait()
    began = time.perf_counter()

    def done(step: str) -> None:
        nonlocal began
        now = time.perf_counter()
        took[step].append(now - began)
        began = now

    status, text = visitor.log_in()
    assert status < 400, text
    done(STEPS[0])
    while not visitor.is_up():
        time.sleep(1)
        assert time.perf_counter() - began < SECONDS
    done(STEPS[1])
    visitor.ask(f"{place}/lab")
    status, text = visitor.ask(f"{place}/api/contents/{FOLDER}/{FILE}?content=1")
    assert status == 200, text
    sources = ["".join(cell["source"]) for cell in json.loads(text)["content"]["cells"] if cell["cell_type"] == "code"]
    done(STEPS[2])
    asyncio.run(in_a_kernel(made, visitor, place, sources, done))
    status, text = posted(visitor, f"{place}/assignments/submit", f"course_id=landscape-of-loss&assignment_id={FOLDER}")
    assert status == 200 and json.loads(text)["success"], text
    done(STEPS[5])


async def in_a_kernel(
    made: School, visitor: Visitor, place: str, sources: list[str], done: Callable[[str], None]
) -> None:
    """A session with a kernel, as JupyterLab has it, and every cell run in it."""
    content = {"path": f"{FOLDER}/{FILE}", "name": FILE, "type": "notebook", "kernel": {"name": "python3"}}
    status, text = posted(visitor, f"{place}/api/sessions", json.dumps(content), "application/json")
    assert status == 201, text
    kernel = json.loads(text)["kernel"]["id"]
    cookies = "; ".join(
        f"{cookie.name}={cookie.value}" for cookie in visitor.cookies if f"/{place}/".startswith(cookie.path)
    )
    address = made.server.address.replace("http", "ws", 1)
    request = HTTPRequest(
        f"{address}/{place}/api/kernels/{kernel}/channels", headers={"Cookie": cookies}, request_timeout=SECONDS
    )
    channel = await websocket_connect(request, max_message_size=2**28)
    await answered(channel, "kernel_info_request", {})
    done(STEPS[3])
    for source in sources:
        about = {"silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
        await answered(channel, "execute_request", {"code": source, **about})
    done(STEPS[4])
    channel.close()


async def answered(channel, kind: str, content: dict) -> None:
    """Ask the kernel something. Comes back when it is idle again."""
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "benchmark", "msg_type": kind, "version": "5.3"}
    await channel.write_message(
        json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"})
    )
    while True:
        came = await channel.read_message()
        assert came is not None, "the server closed the channel"
        if isinstance(came, bytes):
            continue  # pictures and models of widgets
        message = json.loads(came)
        if (
            message["parent_header"].get("msg_id") == header["msg_id"]
            and message["msg_type"] == "status"
            and message["content"]["execution_state"] == "idle"
        ):
            return


def posted(visitor: Visitor, path: str, body: str, kind: str = "application/x-www-form-urlencoded") -> tuple[int, str]:
    marks = [cookie for cookie in visitor.cookies if cookie.name == "_xsrf" and f"/{path}".startswith(cookie.path)]
    mark = max(marks, key=lambda cookie: len(cookie.path)).value
    return visitor.ask(path, body=body.encode(), **{"Content-Type": kind, "X-XSRFToken": urllib.parse.unquote(mark)})


def memory(made: School) -> dict[str, float]:
    """MiB by what uses them, pages that many share counted once: hub, proxy, the form grader, all learners' servers,
    all their kernels."""
    learners = {pwd.getpwnam(account).pw_uid for name, account in made.people.items() if name != "grace"}
    teacher = pwd.getpwnam(made.people["grace"]).pw_uid
    found = dict.fromkeys(("hub", "proxy", "form grader", "servers", "kernels"), 0.0)
    for process, _, owner, called in processes():
        kind = (
            ("kernels" if "ipykernel" in called else "servers")
            if owner in learners
            else "form grader"
            if owner == teacher
            else "hub"
            if process == made.process.pid
            else "proxy"
            if f"--port {made.server.port}" in called
            else ""
        )
        if kind:
            try:
                rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
                found[kind] += int(next(row for row in rows if row.startswith("Pss:")).split()[1]) / 1024
            except (OSError, StopIteration):
                continue
    return found


def free() -> float:
    """GiB of memory that this machine could still give."""
    rows = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    return int(rows["MemAvailable"].split()[0]) / 2**20


def main() -> int:
    if os.geteuid() != 0 or free() < LEARNERS * EACH:
        print(f"root is wanted, and {LEARNERS * EACH:.0f} GiB of free memory; {free():.0f} are free", file=sys.stderr)
        return 1
    names = [f"p{number:02}" for number in range(LEARNERS)]
    before = os.getloadavg()[0]
    with school(*names) as made:
        about = {"PYTHONPATH": str(made.server.teaching), "JUPYTER_CONFIG_PATH": str(made.server.jupyter)}
        released = made.as_account("grace", made.python, "-m", "grader.cli", "release", "02", **about)
        assert released.returncode == 0, released.stderr
        made.start()
        empty, most = memory(made), {}
        took: dict[str, list[float]] = {step: [] for step in STEPS}
        together, over = threading.Barrier(LEARNERS), threading.Event()

        def watch() -> None:
            while not over.wait(3):
                if free() < 1.5:
                    print("too little memory is left; ended", file=sys.stderr, flush=True)
                    made.close()
                    os._exit(1)
                now = memory(made)
                if sum(now.values()) > sum(most.values()):
                    most.update(now)

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.perf_counter()
        with ThreadPoolExecutor(LEARNERS) as pool:
            for future in [pool.submit(learner, made, name, together, took) for name in names]:
                future.result()
        whole = time.perf_counter() - began
        over.set()
        watcher.join()
        text = table(took, empty, most, whole, before, processor(made))
    put_section("class server", text)
    print(text)
    return 0


def processor(made: School) -> float:
    """Seconds of one core that the learners' processes have had, those that have ended included."""
    accounts = {pwd.getpwnam(account).pw_uid for name, account in made.people.items() if name != "grace"}
    ticks = 0
    for process, _, owner, _ in processes():
        if owner in accounts:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def table(
    took: dict[str, list[float]],
    empty: dict[str, float],
    most: dict[str, float],
    whole: float,
    load: float,
    seconds: float,
) -> str:
    one, kernel = most["servers"] / LEARNERS, most["kernels"] / LEARNERS
    own, each = most["hub"] + most["proxy"] + most["form grader"], seconds / LEARNERS
    rows = [
        f"| {step} | {statistics.median(them):.1f} | {sorted(them)[int(0.9 * len(them)) - 1]:.1f} | {max(them):.1f} |"
        for step, them in took.items()
    ]
    wanted = (own + CLASS * (one + kernel)) / 1024
    return "\n".join(
        [
            "## Class server",
            "",
            f"`python -m benchmarks.server`: {LEARNERS} made-up learners log in at the same moment, open {FOLDER}, run "
            "all of its cells and hand in, each as fast as they can; hub, proxy and form grader beside them.",
            f"Measured on {machine()}. Load of the machine before it began: {load:.1f} processes on {CORES} cores.",
            "",
            "| seconds to | the middle one | nine of ten within | the last |",
            "|---|---|---|---|",
            *rows,
            "",
            f"All {LEARNERS} were through after {whole:.0f} s; their processes had {each:.1f} s of one core each.",
            "",
            "| memory, MiB, shared pages counted once | with nobody there | at the most |",
            "|---|---|---|",
            *(f"| {name} | {empty[name]:.0f} | {most[name]:.0f} |" for name in most),
            f"| a learner: server and kernel | | {one:.0f} and {kernel:.0f} |",
            "",
            f"A machine for {CLASS}, computed from it: {wanted:.0f} GiB where all of them have a kernel at once "
            f"({own:.0f} MiB and {CLASS} times {one + kernel:.0f}), {wanted / 3:.0f} GiB where one in three has. Their "
            f"work, all at the same moment, is {CLASS * each / 60:.0f} minutes of one core: "
            f"{CLASS * each / 16 / 60:.1f} minutes on 16 cores, {CLASS * each / 64 / 60:.1f} on 64.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
