"""The one immutable description of a log-mel spectrogram, shared by runs, corpora and vocoders."""

from typing import Literal, Self

from pydantic import Field, model_validator

from melgan_vc.config.section import Section
from melgan_vc.errors import MelganVcError

_LONGEST_FFT = 65536


class MelConfig(Section):
    """What a log-mel spectrogram of this project is.

    It is saved in every run and every vocoder, and compared before conversion.

    Attributes
    ----------
    rate : int
        Sampling rate in Hz.
    n_fft : int
        Length of the (periodic Hann) analysis window in samples.
    zero_padding : int
        Each window is padded with zeros to ``zero_padding * n_fft`` samples before the Fourier
        transform. It adds no information, only bins: with enough of them no narrow low mel filter is
        empty or a copy of its neighbour.
    hop_length : int
        Samples between two frames.
    n_mels : int
        Number of mel bands.
    fmin, fmax : float
        Band edges of the filterbank in Hz.
    mel_scale : {'slaney', 'htk'}
        As in librosa (``htk=False`` or ``True``). Filters are triangles of peak 1 (``norm=None``).
    floor_db, ceiling_db : float
        The fixed range that is mapped to [-1, 1]; 0 dB is a full-scale sine. The default ceiling is 3 dB
        because that is the most that any waveform within ±1 can reach (a square wave has twice the power
        of a sine), so nothing clips.
    """

    rate: int = Field(16000, ge=4000, le=192000)
    n_fft: int = Field(1024, ge=32, le=16384)
    zero_padding: int = Field(1, ge=1, le=8)
    hop_length: int = Field(256, ge=8)
    n_mels: int = Field(80, ge=8, le=1024)
    fmin: float = Field(0.0, ge=0.0)
    fmax: float = Field(8000.0, gt=0.0)
    mel_scale: Literal["slaney", "htk"] = "slaney"
    floor_db: float = Field(-90.0, ge=-200.0, le=-20.0)
    ceiling_db: float = Field(3.0, ge=-20.0, le=40.0)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.fmin < self.fmax <= self.rate / 2:
            raise ValueError(
                f"expected fmin < fmax <= rate / 2 = {self.rate / 2:g} Hz, "
                f"received: fmin={self.fmin:g}, fmax={self.fmax:g}"
            )
        if self.hop_length > self.n_fft // 2:
            raise ValueError(
                f"expected hop_length of at most half of n_fft ({self.n_fft // 2}), "
                f"received: hop_length={self.hop_length}; frames further apart cannot be inverted"
            )
        if self.fft_length > _LONGEST_FFT:
            raise ValueError(
                f"expected n_fft x zero_padding of at most {_LONGEST_FFT}, received: n_fft={self.n_fft}, "
                f"zero_padding={self.zero_padding}"
            )
        if self.n_fft % 2:
            raise ValueError(f"expected an even n_fft, received: n_fft={self.n_fft}")
        return self

    @property
    def fft_length(self) -> int:
        """Length of the Fourier transform in samples."""
        return self.n_fft * self.zero_padding

    @property
    def n_bins(self) -> int:
        """Number of bins of the linear spectrogram."""
        return self.fft_length // 2 + 1

    @property
    def frames_per_second(self) -> float:
        """Frames in a second of audio."""
        return self.rate / self.hop_length

    def frames(self, samples: int) -> int:
        """Number of frames of a waveform: one is centred on every multiple of ``hop_length``."""
        return 1 + samples // self.hop_length

    def require_same(self, other: Self, *, mine: str, theirs: str) -> None:
        """Raise unless ``other`` describes the same spectrogram; the message names both values."""
        ours, others = self.model_dump(), other.model_dump()
        differences = [
            f"{key} is {ours[key]} in {mine} and {others[key]} in {theirs}"
            for key in ours
            if ours[key] != others[key]
        ]
        if differences:
            raise MelganVcError(
                f"Expected {mine} and {theirs} to use the same log-mel settings, received: "
                + "; ".join(differences)
                + ". Use parts that were made with the same settings."
            )
