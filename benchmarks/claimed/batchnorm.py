"""What lesson 07 (The scale of things) says of numbers that a run can contradict, as runs.
Each function is one sentence of the lesson; benchmarks/claims.py calls them over seeds and holds them to their band.
Read solutions/07-batchnorm/batchnorm.py first."""

import functools
import time

import torch
from torch import Tensor, nn

from benchmarks.claims import claim
from course import data
from course.batchnorm import (
    BatchNorm,
    Blocks,
    JoltedBatchNorm,
    batch_norm,
    deep_network,
    fold_into_conv,
    steps_to,
    width_of,
)
from course.training import accuracy, train

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
# two more to either side than the lesson tries, so that no range ends where the grid does
RATES = [2.0**power for power in range(-8, 4)]
KINDS = {"without": None, "batch norm": BatchNorm, "shaken": JoltedBatchNorm}


def draw(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@functools.cache
def digits(seed: int = 0) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """The digits to train on and those held out, for this split."""
    images, labels = (part.to(DEVICE) for part in data.digits())
    for_training, held_out = data.stratified_split(labels, test=400, seed=seed)
    return (images[for_training], labels[for_training]), (images[held_out], labels[held_out])


def set_right_once(network: nn.Sequential, images: Tensor) -> nn.Sequential:
    """Every convolution's weights divided by the spread of what leaves it, once, before training."""
    with torch.no_grad():
        for part in network:
            if isinstance(part, nn.Conv2d):
                part.weight /= part(images).std()
            images = part(images)
    return network


@functools.cache
def width(seed: int, kind: str) -> float:
    """The highest learning rate that works over the lowest."""
    training, held_out = digits()
    works = []
    for rate in RATES:
        network = deep_network(6, layer=BatchNorm if kind == "batch norm" else None, generator=draw(seed)).to(DEVICE)
        if kind == "set right once":
            set_right_once(network, training[0][:256])
        if steps_to(0.95, network, rate, training, held_out, generator=draw(seed)):
            works.append(rate)
    return width_of(works)


@claim(
    "07-batchnorm",
    says="*higher rates work, and more of them do*",
    seeds=5,
    low=3.0,
    high=512.0,
    unit="times",
    pool="min",
)
def range_of_rates(seed: int) -> float:
    """A range without a single rate counts as one rate."""
    return width(seed, "batch norm") / max(1.0, width(seed, "without"))


@claim(
    "07-batchnorm",
    says="its range stayed at least three times narrower than with batch norm",
    seeds=5,
    low=3.0,
    high=512.0,
    unit="times",
    pool="min",
)
def range_beside_a_start_set_right(seed: int) -> float:
    return width(seed, "batch norm") / max(1.0, width(seed, "set right once"))


@functools.cache
def run(seed: int, kind: str) -> tuple[float, float, float]:
    """Held-out accuracy after five epochs, after one, and how far a channel's mean moves from batch to batch, as
    section 9 measures them."""
    torch.manual_seed(seed)
    training, held_out = digits()
    network, means = deep_network(6, layer=KINDS[kind], generator=draw(seed)).to(DEVICE), []
    fifth = [part for part in network if isinstance(part, nn.Conv2d)][4]
    fifth.register_forward_pre_hook(
        lambda part, inputs: (
            means.append((inputs[0].mean(dim=(0, 2, 3)) / inputs[0].std()).detach()) if part.training else None
        )
    )
    history = train(
        network,
        *training,
        epochs=5,
        learning_rate=0.125,
        optimiser=torch.optim.SGD,
        validation=held_out,
        generator=draw(seed),
        progress=False,
    )
    shares = history.validation_accuracy
    return sum(shares) / len(shares), shares[0], float(torch.stack(means).diff(dim=0).abs().mean())


@claim(
    "07-batchnorm",
    says="learns far better than the steady one without batch norm",
    seeds=5,
    low=0.05,
    high=0.5,
    pool="min",
)
def shaken_above_without(seed: int) -> float:
    """In the mean over five epochs."""
    return run(seed, "shaken")[0] - run(seed, "without")[0]


@claim(
    "07-batchnorm",
    says="The shaken network has the most unsteady inputs of the three",
    seeds=5,
    low=1.2,
    high=20.0,
    unit="times",
    pool="min",
)
def shaken_is_less_steady(seed: int) -> float:
    return run(seed, "shaken")[2] / max(run(seed, "without")[2], run(seed, "batch norm")[2])


@claim("07-batchnorm", says="The noise costs something", seeds=5, low=0.0, high=0.15)
def price_of_shaking(seed: int) -> float:
    return run(seed, "batch norm")[0] - run(seed, "shaken")[0]


@functools.cache
def looks(seed: int, kind: str) -> Tensor:
    """(places, lengths): the loss after one step along the gradient over the loss before, as section 9 draws it."""
    lengths, found, deck = torch.logspace(-2, 0.3, 16).tolist(), [], draw(seed + 1)
    training, _ = digits()
    network = deep_network(6, layer=KINDS[kind], generator=draw(seed)).to(DEVICE)

    def look(state) -> None:
        if state.step % 5 or state.step > 60:
            return
        rows = torch.randperm(len(training[0]), generator=deck)[:64].to(DEVICE)
        kept = {key: value.clone() for key, value in network.state_dict().items()}
        loss = nn.functional.cross_entropy(network(training[0][rows]), training[1][rows])
        slopes = torch.autograd.grad(loss, list(network.parameters()))
        row = []
        with torch.no_grad():
            for length in lengths:
                for (name, parameter), slope in zip(network.named_parameters(), slopes, strict=False):
                    parameter.copy_(kept[name] - length * slope)
                row.append(float(nn.functional.cross_entropy(network(training[0][rows]), training[1][rows]) / loss))
        network.load_state_dict(kept)
        found.append(row)

    train(
        network,
        *training,
        epochs=3,
        learning_rate=0.0625,
        optimiser=torch.optim.SGD,
        after_batch=look,
        generator=draw(seed),
        progress=False,
    )
    return torch.tensor(found).nan_to_num(1e6)


@claim(
    "07-batchnorm",
    says="at a typical place the best step takes a third of the loss away or more",
    seeds=5,
    low=0.33,
    high=0.6,
)
def best_step_with(seed: int) -> float:
    """What the best of the lengths takes away, in the median over the places."""
    return float(1 - looks(seed, "batch norm").min(dim=1).values.median())


@claim("07-batchnorm", says="at a typical place, takes about a tenth of the loss away", seeds=5, low=0.04, high=0.16)
def best_step_without(seed: int) -> float:
    return float(1 - looks(seed, "without").min(dim=1).values.median())


def same_step_everywhere(ratios: Tensor) -> float:
    """What the best single length, the same at all places, takes away at the place where it does worst but one."""
    return float(1 - ratios.kthvalue(len(ratios) - 1, dim=0).values.min())


@claim("07-batchnorm", says="one length serves nearly all places", seeds=5, low=0.2, high=0.6)
def one_length_with(seed: int) -> float:
    return same_step_everywhere(looks(seed, "batch norm"))


@claim("07-batchnorm", says="No one rate is right for long", seeds=5, low=-0.1, high=0.05)
def one_length_without(seed: int) -> float:
    return same_step_everywhere(looks(seed, "without"))


@functools.cache
def exams(seed: int) -> tuple[float, ...]:
    """Accuracy in eval mode, then in training mode with 100, with 4, and with 40 alike at a time."""
    torch.manual_seed(seed)
    training, (images, labels) = digits()
    reader = deep_network(6, layer=BatchNorm, generator=draw(seed)).to(DEVICE)
    train(
        reader, *training, epochs=6, learning_rate=0.1, optimiser=torch.optim.SGD, generator=draw(seed), progress=False
    )
    alike, found = labels.argsort(stable=True), [accuracy(reader, images, labels)]
    reader.train()
    with torch.no_grad():
        for order, size in ((torch.arange(400), 100), (torch.arange(400), 4), (alike, 40)):
            found.append(
                sum(int((reader(images[some]).argmax(dim=1) == labels[some]).sum()) for some in order.split(size)) / 400
            )
    return tuple(found)


@claim("07-batchnorm", says="among a hundred mixed companions costs next to nothing", seeds=5, low=-0.02, high=0.03)
def forgotten_eval_in_good_company(seed: int) -> float:
    return exams(seed)[0] - exams(seed)[1]


@claim("07-batchnorm", says="The last bar is the worst company", seeds=5, low=0.1, high=0.9, pool="min")
def forgotten_eval_among_alike(seed: int) -> float:
    """What forty alike cost beyond four mixed ones."""
    return exams(seed)[2] - exams(seed)[3]


@claim("07-batchnorm", says="the network turns stupid", seeds=5, low=0.03, high=0.5)
def forgotten_eval_of_four(seed: int) -> float:
    return exams(seed)[0] - exams(seed)[2]


@claim(
    "07-batchnorm",
    says="What comes out is about one hundredth of the size of the page",
    seeds=1,
    low=0.008,
    high=0.013,
    fast=True,
)
def twenty_copies(seed: int) -> float:
    return 0.8**20


@claim("07-batchnorm", says="has become a factor of 87", seeds=5, low=86.5, high=87.5, unit="times", fast=True)
def twenty_layers(seed: int) -> float:
    """How much larger 1.25 times the weights leave the numbers after twenty dense layers."""
    generator, ends = draw(seed), []
    weights = [(2 / 64) ** 0.5 * torch.randn(64, 64, generator=generator) for _ in range(20)]
    for factor in (1.0, 1.25):
        numbers = data.digits()[0][:256].flatten(1)
        for layer in weights:
            numbers = (numbers @ (factor * layer)).relu()
        ends.append(float(numbers.square().mean().sqrt()))
    return ends[1] / ends[0]


@claim(
    "07-batchnorm",
    says="the gradient by weights that are ten times as large is ten times",
    seeds=5,
    low=9.9,
    high=10.1,
    unit="times",
    fast=True,
)
def gradient_by_larger_weights(seed: int) -> float:
    images, kernel = data.digits()[0][:64], torch.randn(4, 1, 3, 3, generator=draw(seed))
    target, sizes = torch.randn(64, 4, 6, 6, generator=draw(seed + 1)), []
    for factor in (1, 10):
        scaled = (factor * kernel).requires_grad_(True)
        (
            batch_norm(nn.functional.conv2d(images, scaled), torch.ones(4), torch.zeros(4)) - target
        ).square().mean().backward()
        sizes.append(float(scaled.grad.norm()))
    return sizes[0] / sizes[1]


@claim(
    "07-batchnorm", says="a third of the values of a bell curve lie beyond 1", seeds=3, low=0.30, high=0.34, fast=True
)
def beyond_one(seed: int) -> float:
    values = torch.randn(20_000, generator=draw(seed))
    return float((((values - values.mean()) / values.std()).abs() > 1).float().mean())


@claim("07-batchnorm", says="your layer beside `nn.BatchNorm2d`", seeds=5, low=0.0, high=1e-5, pool="max", fast=True)
def beside_torch(seed: int) -> float:
    generator = draw(seed)
    mine, theirs, farthest = BatchNorm(8), nn.BatchNorm2d(8), 0.0
    with torch.no_grad():
        for mode in (True, True, True, False):
            mine.train(mode), theirs.train(mode)
            batch = 3 * torch.randn(32, 8, 6, 6, generator=generator) + 5
            farthest = max(farthest, float((mine(batch) - theirs(batch)).abs().max()))
    return farthest


def seconds(*networks: nn.Module, batch: Tensor) -> list[float]:
    """The least time of one forward and backward pass of each, of forty turns, on the CPU: the processor's, since
    others may be at work on it."""
    least = [float("inf")] * len(networks)
    for _ in range(40):
        for number, network in enumerate(networks):
            begun = time.process_time()
            network(batch).sum().backward()
            least[number] = min(least[number], time.process_time() - begun)
    return least


@claim(
    "07-batchnorm", says="a step with batch norm takes about twice as long", seeds=3, low=1.5, high=2.7, unit="times"
)
def time_of_a_step(seed: int) -> float:
    with_it, without = seconds(
        deep_network(6, generator=draw(seed)),
        deep_network(6, layer=None, generator=draw(seed)),
        batch=digits()[0][0][:64].cpu(),
    )
    return with_it / without


@claim(
    "07-batchnorm",
    says="can drop its batch norms and give the same answers",
    seeds=3,
    low=0.0,
    high=1e-4,
    pool="max",
    fast=True,
)
def folded_answers(seed: int) -> float:
    generator = draw(seed)
    convolution, norm = nn.Conv2d(3, 8, 3, bias=False), BatchNorm(8)
    images = torch.randn(64, 3, 10, 10, generator=generator)
    with torch.no_grad():
        convolution.weight.copy_(torch.randn(8, 3, 3, 3, generator=generator))
        norm(convolution(images))
        norm.eval()
        weight, bias = fold_into_conv(
            convolution.weight, None, norm.running_mean, norm.running_variance, norm.gamma, norm.beta, norm.epsilon
        )
        return float((nn.functional.conv2d(images, weight, bias) - norm(convolution(images))).abs().max())


@functools.cache
def read_by_blocks(seed: int, before: bool, warm_up: bool) -> float:
    """The share of held-out digits that 24 blocks read, with the norm before the block or after the sum."""
    training, held_out = digits()
    torch.manual_seed(seed)
    network = Blocks(before).to(DEVICE)
    train(network, *training, epochs=3, learning_rate=1e-2, schedule=warm_up, generator=draw(seed), progress=False)
    return accuracy(network, *held_out)


@claim(
    "07-batchnorm",
    says="Post-norm, sent off at once, learns next to nothing: it guesses, or nearly, in each of five seeds",
    seeds=5,
    low=0.05,
    high=0.3,
    pool="max",
    unit="read",
)
def post_norm_at_once(seed: int) -> float:
    return read_by_blocks(seed, before=False, warm_up=False)


@claim("07-batchnorm", says="A warm-up saves it", seeds=5, low=0.7, high=1.0, pool="min", unit="read")
def post_norm_with_warm_up(seed: int) -> float:
    return read_by_blocks(seed, before=False, warm_up=True)


@claim(
    "07-batchnorm",
    says="Pre-norm hardly cares",
    seeds=5,
    low=-0.02,
    high=0.12,
    pool="max",
    unit="more read with a warm-up",
)
def pre_norm_either_way(seed: int) -> float:
    return read_by_blocks(seed, before=True, warm_up=True) - read_by_blocks(seed, before=True, warm_up=False)
