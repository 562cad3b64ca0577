"""How much a listener would mind the difference from the recording: PESQ."""

from collections.abc import Mapping

import numpy as np
import soxr

from melgan_vc.evaluate.metrics.magnitudes import aligned
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.speech import SPEECH_RATE


class PerceptualQuality(Metric):
    """Wide-band PESQ [1]_ of what was made against the recording, from about 1 to 4.64; speech only.

    It hears 50 to 7000 Hz, aligns both in time and level itself, and was made for telephone lines: it is hard on a
    vocoder that moves phases or pitch a little, which no listener notices.

    Raises
    ------
    MissingEvaluator
        If the package that computes it is not installed.

    References
    ----------
    .. [1] ITU-T P.862.2, "Wideband extension to Recommendation P.862 for the assessment of wideband telephone
       networks and speech codecs", 2007.
    """

    columns = (
        Column("pesq_wb", "opinion score from 1 to 4.64 that wide-band PESQ predicts", "higher", judge="pesq"),
    )

    def __init__(self) -> None:
        # No part of the extra `evaluate`: it comes as source only, and would ask everybody for a C compiler.
        self._pesq = import_evaluator("pesq", purpose="perceptual quality", install="pesq==0.0.4")

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """NaN where PESQ finds no utterance, for a clip below a quarter of a second, a silent or a broken one."""
        pair = aligned(clip, samples=1)
        if pair is None or not pair[1].any():
            return {"pesq_wb": float("nan")}
        source, made = (soxr.resample(np.asarray(wave, np.float32), clip.rate, SPEECH_RATE) for wave in pair)
        try:
            return {"pesq_wb": float(self._pesq.pesq(SPEECH_RATE, source, made, "wb"))}
        except (self._pesq.NoUtterancesError, self._pesq.BufferTooShortError, ValueError):
            # The last is a NaN that it came to itself, where the power of what was made is next to nothing.
            return {"pesq_wb": float("nan")}
