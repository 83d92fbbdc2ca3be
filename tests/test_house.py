"""The house: one environment named in three places, licences, what git leaves out, and what a stranger can type."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"pytorch": "torch", "msgpack-python": "msgpack", "playwright-python": "playwright"}
# Used without an import: the lab, its kernel and the linters are started, pytest loads its plug-ins, Dask its
# dashboard, SQLAlchemy the way to a database.
NOT_IMPORTED = {
    "jupyterlab",
    "ipykernel",
    "mypy",
    "nbval",
    "pytest-timeout",
    "pytest-xdist",
    "ruff",
    "bokeh",
    "psycopg",
    "jupyter-book",
    "django-static-mathjax",
}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def declared() -> dict[str, Requirement]:
    """What pyproject.toml asks for, the packages of tests, site, server and cluster included, by canonical name."""
    lines = [
        *project()["dependencies"],
        *project()["optional-dependencies"]["test"],
        *project()["optional-dependencies"]["site"],
        *project()["optional-dependencies"]["server"],
        *project()["optional-dependencies"]["cluster"],
    ]
    return {canonicalize_name(wanted.name): wanted for wanted in map(Requirement, lines)}


def conda() -> dict[str, Requirement]:
    """What environment.yml asks for, by the name that pip knows it by."""
    found = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_pip = [line for part in found if isinstance(part, dict) for line in part["pip"] if not line.startswith("-")]
    lines = [line for line in found if isinstance(line, str)] + by_pip
    wanted = {canonicalize_name(each.name): each for each in map(Requirement, lines)}
    return {CONDA_NAMES.get(name, name): each for name, each in wanted.items() if name not in ("python", "pip")}


def pinned() -> dict[str, str]:
    """What constraints.txt fixes, by canonical name."""
    lines = [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def tracked() -> list[Path]:
    """The files that git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("this copy of the course is no git checkout, so nothing is tracked")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """The tracked files that are text, by name."""
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_conda_and_pip_are_asked_for_the_same_packages_in_the_same_ranges():
    assert {name: str(wanted.specifier) for name, wanted in conda().items()} == {
        name: str(wanted.specifier) for name, wanted in declared().items()
    }


def test_conda_and_pip_are_asked_for_the_same_python():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert f"python{project()['requires-python']}" in lines


def test_every_declared_package_is_pinned_to_a_version_in_its_range():
    versions = pinned()
    assert not [name for name in declared() if name not in versions]
    assert not [
        f"{name} {versions[name]} is not in {wanted.specifier}"
        for name, wanted in declared().items()
        if versions[name] not in wanted.specifier
    ]


def test_the_constraints_are_exact_and_name_no_machine():
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pinned().values())


