"""No metric crashes on what it cannot judge: it says NaN. And none cares at which rate a clip comes."""

import importlib.util

import numpy as np
import pytest
import soxr

pytest.importorskip("librosa")

from melgan_vc.config.mel import MelConfig
from melgan_vc.evaluate.metrics.chroma import Chroma
from melgan_vc.evaluate.metrics.copied import Copied
from melgan_vc.evaluate.metrics.frechet import FrechetDistance
from melgan_vc.evaluate.metrics.genre import Genre
from melgan_vc.evaluate.metrics.level import Level
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.note_map import NoteMap
from melgan_vc.evaluate.metrics.onsets import Onsets
from melgan_vc.evaluate.metrics.seams import Seams

PACKAGES = {Genre: ["musicnn"], FrechetDistance: ["musicnn"]}
MADE = {Copied: lambda: Copied(MelConfig()), Seams: lambda: Seams(MelConfig(), chunk_frames=64)}
METRICS = [Genre, FrechetDistance, Chroma, NoteMap, Onsets, Level, Copied, Seams]


def tune(rate: int) -> np.ndarray:
    """Six seconds: a new note every half second, a little noise."""
    draw = np.random.default_rng(0)
    time = np.arange(rate // 2) / rate
    notes = [
        np.sin(2 * np.pi * 220.0 * 2 ** (step / 12) * time) * np.exp(-4 * time) for step in draw.integers(0, 24, 12)
    ]
    return (0.3 * np.concatenate(notes) + 1e-3 * draw.standard_normal(6 * rate)).astype(np.float32)


@pytest.fixture(params=METRICS, ids=lambda kind: kind.__name__)
def metric(request):
    for package in PACKAGES.get(request.param, []):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    return MADE.get(request.param, request.param)()


@pytest.mark.parametrize("rate", [8000, 44100])
@pytest.mark.parametrize("samples", [0, 1, 300, 0.05, 5.0], ids=["none", "one", "300", "50 ms", "5 s of silence"])
def test_silent_or_short_clips_give_nan(metric, rate, samples):
    silent = np.zeros(samples if isinstance(samples, int) else int(samples * rate), np.float32)
    sound = tune(rate)

    metric.prepare([sound], [sound], rate)
    for source, converted in [(silent, silent), (sound, silent)]:
        clip = Clip("clip", source, converted, rate)
        measured, summary = metric.measure(clip), metric.summarise([clip])
        assert set(measured) == {column.name for column in metric.columns}
        assert set(summary) == {column.name for column in metric.set_columns}
        assert all(np.isnan(value) for value in [*measured.values(), *summary.values()])
    # A corpus of nothing but that is none.
    metric.prepare([silent], [silent], rate)


def test_the_rate_of_a_clip_does_not_matter(metric):
    if not metric.columns:
        pytest.skip("it measures sets only")
    source = tune(48000)
    converted = (0.7 * source + 0.02 * np.roll(source, 4800)).astype(np.float32)
    target = tune(48000)[::-1].copy()

    found = []
    for rate in (48000, 24000):
        of_rate = [soxr.resample(wave, 48000, rate) for wave in (source, converted, target)]
        metric.prepare([of_rate[0]], [of_rate[2]], rate)
        found.append(metric.measure(Clip("clip", of_rate[0], of_rate[1], rate)))

    assert all(np.isfinite(value) for value in found[0].values())
    assert found[1] == pytest.approx(found[0], abs=0.05)
