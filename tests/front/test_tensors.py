"""The functions of lesson 01 against torch's own, the algebra that must hold for every input, and the lesson's headline
in its bands. Lesson 01 (A block of numbers) teaches course/tensors.py.
Read first: course/tensors.py; the answers that its checks must recognise are in tests/answers/tensors.py."""

import time

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course import data
from course.tensors import crop, one_hot, pairwise_distances, rank_and_shape, recolour, standardise

seeds = st.integers(0, 2**31)
sizes = st.integers(1, 7)
few = settings(max_examples=40, deadline=None)


def drawn(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@few
@given(st.lists(st.integers(0, 4), max_size=5))
def test_rank_and_shape_are_those_of_the_tensor_made_of_the_list(shape):
    # Behind an axis of length 0 a list holds nothing that could tell of further axes.
    shape = shape[: shape.index(0) + 1] if 0 in shape else shape
    assert rank_and_shape(torch.zeros(shape).tolist()) == (len(shape), tuple(shape))


def test_a_crop_is_a_view_of_the_photograph_with_channels_first():
    photo = data.photograph()
    window = crop(photo, 60, 180, 120, 200)
    assert window.shape == (3, 120, 200) and window.dtype == torch.uint8
    assert torch.equal(window[:, 0, 0], photo[60, 180]) and torch.equal(window[:, -1, -1], photo[179, 379])
    assert window.untyped_storage().data_ptr() == photo.untyped_storage().data_ptr()
    assert torch.equal(crop(photo, 0, 0, 427, 640).permute(1, 2, 0), photo)


@pytest.mark.parametrize("place", [(-1, 0, 2, 2), (0, 3, 2, 3), (4, 0, 2, 2), (0, 0, -1, 2)])
def test_a_crop_outside_the_image_is_refused(place):
    with pytest.raises(ValueError, match="does not fit into an image of 5 rows and 5 columns"):
        crop(torch.zeros(5, 5, 3), *place)


@few
@given(seeds, st.integers(2, 9), sizes)
def test_standardised_columns_have_mean_nought_and_deviation_one(seed, n, columns):
    table = standardise(drawn(seed, n, columns) * 50 + 7)
    torch.testing.assert_close(table.mean(0), torch.zeros(columns).double(), atol=1e-9, rtol=0)
    torch.testing.assert_close(table.std(0, correction=0), torch.ones(columns).double(), atol=1e-9, rtol=0)


@few
@given(seeds, st.integers(2, 9), sizes, st.floats(0.1, 100), st.floats(-100, 100))
def test_standardising_forgets_the_unit(seed, n, columns, scale, shift):
    table = drawn(seed, n, columns)
    torch.testing.assert_close(standardise(table * scale + shift), standardise(table), atol=1e-8, rtol=1e-8)


@few
@given(
    st.floats(-1e6, 1e6, width=32), st.integers(1, 40), st.sampled_from([torch.float32, torch.float64, torch.float16])
)
def test_a_constant_column_becomes_zeros_however_its_mean_is_rounded(value, n, dtype):
    if dtype == torch.float16:
        value /= 1e4
    table = torch.cat([torch.full((n, 1), value, dtype=dtype), drawn(n, n, 1, dtype=dtype)], dim=1)
    standard = standardise(table)
    assert standard.dtype == dtype and standard.isfinite().all()
    assert standard[:, 0].abs().max() <= max(abs(value), 1) * torch.finfo(dtype).eps * 4


@few
@given(seeds, sizes, sizes, sizes)
def test_pairwise_distances_are_those_of_cdist(seed, n, m, d):
    first, second = drawn(seed, n, d), drawn(seed + 1, m, d)
    torch.testing.assert_close(
        pairwise_distances(first, second), torch.cdist(first, second, compute_mode="donot_use_mm_for_euclid_dist")
    )


@few
@given(seeds, sizes, sizes, st.floats(-1e3, 1e3))
def test_distances_are_symmetric_nought_on_the_diagonal_shorter_than_detours_and_blind_to_shifts(seed, n, d, shift):
    points = drawn(seed, n, d)
    table = pairwise_distances(points, points)
    assert torch.equal(table, table.T) and (table.diagonal() == 0).all() and (table >= 0).all()
    assert (table[:, None, :] <= table[:, :, None] + table[None, :, :] + 1e-9).all()
    torch.testing.assert_close(pairwise_distances(points + shift, points + shift), table, atol=1e-9, rtol=1e-9)


def test_points_of_different_length_are_refused():
    with pytest.raises(ValueError, match="points of 2 coordinates and second of 3"):
        pairwise_distances(torch.zeros(4, 2), torch.zeros(4, 3))


@few
@given(
    st.integers(1, 9).flatmap(
        lambda classes: st.tuples(st.just(classes), st.lists(st.integers(0, classes - 1), max_size=12))
    )
)
def test_one_hot_is_torchs_in_float32_and_argmax_undoes_it(drawn_labels):
    classes, labels = drawn_labels[0], torch.tensor(drawn_labels[1], dtype=torch.int64)
    switches = one_hot(labels, classes)
    assert switches.dtype == torch.float32 and switches.shape == (len(labels), classes)
    assert torch.equal(switches, torch.nn.functional.one_hot(labels, classes).float())
    assert torch.equal(switches.argmax(dim=1), labels)


@pytest.mark.parametrize("labels", [[0, 3], [-1, 0]])
def test_a_label_without_a_switch_is_refused(labels):
    with pytest.raises(ValueError, match="wanted 0 to 2"):
        one_hot(torch.tensor(labels), 3)


@few
@given(seeds, st.integers(1, 4), st.integers(1, 4), sizes)
def test_recolour_is_a_convolution_with_a_kernel_of_one_pixel_and_composes_like_matrices(seed, n, c, d):
    images, matrix, more = drawn(seed, n, 4, 5, c), drawn(seed + 1, d, c), drawn(seed + 2, 3, d)
    mixed = recolour(images, matrix)
    convolved = torch.nn.functional.conv2d(images.permute(0, 3, 1, 2), matrix[:, :, None, None]).permute(0, 2, 3, 1)
    torch.testing.assert_close(mixed, convolved)
    torch.testing.assert_close(recolour(mixed, more), recolour(images, more @ matrix))
    torch.testing.assert_close(recolour(images, torch.eye(c, dtype=torch.float64)), images)


@pytest.mark.parametrize("device", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_results_stay_in_the_dtype_and_on_the_device_of_what_came_in(dtype, device):
    points = drawn(0, 6, 3, dtype=dtype).to(device)
    for result in (
        standardise(points),
        pairwise_distances(points, points),
        recolour(points.reshape(1, 2, 3, 3), points[:3]),
        crop(points.reshape(2, 3, 3), 0, 1, 2, 2),
    ):
        assert result.dtype == dtype and result.device.type == device
    assert one_hot(torch.tensor([1, 0], device=device), 2).device.type == device


def by_loops(first: list, second: list) -> list:
    return [[sum((a - b) ** 2 for a, b in zip(one, other, strict=False)) ** 0.5 for other in second] for one in first]


def seconds(function, *arguments, times: int) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        function(*arguments)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.fixture
def one_thread():
    """Threads that wait for a busy machine's other work would be what is timed."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def points() -> torch.Tensor:
    return drawn(1, 300, 16)


def test_headline_one_expression_is_at_least_eight_times_as_fast_as_loops(points, one_thread):
    # On two idle cores it is about 100 times; eight leaves room for a machine that is busy with something else.
    lists = points.tolist()
    torch.testing.assert_close(
        torch.tensor(by_loops(lists[:20], lists[:20]), dtype=torch.float64),
        pairwise_distances(points[:20], points[:20]),
    )
    assert seconds(by_loops, lists, lists, times=1) > 8 * seconds(
        pairwise_distances, points.float(), points.float(), times=12
    )


@pytest.mark.parametrize(
    "dtype, least, most", [(torch.float32, 3e-8, 1e-6), (torch.float16, 2e-4, 3e-3), (torch.bfloat16, 2e-3, 2e-2)]
)
def test_headline_error_of_short_floats_is_in_its_band(points, dtype, least, most):
    exact, apart = pairwise_distances(points, points), ~torch.eye(300, dtype=torch.bool)
    came = pairwise_distances(points.to(dtype), points.to(dtype)).double()
    assert least < ((came - exact).abs() / exact)[apart].max() < most


def test_the_nearest_of_a_thousand_reads_at_least_95_percent_of_the_digits():
    images, labels = data.digits()
    rows = images.reshape(len(images), -1)
    guesses = labels[:1000][pairwise_distances(rows[1000:1300], rows[:1000]).argmin(dim=1)]
    assert (guesses == labels[1000:1300]).float().mean() >= 0.95


def test_the_identity_loses_the_digits_that_differences_keep():
    near = torch.randn(200, 3, generator=torch.Generator().manual_seed(2)).double()
    moved = (near + 1000).float()
    true = pairwise_distances(moved.double(), moved.double())
    identity = (moved.square().sum(1)[:, None] + moved.square().sum(1) - 2 * moved @ moved.T).clamp(min=0).sqrt()
    errors = [
        ((table.double() - true).abs() / true)[true > 0].median()
        for table in (pairwise_distances(moved, moved), identity)
    ]
    assert errors[0] < 1e-7 and errors[1] > 1e-3
