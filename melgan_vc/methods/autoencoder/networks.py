"""The networks of an autoencoder, by its settings."""

from melgan_vc.config.run import RunConfig
from melgan_vc.features.content import Content
from melgan_vc.features.notes import Notes
from melgan_vc.features.registry import features_of
from melgan_vc.methods.architectures import build
from melgan_vc.methods.autoencoder.beside import beside_of
from melgan_vc.methods.autoencoder.config import VOICE_PRINT
from melgan_vc.methods.autoencoder.voices import VoiceDecoder, Voices
from melgan_vc.nets.style_networks import print_projection


def build_voices(config: RunConfig) -> Voices:
    """The decoder with its voices, and the student or encoder that tells it what is said."""
    method, n_mels, columns = config.method, config.mel.n_mels, content_columns(config)
    encoder = None
    if method.hears_log_mels:
        sizes = {"columns": columns, "blocks": method.student_blocks, "look_ahead": method.look_ahead}
        sizes |= {"probabilities": True} if method.learns_notes else {}
        kind = "normed_encoder" if method.norms_over_time else "content_encoder"
        encoder = build(kind, method.student, n_mels, role="student", offered=sizes)
    sizes = {
        "columns": columns + beside_of(method).told_columns(config.mel),
        "style": method.style,
        "blocks": method.blocks,
    }
    reference = edit = None
    if method.voice == "reference":
        reference = build("style_encoder", method.reference, n_mels, role="reference", style=method.style)
    if method.voice == "print":
        (prints,) = features_of([VOICE_PRINT], config.mel)
        reference = print_projection(prints.columns, style=method.style)
    if method.polish:
        edit = build("edit", method.edit, n_mels, offered={"style": method.style, "blocks": method.edit_blocks})
    recognised = method.content == "recognizer"
    decoder = VoiceDecoder(
        build("decoder", method.decoder, n_mels, offered=sizes),
        method.domains,
        style=method.style,
        content_columns=columns if recognised else 0,
        hears_again=method.neutral,
        kept_frames=method.retrieval if recognised else 0,
        moments_shape=encoder.inputs[1].shape[1:] if method.norms_over_time else None,
        reference=reference,
        edit=edit,
    )
    return Voices(decoder, encoder)


def content_columns(config: RunConfig) -> int:
    """Numbers in a frame of what is said."""
    if config.method.encodes:
        return config.method.code
    return Notes.columns if config.method.learns_notes else Content.columns
