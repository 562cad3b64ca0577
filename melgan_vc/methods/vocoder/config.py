"""What a vocoder's losses weigh, and which networks play."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from melgan_vc.config.method import MethodConfig
from melgan_vc.config.networks import NetConfig

_MOST_OF_GENERATOR = 2**25  # blocks x channels squared, and 8 weights each: a gigabyte
_MOST_OF_CRITICS = 2**20  # critics x channels squared, and 210 weights each: nearly a gigabyte


class VocoderConfig(MethodConfig):
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

    needs: ClassVar[tuple[str, ...]] = ("waveform",)

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
    periods: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = Field((2, 3, 5, 7, 11), max_length=32)
    resolutions: tuple[Annotated[int, Field(ge=16, le=16384)], ...] = Field((256, 512, 1024), max_length=32)
    critic_channels: int = Field(8, ge=1, le=512)
    gain_db: tuple[float, float] = (-6.0, 3.0)
    rooms: bool = False

    @property
    def directions(self) -> tuple[str, ...]:
        """None: it translates nothing."""
        return ()

    def what_it_does(self, folders: Sequence[str]) -> str:
        """A sentence for its model card."""
        return "Makes sound of log-mel spectrograms, for any model that has the same settings of them."

    def ways_to_use(self, run: str) -> list[str]:
        """With a model."""
        return [f"--model MODEL --vocoder {run}"]

    @property
    def has_critics(self) -> bool:
        """Whether any term needs critics."""
        return self.adversarial > 0 or self.feature_matching > 0

    @property
    def has_start(self) -> bool:
        """Whether the generator edits a starting waveform."""
        return self.generator.architecture == "fourier" and self.start_iterations is not None

    @property
    def start(self) -> int | None:
        """Iterations of Griffin-Lim that give the starting waveform; None where there is none."""
        return self.start_iterations if self.has_start else None

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
        if self.blocks * self.generator.channels**2 > _MOST_OF_GENERATOR:
            raise ValueError(
                "expected a generator whose weights do not take gigabytes, received: "
                f"generator.channels={self.generator.channels}, blocks={self.blocks}"
            )
        critics = len(self.periods) + len(self.resolutions)
        if critics * self.critic_channels**2 > _MOST_OF_CRITICS:
            raise ValueError(
                f"expected critics whose weights do not take gigabytes, received: {critics} of them, with "
                f"critic_channels={self.critic_channels}"
            )
        if self.gain_db[0] > self.gain_db[1]:
            raise ValueError(f"expected gain_db with the least first, received: gain_db={list(self.gain_db)}")
        return self
