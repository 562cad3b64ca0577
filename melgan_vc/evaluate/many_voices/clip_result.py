"""What one conversion between several voices came to, and what many of them come to together."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from melgan_vc.evaluate.many_voices.speaker_centroids import SpeakerCentroids
from melgan_vc.evaluate.many_voices.style_centroids import StyleCentroids
from melgan_vc.evaluate.metrics.metric import Clip, Metric, known_median


@dataclass(frozen=True)
class ClipResult:
    """One clip that was asked to sound like a voice.

    Attributes
    ----------
    clip : str
        Its name.
    source, target : str
        Whose it is, and who was asked for.
    similarities : mapping of str to float
        Cosine to every voice, in [-1, 1]; all NaN if there is no speech in it, or no music.
    measured : mapping of str to float
        What the metrics say, by column.
    """

    clip: str
    source: str
    target: str
    similarities: Mapping[str, float]
    measured: Mapping[str, float]

    @property
    def nearest(self) -> str | None:
        """The voice that it is most similar to; None if there is no speech in it."""
        name = max(self.similarities, key=self.similarities.get)
        return None if math.isnan(self.similarities[name]) else name

    @property
    def figures(self) -> dict[str, float]:
        """All figures of the clip, by name."""
        others = [value for name, value in self.similarities.items() if name != self.target]
        return {
            "nearest_is_target": float(self.nearest == self.target),
            "similarity_to_target": self.similarities[self.target],
            "similarity_to_source": self.similarities[self.source],
            "similarity_margin": self.similarities[self.target] - sum(others) / len(others),
            **self.measured,
        }


def measure_clip(
    clip: Clip, centroids: SpeakerCentroids | StyleCentroids, metrics: Iterable[Metric]
) -> tuple[dict[str, float], dict[str, float]]:
    """The similarities of a converted clip to all voices, and what the metrics say of it."""
    figures: dict[str, float] = {}
    for metric in metrics:
        figures |= metric.measure(clip)
    return centroids.similarities(clip.converted, clip.rate), figures


def summary(results: Sequence[ClipResult]) -> dict[str, float]:
    """Medians over the clips, those without a figure aside; of ``nearest_is_target`` the share of all clips.

    A clip without speech is nearest to nobody, and so counts against the share.
    """
    figures = [one.figures for one in results]
    found = {name: known_median(clip[name] for clip in figures) for name in (figures[0] if figures else {})}
    if figures:
        found["nearest_is_target"] = sum(clip["nearest_is_target"] for clip in figures) / len(figures)
    return found


def by_pair(results: Iterable[ClipResult]) -> dict[tuple[str, str], list[ClipResult]]:
    """The clips of every pair of source and target, in order."""
    pairs: dict[tuple[str, str], list[ClipResult]] = {}
    for one in results:
        pairs.setdefault((one.source, one.target), []).append(one)
    return pairs


def confusion(results: Iterable[ClipResult]) -> dict[str, Counter]:
    """For each voice that was asked for, how many clips are nearest to which voice; None is nobody."""
    counts: dict[str, Counter] = {}
    for one in results:
        counts.setdefault(one.target, Counter())[one.nearest] += 1
    return counts
