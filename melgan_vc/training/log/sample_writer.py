"""The same held-out clips, made again and again while training: pictures and audio."""

import io

import numpy as np
import soundfile

from melgan_vc.atomic import replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.methods.samples import SampleMaker
from melgan_vc.plot.log_mels import spectrograms_png
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.log.tensorboard import TensorboardLog
from melgan_vc.training.progress import Progress, ProgressCallback


class SampleWriter(ProgressCallback):
    """Makes the clips with the averaged weights; to TensorBoard and to ``samples/`` in the run folder.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    maker : SampleMaker
        Of the method.
    config : RunConfig
        Of the run.
    folder : RunFolder
        Of the run.
    board : TensorboardLog
        Where pictures and audio go as well.
    """

    def __init__(
        self,
        progress: Progress,
        maker: SampleMaker,
        config: RunConfig,
        folder: RunFolder,
        board: TensorboardLog,
    ):
        super().__init__(progress)
        self.maker = maker
        self.config = config
        self.folder = folder
        self.board = board
        self._written = -1

    def on_train_batch_end(self, batch, logs=None):
        if self.progress.step % self.config.training.sample_every == 0:
            self.write()

    def on_train_end(self, logs=None):
        self.write()

    def write(self) -> None:
        """Make the clips as the model stands, and write what came of it."""
        if self._written == self.progress.step:
            return
        first = self._written < 0
        self._written = self.progress.step
        self.maker.load(self.model.averaged_weights())
        for name, clip in self.maker.clips.items():
            made = self.maker.make(clip)
            if not all(np.isfinite(sample.log_mel).all() for sample in made.values()):
                return  # the training has diverged: a rollback is near
            for number, (kind, sample) in enumerate(made.items()):
                if first or number > 0:  # what a clip was stays what it was
                    self._write_audio(f"{name}-{kind}", sample.wave())
            picture = spectrograms_png(
                {kind: sample.log_mel for kind, sample in made.items()},
                self.config.mel,
                title=f"{name}, step {self.progress.step}",
            )
            self.board.image(f"clips/{name}", picture, step=self.progress.step)
            with replacing(self._place(name, ".png"), synced=False) as partial:
                partial.write_bytes(picture)

    def _write_audio(self, name: str, wave: np.ndarray) -> None:
        self.board.audio(f"clips/{name}", wave, rate=self.config.mel.rate, step=self.progress.step)
        encoded = io.BytesIO()  # libsndfile does not tell why it cannot write to a file
        soundfile.write(encoded, np.clip(wave, -1.0, 1.0), self.config.mel.rate, format="FLAC")
        with replacing(self._place(name, ".flac"), synced=False) as partial:
            partial.write_bytes(encoded.getvalue())

    def _place(self, name: str, suffix: str):
        return self.folder.samples / f"step-{self.progress.step:08d}" / f"{name}{suffix}"
