"""What a metric remembers of the waveforms of one row changes no figure of the next."""

import numpy as np
import pytest

pytest.importorskip("librosa")

from melgan_vc.evaluate.metrics.chroma import Chroma
from melgan_vc.evaluate.metrics.mel_cepstral_distortion import MelCepstralDistortion
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.note_map import NoteMap
from melgan_vc.evaluate.metrics.onsets import Onsets
from melgan_vc.evaluate.metrics.pitch import Pitch

ONES_THAT_LISTEN_TO_THE_SOURCE = (Pitch, MelCepstralDistortion, Chroma, NoteMap, Onsets)


@pytest.mark.parametrize("make", ONES_THAT_LISTEN_TO_THE_SOURCE, ids=lambda make: make.__name__)
def test_figures_of_a_later_row_are_those_of_waveforms_that_nobody_knows(make, held_out_female, held_out_male):
    metric, source, target = make(), held_out_female[:56000], held_out_male[:56000]
    metric.prepare([source], [target], 16000)
    clips = [
        Clip("clip", source, changed, 16000, parallel=target)
        for changed in (source, np.ascontiguousarray(source[::-1]))
    ]

    rows = [dict(metric.measure(clip)) for clip in clips]
    unknown = [Clip(c.name, c.source.copy(), c.converted.copy(), c.rate, target.copy()) for c in clips]

    assert rows == [pytest.approx(dict(metric.measure(clip)), rel=1e-6, nan_ok=True) for clip in unknown]
    assert rows[0] != pytest.approx(rows[1], rel=1e-2), "each conversion is listened to"
