"""What the voices of two speakers, or of several, are on average: what shifts one to another."""

from collections.abc import Sequence

import numpy as np

from melgan_vc.audio.voice_shift import FORMANT_EXPONENT
from melgan_vc.errors import MelganVcError
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.pitch_track import median_hz, track_pitch


def measure_shift(
    source_clips: Sequence[np.ndarray], target_clips: Sequence[np.ndarray], rate: int
) -> tuple[float, float]:
    """Factors for `naive_shift` that bring one speaker to another on average.

    The formants are not measured but follow from the pitch: formant = sqrt(pitch). Spectra averaged over a corpus
    would measure the microphone along with the speaker. The cube root, which holds across men, women and children
    [1]_, came less close to the target on every pair of voices that was tried.

    Parameters
    ----------
    source_clips, target_clips : sequence of np.ndarray
        Clips ``(samples,)`` of each speaker; a minute of speech is plenty, and takes some seconds.
    rate : int
        Their sampling rate in Hz.

    Returns
    -------
    pitch, formant : float
        Ratio target to source of the median F0, and its square root.

    Raises
    ------
    MelganVcError
        If a speaker has no voiced speech.

    References
    ----------
    .. [1] J. D. Miller, "Auditory-perceptual interpretation of the vowel", Journal of the Acoustical Society of
       America 85(5), 1989.
    """
    import_evaluator("librosa", purpose="the pitch of both speakers", install="librosa")
    medians = {}
    for which, clips in (("source", source_clips), ("target", target_clips)):
        tracks = [track_pitch(clip, rate) for clip in clips]
        medians[which] = median_hz(np.concatenate(tracks)) if tracks else float("nan")
        if not np.isfinite(medians[which]):
            raise MelganVcError(
                f"Expected voiced speech of the {which} speaker, received: {len(tracks)} clips without any; "
                "give a few seconds of speech or more"
            )
    pitch = medians["target"] / medians["source"]
    return pitch, pitch**FORMANT_EXPONENT
