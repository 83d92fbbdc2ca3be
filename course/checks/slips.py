"""Slips: systematic small changes of the right function, each with words for it. What an answer gave is held against
them, and the checks are measured by them.
No lesson teaches it; course/checks/diagnosis.py asks which slip an answer looks like, `grader build` whether each is
caught. Read the tables first: OUT and IN (course/checks/changes.py), and those of one place in the source
(course/checks/places.py)."""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
import textwrap
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from course.checks.changes import CONTRACT, IN, OUT, Change, numbers_too
from course.checks.exercises import Exercise, exercises_of
from course.checks.places import Bounded, Places, Replace


@dataclass(frozen=True)
class Slip:
    """One change: its kind (the operator's name in the tables), the words that go with it, the changed program, and the
    change for an author to read."""

    kind: str
    words: str
    program: Callable
    change: str = ""


def slips_of(exercise: Exercise, lesson: str) -> list[Slip]:
    """Every slip of an exercise, the likeliest kinds first: what comes out, what goes in, one place in the source, a
    function that it uses."""
    if "slips" not in exercise.kept:
        exercise.kept["slips"] = [*of_results(exercise), *of_arguments(exercise), *of_source(exercise, lesson)]
    return exercise.kept["slips"]


def of_results(exercise: Exercise) -> Iterator[Slip]:
    """What comes out; of a result that is no tensor only what can be said of it."""
    if isinstance(exercise.right, type):
        return
    promised = str(exercise.signature.return_annotation)
    for kind, words, change in OUT:
        if (
            promised in ("int", "float", "bool")
            and not (isinstance(change, Change) and change.of_numbers)
            and kind not in ("nothing", "the other way round")
        ):
            continue
        if (kind == "the other way round") != (promised == "bool") and kind == "the other way round":
            continue
        yield Slip(kind, words, _after(exercise.right, change))
    if promised in ("int", "bool", "str"):
        return
    for words, factor in (
        ("times too large: divide by how many there are", lambda n: n),
        ("times too small", lambda n: 1 / n),
    ):
        yield Slip(
            "as many times", f"every number is n {words}, n being how many there are", _scaled(exercise.right, factor)
        )
    yield Slip(
        "n - 1",
        "divided by n where n - 1 belongs, or the other way round",
        _scaled(exercise.right, lambda n: n / (n - 1) if n > 1 else 1),
    )
    yield Slip(
        "n - 1",
        "divided by n where n - 1 belongs, or the other way round",
        _scaled(exercise.right, lambda n: (n - 1) / n),
    )


def of_contract(exercise: Exercise) -> Iterator[Slip]:
    """Slips that the contract's own words name: another dtype, gradients cut off, an argument written into, a result
    that is kept."""
    if isinstance(exercise.right, type):
        return
    for kind, change in (
        CONTRACT if str(exercise.signature.return_annotation) not in ("int", "float", "bool", "str") else ()
    ):
        yield Slip(kind, "", _after(exercise.right, change))
    for name in _tensors(exercise):
        yield Slip(
            "argument detached",
            "",
            _before(exercise, name, lambda value: value.detach() if isinstance(value, Tensor) else value),
            name,
        )
        yield Slip("argument written into", "", _writing(exercise, name), name)
    if _tensors(exercise):
        yield Slip("kept by shape", "", _keeping(exercise))


def _after(right: Callable, change: Callable[[Any], Any]) -> Callable:
    return lambda *arguments, **keywords: change(right(*arguments, **keywords))


def _scaled(right: Callable, factor: Callable[[int], float]) -> Callable:
    def scaled(*arguments: Any, **keywords: Any) -> Any:
        rows = next(
            (
                len(argument)
                for argument in (*arguments, *keywords.values())
                if isinstance(argument, Tensor) and argument.ndim
            ),
            1,
        )
        return numbers_too(lambda value: value * factor(rows))(right(*arguments, **keywords))

    return scaled


def _before(exercise: Exercise, name: str, change: Callable[[Any], Any]) -> Callable:
    def changed(*arguments: Any, **keywords: Any) -> Any:
        bound = exercise.signature.bind(*arguments, **keywords)
        if name in bound.arguments:
            bound.arguments[name] = change(bound.arguments[name])
        return exercise.right(*bound.args, **bound.kwargs)

    return changed


def _tensors(exercise: Exercise) -> list[str]:
    """The names of the arguments that are tensors, by the annotations of the course's own function."""
    return [
        name
        for name, part in exercise.signature.parameters.items()
        if "Tensor" in str(part.annotation) and "Callable" not in str(part.annotation)
    ]


