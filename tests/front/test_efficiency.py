"""course/efficiency.py against torch's own quantisation, counter, divergence and clustering by hand, and what must hold
for all inputs. Belongs to lesson 14; the lesson's own checks are tried by the answers in tests/answers/efficiency.py.
Read first: the module."""

import json
import subprocess
import warnings
from pathlib import Path

import numpy
import pytest
import torch
import torch.nn.functional as F
from shared import made_by, printed, shapes
from sklearn.cluster import KMeans
from torch import nn
from torch.testing import assert_close
from torch.utils.flop_counter import FlopCounterMode

from course.efficiency import (
    apply_masks,
    codebook,
    convolution_cost,
    dequantise,
    digit_reader,
    distillation_loss,
    in_codes,
    layer_costs,
    low_rank,
    magnitude_masks,
    pack,
    pruned_training,
    quantise,
    rounded,
    seconds,
    share_weights,
    taught,
    training_cost,
    unpack,
    weights_of,
    without_norms,
)
from course.explorers.efficiency import SHIPPED, STEPS, SizeExplorer, efficiency_explorer
from course.explorers.efficiency import codebook as shared
from course.pretrained import efficientnet_lite0


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("bits", [8, 4, 2, 1])
@pytest.mark.parametrize(("low", "high"), [(-2.0, 1.5), (0.0, 3.0), (-1.3, 0.0)])
def test_codes_are_those_of_torchs_own_quantisation(bits, low, high):
    values = drawn(500)
    codes, scale, zero = quantise(values, low, high, bits)
    told = torch.fake_quantize_per_tensor_affine(values, scale, zero, 0, 2**bits - 1)
    assert_close(dequantise(codes, scale, zero), told)
    assert codes.dtype is torch.uint8 and dequantise(torch.tensor([zero]), scale, zero) == 0


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("low", "high"), [(-2.0, 1.5), (0.0, 3.0), (-1.3, 0.0), (-0.7, 4.1)])
def test_scale_and_zero_point_are_those_of_torchs_observer(low, high):
    from torch.ao.quantization import MinMaxObserver

    observer = MinMaxObserver(dtype=torch.quint8, qscheme=torch.per_tensor_affine)
    observer(torch.tensor([low, high, 0.0]))
    scale, zero = observer.calculate_qparams()
    _, ours, code = quantise(drawn(3), low, high)
    assert ours == pytest.approx(float(scale), rel=1e-6) and code == int(zero)


def test_bytes_are_those_of_torchs_quantised_tensors():
    values = drawn(400)
    codes, scale, zero = quantise(values, -2.0, 2.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that these tensors will go; while they are here they are a witness
        theirs = torch.quantize_per_tensor(values, scale, zero, torch.quint8)
    assert torch.equal(theirs.int_repr(), codes)
    assert_close(theirs.dequantize(), dequantise(codes, scale, zero))


def test_weights_rounded_by_channel_are_torchs():
    kernels = drawn(6, 3, 3, 3) * torch.arange(1, 7)[:, None, None, None]
    low, high = kernels.flatten(1).amin(1).clamp(max=0), kernels.flatten(1).amax(1).clamp(min=0)
    scale = (high - low) / 255
    theirs = torch.fake_quantize_per_channel_affine(kernels, scale, (-low / scale).round().int(), 0, 0, 255)
    assert_close(rounded(kernels, 8, by_channel=True), theirs, rtol=1e-4, atol=1e-5)
    assert (rounded(kernels, 4, True) - kernels).square().mean() < (rounded(kernels, 4) - kernels).square().mean()


def test_a_tensor_of_zeros_stays_one():
    assert torch.equal(rounded(torch.zeros(2, 3)), torch.zeros(2, 3))


@pytest.mark.parametrize(("groups", "stride"), [(1, 1), (4, 1), (8, 2)])
def test_operations_are_those_that_torch_counts(groups, stride):
    layer = nn.Conv2d(8, 16, 3, stride=stride, padding=1, groups=groups, bias=False)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        went = layer(torch.zeros(1, 8, 10, 12))
    assert convolution_cost(8, 16, 3, *went.shape[2:], groups) == (layer.weight.numel(), counter.get_total_flops())


def test_every_layer_of_the_large_network_is_counted_as_torch_does():
    network = efficientnet_lite0()
    costs = layer_costs(network, torch.zeros(1, 3, 224, 224))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 3, 224, 224))
    assert sum(operations for _, operations in costs.values()) == counter.get_total_flops()
    assert sum(weights for weights, _ in costs.values()) == sum(w.numel() for w in weights_of(network))
    assert not any(module._forward_hooks for module in network.modules())


