"""The README of a run folder: what the model is, what it learned from, how to use it."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from melgan_vc import __version__
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.prepare import Domain
from melgan_vc.runs.run_files import RunFiles
from melgan_vc.terminal.printable import printable, printable_markdown
from melgan_vc.training.progress import Progress


def model_card(config: RunConfig, domains: Sequence[Domain], progress: Progress, run: Path) -> str:
    """Markdown with a Hugging Face header. Names of folders are text in it, whatever they hold."""
    mel, method = config.mel, config.method
    data = "\n".join(
        f"| {printable_markdown(domain.name)} | {len(domain.report.files)} | {domain.report.used_minutes:.1f} | "
        f"{len(domain.held_out)} |"
        for domain in domains
    )
    best = RunFiles(run).best_step()
    chosen = "" if best is None else f"\n- Its weights are of step {best}: a panel of held-out clips chose them."
    name = run.absolute().name
    what = method.what_it_does([_as_code(domain.name) for domain in domains])
    quoted = printable(shlex.quote(name))
    commands = [f"python convert_cli.py input.wav {asked}" for asked in method.ways_to_use(quoted)]
    return f"""---
library_name: melgan_vc
pipeline_tag: audio-to-audio
tags: [audio, style-transfer, {method.name}]
---
# {printable_markdown(name)}

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


def _as_code(name: str) -> str:
    """A name between backticks, where only they mean anything."""
    return printable(name).replace("`", r"\x60")
