"""Slips: systematic small changes of the right function, each with words for it. What an answer gave is held against
them, and the checks are measured by them.
No lesson teaches it; course/checks/diagnosis.py asks which slip an answer looks like, `grader build` whether each is
caught. Read the three tables first: OUT (of what comes out), IN (of what goes in), PLACES (of one place in the
source)."""

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

import torch
from torch import Tensor

from course.checks.exercises import Exercise, exercises_of


@dataclass(frozen=True)
class Slip:
    """One change: its kind (the operator's name in the tables), the words that go with it, the changed program, and the
    change for an author to read."""

    kind: str
    words: str
    program: Callable
    change: str = ""


@dataclass(frozen=True)
class _Change:
    """A change of tensors, or of plain numbers too, also of those in a tuple; all else stays as it is."""

    change: Callable[[Any], Any]
    of_numbers: bool

    def __call__(self, value: Any) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(value, Tensor) or (number and self.of_numbers):
            return self.change(value)
        return tuple(self(part) for part in value) if isinstance(value, tuple) else value


def _tensors_only(change: Callable[[Tensor], Any]) -> _Change:
    return _Change(change, of_numbers=False)


def _numbers_too(change: Callable[[Any], Any]) -> _Change:
    return _Change(change, of_numbers=True)


def _decimals_only(tensors: Callable[[Tensor], Any], numbers: Callable[[float], Any]) -> _Change:
    def change(value: Any) -> Any:
        if isinstance(value, Tensor) and value.is_floating_point():
            return tensors(value)
        return numbers(value) if isinstance(value, float) else value

    return _numbers_too(change)


def _cut(value: Any, least: float | None, most: float | None) -> Any:
    if isinstance(value, Tensor):
        return value.clamp(least, most)
    return max(value, least) if least is not None else min(value, most)


