"""Tests of course/descent.py against torch and by properties that hold for all inputs, and of lesson 03's headline.
Lesson 03 (Down the landscape of loss) teaches what is tested.
Read course/descent.py first."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor

from course import data, descent
from course.lines import least_squares, mse, predict

START = tensor([-1.0, 1.0])
seeds = st.integers(0, 10_000)


def rows(
    seed: int, count: int = 40, dtype: torch.dtype = torch.float64
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Parameters (2,), x and y (count,), drawn from the seed."""
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(size, generator=generator, dtype=dtype) for size in (2, count, count))


def loss_of(x, y):
    return lambda parameters: mse(predict(x, parameters[0], parameters[1]), y)


def by_autograd(loss, parameters):
    parameters = parameters.clone().requires_grad_(True)
    return torch.autograd.grad(loss(parameters), parameters)[0]


@given(seeds)
@settings(deadline=None, max_examples=40)
def test_the_gradient_on_paper_is_that_of_autograd(seed):
    parameters, x, y = rows(seed)
    torch.testing.assert_close(descent.line_gradient(parameters, x, y), by_autograd(loss_of(x, y), parameters))


@given(seeds, st.sampled_from([1e-3, 1e-2, 0.5]))
@settings(deadline=None, max_examples=40)
def test_poking_both_sides_is_exact_on_a_quadratic_whatever_the_nudge(seed, nudge):
    parameters, x, y = rows(seed)
    poked = descent.finite_difference(loss_of(x, y), parameters, nudge)
    torch.testing.assert_close(poked, descent.line_gradient(parameters, x, y), rtol=1e-7, atol=1e-8)


def test_a_tenth_of_the_nudge_leaves_a_hundredth_of_the_error():
    place = tensor([0.3, 1.1, 2.0], dtype=torch.float64)
    errors = [
        (descent.finite_difference(lambda p: p.sin().sum(), place, nudge) - place.cos()).abs().max()
        for nudge in (0.1, 0.01)
    ]
    assert 90 < errors[0] / errors[1] < 110


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_everything_keeps_the_dtype_that_came_in(dtype):
    parameters, x, y = rows(0, dtype=dtype)
    assert descent.finite_difference(loss_of(x, y), parameters).dtype is dtype
    assert descent.line_gradient(parameters, x, y).dtype is dtype
    assert descent.descend(parameters, x, y, 0.1, 2).dtype is dtype
    assert next(descent.mini_batches(x, y, 3))[0].dtype is dtype
    assert all(part.dtype is dtype for part in descent.momentum_step(parameters, parameters, parameters, 0.1))
    assert descent.Adam(parameters).step(parameters).dtype is dtype


def test_descent_is_torch_sgd_on_all_rows():
    parameters, x, y = rows(1)
    theirs = parameters.clone().requires_grad_(True)
    optimiser = torch.optim.SGD([theirs], lr=0.1)
    path = descent.descend(parameters, x, y, 0.1, 20)
    for place in path:
        torch.testing.assert_close(place, theirs.detach())
        optimiser.zero_grad()
        loss_of(x, y)(theirs).backward()
        optimiser.step()


@given(st.floats(0.05, 0.95), seeds)
@settings(deadline=None, max_examples=30)
def test_below_the_border_the_loss_never_rises_and_above_it_it_grows(share, seed):
    start, x, y = rows(seed)
    border = 2 / descent.sharpest_curvature(x)
    losses = descent.losses_along(descent.descend(start, x, y, share * border, 30), x, y)
    assert (losses.diff() <= 1e-9).all()
    away = descent.losses_along(descent.descend(start, x, y, (1.5 + share) * border, 60), x, y)
    assert away[-1] > 10 * away[0]


@given(st.integers(1, 60), st.integers(1, 70), st.integers(1, 4), seeds)
@settings(deadline=None, max_examples=60)
def test_every_row_comes_exactly_once_an_epoch_and_pairs_stay_together(count, batch_size, epochs, seed):
    x = torch.arange(count)
    batches = list(descent.mini_batches(x, -x, batch_size, epochs, seed))
    assert all(torch.equal(one, -other) for one, other in batches)
    dealt = torch.cat([one for one, _ in batches]).view(epochs, count)
    assert torch.equal(dealt.sort(dim=1).values, x.expand(epochs, count))
    full, left = divmod(count, batch_size)
    assert [len(one) for one, _ in batches] == ([batch_size] * full + [left] * (left > 0)) * epochs


def test_the_order_changes_from_epoch_to_epoch_and_comes_back_with_the_seed():
    x = torch.arange(50)

    def dealt(seed):
        return torch.cat([one for one, _ in descent.mini_batches(x, x, 8, 2, seed)])

    assert torch.equal(dealt(3), dealt(3)) and not torch.equal(dealt(3), dealt(4))
    assert not torch.equal(dealt(3)[:50], dealt(3)[50:]) and not torch.equal(dealt(3)[:50], x)


def test_mini_batches_name_the_argument_that_is_wrong():
    x = torch.arange(5)
    with pytest.raises(ValueError, match="batch_size is 0"):
        next(descent.mini_batches(x, x, 0))
    with pytest.raises(ValueError, match="x has 5 rows and y has 4"):
        next(descent.mini_batches(x, x[:4], 2))


