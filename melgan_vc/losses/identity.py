"""What is already in the target style should come out as it went in."""

from keras import ops


def identity(target, translated):
    r"""Mean absolute error :math:`E|b - G(b)|` (MelGAN-VC's code; its paper has the squared error).

    Parameters
    ----------
    target, translated : tensor
        Log-mels of the target domain and their translations, same shape, in [-1, 1].

    Returns
    -------
    scalar tensor in [0, 2].
    """
    return ops.mean(ops.abs(target - translated))
