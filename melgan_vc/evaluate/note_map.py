"""Whether the notes are still those of the source, whichever instrument plays them."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np

from melgan_vc.evaluate.metric import Clip, Column, Metric, MissingEvaluator
from melgan_vc.evaluate.packages import import_evaluator
from melgan_vc.evaluate.remembered import remembered
from melgan_vc.evaluate.waveforms import comparable, cosine

RATE, HOP_LENGTH = 22050, 256
WINDOW = 43844
"""Samples that basic-pitch takes at once, two seconds; it gives 172 frames."""

MARGIN_FRAMES, KEPT_FRAMES = 15, 142
_AUDIO, _NOTES = "serving_default_input_2:0", "StatefulPartitionedCall:1"  # the other two are onsets and contours


class NoteMap(Metric):
    """Cosine between the note posteriorgrams of conversion and source, as basic-pitch [1]_ hears them.

    A posteriorgram is the probability of each of 88 keys at each time. Basic-pitch gives every key that is silent one
    of about 0.1, which would make any two pieces alike, so the median over keys and time is taken off first. A jazz
    trio and strings that play one chart have a cosine of 0.69, two charts 0.09 (as they come: 0.88 and 0.65).

    Raises
    ------
    MissingEvaluator
        If basic-pitch, which holds the network, or onnxruntime, which runs it, is not installed.

    References
    ----------
    .. [1] R. M. Bittner et al., "A lightweight instrument-agnostic model for polyphonic note transcription and
       multipitch estimation", ICASSP, 2022.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("note_cosine", "same notes at the same time as the source (basic-pitch)", "higher"),
    )

    def __init__(self):
        onnxruntime = import_evaluator("onnxruntime", purpose="note maps", install="onnxruntime")
        self._session = onnxruntime.InferenceSession(_network(), providers=["CPUExecutionProvider"])
        self._notes = remembered(self._transcribe)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        source, converted = self._notes(clip.source, clip.rate), self._notes(clip.converted, clip.rate)
        if source is None or converted is None:
            return {"note_cosine": float("nan")}
        frames = min(len(source), len(converted))
        return {"note_cosine": cosine(source[:frames], converted[:frames])}

    def _transcribe(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """Posteriorgram above its median, ``(T, 88)``, a frame every 256 samples at 22050 Hz."""
        wave = comparable(wave, rate, RATE)
        if wave is None:
            return None
        windows = _windows(wave)
        # A few at a time: the network's harmonic stack takes some 20 MB a window.
        batches = (windows[start : start + 8] for start in range(0, len(windows), 8))
        parts = [self._session.run([_NOTES], {_AUDIO: batch})[0] for batch in batches]
        notes = np.concatenate(parts)[:, MARGIN_FRAMES : MARGIN_FRAMES + KEPT_FRAMES]
        notes = notes.reshape(-1, notes.shape[-1])[: 1 + len(wave) // HOP_LENGTH]
        return np.maximum(notes - np.median(notes), 0.0)


def _windows(wave: np.ndarray) -> np.ndarray:
    """Windows ``(W, 43844, 1)`` whose middle 142 frames lie side by side: at its edges the network lacks context."""
    hop = KEPT_FRAMES * HOP_LENGTH
    count = 1 + len(wave) // hop
    padded = np.zeros((count - 1) * hop + WINDOW, np.float32)
    before = MARGIN_FRAMES * HOP_LENGTH
    padded[before : before + len(wave)] = wave[: len(padded) - before]
    return np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::hop, :, None]


def _network() -> str:
    """Path of the network. The package itself is not imported: it looks for four runtimes and warns of each."""
    found = importlib.util.find_spec("basic_pitch")
    if found is None or found.origin is None:
        raise MissingEvaluator(
            "Expected basic-pitch for note maps, received: it is not installed. "
            "Install it with: pip install --no-deps basic-pitch==0.4.0"
        )
    return str(Path(found.origin).parent / "saved_models" / "icassp_2022" / "nmp.onnx")
