"""A place of the output should be told from its neighbours by the same place of the input."""

from keras import ops

# Under the root of a norm, as in `travel`: a feature that is all 0 has a gradient of 0, not NaN.
_EPSILON = 1e-12

_NONE = -1e9  # a logit that counts for nothing


def patch_nce(queries, keys, *, temperature: float = 0.07, apart: int = 1):
    r"""Cross-entropy of finding each place's own input among all places of its window.

    .. math:: -E\left[ \log \frac{\exp(q_p \cdot k_p / \tau)}{\sum_r \exp(q_p \cdot k_r / \tau)} \right]

    with features of length 1. Park et al. 2020, "Contrastive Learning for Unpaired Image-to-Image Translation" (CUT);
    for voices: CVC. Negatives come from the same window alone, as there. The paper stops the gradient at the keys;
    here it flows into the network that made them. None could reach the generator that way: keys are of the input.

    Music repeats its notes, and speech holds its vowels: what is near may be the same, and no place to be told from.

    Parameters
    ----------
    queries, keys : tensor
        Features ``(B, P, D)`` of ``P`` places of the output and of the input, of any length.
    temperature : float
        Tau, above 0.
    apart : int
        Places that a negative is away, at least; 1 takes all others.

    Returns
    -------
    scalar tensor, at least 0; log P where all places look alike, and at most 2 / tau more than that.
    """
    queries, keys = _unit(queries), _unit(keys)
    logits = ops.matmul(queries, ops.transpose(keys, (0, 2, 1))) / temperature  # (B, P, P)
    if apart > 1:
        logits = ops.where(_near(logits.shape[-1] or ops.shape(logits)[-1], apart), _NONE, logits)
    own = ops.sum(queries * keys, axis=-1) / temperature
    return ops.mean(ops.logsumexp(logits, axis=-1) - own)


def _near(places, apart: int):
    """Which of ``(P, P)`` are too near to each other, but not the same."""
    away = ops.abs(ops.arange(places)[:, None] - ops.arange(places))
    return ops.logical_and(away > 0, away < apart)


def _unit(features):
    return features * ops.rsqrt(ops.sum(ops.square(features), axis=-1, keepdims=True) + _EPSILON)
