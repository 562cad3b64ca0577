"""Whose voice it is, in a second opinion."""

from melgan_vc.evaluate.metrics.metric import Column
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity
from melgan_vc.features.resemblyzer_print import ResemblyzerPrint


class ResemblyzerSimilarity(SpeakerSimilarity):
    """The same by Resemblyzer's d-vectors: a conversion that only one embedder takes for the target fools it.

    Two speakers have a cosine of 0.5 to 0.7, one and the same 0.85 and more.

    Raises
    ------
    MissingEvaluator
        If the weights of the embedder or librosa are not installed.
    """

    columns = (
        Column(
            "resemblyzer_to_target",
            "cosine of Resemblyzer's d-vectors to the target speaker",
            "higher",
            judge="Resemblyzer",
        ),
        Column(
            "resemblyzer_to_source",
            "cosine of Resemblyzer's d-vectors to the source speaker",
            "lower",
            judge="Resemblyzer",
        ),
    )
    embedder = ResemblyzerPrint
