"""A rendering as it would have come from a room, a mixing desk, and a file of the internet."""

import io

import numpy as np
import scipy.signal
import soundfile as sf

_CURVES = 5
_EQUALISER_DB = 4.0
_TAPS = 513
_LOUDER_DB = (0.0, 12.0)
_BANDS_HZ = (5000.0, 11000.0)
_FULL_BAND = 0.5  # of all recordings
_CODECS = (("WAV", None), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"))
_SMALLEST = (0.3, 0.95)  # libsndfile's compression level: 0 is the best that a codec has, 1 the smallest


def as_recorded(audio: np.ndarray, rate: int, seed: int) -> np.ndarray:
    """What a seed makes of a rendering: room and noise, equaliser, bandwidth, loudness, codec.

    A `Room`; a smooth random equaliser of 4 dB; in half of all a low-pass between 5 and 11 kHz; up to 12 dB of gain
    into a limiter; and in two of three Vorbis or MP3, at any of their qualities.

    Parameters
    ----------
    audio : np.ndarray
        Shape ``(samples,)``, float32 in [-1, 1].
    rate : int
        Samples per second, 16000 to 48000.
    seed : int
        Not negative.

    Returns
    -------
    np.ndarray
        The same shape, float32 in [-1, 1]: what is played stays where it is in time.
    """
    from melgan_vc.audio.limiter import limited
    from melgan_vc.audio.room import Room

    draw = np.random.default_rng([seed, 1])
    (heard,) = Room.draw(seed, rate=rate).stream([np.asarray(audio, np.float32)])
    heard = scipy.signal.oaconvolve(heard, _equaliser(draw, rate), mode="same").astype(np.float32)
    gain = 10.0 ** (draw.uniform(*_LOUDER_DB) / 20.0)
    loud = limited([gain * heard[:, None]], rate, samples=len(heard), channels=1)
    return _through_codec(np.concatenate([*loud])[:, 0], rate, draw)


def _equaliser(draw: np.random.Generator, rate: int) -> np.ndarray:
    """Taps ``(513,)`` of a linear phase: a smooth curve over the mel scale, and perhaps a low-pass."""
    from melgan_vc.audio.mel import hz_to_mel

    hertz = np.linspace(0.0, rate / 2, 256)
    places = hz_to_mel(hertz) / hz_to_mel(rate / 2)
    cosines = np.cos(np.pi * np.arange(1, _CURVES + 1)[:, None] * places)
    decibels = _EQUALISER_DB * np.sqrt(2.0 / _CURVES) * draw.standard_normal(_CURVES) @ cosines
    highest = np.inf if draw.random() < _FULL_BAND else draw.uniform(*_BANDS_HZ)
    gains = 10.0 ** (np.where(hertz < highest, decibels, -80.0) / 20.0)
    return scipy.signal.firwin2(_TAPS, hertz, gains, fs=rate)


def _through_codec(audio: np.ndarray, rate: int, draw: np.random.Generator) -> np.ndarray:
    """Encoded and decoded again."""
    kind, subtype = _CODECS[draw.integers(len(_CODECS))]
    level, file = draw.uniform(*_SMALLEST), io.BytesIO()
    if subtype is None:
        return audio
    sf.write(file, audio, rate, format=kind, subtype=subtype, compression_level=level)
    file.seek(0)
    decoded = sf.read(file, dtype="float32", frames=len(audio), fill_value=0.0)[0]  # the delay of MP3 is taken off
    return np.clip(decoded, -1.0, 1.0)
