"""A run becomes a model to share: small, complete, the same sound, and nothing of the machine it came from."""

import json
import shutil

import h5py
import numpy as np
import pytest
import soundfile

from melgan_vc.config.run import load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.export.strip import export
from melgan_vc.methods.loading import load_conversion


def floats_of(path):
    """Every float array of an HDF5 file, by name."""
    found = {}

    def look(name, node):
        if isinstance(node, h5py.Dataset) and np.issubdtype(node.dtype, np.floating):
            found[name] = node[()]

    with h5py.File(path) as file:
        file.visititems(look)
    return found


def test_what_is_in_it(run, tmp_path):
    (tmp_path / "report.json").write_text('{"phoneme error rate": 0.4}')
    done = export(run, tmp_path / "a model", task=" Rock to jazz ", evaluation=tmp_path / "report.json")
    files = {path.name for path in (tmp_path / "a model").iterdir()}
    assert files == {"config.json", "weights.weights.h5", "README.md", "model.json", "evaluation.json"}
    assert load_config(tmp_path / "a model" / "config.json") == load_config(run / "config.json")
    assert json.loads((tmp_path / "a model" / "model.json").read_text()) == {"task": "Rock to jazz"}
    assert json.loads((tmp_path / "a model" / "evaluation.json").read_text()) == {"phoneme error rate": 0.4}
    assert done.size == sum(path.stat().st_size for path in (tmp_path / "a model").iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a model", "report.json"], "nothing else is left"


@pytest.mark.parametrize("kind", ["run", "paper_run", "cyclegan_run", "stargan_run"])
def test_weights_are_halves_of_the_same_numbers(request, kind, tmp_path):
    run = request.getfixturevalue(kind)
    export(run, tmp_path / "model", task="Rock to jazz")
    whole = floats_of(run / "weights.weights.h5")
    halves = floats_of(tmp_path / "model" / "weights.weights.h5")
    assert whole.keys() == halves.keys() and len(whole) > 10
    assert {array.dtype for array in whole.values()} == {np.dtype(np.float32)}
    assert {array.dtype for array in halves.values()} == {np.dtype(np.float16)}
    for name, array in whole.items():
        np.testing.assert_allclose(halves[name], array, rtol=2**-11, atol=6e-8, err_msg=name)
    sizes = [(folder / "weights.weights.h5").stat().st_size for folder in (tmp_path / "model", run)]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("kind", ["run", "paper_run", "cyclegan_run"])
def test_it_converts_as_the_run_does(request, kind, tmp_path, random_mel):
    run = request.getfixturevalue(kind)
    done = export(run, tmp_path / "model", task="Rock to jazz")
    before, after = load_conversion(run), load_conversion(tmp_path / "model")
    assert {variable.dtype for variable in after.network.variables} == {"float32"}
    mel = random_mel(2, 64, 32)
    assert np.abs(before(mel) - mel).max() > 0.1, "the identity would prove little"
    difference = np.abs(after(mel) - before(mel)).max()
    assert 0 < difference < 0.01 and 0 < done.difference < 0.01


def test_both_directions_are_exported_and_in_the_card(cyclegan_run, tmp_path, random_mel):
    export(cyclegan_run, tmp_path / "anna_boris", task="Anna to Boris and back")
    card = (tmp_path / "anna_boris" / "README.md").read_text(encoding="utf-8")
    assert "\npython convert_cli.py input.wav --model anna_boris --to source\n" in card
    mel = random_mel(1, 64, 32)
    back = [load_conversion(folder, to="source")(mel) for folder in (cyclegan_run, tmp_path / "anna_boris")]
    assert np.abs(back[0] - mel).max() > 0.1 and 0 < np.abs(back[0] - back[1]).max() < 0.01


def test_every_style_is_exported(stargan_run, tmp_path, random_mel):
    done = export(stargan_run, tmp_path / "bands", task="Rock, jazz and folk")
    mel, clip = random_mel(1, 64, 32), tmp_path / "clip.wav"
    soundfile.write(clip, 0.1 * np.random.default_rng(2).standard_normal(8000), 8000)
    wanted = [{"to": "rock"}, {"to": "jazz"}, {"to": "old folk"}, {"like": clip}]
    before, after = (
        [load_conversion(run, **how)(mel) for how in wanted] for run in (stargan_run, tmp_path / "bands")
    )
    for number, (whole, halved) in enumerate(zip(before, after, strict=True)):
        assert 0 < np.abs(whole - halved).max() < 0.01
        apart = min(np.abs(whole - other).max() for other in before[:number] + [mel])
        assert apart > 0.1, "styles that are alike would prove little"
    assert 0 < done.difference < 0.01
    card = (tmp_path / "bands" / "README.md").read_text(encoding="utf-8")
    assert "between 3 styles: `jazz`, `old folk`, `rock`." in card
    told = ("--to jazz", "--to 'old folk'", "--to rock", "--like REFERENCE")
    commands = "\n".join(f"python convert_cli.py input.wav --model bands {how}" for how in told)
    assert f"```\n{commands}\n```" in card


def test_the_card(run, tmp_path):
    export(run, tmp_path / "rock 2 jazz", task="Rock to jazz")
    card = (tmp_path / "rock 2 jazz" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: melgan_vc\n")
    assert "\n# rock 2 jazz: Rock to jazz\n" in card and "my run" not in card
    assert "python convert_cli.py input.wav --model 'rock 2 jazz'\n" in card
    assert "| rock | 0 |" in card and "Trained for 20 steps" in card
    for heading in ("Data and licences", "Intended use, consent and misuse", "Training", "Evaluation"):
        assert card.count(f"\n## {heading}\n\nTo fill in: ") == 1
    assert "samples/" not in card and "before sharing" not in card


def test_what_somebody_wrote_into_a_card_stays(run, tmp_path):
    export(run, tmp_path / "model", task="Rock to jazz")
    card = tmp_path / "model" / "README.md"
    card.write_text(card.read_text().replace("To fill in: which recordings", "All are CC0: recordings"))
    export(tmp_path / "model", tmp_path / "again", task="Rock to blues")
    again = (tmp_path / "again" / "README.md").read_text()
    expected = card.read_text().replace("# model: Rock to jazz", "# again: Rock to blues")
    assert again == expected.replace("--model model", "--model again")
    assert "All are CC0: recordings" in again


def test_a_run_without_a_card(run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "run")
    (copy / "README.md").unlink()
    export(copy, tmp_path / "model", task="Rock to jazz")
    card = (tmp_path / "model" / "README.md").read_text()
    assert card.startswith("# model: Rock to jazz\n\n## Data and licences\n")


def test_nothing_of_the_machine(run, tmp_path):
    report = {"model": str(run), "clips": [{"/data/a b/clip 1.wav": 0.5}], "page": "C:\\me\\report.html", "n": 1}
    copy = shutil.copytree(run, tmp_path / "run")
    (copy / "evaluation.json").write_text(json.dumps(report | {"task": "and/or", "url": "https://a.b/c"}))
    export(copy, tmp_path / "model", task="Rock to jazz")
    assert json.loads((tmp_path / "model" / "evaluation.json").read_text()) == {
        "model": "my run",
        "clips": [{"clip 1.wav": 0.5}],
        "page": "report.html",
        "n": 1,
        "task": "and/or",
        "url": "https://a.b/c",
    }
    for file in (tmp_path / "model").iterdir():
        content = file.read_bytes()
        assert str(tmp_path).encode() not in content and b"/audio/" not in content, file.name


@pytest.mark.parametrize("value, shown", [(70000.0, "70000"), (-1e9, "-1e+09")])
def test_weights_that_no_half_can_hold(run, tmp_path, value, shown):
    copy = shutil.copytree(run, tmp_path / "run")
    name = next(name for name, array in floats_of(copy / "weights.weights.h5").items() if array.ndim == 1)
    with h5py.File(copy / "weights.weights.h5", "r+") as file:
        file[name][3] = value
    with pytest.raises(MelganVcError) as caught:
        export(copy, tmp_path / "model", task="Rock to jazz")
    assert "Expected weights within ±65504" in str(caught.value) and f", array {name}. " in str(caught.value)
    assert f"received: {shown} in {copy}" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["run"], "nothing is left behind"


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_weights_that_are_not_finite(run, tmp_path, value):
    copy = shutil.copytree(run, tmp_path / "run")
    name = next(iter(floats_of(copy / "weights.weights.h5")))
    with h5py.File(copy / "weights.weights.h5", "r+") as file:
        file[name][...] = value
    with pytest.raises(MelganVcError, match="Expected finite weights"):
        export(copy, tmp_path / "model", task="Rock to jazz")
    assert [path.name for path in tmp_path.iterdir()] == ["run"], "nothing is left behind"


def test_nothing_is_replaced_unasked(run, tmp_path):
    export(run, tmp_path / "model", task="Rock to jazz")
    with pytest.raises(MelganVcError, match=r"Replace it with --force\."):
        export(run, tmp_path / "model", task="Rock to blues")
    assert json.loads((tmp_path / "model" / "model.json").read_text()) == {"task": "Rock to jazz"}
    export(run, tmp_path / "model", task="Rock to blues", overwrite=True)
    assert json.loads((tmp_path / "model" / "model.json").read_text()) == {"task": "Rock to blues"}


@pytest.mark.parametrize("what", ["a file", "another folder", "a run"])
def test_only_a_model_is_ever_replaced(run, tmp_path, what):
    taken = tmp_path / "taken"
    if what == "a file":
        taken.write_text("precious")
    elif what == "a run":
        shutil.copytree(run, taken)
    else:
        taken.mkdir()
        (taken / "photo.jpg").write_text("precious")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(MelganVcError, match="or a model that was exported before, received: .*taken"):
        export(run, taken, task="Rock to jazz", overwrite=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_model_is_not_exported_onto_itself(run, tmp_path):
    export(run, tmp_path / "model", task="Rock to jazz")
    with pytest.raises(MelganVcError, match="other than the run itself"):
        export(tmp_path / "model", tmp_path / "." / "model", task="Rock to jazz", overwrite=True)


@pytest.mark.parametrize("task", ["", "  ", "two\nlines"])
def test_a_task_is_one_line(run, tmp_path, task):
    with pytest.raises(MelganVcError, match="Expected a task of one line"):
        export(run, tmp_path / "model", task=task)


@pytest.mark.parametrize("content", [None, "words"])
def test_a_bad_evaluation(run, tmp_path, content):
    if content:
        (tmp_path / "report.json").write_text(content)
    with pytest.raises(MelganVcError, match=r"Expected a JSON report for --evaluation, received: .*report\.json"):
        export(run, tmp_path / "model", task="Rock to jazz", evaluation=tmp_path / "report.json")
    assert not (tmp_path / "model").exists()


def test_a_run_that_cannot_be_converted_with(run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "run")
    (copy / "weights.weights.h5").write_bytes((run / "weights.weights.h5").read_bytes()[:9000])
    with pytest.raises(MelganVcError, match="do not fit or are damaged"):
        export(copy, tmp_path / "model", task="Rock to jazz")
    assert not (tmp_path / "model").exists()
