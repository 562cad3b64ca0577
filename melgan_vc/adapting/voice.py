"""From minutes of a voice to one more voice of a model that there is."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from melgan_vc.atomic import remove, replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.engine.cache_folder import default_cache
from melgan_vc.engine.lasting_output import lasting
from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError
from melgan_vc.pretrained.catalogue import find_model
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_files import RunFiles
from melgan_vc.terminal.console import GuardedConsole

if TYPE_CHECKING:
    from rich.console import Console

    from melgan_vc.training.train import Outcome

_LEARNS = ("norms", "vector")
_FEWEST_SECONDS = 8.0
_STEPS_A_MINUTE, _FEWEST_STEPS, _MOST_STEPS = 1000, 300, 5000


def adapt(
    model: str | os.PathLike,
    voice: str | os.PathLike,
    output: str | os.PathLike,
    *,
    name: str | None = None,
    learns: str = "norms",
    others: str | os.PathLike | None = None,
    panel_every: int = 250,
    patience: int = 3,
    minutes: float | None = None,
    settings: tuple[str, ...] = (),
    cache: str | os.PathLike | None = None,
    console: "Console | None" = None,
) -> "Outcome":
    """Learn one more voice of a model, and write it as a folder that converts.

    The model stays as it is: the folder holds some 5,000 numbers beside it, after AdaSpeech [1]_. It begins with the
    nearest of the model's voices, and takes at most 1,000 steps for each minute of audio, 5,000 in all: with more a
    voice of minutes is learned by heart, and words go.

    Parameters
    ----------
    model : path
        A run folder, or the name of a model that ships: an autoencoder of speech that hears by the recogniser.
    voice : path
        Folder of recordings of one person who speaks.
    output : path
        The folder to write. It must not exist, and appears whole or not at all.
    name : str, optional
        What the voice is called; as its folder, unless told.
    learns : {'norms', 'vector'}
        See `AutoencoderConfig`.
    others : path, optional
        Folder of other people's speech: every ``panel_every`` steps a few clips of it are converted and judged, and
        the weights are kept that do best. Without, those of the last step are. Needs the extra ``evaluate``.
    panel_every, patience : int
        Of ``others``: steps between judgements, and how many in a row may be no better before it stops; 0 never does.
    minutes : float, optional
        Stop after so many minutes.
    settings : tuple of str
        ``section.key=value`` of the training.
    cache : path, optional
        Folder for features, as for `melgan_vc.train`.
    console : Console, optional
        Where the report and the live line go; nothing is printed without one.

    Returns
    -------
    Outcome
        How the training ended. Ctrl-C ends it early, and what is learned is kept. `melgan_vc.load_model` loads the
        folder.

    Raises
    ------
    MelganVcError
        If the model cannot be adapted, there are not 8 s of sound in the folder or nobody speaks in it, the output
        exists, or the folder of others has nothing to judge by.

    References
    ----------
    .. [1] M. Chen et al., "AdaSpeech: adaptive text to speech for custom voice", ICLR 2021.
    """
    base, voice, output = find_model(os.fspath(model)), Path(voice), Path(output)
    if learns not in _LEARNS:
        raise MelganVcError(f"Expected learns to be {' or '.join(_LEARNS)}, received: {learns!r}")
    if output.exists():
        raise MelganVcError(f"Expected an output folder that does not exist, received: {output}")
    cache = Path(cache) if cache else default_cache()
    start_engine()  # before what needs it, which would start it aloud
    config = _config(base, name or voice.absolute().name, voice, learns=learns, settings=settings, cache=cache)
    from melgan_vc.training.train import train

    domain, watcher = config.method.domains[0], None
    console = lasting(console or GuardedConsole(quiet=True))
    if others is not None:
        from melgan_vc.evaluate.panel import panel_for

        heard = {"source": Path(others), domain: voice}
        watcher = panel_for(config, heard, every=panel_every, patience=patience, say=console.print)
    with replacing(output) as partial:
        partial.mkdir()
        training, origin = partial / "training", Origin(start_from=str(base.absolute()))
        options = {"cache": cache, "minutes": minutes, "origin": origin, "console": console, "watcher": watcher}
        outcome = train(config, {domain: voice}, training, **options)
        _keep(partial, training, base, name=output.absolute().name)
        remove(training)
    return outcome


def _config(base: Path, name: str, voice: Path, *, learns: str, settings: tuple[str, ...], cache: Path) -> RunConfig:
    """Settings of the training; raises a `MelganVcError` if there is nothing to adapt, or nothing to adapt to."""
    from melgan_vc.corpus.prepare import inspect_folders
    from melgan_vc.methods.adaptation import adaptation_of

    files = RunFiles(base)
    model = files.load_config()
    if files.voice_file.is_file():
        raise MelganVcError(
            f"Expected a model to adapt, received: {base}, which is a voice of one. Adapt that one: "
            f"{files.base_file} names it"
        )
    config = adaptation_of(model, model=base.name).config(model, voice=name, learns=learns)
    (report,) = inspect_folders([voice], mel=config.mel, corpus=config.corpus, cache=cache, progress=False)
    seconds = 60.0 * report.used_minutes
    if seconds < _FEWEST_SECONDS:
        raise MelganVcError(
            f"Expected {_FEWEST_SECONDS:g} s of a voice or more, received: {voice}, which holds {seconds:.1f} s of "
            "sound. A minute is a beginning, three are better"
        )
    steps = int(min(_MOST_STEPS, max(_FEWEST_STEPS, _STEPS_A_MINUTE * report.used_minutes)))
    return config.with_overrides([f"training.steps={steps}", *settings])


def _keep(folder: Path, training: Path, base: Path, *, name: str) -> None:
    """Write what converts: settings, the numbers of the voice, whose model it is, what it learned from, a card."""
    from melgan_vc.export.card import exported_card
    from melgan_vc.methods.adaptation import adaptation_of
    from melgan_vc.methods.loading import load_network
    from melgan_vc.runs.adapted_voice import BaseModel, save_voice
    from melgan_vc.runs.run_folder import RunFolder

    run, files = RunFolder(training), RunFiles(folder)
    config, network = load_network(run)
    files.save_config(config)
    save_voice(folder, BaseModel.of(base), adaptation_of(config, model=base.name).numbers(network))
    files.corpus_report.write_bytes(run.corpus_report.read_bytes())
    (voice,) = config.method.domains
    card = exported_card(
        run.card.read_text(encoding="utf-8"), name=name, task=f"any voice to {voice}, by {base.name}"
    )
    files.card.write_text(card, encoding="utf-8")
