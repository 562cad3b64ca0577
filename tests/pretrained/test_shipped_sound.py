"""The models that ship sound as they did when they were trained, whatever is rebuilt around them."""

from pathlib import Path

import numpy as np
import pytest

import melgan_vc as mv

HELD_OUT = Path(__file__).parents[2] / "datasets" / "demo" / "held_out"
SOUND = np.load(Path(__file__).with_name("shipped_sound.npz"))
"""Of short excerpts, ``"MODEL CLIP DOMAIN"``: what `excerpt` gave in the version in which the model first shipped."""


def excerpt(model: str, clip: str, domain: str) -> np.ndarray:
    """From 0.5 s on of what the model makes of the first 1.5 s of a clip."""
    (path,) = HELD_OUT.glob(f"*/{clip}.*")
    wave, rate = mv.read(path)
    return mv.load_model(model).convert(wave[: 3 * rate // 2], rate, to=domain)[rate // 2 : rate // 2 + 4096]


def test_every_model_and_every_vocoder_for_one_is_heard():
    assert {key.split()[0] for key in SOUND} == set(mv.model_names())


@pytest.mark.parametrize("key", SOUND.files)
def test_a_demo_clip_becomes_what_it_became(key):
    # The last bits of a sum differ between processors. `benchmarks/same_output.py` compares them on one.
    np.testing.assert_allclose(excerpt(*key.split()), SOUND[key], atol=2e-3)
