"""The table and the picture of a search."""

import io

import numpy as np
import pytest
from matplotlib.image import imread
from rich.console import Console

from melgan_vc.tuning.parallel_coordinates import parallel_coordinates_png, scale_of
from melgan_vc.tuning.record import TrialRecord, records_of
from melgan_vc.tuning.results import print_table

RECORDS = [
    TrialRecord(2, {"method.identity": 0.1, "method.pairs": "all"}, score=0.9, step=40, seconds=90.0),
    TrialRecord(1, {"method.identity": 12.3456, "method.pairs": "single", "method.margin": 3.0}, score=0.1, step=30),
    TrialRecord(3, {"method.identity": 1.0, "method.pairs": "all"}, failure="it diverged"),
]


def test_records_are_read_back_the_best_first_and_the_failed_last(tmp_path):
    for record in RECORDS:
        record.save(tmp_path / f"trial-{record.number:03d}")
    (tmp_path / "trial-004").mkdir()
    assert records_of(tmp_path) == RECORDS


@pytest.mark.parametrize("width", [30, 120])
def test_the_table_has_every_trial_and_every_hyperparameter(width):
    console = Console(file=io.StringIO(), width=width)
    print_table(RECORDS, console)
    text = console.file.getvalue()
    rows = [line.split() for line in text.splitlines() if line.strip()[:1].isdigit()]
    assert rows == [
        ["2", "0.900", "40", "1.5", "0.1", "all", "–"],
        ["1", "0.100", "30", "0.0", "12.35", "single", "3"],
        ["3", "failed", "–", "–", "1", "all", "–"],
    ]
    assert all(word in text for word in ("identity", "pairs", "margin"))
    assert "…" not in text


def colours(records) -> set[tuple[int, int, int]]:
    """Every colour of the picture without its colour bar."""
    png = parallel_coordinates_png(records)
    pixels = (imread(io.BytesIO(png))[..., :3] * 255).round().astype(int)
    assert pixels.shape[0] >= 400 and pixels.shape[1] >= 600
    return set(map(tuple, np.unique(pixels[:, : int(0.75 * pixels.shape[1])].reshape(-1, 3), axis=0)))


def test_the_picture_shows_the_best_the_worst_and_the_failed():
    best, worst, failed = (253, 231, 37), (68, 1, 84), (214, 39, 40)
    assert {best, worst, failed} <= colours(RECORDS)
    assert failed not in colours(RECORDS[:2])


def test_the_picture_of_one_trial():
    assert len(colours(RECORDS[:1])) > 10


def test_scales():
    linear, logarithmic = scale_of([0.0, 4.0, 1.0]), scale_of([1e-5, 1e-3])
    assert linear.height(1.0) == 0.25 and linear.ticks[0] == (0.0, "0") and linear.ticks[-1] == (1.0, "4")
    assert logarithmic.height(1e-4) == pytest.approx(0.5)
    assert scale_of([7, 7]).height(7) == 0.5
    assert [scale_of([True, False]).height(value) for value in (False, True)] == [0.0, 1.0]
