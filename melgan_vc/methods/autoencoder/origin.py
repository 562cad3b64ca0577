"""What an autoencoder begins with: the networks of another, which know what is said already."""

from pathlib import Path

import numpy as np
from keras import ops

from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.autoencoder.config import AutoencoderConfig
from melgan_vc.methods.autoencoder.voices import Voices
from melgan_vc.methods.loading import load_network
from melgan_vc.runs.run_folder import RunFolder

_SHARED = ("content", "code", "style", "decoder", "blocks", "student", "student_blocks", "look_ahead")
"""Settings that two runs of the same networks share."""


def begin_with_voices(run: Path, config: RunConfig, voices: Voices) -> None:
    """Give a new run's networks the weights of another's.

    A voice of the same name begins as it is there, another as the mean of them.

    Raises
    ------
    MelganVcError
        If they are of another method, of other networks, or for other log-mels.
    """
    theirs = RunFolder(run).load_config()
    name = run.name
    if not isinstance(theirs.method, AutoencoderConfig):
        raise MelganVcError(
            f"Expected an autoencoder for --start-from, received: {name}, which is of {theirs.method.name}"
        )
    config.mel.require_same(theirs.mel, mine="the run", theirs=f"the model {name}")
    for setting in _SHARED:
        mine, other = getattr(config.method, setting), getattr(theirs.method, setting)
        if mine != other:
            raise MelganVcError(
                f"Expected --start-from with the run's own networks, received: method.{setting} is {mine} in the run "
                f"and {other} in {name}. Take its settings: --config {RunFolder(run).config_file}"
            )
    _, network = load_network(RunFolder(run))
    voices.decoder.decoder.set_weights(network.decoder.decoder.get_weights())
    for mine, other in ((voices.encoder, network.encoder), (voices.decoder.reference, network.decoder.reference)):
        if mine is not None and other is not None:
            mine.set_weights(other.get_weights())
    if voices.decoder.moments is not None:
        voices.decoder.moments.assign(network.decoder.moments)
    known = dict(zip(network.decoder.names, ops.convert_to_numpy(network.decoder.vectors), strict=True))
    mean = np.mean(list(known.values()), axis=0)
    voices.decoder.vectors.assign([known.get(name, mean) for name in voices.decoder.names])
