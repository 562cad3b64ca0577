"""Training and conversion on the GPU and on the CPU of the same machine, and one training step in PyTorch.

``python benchmarks/gpu.py`` prints, with ``KERAS_BACKEND=jax`` in front of it or without:

- of every method and of the vocoder, without critics and with them: training steps/s, seconds of audio trained on
  each second, floating-point operations each second, and their share of what a large matrix product reaches on the
  same device in the same precision (operations of a step: see `gpu_steps.TrainingStep`, which says what is counted);
- where PyTorch is installed, the vocoder's step without critics in PyTorch, on the same device, as a ratio;
- seconds of work for each second of audio that is converted;
- all of it on the CPU as well, in a process of its own, and how many times as fast the GPU is.

Without a GPU it says so, and the figures are the CPU's. Contenders take turns; figures are medians over turns, the
matrix product's is its best. Networks are untrained and batches are noise: no time depends on that.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # PyTorch needs memory of the same device
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # its threads must not keep cores busy in the turns of others

from melgan_vc.engine.start import start_engine

CRITICS = ["method.adversarial=0.1", "method.feature_matching=0.2"]
NO_CRITICS = ["method.adversarial=0", "method.feature_matching=0"]  # as in the preset `voice`; `debug` has them
CONTENDERS = {
    "travelgan": ("travelgan", []),
    "cyclegan": ("cyclegan", []),
    "stargan": ("stargan", []),
    "vocoder": ("vocoder", NO_CRITICS),
    "vocoder_critics": ("vocoder", CRITICS),
}


def measure(device: str, *, quick: bool, mixed: bool, only: list[str]) -> dict:
    """The figures of one device, in this process.

    Returns
    -------
    dict
        ``device``, ``backend``, ``precision``, ``matmul_flops_per_second``; ``training`` and ``conversion`` with a
        dict for each contender; ``pytorch``, a dict or why there is none.
    """
    import gpu_steps
    import keras

    from melgan_vc.methods.presets import preset

    name, turns = ("debug", 1) if quick else ("voice", 5)
    on_gpu = device.startswith("gpu")
    steps = {"matmul": gpu_steps.MatrixProduct(1024 if quick else 8192 if on_gpu else 2048, mixed=mixed)}
    for contender in only:
        method, settings = CONTENDERS[contender]
        say(f"{contender}: building and compiling on {device} ...")
        mixture = [f"training.mixed_precision={str(mixed).lower()}"]
        steps[contender] = gpu_steps.TrainingStep(preset(name, method).with_overrides([*settings, *mixture]))
    pytorch = _pytorch_step(steps.get("vocoder"), on_gpu)
    if not isinstance(pytorch, str):
        steps["pytorch_vocoder"] = pytorch
    seconds = take_turns(steps, turns=turns, least=0.0 if quick else 1.0)
    best = steps["matmul"].flops / min(seconds["matmul"])
    figures = {
        "device": device_name(),
        "backend": keras.backend.backend(),
        "precision": "bfloat16" if mixed else "float32",
        "matmul_flops_per_second": best,
        "training": {contender: _training(steps[contender], seconds[contender], best) for contender in only},
        "pytorch": pytorch,
    }
    if not isinstance(pytorch, str):
        ratios = [torch / own for own, torch in zip(seconds["vocoder"], seconds["pytorch_vocoder"], strict=True)]
        rate = 1.0 / median(seconds["pytorch_vocoder"])
        figures["pytorch"] = {"vocoder_steps_per_second": rate, "times_as_fast_as_pytorch": median(ratios)}
    say(f"conversion on {device} ...")
    audio = 5.0 if quick else 60.0
    methods = [contender for contender in only if not contender.startswith("vocoder")]
    with gpu_steps.conversions(name, audio, methods) as calls:
        seconds = take_turns(calls, turns=1 if quick else 3, least=None)
    figures["conversion"] = {key: {"real_time_factor": median(found) / audio} for key, found in seconds.items()}
    return figures


def take_turns(contenders: dict, *, turns: int, least: float | None) -> dict[str, list[float]]:
    """Seconds of one step of each contender, turn by turn.

    A turn lasts ``least`` seconds or longer, so that waiting for the device counts little; None: one call that takes
    no number of steps.
    """
    from gpu_steps import seconds_of

    seconds, steps = {}, {}
    for name, call in contenders.items():
        arguments = () if least is None else (1,)
        seconds_of(call, *arguments)  # compiles
        steps[name] = 1 if least is None else max(1, round(least / seconds_of(call, 1)))
        seconds[name] = []
    for _ in range(turns):
        for name, call in contenders.items():
            arguments = () if least is None else (steps[name],)
            seconds[name].append(seconds_of(call, *arguments) / steps[name])
    return seconds


def _training(step, seconds: list[float], best: float) -> dict[str, float]:
    rate = 1.0 / median(seconds)
    return {
        "steps_per_second": rate,
        "audio_seconds_per_second": rate * step.audio_seconds,
        "flops_per_step": step.flops,
        "flops_per_second": rate * step.flops,
        "share_of_matmul": rate * step.flops / best,
    }


def _pytorch_step(vocoder, on_gpu: bool):
    """The vocoder's step in PyTorch, or why there is none."""
    if vocoder is None:
        return "not asked for"
    if importlib.util.find_spec("torch") is None:
        return "PyTorch is not installed"
    import torch

    if on_gpu and not torch.cuda.is_available():
        return "PyTorch sees no GPU"
    from gpu_torch import TorchStep

    network = vocoder.trainer.method.network
    own, _ = vocoder.trainer.method.losses(vocoder.batch, ("generator",))
    step = TorchStep(vocoder.config, network.get_weights(), "cuda" if on_gpu else "cpu")
    own, other = float(own["generator"]), float(step.losses()["generator"].detach())
    if abs(own - other) > 0.02 * abs(own):
        raise RuntimeError(f"Expected the same loss of the same network in PyTorch, received: {other} against {own}")
    return step


