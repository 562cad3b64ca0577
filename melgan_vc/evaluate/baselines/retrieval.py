"""What a trained network has to beat: the target's own frames, found by what is said in them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from melgan_vc.audio.loudness import levelled
from melgan_vc.audio.mel import SILENCE, log_mel
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.features.loudness import SOUNDING
from melgan_vc.features.registry import features_of
from melgan_vc.features.speech import evaluable_speech
from melgan_vc.vocoders.base import Vocoder

NEIGHBOURS = 4
"""Frames that are averaged, as many as in the paper."""

_ENOUGH_TO_TRUST = 250.0  # frames, 4 s of speech: a clip's own statistics weigh as much as the target's


class HeardFrames(NamedTuple):
    """What is said in the frames of a clip, and how it sounds.

    Attributes
    ----------
    content : np.ndarray
        Shape ``(T, columns)``; in `blended` of length 1 in each frame.
    sounds : np.ndarray
        Shape ``(T,)``, bool: no pause.
    log_mel : np.ndarray
        Shape ``(T, n_mels)``, in [-1, 1].
    """

    content: np.ndarray
    sounds: np.ndarray
    log_mel: np.ndarray


class NearestFrames:
    """Puts a clip together anew of a target's frames: kNN-VC [1]_ on log-mels, without any training.

    For each frame of a clip the 4 frames of the target are looked up whose `Content` has the largest cosine with its
    own, mean and spread of either voice taken out first, and their log-mels are averaged. A frame that sounds becomes
    frames that sound, a pause becomes pauses. Pitch is not moved: the melody is that of the frames that were found,
    and where their pitches differ the average is hoarse. It departs from the paper in the recogniser, which is
    Whisper's encoder instead of WavLM, and in the vocoder, which is not trained on such averages.

    What is kept of the target is 2.4 kB a frame: 90 MB for 30 clips of 20 s.

    Parameters
    ----------
    target : sequence of np.ndarray
        Clips ``(samples,)`` of the target, at the rate of the log-mel; some minutes of speech.
    mel : MelConfig
        The log-mel; that of the vocoder.
    vocoder : Vocoder
        What inverts it.

    Raises
    ------
    MelganVcError
        If the vocoder's settings are others, or nothing sounds in the clips.

    References
    ----------
    .. [1] M. Baas, B. van Niekerk, H. Kamper, "Voice conversion with just nearest neighbors", Interspeech 2023.
    """

    def __init__(self, target: Sequence[np.ndarray], mel: MelConfig, vocoder: Vocoder):
        mel.require_same(vocoder.config, mine="the log-mel", theirs="the vocoder")
        self._mel, self._vocoder = mel, vocoder
        self._features = features_of(("content", "loudness"), mel)
        spoken = [clip for clip in target if evaluable_speech(clip, mel.rate) is not None]
        clips = [self._heard(clip) for clip in spoken]
        sounding = [clip.content[clip.sounds] for clip in clips]
        if sum(map(len, sounding)) < NEIGHBOURS:
            raise MelganVcError(
                f"Expected speech of the target for its nearest frames, received: {len(target)} clips in which "
                "nothing sounds; give some minutes of speech"
            )
        self._typical = _mean_and_deviation(np.concatenate(sounding))
        self._target = [clip._replace(content=_directions(clip.content, *self._typical)) for clip in clips]

    def __call__(self, wave: np.ndarray) -> np.ndarray:
        """A clip ``(samples,)`` said with frames of the target, ``(samples,)`` float32, at the level of the clip.

        A clip that is shorter than half a second or silent comes back as it is.
        """
        wave = np.asarray(wave, np.float32)
        if evaluable_speech(wave, self._mel.rate) is None:
            return wave
        heard = self._heard(wave)
        own = heard.content[heard.sounds]
        trusted = len(own) / (len(own) + _ENOUGH_TO_TRUST)
        statistics = self._typical
        if len(own):
            statistics = trusted * _mean_and_deviation(own) + (1.0 - trusted) * self._typical
        found = blended(heard._replace(content=_directions(heard.content, *statistics)), self._target)
        made = self._vocoder.invert(found)[: len(wave)]
        loudness = np.sqrt(np.mean(np.square(wave, dtype=np.float64)) / max(np.mean(np.square(made)), 1e-12))
        return (made * loudness).astype(np.float32)

    def _heard(self, wave: np.ndarray) -> HeardFrames:
        """Content as the recogniser gives it; all at the level that vocoders are trained at."""
        wave = levelled(np.asarray(wave, np.float32), self._mel.rate, CorpusConfig().level_db)
        content, loudness = (feature.of(wave) for feature in self._features)
        return HeardFrames(content, loudness[:, 0] > SOUNDING, log_mel(wave, self._mel))


def blended(source: HeardFrames, target: Sequence[HeardFrames], *, count: int = NEIGHBOURS) -> np.ndarray:
    """Mean log-mels of the nearest frames of a target, one product of matrices for each of its clips.

    Parameters
    ----------
    source : HeardFrames
        Of ``T`` frames; its log-mel is not looked at.
    target : sequence of HeardFrames
        One clip or more, of content of length 1 like the source's.
    count : int
        Frames that are averaged; fewer where the target has fewer of a kind.

    Returns
    -------
    np.ndarray
        Shape ``(T, n_mels)``, float32; silence where the target has no frame of the kind, sounding or not.

    Examples
    --------
    >>> said, heard = np.eye(3, dtype=np.float32), np.array([[0.1], [0.2], [0.3]], np.float32)
    >>> clip = HeardFrames(said, np.array([True, True, False]), heard)
    >>> blended(clip._replace(content=said[[1, 0, 0]]), [clip], count=1).ravel().tolist()  # doctest: +ELLIPSIS
    [0.2..., 0.1..., 0.3...]
    """
    frames, n_mels = len(source.content), target[0].log_mel.shape[1]
    cosines, log_mels = np.full((frames, count), -np.inf, np.float32), np.zeros((frames, count, n_mels), np.float32)
    for clip in target:
        near = source.content @ clip.content.T
        near[source.sounds[:, None] != clip.sounds] = -np.inf
        places = np.argpartition(-near, min(count, near.shape[1]) - 1, axis=1)[:, :count]
        cosines = np.concatenate([cosines, np.take_along_axis(near, places, axis=1)], axis=1)
        log_mels = np.concatenate([log_mels, clip.log_mel[places]], axis=1)
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
        cosines = np.take_along_axis(cosines, best, axis=1)
        log_mels = np.take_along_axis(log_mels, best[..., None], axis=1)
    known = np.isfinite(cosines)[..., None]
    mean = np.sum(log_mels * known, axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.where(known.any(axis=1), mean, SILENCE).astype(np.float32)


def _mean_and_deviation(content: np.ndarray) -> np.ndarray:
    """Of every column: ``(T, columns)`` to ``(2, columns)``."""
    return np.stack([content.mean(axis=0), np.maximum(content.std(axis=0), 1e-4)]).astype(np.float32)


def _directions(content: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Content with mean 0 and deviation 1 in every column, and then of length 1 in every frame."""
    known = (content - mean) / deviation
    return known / np.maximum(np.linalg.norm(known, axis=1, keepdims=True), 1e-6)
