"""What lesson 04 (A pile of very simple choices) claims in its prose, measured over seeds.
Read benchmarks/claims.py first, then the lesson: the words of each claim stand there."""

import time
from functools import cache

import torch
from torch import Tensor, nn

from benchmarks.claims import claim
from course import data
from course.networks import MLP, filter_normalised, hinges, landscape, relu, two_paints
from course.training import History, accuracy, train

LESSON = "04-networks"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@cache
def paints_parted(neurons: int, seed: int, choice: bool = True, shape: str = "ring") -> float:
    """The share of drops on the side of their paint, after what the lesson's first cell does."""
    points, paints = two_paints(160, shape, generator=chance(0))
    network = MLP([2, neurons, 2], torch.relu if choice else lambda sums: sums, generator=chance(seed))
    train(network, points, paints, epochs=200, batch_size=160, learning_rate=0.08, progress=False)
    return accuracy(network, points, paints)


@claim(LESSON, says="though not from every start", seeds=12, low=0.3, high=0.95, unit="of starts")
def three_neurons_close_a_triangle(seed: int) -> float:
    return float(paints_parted(3, seed) == 1)


@claim(LESSON, says="four mostly do", seeds=12, low=0.6, high=1.0, unit="of starts")
def four_neurons_enclose_the_blob(seed: int) -> float:
    return float(paints_parted(4, seed) == 1)


@claim(LESSON, says="The spiral takes more of them than the ring", seeds=12, low=0.0, high=0.4, unit="of starts")
def four_neurons_part_the_spiral(seed: int) -> float:
    return float(paints_parted(4, seed, shape="spiral") == 1)


@claim(
    LESSON,
    says="and so do sixteen without a choice",
    seeds=3,
    low=0.5,
    high=0.8,
    unit="of drops",
    pool="max",
    fast=True,
)
def sixteen_neurons_without_a_choice(seed: int) -> float:
    return paints_parted(16, seed, choice=False)


@claim(
    LESSON,
    says="Most branches are never taken",
    seeds=10,
    low=4,
    high=128,
    unit="of 256 branches",
    pool="max",
    fast=True,
)
def branches_of_four_and_four_neurons_taken(seed: int) -> float:
    network = MLP([2, 4, 4, 1], generator=chance(seed))
    for layer in network.layers[:-1]:
        nn.init.normal_(layer.bias, std=0.7, generator=chance(seed))
    across = torch.linspace(-3, 3, 401)
    with torch.no_grad():
        first = relu(network.layers[0](torch.cartesian_prod(across, across)))
        return len(torch.cat([first > 0, network.layers[1](first) > 0], dim=1).unique(dim=0))


@claim(
    LESSON,
    says="Twice the neurons leave about a quarter of the error",
    low=0.2,
    high=0.3,
    unit="of the error",
    fast=True,
)
def error_left_with_twice_the_neurons(seed: int) -> float:
    x = torch.linspace(0, 6, 1201)

    def largest_error(count: int) -> Tensor:
        knots = torch.linspace(0, 6, count + 1)
        heights = knots.sin() + 0.3 * (3 * knots).cos()
        return (
            (heights[0] + relu(x[:, None] - knots[:-1]) @ hinges(knots, heights) - x.sin() - 0.3 * (3 * x).cos())
            .abs()
            .max()
        )

    return float(largest_error(80) / largest_error(40))


@cache
def digits_read(seed: int, shuffled: bool = False) -> tuple[float, float]:
    """The ten lines: the share of the exam that is right, and the seconds of training."""
    images, labels = data.mnist_5k()
    if shuffled:
        images = images.flatten(1)[:, torch.randperm(784, generator=chance(99))]
    learn, test = data.stratified_split(labels, test=1000)
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10)).to(DEVICE)
    history = train(
        network,
        images[learn],
        labels[learn],
        epochs=10,
        batch_size=32,
        learning_rate=3e-3,
        schedule=True,
        progress=False,
    )
    return accuracy(network, images[test], labels[test]), history.seconds


@claim(LESSON, says="Nineteen out of twenty", seeds=5, low=0.94, high=0.97, unit="of 1,000 digits", pool="min")
def digits_read_in_ten_lines(seed: int) -> float:
    return digits_read(seed)[0]


@claim(LESSON, says="What was a product is now ten lines", seeds=5, low=0, high=10, unit="s", pool="min")
def seconds_for_the_ten_lines(seed: int) -> float:
    return digits_read(seed)[1]


@claim(LESSON, says="it would learn just as well", seeds=5, low=-0.01, high=0.01, unit="of 1,000 digits")
def gain_from_pixels_in_their_places(seed: int) -> float:
    return digits_read(seed)[0] - digits_read(seed, shuffled=True)[0]


