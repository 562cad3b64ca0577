"""Run every benchmark, each in a process of its own, and write BENCHMARKS.md and docs/costs.md.

``python benchmarks/run.py [NAME ...]`` (or ``make bench``): all of them take about a quarter of an hour on two cores.
With names, only those are run again, and the other figures stay as they were in ``benchmarks/results.json``.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import costs
import peers

from melgan_vc.config.method import converting_methods
from melgan_vc.config.method_folders import method_names

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.json"
PAGE = FOLDER.parent / "BENCHMARKS.md"
COSTS = FOLDER.parent / "docs" / "costs.md"

MEASUREMENTS = {
    "training_step": ("training_step", {}),
    "waiting_for_data": ("waiting_for_data", {}),
    "griffin_lim": ("griffin_lim", {}),
    "griffin_lim_music": ("griffin_lim", {"preset": "music"}),
    "mel_inversion": ("mel_inversion", {}),
    "mel_inversion_paper": ("mel_inversion", {"preset": "paper"}),
    "conversion": ("conversion", {}),
    "peers": ("peers", {}),
    **{name: ("costs", options) for name, options in costs.MEASURED.items()},
}


PROCESSES = {"griffin_lim": 5, "griffin_lim_music": 5}
"""Benchmarks whose ratio varies from process to process: the median process counts, and the range is shown."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure, its bar, and whether it is met; left out until ``needs`` was measured."""

    figure: str
    bar: str
    script: str
    show: Callable[[dict], str]
    met: Callable[[dict], bool]
    needs: str = ""


def _plain_loop(method: str) -> Row:
    """A method's training against a loop without the framework."""
    return Row(
        f"training steps/s, `{method}`, against a plain TensorFlow loop of the same networks and losses",
        "≥ 1.0 ×",
        "training_step",
        lambda r: f"{r[f'{method}_speedup']:.2f} × ({r[method]:.2f} against {r[f'{method}_plain']:.2f})",
        lambda r: round(r[f"{method}_speedup"], 2) >= 1.0,
        needs=f"{method}_speedup",
    )


def _real_time(method: str) -> Row:
    """Whole conversion with another method's preset `voice`."""
    figure = f"{method}_real_time_factor"
    return Row(
        f"the same, `voice` of `{method}`",
        "≤ 0.08",
        "conversion",
        lambda r: f"{r[figure]:.3f}",
        lambda r: r[figure] <= 0.08,
        needs=figure,
    )


ROWS = [
    *(_plain_loop(method) for method in method_names()),
    Row(
        "training steps/s, `paper` preset, against the same networks as published (Conv2D, TensorFlow)",
        "≥ 1.5 ×",
        "training_step",
        lambda r: f"{r['paper_speedup']:.2f} × ({r['paper']:.2f} against {r['published']:.2f})",
        lambda r: r["paper_speedup"] >= 1.5,
    ),
    Row(
        "share of a training step spent waiting for data",
        "< 5 %",
        "waiting_for_data",
        lambda r: f"{100 * r['waiting_share']:.2f} % at {r['steps_per_second']:.2f} steps/s",
        lambda r: r["waiting_share"] < 0.05,
    ),
    *(
        Row(
            f"Griffin-Lim against `librosa.griffinlim`, 32 iterations, `{preset}`",
            "≥ 5 ×, within 0.3 dB",
            script,
            lambda r: (
                f"{r['times_faster']:.1f} × (from {min(r['range']):.1f} to {max(r['range']):.1f} in "
                f"{len(r['range'])} processes; {r['griffin_lim_convergence_db']:.1f} dB against "
                f"{r['librosa_convergence_db']:.1f} dB)"
            ),
            lambda r: r["times_faster"] >= 5 and r["griffin_lim_convergence_db"] <= r["librosa_convergence_db"] + 0.3,
        )
        for preset, script in (("voice", "griffin_lim"), ("music", "griffin_lim_music"))
    ),
    *(
        Row(
            f"mel to waveform against the published gradient inversion (2000 Adam steps), `{preset}`",
            "≥ 20 ×, no worse",
            script,
            lambda r: (
                f"{r['times_faster']:.0f} × ({r['mel_to_wave_convergence_db']:.1f} dB against "
                f"{r['gradient_convergence_db']:.1f} dB)"
            ),
            lambda r: (
                r["times_faster"] >= 20 and r["mel_to_wave_convergence_db"] <= r["gradient_convergence_db"] + 0.05
            ),
        )
        for preset, script in (("voice", "mel_inversion"), ("paper", "mel_inversion_paper"))
    ),
    Row(
        "whole conversion after start-up, real-time factor, `voice` / `music`",
        "≤ 0.08 / ≤ 0.12",
        "conversion",
        lambda r: f"{r['voice_real_time_factor']:.3f} / {r['music_real_time_factor']:.3f}",
        lambda r: r["voice_real_time_factor"] <= 0.08 and r["music_real_time_factor"] <= 0.12,
    ),
    *(_real_time(method) for method in converting_methods() if method != "travelgan"),
    Row(
        "peak memory converting 60 minutes, against 5 minutes",
        "≤ 1.1 ×",
        "conversion",
        lambda r: (
            f"{r['memory_ratio']:.3f} × ({r['memory_60_minutes_mib']:.0f} against "
            f"{r['memory_5_minutes_mib']:.0f} MiB)"
        ),
        lambda r: r["memory_ratio"] <= 1.1,
    ),
    Row(
        "`python convert_cli.py --help`",
        "≤ 0.5 s",
        "conversion",
        lambda r: f"{r['help_seconds']:.2f} s",
        lambda r: r["help_seconds"] <= 0.5,
    ),
    Row(
        "chunked against whole translation of the same file, largest difference",
        "≤ 1e-4",
        "conversion",
        lambda r: f"{r['chunked_against_whole']:.1e}",
        lambda r: r["chunked_against_whole"] <= 1e-4,
    ),
]


