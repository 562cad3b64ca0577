"""What ``import melgan_vc`` offers for programs and notebooks; the engine starts with the first call."""

import json
import os
from collections.abc import Mapping
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from melgan_vc.config import RunConfig
from melgan_vc.presets import preset as find_preset


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
        from melgan_vc.convert.model import require_converting
        from melgan_vc.methods import METHODS
        from melgan_vc.pretrained.vocoders import choose_vocoder
        from melgan_vc.training.run_folder import RunFolder

        self.run = Path(run)
        folder = RunFolder(self.run)
        self.config: RunConfig = folder.load_config()
        require_converting(self.config, self.run)
        self.domains: tuple[str, ...] = METHODS[self.config.method.name].directions_of(self.config)
        self._translator = folder.load_translator(self.config)
        self._vocoder = choose_vocoder(vocoder, self.config.mel, iterations=iterations)
        # Each model has its own: a cache that all share would keep models in memory that nobody has any more.
        self._conversion = lru_cache(maxsize=8)(partial(_conversion, self.config, self._translator))

    def __repr__(self) -> str:
        return f"<Model {self.config.method.name} from {self.run}>"

    def convert(
        self, wave: np.ndarray, rate: int, *, to: str | None = None, like: str | os.PathLike | None = None
    ) -> np.ndarray:
        """Convert a waveform, exactly as the command line converts a file.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)`` or ``(samples, channels)``, float, full scale is ±1.
        rate : int
            Its sampling rate in Hz, any.
        to : str, optional
            One of ``domains``. A model of more than two has to be told.
        like : path, optional
            An audio file to sound like instead of a domain, for a model of ``stargan``.

        Returns
        -------
        np.ndarray
            The same shape and rate, float32, not limited to ±1. Channels are converted apart.

        Raises
        ------
        MelganVcError
            If the wave or the rate is not as described, there is no such domain or file, or ``to`` and ``like`` are
            both given, or neither to a model of more than two domains.
        """
        from melgan_vc.convert.waveform import convert_waveform
        from melgan_vc.errors import MelganVcError

        known = ", ".join(self.domains)
        if to is not None and like is not None:
            raise MelganVcError("Expected to or like, received both: one names a domain, one is a clip of it")
        if to is None and like is None and len(self.domains) > 2:
            raise MelganVcError(f"Expected to=NAME or like=FILE, received: neither. The model's domains: {known}")
        clip = None if like is None else Path(like).absolute()
        written = clip.stat().st_mtime_ns if clip and clip.is_file() else None
        model = self._conversion(to, clip, written)
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


def _conversion(config: RunConfig, translator, to: str | None, like: Path | None, written: int | None):
    """A translator in one direction. ``written``, when the clip was, tells a new clip of the same name."""
    from melgan_vc.convert.model import ConversionModel

    return ConversionModel.from_translator(config, translator, to=to, like=like)


def load_model(
    name_or_run: str | os.PathLike, *, vocoder: str | os.PathLike = "auto", iterations: int | None = None
) -> Model:
    """Load a run, or a model that ships.

    Parameters
    ----------
    name_or_run : str or path
        A run folder, or a name from `model_names`.
    vocoder : str or path
        What makes the sound: ``auto`` (a vocoder that ships for the model's log-mels, else Griffin-Lim),
        ``griffin-lim``, or the name or run folder of a vocoder.
    iterations : int, optional
        Of Griffin-Lim, which they ask for; 32 unless told. More cost time, and help a little.

    Returns
    -------
    Model

    Raises
    ------
    MelganVcError
        If it is neither, or its config and weights do not fit each other.

    Examples
    --------
    >>> load_model("runs/nowhere")
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected a run folder or a model's name, received: runs/nowhere (it does not ...
    """
    from melgan_vc.pretrained.catalogue import find_model

    return Model(find_model(os.fspath(name_or_run)), vocoder=os.fspath(vocoder), iterations=iterations)


