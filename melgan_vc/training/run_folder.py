"""The run folder: what a training leaves behind, and all that conversion needs."""

from pathlib import Path

import keras

from melgan_vc.atomic import replacing
from melgan_vc.config import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods import METHODS
from melgan_vc.training.run_files import RunFiles


class RunFolder(RunFiles):
    """A run folder, with the networks in it."""

    def save_weights(self, trainer) -> None:
        """Write the translator's (averaged) weights, which conversion loads."""
        self._save(trainer, self.weights_file)

    def save_best(self, trainer) -> None:
        """Write them as the best so far, which conversion prefers."""
        self._save(trainer, self.best_file)

    def _save(self, trainer, place: Path) -> None:
        averaged = trainer.averaged_weights()
        translator = METHODS[trainer.config.method.name].build_translator(trainer.config)
        translator.set_weights(averaged)
        with replacing(place) as partial:
            translator.save_weights(partial)

    def load_translator(self, config: RunConfig) -> keras.Model:
        """The network that conversion needs, with its trained weights: the best where a panel chose them.

        Raises
        ------
        MelganVcError
            If the weights are missing, damaged, or of another architecture.
        """
        weights_file = self.conversion_weights
        if not weights_file.is_file():
            raise MelganVcError(
                f"Expected trained weights in {self.path}, received: a folder without {self.weights_file.name}. "
                "Train the run for longer, or choose another."
            )
        translator = METHODS[config.method.name].build_translator(config)
        try:
            translator.load_weights(weights_file)
        except (ValueError, OSError, KeyError) as error:
            first_line = str(error).strip().splitlines()[0]
            raise MelganVcError(
                f"Expected weights of a {translator.name} as {self.config_file} describes it, received: "
                f"{weights_file}, which do not fit or are damaged ({first_line})"
            ) from None
        return translator
