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


def until(weight: float, step, last: int | None):
    """A weight that becomes 0 after some steps: ``weight`` while ``step < last``, then 0.

    CycleGAN-VC drops its identity loss so: at first it shows the generators what words are, later it holds them
    back.

    Parameters
    ----------
    weight : float
        Of a loss.
    step : scalar integer tensor
        Batches trained on so far.
    last : int or None
        The first step without it; None keeps the weight for ever.

    Returns
    -------
    float or scalar tensor
    """
    return weight if last is None else weight * ops.cast(ops.less(step, last), "float32")
