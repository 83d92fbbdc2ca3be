"""Tests of course/scenes.py: what a scene holds, that it is the same everywhere, and that its place is true.
Lesson 05 (Crops through a filter) asks a network about these scenes. Read course/scenes.py first."""

import hashlib

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course import data
from course.scenes import FIGURES, SIDE, found, scenes


def content(images, labels, places) -> bytes:
    """Images and labels as bytes, places in thousandths of a pixel: what the registry's checksum is of."""
    return b"".join(
        [
            (images * 255).round().byte().numpy().tobytes(),
            labels.byte().numpy().tobytes(),
            (places * 1000).round().int().numpy().astype("<i4").tobytes(),
        ]
    )


def test_the_scenes_are_those_in_the_registry():
    assert "sha256:" + hashlib.sha256(content(*data.scenes())).hexdigest() == data.registry()["scenes"]["content"]


def test_a_scene_is_a_colour_image_in_whole_255ths_a_label_and_a_place():
    images, labels, places = scenes(300)
    assert (
        images.shape == (300, 3, SIDE, SIDE) and images.dtype == torch.float32 and 0 <= images.min() < images.max() <= 1
    )
    assert torch.equal((images * 255).round() / 255, images)
    assert labels.dtype == torch.int64 and labels.unique().tolist() == list(range(len(FIGURES)))
    assert places.shape == (300, 3) and places.dtype == torch.float32


def test_figures_are_equally_likely():
    counts = scenes(2000)[1].bincount()
    assert (counts - 400).abs().max() < 80  # four and a half standard deviations


def test_a_figure_lies_wholly_inside_and_nothing_has_no_place():
    _, labels, places = scenes(1000)
    row, column, radius = places[labels > 0].T
    for middle in (row, column):
        assert (middle - radius >= 0.99).all() and (middle + radius <= SIDE - 0.99).all()
    assert radius.min() >= 7 and radius.max() <= 10
    assert (places[labels == 0] == 0).all()


def test_the_place_is_where_the_figure_brightens_the_ground():
    images, labels, places = scenes(400)
    grey = images.mean(dim=1)
    rows, columns = torch.meshgrid(torch.arange(SIDE) + 0.5, torch.arange(SIDE) + 0.5, indexing="ij")
    distance = ((rows - places[:, 0, None, None]) ** 2 + (columns - places[:, 1, None, None]) ** 2).sqrt()
    inside, outside = distance < 0.4 * places[:, 2, None, None], distance > 1.2 * places[:, 2, None, None]
    lighter = torch.stack(
        [(one[here].mean() / one[there].mean()) for one, here, there in zip(grey, inside, outside, strict=False)]
    )
    solid = (labels == FIGURES.index("disc")) | (labels == FIGURES.index("triangle"))
    assert lighter[solid].median() > 1.3
    assert abs(lighter[labels == FIGURES.index("ring")].median() - 1) < 0.15  # its middle is as the ground


def test_found_is_true_inside_the_circle_and_nowhere_else():
    places = torch.tensor([[10.0, 20.0, 5.0]]).expand(4, 3)
    peaks = torch.tensor([[9, 19], [9, 24], [9, 25], [15, 24]])
    assert found(peaks, places).tolist() == [True, True, False, False]


def test_the_same_seed_gives_the_same_scenes_and_another_seed_others():
    assert content(*scenes(20, seed=3)) == content(*scenes(20, seed=3)) != content(*scenes(20, seed=4))


def test_neither_the_global_generator_nor_the_default_dtype_matters_or_changes():
    expected = content(*scenes(10))
    torch.manual_seed(5)
    state = torch.get_rng_state()
    torch.set_default_dtype(torch.float64)
    try:
        assert content(*scenes(10)) == expected
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(state, torch.get_rng_state())


def test_a_generator_takes_the_place_of_the_seed_and_goes_on_from_call_to_call():
    generator = torch.Generator().manual_seed(7)
    first, second = scenes(5, seed=1, generator=generator), scenes(5, generator=generator)
    assert content(*first) == content(*scenes(5, seed=7)) != content(*second)


@settings(max_examples=10, deadline=None)
@given(n=st.integers(1, 40), more=st.integers(0, 300), seed=st.integers(0, 2**40))
def test_fewer_scenes_are_the_first_of_more(n, more, seed):
    for few, many in zip(scenes(n, seed=seed), scenes(n + more, seed=seed), strict=False):
        assert torch.equal(few, many[:n])


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"n": 0}, ValueError, "n is 1 or more; got 0"),
        ({"n": 2.0}, TypeError, "n is a whole number, 1 or more; got 2.0, a float"),
        ({"n": True}, TypeError, "n is a whole number"),
        ({"seed": -1}, ValueError, "seed is 0 or more; got -1"),
        ({"seed": None}, TypeError, "seed is a whole number"),
        ({"generator": 3}, TypeError, "generator is a torch.Generator or None; got int"),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_is_wanted(arguments, error, words):
    with pytest.raises(error, match=words):
        scenes(**arguments)
