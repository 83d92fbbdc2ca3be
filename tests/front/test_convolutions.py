"""Tests of course/convolutions.py against torch and by properties that hold for all inputs, and of lesson 05's
headline. Lesson 05 (Crops through a filter) teaches what is tested.
Read course/convolutions.py first."""

from pathlib import Path

import nbformat
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn, tensor
from torch.nn import functional as F
from torch.testing import assert_close

from course import convolutions, data
from course.convolutions import KERNELS, SmallCNN
from course.explorers.convolutions import kernel_explorer

seeds = st.integers(0, 10_000)
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def random(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


# Output size


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(0, 5))
@settings(deadline=None, max_examples=200)
def test_the_output_size_is_that_of_torch(size, kernel, stride, padding):
    if kernel > size + 2 * padding:
        with pytest.raises(ValueError, match=f"a kernel of {kernel} does not fit into {size} pixels"):
            convolutions.output_size(size, kernel, stride, padding)
    else:
        theirs = F.conv1d(torch.zeros(1, 1, size), torch.zeros(1, 1, kernel), stride=stride, padding=padding)
        assert convolutions.output_size(size, kernel, stride, padding) == theirs.shape[-1]


# Convolution

CASES = st.tuples(
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(4, 9),
    st.integers(4, 9),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    seeds,
)


@given(CASES)
@settings(deadline=None, max_examples=80)
def test_conv2d_is_that_of_torch(case):
    n, c, k, height, width, kh, kw, stride, padding, seed = case
    images, kernels, bias = (
        random(n, c, height, width, seed=seed),
        random(k, c, kh, kw, seed=seed + 1),
        random(k, seed=seed + 2),
    )
    for given_bias in (None, bias):
        assert_close(
            convolutions.conv2d(images, kernels, given_bias, stride, padding),
            F.conv2d(images, kernels, given_bias, stride=stride, padding=padding),
        )


