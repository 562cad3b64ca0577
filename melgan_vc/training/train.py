"""A training run from two folders of audio to a run folder, told from top to bottom."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from melgan_vc.atomic import replacing
from melgan_vc.config import RunConfig
from melgan_vc.corpus.balanced_sampler import BalancedSampler
from melgan_vc.corpus.compare import warnings_about
from melgan_vc.corpus.listing import list_folder
from melgan_vc.corpus.prefetch import prefetch
from melgan_vc.corpus.prepare import Domain, prepare
from melgan_vc.corpus.report import report_table
from melgan_vc.corpus.sampler import CropSampler
from melgan_vc.errors import MelganVcError
from melgan_vc.methods import METHODS
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.model_card import model_card
from melgan_vc.training.progress import Counter, Progress, ProgressCallback
from melgan_vc.training.reporting import LiveLine, MetricsLog, Watch
from melgan_vc.training.run_folder import RunFolder
from melgan_vc.training.safety import Interruptible, Safety
from melgan_vc.training.samples import Samples, choose_clips
from melgan_vc.training.tensorboard_log import TensorboardLog
from melgan_vc.training.trainer import Trainer
from melgan_vc.training.vocoder_corpus import Retelling, wave_files, wave_sampler
from melgan_vc.training.vocoder_origin import Origin
from melgan_vc.training.vocoder_samples import VocoderSamples, choose_waves

# ``fit`` is stopped by a callback: after a rollback it takes more batches than steps.
_ENDLESS = 10**9


Watcher = Callable[[Progress, RunFolder, TensorboardLog], ProgressCallback]


@dataclass(frozen=True)
class Outcome:
    """How a training ended: the step, the seconds, and why it stopped early if it did."""

    step: int
    seconds: float
    stopped_because: str | None


def train(
    config: RunConfig,
    folders: dict[str, Path],
    run: Path,
    *,
    cache: Path,
    resume: bool = False,
    minutes: float | None = None,
    console: Console | None = None,
    watcher: Watcher | None = None,
    origin: Origin | None = None,
    model: Retelling | None = None,
) -> Outcome:
    """Train until ``config.training.steps``, or until the minutes are over, or until Ctrl-C.

    Parameters
    ----------
    config : RunConfig
        Everything about the run. When resuming, what `RunFolder.load_config` gave.
    folders : dict of str to Path
        A folder of audio for each of the method's domains, in order.
    run : Path
        The run folder. Without ``resume`` it must not hold a run already.
    cache : Path
        Folder for features, shared by runs.
    resume : bool
        Go on from the newest checkpoint, exactly as if there had been no break.
    minutes : float, optional
        Stop after so many minutes.
    console : rich.console.Console, optional
        Where the report and the live line go.
    watcher : callable, optional
        Makes one more callback, such as a `Panel`, from the counters, the run folder and the TensorBoard log.
    origin : Origin, optional
        Of a vocoder: what it begins with beside audio.
    model : Retelling, optional
        Of a vocoder: a model that converts, whose faults it is to learn.

    Returns
    -------
    Outcome

    Raises
    ------
    MelganVcError
        If a folder holds no usable audio, the run exists already, there is nothing to resume, or the training
        diverged twice.
    """
    console = console or Console()
    folder = RunFolder(run)
    checkpoints = Checkpoints(folder.checkpoints, keep=config.training.keep_checkpoints)
    start = _find_start(folder, checkpoints, resume)
    trainer = Trainer(config)  # first: a mistyped architecture is told before hours of features are made
    if origin and start is None:
        origin.give_weights(config, trainer.method.translator)
    domains = prepare_domains(config, folders, cache=cache, console=console)
    batches = 0
    if start is not None:
        batches = checkpoints.restore(trainer, start)
        console.print(f"Going on from step {trainer.step}.")
    else:
        trainer.method.learn_domains([domain.train for domain in domains])
        checkpoints.save(trainer, batches=0)  # what a rollback falls back to
        if origin:
            origin.save(folder.path)
    progress = Progress(trainer.step, batches, steps=config.training.steps, minutes=minutes)
    if progress.step >= progress.steps:
        raise MelganVcError(
            f"Expected steps left to train, received: a run at step {progress.step} of {progress.steps}. "
            "Ask for more with --steps."
        )
    with replacing(folder.corpus_report) as partial:
        partial.write_text(_reports_json(domains), encoding="utf-8")
    folder.save_config(config)  # last: a folder with a config.json is a run that can be resumed

    board = TensorboardLog(folder.logs)
    live = LiveLine(progress, console, report_every=config.training.report_every)
    interruptible = Interruptible(progress)
    callbacks = [
        Counter(progress),
        live,
        Watch(progress, every=config.training.report_every, say=console.print),
        Safety(progress, folder, checkpoints, every=config.training.checkpoint_every, say=console.print),
        _samples(progress, domains[0], config, folder, board),
        *([watcher(progress, folder, board)] if watcher else []),
        MetricsLog(progress, folder.metrics_file, board, every=config.training.report_every),
        interruptible,
    ]
    batch_feed = feed(config, domains, batches, console=console, model=model)
    try:
        trainer.fit(batch_feed, steps_per_epoch=_ENDLESS, epochs=1, verbose=0, shuffle=False, callbacks=callbacks)
    finally:
        _close(batch_feed)
        live.close()
        interruptible.restore()
        board.close()
    with replacing(folder.card) as partial:
        partial.write_text(model_card(config, domains, progress, run), encoding="utf-8")
    return Outcome(progress.step, progress.seconds, progress.stopped_because)


def prepare_domains(config: RunConfig, folders: dict[str, Path], *, cache: Path, console: Console) -> list[Domain]:
    """Make or find the features of each folder, and show what was found."""
    for path in folders.values():
        list_folder(path)  # a typo in the second folder is told before the first one is prepared
    options = {"mel": config.mel, "corpus": config.corpus, "cache": cache, "progress": not console.quiet}
    options["waveforms"] = METHODS[config.method.name].waveforms
    domains = [prepare(path, **options) for path in folders.values()]
    reports = [domain.report for domain in domains]
    console.print(report_table(reports))
    for warning in [] if options["waveforms"] else warnings_about(reports):  # folders that need not be alike
        console.print(f"[yellow]Warning:[/] {escape(warning)}")
    return domains


def _find_start(folder: RunFolder, checkpoints: Checkpoints, resume: bool) -> Path | None:
    """The checkpoint to go on from, or None for a new run; an error if that is not what was asked."""
    if not resume:
        if folder.config_file.exists():
            raise MelganVcError(
                f"Expected a new run folder, received: {folder.path} (it holds a run already). "
                "Go on with it with --resume, or choose another --run."
            )
        return None
    start = checkpoints.latest()
    if start is None:
        raise MelganVcError(f"Expected a run to resume, received: {folder.path} (it has no checkpoint)")
    return start


def feed(
    config: RunConfig,
    domains: list[Domain],
    first: int,
    *,
    console: Console | None = None,
    model: Retelling | None = None,
) -> Iterator:
    """Batches as ``fit`` takes them: a tuple whose only item is the batch."""
    sampler = _sampler(config, domains, console or Console(quiet=True), model)
    with contextlib.closing(prefetch(sampler, first, augment=_augmentation(config, domains))) as batches:
        for batch in batches:
            yield (batch,)


def _sampler(config: RunConfig, domains: list[Domain], console: Console, model: Retelling | None):
    """What draws the batches of the method."""
    method, training = METHODS[config.method.name], config.training
    if method.waveforms:
        return wave_sampler(config, wave_files(config, domains, console, model))
    sampler_type = BalancedSampler if method.mixed_batches else CropSampler
    return sampler_type(
        [domain.train for domain in domains],
        length=config.method.width,
        batch_size=training.batch_size,
        seed=training.seed,
    )


def _samples(progress: Progress, domain: Domain, config: RunConfig, folder: RunFolder, board: TensorboardLog):
    """The callback that lets a few clips be heard."""
    if METHODS[config.method.name].waveforms:
        return VocoderSamples(progress, choose_waves(domain, config), config, folder, board)
    return Samples(progress, choose_clips(domain, config), config, folder, board)


def _augmentation(config: RunConfig, domains: list[Domain]) -> Callable | None:
    """What is done to each batch before it is trained on, in order; None for nothing."""
    training, stages = config.training, []
    if training.frequency_mask or training.time_mask:
        from melgan_vc.corpus.augment import SpecAugment

        stages.append(SpecAugment(training.frequency_mask, training.time_mask, seed=training.seed))
    of_method = METHODS[config.method.name].augmentation(config, [domain.train for domain in domains])
    if of_method is not None:
        stages.append(of_method)

    def augment(batch, step):
        for stage in stages:
            batch = stage(batch, step)
        return batch

    return augment if stages else None


def _close(feed: Iterator) -> None:
    """Close a generator that a thread of TensorFlow's may still be inside of."""
    for _ in range(50):
        try:
            return feed.close()
        except ValueError:  # "generator already executing"
            time.sleep(0.1)


def _reports_json(domains: list[Domain]) -> str:
    return json.dumps([domain.report.to_json() for domain in domains], indent=2) + "\n"
