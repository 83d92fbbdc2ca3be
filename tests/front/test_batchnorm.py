"""Tests of course/batchnorm.py against torch and by properties that hold for all inputs, of its explorer, and of lesson
07's headline. Lesson 07 (The scale of things) teaches what is tested.
Read course/batchnorm.py first."""

import copy
import json
import re
import subprocess

import nbformat
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import ROOT
from torch import nn

from course import batchnorm, data
from course.batchnorm import BatchNorm, JoltedBatchNorm, by_channel, deep_network
from course.explorers import front_end
from course.explorers.batchnorm import batchnorm_explorer
from course.training import accuracy, train

seeds = st.integers(0, 10_000)
SHAPES = [(7, 3), (2, 1), (4, 3, 5, 2), (1, 2, 3, 3), (3, 4, 6), (2, 3, 2, 2, 2)]


def drawn(
    seed: int, shape: tuple[int, ...], dtype: torch.dtype = torch.float64
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """x of the shape, gamma and beta, from the seed."""
    generator = torch.Generator().manual_seed(seed)
    x = 3 * torch.randn(shape, generator=generator, dtype=dtype) + 2
    return x, *(torch.rand(shape[1], generator=generator, dtype=dtype) + 0.5 for _ in range(2))


@pytest.mark.parametrize("before", [True, False])
def test_blocks_put_the_norm_before_the_block_or_after_the_sum(before):
    network, x = (
        batchnorm.Blocks(before, depth=2, width=6, classes=3),
        torch.randn(4, 6, generator=torch.Generator().manual_seed(0)),
    )
    (one, two), (first, second) = network.blocks, network.norms
    for part in (one, two):
        nn.init.constant_(part[0].weight, 0.5)
    middle = x + one(first(x)) if before else first(x + one(x))
    top = middle + two(second(middle)) if before else second(middle + two(middle))
    torch.testing.assert_close(network(x), network.head(network.last(top)))


@given(seeds, st.sampled_from(SHAPES))
@settings(deadline=None, max_examples=40)
def test_statistics_are_those_of_torch(seed, shape):
    x, _, _ = drawn(seed, shape)
    mean, variance = batchnorm.channel_statistics(x)
    rows = x.movedim(1, 0).flatten(1)
    torch.testing.assert_close(mean, rows.mean(dim=1))
    torch.testing.assert_close(variance, rows.var(dim=1, correction=0))


def test_the_variance_keeps_its_digits_where_the_mean_is_large():
    x = 10_000 + torch.randn(1000, 3, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(
        batchnorm.channel_statistics(x)[1], x.double().var(dim=0, correction=0).float(), rtol=1e-3, atol=0
    )


@given(seeds, st.sampled_from(SHAPES), st.sampled_from([1e-5, 0.3]))
@settings(deadline=None, max_examples=40)
def test_batch_norm_is_that_of_torch(seed, shape, epsilon):
    x, gamma, beta = drawn(seed, shape)
    torch.testing.assert_close(
        batchnorm.batch_norm(x, gamma, beta, epsilon),
        nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=epsilon),
    )


@given(seeds, st.sampled_from(SHAPES), st.sampled_from([1e-5, 0.3]))
@settings(deadline=None, max_examples=40)
def test_the_gradients_by_hand_are_those_of_autograd(seed, shape, epsilon):
    x, gamma, beta = (part.requires_grad_(True) for part in drawn(seed, shape))
    gradient = torch.randn(shape, generator=torch.Generator().manual_seed(seed + 1), dtype=torch.float64)
    by_x, by_gamma, by_beta = torch.autograd.grad(
        nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=epsilon), (x, gamma, beta), gradient
    )
    torch.testing.assert_close(
        batchnorm.input_gradient(gradient, x.detach(), gamma.detach(), epsilon), by_x, rtol=1e-6, atol=1e-8
    )
    for mine, theirs in zip(
        batchnorm.parameter_gradients(gradient, x.detach(), epsilon), (by_gamma, by_beta), strict=False
    ):
        torch.testing.assert_close(mine, theirs, rtol=1e-6, atol=1e-8)


def test_batch_norm_has_right_first_and_second_derivatives():
    inputs = tuple(part.requires_grad_(True) for part in drawn(3, (4, 2, 2, 2)))
    assert torch.autograd.gradcheck(batchnorm.batch_norm, inputs)
    assert torch.autograd.gradgradcheck(batchnorm.batch_norm, inputs)