def test_the_codebook_is_scikit_learns():
    values, begin = drawn(300).double(), torch.linspace(-2, 2, 6, dtype=torch.float64)
    centres, codes = codebook(values, begin, 200)
    theirs = KMeans(6, init=begin.numpy()[:, None], n_init=1, max_iter=500, tol=0).fit(values[:, None])
    assert_close(centres, torch.from_numpy(theirs.cluster_centers_[:, 0]))
    assert numpy.array_equal(codes.numpy(), theirs.labels_)


def test_a_step_of_the_codebook_never_makes_it_worse():
    values, centres = drawn(200), torch.tensor([-5.0, 0.0, 0.1, 9.0])
    far = []
    for steps in range(8):
        moved, codes = codebook(values, centres, steps)
        far.append(float((values - moved[codes]).square().sum()))
        assert torch.equal(codes, torch.cdist(values[:, None], moved[:, None]).argmin(dim=1))
    assert far == sorted(far, reverse=True) and far[-1] < far[0] / 2


def test_masks_prune_what_torchs_pruning_does():
    import torch.nn.utils.prune as prune

    net = digit_reader(4)
    masks = magnitude_masks(weights_of(net), 0.7)
    layers = [(layer, "weight") for layer in net if isinstance(layer, nn.Conv2d | nn.Linear)]
    count = int(0.7 * sum(weight.numel() for weight in weights_of(net)))
    prune.global_unstructured(layers, pruning_method=prune.L1Unstructured, amount=count)
    for mask, (layer, _) in zip(masks, layers, strict=True):
        assert torch.equal(mask, layer.weight_mask.bool())


def test_the_loss_is_torchs_divergence_and_cross_entropy():
    student, teacher, labels = drawn(7, 4).requires_grad_(), drawn(7, 4, seed=1), torch.arange(7) % 4
    apart = F.kl_div((student / 3).log_softmax(1), (teacher / 3).softmax(1), reduction="batchmean")
    wanted = 0.3 * F.cross_entropy(student, labels) + 0.7 * 9 * apart
    found = distillation_loss(student, teacher, labels, 3.0, 0.7)
    assert_close(found, wanted)
    for gradient, other in zip(torch.autograd.grad(found, student), torch.autograd.grad(wanted, student), strict=True):
        assert_close(gradient, other)


def test_a_teacher_that_is_sure_does_not_make_it_infinite():
    loss = distillation_loss(torch.tensor([[900.0, 0.0]]), torch.tensor([[0.0, 900.0]]), torch.tensor([1]), 1.0, 0.5)
    assert bool(loss.isfinite())


def test_the_bill():
    days, money, energy = training_cost(1e9, 2e10, 10, 1e14, 0.5, 400, 2)
    assert_close(days * 24 * 10 * 2, money)
    assert_close(days * 24 * 10 * 0.4, energy)
    assert_close(days * 86400 * 10 * 1e14 * 0.5, 6 * 1e9 * 2e10)


def test_what_is_packed_comes_back_to_the_last_bit():
    net = share_weights(digit_reader(4), 4)
    state = {**net.state_dict(), "one": torch.tensor(1.5), "none": torch.zeros(0, 3), "many": drawn(400, 3)}
    back = unpack(pack(state))
    assert list(back) == list(state)
    assert all(torch.equal(back[name], value) and back[name].shape == value.shape for name, value in state.items())


def test_a_file_of_few_that_are_not_zero_finds_their_places_again():
    lonely = torch.zeros(3000)
    lonely[[700, 2999]] = torch.tensor([1.0, -2.0])
    first = torch.zeros(40, 10)
    first[0, 0] = 3.0
    state = {"lonely": lonely, "first": first, "nothing": torch.zeros(900), "alike": torch.ones(900)}
    back = unpack(pack(state))
    assert all(torch.equal(back[name], value) for name, value in state.items())
    assert len(pack({"lonely": lonely})) < 150
    assert torch.equal(unpack(pack({"minus": -torch.zeros(9)}))["minus"], torch.zeros(9))


