"""What course/plots.py promises: no figure without alt text, the same bytes every time, and clear errors.
It serves every lesson. Read course/plots.py first."""

import re
import subprocess
import sys

import numpy
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from course import plots


@pytest.fixture
def drawn():
    figure, axes = plots.figure()
    axes.plot([1, 2, 3])
    return figure


@pytest.mark.parametrize("alt", ["", "  \n", None, 3])
def test_a_figure_without_alt_text_is_refused(drawn, alt):
    with pytest.raises(ValueError, match="say in a sentence"):
        plots.show(drawn, alt)


def test_a_figure_leaves_as_html_with_its_alt_text_escaped():
    figure, _ = plots.figure()
    text = plots.picture(figure, 'loss < 2 & "steep"')
    assert 'alt="loss &lt; 2 &amp; &quot;steep&quot;"' in text
    assert re.fullmatch(r'<figure [^>]*><img [^>]* src="data:image/png;base64,[A-Za-z0-9+/=]+"></figure>', text)


def test_the_same_figure_gives_the_same_html_to_the_byte():
    def once():
        figure, axes = plots.figure(2)
        plots.line_through(axes[0], torch.arange(5.0), torch.arange(5.0), 0.5, 1, residuals=True)
        plots.curves(axes[1], {"one": [1, 2], "other": [2, 1]})
        return plots.picture(figure, "a line and two curves")

    assert once() == once()


def test_show_hands_on_html_and_the_alt_text_and_no_bare_picture(drawn):
    InteractiveShell.instance()
    with capture_output() as captured:
        plots.show(drawn, "a line\n  that rises")
    (output,) = captured.outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert output.data["text/plain"] == "a line that rises"


def test_plots_never_imports_pyplot():
    code = "import sys, course.plots; print('matplotlib.pyplot' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )


def test_a_landscape_takes_losses_with_a_row_for_each_intercept():
    slopes, intercepts = torch.linspace(-1, 1, 7), torch.linspace(0, 5, 4)
    losses = intercepts[:, None] ** 2 + slopes**2
    figure, axes = plots.figure()
    plots.landscape(
        axes, slopes, intercepts, losses, paths={"walk": torch.tensor([[-1.0, 4.0], [0.0, 1.0]])}, minimum=(0, 0)
    )
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("slope", "intercept")
    with pytest.raises(ValueError, match=r"\(7, 4\).*a row for each intercept"):
        plots.landscape(axes, slopes, intercepts, losses.T)


def test_a_landscape_with_infinite_losses_is_drawn_all_the_same():
    losses = torch.tensor([[1.0, 2.0, float("inf")], [1.0, float("nan"), 3.0], [0.0, 1.0, 2.0]])
    figure, axes = plots.figure(subplot_kw={"projection": "3d"})
    plots.landscape_3d(axes, torch.arange(3.0), torch.arange(3.0), losses, path=torch.tensor([[0.0, 0.0], [9.0, 9.0]]))
    assert plots.picture(figure, "a landscape with a hole")


def test_contour_levels_run_from_the_least_loss_to_the_greatest():
    losses = numpy.array([[0.5, 8.0], [2.0, 4.0]])
    for spacing in ("sqrt", "log", "even"):
        heights = plots.levels(losses, 8, spacing)
        assert heights[0] == pytest.approx(0.5) and heights[-1] == pytest.approx(8) and (numpy.diff(heights) > 0).all()
    with pytest.raises(ValueError, match="spacing is 'odd'"):
        plots.levels(losses, 8, "odd")


def test_height_between_grid_points_is_exact_on_a_plane():
    slopes, intercepts = numpy.linspace(0, 2, 5), numpy.linspace(-1, 1, 9)
    plane = 3 * slopes + 2 * intercepts[:, None] + 1
    assert plots.height_at(slopes, intercepts, plane, 0.77, -0.31) == pytest.approx(3 * 0.77 - 2 * 0.31 + 1)


def test_an_image_may_have_its_channels_first_or_last():
    pixels = torch.rand(3, 5, 8)
    figure, axes = plots.figure(2)
    plots.image(axes[0], pixels)
    plots.image(axes[1], pixels.permute(1, 2, 0))
    first, last = (panel.get_images()[0].get_array() for panel in axes)
    assert first.shape == (5, 8, 3) and (first == last).all()
    with pytest.raises(ValueError, match=r"\(2, 3, 5, 8\)"):
        plots.image(axes[0], torch.rand(2, 3, 5, 8))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4)])
def test_a_block_shows_each_number_of_its_front_sheet(shape):
    numbers = torch.arange(torch.Size(shape).numel()).reshape(shape)
    figure, axes = plots.figure()
    plots.block(axes, numbers)
    front = numbers[0] if len(shape) == 3 else numbers
    assert [text.get_text() for text in axes.texts] == [str(number) for number in front.flatten().tolist()]


def test_curves_differ_in_dashes_and_not_in_colour_alone():
    figure, axes = plots.figure()
    plots.curves(axes, {name: [1, 2] for name in "abcdef"})
    lines = axes.get_lines()
    assert (
        len({line.get_linestyle() + str(line._dash_pattern) for line in lines})
        == len({line.get_color() for line in lines})
        == 6
    )


def test_tensors_with_gradients_and_of_short_floats_are_drawn():
    figure, axes = plots.figure()
    plots.line_through(
        axes, torch.arange(3.0).bfloat16(), torch.arange(3.0).requires_grad_(), torch.tensor(1.0, requires_grad=True), 0
    )


def data_shown(*arguments, **values):
    InteractiveShell.instance()
    with capture_output() as captured:
        plots.show(*arguments, **values)
    return captured.outputs[0].data


def test_an_alt_text_is_found_by_its_name_and_filled_with_values(drawn):
    data = data_shown(drawn, "your-line", slope=0.5, intercept=2)
    assert data["text/plain"] == "Drops of paint and a line of slope 0.5 and intercept 2."
    assert f'alt="{data["text/plain"]}"' in data["text/html"]


def test_a_name_without_a_text_is_refused_and_where_there_are_no_texts_it_stands_for_itself(
    drawn, monkeypatch, tmp_path
):
    with pytest.raises(ValueError, match="no figure is called 'nobodys-figure' in course/figures"):
        plots.show(drawn, "nobodys-figure")
    monkeypatch.setattr(plots, "FIGURES", tmp_path / "none")
    assert data_shown(drawn, "nobodys-figure")["text/plain"] == "nobodys-figure"


def test_a_graph_has_a_box_for_each_value_and_words_beside_each_arrow_in_the_middle_of_its_arc():
    figure, axes = plots.figure()
    plots.graph(axes, {"a": (0, 0), "b": (4, 0)}, [("a", "b", "straight"), ("a", "b", "bent", 0.5)])
    places = {text.get_text(): text.get_position() for text in axes.texts if text.get_text()}
    assert places["a"] == (0, 0) and places["b"] == (4, 0)
    assert places["straight"][0] == places["bent"][0] == 2 and places["bent"][1] > places["straight"][1] + 0.9
    assert sum(text.arrow_patch is not None for text in axes.texts if hasattr(text, "arrow_patch")) == 2
