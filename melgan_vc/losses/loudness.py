"""How loud each moment is should be as it was before translation."""

from keras import ops


def loudness(given, translated):
    r"""Mean absolute change of how loud a frame is, around its mean over the chunk.

    .. math:: E\,\big|\, d_t - \tfrac{1}{T}\textstyle\sum_t d_t \,\big|, \qquad d = \ell(G(a)) - \ell(a)

    where :math:`\ell` is the mean over the bands of a log-mel. It keeps swells and pauses, and is blind to which
    bands sound and to a constant gain.

    Parameters
    ----------
    given, translated : tensor
        Log-mels ``(B, T, n_mels)`` in [-1, 1].

    Returns
    -------
    scalar tensor in [0, 2].
    """
    change = ops.mean(translated - given, axis=-1)
    return ops.mean(ops.abs(change - ops.mean(change, axis=1, keepdims=True)))
