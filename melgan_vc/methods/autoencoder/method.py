"""An autoencoder that is told who speaks, after a recogniser or an encoder that is not."""

from pathlib import Path

import keras
from keras import ops

from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.losses.adversarial import ADVERSARIAL_LOSSES
from melgan_vc.losses.classification import classification
from melgan_vc.losses.content_consistency import content_consistency
from melgan_vc.losses.feature_matching import feature_matching
from melgan_vc.losses.identity import identity
from melgan_vc.losses.notes import note_error
from melgan_vc.methods.architectures import build, precision
from melgan_vc.methods.autoencoder.adapted import begin_nearest, require_another
from melgan_vc.methods.autoencoder.batches import AutoencoderBatch, AutoencoderBatches, Columns
from melgan_vc.methods.autoencoder.beside import beside_of
from melgan_vc.methods.autoencoder.classifiers import frame_classifier, linear_probe, loss_and_accuracy
from melgan_vc.methods.autoencoder.heard_again import HeardAgain
from melgan_vc.methods.autoencoder.moments import encoded_by_window
from melgan_vc.methods.autoencoder.networks import build_voices, content_columns
from melgan_vc.methods.autoencoder.origin import begin_polishing, begin_with_student, begin_with_voices
from melgan_vc.methods.autoencoder.retrieval import HEARD_FOR_ONE, kept_frames
from melgan_vc.methods.autoencoder.voices import Voices
from melgan_vc.methods.base import Method
from melgan_vc.methods.content_terms import LISTENER_LOOK_AHEAD
from melgan_vc.nets.neutral.voice import neutral_voice
from melgan_vc.nets.student.weights import trained_student

_SPEAKERS = NetConfig(architecture="strided", channels=128)
_JUDGED = ("adversarial", "feature_matching", "speaker", "source_classification")
"""Terms that say nothing before their judges have learned something."""


