"""What lesson 15 (What the model remembers) claims in numbers, measured.
`python -m benchmarks.claims` runs it; each function gives one number a seed.
Read first: course/privacy.py, and the passages of the lesson that `says` quotes."""

from __future__ import annotations

import math
from functools import cache, partial

import torch
from torch import Tensor

from benchmarks.claims import claim
from course import privacy

LESSON = "15-privacy"
SIZES = [40, 60, 80, 100, 120, 150, 180, 210, 250, 310]
about_memory = partial(claim, LESSON, seeds=3)
Lots = dict[str, tuple[Tensor, Tensor]]


def chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@cache
def lots(seed: int, wrong: float) -> Lots:
    return privacy.small_digits(wrong, seed)


@cache
def trained(seed: int, wrong: float, epochs: int = 60) -> Tensor:
    """The lesson's weights after so many epochs, on labels of which this share is wrong."""
    members = lots(seed, wrong)["members"]
    return privacy.train_plainly(privacy.fresh_weights(seed), *members, epochs=epochs, generator=chance(seed))


def odd(seed: int, name: str) -> Tensor:
    """Which rows of a lot have a wrong label, (1500,)."""
    return lots(seed, 0.2)[name][1] != lots(seed, 0.0)[name][1]


def both(seed: int, wrong: float, epochs: int = 60) -> tuple[Tensor, Tensor]:
    """The losses of members and of others."""
    weights = trained(seed, wrong, epochs)
    members, others = (privacy.losses(weights, *lots(seed, wrong)[name]) for name in ("members", "others"))
    return members, others


def won(seed: int, wrong: float, epochs: int = 60) -> float:
    return float(privacy.advantage(*both(seed, wrong, epochs)))


def read(seed: int, wrong: float, epochs: int = 60) -> float:
    return privacy.accuracy(trained(seed, wrong, epochs), *lots(seed, wrong)["test"])


def sure_of_wrong_labels(seed: int, name: str) -> float:
    images, labels = (part[odd(seed, name)] for part in lots(seed, 0.2)[name])
    sure = privacy.logits(trained(seed, 0.2), images).softmax(dim=1).gather(1, labels[:, None])
    return float((sure > 0.5).float().mean())


@about_memory(
    says="Now and then the network is unsure of one that it has learned",
    low=0.8,
    high=1,
    pool="min",
    unit="share of members",
)
def members_sure(seed: int) -> float:
    return sure_of_wrong_labels(seed, "members")


@about_memory(
    says="hardly ever is it sure of one that it has not seen", low=0, high=0.15, pool="max", unit="share of others"
)
def others_sure(seed: int) -> float:
    return sure_of_wrong_labels(seed, "others")


@about_memory(
    says="We want to know the worst, and take the best t there is",
    low=0.38,
    high=0.5,
    unit="advantage, a fifth wrong, plain",
    fast=True,
)
def plain_on_wrong_labels(seed: int) -> float:
    return won(seed, 0.2)


@about_memory(
    says="is right about them almost all the time",
    low=0.8,
    high=1,
    pool="min",
    unit="advantage",
)
def among_wrong_labels(seed: int) -> float:
    members, others = both(seed, 0.2)
    return float(privacy.advantage(members[odd(seed, "members")], others[odd(seed, "others")]))


@about_memory(says="After five epochs the attack wins little", low=0.03, high=0.12, unit="advantage")
def after_five_epochs(seed: int) -> float:
    return won(seed, 0.2, 5)


@about_memory(
    says="the network reads *better* than after sixty", low=0.05, high=0.2, pool="min", unit="accuracy gained"
)
def five_epochs_read_better(seed: int) -> float:
    return read(seed, 0.2, 5) - read(seed, 0.2)


@about_memory(
    says="the best of so many thresholds finds a difference of 0.02",
    low=0.01,
    high=0.04,
    unit="advantage",
)
def by_chance(seed: int) -> float:
    return float(privacy.advantage(*(torch.randn(1500, generator=chance(10 * seed + lot)) for lot in (1, 2))))


