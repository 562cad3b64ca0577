"""A reference is heard whatever its channels and wherever its sound begins."""

import numpy as np
import pytest
import soundfile

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.methods.reference_clip import analyse_reference

RATE = 16000
CONFIG = preset("voice", "stargan")


@pytest.fixture
def heard(tmp_path):
    """``heard(channel, ...)``: the pitch of a reference of these channels, and its mean log-mel."""

    def call(*channels):
        soundfile.write(tmp_path / "clip.wav", np.stack(channels, axis=1), RATE, subtype="FLOAT")
        mel, voice = analyse_reference(tmp_path / "clip.wav", CONFIG)
        return voice.pitch, voice.bands.mean

    return call


@pytest.fixture
def of_mono(heard, female_voice):
    return heard(female_voice)


@pytest.mark.parametrize(
    "layout",
    [
        lambda voice: (voice, -voice),
        lambda voice: (0 * voice, voice),
        lambda voice: (0 * voice, 0 * voice, voice, 0 * voice, 0 * voice, 0 * voice),
        lambda voice: (voice, np.roll(voice, 37)),
        lambda voice: (voice + np.float32(0.2),),
        lambda voice: (np.float32(1e-3) * voice,),
    ],
    ids=["inverted", "right", "centre of six", "spaced", "offset", "quiet"],
)
def test_its_voice_is_that_of_mono(layout, heard, of_mono, female_voice):
    pitch, bands = heard(*layout(female_voice))
    assert pitch == pytest.approx(of_mono[0], rel=0.01)
    np.testing.assert_allclose(bands, of_mono[1], atol=0.05)


@pytest.mark.parametrize("room", [0.0, 3e-4])
def test_speech_after_seventy_seconds_is_heard(heard, of_mono, female_voice, draw, room):
    before = (room * draw.standard_normal(70 * RATE)).astype(np.float32)
    pitch, bands = heard(np.concatenate([before, female_voice]))
    assert pitch == pytest.approx(of_mono[0], rel=0.02)
    np.testing.assert_allclose(bands, of_mono[1], atol=0.05)


def test_silence_is_refused(heard, female_voice):
    with pytest.raises(MelganVcError, match="which is silent"):
        heard(0 * female_voice, 0 * female_voice)
