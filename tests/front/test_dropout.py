"""course/dropout.py against torch, what must hold for all inputs, and the band of lesson 06's headline.
Lesson 06 (Throw some of it away) teaches what is tested; its checks are tried by the answers in
tests/answers/dropout.py. Read course/dropout.py first."""

import json
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import ROOT
from torch import nn, tensor
from torch.nn import functional
from torch.testing import assert_close

from course import dropout as lesson
from course.descent import Adam
from course.explorers.dropout import dropout_explorer, says, small_net

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
DTYPES = [torch.float64, torch.float32, torch.bfloat16]
shares = st.floats(0.0, 0.95)
seeds = st.integers(0, 10_000)


def drawn(*shape: int, seed: int = 0, **options) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), **options)


@given(shares, seeds)
@settings(deadline=None, max_examples=40)
def test_with_the_same_seed_dropout_is_torchs_bit_for_bit(p, seed):
    x = drawn(37, 11, seed=seed)
    torch.manual_seed(seed)
    theirs = functional.dropout(x, p)
    assert torch.equal(lesson.dropout(x, p, generator=torch.Generator().manual_seed(seed)), theirs)
    torch.manual_seed(seed)
    assert torch.equal(lesson.Dropout(p)(x), theirs)


@given(shares, seeds)
@settings(deadline=None, max_examples=40)
def test_with_torchs_own_mask_the_numbers_are_torchs_bit_for_bit(p, seed):
    x = drawn(200, seed=seed)
    torch.manual_seed(seed)
    mask = functional.dropout(torch.ones_like(x), p) > 0
    torch.manual_seed(seed)
    assert torch.equal(lesson.masked(x, mask, p), functional.dropout(x, p))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_device_and_dtype_stay(device, dtype):
    x, chance = drawn(6, 5).to(device, dtype), torch.Generator(device).manual_seed(0)
    results = [
        lesson.masked(x, x > 0, 0.5),
        lesson.dropout(x, 0.3, generator=chance),
        lesson.Dropout(0.3, chance)(x),
        lesson.embedding_dropout(x, 0.3, generator=chance),
        lesson.shrunk(x, 0.1, 0.5),
        lesson.l2_gradient(x, x, 0.1),
        lesson.average_over_masks(lambda row: row * 2, x[0], 0.3),
        lesson.AdamW(x[0]).step(x[0]),
    ]
    assert all(result.dtype == dtype and result.device == x.device for result in results)
    labels = torch.arange(10, device=device)
    assert all(part.device == labels.device for part in lesson.misprint(labels, 0.5))


@given(shares, seeds, st.integers(1, 6))
@settings(deadline=None, max_examples=40)
def test_the_expected_value_of_whatever_only_adds_is_kept(p, seed, count):
    x, layer = drawn(count, seed=seed, dtype=torch.float64), drawn(count, 3, seed=seed + 1, dtype=torch.float64)
    assert_close(lesson.average_over_masks(lambda row: row @ layer, x, p), x @ layer)


def test_ever_more_draws_come_to_the_average_over_all_masks():
    def bent(row):
        return (1 + row[..., 0] - row[..., 1:].sum(dim=-1)).relu()

    x = tensor([2.0, 1.0, 0.5], dtype=torch.float64)
    draws = lesson.dropout(x.expand(400_000, 3), 0.3, generator=torch.Generator().manual_seed(0))
    exact = lesson.average_over_masks(bent, x, 0.3)
    assert_close(bent(draws).mean(), exact, rtol=0.01, atol=0)
    assert abs(float(exact - bent(x))) > 0.05


@given(shares, seeds)
@settings(deadline=None, max_examples=40)
def test_every_number_is_dropped_or_scaled_and_about_the_share_p_is_dropped(p, seed):
    x = torch.rand(100, 100, generator=torch.Generator().manual_seed(seed)) + 0.5
    out = lesson.dropout(x, p, generator=torch.Generator().manual_seed(seed))
    kept = out != 0
    assert_close(out[kept], x[kept] / (1 - p))
    assert abs(float((~kept).float().mean()) - p) < 7 * (p * (1 - p) / 10_000) ** 0.5 + 1e-9


