"""Features by name: a new one is a file here, and what asks for it by name finds it."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from functools import lru_cache

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.features.feature import Feature

WAVEFORM = "waveform"
"""What a method names that needs the sound itself: it is kept beside the frames, and is no column of them."""


def features_of(names: Iterable[str], mel: MelConfig) -> tuple[Feature, ...]:
    """The features of these names, on the frames of a log-mel; `WAVEFORM` is none.

    Raises
    ------
    MelganVcError
        If there is no such feature; the message lists them.
    """
    return tuple(_feature_class(name)(mel) for name in names if name != WAVEFORM)


@lru_cache(maxsize=32)
def _feature_class(name: str) -> type[Feature]:
    known = feature_names()
    if name not in known:
        raise MelganVcError(
            f"Expected a feature among {', '.join(known)}, received: {name!r}{did_you_mean(name, known)}"
        )
    return _defined_in(name)[0]


@lru_cache(maxsize=1)
def feature_names() -> tuple[str, ...]:
    """Names of all features, in alphabetical order."""
    package = importlib.import_module(__package__)
    modules = (found.name for found in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in modules if _defined_in(name)))


def _defined_in(name: str) -> list[type[Feature]]:
    """The features that a file here defines: one, or none where it is a recogniser or a part of several."""
    module = importlib.import_module(f"{__package__}.{name}")
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Feature)
        and not inspect.isabstract(value)
        and value.__module__ == module.__name__
    ]
