"""course/adversaries.py against foolbox, against each other way of doing it, and by what must hold for all inputs; the
explorer's numbers against the module's. Lesson 12 (The same picture, another answer) teaches what is tested.
Read course/adversaries.py first."""

import foolbox
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import made_by
from torch import tensor
from torch.testing import assert_close

from course import adversaries as lesson
from course import data
from course.explorers.adversaries import KINDS, SHIPPED, attack_explorer, examples, networks
from course.training import accuracy

EPSILON = 0.1


@pytest.fixture(scope="module")
def digits():
    """Sixty test digits and their labels, and the explorer's ordinary network, in float64."""
    pixels, labels = data.mnist_5k()
    rows = data.stratified_split(labels)[1][:60]
    return networks()["ordinary"], pixels[rows].double(), labels[rows]


def drawn(seed, *shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# Against the field's library, on the same network


def test_one_step_is_foolboxs_own(digits):
    model, images, labels = digits
    theirs = foolbox.attacks.LinfFastGradientAttack(random_start=False)
    found, _, _ = theirs(foolbox.PyTorchModel(model, bounds=(0, 1)), images, labels, epsilons=EPSILON)
    assert_close(lesson.fgsm(model, images, labels, EPSILON), found, rtol=0, atol=1e-12)


@pytest.mark.parametrize("steps, step", [(1, 0.1), (5, 0.03), (20, 0.01)])
def test_many_steps_are_foolboxs_own(digits, steps, step):
    model, images, labels = digits
    theirs = foolbox.attacks.LinfPGD(abs_stepsize=step, steps=steps, random_start=False)
    found, _, fell = theirs(foolbox.PyTorchModel(model, bounds=(0, 1)), images, labels, epsilons=EPSILON)
    ours = lesson.pgd(model, images, labels, EPSILON, step, steps)
    assert_close(ours, found, rtol=0, atol=1e-12)
    assert (model(ours).argmax(dim=1) != labels).tolist() == fell.tolist()


def test_many_steps_towards_a_class_are_foolboxs_own(digits):
    model, images, labels = digits
    wanted = (labels + 1) % 10
    theirs = foolbox.attacks.LinfPGD(abs_stepsize=0.01, steps=10, random_start=False)
    goal = foolbox.criteria.TargetedMisclassification(wanted)
    found, _, reached = theirs(foolbox.PyTorchModel(model, bounds=(0, 1)), images, goal, epsilons=EPSILON)
    ours = lesson.pgd(model, images, wanted, EPSILON, 0.01, 10, towards=True)
    assert_close(ours, found, rtol=0, atol=1e-12)
    assert (model(ours).argmax(dim=1) == wanted).tolist() == reached.tolist()


# What holds for all inputs


def test_the_input_gradient_is_what_poking_a_pixel_measures(digits):
    model, images, labels = digits
    slope = lesson.input_gradient(model, images[:2], labels[:2])
    for row, place in ((14, 14), (10, 9)):
        up, down = images[:2].clone(), images[:2].clone()
        up[:, 0, row, place] += 1e-6
        down[:, 0, row, place] -= 1e-6
        rise = [F.cross_entropy(model(moved), labels[:2], reduction="none") for moved in (up, down)]
        assert_close(slope[:, 0, row, place], (rise[0] - rise[1]) / 2e-6, rtol=1e-4, atol=1e-7)


@given(seed=st.integers(0, 999), epsilon=st.sampled_from([0.0, 0.1, 0.3, 1.0]))
@settings(max_examples=30, deadline=None)
def test_a_projected_picture_is_allowed_and_the_nearest_that_is(seed, epsilon):
    originals, images, allowed = (
        drawn(seed, 2, 1, 3, 3),
        3 * drawn(seed + 1, 2, 1, 3, 3) - 1,
        drawn(seed + 2, 2, 1, 3, 3),
    )
    came = lesson.project(images, originals, epsilon)
    assert (came - originals).abs().max() <= epsilon + 1e-12 and 0 <= came.min() <= came.max() <= 1
    assert_close(lesson.project(came, originals, epsilon), came)
    other = lesson.project(allowed, originals, epsilon)
    assert ((images - came).abs() <= (images - other).abs() + 1e-12).all()


def test_no_step_is_the_picture_and_one_whole_step_is_fgsm(digits):
    model, images, labels = digits
    stood = lesson.pgd(model, images, labels, EPSILON, 0.01, 0)
    assert torch.equal(stood, images) and stood.data_ptr() != images.data_ptr()  # new images, as promised
    assert_close(lesson.pgd(model, images, labels, EPSILON, EPSILON, 1), lesson.fgsm(model, images, labels, EPSILON))


def test_away_the_loss_grows_and_towards_it_falls_while_noise_does_little(digits):
    model, images, labels = digits

    def loss(pictures):
        return float(F.cross_entropy(model(pictures), labels))

    away = lesson.pgd(model, images, labels, EPSILON, 0.01, 20)
    there = lesson.pgd(model, images, labels, EPSILON, 0.01, 20, towards=True)
    noise = lesson.random_signs(images, EPSILON, torch.Generator().manual_seed(0))
    assert loss(there) < loss(images) < loss(away) / 5 and loss(noise) < loss(away) / 5


def test_noise_is_as_large_as_the_attack_and_stays_a_picture():
    images = torch.full((4, 1, 20, 20), 0.5)
    noise = lesson.random_signs(images, 0.25, torch.Generator().manual_seed(0))
    assert sorted(noise.unique().tolist()) == [0.25, 0.75] and 0.4 < float((noise > 0.5).float().mean()) < 0.6
    assert lesson.random_signs(torch.ones(1, 1, 9, 9), 0.25).max() == 1


@given(seed=st.integers(0, 999), high=st.integers(1, 3), wide=st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_a_sticker_is_where_it_was_stuck_and_feels_every_picture(seed, high, wide):
    images, patch = drawn(seed, 5, 2, 5, 6), (2 + drawn(seed + 1, 2, high, wide)).requires_grad_(True)
    chance = torch.Generator().manual_seed(seed)
    tops, lefts = (torch.randint(0, most + 1, (5,), generator=chance) for most in (5 - high, 6 - wide))
    stuck = lesson.stick(images, patch, tops, lefts)
    for picture, original, top, left in zip(stuck, images, tops.tolist(), lefts.tolist(), strict=True):
        assert torch.equal(picture[:, top : top + high, left : left + wide], patch)
        assert int((picture != original).sum()) == patch.numel()  # all of the sticker is above 1, and no picture is
    stuck.sum().backward()
    assert torch.equal(patch.grad, torch.full_like(patch, 5))


def test_a_curve_never_rises_and_a_picture_that_fell_stays_down():
    fell = {0.1: [True, True, True, False], 0.2: [False, True, True, True], 0.3: [True, True, False, True]}

    def attack(model, images, labels, epsilon):
        return tensor(fell[epsilon], dtype=torch.float32)[:, None]

    def model(stands):
        return torch.cat([1 - stands, stands], dim=1)

    curve = lesson.robust_accuracy(model, attack, torch.zeros(4, 1), torch.ones(4, dtype=torch.int64), [0.1, 0.2, 0.3])
    assert curve.tolist() == [0.75, 0.5, 0.25]


def test_training_against_attacks_does_not_touch_what_it_is_given_and_leaves_more_than_half():
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels)
    torch.manual_seed(0)
    model, before = lesson.digit_network(4), pixels.clone()
    lesson.adversarial_training(
        model,
        pixels[learn],
        labels[learn],
        EPSILON,
        epochs=2,
        generator=torch.Generator().manual_seed(0),
        progress=False,
    )
    few = test[:200]
    moved = lesson.pgd(model, pixels[few], labels[few], EPSILON, 0.02, 10)
    assert torch.equal(pixels, before) and accuracy(model, moved, labels[few]) > 0.5


def test_a_sticker_is_made_for_its_place():
    pixels, labels = data.mnist_5k()
    model = networks()["ordinary"]
    others = pixels[labels != 3][::20].double()
    patch = lesson.sticker(model, others, 3, 8, (18, 2), steps=30, generator=torch.Generator().manual_seed(0))
    assert patch.shape == (1, 8, 8) and 0 <= patch.min() <= patch.max() <= 1
    there, before = (model(shown).argmax(dim=1) for shown in (stuck(others, patch, 18, 2), others))
    assert float((there == 3).double().mean()) > 0.2 > 5 * float((before == 3).double().mean())


def stuck(images, patch, top, left):
    places = (torch.full((len(images),), corner) for corner in (top, left))
    return lesson.stick(images, patch, *places)


def test_a_network_ten_thousand_times_as_sure_has_no_slope_and_falls_to_a_borrowed_attack(digits):
    """Section 7 of the lesson, in float32 as there."""
    model, images, labels = digits
    plain = lesson.digit_network(8)
    plain.load_state_dict({name: part.float() for name, part in model.state_dict().items()})
    images = images.float()

    def proud(pictures):
        return 10_000 * plain(pictures)

    right = plain(images).argmax(dim=1) == labels
    assert not lesson.input_gradient(proud, images[right], labels[right]).any()
    assert torch.equal(lesson.fgsm(proud, images[right], labels[right], EPSILON), images[right])
    borrowed = lesson.pgd(plain, images, labels, EPSILON, 0.01, 20)
    assert float((proud(borrowed).argmax(dim=1) == labels).float().mean()) < 0.4


# The explorer


def test_the_explorers_networks_read_and_are_fooled_as_the_lesson_says_of_them():
    pixels, labels = data.mnist_5k()
    test = data.stratified_split(labels)[1][:300]
    images, labels = pixels[test].double(), labels[test]
    read = {
        kind: (
            accuracy(model, images, labels),
            accuracy(model, lesson.random_signs(images, EPSILON, torch.Generator().manual_seed(0)), labels),
            accuracy(model, lesson.pgd(model, images, labels, EPSILON, 0.01, 20), labels),
        )
        for kind, model in networks().items()
    }
    assert min(read["ordinary"][:2]) > 0.9 and read["ordinary"][2] < 0.25
    assert min(read["hardened"][:2]) > 0.9 and read["hardened"][2] > 0.8


def test_each_of_the_explorers_digits_is_read_at_first_by_both():
    images = examples()[:, None].double() / 255
    for kind in KINDS:
        assert networks()[kind](images).argmax(dim=1).tolist() == list(range(10))


@pytest.mark.parametrize("digit", [0, 3, 8])
@pytest.mark.parametrize("steps", [1, 5, 20])
def test_the_explorer_shows_the_modules_attack(digit, steps):
    explorer = attack_explorer({"digit": digit, "epsilon": 0.1, "steps": steps})
    try:
        shown = explorer.pictures()
        step = 0.1 if steps == 1 else 0.125 / steps
        own = lesson.pgd(networks()["ordinary"], shown["came"], tensor([digit]), 0.1, step, steps)
        assert torch.equal(shown["attacked"], own)
        assert all(float((picture - shown["came"]).abs().max()) <= 0.1 + 1e-12 for picture in shown.values())
        best = int(explorer.shares()["attacked"].argmax())
        assert f"it reads {'an' if best == 8 else 'a'} {best} with" in explorer.sentence()
    finally:
        explorer.close()


def test_nothing_may_change_at_an_epsilon_of_nothing():
    explorer = attack_explorer()
    try:
        assert all(torch.equal(picture, explorer.pictures()["came"]) for picture in explorer.pictures().values())
        assert explorer.sentence().endswith("Epsilon is 0: nothing may change.")
        assert "After one step of the attack" in explorer.still()[1]
    finally:
        explorer.close()


@pytest.mark.parametrize("state", [{"digit": 10}, {"epsilon": 0.5}, {"steps": 2}, {"network": "large"}])
def test_a_state_that_cannot_be_is_refused(state):
    with pytest.raises(ValueError, match="which this explorer cannot show"):
        attack_explorer(state)


@pytest.mark.slow
def test_the_recipe_of_the_explorers_networks_runs(tmp_path):
    said = made_by("adversaries", "--epochs", "1", to=tmp_path / "tried.npz")
    assert "hardened:" in said and (tmp_path / "tried.npz").stat().st_size > 0.5 * SHIPPED.stat().st_size
