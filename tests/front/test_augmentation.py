"""Tests of course/augmentation.py against torch and by properties that hold for all inputs, of its explorer, and of
lesson 08's headline. Lesson 08 (The same dog, many pictures) teaches what is tested.
Read course/augmentation.py first."""

import json
import re
import subprocess

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import printed
from torch import tensor
from torch.nn.functional import grid_sample, pad
from torch.testing import assert_close

from course import augmentation
from course.augmentation import Augment, compose, relight, rotation, shift, warp
from course.explorers import FOLDER
from course.explorers.augmentation import augmentation_explorer

seeds = st.integers(0, 10_000)
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
ALL_KINDS = {
    "flip": 0.5,
    "degrees": 20,
    "zoom": 0.3,
    "shear": 0.2,
    "pixels": 3,
    "tilt": 0.3,
    "brightness": 1.0,
    "contrast": 0.5,
}


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(
    n: int = 4, channels: int = 3, height: int = 12, width: int = 17, seed: int = 0, dtype: torch.dtype = torch.float32
) -> torch.Tensor:
    return torch.rand(n, channels, height, width, generator=generator(seed), dtype=dtype)


def homographies(n: int, seed: int) -> torch.Tensor:
    return torch.eye(3) + torch.randn(n, 3, 3, generator=generator(seed)) * tensor(
        [[0.2, 0.2, 3.0], [0.2, 0.2, 3.0], [0.005, 0.005, 0.0]]
    )


@given(st.floats(-360, 360), st.tuples(st.floats(-50, 50), st.floats(-50, 50)), seeds)
@settings(deadline=None, max_examples=40)
def test_a_turn_leaves_its_centre_and_every_distance_as_they_were(degrees, centre, seed):
    matrix = rotation(tensor(degrees, dtype=torch.float64), centre)
    places = torch.cat(
        [torch.randn(2, 5, generator=generator(seed), dtype=torch.float64) * 30, torch.ones(1, 5, dtype=torch.float64)]
    )
    middle = tensor([*centre, 1.0], dtype=torch.float64)
    assert_close((matrix.double() @ middle), middle, atol=1e-3, rtol=1e-5)
    assert_close(
        torch.cdist((matrix.double() @ places)[:2].T, (matrix.double() @ places)[:2].T),
        torch.cdist(places[:2].T, places[:2].T),
        atol=1e-3,
        rtol=1e-4,
    )


def test_a_quarter_turn_is_torchs_rot90_clockwise():
    square = pictures(height=9, width=9)
    assert_close(
        warp(square, rotation(90.0, (4.0, 4.0)), "zeros"), torch.rot90(square, -1, (2, 3)), atol=1e-5, rtol=1e-5
    )


def test_a_batch_of_angles_gives_the_matrix_of_each():
    angles = tensor([0.0, 33.0, -120.0])
    assert_close(rotation(angles, (3.0, 5.0)), torch.stack([rotation(float(angle), (3.0, 5.0)) for angle in angles]))


@given(st.integers(1, 5), seeds)
@settings(deadline=None, max_examples=30)
def test_a_composed_matrix_does_what_its_steps_do_one_after_another(count, seed):
    steps = torch.randn(count, 3, 3, generator=generator(seed), dtype=torch.float64)
    place = torch.randn(3, generator=generator(seed + 1), dtype=torch.float64)
    moved = place
    for step in steps:
        moved = step @ moved
    assert_close(compose(list(steps)) @ place, moved)


def test_single_matrices_and_batches_compose_in_any_order():
    batch = homographies(4, 0)
    assert_close(compose([shift(1, 2), batch, shift(-1, 0)]), shift(-1, 0) @ batch @ shift(1, 2))
    with pytest.raises(ValueError, match="matrices is empty"):
        compose([])


