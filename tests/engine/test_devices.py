"""Which device computes, and whether XLA compiles a training step on it."""

import keras
import pytest
import tensorflow as tf

from melgan_vc.engine import devices
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.training.trainer import Trainer

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="what TensorFlow does")


@pytest.mark.parametrize(("asked", "gpus", "compiled"), [(True, 1, True), (False, 1, False), (True, 0, False)])
def test_on_tensorflow_xla_compiles_where_it_is_asked_for_and_there_is_a_gpu(monkeypatch, asked, gpus, compiled):
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: ["gpu"] * gpus)
    assert devices.has_gpu() == bool(gpus)
    trainer = Trainer(preset("debug").with_overrides([f"training.jit={str(asked).lower()}"]))
    assert trainer.jit_compile == compiled


def test_a_gpu_that_is_not_there_is_not_replaced_in_silence(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    with pytest.raises(MelganVcError, match="a GPU for --device gpu, received: none that tensorflow can see"):
        devices.choose_device("gpu")
    assert devices.choose_device("auto") == "cpu (tensorflow)"


def test_memory_grows_as_it_is_needed(monkeypatch):
    """TensorFlow would take all of a GPU's memory otherwise, and a second program none."""
    grown = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a", "b"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, on: grown.append((gpu, on)))
    assert devices.choose_device("gpu") == "gpu (tensorflow)"
    assert grown == [("a", True), ("b", True)]
