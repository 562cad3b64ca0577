"""What ``import melgan_vc`` offers for programs and notebooks, and what the command line stands on."""

import functools
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from melgan_vc.config.method import method_config, require_method
from melgan_vc.config.method_folders import DEFAULT, method_traits
from melgan_vc.config.run import RunConfig
from melgan_vc.convert.model import Model
from melgan_vc.engine.cache_folder import default_cache
from melgan_vc.engine.lasting_output import lasting
from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.resumed_config import resumed_config
from melgan_vc.methods.starting_config import starting_config
from melgan_vc.runs.folders_of_domains import domain_folders, unfit_folders, with_domains
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_files import RunFiles

if TYPE_CHECKING:
    from rich.console import Console

    from melgan_vc.training.log.metrics import Report
    from melgan_vc.training.train import Outcome

__all__ = ["Model", "load_model", "start_engine", "train", "train_run"]

_NAMED_BY_FOLDERS = ("method.domains", "method.sources")


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
    method: str = DEFAULT,
    preset: str = "voice",
    minutes: float | None = None,
    steps: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    match_voices: bool = False,
    panel_every: int = 0,
    patience: int = 0,
    cache: str | os.PathLike | None = None,
    resume: bool = False,
    quiet: bool = False,
    listen: "Callable[[Report], None] | None" = None,
    stop: threading.Event | None = None,
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
        For ``stargan``, instead of a source and a target: 2 to 100 folders by the name of their domain; for
        ``autoencoder`` 1 to 100 voices. When resuming, only those that are somewhere else now.
    method : str
        ``travelgan``, ``cyclegan``, ``stargan`` or ``autoencoder``. Not read when resuming.
    preset : str
        ``voice``, ``music``, ``paper`` or ``debug``; see `melgan_vc.preset`. Not read when resuming.
    minutes : float, optional
        Stop after so many minutes.
    steps : int, optional
        Batches to train on in all.
    overrides : dict of str to value, optional
        Settings other than the preset's, such as ``{"method.identity": 5}``. A run that is resumed keeps its own:
        others are refused.
    match_voices : bool
        Measure every speaker's pitch, and shift it to the wanted one's before the style is changed.
    panel_every : int
        Steps between judgements of held-out clips; 0 for none. Needs the extra ``evaluate``.
    patience : int
        Stop after so many judgements without a better one; 0 for never.
    cache : path, optional
        Folder for features, shared by runs; ``MELGAN_VC_CACHE`` or ``~/.cache/melgan_vc`` if none is named.
    resume : bool
        Go on with ``run`` from its newest checkpoint.
    quiet : bool
        Print nothing.
    listen : callable, optional
        Is given a `Report` every ``training.report_every`` steps: step, speed, and the mean of every figure.
    stop : threading.Event, optional
        Ends the training after the batch in hand, as Ctrl-C does, once another thread has set it.

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
    >>> import numpy as np
    >>> place, demo = Path(tempfile.mkdtemp()), Path("datasets/demo/held_out")
    >>> options = {"preset": "debug", "steps": 5, "cache": place / "cache", "quiet": True}
    >>> model = train(demo / "female_ru", demo / "male_ru", place / "run", **options)
    >>> model.convert(np.zeros((44100, 2)), 44100).shape
    (44100, 2)
    """
    from melgan_vc.terminal.console import GuardedConsole

    if run is None:
        raise MelganVcError("Expected run, a folder to fill, received: none")
    pair = {name: folder for name, folder in (("source", source), ("target", target)) if folder is not None}
    own = RunFiles(Path(run)).load_config().method.name if resume else require_method(method)
    traits = method_traits(own)
    if traits.kind != "converter":
        raise MelganVcError(
            f"Expected a method that converts, received: {own}, which converts nothing by itself. Train one with "
            f"train_cli.py {own}; its run goes to load_model(..., vocoder=RUN)."
        )
    unfit = {"pair": domains, "named": pair, "voices": None}[traits.folders]
    if unfit:
        raise unfit_folders(method_config(own)(), " and ".join([*pair, *["domains"] * bool(domains)]))
    train_run(
        Path(run),
        {**(domains or {}), **pair},
        method=own,
        preset=None if resume else preset,
        settings=[f"{key}={json.dumps(value)}" for key, value in (overrides or {}).items()],
        match_voices=match_voices,
        steps=steps,
        minutes=minutes,
        panel_every=panel_every,
        patience=patience,
        cache=Path(cache) if cache else None,
        resume=resume,
        console=GuardedConsole(quiet=quiet),
        listen=listen,
        stop=stop,
    )
    return Model(Path(run))


def train_run(
    run: Path,
    given: Mapping[str, str | os.PathLike],
    *,
    method: str,
    console: "Console",
    preset: str | None = None,
    config: Path | None = None,
    settings: Sequence[str] = (),
    match_voices: bool = False,
    origin: Origin | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    seed: int | None = None,
    device: str = "auto",
    panel_every: int = 0,
    patience: int = 0,
    cache: Path | None = None,
    resume: bool = False,
    listen: "Callable[[Report], None] | None" = None,
    stop: threading.Event | None = None,
) -> "tuple[RunConfig, Outcome]":
    """Train a run of any method: what `train` does, and each command of ``train_cli.py``.

    Parameters
    ----------
    run : Path
        The run folder to fill, or to go on with.
    given : mapping of str to path
        Folders of audio by domain, see `domain_folders`.
    console : rich.console.Console
        Where the report and the live line go.
    config : Path, optional
        A ``config.json`` to start from, instead of a preset.
    settings : sequence of str
        ``section.key=value``.
    origin : Origin, optional
        What the run begins with beside audio.
    seed : int, optional
        Of every random draw.
    device : {'auto', 'cpu', 'gpu'}
        What computes.
    method, preset, match_voices, steps, minutes, panel_every, patience, cache, resume, listen, stop
        As for `train`.

    Returns
    -------
    RunConfig, Outcome
        What was trained, and how it ended.

    Raises
    ------
    MelganVcError
        As `train`; and if a run is resumed with other settings than it began with, or as one of another method.
    """
    lasting(console)
    if resume:
        asked = {"preset": preset, "config": config, "settings": settings, "seed": seed}
        chosen = resumed_config(run, method, match_voices=match_voices, origin=origin, **asked)
        folders = domain_folders(chosen, given, RunFiles(run))
        settings, match_voices = [], False
    else:
        polish = Path(origin.polish) if origin and origin.polish else None
        chosen = starting_config(preset, config, method, polish=polish)
        for setting in settings:
            if chosen.method.named_domains and setting.partition("=")[0].strip() in _NAMED_BY_FOLDERS:
                option = {"named": "--domain NAME=DIR", "voices": "--voice NAME=DIR"}[chosen.method.folders]
                raise MelganVcError(f"Expected the domains of {option} alone, received: --set {setting} too")
        chosen = with_domains(chosen, given, settings)
        folders = domain_folders(chosen, given)
    matching = []
    if match_voices:
        from melgan_vc.methods.match_voices import matched_voices
        from melgan_vc.terminal.console import say

        matching = matched_voices(chosen, folders, say=functools.partial(say, console))
    told = {"training.steps": steps, "training.seed": seed}
    told = [f"{key}={value}" for key, value in told.items() if value is not None]
    chosen = chosen.with_overrides([*matching, *settings, *told])

    start_engine()
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.training.train import train as fill

    console.print(f"Training {chosen.method.name} on {choose_device(device)}, preset {chosen.preset}.")
    watcher = None
    if panel_every:
        from melgan_vc.evaluate.panel import panel_for

        watcher = panel_for(chosen, folders, every=panel_every, patience=patience, say=console.print)
    options = {"resume": resume, "minutes": minutes, "origin": origin, "console": console, "watcher": watcher}
    return chosen, fill(chosen, folders, run, cache=cache or default_cache(), listen=listen, stop=stop, **options)