def device_name() -> str:
    """What the backend calls the device that it computes on."""
    import keras

    if keras.backend.backend() == "jax":
        import jax

        return jax.devices()[0].device_kind
    import tensorflow as tf

    gpus = tf.config.get_visible_devices("GPU")
    return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else "cpu"


def on_the_cpu(options: argparse.Namespace) -> dict:
    """The figures of the CPU, in a process that is told to see nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "cpu.json"
        command = [sys.executable, __file__, "--device", "cpu", "--json", str(place), "--only", *options.only]
        command += ["--quick"] * options.quick + ["--mixed"] * options.mixed
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads(place.read_text())["cpu"]


def show(figures: dict) -> str:
    """The figures of one device as a table."""
    peak = figures["matmul_flops_per_second"]
    what = ", ".join(figures[key] for key in ("device", "backend", "precision"))
    lines = [
        f"{what}: a matrix product {peak / 1e9:,.1f} GFLOP/s",
        f"{'training':20}{'steps/s':>10}{'audio s/s':>11}{'GFLOP/step':>12}{'GFLOP/s':>11}{'of product':>12}",
    ]
    for name, row in figures["training"].items():
        lines.append(
            f"{name:20}{row['steps_per_second']:10.2f}{row['audio_seconds_per_second']:11.1f}"
            f"{row['flops_per_step'] / 1e9:12.2f}{row['flops_per_second'] / 1e9:11.1f}{row['share_of_matmul']:12.2%}"
        )
    found = figures["pytorch"]
    if isinstance(found, str):
        lines.append(f"vocoder in PyTorch: not measured ({found})")
    else:
        lines.append(
            f"vocoder in PyTorch  {found['vocoder_steps_per_second']:10.2f} steps/s; "
            f"ours is {found['times_as_fast_as_pytorch']:.2f} times as fast"
        )
    lines.append(f"{'conversion':20}{'real-time factor':>18}")
    lines += [f"{name:20}{row['real_time_factor']:18.4f}" for name, row in figures["conversion"].items()]
    return "\n".join(lines)


def speedups(gpu: dict, cpu: dict) -> dict[str, dict[str, float]]:
    """How many times as fast as the CPU the GPU trains and converts."""
    trained = {key: row["steps_per_second"] for key, row in gpu["training"].items()}
    converted = {key: row["real_time_factor"] for key, row in gpu["conversion"].items()}
    return {
        "training": {key: rate / cpu["training"][key]["steps_per_second"] for key, rate in trained.items()},
        "conversion": {key: cpu["conversion"][key]["real_time_factor"] / own for key, own in converted.items()},
    }


def say(line: str) -> None:
    """A line about what is going on."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Training and conversion on a GPU, on the CPU, and in PyTorch.")
    parser.add_argument("--device", choices=("auto", "cpu", "gpu"), default="auto", help="auto: both, where both are")
    parser.add_argument("--quick", action="store_true", help="tiny networks, a few steps: to see that it runs")
    parser.add_argument("--mixed", action="store_true", help="bfloat16 where mixed precision has it")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=[*CONTENDERS], help="what to train")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    start_engine()
    from melgan_vc.engine.devices import choose_device

    device = choose_device(options.device)
    figures = measure(device, quick=options.quick, mixed=options.mixed, only=options.only)
    result = {"gpu": None, "cpu": None, "gpu_against_cpu": None}
    result["gpu" if device.startswith("gpu") else "cpu"] = figures
    print(show(figures))
    if result["gpu"] is None:
        print("No GPU was asked for." if options.device == "cpu" else "No GPU was found: the figures are the CPU's.")
    elif options.device == "auto":
        result["cpu"] = on_the_cpu(options)
        result["gpu_against_cpu"] = speedups(figures, result["cpu"])
        print(show(result["cpu"]))
        for work, ratios in result["gpu_against_cpu"].items():
            times = ", ".join(f"{name} {ratio:.1f}" for name, ratio in ratios.items())
            print(f"{work}, times as fast as on the CPU: {times}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
