"""The harmony of the output should be that of the input."""

from keras import ops

_FRAMES = 5
_EPSILON = 1e-6


def pitch_class(given, translated, contrast, classes):
    r"""One minus the cosine of which pitch classes sound, averaged over frames.

    .. math:: E\left[1 - \cos(h(a), h(G(a)))\right], \quad h(x) = \max(x A, 0) B

    smoothed over five frames: `melgan_vc.audio.pitch_classes` gives the fixed matrices A and B. It compares chroma
    features, as in Müller, "Fundamentals of Music Processing" (2015), chapter 3, and is blind to timbre but for
    overtones that are of other pitch classes. Frames count by how much of any pitch class is in what was given, so
    that those of noise or silence hardly do.

    Parameters
    ----------
    given, translated : tensor
        Log-mels ``(B, T, n_mels)`` in [-1, 1], ``T`` at least 5.
    contrast, classes : tensor
        Shapes ``(n_mels, n_mels)`` and ``(n_mels, 12)``.

    Returns
    -------
    scalar tensor, 0 to 1.
    """
    one, other = (_harmony(mel, contrast, classes) for mel in (given, translated))
    lengths = _length(one) * _length(other)
    weight = _length(one)
    away = 1.0 - ops.sum(one * other, axis=-1) / lengths
    return ops.sum(weight * away) / ops.sum(weight)


def _harmony(mel, contrast, classes):
    strength = ops.matmul(ops.relu(ops.matmul(mel, contrast)), classes)
    return ops.average_pool(strength, _FRAMES, strides=1, padding="valid")


def _length(vectors):
    return ops.sqrt(ops.sum(ops.square(vectors), axis=-1) + _EPSILON)
