"""What was said: phonemes that a recogniser no longer hears after conversion."""

from collections.abc import Mapping, Sequence

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.phonemes import PhonemeRecogniser


class PhonemeError(Metric):
    """Phoneme error rate of the conversion against the source, both as one recogniser hears them.

    The recogniser knows English; in another language its phonemes are wrong but repeatable, which is all that a
    comparison needs. It is not perfectly repeatable: the same clip cut 5 ms later errs by 0.1 already, so take
    nothing from a smaller difference.

    Raises
    ------
    MissingEvaluator
        If the recogniser or the edit distance is not installed.
    """

    columns = (
        Column(
            "phoneme_error_rate",
            "phonemes wrong, missing or too many, per phoneme of the source",
            "lower",
            judge="hama",
        ),
    )

    def __init__(self) -> None:
        install = "hama==1.7.0 jiwer==4.0.0"
        self._jiwer = import_evaluator("jiwer", purpose="the phoneme error rate", install=install)
        self._heard = memoized(PhonemeRecogniser())

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """NaN if nothing is heard in the source; 1 if nothing is heard in the conversion of it."""
        heard, wanted = self._heard(clip.converted, clip.rate), self._heard(clip.source, clip.rate)
        if heard is None or not wanted:
            return {"phoneme_error_rate": float("nan")}
        return {"phoneme_error_rate": self.error_rate(wanted, heard)}

    def error_rate(self, wanted: Sequence[str], heard: Sequence[str]) -> float:
        """Least number of substitutions, deletions and insertions, over the number of phonemes wanted.

        Above 1 if many are inserted.
        """
        # A word error rate in which each phoneme is a word.
        return float(self._jiwer.wer(" ".join(wanted), " ".join(heard)))
