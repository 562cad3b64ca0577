"""The presets for vocoders. Without critics at first: see docs/vocoders.md for the second stage, which has them.

There is no ``paper``: the published vocoders are for other log-mels.
"""

from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.shared_presets import run_config
from melgan_vc.methods.vocoder.config import VocoderConfig


def _learning() -> dict:
    return {
        "players": {
            "generator": PlayerConfig(learning_rate=5e-4, half_life=4000, beta_1=0.8, beta_2=0.99),
            "critic": PlayerConfig(learning_rate=3e-4, beta_1=0.8, beta_2=0.99),
        },
        "ema": 0.995,
    }


def voice() -> RunConfig:
    """Rooms as well as studios, and twice the iterations to start from."""
    return run_config("voice", VocoderConfig(rooms=True, start_iterations=32), **_learning())


def music() -> RunConfig:
    """Twice as many bins: a narrower network keeps the weights below 8 MB."""
    return run_config(
        "music", VocoderConfig(generator=NetConfig(architecture="fourier", channels=224)), **_learning()
    )


def debug() -> RunConfig:
    """Tiny networks, with critics."""
    tiny = VocoderConfig(
        width=32,
        generator=NetConfig(architecture="fourier", channels=16),
        blocks=2,
        start_iterations=2,
        adversarial=0.1,
        feature_matching=0.2,
        periods=(2,),
        resolutions=(256,),
        critic_channels=4,
    )
    return run_config("debug", tiny, **{**_learning(), "ema": 0.9})
