"""What is promised of every model in this repository; there may be none."""

import re

import numpy as np
import pytest

from melgan_vc.convert.model import ConversionModel
from melgan_vc.methods import METHODS
from melgan_vc.pretrained.card import SECTIONS
from melgan_vc.pretrained.catalogue import describe, model_names, shipped_folder

FILES = {"config.json", "weights.weights.h5", "README.md", "model.json", "evaluation.json"}


@pytest.mark.parametrize("name", model_names())
def test_a_shipped_model(name, random_mel):
    folder = shipped_folder() / name
    assert {path.name for path in folder.iterdir()} == FILES
    model = describe(folder)
    assert model.task and model.size <= 8_000_000
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"\n## {heading}\n" in card for heading in SECTIONS) and "To fill in" not in card
    for file in FILES - {"weights.weights.h5"}:
        text = (folder / file).read_text(encoding="utf-8")
        assert not re.search(r"(^|[\s\"'(`])/(home|root|tmp|mnt|Users|work)/", text), f"a path of a machine in {file}"
    mel = random_mel(1, 64, model.config.mel.n_mels)
    converted = ConversionModel(folder, to=METHODS[model.config.method.name].directions_of(model.config)[0])(mel)
    assert converted.shape == mel.shape and np.isfinite(converted).all() and np.abs(converted - mel).max() > 0.05
