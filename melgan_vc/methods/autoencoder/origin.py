"""What an autoencoder begins with: the networks of another, which know what is said already."""

from pathlib import Path

import numpy as np
from keras import ops

from melgan_vc.config.mel import MelConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.methods.autoencoder.config import AutoencoderConfig
from melgan_vc.methods.autoencoder.voices import Voices
from melgan_vc.methods.loading import trained_network
from melgan_vc.methods.starting_weights import require_same_networks
from melgan_vc.nets.student.weights import SHA256, trained_student
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_folder import RunFolder

_SHARED = ("content", "code", "style", "decoder", "blocks", "student", "student_blocks", "look_ahead")
"""Settings that two runs of the same networks share."""


def begin_polishing(origin: Origin, config: RunConfig, voices: Voices) -> None:
    """Give a second stage the networks of the first, and all that was measured of its voices.

    Raises
    ------
    MelganVcError
        If none is named, another run is to be begun with too, it does not know all of the voices, or it does not fit.
    """
    if origin.polish is None or origin.start_from is not None:
        received = "none" if origin.polish is None else f"--start-from {origin.start_from} too"
        raise MelganVcError(f"Expected --polish RUN, whose networks are kept as they are, received: {received}")
    run = Path(origin.polish)
    theirs = RunFolder(run).load_config().method
    known = theirs.domain_names
    for name in config.method.domains:
        if name not in known:
            raise MelganVcError(
                f"Expected --polish with voices of {run.name}, {', '.join(known)}, received: "
                f"{name!r}{did_you_mean(name, known)}. A voice that is new has to be learned first: --start-from"
            )
    network = begin_with_voices(run, config, voices, option="--polish")
    mine, its = ({"retrieval": method.retrieval} for method in (config.method, theirs))
    require_same_networks(mine, its, run=run, option="--polish")
    chosen = [network.decoder.names.index(name) for name in voices.decoder.names]
    voices.decoder.pitches.assign(ops.convert_to_numpy(network.decoder.pitches)[chosen])
    for mine, theirs in (
        (voices.decoder.statistics, network.decoder.statistics),
        (voices.decoder.again, network.decoder.again),
        (voices.decoder.kept, network.decoder.kept),
    ):
        if mine is not None:
            mine.assign(ops.convert_to_numpy(theirs)[chosen])


def begin_with_student(config: RunConfig, voices: Voices) -> None:
    """Give a new run's student the weights of one that ships, if it is such a network for such log-mels.

    One that looks ahead otherwise begins with those of the nearest that does: its kernels are the same, elsewhere.
    """
    if config.mel != MelConfig():
        return
    nearest = min(SHA256, key=lambda look_ahead: abs(look_ahead - config.method.look_ahead))
    trained = trained_student(config.mel, look_ahead=nearest).get_weights()
    if [weight.shape for weight in trained] == [weight.shape for weight in voices.encoder.get_weights()]:
        voices.encoder.set_weights(trained)


def begin_with_voices(run: Path, config: RunConfig, voices: Voices, *, option: str = "--start-from") -> Voices:
    """Give a new run's networks the weights of another's.

    A voice of the same name begins as it is there, another as the mean of them. Errors name the ``option``.

    Returns
    -------
    Voices
        The other's.

    Raises
    ------
    MelganVcError
        If they are of another method, of other networks, or for other log-mels.
    """
    theirs = RunFolder(run).load_config()
    name = run.name
    if not isinstance(theirs.method, AutoencoderConfig):
        raise MelganVcError(
            f"Expected an autoencoder for {option}, received: {name}, which is of {theirs.method.name}"
        )
    config.mel.require_same(theirs.mel, mine="the run", theirs=f"the model {name}")
    mine, its = ({setting: getattr(each, setting) for setting in _SHARED} for each in (config.method, theirs.method))
    require_same_networks(mine, its, run=run, option=option)
    network = trained_network(theirs, RunFolder(run))
    voices.decoder.decoder.set_weights(network.decoder.decoder.get_weights())
    if voices.encoder is not None:
        voices.encoder.set_weights(network.encoder.get_weights())
    if voices.decoder.reference is not None and config.method.voice == theirs.method.voice:
        voices.decoder.reference.set_weights(network.decoder.reference.get_weights())
    if voices.decoder.moments is not None:
        voices.decoder.moments.assign(network.decoder.moments)
    known = dict(zip(network.decoder.names, ops.convert_to_numpy(network.decoder.vectors), strict=True))
    mean = np.mean(list(known.values()), axis=0)
    voices.decoder.vectors.assign([known.get(name, mean) for name in voices.decoder.names])
    return network
