"""From a run folder to its network, or to something to convert with."""

from pathlib import Path

import keras

from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.methods.adaptation import adaptation_of
from melgan_vc.methods.conversion import Conversion, conversion_of
from melgan_vc.methods.directions import require_direction
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder


def load_network(folder: RunFolder) -> tuple[RunConfig, keras.Model]:
    """The configuration of a run, and its trained network.

    Raises
    ------
    MelganVcError
        If it is no run folder, or its config and weights do not fit each other.
    """
    config = folder.load_config()
    return config, trained_network(config, folder)


def trained_network(config: RunConfig, folder: RunFolder) -> keras.Model:
    """The network of a config, with the weights of a run folder; raises as `load_network`."""
    network = build_network(config)
    if folder.voice_file.is_file():
        adaptation_of(config, model=folder.path.name).load(folder.path, config, network)
    else:
        folder.load_weights(network)
    return network


def load_conversion(run: Path, *, to: str | None = None, like: Path | None = None) -> Conversion:
    """A run folder as something to convert with; see `Conversion`.

    Raises
    ------
    MelganVcError
        If it is no run folder of a method that converts, its config and weights do not fit each other, it cannot
        convert to that domain or like a reference, or it hears what this machine cannot compute.
    """
    folder = RunFolder(run)
    config = folder.load_config()
    require_converting(config, run)
    if like is None:
        require_direction(config, to)  # before weights are read
    for feature in features_of(config.method.needs, config.mel):
        feature.require()  # once, and not for each file of a batch
    return conversion_of(config, trained_network(config, folder), to=to, like=like)


def require_converting(config: RunConfig, run: Path) -> None:
    """Raise unless a run is one to convert with."""
    if config.method.kind != "converter":
        raise MelganVcError(
            f"Expected a run that converts, received: {run}, a {config.method.kind}, which only makes sound of "
            f"log-mels. It goes to --{config.method.kind}."
        )
