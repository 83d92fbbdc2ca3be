"""What can be read off the source of an answer without running it: is it still a stub, which calls and loops does it hold?
Every lesson's checks use it, in the notebook and in grading; nothing here runs the learner's code.
Read course/checks/sentences.py first."""

from __future__ import annotations

import ast
import contextlib
import inspect
import textwrap
import types
from collections.abc import Iterable
from typing import Any


def is_stub(function: Any, given: Iterable[str] = ()) -> bool:
    """Whether a function holds nothing but a docstring, `pass`, `...`, an empty return or NotImplementedError.

    A class is a stub while every method that the lesson has not given is one.
    """
    if isinstance(function, type):
        methods = [method for name, method in vars(function).items() if name not in given]
        methods = [getattr(method, "__func__", method) for method in methods]
        return all(is_stub_code(method.__code__) for method in methods if isinstance(method, types.FunctionType))
    return is_stub_code(function.__code__) if isinstance(function, types.FunctionType) else False


def is_stub_code(code: types.CodeType) -> bool:
    """Whether a compiled function body does nothing: the same instructions as an empty one, whatever its docstring."""
    first, *others = code.co_consts
    if code.co_code not in _EMPTY or not (first is None or isinstance(first, str)):
        return False
    return code.co_names == ("NotImplementedError",) or not code.co_names and all(constant is None for constant in others)


def _codes(source: str) -> list[bytes]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return [namespace["empty"].__code__.co_code, namespace["with_docstring"].__code__.co_code]


_EMPTY = {
    code
    for body in ("pass", "raise NotImplementedError", "raise NotImplementedError()", 'raise NotImplementedError("later")')
    for code in _codes(f"def empty():\n {body}\ndef with_docstring():\n 'A docstring.'\n {body}")
}


def stub_in_text(text: str, name: str, given: Iterable[str] = ()) -> bool:
    """The same question about the text of a cell, which is compiled and never run. Raises SyntaxError for broken text.

    A text without a top-level function or class of that name counts as a stub when it holds no statement of its own.
    """
    tree = ast.parse(text)
    found = [node for node in tree.body
             if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name]
    if not found:
        return not [node for node in tree.body if not _is_idle(node)]
    node = found[-1]
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name not in given]
        return all(_is_idle(statement) for method in methods for statement in method.body)
    return all(_is_idle(statement) for statement in node.body)


def _is_idle(statement: ast.stmt) -> bool:
    """pass, ..., a docstring, an empty return, raise NotImplementedError."""
    if isinstance(statement, ast.Pass):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant) and statement.value.value is None
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return False


def source_of(function: Any) -> str:
    """The text of the cell or file part that defines a function or class, or '' where it cannot be had.

    A class defined in a notebook has no source that `inspect` finds before Python 3.13; the cell that is running has it.
    """
    try:
        from IPython import get_ipython

        shell = get_ipython()
        cell = shell.user_ns.get("In", [""])[-1] if shell else ""
        if f" {function.__name__}" in cell:
            return cell
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, ImportError):
        return ""


def calls_and_loops(text: str) -> set[str]:
    """What a text uses: 'for' (comprehensions too), 'while', 'lambda', and each function by its last name ('cdist') and dotted name.

    A name that the text itself assigns to is a variable, not a use. A text that does not parse uses nothing: it has failed already.
    """
    tree = parsed(text)
    used: set[str] = set()
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            used.add("for")
        elif isinstance(node, ast.While):
            used.add("while")
        elif isinstance(node, ast.Lambda):
            used.add("lambda")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            used.add("@")
        elif isinstance(node, ast.Attribute):
            used |= {node.attr, _dotted(node)}
        elif isinstance(node, ast.Name) and node.id not in own:
            used.add(node.id)
        elif isinstance(node, ast.alias):
            used |= {node.name, node.name.rsplit(".", 1)[-1]}
    return used


def with_what_it_uses(text: str, others: list[str]) -> str:
    """The text, and from the other texts each definition whose name it uses, at first or second hand: a helper in a cell of its own is part of the answer."""
    definitions: dict[str, list[ast.stmt]] = {}
    for other in others:
        for statement in parsed(other).body:
            for name in _defined(statement):
                definitions.setdefault(name, []).append(statement)
    parts, left, seen = [text], [parsed(text)], set()
    while left:
        for node in ast.walk(left.pop()):
            if isinstance(node, ast.Name) and node.id in definitions and node.id not in seen:
                seen.add(node.id)
                left += definitions[node.id]
                parts += [ast.unparse(statement) for statement in definitions[node.id]]
    return "\n".join(parts)


def parsed(text: str) -> ast.Module:
    """The text's syntax tree, what is IPython's own (%time, !ls, name?) turned into Python; an empty one where it does not parse."""
    for transform in (str, _python_of):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(transform(text))
    return ast.Module([], [])


def _python_of(text: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(text)


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _dotted(node: ast.Attribute) -> str:
    """'torch.nn.functional.conv2d', the last six names of a longer chain, '' where it does not begin with a name."""
    names: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute) and len(names) < 6:
        names.append(inner.attr)
        inner = inner.value
    return ".".join([inner.id, *reversed(names)]) if isinstance(inner, ast.Name) else ""