def test_the_gradient_goes_through_what_is_kept_only():
    x = drawn(50).requires_grad_(True)
    out = lesson.dropout(x, 0.25, generator=torch.Generator().manual_seed(0))
    out.sum().backward()
    assert_close(x.grad, (out != 0) / 0.75)


def test_the_layer_follows_its_switch_inside_a_model_and_has_nothing_to_learn():
    model, x = nn.Sequential(nn.Linear(4, 60), lesson.Dropout(0.5)), drawn(3, 4)
    assert (model(x) == 0).any() and not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model[0](x))
    model.train()
    assert (model(x) == 0).any()
    assert list(model[1].parameters()) == [] and "p=0.5" in repr(model)


def test_the_same_generator_gives_the_same_masks():
    first, second = (lesson.Dropout(0.5, torch.Generator().manual_seed(3)) for _ in range(2))
    ones = torch.ones(40)
    assert torch.equal(first(ones), second(ones)) and not torch.equal(first(ones), first(ones))


@given(shares, seeds)
@settings(deadline=None, max_examples=30)
def test_embedding_dropout_takes_whole_rows(p, seed):
    table = torch.rand(40, 6, generator=torch.Generator().manual_seed(seed)) + 0.5
    out = lesson.embedding_dropout(table, p, generator=torch.Generator().manual_seed(seed))
    gone = (out == 0).all(dim=1)
    assert torch.equal(gone, (out == 0).any(dim=1))
    assert_close(out[~gone], table[~gone] / (1 - p))
    assert lesson.embedding_dropout(table, p, training=False) is table


@pytest.mark.parametrize(("learning_rate", "decay"), [(0.01, 0.3), (0.1, 0.0), (1e-3, 10.0)])
def test_adamw_is_that_of_torch(learning_rate, decay):
    start = drawn(8, dtype=torch.float64)
    mine, theirs = lesson.AdamW(start, learning_rate, decay), start.clone().requires_grad_(True)
    optimiser = torch.optim.AdamW([theirs], lr=learning_rate, weight_decay=decay)
    for gradient in drawn(60, 8, seed=1, dtype=torch.float64):
        mine.step(gradient)
        theirs.grad = gradient.clone()
        optimiser.step()
        assert_close(mine.parameters, theirs.detach())


def test_an_l2_penalty_inside_adam_is_torchs_adam_with_weight_decay():
    start = drawn(8, dtype=torch.float64)
    mine, theirs = Adam(start, 0.01), start.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([theirs], lr=0.01, weight_decay=0.3)
    for gradient in drawn(60, 8, seed=1, dtype=torch.float64):
        mine.step(lesson.l2_gradient(gradient, mine.parameters, 0.3))
        theirs.grad = gradient.clone()
        optimiser.step()
        assert_close(mine.parameters, theirs.detach())


@given(seeds, st.floats(1e-4, 0.5), st.floats(0.0, 1.0))
@settings(deadline=None, max_examples=40)
def test_for_plain_descent_weight_decay_and_an_l2_penalty_are_one(seed, learning_rate, decay):
    weights, gradient = drawn(2, 9, seed=seed, dtype=torch.float64)
    penalised = weights - learning_rate * lesson.l2_gradient(gradient, weights, decay)
    assert_close(penalised, lesson.shrunk(weights, learning_rate, decay) - learning_rate * gradient)
    leaf = weights.clone().requires_grad_(True)
    (decay / 2 * leaf.square().sum() + (leaf * gradient).sum()).backward()
    assert_close(leaf.grad, lesson.l2_gradient(gradient, weights, decay))


def test_inside_adam_they_are_two_and_a_weight_without_gradient_falls_at_the_same_speed_whatever_the_decay():
    ends = {}
    for decay in (0.5, 5.0):
        coupled, apart = Adam(torch.ones(1), 0.01), lesson.AdamW(torch.ones(1), 0.01, decay)
        for _ in range(60):
            coupled.step(lesson.l2_gradient(torch.zeros(1), coupled.parameters, decay))
            apart.step(torch.zeros(1))
        ends[decay] = float(coupled.parameters), float(apart.parameters)
    assert ends[0.5][0] == pytest.approx(ends[5.0][0], abs=1e-5)
    assert ends[0.5][1] == pytest.approx(0.995**60, rel=1e-5) and ends[5.0][1] == pytest.approx(0.95**60, rel=1e-4)


