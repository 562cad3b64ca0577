"""What the siamese network of a run makes of sound: a vector for each chunk."""

from pathlib import Path

import keras
import numpy as np

from melgan_vc.audio.channels import mono_mix
from melgan_vc.audio.files import Resampler
from melgan_vc.audio.loudness import levelled
from melgan_vc.audio.mel import SILENCE, log_mel
from melgan_vc.audio.rates import whole_rate
from melgan_vc.config.run import RunConfig
from melgan_vc.convert.waveform import require_waveform
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.trainer import Trainer


class SiameseVectors:
    """A run's siamese network, loaded once.

    Conversion does not need it, so it is in no weights file; it comes out of the newest checkpoint.

    Parameters
    ----------
    run : Path
        A run folder with its checkpoints.

    Raises
    ------
    MelganVcError
        If there is no checkpoint, or the run was trained without a siamese network.
    """

    def __init__(self, run: Path):
        folder = RunFolder(run)
        self.config: RunConfig = folder.load_config()
        checkpoints = Checkpoints(folder.checkpoints, keep=self.config.training.keep_checkpoints)
        newest = checkpoints.latest()
        if newest is None:
            raise MelganVcError(
                f"Expected a run folder with its checkpoints, received: {run} (it has none). The siamese network "
                "is no part of models that ship or were exported; embed with the run that was trained."
            )
        trainer = Trainer(self.config)
        self._siamese = trainer.method.siamese
        if self._siamese is None:
            raise MelganVcError(
                f"Expected a run with a siamese network, which method.travel gives it, received: {run} "
                f"({self.config.method.name} without it)"
            )
        checkpoints.restore(trainer, newest)

    def __call__(self, wave: np.ndarray, rate: int) -> np.ndarray:
        """Embed the chunks of a waveform.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)`` or ``(samples, channels)``, float, full scale is ±1; of channels see `mono_mix`.
        rate : int
            Its sampling rate in Hz.

        Returns
        -------
        np.ndarray
            Shape ``(chunks, embedding)``, float32. Chunks have the length that the run is trained on, one after the
            other; a rest at the end is left out, and sound of less than a chunk is filled up with silence.
        """
        mel, chunk = self.config.mel, self._siamese.input_shape[1]
        wave, rate = require_waveform(wave), whole_rate(rate)
        mono = wave if wave.ndim == 1 else mono_mix(wave, rate)
        mono = Resampler(rate, mel.rate, 1).process(mono[:, None], last=True)[:, 0]
        frames = log_mel(levelled(mono, mel.rate, self.config.corpus.level_db), mel)
        number = max(1, len(frames) // chunk)
        chunks = np.full((number * chunk, mel.n_mels), SILENCE, np.float32)
        kept = frames[: len(chunks)]
        chunks[: len(kept)] = kept
        embedded = self._siamese(chunks.reshape(number, chunk, mel.n_mels), training=False)
        return np.asarray(keras.ops.convert_to_numpy(embedded), np.float32)
