"""A trained model for programs and notebooks: waveforms in, waveforms out. The engine starts with the first one."""

import os
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np

from melgan_vc.config.run import RunConfig
from melgan_vc.engine.start import start_engine


class Model:
    """A trained model, ready to convert; `load_model` and `train` give one.

    Parameters
    ----------
    run : Path
        A run folder.
    vocoder : str
        ``auto``, ``griffin-lim``, a name or a run folder: see `melgan_vc.pretrained.vocoders.choose_vocoder`.
    iterations : int, optional
        Of Griffin-Lim, which they ask for.

    Attributes
    ----------
    run : Path
        Where it was loaded from.
    config : RunConfig
        Everything about it.
    domains : tuple of str
        What it can convert to; of two, the first is what it does unless told otherwise.
    """

    def __init__(self, run: Path, *, vocoder: str = "auto", iterations: int | None = None):
        start_engine()
        from melgan_vc.methods.loading import require_converting, trained_network
        from melgan_vc.pretrained.vocoders import choose_vocoder
        from melgan_vc.runs.run_folder import RunFolder

        self.run = Path(run)
        folder = RunFolder(self.run)
        self.config: RunConfig = folder.load_config()
        require_converting(self.config, self.run)
        network = trained_network(self.config, folder)
        self.domains: tuple[str, ...] = self.config.method.directions
        self._vocoder = choose_vocoder(vocoder, self.config.mel, iterations=iterations)
        # Each model has its own: a cache that all share would keep models in memory that nobody has any more.
        self._conversion = lru_cache(maxsize=8)(partial(_conversion, self.config, network))

    def __repr__(self) -> str:
        return f"<Model {self.config.method.name} from {self.run}>"

    def convert(
        self,
        wave: np.ndarray,
        rate: int,
        *,
        to: str | None = None,
        like: str | os.PathLike | None = None,
        semitones: float | str = 0.0,
        pitch_range: float = 1.0,
        retrieval: float = 0.0,
    ) -> np.ndarray:
        """Convert a waveform, exactly as the command line converts a file.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)`` or ``(samples, channels)``, float, full scale is ±1.
        rate : int
            Its sampling rate in whole Hz, any.
        to : str, optional
            One of ``domains``. A model of more than two has to be told.
        like : path, optional
            An audio file to sound like instead of a domain, for a model of ``stargan``.
        semitones : float or str
            Higher than the wanted voice's own pitch, or lower, -24 to 24; of a song ``"auto"`` or ``"auto-2"``. For a
            model that is told the pitch, as is the next.
        pitch_range : float
            Times as much melody as the wanted voice's own, from 0.
        retrieval : float
            How much of what is said is taken from the nearest that the voice said itself, 0 to 1; for a model that
            keeps frames of its voices.

        Returns
        -------
        np.ndarray
            The same shape and rate, float32, in [-1, 1], as loud as the wave; see
            `melgan_vc.convert.sound.convert_sound`.

        Raises
        ------
        MelganVcError
            If the wave or the rate is not as described, there is no such domain or file, or ``to`` and ``like`` are
            both given, or neither to a model of more than two domains; or the model cannot do what else is asked.
        """
        from melgan_vc.convert.melody import melody_of
        from melgan_vc.convert.waveform import convert_waveform
        from melgan_vc.methods.directions import require_one_of_to_and_like

        require_one_of_to_and_like(to, like)
        melody = melody_of(semitones)
        clip = None if like is None else Path(like).absolute()
        written = clip.stat().st_mtime_ns if clip and clip.is_file() else None
        model = self._conversion(to, clip, written)
        model.set_melody(pitch_range=pitch_range, **melody)
        model.set_retrieval(retrieval)
        return convert_waveform(wave, rate, model=model, vocoder=self._vocoder)

    def embed(self, wave: np.ndarray, rate: int) -> np.ndarray:
        """Vectors of the siamese network, one for each chunk of a waveform, for `melgan_vc.plot.embedding`.

        Parameters
        ----------
        wave, rate
            As for `convert`.

        Returns
        -------
        np.ndarray
            Shape ``(chunks, embedding)``, float32.

        Raises
        ------
        MelganVcError
            As `convert`; and if the run has no checkpoint, as the models that ship have none.
        """
        return self._siamese_vectors(wave, rate)

    @cached_property
    def _siamese_vectors(self):
        from melgan_vc.convert.siamese_vectors import SiameseVectors

        return SiameseVectors(self.run)


def _conversion(config: RunConfig, network, to: str | None, like: Path | None, written: int | None):
    """A network in one direction. ``written``, when the clip was, tells a new clip of the same name."""
    from melgan_vc.methods.conversion import conversion_of

    return conversion_of(config, network, to=to, like=like)
