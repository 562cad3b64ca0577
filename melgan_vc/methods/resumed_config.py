"""The configuration of a run that goes on: its own. Whatever is asked beside must say the same."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from melgan_vc.config.overrides import leaves
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.starting_config import starting_config
from melgan_vc.runs.folders_of_domains import with_domains
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_files import RunFiles

_STEPS = "training.steps"
_MEASURED = ("method.pitch", "method.formants", "method.pitches")
"""What ``--match-voices`` sets."""


def resumed_config(
    run: Path,
    method: str,
    *,
    preset: str | None = None,
    config: Path | None = None,
    settings: Sequence[str] = (),
    seed: int | None = None,
    match_voices: bool = False,
    origin: Origin | None = None,
) -> RunConfig:
    """The configuration of a run that goes on, asked for by the command that began it or by less of it.

    Parameters
    ----------
    run : Path
        The run folder.
    method : str
        What it has to be of.
    preset, config, settings, seed, match_voices, origin
        As for `melgan_vc.api.train_run`. What is left out is as it was; ``training.steps`` can be asked anew.

    Raises
    ------
    MelganVcError
        If it is no run of that method, or something that is asked is not as the run began; the message names it.
    """
    own = RunFiles(run).load_config()
    if own.method.name != method:
        raise MelganVcError(
            f"Expected a run of {method} to go on with, received: {run}, which is of {own.method.name}. "
            f"Use the command {own.method.name}."
        )
    asked = own
    if config is not None:
        asked = starting_config(preset, config, method)
        asked = with_domains(asked, dict.fromkeys(own.method.domain_names, ""), settings)
    seeds = [] if seed is None else [f"training.seed={seed}"]
    asked = asked.with_overrides([*settings, *seeds])
    set_by_hand = {setting.partition("=")[0].strip() for setting in settings}
    ignored = {_STEPS, *(_MEASURED if match_voices else ())} - (set_by_hand - {_STEPS})
    differences = [*_of_values(own, asked, ignored), *_of_origins(Origin.of_run(run), origin or Origin())]
    if preset not in (None, own.preset):
        differences.append(f"--preset {preset} (it began with {own.preset})")
    if match_voices and not own.method.shifts_voice:
        differences.append("--match-voices (it began without)")
    if differences:
        raise MelganVcError(
            f"Expected --resume with the run's own settings, received: {'; '.join(differences)}. A run goes on "
            "exactly as it began; only --steps and --minutes can be asked anew. For other settings start a new run."
        )
    return own.with_overrides([f"{_STEPS}={asked.training.steps}"]) if _STEPS in set_by_hand else own


def _of_values(own: RunConfig, asked: RunConfig, ignored: set[str]) -> Iterator[str]:
    values, others = own.model_dump(), asked.model_dump()
    for path in leaves(others):
        before, now = _at(values, path), _at(others, path)
        if before != now and path not in ignored:
            yield f"{path}={json.dumps(now)} (it began with {json.dumps(before)})"


def _of_origins(own: Origin, asked: Origin) -> Iterator[str]:
    values = asdict(own)
    for name, now in asdict(asked).items():
        if now not in (None, values[name]):
            yield f"--{name.replace('_', '-')} {now} (it began with {values[name] or 'none'})"


def _at(values: dict, path: str):
    for key in path.split("."):
        values = values[key]
    return values
