"""How a value is compared with the one expected: by type, then dtype, then shape, then value.
Every lesson's checks use it, in the notebook and in grading; the same mistake gets the same words in both.
Read course/checks/sentences.py first, which turns a difference found here into what the learner reads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy
import torch
from torch import Tensor

from course.checks.plan import Name, Opaque, Seeded


@dataclass(frozen=True)
class Difference:
    """What is wrong with a value: in words that hold no values, and the general mistake it looks like, if any."""

    words: str
    mistake: str = ""


def difference(came: Any, expected: Any, *, tolerance: float = 1e-5, same_dtype: bool = True) -> Difference | None:
    """None when `came` is what was expected, else what is wrong with it.

    came, expected: plain values (course.checks.plan.plain). Numbers agree when |came - expected| <= tolerance * (1 +
    |expected|); NaN agrees only with NaN. A number and a tensor without axes stand for each other; a list and a tuple
    do too.
    """
    if came is None and expected is not None:
        return Difference(
            f"your function gave back None, and {describe(expected)} is wanted",
            NOTHING,
        )
    if isinstance(came, Opaque):
        return Difference(f"{describe(came)} came, and {describe(expected)} is wanted")
    if isinstance(expected, Tensor | numpy.ndarray) and isinstance(came, Number) and expected.ndim == 0:
        expected = expected.item()
    if isinstance(expected, Number) and isinstance(came, Tensor | numpy.ndarray) and came.ndim == 0:
        came = came.item()
    if isinstance(expected, Tensor):
        return _tensor(came, expected, tolerance, same_dtype)
    if isinstance(expected, numpy.ndarray):
        if not isinstance(came, numpy.ndarray):
            return Difference(f"{describe(came)} came, and {describe(expected)} is wanted")
        return _tensor(torch.from_numpy(came), torch.from_numpy(expected), tolerance, same_dtype)
    if isinstance(expected, Number):
        if not isinstance(came, Number) or isinstance(came, bool) != isinstance(expected, bool):
            return Difference(f"{describe(came)} came, and {describe(expected)} is wanted")
        return _number(came, expected, tolerance)
    if isinstance(expected, list | tuple):
        return _sequence(came, expected, tolerance, same_dtype)
    if isinstance(expected, dict):
        return _dictionary(came, expected, tolerance, same_dtype)
    if type(came) is not type(expected):
        return Difference(f"{describe(came)} came, and {describe(expected)} is wanted")
    return None if came == expected else Difference("the right type, but not the value that is wanted")


def describe(value: Any) -> str:
    """A value's type and shape in words, without its contents: 'a float32 tensor of shape (3, 2)'."""
    if value is None:
        return "None"
    if isinstance(value, Tensor | numpy.ndarray):
        kind = "tensor" if isinstance(value, Tensor) else "NumPy array"
        article = "an" if _dtype(value)[0] in "aeiou" else "a"
        return f"{article} {_dtype(value)} {kind} " + (
            f"of shape {tuple(value.shape)}" if value.ndim else "without axes (a scalar)"
        )
    if isinstance(value, bool):
        return "a truth value (True or False)"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, Number):
        return "a number" if not isinstance(value, complex) else "a complex number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict of {len(value)}"
    return (
        f"an object of type {value.kind}" if isinstance(value, Opaque) else f"an object of type {type(value).__name__}"
    )


def show(value: Any, longest: int = 300) -> str:
    """The value itself, shortened, for a learner at home."""
    if callable(value) or isinstance(value, Name):
        return str(value) if isinstance(value, Name) else getattr(value, "__name__", "a function")
    if isinstance(value, Seeded):
        return f"Generator().manual_seed({value.seed})"
    text = describe(value) if isinstance(value, Opaque) or _parts(value, 5000) > 5000 else repr(value)
    if isinstance(value, Tensor) and value.ndim == 0:
        text = repr(round(value.item(), 6) if value.is_floating_point() else value.item())
    text = " ".join(text.split()) if len(text) < 120 else text
    return text if len(text) <= longest else text[: longest - 4] + " ..."


def _parts(value: Any, most: int) -> int:
    """How many parts `repr` would write, counted no further than it takes to see that they are more than `most`."""
    count, waiting = 0, [value]
    while waiting and count <= most:
        item = waiting.pop()
        if isinstance(item, Tensor | numpy.ndarray):
            size = item.numel() if isinstance(item, Tensor) else item.size
            count += size if size <= 1000 else 6**item.ndim  # torch and NumPy write at most six of each axis then
        elif isinstance(item, list | tuple | dict):
            waiting += [*item][: most + 1] + ([*item.values()][: most + 1] if isinstance(item, dict) else [])
        count += 1 + len(item) // 50 if isinstance(item, str | bytes) else 1
    return count


def _dtype(value: Tensor | numpy.ndarray) -> str:
    return str(value.dtype).removeprefix("torch.")


