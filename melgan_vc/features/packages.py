"""Packages that only a recogniser or a metric needs: imported when it is made, and missed with a sentence."""

import importlib
from types import ModuleType

from melgan_vc.errors import MelganVcError


class MissingEvaluator(MelganVcError):
    """A package that a recogniser or a metric needs is not installed; the message ends with how to install it."""


def import_evaluator(module: str, *, purpose: str, install: str) -> ModuleType:
    """Import a module of an optional package.

    Parameters
    ----------
    module : str
        What to import, ``"speechmos.dnsmos"``.
    purpose : str
        What it is for, ``"naturalness"``.
    install : str
        What follows ``pip install`` to get it.

    Raises
    ------
    MissingEvaluator
        If it, or a module that it needs, is not installed.

    Examples
    --------
    >>> import_evaluator("math", purpose="sums", install="nothing").sqrt(4.0)
    2.0
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        what = "it is not installed" if error.name == package else f"its module {error.name} is not installed"
        raise MissingEvaluator(
            f"Expected {package} for {purpose}, received: {what}. Install it with: pip install {install}"
        ) from error
