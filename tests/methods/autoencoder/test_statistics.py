"""What is typical of a voice."""

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics, require_speech, standardised

TYPICAL = np.stack([np.full(3, 5.0), np.full(3, 0.5)]).astype(np.float32)


def piece(draw, frames, *, loudness=0.6, mean=1.0, octaves=1.0, voiced=1.0):
    """Content ``(frames, 3)`` of a mean and deviation 2, and prosody."""
    prosody = np.stack(
        [draw.normal(octaves, 0.2, frames), np.full(frames, voiced), np.full(frames, loudness)], axis=1
    )
    return draw.normal(mean, 2.0, (frames, 3)), prosody


def test_mean_and_deviation_of_pieces_are_those_of_all_of_them(draw):
    pieces = [piece(draw, 300, mean=mean) for mean in (0.0, 4.0)]
    found, together = VoiceStatistics.of(iter(pieces)), np.concatenate([content for content, _ in pieces])
    np.testing.assert_allclose(found.content, [together.mean(axis=0), together.std(axis=0)], rtol=1e-4)
    assert found.frames == 600


def test_frames_of_silence_do_not_count(draw):
    speech = piece(draw, 500)
    silence = piece(draw, 500, loudness=0.3, mean=90.0, voiced=0.0)
    with_pauses, without = VoiceStatistics.of([speech, silence]), VoiceStatistics.of([speech])
    np.testing.assert_array_equal(with_pauses.content, without.content)
    np.testing.assert_array_equal(with_pauses.pitch, without.pitch)
    assert with_pauses.frames == 500


def test_a_pitch_is_its_median_and_as_wide_whatever_is_an_octave_off(draw):
    right, wrong = piece(draw, 950), piece(draw, 50, octaves=2.0)
    middle, spread = VoiceStatistics.of([right, wrong]).pitch
    assert middle == pytest.approx(1.0, abs=0.03) and spread == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("voiced", [0, 7])
def test_of_fewer_than_eight_voiced_frames_no_pitch_is_known(draw, voiced):
    found = VoiceStatistics.of([piece(draw, 100, voiced=0.0), piece(draw, voiced)])
    assert np.isnan(found.pitch).all()


def test_a_hum_is_not_infinitely_narrow(draw):
    _, spread = VoiceStatistics.of([(np.zeros((50, 0)), np.tile([1.0, 1.0, 0.6], (50, 1)))]).pitch
    assert spread == pytest.approx(0.04)


def test_the_shorter_a_file_the_more_it_leans_on_what_is_typical(draw):
    leaning = []
    for frames in (0, 200, 2_000, 200_000):
        found = VoiceStatistics.of([piece(draw, frames)])
        leaning.append(float(np.mean(found.with_prior(TYPICAL)[0])))
    assert leaning[0] == pytest.approx(5.0)
    assert leaning == sorted(leaning, reverse=True)
    assert leaning[2] == pytest.approx(3.0, abs=0.3), "half a minute counts as much as what is typical"
    assert leaning[3] == pytest.approx(1.0, abs=0.1)


def test_standardised_content_has_mean_0_and_deviation_1(draw):
    content, prosody = piece(draw, 400)
    made = standardised(content, VoiceStatistics.of([(content, prosody)]).content)
    np.testing.assert_allclose(made.mean(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(made.std(axis=0), 1.0, atol=1e-4)


def test_a_folder_without_speech_is_refused_in_a_sentence(draw):
    silence = VoiceStatistics.of([piece(draw, 100, loudness=0.0)])
    with pytest.raises(MelganVcError, match="Expected speech in the folder of anna, received: .*nothing is louder"):
        require_speech("anna", silence, pitch=False)
    whispered = VoiceStatistics.of([piece(draw, 100, voiced=0.0)])
    with pytest.raises(MelganVcError, match="Expected a voice with a pitch .* in the folder of anna, received"):
        require_speech("anna", whispered, pitch=True)
    require_speech("source", whispered, pitch=False)
