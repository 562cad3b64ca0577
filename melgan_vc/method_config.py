"""One config for each method: what its losses weigh, and which networks play."""

import functools
import operator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

MOST_DOMAINS = 100

SHIFTING = ("residual", "two_one_two")
"""Generators that can shift their input."""

FILLING_IN = (*SHIFTING, "adaptive")
"""Generators that can be told which frames are missing."""

FEWEST_FRAMES = 12
"""In what PatchNCE compares: its features are of stretches of 7 frames every 4, and it needs two of them."""


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


class _FillsInFrames(_Section):
    """Shared by methods whose generators can be made to fill in frames.

    ``masked_frames``: up to so many frames, one stretch, are taken from what a generator is given in training, and it
    is to fill them in. 0 is off. Not of the ``paper`` generator, which is not told where they are.
    """

    masked_frames: int = Field(0, ge=0)

    def require_fillable(self, architecture: str, *, frames: int, among: str) -> None:
        """Raise a `ValueError` if frames are taken out that this generator, given ``frames``, cannot fill in."""
        if self.masked_frames >= frames:
            raise ValueError(
                f"expected masked_frames below {among}, which is {frames}, received: "
                f"masked_frames={self.masked_frames}"
            )
        if self.masked_frames and architecture not in FILLING_IN:
            raise ValueError(
                "expected masked_frames=0 with a generator that is not told which frames are missing, received: "
                f"masked_frames={self.masked_frames}, generator.architecture={architecture}"
            )


class _KeepsContent(_Section):
    """Shared by methods with content terms: a weight above 0 switches one on, and they add up.

    Attributes
    ----------
    travel, margin : float
        Transformation vectors of a siamese network, and that network's margin, which counts where ``travel`` does.
    cycle : float
        There and back again. Of a method that translates one way only, by a second generator that only training
        knows.
    patch_nce : float
        Each place of the output is to be told from its neighbours by its input.
    self_regularization : float
        What changes in time is to change as in the input.
    margin_distance : float
        Delta: how far apart different chunks must be embedded.
    embedding : int
        Dimensions of the siamese network's output.
    siamese : NetConfig
        The siamese network.
    patch_features : int
        Channels of the network whose features ``patch_nce`` compares.
    """

    travel: float = Field(0.0, ge=0.0)
    margin: float = Field(10.0, ge=0.0)
    cycle: float = Field(0.0, ge=0.0)
    patch_nce: float = Field(0.0, ge=0.0)
    self_regularization: float = Field(0.0, ge=0.0)
    margin_distance: float = Field(2.0, gt=0.0)
    embedding: int = Field(128, ge=2)
    siamese: NetConfig = NetConfig(architecture="strided", channels=192)
    patch_features: int = Field(128, ge=4, le=2048)

    def require_places(self, frames: int) -> None:
        """Raise a `ValueError` if PatchNCE is to tell places apart and so many frames hold less than two."""
        if self.patch_nce and frames < FEWEST_FRAMES:
            raise ValueError(
                f"expected at least {FEWEST_FRAMES} frames in what a generator is given, for patch_nce, received: "
                f"{frames}"
            )


class TravelganConfig(_ShiftsVoice, _FillsInFrames, _KeepsContent):
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
        Weights of the content terms, which add up; 0 leaves a term out, and with it the networks that it needs. See
        `_KeepsContent`, also for what belongs to them: ``margin_distance``, ``embedding``, ``siamese`` and
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
        self.require_places(chunk)
        return self


class CycleganConfig(_ShiftsVoice, _FillsInFrames, _KeepsContent):
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
        Weights of content terms beside the cycle, each again a sum over both directions; all but ``margin``, which
        counts where ``travel`` does, are off. See `_KeepsContent`, also for what belongs to them.
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
        self.require_shiftable(self.generator.architecture)
        self.require_fillable(self.generator.architecture, frames=self.width, among="width")
        self.require_places(self.width)
        return self


