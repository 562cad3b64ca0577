"""A log-mel with another pitch and other formants."""

import numpy as np
import pytest

from melgan_vc.audio.mel import SILENCE, log_mel
from melgan_vc.audio.voice_shift import voice_shift
from melgan_vc.config.mel import MelConfig

MEL = MelConfig()


def shifted(mel, **factors):
    return (mel - SILENCE) @ voice_shift(MEL, **factors) + SILENCE


def buzz(f0):
    """One second of a voice-like pulse train: all harmonics, 12 dB weaker for each octave."""
    seconds = np.arange(MEL.rate) / MEL.rate
    harmonics = np.arange(1, int(4000 / f0))
    return sum(np.sin(2 * np.pi * f0 * h * seconds) / h**2 for h in harmonics).astype(np.float32) * 0.5


def test_factors_of_one_change_nothing():
    assert np.allclose(voice_shift(MEL, pitch=1.0, formants=1.0), np.eye(MEL.n_mels), atol=1e-6)


def test_silence_stays_silent():
    silence = np.full((3, MEL.n_mels), SILENCE, np.float32)
    assert np.allclose(shifted(silence, pitch=0.6, formants=0.8), SILENCE)


@pytest.mark.parametrize("pitch", [0.7, 1.4])
def test_the_pitch_moves_by_its_factor(pitch):
    """The shifted spectrum of a 200 Hz buzz is closest to the one of a buzz at the wanted pitch."""
    found = shifted(log_mel(buzz(200.0), MEL)[20:40], pitch=pitch, formants=1.0).mean(axis=0)
    candidates = 200.0 * np.geomspace(0.5, 2.0, 41)

    def fine(mel):  # harmonics of the low bands, without the tilt
        low = mel[:25]
        return low - np.convolve(np.pad(low, 4, mode="edge"), np.ones(9) / 9, mode="valid")

    scores = [np.corrcoef(fine(found), fine(log_mel(buzz(f0), MEL)[20:40].mean(axis=0)))[0, 1] for f0 in candidates]
    assert candidates[int(np.argmax(scores))] == pytest.approx(200.0 * pitch, rel=0.04)


def test_the_envelope_moves_by_the_factor_of_the_formants():
    """A broad resonance moves down and up; above 1 kHz a factor is a distance in bands."""
    top = 50
    mel = (np.exp(-(((np.arange(MEL.n_mels) - top) / 8.0) ** 2)) * 1.2 - 1.0)[None]
    lowered = shifted(mel, pitch=1.0, formants=0.8)[0].argmax()
    raised = shifted(mel, pitch=1.0, formants=1.25)[0].argmax()
    bands = np.log(1.25) / (np.log(6.4) / 27.0) / 0.558  # Slaney's step, and mels from band to band
    assert top - lowered == pytest.approx(bands, abs=1.0)
    assert raised - top == pytest.approx(bands, abs=1.0)
