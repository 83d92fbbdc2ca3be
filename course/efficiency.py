"""What a network costs and how to make it smaller: weights and operations counted, a codebook, masks, eight bits, a
teacher, the price of a training run, a file that is really written. Taught in lesson 14 (Does size matter?).
Read first: `convolution_cost`, then `codebook` and `magnitude_masks`; `pack` says what a number of bytes means here."""

from __future__ import annotations

import copy
import json
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import median

import numpy
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from course.training import State, in_mode, order_of, train

SECONDS_A_DAY, SECONDS_AN_HOUR = 86_400, 3_600


def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    """What it costs to train a network that reads texts: six operations a weight and token (Kaplan and others 2020: two
    forward, four back).

    parameters: how many weights. tokens: how many tokens the network reads in training. devices: how many work side by
    side. speed: operations a second that one of them can do at best; used: the share of it that is reached, above 0 and
    at most 1. watts: what one of them draws. price: of an hour of one of them. Returns (days, money in the units of the
    price, kilowatt-hours)."""
    seconds = 6 * parameters * tokens / (devices * speed * used)
    hours = seconds / SECONDS_AN_HOUR
    return seconds / SECONDS_A_DAY, hours * devices * price, hours * devices * watts / 1000


def convolution_cost(
    channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1
) -> tuple[int, int]:
    """Weights of a convolution without bias, and its operations (FLOPs) for one picture: a multiplication and an
    addition count two, and padding counts as if it were picture.

    side: of the square kernel, in pixels. rows, columns: of the maps that come out. groups: each channel that comes out
    looks at channels_in / groups channels. A linear layer is a convolution with side, rows and columns 1."""
    weights = channels_out * (channels_in // groups) * side * side
    return weights, 2 * weights * rows * columns


def layer_costs(
    model: nn.Module,
    images: Tensor,
    cost: Callable[..., tuple[int, int]] = convolution_cost,
) -> dict[str, tuple[int, int]]:
    """`cost` of each convolution and linear layer, by name, as one picture goes through. images: (1, channels, height,
    width). Biases and all other layers are left out."""
    found: dict[str, tuple[int, int]] = {}

    def note(name: str) -> Callable:
        def hook(layer: nn.Module, came: tuple, went: Tensor) -> None:
            if isinstance(layer, nn.Conv2d):
                shape = (layer.kernel_size[0], *went.shape[2:], layer.groups)
                found[name] = cost(layer.in_channels, layer.out_channels, *shape)
            else:
                found[name] = cost(layer.in_features, layer.out_features, 1, 1, 1)

        return hook

    kinds = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(note(name)) for name, layer in kinds]
    try:
        with in_mode(model, training=False), torch.no_grad():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """How long a call takes, the median of several after one that is not counted."""
    run()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return median(times)


def nearest(values: Tensor, centres: Tensor) -> Tensor:
    """The number of the centre nearest to each value; of two as near the lower number. values: (n,), centres: (k,).
    Returns (n,), int64."""
    return (values[:, None] - centres).abs().argmin(dim=1)


def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """k-means on a line (Lloyd 1982): values share k numbers. In each step every value belongs to its nearest centre,
    and each centre moves to the mean of its values; one without values stays where it is.

    values: (n,); centres: (k,), where they begin, of the same dtype. Returns the centres, (k,), and the number of the
    nearest of them for each value, (n,), int64."""
    for _ in range(steps):
        codes = nearest(values, centres)
        counts = torch.zeros_like(centres).index_add(0, codes, torch.ones_like(values))
        sums = torch.zeros_like(centres).index_add(0, codes, values)
        centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
    return centres.clone(), nearest(values, centres)


