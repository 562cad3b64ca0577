"""What a method and its preset cost: speed and memory of training and of conversion.

``python benchmarks/costs.py [PRESET [METHOD]]`` prints the figures of one, trained for a while on the demo corpus.
``run.py`` measures all of `MEASURED` and writes docs/costs.md.
"""

import resource
import sys
import tempfile
from pathlib import Path

from conversion import DEMO, make_audio, make_run, peak_memory, real_time_factor
from waiting_for_data import measure as train_for_a_while

from melgan_vc.config.method import converting_methods
from melgan_vc.methods.presets import preset

FOLDERS = {"voice": ("female_ru", "male_ru"), "music": ("jazz", "classical"), "paper": ("female_ru", "male_ru")}

MEASURED = {
    **{f"costs_{name}": {"preset_name": name} for name in FOLDERS},
    **{f"costs_voice_{name}": {"method": name} for name in converting_methods() if name != "travelgan"},
}
"""Names in the results, and what `measure` is asked for."""

USABLE = {"voice": (500, "23 and 88"), "music": (2500, "30 and 32")}
"""Of TraVeLGAN: steps after which held-out clips meet the bars of docs/experiments.md, and minutes of audio in the
two folders. The networks of `paper` never met them."""


def measure(preset_name: str = "voice", method: str = "travelgan", *, steps: int = 120) -> dict:
    """Steps per second and peak memory of training; real-time factor and peak memory of conversion."""
    source, target = (DEMO / name for name in FOLDERS[preset_name])
    with tempfile.TemporaryDirectory() as name:
        run = make_run(Path(name), preset_name, method)
        rate = preset(preset_name, method).mel.rate
        audio = make_audio(Path(name) / "audio.wav", minutes=2, rate=rate, clips=source)
        # Before the training: a process begins with its parent's peak, and conversion after training is slower.
        conversion = {"conversion_mib": peak_memory(run, audio), "real_time_factor": real_time_factor(run, audio)}
    folders = {"source": source, "target": target}
    trained = train_for_a_while(steps=steps, preset_name=preset_name, method=method, folders=folders)
    return {
        "steps_per_second": trained["steps_per_second"],
        "training_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **conversion,
    }


def page(results: dict[str, dict], machine: str) -> str:
    """docs/costs.md from the results of ``run.py``."""
    table = "\n".join(_line(results[name], **asked) for name, asked in MEASURED.items() if name in results)
    return f"""# Costs

Written by `make bench`, but for the data and the steps: those are from [experiments.md](experiments.md#the-bars), and are
enough for the conversion of held-out clips to meet every bar there. In float32, windows in a batch as the preset has them.

Measured on {machine} No GPU was at hand.

| method | preset | batch | minutes of source and target | training: memory | steps/s | to a usable model | conversion: real-time factor | memory |
|---|---|---|---|---|---|---|---|---|
{table}

A real-time factor of 0.02 is a second of work for fifty seconds of audio, once the model is loaded. Memory is the peak of
the whole process, TensorFlow included; conversion needs the same for an hour of audio as for a minute.
`--set training.mixed_precision=true` trains about 1.4 times as fast on a processor that has bfloat16.
"""  # noqa: E501


def _line(figures: dict, preset_name: str = "voice", method: str = "travelgan") -> str:
    """A row of the table."""
    rate = figures["steps_per_second"]
    minutes, usable = "–", "not reached" if method == "travelgan" else "–"
    if method == "travelgan" and preset_name in USABLE:
        steps, minutes = USABLE[preset_name]
        usable = f"{steps} steps, {steps / rate / 60:.0f} minutes"
    batch = preset(preset_name, method).training.batch_size
    return (
        f"| `{method}` | `{preset_name}` | {batch} | {minutes} | "
        f"{figures['training_mib'] / 1024:.1f} GiB | {rate:.2f} | {usable} | "
        f"{figures['real_time_factor']:.3f} | {figures['conversion_mib'] / 1024:.1f} GiB |"
    )


if __name__ == "__main__":
    for key, value in measure(*sys.argv[1:]).items():
        print(f"{key:28} {value:.5g}")