@cache
def calibrated(seed: int) -> tuple[Tensor, Tensor]:
    """Members and others by their loss beside that under three networks of the attacker's own."""
    images, labels = lots(seed, 0.2)["test"]
    slips = torch.rand(len(labels), generator=chance(7 + seed)) < 0.2
    written = torch.where(slips, (labels + torch.randint(1, 10, labels.shape, generator=chance(8 + seed))) % 10, labels)
    references = []
    for number in range(3):
        own = torch.randperm(2000, generator=chance(90 + number + 10 * seed))[:1500]
        references.append(
            privacy.train_plainly(
                privacy.fresh_weights(50 + number), images[own], written[own], generator=chance(number)
            )
        )
    weights = trained(seed, 0.2)
    members, others = (
        privacy.calibrated(weights, references, *lots(seed, 0.2)[name]) for name in ("members", "others")
    )
    return members, others


@about_memory(
    says="By whom it can *pick out* it is several times", low=2, high=40, pool="min", unit="times as many caught at 1 %"
)
def calibrated_catches_more(seed: int) -> float:
    by_loss = max(float(privacy.caught_at(*both(seed, 0.2), 0.01)), 1 / 1500)
    return float(privacy.caught_at(*calibrated(seed), 0.01)) / by_loss


@about_memory(
    says="By its advantage the calibrated attack is the weaker one",
    low=0.03,
    high=0.3,
    pool="min",
    unit="less advantage",
)
def calibrated_wins_less(seed: int) -> float:
    return won(seed, 0.2) - float(privacy.advantage(*calibrated(seed)))


TRAININGS = {
    "sixty epochs": lambda seed, rows: privacy.train_plainly(
        privacy.fresh_weights(seed), *rows, generator=chance(seed)
    ),
    "five epochs": lambda seed, rows: privacy.train_plainly(
        privacy.fresh_weights(seed), *rows, epochs=5, generator=chance(seed)
    ),
    "open": lambda seed, rows: privacy.train_openly(privacy.fresh_weights(seed), *rows, generator=chance(seed)),
    "clipped": lambda seed, rows: privacy.train_privately(
        privacy.fresh_weights(seed), *rows, noise=0.0, generator=chance(seed)
    ),
    "private": lambda seed, rows: privacy.train_privately(privacy.fresh_weights(seed), *rows, generator=chance(seed)),
}


@cache
def with_canaries(seed: int, wrong: float, way: str) -> tuple[float, float, float]:
    """Section 4's table: advantage, accuracy, and the mean exposure of ten canaries among the members, in bits."""
    pictures = torch.rand(1033, privacy.INPUTS, generator=chance(11 + 100 * seed))
    digits = torch.randint(0, 10, (10,), generator=chance(12 + 100 * seed))
    lot = lots(seed, wrong)
    images, labels = lot["members"]
    weights = TRAININGS[way](seed, (torch.cat([images, pictures[:10]]), torch.cat([labels, digits])))
    found = [
        privacy.exposure(
            privacy.losses(weights, pictures[number : number + 1], digits[number : number + 1]),
            privacy.losses(weights, pictures[10:], digits[number].expand(1023)),
        )
        for number in range(10)
    ]
    leak = privacy.advantage(*(privacy.losses(weights, *lot[name]) for name in ("members", "others")))
    return float(leak), privacy.accuracy(weights, *lot["test"]), float(torch.cat(found).mean())


def bits(seed: int, way: str) -> float:
    return with_canaries(seed, 0.2, way)[2]


@about_memory(says="on average the model has told several bits about each", low=4, high=10, pool="min", unit="bits")
def canaries_sing(seed: int) -> float:
    return bits(seed, "sixty epochs")


