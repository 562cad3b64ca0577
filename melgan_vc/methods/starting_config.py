"""The configuration that a training or a search starts from: a file's, or a preset's."""

from pathlib import Path

from melgan_vc.config.method_folders import DEFAULT
from melgan_vc.config.run import RunConfig, load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset as find_preset


def starting_config(preset: str | None, config: Path | None, method: str | None = None) -> RunConfig:
    """The configuration to start from.

    Parameters
    ----------
    preset : str or None
        Name of a preset, ``voice`` if there is no ``config`` either.
    config : Path or None
        A ``config.json`` instead.
    method : str or None
        What it has to be of. None takes any file, and presets of the default method.

    Raises
    ------
    MelganVcError
        If both are given, there is no such preset, or the file is not valid or of another method.

    Examples
    --------
    >>> starting_config(None, None, "cyclegan").preset
    'voice'
    """
    if preset and config:
        raise MelganVcError("Expected --preset or --config, received both: a config.json holds every setting")
    if config is None:
        return find_preset(preset or "voice", method or DEFAULT)
    chosen = load_config(config)
    if method not in (None, chosen.method.name):
        raise MelganVcError(
            f"Expected --config with settings of {method}, received: {config}, which are of {chosen.method.name}. "
            f"Use the command {chosen.method.name}, or --preset."
        )
    return chosen
