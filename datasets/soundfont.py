"""Notes to audio through one sampled-instrument soundfont."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
from debian import fetch_package
from notes import DRUMS, Note

RATE = 22050
"""Sample rate of the rendered music, in Hz."""

_FLUID = "Fluid (R3) GM, Copyright 2000-2002, 2008 Frank Wen"
_MONO = "Fluid Mono, Copyright 2014-2017 Michael Cowgill"


class Soundfont(NamedTuple):
    """A Debian package, the file in it, and whose it is."""

    package: str
    file: str
    credit: str


SOUNDFONTS = {
    "musescore": Soundfont(
        "musescore-general-soundfont-small",
        "sf3/MuseScore_General_Lite.sf3",
        f"MuseScore_General soundfont, Copyright 2018-2021 S. Christian Collins, after {_FLUID}, and {_MONO}",
    ),
    "fluid_mono": Soundfont("fluidr3mono-gm-soundfont", "sf3/FluidR3Mono_GM.sf3", f"{_MONO}, after {_FLUID}"),
    "fluid": Soundfont("fluid-soundfont-gm", "sf2/FluidR3_GM.sf2", _FLUID),
}
"""All under the MIT licence; the last is a download of 120 MB."""


def soundfont_credit(names: Iterable[str]) -> str:
    """A sentence for ``LICENSE.txt``."""
    return f"Sound: {'; '.join(SOUNDFONTS[name].credit for name in names)}. Licence: MIT."


def fetch_soundfont(cache: Path, name: str = "musescore") -> Path:
    """The soundfont file, downloaded on the first call."""
    return fetch_package(SOUNDFONTS[name].package, cache) / "usr/share/sounds" / SOUNDFONTS[name].file


class Renderer:
    """A synthesiser with the soundfont loaded (3 s); `render` may be called any number of times."""

    def __init__(self, soundfont: Path) -> None:
        import tinysoundfont

        # Rendered at 44.1 kHz and resampled: the synthesiser's own interpolation aliases at 22.05 kHz.
        self.synth = tinysoundfont.Synth(samplerate=2 * RATE, gain=-12)
        self.soundfont = self.synth.sfload(str(soundfont))

    def render(self, notes: list[Note], seconds: float, longest: float) -> np.ndarray:
        """Play notes from silence.

        Parameters
        ----------
        notes : list of Note
            In any order.
        seconds : float
            Length of the performance, with the time for its last note to ring.
        longest : float
            Cut a longer performance after this many seconds, with a fade of one second.

        Returns
        -------
        np.ndarray, shape (samples,)
            float32 mono at `RATE`, -20 dB RMS with peaks at most -1 dBFS: no style is louder than the other.
        """
        samples = 2 * int(min(seconds, longest) * RATE)
        for channel in range(16):
            self.synth.control_change(channel, 120, 0)  # all sound off
            self.synth.program_select(channel, self.soundfont, 0, 0, channel == DRUMS)
        # "All sound off" is a short fade: let it end, or the piece before is heard at the start of this one.
        self._generate(2 * RATE)

        # One exact grid of samples: the package's own sequencer rounds every event up and drifts.
        played, position = [], 0
        for sample, is_start, note in sorted(_events(notes, 2 * RATE)):
            if sample >= samples:
                break
            if sample > position:
                played.append(self._generate(sample - position))
                position = sample
            if is_start:
                self.synth.program_change(note.channel, note.program, note.channel == DRUMS)
                self.synth.noteon(note.channel, note.key, note.velocity)
            else:
                self.synth.noteoff(note.channel, note.key)
        played.append(self._generate(samples - position))

        audio = soxr.resample(np.concatenate(played).mean(axis=1), 2 * RATE, RATE)
        if seconds > longest:
            audio[-RATE:] *= np.linspace(1.0, 0.0, RATE, dtype=np.float32)
        return levelled(audio)

    def _generate(self, samples: int) -> np.ndarray:
        """The next samples, shape (samples, 2)."""
        return np.frombuffer(self.synth.generate_simple(samples), np.float32).reshape(-1, 2)


def _events(notes: list[Note], rate: int) -> list[tuple[int, bool, Note]]:
    """(sample, whether a note starts, note); at one sample notes end before others start."""
    starts = [(round(note.start * rate), True, note) for note in notes]
    ends = [(round(note.end * rate), False, note) for note in notes]
    return starts + ends


def levelled(audio: np.ndarray, rms_db: float = -20.0, peak_db: float = -1.0) -> np.ndarray:
    """Scale to an RMS level in dBFS, less where a peak would pass `peak_db`."""
    rms, peak = float(np.sqrt(np.mean(audio**2))), float(np.max(np.abs(audio)))
    if peak == 0.0:
        return audio
    return (audio * min(10 ** (rms_db / 20) / rms, 10 ** (peak_db / 20) / peak)).astype(np.float32)