def test_kernels_in_codes_are_those_that_are_rounded():
    torch.manual_seed(0)
    net = digit_reader(4)
    net[0].weight.data[1] = 0
    for by_channel in (False, True):
        kept = in_codes(net, 8, by_channel)
        scales, zeros = (kept[f"0.{part}"][:, None, None, None] for part in ("scales", "zeros"))
        assert_close(scales * (kept["0.codes"].float() - zeros), rounded(net[0].weight.data, 8, by_channel))
        assert len(scales) == (4 if by_channel else 1) and kept["0.codes"].dtype is torch.uint8
        assert set(kept) == {f"{layer}.{part}" for layer in "0257" for part in ("codes", "scales", "zeros", "bias")}
    assert len(pack(in_codes(net))) < len(pack(net.state_dict())) / 2.5


def test_sixteen_values_a_layer_and_zero_among_them_where_weights_were_pruned():
    net = digit_reader(4)
    apply_masks(net, magnitude_masks(weights_of(net), 0.5))
    small = share_weights(net, 4)
    for before, after in zip(weights_of(net), weights_of(small), strict=True):
        assert len(after.unique()) <= 16
        assert torch.equal(before == 0, after == 0)
    plain = 4 * sum(parameter.numel() for parameter in net.parameters())
    assert len(pack(small.state_dict())) < plain / 7 < len(pack(net.state_dict()))


def test_pruned_training_ends_at_its_share():
    net = digit_reader(4)
    images, labels = drawn(200, 1, 28, 28), torch.arange(200) % 10
    pruned_training(net, images, labels, 0.8, 3, torch.Generator().manual_seed(0), progress=False)
    zeros = sum(int((weight == 0).sum()) for weight in weights_of(net))
    assert zeros == int(0.8 * sum(weight.numel() for weight in weights_of(net)))


def test_a_pupil_comes_near_its_teacher():
    images, labels = drawn(256, 1, 28, 28), torch.arange(256) % 10
    teacher = torch.randn(256, 10, generator=torch.Generator().manual_seed(2)) * 3
    torch.manual_seed(0)
    pupil = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    before = distillation_loss(pupil(images), teacher, labels, share=1.0).detach()
    taught(pupil, images, labels, teacher, 20, torch.Generator().manual_seed(0), share=1.0)
    assert distillation_loss(pupil(images), teacher, labels, share=1.0) < before / 4


def test_norms_are_folded_without_a_change():
    network = efficientnet_lite0()
    images = drawn(2, 3, 224, 224)
    folded = without_norms(network)
    with torch.no_grad():
        assert_close(folded(images), network(images), rtol=1e-3, atol=1e-3)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    assert any(isinstance(module, nn.BatchNorm2d) for module in network.modules())


def test_full_rank_is_the_layer_itself_and_the_best_of_a_lower_one_is_svds():
    layer, seen = nn.Linear(12, 7), drawn(5, 12)
    with torch.no_grad():
        assert_close(low_rank(layer, 7)(seen), layer(seen))
        thin = low_rank(layer, 3)
        gap = torch.linalg.matrix_norm(layer.weight - thin[1].weight @ thin[0].weight)
    assert_close(gap, torch.linalg.svdvals(layer.weight.detach())[3:].norm())


def test_seconds_are_those_of_a_call():
    import time

    assert 0.01 <= seconds(lambda: time.sleep(0.01), 3) < 1


# The explorer


