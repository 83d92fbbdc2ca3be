"""Ways to keep a network from memorising: dropout, embedding dropout, weight decay beside L2.
Lesson 06 (solutions/06-dropout) builds `masked` to `AdamW` as exercises.
Read course/descent.py first: Adam comes from there."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor, nn

from course.descent import Adam

Pair = tuple[Tensor, Tensor]


def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    """Throw away where the mask is 0, and scale up what is kept: inverted dropout with the mask given.

    x: any shape. mask: a shape that broadcasts with it, 1 (or True) to keep and 0 to drop. p: the share dropped, in [0,
    1). Returns x's dtype. The mask is scaled first, as torch does it, so that the last digit is torch's too.
    """
    _share_dropped(p)
    return x * (mask.to(x.dtype) / (1 - p))


def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    """What a layer gives on average under dropout of its input: exactly, over all 2^n masks, and not by drawing some.

    layer: from (n,) to a tensor. x: (n,), n at most 16. p: the share dropped, in [0, 1). Returns the shape that layer
    gives.
    """
    if x.ndim != 1 or len(x) > 16:
        raise ValueError(f"x has shape {tuple(x.shape)}; it must be (n,) with n at most 16, for there are 2^n masks")
    total: Any = 0.0  # from the first mask on a tensor
    for choice in itertools.product((0.0, 1.0), repeat=len(x)):
        mask = torch.tensor(choice, dtype=x.dtype, device=x.device)
        kept = int(sum(choice))
        total = total + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, mask, p))
    return total


def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    """Set each number of x to 0 with probability p and divide the others by 1 - p; in evaluation give x as it is.

    x: any shape, floating point. p: the share dropped, in [0, 1). generator: what draws the mask, on x's device;
    torch's own where none is given, and then mask and result are those of torch.nn.functional.dropout on the CPU, bit
    for bit. Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014; their p is the share kept, and they scale
    at test time.
    """
    _share_dropped(p)
    if not training or p == 0:
        return x
    mask = torch.empty_like(x, requires_grad=False).bernoulli_(1 - p, generator=generator)
    return masked(x, mask, p)


class Dropout(nn.Module):
    """Dropout as a layer: it drops in training mode and lets everything through in evaluation mode."""

    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        """p: the share dropped, in [0, 1). generator: what draws the masks, on the device of what comes in."""
        super().__init__()
        _share_dropped(p)
        self.p, self.generator = p, generator

    def forward(self, x: Tensor) -> Tensor:
        """x: any shape. Returns the same shape."""
        return dropout(x, self.p, self.training, self.generator)

    def extra_repr(self) -> str:
        return f"p={self.p}"


def embedding_dropout(
    table: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None
) -> Tensor:
    """Drop whole rows of a table before anything is looked up in it, so that what is dropped is missing wherever it
    occurs.

    table: (rows, width), a row for each word, shop or day. p: the share of rows dropped, in [0, 1). Returns (rows,
    width). Gal and Ghahramani 2016, section 4.2; Merity, Keskar and Socher 2018.
    """
    if table.ndim != 2:
        raise ValueError(f"table has shape {tuple(table.shape)}; it must be (rows, width)")
    _share_dropped(p)
    if not training or p == 0:
        return table
    rows = torch.empty(len(table), 1, dtype=table.dtype, device=table.device).bernoulli_(1 - p, generator=generator)
    return masked(table, rows, p)


def train_and_measure(
    build: Callable[[], nn.Module],
    practise: Callable[[nn.Module, Tensor, Tensor], None],
    train: Pair,
    test: Pair,
    rounds: int,
) -> list[float]:
    """Practise in training mode, measure in evaluation mode, and again: the accuracy on the test pair after each round.

    build: makes the model, in training mode. practise(model, inputs, labels): one round of training. train, test:
    (inputs (n, ...), labels (n,)).
    """
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies


def shrunk(weights: Tensor, learning_rate: float, decay: float) -> Tensor:
    """Weight decay: the weights, any shape, after losing the share learning_rate * decay of themselves (Hanson and
    Pratt 1988)."""
    return weights * (1 - learning_rate * decay)


def l2_gradient(gradient: Tensor, weights: Tensor, decay: float) -> Tensor:
    """The gradient once decay / 2 times the sum of the squared weights has joined the loss. All of one shape, any."""
    return gradient + decay * weights


class AdamW:
    """Adam beside weight decay: the weights shrink by themselves, out of Adam's sight (Loshchilov and Hutter 2019,
    algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: what share of the weights is lost, for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    @property
    def parameters(self) -> Tensor:
        """The weights now: (p,)."""
        return self.adam.parameters

    def step(self, gradient: Tensor) -> Tensor:
        """One step against gradient (p,), that of the plain loss. Keeps the new weights (p,) and returns them."""
        self.adam.parameters = shrunk(self.adam.parameters, self.learning_rate, self.decay)
        return self.adam.step(gradient)

    def __repr__(self) -> str:
        return (
            f"AdamW({self.parameters.tolist()} after {self.adam.steps} steps, learning_rate={self.learning_rate}, "
            f"decay={self.decay})"
        )


def misprint(labels: Tensor, share: float, classes: int = 10, generator: Generator | None = None) -> Pair:
    """Labels of which a share is wrong: (labels (n,), misprinted (n,) bool), each misprint another class drawn at
    random.

    labels: (n,), whole numbers below classes. share: in [0, 1]; round(share * n) labels are misprinted, on any device.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; it must be in [0, 1]")
    # Drawn on the CPU whatever the labels' device, so that a seed means the same misprints everywhere.
    chosen = torch.randperm(len(labels), generator=generator)[: round(share * len(labels))]
    slips = torch.randint(1, classes, (len(chosen),), generator=generator)
    printed, wrong = labels.clone(), torch.zeros(len(labels), dtype=torch.bool)
    wrong[chosen] = True
    chosen = chosen.to(labels.device)
    printed[chosen] = (labels[chosen] + slips.to(labels.device)) % classes
    return printed, wrong.to(labels.device)


def digit_net(
    p: float = 0.0, p_input: float = 0.0, width: int = 256, layer: Callable[[float], nn.Module] = Dropout
) -> nn.Sequential:
    """The network that lesson 06 trains: images (n, ..., 784 pixels in all) to scores (n, 10), two hidden layers of
    ReLUs.

    p: the share of hidden units dropped; p_input: the share of pixels. layer: what drops, nn.Dropout will do as well.
    """
    return nn.Sequential(
        nn.Flatten(),
        layer(p_input),
        nn.Linear(784, width),
        nn.ReLU(),
        layer(p),
        nn.Linear(width, width),
        nn.ReLU(),
        layer(p),
        nn.Linear(width, 10),
    )


def _share_dropped(p: float) -> None:
    if not 0 <= p < 1:
        raise ValueError(f"p is {p}; it is the share that is dropped, in [0, 1)")
