"""The presets for CycleGAN.

Networks have a quarter of the published width (64 channels of 256): a sixteenth of the parameters and of the work.
The critic learns at half the generator's rate, as published. Batches are small: for each window of a domain a step
takes three through a generator.
"""

from melgan_vc.config.mel import MelConfig
from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.cyclegan.config import CycleganConfig
from melgan_vc.methods.shared_presets import run_config

_PLAYERS = {"generator": PlayerConfig(learning_rate=2e-4), "critic": PlayerConfig(learning_rate=1e-4)}


def voice() -> RunConfig:
    """With a voice to bring back from a perturbed one, as in TraVeLGAN's preset."""
    method = CycleganConfig(perturbation=1.2, equaliser_db=4.0)
    return run_config("voice", method, players=_PLAYERS, batch_size=4)


def music() -> RunConfig:
    """The method's defaults."""
    return run_config("music", CycleganConfig(), players=_PLAYERS, batch_size=4)


def paper() -> RunConfig:
    """MaskCycleGAN-VC's numbers: 80 mels at 22.05 kHz, windows of 64 frames, full width.

    It is published with one window in a batch; two is the least here.
    """
    return run_config(
        "paper",
        CycleganConfig(
            masked_frames=32,
            generator=NetConfig(architecture="two_one_two", channels=256),
            critic=NetConfig(architecture="gated_patch", channels=256),
        ),
        mel=MelConfig(rate=22050, fmax=11025.0),
        players={
            "generator": PlayerConfig(learning_rate=2e-4, clip_norm=None),
            "critic": PlayerConfig(learning_rate=1e-4, clip_norm=None),
        },
        steps=400_000,
        batch_size=2,
        ema=0.0,
    )


def debug() -> RunConfig:
    """Tiny networks and short windows. Of the simpler kinds: the gated ones take half a minute to compile."""
    method = CycleganConfig(
        width=16,
        masked_frames=0,
        identity_steps=15,
        embedding=16,
        patch_features=16,
        generator=NetConfig(architecture="residual", channels=16),
        siamese=NetConfig(architecture="strided", channels=16),
        critic=NetConfig(architecture="patch", channels=16),
    )
    return run_config("debug", method, players=_PLAYERS)
