"""MelGAN-VC: a hinge GAN on concatenated chunks, with a TraVeL loss for content (Pasini 2019)."""

import keras
from keras import ops

from melgan_vc.config import RunConfig
from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.losses.identity import identity
from melgan_vc.losses.self_regularization import self_regularization
from melgan_vc.losses.travel import all_pairs, margin, single_pair, travel
from melgan_vc.methods.architectures import CRITICS, GENERATORS, SIAMESES, STRIDES, build, precision
from melgan_vc.methods.base import Method
from melgan_vc.methods.voices import perturbation, shift_to
from melgan_vc.nets.edited_mel import shifted


class Travelgan(Method):
    """Generator and siamese network against a critic.

    The generator never sees the critic's window: it translates each of its chunks alone, and the critic judges
    the chunks side by side, so that a seam is a fault like any other. All chunks of a batch go through the generator
    in one call (the published code makes one for each third, so that its batch norm sees a third of them at a time).
    """

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method, n_mels = config.method, config.mel.n_mels
        chunk = method.width // method.pieces
        with precision(config.training.mixed_precision):
            self.generator = self.build_translator(config)
            self.siamese = build(
                "siamese", SIAMESES, method.siamese, n_mels, frames=chunk, embedding=method.embedding
            )
            # The published critic is built for one width; the others take any.
            frames = {"frames": method.width} if method.critic.architecture == "paper" else {}
            self.critic = build("critic", CRITICS, method.critic, n_mels, **frames)
        self.shift = shift_to("target", config)
        self.players = {"generator": (self.generator, self.siamese), "critic": (self.critic,)}
        self.stride = STRIDES[method.generator.architecture]

    @classmethod
    def build_translator(cls, config: RunConfig) -> keras.Model:
        """The generator alone."""
        shift = shift_to("target", config)
        options = {} if shift is None else {"shift": shift}
        return build("generator", GENERATORS, config.method.generator, config.mel.n_mels, **options)

    @classmethod
    def augmentation(cls, config: RunConfig):
        """A copy of the target's windows in about the source's voice, for the identity loss, if it is to be."""
        if not config.training.perturbation:
            return None
        perturb = perturbation("target", config)
        return lambda batch, step: (*batch, perturb(batch[1], step))

    @property
    def translator(self) -> keras.Model:
        """The generator."""
        return self.generator

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Figures of each player; ``copy`` is the mean distance of the output from the input."""
        return {
            "generator": ("adversarial", "travel", "margin", "identity", "self_regularization", "copy"),
            "critic": ("real_score", "fake_score"),
        }

    def losses(self, batch, players, step=0):
        """Every player's loss in one forward pass; see `Method.losses`."""
        source, target, *perturbed = batch
        chunks = self._chunks(source)
        translated = self.generator(chunks, training=True)
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
            generator = self._generator_terms(chunks, translated, fake_score, target, *perturbed)
            weights = self.config.method
            losses["generator"] = sum(
                getattr(weights, name) * value for name, value in generator.items() if name != "copy"
            )
            terms |= generator
        return losses, terms

    def _generator_terms(self, chunks, translated, fake_score, target, perturbed=None) -> dict:
        method = self.config.method
        source_vectors, weights = self._vectors(self.siamese(chunks, training=True))
        translated_vectors, _ = self._vectors(self.siamese(translated, training=True))
        terms = {
            "adversarial": hinge_generator(fake_score),
            "travel": travel(source_vectors, translated_vectors, weights),
            "margin": margin(source_vectors, weights, delta=method.margin_distance),
            "copy": ops.mean(ops.abs(chunks - translated)),
        }
        terms["self_regularization"] = (
            self_regularization(self._edited(chunks), translated) if method.self_regularization else ops.zeros(())
        )
        if method.identity:
            given = self._chunks(target if perturbed is None else perturbed)
            terms["identity"] = identity(self._chunks(target), self.generator(given, training=True))
        else:
            terms["identity"] = ops.zeros(())
        return terms

    def _edited(self, chunks):
        """What the generator's edit is added to: its input, shifted where it shifts."""
        return chunks if self.shift is None else shifted(chunks, self.shift)

    def _vectors(self, embeddings):
        """Transformation vectors and their weights, from embeddings ``(B * pieces, D)``."""
        if self.config.method.pairs == "all":
            return all_pairs(embeddings)
        pieces = self.config.method.pieces
        by_window = ops.reshape(embeddings, (-1, pieces, embeddings.shape[-1]))
        return single_pair(by_window[:, 0], by_window[:, -1])

    def _chunks(self, windows):
        """``(B, L, M)`` to ``(B * pieces, L / pieces, M)``."""
        method = self.config.method
        return ops.reshape(windows, (-1, method.width // method.pieces, windows.shape[-1]))

    def _windows(self, chunks):
        """``(B * pieces, L / pieces, M)`` to ``(B, L, M)``: chunks side by side."""
        return ops.reshape(chunks, (-1, self.config.method.width, chunks.shape[-1]))
