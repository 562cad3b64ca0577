"""What is loud stays loud, and pauses stay pauses."""

from keras import ops

TOLERANCE = 0.5
"""In nepers, 4.3 dB: by so much the level of a frame may change for nothing."""


def norm_consistency(given, translated, *, nepers: float):
    r"""Mean square of how far the level of a frame moves beyond a tolerance.

    .. math:: E\left[\max(0, |\log \lVert a_t \rVert - \log \lVert G(a)_t \rVert| - \tfrac12)^2\right]

    over frames :math:`t`, with the norm over the mel bands of their amplitudes. Li et al. 2021, "StarGANv2-VC", which
    has the tolerance in its code. It is a level, so a translation may move sound between bands at no cost.

    Parameters
    ----------
    given, translated : tensor
        Log-mels ``(B, T, M)`` in [-1, 1].
    nepers : float
        What 1 of a log-mel is in nepers of amplitude: half its range in dB, times log(10) / 20.

    Returns
    -------
    scalar tensor, at least 0.
    """
    moved = ops.abs(_log_norm(given, nepers) - _log_norm(translated, nepers))
    return ops.mean(ops.square(ops.relu(moved - TOLERANCE)))


def _log_norm(mel, nepers: float):
    return 0.5 * ops.logsumexp(2.0 * nepers * mel, axis=-1)
