"""What a training may begin with: the networks of another run, which convert already."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.nets.edited_mel import SHIFT
from melgan_vc.runs.run_folder import RunFolder


def begin_with_weights(
    run: Path,
    config: RunConfig,
    network: keras.Model,
    *,
    build: Callable[[RunConfig], keras.Model],
    shared: Sequence[str],
) -> None:
    """Give a new run's network the weights of another's; critics and whatever else judges begin anew.

    Parameters
    ----------
    run : Path
        The other's folder.
    config : RunConfig
        Of the new run.
    network : keras.Model
        Its `Method.network`.
    build : callable
        Makes such a network of a config.
    shared : sequence of str
        Settings of the method that two runs of the same network share.

    Raises
    ------
    MelganVcError
        If it is of another method, of other networks, or for other log-mels.
    """
    folder = RunFolder(run)
    theirs, method = folder.load_config(), config.method
    if theirs.method.name != method.name:
        raise MelganVcError(
            f"Expected a run of {method.name} for --start-from, received: {run.name}, a run of {theirs.method.name}"
        )
    config.mel.require_same(theirs.mel, mine="the run", theirs=f"the model {run.name}")
    mine, its = ({name: getattr(each, name) for name in shared} for each in (method, theirs.method))
    require_same_networks(mine, its, run=run)
    other = build(theirs)
    folder.load_weights(other)
    for one, its_own in zip(_learned(network), _learned(other), strict=True):
        one.assign(its_own)


def _learned(network: keras.Model) -> list[keras.Variable]:
    """All weights but how the voice of an input is shifted, which is a setting."""
    return [weight for weight in network.weights if weight.name != SHIFT]


def require_same_networks(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], *, run: Path, option: str = "--start-from"
) -> None:
    """Raise a `MelganVcError` unless settings of a method, by name, are those of the run that an option names."""
    for setting, value in mine.items():
        if value != theirs[setting]:
            raise MelganVcError(
                f"Expected {option} with the run's own networks, received: method.{setting} is {value} in the run "
                f"and {theirs[setting]} in {run.name}. Take its settings: --config {RunFolder(run).config_file}"
            )
