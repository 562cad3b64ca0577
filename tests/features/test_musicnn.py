"""Our forward pass against the graph that the musicnn package ships, and what it hears."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soxr

pytest.importorskip("musicnn")
pytest.importorskip("librosa")

from melgan_vc.features import musicnn
from melgan_vc.features.musicnn import RATE, Musicnn, known_tags, log_mel_patches
from melgan_vc.features.packages import MissingEvaluator


@pytest.fixture
def chord(draw):
    """Seven seconds of three tones that come and go over a little noise, at 16 kHz."""
    time = np.arange(7 * RATE) / RATE
    tones = sum(
        np.sin(2.0 * np.pi * f * time) * (np.sin(2.0 * np.pi * f / 200.0 * time) > 0) for f in (220, 277, 330)
    )
    return (0.1 * tones + 0.003 * draw.standard_normal(len(time))).astype(np.float32)


@pytest.mark.parametrize("network", ["MTT", "MSD"])
def test_probabilities_are_those_of_the_graph_in_the_package(network, chord):
    import tensorflow as tf

    patches = log_mel_patches(chord, RATE)
    folder = Path(musicnn._configuration().__file__).parent / f"{network}_musicnn"
    meta = tf.compat.v1.MetaGraphDef.FromString((folder / ".meta").read_bytes())
    inference = tf.compat.v1.graph_util.extract_sub_graph(meta.graph_def, ["model/dense_1/BiasAdd"])
    reader = tf.compat.v1.train.NewCheckpointReader(f"{folder}/")
    fed = {f"{n.name}/read:0": reader.get_tensor(n.name) for n in inference.node if n.op == "VariableV2"}
    for node in inference.node:
        if node.op == "Placeholder":  # the patches, and whether the network is in training
            fed[f"{node.name}:0"] = False if node.attr["dtype"].type == tf.bool.as_datatype_enum else patches
    with tf.Graph().as_default() as graph, tf.compat.v1.Session(graph=graph) as session:
        tf.import_graph_def(inference, name="")
        logits = session.run("model/dense_1/BiasAdd:0", fed)

    found = Musicnn(network)(chord, RATE).probabilities

    assert found.shape == (2, 50)
    np.testing.assert_allclose(found, 1.0 / (1.0 + np.exp(-logits)), atol=1e-5)


def test_tags_are_in_the_order_of_the_outputs():
    assert known_tags("MTT")[1] == "classical"
    assert known_tags("MSD")[9] == "jazz"


def test_neither_rate_nor_level_changes_what_is_heard(chord):
    tagger = Musicnn("MTT")
    plain = tagger(chord, RATE)

    other_rate = tagger(soxr.resample(chord, RATE, 44100), 44100)
    quieter = tagger(chord / 8.0, RATE)

    np.testing.assert_allclose(other_rate.probabilities, plain.probabilities, atol=0.05)
    np.testing.assert_allclose(quieter.probabilities, plain.probabilities, atol=1e-4)
    assert plain.embeddings.shape == (2, 200)


def test_patches_overlap_if_asked_to(chord):
    assert len(log_mel_patches(chord, RATE, hop=62)) == 5  # 438 frames hold a patch at 0, 62, ..., 248


def test_silence_and_less_than_three_seconds_have_no_patches(chord):
    tagger = Musicnn("MTT")

    assert tagger(np.zeros(5 * RATE, np.float32), RATE).probabilities.shape == (0, 50)
    assert tagger(chord[: 2 * RATE], RATE).embeddings.shape == (0, 200)
    half_silent = np.concatenate([chord[: 2 * RATE], np.zeros(5 * RATE, np.float32)])
    assert len(log_mel_patches(half_silent, RATE)) == 1


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "musicnn", None)
    monkeypatch.delitem(sys.modules, "musicnn.configuration", raising=False)

    with pytest.raises(MissingEvaluator, match="pip install --no-deps musicnn==0.1.0"):
        Musicnn("MTT")
