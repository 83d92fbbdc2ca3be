"""course/gans.py against torch, what must hold for all inputs, the explorer without a browser, and the lesson's
headline. Belongs to lesson 11 (Two networks that improve each other); the lesson's own checks are tried by the answers
in tests/answers/gans.py.
Read first: course/gans.py."""

import base64
import json
import re
import subprocess
from pathlib import Path

import numpy
import pytest
import torch
from hypothesis import given, settings, strategies
from shared import ROOT, made_by
from torch import nn, tensor
from torch.nn import functional
from torch.testing import assert_close

from course import data
from course import gans as lesson
from course.explorers.gans import SHIPPED, breeding_explorer, folded, pictured, ring_explorer

SEEDS = strategies.integers(0, 2**31)


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def a_generator(seed: int = 0) -> lesson.DigitGenerator:
    """One whose running averages are not those it was made with."""
    torch.manual_seed(seed)
    generator = lesson.DigitGenerator()
    with torch.no_grad():
        for _ in range(3):
            generator(torch.randn(16, 32), torch.randint(10, (16,)))
    return generator.eval()


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_both_losses_are_torchs_cross_entropy_of_logits(seed):
    real, fake = 5 * drawn(7, seed=seed), 5 * drawn(4, seed=seed + 1)
    entropy = functional.binary_cross_entropy_with_logits
    assert_close(lesson.discriminator_loss(real, fake), entropy(real, torch.ones(7)) + entropy(fake, torch.zeros(4)))
    assert_close(lesson.generator_loss(fake), entropy(fake, torch.ones(4)))


def test_the_losses_stay_finite_where_a_sigmoid_is_zero():
    assert_close(lesson.discriminator_loss(tensor([-500.0]), tensor([500.0])), tensor(1000.0))
    logit = tensor([-500.0], requires_grad=True)
    lesson.generator_loss(logit).backward()
    assert_close(logit.grad, tensor([-1.0]))


def test_the_penalty_is_the_squared_slope_of_a_line_and_can_be_walked_down():
    line = nn.Linear(3, 1, bias=False)
    penalty = lesson.r1_penalty(lambda things: line(things)[:, 0], drawn(5, 3))
    assert_close(penalty, line.weight.square().sum())
    penalty.backward()
    assert_close(line.weight.grad, 2 * line.weight.detach())


def a_game(r1: float = 0.0) -> lesson.Game:
    torch.manual_seed(0)
    return lesson.Game(
        lambda: nn.Linear(4, 2),
        lambda: nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1), nn.Flatten(0)),
        lambda parameters: torch.optim.SGD(parameters, lr=0.1),
        r1,
    )


def test_a_step_moves_each_network_by_its_own_loss_only():
    game, real, latents = a_game(), drawn(6, 2), drawn(6, 4, seed=1)
    generator, discriminator = game.generator, game.discriminator
    fake = generator(latents)
    judged = lesson.discriminator_loss(discriminator(real), discriminator(fake.detach()))
    down = torch.autograd.grad(judged, list(discriminator.parameters()))
    expected = [one.detach() - 0.1 * slope for one, slope in zip(discriminator.parameters(), down, strict=False)]
    game.step(real, latents)
    assert_close([one.detach() for one in discriminator.parameters()], expected)


def test_the_discriminator_is_moved_by_nothing_that_the_generators_half_left_behind():
    one, other = a_game(), a_game()
    for step in range(3):
        one.step(drawn(6, 2, seed=step), drawn(6, 4, seed=step + 10))
        other.step(drawn(6, 2, seed=step), drawn(6, 4, seed=step + 10))
        other.discriminator.zero_grad()
        other.generator.zero_grad()
    assert_close(one.weights(), other.weights())


def test_a_penalty_is_part_of_the_loss_and_makes_the_discriminator_flatter():
    plain, damped = a_game(), a_game(10.0)
    real, latents = drawn(6, 2), drawn(6, 4, seed=1)
    assert damped.step(real, latents)[0] > plain.step(real, latents)[0]
    assert lesson.r1_penalty(damped.discriminator, real) < lesson.r1_penalty(plain.discriminator, real)


def test_the_rings_own_points_serve_all_its_modes():
    points = lesson.ring(2000, torch.Generator().manual_seed(0))
    assert lesson.modes_covered(points, lesson.ring_centres(), 0.4, 100) == 8
    assert lesson.modes_covered(points[points[:, 0] > 1.7], lesson.ring_centres(), 0.4, 100) == 1
    assert lesson.modes_covered(points + 50, lesson.ring_centres(), 0.4, 1) == 0


