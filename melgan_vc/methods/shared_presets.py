"""What a preset is for every method: the spectrogram, and how long and how carefully is trained."""

from typing import Any

from melgan_vc.config.mel import MelConfig
from melgan_vc.config.method import MethodConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig, TrainingConfig

MELS = {
    "voice": MelConfig(),
    "music": MelConfig(rate=22050, n_fft=2048, hop_length=512, n_mels=128, fmax=11025.0),
    "debug": MelConfig(rate=8000, n_fft=512, hop_length=128, n_mels=32, fmax=4000.0),
}
"""Speech at 16 kHz; music at 22.05 kHz; for tests and for trying things, not for listening."""

TRAINING: dict[str, dict[str, Any]] = {
    "voice": {},
    # Weights are not averaged over steps: that keeps the words of a voice, but in music it brings the source back.
    "music": {"ema": 0.0},
    "debug": {
        "steps": 20,
        "batch_size": 4,
        "report_every": 5,
        "checkpoint_every": 10,
        "sample_every": 20,
        "ema": 0.9,
    },
}


def run_config(
    preset: str,
    method: MethodConfig,
    *,
    mel: MelConfig | None = None,
    players: dict[str, PlayerConfig] | None = None,
    **training: Any,
) -> RunConfig:
    """The configuration of a preset, with what a method has of its own.

    Parameters
    ----------
    preset : str
        Its name.
    method : MethodConfig
        The method's settings.
    mel : MelConfig, optional
        Another spectrogram than the one that all methods share.
    players : dict of str to PlayerConfig, optional
        How they learn, where not by the defaults.
    training
        Settings of the training other than those that all methods share.
    """
    shared = TRAINING.get(preset, {})
    return RunConfig(
        preset=preset,
        mel=mel or MELS[preset],
        method=method,
        training=TrainingConfig(players=players or {}, **{**shared, **training}),
    )
