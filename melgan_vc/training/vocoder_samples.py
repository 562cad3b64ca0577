"""The same held-out waveforms, made again from their log-mels while a vocoder is trained."""

import numpy as np
import soundfile

from melgan_vc.atomic import replacing
from melgan_vc.audio.mel import log_mel
from melgan_vc.config import RunConfig
from melgan_vc.corpus.prepare import Domain
from melgan_vc.methods import METHODS
from melgan_vc.plot.log_mels import spectrograms_png
from melgan_vc.training.progress import Progress, ProgressCallback
from melgan_vc.training.run_folder import RunFolder
from melgan_vc.training.tensorboard_log import TensorboardLog
from melgan_vc.vocoders.neural import NeuralVocoder

_SECONDS = 8.0
_CLIPS = 3


def choose_waves(domain: Domain, config: RunConfig) -> dict[str, np.ndarray]:
    """Beginnings of up to three held-out files, by file name; of training files where none is held out."""
    store = domain.held_out if len(domain.held_out) else domain.train
    longest = np.argsort(-store.frame_counts, kind="stable")[:_CLIPS]
    waves = {}
    for index in sorted(longest):
        wave = np.load(store.files[index].waveform, mmap_mode="r")
        waves[store.paths[index].stem] = np.array(wave[: int(_SECONDS * config.mel.rate)], np.float32)
    return waves


class VocoderSamples(ProgressCallback):
    """Makes the clips again with the averaged weights; to TensorBoard and to ``samples/`` in the run folder.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    waves : dict of str to np.ndarray
        Waveforms by name.
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
        waves: dict[str, np.ndarray],
        config: RunConfig,
        folder: RunFolder,
        board: TensorboardLog,
    ):
        super().__init__(progress)
        self.waves = waves
        self.config = config
        self.folder = folder
        self.board = board
        self._vocoder = NeuralVocoder(config, METHODS[config.method.name].build_translator(config))
        self._written = -1

    def on_train_batch_end(self, batch, logs=None):
        if self.progress.step % self.config.training.sample_every == 0:
            self.write()

    def on_train_end(self, logs=None):
        self.write()

    def write(self) -> None:
        """Make the clips as the vocoder stands, and write what came of it."""
        if self._written == self.progress.step:
            return
        first = self._written < 0
        self._written = self.progress.step
        self._vocoder.set_weights(self.model.averaged_weights())
        for name, wave in self.waves.items():
            mel = log_mel(wave, self.config.mel)
            made = self._vocoder.invert(mel)[: len(wave)]
            if not np.isfinite(made).all():  # the training has diverged: a rollback is near
                return
            if first:
                self._write_audio(f"{name}-recorded", wave)
            self._write_audio(f"{name}-made", made)
            picture = spectrograms_png(
                {"recorded": mel, "made": log_mel(made, self.config.mel)},
                self.config.mel,
                title=f"{name}, step {self.progress.step}",
            )
            self.board.image(f"clips/{name}", picture, step=self.progress.step)
            with replacing(self._place(name, ".png")) as partial:
                partial.write_bytes(picture)

    def _write_audio(self, name: str, wave: np.ndarray) -> None:
        self.board.audio(f"clips/{name}", wave, rate=self.config.mel.rate, step=self.progress.step)
        with replacing(self._place(name, ".flac")) as partial:
            soundfile.write(partial, np.clip(wave, -1.0, 1.0), self.config.mel.rate)

    def _place(self, name: str, suffix: str):
        return self.folder.samples / f"step-{self.progress.step:08d}" / f"{name}{suffix}"
