"""The network that hears notes is the published one."""

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.features.transcriber import weights, windows
from melgan_vc.features.transcriber.weights import FRAMES, WINDOW
from melgan_vc.features.transcriber.windows import transcribed
from melgan_vc.methods.presets import preset

MELODY = (60, 67, 64, 72, 65, 62, 71, 60)

NOTES = {
    20: (0.7609, 0.1047, 0.0976, 0.1051),
    65: (0.0969, 0.8135, 0.0913, 0.0993),
    108: (0.0965, 0.0917, 0.786, 0.097),
    150: (0.1071, 0.0992, 0.0968, 0.803),
}
ONSETS = {
    2: (0.1774, 0.0324, 0.048, 0.023),
    43: (0.2788, 0.9156, 0.152, 0.1156),
    86: (0.1283, 0.1497, 0.9318, 0.0962),
    129: (0.2147, 0.1738, 0.1849, 0.8709),
}
"""What the published file gives of the first keys of the melody, by frame: basic-pitch 0.4.0, onnxruntime 1.31.1."""


def test_it_hears_what_the_published_network_hears(play_keys):
    heard = transcribed(play_keys(MELODY, partials=3)[None, :WINDOW])
    assert heard.shape == (1, FRAMES, 2, 88)
    keys = np.array(MELODY[:4]) - 21
    for which, expected in enumerate((NOTES, ONSETS)):
        for frame, values in expected.items():
            np.testing.assert_allclose(heard[0, frame, which, keys], values, atol=1e-4)


@pytest.mark.parametrize("name", ["voice", "music"])
def test_the_feature_tells_keys_and_when_they_begin_at_any_rate(play_keys, name):
    import soxr

    mel = preset(name).mel
    (notes,) = features_of(["notes"], mel)
    wave = soxr.resample(play_keys(MELODY, partials=3), 22050, mel.rate)
    sounding, beginning = np.split(notes.of(wave), 2, axis=1)
    middles = np.round((np.arange(len(MELODY)) + 0.5) * 0.5 * mel.frames_per_second).astype(int)
    assert tuple(sounding[middles].argmax(axis=1) + 21) == MELODY
    assert np.median(sounding) == 0.0 and sounding[middles].max(axis=1).min() > 0.5
    for number, key in enumerate(MELODY[1:-1], start=1):
        near = beginning[:, key - 21]
        begins = number * 0.5 * mel.frames_per_second
        assert abs(near[int(begins - 6) : int(begins + 6)].argmax() - 6) <= 2
        assert near[int(begins + 10)] < 0.3, "it began before"


def test_damaged_weights_are_told_from_those_that_ship(monkeypatch):
    windows._transcriber.cache_clear()
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    with pytest.raises(
        MelganVcError, match="Expected .*weights.npz with the SHA-256 000000000000.*Install melgan_vc again"
    ):
        windows.transcriber()
