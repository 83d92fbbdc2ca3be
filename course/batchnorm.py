"""Batch normalisation: its statistics, forward and backward by hand, running averages, the layer, and folding it away.
Lesson 07 (The scale of things, solutions/07-batchnorm) builds every function here up to `fold_into_conv` as an
exercise. Read `batch_norm` first: all the rest is about the mean and the variance that it takes out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from course.training import State, accuracy, train


def by_channel(values: Tensor, x: Tensor) -> Tensor:
    """One value a channel, shaped so that it broadcasts over x. values: (channels,). x: (n, channels, ...). Returns (1,
    channels, 1, ...)."""
    return values.view(1, -1, *[1] * (x.ndim - 2))


def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and the variance of each channel, over all rows and all places.

    x: (n, channels) or (n, channels, height, width), or any number of places. Returns mean and variance, each
    (channels,), in float32 where x is of half precision; the variance divides by the count, not by the count less one.
    Raises ValueError when x has no channels or a channel has no values.
    """
    mean, _, variance = centred(x)
    return mean, variance


def centred(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The mean of each channel, x less it, and the variance: what `channel_statistics` and `batch_norm` share.
    Arguments and errors are theirs."""
    if x.ndim < 2 or x.numel() == 0:
        raise ValueError(f"x has shape {tuple(x.shape)}; wanted (n, channels, ...) with at least one value a channel")
    over = [axis for axis in range(x.ndim) if axis != 1]
    x = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    mean = x.mean(dim=over)
    # Centred first, then squared: mean(x²) - mean(x)² is the same on paper and loses all its digits where the mean is
    # large.
    away = x - by_channel(mean, x)
    return mean, away, away.square().mean(dim=over)


def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    """Each channel brought to mean 0 and variance 1 over the batch, then to spread gamma and middle beta.

    x: (n, channels, ...). gamma, beta: (channels,). epsilon is added to the variance, under the root.
    Returns the shape of x. Ioffe and Szegedy 2015, algorithm 1. Raises ValueError as `channel_statistics` does, and
    when gamma or beta is not one value a channel.
    """
    _one_a_channel(x, gamma=gamma, beta=beta)
    _, away, variance = centred(x)
    return scale_and_shift(away, gamma * torch.rsqrt(variance + epsilon), beta).to(x.dtype)


def scale_and_shift(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """scale * x + shift, one of each for every channel, in a single pass over x. x: (n, channels, ...). scale, shift:
    (channels,)."""
    return torch.addcmul(by_channel(shift, x), x, by_channel(scale, x))


def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    """The gradients of a loss by gamma and by beta, by hand, from its gradient by what `batch_norm` gave.

    gradient, x: (n, channels, ...). Returns by gamma and by beta, (channels,) each.
    """
    normalised, _ = _normalised(gradient, x, epsilon)
    over = [axis for axis in range(x.ndim) if axis != 1]
    return (gradient * normalised).sum(dim=over), gradient.sum(dim=over)


def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    """The gradient of a loss by what came into `batch_norm`, by hand, from its gradient by what `batch_norm` gave.

    gradient, x: (n, channels, ...). gamma: (channels,). Returns the shape of x. To move a channel or to stretch it
    changes nothing that comes out, so those two parts are taken out of the gradient.
    """
    _one_a_channel(x, gamma=gamma)
    normalised, root = _normalised(gradient, x, epsilon)
    by_gamma, by_beta = parameter_gradients(gradient, x, epsilon)
    count = x.numel() // x.shape[1]
    moved, stretched = by_channel(by_beta / count, x), by_channel(by_gamma / count, x) * normalised
    return by_channel(gamma, x) / root * (gradient - moved - stretched)


def running_update(
    running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1
) -> tuple[Tensor, Tensor]:
    """The running averages after one more batch.

    running_mean, running_variance: (channels,), left as they were. x: (n, channels, ...), two values or more a channel.
    momentum: the share of the new batch, in [0, 1]. Returns the new averages, (channels,) each. The variance that is
    kept divides by the count less one, so that on average it is that of all the data. Raises ValueError where a channel
    has a single value.
    """
    mean, variance = channel_statistics(x)
    count = x.numel() // x.shape[1]
    if count < 2:
        raise ValueError(f"x has shape {tuple(x.shape)}, one value a channel; a variance needs two or more")
    unbiased = variance * count / (count - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * unbiased


class BatchNorm(nn.Module):
    """Batch norm as a layer, for tables (n, channels) and images (n, channels, height, width) alike.

    While it trains it takes the batch's statistics and keeps running averages of them; in eval mode it takes the
    averages. The same numbers as nn.BatchNorm1d and nn.BatchNorm2d. Ioffe and Szegedy 2015.
    """

    running_mean: Tensor
    running_variance: Tensor

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        """channels: how many. epsilon: added to the variance. momentum: the share of a new batch in the running
        averages."""
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        """x: (n, channels, ...). Returns the shape of x. Raises ValueError in training where a channel has a single
        value."""
        _one_a_channel(x, gamma=self.gamma)
        if not self.training:
            scale = self.gamma * torch.rsqrt(self.running_variance + self.epsilon)
            return scale_and_shift(x, scale, self.beta - self.running_mean * scale).to(x.dtype)
        count = x.numel() // x.shape[1]
        if count < 2:
            raise ValueError(
                f"x has shape {tuple(x.shape)}, one value a channel; to train, a variance needs two or more"
            )
        mean, away, variance = centred(x)
        with torch.no_grad():  # a memory, not a part of the network: no gradient flows into earlier batches
            self.running_mean.lerp_(mean.to(self.running_mean.dtype), self.momentum)
            self.running_variance.lerp_(variance.to(self.running_variance.dtype) * count / (count - 1), self.momentum)
        return scale_and_shift(away, self.gamma * torch.rsqrt(variance + self.epsilon), self.beta).to(x.dtype)

    def extra_repr(self) -> str:
        return f"{len(self.gamma)}, epsilon={self.epsilon}, momentum={self.momentum}"


def fold_into_conv(
    weight: Tensor,
    bias: Tensor | None,
    mean: Tensor,
    variance: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: float = 1e-5,
) -> tuple[Tensor, Tensor]:
    """The weight and bias of one convolution that does what a convolution and the batch norm after it (in eval mode)
    do.

    weight: (out_channels, in_channels, height, width). bias: (out_channels,), or None. mean, variance: the running
    averages, and gamma, beta: (out_channels,) each. Returns the new weight, in the shape of weight, and the new bias,
    (out_channels,).
    """
    stretch = gamma / torch.sqrt(variance + epsilon)
    before = torch.zeros_like(mean) if bias is None else bias
    return weight * stretch.view(-1, *[1] * (weight.ndim - 1)), (before - mean) * stretch + beta


class Blocks(nn.Module):
    """Digits through blocks of two dense layers, each with a skip connection and a layer norm, before the block
    (pre-norm) or after the sum (post-norm).

    Xiong and others 2020, without the attention: what the place of the norm does to training is the same."""

    def __init__(self, before: bool, depth: int = 24, width: int = 64, classes: int = 10):
        super().__init__()
        self.before, self.last, self.head = before, nn.LayerNorm(width), nn.Linear(width, classes)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width)) for _ in range(depth)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(depth))

    def forward(self, x: Tensor) -> Tensor:
        """x: (n, ...), width numbers each. Returns logits, (n, classes)."""
        x = x.flatten(1)
        for block, norm in zip(self.blocks, self.norms, strict=False):
            x = x + block(norm(x)) if self.before else norm(x + block(x))
        return self.head(self.last(x))


class JoltedBatchNorm(BatchNorm):
    """Batch norm that undoes its own good while it trains: in every batch each channel is stretched and shifted anew,
    at random.

    The test of Santurkar, Tsipras, Ilyas and Madry 2018: what comes out is less steady than with no batch norm at all.
    """

    def forward(self, x: Tensor) -> Tensor:
        """x: (n, channels, ...). Returns the shape of x; in eval mode, what plain batch norm gives."""
        normalised = super().forward(x)
        if not self.training:
            return normalised
        stretch, shift = torch.rand(2, x.shape[1], device=x.device, dtype=x.dtype)
        return normalised * by_channel(0.75 + 0.5 * stretch, x) + by_channel(shift - 0.5, x)


def deep_network(
    depth: int,
    width: int = 16,
    layer: type[nn.Module] | None = BatchNorm,
    classes: int = 10,
    generator: torch.Generator | None = None,
) -> nn.Sequential:
    """A network without shortcuts for digits (n, 1, 8, 8): depth times a 3 x 3 convolution, batch norm and ReLU, then a
    dense layer.

    layer: the kind of batch norm, made as layer(width); None leaves it out and gives each convolution a bias instead,
    at zero. The weights are drawn with the spread that keeps activations at one size through ReLUs, with batch norm or
    without it (He, Zhang, Ren and Sun 2015), from the generator where one is given. Raises ValueError for a depth below
    1.
    """
    if depth < 1:
        raise ValueError(f"depth is {depth}; it must be 1 or more")
    layers: list[nn.Module] = []
    for number in range(depth):
        stride = 2 if number in (1, 3) else 1  # 8 x 8 places, then 4 x 4, then 2 x 2
        layers.append(nn.Conv2d(width if number else 1, width, 3, stride, padding=1, bias=layer is None))
        layers += [nn.ReLU()] if layer is None else [layer(width), nn.ReLU()]
    side = 8 if depth < 2 else 4 if depth < 4 else 2
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(width * side * side, classes))
    for part in network:
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu", generator=generator)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
    return network


class Settled(Exception):
    """A training run need not go on: it has arrived, or it is lost."""


def steps_to(
    level: float,
    network: nn.Module,
    learning_rate: float,
    training: tuple[Tensor, Tensor],
    held_out: tuple[Tensor, Tensor],
    steps: int = 200,
    every: int = 20,
    batch_size: int = 64,
    generator: torch.Generator | None = None,
) -> int | None:
    """After how many steps of plain descent in mini-batches a share `level` of the held-out rows is right; None if
    after none.

    training, held_out: (inputs, labels). steps: how many there are at most. every: how often one looks. Trains the
    network in place.
    """
    arrived: list[int] = []

    def look(state: State) -> None:
        if state.step % every == 0 and accuracy(network, *held_out) >= level:
            arrived.append(state.step)
        if arrived or state.step >= steps or not state.loss < 1e4:
            raise Settled

    with contextlib.suppress(Settled):
        train(
            network,
            *training,
            epochs=steps,
            batch_size=batch_size,
            learning_rate=learning_rate,
            optimiser=torch.optim.SGD,
            after_batch=look,
            generator=generator,
            progress=False,
        )
    return arrived[0] if arrived else None


def width_of(rates: Iterable[float]) -> float:
    """How wide a range of learning rates is: the highest over the lowest, 1 for a single one, 0 for none."""
    rates = list(rates)
    return max(rates) / min(rates) if rates else 0.0


def _one_a_channel(x: Tensor, **values: Tensor) -> None:
    for name, value in values.items():
        if x.ndim < 2 or value.shape != x.shape[1:2]:
            raise ValueError(
                f"{name} has shape {tuple(value.shape)} and x has {tuple(x.shape)}; wanted one value for "
                "each of x's channels, axis 1"
            )


def _normalised(gradient: Tensor, x: Tensor, epsilon: float) -> tuple[Tensor, Tensor]:
    """x with mean 0 and variance 1 in each channel, and the root that it was divided by."""
    if gradient.shape != x.shape:
        raise ValueError(
            f"gradient has shape {tuple(gradient.shape)} and x has {tuple(x.shape)}; they must be the same"
        )
    mean, variance = channel_statistics(x)
    root = by_channel(torch.sqrt(variance + epsilon), x)
    return (x - by_channel(mean, x)) / root, root
