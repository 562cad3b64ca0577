"""The tensors of a file that torch wrote before version 1.6, read as data: nothing in it is run.

Such a file is five pickles and then the numbers. A pickle is a program for a small machine, which may call anything
that Python can import. Here its instructions are only listed, by `pickletools`, and those that build containers and
describe tensors are followed; whatever else it asks for is refused.
"""

import io
import pickletools
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from melgan_vc.errors import MelganVcError

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001

_DICTIONARY, _TENSOR = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"
_DTYPES = {
    "torch FloatStorage": np.dtype("<f4"),
    "torch DoubleStorage": np.dtype("<f8"),
    "torch LongStorage": np.dtype("<i8"),
}
_CONSTANTS = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE"}
_SINGLE = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Name(str):
    """What a pickle would import: a name here, and never imported."""


class _Storage(NamedTuple):
    dtype: np.dtype
    key: str
    numbers: int


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def tensors_in(data: bytes, part: str) -> dict[str, np.ndarray]:
    """The tensors of one dictionary of a file.

    Parameters
    ----------
    data : bytes
        The whole file.
    part : str
        Key of the dictionary in what was saved, ``"model_state"``.

    Returns
    -------
    dict of str to np.ndarray
        By name.

    Raises
    ------
    MelganVcError
        If the file is of another kind, damaged, or asks for anything but containers and tensors; the message says
        what.
    """
    stream = io.BytesIO(data)
    try:
        magic, protocol, _, saved, keys = (_described(stream) for _ in range(5))
        if (magic, protocol) != (_MAGIC, _PROTOCOL):
            raise ValueError("it has another beginning")
        storages = _storages_of(saved, {})
        numbers = {key: _numbers(stream, storages.get(key)) for key in keys}
        return {name: _array(value, numbers) for name, value in saved[part].items() if isinstance(value, _Tensor)}
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise MelganVcError(
            f"Expected a file of tensors as torch wrote it before version 1.6, received: {error}. Get it again, from "
            "where you trust"
        ) from error


def _described(stream: io.BytesIO) -> Any:
    """What the next pickle describes: containers, constants, `_Name` and `_Tensor`."""
    stack: list[Any] = []
    marks: list[int] = []
    memo: dict[int, Any] = {}

    def since_mark() -> list[Any]:
        start = marks.pop()
        found = stack[start:]
        del stack[start:]
        return found

    for instruction, argument, _ in pickletools.genops(stream):
        name = instruction.name
        if name == "STOP":
            return stack.pop()
        if name in _CONSTANTS:
            stack.append(argument)
        elif name in _SINGLE:
            stack.append(_SINGLE[name])
        elif name in _EMPTY:
            stack.append(_EMPTY[name]())
        elif name == "MARK":
            marks.append(len(stack))
        elif name == "TUPLE":
            stack.append(tuple(since_mark()))
        elif name in _TUPLES:
            found = tuple(stack[-_TUPLES[name] :])
            stack[-_TUPLES[name] :] = [found]
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[argument] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(memo[argument])
        elif name in ("SETITEM", "SETITEMS"):
            pairs = since_mark() if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
            stack[-1].update(zip(pairs[::2], pairs[1::2], strict=True))
        elif name in ("APPEND", "APPENDS"):
            items = since_mark() if name == "APPENDS" else [stack.pop()]
            stack[-1].extend(items)
        elif name == "GLOBAL":
            stack.append(_allowed(argument))
        elif name == "REDUCE":
            arguments, called = stack.pop(), stack.pop()
            stack.append(_built(called, arguments))
        elif name == "BINPERSID":
            stack.append(_storage(stack.pop()))
        elif name == "BUILD":
            stack.pop()  # what torch notes of a dictionary beside its items
        elif name != "PROTO":
            raise ValueError(f"one with the instruction {name}")
    raise ValueError("one that is cut off")


def _allowed(name: str) -> _Name:
    if name not in (_DICTIONARY, _TENSOR, *_DTYPES):
        raise ValueError(f"one that would run {name.replace(' ', '.')}")
    return _Name(name)


def _built(called: _Name, arguments: tuple) -> dict | _Tensor:
    if called == _DICTIONARY and not arguments:
        return {}
    if called == _TENSOR and isinstance(arguments[0], _Storage):
        return _Tensor(*arguments[:4])
    raise ValueError(f"one that calls {called} with {len(arguments)} arguments")


def _storage(described: tuple) -> _Storage:
    kind, dtype, key, _, numbers, _ = described
    if kind != "storage" or dtype not in _DTYPES:
        raise ValueError(f"one with a reference to {kind}")
    return _Storage(_DTYPES[dtype], key, numbers)


def _storages_of(value: Any, found: dict[str, _Storage]) -> dict[str, _Storage]:
    """Every storage that a described value refers to, by key."""
    if isinstance(value, _Tensor):
        found[value.storage.key] = value.storage
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            _storages_of(item, found)
    return found


def _numbers(stream: io.BytesIO, storage: _Storage | None) -> np.ndarray:
    """The next storage of the file: how many numbers, and then these."""
    if storage is None:
        raise ValueError("one with numbers of no tensor")
    count = int.from_bytes(stream.read(8), "little")
    if count != storage.numbers:
        raise ValueError(f"one with {count} numbers where {storage.numbers} are described")
    return np.frombuffer(stream.read(count * storage.dtype.itemsize), storage.dtype, count)


def _array(tensor: _Tensor, numbers: Mapping[str, np.ndarray]) -> np.ndarray:
    """A tensor that lies in its storage row by row, as a trained network's do."""
    size = int(np.prod(tensor.shape, dtype=np.int64))
    array = numbers[tensor.storage.key][tensor.offset : tensor.offset + size].reshape(tensor.shape)
    if tuple(stride // array.itemsize for stride in array.strides) != tuple(tensor.strides):
        raise ValueError(f"a tensor {tensor.shape} with strides {tensor.strides}")
    return array
