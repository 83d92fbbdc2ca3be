"""The training loop that the lessons share, what it writes down while it runs, and the curves that it draws.
Lesson 04 (solutions/04-networks) builds its heart as an exercise; the lessons after it train with it.
Read first: `train`, the loop itself; then `accuracy`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from IPython.display import display
from torch import Generator, Tensor, nn

from course import plots
from course.bars import Bar


@dataclass(frozen=True)
class State:
    """Where a training run stands after a batch: what `after_batch` is called with."""

    model: nn.Module
    step: int  # batches so far, 1 after the first
    epoch: int  # 0 in the first
    loss: Tensor  # of this batch, a scalar on the model's device: float(loss) waits for a GPU


@dataclass
class History:
    """What a training run wrote down."""

    losses: list[float] = field(default_factory=list)  # one a batch
    train_accuracy: list[float] = field(default_factory=list)  # one an epoch, where there was validation
    validation_accuracy: list[float] = field(default_factory=list)  # one an epoch, where there was validation
    seconds: float = 0.0  # measuring and drawing included

    def __repr__(self) -> str:
        last = f", last loss {self.losses[-1]:.3f}" if self.losses else ""
        held_out = f", validation accuracy {self.validation_accuracy[-1]:.1%}" if self.validation_accuracy else ""
        return f"History({len(self.losses)} batches in {self.seconds:.1f} s{last}{held_out})"


def train(
    model: nn.Module,
    inputs: Tensor,
    targets: Tensor,
    *,
    epochs: int,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    loss: Callable[[Tensor, Tensor], Tensor] = nn.functional.cross_entropy,
    optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
    validation: tuple[Tensor, Tensor] | None = None,
    transform: Callable[[Tensor], Tensor] | None = None,
    after_batch: Callable[[State], object] | None = None,
    schedule: bool = False,
    precision: torch.dtype | None = None,
    curves: LiveCurves | None = None,
    generator: Generator | None = None,
    progress: bool = True,
    name: str = "training",
) -> History:
    """Fit a model to inputs (n, ...) and targets (n, ...), in mini-batches, each row once an epoch. Changes the model
    in place.

    inputs, targets: anywhere; they are moved to the model's device once, before the first batch.
    loss: from predictions and targets of a batch to a scalar. optimiser: called as optimiser(model.parameters(),
    lr=learning_rate). validation: (inputs, targets) of classes, held out: after each epoch the accuracy on them is
    measured, and the accuracy on as many training rows, both in eval mode. transform: applied to each batch of inputs,
    on the device, in training only.
    after_batch: called with a State after each batch. schedule: one cycle, the rate climbs to learning_rate and cools
    down to nothing (Smith and Topin 2019). precision: torch.bfloat16 or torch.float16 for the forward pass on a GPU;
    elsewhere ignored. generator: draws the order of the rows; weights and dropout have had theirs from
    torch.manual_seed. progress: a bar,
    once the run has taken two seconds (never where TQDM_DISABLE is set); name: what stands beside it, such as "run 2 of
    4". Modules are in training mode meanwhile, and afterwards as they came.
    Raises ValueError when an argument cannot be trained with.
    """
    n = len(inputs)
    if n != len(targets):
        raise ValueError(f"inputs has {n} rows and targets has {len(targets)}; they must have as many")
    if n == 0 or epochs < 1 or batch_size < 1:
        raise ValueError(
            f"there are {n} rows, epochs is {epochs} and batch_size is {batch_size}; each must be 1 or more"
        )
    if precision not in (None, torch.bfloat16, torch.float16):
        raise ValueError(f"precision is {precision}; wanted torch.bfloat16, torch.float16 or None")
    began, history = time.perf_counter(), History()
    device = next(model.parameters()).device
    inputs, targets = inputs.to(device), targets.to(device)
    validation = None if validation is None else (validation[0].to(device), validation[1].to(device))
    steps = epochs * -(-n // batch_size)
    walker = optimiser(model.parameters(), lr=learning_rate)
    cooling = one_cycle(walker, learning_rate, steps) if schedule else None
    half = precision is not None and device.type == "cuda"
    # Gradients in float16 are so small that many would round to zero: the loss is scaled up, and they are scaled back.
    scaler = torch.amp.GradScaler(enabled=half and precision is torch.float16)
    kept: list[Tensor] = []  # losses stay on the device until the epoch ends: to read one is to wait for the GPU

    with in_mode(model, training=True), Bar(total=steps, name=name, progress=progress) as bar:
        for epoch in range(epochs):
            for rows in order_of(n, generator).to(device).split(batch_size):
                batch = inputs[rows] if transform is None else transform(inputs[rows])
                with torch.autocast(device.type, dtype=precision) if half else contextlib.nullcontext():
                    batch_loss = loss(model(batch), targets[rows])
                walker.zero_grad()
                scaler.scale(batch_loss).backward()
                scaler.step(walker)
                scaler.update()
                kept.append(batch_loss.detach())
                if after_batch is not None:
                    after_batch(State(model, len(history.losses) + len(kept), epoch, kept[-1]))
                if cooling is not None:
                    cooling.step()
                if curves is not None and curves.due():
                    take_in(kept, history)
                    curves.draw(history, steps)
                bar.update()
            take_in(kept, history)
            if validation is not None:
                history.validation_accuracy.append(accuracy(model, *validation))
                rows = slice(len(validation[0]))
                history.train_accuracy.append(accuracy(model, inputs[rows], targets[rows]))
                bar.set_postfix(validation=f"{history.validation_accuracy[-1]:.1%}", refresh=False)
    if curves is not None:
        curves.draw(history, steps)
    history.seconds = time.perf_counter() - began
    return history


def accuracy(model: nn.Module, inputs: Tensor, targets: Tensor, batch_size: int = 1000) -> float:
    """The share of rows whose largest logit is that of the right class, in [0, 1].

    inputs: (n, ...), targets: (n,), whole numbers; model: from (k, ...) to logits (k, classes). The model is in eval
    mode while it is measured, and afterwards in the mode it was found in, module by module. Raises ValueError for
    targets that are no classes.
    """
    if targets.is_floating_point() or targets.ndim != 1 or len(targets) != len(inputs) or not len(targets):
        raise ValueError(
            f"targets has shape {tuple(targets.shape)} and dtype {targets.dtype}; wanted ({len(inputs)},), the class "
            "of each row as a whole number"
        )
    device, right = next(model.parameters()).device, 0
    with in_mode(model, training=False), torch.no_grad():
        for batch, labels in zip(inputs.split(batch_size), targets.split(batch_size), strict=False):
            right = right + (model(batch.to(device)).argmax(dim=1) == labels.to(device)).sum()
    return float(right) / len(targets)


@contextlib.contextmanager
def in_mode(model: nn.Module, training: bool) -> Iterator[None]:
    """The model in training or eval mode for as long as the block lasts; then each of its modules as it was."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def order_of(n: int, generator: Generator | None = None) -> Tensor:
    """The n rows in random order, (n,). Drawn where the generator is, the CPU as a rule, so that a seed means the same
    order on any device."""
    return torch.randperm(n, generator=generator, device="cpu" if generator is None else generator.device)


