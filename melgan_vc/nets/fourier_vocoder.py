"""Vocoders with a Fourier head: ConvNeXt blocks over mel frames, and one inverse transform at the end."""

import keras
import numpy as np
from keras import layers, ops

from melgan_vc.nets.layers import SilencePadding
from melgan_vc.nets.registry import network
from melgan_vc.transforms import hann, inverse_spectrum, spectrum

_LOUDEST_EDIT = 3.0
_KERNEL = 7
_EXPANSION = 3


@network("vocoder", "fourier")
def fourier_vocoder(
    n_mels: int,
    *,
    channels: int = 256,
    blocks: int = 6,
    n_fft: int,
    hop_length: int,
    fft_length: int,
    prior: np.ndarray | None = None,
    causal: bool = False,
) -> keras.Model:
    """A vocoder of the Vocos kind (Siuzdak 2023), with or without a waveform to start from.

    All layers work at the rate of the mel frames: depthwise convolutions of 7 frames between layers over the channels
    of one frame (ConvNeXt, Liu et al. 2022). The head says, for every bin of a spectrum, a log magnitude and a phase.

    - Without ``prior`` they are an edit of the spectrum of a starting waveform, such as few iterations of Griffin-Lim
      leave it: a gain within ±26 dB and a rotation, both nothing at first. The network hears the start as log
      magnitudes and as the phase steps between neighbouring frames and bins, which a shift in time does not change.
    - With ``prior`` there is no start: the log magnitude is an edit of what ``prior`` makes of the mel, and the phase
      is the network's alone.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    channels, blocks : int
        Width and number of ConvNeXt blocks.
    n_fft, hop_length, fft_length : int
        Of the spectra, those of the mel.
    prior : np.ndarray, optional
        Shape ``(n_mels + 1, fft_length // 2 + 1)``: weights from mel bands to the log magnitude of each bin; the last
        row is added.
    causal : bool
        Whether a frame may depend on earlier ones alone. Only with ``prior``: a start has looked ahead.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` in [-1, 1], or that and a start ``(B, (T - 1) * hop_length + n_fft)`` whose first
        window is that of the first frame, to ``(B, T * hop_length)``. Sample 0 is the centre of frame 0. The first
        and the last ``n_fft / 2`` samples lack the frames beyond the ends.
    """
    if causal and prior is None:
        raise ValueError("Expected causal only with a prior, received: causal and no prior; a start has looked ahead")
    mel = keras.Input((None, n_mels), name="mel")
    bins = fft_length // 2 + 1
    framing = {"n_fft": n_fft, "hop_length": hop_length, "fft_length": fft_length}
    ahead = 0 if causal else _KERNEL // 2
    x = layers.Conv1D(channels, _KERNEL)(SilencePadding(_KERNEL - 1 - ahead, ahead)(mel))
    inputs, start = mel, None
    if prior is None:
        wave = keras.Input((None,), name="start")
        inputs = [mel, wave]
        start = Spectrum(**framing, dtype="float32", name="start_spectrum")(wave)
        x = layers.Add()(
            [x, layers.Dense(channels, use_bias=False)(PhaseSteps(hop_length, fft_length, dtype="float32")(start))]
        )
    x = _norm()(x)
    for _ in range(blocks):
        y = layers.ZeroPadding1D((_KERNEL - 1 - ahead, ahead))(x)
        y = layers.DepthwiseConv1D(_KERNEL)(y)
        y = layers.Dense(_EXPANSION * channels, activation="silu")(_norm()(y))
        # Small edits, as ConvNeXt's layer scale has them; one scale for all is as good and needs no learning.
        x = layers.Add()([x, layers.Rescaling(1.0 / blocks)(layers.Dense(channels)(y))])
    x = _norm()(x)
    first = "zeros" if prior is None else "glorot_uniform"
    edit = layers.Dense(2 * bins, kernel_initializer=first, dtype="float32", name="head")(x)
    if prior is None:
        result = EditedSpectrum(dtype="float32")([start, edit])
    else:
        result = PolarSpectrum(prior, n_fft / fft_length, dtype="float32")([mel, edit])
    return keras.Model(inputs, Waveform(**framing, dtype="float32")(result), name="fourier_vocoder")


def _norm() -> layers.Layer:
    return layers.LayerNormalization(epsilon=1e-6, dtype="float32")


class _Framed(layers.Layer):
    """A layer that knows how spectra are framed."""

    def __init__(self, n_fft: int, hop_length: int, fft_length: int, **options):
        super().__init__(**options)
        self.framing = {"window": hann(n_fft), "hop_length": hop_length, "fft_length": fft_length}


