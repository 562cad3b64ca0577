"""The notebooks, executed as a reader would from a checkout, and what comes out of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.features.pitch_track import median_hz, track_pitch

nbformat = pytest.importorskip("nbformat", reason="pip install -e '.[notebooks]' installs what runs notebooks")
nbclient = pytest.importorskip("nbclient", reason="pip install -e '.[notebooks]' installs what runs notebooks")

REPOSITORY = Path(__file__).parents[1]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
MOST_SECONDS = 900  # for a cell; only a kernel that hangs takes so long

# See `quick_trainings`: what a notebook trains takes no more than a few steps either.
NO_GRAPH_OPTIMISER = """
import gc
import tensorflow
gc.set_threshold(50_000, 20, 1_000_000)
tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
"""

# What the last cell prints: arrays as lists, paths and the like as text.
TELL = """
import json
print(json.dumps({{name: globals()[name] for name in {variables}}},
                 default=lambda value: value.tolist() if hasattr(value, "tolist") else str(value)))
"""


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def execute(tmp_path, monkeypatch):
    """``execute(name, *variables)``: the executed notebook, and the values that some of its variables have."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "datasets").symlink_to(REPOSITORY / "datasets")
    for variable, folder in {"MELGAN_VC_CACHE": "cache", "IPYTHONDIR": "ipython", "TMPDIR": "temporary"}.items():
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / folder))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "first.py").write_text(NO_GRAPH_OPTIMISER)

    def call(name, *variables):
        (path,) = (REPOSITORY / "notebooks").glob(f"{name}_*.ipynb")
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(TELL.format(variables=variables)))
        place = {"metadata": {"path": str(tmp_path / "notebooks")}}
        client = nbclient.NotebookClient(notebook, timeout=MOST_SECONDS, resources=place)
        # nbclient answers an Output widget on the socket on which it awaits a cell's end, and may then miss it: 3 of
        # 16 executions of notebook 02 stood still. Without an answer the output goes to the cell, as any other.
        client.widget_registry.clear()
        client.execute()
        told = notebook.cells.pop()
        return notebook, json.loads("".join(output.text for output in told.outputs))

    return call


def outputs(notebook):
    """All outputs, those of sliders included."""
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def count(notebook, kind):
    return sum(kind in output.get("data", {}) for output in outputs(notebook))


def sounds(notebook):
    return sum("<audio" in output.get("data", {}).get("text/html", "") for output in outputs(notebook))


def printed(notebook):
    return "".join(output.get("text", "") for output in outputs(notebook))


def test_audio_and_log_mel(execute):
    notebook, told = execute("01", "by_iterations", "measured", "ranks")
    distances = list(told["by_iterations"].values())
    assert distances == sorted(distances, reverse=True) and distances[0] > 2 * distances[-1]
    default, measured = told["by_iterations"]["32"], told["measured"]
    assert min(measured.values()) > default, "every change of a knob that is shown costs something"
    assert measured["fmin=300.0, fmax=3400.0"] > 2 * measured["n_mels=20"] > 4 * default
    assert told["ranks"] == {"1": 186, "2": 192}
    assert "ceiling 0 dB: full scale is 1.000, 0.8 of it 1.000" in printed(notebook)
    assert count(notebook, "image/png") >= 9 and sounds(notebook) >= 9
    assert len(measured) == 7, "six changes one at a time, one of them twice; and the sliders, as they stand"


def test_losses(execute):
    names = ("hinge_slopes", "travel_costs", "travel_plane", "margin_planes")
    names += ("identity_costs", "regularization_costs", "cycle_costs", "sharpening_costs", "at_start")
    notebook, told = execute("02", *names)
    real, generated, generator = map(np.array, told["hinge_slopes"].values())
    scores = np.linspace(-3, 3, 121)
    np.testing.assert_allclose(real, np.where(scores < 0.999, -0.5, 0.0))
    np.testing.assert_allclose(generated, np.where(scores > -0.999, 0.5, 0.0))
    np.testing.assert_allclose(generator, -1.0)

    costs = told["travel_costs"]
    assert costs["as they were"] == pytest.approx(-1, abs=1e-5) == costs["moved"]
    assert costs["turned by 180 degrees"] == max(costs.values())
    assert all(cost > 0 for name, cost in costs.items() if name not in ("as they were", "moved"))
    row, column = np.unravel_index(np.argmin(told["travel_plane"]), (61, 61))
    assert (column * 0.1 - 3, row * 0.1 - 3) == pytest.approx((1.6, 0.8)), "least where t' is t"
    plane = np.array(told["margin_planes"]["2.0"])
    assert plane[30, 30] == pytest.approx(4, abs=1e-3) == plane.max()
    assert np.abs(plane[[0, 0, -1, -1], [0, -1, 0, -1]]).max() == 0

    identity, regularization = told["identity_costs"], told["regularization_costs"]
    assert identity["as it was"] == regularization["as it was"] == 0
    assert regularization["darker"] < 1e-6 and min(identity["darker"], regularization["blurred in time"]) > 0.05
    *free, blurred, cut = told["cycle_costs"].values()
    assert max(free) < 1e-6 and min(blurred, cut) > 0.05
    assert blurred == pytest.approx(identity["blurred in time"]), "a way back that does nothing brings nothing back"
    untouched, *_, most = sharpened = told["sharpening_costs"]
    assert 0.3 * untouched < min(sharpened) < 0.95 * untouched < most, "some of it, not all, and too much is worse"
    start = told["at_start"]
    assert (start["travel"], start["copy"], start["identity"]) == pytest.approx((-1, 0, 0), abs=1e-3)
    assert start["critic"] == pytest.approx(1, abs=0.2)
    assert count(notebook, "image/png") >= 9
    assert "the critic is at work" in printed(notebook), "the sliders show something before they are moved"


