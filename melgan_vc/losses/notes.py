"""How far notes are from those that are wanted: to learn to hear them, and to keep them."""

import keras
from keras import ops

_EPSILON = 1e-3


def note_error(wanted, heard):
    """Mean binary cross-entropy of probabilities that keys sound, and begin, in nats.

    As a transcriber is trained (Bittner et al., "A lightweight instrument-agnostic model for polyphonic note
    transcription and multipitch estimation", ICASSP 2022), with probabilities as labels.

    Parameters
    ----------
    wanted, heard : tensor
        Shape ``(B, T, columns)`` in [0, 1].

    Returns
    -------
    scalar tensor, at least 0; what is least is the entropy of ``wanted``.
    """
    return ops.mean(keras.losses.binary_crossentropy(wanted, heard))


def note_consistency(given, translated):
    r"""The share of notes that two hearings do not have in common.

    .. math:: \frac{\sum |n(a) - n(G(a))|}{\sum n(a) + n(G(a))}

    of probabilities n that keys sound and begin: a soft form of one minus the F-measure of notes, frame by frame,
    like the Dice loss (Milletari, Navab, Ahmadi, "V-Net", 3DV 2016). What is silent in both counts for nothing.

    Parameters
    ----------
    given, translated : tensor
        Shape ``(B, T, columns)`` in [0, 1]: notes in what was given, and in what was made of it.

    Returns
    -------
    scalar tensor, 0 to 1.
    """
    return ops.sum(ops.abs(given - translated)) / (ops.sum(given) + ops.sum(translated) + _EPSILON)