def test_every_package_that_is_imported_is_declared_and_every_declared_one_is_used():
    owners = packages_distributions()
    # What an attack imports is its own business.
    modules = [
        path
        for folder in ("course", "grader", "benchmarks", "tests", "solutions")
        for path in (ROOT / folder).rglob("*.py")
        if "attacks" not in path.parts
    ]
    ours = {"course", "grader", "benchmarks", "tests", "tools"} | {path.stem for path in (ROOT / "tests").rglob("*.py")}
    imported: dict[str, str] = {}
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for top in {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - ours:
                imported |= {
                    canonicalize_name(owner): f"{path.relative_to(ROOT)}:{node.lineno}"
                    for owner in owners.get(top, [top])
                }
    measured_against = {
        canonicalize_name(Requirement(line).name) for line in project()["optional-dependencies"]["bench"]
    }
    imported_only = {name: place for name, place in imported.items() if name not in {*declared(), *measured_against}}
    declared_only = sorted({*declared(), *measured_against} - set(imported) - NOT_IMPORTED)
    assert not imported_only
    assert not declared_only


# each may import from those before it
ROOMS = (
    "course",
    "grader/lessons",
    "grader/judging",
    "grader/classroom",
    "grader/commands",
    "grader",
)
WITHIN_COURSE = {
    "front": ("front",),
    "checks": ("front", "checks"),
    "mistakes": ("front", "checks", "mistakes"),
    "explorers": ("front", "explorers"),
    "desk": ("front", "checks", "mistakes", "explorers", "desk"),
    "quizzes": ("front", "checks", "mistakes", "explorers", "desk", "quizzes"),
}


def imported_modules(path: Path) -> set[str]:
    """The modules of this project that a file imports, wherever in it, as paths without their ending:
    `grader/judging/wire`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {
                f"{node.module}.{alias.name}"
                if (ROOT / f"{node.module}.{alias.name}".replace(".", "/")).with_suffix(".py").exists()
                else node.module
                for alias in node.names
            }
    return {name.replace(".", "/") for name in found if name.split(".")[0] in ("course", "grader")}


def room_of(module: str) -> str:
    return max((room for room in ROOMS if module == room or module.startswith(f"{room}/")), key=len)


def room_in_course(module: str) -> str:
    """The front room holds the lessons' modules and what they share; `course.check` is the checks' own door."""
    part = module.split("/")[1] if "/" in module else ""
    return "checks" if part == "check" else part if part in WITHIN_COURSE else "front"


def test_a_room_imports_only_from_rooms_below_it():
    upwards = [
        f"{path.relative_to(ROOT)} imports {module}"
        for package in ("course", "grader")
        for path in (ROOT / package).rglob("*.py")
        for module in imported_modules(path)
        if ROOMS.index(room_of(module)) > ROOMS.index(room_of(str(path.relative_to(ROOT).with_suffix(""))))
    ]
    across = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / "course").rglob("*.py")
        for module in imported_modules(path)
        if room_in_course(module) not in WITHIN_COURSE[room_in_course(str(path.relative_to(ROOT).with_suffix("")))]
    ]
    assert not upwards and not across


def test_code_and_text_have_their_licences():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "SPDX-License-Identifier: CC-BY-4.0" in (ROOT / "LICENSE-TEXT.md").read_text(encoding="utf-8")
    assert project()["license"] == "MIT AND CC-BY-4.0"
    assert all((ROOT / name).is_file() for name in project()["license-files"])


def test_no_tracked_file_names_a_place_that_only_one_machine_has():
    # The sandbox calls its learner's home by a name of its own, the same everywhere.
    homes = "|".join(["ho" + "me", "ro" + "ot", "Use" + "rs", "op" + "t"])
    place = re.compile(rf"(?<![\w.~$}}/])/(?:{homes})/(?!learner\b)[\w.-]+|{re.escape(str(ROOT))}(?![\w-])")
    found = [
        f"{name}: {match.group()}"
        for name, text in texts().items()
        if "attacks" not in name
        for match in place.finditer(text)
    ]
    assert not found


def test_no_tracked_file_names_the_host_of_a_package_registry():
    hosts = [
        "py" + "pi.org",
        "python" + "hosted.org",
        "download." + "pytorch.org",
        "registry." + "npmjs",
        "ana" + "conda.org",
        "/op" + "t/py" + "pi",
    ]
    found = [f"{name}: {host}" for name, text in texts().items() for host in hosts if host in text]
    assert not found


def test_what_belongs_to_a_class_a_learner_or_a_machine_is_not_tracked():
    names = [
        ".venv/bin/python",
        "classroom/gradebook.db",
        "classroom/submitted/ada/02-lines/lines.ipynb",
        "work/01-tensors/tensors.ipynb",
        "work/.progress.json",
        "landscape_of_loss.egg-info/PKG-INFO",
        "notebooks/01-tensors/.ipynb_checkpoints/tensors-checkpoint.ipynb",
        "course/__pycache__/data.pyc",
        ".pytest_cache/x",
        ".hypothesis/x",
        "build/lib/x",
        "dist/x.whl",
        "site/index.html",
    ]
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the course is no git checkout, so nothing is tracked")
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *names], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    assert sorted(ignored) == sorted(names)
    kept = [
        "solutions/02-lines/lines.py",
        "notebooks/02-lines/lines.ipynb",
        "course/desk/work.py",
        "grader/lessons/build.py",
        "datasets/photograph/DATASHEET.md",
    ]
    assert not subprocess.run(
        ["git", "check-ignore", "--no-index", *kept], cwd=ROOT, capture_output=True, text=True
    ).stdout


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_make_target_that_is_written_about_exists():
    pages = [page for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if page.is_file()]
    named = {
        name
        for page in pages
        for name in re.findall(r"(?:`|^\s*(?:\$ )?)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert pages and named <= targets()
    assert {"lab", "test", "demo", "build", "bench"} <= targets()


def test_every_make_target_runs_something_that_exists():
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    modules = {
        module
        for module in re.findall(r"python -m ([a-z.]+)", recipe)
        if module.split(".")[0] not in {"pip", "pytest", *sys.stdlib_module_names}
    }
    assert not [
        module
        for module in modules
        if not (ROOT / Path(*module.split("."))).with_suffix(".py").is_file()
        and not (ROOT / Path(*module.split(".")) / "__main__.py").is_file()
    ]


def test_both_commands_lead_to_a_function():
    for command, target in project()["scripts"].items():
        module, function = target.split(":")
        tree = ast.parse((ROOT / Path(*module.split("."))).with_suffix(".py").read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, command


def test_nbgrader_finds_its_folders_from_anywhere_and_keeps_lesson_texts_to_itself(tmp_path, monkeypatch):
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import ClearSolutions
    from traitlets.config import PyFileConfigLoader

    monkeypatch.chdir(tmp_path)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    course = CourseDirectory(config=config)
    assert Path(course.format_path(course.source_directory, ".", "02-lines")) == ROOT / "solutions" / "02-lines"
    assert Path(course.format_path(course.release_directory, ".", "02-lines")) == ROOT / "notebooks" / "02-lines"
    assert (
        Path(course.format_path(course.submitted_directory, "ada", "02-lines"))
        == ROOT / "classroom" / "submitted" / "ada" / "02-lines"
    )
    assert course.db_url == f"sqlite:///{ROOT / 'classroom' / 'gradebook.db'}"
    assert set(CourseDirectory().ignore) < set(course.ignore) and "*.py" in course.ignore
    assert ClearSolutions(config=config).code_stub == {"python": ""}
