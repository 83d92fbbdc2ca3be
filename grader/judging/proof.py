"""What the build asks of a lesson's checks before it writes anything: the same verdicts outside the sandbox as in the
notebook, and every slip caught. No lesson teaches it; `grader build` hands it to grader/lessons/build.py. What was
proved is kept beside the mistakes until something changes.
Read grader/judging/judge.py and grader/judging/answers.py first: the two ways; then course/checks/slips.py."""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from course.checks.contrasts import features, shows
from course.checks.draws import hash_of
from course.checks.exercises import HOME, Exercise, exercise_of, exercises_of, reason_for
from course.checks.judging import Judgement, Seen, make, off, run_program, tensors_in
from course.checks.slips import Slip, of_contract, slips_of
from course.desk.files import write_whole
from grader.judging.answers import Bench, at_home, filled, set_up, solved
from grader.judging.intake import read_notebook
from grader.judging.judge import judge
from grader.judging.keys import digest
from grader.judging.sandbox import ROOT, Sandbox, SandboxError, require
from grader.lessons.cells import Lesson, Problem

# of hand-in that a slip is tried on, draws that a survivor has to agree in, seconds for one slip
SEEDS, DRAWS, SECONDS = (
    20,
    1000,
    20,
)
FIRST = 40  # calls at home that most slips are caught in
FEWEST_MISTAKES = 6
# Survivors of these operators need a reason; answers with such faults passed once.
NAMED = {
    "detached",
    "argument detached",
    "float32",
    "float64",
    "a list",
    "argument written into",
    "whole numbers",
    "first hundred",
    "kept by shape",
    "cut off above",
    "a parameter not looked at",
    "strictness",
    "last is left out",
}
PROOFS = ROOT / "course" / "mistakes" / "proofs"
ENGINE = ("changes", "compare", "contrasts", "draws", "exercises", "judging", "places", "plan", "slips")


@dataclass
class Proof:
    """What slips of one exercise came to: how many there are, how many agree with the right function over all draws,
    and which need a word.

    same: of the operators in NAMED, with the reason; escaped: caught by some seed and not at home; rare: by contrast,
    the share of slips that show it.
    """

    slips: int = 0
    caught: int = 0
    without_difference: int = 0
    same: dict[str, str] = field(default_factory=dict)
    escaped: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    rare: dict[str, float] = field(default_factory=dict)


def proved(lesson: Lesson, released: str, say: Callable[[str], None]) -> list[Problem]:
    """All that is asked of a lesson's checks: the same verdicts both ways, every drawn call asked about, every slip
    caught."""
    return both_ways(lesson, released, say) or what_slips_show(lesson, say)


def both_ways(lesson: Lesson, released: str, say: Callable[[str], None]) -> list[Problem]:
    """Checks that say something else of the lesson's own answers from outside a sandbox than beside them, or do not
    pass."""
    try:
        require()
    except SandboxError as error:
        say(f"{lesson.folder}: its checks were made in the notebook only ({error})")
        return []
    submitted = read_notebook(filled(released, lesson, solved(lesson)), lesson)
    with Sandbox(lesson) as sandbox:
        outside = judge(submitted, lesson, sandbox, b"build").results
    beside = at_home(lesson, solved(lesson), b"build", submitted.digest)
    problems = []
    for one, other in zip(outside, beside, strict=True):
        if one.status != "passed" or (one.status, one.message, one.mistake) != (
            other.status,
            other.message,
            other.mistake,
        ):
            cell = next(cell for cell in lesson.checks if cell.id == f"check-{one.check}")
            problems.append(
                Problem(
                    lesson.path,
                    cell.line,
                    f"graded from outside, check {one.check} is {one.status} ({one.message or 'no message'}), and in "
                    "the "
                    f"notebook {other.status}; a check is a sentence about a call, with values and named functions as "
                    "arguments",
                )
            )
    return problems