@given(SEEDS, strategies.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_more_radius_or_less_wanted_never_serves_fewer_modes(seed, least):
    points, centres = drawn(30, 2, seed=seed), drawn(5, 2, seed=seed + 1)
    assert lesson.modes_covered(points, centres, 0.5, least) <= lesson.modes_covered(points, centres, 1.0, least)
    assert lesson.modes_covered(points, centres, 0.5, least + 1) <= lesson.modes_covered(points, centres, 0.5, least)


@given(SEEDS, strategies.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_the_arc_keeps_the_length_and_walks_evenly(seed, share):
    start, end = (
        functional.normalize(drawn(8, seed=seed).double(), dim=0),
        functional.normalize(drawn(8, seed=seed + 1).double(), dim=0),
    )
    there = lesson.slerp(start, end, share)
    assert_close(there.norm(), tensor(1.0, dtype=torch.float64))
    whole = torch.arccos((start @ end).clamp(-1, 1))
    assert_close(torch.arccos((start @ there).clamp(-1, 1)), share * whole, atol=1e-5, rtol=1e-5)


def test_the_arc_takes_batches_and_parallel_vectors():
    start, end, shares = drawn(5, 8), drawn(5, 8, seed=1), torch.linspace(0, 1, 5)
    assert_close(
        lesson.slerp(start, end, shares),
        torch.stack([lesson.slerp(*pair) for pair in zip(start, end, shares, strict=False)]),
    )
    assert_close(lesson.slerp(start, 3 * start, 0.25), 1.5 * start, atol=1e-3, rtol=1e-3)
    assert lesson.slerp(start, end, 0.0).allclose(start, atol=1e-5) and lesson.slerp(start, end, 1.0).allclose(
        end, atol=1e-5
    )


@pytest.mark.parametrize("mutation", [0.0, 0.4, 1.0])
def test_children_are_spread_as_their_parents_are(mutation):
    mother, father, noise = drawn(3, 200_000).unbind()
    child = lesson.breed(mother, father, drawn(200_000, seed=1) > 0, mutation, noise)
    assert abs(float(child.std()) - 1) < 0.02


def test_coverage_is_whole_for_copies_and_none_for_strangers():
    real = drawn(200, 4)
    assert lesson.coverage(real, real) == 1.0
    assert lesson.coverage(real, real + 100) == 0.0
    assert 0.3 < lesson.coverage(real, real[real[:, 0] > 0]) < 0.9


def test_the_frechet_distance_is_that_of_two_normal_distributions():
    cloud = drawn(500, 3).double()
    assert abs(lesson.frechet_distance(cloud, cloud)) < 1e-9
    assert abs(lesson.frechet_distance(cloud, cloud + tensor([3.0, 4.0, 0.0])) - 25) < 1e-9, (
        "a shift costs its length squared"
    )
    one, other = drawn(400, 1).double(), 5 + 3 * drawn(300, 1).double()
    assert (
        abs(
            lesson.frechet_distance(one, other)
            - float((one.mean() - other.mean()) ** 2 + (one.std() - other.std()) ** 2)
        )
        < 1e-9
    )
    turned = cloud @ tensor([[2.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.5]]).double()
    one, other = torch.cov(cloud.T), torch.cov(turned.T)
    # the trace of the root of the product, by its definition
    roots = torch.linalg.eigvals(one @ other).real.sqrt().sum()
    direct = (cloud.mean(0) - turned.mean(0)).square().sum() + one.trace() + other.trace() - 2 * roots
    assert abs(lesson.frechet_distance(cloud, turned) - float(direct)) < 1e-6
    with pytest.raises(ValueError, match="same k"):
        lesson.frechet_distance(cloud, cloud[:, :2])


def test_the_logit_of_a_picture_depends_on_what_was_ordered():
    torch.manual_seed(0)
    discriminator = lesson.DigitDiscriminator()
    pictures = drawn(2, 1, 14, 14)
    logits = torch.stack([discriminator(pictures, torch.full((2,), digit)) for digit in range(10)])
    assert logits.shape == (10, 2) and logits.std(dim=0).min() > 0
    assert_close(
        logits[3],
        lesson.conditional_logits(
            discriminator.score(discriminator.features(pictures))[:, 0],
            discriminator.features(pictures),
            discriminator.classes.weight.T,
            tensor([3, 3]),
        ),
    )


@pytest.mark.parametrize("spectral", [False, True])
def test_a_duel_goes_on_where_it_stopped_and_repeats_itself(spectral):
    pictures, labels = torch.rand(40, 1, 14, 14, generator=torch.Generator().manual_seed(0)), torch.arange(40) % 10
    one, other = (lesson.Duel(pictures, labels, seed=3, spectral=spectral, batch_size=8) for _ in range(2))
    whole = tensor(one.play(4, progress=False))
    assert_close(tensor(other.play(2, progress=False) + other.play(2, progress=False)), whole)
    made, asked = lesson.made_to_order(one.average, per_digit=2)
    assert (
        made.shape == (20, 1, 14, 14) and asked[:11].tolist() == [*range(10), 0] and made.min() >= 0 and made.max() <= 1
    )
    assert one.average.training and one.steps == 4


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="mutation is 1.5"):
        lesson.breed(drawn(3), drawn(3), drawn(3) > 0, 1.5, drawn(3))
    with pytest.raises(ValueError, match="centres"):
        lesson.modes_covered(drawn(4, 2), drawn(3, 3), 1.0, 1)
    with pytest.raises(ValueError, match="images has shape"):
        lesson.Duel(drawn(4, 1, 28, 28), torch.arange(4))


def test_an_average_lies_between_old_and_new():
    old, new = nn.Linear(2, 2), nn.Linear(2, 2)
    expected = 0.9 * old.weight.detach() + 0.1 * new.weight.detach()
    lesson.average_into(old, new, 0.9)
    assert_close(old.weight.detach(), expected)


def test_the_explorers_four_layers_are_the_generator():
    generator, latents, digits = a_generator(), drawn(5, 32), torch.eye(10)[:5]
    with torch.no_grad():
        assert_close(
            pictured(folded(generator), latents, digits), generator(latents, digits)[:, 0], atol=1e-5, rtol=1e-5
        )
        assert_close(generator(latents, digits), generator(latents, torch.arange(5)))


def test_the_breeder_comes_with_a_generator_that_was_trained():
    explorer = breeding_explorer()
    assert sum(part.numel() for part in explorer.parts) < 120_000 and SHIPPED.stat().st_size < 300_000
    latents, digits = drawn(100, explorer.sizes[0][1] - 10), torch.eye(10).repeat(10, 1)
    pictures = pictured(explorer.parts, latents, digits)
    images, labels = data.mnist_5k()
    middles = torch.stack([lesson.small_digits(images[labels == digit])[:, 0].mean(dim=0) for digit in range(10)])
    nearest = torch.cdist(pictures.flatten(1), middles.flatten(1)).argmin(dim=1)
    assert float((nearest == digits.argmax(dim=1)).float().mean()) > 0.7, (
        "most are nearest to the mean of the digit that they were ordered as"
    )


@pytest.mark.slow
def test_the_recipe_of_the_shipped_generator_runs(tmp_path):
    made_by("breeder", "--steps", "3", to=tmp_path / "tried.npz")
    with numpy.load(tmp_path / "tried.npz") as tried:
        assert [list(tried[f"part{place}"].shape) for place in range(len(tried.files))] == breeding_explorer().sizes


def test_the_breeder_tells_the_family_in_words_and_draws_it():
    explorer = breeding_explorer(a_generator())
    assert "The mother is number 1, a pure 3; the father is number 2, a pure 8." in explorer.sentence()
    explorer.family = [*explorer.family, {"parents": [0, 1], "share": 0.5, "mutation": 0.0, "lot": 7}]
    explorer.mother = 6
    assert "number 7, of 3 and 8" in explorer.sentence() and "7 members in 2 generations" in explorer.sentence()
    assert explorer._repr_mimebundle_()["text/html"].startswith("<figure")


def test_a_family_comes_back_from_its_state_and_one_that_cannot_be_is_refused():
    explorer = breeding_explorer()
    explorer.family = [*explorer.family, {"parents": [0, 1], "share": 0.25, "mutation": 0.5, "lot": 7}]
    explorer.father = 6
    again = breeding_explorer(state=json.dumps(explorer.state))
    assert again.sentence() == explorer.sentence()
    assert_close(again.child(), explorer.child())
    for wrong, words in (
        ({"family": [{"parents": [0, 1], "share": 0, "mutation": 0, "lot": 0}]}, "state has family"),
        ({"father": 9}, "father 9"),
        ({"genes": 1}, "state is"),
    ):
        with pytest.raises(ValueError, match=words):
            breeding_explorer(state=wrong)


@pytest.mark.parametrize("founders", [(3,), (3, 12)])
def test_a_family_without_two_digits_is_refused_by_name(founders):
    with pytest.raises(ValueError, match="founders is"):
        breeding_explorer(a_generator(), founders=founders)


@pytest.mark.parametrize("wrong, words", [({"piles": 9}, "piles is 9"), ({"r1": -1}, "r1 is -1")])
def test_a_game_that_cannot_be_played_is_refused_by_name(wrong, words):
    with pytest.raises(ValueError, match=words):
        ring_explorer(**wrong)


def test_the_still_of_the_ring_shows_a_game_that_was_played():
    words = ring_explorer().still()[1]
    assert "After 600 steps the generator serves" in words and int(re.search(r"serves (\d) of 8", words).group(1)) >= 3


def in_node(explorer, code: str, folder: Path):
    """What node makes of the explorer's script with this code after it, which prints JSON."""
    (folder / "run.cjs").write_text(explorer._esm.split("export default")[0] + code)
    return json.loads(
        subprocess.run(["node", "run.cjs"], cwd=folder, capture_output=True, text=True, check=True, timeout=120).stdout
    )


def test_the_browser_draws_and_says_what_python_does(tmp_path):
    explorer = breeding_explorer(a_generator())
    explorer.share, explorer.mutation = 0.35, 0.3
    explorer.family = [*explorer.family, {"parents": [0, 1], "share": 0.5, "mutation": 0.2, "lot": 7}]
    explorer.father = 6
    found = in_node(
        explorer,
        f"""
      const state = {json.dumps(explorer.state)}, weights = "{base64.b64encode(explorer.weights).decode()}",
        {{ grown, child }} = grownUp(state.family, 32);
      const drawn = pictured(unpacked(weights, {json.dumps(explorer.sizes)}),
        child({{ ...state, parents: [state.mother, state.father] }}));
      console.log(JSON.stringify({{ drawn: [...drawn], words: familyInWords(state, grown) }}));""",
        tmp_path,
    )
    latent, digit = explorer.child()
    assert_close(
        tensor(found["drawn"]).view(14, 14),
        pictured(explorer.parts, latent[None], digit[None])[0],
        atol=1e-4,
        rtol=1e-3,
    )
    assert found["words"] == explorer.sentence()


def test_the_browsers_gradients_by_hand_are_those_of_torch(tmp_path):
    """One round of the game: the discriminator's, with its penalty, and the generator's, before Adam takes them."""
    code = """
      const chance = seeded(3), rows = 5, leak = 0.2, net = denseNetwork([2, 6, 6, 1], chance, leak),
        x = Float64Array.from({ length: 2 * rows }, normalFrom(chance));
      const kept = () => net.layers.map(({ parts }) => parts.map(({ values, slope }) => [[...values], [...slope]]));
      net.forward(x, rows);
      net.steepness(net.backward(new Float64Array(rows).fill(1), rows, false), rows, 0.5 / rows);
      const logits = net.forward(x, rows),
        byInput = net.backward(logits.map((logit) => -squashed(-logit) / rows), rows);
      console.log(JSON.stringify({ x: [...x], layers: kept(), byInput: [...byInput] }));"""
    found = in_node(ring_explorer(), code, tmp_path)
    network = nn.Sequential(
        nn.Linear(2, 6), nn.LeakyReLU(0.2), nn.Linear(6, 6), nn.LeakyReLU(0.2), nn.Linear(6, 1), nn.Flatten(0)
    ).double()
    linear = [layer for layer in network if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for layer, ((weights, _), (biases, _)) in zip(linear, found["layers"], strict=False):
            layer.weight.copy_(tensor(weights).view_as(layer.weight))
            layer.bias.copy_(tensor(biases))
    x = tensor(found["x"], dtype=torch.float64).view(-1, 2).requires_grad_(True)
    loss = functional.softplus(-network(x)).mean()
    (by_input,) = torch.autograd.grad(loss, x, retain_graph=True)
    assert_close(tensor(found["byInput"], dtype=torch.float64).view(-1, 2), by_input, atol=1e-6, rtol=1e-5)
    (loss + 0.5 * lesson.r1_penalty(network, x)).backward()
    for layer, ((_, by_weight), (_, by_bias)) in zip(linear, found["layers"], strict=False):
        assert_close(
            tensor(by_weight, dtype=torch.float64).view_as(layer.weight), layer.weight.grad, atol=1e-6, rtol=1e-5
        )
        assert_close(tensor(by_bias, dtype=torch.float64), layer.bias.grad, atol=1e-6, rtol=1e-5)


def test_in_the_browser_the_generator_finds_most_of_the_ring_and_the_same_seed_plays_the_same_game(tmp_path):
    code = """
      const played = () => { const game = gameOf({ piles: 8, r1: 1, learning_rate: 0.002, seed: 0 });
        for (let round = 0; round < 700; round++) game.round(); return game.look(); };
      const [one, other] = [played(), played()];
      console.log(JSON.stringify({ served: one.served, same: one.fake.join() === other.fake.join() }));"""
    found = in_node(ring_explorer(), code, tmp_path)
    assert found["served"] >= 4 and found["same"]


def printed_by_the_headline() -> str:
    notebook = json.loads((ROOT / "solutions" / "11-gans" / "gans.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "scores_of(duel.average)" in "".join(cell["source"]))
    return "".join("".join(output["text"]) for output in cell["outputs"] if output.get("name") == "stdout")


def test_the_headline_serves_eight_piles_and_reads_as_ordered():
    printed = printed_by_the_headline()
    assert "the ring: 8 of 8 piles served" in printed
    assert int(re.search(r"read as ordered: (\d+) %", printed).group(1)) >= 90
    assert int(re.search(r"covered: +(\d+) %", printed).group(1)) >= 75
