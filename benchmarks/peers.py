"""Beside PyTorch and librosa, in one run: training, translation, phase reconstruction and whole conversion.

``python benchmarks/peers.py`` prints a table of ratios, on two cores in about ten minutes; ``pip install
'melgan_vc[peers]'`` installs what it needs. Every row is one work, done by this project and by a peer, by turns:

- a training step of `travelgan` and of the vocoder (presets `voice`, batches of 16): the same networks, losses,
  optimizers and averages, in PyTorch as one would write them there; eagerly, with convolutions in the channels-last
  format, and that through ``torch.compile``, where a C++ compiler is at hand;
- translation of one minute of log-mel, the generator alone;
- phase reconstruction of one minute from its true magnitude, with as many iterations of fast Griffin-Lim;
- whole conversion of one minute of audio: log-mel, the generator, and the way back to audio.

Networks have the same weights on both sides, and the script first compares what they give: losses before and after
a step, translations and log-mels. A ratio is the median of neighbouring turns; above 1 this project is faster.
"""

import argparse
import importlib.util
import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

from melgan_vc.engine.start import start_engine

ITERATIONS = 32
SECONDS = 60.0
TOLERANCE = 1e-4
WORKS = {
    "travelgan": "training step, `travelgan`",
    "vocoder": "training step, vocoder",
    "translation": "translation of one minute",
    "phase": f"phase reconstruction of one minute, {ITERATIONS} iterations",
    "conversion": "whole conversion of one minute",
}
FORMATS = {
    "PyTorch, eager": {},
    "PyTorch, channels-last": {"channels_last": True},
    "PyTorch, channels-last, compiled": {"channels_last": True, "compiled": True},
}
QUALITY = {
    "phase": "spectral convergence {:.1f} against {:.1f} dB",
    "conversion": "{:.2f} against {:.2f} dB from the log-mel that the generator made",
}
REASONS = {
    "translation": (
        "Keras calls a network's forty layers one by one, which costs some 30 ms a call, and its layer norm goes "
        "over the memory several times where PyTorch's goes once. As a TensorFlow graph the generator takes half "
        "the time, but tracing it costs each start a quarter of a second, about what it saves in a minute of audio"
    ),
}
"""Why a work is lost to a peer, where it is."""


def are_installed() -> bool:
    """Whether there is a PyTorch to compare with."""
    return importlib.util.find_spec("torch") is not None


def require_peers() -> None:
    """Exit with a sentence unless PyTorch is installed."""
    if not are_installed():
        raise SystemExit(
            "Expected PyTorch to be installed for benchmarks/peers.py, received: no such package. "
            "Install it with: pip install 'melgan_vc[peers]'"
        )


def measure(*, only: tuple[str, ...] = tuple(WORKS), preset: str = "voice", turns: int = 5) -> dict:
    """The figures.

    Parameters
    ----------
    only : tuple of str
        Among `WORKS`.
    preset : str
        ``voice``, or ``debug`` to see that it runs.
    turns : int
        Of every contender.

    Returns
    -------
    dict
        ``versions``; ``threads``; ``load``, that of the machine before the run, which should be idle; ``compiler``,
        None where there is none; and ``rows``, dicts of ``work``, ``peer``, ``ours_s``,
        ``theirs_s``, ``times_as_fast`` and, where the two do not make the same, ``quality_db`` of either.
    """
    require_peers()
    start_engine()
    import gpu  # noqa: F401 - it has threads wait quietly in the turns of others, which PyTorch reads as it starts
    import keras
    import torch

    keras.utils.set_random_seed(0)
    torch.manual_seed(0)
    load, _, _ = os.getloadavg()
    compiler = shutil.which("g++") or shutil.which("clang++")
    formats = {peer: options for peer, options in FORMATS.items() if compiler or "compiled" not in options}
    rows = []
    for method in ("travelgan", "vocoder"):
        if method in only:
            rows += _training(method, preset, formats, turns)
    converting = [work for work in ("translation", "phase", "conversion") if work in only]
    if converting:
        rows += _converting(converting, preset, formats, turns)
    versions = {name: version(name) for name in (keras.backend.backend(), "torch", "librosa")}
    machine = {"threads": torch.get_num_threads(), "load": load, "compiler": compiler}
    return {"versions": versions, **machine, "rows": rows}


