"""Folders that are to be voices, or music, listened to before hours of features are made of them."""

from collections.abc import Callable, Collection
from pathlib import Path

from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.heard_folder import hear_folder, require_music, require_voice
from melgan_vc.corpus.listing import list_folder
from melgan_vc.errors import MelganVcError


def listen_to_folders(config: RunConfig, folders: dict[str, Path], *, say: Callable[[str], None]) -> None:
    """Refuse a voice, or music, of which nothing can be learned, and warn of what is only bad.

    Parameters
    ----------
    config : RunConfig
        Of a run whose method learns voices or notes; of another nothing is done.
    folders : dict of str to Path
        A folder for each of the method's domains. Those that are no voices may be of many people.
    say : callable
        Is told the warnings, without markup.

    Raises
    ------
    MelganVcError
        If there is nobody who speaks in a voice's folder, or somebody in one of music, or no such folder.
    """
    if not (config.method.learns_voices or config.method.learns_notes):
        return
    for folder in folders.values():
        list_folder(folder)
    for name, folder in folders.items():
        for warning in _warnings(config, name, folder, voices=config.method.named_domains):
            say(warning)


def _warnings(config: RunConfig, name: str, folder: Path, *, voices: Collection[str]) -> list[str]:
    is_voice = config.method.learns_voices and name in voices
    try:
        heard = hear_folder(folder, speakers=is_voice)
    except MelganVcError:  # nothing usable: what prepares the folder says why, file by file
        return []
    if config.method.learns_notes:
        require_music(name, heard)
        return []
    sings = config.method.of_singing
    if is_voice:
        require_voice(name, heard, sings=sings)
    return heard.warnings(sings=sings)