def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    """Which weights stay when the smallest, signs aside, are pruned, over all tensors together. share: of all their
    weights, that goes, from 0 to 1; what it comes to is rounded down. Returns a tensor of bools for each: True stays.
    Of equal sizes at the border any may go."""
    sizes = torch.cat([tensor.detach().abs().flatten() for tensor in tensors])
    stays = torch.ones_like(sizes, dtype=torch.bool)
    stays[sizes.argsort()[: int(share * len(sizes))]] = False
    parts = stays.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    """Values as whole numbers from 0 to 2 ** bits - 1, evenly spaced from low to high, and moved by up to half a
    step, so that 0 is exactly one of them; what lies outside goes to the nearest end (Jacob and others 2018).

    values: any shape; low <= 0 <= high, low < high; bits: 1 to 8. Returns the codes, uint8, of the values' shape, the
    scale (the step between neighbours, in the values' units) and the zero point (the code of 0). What lies in the
    middle between two codes goes to the even side, as torch rounds."""
    most = 2**bits - 1
    scale = (high - low) / most
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, most).to(torch.uint8), scale, zero


def dequantise(codes: Tensor, scale: float, zero: int) -> Tensor:
    """What codes stand for, in float32."""
    return scale * (codes.float() - zero)


def quantised(
    values: Tensor, bits: int = 8, by_channel: bool = False, how: Callable = quantise
) -> list[tuple[Tensor, float, int]]:
    """Weights as codes, scale and zero point over their own range. by_channel: each row of the first axis, a kernel,
    has a range of its own. values: (channels, ...). Returns one (codes, scale, zero point) for all of them, or one for
    each row, its codes (1, ...); weights that are all 0 have the scale 1."""
    found = []
    for part in values.split(1) if by_channel else [values]:
        low, high = min(float(part.min()), 0.0), max(float(part.max()), 0.0)
        found.append(how(part, low, high if low < high else float(2**bits - 1), bits))
    return found


def rounded(values: Tensor, bits: int = 8, by_channel: bool = False, how: Callable = quantise) -> Tensor:
    """Weights there and back: quantised over their own range and given as floats again. See `quantised`."""
    return torch.cat([dequantise(*part) for part in quantised(values, bits, by_channel, how)]).to(values.dtype)


def in_codes(model: nn.Module, bits: int = 8, by_channel: bool = False, how: Callable = quantise) -> dict[str, Tensor]:
    """What is to be stored of a network with quantised weights, by name, for `pack`: of each convolution and linear
    layer codes, scales and zero points, and all other numbers as they are."""
    kept = dict(model.state_dict())
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            codes, scales, zeros = zip(*quantised(kept.pop(f"{name}.weight"), bits, by_channel, how), strict=True)
            kept[f"{name}.codes"] = torch.cat(codes)
            kept[f"{name}.scales"], kept[f"{name}.zeros"] = torch.tensor(scales), torch.tensor(zeros)
    return kept


def distillation_loss(
    student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9
) -> Tensor:
    """What a student pays that learns from labels and from a teacher (Hinton, Vinyals and Dean 2015): 1 - share of the
    cross-entropy of the labels, and share of the divergence of its softened probabilities from the teacher's, times the
    temperature squared. No gradient goes to the teacher.

    student, teacher: logits, (n, classes); labels: (n,), int64. Returns a scalar, in nats."""
    wanted = (teacher.detach() / temperature).log_softmax(dim=1)
    given = (student / temperature).log_softmax(dim=1)
    apart = (wanted.exp() * (wanted - given)).sum(dim=1).mean()
    return (1 - share) * F.cross_entropy(student, labels) + share * temperature**2 * apart


