"""What is said in a conversion should be what was said before it."""

from keras import ops


def content_consistency(given, translated):
    r"""Mean absolute error :math:`E|c(a) - c(G(a))|` of content, as one recogniser of it hears both.

    Content is standardised in each voice, so that this is blind to what sets one voice apart from another. It is
    after the speech consistency loss of Li, Zare, Mesgarani, "StarGANv2-VC" (Interspeech 2021), which compares inner
    features of a recogniser.

    Parameters
    ----------
    given, translated : tensor
        Shape ``(B, T, columns)``: content of what was given, and of what was made of it.

    Returns
    -------
    scalar tensor, at least 0.
    """
    return ops.mean(ops.abs(given - translated))
