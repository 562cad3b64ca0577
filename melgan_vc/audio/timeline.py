"""Where silence belongs between decoded frames, by the timestamps of a video or of a Matroska, MP4 or WebM file."""

_SHORTEST = 0.015  # seconds: less than any lost packet (20 ms of Opus), more than recorders' clocks jitter
_LONGEST = 600.0  # seconds: a longer hole is a wrong timestamp
_LONGEST_TOGETHER = 3600.0  # seconds of silence in a file
_OVERLAP = -1.0  # seconds: further back, the timestamps start over
_DRIFT = 0.001  # of a frame's length, between a recorder's two clocks


def is_hole(seconds: float) -> bool:
    """Whether so long a time between two frames is no matter of rounding."""
    return _SHORTEST <= seconds <= _LONGEST


class Timeline:
    """Timestamps against the sound so far.

    Matroska rounds timestamps to a millisecond, and what was recorded live has two clocks that drift apart: neither
    is a hole. A hole is a jump of at least 15 ms. One of more than ten minutes is a wrong timestamp and is left out,
    and so is what would be more than an hour of silence in a file.

    Parameters
    ----------
    rate : int
        Sampling rate in hertz.
    origin : float
        Time in seconds at which the file starts.

    Examples
    --------
    >>> timeline = Timeline(8000, 0.0)
    >>> timeline.silence_before(2.0, 80), timeline.silence_before(2.01, 80), timeline.silence_before(2.52, 80)
    (16000, 0, 4000)
    """

    def __init__(self, rate: int, origin: float):
        self._rate, self._expected = rate, origin
        self._left = _LONGEST_TOGETHER
        self._first = True

    def silence_before(self, time: float | None, frames: int) -> int:
        """Frames of silence before the `frames` frames of timestamp `time` (seconds; None: it has none)."""
        lasting = frames / self._rate
        lead = 0.0 if time is None else time - self._expected
        first, self._first = self._first, False
        if is_hole(lead) and lead <= self._left:
            self._left -= lead
            self._expected += lead + lasting
            return round(lead * self._rate)
        if lead >= _SHORTEST or lead < (0.0 if first else _OVERLAP):
            self._expected = time + lasting
        else:
            self._expected += lasting + max(-_DRIFT * lasting, min(lead, _DRIFT * lasting))
        return 0
