"""What an autoencoder is told of what is said, and what its losses weigh."""

import shlex
from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from melgan_vc.config.method import MOST_DOMAINS, MethodConfig
from melgan_vc.config.networks import NetConfig
from melgan_vc.config.training import MOST_STEPS
from melgan_vc.methods.shared_settings import PerturbsVoice, require_affordable

PROSODY = ("pitch", "loudness")
"""Features that every kind of speech's content needs beside it."""

SUSTAINED = ("sustained",)
"""Those that notes need."""

SPEEDS = ("content_slower", "content_faster")
VOICE_PRINT = "voice_print"

_CRITIC_FROM = {"speech": 1500, "notes": 800, "another": 100}


class AutoencoderConfig(PerturbsVoice, MethodConfig):
    """A decoder that makes log-mels of what is said, how high and how loud it is said, and a voice.

    It learns to give recordings back, each with its own voice. What it is told of what is said is to hold no voice;
    then another voice can be put in its place.

    Attributes
    ----------
    domains : tuple of str
        Names of the voices that it speaks with, 1 to 100, in the order of their folders.
    sources : tuple of str
        Names of folders after those of the voices: the student learns from them too, and `consistency` has the voices
        say what is said there.
    width : int
        Frames in a window.
    content : {'recognizer', 'student', 'bottleneck', 'adversarial', 'instance_norm', 'notes'}
        Where what is said, or played, comes from. ``recognizer``: the feature `Content`. ``student``: a network that
        learns to tell the same as ``teacher`` from the log-mel, and is all that conversion needs. ``bottleneck``: an
        encoder that learns with the decoder, of so few numbers that the voice, which is told anyway, is left out
        (Qian et al. 2019, "AutoVC"). ``adversarial``: such an encoder, against a classifier that is to tell the voice
        from what it says (Chou et al. 2018). ``instance_norm``: such an encoder, which takes away what is the same
        all the time (Chou and Lee 2019, "AdaIN-VC"; Chen et al. 2021, "AGAIN-VC"). ``notes``: the feature `Notes`, of
        music; then no pitch is told beside it, and loudness is that of what lasts, without drums.
    teacher : {'recognizer', 'transcriber'}
        Whose content a student learns to tell: what is said, or which notes sound, of music.
    code : int
        Numbers in a frame of an encoder that learns with the decoder.
    speeds : bool
        Whether a recogniser's content is also that of the sound played slower and faster, so that the decoder cannot
        lean on the voice that is left in it.
    release : float
        Of notes, in conversion: seconds after which a key that is heard to stop is half as sure; after twice as many
        it is silent. An ensemble of bows holds what a piano lets die away.
    retrieval : int
        Frames of a recogniser's content that are kept of each voice, for ``convert --retrieval``; 0 for none.
    sings : bool
        Whether the voices sing in their folders: then a pitch may stand still there.
    noise : float
        Standard deviation of what is added to a recogniser's content in training, whose own is 1 in every column.
    neutral : bool
        Whether content is what a student hears of a recogniser's after one voice, that ships and is the same for all,
        has said it: of who speaks little is left. The teacher of Qian et al. 2022, "ContentVec", hears all speakers
        in one voice in the same way.
    perturbation, equaliser_db : float
        How log-mels are changed that a student or an encoder hears, see `Perturb`. None hears them as they are.
    voice : {'table', 'reference', 'print'}
        Where a voice's vector comes from. ``table``: one is learned for each voice. ``reference``: of half of the
        windows an encoder makes it of another window of the voice, so that a run can convert like a recording, too.
        ``print``: so does a linear map, of what a packaged speaker embedder hears of another window (`VoicePrint`).
    style : int
        Dimensions of a voice's vector.
    reconstruction, adversarial, feature_matching : float
        Weights of the decoder's terms: mean absolute error, the critic's hinge, and how the critic hears both.
        Without the latter two there is no critic.
    critic_from : int, optional
        Batches before the critic and its terms begin. A critic that is there from the start tells what a decoder
        makes so surely that the decoder no longer learns to give recordings back. Unless told 1,500, of music 800,
        and 100 of a run that begins with another, whose decoder can already.
    learns : {'everything', 'norms', 'vector'}
        What of a decoder that begins with another's moves. ``norms``: the voice's vector and the scales and offsets
        that it gives, as in AdaSpeech (Chen et al. 2021); ``vector``: that alone. Of one voice, which then is a few
        thousand numbers beside the other model, see ``melgan-vc adapt``.
    consistency : float
        Weight of `content_consistency`: what a student hears of a conversion to another voice is to be what was heard
        of the recording. It is the run's own, or beside a recogniser the one that ships, which learns nothing. The
        critic judges those conversions, too, where there are two voices or more.
    confusion, confusion_steps : float, int
        Alpha of ``adversarial``, and over how many steps it rises from 0.
    polish : bool
        Whether this is the second stage: networks of another run are as they are, and an edit of the log-mels that
        they make is trained, on conversions between the voices too (Chou et al. 2018).
    speaker : float
        Weight of the cross-entropy of voices, by a classifier that learns from recordings, where conversions are made
        in training: in the second stage, and with ``consistency``.
    source_classification : float
        With ``consistency``, weight of the cross-entropy by a classifier that learns whose words a conversion says,
        and is to take them for those of the voice that says them. Of two voices or more.
    decoder, student, reference, critic, edit : NetConfig
        The networks; ``student`` is the encoder's, too, ``reference`` makes vectors of recordings, and ``edit`` is
        that of the second stage.
    blocks, student_blocks, edit_blocks : int
        Their ConvNeXt blocks.
    look_ahead : int
        Frames that a student or encoder looks ahead.
    """

    player_names: ClassVar[tuple[str, ...]] = (
        *("decoder", "critic", "student", "classifier", "source_classifier", "probe", "edit"),
    )

    name: Literal["autoencoder"] = "autoencoder"
    domains: tuple[str, ...] = ("target",)
    sources: tuple[str, ...] = ()
    width: int = Field(96, ge=16, le=4096)
    content: Literal["recognizer", "student", "bottleneck", "adversarial", "instance_norm", "notes"] = "recognizer"
    teacher: Literal["recognizer", "transcriber"] = "recognizer"
    code: int = Field(32, ge=1, le=1024)
    speeds: bool = True
    release: float = Field(0.0, ge=0.0, le=4.0)
    retrieval: int = Field(0, ge=0, le=65536)
    sings: bool = False
    noise: float = Field(0.0, ge=0.0, le=10.0)
    neutral: bool = False
    voice: Literal["table", "reference", "print"] = "table"
    style: int = Field(64, ge=1, le=1024)
    reconstruction: float = Field(10.0, ge=0.0)
    adversarial: float = Field(1.0, ge=0.0)
    feature_matching: float = Field(4.0, ge=0.0)
    critic_from: int | None = Field(None, ge=0, le=MOST_STEPS)
    learns: Literal["everything", "norms", "vector"] = "everything"
    consistency: float = Field(0.0, ge=0.0)
    confusion: float = Field(0.01, ge=0.0)
    confusion_steps: int = Field(50_000, ge=1)
    polish: bool = False
    speaker: float = Field(1.0, ge=0.0)
    source_classification: float = Field(0.0, ge=0.0)
    decoder: NetConfig = NetConfig(architecture="convnext", channels=256)
    blocks: int = Field(6, ge=1, le=64)
    student: NetConfig = NetConfig(architecture="convnext", channels=256)
    student_blocks: int = Field(8, ge=1, le=64)
    look_ahead: int = Field(12, ge=0, le=192)
    reference: NetConfig = NetConfig(architecture="strided", channels=128)
    critic: NetConfig = NetConfig(architecture="projection", channels=32)
    edit: NetConfig = NetConfig(architecture="convnext", channels=192)
    edit_blocks: int = Field(4, ge=1, le=64)

    @property
    def needs(self) -> tuple[str, ...]:
        """Features that a conversion hears of its input."""
        told = {"recognizer": ("content",), "notes": ("notes",)}.get(self.content, ())
        return (*told, *(SUSTAINED if self.learns_notes else PROSODY))

    @property
    def trained_with(self) -> tuple[str, ...]:
        """Features that only training needs; a second stage has nobody to teach."""
        teacher = ("notes",) if self.learns_notes else ("content",)
        taught = {"recognizer": SPEEDS if self.speeds else (), "student": teacher}.get(self.content, ())
        prints = (VOICE_PRINT,) if self.voice == "print" else ()
        return prints if self.polish else (*taught, *prints)

    @property
    def encodes(self) -> bool:
        """Whether an encoder learns with the decoder."""
        return self.content in ("bottleneck", "adversarial", "instance_norm")

    @property
    def norms_over_time(self) -> bool:
        """Whether its encoder is one with instance norm."""
        return self.content == "instance_norm"

    @property
    def learns_voices(self) -> bool:
        """All but one of music."""
        return not self.learns_notes

    @property
    def of_minutes(self) -> bool:
        """Where a part of another run alone moves."""
        return self.learns != "everything"

    @property
    def of_singing(self) -> bool:
        """As it is told."""
        return self.sings

    @property
    def learns_notes(self) -> bool:
        """Those of music."""
        return self.content == "notes" or self.teacher == "transcriber"

    @property
    def hears_log_mels(self) -> bool:
        """Whether a network tells content from the log-mel."""
        return self.content not in ("recognizer", "notes")

    @property
    def has_critic(self) -> bool:
        """Whether any term needs a critic."""
        return self.adversarial > 0 or self.feature_matching > 0

    @property
    def tells_speakers(self) -> bool:
        """Whether a classifier is to tell the voice of conversions."""
        return bool(self.speaker and len(self.domains) > 1 and (self.polish or self.consistency))

    @property
    def tells_sources(self) -> bool:
        """Whether a classifier is to tell whose words are said in conversions."""
        return bool(self.source_classification and len(self.domains) > 1 and self.consistency)

    @property
    def named_domains(self) -> tuple[str, ...]:
        """The voices."""
        return self.domains

    @property
    def domain_names(self) -> tuple[str, ...]:
        """The voices, then what only the student learns from."""
        return (*self.domains, *self.sources)

    @property
    def directions(self) -> tuple[str, ...]:
        """Every voice."""
        return self.domains

    def critic_begins(self, *, after_another: bool = False) -> int:
        """Batches before the critic begins, of a run that begins with another or with nothing."""
        if self.critic_from is not None:
            return self.critic_from
        return _CRITIC_FROM["another"] if after_another else _CRITIC_FROM["notes" if self.learns_notes else "speech"]

    def polished(self) -> Self:
        """Settings of the second stage after a first one with these."""
        changed = {"polish": True, "consistency": 0.0, "sources": (), "critic_from": min(self.critic_begins(), 200)}
        if not self.has_critic:
            changed |= {name: type(self).model_fields[name].default for name in ("adversarial", "feature_matching")}
        return type(self).model_validate(self.model_dump() | changed)

    def what_it_does(self, folders: Sequence[str]) -> str:
        """A sentence for its model card."""
        voices = ", ".join(f"`{voice}`" for voice in self.domains)
        if self.learns_notes:
            return f"Plays with the sound of {voices} what anybody plays, on any instruments."
        return f"Says with the voice of {voices} what anybody says, in any language."

    def ways_to_use(self, run: str) -> list[str]:
        """To each voice; one alone need not be named."""
        named = [f" --to {shlex.quote(voice)}" for voice in self.domains] if len(self.domains) > 1 else [""]
        like = [" --like REFERENCE"] * (self.voice != "table")
        return [f"--model {run}{way}" for way in (*named, *like)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = self.domain_names
        if not 1 <= len(self.domains) <= MOST_DOMAINS or len(set(names)) < len(names):
            raise ValueError(
                f"expected 1 to {MOST_DOMAINS} voices of different names, received: {list(self.domains)}"
                + (f" and sources {list(self.sources)}" if self.sources else "")
            )
        if self.sources and self.content != "student" and not self.polish and not self.consistency:
            raise ValueError(
                "expected sources only with content=student, consistency or --polish: nothing else learns from them, "
                f"received: content={self.content}, sources={list(self.sources)}"
            )
        if self.neutral and self.content != "recognizer":
            raise ValueError(
                "expected neutral with content=recognizer, whose content a voice can say, received: "
                f"content={self.content}"
            )
        if self.teacher == "transcriber" and self.content != "student":
            raise ValueError(f"expected teacher=transcriber with content=student, received: content={self.content}")
        if self.learns_notes and self.voice == "print":
            raise ValueError("expected voice=table or reference for music: prints are of speech, received: print")
        if self.consistency and (self.encodes or self.learns_notes or len(names) < 2):
            raise ValueError(
                "expected consistency with content=student or recognizer of speech, and two folders or more, "
                f"received: content={self.content}, {len(names)} of them. One voice alone needs none: --preset voice"
            )
        if self.learns != "everything" and (
            len(names) > 1 or self.voice != "table" or self.hears_log_mels or self.polish
        ):
            raise ValueError(
                f"expected learns={self.learns} for one voice of a table, whose content no network of the run tells, "
                f"received: {len(names)} folders, voice={self.voice}, content={self.content}, polish={self.polish}"
            )
        if self.polish and self.consistency:
            raise ValueError(f"expected consistency=0 with --polish, received: consistency={self.consistency}")
        if self.content == "adversarial" and len(self.domains) < 2:
            raise ValueError("expected two voices or more for content=adversarial to tell apart, received: 1")
        sizes = ((self.decoder, self.blocks), (self.student, self.student_blocks), (self.edit, self.edit_blocks))
        for network, blocks in sizes:
            require_affordable(network, blocks=blocks)
        return self
