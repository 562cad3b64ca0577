"""The presets for StarGAN. The terms that hold on to a voice's words are those of TraVeLGAN's presets.

There is no ``paper``: the published ones lean on networks for speech recognition and pitch that are not ours.
"""

from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.shared_presets import run_config
from melgan_vc.methods.stargan.config import StarganConfig


def voice() -> RunConfig:
    """Learns faster than TraVeLGAN and averages over fewer steps: each voice has but a part of a batch."""
    player = PlayerConfig(learning_rate=6e-4)
    return run_config(
        "voice",
        StarganConfig(match_bands="converting", perturbation=1.2, equaliser_db=6.0),
        players={"generator": player, "critic": player},
        ema=0.998,
    )


def music() -> RunConfig:
    """An identity loss that is as light as in TraVeLGAN's preset; a piece must not sound like its source."""
    return run_config("music", StarganConfig(identity=0.5, self_regularization=0.0, norm_consistency=0.0))


def debug() -> RunConfig:
    """Tiny networks."""
    tiny = {"channels": 16}
    method = StarganConfig(
        width=32,
        cycle=2.0,
        style=8,
        latent=4,
        generator=NetConfig(architecture="adaptive", **tiny),
        style_networks=NetConfig(architecture="strided", **tiny),
        classifier=NetConfig(architecture="strided", **tiny),
        critic=NetConfig(architecture="projection", **tiny),
    )
    return run_config("debug", method)
