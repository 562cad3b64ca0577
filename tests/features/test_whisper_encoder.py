"""The recogniser's own spectrogram and network, beside those that were published."""

import librosa
import numpy as np

from melgan_vc.features.content import Content
from melgan_vc.features.whisper.log_mel import whisper_log_mel

# Of the published weights in float32, frames 0, 25, 50, 75, columns 0 to 5. With all six layers and its last norm, it
# gave what CTranslate2 4.8.5 gives (`models.Whisper.encode`), to 2e-5 of the standard deviation.
PUBLISHED = [
    [-0.711, -0.184, 0.153, 1.606, -0.709, -1.403],
    [-2.765, -2.763, -2.324, -1.248, -1.873, 2.475],
    [1.079, 0.27, -2.857, -0.307, 1.967, 0.281],
    [-0.54, 0.085, 0.343, 0.044, 2.719, -0.767],
]


def published_log_mel(wave):
    """Of Whisper's ``audio.py``, by librosa; beyond the ends of a window there is silence."""
    settings = {"n_fft": 400, "hop_length": 160, "n_mels": 80, "pad_mode": "constant"}
    power = librosa.feature.melspectrogram(y=wave, sr=16000, **settings)
    decades = np.log10(np.maximum(power, 1e-10))
    return (np.maximum(decades, decades.max() - 8.0) + 4.0).T / 4.0


def test_the_log_mel_is_the_published_formula(female_voice, male_voice):
    waves = np.stack([female_voice[:32000], 0.01 * male_voice[:32000]])
    waves[0, 8000:16000] = 0.0  # is lifted to eight decades below the loudest cell
    found = whisper_log_mel(waves)
    assert found.shape == (2, 200, 80) and found.dtype == np.float32
    for own, wave in zip(found, waves, strict=True):  # each clipped by its own loudest cell
        np.testing.assert_allclose(own, published_log_mel(wave)[:200], atol=2e-4)


def test_the_encoder_is_the_published_network_as_near_as_four_bits_are(female_voice):
    from melgan_vc.features.whisper.encoder import whisper_encoder

    found = np.asarray(whisper_encoder()(whisper_log_mel(female_voice[None, :32000])))
    assert found.shape == (1, 100, Content.columns)
    some = found[0, ::25, :6]
    assert np.corrcoef(some.ravel(), np.ravel(PUBLISHED))[0, 1] > 0.99
    assert np.abs(some - PUBLISHED).mean() < 0.15
    np.testing.assert_allclose(found.std(axis=-1), 1.0, atol=1e-3)
    np.testing.assert_allclose(found.mean(axis=-1), 0.0, atol=1e-3)


def test_positions_are_sinusoids_from_the_shortest_to_the_longest_wave():
    from melgan_vc.features.whisper.encoder import _AddPositions

    positions = np.asarray(_AddPositions()(np.zeros((1, 1500, 512), np.float32))[0])
    place = np.arange(1500)
    for column, rate in ((0, 1.0), (255, 1e-4)):
        np.testing.assert_allclose(positions[:, column], np.sin(rate * place), atol=1e-4)
        np.testing.assert_allclose(positions[:, 256 + column], np.cos(rate * place), atol=1e-4)