class Spectrum(_Framed):
    """``(B, (T - 1) * hop_length + n_fft)`` to ``(B, T, 2, bins)``: real and imaginary parts."""

    def call(self, wave):
        return ops.stack(spectrum(wave, **self.framing), axis=2)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, 2, self.framing["fft_length"] // 2 + 1)


class Waveform(_Framed):
    """``(B, T, 2, bins)`` to ``(B, T * hop_length)``, from the centre of the first window on."""

    def call(self, parts):
        wave = inverse_spectrum(parts[:, :, 0], parts[:, :, 1], **self.framing)
        centre = len(self.framing["window"]) // 2
        return wave[:, centre : centre + ops.shape(parts)[1] * self.framing["hop_length"]]

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None)


class PhaseSteps(layers.Layer):
    """What a spectrum says that does not change when it is heard a little later: ``(B, T, 2, bins) -> (B, T, F)``.

    Log magnitudes; the phase steps from frame to frame, less those of each bin's own frequency; and the phase steps
    from bin to bin, seen from the centres of the windows. Steps are pairs of a cosine and a sine.
    """

    def __init__(self, hop_length: int, fft_length: int, **options):
        super().__init__(**options)
        self._bins = fft_length // 2 + 1
        expected = -2.0 * np.pi * np.arange(self._bins) * hop_length / fft_length
        self._turn = np.cos(expected).astype(np.float32), np.sin(expected).astype(np.float32)

    def call(self, parts):
        real, imaginary = parts[:, :, 0], parts[:, :, 1]
        size = ops.sqrt(ops.square(real) + ops.square(imaginary) + 1e-12)
        real, imaginary = real / size, imaginary / size
        in_time = _turned(_step(real, imaginary, axis=1), self._turn)
        in_time = [ops.pad(part, ((0, 0), (1, 0), (0, 0))) for part in in_time]
        # From the start of a window to its centre neighbouring bins turn by half a circle.
        in_frequency = [-part for part in _step(real, imaginary, axis=2)]
        return ops.concatenate([0.3 * ops.log(size + 1e-5) + 1.0, *in_time, *in_frequency], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:2], 3 * self._bins + 2 * (self._bins - 1))


def _step(real, imaginary, *, axis: int):
    """Products of each value with the conjugate of the one before it."""
    after = [part[:, 1:] if axis == 1 else part[:, :, 1:] for part in (real, imaginary)]
    before = [part[:, :-1] if axis == 1 else part[:, :, :-1] for part in (real, imaginary)]
    return (
        after[0] * before[0] + after[1] * before[1],
        after[1] * before[0] - after[0] * before[1],
    )


def _turned(parts, by):
    return parts[0] * by[0] - parts[1] * by[1], parts[0] * by[1] + parts[1] * by[0]


class EditedSpectrum(layers.Layer):
    """A spectrum ``(B, T, 2, bins)`` with the gains and rotations of ``(B, T, 2 bins)``, zero for none."""

    def call(self, inputs):
        start, edit = inputs
        gain, turn = ops.split(edit, 2, axis=-1)
        gain = ops.exp(_LOUDEST_EDIT * ops.tanh(gain / _LOUDEST_EDIT))
        return ops.stack(
            _turned((start[:, :, 0], start[:, :, 1]), (gain * ops.cos(turn), gain * ops.sin(turn))), axis=2
        )

    def compute_output_shape(self, input_shape):
        return input_shape[0]


class PolarSpectrum(layers.Layer):
    """Log magnitudes, edited from a mel ``(B, T, n_mels)``, and phases: ``(B, T, 2 bins)`` to ``(B, T, 2, bins)``.

    Phases are counted from the centres of the windows, so that none at all is a click where the window is open.
    """

    def __init__(self, prior: np.ndarray, share: float, **options):
        super().__init__(**options)
        self._weights, self._offset = prior[:-1].astype(np.float32), prior[-1].astype(np.float32)
        # A window is but a share of the transform, where that is padded with zeros.
        self._to_start = (-np.pi * share * np.arange(prior.shape[1])).astype(np.float32)

    def call(self, inputs):
        mel, edit = inputs
        gain, phase = ops.split(edit, 2, axis=-1)
        phase = phase + self._to_start
        gain = ops.exp(ops.minimum(ops.matmul(mel, self._weights) + self._offset + gain, 1.0))
        return ops.stack([gain * ops.cos(phase), gain * ops.sin(phase)], axis=2)

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:2], 2, input_shape[1][-1] // 2)
