"""Share of a training's time that is spent waiting for batches.

``python benchmarks/waiting_for_data.py`` trains the `voice` preset for a while on the demo corpus with the real
feed, and adds up how long each request for a batch is kept waiting.
"""

import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

DEMO = Path(__file__).resolve().parent.parent / "datasets" / "demo"
VOICES = {"source": DEMO / "female_ru", "target": DEMO / "male_ru"}


def measure(
    *, steps: int = 40, preset_name: str = "voice", method: str = "travelgan", folders: dict[str, Path] = VOICES
) -> dict:
    """Steps per second, and waiting time as a share of the training time."""
    from rich.console import Console

    from melgan_vc.methods.presets import preset
    from melgan_vc.training.train import feed, prepare_domains
    from melgan_vc.training.trainer import Trainer

    config = preset(preset_name, method)
    waited = []

    def timed(batches):
        while True:
            started = time.perf_counter()
            batch = next(batches)
            waited.append(time.perf_counter() - started)
            yield batch

    with tempfile.TemporaryDirectory() as cache:
        domains = prepare_domains(config, folders, cache=Path(cache), console=Console(quiet=True))
        trainer = Trainer(config)
        batches = timed(feed(trainer.method, [domain.train for domain in domains], 0))
        trainer.fit(batches, steps_per_epoch=5, epochs=1, verbose=0)  # tracing, warming up
        waited.clear()
        started = time.perf_counter()
        trainer.fit(batches, steps_per_epoch=steps, epochs=1, verbose=0)
        seconds = time.perf_counter() - started
    return {"steps_per_second": steps / seconds, "waiting_share": sum(waited) / seconds}


if __name__ == "__main__":
    for key, value in measure().items():
        print(f"{key:28} {value:.5g}")