@given(seeds)
@settings(deadline=None, max_examples=20)
def test_a_place_that_is_asked_for_goes_back_to_the_pixel_that_asked(seed):
    matrix = homographies(1, seed)[0].double()
    places = augmentation.where_from(matrix, 5, 7)
    there = torch.cat([places, torch.ones(5, 7, 1, dtype=torch.float64)], dim=-1) @ matrix.T
    y, x = torch.meshgrid(torch.arange(5.0), torch.arange(7.0), indexing="ij")
    assert_close(there[..., :2] / there[..., 2:], torch.stack([x, y], dim=-1).double(), atol=1e-6, rtol=1e-6)


@given(st.integers(2, 9), st.integers(2, 9), seeds)
@settings(deadline=None, max_examples=30)
def test_reading_between_pixels_is_torchs(height, width, seed):
    image = torch.rand(height, width, generator=generator(seed), dtype=torch.float64)
    places = torch.rand(6, 5, 2, generator=generator(seed + 1), dtype=torch.float64) * tensor(
        [width - 1.0, height - 1.0], dtype=torch.float64
    )
    theirs = grid_sample(
        image[None, None],
        2 * places[None] / tensor([width - 1.0, height - 1.0], dtype=torch.float64) - 1,
        align_corners=True,
    )[0, 0]
    assert_close(augmentation.bilinear(image, places), theirs)


@given(st.integers(2, 12))
@settings(deadline=None)
def test_mirrors_are_those_of_torchs_padding(size):
    line = torch.arange(float(size)).view(1, 1, size)
    asked = torch.arange(-(size - 1), 2 * size - 1)
    assert torch.equal(
        augmentation.reflect(asked, size), pad(line, (size - 1, size - 1), mode="reflect").flatten().long()
    )


@given(st.integers(1, 12), st.floats(-1e3, 1e3))
@settings(deadline=None)
def test_a_reflected_place_is_inside_and_stays_where_it_is_when_reflected_again(size, place):
    once = augmentation.reflect(tensor([place], dtype=torch.float64), size)
    assert 0 <= float(once) <= size - 1
    assert_close(augmentation.reflect(once, size), once)


@pytest.mark.parametrize("padding, mode", [("zeros", "constant"), ("border", "replicate"), ("reflection", "reflect")])
def test_a_shift_by_whole_pixels_is_torchs_padding_and_a_crop(padding, mode):
    images = pictures()
    wide = pad(images, (5, 5, 4, 4), mode=mode)
    assert_close(
        warp(images, shift(3, -2), padding), wide[..., 4 + 2 : 4 + 2 + 12, 5 - 3 : 5 - 3 + 17], atol=1e-5, rtol=1e-5
    )


def test_warp_is_where_from_reflect_and_bilinear():
    images, matrices = pictures(dtype=torch.float64), homographies(4, 3).double()
    places = augmentation.where_from(matrices, 12, 17)
    inside = torch.stack([augmentation.reflect(places[..., 0], 17), augmentation.reflect(places[..., 1], 12)], dim=-1)
    by_hand = torch.stack(
        [
            torch.stack([augmentation.bilinear(channel, where) for channel in image])
            for image, where in zip(images, inside, strict=False)
        ]
    )
    assert_close(warp(images, matrices), by_hand)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_augment_keeps_shape_dtype_and_device_and_stays_in_range(dtype, device):
    images = pictures().to(device, dtype)
    out = Augment(**ALL_KINDS, generator=generator())(images)
    assert out.shape == images.shape and out.dtype == dtype and out.device == images.device
    assert float(out.min()) >= 0 and float(out.max()) <= 1 and not out.isnan().any()
    exact = Augment(**ALL_KINDS, generator=generator())(images.double())
    assert_close(out.double(), exact, atol=0.05 if dtype in (torch.float16, torch.bfloat16) else 1e-3, rtol=0)


