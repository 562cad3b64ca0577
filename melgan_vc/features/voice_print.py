"""Who speaks, a few seconds at a time: the print of a speaker embedder."""

import threading

import numpy as np

from melgan_vc.features.resemblyzer.weights import SHA256
from melgan_vc.features.resemblyzer_print import ResemblyzerPrint
from melgan_vc.features.windowed import RecognisedFeature

_SECONDS = 3.2  # three of the parts that the embedder hears
_LOADING = threading.Lock()


class VoicePrint(RecognisedFeature):
    """`ResemblyzerPrint` of each 3.2 seconds: 256 numbers, 0 or more and of length 1, the same for all their frames.

    Stretches lie on a grid from the beginning of the file. Where one has no sound, and beyond the ends of a file,
    there are zeros. Needs the package Resemblyzer, see `embedder_weights`.
    """

    columns = 256
    recognizer = "Resemblyzer"

    @property
    def stretch(self) -> int:
        """3.2 seconds."""
        return round(_SECONDS * self.mel.frames_per_second)

    @property
    def settings(self) -> dict:
        """The grid of frames, and the embedder."""
        return {"rate": self.mel.rate, "hop_length": self.mel.hop_length, "weights": SHA256}

    def analyse(self, waves):
        """See `WindowedFeature.analyse`."""
        with _LOADING:  # once, though the files of a folder are heard in several threads
            embedder = ResemblyzerPrint(purpose="a voice that is a print")
        heard = [embedder.embed(wave, self.mel.rate) for wave in waves]
        prints = np.stack([self.silence if vector is None else vector for vector in heard])
        return np.repeat(prints[:, None], waves.shape[1] // self.mel.hop_length, axis=1)
