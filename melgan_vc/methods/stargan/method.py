"""StarGAN v2: one generator that is told by a style vector whose voice to give (Choi et al. 2020)."""

import math

import keras
import numpy as np
from keras import ops

from melgan_vc.audio.bands import match_bands
from melgan_vc.audio.voice_shift import shift_log_mel
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.balanced_sampler import BalancedSampler
from melgan_vc.losses.adversarial import ADVERSARIAL_LOSSES
from melgan_vc.losses.classification import classification
from melgan_vc.losses.cycle import cycle
from melgan_vc.losses.gradient_penalty import r1_penalty, wasserstein_penalty
from melgan_vc.losses.identity import identity
from melgan_vc.losses.norm_consistency import norm_consistency
from melgan_vc.losses.style import diversity, style_reconstruction
from melgan_vc.methods.architectures import build, precision
from melgan_vc.methods.base import Method
from melgan_vc.methods.content_terms import ContentTerms
from melgan_vc.methods.stargan.batches import StarganBatch, VoicePairs, bands_of_domains
from melgan_vc.methods.stargan.styled_generator import StyledGenerator
from melgan_vc.nets.style_networks import mapping_network, style_encoder


class Stargan(Method):
    """Generator, mapping network and style encoder against a critic and classifiers.

    In each batch half of the windows are translated with styles that the mapping network makes for the domain that is
    wanted, and half with the styles of reference windows of it: a target can be asked for by name or by a clip. The
    mapping network's share includes the identity loss, so that the typical style of a domain is learned from its own
    sound too.

    The adversarial source classifier is that of Li et al. 2021, "StarGANv2-VC": one that learns which domain a
    translation came from, and is fooled by translations in which nothing of the source is left.
    """

    network_settings = ("domains", "generator", "masked_frames", "style", "latent", "style_networks", "match_bands")

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method, n_mels = config.method, config.mel.n_mels
        self.number = len(method.domains)
        with precision(config.training.mixed_precision):
            self._styled = self.build_network(config)
            self.content = ContentTerms(config, frames=method.width)
            self.critic = build("domain_critic", method.critic, n_mels, role="critic", domains=self.number)
            self.classifier = self._build_classifier() if method.classification else None
            self.source_classifier = self._build_classifier() if method.source_classification else None
        judges = (self.critic, self.classifier, self.source_classifier)
        self.players = {
            "generator": (self._styled, *self.content.networks),
            "critic": tuple(network for network in judges if network is not None),
        }
        self._critic_loss, self._generator_loss = ADVERSARIAL_LOSSES[method.adversarial_loss]
        mel = config.mel
        self._nepers = 0.5 * (mel.ceiling_db - mel.floor_db) * math.log(10.0) / 20.0

    @classmethod
    def build_network(cls, config: RunConfig) -> StyledGenerator:
        """The generator, with the two networks that give it styles."""
        method, n_mels = config.method, config.mel.n_mels
        sizes = {"style": method.style, "channels": method.style_networks.channels}
        mask = {"mask": True} if method.masked_frames else {}
        return StyledGenerator(
            build("styled_generator", method.generator, n_mels, role="generator", style=method.style, **mask),
            mapping_network(len(method.domains), latent=method.latent, **sizes),
            style_encoder(n_mels, **sizes),
            method.domains,
            n_mels=0 if method.match_bands == "never" else n_mels,
        )

    def learn_domains(self, stores) -> None:
        """Measure the bands of each domain."""
        if self._styled.bands is not None:
            measured = bands_of_domains(stores)
            self._styled.bands.assign([np.vstack([bands.mean, bands.covariance]) for bands in measured])

    def _sampler(self, stores):
        """Windows of all domains in one batch, each with a reference of another."""
        training = self.config.training
        return BalancedSampler(
            stores, length=self.config.method.width, batch_size=training.batch_size, seed=training.seed
        )

    def augmentation(self, stores):
        """Windows and references become a `StarganBatch`."""
        return [VoicePairs(self.config, stores)]

    def _build_classifier(self) -> keras.Model:
        net = self.config.method.classifier
        return build("classifier", net, self.config.mel.n_mels, domains=self.number)

    @property
    def network(self) -> StyledGenerator:
        """Generator, mapping network and style encoder."""
        return self._styled

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Figures of each player, of the terms that have a weight; ``copy`` is the mean distance from the input."""
        classifiers = {
            "classifier_loss": self.classifier,
            "source_classifier_loss": self.source_classifier,
        }
        learn = tuple(name for name, network in classifiers.items() if network is not None)
        return {
            "generator": ("adversarial", *self._weighted(_TERMS), *self.content.names, "copy"),
            "critic": ("real_score", "fake_score", *learn, *self._weighted(_PENALTIES)),
        }

    def _weighted(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if getattr(self.config.method, name))

    def losses(self, batch, players, step=0):
        """Every player's loss in one forward pass; see `Method.losses`. The batch is a `StarganBatch`.

        What goes through one network goes through it in one call where it can: a call costs more than its windows.
        """
        given, method = StarganBatch(*map(ops.convert_to_tensor, batch)), self.config.method
        asks_generator = "generator" in players
        styles, own_styles, own = self._styles(given)
        fake, same = self._translate(given, styles, own_styles if asks_generator and method.identity else None)
        real_score, fake_score = self._scores(given, fake)
        of_windows, of_fake = self._classify(given.windows, fake)
        of_source = None if self.source_classifier is None else self.source_classifier(fake, training=True)
        losses, terms = {}, {}
        if "critic" in players:
            judged = {
                "classifier_loss": (of_windows, given.domain),
                "source_classifier_loss": (of_source, given.domain),
            }
            critic = {name: classification(*pair) for name, pair in judged.items() if pair[0] is not None}
            penalties = self._penalties(given, fake)
            losses["critic"] = self._critic_loss(real_score, fake_score) + sum(critic.values())
            losses["critic"] += sum(getattr(method, name) * value for name, value in penalties.items())
            terms |= {"real_score": ops.mean(real_score), "fake_score": ops.mean(fake_score), **critic, **penalties}
        if asks_generator:
            generator = {"adversarial": self._generator_loss(fake_score)}
            if self.classifier is not None:
                generator["classification"] = classification(of_fake, given.wanted)
            if self.source_classifier is not None:
                generator["source_classification"] = classification(of_source, given.wanted)
            generator |= self._own_terms(given, fake, same, styles, own)
            generator |= self.content.terms(given.windows, fake, edited=given.moved)
            losses["generator"] = sum(getattr(method, name) * value for name, value in generator.items())
            terms |= generator | {"copy": ops.mean(ops.abs(given.windows - fake))}
        return losses, terms

    def _styles(self, given: StarganBatch):
        """Styles to translate to, styles for the identity loss, and those that the windows have; each ``(B, S)``.

        Of the first two, half come from latent vectors and the names of domains, half from clips.
        """
        named = ops.shape(given.windows)[0] // 2
        latents = ops.concatenate([given.latents[:named, 0], given.latents[:named, 1]], axis=0)
        domains = ops.concatenate([given.wanted[:named], given.domain[:named]], axis=0)
        mapped = self._styled.mapping([latents, domains], training=True)
        heard = self._styled.encoder(ops.concatenate([given.reference[named:], given.windows], axis=0), training=True)
        own = heard[-ops.shape(given.windows)[0] :]
        referred = heard[: -ops.shape(given.windows)[0]]
        wanted = ops.concatenate([mapped[:named], referred], axis=0)
        return wanted, ops.concatenate([mapped[named:], own[named:]], axis=0), own

    def _translate(self, given: StarganBatch, styles, own_styles):
        """Translations, and what the identity loss compares with the windows (None if it is not asked)."""
        if own_styles is None:
            return self._generate(given.generator_input, styles), None
        mels = ops.concatenate([given.generator_input, given.identity_input], axis=0)
        both = self._generate(mels, ops.concatenate([styles, own_styles], axis=0))
        return ops.split(both, 2, axis=0)

    def _moved_back(self, fake, given: StarganBatch):
        """Translations, with the voice of the domain that they came from."""
        return match_bands(shift_log_mel(fake, given.shift_back, ops), given.bands_matrix, given.bands_offset, ops)

    def _generate(self, mel, styles):
        return self._styled.generator([mel, styles], training=True)

    def _scores(self, given: StarganBatch, fake):
        """The critic's scores of references and of translations, both for the domain that was wanted."""
        windows = ops.concatenate([given.reference, fake], axis=0)
        wanted = ops.concatenate([given.wanted, given.wanted], axis=0)
        return ops.split(self.critic([windows, wanted], training=True), 2, axis=0)

    def _classify(self, windows, fake):
        """Logits of real windows and of translations."""
        if self.classifier is None:
            return None, None
        return ops.split(self.classifier(ops.concatenate([windows, fake], axis=0), training=True), 2, axis=0)

    def _penalties(self, given: StarganBatch, fake) -> dict:
        """Those of the critic's slope that have a weight."""
        method, terms = self.config.method, {}

        def score(windows):
            return self.critic([windows, given.wanted], training=False)

        if method.gradient_penalty:
            fixed = ops.stop_gradient(fake)
            terms["gradient_penalty"] = wasserstein_penalty(score, given.reference, fixed, given.mixing)
        if method.r1:
            terms["r1"] = r1_penalty(score, given.reference)
        return terms

    def _own_terms(self, given: StarganBatch, fake, same, styles, own) -> dict:
        """The other terms of this method that have a weight."""
        windows = given.windows
        terms = {
            "style_reconstruction": lambda: style_reconstruction(styles, self._styled.encoder(fake, training=True)),
            "diversity": lambda: diversity(fake, self._generate(given.generator_input, self._other_styles(given))),
            "cycle": lambda: cycle(windows, self._generate(self._moved_back(fake, given), own)),
            "identity": lambda: identity(windows, same),
            "norm_consistency": lambda: norm_consistency(given.moved, fake, nepers=self._nepers),
        }
        return {name: term() for name, term in terms.items() if getattr(self.config.method, name)}

    def _other_styles(self, given: StarganBatch):
        """Other styles of the wanted domains, from other latent vectors."""
        return self._styled.mapping([given.latents[:, 1], given.wanted], training=True)


_TERMS = (
    "classification",
    "source_classification",
    "style_reconstruction",
    "diversity",
    "cycle",
    "identity",
    "norm_consistency",
)
_PENALTIES = ("gradient_penalty", "r1")