def test_train_and_listen(execute):
    notebook, told = execute("03", "run", "rate", "voice", "converted", "vectors", "shipped")
    steps = [row.split(",")[0] for row in (Path(told["run"]) / "metrics.csv").read_text().splitlines()]
    assert steps == ["step", "3", "6", "9", "12"]
    voice, converted = np.array(told["voice"]), np.array(told["converted"])
    assert voice.shape == converted.shape == (64_000,)
    before, after = (median_hz(track_pitch(wave, told["rate"])) for wave in (voice, converted))
    assert after < 0.85 * before, "a man's voice is lower than a woman's"
    assert np.shape(told["vectors"]["source"]) == np.shape(told["vectors"]["converted"]) == (7, 128)
    assert ("none" in printed(notebook)) == (not told["shipped"])
    assert count(notebook, "image/png") == 3 and sounds(notebook) >= 4


def test_compare_runs(execute):
    notebook, told = execute("04", "at_end", "picture", "clip", "converted", "runs", "costs", "short", "by_method")
    weak, strong = told["at_end"]["weak identity"], told["at_end"]["strong identity"]
    assert strong["identity"] < 0.5 * weak["identity"] and strong["copy"] < 0.5 * weak["copy"]
    assert {len(wave) for wave in told["converted"].values()} == {len(told["clip"])}
    assert Path(told["picture"]).read_bytes().startswith(b"\x89PNG")
    settings = [json.loads((Path(run) / "config.json").read_text()) for run in told["runs"].values()]
    for setting, weight in zip(settings, (0.5, 30.0), strict=True):
        assert setting["method"].pop("identity") == weight
    assert settings[0] == settings[1], "one thing is changed and the rest kept"
    costs, waves = told["costs"], [np.array(wave) for wave in (told["short"], *told["by_method"].values())]
    assert list(costs) == ["travelgan", "cyclegan", "stargan"]
    assert costs["cyclegan"]["to convert"] == 2 * costs["travelgan"]["to convert"], "two generators, and one"
    assert all(cost["trained"] > cost["to convert"] and 0 < cost["seconds a step"] < 10 for cost in costs.values())
    assert "cyclegan converts to: target, source" in printed(notebook)
    for number, wave in enumerate(waves):
        assert all(np.abs(wave - other).max() > 0.01 for other in waves[:number]), "four conversions, each its own"
    assert count(notebook, "image/png") == 6 and sounds(notebook) == 7


def test_there_are_five():
    assert [path.name[:3] for path in NOTEBOOKS] == ["01_", "02_", "03_", "04_", "05_"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_committed_holds_no_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert path.stat().st_size < 40_000
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_cell_finds_the_repository_or_says_what_is_missing(path, tmp_path, monkeypatch):
    setup = code_cells(nbformat.read(path, as_version=4))[0].source
    assert '%pip install --quiet "{found[0]}" ipywidgets' in setup
    python = "\n".join(line for line in setup.splitlines() if not line.lstrip().startswith("%"))
    python = python.replace('if importlib.util.find_spec("melgan_vc") is None:', "")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    with pytest.raises(FileNotFoundError, match="clone or unpack it there first"):
        exec(python, {})
    around, beside = tmp_path, tmp_path / "notebooks" / "a checkout"
    for place in (beside, around):  # as on Colab; then as in a checkout, which wins
        (place / "datasets/demo").mkdir(parents=True)
        names: dict = {}
        exec(python, names)
        assert names["demo"] == place / "datasets/demo"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    linked = [part.split(")")[0] for part in text.split("](")[1:]]
    documents = [word for word in text.replace("`", " ").split() if word.startswith("docs/")]
    assert all((path.parent / link).is_file() for link in linked)
    assert all((REPOSITORY / name.rstrip(".,;:()")).is_file() for name in documents)


def test_notes_and_back(execute):
    notebook, told = execute("05", "kept", "highest", "heard", "played", "wave")
    assert np.shape(told["heard"])[1] == 176 and np.shape(told["played"]) == np.shape(told["wave"])
    assert 0.4 < told["kept"] < 0.99, "the strings play the notes of the song"
    lower, higher = told["highest"]
    assert higher - lower == 5
    assert count(notebook, "image/png") >= 2 and sounds(notebook) == 2
