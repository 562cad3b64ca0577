"""CycleGAN-VC: two generators, one each way, that must bring back what the other has translated (Kaneko et al.)."""

import keras
from keras import ops

from melgan_vc.config.run import RunConfig
from melgan_vc.losses.adversarial import ADVERSARIAL_LOSSES
from melgan_vc.losses.cycle import cycle
from melgan_vc.losses.identity import identity, until
from melgan_vc.methods.architectures import build, precision
from melgan_vc.methods.base import Method
from melgan_vc.methods.content_terms import ContentTerms
from melgan_vc.methods.cyclegan.generator_pair import GeneratorPair
from melgan_vc.methods.generators import build_generator
from melgan_vc.methods.missing_frames import MissingFrames
from melgan_vc.methods.voice_conditioning import perturbation, shift_to, shift_voice

_DOMAINS = ("source", "target")
_DIRECTIONS = ("target", "source")
_OTHER = {"source": "target", "target": "source"}


class Cyclegan(Method):
    """A generator to each domain against a critic of each, and a second critic of each for round trips.

    The second critics judge what has gone there and back again (Kaneko et al. 2019, "CycleGAN-VC2"): an absolute
    error alone is content with a blurred return. They are networks of their own, and the generators answer to them as
    well: where only the critics learn from round trips, as in some ports, they become too strong.

    On the way there a stretch of frames may be missing from a window (`MissingFrames`). The way back, the identity
    loss and conversion see whole windows.

    The cycle is its own; the others of `ContentTerms` can be added, each of them a sum over both directions, which
    share its networks.
    """

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method = config.method
        with precision(config.training.mixed_precision):
            self.generators = self.build_network(config)
            self.content = ContentTerms(config, frames=method.width)
            self.critics = {domain: self._build_critic() for domain in _DIRECTIONS}
            second = method.second_adversarial > 0
            self.second_critics = {domain: self._build_critic() for domain in _DIRECTIONS if second}
        critics = (*self.critics.values(), *self.second_critics.values())
        self.players = {"generator": (self.generators, *self.content.networks), "critic": critics}
        self.shifts = {domain: shift_to(domain, config) for domain in _DIRECTIONS}
        self.siamese = self.content.siamese
        self._critic_loss, self._generator_loss = ADVERSARIAL_LOSSES[method.adversarial_loss]

    @classmethod
    def build_network(cls, config: RunConfig) -> GeneratorPair:
        """Both generators."""
        return GeneratorPair(*(build_generator(domain, config) for domain in _DIRECTIONS))

    def augmentation(self, stores):
        """Copies of the windows: perturbed ones, and ones with frames missing, if either are to be."""
        method, stages = self.config.method, []
        if method.perturbation:
            perturb = [perturbation(domain, self.config) for domain in _DOMAINS]
            stages.append(
                lambda batch, step: [each(windows, step) for each, windows in zip(perturb, batch, strict=True)]
            )
        if method.masked_frames:
            stages.append(MissingFrames(method.masked_frames, seed=self.config.training.seed))
        if not stages:
            return []
        return [lambda batch, step: (*batch, *(copy for stage in stages for copy in stage(batch, step)))]

    def _build_critic(self) -> keras.Model:
        method, n_mels = self.config.method, self.config.mel.n_mels
        # The published critic of MelGAN-VC is built for one width; the others take any.
        return build("critic", method.critic, n_mels, offered={"frames": method.width})

    @property
    def network(self) -> GeneratorPair:
        """Both generators."""
        return self.generators

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Figures of each player; ``copy`` is the mean distance of a translation from what was translated."""
        return {
            "generator": ("adversarial", "second_adversarial", "cycle", "identity", "copy", *self.content.names),
            "critic": ("real_score", "fake_score"),
        }

    def losses(self, batch, players, step=0):
        """Every player's loss in one forward pass; see `Method.losses`.

        The identity loss is computed, and shown, after its weight has become 0 as well: a step without it would be
        another graph to compile.
        """
        real, changed, given = self._unpack(batch)
        asks_identity = "generator" in players and self.config.method.identity > 0
        fake, same = self._translate_all(given, changed if asks_identity else None)
        returned = {_OTHER[domain]: self._generator(_OTHER[domain])(fake[domain], training=True) for domain in fake}
        scores = [_judge(self.critics[domain], real[domain], fake[domain]) for domain in self.critics]
        second = [_judge(critic, real[domain], returned[domain]) for domain, critic in self.second_critics.items()]
        losses, terms = {}, {}
        if "critic" in players:
            costs = [self._critic_loss(*pair) for pair in (*scores, *second)]
            losses["critic"] = sum(costs) / len(costs)
            terms |= {
                "real_score": sum(ops.mean(real_score) for real_score, _ in scores) / 2.0,
                "fake_score": sum(ops.mean(fake_score) for _, fake_score in scores) / 2.0,
            }
        if "generator" in players:
            nothing = ops.zeros(())
            generator = {
                "adversarial": sum(self._generator_loss(fake_score) for _, fake_score in scores),
                "second_adversarial": sum((self._generator_loss(fake_score) for _, fake_score in second), nothing),
                "cycle": sum(cycle(real[domain], returned[domain]) for domain in real),
                "identity": sum((identity(real[domain], mel) for domain, mel in same.items()), nothing),
                "copy": sum(ops.mean(ops.abs(real[_OTHER[domain]] - mel)) for domain, mel in fake.items()) / 2.0,
            }
            content = [self._content(real[_OTHER[domain]], mel, self.shifts[domain]) for domain, mel in fake.items()]
            generator |= {name: sum(terms[name] for terms in content) for name in self.content.names}
            own = sum(weight * generator[name] for name, weight in self._weights(step).items())
            losses["generator"] = own + self.content.weighted(generator)
            terms |= generator
        return losses, terms

    def _unpack(self, batch) -> tuple[dict, dict, dict]:
        """Real windows of each domain; what the identity loss asks back from; what is translated."""
        pairs = [dict(zip(_DOMAINS, batch[at : at + 2], strict=True)) for at in range(0, len(batch), 2)]
        real = pairs.pop(0)
        if self.config.method.perturbation:
            changed = pairs.pop(0)
        else:
            # Each generator shifts what it is given: its own domain has to come from where the other one lies.
            changed = {domain: shift_voice(windows, self.shifts[_OTHER[domain]]) for domain, windows in real.items()}
        return real, changed, pairs.pop(0) if pairs else real

    def _content(self, windows, translated, shift) -> dict:
        return self.content.terms(windows, translated, edited=shift_voice(windows, shift))

    def _translate_all(self, given: dict, real: dict | None) -> tuple[dict, dict]:
        """Translations into each domain and, of what is in it already, what it becomes: both in one call."""
        fake, same = {}, {}
        for domain in _DIRECTIONS:
            generator, windows = self._generator(domain), given[_OTHER[domain]]
            if real is None:
                fake[domain] = generator(windows, training=True)
            else:
                both = generator(ops.concatenate([windows, real[domain]], axis=0), training=True)
                fake[domain], same[domain] = ops.split(both, 2, axis=0)
        return fake, same

    def _generator(self, domain: str) -> keras.Model:
        return self.generators.generator_to(domain)

    def _weights(self, step) -> dict:
        """Of the method's own terms, at a step."""
        method = self.config.method
        return {
            "adversarial": method.adversarial,
            "second_adversarial": method.second_adversarial,
            "cycle": method.cycle,
            "identity": until(method.identity, step, method.identity_steps),
        }


def _judge(critic: keras.Model, real, fake):
    """Scores of real windows and of others, in one call."""
    return ops.split(critic(ops.concatenate([real, fake], axis=0), training=True), 2, axis=0)