def test_the_same_seed_gives_the_same_pictures_and_each_picture_its_own():
    one = pictures(1).expand(6, -1, -1, -1)
    first, again, other = (Augment(**ALL_KINDS, generator=generator(seed))(one) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert all(not torch.equal(first[row], first[0]) for row in range(1, 6))


def test_with_chance_nought_a_picture_passes_as_it_is_and_with_nothing_asked_for_it_is_the_same_tensor():
    images = pictures()
    assert_close(Augment(**{**ALL_KINDS, "flip": 0.0}, p=0.0)(images), images, atol=1e-5, rtol=1e-5)
    assert Augment()(images) is images


def test_a_sure_flip_is_torchs_flip():
    images = pictures()
    assert_close(Augment(flip=1.0)(images), images.flip(-1), atol=1e-5, rtol=1e-5)


def test_every_kind_is_drawn_by_its_own_chance_evenly_to_either_side():
    settings_drawn, flipped = Augment(**{**ALL_KINDS, "flip": 0.25}, p=0.4, generator=generator()).draw(20_000)
    assert abs((flipped < 0).float().mean() - 0.25) < 0.02
    used = torch.stack([values != 0 for values in settings_drawn.values()])
    assert ((used.float().mean(dim=1) - 0.4).abs() < 0.02).all()
    assert abs((used[0] & used[2]).float().mean() - 0.16) < 0.02  # independent of each other
    degrees = settings_drawn["degrees"][used[0]]
    assert degrees.abs().max() <= 20 and degrees.max() > 19.5 and degrees.min() < -19.5 and abs(degrees.mean()) < 0.5
    assert (
        1.29 < settings_drawn["zoom"].exp().max() <= 1.3001
        and 1 / 1.3001 <= settings_drawn["zoom"].exp().min() < 1 / 1.29
    )


def test_contrast_is_a_factor_to_either_side_and_brightness_a_step():
    grey = torch.full((4000, 1, 2, 2), 0.7, dtype=torch.float64)
    factors = torch.logit(Augment(contrast=0.5, generator=generator())(grey)) / torch.logit(grey)
    assert 1.49 < factors.max() <= 1.5001 and 1 / 1.5001 <= factors.min() < 1 / 1.49
    steps = torch.logit(Augment(brightness=0.8, generator=generator())(grey)) - torch.logit(grey)
    assert 0.79 < steps.max() <= 0.8001 and -0.8001 <= steps.min() < -0.79


def test_the_one_matrix_is_the_product_of_its_kinds():
    shake = Augment(**ALL_KINDS, generator=generator(5))
    drawn, flipped = shake.draw(7)
    kinds = [(), ("zoom",), ("shear",), ("degrees",), ("across", "down"), ("tilt_x", "tilt_y")]
    alone = [
        shake.matrices(
            {name: value if name in kind else torch.zeros(7) for name, value in drawn.items()},
            torch.ones(7) if kind else flipped,
            12,
            17,
        )
        for kind in kinds
    ]
    assert_close(compose(alone), shake.matrices(drawn, flipped, 12, 17), atol=1e-4, rtol=1e-4)


def test_the_horizon_never_comes_into_the_picture():
    shake = Augment(flip=0.5, degrees=180, zoom=3, shear=1, pixels=40, tilt=0.49, generator=generator())
    back = torch.linalg.inv(shake.matrices(*shake.draw(3000), 12, 17).double())
    corners = tensor([[0.0, 0.0, 1.0], [16.0, 0.0, 1.0], [0.0, 11.0, 1.0], [16.0, 11.0, 1.0]], dtype=torch.float64).T
    thirds = (back @ corners)[:, 2]
    assert ((thirds > 0).all(dim=1) | (thirds < 0).all(dim=1)).all()


def test_random_matrices_is_the_lessons_loop():
    draws = torch.rand(9, 4, generator=generator(3))
    rows = [
        compose([rotation((2 * turn - 1) * 30, (4.0, 2.0)), shift((2 * right - 1) * 3, (2 * down - 1) * 3)])
        if whether < 0.6
        else torch.eye(3)
        for whether, turn, right, down in draws.tolist()
    ]
    assert_close(augmentation.random_matrices(draws, 0.6, 30, 3, (4.0, 2.0)), torch.stack(rows), atol=1e-5, rtol=1e-5)


@given(st.floats(-4, 4), st.floats(0.2, 5), seeds)
@settings(deadline=None, max_examples=40)
def test_light_is_undone_by_its_opposite_keeps_the_order_of_shades_and_both_ends(brightness, contrast, seed):
    shades = torch.rand(1, 1, 4, 5, generator=generator(seed), dtype=torch.float64) * 0.9 + 0.05
    step, factor = tensor([brightness], dtype=torch.float64), tensor([contrast], dtype=torch.float64)
    lit = relight(shades, step, factor)
    assert torch.equal(lit.flatten().argsort(), shades.flatten().argsort())
    assert_close(relight(lit, -step / factor, 1 / factor), shades, atol=1e-6, rtol=1e-6)
    assert torch.equal(
        relight(torch.stack([torch.zeros(1, 2, 2), torch.ones(1, 2, 2)]), step.expand(2), factor.expand(2)).flatten(),
        tensor([0.0] * 4 + [1.0] * 4),
    )


def test_light_is_that_of_the_odds():
    images, step, factor = (
        pictures(dtype=torch.float64),
        tensor([0.5, -1.0, 0.0, 2.0]).double(),
        tensor([1.0, 0.5, 2.0, 3.0]).double(),
    )
    odds = (images / (1 - images)) ** factor.view(4, 1, 1, 1) * step.exp().view(4, 1, 1, 1)
    assert_close(relight(images, step, factor), odds / (1 + odds))


def test_gradients_flow_through_all_of_it_and_are_finite_at_black_and_white():
    images = pictures(2)
    images[0, 0, :3], images[1, 1, :, 2] = 0.0, 1.0
    images.requires_grad_(True)
    out = Augment(**ALL_KINDS, padding="zeros", generator=generator(1))(images)
    slope = torch.autograd.grad(out.sum(), images)[0]
    assert slope.isfinite().all() and slope.abs().sum() > 0
    smooth = (pictures(1, 1, 4, 5, dtype=torch.float64) * 0.8 + 0.1).requires_grad_(True)
    light = (
        tensor([0.3], dtype=torch.float64, requires_grad=True),
        tensor([1.4], dtype=torch.float64, requires_grad=True),
    )
    assert torch.autograd.gradcheck(relight, (smooth, *light))
    assert torch.autograd.gradcheck(lambda given: warp(given, homographies(1, 1).double()), (smooth,))


def test_nothing_that_is_given_is_changed():
    images, matrices = pictures(), homographies(4, 2)
    kept = images.clone(), matrices.clone()
    Augment(**ALL_KINDS)(images)
    warp(images, matrices)
    relight(images, torch.zeros(4), torch.ones(4))
    assert torch.equal(images, kept[0]) and torch.equal(matrices, kept[1])


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"p": 1.5}, "p is 1.5; wanted a chance"),
        ({"flip": -0.1}, "flip is -0.1"),
        ({"degrees": -5}, "degrees is -5; wanted 0 or more"),
        ({"tilt": 0.5}, "tilt is 0.5; wanted below 0.5"),
        ({"zoom": float("nan")}, "zoom is nan"),
        ({"padding": "mirror"}, "padding is 'mirror'; wanted one of zeros"),
        ({"pixels": float("inf")}, "pixels is inf"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(wrong, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Augment(**wrong)


def test_what_is_no_batch_of_pictures_is_refused_in_words():
    shake = Augment(degrees=10)
    with pytest.raises(TypeError, match="images is torch.uint8; wanted a tensor of floats"):
        shake(torch.zeros(1, 3, 4, 4, dtype=torch.uint8))
    with pytest.raises(TypeError, match="images is list"):
        shake([[1.0]])
    with pytest.raises(ValueError, match=re.escape("images has shape (3, 4, 4); wanted (n, channels, height, width)")):
        shake(torch.zeros(3, 4, 4))
    with pytest.raises(
        ValueError, match=re.escape("matrices has shape (2, 3, 3); wanted (3, 3) or one a picture, (4, 3, 3)")
    ):
        warp(pictures(), homographies(2, 0))
    with pytest.raises(ValueError, match=re.escape("brightness has shape (1,), wanted one number a picture, (4,)")):
        relight(pictures(), torch.zeros(1), torch.ones(4))


def test_an_empty_batch_comes_back_empty():
    assert Augment(**ALL_KINDS)(torch.zeros(0, 3, 8, 8)).shape == (0, 3, 8, 8)


def test_one_reading_is_sharper_than_six():
    images = pictures(20, 3, 32, 32)
    shake = Augment(degrees=15, zoom=0.2, shear=0.2, pixels=3, tilt=0.2, generator=generator())
    drawn, flipped = shake.draw(20)
    once, often = warp(images, shake.matrices(drawn, flipped, 32, 32)), images
    for kind in ("zoom", "shear", "degrees", "across", "tilt_x"):
        often = warp(
            often,
            shake.matrices(
                {name: value if name == kind else torch.zeros(20) for name, value in drawn.items()},
                torch.ones(20),
                32,
                32,
            ),
        )
    assert augmentation.sharpness(images) > augmentation.sharpness(once) > 1.3 * augmentation.sharpness(often)


# The explorer


@pytest.fixture(scope="module")
def picture():
    return pictures(1, 3, 20, 24)[0]


def test_the_explorer_brings_a_still_and_words_and_the_same_twice(picture):
    explorer = augmentation_explorer(picture)
    bundle = explorer._repr_mimebundle_()
    words = bundle["text/plain"]
    assert "Read after each of the 5 movements" in words and re.search(r"has \d+% of the sharpness", words)
    assert bundle["text/html"].count("<img") == 1 and explorer._repr_mimebundle_()["text/html"] == bundle["text/html"]
    assert explorer.sentence() == "The picture as it came: every slider is at rest."


@pytest.mark.parametrize(
    "given_settings, words",
    [
        (
            {"degrees": -30.0},
            "The picture is turned 30\u00b0 against the clock. With one movement in use, both sides read it once.",
        ),
        (
            {"brightness": 1.0, "contrast": 0.5},
            "The picture is brighter, with less contrast. With no movement in use, both sides read it as it is.",
        ),
        (
            {"flip": True, "zoom": 1.5, "across": -0.25, "tilt": 0.3},
            "The picture is mirrored, 1.50 times as large, shifted 25% to the left, its right edge tilted away.",
        ),
    ],
)
def test_the_explorer_says_what_is_done(picture, given_settings, words):
    assert augmentation_explorer(picture, **given_settings).sentence().startswith(words)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (torch.rand(24, 24), "picture has shape"),
        (torch.rand(3, 200, 24), "picture has shape"),
        (torch.full((3, 8, 8), 2.0), "from 2 to 2"),
        (torch.ones(3, 8, 8, dtype=torch.int64), "torch.int64"),
    ],
)
def test_the_explorer_refuses_what_is_no_picture(wrong, words):
    with pytest.raises(ValueError, match=words):
        augmentation_explorer(wrong)