def one_cycle(
    optimiser: torch.optim.Optimizer, learning_rate: float, steps: int
) -> torch.optim.lr_scheduler.LRScheduler:
    """From a 25th of the rate up to it over the first 30 % of the steps, then along a cosine down to nearly nothing.

    Smith and Topin 2019. The momentum stays as it is."""
    return torch.optim.lr_scheduler.OneCycleLR(
        optimiser, learning_rate, total_steps=max(steps, 2), cycle_momentum=False
    )


def take_in(kept: list[Tensor], history: History) -> None:
    """Move the losses kept on the device, scalars, to the history, as numbers; one transfer for all of them."""
    if kept:
        history.losses += torch.stack(kept).float().tolist()
        kept.clear()


class LiveCurves:
    """The curves of a training run as one figure, drawn again while it runs: the loss of each batch and, where there is
    a validation set, the accuracy on both sets after each epoch. Hand a fresh one to `train`."""

    def __init__(
        self,
        every: float = 1.0,
        alt: str = "The loss of each batch of a training run against the step, with its running mean, "
        "and beside it the accuracy after each epoch where it was measured.",
    ):
        """every: seconds between two drawings at least; they take no more than a tenth of the time. alt: true of the
        run when it has ended."""
        self.every, self.alt = every, alt
        self._handle, self._drawn, self._took = None, time.perf_counter(), 0.0

    def due(self) -> bool:
        """Whether it is time for the next drawing."""
        return time.perf_counter() - self._drawn >= max(self.every, 9 * self._took)

    def draw(self, history: History, steps: int) -> None:
        """Draw what has been written down so far of a run of so many steps, in the place of what was drawn before."""
        begun = time.perf_counter()
        bundle = {"text/html": plots.picture(self.figure(history, steps), self.alt), "text/plain": self.alt}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
        self._drawn = time.perf_counter()
        self._took = self._drawn - begun

    @staticmethod
    def figure(history: History, steps: int):
        """The loss and, where there are any, the accuracies beside it."""
        epochs, count = len(history.validation_accuracy), len(history.losses)
        drawn, panels = plots.figure(columns=2 if epochs else 1)
        left = panels[0] if epochs else panels
        if count:
            width = max(1, count // 50)  # the mean of a fiftieth of the batches: single batches tremble
            losses = torch.tensor(history.losses)
            left.plot(
                range(1, count + 1),
                losses,
                color=plots.COLOURS["sky"],
                linestyle="-",
                linewidth=0.8,
                label="each batch",
            )
            left.plot(range(width, count + 1), losses.unfold(0, width, 1).mean(dim=1), label=f"mean of {width}")
            left.legend()
        left.set(xlabel="step (mini-batches)", ylabel="loss", xlim=(0, steps), title="Loss")
        if epochs:
            plots.curves(
                panels[1],
                {"training": history.train_accuracy, "validation": history.validation_accuracy},
                x=range(1, epochs + 1),
                names=("epoch", "share of rows"),
            )
            panels[1].set_title("Right answers")
        return drawn
