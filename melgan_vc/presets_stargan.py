"""The presets for StarGAN: spectrogram and corpus of the preset, networks of the method."""

from melgan_vc.config import PlayerConfig, RunConfig
from melgan_vc.method_config import NetConfig, StarganConfig


def stargan_preset(config: RunConfig) -> RunConfig:
    """A preset of `melgan_vc.presets` with the method's defaults, for StarGAN.

    The terms that hold on to a voice's words are those of TraVeLGAN's presets.
    """
    return config.model_copy(update=_SPECIAL[config.preset](config))


def _voice(config: RunConfig) -> dict:
    """Learns faster than TraVeLGAN and averages over fewer steps: each voice has but a part of a batch."""
    player = PlayerConfig(learning_rate=6e-4)
    changed = {"generator": player, "critic": player, "ema": 0.998, "equaliser_db": 6.0}
    return {
        "method": StarganConfig(match_bands="converting"),
        "training": config.training.model_copy(update=changed),
    }


def _music(config: RunConfig) -> dict:
    """An identity loss that is as light as in TraVeLGAN's preset; a piece must not sound like its source."""
    return {"method": StarganConfig(identity=0.5, self_regularization=0.0, norm_consistency=0.0)}


def _debug(config: RunConfig) -> dict:
    tiny = {"channels": 16}
    return {
        "method": StarganConfig(
            width=32,
            cycle=2.0,
            style=8,
            latent=4,
            generator=NetConfig(architecture="adaptive", **tiny),
            style_networks=NetConfig(architecture="strided", **tiny),
            classifier=NetConfig(architecture="strided", **tiny),
            critic=NetConfig(architecture="projection", **tiny),
        )
    }


_SPECIAL = {"voice": _voice, "music": _music, "debug": _debug}

STARGAN_PRESETS = tuple(_SPECIAL)
"""There is no ``paper``: the published ones lean on networks for speech recognition and pitch that are not ours."""
