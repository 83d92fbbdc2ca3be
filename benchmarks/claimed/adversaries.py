"""What lesson 12 (The same picture, another answer) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/adversaries.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn, tensor

from benchmarks.claims import claim
from course import data
from course.adversaries import (
    adversarial_training,
    digit_network,
    fgsm,
    input_gradient,
    pgd,
    random_signs,
    robust_accuracy,
    stick,
    sticker,
)
from course.pretrained import class_names, efficientnet_lite0, squared, standardised
from course.training import accuracy, train

LESSON = "12-adversaries"
EPSILON = 0.1


@cache
def rows_of(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """4,000 digits to learn on and 1,000 to test on, with their labels."""
    pixels, labels = data.mnist_5k()
    learn, test = data.stratified_split(labels, seed=seed)
    return pixels[learn], labels[learn], pixels[test], labels[test]


@cache
def taught(seed: int, weights: int | None = None) -> nn.Module:
    """The lesson's ordinary reader, on the digits of this seed, from weights of this seed or of another."""
    learn, right, _, _ = rows_of(seed)
    seed = seed if weights is None else weights
    torch.manual_seed(seed)
    reader = digit_network()
    order = torch.Generator().manual_seed(seed)
    train(reader, learn, right, epochs=10, learning_rate=3e-3, schedule=True, generator=order, progress=False)
    return reader.eval()


@cache
def hardened(seed: int) -> nn.Module:
    """The lesson's reader that was trained against attacks."""
    learn, right, _, _ = rows_of(seed)
    torch.manual_seed(seed)
    reader = digit_network()
    order = torch.Generator().manual_seed(seed)
    adversarial_training(reader, learn, right, EPSILON, epochs=6, generator=order, progress=False)
    return reader.eval()


