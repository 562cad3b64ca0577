"""Notes as a transcriber hears them in other music than a training has: some are missing, some are none."""

import numpy as np

_GAIN = (0.5, 1.2)
_MISSING, _FALSE = 0.1, 0.1
_OVERTONES = (12, 19, 24, -12)
"""Keys away from a note at which one is heard that nobody plays: octaves above and below, and a twelfth."""

_FALSE_GAIN = (0.3, 0.7)
_NOISE = 0.03


def misheard(notes: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Notes with a transcriber's mistakes.

    In each window a tenth of the keys are silent, and a tenth also sound at one of `_OVERTONES`; all are more or less
    sure, and there is a little of everything.

    Parameters
    ----------
    notes : np.ndarray
        Shape ``(B, T, 2 * keys)``, see `melgan_vc.features.notes.Notes`.
    draw : np.random.Generator
        Of every choice.
    """
    windows, frames, columns = notes.shape
    both = notes.reshape(windows, frames, 2, columns // 2)
    keys = both.shape[-1]
    gain = draw.uniform(*_GAIN, (windows, 1, 2, 1)) * (draw.random((windows, 1, 1, keys)) >= _MISSING)
    heard = both * gain
    false = both * (draw.random((windows, 1, 1, keys)) < _FALSE) * draw.uniform(*_FALSE_GAIN, (windows, 1, 1, keys))
    for row, away in enumerate(draw.choice(_OVERTONES, size=windows)):
        heard[row] = np.maximum(heard[row], transposed(false[row], away))
    heard += np.abs(_NOISE * draw.standard_normal(heard.shape))
    return np.clip(heard, 0.0, 1.0).reshape(notes.shape).astype(np.float32)


def transposed(notes: np.ndarray, semitones: int) -> np.ndarray:
    """Notes ``(..., keys)``, or notes and onsets beside each other in an axis of their own, so many keys up."""
    moved = np.zeros_like(notes)
    if semitones >= 0:
        moved[..., semitones:] = notes[..., : notes.shape[-1] - semitones]
    else:
        moved[..., :semitones] = notes[..., -semitones:]
    return moved
