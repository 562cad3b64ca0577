"""One function over many files: in threads, with a progress bar, and an end to it on Ctrl-C."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from melgan_vc.engine.lasting_output import lasting
from melgan_vc.terminal.console import GuardedConsole
from melgan_vc.terminal.printable import printable

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_WORKERS = 8


def for_each(
    work: Callable[[Item, threading.Event], Result],
    items: Sequence[Item],
    *,
    description: str,
    workers: int | None = None,
    progress: bool = True,
) -> list[Result]:
    """The results of ``work(item, stop)``, in the order of the items.

    Threads, not processes: decoding, resampling and Fourier transforms run outside Python's lock, and a
    process that holds TensorFlow must not be forked.

    Parameters
    ----------
    work : callable
        Takes an item and the event that tells it to give up.
    items : sequence
        What to work on.
    description : str
        What the progress bar says.
    workers : int, optional
        Threads; by default as many as there are processors, 8 at most.
    progress : bool
        Whether to show the bar, on standard error.
    """
    stop = threading.Event()
    workers = workers or min(MOST_WORKERS, os.cpu_count() or 1)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=lasting(GuardedConsole(stderr=True)),
        disable=not progress,
    )
    with bar, ThreadPoolExecutor(workers, thread_name_prefix="corpus") as pool:
        task = bar.add_task(printable(description), total=len(items))
        futures = [pool.submit(work, item, stop) for item in items]
        try:
            for future in as_completed(futures):
                future.result()
                bar.advance(task)
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [future.result() for future in futures]
