"""One voice as numbers beside a model that was adapted to it: its vector, what that scales, and what is measured."""

import numpy as np
from keras import ops

from melgan_vc.errors import MelganVcError
from melgan_vc.losses.identity import identity
from melgan_vc.methods.adaptation import Adaptation
from melgan_vc.methods.autoencoder.config import AutoencoderConfig
from melgan_vc.methods.autoencoder.origin import begin_with_voices
from melgan_vc.methods.autoencoder.voices import Voices
from melgan_vc.nets.adaptive_generator import AdaptiveNormalization
from melgan_vc.runs.adapted_voice import load_voice
from melgan_vc.runs.origin import Origin

_NORMS = "norms"

_OF_ONE_VOICE = (
    *("method.voice=table", "method.sources=[]", "method.consistency=0", "method.source_classification=0"),
    *("method.retrieval=0", "method.critic_from=none", "training.players.decoder.learning_rate=1e-3"),
)
"""It is not made of recordings, and no conversions to others are made in training."""


class AutoencoderAdaptation(Adaptation):
    """Of one that hears by the recogniser."""

    def config(self, model, *, voice, learns):
        """See `Adaptation.config`."""
        method = model.method
        if method.content != "recognizer" or method.polish:
            polished = ", polished" if method.polish else ""
            raise MelganVcError(
                "Expected a model that can be adapted, an autoencoder with content=recognizer such as voices or "
                f"any_to_ru_male, received: one with content={method.content}{polished}"
            )
        one = model.model_copy(update={"method": method.model_copy(update={"domains": (voice,)})})
        return one.with_overrides([*_OF_ONE_VOICE, f"method.learns={learns}"])

    def numbers(self, network):
        """See `Adaptation.numbers`.

        The scales and offsets that a vector gives are the same in every frame, so of a layer that makes them its
        ``2 * channels`` numbers are enough (Chen et al. 2021, "AdaSpeech"). They are ``norms``, of shape ``(layers,
        2 * channels)``; the others are what `VoiceDecoder` knows of the voice.
        """
        given = [norm.scale_and_offset(network.decoder.vectors) for norm in _norms(network)]
        numbers = {_NORMS: np.concatenate([ops.convert_to_numpy(each) for each in given])}
        return numbers | {name: ops.convert_to_numpy(value) for name, value in _known(network).items()}

    def load(self, folder, config, network):
        """See `Adaptation.load`."""
        base, numbers = load_voice(folder)
        begin_with_voices(base.folder(), config, network, option="an adapted voice")
        norms, known = _norms(network), _known(network)
        shapes = {_NORMS: (len(norms), norms[0].scale_and_offset.bias.shape[0])}
        shapes |= {name: tuple(value.shape) for name, value in known.items()}
        if {name: values.shape for name, values in numbers.items()} != shapes:
            raise MelganVcError(
                f"Expected {folder} with the numbers of one voice of {base.model}, received: those of another model"
            )
        for norm, constant in zip(norms, numbers[_NORMS], strict=True):
            norm.scale_and_offset.kernel.assign(np.zeros(norm.scale_and_offset.kernel.shape, np.float32))
            norm.scale_and_offset.bias.assign(constant)
        for name, value in known.items():
            value.assign(numbers[name])


def require_another(method: AutoencoderConfig, origin: Origin) -> None:
    """Raise a `MelganVcError` if a part of what is learned already is to move, and there is nothing."""
    if method.learns != "everything" and not origin.start_from:
        raise MelganVcError(
            f"Expected --start-from with method.learns={method.learns}, which moves a part of another run, received: "
            "none"
        )


def begin_nearest(voices: Voices, others: Voices, told, mel) -> None:
    """Give the voice the vector with which its recordings come back best: that of one of ``others``, or their mean.

    Parameters
    ----------
    voices, others : Voices
        Of the run, whose decoder is already the other's; and the model that it begins with.
    told, mel : tensor
        Shapes ``(B, T, C)`` and ``(B, T, n_mels)``: what the decoder is told, and what it is to make of it.
    """
    known = ops.convert_to_numpy(others.decoder.vectors)
    candidates = np.concatenate([known, known.mean(axis=0, keepdims=True)])
    errors = []
    for vector in candidates:
        voices.decoder.vectors.assign(vector[None])
        made = voices.decoder(told, ops.broadcast_to(vector[None], (len(mel), len(vector))))
        errors.append(float(identity(mel, made)))
    voices.decoder.vectors.assign(candidates[np.argmin(errors)][None])


def _norms(voices: Voices) -> list[AdaptiveNormalization]:
    return [layer for layer in voices.decoder.decoder.layers if isinstance(layer, AdaptiveNormalization)]


def _known(voices: Voices) -> dict:
    """What is known of the voice, beside what its vector scales."""
    decoder = voices.decoder
    found = {"vectors": decoder.vectors, "pitches": decoder.pitches}
    found |= {"statistics": decoder.statistics, "again": decoder.again}
    return {name: value for name, value in found.items() if value is not None}