def digit_reader(width: int = 16) -> nn.Sequential:
    """The network that the lesson makes smaller: two convolutions of stride 2 and two linear layers, (n, 1, 28, 28) to
    (n, 10); 106,122 weights and biases as it comes. width: kernels of the first convolution; the second has twice as
    many and the layer of neurons four times as many."""
    return nn.Sequential(
        nn.Conv2d(1, width, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(2 * width * 49, 4 * width),
        nn.ReLU(),
        nn.Linear(4 * width, 10),
    )


def weights_of(model: nn.Module) -> list[nn.Parameter]:
    """The parameters with two axes and more: kernels and matrices, not biases."""
    return [parameter for parameter in model.parameters() if parameter.ndim > 1]


def apply_masks(model: nn.Module, masks: Sequence[Tensor]) -> None:
    """Sets every weight to 0 whose mask says False. In place."""
    with torch.no_grad():
        for weight, mask in zip(weights_of(model), masks, strict=True):
            weight.mul_(mask)


def pruned_training(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    share: float,
    epochs: int,
    generator: Generator | None = None,
    masks_of: Callable[[Sequence[Tensor], float], Sequence[Tensor]] = magnitude_masks,
    progress: bool = True,
) -> None:
    """Trains on and prunes meanwhile, in place: half of the share at once, the rest step by step until half of the
    batches are through; what is pruned stays 0 (after Zhu and Gupta 2017)."""
    ramp, held = max(1, epochs * -(-len(images) // 64) // 2), magnitude_masks(weights_of(model), 0.0)

    def after(state: State) -> None:
        nonlocal held
        if state.step <= ramp and (state.step % 20 == 1 or state.step == ramp):
            held = [*masks_of(weights_of(model), share * (0.5 + 0.5 * state.step / ramp))]
        apply_masks(model, held)

    train(
        model,
        images,
        labels,
        epochs=epochs,
        learning_rate=3e-3,
        schedule=True,
        generator=generator,
        after_batch=after,
        progress=progress,
        name="pruning",
    )


def share_weights(model: nn.Module, bits: int, cluster: Callable = codebook, steps: int = 20) -> nn.Module:
    """A copy whose weights have at most 2 ** bits values a layer: the codebook of its weights, begun evenly spaced,
    with 0 among them where weights were pruned."""
    small = copy.deepcopy(model)
    for weight in weights_of(small):
        flat = weight.data.flatten()
        alive = flat != 0
        count = 2**bits - int(not alive.all())
        begin = torch.linspace(float(flat.min()), float(flat.max()), count, device=flat.device)
        centres, codes = cluster(flat[alive], begin, steps)
        flat[alive] = centres[codes]
        weight.data = flat.view_as(weight)
    return small


def _stops(codes: numpy.ndarray, zero: int) -> numpy.ndarray:
    """The places that are not 0, and between two of them that are more than 256 apart every 256th: so a byte says how
    far each lies behind the one before."""
    alive = numpy.flatnonzero(codes != zero)
    ends = numpy.append(-1, alive)
    between = [numpy.arange(one + 256, other, 256) for one, other in pairwise(ends.tolist()) if other - one > 256]
    return numpy.sort(numpy.concatenate([alive, *between])).astype("int64")


def pack(state: Mapping[str, Tensor]) -> bytes:
    """A file for tensors of float32, by name (after Han and others 2016). A tensor with few different values is written
    as a table of them and one byte for each place; where most are 0 as the table, how far each other place lies behind
    the one before, and its byte; any other as it is, four bytes a number. zlib then gives frequent bytes short codes,
    Huffman's, for each of these parts anew."""
    head, body = [], []
    for name, tensor in state.items():
        flat = tensor.detach().cpu().float().flatten()
        table, codes = (part.numpy() for part in flat.unique(return_inverse=True))
        few = len(table) if len(table) <= 256 and 4 * len(table) + len(flat) < 4 * len(flat) else 0
        stops = _stops(codes, int(table.searchsorted(0))) if few and 0 in table else numpy.arange(len(flat))
        gaps = 2 * len(stops) < len(flat)
        head.append([name, [*tensor.shape], few, len(stops) if gaps else -1])
        body.append((table if few else flat.numpy()).astype("<f4").tobytes())
        body.append((numpy.diff(stops, prepend=-1) - 1).astype("u1").tobytes() if gaps else b"")
        body.append((codes[stops] if gaps else codes).astype("u1").tobytes() if few else b"")
    words = json.dumps(head).encode()
    coder = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
    parts = [len(words).to_bytes(4, "little") + words, *(part for part in body if part)]
    return b"".join(coder.compress(part) + coder.flush(zlib.Z_SYNC_FLUSH) for part in parts) + coder.flush()


def unpack(packed: bytes) -> dict[str, Tensor]:
    """What `pack` was given: every value, a -0 as 0, in float32."""
    whole = zlib.decompress(packed)
    at = 4 + int.from_bytes(whole[:4], "little")

    def read(kind: str, count: int) -> numpy.ndarray:
        nonlocal at
        found = numpy.frombuffer(whole, kind, count, at)
        at += found.nbytes
        return found

    state = {}
    for name, shape, few, stops in json.loads(whole[4:at]):
        count = int(numpy.prod(shape, dtype=int))
        numbers = read("<f4", few or count).copy()
        if stops >= 0:
            places = numpy.cumsum(read("u1", stops).astype("int64") + 1) - 1
            table, numbers = numbers, numpy.zeros(count, "<f4")
            numbers[places] = table[read("u1", stops)]
        elif few:
            numbers = numbers[read("u1", count)]
        state[name] = torch.from_numpy(numbers).view(shape)
    return state


def taught(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    teacher: Tensor,
    epochs: int,
    generator: Generator | None = None,
    loss: Callable[..., Tensor] = distillation_loss,
    share: float = 0.9,
    learning_rate: float = 5e-3,
) -> None:
    """Trains a student on images (n, ...) with labels (n,) and the teacher's logits, (n, classes). In place."""
    walker = torch.optim.Adam(model.parameters(), lr=learning_rate)
    steps = epochs * -(-len(images) // 64)
    cooling = torch.optim.lr_scheduler.OneCycleLR(walker, learning_rate, steps, cycle_momentum=False)
    with in_mode(model, training=True):
        for _ in range(epochs):
            for rows in order_of(len(images), generator).to(images.device).split(64):
                batch_loss = loss(model(images[rows]), teacher[rows], labels[rows], share=share)
                walker.zero_grad()
                batch_loss.backward()
                walker.step()
                cooling.step()


def without_norms(model: nn.Module) -> nn.Module:
    """A copy in which every batch normalisation that follows a convolution in an `nn.Sequential` is folded into it, as
    lesson 07 does: in eval mode the answers are the same, but for rounding."""
    folded = copy.deepcopy(model).eval()
    for chain in [module for module in folded.modules() if isinstance(module, nn.Sequential)]:
        for place in range(len(chain) - 1):
            convolution, norm = chain[place], chain[place + 1]
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                mean, variance = norm.state_dict()["running_mean"], norm.state_dict()["running_var"]
                times = norm.weight.data / (variance + norm.eps).sqrt()
                bias = 0 if convolution.bias is None else convolution.bias.data
                convolution.weight.data = convolution.weight.data * times[:, None, None, None]
                convolution.bias = nn.Parameter(norm.bias.data + (bias - mean) * times, False)
                chain[place + 1] = nn.Identity()
    return folded


def low_rank(layer: nn.Linear, rank: int) -> nn.Sequential:
    """A linear layer as two thin ones, in to rank and rank to out: of all such pairs the one whose product differs
    least from its matrix, by the sum of the squares (Eckart and Young 1936)."""
    left, sizes, right = torch.linalg.svd(layer.weight.data, full_matrices=False)
    first, second = nn.Linear(layer.in_features, rank, bias=False), nn.Linear(rank, layer.out_features)
    first.weight.data = right[:rank] * sizes[:rank, None].sqrt()
    second.weight.data = left[:, :rank] * sizes[:rank].sqrt()
    second.bias.data = layer.bias.data.clone()
    return nn.Sequential(first, second)
