"""What can be read off the source of an answer without running it: is it still a stub, which calls and loops does it
hold? Every lesson's checks use it, in the notebook and in grading; nothing here runs the learner's code.
Read course/checks/sentences.py first."""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import re
import symtable
import textwrap
import types
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
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
    return code.co_names == ("NotImplementedError",) or (
        not code.co_names and all(constant is None for constant in others)
    )


def _codes(source: str) -> list[bytes]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return [namespace["empty"].__code__.co_code, namespace["with_docstring"].__code__.co_code]


_EMPTY = {
    code
    for body in (
        "pass",
        "raise NotImplementedError",
        "raise NotImplementedError()",
        'raise NotImplementedError("later")',
    )
    for code in _codes(f"def empty():\n {body}\ndef with_docstring():\n 'A docstring.'\n {body}")
}


def stub_in_text(text: str, name: str, given: Iterable[str] = ()) -> bool:
    """The same question about the text of a cell, which is compiled and never run. Raises SyntaxError for broken text.

    A text without a top-level function or class of that name counts as a stub when it holds no statement of its own.
    """
    tree = ast.parse(text)
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
    ]
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
        return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None)
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return False


def source_of(function: Any) -> str:
    """The text of the cell or file part that defines a function or class, or '' where it cannot be had.

    A class defined in a notebook has no source that `inspect` finds before Python 3.13; the cell that is running has
    it.
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


def last_line(error: BaseException) -> int:
    """The line of the notebook's cell that an exception last passed through, 0 where it passed through none."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if any(part in trace.tb_frame.f_code.co_filename for part in ("ipykernel", "ipython-input")):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def cells_run() -> list[str]:
    """The texts of the notebook's cells in the order in which they were run; none outside of one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return []
    shell = get_ipython()
    return [text for text in shell.user_ns.get("In", []) if text] if shell else []


@dataclass
class Reading:
    """What an exercise's function uses, as far as reading follows it, and the lines that reading cannot follow: a
    person has to see those.

    used: 'for' (comprehensions too), 'while', 'lambda', '@', and each function by its last name ('cdist') and its
    dotted name.
    """

    used: set[str] = field(default_factory=set)
    unclear: list[str] = field(default_factory=list)


# With these a text uses what it does not name, or makes names that are nowhere written.
VEILS = {
    "exec",
    "eval",
    "compile",
    "getattr",
    "globals",
    "locals",
    "vars",
    "__import__",
    "import_module",
    "__dict__",
    "__builtins__",
    "attrgetter",
    "methodcaller",
    "itemgetter",
    "locate",
    "getmembers",
    "getattr_static",
    "inspect",
    "pickle",
    "loads",
    "get_ipython",
    "ev",
    "run_cell",
    "run_line_magic",
    "run_cell_magic",
    "__getattribute__",
    "__code__",
    "__globals__",
    "modules",
    "import_string",
    "open",
    "CodeType",
    "FunctionType",
}


def reading_of(name: str, text: str, others: Iterable[str] = ()) -> Reading:
    """What the function of an exercise uses, itself and through what it calls of the learner's own; what else stands in
    its cell is nobody's offence.

    text: the cell that answers; others: the learner's other cells, whose definitions may be part of the answer.
    """
    bound: dict[str, ast.stmt] = {}
    hung: list[ast.stmt] = []
    found, waiting, seen, attributes = Reading(), [name], {name}, set()
    for source in (*others, text):
        if _beyond_reading(source):
            found.unclear.append(source.strip().split("\n")[0][:120])
        for statement in parsed(source).body:
            bound.update(dict.fromkeys(_defined(statement), statement))
            hung += [
                statement
                for node in ast.walk(statement)
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            ]
    if name in bound and not _is_plain(bound[name], name):
        found.unclear.append(_line(bound[name]))
    while waiting:
        name_of = waiting.pop()
        if name_of not in bound:
            continue
        statement = _without_annotations(bound[name_of])
        _read(statement, found)
        # torch.sigmoid is no recursion
        attributes |= {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
        for other in _looked_up([statement]) - seen:
            if other in bound:
                seen.add(other)
                waiting.append(other)
    found.used -= {
        other for other in seen if other in bound and not isinstance(bound[other], ast.Import | ast.ImportFrom)
    } - attributes
    reached = {part.rsplit(".", 1)[-1] for part in found.used} | {name}
    for statement in hung:  # a helper hung on a module or on the function itself is under a name that is read elsewhere
        targets = [
            node for node in ast.walk(statement) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        ]
        if any(
            target.attr in reached or (isinstance(target.value, ast.Name) and target.value.id in seen)
            for target in targets
        ) and not isinstance(statement, ast.ClassDef | ast.FunctionDef):
            found.unclear.append(_line(statement))
    return found


def _is_plain(statement: ast.stmt, name: str) -> bool:
    """Whether a name is bound as one binds a function: def, class, or a name given to a lambda or to what a call
    makes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.name == name
    return (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and not any(isinstance(node, ast.NamedExpr) for node in ast.walk(statement))
    )