def _writing(exercise: Exercise, name: str) -> Callable:
    def writing(*arguments: Any, **keywords: Any) -> Any:
        result, value = (
            exercise.right(*arguments, **keywords),
            exercise.signature.bind(*arguments, **keywords).arguments.get(name),
        )
        if isinstance(value, Tensor) and not value.requires_grad:
            value.copy_(value.clone())
        return result

    return writing


def _keeping(exercise: Exercise) -> Callable:
    kept: dict[Any, Any] = {}

    def keeping(*arguments: Any, **keywords: Any) -> Any:
        key = repr(
            [
                (name, (value.shape, value.dtype) if isinstance(value, Tensor) else value)
                for name, value in exercise.signature.bind(*arguments, **keywords).arguments.items()
            ]
        )
        if key not in kept:
            kept[key] = exercise.right(*arguments, **keywords)
        return kept[key]

    return keeping


def of_arguments(exercise: Exercise) -> Iterator[Slip]:
    names = [*exercise.signature.parameters]
    for name in names:
        if name in exercise.defaults:
            yield Slip(
                "a parameter not looked at",
                f"`{name}` changes nothing: it is taken for its default, whatever is asked for",
                _before(exercise, name, _always(exercise.defaults[name])),
                name,
            )
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            yield Slip(
                "arguments exchanged",
                f"`{one}` and `{other}` have changed places",
                _exchanging(exercise, one, other),
                f"{one}, {other}",
            )
    for name in _tensors(exercise):
        for kind, words, change in IN:
            yield Slip(kind, words.format(name=name), _before(exercise, name, change), name)


def _always(usual: Any) -> Callable[[Any], Any]:
    return lambda value: usual


def _exchanging(exercise: Exercise, one: str, other: str) -> Callable:
    def exchanged(*arguments: Any, **keywords: Any) -> Any:
        bound = exercise.signature.bind(*arguments, **keywords)
        bound.apply_defaults()
        bound.arguments[one], bound.arguments[other] = bound.arguments[other], bound.arguments[one]
        return exercise.right(*bound.args, **bound.kwargs)

    return exchanged


def of_source(exercise: Exercise, lesson: str) -> Iterator[Slip]:
    """One place in the source of the course's own function, or in a helper of its module, changed; or an exercise that
    it uses done wrong in a known way."""
    module = inspect.getmodule(exercise.right)
    others = exercises_of(lesson)
    functions = [exercise.right]
    used = {node.id for node in ast.walk(ast.parse(_text(exercise.right))) if isinstance(node, ast.Name)}
    for name in sorted(used - {exercise.name}):
        helper = getattr(module, name, None)
        if name in others:
            for known in others[name].mistakes:
                yield Slip(
                    "a mistake of one that it uses",
                    f"in `{name}`, which it builds on: {known.words}",
                    _with(exercise.right, {name: known.program}),
                    name,
                )
        elif inspect.isfunction(helper) and helper.__module__ == exercise.right.__module__:
            functions.append(helper)
    for function in functions:
        text = _text(function)
        tree = ast.parse(text)
        arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} - {"self"}
        places = Places(arguments)
        places.visit(tree)
        for kind, words, node, instead in places.found:
            changed = ast.fix_missing_locations(Bounded().visit(Replace(node, instead).visit(_copied(tree, node))))
            program = _compiled(changed, function.__name__, module, exercise)
            if program is not None:
                before = ast.unparse(node) if not isinstance(node, ast.stmt) else ast.unparse(node).split("\n")[0]
                yield Slip(
                    kind,
                    words,
                    program,
                    f"{function.__name__}: `{before}` becomes `{ast.unparse(ast.fix_missing_locations(instead))}`"[
                        :200
                    ],
                )


def _copied(tree: ast.Module, node: ast.AST) -> ast.Module:
    """The tree with everything but that node copied, so that the node can be found again and the tree stays as it
    is."""
    return copy.deepcopy(tree, {id(node): node})


def _text(function: Callable) -> str:
    return textwrap.dedent(inspect.getsource(function))


def _compiled(tree: ast.Module, name: str, module: Any, exercise: Exercise) -> Callable | None:
    """The exercise's function in a copy of its module's names, in which the changed function stands for the right
    one."""
    names = dict(vars(module))
    file = f"<slip of {name}>"
    try:
        with warnings.catch_warnings(action="ignore"):
            exec(compile(tree, file, "exec"), names)
    except (SyntaxError, ValueError, TypeError, NameError):
        return None
    linecache.cache.pop(file, None)
    if name == exercise.name:
        return names[name]
    return _with(exercise.right, {name: names[name]}, names)


def _with(right: Callable, others: dict[str, Any], names: dict[str, Any] | None = None) -> Callable:
    """The right function, with other functions behind some of the names that it uses."""
    names = {**(names or vars(inspect.getmodule(right))), **others}
    exec(compile(ast.parse(_text(right)), "<slip>", "exec"), names)
    return names[right.__name__]