def what_slips_show(lesson: Lesson, say: Callable[[str], None]) -> list[Problem]:
    """What is wrong with the checks of a lesson; what slips show of them is kept until the lesson's functions, its
    mistakes or the engine change."""
    if not exercises_of(lesson.folder):
        return []
    problems = list(_uncovered(lesson))
    proofs = proofs_of(lesson) or _prove(lesson, say)
    for name, proof in proofs.items():
        line = lesson.checks_of(name)[0].line
        for change in proof.escaped:
            problems.append(
                Problem(
                    lesson.path,
                    line,
                    f"a slip of {name} is caught at hand-in and not at home, {change}; let @takes({name}) draw what "
                    "shows it",
                )
            )
        for change in proof.unexplained:
            problems.append(
                Problem(
                    lesson.path,
                    line,
                    f"a slip of {name} makes no difference, {change}; draw what shows it, or say why: "
                    f"makes_no_difference({name}, kind, because)",
                )
            )
    return problems


def _uncovered(lesson: Lesson) -> Iterator[Problem]:
    """Exercises whose check cells do not ask about every drawn call and the contract, which know too few mistakes, or
    whose solution is not the course's own function."""
    bench = Bench(lesson, solved(lesson))
    bench.results()
    for cell in lesson.exercises:
        line, known, judged = (
            lesson.checks_of(cell.name)[0].line,
            exercise_of(lesson.folder, cell.name),
            bench.judged(cell.name),
        )
        if known is None:
            yield Problem(
                lesson.path,
                line,
                f"course/mistakes/{lesson.name}.py does not say what {cell.name} takes; "
                f"write @takes({cell.name}) there",
            )
            continue
        if len(known.mistakes) < FEWEST_MISTAKES:
            yield Problem(
                lesson.path,
                line,
                f"course/mistakes/{lesson.name}.py knows {len(known.mistakes)} mistakes of {cell.name}; name "
                f"{FEWEST_MISTAKES} that people make",
            )
        if judged is None or len(judged.covered) < len(judged.seen):
            yield Problem(
                lesson.path,
                line,
                f"the checks of {cell.name} ask about {len(judged.covered) if judged else 0} of its "
                f"{known.calls} drawn calls; write check({cell.name}).agrees(...) for the others",
            )
        if judged and not judged.contract_asked and known.contract:
            yield Problem(
                lesson.path,
                line,
                f"no check of {cell.name} asks for the contract; write check({cell.name}).keeps_the_contract() in its "
                "last cell",
            )
        if judged and (judged.wrong or judged.breaches):
            words = [found.words for found in (*judged.differences, *judged.breaches) if found]
            yield Problem(
                lesson.path,
                cell.line,
                f"the solution of {cell.name} is not what course/{lesson.name}.py gives: {words[0]}",
            )


def version_of(lesson: Lesson) -> str:
    """What a proof depends on: the lesson's functions, its mistakes, its setup cells and the engine."""
    files = [
        ROOT / "course" / f"{lesson.name}.py",
        ROOT / "course" / "mistakes" / f"{lesson.name}.py",
        *(ROOT / "course" / "checks" / f"{name}.py" for name in ENGINE),
    ]
    return digest([file.read_text(encoding="utf-8") for file in files], [cell.source for cell in lesson.setup])


def proofs_of(lesson: Lesson) -> dict[str, Proof] | None:
    """What was proved of a lesson as it is now, by name of exercise; None where that is not known."""
    file = PROOFS / f"{lesson.name}.json"
    if not file.is_file():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return (
        {name: Proof(**proof) for name, proof in content["exercises"].items()}
        if content["version"] == version_of(lesson)
        else None
    )