@given(seeds, st.floats(0.1, 50), st.floats(-20, 20))
@settings(deadline=None, max_examples=40)
def test_moving_or_stretching_a_channel_changes_nothing_that_comes_out(seed, factor, shift):
    x, gamma, beta = drawn(seed, (6, 3, 4, 4))
    torch.testing.assert_close(
        batchnorm.batch_norm(factor * x + shift, gamma, beta, 0.0),
        batchnorm.batch_norm(x, gamma, beta, 0.0),
        rtol=1e-6,
        atol=1e-7,
    )


@given(seeds)
@settings(deadline=None, max_examples=30)
def test_what_moves_or_stretches_a_channel_is_not_in_the_gradient(seed):
    x, gamma, _ = drawn(seed, (9, 3))
    by_x = batchnorm.input_gradient(
        torch.randn(9, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64), x, gamma, 0.0
    )
    torch.testing.assert_close(by_x.sum(dim=0), torch.zeros(3, dtype=torch.float64), rtol=0, atol=1e-9)
    torch.testing.assert_close(
        (by_x * (x - x.mean(dim=0))).sum(dim=0), torch.zeros(3, dtype=torch.float64), rtol=0, atol=1e-8
    )


def pair(channels: int, ndim: int, **options) -> tuple[BatchNorm, nn.Module]:
    """The course's layer and torch's, with the same gamma and beta."""
    kinds = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}
    mine = BatchNorm(channels, **{"epsilon" if name == "eps" else name: value for name, value in options.items()})
    theirs = kinds[ndim](channels, **options)
    with torch.no_grad():
        for ours, others in ((mine.gamma, theirs.weight), (mine.beta, theirs.bias)):
            ours.copy_(torch.rand(channels, generator=torch.Generator().manual_seed(7)) + 0.5)
            others.copy_(ours)
    return mine, theirs


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("options", [{}, {"eps": 0.1, "momentum": 0.4}])
def test_the_layer_is_torchs_to_one_in_a_hundred_thousand_in_both_modes(shape, options):
    mine, theirs = pair(shape[1], len(shape), **options)
    for seed in range(10):
        x = drawn(seed, shape, torch.float32)[0]
        one, other = x.clone().requires_grad_(True), x.clone().requires_grad_(True)
        torch.testing.assert_close(mine(one), theirs(other), rtol=1e-5, atol=1e-5)
        gradient = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        mine(one).backward(gradient)
        theirs(other).backward(gradient)
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(mine.running_mean, theirs.running_mean, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(mine.running_variance, theirs.running_var, rtol=1e-5, atol=1e-5)
    kept = copy.deepcopy(mine.state_dict())
    torch.testing.assert_close(mine.eval()(x), theirs.eval()(x), rtol=1e-5, atol=1e-5)
    assert all(torch.equal(value, kept[name]) for name, value in mine.state_dict().items())


def test_the_layers_memory_is_that_of_running_update():
    layer, x = BatchNorm(3, momentum=0.3), drawn(0, (4, 3, 2, 2), torch.float32)[0]
    expected = batchnorm.running_update(layer.running_mean, layer.running_variance, x, 0.3)
    layer(x)
    torch.testing.assert_close((layer.running_mean, layer.running_variance), expected)


def test_the_running_averages_hold_no_gradient_and_travel_with_the_model():
    layer = BatchNorm(3)
    layer(drawn(0, (5, 3), torch.float32)[0].requires_grad_(True))
    assert not layer.running_mean.requires_grad and not layer.running_variance.requires_grad
    assert set(layer.state_dict()) == {"gamma", "beta", "running_mean", "running_variance"}
    assert {name for name, _ in layer.named_parameters()} == {"gamma", "beta"}


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_everything_keeps_the_dtype_that_came_in(dtype):
    x, gamma, beta = drawn(1, (6, 3, 4, 4), dtype)
    assert batchnorm.batch_norm(x, gamma, beta).dtype is dtype
    layer = BatchNorm(3).to(dtype)
    assert layer(x).dtype is dtype and layer.eval()(x).dtype is dtype and layer.running_mean.dtype is dtype


@pytest.mark.parametrize("device", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
def test_the_layer_is_torchs_on_any_device(device):
    mine, theirs = (layer.to(device) for layer in pair(8, 4))
    x = drawn(2, (16, 8, 6, 6), torch.float32)[0].to(device)
    torch.testing.assert_close(mine(x), theirs(x), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(mine.eval()(x), theirs.eval()(x), rtol=1e-5, atol=1e-5)


@given(seeds, st.booleans())
@settings(deadline=None, max_examples=30)
def test_a_folded_convolution_gives_what_the_two_gave(seed, with_bias):
    generator = torch.Generator().manual_seed(seed)
    weight, images = (
        torch.randn(shape, generator=generator, dtype=torch.float64) for shape in ((5, 2, 3, 3), (4, 2, 6, 6))
    )
    bias, mean, gamma, beta = torch.randn(4, 5, generator=generator, dtype=torch.float64)
    bias, variance = (bias if with_bias else None), torch.rand(5, generator=generator, dtype=torch.float64)
    two = nn.functional.batch_norm(
        nn.functional.conv2d(images, weight, bias), mean, variance, gamma, beta, training=False, eps=0.01
    )
    one = nn.functional.conv2d(images, *batchnorm.fold_into_conv(weight, bias, mean, variance, gamma, beta, 0.01))
    torch.testing.assert_close(one, two)


def test_no_function_changes_what_it_is_given():
    x, gamma, beta = drawn(5, (4, 3, 2, 2))
    weight, kept = torch.randn(3, 2, 1, 1, dtype=torch.float64), [x.clone(), gamma.clone(), beta.clone()]
    batchnorm.channel_statistics(x)
    batchnorm.batch_norm(x, gamma, beta)
    batchnorm.input_gradient(x, x, gamma)
    batchnorm.parameter_gradients(x, x)
    batchnorm.running_update(gamma, beta, x)
    batchnorm.fold_into_conv(weight, None, gamma, beta, gamma, beta)
    BatchNorm(3).double()(x)
    assert all(torch.equal(part, before) for part, before in zip((x, gamma, beta), kept, strict=False))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: batchnorm.channel_statistics(torch.ones(3)), r"x has shape \(3,\); wanted \(n, channels, ...\)"),
        (lambda: batchnorm.channel_statistics(torch.ones(0, 3)), "at least one value a channel"),
        (lambda: batchnorm.batch_norm(torch.ones(2, 3), torch.ones(2), torch.ones(3)), r"gamma has shape \(2,\)"),
        (
            lambda: batchnorm.input_gradient(torch.ones(2, 2), torch.ones(2, 3), torch.ones(3)),
            r"gradient has shape \(2, "
            r"2\) and x has \(2, 3\)",
        ),
        (lambda: batchnorm.running_update(torch.ones(3), torch.ones(3), torch.ones(1, 3)), "one value a channel"),
        (lambda: BatchNorm(3)(torch.ones(1, 3)), "to train, a variance needs two or more"),
        (lambda: BatchNorm(3)(torch.ones(4, 2)), r"gamma has shape \(3,\) and x has \(4, 2\)"),
        (lambda: deep_network(0), "depth is 0"),
        (lambda: batchnorm_explorer(torch.rand(1, 8)), "a batch of two or more"),
        (lambda: batchnorm_explorer(torch.ones(4, 8)), "all one colour"),
        (lambda: batchnorm_explorer(torch.rand(4, 8), factor=0), "factor is 0"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_in_eval_mode_a_single_row_is_nothing_special():
    assert BatchNorm(3).eval()(torch.ones(1, 3)).shape == (1, 3)


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("layer", [None, BatchNorm])
def test_the_deep_network_reads_small_digits_at_any_depth(depth, layer):
    network = deep_network(depth, width=4, layer=layer, generator=torch.Generator().manual_seed(0))
    assert network(torch.rand(2, 1, 8, 8)).shape == (2, 10)
    assert sum(isinstance(part, nn.Conv2d) for part in network) == depth
    assert sum(isinstance(part, BatchNorm) for part in network) == (0 if layer is None else depth)


def test_with_and_without_batch_norm_a_seed_draws_the_same_weights():
    one, other = (
        deep_network(3, layer=layer, generator=torch.Generator().manual_seed(4)) for layer in (None, BatchNorm)
    )
    for first, second in zip(
        *([part for part in network if isinstance(part, nn.Conv2d)] for network in (one, other)), strict=False
    ):
        assert torch.equal(first.weight, second.weight)


def test_the_shaken_layer_shakes_in_training_only():
    layer, x = JoltedBatchNorm(3), torch.randn(64, 3, generator=torch.Generator().manual_seed(0))
    assert not torch.allclose(layer(x), layer(x))
    plain = BatchNorm(3)
    plain.load_state_dict(layer.state_dict())
    torch.testing.assert_close(layer.eval()(x), plain.eval()(x))


def test_steps_are_counted_to_the_first_look_that_is_good_enough():
    images, labels = data.digits()
    rows, held_out = data.stratified_split(labels, test=400)
    training, exam = (images[rows], labels[rows]), (images[held_out], labels[held_out])

    def fresh():
        return deep_network(2, generator=torch.Generator().manual_seed(0))

    def run(level, rate, steps=60):
        return batchnorm.steps_to(
            level, fresh(), rate, training, exam, steps=steps, every=10, generator=torch.Generator().manual_seed(0)
        )

    arrived = run(0.5, 0.2)
    assert arrived in range(10, 61, 10)
    twin = fresh()
    looks = []
    train(
        twin,
        *training,
        epochs=3,
        learning_rate=0.2,
        optimiser=torch.optim.SGD,
        generator=torch.Generator().manual_seed(0),
        progress=False,
        after_batch=lambda state: (
            looks.append(accuracy(twin, *exam)) if state.step % 10 == 0 and state.step <= 60 else None
        ),
    )
    assert arrived == 10 * (1 + next(number for number, share in enumerate(looks) if share >= 0.5))
    assert run(1.01, 0.2, steps=20) is None and run(0.95, 1e9) is None


def test_the_width_of_a_range_is_the_highest_over_the_lowest():
    assert (
        batchnorm.width_of([0.5, 0.125, 0.25]) == 4 and batchnorm.width_of([2.0]) == 1 and batchnorm.width_of([]) == 0
    )


def test_by_channel_meets_axis_one():
    assert by_channel(torch.ones(3), torch.ones(2, 3)).shape == (1, 3)
    assert by_channel(torch.ones(3), torch.ones(2, 3, 4, 5)).shape == (1, 3, 1, 1)


def test_the_explorers_spread_is_what_the_weights_or_gamma_set():
    images = data.digits()[0][:128]
    small, large = (batchnorm_explorer(images, factor=factor).spreads() for factor in (0.5, 1.0))
    for depth, (one, other) in enumerate(zip(small, large, strict=False), start=1):
        assert other / one == pytest.approx(2**depth, rel=1e-3)
    for factor in (0.5, 2.0):
        spreads = batchnorm_explorer(images, factor=factor, normalise=True, gamma=1.5).spreads()
        assert all(spread == pytest.approx(1.5, rel=0.05) for spread in spreads)


@pytest.mark.parametrize(
    "state", [{"factor": 0.7}, {"factor": 1.4}, {"factor": 1.3, "normalise": True, "gamma": 2.0, "beta": -0.5}]
)
def test_the_browsers_layers_are_those_of_torch_and_its_words_too(state, tmp_path):
    explorer = batchnorm_explorer(
        data.digits()[0][:32], **{name: value for name, value in state.items() if name != "beta"}
    )
    explorer.beta = state.get("beta", 0.0)
    settings = {name: getattr(explorer, name) for name in ("factor", "normalise", "gamma", "beta")}
    script = (
        front_end("shared.js", "batchnorm.js").split("export default")[0]
        + f"""
const bytes = (text) => new DataView(Uint8Array.from(Buffer.from(text, "hex")).buffer), state = {json.dumps(settings)};
const {{ left, spreads }} = passThrough(numbersOf(bytes("{explorer.inputs.hex()}")),
  numbersOf(bytes("{explorer.weights.hex()}")), {explorer.rows}, {explorer.columns}, state);
console.log(JSON.stringify({{ last: [...left.at(-1)].slice(0, 100), spreads,
  words: layersInWords(spreads, state) }}));"""
    )
    file = tmp_path / "layers.js"
    file.write_text(script, encoding="utf-8")
    found = json.loads(subprocess.run(["node", file], capture_output=True, text=True, check=True, timeout=60).stdout)
    torch.testing.assert_close(torch.tensor(found["spreads"]), torch.tensor(explorer.spreads()), rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(torch.tensor(found["last"]), explorer.layers()[-1].flatten()[:100], rtol=1e-3, atol=1e-3)
    assert found["words"] == explorer.sentence()


def test_the_built_notebook_shows_a_range_at_least_three_times_as_wide():
    notebook = nbformat.read(ROOT / "solutions" / "07-batchnorm" / "batchnorm.ipynb", as_version=4)
    shown = "".join(
        output.get("text", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "the highest rate that works" in output.get("text", "")
    )
    plain, normed = (float(number) for number in re.findall(r"is +([0-9]+) times the lowest", shown))
    assert plain >= 1 and normed >= 3 * plain
    assert "at least three times as wide with batch norm: True" in shown


def test_the_built_notebook_finds_the_layer_equal_to_torchs_in_both_modes():
    notebook = nbformat.read(ROOT / "solutions" / "07-batchnorm" / "batchnorm.ipynb", as_version=4)
    shown = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    assert (
        "in training: never further apart than 0.00001: True" in shown
        and ("in eval mode: never further apart than 0.00001: True") in shown
    )
