"""Starting the engine: whatever became of the standard streams, and where there is no memory for it."""

import sys

import pytest

from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError


@pytest.mark.parametrize("error", [ImportError("a.so: failed to map\nsegment from shared object"), MemoryError()])
def test_an_engine_that_finds_no_memory_says_so(monkeypatch, error):
    class NoMemory:
        def find_spec(self, name, path=None, target=None):
            if name == "keras":
                raise error

    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoMemory(), *sys.meta_path])
    with pytest.raises(MelganVcError, match=r"to load, received: .*(failed to map segment|no memory left)") as caught:
        start_engine()
    assert "\n" not in str(caught.value)


def test_where_standard_error_is_closed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    start_engine()
    assert "keras" in sys.modules
