"""The presets for TraVeLGAN, with what its ablations decided: docs/experiments.md."""

from melgan_vc.config.mel import MelConfig
from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.shared_presets import run_config
from melgan_vc.methods.travelgan.config import TravelganConfig


def voice() -> RunConfig:
    """Windows of 2 s, chunks of 1 s.

    Pitch and formants are left where they are: the factors between two voices are set for each pair.
    """
    method = TravelganConfig(identity=15.0, self_regularization=5.0, perturbation=1.2, equaliser_db=4.0)
    return run_config("voice", method)


def music() -> RunConfig:
    """Windows of 3 s, chunks of 1.5 s."""
    return run_config("music", TravelganConfig(identity=0.5))


def paper() -> RunConfig:
    """The published numbers: thirds of 24 frames in a window of 72, three critic steps for each generator step.

    The published 192 mel rows over 577 bins have rank 186. Windows are therefore padded with zeros to twice their
    length before the Fourier transform: the same frames, 1153 bins, rank 192.
    """
    return run_config(
        "paper",
        TravelganConfig(
            width=72,
            pieces=3,
            pairs="single",
            generator=NetConfig(architecture="paper"),
            siamese=NetConfig(architecture="paper"),
            critic=NetConfig(architecture="paper", channels=512),
        ),
        mel=MelConfig(n_fft=1152, zero_padding=2, hop_length=192, n_mels=192, mel_scale="htk", floor_db=-100.0),
        players={"generator": PlayerConfig(clip_norm=None, every=3), "critic": PlayerConfig(clip_norm=None)},
        ema=0.0,
        steps=100_000,
    )


def debug() -> RunConfig:
    """Tiny networks that train in seconds on a CPU."""
    method = TravelganConfig(
        width=32,
        embedding=16,
        patch_features=16,
        generator=NetConfig(architecture="residual", channels=16),
        siamese=NetConfig(architecture="strided", channels=16),
        critic=NetConfig(architecture="patch", channels=16),
    )
    return run_config("debug", method)
