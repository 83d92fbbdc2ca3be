"""course/lines.py against torch, NumPy and scikit-learn, what must hold for all inputs, and the band of lesson 02's
headline. Belongs to lesson 02; the lesson's own checks are tried by the answers in tests/answers/lines.py.
Read first: `dots`, the inputs that Hypothesis draws."""

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from torch import Tensor, tensor
from torch.testing import assert_close

from course import data
from course.lines import least_squares, loss_landscape, mse, predict, random_lines, random_search, residuals

patient = settings(deadline=None, max_examples=60)
LOW, HIGH = tensor([-2.0, -1.0]), tensor([3.0, 3.0])


@st.composite
def dots(draw, least: int = 3) -> tuple[Tensor, Tensor]:
    """x and y, (n,) float64 each, x spread out enough for a line to be told from its neighbours."""
    n, seed = draw(st.integers(least, 40)), draw(st.integers(0, 2**31))
    scale, shift = draw(st.floats(0.1, 10)), draw(st.floats(-10, 10))
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.randn(2, n, generator=generator, dtype=torch.float64)
    return x * scale + shift, y * scale - shift


@patient
@given(dots(), st.floats(-5, 5), st.floats(-5, 5))
def test_a_prediction_is_a_linear_layer_with_one_weight_and_one_bias(xy, slope, intercept):
    x, _ = xy
    layer = torch.nn.functional.linear(x[:, None], tensor([[slope]]).double(), tensor([intercept]).double())[:, 0]
    assert_close(predict(x, tensor(slope).double(), tensor(intercept).double()), layer, rtol=1e-6, atol=1e-5)


@patient
@given(dots())
def test_prediction_and_residual_make_the_target(xy):
    prediction, target = xy
    assert_close(prediction + residuals(prediction, target), target)


@patient
@given(dots())
def test_mse_is_that_of_torch_and_so_is_its_gradient(xy):
    prediction, target = xy[0].requires_grad_(), xy[1]
    ours, theirs = mse(prediction, target), torch.nn.functional.mse_loss(prediction, target)
    assert_close(ours, theirs)
    assert_close(*(torch.autograd.grad(loss, prediction)[0] for loss in (ours, theirs)))


@patient
@given(dots(), st.integers(1, 6), st.integers(1, 6))
def test_the_landscape_holds_the_loss_of_every_line(xy, rows, columns):
    x, y = xy
    slopes, intercepts = torch.linspace(-2, 2, columns).double(), torch.linspace(-3, 1, rows).double()
    expected = torch.stack(
        [torch.stack([mse(predict(x, slope, intercept), y) for slope in slopes]) for intercept in intercepts]
    )
    assert_close(loss_landscape(x, y, slopes, intercepts), expected)


@patient
@given(dots(), st.lists(st.floats(-5, 5), min_size=4, max_size=4))
def test_the_landscape_is_a_bowl_so_half_way_between_two_lines_is_never_above_their_mean(xy, ends):
    first, last = tensor(ends).double().reshape(2, 2)
    losses = [mse(predict(xy[0], *line), xy[1]) for line in (first, (first + last) / 2, last)]
    assert losses[1] <= (losses[0] + losses[2]) / 2 * (1 + 1e-9) + 1e-12


@patient
@given(dots())
def test_least_squares_is_that_of_scikit_learn_and_of_numpy(xy):
    x, y = xy
    fitted = LinearRegression().fit(x[:, None].numpy(), y.numpy())
    line = least_squares(x, y)
    assert_close(line, tensor([fitted.coef_[0], fitted.intercept_]).double(), rtol=1e-6, atol=1e-6)
    assert_close(line, torch.from_numpy(numpy.polyfit(x.numpy(), y.numpy(), 1)), rtol=1e-6, atol=1e-6)


@patient
@given(dots())
def test_at_the_best_line_neither_lifting_nor_tilting_pays(xy):
    x, y = xy
    left_over = residuals(predict(x, *least_squares(x, y)), y)
    scale = (x.abs().max() + 1) * (y.abs().max() + 1) * len(x)
    assert abs(left_over.sum()) < 1e-9 * scale and abs((x * left_over).sum()) < 1e-9 * scale


