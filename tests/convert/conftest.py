"""Sound to convert, and what makes it audible again."""

import pytest
import soundfile

from melgan_vc.vocoders.griffin_lim import GriffinLim


@pytest.fixture(scope="session")
def vocoder(identity_model):
    return GriffinLim(identity_model.config.mel, iterations=8)


@pytest.fixture
def record(tmp_path):
    """``record(name, wave, rate=8000)`` writes a file under ``tmp_path`` and returns its path."""

    def write(name, wave, *, rate=8000, subtype=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, wave, rate, subtype=subtype)
        return path

    return write
