"""What a worker of a cluster does, and who may be one, without another machine: scheduler and workers live in this
process, the judges in processes of their own.
Read grader/classroom/crew.py, grader/classroom/workers.py and grader/judging/judges.py first; test_cluster.py has the
machines, and what becomes of a class when one of them ends."""

import contextlib
import dataclasses
import json
import re
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from distributed import KilledWorker, LocalCluster
from pebble import ProcessExpired
from shared import LESSONS, ROOT
from typer.testing import CliRunner

from grader import cli
from grader.classroom import cluster as clusters
from grader.classroom import facts, workers
from grader.classroom.cluster import Cluster, ClusterError, grade_on
from grader.classroom.crew import differences
from grader.judging import judges as judging
from grader.judging.answers import notebook_with, solved
from grader.judging.grade import PARTLY, REFUSED, Outcome, Submission, grade_class, grade_one
from grader.judging.judged import Limits
from grader.judging.judges import Carried, Judges
from grader.judging.keys import Kept
from grader.judging.sandbox import SandboxError

pytestmark = pytest.mark.slow

LESSON = LESSONS["02-lines"]
RIGHT = solved(LESSON)
SECRET = b"a class's secret"


def handed_in(folder: Path, **given: bytes) -> list[Submission]:
    folder.mkdir(exist_ok=True)
    made = []
    for name, content in given.items():
        (folder / f"{name}.ipynb").write_bytes(content)
        made.append(Submission(name, folder / f"{name}.ipynb", datetime(2030, 1, 31, tzinfo=UTC)))
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def as_written(outcomes) -> dict[str, dict]:
    return {outcome.student: json.loads(json.dumps(outcome.as_dict())) for outcome in outcomes}


@pytest.fixture(scope="module")
def local():
    """A worker with two places, as threads of this process."""
    with (
        contextlib.suppress(TimeoutError),
        LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            dashboard_address="127.0.0.1:0",
            protocol="tcp",
            host="127.0.0.1",
        ) as started,
    ):
        yield started


@pytest.fixture
def one(local) -> Cluster:
    said: list[str] = []
    made = Cluster(local.scheduler_address, wait=60, say=said.append)
    object.__setattr__(made, "said", said)
    return made


def test_two_teachers_grade_on_the_same_workers_at_once_and_no_sandbox_is_left(tmp_path, local, one):
    """Each with a lesson, a secret and kept results of their own; what was broken or is no file at all among them."""
    wanted, found = {}, {}
    given = {"ada": notebook_with(LESSON, ROOT, RIGHT), "ben": notebook_with(LESSON, ROOT, {}), "cem": b"broken"}
    both = {}
    for name in ("left", "right"):
        mine = handed_in(tmp_path / name, **given)
        mine += [Submission("dora", tmp_path / "nothing.ipynb"), Submission("eve", tmp_path, why="it was too large")]
        both[name] = mine
        secret = name.encode()

        def grade(name=name, mine=mine, secret=secret):
            made = grade_on(one, LESSON, mine, secret, kept=tmp_path / f"kept-{name}")
            found[name] = as_written(made)

        threading.Thread(target=grade, name=name).start()
    for thread in [each for each in threading.enumerate() if each.name in both]:
        thread.join(timeout=300)
    for name, mine in both.items():
        made = grade_class(LESSON, mine, name.encode(), workers=1, kept=tmp_path / f"alone-{name}")
        wanted[name] = as_written(made)
        kept, alone = (contents(tmp_path / f"{kind}-{name}") for kind in ("kept", "alone"))
        assert kept == alone and len(kept) == 2
    assert found == wanted and found["left"]["eve"]["why"] == "it was too large"
    assert found["left"]["ada"]["keys"] != found["right"]["ada"]["keys"]
    for worker in local.workers.values():
        assert not [plugin for plugin in worker.plugins if plugin.startswith(workers.PREFIX)]
        assert not [name for name, count in worker.state.total_resources.items() if count]


