"""Whether the notes are still those of the source, whichever instrument plays them."""

from collections.abc import Mapping
from typing import ClassVar

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.note_posteriors import NotePosteriors
from melgan_vc.features.waveforms import cosine


class NoteMap(Metric):
    """Cosine between the note posteriorgrams of conversion and source, as `NotePosteriors` hears them.

    Each is taken above its median: a jazz trio and strings that play one chart have a cosine of 0.69, two charts 0.09
    (as they come: 0.88 and 0.65).
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            "note_cosine", "same notes at the same time as the source (basic-pitch)", "higher", judge="basic-pitch"
        ),
    )

    def __init__(self):
        self._notes = memoized(NotePosteriors())

    def measure(self, clip: Clip) -> Mapping[str, float]:
        source, converted = self._notes(clip.source, clip.rate), self._notes(clip.converted, clip.rate)
        if source is None or converted is None:
            return {"note_cosine": float("nan")}
        frames = min(len(source), len(converted))
        return {"note_cosine": cosine(source[:frames], converted[:frames])}