@given(CASES)
@settings(deadline=None, max_examples=30)
def test_the_loop_and_the_matrix_product_agree(case):
    _, _, _, height, width, kh, kw, stride, padding, seed = case
    image, kernel = random(height, width, seed=seed), random(kh, kw, seed=seed + 1)
    assert_close(
        convolutions.convolve(image, kernel, stride, padding),
        convolutions.conv2d(image[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0],
    )


@pytest.mark.parametrize("device", DEVICES)
def test_conv2d_equals_torch_to_one_in_a_hundred_thousand_in_float32(device):
    images, kernels, bias = (
        random(*shape, dtype=torch.float32).to(device) / 4 for shape in ((8, 16, 28, 28), (32, 16, 3, 3), (32,))
    )
    ours = convolutions.conv2d(images, kernels, bias, stride=2, padding=1)
    with torch.backends.cudnn.flags(allow_tf32=False):
        theirs = F.conv2d(images, kernels, bias, stride=2, padding=1)
    assert ours.device == images.device
    assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


def test_gradients_of_conv2d_and_of_the_loop_are_those_of_torch():
    images, kernels, bias = (random(*shape).requires_grad_(True) for shape in ((2, 3, 6, 7), (4, 3, 3, 3), (4,)))
    ours = torch.autograd.grad(convolutions.conv2d(images, kernels, bias, 2, 1).square().sum(), (images, kernels, bias))
    theirs = torch.autograd.grad(F.conv2d(images, kernels, bias, 2, 1).square().sum(), (images, kernels, bias))
    for our, their in zip(ours, theirs, strict=False):
        assert_close(our, their)
    image, kernel = images[0, 0], kernels[0, 0]
    assert_close(
        torch.autograd.grad(convolutions.convolve(image, kernel).square().sum(), kernels)[0],
        torch.autograd.grad(F.conv2d(image[None, None], kernel[None, None]).square().sum(), kernels)[0],
    )


@given(seeds, st.integers(-3, 3), st.integers(-3, 3))
@settings(deadline=None, max_examples=40)
def test_a_shifted_image_gives_a_shifted_map(seed, down, right):
    image, kernel = random(12, 12, seed=seed), random(1, 1, 3, 3, seed=seed + 1)
    image = F.pad(image, (8, 8, 8, 8))[None, None]
    shifted = torch.roll(image, (down, right), dims=(2, 3))
    assert_close(
        convolutions.conv2d(shifted, kernel), torch.roll(convolutions.conv2d(image, kernel), (down, right), dims=(2, 3))
    )


@given(seeds, st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None, max_examples=40)
def test_convolution_is_linear_in_the_image(seed, one, other):
    first, second, kernels = (
        random(1, 2, 6, 6, seed=seed),
        random(1, 2, 6, 6, seed=seed + 1),
        random(3, 2, 3, 3, seed=seed + 2),
    )
    assert_close(
        convolutions.conv2d(one * first + other * second, kernels),
        one * convolutions.conv2d(first, kernels) + other * convolutions.conv2d(second, kernels),
    )


@pytest.mark.parametrize(
    "images, kernels, words",
    [
        ((2, 3, 8, 8), (4, 1, 3, 3), r"images has shape \(2, 3, 8, 8\) and kernels \(4, 1, 3, 3\)"),
        ((3, 8, 8), (4, 3, 3, 3), "wanted"),
        ((1, 1, 2, 8), (1, 1, 3, 3), "a kernel of 3 does not fit into 2 pixels"),
    ],
)
def test_shapes_that_do_not_fit_are_named(images, kernels, words):
    with pytest.raises(ValueError, match=words):
        convolutions.conv2d(torch.zeros(images), torch.zeros(kernels))


# Kernels and edges


def test_kernels_keep_what_their_names_say():
    flat = torch.full((5, 5), 0.3)
    for name in ("identity", "blur", "soft blur", "sharpen", "emboss"):
        assert_close(convolutions.convolve(flat, KERNELS[name]), torch.full((3, 3), 0.3))
    for name in ("outline", "brighter to the right", "brighter downwards"):
        assert_close(convolutions.convolve(flat, KERNELS[name]), torch.zeros(3, 3))
    ramp = torch.arange(5.0).expand(5, 5)
    assert (convolutions.convolve(ramp, KERNELS["brighter to the right"]) == 8).all()
    assert (convolutions.convolve(ramp.T, KERNELS["brighter downwards"]) == 8).all()
    image = random(6, 7, dtype=torch.float32)
    assert_close(convolutions.convolve(image, KERNELS["identity"]), image[1:-1, 1:-1])


@given(seeds)
@settings(deadline=None, max_examples=30)
def test_edge_strength_does_not_care_which_way_the_edge_runs(seed):
    image = random(9, 11, seed=seed)
    strength = convolutions.edge_strength(image)
    for turned in (image.flip(0), image.flip(1), -image):
        back = convolutions.edge_strength(turned)
        assert min(float((back.flip(dims) - strength).abs().max()) for dims in ((0,), (1,), ())) < 1e-9
    assert_close(convolutions.edge_strength(image.T), strength.T)


def test_edge_strength_of_a_step_of_one_is_four_and_its_gradient_on_flat_ground_is_finite():
    step = (torch.arange(8) >= 4).double().expand(6, 8)
    assert convolutions.edge_strength(step).max() == 4
    flat = torch.ones(5, 5, requires_grad=True)
    assert torch.autograd.grad(convolutions.edge_strength(flat).sum(), flat)[0].isfinite().all()


# Pooling


@given(
    st.integers(1, 3),
    st.integers(4, 11),
    st.integers(4, 11),
    st.integers(1, 4),
    st.one_of(st.none(), st.integers(1, 4)),
    seeds,
)
@settings(deadline=None, max_examples=60)
def test_pooling_is_that_of_torch_and_so_is_its_gradient(c, height, width, size, stride, seed):
    images = random(2, c, height, width, seed=seed).requires_grad_(True)
    for kind, theirs in (("max", F.max_pool2d), ("average", F.avg_pool2d)):
        ours, expected = convolutions.pool(images, size, stride, kind), theirs(images, size, stride)
        assert_close(ours, expected)
        assert_close(
            *(torch.autograd.grad((pooled**2).sum(), images, retain_graph=True)[0] for pooled in (ours, expected))
        )


def test_pooling_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="kind is 'median'"):
        convolutions.pool(torch.zeros(1, 1, 4, 4), 2, kind="median")


# The network and its map


