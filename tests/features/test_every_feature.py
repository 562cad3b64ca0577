"""What holds for every feature: a frame for each of the log-mel, whatever the sound was cut into."""

import itertools

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.features import voice_print
from melgan_vc.features.registry import feature_names, features_of
from melgan_vc.features.table import silence_of, stream_frames
from melgan_vc.methods.presets import preset, presets_of


@pytest.fixture(scope="module")
def wave() -> np.ndarray:
    """Two seconds at 16 kHz: a buzz that glides, then noise, then silence."""
    time = np.arange(32_000) / 16_000
    buzz = sum(np.sin(2 * np.pi * k * (120 * time + 30 * time**2)) / k for k in range(1, 9))
    noise = np.random.default_rng(0).standard_normal(len(time))
    return (0.1 * np.where(time < 1.2, buzz, np.where(time < 1.6, noise, 0.0))).astype(np.float32)


RECOGNISED = ("content", "content_slower", "content_faster")
"""They hear what is in a window of ten seconds, silence too."""


_ROUNDING = 1e-6
"""Some processors multiply matrices of other sizes in another order."""


class QuickEmbedder:
    """Stands in for one that takes seconds: the spectrum of a wave, of length 1."""

    def __init__(self, purpose):
        assert purpose

    def embed(self, wave, rate):
        spectrum = np.abs(np.fft.rfft(wave, 510))
        return spectrum / np.linalg.norm(spectrum) if spectrum.any() else None


@pytest.fixture(scope="module", params=feature_names())
def feature(request):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(voice_print, "ResemblyzerPrint", QuickEmbedder)
        yield features_of([request.param], MelConfig())[0]


@pytest.fixture(scope="module")
def found(feature, wave) -> np.ndarray:
    """What is heard of the wave."""
    return feature.of(wave)


@pytest.mark.parametrize("samples", [1, 255, 256, 300, 20_001])
def test_as_many_frames_as_the_log_mel(feature, wave, samples):
    found = feature.of(wave[:samples])
    assert found.shape == (feature.mel.frames(samples), feature.columns) and found.dtype == np.float32
    assert np.isfinite(found).all() and feature.silence.shape == (feature.columns,)


def test_any_cut_gives_the_same_numbers(feature, wave, found):
    cuts = [0, 1, 7, 256, 300, 5_000, 5_001, 31_000]
    pieces = [wave[a:b] for a, b in zip(cuts, [*cuts[1:], len(wave)], strict=True)]
    np.testing.assert_allclose(np.concatenate([*feature.stream(pieces)]), found, atol=_ROUNDING)


def test_sound_beyond_its_reach_makes_no_difference(feature, wave):
    (before, after), frame = feature.reach, 60
    wave = np.resize(wave, (frame + after + 40) * 256)
    other = wave.copy()
    other[: max(0, (frame - before) * 256 - 512)] *= 0.5
    other[(frame + after + 1) * 256 + 512 :] = 0.0
    assert not np.array_equal(other, wave)
    np.testing.assert_allclose(frame_of(feature, other, frame), frame_of(feature, wave, frame), atol=1e-5)


def frame_of(feature, wave, frame):
    """One frame, when no more of the wave has been heard than that needs."""
    return next(itertools.islice(itertools.chain.from_iterable(feature.stream([wave])), frame, None))


def test_long_silence_is_its_frame_of_nothing(feature):
    if feature.name in RECOGNISED:
        pytest.skip("a frame of silence shows where in its window it is")
    np.testing.assert_array_equal(feature.of(np.zeros(20_000, np.float32))[20:-20], np.tile(feature.silence, (39, 1)))


def test_half_precision_is_enough(found):
    np.testing.assert_allclose(found.astype(np.float16), found, atol=2e-3, rtol=1e-3)


@pytest.mark.parametrize("name", presets_of("travelgan"))
def test_it_is_made_on_the_frames_of_every_preset(name, feature, wave):
    mel = preset(name).mel
    (feature,) = features_of([feature.name], mel)
    assert feature.of(wave).shape == (mel.frames(len(wave)), feature.columns)


def test_settings_decide_its_key():
    one, other = (features_of(["pitch"], MelConfig(hop_length=hop))[0] for hop in (256, 200))
    assert one.cache_key != other.cache_key and one.digest == features_of(["pitch"], MelConfig())[0].digest


def test_a_frame_table_has_the_log_mel_first(wave):
    mel = MelConfig()
    features = features_of(["pitch"], mel)
    table = np.concatenate([*stream_frames(np.split(wave, [3, 9_000]), mel, features)])
    log_mel, pitch = (feature.of(wave) for feature in features_of(["log_mel", "pitch"], mel))
    np.testing.assert_allclose(table, np.concatenate([log_mel, pitch], axis=1), atol=_ROUNDING)
    np.testing.assert_array_equal(silence_of(mel, features), [*[-1.0] * 80, 0.0, 0.0])


def test_an_unknown_one_names_the_nearest():
    with pytest.raises(
        MelganVcError, match=f"Expected a feature among {', '.join(feature_names())}, received: 'pich'.*'pitch'"
    ):
        features_of(["pich"], MelConfig())
