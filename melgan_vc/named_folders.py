"""Which folder of audio is which of a run's domains, as a program names them."""

import os
from collections.abc import Mapping
from pathlib import Path

from melgan_vc.config import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.training.run_files import RunFiles

Folders = Mapping[str, str | os.PathLike | None]


def require_domain_name(name: str, place: str) -> None:
    """Raise unless a domain can be called so, on the command line and in the names of files."""
    fits = isinstance(name, str) and name and name.isprintable() and not name.startswith("-")
    if not fits or "/" in name or "\\" in name:
        raise MelganVcError(
            f"Expected a name without slashes and without a leading '-' in {place}, received: {name!r}"
        )


def named_folders(config: RunConfig, pair: Folders, domains: Folders, resumed: RunFiles | None) -> dict[str, Path]:
    """The folder of each domain, in the order in which training wants them.

    Parameters
    ----------
    config : RunConfig
        Of the run; of a new one of ``stargan`` the domains are those of ``domains``.
    pair : dict of str to path or None
        What was given for ``source`` and ``target``.
    domains : dict of str to path
        What was given for domains of other names.
    resumed : RunFiles or None
        The run that goes on. What is not given is as it was, and the order is the run's.

    Raises
    ------
    MelganVcError
        If a folder is missing, or is of a domain that the method or the run does not have.
    """
    many = bool(config.named_domains)
    of_pair = {name: folder for name, folder in pair.items() if folder is not None}
    wanted = "domains={name: folder, ...}" if many else "source and target, two folders of audio,"
    expected = f"Expected {wanted} for {config.method.name}, received: "
    if of_pair if many else domains:
        raise MelganVcError(expected + " and ".join([*of_pair, *["domains"] * bool(domains)]))
    given = domains if many else of_pair
    names = tuple(domains if many else pair)
    if many and resumed:
        names = config.named_domains
    for name in given:
        require_domain_name(name, "domains")
        if name not in names:
            among = f"Expected domains among the run's, {', '.join(names)}, received: {name!r}"
            raise MelganVcError(among + did_you_mean(name, names))
    before = resumed.trained_on(names) if resumed else {}
    folders = {name: given.get(name) or before.get(name) for name in names}
    missing = [f"no {name}" for name, folder in folders.items() if not folder]
    if missing or not folders:
        lost = f"; {resumed.corpus_report} does not tell the folders any more" if resumed else ""
        raise MelganVcError(expected + (", ".join(missing) or "none") + lost)
    return {name: Path(folder) for name, folder in folders.items()}
