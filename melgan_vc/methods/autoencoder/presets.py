"""The presets for autoencoders: one for each published form, each with what departs from it."""

from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.autoencoder.config import AutoencoderConfig
from melgan_vc.methods.shared_presets import run_config

_PERTURBED = {"perturbation": 1.2, "equaliser_db": 6.0}

_UNJUDGED = {"adversarial": 0.0, "feature_matching": 0.0}
"""As those that learn to hear beside the decoder are published. What they make is so blurred that a critic wins at
once, and they learn no more (docs/experiments.md); the second stage, ``--polish``, has one."""


def voice() -> RunConfig:
    """What is best today: the content of a recogniser, as `recognizer`."""
    return recognizer().model_copy(update={"preset": "voice"})


def recognizer() -> RunConfig:
    """The content of a recogniser of speech, as in soft-VC and FreeVC [1]_ [2]_.

    It departs from them in this: the recogniser is Whisper-base, not HuBERT or WavLM; its numbers are counted from
    what is typical of the voice instead of made discrete, soft, or few; and pitch and loudness are told beside them.

    References
    ----------
    .. [1] B. van Niekerk et al., "A comparison of discrete and soft speech units for improved voice conversion",
       ICASSP 2022.
    .. [2] J. Li, W. Tu, L. Xiao, "FreeVC: towards high-quality text-free one-shot voice conversion", ICASSP 2023.
    """
    return _of_voices("recognizer", AutoencoderConfig(retrieval=2048))


def voices() -> RunConfig:
    """`recognizer` for two voices or more, which are also made of recordings.

    Conversions between them are made in training: a student of the recogniser hears whether the words stay (after the
    speech consistency of StarGANv2-VC [1]_), a classifier whose voice it is, and the critic both. And everybody is
    heard in one voice, as by the teacher of ContentVec [2]_. Without, what is left of the source's voice in the
    content is believed rather than the voice that is asked for.

    References
    ----------
    .. [1] Y. A. Li, A. Zare, N. Mesgarani, "StarGANv2-VC: a diverse, unsupervised, non-parallel framework for
       natural-sounding voice conversion", Interspeech 2021.
    .. [2] K. Qian et al., "ContentVec: an improved self-supervised speech representation by disentangling speakers",
       ICML 2022.
    """
    terms = {"noise": 0.5, "neutral": True, "consistency": 2.0, "speaker": 2.0}
    return _of_voices("voices", AutoencoderConfig(domains=("anna", "boris"), voice="reference", **terms))


def student() -> RunConfig:
    """A network that learns to hear as the recogniser does: conversion then needs no extra."""
    return _of_voices("student", AutoencoderConfig(content="student", **_PERTURBED))


def autovc() -> RunConfig:
    """An encoder that learns with the decoder, of so few numbers that the voice does not fit in, as in AutoVC [1]_.

    It departs from that in this: 32 numbers in every frame, where AutoVC has 64 for 32 frames together; blocks of
    convolutions instead of recurrent layers; the encoder is not told the voice, and hears log-mels whose pitch,
    formants and equaliser were changed; pitch and loudness are told beside it; the error is absolute, and the code of
    what was made is not compared with that of what was heard.

    References
    ----------
    .. [1] K. Qian et al., "AutoVC: zero-shot voice style transfer with only autoencoder loss", ICML 2019.
    """
    return _of_voices("autovc", AutoencoderConfig(content="bottleneck", **_PERTURBED, **_UNJUDGED))


def adversarial() -> RunConfig:
    """An encoder against a classifier of voices, after Chou et al. 2018 [1]_. Needs two voices or more.

    It departs from that in this: encoder, decoder and classifier learn together from the first step, and take one
    step each; the log-mels that the encoder hears are changed as for `autovc`; pitch and loudness are told beside
    it. The second stage, which edits what the first one makes, is ``--polish``.

    References
    ----------
    .. [1] J.-C. Chou et al., "Multi-target voice conversion without parallel data by adversarially learning
       disentangled audio representations", Interspeech 2018.
    """
    method = AutoencoderConfig(
        content="adversarial", domains=("anna", "boris"), code=128, confusion_steps=10_000, **_PERTURBED, **_UNJUDGED
    )
    return _of_voices("adversarial", method)


def adain() -> RunConfig:
    """An encoder with instance norm and a decoder with adaptive norm, as in AdaIN-VC [1]_, with AGAIN-VC's neck [2]_.

    It departs from both in this: of an input that is converted, means and deviations over time are measured once,
    layer by layer and without its pauses, so that pieces of it convert as the whole does, while a training takes
    each window's own; the decoder's norm is of one frame, for the same reason; a voice has a vector of its own beside
    that of a recording; pitch and loudness are told beside the code. There is no distribution of codes and no code
    for eight frames together, as in [1]_: four numbers a frame go through a sigmoid, as in [2]_.

    References
    ----------
    .. [1] J.-C. Chou, H.-Y. Lee, "One-shot voice conversion by separating speaker and content representations with
       instance normalization", Interspeech 2019.
    .. [2] Y.-H. Chen et al., "AGAIN-VC: a one-shot voice conversion using activation guidance and adaptive instance
       normalization", ICASSP 2021.
    """
    method = AutoencoderConfig(content="instance_norm", code=4, voice="reference", **_PERTURBED, **_UNJUDGED)
    return _of_voices("adain", method)


def music() -> RunConfig:
    """Notes of any music, played by the ensemble of a folder.

    As in the universal music translator [2]_ an ensemble is learned from its own recordings alone, and played in
    log-mels that a vocoder makes sound, after TimbreTron [1]_; but notes come from a transcriber, in training with
    mistakes such as it makes, instead of a learned code.

    References
    ----------
    .. [1] S. Huang et al., "TimbreTron: a WaveNet(CycleGAN(CQT(audio))) pipeline for musical timbre transfer",
       ICLR 2019.
    .. [2] N. Mor et al., "A universal music translation network", ICLR 2019.
    """
    return _with_rates("music", "music", AutoencoderConfig(content="notes"))


def note_student() -> RunConfig:
    """`music` with a network that learns to hear notes as the transcriber does; conversion needs no other."""
    method = AutoencoderConfig(content="student", teacher="transcriber", perturbation=1.0, equaliser_db=6.0)
    return _with_rates("note_student", "music", method)


def debug() -> RunConfig:
    """Tiny networks, no recogniser."""
    method = AutoencoderConfig(
        width=32,
        content="bottleneck",
        critic_from=0,
        code=8,
        style=8,
        decoder=NetConfig(architecture="convnext", channels=16),
        blocks=2,
        student=NetConfig(architecture="convnext", channels=16),
        student_blocks=2,
        look_ahead=3,
        critic=NetConfig(architecture="projection", channels=4),
        edit=NetConfig(architecture="convnext", channels=16),
        edit_blocks=2,
    )
    return run_config("debug", method)


def _of_voices(name: str, method: AutoencoderConfig) -> RunConfig:
    return _with_rates(name, "voice", method)


def _with_rates(name: str, shared: str, method: AutoencoderConfig) -> RunConfig:
    # A critic that learns as slowly as the decoder is fooled by a blur.
    rates = {"decoder": (4e-4, 0.5), "critic": (1e-3, 0.5), "student": (5e-4, 0.9), "probe": (1e-3, 0.9)}
    players = {player: PlayerConfig(learning_rate=rate, beta_1=beta) for player, (rate, beta) in rates.items()}
    return run_config(shared, method, players=players, ema=0.998).model_copy(update={"preset": name})
