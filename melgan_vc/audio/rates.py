"""Sampling rates as programs give them."""

import numbers

from melgan_vc.errors import MelganVcError


def whole_rate(rate: float) -> int:
    """A sampling rate in whole Hz, whatever kind of number says it.

    Raises
    ------
    MelganVcError
        If it is no number, not whole, or not positive.

    Examples
    --------
    >>> whole_rate(16000.0)
    16000
    >>> whole_rate(22050.5)
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected a sampling rate in whole Hz, received: rate=22050.5
    """
    number = isinstance(rate, numbers.Real) and not isinstance(rate, bool)
    if not number or not 1 <= rate < float("inf") or rate != int(rate):
        raise MelganVcError(f"Expected a sampling rate in whole Hz, received: rate={rate!r}")
    return int(rate)