def coins(model: nn.Module, images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    return random_signs(images, epsilon, torch.Generator().manual_seed(0))


def walk(model: nn.Module, images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    return pgd(model, images, labels, epsilon, epsilon / 5, 10)


def left(model: nn.Module, attack, seed: int, epsilon: float = EPSILON) -> float:
    """The share of this seed's test digits that a model still reads."""
    _, _, images, labels = rows_of(seed)
    return accuracy(model, attack(model, images, labels, epsilon), labels)


@claim(LESSON, says="random noise leaves at least 94 %", seeds=3, low=0.94, high=0.98, unit="share")
def noise_leaves(seed: int) -> float:
    return left(taught(seed), coins, seed)


@claim(LESSON, says="FGSM leaves less than 65 %", seeds=3, low=0.2, high=0.65, unit="share, the most", pool="max")
def one_step_leaves(seed: int) -> float:
    return left(taught(seed), fgsm, seed)


@claim(LESSON, says="PGD leaves less than 40 %", seeds=3, low=0.1, high=0.4, unit="share, the most", pool="max")
def many_steps_leave(seed: int) -> float:
    return left(taught(seed), walk, seed)


@claim(
    LESSON,
    says="trained against it, PGD leaves at least 85 %",
    seeds=3,
    low=0.85,
    high=1,
    unit="share, the least",
    pool="min",
)
def hardened_leaves(seed: int) -> float:
    return left(hardened(seed), walk, seed)


@claim(LESSON, says="On these digits you will not see the second", seeds=3, low=-1.5, high=3, unit="points gained")
def price_in_accuracy(seed: int) -> float:
    _, _, images, labels = rows_of(seed)
    return 100 * (accuracy(hardened(seed), images, labels) - accuracy(taught(seed), images, labels))


def half_way(model: nn.Module, seed: int) -> float:
    """The epsilon from which on fewer than half of the test digits are read, in hundredths."""
    _, _, images, labels = rows_of(seed)
    epsilons = [0.02 * place for place in range(1, 16)]
    curve = robust_accuracy(model, walk, images[:200], labels[:200], epsilons)
    return next(epsilon for epsilon, share in zip(epsilons, curve.tolist(), strict=True) if share < 0.5)


@claim(LESSON, says="The hardened one takes about twice as much", seeds=3, low=1.6, high=2.6, unit="times")
def how_much_more_it_takes(seed: int) -> float:
    return half_way(hardened(seed), seed) / half_way(taught(seed), seed)


def sure_of_it(seed: int, epsilon: float) -> float:
    """Of the misread test digits the share of which the network is more than 90 % sure."""
    _, _, images, labels = rows_of(seed)
    belief = taught(seed)(walk(taught(seed), images, labels, epsilon)).softmax(dim=1)
    wrong = belief.argmax(dim=1) != labels
    return float((belief[wrong].amax(dim=1) > 0.9).float().mean())


@claim(LESSON, says="Fooled by a wide margin, a network is mostly sure", seeds=3, low=0.5, high=1, unit="share")
def sure_and_wrong(seed: int) -> float:
    return sure_of_it(seed, 0.15)


@claim(LESSON, says="near the edge, at epsilon .05, it often hesitates", seeds=3, low=0.1, high=0.5, unit="share sure")
def sure_near_the_edge(seed: int) -> float:
    return sure_of_it(seed, 0.05)


@claim(
    LESSON,
    says="what fools one network often fools another",
    seeds=3,
    low=20,
    high=95,
    unit="points lost by the second, beyond those that noise costs",
)
def transfer(seed: int) -> float:
    _, _, images, labels = rows_of(seed)
    other = taught(seed, weights=seed + 100)
    borrowed = pgd(taught(seed), images, labels, 0.15, 0.03, 10)
    noise = random_signs(images, 0.15, torch.Generator().manual_seed(0))
    return 100 * (accuracy(other, noise, labels) - accuracy(other, borrowed, labels))


@claim(
    LESSON,
    says="eight by eight pixels in the lower left",
    seeds=3,
    low=15,
    high=100,
    unit="points more that are read as a 3 than with a random square",
)
def sticker_works(seed: int) -> float:
    learn, _, images, labels = rows_of(seed)
    chance = torch.Generator().manual_seed(seed)
    patch = sticker(taught(seed), learn, 3, 8, (18, 2), generator=chance)
    victims = images[labels != 3]
    tops, lefts = (torch.full((len(victims),), corner) for corner in (18, 2))
    scribble = torch.randint(0, 2, patch.shape, generator=chance).float()
    read = [
        (taught(seed)(stick(victims, square, tops, lefts)).argmax(dim=1) == 3).float() for square in (patch, scribble)
    ]
    return 100 * float(read[0].mean() - read[1].mean())


@claim(
    LESSON,
    says="Its own leaves it about a third of the digits",
    seeds=3,
    low=0.25,
    high=0.42,
    unit="share left of the hardened network's",
)
def its_own_sticker_leaves(seed: int) -> float:
    learn, _, images, labels = rows_of(seed)
    chance = torch.Generator().manual_seed(seed)
    patch = sticker(hardened(seed), learn, 3, 8, (18, 2), generator=chance)
    tops, lefts = (torch.full_like(labels, corner) for corner in (18, 2))
    return accuracy(hardened(seed), stick(images, patch, tops, lefts), labels)


@claim(LESSON, says="where none of these digits has ink", low=0, high=0, unit="share of all digits with ink there")
def ink_in_the_corner(seed: int) -> float:
    pixels, _ = data.mnist_5k()
    return float((pixels[:, 0, 25:28, 25:28].flatten(1) > 0).any(dim=1).float().mean())


@claim(LESSON, says="It defends nothing", seeds=3, low=0, high=0.4, unit="share left by a borrowed attack", pool="max")
def hidden_gradient(seed: int) -> float:
    _, _, images, labels = rows_of(seed)
    return accuracy(taught(seed), walk(taught(seed), images, labels, EPSILON), labels)


def proud(seed: int) -> nn.Module:
    """The ordinary reader, ten thousand times as loud."""
    return nn.Sequential(taught(seed), _Louder())


@claim(
    LESSON, says="Better than training against attacks", seeds=3, low=0.88, high=1, unit="share left by PGD of its own"
)
def hidden_gradient_seems(seed: int) -> float:
    return left(proud(seed), walk, seed)


@claim(
    LESSON,
    says="The defence above shows all but the first: put .3 and 1 into its cell",
    seeds=3,
    low=60,
    high=95,
    unit="points more left by PGD than by coins, at epsilon 1",
)
def coins_find_what_the_gradient_did_not(seed: int) -> float:
    return 100 * (left(proud(seed), walk, seed, 1.0) - left(proud(seed), coins, seed, 1.0))


class _Louder(nn.Module):
    def forward(self, logits: Tensor) -> Tensor:
        return 10_000 * logits


# The photographs


@cache
def network() -> nn.Module:
    return efficientnet_lite0()


def see(pictures: Tensor) -> Tensor:
    return network()(standardised(pictures))


@cache
def photographs() -> dict[str, Tensor]:
    return {name: squared(photo)[None] for name, photo in data.pictures().items()}


@cache
def to_a_gibbon(name: str) -> Tensor:
    return pgd(see, photographs()[name], tensor([GIBBON]), 0.007, 0.00175, 20, towards=True)


GIBBON = class_names().index("gibbon")


@claim(
    LESSON,
    says="of which the network is more than 99 % sure",
    low=0.99,
    high=1,
    unit="probability, the least of five photographs",
)
def five_gibbons(seed: int) -> float:
    return min(float(see(to_a_gibbon(name))[0].softmax(dim=0)[GIBBON]) for name in photographs())


@claim(LESSON, says="And a picture that was rounded to 255 steps", low=0.99, high=1, unit="probability of a gibbon")
def rounded(seed: int) -> float:
    return float(see((255 * to_a_gibbon("cat")).round() / 255)[0].softmax(dim=0)[GIBBON])


@claim(
    LESSON,
    says="changed nothing to speak of",
    seeds=3,
    low=0,
    high=0.06,
    unit="change of the best class's probability, the most",
    pool="max",
)
def coins_on_the_cat(seed: int) -> float:
    cat = photographs()["cat"]
    before, after = (see(shown)[0].softmax(dim=0) for shown in (cat, noisy(seed)))
    return float((after - before)[before.argmax()].abs()) if before.argmax() == after.argmax() else 1.0


def noisy(seed: int) -> Tensor:
    return random_signs(photographs()["cat"], 0.007, torch.Generator().manual_seed(seed))


@claim(LESSON, says="More than a hundred times as far", low=100, high=400, unit="times")
def together(seed: int) -> float:
    cat = photographs()["cat"]
    slope = input_gradient(see, cat, see(cat).argmax(dim=1)).double()
    return float(slope.abs().sum() / slope.square().sum().sqrt())  # coins lead as far as the gradient is long


@claim(LESSON, says="Less sure of a cat, and no gibbon", low=0, high=0.05, unit="probability of a gibbon")
def one_step_on_the_cat(seed: int) -> float:
    return float(one_step()[GIBBON])


@claim(LESSON, says="Less sure of a cat", low=0.05, high=0.35, unit="probability of the best class")
def as_sure_after_one_step(seed: int) -> float:
    return float(one_step().max())


def one_step() -> Tensor:
    """The classes' probabilities for the cat after one step of FGSM towards the gibbon."""
    cat = photographs()["cat"]
    slope = input_gradient(see, cat, tensor([GIBBON]))
    return see((cat - 0.007 * slope.sign()).clamp(0, 1))[0].softmax(dim=0)
