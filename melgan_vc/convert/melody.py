"""How high a conversion is to be, as it is asked for."""

import math
from typing import Any

from melgan_vc.errors import MelganVcError

_AUTO, _MOST = "auto", 24


def melody_of(semitones: str | float) -> dict[str, Any]:
    """``-2``, ``"-2"``, ``"auto"`` or ``"auto-2"`` as settings of `Conversion.set_melody`; else a `MelganVcError`.

    >>> melody_of("auto-2")
    {'semitones': -2.0, 'sung': True}
    """
    text = str(semitones)
    sung, number = text.startswith(_AUTO), text.removeprefix(_AUTO) or "0"
    try:
        asked = float(number)
    except ValueError:
        asked = math.nan
    if not abs(asked) <= _MOST or (sung and number[0] not in "+-0"):
        raise MelganVcError(
            f"Expected --semitones with a number from -{_MOST} to {_MOST}, auto, or auto and a number such as "
            f"auto-2, received: {semitones}"
        )
    return {"semitones": asked, "sung": sung}