def test_a_text_that_was_graded_under_earlier_checks_is_taken_from_what_is_kept_as_on_one_machine(
    tmp_path, one, sandboxes
):
    """The same text in another file: the worker asks for the result, and the class is told that it is outdated."""
    (first,) = handed_in(tmp_path / "in", ada=notebook_with(LESSON, ROOT, RIGHT))
    cells = [dataclasses.replace(cell, hidden="") if cell.role == "check" else cell for cell in LESSON.cells]
    earlier = dataclasses.replace(LESSON, cells=tuple(cells))
    for kind in ("kept", "alone"):
        grade_one(first, earlier, sandboxes["02-lines"], SECRET, kept=Kept(tmp_path / kind))
    notebook = json.loads(first.path.read_text())
    notebook["cells"][0]["metadata"]["seen"] = True
    again = handed_in(tmp_path / "in", ben=json.dumps(notebook).encode())
    for regrade in (False, True):
        found = as_written(grade_on(one, LESSON, again, SECRET, kept=tmp_path / "kept", regrade=regrade))
        wanted = as_written(grade_class(LESSON, again, SECRET, 1, kept=tmp_path / "alone", regrade=regrade))
        assert found == wanted and found["ben"]["outdated"] is not regrade


def test_a_class_that_was_graded_needs_no_cluster(tmp_path, one, sandboxes):
    (first,) = handed_in(tmp_path / "in", ada=notebook_with(LESSON, ROOT, RIGHT))
    before = grade_one(first, LESSON, sandboxes["02-lines"], SECRET, kept=Kept(tmp_path / "kept"))
    nowhere = Cluster("tcp://127.0.0.1:1", wait=1)
    (again,) = grade_on(nowhere, LESSON, [first], SECRET, kept=tmp_path / "kept", before={"ada": before.digest})
    assert again.as_dict() == before.as_dict()


