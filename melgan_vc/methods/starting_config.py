"""The configuration that a training or a search starts from: a file's, or a preset's."""

from pathlib import Path

from melgan_vc.config.method_folders import DEFAULT
from melgan_vc.config.run import RunConfig, load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset as find_preset
from melgan_vc.runs.run_files import RunFiles


def starting_config(
    preset: str | None, config: Path | None, method: str | None = None, *, polish: Path | None = None
) -> RunConfig:
    """The configuration to start from.

    Parameters
    ----------
    preset : str or None
        Name of a preset, ``voice`` if there is no ``config`` either.
    config : Path or None
        A ``config.json`` instead.
    method : str or None
        What it has to be of. None takes any file, and presets of the default method.
    polish : Path or None
        A run folder, whose second stage it is to be, instead of either.

    Raises
    ------
    MelganVcError
        If two of them are given, there is no such preset, or the file is not valid or of another method, or the run
        was polished already.

    Examples
    --------
    >>> starting_config(None, None, "cyclegan").preset
    'voice'
    """
    if polish and (preset or config):
        raise MelganVcError(
            "Expected --polish without --preset and --config: its settings are those of its run, received: "
            + (f"--preset {preset}" if preset else f"--config {config}")
        )
    if preset and config:
        raise MelganVcError("Expected --preset or --config, received both: a config.json holds every setting")
    if config is None and polish is None:
        return find_preset(preset or "voice", method or DEFAULT)
    chosen = RunFiles(polish).load_config() if polish else load_config(config)
    if method not in (None, chosen.method.name):
        raise MelganVcError(
            f"Expected --{'polish' if polish else 'config'} with settings of {method}, received: {polish or config}, "
            f"which are of {chosen.method.name}. Use the command {chosen.method.name}, or --preset."
        )
    if polish is None:
        return chosen
    if chosen.method.polish:
        raise MelganVcError(
            f"Expected --polish with a run that was not polished itself, received: {polish}, which was. Go on with "
            "it with --resume, or polish the run that it began with."
        )
    return chosen.model_copy(update={"method": chosen.method.polished()})
