"""Least-squares losses of a critic and its generator."""

from keras import ops


def least_squares_critic(real, fake):
    r"""The critic's least-squares loss: scores of 1 for what is real, of 0 for what is not.

    .. math:: \tfrac12 \left( E[(C(b) - 1)^2] + E[C(G(a))^2] \right)

    Mao et al. 2017, "Least Squares Generative Adversarial Networks".

    Parameters
    ----------
    real, fake : tensor
        Scores of real and of generated windows, any shape. A critic that cannot tell them apart costs 0.25.

    Returns
    -------
    scalar tensor, at least 0.
    """
    return 0.5 * (ops.mean(ops.square(real - 1.0)) + ops.mean(ops.square(fake)))


def least_squares_generator(fake):
    r"""The generator's side, :math:`E[(C(G(a)) - 1)^2]`, without the paper's factor of one half, as in CycleGAN.

    Parameters
    ----------
    fake : tensor
        Scores of generated windows, any shape.

    Returns
    -------
    scalar tensor, at least 0.
    """
    return ops.mean(ops.square(fake - 1.0))
