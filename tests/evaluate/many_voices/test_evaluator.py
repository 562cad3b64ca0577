"""Several voices: who comes out when whom is asked for, with voices that are tones and an ear for tones."""

import io
import json
import math
from dataclasses import dataclass

import numpy as np
import pytest
from rich.console import Console

from melgan_vc.corpus.clips import NamedClip
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.many_voices import evaluator as many_voices
from melgan_vc.evaluate.many_voices.clip_result import ClipResult, confusion, summary
from melgan_vc.evaluate.many_voices.evaluator import ManyVoices, VoicesEvaluator
from melgan_vc.evaluate.many_voices.speaker_centroids import SpeakerCentroids
from melgan_vc.evaluate.many_voices.speakers import Speaker
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.evaluate.reports.report_many_voices import many_voices_console, many_voices_json, many_voices_markdown
from melgan_vc.features.packages import MissingEvaluator

RATE = 8000
MEASURED = {"phoneme_error_rate": 0.25, "dnsmos": 2.95}
HERTZ = {"anna": 200.0, "boris": 400.0, "clara": 800.0, "stranger": 1600.0}


def tone(name: str, loudness: float = 0.1) -> np.ndarray:
    return (loudness * np.sin(2 * np.pi * HERTZ[name] * np.arange(4000) / RATE)).astype(np.float32)


class Ear:
    """In place of `SpeakerPrint`: a voice is how much there is of each tone; a clip of zeros is no speech."""

    def __init__(self):
        self.heard = []

    def embed(self, wave, rate):
        assert rate == RATE
        self.heard.append(wave)
        spectrum = np.abs(np.fft.rfft(wave, RATE))[[int(hertz) for hertz in HERTZ.values()]]
        return spectrum / np.linalg.norm(spectrum) if wave.any() else None

    def centroid(self, which, clips, rate):
        mean = np.mean([self.embed(clip, rate) for clip in clips], axis=0)
        return mean / np.linalg.norm(mean)


class Loudness(Metric):
    """Root mean square; NaN of silence."""

    columns = (Column("dnsmos", "loudness"),)

    def measure(self, clip):
        return {"dnsmos": float(np.std(clip.converted)) if clip.converted.any() else math.nan}


@dataclass
class Model:
    """What becomes of a wave."""

    convert: object


@pytest.fixture(autouse=True)
def no_files(monkeypatch):
    def converted_clips(model, vocoder, clips):
        return [Clip(clip.name, clip.wave, model.convert(clip.wave), RATE) for clip in clips], 0.25

    monkeypatch.setattr(many_voices, "converted_clips", converted_clips)


def voice(name: str, clips: int = 2) -> Speaker:
    return Speaker(name, [NamedClip(f"{name}-{n}", tone(name, 0.1 + 0.1 * n)) for n in range(clips)], [tone(name)])


@pytest.fixture
def evaluator():
    voices = [voice(name) for name in ("anna", "boris", "clara")]
    centroids = SpeakerCentroids(Ear(), {voice.name: voice.examples for voice in voices}, RATE)
    return VoicesEvaluator(voices, centroids, [Loudness()], None, rate=RATE)


def test_a_perfect_run_is_always_nearest_to_whom_was_asked_for(evaluator):
    rows = evaluator.between(lambda name: Model(lambda wave: tone(name)))
    assert list(rows) == ["conversion", "source"]
    assert len(rows["conversion"]) == len(rows["source"]) == 3 * 2 * 2
    found, source = summary(rows["conversion"]), summary(rows["source"])
    assert found["nearest_is_target"] == 1.0 and source["nearest_is_target"] == 0.0
    assert found["similarity_to_target"] == pytest.approx(1.0, abs=0.01)
    assert found["similarity_to_source"] == pytest.approx(0.0, abs=0.01)
    assert source["similarity_to_source"] == pytest.approx(1.0, abs=0.01)
    assert found["similarity_margin"] == pytest.approx(1.0, abs=0.02)
    assert evaluator.real_time_factor == pytest.approx(0.25)


def test_a_run_that_knows_one_voice_only(evaluator):
    rows = evaluator.between(lambda name: Model(lambda wave: tone("boris")))
    assert summary(rows["conversion"])["nearest_is_target"] == pytest.approx(1 / 3)
    assert confusion(rows["conversion"]) == {name: {"boris": 4} for name in ("anna", "boris", "clara")}


def test_silence_is_nobody_and_counts_against_the_run(evaluator):
    rows = evaluator.between(lambda name: Model(lambda wave: tone(name) if wave.max() < 0.15 else 0 * wave))
    found = summary(rows["conversion"])
    assert found["nearest_is_target"] == 0.5
    assert found["similarity_to_target"] == pytest.approx(1.0, abs=0.01), "a median of those that speak"
    assert confusion(rows["conversion"])["anna"] == {"anna": 2, None: 2}
    assert "| anna | 2 | 0 | 0 | 2 |" in many_voices_markdown(ManyVoices(["anna", "boris", "clara"], rows))


def test_the_shift_alone_is_between_the_voices_pitches(evaluator, monkeypatch):
    asked = []

    def naive_shift(wave, rate, *, pitch, formant):
        asked.append((pitch, formant))
        return 0.5 * wave

    monkeypatch.setattr(many_voices, "naive_shift", naive_shift)
    pitches = {"anna": 200.0, "boris": 100.0, "clara": 400.0}
    rows = evaluator.between(lambda name: Model(lambda wave: wave), pitches=pitches)
    shifted = rows["shift alone"]
    assert [one.nearest for one in shifted] == [one.source for one in shifted]
    assert len(shifted) == len(asked) == 12
    of = {(one.source, one.target): factors for one, factors in zip(shifted, asked, strict=True)}
    assert of["anna", "boris"] == (0.5, 0.5**0.5) and of["boris", "clara"] == (4.0, 2.0)
    assert summary(shifted)["dnsmos"] == pytest.approx(0.5 * summary(rows["source"])["dnsmos"])