class StarganConfig(_FillsInFrames, _KeepsContent):
    """StarGAN v2 on log-mel spectrograms: one generator for every pair of domains.

    Attributes
    ----------
    domains : tuple of str
        Their names, 2 to 100, in the order of their folders.
    pitches : tuple of float
        Median F0 of each domain in Hz, see `median_pitch`; empty shifts no voice. With them the input's pitch is
        shifted to the asked domain's before it is translated, and its formants by the root of that factor.
    match_bands : {'never', 'converting', 'always'}
        When the mel bands' mean and covariance are brought to the wanted domain's too, see `Bands`: in conversion,
        before the generator and after it, or before it in training as well. Those of the domains are measured at the
        start of the training.
    width : int
        Frames in a window.
    style, latent : int
        Dimensions of a style vector, and of the latent vectors that the mapping network makes styles from.
    adversarial_loss : {'hinge', 'least_squares', 'wasserstein'}
        The game between critic and generator.
    adversarial, classification, source_classification, style_reconstruction, diversity, identity, norm_consistency
        Weights of the generator's terms; 0 leaves a term out, and the networks that only it needs.
        ``classification`` is by a classifier of real sound. ``source_classification`` is by one that learns to tell
        which domain a translation came from, and that the generator fools.
    travel, margin, cycle, patch_nce, self_regularization : float
        Weights of the content terms, as in `TravelganConfig`; the cycle is of the one generator.
    masked_frames : int
        Up to so many frames of each window, one stretch, are taken from the generator, which is to fill them in. 0 is
        off.
    gradient_penalty, r1 : float
        Weights of `wasserstein_penalty` and `r1_penalty` in the critic's loss.
    critic : NetConfig
        ``projection`` judges for the domain that is asked for; ``patch`` is one for all, and needs
        ``classification``.
    """

    name: Literal["stargan"] = "stargan"
    domains: tuple[str, ...] = ("source", "target")
    pitches: tuple[float, ...] = ()
    match_bands: Literal["never", "converting", "always"] = "never"
    width: int = Field(64, ge=8, le=4096)
    style: int = Field(64, ge=1, le=1024)
    latent: int = Field(16, ge=1, le=1024)
    adversarial_loss: Literal["hinge", "least_squares", "wasserstein"] = "hinge"
    adversarial: float = Field(1.0, ge=0.0)
    classification: float = Field(3.0, ge=0.0)
    source_classification: float = Field(0.5, ge=0.0)
    style_reconstruction: float = Field(1.0, ge=0.0)
    diversity: float = Field(0.0, ge=0.0)
    identity: float = Field(15.0, ge=0.0)
    self_regularization: float = Field(2.0, ge=0.0)
    norm_consistency: float = Field(1.0, ge=0.0)
    gradient_penalty: float = Field(0.0, ge=0.0)
    r1: float = Field(0.0, ge=0.0)
    generator: NetConfig = NetConfig(architecture="adaptive", channels=192)
    style_networks: NetConfig = NetConfig(architecture="strided", channels=128)
    classifier: NetConfig = NetConfig(architecture="strided", channels=128)
    critic: NetConfig = NetConfig(architecture="projection", channels=192)

    @property
    def shifts_voice(self) -> bool:
        """Whether pitch and formants are to move."""
        return bool(self.pitches)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not 2 <= len(self.domains) <= MOST_DOMAINS or len(set(self.domains)) < len(self.domains):
            raise ValueError(
                f"expected 2 to {MOST_DOMAINS} domains of different names, received: {list(self.domains)}"
            )
        if self.pitches and (len(self.pitches) != len(self.domains) or min(self.pitches) <= 0):
            raise ValueError(
                f"expected a pitch above 0 Hz for each of the {len(self.domains)} domains, or none at all, received: "
                f"pitches={list(self.pitches)}"
            )
        self.require_fillable(self.generator.architecture, frames=self.width, among="width")
        self.require_places(self.width)
        if self.critic.architecture == "patch" and not self.classification:
            raise ValueError(
                "expected critic.architecture=projection without classification: nothing else tells the generator "
                "which domain to make, received: critic.architecture=patch, classification=0"
            )
        return self


