"""What a vocoder's training begins with beside audio: another vocoder's weights, a model whose faults to learn."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import keras

from melgan_vc.atomic import replacing
from melgan_vc.config import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.training.run_files import RunFiles
from melgan_vc.training.run_folder import RunFolder


def _of_network(method) -> dict:
    """The settings that two runs of the same network share, by name."""
    started = "of some number" if method.has_start else "none"  # the network does not know how many there were
    return {
        "generator": method.generator,
        "blocks": method.blocks,
        "start_iterations": started,
        "causal": method.causal,
    }


@dataclass(frozen=True)
class Origin:
    """Kept in a run's ``origin.json``, so that it resumes with the same.

    Attributes
    ----------
    start_from : str or None
        Folder of a vocoder's run.
    converted_by : str or None
        Folder of the run of a model that converts.
    to : str or None
        The domain of that model that the audio is of.
    """

    start_from: str | None = None
    converted_by: str | None = None
    to: str | None = None

    @classmethod
    def of_run(cls, run: Path) -> Self:
        """That of a run that goes on."""
        place = RunFiles(run).origin
        try:
            return cls(**json.loads(place.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError) as error:
            raise MelganVcError(f"Expected {place} as a training wrote it, received: {error}") from None

    def save(self, run: Path) -> None:
        """Write ``origin.json``."""
        with replacing(RunFiles(run).origin) as partial:
            partial.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def give_weights(self, config: RunConfig, generator: keras.Model) -> None:
        """Give a generator the weights to begin with, if there are any.

        Raises
        ------
        MelganVcError
            If they are of another method or architecture, or for other log-mels.
        """
        if self.start_from is None:
            return
        folder = RunFolder(Path(self.start_from))
        theirs, name = folder.load_config(), folder.path.name
        if theirs.method.name != "vocoder":
            raise MelganVcError(
                f"Expected a vocoder for --start-from, received: {name}, which is of {theirs.method.name}"
            )
        config.mel.require_same(theirs.mel, mine="the run", theirs=f"the vocoder {name}")
        others = _of_network(theirs.method)
        for setting, mine in _of_network(config.method).items():
            if mine != others[setting]:
                raise MelganVcError(
                    f"Expected --start-from with the run's own network, received: method.{setting} is {mine} in the "
                    f"run and {others[setting]} in {name}. Take its settings: --config {folder.config_file}"
                )
        generator.set_weights(folder.load_translator(theirs).get_weights())
