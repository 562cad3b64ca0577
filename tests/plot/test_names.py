"""Names of files and runs in figures: nothing in them is a formula, and nothing is lost."""

import io
import os

import numpy as np
import pytest

import melgan_vc as mv
from melgan_vc.config.mel import MelConfig
from melgan_vc.plot.log_mels import spectrograms_png

NAMES = {"$x_{$": "$x_{$", "[live] $5": "[live] $5", os.fsdecode(b"caf\xe9\x1b[31m"): r"caf\udce9\x1b[31m"}


def draw_it(figure):
    figure.set_size_inches(2, 2)
    figure.savefig(io.BytesIO(), format="png", dpi=30)


@pytest.mark.parametrize("name", NAMES, ids=NAMES.values())
def test_a_name_that_could_be_a_formula(name, tmp_path):
    mel = np.zeros((20, MelConfig().n_mels), np.float32)
    assert spectrograms_png({name: mel}, MelConfig(), title=name).startswith(b"\x89PNG")
    for run in (tmp_path / name, tmp_path / "other"):
        run.mkdir()
        (run / "metrics.csv").write_text("step,travel\n50,0.9\n100,-0.4\n")
    curves = mv.plot.curves([tmp_path / name, tmp_path / "other"])
    vectors = mv.plot.embedding({name: np.eye(3)})
    for figure, (legend,) in ((curves, curves.legends), (vectors, [vectors.axes[0].get_legend()])):
        draw_it(figure)
        assert legend.get_texts()[0].get_text() == NAMES[name]