def test_a_worker_that_hears_nothing_more_forgets_the_class_and_its_secret(tmp_path, local, one, monkeypatch):
    """The command was killed: nobody takes its sandboxes away."""
    monkeypatch.setattr(workers, "SECONDS_ALONE", 4)
    monkeypatch.setattr(clusters.Crew, "leave", lambda *_: None)
    list(grade_on(one, LESSON, handed_in(tmp_path / "in", ada=notebook_with(LESSON, ROOT, RIGHT)), SECRET))
    held = [plugin for worker in local.workers.values() for plugin in worker.plugins.values()]
    plugins = [plugin for plugin in held if isinstance(plugin, workers.Grading)]
    assert plugins
    deadline = time.monotonic() + 60
    while any(plugin.judges or plugin._given for plugin in plugins) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not any(plugin.judges or plugin._given for plugin in plugins)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:1", "no scheduler answers"),
        ("127.0.0.1", "no scheduler that can be reached|no scheduler answers"),
        ("http://127.0.0.1:8786", "no scheduler that can be reached"),
        ("tls://127.0.0.1:1", "no scheduler that can be reached"),
        ("", "wanted"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_line(tmp_path, address, words):
    place = tmp_path / "submitted" / "ada" / LESSON.folder
    place.mkdir(parents=True)
    (place / "lines.ipynb").write_bytes(notebook_with(LESSON, ROOT, RIGHT))
    given = ("--cluster", address) if address else ("--certificates", str(tmp_path))
    ran = CliRunner().invoke(cli.app, ["grade", "02", "--classroom", str(tmp_path), "--wait", "1", *given])
    assert ran.exit_code == 1 and isinstance(ran.exception, SystemExit)
    line = ran.stderr.strip().splitlines()[-1]
    assert line.startswith("grader: ") and (re.search(words, line) or not address), line


def test_where_no_worker_comes_it_is_told_and_certificates_have_to_be_there(tmp_path, local):
    mine = handed_in(tmp_path / "in", ada=notebook_with(LESSON, ROOT, RIGHT))
    with (
        LocalCluster(
            n_workers=0, processes=False, dashboard_address="127.0.0.1:0", host="127.0.0.1", protocol="tcp"
        ) as empty,
        pytest.raises(ClusterError, match="no worker of .* could grade for 1 s; `dask worker` starts one"),
    ):
        list(grade_on(Cluster(empty.scheduler_address, wait=1), LESSON, mine, SECRET))
    with pytest.raises(ClusterError, match="ca.pem is not there"):
        list(grade_on(Cluster("tls://127.0.0.1:1", tmp_path), LESSON, mine, SECRET))
    with pytest.raises(ClusterError, match="certificates are for tls"):
        list(grade_on(Cluster("tcp://127.0.0.1:1", tmp_path), LESSON, mine, SECRET))


def test_what_is_another_version_is_named_and_a_worker_answers_with_the_standard_library_alone():
    mine = facts.facts()
    assert set(mine) == {"Python", "machine", "torch", "numpy", "ipython", "distributed", "course", "grader"}
    assert not differences(mine, dict(mine))
    assert differences(mine, {**mine, "torch": "1.0", "course": "none"}) == (
        f"torch 1.0 there, {mine['torch']} here, course none there, {mine['course']} here"
    )
    text = Path(facts.__file__).read_text()
    assert eval(f"(lambda room: (exec({text!r}, room), room['facts']())[1])({{'__name__': 'facts'}})") == mine


def test_results_that_travel_are_those_that_lie_in_a_folder(tmp_path):
    carried = Carried(frozenset({"a" * 16}), {"b" * 64: "sent"})
    assert carried.read("b" * 64) == "sent"
    with pytest.raises(judging.Asks, match="a{64}"):
        carried.read("a" * 64)
    with pytest.raises(FileNotFoundError):
        carried.read("c" * 64)
    carried.write("c" * 64, "made")
    assert carried.made == {"c" * 64: "made"}


@pytest.fixture(scope="module")
def some_judges():
    made = Judges(LESSON, SECRET, Limits(), True, frozenset())
    made.begin()
    yield made
    made.close()


def travelling(data: bytes) -> Submission:
    return Submission("ada", Path("ada.ipynb"), data=data, beside="")


def test_a_judge_that_ends_is_tried_again_and_then_given_to_a_person_in_the_words_of_one_machine(some_judges):
    """A process that ends each time; one that does not end; and then the next submission is graded as ever."""
    tried = []

    def ends(submission, *_):
        tried.append(submission)
        raise ProcessExpired("gone")

    class Pool:
        def schedule(self, *_, **__):
            return self

        def result(self):
            ends("ada")

    real = some_judges._pool
    some_judges._pool = Pool()
    answered = some_judges.judge(travelling(notebook_with(LESSON, ROOT, RIGHT)), {})
    some_judges._pool = real
    assert len(tried) == 2 and answered.outcome.status == PARTLY
    assert answered.outcome.why == "the process that judged it ended; needs a look"
    assert some_judges.judge(travelling(notebook_with(LESSON, ROOT, RIGHT)), {}).outcome.points == sum(
        check.points for check in LESSON.checks
    )
    assert some_judges.judge(travelling(b"broken"), {}).outcome.status == REFUSED


def test_no_sandbox_on_a_worker_is_an_error_and_no_zero(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    made = Judges(LESSON, SECRET, Limits(), True, frozenset())
    with pytest.raises(SandboxError, match="bubblewrap is missing"):
        made.begin()
    made.close()


def test_a_submission_with_which_workers_end_again_and_again_is_given_to_a_person(tmp_path, one, monkeypatch):
    run = clusters._Run(one, LESSON, clusters.deque(), None)
    (mine,) = handed_in(tmp_path / "in", ada=notebook_with(LESSON, ROOT, RIGHT))

    class Ended:
        status = "error"

        def result(self, timeout):
            raise KilledWorker("task", None, 3)

    work = clusters._Work(mine)
    for _ in range(clusters.MOST_TRIES - 1):
        work.future = Ended()
        assert run._outcome(work, Limits()) is None and run.left.pop() is work
    work.future = Ended()
    outcome = run._outcome(work, Limits())
    assert isinstance(outcome, Outcome) and "the workers that judged it ended" in outcome.why
