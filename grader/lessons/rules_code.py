"""What a lesson's code must keep to, a function a rule: stubs, checks and figures. Nothing is run.
Every lesson is held to every rule; one that breaks a rule is refused with file, line and what to do.
Read first: `cells.py` and `rules.py`; CONTRIBUTING.md says the same in prose.
"""

from __future__ import annotations

import ast
import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from course.checks.source import stub_in_text
from grader.lessons.cells import SOLUTION, Cell, Lesson
from grader.lessons.rules_names import defined_names, line_in

Found = Iterator[tuple[int, str]]
HINTS = 3
FIGURES = {"plt", "matplotlib", "pyplot"}


def parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except SyntaxError:
        return None


def the_code_can_be_read(lesson: Lesson, root: Path) -> Found:
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        for words, code in (("", cell.source), (" once the solution is taken out", cell.stub)):
            magic = any(line.lstrip().startswith(("%", "!")) for line in code.split("\n"))
            if magic and not cell.graded:
                continue  # the notebook's own language; it is run when the lesson is built
            try:
                ast.parse(code)
            except SyntaxError as error:
                todo = (
                    "setup, exercises and checks are plain Python"
                    if magic
                    else "every function and method keeps its docstring"
                )
                yield (
                    cell.line_of(error.lineno or 1),
                    f"the code of cell {cell.id} cannot be read{words}: {error.msg}; {todo}",
                )
                break


def definition_of(cell: Cell, code: str) -> ast.FunctionDef | ast.ClassDef | None:
    """The top-level function or class of an exercise cell that bears the exercise's name."""
    tree = parsed(code)
    for node in tree.body if tree else ():
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == cell.name:
            return node
    return None


def exercises_are_marked(lesson: Lesson, root: Path) -> Found:
    for cell in lesson.exercises:
        tree = parsed(cell.source)
        if tree is None:
            continue
        made = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        if [node.name for node in made] != [cell.name]:
            yield (
                cell.line,
                (
                    f"the cell of exercise {cell.name} defines {', '.join(node.name for node in made) or 'nothing'}; "
                    f"let it define {cell.name} and nothing else"
                ),
            )
        elif not any(_is_exercise_mark(mark) for mark in made[0].decorator_list):
            yield cell.line_of(made[0].lineno), f"{cell.name} is not marked; write @exercise above it"
        if SOLUTION[0] not in cell.source:
            yield (
                cell.line,
                f"exercise {cell.name} has no solution; put it between ### {SOLUTION[0]} and ### {SOLUTION[1]}",
            )


def _is_exercise_mark(mark: ast.expr) -> bool:
    mark = mark.func if isinstance(mark, ast.Call) else mark
    return isinstance(mark, ast.Name) and mark.id == "exercise"


def stubs_hold_a_docstring_and_nothing_else(lesson: Lesson, root: Path) -> Found:
    for cell in lesson.exercises:
        node = definition_of(cell, cell.source)
        if node is None:
            continue
        parts = (
            [part for part in node.body if isinstance(part, ast.FunctionDef)] if isinstance(node, ast.ClassDef) else []
        )
        for part in [node, *parts]:
            if part.name not in cell.given and not ast.get_docstring(part):
                yield (
                    cell.line_of(part.lineno),
                    f"{part.name} has no docstring; give it one with shapes, units and an example",
                )
        stub = definition_of(cell, cell.stub)
        if stub is not None and SOLUTION[0] in cell.source and not stub_in_text(cell.stub, cell.name, cell.given):
            yield (
                cell.line_of(node.lineno),
                (
                    f"the stub of {cell.name} would count as attempted: it holds more than docstrings; "
                    "take the rest into the solution, or name given methods: @exercise(given=[...])"
                ),
            )


def exercises_have_checks(lesson: Lesson, root: Path) -> Found:
    seen, quizzes = [], {cell.name for cell in lesson.answers}
    for cell in lesson.cells:
        if cell.role == "exercise":
            seen.append(cell.name)
            if not lesson.checks_of(cell.name):
                yield (
                    cell.line,
                    f'exercise {cell.name} has no check; write a cell check="{cell.name}" points=... after it',
                )
        elif cell.role == "check" and cell.name not in seen and cell.name not in quizzes:
            yield (
                cell.line,
                f"the check is about {cell.name}, and no exercise before it is called so; there are "
                f"{', '.join(seen) or 'none'}",
            )


def first_checks_have_hints(lesson: Lesson, root: Path) -> Found:
    for exercise in lesson.exercises:
        for check in lesson.checks_of(exercise.name)[:1]:
            calls = [
                node
                for node in ast.walk(parsed(check.visible) or ast.Module([], []))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hints"
            ]
            if len(calls) != 1 or len(calls[0].args) != HINTS:
                yield (
                    check.line,
                    (
                        f"the first check of {exercise.name} has no ladder of {HINTS} hints; write "
                        'hints("a nudge", "the idea", "almost the line") at its top'
                    ),
                )


def uses_name_earlier_exercises(lesson: Lesson, root: Path) -> Found:
    seen: list[str] = []
    for cell in lesson.exercises:
        for used in cell.uses:
            if used not in seen:
                yield (
                    cell.line,
                    f"{cell.name} uses {used!r}, and no exercise before it is called so; there are "
                    f"{', '.join(seen) or 'none'}",
                )
        seen.append(cell.name)