@pytest.mark.parametrize(
    "options, shape",
    [
        ({}, (5, 1, 28, 28)),
        ({"channels": 3, "classes": 4, "widths": (8, 16)}, (2, 3, 40, 33)),
        ({"normalise": nn.BatchNorm2d, "dropout": 0.5}, (3, 1, 12, 12)),
    ],
)
def test_a_small_cnn_gives_a_logit_a_class_for_images_of_any_size(options, shape):
    model = SmallCNN(**options)
    images = random(*shape, dtype=torch.float32)
    assert model(images).shape == (shape[0], options.get("classes", 10))
    widths = options.get("widths", (16, 32, 64))
    assert model.features(images).shape == (
        shape[0],
        widths[-1],
        *(side // 2 ** (len(widths) - 1) for side in shape[2:]),
    )


def test_the_parameters_are_counted_by_hand_as_well():
    by_hand = (
        sum(out * into * 9 + out for into, out in ((1, 16), (16, 16), (16, 32), (32, 32), (32, 64), (64, 64)))
        + 64 * 10
        + 10
    )
    assert convolutions.count_parameters(SmallCNN()) == by_hand == 72_442


def test_the_same_seed_draws_the_same_network_and_nothing_but_the_head_is_dropped():
    networks = []
    for _ in range(2):
        torch.manual_seed(3)
        networks.append(SmallCNN(dropout=0.5))
    for one, other in zip(*(network.parameters() for network in networks), strict=False):
        assert torch.equal(one, other)
    images = random(4, 1, 28, 28, dtype=torch.float32)
    assert torch.equal(networks[0].features(images), networks[1].features(images))
    assert not torch.equal(networks[0](images), networks[0](images))
    assert torch.equal(networks[0].eval()(images), networks[1].eval()(images))


def test_a_network_without_a_stage_is_refused():
    with pytest.raises(ValueError, match="widths is empty"):
        SmallCNN(widths=())


@given(seeds)
@settings(deadline=None, max_examples=20)
def test_the_mean_of_a_class_activation_map_and_the_bias_are_the_logit(seed):
    torch.manual_seed(seed)
    model = SmallCNN(widths=(4, 6), classes=5).double()
    images, classes = random(3, 1, 10, 12, seed=seed), torch.randint(5, (3,))
    maps = convolutions.class_activation_map(model.features(images), model.head.weight, classes)
    assert_close(maps.mean(dim=(1, 2)) + model.head.bias[classes], model(images)[torch.arange(3), classes])


def test_a_peak_is_found_where_it_was_put_and_an_enlarged_map_keeps_it():
    maps = torch.zeros(2, 5, 7)
    maps[0, 3, 6] = maps[1, 0, 2] = 1
    assert torch.equal(convolutions.peaks(maps), tensor([[3, 6], [0, 2]]))
    large = convolutions.peaks(convolutions.enlarge(maps, 20, 28))
    assert torch.equal(large // 4, tensor([[3, 6], [0, 2]]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_everything_keeps_dtype_and_device_and_changes_nothing_it_is_given(dtype):
    images, kernels = random(2, 3, 8, 8, dtype=dtype), random(4, 3, 3, 3, dtype=dtype)
    kept = images.clone(), kernels.clone()
    results = [
        convolutions.conv2d(images, kernels),
        convolutions.convolve(images[0, 0], kernels[0, 0]),
        convolutions.edge_strength(images[0, 0]),
        convolutions.pool(images, 2),
        convolutions.pool(images, 2, kind="average"),
        convolutions.enlarge(images[:, 0], 16, 16),
        convolutions.class_activation_map(images, random(5, 3, dtype=dtype), tensor([0, 4])),
    ]
    assert all(result.dtype is dtype for result in results)
    assert torch.equal(images, kept[0]) and torch.equal(kernels, kept[1])


# The lesson's headline and its explorer


def test_the_headline_that_the_notebook_prints_is_in_its_band():
    notebook = nbformat.read(
        Path(__file__).parents[2] / "solutions" / "05-convolutions" / "convolutions.ipynb", as_version=4
    )
    cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("course", {}).get("role") == "headline"
        or cell.source.startswith("from course.scenes import found")
    ]
    printed = "".join(output.get("text", "") for output in cells[0].outputs)
    lines = printed.strip().splitlines()
    assert len(lines) == 3 and all(line.endswith(": True") for line in lines), printed
    assert "at least 98 %" in lines[0] and "at least 90 %" in lines[1]


@pytest.fixture(scope="module")
def explorer():
    return kernel_explorer(data.photograph(), credit="Photograph: danielbuechele, CC BY 2.0")


@pytest.mark.parametrize(
    "kernel, words",
    [
        ("identity", "keeps its brightness"),
        ("blur", "keeps its brightness"),
        ("emboss", "keeps its brightness"),
        ("brighter downwards", "only changes are left"),
        (torch.full((3, 3), 0.5), "4.50 times as bright"),
    ],
)
def test_the_explorer_says_what_the_nine_numbers_do_to_an_even_patch(kernel, words):
    explorer = kernel_explorer(data.photograph(), kernel)
    assert words in explorer.sentence()
    assert ("of your own" in explorer.sentence()) == (not isinstance(kernel, str))


def test_the_explorers_value_is_that_of_the_loop(explorer):
    crop = explorer.image[explorer.row - 1 : explorer.row + 2, explorer.column - 1 : explorer.column + 2]
    assert_close(
        convolutions.convolve(crop, KERNELS["outline"].double())[0, 0],
        explorer.filtered[explorer.row - 1, explorer.column - 1],
    )


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((torch.zeros(9, 9),), "photograph has shape"),
        ((torch.zeros(9, 9, dtype=torch.uint8), "swirl"), "kernel is 'swirl'"),
        ((torch.zeros(9, 9, dtype=torch.uint8), torch.zeros(2, 2)), "kernel has shape"),
        ((torch.zeros(9, 9, dtype=torch.uint8), "blur", (0, 4)), "place is"),
    ],
)
def test_what_the_explorer_cannot_show_is_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        kernel_explorer(*arguments)