def test_a_shift_that_is_not_installed_is_named(evaluator, monkeypatch):
    def naive_shift(*arguments, **options):
        raise MissingEvaluator("Expected pyworld. Install it with: pip install pyworld")

    monkeypatch.setattr(many_voices, "naive_shift", naive_shift)
    rows = evaluator.between(lambda name: Model(lambda wave: wave), pitches=HERTZ)
    assert list(rows) == ["conversion", "source"]
    assert evaluator.missing == ["Expected pyworld. Install it with: pip install pyworld"]


def test_like_a_voice_never_trained_on(evaluator):
    import soundfile

    used = []

    def model_like(path):
        reference, rate = soundfile.read(path, dtype="float32")
        assert rate == RATE
        used.append(float(reference.max()))
        return Model(lambda wave: 0.3 * wave + reference)

    rows = evaluator.like(model_like, [voice("stranger", clips=4)], references=3)
    assert used == pytest.approx([0.1, 0.2, 0.3], rel=0.06), "each reference once"
    assert [one.source for one in rows["conversion"]] == 3 * ["anna", "boris", "clara"]
    assert [one.clip for one in rows["conversion"][::3]] == ["anna-0", "anna-1", "anna-0"]
    found, source = summary(rows["conversion"]), summary(rows["source"])
    assert found["nearest_is_target"] == 1.0 and source["nearest_is_target"] == 0.0
    assert found["similarity_margin"] > 0.5 > 0.0 > source["similarity_margin"]


def test_a_reference_does_not_vouch_for_itself(evaluator):
    ear = evaluator._centroids._embedder
    stranger = voice("stranger", clips=2)
    ear.heard.clear()
    evaluator.like(lambda path: Model(lambda wave: wave), [stranger], references=1)
    reference, other = (clip.wave for clip in stranger.clips)
    assert any(heard is other for heard in ear.heard) and not any(heard is reference for heard in ear.heard)


def test_an_unseen_voice_with_the_name_of_a_domain_is_refused(evaluator):
    with pytest.raises(MelganVcError, match="received: boris, which is the name of a domain"):
        evaluator.like(lambda path: pytest.fail("nothing is converted"), [voice("boris")])


@pytest.fixture
def finished(evaluator):
    rows = evaluator.between(lambda name: Model(lambda wave: tone("boris") if wave.max() < 0.15 else 0 * wave))
    unseen = evaluator.like(lambda path: Model(lambda wave: wave), [voice("stranger")])
    return ManyVoices(["anna", "boris", "clara"], rows, unseen, 0.25, ["Expected ears"])


def test_json_has_every_figure_and_null_where_there_is_none(finished):
    found = json.loads(many_voices_json(finished), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert found["voices"] == ["anna", "boris", "clara"] and found["missing"] == ["Expected ears"]
    assert found["confusion"]["clara"] == {"boris": 2, "nobody": 2}
    conversion, source = found["rows"]
    assert conversion["totals"]["nearest_is_target"] == pytest.approx(1 / 6, abs=1e-4)
    assert [(pair["source"], pair["target"], pair["clips"]) for pair in conversion["pairs"]][:2] == [
        ("boris", "anna", 2),
        ("clara", "anna", 2),
    ]
    assert conversion["clips"][1]["nearest"] is None and conversion["clips"][1]["similarity_to_target"] is None
    assert source["clips"][0]["nearest"] == source["clips"][0]["source"] == "anna"
    assert {clip["target"] for clip in found["unseen"][0]["clips"]} == {"stranger"}


def test_markdown_has_totals_confusion_and_pairs(finished):
    lines = many_voices_markdown(finished).splitlines()
    assert "| figure | conversion | source |" in lines
    assert "| nearest_is_target ↑ | 0.17 | 0.00 |" in lines
    assert "|  | anna | boris | clara | nobody |" in lines and "| clara | 0 | 2 | 0 | 2 |" in lines
    headings = next(line for line in lines if line.startswith("| source | target | clips |"))
    assert "similarity_to_source ↓" in headings and "phoneme_error_rate" not in headings, "it was not measured"
    assert any(line.startswith("| anna | boris | 2 | 0.50 |") for line in lines)
    assert any(line.startswith("| stranger | 6 | 0.00 |") for line in lines)


@pytest.mark.parametrize("number", [3, 8, 9])
def test_a_narrow_terminal_shows_all_of_few_voices_and_the_totals_of_many(number):
    names = [f"a_long_voice_{n}" for n in range(number)]
    pairs = [(source, target) for source in names for target in names if source != target]
    rows = {
        row: [ClipResult("clip", *pair, {name: float(name == pair[1]) for name in names}, MEASURED) for pair in pairs]
        for row in ("conversion", "source", "shift alone")
    }
    console = Console(width=80, file=io.StringIO())
    for table in many_voices_console(ManyVoices(names, rows)):
        console.print(table)
    text = console.file.getvalue()
    assert "…" not in text and "shift" in text and "alone" in text and "1.00" in text
    pairs_shown = text.partition("Every pair")[2]
    assert pairs_shown.count("2.95") == {3: 6, 8: 56, 9: 0}[number], "of many, there is room for the totals only"