@pytest.mark.parametrize("padding", augmentation.PADDINGS)
def test_the_script_draws_and_says_what_python_does(picture, padding, tmp_path):
    state = {
        "flip": True,
        "zoom": 1.25,
        "lean": 0.3,
        "degrees": -25.0,
        "across": 0.1,
        "tilt": 0.2,
        "brightness": 0.8,
        "contrast": 1.6,
        "padding": padding,
    }
    explorer = augmentation_explorer(picture, **state)
    script = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("shared.js", "augmentation.js")).split(
        "export default"
    )[0]
    values = json.dumps(explorer.picture.flatten().tolist())
    (tmp_path / "run.js").write_text(
        script
        + f"""
      const now = {json.dumps(state)}, width = {explorer.width}, height = {explorer.height},
        original = Float32Array.from({values});
      const steps = stepsOf({{ ...now, width, height }}),
        product = steps.reduce((done, step) => times(step, done), moved(0, 0));
      let once = warped(original, width, height, product, now.padding), often = original;
      for (const step of steps) often = warped(often, width, height, step, now.padding);
      [once, often] = [once, often].map((values) => relit(values, now.brightness, now.contrast));
      const words = pictureInWords(now, steps.length,
        sharpnessOf(often, width, height) / sharpnessOf(once, width, height));
      console.log(JSON.stringify({{ once: [...once], often: [...often], words }}));
    """,
        encoding="utf-8",
    )
    shown = json.loads(
        subprocess.run(["node", tmp_path / "run.js"], capture_output=True, text=True, check=True, timeout=60).stdout
    )
    for name, ours in zip(("once", "often"), explorer.both(), strict=False):
        assert_close(tensor(shown[name]), ours.flatten(), atol=2e-3, rtol=0)
    assert shown["words"] == explorer.sentence()


