"""Which methods there are: a folder each. It loads none of their settings, so that a list of them is quick."""

import importlib
import inspect
import pkgutil
from functools import lru_cache
from types import ModuleType

from melgan_vc.config.method_traits import MethodTraits

DEFAULT = "travelgan"
"""The method of a config that names none."""

METHODS = "melgan_vc.methods"
"""The package that has the folders."""


@lru_cache(maxsize=1)
def method_names() -> tuple[str, ...]:
    """Names of all methods, the default first."""
    package = importlib.import_module(METHODS)
    names = [found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg]
    return tuple(sorted(names, key=lambda name: (name != DEFAULT, name)))


def method_summary(name: str) -> str:
    """What a method is, in a line, and how it is trained: the docstring of its folder."""
    return inspect.getdoc(_folder(name)) or ""


def method_traits(name: str) -> MethodTraits:
    """What a command shows of a method, which `method_names` has: ``TRAITS`` of its folder, or the defaults."""
    return getattr(_folder(name), "TRAITS", MethodTraits())


def _folder(name: str) -> ModuleType:
    return importlib.import_module(f"{METHODS}.{name}")
