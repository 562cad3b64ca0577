"""A termination ends a command as an error would: what is half-written is removed first."""

import contextlib
import signal
import threading
from collections.abc import Iterator

_ENDS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP leave the block by `SystemExit`, with the exit code that a shell expects: 143 and 129.

    A signal that is ignored, as ``nohup`` asks, stays ignored. Signals reach the main thread only; elsewhere nothing
    is changed.
    """
    before = {}

    def end(number, frame):
        for other in before:
            signal.signal(other, signal.SIG_IGN)  # a second one must not break off the clearing up
        raise SystemExit(128 + number)

    if threading.current_thread() is threading.main_thread():
        for number in _ENDS:
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