# The lesson


def test_the_built_notebook_shows_the_headline_in_its_band():
    said = printed("08-augmentation")
    plain, augmented = (
        int(re.search(rf"{name} *: +[\d.]+% right of the 500 it learned from, +(\d+) wrong", said).group(1))
        for name in ("as they are", "augmented")
    )
    assert 40 <= plain <= 130 and augmented <= 0.75 * plain
    assert "at least a quarter fewer errors: True" in said
    kept = {
        name: int(re.search(rf"{name} *: +(\d+)% of the sharpness", said).group(1))
        for name in ("read six times", "read twelve times")
    }
    once = [int(found) for found in re.findall(r"read once *: +(\d+)% of the sharpness", said)]
    assert once[0] == 100 and kept["read twelve times"] < 40 and 100 - once[1] < (100 - kept["read six times"]) / 2
    assert "at least three times as fast: True" in said


@pytest.mark.slow
def test_augmentation_makes_fewer_errors_on_five_hundred_digits():
    from benchmarks.claimed.augmentation import beyond_a_quarter

    assert beyond_a_quarter("small", 0, few=True) > 0


# Labels that mix, and none


@pytest.mark.parametrize("way", ["mixup", "cutmix"])
def test_a_mixed_picture_and_its_loss_have_the_same_shares(way):
    mix = augmentation.Mix(way, torch.Generator().manual_seed(3))
    shades = torch.arange(8.0).view(8, 1, 1, 1).expand(8, 1, 20, 30) / 8
    mixed = mix(shades)
    expected = (1 - mix.share) * shades.mean(dim=(1, 2, 3)) + mix.share * shades[mix.order].mean(dim=(1, 2, 3))
    assert_close(mixed.mean(dim=(1, 2, 3)), expected)
    assert 0 < mix.share < 1
    logits, labels = torch.randn(8, 3, generator=torch.Generator().manual_seed(1)), tensor([0, 1, 2, 0, 1, 2, 0, 1])
    one_hot = torch.nn.functional.one_hot(labels, 3).float()
    soft = (1 - mix.share) * one_hot + mix.share * one_hot[mix.order]
    assert_close(mix.loss(logits, labels), torch.nn.functional.cross_entropy(logits, soft))


def test_erasing_leaves_the_label_and_blots_out_two_fifths_at_most():
    mix = augmentation.Mix("erase", torch.Generator().manual_seed(0))
    for _ in range(20):
        left = mix(torch.ones(2, 3, 20, 20))
        assert mix.share == 0 and 0.55 <= float(left.mean()) <= 1 and set(left.unique().tolist()) <= {0.0, 1.0}
    with pytest.raises(ValueError, match="mixup, cutmix or erase"):
        augmentation.Mix("blend")


def test_the_contrastive_loss_is_log_n_for_a_blind_guess_and_falls_for_the_right_partner():
    views = torch.eye(6)
    assert_close(augmentation.contrastive_loss(torch.ones(6, 4), torch.ones(6, 4)), tensor(6.0).log())
    assert (
        augmentation.contrastive_loss(views, 5 * views) < 0.05 < augmentation.contrastive_loss(views, views.roll(1, 0))
    )
