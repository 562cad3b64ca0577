"""What a run of an autoencoder holds: the decoder, its voices, and what tells it what is said."""

import keras
import numpy as np
from keras import ops

from melgan_vc.nets.adaptive_generator import AdaptiveNormalization


class VoiceDecoder(keras.Model):
    """A decoder, perhaps an edit of what it makes, and a vector for each voice.

    Parameters
    ----------
    decoder : keras.Model
        Maps what it is told ``(B, T, C)`` and vectors ``(B, S)`` to log-mels.
    names : sequence of str
        Of the voices.
    style : int
        Dimensions of a vector.
    content_columns : int
        Of a recogniser's content, whose statistics it is to know for each voice; 0 for none.
    kept_frames : int
        Of content that are kept of each voice; 0 for none.
    hears_again : bool
        Whether content is what is heard of a neutral voice, whose statistics it is to know, too.
    moments_shape : tuple of int, optional
        Of what an encoder with instance norm takes away.
    reference : keras.Model, optional
        Maps log-mels, or prints, of any length to vectors.
    edit : keras.Model, optional
        Maps the decoder's log-mels and vectors to log-mels.

    Attributes
    ----------
    vectors : keras.Variable
        Shape ``(voices, S)``.
    pitches : keras.Variable
        Shape ``(voices, 2)``: middle and spread in octaves above 60 Hz. Measured, not trained.
    statistics : keras.Variable or None
        Shape ``(voices, 2, content_columns)``: mean and standard deviation of content. Measured, not trained.
    again : keras.Variable or None
        Shape ``(voices, 2, content_columns)``: the same of what is heard of the neutral voice.
    kept : keras.Variable or None
        Shape ``(voices, kept_frames, content_columns)``, see `kept_frames`. Measured, not trained.
    moments : keras.Variable or None
        Shape ``(layers, 2, channels)``: typical means and standard deviations over time, see `moments_of_file`.
        Measured, not trained.
    """

    def __init__(
        self,
        decoder: keras.Model,
        names,
        *,
        style: int,
        content_columns: int = 0,
        kept_frames: int = 0,
        hears_again: bool = False,
        moments_shape: tuple[int, ...] | None = None,
        reference=None,
        edit=None,
    ):
        super().__init__(name="voice_decoder")
        self.decoder = decoder
        self.reference = reference
        self.edit = edit
        self.names = tuple(names)
        number = len(self.names)
        self.vectors = self.add_weight(name="vectors", shape=(number, style), initializer="random_normal")
        self.pitches = self.add_weight(name="pitches", shape=(number, 2), initializer="ones", trainable=False)
        self.statistics = self.again = None
        shape = (number, 2, content_columns)
        if content_columns:
            self.statistics = self.add_weight(name="statistics", shape=shape, initializer="ones", trainable=False)
        if hears_again:
            self.again = self.add_weight(name="again", shape=shape, initializer="zeros", trainable=False)
            self.again.assign(np.broadcast_to([[0.0], [1.0]], shape))  # as it is, until it is measured
        self.kept = None
        if kept_frames:
            shape = (number, kept_frames, content_columns)
            self.kept = self.add_weight(name="kept", shape=shape, initializer="zeros", trainable=False)
        self.moments = None
        if moments_shape:
            self.moments = self.add_weight(name="moments", shape=moments_shape, initializer="zeros", trainable=False)
            self.moments.assign(np.broadcast_to([[0.0], [1.0]], moments_shape))  # none, until there are some
        self.built = True

    def call(self, told, voice, training=False):
        """Log-mels ``(B, T, n_mels)`` of what the decoder is told ``(B, T, C)``, with vectors ``(B, S)``."""
        made = self.decoder([told, voice], training=training)
        return made if self.edit is None else self.edit([made, voice], training=training)

    def of_table(self, voice):
        """The vectors ``(B, S)`` of voices ``(B,)``, int."""
        return ops.take(self.vectors, voice, axis=0)

    def pitch_of(self, name: str) -> np.ndarray:
        """Middle and spread ``(2,)`` of a voice's pitch."""
        return ops.convert_to_numpy(self.pitches)[self.names.index(name)]

    def kept_of(self, name: str) -> np.ndarray:
        """Frames ``(kept_frames, content_columns)`` of a voice's content."""
        return ops.convert_to_numpy(self.kept)[self.names.index(name)]

    def content_of(self, name: str | None, *, again: bool = False) -> np.ndarray:
        """Mean and standard deviation ``(2, content_columns)`` of a voice's content; of None, what is typical."""
        every = ops.convert_to_numpy(self.again if again else self.statistics)
        return every.mean(axis=0) if name is None else every[self.names.index(name)]


class Voices(keras.Model):
    """A `VoiceDecoder` and, where there is one, the student or encoder that maps log-mels to content."""

    def __init__(self, decoder: VoiceDecoder, encoder: keras.Model | None = None):
        super().__init__(name="voices")
        self.decoder = decoder
        self.encoder = encoder
        self.built = True

    def adapt(self, what: str) -> None:
        """Have nothing learn but the voice's vector and, of ``norms``, the scales and offsets that it gives."""
        for layer in self.decoder.decoder.layers:
            layer.trainable = what == "norms" and isinstance(layer, AdaptiveNormalization)

    def freeze(self) -> None:
        """Have nothing learn but the edit."""
        self.decoder.vectors.trainable = False
        for network in (self.decoder.decoder, self.decoder.reference, self.encoder):
            if network is not None:
                network.trainable = False

    def call(self, told, training=False):
        """Log-mels of what the decoder is told, said with the first voice."""
        return self.of_voice(self.decoder.names[0])(told, training=training)

    def of_voice(self, name: str) -> "OneVoice":
        """The decoder with one voice."""
        return OneVoice(self.decoder, index=self.decoder.names.index(name))

    def like(self, reference: np.ndarray) -> "OneVoice":
        """The decoder with the voice of a reference ``(T, n_mels)``, or of its prints ``(T, 256)``."""
        return OneVoice(self.decoder, reference=np.asarray(reference, np.float32)[None])


class OneVoice(keras.Model):
    """The decoder with its voice chosen: what it is told ``(B, T, C)`` to log-mels ``(B, T, n_mels)``."""

    def __init__(self, decoder: VoiceDecoder, *, index: int | None = None, reference: np.ndarray | None = None):
        super().__init__(name="one_voice")
        self.decoder = decoder
        self._index = index
        self._reference = reference
        self.built = True

    def call(self, told, training=False):
        """Log-mels."""
        if self._reference is not None:
            voice = self.decoder.reference(self._reference, training=training)
        else:
            voice = self.decoder.of_table(ops.full((1,), self._index, dtype="int32"))
        every = ops.broadcast_to(voice, (ops.shape(told)[0], voice.shape[-1]))
        return self.decoder(told, every, training=training)
