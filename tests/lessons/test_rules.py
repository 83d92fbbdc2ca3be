"""Every rule of a lesson, each seen to refuse a lesson that breaks it: with file, line and what to do.
The build of every lesson stands on these. Nothing here is executed.
Read first: tests/lessons/small_lesson/lines.py, the lesson that is broken here; then grader/lessons/rules.py."""

from pathlib import Path

import pytest

from grader.lessons.build import build
from grader.lessons.notebooks import released_notebook
from grader.lessons.reading import LessonError, all_lessons, find_lesson, read_lesson, syllabus
from grader.lessons.rules import problems_of

SMALL = Path(__file__).parent / "small_lesson"


def small_course(root: Path, text: str | None = None, module: str | None = None, glossary: str | None = None) -> Path:
    """A repository of one lesson, 02-lines, under root. Returns the lesson's text."""
    lesson = root / "solutions" / "02-lines" / "lines.py"
    for path, own, name in (
        (lesson, text, "lines.py"),
        (root / "course" / "lines.py", module, "module.py"),
        (root / "course" / "glossary" / "02-lines.toml", glossary, "glossary.toml"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(own if own is not None else (SMALL / name).read_text(encoding="utf-8"), encoding="utf-8")
    return lesson


def changed(old: str, new: str, name: str = "lines.py") -> str:
    """The small lesson's text with one thing changed; it must be there, and once."""
    text = (SMALL / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the small lesson"
    return text.replace(old, new)


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def found(root: Path, text: str, **others: str) -> list[tuple[int, str]]:
    """The problems of the changed lesson, or that for which it cannot be read."""
    path = small_course(root, text, **others)
    try:
        problems = problems_of(read_lesson(path), root)
    except LessonError as error:
        assert error.file == path
        return [(error.line, error.message)]
    assert all(problem.file == path for problem in problems)
    return [(problem.line, problem.message) for problem in problems]


def test_the_small_lesson_keeps_to_every_rule(tmp_path):
    assert found(tmp_path, (SMALL / "lines.py").read_text(encoding="utf-8")) == []


MSE = '# %% exercise="mse"\n'
MSE_DOC = (
    '    """Mean squared error. prediction, target: (n,). Returns a scalar tensor, e.g. [1, 2] against [0, 0] -> '
    '2.5."""\n'
)
MSE_HINTS = (
    'hints("Square before you average.", "The mean of the squares of the differences.", "subtract, square, .mean()")\n'
)
MSE_HIDDEN = "check(mse, torch.randn(7), torch.randn(7)).gives("
LAST_QUESTION = (
    '    {"ask": "Why square?", "choices": {"a": "so that signs cancel", "b": "so that signs do not cancel"}, "right": '
    '"b",\n'
    '     "because": {"a": "then a bad line could have no error"}},\n'
)
QUESTION = '    {"ask": "What is a residual?"'

# what is broken: (old text, new text, a part of the line that is named ("" for the first), a part of what is said)
BROKEN = {
    "a stub without docstring": (MSE_DOC, "", "def mse", "mse has no docstring"),
    "a method without docstring": (
        '        """Adds value and returns the sum so far."""\n',
        "",
        "def add",
        "add has no docstring",
    ),
    "a given method whose name is not given": (
        '@exercise(given=["__init__"])',
        "@exercise",
        "def __init__",
        "no docstring",
    ),
    "a stub that counts as attempted": (
        MSE_DOC,
        MSE_DOC + "    difference = prediction - target\n",
        "def mse",
        "would count as attempted",
    ),
    "an exercise without a mark": ("@exercise\ndef mse", "def mse", "def mse", "write @exercise above it"),
    "an exercise of another name": (
        "def mse(",
        "def mean_squared_error(",
        MSE.strip(),
        "let it define mse and nothing else",
    ),
    "an exercise without a solution": (
        "    ### BEGIN SOLUTION\n    return ((prediction - target) ** 2).mean()\n    ### END SOLUTION\n",
        "",
        MSE.strip(),
        "has no solution",
    ),
    "a region that is not closed": (
        "    return y - predict(x, slope, intercept)\n    ### END SOLUTION\n",
        "    return y - predict(x, slope, intercept)\n",
        '# %% exercise="residuals"',
        "BEGIN SOLUTION without END SOLUTION",
    ),
    "an exercise without a check": (
        '# %% exercise="mse"\n',
        '# %% exercise="other"\n@exercise\ndef other():\n    """Nothing."""\n'
        '    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n# %% exercise="mse"\n',
        '# %% exercise="other"',
        "has no check",
    ),
    "a check of an exercise that is not there": (
        '# %% check="predict"',
        '# %% check="foretell"',
        '# %% check="foretell"',
        "no exercise before it",
    ),
    "a first check without hints": (MSE_HINTS, "", '# %% check="mse" points=10', "ladder of 3 hints"),
    "two hints where three are wanted": (
        MSE_HINTS,
        'hints("Square.", "The mean.")\n',
        '# %% check="mse" points=10',
        "ladder of 3 hints",
    ),
    "an exercise that uses a later one": (
        'exercise="residuals" uses="predict"',
        'exercise="residuals" uses="mse"',
        'exercise="residuals"',
        "uses 'mse'",
    ),
    "an exercise that uses one that is not there": (
        'uses="predict"',
        'uses="predicts"',
        'exercise="residuals"',
        "uses 'predicts'",
    ),
    "a bare call in sight": (
        "check(mse, tensor([1., 2.]), tensor([0., 0.])).satisfies",
        "assert mse(tensor([1.]), tensor([1.])) == 0\ncheck(mse, tensor([1., 2.]), tensor([0., 0.])).satisfies",
        "assert mse",
        "calls mse(...) bare",
    ),
    "a bare call in the hidden part": (
        MSE_HIDDEN + "lambda p, t: ((p - t) ** 2).mean())",
        MSE_HIDDEN + "lambda p, t: mse(p, t))",
        MSE_HIDDEN + "lambda p, t: mse",
        "calls mse(...) bare",
    ),
    "a lambda in sight": (
        "check(residuals, tensor([1.]), tensor([5.]), 3., 1.).gives(tensor([1.]))",
        "check(residuals, tensor([1.]), tensor([5.]), 3., 1.).gives(lambda x, y, m, b: y - m * x - b)",
        "check(residuals, tensor([1.])",
        "shows learners the solution",
    ),
    "points that do not sum to 100": (
        '# %% check="Running" points=20',
        '# %% check="Running" points=21',
        "",
        "sum to 101; make it 100",
    ),
    "a check without points": (
        '# %% check="Running" points=20',
        '# %% check="Running"',
        '# %% check="Running"',
        "write points=4",
    ),
    "a duplicate id": ('aspect="arguments" points=11', "points=11", '# %% check="mse" points=11', "the id check-mse"),
    "a quiz of two questions": (LAST_QUESTION, "", '# %% quiz="reading"', "has 2 questions"),
    "a wrong choice without a reason": (
        '"because": {"a": "that is the line itself", "c": "that is a parameter"}',
        '"because": {"a": "that is the line itself"}',
        QUESTION.strip(),
        "because",
    ),
    "a right answer that is no choice": (
        '"c": "a slope"}, "right": "b"',
        '"c": "a slope"}, "right": "d"',
        QUESTION.strip(),
        "right is 'd'",
    ),
    "a quiz that is no literal": (QUESTION, '    {"ask": str(1)', '# %% quiz="reading"', "no literal list"),
    "quiz points that cannot be shared out": (
        'quiz="reading" points=9',
        'quiz="reading" points=10',
        '# %% quiz="reading"',
        "multiple of 3",
    ),
    "a quiz of more than ten points": (
        'quiz="reading" points=9',
        'quiz="reading" points=12',
        '# %% quiz="reading"',
        "make it 10 at most",
    ),
    "a folded exercise": (
        'exercise="mse"\n',
        'exercise="mse" folded=true\n',
        '# %% exercise="mse"',
        "only shows something",
    ),
    "no explorer": ("# %% explorer=true", "# %%", "", "explorer=true"),
    "no headline": ("# %% headline=true", "# %%", "", "headline=true"),
    "another title than the syllabus": (
        "course:\n#     title: A line through a splatter of paint",
        "course:\n#     title: A line",
        "",
        "calls the lesson",
    ),
    "rows unlike the syllabus": ("rows: [B1, B2]", "rows: [B1]", "", "covers ['B1', 'B2']"),
    "a row that no cell covers": ('# %% [markdown] rows="B2"', "# %% [markdown]", "", "no cell covers row B2"),
    "a row that is not the lesson's": (
        '# %% [markdown] rows="B2"',
        '# %% [markdown] rows="B2 B3"',
        '# %% [markdown] rows="B2 B3"',
        "row B3",
    ),
    "a lesson that builds on a later one": (
        "builds_on: [01-tensors]",
        "builds_on: [03-descent]",
        "",
        "no earlier lesson",
    ),
    "an opening that is not the title": (
        "# A line through a splatter of paint\nAs",
        "# Lines\nAs",
        '# %% [markdown] rows="B1"',
        "does not open with the title",
    ),
    "an ending without its terms": ("## Terms\n", "## Words\n", 'tags=["ending"]', "no section '## Terms'"),
    "four lines to remember": ("- Every line has a loss.\n", "", "## What to remember", "has 4 list items"),
    "a setup that begins another lesson": (
        'begin("02-lines")',
        'begin("03-descent")',
        "# %% setup=true",
        'write begin("02-lines")',
    ),
    "a setup that imports the answers": (
        "import torch\n",
        "import torch\nfrom course.lines import mse\n",
        "from course.lines import mse",
        "holds the answers",
    ),
    "a setup that imports a later lesson": (
        "import torch\n",
        "import torch\nfrom course import descent\n",
        "from course import descent",
        "later lesson",
    ),
    "a setup that imports an explorer": (
        "import torch\n",
        "import torch\nfrom course.explorers.lines import line_explorer\n",
        "course.explorers.lines",
        "explorer's cell",
    ),
    "a check in sight that imports the answers": (
        MSE_HINTS,
        MSE_HINTS + "from course.lines import mse as reference\n",
        "as reference",
        "import it in the hidden part",
    ),
    "a magic in a setup cell": ("import torch\n", "%matplotlib inline\nimport torch\n", "%matplotlib", "plain Python"),
    "a figure that nothing shows": (
        'print("an explorer would stand here")',
        "from course import plots\nfigure, axes = plots.figure()",
        "plots.figure()",
        "alt text",
    ),
    "a figure shown by pyplot": (
        'print("an explorer would stand here")',
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "plt.show()",
        "plots.show(figure",
    ),
    "an empty alt text": (
        'print("an explorer would stand here")',
        'from course import plots\nfigure, axes = plots.figure()\nplots.show(figure, alt="")',
        "plots.show(",
        "alt text",
    ),
    "an alt text in the way of the code": (
        'print("an explorer would stand here")',
        'from course import plots\nplots.show(plots.figure()[0], "A line.")',
        "plots.show(",
        "names no alt text",
    ),
    "a figure whose name has no text": (
        'print("an explorer would stand here")',
        'from course import plots\nplots.show(plots.figure()[0], "ball")',
        "plots.show(",
        "'ball' has no alt text; write ball = \"what it shows\" in course/figures/02-lines.toml",
    ),
    "a picture in the text without alt text": (
        "## Play\n",
        "## Play\n![](ball.png)\n",
        "![](ball.png)",
        "without alt text",
    ),
    "a link to a term that is not there": (
        "[residual](../glossary.md#residual)\n",
        "[residual](../glossary.md#residue)\n",
        "#residue",
        "no term for #residue",
    ),
    "a key that nobody knows": (
        '# %% exercise="mse"',
        '# %% exercice="mse"',
        '# %% exercice="mse"',
        "knows no key 'exercice'",
    ),
    "words where keys belong": ('# %% exercise="mse"', "# %% exercise mse", "# %% exercise mse", "no keys"),
    "a cell with two roles": (
        "# %% explorer=true",
        "# %% explorer=true headline=true",
        "# %% explorer=true headline=true",
        "both explorer and headline",
    ),
}


@pytest.mark.parametrize("what", [*BROKEN])
def test_a_lesson_is_refused_for(what, tmp_path):
    old, new, part, said = BROKEN[what]
    text = changed(old, new)
    line = line_with(text, part) if part else 1
    problems = found(tmp_path, text)
    assert any(at == line and said in message for at, message in problems), (line, problems)


@pytest.mark.parametrize(
    ("cell", "old", "new"),
    [
        ("setup", 'begin("02-lines")', 'begin("02-lines")\nsize = of_a_demo'),
        (
            "exercise",
            "    return ((prediction - target) ** 2).mean()",
            "    return ((prediction - target) ** of_a_demo).mean()",
        ),
        ("check in sight", MSE_HINTS, MSE_HINTS + "size = of_a_demo\n"),
        (
            "check, hidden, inside a lambda",
            MSE_HIDDEN + "lambda p, t: ((p - t) ** 2).mean())",
            MSE_HIDDEN + "lambda p, t: ((p - t) ** 2).mean() * of_a_demo)",
        ),
    ],
)
def test_a_graded_cell_may_not_depend_on_an_ungraded_one(cell, old, new, tmp_path):
    text = changed(old, new).replace("# %% setup=true", "# %%\nof_a_demo = 2\n\n# %% setup=true", 1)
    problems = [problem for problem in found(tmp_path, text) if "of_a_demo" in problem[1]]
    line = next(
        number for number, row in enumerate(text.splitlines(), 1) if "of_a_demo" in row and "of_a_demo = 2" not in row
    )
    assert problems == [(line, problems[0][1])] and "an ungraded cell" in problems[0][1]


def test_a_check_may_not_depend_on_another_check(tmp_path):
    text = changed(MSE_HINTS, MSE_HINTS + "size = 2\n").replace(
        'check(Running).after("add", 2.0)', 'check(Running).after("add", 1.0 * size)'
    )
    assert [message for _, message in found(tmp_path, text) if message.startswith("size is defined in another check")]


def test_what_learners_see_of_a_check_needs_nothing_from_its_hidden_part(tmp_path):
    text = changed(MSE_HIDDEN, "two = 2.0\n" + MSE_HIDDEN).replace(MSE_HINTS, MSE_HINTS + "print(two)\n")
    assert any("defined in the hidden part only" in message for _, message in found(tmp_path, text))


@pytest.mark.parametrize(
    ("files", "called", "said"),
    [
        ({"02-lines": 'ball = "A ball."'}, "ball", ""),
        ({"02-lines": 'ball = " "'}, "ball", "'ball' has no alt text"),
        ({"02-lines": "ball = A ball"}, "ball", "course/figures/02-lines.toml cannot be read"),
        ({"02-lines": 'ball = "A ball."\nbox = "A box."'}, "ball", "has alt text for box, and no figure"),
        (
            {"02-lines": 'ball = "A ball."', "03-descent": 'ball = "Another."'},
            "ball",
            "a figure of 03-descent is called 'ball' too",
        ),
    ],
)
def test_a_figures_alt_text_stands_beside_the_lesson_by_its_name_once(tmp_path, files, called, said):
    (tmp_path / "course" / "figures").mkdir(parents=True)
    for folder, text in files.items():
        (tmp_path / "course" / "figures" / f"{folder}.toml").write_text(text)
    text = changed(
        'print("an explorer would stand here")', f'from course import plots\nplots.show(plots.figure()[0], "{called}")'
    )
    problems = found(tmp_path, text)
    assert (problems == []) if not said else (len(problems) == 1 and said in problems[0][1]), problems
    assert not said or problems[0][0] in (1, line_with(text, "plots.show("))


def test_a_folded_cell_is_folded_in_both_notebooks_and_no_other(tmp_path):
    lesson = read_lesson(small_course(tmp_path, changed("# %%\nprint(predict", "# %% folded=true\nprint(predict")))
    folded = {
        cell.source.partition("(")[0]
        for cell in released_notebook(lesson).cells
        if cell.metadata.get("jupyter") and "nbgrader" not in cell.metadata
    }
    assert folded == {"print"}


def test_a_lesson_is_refused_for_three_exercises(tmp_path):
    text = (SMALL / "lines.py").read_text(encoding="utf-8")
    text = text[: text.index('# %% exercise="Running"')] + text[text.index('# %% [markdown]\nr"""\n## Play') :]
    assert (1, "the lesson has 3 exercises; write 4 to 8") in found(tmp_path, text)


def test_a_lesson_is_refused_without_a_quiz(tmp_path):
    text = (SMALL / "lines.py").read_text(encoding="utf-8")
    text = text[: text.index("# %% quiz=")] + text[text.index("# %% [markdown] essay=") :]
    assert any("has no quiz" in message for _, message in found(tmp_path, text))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("def mse(prediction, target):", "def mean(prediction, target):", "has no mse"),
        ("def mse(prediction, target):", "def mse(target, prediction):", "give them the same arguments"),
        ("def add(self, value):", "def add(self, amount):", "Running.add takes (self, value) here and (self, amount)"),
    ],
)
def test_a_lesson_is_refused_when_the_course_has_another_function_to_hand_on(old, new, said, tmp_path):
    problems = found(tmp_path, (SMALL / "lines.py").read_text(encoding="utf-8"), module=changed(old, new, "module.py"))
    assert len(problems) == 1 and said in problems[0][1]


def test_a_term_that_the_lesson_never_links_is_refused(tmp_path):
    glossary = (SMALL / "glossary.toml").read_text(
        encoding="utf-8"
    ) + '\n["mean squared error"]\ntext = "One number."\n'
    problems = found(tmp_path, (SMALL / "lines.py").read_text(encoding="utf-8"), glossary=glossary)
    assert len(problems) == 1 and "../glossary.md#mean-squared-error" in problems[0][1]


@pytest.mark.parametrize(
    ("glossary", "said"),
    [
        ("[residual]\ntext = 3\n", "has no text"),
        ('[residual]\ntext = "x\n', "no TOML"),
        ('["Residual (left over)"]\ntext = "x"\n', "makes no anchor"),
    ],
)
def test_a_broken_glossary_is_refused_with_its_file(glossary, said, tmp_path):
    small_course(tmp_path, glossary=glossary)
    problems = [problem for problem in build([], tmp_path, check=True).problems if problem.file.name == "02-lines.toml"]
    assert len(problems) == 1 and said in problems[0].message


def test_a_file_beside_the_lesson_is_refused(tmp_path):
    lesson = small_course(tmp_path)
    (lesson.parent / "table.csv").write_text("1,2\n")
    assert ["table.csv" in problem.message for problem in problems_of(read_lesson(lesson), tmp_path)] == [True]


def test_one_broken_lesson_hides_no_other(tmp_path):
    small_course(tmp_path, "no lesson at all")
    (tmp_path / "solutions" / "03-descent").mkdir()
    (tmp_path / "solutions" / "03-descent" / "descent.py").write_text("nor this")
    assert [problem.file.name for problem in build([], tmp_path, check=True).problems] == ["lines.py", "descent.py"]


@pytest.mark.parametrize("name", ["02", "2", "lines", "02-lines", "solutions/02-lines", "solutions/02-lines/lines.py"])
def test_a_lesson_answers_to_its_number_and_its_name(name, tmp_path):
    small_course(tmp_path)
    assert find_lesson(name, tmp_path).folder == "02-lines"


def test_a_lesson_that_is_not_there_is_told_with_those_that_are(tmp_path):
    small_course(tmp_path)
    with pytest.raises(LessonError, match="no lesson is called 'gans'; there are: 02-lines"):
        find_lesson("gans", tmp_path)


def test_cells_say_what_learners_get_and_what_they_do_not(tmp_path):
    lesson = read_lesson(small_course(tmp_path))
    check = lesson.cell("check-residuals")
    assert (
        check.visible.startswith(
            'from course.check import checks; checks("residuals", points=20, uses=["predict"])\nhints('
        )
        and "randn" not in check.visible
    )
    assert "torch.randn" in check.hidden and "HIDDEN" not in check.hidden + check.visible
    assert lesson.cell("check-mse-arguments").visible.startswith(
        'from course.check import checks; checks("mse", points=11, aspect="arguments")\n'
    )
    assert (
        lesson.cell("exercise-Running").given == ("__init__",)
        and "self.total += value" not in lesson.cell("exercise-Running").stub
    )
    assert (
        lesson.cell("answer-reading").stub
        == 'reading = {1: "", 2: "", 3: ""}  # a letter between each pair of quotes\n'
    )
    assert [cell.points for cell in lesson.checks if cell.name == "reading"] == [3, 3, 3]
    assert lesson.cell("answer-reflection").manual and lesson.points == 100
    assert lesson.cell("check-mse").line_of(2) == line_with(
        lesson.path.read_text(encoding="utf-8"), "Square before you average"
    )


def test_every_row_of_the_source_material_belongs_to_a_lesson():
    rows = {"A": 9, "B": 7, "C": 7, "D": 6, "E": 4, "F": 3, "G": 6, "H": 4, "I": 6, "J": 6, "K": 2, "L": 8}
    every = {f"{letter}{number}" for letter, count in rows.items() for number in range(1, count + 1)}
    assert {row for lesson in syllabus().values() for row in lesson["rows"]} == every
    assert [int(folder[:2]) for folder in syllabus()] == list(range(1, 18))


def test_the_lessons_of_the_course_keep_to_every_rule():
    root = Path(__file__).parents[2]
    problems = [str(problem) for lesson in all_lessons(root) for problem in problems_of(lesson, root)]
    assert problems == []
