"""How a folder of audio becomes features."""

from pydantic import Field

from melgan_vc.config.section import Section


class CorpusConfig(Section):
    """How a folder of audio becomes features.

    Attributes
    ----------
    trim_silence : bool
        Remove stretches quieter than ``trim_db`` below the file's peak, keeping ``0.1`` s around what is left.
    trim_db : float
        Threshold of the trimming, in dB below the peak.
    level_db : float or None
        Gated RMS level in dB of full scale that every file is brought to; None leaves levels alone.
        Conversion applies the same gain to its input and takes it off its output.
    held_out : float
        Share of the files, chosen by a hash of the file name, that is never trained on.
    shortest_seconds : float
        Shorter files (after trimming) are skipped, and the report says so.
    """

    trim_silence: bool = True
    trim_db: float = Field(45.0, ge=10.0, le=100.0)
    level_db: float | None = Field(-26.0, ge=-60.0, le=-6.0)
    held_out: float = Field(0.05, ge=0.0, le=0.5)
    shortest_seconds: float = Field(0.1, ge=0.0)
