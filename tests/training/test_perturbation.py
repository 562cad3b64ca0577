"""The identity loss from a perturbed crop: the generator is to undo what was done to a voice."""

import numpy as np
import pytest

from melgan_vc.methods.presets import preset
from melgan_vc.training.trainer import Trainer


def identity_loss(trainer, *batch):
    _, terms = trainer.method.losses(batch, ("generator",))
    return float(terms["identity"])


def test_the_generator_is_to_bring_the_unchanged_crop_back():
    """An untrained generator is the identity: its loss is 0 for the crop itself, and the change for a changed one."""
    trainer = Trainer(preset("debug"))
    draw = np.random.default_rng(0)
    source, target = (draw.uniform(-0.9, 0.5, (4, 32, 32)).astype(np.float32) for _ in range(2))
    assert identity_loss(trainer, source, target) < 1e-5
    assert abs(identity_loss(trainer, source, target, target + 0.1) - 0.1) < 1e-4


@pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")
def test_a_run_with_perturbation_trains_and_differs_from_one_without(fit, tmp_path):
    shifts = ("method.pitch=0.8", "method.formants=0.9", "training.steps=3", "training.report_every=3")
    outcome, _ = fit(tmp_path / "with", "method.perturbation=1.2", "method.equaliser_db=4", *shifts)
    fit(tmp_path / "without", *shifts)
    assert outcome.step == 3
    with_it, without = ((tmp_path / name / "metrics.csv").read_text() for name in ("with", "without"))
    assert with_it != without
