"""The rules for saying where to convert: to a domain, or like a clip."""

import os

from melgan_vc.config.method import converting_methods, method_config
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean


def require_one_of_to_and_like(to: str | None, like: str | os.PathLike | None) -> None:
    """Raise if both are given.

    >>> require_one_of_to_and_like("anna", None)
    """
    if to is not None and like is not None:
        raise MelganVcError("Expected --to or --like, received both: one names a domain, one is a clip of it")


def require_direction(config: RunConfig, to: str | None) -> str:
    """The domain that ``to`` asks a run of this config to convert to.

    None asks for the target. A run of more than two domains, or of several voices, has no such thing: there it has to
    be named.

    Raises
    ------
    MelganVcError
        If there is no such domain, or it has to be named.
    """
    directions = config.method.directions
    known = ", ".join(directions)
    speaks = config.method.folders == "voices"
    if to is None and speaks and len(directions) > 1:
        raise MelganVcError(f"Expected --to NAME, received: none. The model's voices: {known}")
    if to is None and len(directions) > 2:
        raise MelganVcError(f"Expected --to NAME or --like FILE, received: neither. The model's domains: {known}")
    if to is None:
        return directions[0]
    if to in directions:
        return to
    if to in config.method.domain_names and speaks:
        raise MelganVcError(
            f"Expected --to among {known}, received: {to}, which the run has only learned to listen from. For its "
            f"voice, train a run with --voice NAME=DIR of that folder."
        )
    if to in config.method.domain_names:
        both = ", ".join(name for name in converting_methods() if len(method_config(name)().directions) > 1)
        raise MelganVcError(
            f"Expected --to {known}, received: {to}. A run of {config.method.name} converts one way only; train a "
            f"method that learns both ({both}), or a run with the folders exchanged."
        )
    raise MelganVcError(f"Expected --to among {known}, received: {to!r}{did_you_mean(to, directions)}")