class _Bare(ast.NodeTransformer):
    """What is said of types is no use of them."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns, node.decorator_list = None, []
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return ast.Assign([node.target], self.visit(node.value)) if node.value else ast.Pass()


def _without_annotations(statement: ast.stmt) -> ast.stmt:
    try:
        return ast.fix_missing_locations(_Bare().visit(copy.deepcopy(statement)))
    except RecursionError:  # nested deeper than anybody writes; it is read as it stands
        return statement


def _read(statement: ast.stmt, found: Reading) -> None:
    """Add what one statement uses. A name that it assigns to is a variable, and no use."""
    own = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    for node in ast.walk(statement):
        names: set[str] = set()
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            names = {"for"}
        elif isinstance(node, ast.While):
            names = {"while"}
        elif isinstance(node, ast.Lambda):
            names = {"lambda"}
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            names = {"@"}
        elif isinstance(node, ast.Attribute):
            names = {node.attr, _dotted(node)}
        elif isinstance(node, ast.Name) and node.id not in own:
            names = {node.id}
        elif isinstance(node, ast.alias):
            names = {node.name, node.name.rsplit(".", 1)[-1]}
        elif isinstance(node, ast.Match):
            found.unclear.append(_line(node))
        found.used |= names
        if names & VEILS:
            found.unclear.append(_line(node))


def _line(node: ast.AST) -> str:
    """The first line of a part of the text, for a person to look at."""
    with contextlib.suppress(RecursionError, ValueError):
        return ast.unparse(node).split("\n")[0][:120]
    return "a part that is nested too deep"


def defines(text: str) -> set[str]:
    """The names that a cell's top level binds."""
    body = parsed(text).body
    return set().union(*map(_defined, body)) if body else set()


def names_looked_up(text: str) -> set[str]:
    """The names that a text uses and does not define: those of other cells, of the course, of Python."""
    return _looked_up(parsed(text).body) - defines(text)


def _looked_up(statements: list[ast.stmt]) -> set[str]:
    """The names that statements, and the functions in them, look up among those of all cells."""
    try:
        table = symtable.symtable("\n".join(map(ast.unparse, statements)), "cell", "exec")
    except (SyntaxError, RecursionError, ValueError, MemoryError):
        return set()
    waiting, found = [table], set()
    while waiting:
        table = waiting.pop()
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        }
        waiting += table.get_children()
    return found


def statements_for(wanted: set[str], text: str) -> tuple[str, set[str], set[str]]:
    """Of a cell's text the statements that define wanted names, at first or second hand: (their text, the names
    defined, the names that they want besides)."""
    body = parsed(text).body
    kept: set[int] = set()
    wanted = set(wanted)
    grown = True
    while grown:
        grown = False
        for place, statement in enumerate(body):
            if place not in kept and _defined(statement) & wanted:
                kept.add(place)
                wanted |= _looked_up([statement])
                grown = True
    chosen = [body[place] for place in sorted(kept)]
    defined = set().union(*map(_defined, chosen)) if chosen else set()
    return "\n".join(ast.unparse(statement) for statement in chosen), defined, _looked_up(chosen) - defined


@lru_cache(maxsize=64)
def parsed(text: str) -> ast.Module:
    """The text's syntax tree, what is IPython's own (%time, !ls, name?, >>>) turned into Python; an empty one where it
    does not parse or is longer than anybody writes. One text has one tree, which nobody changes.

    A cell magic that runs its body as Python (%%time) is taken off first, or the body would be a text among others.
    """
    text = _without_cell_magic(text)
    if len(text) > LONGEST_READ:
        return ast.Module([], [])
    for transform in (str, textwrap.dedent, _python_of):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(transform(text))
    return ast.Module([], [])


def _without_cell_magic(text: str) -> str:
    magic = _RUNS_ITS_BODY.match(text)
    return "\n" + text[magic.end() :] if magic else text


def _beyond_reading(text: str) -> bool:
    """Whether a text is too long to be read, or has too much of IPython's own in it to be turned into Python: a person
    has to see it."""
    text = _without_cell_magic(text)
    return len(text) > LONGEST_READ or (_cost(text) > MOST_TO_TURN and not parsed(text).body)


_RUNS_ITS_BODY = re.compile(r"\s*%%(?:time|timeit|capture|prun|memit)\b[^\n]*\n")


_IPYTHONS_OWN = re.compile(r"^[ \t]*(?:[%!?]|>>>|In \[)|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
LONGEST_READ = 30_000  # characters of one cell
MOST_TO_TURN = 400_000  # characters; IPython reads all of them once more for each magic that it turns


def _cost(text: str) -> int:
    """The characters that IPython reads to turn what is its own in a text into Python; 0 where there is none of it."""
    count = sum(1 for _ in _IPYTHONS_OWN.finditer(text))
    return len(text) * (count + 1) if count else 0


@lru_cache(maxsize=64)
def _python_of(text: str) -> str:
    """Raises SyntaxError where nothing of it is IPython's own, or too much is."""
    from IPython.core.inputtransformer2 import TransformerManager

    if not 0 < _cost(text) <= MOST_TO_TURN:
        raise SyntaxError("nothing in it that could be turned into Python, or too much")
    return TransformerManager().transform_cell(text)


def _defined(statement: ast.stmt) -> set[str]:
    """The names that a statement of a cell's top level binds, also from within an if, a loop, a try, a with or a
    match."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
            names.add(node.name)
        waiting += ast.iter_child_nodes(node)
    return names


def _dotted(node: ast.Attribute) -> str:
    """'torch.nn.functional.conv2d', the last six names of a longer chain, '' where it does not begin with a name."""
    names: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute) and len(names) < 6:
        names.append(inner.attr)
        inner = inner.value
    return ".".join([inner.id, *reversed(names)]) if isinstance(inner, ast.Name) else ""
