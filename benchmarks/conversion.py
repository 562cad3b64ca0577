"""Whole conversions: real-time factor, memory against length, chunked against whole, start of the command line.

``python benchmarks/conversion.py`` prints the figures. The networks are untrained, with random weights: neither time
nor memory depends on what a network has learned.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "datasets" / "demo"


def make_run(folder: Path, preset_name: str, method: str = "travelgan") -> Path:
    """A run folder of a preset whose generator has random weights everywhere, so that it edits its input."""
    from melgan_vc.methods.presets import preset
    from melgan_vc.methods.registry import build_network
    from melgan_vc.runs.run_folder import RunFolder

    run, config = RunFolder(folder / f"{preset_name}-{method}"), preset(preset_name, method)
    run.save_config(config)
    network = build_network(config)
    draw = np.random.default_rng(0)
    for variable in network.trainable_variables:
        variable.assign(np.asarray(variable) + 0.01 * draw.standard_normal(variable.shape))
    network.save_weights(run.weights_file)
    return run.path


def make_audio(path: Path, *, minutes: float, rate: int, clips: Path) -> Path:
    """The clips of a folder again and again, as one file of a given length."""
    from melgan_vc.audio.files import find_audio, read

    wave = np.concatenate([read(clip, rate=rate, mono=True)[0] for clip in find_audio(clips)])
    samples = int(minutes * 60 * rate)
    with soundfile.SoundFile(path, "w", rate, 1, "PCM_16") as file:
        while samples > 0:
            file.write(wave[:samples])
            samples -= len(wave)
    return path


def real_time_factor(run: Path, audio: Path, *, repeats: int = 3) -> float:
    """Seconds of work for each second of audio, once the model is loaded and warm; median of repeats."""
    from melgan_vc.convert.stream import convert_file
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.vocoders.griffin_lim import GriffinLim

    model = load_conversion(run)
    vocoder = GriffinLim(model.config.mel)
    seconds = []
    for number in range(repeats + 1):
        started = time.perf_counter()
        done = convert_file(audio, audio.with_name(f"{audio.stem}-{number}.wav"), model=model, vocoder=vocoder)
        seconds.append((time.perf_counter() - started) / done.seconds)
    return median(seconds[1:])


def chunked_against_whole(run: Path, audio: Path) -> float:
    """Largest difference between the conversion of what is heard of a file in chunks and in one piece."""
    from melgan_vc.audio.files import read
    from melgan_vc.audio.mel import log_mel
    from melgan_vc.methods.loading import load_conversion

    model = load_conversion(run)
    wave = read(audio, rate=model.config.mel.rate, mono=True)[0]
    heard = [log_mel(wave, model.config.mel), *(feature.of(wave) for feature in model.features)]
    frames = np.concatenate(heard, axis=1)
    chunked = model.whole(frames)
    # One chunk that holds the whole file, in silence as long as the network's reach: no cut at all.
    stride = model.reach.stride
    whole = np.concatenate([*model.in_chunks(chunk=-(-len(frames) // stride) * stride).stream([frames])])
    return float(np.abs(chunked - whole).max())


def peak_memory(run: Path, audio: Path) -> float:
    """Peak resident memory in MiB of a conversion in a process of its own."""
    command = [sys.executable, __file__, "--convert", str(run), str(audio)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return json.loads(printed.splitlines()[-1])["peak_mib"]


def _convert_and_report(run: Path, audio: Path) -> None:
    """The other side of `peak_memory`."""
    from melgan_vc.convert.stream import convert_file
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.vocoders.griffin_lim import GriffinLim

    model = load_conversion(run)
    convert_file(audio, audio.with_suffix(".converted.wav"), model=model, vocoder=GriffinLim(model.config.mel))
    print(json.dumps({"peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def help_seconds(*, repeats: int = 7) -> float:
    """Median time of ``python convert_cli.py --help``."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run([sys.executable, "convert_cli.py", "--help"], check=True, capture_output=True, cwd=ROOT)
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def measure() -> dict:
    """Every figure of this script; ``<method>_real_time_factor`` is that of the method's preset `voice`."""
    from melgan_vc.config.method import converting_methods

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        voice, music = make_run(folder, "voice"), make_run(folder, "music")
        others = {name: make_run(folder, "voice", name) for name in converting_methods() if name != "travelgan"}
        speech = make_audio(folder / "speech.wav", minutes=2, rate=16000, clips=DEMO / "female_ru")
        song = make_audio(folder / "song.wav", minutes=2, rate=22050, clips=DEMO / "jazz")
        five = make_audio(folder / "five.wav", minutes=5, rate=16000, clips=DEMO / "female_ru")
        hour = make_audio(folder / "hour.wav", minutes=60, rate=16000, clips=DEMO / "female_ru")
        short, long = peak_memory(voice, five), peak_memory(voice, hour)
        heard = [peak_memory(others["autoencoder"], audio) for audio in (five, hour)]
        return {
            "voice_real_time_factor": real_time_factor(voice, speech),
            "music_real_time_factor": real_time_factor(music, song),
            **{f"{name}_real_time_factor": real_time_factor(run, speech) for name, run in others.items()},
            "memory_5_minutes_mib": short,
            "memory_60_minutes_mib": long,
            "memory_ratio": long / short,
            "autoencoder_memory_5_minutes_mib": heard[0],
            "autoencoder_memory_60_minutes_mib": heard[1],
            "autoencoder_memory_ratio": heard[1] / heard[0],
            "chunked_against_whole": max(
                chunked_against_whole(music, song),
                *(chunked_against_whole(run, speech) for run in (voice, *others.values())),
            ),
            "help_seconds": help_seconds(),
        }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--convert"]:
        _convert_and_report(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        for key, value in measure().items():
            print(f"{key:28} {value:.5g}")
