"""How differently a critic hears what is real and what is not."""

from collections.abc import Sequence

from keras import ops


def feature_matching(real: Sequence, fake: Sequence):
    r"""Mean over layers of the relative difference of a critic's features.

    .. math:: \frac1L \sum_l \frac{E\lvert D_l(x) - D_l(\hat x) \rvert}{E\lvert D_l(x) \rvert}

    Kumar et al. 2019, "MelGAN", eq. 3; the division, which makes layers count alike however their scale drifts, is
    Défossez et al. 2022, "EnCodec", eq. 4.

    Parameters
    ----------
    real, fake : sequence of tensor
        Features of each layer of one critic, of the same shapes.

    Returns
    -------
    scalar tensor, at least 0.
    """
    pairs = [
        (ops.cast(wanted, "float32"), ops.cast(found, "float32")) for wanted, found in zip(real, fake, strict=True)
    ]
    distances = [ops.mean(ops.abs(wanted - found)) / (ops.mean(ops.abs(wanted)) + 1e-3) for wanted, found in pairs]
    return sum(distances[1:], distances[0]) / len(distances)