class Autoencoder(Method):
    """A decoder against a critic that is told the voice; a student, a classifier and a probe where there is need.

    The batch is an `AutoencoderBatch`. What is said comes from a recogniser, or from a network that is not told who
    speaks; the decoder is, and so it can be told another voice.

    The probe is a linear classifier of the voice on what the decoder is told of what is said, frame by frame. Nothing
    minimises it but itself: its accuracy is a curve of how much of the voice is left there for a linear map to see.

    In the second stage all of that is frozen, and an edit of the log-mels moves alone. It has the decoder's terms and
    the cross-entropy of a classifier of log-mels, of recordings given back and of as many conversions to others.
    Critic and classifier begin with the first batch, their terms once they know something (Chou et al. 2018, whose
    critic is a Wasserstein one, without feature matching, and judges conversions alone).
    """

    augments = False

    def __init__(self, config: RunConfig):
        super().__init__(config)
        method, mel, voices = config.method, config.mel, len(config.method.domains)
        with precision(config.training.mixed_precision):
            self.voices = self.build_network(config)
            self.critic = None
            if method.has_critic:
                self.critic = build("voice_critic", method.critic, mel.n_mels, role="critic", domains=voices)
            self.neutral = neutral_voice(mel) if method.neutral else None
            self.listener = None
            if method.consistency and not method.hears_log_mels:
                own = self.neutral and self.neutral.student
                self.listener = own or trained_student(mel, look_ahead=LISTENER_LOOK_AHEAD)
            columns = content_columns(config)
            self.classifier = self.probe = self.speakers = self.whose = None
            if method.tells_speakers:
                self.speakers = build("classifier", _SPEAKERS, mel.n_mels, domains=voices)
            if method.tells_sources:
                self.whose = frame_classifier(mel.n_mels, len(method.domain_names), name="source_classifier")
            if not method.polish:
                self.classifier = frame_classifier(columns, voices) if method.content == "adversarial" else None
                self.probe = linear_probe(columns, voices) if voices > 1 else None
        if method.learns != "everything":
            self.voices.adapt(method.learns)
        self.players = self._makers()
        others = {"critic": self.critic, "classifier": self.speakers or self.classifier, "probe": self.probe}
        others |= {"source_classifier": self.whose}
        self.players |= {name: (network,) for name, network in others.items() if network is not None}
        self._critic_loss, self._decoder_loss = ADVERSARIAL_LOSSES["hinge"]
        self._critic_from = method.critic_begins()

    def _makers(self) -> dict[str, tuple[keras.Model, ...]]:
        """The players that make log-mels; in the second stage they hold what is frozen, which is kept with them."""
        method, decoder, encoder = self.config.method, self.voices.decoder, self.voices.encoder
        if method.polish:
            self.voices.freeze()
            return {"edit": (decoder,) if encoder is None else (decoder, encoder)}
        if method.content == "student":
            return {"decoder": (decoder,), "student": (encoder,)}
        return {"decoder": (decoder, encoder) if method.encodes else (decoder,)}

    @classmethod
    def build_network(cls, config: RunConfig) -> Voices:
        """The decoder with its voices, and the student or encoder that tells it what is said."""
        return build_voices(config)

    def begin_with(self, origin, *, resumed) -> None:
        """Another autoencoder's weights."""
        self._critic_from = self.config.method.critic_begins(after_another=bool(origin.start_from))
        if resumed:
            return
        require_another(self.config.method, origin)
        if self.config.method.polish:
            begin_polishing(origin, self.config, self.voices)
        elif origin.start_from:
            self._begun_with = begin_with_voices(Path(origin.start_from), self.config, self.voices)
        elif self.config.method.content == "student":
            begin_with_student(self.config, self.voices)

    def learn_domains(self, stores) -> None:
        """Measure each voice; raises a `MelganVcError` if there is no speech, or no music, in a folder."""
        method, beside = self.config.method, beside_of(self.config.method)
        columns = Columns.of(stores[0], beside)
        found = [columns.statistics_of(store, beside) for store in stores]
        for name, store, voice in zip(method.domain_names, stores, found, strict=True):
            beside.require(name, voice, speaks=name in method.domains)
            beside.require_content(name, columns.heard_in(store), self.config.mel)
        if method.polish:
            return  # what was measured before is frozen
        found = found[: len(method.domains)]
        decoder = self.voices.decoder
        decoder.pitches.assign([voice.pitch for voice in found])
        if decoder.statistics is not None:
            width = decoder.statistics.shape[-1]
            decoder.statistics.assign([voice.content[:, :width] for voice in found])
        if decoder.kept is not None:
            number, seed = method.retrieval, self.config.training.seed
            heard = (
                columns.some_frames(store, voice, number * HEARD_FOR_ONE)
                for store, voice in zip(stores, found, strict=False)
            )
            decoder.kept.assign([kept_frames(pieces, number, seed=seed) for pieces in heard])
        if self.neutral is not None:
            again = HeardAgain(self.neutral, beside, self.config.mel)
            heard = [
                again.statistics(columns.heard_in(store), decoder.content_of(name), voice.pitch)
                for name, store, voice in zip(method.domains, stores, found, strict=False)
            ]
            decoder.again.assign([voice.content for voice in heard])
        if method.learns != "everything":
            self._begin_nearest(stores)

    def _begin_nearest(self, stores) -> None:
        """Begin with the vector of whichever voice of the other model gives the recordings back best."""
        given = AutoencoderBatch(*map(ops.convert_to_tensor, self.batches(stores, console=None).batch(0)))
        content = given.content if self.neutral is None else self._heard_again(given.content, given)
        begin_nearest(self.voices, self._begun_with, ops.concatenate([content, given.prosody], axis=-1), given.mel)

    def batches(self, stores, *, console):
        """Windows of every voice, each as often as any other."""
        pitch = None if self.neutral is None else self.neutral.pitch
        return AutoencoderBatches(self.config, stores, neutral_pitch=pitch)

    @property
    def network(self) -> keras.Model:
        """The decoder with its voices."""
        return self.voices

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Figures of each player."""
        method = self.config.method
        decoder = ["reconstruction", *(("adversarial", "feature_matching") if self.critic is not None else ())]
        decoder += ["consistency"] if method.consistency else []
        decoder += ["confusion"] if self.classifier is not None else []
        decoder += ["speaker"] if self.speakers is not None else []
        decoder += ["source_classification"] if self.whose is not None else []
        figures = {"decoder": tuple(decoder), "edit": tuple(decoder), "critic": ("real_score", "fake_score")}
        figures |= {"student": ("student_distance",), "classifier": ("classifier_accuracy",)}
        figures |= {"probe": ("probe_accuracy",), "source_classifier": ("source_classifier_accuracy",)}
        return {player: figures[player] for player in self.players}

    def losses(self, batch, players, step=0):
        """Every player's loss in one forward pass; see `Method.losses`."""
        given, method = AutoencoderBatch(*map(ops.convert_to_tensor, batch)), self.config.method
        number = given.mel.shape[0] or ops.shape(given.mel)[0]
        content = given.content
        if method.norms_over_time:
            learns = not method.polish
            content = encoded_by_window(self.voices.encoder, self.voices.decoder, given.heard, learns=learns)
        elif method.hears_log_mels:
            content = self.voices.encoder(given.heard, training=True)
        elif self.neutral is not None:
            content = self._heard_again(content, given)
        told = ops.concatenate([content, given.prosody], axis=-1)
        converts = method.consistency or method.polish
        asked, voice = (told, given.voice) if converts else (told[:number], given.voice[:number])
        made = self.voices.decoder(asked, self._vectors(voice, given.reference), training=True)
        losses, terms, own = {}, {}, {"reconstruction": identity(given.mel, made[:number])}
        begun = ops.cast(ops.greater_equal(step, self._critic_from), "float32")  # once the critic is at work
        if self.critic is not None:
            real_score, *real_heard = self.critic([given.mel, given.voice[:number]], training=True)
            shown = slice(number) if self._judges_own_alone else slice(None)
            fake_score, *fake_heard = self.critic([made[shown], voice[shown]], training=True)
            if "critic" in players:
                losses["critic"] = self._critic_loss(real_score, fake_score) * (1.0 if method.polish else begun)
                terms |= {"real_score": ops.mean(real_score), "fake_score": ops.mean(fake_score)}
            own["adversarial"] = self._decoder_loss(fake_score)
            own["feature_matching"] = feature_matching(real_heard, [layer[:number] for layer in fake_heard])
        if "student" in players:
            distance = note_error if method.learns_notes else content_consistency
            losses["student"] = terms["student_distance"] = distance(given.content, content)
        maker = "edit" if method.polish else "decoder"
        if maker in players:
            if method.consistency:
                again = (self.listener or self.voices.encoder)(made[number:], training=True)
                own["consistency"] = content_consistency(content[number:], again)
            if self.speakers is not None:
                own["speaker"] = classification(self.speakers(made, training=True), voice)
            if self.whose is not None:
                heard = self.whose(made[number:], training=True)
                own["source_classification"], _ = loss_and_accuracy(heard, voice[number:])
            weighted = {name: getattr(method, name) * value for name, value in own.items()}
            weighted = {name: value * (begun if name in _JUDGED else 1.0) for name, value in weighted.items()}
            if self.classifier is not None:
                own["confusion"], _ = loss_and_accuracy(self.classifier(content, training=True), given.voice)
                weighted["confusion"] = -self._alpha(step) * own["confusion"]
            losses[maker] = sum(weighted.values())
            terms |= own
        for name, (network, heard, whose) in self._classifiers(given, content, made).items():
            if name in players:
                losses[name], terms[f"{name}_accuracy"] = loss_and_accuracy(network(heard, training=True), whose)
        return losses, terms

    def _heard_again(self, content, given: AutoencoderBatch):
        """Content as it is heard of the neutral voice, standardised: in each voice, of others by what is typical."""
        known = self.voices.decoder.again
        known = ops.concatenate([known, ops.mean(known, axis=0, keepdims=True)], axis=0)
        again = ops.take(known, ops.minimum(given.source, len(self.config.method.domains)), axis=0)
        heard = self.neutral(ops.concatenate([content, given.neutral], axis=-1))
        return (heard - again[:, :1]) / again[:, 1:]

    def _classifiers(self, given: AutoencoderBatch, content, made) -> dict[str, tuple]:
        """By its player: a classifier, what it hears, and whose that is."""
        number = given.mel.shape[0] or ops.shape(given.mel)[0]
        said, own = content[:number], given.voice[:number]
        on_recordings = (self.classifier, said, own) if self.speakers is None else (self.speakers, given.mel, own)
        conversions = self.whose, made[number:], given.source[number:]
        return {"classifier": on_recordings, "probe": (self.probe, said, own), "source_classifier": conversions}

    def _vectors(self, voice, reference):
        """Those of the table, and of every other window that of a recording, where there is a network for that."""
        named = self.voices.decoder.of_table(voice)
        if self.voices.decoder.reference is None:
            return named
        heard = self.voices.decoder.reference(reference[: ops.shape(voice)[0]], training=True)
        odd = ops.cast(ops.arange(ops.shape(voice)[0])[:, None] % 2, heard.dtype)
        return odd * heard + (1.0 - odd) * named

    @property
    def _judges_own_alone(self) -> bool:
        """Whether the critic is shown no conversions.

        Where all of them are of people who are never wanted, it tells them by how these speak, their pauses and their
        microphone, which no decoder can change.
        """
        return len(self.config.method.domains) == 1 and not self.config.method.polish

    def _alpha(self, step):
        """It rises from 0."""
        method = self.config.method
        return method.confusion * ops.minimum(1.0, ops.cast(step, "float32") / float(method.confusion_steps))