@cache
def pupil(seed: int, kind: str) -> tuple[History, float, float]:
    """A pupil of section 12, with 'true' labels, labels drawn by 'lot', or 'muddled' ones: its history, what it
    recites, its exam."""
    images, labels = data.digits()
    study, exam = data.stratified_split(labels, test=797)
    study, noise = study[:300], chance(seed)
    given = labels[study].clone()
    if kind == "lot":
        given = torch.randint(10, (300,), generator=noise)
    elif kind == "muddled":
        given[:120] = torch.randint(10, (120,), generator=noise)
    network = MLP([64, 256, 10], generator=chance(seed)).to(DEVICE)
    history = train(
        network,
        images[study],
        given,
        epochs=100 if kind == "muddled" else 120,
        batch_size=30,
        learning_rate=1e-3 if kind == "muddled" else 2e-3,
        validation=(images[exam], labels[exam]) if kind == "muddled" else None,
        generator=chance(seed),
        progress=False,
    )
    return history, accuracy(network, images[study], given), accuracy(network, images[exam], labels[exam])


@claim(LESSON, says="perfect recitation both times", seeds=5, low=0.98, high=1.0, unit="of its rows", pool="min")
def nonsense_recited(seed: int) -> float:
    return min(pupil(seed, "lot")[1], pupil(seed, "true")[1])


@claim(LESSON, says="One of the two understood something", seeds=5, low=0.6, high=0.95, unit="of the exam", pool="min")
def what_understanding_is_worth(seed: int) -> float:
    return pupil(seed, "true")[2] - pupil(seed, "lot")[2]


@claim(LESSON, says="Then come the accidents", seeds=5, low=0.05, high=0.3, unit="of the exam", pool="min")
def lost_by_memorising(seed: int) -> float:
    held_out = pupil(seed, "muddled")[0].validation_accuracy
    return max(held_out) - held_out[-1]


@claim(
    LESSON, says="What most rows have in common is learned first", seeds=5, low=1, high=50, unit="epochs", pool="max"
)
def epoch_of_the_best_exam(seed: int) -> float:
    held_out = pupil(seed, "muddled")[0].validation_accuracy
    return 1 + held_out.index(max(held_out))


@cache
def deep(seed: int, skips: bool) -> tuple[float, float, float]:
    """A network of twenty layers: its exam, the highest loss around it, and the share of places bent like a hilltop."""
    images, labels = data.digits()
    learn, exam = data.stratified_split(labels, test=300)
    network = MLP([64, *[16] * 20, 10], skips=skips, generator=chance(seed)).to(DEVICE)
    train(
        network,
        images[learn],
        labels[learn],
        epochs=20,
        learning_rate=2e-3,
        schedule=True,
        generator=chance(seed),
        progress=False,
    )
    around = [filter_normalised(network, chance(number)) for number in (10 + 2 * seed, 11 + 2 * seed)]
    land = landscape(
        network, images[learn][:200].to(DEVICE), labels[learn][:200].to(DEVICE), *around, torch.linspace(-1, 1, 41)
    ).cpu()
    along, across = land[1:-1].diff(n=2, dim=1), land[:, 1:-1].diff(n=2, dim=0)
    return (
        accuracy(network, images[exam], labels[exam]),
        float(land.max()),
        float(((along < 0) | (across < 0)).float().mean()),
    )


@claim(LESSON, says="a network that learned less", seeds=5, low=0.02, high=0.6, unit="of the exam", pool="min")
def exam_gained_by_skips(seed: int) -> float:
    return deep(seed, True)[0] - deep(seed, False)[0]


@claim(LESSON, says="With them: one bowl", seeds=5, low=0.0, high=0.1, unit="of places", pool="max")
def bent_like_a_hilltop_with_skips(seed: int) -> float:
    return deep(seed, True)[2]


@claim(LESSON, says="folds, walls, side valleys", seeds=5, low=0.12, high=1.0, unit="of places", pool="min")
def bent_like_a_hilltop_without_skips(seed: int) -> float:
    return deep(seed, False)[2]


@claim(LESSON, says="folds, walls, side valleys, and", seeds=5, low=10, high=1e6, unit="times", pool="min")
def walls_higher_without_skips(seed: int) -> float:
    return deep(seed, False)[1] / deep(seed, True)[1]


def ratio(neurons: int, rows: int) -> float:
    """How much faster the landscape is batched than one by one, the best of five tries each."""
    images, labels = data.digits()
    network = MLP([64, neurons, neurons, 10], generator=chance(0)).to(DEVICE)
    two, some = (
        [filter_normalised(network, chance(seed)) for seed in (1, 2)],
        (images[:rows].to(DEVICE), labels[:rows].to(DEVICE)),
    )

    def least(batched: bool) -> float:
        tries = []
        for _ in range(6):
            begun = time.perf_counter()
            landscape(network, *some, *two, torch.linspace(-1, 1, 25), batched=batched).cpu()
            tries.append(time.perf_counter() - begun)
        return min(tries[1:])

    return least(False) / least(True)


@claim(
    LESSON, says="On a CPU batching wins clearly where networks are small and rows few", low=2.5, unit="times faster"
)
def batching_small_networks(seed: int) -> float:
    return ratio(16, 64)


