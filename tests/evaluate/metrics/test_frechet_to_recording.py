"""The distance of music to what was made of it: none to itself, more with more noise."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("musicnn")
pytest.importorskip("librosa")
pytest.importorskip("sklearn")

from melgan_vc.audio.files import read
from melgan_vc.evaluate.metrics.frechet_to_recording import FrechetToRecording
from melgan_vc.evaluate.metrics.metric import Clip

JAZZ = Path(__file__).parents[3] / "datasets" / "demo" / "jazz"


@pytest.mark.skipif(not JAZZ.exists(), reason="the demo corpus is not part of an installed package")
def test_more_noise_is_further_away(draw):
    wave = read(sorted(JAZZ.glob("*.ogg"))[0], rate=22050, mono=True)[0]
    pieces = [wave[start * 22050 : (start + 6) * 22050].copy() for start in (0, 6)]
    noise = draw.standard_normal((2, 6 * 22050)).astype(np.float32)
    metric = FrechetToRecording()

    def distance(made: list[np.ndarray]) -> float:
        clips = [Clip("piece", source, one, 22050) for source, one in zip(pieces, made, strict=False)]
        return metric.summarise(clips)["fad_musicnn_to_recording"]

    little, much = (distance([*(pieces + np.float32(loud) * noise)]) for loud in (0.002, 0.02))
    assert distance(pieces) == 0.0
    assert 0.05 < little < 0.3 * much
    assert np.isnan(distance(pieces[:1])), "six seconds are too few for a distance"
