"""Terms that keep content, for any method: a weight above 0 in its config switches one on, and they add up."""

import keras
from keras import ops

from melgan_vc.audio.pitch_classes import pitch_class_filters
from melgan_vc.config.run import RunConfig
from melgan_vc.losses.content_consistency import content_consistency
from melgan_vc.losses.cycle import cycle
from melgan_vc.losses.loudness import loudness
from melgan_vc.losses.notes import note_consistency
from melgan_vc.losses.onsets import onsets
from melgan_vc.losses.patch_nce import patch_nce
from melgan_vc.losses.pitch_class import pitch_class
from melgan_vc.losses.self_regularization import self_regularization
from melgan_vc.losses.travel import all_pairs, margin, single_pair, travel
from melgan_vc.methods.architectures import build
from melgan_vc.methods.generators import build_generator
from melgan_vc.nets.patch_features import FRAMES_PER_PLACE, patch_features
from melgan_vc.nets.student.weights import trained_note_student, trained_student

LISTENER_LOOK_AHEAD = 12
"""Of the student that ships and hears both sides of ``content_consistency``; in training nothing has to be live."""

_PLAIN = {"loudness": loudness, "onsets": onsets}
"""Terms that need nothing but both log-mels."""


class ContentTerms:
    """The content terms that a config asks for, and the networks that they need.

    Its networks learn with the generator, and only training knows them: no run folder's weights hold them.

    Parameters
    ----------
    config : RunConfig
        Its method's weights ``travel``, ``margin`` (which counts where ``travel`` does), ``cycle``, ``patch_nce``,
        ``self_regularization``, ``content_consistency``, ``note_consistency``, ``pitch_class``, ``loudness`` and
        ``onsets``.
    frames : int
        In what the generator is given in training.
    pieces : int, optional
        Chunks in a window, if transformation vectors join only the first and the last of each; by default they join
        all chunks of the batch.
    one_way : bool
        Whether the method has a generator to the target alone. Its cycle then gets one that returns. A method with
        both has its own cycle loss.

    Attributes
    ----------
    names : tuple of str
        Of the terms, which are names of their weights too.
    networks : tuple of keras.Model
        What the generator's player has to train beside the generator.
    siamese, patch_features, return_generator : keras.Model or None
        The same by name; None where no term needs it.
    listener : keras.Model or None
        A student that ships, which tells what is said and learns nothing here.
    note_listener : keras.Model or None
        One that tells which notes sound.
    """

    def __init__(self, config: RunConfig, *, frames: int, pieces: int | None = None, one_way: bool = False):
        method, n_mels = config.method, config.mel.n_mels
        self._method = method
        self._pieces = pieces
        self.siamese = self.patch_features = self.return_generator = self.listener = self.note_listener = None
        names = []
        if method.travel:
            names += ["travel", "margin"]
            options = {"frames": frames, "embedding": method.embedding}
            self.siamese = build("siamese", method.siamese, n_mels, **options)
        if method.self_regularization:
            names.append("self_regularization")
        if method.patch_nce:
            names.append("patch_nce")
            self.patch_features = patch_features(n_mels, channels=method.patch_features)
        if method.content_consistency:
            names.append("content_consistency")
            self.listener = trained_student(config.mel, look_ahead=LISTENER_LOOK_AHEAD)
        if method.note_consistency:
            names.append("note_consistency")
            self.note_listener = trained_note_student(config.mel)
        if method.pitch_class:
            names.append("pitch_class")
            self._pitch_classes = pitch_class_filters(config.mel)
        names += [name for name in _PLAIN if getattr(method, name)]
        if method.cycle and one_way:
            names.append("cycle")
            self.return_generator = build_generator("source", config, sees_gaps=False)
        self.names = tuple(names)

    @property
    def networks(self) -> tuple[keras.Model, ...]:
        """What the terms need, in the order in which it was built."""
        found = (self.siamese, self.patch_features, self.return_generator)
        return tuple(network for network in found if network is not None)

    def terms(self, given, translated, *, edited=None) -> dict:
        """The terms of one direction.

        Parameters
        ----------
        given : tensor
            Log-mels ``(B, frames, n_mels)`` of the other domain, whole: frames that were taken from the generator are
            content as well.
        translated : tensor
            What the generator made of them, same shape.
        edited : tensor, optional
            What the generator's edit was added to, where that is not what it was given but a shift of it.

        Returns
        -------
        dict of str to scalar tensor
            One for each of ``names``, without its weight.
        """
        terms, start = {}, given if edited is None else edited
        if self.siamese is not None:
            vectors, weights = self.vectors(self.siamese(given, training=True))
            translated_vectors, _ = self.vectors(self.siamese(translated, training=True))
            terms["travel"] = travel(vectors, translated_vectors, weights)
            terms["margin"] = margin(vectors, weights, delta=self._method.margin_distance)
        if "self_regularization" in self.names:
            terms["self_regularization"] = self_regularization(start, translated)
        if self.patch_features is not None:
            queries, keys = (self.patch_features(mel, training=True) for mel in (translated, start))
            apart = -(-self._method.patch_nce_apart // FRAMES_PER_PLACE)
            terms["patch_nce"] = patch_nce(queries, keys, apart=max(1, apart))
        if self.listener is not None:
            terms["content_consistency"] = content_consistency(self.listener(given), self.listener(translated))
        if self.note_listener is not None:
            terms["note_consistency"] = note_consistency(self.note_listener(given), self.note_listener(translated))
        if "pitch_class" in self.names:
            terms["pitch_class"] = pitch_class(given, translated, *self._pitch_classes)
        terms |= {name: term(given, translated) for name, term in _PLAIN.items() if name in self.names}
        if self.return_generator is not None:
            terms["cycle"] = cycle(given, self.return_generator(translated, training=True))
        return terms

    def weighted(self, terms: dict):
        """The sum of the terms by their weights; other entries of ``terms`` are left out."""
        return sum(getattr(self._method, name) * terms[name] for name in self.names)

    def vectors(self, embeddings):
        """Transformation vectors ``(P, D)`` and their weights ``(P,)``, from embeddings ``(B, D)``."""
        if self._pieces is None:
            return all_pairs(embeddings)
        by_window = ops.reshape(embeddings, (-1, self._pieces, embeddings.shape[-1]))
        return single_pair(by_window[:, 0], by_window[:, -1])