@patient
@given(dots(), st.floats(-5, 5), st.floats(-5, 5))
def test_no_line_has_less_loss_than_least_squares(xy, slope, intercept):
    x, y = xy
    assert mse(predict(x, *least_squares(x, y)), y) <= mse(predict(x, slope, intercept), y) * (1 + 1e-9) + 1e-12


@patient
@given(dots(), st.integers(0, 2**31), st.integers(1, 40))
def test_random_search_keeps_the_best_line_and_a_history_that_never_rises(xy, seed, tries):
    x, y = xy
    candidates = random_lines(tries, LOW.double(), HIGH.double(), torch.Generator().manual_seed(seed))
    best, history = random_search(x, y, candidates)
    losses = torch.stack([mse(predict(x, *line), y) for line in candidates])
    assert_close(best, candidates[losses.argmin()])
    assert_close(history, losses.cummin(dim=0).values)


def test_of_equally_good_candidates_the_first_stays():
    best, history = random_search(tensor([0.0, 2.0]), tensor([1.0, 5.0]), tensor([[1.0, 3.0], [3.0, 1.0]]))
    assert best.tolist() == [1.0, 3.0] and history.tolist() == [2.0, 2.0]


def test_the_best_line_is_no_view_of_the_candidates():
    candidates = tensor([[1.0, 3.0]])
    best, _ = random_search(tensor([0.0, 2.0]), tensor([1.0, 5.0]), candidates)
    best += 1
    assert candidates.tolist() == [[1.0, 3.0]]


@patient
@given(st.integers(1, 200), st.integers(0, 2**31))
def test_random_lines_lie_in_their_box_and_come_again_from_the_same_seed(count, seed):
    lines, again = (random_lines(count, LOW, HIGH, torch.Generator().manual_seed(seed)) for _ in range(2))
    assert lines.shape == (count, 2) and torch.equal(lines, again)
    assert (lines >= LOW).all() and (lines <= HIGH).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("device", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
def test_device_and_dtype_follow_the_input(dtype, device):
    x, y = (values.to(device, dtype) for values in data.paint_splatter(50))
    candidates = random_lines(5, LOW.to(device, dtype), HIGH.to(device, dtype))
    slopes = intercepts = torch.linspace(0, 1, 3, device=device, dtype=dtype)
    for made in (
        predict(x, 0.5, 1.0),
        mse(x, y),
        *random_search(x, y, candidates),
        loss_landscape(x, y, slopes, intercepts),
        least_squares(x, y),
    ):
        assert made.dtype == dtype and made.device == x.device


def test_least_squares_keeps_its_digits_far_from_zero():
    x, y = data.paint_splatter()
    slope, _ = least_squares((x + 1024).round(decimals=4), y)
    assert abs(slope - least_squares(x, y)[0]) < 1e-3


@pytest.mark.parametrize("x", [[], [1.0], [2.0, 2.0, 2.0]])
def test_least_squares_says_what_is_wrong_where_no_line_is_the_best(x):
    with pytest.raises(ValueError, match="two different ones"):
        least_squares(tensor(x), tensor(x))


@pytest.mark.parametrize("shape", [(0, 2), (2,), (3, 3)])
def test_random_search_says_what_candidates_it_wants(shape):
    with pytest.raises(ValueError, match=r"wanted \(tries, 2\)"):
        random_search(tensor([0.0, 2.0]), tensor([1.0, 5.0]), torch.zeros(shape))


def test_headline_random_search_is_far_behind_least_squares_after_as_many_evaluations():
    x, y = data.paint_splatter()
    least = mse(predict(x, *least_squares(x, y)), y)
    histories = [
        random_search(x, y, random_lines(1000, LOW, HIGH, torch.Generator().manual_seed(seed)))[1] for seed in range(25)
    ]
    typical = (torch.stack(histories) / least).median(dim=0).values
    assert typical[2] > 10  # after the three evaluations that least squares is charged
    assert 1.02 < typical[-1] < 1.5  # after a thousand: close, and still not there
    assert (torch.stack(histories) >= least * (1 - 1e-5)).all()
    assert 0.13 < least.sqrt() < 0.17  # metres, about the noise that the paint was thrown with
