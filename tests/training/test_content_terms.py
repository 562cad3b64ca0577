"""A run with all that can be added to a method: it trains, resumes exactly, and converts without what it added."""

import csv
import shutil

import numpy as np
import pytest

from melgan_vc.convert.siamese_vectors import SiameseVectors
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.loading import load_conversion, load_network
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.trainer import Trainer

ADDED = (
    *("method.travel=10", "method.cycle=10", "method.patch_nce=1", "method.self_regularization=1"),
    *(
        "method.masked_frames=6",
        "training.checkpoint_every=3",
        "training.report_every=3",
        "training.sample_every=100",
    ),
)

pytestmark = pytest.mark.parametrize("method", ["cyclegan"], indirect=True, scope="session")  # two generators


@pytest.fixture(scope="session")
def run(fit, tmp_path_factory):
    """Six steps without a break."""
    place = tmp_path_factory.mktemp("runs") / "content"
    fit(place, *ADDED, "training.steps=6")
    return place


def test_three_steps_and_three_more_equal_six(run, fit, same_training, tmp_path):
    broken = shutil.copytree(run, tmp_path / "broken off")
    shutil.rmtree(broken / "checkpoints" / "step-00000006")
    outcome, printed = fit(broken, *ADDED, "training.steps=6", resume=True)
    assert outcome.step == 6 and "Going on from step 3." in printed
    same_training(run, broken)


def test_every_term_is_in_the_log(run):
    with open(run / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {"travel", "margin", "cycle", "patch_nce", "self_regularization"}
    assert names <= set(rows[0]) and [row["step"] for row in rows] == ["3", "6"]
    # The margin is reached at once by untrained networks.
    assert all(float(row[name]) != 0.0 for row in rows for name in names - {"margin"})
    # Three places in a chunk of debug's 16 frames, of up to two directions.
    assert all(0.0 < float(row["patch_nce"]) < 2 * np.log(3) + 1.0 for row in rows)


def test_conversion_needs_the_network_alone(run, random_mel):
    config, loaded = load_network(RunFolder(run))
    network = build_network(config)
    network.load_weights(run / "weights.weights.h5")
    mel = random_mel(2, 32, 32)
    np.testing.assert_allclose(load_conversion(run)(mel)[:, :16], network(mel)[:, :16], atol=1e-5)
    assert len(loaded.weights) == len(network.weights)


def test_the_siamese_network_of_any_method_embeds(run, method, draw, tmp_path):
    wave = draw.normal(size=4 * 16 * 128).astype(np.float32) * 0.1
    assert SiameseVectors(run)(wave, 8000).shape == (4, 16)  # debug's chunk and window of 16 frames
    config = preset("debug", method).with_overrides(["method.travel=0"])
    without = RunFolder(tmp_path)
    Checkpoints(without.checkpoints, keep=1).save(Trainer(config), batches=0)
    without.save_config(config)
    with pytest.raises(MelganVcError, match=r"siamese network, which method.travel gives it.*without it\)"):
        SiameseVectors(tmp_path)
