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
    # Bit for bit it is on one machine with as many threads, see `benchmarks/same_output.py`. Others sum in another
    # order, and Griffin-Lim, which the vocoder for voices starts from, makes that a hundredth of full scale.
    found, expected = excerpt(*key.split()).ravel(), SOUND[key].ravel()
    assert np.corrcoef(found, expected)[0, 1] > 0.9995
    np.testing.assert_allclose(found, expected, atol=3e-2)
