"""Notes as a transcriber hears them in other music than a training has: some are missing, some are none."""

import numpy as np

_GAIN = (0.5, 1.2)
_MISSING, _FALSE = 0.1, 0.1
_OVERTONES = (12, 19, 24, -12)
"""Keys away from a note at which one is heard that nobody plays: octaves above and below, and a twelfth."""

_FALSE_GAIN = (0.3, 0.7)
_NOISE = 0.03
_SWELLS, _FAINTEST = 5, 0.3
_LOUDER = 0.06


def misheard(notes: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Notes with a transcriber's mistakes.

    In each window a tenth of the keys are silent, and a tenth also sound at one of `_OVERTONES`; all are more or less
    sure, more at one time than at another, as of instruments that die away, and there is a little of everything.

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
    heard[:, :, 0] *= _swell(draw.uniform(_FAINTEST, 1.0, (windows, _SWELLS, keys)), frames)
    false = both * (draw.random((windows, 1, 1, keys)) < _FALSE) * draw.uniform(*_FALSE_GAIN, (windows, 1, 1, keys))
    for row, away in enumerate(draw.choice(_OVERTONES, size=windows)):
        heard[row] = np.maximum(heard[row], transposed(false[row], away))
    heard += np.abs(_NOISE * draw.standard_normal(heard.shape))
    return np.clip(heard, 0.0, 1.0).reshape(notes.shape).astype(np.float32)


def otherwise_loud(loudness: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Loudness ``(B, T, 1)`` in [0, 1] that swells otherwise, by some 5 dB; silence stays silent."""
    windows, frames, _ = loudness.shape
    swell = _swell(_LOUDER * draw.standard_normal((windows, _SWELLS, 1)), frames)
    return np.where(loudness > 0.0, np.clip(loudness + swell, 0.0, 1.0), loudness).astype(np.float32)


def _swell(values: np.ndarray, frames: int) -> np.ndarray:
    """Values ``(B, n, C)`` from end to end of a window, with lines between them: ``(B, frames, C)``."""
    places = np.linspace(0.0, values.shape[1] - 1.0, frames)
    first = np.minimum(places.astype(int), values.shape[1] - 2)
    share = (places - first)[:, None]
    return values[:, first] * (1.0 - share) + values[:, first + 1] * share


def ringing(notes: np.ndarray, half_life: float) -> np.ndarray:
    """Keys that sound ``(..., T, keys)``, each of which rings on after it stops.

    Parameters
    ----------
    notes : np.ndarray
        Probabilities.
    half_life : float
        Frames after which a key is half as sure as it was; after twice as many it is silent.
    """
    rung = notes.copy()
    for later in range(1, min(round(2.0 * half_life) + 1, notes.shape[-2])):
        np.maximum(
            rung[..., later:, :], 0.5 ** (later / half_life) * notes[..., :-later, :], out=rung[..., later:, :]
        )
    return rung


def transposed(notes: np.ndarray, semitones: int) -> np.ndarray:
    """Notes ``(..., keys)``, or notes and onsets beside each other in an axis of their own, so many keys up."""
    moved, keys = np.zeros_like(notes), notes.shape[-1]
    first, last = max(0, semitones), min(keys, keys + semitones)
    if first < last:  # else all of them are beyond the ends
        moved[..., first:last] = notes[..., first - semitones : last - semitones]
    return moved
