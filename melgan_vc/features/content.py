"""What is said, frame by frame, as a recogniser of many languages hears it; almost the same whoever says it."""

import functools
import threading
from typing import ClassVar

import numpy as np
import soxr

from melgan_vc.features.whisper.weights import SHA256
from melgan_vc.features.windowed import RecognisedFeature

_STRETCH_SECONDS = 8.0
_STEP_SECONDS = 2.0  # of a window's stretch, so that there are four lengths to compile
_RATE = 16000
_SAMPLES_PER_FRAME = 320  # of the recogniser, at its rate
_LOADING = threading.Lock()


class Content(RecognisedFeature):
    """What the fourth of six layers of Whisper-base's encoder tells: 512 numbers, normalised in each frame.

    They are not quite the same whoever speaks. A method that wants them to be brings each column to the mean and the
    spread of its voice.

    The recogniser hears windows of ten seconds. All of a window shows in each of its frames, and so does the place of
    the frame in it. So windows lie on a grid of eight seconds from the beginning of the file, and a second on either
    side of each is heard and discarded. The last stretch is as short as the file's end leaves it, in steps of two
    seconds. A silent frame is no constant; beyond the ends of a file there are zeros.

    Its weights ship, in four bits each, see `encoder_weights`.

    Attributes
    ----------
    speed : float
        How fast the sound is played to the recogniser. Other than 1 it is another voice that says the same words.
    """

    version = 3
    columns = 512
    recognizer = "Whisper-base"
    margin_seconds = 1.0
    speed: ClassVar[float] = 1.0

    @property
    def stretch(self) -> int:
        """Eight seconds."""
        return round(_STRETCH_SECONDS * self.mel.frames_per_second)

    @property
    def settings(self) -> dict:
        """The grid of frames, the recogniser, and the speed."""
        grid = {"rate": self.mel.rate, "hop_length": self.mel.hop_length}
        return {**grid, "weights": SHA256, "speed": self.speed}

    def require(self):
        """See `Feature.require`: the weights."""
        self._loaded()

    def analyse(self, waves):
        """See `WindowedFeature.analyse`."""
        beside = sum(self.margin) * self.mel.hop_length
        step = round(_STEP_SECONDS * self.mel.frames_per_second) * self.mel.hop_length
        whole = np.pad(waves, ((0, 0), (0, -(waves.shape[1] - beside) % step)))
        played = np.stack([_resampled(wave, self.mel.rate, _RATE / self.speed) for wave in whole])
        heard = self._loaded()(played)
        seconds = np.arange(waves.shape[1] // self.mel.hop_length) * self.mel.hop_length / self.mel.rate
        return _at(heard, seconds / self.speed * _RATE / _SAMPLES_PER_FRAME)

    @staticmethod
    def _loaded():
        with _LOADING:  # once, though the files of a folder are heard in several threads
            return _encoder()


def _resampled(wave: np.ndarray, rate: float, wanted: float) -> np.ndarray:
    return wave if rate == wanted else soxr.resample(wave, rate, wanted)


@functools.lru_cache(maxsize=1)
def _encoder():
    """Waveforms ``(B, samples)`` at 16 kHz to ``(B, T, 512)``, 50 frames a second."""
    from melgan_vc.engine.start import start_engine

    start_engine()
    from keras import ops

    from melgan_vc.features.whisper.encoder import whisper_encoder
    from melgan_vc.features.whisper.log_mel import whisper_log_mel

    forward = whisper_encoder()

    def encode(waves: np.ndarray) -> np.ndarray:
        short = -waves.shape[1] % _SAMPLES_PER_FRAME
        return ops.convert_to_numpy(forward(whisper_log_mel(np.pad(waves, ((0, 0), (0, short))))))

    return encode


def _at(frames: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Frames ``(B, T, C)`` at fractional places ``(N,)``, by linear interpolation."""
    first = np.minimum(places.astype(int), frames.shape[1] - 1)
    second = np.minimum(first + 1, frames.shape[1] - 1)
    share = (places - first)[:, None].astype(np.float32)
    return frames[:, first] * (1.0 - share) + frames[:, second] * share
