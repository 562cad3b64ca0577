"""The distance of music to what was made of it: none to itself, more with more noise."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("musicnn")
pytest.importorskip("librosa")
pytest.importorskip("sklearn")

from melgan_vc.audio.files import read
from melgan_vc.evaluate.frechet_to_recording import FrechetToRecording
from melgan_vc.evaluate.metric import Clip

JAZZ = Path(__file__).parents[2] / "datasets" / "demo" / "jazz"


@pytest.mark.skipif(not JAZZ.exists(), reason="the demo corpus is not part of an installed package")
def test_more_noise_is_further_away(draw):
    wave = read(sorted(JAZZ.glob("*.ogg"))[0], rate=22050, mono=True)[0]
    pieces = [wave[start : start + 9 * 22050] for start in (0, 9 * 22050, 18 * 22050)]
    metric = FrechetToRecording()

    def distance(loud: float, clips: list[np.ndarray]) -> float:
        noisy = [clip + np.float32(loud) * draw.standard_normal(len(clip)).astype(np.float32) for clip in clips]
        made = [Clip(str(i), *pair, 22050) for i, pair in enumerate(zip(clips, noisy, strict=True))]
        return metric.summarise(made)["fad_musicnn_to_recording"]

    none, little, much = (distance(loud, pieces) for loud in (0.0, 0.002, 0.02))
    assert none == pytest.approx(0.0, abs=1e-3)
    assert 0.05 < little < 0.3 * much
    assert np.isnan(distance(0.02, pieces[:2])), "six patches are too few for a distance"
