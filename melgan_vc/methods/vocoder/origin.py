"""What a vocoder begins with: another vocoder's weights, a model whose faults it is to learn."""

from pathlib import Path

import keras

from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.starting_weights import require_same_networks
from melgan_vc.methods.vocoder.config import VocoderConfig
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_folder import RunFolder


def weights_of_vocoder(run: Path, config: RunConfig, generator: keras.Model) -> None:
    """Give a generator the weights of the vocoder of another run.

    Raises
    ------
    MelganVcError
        If they are of another method or architecture, or for other log-mels.
    """
    folder = RunFolder(run)
    theirs, name = folder.load_config(), folder.path.name
    if not isinstance(theirs.method, VocoderConfig):
        raise MelganVcError(
            f"Expected a vocoder for --start-from, received: {name}, which is of {theirs.method.name}"
        )
    config.mel.require_same(theirs.mel, mine="the run", theirs=f"the vocoder {name}")
    require_same_networks(_of_network(config.method), _of_network(theirs.method), run=run)
    folder.load_weights(generator)


def _of_network(method: VocoderConfig) -> dict:
    """The settings that two runs of the same network share, by name."""
    started = "of some number" if method.has_start else "none"  # the network does not know how many there were
    return {
        "generator": method.generator,
        "blocks": method.blocks,
        "start_iterations": started,
        "causal": method.causal,
    }


def model_with_faults(origin: Origin, config: RunConfig) -> Conversion | None:
    """The model whose conversions a vocoder is also to make sound of, if there is one.

    Raises
    ------
    MelganVcError
        If there is a domain without a model, or the model's log-mels are others.
    """
    if origin.converted_by is None:
        if origin.to is not None:
            raise MelganVcError(f"Expected --to with --converted-by MODEL, received: --to {origin.to} alone")
        return None
    model = load_conversion(Path(origin.converted_by), to=origin.to)
    config.mel.require_same(model.config.mel, mine="the vocoder", theirs="the model of --converted-by")
    return model
