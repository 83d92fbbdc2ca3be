"""Typed values as bytes: what crosses between the grader and the sandbox, in both directions.
No lesson teaches it; grader/judging/kernels.py sends with it, grader/judging/inside.py answers with it.
Read course/checks/plan.py first: what is sent is its Plan, what comes back its Observation."""

from __future__ import annotations

import math
import re
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol

import msgpack
import numpy
import torch
from torch import Tensor

from course.checks.plan import Name, Observation, Opaque, Plan, Raised, Seeded

LARGEST = 64 * 2**20
DEEPEST = 32
MOST_ITEMS = 500_000  # in one message; course.checks.plan.plain gives a result and its arguments 200,000 each
MOST_KEYS = 10_000  # in one dict: keys can be chosen so that they collide
_TENSOR, _ARRAY, _TUPLE, _OPAQUE, _COMPLEX, _LARGE_INT, _NAME, _SEED = range(1, 9)

DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float16,
        torch.bfloat16,
        torch.float32,
        torch.float64,
        torch.complex64,
        torch.complex128,
        torch.bool,
        torch.uint8,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
    )
}
ARRAY_KINDS = "biufc"
_ARRAY_TYPE = re.compile(r"[<|][biufc]\d{1,2}")


class WireError(ValueError):
    """Bytes that stand for no value, or a value that has no form as bytes."""


def encode(value: Any, name_of: Callable[[Any], str | None] = lambda value: None) -> bytes:
    """The bytes of a plain value (course.checks.plan.plain), in which functions may stand when name_of knows their
    name.

    Raises WireError for a value without a form, deeper than DEEPEST levels or longer than LARGEST bytes.
    """
    packed = msgpack.packb(_encoded(value, name_of, 0), use_bin_type=True, strict_types=True)
    if len(packed) > LARGEST:
        raise WireError(f"a value of {len(packed):,} bytes came, and {LARGEST:,} is the most")
    return packed


def _encoded(value: Any, name_of: Callable, depth: int) -> Any:
    if depth > DEEPEST:
        raise WireError(f"a value nested deeper than {DEEPEST} levels came")
    kind = type(value)
    if value is None or kind in (bool, float, str, bytes):
        return value
    if kind is int:
        if -(2**63) <= value < 2**63:
            return value
        return msgpack.ExtType(_LARGE_INT, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))
    if kind is complex:
        return msgpack.ExtType(_COMPLEX, struct.pack("<dd", value.real, value.imag))
    if kind is Tensor:
        return msgpack.ExtType(_TENSOR, _tensor_bytes(value))
    if kind is numpy.ndarray:
        return msgpack.ExtType(_ARRAY, _array_bytes(value))
    if kind is tuple:
        return msgpack.ExtType(_TUPLE, msgpack.packb([_encoded(item, name_of, depth + 1) for item in value]))
    if kind is list:
        return [_encoded(item, name_of, depth + 1) for item in value]
    if kind is dict:
        return {_encoded(key, name_of, depth + 1): _encoded(item, name_of, depth + 1) for key, item in value.items()}
    if kind is Opaque:
        return msgpack.ExtType(_OPAQUE, value.kind.encode()[:200])
    if kind is Seeded:
        return msgpack.ExtType(_SEED, str(value.seed).encode())
    name = str(value) if kind is Name else name_of(value) if callable(value) else None
    if name is not None:
        return msgpack.ExtType(_NAME, name.encode())
    raise WireError(f"a value of type {kind.__name__} has no form on the wire")


def _tensor_bytes(value: Tensor) -> bytes:
    dtype = str(value.dtype).removeprefix("torch.")
    if dtype not in DTYPES or value.layout != torch.strided or value.device.type != "cpu":
        raise WireError(f"a {dtype} tensor, {value.layout}, on {value.device.type}, has no form on the wire")
    value = value.detach().resolve_conj().resolve_neg()
    strides = value.stride()
    # As it lies in memory, so that it lies there so on the other side.
    order = sorted(range(value.ndim), key=lambda axis: -strides[axis])
    flat = value.permute(order).contiguous().reshape(-1)
    return msgpack.packb([dtype, list(value.shape), flat.view(torch.uint8).numpy().tobytes(), order])


def _array_bytes(value: numpy.ndarray) -> bytes:
    if value.dtype.kind not in ARRAY_KINDS:
        raise WireError(f"a NumPy array of {value.dtype} has no form on the wire")
    little = value.astype(value.dtype.newbyteorder("<"))
    return msgpack.packb([little.dtype.str, list(value.shape), little.tobytes()])


def decode(data: bytes) -> Any:
    """The value of bytes that anybody may have sent. Any bytes give a value or a WireError, never code that runs."""
    if len(data) > LARGEST:
        raise WireError(f"{len(data):,} bytes came, and {LARGEST:,} is the most")
    return _decoded(data, 0, [MOST_ITEMS])


def _decoded(data: bytes, depth: int, room: list[int]) -> Any:
    """room: how many items may still come, in a list so that all levels count together."""
    if depth > DEEPEST or (depth > 4 and len(data) > LARGEST // 64):
        raise WireError(f"a value nested deeper than {DEEPEST} levels came, or too large a one for its depth")

    def counted(items: list) -> list:
        room[0] -= len(items)
        if room[0] < 0:
            raise WireError(f"a value of more than {MOST_ITEMS:,} items came")
        return items

    try:
        return msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=False,
            max_array_len=MOST_ITEMS,
            max_map_len=MOST_KEYS,
            list_hook=counted,
            # its oldest versions, in plain Python, hand on the pairs one by one
            object_pairs_hook=lambda pairs: dict(counted(list(pairs))),
            ext_hook=lambda code, more: _extended(code, more, depth, room),
        )
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"bytes that stand for no value came ({type(error).__name__})") from None


