"""Which stretches of a file are worth training on."""

import numpy as np

KEPT_SECONDS = 0.1


def loud_stretches(powers: np.ndarray, *, trim_db: float, frame_seconds: float) -> np.ndarray:
    """Runs of frames that are within ``trim_db`` of the loudest frame, and 0.1 s on either side of them.

    It is the rule of `librosa.effects.split`, on frame powers rather than on a waveform, so that a file of
    hours needs no more memory than its frames.

    Parameters
    ----------
    powers : np.ndarray
        Mean power of each frame, ``(frames,)``.
    trim_db : float
        Threshold in dB below the loudest frame.
    frame_seconds : float
        Length of a frame in seconds.

    Returns
    -------
    np.ndarray
        Shape ``(stretches, 2)``, first frame and the one after the last; sorted, never overlapping.

    Examples
    --------
    >>> loud_stretches(np.array([0, 0, 0, 0, 1.0, 0, 0, 0]), trim_db=45, frame_seconds=0.05).tolist()
    [[2, 7]]
    """
    if not powers.size or powers.max() <= 0:
        return np.zeros((0, 2), np.int64)
    loud = powers > powers.max() * 10.0 ** (-trim_db / 10.0)
    reach = int(np.ceil(KEPT_SECONDS / frame_seconds - 1e-9))
    loud = np.convolve(loud, np.ones(2 * reach + 1), mode="full")[reach : reach + len(powers)] > 0.5
    edges = np.diff(np.concatenate([[0], loud.astype(np.int8), [0]]))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)
