"""Hinge losses of a critic and its generator."""

from keras import ops


def hinge_critic(real, fake):
    r"""The critic's hinge loss.

    .. math:: \tfrac12 \left( E[\max(0, 1 - C(b))] + E[\max(0, 1 + C(G(a)))] \right)

    Lim & Ye 2017, "Geometric GAN", with MelGAN-VC's factor of one half.

    Parameters
    ----------
    real, fake : tensor
        Scores of real and of generated windows, any shape. 1 is what an untrained critic costs.

    Returns
    -------
    scalar tensor, at least 0.
    """
    return 0.5 * (ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake)))


def hinge_generator(fake):
    r"""The generator's side, :math:`-E[C(G(a))]`: unbounded, and linear where the critic's hinge is not."""
    return -ops.mean(fake)
