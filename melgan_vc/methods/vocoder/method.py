"""A neural vocoder: a generator from log-mels to waveforms against critics that hear waveforms."""

from pathlib import Path

import keras
import numpy as np
from keras import ops

from melgan_vc.audio.mel import mel_filterbank
from melgan_vc.config.mel import MelConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.wave_sampler import WaveSampler
from melgan_vc.losses.adversarial import ADVERSARIAL_LOSSES
from melgan_vc.losses.feature_matching import feature_matching
from melgan_vc.losses.spectral import mel_distance, multi_resolution_stft
from melgan_vc.methods.architectures import build, precision
from melgan_vc.methods.base import TRIED_FRAMES, Method
from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.vocoder.corpus import wave_files
from melgan_vc.methods.vocoder.origin import model_with_faults, weights_of_vocoder
from melgan_vc.methods.vocoder.samples import VocoderSamples
from melgan_vc.nets.waveform_critics import period_critic, resolution_critic
from melgan_vc.runs.origin import Origin
from melgan_vc.vocoders.neural import NeuralVocoder


class VocoderGan(Method):
    """One generator, and a critic for each period and each resolution; it knows no styles and translates nothing.

    A batch is a log-mel ``(B, W, n_mels)``, the waveform that it is of, ``(B, (W - 1) * hop_length + n_fft)``, whose
    first window is that of the first frame, and, where the generator edits one, a starting waveform of that shape.
    """

    augments = False

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method = config.method
        with precision(config.training.mixed_precision):
            self.generator = self.build_network(config)
            self.critics = self._build_critics() if method.has_critics else ()
        self.players = {"generator": (self.generator,)}
        if self.critics:
            self.players["critic"] = self.critics
        self._faults: Conversion | None = None
        self._critic_loss, self._generator_loss = ADVERSARIAL_LOSSES[method.adversarial_loss]

    @classmethod
    def build_network(cls, config: RunConfig) -> keras.Model:
        """The generator."""
        method, mel = config.method, config.mel
        settings = {"hop_length": mel.hop_length, "n_fft": mel.n_fft, "fft_length": mel.fft_length}
        settings |= {"blocks": method.blocks, "causal": method.causal}
        settings |= {"prior": None if method.has_start else magnitude_prior(mel)}
        return build("vocoder", method.generator, mel.n_mels, role="generator", offered=settings)

    def begin_with(self, origin: Origin, *, resumed: bool) -> None:
        """Another vocoder's weights, and a model whose faults to learn."""
        if origin.start_from and not resumed:
            weights_of_vocoder(Path(origin.start_from), self.config, self.generator)
        self._faults = model_with_faults(origin, self.config)

    def batches(self, stores, *, console):
        """Windows of the sound of all files, with what the generator is given made or found beside them."""
        config = self.config
        return WaveSampler(
            wave_files(config, stores, console, self._faults),
            mel=config.mel,
            length=config.method.width,
            batch_size=config.training.batch_size,
            seed=config.training.seed,
            gain_db=config.method.gain_db,
        )

    @classmethod
    def try_out(cls, config, network):
        """The sound of a random log-mel."""
        shape = TRIED_FRAMES, config.mel.n_mels
        log_mel = np.random.default_rng(0).uniform(-1.0, 1.0, shape).astype(np.float32)
        return [NeuralVocoder(config.mel, network, start_iterations=config.method.start).invert(log_mel)]

    def samples(self, store):
        """Held-out recordings, made again from their log-mels."""
        return VocoderSamples.of_store(store, self.config, self.build_network(self.config))

    @property
    def network(self) -> keras.Model:
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
            losses["critic"] = _mean([self._critic_loss(*pair) for pair in scores])
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
                generator["adversarial"] = _mean([self._generator_loss(score[1]) for score, *_ in halves])
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
