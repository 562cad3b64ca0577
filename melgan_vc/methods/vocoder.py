"""A neural vocoder: a generator from log-mels to waveforms against critics that hear waveforms."""

import keras
import numpy as np
from keras import ops

from melgan_vc.audio.mel import mel_filterbank
from melgan_vc.config import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.losses.feature_matching import feature_matching
from melgan_vc.losses.spectral import mel_distance, multi_resolution_stft
from melgan_vc.mel_config import MelConfig
from melgan_vc.methods.architectures import VOCODERS, build, precision
from melgan_vc.methods.base import Method
from melgan_vc.methods.games import GAMES
from melgan_vc.nets.waveform_critics import period_critic, resolution_critic


class VocoderGan(Method):
    """One generator, and a critic for each period and each resolution; it knows no styles and translates nothing.

    A batch is a log-mel ``(B, W, n_mels)``, the waveform that it is of, ``(B, (W - 1) * hop_length + n_fft)``, whose
    first window is that of the first frame, and, where the generator edits one, a starting waveform of that shape.
    """

    domains = ("audio",)
    directions = ()
    waveforms = True

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method = config.method
        with precision(config.training.mixed_precision):
            self.generator = self.build_translator(config)
            self.critics = self._build_critics() if method.has_critics else ()
        self.players = {"generator": (self.generator,)}
        if self.critics:
            self.players["critic"] = self.critics
        self._game = GAMES[method.adversarial_loss]

    @classmethod
    def build_translator(cls, config: RunConfig) -> keras.Model:
        """The generator."""
        method, mel = config.method, config.mel
        framing = {"hop_length": mel.hop_length}
        if method.generator.architecture == "fourier":
            framing |= {"n_fft": mel.n_fft, "fft_length": mel.fft_length}
            framing |= {"blocks": method.blocks, "causal": method.causal}
            framing |= {"prior": None if method.has_start else magnitude_prior(mel)}
        return build("generator", VOCODERS, method.generator, mel.n_mels, **framing)

    @property
    def translator(self) -> keras.Model:
        """The generator."""
        return self.generator

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Figures of each player."""
        generator = ("spectral", "mel_distance")
        if not self.critics:
            return {"generator": generator}
        return {
            "generator": (*generator, "adversarial", "feature_matching"),
            "critic": ("real_score", "fake_score"),
        }

    def translate(self, mel, domain: str | None = None):
        """A vocoder has no domains to translate to."""
        raise MelganVcError("Expected a run that converts, received: a vocoder, which only makes sound of log-mels")

    def losses(self, batch, players, step=0):
        """Every player's loss in one forward pass; see `Method.losses`."""
        config, (mel, wave, *start) = self.config.mel, batch
        fake = self.generator([mel, *start] if start else mel, training=True)
        centre = config.n_fft // 2
        real = _inner(wave[:, centre : centre + mel.shape[1] * config.hop_length], config)
        fake = _inner(fake, config)
        losses, terms = {}, {}
        if self.critics:
            heard = [critic(ops.concatenate([real, fake], axis=0), training=True) for critic in self.critics]
            halves = [[ops.split(layer, 2, axis=0) for layer in layers] for layers in heard]
        if "critic" in players:
            scores = [score for score, *_ in halves]
            losses["critic"] = _mean([self._game[0](*pair) for pair in scores])
            terms |= {
                "real_score": _mean([ops.mean(pair[0]) for pair in scores]),
                "fake_score": _mean([ops.mean(pair[1]) for pair in scores]),
            }
        if "generator" in players:
            method = self.config.method
            generator = {
                "spectral": multi_resolution_stft(real, fake),
                "mel_distance": mel_distance(
                    real,
                    fake,
                    filters=mel_filterbank(config),
                    n_fft=config.n_fft,
                    hop_length=config.hop_length,
                    fft_length=config.fft_length,
                ),
            }
            losses["generator"] = method.spectral * generator["spectral"] + method.mel * generator["mel_distance"]
            if self.critics:
                generator["adversarial"] = _mean([self._game[1](score[1]) for score, *_ in halves])
                generator["feature_matching"] = _mean(
                    [feature_matching(*zip(*features, strict=True)) for _, *features in halves]
                )
                losses["generator"] += method.adversarial * generator["adversarial"]
                losses["generator"] += method.feature_matching * generator["feature_matching"]
            terms |= generator
        return losses, terms

    def _build_critics(self) -> tuple[keras.Model, ...]:
        method = self.config.method
        return (
            *(period_critic(period, channels=method.critic_channels) for period in method.periods),
            *(resolution_critic(n_fft, channels=method.critic_channels) for n_fft in method.resolutions),
        )


def _inner(wave, mel: MelConfig):
    """What lies ``n_fft / 2`` samples and more inside of a window: what all frames are there for."""
    edge = -(-mel.n_fft // (2 * mel.hop_length)) * mel.hop_length
    return wave[:, edge:-edge]


def magnitude_prior(mel: MelConfig) -> np.ndarray:
    """Weights ``(n_mels + 1, n_bins)`` from a log-mel in [-1, 1] to roughly the log magnitude of each bin.

    Each bin takes the bands that hear it in the measure that they do, less what a band sums up.
    """
    filters = mel_filterbank(mel).astype(np.float64)
    shares = filters / np.maximum(filters.sum(axis=0), 1e-6)
    half_range = 0.5 * (mel.ceiling_db - mel.floor_db)
    to_nepers = np.log(10.0) / 20.0
    summed = 10.0 * np.log10(np.maximum(filters.sum(axis=1), 1.0))  # decibels that a band has more than its bins
    offset = (half_range + mel.floor_db - summed) @ shares
    unheard = filters.sum(axis=0) < 1e-6
    offset = np.where(unheard, mel.floor_db, offset)
    return (np.concatenate([shares * half_range, offset[None]]) * to_nepers).astype(np.float32)


def _mean(values: list):
    return sum(values[1:], values[0]) / len(values)
