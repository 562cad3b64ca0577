"""``melgan-vc adapt``: one more voice of a model, from a folder of it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from melgan_vc.adapting.voice import adapt
from melgan_vc.cli.app import app
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.panel import Judge
from melgan_vc.export.strip import export
from melgan_vc.methods.loading import load_conversion
from melgan_vc.runs.run_files import RunFiles

RECOGNIZER = "method.content=recognizer"
QUICK = ("training.steps=2", "training.batch_size=2", "training.sample_every=100")


@pytest.fixture(scope="module")
def base(save_run, tmp_path_factory) -> Path:
    """A model of two voices that hears by the recogniser."""
    settings = (RECOGNIZER, 'method.domains=["anna","boris"]')
    return save_run(tmp_path_factory.mktemp("runs") / "base", *settings, method="autoencoder")


@pytest.fixture
def voice(tmp_path, male_voice) -> Path:
    """Twenty seconds of a man, in four files, with pauses that are cut out."""
    folder = tmp_path / "carl"
    folder.mkdir()
    for number in range(4):
        soundfile.write(folder / f"{number}.wav", np.roll(male_voice, number * 16000)[: 5 * 16000], 16000)
    return folder


def test_a_voice_is_a_small_folder_that_converts_and_the_model_stays(base, voice, tmp_path):
    before = (base / "weights.weights.h5").read_bytes()
    options = {"--voice": voice, "-o": tmp_path / "mine", "--name": "carlo", "--cache": tmp_path / "cache"}
    arguments = ["adapt", base, *(part for option in options.items() for part in option)]
    arguments += [part for setting in QUICK for part in ("--set", setting)]
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    assert "by heart" not in result.output, "minutes are what it is for"
    assert "Done: 2 steps" in result.output and f"--model {tmp_path / 'mine'}" in result.output
    found = {file.name: file.stat().st_size for file in (tmp_path / "mine").iterdir()}
    assert set(found) == {"config.json", "voice.npz", "base.json", "corpus.json", "README.md"}
    assert found["voice.npz"] < 20_000
    assert (base / "weights.weights.h5").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    card = (tmp_path / "mine" / "README.md").read_text()
    assert "# mine: any voice to carlo, by base" in card and "## Intended use, consent and misuse" in card
    conversion = load_conversion(tmp_path / "mine")
    assert conversion.config.method.domains == ("carlo",) and RunFiles(tmp_path / "mine").trained_on_folders() == [
        voice
    ]
    pitch = conversion.network.decoder.pitch_of("carlo")
    assert 0.7 < pitch[0] < 1.6, "a man's, measured: 100 to 180 Hz"
    with pytest.raises(MelganVcError, match="a voice of another model. It is small already"):
        export(tmp_path / "mine", tmp_path / "shared", task="x")
    with pytest.raises(MelganVcError, match="which is a voice of one"):
        adapt(tmp_path / "mine", voice, tmp_path / "again")


def test_the_weights_are_kept_that_convert_others_best(base, voice, tmp_path, monkeypatch):
    scores, judged = iter([0.1, 0.7, 0.5, 0.4, 0.9]), []

    def judge(config, source, target):
        assert (source, target) == (tmp_path / "others", voice)

        def score(weights):
            judged.append([np.array(weight) for weight in weights])
            return {"similarity": 0.5, "score": next(scores)}

        return score

    monkeypatch.setattr(Judge, "of_folders", judge)
    options = {"others": tmp_path / "others", "panel_every": 1, "patience": 2, "cache": tmp_path / "cache"}
    outcome = adapt(
        base, voice, tmp_path / "mine", settings=(*QUICK, "training.steps=9", "training.ema=0"), **options
    )
    assert outcome.step == 4 and "has not risen 2 times in a row" in outcome.stopped_because
    kept = load_conversion(tmp_path / "mine").network.decoder.vectors
    apart = [min(np.abs(weight - kept).max() for weight in at if weight.shape == kept.shape) for at in judged]
    assert np.argmin(apart) == 1, "those of the second judgement"


@pytest.mark.parametrize("learns", ["everything", "nrms"])
def test_what_is_no_part_of_a_model_is_not_learned(learns, base, voice, tmp_path):
    """Of everything the folder would hold nothing."""
    with pytest.raises(MelganVcError, match=f"Expected learns to be norms or vector, received: '{learns}'"):
        adapt(base, voice, tmp_path / "mine", learns=learns)


def test_with_less_audio_fewer_steps_are_taken(base, voice, tmp_path, monkeypatch):
    from melgan_vc.training import train as training

    asked = []

    def refuse(config, *arguments, **options):
        asked.append(config.training.steps)
        raise MelganVcError("enough")

    monkeypatch.setattr(training, "train", refuse)
    for _ in range(2):
        with pytest.raises(MelganVcError, match="enough"):
            adapt(base, voice, tmp_path / "mine", cache=tmp_path / "cache")
        for number in range(10):
            (voice / f"again-{number}.wav").write_bytes((voice / f"{number % 4}.wav").read_bytes())
    assert 300 <= asked[0] <= 1000 * 20 / 60
    assert 2.5 * asked[0] < asked[1] < 5 * asked[0]
    assert not (tmp_path / "mine").exists(), "nothing half-made is left"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("short", "Expected 8 s of a voice or more, received: .*carl, which holds .* s of sound"),
        ("noise", "Expected somebody who speaks in the folder of carl"),
        ("taken", "Expected an output folder that does not exist, received: "),
        ("gan", "content=recognizer such as voices or any_to_ru_male, received: gan, of travelgan"),
        ("bottleneck", "any_to_ru_male, received: one with content=bottleneck"),
        ("nothing", "received: nowhere .it does not exist"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_left(change, message, base, voice, tmp_path, save_run, draw):
    output = tmp_path / "mine"
    if change == "short":
        for number in (1, 2, 3):
            (voice / f"{number}.wav").unlink()
    if change == "noise":
        for number in range(4):
            soundfile.write(voice / f"{number}.wav", 0.1 * draw.standard_normal(3 * 16000), 16000)
    if change == "taken":
        output.mkdir()
    model = {
        "gan": lambda: save_run(tmp_path / "gan"),
        "bottleneck": lambda: save_run(tmp_path / "other", method="autoencoder"),
        "nothing": lambda: "nowhere",
    }.get(change, lambda: base)()
    with pytest.raises(MelganVcError, match=message):
        adapt(model, voice, output, settings=QUICK, cache=tmp_path / "cache")
    assert output.exists() == (change == "taken") and not [p for p in tmp_path.iterdir() if p.name.startswith(".")]
