"""The run folder with the weights in it."""

from pathlib import Path

import keras

from melgan_vc.atomic import replacing
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.run_files import RunFiles


class RunFolder(RunFiles):
    """A run folder, whose weights can be written and loaded; who builds the networks is not its matter."""

    def save_weights(self, network: keras.Model, *, best: bool = False) -> None:
        """Write what conversion loads; ``best`` writes what it prefers, the weights of the best judgement so far."""
        with replacing(self.best_file if best else self.weights_file) as partial:
            network.save_weights(partial)

    def load_weights(self, network: keras.Model) -> None:
        """Give a network that was built by the run's config its trained weights: the best where a panel chose them.

        Raises
        ------
        MelganVcError
            If the weights are missing, damaged, or of another architecture.
        """
        place: Path = self.conversion_weights
        if not place.is_file():
            raise MelganVcError(
                f"Expected trained weights in {self.path}, received: a folder without {self.weights_file.name}. "
                "Train the run for longer, or choose another."
            )
        try:
            network.load_weights(place)
        except (ValueError, OSError, KeyError) as error:
            first_line = str(error).strip().splitlines()[0]
            raise MelganVcError(
                f"Expected weights of a {network.name} as {self.config_file} describes it, received: "
                f"{place}, which do not fit or are damaged ({first_line})"
            ) from None
