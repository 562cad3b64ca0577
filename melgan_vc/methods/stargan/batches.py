"""What StarGAN is given beside its windows: voices moved to where they are wanted, and what is drawn at random."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from melgan_vc.audio.bands import Bands
from melgan_vc.audio.voice import MOST_MOVES, Voice, Voices, move_voice
from melgan_vc.audio.voice_shift import FORMANT_EXPONENT
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.missing_frames import MissingFrames
from melgan_vc.methods.perturb import perturbed_by
from melgan_vc.methods.voice_conditioning import perturb_of

_ENOUGH_FILES = 200


class StarganBatch(NamedTuple):
    """A batch of `B` windows, each with a domain that it is to be translated to.

    Attributes
    ----------
    windows, reference : array
        Shape ``(B, T, n_mels)``: a window, and one of the domain that is wanted.
    domain, wanted : array
        Shape ``(B,)``, int32: the domain of each.
    moved, generator_input : array
        The windows moved to the wanted domain's voice, see `Voices`; and the same as the generator gets them, with
        frames missing where some are to be.
    identity_input : array
        What the identity loss wants the windows back from: moved the same way, with other formants and another
        microphone where the training perturbs, and moved back.
    latents : array
        Shape ``(B, 2, Z)``, normal: for the wanted domain and for the windows' own.
    mixing : array
        Shape ``(B, 1, 1)``, uniform in [0, 1], for `wasserstein_penalty`.
    shift_back, bands_matrix, bands_offset : array
        Shapes ``(B, n_mels, n_mels)`` twice and ``(B, 1, n_mels)``: what moves a voice from the wanted domain's back.
    """

    windows: np.ndarray
    domain: np.ndarray
    reference: np.ndarray
    wanted: np.ndarray
    moved: np.ndarray
    generator_input: np.ndarray
    identity_input: np.ndarray
    latents: np.ndarray
    mixing: np.ndarray
    shift_back: np.ndarray
    bands_matrix: np.ndarray
    bands_offset: np.ndarray


class VoicePairs:
    """Makes a `StarganBatch` of windows with references; a pure function of seed and step.

    Parameters
    ----------
    config : RunConfig
        Of a StarGAN.
    stores : sequence of sequence of np.ndarray
        The log-mels ``(T, n_mels)`` of each domain, if training is to match bands.
    """

    def __init__(self, config: RunConfig, stores: Sequence[Sequence[np.ndarray]] = ()):
        method = config.method
        self.seed, self.latent = config.training.seed, method.latent
        number = len(method.domains)
        bands = bands_of_domains(stores) if method.match_bands == "always" else [None] * number
        self._voices = [Voice(*known) for known in zip(method.pitches or [None] * number, bands, strict=True)]
        self._between = Voices(config.mel)
        # The very same voice for the same shift, as `Voices` wants it to remember its moves.
        self._shifted = functools.lru_cache(maxsize=MOST_MOVES)(_shifted)
        self._without = self._perturb = None
        if method.masked_frames:
            self._without = MissingFrames(method.masked_frames, seed=self.seed)
        if method.perturbation:
            self._perturb = perturb_of(config)

    def __call__(self, batch: Sequence[np.ndarray], step: int) -> StarganBatch:
        """From ``(windows, domain, reference, wanted)``, see `BalancedSampler`."""
        windows, domain, reference, wanted = batch
        own, other = ([self._voices[index] for index in indices] for indices in (domain, wanted))
        there, back = self._moves(own, other), self._moves(other, own)
        moved = move_voice(windows, *there)
        generator_input = moved if self._without is None else self._without((moved,), step)[0]
        if self._perturb is None:
            identity_input = move_voice(moved, *back)
        else:
            identity_input = self._disguised(windows, own, other, step)
        draw = np.random.default_rng([self.seed, step, 3_000])
        latents = draw.standard_normal((len(windows), 2, self.latent), dtype=np.float32)
        mixing = draw.random((len(windows), 1, 1), dtype=np.float32)
        inputs = moved, generator_input, identity_input
        return StarganBatch(windows, domain, reference, wanted, *inputs, latents, mixing, *back)

    def _moves(self, own: Sequence[Voice], wanted: Sequence[Voice]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Two matrices ``(B, n_mels, n_mels)``, and offsets ``(B, 1, n_mels)``."""
        shifts, matrices, offsets = zip(*map(self._between.moves, own, wanted), strict=True)
        return np.stack(shifts), np.stack(matrices), np.stack(offsets)[:, None]

    def _disguised(self, windows: np.ndarray, own: Sequence[Voice], other: Sequence[Voice], step: int) -> np.ndarray:
        """Windows perturbed towards other voices, and brought back as a conversion would bring anybody's."""
        pitch = np.array(
            [1.0 if mine.pitch is None else its.pitch / mine.pitch for mine, its in zip(own, other, strict=True)]
        )
        shifts, curves = self._perturb.changes(len(windows), step, pitch=pitch, formants=pitch**FORMANT_EXPONENT)
        disguised = [
            self._shifted(mine, float(factor), shift.tobytes())
            for mine, factor, shift in zip(own, pitch, shifts, strict=True)
        ]
        back, matrices, offsets = self._moves(disguised, own)
        if own[0].bands is not None:  # whose mean the equaliser has moved, too
            offsets = offsets - curves @ back @ matrices
        return move_voice(perturbed_by(windows, shifts, curves), back, matrices, offsets)


def _shifted(voice: Voice, pitch: float, shift: bytes) -> Voice:
    """A voice as it is after a shift by a float32 matrix."""
    moved_bands = voice.bands and voice.bands.moved(
        np.frombuffer(shift, np.float32).reshape(2 * voice.bands.mean.shape)
    )
    return Voice(voice.pitch and voice.pitch * pitch, moved_bands)


def bands_of_domains(stores: Sequence[Sequence[np.ndarray]]) -> list[Bands]:
    """The bands of each domain, from all its log-mels or some hundreds of them.

    Raises
    ------
    MelganVcError
        If a domain is all pause.
    """
    found = []
    for number, store in enumerate(stores):
        some = range(0, len(store), max(1, len(store) // _ENOUGH_FILES))
        bands = Bands.of(np.concatenate([np.asarray(store[index]) for index in some]))
        if bands is None:
            raise MelganVcError(
                f"Expected sound to match bands to, received: domain {number + 1}, which is all pause. Leave it out, "
                "or train with --set method.match_bands=never"
            )
        found.append(bands)
    return found
