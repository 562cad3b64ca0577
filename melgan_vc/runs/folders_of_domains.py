"""Which folder of audio is which of a run's domains."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from melgan_vc.config.method import SOURCE_AND_TARGET, MethodConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.runs.run_files import RunFiles

Folders = Mapping[str, str | os.PathLike]

_WANTED = {
    "pair": "--source and --target, two folders of audio,",
    "named": "--domain NAME=DIR for each of 2 to 100 domains,",
    "voices": "--voice NAME=DIR for each of 1 to 100 voices, or --target,",
    "any": "--data, a folder of audio or several,",
}


def require_domain_name(name: str, place: str) -> None:
    """Raise unless a domain can be called so, on the command line and in the names of files."""
    fits = isinstance(name, str) and name and name.isprintable() and not name.startswith("-")
    if not fits or "/" in name or "\\" in name:
        raise MelganVcError(
            f"Expected a name without slashes and without a leading '-' in {place}, received: {name!r}"
        )


def unfit_folders(config: MethodConfig, received: str) -> MelganVcError:
    """What to raise where other folders were given than the method takes."""
    return MelganVcError(f"Expected {_WANTED[config.folders]} for {config.name}, received: {received}")


def domain_folders(config: RunConfig, given: Folders, resumed: RunFiles | None = None) -> dict[str, Path]:
    """The folder of each domain, in the order in which training wants them.

    Parameters
    ----------
    config : RunConfig
        Of the run.
    given : dict of str to path
        What was given, by domain: ``source`` and ``target``, the names of the config, or any names for a method that
        learns from any folders.
    resumed : RunFiles or None
        The run that goes on. What is not given is as it was, and the order is the run's.

    Raises
    ------
    MelganVcError
        If a folder is missing, or is of a domain that the method or the run does not have.
    """
    kind = config.method.folders
    if kind == "any":
        folders = given or _numbered(resumed.trained_on_folders() if resumed else [])
        if not folders:
            raise unfit_folders(config.method, "none")
        return {name: _found(folder, resumed if not given else None) for name, folder in folders.items()}
    names = SOURCE_AND_TARGET if kind == "pair" else config.method.domain_names
    for name in given:
        if name in names:
            continue
        if kind == "pair" or not resumed:
            raise unfit_folders(config.method, " and ".join(given))
        among = f"Expected domains among the run's, {', '.join(names)}, received: {name!r}"
        raise MelganVcError(among + did_you_mean(name, names))
    before = resumed.trained_on(names) if resumed else {}
    folders = {name: given.get(name) or before.get(name) for name in names}
    missing = [f"no {name}" for name, folder in folders.items() if not folder]
    if missing:
        lost = f"; {resumed.corpus_report} does not tell the folders any more" if resumed else ""
        raise unfit_folders(config.method, ", ".join(missing) + lost)
    return {name: _found(folder, None if name in given else resumed) for name, folder in folders.items()}


def with_domains(config: RunConfig, given: Folders, asked: Sequence[str] = ()) -> RunConfig:
    """The config of a new run for the domains that were given, where the user names them, and as else ``asked``.

    What it says of others, as one from a file does, is not kept. Folders and settings are judged together: which of
    the ones make sense can hang on the others.

    Raises
    ------
    MelganVcError
        If they are not named as domains can be, or too few or too many for the method, or a setting is not valid.
    """
    if config.method.folders not in ("named", "voices"):
        return config.with_overrides([*asked])
    sources = [name for name in given if name == SOURCE_AND_TARGET[0]] if config.method.folders == "voices" else []
    names = [name for name in given if name not in sources]
    if not names:
        raise unfit_folders(config.method, " and ".join(sources) or "none")
    for name in names:
        require_domain_name(name, "domains")
    settings = [f"method.domains={json.dumps(names)}"]
    if config.method.folders == "voices":
        settings.append(f"method.sources={json.dumps(sources)}")
    elif tuple(names) != config.method.named_domains:
        settings.insert(0, "method.pitches=[]")
    return config.with_overrides([*settings, *asked], source="The config for these folders")


def _found(folder: str | os.PathLike, resumed: RunFiles | None) -> Path:
    """A folder that was given, or that a run remembers: those of earlier versions may not say where it is."""
    folder = Path(folder)
    if resumed and not folder.is_absolute() and not folder.exists():
        raise MelganVcError(
            f"Expected the working folder that {resumed.path} was begun in, received: {Path.cwd()}, in which there "
            f"is no {folder}. Go there, or name the folders once more."
        )
    return folder


def _numbered(folders: list[Path]) -> dict[str, Path]:
    return {f"data-{number}": folder for number, folder in enumerate(folders)}
