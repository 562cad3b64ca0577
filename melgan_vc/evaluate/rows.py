"""The rows of an evaluation: the conversion, and the reference rows it is read beside."""

import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from melgan_vc.audio.channels import mono_mix
from melgan_vc.audio.files import read
from melgan_vc.convert.stream import convert_file
from melgan_vc.corpus.clips import NamedClip
from melgan_vc.evaluate.baselines.signal import copy_synthesis, equalised, fit_equaliser, reversed_in_time
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.features.packages import MissingEvaluator

CONVERSION = "conversion"


def converted_clips(model, vocoder, clips: Sequence[NamedClip]) -> tuple[list[Clip], float]:
    """Every clip through the converter, files and all, those that are stereo as such; and the real-time factor."""
    rate, seconds = model.config.mel.rate, 0.0
    found = []
    with tempfile.TemporaryDirectory(prefix="melgan_vc-") as folder:
        before, after = Path(folder) / "before.wav", Path(folder) / "after.wav"
        for clip in clips:
            soundfile.write(before, clip.wave if clip.channels is None else clip.channels, rate, subtype="FLOAT")
            started = time.perf_counter()
            convert_file(before, after, model=model, vocoder=vocoder, overwrite=True)
            seconds += time.perf_counter() - started
            made, _ = read(after)
            both = None if clip.channels is None else (clip.channels, made)
            found.append(Clip(clip.name, clip.wave, mono_mix(made, rate), rate, clip.parallel, both))
    return found, seconds * rate / sum(len(clip.wave) for clip in clips)


def reference_rows(
    task: str,
    mel,
    vocoder,
    *,
    clips: Sequence[NamedClip],
    targets: Sequence[NamedClip],
    source_examples: Sequence[np.ndarray],
    target_examples: Sequence[np.ndarray],
) -> tuple[dict[str, list[Clip]], list[str]]:
    """What each figure is for audio whose worth is known.

    Parameters
    ----------
    task : {'voice', 'music'}
        Decides the naive conversions: a shift of pitch and formants and the target's nearest frames, or an equaliser.
        For music there are also what cannot be passed and what is reached by chance: parallel recordings, and other
        pieces of the target.
    mel : MelConfig
        Of the model.
    vocoder : Vocoder
        Of the conversion.
    clips, targets : sequence of NamedClip
        Held-out clips of the source and of the target.
    source_examples, target_examples : sequence of np.ndarray
        What the naive conversions are fitted to.

    Returns
    -------
    rows : dict of str to list of Clip
        By the name of the row. Those of the target are judged against themselves.
    missing : list of str
        For a row that had to be left out, what is not installed.
    """
    rate = mel.rate
    sources = [_as_it_is(clip, rate) for clip in clips]
    target = [Clip(clip.name, clip.wave, clip.wave, rate) for clip in targets]

    def changed(rows: list[Clip], change: Callable[[np.ndarray], np.ndarray]) -> list[Clip]:
        return [_judged_as(clip, change(clip.source)) for clip in rows]

    missing: list[str] = []
    rows = {
        "source": sources,
        "target": target,
        "copy synthesis": changed(sources, lambda wave: copy_synthesis(wave, mel, vocoder)),
    }
    if task == "voice":
        from melgan_vc.evaluate.baselines.naive_shift import naive_shift
        from melgan_vc.evaluate.baselines.retrieval import NearestFrames
        from melgan_vc.features.voice_measure import measure_shift

        try:
            pitch, formant = measure_shift(source_examples, target_examples, rate)
            rows["naive shift"] = changed(sources, lambda wave: naive_shift(wave, rate, pitch=pitch, formant=formant))
        except MissingEvaluator as error:
            missing.append(str(error))
        rows["nearest frames"] = changed(sources, NearestFrames(target_examples, mel, vocoder))
    else:
        taps = fit_equaliser(source_examples, target_examples, rate)
        rows["equalised"] = changed(sources, lambda wave: equalised(wave, taps))
        others = itertools.cycle(clip.wave for clip in targets)
        rows["another piece"] = [_judged_as(clip, other) for clip, other in zip(sources, others, strict=False)]
        if parallel := [_judged_as(clip, clip.parallel) for clip in sources if clip.parallel is not None]:
            rows["parallel"] = parallel
    rows["target backwards"] = changed(target, reversed_in_time)
    return rows, missing


def _as_it_is(clip: NamedClip, rate: int) -> Clip:
    both = None if clip.channels is None else (clip.channels, clip.channels)
    return Clip(clip.name, clip.wave, clip.wave, rate, clip.parallel, both)


def _judged_as(clip: Clip, wave: np.ndarray) -> Clip:
    """Another sound ``(samples,)`` in place of a conversion."""
    return replace(clip, converted=wave, channels=None)