@about_memory(
    says="heard better than after sixty: eight bits or more", low=0.5, high=6, pool="min", unit="bits more, five epochs"
)
def canaries_sing_louder_after_five(seed: int) -> float:
    return bits(seed, "five epochs") - bits(seed, "sixty epochs")


@about_memory(says="open steps leave between two and five bits", low=2, high=5, unit="bits")
def canaries_after_open_steps(seed: int) -> float:
    return bits(seed, "open")


@about_memory(says="Clipped, it is between one and three", low=1, high=3, pool="max", unit="bits, clipped")
def canaries_clipped(seed: int) -> float:
    return bits(seed, "clipped")


@about_memory(
    says="nothing that we could measure: neither the attack nor the canaries",
    low=-1,
    high=1,
    unit="bits, clipped less clipped and noised",
)
def noise_on_canaries(seed: int) -> float:
    return bits(seed, "clipped") - bits(seed, "private")


@about_memory(
    says="a wrong label pulls about three times", low=2, high=4, unit="times as long, medians, after five epochs"
)
def wrong_labels_pull(seed: int) -> float:
    members = lots(seed, 0.2)["members"]
    lengths = privacy.per_sample_gradients(privacy.row_loss, trained(seed, 0.2, 5), *members).norm(dim=1)
    return float(lengths[odd(seed, "members")].median() / lengths[~odd(seed, "members")].median())


@about_memory(
    says="the fifth of the rows that is odd makes about two fifths of the pull", low=0.35, high=0.5, unit="of the pull"
)
def share_of_the_pull(seed: int) -> float:
    members = lots(seed, 0.2)["members"]
    lengths = privacy.per_sample_gradients(privacy.row_loss, trained(seed, 0.2, 5), *members).norm(dim=1)
    return float(lengths[odd(seed, "members")].sum() / lengths.sum())


@about_memory(
    says="even reads *more* test digits rightly", low=0.03, high=0.15, unit="accuracy gained on sixty epochs", fast=True
)
def wrong_labels_gain(seed: int) -> float:
    return with_canaries(seed, 0.2, "private")[1] - with_canaries(seed, 0.2, "sixty epochs")[1]


@about_memory(says="and **some five points** beside sixty epochs", low=0.02, high=0.08, unit="accuracy lost", fast=True)
def right_labels_pay(seed: int) -> float:
    return with_canaries(seed, 0.0, "sixty epochs")[1] - with_canaries(seed, 0.0, "private")[1]


@about_memory(says="about two points beside the fair rival", low=0.005, high=0.04, unit="accuracy lost, a fifth wrong")
def wrong_labels_pay(seed: int) -> float:
    return with_canaries(seed, 0.2, "open")[1] - with_canaries(seed, 0.2, "private")[1]


@about_memory(says="where the labels are right it is two to four", low=0.015, high=0.045, unit="accuracy lost")
def right_labels_pay_beside_the_rival(seed: int) -> float:
    return with_canaries(seed, 0.0, "open")[1] - with_canaries(seed, 0.0, "private")[1]


@about_memory(
    says="Begin with the pair that is usually shown", low=0.13, high=0.23, unit="advantage, all right, sixty epochs"
)
def plain_on_right_labels(seed: int) -> float:
    return with_canaries(seed, 0.0, "sixty epochs")[0]


@about_memory(
    says="without clip and noise they leave it as", low=0, high=0.09, pool="max", unit="advantage, the fair rival"
)
def open_advantage(seed: int) -> float:
    return max(with_canaries(seed, wrong, "open")[0] for wrong in (0.2, 0.0))


@about_memory(says="And the attack that we measured won", low=0, high=0.09, pool="max", unit="advantage, private")
def private_advantage(seed: int) -> float:
    return max(with_canaries(seed, wrong, "private")[0] for wrong in (0.2, 0.0))


@claim(LESSON, says="An epsilon of 4.8 alone seems to promise nothing", low=4.8, high=4.85, unit="epsilon")
def promised(seed: int) -> float:
    return privacy.epsilon(0.2, 2.0, 100, 1e-4)


