"""Tests of course/explanations.py against captum on the same networks and by what must hold for all inputs, of its
explorer, and of lesson 13's headline. Lesson 13 (Right for the wrong reason) teaches what is tested.
Read course/explanations.py first."""

import json
import subprocess
from functools import cache
from pathlib import Path

import numpy
import pytest
import torch
import torch.nn.functional as F
from captum.attr import GuidedBackprop, IntegratedGradients, LayerGradCam, Occlusion, Saliency
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import made_by, printed, shapes
from torch import Tensor, nn, tensor
from torch.testing import assert_close

from course import data, explanations
from course.convolutions import class_activation_map
from course.explorers.explanations import SHIPPED, ExplanationsExplorer, explanations_explorer, on_the_mark
from course.pretrained import efficientnet_lite0, prepared

seeds = st.integers(0, 10_000)


@cache
def a_network(channels: int = 2) -> nn.Sequential:
    """A small convolutional network in float64, not trained: attributions hold for any weights."""
    torch.manual_seed(0)
    layers = (nn.Conv2d(channels, 5, 3, padding=1), nn.ReLU(), nn.Conv2d(5, 6, 3), nn.ReLU(), nn.Flatten())
    return nn.Sequential(*layers, nn.Linear(6 * 4 * 5, 3)).double().eval()


def some(seed: int, n: int = 3, channels: int = 2) -> tuple[Tensor, Tensor]:
    """Images (n, channels, 6, 7) and the classes that they are asked about."""
    generator = torch.Generator().manual_seed(seed)
    return (
        torch.randn(n, channels, 6, 7, dtype=torch.float64, generator=generator),
        torch.randint(3, (n,), generator=generator),
    )


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_saliency_is_captums(seed):
    images, classes = some(seed)
    theirs = Saliency(a_network()).attribute(images.clone().requires_grad_(True), target=classes)
    assert_close(explanations.saliency(a_network(), images, classes), theirs.amax(dim=1))


@given(seeds, st.integers(2, 20))
@settings(deadline=None, max_examples=15)
def test_integrated_gradients_are_captums_by_its_middle_rule(seed, steps):
    images, classes = some(seed)
    baselines, _ = some(seed + 1)
    theirs = IntegratedGradients(a_network()).attribute(
        images, baselines, target=classes, n_steps=steps, method="riemann_middle"
    )
    assert_close(explanations.integrated_gradients(a_network(), images, baselines, classes, steps), theirs)


@given(seeds, st.sampled_from([1, 2, 3, 4]), st.sampled_from([0.0, 0.5]))
@settings(deadline=None, max_examples=15)
def test_occlusion_is_captums(seed, side, fill):
    images, classes = some(seed)
    theirs = Occlusion(a_network()).attribute(
        images, (2, side, side), strides=(2, side, side), target=classes, baselines=fill
    )
    ours = explanations.occlusion(a_network(), images, classes, side, fill)
    spread = ours.repeat_interleave(side, dim=1).repeat_interleave(side, dim=2)[:, :6, :7]
    assert_close(spread.float(), theirs[:, 0])  # captum gives float32


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_grad_cam_is_captums(seed):
    images, classes = some(seed)
    net = a_network()
    theirs = LayerGradCam(net, net[3]).attribute(images, target=classes, relu_attributions=True)
    assert_close(explanations.grad_cam(net[:4], net[4:], images, classes), theirs[:, 0])


@given(seeds)
@settings(deadline=None, max_examples=10)
def test_guided_backpropagation_is_captums_and_leaves_the_network_as_it_was(seed):
    images, classes = some(seed)
    net = a_network()
    plain = explanations.gradient(net, images, classes)
    with explanations.guided(net):
        ours = explanations.gradient(net, images, classes)
    assert torch.equal(explanations.gradient(net, images, classes), plain)
    theirs = GuidedBackprop(net).attribute(images.clone().requires_grad_(True), target=classes)
    assert_close(ours, theirs)


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_where_one_dense_layer_reads_the_mean_grad_cam_is_the_class_activation_map_over_the_places(seed):
    images, classes = some(seed, channels=5)
    head = nn.Linear(5, 3).double()
    cam = class_activation_map(images, head.weight, classes).clamp(min=0)
    ours = explanations.grad_cam(lambda given: given, lambda maps: head(maps.mean(dim=(2, 3))), images, classes)
    assert_close(ours, cam.detach() / 42)


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_integrated_gradients_add_up_to_the_rise_of_the_logit(seed):
    images, classes = some(seed)
    baselines, _ = some(seed + 1)
    found = explanations.integrated_gradients(a_network(), images, baselines, classes, 400)
    rise = (a_network()(images) - a_network()(baselines)).gather(1, classes[:, None])[:, 0].detach()
    assert_close(found.sum(dim=(1, 2, 3)), rise, atol=1e-2, rtol=1e-2)  # a network with bends: 400 steps see each once


