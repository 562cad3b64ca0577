"""What changes in time should change as it did before translation."""

from keras import ops


def self_regularization(given, translated):
    r"""Mean absolute change of each band around its mean over the chunk.

    .. math:: E\,\big|\, d - \tfrac{1}{T}\textstyle\sum_t d_t \,\big|, \qquad d = G(a) - a

    The self-regularization of Shrivastava et al., "Learning from simulated and unsupervised images through
    adversarial training" (CVPR 2017), in a feature space that is blind to a constant gain in each band: the timbre
    of a chunk may become another one, but words may not.

    Parameters
    ----------
    given, translated : tensor
        Shape ``(B, T, n_mels)``: what the generator edits (its input, shifted where it shifts), and its output.

    Returns
    -------
    scalar tensor in [0, 2].
    """
    change = translated - given
    return ops.mean(ops.abs(change - ops.mean(change, axis=1, keepdims=True)))
