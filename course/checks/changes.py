"""Small changes of what goes into a function and of what comes out of it, with words for them: the slips that need no
look at its source.
No lesson teaches it; course/checks/slips.py makes programs of them. Read OUT and IN first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Change:
    """A change of tensors, or of plain numbers too, also of those in a tuple; all else stays as it is."""

    change: Callable[[Any], Any]
    of_numbers: bool

    def __call__(self, value: Any) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(value, Tensor) or (number and self.of_numbers):
            return self.change(value)
        return tuple(self(part) for part in value) if isinstance(value, tuple) else value


def _tensors_only(change: Callable[[Tensor], Any]) -> Change:
    return Change(change, of_numbers=False)


def numbers_too(change: Callable[[Any], Any]) -> Change:
    return Change(change, of_numbers=True)


def _decimals_only(tensors: Callable[[Tensor], Any], numbers: Callable[[float], Any]) -> Change:
    def change(value: Any) -> Any:
        if isinstance(value, Tensor) and value.is_floating_point():
            return tensors(value)
        return numbers(value) if isinstance(value, float) else value

    return numbers_too(change)


def _cut(value: Any, least: float | None, most: float | None) -> Any:
    if isinstance(value, Tensor):
        return value.clamp(least, most)
    return max(value, least) if least is not None else min(value, most)


# What comes out: the operator, the words, the change. Values that are not of its kind come out as they went in.
OUT: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    (
        "transposed",
        "rows and columns of your result are exchanged",
        _tensors_only(lambda value: value.mT if value.ndim > 1 else value),
    ),
    (
        "negated",
        "every number has the right size and the wrong sign: look at which way round the subtraction goes",
        numbers_too(lambda value: -value),
    ),
    (
        "cut off below",
        "what is below zero is cut off: nothing asks for that",
        numbers_too(lambda value: _cut(value, 0, None)),
    ),
    (
        "cut off above",
        "what is above one is cut off: nothing asks for that",
        numbers_too(lambda value: _cut(value, None, 1)),
    ),
    ("without signs", "the signs are taken away: a result may be below zero", numbers_too(abs)),
    (
        "cut off on both sides",
        "what is below zero or above one is cut off: nothing asks for that",
        numbers_too(lambda value: _cut(_cut(value, 0, None), None, 1)),
    ),
    (
        "running total",
        "it runs up from one to the next: begin anew for each",
        _tensors_only(lambda value: value.flatten().cumsum(0).reshape(value.shape) if value.ndim else value),
    ),
    ("one too many", "every number is one too large", numbers_too(lambda value: value + 1)),
    ("one too few", "every number is one too small", numbers_too(lambda value: value - 1)),
    ("doubled", "every number is twice as large as it should be", numbers_too(lambda value: value * 2)),
    ("halved", "every number is half as large as it should be", numbers_too(lambda value: value / 2)),
    ("squared", "your result is squared: nothing asks for that", numbers_too(lambda value: value**2)),
    ("root", "a root is taken of the result: nothing asks for that", numbers_too(lambda value: value**0.5)),
    ("rounded", "the result is rounded to whole numbers", _decimals_only(Tensor.round, round)),
    ("cut to whole", "what stands after the decimal point is cut off", _decimals_only(Tensor.trunc, int)),
    (
        "a list",
        "the numbers are right, and they come in a list where a tensor is wanted",
        _tensors_only(lambda value: value.tolist() if value.ndim else value),
    ),
    (
        "parts in a list",
        "the parts are right, and they come in a list where one tensor is wanted: `torch.stack` puts them together",
        _tensors_only(lambda value: list(value) if value.ndim > 1 else value),
    ),
    (
        "flat",
        "the numbers are right, and they come in one long row: keep the axes",
        _tensors_only(lambda value: value.flatten() if value.ndim > 1 else value),
    ),
    (
        "an axis too many in front",
        "the numbers are right, with an axis of length 1 too many in front",
        _tensors_only(lambda value: value[None]),
    ),
    (
        "an axis too many behind",
        "the numbers are right, with an axis of length 1 too many at the end",
        _tensors_only(lambda value: value[..., None]),
    ),
    (
        "an axis of one lost",
        "the numbers are right, and where an axis has length 1 it is lost: `squeeze` takes too much",
        _tensors_only(lambda value: value.squeeze()),
    ),
    (
        "added up",
        "the numbers are added up to one: each of them is wanted",
        _tensors_only(lambda value: value.sum() if value.ndim else value),
    ),
    (
        "averaged",
        "the mean of the numbers is given back: each of them is wanted",
        _tensors_only(lambda value: value.mean() if value.ndim and value.is_floating_point() else value),
    ),
    (
        "the last only",
        "only the last of them is given back: all are wanted",
        lambda value: (
            value[-1]
            if isinstance(value, tuple | list | Tensor) and not (isinstance(value, Tensor) and not value.ndim)
            else value
        ),
    ),
    (
        "the first only",
        "only the first of them is given back: all are wanted",
        lambda value: (
            value[0]
            if isinstance(value, tuple | list | Tensor) and not (isinstance(value, Tensor) and not value.ndim)
            else value
        ),
    ),
    (
        "the last is missing",
        "the last one is missing",
        lambda value: value[:-1] if isinstance(value, list) or (isinstance(value, Tensor) and value.ndim) else value,
    ),
    (
        "the first is missing",
        "the first one is missing",
        lambda value: value[1:] if isinstance(value, list) or (isinstance(value, Tensor) and value.ndim) else value,
    ),
    (
        "backwards",
        "they are right, in the reverse order",
        lambda value: (
            value.flip(0)
            if isinstance(value, Tensor) and value.ndim
            else value[::-1]
            if isinstance(value, list | tuple)
            else value
        ),
    ),
    (
        "the other way round",
        "true and false are exchanged",
        lambda value: (
            not value
            if isinstance(value, bool)
            else ~value
            if isinstance(value, Tensor) and value.dtype == torch.bool
            else value
        ),
    ),
    ("nothing", "nothing was returned: is there a `return` on the last line?", lambda value: None),
)
# What is right in its value and breaks the contract: caught by `keeps_the_contract`, and never in need of a name from
# here.
CONTRACT: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("float32", _tensors_only(lambda value: value.float() if value.is_floating_point() else value)),
    ("float64", _tensors_only(lambda value: value.double() if value.is_floating_point() else value)),
    ("detached", _tensors_only(lambda value: value.detach())),
)


def _on(value: Any, change: Callable[[Tensor], Any]) -> Any:
    return change(value) if isinstance(value, Tensor) and value.ndim else value


# What goes in: the operator, the words ({name} is the argument's), the change of one tensor argument.
IN: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    (
        "whole numbers",
        "`{name}` is cut to whole numbers before it is used",
        lambda value: _on(value, lambda x: x.trunc() if x.is_floating_point() else x),
    ),
    ("first row", "only the first row of `{name}` is looked at", lambda value: _on(value, lambda x: x[:1])),
    (
        "first hundred",
        "only the first hundred rows of `{name}` are looked at",
        lambda value: _on(value, lambda x: x[:100]),
    ),
    (
        "last is left out",
        "the last row of `{name}` is left out",
        lambda value: _on(value, lambda x: x[:-1] if len(x) > 1 else x),
    ),
    (
        "first is left out",
        "the first row of `{name}` is left out",
        lambda value: _on(value, lambda x: x[1:] if len(x) > 1 else x),
    ),
    (
        "argument transposed",
        "rows and columns of `{name}` are exchanged",
        lambda value: _on(value, lambda x: x.mT if x.ndim > 1 else x),
    ),
    (
        "argument turned",
        "`{name}` is turned round; it is used as it comes",
        lambda value: _on(value, lambda x: x.flip(tuple(range(-min(2, x.ndim), 0)))),
    ),
    (
        "argument negated",
        "`{name}` goes in with the wrong sign",
        lambda value: _on(value, lambda x: -x if x.dtype != torch.bool else ~x),
    ),
    (
        "argument without signs",
        "the signs of `{name}` are lost",
        lambda value: _on(value, lambda x: x.abs() if x.dtype != torch.bool else x),
    ),
    (
        "argument cut off",
        "what is below zero in `{name}` is taken for zero",
        lambda value: _on(value, lambda x: x.clamp(min=0) if x.dtype != torch.bool else x),
    ),
    (
        "argument sorted",
        "`{name}` is sorted first; its order counts",
        lambda value: _on(value, lambda x: x.sort(0).values),
    ),
)
