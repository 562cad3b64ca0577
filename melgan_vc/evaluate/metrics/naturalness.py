"""How natural it sounds: the opinion score that DNSMOS predicts without a reference."""

from collections.abc import Mapping

import numpy as np

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.speech import SPEECH_RATE, evaluable_speech

_PEAK = 0.9


class Naturalness(Metric):
    """Overall DNSMOS P.835 [1]_ of the converted clip, from 1 to 5; studio speech scores about 3.

    It was trained to judge noise suppression, so it hears noise and buzz better than a strange melody of speech.

    Raises
    ------
    MissingEvaluator
        If the package that holds the model is not installed.

    References
    ----------
    .. [1] C. K. A. Reddy, V. Gopal, R. Cutler, "DNSMOS P.835: a non-intrusive perceptual objective speech quality
       metric to evaluate noise suppressors", ICASSP 2022.
    """

    columns = (
        Column("dnsmos", "overall opinion score from 1 to 5 that DNSMOS P.835 predicts", "higher", judge="speechmos"),
    )

    def __init__(self) -> None:
        # The package declares none of what it imports.
        install = "speechmos==0.0.1.1 librosa onnxruntime requests"
        self._dnsmos = import_evaluator("speechmos.dnsmos", purpose="naturalness", install=install)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """The score of the converted clip, repeated up to the 9 s that the model takes if it is shorter."""
        speech = evaluable_speech(clip.converted, clip.rate)
        if speech is None:
            return {"dnsmos": float("nan")}
        # The score depends on level, and the model refuses samples beyond ±1.
        speech = speech * np.float32(_PEAK / np.max(np.abs(speech)))
        return {"dnsmos": float(self._dnsmos.run(speech, sr=SPEECH_RATE)["ovrl_mos"])}
