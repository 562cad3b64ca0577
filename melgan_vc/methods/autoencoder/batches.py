"""What an autoencoder learns from: windows of voices, and what is heard of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.labelled_sampler import LabelledSampler
from melgan_vc.corpus.store import FrameStore
from melgan_vc.features.loudness import SOUNDING
from melgan_vc.methods.autoencoder.beside import Beside, beside_of
from melgan_vc.methods.autoencoder.config import VOICE_PRINT
from melgan_vc.methods.autoencoder.played import misheard, otherwise_loud
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics, standardised
from melgan_vc.methods.perturb import Perturb, perturbed_by

_ENOUGH_FILES = 200
"""Of a domain, to measure it."""

_A_FEW_FILES = 40
"""Of a domain, to hear what it is."""

_PITCHES = 2.0 ** np.linspace(-0.75, 0.75, 13)
"""Factors that the pitch of a log-mel is moved by before a student or an encoder hears it."""


class AutoencoderBatch(NamedTuple):
    """``B`` windows to give back, and ``S`` to say with another voice, which may be none.

    Attributes
    ----------
    mel : np.ndarray
        Shape ``(B, L, n_mels)``.
    heard : np.ndarray
        Shape ``(B + S, L, n_mels)``: as a student or an encoder hears them; of none ``(B, L, 0)``.
    content : np.ndarray
        Shape ``(B + S, L, C)``: a recogniser's, with mean 0 and deviation 1 in each voice, or notes; of none
        ``(B, L, 0)``.
    prosody : np.ndarray
        Shape ``(B + S, L, P)``: that of each window's voice, then of the voice that is wanted, see `Beside.told`.
    neutral : np.ndarray
        Shape ``(B + S, L, P)``: prosody at the pitch of the neutral voice; of none ``(B, L, 0)``.
    voice : np.ndarray
        Shape ``(B + S,)``, int32: each window's own, then the one that is wanted.
    reference : np.ndarray
        Shape ``(B + S, L, n_mels)``: another window of that voice; its prints ``(B + S, L, 256)``, if voices are
        prints; of none ``(B + S, L, 0)``.
    source : np.ndarray
        Shape ``(B + S,)``, int32: whose recording each window is, among the voices and then the sources.
    """

    mel: np.ndarray
    heard: np.ndarray
    content: np.ndarray
    prosody: np.ndarray
    neutral: np.ndarray
    voice: np.ndarray
    reference: np.ndarray
    source: np.ndarray


class Columns(NamedTuple):
    """Where in a frame each feature is: ``contents`` are that of the sound as it is, and of it played otherwise."""

    mel: slice
    contents: tuple[slice, ...]
    beside: slice
    voice_print: slice | None

    @classmethod
    def of(cls, store: FrameStore, beside: Beside) -> "Columns":
        """Of the frames of a store, with these beside content."""
        places, first = {}, 0
        for feature in store.features:
            places[feature.name] = slice(first, first + feature.columns)
            first += feature.columns
        contents = tuple(place for name, place in places.items() if name.startswith(("content", "notes")))
        told = slice(places[beside.features[0]].start, places[beside.features[-1]].stop)
        return cls(places["log_mel"], contents, told, places.get(VOICE_PRINT))

    def statistics_of(self, store: FrameStore, beside: Beside) -> VoiceStatistics:
        """Those of a domain; contents are side by side."""
        return beside.statistics(self._pieces(store, _ENOUGH_FILES))

    def heard_in(self, store: FrameStore) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Content ``(T, C)`` of some files of a domain, and what is told beside it ``(T, columns)``."""
        return ((contents[:, : self._width], beside) for contents, beside in self._pieces(store, _A_FEW_FILES))

    def some_frames(self, store: FrameStore, found: VoiceStatistics, number: int) -> Iterator[np.ndarray]:
        """Standardised content ``(T, C)`` of what sounds in files of a domain, about so many frames in all."""
        each = -(-number // min(len(store), _ENOUGH_FILES))
        for contents, beside in self._pieces(store, _ENOUGH_FILES):
            own = contents[beside[:, 2] > SOUNDING, : self._width]
            yield standardised(own[:: max(1, len(own) // each)], found.content[:, : self._width])

    @property
    def _width(self) -> int:
        """Numbers in a frame of one content."""
        return self.contents[0].stop - self.contents[0].start if self.contents else 0

    def _pieces(self, store: FrameStore, files: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Of so many files at least, or of all, spread over a domain."""
        some = range(0, len(store), max(1, len(store) // files))
        return (self._parts(store.crop(file, 0, int(store.frame_counts[file]))) for file in some)

    def _parts(self, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All contents ``(T, contents * C)``, and what is told beside them."""
        contents = [frames[:, place] for place in self.contents]
        return np.concatenate([frames[:, :0], *contents], axis=1), frames[:, self.beside]


class AutoencoderBatches:
    """Batches of an autoencoder, each a pure function of its step; ``neutral_pitch`` is that of a neutral voice."""

    def __init__(self, config: RunConfig, stores: Sequence[FrameStore], *, neutral_pitch: np.ndarray | None = None):
        method, training = config.method, config.training
        self._config = config
        self._beside = beside_of(method)
        self._columns = Columns.of(stores[0], self._beside)
        self._statistics = [self._columns.statistics_of(store, self._beside) for store in stores]
        self._voices = len(method.domains)
        options = {"length": method.width, "batch_size": training.batch_size, "seed": training.seed}
        self._own = LabelledSampler(stores[: self._voices], **options)
        # One voice alone has no other to say it with: what it is told beside its own is what the sources say.
        self._first_other = 1 if self._voices == 1 else 0
        converts = method.consistency or method.sources or method.polish
        others = stores[self._first_other :] if converts else ()
        self._others = _Others(others, **options) if others else None
        self._neutral_pitch = neutral_pitch
        self._perturb = None
        if method.perturbation is not None and method.hears_log_mels and not method.polish:
            spread, curve = method.perturbation, method.equaliser_db
            self._perturb = Perturb(config.mel, spread=spread, equaliser_db=curve, seed=training.seed)

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """See `AutoencoderBatch`."""
        draw = np.random.default_rng([self._config.training.seed, step, 6_000])
        windows, domain = self._own.batch(step)
        own, wanted = domain, domain
        if self._others is not None:
            others, their_domain = self._others.batch(step)
            their_domain = their_domain + self._first_other
            windows, own = np.concatenate([windows, others]), np.concatenate([domain, their_domain])
            wanted = np.concatenate([domain, self._wanted(their_domain, draw)])
        return AutoencoderBatch(
            windows[: len(domain), :, self._columns.mel],
            self._heard(windows, step, draw),
            self._content(windows, own, len(domain), draw),
            self._told(windows, own, wanted, len(domain), draw),
            self._neutral(windows, own),
            wanted.astype(np.int32),
            self._reference(windows, wanted, step),
            own.astype(np.int32),
        )

    def _wanted(self, domain: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        """A voice for each window, other than its own."""
        voices = self._voices
        among = np.where(domain < voices, voices - 1, voices)
        steps = (draw.random(len(domain)) * among).astype(domain.dtype)
        return np.where(domain < voices, (domain + 1 + steps) % voices, steps)

    def _reference(self, windows: np.ndarray, wanted: np.ndarray, step: int) -> np.ndarray:
        if self._config.method.voice == "table":
            return windows[..., :0]
        return self._own.of_domains(wanted, step)[..., self._columns.voice_print or self._columns.mel]

    def _heard(self, windows: np.ndarray, step: int, draw: np.random.Generator) -> np.ndarray:
        if not self._config.method.hears_log_mels:
            return windows[..., :0]
        mel = windows[..., self._columns.mel]
        if self._perturb is None:
            return mel
        pitch = np.ones(len(mel)) if self._config.method.learns_notes else draw.choice(_PITCHES, size=len(mel))
        return perturbed_by(mel, *self._perturb.changes(len(mel), step, pitch=pitch, formants=np.sqrt(pitch)))

    def _content(self, windows: np.ndarray, own: np.ndarray, back: int, draw: np.random.Generator) -> np.ndarray:
        """Of the first ``back`` windows with all that is to hide the voice, of the others as in a conversion."""
        places, method = self._columns.contents, self._config.method
        if not places:
            return windows[..., :0]
        if method.learns_notes:
            notes = windows[:, :, places[0]]
            return (
                notes
                if method.polish or method.hears_log_mels
                else np.concatenate([misheard(notes[:back], draw), notes[back:]])
            )
        found = np.stack([windows[:, :, place] for place in places])
        chosen = draw.integers(len(places), size=len(windows))
        chosen[back:] = 0
        content = np.stack(
            [
                standardised(found[which, row], np.split(self._statistics[voice].content, len(places), axis=1)[which])
                for row, (which, voice) in enumerate(zip(chosen, own, strict=True))
            ]
        )
        if method.noise and not method.polish:
            hidden = content[:back]
            hidden += np.float32(method.noise) * draw.standard_normal(hidden.shape, np.float32)
        return content

    def _neutral(self, windows: np.ndarray, own: np.ndarray) -> np.ndarray:
        if self._neutral_pitch is None:
            return windows[..., :0]
        rows = zip(windows[..., self._columns.beside], own, strict=True)
        moved = [self._beside.moved(row, self._statistics[mine].pitch, self._neutral_pitch) for row, mine in rows]
        return self._beside.told(np.stack(moved), self._config.mel)

    def _told(self, windows, own: np.ndarray, wanted: np.ndarray, back: int, draw: np.random.Generator) -> np.ndarray:
        middles = [statistics.pitch for statistics in self._statistics]
        moved = [
            self._beside.moved(row, middles[mine], middles[its]) if mine != its else row
            for row, mine, its in zip(windows[..., self._columns.beside], own, wanted, strict=True)
        ]
        frames = np.stack(moved)
        method = self._config.method
        if method.learns_notes and not method.polish:
            frames[:back] = otherwise_loud(frames[:back], draw)
        return self._beside.told(frames, self._config.mel)


class _Others(LabelledSampler):
    """Windows that are to be said with another voice, drawn apart from those that are given back."""

    stream = 6_001
