"""What the explorers promise without a browser: numbers, words, stills, states, clear errors. tests/browser drives the
scripts. What all of them share is tried on all, and the rest on those of lessons 01 to 03. Read
course/explorers/__init__.py first."""

import html
import json
import re

import matplotlib
import pytest
import torch
from hypothesis import given, settings, strategies

from benchmarks.explorers import EXPLORERS
from course import data
from course.explorers import figure_of, front_end
from course.explorers.descent import descent_explorer
from course.explorers.lines import line_explorer
from course.explorers.tensors import broadcast, broadcast_explorer, shape_of


@pytest.fixture(scope="module")
def dots():
    return data.paint_splatter()


@pytest.fixture(scope="module", params=EXPLORERS)
def explorer(request):
    """Each lesson's, as benchmarks/explorers.py makes it."""
    names = {}
    exec(EXPLORERS[request.param][0], names)
    yield names["explorer"]
    names["explorer"].close()


def test_an_explorer_brings_a_still_picture_and_a_sentence(explorer):
    bundle = explorer._repr_mimebundle_()
    words = bundle["text/plain"]
    assert words.endswith(".") and len(words) > 30
    alt = re.search(r'<img alt="([^"]+)"', bundle["text/html"]).group(1)
    assert html.unescape(alt) == words and f"<p>{html.escape(words)}</p>" in bundle["text/html"]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert explorer._repr_mimebundle_()["text/html"] == bundle["text/html"]


def test_an_explorers_script_is_all_there_and_asks_no_network(explorer):
    script = explorer._esm
    assert script.count("export default") == 1 and "function element(" in script
    addresses = set(re.findall(r"https?://[^\"'` )]+", script + explorer._css))
    assert addresses == {"http://www.w3.org/2000/svg"} and not re.search(r"\bimport\b", script)


def test_a_state_that_was_copied_is_what_the_explorer_begins_with(explorer):
    before, words = explorer.state, explorer.sentence()
    assert explorer.begin(json.dumps(before)).state == before == explorer.at_first and explorer.sentence() == words
    assert all(f'"{name}"' in explorer._esm for name in explorer.STATE), "the script and Python copy the same"


@pytest.mark.parametrize("state", ["no JSON", "[1, 2]", {"colour": "red"}])
def test_a_state_that_is_not_this_explorers_is_refused_in_one_line_and_changes_nothing(explorer, state):
    before = explorer.state
    with pytest.raises(ValueError, match="wanted what this explorer's Copy state gives, some of") as refused:
        explorer.begin(state)
    assert "\n" not in str(refused.value) and explorer.state == before


def test_a_value_that_cannot_be_is_refused_with_its_name(explorer):
    with pytest.raises(ValueError, match=f"state has {explorer.STATE[0]} = "):
        explorer.begin({explorer.STATE[0]: {"nonsense": 1}})


def test_a_page_without_a_kernel_holds_all_that_the_script_reads(explorer):
    page = explorer.page()
    assert page.count("</script>") == 1 and "export default" not in page and "const widget = " in page
    read = set(re.findall(r'(?:kit|model)\.get\("(\w+)"\)', explorer._esm)) & set(explorer.trait_names(sync=True))
    assert all(f'"{name}": ' in page for name in read | {"at_first"} | set(explorer.STATE))


def test_the_scripts_cividis_is_matplotlibs():
    table = "".join(re.findall(r"[0-9a-f]{20,}", front_end("landscape.js")))
    colours = matplotlib.colormaps["cividis"]
    assert table == "".join(
        "".join(f"{round(255 * part):02x}" for part in colours(place / 32)[:3]) for place in range(33)
    )


@pytest.mark.parametrize(
    "number, text",
    [
        (1.5, "1.50"),
        (-1.5, "\u22121.50"),
        (0, "0.00"),
        (-0.00001, "0.0000"),
        (0.0209, "0.0209"),
        (99.996, "100.00"),
        (123.4, "123"),
        (45e6, "4.5e7"),
        (float("inf"), "beyond counting"),
        (float("nan"), "beyond counting"),
    ],
)
def test_numbers_are_written_so_that_one_can_read_them(number, text):
    assert figure_of(number) == text


