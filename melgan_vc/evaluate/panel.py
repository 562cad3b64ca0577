"""A few held-out clips, judged again and again while a run trains: which weights are best, and when to stop."""

import copy
import csv
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from melgan_vc.atomic import replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.clips import NamedClip, examples, held_out_clips
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.evaluation import measure_row
from melgan_vc.evaluate.many_voices.judge import ManyVoicesJudge
from melgan_vc.evaluate.metrics.chroma import Chroma
from melgan_vc.evaluate.metrics.genre import Genre
from melgan_vc.evaluate.metrics.metric import Metric
from melgan_vc.evaluate.metrics.naturalness import Naturalness
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity
from melgan_vc.evaluate.rows import converted_clips
from melgan_vc.evaluate.score import COLUMNS, score
from melgan_vc.evaluate.tasks import task_of
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.log.tensorboard import TensorboardLog
from melgan_vc.training.progress import Progress, ProgressCallback
from melgan_vc.training.train import Watcher
from melgan_vc.vocoders.griffin_lim import GriffinLim

_CLIPS, _EXAMPLES, _SECONDS = 6, 20, 10.0


class Judge:
    """Converts fixed clips with any weights of a run, and gives the figures and the score.

    Parameters
    ----------
    task : {'voice', 'music'}
        Which figures.
    config : RunConfig
        Of the run.
    clips : sequence of NamedClip
        Held-out clips of the source.
    source_examples, target_examples : sequence of np.ndarray
        Waveforms ``(samples,)`` that show the two styles.
    tags : tuple of str
        For music, musicnn's tags of the source style and of the target style.

    Raises
    ------
    MissingEvaluator
        If a package is not installed.
    """

    def __init__(
        self,
        task: str,
        config: RunConfig,
        *,
        clips: Sequence[NamedClip],
        source_examples: Sequence[np.ndarray],
        target_examples: Sequence[np.ndarray],
        tags: tuple[str, str] = ("jazz", "classical"),
    ):
        self.task = task
        self.clips = clips
        self.metrics: list[Metric]
        if task == "voice":
            self.metrics, columns = [SpeakerSimilarity(), PhonemeError(), Naturalness()], COLUMNS[task]
        else:
            genre = Genre(*tags)
            source, target = (column.name for column in genre.columns)
            self.metrics, columns = [genre, Chroma()], (target, source, "chroma_margin")
        self._columns = dict(zip(COLUMNS[task], columns, strict=True))
        for metric in self.metrics:
            metric.prepare(source_examples, target_examples, config.mel.rate)
        self._vocoder = GriffinLim(config.mel)
        self._take(config)

    @classmethod
    def of_folders(cls, config: RunConfig, source: Path, target: Path) -> Self:
        """A judge with a few clips that training on these two folders holds out.

        Raises
        ------
        MelganVcError
            If a folder has no usable audio, the source has no held-out file, or a package is not installed.
        """
        options = {"rate": config.mel.rate, "share": config.corpus.held_out, "seconds": _SECONDS}
        return cls(
            task_of(config),
            config,
            clips=held_out_clips(source, count=_CLIPS, **options),
            source_examples=[clip.wave for clip in examples(source, count=_EXAMPLES, **options)],
            target_examples=[clip.wave for clip in examples(target, count=_EXAMPLES, **options)],
        )

    def for_config(self, config: RunConfig) -> Self:
        """The same clips and metrics for runs of another config, whose mel is the same."""
        judge = copy.copy(self)
        judge._take(config)
        return judge

    def _take(self, config: RunConfig) -> None:
        self.config = config
        self._model = conversion_of(config, build_network(config))

    def __call__(self, weights: Sequence[np.ndarray]) -> dict[str, float]:
        """Medians over the clips with the network's weights, and ``score``."""
        self._model.set_weights(weights)
        clips, _ = converted_clips(self._model, self._vocoder, self.clips)
        medians = measure_row("panel", clips, self.metrics).medians
        figures = {name: float(medians[column]) for name, column in self._columns.items()}
        return figures | {"score": score(self.task, figures)}


