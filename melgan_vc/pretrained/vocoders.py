"""Which vocoder makes the sound: by name, by path, or by the log-mel settings that it has to understand."""

from pathlib import Path

from melgan_vc.config.mel import MelConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.pretrained import catalogue
from melgan_vc.runs.run_files import RunFiles
from melgan_vc.vocoders.base import Vocoder
from melgan_vc.vocoders.griffin_lim import GriffinLim

AUTO, GRIFFIN_LIM = "auto", "griffin-lim"


def shipped_vocoders(root: Path | None = None) -> dict[str, RunConfig]:
    """The vocoders that ship, by name.

    Parameters
    ----------
    root : Path or None
        A folder of models other than the package's own.
    """
    place = root or catalogue.shipped_folder()
    return {name: catalogue.describe(place / name).config for name in catalogue.vocoder_names(root)}


def choose_vocoder(name: str, mel: MelConfig, *, iterations: int | None = None, root: Path | None = None) -> Vocoder:
    """The vocoder that a user means.

    Parameters
    ----------
    name : str
        ``auto``: the vocoder that ships for these log-mel settings, else Griffin-Lim. ``griffin-lim``. The name of a
        vocoder that ships, or the folder of a run.
    mel : MelConfig
        What it has to understand.
    iterations : int, optional
        Of Griffin-Lim, 32 by default; with ``auto`` it asks for Griffin-Lim.
    root : Path or None
        A folder of models other than the package's own.

    Raises
    ------
    MelganVcError
        If there is no such vocoder, it was trained for other settings (both values are named), or ``iterations`` are
        given to a network.
    """
    if name == GRIFFIN_LIM or (name == AUTO and iterations is not None):
        return GriffinLim.on_best_device(mel, iterations=32 if iterations is None else iterations)
    if name == AUTO:
        for fitting, config in shipped_vocoders(root).items():
            if config.mel == mel:
                return load_vocoder((root or catalogue.shipped_folder()) / fitting)
        return GriffinLim.on_best_device(mel)
    if iterations is not None:
        raise MelganVcError(f"Expected --iterations with --vocoder griffin-lim, received: --vocoder {name}")
    vocoder = load_vocoder(find_vocoder(name, root, besides=(AUTO, GRIFFIN_LIM)))
    mel.require_same(vocoder.config, mine="the model", theirs=f"the vocoder {name}")
    return vocoder


def load_vocoder(run: Path):
    """The vocoder of a run folder, whatever its settings.

    Raises
    ------
    MelganVcError
        If the folder is no run folder, or its run is of a method that converts.
    """
    from melgan_vc.methods.loading import load_network
    from melgan_vc.runs.run_folder import RunFolder
    from melgan_vc.vocoders.neural import NeuralVocoder

    folder = RunFolder(run)
    method = folder.load_config().method
    if method.kind != "vocoder":
        raise MelganVcError(
            f"Expected a run of the method vocoder, received: {run}, which is of {method.name}. "
            "A run that converts goes to --model."
        )
    config, network = load_network(folder)
    name = folder.path.absolute().name
    return NeuralVocoder(config.mel, network, start_iterations=config.method.start, name=name)


def find_vocoder(name: str, root: Path | None = None, *, besides: tuple[str, ...] = ()) -> Path:
    """The run folder of a vocoder: a path, or the name of one that ships.

    Parameters
    ----------
    name : str
        As the user wrote it.
    root : Path or None
        A folder of models other than the package's own.
    besides : tuple of str
        What else the user could have said, for the error.

    Raises
    ------
    MelganVcError
        If there is no such folder and no vocoder of that name ships.
    """
    if RunFiles(Path(name)).config_file.is_file():
        return Path(name)
    shipped = shipped_vocoders(root)
    if name in shipped:
        return (root or catalogue.shipped_folder()) / name
    if Path(name).exists() or name in catalogue.model_names(root):
        return Path(name) if Path(name).exists() else (root or catalogue.shipped_folder()) / name
    known = (*besides, *shipped)
    among = f"a vocoder among {', '.join(known)}, or a run folder" if known else "the run folder of a vocoder"
    raise MelganVcError(f"Expected {among}, received: {name} (it does not exist)" + did_you_mean(name, known))