class VocoderConfig(_Section):
    """A neural vocoder: log-mels to waveforms, learned from any audio.

    Attributes
    ----------
    width : int
        Frames in a window.
    generator : NetConfig
        ``fourier`` works at the rate of the frames and ends with one inverse Fourier transform; ``upsampling`` is of
        the MelGAN and HiFi-GAN kind.
    blocks : int
        ConvNeXt blocks of the ``fourier`` generator.
    start_iterations : int or None
        The ``fourier`` generator edits the waveform that so many iterations of Griffin-Lim give. None gives it the
        mel alone.
    causal : bool
        Whether a frame may depend on earlier ones alone. Only of a ``fourier`` generator without a start.
    adversarial_loss : {'hinge', 'least_squares'}
        The game between critics and generator.
    adversarial, feature_matching, spectral, mel : float
        Weights of the generator's terms. Without the first two there are no critics.
    periods, resolutions : tuple of int
        One critic each, see `period_critic` and `resolution_critic`.
    critic_channels : int
        Width of their first layers.
    gain_db : tuple of float
        Least and most of a random gain, so that quiet and loud sound alike are known.
    rooms : bool
        Whether each file is learned from a second time, as another room and microphone would have recorded it, see
        `Room`: clean recordings alone teach little about others.
    """

    name: Literal["vocoder"] = "vocoder"
    width: int = Field(64, ge=16, le=1024)
    generator: NetConfig = NetConfig(architecture="fourier", channels=256)
    blocks: int = Field(6, ge=1, le=64)
    start_iterations: int | None = Field(16, ge=0, le=64)
    causal: bool = False
    adversarial_loss: Literal["hinge", "least_squares"] = "hinge"
    adversarial: float = Field(0.0, ge=0.0)
    feature_matching: float = Field(0.0, ge=0.0)
    spectral: float = Field(1.0, ge=0.0)
    mel: float = Field(0.5, ge=0.0)
    periods: tuple[int, ...] = (2, 3, 5, 7, 11)
    resolutions: tuple[int, ...] = (256, 512, 1024)
    critic_channels: int = Field(8, ge=1, le=512)
    gain_db: tuple[float, float] = (-6.0, 3.0)
    rooms: bool = False

    @property
    def has_critics(self) -> bool:
        """Whether any term needs critics."""
        return self.adversarial > 0 or self.feature_matching > 0

    @property
    def has_start(self) -> bool:
        """Whether the generator edits a starting waveform."""
        return self.generator.architecture == "fourier" and self.start_iterations is not None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.causal and (self.has_start or self.generator.architecture != "fourier"):
            raise ValueError(
                "expected causal with generator.architecture=fourier and start_iterations=none (Griffin-Lim looks "
                f"ahead), received: generator.architecture={self.generator.architecture}, "
                f"start_iterations={self.start_iterations}"
            )
        if self.has_critics and not (self.periods or self.resolutions):
            raise ValueError("expected periods or resolutions of critics, received: none of either")
        if self.gain_db[0] > self.gain_db[1]:
            raise ValueError(f"expected gain_db with the least first, received: gain_db={list(self.gain_db)}")
        return self


METHOD_CONFIGS = {
    "travelgan": TravelganConfig,
    "cyclegan": CycleganConfig,
    "stargan": StarganConfig,
    "vocoder": VocoderConfig,
}
"""The config of each method by name."""

CONVERTING = tuple(name for name in METHOD_CONFIGS if name != "vocoder")
"""Those that convert; a vocoder makes sound of what they give."""


def _name_of(method: Any) -> Any:
    """The name that tells the members of the union apart; a config without one is the first method's."""
    return str(method.get("name", "travelgan")) if isinstance(method, dict) else getattr(method, "name", None)


_MEMBERS = [Annotated[config, Tag(name)] for name, config in METHOD_CONFIGS.items()]

MethodConfig = Annotated[functools.reduce(operator.or_, _MEMBERS), Discriminator(_name_of)]
"""A union of every method's config; ``name`` tells them apart."""