if DEVICE == "cpu":

    @claim(LESSON, says="and batching loses", high=1.0, low=0.0, unit="times faster")
    def batching_large_networks(seed: int) -> float:
        return ratio(64, 1437)
else:

    @claim(LESSON, says="there batching pays throughout", low=1.0, unit="times faster")
    def batching_large_networks(seed: int) -> float:
        return ratio(64, 1437)


@cache
def at_depth(seed: int, activation: str, start: str, skips: bool = False) -> tuple[float, float, float]:
    """Twenty layers as section 13 makes them: how much of the signal and of the gradient is left at the far end, and
    the exam after eight epochs."""
    choice = {"sigmoid": torch.sigmoid, "relu": torch.relu, "gelu": nn.functional.gelu}[activation]

    def started(sizes: list[int]) -> MLP:
        network = MLP(sizes, choice, skips, generator=chance(seed))
        for layer in network.layers if start == "Xavier" else ():
            nn.init.xavier_normal_(layer.weight, generator=chance(100 + seed))
        return network

    network, x, signals = started([100] * 21 + [10]), torch.randn(400, 100, generator=chance(seed)), []
    for layer in network.layers[:-1]:
        x = choice(layer(x)) + (x if skips else 0)
        signals.append(float(x.detach().square().mean().sqrt()))
    nn.functional.cross_entropy(network.layers[-1](x), torch.randint(10, (400,), generator=chance(seed))).backward()
    images, labels = data.digits()
    learn, exam = data.stratified_split(labels, test=300)
    trained = started([64] + [32] * 20 + [10])
    train(trained, images[learn], labels[learn], epochs=8, learning_rate=2e-3, generator=chance(seed), progress=False)
    return (
        signals[-1] / signals[0],
        float(network.layers[0].weight.grad.norm() / network.layers[-2].weight.grad.norm()),
        accuracy(trained, images[exam], labels[exam]),
    )


@claim(
    LESSON,
    says="a trillionth at the first layer",
    seeds=3,
    low=1e-14,
    high=1e-10,
    unit="times the last one's gradient",
    pool="max",
    fast=True,
)
def gradient_left_by_sigmoids(seed: int) -> float:
    return at_depth(seed, "sigmoid", "Xavier")[1]


@claim(
    LESSON,
    says="With ReLU and Xavier the signal dies away",
    seeds=3,
    low=1e-5,
    high=1e-2,
    unit="times the signal of layer 1",
    pool="max",
)
def signal_left_by_relu_and_xavier(seed: int) -> float:
    return at_depth(seed, "relu", "Xavier")[0]


@claim(
    LESSON,
    says="With He's start both arrive",
    seeds=3,
    low=0.03,
    high=30,
    unit="times (signal or gradient, whichever is smaller)",
    pool="min",
)
def passed_on_by_he(seed: int) -> float:
    return min(at_depth(seed, "relu", "He")[:2])


@claim(
    LESSON,
    says="With sigmoids the pile is right as often as a guess",
    seeds=3,
    low=0.05,
    high=0.15,
    unit="of the exam",
    pool="max",
)
def deep_sigmoids_right(seed: int) -> float:
    return at_depth(seed, "sigmoid", "Xavier")[2]


@claim(LESSON, says="With skips it reads most digits", seeds=3, low=0.8, high=1, unit="of the exam", pool="min")
def deep_skips_right(seed: int) -> float:
    return min(at_depth(seed, "relu", "He", True)[2], at_depth(seed, "gelu", "He", True)[2])


@cache
def paced(seed: int, rate: float, schedule: bool) -> tuple[float, float]:
    """AdamW on the small digits, as section 13 has it: the loss of the last epoch, and the exam."""
    images, labels = data.digits()
    learn, exam = data.stratified_split(labels, test=300)
    network = MLP([64, 128, 128, 10], generator=chance(seed))
    history = train(
        network,
        images[learn],
        labels[learn],
        epochs=15,
        learning_rate=rate,
        optimiser=torch.optim.AdamW,
        schedule=schedule,
        generator=chance(seed),
        progress=False,
    )
    return sum(history.losses[-24:]) / 24, accuracy(network, images[exam], labels[exam])


@claim(
    LESSON,
    says="the schedule lets one take large steps without paying for them at the end",
    seeds=5,
    low=5,
    high=1e4,
    unit="times the loss without",
    pool="min",
)
def lower_with_the_schedule(seed: int) -> float:
    return paced(seed, 0.03, False)[0] / paced(seed, 0.03, True)[0]


@claim(
    LESSON,
    says="At a tenth of that rate both are right equally often",
    seeds=5,
    low=-0.01,
    high=0.01,
    unit="of the exam",
)
def gained_at_a_tenth_of_the_rate(seed: int) -> float:
    return paced(seed, 0.003, True)[1] - paced(seed, 0.003, False)[1]
