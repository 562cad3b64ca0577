"""The tagger tells the demo's jazz from its strings, and says which tags it has."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("musicnn")
pytest.importorskip("librosa")

from melgan_vc.audio.files import read
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.metrics.genre import Genre
from melgan_vc.evaluate.metrics.metric import Clip

DEMO = Path(__file__).parents[3] / "datasets" / "demo"


def clip(name: str) -> Clip:
    """Ten seconds of a demo file as a conversion; the source is silent, for nobody is to listen to it."""
    wave, rate = read(DEMO / name, mono=True)
    wave = wave[5 * rate : 15 * rate]
    return Clip(name, np.zeros_like(wave), wave, rate)


@pytest.mark.skipif(not DEMO.exists(), reason="the demo corpus is not part of an installed package")
def test_jazz_and_strings_are_told_apart():
    genre = Genre()

    jazz = genre.measure(clip("jazz/00-minor_blues-trio-103bpm-down3.ogg"))
    strings = genre.measure(clip("classical/bach-bwv112_5.ogg"))

    assert strings["p_classical"] > 0.5 > 0.25 > jazz["p_classical"]
    assert jazz["p_jazz"] > 0.2 > strings["p_jazz"]


def test_columns_are_named_after_the_tags():
    genre = Genre("female voice", "Hip-Hop")

    assert [(column.name, column.better) for column in genre.columns] == [
        ("p_female_voice", "lower"),
        ("p_hip-hop", "higher"),
    ]
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, 4 * 16000).astype(np.float32)
    found = genre.measure(Clip("noise", noise, noise, 16000))
    assert set(found) == {"p_female_voice", "p_hip-hop"}
    assert all(0.0 < value < 1.0 for value in found.values())


def test_a_wrong_tag_is_answered_with_those_there_are():
    with pytest.raises(MelganVcError, match=r"received: 'clasical'; did you mean 'classical'.*techno"):
        Genre("jazz", "clasical")


def test_one_tag_for_both_styles_is_refused():
    with pytest.raises(MelganVcError, match="two different tags"):
        Genre("jazz", "jazz")
