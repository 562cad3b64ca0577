"""Named starting points: a complete configuration each."""

from melgan_vc.config import PlayerConfig, RunConfig, TrainingConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.mel_config import MelConfig
from melgan_vc.method_config import METHOD_CONFIGS, NetConfig, TravelganConfig
from melgan_vc.presets_cyclegan import cyclegan_preset
from melgan_vc.presets_stargan import STARGAN_PRESETS, stargan_preset
from melgan_vc.presets_vocoder import VOCODER_PRESETS, vocoder_preset


def _voice() -> RunConfig:
    """Speech at 16 kHz; windows of 2 s, chunks of 1 s.

    Pitch and formants are left where they are: the factors between two voices are set for each pair.
    """
    return RunConfig(
        preset="voice",
        method=TravelganConfig(identity=15.0, self_regularization=5.0),
        training=TrainingConfig(perturbation=1.2, equaliser_db=4.0),
    )


def _music() -> RunConfig:
    """Music at 22.05 kHz; windows of 3 s, chunks of 1.5 s.

    Weights are not averaged over steps: that keeps the words of a voice, but in music it brings the source back.
    """
    return RunConfig(
        preset="music",
        mel=MelConfig(rate=22050, n_fft=2048, hop_length=512, n_mels=128, fmax=11025.0),
        method=TravelganConfig(identity=0.5),
        training=TrainingConfig(ema=0.0),
    )


def _paper() -> RunConfig:
    """The published numbers: thirds of 24 frames in a window of 72, three critic steps for each generator step.

    The published 192 mel rows over 577 bins have rank 186. Windows are therefore padded with zeros to twice their
    length before the Fourier transform: the same frames, 1153 bins, rank 192.
    """
    player = PlayerConfig(learning_rate=2e-4, clip_norm=None)
    return RunConfig(
        preset="paper",
        mel=MelConfig(n_fft=1152, zero_padding=2, hop_length=192, n_mels=192, mel_scale="htk", floor_db=-100.0),
        method=TravelganConfig(
            width=72,
            pieces=3,
            pairs="single",
            generator=NetConfig(architecture="paper"),
            siamese=NetConfig(architecture="paper"),
            critic=NetConfig(architecture="paper", channels=512),
        ),
        training=TrainingConfig(
            generator=player.model_copy(update={"every": 3}), critic=player, ema=0.0, steps=100_000
        ),
    )


def _debug() -> RunConfig:
    """Tiny networks that train in seconds on a CPU: for tests and for trying things, not for listening."""
    return RunConfig(
        preset="debug",
        mel=MelConfig(rate=8000, n_fft=512, hop_length=128, n_mels=32, fmax=4000.0),
        method=TravelganConfig(
            width=32,
            embedding=16,
            patch_features=16,
            generator=NetConfig(architecture="residual", channels=16),
            siamese=NetConfig(architecture="strided", channels=16),
            critic=NetConfig(architecture="patch", channels=16),
        ),
        training=TrainingConfig(
            steps=20, batch_size=4, report_every=5, checkpoint_every=10, sample_every=20, ema=0.9
        ),
    )


PRESETS = {"voice": _voice, "music": _music, "paper": _paper, "debug": _debug}

_FOR_METHOD = {"cyclegan": cyclegan_preset, "stargan": stargan_preset, "vocoder": vocoder_preset}
"""How a preset is changed for a method with presets of its own; another one gets its defaults."""


def presets_of(method: str) -> tuple[str, ...]:
    """Names of the presets that a method has."""
    return {"stargan": STARGAN_PRESETS, "vocoder": VOCODER_PRESETS}.get(method, tuple(PRESETS))


def preset(name: str, method: str = "travelgan") -> RunConfig:
    """The configuration of a preset.

    Parameters
    ----------
    name : str
        One of `presets_of` the method.
    method : str
        The method it is for. Spectrogram, corpus and most of the training are the same for all.

    Raises
    ------
    MelganVcError
        If there is no such preset or method; the message lists them.

    Examples
    --------
    >>> preset("voice").mel.rate
    16000
    >>> preset("voice", "cyclegan").method.cycle
    10.0
    """
    if method not in METHOD_CONFIGS:
        raise MelganVcError(
            f"Expected a method among {', '.join(METHOD_CONFIGS)}, received: {method!r}"
            + did_you_mean(method, METHOD_CONFIGS)
        )
    known = presets_of(method)
    if name not in known:
        raise MelganVcError(
            f"Expected a preset among {', '.join(known)}, received: {name!r}{did_you_mean(name, known)}"
        )
    config = PRESETS[name]()
    if method == config.method.name:
        return config
    config = config.model_copy(update={"method": METHOD_CONFIGS[method]()})
    if not hasattr(config.method, "shifts_voice"):  # nor can it undo a voice's perturbation
        training = config.training.model_copy(update={"perturbation": None, "equaliser_db": 0.0})
        config = config.model_copy(update={"training": training})
    return _FOR_METHOD[method](config) if method in _FOR_METHOD else config
