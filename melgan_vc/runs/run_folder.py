"""The run folder with the weights in it."""

from pathlib import Path

import keras
import numpy as np

from melgan_vc.atomic import replacing
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.checkpoint_files import WEIGHTS, newest_whole
from melgan_vc.runs.run_files import RunFiles
from melgan_vc.runs.weights_file import write_weights
from melgan_vc.terminal.console import GuardedConsole, say


class RunFolder(RunFiles):
    """A run folder, whose weights can be written and loaded; who builds the networks is not its matter."""

    def save_weights(self, network: keras.Model, *, best: bool = False) -> None:
        """Write what conversion loads; ``best`` writes what it prefers, the weights of the best judgement so far."""
        with replacing(self.best_file if best else self.weights_file) as partial:
            write_weights(network, partial)

    def load_weights(self, network: keras.Model) -> None:
        """Give a network that was built by the run's config its trained weights.

        They are the best where a panel chose them, else the newest. Where those are lost or damaged it is the newest
        that are whole, of the last step or of a checkpoint, and a line on standard error says so.

        Raises
        ------
        MelganVcError
            If all are missing, damaged, not finite, or of another architecture.
        """
        refusal = None
        for place in dict.fromkeys((self.conversion_weights, self.weights_file)):
            if place.is_file():
                problem = self._load(network, place)
                if problem is None:
                    return self._say_that(refusal, place)
                refusal = refusal or problem
        place = self._in_a_checkpoint()
        if place and self._load(network, place) is None:
            return self._say_that(refusal or f"there is no {self.weights_file.name}", place)
        raise MelganVcError(
            refusal
            or f"Expected trained weights in {self.path}, received: a folder without {self.weights_file.name}. "
            "Train the run for longer, or choose another."
        )

    def _load(self, network: keras.Model, place: Path) -> str | None:
        """Load weights; what is wrong with them, in a sentence, or None."""
        try:
            network.load_weights(place)
        except (ValueError, OSError, KeyError, RuntimeError) as error:
            first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
            return (
                f"Expected weights of a {network.name} as {self.config_file} describes it, received: "
                f"{place}, which do not fit or are damaged ({first_line})"
            )
        for variable in network.weights:
            if not np.isfinite(keras.ops.convert_to_numpy(variable)).all():
                return f"Expected finite weights, received: {place}, some of whose numbers are NaN or infinite"
        return None

    def _in_a_checkpoint(self) -> Path | None:
        """The weights of the newest whole checkpoint that has any."""
        try:
            newest = newest_whole(self.checkpoints, with_weights=True)
        except MelganVcError:
            return None
        return newest and newest / WEIGHTS

    def _say_that(self, problem: str | None, place: Path) -> None:
        """Tell the user, if there was a problem, which weights it is now."""
        if problem:
            say(GuardedConsole(stderr=True), f"Warning: {problem}. Used instead: {place}", style="yellow")
