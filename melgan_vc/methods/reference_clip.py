"""A clip that shows what a conversion should sound like."""

from pathlib import Path

import numpy as np

from melgan_vc.audio.channels import ChannelMeter
from melgan_vc.audio.files import AudioReader
from melgan_vc.audio.loudness import levelled
from melgan_vc.audio.mel import log_mel
from melgan_vc.audio.sounding import SoundingPart
from melgan_vc.audio.voice import Voice
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError

_SHORTEST, _LONGEST = 0.5, 60.0


def analyse_reference(path: Path, config: RunConfig) -> tuple[np.ndarray, Voice]:
    """The log-mel and the voice of an audio file of the voice, or the style, that is wanted.

    Parameters
    ----------
    path : Path
        Any audio file of at least half a second. Of a long one the first minute of sound is used.
    config : RunConfig
        Of the model that is to sound like it.

    Returns
    -------
    mel : np.ndarray
        Shape ``(T, n_mels)``, levelled as what the model was trained on.
    voice : Voice
        What its voice sounds like on average.

    Raises
    ------
    MelganVcError
        If it cannot be read, is too short, or silent.
    """
    mel, wave = reference_sound(path, config)
    return mel, Voice.heard(wave, config.mel.rate, mel)


def reference_sound(path: Path, config: RunConfig) -> tuple[np.ndarray, np.ndarray]:
    """The log-mel ``(T, n_mels)`` and the waveform ``(samples,)`` of such a file, as `analyse_reference`."""
    rate = config.mel.rate
    with AudioReader(path, rate=rate) as reader:
        meter, sounding = ChannelMeter(rate, reader.channels), SoundingPart(rate, _LONGEST)
        for block in reader.blocks():
            meter.update(block)
            sounding.update(block)
    mix = meter.mono()
    if meter.samples < _SHORTEST * rate or meter.level_db(mix) == float("-inf"):
        raise MelganVcError(
            f"Expected a reference with at least {_SHORTEST} s of sound, received: {path}, which is "
            + ("silent" if meter.samples >= _SHORTEST * rate else f"{meter.samples / rate:.2f} s")
        )
    wave = mix.of(sounding.wave() - meter.offsets.astype(np.float32))[: int(_LONGEST * rate)]
    wave = levelled(wave, rate, config.corpus.level_db)
    return log_mel(wave, config.mel), wave
