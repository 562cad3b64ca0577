"""The weights of a student that ships, in eight bits each."""

import keras

from melgan_vc.config.mel import MelConfig
from melgan_vc.engine.shipped_file import shipped_file
from melgan_vc.errors import MelganVcError
from melgan_vc.nets.content_encoder import content_encoder
from melgan_vc.nets.packed_weights import unpacked

SHA256 = {
    4: "1e5534099da654cf2b8040a0a43d5d8f4436b7efae5295765b05657709627248",
    12: "46679e18960d9fe5580d1822161461fd3bc0de4435374e4984b866c6f8c9ee66",
}
"""Of the files that ship, by the frames that a student looks ahead."""


def trained_student(mel: MelConfig, *, look_ahead: int) -> keras.Model:
    """A student that ships, with its weights; it tells content with mean 0 and deviation 1 in each voice.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels that it is to hear.
    look_ahead : int
        Frames, one of `SHA256`.

    Returns
    -------
    keras.Model
        See `melgan_vc.nets.content_encoder.content_encoder`.

    Raises
    ------
    MelganVcError
        If the file is missing or another than that which ships, or hears other log-mels.
    """
    if look_ahead not in SHA256:
        known = " or ".join(map(str, sorted(SHA256)))
        raise MelganVcError(f"Expected a student that ships, which look ahead {known} frames, received: {look_ahead}")
    settings, weights = unpacked(shipped_file(__package__, f"look_ahead_{look_ahead}.npz", SHA256[look_ahead]))
    MelConfig.model_validate(settings.pop("mel")).require_same(mel, mine="the student that ships", theirs="the run")
    network = content_encoder(mel.n_mels, look_ahead=look_ahead, **settings)
    network.set_weights(weights)
    return network
