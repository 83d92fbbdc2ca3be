"""What an instructor may want to look at in a submission: read off its source, held against nobody's grade.
No lesson teaches it; grader/judging/judge.py reports what is found here beside the results.
Read grader/judging/judge.py first. The sandbox is what protects; this only tells."""

from __future__ import annotations

import ast

from course.checks.source import LONGEST_READ

SYSTEM_MODULES = {
    "os",
    "sys",
    "subprocess",
    "socket",
    "ctypes",
    "shutil",
    "signal",
    "multiprocessing",
    "threading",
    "gc",
    "inspect",
    "importlib",
    "builtins",
    "pickle",
    "http",
    "urllib",
    "requests",
    "pathlib",
    "glob",
}
READERS = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "listdir",
    "walk",
    "glob",
    "rglob",
    "scandir",
}


def remarkable(text: str) -> list[str]:
    """A few words for each thing in a learner's cell that the lessons have no use for.

    Assignments to attributes of imported modules (patches), system modules, files opened, eval and exec.
    """
    if len(text) > LONGEST_READ:
        return [f"has {len(text):,} characters, more than is read for remarks"]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    except (RecursionError, MemoryError):
        return ["nests so deep that it cannot be looked at"]
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"imports {name.name}" for name in node.names if name.name.split(".")[0] in SYSTEM_MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in SYSTEM_MODULES:
            found.append(f"imports from {node.module}")
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                owner = _dotted(target)
                if owner and owner.split(".")[0] in (
                    "torch",
                    "numpy",
                    "np",
                    "builtins",
                    "sys",
                    "check",
                    "course",
                    "plots",
                    "data",
                ):
                    found.append(f"replaces {owner}")
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in READERS:
                found.append(f"reads or writes files with {name}")
            elif isinstance(node.func, ast.Name) and name in (
                "eval",
                "exec",
                "compile",
                "__import__",
                "setattr",
                "globals",
            ):
                found.append(f"calls {name}")
    return list(dict.fromkeys(remark[:100] for remark in found))[:20]


def _dotted(node: ast.AST) -> str:
    """'torch.allclose' for an attribute of a name, else ''."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts[-3:])]) if parts and isinstance(node, ast.Name) else ""