def in_node(explorer: SizeExplorer, script: str, folder: Path):
    """What a script that begins with the explorer's own writes in node, read as JSON."""
    module = folder / "module.mjs"
    module.write_text(explorer._esm + script, encoding="utf-8")
    ran = subprocess.run(["node", str(module)], capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


STATES = [
    {"share": share, "bits": bits, "trained": trained}
    for share, bits, trained in (
        (0.0, 32, False),
        (0.7, 6, False),
        (0.9, 4, True),
        (0.95, 2, True),
        (0.5, 1, False),
        (0.98, 1, True),
    )
]


def test_the_script_computes_and_says_what_python_does_in_a_tenth_of_a_second(tmp_path):
    explorer = efficiency_explorer()
    made, words = [], []
    for state in STATES:
        for name, value in state.items():
            setattr(explorer, name, value)
        made.append(explorer.numbers(**state).tolist())
        words.append(explorer.sentence())
    sent = json.loads(explorer.traits_as_json())
    found = in_node(
        explorer,
        f"""
      const numbers = halvesOf(bytesOf({json.dumps(sent["weights"])})), each = WEIGHTS + BIASES;
      const networks = SHARES.map((_, place) => numbers.subarray(place * each, (place + 1) * each));
      const bytes = bytesOf({json.dumps(sent["pixels"])}), labels = bytesOf({json.dumps(sent["labels"])});
      const digits = Array.from(labels, (_, number) => Float64Array.from(
        bytes.subarray(number * AREA, (number + 1) * AREA), (value) => value / 255));
      const look = (now) => {{
        const made = madeOf(networks, now);
        return {{ made, size: sizeOf(made, now.bits), right: rightOf(made, digits, labels) }};
      }};
      const whole = look({{ share: 0, bits: 32, trained: false }});
      console.log(JSON.stringify({json.dumps(STATES)}.map((now) => {{
        const began = performance.now(), found = look(now), took = performance.now() - began;
        return {{ made: [...found.made], words: sizeInWords(now, found, whole, labels.length), took }};
      }})));
    """,
        tmp_path,
    )
    for one, wanted, said in zip(found, made, words, strict=True):
        assert_close(torch.tensor(one["made"]), torch.tensor(wanted), atol=1e-9, rtol=1e-9)
        assert one["words"] == said
    assert min(one["took"] for one in found) < 100


def test_what_the_lesson_says_of_the_explorer_holds():
    explorer = efficiency_explorer()

    def right(share, bits, trained):
        return explorer.right(explorer.numbers(share, bits, trained))

    whole = right(0.0, 32, False)
    assert whole - right(0.5, 32, False) <= 10
    assert whole - right(0.7, 32, False) > 20 and right(0.9, 32, False) < len(explorer.labels) / 2
    assert 5 <= whole - right(0.8, 32, True) <= 15
    assert abs(whole - right(0.0, 4, False)) <= 3
    assert 5 <= whole - right(0.0, 2, False) <= 25 and right(0.0, 1, False) < 400


def test_the_explorers_codebook_is_the_courses():
    values = drawn(300).double()
    begin = torch.linspace(float(values.min()), float(values.max()), 7, dtype=torch.float64)
    centres, codes = codebook(values, begin, STEPS)
    assert_close(torch.from_numpy(shared(values.numpy(), 7)), centres[codes])


@pytest.mark.slow
def test_the_recipe_of_the_networks_runs(tmp_path):
    made_by("efficiency", "--epochs", "1", to=tmp_path / "tried.npz")
    assert shapes(tmp_path / "tried.npz") == shapes(SHIPPED)
    assert SHIPPED.stat().st_size < 200_000


def test_a_state_that_no_explorer_has_is_refused():
    with pytest.raises(ValueError, match="which this explorer cannot show"):
        efficiency_explorer(state={"bits": 5})
    assert isinstance(efficiency_explorer(state='{"bits": 4}'), SizeExplorer)


# The lesson


def test_the_built_notebook_shows_the_headline_in_its_band():
    said = printed("14-efficiency", "at least 25 times smaller")
    assert said.count("True") == 2 and "False" not in said


def test_a_loop_in_javascript_takes_some_tens_of_times_what_torch_takes(tmp_path):
    script = tmp_path / "loop.mjs"
    script.write_text(
        """
      const places = 196, channels = 16, rows = Float32Array.from({ length: channels * places }, Math.random),
        table = Float32Array.from({ length: channels * channels }, Math.random), times = [];
      for (let turn = 0; turn < 200; turn++) {
        const began = performance.now(), out = new Float32Array(channels * places);
        for (let kernel = 0; kernel < channels; kernel++) {
          for (let place = 0; place < places; place++) {
            let sum = 0;
            for (let channel = 0; channel < channels; channel++) {
              sum += table[kernel * channels + channel] * rows[channel * places + place];
            }
            out[kernel * places + place] = sum;
          }
        }
        times.push((performance.now() - began) / 1000 + 0 * out[0]);
      }
      console.log(times.sort((one, other) => one - other)[100]);
    """,
        encoding="utf-8",
    )
    took = float(subprocess.run(["node", str(script)], capture_output=True, text=True, check=True, timeout=60).stdout)
    place, kernels = torch.rand(1, 16, 14, 14), torch.rand(16, 16, 1, 1)
    with torch.no_grad():
        native = seconds(lambda: F.conv2d(place, kernels), 50)
    assert 2 < took / native < 200, f"{took / native:.0f} times as long"