def test_the_mean_of_the_batches_gradients_is_the_gradient_of_all_rows():
    parameters, x, y = rows(2, count=48)
    estimates = torch.stack([descent.line_gradient(parameters, *batch) for batch in descent.mini_batches(x, y, 8)])
    torch.testing.assert_close(estimates.mean(dim=0), descent.line_gradient(parameters, x, y))


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_is_that_of_torch_sgd(momentum):
    place = torch.randn(6, dtype=torch.float64)
    theirs, velocity = place.clone().requires_grad_(True), torch.zeros_like(place)
    optimiser = torch.optim.SGD([theirs], lr=0.05, momentum=momentum)
    for gradient in torch.randn(25, 6, dtype=torch.float64):
        place, velocity = descent.momentum_step(place, velocity, gradient, 0.05, momentum)
        theirs.grad = gradient.clone()
        optimiser.step()
        torch.testing.assert_close(place, theirs.detach())


@pytest.mark.parametrize("options", [{}, {"beta1": 0.5, "beta2": 0.9}, {"epsilon": 0.1}])
def test_adam_is_that_of_torch_to_one_in_a_million(options):
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(8, generator=generator)
    mine, theirs = descent.Adam(start, 0.01, **options), start.clone().requires_grad_(True)
    optimiser = torch.optim.Adam(
        [theirs],
        lr=0.01,
        betas=(options.get("beta1", 0.9), options.get("beta2", 0.999)),
        eps=options.get("epsilon", 1e-8),
    )
    for gradient in torch.randn(100, 8, generator=generator):
        mine.step(gradient)
        theirs.grad = gradient.clone()
        optimiser.step()
        torch.testing.assert_close(mine.parameters, theirs.detach(), rtol=1e-6, atol=1e-6)


@given(st.floats(1e-3, 1e3), seeds)
@settings(deadline=None, max_examples=30)
def test_adam_does_not_care_about_the_scale_of_the_loss(scale, seed):
    gradients = torch.randn(10, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    plain, scaled = (descent.Adam(torch.zeros(4, dtype=torch.float64), 0.1, epsilon=0.0) for _ in range(2))
    for gradient in gradients:
        torch.testing.assert_close(plain.step(gradient), scaled.step(scale * gradient))


def test_no_function_changes_what_it_is_given():
    parameters, x, y = rows(4)
    kept = [part.clone() for part in (parameters, x, y)]
    descent.finite_difference(loss_of(x, y), parameters)
    descent.descend(parameters, x, y, 0.1, 3)
    list(descent.mini_batches(x, y, 7))
    descent.momentum_step(parameters, parameters, parameters, 0.1)
    descent.Adam(parameters, 0.1).step(parameters)
    assert all(torch.equal(part, before) for part, before in zip((parameters, x, y), kept, strict=False))


def test_a_run_has_arrived_only_when_it_stays():
    losses = tensor([5.0, 1.0, 3.0, 1.0, 0.5])
    assert descent.steps_until(losses, 1.0) == 3
    assert descent.steps_until(losses, 0.1) is None
    assert descent.steps_until(losses, 9.0) == 0
    assert descent.steps_until(tensor([5.0, 1.0, float("nan")]), 2.0) is None


def single_pass(x, y, seed: int) -> torch.Tensor:
    """The stochastic walk of the headline: every row once, 32 at a time, the rate shrinking to zero."""
    line, read = START, 0
    for x_batch, y_batch in descent.mini_batches(x, y, 32, seed=seed):
        line = line - 0.2 * (1 - read / len(x)) * descent.line_gradient(line, x_batch, y_batch)
        read += len(x_batch)
    assert read == len(x)
    return line


@pytest.mark.slow
@pytest.mark.parametrize("splatter", range(3))
def test_one_stochastic_pass_comes_within_a_hundredth_on_at_most_a_tenth_of_the_rows(splatter):
    x, y = data.paint_splatter(n=10_000, seed=splatter)
    least = mse(predict(x, *least_squares(x, y)), y)
    rates = [0.1, 0.2, 0.25, 0.3, 0.35, 0.375, 0.4, 0.41, 0.425, 0.44]
    losses = [descent.losses_along(descent.descend(START, x, y, rate, 130), x, y) for rate in rates]
    passes = min(steps for steps in (descent.steps_until(run, 1.01 * least) for run in losses) if steps is not None)
    assert 20 <= passes <= 40
    excess = tensor([mse(predict(x, *single_pass(x, y, seed)), y) / least - 1 for seed in range(10)])
    assert excess.max() < 0.01


def test_momentum_reaches_the_bottom_of_a_narrow_valley_where_plain_descent_starves():
    x, y = data.paint_splatter()
    x, start = x + 2, tensor([-0.4, 2.0])
    least, rate = mse(predict(x, *least_squares(x, y)), y), 1.2 / descent.sharpest_curvature(x)
    line, velocity = start, torch.zeros(2)
    for _ in range(120):
        line, velocity = descent.momentum_step(line, velocity, descent.line_gradient(line, x, y), rate, 0.9)
    assert mse(predict(x, *line), y) < 1.05 * least
    assert descent.losses_along(descent.descend(start, x, y, rate, 120)[-1:], x, y)[0] > 4 * least