# What comes out: the operator, the words, the change. Values that are not of its kind come out as they went in.
OUT: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    (
        "transposed",
        "rows and columns of your result are exchanged",
        _tensors_only(lambda value: value.mT if value.ndim > 1 else value),
    ),
    (
        "negated",
        "every number has the right size and the wrong sign: look at which way round the subtraction goes",
        _numbers_too(lambda value: -value),
    ),
    (
        "cut off below",
        "what is below zero is cut off: nothing asks for that",
        _numbers_too(lambda value: _cut(value, 0, None)),
    ),
    (
        "cut off above",
        "what is above one is cut off: nothing asks for that",
        _numbers_too(lambda value: _cut(value, None, 1)),
    ),
    ("without signs", "the signs are taken away: a result may be below zero", _numbers_too(abs)),
    (
        "cut off on both sides",
        "what is below zero or above one is cut off: nothing asks for that",
        _numbers_too(lambda value: _cut(_cut(value, 0, None), None, 1)),
    ),
    (
        "running total",
        "it runs up from one to the next: begin anew for each",
        _tensors_only(lambda value: value.flatten().cumsum(0).reshape(value.shape) if value.ndim else value),
    ),
    ("one too many", "every number is one too large", _numbers_too(lambda value: value + 1)),
    ("one too few", "every number is one too small", _numbers_too(lambda value: value - 1)),
    ("doubled", "every number is twice as large as it should be", _numbers_too(lambda value: value * 2)),
    ("halved", "every number is half as large as it should be", _numbers_too(lambda value: value / 2)),
    ("squared", "your result is squared: nothing asks for that", _numbers_too(lambda value: value**2)),
    ("root", "a root is taken of the result: nothing asks for that", _numbers_too(lambda value: value**0.5)),
    ("rounded", "the result is rounded to whole numbers", _decimals_only(Tensor.round, round)),
    ("cut to whole", "what stands after the decimal point is cut off", _decimals_only(Tensor.trunc, int)),
    (
        "a list",
        "the numbers are right, and they come in a list where a tensor is wanted",
        _tensors_only(lambda value: value.tolist() if value.ndim else value),
    ),
    (
        "parts in a list",
        "the parts are right, and they come in a list where one tensor is wanted: `torch.stack` puts them together",
        _tensors_only(lambda value: list(value) if value.ndim > 1 else value),
    ),
    (
        "flat",
        "the numbers are right, and they come in one long row: keep the axes",
        _tensors_only(lambda value: value.flatten() if value.ndim > 1 else value),
    ),
    (
        "an axis too many in front",
        "the numbers are right, with an axis of length 1 too many in front",
        _tensors_only(lambda value: value[None]),
    ),
    (
        "an axis too many behind",
        "the numbers are right, with an axis of length 1 too many at the end",
        _tensors_only(lambda value: value[..., None]),
    ),
    (
        "an axis of one lost",
        "the numbers are right, and where an axis has length 1 it is lost: `squeeze` takes too much",
        _tensors_only(lambda value: value.squeeze()),
    ),
    (
        "added up",
        "the numbers are added up to one: each of them is wanted",
        _tensors_only(lambda value: value.sum() if value.ndim else value),
    ),
    (
        "averaged",
        "the mean of the numbers is given back: each of them is wanted",
        _tensors_only(lambda value: value.mean() if value.ndim and value.is_floating_point() else value),
    ),
    (
        "the last only",
        "only the last of them is given back: all are wanted",
        lambda value: (
            value[-1]
            if isinstance(value, tuple | list | Tensor) and not (isinstance(value, Tensor) and not value.ndim)
            else value
        ),
    ),
    (
        "the first only",
        "only the first of them is given back: all are wanted",
        lambda value: (
            value[0]
            if isinstance(value, tuple | list | Tensor) and not (isinstance(value, Tensor) and not value.ndim)
            else value
        ),
    ),
    (
        "the last is missing",
        "the last one is missing",
        lambda value: value[:-1] if isinstance(value, list) or (isinstance(value, Tensor) and value.ndim) else value,
    ),
    (
        "the first is missing",
        "the first one is missing",
        lambda value: value[1:] if isinstance(value, list) or (isinstance(value, Tensor) and value.ndim) else value,
    ),
    (
        "backwards",
        "they are right, in the reverse order",
        lambda value: (
            value.flip(0)
            if isinstance(value, Tensor) and value.ndim
            else value[::-1]
            if isinstance(value, list | tuple)
            else value
        ),
    ),
    (
        "the other way round",
        "true and false are exchanged",
        lambda value: (
            not value
            if isinstance(value, bool)
            else ~value
            if isinstance(value, Tensor) and value.dtype == torch.bool
            else value
        ),
    ),
    ("nothing", "nothing was returned: is there a `return` on the last line?", lambda value: None),
)
# What is right in its value and breaks the contract: caught by `keeps_the_contract`, and never in need of a name from
# here.
CONTRACT: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("float32", _tensors_only(lambda value: value.float() if value.is_floating_point() else value)),
    ("float64", _tensors_only(lambda value: value.double() if value.is_floating_point() else value)),
    ("detached", _tensors_only(lambda value: value.detach())),
)


def _on(value: Any, change: Callable[[Tensor], Any]) -> Any:
    return change(value) if isinstance(value, Tensor) and value.ndim else value


# What goes in: the operator, the words ({name} is the argument's), the change of one tensor argument.
IN: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    (
        "whole numbers",
        "`{name}` is cut to whole numbers before it is used",
        lambda value: _on(value, lambda x: x.trunc() if x.is_floating_point() else x),
    ),
    ("first row", "only the first row of `{name}` is looked at", lambda value: _on(value, lambda x: x[:1])),
    (
        "first hundred",
        "only the first hundred rows of `{name}` are looked at",
        lambda value: _on(value, lambda x: x[:100]),
    ),
    (
        "last is left out",
        "the last row of `{name}` is left out",
        lambda value: _on(value, lambda x: x[:-1] if len(x) > 1 else x),
    ),
    (
        "first is left out",
        "the first row of `{name}` is left out",
        lambda value: _on(value, lambda x: x[1:] if len(x) > 1 else x),
    ),
    (
        "argument transposed",
        "rows and columns of `{name}` are exchanged",
        lambda value: _on(value, lambda x: x.mT if x.ndim > 1 else x),
    ),
    (
        "argument turned",
        "`{name}` is turned round; it is used as it comes",
        lambda value: _on(value, lambda x: x.flip(tuple(range(-min(2, x.ndim), 0)))),
    ),
    (
        "argument negated",
        "`{name}` goes in with the wrong sign",
        lambda value: _on(value, lambda x: -x if x.dtype != torch.bool else ~x),
    ),
    (
        "argument without signs",
        "the signs of `{name}` are lost",
        lambda value: _on(value, lambda x: x.abs() if x.dtype != torch.bool else x),
    ),
    (
        "argument cut off",
        "what is below zero in `{name}` is taken for zero",
        lambda value: _on(value, lambda x: x.clamp(min=0) if x.dtype != torch.bool else x),
    ),
    (
        "argument sorted",
        "`{name}` is sorted first; its order counts",
        lambda value: _on(value, lambda x: x.sort(0).values),
    ),
)