def _prove(lesson: Lesson, say: Callable[[str], None]) -> dict[str, Proof]:
    proofs = {}
    for name, exercise in exercises_of(lesson.folder).items():
        say(f"{lesson.folder}: slips of {name}")
        proofs[name] = prove(exercise, lesson, set_up(lesson))
    PROOFS.mkdir(exist_ok=True)
    content = {"version": version_of(lesson), "exercises": {name: asdict(proof) for name, proof in proofs.items()}}
    write_whole(PROOFS / f"{lesson.name}.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return proofs


def prove(exercise: Exercise, lesson: Lesson, names: dict[str, Any]) -> Proof:
    """Try every slip of an exercise at home, and on other draws where home lets it pass."""
    proof, right = Proof(), Judgement(exercise, run_program(exercise.right, exercise, names), names)
    wrong_in: list[set[int]] = []
    for slip in [*slips_of(exercise, lesson.folder), *of_contract(exercise)] if exercise.slips else []:
        if slip.program is None:
            continue
        proof.slips += 1
        with _within(SECONDS) as late:
            wrong = _wrong_in(exercise, slip, right, names)
            caught = bool(wrong) or _breaks(exercise, slip, names)
        if late or caught:
            proof.caught += 1
            wrong_in += [wrong] if not late and wrong else []
            continue
        change = f"{slip.kind} {slip.change}".strip()
        if _caught_later(exercise, slip, names):
            proof.escaped.append(change)
        elif slip.kind not in NAMED:
            proof.without_difference += 1
        elif reason := reason_for(exercise, slip.kind, slip.change) or _seen_from_itself(exercise, slip, right):
            proof.same[change] = reason
        else:
            proof.unexplained.append(change)
    calls = [seen.drawn for seen in right.seen[:FIRST]]
    proof.rare = {
        feature.words: round(sum(shows(feature, calls, wrong) for wrong in wrong_in) / max(1, len(wrong_in)), 3)
        for feature in features(right)
    }
    return proof


def _seen_from_itself(exercise: Exercise, slip: Slip, right: Judgement) -> str:
    """Why a slip can make no difference, where the course's own function and the draws say so; '' where they do not."""
    names = [*exercise.signature.parameters]
    flows = {
        names[place]
        for seen in right.wanted
        for one in seen.observations
        for place, reaches in enumerate(one.flows)
        if reaches
    }
    results = [part for seen in right.wanted for one in seen.observations for part in tensors_in(one.value)]
    given = [getattr(seen.drawn.bound, slip.change, None) for seen in right.wanted] if slip.change in names else []
    if slip.kind in ("detached", "argument detached") and (
        "flows" not in exercise.contract or (slip.change not in flows and (slip.change or not flows))
    ):
        return "no gradient is asked for, or flows through the course's own function"
    if slip.kind == "a list" and all(part.ndim == 0 for part in results):
        return "the result has no axes"
    if slip.kind in ("float32", "float64") and not any(part.is_floating_point() for part in results):
        return "there are no floating-point tensors in the result"
    if slip.kind == "whole numbers" and not any(
        part.is_floating_point() and part.ndim for value in given for part in tensors_in(value)
    ):
        return "it holds whole numbers"
    if slip.kind == "cut off above" and results and all(part.numel() == 0 or bool(part.max() <= 1) for part in results):
        return "no result is above one"
    return ""


def _wrong_in(exercise: Exercise, slip: Slip, right: Judgement, names: dict[str, Any]) -> set[int]:
    """The calls at home, among the first so many, in which a slip gives another value."""
    run = run_program(slip.program, exercise, names)
    return {
        place
        for place, wanted in enumerate(right.wanted[:FIRST])
        if off(exercise, make(exercise, [exercise.one(HOME, place, watched=False)], run)[0], wanted)
    }


def _breaks(exercise: Exercise, slip: Slip, names: dict[str, Any]) -> bool:
    """Whether a slip is caught at home all the same: in a later call, or by the contract."""
    tried = Judgement(exercise, run_program(slip.program, exercise, names), names)
    return bool(tried.wrong or tried.breaches)


def _caught_later(exercise: Exercise, slip: Slip, names: dict[str, Any]) -> bool:
    """Whether draws of other seeds, as hand-in has them, show what those at home do not: values in a thousand calls,
    the contract in those of a few seeds."""
    run = run_program(slip.program, exercise, names)
    with _within(4 * SECONDS):
        for number in range(DRAWS if exercise.calls > 20 else SEEDS):
            wanted = _wanted_later(exercise, number, names)
            if off(exercise, make(exercise, [wanted.drawn], run)[0], wanted):
                return True
        return any(Judgement(exercise, run, names, seed).breaches for seed in range(1, 1 + SEEDS // 5))
    return False


def _wanted_later(exercise: Exercise, number: int, names: dict[str, Any]) -> Seen:
    """What the course's own function gives in that call of all seeds' together, worked out once for all slips."""
    kept = exercise.kept.setdefault("later", {})
    if number not in kept:
        drawn = exercise.one(hash_of(1 + number % SEEDS, 1), number // SEEDS, watched=False)
        kept[number] = make(exercise, [drawn], run_program(exercise.right, exercise, names))[0]
    return kept[number]


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[list[bool]]:
    """End the block after so many seconds, as a slip may never do by itself; the list then holds something."""
    late: list[bool] = []

    class Late(BaseException):
        pass

    def ring(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield late
    except Late:
        late.append(True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
