"""Where things are in a run folder."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from melgan_vc.atomic import replacing
from melgan_vc.config.json_file import read_json
from melgan_vc.config.run import RunConfig, load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.learned_audio import Audio


class RunFiles:
    """Where things are in a run folder.

    Parameters
    ----------
    path : Path
        The folder; it can be copied anywhere.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self.config_file = self.path / "config.json"
        self.weights_file = self.path / "weights.weights.h5"
        self.best_file = self.path / "best.weights.h5"
        self.panel_file = self.path / "panel.csv"
        self.metrics_file = self.path / "metrics.csv"
        self.checkpoints = self.path / "checkpoints"
        self.logs = self.path / "logs"
        self.samples = self.path / "samples"
        self.card = self.path / "README.md"
        self.corpus_report = self.path / "corpus.json"
        self.origin = self.path / "origin.json"
        self.voice_file = self.path / "voice.npz"
        self.base_file = self.path / "base.json"

    def load_config(self) -> RunConfig:
        """The validated configuration.

        Raises
        ------
        MelganVcError
            If the folder or its config.json is missing or not valid.
        """
        if not self.path.is_dir():
            raise MelganVcError(f"Expected a run folder, received: {self.path} (it does not exist)")
        return load_config(self.config_file)

    def save_config(self, config: RunConfig) -> None:
        """Write config.json."""
        with replacing(self.config_file) as partial:
            partial.write_text(config.to_json(), encoding="utf-8")

    def trained_on(self, names: Sequence[str]) -> dict[str, Path]:
        """The folder of each of the run's domains, which are called so; empty if corpus.json does not tell."""
        folders = self.trained_on_folders()
        return dict(zip(names, folders, strict=True)) if len(folders) == len(names) else {}

    def trained_on_folders(self) -> list[Path]:
        """The folders that the run has learned from; empty if corpus.json does not tell."""
        return [audio.folder for audio in self.trained_on_audio()]

    def trained_on_audio(self) -> list[Audio]:
        """Those folders, and what was in them; empty if corpus.json does not tell."""
        try:
            return [
                Audio(Path(report["folder"]), frozenset(str(file["digest"]) for file in report.get("files", ())))
                for report in read_json(self.corpus_report)
            ]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    @property
    def conversion_weights(self) -> Path:
        """The weights that conversion loads: the best where a panel chose them, else the newest."""
        return self.best_file if self.best_file.is_file() else self.weights_file

    def panel_rows(self) -> list[dict[str, float]]:
        """The panel's judgements, ``step`` and figures of each; empty without a panel."""
        if not self.panel_file.is_file():
            return []
        with open(self.panel_file, newline="", encoding="utf-8") as file:
            return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]

    def best_step(self) -> int | None:
        """The step whose weights a panel chose; None without a panel."""
        judged = [row for row in self.panel_rows() if not math.isnan(row["score"])]
        return int(max(judged, key=lambda row: row["score"])["step"]) if judged else None