@claim(LESSON, says="an attacker wins .98 of 1 at most", low=0.98, high=0.99, unit="advantage, by one point")
def bound(seed: int) -> float:
    return privacy.advantage_within(privacy.epsilon(0.2, 2.0, 100, 1e-4), 1e-4)


@claim(LESSON, says="no attacker wins more than .59", low=0.585, high=0.595, unit="advantage, by the best delta")
def best_bound(seed: int) -> float:
    return privacy.most_advantage(0.2, 2.0, 100)


@claim(LESSON, says="the limit of many small steps", low=0.405, high=0.415, unit="advantage, in the limit")
def in_the_limit(seed: int) -> float:
    return privacy.gaussian_advantage(0.2, 2.0, 100)


@claim(LESSON, says="an error that is more than ten times as large", low=10, high=100, unit="times")
def local_over_central(seed: int) -> float:
    people = (torch.arange(1500) < 450).float()
    local = torch.tensor([privacy.randomised_response(people, 0.5, chance(trial))[1] for trial in range(400)])
    return float(local.std()) / (math.sqrt(2) / math.log(3) / 1500)  # Laplace's deviation at epsilon log 3


@cache
def devices(seed: int) -> list[tuple[Tensor, Tensor]]:
    return privacy.unequal_devices(*lots(seed, 0.0)["members"], SIZES)


@about_memory(says="together they read most of them", low=0.7, high=0.9, pool="min", unit="accuracy after 40 rounds")
def together(seed: int) -> float:
    weights = privacy.federated(privacy.fresh_weights(seed), devices(seed), 40, generator=chance(seed))[-1]
    return privacy.accuracy(weights, *lots(seed, 0.0)["test"])


@about_memory(
    says="No device has seen more than a few of the digits", low=0, high=0.35, pool="max", unit="accuracy alone"
)
def alone(seed: int) -> float:
    found = [
        privacy.learn_at_home(privacy.fresh_weights(seed), *device, epochs=20, generator=chance(seed))
        for device in devices(seed)
    ]
    return max(privacy.accuracy(weights, *lots(seed, 0.0)["test"]) for weights in found)


@about_memory(says="with rows dealt out at random it is next to nothing", low=-0.02, high=0.03, unit="accuracy lost")
def dealt_at_random(seed: int) -> float:
    members, places = lots(seed, 0.0)["members"], torch.randperm(1500, generator=chance(seed))
    dealt = [tuple(part[own] for part in members) for own in places.split(SIZES)]
    weights = privacy.federated(privacy.fresh_weights(seed), dealt, 40, generator=chance(seed))[-1]
    return read(seed, 0.0) - privacy.accuracy(weights, *lots(seed, 0.0)["test"])


@about_memory(says="the row is back, pixel by pixel", low=0, high=1e-3, pool="max", unit="largest error of a pixel")
def given_back(seed: int) -> float:
    images, labels = (part[:20] for part in lots(seed, 0.0)["members"])
    sent = privacy.per_sample_gradients(privacy.row_loss, privacy.fresh_weights(seed), images, labels)
    return max(
        float((privacy.picture_in(gradient) - image).abs().max()) for gradient, image in zip(sent, images, strict=True)
    )


@cache
def shards(seed: int, count: int) -> float:
    images, labels = lots(seed, 0.0)["test"]
    networks = privacy.in_shards(*lots(seed, 0.0)["members"], count, seed)
    return float((privacy.voted(networks, images).argmax(dim=1) == labels).float().mean())


@about_memory(says="let the networks vote", low=-0.02, high=0.03, pool="max", unit="accuracy lost by five shards")
def five_shards(seed: int) -> float:
    return shards(seed, 1) - shards(seed, 5)


@about_memory(says="train a network on each", low=0.01, high=0.07, unit="accuracy lost by fifteen shards")
def fifteen_shards(seed: int) -> float:
    return shards(seed, 1) - shards(seed, 15)
