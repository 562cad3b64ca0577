"""The same held-out clips, converted again and again while training: pictures and audio."""

import numpy as np
import soundfile

from melgan_vc.atomic import replacing
from melgan_vc.audio.voice import Voices
from melgan_vc.config import RunConfig
from melgan_vc.corpus.prepare import Domain
from melgan_vc.methods import METHODS
from melgan_vc.methods.architectures import STRIDES
from melgan_vc.plot.log_mels import spectrograms_png
from melgan_vc.training.progress import Progress, ProgressCallback
from melgan_vc.training.run_folder import RunFolder
from melgan_vc.training.tensorboard_log import TensorboardLog
from melgan_vc.vocoders.griffin_lim import GriffinLim

_SECONDS = 8.0
_CLIPS = 3


def choose_clips(domain: Domain, config: RunConfig) -> dict[str, np.ndarray]:
    """Up to three log-mels of held-out files, by file name; of training files where none is held out."""
    store = domain.held_out if len(domain.held_out) else domain.train
    step = STRIDES[config.method.generator.architecture]
    longest = int(_SECONDS * config.mel.frames_per_second) // step * step
    clips = {}
    by_length = np.argsort([-min(count, longest) for count in store.frame_counts], kind="stable")
    for index in sorted(by_length[:_CLIPS]):
        frames = max(step, min(int(store.frame_counts[index]), longest) // step * step)
        clips[store.paths[index].stem] = store.crop(int(index), 0, frames)
    return clips


class Samples(ProgressCallback):
    """Converts the clips with the averaged weights; to TensorBoard and to ``samples/`` in the run folder.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    clips : dict of str to np.ndarray
        Log-mels of source clips by name.
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
        clips: dict[str, np.ndarray],
        config: RunConfig,
        folder: RunFolder,
        board: TensorboardLog,
    ):
        super().__init__(progress)
        self.clips = clips
        self.config = config
        self.folder = folder
        self.board = board
        self._vocoder = GriffinLim(config.mel)
        self._translator = METHODS[config.method.name].build_translator(config)
        self._written = -1

    def on_train_batch_end(self, batch, logs=None):
        if self.progress.step % self.config.training.sample_every == 0:
            self.write()

    def on_train_end(self, logs=None):
        self.write()

    def write(self) -> None:
        """Convert the clips as the model stands, and write what came of it."""
        if self._written == self.progress.step:
            return
        first = self._written < 0
        self._written = self.progress.step
        self._translator.set_weights(self.model.averaged_weights())
        for name, mel in self.clips.items():
            given = self._moved_to_target(mel)
            converted = np.asarray(self._translator(given[None], training=False))[0]
            if not np.isfinite(converted).all():  # the training has diverged: a rollback is near
                return
            if first:
                self._write_audio(f"{name}-source", mel)
            self._write_audio(f"{name}-converted", converted)
            picture = spectrograms_png(
                {"source": mel, "converted": converted},
                self.config.mel,
                title=f"{name}, step {self.progress.step}",
            )
            self.board.image(f"clips/{name}", picture, step=self.progress.step)
            with replacing(self._place(name, ".png")) as partial:
                partial.write_bytes(picture)

    def _moved_to_target(self, mel: np.ndarray) -> np.ndarray:
        """A clip with its voice where the translator wants it."""
        method = METHODS[self.config.method.name]
        ways = method.domains_of(self.config)[0], method.directions_of(self.config)[0]
        own, wanted = (method.voice_of(self.config, self._translator, domain) for domain in ways)
        return mel if wanted is None else Voices(self.config.mel).move(mel, own, wanted).astype(np.float32)

    def _write_audio(self, name: str, mel: np.ndarray) -> None:
        wave = self._vocoder.invert(mel)
        self.board.audio(f"clips/{name}", wave, rate=self.config.mel.rate, step=self.progress.step)
        with replacing(self._place(name, ".flac")) as partial:
            soundfile.write(partial, np.clip(wave, -1.0, 1.0), self.config.mel.rate)

    def _place(self, name: str, suffix: str):
        return self.folder.samples / f"step-{self.progress.step:08d}" / f"{name}{suffix}"
