"""Transformation vectors (TraVeL): content is the differences between chunks, not the chunks themselves.

Amodio & Krishnaswamy, "TraVeLGAN", CVPR 2019, arXiv 1902.09631; on spectrograms: Pasini, MelGAN-VC, 2019.
"""

from keras import ops

# Added under the square root of a norm: its gradient is 0, not NaN, where two chunks are equal (digital silence).
_EPSILON = 1e-12


def _norm(vectors):
    return ops.sqrt(ops.sum(ops.square(vectors), axis=-1) + _EPSILON)


def all_pairs(embeddings):
    """Transformation vectors between all ordered pairs of a batch.

    Parameters
    ----------
    embeddings : tensor
        Shape ``(N, D)``, with N of at least 2.

    Returns
    -------
    vectors : tensor
        Shape ``(N * N, D)``: :math:`t_{ij} = S(x_i) - S(x_j)`.
    weights : tensor
        Shape ``(N * N,)``: 0 for a chunk paired with itself, and otherwise such that the weights sum to 1.
    """
    number = ops.shape(embeddings)[0]
    vectors = ops.reshape(embeddings[:, None] - embeddings[None, :], (-1, embeddings.shape[-1]))
    index = ops.arange(number)
    different = ops.cast(ops.not_equal(index[:, None], index[None, :]), embeddings.dtype)
    return vectors, ops.reshape(different, (-1,)) / ops.sum(different)


def single_pair(first, last):
    """One transformation vector for each window, between its first and last chunk, as in MelGAN-VC's code.

    Parameters
    ----------
    first, last : tensor
        Embeddings ``(B, D)`` of the first and of the last chunk of each window.

    Returns
    -------
    vectors ``(B, D)`` and equal weights ``(B,)`` that sum to 1.
    """
    vectors = first - last
    norm = _norm(vectors)
    ones = ops.ones_like(norm)
    return vectors, ones / ops.sum(ones)


def travel(source, translated, weights):
    r"""Transformation vectors should survive translation in length and in direction.

    .. math:: E\left[ \tfrac1D \|t - t'\|^2 - \cos(t, t') \right]

    The squared distance is a mean over the D dimensions, as in MelGAN-VC's code. The cosine is *subtracted*: its
    sign is written wrongly in several ports, which then punish what they mean to reward.

    Parameters
    ----------
    source, translated : tensor
        Transformation vectors ``(P, D)`` of the source chunks and of their translations.
    weights : tensor
        Shape ``(P,)``, with sum 1.

    Returns
    -------
    scalar tensor, at least -1, which is reached when all vectors are equal.
    """
    distance = ops.mean(ops.square(source - translated), axis=-1)
    cosine = ops.sum(source * translated, axis=-1) / (_norm(source) * _norm(translated))
    return ops.sum(weights * (distance - cosine))


def margin(vectors, weights, *, delta: float):
    r"""Different chunks must stay apart, or the siamese network would map all to one point.

    .. math:: E[\max(0, \delta - \|t\|)^2]

    Parameters
    ----------
    vectors : tensor
        Transformation vectors ``(P, D)`` of real chunks.
    weights : tensor
        Shape ``(P,)``, with sum 1.
    delta : float
        The distance asked for.

    Returns
    -------
    scalar tensor in [0, delta²]; value and gradient are finite also where two chunks are equal.
    """
    return ops.sum(weights * ops.square(ops.relu(delta - _norm(vectors))))