@given(st.integers(1, 200), st.floats(0, 1), seeds)
@settings(deadline=None, max_examples=40)
def test_misprints_are_as_many_as_asked_for_and_never_right(count, share, seed):
    labels = torch.arange(count) % 10
    printed, wrong = lesson.misprint(labels, share, generator=torch.Generator().manual_seed(seed))
    assert int(wrong.sum()) == round(share * count)
    assert torch.equal(printed != labels, wrong) and int(printed.min()) >= 0 and int(printed.max()) < 10


def test_training_and_measuring_turn_the_switch_in_every_round():
    seen = []

    class Watched(nn.Module):
        def forward(self, rows):
            seen.append((self.training, torch.is_grad_enabled()))
            return torch.eye(2)[rows.long()]

    rows = tensor([0, 1, 1, 0])
    accuracies = lesson.train_and_measure(
        Watched, lambda model, x, y: model(x), (rows, rows), (rows, tensor([0, 1, 1, 1])), 3
    )
    assert accuracies == [0.75] * 3 and seen == [(True, True), (False, False)] * 3


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, float("nan")])
def test_a_share_that_makes_no_sense_is_refused_by_name(p):
    for call in (
        lambda: lesson.dropout(torch.ones(3), p, training=False),
        lambda: lesson.Dropout(p),
        lambda: lesson.masked(torch.ones(3), torch.ones(3), p),
        lambda: lesson.embedding_dropout(torch.ones(3, 3), p),
    ):
        with pytest.raises(ValueError, match="p is .* the share that is dropped"):
            call()


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="n at most 16"):
        lesson.average_over_masks(torch.sum, torch.ones(17), 0.5)
    with pytest.raises(ValueError, match="table has shape"):
        lesson.embedding_dropout(torch.ones(3), 0.5)
    with pytest.raises(ValueError, match="share is 2"):
        lesson.misprint(torch.arange(3), 2)
    with pytest.raises(ValueError, match="p is 0.95"):
        dropout_explorer(0.95)


def test_nothing_changes_what_it_is_given():
    x = drawn(4, 4)
    kept = x.clone()
    lesson.masked(x, x > 0, 0.5)
    lesson.dropout(x)
    lesson.embedding_dropout(x)
    lesson.misprint(torch.arange(4), 1.0)
    lesson.AdamW(x[0], 0.1).step(x[1])
    assert torch.equal(x, kept)


def test_the_explorers_net_is_one_of_torch_with_dropout():
    weights = small_net()
    x = tensor([1.0, 0.5, -0.8], dtype=torch.float64)
    masks = [[1.0, 0.0, 1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 1.0, 1.0]]
    hidden = x
    for layer, mask in zip(weights[:2], masks, strict=False):
        hidden = functional.relu(functional.linear(hidden, layer.T)) * tensor(mask) / 0.75
    assert says(weights, masks, 0.25) == pytest.approx(float(hidden @ weights[2][:, 0]))


def test_the_explorer_tells_training_from_evaluation_in_words():
    explorer = dropout_explorer(0.5)
    figure, words = explorer.still()
    assert "Training mode, p = 0.50" in words and "mean of 300 passes" in words
    explorer.training = False
    assert "no unit is dropped" in explorer.sentence()
    assert explorer.still()[1] == explorer.sentence()


def printed_by_the_headline() -> str:
    notebook = json.loads((ROOT / "solutions" / "06-dropout" / "dropout.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "torchs_mask" in "".join(cell["source"]))
    return "".join("".join(output["text"]) for output in cell["outputs"] if output.get("name") == "stdout")


def test_the_headline_is_torchs_in_every_bit_and_the_gap_narrows():
    printed = printed_by_the_headline()
    assert "the same in every bit: True" in printed
    without, with_dropout = (
        float(number) for number in re.search(r"gap,.*?(-?[\d.]+) points\s+(-?[\d.]+) points", printed).groups()
    )
    assert 18 <= without <= 28 and 2 <= with_dropout <= 14
