"""Wasserstein losses of a critic and its generator."""

from keras import ops


def wasserstein_critic(real, fake):
    r"""The critic's Wasserstein loss :math:`E[C(G(a))] - E[C(b)]`.

    Arjovsky et al. 2017, "Wasserstein GAN". Unbounded below: it needs a critic whose slope is kept near 1, by
    `wasserstein_penalty` or spectral normalisation.

    Parameters
    ----------
    real, fake : tensor
        Scores of real and of generated windows, any shape.

    Returns
    -------
    scalar tensor.
    """
    return ops.mean(fake) - ops.mean(real)


def wasserstein_generator(fake):
    r"""The generator's side, :math:`-E[C(G(a))]`."""
    return -ops.mean(fake)
