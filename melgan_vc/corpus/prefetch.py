"""Batches made ready in the background while the accelerator works on the last one."""

import queue
import threading
from collections.abc import Generator
from typing import Protocol

import numpy as np

Batch = tuple[np.ndarray, ...]


class Sampler(Protocol):
    """Gives the batch of any step."""

    def batch(self, step: int) -> Batch:
        """A pure function of the step."""
        ...


def prefetch(
    sampler: Sampler,
    first_step: int,
    *,
    depth: int = 8,
) -> Generator[Batch, None, None]:
    """Endless generator of ``sampler.batch(first_step)``, ``sampler.batch(first_step + 1)``, and so on.

    Its ``close()`` (or `contextlib.closing`) ends the background thread.

    Parameters
    ----------
    sampler : Sampler
        Where the batches come from.
    first_step : int
        Step of the first batch.
    depth : int
        Batches that wait at most.

    Yields
    ------
    tuple of np.ndarray
        One ``(batch_size, length, n_mels)`` float32 array per domain.

    Raises
    ------
    Exception
        Whatever sampling raises in the background.
    """
    ready: queue.Queue = queue.Queue(maxsize=depth)
    closing = threading.Event()
    thread = threading.Thread(target=_fill, args=(ready, closing, sampler, first_step), name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            batch, error = ready.get()
            if error is not None:
                raise error
            yield batch
    finally:
        closing.set()
        thread.join()


def _fill(ready: queue.Queue, closing: threading.Event, sampler: Sampler, step: int) -> None:
    """Put ``(batch, None)`` into the queue until told to close, or ``(None, error)`` once."""
    error = None
    while error is None and not closing.is_set():
        batch = None
        try:
            batch = sampler.batch(step)
        except BaseException as raised:  # whatever it is, it belongs to the thread that trains
            error = raised
        while not closing.is_set():
            try:
                ready.put((batch, error), timeout=0.1)
                break
            except queue.Full:
                continue
        step += 1
