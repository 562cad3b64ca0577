"""StarGAN's generator with what gives it a style, as one model: one player, one file of weights."""

import keras
import numpy as np
from keras import ops


class StyledGenerator(keras.Model):
    """A generator, a mapping network and a style encoder.

    Called as a model it translates to the domain after the first, which is the target of two.

    Parameters
    ----------
    generator : keras.Model
        Maps log-mels ``(B, T, n_mels)`` and styles ``(B, S)`` to log-mels.
    mapping : keras.Model
        Maps latent vectors ``(B, Z)`` and domains ``(B,)`` to styles.
    encoder : keras.Model
        Maps log-mels of any length to styles.
    domains : sequence of str
        Their names.
    n_mels : int
        Mel bands whose statistics it is to know for each domain; 0 for none.

    Attributes
    ----------
    bands : keras.Variable or None
        Shape ``(domains, 1 + n_mels, n_mels)``: mean and covariance, see `Bands`. Measured, not trained.
    """

    def __init__(
        self, generator: keras.Model, mapping: keras.Model, encoder: keras.Model, domains, *, n_mels: int = 0
    ):
        super().__init__(name="styled_generator")
        self.generator = generator
        self.mapping = mapping
        self.encoder = encoder
        self.domains = tuple(domains)
        self.bands = None
        if n_mels:
            self.bands = self.add_weight(
                name="bands", shape=(len(self.domains), 1 + n_mels, n_mels), initializer="zeros", trainable=False
            )
        self.built = True

    def call(self, mel, training=False):
        """Translate log-mels into the second domain."""
        return self.towards(self.domains[1])(mel, training=training)

    def towards(self, domain: str) -> "OneStyle":
        """The generator with a domain's typical style, that of the mean latent vector."""
        return OneStyle(self, domain=self.domains.index(domain))

    def like(self, reference: np.ndarray) -> "OneStyle":
        """The generator with the style of a reference ``(T, n_mels)``."""
        return OneStyle(self, reference=np.asarray(reference, np.float32)[None])


class OneStyle(keras.Model):
    """The generator with its style chosen; ``(B, T, n_mels)`` to the same shape.

    The style is worked out anew in every call, so that it follows the networks' weights.
    """

    def __init__(self, styled: StyledGenerator, *, domain: int | None = None, reference=None):
        super().__init__(name="one_style")
        self.styled = styled
        self._domain = domain
        self._reference = reference
        self.built = True

    def call(self, mel, training=False):
        """Translate log-mels."""
        one = self._style(training)
        styles = ops.broadcast_to(one, (ops.shape(mel)[0], one.shape[-1]))
        return self.styled.generator([mel, styles], training=training)

    def _style(self, training: bool):
        if self._reference is not None:
            return self.styled.encoder(self._reference, training=training)
        latent = ops.zeros((1, self.styled.mapping.inputs[0].shape[-1]))
        return self.styled.mapping([latent, ops.full((1,), self._domain, dtype="int32")], training=training)
