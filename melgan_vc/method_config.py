"""One config for each method: what its losses weigh, and which networks play."""

import functools
import operator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

SHIFTING = ("residual", "two_one_two")
"""Generators that can shift their input."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NetConfig(_Section):
    """One network: which architecture, how wide."""

    architecture: str
    channels: int = Field(256, ge=4, le=2048)


class _ShiftsVoice(_Section):
    """Shared by methods whose generators can shift a voice before they edit it."""

    pitch: float = Field(1.0, gt=0.2, lt=5.0)
    formants: float = Field(1.0, gt=0.2, lt=5.0)

    @property
    def shifts_voice(self) -> bool:
        """Whether pitch or formants are to move."""
        return (self.pitch, self.formants) != (1.0, 1.0)

    def require_shiftable(self, architecture: str) -> None:
        """Raise a `ValueError` if a voice is to be shifted and this generator cannot."""
        if self.shifts_voice and architecture not in SHIFTING:
            raise ValueError(
                f"expected a generator among {', '.join(SHIFTING)} to shift pitch and formants, received: "
                f"generator.architecture={architecture}"
            )


class TravelganConfig(_ShiftsVoice):
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
    adversarial, travel, margin, identity, self_regularization : float
        Weights of the terms; 0 leaves a term out.
    margin_distance : float
        Delta: how far apart different chunks must be embedded.
    embedding : int
        Dimensions of the siamese network's output.
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
    margin: float = Field(10.0, ge=0.0)
    identity: float = Field(0.5, ge=0.0)
    self_regularization: float = Field(0.0, ge=0.0)
    margin_distance: float = Field(2.0, gt=0.0)
    embedding: int = Field(128, ge=2)
    generator: NetConfig = NetConfig(architecture="residual")
    siamese: NetConfig = NetConfig(architecture="strided", channels=192)
    critic: NetConfig = NetConfig(architecture="patch")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.width % (4 * self.pieces):
            raise ValueError(
                f"expected width to be a multiple of 4 x pieces = {4 * self.pieces} frames (the networks halve a "
                f"chunk twice), received: width={self.width}"
            )
        self.require_shiftable(self.generator.architecture)
        return self


class CycleganConfig(_ShiftsVoice):
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
    masked_frames : int
        Up to so many frames of each window, one stretch, are taken from a generator that is to fill them in. 0 is
        off. Of the ``two_one_two`` generator alone, which is told where they are.
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
    identity_steps: int | None = Field(10_000, ge=0)
    masked_frames: int = Field(24, ge=0)
    generator: NetConfig = NetConfig(architecture="two_one_two", channels=64)
    critic: NetConfig = NetConfig(architecture="gated_patch", channels=64)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.width % 4:
            raise ValueError(
                "expected width to be a multiple of 4 frames (the networks halve a window twice), received: "
                f"width={self.width}"
            )
        if self.masked_frames >= self.width:
            raise ValueError(
                f"expected masked_frames below width, which is {self.width}, received: "
                f"masked_frames={self.masked_frames}"
            )
        if self.masked_frames and self.generator.architecture != "two_one_two":
            raise ValueError(
                "expected masked_frames=0 with a generator that is not told which frames are missing, received: "
                f"masked_frames={self.masked_frames}, generator.architecture={self.generator.architecture}"
            )
        self.require_shiftable(self.generator.architecture)
        return self


METHOD_CONFIGS = {"travelgan": TravelganConfig, "cyclegan": CycleganConfig}
"""The config of each method by name."""


def _name_of(method: Any) -> Any:
    """The name that tells the members of the union apart; a config without one is the first method's."""
    return str(method.get("name", "travelgan")) if isinstance(method, dict) else getattr(method, "name", None)


_MEMBERS = [Annotated[config, Tag(name)] for name, config in METHOD_CONFIGS.items()]

MethodConfig = Annotated[functools.reduce(operator.or_, _MEMBERS), Discriminator(_name_of)]
"""A union of every method's config; ``name`` tells them apart."""
