"""The two generators of a method that learns both directions, as one model: one player, one file of weights."""

import keras


class GeneratorPair(keras.Model):
    """A generator to each domain.

    Called as a model it translates to the target, as any translator does.

    Parameters
    ----------
    to_target, to_source : keras.Model
        Each maps log-mels ``(B, T, n_mels)`` to the same shape.
    """

    def __init__(self, to_target: keras.Model, to_source: keras.Model):
        super().__init__(name=f"pair_of_{to_target.name}s")
        self.to_target = to_target
        self.to_source = to_source
        self.built = True

    def call(self, mel, training=False):
        """Translate log-mels into the target style."""
        return self.to_target(mel, training=training)

    def generator_to(self, domain: str) -> keras.Model:
        """The one that translates to ``target`` or to ``source``."""
        return self.to_target if domain == "target" else self.to_source
