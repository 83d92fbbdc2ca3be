"""Tests of course/training.py: against a loop written out by hand, and by properties that hold for all inputs.
Lesson 04 (A pile of very simple choices) teaches what is tested.
Read course/training.py first."""

import functools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course import bars, training

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def two_heaps(count: int = 60, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Points (count, 2) in two heaps that a line parts, and their classes (count,)."""
    generator = torch.Generator().manual_seed(seed)
    targets = torch.arange(count) % 2
    return torch.randn(count, 2, generator=generator) + 4.0 * targets[:, None] - 2, targets


def small_net(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Dropout(0.0), nn.Linear(8, 2))


def shuffled(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    "optimiser", [torch.optim.Adam, torch.optim.SGD, functools.partial(torch.optim.AdamW, weight_decay=0.1)]
)
def test_it_is_the_loop_written_out_by_hand(optimiser):
    inputs, targets = two_heaps()
    mine, theirs = small_net(), small_net()
    history = training.train(
        mine, inputs, targets, epochs=3, batch_size=16, learning_rate=0.05, optimiser=optimiser, generator=shuffled()
    )
    walker, order, losses = optimiser(theirs.parameters(), lr=0.05), shuffled(), []
    for _ in range(3):
        for rows in torch.randperm(60, generator=order).split(16):
            loss = nn.functional.cross_entropy(theirs(inputs[rows]), targets[rows])
            theirs.zero_grad()
            loss.backward()
            walker.step()
            losses.append(loss.item())
    assert history.losses == pytest.approx(losses)
    for one, other in zip(mine.parameters(), theirs.parameters(), strict=False):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("device", DEVICES)
def test_it_learns_what_can_be_learned_on_any_device_and_moves_the_data_itself(device):
    inputs, targets = two_heaps()
    net = small_net().to(device)
    history = training.train(
        net, inputs, targets, epochs=10, learning_rate=0.02, validation=two_heaps(40, seed=1), generator=shuffled()
    )
    assert training.accuracy(net, inputs, targets) > 0.95
    assert (
        len(history.train_accuracy) == len(history.validation_accuracy) == 10 and history.validation_accuracy[-1] > 0.9
    )
    assert history.losses[-1] < history.losses[0] / 2 and history.seconds > 0 and "10 batches" in repr(history)
    assert inputs.device.type == "cpu"


@given(st.integers(1, 50), st.integers(1, 60), st.integers(1, 3), st.integers(0, 99))
@settings(deadline=None, max_examples=25)
def test_every_row_comes_once_an_epoch_with_its_own_target(count, batch_size, epochs, seed):
    seen = []

    def loss(predictions, targets):
        seen.append(targets)
        return predictions.sum() * 0

    rows = torch.arange(float(count))
    model = nn.Linear(1, 1)
    passed = []
    training.train(
        model,
        rows[:, None],
        rows,
        epochs=epochs,
        batch_size=batch_size,
        loss=loss,
        generator=shuffled(seed),
        transform=lambda batch: passed.append(batch[:, 0]) or batch,
    )
    assert torch.equal(torch.cat(seen), torch.cat(passed))
    assert torch.equal(torch.cat(seen).view(epochs, count).sort(dim=1).values, rows.expand(epochs, count))


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    inputs, targets = two_heaps()
    runs = [
        training.train(small_net(), inputs, targets, epochs=2, batch_size=8, generator=shuffled(seed)).losses
        for seed in (3, 3, 4)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_after_each_batch_the_state_says_where_the_run_stands():
    states = []
    history = training.train(small_net(), *two_heaps(), epochs=2, batch_size=25, after_batch=states.append)
    assert [state.step for state in states] == [1, 2, 3, 4, 5, 6] and [state.epoch for state in states] == [
        0,
        0,
        0,
        1,
        1,
        1,
    ]
    assert [float(state.loss) for state in states] == history.losses and isinstance(states[0].model, nn.Module)


def test_the_schedule_climbs_to_the_rate_and_cools_down_to_nearly_nothing():
    rates, made = [], []

    def remembered(parameters, lr):
        made.append(torch.optim.SGD(parameters, lr=lr))
        return made[-1]

    training.train(
        small_net(),
        *two_heaps(),
        epochs=10,
        batch_size=10,
        learning_rate=0.5,
        optimiser=remembered,
        schedule=True,
        after_batch=lambda state: rates.append(made[0].param_groups[0]["lr"]),
    )
    assert (
        max(rates) == pytest.approx(0.5, rel=0.02)
        and rates[0] < 0.03
        and rates[-1] < 1e-4
        and 12 <= rates.index(max(rates)) + 1 <= 20
    )


@pytest.mark.parametrize("epochs", [1, 2])
def test_a_schedule_of_one_or_two_steps_works(epochs):
    training.train(small_net(), *two_heaps(), epochs=epochs, schedule=True)


def test_training_is_in_training_mode_measuring_in_eval_mode_and_each_module_is_left_as_it_came():
    net, modes = small_net(), []
    net.eval()
    net[0].train()
    net[2].register_forward_hook(lambda module, *_: modes.append(module.training))
    training.train(net, *two_heaps(), epochs=1, batch_size=30, validation=two_heaps(10, seed=1))
    assert modes == [True, True, False, False]
    assert [module.training for module in net] == [True, False, False, False] and not net.training


def test_accuracy_is_the_share_of_right_answers_however_it_is_split():
    inputs, targets = two_heaps(47)
    net = small_net()
    share = float((net(inputs).argmax(dim=1) == targets).double().mean())
    assert [training.accuracy(net, inputs, targets, batch_size) for batch_size in (1, 10, 47, 1000)] == pytest.approx(
        [share] * 4
    )
    assert all(parameter.grad is None for parameter in net.parameters())


def test_arguments_that_cannot_be_trained_with_are_named():
    inputs, targets = two_heaps()
    with pytest.raises(ValueError, match="inputs has 60 rows and targets has 59"):
        training.train(small_net(), inputs, targets[1:], epochs=1)
    with pytest.raises(ValueError, match="epochs is 0"):
        training.train(small_net(), inputs, targets, epochs=0)
    with pytest.raises(ValueError, match="precision is torch.int8"):
        training.train(small_net(), inputs, targets, epochs=1, precision=torch.int8)
    with pytest.raises(ValueError, match="the class of each row as a whole number"):
        training.accuracy(small_net(), inputs, targets.float())


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_half_precision_learns_too_and_leaves_the_weights_in_full(device, precision):
    inputs, targets = two_heaps()
    net = small_net().to(device)
    training.train(net, inputs, targets, epochs=10, learning_rate=0.02, precision=precision)
    assert training.accuracy(net, inputs, targets) > 0.9 and all(
        parameter.dtype is torch.float32 for parameter in net.parameters()
    )


def test_the_bar_shows_only_in_runs_that_take_a_while(capsys, monkeypatch):
    training.train(small_net(), *two_heaps(), epochs=1)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(bars, "SECONDS_BEFORE", 0)
    training.train(small_net(), *two_heaps(), epochs=1)
    assert "it/s" in capsys.readouterr().err
    training.train(small_net(), *two_heaps(), epochs=1, progress=False)
    assert capsys.readouterr().err == ""


def test_live_curves_are_one_figure_that_is_drawn_again(monkeypatch):
    shown = []

    class Handle:
        def update(self, bundle, raw):
            shown.append(bundle)

    monkeypatch.setattr(training, "display", lambda bundle, **_: shown.append(bundle) or Handle())
    training.train(
        small_net(),
        *two_heaps(),
        epochs=2,
        batch_size=30,
        validation=two_heaps(10, seed=1),
        curves=training.LiveCurves(every=0),
    )
    assert 2 <= len(shown) <= 5 and len({bundle["text/html"] for bundle in shown}) > 1
    assert all('alt="The loss of each batch' in bundle["text/html"] for bundle in shown)


def test_live_curves_without_a_notebook_do_no_harm(capsys):
    training.train(small_net(), *two_heaps(), epochs=1, batch_size=30, curves=training.LiveCurves(every=0, alt="a run"))
