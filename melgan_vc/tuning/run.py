"""Search for settings: what ``melgan-vc tune`` does."""

import functools
import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from melgan_vc.config.run import RunConfig
from melgan_vc.engine.cache_folder import default_cache
from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.starting_config import starting_config
from melgan_vc.tuning.plan import SearchFolder, SearchPlan
from melgan_vc.tuning.record import TrialRecord
from melgan_vc.tuning.spaces import find_space

if TYPE_CHECKING:
    from rich.console import Console

    from melgan_vc.tuning.hypermodel import JudgeOf


@dataclass(frozen=True)
class TuningResult:
    """What a search has found.

    Attributes
    ----------
    config : RunConfig
        What every trial had in common, with the settings of the best; ``best.json`` in the folder.
    records : list of TrialRecord
        Every trial: the best first, the failed ones last.
    folder : SearchFolder
        Where the files are.
    """

    config: RunConfig
    records: list[TrialRecord]
    folder: SearchFolder


def tune_run(
    source: str | os.PathLike,
    target: str | os.PathLike,
    run: str | os.PathLike,
    *,
    space: str = "default",
    tuner: str = "random",
    trials: int = 20,
    minutes: float | None = None,
    steps: int | None = None,
    preset: str | None = None,
    config: str | os.PathLike | None = None,
    settings: Sequence[str] = (),
    match_voices: bool = False,
    seed: int | None = None,
    device: str = "auto",
    resume: bool = False,
    cache: str | os.PathLike | None = None,
    console: "Console | None" = None,
) -> TuningResult | None:
    """Train many short runs, judge each on held-out clips, and write the best settings.

    Needs the extras ``tune`` and ``evaluate``. With keras-tuner's environment variables this process is the chief or
    a worker of a search, see `search`.

    Parameters
    ----------
    source, target : path
        Folders of audio: what to convert from, and whose style is learned.
    run : path
        Folder for the search; it gets a run folder for each trial.
    space : str
        ``default``, ``losses``, ``optimizers``, or a function: ``file.py:name``.
    tuner : {'random', 'bayesian', 'hyperband'}
        What chooses the next trial.
    trials : int
        Trials in all.
    minutes : float, optional
        Minutes to train a whole trial.
    steps : int, optional
        Steps to train it, instead of minutes.
    preset : str, optional
        What every trial starts from, ``voice`` unless told.
    config : path, optional
        A ``config.json`` instead of a preset.
    settings : sequence of str
        ``section.key=value`` of every trial.
    match_voices : bool
        Measure both speakers' pitch, and shift the source's to the target's.
    seed : int, optional
        Of every random draw.
    device : {'auto', 'cpu', 'gpu'}
        What computes.
    resume : bool
        Go on with a search that was broken off.
    cache : path, optional
        Folder for features, shared by trials; ``MELGAN_VC_CACHE`` or ``~/.cache/melgan_vc`` if none is named.
    console : rich.console.Console, optional
        Where the trials and the table of results go; standard output if left out.

    Returns
    -------
    TuningResult or None
        None of a worker: the chief has the results.

    Raises
    ------
    MelganVcError
        If a folder is missing or holds no usable audio, an option or a setting does not exist, a package is not
        installed, the search's folder is not new (without ``resume``), or no trial ended well.

    Examples
    --------
    >>> tune_run("jazz", "classical", "tuning/jazz", tuner="bayesian")
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected --minutes-per-trial or --steps-per-trial, received: neither
    """
    from melgan_vc.terminal.console import GuardedConsole
    from melgan_vc.terminal.console import say as say_on

    _require_keras_tuner()
    console = console or GuardedConsole()
    say = functools.partial(say_on, console)
    folders = {"source": Path(source), "target": Path(target)}
    find_space(space)
    options = {"space": space, "tuner": tuner, "trials": trials, "minutes": minutes, "steps": steps}
    plan_of = functools.partial(SearchPlan, **folders, **options)
    chosen = starting_config(preset, Path(config) if config else None)
    plan_of(config=chosen)  # a mistyped option is told before voices are measured
    matching = []
    if match_voices:
        from melgan_vc.methods.match_voices import matched_voices

        matching = matched_voices(chosen, folders, say=say)
    seeds = [] if seed is None else [f"training.seed={seed}"]
    plan = plan_of(config=chosen.with_overrides([*matching, *settings, *seeds]))

    start_engine()
    from melgan_vc.tuning.results import best_config, print_table, write_results

    records = _searched(plan, Path(run), cache=cache, device=device, resume=resume, console=console, say=say)
    if records is None:
        say("No more trials; the chief has the results.")
        return None
    print_table(records, console)
    return TuningResult(best_config(plan, records), records, write_results(plan, Path(run), records))


def _require_keras_tuner() -> None:
    if importlib.util.find_spec("keras_tuner") is None:
        raise MelganVcError(
            "Expected keras-tuner to be installed, received: no such package. "
            "Install it with: pip install -e '.[tune]'"
        )


def _searched(
    plan: SearchPlan, run: Path, *, cache, device: str, resume: bool, console: "Console", say: Callable[[str], None]
) -> list[TrialRecord] | None:
    """The part of this process in the search: all records, or None of a worker."""
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.training.train import prepare_domains
    from melgan_vc.tuning.search import role, search

    part, place, judge_of = role(), Path(cache or default_cache()), _judges(plan.source, plan.target)
    say(
        f"Tuning {plan.config.method.name} on {choose_device(device)}: space {plan.space}, {plan.tuner}, "
        f"{plan.trials} trials, {part}."
    )
    if part != "chief":
        judge_of(plan.config)  # a package that is missing is told before anything is trained
        folders = {"source": plan.source, "target": plan.target}
        prepare_domains(plan.config, folders, cache=place, console=console)
    try:
        records = search(plan, run, cache=place, judge_of=judge_of, resume=resume, say=say)
    except KeyboardInterrupt:
        say("Trials that have ended are saved. Go on with the same command and --resume.")
        raise
    return None if part == "worker" else records


def _judges(source: Path, target: Path) -> "JudgeOf":
    """Makes judges by clips that training holds out; clips and packages are loaded once, which takes seconds."""
    from melgan_vc.evaluate.panel import Judge

    loaded = {}

    def judge_of(config: RunConfig):
        key = config.mel, config.corpus
        if key not in loaded:
            loaded[key] = Judge.of_folders(config, source, target)
        return loaded[key].for_config(config)

    return judge_of
