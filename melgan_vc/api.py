"""What ``import melgan_vc`` offers for programs and notebooks; the engine starts with the first call."""

import json
import os
from collections.abc import Mapping
from functools import cached_property
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
    iterations : int
        Griffin-Lim iterations.

    Attributes
    ----------
    run : Path
        Where it was loaded from.
    config : RunConfig
        Everything about it.
    """

    def __init__(self, run: Path, *, iterations: int = 32):
        start_engine()
        from melgan_vc.convert.model import ConversionModel
        from melgan_vc.vocoders.griffin_lim import GriffinLim

        self.run = Path(run)
        self._model = ConversionModel(self.run)
        self.config: RunConfig = self._model.config
        self._vocoder = GriffinLim(self.config.mel, iterations=iterations)

    def __repr__(self) -> str:
        return f"<Model {self.config.method.name} from {self.run}>"

    def convert(self, wave: np.ndarray, rate: int) -> np.ndarray:
        """Convert a waveform, exactly as the command line converts a file.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)`` or ``(samples, channels)``, float, full scale is ±1.
        rate : int
            Its sampling rate in Hz, any.

        Returns
        -------
        np.ndarray
            The same shape and rate, float32, not limited to ±1. Channels are converted apart.

        Raises
        ------
        MelganVcError
            If the wave or the rate is not as described.
        """
        from melgan_vc.convert.waveform import convert_waveform

        return convert_waveform(wave, rate, model=self._model, vocoder=self._vocoder)

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


def load_model(name_or_run: str | os.PathLike, *, iterations: int = 32) -> Model:
    """Load a run, or a model that ships.

    Parameters
    ----------
    name_or_run : str or path
        A run folder, or a name from `model_names`.
    iterations : int
        Griffin-Lim iterations: more cost time, and help a little.

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

    return Model(find_model(os.fspath(name_or_run)), iterations=iterations)


def train(
    source: str | os.PathLike,
    target: str | os.PathLike,
    run: str | os.PathLike,
    *,
    preset: str = "voice",
    minutes: float | None = None,
    steps: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    cache: str | os.PathLike | None = None,
    resume: bool = False,
    quiet: bool = False,
) -> Model:
    """Train on two folders of audio; Ctrl-C, or a notebook's stop button, ends it early and keeps what is learned.

    Parameters
    ----------
    source, target : path
        Folders of audio: what to convert from, and whose style is learned.
    run : path
        The run folder to fill.
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
        If a folder holds no usable audio, a setting does not exist, the run exists already (without ``resume``), or
        the training diverged twice.

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
    from melgan_vc.training.run_files import RunFiles

    run = Path(run)
    if resume and overrides:
        raise MelganVcError(
            f"Expected resume with the run's own settings, received: overrides={dict(overrides)}. "
            "Only steps and minutes can be asked anew; for other settings start a new run."
        )
    config = RunFiles(run).load_config() if resume else find_preset(preset)
    settings = dict(overrides or {}) | ({} if steps is None else {"training.steps": steps})
    config = config.with_overrides([f"{key}={json.dumps(value)}" for key, value in settings.items()])

    start_engine()
    from melgan_vc.training.train import train as train_run

    train_run(
        config,
        {"source": Path(source), "target": Path(target)},
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
