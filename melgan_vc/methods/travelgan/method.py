"""MelGAN-VC: a hinge GAN on concatenated chunks, with a TraVeL loss for content (Pasini 2019)."""

import keras
from keras import ops

from melgan_vc.config.run import RunConfig
from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.losses.identity import identity
from melgan_vc.methods.architectures import build, precision
from melgan_vc.methods.base import Method
from melgan_vc.methods.content_terms import ContentTerms
from melgan_vc.methods.generators import build_generator
from melgan_vc.methods.missing_frames import MissingFrames
from melgan_vc.methods.voice_conditioning import perturbation, shift_to, shift_voice

_ALWAYS_LOGGED = ("adversarial", "travel", "margin", "identity", "self_regularization", "copy")


class Travelgan(Method):
    """Generator and the networks of its content terms, the siamese one above all, against a critic.

    The generator never sees the critic's window: it translates each of its chunks alone, and the critic judges
    the chunks side by side, so that a seam is a fault like any other. All chunks of a batch go through the generator
    in one call (the published code makes one for each third, so that its batch norm sees a third of them at a time).

    TraVeL is one of the terms that keep content: see `ContentTerms` for those that can be added to it or replace it.
    A stretch of frames may be missing from each chunk (`MissingFrames`); only the generator misses it.
    """

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method, n_mels = config.method, config.mel.n_mels
        with precision(config.training.mixed_precision):
            self.generator = self.build_network(config)
            pieces = method.pieces if method.pairs == "single" else None
            self.content = ContentTerms(config, frames=method.width // method.pieces, pieces=pieces, one_way=True)
            # The published critic is built for one width; the others take any.
            self.critic = build("critic", method.critic, n_mels, offered={"frames": method.width})
        self.siamese = self.content.siamese
        self.shift = shift_to("target", config)
        self.players = {"generator": (self.generator, *self.content.networks), "critic": (self.critic,)}

    @classmethod
    def build_network(cls, config: RunConfig) -> keras.Model:
        """The generator alone."""
        return build_generator("target", config)

    def augmentation(self, stores):
        """Copies of windows, if they are to be: the target's in about the source's voice, the source's with gaps.

        Gaps are drawn for each chunk, which is all that a generator sees at a time.
        """
        method, copies = self.config.method, []
        if method.perturbation:
            perturb = perturbation("target", self.config)
            copies.append(lambda batch, step: perturb(batch[1], step))
        if method.masked_frames:
            without = MissingFrames(method.masked_frames, seed=self.config.training.seed)

            def with_gaps(batch, step):
                source = batch[0]
                chunks = source.reshape(-1, method.width // method.pieces, source.shape[-1])
                return without((chunks,), step)[0].reshape(source.shape)

            copies.append(with_gaps)
        if not copies:
            return []
        return [lambda batch, step: (*batch, *(copy(batch, step) for copy in copies))]

    @property
    def network(self) -> keras.Model:
        """The generator."""
        return self.generator

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Figures of each player; ``copy`` is the mean distance of the output from the input."""
        added = [name for name in self.content.names if name not in _ALWAYS_LOGGED]
        return {"generator": (*_ALWAYS_LOGGED, *added), "critic": ("real_score", "fake_score")}

    def losses(self, batch, players, step=0):
        """Every player's loss in one forward pass; see `Method.losses`."""
        source, target, *copies = batch
        gaps = copies.pop() if self.config.method.masked_frames and copies else source
        chunks = self._chunks(source)
        translated = self.generator(self._chunks(gaps), training=True)
        judged = ops.concatenate([target, self._windows(translated)], axis=0)
        real_score, fake_score = ops.split(self.critic(judged, training=True), 2, axis=0)
        losses, terms = {}, {}
        if "critic" in players:
            losses["critic"] = hinge_critic(real_score, fake_score)
            terms |= {
                "real_score": ops.mean(real_score),
                "fake_score": ops.mean(fake_score),
            }
        if "generator" in players:
            generator = self._generator_terms(chunks, translated, fake_score, target, *copies)
            method = self.config.method
            losses["generator"] = (
                method.adversarial * generator["adversarial"]
                + method.identity * generator["identity"]
                + self.content.weighted(generator)
            )
            terms |= generator
        return losses, terms

    def _generator_terms(self, chunks, translated, fake_score, target, perturbed=None) -> dict:
        terms = dict.fromkeys(_ALWAYS_LOGGED, ops.zeros(()))  # 0 for those that are left out
        terms |= self.content.terms(chunks, translated, edited=shift_voice(chunks, self.shift))
        terms["adversarial"] = hinge_generator(fake_score)
        terms["copy"] = ops.mean(ops.abs(chunks - translated))
        if self.config.method.identity:
            given = self._chunks(target if perturbed is None else perturbed)
            terms["identity"] = identity(self._chunks(target), self.generator(given, training=True))
        return terms

    def _chunks(self, windows):
        """``(B, L, M)`` to ``(B * pieces, L / pieces, M)``."""
        method = self.config.method
        return ops.reshape(windows, (-1, method.width // method.pieces, windows.shape[-1]))

    def _windows(self, chunks):
        """``(B * pieces, L / pieces, M)`` to ``(B, L, M)``: chunks side by side."""
        return ops.reshape(chunks, (-1, self.config.method.width, chunks.shape[-1]))
