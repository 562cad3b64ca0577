"""Named starting points: a complete configuration each. A method's own are in its folder."""

import importlib
import importlib.util
from collections.abc import Callable

from melgan_vc.config.method import method_config, require_method
from melgan_vc.config.method_folders import DEFAULT, METHODS, method_traits
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.methods.shared_presets import run_config

Presets = dict[str, Callable[[], RunConfig]]


def _presets(method: str) -> Presets:
    """Functions of ``methods/<method>/presets.py``; of a method without one, the shared ones with its defaults."""
    place, names = f"{METHODS}.{method}.presets", presets_of(method)
    if importlib.util.find_spec(place):
        own = importlib.import_module(place)
        return {name: getattr(own, name) for name in names}
    return {name: lambda name=name: run_config(name, method_config(method)()) for name in names}


def presets_of(method: str) -> tuple[str, ...]:
    """Names of the presets that a method has."""
    return method_traits(require_method(method)).presets


def preset(name: str, method: str = DEFAULT) -> RunConfig:
    """The configuration of a preset.

    Parameters
    ----------
    name : str
        One of `presets_of` the method.
    method : str
        The method it is for. Spectrogram, corpus and most of the training are the same for all.

    Raises
    ------
    MelganVcError
        If there is no such preset or method; the message lists them.

    Examples
    --------
    >>> preset("voice").mel.rate
    16000
    >>> preset("voice", "cyclegan").method.cycle
    10.0
    """
    known = _presets(method)
    if name not in known:
        raise MelganVcError(
            f"Expected a preset among {', '.join(known)}, received: {name!r}{did_you_mean(name, known)}"
        )
    return known[name]()
