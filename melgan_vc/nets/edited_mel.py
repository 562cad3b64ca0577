"""What generators do to a log-mel as a whole: shift its voice, and edit it."""

import keras
from keras import layers, ops

from melgan_vc.audio.voice_shift import shift_log_mel
from melgan_vc.nets.gated_layers import is_missing

_HEADROOM = 0.9


@keras.saving.register_keras_serializable("melgan_vc")
class EditedMel(layers.Layer):
    """Adds an edit to a log-mel and keeps the result in [-1, 1]; ``(B, T, M), (B, T, M) -> (B, T, M)``.

    The edit is added in the pre-image of a tanh whose range is a little wider than [-1, 1]: silent cells (-1) lie
    where the tanh still has a slope, so that the generator can learn to fill them, and no edit at all gives back
    the input exactly. A missing frame (`MISSING`) is edited like a silent one.
    """

    def call(self, mel, edit):
        start = ops.maximum(ops.cast(mel, "float32"), -1.0)
        edited = ops.arctanh(_HEADROOM * start) + ops.cast(edit, "float32")
        return ops.clip(ops.tanh(edited) / _HEADROOM, -1.0, 1.0)

    def compute_output_shape(self, mel_shape, edit_shape):
        return mel_shape


SHIFT = "shift"
"""Name of the weight that no training changes."""


@keras.saving.register_keras_serializable("melgan_vc")
class ShiftedMel(layers.Layer):
    """`shift_log_mel` as a layer, which leaves missing frames as they are; ``(B, T, M) -> (B, T, M)``.

    The matrix is a weight that is saved and never trained. Without one given it is the unit matrix.
    """

    def __init__(self, shift=None, **keywords):
        super().__init__(**keywords)
        self._given = shift

    def build(self, mel_shape):
        n_mels = mel_shape[-1]
        self.shift = self.add_weight(shape=(n_mels, n_mels), initializer="identity", trainable=False, name=SHIFT)
        if self._given is not None:
            self.shift.assign(self._given)

    def call(self, mel):
        mel = ops.cast(mel, "float32")
        return ops.where(is_missing(mel), mel, shift_log_mel(mel, self.shift, ops))
