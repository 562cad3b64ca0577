"""The presets for vocoders: spectrogram and corpus of the preset, networks and training of the method."""

from melgan_vc.config import PlayerConfig, RunConfig
from melgan_vc.method_config import NetConfig, VocoderConfig


def vocoder_preset(config: RunConfig) -> RunConfig:
    """A preset of `melgan_vc.presets` for a vocoder.

    Without critics at first: see docs/vocoders.md for the second stage, which has them.
    """
    method, training = _SPECIAL[config.preset]()
    changed = {
        "generator": PlayerConfig(learning_rate=5e-4, half_life=4000, beta_1=0.8, beta_2=0.99),
        "critic": PlayerConfig(learning_rate=3e-4, beta_1=0.8, beta_2=0.99),
        "ema": 0.995,
    }
    return config.model_copy(
        update={"method": method, "training": config.training.model_copy(update=changed | training)}
    )


def _voice() -> tuple[VocoderConfig, dict]:
    return VocoderConfig(rooms=True, start_iterations=32), {}


def _music() -> tuple[VocoderConfig, dict]:
    """Twice as many bins: a narrower network keeps the weights below 8 MB."""
    return VocoderConfig(generator=NetConfig(architecture="fourier", channels=224)), {}


def _debug() -> tuple[VocoderConfig, dict]:
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
    return tiny, {"ema": 0.9}


_SPECIAL = {"voice": _voice, "music": _music, "debug": _debug}

VOCODER_PRESETS = tuple(_SPECIAL)
"""There is no ``paper``: the published vocoders are for other log-mels."""
