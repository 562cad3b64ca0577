"""What is translated there and back again should be what it was."""

from keras import ops


def cycle(given, returned):
    r"""Mean absolute error :math:`E|a - F(G(a))|` of one direction's round trip.

    Zhu et al. 2017, "Unpaired image-to-image translation using cycle-consistent adversarial networks". ``given`` is
    whole even where the generator was given less of it: frames that were missing have to come back too (Kaneko et
    al. 2021, "MaskCycleGAN-VC").

    Parameters
    ----------
    given, returned : tensor
        Log-mels of a domain and what came back of them, same shape, in [-1, 1].

    Returns
    -------
    scalar tensor in [0, 2].
    """
    return ops.mean(ops.abs(given - returned))
