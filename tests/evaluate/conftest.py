"""Real speech of two speakers, from the demo corpus."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

DEMO = Path(__file__).parents[2] / "datasets" / "demo"


def _speech(name: str) -> np.ndarray:
    wave, rate = sf.read(DEMO / name, dtype="float32")
    assert rate == 16000
    wave = wave[: 6 * rate]
    wave.setflags(write=False)
    return wave


@pytest.fixture(scope="session")
def female_voice() -> np.ndarray:
    """Six seconds ``(samples,)`` of the female speaker at 16 kHz."""
    return _speech("female_ru/demo-echotest.ogg")


@pytest.fixture(scope="session")
def male_voice() -> np.ndarray:
    """Six seconds ``(samples,)`` of the male speaker at 16 kHz."""
    return _speech("male_ru/ru_0002.ogg")


@pytest.fixture(scope="session")
def held_out_female() -> np.ndarray:
    """Six other seconds of the female speaker."""
    return _speech("held_out/female_ru/confbridge-mute-extended.ogg")


@pytest.fixture(scope="session")
def held_out_male() -> np.ndarray:
    """Six other seconds of the male speaker."""
    return _speech("held_out/male_ru/ru_0100.ogg")
