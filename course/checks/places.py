"""Small changes of one place in a function's source, with words for them: an operator, a border, a number, an axis, a
step left out.
No lesson teaches it; course/checks/slips.py compiles them. Read the three tables first: EXCHANGED (operators), COMPARED
(borders), CALLED (functions)."""

from __future__ import annotations

import ast
import copy

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


class Places(ast.NodeVisitor):
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


class Bounded(ast.NodeTransformer):
    """A changed `while` may have no end: after so many turns it stops with an error."""

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        leave = ast.If(ast.UnaryOp(ast.Not(), node.test), [*node.orelse, ast.Break()], [])
        stop = ast.parse("raise RuntimeError('no end')").body
        turns = ast.parse(f"range({TURNS})", mode="eval").body
        return ast.For(ast.Name("_turn", ast.Store()), turns, [leave, *node.body], stop)


class Replace(ast.NodeTransformer):
    def __init__(self, node: ast.AST, instead: ast.AST) -> None:
        self.node, self.instead = node, instead

    def visit(self, node: ast.AST) -> ast.AST:
        return copy.deepcopy(self.instead) if node is self.node else self.generic_visit(node)
