"""A file of tensors is read as data: what would run anything is refused, and does not run."""

import io
import os
import pickle
import sys
import types
from collections import OrderedDict

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.features.resemblyzer.torch_file import tensors_in

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


@pytest.fixture
def saved(monkeypatch):
    """``saved(part, **tensors)``: a file as torch wrote it; ``part`` may hold anything beside the tensors."""
    torch, inner = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def rebuild(storage, offset, shape, strides, *rest):
        raise AssertionError("it was run")

    rebuild.__module__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    inner._rebuild_tensor_v2 = rebuild
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", inner)

    class Storage:
        def __init__(self, key, array):
            self.key, self.array = key, array

    class Tensor:
        def __init__(self, array, key):
            self.array, self.storage = array, Storage(key, array)

        def __reduce__(self):
            strides = tuple(stride // 4 for stride in self.array.strides)
            return rebuild, (self.storage, 0, self.array.shape, strides, False, OrderedDict())

    class Writer(pickle.Pickler):
        def persistent_id(self, value):
            if isinstance(value, Storage):
                return ("storage", torch.FloatStorage, value.key, "cpu", value.array.size, None)
            return None

    def write(extra=None, **arrays):
        file = io.BytesIO()
        tensors = OrderedDict((name, Tensor(array, f"key {name}")) for name, array in arrays.items())
        for value in (MAGIC, PROTOCOL, {"little_endian": True}, {"step": 3, "weights": tensors, "extra": extra}):
            Writer(file, protocol=2).dump(value)
        pickle.dump([f"key {name}" for name in arrays], file, protocol=2)
        for array in arrays.values():
            file.write(array.size.to_bytes(8, "little") + array.tobytes(order="A"))
        return file.getvalue()

    return write


def test_tensors_come_back_by_name(saved, draw):
    arrays = {"matrix": draw.standard_normal((3, 4)).astype("f"), "bias": np.arange(5, dtype="f")}
    found = tensors_in(saved([1.5, None, (True, "text"), {2: -(2**40)}], **arrays), "weights")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


class Hostile:
    """Makes a folder if it is unpickled."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_what_would_run_something_is_refused_and_does_not_run(saved, tmp_path):
    data = saved(Hostile(tmp_path / "made"), bias=np.zeros(2, "f"))
    with pytest.raises(MelganVcError, match=rf"received: one that would run {os.name}\.mkdir\. Get it again"):
        tensors_in(data, "weights")
    assert not (tmp_path / "made").exists()
    pickle.loads(pickle.dumps(Hostile(tmp_path / "made")))
    assert (tmp_path / "made").exists(), "unpickling would have"


@pytest.mark.parametrize(
    ("pickled", "message"),
    [
        (b"cbuiltins\neval\n(S'1'\ntR.", "one that would run builtins.eval"),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93.", "one with the instruction"),
        (b"ctorch\nFloatStorage\n)R.", "one that calls torch FloatStorage with 0 arguments"),
        (b"(dp0\n.", "one with the instruction DICT"),
        (b"]", "pickle exhausted before seeing STOP"),
        (b"not a pickle", "at position"),
        (b"", "."),
        (b".", "."),
    ],
)
def test_any_other_instruction_is_refused(pickled, message):
    with pytest.raises(MelganVcError, match=f"Expected a file of tensors .*, received: .*{message}"):
        tensors_in(pickled, "weights")


@pytest.mark.parametrize("lost", [1, 9, 400])
def test_a_file_that_is_cut_off_is_refused(saved, lost):
    with pytest.raises(MelganVcError, match="Expected a file of tensors"):
        tensors_in(saved(bias=np.zeros(4, "f"))[:-lost], "weights")


def test_a_tensor_that_lies_otherwise_is_refused(saved):
    with pytest.raises(MelganVcError, match=r"received: a tensor \(3, 4\) with strides \(1, 3\)"):
        tensors_in(saved(matrix=np.zeros((3, 4), "f", order="F")), "weights")


def test_another_beginning_is_refused(saved):
    data = saved(bias=np.zeros(4, "f")).replace(MAGIC.to_bytes(10, "little"), b"\1" * 10)
    with pytest.raises(MelganVcError, match="received: it has another beginning"):
        tensors_in(data, "weights")
