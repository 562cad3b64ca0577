"""The weights of students that ship, in eight bits each."""

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
"""Of the files of students of the recogniser, by the frames that they look ahead."""

NOTES_SHA256 = "47cec719a7954f18eace981348d1409619e2c56b51f5c4297abbcbdc435d78b4"
"""Of the file of the student of the transcriber."""


def trained_student(mel: MelConfig, *, look_ahead: int) -> keras.Model:
    """A student of the recogniser, with its weights; it tells content with mean 0 and deviation 1 in each voice.

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
    return _student(f"look_ahead_{look_ahead}.npz", SHA256[look_ahead], mel, look_ahead=look_ahead)


def trained_note_student(mel: MelConfig) -> keras.Model:
    """The student of the transcriber, with its weights: it tells what `Notes` does. Raises as `trained_student`."""
    return _student("notes.npz", NOTES_SHA256, mel)


def _student(file: str, digest: str, mel: MelConfig, **sizes) -> keras.Model:
    settings, weights = unpacked(shipped_file(__package__, file, digest))
    hears = MelConfig.model_validate(settings.pop("mel"))
    hears.require_same(mel, mine="the student that ships", theirs="the run")
    network = content_encoder(mel.n_mels, **settings, **sizes)
    network.set_weights(weights)
    return network
