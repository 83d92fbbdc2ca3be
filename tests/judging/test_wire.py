"""What crosses between grader and sandbox: every plain value comes back as it was, and any bytes give a value or a
clean error. Read grader/judging/wire.py first."""

import contextlib
import socket
import struct

import msgpack
import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor

from course.checks.plan import Observation, Opaque, Plan, Raised
from grader.judging import wire
from grader.judging.wire import DTYPES, WireError, decode, encode

quick = settings(deadline=None, max_examples=150)

numbers = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.complex_numbers(allow_nan=False)
)


@st.composite
def tensors(draw) -> torch.Tensor:
    shape = draw(st.lists(st.integers(0, 3), max_size=4))
    dtype = draw(st.sampled_from(list(DTYPES.values())))
    return torch.randint(0, 2, shape, generator=torch.Generator().manual_seed(draw(st.integers(0, 99)))).to(dtype)


values = st.recursive(
    numbers | tensors(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def same(one, other) -> bool:
    if isinstance(one, torch.Tensor):
        return (
            type(other) is torch.Tensor
            and one.dtype == other.dtype
            and one.shape == other.shape
            and torch.equal(one, other)
        )
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


@quick
@given(values)
def test_a_plain_value_comes_back_as_it_was(value):
    assert same(value, decode(encode(value)))


def test_a_value_comes_back_where_msgpack_hands_a_maps_pairs_on_one_by_one(monkeypatch):
    """As its oldest versions do, which have nothing compiled for today's Pythons."""

    def unpackb(data, object_pairs_hook=dict, **more):
        return original(data, object_pairs_hook=lambda pairs: object_pairs_hook(iter(pairs)), **more)

    original = msgpack.unpackb
    monkeypatch.setattr(msgpack, "unpackb", unpackb)
    value = {"a": [1, {"b": torch.ones(2)}], "c": {}}
    assert same(value, decode(encode(value)))


@quick
@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_clean_error(data):
    with contextlib.suppress(WireError):
        decode(data)


@quick
@given(st.integers(1, 9), st.binary(max_size=60))
def test_any_bytes_behind_a_known_mark_give_a_value_or_a_clean_error(code, data):
    with contextlib.suppress(WireError):
        decode(msgpack.packb(msgpack.ExtType(code, data)))


@quick
@given(values, st.integers(0, 10**6), st.integers(0, 255))
def test_a_flipped_byte_gives_a_value_or_a_clean_error(value, place, byte):
    data = bytearray(encode(value))
    data[place % len(data)] = byte
    with contextlib.suppress(WireError):
        decode(bytes(data))


@pytest.mark.parametrize(
    "array",
    [numpy.arange(6).reshape(2, 3), numpy.array(1.5), numpy.zeros((0, 3), dtype="float32"), numpy.array([True, False])],
)
def test_an_array_comes_back_as_it_was(array):
    back = decode(encode(array))
    assert back.dtype == array.dtype and back.shape == array.shape and (back == array).all()


@pytest.mark.parametrize(
    "value", [numpy.array([object()]), torch.ones(2).to_sparse(), object(), {1, 2}, print, torch.ones(2, device="meta")]
)
def test_a_value_without_a_form_is_refused(value):
    with pytest.raises(WireError):
        encode(value)


def test_a_subclass_is_refused_so_nothing_arrives_with_operators_of_its_own():
    class Right(float):
        def __eq__(*_):
            return True

        __hash__ = float.__hash__

    with pytest.raises(WireError):
        encode(Right(1.0))


def test_a_tensor_whose_shape_does_not_fit_is_refused():
    def forged(shape, content=b"\0" * 8, dtype="float32"):
        return msgpack.packb(msgpack.ExtType(wire._TENSOR, msgpack.packb([dtype, shape, content])))

    assert decode(forged([2])).shape == (2,)
    for shape in ([3], [-2], [2**40, 2**40], [1.0], ["2"], [True, 2], [1] * 20):
        with pytest.raises(WireError):
            decode(forged(shape))
    for dtype in ("object", "float31", ""):
        with pytest.raises(WireError):
            decode(forged([2], dtype=dtype))


def test_a_pickle_is_bytes_like_any_other():
    import pickle

    with pytest.raises(WireError):
        decode(msgpack.packb(msgpack.ExtType(42, pickle.dumps(print))))


def test_a_value_nested_too_deep_is_refused():
    value: tuple = ()
    for _ in range(wire.DEEPEST + 2):
        value = (value,)
    with pytest.raises(WireError):
        encode(value)
    data = msgpack.packb([])
    for _ in range(wire.DEEPEST + 2):
        data = msgpack.packb(
            msgpack.ExtType(
                wire._TUPLE,
                msgpack.packb([msgpack.Timestamp(1, 1)])
                if data is None
                else msgpack.packb([msgpack.unpackb(data, ext_hook=msgpack.ExtType)]),
            )
        )
    with pytest.raises(WireError):
        decode(data)


def test_a_value_too_large_is_refused_before_it_is_read():
    one, other = socket.socketpair()
    with one, other:
        one.sendall(struct.pack("<I", wire.LARGEST + 1))
        with pytest.raises(WireError, match="announced"):
            wire.receive(other)


def test_a_message_that_breaks_off_is_the_end():
    one, other = socket.socketpair()
    with other:
        one.sendall(struct.pack("<I", 100) + b"half")
        one.close()
        with pytest.raises(EOFError):
            wire.receive(other)


def test_a_plan_with_a_function_by_name_comes_back():
    plan = Plan("slope", (print, tensor([1.0])), {"h": 0.1}, (("take", 3), ("then", "step", (1,), {})))
    back = wire.plan_of(decode(encode(wire.plan_as_value(plan), lambda value: "bowl" if value is print else None)))
    assert back.target == "slope" and back.arguments[0] == "bowl" and type(back.arguments[0]) is wire.Name
    assert back.steps == (("take", 3), ("then", "step", (1,), {})) and back.keywords == {"h": 0.1}


def test_an_observation_comes_back():
    for seen in (
        Observation(1.5, None, (None, [1])),
        Observation(raised=Raised("ValueError", "no", 3, ("Exception",))),
        Observation(Opaque("generator")),
    ):
        assert wire.observation_of(decode(encode(wire.observation_as_value(seen)))) == seen


@pytest.mark.parametrize(
    "forged", [None, 5, [], [1, None, []], [1, ["ValueError"], ()], [1, [5, "x", 1, []], ()], [1, None, "x"]]
)
def test_a_forged_observation_is_refused(forged):
    with pytest.raises(WireError):
        wire.observation_of(decode(encode(forged)))
