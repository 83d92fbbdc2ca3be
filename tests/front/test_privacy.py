"""course/privacy.py against opacus and scikit-learn, and what must hold for all inputs; the explorer's numbers against
the module's. Lesson 15 (What the model remembers) teaches what is tested.
Read course/privacy.py first."""

import math
import warnings

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import made_by
from sklearn.metrics import roc_curve
from torch import nn, tensor
from torch.testing import assert_close

from course import privacy as lesson
from course.explorers.privacy import BINS, KINDS, SHIPPED, TRAININGS, bin_of, measured, privacy_explorer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # opacus has some of its own to say when it is imported
    from opacus import GradSampleModule
    from opacus.accountants import PRVAccountant, RDPAccountant
    from opacus.accountants.analysis.rdp import compute_rdp
    from opacus.optimizers import DPOptimizer

LOSSES = st.lists(st.integers(0, 12).map(float), min_size=1, max_size=12).map(lambda values: tensor(values).double())


def drawn(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# The accountant, against opacus


@pytest.mark.parametrize("share", [0.001, 0.02, 0.2, 0.9, 1.0])
@pytest.mark.parametrize("noise", [0.5, 0.7, 1.0, 2.0, 8.0])
def test_the_divergence_is_opacuss_own(share, noise):
    theirs = compute_rdp(q=share, noise_multiplier=noise, steps=1, orders=list(lesson.ORDERS))
    ours = [lesson.renyi(share, noise, order) for order in lesson.ORDERS]
    numpy.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("share, noise, steps", [(0.2, 2.0, 100), (0.01, 1.1, 1000), (1.0, 4.0, 1), (0.5, 8.0, 37)])
@pytest.mark.parametrize("delta", [1e-4, 1e-6])
def test_epsilon_is_opacuss_own_over_the_same_orders(share, noise, steps, delta):
    accountant = RDPAccountant()
    for _ in range(steps):
        accountant.step(noise_multiplier=noise, sample_rate=share)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where the best order is the last one
        theirs = accountant.get_epsilon(delta=delta, alphas=list(lesson.ORDERS))
        finer = accountant.get_epsilon(delta=delta)  # at its own orders, fractions among them
    ours = lesson.epsilon(share, noise, steps, delta)
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert finer <= ours * (1 + 1e-9) and ours < 1.05 * finer


def test_more_noise_fewer_steps_and_smaller_batches_promise_more():
    usual = lesson.epsilon(0.2, 2.0, 100, 1e-4)
    assert lesson.epsilon(0.2, 3.0, 100, 1e-4) < usual < lesson.epsilon(0.2, 2.0, 200, 1e-4)
    assert lesson.epsilon(0.1, 2.0, 100, 1e-4) < usual < lesson.epsilon(0.2, 2.0, 100, 1e-6)


def test_no_attack_on_a_noised_number_beats_the_bound():
    """One row of length C in a batch that holds all rows: two normal curves, C apart. The best attack on them is known,
    and every delta has its epsilon."""
    for noise in (1.0, 2.0, 5.0):
        best = math.erf(1 / (2 * noise) / 2**0.5)  # the total variation of two normals 1 / noise apart
        for delta in (1e-4, 1e-6):
            assert best < lesson.advantage_within(lesson.epsilon(1.0, noise, 1, delta), delta)
        assert best < lesson.most_advantage(1.0, noise, 1) < 2.2 * best
        assert lesson.gaussian_advantage(1.0, noise, 1) > best  # a step is not yet many
    assert lesson.advantage_within(0.0, 0.0) == 0 and lesson.advantage_within(math.log(3), 0.0) == pytest.approx(0.5)
    assert lesson.advantage_within(0.0, 0.3) == pytest.approx(0.3) and lesson.advantage_within(1000.0, 1e-4) == 1


@pytest.mark.parametrize("noise", [1.0, 2.0, 4.0, 8.0])
def test_the_least_bound_lies_between_opacuss_whole_curve_and_any_single_point(noise):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        accountant = PRVAccountant()
        accountant.history = [(noise, 0.2, 100)]
        points = [(accountant.get_epsilon(delta=delta), delta) for delta in (0.8, 0.7, 0.4, 0.3, 0.2, 0.1, 0.05)]
    tight = min(lesson.advantage_within(max(eps, 0.0), delta) for eps, delta in points)
    least = lesson.most_advantage(0.2, noise, 100)
    assert tight < least < lesson.advantage_within(lesson.epsilon(0.2, noise, 100, 1e-4), 1e-4)
    assert lesson.gaussian_advantage(0.2, noise, 100) == pytest.approx(tight, rel=0.12)


# Gradients, against opacus and a loop


def test_per_sample_gradients_are_opacuss_own_and_a_loops():
    weights = lesson.fresh_weights(1)
    images = torch.rand(6, lesson.INPUTS, generator=torch.Generator().manual_seed(2))
    labels = torch.arange(6)
    ours = lesson.per_sample_gradients(lesson.row_loss, weights, images, labels)
    network = nn.Sequential(nn.Linear(lesson.INPUTS, lesson.HIDDEN), nn.ReLU(), nn.Linear(lesson.HIDDEN, lesson.KINDS))
    nn.utils.vector_to_parameters(weights, network.parameters())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped = GradSampleModule(network, loss_reduction="sum")
        nn.functional.cross_entropy(wrapped(images), labels, reduction="sum").backward()
    theirs = torch.cat([part.grad_sample.flatten(1) for part in network.parameters()], dim=1)
    assert_close(ours, theirs, rtol=1e-4, atol=1e-6)
    for row in range(6):
        asked = weights.clone().requires_grad_(True)
        (own,) = torch.autograd.grad(lesson.row_loss(asked, images[row], labels[row]), asked)
        assert_close(ours[row], own, rtol=1e-4, atol=1e-6)
    assert_close(lesson.logits(weights, images), network(images).detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_the_private_gradient_is_opacuss_own(noise):
    each, expected, most = drawn(0, 7, 5), 4, 1.25
    each[:3] *= 0.1  # short enough as they are
    weights = nn.Parameter(torch.zeros(5, dtype=torch.float64))
    weights.grad_sample = each
    theirs = DPOptimizer(
        torch.optim.SGD([weights], lr=1.0),
        noise_multiplier=noise,
        max_grad_norm=most,
        expected_batch_size=expected,
        generator=torch.Generator().manual_seed(3),
    )
    theirs.pre_step()
    # Opacus draws its noise as large as it is wanted, in float32, and divides by a length and a millionth.
    drawn_noise = torch.normal(0, max(noise * most, 1e-9), (5,), generator=torch.Generator().manual_seed(3)).double()
    chance = drawn_noise / max(noise * most, 1e-9)
    assert_close(lesson.private_gradient(each, most, noise, expected, chance), weights.grad, rtol=0, atol=1e-5)


@given(seed=st.integers(0, 999), most=st.sampled_from([0.1, 1.0, 3.0]))
@settings(max_examples=30, deadline=None)
def test_one_row_more_moves_the_private_gradient_by_no_more_than_the_limit(seed, most):
    each, chance = 5 * drawn(seed, 6, 4), drawn(seed + 1, 4)
    without, with_it = (lesson.private_gradient(rows, most, 1.0, 3.0, chance) for rows in (each[:5], each))
    assert float((with_it - without).norm()) <= most / 3 + 1e-12


def test_an_empty_batch_is_noise_and_a_row_of_zeros_stays():
    chance = drawn(0, 3)
    assert_close(
        lesson.private_gradient(torch.zeros(0, 3, dtype=torch.float64), 2.0, 1.5, 4.0, chance), 3.0 * chance / 4
    )
    assert not lesson.private_gradient(torch.zeros(2, 3), 2.0, 0.0, 4.0, torch.ones(3)).any()


# The attacks


@given(members=LOSSES, others=LOSSES)
@settings(max_examples=60, deadline=None)
def test_the_advantage_and_those_caught_are_those_of_scikit_learns_curve(members, others):
    kinds = [1] * len(members) + [0] * len(others)
    false, true, _ = roc_curve(kinds, -torch.cat([members, others]).numpy(), drop_intermediate=False)
    assert float(lesson.advantage(members, others)) == pytest.approx((true - false).max())
    for most in (0.0, 0.25, 0.5, 1.0):
        wanted = true[false <= most + 1e-12].max()
        assert float(lesson.caught_at(members, others, most + 1e-12)) == pytest.approx(wanted)


def test_exposure_is_ten_bits_for_the_first_of_1024_and_none_for_the_last():
    never_seen = torch.arange(1.0, 1024.0)
    assert_close(lesson.exposure(tensor([0.5, 5000.0, 511.5]), never_seen), tensor([10.0, 0.0, 1.0]))


def test_one_gradient_gives_its_picture_back():
    images = torch.rand(3, lesson.INPUTS, generator=torch.Generator().manual_seed(0))
    sent = lesson.per_sample_gradients(lesson.row_loss, lesson.fresh_weights(), images, torch.arange(3))
    for gradient, image in zip(sent, images, strict=True):
        assert_close(lesson.picture_in(gradient), image, rtol=0, atol=1e-4)


def test_a_network_that_saw_the_rows_finds_them_easier_than_others_do():
    lots = lesson.small_digits(0.2)
    few = tuple(part[:200] for part in lots["members"])
    own, other = (
        lesson.train_plainly(lesson.fresh_weights(), *rows, epochs=20, generator=torch.Generator().manual_seed(0))
        for rows in (few, tuple(part[:200] for part in lots["test"]))
    )
    assert float(lesson.calibrated(own, [other], *few).mean()) < -0.5
    assert not lesson.calibrated(own, [own, own], *few).abs().max() > 1e-6


# The digits, and trainings


def test_the_lots_are_apart_and_a_fifth_of_the_labels_is_another_digit():
    noisy, clean = lesson.small_digits(0.2, 3), lesson.small_digits(0.0, 3)
    assert [len(noisy[name][1]) for name in ("members", "others", "test")] == [1500, 1500, 2000]
    for name in noisy:
        assert torch.equal(noisy[name][0], clean[name][0])
        wrong = float((noisy[name][1] != clean[name][1]).float().mean())
        assert wrong == 0 if name == "test" else 0.16 < wrong < 0.24
    rows = {tuple(row) for lot in clean.values() for row in lot[0][:300].tolist()}
    assert len(rows) == 900
    counts = torch.cat([labels for _, labels in clean.values()]).bincount()
    assert counts.tolist() == [500] * 10


def test_a_private_training_repeats_with_its_seed_and_leaves_its_weights_alone():
    images, labels = lesson.small_digits(0.0)["members"]
    start = lesson.fresh_weights()
    runs = [
        lesson.train_privately(start, images, labels, steps=3, generator=torch.Generator().manual_seed(seed))
        for seed in (0, 0, 1)
    ]
    assert torch.equal(runs[0], runs[1]) and not torch.equal(runs[0], runs[2])
    assert torch.equal(start, lesson.fresh_weights())


def test_the_fair_rival_tosses_as_the_private_training_does_and_neither_clips_nor_noises():
    images, labels = lesson.small_digits(0.2)["members"]
    openly = lesson.train_openly(
        lesson.fresh_weights(), images, labels, steps=3, generator=torch.Generator().manual_seed(0)
    )
    nobody_clipped = lesson.train_privately(
        lesson.fresh_weights(),
        images,
        labels,
        noise=0.0,
        most=1e6,
        steps=3,
        learning_rate=0.5,
        generator=torch.Generator().manual_seed(0),
    )
    assert_close(openly, nobody_clipped, rtol=1e-4, atol=1e-6)
    assert not lesson.batch_gradient(lesson.row_loss, lesson.fresh_weights(), images[:0], labels[:0]).any()


def test_each_row_takes_part_by_a_toss_of_its_own():
    sizes, images = [], torch.zeros(400, lesson.INPUTS)
    lesson.train_privately(
        lesson.fresh_weights(),
        images,
        torch.zeros(400, dtype=torch.int64),
        share=0.25,
        steps=60,
        generator=torch.Generator().manual_seed(0),
        gradients=lambda loss, weights, inputs, labels: sizes.append(len(inputs)) or torch.zeros(1, len(weights)),
    )
    assert 95 < sum(sizes) / 60 < 105 and 4 < float(tensor(sizes).double().std()) < 14  # 100 and 8.7 are expected


def test_randomised_response_is_right_on_average_and_keeps_its_promise():
    bits = (torch.arange(4000) % 10 < 3).float()
    found = tensor(
        [lesson.randomised_response(bits, 0.5, torch.Generator().manual_seed(seed))[1] for seed in range(60)]
    )
    assert abs(float(found.mean()) - 0.3) < 0.01
    yes, no = (
        float(lesson.randomised_response(torch.full((40000,), bit), 0.5, torch.Generator().manual_seed(1))[0].mean())
        for bit in (1.0, 0.0)
    )
    assert yes / no == pytest.approx(3, rel=0.05)


def test_the_federated_average_of_one_step_is_the_step_on_all_rows():
    images, labels = lesson.small_digits(0.0)["members"]
    sizes, start = [5, 20, 12], lesson.fresh_weights()
    devices = lesson.unequal_devices(images, labels, sizes)
    assert [len(own) for _, own in devices] == sizes
    stepped = torch.stack([lesson.learn_at_home(start, *device, epochs=1, learning_rate=0.1) for device in devices])
    together = lesson.federated_average(stepped, tensor(sizes))
    asked = start.clone().requires_grad_(True)
    rows = tuple(torch.cat([device[part] for device in devices]) for part in (0, 1))
    (slope,) = torch.autograd.grad(nn.functional.cross_entropy(lesson.logits(asked, rows[0]), rows[1]), asked)
    assert_close(together, start - 0.1 * slope, rtol=1e-4, atol=1e-6)


def test_rounds_go_out_from_what_came_back():
    images, labels = lesson.small_digits(0.0)["members"]
    devices = lesson.unequal_devices(images, labels, [20, 20])
    rounds = lesson.federated(lesson.fresh_weights(), devices, 2, generator=torch.Generator().manual_seed(0))
    chance = torch.Generator().manual_seed(0)
    one = [lesson.learn_at_home(lesson.fresh_weights(), *device, generator=chance) for device in devices]
    two = [lesson.learn_at_home(rounds[0], *device, generator=chance) for device in devices]
    assert_close(rounds[0], torch.stack(one).mean(dim=0))
    assert_close(rounds[1], torch.stack(two).mean(dim=0))


def test_a_shard_knows_nothing_of_the_others_and_votes_are_probabilities():
    images, labels = (part[:60] for part in lesson.small_digits(0.0)["members"])
    whole = lesson.in_shards(images, labels, 3)
    changed = labels.clone()
    changed[:20] = 0
    again = lesson.in_shards(images, changed, 3)
    assert not torch.equal(whole[0], again[0])
    assert torch.equal(whole[1], again[1]) and torch.equal(whole[2], again[2])
    assert_close(lesson.voted(whole, images).sum(dim=1), torch.ones(60))


# The explorer


def test_the_explorer_shows_what_a_training_leaves():
    lots = lesson.small_digits(0.2)
    weights = lesson.train_plainly(lesson.fresh_weights(), *lots["members"], generator=torch.Generator().manual_seed(0))
    explorer = privacy_explorer({"training": 0, "labels": KINDS[0]})
    try:
        found = lesson.advantage(*(lesson.losses(weights, *lots[name]) for name in ("members", "others")))
        assert explorer.curves()["measured"][0] == pytest.approx(float(found), abs=0.04)  # another processor's training
        assert explorer.curves()["accuracy"][0] == pytest.approx(lesson.accuracy(weights, *lots["test"]), abs=0.03)
        rival = lesson.train_openly(
            lesson.fresh_weights(), *lots["members"], generator=torch.Generator().manual_seed(0)
        )
        assert explorer.curves()["accuracy"][1] == pytest.approx(lesson.accuracy(rival, *lots["test"]), abs=0.03)
        assert explorer.shares()[:, -1].tolist() == [1, 1]
    finally:
        explorer.close()


def test_the_explorer_says_what_it_shows_and_what_was_promised():
    explorer = privacy_explorer({"training": TRAININGS.index("2"), "labels": "all right", "threshold": BINS - 1})
    try:
        assert "Epsilon is 4.82: no attack wins more than 59.1." in explorer.sentence()
        assert "100.0 of 100 members and 100.0 of 100 others, which wins 0.0 points" in explorer.sentence()
        for training, how in enumerate(
            ("Sixty epochs", "A hundred steps, no clip", "A hundred steps, clipped, no noise")
        ):
            explorer.training = training
            assert explorer.sentence().startswith(how) and "Nothing is promised." in explorer.sentence()
        assert explorer.bounds == sorted(explorer.bounds, reverse=True) and explorer.epsilons[3] > explorer.epsilons[-1]
        assert explorer.still()[1] == explorer.sentence()
    finally:
        explorer.close()


def test_a_loss_has_one_bin_and_larger_ones_lie_further_right():
    assert bin_of(tensor([0.0, 1e-5, 1e-4, 1.0, 31.0, 1e6])).tolist() == [0, 0, 0, 139, 191, 191]
    assert measured()[0].sum(axis=3).max() == measured()[0].sum(axis=3).min() == 1500


@pytest.mark.parametrize("state", [{"training": 12}, {"labels": "wrong"}, {"threshold": BINS}, {"share": 1}])
def test_a_state_that_cannot_be_is_refused(state):
    with pytest.raises(ValueError, match="state"):
        privacy_explorer(state)


@pytest.mark.slow
def test_the_recipe_of_the_explorers_losses_runs(tmp_path):
    said = made_by("privacy", "--steps", "1", to=tmp_path / "tried.npz")
    assert "all right, 8: " in said and (tmp_path / "tried.npz").stat().st_size > 0.15 * SHIPPED.stat().st_size