def judge_for(config: RunConfig, folders: Mapping[str, Path]) -> Judge | ManyVoicesJudge:
    """The judge of a run: from its source to its target, or between all domains where its config names them.

    Parameters
    ----------
    config : RunConfig
        Of the run.
    folders : mapping of str to Path
        By domain, as training takes them.

    Raises
    ------
    MelganVcError
        If a folder has no usable audio or no held-out file, if a package is not installed, or if there is one voice
        and nothing to convert to it.
    """
    voices = {name: folders[name] for name in config.method.named_domains}
    if len(voices) > 1:
        return ManyVoicesJudge.of_folders(config, voices)
    (target,) = voices or ("target",)
    if "source" not in folders:
        raise MelganVcError(
            f"Expected something to convert to {target} with --panel-every, received: one voice alone. Give a second "
            "--voice, or evaluate the run when it is done: melgan-vc evaluate"
        )
    return Judge.of_folders(config, folders["source"], folders[target])


def panel_for(
    config: RunConfig, folders: Mapping[str, Path], *, every: int, patience: int, say: Callable[..., None]
) -> Watcher:
    """What makes the panel of a run once its training has begun; clips and packages are loaded now.

    Parameters
    ----------
    config, folders
        As for `judge_for`, which says what can be wrong with them.
    every, patience : int
        As for `Panel`.
    say : callable
        A console's ``print``.
    """
    judge = judge_for(config, folders)
    plainly = functools.partial(say, highlight=False, soft_wrap=True)

    def watcher(progress: Progress, folder: RunFolder, board: TensorboardLog) -> "Panel":
        return Panel(progress, judge, folder, board, every=every, patience=patience, say=plainly)

    return watcher


class Panel(ProgressCallback):
    """Runs a judge every few steps; keeps the best weights; stops when nothing gets better.

    ``panel.csv`` in the run folder has a row for each time, and ``best.weights.h5`` the weights of the highest
    score, which conversion prefers.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    judge : callable
        Weights of the run's network to figures, among them ``score``.
    folder : RunFolder
        Of the run.
    board : TensorboardLog
        For a curve of each figure.
    every : int
        Steps from one time to the next.
    patience : int
        Stop after so many times without a better score; 0 never stops.
    say : callable
        Prints a line for the user.
    """

    def __init__(
        self, progress: Progress, judge, folder: RunFolder, board: TensorboardLog, *, every: int, patience: int, say
    ):
        super().__init__(progress)
        self.judge = judge
        self.folder = folder
        self.board = board
        self.every = every
        self.patience = patience
        self.say = say
        self.rows: list[dict[str, float]] = []

    def on_train_begin(self, logs=None):
        self.rows = [row for row in self.folder.panel_rows() if row["step"] <= self.progress.step]

    def on_train_batch_end(self, batch, logs=None):
        if self.progress.step % self.every:
            return
        weights = self.model.averaged_weights()
        if not all(np.isfinite(array).all() for array in weights):
            return  # diverged: a rollback is near
        self.rows = [row for row in self.rows if row["step"] < self.progress.step]  # after a rollback
        best = max((row["score"] for row in self.rows if not math.isnan(row["score"])), default=-math.inf)
        figures = self.judge(weights)
        self.rows.append({"step": self.progress.step, **figures})
        if figures["score"] > best:
            self.folder.save_weights(self.model.averaged_network(), best=True)
        self._write()
        self.board.scalars({f"panel/{name}": value for name, value in figures.items()}, step=self.progress.step)
        shown = "  ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in figures.items())
        self.say(f"Panel at step {self.progress.step}: {shown}{'  (best so far)' if figures['score'] > best else ''}")
        self._consider_stopping()

    def _write(self) -> None:
        with replacing(self.folder.panel_file) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(self.rows[-1]))
            writer.writeheader()
            writer.writerows(self.rows)

    def _consider_stopping(self) -> None:
        scores = [-math.inf if math.isnan(row["score"]) else row["score"] for row in self.rows]
        since = len(scores) - 1 - scores.index(max(scores))
        if self.patience and since >= self.patience:
            self.progress.stopped_because = f"the panel's score has not risen {since} times in a row"
            self.model.stop_training = True
