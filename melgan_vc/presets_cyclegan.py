"""The presets for CycleGAN: spectrogram and corpus of the preset, networks and learning rates of the method."""

from melgan_vc.config import PlayerConfig, RunConfig
from melgan_vc.mel_config import MelConfig
from melgan_vc.method_config import CycleganConfig, NetConfig


def cyclegan_preset(config: RunConfig) -> RunConfig:
    """A preset of `melgan_vc.presets` with the method's defaults, for CycleGAN.

    Networks have a quarter of the published width (64 channels of 256): a sixteenth of the parameters and of the
    work. The critic learns at half the generator's rate, as published. Batches are small: for each window of a
    domain a step takes three through a generator.
    """
    training = config.training.model_copy(
        update={
            "batch_size": 4,
            "generator": PlayerConfig(learning_rate=2e-4),
            "critic": PlayerConfig(learning_rate=1e-4),
        }
    )
    config = config.model_copy(update={"training": training})
    return _SPECIAL[config.preset](config) if config.preset in _SPECIAL else config


def _paper(config: RunConfig) -> RunConfig:
    """MaskCycleGAN-VC's numbers: 80 mels at 22.05 kHz, windows of 64 frames, full width.

    It is published with one window in a batch; two is the least here.
    """
    player = PlayerConfig(clip_norm=None)
    return config.model_copy(
        update={
            "mel": MelConfig(rate=22050, fmax=11025.0),
            "method": CycleganConfig(
                masked_frames=32,
                generator=NetConfig(architecture="two_one_two", channels=256),
                critic=NetConfig(architecture="gated_patch", channels=256),
            ),
            "training": config.training.model_copy(
                update={
                    "steps": 400_000,
                    "batch_size": 2,
                    "ema": 0.0,
                    "generator": player.model_copy(update={"learning_rate": 2e-4}),
                    "critic": player.model_copy(update={"learning_rate": 1e-4}),
                }
            ),
        }
    )


def _debug(config: RunConfig) -> RunConfig:
    """Tiny networks and short windows. Of the simpler kinds: the gated ones take half a minute to compile."""
    return config.model_copy(
        update={
            "method": CycleganConfig(
                width=16,
                masked_frames=0,
                identity_steps=15,
                embedding=16,
                patch_features=16,
                generator=NetConfig(architecture="residual", channels=16),
                siamese=NetConfig(architecture="strided", channels=16),
                critic=NetConfig(architecture="patch", channels=16),
            )
        }
    )


_SPECIAL = {"paper": _paper, "debug": _debug}