def _extended(code: int, data: bytes, depth: int, room: list[int]) -> Any:
    if code == _TENSOR:
        dtype, shape, content, order = _header(data)
        if dtype not in DTYPES:
            raise WireError("a tensor of unknown dtype came")
        size = _size(shape, content, DTYPES[dtype].itemsize)
        if not size:
            return torch.empty(shape, dtype=DTYPES[dtype])
        flat = torch.frombuffer(bytearray(content), dtype=torch.uint8 if dtype == "bool" else DTYPES[dtype])
        laid_out = (flat != 0 if dtype == "bool" else flat).reshape([shape[axis] for axis in order])
        return laid_out.permute([order.index(axis) for axis in range(len(order))])
    if code == _ARRAY:
        name, shape, content, _ = _header(data)
        if not _ARRAY_TYPE.fullmatch(name):
            raise WireError("an array of unknown dtype came")
        kind = numpy.dtype(name)
        _size(shape, content, kind.itemsize)
        return numpy.frombuffer(bytearray(content), dtype=kind).reshape(shape)
    if code == _TUPLE:
        items = _decoded(data, depth + 1, room)
        if not isinstance(items, list):
            raise WireError("a tuple without items came")
        return tuple(items)
    if code == _OPAQUE:
        return Opaque(type_name(data.decode(errors="replace")))
    if code == _COMPLEX:
        return complex(*struct.unpack("<dd", data))
    if code == _LARGE_INT:
        if len(data) > 512:
            raise WireError("a whole number of more than 512 bytes came")
        return int.from_bytes(data, "big", signed=True)
    if code == _NAME:
        return Name(data.decode())
    if code == _SEED:
        return Seeded(int(data[:20]))
    raise WireError("a value of unknown kind came")


def _header(data: bytes) -> tuple[str, list[int], bytes, list[int]]:
    """dtype, shape, contents, and the axes in the order in which they lie in memory."""
    dtype, shape, content, *order = msgpack.unpackb(data, raw=False, max_array_len=16)
    if not (isinstance(dtype, str) and isinstance(shape, list) and isinstance(content, bytes)):
        raise WireError("a tensor without dtype, shape and contents came")
    order = order[0] if order else list(range(len(shape)))
    if not isinstance(order, list) or sorted(map(repr, order)) != sorted(map(repr, range(len(shape)))):
        raise WireError("a tensor whose axes are no axes came")
    return dtype, shape, content, order


def _size(shape: list, content: bytes, itemsize: int) -> int:
    if len(shape) > 16 or not all(type(length) is int and 0 <= length <= LARGEST for length in shape):
        raise WireError("a tensor of an impossible shape came")
    if math.prod(shape) * itemsize != len(content):
        raise WireError("a tensor whose shape does not fit its contents came")
    return len(content)


def plan_as_value(plan: Plan) -> list:
    return [
        plan.target,
        tuple(plan.arguments),
        dict(plan.keywords),
        [list(step) for step in plan.steps],
        plan.seed,
        list(plan.watch),
    ]


def plan_of(value: list) -> Plan:
    target, arguments, keywords, steps, seed, watch = value
    return Plan(target, tuple(arguments), keywords, tuple(tuple(step) for step in steps), seed, tuple(watch))


def observation_as_value(seen: Observation) -> list:
    raised = (
        None
        if seen.raised is None
        else [seen.raised.kind, seen.raised.message, seen.raised.line, list(seen.raised.bases)]
    )
    return [seen.value, raised, seen.arguments, seen.changed, seen.twice, seen.flows, seen.device]


def observation_of(value: Any) -> Observation:
    """The observation that a reply stands for. Raises WireError when it stands for none."""
    if not (isinstance(value, list) and len(value) == 7 and all(isinstance(part, tuple) for part in value[2:6])):
        raise WireError("a reply that is no observation came")
    raised = None
    if value[1] is not None:
        if not (isinstance(value[1], list) and len(value[1]) == 4):
            raise WireError("a reply with an exception that is none came")
        kind, message, line, bases = value[1]
        raised = Raised(
            type_name(kind),
            _text(message, 500),
            line_number(line),
            tuple(type_name(base) for base in bases[:20]) if isinstance(bases, list) else (),
        )
    changed = tuple(place for place in value[3] if type(place) is int)
    flows = tuple(reached for reached in value[5] if reached is None or type(reached) is bool)
    return Observation(
        value[0], raised, value[2], changed, value[4][:1], flows, value[6] if value[6] in ("", "meta") else "another"
    )


def type_name(value: Any) -> str:
    """The name of a type as a page may show it: the learner's code chooses it, and could put anything in its place."""
    name = _text(value, 80)
    return name if len(name) <= 40 and name.isascii() and name.isidentifier() else "Unknown"


def line_number(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 10_000 else 0


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise WireError("a reply with something else where text belongs came")
    return value[:longest]


def send(channel: socket.socket, data: bytes) -> None:
    """One message: its length in four bytes, then the bytes."""
    channel.sendall(struct.pack("<I", len(data)) + data)


class Channel(Protocol):
    """What bytes are read from: a socket, or one with a deadline."""

    def recv(self, length: int, /) -> bytes: ...


def receive(channel: Channel) -> bytes:
    """One message. Raises WireError when it says it is longer than LARGEST, EOFError when the other side has gone."""
    (length,) = struct.unpack("<I", _exactly(channel, 4))
    if length > LARGEST:
        raise WireError(f"a message of {length:,} bytes was announced, and {LARGEST:,} is the most")
    return _exactly(channel, length)


def _exactly(channel: Channel, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = channel.recv(min(length - len(parts), 2**20))
        if not part:
            raise EOFError("the other side has gone")
        parts += part
    return bytes(parts)