def _training(method: str, preset_name: str, formats: dict, turns: int) -> list[dict]:
    """A method's training step against PyTorch's in each format."""
    import keras
    from gpu import CONTENDERS, say
    from gpu_steps import TrainingStep

    from melgan_vc.methods.presets import preset

    say(f"{method}: building, comparing and compiling ...")
    _, settings = CONTENDERS[method]
    ours = TrainingStep(preset(preset_name, method).with_overrides(settings))
    training, draw = ours.trainer.method, np.random.default_rng(0)
    for networks in training.players.values():
        for variable in (v for network in networks for v in network.trainable_variables):
            # Last layers begin at zero, and nothing before them would be compared.
            variable.assign(np.asarray(variable) + 0.01 * draw.standard_normal(variable.shape))
    calls = {peer: _torch_step(ours, options) for peer, options in formats.items()}
    _compare_losses(ours, calls, TOLERANCE)
    if keras.backend.backend() == "tensorflow":  # on JAX the compiled step holds the newest weights
        for call in (ours, *calls.values()):
            call(1)
        _compare_losses(ours, calls, 10 * TOLERANCE)
    return _rows(method, {"ours": ours, **calls}, turns=turns, least=1.0)


def _torch_step(ours, options: dict):
    """The same step in PyTorch, of the same weights."""
    from gpu_torch import TorchStep
    from peers_travelgan import TravelganStep

    training = ours.trainer.method
    if ours.config.method.name == "vocoder":
        return TorchStep(ours.config, training.network.get_weights(), "cpu", **options)
    return TravelganStep(ours.config, training, ours.batch, **options)


def _compare_losses(ours, calls: dict, tolerance: float) -> None:
    from peers_torch import require_same

    training = ours.trainer.method
    own, _ = training.losses(ours.batch, tuple(training.players))
    for peer, call in calls.items():
        for player, loss in call.losses().items():
            require_same(own[player], loss.detach(), f"loss of the {player}, {peer}", tolerance)


def _converting(works: list[str], preset_name: str, formats: dict, turns: int) -> list[dict]:
    """Translation, phase reconstruction and whole conversion."""
    from gpu import say
    from peers_conversion import OneMinute

    say("conversion: building and comparing ...")
    minute = OneMinute(preset_name, formats, seconds=SECONDS, iterations=ITERATIONS)
    rows = []
    for work in works:
        say(f"{work} ...")
        rows += _rows(work, minute.contenders(work), turns=turns, least=None, quality=minute.quality(work))
    return rows


def _rows(work: str, contenders: dict, *, turns: int, least: float | None, quality: dict | None = None) -> list[dict]:
    """Time all of them by turns: a row for each peer."""
    from gpu import say, take_turns

    seconds = take_turns(contenders, turns=turns, least=least)
    rows = [row(work, peer, seconds, quality) for peer in contenders if peer != "ours"]
    for line in rows:
        say(f"{line['work']}, {line['peer']}: {line['times_as_fast']:.2f} x")
    return rows


def row(work: str, peer: str, seconds: dict, quality: dict | None = None) -> dict:
    """One line of the table, from the seconds of each turn."""
    ratios = [theirs / ours for ours, theirs in zip(seconds["ours"], seconds[peer], strict=True)]
    line = {"work": work, "peer": peer, "ours_s": median(seconds["ours"]), "theirs_s": median(seconds[peer])}
    line["times_as_fast"] = median(ratios)
    return line | ({"quality_db": [quality["ours"], quality[peer]]} if quality else {})


def table(figures: dict) -> str:
    """The figures as a table in Markdown, with a reason for what is lost."""
    versions = ", ".join(f"{name} {number}" for name, number in figures["versions"].items())
    lines = [
        f"{versions}; {figures['threads']} threads, on a machine with a load of {figures['load']:.1f} from others. "
        "Above 1 this project is faster.",
        "",
        "| work | beside | ours, s | theirs, s | ratio | |",
        "|---|---|---|---|---|---|",
    ]
    reasons = {}
    for row in figures["rows"]:
        won = row["times_as_fast"] >= 1.0
        quality = QUALITY[row["work"]].format(*row["quality_db"]) if "quality_db" in row else ""
        lines.append(
            f"| {WORKS[row['work']]} | {row['peer']} | {row['ours_s']:.3f} | {row['theirs_s']:.3f} | "
            f"{row['times_as_fast']:.2f} × {'won' if won else '**lost**'} | {quality} |"
        )
        if not won:
            reasons[row["work"]] = REASONS.get(row["work"], "no reason is known yet")
    if figures["compiler"] is None:
        lines += ["", "Nothing was compiled by PyTorch: no C++ compiler was found."]
    lines += [f"\nLost, {WORKS[work]}: {reason}." for work, reason in reasons.items()]
    return "\n".join(lines)


def page(figures: dict) -> str:
    """The section of BENCHMARKS.md."""
    return f"""`python benchmarks/peers.py`: the same networks with the same weights, losses and optimizers on both
sides, compared before they are timed; medians of turns in one process.

{table(figures)}"""


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Times as fast as PyTorch and librosa, in one run.")
    parser.add_argument("--only", nargs="+", choices=WORKS, default=[*WORKS], help="what to measure")
    parser.add_argument("--quick", action="store_true", help="tiny networks, one turn: to see that it runs")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(arguments)
    quick = {"preset": "debug", "turns": 1} if options.quick else {}
    figures = measure(only=tuple(options.only), **quick)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