def checks_call_nothing_bare(lesson: Lesson, root: Path) -> Found:
    names = {cell.name for cell in lesson.exercises}
    for cell in lesson.checks:
        for node in ast.walk(parsed(cell.source) or ast.Module([], [])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                name = node.func.id
                yield (
                    cell.line_of(node.lineno),
                    (
                        f"the check calls {name}(...) bare, and that name is the learner's; write check({name}, ...), "
                        "and for an expected value import the course's own under another name in the hidden part, as "
                        "in "
                        f"from course.{lesson.name} import {name} as course_{name}"
                    ),
                )


def visible_checks_hold_plain_values(lesson: Lesson, root: Path) -> Found:
    for cell in lesson.checks:
        for node in ast.walk(parsed(cell.visible) or ast.Module([], [])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "gives":
                wrong = [
                    part
                    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Lambda)
                ]
                if wrong:
                    yield (
                        line_in(cell, wrong[0].lineno),
                        (
                            "a lambda in a visible .gives(...) shows learners the solution; "
                            "write the value it gives, and the lambda in the hidden part"
                        ),
                    )


def the_course_has_what_stubs_hand_on(lesson: Lesson, root: Path) -> Found:
    module = Path(root) / "course" / f"{lesson.name}.py"
    tree = parsed(module.read_text(encoding="utf-8")) if module.is_file() else None
    if tree is None:
        yield (
            1,
            f"course/{lesson.name}.py is not there or cannot be read; it holds the course's own function for each "
            "exercise",
        )
        return
    there = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    named = defined_names(module.read_text(encoding="utf-8"))
    for cell in lesson.exercises:
        if cell.name not in named:
            yield (
                cell.line,
                f"course/{lesson.name}.py has no {cell.name}; write the function that an unsolved exercise hands on",
            )
        node, reference = definition_of(cell, cell.source), there.get(cell.name)
        for ours, theirs, name in _pairs(node, reference):
            if _signature(ours) != _signature(theirs):
                yield (
                    cell.line_of(ours.lineno),
                    (
                        f"{name} takes ({_signature(ours)}) here and ({_signature(theirs)}) in "
                        f"course/{lesson.name}.py; give them the same arguments"
                    ),
                )


def _pairs(node: ast.AST | None, reference: ast.AST | None) -> Iterator[tuple[ast.FunctionDef, ast.FunctionDef, str]]:
    if isinstance(node, ast.FunctionDef) and isinstance(reference, ast.FunctionDef):
        yield node, reference, node.name
    elif isinstance(node, ast.ClassDef) and isinstance(reference, ast.ClassDef):
        methods = {part.name: part for part in reference.body if isinstance(part, ast.FunctionDef)}
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name in methods:
                yield part, methods[part.name], f"{node.name}.{part.name}"


def _signature(node: ast.FunctionDef) -> str:
    """The arguments by name and default, without their types."""
    bare = copy.deepcopy(node.args)
    for argument in [*bare.posonlyargs, *bare.args, *bare.kwonlyargs, *filter(None, [bare.vararg, bare.kwarg])]:
        argument.annotation = None
    return ast.unparse(bare)


def figures_have_alt_text(lesson: Lesson, root: Path) -> Found:
    place, named = f"course/figures/{lesson.folder}.toml", set()
    write = f'write plots.show(figure, "name"), and what it shows under that name in {place}'
    files = {file.stem: file.read_text(encoding="utf-8") for file in (root / "course" / "figures").glob("*.toml")}
    try:
        texts = tomllib.loads(files.pop(lesson.folder, ""))
    except tomllib.TOMLDecodeError as error:
        yield 1, f"{place} cannot be read: {error}"
        return
    elsewhere = {
        name: folder for folder, text in files.items() for name in re.findall(r"^([\w-]+) =", text, re.MULTILINE)
    }
    for cell in lesson.cells:
        tree = parsed(cell.source) if cell.kind == "code" and cell.role != "setup" else None
        draws, shown = 0, False
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Call) and _dotted(node.func) == "plt.show":
                yield cell.line_of(node.lineno), f"plt.show() shows a figure without alt text; {write}"
            elif isinstance(node, ast.Call) and _dotted(node.func) == "plots.show":
                shown, name = True, _alt_name(node)
                text = texts.get(name)
                if not name:
                    yield cell.line_of(node.lineno), f"plots.show names no alt text; {write}"
                elif name in elsewhere or name in named:
                    at = elsewhere.get(name, "this lesson")
                    yield cell.line_of(node.lineno), f"a figure of {at} is called {name!r} too; give one another name"
                elif not isinstance(text, str) or not text.strip():
                    yield (
                        cell.line_of(node.lineno),
                        f'{name!r} has no alt text; write {name} = "what it shows" in {place}',
                    )
                named.add(name)
            elif isinstance(node, ast.Name | ast.Attribute) and (_dotted(node) in {*FIGURES, "plots.figure"}):
                draws = draws or node.lineno
        if draws and not shown:
            yield cell.line_of(draws), f"a figure is drawn here and shown without alt text, or not at all; {write}"
    if left := sorted(texts.keys() - named):
        yield 1, f"{place} has alt text for {', '.join(left)}, and no figure of the lesson is called so; take it out"


def _alt_name(call: ast.Call) -> str:
    """The name by which a plots.show finds its alt text; '' where it has none, or the text itself."""
    alt = next((keyword.value for keyword in call.keywords if keyword.arg == "alt"), [*call.args, None, None][1])
    name = alt.value if isinstance(alt, ast.Constant) else None
    return name if isinstance(name, str) and re.fullmatch("[a-z0-9-]+", name) else ""


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


RULES = (
    the_code_can_be_read,
    exercises_are_marked,
    stubs_hold_a_docstring_and_nothing_else,
    exercises_have_checks,
    first_checks_have_hints,
    uses_name_earlier_exercises,
    checks_call_nothing_bare,
    visible_checks_hold_plain_values,
    the_course_has_what_stubs_hand_on,
    figures_have_alt_text,
)
