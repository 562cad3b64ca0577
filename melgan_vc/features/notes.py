"""Which notes sound, whichever instrument plays them."""

import importlib.util
from pathlib import Path

import numpy as np

from melgan_vc.features.packages import MissingEvaluator, import_evaluator
from melgan_vc.features.waveforms import comparable

RATE, HOP_LENGTH = 22050, 256
WINDOW = 43844
"""Samples that basic-pitch takes at once, two seconds; it gives 172 frames."""

MARGIN_FRAMES, KEPT_FRAMES = 15, 142
_AUDIO, _NOTES = "serving_default_input_2:0", "StatefulPartitionedCall:1"  # the other two are onsets and contours


class NotePosteriors:
    """The probability of each of 88 keys at each time, as basic-pitch [1]_ hears them.

    Basic-pitch gives every key that is silent one of about 0.1, which would make any two pieces alike, so the median
    over keys and time is taken off.

    Raises
    ------
    MissingEvaluator
        If basic-pitch, which holds the network, or onnxruntime, which runs it, is not installed.

    References
    ----------
    .. [1] R. M. Bittner et al., "A lightweight instrument-agnostic model for polyphonic note transcription and
       multipitch estimation", ICASSP, 2022.
    """

    def __init__(self) -> None:
        onnxruntime = import_evaluator("onnxruntime", purpose="note maps", install="onnxruntime")
        self._session = onnxruntime.InferenceSession(_network(), providers=["CPUExecutionProvider"])

    def __call__(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """Posteriorgram of a clip, above its median.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)``, full scale is ±1.
        rate : int
            Its sampling rate in Hz.

        Returns
        -------
        np.ndarray or None
            Shape ``(T, 88)``, keys from A0 up, a frame every 256 samples at 22050 Hz; None for a clip that is shorter
            than a second, silent or not finite.
        """
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
