"""What a vocoder's training begins with beside audio: another vocoder's weights, a model whose faults to learn."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import keras

from melgan_vc.atomic import replacing
from melgan_vc.config import RunConfig
from melgan_vc.convert.model import ConversionModel, require_direction
from melgan_vc.errors import MelganVcError
from melgan_vc.pretrained.catalogue import find_model
from melgan_vc.training.run_files import RunFiles
from melgan_vc.training.run_folder import RunFolder


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
    def named(cls, start_from: str | None, converted_by: str | None, to: str | None) -> Self:
        """By what a user says: names of models that ship, or run folders.

        Raises
        ------
        MelganVcError
            If there is no such model or domain, or ``to`` is of no model.
        """
        if to is not None and converted_by is None:
            raise MelganVcError(f"Expected --to with --converted-by MODEL, received: --to {to} alone")
        start, model = (str(find_model(name).absolute()) if name else None for name in (start_from, converted_by))
        if model:
            to = require_direction(RunFiles(Path(model)).load_config(), to)
        return cls(start, model, to)

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
            If they are of another architecture or for other log-mels.
        """
        if self.start_from is None:
            return
        folder = RunFolder(Path(self.start_from))
        theirs = folder.load_config()
        if theirs.method.name != "vocoder":
            raise MelganVcError(
                f"Expected a vocoder for --start-from, received: {folder.path}, which is of {theirs.method.name}"
            )
        config.mel.require_same(theirs.mel, mine="the run", theirs=f"the vocoder {folder.path.name}")
        for name in ("generator", "blocks", "start_iterations", "causal"):
            mine, other = getattr(config.method, name), getattr(theirs.method, name)
            if mine != other:
                raise MelganVcError(
                    f"Expected --start-from with the run's own network, received: method.{name} is {mine} in the run "
                    f"and {other} in {folder.path.name}. Begin with its settings: --config "
                    f"{folder.config_file}"
                )
        generator.set_weights(folder.load_translator(theirs).get_weights())

    def model(self, config: RunConfig) -> ConversionModel | None:
        """The model whose faults to learn, if there is one.

        Raises
        ------
        MelganVcError
            If it is for other log-mels.
        """
        if self.converted_by is None:
            return None
        model = ConversionModel(Path(self.converted_by), to=self.to)
        config.mel.require_same(model.config.mel, mine="the vocoder", theirs="the model of --converted-by")
        return model