def _number(came: Any, expected: Any, tolerance: float) -> Difference | None:
    if isinstance(expected, int) and not isinstance(came, int):
        return Difference(
            "a number with a decimal point came, and a whole number is wanted",
            "a float where a whole number is wanted: `/` always gives a float, `//` and `int` do not",
        )
    if came != came and expected == expected:
        return Difference("NaN came, which is no number at all", NAN)
    if isinstance(came, int) and came == expected:
        return None  # before anything is computed: a whole number may be larger than any with a decimal point
    if isinstance(came, int) and came.bit_length() > 1000:
        return Difference("a number came that is larger than any that is computed with")
    within = tolerance * (1 + abs(expected)) if abs(expected) != math.inf else 0  # minus infinity is not near to it
    if came == expected or (came != came and expected != expected) or abs(came - expected) <= within:
        return None
    if expected and not isinstance(expected, bool) and (came == -expected or abs(came + expected) <= within):
        return Difference("the right size, but the wrong sign", SIGN)
    return Difference("a number came, as wanted, but not the right one")


def _tensor(came: Any, expected: Tensor, tolerance: float, same_dtype: bool) -> Difference | None:
    wanted = describe(expected)
    if not isinstance(came, Tensor):
        mistake = (
            f"{'an array' if isinstance(came, numpy.ndarray) else describe(came)} is not yet a tensor: torch "
            "computes on tensors, and so does what comes after"
        )
        return Difference(f"{describe(came)} came, and {wanted} is wanted", mistake)
    if came.shape != expected.shape:
        return Difference(f"{describe(came)} came, and {wanted} is wanted", _shape_mistake(came, expected, tolerance))
    if same_dtype and came.dtype != expected.dtype:
        mistake = ""
        if came.dtype == torch.float64:
            mistake = "float64 crept in, from a Python list of floats or from NumPy perhaps"
        elif came.dtype == torch.bool:
            mistake = "a comparison gives True and False; `.float()` or `.to(dtype)` makes numbers of them"
        elif not came.is_floating_point() and expected.is_floating_point():
            mistake = "whole numbers where fractions are wanted: a division with `//`, or a tensor made from ints"
        return Difference(f"{describe(came)} came, and {wanted} is wanted", mistake)
    if _close(came, expected, tolerance):
        return None
    if came.is_floating_point() and came.isnan().any() and not expected.isnan().any():
        return Difference("the shape is right, but some values are NaN, which is no number at all", NAN)
    if (
        expected.is_floating_point()
        and came.dtype != torch.bool
        and expected.abs().sum() > 0
        and _close(-came, expected, tolerance)
    ):
        return Difference("every value has the right size and the wrong sign", SIGN)
    if came.ndim == 2 and came.shape[0] == came.shape[1] and _close(came.T, expected, tolerance):
        return Difference("the right numbers, with rows and columns exchanged", TRANSPOSED)
    return Difference("type and shape are right, but not all of the values")


def _shape_mistake(came: Tensor, expected: Tensor, tolerance: float) -> str:
    if came.numel() == expected.numel() and came.squeeze().shape == expected.squeeze().shape:
        if _close(came.squeeze(), expected.squeeze(), tolerance):
            more = (
                "an axis of length 1 too many"
                if came.ndim > expected.ndim
                else "an axis of length 1 is missing or in another place"
            )
            return f"the numbers are right, but {more}: look at `keepdim`, `unsqueeze` and `squeeze`"
    if came.ndim == 2 and _close(came.T, expected, tolerance):
        return TRANSPOSED
    return ""


def _close(came: Tensor, expected: Tensor, tolerance: float) -> bool:
    if came.shape != expected.shape:
        return False
    if came.is_complex() or expected.is_complex():
        return torch.allclose(
            came.to(torch.complex128), expected.to(torch.complex128), tolerance, tolerance, equal_nan=True
        )
    return torch.allclose(came.to(torch.float64), expected.to(torch.float64), tolerance, tolerance, equal_nan=True)


def _sequence(came: Any, expected: list | tuple, tolerance: float, same_dtype: bool) -> Difference | None:
    if not isinstance(came, list | tuple) or len(came) != len(expected):
        return Difference(f"{describe(came)} came, and {describe(expected)} is wanted")
    for place, (one, other) in enumerate(zip(came, expected, strict=True), start=1):
        found = difference(one, other, tolerance=tolerance, same_dtype=same_dtype)
        if found:
            return Difference(f"item {place} of {len(expected)}: {found.words}", found.mistake)
    return None


def _dictionary(came: Any, expected: dict, tolerance: float, same_dtype: bool) -> Difference | None:
    if not isinstance(came, dict):
        return Difference(f"{describe(came)} came, and {describe(expected)} is wanted")
    if came.keys() != expected.keys():
        return Difference("a dict came, as wanted, but its keys are not the ones that are wanted")
    for key in expected:
        found = difference(came[key], expected[key], tolerance=tolerance, same_dtype=same_dtype)
        if found:
            return Difference(f"one entry of the dict: {found.words}", found.mistake)
    return None


NAN = (
    "NaN comes from 0/0, from the logarithm or root of a negative number, or from a mean of nothing: print what goes in"
)
NOTHING = "nothing was returned: is there a `return` on the last line?"
SIGN = "the sign is flipped: look at which way round the subtraction goes"
TRANSPOSED = "rows and columns are exchanged: say aloud which axis is which before you reduce or multiply"