def train(
    source: str | os.PathLike | None = None,
    target: str | os.PathLike | None = None,
    run: str | os.PathLike | None = None,
    *,
    domains: Mapping[str, str | os.PathLike] | None = None,
    method: str = "travelgan",
    preset: str = "voice",
    minutes: float | None = None,
    steps: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    cache: str | os.PathLike | None = None,
    resume: bool = False,
    quiet: bool = False,
) -> Model:
    """Train on folders of audio; Ctrl-C, or a notebook's stop button, ends it early and keeps what is learned.

    Parameters
    ----------
    source, target : path
        Folders of audio: what to convert from, and whose style is learned. When resuming they may be left out: it
        goes on with those that the run has learned from.
    run : path
        The run folder to fill.
    domains : dict of str to path, optional
        For ``stargan``, instead of a source and a target: 2 to 100 folders by the name of their domain. When
        resuming, only those that are somewhere else now.
    method : str
        ``travelgan``, ``cyclegan`` or ``stargan``. Not read when resuming.
    preset : str
        ``voice``, ``music``, ``paper`` or ``debug``; see `melgan_vc.presets.preset`. Not read when resuming.
    minutes : float, optional
        Stop after so many minutes.
    steps : int, optional
        Batches to train on in all.
    overrides : dict of str to value, optional
        Settings other than the preset's, such as ``{"method.identity": 5}``. A run that is resumed keeps its own.
    cache : path, optional
        Folder for features, shared by runs; ``MELGAN_VC_CACHE`` or ``~/.cache/melgan_vc`` if none is named.
    resume : bool
        Go on with ``run`` from its newest checkpoint.
    quiet : bool
        Print nothing.

    Returns
    -------
    Model
        What was trained, loaded.

    Raises
    ------
    MelganVcError
        If folders are missing, hold no usable audio or are not what the method takes, a setting does not exist, the
        run exists already (without ``resume``), or the training diverged twice.

    Examples
    --------
    Five steps of the smallest networks, on clips of the repository:

    >>> import tempfile
    >>> place, demo = Path(tempfile.mkdtemp()), Path("datasets/demo/held_out")
    >>> options = {"preset": "debug", "steps": 5, "cache": place / "cache", "quiet": True}
    >>> model = train(demo / "female_ru", demo / "male_ru", place / "run", **options)
    >>> model.convert(np.zeros((44100, 2)), 44100).shape
    (44100, 2)
    """
    from rich.console import Console

    from melgan_vc.cli.common import default_cache
    from melgan_vc.errors import MelganVcError
    from melgan_vc.method_config import CONVERTING
    from melgan_vc.named_folders import named_folders
    from melgan_vc.training.run_files import RunFiles

    if run is None:
        raise MelganVcError("Expected run, a folder to fill, received: none")
    run = Path(run)
    if resume and overrides:
        raise MelganVcError(
            f"Expected resume with the run's own settings, received: overrides={dict(overrides)}. "
            "Only steps and minutes can be asked anew; for other settings start a new run."
        )
    config = RunFiles(run).load_config() if resume else find_preset(preset, method)
    if config.method.name not in CONVERTING:
        raise MelganVcError(
            f"Expected a method among {', '.join(CONVERTING)}, received: {config.method.name}, which converts "
            "nothing by itself. Train one with train_cli.py vocoder; its run goes to load_model(..., vocoder=RUN)."
        )
    pair = {"source": source, "target": target}
    folders = named_folders(config, pair, domains or {}, RunFiles(run) if resume else None)
    settings = dict(overrides or {}) | ({} if steps is None else {"training.steps": steps})
    if config.named_domains:
        settings["method.domains"] = list(folders)
    config = config.with_overrides([f"{key}={json.dumps(value)}" for key, value in settings.items()])

    start_engine()
    from melgan_vc.training.train import train as train_run

    train_run(
        config,
        folders,
        run,
        cache=Path(cache) if cache else default_cache(),
        resume=resume,
        minutes=minutes,
        console=Console(quiet=quiet),
    )
    return Model(run)


def start_engine() -> None:
    """Choose and start Keras's engine, without the banner that it would print.

    `load_model` and `train` do it themselves. Call it before ``import keras`` in a program of your own: it takes
    TensorFlow unless ``KERAS_BACKEND`` says ``jax``.

    Raises
    ------
    MelganVcError
        If ``KERAS_BACKEND`` is neither, or names an engine that is not installed.
    """
    from melgan_vc.cli.common import quiet_engine

    quiet_engine()