def test_the_lines_loss_follows_slope_and_intercept(dots):
    explorer = line_explorer(*dots, slope=1.0, intercept=0.25)
    x, y = dots
    assert explorer.loss == pytest.approx(float(((x + 0.25 - y) ** 2).mean()), rel=1e-5)
    explorer.slope, explorer.intercept = explorer.best
    assert "no line has less" in explorer.sentence()
    assert explorer.loss <= float(explorer.grid()[2].min()) + 1e-12


@pytest.mark.parametrize(
    "x, y, words",
    [
        ([1.0, 2.0], [1.0], "x has 2 values and y has 1"),
        ([[1.0]], [1.0], "x has shape"),
        ([1.0, 1.0], [1.0, 2.0], "two different"),
        ([1.0, 2.0], [1.0, float("nan")], "finite"),
    ],
)
def test_columns_that_make_no_line_are_refused_by_name(x, y, words):
    with pytest.raises(ValueError, match=words):
        line_explorer(torch.tensor(x), torch.tensor(y))


def test_a_line_beyond_the_map_is_told(dots):
    explorer = line_explorer(*dots, slope=50.0)
    assert explorer.sentence().endswith(" The ball has left the map.") and not line_explorer(*dots).sentence().endswith(
        "the map."
    )


def test_the_border_of_the_learning_rates_is_the_learners_to_find(dots):
    explorer = descent_explorer(*dots)
    explorer.learning_rate = 1.05 * explorer.limit
    assert (
        figure_of(explorer.limit) not in explorer.sentence(explorer.walk(60).tolist(), 1)
        and "limit" not in explorer._esm
    )


def test_a_ball_thrown_out_is_told_in_words_and_one_at_rest_as_well(dots):
    explorer = descent_explorer(*dots)
    explorer.learning_rate = 1.05 * explorer.limit
    path = explorer.walk(60)
    assert "grown" in explorer.sentence(path.tolist(), 60 * 200) and "overshoots" in explorer.sentence(path.tolist(), 1)
    explorer.learning_rate = 0.5 * explorer.limit
    assert "at the bottom of the valley, within 1 %" in explorer.sentence(explorer.walk(300).tolist(), 300 * 200)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_limit_is_where_descent_begins_to_leave_the_valley(dots, momentum):
    explorer = descent_explorer(*dots, momentum=momentum)
    for share, leaves in ((0.97, False), (1.03, True)):
        explorer.learning_rate = share * explorer.limit
        last = explorer.walk(2000)[-1] - torch.tensor(explorer.best, dtype=torch.float64)
        assert bool(last.norm() > 1) == leaves


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"learning_rate": 0}, "learning_rate is 0"),
        ({"momentum": 1}, "momentum is 1"),
        ({"batch_size": 0}, "batch_size is 0"),
    ],
)
def test_settings_that_mean_nothing_are_refused_by_name(dots, wrong, words):
    with pytest.raises(ValueError, match=words):
        descent_explorer(*dots, **wrong)


SHAPES = strategies.lists(strategies.integers(0, 4), max_size=4).map(tuple)


@settings(deadline=None)  # the first call of torch.broadcast_shapes imports for two seconds
@given(SHAPES, SHAPES)
def test_broadcast_agrees_with_torch(first, second):
    try:
        expected = tuple(torch.broadcast_shapes(first, second))
    except RuntimeError:
        with pytest.raises(ValueError, match="and neither is 1"):
            broadcast(first, second)
    else:
        assert broadcast(first, second) == expected


@pytest.mark.parametrize(
    "text, shape", [("4, 1", (4, 1)), ("(4,)", (4,)), ("", ()), ("[2 3]", (2, 3)), ("4, x", None), ("-1", None)]
)
def test_a_shape_is_read_from_text(text, shape):
    assert shape_of(text) == shape


@pytest.mark.parametrize(
    "first, second, words",
    [
        (
            "4, 1",
            "3",
            "(4, 1) and (3,) give (4, 3): the first is repeated 3 times along axis 1, the second is repeated 4 times "
            "along axis 0.",
        ),
        ("2, 3", "2", "axis \u22121 is 3 in the first and 2 in the second"),
        ("2, 3", "2, 3", "nothing has to be repeated"),
        ("4, one", "3", 'The first shape is "4, one"'),
    ],
)
def test_the_broadcast_is_told_in_words(first, second, words):
    explorer = broadcast_explorer(first, second)
    assert words in explorer.sentence()
    assert explorer._repr_mimebundle_()["text/html"].startswith("<figure")
    assert (explorer.result is None) == ("give" not in explorer.sentence())
