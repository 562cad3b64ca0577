"""What StarGAN's losses weigh, which networks play, and between which domains."""

from typing import Literal, Self

from pydantic import Field, model_validator

from melgan_vc.config.method import MOST_DOMAINS, MethodConfig
from melgan_vc.config.networks import NetConfig
from melgan_vc.methods.shared_settings import FillsInFrames, KeepsContent, PerturbsVoice, require_affordable


class StarganConfig(PerturbsVoice, FillsInFrames, KeepsContent, MethodConfig):
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
        Weights of content terms: 0 leaves one out.
    content_consistency, note_consistency, pitch_class, loudness, onsets : float
        Weights of more of them, as in `TravelganConfig`; the cycle is of the one generator.
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

    @property
    def named_domains(self) -> tuple[str, ...]:
        """Those of the config."""
        return self.domains

    @property
    def directions(self) -> tuple[str, ...]:
        """Every domain. The second comes first: of two it is the target."""
        first, *others = self.domains
        return (*others, first)

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
        require_affordable(self.generator)
        self.require_places(self.width)
        if self.critic.architecture == "patch" and not self.classification:
            raise ValueError(
                "expected critic.architecture=projection without classification: nothing else tells the generator "
                "which domain to make, received: critic.architecture=patch, classification=0"
            )
        return self
