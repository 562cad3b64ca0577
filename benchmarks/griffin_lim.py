"""Griffin-Lim of this project against ``librosa.griffinlim``: same magnitude, same iterations, one run.

``python benchmarks/griffin_lim.py [PATH] [--preset voice|music|paper]``; PATH is an audio file or a folder
of them, the demo clips of the repository if left out (a voice, or jazz for ``music``).
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import librosa
import numpy as np

from melgan_vc.audio.mel import analysis_window, log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.griffin_lim import GriffinLim, griffin_lim

DEMO = Path(__file__).resolve().parent.parent / "datasets" / "demo"
PRESETS = {
    "voice": MelConfig(),
    "music": MelConfig(rate=22050, n_fft=2048, hop_length=512, n_mels=128, fmax=11025.0),
    "paper": MelConfig(n_fft=1152, zero_padding=2, hop_length=192, n_mels=192, mel_scale="htk", floor_db=-100.0),
}


def load(path: Path | None, *, preset: str, seconds: float, skip: float = 0.0) -> np.ndarray:
    """Mono waveform of exactly ``seconds``: the files in order, from ``skip`` seconds on, peak 0.9."""
    rate = PRESETS[preset].rate
    path = path or DEMO / ("jazz" if preset == "music" else "female_ru")
    suffixes = (".wav", ".flac", ".ogg")
    files = sorted(p for p in path.rglob("*") if p.suffix in suffixes) if path.is_dir() else [path]
    clips, found = [], 0.0
    for file in files:
        if found >= skip + seconds:
            break
        clips.append(librosa.load(file, sr=rate)[0])
        found += len(clips[-1]) / rate
    if found < skip + seconds:
        raise SystemExit(
            f"Expected at least {skip + seconds:g} s of audio in {path}, received: {found:.1f} s; "
            "name a longer file or a folder"
        )
    wave = np.concatenate(clips)[int(skip * rate) :][: int(seconds * rate)]
    return 0.9 * wave / np.abs(wave).max()


def magnitude(wave: np.ndarray, config: MelConfig) -> np.ndarray:
    """Linear magnitude ``(T, n_bins)`` in the scale of the project, at the frames of `log_mel`."""
    frames, half = config.frames(len(wave)), config.n_fft // 2
    padded = np.zeros((frames - 1) * config.hop_length + config.n_fft, np.float32)
    padded[half : half + len(wave)] = wave[: len(padded) - half]
    windows = np.lib.stride_tricks.sliding_window_view(padded, config.n_fft)[:: config.hop_length]
    return np.abs(np.fft.rfft(windows * analysis_window(config), n=config.fft_length, axis=1))


def spectral_convergence(true: np.ndarray, found: np.ndarray) -> float:
    """``20 log10(||true - found|| / ||true||)`` in dB; lower is better."""
    return float(20.0 * np.log10(np.linalg.norm(true - found) / np.linalg.norm(true)))


def seconds_of(work: Callable[[], np.ndarray]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(
    path: Path | None = None,
    *,
    preset: str = "voice",
    seconds: float = 20.0,
    iterations: int = 32,
    repeats: int = 5,
) -> dict:
    """Time and spectral convergence of both, from the true magnitude, and the whole vocoder's speed.

    ``times_faster`` is for the same number of iterations; ``times_faster_at_librosa_convergence`` for the
    fewest with which ours is as close as librosa is after all of its own.

    The two take turns, so that other work on the machine slows both down. Librosa knows no zero padding,
    so the ``paper`` preset is compared without it.
    """
    config = PRESETS[preset]
    plain = config.model_copy(update={"zero_padding": 1})
    wave = load(path, preset=preset, seconds=seconds)
    true = magnitude(wave, plain)
    true_mel = log_mel(wave, config)
    to_librosa = np.hanning(config.n_fft + 1)[1] / analysis_window(plain)[1]
    # Transposed like this it has the memory layout that ``librosa.stft`` returns (time last, but adjacent
    # in memory along frequency), which users pass on; the other layout suits ``griffinlim`` better.
    librosa_input = (true * to_librosa).astype(np.float32).T
    librosa_contiguous = np.ascontiguousarray(librosa_input)
    ours_input = true.astype(np.float32)
    vocoder = GriffinLim(config, iterations=iterations)

    def ours(count: int = iterations) -> np.ndarray:
        return griffin_lim(ours_input, plain, iterations=count)

    def theirs(given: np.ndarray = librosa_input) -> np.ndarray:
        return librosa.griffinlim(
            given,
            n_iter=iterations,
            hop_length=config.hop_length,
            n_fft=config.n_fft,
            momentum=0.99,
            random_state=0,
            length=len(wave),
        )

    def theirs_contiguous() -> np.ndarray:
        return theirs(librosa_contiguous)

    # The first calls warm up.
    ours_db, theirs_db = (spectral_convergence(true, magnitude(f()[: len(wave)], plain)) for f in (ours, theirs))
    whole_db = spectral_convergence(magnitude(wave, config), magnitude(vocoder.invert(true_mel)[: len(wave)], config))
    enough = next(
        count
        for count in range(1, iterations + 1)
        if count == iterations or spectral_convergence(true, magnitude(ours(count)[: len(wave)], plain)) <= theirs_db
    )
    works = (ours, theirs, theirs_contiguous, lambda: vocoder.invert(true_mel), lambda: ours(enough))
    turns = [[seconds_of(work) for work in works] for _ in range(repeats)]
    ours_s, theirs_s, contiguous_s, whole_s, enough_s = (median(column) for column in zip(*turns, strict=True))
    return {
        "preset": preset,
        "audio_s": seconds,
        "iterations": iterations,
        "griffin_lim_s": ours_s,
        "librosa_s": theirs_s,
        "times_faster": theirs_s / ours_s,
        "librosa_contiguous_s": contiguous_s,
        "times_faster_than_contiguous": contiguous_s / ours_s,
        "griffin_lim_convergence_db": ours_db,
        "librosa_convergence_db": theirs_db,
        "iterations_to_librosa_convergence": enough,
        "times_faster_at_librosa_convergence": theirs_s / enough_s,
        "mel_to_wave_s": whole_s,
        "mel_to_wave_real_time_factor": whole_s / seconds,
        "mel_to_wave_convergence_db": whole_db,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--preset", choices=PRESETS, default="voice")
    arguments = parser.parse_args()
    for name, value in measure(arguments.path, preset=arguments.preset).items():
        print(f"{name:36}{value:12.4f}" if isinstance(value, float) else f"{name:36}{value:>12}")
