"""A panel of held-out clips picks the best weights and ends a training that no longer gets better."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console

from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.panel import Panel, judge_for
from melgan_vc.evaluate.score import score
from melgan_vc.methods.loading import load_network
from melgan_vc.methods.presets import preset
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.train import train


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("corpus")
    draw, hum = np.random.default_rng(0), np.sin(2 * np.pi * 150 * np.arange(12000) / 8000)
    for domain in ("source", "target"):
        (root / domain).mkdir()
        for number in range(2):
            soundfile.write(root / domain / f"{number}.wav", 0.1 * hum + 0.01 * draw.standard_normal(12000), 8000)
    return {name: root / name for name in ("source", "target", "cache")}


@pytest.fixture
def fit(corpus, tmp_path):
    """``fit(scores, patience=0, resume=False)``: a training whose panel, every 2 steps, gets these scores."""

    def call(scores, *, patience=0, resume=False, steps=10, method="travelgan"):
        printed, seen, left = Console(file=io.StringIO(), width=200), [], list(scores)

        def judge(weights):
            seen.append(weights)
            return {"similarity": 0.5, "score": left.pop(0)}

        def watcher(progress, folder, board):
            return Panel(
                progress, judge, folder, board, every=2, patience=patience, say=lambda text: printed.print(text)
            )

        outcome = train(
            config := preset("debug", method).with_overrides([f"training.steps={steps}"]),
            {name: corpus[name] for name in config.method.domain_names},
            tmp_path / "run",
            cache=corpus["cache"],
            resume=resume,
            console=printed,
            watcher=watcher,
        )
        return outcome, seen, printed.file.getvalue()

    call.run = tmp_path / "run"
    return call


def rows(run):
    with open(run / "panel.csv", newline="") as file:
        return [(int(float(row["step"])), float(row["score"])) for row in csv.DictReader(file)]


@pytest.mark.parametrize("method", ["stargan", "travelgan"])  # many voices and a pair are judged apart
def test_conversion_uses_the_weights_of_the_best_score(fit, method):
    _, seen, printed = fit([0.1, 0.7, 0.3, float("nan"), 0.2], method=method)
    assert [step for step, _ in rows(fit.run)] == [2, 4, 6, 8, 10]
    assert printed.count("best so far") == 2
    used = load_network(RunFolder(fit.run))[1].get_weights()
    for best, loaded in zip(seen[1], used, strict=True):
        np.testing.assert_array_equal(best, loaded)
    assert any(not np.array_equal(last, loaded) for last, loaded in zip(seen[-1], used, strict=True))
    assert "Its weights are of step 4: a panel" in (fit.run / "README.md").read_text(encoding="utf-8")


def test_one_voice_alone_cannot_be_judged_against_others(corpus):
    config = preset("debug", "autoencoder")
    with pytest.raises(
        MelganVcError, match=r"something to convert to target with --panel-every, received: one voice alone"
    ):
        judge_for(config, {"target": corpus["target"]})


def test_a_training_that_no_longer_gets_better_than_before_the_break_stops(fit):
    fit([0.1, 0.9], steps=4)
    best = (fit.run / "best.weights.h5").read_bytes()
    outcome, _, _ = fit([0.5, 0.6, 0.7], patience=2, resume=True)
    assert outcome.step == 8
    assert "has not risen 2 times" in outcome.stopped_because
    assert rows(fit.run) == [(2, 0.1), (4, 0.9), (6, 0.5), (8, 0.6)]
    assert (fit.run / "best.weights.h5").read_bytes() == best


def test_score_rewards_style_and_punishes_lost_words():
    perfect = {
        "similarity_to_target": 1.0, "similarity_to_source": 0.0, "phoneme_error_rate": 0.0, "dnsmos": 5.0
    }  # fmt: skip
    assert score("voice", perfect) == 2.0
    assert score("voice", perfect | {"phoneme_error_rate": 0.5}) == 1.5
    assert score("voice", perfect | {"dnsmos": 1.0}) == 1.0
    assert np.isnan(score("voice", perfect | {"dnsmos": float("nan")}))
