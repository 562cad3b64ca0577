"""What CycleGAN's losses weigh, and which networks play."""

from typing import Literal, Self

from pydantic import Field, model_validator

from melgan_vc.config.method import MethodConfig
from melgan_vc.config.networks import NetConfig
from melgan_vc.config.training import MOST_STEPS
from melgan_vc.methods.shared_settings import (
    FillsInFrames,
    KeepsContent,
    PerturbsVoice,
    ShiftsVoice,
    require_affordable,
)


class CycleganConfig(ShiftsVoice, PerturbsVoice, FillsInFrames, KeepsContent, MethodConfig):
    """CycleGAN-VC on log-mel spectrograms, with MaskCycleGAN-VC's frames to fill in: both directions at once.

    Attributes
    ----------
    width : int
        Frames in a window, for generators and critics alike.
    adversarial_loss : {'least_squares', 'hinge'}
        The game between critics and generators.
    adversarial, second_adversarial, cycle, identity : float
        Weights of the terms, each of which is a sum over both directions; 0 leaves a term out.
        ``second_adversarial`` is for what has gone there and back again, which critics of its own judge.
    identity_steps : int or None
        Steps after which the weight of the identity loss is 0; None is never.
    travel, margin, patch_nce, self_regularization : float
        Weights of content terms beside the cycle, each again a sum over both directions: 0 leaves one out.
    content_consistency, note_consistency, pitch_class, loudness, onsets : float
        Weights of more of them; all but ``margin``, which counts where ``travel`` does, are off. See `KeepsContent`,
        also for what belongs to them.
    masked_frames : int
        Up to so many frames of each window, one stretch, are taken from a generator that is to fill them in. 0 is
        off. Not of the ``paper`` generator, which is not told where they are.
    pitch, formants : float
        Factors by which the input of the generator to the target is shifted before it is edited, see
        `voice_shift`; for the generator to the source, their inverse. Not of the ``paper`` generator.
    """

    name: Literal["cyclegan"] = "cyclegan"
    width: int = Field(64, ge=8, le=4096)
    adversarial_loss: Literal["least_squares", "hinge"] = "least_squares"
    adversarial: float = Field(1.0, ge=0.0)
    second_adversarial: float = Field(1.0, ge=0.0)
    cycle: float = Field(10.0, ge=0.0)
    identity: float = Field(5.0, ge=0.0)
    identity_steps: int | None = Field(10_000, ge=0, le=MOST_STEPS)
    masked_frames: int = Field(24, ge=0, le=4096)
    generator: NetConfig = NetConfig(architecture="two_one_two", channels=64)
    critic: NetConfig = NetConfig(architecture="gated_patch", channels=64)

    @property
    def directions(self) -> tuple[str, ...]:
        """Both."""
        return ("target", "source")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.width % 4:
            raise ValueError(
                "expected width to be a multiple of 4 frames (the networks halve a window twice), received: "
                f"width={self.width}"
            )
        self.require_shiftable(self.generator.architecture)
        self.require_fillable(self.generator.architecture, frames=self.width, among="width")
        require_affordable(self.generator)
        self.require_places(self.width)
        return self
