"""What TraVeLGAN's losses weigh, and which networks play."""

from typing import Literal, Self

from pydantic import Field, model_validator

from melgan_vc.config.method import MethodConfig
from melgan_vc.config.networks import NetConfig
from melgan_vc.methods.shared_settings import (
    FillsInFrames,
    KeepsContent,
    PerturbsVoice,
    ShiftsVoice,
    require_affordable,
)


class TravelganConfig(ShiftsVoice, PerturbsVoice, FillsInFrames, KeepsContent, MethodConfig):
    """MelGAN-VC: TraVeLGAN on log-mel spectrograms.

    Attributes
    ----------
    width : int
        L, the critic's width in frames.
    pieces : int
        Chunks in a window: each is ``width / pieces`` frames, translated apart and concatenated before the
        critic sees them. 2 in the paper's text, 3 in its code.
    pairs : {'all', 'single'}
        Transformation vectors between all chunks of the batch, as in TraVeLGAN, or between the first and last
        chunk of each window, as in MelGAN-VC's code.
    adversarial, identity : float
        Weights of the terms; 0 leaves a term out.
    travel, margin, cycle, patch_nce, self_regularization : float
        Weights of content terms: 0 leaves one out.
    content_consistency, note_consistency, pitch_class, loudness, onsets : float
        Weights of more of them; they add up, and a term that is left out needs none of its networks. See
        `KeepsContent`, also for what belongs to them: ``margin_distance``, ``embedding``, ``siamese`` and
        ``patch_features``.
    masked_frames : int
        Up to so many frames of each chunk, one stretch, are taken from the generator, which is to fill them in. 0 is
        off. Not of the ``paper`` generator.
    pitch, formants : float
        Factors by which the generator's input is shifted before it is edited, see `voice_shift`: 0.7 and 0.8 for a
        woman's voice that is to become a man's. Not of the ``paper`` generator.
    """

    name: Literal["travelgan"] = "travelgan"
    width: int = Field(128, ge=8, le=4096)
    pieces: int = Field(2, ge=2, le=8)
    pairs: Literal["all", "single"] = "all"
    adversarial: float = Field(1.0, ge=0.0)
    travel: float = Field(10.0, ge=0.0)
    identity: float = Field(0.5, ge=0.0)
    generator: NetConfig = NetConfig(architecture="residual")
    critic: NetConfig = NetConfig(architecture="patch")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.width % (4 * self.pieces):
            raise ValueError(
                f"expected width to be a multiple of 4 x pieces = {4 * self.pieces} frames (the networks halve a "
                f"chunk twice), received: width={self.width}"
            )
        chunk = self.width // self.pieces
        self.require_shiftable(self.generator.architecture)
        self.require_fillable(self.generator.architecture, frames=chunk, among="width / pieces")
        require_affordable(self.generator)
        self.require_places(chunk)
        return self