EXCHANGED = {
    ast.Add: (ast.Sub, "a minus where a plus belongs"),
    ast.Sub: (ast.Add, "a plus where a minus belongs"),
    ast.Mult: (ast.Div, "a division where a product belongs"),
    ast.Div: (ast.Mult, "a product where a division belongs"),
    ast.FloorDiv: (ast.Div, "`/` where whole steps are counted: `//`"),
    ast.Mod: (ast.FloorDiv, "`//` where the rest is wanted: `%`"),
    ast.Pow: (ast.Mult, "a product with the exponent where a power belongs"),
    ast.MatMult: (ast.Mult, "a product number by number where a matrix product belongs"),
}
BORDER = "the border falls on the wrong side (`<` or `<=`, `>` or `>=`): look at what happens where the two are equal"
COMPARED = {
    ast.Lt: (ast.LtE, BORDER),
    ast.LtE: (ast.Lt, BORDER),
    ast.Gt: (ast.GtE, BORDER),
    ast.GtE: (ast.Gt, BORDER),
    ast.Eq: (ast.NotEq, "equal and unequal are exchanged"),
    ast.NotEq: (ast.Eq, "equal and unequal are exchanged"),
}
CALLED = {
    "mean": (("sum", "a sum where the mean belongs: divide by how many there are"),),
    "sum": (
        ("mean", "a mean where the sum belongs: nothing is divided"),
        ("amax", "the greatest where the sum belongs"),
    ),
    "max": (("min", "the least where the greatest belongs"),),
    "min": (("max", "the greatest where the least belongs"),),
    "amax": (("amin", "the least where the greatest belongs"), ("mean", "the mean where the greatest belongs")),
    "argmax": (("argmin", "the least where the greatest belongs"),),
    "argmin": (("argmax", "the greatest where the least belongs"),),
    "exp": (("log", "a logarithm where the exponential belongs"),),
    "sqrt": (("square", "a square where the root belongs"),),
    "square": (("abs", "the size where the square belongs"),),
    "stack": (("cat", "`cat` strings the parts into one row; `stack` puts each on a row of its own"),),
    "var": (("std", "the standard deviation where the variance belongs"),),
    "std": (("var", "the variance where the standard deviation belongs"),),
    "floor": (("ceil", "rounded up where down belongs"), ("round", "rounded to the nearest where down belongs")),
    "ceil": (("floor", "rounded down where up belongs"),),
    "sin": (("cos", "sine and cosine are exchanged"),),
    "cos": (("sin", "sine and cosine are exchanged"),),
    "tanh": (("sigmoid", "the sigmoid where tanh belongs"),),
}


