"""What voice conversion has to beat: the source, pitched and stretched to the target's average."""

import warnings
from types import ModuleType

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.pitch_track import FMAX, FMIN
from melgan_vc.features.speech import evaluable_speech


def naive_shift(wave: np.ndarray, rate: int, *, pitch: float, formant: float) -> np.ndarray:
    """Scale the pitch and the formants of speech by a constant each, with the WORLD vocoder [1]_.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    rate : int
        Its sampling rate in Hz.
    pitch : float
        Factor of the fundamental frequency, above 0: 0.6 turns many a woman's into a man's.
    formant : float
        Factor of all frequencies of the spectral envelope, above 0: below 1 for a longer vocal tract.

    Returns
    -------
    np.ndarray
        Shape ``(samples,)``, float32, as loud as the source unless it would clip. A clip that is shorter than half a
        second or silent comes back as it is.

    Raises
    ------
    MelganVcError
        If a factor is not above 0.
    MissingEvaluator
        If pyworld is not installed.

    References
    ----------
    .. [1] M. Morise, F. Yokomori, K. Ozawa, "WORLD: a vocoder-based high-quality speech synthesis system for
       real-time applications", IEICE Transactions E99-D(7), 2016.
    """
    if not (pitch > 0 and formant > 0):
        raise MelganVcError(
            f"Expected factors above 0, received: pitch={pitch}, formant={formant}; 1 changes nothing"
        )
    world = import_world(purpose="the naive shift")
    if evaluable_speech(wave, rate) is None:
        return np.asarray(wave, np.float32)

    samples = np.ascontiguousarray(wave, np.float64)
    f0, envelope, aperiodicity = analysed(world, samples, rate)
    shifted = world.synthesize(pitch * f0, _stretch(envelope, formant), aperiodicity, rate)

    shifted = np.pad(shifted, (0, max(0, len(samples) - len(shifted))))[: len(samples)]
    gain = np.sqrt(np.mean(samples**2) / max(np.mean(shifted**2), 1e-12))
    return (shifted * min(gain, 1.0 / max(np.max(np.abs(shifted)), 1e-12))).astype(np.float32)


def import_world(*, purpose: str) -> ModuleType:
    """The package; a `MissingEvaluator` says what it was wanted for, and how it is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own use of pkg_resources, which nobody here can mend
        return import_evaluator("pyworld", purpose=purpose, install="'setuptools<81' pyworld==0.3.5")


def analysed(world: ModuleType, samples: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What WORLD finds in a waveform ``(samples,)``, float64 and contiguous, every 5 ms.

    Returns
    -------
    f0 : np.ndarray
        Shape ``(frames,)``, in Hz, 0 where there is no voice.
    envelope, aperiodicity : np.ndarray
        Shape ``(frames, bins)``: power, and the share of it that is noise.
    """
    f0, times = world.harvest(samples, rate, f0_floor=FMIN, f0_ceil=FMAX)
    return f0, world.cheaptrick(samples, f0, times, rate), world.d4c(samples, f0, times, rate)


def _stretch(envelope: np.ndarray, factor: float) -> np.ndarray:
    """Move each spectral envelope ``(frames, bins)`` along frequency: what was at f comes to f times ``factor``."""
    bins = np.arange(envelope.shape[1])
    # Interpolated in log power; beyond the top bin its value is held.
    log_power = [np.interp(bins / factor, bins, frame) for frame in np.log(envelope)]
    return np.ascontiguousarray(np.exp(log_power))
