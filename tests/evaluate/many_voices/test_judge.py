"""The judge of a run of several voices: a dozen clips, and the figures that the panel writes."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from melgan_vc.corpus.clips import NamedClip
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.many_voices import judge as many_voices_judge
from melgan_vc.evaluate.many_voices import style_centroids
from melgan_vc.evaluate.many_voices.judge import ManyVoicesJudge
from melgan_vc.evaluate.many_voices.speakers import Speaker
from melgan_vc.evaluate.many_voices.style_centroids import StyleCentroids
from melgan_vc.evaluate.metrics.metric import Column, Metric
from melgan_vc.evaluate.panel import Judge, judge_for
from melgan_vc.evaluate.score import score
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network

RATE = 8000
CONFIG = preset("debug", "cyclegan")


class Figures(Metric):
    """Two figures that can be worked out by hand."""

    columns = (Column("phoneme_error_rate", "constant"), Column("dnsmos", "constant"))

    def measure(self, clip):
        return {"phoneme_error_rate": 0.25, "dnsmos": 3.0}


class Centroids:
    """A loud clip sounds like the target, a quiet one like the source."""

    def similarities(self, wave, rate):
        return {"source": 0.1, "target": 0.9} if np.max(np.abs(wave)) > 0.01 else {"source": 0.8, "target": 0.2}


def voices(*names, clips=3):
    noise = 0.1 * np.random.default_rng(0).standard_normal(2000).astype(np.float32)
    return [Speaker(name, [NamedClip(f"{name}-{n}", noise) for n in range(clips)], [noise]) for name in names]


@pytest.fixture
def judge():
    return ManyVoicesJudge(CONFIG, voices("source", "target"), centroids=Centroids(), metrics=[Figures()])


def test_the_weights_decide_the_figures(judge):
    network = build_network(CONFIG)
    identity = judge(network.get_weights())
    # Six clips are asked to be the target, which a loud clip is, and six to be the source, which it is not.
    assert identity["nearest_is_target"] == 0.5
    assert identity["similarity_to_target"] == identity["similarity_to_source"] == pytest.approx(0.5)
    assert list(identity) == [
        "nearest_is_target",
        "similarity_to_target",
        "similarity_to_source",
        "phoneme_error_rate",
        "dnsmos",
        "score",
    ]
    assert identity["score"] == pytest.approx(0.5 - 0.5 - 0.25 + 0.5 + 0.25)

    network.to_source.trainable_variables[-1].assign([-20.0] * 32)  # what is to be the source is silent
    better = judge(network.get_weights())
    assert better["nearest_is_target"] == 1.0
    assert better["similarity_to_target"] == pytest.approx(0.85)
    assert better["score"] == score("voices", better) > identity["score"] + 0.9


@pytest.mark.parametrize(("number", "clips"), [(2, 12), (3, 12), (4, 12), (5, 12), (12, 12), (40, 12)])
def test_a_dozen_clips_from_and_to_every_voice_alike(number, clips, monkeypatch):
    monkeypatch.setattr(ManyVoicesJudge, "_untrained_models", lambda self, config: {})
    names = [f"v{n}" for n in range(number)]
    plan = ManyVoicesJudge(CONFIG, voices(*names), centroids=None, metrics=[]).plan
    pairs = [(source, target) for target, wanted in plan.items() for source, _ in wanted]
    assert len(pairs) == clips and all(source != target for source, target in pairs)
    for side in zip(*pairs, strict=True):
        counts = Counter(side)
        assert len(counts) == min(number, 12) and max(counts.values()) - min(counts.values()) <= 1
    assert len(set(pairs)) == min(12, number * (number - 1))
    assert all(clip.name.startswith(f"{source}-") for wanted in plan.values() for source, clip in wanted)
    used = {clip.name for wanted in plan.values() for _, clip in wanted}
    assert len(used) == sum(min(count, 3) for count in Counter(source for source, _ in pairs).values())


def test_the_judge_follows_from_the_config(monkeypatch):
    asked = []
    monkeypatch.setattr(Judge, "of_folders", lambda *arguments: asked.append(arguments) or "one pair")
    monkeypatch.setattr(ManyVoicesJudge, "of_folders", lambda *arguments: asked.append(arguments) or "many")
    assert judge_for(CONFIG, {"target": "b", "source": "a"}) == "one pair"
    assert asked[-1] == (CONFIG, "a", "b")

    class Method:
        named_domains = ("anna", "boris")

    many = CONFIG.model_copy(update={"method": Method()})
    assert judge_for(many, {"anna": "a", "boris": "b"}) == "many"


def test_the_score_rewards_the_asked_voice():
    figures = {"similarity_to_target": 0.6, "similarity_to_source": 0.2, "phoneme_error_rate": 0.1, "dnsmos": 3.0}
    assert score("voices", figures | {"nearest_is_target": 0.0}) == score("voice", figures)
    assert score("voices", figures | {"nearest_is_target": 1.0}) == score("voice", figures) + 0.5


def test_the_score_of_styles_rewards_the_harmony_of_the_source():
    figures = {"similarity_to_target": 0.6, "similarity_to_source": 0.2, "nearest_is_target": 0.5}
    lost, kept = (score("styles", figures | {"chroma_margin": margin}) for margin in (0.0, 0.3))
    assert kept == pytest.approx(lost + 0.3) == pytest.approx(0.95)


def tone(frequency, seconds=3):
    return 0.1 * np.sin(2 * np.pi * frequency * np.arange(seconds * RATE) / RATE).astype(np.float32)


class Band:
    """Instead of musicnn, which would have to be told music: patches of a second say how high a tone is."""

    def __init__(self, network):
        assert network == "MTT"

    def __call__(self, wave, rate):
        seconds = np.reshape(wave[: len(wave) // rate * rate], (-1, rate))
        crossings = np.mean(np.diff(np.sign(seconds), axis=1) != 0, axis=1)
        return SimpleNamespace(embeddings=np.stack([crossings, np.ones(len(seconds)), 1.0 - crossings], axis=1))


def test_a_clip_is_nearest_to_the_style_that_it_is_of(monkeypatch):
    monkeypatch.setattr(style_centroids, "Musicnn", Band)
    low, high = tone(200), tone(1500)
    styles = StyleCentroids({"strings": [low], "piccolo": [high]}, RATE)
    heard = styles.similarities(tone(300), RATE)
    assert heard["strings"] == pytest.approx(1.0) and heard["piccolo"] == pytest.approx(-1.0)
    assert all(np.isnan(list(styles.similarities(low[:100], RATE).values())))
    with pytest.raises(MelganVcError, match="clips of piccolo with three seconds of sound"):
        StyleCentroids({"strings": [low], "piccolo": [high[:100]]}, RATE)


def test_styles_of_music_are_judged_by_style_and_harmony(tmp_path, monkeypatch):
    """Every step of the panel of a StarGAN of music, but for musicnn."""
    monkeypatch.setattr(style_centroids, "Musicnn", Band)
    for name, frequency in (("source", 200), ("target", 1500)):
        (tmp_path / name).mkdir()
        for number in range(5):
            soundfile.write(tmp_path / name / f"{number}.wav", tone(frequency, 4), RATE)
    config = CONFIG.model_copy(update={"preset": "music"})
    judge = ManyVoicesJudge.of_folders(config, {name: tmp_path / name for name in ("source", "target")})
    figures = judge(build_network(config).get_weights())
    assert list(figures)[:4] == ["nearest_is_target", "similarity_to_target", "similarity_to_source", "chroma_margin"]
    assert figures["nearest_is_target"] == 0.0, "untrained networks copy"
    assert figures["similarity_to_source"] > 0.9 > -0.9 > figures["similarity_to_target"]
    assert np.isfinite(figures["score"])


def test_folders_become_voices(tmp_path, monkeypatch):
    class Embedder:
        def centroid(self, which, clips, rate):
            assert len(clips) == 4, "of five files, one is held out"
            return np.eye(2)[["source", "target"].index(which)]

        def embed(self, wave, rate):
            return np.array([0.6, 0.8])

    for package in ("PhonemeError", "Naturalness"):
        monkeypatch.setattr(many_voices_judge, package, Figures)
    monkeypatch.setattr(many_voices_judge, "SpeakerPrint", Embedder)
    draw = np.random.default_rng(0)
    for name in ("source", "target"):
        (tmp_path / name).mkdir()
        for number in range(5):
            soundfile.write(tmp_path / name / f"{number}.wav", 0.1 * draw.standard_normal(3 * RATE), RATE)
    judge = ManyVoicesJudge.of_folders(CONFIG, {name: tmp_path / name for name in ("source", "target")})
    (held_out,) = {clip.name for _, clip in judge.plan["target"]}
    assert held_out in "01234"
