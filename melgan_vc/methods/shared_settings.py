"""Settings that several methods share: a method's config inherits those that it takes."""

from pydantic import Field

from melgan_vc.config.networks import NetConfig
from melgan_vc.config.section import Section

SHIFTING = ("residual", "two_one_two")
"""Generators that can shift their input."""

FILLING_IN = (*SHIFTING, "adaptive")
"""Generators that can be told which frames are missing."""

_WIDEST = {"two_one_two": 512}
"""Channels of architectures whose weights would take gigabytes before the most that a `NetConfig` takes."""

FEWEST_FRAMES = 12
"""In what PatchNCE compares: its features are of stretches of 7 frames every 4, and it needs two of them."""

_A_PLACE = 8  # frames; so that even the one in the middle has another that is far enough away
_LARGEST = 2**24  # blocks x channels squared, and 6 weights each: half a gigabyte


def require_affordable(network: NetConfig, *, blocks: int = 1) -> None:
    """Raise a `ValueError` if the weights of a network, of so many blocks, would take gigabytes."""
    widest = _WIDEST.get(network.architecture, network.channels)
    if network.channels > widest:
        raise ValueError(
            f"expected at most {widest} channels of architecture={network.architecture}, whose weights would take "
            f"gigabytes, received: channels={network.channels}"
        )
    if blocks * network.channels**2 > _LARGEST:
        raise ValueError(
            f"expected networks whose weights do not take gigabytes, received: channels={network.channels} and "
            f"{blocks} blocks"
        )


class ShiftsVoice(Section):
    """Shared by methods whose generators can shift a voice before they edit it: ``voice_matching`` is ``'pair'``."""

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


class PerturbsVoice(Section):
    """Shared by methods whose identity loss can be asked to undo a change of voice.

    Attributes
    ----------
    perturbation : float or None
        How far `Perturb` spreads the formants of a target crop whose voice it shifts to the source's; the
        generator's identity loss is then to bring the unchanged crop back. None is off: a plain identity loss.
    equaliser_db : float
        Of the random equaliser that is part of it.
    """

    perturbation: float | None = Field(None, ge=1.0, le=3.0)
    equaliser_db: float = Field(0.0, ge=0.0, le=24.0)


class FillsInFrames(Section):
    """Shared by methods whose generators can be made to fill in frames.

    ``masked_frames``: up to so many frames, one stretch, are taken from what a generator is given in training, and it
    is to fill them in. 0 is off. Not of the ``paper`` generator, which is not told where they are.
    """

    masked_frames: int = Field(0, ge=0, le=4096)

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


class KeepsContent(Section):
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
    patch_nce_apart : int
        Frames from a place to the nearest that it is to be told from; 0 takes all others. A beat of music or more,
        for a repeated note is no other one.
    self_regularization : float
        What changes in time is to change as in the input.
    content_consistency : float
        A student of the recogniser is to hear said in the output what it hears said in the input. It ships, and hears
        16 kHz log-mels of speech with the default settings alone.
    note_consistency : float
        A student of the transcriber is to hear the notes of the input in the output. It ships, and hears the log-mels
        of the ``music`` presets alone.
    pitch_class : float
        Which pitch classes sound in the output is to be what sounds in the input; for music.
    loudness : float
        The output is to swell and to pause as the input does.
    onsets : float
        What begins in the output is to begin when it does in the input, in a few wide bands; for music.
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
    patch_nce_apart: int = Field(0, ge=0, le=4096)
    self_regularization: float = Field(0.0, ge=0.0)
    content_consistency: float = Field(0.0, ge=0.0)
    note_consistency: float = Field(0.0, ge=0.0)
    pitch_class: float = Field(0.0, ge=0.0)
    loudness: float = Field(0.0, ge=0.0)
    onsets: float = Field(0.0, ge=0.0)
    margin_distance: float = Field(2.0, gt=0.0)
    embedding: int = Field(128, ge=2, le=4096)
    siamese: NetConfig = NetConfig(architecture="strided", channels=192)
    patch_features: int = Field(128, ge=4, le=2048)

    @property
    def listens_for(self) -> tuple[str, ...]:
        """See `MethodConfig.listens_for`."""
        heard = {"content": self.content_consistency, "notes": self.note_consistency}
        return tuple(feature for feature, weight in heard.items() if weight)

    def require_places(self, frames: int) -> None:
        """Raise a `ValueError` if PatchNCE is to tell places apart and so many frames hold less than two."""
        fewest = max(FEWEST_FRAMES, 2 * self.patch_nce_apart + _A_PLACE)
        if self.patch_nce and frames < fewest:
            raise ValueError(
                f"expected at least {fewest} frames in what a generator is given, for patch_nce"
                + (f" with patch_nce_apart={self.patch_nce_apart}" if self.patch_nce_apart else "")
                + f", received: {frames}"
            )
