"""Speech put to a melody: what somebody says, sung."""

import numpy as np

_STEP_SECONDS = 0.005  # WORLD's frames
_NOTE_SECONDS = 0.3  # of speech, that become one note
_SHORTEST_VOICED = 0.06
_LONGEST_PAUSE = 0.4
_BEATS = (0.5, 0.5, 1.0, 1.0, 2.0)
_TEMPO = (72.0, 108.0)
_MAJOR = np.array([0, 2, 4, 5, 7, 9, 11])
_DEGREES = (-4, 5)  # of the scale, from the tonic, which is the middle of the voice
_LEAPS = (-2, -1, -1, 0, 1, 1, 2, 4)
_GLIDE_SECONDS = 0.06
_VIBRATO_HZ, _VIBRATO_CENTS, _VIBRATO_FROM = 5.5, 35.0, 0.25


def sung(wave: np.ndarray, rate: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What is said in a clip, sung to a melody that a seed draws, with the WORLD vocoder.

    Each stretch of some 0.3 s that is voiced becomes a note: it is held for half a beat to two beats, and never
    shorter than it was said. Notes walk over a major scale around the middle of the voice, glide into each other,
    and the long ones have vibrato. What is unvoiced stays as it is, and long pauses get shorter.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    rate : int
        Its sampling rate in Hz.
    seed : int
        Of the melody, not negative.

    Returns
    -------
    audio : np.ndarray
        Shape ``(samples,)``, float32, as loud as the speech.
    hertz : np.ndarray
        Shape ``(frames,)``, every 5 ms: what is sung, 0 where there is no voice.

    Raises
    ------
    MissingEvaluator
        If pyworld is not installed.
    """
    from melgan_vc.evaluate.baselines.naive_shift import analysed, import_world

    world = import_world(purpose="singing")
    samples = np.ascontiguousarray(wave, np.float64)
    f0, envelope, aperiodicity = analysed(world, samples, rate)
    draw = np.random.default_rng([seed, 2])
    frames, hertz = _score(f0, np.mean(envelope, axis=1), draw)
    audio = world.synthesize(
        hertz, np.ascontiguousarray(envelope[frames]), np.ascontiguousarray(aperiodicity[frames]), rate
    )
    audio *= np.sqrt(np.mean(samples**2) / max(np.mean(audio**2), 1e-12))
    return (audio / max(1.0, np.max(np.abs(audio), initial=0.0))).astype(np.float32), hertz


def _score(f0: np.ndarray, power: np.ndarray, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which frame of the speech is heard in each frame of the song ``(frames,)``, and its pitch in Hz."""
    voiced = f0 > 0.0
    if not voiced.any():
        return np.arange(len(f0)), f0.copy()
    tonic = float(np.median(f0[voiced]))
    beat = 60.0 / draw.uniform(*_TEMPO)
    degree, places, notes = 0, [], []
    for first, last in _runs(voiced):
        long_enough = voiced[first] and (last - first) * _STEP_SECONDS >= _SHORTEST_VOICED
        if not long_enough:
            silent = power[first:last].max() < 1e-5 * power.max()
            kept = int(_LONGEST_PAUSE / _STEP_SECONDS) if silent else last - first
            places.append(np.arange(first, min(last, first + kept)))
            notes.append(np.zeros(len(places[-1])))
            continue
        parts = max(1, round((last - first) * _STEP_SECONDS / _NOTE_SECONDS))
        for part in np.array_split(np.arange(first, last), parts):
            degree = int(np.clip(degree + draw.choice(_LEAPS), *_DEGREES))
            seconds = max(len(part) * _STEP_SECONDS, beat * draw.choice(_BEATS))
            places.append(np.round(np.linspace(part[0], part[-1], round(seconds / _STEP_SECONDS))).astype(int))
            notes.append(np.full(len(places[-1]), _hertz(tonic, degree)))
    return np.concatenate(places), _as_sung(notes)


def _runs(voiced: np.ndarray) -> list[tuple[int, int]]:
    """First frame, and the one after the last, of each stretch that is voiced or is not."""
    changes = np.flatnonzero(np.diff(voiced)) + 1
    return list(zip([0, *changes], [*changes, len(voiced)], strict=True))


def _hertz(tonic: float, degree: int) -> float:
    octave, place = divmod(degree, len(_MAJOR))
    return tonic * 2.0 ** (octave + _MAJOR[place] / 12.0)


def _as_sung(notes: list[np.ndarray]) -> np.ndarray:
    """Notes one after another, with glides between neighbours and vibrato on what is held."""
    glide = round(_GLIDE_SECONDS / _STEP_SECONDS)
    sung_notes, before = [], 0.0
    for note in notes:
        moved = note.copy()
        if len(note) and note[0] > 0.0:
            since = np.arange(len(note)) * _STEP_SECONDS
            depth = _VIBRATO_CENTS * np.clip((since - _VIBRATO_FROM) / _VIBRATO_FROM, 0.0, 1.0)
            moved *= 2.0 ** (depth * np.sin(2.0 * np.pi * _VIBRATO_HZ * since) / 1200.0)
            if before > 0.0:
                into = min(glide, len(note))
                moved[:into] = before ** (1.0 - np.arange(1, into + 1) / into) * moved[:into] ** (
                    np.arange(1, into + 1) / into
                )
        before = moved[-1] if len(moved) else 0.0
        sung_notes.append(moved)
    return np.concatenate(sung_notes)