def test_noise_of_no_size_leaves_the_saliency_as_it_is_and_a_seed_gives_the_same_again():
    images, classes = some(3)
    plain = explanations.saliency(a_network(), images, classes)
    assert_close(explanations.smooth_grad(a_network(), images, classes, noise=0.0, samples=3), plain)
    one, same, other = (
        explanations.smooth_grad(a_network(), images, classes, generator=torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, same) and not torch.equal(one, other) and not torch.equal(one, plain)


@given(seeds, st.permutations([0, 3, 7, 42]))
@settings(deadline=None, max_examples=15)
def test_a_deletion_curve_begins_with_the_image_and_ends_with_the_fill(seed, counts):
    images, classes = some(seed)
    maps = torch.rand(3, 6, 7, generator=torch.Generator().manual_seed(seed))
    curve = explanations.deletion_curve(a_network(), images, maps, classes, counts, fill=0.5)
    for count, shown in ((0, images), (42, torch.full_like(images, 0.5))):
        sure = a_network()(shown).softmax(dim=1).gather(1, classes[:, None])[:, 0].detach()
        assert_close(curve[:, counts.index(count)], sure)
    alone = explanations.deletion_curve(a_network(), images[1:2], maps[1:2], classes[1:2], counts, fill=0.5)
    assert_close(curve[1:2], alone, rtol=1e-9, atol=1e-9)


def test_a_transplant_of_everything_makes_every_image_the_donor():
    images, _ = some(4, n=5)
    images, donor = images[..., :6], images[2, :, :, :6]
    said = int(a_cropped(donor[None]).argmax())
    whole = explanations.transplant(a_cropped, images, donor, said, side=6)
    assert_close(whole, torch.ones(1, 1, dtype=torch.float64))
    shares = sum(explanations.transplant(a_cropped, images, donor, label, side=2) for label in range(3))
    assert_close(shares, torch.ones(3, 3, dtype=torch.float64))


def a_cropped(images: Tensor) -> Tensor:
    """The network on images of 6 by 6, with a column of zeros beside them."""
    return a_network()(F.pad(images, (0, 1)))


def test_both_ways_the_mark_says_nothing_about_the_label():
    pixels, labels = torch.rand(6, 1, 5, 5), tensor([0, 1, 1, 8, 8, 8])
    mark = torch.ones(2, 3)
    images, twice = explanations.both_ways(pixels, labels, mark, 1, 2)
    marked = (images[:, 0, 1:3, 2:5] == 1).flatten(1).all(dim=1)
    assert [twice[marked].tolist(), twice[~marked].tolist()] == [labels.tolist()] * 2
    assert torch.equal(images[:6], explanations.stamp(pixels, torch.zeros(2, 3), 1, 2))


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_shares_inside_a_region_and_outside_it_make_one(seed):
    maps = torch.randn(4, 6, 7, generator=torch.Generator().manual_seed(seed))
    region = torch.zeros(6, 7, dtype=torch.bool)
    region[:2, 3:] = True
    assert_close(explanations.share_inside(maps, region) + explanations.share_inside(maps, ~region), torch.ones(4))
    assert explanations.share_inside(torch.zeros(1, 6, 7), region).isnan().all()


def test_ranks_agree_with_themselves_and_not_with_their_reverse():
    maps = torch.rand(2, 32, 32, generator=torch.Generator().manual_seed(0))
    assert_close(explanations.rank_agreement(maps, 3 * maps + 1), torch.ones(2))
    assert_close(explanations.rank_agreement(maps, -maps), -torch.ones(2))


@given(seeds)
@settings(deadline=None, max_examples=15)
def test_equal_means_share_the_mean_of_their_places_and_a_map_of_zeros_agrees_with_nothing(seed):
    generator = torch.Generator().manual_seed(seed)
    one, other = (torch.randint(3, (1, 6, 7), generator=generator).double() for _ in range(2))
    ranks = []
    for numbers in (one.flatten().tolist(), other.flatten().tolist()):
        in_order = sorted(numbers)
        places = {x: numpy.mean([at for at, found in enumerate(in_order) if found == x]) for x in set(numbers)}
        ranks.append([places[x] for x in numbers])
    theirs = numpy.corrcoef(ranks)[0, 1]
    assert float(explanations.rank_agreement(one, other, 1)) == pytest.approx(theirs, abs=1e-5)
    nothing = torch.zeros(1, 6, 7)
    assert explanations.rank_agreement(nothing, nothing, 1).isnan().all()
    assert explanations.rank_agreement(nothing, one.float(), 1).isnan().all()


def test_nothing_that_is_given_is_changed():
    net, (images, classes) = a_network(), some(5)
    kept = images.clone(), {name: value.clone() for name, value in net.state_dict().items()}
    baselines = torch.zeros_like(images)
    explanations.saliency(net, images, classes)
    explanations.occlusion(net, images, classes, 2)
    explanations.integrated_gradients(net, images, baselines, classes, 2)
    explanations.deletion_curve(net, images, images[:, 0], classes, [3])
    assert torch.equal(images, kept[0]) and not images.requires_grad and not baselines.any()
    assert all(torch.equal(value, kept[1][name]) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())


# The network of photographs


@pytest.fixture(scope="module")
def net():
    return efficientnet_lite0()


@pytest.fixture(scope="module")
def photos() -> Tensor:
    return torch.stack([prepared(photo, 96) for photo in list(data.pictures().values())[:2]])


def test_forgetting_shuffles_what_was_asked_for_and_nothing_else(net, photos):
    before = {name: value.clone() for name, value in net.state_dict().items()}
    forgetful = explanations.shuffled(net, 2, torch.Generator().manual_seed(0))
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    changed = {name for name, value in forgetful.state_dict().items() if not torch.equal(value, before[name])}
    assert {name.split(".")[0] + name.split(".")[1] for name in changed} == {"body16", "body17", "head1"}
    for name in changed:
        assert torch.equal(forgetful.state_dict()[name].flatten().sort().values, before[name].flatten().sort().values)
    assert len(net.body) == 18, "the lesson and the docstring say so"


def test_the_map_of_a_photograph_has_its_size_and_is_grad_cam(net, photos):
    classes = tensor([285, 967])
    found = explanations.cam_of(net, photos, classes)
    coarse = explanations.grad_cam(net.body, lambda maps: net.head(net.pool(maps)), photos, classes)
    theirs = LayerGradCam(net, net.body[-1][-1]).attribute(
        photos.clone().requires_grad_(True), target=classes, relu_attributions=True
    )
    assert found.shape == (2, 96, 96)
    assert_close(coarse, theirs[:, 0].detach(), atol=1e-4, rtol=1e-3)


def test_a_picture_made_to_excite_a_filter_excites_it_more_than_noise_does(net):
    part = net.body[:3]
    made = explanations.exciting(part, [0, 5], side=32, steps=15, generator=torch.Generator().manual_seed(0))
    noise = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    assert made.shape == (2, 3, 32, 32) and float(made.abs().max()) <= 2
    for number, channel in enumerate((0, 5)):
        assert part(made)[number, channel].mean() > part(noise)[:, channel].mean() + 0.5


# The explorer


def in_node(explorer, code: str, folder: Path):
    """What node makes of the explorer's script with this code after it, which prints JSON."""
    (folder / "run.cjs").write_text(explorer._esm.split("export default")[0] + code, encoding="utf-8")
    done = subprocess.run(["node", "run.cjs"], cwd=folder, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


@pytest.mark.parametrize("network", ["before", "mended"])
def test_the_script_computes_and_says_what_python_does_in_a_tenth_of_a_second(network, tmp_path):
    states = [
        {"network": network, "digit": digit, "marked": marked, "asked": asked}
        for digit, marked, asked in ((3, True, 8), (8, False, 8), (1, True, 1), (0, False, 6))
    ]
    explorer = explanations_explorer()
    pictures, logits, maps, words = [], [], [], []
    for state in states:
        for name, value in state.items():
            setattr(explorer, name, value)
        pictures.append(explorer.picture.tolist())
        logits.append(explorer.net.logits(explorer.picture[None])[0].tolist())
        maps.append([layer.tolist() for layer in explorer.net.maps(explorer.picture, state["asked"]).values()])
        words.append(explorer.sentence())
    sent = json.loads(explorer.traits_as_json())
    found = in_node(
        explorer,
        f"""
      const numbers = halvesOf(bytesOf({json.dumps(sent["weights"])})), half = numbers.length / 2;
      const networks = {{ before: networkOf(numbers.subarray(0, half)), mended: networkOf(numbers.subarray(half)) }};
      const shaken = shakenOf(networks["{network}"]);
      const pictures = {json.dumps(pictures)};
      const came = {json.dumps(states)}.map((now, at) => {{
        const picture = Float64Array.from(pictures[at]), net = networks[now.network], began = performance.now();
        const found = {{ logits: logitsOf(net, picture), maps: mapsOf(net, picture, now.asked, shaken) }};
        const took = performance.now() - began;
        return {{ ...found, maps: found.maps.map((map) => [...map]), words: mapsInWords(now, found), took }};
      }});
      console.log(JSON.stringify(came));
    """,
        tmp_path,
    )
    for at, one in enumerate(found):
        assert_close(tensor(one["logits"]), tensor(logits[at]), atol=1e-4, rtol=1e-4)
        assert_close(tensor(one["maps"]), tensor(maps[at]), atol=1e-4, rtol=1e-4)
        assert one["words"] == words[at]
    assert min(one["took"] for one in found) < 100


def test_the_explorers_maps_are_those_of_the_course():
    explorer = explanations_explorer()
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    half = torch.from_numpy(
        numpy.frombuffer(explorer.weights, dtype=numpy.float16)[: len(explorer.weights) // 4].copy()
    )
    nn.utils.vector_to_parameters(half.double(), net.parameters())
    picture, asked = torch.from_numpy(explorer.picture).view(1, 1, 28, 28), tensor([explorer.asked])
    maps = {method: torch.from_numpy(layer) for method, layer in explorer.net.maps(explorer.picture, 8).items()}
    assert_close(maps["saliency"], explanations.saliency(net, picture, asked).flatten())
    squares = explanations.occlusion(net, picture, asked, 4).detach()
    assert_close(maps["occlusion"], squares.repeat_interleave(4, 1).repeat_interleave(4, 2).flatten())
    along = explanations.integrated_gradients(net, picture, torch.zeros_like(picture), asked, 64)
    assert_close(maps["integrated gradients"], along.flatten())


def test_what_the_lesson_says_of_the_explorer_holds_in_all_its_pictures():
    explorer = explanations_explorer()
    said = []
    for digit in range(10):
        for network in ("before", "mended"):
            for marked in (True, False):
                explorer.digit, explorer.network, explorer.marked = digit, network, marked
                read = int(explorer.net.logits(explorer.picture[None]).argmax())
                maps = explorer.net.maps(explorer.picture, 8 if network == "before" else read)
                shares = [on_the_mark(layer) for layer in maps.values()]
                if not marked:
                    assert max(shares[2:]) < 1e-12
                elif network == "before":
                    said.append(read == 8)
                    assert shares[3] >= 0.4 and max(shares[:2]) < 0.25
                    if digit != 8:
                        own = explorer.net.maps(explorer.picture, digit)["integrated gradients"]
                        assert own.reshape(28, 28)[:4, :4].sum() < 0
                else:
                    assert max(shares) <= 0.06 and read == digit
    assert sum(said) >= 7, "a marked digit is mostly read as an 8"


@pytest.mark.slow
def test_the_recipe_of_the_weights_runs(tmp_path):
    made_by("explanations", "--epochs", "1", to=tmp_path / "tried.npz")
    assert shapes(tmp_path / "tried.npz") == shapes(SHIPPED)
    assert SHIPPED.stat().st_size < 200_000


def test_a_state_that_no_explorer_has_is_refused():
    with pytest.raises(ValueError, match="which this explorer cannot show"):
        explanations_explorer(state={"digit": 10})
    assert isinstance(explanations_explorer(state='{"digit": 5}'), ExplanationsExplorer)


# The lesson


def test_the_built_notebook_shows_the_headline_in_its_band():
    said = printed("13-explanations")
    for words in (
        "50 to 70 % before: True - at most 4 % after: True",
        "at most 15 % before: True - at least 85 % after: True",
        "to within a thousandth of it, with 128 steps: True",
        "the square that makes the most eights is the one in the corner: True",
        "the five maps of integrated gradients add up to at most 75 %: True",
        "that the last layer is gone, nor that four blocks are, agreement above 0.9: True",
        "integrated gradients notice even less than saliency: True",
    ):
        assert words in said
    assert ": False" not in said