def everything() -> list[str]:
    """What is measured where nothing is named: all but what lacks an optional package, whose figures stay."""
    return [name for name in MEASUREMENTS if name != "peers" or peers.are_installed()]


def measure(name: str) -> dict:
    """One benchmark's figures; of several processes those of the median one, and the ``range`` of its ratio."""
    runs = [_measure_once(name) for _ in range(PROCESSES.get(name, 1))]
    runs.sort(key=lambda run: run.get("times_faster", 0))
    middle = runs[len(runs) // 2]
    return middle if len(runs) == 1 else {**middle, "range": [run["times_faster"] for run in runs]}


def _measure_once(name: str) -> dict:
    """Run one benchmark's ``measure()`` in a fresh process, so that nothing warms it up or gets in its way."""
    script, options = MEASUREMENTS[name]
    code = f"import json, {script} as s; print('\\n' + json.dumps(s.measure(**{options!r})))"
    environment = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": os.pathsep.join([str(FOLDER), str(FOLDER.parent)]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True, env=environment
    )
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> str:
    """What the figures were measured on, in a line."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "numpy", "scipy", "librosa"))
    cores = f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB"
    return f"{cores}, no GPU; Python {platform.python_version()}, {packages}."


def page(results: dict) -> str:
    """BENCHMARKS.md."""
    table = "\n".join(
        f"| {row.figure} | {row.bar} | {row.show(results[row.script])} | "
        f"{'yes' if row.met(results[row.script]) else '**no**'} | `benchmarks/{MEASUREMENTS[row.script][0]}.py` |"
        for row in ROWS
        if row.script in results and (not row.needs or row.needs in results[row.script])
    )
    step = results.get("training_step", {})
    precision = "\n".join(
        f"| `{name}` | {step[f'{name}_float32']:.2f} | {step[f'{name}_bfloat16']:.2f} | "
        f"{step[f'{name}_bfloat16_speedup']:.2f} × |"
        for name in ("voice", "paper")
        if f"{name}_float32" in step
    )
    beside = f"\n## Beside peers\n\n{peers.page(results['peers'])}\n" if "peers" in results else ""
    return f"""# Benchmarks

Written by `make bench`. Every figure with an "against" is a ratio of two things measured in one run, in turns.

Measured on {machine()}

| figure | at least | measured | met | script |
|---|---|---|---|---|
{table}

No GPU was at hand: `benchmarks/gpu.py` prints the figures of whatever device it finds ([GPUs](docs/gpu.md)), and the
tests run it on the processor.

Spectral convergence is that of the linear spectrogram against the true one, in dB; lower is better.
`librosa.griffinlim` gets the memory layout that `librosa.stft` returns.

## Mixed precision on this CPU

`--set training.mixed_precision=true` computes in bfloat16. Training steps/s, batches of 16:

| preset | float32 | bfloat16 | ratio |
|---|---|---|---|
{precision}
{beside}"""


def main(names: list[str]) -> None:
    """Measure what is asked for, everything by default, and rewrite the pages."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        raise SystemExit(f"Expected benchmarks among {', '.join(MEASUREMENTS)}, received: {', '.join(unknown)}")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in names or everything():
        print(f"{name} ...", flush=True)
        results[name] = measure(name)
        for key, value in results[name].items():
            print(f"  {key:36} {value:.5g}" if isinstance(value, float) else f"  {key:36} {value}")
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    PAGE.write_text(page(results), encoding="utf-8")
    COSTS.write_text(costs.page(results, machine()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
