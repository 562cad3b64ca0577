"""A training run from folders of audio to a run folder, told from top to bottom."""

import contextlib
import functools
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from melgan_vc.atomic import NoRoomError, no_room, replacing, sweep
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.compare import warnings_about
from melgan_vc.corpus.listing import list_folder
from melgan_vc.corpus.prefetch import prefetch
from melgan_vc.corpus.prepare import Domain, prepare
from melgan_vc.corpus.report import folders_table
from melgan_vc.corpus.store import FrameStore
from melgan_vc.engine.lasting_output import lasting
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.base import Method
from melgan_vc.runs.checkpoint_files import checkpoint_folders
from melgan_vc.runs.learned_audio import Audio, compare_audio
from melgan_vc.runs.one_training import one_training
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.listen import listen_to_folders
from melgan_vc.training.log.live_line import LiveLine
from melgan_vc.training.log.metrics import MetricsLog, Report
from melgan_vc.training.log.model_card import model_card
from melgan_vc.training.log.sample_writer import SampleWriter
from melgan_vc.training.log.tensorboard import TensorboardLog
from melgan_vc.training.log.trouble import TroubleWarnings
from melgan_vc.training.progress import Counter, Progress, ProgressCallback
from melgan_vc.training.safety import Interruptible, Safety
from melgan_vc.training.trainer import Trainer

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
    origin: Origin | None = None,
    console: Console | None = None,
    watcher: Watcher | None = None,
    listen: Callable[[Report], None] | None = None,
    stop: threading.Event | None = None,
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
    origin : Origin, optional
        What the run begins with beside audio; one that goes on has its own.
    console : rich.console.Console, optional
        Where the report and the live line go.
    watcher : callable, optional
        Makes one more callback, such as a `Panel`, from the counters, the run folder and the TensorBoard log.
    listen : callable, optional
        Is given a `Report` every ``config.training.report_every`` steps.
    stop : threading.Event, optional
        Ends the training after the batch in hand, as Ctrl-C does, once another thread has set it.

    Returns
    -------
    Outcome

    Raises
    ------
    MelganVcError
        If a folder holds no usable audio, or no speech where it is to be a voice, the run exists already, another
        process is training it, there is nothing to resume, a folder has other audio than the run learned from, the
        disk is full (the last whole state stays, and can be resumed), or the training diverged twice.
    """
    folder, console = RunFolder(run), lasting(console or Console())
    if resume and not folder.path.is_dir():
        raise _nothing_to_resume(folder)
    with one_training(folder.path), _full_disk_in_words(folder):
        sweep(folder.path)
        checkpoints = Checkpoints(folder.checkpoints, keep=config.training.keep_checkpoints)
        start = _find_start(folder, checkpoints, resume, say=console.print)
        origin = Origin.of_run(run) if resume else origin or Origin()
        trainer = Trainer(config)  # first: a mistyped architecture is told before hours of features are made
        trainer.method.begin_with(origin, resumed=resume)
        if not resume:
            listen_to_folders(config, folders, say=functools.partial(_warn, console))
        domains = prepare_domains(config, folders, cache=cache, console=console)
        if resume:
            compare_audio(folder.trained_on_audio(), _audio_of(domains), say=console.print)
        stores = [domain.train for domain in domains]
        batches = 0
        if start is not None:
            batches = checkpoints.restore(trainer, start)
            console.print(f"Going on from step {trainer.step}.")
        else:
            trainer.method.learn_domains(stores)
            checkpoints.save(trainer, batches=0)  # what a rollback falls back to
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
        _fit(trainer, domains, progress, folder, checkpoints, console, watcher=watcher, listen=listen, stop=stop)
        with replacing(folder.card) as partial:
            partial.write_text(model_card(config, domains, progress, run), encoding="utf-8")
    return Outcome(progress.step, progress.seconds, progress.stopped_because)


def _fit(
    trainer: Trainer,
    domains: list[Domain],
    progress: Progress,
    folder: RunFolder,
    checkpoints: Checkpoints,
    console: Console,
    *,
    watcher: Watcher | None,
    listen: Callable[[Report], None] | None,
    stop: threading.Event | None,
) -> None:
    """Train until the end, and save and report as it goes."""
    config = trainer.config
    board = TensorboardLog(folder.logs)
    live = LiveLine(progress, console, report_every=config.training.report_every)
    interruptible = Interruptible(progress, stop)
    shown = domains[0].held_out if len(domains[0].held_out) else domains[0].train
    callbacks = [
        Counter(progress),
        live,
        TroubleWarnings(progress, every=config.training.report_every, say=console.print),
        Safety(progress, folder, checkpoints, every=config.training.checkpoint_every, say=console.print),
        SampleWriter(progress, trainer.method.samples(shown), config, folder, board),
        *([watcher(progress, folder, board)] if watcher else []),
        MetricsLog(progress, folder.metrics_file, board, every=config.training.report_every, listen=listen),
        interruptible,
    ]
    batch_feed = feed(trainer.method, [domain.train for domain in domains], progress.batches, console=console)
    try:
        data = trainer.as_data(batch_feed)
        trainer.fit(data, steps_per_epoch=_ENDLESS, epochs=1, verbose=0, shuffle=False, callbacks=callbacks)
    finally:
        _close(batch_feed)
        live.close()
        interruptible.restore()
        board.close()


def prepare_domains(config: RunConfig, folders: dict[str, Path], *, cache: Path, console: Console) -> list[Domain]:
    """Make or find the features of each folder, and show what was found."""
    for path in folders.values():
        list_folder(path)  # a typo in the second folder is told before the first one is prepared
    options = {"mel": config.mel, "corpus": config.corpus, "cache": cache, "progress": not console.quiet}
    needs = (*config.method.needs, *config.method.trained_with)
    domains = [prepare(path, needs=needs, **options) for path in folders.values()]
    reports = [domain.report for domain in domains]
    console.print(folders_table(reports))
    if config.method.folders != "any":  # those need not be alike
        for warning in warnings_about(reports, of_minutes=config.method.of_minutes):
            _warn(console, warning)
    return domains


def _warn(console: Console, warning: str) -> None:
    console.print(f"[yellow]Warning:[/] {escape(warning)}")


def _find_start(
    folder: RunFolder, checkpoints: Checkpoints, resume: bool, *, say: Callable[[str], None]
) -> Path | None:
    """The checkpoint to go on from, or None for a new run; an error if that is not what was asked."""
    if not resume:
        if folder.config_file.exists():
            raise MelganVcError(
                f"Expected a new run folder, received: {folder.path} (it holds a run already). "
                "Go on with it with --resume, or choose another --run."
            )
        return None
    start = checkpoints.latest(say)
    if start is None:
        raise _nothing_to_resume(folder)
    return start


def _nothing_to_resume(folder: RunFolder) -> MelganVcError:
    return MelganVcError(f"Expected a run to resume, received: {folder.path} (it has no checkpoint)")


@contextlib.contextmanager
def _full_disk_in_words(folder: RunFolder) -> Iterator[None]:
    """Tell what is to be done when the disk is full."""
    try:
        yield
    except Exception as error:
        if not (reason := no_room(error)):
            raise
        told = str(error) if isinstance(error, NoRoomError) else f"Could not write in {folder.path}: {reason}."
        resumable = folder.config_file.is_file() and checkpoint_folders(folder.checkpoints)
        if resumable:
            step = int(resumable[0].name.removeprefix("step-"))
            told += f" The run is saved up to step {step}: go on with --resume."
        raise NoRoomError(told) from None


def feed(
    method: Method, stores: Sequence[FrameStore], first: int, *, console: Console | None = None
) -> Iterator[tuple]:
    """Batches as ``fit`` takes them: a tuple whose only item is the batch."""
    batches = method.batches(stores, console=console or Console(quiet=True))
    with contextlib.closing(prefetch(batches, first)) as ready:
        for batch in ready:
            yield (batch,)


def _close(feed: Iterator) -> None:
    """Close a generator that a thread of TensorFlow's may still be inside of."""
    for _ in range(50):
        try:
            return feed.close()
        except ValueError:  # "generator already executing"
            time.sleep(0.1)


def _reports_json(domains: list[Domain]) -> str:
    # Absolute: a run may go on from another working folder.
    reports = [domain.report.to_json() | {"folder": str(domain.folder.absolute())} for domain in domains]
    return json.dumps(reports, indent=2) + "\n"


def _audio_of(domains: list[Domain]) -> list[Audio]:
    return [Audio(domain.folder, frozenset(file.digest for file in domain.report.files)) for domain in domains]
