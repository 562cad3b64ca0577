"""How a run is trained: what all players share, and how each of them learns."""

from pydantic import Field

from melgan_vc.config.section import Section

MOST_STEPS = 10**9
"""That a training can be asked for."""


class PlayerConfig(Section):
    """How one player learns.

    Attributes
    ----------
    learning_rate : float
        Of its Adam optimizer.
    every : int
        The player moves on every ``every``-th batch. The published recipe has 3 for the generator, so that
        the critic takes three steps for each of the generator's.
    clip_norm : float or None
        Largest global norm of its gradient.
    half_life : int or None
        Its own steps in which the learning rate halves; None keeps it.
    beta_1, beta_2 : float
        Of Adam. 0.5 is what every published network that translates log-mels is trained with.
    """

    learning_rate: float = Field(2e-4, gt=0.0, le=0.1)
    every: int = Field(1, ge=1, le=100)
    clip_norm: float | None = Field(10.0, gt=0.0)
    half_life: int | None = Field(None, ge=1, le=MOST_STEPS)
    beta_1: float = Field(0.5, ge=0.0, lt=1.0)
    beta_2: float = Field(0.999, ge=0.0, lt=1.0)


class TrainingConfig(Section):
    """How a run is trained.

    Attributes
    ----------
    steps : int
        Batches to train on in all.
    batch_size : int
        Windows of each domain in a batch.
    seed : int
        Of every random draw: initial weights, crops, augmentation.
    players : dict of str to PlayerConfig
        How each of the method's players learns, by name. Those that are not named learn by the defaults.
    ema : float
        Decay of the exponential moving average of the converting network's weights, which conversion uses.
        0 turns it off.
    mixed_precision : bool
        Compute in bfloat16; weights stay in float32.
    jit : bool
        Have TensorFlow compile the step with XLA on a GPU. On a CPU it never does; on JAX it is how anything runs.
    report_every, checkpoint_every, sample_every : int
        Steps between rows of metrics.csv, between checkpoints, and between pictures and audio in TensorBoard.
    keep_checkpoints : int
        Newest checkpoints kept; older ones are removed.
    frequency_mask, time_mask : int
        Widest band and longest stretch that augmentation blanks in a training crop; 0 is off.
    transposition : int
        Semitones that the pitch of a training crop is moved by, up or down, at most; 0 is off. Timbre stays.
    """

    steps: int = Field(20_000, ge=1, le=MOST_STEPS)
    batch_size: int = Field(16, ge=2, le=1024)
    seed: int = Field(0, ge=0, lt=2**31)
    players: dict[str, PlayerConfig] = {}
    ema: float = Field(0.999, ge=0.0, lt=1.0)
    mixed_precision: bool = False
    jit: bool = False
    report_every: int = Field(50, ge=1, le=MOST_STEPS)
    checkpoint_every: int = Field(500, ge=1, le=MOST_STEPS)
    sample_every: int = Field(1000, ge=1, le=MOST_STEPS)
    keep_checkpoints: int = Field(2, ge=1, le=MOST_STEPS)
    frequency_mask: int = Field(0, ge=0, le=4096)
    time_mask: int = Field(0, ge=0, le=4096)
    transposition: int = Field(0, ge=0, le=12)
