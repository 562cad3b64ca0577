"""What a style vector asked for should be heard, and different ones differently."""

from keras import ops


def style_reconstruction(asked, found):
    r"""Mean absolute error :math:`E|s - E(G(a, s))|` of the style found in a translation (StarGAN v2, eq. 2).

    Parameters
    ----------
    asked, found : tensor
        Style vectors ``(B, S)``: the generator's, and the style encoder's of what it made.

    Returns
    -------
    scalar tensor, at least 0.
    """
    return ops.mean(ops.abs(asked - found))


def diversity(one, other):
    r"""Mean absolute difference :math:`E|G(a, s_1) - G(a, s_2)|` of two translations, negated (StarGAN v2, eq. 3).

    Without it a generator may do with one voice for each domain, whatever the style.

    Parameters
    ----------
    one, other : tensor
        Translations of the same log-mels with two styles of the same domain, same shape.

    Returns
    -------
    scalar tensor, at most 0.
    """
    return -ops.mean(ops.abs(one - other))
