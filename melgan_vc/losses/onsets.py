"""What begins should begin when it did before translation."""

import numpy as np
from keras import ops

_GROUPS = 6


def onsets(given, translated):
    r"""Mean absolute difference of the half-wave rectified flux in six groups of bands.

    .. math:: E\,|f(a) - f(G(a))|, \qquad f(x)_t = \max(\bar x_t - \bar x_{t-1}, 0)

    with :math:`\bar x` the means of neighbouring bands. The flux is that of Bello et al., "A tutorial on onset
    detection in music signals" (2005), section III; groups as wide as these tell a drum from a cymbal, and no note
    from another.

    Parameters
    ----------
    given, translated : tensor
        Log-mels ``(B, T, n_mels)`` in [-1, 1], ``T`` at least 2 and at least six bands.

    Returns
    -------
    scalar tensor in [0, 2].
    """
    groups = _means_of_groups(given.shape[-1])
    one, other = (_flux(ops.matmul(mel, groups)) for mel in (given, translated))
    return ops.mean(ops.abs(one - other))


def _flux(levels):
    return ops.relu(levels[:, 1:] - levels[:, :-1])


def _means_of_groups(n_mels: int) -> np.ndarray:
    """Matrix ``(n_mels, 6)``."""
    groups = np.zeros((n_mels, _GROUPS), np.float32)
    for group, bands in enumerate(np.array_split(np.arange(n_mels), _GROUPS)):
        groups[bands, group] = 1.0 / len(bands)
    return groups
