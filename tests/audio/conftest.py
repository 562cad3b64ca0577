"""Sound that several tests of voices listen to."""

import numpy as np
import pytest


@pytest.fixture
def speech_like(draw):
    """``speech_like(tilt=0, frames=400)``: spectra of a few broad hills above a tilt, a quarter of them pauses."""

    def make(tilt: float = 0.0, frames: int = 400) -> np.ndarray:
        bands = np.linspace(0.2, -0.3 + tilt, 80)
        hills = np.cos(np.pi * np.arange(5)[:, None] * np.linspace(0.0, 1.0, 80))
        mel = bands + 0.08 * draw.standard_normal((frames, 5)) @ hills
        mel[: frames // 4] = -1.0
        return np.clip(mel, -1.0, 1.0).astype(np.float32)

    return make