class _Places(ast.NodeVisitor):
    """Every change of one place: (kind, words, the node, what stands there instead)."""

    def __init__(self, arguments: set[str]) -> None:
        self.arguments = arguments
        self.found: list[tuple[str, str, ast.AST, ast.AST]] = []

    def add(self, kind: str, words: str, node: ast.AST, instead: ast.AST) -> None:
        self.found.append((kind, words, node, instead))

    def about(self, node: ast.AST) -> str:
        names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in self.arguments]
        return f" with `{names[0]}` in it" if names else ""

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in EXCHANGED:
            other, words = EXCHANGED[type(node.op)]
            self.add("operator", words, node, ast.BinOp(node.left, other(), node.right))
        if isinstance(node.op, ast.Add | ast.Sub):
            self.add("a term left out", f"a term is left out{self.about(node.right)}", node, node.left)
            self.add(
                "a term left out",
                f"a term is left out{self.about(node.left)}",
                node,
                ast.UnaryOp(ast.USub(), node.right) if isinstance(node.op, ast.Sub) else node.right,
            )
        elif isinstance(node.op, ast.Mult | ast.Div | ast.MatMult | ast.Pow | ast.FloorDiv):
            words = {
                ast.Pow: "a power is left out",
                ast.FloorDiv: "a division is left out",
                ast.Div: "a division is left out",
            }.get(type(node.op), "a factor is left out")
            self.add("a factor left out", f"{words}{self.about(node.right)}", node, node.left)
            if isinstance(node.op, ast.Mult | ast.MatMult):
                self.add("a factor left out", f"a factor is left out{self.about(node.left)}", node, node.right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.Pow):
            self.add(
                "exchanged sides",
                "the two sides of a "
                + {ast.Sub: "subtraction", ast.Div: "division", ast.Pow: "power"}[type(node.op)]
                + " are exchanged",
                node,
                ast.BinOp(node.right, node.op, node.left),
            )
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for place, operator in enumerate(node.ops):
            if type(operator) in COMPARED:
                other, words = COMPARED[type(operator)]
                self.add(
                    "strictness",
                    words,
                    node,
                    ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators),
                )
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            self.add("a sign left out", f"a minus sign is left out{self.about(node.operand)}", node, node.operand)
        elif isinstance(node.op, ast.Not | ast.Invert):
            self.add("a condition turned round", "a condition is turned round", node, node.operand)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.add("a condition left out", "a condition is left out", node, node.values[0])
        self.add("a condition left out", "a condition is left out", node, node.values[-1])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.add("a switch", "a switch is set the wrong way round", node, ast.Constant(not node.value))
        elif isinstance(node.value, int | float):
            for other in dict.fromkeys(
                (node.value + 1, node.value - 1, -node.value, node.value / 2 if isinstance(node.value, float) else 0, 1)
            ):
                if other != node.value:
                    self.add("a number", "a number in the formula is another", node, ast.Constant(other))

    def visit_Call(self, node: ast.Call) -> None:
        name = (
            node.func.attr
            if isinstance(node.func, ast.Attribute)
            else node.func.id
            if isinstance(node.func, ast.Name)
            else ""
        )
        for other, words in CALLED.get(name, ()):
            changed = copy.deepcopy(node)
            if isinstance(changed.func, ast.Attribute):
                changed.func.attr = other
                self.add("another function", words, node, changed)
        for place, keyword in enumerate(node.keywords):
            self.add(
                "a keyword left out",
                f"`{keyword.arg}` is left out",
                node,
                ast.Call(node.func, node.args, [*node.keywords[:place], *node.keywords[place + 1 :]]),
            )
            if keyword.arg in ("dim", "axis") and isinstance(keyword.value, ast.Constant | ast.Tuple | ast.UnaryOp):
                for axis in (
                    ast.Constant(0),
                    ast.Constant(1),
                    ast.UnaryOp(ast.USub(), ast.Constant(1)),
                    ast.Tuple([ast.Constant(0), ast.Constant(1)], ast.Load()),
                ):
                    if ast.dump(axis) != ast.dump(keyword.value):
                        self.add(
                            "another axis",
                            f"another axis: it is taken over `dim={ast.unparse(axis)}`",
                            node,
                            ast.Call(
                                node.func,
                                node.args,
                                [*node.keywords[:place], ast.keyword(keyword.arg, axis), *node.keywords[place + 1 :]],
                            ),
                        )
        if name in ("mean", "sum", "var", "std", "amax", "softmax", "argmax") and isinstance(node.func, ast.Attribute):
            self.add(
                "all at once",
                "it is taken over everything at once, and not along its axis",
                node,
                ast.Call(node.func, [], []),
            )
        if name == "range" and len(node.args) == 1:
            self.add(
                "one turn",
                "the loop makes a turn too few",
                node,
                ast.Call(node.func, [ast.BinOp(node.args[0], ast.Sub(), ast.Constant(1))], []),
            )
            self.add(
                "one turn",
                "the loop makes a turn too many",
                node,
                ast.Call(node.func, [ast.BinOp(node.args[0], ast.Add(), ast.Constant(1))], []),
            )
            self.add(
                "one turn",
                "the loop leaves the first turn out",
                node,
                ast.Call(node.func, [ast.Constant(1), node.args[0]], []),
            )
        if len(node.args) == 2 and not node.keywords and not any(isinstance(part, ast.Starred) for part in node.args):
            self.add(
                "exchanged arguments",
                "the two arguments of a call are exchanged",
                node,
                ast.Call(node.func, node.args[::-1], []),
            )
        if isinstance(node.func, ast.Attribute) and not (
            isinstance(node.func.value, ast.Name) and node.func.value.id in ("torch", "nn", "numpy")
        ):
            self.add("a step left out", f"a step is left out{self.about(node.func.value)}", node, node.func.value)
        elif len(node.args) == 1 and not node.keywords:
            self.add("a step left out", f"a step is left out{self.about(node.args[0])}", node, node.args[0])
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        if node.step is not None:
            self.add("a stride left out", "a stride is left out", node, ast.Slice(node.lower, node.upper, None))
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.add("always so", "one of two cases is taken for both", node, node.body)
        self.add("always so", "one of two cases is taken for both", node, node.orelse)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self.add("a case left out", "a case is left out", node, ast.Pass())
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self.add(
            "one turn only",
            "only the first turn of the loop is made",
            node,
            ast.For(node.target, node.iter, [*node.body, ast.Break()], []),
        )
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(target, ast.Attribute) or (
            isinstance(target, ast.Name)
            and any(isinstance(part, ast.Name) and part.id == target.id for part in ast.walk(node.value))
        ):
            self.add(
                "a line left out",
                "a line is left out: something is not kept"
                if isinstance(target, ast.Attribute)
                else "a line is left out",
                node,
                ast.Pass(),
            )
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.add("a line left out", "a line is left out", node, ast.Pass())
        if type(node.op) in EXCHANGED:
            self.add(
                "operator",
                EXCHANGED[type(node.op)][1],
                node,
                ast.AugAssign(node.target, EXCHANGED[type(node.op)][0](), node.value),
            )
        self.generic_visit(node)

    def visit_arguments(self, node: ast.arguments) -> None:
        """A default is the caller's affair."""

    def visit_Raise(self, node: ast.Raise) -> None:
        """What an error says is nobody's slip."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)


TURNS = 10_000


class _Bounded(ast.NodeTransformer):
    """A changed `while` may have no end: after so many turns it stops with an error."""

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        leave = ast.If(ast.UnaryOp(ast.Not(), node.test), [*node.orelse, ast.Break()], [])
        stop = ast.parse("raise RuntimeError('no end')").body
        turns = ast.parse(f"range({TURNS})", mode="eval").body
        return ast.For(ast.Name("_turn", ast.Store()), turns, [leave, *node.body], stop)


class _Replace(ast.NodeTransformer):
    def __init__(self, node: ast.AST, instead: ast.AST) -> None:
        self.node, self.instead = node, instead

    def visit(self, node: ast.AST) -> ast.AST:
        return copy.deepcopy(self.instead) if node is self.node else self.generic_visit(node)


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
            and not (isinstance(change, _Change) and change.of_numbers)
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
        return _numbers_too(lambda value: value * factor(rows))(right(*arguments, **keywords))

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
        places = _Places(arguments)
        places.visit(tree)
        for kind, words, node, instead in places.found:
            changed = ast.fix_missing_locations(_Bounded().visit(_Replace(node, instead).visit(_copied(tree, node))))
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
