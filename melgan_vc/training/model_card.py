"""The README of a run folder: what the model is, what it learned from, how to use it."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from melgan_vc import __version__
from melgan_vc.config import RunConfig
from melgan_vc.corpus.prepare import Domain
from melgan_vc.methods import METHODS
from melgan_vc.training.progress import Progress
from melgan_vc.training.run_files import RunFiles


def model_card(config: RunConfig, domains: Sequence[Domain], progress: Progress, run: Path) -> str:
    """Markdown with a Hugging Face header."""
    mel, method = config.mel, config.method
    data = "\n".join(
        f"| {domain.name} | {len(domain.report.files)} | {domain.report.used_minutes:.1f} | {len(domain.held_out)} |"
        for domain in domains
    )
    best = RunFiles(run).best_step()
    chosen = "" if best is None else f"\n- Its weights are of step {best}: a panel of held-out clips chose them."
    name = run.absolute().name
    what, commands = _of_vocoder(name) if METHODS[method.name].waveforms else _of_converter(config, domains, name)
    return f"""---
library_name: melgan_vc
pipeline_tag: audio-to-audio
tags: [audio, style-transfer, {method.name}]
---
# {name}

{what}
Made with melgan_vc {__version__}, method `{method.name}`, preset `{config.preset}`.

```
{chr(10).join(commands)}
```

| data | files | minutes used | files held out |
|---|---|---|---|
{data}

- Trained for {progress.step} steps of {config.training.batch_size} windows of {method.width} frames, seed
  {config.training.seed}; this session took {progress.seconds / 60:.1f} minutes.{chosen}
- Log-mel: {mel.rate} Hz, {mel.n_mels} mels to {mel.fmax:g} Hz, hop {mel.hop_length}, window {mel.n_fft}.
- Every setting is in `config.json`, the curves are in `metrics.csv` and `logs/`, converted clips in `samples/`.

To fill in before sharing: licence of the audio, consent of the speakers, what the model is meant for. Do not use it
to imitate a person who has not agreed to it.
"""


def _of_vocoder(name: str) -> tuple[str, list[str]]:
    """What a vocoder is for, and the command that uses it."""
    return (
        "Makes sound of log-mel spectrograms, for any model that has the same settings of them.",
        [f"python convert_cli.py input.wav --model MODEL --vocoder {shlex.quote(name)}"],
    )


def _of_converter(config: RunConfig, domains: Sequence[Domain], name: str) -> tuple[str, list[str]]:
    """What a model converts, and the commands that do."""
    ways = METHODS[config.method.name].directions_of(config)
    others = ways if len(ways) > 2 else ways[1:]
    command = f"python convert_cli.py input.wav --model {shlex.quote(name)}"
    commands = [] if len(ways) > 2 else [command]
    commands += [f"{command} --to {shlex.quote(way)}" for way in others]
    commands += [f"{command} --like reference.wav"] * bool(config.named_domains)
    what = (
        f"Translates audio in the style of `{domains[0].name}` into the style of `{domains[-1].name}`"
        + (", and back." if len(ways) == 2 else ".")
        if len(domains) == 2
        else f"Translates audio between {len(domains)} styles: {', '.join(f'`{way}`' for way in ways)}."
    )
    return what, commands
